/*
 * Clients against a server that others wrote: python3-websockets. Skipped where that is not installed.
 *
 * usage: foreign DIRECTORY-OF-FOREIGN.PY [case...]
 */
#include "check.h"
#include "outcome.h"
#include "script.h"
#include "server.h"

#include <stdlib.h>

/* What a message in turn is. */
static struct {
	const void *data;
	size_t length;
	enum lws_write_protocol kind;
} messages[] = {
	{ "hello", 5, LWS_WRITE_TEXT },
	{ "", 0, LWS_WRITE_TEXT },
	{ NULL, 125, LWS_WRITE_BINARY },
	{ NULL, 126, LWS_WRITE_BINARY },
	{ NULL, 65535, LWS_WRITE_BINARY },
	{ NULL, 65536, LWS_WRITE_BINARY },
	{ NULL, 400000, LWS_WRITE_BINARY },
};
enum { MESSAGES = sizeof(messages) / sizeof(messages[0]) };

static struct {
	unsigned int sent, received;
	unsigned char *got;
	size_t length;
	int compressed;
	int peer_code;
	char header[64], body[256];
} seen;
static struct outcome outcome;

static unsigned char *pattern(size_t length)
{
	unsigned char *p = malloc(LWS_PRE + length + 1);
	size_t i;

	REQUIRE(p != NULL);
	for (i = 0; i < length; i++)
		p[LWS_PRE + i] = (unsigned char)(i * 7 + i / 251);
	return p;
}

static int send_next(struct lws *wsi)
{
	unsigned char *buffer, *copy;
	size_t length = messages[seen.sent].length;
	int written;

	buffer = pattern(length);
	if (messages[seen.sent].data)
		memcpy(buffer + LWS_PRE, messages[seen.sent].data, length);
	copy = malloc(length + 1);
	REQUIRE(copy != NULL);
	memcpy(copy, buffer + LWS_PRE, length);
	written = lws_write(wsi, buffer + LWS_PRE, length, messages[seen.sent].kind);
	CHECK_INT(written, length);
	CHECK(!memcmp(copy, buffer + LWS_PRE, length)); /* masked elsewhere */
	free(copy);
	free(buffer);
	seen.sent++;
	return written < (int)length ? -1 : 0;
}

static int received(struct lws *wsi, const void *in, size_t len)
{
	unsigned char *wanted;

	if (lws_is_first_fragment(wsi))
		seen.length = 0;
	seen.got = realloc(seen.got, seen.length + len + 1);
	REQUIRE(seen.got != NULL);
	if (len)
		memcpy(seen.got + seen.length, in, len);
	seen.length += len;
	if (!lws_is_final_fragment(wsi))
		return 0;
	wanted = pattern(messages[seen.received].length);
	if (messages[seen.received].data)
		memcpy(wanted + LWS_PRE, messages[seen.received].data, messages[seen.received].length);
	CHECK_MEM(seen.got, seen.length, wanted + LWS_PRE, messages[seen.received].length);
	CHECK_INT(!!lws_frame_is_binary(wsi), messages[seen.received].kind == LWS_WRITE_BINARY);
	free(wanted);
	if (++seen.received == MESSAGES) {
		lws_close_reason(wsi, LWS_CLOSE_STATUS_NORMAL, (unsigned char *)"bye", 3);
		return -1;
	}
	lws_callback_on_writable(wsi);
	return 0;
}

