/** @file
 * Asking for callbacks, and calling them.
 *
 * Programs send when they are asked to: they say that they have something with lws_callback_on_writable() and
 * write it in the WRITEABLE callback that follows, at a time when the socket takes data. (Writing at other
 * times works too, see lws_write().)
 */
#ifndef GOLWS_LWS_WRITEABLE_H
#define GOLWS_LWS_WRITEABLE_H

/**
 * lws_callback_on_writable() - asks for a WRITEABLE callback
 *
 * \param wsi: the connection
 *
 * The connection gets one LWS_CALLBACK_SERVER_WRITEABLE or LWS_CALLBACK_HTTP_WRITEABLE, on its service
 * thread, as soon as its socket takes data; that is usually in the same turn of the event loop. Requests
 * before it comes are combined into one; a request made inside it asks for another.
 *
 * Never waits and takes no lock: it may be called from any thread, also while it holds a lock that callbacks
 * take.
 *
 * Returns 1 when the request is noted, of which nothing comes where the connection is closing; -1 for an
 * unusable wsi.
 */
LWS_VISIBLE LWS_EXTERN int
lws_callback_on_writable(struct lws *wsi);

/**
 * lws_callback_on_writable_all_protocol() - asks for WRITEABLE callbacks on all connections of a protocol
 *
 * \param context: the context
 * \param protocol: the protocol, in whichever vhosts have it
 *
 * Each connection that is bound to it when the service thread acts on the request gets one. Never waits, any
 * thread. Returns 0, or nonzero for an unusable context.
 */
LWS_VISIBLE LWS_EXTERN int
lws_callback_on_writable_all_protocol(const struct lws_context *context,
				      const struct lws_protocols *protocol);

/**
 * lws_callback_on_writable_all_protocol_vhost() - asks for WRITEABLE callbacks on a vhost's connections of a
 * protocol
 *
 * \param vhost: the vhost
 * \param protocol: one of its protocols; lws_get_protocol() and the array given at its creation both name it
 *
 * Never waits, any thread. Returns 0, or nonzero where vhost is unusable or has no such protocol.
 */
LWS_VISIBLE LWS_EXTERN int
lws_callback_on_writable_all_protocol_vhost(const struct lws_vhost *vhost,
					    const struct lws_protocols *protocol);

/**
 * lws_callback_all_protocol() - calls the callback for all connections of a protocol
 *
 * \param context: the context
 * \param protocol: the protocol, in whichever vhosts have it
 * \param reason: the reason they get, usually LWS_CALLBACK_USER or above; `in` is NULL and `len` 0
 *
 * The callbacks have run when it returns. From another thread it waits for the service thread and runs them
 * itself, between two callbacks of that thread. What they return is ignored. Returns 0, or nonzero for an
 * unusable context.
 */
LWS_VISIBLE LWS_EXTERN int
lws_callback_all_protocol(struct lws_context *context, const struct lws_protocols *protocol, int reason);

/**
 * lws_callback_all_protocol_vhost() - calls the callback for a vhost's connections of a protocol
 *
 * \param vh: the vhost
 * \param protocol: one of its protocols, or NULL for all connections of the vhost
 * \param reason: the reason they get
 *
 * Deprecated: lws_callback_all_protocol_vhost_args() does the same with arguments.
 */
LWS_VISIBLE LWS_EXTERN int
lws_callback_all_protocol_vhost(struct lws_vhost *vh, const struct lws_protocols *protocol,
				int reason) LWS_WARN_DEPRECATED;

/**
 * lws_callback_all_protocol_vhost_args() - calls the callback for a vhost's connections of a protocol
 *
 * \param vh: the vhost
 * \param protocol: one of its protocols, or NULL for all connections of the vhost, each with the callback of
 * its own protocol
 * \param reason: the reason they get
 * \param argp: what they get in `in`, passed on as it is
 * \param len: what they get in `len`
 *
 * As lws_callback_all_protocol() otherwise.
 */
LWS_VISIBLE LWS_EXTERN int
lws_callback_all_protocol_vhost_args(struct lws_vhost *vh, const struct lws_protocols *protocol, int reason,
				     void *argp, size_t len);

