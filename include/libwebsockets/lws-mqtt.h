/** @file
 * MQTT client: MQTT 3.1.1 (OASIS standard, 29 October 2014; section numbers here are of that document), and names of
 * MQTT 5.0 (OASIS standard, 7 March 2019).
 *
 * A connection is made with lws_client_connect_via_info(): method "MQTT" and lws_client_connect_info.mqtt_cp. Several
 * connections of a program to one broker may share a network connection; each has topics of its own then. What
 * happens arrives in the LWS_CALLBACK_MQTT_ callbacks. Quality of service 0 and 1 are there, 2 is not.
 */
#ifndef GOLWS_LWS_MQTT_H
#define GOLWS_LWS_MQTT_H

/** What a connection knows about its MQTT session, from the inside. */
struct _lws_mqtt_related;
/** The same. */
typedef struct _lws_mqtt_related lws_mqtt_related_t;

/** A byte string with a length of up to 65535, as MQTT packets have them (1.5.3), that is filled piece by piece. */
struct lws_mqtt_str_st;
/** The same. */
typedef struct lws_mqtt_str_st lws_mqtt_str_t;

/** Protocol level of MQTT 3.1.1 in CONNECT (3.1.2.2). */
#define MQTT_VER_3_1_1 4

/** For `final` of lws_mqtt_client_send_publish(): the payload ends with this part. */
#define LWS_MQTT_FINAL_PART 1

/** Longest topic name AWS IoT accepts, bytes. */
#define LWS_MQTT_MAX_AWSIOT_TOPICLEN 256
/** Longest topic name of the protocol, bytes (4.7.3). */
#define LWS_MQTT_MAX_TOPICLEN 65535
/** Longest client identifier a program may set, bytes. */
#define LWS_MQTT_MAX_CIDLEN 128
/** Length of client identifiers the library makes: what every broker has to accept (3.1.3.1). */
#define LWS_MQTT_RANDOM_CIDLEN 23

/** Quality of service (4.3): how often a message may arrive. */
typedef enum {
	QOS0 = 0, /**< at most once: not acknowledged (4.3.1) */
	QOS1 = 1, /**< at least once: acknowledged with PUBACK, and sent again without one (4.3.2) */
	QOS2 = 2, /**< exactly once (4.3.3); not supported by the client */
	RESERVED_QOS_LEVEL = 3, /**< never valid (3.3.1.2) */
	FAILURE_QOS_LEVEL = 128, /**< in SUBACK: the broker refused the subscription (3.9.3) */
} lws_mqtt_qos_levels_t;

/** First byte of a control packet (2.2). */
typedef union {
	/** its fields, from the lowest bit on; dup, qos and retain have meaning in PUBLISH only */
	struct {
		/** the broker keeps the message for later subscribers, or: it had kept it (3.3.1.3) */
		uint8_t retain : 1;
		/** quality of service of the message, lws_mqtt_qos_levels_t */
		uint8_t qos : 2;
		/** the message may have been sent before (3.3.1.1) */
		uint8_t dup : 1;
		/** kind of packet, lws_mqtt_control_packet_t */
		uint8_t ctrl_pkt_type : 4;
	} flags; /**< the fields */
	/** the whole byte */
	uint8_t bits;
} lws_mqtt_fixed_hdr_t;

/** How to open an MQTT session (3.1). Read during lws_client_connect_via_info(), which copies the strings. */
typedef struct lws_mqtt_client_connect_param_s {
	/** client identifier (3.1.3.1), up to LWS_MQTT_MAX_CIDLEN bytes; NULL: a random one and a clean session */
	const char *client_id;
	/** keep alive in seconds (3.1.2.10): the client pings when it was silent that long; 0: never */
	uint16_t keep_alive;
	/** nonzero: the broker forgets what it knew of this client (3.1.2.4) */
	uint8_t clean_start;
	/** the message the broker publishes when the connection is lost (3.1.2.5) */
	struct {
		const char *topic; /**< its topic; NULL: there is no such message */
		const char *message; /**< its payload, ended by NUL; NULL: empty */
		lws_mqtt_qos_levels_t qos; /**< its quality of service */
		uint8_t retain; /**< nonzero: the broker keeps it */
	} will_param; /**< the last will */
	/** user name (3.1.3.4); NULL: none */
	const char *username;
	/** password (3.1.3.5); NULL: none. Only together with a user name. */
	const char *password;
	/** nonzero: topics follow the rules of AWS IoT: shorter, at most 7 slashes, `$` topics allowed */
	uint8_t aws_iot;
} lws_mqtt_client_connect_param_t;

