/* The order of callbacks of HTTP clients. See trace.h. */
#include <stdio.h>

#include "trace_client.h"

/* The connection ends, and so does the case. */
static void over(const char *name)
{
	client_drain(&trace_peer.client);
	client_close(&trace_peer.client);
	trace_until_destroyed(1);
	trace_end(name);
}

static void leave(const char *name)
{
	trace_mark("the server closes");
	client_close(&trace_peer.client);
	trace_until_destroyed(1);
	trace_end(name);
}

static void requested(const struct lws_protocols *protocols, const char *method)
{
	peer_listen(&trace_peer);
	trace_client_request(protocols, method);
	peer_accept(&trace_peer);
	peer_request(&trace_peer);
	CHECK(!strncmp(trace_peer.head, method, strlen(method)));
}

static void answered(const char *name, const char *method, const char *response)
{
	requested(trace_client_protocols, method);
	trace_mark("the server answers");
	client_send(&trace_peer.client, response, strlen(response));
	over(name);
}

#define OK "HTTP/1.1 200 OK\r\n"

static void http_get(void) { answered("http_get", "GET", OK "Content-Length: 5\r\n\r\nhello"); }
static void http_get_empty(void) { answered("http_get_empty", "GET", OK "Content-Length: 0\r\n\r\n"); }
static void http_chunked(void)
{
	answered("http_chunked", "GET", OK "Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n6\r\n world\r\n0\r\n\r\n");
}
static void http_chunked_empty(void)
{
	answered("http_chunked_empty", "GET", OK "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n");
}
static void http_not_found(void)
{
	answered("http_not_found", "GET", "HTTP/1.1 404 Not Found\r\nContent-Length: 4\r\n\r\ngone");
}
static void http_delete(void) { answered("http_delete", "DELETE", OK "Content-Length: 2\r\n\r\nok"); }

static void http_no_session(void)
{
	requested(trace_client_bare_protocols, "GET");
	trace_mark("the server answers");
	client_print(&trace_peer.client, OK "Content-Length: 5\r\n\r\nhello");
	over("http_no_session");
}

static void http_until_close(void)
{
	requested(trace_client_protocols, "GET");
	trace_mark("the server answers");
	client_print(&trace_peer.client, OK "\r\nhello");
	WAIT_FOR(trace_logged("READ"));
	leave("http_until_close");
}

static void http_pieces(void)
{
	requested(trace_client_protocols, "GET");
	trace_mark("the server answers");
	client_print(&trace_peer.client, OK "Content-Length: 10\r\n\r\nhello");
	WAIT_FOR(trace_logged("READ"));
	client_print(&trace_peer.client, "world");
	over("http_pieces");
}

/* The program takes the body when it likes. */
static void http_read_later(void)
{
	trace_client.later = true;
	answered("http_read_later", "GET", OK "Content-Length: 5\r\n\r\nhello");
}

static void http_post(void)
{
	struct client_frame body = { 0 };

	trace_client.body = "name=value";
	requested(trace_client_protocols, "POST");
	CHECK_STR(peer_header(&trace_peer, "content-length"), "10");
	REQUIRE(client_fill(&trace_peer.client, 10));
	CHECK_MEM(trace_peer.client.buffer, 10, "name=value", 10);
	client_take(&trace_peer.client, 10);
	(void)body;
	trace_mark("the server answers");
	client_print(&trace_peer.client, OK "Content-Length: 5\r\n\r\nhello");
	over("http_post");
}

static void http_head(void)
{
	requested(trace_client_protocols, "HEAD");
	trace_mark("the server answers");
	client_print(&trace_peer.client, OK "Content-Length: 5\r\n\r\n");
	over("http_head");
}

static void http_no_content(void)
{
	answered("http_no_content", "GET", "HTTP/1.1 204 No Content\r\n\r\n");
}

static void http_continue(void)
{
	answered("http_continue", "GET", "HTTP/1.1 100 Continue\r\n\r\n" OK "Content-Length: 5\r\n\r\nhello");
}