/**
 * lws_callback_vhost_protocols() - calls every protocol of a connection's vhost once
 *
 * \param wsi: a connection of the vhost; it is also the wsi that the callbacks get
 * \param reason: the reason
 * \param in: passed on
 * \param len: passed on
 *
 * Deprecated: lws_callback_vhost_protocols_vhost() needs no connection. Returns 0, or 1 as soon as a callback
 * returns nonzero.
 */
LWS_VISIBLE LWS_EXTERN int
lws_callback_vhost_protocols(struct lws *wsi, int reason, void *in, size_t len) LWS_WARN_DEPRECATED;

/**
 * lws_callback_vhost_protocols_vhost() - calls every protocol of a vhost once
 *
 * \param vh: the vhost
 * \param reason: the reason, usually LWS_CALLBACK_USER or above
 * \param in: passed on as it is
 * \param len: passed on
 *
 * The callbacks get user NULL and a wsi that stands for no connection: it answers lws_get_context(),
 * lws_get_vhost() and lws_get_protocol(), so that the callback finds its lws_protocol_vh_priv_get(), and is
 * valid during the call only. Returns 0, or 1 as soon as a callback returns nonzero; the rest is then not
 * called.
 */
LWS_VISIBLE LWS_EXTERN int
lws_callback_vhost_protocols_vhost(struct lws_vhost *vh, int reason, void *in, size_t len);

/**
 * lws_callback_http_dummy() - a callback that does what is usual
 *
 * \param wsi: the connection
 * \param reason: the reason
 * \param user: unused
 * \param in: unused
 * \param len: unused
 *
 * For protocols that only serve files from mounts, as the callback in struct lws_protocols, and for the
 * default case of other callbacks. LWS_CALLBACK_HTTP is answered with 404, LWS_CALLBACK_HTTP_BODY_COMPLETION
 * with 200 and an empty page; after LWS_CALLBACK_HTTP_FILE_COMPLETION the transaction is completed; all else
 * is ignored with 0. Returns 0, or -1 where the connection has to be closed. Call it only inside a callback.
 */
LWS_VISIBLE LWS_EXTERN int
lws_callback_http_dummy(struct lws *wsi, enum lws_callback_reasons reason, void *user, void *in, size_t len);

/**
 * lws_get_socket_fd() - the socket of a connection
 *
 * \param wsi: the connection
 *
 * Returns the descriptor, or -1 where there is none; for a stream of HTTP/2 that of the connection that carries it. It
 * belongs to the library: options may be looked at and set, but reading, writing or closing it breaks the connection.
 * Any thread, never waits.
 */
LWS_VISIBLE LWS_EXTERN lws_sockfd_type
lws_get_socket_fd(struct lws *wsi);

/**
 * lws_get_peer_write_allowance() - how much the peer is ready to take
 *
 * \param wsi: the connection
 *
 * Returns the bytes that a protocol with its own flow control lets through now: on a stream of HTTP/2 what its window
 * and that of the connection leave (RFC 9113 section 5.2), 0 if nothing. More may be written: it waits for credit in
 * the library. HTTP/1 and WebSocket have no such limit: -1. It says nothing about the socket; that is
 * lws_send_pipe_choked(). Any thread.
 */
LWS_VISIBLE LWS_EXTERN lws_fileofs_t
lws_get_peer_write_allowance(struct lws *wsi);

/** For lws_wsi_tx_credit(): what we may send to the peer */
#define LWSTXCR_US_TO_PEER 0
/** For lws_wsi_tx_credit(): what the peer may send to us */
#define LWSTXCR_PEER_TO_US 1

/**
 * lws_wsi_tx_credit() - flow control credit of a stream
 *
 * \param wsi: a stream of HTTP/2, or the connection that carries it
 * \param peer_to_us: LWSTXCR_US_TO_PEER or LWSTXCR_PEER_TO_US
 * \param add: bytes to add to the credit, with LWSTXCR_PEER_TO_US; 0: only ask
 *
 * To add is lws_h2_update_peer_txcredit() for the stream. Any thread.
 *
 * Returns the credit in bytes when add is 0, and 0 where there is no such flow control, as on a WebSocket. Otherwise 0,
 * nonzero for an error.
 */
LWS_VISIBLE LWS_EXTERN int
lws_wsi_tx_credit(struct lws *wsi, char peer_to_us, int add);

#endif