static int on_client(struct lws *wsi, enum lws_callback_reasons reason, void *user, void *in, size_t len)
{
	outcome_note(&outcome, wsi, reason, in);
	switch (reason) {
	case LWS_CALLBACK_CLIENT_ESTABLISHED:
		lws_callback_on_writable(wsi);
		break;
	case LWS_CALLBACK_CLIENT_WRITEABLE:
		return seen.sent < MESSAGES ? send_next(wsi) : 0;
	case LWS_CALLBACK_CLIENT_RECEIVE:
		return received(wsi, in, len);
	case LWS_CALLBACK_WS_PEER_INITIATED_CLOSE:
		seen.peer_code = len >= 2 ? ((unsigned char *)in)[0] << 8 | ((unsigned char *)in)[1] : 0;
		CHECK_MEM((char *)in + 2, len - 2, "enough", 6);
		break;
	case LWS_CALLBACK_ESTABLISHED_CLIENT_HTTP:
		if (lws_hdr_custom_copy(wsi, seen.header, sizeof(seen.header), "x-path:", 7) < 0)
			seen.header[0] = '\0';
		seen.compressed = lws_hdr_total_length(wsi, WSI_TOKEN_EXTENSIONS) > 0;
		break;
	case LWS_CALLBACK_RECEIVE_CLIENT_HTTP:
		return outcome_read(wsi, 64);
	case LWS_CALLBACK_RECEIVE_CLIENT_HTTP_READ:
		lws_snprintf(seen.body + strlen(seen.body), sizeof(seen.body) - strlen(seen.body), "%.*s", (int)len,
			     (char *)in);
		break;
	default:
		break;
	}

	return 0;
}

static const struct lws_protocols protocols[] = {
	{ "echo", on_client, 16, 0, 0, NULL, 0 },
	{ NULL, NULL, 0, 0, 0, NULL, 0 }
};

static const struct lws_extension extensions[] = {
	{ "permessage-deflate", lws_extension_callback_pm_deflate,
	  "permessage-deflate; client_no_context_takeover; client_max_window_bits" },
	{ NULL, NULL, NULL }
};

/* Runs one connection to its end. */
static void run(const char *path, const char *method, bool compress)
{
	struct lws_context_creation_info info;
	struct lws_client_connect_info client;
	struct lws_context *context;
	int port;

	script_needs("websockets");
	script_start("foreign.py", "", &port, 1);
	server_info(&info, protocols);
	info.port = CONTEXT_PORT_NO_LISTEN;
	info.extensions = compress ? extensions : NULL;
	context = lws_create_context(&info);
	REQUIRE(context != NULL);
	memset(&client, 0, sizeof(client));
	client.context = context;
	client.address = "127.0.0.1";
	client.port = port;
	client.path = path;
	client.method = method;
	client.protocol = "echo";
	REQUIRE(lws_client_connect_via_info(&client) != NULL);
	SERVE_UNTIL(context, outcome.destroyed);
	CHECK_INT(outcome.destroyed, 1);
	CHECK_INT(outcome.closed + outcome.failed, 1);
	lws_context_destroy(context);
	free(seen.got);
}

static void messages_echo_on(bool compress)
{
	run("/", NULL, compress);
	CHECK_INT(outcome.established, 1);
	CHECK_INT(outcome.status, 101);
	CHECK_INT(seen.compressed, compress);
	CHECK_INT(seen.received, MESSAGES);
	CHECK_INT(outcome.closed, 1);
}

static void messages_echo(void) { messages_echo_on(false); }
static void messages_echo_compressed(void) { messages_echo_on(true); }

static void server_closes(void)
{
	run("/close", NULL, false);
	CHECK_INT(seen.received, 1);
	CHECK_INT(seen.peer_code, 4001);
	CHECK_INT(outcome.closed, 1);
}

static void unauthorized(void)
{
	run("/unauthorized", NULL, false);
	CHECK_INT(outcome.status, 401);
	CHECK_STR(outcome.error, "HS: ws upgrade unauthorized");
}

static void absent(void)
{
	run("/absent", NULL, false);
	CHECK_INT(outcome.status, 404);
	CHECK_STR(outcome.error, "HS: ws upgrade response not 101");
}

static void http_request(void)
{
	run("/http", "GET", false);
	CHECK_INT(outcome.status, 200);
	CHECK_STR(seen.header, "/http");
	CHECK_STR(seen.body, "plain text\n");
	CHECK_INT(outcome.completed, 1);
}

SCRIPT_TEST_MAIN({ "messages_echo", messages_echo }, { "messages_echo_compressed", messages_echo_compressed },
		 { "server_closes", server_closes }, { "unauthorized", unauthorized }, { "absent", absent },
		 { "http_request", http_request })
