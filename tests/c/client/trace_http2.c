/* The order of callbacks of clients that speak HTTP/2. See trace.h. */
#include <stdio.h>

#include "h2_client.h"
#include "trace_client.h"

static struct h2_client h2, earlier;

static const uint32_t settings[] = { 3, 100, 0 };

/* ssl_connection beside LCCSCF_H2_PRIOR_KNOWLEDGE */
static int more_flags;
static const char *path = "/path?query";

static void serve(void)
{
	peer_accept(&trace_peer);
	h2_serve(&h2, &trace_peer.client, settings);
	trace_peer.client.fd = -1;
}

static void ask(struct lws_client_connect_info *info, const char *method)
{
	trace_client_info(info);
	info->protocol = "http";
	info->method = method;
	info->path = path;
	info->ssl_connection = LCCSCF_H2_PRIOR_KNOWLEDGE | more_flags;
}

static struct h2_stream *requested(const struct lws_protocols *protocols, const char *method)
{
	struct lws_client_connect_info info;
	struct h2_stream *stream;

	peer_listen(&trace_peer);
	trace_client_begin(protocols, NULL);
	ask(&info, method);
	trace_client_connect(&info);
	serve();
	stream = h2_accept(&h2);
	REQUIRE(stream != NULL);
	CHECK_STR(h2_field(stream, ":method"), method);
	return stream;
}

/* The program's connection has ended, and the server ends what it was on. */
static void over(const char *name)
{
	WAIT_FOR(trace_logged("#1 http WSI_DESTROY"));
	if (earlier.server) {
		h2_close(&earlier);
		WAIT_FOR(trace_logged("#2 http WSI_DESTROY"));
	}
	trace_mark("the server closes");
	h2_close(&h2);
	trace_until_destroyed(earlier.server ? 3 : 2);
	trace_end(name);
}

static void leave(const char *name)
{
	trace_mark("the server closes");
	h2_close(&h2);
	trace_until_destroyed(2);
	trace_end(name);
}

static void data(struct h2_stream *stream, const char *text, bool end)
{
	h2_send_data(stream, text, strlen(text), end);
}

/* A whole response */
static void hello(struct h2_stream *stream)
{
	h2_respond(stream, ":status: 200\n", false);
	data(stream, "hello", true);
}

/* A response that the client has the beginning of */
static void in_body(struct h2_stream *stream)
{
	h2_respond(stream, ":status: 200\n", false);
	data(stream, "hello", false);
	WAIT_FOR(trace_logged("READ"));
}

static void answered(const char *name, const char *method, const char *fields, const char *body)
{
	struct h2_stream *stream = requested(trace_client_protocols, method);

	trace_mark("the server answers");
	h2_respond(stream, fields, !body);
	if (body)
		data(stream, body, true);
	over(name);
}

static void h2_get(void) { answered("h2_get", "GET", ":status: 200\ncontent-length: 5\n", "hello"); }
static void h2_get_no_length(void) { answered("h2_get_no_length", "GET", ":status: 200\n", "hello"); }
static void h2_get_empty(void) { answered("h2_get_empty", "GET", ":status: 200\ncontent-length: 0\n", NULL); }
static void h2_get_end_alone(void) { answered("h2_get_end_alone", "GET", ":status: 200\n", ""); }
static void h2_not_found(void) { answered("h2_not_found", "GET", ":status: 404\n", "gone"); }
static void h2_no_content(void) { answered("h2_no_content", "GET", ":status: 204\n", NULL); }
static void h2_head(void) { answered("h2_head", "HEAD", ":status: 200\ncontent-length: 5\n", NULL); }
static void h2_delete(void) { answered("h2_delete", "DELETE", ":status: 200\ncontent-length: 2\n", "ok"); }

static void h2_no_session(void)
{
	struct h2_stream *stream = requested(trace_client_bare_protocols, "GET");

	trace_mark("the server answers");
	hello(stream);
	over("h2_no_session");
}

static void h2_pieces(void)
{
	struct h2_stream *stream = requested(trace_client_protocols, "GET");

	trace_mark("the server answers");
	in_body(stream);
	data(stream, "world", true);
	over("h2_pieces");
}

static void h2_trailers(void)
{
	struct h2_stream *stream = requested(trace_client_protocols, "GET");

	trace_mark("the server answers");
	h2_respond(stream, ":status: 200\n", false);
	data(stream, "hello", false);
	h2_respond(stream, "x-sum: 1\n", true);
	over("h2_trailers");
}

