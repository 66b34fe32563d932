#include "loop_program.h"

#include "check.h"
#include "client.h"
#include "server.h"

#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <unistd.h>

enum { MESSAGES = 50 };

static struct lws_context *context;
static int port;
static atomic_int initialised, ended, echoed, timed, fired, refused, client_closed, server_closed, waits_cancelled, ticks;
static lws_sorted_usec_list_t sul;
static void (*when_done)(void);
static int ticks_left;

struct session {
	int sent;
	int pending;
};

struct lws_context **loop_program_context(void)
{
	return &context;
}

static void reset(void)
{
	initialised = ended = echoed = timed = fired = refused = client_closed = server_closed = waits_cancelled = ticks = 0;
	memset(&sul, 0, sizeof(sul));
	when_done = NULL;
	ticks_left = 0;
}

static void on_sul(lws_sorted_usec_list_t *s)
{
	(void)s;
	fired++;
	lws_cancel_service(context);
}

static void connect_client(int to, const char *protocol)
{
	struct lws_client_connect_info info = {
		.context = context,
		.address = "127.0.0.1",
		.host = "127.0.0.1",
		.path = "/",
		.port = to,
		.protocol = protocol,
		.local_protocol_name = protocol,
	};

	if (!lws_client_connect_via_info(&info))
		refused++;
}

static int on_event(struct lws *wsi, enum lws_callback_reasons reason, void *user, void *in, size_t length)
{
	struct session *session = user;
	unsigned char message[LWS_PRE + 8];

	if (loop_program_callback)
		loop_program_callback(wsi, reason, in);
	switch (reason) {
	case LWS_CALLBACK_PROTOCOL_INIT:
		initialised++;
		/* a client that is made in the first turn, one that finds nobody, and a timer */
		connect_client(port, "program");
		connect_client(1, "program");
		lws_sul_schedule(context, 0, &sul, on_sul, 20000);
		break;
	case LWS_CALLBACK_PROTOCOL_DESTROY:
		ended++;
		break;
	case LWS_CALLBACK_CLIENT_ESTABLISHED:
		lws_callback_on_writable(wsi);
		break;
	case LWS_CALLBACK_CLIENT_WRITEABLE:
		session->sent++;
		memcpy(message + LWS_PRE, "message", 7);
		REQUIRE_INT(lws_write(wsi, message + LWS_PRE, 7, LWS_WRITE_TEXT), 7);
		break;
	case LWS_CALLBACK_RECEIVE:
		CHECK_MEM(in, length, "message", 7);
		session->pending++;
		lws_callback_on_writable(wsi);
		break;
	case LWS_CALLBACK_SERVER_WRITEABLE:
		for (; session->pending; session->pending--) {
			memcpy(message + LWS_PRE, "message", 7);
			REQUIRE_INT(lws_write(wsi, message + LWS_PRE, 7, LWS_WRITE_TEXT), 7);
		}
		break;
	case LWS_CALLBACK_CLIENT_RECEIVE:
		echoed++;
		if (session->sent < MESSAGES)
			lws_callback_on_writable(wsi);
		else
			lws_set_timer_usecs(wsi, 10000);
		break;
	case LWS_CALLBACK_TIMER:
		timed++;
		return -1; /* closes */
	case LWS_CALLBACK_CLIENT_CLOSED:
		client_closed++;
		lws_cancel_service(context);
		break;
	case LWS_CALLBACK_CLOSED:
		server_closed++;
		lws_cancel_service(context);
		break;
	case LWS_CALLBACK_CLIENT_CONNECTION_ERROR:
		refused++;
		lws_cancel_service(context);
		break;
	case LWS_CALLBACK_EVENT_WAIT_CANCELLED:
		waits_cancelled++;
		if (when_done && echoed >= MESSAGES && timed && fired && refused && client_closed && server_closed) {
			void (*done)(void) = when_done;

			when_done = NULL;
			done();
		}
		break;
	default:
		return lws_callback_http_dummy(wsi, reason, user, in, length);
	}

	return 0;
}

