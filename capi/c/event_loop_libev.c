/*
 * libev 4. Its watchers are structs that the caller fills in; their layout here is that of the usual build of it, which
 * all distributions have: EV_MULTIPLICITY, EV_COMMON a pointer, several priorities. A test compares it with ev.h.
 */
#include "event_loop.h"

struct watcher {
	int active;
	int pending;
	int priority;
	void *data;
	void (*callback)(void *loop, struct watcher *watcher, int events);
	struct watcher *next;
	int number; /* descriptor or signal */
	int events; /* of a descriptor */
};

static void *(*loop_new)(unsigned int flags);
static void (*loop_destroy)(void *loop);
static int (*loop_run)(void *loop, int flags);
static void (*loop_break)(void *loop, int how);
static void (*io_start)(void *loop, struct watcher *watcher);
static void (*io_stop)(void *loop, struct watcher *watcher);
static void (*signal_start)(void *loop, struct watcher *watcher);
static void (*signal_stop)(void *loop, struct watcher *watcher);

enum { EV_READ = 0x01, EV__IOFDSET = 0x80, EVBREAK_ALL = 2 };

static int load(void)
{
	static const char *const libraries[] = { "libev.so.4", NULL };
	static const struct golws_loop_symbol symbols[] = {
		{ "ev_loop_new", (void **)&loop_new },
		{ "ev_loop_destroy", (void **)&loop_destroy },
		{ "ev_run", (void **)&loop_run },
		{ "ev_break", (void **)&loop_break },
		{ "ev_io_start", (void **)&io_start },
		{ "ev_io_stop", (void **)&io_stop },
		{ "ev_signal_start", (void **)&signal_start },
		{ "ev_signal_stop", (void **)&signal_stop },
		{ NULL, NULL },
	};

	return golws_loop_load("libev", libraries, symbols);
}

static void *create(int tsi)
{
	(void)tsi;
	return loop_new(0);
}

static void destroy(void *loop)
{
	loop_destroy(loop);
}

static void on_readable(void *loop, struct watcher *watcher, int events)
{
	(void)loop;
	(void)events;
	golws_loop_ready(watcher->data);
}

static void on_signal(void *loop, struct watcher *watcher, int events)
{
	(void)loop;
	(void)events;
	golws_loop_signal(watcher->data, watcher, watcher->number);
}

/* A watcher that was stopped is no more looked at, also where its callback is under way. */
static void detach(struct golws_loop *l)
{
	int i;

	if (l->watch)
		io_stop(l->loop, l->watch);
	free(l->watch);
	l->watch = NULL;
	for (i = 0; i < 3; i++) {
		if (l->signals[i])
			signal_stop(l->loop, l->signals[i]);
		free(l->signals[i]);
		l->signals[i] = NULL;
	}
}

static struct watcher *new_watcher(struct golws_loop *l, int number, int events,
				   void (*callback)(void *loop, struct watcher *watcher, int events))
{
	struct watcher *watcher = calloc(1, sizeof(*watcher));

	if (watcher) {
		watcher->data = l;
		watcher->callback = callback;
		watcher->number = number;
		watcher->events = events;
	}
	return watcher;
}

static int attach(struct golws_loop *l)
{
	int i;

	l->watch = new_watcher(l, l->descriptor, EV_READ | EV__IOFDSET, on_readable);
	if (!l->watch)
		return -1;
	io_start(l->loop, l->watch);
	for (i = 0; golws_loop_has_signals(l) && golws_loop_signals[i]; i++) {
		l->signals[i] = new_watcher(l, golws_loop_signals[i], 0, on_signal);
		if (!l->signals[i]) {
			detach(l);
			return -1;
		}
		signal_start(l->loop, l->signals[i]);
	}
	return 0;
}

static void run(void *loop)
{
	loop_run(loop, 0);
}

static void stop(void *loop)
{
	loop_break(loop, EVBREAK_ALL);
}

const struct golws_loop_kind golws_loop_libev = {
	.name = "libev",
	.option = LWS_SERVER_OPTION_LIBEV,
	.load = load,
	.create = create,
	.destroy = destroy,
	.attach = attach,
	.detach = detach,
	.run = run,
	.stop = stop,
};
