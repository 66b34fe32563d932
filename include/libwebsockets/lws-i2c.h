#ifndef GOLWS_LWS_I2C_H
#define GOLWS_LWS_I2C_H

/** \defgroup i2c I2C buses
 *
 * lws_i2c_ops_t is what an implementation of a bus master provides, see lws_bb_i2c_t for one.
 */
///@{

/** An implementation. */
typedef struct lws_i2c_ops {
	int (*init)(const struct lws_i2c_ops *ctx);			/**< prepare the bus; 0 if it works */
	int (*start)(const struct lws_i2c_ops *ctx);			/**< start condition; 0, or 1 if the bus is busy */
	void (*stop)(const struct lws_i2c_ops *ctx);			/**< stop condition */
	int (*write)(const struct lws_i2c_ops *ctx, uint8_t data);	/**< send a byte; 0 if it was acknowledged */
	int (*read)(const struct lws_i2c_ops *ctx);			/**< receive a byte */
	void (*set_ack)(const struct lws_i2c_ops *octx, int ack);	/**< acknowledge a received byte, or not */
} lws_i2c_ops_t;

/**
 * lws_i2c_command() - send a command byte to a device
 *
 * \param ctx: the bus
 * \param ads7: address of the device, 7 bits
 * \param c: the command, which a control byte 0 precedes
 *
 * Returns 0, or nonzero if the bus is busy or the device does not answer.
 *
 * Not in this configuration.
 */
LWS_VISIBLE LWS_EXTERN int
lws_i2c_command(const lws_i2c_ops_t *ctx, uint8_t ads7, uint8_t c);

/**
 * lws_i2c_command_list() - send command bytes to a device, each by itself
 *
 * \param ctx: the bus
 * \param ads7: address of the device, 7 bits
 * \param buf: the commands
 * \param len: how many
 *
 * Returns 0, or nonzero at the first that fails.
 *
 * Not in this configuration.
 */
LWS_VISIBLE LWS_EXTERN int
lws_i2c_command_list(const lws_i2c_ops_t *ctx, uint8_t ads7, const uint8_t *buf,
		     size_t len);
///@}

#endif