static void h2_continue(void)
{
	struct h2_stream *stream = requested(trace_client_protocols, "GET");

	trace_mark("the server answers");
	h2_respond(stream, ":status: 103\n", false);
	hello(stream);
	over("h2_continue");
}

static void h2_read_later(void)
{
	trace_client.later = true;
	answered("h2_read_later", "GET", ":status: 200\ncontent-length: 5\n", "hello");
}

static void h2_post(void)
{
	struct h2_stream *stream;

	trace_client.body = "name=value";
	stream = requested(trace_client_protocols, "POST");
	REQUIRE(client_fill(&stream->body, 10));
	CHECK_MEM(stream->body.buffer, 10, "name=value", 10);
	trace_mark("the server answers");
	hello(stream);
	over("h2_post");
}

static void h2_no_settings(void)
{
	struct lws_client_connect_info info;

	peer_listen(&trace_peer);
	trace_client_begin(trace_client_protocols, NULL);
	ask(&info, "GET");
	trace_client_connect(&info);
	peer_accept(&trace_peer);
	REQUIRE(client_fill(&trace_peer.client, 24));
	trace_mark("the server closes");
	client_close(&trace_peer.client);
	trace_until_destroyed(2);
	trace_end("h2_no_settings");
}

static void short_limits(struct lws_context_creation_info *info)
{
	info->timeout_secs = 1;
	info->connect_timeout_secs = 1;
}

/* The server takes the connection and says nothing, or no more than its settings. */
static void silent(const char *name, const char *method, bool settled)
{
	struct lws_client_connect_info info;

	peer_listen(&trace_peer);
	trace_client_begin(trace_client_protocols, short_limits);
	ask(&info, method);
	if (!method)
		info.protocol = "echo";
	trace_client_connect(&info);
	if (settled) {
		serve();
		REQUIRE(h2_accept(&h2) != NULL);
	} else
		peer_accept(&trace_peer);
	WAIT_FOR(trace_logged("#1 http WSI_DESTROY"));
	trace_mark("the server closes");
	if (settled)
		h2_close(&h2);
	else
		client_close(&trace_peer.client);
	trace_until_destroyed(2);
	trace_end(name);
}
static void h2_no_answer(void) { silent("h2_no_answer", "GET", true); }
static void h2_nothing(void) { silent("h2_nothing", "GET", false); }
static void h2_ws_nothing(void) { silent("h2_ws_nothing", NULL, false); }

static void h2_no_response(void)
{
	requested(trace_client_protocols, "GET");
	leave("h2_no_response");
}

static void h2_end_in_body(void)
{
	struct h2_stream *stream = requested(trace_client_protocols, "GET");

	in_body(stream);
	leave("h2_end_in_body");
}

static void h2_reset_waiting(void)
{
	struct h2_stream *stream = requested(trace_client_protocols, "GET");

	trace_mark("the server resets the stream");
	h2_reset(stream, H2_INTERNAL_ERROR);
	over("h2_reset_waiting");
}

static void h2_reset_in_body(void)
{
	struct h2_stream *stream = requested(trace_client_protocols, "GET");

	in_body(stream);
	trace_mark("the server resets the stream");
	h2_reset(stream, H2_INTERNAL_ERROR);
	over("h2_reset_in_body");
}

/* What the server has not processed is asked for once more, which libwebsockets leaves to the program. */
static void again(const char *name)
{
	struct h2_stream *stream;

	earlier = h2;
	serve();
	stream = h2_accept(&h2);
	REQUIRE(stream != NULL);
	trace_mark("the server answers");
	hello(stream);
	over(name);
}

static void h2_refused(void)
{
	struct h2_stream *stream = requested(trace_client_protocols, "GET");

	trace_mark("the server refuses the stream");
	h2_reset(stream, H2_REFUSED_STREAM);
	again("h2_refused");
}

static void h2_goaway_waiting(void)
{
	requested(trace_client_protocols, "GET");
	trace_mark("the server goes away");
	h2_go_away(&h2, 0, H2_NO_ERROR);
	again("h2_goaway_waiting");
}

