#ifndef GOLWS_LWS_SPI_H
#define GOLWS_LWS_SPI_H

/** \defgroup spi SPI buses
 *
 * lws_spi_ops_t is what an implementation of a bus master provides, see lws_bb_spi_t for one.
 */
///@{

/** Called when a transfer is done, with its opaque. */
typedef int (*lws_spi_cb_t)(void *opaque);

/** Modes of a bus and types of transfers. */
enum {
	LWSSPIMODE_CPOL					= (1 << 0),	/**< the clock is high when idle */
	LWSSPIMODE_CPHA					= (1 << 1),	/**< data is taken at the second edge */

	LWS_SPI_BUSMODE_CLK_IDLE_LOW_SAMP_RISING	= 0,		/**< clock low when idle, first edge */
	LWS_SPI_BUSMODE_CLK_IDLE_HIGH_SAMP_RISING	= LWSSPIMODE_CPOL, /**< clock high when idle, first edge */
	LWS_SPI_BUSMODE_CLK_IDLE_LOW_SAMP_FALLING	= LWSSPIMODE_CPHA, /**< clock low when idle, second edge */
	LWS_SPI_BUSMODE_CLK_IDLE_HIGH_SAMP_FALLING	= LWSSPIMODE_CPHA |
							  LWSSPIMODE_CPOL, /**< clock high when idle, second edge */

	LWS_SPI_TXN_HALF_DUPLEX_DISCRETE		= 0,		/**< txn_type: one line for each direction,
									 *   of which one is used at a time */
};

/** A transfer: a command is sent, then data is sent, then data is received. */
typedef struct lws_spi_desc {
	const uint8_t	*src;		/**< the command */
	const uint8_t	*data;		/**< data to send */
	uint8_t		*dest;		/**< gets what is received */
	void		*opaque;	/**< passed to completion_cb */
	lws_spi_cb_t	completion_cb;	/**< NULL, or called when it is done */
	uint16_t	count_cmd;	/**< bytes of src */
	uint16_t	count_write;	/**< bytes of data */
	uint16_t	count_read;	/**< bytes for dest */
	uint8_t		txn_type;	/**< LWS_SPI_TXN_... */
	uint8_t		channel;	/**< which device, by its chip select */
} lws_spi_desc_t;

/** An implementation. */
typedef struct lws_spi_ops {
	int (*init)(const struct lws_spi_ops *ctx);	/**< prepare the bus; 0 if it works */
	int (*queue)(const struct lws_spi_ops *ctx, const lws_spi_desc_t *desc); /**< do a transfer, now or later */
	uint8_t bus_mode;				/**< LWS_SPI_BUSMODE_... */
} lws_spi_ops_t;
///@}

#endif
