/*
 * Ends of connections: returning nonzero from every callback that can come, close codes
 * in both directions, peers that vanish. Whatever happens, each connection
 * that was created is destroyed once, and told so in order.
 */
#include "check.h"
#include "client.h"
#include "server.h"

#include <stdlib.h>

struct session {
	struct lws *owner; /* of what was established */
};

static struct lws *latest; /* established last */

static struct {
	int reason, value;      /* this reason answers with that */
	atomic_int answered;
	atomic_int created, destroyed, established, closed, closed_http, bound, dropped;
	atomic_int close_length, close_code;
	char close_text[128];
} seen;

static int reply_in_steps(struct lws *wsi)
{
	unsigned char buffer[LWS_PRE + 512], *start = buffer + LWS_PRE, *at = start,
		      *end = buffer + sizeof(buffer) - 1;

	if (lws_add_http_common_headers(wsi, 200, "text/plain", 4, &at, end) ||
	    lws_finalize_write_http_header(wsi, start, &at, end))
		return 1;
	lws_callback_on_writable(wsi);

	return 0;
}

static int on_any(struct lws *wsi, enum lws_callback_reasons reason, void *user, void *in, size_t len)
{
	unsigned char buffer[LWS_PRE + 256];
	struct session *session = user;
	unsigned char *bytes = in;

	switch (reason) {
	case LWS_CALLBACK_WSI_CREATE:
		atomic_fetch_add(&seen.created, 1);
		return 0;
	case LWS_CALLBACK_WSI_DESTROY:
		/* upstream destroys the listening wsi too, which it never announced */
		if (atomic_load(&seen.destroyed) < atomic_load(&seen.created))
			atomic_fetch_add(&seen.destroyed, 1);
		return 0;
	case LWS_CALLBACK_HTTP_BIND_PROTOCOL:
	case LWS_CALLBACK_WS_SERVER_BIND_PROTOCOL:
		atomic_fetch_add(&seen.bound, 1);
		break;
	case LWS_CALLBACK_HTTP_DROP_PROTOCOL:
	case LWS_CALLBACK_WS_SERVER_DROP_PROTOCOL:
		atomic_fetch_add(&seen.dropped, 1);
		return 0;
	case LWS_CALLBACK_ESTABLISHED:
		atomic_fetch_add(&seen.established, 1);
		session->owner = latest = wsi;
		lws_set_timer_usecs(wsi, 1000);
		break;
	case LWS_CALLBACK_CLOSED:
		atomic_fetch_add(&seen.closed, 1);
		if (session->owner)
			CHECK_PTR(session->owner, wsi);
		return 0;
	case LWS_CALLBACK_CLOSED_HTTP:
		atomic_fetch_add(&seen.closed_http, 1);
		return 0;
	case LWS_CALLBACK_WS_PEER_INITIATED_CLOSE:
#if defined(TEST_GOLWS)
		/* upstream's server has only what it sends itself */
		CHECK_MEM(lws_get_close_payload(wsi), (size_t)lws_get_close_length(wsi), in, len);
#endif
		atomic_store(&seen.close_length, (int)len);
		if (len >= 2) {
			atomic_store(&seen.close_code, bytes[0] << 8 | bytes[1]);
			memcpy(seen.close_text, bytes + 2, len - 2);
			seen.close_text[len - 2] = '\0';
		}
		break;
	default:
		break;
	}

	if ((int)reason == seen.reason) {
		atomic_fetch_add(&seen.answered, 1);
		return seen.value;
	}

	switch (reason) {
	case LWS_CALLBACK_HTTP:
		if (strstr(in, "post"))
			return 0;
		if (strstr(in, "steps"))
			return reply_in_steps(wsi);
		return server_reply_text(wsi, "text");
	case LWS_CALLBACK_HTTP_WRITEABLE:
		memcpy(buffer + LWS_PRE, "done", 4);
		if (lws_write(wsi, buffer + LWS_PRE, 4, LWS_WRITE_HTTP_FINAL) != 4)
			return 1;
		return lws_http_transaction_completed(wsi) ? -1 : 0;
	case LWS_CALLBACK_HTTP_BODY_COMPLETION:
		return server_reply_text(wsi, "text");
	case LWS_CALLBACK_HTTP_FILE_COMPLETION:
		return lws_http_transaction_completed(wsi) ? -1 : 0;
	case LWS_CALLBACK_RECEIVE:
		if (len == 4 && !memcmp(in, "1001", 4)) {
			lws_close_reason(wsi, LWS_CLOSE_STATUS_GOINGAWAY, (unsigned char *)"going away", 10);
			return -1;
		}
		if (len == 4 && !memcmp(in, "4000", 4)) {
			memset(buffer, 'r', sizeof(buffer));
			/* more than fits is cut */
			lws_close_reason(wsi, (enum lws_close_status)4000, buffer, 200);
			return -1;
		}
		if (len == 4 && !memcmp(in, "1008", 4)) {
			lws_close_reason(wsi, LWS_CLOSE_STATUS_POLICY_VIOLATION, NULL, 0);
			return -1;
		}
		if (len == 5 && !memcmp(in, "write", 5)) {
			lws_callback_on_writable(wsi);
			return 0;
		}
		if (len == 5 && !memcmp(in, "other", 5)) {
			int before = atomic_load(&seen.closed);

			CHECK(latest != wsi);
			lws_set_timeout(latest, PENDING_TIMEOUT_USER_REASON_BASE, LWS_TO_KILL_SYNC);
			/* it is gone when the call returns */
			CHECK_INT(atomic_load(&seen.closed), before + 1);
			return 0;
		}
		if (len == 6 && !memcmp(in, "myself", 6)) {
			lws_set_timeout(wsi, PENDING_TIMEOUT_USER_REASON_BASE, LWS_TO_KILL_SYNC);
			return 0;
		}
		if (len == 5 && !memcmp(in, "first", 5)) {
			/* what was written before the end arrives */
			memcpy(buffer + LWS_PRE, "last words", 10);
			if (lws_write(wsi, buffer + LWS_PRE, 10, LWS_WRITE_TEXT) < 10)
				return -1;
			lws_close_reason(wsi, LWS_CLOSE_STATUS_NORMAL, NULL, 0);
			return -1;
		}
		return 0;
	case LWS_CALLBACK_SERVER_WRITEABLE:
		memcpy(buffer + LWS_PRE, "written", 7);
		return lws_write(wsi, buffer + LWS_PRE, 7, LWS_WRITE_TEXT) < 7 ? -1 : 0;
	default:
		return 0;
	}
}

