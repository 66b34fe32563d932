/** @file
 * State machines whose transitions are announced to a list of notifiers, each of which may hold one back.
 *
 * The library has one for the stages in which a system comes up, lws_system_get_state_manager(); a program may have
 * others, whose struct lws_state_manager it zeroes and fills itself.
 *
 * Nothing here takes a lock. The system's state machine is for its service thread; a program's own belongs to whatever
 * thread or lock the program says.
 */
#ifndef GOLWS_LWS_STATE_H
#define GOLWS_LWS_STATE_H

struct lws_state_manager;
struct lws_state_notify_link;

/**
 * lws_state_notify_t - hears of a transition before it happens, and when it has happened
 *
 * \param mgr: the state machine
 * \param link: the notifier that is called
 * \param current: the state it is in
 * \param target: the state it is going to; the same as current when it has arrived there
 *
 * Returns 0 to let the transition happen, nonzero to hold it back: the notifier then has to ask for it again
 * later. After the fact nonzero only keeps the notifiers behind it from hearing of it. It may remove itself, and it
 * may ask for a transition itself: the one it hears of is given up then.
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
	/** the notifiers, called in this order: the one registered last first */
	lws_dll2_owner_t notify_list;
	/** the context it belongs to */
	struct lws_context *context;
	/** for the owner's use */
	void *parent;
	/** class of the system message that announces transitions, 0: none; not announced in this version */
	lws_smd_class_t smd_class;
	/** names of the states for the log, indexed by state; NULL: numbers are logged */
	const char **state_names;
	/** name for the log */
	const char *name;
	/** the present state */
	int state;
} lws_state_manager_t;

/**
 * lws_state_reg_notifier() - adds a notifier
 *
 * \param mgr: the state machine
 * \param nl: the notifier, with notify_cb and name set and list zero. It belongs to the caller and is linked into the
 * state machine until lws_state_reg_deregister().
 *
 * It is called before those that are there already.
 */
LWS_VISIBLE LWS_EXTERN void
lws_state_reg_notifier(lws_state_manager_t *mgr, lws_state_notify_link_t *nl);

/**
 * lws_state_reg_deregister() - removes a notifier
 *
 * \param nl: the notifier; nothing happens if it is not registered
 */
LWS_VISIBLE LWS_EXTERN void
lws_state_reg_deregister(lws_state_notify_link_t *nl);

/**
 * lws_state_reg_notifier_list() - adds several notifiers
 *
 * \param mgr: the state machine
 * \param nl: array of pointers to them, ended by NULL; or NULL. The array is read during the call.
 *
 * As lws_state_reg_notifier() for one after the other, so the last one is called first.
 */
LWS_VISIBLE LWS_EXTERN void
lws_state_reg_notifier_list(lws_state_manager_t *mgr, lws_state_notify_link_t *const *nl);

/**
 * lws_state_transition_steps() - moves a state machine up to a state, through all between
 *
 * \param mgr: the state machine
 * \param target: the state
 *
 * Each step is a transition of its own that a notifier may hold back: there it stops. Nothing happens if the state is
 * target or above already.
 *
 * Returns 0, also when it was held back: lws_state_manager.state says how far it came.
 */
LWS_VISIBLE LWS_EXTERN int
lws_state_transition_steps(lws_state_manager_t *mgr, int target);

/**
 * lws_state_transition() - moves a state machine to a state, in one step
 *
 * \param mgr: the state machine
 * \param target: the state, above or below the present one; nothing happens if it is that
 *
 * Asks the notifiers, and unless one holds it back, sets the state and calls them again.
 *
 * Returns 0, also when it was held back: lws_state_manager.state says where it is.
 */
LWS_VISIBLE LWS_EXTERN int
lws_state_transition(lws_state_manager_t *mgr, int target);

#endif
