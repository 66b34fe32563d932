/** @file
 * Network interfaces of small devices, above all WiFi: a list of interfaces, the networks they may join, and a state
 * machine that joins them.
 *
 * None of this is part of the library in this configuration: on a system with an operating system of its own, that
 * looks after interfaces. The types are there for programs that bring an implementation for their platform.
 */
#ifndef GOLWS_LWS_NETDEV_H
#define GOLWS_LWS_NETDEV_H

/** How many access points a scan keeps. */
#define LWS_WIFI_MAX_SCAN_TRACK 16
/** Bytes of an Ethernet address. */
#define LWS_ETH_ALEN 6

/** A WiFi channel number. */
typedef uint8_t lws_wifi_ch_t;
/** A signal strength in dBm; negative, nearer to 0 is stronger. */
typedef int8_t lws_wifi_rssi_t;

struct lws_netdev_instance;
struct lws_settings_instance;

/** Kinds of network interfaces. */
typedef enum {
	LWSNDTYP_UNKNOWN = 0, /**< not known */
	LWSNDTYP_WIFI = 1, /**< wireless */
	LWSNDTYP_ETH = 2, /**< wired Ethernet */
} lws_netdev_type_t;

/** Settings of an interface; a platform has a struct of its own that begins with this one. */
typedef struct lws_netdev_config {
	/** settings of the platform */
	void *plat_config;
} lws_netdev_config_t;

/** What an interface can do: functions of a platform. Those that return int return 0, nonzero on failure. */
typedef struct lws_netdev_ops {
	/** makes an interface and adds it to the context's list; NULL on failure */
	struct lws_netdev_instance *(*create)(struct lws_context *ctx, const struct lws_netdev_ops *ops,
					      const char *name, void *platinfo);
	/** applies settings */
	int (*configure)(struct lws_netdev_instance *nd, lws_netdev_config_t *config);
	/** switches the interface on */
	int (*up)(struct lws_netdev_instance *nd);
	/** switches it off */
	int (*down)(struct lws_netdev_instance *nd);
	/** hears system messages about the network: len bytes at buf, sent at timestamp; on the service thread */
	int (*event)(struct lws_netdev_instance *nd, lws_usec_t timestamp, void *buf, size_t len);
	/** removes and frees the interface, and sets the pointer to NULL */
	void (*destroy)(struct lws_netdev_instance **pnd);
	/** begins to join the WiFi network ssid with passphrase, at the access point bssid or, if that is NULL, any */
	int (*connect)(struct lws_netdev_instance *wnd, const char *ssid, const char *passphrase, uint8_t *bssid);
	/** begins to look for access points; the results arrive as system messages */
	void (*scan)(struct lws_netdev_instance *nd);
} lws_netdev_ops_t;

/** The interfaces of a context, and the networks it knows. */
typedef struct lws_netdevs {
	/** the interfaces, lws_netdev_instance_t linked by list */
	lws_dll2_owner_t owner;
	/** the known networks, lws_wifi_creds_t linked by list */
	lws_dll2_owner_t owner_creds;
	/** memory that the known networks are in, NULL while they are not loaded */
	struct lwsac *ac_creds;
	/** the settings that they are kept in */
	struct lws_settings_instance *si;
	/** address of the name server that DHCP told */
	lws_sockaddr46 sa46_dns_resolver;
	/** how many users the loaded networks have; they are freed with the last */
	uint8_t refcount_creds;
} lws_netdevs_t;

/** An interface; each kind has a struct of its own that begins with this one. */
typedef struct lws_netdev_instance {
	/** name, such as "wl0" */
	const char *name;
	/** what it can do */
	const lws_netdev_ops_t *ops;
	/** for the platform's use */
	void *platinfo;
	/** link in lws_netdevs.owner */
	lws_dll2_t list;
	/** its Ethernet address */
	uint8_t mac[LWS_ETH_ALEN];
	/** lws_netdev_type_t */
	uint8_t type;
} lws_netdev_instance_t;

/** Values of several members of lws_netdev_instance_wifi_t and lws_wifi_creds_t. */
enum {
	LNDIW_ALG_OPEN = 0, /**< lws_wifi_creds.alg: no encryption */
	LNDIW_ALG_WPA2 = 1, /**< lws_wifi_creds.alg: WPA2 with a passphrase */

	LNDIW_MODE_STA = 1 << 0, /**< lws_netdev_instance_wifi.flags: a station */
	LNDIW_MODE_AP = 1 << 1, /**< lws_netdev_instance_wifi.flags: an access point */
	LNDIW_UP = 1 << 7, /**< lws_netdev_instance_wifi.flags: switched on */

	LNDIW_ACQ_IPv4 = 1 << 0, /**< an IPv4 address was obtained */
	LNDIW_ACQ_IPv6 = 1 << 1, /**< an IPv6 address was obtained */
};

/**
 * What a WiFi interface is doing. Devices of one group that find no known network make one of their own: the device
 * with the lowest address is its access point.
 */
