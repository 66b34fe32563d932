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
 * Ends its listening and closes its connections; the vhost goes when the last has closed. Programs call
 * lws_vhost_destroy().
 *
 * Not implemented yet.
 */
LWS_VISIBLE LWS_EXTERN void
lws_vhost_destroy1(struct lws_vhost *vh);

/**
 * lws_close_free_wsi() - closes a connection now
 *
 * \param wsi: the connection; not valid after the call
 * \param reason: status of the closing handshake (RFC 6455 7.4), LWS_CLOSE_STATUS_NOSTATUS for none
 * \param caller: name of the caller, for the log
 *
 * Its closing callbacks happen before the function returns. Programs return -1 from a callback, or call
 * lws_set_timeout() with LWS_TO_KILL_ASYNC.
 *
 * Not implemented yet.
 */
LWS_VISIBLE LWS_EXTERN void
lws_close_free_wsi(struct lws *wsi, enum lws_close_status reason, const char *caller);

/** A service thread of a context, from the inside. */
struct lws_context_per_thread;

/**
 * lws_service_do_ripe_rxflow() - delivers what was held back by flow control and may be delivered again
 *
 * \param pt: the service thread
 *
 * The library does so by itself after lws_rx_flow_control().
 *
 * Not implemented yet.
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
 * Returns it, NULL where no connection of the context has it. It is valid as any other handle is.
 *
 * Not implemented yet.
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
 * Programs call lws_service_tsi() with a negative timeout. Returns 0, 1 if there is more to do, -1 on failure.
 *
 * Not implemented yet.
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
 * The library closes its own when the context is destroyed.
 *
 * Not implemented yet.
 */
LWS_VISIBLE LWS_EXTERN void
lws_destroy_event_pipe(struct lws *wsi);

/**
 * __lws_close_free_wsi_final() - frees a connection that a foreign loop has let go
 *
 * \param wsi: the connection; not valid after the call
 *
 * Connections here wait for no foreign loop.
 *
 * Not implemented yet.
 */
LWS_VISIBLE LWS_EXTERN void
__lws_close_free_wsi_final(struct lws *wsi);

#endif
