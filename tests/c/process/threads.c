/* Calls from any thread, locks of the program, and threads that are cancelled. */
#include "check.h"
#include "client.h"
#include "echo.h"
#include "process.h"
#include "server.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

/* ---- pthread_cancel ---- */

static void *service_for_ever(void *argument)
{
	while (lws_service(argument, 0) >= 0)
		;

	return NULL;
}

static void cancelled(pthread_t thread)
{
	void *result = NULL;

	REQUIRE_INT(pthread_cancel(thread), 0);
	REQUIRE_INT(pthread_join(thread, &result), 0);
	CHECK(result == PTHREAD_CANCELED);
}

static void cancel_while_idle(void)
{
	struct lws_context_creation_info info;
	struct server server;
	pthread_t thread;

	server_info(&info, echo_protocols);
	server_create(&server, &info);
	for (int i = 0; i < 5; i++) {
		REQUIRE_INT(pthread_create(&thread, NULL, service_for_ever, server.context), 0);
		echo_visit(server.port, "hello");
		test_sleep_ms(20);
		cancelled(thread);
	}
	/* another thread goes on */
	server_start(&server);
	echo_visit(server.port, "hello again");
	server_destroy(&server);
}

static void destroy_after_cancel(void)
{
	struct lws_context_creation_info info;
	struct server server;
	struct client client;
	pthread_t thread;

	server_info(&info, echo_protocols);
	server_create(&server, &info);
	REQUIRE_INT(pthread_create(&thread, NULL, service_for_ever, server.context), 0);
	client_ws(&client, server.port, "/", "echo");
	echo_once(&client, "hello");
	cancelled(thread);
	lws_context_destroy(server.context);
	client_drain(&client);
	CHECK(client.at_end);
	client_close(&client);
}

/* A callback that contains what POSIX calls cancellation points, as nearly every callback does. */
static int callback_with_cancellation_points(struct lws *wsi, enum lws_callback_reasons reason, void *user, void *in,
					     size_t length)
{
	if (reason == LWS_CALLBACK_RECEIVE) {
		test_sleep_ms(1);
		pthread_testcancel();
	}

	return echo_protocols[0].callback(wsi, reason, user, in, length);
}

static const struct lws_protocols cancellation_protocols[] = {
	{ .name = "echo", .callback = callback_with_cancellation_points, .per_session_data_size = 256 },
	{ .name = NULL },
};

struct sender {
	int port;
	atomic_bool stop;
	atomic_long echoes;
};

static void *send_until_stopped(void *argument)
{
	struct sender *sender = argument;
	struct client client;

	client_ws(&client, sender->port, "/", "echo");
	while (!atomic_load(&sender->stop)) {
		echo_once(&client, "load");
		atomic_fetch_add(&sender->echoes, 1);
	}
	client_close(&client);

	return NULL;
}

/* A cancelled thread finishes the callback it is in; the next thread takes over with all connections intact. */
static void cancel_under_load(void)
{
	struct lws_context_creation_info info;
	struct sender sender = { 0 };
	struct server server;
	pthread_t client, thread;

	server_info(&info, cancellation_protocols);
	server_create(&server, &info);
	sender.port = server.port;
	REQUIRE_INT(pthread_create(&client, NULL, send_until_stopped, &sender), 0);
	for (int i = 0; i < 30; i++) {
		long before = atomic_load(&sender.echoes);

		REQUIRE_INT(pthread_create(&thread, NULL, service_for_ever, server.context), 0);
		WAIT_FOR(atomic_load(&sender.echoes) > before);
		cancelled(thread);
	}
	server_start(&server);
	atomic_store(&sender.stop, true);
	pthread_join(client, NULL);
	server_destroy(&server);
}

/* ---- the lock pattern ---- */

/* As rtpengine, kamailio and driftnet have it: the program asks for WRITEABLE with a lock held that its callbacks take. */
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static struct lws *connection;
static int pending, written;