typedef enum {
	LWSNDVWIFI_STATE_INITIAL = 0, /**< tries the network that worked last */
	LWSNDVWIFI_STATE_SCAN = 1, /**< not connected, looks for known networks */
	LWSNDVWIFI_STATE_AP = 2, /**< is the access point of its group */
	LWSNDVWIFI_STATE_AP_SCAN = 3, /**< the same, and looks whether a device with a lower address is that too */
	LWSNDVWIFI_STATE_STAT_GRP_AP = 4, /**< joined the access point of its group */
	LWSNDVWIFI_STATE_STAT_GRP_AP_SCAN = 5, /**< the same, and looks for known networks */
	LWSNDVWIFI_STATE_STAT = 6, /**< joins a known network */
	LWSNDVWIFI_STATE_STAT_HAPPY = 7, /**< joined a known network and has an address there */
} lws_netdev_wifi_state_t;

/** A WiFi network the device may join. */
typedef struct lws_wifi_creds {
	/** link in lws_netdevs.owner_creds */
	lws_dll2_t list;
	/** address of the access point; all zero: any */
	uint8_t bssid[LWS_ETH_ALEN];
	/** passphrase, ended by NUL */
	char passphrase[64];
	/** name of the network, ended by NUL */
	char ssid[33];
	/** LNDIW_ALG_OPEN or LNDIW_ALG_WPA2 */
	uint8_t alg;
} lws_wifi_creds_t;

/** A WiFi interface. */
typedef struct lws_netdev_instance_wifi {
	/** what all interfaces have */
	lws_netdev_instance_t inst;
	/** access points the last scan found, lws_wifi_sta_t linked by list, the strongest first */
	lws_dll2_owner_t scan;
	/** when the next scan begins */
	lws_sorted_usec_list_t sul_scan;
	/** the network it offers as an access point */
	lws_wifi_creds_t *ap_cred;
	/** its address as an access point, as text */
	const char *ap_ip;
	/** its address as a station, as text */
	const char *sta_ads;
	/** name of the network it is joining */
	char current_attempt_ssid[33];
	/** address of the access point it is joining */
	uint8_t current_attempt_bssid[LWS_ETH_ALEN];
	/** LNDIW_MODE_STA, LNDIW_MODE_AP, LNDIW_UP */
	uint8_t flags;
	/** lws_netdev_wifi_state_t */
	uint8_t state;
} lws_netdev_instance_wifi_t;

/** An access point that a scan found. */
typedef struct lws_wifi_sta {
	/** link in lws_netdev_instance_wifi.scan */
	lws_dll2_t list;
	/** when it was seen last, seconds since 1970 */
	uint32_t last_seen;
	/** when joining it was tried last, seconds since 1970; 0: never */
	uint32_t last_tried;
	/** its address */
	uint8_t bssid[LWS_ETH_ALEN];
	/** name of its network, ended by NUL; in the memory of this element */
	char *ssid;
	/** length of ssid in bytes */
	uint8_t ssid_len;
	/** its channel */
	lws_wifi_ch_t ch;
	/** the signal strengths seen last */
	lws_wifi_rssi_t rssi[8];
	/** their sum; see rssi_averaged() */
	int16_t rssi_avg;
	/** kind of authentication it asks for, in the platform's numbers */
	uint8_t authmode;
	/** how many of rssi are filled */
	uint8_t rssi_count;
	/** which of rssi is filled next */
	uint8_t rssi_next;
} lws_wifi_sta_t;

/**
 * rssi_averaged() - mean signal strength of an access point
 *
 * \param _x: the access point, lws_wifi_sta_t *; evaluated several times
 *
 * In dBm; -200, less than any real one, where nothing was measured.
 */
#define rssi_averaged(_x) ((_x)->rssi_count ? (int)(_x)->rssi_avg / (int)(_x)->rssi_count : -200)

/**
 * lws_netdevs_from_ctx() - the interfaces of a context
 *
 * \param ctx: the context
 *
 * Returns them; valid as long as the context.
 *
 * Not in this configuration.
 */
LWS_VISIBLE LWS_EXTERN lws_netdevs_t *
lws_netdevs_from_ctx(struct lws_context *ctx);

/**
 * lws_netdev_credentials_settings_set() - stores the known networks
 *
 * \param nds: interfaces of a context, with the networks and where to store them
 *
 * Returns 0, 1 if that failed.
 *
 * Not in this configuration.
 */
LWS_VISIBLE LWS_EXTERN int
lws_netdev_credentials_settings_set(lws_netdevs_t *nds);

/**
 * lws_netdev_credentials_settings_get() - loads the known networks
 *
 * \param nds: interfaces of a context; receives the networks in owner_creds and ac_creds
 *
 * Returns 0, 1 if none are stored or they cannot be read.
 *
 * Not in this configuration.
 */
LWS_VISIBLE LWS_EXTERN int
lws_netdev_credentials_settings_get(lws_netdevs_t *nds);

