/*
 * Any number and kind of lws_write calls in one callback: what reaches the peer is in the order of the
 * calls, however each of them gets there.
 */
#include "check.h"
#include "client.h"
#include "server.h"

#include <stdlib.h>

enum { LARGE = 40000, ROUNDS = 20, QUEUED = 3000 };

struct session {
	int round, queued;
	bool refused;
};

static bool put(struct lws *wsi, const char *text, int kind)
{
	unsigned char buffer[LWS_PRE + 200];
	size_t length = strlen(text);

	memcpy(buffer + LWS_PRE, text, length);
	return lws_write(wsi, buffer + LWS_PRE, length, (enum lws_write_protocol)kind) >= (int)length;
}

static bool put_large(struct lws *wsi, int fill)
{
	unsigned char *buffer = malloc(LWS_PRE + LARGE);
	bool ok;

	memset(buffer + LWS_PRE, fill, LARGE);
	ok = lws_write(wsi, buffer + LWS_PRE, LARGE, LWS_WRITE_BINARY) >= LARGE;
	free(buffer);
	return ok;
}

/* whole messages, controls, fragments, large ones, and a question in between */
static bool put_mixture(struct lws *wsi, int round)
{
	char text[50];
	bool ok;

	lws_snprintf(text, sizeof(text), "first %d", round);
	ok = put(wsi, text, LWS_WRITE_TEXT);
	ok = put(wsi, "ping", LWS_WRITE_PING) && ok;
	ok = put(wsi, "second", LWS_WRITE_BINARY) && ok;
	ok = put_large(wsi, 'a' + round) && ok;
	ok = put(wsi, "third", LWS_WRITE_TEXT) && ok;
	ok = lws_send_pipe_choked(wsi) >= 0 && ok;
	ok = put(wsi, "begin", LWS_WRITE_TEXT | LWS_WRITE_NO_FIN) && ok;
	ok = put(wsi, "end", LWS_WRITE_CONTINUATION) && ok;
	return put(wsi, "", LWS_WRITE_TEXT) && put(wsi, "last", LWS_WRITE_TEXT) && ok;
}

static int on_mixed(struct lws *wsi, enum lws_callback_reasons reason, void *user, void *in, size_t len)
{
	struct session *session = user;
	char text[50];

	(void)in;
	(void)len;
	switch (reason) {
	case LWS_CALLBACK_ESTABLISHED:
	case LWS_CALLBACK_RECEIVE:
		if (reason == LWS_CALLBACK_RECEIVE)
			session->queued = QUEUED;
		lws_callback_on_writable(wsi);
		return 0;
	case LWS_CALLBACK_SERVER_WRITEABLE:
		if (session->round < ROUNDS) {
			if (!put_mixture(wsi, session->round++))
				return -1;
			lws_callback_on_writable(wsi);
		} else if (session->queued) {
			lws_snprintf(text, sizeof(text), "queued %d", QUEUED - session->queued--);
			if (!put(wsi, text, LWS_WRITE_TEXT))
				return -1;
			if (session->queued)
				lws_callback_on_writable(wsi);
		}
		return 0;
	default:
		return 0;
	}
}

/* a write that cannot be is refused, and what was written before is sent */
static int on_refused(struct lws *wsi, enum lws_callback_reasons reason, void *user, void *in, size_t len)
{
	(void)user;
	(void)in;
	(void)len;
	if (reason == LWS_CALLBACK_ESTABLISHED)
		lws_callback_on_writable(wsi);
	if (reason != LWS_CALLBACK_SERVER_WRITEABLE)
		return 0;
	if (!put(wsi, "good", LWS_WRITE_TEXT))
		return -1;
#if defined(TEST_GOLWS)
	if (put(wsi, "no message is under way", LWS_WRITE_CONTINUATION))
		return -1;
	if (!put(wsi, "begin", LWS_WRITE_TEXT | LWS_WRITE_NO_FIN) || put(wsi, "not yet", LWS_WRITE_TEXT) ||
	    !put(wsi, "end", LWS_WRITE_CONTINUATION))
		return -1;
#endif
	lws_close_reason(wsi, LWS_CLOSE_STATUS_GOINGAWAY, (unsigned char *)"bye", 3);
	return -1;
}

static const struct lws_protocols protocols[] = {
	{ "http", lws_callback_http_dummy, 0, 0, 0, NULL, 0 },
	{ "mixed", on_mixed, sizeof(struct session), 0, 0, NULL, 0 },
	{ "refused", on_refused, 0, 0, 0, NULL, 0 },
	{ NULL, NULL, 0, 0, 0, NULL, 0 }
};

static struct server server;

static void expect_frame(struct client *client, int opcode, bool fin, const char *text)
{
	struct client_frame frame;

	REQUIRE(client_ws_frame(client, &frame));
	CHECK_INT(frame.opcode, opcode);
	CHECK_INT(frame.fin, fin);
	CHECK_MEM(frame.payload, frame.length, text, strlen(text));
	client_frame_free(&frame);
}

static void expect_large(struct client *client, int fill)
{
	struct client_frame frame;
	size_t i;

	REQUIRE(client_ws_frame(client, &frame));
	CHECK_INT(frame.opcode, FRAME_BINARY);
	REQUIRE_INT(frame.length, LARGE);
	for (i = 0; i < LARGE; i++)
		if (frame.payload[i] != fill) {
			FAIL("byte %zu is wrong", i);
			check_give_up();
		}
	client_frame_free(&frame);
}

static void mixed(void)
{
	struct lws_context_creation_info info;
	struct client client;
	char text[50];
	int i;

	server_info(&info, protocols);
	server_run(&server, &info);
	client_ws(&client, server.port, "/", "mixed");
	for (i = 0; i < ROUNDS; i++) {
		lws_snprintf(text, sizeof(text), "first %d", i);
		expect_frame(&client, FRAME_TEXT, true, text);
		expect_frame(&client, FRAME_PING, true, "ping");
		expect_frame(&client, FRAME_BINARY, true, "second");
		expect_large(&client, 'a' + i);
		expect_frame(&client, FRAME_TEXT, true, "third");
		expect_frame(&client, FRAME_TEXT, false, "begin");
		expect_frame(&client, FRAME_CONTINUATION, true, "end");
		expect_frame(&client, FRAME_TEXT, true, "");
		expect_frame(&client, FRAME_TEXT, true, "last");
	}
	client_ws_send(&client, FRAME_FIN | FRAME_TEXT, "go", 2);
	for (i = 0; i < QUEUED; i++) {
		lws_snprintf(text, sizeof(text), "queued %d", i);
		expect_frame(&client, FRAME_TEXT, true, text);
	}
	client_close(&client);
	server_destroy(&server);
}

static void refused(void)
{
	struct lws_context_creation_info info;
	struct client client;

	server_info(&info, protocols);
	server_run(&server, &info);
	client_ws(&client, server.port, "/", "refused");
	expect_frame(&client, FRAME_TEXT, true, "good");
#if defined(TEST_GOLWS)
	expect_frame(&client, FRAME_TEXT, false, "begin");
	expect_frame(&client, FRAME_CONTINUATION, true, "end");
#endif
	expect_frame(&client, FRAME_CLOSE, true, "\x03\xe9"
						 "bye");
	client_close(&client);
	server_destroy(&server);
}

TEST_MAIN({ "mixed", mixed }, { "refused", refused })
