#ifndef GOLWS_LWS_GPIO_H
#define GOLWS_LWS_GPIO_H

/** \defgroup gpio Digital inputs and outputs
 *
 * lws_gpio_ops_t is what an implementation for a board provides; buttons, LEDs, bit-banged buses and displays use it.
 */
///@{

/** Number of a pin. */
typedef int _lws_plat_gpio_t;

/** When a pin interrupts. */
typedef enum {
	LWSGGPIO_IRQ_NONE,	/**< never */
	LWSGGPIO_IRQ_RISING,	/**< from low to high */
	LWSGGPIO_IRQ_FALLING,	/**< from high to low */
	LWSGGPIO_IRQ_CHANGE,	/**< both */
	LWSGGPIO_IRQ_LOW,	/**< while it is low */
	LWSGGPIO_IRQ_HIGH	/**< while it is high */
} lws_gpio_irq_t;

/** How a pin is used, or-ed. */
enum {
	LWSGGPIO_FL_READ	= (1 << 0),	/**< as input */
	LWSGGPIO_FL_WRITE	= (1 << 1),	/**< as output */
	LWSGGPIO_FL_PULLUP	= (1 << 2),	/**< with a resistor to high */
	LWSGGPIO_FL_PULLDOWN	= (1 << 3),	/**< with a resistor to low */
	LWSGGPIO_FL_START_LOW	= (1 << 4),	/**< an output is low at first */
};

/** Called in the interrupt of a pin, with the arg of irq_mode. */
typedef void (*lws_gpio_irq_cb_t)(void *arg);

/** An implementation. */
typedef struct lws_gpio_ops {
	void (*mode)(_lws_plat_gpio_t gpio, int flags);		/**< set how a pin is used, LWSGGPIO_FL_... */
	int (*read)(_lws_plat_gpio_t gpio);			/**< state of a pin, 0 or 1 */
	void (*set)(_lws_plat_gpio_t gpio, int val);		/**< set an output to 0 or 1 */
	int (*irq_mode)(_lws_plat_gpio_t gpio, lws_gpio_irq_t irq,
			lws_gpio_irq_cb_t cb, void *arg);	/**< set when a pin interrupts; 0 if it can */
} lws_gpio_ops_t;
///@}

#endif