/* The server sends the client somewhere else, once on its own. */
static void follow(const char *name, const char *method, const char *status, const char *location, const char *second)
{
	char response[512];

	if (!strcmp(method, "POST"))
		trace_client.body = "name=value";
	requested(trace_client_protocols, method);
	if (trace_client.body) {
		REQUIRE(client_fill(&trace_peer.client, 10));
		client_take(&trace_peer.client, 10);
	}
	snprintf(response, sizeof(response), "HTTP/1.1 %s\r\nLocation: %s\r\nContent-Length: 2\r\n\r\nhi", status, location);
	if (strstr(location, "%d"))
		snprintf(response, sizeof(response), "HTTP/1.1 %s\r\nLocation: http://127.0.0.1:%d/other?x\r\nContent-Length: 2\r\n\r\nhi",
			 status, trace_peer.port);
	trace_mark("the server redirects");
	client_send(&trace_peer.client, response, strlen(response));
	client_drain(&trace_peer.client);
	client_close(&trace_peer.client);
	if (!second) {
		trace_until_destroyed(1);
		trace_end(name);
		return;
	}
	peer_accept(&trace_peer);
	peer_request(&trace_peer);
	CHECK(!strncmp(trace_peer.head, second, strlen(second)));
	trace_mark("the server answers");
	client_print(&trace_peer.client, OK "Content-Length: 5\r\n\r\nhello");
	over(name);
}

static void http_redirect_path(void) { follow("http_redirect_path", "GET", "302 Found", "/other?x", "GET /other?x "); }
static void http_redirect_url(void) { follow("http_redirect_url", "GET", "301 Moved", "%d", "GET /other?x "); }
static void http_redirect_post(void) { follow("http_redirect_post", "POST", "303 See Other", "/other?x", "GET /other?x "); }
static void http_redirect_nowhere(void) { follow("http_redirect_nowhere", "GET", "302 Found", "", NULL); }
static void http_redirect_refused(void)
{
	trace_answer_once(LWS_CALLBACK_CLIENT_HTTP_REDIRECT, "http", 1);
	follow("http_redirect_refused", "GET", "302 Found", "/other?x", NULL);
}
static void http_redirect_tls(void)
{
	follow("http_redirect_tls", "GET", "302 Found", "https://127.0.0.1:1/", NULL);
}

static void http_redirect(void)
{
	struct lws_client_connect_info info;

	peer_listen(&trace_peer);
	trace_client_begin(trace_client_protocols, NULL);
	trace_client_info(&info);
	info.protocol = "http";
	info.method = "GET";
	info.ssl_connection = LCCSCF_HTTP_NO_FOLLOW_REDIRECT;
	trace_client_connect(&info);
	peer_accept(&trace_peer);
	peer_request(&trace_peer);
	trace_mark("the server answers");
	client_print(&trace_peer.client, "HTTP/1.1 302 Found\r\nLocation: /other\r\nContent-Length: 2\r\n\r\nhi");
	over("http_redirect");
}

static void http_end_in_head(void)
{
	requested(trace_client_protocols, "GET");
	client_print(&trace_peer.client, "HTTP/1.1 200");
	leave("http_end_in_head");
}

static void http_no_response(void)
{
	requested(trace_client_protocols, "GET");
	leave("http_no_response");
}

static void http_end_in_body(void)
{
	requested(trace_client_protocols, "GET");
	client_print(&trace_peer.client, OK "Content-Length: 10\r\n\r\nhello");
	WAIT_FOR(trace_logged("READ"));
	leave("http_end_in_body");
}

static void http_end_in_chunk(void)
{
	requested(trace_client_protocols, "GET");
	client_print(&trace_peer.client, OK "Transfer-Encoding: chunked\r\n\r\n10\r\nhello");
	WAIT_FOR(trace_logged("READ"));
	leave("http_end_in_chunk");
}

static void http_reset_in_body(void)
{
	requested(trace_client_protocols, "GET");
	client_print(&trace_peer.client, OK "Content-Length: 10\r\n\r\nhello");
	WAIT_FOR(trace_logged("READ"));
	trace_mark("the server resets");
	client_abort(&trace_peer.client);
	trace_until_destroyed(1);
	trace_end("http_reset_in_body");
}

static void http_bad_chunk(void)
{
	answered("http_bad_chunk", "GET", OK "Transfer-Encoding: chunked\r\n\r\nxyz\r\nhello\r\n");
}

static void short_limits(struct lws_context_creation_info *info)
{
	info->timeout_secs = 1;
	info->connect_timeout_secs = 1;
}

static void http_no_answer(void)
{
	struct lws_client_connect_info info;

	peer_listen(&trace_peer);
	trace_client_begin(trace_client_protocols, short_limits);
	trace_client_info(&info);
	info.protocol = "http";
	info.method = "GET";
	trace_client_connect(&info);
	peer_accept(&trace_peer);
	peer_request(&trace_peer);
	trace_mark("the server does not answer");
	over("http_no_answer");
}