/**
 * A message. The program fills it for lws_mqtt_client_send_publish(), and it is `in` of LWS_CALLBACK_MQTT_CLIENT_RX,
 * valid during the callback.
 */
typedef struct lws_mqtt_publish_param_s {
	/** topic name, without wildcards (4.7); UTF-8, not necessarily ended by NUL */
	char *topic;
	/** length of topic in bytes */
	uint16_t topic_len;
	/** reception: this part of the payload */
	const void *payload;
	/** length of the whole payload in bytes; reception: of this part */
	uint32_t payload_len;
	/** reception: how many bytes of the payload came before this part */
	uint32_t payload_pos;
	/** quality of service, QOS0 or QOS1 */
	lws_mqtt_qos_levels_t qos;
	/** set by the library: packet identifier (2.3.1), 0 with QOS0 */
	uint16_t packet_id;
	/** the message is sent again, or: may have been received before; with QOS1 */
	uint8_t dup : 1;
} lws_mqtt_publish_param_t;

/** One topic to subscribe to, or to unsubscribe from. */
typedef struct topic_elem {
	/** topic filter (4.7), ended by NUL; `+` and `#` are wildcards */
	const char *name;
	/** highest quality of service to receive with, QOS0 or QOS1 */
	lws_mqtt_qos_levels_t qos;
	/** used by the library; set it to 0 */
	uint8_t acked;
} lws_mqtt_topic_elem_t;

/** What lws_mqtt_client_send_subcribe() and lws_mqtt_client_send_unsubcribe() ask for. */
typedef struct lws_mqtt_subscribe_param_s {
	/** how many topics, at least 1 */
	uint32_t num_topics;
	/** the topics, an array of the program */
	lws_mqtt_topic_elem_t *topic;
	/** set by the library: packet identifier (2.3.1) */
	uint16_t packet_id;
} lws_mqtt_subscribe_param_t;

/** Kinds of control packets (2.2.1). CTOS goes to the broker only, STOC comes from it only. */
typedef enum {
	LMQCP_RESERVED = 0, /**< never valid */
	LMQCP_CTOS_CONNECT = 1, /**< CONNECT opens the session (3.1) */
	LMQCP_STOC_CONNACK = 2, /**< CONNACK accepts or refuses it (3.2) */
	LMQCP_PUBLISH = 3, /**< PUBLISH carries a message (3.3) */
	LMQCP_PUBACK = 4, /**< PUBACK acknowledges it, QoS 1 (3.4) */
	LMQCP_PUBREC = 5, /**< PUBREC: QoS 2, received (3.5) */
	LMQCP_PUBREL = 6, /**< PUBREL: QoS 2, release (3.6) */
	LMQCP_PUBCOMP = 7, /**< PUBCOMP: QoS 2, complete (3.7) */
	LMQCP_CTOS_SUBSCRIBE = 8, /**< SUBSCRIBE asks for topics (3.8) */
	LMQCP_STOC_SUBACK = 9, /**< SUBACK grants them (3.9) */
	LMQCP_CTOS_UNSUBSCRIBE = 10, /**< UNSUBSCRIBE gives topics up (3.10) */
	LMQCP_STOC_UNSUBACK = 11, /**< UNSUBACK confirms that (3.11) */
	LMQCP_CTOS_PINGREQ = 12, /**< PINGREQ asks whether the broker is there (3.12) */
	LMQCP_STOC_PINGRESP = 13, /**< PINGRESP: it is (3.13) */
	LMQCP_DISCONNECT = 14, /**< DISCONNECT ends the session (3.14) */
	LMQCP_AUTH = 15, /**< AUTH, of MQTT 5.0 (its 3.15) */
} lws_mqtt_control_packet_t;

