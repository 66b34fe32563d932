/*
 * Other threads: writable requests while the program holds a lock that its
 * callbacks take (rtpengine, kamailio and others do so), lws_cancel_service
 * with EVENT_WAIT_CANCELLED, and a loop that polls with lws_service(context, -1).
 */
#include "check.h"
#include "client.h"
#include "server.h"

#include <sched.h>
#include <stdlib.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

struct session {
	struct session *next;
	struct lws *wsi;
	int queued, sent;
};

static struct session *sessions;
static atomic_int open_sessions, cancelled, late;
static struct server server;

static int on_queue(struct lws *wsi, enum lws_callback_reasons reason, void *user, void *in, size_t len)
{
	char text[LWS_PRE + 64];
	struct session *session = user;
	int n, more;

	switch (reason) {
	case LWS_CALLBACK_ESTABLISHED:
		pthread_mutex_lock(&lock);
		session->wsi = wsi;
		lws_ll_fwd_insert(session, next, sessions);
		pthread_mutex_unlock(&lock);
		atomic_fetch_add(&open_sessions, 1);
		return 0;
	case LWS_CALLBACK_CLOSED:
		pthread_mutex_lock(&lock);
		lws_ll_fwd_remove(struct session, next, session, sessions);
		pthread_mutex_unlock(&lock);
		atomic_fetch_sub(&open_sessions, 1);
		return 0;
	case LWS_CALLBACK_SERVER_WRITEABLE:
		pthread_mutex_lock(&lock);
		if (session->sent == session->queued) {
			pthread_mutex_unlock(&lock);
			return 0;
		}
		n = lws_snprintf(text + LWS_PRE, sizeof(text) - LWS_PRE, "message %d", session->sent++);
		more = session->sent < session->queued;
		pthread_mutex_unlock(&lock);
		if (lws_write(wsi, (unsigned char *)text + LWS_PRE, (size_t)n, LWS_WRITE_TEXT) < n)
			return -1;
		if (more)
			lws_callback_on_writable(wsi);
		return 0;
	case LWS_CALLBACK_EVENT_WAIT_CANCELLED:
		CHECK(lws_get_context(wsi) != NULL);
		CHECK(lws_get_vhost(wsi) != NULL);
		CHECK(lws_get_protocol(wsi) != NULL);
		/* the way of upstream's manual: from here */
		if (!strcmp(lws_get_protocol(wsi)->name, "queue")) {
			atomic_fetch_add(&cancelled, 1);
			pthread_mutex_lock(&lock);
			for (session = sessions; session; session = session->next)
				if (session->sent < session->queued)
					lws_callback_on_writable(session->wsi);
			pthread_mutex_unlock(&lock);
		}
		return 0;
	default:
		return 0;
	}
}

static const struct lws_protocols protocols[] = {
	{ "http", lws_callback_http_dummy, 0, 0, 0, NULL, 0 },
	{ "queue", on_queue, sizeof(struct session), 0, 0, NULL, 0 },
	{ NULL, NULL, 0, 0, 0, NULL, 0 }
};

enum { CLIENTS = 8, MESSAGES = 300, PRODUCERS = 3 };

static bool directly;

static void *produce(void *argument)
{
	struct session *session;
	int i;

	for (i = 0; i < MESSAGES / PRODUCERS; i++) {
		pthread_mutex_lock(&lock);
		for (session = sessions; session; session = session->next) {
			session->queued++;
			if (directly)
				lws_callback_on_writable(session->wsi);
		}
		/* the service thread waits for the lock now */
		if (i % 10 == 0)
			sched_yield();
		pthread_mutex_unlock(&lock);
		if (!directly)
			lws_cancel_service(server.context);
		if (i % 25 == 0)
			test_sleep_ms(2);
	}

	return argument;
}

static void produce_and_read(void)
{
	static struct client clients[CLIENTS];
	struct lws_context_creation_info info;
	pthread_t threads[PRODUCERS];
	struct client_frame frame;
	char wanted[64];
	int i, n;

	server_info(&info, protocols);
	server_run(&server, &info);
	for (i = 0; i < CLIENTS; i++)
		client_ws(&clients[i], server.port, "/", "queue");
	WAIT_FOR(atomic_load(&open_sessions) == CLIENTS);
	for (i = 0; i < PRODUCERS; i++)
		REQUIRE_INT(pthread_create(&threads[i], NULL, produce, NULL), 0);
	for (n = 0; n < MESSAGES; n++) {
		snprintf(wanted, sizeof(wanted), "message %d", n);
		for (i = 0; i < CLIENTS; i++) {
			client_ws_message(&clients[i], &frame);
			CHECK_STR((char *)frame.payload, wanted);
			client_frame_free(&frame);
		}
	}
	for (i = 0; i < PRODUCERS; i++)
		pthread_join(threads[i], NULL);
	for (i = 0; i < CLIENTS; i++)
		client_close(&clients[i]);
	WAIT_FOR(atomic_load(&open_sessions) == 0);
	server_destroy(&server);
}

