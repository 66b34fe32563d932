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
 * Returns 0 when it should be called again, negative when the context cannot be serviced any more: it is
 * being destroyed, or the process is a child that was forked after the context was created.
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
 * lws_cancel_service_pt() - wakes the service thread of a connection
 *
 * \param wsi: the connection
 *
 * As lws_cancel_service(), for one thread.
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
 * from signal handlers and with any lock held.
 */
LWS_VISIBLE LWS_EXTERN void
lws_cancel_service(struct lws_context *context);

#endif
