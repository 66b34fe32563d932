/*
 * Programs in the style of the library's users, for whose code it makes no difference that the client speaks HTTP/2:
 * forms, long responses to slow readers, event streams, uploads that are held back, refusals, several vhosts.
 */
#include "check.h"
#include "h2_client.h"
#include "server.h"

#include <stdio.h>
#include <stdlib.h>

#define LARGE 3000000

static const char *const names[] = { "text", "number", "upload" };

struct session {
	struct lws_spa *spa;
	size_t sent, received, uploaded;
	char uploaded_name[32];
	int events, held;
	char path[32];
};

static atomic_int bound, dropped, requests, closed, held, events_wanted;
static struct lws *_Atomic held_wsi;

static int begin_response(struct lws *wsi, unsigned status, const char *type, lws_filepos_t length)
{
	unsigned char buffer[LWS_PRE + 1024], *start = buffer + LWS_PRE, *at = start, *end = buffer + sizeof(buffer) - 1;

	return lws_add_http_common_headers(wsi, status, type, length, &at, end) ||
	       lws_finalize_write_http_header(wsi, start, &at, end);
}

static int on_upload(void *data, const char *name, const char *filename, char *buf, int len,
		     enum lws_spa_fileupload_states state)
{
	struct session *session = data;

	if (state == LWS_UFS_CLOSE)
		return 0;
	CHECK_STR(name, "upload");
	if (state == LWS_UFS_OPEN)
		snprintf(session->uploaded_name, sizeof(session->uploaded_name), "%s", filename);
	else
		session->uploaded += (size_t)len;
	return 0;
}

static int large_piece(struct lws *wsi, struct session *session)
{
	static unsigned char buffer[LWS_PRE + 4096];
	size_t i, n = LARGE - session->sent < 4096 ? LARGE - session->sent : 4096;
	int last = session->sent + n == LARGE;

	CHECK(lws_get_peer_write_allowance(wsi) >= 0);
	for (i = 0; i < n; i++)
		buffer[LWS_PRE + i] = (unsigned char)((session->sent + i) % 251);
	session->sent += n;
	if (lws_write(wsi, buffer + LWS_PRE, n, last ? LWS_WRITE_HTTP_FINAL : LWS_WRITE_HTTP) != (int)n)
		return -1;
	if (last)
		return lws_http_transaction_completed(wsi) ? -1 : 0;
	lws_callback_on_writable(wsi);
	return 0;
}

static int on_request(struct lws *wsi, struct session *session)
{
	unsigned char buffer[LWS_PRE + 1024], *start = buffer + LWS_PRE, *at = start, *end = buffer + sizeof(buffer) - 1;
	const char *path = session->path;

	if (!strcmp(path, "/form") || !strcmp(path, "/upload") || !strcmp(path, "/wait"))
		return 0;
	if (!strcmp(path, "/large")) {
		lws_callback_on_writable(wsi);
		return begin_response(wsi, 200, "application/octet-stream", LARGE);
	}
	if (!strcmp(path, "/events")) {
		if (begin_response(wsi, 200, "text/event-stream", LWS_ILLEGAL_HTTP_CONTENT_LEN))
			return 1;
		lws_set_timer_usecs(wsi, LWS_US_PER_MS);
		return lws_http_mark_sse(wsi);
	}
	if (!strcmp(path, "/refused"))
		return -1;
	if (!strcmp(path, "/short")) {
		/* less than promised */
		if (begin_response(wsi, 200, "text/plain", 10) || lws_write(wsi, (unsigned char *)"short", 5, LWS_WRITE_HTTP) != 5)
			return 1;
		return lws_http_transaction_completed(wsi) ? -1 : 0;
	}
	if (!strcmp(path, "/long")) {
		/* more than promised: cut off */
		if (begin_response(wsi, 200, "text/plain", 4))
			return 1;
		lws_write(wsi, (unsigned char *)"longer", 6, LWS_WRITE_HTTP_FINAL);
		return lws_http_transaction_completed(wsi) ? -1 : 0;
	}
	if (!strcmp(path, "/bodiless")) {
		if (lws_add_http_header_status(wsi, 200, &at, end) ||
		    lws_add_http_header_by_name(wsi, (const unsigned char *)"X-Upper-Case:", (const unsigned char *)"Kept", 4,
						&at, end) ||
		    lws_add_http_header_by_token(wsi, WSI_TOKEN_CONNECTION, (const unsigned char *)"close", 5, &at, end) ||
		    lws_add_http_header_by_token(wsi, WSI_TOKEN_HTTP_SET_COOKIE, (const unsigned char *)"a=1", 3, &at, end) ||
		    lws_add_http_header_by_token(wsi, WSI_TOKEN_HTTP_SET_COOKIE, (const unsigned char *)"b=2", 3, &at, end) ||
		    lws_finalize_http_header(wsi, &at, end))
			return 1;
		if (lws_write(wsi, start, lws_ptr_diff_size_t(at, start), LWS_WRITE_HTTP_HEADERS | LWS_WRITE_H2_STREAM_END) < 0)
			return -1;
		return lws_http_transaction_completed(wsi) ? -1 : 0;
	}
	if (!strcmp(path, "/parts")) {
		/* a head in parts, a body in pieces whose last is empty */
		if (lws_add_http_header_status(wsi, 200, &at, end) ||
		    lws_write(wsi, start, lws_ptr_diff_size_t(at, start), LWS_WRITE_HTTP_HEADERS | LWS_WRITE_NO_FIN) < 0)
			return 1;
		at = start;
		if (lws_add_http_header_by_name(wsi, (const unsigned char *)"x-part:", (const unsigned char *)"two", 3, &at, end) ||
		    lws_finalize_http_header(wsi, &at, end) ||
		    lws_write(wsi, start, lws_ptr_diff_size_t(at, start), LWS_WRITE_HTTP_HEADERS_CONTINUATION) < 0)
			return 1;
		if (lws_write(wsi, (unsigned char *)"one ", 4, LWS_WRITE_HTTP) != 4 ||
		    lws_write(wsi, (unsigned char *)"two", 3, LWS_WRITE_HTTP) != 3 ||
		    lws_write(wsi, start, 0, LWS_WRITE_HTTP_FINAL) != 0)
			return 1;
		return lws_http_transaction_completed(wsi) ? -1 : 0;
	}
	if (!strcmp(path, "/vhost"))
		return server_reply_text(wsi, lws_get_vhost_name(lws_get_vhost(wsi)));
	return server_reply_text(wsi, "a page");
}