/**
 * lws_netdev_wifi_create_plat() - lws_netdev_ops.create of the platform's WiFi
 *
 * \param ctx: the context
 * \param ops: what the interface can do
 * \param name: its name
 * \param platinfo: for the platform's use
 *
 * Returns the interface, NULL on failure.
 *
 * Not in this configuration.
 */
LWS_VISIBLE LWS_EXTERN struct lws_netdev_instance *
lws_netdev_wifi_create_plat(struct lws_context *ctx, const lws_netdev_ops_t *ops, const char *name, void *platinfo);

/**
 * lws_netdev_wifi_configure_plat() - lws_netdev_ops.configure of the platform's WiFi
 *
 * \param nd: the interface
 * \param config: the settings
 *
 * Returns 0, nonzero on failure.
 *
 * Not in this configuration.
 */
LWS_VISIBLE LWS_EXTERN int
lws_netdev_wifi_configure_plat(struct lws_netdev_instance *nd, lws_netdev_config_t *config);

/**
 * lws_netdev_wifi_event_plat() - lws_netdev_ops.event of the platform's WiFi
 *
 * \param nd: the interface
 * \param timestamp: when the message was sent
 * \param buf: the message
 * \param len: its length in bytes
 *
 * Returns 0, nonzero on failure.
 *
 * Not in this configuration.
 */
LWS_VISIBLE LWS_EXTERN int
lws_netdev_wifi_event_plat(struct lws_netdev_instance *nd, lws_usec_t timestamp, void *buf, size_t len);

/**
 * lws_netdev_wifi_up_plat() - lws_netdev_ops.up of the platform's WiFi
 *
 * \param nd: the interface
 *
 * Returns 0, nonzero on failure.
 *
 * Not in this configuration.
 */
LWS_VISIBLE LWS_EXTERN int
lws_netdev_wifi_up_plat(struct lws_netdev_instance *nd);

/**
 * lws_netdev_wifi_down_plat() - lws_netdev_ops.down of the platform's WiFi
 *
 * \param nd: the interface
 *
 * Returns 0, nonzero on failure.
 *
 * Not in this configuration.
 */
LWS_VISIBLE LWS_EXTERN int
lws_netdev_wifi_down_plat(struct lws_netdev_instance *nd);

/**
 * lws_netdev_wifi_destroy_plat() - lws_netdev_ops.destroy of the platform's WiFi
 *
 * \param pnd: address of a pointer to the interface, which becomes NULL
 *
 * Not in this configuration.
 */
LWS_VISIBLE LWS_EXTERN void
lws_netdev_wifi_destroy_plat(struct lws_netdev_instance **pnd);

/**
 * lws_netdev_wifi_scan_plat() - lws_netdev_ops.scan of the platform's WiFi
 *
 * \param nd: the interface
 *
 * Not in this configuration.
 */
LWS_VISIBLE LWS_EXTERN void
lws_netdev_wifi_scan_plat(lws_netdev_instance_t *nd);

/**
 * lws_netdev_wifi_connect_plat() - lws_netdev_ops.connect of the platform's WiFi
 *
 * \param wnd: the interface
 * \param ssid: name of the network
 * \param passphrase: its passphrase, NULL: none
 * \param bssid: address of the access point, NULL: any
 *
 * Returns 0, nonzero on failure.
 *
 * Not in this configuration.
 */
LWS_VISIBLE LWS_EXTERN int
lws_netdev_wifi_connect_plat(lws_netdev_instance_t *wnd, const char *ssid, const char *passphrase, uint8_t *bssid);

/**
 * lws_netdev_find() - an interface by name
 *
 * \param netdevs: interfaces of a context
 * \param ifname: the name
 *
 * Returns it, NULL if there is none.
 *
 * Not in this configuration.
 */
LWS_VISIBLE LWS_EXTERN lws_netdev_instance_t *
lws_netdev_find(lws_netdevs_t *netdevs, const char *ifname);

/** Initialisers for a lws_netdev_ops_t: the functions of the platform's WiFi. For C; C++ wants another order. */
#define lws_netdev_wifi_plat_ops \
	.create = lws_netdev_wifi_create_plat, \
	.configure = lws_netdev_wifi_configure_plat, \
	.event = lws_netdev_wifi_event_plat, \
	.up = lws_netdev_wifi_up_plat, \
	.down = lws_netdev_wifi_down_plat, \
	.connect = lws_netdev_wifi_connect_plat, \
	.scan = lws_netdev_wifi_scan_plat, \
	.destroy = lws_netdev_wifi_destroy_plat

/**
 * lws_netdev_plat_init() - prepares the platform's networking, before any interface
 *
 * Returns 0, nonzero on failure.
 *
 * Not in this configuration.
 */
LWS_VISIBLE LWS_EXTERN int
lws_netdev_plat_init(void);

/**
 * lws_netdev_plat_wifi_init() - prepares the platform's WiFi, before any such interface
 *
 * Returns 0, nonzero on failure.
 *
 * Not in this configuration.
 */
LWS_VISIBLE LWS_EXTERN int
lws_netdev_plat_wifi_init(void);

#endif
