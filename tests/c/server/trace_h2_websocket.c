/* The order of callbacks: WebSockets on streams of HTTP/2 (RFC 8441), where libwebsockets does the same. See trace.h. */
#include "trace_h2.h"

static struct h2_stream *start(struct h2_client *h2, const char *protocol)
{
	struct h2_stream *stream;

	trace_without_handshake = true;
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

#if TEST_GOLWS
	/* Upstream ends the connection when something comes for a stream that it has forgotten. */
	h2_send_data(stream, "", 0, true);
#endif
	trace_until_destroyed(1);
	trace_h2_leave(h2, 0);
	trace_end(name);
}

static void closed_by_client(const char *name, const char *protocol)
{
	struct h2_stream *stream;
	struct h2_client h2;

	stream = start(&h2, protocol);
	trace_mark("echo");
	trace_ws_echo(&stream->body, "hi there");
	trace_mark("the client sends a close frame");
	client_ws_close(&stream->body, 1000, "done");
	trace_ws_expect_close(&stream->body, 1000);
	end(stream, name);
}

static void h2_ws_closed_by_client(void) { closed_by_client("h2_ws_closed_by_client", "echo"); }
static void h2_ws_default_protocol(void) { closed_by_client("h2_ws_default_protocol", NULL); }
static void h2_ws_second_choice(void) { closed_by_client("h2_ws_second_choice", "unknown, dyn, echo"); }

static void h2_ws_closed_by_server(void)
{
	struct h2_stream *stream;
	struct h2_client h2;

	stream = start(&h2, "echo");
	trace_mark("the server returns -1 with a close reason");
	client_ws_send(&stream->body, FRAME_FIN | FRAME_TEXT, "close!", 6);
	trace_ws_expect_close(&stream->body, 1001);
	trace_mark("the client answers the close frame");
	client_ws_close(&stream->body, 1001, NULL);
	end(stream, "h2_ws_closed_by_server");
}

static void h2_ws_closed_by_server_plain(void)
{
	struct h2_stream *stream;
	struct h2_client h2;

	stream = start(&h2, "echo");
	trace_mark("the server returns -1");
	client_ws_send(&stream->body, FRAME_FIN | FRAME_TEXT, "drop!", 5);
	end(stream, "h2_ws_closed_by_server_plain");
}

static void h2_ws_killed(void)
{
	struct h2_stream *stream;
	struct h2_client h2;

	stream = start(&h2, "echo");
	trace_mark("the server asks for LWS_TO_KILL_ASYNC");
	client_ws_send(&stream->body, FRAME_FIN | FRAME_TEXT, "kill!", 5);
	end(stream, "h2_ws_killed");
}

static void h2_ws_left(void)
{
	struct h2_stream *stream;
	struct h2_client h2;

	stream = start(&h2, "echo");
	trace_ws_echo(&stream->body, "hi");
	trace_h2_leave(&h2, 1);
	trace_end("h2_ws_left");
}

static void h2_ws_events(void)
{
	struct client_frame frame;
	struct h2_stream *stream;
	struct h2_client h2;

	stream = start(&h2, "echo");
	trace_mark("a timer of 1 ms");
	client_ws_send(&stream->body, FRAME_FIN | FRAME_TEXT, "timer!", 6);
	WAIT_FOR(trace_logged(" TIMER"));
	trace_mark("a writable request");
	client_ws_send(&stream->body, FRAME_FIN | FRAME_TEXT, "write!", 6);
	client_ws_message(&stream->body, &frame);
	CHECK_MEM(frame.payload, frame.length, "written", 7);
	client_frame_free(&frame);
	trace_mark("the server pings, the client answers");
	client_ws_send(&stream->body, FRAME_FIN | FRAME_TEXT, "ping!", 5);
	REQUIRE(client_ws_frame(&stream->body, &frame));
	CHECK_INT(frame.opcode, FRAME_PING);
	client_frame_free(&frame);
	client_ws_send(&stream->body, FRAME_FIN | FRAME_PONG, "pong", 4);
	WAIT_FOR(trace_logged("RECEIVE_PONG"));
	trace_mark("the client pings");
	client_ws_send(&stream->body, FRAME_FIN | FRAME_PING, "are you?", 8);
	REQUIRE(client_ws_frame(&stream->body, &frame));
	CHECK_INT(frame.opcode, FRAME_PONG);
	CHECK_MEM(frame.payload, frame.length, "are you?", 8);
	client_frame_free(&frame);
	trace_mark("fragments, binary, empty");
	client_ws_send(&stream->body, FRAME_TEXT, "one", 3);
	client_ws_send(&stream->body, FRAME_CONTINUATION, "two", 3);
	client_ws_send(&stream->body, FRAME_FIN | FRAME_CONTINUATION, "three", 5);
	client_ws_send(&stream->body, FRAME_FIN | FRAME_BINARY, "binary", 6);
	client_ws_send(&stream->body, FRAME_FIN | FRAME_TEXT, "", 0);
	WAIT_FOR(trace_logged("len=0 first"));
	trace_h2_leave(&h2, 1);
	trace_end("h2_ws_events");
}

static void h2_ws_beside_http(void)
{
	struct h2_stream *stream;
	struct h2_client h2;

	stream = start(&h2, "echo");
	trace_mark("a request on another stream");
	trace_h2_expect(h2_request(&h2, "GET", "/plain", "", true), 200, "hello");
	trace_until_destroyed(1);
	trace_ws_echo(&stream->body, "hi");
	trace_h2_leave(&h2, 1);
	trace_end("h2_ws_beside_http");
}

static void h2_ws_at_context_destroy(void)
{
	struct h2_stream *stream;
	struct h2_client h2;

	stream = start(&h2, "echo");
	trace_ws_echo(&stream->body, "hi");
	trace_end("h2_ws_at_context_destroy");
	h2_drain(&h2);
	h2_close(&h2);
}

static void h2_refuse_established(void)
{
	struct h2_stream *stream;
	struct h2_client h2;

	trace_answer_once(LWS_CALLBACK_ESTABLISHED, "echo", -1);
	stream = start(&h2, "echo");
	end(stream, "h2_refuse_established");
}

static void h2_refuse_ws_bind(void)
{
	struct h2_stream *stream;
	struct h2_client h2;

	trace_answer_once(LWS_CALLBACK_HTTP_BIND_PROTOCOL, "echo", 1);
	stream = start(&h2, "echo");
	trace_ws_echo(&stream->body, "hi");
	trace_h2_leave(&h2, 1);
	trace_end("h2_refuse_ws_bind");
}

TRACE_MAIN(TRACE_CASE(h2_ws_closed_by_client), TRACE_CASE(h2_ws_default_protocol),
	   TRACE_CASE(h2_ws_second_choice), TRACE_CASE(h2_ws_closed_by_server),
	   TRACE_CASE(h2_ws_closed_by_server_plain), TRACE_CASE(h2_ws_killed), TRACE_CASE(h2_ws_left),
	   TRACE_CASE(h2_ws_events), TRACE_CASE(h2_ws_beside_http), TRACE_CASE(h2_ws_at_context_destroy),
	   TRACE_CASE(h2_refuse_established), TRACE_CASE(h2_refuse_ws_bind))