/** Flags in CONNECT (3.1.2.3). */
typedef enum {
	LMQCFT_USERNAME = 1 << 7, /**< a user name follows */
	LMQCFT_PASSWORD = 1 << 6, /**< a password follows */
	LMQCFT_WILL_RETAIN = 1 << 5, /**< the broker keeps the last will's message */
	LMQCFT_WILL_QOS = 1 << 3, /**< lowest bit of the last will's quality of service */
	LMQCFT_WILL_FLAG = 1 << 2, /**< there is a last will */
	LMQCFT_CLEAN_START = 1 << 1, /**< the session starts clean */
	LMQCFT_RESERVED = 1 << 0, /**< always 0 */
	LMQCFT_WILL_QOS_MASK = 3 << 3, /**< both bits of the last will's quality of service */
} lws_mqtt_connect_flags_t;

/** Flags in CONNACK (3.2.2.1). */
typedef enum {
	LMQCFT_SESSION_PRESENT = 1 << 0, /**< the broker remembers this client's session (3.2.2.2) */
} lws_mqtt_connack_flags_t;

/** Reason codes of MQTT 5.0 (its 2.4). From 128 on they are errors. */
typedef enum {
	LMQCP_REASON_SUCCESS = 0, /**< done */
	LMQCP_REASON_NORMAL_DISCONNECTION = 0, /**< DISCONNECT: ended as intended, without last will */
	LMQCP_REASON_GRANTED_QOS0 = 0, /**< SUBACK: granted with QoS 0 */
	LMQCP_REASON_GRANTED_QOS1 = 1, /**< SUBACK: granted with up to QoS 1 */
	LMQCP_REASON_GRANTED_QOS2 = 2, /**< SUBACK: granted with up to QoS 2 */
	LMQCP_REASON_DISCONNECT_WILL = 4, /**< DISCONNECT: the broker shall publish the last will */
	LMQCP_REASON_NO_MATCHING_SUBSCRIBER = 16, /**< accepted, but nobody subscribed */
	LMQCP_REASON_NO_SUBSCRIPTION_EXISTED = 17, /**< UNSUBACK: there was no such subscription */
	LMQCP_REASON_CONTINUE_AUTHENTICATION = 24, /**< AUTH: another step follows */
	LMQCP_REASON_RE_AUTHENTICATE = 25, /**< AUTH: authenticate anew */
	LMQCP_REASON_UNSPECIFIED_ERROR = 128, /**< no other code applies, or none is to be told */
	LMQCP_REASON_MALFORMED_PACKET = 129, /**< the packet cannot be parsed */
	LMQCP_REASON_PROTOCOL_ERROR = 130, /**< the packet is not allowed here */
	LMQCP_REASON_IMPLEMENTATION_SPECIFIC_ERROR = 131, /**< valid, but not supported by this peer */
	LMQCP_REASON_UNSUPPORTED_PROTOCOL = 132, /**< CONNACK: unknown protocol version */
	LMQCP_REASON_CLIENT_ID_INVALID = 133, /**< CONNACK: client identifier not allowed */
	LMQCP_REASON_BAD_CREDENTIALS = 134, /**< CONNACK: wrong user name or password */
	LMQCP_REASON_NOT_AUTHORIZED = 135, /**< the client may not do this */
	LMQCP_REASON_SERVER_UNAVAILABLE = 136, /**< CONNACK: the broker cannot serve */
	LMQCP_REASON_SERVER_BUSY = 137, /**< try again later */
	LMQCP_REASON_BANNED = 138, /**< CONNACK: the operator has locked this client out */
	LMQCP_REASON_SERVER_SHUTTING_DOWN = 139, /**< DISCONNECT: the broker ends */
	LMQCP_REASON_BAD_AUTHENTICATION_METHOD = 140, /**< authentication method unknown or changed */
	LMQCP_REASON_KEEPALIVE_TIMEOUT = 141, /**< DISCONNECT: silent for one and a half keep alive times */
	LMQCP_REASON_SESSION_TAKEN_OVER = 142, /**< DISCONNECT: another connection has this client identifier */
	LMQCP_REASON_TOPIC_FILTER_INVALID = 143, /**< well-formed topic filter that is not accepted */
	LMQCP_REASON_TOPIC_NAME_INVALID = 144, /**< well-formed topic name that is not accepted */
	LMQCP_REASON_PACKET_ID_IN_USE = 145, /**< the packet identifier is taken */
	LMQCP_REASON_PACKET_ID_NOT_FOUND = 146, /**< the packet identifier is unknown */
	LMQCP_REASON_MAX_RX_EXCEEDED = 147, /**< more unacknowledged messages than Receive Maximum */
	LMQCP_REASON_TOPIC_ALIAS_INVALID = 148, /**< topic alias 0 or above the maximum */
	LMQCP_REASON_PACKET_TOO_LARGE = 149, /**< above Maximum Packet Size */
	LMQCP_REASON_RATELIMIT = 150, /**< too many messages per time */
	LMQCP_REASON_QUOTA_EXCEEDED = 151, /**< a limit of the peer is reached */
	LMQCP_REASON_ADMINISTRATIVE_ACTION = 152, /**< ended by the operator */
	LMQCP_REASON_PAYLOAD_FORMAT_INVALID = 153, /**< the payload is not of the announced format */
	LMQCP_REASON_RETAIN_NOT_SUPPORTED = 154, /**< the broker keeps no messages */
	LMQCP_REASON_QOS_NOT_SUPPORTED = 155, /**< the quality of service is above Maximum QoS */
	LMQCP_REASON_USE_ANOTHER_SERVER = 156, /**< use another broker for now */
	LMQCP_REASON_SERVER_MOVED = 157, /**< use another broker from now on */
	LMQCP_REASON_SHARED_SUBSCRIPTIONS_NOT_SUPPORTED = 158, /**< the broker has no shared subscriptions */
	LMQCP_REASON_CONNECTION_RATE_EXCEEDED = 159, /**< too many connections per time */
	LMQCP_REASON_MAXIMUM_CONNECT_TIME = 160, /**< DISCONNECT: the connection was authorised for that long */
	LMQCP_REASON_SUBSCRIPTION_IDS_NOT_SUPPORTED = 161, /**< the broker has no subscription identifiers */
	LMQCP_REASON_WILDCARD_SUBSCRIPTIONS_NOT_SUPPORTED = 162, /**< the broker has no wildcards */
} lws_mqtt_reason_t;

