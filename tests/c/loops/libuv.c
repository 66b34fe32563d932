/* The program over libuv, and what the library has for programs that put handles of their own into its loop. */
#include <uv.h>

#include "check.h"
#include "loop_program.h"
#include "server.h"

#include <stdlib.h>

struct running {
	uv_loop_t *loop;
	void (*tick)(void *loop);
};

static void *create(void)
{
	uv_loop_t *loop = malloc(sizeof(*loop));

	REQUIRE(loop && !uv_loop_init(loop));
	return loop;
}

static void destroy(void *loop)
{
	/* what the library has closed goes in the loop's next round */
	uv_run(loop, UV_RUN_DEFAULT);
	CHECK_INT(uv_loop_close(loop), 0);
	free(loop);
}

static void on_tick(uv_timer_t *timer)
{
	struct running *running = timer->data;

	running->tick(running->loop);
}

static void run(void *loop, void (*tick)(void *loop))
{
	struct running running = { loop, tick };
	uv_timer_t timer;

	uv_timer_init(loop, &timer);
	timer.data = &running;
	uv_timer_start(&timer, on_tick, 0, 2);
	uv_run(loop, UV_RUN_DEFAULT);
	uv_close((uv_handle_t *)&timer, NULL);
	uv_run(loop, UV_RUN_NOWAIT);
}

static void stop(void *loop)
{
	uv_stop(loop);
}

static const struct loop_ops ops = {
	.name = "libuv",
	.option = LWS_SERVER_OPTION_LIBUV,
	.create = create,
	.destroy = destroy,
	.run = run,
	.stop = stop,
	.can_be_ours = 1,
	.has_signals = 1,
};

const struct loop_ops *loop_ops = &ops;

/* A protocol that has a timer in the loop, in memory that goes with the vhost. */

struct vhost_data {
	uv_timer_t timer;
	int ticks;
};

static struct lws_context *context;
static int beats, handle_closed;

static void on_beat(uv_timer_t *timer)
{
	(void)timer;
	/* a slow machine may call it several times in a row */
	if (++beats == 3)
		lws_context_destroy(context);
}

static void on_closed(uv_handle_t *handle)
{
	struct vhost_data *data = lws_container_of(handle, struct vhost_data, timer);

	/* the memory is there still */
	CHECK_INT(data->ticks, 42);
	handle_closed++;
	lws_libuv_static_refcount_del(handle);
}

static int on_event(struct lws *wsi, enum lws_callback_reasons reason, void *user, void *in, size_t length)
{
	struct vhost_data *data = lws_protocol_vh_priv_get(lws_get_vhost(wsi), lws_get_protocol(wsi));

	switch (reason) {
	case LWS_CALLBACK_PROTOCOL_INIT:
		data = lws_protocol_vh_priv_zalloc(lws_get_vhost(wsi), lws_get_protocol(wsi), sizeof(*data));
		data->ticks = 42;
		uv_timer_init(lws_uv_getloop(context, 0), &data->timer);
		lws_libuv_static_refcount_add((uv_handle_t *)&data->timer, context, 0);
		uv_timer_start(&data->timer, on_beat, 1, 1);
		break;
	case LWS_CALLBACK_PROTOCOL_DESTROY:
		if (data)
			uv_close((uv_handle_t *)&data->timer, on_closed);
		break;
	default:
		return lws_callback_http_dummy(wsi, reason, user, in, length);
	}

	return 0;
}

static const struct lws_protocols protocols[] = {
	{ .name = "timer", .callback = on_event },
	{ .name = NULL },
};

static void create_context(void *loop)
{
	struct lws_context_creation_info info;

	server_info(&info, protocols);
	info.options |= LWS_SERVER_OPTION_LIBUV;
	info.pcontext = &context;
	info.foreign_loops = loop ? &loop : NULL;
	REQUIRE(lws_create_context(&info) != NULL);
	if (loop)
		CHECK_PTR(lws_uv_getloop(context, 0), loop);
	else
		CHECK(lws_uv_getloop(context, 0) != NULL);
	CHECK_PTR(lws_uv_getloop(context, 1), NULL);
}

static void handles_of_the_program(void)
{
	void *loop = create();

	create_context(loop);
	uv_run(loop, UV_RUN_DEFAULT);
	CHECK(beats >= 3);
	CHECK_INT(handle_closed, 1);
	CHECK_PTR(context, NULL);
	destroy(loop);
}

static void handles_wait_for_the_loop(void)
{
	void *loop = create();

	create_context(loop);
	while (!beats)
		uv_run(loop, UV_RUN_ONCE);
	uv_timer_stop(lws_protocol_vh_priv_get(lws_get_vhost_by_name(context, "default"), protocols));
	lws_context_destroy(context);
	CHECK_INT(handle_closed, 0);
	CHECK(context != NULL);
	/* programs call it once more */
	lws_context_destroy(context);
	uv_run(loop, UV_RUN_DEFAULT);
	CHECK_INT(handle_closed, 1);
	CHECK_PTR(context, NULL);
	destroy(loop);
}

static void handles_in_a_loop_of_the_library(void)
{
	create_context(NULL);
	CHECK(lws_service(context, 0) < 0);
	CHECK(beats >= 3);
	CHECK_INT(handle_closed, 1);
	CHECK_PTR(context, NULL);
}

static void handles_in_a_loop_that_does_not_run(void)
{
	create_context(NULL);
	CHECK_INT(lws_service(context, -1), 0);
	lws_context_destroy(context);
	CHECK_INT(handle_closed, 1);
	CHECK_PTR(context, NULL);
}

/* As programs do that know the loop: they run it themselves. */
static void the_program_runs_the_librarys_loop(void)
{
	uv_loop_t *loop;

	create_context(NULL);
	loop = lws_uv_getloop(context, 0);
	/* destroyed in a callback of the program's own */
	uv_run(loop, UV_RUN_DEFAULT);
	CHECK(beats >= 3);
	CHECK_INT(handle_closed, 1);
	CHECK_PTR(context, NULL);
}

static void stop_loop(uv_timer_t *timer)
{
	uv_stop(timer->data);
}

/* Whoever stops the loop gets lws_service() to return; the context goes on with the next call. */
static void the_program_stops_the_librarys_loop(void)
{
	uv_timer_t timer;

	create_context(NULL);
	timer.data = lws_uv_getloop(context, 0);
	uv_timer_init(timer.data, &timer);
	uv_timer_start(&timer, stop_loop, 0, 0);
	CHECK_INT(lws_service(context, 0), 1);
	uv_close((uv_handle_t *)&timer, NULL);
	CHECK(context != NULL);
	CHECK(lws_service(context, 0) < 0);
	CHECK_PTR(context, NULL);
	CHECK_INT(handle_closed, 1);
}

TEST_MAIN(
	LOOP_CASES
	{ "handles of the program", handles_of_the_program },
	{ "handles wait for the loop", handles_wait_for_the_loop },
	{ "handles in a loop of the library", handles_in_a_loop_of_the_library },
	{ "handles in a loop that does not run", handles_in_a_loop_that_does_not_run },
	{ "the program runs the library's loop", the_program_runs_the_librarys_loop },
	{ "the program stops the library's loop", the_program_stops_the_librarys_loop },
)
