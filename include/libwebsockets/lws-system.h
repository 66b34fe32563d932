/** @file
 * The system the program runs on: the stages in which it comes up, what it is called and authorises itself with,
 * whether the internet can be reached, and functions for what only the program can do.
 *
 * The library knows nothing about the network or the clock of its host and waits for neither: in the first turn of
 * lws_service(), after LWS_CALLBACK_PROTOCOL_INIT, the system goes through all stages up to LWS_SYSTATE_OPERATIONAL. A
 * notifier (lws_context_creation_info.register_notifier_list) that has something to do in one of them holds it back
 * there, and asks for lws_state_transition_steps() to LWS_SYSTATE_OPERATIONAL when it is done. When the context is
 * destroyed, LWS_SYSTATE_POLICY_INVALID comes before its connections close.
 */
#ifndef GOLWS_LWS_SYSTEM_H
#define GOLWS_LWS_SYSTEM_H

struct lws_metric_pub;

/** A request made with lws_system_ops_t.attach. */
struct lws_attach_item;

/** A piece of information about the device: bytes, in the program's memory or in the library's. */
typedef struct lws_system_blob lws_system_blob_t;

/** What a device is called and authorises itself with, see lws_system_get_blob(). */
typedef enum {
	LWS_SYSBLOB_TYPE_AUTH = 0, /**< authorisation tokens, for requests to its services; there are two, idx 0 and 1 */
	LWS_SYSBLOB_TYPE_CLIENT_CERT_DER = 2, /**< X.509 certificate of the device, DER */
	LWS_SYSBLOB_TYPE_CLIENT_KEY_DER = 3, /**< private key of that certificate, DER */
	LWS_SYSBLOB_TYPE_DEVICE_SERIAL = 4, /**< serial number */
	LWS_SYSBLOB_TYPE_DEVICE_FW_VERSION = 5, /**< version of the firmware */
	LWS_SYSBLOB_TYPE_DEVICE_TYPE = 6, /**< model */
	LWS_SYSBLOB_TYPE_NTP_SERVER = 7, /**< name of the time server */
	LWS_SYSBLOB_TYPE_MQTT_CLIENT_ID = 8, /**< MQTT client identifier */
	LWS_SYSBLOB_TYPE_MQTT_USERNAME = 9, /**< MQTT user name */
	LWS_SYSBLOB_TYPE_MQTT_PASSWORD = 10, /**< MQTT password */
	LWS_SYSBLOB_TYPE_COUNT = 11, /**< how many there are */
} lws_system_blob_item_t;

/**
 * lws_system_blob_direct_set() - has a blob point at memory of the program
 *
 * \param b: the blob; memory it holds is freed
 * \param ptr: the bytes, which have to stay there as long as the blob points at them
 * \param len: how many
 */
LWS_VISIBLE LWS_EXTERN void
lws_system_blob_direct_set(lws_system_blob_t *b, const uint8_t *ptr, size_t len);

/**
 * lws_system_blob_heap_empty() - empties a blob
 *
 * \param b: the blob
 *
 * Frees memory it holds; memory of the program is only forgotten. Then lws_system_blob_heap_append() may fill it.
 */
LWS_VISIBLE LWS_EXTERN void
lws_system_blob_heap_empty(lws_system_blob_t *b);

/**
 * lws_system_blob_heap_append() - adds a copy of bytes to a blob
 *
 * \param b: the blob, not pointing at memory of the program
 * \param ptr: the bytes
 * \param len: how many, at least 1
 *
 * Returns 0, -1 if there is no memory, nothing to add, or the blob points at memory of the program.
 */
LWS_VISIBLE LWS_EXTERN int
lws_system_blob_heap_append(lws_system_blob_t *b, const uint8_t *ptr, size_t len);

/**
 * lws_system_blob_get_size() - the length of a blob
 *
 * \param b: the blob
 *
 * Returns how many bytes it has; 0 if it was never set.
 */
LWS_VISIBLE LWS_EXTERN size_t
lws_system_blob_get_size(lws_system_blob_t *b);

/**
 * lws_system_blob_get_single_ptr() - the bytes of a blob where they are
 *
 * \param b: the blob
 * \param ptr: receives their address, valid until the blob changes
 *
 * Returns 0; -1 if the blob is empty, or made of several pieces: lws_system_blob_get() copies those.
 */
LWS_VISIBLE LWS_EXTERN int
lws_system_blob_get_single_ptr(lws_system_blob_t *b, const uint8_t **ptr);

/**
 * lws_system_blob_get() - copies bytes out of a blob
 *
 * \param b: the blob
 * \param ptr: where to
 * \param len: how many there is room for; receives how many were copied
 * \param ofs: where in the blob to begin
 *
 * Returns 0, nonzero if ofs is not inside the blob: then 0 bytes were copied.
 */
LWS_VISIBLE LWS_EXTERN int
lws_system_blob_get(lws_system_blob_t *b, uint8_t *ptr, size_t *len, size_t ofs);

