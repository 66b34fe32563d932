#ifndef GOLWS_LWS_SECURE_STREAMS_CLIENT_H
#define GOLWS_LWS_SECURE_STREAMS_CLIENT_H

/** \defgroup secstr_client Secure streams by way of a proxy
 *
 * The policy and the connections are in another process, a proxy that lws_ss_proxy_create() started; this one has the
 * streams' callbacks. Each function does what the function of lws-secure-streams.h does whose name has "ss" for "sspc".
 *
 * A program that defines LWS_SS_USE_SSPC before it includes libwebsockets.h is compiled for it without any
 * other change: the names lws_ss_... stand for lws_sspc_... then.
 *
 * Where the proxy listens is in lws_context_creation_info: ss_proxy_bind, ss_proxy_address and ss_proxy_port.
 */
///@{

/*
 * From here on, names of streams in this process stand for those of streams by way of the proxy, where the program
 * wants that.
 */
#if defined(LWS_SS_USE_SSPC)
#define lws_ss_handle			lws_sspc_handle
#define lws_ss_create			lws_sspc_create
#define lws_ss_destroy			lws_sspc_destroy
#define lws_ss_request_tx		lws_sspc_request_tx
#define lws_ss_request_tx_len		lws_sspc_request_tx_len
#define lws_ss_client_connect		lws_sspc_client_connect
#define lws_ss_get_sequencer		lws_sspc_get_sequencer
#define lws_ss_proxy_create		lws_sspc_proxy_create
#define lws_ss_get_context		lws_sspc_get_context
#define lws_ss_rideshare		lws_sspc_rideshare
#define lws_ss_set_metadata		lws_sspc_set_metadata
#define lws_ss_get_metadata		lws_sspc_get_metadata
#define lws_ss_add_peer_tx_credit	lws_sspc_add_peer_tx_credit
#define lws_ss_get_est_peer_tx_credit	lws_sspc_get_est_peer_tx_credit
#define lws_ss_start_timeout		lws_sspc_start_timeout
#define lws_ss_cancel_timeout		lws_sspc_cancel_timeout
#define lws_ss_to_user_object		lws_sspc_to_user_object
#define lws_ss_change_handlers		lws_sspc_change_handlers
#define lws_smd_ss_rx_forward		lws_smd_sspc_rx_forward
#define lws_ss_tag			lws_sspc_tag
#define _lws_fi_user_ss_fi		_lws_fi_user_sspc_fi
#endif

/** A stream by way of the proxy. */
struct lws_sspc_handle;

/**
 * lws_sspc_create() - make a stream by way of the proxy
 *
 * \param context: the context
 * \param tsi: index of the service thread
 * \param ssi: how, copied
 * \param opaque_user_data: put into the user object
 * \param ppss: NULL, or gets the handle
 * \param seq_owner: NULL, or a sequencer that gets its states as events
 * \param ppayload_fmt: set to NULL if not NULL: the policy is the proxy's
 *
 * Whether the proxy knows the type is told later: LWSSSCS_CREATING comes when it does; otherwise, and while no proxy
 * can be reached, it is tried again.
 *
 * Returns 0, or nonzero if there is no memory.
 *
 * Not implemented yet.
 */
LWS_VISIBLE LWS_EXTERN int
lws_sspc_create(struct lws_context *context, int tsi, const lws_ss_info_t *ssi,
		void *opaque_user_data, struct lws_sspc_handle **ppss,
		struct lws_sequencer *seq_owner, const char **ppayload_fmt);

/**
 * lws_sspc_destroy() - free a stream
 *
 * \param ppss: points to the handle; set to NULL
 *
 * As lws_ss_destroy().
 *
 * Not implemented yet.
 */
LWS_VISIBLE LWS_EXTERN void
lws_sspc_destroy(struct lws_sspc_handle **ppss);

/**
 * lws_sspc_request_tx() - ask for a tx callback
 *
 * \param pss: the stream
 *
 * As lws_ss_request_tx(). The callback fills a buffer of the library; the proxy gets it next.
 *
 * Not implemented yet.
 */
LWS_VISIBLE LWS_EXTERN lws_ss_state_return_t
lws_sspc_request_tx(struct lws_sspc_handle *pss);

/**
 * lws_sspc_request_tx_len() - ask for tx callbacks for a payload of known length
 *
 * \param h: the stream
 * \param len: length of all that will be sent, bytes
 *
 * As lws_ss_request_tx_len().
 *
 * Not implemented yet.
 */
LWS_VISIBLE LWS_EXTERN lws_ss_state_return_t
lws_sspc_request_tx_len(struct lws_sspc_handle *h, unsigned long len);

/**
 * lws_sspc_client_connect() - connect
 *
 * \param h: the stream
 *
 * As lws_ss_client_connect(): the proxy is asked to.
 *
 * Not implemented yet.
 */
LWS_VISIBLE LWS_EXTERN lws_ss_state_return_t
lws_sspc_client_connect(struct lws_sspc_handle *h);

/**
 * lws_sspc_get_sequencer() - seq_owner of lws_sspc_create()
 *
 * \param h: the stream
 *
 * Returns it, NULL if none was given.
 *
 * Not in this configuration.
 */
LWS_VISIBLE LWS_EXTERN struct lws_sequencer *
lws_sspc_get_sequencer(struct lws_sspc_handle *h);

