/*
 * glib: GMainLoop, from version 2.36 on, which is the first with g_unix_fd_source_new().
 */
#include "event_loop.h"

static void *(*main_context_new)(void);
static void (*main_context_unref)(void *context);
static void *(*main_loop_new)(void *context, int is_running);
static void (*main_loop_unref)(void *loop);
static void (*main_loop_run)(void *loop);
static void (*main_loop_quit)(void *loop);
static void *(*main_loop_get_context)(void *loop);
static void *(*unix_fd_source_new)(int fd, int condition);
static void *(*unix_signal_source_new)(int signum);
static void (*source_set_callback)(void *source, int (*callback)(void *data), void *data, void (*notify)(void *data));
static unsigned int (*source_attach)(void *source, void *context);
static void (*source_destroy)(void *source);
static void (*source_unref)(void *source);

enum { G_IO_IN = 1 }; /* GIOCondition, the same as POLLIN */

static int load(void)
{
	static const char *const libraries[] = { "libglib-2.0.so.0", NULL };
	static const struct golws_loop_symbol symbols[] = {
		{ "g_main_context_new", (void **)&main_context_new },
		{ "g_main_context_unref", (void **)&main_context_unref },
		{ "g_main_loop_new", (void **)&main_loop_new },
		{ "g_main_loop_unref", (void **)&main_loop_unref },
		{ "g_main_loop_run", (void **)&main_loop_run },
		{ "g_main_loop_quit", (void **)&main_loop_quit },
		{ "g_main_loop_get_context", (void **)&main_loop_get_context },
		{ "g_unix_fd_source_new", (void **)&unix_fd_source_new },
		{ "g_unix_signal_source_new", (void **)&unix_signal_source_new },
		{ "g_source_set_callback", (void **)&source_set_callback },
		{ "g_source_attach", (void **)&source_attach },
		{ "g_source_destroy", (void **)&source_destroy },
		{ "g_source_unref", (void **)&source_unref },
		{ NULL, NULL },
	};

	return golws_loop_load("glib", libraries, symbols);
}

/*
 * The first one is that of the default main context, in which programs' other sources are. A main context is run by one
 * thread only, so further service threads get their own.
 */
static void *create(int tsi)
{
	void *context = tsi ? main_context_new() : NULL, *loop;

	loop = main_loop_new(context, 0);
	if (context)
		main_context_unref(context);
	return loop;
}

static void destroy(void *loop)
{
	main_loop_unref(loop);
}

/* GUnixFDSourceFunc. The source may be destroyed in here, then the result does not matter. */
static int on_readable(int fd, int condition, void *data)
{
	(void)fd;
	(void)condition;
	golws_loop_ready(data);
	return 1;
}

static int on_interrupt(void *data)
{
	struct golws_loop *l = data;

	golws_loop_signal(l, l->signals[0], golws_loop_signals[0]);
	return 1;
}

static int on_terminate(void *data)
{
	struct golws_loop *l = data;

	golws_loop_signal(l, l->signals[1], golws_loop_signals[1]);
	return 1;
}

/* Casts by way of a function without parameters are what glib's own G_SOURCE_FUNC does. */
#define SOURCE_FUNCTION(f) ((int (*)(void *))(void (*)(void))(f))

static int add(struct golws_loop *l, void **place, void *source, int (*callback)(void *data))
{
	if (!source)
		return -1;
	source_set_callback(source, callback, l, NULL);
	source_attach(source, main_loop_get_context(l->loop));
	*place = source;
	return 0;
}

static void remove_source(void **place)
{
	if (!*place)
		return;
	source_destroy(*place);
	source_unref(*place);
	*place = NULL;
}

static void detach(struct golws_loop *l)
{
	int i;

	remove_source(&l->watch);
	for (i = 0; i < 3; i++)
		remove_source(&l->signals[i]);
}

static int attach(struct golws_loop *l)
{
	if (add(l, &l->watch, unix_fd_source_new(l->descriptor, G_IO_IN), SOURCE_FUNCTION(on_readable)))
		return -1;
	if (golws_loop_has_signals(l) &&
	    (add(l, &l->signals[0], unix_signal_source_new(golws_loop_signals[0]), on_interrupt) ||
	     add(l, &l->signals[1], unix_signal_source_new(golws_loop_signals[1]), on_terminate))) {
		detach(l);
		return -1;
	}
	return 0;
}

static void run(void *loop)
{
	main_loop_run(loop);
}

static void stop(void *loop)
{
	main_loop_quit(loop);
}

const struct golws_loop_kind golws_loop_glib = {
	.name = "glib",
	.option = LWS_SERVER_OPTION_GLIB,
	.load = load,
	.create = create,
	.destroy = destroy,
	.attach = attach,
	.detach = detach,
	.run = run,
	.stop = stop,
};