static int on_http(struct lws *wsi, enum lws_callback_reasons reason, void *user, void *in, size_t len)
{
	struct session *session = user;
	unsigned char event[LWS_PRE + 64];
	char text[256];
	int n;

	switch (reason) {
	case LWS_CALLBACK_HTTP_BIND_PROTOCOL:
		atomic_fetch_add(&bound, 1);
		return 0;
	case LWS_CALLBACK_HTTP_DROP_PROTOCOL:
		atomic_fetch_add(&dropped, 1);
		if (session->spa)
			lws_spa_destroy(session->spa);
		session->spa = NULL;
		return 0;
	case LWS_CALLBACK_CLOSED_HTTP:
		atomic_fetch_add(&closed, 1);
		return 0;
	case LWS_CALLBACK_HTTP:
		CHECK_STR(session->path, "");
		lws_snprintf(session->path, sizeof(session->path), "%s", (const char *)in);
		atomic_fetch_add(&requests, 1);
		return on_request(wsi, session);
	case LWS_CALLBACK_HTTP_BODY:
		if (!strcmp(session->path, "/upload")) {
			session->received += len;
			if (!session->held) {
				session->held = 1;
				lws_rx_flow_control(wsi, 0);
				atomic_store(&held_wsi, wsi);
				atomic_fetch_add(&held, 1);
			}
			return 0;
		}
		if (!session->spa) {
			session->spa = lws_spa_create(wsi, names, 3, 1024, on_upload, session);
			if (!session->spa)
				return -1;
		}
		return lws_spa_process(session->spa, in, (int)len) ? -1 : 0;
	case LWS_CALLBACK_HTTP_BODY_COMPLETION:
		if (!strcmp(session->path, "/upload")) {
			lws_snprintf(text, sizeof(text), "%zu bytes", session->received);
			return server_reply_text(wsi, text);
		}
		if (!session->spa)
			return server_reply_text(wsi, "no form");
		lws_spa_finalize(session->spa);
		lws_snprintf(text, sizeof(text), "text=%s number=%s file=%s %zu", lws_spa_get_string(session->spa, 0),
			     lws_spa_get_string(session->spa, 1), session->uploaded_name, session->uploaded);
		return server_reply_text(wsi, text);
	case LWS_CALLBACK_HTTP_WRITEABLE:
		if (!strcmp(session->path, "/large"))
			return large_piece(wsi, session);
		if (!strcmp(session->path, "/events")) {
			n = lws_snprintf((char *)event + LWS_PRE, 64, "data: %d\r\n\r\n", session->events++);
			return lws_write(wsi, event + LWS_PRE, (size_t)n, LWS_WRITE_HTTP) == n ? 0 : -1;
		}
		return server_reply_text(wsi, "late");
	case LWS_CALLBACK_TIMER:
		if (session->events < atomic_load(&events_wanted)) {
			lws_callback_on_writable(wsi);
			lws_set_timer_usecs(wsi, 300 * LWS_US_PER_MS);
		}
		return 0;
	default:
		return 0;
	}
}

