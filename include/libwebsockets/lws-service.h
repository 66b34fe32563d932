/** @file
 * Running the event loop.
 *
 * A program creates a context and then calls lws_service() again and again, in one thread that is called the
 * service thread:
 *
 *     while (n >= 0 && !interrupted)
 *             n = lws_service(context, 0);
 *
 * All callbacks of the context happen inside that call. Where several threads service one context that has
 * count_threads 1, they have to take turns with a mutex of their own around the call.
 */
#ifndef GOLWS_LWS_SERVICE_H
#define GOLWS_LWS_SERVICE_H

/** The old name of lws_service_tsi(). */
#define lws_plat_service_tsi lws_service_tsi

/**
 * lws_service() - waits for events and handles them
 *
 * \param context: the context
 * \param timeout_ms: negative: handle what there is and do not wait. 0 or positive: wait until something
 * happens; a positive value does not limit the wait.
 *
 * Handles what is ready: sockets, requested WRITEABLE callbacks, due timers, lws_cancel_service(). Without
 * any of it, it waits in the kernel; a signal that the thread handles ends the wait, so that a loop around it
 * can look at a flag that the signal handler set. The wait is a cancellation point for pthread_cancel(), the
 * callbacks are not.
 *
 * Do not call it inside a callback of the same context: it returns -1 and logs it.
 *
 * Where the context runs on a loop of another library (LWS_SERVER_OPTION_LIBUV and its like), it runs that loop until
 * somebody stops it, and then returns 1; with a negative timeout it handles what there is, without the loop.
 *
 * Returns 0 when it should be called again, negative when the context cannot be serviced any more: it is
 * being destroyed, or gone, or the process is a child that was forked after the context was created.
 */
LWS_VISIBLE LWS_EXTERN int
lws_service(struct lws_context *context, int timeout_ms);

/**
 * lws_service_tsi() - lws_service() for one of several service threads
 *
 * \param context: the context
 * \param timeout_ms: as for lws_service()
 * \param tsi: index of the service thread, from 0 to lws_get_count_threads() - 1; each thread always uses its
 * own
 *
 * Returns as lws_service() does, and negative for a tsi out of range.
 */
LWS_VISIBLE LWS_EXTERN int
lws_service_tsi(struct lws_context *context, int timeout_ms, int tsi);

/**
 * lws_service_pollable_fd() - one descriptor that says when to service
 *
 * \param context: the context
 * \param tsi: index of the service thread
 *
 * For programs that have an event loop of their own: it is readable (POLLIN, EPOLLIN) whenever
 * lws_service_tsi(context, -1, tsi) has something to do: events of sockets, requested WRITEABLE callbacks,
 * lws_cancel_service(), due timers and timeouts, and before the first turn, in which LWS_CALLBACK_PROTOCOL_INIT
 * comes. It stays readable until that was done, so loops that report a state and loops that report a change
 * both work, the latter if they service until poll() with a timeout of 0 finds it unreadable.
 *
 *     struct pollfd mine[2] = { { .fd = lws_service_pollable_fd(context, 0), .events = POLLIN }, ... };
 *
 *     while (n >= 0 && poll(mine, 2, -1) >= 0)
 *             if (mine[0].revents)
 *                     n = lws_service_tsi(context, -1, 0);
 *
 * An addition of this library; libwebsockets has no such function. The context has the descriptor's extra timer
 * from the first call on, at the cost of a system call when its earliest deadline moves to an earlier time; a
 * program that never calls this pays nothing.
 *
 * Returns the descriptor, the same at each call. It belongs to the library, which closes it when the context is
 * destroyed: take it out of your loop before. Do not read, write or close it. Returns -1 where the context is
 * unusable, tsi is out of range or no descriptor is to be had, and logs why. Callable from any thread; waits for the
 * service thread.
 */
LWS_VISIBLE LWS_EXTERN int
lws_service_pollable_fd(struct lws_context *context, int tsi);

