/* The order of callbacks: WebSockets, and contexts destroyed under connections. See trace.h. */
#include "trace.h"

static void ws_closed_by_client_on(const char *name, const struct lws_protocols *of, const char *protocol)
{
	struct client client;

	trace_begin(of, NULL);
	trace_ws_start(&client, protocol);
	trace_mark("echo");
	trace_ws_echo(&client, "hi there");
	trace_mark("the client sends a close frame");
	client_ws_close(&client, 1000, "done");
	trace_ws_expect_close(&client, 1000);
	trace_end_of(&client, 1);
	trace_end(name);
}

static void ws_closed_by_client(void) { ws_closed_by_client_on("ws_closed_by_client", trace_protocols, "echo"); }
static void ws_no_session(void) { ws_closed_by_client_on("ws_no_session", trace_bare_protocols, "echo"); }
static void ws_default_protocol(void) { ws_closed_by_client_on("ws_default_protocol", trace_protocols, NULL); }
static void ws_second_choice(void) { ws_closed_by_client_on("ws_second_choice", trace_protocols, "unknown, dyn, echo"); }

static void ws_close_empty(void)
{
	struct client client;

	trace_begin(trace_protocols, NULL);
	trace_ws_start(&client, "echo");
	trace_mark("the client sends a close frame without a code");
	client_ws_close(&client, 0, NULL);
	trace_ws_expect_close(&client, 1005);
	trace_end_of(&client, 1);
	trace_end("ws_close_empty");
}

static void ws_closed_by_server(void)
{
	struct client client;

	trace_begin(trace_protocols, NULL);
	trace_ws_start(&client, "echo");
	trace_mark("the server returns -1 with a close reason");
	client_ws_send(&client, FRAME_FIN | FRAME_TEXT, "close!", 6);
	trace_ws_expect_close(&client, 1001);
	trace_mark("the client answers the close frame");
	client_ws_close(&client, 1001, NULL);
	trace_end_of(&client, 1);
	trace_end("ws_closed_by_server");
}

static void ws_closed_by_server_plain(void)
{
	struct client client;

	trace_begin(trace_protocols, NULL);
	trace_ws_start(&client, "echo");
	trace_mark("the server returns -1");
	client_ws_send(&client, FRAME_FIN | FRAME_TEXT, "drop!", 5);
	trace_end_of(&client, 1);
	trace_mark_rest();
	trace_end("ws_closed_by_server_plain");
}

static void ws_killed(void)
{
	struct client client;

	trace_begin(trace_protocols, NULL);
	trace_ws_start(&client, "echo");
	trace_mark("the server asks for LWS_TO_KILL_ASYNC");
	client_ws_send(&client, FRAME_FIN | FRAME_TEXT, "kill!", 5);
	trace_end_of(&client, 1);
	trace_mark_rest();
	trace_end("ws_killed");
}

static void ws_dropped(void)
{
	struct client client;

	trace_begin(trace_protocols, NULL);
	trace_ws_start(&client, "echo");
	trace_ws_echo(&client, "hi");
	trace_mark("the client resets");
	client_abort(&client);
	trace_until_destroyed(1);
	trace_end("ws_dropped");
}

static void ws_left(void)
{
	struct client client;

	trace_begin(trace_protocols, NULL);
	trace_ws_start(&client, "echo");
	trace_ws_echo(&client, "hi");
	trace_leave(&client);
	trace_end("ws_left");
}

