#ifndef GOLWS_LWS_BUTTON_H
#define GOLWS_LWS_BUTTON_H

/** \defgroup button Buttons
 *
 * Buttons on pins. What a user does with them becomes system messages of the class LWSSMDCL_INTERACTION, see
 * lws_smd_register(): click, doubleclick, long click, down, up and so on.
 */
///@{

/** A set of buttons, one bit each, or the index of one. */
typedef uint16_t lws_button_idx_t;

/** How often a button that moves is looked at, milliseconds. */
#define LWS_BUTTON_MON_TIMER_MS 5

/** Called when a button has changed: its index and whether it is down. */
typedef void (*lws_button_cb_t)(void *opaque, lws_button_idx_t idx, int state);

/** For lws_button_regime_t.flags. */
enum {
	LWSBTNRGMFLAG_CLASSIFY_DOUBLECLICK = (1 << 0)	/**< tell double clicks; single ones are told later then */
};

/** How the movements of a button are understood. Times are in milliseconds. */
typedef struct lws_button_regime {
	uint16_t	ms_min_down;		/**< down for at least this long: it was pressed */
	uint16_t	ms_min_down_longpress;	/**< down for at least this long: a long press */
	uint16_t	ms_up_settle;		/**< up for at least this long: it was released */
	uint16_t	ms_doubleclick_grace;	/**< pressed again within this time: a double click */
	uint16_t	ms_repeat_down;		/**< 0, or how often a message repeats while it is down */
	uint8_t		flags;			/**< LWSBTNRGMFLAG_... */
} lws_button_regime_t;

/** A button. */
typedef struct lws_button_map {
	_lws_plat_gpio_t		gpio;			/**< its pin */
	const char			*smd_interaction_name;	/**< its name in messages */
	const lws_button_regime_t	*regime;		/**< how it is understood, NULL: as usual */
} lws_button_map_t;

/** Some buttons. */
typedef struct lws_button_controller {
	const char			*smd_bc_name;		/**< their common name in messages */
	const lws_gpio_ops_t		*gpio_ops;		/**< how to read pins */
	const lws_button_map_t		*button_map;		/**< the buttons */
	lws_button_idx_t		active_state_bitmap;	/**< those whose pin is high when they are down */
	uint8_t				count_buttons;		/**< how many */
} lws_button_controller_t;

struct lws_button_state;

/**
 * lws_button_controller_create() - use some buttons
 *
 * \param ctx: the context
 * \param controller: the buttons, which must stay; all are disabled at first
 *
 * Returns an object that lws_button_controller_destroy() frees, or NULL if there is no memory.
 *
 * Not in this configuration.
 */
LWS_VISIBLE LWS_EXTERN struct lws_button_state *
lws_button_controller_create(struct lws_context *ctx,
			     const lws_button_controller_t *controller);

/**
 * lws_button_controller_destroy() - end using buttons
 *
 * \param bcs: from lws_button_controller_create()
 *
 * Not in this configuration.
 */
LWS_VISIBLE LWS_EXTERN void
lws_button_controller_destroy(struct lws_button_state *bcs);

/**
 * lws_button_get_bit() - the bit of a button
 *
 * \param bcs: from lws_button_controller_create()
 * \param name: name of the button
 *
 * Returns 0 if there is none of that name.
 *
 * Not in this configuration.
 */
LWS_VISIBLE LWS_EXTERN lws_button_idx_t
lws_button_get_bit(struct lws_button_state *bcs, const char *name);

/**
 * lws_button_enable() - switch buttons off and on
 *
 * \param bcs: from lws_button_controller_create()
 * \param _reset: bits of those to disable
 * \param _set: bits of those to enable, which counts more
 *
 * Not in this configuration.
 */
LWS_VISIBLE LWS_EXTERN void
lws_button_enable(struct lws_button_state *bcs,
		  lws_button_idx_t _reset, lws_button_idx_t _set);
///@}

#endif
