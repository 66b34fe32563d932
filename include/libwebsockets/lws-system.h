/** @file
 * Hooks into the system the program runs on: the types that struct lws_context_creation_info mentions. This
 * version has no system states and calls none of the hooks.
 */
#ifndef GOLWS_LWS_SYSTEM_H
#define GOLWS_LWS_SYSTEM_H

struct lws_metric_pub;
struct lws_attach_item;

/** The stages in which a system comes up, in order, with the two of a policy that can be lost again. */
typedef enum {
	/** before the context exists */
	LWS_SYSTATE_UNKNOWN = 0,
	/** the context exists, its vhosts do not */
	LWS_SYSTATE_CONTEXT_CREATED = 1,
	/** protocols are initialised */
	LWS_SYSTATE_INITIALIZED = 2,
	/** network interfaces that were present at the start are known */
	LWS_SYSTATE_IFACE_COLDPLUG = 3,
	/** an address was obtained by DHCP */
	LWS_SYSTATE_DHCP = 4,
	/** captive portal detection before the time is known */
	LWS_SYSTATE_CPD_PRE_TIME = 5,
	/** the wall clock is right */
	LWS_SYSTATE_TIME_VALID = 6,
	/** captive portal detection with a valid time */
	LWS_SYSTATE_CPD_POST_TIME = 7,
	/** the Secure Streams policy is loaded */
	LWS_SYSTATE_POLICY_VALID = 8,
	/** the device is registered with its service */
	LWS_SYSTATE_REGISTERED = 9,
	/** first authorisation obtained */
	LWS_SYSTATE_AUTH1 = 10,
	/** second authorisation obtained */
	LWS_SYSTATE_AUTH2 = 11,
	/** everything works */
	LWS_SYSTATE_OPERATIONAL = 12,
	/** the policy is being replaced */
	LWS_SYSTATE_POLICY_INVALID = 13,
} lws_system_states_t;

/**
 * lws_attach_cb_t - a function that is called on a service thread once a state is reached
 *
 * \param context: the context
 * \param tsi: index of the service thread
 * \param opaque: the pointer given with the function
 */
typedef void (*lws_attach_cb_t)(struct lws_context *context, int tsi, void *opaque);

/** Functions of the program that do things only it can do on its system. Any may be NULL. */
typedef struct lws_system_ops {
	/** restarts the device; nonzero is an error */
	int (*reboot)(void);
	/** sets the wall clock to this many microseconds since 1970; nonzero is an error */
	int (*set_clock)(lws_usec_t us);
	/**
	 * has cb called with opaque on service thread tsi when state is reached, from any thread; with cb
	 * NULL, *get receives the next request waiting
	 */
	int (*attach)(struct lws_context *context, int tsi, lws_attach_cb_t cb, lws_system_states_t state,
		      void *opaque, struct lws_attach_item **get);
	/** starts captive portal detection; nonzero is an error */
	int (*captive_portal_detect_request)(struct lws_context *context);
	/** receives a metric that is due for reporting; nonzero keeps its figures for the next report */
	int (*metric_report)(struct lws_metric_pub *mdata);
	/** how long the device takes to wake from suspend, microseconds */
	uint32_t wake_latency_us;
} lws_system_ops_t;

#endif