static void h2_goaway_under_way(void)
{
	struct h2_stream *stream = requested(trace_client_protocols, "GET");

	trace_mark("the server goes away");
	h2_go_away(&h2, 1, H2_NO_ERROR);
	hello(stream);
	over("h2_goaway_under_way");
}

static void h2_goaway_error(void)
{
	requested(trace_client_protocols, "GET");
	trace_mark("the server goes away");
	h2_go_away(&h2, 0, H2_PROTOCOL_ERROR);
	over("h2_goaway_error");
}

static void h2_destroy_waiting(void)
{
	requested(trace_client_protocols, "GET");
	trace_end("h2_destroy_waiting");
}

static void h2_destroy_in_body(void)
{
	struct h2_stream *stream = requested(trace_client_protocols, "GET");

	in_body(stream);
	trace_end("h2_destroy_in_body");
}

static void h2_destroy_idle(void)
{
	struct h2_stream *stream = requested(trace_client_protocols, "GET");

	hello(stream);
	trace_until_destroyed(1);
	trace_end("h2_destroy_idle");
}

static void refused_at(const char *name, int reason)
{
	trace_answer_once(reason, "http", -1);
	if (reason == LWS_CALLBACK_CLIENT_APPEND_HANDSHAKE_HEADER) {
		struct lws_client_connect_info info;

		peer_listen(&trace_peer);
		trace_client_begin(trace_client_protocols, NULL);
		ask(&info, "GET");
		trace_client_connect(&info);
		serve();
		over(name);
		return;
	}
	answered(name, "GET", ":status: 200\ncontent-length: 5\n", "hello");
}

static void h2_refuse_handshake(void) { refused_at("h2_refuse_handshake", LWS_CALLBACK_CLIENT_APPEND_HANDSHAKE_HEADER); }
static void h2_refuse_filter(void) { refused_at("h2_refuse_filter", LWS_CALLBACK_CLIENT_FILTER_PRE_ESTABLISH); }
static void h2_refuse_established(void) { refused_at("h2_refuse_established", LWS_CALLBACK_ESTABLISHED_CLIENT_HTTP); }
static void h2_refuse_arrival(void) { refused_at("h2_refuse_arrival", LWS_CALLBACK_RECEIVE_CLIENT_HTTP); }
static void h2_refuse_read(void) { refused_at("h2_refuse_read", LWS_CALLBACK_RECEIVE_CLIENT_HTTP_READ); }
static void h2_refuse_completed(void) { refused_at("h2_refuse_completed", LWS_CALLBACK_COMPLETED_CLIENT_HTTP); }

/* Where others may use the connection, so may the request that follows. */
static void h2_redirect_shared(void)
{
	struct h2_stream *stream;

	more_flags = LCCSCF_PIPELINE;
	stream = requested(trace_client_protocols, "GET");
	trace_mark("the server redirects");
	h2_respond(stream, ":status: 302\nlocation: /other\n", true);
	stream = h2_accept(&h2);
	REQUIRE(stream != NULL);
	CHECK_STR(h2_field(stream, ":path"), "/other");
	trace_mark("the server answers");
	hello(stream);
	over("h2_redirect_shared");
}

static void h2_redirect(void)
{
	struct h2_stream *stream = requested(trace_client_protocols, "GET");

	trace_mark("the server redirects");
	h2_respond(stream, ":status: 302\nlocation: /other\n", true);
	earlier = h2;
	serve();
	stream = h2_accept(&h2);
	REQUIRE(stream != NULL);
	CHECK_STR(h2_field(stream, ":path"), "/other");
	trace_mark("the server answers");
	hello(stream);
	over("h2_redirect");
}

/* A second request while the first waits for its response, and a third when the connection is idle. */
static void second(const char *name, bool later)
{
	struct lws_client_connect_info info;
	struct h2_stream *stream, *other;

	more_flags = LCCSCF_PIPELINE;
	stream = requested(trace_client_protocols, "GET");
	if (later) {
		hello(stream);
		WAIT_FOR(trace_logged("#1 http WSI_DESTROY"));
	}
	trace_mark("another request");
	ask(&info, "GET");
	info.pwsi = NULL;
	REQUIRE(lws_client_connect_via_info(&info) != NULL);
	other = h2_accept(&h2);
	REQUIRE(other != NULL);
	trace_mark("the server answers the second");
	hello(other);
	trace_until_destroyed(later ? 2 : 1);
	if (!later) {
		trace_mark("the server answers the first");
		hello(stream);
		trace_until_destroyed(2);
	}
	trace_mark("the server closes");
	h2_close(&h2);
	trace_until_destroyed(3);
	trace_end(name);
}
static void h2_second_beside(void) { second("h2_second_beside", false); }
static void h2_second_after(void) { second("h2_second_after", true); }

