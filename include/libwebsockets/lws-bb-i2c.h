#ifndef GOLWS_LWS_BB_I2C_H
#define GOLWS_LWS_BB_I2C_H

/** \defgroup bbi2c An I2C bus on two pins
 *
 * A bus master made of two pins that are switched one by one.
 */
///@{

/** A bus. A pointer to bb_ops is passed where a lws_i2c_ops_t is wanted. */
typedef struct lws_bb_i2c {
	lws_i2c_ops_t		bb_ops;		/**< lws_bb_i2c_ops */

	_lws_plat_gpio_t	scl;		/**< pin of the clock */
	_lws_plat_gpio_t	sda;		/**< pin of the data */

	const lws_gpio_ops_t	*gpio;		/**< how to switch them */
	void			(*delay)(void);	/**< waits for half of a clock */
} lws_bb_i2c_t;

/** Initialiser of lws_bb_i2c_t.bb_ops. */
#define lws_bb_i2c_ops \
	{ \
		.init = lws_bb_i2c_init, \
		.start = lws_bb_i2c_start, \
		.stop = lws_bb_i2c_stop, \
		.write = lws_bb_i2c_write, \
		.read = lws_bb_i2c_read, \
		.set_ack = lws_bb_i2c_set_ack, \
	}

/**
 * lws_bb_i2c_init() - lws_i2c_ops_t.init of it
 *
 * Not in this configuration.
 */
int
lws_bb_i2c_init(const lws_i2c_ops_t *octx);

/**
 * lws_bb_i2c_start() - lws_i2c_ops_t.start of it
 *
 * Not in this configuration.
 */
int
lws_bb_i2c_start(const lws_i2c_ops_t *octx);

/**
 * lws_bb_i2c_stop() - lws_i2c_ops_t.stop of it
 *
 * Not in this configuration.
 */
void
lws_bb_i2c_stop(const lws_i2c_ops_t *octx);

/**
 * lws_bb_i2c_write() - lws_i2c_ops_t.write of it
 *
 * Not in this configuration.
 */
int
lws_bb_i2c_write(const lws_i2c_ops_t *octx, uint8_t data);

/**
 * lws_bb_i2c_read() - lws_i2c_ops_t.read of it
 *
 * Not in this configuration.
 */
int
lws_bb_i2c_read(const lws_i2c_ops_t *octx);

/**
 * lws_bb_i2c_set_ack() - lws_i2c_ops_t.set_ack of it
 *
 * Not in this configuration.
 */
void
lws_bb_i2c_set_ack(const lws_i2c_ops_t *octx, int ack);
///@}

#endif
