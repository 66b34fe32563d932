#ifndef GOLWS_LWS_SECURE_STREAMS_H
#define GOLWS_LWS_SECURE_STREAMS_H

/** \defgroup secstr Secure streams
 *
 * A secure stream is a connection that carries nothing but payload for the program. Where it leads, over which
 * protocol, with which certificates, how often it is tried again: all of that is in a policy, a JSON text that the
 * context was created with. The program names the type of the stream, and the policy says what that means.
 *
 * The program gives three callbacks: rx gets payload, tx provides payload when it can be sent (lws_ss_request_tx() asks
 * for it), state tells what happens to the stream. All of them are called in the service thread. The first argument
 * is the user object: memory of the program's own type that is made and freed with the stream and zeroed at first;
 * one member of it gets the handle of the stream.
 *
 * A stream stays when its connection ends, until lws_ss_destroy() or a callback that returns LWSSSSRET_DESTROY_ME. A
 * client stream goes through LWSSSCS_CREATING, then for each try LWSSSCS_CONNECTING and LWSSSCS_CONNECTED or
 * LWSSSCS_UNREACHABLE, then LWSSSCS_DISCONNECTED; after the last try of the policy LWSSSCS_ALL_RETRIES_FAILED; at the
 * end LWSSSCS_DESTROYING. A stream whose policy says "server" listens; each connection that is accepted is a stream
 * of its own with the same callbacks.
 *
 * Streams may also be fulfilled by another process, a proxy that has the policy, see lws_sspc_create(). The two speak
 * over a unix socket or TCP, in frames of one byte LWSSS_SER_..., two bytes of length and what belongs to them, the
 * most significant byte first.
 *
 * Threads: a stream's functions are called in the service thread of its context.
 */
///@{

/** The most that a tx callback can send at once, bytes. */
#define LWS_SS_MTU 1540

struct lws_ss_handle;
/** Counts what is sent. */
typedef uint32_t lws_ss_tx_ordinal_t;

/** What happens to a stream. */
typedef enum {
	LWSSSCS_CREATING		= 1,	/**< it was made; its user object is ready */
	LWSSSCS_DISCONNECTED,			/**< its connection ended */
	LWSSSCS_UNREACHABLE,			/**< a try failed; ack is 1 if no name server could be reached */
	LWSSSCS_AUTH_FAILED,			/**< the peer did not accept who it is */
	LWSSSCS_CONNECTED,			/**< it has a connection */
	LWSSSCS_CONNECTING,			/**< it tries to get one */
	LWSSSCS_DESTROYING,			/**< it is being freed: the last one */
	LWSSSCS_POLL,				/**< it asks the peer whether there is something */
	LWSSSCS_ALL_RETRIES_FAILED,		/**< all tries of the policy failed; it rests until it is asked for again */
	LWSSSCS_QOS_ACK_REMOTE,			/**< the peer has accepted what was sent, e.g. with a status 200 */
	LWSSSCS_QOS_NACK_REMOTE,		/**< the peer has refused what was sent */
	LWSSSCS_QOS_ACK_LOCAL,			/**< the proxy has accepted what was sent */
	LWSSSCS_QOS_NACK_LOCAL,			/**< the proxy has refused what was sent */
	LWSSSCS_TIMEOUT,			/**< the time of lws_ss_start_timeout() is over */

	LWSSSCS_SERVER_TXN,			/**< of a server: a request has come */
	LWSSSCS_SERVER_UPGRADE,			/**< of a server: its protocol changed from HTTP to WebSocket */

	LWSSSCS_SINK_JOIN,			/**< of a sink: a stream of its type was made, h_src */
	LWSSSCS_SINK_PART,			/**< of a sink: such a stream is being freed, h_src */

	LWSSSCS_USER_BASE = 1000		/**< states that the policy makes from HTTP statuses start here */
} lws_ss_constate_t;

/** Flags of payload, and the first bytes of frames between client and proxy. */
enum {
	LWSSS_FLAG_SOM				= (1 << 0),	/**< a message starts with it */
	LWSSS_FLAG_EOM				= (1 << 1),	/**< a message ends with it */
	LWSSS_FLAG_POLL				= (1 << 2),	/**< tx: send nothing, but ask the peer for something */
	LWSSS_FLAG_RELATED_START		= (1 << 3),	/**< empty: messages that belong together start */
	LWSSS_FLAG_RELATED_END			= (1 << 4),	/**< empty: messages that belong together end */
	LWSSS_FLAG_RIDESHARE			= (1 << 5),	/**< between client and proxy: the payload starts with length
								 *   and name of another type, see lws_ss_rideshare() */
	LWSSS_FLAG_PERF_JSON			= (1 << 6),	/**< rx: not payload but JSON about how long connecting took */