/**
 * lws_service_adjust_timeout() - how long a program may wait before it has to service
 *
 * \param context: the context
 * \param timeout_ms: how long the program would wait, milliseconds; negative: without limit
 * \param tsi: index of the service thread
 *
 * For programs that wait by themselves and then call lws_service_tsi(context, -1, tsi). Does what is left of the
 * context's start (LWS_CALLBACK_PROTOCOL_INIT) first.
 *
 * Returns 0 where there is work that no descriptor announces: input that is held already, requested WRITEABLE
 * callbacks, a timer that is due. Else timeout_ms, or the milliseconds until the next timer, rounded up, if that
 * is sooner. Returns 1 for a context that is unusable or a tsi out of range, and logs why. With
 * lws_service_pollable_fd() it is not needed. To be called on the thread that services, where the callbacks of the start
 * come.
 */
LWS_VISIBLE LWS_EXTERN int
lws_service_adjust_timeout(struct lws_context *context, int timeout_ms, int tsi);

/**
 * lws_cancel_service_pt() - wakes the service thread of a connection
 *
 * \param wsi: the connection
 *
 * As lws_cancel_service(), for one thread. For what is no connection it does nothing but log that.
 */
LWS_VISIBLE LWS_EXTERN void
lws_cancel_service_pt(struct lws *wsi);

/**
 * lws_cancel_service() - wakes the service threads
 *
 * \param context: the context
 *
 * Every lws_service() of the context stops waiting, delivers LWS_CALLBACK_EVENT_WAIT_CANCELLED once to each
 * protocol of each vhost, and returns. Calls that come before that has happened are combined into one. A call
 * while nobody waits is not lost: it ends the next wait at once.
 *
 * This is how another thread gets work done on the service thread. Never waits, takes no lock, may be called
 * from signal handlers and with any lock held; for what is no context it does nothing but log that.
 */
LWS_VISIBLE LWS_EXTERN void
lws_cancel_service(struct lws_context *context);

/** What lws_service_post() has called: with the context, the index of the service thread, and the program's pointer. */
typedef void lws_service_post_callback(struct lws_context *context, int tsi, void *opaque);

/**
 * lws_service_post() - has a function run on a service thread
 *
 * \param context: the context
 * \param tsi: index of the service thread, 0 where there is one
 * \param callback: the function
 * \param opaque: what it gets; the program's, not looked at
 *
 * It is called once, in one of the next turns of that thread, like a callback: it may use connections of the thread as
 * they like. Functions of one caller run in the order of their calls. Those that have not run when the context is
 * destroyed do so then, before anything is closed, on the thread that destroys it.
 *
 * Any thread may call it, also with locks held that callbacks take: it does not wait. Not in a signal handler;
 * lws_cancel_service() is for that. An addition of this library; libwebsockets has no such function.
 *
 * Returns 0; -1 where callback will not be called: out of memory, no such thread, the context is being destroyed.
 */
LWS_VISIBLE LWS_EXTERN int
lws_service_post(struct lws_context *context, int tsi, lws_service_post_callback *callback, void *opaque);

/**
 * lws_service_fd() - handles what poll() says about a descriptor
 *
 * \param context: the context
 * \param pollfd: the descriptor and its events in revents. NULL: only what no descriptor announces, as
 * lws_service_tsi(context, -1, 0) does
 *
 * For programs with a poll loop of their own that keep the descriptors of LWS_CALLBACK_ADD_POLL_FD and
 * LWS_CALLBACK_DEL_POLL_FD among theirs, and pass each with an event on:
 *
 *     n = poll(pollfds, count, lws_service_adjust_timeout(context, 5000, 0));
 *     for (i = 0; n > 0 && i < count; i++)
 *             if (pollfds[i].revents && lws_service_fd(context, &pollfds[i]) < 0)
 *                     ...
 *
 * Here it is one descriptor for each service thread, that of lws_service_pollable_fd(), which is always polled for
 * LWS_POLLIN; so LWS_CALLBACK_CHANGE_MODE_POLL_FD does not come. It is told when the program first calls this function
 * or lws_service_adjust_timeout(), or while the context is created where LWS_SERVER_OPTION_EXTERNAL_POLL is set.
 *
 * If the descriptor is the library's, all that is to do is done, with the callbacks that brings, and revents becomes 0;
 * revents of others is left alone, so the program knows that it is its own. On the loop's thread, not in a callback.
 *
 * Returns 0; negative when the context cannot be serviced any more.
 */