/**
 * lws_sspc_proxy_create() - fulfil streams for other processes, see lws_ss_proxy_create()
 *
 * \param context: the context
 *
 * Returns as that does.
 *
 * Not in this configuration.
 */
LWS_VISIBLE LWS_EXTERN int
lws_sspc_proxy_create(struct lws_context *context);

/**
 * lws_sspc_get_context() - context of a stream
 *
 * \param h: the stream
 *
 * Returns it.
 *
 * Not implemented yet.
 */
LWS_VISIBLE LWS_EXTERN struct lws_context *
lws_sspc_get_context(struct lws_sspc_handle *h);

/**
 * The protocol of a client of the proxy, for lws_context_creation_info.protocols of a context that has nothing else.
 *
 * Not implemented yet.
 */
LWS_VISIBLE extern const struct lws_protocols lws_sspc_protocols[2];

/**
 * lws_sspc_rideshare() - type of stream that the present payload belongs to
 *
 * \param h: the stream, in its rx or tx callback
 *
 * As lws_ss_rideshare().
 *
 * Not implemented yet.
 */
LWS_VISIBLE LWS_EXTERN const char *
lws_sspc_rideshare(struct lws_sspc_handle *h);

/**
 * lws_sspc_set_metadata() - set metadata
 *
 * \param h: the stream
 * \param name: name of the metadata in the policy
 * \param value: the value, copied
 * \param len: its length in bytes
 *
 * Returns 0, or nonzero if there is no memory. That the policy has no such name is not known here.
 *
 * Not implemented yet.
 */
LWS_VISIBLE LWS_EXTERN int
lws_sspc_set_metadata(struct lws_sspc_handle *h, const char *name,
		      const void *value, size_t len);

/**
 * lws_sspc_get_metadata() - get metadata that the proxy has sent
 *
 * \param h: the stream
 * \param name: name of the metadata in the policy
 * \param value: gets the value, valid until the callback returns
 * \param len: gets its length in bytes
 *
 * Returns 0, or nonzero if none of that name has come.
 *
 * Not implemented yet.
 */
LWS_VISIBLE LWS_EXTERN int
lws_sspc_get_metadata(struct lws_sspc_handle *h, const char *name,
		      const void **value, size_t *len);

/**
 * lws_sspc_add_peer_tx_credit() - let the peer send more
 *
 * \param h: the stream
 * \param add: how many bytes more; negative takes back
 *
 * As lws_ss_add_peer_tx_credit().
 *
 * Not implemented yet.
 */
LWS_VISIBLE LWS_EXTERN int
lws_sspc_add_peer_tx_credit(struct lws_sspc_handle *h, int32_t add);

/**
 * lws_sspc_get_est_peer_tx_credit() - how much the peer may still send, as far as is known here
 *
 * \param h: the stream
 *
 * As lws_ss_get_est_peer_tx_credit().
 *
 * Not implemented yet.
 */
LWS_VISIBLE LWS_EXTERN int
lws_sspc_get_est_peer_tx_credit(struct lws_sspc_handle *h);

/**
 * lws_sspc_start_timeout() - set a time limit
 *
 * \param h: the stream
 * \param timeout_ms: milliseconds or LWSSS_TIMEOUT_FROM_POLICY
 *
 * As lws_ss_start_timeout(); the proxy keeps the time.
 *
 * Not implemented yet.
 */
LWS_VISIBLE LWS_EXTERN void
lws_sspc_start_timeout(struct lws_sspc_handle *h, unsigned int timeout_ms);

/**
 * lws_sspc_cancel_timeout() - remove the time limit
 *
 * \param h: the stream
 *
 * Not implemented yet.
 */
LWS_VISIBLE LWS_EXTERN void
lws_sspc_cancel_timeout(struct lws_sspc_handle *h);

/**
 * lws_sspc_to_user_object() - user object of a stream
 *
 * \param h: the stream
 *
 * Returns it, valid as long as the stream.
 *
 * Not implemented yet.
 */
LWS_VISIBLE LWS_EXTERN void *
lws_sspc_to_user_object(struct lws_sspc_handle *h);

/**
 * lws_sspc_change_handlers() - go on with other callbacks
 *
 * \param h: the stream
 * \param rx: NULL: as it is, or the new rx callback
 * \param tx: likewise
 * \param state: likewise
 *
 * As lws_ss_change_handlers().
 *
 * Not implemented yet.
 */
LWS_VISIBLE LWS_EXTERN void
lws_sspc_change_handlers(struct lws_sspc_handle *h,
	lws_ss_state_return_t (*rx)(void *userobj, const uint8_t *buf,
				    size_t len, int flags),
	lws_ss_state_return_t (*tx)(void *userobj, lws_ss_tx_ordinal_t ord,
				    uint8_t *buf, size_t *len, int *flags),
	lws_ss_state_return_t (*state)(void *userobj, void *h_src,
				       lws_ss_constate_t state,
				       lws_ss_tx_ordinal_t ack));

/**
 * lws_sspc_tag() - the name that logs have for a stream
 *
 * \param h: the stream
 *
 * Returns a text that is valid as long as the stream.
 *
 * Not in this configuration.
 */
const char *
lws_sspc_tag(struct lws_sspc_handle *h);
///@}

#endif
