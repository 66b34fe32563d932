/** @file
 * State machines whose transitions are announced to a list of notifiers: the types. The functions are not
 * part of this version.
 */
#ifndef GOLWS_LWS_STATE_H
#define GOLWS_LWS_STATE_H

struct lws_state_manager;
struct lws_state_notify_link;

/**
 * lws_state_notify_t - hears of a transition before it happens
 *
 * \param mgr: the state machine
 * \param link: the notifier that is called
 * \param current: the state it is in
 * \param target: the state it is going to
 *
 * Returns 0 to let the transition happen, nonzero to hold it back: the notifier then has to ask for it again
 * later.
 */
typedef int (*lws_state_notify_t)(struct lws_state_manager *mgr, struct lws_state_notify_link *link,
				  int current, int target);

/** One notifier of a state machine. It belongs to the program and must live as long as it is registered. */
typedef struct lws_state_notify_link {
	/** link in lws_state_manager.notify_list; zero when not registered */
	lws_dll2_t list;
	/** what is called */
	lws_state_notify_t notify_cb;
	/** name for the log */
	const char *name;
} lws_state_notify_link_t;

/** A state machine: states are numbers from 0. */
typedef struct lws_state_manager {
	/** the notifiers, called in this order */
	lws_dll2_owner_t notify_list;
	/** the context it belongs to */
	struct lws_context *context;
	/** for the owner's use */
	void *parent;
	/** class of the system message that announces transitions, 0: none */
	lws_smd_class_t smd_class;
	/** names of the states for the log, indexed by state */
	const char **state_names;
	/** name for the log */
	const char *name;
	/** the present state */
	int state;
} lws_state_manager_t;

#endif