LWS_VISIBLE LWS_EXTERN int
lws_service_fd(struct lws_context *context, struct lws_pollfd *pollfd);

/**
 * lws_service_fd_tsi() - lws_service_fd() for one of several service threads
 *
 * \param context: the context
 * \param pollfd: the descriptor and its events, or NULL; it may belong to any service thread
 * \param tsi: index of the service thread that NULL means
 *
 * Returns as lws_service_fd() does, and negative for a tsi out of range.
 */
LWS_VISIBLE LWS_EXTERN int
lws_service_fd_tsi(struct lws_context *context, struct lws_pollfd *pollfd, int tsi);

/**
 * lws_handle_POLLOUT_event() - does what a connection has to do when it is writable
 *
 * \param wsi: the connection
 * \param pollfd: its descriptor and events, or NULL; not looked at
 *
 * Sends what is buffered and delivers the requested WRITEABLE callback before it returns, on the thread that calls it;
 * inside a callback, the WRITEABLE one follows when that has returned. lws_service_fd() does all that for programs with
 * a poll loop. Waits for the service thread.
 *
 * Returns 0; nonzero where the connection ends or is not usable.
 */
LWS_VISIBLE LWS_EXTERN int
lws_handle_POLLOUT_event(struct lws *wsi, struct lws_pollfd *pollfd);

/* libuv's own header declares these too; it may come before this one, after it, or not at all. */
#if !defined(UV_ERRNO_MAP)
/** libuv's loop. */
typedef struct uv_loop_s uv_loop_t;
/** libuv's base of all handles. */
typedef struct uv_handle_s uv_handle_t;
#endif

/**
 * lws_uv_getloop() - the libuv loop of a service thread
 *
 * \param context: the context, made with LWS_SERVER_OPTION_LIBUV
 * \param tsi: index of the service thread
 *
 * For handles of the program's own in it. Never waits; the loop itself is to be used on the thread that runs it.
 *
 * Returns the loop: the program's, or one of the library's, which is gone with the context. NULL where the context does
 * not run on libuv.
 */
LWS_VISIBLE LWS_EXTERN uv_loop_t *
lws_uv_getloop(struct lws_context *context, int tsi);

/**
 * lws_libuv_static_refcount_add() - has the context wait for a libuv handle of the program
 *
 * \param handle: the handle, initialised, which stays the program's; its data member belongs to the library from now on
 * \param context: the context
 * \param tsi: index of the service thread in whose loop it is
 *
 * For handles in memory that the library frees with the context, as that of lws_protocol_vh_priv_zalloc() is. A handle
 * is closed by the loop some time after uv_close(), for which LWS_CALLBACK_PROTOCOL_DESTROY is the place. Once
 * lws_context_destroy() has ended everything else, it waits for all such handles: the library runs a loop of its own
 * until they are closed; in a loop of the program the context, and what pcontext points to, stay until the loop has
 * closed the last one. To be called on the thread of the loop, as all that concerns its handles. Without a handle, and
 * where the context does not run on libuv, nothing happens but a line in the log.
 */
LWS_VISIBLE LWS_EXTERN void
lws_libuv_static_refcount_add(uv_handle_t *handle, struct lws_context *context, int tsi);

/**
 * lws_libuv_static_refcount_del() - has the context wait for a libuv handle no more
 *
 * \param handle: the handle, which is closed now
 *
 * To be used as callback of uv_close(), or called in it, on the thread of the loop; the memory of the handle may be gone
 * when it returns. NULL is nothing.
 */
LWS_VISIBLE LWS_EXTERN void
lws_libuv_static_refcount_del(uv_handle_t *handle);

#endif
