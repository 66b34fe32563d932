#ifndef GOLWS_LWS_SECURE_STREAMS_POLICY_H
#define GOLWS_LWS_SECURE_STREAMS_POLICY_H

/** \defgroup secstr_policy Policies of secure streams
 *
 * What a policy is once it has been read from the JSON text of lws_context_creation_info.pss_policies_json. Lists are
 * linked by next, the last is NULL.
 */
///@{

/** A stream that authenticates another one says what came of it. */
typedef int (*plugin_auth_status_cb)(struct lws_ss_handle *ss, int status);

/** How metrics are reported. */
typedef struct lws_metric_policy {
	const struct lws_metric_policy	*next;		/**< the next one */
	const char			*name;		/**< its name */

	const char			*report;	/**< the metrics that it is for; '*' stands for any text */

	uint64_t			us_schedule;	/**< how often they are reported, microseconds */

	uint32_t			us_decay_unit;	/**< 0, or after how many microseconds the mean counts half */
	uint8_t				min_contributors; /**< how many numbers it takes before one can be an outlier */
} lws_metric_policy_t;

/** A certificate or a key. */
typedef struct lws_ss_x509 {
	struct lws_ss_x509	*next;		/**< the next one */
	const char		*vhost_name;	/**< its name */
	const uint8_t		*ca_der;	/**< the certificate or key, DER */
	size_t			ca_der_len;	/**< its length in bytes */
	uint8_t			keep:1;		/**< 1: it is used also after the policy was read */
} lws_ss_x509_t;

/** What a type of stream is like, lws_ss_policy_t.flags. */
enum {
	LWSSSPOLF_OPPORTUNISTIC			= (1 << 0),	/**< it is connected only while there is something to send */
	LWSSSPOLF_NAILED_UP			= (1 << 1),	/**< it is connected as long as the stream exists */
	LWSSSPOLF_URGENT_TX			= (1 << 2),	/**< what it sends is urgent */
	LWSSSPOLF_URGENT_RX			= (1 << 3),	/**< what it receives is urgent */
	LWSSSPOLF_TLS				= (1 << 4),	/**< it uses TLS */
	LWSSSPOLF_LONG_POLL			= (1 << 5),	/**< a request that stays open and receives at any time */
	LWSSSPOLF_AUTH_BEARER			= (1 << 6),	/**< HTTP: authorised by token 0 of the system, as bearer */
	LWSSSPOLF_HTTP_NO_CONTENT_LENGTH	= (1 << 7),	/**< HTTP: no content-length */
	LWSSSPOLF_QUIRK_NGHTTP2_END_STREAM	= (1 << 8),	/**< connected with LCCSCF_H2_QUIRK_NGHTTP2_END_STREAM */
	LWSSSPOLF_H2_QUIRK_OVERFLOWS_TXCR	= (1 << 9),	/**< connected with LCCSCF_H2_QUIRK_OVERFLOWS_TXCR */
	LWSSSPOLF_H2_QUIRK_UNCLEAN_HPACK_STATE	= (1 << 10),	/**< connected with LCCSCF_H2_QUIRK_UNCLEAN_HPACK_STATE */
	LWSSSPOLF_HTTP_MULTIPART		= (1 << 11),	/**< HTTP: what it sends are parts of a multipart form */
	LWSSSPOLF_HTTP_X_WWW_FORM_URLENCODED	= (1 << 12),	/**< HTTP: what it sends is an encoded form */
	LWSSSPOLF_LOCAL_SINK			= (1 << 13),	/**< it leads to a sink of this process */
	LWSSSPOLF_WAKE_SUSPEND__VALIDITY	= (1 << 14),	/**< checks of its connection wake a suspended system */
	LWSSSPOLF_SERVER			= (1 << 15),	/**< it listens */
	LWSSSPOLF_ALLOW_REDIRECTS		= (1 << 16),	/**< HTTP: it follows redirects */
	LWSSSPOLF_HTTP_MULTIPART_IN		= (1 << 17),	/**< HTTP: a multipart body that comes is taken apart */

	LWSSSPOLF_ATTR_LOW_LATENCY		= (1 << 18),	/**< it needs low latency */
	LWSSSPOLF_ATTR_HIGH_THROUGHPUT		= (1 << 19),	/**< it needs high throughput */
	LWSSSPOLF_ATTR_HIGH_RELIABILITY		= (1 << 20),	/**< it needs to be reliable */
	LWSSSPOLF_ATTR_LOW_COST			= (1 << 21),	/**< it must not cost much */
	LWSSSPOLF_PERF				= (1 << 22),	/**< rx also gets LWSSS_FLAG_PERF_JSON */
};