static int on_chat(struct lws *wsi, enum lws_callback_reasons reason, void *user, void *in, size_t len)
{
	return reason == LWS_CALLBACK_RECEIVE && lws_write(wsi, in, len, LWS_WRITE_BINARY) != (int)len ? -1 : 0;
}

static const struct lws_protocols protocols[] = {
	{ "http", on_http, sizeof(struct session), 0, 0, NULL, 0 },
	{ "chat", on_chat, 0, 65536, 0, NULL, 0 },
	{ NULL, NULL, 0, 0, 0, NULL, 0 }
};

static struct server server;
static struct h2_client h2;

static void begin_with(void (*adjust)(struct lws_context_creation_info *), const uint32_t *settings)
{
	struct lws_context_creation_info info;

	server_info(&info, protocols);
	if (adjust)
		adjust(&info);
	server_run(&server, &info);
	h2_connect(&h2, server.port, settings);
	h2_ping(&h2);
}

static void begin(void)
{
	begin_with(NULL, NULL);
}

static void end(void)
{
	h2_close(&h2);
	server_destroy(&server);
	/* All streams gave back what they had. */
	CHECK_INT(atomic_load(&bound), atomic_load(&dropped));
}

static void expect(struct h2_stream *stream, int status, const char *body)
{
	REQUIRE(h2_wait_end(stream));
	CHECK_INT(stream->was_reset, 0);
	CHECK_INT(stream->status, status);
	CHECK_MEM(stream->body.buffer ? (char *)stream->body.buffer : "", stream->body.length, body, strlen(body));
}

static void get(const char *path, const char *body)
{
	expect(h2_request(&h2, "GET", path, NULL, true), 200, body);
}

static void forms(void)
{
	static const char multipart[] = "--xx\r\nContent-Disposition: form-data; name=\"text\"\r\n\r\nmore text\r\n"
					"--xx\r\nContent-Disposition: form-data; name=\"upload\"; filename=\"a.bin\"\r\n"
					"Content-Type: application/octet-stream\r\n\r\n0123456789\r\n--xx--\r\n";
	struct h2_stream *first, *second;
	size_t i;

	begin();
	first = h2_request(&h2, "POST", "/form", "content-type: application/x-www-form-urlencoded\n", false);
	second = h2_request(&h2, "POST", "/form", "content-type: multipart/form-data; boundary=xx\n", false);
	h2_send_data(first, "text=some+te", 12, false);
	for (i = 0; i < sizeof(multipart) - 1; i++)
		h2_send_data(second, multipart + i, 1, i + 2 == sizeof(multipart));
	h2_send_data(first, "xt&number=%34%32", 16, true);
	expect(second, 200, "text=more text number=(null) file=a.bin 10");
	expect(first, 200, "text=some text number=42 file= 0");
	expect(h2_request(&h2, "POST", "/form", "content-type: application/x-www-form-urlencoded\n", true), 200,
	       "text=(null) number=(null) file= 0");
	end();
}

/* One reader takes nothing, the others are served. What was promised arrives in the end. */
static void slow_reader(void)
{
	static const uint32_t small[] = { 4, 1000, 0 };
	struct h2_stream *slow, *quick;
	size_t i;

	begin_with(NULL, small);
	h2.hold_windows = true;
	slow = h2_request(&h2, "GET", "/large", NULL, true);
	while (slow->received < 1000)
		REQUIRE(h2_pump(&h2));
	h2_ping(&h2);
	CHECK_INT(slow->received, 1000);
	get("/page", "a page");
	quick = h2_request(&h2, "GET", "/large", NULL, true);
	h2_open_window(&h2, 0, 2 * LARGE);
	h2_open_window(&h2, quick->id, LARGE);
	REQUIRE(h2_wait_end(quick));
	CHECK_INT(quick->body.length, LARGE);
	CHECK_INT(slow->received, 1000);
	h2_open_window(&h2, slow->id, LARGE);
	REQUIRE(h2_wait_end(slow));
	CHECK_INT(slow->body.length, LARGE);
	for (i = 0; i < LARGE && slow->body.buffer[i] == i % 251 && quick->body.buffer[i] == i % 251; i++)
		;
	CHECK_INT(i, LARGE);
	end();
}

