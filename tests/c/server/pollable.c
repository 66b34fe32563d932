/*
 * lws_service_pollable_fd(): a program's own loop, which polls this one descriptor and services without waiting. The
 * loop never has a timeout, so whatever does not make the descriptor readable hangs the case; and it counts its turns,
 * so that a descriptor that stays readable without anything to do is found out.
 */
#include "check.h"
#include "client.h"
#include "server.h"

#include <poll.h>
#include <pthread.h>
#include <stdlib.h>

struct loop {
	struct lws_context *context;
	int fd, port;
	pthread_t thread;
	atomic_bool stop;
	atomic_int turns, polls;
};

struct session {
	int length;
	char message[128];
};

static struct lws *latest;
static atomic_int established, initialised, waits_cancelled, fired, closed;

static int on_event(struct lws *wsi, enum lws_callback_reasons reason, void *user, void *in, size_t length)
{
	struct session *session = user;

	switch (reason) {
	case LWS_CALLBACK_PROTOCOL_INIT:
		initialised++;
		break;
	case LWS_CALLBACK_ESTABLISHED:
		latest = wsi;
		established++;
		break;
	case LWS_CALLBACK_RECEIVE:
		if (length == 4 && !memcmp(in, "kill", 4))
			lws_set_timeout(wsi, PENDING_TIMEOUT_USER_OK, 1);
		else if (length == 5 && !memcmp(in, "timer", 5))
			lws_set_timer_usecs(wsi, 5000);
		else {
			session->length = (int)length;
			memcpy(session->message, in, length);
			lws_callback_on_writable(wsi);
		}
		break;
	case LWS_CALLBACK_TIMER:
		session->length = 5;
		memcpy(session->message, "timed", 5);
		lws_callback_on_writable(wsi);
		break;
	case LWS_CALLBACK_SERVER_WRITEABLE:
		if (!session->length) {
			session->length = 7;
			memcpy(session->message, "foreign", 7);
		}
		REQUIRE(lws_write(wsi, (unsigned char *)session->message, (size_t)session->length, LWS_WRITE_TEXT) >= 0);
		session->length = 0;
		break;
	case LWS_CALLBACK_EVENT_WAIT_CANCELLED:
		waits_cancelled++;
		break;
	case LWS_CALLBACK_CLOSED:
		closed++;
		break;
	default:
		return lws_callback_http_dummy(wsi, reason, user, in, length);
	}

	return 0;
}

static const struct lws_protocols protocols[] = {
	{ .name = "echo", .callback = on_event, .per_session_data_size = sizeof(struct session), .rx_buffer_size = 128 },
	{ .name = NULL },
};

static void *run(void *argument)
{
	struct loop *loop = argument;
	struct pollfd mine = { .fd = loop->fd, .events = POLLIN };

	while (!atomic_load(&loop->stop)) {
		if (poll(&mine, 1, -1) < 0)
			continue;
		loop->turns++;
		if (lws_service_tsi(loop->context, -1, 0) < 0)
			break;
	}

	return NULL;
}

static void create(struct loop *loop)
{
	struct lws_context_creation_info info;

	memset(loop, 0, sizeof(*loop));
	server_info(&info, protocols);
	loop->context = lws_create_context(&info);
	REQUIRE(loop->context != NULL);
	loop->port = lws_get_vhost_listen_port(lws_get_vhost_by_name(loop->context, "default"));
	loop->fd = lws_service_pollable_fd(loop->context, 0);
	REQUIRE(loop->fd >= 0);
	CHECK_INT(lws_service_pollable_fd(loop->context, 0), loop->fd);
}

static void start(struct loop *loop)
{
	REQUIRE_INT(pthread_create(&loop->thread, NULL, run, loop), 0);
	WAIT_FOR(initialised == 1);
}

static void destroy(struct loop *loop)
{
	atomic_store(&loop->stop, true);
	lws_cancel_service(loop->context);
	pthread_join(loop->thread, NULL);
	lws_context_destroy(loop->context);
}

/* The loop rests: it is not woken again and again with nothing to do. */
static void check_rest(struct loop *loop)
{
	int before, i;

	for (i = 0; i < 200; i++) {
		before = loop->turns;
		test_sleep_ms(50);
		if (loop->turns == before)
			return;
	}
	FAIL("still %d turns in 50 ms", loop->turns - before);
}

static void expect(struct client *client, const char *text)
{
	struct client_frame frame;

	client_ws_message(client, &frame);
	CHECK_MEM(frame.payload, frame.length, text, strlen(text));
	client_frame_free(&frame);
}

static void echoes(void)
{
	struct client client, second;
	struct loop loop;

	create(&loop);
	start(&loop);
	check_rest(&loop);
	client_ws(&client, loop.port, "/", "echo");
	client_ws(&second, loop.port, "/", "echo");
	for (int i = 0; i < 100; i++) {
		client_ws_send(i & 1 ? &second : &client, FRAME_FIN | FRAME_TEXT, "hello", 5);
		expect(i & 1 ? &second : &client, "hello");
	}
	check_rest(&loop);
	/* a turn or a few for each message, not hundreds */
	CHECK(loop.turns < 1000);
	client_close(&client);
	client_abort(&second);
	WAIT_FOR(closed == 2);
	check_rest(&loop);
	destroy(&loop);
}

static void on_timer(lws_sorted_usec_list_t *sul)
{
	(void)sul;
	fired++;
}