/** Certificates that a peer is checked with. */
typedef struct lws_ss_trust_store {
	struct lws_ss_trust_store	*next;		/**< the next one */
	const char			*name;		/**< its name */

	const lws_ss_x509_t		*ssx509[6];	/**< the certificates */
	int				count;		/**< how many */
} lws_ss_trust_store_t;

/** Protocols of streams, and indexes in lws_ss_policy_t.u.http.blob_header. */
enum {
	LWSSSP_H1,		/**< HTTP/1.1 */
	LWSSSP_H2,		/**< HTTP/2 */
	LWSSSP_WS,		/**< WebSocket */
	LWSSSP_MQTT,		/**< MQTT 3.1.1 */
	LWSSSP_RAW,		/**< a stream of bytes */


	LWSSS_HBI_AUTH = 0,	/**< header with the authorisation */
	LWSSS_HBI_DSN,		/**< header with the serial number of the device */
	LWSSS_HBI_FWV,		/**< header with the version of its firmware */
	LWSSS_HBI_TYPE,		/**< header with the type of the device */

	_LWSSS_HBI_COUNT	/**< how many such headers there are */
};

/** Metadata, of a policy or of a stream. */
typedef struct lws_ss_metadata {
	struct lws_ss_metadata	*next;			/**< the next one */
	const char		*name;			/**< its name */
	void			*value__may_own_heap;	/**< its value; of a policy: what it is for, e.g. a header */
	size_t			length;			/**< length of the value, bytes; of a policy: its index */

	uint8_t			value_length;		/**< of a policy: length of the value, bytes */
	uint8_t			value_is_http_token;	/**< of a policy: the enum lws_token_indexes of a header that is known */
	uint8_t			value_on_lws_heap:1;	/**< 1: the value is the library's copy */
#if defined(LWS_WITH_SECURE_STREAMS_PROXY_API)
	uint8_t			pending_onward:1;	/**< 1: the other side of the proxy has to be told */
#endif
} lws_ss_metadata_t;

/** A status of HTTP that becomes a state. */
typedef struct lws_ss_http_respmap {
	uint16_t		resp;	/**< the status */
	uint16_t		state;	/**< the state, LWSSSCS_USER_BASE and up */
} lws_ss_http_respmap_t;

/** A way to be authorised. */
typedef struct lws_ss_auth {
	struct lws_ss_auth	*next;		/**< the next one */
	const char		*name;		/**< its name */

	const char		*type;		/**< what kind it is, e.g. "sigv4" */
	const char		*streamtype;	/**< type of the stream that gets the token */
	uint8_t			blob_index;	/**< which token of the system it is */
} lws_ss_auth_t;

/** A type of stream. */
typedef struct lws_ss_policy {
	struct lws_ss_policy	*next;			/**< the next one */
	const char		*streamtype;		/**< its name */

	const char		*endpoint;		/**< host to connect to; "+" and a name: unix socket; of a server:
							 *   interface to listen on */
	const char		*rideshare_streamtype;	/**< NULL, or the type whose connection carries it too */
	const char		*payload_fmt;		/**< NULL, or a name for the format of its payload */
	const char		*socks5_proxy;		/**< NULL, or host:port of a SOCKS5 proxy */
	lws_ss_metadata_t	*metadata;		/**< its metadata */
	const lws_metric_policy_t *metrics;		/**< its metrics */
	const lws_ss_auth_t	*auth;			/**< NULL, or how it is authorised */

	union {

#if defined(LWS_ROLE_H1) || defined(LWS_ROLE_H2) || defined(LWS_ROLE_WS)
		struct {
			const char	*method;	/**< the method */
			const char	*url;		/**< path and query; ${name} stands for metadata */

			const char	*multipart_name;	/**< multipart: name of the field */
			const char	*multipart_filename;	/**< multipart: name of the file */
			const char	*multipart_content_type; /**< multipart: its type */

			const char	*blob_header[_LWSSS_HBI_COUNT];	/**< names of headers, by LWSSS_HBI_... */
			const char	*auth_preamble;	/**< what comes before a token in its header, e.g. "bearer " */

			const lws_ss_http_respmap_t *respmap;	/**< statuses that become states */

			union {
				struct {
					const char	*subprotocol;	/**< the subprotocol */
					uint8_t		binary;		/**< 0: it sends text, 1: binary messages */
				} ws;			/**< LWSSSP_WS */
			} u;			/**< what only some of them have */

			uint16_t	resp_expect;	/**< the status that means success */
			uint8_t		count_respmap;	/**< entries of respmap */
			uint8_t		fail_redirect:1; /**< 1: a redirect is a failure */
		} http;				/**< LWSSSP_H1, _H2, _WS */
#endif

#if defined(LWS_ROLE_MQTT)
		struct {
			const char	*topic;		/**< topic that it publishes to */
			const char	*subscribe;	/**< topic that it subscribes to */

			const char	*will_topic;	/**< topic of its will */
			const char	*will_message;	/**< its will */

			uint16_t	keep_alive;	/**< keep-alive time, seconds */
			uint8_t		qos;		/**< QoS of what it publishes */
			uint8_t		clean_start;	/**< 1: clean session */
			uint8_t		will_qos;	/**< QoS of its will */
			uint8_t		will_retain;	/**< 1: its will is retained */
			uint8_t		aws_iot;	/**< 1: the broker is AWS IoT */

		} mqtt;				/**< LWSSSP_MQTT */
#endif
	} u;					/**< what belongs to its protocol */

	union {
		const lws_ss_trust_store_t		*store;	/**< of a client: what the peer is checked with */
		struct {
			const lws_ss_x509_t		*cert;	/**< its certificate */
			const lws_ss_x509_t		*key;	/**< its key */
		} server;					/**< of a server */
	} trust;				/**< certificates */

	const lws_retry_bo_t	*retry_bo;			/**< how it is tried again, and its connection checked */

	uint32_t		proxy_buflen;			/**< what a proxy may keep of it, bytes; 0: as usual */
	uint32_t		proxy_buflen_rxflow_on_above;	/**< with more than this, receiving stops there */
	uint32_t		proxy_buflen_rxflow_off_below;	/**< with less than this, it goes on */

	uint32_t		client_buflen;			/**< what a client of a proxy may keep of it, bytes; 0: as usual */
	uint32_t		client_buflen_rxflow_on_above;	/**< with more than this, receiving stops there */
	uint32_t		client_buflen_rxflow_off_below; /**< with less than this, it goes on */


	uint32_t		timeout_ms;			/**< LWSSS_TIMEOUT_FROM_POLICY, milliseconds */
	uint32_t		flags;				/**< LWSSSPOLF_..., or-ed */

	uint16_t		port;				/**< port to connect to or to listen on */

	uint8_t			metadata_count;			/**< how much metadata */
	uint8_t			protocol;			/**< LWSSSP_... */
	uint8_t			client_cert;			/**< 0, or one more than the number of its certificate */
	uint8_t			priority;			/**< 0 is usual, 6 the highest, 7 for managing the network */
} lws_ss_policy_t;

