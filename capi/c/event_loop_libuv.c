/*
 * libuv: https://docs.libuv.org, versions 1.x.
 *
 * Handles are closed by the loop, some time after uv_close(). So the memory of each is its own and freed by what is
 * called then: the context need not be there any more, and the program runs its loop once more before it closes it.
 */
#include "event_loop.h"

typedef void (*close_callback)(void *handle);

static int (*loop_init)(void *loop);
static int (*loop_close)(void *loop);
static size_t (*loop_size)(void);
static size_t (*handle_size)(int type);
static int (*loop_run)(void *loop, int mode);
static void (*loop_stop)(void *loop);
static void (*handle_close)(void *handle, close_callback callback);
static int (*poll_init)(void *loop, void *handle, int fd);
static int (*poll_start)(void *handle, int events, void (*callback)(void *handle, int status, int events));
static int (*signal_init)(void *loop, void *handle);
static int (*signal_start)(void *handle, void (*callback)(void *handle, int signum), int signum);

/* uv_handle_type, uv_poll_event and uv_run_mode */
enum { UV_POLL = 8, UV_SIGNAL = 16 };
enum { UV_READABLE = 1 };
enum { UV_RUN_DEFAULT = 0, UV_RUN_NOWAIT = 2 };

/* The member data is the first one of each handle. */
struct handle {
	void *data;
};

static int load(void)
{
	static const char *const libraries[] = { "libuv.so.1", NULL };
	static const struct golws_loop_symbol symbols[] = {
		{ "uv_loop_init", (void **)&loop_init },
		{ "uv_loop_close", (void **)&loop_close },
		{ "uv_loop_size", (void **)&loop_size },
		{ "uv_handle_size", (void **)&handle_size },
		{ "uv_run", (void **)&loop_run },
		{ "uv_stop", (void **)&loop_stop },
		{ "uv_close", (void **)&handle_close },
		{ "uv_poll_init", (void **)&poll_init },
		{ "uv_poll_start", (void **)&poll_start },
		{ "uv_signal_init", (void **)&signal_init },
		{ "uv_signal_start", (void **)&signal_start },
		{ NULL, NULL },
	};

	return golws_loop_load("libuv", libraries, symbols);
}

static void *create(int tsi)
{
	void *loop = calloc(1, loop_size());

	(void)tsi;
	if (loop && loop_init(loop)) {
		free(loop);
		return NULL;
	}
	return loop;
}

static void destroy(void *loop)
{
	int budget = 10000;

	/* What was closed goes, one round after the other. */
	while (loop_run(loop, UV_RUN_NOWAIT) && --budget)
		;
	if (loop_close(loop))
		lwsl_warn("libuv: the program has left handles in the loop that lws_uv_getloop() gave; it stays\n");
	else
		free(loop);
}

static void free_handle(void *handle)
{
	free(handle);
}

static void close_handle(void **handle)
{
	if (!*handle)
		return;
	((struct handle *)*handle)->data = NULL;
	handle_close(*handle, free_handle);
	*handle = NULL;
}

static void on_readable(void *handle, int status, int events)
{
	struct golws_loop *l = ((struct handle *)handle)->data;

	(void)status;
	(void)events;
	if (l)
		golws_loop_ready(l);
}

static void on_signal(void *handle, int number)
{
	struct golws_loop *l = ((struct handle *)handle)->data;

	if (l)
		golws_loop_signal(l, handle, number);
}

static int watch_signals(struct golws_loop *l)
{
	int i;

	for (i = 0; golws_loop_signals[i]; i++) {
		void *handle = calloc(1, handle_size(UV_SIGNAL));

		if (!handle || signal_init(l->loop, handle)) {
			free(handle);
			return -1;
		}
		l->signals[i] = handle;
		((struct handle *)handle)->data = l;
		if (signal_start(handle, on_signal, golws_loop_signals[i]))
			return -1;
	}
	return 0;
}

static void detach(struct golws_loop *l)
{
	int i;

	close_handle(&l->watch);
	for (i = 0; i < 3; i++)
		close_handle(&l->signals[i]);
}

static int attach(struct golws_loop *l)
{
	void *handle = calloc(1, handle_size(UV_POLL));

	if (!handle || poll_init(l->loop, handle, l->descriptor)) {
		free(handle);
		return -1;
	}
	l->watch = handle;
	((struct handle *)handle)->data = l;
	if (poll_start(handle, UV_READABLE, on_readable) || (golws_loop_has_signals(l) && watch_signals(l))) {
		detach(l);
		return -1;
	}
	return 0;
}

static void run(void *loop)
{
	loop_run(loop, UV_RUN_DEFAULT);
}

static void stop(void *loop)
{
	loop_stop(loop);
}

static void drain(struct golws_loop *l)
{
	int budget = 10000;

	while (l->handles && --budget)
		loop_run(l->loop, UV_RUN_NOWAIT);
}

const struct golws_loop_kind golws_loop_libuv = {
	.name = "libuv",
	.option = LWS_SERVER_OPTION_LIBUV,
	.load = load,
	.create = create,
	.destroy = destroy,
	.attach = attach,
	.detach = detach,
	.run = run,
	.stop = stop,
	.drain = drain,
};

static struct golws_loop *loop_of(struct lws_context *context, int tsi, const char *function)
{
	struct golws_loop *l = NULL;

	if (!golws_context_valid(context, function))
		return NULL;
	if (tsi >= 0 && tsi < context->count_threads)
		l = context->threads[tsi]->loop;
	return l && l->kind == &golws_loop_libuv ? l : NULL;
}

uv_loop_t *lws_uv_getloop(struct lws_context *context, int tsi)
{
	struct golws_loop *l = loop_of(context, tsi, __func__);

	return l ? l->loop : NULL;
}

void lws_libuv_static_refcount_add(uv_handle_t *handle, struct lws_context *context, int tsi)
{
	struct golws_loop *l = loop_of(context, tsi, __func__);

	if (!l || !handle) {
		lwsl_err("%s: %s %d\n", __func__, handle ? "the context has no libuv loop for service thread" :
			 "handle is NULL, service thread", tsi);
		return;
	}
	((struct handle *)handle)->data = l;
	golws_thread_lock(l->thread);
	l->handles++;
	golws_thread_unlock(l->thread);
}

void lws_libuv_static_refcount_del(uv_handle_t *handle)
{
	struct golws_loop *l;
	struct golws_thread *thread;
	int last;

	if (!handle)
		return;
	l = ((struct handle *)handle)->data;
	((struct handle *)handle)->data = NULL;
	if (!l)
		return;
	thread = l->thread;
	golws_thread_lock(thread);
	last = !--l->handles && thread->context->lingering;
	golws_thread_unlock(thread);
	if (last)
		golws_context_gone(thread->context);
}
