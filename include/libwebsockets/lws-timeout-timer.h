#ifndef GOLWS_LWS_TIMEOUT_TIMER_H
#define GOLWS_LWS_TIMEOUT_TIMER_H

/** @file
 * Timeouts, timers and scheduled callbacks.
 *
 * Three mechanisms, from simple to general: lws_set_timeout() closes a connection if nothing
 * resets it in time; lws_set_timer_usecs() delivers LWS_CALLBACK_TIMER on a connection; lws_sul_schedule() calls
 * any function of the program on a service thread.
 *
 * Times are of CLOCK_MONOTONIC, in microseconds unless something else is said; setting the clock of the
 * machine does not disturb them.
 */

/** The old name of lws_now_usecs(). */
#define lws_time_in_microseconds lws_now_usecs

/**
 * What a connection is waiting for when its timeout runs. The library sets and clears most of them itself
 * as a connection passes its stages. NO_PENDING_TIMEOUT stops the timeout. Programs use
 * PENDING_TIMEOUT_USER_OK and PENDING_TIMEOUT_USER_REASON_BASE + n for their own; the value appears in the log only.
 */
enum pending_timeout {
	NO_PENDING_TIMEOUT				=  0,
	PENDING_TIMEOUT_AWAITING_PROXY_RESPONSE		=  1,
	PENDING_TIMEOUT_AWAITING_CONNECT_RESPONSE	=  2,
	PENDING_TIMEOUT_ESTABLISH_WITH_SERVER		=  3,
	PENDING_TIMEOUT_AWAITING_SERVER_RESPONSE	=  4,
	PENDING_TIMEOUT_AWAITING_PING			=  5,
	PENDING_TIMEOUT_CLOSE_ACK			=  6,
	PENDING_TIMEOUT_UNUSED1				=  7,
	PENDING_TIMEOUT_SENT_CLIENT_HANDSHAKE		=  8,
	PENDING_TIMEOUT_SSL_ACCEPT			=  9,
	PENDING_TIMEOUT_HTTP_CONTENT			= 10,
	PENDING_TIMEOUT_AWAITING_CLIENT_HS_SEND		= 11,
	PENDING_FLUSH_STORED_SEND_BEFORE_CLOSE		= 12,
	PENDING_TIMEOUT_SHUTDOWN_FLUSH			= 13,
	PENDING_TIMEOUT_CGI				= 14,
	PENDING_TIMEOUT_HTTP_KEEPALIVE_IDLE		= 15,
	PENDING_TIMEOUT_WS_PONG_CHECK_SEND_PING		= 16,
	PENDING_TIMEOUT_WS_PONG_CHECK_GET_PONG		= 17,
	PENDING_TIMEOUT_CLIENT_ISSUE_PAYLOAD		= 18,
	PENDING_TIMEOUT_AWAITING_SOCKS_GREETING_REPLY	= 19,
	PENDING_TIMEOUT_AWAITING_SOCKS_CONNECT_REPLY	= 20,
	PENDING_TIMEOUT_AWAITING_SOCKS_AUTH_REPLY	= 21,
	PENDING_TIMEOUT_KILLED_BY_SSL_INFO		= 22,
	PENDING_TIMEOUT_KILLED_BY_PARENT		= 23,
	PENDING_TIMEOUT_CLOSE_SEND			= 24,
	PENDING_TIMEOUT_HOLDING_AH			= 25,
	PENDING_TIMEOUT_UDP_IDLE			= 26,
	PENDING_TIMEOUT_CLIENT_CONN_IDLE		= 27,
	PENDING_TIMEOUT_LAGGING				= 28,
	PENDING_TIMEOUT_THREADPOOL			= 29,
	PENDING_TIMEOUT_THREADPOOL_TASK			= 30,
	PENDING_TIMEOUT_KILLED_BY_PROXY_CLIENT_CLOSE	= 31,
	PENDING_TIMEOUT_USER_OK				= 32,

	PENDING_TIMEOUT_USER_REASON_BASE		= 1000
};

/** As seconds of lws_set_timeout(): close the connection soon, from the event loop. */
#define LWS_TO_KILL_ASYNC -1
/** As seconds of lws_set_timeout(): close the connection before the call returns. */
#define LWS_TO_KILL_SYNC -2

