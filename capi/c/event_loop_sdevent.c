/*
 * sd-event, systemd's loop: from libsystemd or one of the libraries that have it without systemd.
 */
#include "event_loop.h"

static int (*event_new)(void **event);
static void *(*event_unref)(void *event);
static int (*event_loop)(void *event);
static int (*event_exit)(void *event, int code);
static int (*add_io)(void *event, void **source, int fd, uint32_t events,
		     int (*callback)(void *source, int fd, uint32_t revents, void *data), void *data);
static int (*source_set_enabled)(void *source, int enabled);
static void *(*source_unref)(void *source);

static int load(void)
{
	static const char *const libraries[] = { "libsystemd.so.0", "libelogind.so.0", "libbasu.so.0", NULL };
	static const struct golws_loop_symbol symbols[] = {
		{ "sd_event_new", (void **)&event_new },
		{ "sd_event_unref", (void **)&event_unref },
		{ "sd_event_loop", (void **)&event_loop },
		{ "sd_event_exit", (void **)&event_exit },
		{ "sd_event_add_io", (void **)&add_io },
		{ "sd_event_source_set_enabled", (void **)&source_set_enabled },
		{ "sd_event_source_unref", (void **)&source_unref },
		{ NULL, NULL },
	};

	return golws_loop_load("sd-event", libraries, symbols);
}

static void *create(int tsi)
{
	void *loop = NULL;

	(void)tsi;
	return event_new(&loop) < 0 ? NULL : loop;
}

static void destroy(void *loop)
{
	event_unref(loop);
}

static int on_readable(void *source, int fd, uint32_t revents, void *data)
{
	(void)source;
	(void)fd;
	(void)revents;
	golws_loop_ready(data);
	return 0;
}

/* Its signals would have to be blocked in all threads of the program, so they are left to the program. */
static int attach(struct golws_loop *l)
{
	return add_io(l->loop, &l->watch, l->descriptor, EPOLLIN, on_readable, l) < 0 ? -1 : 0;
}

static void detach(struct golws_loop *l)
{
	if (!l->watch)
		return;
	/* The loop may hold a reference, in whose call this happens. */
	source_set_enabled(l->watch, 0);
	source_unref(l->watch);
	l->watch = NULL;
}

static void run(void *loop)
{
	event_loop(loop);
}

static void stop(void *loop)
{
	event_exit(loop, 0);
}

const struct golws_loop_kind golws_loop_sdevent = {
	.name = "sd-event",
	.option = LWS_SERVER_OPTION_SDEVENT,
	.load = load,
	.create = create,
	.destroy = destroy,
	.attach = attach,
	.detach = detach,
	.run = run,
	.stop = stop,
};
