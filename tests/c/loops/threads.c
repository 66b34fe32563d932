/*
 * Several service threads that want something of each other: vhosts that come and go in callbacks of all of them at
 * once, calls for connections of other threads, clients that each of them makes, and the end while they serve.
 */
#include "check.h"
#include "client.h"
#include "server.h"

#include <stdlib.h>

enum { THREADS = 4, CLIENTS = 12, ROUNDS = 20, CONNECTIONS = 60 };

static struct lws_context *context, *served;
static int port;
static pthread_t threads[THREADS];
static atomic_int initialised, early, ended, connected, client_closed, failed;
static _Atomic(struct lws *) connections[CLIENTS];
static atomic_int count_connections;

struct session {
	int sent;
};

static void connect_one(void)
{
	struct lws_client_connect_info info = {
		.context = context,
		.address = "127.0.0.1",
		.host = "127.0.0.1",
		.path = "/",
		.port = port,
		.protocol = "threads",
		.local_protocol_name = "threads",
	};

	if (!lws_client_connect_via_info(&info))
		failed++;
}

static int on_threads(struct lws *wsi, enum lws_callback_reasons reason, void *user, void *in, size_t length)
{
	struct lws_context_creation_info info;
	struct session *session = user;
	struct lws_vhost *vhost;
	char name[32], text[LWS_PRE + 32];

	switch (reason) {
	case LWS_CALLBACK_PROTOCOL_INIT:
		initialised++;
		test_sleep_ms(2);
		return 0;
	case LWS_CALLBACK_PROTOCOL_DESTROY:
		ended++;
		return 0;
	case LWS_CALLBACK_ESTABLISHED:
		early += !initialised;
		if (count_connections < CLIENTS)
			connections[count_connections++] = wsi;
		return 0;
	case LWS_CALLBACK_CLIENT_ESTABLISHED:
		connected++;
		lws_callback_on_writable(wsi);
		return 0;
	case LWS_CALLBACK_CLIENT_WRITEABLE:
		if (session->sent++)
			return 0;
		memcpy(text + LWS_PRE, "echo", 4);
		return lws_write(wsi, (unsigned char *)text + LWS_PRE, 4, LWS_WRITE_TEXT) < 4 ? -1 : 0;
	case LWS_CALLBACK_CLIENT_RECEIVE:
		return -1;
	case LWS_CALLBACK_CLIENT_CLOSED:
		client_closed++;
		return 0;
	case LWS_CALLBACK_CLIENT_CONNECTION_ERROR:
		failed++;
		return 0;
	case LWS_CALLBACK_RECEIVE:
		if (length == 5 && !memcmp(in, "vhost", 5)) {
			server_info(&info, lws_get_protocol(wsi));
			lws_snprintf(name, sizeof(name), "of %p", (void *)wsi);
			info.vhost_name = name;
			vhost = lws_create_vhost(context, &info);
			CHECK(vhost != NULL);
			lws_vhost_destroy(vhost);
		} else if (length == 6 && !memcmp(in, "others", 6)) {
			for (int i = 0; i < count_connections; i++) {
				lws_set_timeout(connections[i], PENDING_TIMEOUT_USER_OK, 100);
				lws_rx_flow_control(connections[i], 1);
			}
		} else if (length == 7 && !memcmp(in, "connect", 7))
			connect_one();
		memcpy(text + LWS_PRE, in, length);
		return lws_write(wsi, (unsigned char *)text + LWS_PRE, length, LWS_WRITE_TEXT) < (int)length ? -1 : 0;
	default:
		return 0;
	}
}

static const struct lws_protocols protocols[] = {
	{ .name = "threads", .callback = on_threads, .per_session_data_size = sizeof(struct session) },
	{ .name = NULL },
};

/* Until the context ends: nobody tells the threads to stop. */
static void *serve(void *tsi)
{
	/* what the library sets to NULL is not looked at */
	while (lws_service_tsi(served, 0, (int)(intptr_t)tsi) >= 0)
		;
	return NULL;
}

static void begin(void)
{
	struct lws_context_creation_info info;

	server_info(&info, protocols);
	info.count_threads = THREADS;
	info.pcontext = &context;
	served = lws_create_context(&info);
	REQUIRE(served != NULL);
	port = lws_get_vhost_listen_port(lws_get_vhost_by_name(context, "default"));
	for (int i = THREADS - 1; i >= 0; i--)
		REQUIRE(!pthread_create(&threads[i], NULL, serve, (void *)(intptr_t)i));
}

static void end(void)
{
	lws_context_destroy(context);
	for (int i = 0; i < THREADS; i++)
		pthread_join(threads[i], NULL);
	CHECK(context == NULL);
	CHECK_INT(early, 0);
	CHECK_INT(initialised, ended);
}

static void say_all(struct client *clients, const char *text)
{
	struct client_frame frame;

	for (int i = 0; i < CLIENTS; i++)
		client_ws_send(&clients[i], FRAME_FIN | FRAME_TEXT, text, strlen(text));
	for (int i = 0; i < CLIENTS; i++) {
		client_ws_message(&clients[i], &frame);
		CHECK_MEM(frame.payload, frame.length, text, strlen(text));
		client_frame_free(&frame);
	}
}

static void with_clients(const char *text, int rounds)
{
	struct client clients[CLIENTS];

	begin();
	for (int i = 0; i < CLIENTS; i++)
		client_ws(&clients[i], port, "/", "threads");
	for (int i = 0; i < rounds; i++)
		say_all(clients, text);
	if (!strcmp(text, "connect")) {
		WAIT_FOR(client_closed == CLIENTS * rounds);
		CHECK_INT(connected, CLIENTS * rounds);
		CHECK_INT(failed, 0);
	}
	end();
	for (int i = 0; i < CLIENTS; i++) {
		client_drain(&clients[i]);
		client_close(&clients[i]);
	}
}

static void vhosts_in_callbacks(void)
{
	with_clients("vhost", ROUNDS);
}

static void calls_for_connections_of_others(void)
{
	with_clients("others", ROUNDS * 5);
}

static void serving_and_connecting(void)
{
	with_clients("connect", ROUNDS);
}

static void end_while_serving(void)
{
	for (int i = 0; i < 20; i++) {
		initialised = ended = 0;
		begin();
		if (i & 1)
			test_sleep_ms(1);
		end();
	}
}

TEST_MAIN(
	{ "vhosts in callbacks", vhosts_in_callbacks },
	{ "calls for connections of others", calls_for_connections_of_others },
	{ "serving and connecting", serving_and_connecting },
	{ "end while serving", end_while_serving },
)
