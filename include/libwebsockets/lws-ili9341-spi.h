#ifndef GOLWS_LWS_ILI9341_SPI_H
#define GOLWS_LWS_ILI9341_SPI_H

/** \defgroup ili9341 TFT displays with the controller ILI9341 on SPI */
///@{

/** A display. A pointer to disp is passed where a lws_display_t is wanted. */
typedef struct lws_display_ili9341 {
	lws_display_t		disp;		/**< lws_display_ili9341_ops, width, height and so on */
	const lws_spi_ops_t	*spi;		/**< its bus */

	const lws_gpio_ops_t	*gpio;		/**< how to switch reset_gpio, or NULL */
	_lws_plat_gpio_t	reset_gpio;	/**< pin that resets it when low */

	uint8_t			spi_index;	/**< which device on the bus */
} lws_display_ili9341_t;

/**
 * lws_display_ili9341_spi_init() - lws_display_t.init of it
 *
 * Not in this configuration.
 */
int
lws_display_ili9341_spi_init(const struct lws_display *disp);

/**
 * lws_display_ili9341_spi_blit() - lws_display_t.blit of it: two bytes are a pixel
 *
 * Not in this configuration.
 */
int
lws_display_ili9341_spi_blit(const struct lws_display *disp, const uint8_t *src,
			     lws_display_scalar x, lws_display_scalar y,
			     lws_display_scalar w, lws_display_scalar h);

/**
 * lws_display_ili9341_spi_power() - lws_display_t.power of it
 *
 * Not in this configuration.
 */
int
lws_display_ili9341_spi_power(const struct lws_display *disp, int state);

/** Members for the initialiser of lws_display_ili9341_t.disp. */
#define lws_display_ili9341_ops \
	.init	= lws_display_ili9341_spi_init, \
	.blit	= lws_display_ili9341_spi_blit, \
	.power	= lws_display_ili9341_spi_power
///@}

#endif
