/* The program over libevent. */
#include <event2/event.h>

#include "check.h"
#include "loop_program.h"

struct running {
	struct event_base *base;
	void (*tick)(void *loop);
};

static void *create(void)
{
	return event_base_new();
}

static int count(const struct event_base *base, const struct event *event, void *n)
{
	(void)base;
	(void)event;
	++*(int *)n;
	return 0;
}

static void destroy(void *loop)
{
	int n = 0;

	event_base_foreach_event(loop, count, &n);
	CHECK_INT(n, 0);
	event_base_free(loop);
}

static void on_tick(evutil_socket_t fd, short what, void *data)
{
	struct running *running = data;

	(void)fd;
	(void)what;
	running->tick(running->base);
}

static void run(void *loop, void (*tick)(void *loop))
{
	struct running running = { loop, tick };
	struct timeval interval = { .tv_usec = 2000 };
	struct event *timer = event_new(loop, -1, EV_PERSIST, on_tick, &running);

	event_add(timer, &interval);
	event_base_dispatch(loop);
	event_free(timer);
}

static void stop(void *loop)
{
	event_base_loopbreak(loop);
}

static const struct loop_ops ops = {
	.name = "libevent",
	.option = LWS_SERVER_OPTION_LIBEVENT,
	.create = create,
	.destroy = destroy,
	.run = run,
	.stop = stop,
	.can_be_ours = 1,
	.has_signals = 1,
};

const struct loop_ops *loop_ops = &ops;

/* It checks what it is given. */
static void debug_mode(void)
{
	event_enable_debug_mode();
	loop_echo_timer_close();
}

TEST_MAIN(
	LOOP_CASES
	{ "debug mode", debug_mode },
)