static const struct lws_protocols protocols[] = {
	{ "any", on_any, sizeof(struct session), 0, 0, NULL, 0 },
	{ NULL, NULL, 0, 0, 0, NULL, 0 }
};

static struct lws_http_mount files = { .mountpoint = "/files", .mountpoint_len = 6, .origin_protocol = LWSMPRO_FILE };
static struct lws_http_mount mounted = { .mount_next = &files, .mountpoint = "/mounted", .mountpoint_len = 8,
					 .origin = "any", .protocol = "any", .origin_protocol = LWSMPRO_CALLBACK };

static struct server server;

static void begin(void)
{
	struct lws_context_creation_info info;
	char path[512];
	FILE *file;

	snprintf(path, sizeof(path), "%s/a.txt", test_directory());
	file = fopen(path, "w");
	REQUIRE(file != NULL);
	fputs("file", file);
	fclose(file);
	files.origin = test_directory();
	server_info(&info, protocols);
	info.mounts = &mounted;
	server_run(&server, &info);
}

static void end(void)
{
	server_destroy(&server);
	CHECK_INT(atomic_load(&seen.destroyed), atomic_load(&seen.created));
	CHECK(atomic_load(&seen.closed) + atomic_load(&seen.closed_http) <= atomic_load(&seen.created));
	CHECK(atomic_load(&seen.closed) >= atomic_load(&seen.established));
}

/* ---- every reason ---- */

