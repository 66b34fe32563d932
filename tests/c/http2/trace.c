/*
 * The order of callbacks on streams of HTTP/2 where upstream is different, see docs/callbacks.md and docs/migrating.md: the
 * expected files are what HTTP/1 has.
 */
#include "trace_h2.h"

TRACE_H2_SIMPLE(h2_mount_file_directory, "GET", "/files", "", 301, "")
TRACE_H2_SIMPLE(h2_mount_moved, "GET", "/moved/x", "", 301, "")
TRACE_H2_SIMPLE(h2_post_empty, "POST", "/post", "content-length: 0\n", 200, "posted")
TRACE_H2_SIMPLE(h2_head_callback, "HEAD", "/plain", "", 200, "")

static void h2_post_body(void) { trace_h2_post("h2_post_body", "/post", "content-length: 10\n", false); }
static void h2_post_body_later(void) { trace_h2_post("h2_post_body_later", "/post", "content-length: 10\n", true); }
static void h2_post_no_length(void) { trace_h2_post("h2_post_no_length", "/post", "", false); }
static void h2_post_mount(void) { trace_h2_post("h2_post_mount", "/dyn/post", "content-length: 10\n", false); }
static void h2_post_mount_origin(void)
{
	trace_h2_post("h2_post_mount_origin", "/origin/post", "content-length: 10\n", false);
}

/* The client sends nothing that would let it in. */
static void h2_post_auth(void)
{
	struct h2_stream *stream;
	struct h2_client h2;

	trace_h2_start(&h2);
	stream = h2_request(&h2, "POST", "/auth/post", "content-length: 4\n", false);
	h2_send_data(stream, "abcd", 4, true);
	REQUIRE(h2_wait_head(stream));
	CHECK_INT(stream->status, 401);
	trace_until_destroyed(1);
	trace_h2_leave(&h2, 0);
	trace_end("h2_post_auth");
}

static void h2_post_held(void)
{
	trace_holds_body = true;
	trace_h2_post("h2_post_held", "/post", "content-length: 10\n", true);
}

/* The end of the body comes in a frame of its own. */
static void h2_post_end_later(void)
{
	struct h2_stream *stream;
	struct h2_client h2;

	trace_h2_start(&h2);
	stream = h2_request(&h2, "POST", "/post", "", false);
	h2_send_data(stream, "0123456789", 10, false);
	h2_ping(&h2);
	trace_mark("the stream ends");
	h2_send_data(stream, "", 0, true);
	trace_h2_expect(stream, 200, "posted");
	trace_until_destroyed(1);
	trace_h2_leave(&h2, 0);
	trace_end("h2_post_end_later");
}

static void h2_post_answered_early(void)
{
	struct h2_stream *stream;
	struct h2_client h2;

	trace_h2_start(&h2);
	stream = h2_request(&h2, "POST", "/plain", "content-length: 10\n", false);
	REQUIRE(h2_wait_head(stream));
	CHECK_INT(stream->status, 200);
	trace_mark("the response is here");
	h2_ping(&h2);
	if (!stream->ended)
		h2_send_data(stream, "0123456789", 10, true);
	trace_until_destroyed(1);
	trace_h2_leave(&h2, 0);
	trace_end("h2_post_answered_early");
}

static void h2_body_never_comes(void)
{
	struct h2_stream *stream;
	struct h2_client h2;

	trace_h2_start(&h2);
	stream = h2_request(&h2, "POST", "/post", "content-length: 10\n", false);
	h2_send_data(stream, "012", 3, false);
	h2_ping(&h2);
	trace_mark("the client resets the stream");
	h2_reset(stream, H2_CANCEL);
	trace_until_destroyed(1);
	trace_h2_leave(&h2, 0);
	trace_end("h2_body_never_comes");
}

static void h2_reset_waiting(void)
{
	struct h2_stream *stream;
	struct h2_client h2;

	trace_h2_start(&h2);
	stream = h2_request(&h2, "GET", "/wait", "", true);
	h2_ping(&h2);
	trace_mark("the client resets the stream");
	h2_reset(stream, H2_CANCEL);
	trace_until_destroyed(1);
	trace_mark("another request");
	trace_h2_expect(h2_request(&h2, "GET", "/plain", "", true), 200, "hello");
	trace_until_destroyed(2);
	trace_h2_leave(&h2, 0);
	trace_end("h2_reset_waiting");
}

/* A response while two other requests wait */
static void h2_concurrent(void)
{
	struct h2_stream *first, *second;
	struct h2_client h2;

	trace_h2_start(&h2);
	first = h2_request(&h2, "POST", "/post", "", false);
	h2_ping(&h2);
	trace_mark("second request");
	second = h2_request(&h2, "POST", "/dyn/post", "", false);
	h2_ping(&h2);
	trace_mark("third request");
	trace_h2_expect(h2_request(&h2, "GET", "/plain", "", true), 200, "hello");
	trace_until_destroyed(1);
	trace_mark("body of the second");
	h2_send_data(second, "01234", 5, true);
	trace_h2_expect(second, 200, "posted");
	trace_until_destroyed(2);
	trace_mark("body of the first");
	h2_send_data(first, "0123456789", 10, true);
	trace_h2_expect(first, 200, "posted");
	trace_until_destroyed(3);
	trace_h2_leave(&h2, 0);
	trace_end("h2_concurrent");
}