/**
 * lws_set_timeout() - close a connection unless the timeout is renewed or stopped in time
 *
 * \param wsi: the connection
 * \param reason: what it waits for; NO_PENDING_TIMEOUT stops the timeout
 * \param secs: seconds from now, or LWS_TO_KILL_ASYNC, or LWS_TO_KILL_SYNC
 *
 * A connection has one timeout: setting it replaces the one before. When it expires, the connection is
 * closed with the usual callbacks.
 *
 * With LWS_TO_KILL_ASYNC the connection is closed when its event loop next runs. With LWS_TO_KILL_SYNC it is closed
 * inside the call: \p wsi and its per-session data are gone when it returns, and so this must not be called
 * for the connection whose callback is running (return nonzero from the callback instead).
 *
 * May be called from any thread.
 */
LWS_VISIBLE LWS_EXTERN void
lws_set_timeout(struct lws *wsi, enum pending_timeout reason, int secs);

/**
 * lws_set_timeout_us() - lws_set_timeout() with a finer unit
 *
 * \param wsi: the connection
 * \param reason: what it waits for; NO_PENDING_TIMEOUT stops the timeout
 * \param us: microseconds from now
 *
 * Not in this configuration.
 */
LWS_VISIBLE LWS_EXTERN void
lws_set_timeout_us(struct lws *wsi, enum pending_timeout reason, lws_usec_t us);

/** Close a connection: to_kill is LWS_TO_KILL_ASYNC or LWS_TO_KILL_SYNC, see lws_set_timeout(). */
#define lws_wsi_close(w, to_kill) lws_set_timeout(w, (enum pending_timeout)1, to_kill)

/** As time: cancel. For lws_set_timer_usecs() and lws_sul_schedule(). */
#define LWS_SET_TIMER_USEC_CANCEL ((lws_usec_t)-1ll)
/** Microseconds in a second. */
#define LWS_USEC_PER_SEC ((lws_usec_t)1000000)

/**
 * lws_set_timer_usecs() - deliver LWS_CALLBACK_TIMER on a connection once, later
 *
 * \param wsi: the connection
 * \param usecs: microseconds from now, or LWS_SET_TIMER_USEC_CANCEL
 *
 * A connection has one timer: setting it replaces the one before. Periodic ones set it again in the callback.
 * May be called from any thread.
 */
LWS_VISIBLE LWS_EXTERN void
lws_set_timer_usecs(struct lws *wsi, lws_usec_t usecs);

struct lws_sorted_usec_list;

/**
 * What lws_sul_schedule() calls. Runs on the service thread that the entry was scheduled on. The entry is no
 * longer scheduled then: the function may schedule it again, or free it. It may also schedule, cancel and free any
 * other. Use lws_container_of() to get from the entry to the object that it is part of.
 */
typedef void (*sul_cb_t)(struct lws_sorted_usec_list *sul);

/**
 * A scheduled callback. It lives in the program's memory, usually as member of some object, and must be all zero
 * before it is used first. While it is scheduled it must stay where it is; cancel it before the
 * memory goes away.
 */
typedef struct lws_sorted_usec_list {
	struct lws_dll2	list;	/**< the library's. lws_dll2_is_detached() on it: not scheduled */
	lws_usec_t	us;	/**< when it is due (lws_now_usecs()), 0 if not scheduled */
	sul_cb_t	cb;	/**< what is called */
	uint32_t	latency_us; /**< how much later it may be called; not used */
} lws_sorted_usec_list_t;

/** Number of kinds of schedule that a service thread has, see LWSSULLI_WAKE_IF_SUSPENDED. */
#define LWS_COUNT_PT_SUL_OWNERS 2

/** lws_sul2_schedule(): due only while the machine is awake. */
#define LWSSULLI_MISS_IF_SUSPENDED 0
/** lws_sul2_schedule(): the machine should be woken for it, see lws_sul_earliest_wakeable_event(). */
#define LWSSULLI_WAKE_IF_SUSPENDED 1

/**
 * lws_sul2_schedule() - schedule an entry whose time and function are already in it
 *
 * \param context: the context
 * \param tsi: index of the service thread to call it, 0 if there is only one
 * \param flags: LWSSULLI_MISS_IF_SUSPENDED or LWSSULLI_WAKE_IF_SUSPENDED
 * \param sul: the entry, with us (absolute, as lws_now_usecs()) and cb set
 *
 * If it is scheduled already it is moved. O(log n) in the number of scheduled entries. May be called from any thread.
 */
LWS_VISIBLE LWS_EXTERN void
lws_sul2_schedule(struct lws_context *context, int tsi, int flags,
		  lws_sorted_usec_list_t *sul);

