/*
 * Loops of other libraries that drive a context: libuv, libevent, libev, glib, sd-event.
 *
 * Such a loop watches one descriptor for each service thread, the one of lws_service_pollable_fd(). Its library is
 * looked up when a context asks for it, and nothing of it is needed when this library is built or loaded: what is used
 * of its interface is declared by hand in event_loop_<name>.c.
 */
#ifndef GOLWS_EVENT_LOOP_H
#define GOLWS_EVENT_LOOP_H

#include "private.h"

struct golws_loop;

struct golws_loop_kind {
	const char *name;
	uint64_t option; /* LWS_SERVER_OPTION_ */

	/* Finds the library's functions; nonzero where that fails, which it has logged. */
	int (*load)(void);

	/* A loop of this library's own for a service thread, and its end. It does not run then. */
	void *(*create)(int tsi);
	void (*destroy)(void *loop);

	/*
	 * Begins to watch golws_loop.descriptor, and, in a loop of our own, the signals that end it. Nonzero where that
	 * fails. The opposite may happen inside what the loop calls.
	 */
	int (*attach)(struct golws_loop *l);
	void (*detach)(struct golws_loop *l);

	/* Runs the loop until it is stopped; stops it, from inside of what it calls. */
	void (*run)(void *loop);
	void (*stop)(void *loop);

	/* Runs a loop of our own until the program's handles in it are closed; NULL where there is no such thing. */
	void (*drain)(struct golws_loop *l);
};

/* The loop that drives one service thread. It outlives its context while it runs. */
struct golws_loop {
	const struct golws_loop_kind *kind;
	struct golws_thread *thread; /* NULL: the context has gone */
	void *loop;		     /* the library's */
	int own;		     /* made by us */
	int program_runs;	     /* although it is ours, the program runs it by itself: nobody says when it has returned */
	int descriptor;
	int attached;
	int references;	     /* one is the context's, one that of lws_service() while the loop runs in it; atomic */
	int dispatching;     /* how many functions of ours it is calling just now */
	int handles;	     /* lws_libuv_static_refcount_add */
	void *watch;	     /* the kind's */
	void *signals[3];    /* the kind's, in a loop of our own */
};

extern const struct golws_loop_kind golws_loop_libuv, golws_loop_glib, golws_loop_libevent, golws_loop_libev,
	golws_loop_sdevent;

/* What ends a loop of our own where the program has no signal_cb; 0 at the end. */
extern const int golws_loop_signals[3];

/* Signals are watched by one loop of a context only, since several libraries stand no more. */
static inline int golws_loop_has_signals(const struct golws_loop *l)
{
	return l->own && !l->thread->tsi;
}

struct golws_loop_symbol {
	const char *name;
	void **place;
};

/*
 * Finds functions: in what the program has loaded already, so that it is the copy whose loops it hands over, else in
 * the first of the libraries that is there. Nonzero, and a line in the log, where that fails.
 */
int golws_loop_load(const char *name, const char *const *libraries, const struct golws_loop_symbol *symbols);

/* What the loop calls: the descriptor is readable; a signal has come. l may be gone afterwards. */
void golws_loop_ready(struct golws_loop *l);
void golws_loop_signal(struct golws_loop *l, void *handle, int number);

/* The loops of a context, as its options ask for: nonzero where they cannot be had. */
int golws_loops_usable(const struct lws_context_creation_info *info);
int golws_loops_create(struct lws_context *context, const struct lws_context_creation_info *info);
/* Watch no more. */
void golws_loops_detach(struct lws_context *context);
/* The context lets go of its loops. */
void golws_loops_free(struct lws_context *context);
void golws_loop_release(struct golws_loop *l);

/* Whether handles of the program keep the context from being freed, after a try to have them closed. */
int golws_loops_wait(struct lws_context *context);

#endif