static void h2_events(void)
{
	struct h2_stream *stream;
	struct h2_client h2;

	trace_pieces = 2;
	trace_h2_start(&h2);
	stream = h2_request(&h2, "GET", "/events", "", true);
	while (stream->received < 10)
		REQUIRE(h2_pump(&h2));
	h2_ping(&h2);
	CHECK_INT(stream->status, 200);
	trace_mark("the client resets the stream");
	h2_reset(stream, H2_CANCEL);
	trace_until_destroyed(1);
	trace_h2_leave(&h2, 0);
	trace_end("h2_events");
}

/* ---- WebSockets: with CONFIRM_UPGRADE and ADD_HEADERS, which upstream leaves out ---- */

static struct h2_stream *start(struct h2_client *h2, const char *protocol)
{
	struct h2_stream *stream;

	trace_h2_start(h2);
	stream = h2_ws_request(h2, "/ws", protocol, NULL);
	REQUIRE(h2_wait_head(stream));
	CHECK_INT(stream->status, 200);
	WAIT_FOR(trace_logged("ESTABLISHED"));
	return stream;
}

/* The WebSocket's stream is over, then the client closes the connection. */
static void end(struct h2_stream *stream, const char *name)
{
	struct h2_client *h2 = stream->h2;

	if (!stream->was_reset) /* by either side */
		h2_send_data(stream, "", 0, true);
	trace_until_destroyed(1);
	trace_h2_leave(h2, 0);
	trace_end(name);
}

static void h2_ws(void)
{
	struct h2_stream *stream;
	struct h2_client h2;

	stream = start(&h2, "echo");
	trace_ws_echo(&stream->body, "hi there");
	trace_mark("the client sends a close frame");
	client_ws_close(&stream->body, 1000, "done");
	trace_ws_expect_close(&stream->body, 1000);
	end(stream, "h2_ws");
}

/* The stream is reset, the connection stays. */
static void h2_ws_reset(void)
{
	struct h2_stream *stream;
	struct h2_client h2;

	stream = start(&h2, "echo");
	trace_ws_echo(&stream->body, "hi");
	trace_mark("the client resets the stream");
	h2_reset(stream, H2_CANCEL);
	stream->was_reset = true;
	end(stream, "h2_ws_reset");
}

static void h2_ws_ended(void)
{
	struct h2_stream *stream;
	struct h2_client h2;

	stream = start(&h2, "echo");
	trace_ws_echo(&stream->body, "hi");
	trace_mark("the client ends the stream");
	h2_send_data(stream, "", 0, true);
	stream->was_reset = true;
	end(stream, "h2_ws_ended");
}

static void h2_ws_unknown_protocol(void)
{
	struct h2_stream *stream;
	struct h2_client h2;

	trace_h2_start(&h2);
	stream = h2_ws_request(&h2, "/ws", "unknown", NULL);
	REQUIRE(h2_wait_end(stream));
	CHECK_INT(stream->status, 400);
	end(stream, "h2_ws_unknown_protocol");
}

static void refuse(const char *name, int reason, const char *protocol, int value, int status)
{
	struct h2_stream *stream;
	struct h2_client h2;

	trace_answer_once(reason, protocol, value);
	trace_h2_start(&h2);
	stream = h2_ws_request(&h2, "/ws", "echo", NULL);
	REQUIRE(h2_wait_end(stream));
	CHECK_INT(stream->status, status);
	CHECK_INT(stream->was_reset, !status);
	end(stream, name);
}

#define REFUSE(name, reason, protocol, value, status)                                              \
	static void name(void)                                                                     \
	{                                                                                          \
		refuse(#name, LWS_CALLBACK_##reason, protocol, value, status);                     \
	}

REFUSE(h2_refuse_upgrade, HTTP_CONFIRM_UPGRADE, "http", -1, 0)
REFUSE(h2_refuse_ws_filter, FILTER_PROTOCOL_CONNECTION, "echo", 1, 403)
REFUSE(h2_refuse_add_headers, ADD_HEADERS, "echo", 1, 403)

TRACE_MAIN(TRACE_CASE(h2_mount_file_directory), TRACE_CASE(h2_mount_moved), TRACE_CASE(h2_post_empty),
	   TRACE_CASE(h2_head_callback), TRACE_CASE(h2_post_body), TRACE_CASE(h2_post_body_later),
	   TRACE_CASE(h2_post_no_length), TRACE_CASE(h2_post_mount), TRACE_CASE(h2_post_mount_origin),
	   TRACE_CASE(h2_post_auth), TRACE_CASE(h2_post_held), TRACE_CASE(h2_post_end_later), TRACE_CASE(h2_post_answered_early),
	   TRACE_CASE(h2_body_never_comes), TRACE_CASE(h2_reset_waiting), TRACE_CASE(h2_concurrent),
	   TRACE_CASE(h2_events), TRACE_CASE(h2_ws), TRACE_CASE(h2_ws_reset), TRACE_CASE(h2_ws_ended),
	   TRACE_CASE(h2_ws_unknown_protocol), TRACE_CASE(h2_refuse_upgrade), TRACE_CASE(h2_refuse_ws_filter),
	   TRACE_CASE(h2_refuse_add_headers))
