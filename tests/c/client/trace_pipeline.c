/*
 * The order of callbacks of HTTP clients that share a connection (LCCSCF_PIPELINE). See trace.h. What is expected was recorded
 * from libwebsockets, but for this: there, a request that has handed its connection on has no CLOSED_CLIENT_HTTP; and
 * requests that wait end with the one before them, by CLOSED_CLIENT_HTTP. Here they get a connection of their own, or, where
 * that cannot be had either, CLIENT_CONNECTION_ERROR.
 */
#include <stdio.h>

#include "trace_client.h"

#define OK "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello"

static void request_of(struct lws_client_connect_info *info, const char *method)
{
	trace_client_info(info);
	info->protocol = "http";
	info->method = method;
	/* Upstream compares the address with what the Host header of the first one was. */
	info->host = info->address;
	info->ssl_connection = LCCSCF_PIPELINE;
	info->pwsi = NULL;
}

static void connect_one(const struct lws_client_connect_info *info, const char *name)
{
	struct lws *wsi = lws_client_connect_via_info(info);
	char line[64];

	snprintf(line, sizeof(line), "%s %s", name, wsi ? "has a connection" : "has failed");
	trace_mark(line);
}

/* The next request is made in the callback of COMPLETED, or by the timer of the first connection. */
static void begin(int count, uint16_t keep_warm)
{
	struct lws_client_connect_info info;

	peer_listen(&trace_peer);
	trace_client_begin(trace_client_protocols, NULL);
	request_of(&info, "GET");
	info.keep_warm_secs = keep_warm;
	for (int i = 1; i <= count; i++) {
		char name[20];

		snprintf(name, sizeof(name), "request %d", i);
		connect_one(&info, name);
	}
	server_start(&trace_server);
	peer_accept(&trace_peer);
}

static void answer(void)
{
	peer_request(&trace_peer);
	trace_mark("the server answers");
	client_print(&trace_peer.client, OK);
}

static void pipeline_three(void)
{
	begin(3, 1);
	answer();
	answer();
	answer();
	trace_until_destroyed(3);
	CHECK_INT(client_drain(&trace_peer.client), 0);
	trace_end("pipeline_three");
}

static void pipeline_idle(void)
{
	begin(1, 1);
	answer();
	trace_until_destroyed(1);
	trace_end("pipeline_idle");
}

static void pipeline_idle_server_closes(void)
{
	begin(1, 5);
	answer();
	WAIT_FOR(trace_logged("COMPLETED"));
	trace_mark("the server closes");
	client_close(&trace_peer.client);
	trace_until_destroyed(1);
	trace_end("pipeline_idle_server_closes");
}

/* Those who waited have the server connected to once more. */
static void connected_again(int requests)
{
	peer_accept(&trace_peer);
	while (requests--)
		answer();
}

/* The server closes instead of answering the second one, as it may do with an idle connection: the request is made again. */
static void pipeline_server_closes(void)
{
	begin(3, 1);
	answer();
	peer_request(&trace_peer);
	trace_mark("the server closes");
	client_close(&trace_peer.client);
	connected_again(2);
	trace_until_destroyed(3);
	trace_end("pipeline_server_closes");
}

static void pipeline_server_resets(void)
{
	begin(2, 1);
	answer();
	peer_request(&trace_peer);
	trace_mark("the server resets");
	client_abort(&trace_peer.client);
	connected_again(1);
	trace_until_destroyed(2);
	trace_end("pipeline_server_resets");
}

static void pipeline_connection_close(void)
{
	begin(2, 1);
	peer_request(&trace_peer);
	trace_mark("the server answers and closes");
	client_print(&trace_peer.client, "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 5\r\n\r\nhello");
	client_drain(&trace_peer.client);
	client_close(&trace_peer.client);
	connected_again(1);
	trace_until_destroyed(2);
	trace_end("pipeline_connection_close");
}

/* What nobody has asked for must not be taken for the answer to the next request. */
static void pipeline_too_much(void)
{
	begin(2, 1);
	peer_request(&trace_peer);
	trace_mark("the server answers twice");
	client_print(&trace_peer.client, OK OK);
	client_drain(&trace_peer.client);
	client_close(&trace_peer.client);
	connected_again(1);
	trace_until_destroyed(2);
	trace_end("pipeline_too_much");
}

static void pipeline_refused(void)
{
	struct lws_client_connect_info info;

	peer_refuse(&trace_peer);
	trace_client_begin(trace_client_protocols, NULL);
	request_of(&info, "GET");
	connect_one(&info, "request 1");
	connect_one(&info, "request 2");
	server_start(&trace_server);
	trace_until_destroyed(2);
	trace_end("pipeline_refused");
}

static void pipeline_destroy(void)
{
	begin(3, 1);
	answer();
	peer_request(&trace_peer);
	trace_end("pipeline_destroy");
}

static void pipeline_no_answer(void)
{
	begin(2, 1);
	peer_request(&trace_peer);
	trace_mark("the server closes");
	client_close(&trace_peer.client);
	connected_again(1);
	trace_until_destroyed(2);
	trace_end("pipeline_no_answer");
}

static void pipeline_failed_filter(void)
{
	trace_answer_once(LWS_CALLBACK_CLIENT_FILTER_PRE_ESTABLISH, "http", -1);
	begin(2, 1);
	answer();
	client_close(&trace_peer.client);
	connected_again(1);
	trace_until_destroyed(2);
	trace_end("pipeline_failed_filter");
}

static void pipeline_completed_refuses(void)
{
	trace_answer_once(LWS_CALLBACK_COMPLETED_CLIENT_HTTP, "http", -1);
	begin(2, 1);
	answer();
	client_close(&trace_peer.client);
	connected_again(1);
	trace_until_destroyed(2);
	trace_end("pipeline_completed_refuses");
}

TRACE_MAIN(TRACE_CASE(pipeline_three), TRACE_CASE(pipeline_idle), TRACE_CASE(pipeline_idle_server_closes),
	   TRACE_CASE(pipeline_server_closes), TRACE_CASE(pipeline_server_resets),
	   TRACE_CASE(pipeline_connection_close), TRACE_CASE(pipeline_too_much), TRACE_CASE(pipeline_refused),
	   TRACE_CASE(pipeline_destroy), TRACE_CASE(pipeline_no_answer), TRACE_CASE(pipeline_failed_filter),
	   TRACE_CASE(pipeline_completed_refuses))
