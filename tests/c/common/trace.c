#include "trace.h"

#include <stdio.h>
#include <stdlib.h>

static const char *expected_directory;

/* ---- the server ---- */

/* one callback reason that answers with a value of the script's */
int trace_pieces;
bool trace_endless, trace_holds_body;

static struct {
	int reason;
	const char *protocol;
	int value;
	bool due;
} once;

void trace_answer_once(int reason, const char *protocol, int value)
{
	once.reason = reason;
	once.protocol = protocol;
	once.value = value;
	once.due = true;
}

bool trace_answered(const char *protocol, enum lws_callback_reasons reason, int *value)
{
	if (!once.due || (int)reason != once.reason || strcmp(protocol, once.protocol))
		return false;
	once.due = false;
	*value = once.value;
	return true;
}

static int begin(struct lws *wsi, lws_filepos_t length)
{
	unsigned char buffer[LWS_PRE + 1024], *start = buffer + LWS_PRE, *at = start,
		      *end = buffer + sizeof(buffer) - 1;

	return lws_add_http_common_headers(wsi, HTTP_STATUS_OK, "text/plain", length, &at, end) ||
	       lws_finalize_write_http_header(wsi, start, &at, end);
}

static void ask(struct lws *wsi)
{
	lws_set_opaque_user_data(wsi, wsi);
	lws_callback_on_writable(wsi);
}

/* A response without end */
static int begin_events(struct lws *wsi)
{
	unsigned char buffer[LWS_PRE + 1024], *start = buffer + LWS_PRE, *at = start,
		      *end = buffer + sizeof(buffer) - 1;

	if (lws_add_http_common_headers(wsi, HTTP_STATUS_OK, "text/event-stream", LWS_ILLEGAL_HTTP_CONTENT_LEN, &at, end) ||
	    lws_finalize_write_http_header(wsi, start, &at, end))
		return 1;
	lws_http_mark_sse(wsi);
	trace_endless = true;
	ask(wsi);
	return 0;
}

static int act(struct lws *wsi, enum lws_callback_reasons reason, void *user, void *in, size_t len)
{
	unsigned char buffer[LWS_PRE + 4096];
	const char *path;

	switch (reason) {
	case LWS_CALLBACK_HTTP:
		path = in;
		if (strstr(path, "post"))
			return 0;
		if (strstr(path, "events"))
			return begin_events(wsi);
		if (strstr(path, "leave") || strstr(path, "kill")) {
			/* as programs do that let the library close what they have answered */
			if (begin(wsi, strstr(path, "short") ? 10 : 5))
				return 1;
			memcpy(buffer + LWS_PRE, "leave", 5);
			if (lws_write(wsi, buffer + LWS_PRE, 5, LWS_WRITE_HTTP_FINAL) != 5)
				return 1;
			if (strstr(path, "kill")) {
				lws_set_timeout(wsi, 1, LWS_TO_KILL_ASYNC);
				return 0;
			}
			return -1;
		}
		if (strstr(path, "empty"))
			return lws_return_http_status(wsi, HTTP_STATUS_NO_CONTENT, NULL) ||
			       lws_http_transaction_completed(wsi) ? -1 : 0;
		if (strstr(path, "pieces")) {
			if (begin(wsi, LWS_ILLEGAL_HTTP_CONTENT_LEN))
				return 1;
			ask(wsi);
			return 0;
		}
		if (strstr(path, "wait"))
			return 0;
		if (strstr(path, "later")) {
			if (begin(wsi, 5))
				return 1;
			ask(wsi);
			return 0;
		}
		if (strstr(path, "nothing"))
			return lws_return_http_status(wsi, HTTP_STATUS_NOT_FOUND, NULL) ||
			       lws_http_transaction_completed(wsi) ? -1 : 0;
		if (strstr(path, "file")) {
			char name[512];
			int n;

			snprintf(name, sizeof(name), "%s/a.txt", test_directory());
			n = lws_serve_http_file(wsi, name, "text/plain", NULL, 0);
			if (n < 0)
				return -1;
			return n > 0 && lws_http_transaction_completed(wsi) ? -1 : 0;
		}
		if (strstr(path, "plain"))
			return server_reply_text(wsi, "hello");
		if (strstr(path, "redirect")) {
			unsigned char *at = buffer + LWS_PRE;

			if (lws_http_redirect(wsi, HTTP_STATUS_FOUND, (unsigned char *)"/plain", 6,
					      &at, buffer + sizeof(buffer)) < 0)
				return -1;
			return lws_http_transaction_completed(wsi) ? -1 : 0;
		}
		if (lws_return_http_status(wsi, HTTP_STATUS_NOT_FOUND, NULL) ||
		    lws_http_transaction_completed(wsi))
			return -1;
		return 0;
	case LWS_CALLBACK_HTTP_WRITEABLE:
		lws_set_opaque_user_data(wsi, NULL);
		if (trace_pieces) {
			int last = !--trace_pieces;

			memcpy(buffer + LWS_PRE, "piece", 5);
			if (lws_write(wsi, buffer + LWS_PRE, 5, last && !trace_endless ? LWS_WRITE_HTTP_FINAL
										       : LWS_WRITE_HTTP) != 5)
				return 1;
			if (!last)
				ask(wsi);
			else if (!trace_endless)
				return lws_http_transaction_completed(wsi) ? -1 : 0;
			return 0;
		}
		memcpy(buffer + LWS_PRE, "later", 5);
		if (lws_write(wsi, buffer + LWS_PRE, 5, LWS_WRITE_HTTP_FINAL) != 5)
			return 1;
		return lws_http_transaction_completed(wsi) ? -1 : 0;
	case LWS_CALLBACK_HTTP_BODY:
		if (trace_holds_body) {
			trace_holds_body = false;
			lws_rx_flow_control(wsi, 0);
			lws_set_timer_usecs(wsi, 20 * LWS_US_PER_MS);
		}
		return 0;
	case LWS_CALLBACK_TIMER:
		lws_rx_flow_control(wsi, 1);
		return 0;
	case LWS_CALLBACK_HTTP_BODY_COMPLETION:
		return server_reply_text(wsi, "posted");
	case LWS_CALLBACK_HTTP_FILE_COMPLETION:
		/* as lws_callback_http_dummy does */
		return lws_http_transaction_completed(wsi) ? -1 : 0;
	case LWS_CALLBACK_VERIFY_BASIC_AUTHORIZATION:
		return !strcmp(in, "joe:secret");
	case LWS_CALLBACK_RECEIVE:
		return trace_obey(wsi, in, len);
	case LWS_CALLBACK_SERVER_WRITEABLE:
		return trace_written(wsi);
	default:
		return 0;
	}
	(void)user;
}

