#ifndef GOLWS_LWS_RETRY_H
#define GOLWS_LWS_RETRY_H

/** @file
 * How long to wait before trying again, and when to suspect a silent connection.
 */

/** As conceal_count: never give up. */
#define LWS_RETRY_CONCEAL_ALWAYS (0xffff)

/** A policy. The library keeps the pointer: it must live as long as what it is given to. */
typedef struct lws_retry_bo {
	const uint32_t	*retry_ms_table;	/**< delay before each try, in milliseconds */
	uint16_t	retry_ms_table_count;	/**< number of delays; the last is used for all further tries */
	uint16_t	conceal_count;		/**< number of tries before giving up, or LWS_RETRY_CONCEAL_ALWAYS */
	/** WebSocket, HTTP/2: seconds without a sign of life before the peer is pinged, 0: never */
	uint16_t	secs_since_valid_ping;
	/** WebSocket, HTTP/2: seconds without a sign of life before the connection is closed, 0: never */
	uint16_t	secs_since_valid_hangup;
	uint8_t		jitter_percent;		/**< each delay is lengthened at random by up to so much; 0 is 30 */
} lws_retry_bo_t;

/**
 * lws_retry_get_delay_ms() - how long to wait before the next try
 *
 * \param context: the context, or NULL; not looked at
 * \param retry: the policy; NULL is 3 seconds and 30 percent, as is a policy without a table
 * \param ctry: number of tries so far, in the program's memory; 0 before the first and after a success. It is counted
 * up, to 65535. NULL: this is the first
 * \param conceal: if not NULL, set to 1 if the policy says to try again, 0 if to give up; 0 without a policy
 *
 * Returns the milliseconds to wait. Callable from any thread, for one count by one at a time.
 */
LWS_VISIBLE LWS_EXTERN unsigned int
lws_retry_get_delay_ms(struct lws_context *context, const lws_retry_bo_t *retry,
		       uint16_t *ctry, char *conceal);

/**
 * lws_retry_sul_schedule() - schedule the next try
 *
 * \param context: the context
 * \param tid: index of the service thread, 0 if there is only one
 * \param sul: the entry that is scheduled; the program's, as with lws_sul_schedule()
 * \param retry: the policy; NULL: there is nothing to be tried
 * \param cb: what it calls
 * \param ctry: number of tries so far, as with lws_retry_get_delay_ms()
 *
 * Returns 0, or 1 if the policy says to give up, or there is no such context or service thread, or no sul or cb, which is
 * logged; nothing is scheduled then. Callable from any thread.
 */
LWS_VISIBLE LWS_EXTERN int
lws_retry_sul_schedule(struct lws_context *context, int tid,
		       lws_sorted_usec_list_t *sul, const lws_retry_bo_t *retry,
		       sul_cb_t cb, uint16_t *ctry);

/**
 * lws_retry_sul_schedule_retry_wsi() - schedule the next try, with the policy of a connection
 *
 * \param wsi: a connection, whose context, service thread and policy are used
 * \param sul: the entry that is scheduled
 * \param cb: what it calls
 * \param ctry: number of tries so far, as with lws_retry_get_delay_ms()
 *
 * The policy is the one of lws_client_connect_info.retry_and_idle_policy; without one it is 1, 3, 9 and 17 seconds, up to
 * 20 percent longer, and then giving up. A Retry-After header of the server that asks for more is respected. Entry and
 * count belong to the program: it calls this in LWS_CALLBACK_CLIENT_CONNECTION_ERROR and LWS_CALLBACK_CLIENT_CLOSED, and
 * connects anew when cb is called.
 *
 * Returns 0, or 1 if the policy says to give up, or the connection is closed, or there is no sul or cb, which is logged;
 * nothing is scheduled then. Callable from any thread.
 */
LWS_VISIBLE LWS_EXTERN int
lws_retry_sul_schedule_retry_wsi(struct lws *wsi, lws_sorted_usec_list_t *sul,
				 sul_cb_t cb, uint16_t *ctry);

#endif