static void short_time(struct lws_context_creation_info *info)
{
	info->timeout_secs = 1;
	info->keepalive_timeout = 1;
}

/* Two streams of events, beyond the time that transactions have, and requests beside them */
static void event_streams(void)
{
	struct h2_stream *streams[2];
	int i;

	atomic_store(&events_wanted, 8);
	begin_with(short_time, NULL);
	for (i = 0; i < 2; i++)
		streams[i] = h2_request(&h2, "GET", "/events", NULL, true);
	for (i = 0; i < 2; i++)
		while (!streams[i]->body.buffer || !strstr((char *)streams[i]->body.buffer, "data: 7\r\n"))
			if (streams[i]->ended || !h2_pump(&h2)) {
				FAIL("stream %d ends early: reset %d error %u", i, streams[i]->was_reset, streams[i]->error);
				check_give_up();
			}
	get("/page", "a page");
	CHECK_STR(h2_field(streams[0], "content-type"), "text/event-stream");
	h2_reset(streams[0], H2_CANCEL);
	WAIT_FOR(atomic_load(&closed) == 2);
	end();
	CHECK_INT(atomic_load(&closed), 4);
}

/* Without mark_sse a request that is never answered ends, with VH_H2_HALF_CLOSED_LONG_POLL it waits. */
static void long_poll_on(void (*adjust)(struct lws_context_creation_info *), bool lasts)
{
	struct h2_stream *stream;

	begin_with(adjust, NULL);
	stream = h2_request(&h2, "GET", "/wait", NULL, true);
	h2_pump_for(&h2, 2500);
	CHECK_INT(stream->ended, !lasts);
	if (!lasts)
		CHECK(stream->was_reset || stream->status >= 400);
	end();
}

static void long_poll(struct lws_context_creation_info *info)
{
	short_time(info);
	info->options |= LWS_SERVER_OPTION_VH_H2_HALF_CLOSED_LONG_POLL;
}

static void long_polls(void)
{
	long_poll_on(long_poll, true);
}

static void time_limits(void)
{
	long_poll_on(short_time, false);
}

/* The window is not opened again while the program takes nothing, and other streams are not held up. */
static void held_back(void)
{
	static const char data[70000];
	struct h2_stream *stream;
	char wanted[64];

	begin();
	stream = h2_request(&h2, "POST", "/upload", NULL, false);
	CHECK_INT(stream->window, h2.settings[4]);
	while (stream->window > (int64_t)sizeof(data))
		h2_send_data(stream, data, sizeof(data), false);
	WAIT_FOR(atomic_load(&held) == 1);
	h2_send_data(stream, data, (size_t)stream->window, false);
	CHECK_INT(stream->window, 0);
	expect(h2_request(&h2, "GET", "/page", NULL, true), 200, "a page");
	expect(h2_request(&h2, "POST", "/form", NULL, true), 200, "text=(null) number=(null) file= 0");
	h2_ping(&h2);
	CHECK(stream->window < (int64_t)h2.settings[4] / 2);
	/* from this thread */
	lws_rx_flow_control(atomic_load(&held_wsi), 1);
	h2_send_data(stream, data, sizeof(data), true);
	snprintf(wanted, sizeof(wanted), "%zu bytes", (size_t)h2.settings[4] + sizeof(data));
	expect(stream, 200, wanted);
	end();
}

static void refused(const char *path, bool begun)
{
	struct h2_stream *stream = h2_request(&h2, "GET", path, NULL, true);

	REQUIRE(h2_wait_end(stream));
	CHECK_INT(stream->status, begun ? 200 : 0);
	CHECK_INT(stream->was_reset, 1);
	CHECK(stream->error != H2_NO_ERROR);
	/* the connection is fine */
	get("/page", "a page");
}

static void refusals_and_lengths(void)
{
	begin();
	refused("/refused", false);
	refused("/short", true);
	get("/long", "long");
	end();
}

static void heads(void)
{
	struct h2_stream *stream;

	begin();
	stream = h2_request(&h2, "GET", "/bodiless", NULL, true);
	expect(stream, 200, "");
	CHECK_STR(h2_field(stream, "x-upper-case"), "Kept");
	CHECK_PTR(h2_field(stream, "connection"), NULL);
	CHECK_PTR(h2_field(stream, "transfer-encoding"), NULL);
	CHECK(strstr(stream->head, "set-cookie: a=1\n") && strstr(stream->head, "set-cookie: b=2\n"));
	CHECK(h2_field(stream, "date") != NULL);
	stream = h2_request(&h2, "GET", "/parts", NULL, true);
	expect(stream, 200, "one two");
	CHECK_STR(h2_field(stream, "x-part"), "two");
	stream = h2_request(&h2, "HEAD", "/page", NULL, true);
	expect(stream, 200, "");
	CHECK_STR(h2_field(stream, "content-length"), "6");
	end();
}