static void ws_events(void)
{
	struct client_frame frame;
	struct client client;

	trace_begin(trace_protocols, NULL);
	trace_ws_start(&client, "echo");
	trace_mark("a timer of 1 ms");
	client_ws_send(&client, FRAME_FIN | FRAME_TEXT, "timer!", 6);
	WAIT_FOR(trace_logged(" TIMER"));
	trace_mark("a writable request");
	client_ws_send(&client, FRAME_FIN | FRAME_TEXT, "write!", 6);
	client_ws_message(&client, &frame);
	CHECK_MEM(frame.payload, frame.length, "written", 7);
	client_frame_free(&frame);
	trace_mark("the server pings, the client answers");
	client_ws_send(&client, FRAME_FIN | FRAME_TEXT, "ping!", 5);
	REQUIRE(client_ws_frame(&client, &frame));
	CHECK_INT(frame.opcode, FRAME_PING);
	client_frame_free(&frame);
	client_ws_send(&client, FRAME_FIN | FRAME_PONG, "pong", 4);
	WAIT_FOR(trace_logged("RECEIVE_PONG"));
	trace_mark("the client pings");
	client_ws_send(&client, FRAME_FIN | FRAME_PING, "are you?", 8);
	REQUIRE(client_ws_frame(&client, &frame));
	CHECK_INT(frame.opcode, FRAME_PONG);
	CHECK_MEM(frame.payload, frame.length, "are you?", 8);
	client_frame_free(&frame);
	trace_mark("fragments, binary, empty");
	client_ws_send(&client, FRAME_TEXT, "one", 3);
	client_ws_send(&client, FRAME_CONTINUATION, "two", 3);
	client_ws_send(&client, FRAME_FIN | FRAME_CONTINUATION, "three", 5);
	client_ws_send(&client, FRAME_FIN | FRAME_BINARY, "binary", 6);
	client_ws_send(&client, FRAME_FIN | FRAME_TEXT, "", 0);
	WAIT_FOR(trace_logged("len=0 first"));
	trace_leave(&client);
	trace_end("ws_events");
}

static void ws_unknown_protocol(void)
{
	struct client client;

	trace_begin(trace_protocols, NULL);
	client_tcp(&client, trace_server.port);
	client_ws_request(&client, "/ws", "unknown", NULL);
	trace_end_of(&client, 1);
	trace_mark_refusal();
	trace_end("ws_unknown_protocol");
}

static void ws_after_http(void)
{
	struct client client;

	trace_begin(trace_protocols, NULL);
	client_tcp(&client, trace_server.port);
	trace_get(&client, "GET", "/plain", "");
	trace_expect(&client, 200, "hello");
	trace_settle();
	trace_mark("upgrade on the same connection");
	client_ws_upgrade(&client, "/ws", "echo", NULL);
	trace_ws_echo(&client, "hi");
	trace_leave(&client);
	trace_end("ws_after_http");
}

/* one connection each: which of several goes first is nobody's business */
static void http_at_context_destroy(void)
{
	struct client client;

	trace_begin(trace_protocols, NULL);
	client_tcp(&client, trace_server.port);
	trace_get(&client, "GET", "/plain", "");
	trace_expect(&client, 200, "hello");
	trace_settle();
	trace_end("http_at_context_destroy");
	client_drain(&client);
	client_close(&client);
}

static void ws_at_context_destroy(void)
{
	struct client client;

	trace_begin(trace_protocols, NULL);
	trace_ws_start(&client, "echo");
	trace_ws_echo(&client, "hi");
	trace_end("ws_at_context_destroy");
	client_drain(&client);
	client_close(&client);
}

TRACE_MAIN(TRACE_CASE(ws_closed_by_client), TRACE_CASE(ws_no_session),
	   TRACE_CASE(ws_default_protocol), TRACE_CASE(ws_second_choice),
	   TRACE_CASE(ws_close_empty), TRACE_CASE(ws_closed_by_server),
	   TRACE_CASE(ws_closed_by_server_plain), TRACE_CASE(ws_killed), TRACE_CASE(ws_dropped),
	   TRACE_CASE(ws_left), TRACE_CASE(ws_events), TRACE_CASE(ws_unknown_protocol),
	   TRACE_CASE(ws_after_http), TRACE_CASE(http_at_context_destroy),
	   TRACE_CASE(ws_at_context_destroy))
