/*
 * libevent, from version 2.0 on.
 */
#include "event_loop.h"

typedef void (*event_callback)(int fd, short what, void *argument);

static void *(*base_new)(void);
static void (*base_free)(void *base);
static int (*base_dispatch)(void *base);
static int (*base_loopbreak)(void *base);
static void *(*new_event)(void *base, int fd, short what, event_callback callback, void *argument);
static int (*add_event)(void *event, const void *timeout);
static void (*free_event)(void *event);

enum { EV_READ = 0x02, EV_SIGNAL = 0x08, EV_PERSIST = 0x10 };

static int load(void)
{
	static const char *const libraries[] = {
		"libevent_core-2.1.so.7", "libevent-2.1.so.7", "libevent_core-2.1.so.6", "libevent-2.1.so.6",
		"libevent-2.0.so.5", NULL,
	};
	static const struct golws_loop_symbol symbols[] = {
		{ "event_base_new", (void **)&base_new },
		{ "event_base_free", (void **)&base_free },
		{ "event_base_dispatch", (void **)&base_dispatch },
		{ "event_base_loopbreak", (void **)&base_loopbreak },
		{ "event_new", (void **)&new_event },
		{ "event_add", (void **)&add_event },
		{ "event_free", (void **)&free_event },
		{ NULL, NULL },
	};

	return golws_loop_load("libevent", libraries, symbols);
}

static void *create(int tsi)
{
	(void)tsi;
	return base_new();
}

static void destroy(void *loop)
{
	base_free(loop);
}

static void on_readable(int fd, short what, void *argument)
{
	(void)fd;
	(void)what;
	golws_loop_ready(argument);
}

static void on_signal(int number, short what, void *argument)
{
	(void)what;
	golws_loop_signal(argument, (void *)(intptr_t)number, number);
}

static void remove_event(void **event)
{
	if (*event)
		free_event(*event);
	*event = NULL;
}

static void detach(struct golws_loop *l)
{
	int i;

	remove_event(&l->watch);
	for (i = 0; i < 3; i++)
		remove_event(&l->signals[i]);
}

static int add(struct golws_loop *l, void **place, int fd, short what, event_callback callback)
{
	*place = new_event(l->loop, fd, what, callback, l);
	return *place ? add_event(*place, NULL) : -1;
}

static int attach(struct golws_loop *l)
{
	int i, failed = add(l, &l->watch, l->descriptor, EV_READ | EV_PERSIST, on_readable);

	for (i = 0; !failed && golws_loop_has_signals(l) && golws_loop_signals[i]; i++)
		failed = add(l, &l->signals[i], golws_loop_signals[i], EV_SIGNAL | EV_PERSIST, on_signal);
	if (failed)
		detach(l);
	return failed;
}

static void run(void *loop)
{
	base_dispatch(loop);
}

static void stop(void *loop)
{
	base_loopbreak(loop);
}

const struct golws_loop_kind golws_loop_libevent = {
	.name = "libevent",
	.option = LWS_SERVER_OPTION_LIBEVENT,
	.load = load,
	.create = create,
	.destroy = destroy,
	.attach = attach,
	.detach = detach,
	.run = run,
	.stop = stop,
};
