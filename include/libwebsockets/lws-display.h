#ifndef GOLWS_LWS_DISPLAY_H
#define GOLWS_LWS_DISPLAY_H

/** \defgroup display Displays
 *
 * lws_display_t is what an implementation provides. lws_display_state_t dims a display and switches it off when
 * nobody has used it for a while.
 */
///@{

/** A coordinate or a length in pixels. */
typedef uint16_t lws_display_scalar;

/** An implementation. It is the first member of what describes a display. Functions that return int return 0 if it worked. */
typedef struct lws_display {
	int (*init)(const struct lws_display *disp);		/**< prepare the display */
	const lws_pwm_ops_t		*bl_pwm_ops;		/**< modulator of its light, or NULL */
	int (*contrast)(const struct lws_display *disp, uint8_t contrast); /**< set its contrast, or NULL */
	int (*blit)(const struct lws_display *disp, const uint8_t *src,
		    lws_display_scalar x, lws_display_scalar y,
		    lws_display_scalar w, lws_display_scalar h); /**< show the pixels src in a rectangle */
	int (*power)(const struct lws_display *disp, int state); /**< 0: switch it off, 1: on */

	const lws_led_sequence_def_t	*bl_active;		/**< its light while it is used */
	const lws_led_sequence_def_t	*bl_dim;		/**< its light when it is dimmed */
	const lws_led_sequence_def_t	*bl_transition;		/**< how to blend between them */

	void				*variant;		/**< of the implementation */

	int				bl_index;		/**< which pin of bl_pwm_ops */

	lws_display_scalar		w;			/**< its width */
	lws_display_scalar		h;			/**< its height */

	uint8_t				latency_wake_ms;	/**< how long it takes to wake up, milliseconds */
} lws_display_t;

/** What a display is doing. */
enum lws_display_controller_state {
	LWSDISPS_OFF,			/**< it is off */
	LWSDISPS_AUTODIMMED,		/**< it is dimmed */
	LWSDISPS_BECOMING_ACTIVE,	/**< it wakes up */
	LWSDISPS_ACTIVE,		/**< it is used */
	LWSDISPS_GOING_OFF		/**< it gets darker before it is off */
};

/** A display that is dimmed and switched off. In the program's memory, the members are the library's. */
typedef struct lws_display_state {
	lws_sorted_usec_list_t		sul_autodim;	/**< the timer */
	const lws_display_t		*disp;		/**< the display */
	struct lws_context		*ctx;		/**< the context */

	int				autodim_ms;	/**< as given to lws_display_state_init() */
	int				off_ms;		/**< as given to lws_display_state_init() */

	struct lws_led_state		*bl_lcs;	/**< its light */

	lws_led_state_chs_t		chs;		/**< the sequences of its light */

	enum lws_display_controller_state state;	/**< what it is doing */
} lws_display_state_t;

/**
 * lws_display_state_init() - prepare a display to be dimmed and switched off
 *
 * \param lds: gets filled in; it must stay while the context lives
 * \param ctx: the context, whose timers are used
 * \param autodim_ms: how long after lws_display_state_active() it is dimmed, milliseconds; negative: never
 * \param off_ms: how long after that it is switched off, milliseconds; negative: never
 * \param bl_lcs: the LEDs of its light
 * \param disp: the display, which must stay
 *
 * Not in this configuration.
 */
LWS_VISIBLE LWS_EXTERN void
lws_display_state_init(lws_display_state_t *lds, struct lws_context *ctx,
		       int autodim_ms, int off_ms, struct lws_led_state *bl_lcs,
		       const lws_display_t *disp);

/**
 * lws_display_state_set_brightness() - change the light of a display, blended
 *
 * \param lds: the display
 * \param pwmseq: the sequence that its light follows from now on, which must stay
 *
 * Not in this configuration.
 */
LWS_VISIBLE LWS_EXTERN void
lws_display_state_set_brightness(lws_display_state_t *lds,
				 const lws_led_sequence_def_t *pwmseq);

/**
 * lws_display_state_active() - a display is being used
 *
 * \param lds: the display; it is switched on if it is not, and both times start again
 *
 * Not in this configuration.
 */
LWS_VISIBLE LWS_EXTERN void
lws_display_state_active(lws_display_state_t *lds);

/**
 * lws_display_state_off() - switch a display off
 *
 * \param lds: the display; it stays off until lws_display_state_active()
 *
 * Not in this configuration.
 */
LWS_VISIBLE LWS_EXTERN void
lws_display_state_off(lws_display_state_t *lds);
///@}

#endif
