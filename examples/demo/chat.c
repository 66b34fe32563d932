/*
 * The subprotocol golws-chat.
 *
 * The page sends texts "name:<name>" and "say:<text>". The server sends JSON:
 *
 *	{"type":"message","name":"Ada","text":"hello","time":1700000000}
 *	{"type":"people","count":2,"names":["Ada","Guest 2"]}
 *
 * Messages are in one ring for all. Each session has its own tail, the place in the ring up to which it has sent; what
 * all have sent stays until its place is needed, as history for newcomers.
 */
#include "demo.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

#define MAX_NAME 32    /* bytes */
#define MAX_TEXT 1000 /* bytes */
#define RING_SIZE 256  /* messages */
#define HISTORY 50     /* messages that newcomers get */
#define MAX_NAMES 50   /* that the list of people names */
#define ESCAPED(n) (6 * (n) + 1) /* JSON makes at most \u00XX of a byte */

struct chat_message {
	unsigned char *buffer; /* LWS_PRE bytes, then the text */
	size_t len;
};

struct chat_session {
	struct chat_session *next;
	struct lws *wsi;
	uint32_t tail;
	bool people_due;
	size_t received;
	char input[MAX_TEXT + 1];
	char name[MAX_NAME + 1];
};

struct chat {
	struct lws_ring *ring;
	struct chat_session *sessions;
	int guests;
};

size_t chat_session_size(void)
{
	return sizeof(struct chat_session);
}

static void free_message(void *element)
{
	free(((struct chat_message *)element)->buffer);
}

static int chat_init(struct lws *wsi)
{
	struct chat *chat = lws_protocol_vh_priv_zalloc(lws_get_vhost(wsi), lws_get_protocol(wsi),
							sizeof(struct chat));

	if (!chat)
		return -1;
	chat->ring = lws_ring_create(sizeof(struct chat_message), RING_SIZE, free_message);

	return chat->ring ? 0 : -1;
}

/* The oldest message makes room. Who has not got it yet will not get it: nobody waits for the slowest. */
static void forget_oldest(struct chat *chat)
{
	uint32_t oldest = lws_ring_get_oldest_tail(chat->ring);

	lws_start_foreach_ll(struct chat_session *, session, chat->sessions) {
		if (session->tail == oldest)
			lws_ring_consume(chat->ring, &session->tail, NULL, 1);
	} lws_end_foreach_ll(session, next);
	lws_ring_consume(chat->ring, NULL, NULL, 1);
}

static int add_message(struct chat *chat, const char *name, const char *text)
{
	char json_name[ESCAPED(MAX_NAME)], json_text[ESCAPED(MAX_TEXT)];
	struct chat_message message;
	size_t size;

	lws_json_purify(json_name, name, sizeof(json_name), NULL);
	lws_json_purify(json_text, text, sizeof(json_text), NULL);
	size = strlen(json_name) + strlen(json_text) + 80;
	message.buffer = malloc(LWS_PRE + size);
	if (!message.buffer)
		return -1;
	message.len = (size_t)lws_snprintf((char *)message.buffer + LWS_PRE, size,
					   "{\"type\":\"message\",\"name\":\"%s\",\"text\":\"%s\",\"time\":%lld}",
					   json_name, json_text, (long long)time(NULL));
	if (!lws_ring_get_count_free_elements(chat->ring))
		forget_oldest(chat);
	if (!lws_ring_insert(chat->ring, &message, 1)) {
		free_message(&message);
		return -1;
	}

	return 0;
}

/* Who is there has changed: everyone gets the list when it can be sent. */
static void people_changed(struct lws *wsi, struct chat *chat)
{
	lws_start_foreach_ll(struct chat_session *, session, chat->sessions) {
		session->people_due = true;
	} lws_end_foreach_ll(session, next);
	lws_callback_on_writable_all_protocol(lws_get_context(wsi), lws_get_protocol(wsi));
}

static int join(struct lws *wsi, struct chat *chat, struct chat_session *session)
{
	size_t waiting;

	session->wsi = wsi;
	lws_snprintf(session->name, sizeof(session->name), "Guest %d", ++chat->guests);
	session->tail = lws_ring_get_oldest_tail(chat->ring);
	waiting = lws_ring_get_count_waiting_elements(chat->ring, &session->tail);
	if (waiting > HISTORY)
		lws_ring_consume(chat->ring, &session->tail, NULL, waiting - HISTORY);
	lws_ll_fwd_insert(session, next, chat->sessions);
	people_changed(wsi, chat);

	return 0;
}

static int leave(struct lws *wsi, struct chat *chat, struct chat_session *session)
{
	lws_ll_fwd_remove(struct chat_session, next, session, chat->sessions);
	people_changed(wsi, chat);

	return 0;
}