static void vhosts(void)
{
	struct lws_context_creation_info info;

	begin();
	server_stop(&server);
	server_info(&info, protocols);
	info.port = server.port;
	info.vhost_name = "second.example";
	REQUIRE(lws_create_vhost(server.context, &info) != NULL);
	server_start(&server);
	get("/vhost", "default");
	expect(h2_request_of(&h2, ":method: GET\n:scheme: http\n:path: /vhost\n:authority: second.example\n", true), 200,
	       "second.example");
	expect(h2_request_of(&h2, ":method: GET\n:scheme: http\n:path: /vhost\nhost: second.example:80\n", true), 200,
	       "second.example");
	get("/vhost", "default");
	end();
}

static void forgiving(struct lws_context_creation_info *info)
{
	info->options |= LWS_SERVER_OPTION_H2_JUST_FIX_WINDOW_UPDATE_OVERFLOW | LWS_SERVER_OPTION_H2_PRIOR_KNOWLEDGE;
}

static void window_overflow(void)
{
	struct h2_stream *stream;

	begin_with(forgiving, NULL);
	h2_open_window(&h2, 0, 0x7fffffff);
	stream = h2_request(&h2, "POST", "/upload", NULL, false);
	h2_open_window(&h2, stream->id, 0x7fffffff);
	h2_send_data(stream, "", 0, true);
	expect(stream, 200, "0 bytes");
	end();

	begin();
	h2_open_window(&h2, 0, 0x7fffffff);
	h2_drain(&h2);
	CHECK_INT(h2.goaway, 1);
	CHECK_INT(h2.goaway_error, 3);
	end();
}

/* Many WebSockets on one connection, and requests between their messages */
static void websockets(void)
{
	enum { COUNT = 50 };
	struct h2_stream *sockets[COUNT];
	struct client_frame frame;
	char text[64], large[40000];
	int i, round;

	memset(large, 'x', sizeof(large));
	begin();
	for (i = 0; i < COUNT; i++)
		sockets[i] = h2_ws_request(&h2, "/chat", "chat", NULL);
	for (round = 0; round < 5; round++) {
		for (i = 0; i < COUNT; i++) {
			snprintf(text, sizeof(text), "message %d to %d", round, i);
			client_ws_send(&sockets[i]->body, FRAME_FIN | FRAME_BINARY, text, strlen(text));
			if (round == 3)
				client_ws_send(&sockets[i]->body, FRAME_FIN | FRAME_BINARY, large, sizeof(large));
		}
		get("/page", "a page");
		for (i = 0; i < COUNT; i++) {
			snprintf(text, sizeof(text), "message %d to %d", round, i);
			client_ws_message(&sockets[i]->body, &frame);
			CHECK_INT(sockets[i]->status, 200);
			CHECK_MEM(frame.payload, frame.length, text, strlen(text));
			client_frame_free(&frame);
			if (round != 3)
				continue;
			client_ws_message(&sockets[i]->body, &frame);
			CHECK_MEM(frame.payload, frame.length, large, sizeof(large));
			client_frame_free(&frame);
		}
	}
	CHECK_STR(h2_field(sockets[7], "sec-websocket-protocol"), "chat");
	end();
}

/* What is open when the context is destroyed hears of it: the program by callbacks, the client by GOAWAY. */
static void destroyed(void)
{
	begin();
	h2_request(&h2, "GET", "/wait", NULL, true);
	h2_request(&h2, "POST", "/form", NULL, false);
	h2_request(&h2, "GET", "/large", NULL, true);
	h2.hold_windows = true;
	h2_ws_request(&h2, "/chat", "chat", NULL);
	WAIT_FOR(atomic_load(&requests) == 3);
	h2_ping(&h2);
	server_destroy(&server);
	CHECK_INT(atomic_load(&bound), atomic_load(&dropped));
	CHECK_INT(atomic_load(&closed), 4);
	h2_drain(&h2);
	CHECK_INT(h2.goaway, 1);
	h2_close(&h2);
}

TEST_MAIN({ "forms", forms }, { "slow_reader", slow_reader }, { "event_streams", event_streams },
	  { "long_polls", long_polls }, { "time_limits", time_limits }, { "held_back", held_back },
	  { "refusals_and_lengths", refusals_and_lengths }, { "heads", heads }, { "vhosts", vhosts },
	  { "window_overflow", window_overflow }, { "websockets", websockets }, { "destroyed", destroyed })
