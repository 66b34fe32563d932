#ifndef GOLWS_LWS_SYSTEM_H
#define GOLWS_LWS_SYSTEM_H

struct lws_metric_pub;
struct lws_attach_item;

typedef enum {
	LWS_SYSTATE_UNKNOWN = 0,
	LWS_SYSTATE_CONTEXT_CREATED = 1,
	LWS_SYSTATE_INITIALIZED = 2,
	LWS_SYSTATE_IFACE_COLDPLUG = 3,
	LWS_SYSTATE_DHCP = 4,
	LWS_SYSTATE_CPD_PRE_TIME = 5,
	LWS_SYSTATE_TIME_VALID = 6,
	LWS_SYSTATE_CPD_POST_TIME = 7,
	LWS_SYSTATE_POLICY_VALID = 8,
	LWS_SYSTATE_REGISTERED = 9,
	LWS_SYSTATE_AUTH1 = 10,
	LWS_SYSTATE_AUTH2 = 11,
	LWS_SYSTATE_OPERATIONAL = 12,
	LWS_SYSTATE_POLICY_INVALID = 13,
} lws_system_states_t;

typedef void (*lws_attach_cb_t)(struct lws_context *context, int tsi, void *opaque);

typedef struct lws_system_ops {
	int (*reboot)(void);
	int (*set_clock)(lws_usec_t us);
	int (*attach)(struct lws_context *context, int tsi, lws_attach_cb_t cb, lws_system_states_t state, void *opaque, struct lws_attach_item **get);
	int (*captive_portal_detect_request)(struct lws_context *context);
	int (*metric_report)(struct lws_metric_pub *mdata);
	uint32_t wake_latency_us;
} lws_system_ops_t;

#endif
