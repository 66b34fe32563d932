/* The program over glib's main loop. */
#include <glib.h>

#include "check.h"
#include "loop_program.h"

struct running {
	GMainLoop *loop;
	void (*tick)(void *loop);
};

/* A main context of its own, as a thread that is not the user interface's has one. */
static void *create(void)
{
	GMainContext *context = g_main_context_new();
	GMainLoop *loop = g_main_loop_new(context, FALSE);

	g_main_context_unref(context);
	return loop;
}

static void destroy(void *loop)
{
	/* nothing is left to be dispatched */
	CHECK(!g_main_context_iteration(g_main_loop_get_context(loop), FALSE));
	g_main_loop_unref(loop);
}

static gboolean on_tick(gpointer data)
{
	struct running *running = data;

	running->tick(running->loop);
	return G_SOURCE_CONTINUE;
}

static void run(void *loop, void (*tick)(void *loop))
{
	struct running running = { loop, tick };
	GSource *timer = g_timeout_source_new(2);

	g_source_set_callback(timer, on_tick, &running, NULL);
	g_source_attach(timer, g_main_loop_get_context(loop));
	g_main_loop_run(loop);
	g_source_destroy(timer);
	g_source_unref(timer);
}

static void stop(void *loop)
{
	g_main_loop_quit(loop);
}

static const struct loop_ops ops = {
	.name = "glib",
	.option = LWS_SERVER_OPTION_GLIB,
	.create = create,
	.destroy = destroy,
	.run = run,
	.stop = stop,
	.can_be_ours = 1,
	.has_signals = 1,
};

const struct loop_ops *loop_ops = &ops;

TEST_MAIN(LOOP_CASES)
