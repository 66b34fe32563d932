/* The program over libev, and the layout of its watchers, which the library has to know. */
#include <ev.h>

#include "check.h"
#include "loop_program.h"

#include <stddef.h>

struct running {
	struct ev_loop *loop;
	void (*tick)(void *loop);
};

static void *create(void)
{
	return ev_loop_new(0);
}

static void destroy(void *loop)
{
	CHECK_INT(ev_pending_count(loop), 0);
	/* returns at once where nothing is watched any more */
	CHECK_INT(ev_run(loop, EVRUN_NOWAIT), 0);
	ev_loop_destroy(loop);
}

static void on_tick(struct ev_loop *loop, ev_timer *timer, int events)
{
	struct running *running = timer->data;

	(void)events;
	running->tick(loop);
}

static void run(void *loop, void (*tick)(void *loop))
{
	struct running running = { loop, tick };
	ev_timer timer;

	ev_timer_init(&timer, on_tick, 0.002, 0.002);
	timer.data = &running;
	ev_timer_start(loop, &timer);
	ev_run(loop, 0);
	ev_timer_stop(loop, &timer);
}

static void stop(void *loop)
{
	ev_break(loop, EVBREAK_ALL);
}

static const struct loop_ops ops = {
	.name = "libev",
	.option = LWS_SERVER_OPTION_LIBEV,
	.create = create,
	.destroy = destroy,
	.run = run,
	.stop = stop,
	.can_be_ours = 1,
	.has_signals = 1,
};

const struct loop_ops *loop_ops = &ops;

/* struct watcher in capi/c/event_loop_libev.c */
struct watcher {
	int active;
	int pending;
	int priority;
	void *data;
	void (*callback)(void *loop, struct watcher *watcher, int events);
	struct watcher *next;
	int number;
	int events;
};

static void layout(void)
{
	ev_io io;

	CHECK_INT(sizeof(struct ev_io), sizeof(struct watcher));
	CHECK_INT(offsetof(struct ev_io, active), offsetof(struct watcher, active));
	CHECK_INT(offsetof(struct ev_io, pending), offsetof(struct watcher, pending));
	CHECK_INT(offsetof(struct ev_io, priority), offsetof(struct watcher, priority));
	CHECK_INT(offsetof(struct ev_io, data), offsetof(struct watcher, data));
	CHECK_INT(offsetof(struct ev_io, cb), offsetof(struct watcher, callback));
	CHECK_INT(offsetof(struct ev_io, fd), offsetof(struct watcher, number));
	CHECK_INT(offsetof(struct ev_io, events), offsetof(struct watcher, events));
	CHECK_INT(offsetof(struct ev_signal, signum), offsetof(struct watcher, number));
	CHECK(sizeof(struct ev_signal) <= sizeof(struct watcher));
	ev_io_set(&io, 1, EV_READ);
	CHECK_INT(io.events, 0x81);
	CHECK_INT(EVBREAK_ALL, 2);
}

TEST_MAIN(
	LOOP_CASES
	{ "layout", layout },
)
