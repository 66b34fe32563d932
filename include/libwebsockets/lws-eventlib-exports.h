/** @file
 * Names that plugins for foreign event loops used to link against.
 *
 * The library drives foreign loops by itself and loads no such plugins: programs need nothing of this. What a program
 * that reached for these names usually wanted has a name of its own, which each one tells.
 */
#ifndef GOLWS_LWS_EVENTLIB_EXPORTS_H
#define GOLWS_LWS_EVENTLIB_EXPORTS_H

/**
 * lws_realloc() - memory from the library's allocator
 *
 * \param ptr: memory that this function returned, or NULL
 * \param size: bytes it shall have; 0: it is freed
 * \param reason: what it is for, handed to the function of lws_set_allocator(), if one is set; not kept
 *
 * As realloc(), except that size 0 always frees. Returns the memory, which may have moved and whose added bytes are
 * not cleared; NULL when it was freed or there is none, and then ptr is as before. Any thread.
 */
LWS_VISIBLE LWS_EXTERN void *
lws_realloc(void *ptr, size_t size, const char *reason);

/**
 * lws_vhost_destroy1() - begins to destroy a vhost
 *
 * \param vh: the vhost
 *
 * The same as lws_vhost_destroy(): ends its listening and closes its connections; the vhost goes when the last has closed.
 * Callable from any thread.
 */
LWS_VISIBLE LWS_EXTERN void
lws_vhost_destroy1(struct lws_vhost *vh);

/**
 * lws_close_free_wsi() - closes a connection now
 *
 * \param wsi: the connection; not valid after the call
 * \param reason: status for the peer of a WebSocket (RFC 6455 section 7.4), LWS_CLOSE_STATUS_NOSTATUS for none; other
 * connections have none
 * \param caller: who closes it, for the log, or NULL
 *
 * Its closing callbacks happen before the function returns; in a callback of the same connection they happen when that
 * returns. The peer of a WebSocket is sent a close frame with the status, and its answer is not waited for; output that
 * is queued is dropped where the socket does not take it at once. Programs return -1 from a callback, or call
 * lws_set_timeout() with LWS_TO_KILL_ASYNC. Callable from any thread; the callbacks are called on it.
 */
LWS_VISIBLE LWS_EXTERN void
lws_close_free_wsi(struct lws *wsi, enum lws_close_status reason, const char *caller);

/** A service thread of a context, from the inside. */
struct lws_context_per_thread;

/**
 * lws_service_do_ripe_rxflow() - delivers what was held back by flow control and may be delivered again
 *
 * \param pt: the service thread; not looked at
 *
 * The library does so by itself after lws_rx_flow_control(), in the next turn of the thread, so that nothing is left to do.
 * Any thread.
 */
LWS_VISIBLE LWS_EXTERN void
lws_service_do_ripe_rxflow(struct lws_context_per_thread *pt);

#if !defined(wsi_from_fd)
/**
 * wsi_from_fd() - the connection that has a descriptor
 *
 * \param context: the context
 * \param fd: the descriptor
 *
 * It is looked for among all connections, which takes long where there are many. Callable from any thread.
 *
 * Returns it, NULL where no connection of the context has it: listening sockets and descriptors of the library's own are
 * no connections. It is valid as any other handle is.
 */
LWS_VISIBLE LWS_EXTERN struct lws *
wsi_from_fd(const struct lws_context *context, int fd);
#endif

/**
 * _lws_plat_service_forced_tsi() - handles what waits for no event of a socket
 *
 * \param context: the context
 * \param tsi: index of the service thread
 *
 * The same as lws_service_tsi() with a negative timeout: one turn that does not wait. On any thread, outside of callbacks.
 * Returns 0, -1 on failure.
 */
LWS_VISIBLE LWS_EXTERN int
_lws_plat_service_forced_tsi(struct lws_context *context, int tsi);

/**
 * lws_context_destroy2() - goes on destroying a context
 *
 * \param context: the context
 *
 * Programs call lws_context_destroy(), which does all of it.
 *
 * Not in this configuration.
 */
LWS_VISIBLE LWS_EXTERN void
lws_context_destroy2(struct lws_context *context);

/**
 * lws_destroy_event_pipe() - closes the descriptor that wakes a service thread
 *
 * \param wsi: the connection made of it
 *
 * The library's own is no connection, and is closed when the context is destroyed. A connection that the program has made
 * of a descriptor is closed as by lws_close_free_wsi(). Callable from any thread.
 */
LWS_VISIBLE LWS_EXTERN void
lws_destroy_event_pipe(struct lws *wsi);

/**
 * __lws_close_free_wsi_final() - frees a connection that a foreign loop has let go
 *
 * \param wsi: the connection; not valid after the call
 *
 * Connections here wait for no foreign loop: the same as lws_close_free_wsi() without a status. Callable from any thread.
 */
LWS_VISIBLE LWS_EXTERN void
__lws_close_free_wsi_final(struct lws *wsi);

#endif