static int handle(const char *protocol, struct lws *wsi, enum lws_callback_reasons reason,
		  void *user, void *in, size_t len)
{
	int answer;

	if (reason == LWS_CALLBACK_HTTP_WRITEABLE && !lws_get_opaque_user_data(wsi))
		return 0; /* upstream gives a stream of HTTP/2 some that nobody asked for */
	trace_callback(protocol, wsi, reason, user, in, len);
	if (trace_answered(protocol, reason, &answer))
		return answer;

	return act(wsi, reason, user, in, len);
}

TRACE_PROTOCOL(http, handle)
TRACE_PROTOCOL(echo, handle)
TRACE_PROTOCOL(dyn, handle)

const struct lws_protocols trace_protocols[] = {
	{ "http", on_http, 24, 0, 0, NULL, 0 },
	{ "echo", on_echo, 32, 0, 0, NULL, 0 },
	{ "dyn", on_dyn, 40, 0, 0, NULL, 0 },
	{ NULL, NULL, 0, 0, 0, NULL, 0 }
};

/* session memory only where wanted */
const struct lws_protocols trace_bare_protocols[] = {
	{ "http", on_http, 0, 0, 0, NULL, 0 },
	{ "echo", on_echo, 0, 0, 0, NULL, 0 },
	{ NULL, NULL, 0, 0, 0, NULL, 0 }
};

static struct lws_http_mount mounts[] = {
	{ .mountpoint = "/files", .mountpoint_len = 6, .origin_protocol = LWSMPRO_FILE,
	  .def = "a.txt" },
	{ .mountpoint = "/dyn", .mountpoint_len = 4, .origin = "dyn", .protocol = "dyn",
	  .origin_protocol = LWSMPRO_CALLBACK },
	{ .mountpoint = "/origin", .mountpoint_len = 7, .origin = "dyn",
	  .origin_protocol = LWSMPRO_CALLBACK },
	{ .mountpoint = "/mixed", .mountpoint_len = 6, .origin_protocol = LWSMPRO_FILE,
	  .protocol = "dyn" },
	{ .mountpoint = "/moved", .mountpoint_len = 6, .origin_protocol = LWSMPRO_REDIR_HTTP,
	  .origin = "localhost/plain" },
	{ .mountpoint = "/auth", .mountpoint_len = 5, .origin = "dyn", .protocol = "dyn",
	  .origin_protocol = LWSMPRO_CALLBACK, .auth_mask = LWSAUTHM_BASIC_AUTH_CALLBACK },
};

struct server trace_server;

void trace_begin(const struct lws_protocols *of, void (*adjust)(struct lws_context_creation_info *))
{
	struct lws_context_creation_info info;
	char name[512];
	size_t i;
	FILE *file;

	snprintf(name, sizeof(name), "%s/a.txt", test_directory());
	file = fopen(name, "w");
	REQUIRE(file != NULL);
	fputs("content of a file\n", file);
	fclose(file);
	for (i = 0; i < sizeof(mounts) / sizeof(mounts[0]); i++) {
		mounts[i].mount_next = i + 1 < sizeof(mounts) / sizeof(mounts[0]) ? &mounts[i + 1] : NULL;
		if (mounts[i].origin_protocol == LWSMPRO_FILE)
			mounts[i].origin = test_directory();
	}
	server_info(&info, of);
	info.mounts = of == trace_protocols ? mounts : NULL;
	if (adjust)
		adjust(&info);
	server_run(&trace_server, &info);
	for (i = 0; of[i + 1].name; i++)
		;
	snprintf(name, sizeof(name), "%s PROTOCOL_INIT", of[i].name);
	WAIT_FOR(info.pvo || trace_last_is(name));
}