static void writable_under_a_lock(void)
{
#ifndef TEST_GOLWS
	test_skip("upstream loses or delays requests of other threads");
#endif
	directly = true;
	produce_and_read();
}

static void by_cancel_service(void)
{
	directly = false;
	produce_and_read();
	CHECK(atomic_load(&cancelled) > 0);
}

/* a request while everything is idle is not kept for a later event */
static void wakes_an_idle_loop(void)
{
#ifndef TEST_GOLWS
	test_skip("upstream delays requests of other threads");
#endif
	struct lws_context_creation_info info;
	struct client_frame frame;
	struct client client;
	int i;

	server_info(&info, protocols);
	server_run(&server, &info);
	client_ws(&client, server.port, "/", "queue");
	WAIT_FOR(atomic_load(&open_sessions) == 1);
	for (i = 0; i < 20; i++) {
		test_sleep_ms(10);
		pthread_mutex_lock(&lock);
		sessions->queued++;
		lws_callback_on_writable(sessions->wsi);
		pthread_mutex_unlock(&lock);
		client_ws_message(&client, &frame);
		client_frame_free(&frame);
	}
	/* by protocol, from here too */
	pthread_mutex_lock(&lock);
	sessions->queued++;
	lws_callback_on_writable_all_protocol(server.context, lws_vhost_name_to_protocol(server.vhost, "queue"));
	pthread_mutex_unlock(&lock);
	client_ws_message(&client, &frame);
	client_frame_free(&frame);
	client_close(&client);
	server_destroy(&server);
}

static void cancel_reaches_every_protocol(void)
{
	struct lws_context_creation_info info;

	server_info(&info, protocols);
	server_run(&server, &info);
	/* may be merged, never lost */
	do {
		lws_cancel_service(server.context);
		test_sleep_ms(1);
	} while (!atomic_load(&cancelled) && atomic_fetch_add(&late, 1) < 20000);
	CHECK(atomic_load(&cancelled) > 0);
	server_destroy(&server);
}

/* mosquitto's way */
static atomic_bool stop_polling;

static void *poll_loop(void *argument)
{
	while (!atomic_load(&stop_polling)) {
		REQUIRE(lws_service(server.context, -1) >= 0);
		sched_yield();
	}

	return argument;
}

static void polling_service(void)
{
	struct lws_context_creation_info info;
	struct client_response response;
	struct client_frame frame;
	struct client client;
	pthread_t thread;
	int i;

	server_info(&info, protocols);
	server_create(&server, &info);
	/* nothing to do: it returns all the same */
	for (i = 0; i < 1000; i++)
		REQUIRE(lws_service(server.context, -1) >= 0);
	REQUIRE_INT(pthread_create(&thread, NULL, poll_loop, NULL), 0);
	for (i = 0; i < 20; i++) {
		client_get(server.port, "/", "", &response);
		CHECK_INT(response.status, 404);
		client_response_free(&response);
		client_ws(&client, server.port, "/", "queue");
		client_ws_send(&client, FRAME_FIN | FRAME_PING, "ping", 4);
		REQUIRE(client_ws_frame(&client, &frame));
		CHECK_INT(frame.opcode, FRAME_PONG);
		client_frame_free(&frame);
		client_close(&client);
	}
	atomic_store(&stop_polling, true);
	pthread_join(thread, NULL);
	lws_context_destroy(server.context);
}

/* one context, served by whoever holds the program's own mutex */
static pthread_mutex_t service_lock = PTHREAD_MUTEX_INITIALIZER;

static void *take_turns(void *argument)
{
	while (!atomic_load(&stop_polling)) {
		pthread_mutex_lock(&service_lock);
		lws_service(server.context, -1);
		pthread_mutex_unlock(&service_lock);
		sched_yield();
	}

	return argument;
}

static void serviced_by_turns(void)
{
	struct lws_context_creation_info info;
	struct client_response response;
	pthread_t threads[3];
	int i;

	server_info(&info, protocols);
	server_create(&server, &info);
	for (i = 0; i < 3; i++)
		REQUIRE_INT(pthread_create(&threads[i], NULL, take_turns, NULL), 0);
	for (i = 0; i < 50; i++) {
		client_get(server.port, "/", "", &response);
		CHECK_INT(response.status, 404);
		client_response_free(&response);
	}
	atomic_store(&stop_polling, true);
	for (i = 0; i < 3; i++)
		pthread_join(threads[i], NULL);
	lws_context_destroy(server.context);
}

TEST_MAIN({ "writable_under_a_lock", writable_under_a_lock }, { "by_cancel_service", by_cancel_service },
	  { "wakes_an_idle_loop", wakes_an_idle_loop },
	  { "cancel_reaches_every_protocol", cancel_reaches_every_protocol },
	  { "polling_service", polling_service }, { "serviced_by_turns", serviced_by_turns })