/**
 * lws_system_blob_destroy() - frees what a blob holds
 *
 * \param b: the blob; nothing happens if NULL
 *
 * The library does so for its own when the context is destroyed.
 */
LWS_VISIBLE LWS_EXTERN void
lws_system_blob_destroy(lws_system_blob_t *b);

/**
 * lws_system_get_blob() - a blob of a context
 *
 * \param context: the context
 * \param type: which information
 * \param idx: which of several, from 0; only LWS_SYSBLOB_TYPE_AUTH has more than one
 *
 * Returns it, empty until it is filled, valid as long as the context; NULL if there is no such blob. Blobs have no
 * lock: use those of a context on its service thread.
 */
LWS_VISIBLE LWS_EXTERN lws_system_blob_t *
lws_system_get_blob(struct lws_context *context, lws_system_blob_item_t type, int idx);

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

/** Whether the internet can be reached. */
typedef enum {
	LWS_CPD_UNKNOWN = 0, /**< not known: not tried, or still trying */
	LWS_CPD_INTERNET_OK = 1, /**< it can */
	LWS_CPD_CAPTIVE_PORTAL = 2, /**< a portal answers instead that wants a login or a click (RFC 8952) */
	LWS_CPD_NO_INTERNET = 3, /**< nothing answers */
} lws_cpd_result_t;

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
	/** restarts the device; nonzero is an error. For the program and its protocols: the library does not call it. */
	int (*reboot)(void);
	/** sets the wall clock to this many microseconds since 1970; nonzero is an error. Not called in this version. */
	int (*set_clock)(lws_usec_t us);
	/**
	 * has cb called with opaque on service thread tsi when state is reached, from any thread; with cb
	 * NULL, *get receives the next request waiting
	 */
	int (*attach)(struct lws_context *context, int tsi, lws_attach_cb_t cb, lws_system_states_t state,
		      void *opaque, struct lws_attach_item **get);
	/** starts captive portal detection, whose result lws_system_cpd_set() takes; nonzero is an error */
	int (*captive_portal_detect_request)(struct lws_context *context);
	/**
	 * receives a metric that is due for reporting; nonzero: its figures begin anew, 0: they go on. Not called in
	 * this version.
	 */
	int (*metric_report)(struct lws_metric_pub *mdata);
	/** how long the device takes to wake from suspend, microseconds; the library does not suspend it */
	uint32_t wake_latency_us;
} lws_system_ops_t;

/**
 * lws_system_get_state_manager() - the state machine of the system's stages
 *
 * \param context: the context
 *
 * Returns it; its states are lws_system_states_t. Valid as long as the context, for use on the first service thread.
 */
LWS_VISIBLE LWS_EXTERN lws_state_manager_t *
lws_system_get_state_manager(struct lws_context *context);

/** Flag for authorisation tokens: the blob holds bytes that are sent as hexadecimal digits. */
#define LWSSYSGAUTH_HEX (1 << 0)

/**
 * lws_system_get_ops() - the functions the program gave for its system
 *
 * \param context: the context
 *
 * Returns lws_context_creation_info.system_ops, which may be NULL, as may be every function in it.
 */
LWS_VISIBLE LWS_EXTERN const lws_system_ops_t *
lws_system_get_ops(struct lws_context *context);

/**
 * lws_system_context_from_system_mgr() - the context a system's state machine belongs to
 *
 * \param mgr: the state machine, as a lws_state_notify_t gets it; of the system's stages, no other
 *
 * Returns the context. Any thread.
 */
LWS_VISIBLE LWS_EXTERN struct lws_context *
lws_system_context_from_system_mgr(lws_state_manager_t *mgr);

/**
 * __lws_system_attach() - puts a request in a service thread's list, or takes one out
 *
 * \param context: the context
 * \param tsi: index of the service thread
 * \param cb: what to call there
 * \param state: the stage the system must have reached before
 * \param opaque: handed to cb
 * \param get: NULL: the request is put in. Else it receives the next request whose stage is reached, NULL if there is
 * none, and cb, state and opaque are not used.
 *
 * For implementations of lws_system_ops_t.attach, which take their own lock around it and pass their arguments on.
 * Everybody else calls that one, with get NULL; the library calls it with get on the service thread, and then calls cb
 * there, in the order in which the requests came.
 *
 * Returns 0, 1 if there is no memory.
 */
LWS_VISIBLE LWS_EXTERN int
__lws_system_attach(struct lws_context *context, int tsi, lws_attach_cb_t cb, lws_system_states_t state, void *opaque,
		    struct lws_attach_item **get);

/** Indices of what a DHCP server told (RFC 2132): LWSDH_SA46_ in lws_dhcpc_ifstate.sa46, the others in nums. */
enum {
	LWSDH_IPV4_SUBNET_MASK = 0, /**< subnet mask, option 1 */
	LWSDH_IPV4_BROADCAST = 1, /**< broadcast address, option 28 */
	LWSDH_LEASE_SECS = 2, /**< seconds the address is ours, option 51 */
	LWSDH_REBINDING_SECS = 3, /**< seconds until any server is asked for more time, option 59 */
	LWSDH_RENEWAL_SECS = 4, /**< seconds until the same server is asked for more time, option 58 */
	_LWSDH_NUMS_COUNT = 5, /**< how many numbers there are */