static struct {
	int reason;
	const char *script;
	int value;
} const every[] = {
	{ LWS_CALLBACK_FILTER_NETWORK_CONNECTION, "get /", 1 },
	{ LWS_CALLBACK_SERVER_NEW_CLIENT_INSTANTIATED, "get /", 1 },
	{ LWS_CALLBACK_FILTER_HTTP_CONNECTION, "get /", 1 },
	{ LWS_CALLBACK_HTTP_BIND_PROTOCOL, "get /", 1 },
	{ LWS_CALLBACK_HTTP, "get /", 1 },
	{ LWS_CALLBACK_HTTP, "get /", -1 },
	{ LWS_CALLBACK_HTTP_WRITEABLE, "get /steps", -1 },
	{ LWS_CALLBACK_HTTP_BODY, "post", -1 },
	{ LWS_CALLBACK_HTTP_BODY, "post", 1 },
	{ LWS_CALLBACK_HTTP_BODY_COMPLETION, "post", -1 },
	{ LWS_CALLBACK_HTTP_BODY_COMPLETION, "post", 1 },
	{ LWS_CALLBACK_HTTP_FILE_COMPLETION, "get /files/a.txt", -1 },
	{ LWS_CALLBACK_CHECK_ACCESS_RIGHTS, "get /mounted/", 1 },
	{ LWS_CALLBACK_HTTP_BIND_PROTOCOL, "get /mounted/", -1 },
	{ LWS_CALLBACK_HTTP, "get /mounted/", -1 },
	{ LWS_CALLBACK_HTTP_CONFIRM_UPGRADE, "ws", -1 },
	{ LWS_CALLBACK_FILTER_PROTOCOL_CONNECTION, "ws", 1 },
	{ LWS_CALLBACK_ADD_HEADERS, "ws", -1 },
	{ LWS_CALLBACK_ESTABLISHED, "ws", -1 },
	{ LWS_CALLBACK_ESTABLISHED, "ws", 1 },
	{ LWS_CALLBACK_TIMER, "ws timer", -1 },
	{ LWS_CALLBACK_TIMER, "ws timer", 1 },
	{ LWS_CALLBACK_RECEIVE, "ws send", -1 },
	{ LWS_CALLBACK_RECEIVE, "ws send", 1 },
	{ LWS_CALLBACK_SERVER_WRITEABLE, "ws write", -1 },
	{ LWS_CALLBACK_RECEIVE_PONG, "ws pong", -1 },
	{ LWS_CALLBACK_WS_PEER_INITIATED_CLOSE, "ws close", -1 },
	{ LWS_CALLBACK_WS_PEER_INITIATED_CLOSE, "ws close", 1 },
};

static void from_every_reason(void)
{
	struct client_response response;
	struct client client;
	int answered;
	size_t i;

	seen.reason = -1;
	begin();
	for (i = 0; i < sizeof(every) / sizeof(every[0]); i++) {
		const char *script = every[i].script;

		server_stop(&server);
		seen.reason = every[i].reason;
		seen.value = every[i].value;
		answered = atomic_load(&seen.answered);
		server_start(&server);
		printf("      %s on %d from \"%s\"\n", server_reason(seen.reason), seen.value, script);
		client_tcp(&client, server.port);
		if (!strncmp(script, "get ", 4))
			client_print(&client, "GET %s HTTP/1.1\r\nHost: a\r\n\r\n", script + 4);
		else if (!strcmp(script, "post"))
			client_print(&client, "POST /post HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\n\r\nbody");
		else
			client_ws_request(&client, "/", "any", NULL);
		if (!strncmp(script, "ws ", 3)) {
			REQUIRE(client_response(&client, &response, false));
			REQUIRE_INT(response.status, 101);
			client_response_free(&response);
		}
		if (!strcmp(script, "ws send"))
			client_ws_send(&client, FRAME_FIN | FRAME_TEXT, "hello", 5);
		if (!strcmp(script, "ws write"))
			client_ws_send(&client, FRAME_FIN | FRAME_TEXT, "write", 5);
		if (!strcmp(script, "ws pong"))
			client_ws_send(&client, FRAME_FIN | FRAME_PONG, "pong", 4);
		if (!strcmp(script, "ws close"))
			client_ws_close(&client, 1000, NULL);
		WAIT_FOR(atomic_load(&seen.answered) > answered);
		client_drain(&client);
		client_close(&client);
		WAIT_FOR(atomic_load(&seen.destroyed) == atomic_load(&seen.created));
		if (atomic_load(&seen.closed) < atomic_load(&seen.established))
			FAIL("established without closed after %s", server_reason(every[i].reason));
	}
	/* and it still serves */
	server_stop(&server);
	seen.reason = -1;
	server_start(&server);
	client_get(server.port, "/", "", &response);
	CHECK_STR((char *)response.body, "text");
	client_response_free(&response);
	end();
	CHECK_INT(atomic_load(&seen.closed), atomic_load(&seen.established) + 2 /* refused filter and headers */);
}