	LWSSS_SER_RXPRE_RX_PAYLOAD		= 0x55,		/**< to the client: payload */
	LWSSS_SER_RXPRE_CREATE_RESULT,				/**< to the client: the stream was made, or not */
	LWSSS_SER_RXPRE_CONNSTATE,				/**< to the client: a lws_ss_constate_t */
	LWSSS_SER_RXPRE_TXCR_UPDATE,				/**< to the client: it may send more */
	LWSSS_SER_RXPRE_METADATA,				/**< to the client: metadata */
	LWSSS_SER_RXPRE_TLSNEG_ENCLAVE_SIGN,			/**< to the client: sign this for TLS */
	LWSSS_SER_RXPRE_PERF,					/**< to the client: how long connecting took */

	LWSSS_SER_TXPRE_STREAMTYPE		= 0xaa,		/**< to the proxy: make a stream of this type */
	LWSSS_SER_TXPRE_ONWARD_CONNECT,				/**< to the proxy: connect */
	LWSSS_SER_TXPRE_DESTROYING,				/**< to the proxy: the stream is being freed */
	LWSSS_SER_TXPRE_TX_PAYLOAD,				/**< to the proxy: payload */
	LWSSS_SER_TXPRE_METADATA,				/**< to the proxy: metadata */
	LWSSS_SER_TXPRE_TXCR_UPDATE,				/**< to the proxy: the peer may send more */
	LWSSS_SER_TXPRE_TIMEOUT_UPDATE,				/**< to the proxy: a time limit, see lws_ss_start_timeout() */
	LWSSS_SER_TXPRE_PAYLOAD_LENGTH_HINT,			/**< to the proxy: length of lws_ss_request_tx_len() */
	LWSSS_SER_TXPRE_TLSNEG_ENCLAVE_SIGNED,			/**< to the proxy: the signature for TLS */
};

/** Where a connection between client and proxy is. */
typedef enum {
	LPCSPROX_WAIT_INITIAL_TX = 1,	/**< proxy: it waits for the type of the stream */
	LPCSPROX_REPORTING_FAIL,	/**< proxy: it has to tell that the stream could not be made */
	LPCSPROX_REPORTING_OK,		/**< proxy: it has to tell that the stream was made */
	LPCSPROX_OPERATIONAL,		/**< proxy: payload may come and go */
	LPCSPROX_DESTROYED,		/**< proxy: the stream is gone */

	LPCSCLI_SENDING_INITIAL_TX,	/**< client: it has to send the type of the stream */
	LPCSCLI_WAITING_CREATE_RESULT,	/**< client: it waits to be told whether the stream was made */
	LPCSCLI_LOCAL_CONNECTED,	/**< client: the stream was made */
	LPCSCLI_ONWARD_CONNECT,		/**< client: it has to ask for a connection */
	LPCSCLI_OPERATIONAL,		/**< client: payload may come and go */

} lws_ss_conn_states_t;

/** What callbacks return. A function that returns one of these to a callback has it passed on by the callback. */
typedef enum lws_ss_state_return {
	LWSSSSRET_TX_DONT_SEND		=  1,	/**< tx: there is nothing to send */

	LWSSSSRET_OK			=  0,	/**< go on; tx: send */
	LWSSSSRET_DISCONNECT_ME		= -1,	/**< end the connection; the stream stays */
	LWSSSSRET_DESTROY_ME		= -2,	/**< free the stream */
} lws_ss_state_return_t;

/** For lws_ss_info_t.flags. */
enum {
	LWSSSINFLAGS_REGISTER_SINK	= (1 << 0),	/**< not a stream but a sink: streams of the type lead to it */
	LWSSSINFLAGS_PROXIED		= (1 << 1),	/**< set by the library: a proxy made it for a client */
	LWSSSINFLAGS_SERVER		= (1 << 2),	/**< set by the library: it listens */
	LWSSSINFLAGS_ACCEPTED		= (1 << 3),	/**< set by the library: a server accepted it */
};