static const struct lws_protocols protocols[] = {
	{ .name = "program", .callback = on_event, .per_session_data_size = sizeof(struct session), .rx_buffer_size = 64 },
	{ .name = NULL },
};

static void on_signal(void *handle, int number)
{
	(void)handle;
	CHECK_INT(number, SIGINT);
	lws_context_destroy(context);
}

static void create_with(void *loop, int threads, void (*signal_cb)(void *handle, int number))
{
	struct lws_context_creation_info info;
	void *loops[4] = { loop };

	server_info(&info, protocols);
	info.options |= loop_ops->option;
	info.pcontext = &context;
	info.count_threads = (unsigned int)threads;
	info.signal_cb = signal_cb;
	if (loop && !loop_ops->no_foreign_loops)
		info.foreign_loops = loops;
	REQUIRE(lws_create_context(&info) != NULL);
	REQUIRE(context != NULL);
	port = lws_get_vhost_listen_port(lws_get_vhost_by_name(context, "default"));
}

static void create(void *loop)
{
	create_with(loop, 1, NULL);
}

static void check_all_happened(void)
{
	CHECK_INT(initialised, 1);
	CHECK_INT(echoed, MESSAGES);
	CHECK_INT(timed, 1);
	CHECK_INT(fired, 1);
	CHECK_INT(refused, 1);
	CHECK_INT(client_closed, 1);
	CHECK_INT(server_closed, 1);
	CHECK(waits_cancelled >= 1);
}

/* The program's own timer in its own loop */

static void tick_until_done(void *loop)
{
	ticks++;
	if (echoed >= MESSAGES && timed && fired && refused && client_closed && server_closed && waits_cancelled)
		loop_ops->stop(loop);
}

static void tick_then_destroy(void *loop)
{
	ticks++;
	if (!context && !--ticks_left)
		loop_ops->stop(loop);
	if (context && echoed >= MESSAGES && timed && fired && refused && client_closed && server_closed) {
		lws_context_destroy(context);
		CHECK(context == NULL);
		CHECK_INT(ended, 1);
		ticks_left = 5;
	}
}

static void tick_five_times(void *loop)
{
	ticks++;
	if (!--ticks_left)
		loop_ops->stop(loop);
}

static void tick_after_the_end(void *loop)
{
	ticks++;
	if (!context)
		loop_ops->stop(loop);
}

static void need_own_loop(void)
{
	if (!loop_ops->create)
		test_skip("the program has no such loop");
}

void loop_echo_timer_close(void)
{
	void *loop;

	need_own_loop();
	loop = loop_ops->create();
	create(loop);
	loop_ops->run(loop, tick_until_done);
	check_all_happened();
	lws_context_destroy(context);
	CHECK(context == NULL);
	CHECK_INT(ended, 1);
	lws_context_destroy(context);
	loop_ops->destroy(loop);
}

void loop_goes_on_after_the_context(void)
{
	void *loop;
	int before;

	need_own_loop();
	loop = loop_ops->create();
	create(loop);
	loop_ops->run(loop, tick_then_destroy);
	check_all_happened();
	before = ticks;
	ticks_left = 5;
	loop_ops->run(loop, tick_five_times);
	CHECK(ticks >= before + 5);
	loop_ops->destroy(loop);
}

static void destroy_context(void)
{
	lws_context_destroy(context);
	CHECK(context != NULL);
	CHECK_INT(lws_context_is_being_destroyed(context), 1);
}

void loop_destroy_in_a_callback(void)
{
	void *loop;

	need_own_loop();
	loop = loop_ops->create();
	create(loop);
	when_done = destroy_context;
	loop_ops->run(loop, tick_after_the_end);
	check_all_happened();
	CHECK(context == NULL);
	CHECK_INT(ended, 1);
	loop_ops->destroy(loop);
}

void loop_destroy_before_it_runs(void)
{
	void *loop;

	need_own_loop();
	loop = loop_ops->create();
	create(loop);
	lws_context_destroy(context);
	CHECK(context == NULL);
	CHECK_INT(initialised, 0);
	ticks_left = 2;
	loop_ops->run(loop, tick_five_times);
	loop_ops->destroy(loop);
}