/* ---- close codes ---- */

static void start_ws(struct client *client)
{
	seen.reason = -1;
	begin();
	client_ws(client, server.port, "/", "any");
}

static void expect_close_frame(struct client *client, int code, const char *reason)
{
	struct client_frame frame;

	REQUIRE(client_ws_frame(client, &frame));
	CHECK_INT(frame.opcode, FRAME_CLOSE);
	CHECK_INT(client_frame_code(&frame), code);
	if (reason)
		CHECK_MEM(frame.payload + 2, frame.length - 2, reason, strlen(reason));
	client_frame_free(&frame);
}

static void by_server(const char *command, int code, const char *reason, bool answered)
{
	struct client client;

	start_ws(&client);
	client_ws_send(&client, FRAME_FIN | FRAME_TEXT, command, 4);
	expect_close_frame(&client, code, reason);
	if (answered)
		client_ws_close(&client, code, NULL);
	/* an end without an answer comes by itself */
	client_drain(&client);
	client_close(&client);
	WAIT_FOR(atomic_load(&seen.destroyed) == 1);
	CHECK_INT(atomic_load(&seen.closed), 1);
	/* the answer to our close frame is not a close by the peer */
	CHECK_INT(atomic_load(&seen.close_length), 0);
	end();
}

static void by_server_with_reason(void) { by_server("1001", 1001, "going away", true); }
static void by_server_with_code(void) { by_server("1008", 1008, "", true); }
static void by_server_unanswered(void) { by_server("1001", 1001, "going away", false); }

static void by_server_with_long_reason(void)
{
	struct client_frame frame;
	struct client client;

	start_ws(&client);
	client_ws_send(&client, FRAME_FIN | FRAME_TEXT, "4000", 4);
	REQUIRE(client_ws_frame(&client, &frame));
	CHECK_INT(frame.opcode, FRAME_CLOSE);
	CHECK_INT(client_frame_code(&frame), 4000);
	CHECK(frame.length > 100 && frame.length <= 125);
	CHECK_INT(frame.payload[frame.length - 1], 'r');
	client_frame_free(&frame);
	client_ws_close(&client, 4000, NULL);
	client_drain(&client);
	client_close(&client);
	end();
}

static void last_words(void)
{
	struct client_frame frame;
	struct client client;

	start_ws(&client);
	client_ws_send(&client, FRAME_FIN | FRAME_TEXT, "first", 5);
	client_ws_message(&client, &frame);
	CHECK_STR((char *)frame.payload, "last words");
	client_frame_free(&frame);
	expect_close_frame(&client, 1000, "");
	client_close(&client);
	WAIT_FOR(atomic_load(&seen.destroyed) == 1);
	end();
}

static void by_peer(int code, const char *reason, int answer)
{
	struct client client;

	memset(&seen, 0, sizeof(seen));
	start_ws(&client);
	client_ws_close(&client, code, reason);
	expect_close_frame(&client, answer, NULL);
	client_drain(&client);
	client_close(&client);
	WAIT_FOR(atomic_load(&seen.destroyed) == 1);
	CHECK_INT(atomic_load(&seen.closed), 1);
	CHECK_INT(atomic_load(&seen.close_length), code ? (int)strlen(reason) + 2 : 0);
	if (code && code == answer) {
		CHECK_INT(atomic_load(&seen.close_code), code);
		CHECK_STR(seen.close_text, reason);
	}
	end();
}