#if !defined(LWS_WITH_SECURE_STREAMS_STATIC_POLICY_ONLY)

/**
 * lws_ss_policy_parse_begin() - begin to read a policy
 *
 * \param context: the context
 * \param overlay: 0: a new policy, 1: changes of the present one
 *
 * Returns 0, or 1 if there is no memory.
 *
 * Not implemented yet.
 */
LWS_VISIBLE LWS_EXTERN int
lws_ss_policy_parse_begin(struct lws_context *context, int overlay);

/**
 * lws_ss_policy_parse_abandon() - do not read a policy after all
 *
 * \param context: the context; the policy that it has stays
 *
 * Returns 0, or 1 if none was being read.
 *
 * Not implemented yet.
 */
LWS_VISIBLE LWS_EXTERN int
lws_ss_policy_parse_abandon(struct lws_context *context);

/**
 * lws_ss_policy_parse() - read the next piece of a policy
 *
 * \param context: the context
 * \param buf: the piece
 * \param len: its length in bytes
 *
 * Returns LEJP_CONTINUE (-1) if it goes on, 0 or more when it is complete, or another of enum lejp_reasons: it is
 * wrong, and lws_ss_policy_parse_abandon() has happened.
 *
 * Not implemented yet.
 */
LWS_VISIBLE LWS_EXTERN int
lws_ss_policy_parse(struct lws_context *context, const uint8_t *buf, size_t len);

/**
 * lws_ss_policy_overlay() - change the policy
 *
 * \param context: the context
 * \param overlay: the changes, all of the JSON text
 *
 * Returns as lws_ss_policy_parse() does.
 *
 * Not implemented yet.
 */
LWS_VISIBLE LWS_EXTERN int
lws_ss_policy_overlay(struct lws_context *context, const char *overlay);

/**
 * lws_ss_policy_get() - the types of streams of the policy that is being read
 *
 * \param context: the context
 *
 * For a program that makes constant data of a policy. Returns the first, or NULL.
 *
 * Not implemented yet.
 */
LWS_VISIBLE LWS_EXTERN const lws_ss_policy_t *
lws_ss_policy_get(struct lws_context *context);

/**
 * lws_ss_auth_get() - the ways to be authorised of the policy that is being read
 *
 * \param context: the context
 *
 * For a program that makes constant data of a policy. Returns the first, or NULL.
 *
 * Not implemented yet.
 */
LWS_VISIBLE LWS_EXTERN const lws_ss_auth_t *
lws_ss_auth_get(struct lws_context *context);
#endif
///@}

#endif
