#ifndef GOLWS_LWS_PWM_H
#define GOLWS_LWS_PWM_H

/** \defgroup pwm Pulse-width modulators
 *
 * What sets the brightness of LEDs and displays in more than two steps.
 */
///@{

/** A modulator on a pin. */
typedef struct lws_pwm_map {
	_lws_plat_gpio_t	gpio;		/**< the pin */
	uint8_t			index;		/**< number of the modulator */
	uint8_t			active_level;	/**< state of the pin when it is on, 0 or 1 */
} lws_pwm_map_t;

/** An implementation. */
typedef struct lws_pwm_ops {
	int (*init)(const struct lws_pwm_ops *lo);		/**< prepare all of them; 0 if they work */
	void (*intensity)(const struct lws_pwm_ops *lo, _lws_plat_gpio_t gpio,
			  lws_led_intensity_t inten);		/**< set how long a pin is on, 0 to LWS_LED_MAX_INTENSITY */
	const lws_pwm_map_t	*pwm_map;			/**< the pins */
	uint8_t			count_pwm_map;			/**< how many */
} lws_pwm_ops_t;

/**
 * lws_pwm_plat_init() - lws_pwm_ops_t.init of the platform
 *
 * Returns 0 if they work.
 *
 * Not in this configuration.
 */
LWS_VISIBLE LWS_EXTERN int
lws_pwm_plat_init(const struct lws_pwm_ops *lo);

/**
 * lws_pwm_plat_intensity() - lws_pwm_ops_t.intensity of the platform
 *
 * Not in this configuration.
 */
LWS_VISIBLE LWS_EXTERN void
lws_pwm_plat_intensity(const struct lws_pwm_ops *lo, _lws_plat_gpio_t gpio,
		       lws_led_intensity_t inten);

/** Members for the initialiser of a lws_pwm_ops_t: the platform's implementation. */
#define lws_pwm_plat_ops \
		.init			= lws_pwm_plat_init, \
		.intensity		= lws_pwm_plat_intensity

/**
 * lws_led_func_linear() - for lws_led_sequence_def_t.func: as bright as the phase says
 *
 * \param n: the phase
 *
 * Returns the brightness.
 *
 * Not in this configuration.
 */
LWS_VISIBLE LWS_EXTERN lws_led_intensity_t
lws_led_func_linear(lws_led_seq_phase_t n);

/**
 * lws_led_func_sine() - for lws_led_sequence_def_t.func: dark at phase 0, brightest in the middle, in a smooth curve
 *
 * \param n: the phase
 *
 * Returns the brightness.
 *
 * Not in this configuration.
 */
LWS_VISIBLE LWS_EXTERN lws_led_intensity_t
lws_led_func_sine(lws_led_seq_phase_t n);

/**
 * Brighter and darker without end, slowly.
 *
 * Not in this configuration.
 */
extern const lws_led_sequence_def_t lws_pwmseq_sine_endless_slow;
/**
 * Brighter and darker without end, fast.
 *
 * Not in this configuration.
 */
extern const lws_led_sequence_def_t lws_pwmseq_sine_endless_fast;
/**
 * For blending: evenly from one to the other.
 *
 * Not in this configuration.
 */
extern const lws_led_sequence_def_t lws_pwmseq_linear_wipe;
/**
 * Once from dark to bright.
 *
 * Not in this configuration.
 */
extern const lws_led_sequence_def_t lws_pwmseq_sine_up;
/**
 * Once from bright to dark.
 *
 * Not in this configuration.
 */
extern const lws_led_sequence_def_t lws_pwmseq_sine_down;
/**
 * Always bright.
 *
 * Not in this configuration.
 */
extern const lws_led_sequence_def_t lws_pwmseq_static_on;
/**
 * Always half bright.
 *
 * Not in this configuration.
 */
extern const lws_led_sequence_def_t lws_pwmseq_static_half;
/**
 * Always dark.
 *
 * Not in this configuration.
 */
extern const lws_led_sequence_def_t lws_pwmseq_static_off;
///@}

#endif