/**
 * lws_sul_cancel() - make an entry not be called
 *
 * \param sul: the entry; nothing happens if it is not scheduled
 *
 * O(log n). May be called from any thread. On the service thread of the entry, its function will not be called once
 * this returned. From another thread, a call that had begun may still be running.
 */
LWS_VISIBLE LWS_EXTERN void
lws_sul_cancel(lws_sorted_usec_list_t *sul);

/**
 * lws_sul_earliest_wakeable_event() - when must the machine be awake next
 *
 * \param ctx: the context
 * \param pearliest: gets the time (as lws_now_usecs()) of the earliest entry that was scheduled with
 *	LWSSULLI_WAKE_IF_SUSPENDED, on any of the service threads
 *
 * Returns 0 if there is one, 1 if not (\p pearliest is untouched then).
 */
LWS_VISIBLE LWS_EXTERN int
lws_sul_earliest_wakeable_event(struct lws_context *ctx, lws_usec_t *pearliest);

/**
 * lws_sul_schedule() - call a function on a service thread, later
 *
 * \param ctx: the context
 * \param tsi: index of the service thread, 0 if there is only one
 * \param sul: the entry, in the program's memory
 * \param _cb: the function
 * \param _us: microseconds from now (0: as soon as the event loop runs), or LWS_SET_TIMER_USEC_CANCEL
 *
 * If it is scheduled already, time and function are replaced. Entries are called in order of their
 * time, those of the same time in the order in which they were scheduled. O(log n): a hundred thousand
 * pending entries are no problem.
 *
 * May be called from any thread. At lws_context_destroy() entries that are still scheduled are forgotten
 * without a call; the library does not touch their memory.
 */
LWS_VISIBLE LWS_EXTERN void
lws_sul_schedule(struct lws_context *ctx, int tsi, lws_sorted_usec_list_t *sul,
		 sul_cb_t _cb, lws_usec_t _us);

/**
 * lws_sul_schedule_wakesuspend() - lws_sul_schedule() for what the machine should be woken for
 *
 * \param ctx: the context
 * \param tsi: index of the service thread
 * \param sul: the entry
 * \param _cb: the function
 * \param _us: microseconds from now, or LWS_SET_TIMER_USEC_CANCEL
 *
 * The library cannot wake a machine: a program that suspends it asks lws_sul_earliest_wakeable_event().
 */
LWS_VISIBLE LWS_EXTERN void
lws_sul_schedule_wakesuspend(struct lws_context *ctx, int tsi,
			     lws_sorted_usec_list_t *sul, sul_cb_t _cb,
			     lws_usec_t _us);

/** There is nothing to look for: a forgotten entry is found when it is due, or never. */
#define lws_sul_debug_zombies(_a, _b, _c, _d)

/**
 * lws_validity_confirmed() - the program knows that the peer is alive
 *
 * \param wsi: the connection
 *
 * Restarts the times of the retry and idle policy of the connection (struct lws_retry_bo: secs_since_valid_ping and
 * secs_since_valid_hangup). The library does it itself whenever a ping is answered. A program
 * calls it when its own protocol proved that data passed in both directions. May be called from any
 * thread.
 */
LWS_VISIBLE LWS_EXTERN void
lws_validity_confirmed(struct lws *wsi);

/**
 * __lws_sul_insert() - put an entry on a list of the program's own, by its time
 *
 * \param own: a list that holds nothing but such entries
 * \param sul: the entry, with us and cb set; taken out of what it was on
 *
 * For a program that runs timers with a clock of its own, with __lws_sul_service_ripe(). O(n), no lock. Returns 0,
 * or 1 if the entry has no function.
 */
LWS_VISIBLE LWS_EXTERN int
__lws_sul_insert(lws_dll2_owner_t *own, lws_sorted_usec_list_t *sul);

/**
 * __lws_sul_service_ripe() - call what is due on lists of the program's own
 *
 * \param own: array of lists that __lws_sul_insert() filled
 * \param own_len: how many, at least 1
 * \param usnow: the time now
 *
 * Calls every entry that is due at \p usnow, earliest first across the lists, also those that the functions add.
 * Returns the microseconds from \p usnow to the next entry, 0 if there is none.
 */
LWS_VISIBLE LWS_EXTERN lws_usec_t
__lws_sul_service_ripe(lws_dll2_owner_t *own, int own_len, lws_usec_t usnow);

#endif
