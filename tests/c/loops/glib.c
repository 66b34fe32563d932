/* The program over glib's main loop. */
#include <glib.h>

#include "check.h"
#include "loop_program.h"

#include <sys/wait.h>
#include <unistd.h>

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

static int told;

static void note(int level, const char *line)
{
	if (level == LLL_ERR && strstr(line, "forked"))
		told++;
}

/* A child that runs on with its parent's loop does nothing with the context, and the parent goes on. */
static void a_forked_child(void)
{
	void *loops[1] = { create() };
	struct lws_context_creation_info info;
	struct lws_context *context;
	int status = -1;
	pid_t child;

	memset(&info, 0, sizeof(info));
	info.port = CONTEXT_PORT_NO_LISTEN;
	info.options = LWS_SERVER_OPTION_GLIB;
	info.foreign_loops = loops;
	context = lws_create_context(&info);
	REQUIRE(context != NULL);
	lws_set_log_level(LLL_ERR, note);
	child = fork();
	REQUIRE(child >= 0);
	if (!child) {
		/* the first turn is due, so its descriptor is readable */
		for (int i = 0; i < 5; i++)
			g_main_context_iteration(g_main_loop_get_context(loops[0]), FALSE);
		_exit(told == 1 ? 0 : 1);
	}
	REQUIRE(waitpid(child, &status, 0) == child);
	CHECK_INT(status, 0);
	CHECK(g_main_context_iteration(g_main_loop_get_context(loops[0]), TRUE));
	lws_context_destroy(context);
	destroy(loops[0]);
}

TEST_MAIN(
	LOOP_CASES
	{ "a forked child", a_forked_child },
)
