#ifndef GOLWS_LWS_BB_SPI_H
#define GOLWS_LWS_BB_SPI_H

/** \defgroup bbspi An SPI bus on pins
 *
 * A bus master made of pins that are switched one by one.
 */
///@{

/** For lws_bb_spi_t.flags: ncmd[3] is used. */
#define LWSBBSPI_FLAG_USE_NCMD3		(1 << 7)
/** For lws_bb_spi_t.flags: ncmd[2] is used. */
#define LWSBBSPI_FLAG_USE_NCMD2		(1 << 6)
/** For lws_bb_spi_t.flags: ncmd[1] is used. */
#define LWSBBSPI_FLAG_USE_NCMD1		(1 << 5)
/** For lws_bb_spi_t.flags: ncmd[0] is used. */
#define LWSBBSPI_FLAG_USE_NCMD0		(1 << 4)
/** For lws_bb_spi_t.flags: ncs[3] is used. */
#define LWSBBSPI_FLAG_USE_NCS3		(1 << 3)
/** For lws_bb_spi_t.flags: ncs[2] is used. */
#define LWSBBSPI_FLAG_USE_NCS2		(1 << 2)
/** For lws_bb_spi_t.flags: ncs[1] is used. */
#define LWSBBSPI_FLAG_USE_NCS1		(1 << 1)
/** For lws_bb_spi_t.flags: ncs[0] is used. */
#define LWSBBSPI_FLAG_USE_NCS0		(1 << 0)

/** How many devices a bus can have. */
#define LWS_SPI_BB_MAX_CH		4

/** A bus. A pointer to bb_ops is passed where a lws_spi_ops_t is wanted. */
typedef struct lws_bb_spi {
	lws_spi_ops_t		bb_ops;				/**< lws_bb_spi_ops and the bus mode */

	const lws_gpio_ops_t	*gpio;				/**< how to switch pins */

	_lws_plat_gpio_t	clk;				/**< pin of the clock */
	_lws_plat_gpio_t	ncs[LWS_SPI_BB_MAX_CH];		/**< for each device its chip select, low when it is meant */
	_lws_plat_gpio_t	ncmd[LWS_SPI_BB_MAX_CH];	/**< for each device a pin that is low for commands */
	_lws_plat_gpio_t	mosi;				/**< pin of data to a device */
	_lws_plat_gpio_t	miso;				/**< pin of data from a device */

	uint8_t			flags;				/**< LWSBBSPI_FLAG_..., or-ed */
} lws_bb_spi_t;

/** Members for the initialiser of lws_bb_spi_t.bb_ops. */
#define lws_bb_spi_ops \
		.init		= lws_bb_spi_init, \
		.queue		= lws_bb_spi_queue

/**
 * lws_bb_spi_init() - lws_spi_ops_t.init of it
 *
 * Not in this configuration.
 */
int
lws_bb_spi_init(const lws_spi_ops_t *octx);

/**
 * lws_bb_spi_queue() - lws_spi_ops_t.queue of it; the transfer is done when it returns
 *
 * Not in this configuration.
 */
int
lws_bb_spi_queue(const lws_spi_ops_t *octx, const lws_spi_desc_t *desc);
///@}

#endif