/** Properties of MQTT 5.0 packets, with their numbers on the wire (its 2.2.2.2). */
typedef enum {
	LMQPROP_INVALID = 0, /**< no property */
	LMQPROP_PAYLOAD_FORMAT_INDICATOR = 1, /**< byte: 0 bytes, 1 UTF-8 */
	LMQPROP_MESSAGE_EXPIRY_INTERVAL = 2, /**< four bytes: seconds the message is of use */
	LMQPROP_CONTENT_TYPE = 3, /**< string: what the payload is */
	LMQPROP_RESPONSE_TOPIC = 8, /**< string: topic for a response */
	LMQPROP_CORRELATION_DATA = 9, /**< bytes: which request a response belongs to */
	LMQPROP_SUBSCRIPTION_IDENTIFIER = 11, /**< variable byte integer: the subscription a message came by */
	LMQPROP_SESSION_EXPIRY_INTERVAL = 17, /**< four bytes: seconds the session outlives the connection */
	LMQPROP_ASSIGNED_CLIENT_IDENTIFIER = 18, /**< string: client identifier that the broker chose */
	LMQPROP_SERVER_KEEP_ALIVE = 19, /**< two bytes: keep alive that the broker demands, seconds */
	LMQPROP_AUTHENTICATION_METHOD = 21, /**< string: name of the authentication method */
	LMQPROP_AUTHENTICATION_DATA = 22, /**< bytes: a step of it */
	LMQPROP_REQUEST_PROBLEM_INFORMATION = 23, /**< byte: 1 asks for reasons of failures */
	LMQPROP_WILL_DELAY_INTERVAL = 24, /**< four bytes: seconds until the last will is published */
	LMQPROP_REQUEST_RESPONSE_INFORMATION = 25, /**< byte: 1 asks for LMQPROP_RESPONSE_INFORMATION */
	LMQPROP_RESPONSE_INFORMATION = 26, /**< string: basis for response topics */
	LMQPROP_SERVER_REFERENCE = 28, /**< string: another broker to use */
	LMQPROP_REASON_STRING = 31, /**< string: a reason for people to read */
	LMQPROP_RECEIVE_MAXIMUM = 33, /**< two bytes: how many unacknowledged messages are taken */
	LMQPROP_TOPIC_ALIAS_MAXIMUM = 34, /**< two bytes: highest topic alias that is taken */
	LMQPROP_TOPIC_ALIAS = 35, /**< two bytes: number that stands for the topic */
	LMQPROP_MAXIMUM_QOS = 36, /**< byte: highest quality of service of the broker */
	LMQPROP_RETAIN_AVAILABLE = 37, /**< byte: 0 if the broker keeps no messages */
	LMQPROP_USER_PROPERTY = 38, /**< pair of strings: for the program's use; may be there several times */
	LMQPROP_MAXIMUM_PACKET_SIZE = 39, /**< four bytes: largest packet that is taken, bytes */
	LMQPROP_WILDCARD_SUBSCRIPTION_AVAIL = 40, /**< byte: 0 if the broker has no wildcards */
	LMQPROP_SUBSCRIPTION_IDENTIFIER_AVAIL = 41, /**< byte: 0 if the broker has no subscription identifiers */
	LMQPROP_SHARED_SUBSCRIPTION_AVAIL = 42, /**< byte: 0 if the broker has no shared subscriptions */
} lws_mqtt_property;