/* Two that are asked for before there is a connection */
static void h2_queued(void)
{
	struct lws_client_connect_info info;
	struct h2_stream *stream, *other;

	more_flags = LCCSCF_PIPELINE;
	peer_listen(&trace_peer);
	trace_client_begin(trace_client_protocols, NULL);
	ask(&info, "GET");
	REQUIRE(lws_client_connect_via_info(&info) != NULL);
	trace_mark("another request");
	trace_client_connect(&info);
	serve();
	stream = h2_accept(&h2);
	other = h2_accept(&h2);
	REQUIRE(stream && other);
	trace_mark("the server answers");
	hello(stream);
	trace_until_destroyed(1);
	hello(other);
	trace_until_destroyed(2);
	trace_mark("the server closes");
	h2_close(&h2);
	trace_until_destroyed(3);
	trace_end("h2_queued");
}

/* The context ends while one request waits for its response, and another one for the server to say that it takes more. */
static void h2_destroy_queued(void)
{
	struct lws_client_connect_info info;

	more_flags = LCCSCF_PIPELINE;
	peer_listen(&trace_peer);
	trace_client_begin(trace_client_protocols, NULL);
	ask(&info, "GET");
	REQUIRE(lws_client_connect_via_info(&info) != NULL);
	trace_mark("another request");
	trace_client_connect(&info);
	peer_accept(&trace_peer);
	REQUIRE(client_fill(&trace_peer.client, 24));
	WAIT_FOR(trace_logged("APPEND"));
	trace_end("h2_destroy_queued");
}

/* ---- WebSockets on streams (RFC 8441), which libwebsockets has for servers only: the order is that of HTTP/1 ---- */

static struct h2_stream *socket_asked(const uint32_t *its_settings)
{
	struct lws_client_connect_info info;

	peer_listen(&trace_peer);
	trace_client_begin(trace_client_protocols, NULL);
	ask(&info, NULL);
	info.protocol = "echo";
	trace_client_connect(&info);
	peer_accept(&trace_peer);
	h2_serve(&h2, &trace_peer.client, its_settings);
	trace_peer.client.fd = -1;
	return its_settings[0] == 8 ? h2_accept(&h2) : NULL;
}

static struct h2_stream *socket_open(void)
{
	static const uint32_t allowed[] = { 8, 1, 0 };
	struct h2_stream *stream = socket_asked(allowed);

	REQUIRE(stream != NULL);
	CHECK_STR(h2_field(stream, ":method"), "CONNECT");
	CHECK_STR(h2_field(stream, ":protocol"), "websocket");
	CHECK_STR(h2_field(stream, ":scheme"), "http");
	CHECK_STR(h2_field(stream, ":path"), "/path?query");
	CHECK_STR(h2_field(stream, ":authority"), "example.com");
	CHECK_STR(h2_field(stream, "sec-websocket-version"), "13");
	CHECK_STR(h2_field(stream, "sec-websocket-protocol"), "echo");
	CHECK(!h2_field(stream, "sec-websocket-key"));
	return stream;
}

static struct h2_stream *socket_established(void)
{
	struct h2_stream *stream = socket_open();

	h2_respond(stream, ":status: 200\nsec-websocket-protocol: echo\n", false);
	WAIT_FOR(trace_logged("CLIENT_ESTABLISHED"));
	trace_mark("echo");
	data(stream, "\x81\x08hi there", false);
	REQUIRE(client_fill(&stream->body, 14));
	CHECK_INT(stream->body.buffer[0], 0x81);
	CHECK_INT(stream->body.buffer[1], 0x88);
	client_take(&stream->body, 14);
	return stream;
}

static void socket_over(const char *name)
{
	WAIT_FOR(trace_logged("#1 http WSI_DESTROY"));
	trace_mark("the server closes");
	h2_close(&h2);
	trace_until_destroyed(2);
	trace_end(name);
}

