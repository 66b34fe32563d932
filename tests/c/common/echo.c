#include "echo.h"
#include "check.h"

#include <stdlib.h>

struct message {
	struct message *next;
	size_t length;
	unsigned char bytes[]; /* LWS_PRE, then the payload */
};

struct session {
	struct message *first, **end;
	struct message *partial;
};

static void append(struct message **message, const void *bytes, size_t length)
{
	size_t before = *message ? (*message)->length : 0;

	*message = realloc(*message, sizeof(**message) + LWS_PRE + before + length);
	REQUIRE(*message != NULL);
	memcpy((*message)->bytes + LWS_PRE + before, bytes, length);
	(*message)->length = before + length;
	(*message)->next = NULL;
}

static int callback_echo(struct lws *wsi, enum lws_callback_reasons reason, void *user, void *in, size_t length)
{
	struct session *session = user;
	struct message *message;

	switch (reason) {
	case LWS_CALLBACK_ESTABLISHED:
		session->end = &session->first;
		break;

	case LWS_CALLBACK_RECEIVE:
		append(&session->partial, in, length);
		if (!lws_is_final_fragment(wsi) || lws_remaining_packet_payload(wsi))
			break;
		*session->end = session->partial;
		session->end = &session->partial->next;
		session->partial = NULL;
		lws_callback_on_writable(wsi);
		break;

	case LWS_CALLBACK_SERVER_WRITEABLE:
		message = session->first;
		if (!message)
			break;
		if (lws_write(wsi, message->bytes + LWS_PRE, message->length, LWS_WRITE_TEXT) < 0)
			return -1;
		session->first = message->next;
		if (!session->first)
			session->end = &session->first;
		else
			lws_callback_on_writable(wsi);
		free(message);
		break;

	case LWS_CALLBACK_CLOSED:
		while ((message = session->first)) {
			session->first = message->next;
			free(message);
		}
		free(session->partial);
		session->partial = NULL;
		break;

	default:
		break;
	}

	return 0;
}

const struct lws_protocols echo_protocols[] = {
	{ .name = "echo", .callback = callback_echo, .per_session_data_size = sizeof(struct session) },
	{ .name = NULL },
};

void echo_once(struct client *client, const char *text)
{
	struct client_frame message;

	client_ws_send(client, FRAME_FIN | FRAME_TEXT, text, strlen(text));
	client_ws_message(client, &message);
	CHECK_MEM(message.payload, message.length, text, strlen(text));
	client_frame_free(&message);
}

void echo_visit(int port, const char *text)
{
	struct client client;

	client_ws(&client, port, "/", "echo");
	echo_once(&client, text);
	client_close(&client);
}
