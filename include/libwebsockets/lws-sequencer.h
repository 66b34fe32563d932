#ifndef GOLWS_LWS_SEQUENCER_H
#define GOLWS_LWS_SEQUENCER_H

/** \defgroup sequencer Sequences of steps
 *
 * A sequencer carries a job through several steps that may need one connection after the other. It lives on the event
 * loop and not with a connection: events are queued for it and its callback gets them one by one in the service
 * thread, each in another turn of the loop. A time limit says when a step has taken too long.
 */
///@{

/** Events of a sequencer. */
typedef enum {
	LWSSEQ_CREATED,		/**< it was made: the first event */
	LWSSEQ_DESTROYED,	/**< it is being destroyed: the last event */
	LWSSEQ_TIMED_OUT,	/**< the time of lws_seq_timeout_us() is over */
	LWSSEQ_HEARTBEAT,	/**< once a second */

	LWSSEQ_WSI_CONNECTED,	/**< a connection that belongs to it has been made; data is the connection */
	LWSSEQ_WSI_CONN_FAIL,	/**< a connection that belongs to it could not be made */
	LWSSEQ_WSI_CONN_CLOSE,	/**< a connection that belongs to it has closed */

	LWSSEQ_SS_STATE_BASE,	/**< plus a lws_ss_constate_t: a secure stream that belongs to it is in that state; data is
				 *   the stream, aux the ordinal */

	LWSSEQ_USER_BASE = 100	/**< the program's own events start here */
} lws_seq_events_t;

/** What the callback of a sequencer returns. */
typedef enum lws_seq_cb_return {
	LWSSEQ_RET_CONTINUE,	/**< go on */
	LWSSEQ_RET_DESTROY	/**< destroy it: the job is done */
} lws_seq_cb_return_t;

/**
 * lws_seq_event_cb - gets the events of a sequencer, in the service thread
 *
 * \param seq: the sequencer
 * \param user: its memory of user_size bytes
 * \param event: one of lws_seq_events_t or the program's own
 * \param data: as queued
 * \param aux: as queued
 */
typedef lws_seq_cb_return_t (*lws_seq_event_cb)(struct lws_sequencer *seq,
			     void *user, int event, void *data, void *aux);

/** How to make a sequencer. */
typedef struct lws_seq_info {
	struct lws_context	*context;	/**< the context */
	int			tsi;		/**< index of the service thread */
	size_t			user_size;	/**< bytes of zeroed memory for the callback */
	void			**puser;	/**< NULL, or gets that memory */
	lws_seq_event_cb	cb;		/**< the callback */
	const char		*name;		/**< a name for logs, which must stay */
	const lws_retry_bo_t	*retry;		/**< NULL, or how its connections are tried again */
	uint8_t			wakesuspend:1;	/**< 1: its time limits wake a suspended system */
} lws_seq_info_t;

/**
 * lws_seq_create() - make a sequencer
 *
 * \param info: how; it is used during the call only
 *
 * LWSSEQ_CREATED comes in the next turn of the event loop.
 *
 * Returns the sequencer, or NULL if there is no memory. It ends with its context if not before.
 *
 * Not in this configuration.
 */
LWS_VISIBLE LWS_EXTERN struct lws_sequencer *
lws_seq_create(lws_seq_info_t *info);

/**
 * lws_seq_destroy() - destroy a sequencer
 *
 * \param seq: points to it; set to NULL
 *
 * The callback gets LWSSEQ_DESTROYED; events that are still queued are dropped.
 *
 * Not in this configuration.
 */
LWS_VISIBLE LWS_EXTERN void
lws_seq_destroy(struct lws_sequencer **seq);

/**
 * lws_seq_queue_event() - queue an event
 *
 * \param seq: the sequencer
 * \param e: the event
 * \param data: passed to the callback; what it points to must live until then
 * \param aux: likewise
 *
 * Returns 0 or nonzero if there is no memory.
 *
 * Not in this configuration.
 */
LWS_VISIBLE LWS_EXTERN int
lws_seq_queue_event(struct lws_sequencer *seq, lws_seq_events_t e, void *data,
		    void *aux);

/**
 * lws_seq_check_wsi() - has a connection of a sequencer closed
 *
 * \param seq: the sequencer
 * \param wsi: the connection
 *
 * Returns 1 if a LWSSEQ_WSI_CONN_CLOSE about it is queued, else 0.
 *
 * Not in this configuration.
 */
LWS_VISIBLE LWS_EXTERN int
lws_seq_check_wsi(struct lws_sequencer *seq, struct lws *wsi);

/** For lws_seq_timeout_us(): no time limit. */
#define LWSSEQTO_NONE 0

/**
 * lws_seq_timeout_us() - limit the time of a step
 *
 * \param seq: the sequencer
 * \param us: after how many microseconds LWSSEQ_TIMED_OUT comes; LWSSEQTO_NONE or LWS_SET_TIMER_USEC_CANCEL: never. It
 *	replaces the limit set before
 *
 * Returns 0.
 *
 * Not in this configuration.
 */
LWS_VISIBLE LWS_EXTERN int
lws_seq_timeout_us(struct lws_sequencer *seq, lws_usec_t us);

/**
 * lws_seq_from_user() - the sequencer that memory belongs to
 *
 * \param u: the user of a callback
 *
 * Returns it.
 *
 * Not in this configuration.
 */
LWS_VISIBLE LWS_EXTERN struct lws_sequencer *
lws_seq_from_user(void *u);

/**
 * lws_seq_us_since_creation() - age of a sequencer, microseconds
 *
 * \param seq: the sequencer
 *
 * Returns it.
 *
 * Not in this configuration.
 */
LWS_VISIBLE LWS_EXTERN lws_usec_t
lws_seq_us_since_creation(struct lws_sequencer *seq);

/**
 * lws_seq_name() - name of a sequencer
 *
 * \param seq: the sequencer
 *
 * Returns it, as lws_seq_info_t had it.
 *
 * Not in this configuration.
 */
LWS_VISIBLE LWS_EXTERN const char *
lws_seq_name(struct lws_sequencer *seq);

/**
 * lws_seq_get_context() - context of a sequencer
 *
 * \param seq: the sequencer
 *
 * Returns it.
 *
 * Not in this configuration.
 */
LWS_VISIBLE LWS_EXTERN struct lws_context *
lws_seq_get_context(struct lws_sequencer *seq);
///@}

#endif