/**
 * lws_read_mqtt() - handles bytes that a broker sent
 *
 * \param wsi: the connection
 * \param buf: the bytes
 * \param len: how many
 *
 * Reading is the library's own business. Returns 0, -1 when the connection is to be closed.
 *
 * Not in this configuration.
 */
LWS_VISIBLE LWS_EXTERN int
lws_read_mqtt(struct lws *wsi, unsigned char *buf, lws_filepos_t len);

/**
 * lws_mqtt_bindata_cmp() - compares two byte strings
 *
 * \param bd1: one
 * \param bd2: the other
 *
 * Returns 0 if they have the same bytes, nonzero otherwise. Any thread.
 */
LWS_VISIBLE LWS_EXTERN int
lws_mqtt_bindata_cmp(const lws_mqtt_str_t *bd1, const lws_mqtt_str_t *bd2);

/**
 * lws_mqtt_str_init() - makes a string empty and gives it another buffer
 *
 * \param s: the string; a buffer it got that way before and was to free is freed
 * \param buf: the buffer
 * \param lim: its size in bytes
 * \param nf: nonzero: lws_mqtt_str_free() frees buf too, which then has to be from lws_realloc(); 0: it remains the
 * caller's and has to outlive the string
 */
LWS_VISIBLE LWS_EXTERN void
lws_mqtt_str_init(lws_mqtt_str_t *s, uint8_t *buf, uint16_t lim, char nf);

/**
 * lws_mqtt_str_create() - makes an empty string
 *
 * \param lim: how many bytes it can hold
 *
 * Returns it, to be freed with lws_mqtt_str_free(); NULL: no memory. Any thread, as all functions of strings.
 */
LWS_VISIBLE LWS_EXTERN lws_mqtt_str_t *
lws_mqtt_str_create(uint16_t lim);

/**
 * lws_mqtt_str_create_init() - makes a string of bytes
 *
 * \param buf: the bytes, copied
 * \param len: how many
 * \param lim: how many bytes it can hold in all; 0: len
 *
 * Returns it, to be freed with lws_mqtt_str_free(); NULL: no memory, or len is above lim.
 */
LWS_VISIBLE LWS_EXTERN lws_mqtt_str_t *
lws_mqtt_str_create_init(uint8_t *buf, uint16_t len, uint16_t lim);

/**
 * lws_mqtt_str_create_cstr_dup() - makes a string of a C string
 *
 * \param buf: the C string, copied without its NUL
 * \param lim: how many bytes it can hold in all; 0: the length of buf
 *
 * Returns it, to be freed with lws_mqtt_str_free(); NULL: no memory, or buf is longer than lim or 65535.
 */