	LWSDH_SA46_IP = 0, /**< our address */
	LWSDH_SA46_DNS_SRV_1 = 1, /**< first name server, option 6 */
	LWSDH_SA46_DNS_SRV_2 = 2, /**< second name server */
	LWSDH_SA46_DNS_SRV_3 = 3, /**< third name server */
	LWSDH_SA46_DNS_SRV_4 = 4, /**< fourth name server */
	LWSDH_SA46_IPV4_ROUTER = 5, /**< router, option 3 */
	LWSDH_SA46_NTP_SERVER = 6, /**< time server, option 42 */
	LWSDH_SA46_DHCP_SERVER = 7, /**< the DHCP server, option 54 */
	_LWSDH_SA46_COUNT = 8, /**< how many addresses there are */
};

/** A network interface that got its address by DHCP. */
typedef struct lws_dhcpc_ifstate {
	/** name of the interface, ended by NUL */
	char ifname[16];
	/** domain name, option 15, ended by NUL */
	char domain[64];
	/** Ethernet address of the interface */
	uint8_t mac[6];
	/** numbers, host byte order; see LWSDH_IPV4_SUBNET_MASK and those behind it */
	uint32_t nums[_LWSDH_NUMS_COUNT];
	/** addresses, sa4.sin_family 0 where the server told none; see LWSDH_SA46_IP and those behind it */
	lws_sockaddr46 sa46[_LWSDH_SA46_COUNT];
} lws_dhcpc_ifstate_t;

/**
 * dhcpc_cb_t - hears that a network interface has got an address, and has to set it
 *
 * \param opaque: the pointer given to lws_dhcpc_request()
 * \param is: what the server told, valid during the call; NULL: the address is lost
 *
 * Returns 0.
 */
typedef int (*dhcpc_cb_t)(void *opaque, lws_dhcpc_ifstate_t *is);

/**
 * lws_dhcpc_request() - gets an address for a network interface by DHCP (RFC 2131)
 *
 * \param c: the context
 * \param i: name of the interface, such as "eth0"; copied
 * \param af: AF_INET
 * \param cb: hears of the result, on the service thread
 * \param opaque: handed to cb
 *
 * Returns 0, also if that is going on for the interface already; 1: no memory.
 *
 * Not in this configuration.
 */
LWS_VISIBLE LWS_EXTERN int
lws_dhcpc_request(struct lws_context *c, const char *i, int af, dhcpc_cb_t cb, void *opaque);

/**
 * lws_dhcpc_remove() - ends DHCP for a network interface
 *
 * \param context: the context
 * \param iface: name of the interface
 *
 * Returns 0.
 *
 * Not in this configuration.
 */
LWS_VISIBLE LWS_EXTERN int
lws_dhcpc_remove(struct lws_context *context, const char *iface);

/**
 * lws_dhcpc_status() - whether a network interface has got an address by DHCP
 *
 * \param context: the context
 * \param sa46: receives the address of the name server that came with it; may be NULL
 *
 * Returns 1 if one has, else 0.
 *
 * Not in this configuration.
 */
LWS_VISIBLE LWS_EXTERN int
lws_dhcpc_status(struct lws_context *context, lws_sockaddr46 *sa46);

/**
 * lws_system_cpd_start() - begins to find out whether the internet can be reached
 *
 * \param context: the context
 *
 * What is known becomes LWS_CPD_UNKNOWN, and lws_system_ops_t.captive_portal_detect_request is called, which tells its
 * result later with lws_system_cpd_set().
 *
 * Returns what that function returned, 0 for success; 1 where there is none.
 */
LWS_VISIBLE LWS_EXTERN int
lws_system_cpd_start(struct lws_context *context);

/**
 * lws_system_cpd_start_defer() - lws_system_cpd_start() after a while
 *
 * \param cx: the context
 * \param defer_us: how long to wait, microseconds; a further call before that begins the wait anew
 */
LWS_VISIBLE LWS_EXTERN void
lws_system_cpd_start_defer(struct lws_context *cx, lws_usec_t defer_us);

/**
 * lws_system_cpd_set() - says whether the internet can be reached
 *
 * \param context: the context
 * \param result: what was found
 *
 * Whoever found out calls it, once: while what is known is not LWS_CPD_UNKNOWN, nothing happens. The
 * system moves on towards LWS_SYSTATE_OPERATIONAL then, whatever was found.
 */
LWS_VISIBLE LWS_EXTERN void
lws_system_cpd_set(struct lws_context *context, lws_cpd_result_t result);

/**
 * lws_system_cpd_state_get() - whether the internet can be reached, as far as is known
 *
 * \param context: the context
 *
 * Returns what lws_system_cpd_set() was told since the last lws_system_cpd_start().
 */
LWS_VISIBLE LWS_EXTERN lws_cpd_result_t
lws_system_cpd_state_get(struct lws_context *context);

#endif