static int callback_locked(struct lws *wsi, enum lws_callback_reasons reason, void *user, void *in, size_t length)
{
	unsigned char buffer[LWS_PRE + 16];
	int result = 0;

	(void)user;
	(void)in;
	(void)length;
	pthread_mutex_lock(&lock);
	switch (reason) {
	case LWS_CALLBACK_ESTABLISHED:
		connection = wsi;
		break;
	case LWS_CALLBACK_CLOSED:
		connection = NULL;
		break;
	case LWS_CALLBACK_SERVER_WRITEABLE:
		if (!pending)
			break;
		memcpy(buffer + LWS_PRE, "message", 7);
		if (lws_write(wsi, buffer + LWS_PRE, 7, LWS_WRITE_TEXT) < 7) {
			result = -1;
			break;
		}
		written++;
		if (--pending)
			lws_callback_on_writable(wsi);
		break;
	default:
		break;
	}
	pthread_mutex_unlock(&lock);

	return result;
}

static const struct lws_protocols locked_protocols[] = {
	{ .name = "locked", .callback = callback_locked },
	{ .name = NULL },
};

struct requester {
	struct lws_context *context;
	int count;
	enum { PER_CONNECTION, PER_PROTOCOL, PER_VHOST_AND_CANCEL } how;
};

static void *request_writable(void *argument)
{
	struct requester *requester = argument;

	for (int i = 0; i < requester->count; i++) {
		pthread_mutex_lock(&lock);
		pending++;
		switch (requester->how) {
		case PER_CONNECTION:
			lws_callback_on_writable(connection);
			break;
		case PER_PROTOCOL:
			lws_callback_on_writable_all_protocol(requester->context, lws_get_protocol(connection));
			break;
		case PER_VHOST_AND_CANCEL:
			lws_callback_on_writable_all_protocol_vhost(lws_get_vhost(connection),
								    lws_get_protocol(connection));
			lws_cancel_service(requester->context);
			break;
		}
		/* the service thread has time to run into the lock */
		if (i % 16 == 0)
			test_sleep_ms(1);
		pthread_mutex_unlock(&lock);
		if (i % 5 == 0)
			usleep(200);
	}

	return NULL;
}

static void requests_under_a_lock(void)
{
	enum { THREADS = 3, COUNT = 400 };
	struct requester requesters[THREADS];
	struct lws_context_creation_info info;
	pthread_t threads[THREADS];
	struct client client;
	struct server server;
	bool ready = false;

	server_info(&info, locked_protocols);
	server_run(&server, &info);
	client_ws(&client, server.port, "/", "locked");
	while (!ready) {
		pthread_mutex_lock(&lock);
		ready = connection != NULL;
		pthread_mutex_unlock(&lock);
	}

	for (int i = 0; i < THREADS; i++) {
		requesters[i] = (struct requester){ server.context, COUNT, i };
		REQUIRE_INT(pthread_create(&threads[i], NULL, request_writable, &requesters[i]), 0);
	}
	for (int i = 0; i < THREADS * COUNT; i++) {
		struct client_frame message;

		client_ws_message(&client, &message);
		CHECK_MEM(message.payload, message.length, "message", 7);
		client_frame_free(&message);
	}
	for (int i = 0; i < THREADS; i++)
		pthread_join(threads[i], NULL);
	CHECK_INT(written, THREADS * COUNT);
	CHECK_INT(pending, 0);
	client_close(&client);
	server_destroy(&server);
}

/* A request for an idle connection wakes the service thread by itself. */
static void request_wakes_the_service(void)
{
	struct lws_context_creation_info info;
	struct client client;
	struct server server;
	bool ready = false;

	server_info(&info, locked_protocols);
	server_run(&server, &info);
	client_ws(&client, server.port, "/", "locked");
	while (!ready) {
		pthread_mutex_lock(&lock);
		ready = connection != NULL;
		pthread_mutex_unlock(&lock);
	}
	for (int i = 0; i < 50; i++) {
		struct client_frame message;

		test_sleep_ms(i % 10);
		pthread_mutex_lock(&lock);
		pending++;
		lws_callback_on_writable(connection);
		pthread_mutex_unlock(&lock);
		client_ws_message(&client, &message);
		CHECK_INT(message.length, 7);
		client_frame_free(&message);
	}
	client_close(&client);
	server_destroy(&server);
}