void trace_end(const char *name)
{
	char path[512], wanted[65536];
	size_t length;
	FILE *file;

	trace_mark("the context is destroyed");
	server_destroy(&trace_server);
	if (getenv("TRACE_RECORD")) {
		snprintf(path, sizeof(path), "%s/%s.txt", getenv("TRACE_RECORD"), name);
		file = fopen(path, "w");
		REQUIRE(file != NULL);
		fputs(trace_text(), file);
		fclose(file);
		return;
	}
	snprintf(path, sizeof(path), "%s/%s.txt", expected_directory, name);
	file = fopen(path, "r");
	REQUIRE(file != NULL);
	length = fread(wanted, 1, sizeof(wanted) - 1, file);
	wanted[length] = '\0';
	fclose(file);
	if (strcmp(wanted, trace_text())) {
		const char *a = wanted, *b = trace_text(), *line = trace_text();
		int number = 1;

		for (; *a == *b; a++, b++)
			if (*b == '\n') {
				number++;
				line = b + 1;
			}
		while (a > wanted && a[-1] != '\n')
			a--;
		FAIL("%s.txt:%d: got \"%.*s\", expected \"%.*s\"; all of it:\n%s", name, number,
		     (int)strcspn(line, "\n"), line, (int)strcspn(a, "\n"), a, trace_text());
	}
}

/* ---- the clients ---- */

void trace_expect(struct client *client, int status, const char *body)
{
	struct client_response response;

	REQUIRE(client_response(client, &response, !body));
	CHECK_INT(response.status, status);
	if (body && *body)
		CHECK_MEM(response.body, response.body_length, body, strlen(body));
	client_response_free(&response);
}

void trace_until_destroyed(int count)
{
	WAIT_FOR(atomic_load(&trace_destroyed) >= count);
}

void trace_get(struct client *client, const char *method, const char *path, const char *more)
{
	client_print(client, "%s %s HTTP/1.1\r\nHost: localhost\r\n%s\r\n", method, path, more);
}

void trace_leave(struct client *client)
{
	int before = atomic_load(&trace_destroyed);

	trace_mark("the client closes");
	client_close(client);
	trace_until_destroyed(before + 1);
}

/* After a whole transaction on a connection that is kept. */
void trace_settle(void)
{
	WAIT_FOR(trace_last_is("HTTP_BIND_PROTOCOL"));
}

/*
 * The server closes: reads up to the end, then closes too, which a server may wait for before it destroys the
 * connection.
 */
static char rest[32];

void trace_end_of(struct client *client, int connections_made)
{
	size_t length = client_drain(client);

	if (length >= sizeof(rest))
		length = sizeof(rest) - 1;
	if (length)
		memcpy(rest, client->buffer, length);
	rest[length] = '\0';
	client_close(client);
	trace_until_destroyed(connections_made);
}

/* What was left to read before the end. */
void trace_mark_rest(void)
{
	char text[64];

	snprintf(text, sizeof(text), "the client got %.12s", rest[0] ? rest : "nothing");
	trace_mark(text);
}

/* Refused without a word, as upstream does it, or with a status. */
void trace_mark_refusal(void)
{
	CHECK(!rest[0] || !strncmp(rest, "HTTP/1.1 4", 10));
	trace_mark("the client is refused");
}

/* one request, then the client closes */
void trace_ws_start(struct client *client, const char *protocol)
{
	client_tcp(client, trace_server.port);
	client_ws_upgrade(client, "/ws", protocol, NULL);
	WAIT_FOR(trace_logged("ESTABLISHED"));
}

void trace_ws_echo(struct client *client, const char *text)
{
	struct client_frame frame;

	client_ws_send(client, FRAME_FIN | FRAME_TEXT, text, strlen(text));
	client_ws_message(client, &frame);
	CHECK_MEM(frame.payload, frame.length, text, strlen(text));
	client_frame_free(&frame);
}

void trace_ws_expect_close(struct client *client, int code)
{
	struct client_frame frame;

	REQUIRE(client_ws_frame(client, &frame));
	CHECK_INT(frame.opcode, FRAME_CLOSE);
	CHECK_INT(client_frame_code(&frame), code);
	client_frame_free(&frame);
}

int trace_main(int argc, char **argv, const struct test_case *cases, size_t count)
{
	return test_main_with_directory(argc, argv, cases, count, &expected_directory);
}