static void http_refused(void)
{
	peer_refuse(&trace_peer);
	trace_client_request(trace_client_protocols, "GET");
	trace_until_destroyed(1);
	trace_end("http_refused");
}

static void refused_at(const char *name, int reason, int value)
{
	trace_answer_once(reason, "http", value);
	if (reason == LWS_CALLBACK_CLIENT_APPEND_HANDSHAKE_HEADER) {
		peer_listen(&trace_peer);
		trace_client_request(trace_client_protocols, "GET");
		trace_until_destroyed(1);
		trace_end(name);
		return;
	}
	answered(name, "GET", OK "Content-Length: 5\r\n\r\nhello");
}

static void http_refuse_handshake(void)
{
	refused_at("http_refuse_handshake", LWS_CALLBACK_CLIENT_APPEND_HANDSHAKE_HEADER, -1);
}
static void http_refuse_filter(void)
{
	refused_at("http_refuse_filter", LWS_CALLBACK_CLIENT_FILTER_PRE_ESTABLISH, -1);
}
static void http_refuse_established(void)
{
	refused_at("http_refuse_established", LWS_CALLBACK_ESTABLISHED_CLIENT_HTTP, -1);
}
static void http_refuse_arrival(void) { refused_at("http_refuse_arrival", LWS_CALLBACK_RECEIVE_CLIENT_HTTP, -1); }
static void http_refuse_read(void) { refused_at("http_refuse_read", LWS_CALLBACK_RECEIVE_CLIENT_HTTP_READ, -1); }
static void http_refuse_completed(void) { refused_at("http_refuse_completed", LWS_CALLBACK_COMPLETED_CLIENT_HTTP, -1); }

static void http_destroy_waiting(void)
{
	requested(trace_client_protocols, "GET");
	trace_end("http_destroy_waiting");
}

static void http_destroy_in_body(void)
{
	requested(trace_client_protocols, "GET");
	client_print(&trace_peer.client, OK "Content-Length: 10\r\n\r\nhello");
	WAIT_FOR(trace_logged("READ"));
	trace_end("http_destroy_in_body");
}

/* No protocol is named. */
static void http_unbound(void)
{
	struct lws_client_connect_info info;

	peer_listen(&trace_peer);
	trace_client_begin(trace_client_protocols, NULL);
	trace_client_info(&info);
	info.protocol = NULL;
	info.method = "GET";
	trace_client_connect(&info);
	peer_accept(&trace_peer);
	peer_request(&trace_peer);
	client_print(&trace_peer.client, OK "Content-Length: 5\r\n\r\nhello");
	over("http_unbound");
}

TRACE_MAIN(TRACE_CASE(http_get), TRACE_CASE(http_get_empty), TRACE_CASE(http_chunked), TRACE_CASE(http_chunked_empty),
	   TRACE_CASE(http_not_found), TRACE_CASE(http_delete), TRACE_CASE(http_no_session), TRACE_CASE(http_until_close),
	   TRACE_CASE(http_pieces), TRACE_CASE(http_read_later), TRACE_CASE(http_post), TRACE_CASE(http_head),
	   TRACE_CASE(http_no_content), TRACE_CASE(http_continue), TRACE_CASE(http_redirect), TRACE_CASE(http_redirect_path),
	   TRACE_CASE(http_redirect_url), TRACE_CASE(http_redirect_post), TRACE_CASE(http_redirect_nowhere),
	   TRACE_CASE(http_redirect_refused), TRACE_CASE(http_redirect_tls), TRACE_CASE(http_end_in_head),
	   TRACE_CASE(http_no_response), TRACE_CASE(http_end_in_body), TRACE_CASE(http_end_in_chunk),
	   TRACE_CASE(http_reset_in_body), TRACE_CASE(http_bad_chunk), TRACE_CASE(http_no_answer), TRACE_CASE(http_refused),
	   TRACE_CASE(http_refuse_handshake), TRACE_CASE(http_refuse_filter), TRACE_CASE(http_refuse_established),
	   TRACE_CASE(http_refuse_arrival), TRACE_CASE(http_refuse_read), TRACE_CASE(http_refuse_completed),
	   TRACE_CASE(http_destroy_waiting), TRACE_CASE(http_destroy_in_body), TRACE_CASE(http_unbound))
