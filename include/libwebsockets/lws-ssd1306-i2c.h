#ifndef GOLWS_LWS_SSD1306_I2C_H
#define GOLWS_LWS_SSD1306_I2C_H

/** \defgroup ssd1306 OLED displays with the controller SSD1306 on I2C */
///@{

/** Its address on the bus, 7 bits, when its pin D/C# is low. */
#define SSD1306_I2C7_ADS1		0x3c
/** Its address on the bus, 7 bits, when its pin D/C# is high. */
#define SSD1306_I2C7_ADS2		0x3d

/** A display. A pointer to disp is passed where a lws_display_t is wanted. */
typedef struct lws_display_ssd1306 {
	lws_display_t		disp;		/**< lws_display_ssd1306_ops, width, height and so on */
	const lws_i2c_ops_t	*i2c;		/**< its bus */

	const lws_gpio_ops_t	*gpio;		/**< how to switch reset_gpio, or NULL */
	_lws_plat_gpio_t	reset_gpio;	/**< pin that resets it when low */

	uint8_t			i2c7_address;	/**< SSD1306_I2C7_ADS1 or _ADS2 */
} lws_display_ssd1306_t;

/**
 * lws_display_ssd1306_i2c_init() - lws_display_t.init of it
 *
 * Not in this configuration.
 */
int
lws_display_ssd1306_i2c_init(const struct lws_display *disp);

/**
 * lws_display_ssd1306_i2c_contrast() - lws_display_t.contrast of it
 *
 * Not in this configuration.
 */
int
lws_display_ssd1306_i2c_contrast(const struct lws_display *disp, uint8_t b);

/**
 * lws_display_ssd1306_i2c_blit() - lws_display_t.blit of it: a byte is eight pixels, one below the other
 *
 * Not in this configuration.
 */
int
lws_display_ssd1306_i2c_blit(const struct lws_display *disp, const uint8_t *src,
			     lws_display_scalar x, lws_display_scalar y,
			     lws_display_scalar w, lws_display_scalar h);

/**
 * lws_display_ssd1306_i2c_power() - lws_display_t.power of it
 *
 * Not in this configuration.
 */
int
lws_display_ssd1306_i2c_power(const struct lws_display *disp, int state);

/** Members for the initialiser of lws_display_ssd1306_t.disp. */
#define lws_display_ssd1306_ops \
	.init		= lws_display_ssd1306_i2c_init, \
	.contrast	= lws_display_ssd1306_i2c_contrast, \
	.blit		= lws_display_ssd1306_i2c_blit, \
	.power		= lws_display_ssd1306_i2c_power
///@}

#endif