/**
 * lws_sscb_rx - payload was received
 *
 * \param userobj: user object
 * \param buf: the payload, valid during the call
 * \param len: its length in bytes
 * \param flags: LWSSS_FLAG_...
 */
typedef lws_ss_state_return_t (*lws_sscb_rx)(void *userobj, const uint8_t *buf,
					     size_t len, int flags);
/**
 * lws_sscb_tx - payload can be sent
 *
 * \param userobj: user object
 * \param ord: number of this call, from 1
 * \param buf: put the payload here
 * \param len: size of buf; set it to the length of the payload in bytes
 * \param flags: set it to LWSSS_FLAG_... of the payload
 */
typedef lws_ss_state_return_t (*lws_sscb_tx)(void *userobj,
					     lws_ss_tx_ordinal_t ord,
					     uint8_t *buf, size_t *len,
					     int *flags);
/**
 * lws_sscb_state - something happens to the stream
 *
 * \param userobj: user object
 * \param h_src: LWSSSCS_SINK_JOIN and _PART: the struct lws_ss_handle * of the other stream; else NULL
 * \param state: what happens
 * \param ack: LWSSSCS_QOS_...: the ord of what was sent; others: see there
 */
typedef lws_ss_state_return_t (*lws_sscb_state)(void *userobj, void *h_src,
						lws_ss_constate_t state,
						lws_ss_tx_ordinal_t ack);

struct lws_ss_policy;

/** How to make a stream. */
typedef struct lws_ss_info {
	const char *streamtype;			/**< its type, a name of the policy */
	size_t	    user_alloc;			/**< size of the user object, bytes */
	size_t	    handle_offset;		/**< offset in the user object of the pointer that gets the handle */
	size_t	    opaque_user_data_offset;	/**< offset in the user object of the pointer that gets opaque_user_data */

	lws_sscb_rx rx;				/**< NULL, or gets payload */
	lws_sscb_tx tx;				/**< NULL, or provides payload */
	lws_sscb_state state;			/**< NULL, or is told what happens */
	int	    manual_initial_tx_credit;	/**< 0: the library lets the peer send; else the program does, and this many
						 *   bytes at first. For LWS_SMD_STREAMTYPENAME: classes to receive */
	uint32_t	client_pid;		/**< set by the library: process of a client */
	uint8_t		flags;			/**< LWSSSINFLAGS_..., or-ed */
	uint8_t		sss_protocol_version;	/**< set by the library: version that client and proxy speak */

} lws_ss_info_t;

/**
 * lws_ss_create() - make a stream
 *
 * \param context: the context, with a policy
 * \param tsi: index of the service thread
 * \param ssi: how, copied; its streamtype too
 * \param opaque_user_data: put into the user object
 * \param ppss: NULL, or gets the handle
 * \param seq_owner: NULL, or a sequencer that gets its states as events
 * \param ppayload_fmt: NULL, or gets the payload format that the policy names, which belongs to the policy
 *
 * The state callback gets LWSSSCS_CREATING during the call. A stream that the policy calls nailed_up starts to connect.
 *
 * Returns 0, or nonzero if the policy does not know the type, there is no memory, or the callback wanted to end it.
 *
 * Not implemented yet.
 */
LWS_VISIBLE LWS_EXTERN int
lws_ss_create(struct lws_context *context, int tsi, const lws_ss_info_t *ssi,
	      void *opaque_user_data, struct lws_ss_handle **ppss,
	      struct lws_sequencer *seq_owner, const char **ppayload_fmt);

/**
 * lws_ss_destroy() - free a stream
 *
 * \param ppss: points to the handle; set to NULL
 *
 * Its state callback gets LWSSSCS_DISCONNECTED if it has a connection, and LWSSSCS_DESTROYING. In a callback of the
 * stream itself, return LWSSSSRET_DESTROY_ME instead.
 *
 * Not implemented yet.
 */
LWS_VISIBLE LWS_EXTERN void
lws_ss_destroy(struct lws_ss_handle **ppss);

/**
 * lws_ss_request_tx() - ask for a tx callback
 *
 * \param pss: the stream
 *
 * Without a connection it connects first.
 *
 * Returns LWSSSSRET_OK, or what a callback that was called meanwhile returned.
 *
 * Not implemented yet.
 */