static void by_peer_with_codes(void)
{
	by_peer(0, "", 1005);
	by_peer(1000, "", 1000);
	by_peer(1000, "with a reason", 1000);
	by_peer(1001, "", 1001);
	by_peer(3000, "registered", 3000);
	by_peer(4999, "private", 4999);
}

static void by_peer_with_wrong_codes(void)
{
	static const int codes[] = { 1, 999, 1004, 1005, 1006, 1015, 1016, 1100, 2000, 2999 };
	struct client_frame frame;
	struct client client;
	size_t i;

	for (i = 0; i < sizeof(codes) / sizeof(codes[0]); i++) {
		memset(&seen, 0, sizeof(seen));
		start_ws(&client);
		client_ws_close(&client, codes[i], "");
		REQUIRE(client_ws_frame(&client, &frame));
		CHECK_INT(frame.opcode, FRAME_CLOSE);
		CHECK_INT(client_frame_code(&frame), 1002);
		client_frame_free(&frame);
		client_drain(&client);
		client_close(&client);
		WAIT_FOR(atomic_load(&seen.destroyed) == 1);
		end();
	}
}

/* nothing of what comes after a close frame is delivered */
static void data_after_close(void)
{
	struct client client;

	start_ws(&client);
	client_ws_close(&client, 1000, "");
	client_try_send(&client, "\x81\x84\0\0\0\0" "1001", 10);
	/* the close frame may be lost, where the socket is closed with bytes unread */
	client_drain(&client);
	client_close(&client);
	WAIT_FOR(atomic_load(&seen.destroyed) == 1);
	CHECK_INT(atomic_load(&seen.close_code), 1000);
	end();
}

/* ---- LWS_TO_KILL_SYNC ---- */

static void killed_by_another(void)
{
	struct client killer, victim;

	start_ws(&killer);
	WAIT_FOR(atomic_load(&seen.established) == 1);
	client_ws(&victim, server.port, "/", "any");
	WAIT_FOR(atomic_load(&seen.established) == 2);
	client_ws_send(&killer, FRAME_FIN | FRAME_TEXT, "other", 5);
	client_drain(&victim);
	client_close(&victim);
	WAIT_FOR(atomic_load(&seen.destroyed) == 1);
	/* the killer lives */
	client_ws_send(&killer, FRAME_FIN | FRAME_PING, "", 0);
	CHECK(client_fill(&killer, 2));
	client_close(&killer);
	WAIT_FOR(atomic_load(&seen.destroyed) == 2);
	end();
	CHECK_INT(atomic_load(&seen.closed), 2);
}

static void killed_from_outside(void)
{
	struct client client;

	start_ws(&client);
	WAIT_FOR(atomic_load(&seen.established) == 1);
	server_stop(&server);
	lws_set_timeout(latest, PENDING_TIMEOUT_USER_REASON_BASE, LWS_TO_KILL_SYNC);
	server_start(&server);
	client_drain(&client);
	client_close(&client);
	WAIT_FOR(atomic_load(&seen.destroyed) == 1);
	end();
	CHECK_INT(atomic_load(&seen.closed), 1);
}

static void killed_in_its_own_callback(void)
{
#ifndef TEST_GOLWS
	test_skip("upstream goes on with what it has freed");
#endif
	struct client client;

	start_ws(&client);
	client_ws_send(&client, FRAME_FIN | FRAME_TEXT, "myself", 6);
	client_drain(&client);
	client_close(&client);
	WAIT_FOR(atomic_load(&seen.destroyed) == 1);
	end();
	CHECK_INT(atomic_load(&seen.closed), 1);
}

/* ---- peers that vanish ---- */

