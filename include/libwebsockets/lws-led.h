#ifndef GOLWS_LWS_LED_H
#define GOLWS_LWS_LED_H

/** \defgroup led LEDs
 *
 * LEDs on pins or pulse-width modulators, whose brightness follows sequences: functions of time that are looked up
 * while the event loop runs. A change from one sequence to another can be blended.
 */
///@{

/** A brightness, 0 to LWS_LED_MAX_INTENSITY. Of a plain pin only the highest bit counts. */
typedef uint16_t lws_led_intensity_t;
/** Where in its cycle a sequence is; 65536 would be the whole cycle. */
typedef uint16_t lws_led_seq_phase_t;

/** The largest brightness. */
#define LWS_LED_MAX_INTENSITY			(0xffff)

/** How many phases a cycle has. */
#define LWS_LED_FUNC_PHASE			65536
/** For lws_led_sequence_def_t.ledphase_total: it never ends. */
#define LWS_SEQ_LEDPHASE_TOTAL_ENDLESS		(-1)

/** How often the brightness is set, milliseconds. */
#define LWS_LED_SEQUENCER_UPDATE_INTERVAL_MS	33

struct lws_led_state;
struct lws_pwm_ops;

/** The brightness for a phase, or a corrected brightness for a brightness. */
typedef lws_led_intensity_t (*lws_led_lookup_t)(lws_led_seq_phase_t ph);

/** A sequence. */
typedef struct lws_led_sequence_def_t {
	lws_led_lookup_t	func;			/**< brightness for each phase */
	lws_led_seq_phase_t	ledphase_offset;	/**< phase to begin with */
	int			ledphase_total;		/**< how many phases until it ends, LWS_LED_FUNC_PHASE is a cycle */
	uint16_t		ms;			/**< how long it takes, milliseconds; endless: a cycle */
	uint8_t			flags;			/**< 0 */
} lws_led_sequence_def_t;

/** Index in lws_led_state_chs_t.seqs. */
enum {
	LLSI_CURR,	/**< the present sequence */
	LLSI_NEXT,	/**< the one that it changes to */
	LLSI_TRANS	/**< the one that blends between them */
};

/** A sequence that runs. */
typedef struct lws_led_state_ch {
	const lws_led_sequence_def_t	*seq;		/**< the sequence, NULL: none */
	lws_led_seq_phase_t		ph;		/**< its phase */
	lws_led_seq_phase_t		step;		/**< phases from one update to the next */
	int				phase_budget;	/**< phases until it ends */
	lws_led_intensity_t		last;		/**< the last brightness, also after its end */
} lws_led_state_ch_t;

/** The sequences of an LED. */
typedef struct lws_led_state_chs {
	lws_led_state_ch_t		seqs[3];	/**< by LLSI_... */
} lws_led_state_chs_t;

/** An implementation of LEDs. It is the first member of what describes one. */
typedef struct lws_led_ops {
	void (*intensity)(const struct lws_led_ops *lo, const char *name,
			  lws_led_intensity_t inten);			/**< set the brightness of an LED */
	struct lws_led_state *(*create)(const struct lws_led_ops *led_ops); /**< begin to use them */
	void (*destroy)(struct lws_led_state *);			/**< end using them */
} lws_led_ops_t;

/** An LED on a pin. */
typedef struct lws_led_gpio_map {
	const char			*name;			/**< its name */
	_lws_plat_gpio_t		gpio;			/**< its pin */
	lws_led_lookup_t		intensity_correction;	/**< how bright it looks to how bright it is; NULL: as usual */
	const struct lws_pwm_ops	*pwm_ops;		/**< the modulator of its pin, NULL: only on and off */
	uint8_t				active_level;		/**< state of the pin when it is on, 0 or 1 */
} lws_led_gpio_map_t;

/** Some LEDs on pins. */
typedef struct lws_led_gpio_controller {
	const lws_led_ops_t		led_ops;	/**< lws_led_gpio_ops */

	const lws_gpio_ops_t		*gpio_ops;	/**< how to switch pins */
	const lws_led_gpio_map_t	*led_map;	/**< the LEDs */
	uint8_t				count_leds;	/**< how many */
} lws_led_gpio_controller_t;

/**
 * lws_led_gpio_create() - use some LEDs
 *
 * \param led_ops: led_ops of a lws_led_gpio_controller_t, which must stay
 *
 * Returns an object that lws_led_gpio_destroy() frees, or NULL if there is no memory.
 *
 * Not in this configuration.
 */
LWS_VISIBLE LWS_EXTERN struct lws_led_state *
lws_led_gpio_create(const lws_led_ops_t *led_ops);

/**
 * lws_led_gpio_destroy() - end using LEDs
 *
 * \param lcs: from lws_led_gpio_create()
 *
 * Not in this configuration.
 */
LWS_VISIBLE LWS_EXTERN void
lws_led_gpio_destroy(struct lws_led_state *lcs);

/**
 * lws_led_gpio_intensity() - set the brightness of an LED
 *
 * \param lo: led_ops of its lws_led_gpio_controller_t
 * \param name: its name
 * \param inten: the brightness
 *
 * Not in this configuration.
 */
LWS_VISIBLE LWS_EXTERN void
lws_led_gpio_intensity(const struct lws_led_ops *lo, const char *name,
		       lws_led_intensity_t inten);

/**
 * lws_led_transition() - let the brightness of an LED follow a sequence
 *
 * \param lcs: from lws_led_gpio_create()
 * \param name: its name
 * \param next: the sequence, which must stay
 * \param trans: how to blend to it; NULL: change at once
 *
 * Returns 0, or 1 if there is no LED of that name.
 *
 * Not in this configuration.
 */
LWS_VISIBLE LWS_EXTERN int
lws_led_transition(struct lws_led_state *lcs, const char *name,
		   const lws_led_sequence_def_t *next,
		   const lws_led_sequence_def_t *trans);

/** Initialiser of lws_led_gpio_controller_t.led_ops. */
#define lws_led_gpio_ops \
	{ \
		.create		= lws_led_gpio_create, \
		.destroy	= lws_led_gpio_destroy, \
		.intensity	= lws_led_gpio_intensity, \
	}
///@}

#endif