LWS_VISIBLE LWS_EXTERN lws_ss_state_return_t
lws_ss_request_tx(struct lws_ss_handle *pss);

/**
 * lws_ss_request_tx_len() - ask for tx callbacks for a payload of known length
 *
 * \param pss: the stream
 * \param len: length of all that will be sent, bytes
 *
 * As lws_ss_request_tx(). A POST of HTTP/1.1 needs it: its headers come first and have the length.
 *
 * Not implemented yet.
 */
LWS_VISIBLE LWS_EXTERN lws_ss_state_return_t
lws_ss_request_tx_len(struct lws_ss_handle *pss, unsigned long len);

/**
 * lws_ss_client_connect() - connect
 *
 * \param h: the stream
 *
 * Returns LWSSSSRET_OK when it has begun, or what a callback that was called meanwhile returned.
 *
 * Not implemented yet.
 */
LWS_VISIBLE LWS_EXTERN lws_ss_state_return_t
lws_ss_client_connect(struct lws_ss_handle *h);

/**
 * lws_ss_get_sequencer() - seq_owner of lws_ss_create()
 *
 * \param h: the stream
 *
 * Returns it, NULL if none was given.
 *
 * Not implemented yet.
 */
LWS_VISIBLE LWS_EXTERN struct lws_sequencer *
lws_ss_get_sequencer(struct lws_ss_handle *h);

/**
 * lws_ss_proxy_create() - fulfil streams for other processes
 *
 * \param context: the context with the policy
 * \param bind: with port 0: name of the unix socket to listen on, '@' first for the abstract namespace; NULL:
 *	"@proxy.ss.lws". With another port: interface to listen on, NULL: all
 * \param port: 0 or the TCP port to listen on. There is no check of who connects
 *
 * Returns 0, or nonzero if it cannot listen.
 *
 * Not implemented yet.
 */
LWS_VISIBLE LWS_EXTERN int
lws_ss_proxy_create(struct lws_context *context, const char *bind, int port);

/**
 * lws_ss_state_name() - name of a state, for logs
 *
 * \param state: a lws_ss_constate_t
 *
 * Returns a constant, also for values that are none.
 *
 * Not implemented yet.
 */
LWS_VISIBLE LWS_EXTERN const char *
lws_ss_state_name(int state);

/**
 * lws_ss_get_context() - context of a stream
 *
 * \param h: the stream
 *
 * Returns it.
 *
 * Not implemented yet.
 */
LWS_VISIBLE LWS_EXTERN struct lws_context *
lws_ss_get_context(struct lws_ss_handle *h);

/** For lws_ss_start_timeout(): timeout_ms of the policy. */
#define LWSSS_TIMEOUT_FROM_POLICY				0

/**
 * lws_ss_start_timeout() - set a time limit
 *
 * \param h: the stream
 * \param timeout_ms: after how many milliseconds the state callback gets LWSSSCS_TIMEOUT, or
 * LWSSS_TIMEOUT_FROM_POLICY. It
 *	replaces the limit set before
 *
 * What is limited, and what happens then, is the program's choice.
 *
 * Not implemented yet.
 */
LWS_VISIBLE LWS_EXTERN void
lws_ss_start_timeout(struct lws_ss_handle *h, unsigned int timeout_ms);

/**
 * lws_ss_cancel_timeout() - remove the time limit
 *
 * \param h: the stream
 *
 * Not implemented yet.
 */
LWS_VISIBLE LWS_EXTERN void
lws_ss_cancel_timeout(struct lws_ss_handle *h);

/**
 * lws_ss_to_user_object() - user object of a stream
 *
 * \param h: the stream
 *
 * Returns it, valid as long as the stream.
 *
 * Not implemented yet.
 */
LWS_VISIBLE LWS_EXTERN void *
lws_ss_to_user_object(struct lws_ss_handle *h);

/**
 * lws_ss_rideshare() - type of stream that the present payload belongs to
 *
 * \param h: the stream, in its rx or tx callback
 *
 * One connection can carry payload of several types, e.g. the parts of a multipart body, if the policy says so.
 *
 * Returns a name of the policy.
 *
 * Not implemented yet.
 */
LWS_VISIBLE LWS_EXTERN const char *
lws_ss_rideshare(struct lws_ss_handle *h);

