#ifndef GOLWS_LWS_THREADPOOL_H
#define GOLWS_LWS_THREADPOOL_H

/** \defgroup threadpool Work in other threads
 *
 * A pool has threads that do work for connections which would hold up the event loop. A piece of work is a task: a
 * function that is called again and again until it says that it is done, so that it can be stopped between two calls.
 * When the state of a task changes, its connection gets a WRITEABLE callback; there the program looks at it with
 * lws_threadpool_task_status(), which also frees a task that has ended.
 *
 * A task that makes data for the connection returns LWS_TP_RETURN_SYNC when its buffer is full, and waits; the
 * WRITEABLE callback sends the data and lets the task go on with lws_threadpool_task_sync().
 *
 * When the connection closes before the task has ended, the task is asked to stop and freed by itself.
 *
 * Threads: task functions run in threads of the pool, all other functions are called in the service thread.
 */
///@{

/** A pool of threads. */
struct lws_threadpool;
/** A task, from lws_threadpool_enqueue() until lws_threadpool_task_status() has told that it ended. */
struct lws_threadpool_task;

/** The state of a task. */
enum lws_threadpool_task_status {
	LWS_TP_STATUS_QUEUED,	/**< no thread has been free for it yet */
	LWS_TP_STATUS_RUNNING,	/**< its function is being called */
	LWS_TP_STATUS_SYNCING,	/**< it waits for lws_threadpool_task_sync() */
	LWS_TP_STATUS_STOPPING,	/**< it was asked to stop */
	LWS_TP_STATUS_FINISHED,	/**< it said that it is done */
	LWS_TP_STATUS_STOPPED,	/**< it was stopped before it was done */
};

/** What a task's function returns. */
enum lws_threadpool_task_return {
	LWS_TP_RETURN_CHECKING_IN,		/**< not done: call it again */
	LWS_TP_RETURN_SYNC,			/**< not done: call it again after lws_threadpool_task_sync() */
	LWS_TP_RETURN_FINISHED,			/**< done */
	LWS_TP_RETURN_STOPPED,			/**< it stops because it was asked to */

	LWS_TP_RETURN_FLAG_OUTLIVE = 64		/**< or-ed: it goes on although its connection is gone */
};

/** How to make a pool. */
struct lws_threadpool_create_args {
	int threads;		/**< how many threads */
	int max_queue_depth;	/**< how many tasks may wait for a thread */
};

/** What a task is. */
struct lws_threadpool_task_args {
#if defined(LWS_WITH_SECURE_STREAMS)
	struct lws_ss_handle *ss;	/**< the secure stream it works for, NULL if wsi is set */
#endif
	struct lws *wsi;		/**< the connection it works for, NULL if ss is set */

	void *user;			/**< passed to the functions */
	const char *name;		/**< a name for logs, or NULL */
	char async_task;		/**< 1: it goes on although its connection is gone */
	enum lws_threadpool_task_return (*task)(void *user,
						enum lws_threadpool_task_status s); /**< does some of the work; s is
						*   LWS_TP_STATUS_STOPPING when it shall stop. Called in a thread
						*   of the pool */
	void (*cleanup)(struct lws *wsi, void *user); /**< NULL, or frees user when the task is freed; wsi is NULL if
						*   the connection was gone before */
};

/**
 * lws_threadpool_create() - start a pool
 *
 * \param context: the context of the connections
 * \param args: how, copied
 * \param format: its name for logs, as for printf()
 *
 * Returns the pool, to be ended with lws_threadpool_finish() and lws_threadpool_destroy(); NULL if there is no
 * memory or a thread cannot be started.
 *
 * Not implemented yet.
 */
LWS_VISIBLE LWS_EXTERN struct lws_threadpool *
lws_threadpool_create(struct lws_context *context,
		      const struct lws_threadpool_create_args *args,
		      const char *format, ...) LWS_FORMAT(3);

/**
 * lws_threadpool_finish() - stop all tasks of a pool
 *
 * \param tp: the pool; it accepts no task any more
 *
 * Tasks that wait become LWS_TP_STATUS_STOPPED, those that run as soon as their function returns. It does not wait for
 * them.
 *
 * Not implemented yet.
 */
LWS_VISIBLE LWS_EXTERN void
lws_threadpool_finish(struct lws_threadpool *tp);

/**
 * lws_threadpool_destroy() - end a pool
 *
 * \param tp: the pool
 *
 * Waits for its threads, then frees it.
 *
 * Not implemented yet.
 */
LWS_VISIBLE LWS_EXTERN void
lws_threadpool_destroy(struct lws_threadpool *tp);

/**
 * lws_threadpool_enqueue() - give a task to a pool
 *
 * \param tp: the pool
 * \param args: the task, copied
 * \param format: its name for logs, as for printf()
 *
 * Returns the task, or NULL if the queue is full, the pool is being ended or there is no memory. It must be freed with
 * lws_threadpool_task_status() once it has ended.
 *
 * Not implemented yet.
 */