static void vanishing_peers(void)
{
	static const char *const beginnings[] = {
		"", "G", "GET / HT", "GET / HTTP/1.1\r\n", "GET / HTTP/1.1\r\nHost: a\r\nX:", "GET / HTTP/1.1\r\nHost: a\r\n\r\n",
		"GET /steps HTTP/1.1\r\nHost: a\r\n\r\n", "POST /post HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\n",
		"POST /post HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\nabc", "GET /files/a.txt HTTP/1.1\r\nHost: a\r\n\r\n",
		"GET / HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\nConnection: upgrade\r\n",
	};
	static const char *const frames[] = { "", "\x81", "\x81\x85", "\x81\x85\1\2\3\4", "\x81\x85\1\2\3\4ab", "\x01\x81\1\2\3\4x",
					      "\x89\x80\1\2\3\4" };
	static const size_t lengths[] = { 0, 1, 2, 6, 8, 7, 6 };
	struct client client;
	size_t i;
	int how, count = 0;

	seen.reason = -1;
	begin();
	for (how = 0; how < 3; how++) {
		for (i = 0; i < sizeof(beginnings) / sizeof(beginnings[0]); i++) {
			client_tcp(&client, server.port);
			client_send(&client, beginnings[i], strlen(beginnings[i]));
			if (i % 2)
				test_sleep_ms(3);
			if (how == 0)
				client_abort(&client);
			else if (how == 1)
				client_close(&client);
			else {
				client_finish(&client);
				client_drain(&client);
				client_close(&client);
			}
			count++;
		}
		for (i = 0; i < sizeof(frames) / sizeof(frames[0]); i++) {
			client_ws(&client, server.port, "/", "any");
			client_send(&client, frames[i], lengths[i]);
			if (i % 2)
				test_sleep_ms(3);
			if (how == 0)
				client_abort(&client);
			else if (how == 1)
				client_close(&client);
			else {
				client_finish(&client);
				client_drain(&client);
				client_close(&client);
			}
			count++;
		}
	}
	WAIT_FOR(atomic_load(&seen.destroyed) == atomic_load(&seen.created));
	CHECK(atomic_load(&seen.created) <= count);
	CHECK_INT(atomic_load(&seen.established), 3 * (int)(sizeof(frames) / sizeof(frames[0])));
	CHECK_INT(atomic_load(&seen.closed), atomic_load(&seen.established));
	end();
}

static void open_at_destroy(void)
{
	struct client clients[30];
	int i;

	seen.reason = -1;
	begin();
	for (i = 0; i < 10; i++) {
		client_tcp(&clients[3 * i], server.port);
		client_print(&clients[3 * i], i % 2 ? "GET / HT" : "POST /post HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\nabc");
		client_ws(&clients[3 * i + 1], server.port, "/", "any");
		client_tcp(&clients[3 * i + 2], server.port);
	}
	WAIT_FOR(atomic_load(&seen.created) == 30);
	end();
	CHECK_INT(atomic_load(&seen.destroyed), 30);
	CHECK_INT(atomic_load(&seen.closed), 10);
	CHECK_INT(atomic_load(&seen.closed_http), 20);
	for (i = 0; i < 30; i++) {
		client_drain(&clients[i]);
		client_close(&clients[i]);
	}
}

TEST_MAIN({ "from_every_reason", from_every_reason }, { "by_server_with_reason", by_server_with_reason },
	  { "by_server_with_code", by_server_with_code },
	  { "by_server_unanswered", by_server_unanswered },
	  { "by_server_with_long_reason", by_server_with_long_reason }, { "last_words", last_words },
	  { "by_peer_with_codes", by_peer_with_codes },
	  { "by_peer_with_wrong_codes", by_peer_with_wrong_codes },
	  { "data_after_close", data_after_close }, { "killed_by_another", killed_by_another },
	  { "killed_from_outside", killed_from_outside },
	  { "killed_in_its_own_callback", killed_in_its_own_callback },
	  { "vanishing_peers", vanishing_peers },
	  { "open_at_destroy", open_at_destroy })
