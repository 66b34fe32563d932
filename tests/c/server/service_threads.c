/*
 * One context with several service threads: each connection stays with one of them, requests to all connections
 * reach those of every thread, and vhosts come and go meanwhile.
 */
#include "check.h"
#include "client.h"
#include "server.h"

#include <stdlib.h>

enum { THREADS = 4, CLIENTS = 40, ROUNDS = 50 };

struct session {
	int tsi;
	int echoes, broadcasts_seen;
};

static struct server server;
static pthread_t threads[THREADS];
static atomic_bool stop;
static atomic_int broadcasts, established, closed, used[THREADS];
static _Thread_local int my_tsi = -1;

static int on_threads(struct lws *wsi, enum lws_callback_reasons reason, void *user, void *in, size_t len)
{
	unsigned char text[LWS_PRE + 64];
	struct session *session = user;
	int n;

	switch (reason) {
	case LWS_CALLBACK_ESTABLISHED:
		session->tsi = my_tsi;
		session->broadcasts_seen = atomic_load(&broadcasts);
		CHECK(my_tsi >= 0);
		CHECK_INT(lws_wsi_tsi(wsi), my_tsi);
		atomic_fetch_add(&used[my_tsi], 1);
		atomic_fetch_add(&established, 1);
		return 0;
	case LWS_CALLBACK_CLOSED:
		/* the thread that destroys the context closes what is left */
		CHECK_INT(my_tsi, atomic_load(&stop) ? -1 : session->tsi);
		atomic_fetch_add(&closed, 1);
		return 0;
	case LWS_CALLBACK_RECEIVE:
		CHECK_INT(session->tsi, my_tsi);
		if (len == 3 && !memcmp(in, "all", 3)) {
			atomic_fetch_add(&broadcasts, 1);
			lws_callback_on_writable_all_protocol(lws_get_context(wsi), lws_get_protocol(wsi));
			return 0;
		}
		memcpy(text + LWS_PRE, in, len);
		return lws_write(wsi, text + LWS_PRE, len, LWS_WRITE_TEXT) < (int)len ? -1 : 0;
	case LWS_CALLBACK_SERVER_WRITEABLE:
		CHECK_INT(session->tsi, my_tsi);
		if (session->broadcasts_seen == atomic_load(&broadcasts))
			return 0;
		session->broadcasts_seen++;
		n = lws_snprintf((char *)text + LWS_PRE, sizeof(text) - LWS_PRE, "to all %d",
				 session->broadcasts_seen);
		if (session->broadcasts_seen != atomic_load(&broadcasts))
			lws_callback_on_writable(wsi);
		return lws_write(wsi, text + LWS_PRE, (size_t)n, LWS_WRITE_TEXT) < n ? -1 : 0;
	default:
		return 0;
	}
}

static const struct lws_protocols protocols[] = {
	{ "http", lws_callback_http_dummy, 0, 0, 0, NULL, 0 },
	{ "threads", on_threads, sizeof(struct session), 0, 0, NULL, 0 },
	{ NULL, NULL, 0, 0, 0, NULL, 0 }
};

static void *serve(void *tsi)
{
	int n = 0;

	my_tsi = (int)(intptr_t)tsi;
	while (n >= 0 && !atomic_load(&stop))
		n = lws_service_tsi(server.context, 0, my_tsi);
	return NULL;
}

static void begin(void)
{
	struct lws_context_creation_info info;
	int i;

	server_info(&info, protocols);
	info.count_threads = THREADS;
	server_create(&server, &info);
	REQUIRE_INT(lws_get_count_threads(server.context), THREADS);
	for (i = 0; i < THREADS; i++)
		REQUIRE(!pthread_create(&threads[i], NULL, serve, (void *)(intptr_t)i));
}

static void end(void)
{
	int i;

	atomic_store(&stop, true);
	lws_cancel_service(server.context);
	for (i = 0; i < THREADS; i++)
		pthread_join(threads[i], NULL);
	server_destroy(&server);
	CHECK_INT(atomic_load(&closed), atomic_load(&established));
}

static void echo_round(struct client *clients, int round)
{
	struct client_frame frame;
	char text[64];
	int i, n;

	for (i = 0; i < CLIENTS; i++) {
		n = lws_snprintf(text, sizeof(text), "client %d round %d", i, round);
		client_ws_send(&clients[i], FRAME_FIN | FRAME_TEXT, text, (size_t)n);
	}
	for (i = 0; i < CLIENTS; i++) {
		n = lws_snprintf(text, sizeof(text), "client %d round %d", i, round);
		client_ws_message(&clients[i], &frame);
		CHECK_MEM(frame.payload, frame.length, text, (size_t)n);
		client_frame_free(&frame);
	}
}