LWS_VISIBLE LWS_EXTERN struct lws_threadpool_task *
lws_threadpool_enqueue(struct lws_threadpool *tp,
		       const struct lws_threadpool_task_args *args,
		       const char *format, ...) LWS_FORMAT(3);

/**
 * lws_threadpool_dequeue() - stop the task of a connection
 *
 * \param wsi: the connection; where it has several tasks, the first
 *
 * As lws_threadpool_dequeue_task(), which says which task is meant.
 *
 * Not implemented yet.
 */
LWS_VISIBLE LWS_EXTERN int
lws_threadpool_dequeue(struct lws *wsi) LWS_WARN_DEPRECATED;

/**
 * lws_threadpool_dequeue_task() - stop a task
 *
 * \param task: the task
 *
 * It is not freed: lws_threadpool_task_status() does that when it is LWS_TP_STATUS_STOPPED.
 *
 * Returns 0 if it has ended, 1 if it was asked to stop.
 *
 * Not implemented yet.
 */
LWS_VISIBLE LWS_EXTERN int
lws_threadpool_dequeue_task(struct lws_threadpool_task *task);

/**
 * lws_threadpool_task_status_wsi() - state of the task of a connection
 *
 * \param wsi: the connection; where it has several tasks, the first
 * \param task: gets the task, NULL if there is none
 * \param user: gets user of the task
 *
 * As lws_threadpool_task_status(), which says which task is meant.
 *
 * Not implemented yet.
 */
LWS_VISIBLE LWS_EXTERN enum lws_threadpool_task_status
lws_threadpool_task_status_wsi(struct lws *wsi,
			       struct lws_threadpool_task **task, void **user)
				LWS_WARN_DEPRECATED;

/**
 * lws_threadpool_task_status() - state of a task; frees it if it has ended
 *
 * \param task: the task; if the result is LWS_TP_STATUS_FINISHED or LWS_TP_STATUS_STOPPED it does not exist any more
 * \param user: gets user of the task
 *
 * Returns the state.
 *
 * Not implemented yet.
 */
LWS_VISIBLE LWS_EXTERN enum lws_threadpool_task_status
lws_threadpool_task_status(struct lws_threadpool_task *task, void **user);

/**
 * lws_threadpool_task_status_noreap() - state of a task, which stays
 *
 * \param task: the task
 *
 * Returns the state.
 *
 * Not implemented yet.
 */
LWS_VISIBLE LWS_EXTERN enum lws_threadpool_task_status
lws_threadpool_task_status_noreap(struct lws_threadpool_task *task);

/**
 * lws_threadpool_task_sync() - let a task go on that waits
 *
 * \param task: the task, LWS_TP_STATUS_SYNCING
 * \param stop: 0: its function is called again; 1: it is asked to stop
 *
 * Not implemented yet.
 */
LWS_VISIBLE LWS_EXTERN void
lws_threadpool_task_sync(struct lws_threadpool_task *task, int stop);

/**
 * lws_threadpool_dump() - log the state of a pool and its tasks, for debugging
 *
 * \param tp: the pool
 *
 * Not implemented yet.
 */
LWS_VISIBLE LWS_EXTERN void
lws_threadpool_dump(struct lws_threadpool *tp);

/**
 * lws_threadpool_get_task_wsi() - the first task of a connection
 *
 * \param wsi: the connection
 *
 * Returns NULL if it has none.
 *
 * Not implemented yet.
 */
LWS_VISIBLE LWS_EXTERN struct lws_threadpool_task *
lws_threadpool_get_task_wsi(struct lws *wsi);

#if defined(LWS_WITH_SECURE_STREAMS)
/**
 * lws_threadpool_get_task_ss() - the first task of a secure stream
 *
 * \param ss: the secure stream
 *
 * Returns NULL if it has none.
 *
 * Not implemented yet.
 */
LWS_VISIBLE LWS_EXTERN struct lws_threadpool_task *
lws_threadpool_get_task_ss(struct lws_ss_handle *ss);
#endif

/**
 * lws_threadpool_foreach_task_wsi() - call a function for each task of a connection
 *
 * \param wsi: the connection
 * \param user: passed to the function
 * \param cb: the function; nonzero ends it
 *
 * Returns 0, or the result of the function that ended it. No task changes its state meanwhile, so the function must be
 * quick.
 *
 * Not implemented yet.
 */
LWS_VISIBLE LWS_EXTERN int
lws_threadpool_foreach_task_wsi(struct lws *wsi, void *user,
				int (*cb)(struct lws_threadpool_task *task,
					  void *user));

#if defined(LWS_WITH_SECURE_STREAMS)
/**
 * lws_threadpool_foreach_task_ss() - call a function for each task of a secure stream
 *
 * \param ss: the secure stream
 * \param user: passed to the function
 * \param cb: the function; nonzero ends it
 *
 * As lws_threadpool_foreach_task_wsi().
 *
 * Not implemented yet.
 */
LWS_VISIBLE LWS_EXTERN int
lws_threadpool_foreach_task_ss(struct lws_ss_handle *ss, void *user,
			       int (*cb)(struct lws_threadpool_task *task, void *user));
#endif
///@}

#endif