void loop_second_context_on_the_same_loop(void)
{
	void *loop;

	need_own_loop();
	loop = loop_ops->create();
	for (int i = 0; i < 3; i++) {
		reset();
		create(loop);
		loop_ops->run(loop, tick_then_destroy);
		check_all_happened();
	}
	loop_ops->destroy(loop);
}

static void need_loop_of_the_library(void)
{
	if (!loop_ops->can_be_ours)
		test_skip("the library makes no such loop");
}

void loop_of_the_library(void)
{
	need_loop_of_the_library();
	create(NULL);
	when_done = destroy_context;
	CHECK(lws_service(context, 0) < 0);
	check_all_happened();
	CHECK(context == NULL);
	CHECK_INT(ended, 1);
	lws_context_destroy(context);
}

static void interrupt_this(void)
{
	kill(getpid(), SIGINT);
}

void loop_of_the_library_signal(void)
{
	need_loop_of_the_library();
	if (!loop_ops->has_signals)
		test_skip("signals are the program's there");
	create(NULL);
	when_done = interrupt_this;
	CHECK(lws_service(context, 0) < 0);
	check_all_happened();
	CHECK(context == NULL);
}

void loop_of_the_library_signal_callback(void)
{
	need_loop_of_the_library();
	if (!loop_ops->has_signals)
		test_skip("signals are the program's there");
	create_with(NULL, 1, on_signal);
	when_done = interrupt_this;
	CHECK(lws_service(context, 0) < 0);
	check_all_happened();
	CHECK(context == NULL);
}

static void *serve_until_cancelled(void *argument)
{
	while (lws_service(argument, 0) >= 0)
		;
	return NULL;
}

/* It waits in the other library then. */
void loop_of_the_library_cancelled(void)
{
	void *result = NULL;
	pthread_t thread;

	need_loop_of_the_library();
	if (!strcmp(loop_ops->name, "glib"))
		test_skip("glib reads and writes with its lock held, with which the thread may be cancelled");
	create(NULL);
	REQUIRE_INT(pthread_create(&thread, NULL, serve_until_cancelled, context), 0);
	WAIT_FOR(initialised == 1);
	test_sleep_ms(20);
	REQUIRE_INT(pthread_cancel(thread), 0);
	REQUIRE_INT(pthread_join(thread, &result), 0);
	CHECK(result == PTHREAD_CANCELED);
	/* would wait for the thread for ever */
	lws_context_destroy(context);
	CHECK(context == NULL);
}

void loop_of_the_library_never_run(void)
{
	need_loop_of_the_library();
	for (int i = 0; i < 3; i++) {
		create(NULL);
		lws_context_destroy(context);
		CHECK(context == NULL);
	}
	create(NULL);
	/* a turn is possible without the loop */
	CHECK_INT(lws_service(context, -1), 0);
	CHECK_INT(initialised, 1);
	lws_context_destroy(context);
}

static void *service(void *tsi)
{
	int result = lws_service_tsi(context, 0, (int)(intptr_t)tsi);

	CHECK(result < 0);
	return NULL;
}

void loop_threads(void)
{
	pthread_t threads[3];
	struct client clients[30];

	need_loop_of_the_library();
	create_with(NULL, 3, NULL);
	for (int i = 0; i < 3; i++)
		REQUIRE_INT(pthread_create(&threads[i], NULL, service, (void *)(intptr_t)i), 0);
	for (int i = 0; i < 30; i++)
		client_ws(&clients[i], port, "/", "program");
	for (int i = 0; i < 30; i++) {
		struct client_frame frame;

		client_ws_send(&clients[i], FRAME_FIN | FRAME_TEXT, "message", 7);
		client_ws_message(&clients[i], &frame);
		CHECK_MEM(frame.payload, frame.length, "message", 7);
		client_frame_free(&frame);
	}
	lws_context_destroy(context);
	for (int i = 0; i < 3; i++)
		pthread_join(threads[i], NULL);
	for (int i = 0; i < 30; i++) {
		client_drain(&clients[i]);
		client_close(&clients[i]);
	}
	CHECK(context == NULL);
	CHECK_INT(ended, 1);
}