static void h2_ws_closed_by_server(void)
{
	struct h2_stream *stream = socket_established();

	trace_mark("the server sends a close frame");
	h2_send_data(stream, "\x88\x06\x03\xe8" "done", 8, true);
	REQUIRE(client_fill(&stream->body, 8));
	CHECK_INT(stream->body.buffer[0], 0x88);
	REQUIRE(h2_wait_end(stream));
	CHECK(!stream->was_reset);
	socket_over("h2_ws_closed_by_server");
}

static void h2_ws_closed_by_client(void)
{
	struct h2_stream *stream = socket_established();

	trace_mark("the client returns -1 with a close reason");
	data(stream, "\x81\x06" "close!", false);
	REQUIRE(client_fill(&stream->body, 8));
	CHECK_INT(stream->body.buffer[0], 0x88);
	trace_mark("the server answers the close frame");
	h2_send_data(stream, "\x88\x02\x03\xe9", 4, true);
	REQUIRE(h2_wait_end(stream));
	CHECK(!stream->was_reset);
	socket_over("h2_ws_closed_by_client");
}

static void h2_ws_reset(void)
{
	struct h2_stream *stream = socket_established();

	trace_mark("the server resets the stream");
	h2_reset(stream, H2_CANCEL);
	socket_over("h2_ws_reset");
}

static void h2_ws_left(void)
{
	socket_established();
	trace_mark("the server closes");
	h2_close(&h2);
	trace_until_destroyed(2);
	trace_end("h2_ws_left");
}

static void h2_ws_refused(void)
{
	struct h2_stream *stream = socket_open();

	trace_mark("the server answers");
	h2_respond(stream, ":status: 404\n", true);
	socket_over("h2_ws_refused");
}

static void h2_ws_other_protocol(void)
{
	struct h2_stream *stream = socket_open();

	trace_mark("the server answers");
	h2_respond(stream, ":status: 200\nsec-websocket-protocol: other\n", false);
	REQUIRE(h2_wait_end(stream));
	CHECK(stream->was_reset);
	socket_over("h2_ws_other_protocol");
}

static void h2_ws_not_allowed(void)
{
	CHECK(!socket_asked(settings));
	socket_over("h2_ws_not_allowed");
}

TRACE_MAIN(TRACE_CASE(h2_get), TRACE_CASE(h2_get_no_length), TRACE_CASE(h2_get_empty), TRACE_CASE(h2_get_end_alone),
	   TRACE_CASE(h2_not_found), TRACE_CASE(h2_no_content), TRACE_CASE(h2_head), TRACE_CASE(h2_delete),
	   TRACE_CASE(h2_no_session), TRACE_CASE(h2_pieces), TRACE_CASE(h2_trailers), TRACE_CASE(h2_continue),
	   TRACE_CASE(h2_read_later), TRACE_CASE(h2_post), TRACE_CASE(h2_no_settings), TRACE_CASE(h2_no_response), TRACE_CASE(h2_no_answer), TRACE_CASE(h2_nothing),
	   TRACE_CASE(h2_ws_nothing),
	   TRACE_CASE(h2_end_in_body), TRACE_CASE(h2_reset_waiting), TRACE_CASE(h2_reset_in_body), TRACE_CASE(h2_refused),
	   TRACE_CASE(h2_goaway_waiting), TRACE_CASE(h2_goaway_under_way), TRACE_CASE(h2_goaway_error),
	   TRACE_CASE(h2_destroy_waiting), TRACE_CASE(h2_destroy_in_body), TRACE_CASE(h2_destroy_idle),
	   TRACE_CASE(h2_refuse_handshake), TRACE_CASE(h2_refuse_filter), TRACE_CASE(h2_refuse_established),
	   TRACE_CASE(h2_refuse_arrival), TRACE_CASE(h2_refuse_read), TRACE_CASE(h2_refuse_completed),
	   TRACE_CASE(h2_redirect), TRACE_CASE(h2_second_beside), TRACE_CASE(h2_second_after), TRACE_CASE(h2_queued),
	   TRACE_CASE(h2_redirect_shared), TRACE_CASE(h2_destroy_queued),
	   TRACE_CASE(h2_ws_closed_by_server), TRACE_CASE(h2_ws_closed_by_client), TRACE_CASE(h2_ws_reset),
	   TRACE_CASE(h2_ws_left), TRACE_CASE(h2_ws_refused), TRACE_CASE(h2_ws_other_protocol), TRACE_CASE(h2_ws_not_allowed))