/* ---- several threads, one context ---- */

struct shared_service {
	struct server server;
	pthread_mutex_t mutex;
	atomic_bool stop;
};

static void *service_in_turn(void *argument)
{
	struct shared_service *shared = argument;

	while (!atomic_load(&shared->stop)) {
		pthread_mutex_lock(&shared->mutex);
		lws_service(shared->server.context, -1);
		pthread_mutex_unlock(&shared->mutex);
		usleep(100);
	}

	return NULL;
}

static void threads_serve_in_turn(void)
{
	struct shared_service shared = { .mutex = PTHREAD_MUTEX_INITIALIZER };
	struct lws_context_creation_info info;
	pthread_t threads[3];

	server_info(&info, echo_protocols);
	server_create(&shared.server, &info);
	for (int i = 0; i < 3; i++)
		REQUIRE_INT(pthread_create(&threads[i], NULL, service_in_turn, &shared), 0);
	for (int i = 0; i < 50; i++)
		echo_visit(shared.server.port, "whose turn is it");
	atomic_store(&shared.stop, true);
	for (int i = 0; i < 3; i++)
		pthread_join(threads[i], NULL);
	server_destroy(&shared.server);
}

static void *serve_once(void *argument)
{
	lws_service(argument, -1);

	return NULL;
}

/* A thread that has called into the library leaves nothing behind when it ends. */
static void many_short_threads(void)
{
	struct lws_context_creation_info info;
	struct server server;
	pthread_t thread;
	long kib = 0;
	int before = 0;

	server_info(&info, echo_protocols);
	server_create(&server, &info);
	for (int i = 0; i < 1200; i++) {
		if (i == 200) {
			before = process_threads();
			kib = process_status_kib("VmRSS");
		}
		REQUIRE_INT(pthread_create(&thread, NULL, serve_once, server.context), 0);
		pthread_join(thread, NULL);
	}
	CHECK(process_threads() <= before + 4);
	printf("      %ld KiB more after 1000 threads\n", process_status_kib("VmRSS") - kib);
	if (process_slowness() == 1)
		CHECK(process_status_kib("VmRSS") - kib < 8 * 1024);
	server_destroy(&server);
}

static void destroy_from_another_thread(void)
{
	struct lws_context_creation_info info;
	struct server server;
	struct client client;

	for (int i = 0; i < 20; i++) {
		server_info(&info, echo_protocols);
		server_run(&server, &info);
		client_ws(&client, server.port, "/", "echo");
		echo_once(&client, "hello");
		server_stop(&server);
		lws_context_destroy(server.context);
		client_close(&client);
	}
}

static int cancel_state(void)
{
	int before;

	pthread_setcancelstate(PTHREAD_CANCEL_ENABLE, &before);

	return before;
}

/* The library takes the locks of all service threads, and a thread with one of them cannot be cancelled. */
static void destroyer_can_be_cancelled_afterwards(void)
{
	struct lws_context_creation_info info;
	struct server server;

	server_info(&info, echo_protocols);
	info.count_threads = 4;
	server_create(&server, &info);
	CHECK_INT(cancel_state(), PTHREAD_CANCEL_ENABLE);
	lws_context_destroy(server.context);
	CHECK_INT(cancel_state(), PTHREAD_CANCEL_ENABLE);
}

TEST_MAIN({ "cancel while idle", cancel_while_idle },
	  { "destroy after cancel", destroy_after_cancel },
	  { "cancel under load", cancel_under_load },
	  { "requests under a lock", requests_under_a_lock },
	  { "request wakes the service", request_wakes_the_service },
	  { "threads serve in turn", threads_serve_in_turn },
	  { "many short threads", many_short_threads },
	  { "destroy from another thread", destroy_from_another_thread },
	  { "destroyer can be cancelled afterwards", destroyer_can_be_cancelled_afterwards })