LWS_VISIBLE LWS_EXTERN lws_mqtt_str_t *
lws_mqtt_str_create_cstr_dup(const char *buf, uint16_t lim);

/**
 * lws_mqtt_str_next() - where the next byte of a string goes
 *
 * \param s: the string
 * \param budget: receives how many bytes have room; may be NULL
 *
 * Returns the place behind what is filled. Write there, then call lws_mqtt_str_advance().
 */
LWS_VISIBLE LWS_EXTERN uint8_t *
lws_mqtt_str_next(lws_mqtt_str_t *s, uint16_t *budget);

/**
 * lws_mqtt_str_advance() - adds what was written at lws_mqtt_str_next()
 *
 * \param s: the string
 * \param n: how many bytes
 *
 * Returns 0, 1 if there is no room for so many: then nothing changes.
 */
LWS_VISIBLE LWS_EXTERN int
lws_mqtt_str_advance(lws_mqtt_str_t *s, int n);

/**
 * lws_mqtt_str_free() - frees a string
 *
 * \param s: address of a pointer to it, which becomes NULL; nothing happens if it is NULL already
 */
LWS_VISIBLE LWS_EXTERN void
lws_mqtt_str_free(lws_mqtt_str_t **s);

/**
 * lws_mqtt_client_send_publish() - sends a message, or a part of one
 *
 * \param wsi: the connection, in its LWS_CALLBACK_MQTT_CLIENT_WRITEABLE
 * \param pub: the message: topic, topic_len, payload_len and qos are used, packet_id is set; the same for all parts
 * \param buf: the payload, or the next part of it; not kept
 * \param len: its length in bytes
 * \param final: nonzero: the payload ends with this part, and payload_len bytes have been given in all
 *
 * A payload may be sent in any number of parts, one per WRITEABLE callback, which the library requests by itself;
 * until the last part nothing else goes out on the network connection. With QOS0 LWS_CALLBACK_MQTT_ACK comes when the
 * message is written, with QOS1 when the broker has acknowledged it; until then the library says
 * LWS_CALLBACK_MQTT_RESEND from time to time, and the program sends it again with pub.dup set.
 *
 * Returns 0, nonzero if the connection cannot send: not established, no topic, or closing.
 *
 * Not implemented yet.
 */
LWS_VISIBLE LWS_EXTERN int
lws_mqtt_client_send_publish(struct lws *wsi, lws_mqtt_publish_param_t *pub, const void *buf, uint32_t len, int final);

/**
 * lws_mqtt_client_send_subcribe() - subscribes to topics
 *
 * \param wsi: the connection, in its LWS_CALLBACK_MQTT_CLIENT_WRITEABLE
 * \param sub: the topics; packet_id is set; not kept
 *
 * LWS_CALLBACK_MQTT_SUBSCRIBED comes when the broker has answered. Topics that another connection on the same network
 * connection has subscribed to already are not asked for again; if all are, that callback comes at once.
 *
 * Returns 0, nonzero if nothing was sent: not established, or a topic filter is not valid (4.7).
 *
 * Not implemented yet.
 */
LWS_VISIBLE LWS_EXTERN int
lws_mqtt_client_send_subcribe(struct lws *wsi, lws_mqtt_subscribe_param_t *sub);

/**
 * lws_mqtt_client_send_unsubcribe() - gives topics up
 *
 * \param wsi: the connection, in its LWS_CALLBACK_MQTT_CLIENT_WRITEABLE
 * \param unsub: the topics, as they were subscribed to; not kept
 *
 * LWS_CALLBACK_MQTT_UNSUBSCRIBED comes when the broker has answered. Topics that another connection on the same network
 * connection still wants remain subscribed; if all do, that callback comes at once.
 *
 * Returns 0, nonzero if nothing was sent: not established.
 *
 * Not implemented yet.
 */
LWS_VISIBLE LWS_EXTERN int LWS_WARN_UNUSED_RESULT
lws_mqtt_client_send_unsubcribe(struct lws *wsi, const lws_mqtt_subscribe_param_t *unsub);

#endif