static int refuse(struct lws *wsi, enum lws_close_status status, const char *why)
{
	lws_close_reason(wsi, status, (unsigned char *)why, strlen(why));

	return -1;
}

static int understand(struct lws *wsi, struct chat *chat, struct chat_session *session)
{
	const char *input = session->input;

	if (!strncmp(input, "say:", 4) && input[4]) {
		if (add_message(chat, session->name, input + 4))
			return -1;
		lws_callback_on_writable_all_protocol(lws_get_context(wsi), lws_get_protocol(wsi));
		return 0;
	}
	if (!strncmp(input, "name:", 5) && input[5]) {
		if (strlen(input + 5) > MAX_NAME)
			return refuse(wsi, LWS_CLOSE_STATUS_POLICY_VIOLATION, "this name is too long");
		lws_strncpy(session->name, input + 5, sizeof(session->name));
		people_changed(wsi, chat);
		return 0;
	}

	return refuse(wsi, LWS_CLOSE_STATUS_POLICY_VIOLATION, "expected name: or say:");
}

/* A message may come in several pieces; it is looked at when it is complete. */
static int receive(struct lws *wsi, struct chat *chat, struct chat_session *session, const char *in, size_t len)
{
	figures_count_message(len);
	if (len > MAX_TEXT - session->received)
		return refuse(wsi, LWS_CLOSE_STATUS_MESSAGE_TOO_LARGE, "this message is too long");
	memcpy(session->input + session->received, in, len);
	session->received += len;
	if (!lws_is_final_fragment(wsi))
		return 0;
	session->input[session->received] = '\0';
	session->received = 0;

	return understand(wsi, chat, session);
}

static int send_text(struct lws *wsi, unsigned char *text, size_t len)
{
	if (lws_write(wsi, text, len, LWS_WRITE_TEXT) < (int)len)
		return -1;
	figures_count_message(len);

	return 0;
}

static int send_people(struct lws *wsi, struct chat *chat)
{
	unsigned char buffer[LWS_PRE + 80 + MAX_NAMES * (ESCAPED(MAX_NAME) + 3)];
	char *text = (char *)buffer + LWS_PRE, name[ESCAPED(MAX_NAME)];
	size_t size = sizeof(buffer) - LWS_PRE, len = 0;
	int count = 0, named = 0;

	lws_start_foreach_ll(struct chat_session *, session, chat->sessions) {
		count++;
	} lws_end_foreach_ll(session, next);
	len += (size_t)lws_snprintf(text, size, "{\"type\":\"people\",\"count\":%d,\"names\":[", count);
	lws_start_foreach_ll(struct chat_session *, session, chat->sessions) {
		if (named == MAX_NAMES)
			break;
		lws_json_purify(name, session->name, sizeof(name), NULL);
		len += (size_t)lws_snprintf(text + len, size - len, "%s\"%s\"", named++ ? "," : "", name);
	} lws_end_foreach_ll(session, next);
	len += (size_t)lws_snprintf(text + len, size - len, "]}");

	return send_text(wsi, buffer + LWS_PRE, len);
}

static int send_next(struct lws *wsi, struct chat *chat, struct chat_session *session)
{
	const struct chat_message *message = lws_ring_get_element(chat->ring, &session->tail);

	if (session->people_due) {
		session->people_due = false;
		if (send_people(wsi, chat))
			return -1;
	} else if (message) {
		if (send_text(wsi, message->buffer + LWS_PRE, message->len))
			return -1;
		lws_ring_consume(chat->ring, &session->tail, NULL, 1);
	}
	if (lws_ring_get_element(chat->ring, &session->tail))
		lws_callback_on_writable(wsi);

	return 0;
}

int chat_callback(struct lws *wsi, enum lws_callback_reasons reason, void *user, void *in, size_t len)
{
	struct chat *chat = lws_protocol_vh_priv_get(lws_get_vhost(wsi), lws_get_protocol(wsi));

	switch (reason) {
	case LWS_CALLBACK_PROTOCOL_INIT:
		return chat_init(wsi);
	case LWS_CALLBACK_PROTOCOL_DESTROY:
		if (chat && chat->ring)
			lws_ring_destroy(chat->ring);
		return 0;
	case LWS_CALLBACK_FILTER_PROTOCOL_CONNECTION:
		return !chat || !origin_is_ours(wsi);
	case LWS_CALLBACK_ESTABLISHED:
		return join(wsi, chat, user);
	case LWS_CALLBACK_CLOSED:
		/* it comes also where the handshake was refused */
		if (((struct chat_session *)user)->wsi)
			return leave(wsi, chat, user);
		return 0;
	case LWS_CALLBACK_RECEIVE:
		return receive(wsi, chat, user, in, len);
	case LWS_CALLBACK_SERVER_WRITEABLE:
		return send_next(wsi, chat, user);
	default:
		return 0;
	}
}
