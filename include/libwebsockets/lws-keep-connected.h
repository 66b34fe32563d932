/** @file
 * A client that stays connected: the library connects again, later and later, whenever the connection cannot be made or
 * ends. An addition, libwebsockets does not have it.
 *
 * Without it a program connects anew in three places: where lws_client_connect_via_info() returns NULL, in
 * LWS_CALLBACK_CLIENT_CONNECTION_ERROR, and in the closing callback of what the connection was for; in each it counts,
 * schedules a timer, and must stop all that when it ends. Here one function is told of all of them.
 */
#ifndef GOLWS_LWS_KEEP_CONNECTED_H
#define GOLWS_LWS_KEEP_CONNECTED_H

/** A client that is kept connected, from lws_client_keep_connected() until it has heard LWS_KEEP_CONNECTED_ENDED. */
struct lws_keep_connected;

/** What has happened. */
enum lws_keep_connected_event {
	/**
	 * There is a connection: the callback of its protocol has had LWS_CALLBACK_CLIENT_ESTABLISHED (WebSocket),
	 * LWS_CALLBACK_ESTABLISHED_CLIENT_HTTP (a request, whose response has begun) or LWS_CALLBACK_RAW_CONNECTED.
	 */
	LWS_KEEP_CONNECTED_UP = 0,
	/**
	 * The connection could not be made, or it has ended; its last callback was called. Another try follows after
	 * delay_ms.
	 */
	LWS_KEEP_CONNECTED_DOWN = 1,
	/**
	 * There will be no more tries, and nothing more is called. The struct lws_keep_connected is gone when the function
	 * returns. This comes exactly once.
	 */
	LWS_KEEP_CONNECTED_ENDED = 2,
};

/** What the function of lws_client_keep_connected() is told. It is valid during the call. */
struct lws_keep_connected_status {
	/** which one it is */
	enum lws_keep_connected_event event;
	/** UP: the connection; else NULL */
	struct lws *wsi;
	/**
	 * DOWN and ENDED: why, never NULL. What LWS_CALLBACK_CLIENT_CONNECTION_ERROR said where the connection could not be
	 * made.
	 */
	const char *reason;
	/** DOWN: how long until the next try, in milliseconds, see lws_keep_connected_now() */
	unsigned int delay_ms;
	/** how many tries in a row have failed, including this one; what counts as one see lws_client_keep_connected() */
	unsigned int tries;
	/** DOWN and ENDED: there had been a connection, 0 or 1 */
	int was_up;
	/** DOWN and ENDED: the code of the close frame that the server sent (RFC 6455 7.4), 0: it sent none */
	unsigned int close_code;
};

/**
 * The function of lws_client_keep_connected().
 *
 * It is called on the service thread of the connections, after the callback of the protocol that tells the same. It may
 * call anything, also lws_keep_connected_end().
 */
typedef void (*lws_keep_connected_cb_t)(struct lws_keep_connected *keep, const struct lws_keep_connected_status *status,
					void *opaque);

/**
 * lws_client_keep_connected() - connects, and connects again whenever that fails or the connection ends
 *
 * \param ccinfo: the connection, as for lws_client_connect_via_info(). Strings are copied. `vhost`, `userdata`,
 * `opaque_user_data`, `pwsi` and `retry_and_idle_policy` are used for each connection and must live until
 * LWS_KEEP_CONNECTED_ENDED; `*pwsi` is NULL while there is no connection. `parent_wsi` must be NULL.
 * \param cb: is told what happens; may be NULL
 * \param opaque: is passed to cb
 *
 * The first try begins in the next turn of lws_service(), so nothing is called before this function returns. The
 * callbacks of the protocols come as for any client, for each connection anew; CLIENT_CONNECTION_ERROR comes also where
 * lws_client_connect_via_info() would have returned NULL for the same reason.
 *
 * How long it waits is said by `ccinfo->retry_and_idle_policy`, as with lws_retry_get_delay_ms(): the delays of its table
 * in turn, the last one for all further tries, each lengthened at random by up to jitter_percent. When conceal_count of
 * these tries in a row have failed too it gives up (LWS_KEEP_CONNECTED_ENDED); LWS_RETRY_CONCEAL_ALWAYS is never. Without
 * a policy, or with one that has no table, it is 1, 2, 5, 10 and 30 seconds, up to 20 percent more, and no giving up. A
 * Retry-After header of the server (RFC 9110 10.2.3) that asks for more is respected.
 *
 * A connection that ends counts as a failure too. It begins the count anew where it has lasted at least as long as the
 * delay that would have come next, so that a server which accepts and closes at once is not asked more often than one
 * that refuses.
 *
 * It ends, with LWS_KEEP_CONNECTED_ENDED, when it has given up, when lws_keep_connected_end() is called, when the vhost or
 * the context is destroyed, and at the first try where ccinfo is not valid (the log says why).
 *
 * All connections are made on one service thread. Callable from any thread.
 *
 * Returns what the other functions take, which belongs to the library; NULL where ccinfo cannot be used, or there is no
 * memory.
 */
LWS_VISIBLE LWS_EXTERN struct lws_keep_connected *
lws_client_keep_connected(const struct lws_client_connect_info *ccinfo, lws_keep_connected_cb_t cb, void *opaque);

/**
 * lws_keep_connected_wsi() - the present connection
 *
 * \param keep: from lws_client_keep_connected()
 *
 * Returns the connection, which may still be on its way; NULL between two tries. On other threads than that of the
 * connection it may be closed meanwhile. Callable from any thread.
 */
LWS_VISIBLE LWS_EXTERN struct lws *
lws_keep_connected_wsi(struct lws_keep_connected *keep);

/**
 * lws_keep_connected_now() - tries again at once
 *
 * \param keep: from lws_client_keep_connected()
 *
 * For programs that know of something that makes success likely, such as a network that is back. The count begins anew.
 * While there is a connection, or one is being made, it has no effect. Callable from any thread.
 *
 * Returns 0, or 1 if keep is no client that is kept connected.
 */
LWS_VISIBLE LWS_EXTERN int
lws_keep_connected_now(struct lws_keep_connected *keep);

/**
 * lws_keep_connected_end() - no more tries
 *
 * \param keep: from lws_client_keep_connected()
 *
 * A connection that there is, or that is being made, is closed as by lws_set_timeout() with LWS_TO_KILL_ASYNC, with the
 * callbacks of that; LWS_KEEP_CONNECTED_ENDED follows its last one. Otherwise that comes before this function returns.
 * Callable from any thread.
 *
 * Returns 0, or 1 if keep is no client that is kept connected.
 */
LWS_VISIBLE LWS_EXTERN int
lws_keep_connected_end(struct lws_keep_connected *keep);

#endif
