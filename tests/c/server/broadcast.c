/*
 * A broadcast with one lws_ring for all: each session has its own tail, the
 * oldest tail frees the elements.  In the style of upstream's users.
 */
#include "check.h"
#include "client.h"
#include "server.h"

#include <stdlib.h>

struct message {
	void *payload; /* LWS_PRE, then len bytes */
	size_t len;
};

struct session {
	struct session *next;
	struct lws *wsi;
	uint32_t tail;
	int number;
};

struct vhost_data {
	struct lws_vhost *vhost;
	const struct lws_protocols *protocol;
	struct session *sessions;
	struct lws_ring *ring;
	int count;
};

static atomic_int allocated, open_sessions, dropped;

static void destroy_message(void *element)
{
	struct message *message = element;

	free(message->payload);
	message->payload = NULL;
	atomic_fetch_sub(&allocated, 1);
}

static int on_broadcast(struct lws *wsi, enum lws_callback_reasons reason, void *user, void *in, size_t len)
{
	struct vhost_data *data = lws_protocol_vh_priv_get(lws_get_vhost(wsi), lws_get_protocol(wsi));
	struct session *session = user;
	const struct message *next;
	struct message message;

	switch (reason) {
	case LWS_CALLBACK_PROTOCOL_INIT:
		data = lws_protocol_vh_priv_zalloc(lws_get_vhost(wsi), lws_get_protocol(wsi),
						   sizeof(struct vhost_data));
		REQUIRE(data != NULL);
		data->vhost = lws_get_vhost(wsi);
		data->protocol = lws_get_protocol(wsi);
		data->ring = lws_ring_create(sizeof(struct message), 8, destroy_message);
		REQUIRE(data->ring != NULL);
		return 0;
	case LWS_CALLBACK_PROTOCOL_DESTROY:
		CHECK(data->sessions == NULL);
		lws_ring_destroy(data->ring);
		return 0;
	case LWS_CALLBACK_ESTABLISHED:
		lws_ll_fwd_insert(session, next, data->sessions);
		session->tail = lws_ring_get_oldest_tail(data->ring);
		session->wsi = wsi;
		session->number = ++data->count;
		atomic_fetch_add(&open_sessions, 1);
		return 0;
	case LWS_CALLBACK_CLOSED:
		lws_ll_fwd_remove(struct session, next, session, data->sessions);
		atomic_fetch_sub(&open_sessions, 1);
		return 0;
	case LWS_CALLBACK_SERVER_WRITEABLE:
		next = lws_ring_get_element(data->ring, &session->tail);
		if (!next)
			return 0;
		if (lws_write(wsi, (unsigned char *)next->payload + LWS_PRE, next->len, LWS_WRITE_TEXT) <
		    (int)next->len)
			return -1;
		lws_ring_consume_and_update_oldest_tail(data->ring, struct session, &session->tail, 1,
							data->sessions, tail, next);
		if (lws_ring_get_element(data->ring, &session->tail))
			lws_callback_on_writable(wsi);
		return 0;
	case LWS_CALLBACK_RECEIVE:
		if (!lws_ring_get_count_free_elements(data->ring)) {
			atomic_fetch_add(&dropped, 1);
			return 0;
		}
		message.len = len;
		message.payload = malloc(LWS_PRE + len);
		REQUIRE(message.payload != NULL);
		memcpy((char *)message.payload + LWS_PRE, in, len);
		atomic_fetch_add(&allocated, 1);
		if (!lws_ring_insert(data->ring, &message, 1)) {
			destroy_message(&message);
			atomic_fetch_add(&dropped, 1);
			return 0;
		}
		/* everyone, the sender too */
		if (len & 1)
			lws_callback_on_writable_all_protocol(lws_get_context(wsi), data->protocol);
		else
			lws_callback_on_writable_all_protocol_vhost(data->vhost, data->protocol);
		return 0;
	default:
		return 0;
	}
}

static const struct lws_protocols protocols[] = {
	{ "http", lws_callback_http_dummy, 0, 0, 0, NULL, 0 },
	{ "broadcast", on_broadcast, sizeof(struct session), 128, 0, NULL, 0 },
	{ NULL, NULL, 0, 0, 0, NULL, 0 }
};

static void everyone_hears(void)
{
	enum { COUNT = 20, ROUNDS = 50 };
	struct lws_context_creation_info info;
	static struct client clients[COUNT];
	struct client_frame message;
	struct server server;
	char text[64];
	int i, round;

	server_info(&info, protocols);
	server_run(&server, &info);
	for (i = 0; i < COUNT; i++)
		client_ws(&clients[i], server.port, "/", "broadcast");
	WAIT_FOR(atomic_load(&open_sessions) == COUNT);
	for (round = 0; round < ROUNDS; round++) {
		snprintf(text, sizeof(text), "round %d", round);
		client_ws_send(&clients[round % COUNT], FRAME_FIN | FRAME_TEXT, text, strlen(text));
		for (i = 0; i < COUNT; i++) {
			client_ws_message(&clients[i], &message);
			CHECK_MEM(message.payload, message.length, text, strlen(text));
			client_frame_free(&message);
		}
	}
	CHECK_INT(atomic_load(&dropped), 0);

	/* leaving in every way does not hold up the others */
	client_abort(&clients[0]);
	client_close(&clients[1]);
	client_ws_close(&clients[2], 1000, NULL);
	client_drain(&clients[2]);
	client_close(&clients[2]);
	WAIT_FOR(atomic_load(&open_sessions) == COUNT - 3);
	client_ws_send(&clients[3], FRAME_FIN | FRAME_TEXT, "last one", 8);
	for (i = 3; i < COUNT; i++) {
		client_ws_message(&clients[i], &message);
		CHECK_MEM(message.payload, message.length, "last one", 8);
		client_frame_free(&message);
	}
	server_destroy(&server);
	CHECK_INT(atomic_load(&open_sessions), 0);
	CHECK_INT(atomic_load(&allocated), 0);
	for (i = 3; i < COUNT; i++) {
		client_drain(&clients[i]);
		client_close(&clients[i]);
	}
}

/* a reader that stops reading fills the ring; messages are dropped, the others go on later */
static void slow_listener(void)
{
	struct lws_context_creation_info info;
	struct client talker, idler;
	struct client_frame message;
	struct server server;
	static char text[60000];
	int i, heard = 0;

	memset(text, 'x', sizeof(text));
	server_info(&info, protocols);
	server_run(&server, &info);
	client_ws(&idler, server.port, "/", "broadcast");
	client_ws(&talker, server.port, "/", "broadcast");
	WAIT_FOR(atomic_load(&open_sessions) == 2);
	/* the talker does not wait: some are dropped when the ring is full */
	for (i = 0; i < 300; i++)
		client_ws_send(&talker, FRAME_FIN | FRAME_TEXT, text, sizeof(text));
	client_abort(&idler);
	WAIT_FOR(atomic_load(&open_sessions) == 1);
	client_ws_send(&talker, FRAME_FIN | FRAME_TEXT, "the end", 7);
	do {
		/* a message of 60000 arrives in pieces of the receive buffer, each broadcast on its own */
		REQUIRE(client_ws_frame(&talker, &message));
		heard = message.length == 7;
		client_frame_free(&message);
	} while (!heard && !atomic_load(&dropped));
	server_destroy(&server);
	CHECK_INT(atomic_load(&allocated), 0);
	client_close(&talker);
}

TEST_MAIN({ "everyone_hears", everyone_hears }, { "slow_listener", slow_listener })