static void timers(void)
{
	static lws_sorted_usec_list_t soon, later, never;
	struct loop loop;

	create(&loop);
	/* before the loop runs, while it rests, and earlier than one that is armed */
	lws_sul_schedule(loop.context, 0, &soon, on_timer, 1000);
	start(&loop);
	WAIT_FOR(fired == 1);
	check_rest(&loop);
	lws_sul_schedule(loop.context, 0, &never, on_timer, 3600 * LWS_US_PER_SEC);
	lws_sul_schedule(loop.context, 0, &later, on_timer, 20000);
	WAIT_FOR(fired == 2);
	lws_sul_schedule(loop.context, 0, &later, on_timer, 20000);
	lws_sul_cancel(&later);
	check_rest(&loop);
	CHECK_INT(fired, 2);
	for (int i = 0; i < 20; i++) {
		lws_sul_schedule(loop.context, 0, &soon, on_timer, i * 100);
		WAIT_FOR(fired == 3 + i);
	}
	check_rest(&loop);
	destroy(&loop);
}

static void from_other_threads(void)
{
	struct client client;
	struct loop loop;

	create(&loop);
	start(&loop);
	for (int i = 1; i <= 20; i++) {
		lws_cancel_service(loop.context);
		WAIT_FOR(waits_cancelled == i);
	}
	client_ws(&client, loop.port, "/", "echo");
	WAIT_FOR(established == 1);
	for (int i = 0; i < 20; i++) {
		check_rest(&loop);
		CHECK_INT(lws_callback_on_writable(latest), 1);
		expect(&client, "foreign");
	}
	lws_callback_on_writable_all_protocol(loop.context, &protocols[0]);
	expect(&client, "foreign");
	check_rest(&loop);
	/* a write of this thread is sent by the loop */
	CHECK_INT(lws_write(latest, (unsigned char *)"written", 7, LWS_WRITE_TEXT), 7);
	expect(&client, "written");
	check_rest(&loop);
	client_close(&client);
	destroy(&loop);
}

static void time_limits(void)
{
	struct client client;
	struct loop loop;

	create(&loop);
	start(&loop);
	client_ws(&client, loop.port, "/", "echo");
	client_ws_send(&client, FRAME_FIN | FRAME_TEXT, "timer", 5);
	expect(&client, "timed");
	check_rest(&loop);
	client_ws_send(&client, FRAME_FIN | FRAME_TEXT, "kill", 4);
	client_drain(&client);
	CHECK(client.at_end);
	WAIT_FOR(closed == 1);
	client_close(&client);
	check_rest(&loop);
	destroy(&loop);
}

static void adjusted_timeout(void)
{
	static lws_sorted_usec_list_t sul;
	struct lws_context_creation_info info;
	struct lws_context *context;
	int ms;

	server_info(&info, protocols);
	info.port = CONTEXT_PORT_NO_LISTEN;
	context = lws_create_context(&info);
	REQUIRE(context != NULL);
	CHECK_INT(lws_service_adjust_timeout(context, 700, 0), 700);
	CHECK_INT(initialised, 1);
	CHECK_INT(lws_service_adjust_timeout(context, 0, 0), 0);
	CHECK_INT(lws_service_adjust_timeout(context, -1, 0), -1);
	lws_sul_schedule(context, 0, &sul, on_timer, 3600 * LWS_US_PER_SEC);
	CHECK_INT(lws_service_adjust_timeout(context, 700, 0), 700);
	ms = lws_service_adjust_timeout(context, -1, 0);
	CHECK(ms > 3500 * 1000 && ms <= 3600 * 1000);
	lws_sul_schedule(context, 0, &sul, on_timer, 0);
	CHECK_INT(lws_service_adjust_timeout(context, 700, 0), 0);
	CHECK_INT(fired, 0);
	REQUIRE_INT(lws_service_tsi(context, -1, 0), 0);
	CHECK_INT(fired, 1);
	CHECK_INT(lws_service_adjust_timeout(context, 700, 0), 700);
	lws_cancel_service(context);
	CHECK_INT(lws_service_adjust_timeout(context, 700, 0), 0);
	REQUIRE_INT(lws_service_tsi(context, -1, 0), 0);
	CHECK_INT(lws_service_adjust_timeout(context, 700, 0), 700);
	lws_set_log_level(0, NULL);
	CHECK_INT(lws_service_adjust_timeout(context, 700, 1), 1);
	CHECK_INT(lws_service_adjust_timeout(NULL, 700, 0), 1);
	CHECK_INT(lws_service_pollable_fd(context, 1), -1);
	CHECK_INT(lws_service_pollable_fd(NULL, 0), -1);
	lws_context_destroy(context);
	CHECK_INT(lws_service_pollable_fd(context, 0), -1);
}

/* The wait of lws_service() goes on as before after the descriptor was asked for. */
static void waiting_too(void)
{
	static lws_sorted_usec_list_t sul;
	struct loop loop;

	create(&loop);
	lws_sul_schedule(loop.context, 0, &sul, on_timer, 3000);
	while (!fired)
		REQUIRE(lws_service(loop.context, 0) >= 0);
	lws_context_destroy(loop.context);
}

TEST_MAIN(
	{ "echoes", echoes },
	{ "timers", timers },
	{ "from other threads", from_other_threads },
	{ "time limits", time_limits },
	{ "adjusted timeout", adjusted_timeout },
	{ "waiting too", waiting_too },
)