static void echo_and_broadcast(void)
{
	struct client clients[CLIENTS];
	struct client_frame frame;
	char text[64];
	int i, round, n;

	begin();
	for (i = 0; i < CLIENTS; i++)
		client_ws(&clients[i], server.port, "/", "threads");
	for (round = 0; round < ROUNDS; round++)
		echo_round(clients, round);
	for (round = 1; round <= ROUNDS; round++) {
		client_ws_send(&clients[round % CLIENTS], FRAME_FIN | FRAME_TEXT, "all", 3);
		n = lws_snprintf(text, sizeof(text), "to all %d", round);
		for (i = 0; i < CLIENTS; i++) {
			client_ws_message(&clients[i], &frame);
			CHECK_MEM(frame.payload, frame.length, text, (size_t)n);
			client_frame_free(&frame);
		}
	}
	for (i = 0; i < CLIENTS; i++)
		client_close(&clients[i]);
	WAIT_FOR(atomic_load(&closed) == CLIENTS);
	end();
}

/* from another thread, while the service threads are at work */
static void vhosts_come_and_go(void)
{
	struct lws_context_creation_info info;
	struct client clients[CLIENTS], guest;
	struct lws_vhost *vhost;
	struct client_frame frame;
	int i, round;

	begin();
	for (i = 0; i < CLIENTS; i++)
		client_ws(&clients[i], server.port, "/", "threads");
	for (round = 0; round < 10; round++) {
		server_info(&info, protocols);
		info.vhost_name = "guest";
		vhost = lws_create_vhost(server.context, &info);
		REQUIRE(vhost != NULL);
		client_ws(&guest, lws_get_vhost_listen_port(vhost), "/", "threads");
		client_ws_send(&guest, FRAME_FIN | FRAME_TEXT, "hello", 5);
		client_ws_message(&guest, &frame);
		client_frame_free(&frame);
		echo_round(clients, round);
		lws_vhost_destroy(vhost);
		client_drain(&guest);
		client_close(&guest);
		echo_round(clients, round);
	}
	end();
	for (i = 0; i < CLIENTS; i++)
		client_close(&clients[i]);
}

/* ---- GET_THREAD_ID: once for each thread, before anything of a connection, and never of use ---- */

static struct {
	int reason;
	pthread_t thread;
} told[32];
static atomic_int tellings;

static int on_thread_id(struct lws *wsi, enum lws_callback_reasons reason, void *user, void *in, size_t len)
{
	int n;

	if (reason == LWS_CALLBACK_EVENT_WAIT_CANCELLED)
		return 0;
	n = atomic_fetch_add(&tellings, 1);
	REQUIRE(n < (int)(sizeof(told) / sizeof(told[0])));
	told[n].reason = (int)reason;
	told[n].thread = pthread_self();
	if (reason != LWS_CALLBACK_GET_THREAD_ID)
		return 0;
	CHECK(!user && !in && !len);
	CHECK_PTR(lws_get_context(wsi), server.context);
	return n % 2 ? -1 : 77;
}

static const struct lws_protocols asked[] = {
	{ "first", on_thread_id, 0, 0, 0, NULL, 0 },
	{ NULL, NULL, 0, 0, 0, NULL, 0 }
};

static const struct lws_protocols not_asked[] = {
	{ "second", on_thread_id, 0, 0, 0, NULL, 0 },
	{ NULL, NULL, 0, 0, 0, NULL, 0 }
};

static void *serve_twice(void *tsi)
{
	int i;

	for (i = 0; i < 2; i++) {
		lws_cancel_service(server.context);
		CHECK_INT(lws_service_tsi(server.context, 0, (int)(intptr_t)tsi), 0);
	}
	return NULL;
}

static void thread_ids(void)
{
	static const int wanted[] = { LWS_CALLBACK_PROTOCOL_INIT, LWS_CALLBACK_PROTOCOL_INIT, LWS_CALLBACK_GET_THREAD_ID,
				      LWS_CALLBACK_GET_THREAD_ID };
	struct lws_context_creation_info info;
	pthread_t other;
	unsigned int i;

	server_info(&info, asked);
	info.count_threads = 2;
	info.options |= LWS_SERVER_OPTION_EXPLICIT_VHOSTS;
	info.port = CONTEXT_PORT_NO_LISTEN;
	server.context = lws_create_context(&info);
	REQUIRE(server.context != NULL);
	/* There is nobody to be asked yet. */
	serve_twice(NULL);
	CHECK_INT(atomic_load(&tellings), 0);
	REQUIRE(lws_create_vhost(server.context, &info) != NULL);
	info.vhost_name = "second";
	info.protocols = not_asked;
	REQUIRE(lws_create_vhost(server.context, &info) != NULL);
	serve_twice(NULL);
	REQUIRE(!pthread_create(&other, NULL, serve_twice, (void *)(intptr_t)1));
	pthread_join(other, NULL);
	serve_twice(NULL);
	REQUIRE_INT(atomic_load(&tellings), sizeof(wanted) / sizeof(wanted[0]));
	for (i = 0; i < sizeof(wanted) / sizeof(wanted[0]); i++)
		CHECK_INT(told[i].reason, wanted[i]);
	CHECK(pthread_equal(told[2].thread, pthread_self()));
	CHECK(!pthread_equal(told[3].thread, pthread_self()));
	lws_context_destroy(server.context);
}

TEST_MAIN({ "thread ids", thread_ids }, { "echo and broadcast", echo_and_broadcast }, { "vhosts come and go", vhosts_come_and_go })