/**
 * lws_ss_set_metadata() - set metadata, without a copy
 *
 * \param h: the stream
 * \param name: name of the metadata in the policy
 * \param value: the value; it must stay until it was used or is set again
 * \param len: its length in bytes
 *
 * The policy says what it is for: a header, a part of the URL, of the endpoint's name, of an MQTT topic.
 *
 * Returns 0, or nonzero if the policy has no such name or there is no memory.
 *
 * Not implemented yet.
 */
LWS_VISIBLE LWS_EXTERN int LWS_WARN_UNUSED_RESULT
lws_ss_set_metadata(struct lws_ss_handle *h, const char *name,
		    const void *value, size_t len);

/**
 * lws_ss_alloc_set_metadata() - set metadata
 *
 * \param h: the stream
 * \param name: name of the metadata in the policy
 * \param value: the value, copied
 * \param len: its length in bytes
 *
 * Otherwise as lws_ss_set_metadata().
 *
 * Not implemented yet.
 */
LWS_VISIBLE LWS_EXTERN int LWS_WARN_UNUSED_RESULT
lws_ss_alloc_set_metadata(struct lws_ss_handle *h, const char *name,
			  const void *value, size_t len);

/**
 * lws_ss_get_metadata() - get metadata: what was set, or what the peer sent
 *
 * \param h: the stream
 * \param name: name of the metadata in the policy
 * \param value: gets the value, valid until the callback returns
 * \param len: gets its length in bytes
 *
 * Returns 0, or nonzero if the policy has no such name.
 *
 * Not implemented yet.
 */
LWS_VISIBLE LWS_EXTERN int
lws_ss_get_metadata(struct lws_ss_handle *h, const char *name,
		    const void **value, size_t *len);

/**
 * lws_ss_server_ack() - say how a server answers a request
 *
 * \param h: the accepted stream
 * \param nack: 0: it succeeded (status 200), else it failed
 *
 * Call it before the first payload of the answer. Protocols without requests ignore it.
 *
 * Not implemented yet.
 */
LWS_VISIBLE LWS_EXTERN void
lws_ss_server_ack(struct lws_ss_handle *h, int nack);

/** Called by lws_ss_server_foreach_client() with each stream. */
typedef void (*lws_sssfec_cb)(struct lws_ss_handle *h, void *arg);

/**
 * lws_ss_server_foreach_client() - call a function for each stream that a server has accepted
 *
 * \param h: the stream that listens
 * \param cb: the function; it may end the stream that it is called for
 * \param arg: passed to the function
 *
 * Not implemented yet.
 */
LWS_VISIBLE LWS_EXTERN void
lws_ss_server_foreach_client(struct lws_ss_handle *h, lws_sssfec_cb cb,
			     void *arg);

/**
 * lws_ss_change_handlers() - go on with other callbacks
 *
 * \param h: the stream
 * \param rx: NULL: as it is, or the new rx callback
 * \param tx: likewise
 * \param state: likewise
 *
 * For example in LWSSSCS_SERVER_UPGRADE, when payload means something else from now on.
 *
 * Not implemented yet.
 */
LWS_VISIBLE LWS_EXTERN void
lws_ss_change_handlers(struct lws_ss_handle *h, lws_sscb_rx rx, lws_sscb_tx tx,
		       lws_sscb_state state);

/**
 * lws_ss_add_peer_tx_credit() - let the peer send more
 *
 * \param h: the stream, made with manual_initial_tx_credit
 * \param add: how many bytes more; negative takes back
 *
 * Returns 0, or nonzero if it has no connection or its protocol knows no credit.
 *
 * Not implemented yet.
 */
LWS_VISIBLE LWS_EXTERN int
lws_ss_add_peer_tx_credit(struct lws_ss_handle *h, int32_t add);

/**
 * lws_ss_get_est_peer_tx_credit() - how much the peer may still send, as far as is known here
 *
 * \param h: the stream
 *
 * Returns a number of bytes; what is on its way is still counted in it.
 *
 * Not implemented yet.
 */
LWS_VISIBLE LWS_EXTERN int
lws_ss_get_est_peer_tx_credit(struct lws_ss_handle *h);

/**
 * lws_ss_tag() - the name that logs have for a stream
 *
 * \param h: the stream
 *
 * Returns a text that is valid as long as the stream.
 *
 * Not implemented yet.
 */
LWS_VISIBLE LWS_EXTERN const char *
lws_ss_tag(struct lws_ss_handle *h);
///@}

#endif
