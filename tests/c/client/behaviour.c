/* What a client sends, and how it behaves towards a scripted server: headers, limits, flow control, validity, retries. */
#include "check.h"
#include "outcome.h"
#include "peer.h"
#include "server.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

static struct server server;
static struct peer peer;
static struct outcome outcome;
static atomic_int pongs, writeable, opened, retried;
static atomic_size_t received;
static atomic_bool paused;
static struct lws *current;
static uint16_t tries;
static lws_sorted_usec_list_t sul;
static lws_usec_t interval;
static int interval_result = -1;

static void again(lws_sorted_usec_list_t *entry)
{
	(void)entry;
	atomic_fetch_add(&retried, 1);
}

static int on_echo(struct lws *wsi, enum lws_callback_reasons reason, void *user, void *in, size_t len)
{
	unsigned char **p = in, buffer[LWS_PRE + 64];

	switch (reason) {
	case LWS_CALLBACK_CONNECTING:
		/* the socket is the program's to adjust, and lws_get_socket_fd() knows it too */
		CHECK_INT(lws_get_socket_fd(wsi), (int)(intptr_t)in);
		atomic_fetch_add(&opened, 1);
		break;
	case LWS_CALLBACK_CLIENT_APPEND_HANDSHAKE_HEADER:
		CHECK(len > 2048);
		if (lws_add_http_header_by_name(wsi, (unsigned char *)"x-test:", (unsigned char *)"value", 5, p, *p + len))
			return -1;
		break;
	case LWS_CALLBACK_CLIENT_ESTABLISHED:
		CHECK_PTR(wsi, current);
		CHECK_INT(lws_http_client_http_response(wsi), 101);
		CHECK_INT(lws_hdr_copy(wsi, (char *)buffer, sizeof(buffer), WSI_TOKEN_HTTP_SERVER), 4);
		CHECK_STR((char *)buffer, "peer");
		break;
	case LWS_CALLBACK_CLIENT_WRITEABLE:
		CHECK_INT(outcome.established, 1);
		atomic_fetch_add(&writeable, 1);
		memcpy(buffer + LWS_PRE, "hello", 5);
		return lws_write(wsi, buffer + LWS_PRE, 5, LWS_WRITE_TEXT) < 5 ? -1 : 0;
	case LWS_CALLBACK_CLIENT_RECEIVE_PONG:
		CHECK_INT(len, 0);
		atomic_fetch_add(&pongs, 1);
		break;
	case LWS_CALLBACK_CLIENT_RECEIVE:
		CHECK(!atomic_load(&paused));
		atomic_fetch_add(&received, len);
		if (len >= 5 && !memcmp(in, "pause", 5)) {
			lws_rx_flow_control(wsi, 0);
			atomic_store(&paused, true);
		}
		break;
	case LWS_CALLBACK_CLIENT_CONNECTION_ERROR:
		CHECK_INT(len, in ? strlen(in) : 0);
		interval = 100;
		interval_result = lws_http_check_retry_after(wsi, &interval);
		if (lws_retry_sul_schedule_retry_wsi(wsi, &sul, again, &tries))
			atomic_store(&retried, -1);
		break;
	default:
		break;
	}
	outcome_note(&outcome, wsi, reason, in);

	return 0;
}

static const struct lws_protocols protocols[] = {
	{ "echo", on_echo, 16, 0, 0, NULL, 0 },
	{ NULL, NULL, 0, 0, 0, NULL, 0 }
};

static void begin(struct lws_client_connect_info *client, uint64_t options)
{
	struct lws_context_creation_info info;

	server_info(&info, protocols);
	info.port = CONTEXT_PORT_NO_LISTEN;
	info.options |= options;
	server_create(&server, &info);
	memset(client, 0, sizeof(*client));
	client->context = server.context;
	client->address = "127.0.0.1";
	client->port = peer.port;
	client->pwsi = &current;
}

static const char server_header[] = "Server: peer\r\n";

static void end(void)
{
	server_destroy(&server);
	peer_close(&peer);
}

static void request_as_it_is_sent(void)
{
	struct lws_client_connect_info client;
	char host[64];

	peer_listen(&peer);
	begin(&client, 0);
	client.path = "chat room?q=1";
	client.origin = "example.com";
	client.protocol = "one, echo";
	client.local_protocol_name = "echo";
	REQUIRE(lws_client_connect_via_info(&client) != NULL);
	server_start(&server);
	peer_accept(&peer);
	peer_request(&peer);
	snprintf(host, sizeof(host), "127.0.0.1:%d", peer.port);
	CHECK(!strncmp(peer.head, "GET /chat%20room?q=1 HTTP/1.1\r\n", 31));
	CHECK_STR(peer_header(&peer, "host"), host);
	CHECK_STR(peer_header(&peer, "origin"), "http://example.com");
	CHECK_STR(peer_header(&peer, "upgrade"), "websocket");
	CHECK_STR(peer_header(&peer, "connection"), "Upgrade");
	CHECK_STR(peer_header(&peer, "sec-websocket-version"), "13");
	CHECK_STR(peer_header(&peer, "sec-websocket-protocol"), "one, echo");
	CHECK_PTR(peer_header(&peer, "sec-websocket-extensions"), NULL);
	CHECK_STR(peer_header(&peer, "x-test"), "value");
	CHECK_INT(strlen(peer_header(&peer, "sec-websocket-key")), 24);
	end();
}

static void request_as_the_program_says(void)
{
	struct lws_client_connect_info client;

	peer_listen(&peer);
	begin(&client, LWS_SERVER_OPTION_JUST_USE_RAW_ORIGIN);
	client.host = "name.example";
	client.origin = "null";
	client.method = "OPTIONS";
	client.path = "*";
	client.ssl_connection = LCCSCF_PIPELINE;
	REQUIRE(lws_client_connect_via_info(&client) != NULL);
	server_start(&server);
	peer_accept(&peer);
	peer_request(&peer);
	CHECK(!strncmp(peer.head, "OPTIONS * HTTP/1.1\r\n", 20));
	CHECK_STR(peer_header(&peer, "host"), "name.example");
	CHECK_STR(peer_header(&peer, "origin"), "null");
	CHECK_PTR(peer_header(&peer, "connection"), NULL);
	end();
}

/* Asked for before there is a connection, a writable callback comes when there is one. */
static void writable_asked_for_early(void)
{
	struct lws_client_connect_info client;
	struct client_frame frame;
	struct lws *wsi;

	peer_listen(&peer);
	begin(&client, 0);
	client.protocol = "echo";
	wsi = lws_client_connect_via_info(&client);
	REQUIRE(wsi != NULL);
	CHECK_INT(lws_callback_on_writable(wsi), 1);
	/* and nothing can be written before */
	lws_set_log_level(0, NULL);
	CHECK_INT(lws_write(wsi, (unsigned char *)"x", 1, LWS_WRITE_TEXT), -1);
	server_start(&server);
	peer_upgrade(&peer, server_header);
	REQUIRE(peer_ws_frame(&peer, &frame));
	CHECK_MEM(frame.payload, frame.length, "hello", 5);
	client_frame_free(&frame);
	CHECK_INT(atomic_load(&writeable), 1);
	end();
}

static void flow_control(void)
{
	struct lws_client_connect_info client;

	peer_listen(&peer);
	begin(&client, 0);
	client.protocol = "echo";
	REQUIRE(lws_client_connect_via_info(&client) != NULL);
	server_start(&server);
	peer_upgrade(&peer, server_header);
	peer_ws_send(&peer, FRAME_FIN | FRAME_TEXT, "pause", 5);
	WAIT_FOR(atomic_load(&paused));
	peer_ws_send(&peer, FRAME_FIN | FRAME_TEXT, "more", 4);
	test_sleep_ms(50);
	CHECK_INT(atomic_load(&received), 5);
	atomic_store(&paused, false);
	lws_rx_flow_control(current, 1);
	WAIT_FOR(atomic_load(&received) == 9);
	end();
}

static const lws_retry_bo_t valid = { .secs_since_valid_ping = 1, .secs_since_valid_hangup = 3 };

/* A silent server is pinged, and given up when it does not answer. */
static void validity(void)
{
	struct lws_client_connect_info client;
	struct client_frame frame;

	peer_listen(&peer);
	begin(&client, 0);
	client.protocol = "echo";
	client.retry_and_idle_policy = &valid;
	REQUIRE(lws_client_connect_via_info(&client) != NULL);
	server_start(&server);
	peer_upgrade(&peer, server_header);
	REQUIRE(peer_ws_frame(&peer, &frame));
	CHECK_INT(frame.opcode, FRAME_PING);
	client_frame_free(&frame);
	WAIT_FOR(outcome.destroyed == 1);
	CHECK_INT(outcome.closed, 1);
	end();
}

/* With the ping comes a writable callback that nobody asked for, and its pong is reported: seafile's client needs the one. */
static void ping_as_programs_know_it(void)
{
	struct lws_client_connect_info client;
	struct client_frame frame;
	int pings = 0, texts = 0;

	peer_listen(&peer);
	begin(&client, 0);
	client.protocol = "echo";
	client.retry_and_idle_policy = &valid;
	REQUIRE(lws_client_connect_via_info(&client) != NULL);
	server_start(&server);
	peer_upgrade(&peer, server_header);
	while (!pings || !texts) {
		REQUIRE(peer_ws_frame(&peer, &frame));
		pings += frame.opcode == FRAME_PING;
		texts += frame.opcode == FRAME_TEXT;
		client_frame_free(&frame);
	}
	CHECK_INT(atomic_load(&pongs), 0);
	peer_ws_send(&peer, FRAME_FIN | FRAME_PONG, NULL, 0);
	WAIT_FOR(atomic_load(&pongs) == 1);
	end();
}

static const uint32_t delays[] = { 1 };
static const lws_retry_bo_t twice = { .retry_ms_table = delays, .retry_ms_table_count = 1, .conceal_count = 1 };

static void retry(void)
{
	struct lws_client_connect_info client;

	peer_listen(&peer);
	begin(&client, 0);
	client.protocol = "echo";
	client.retry_and_idle_policy = &twice;
	REQUIRE(lws_client_connect_via_info(&client) != NULL);
	server_start(&server);
	peer_accept(&peer);
	peer_request(&peer);
	client_print(&peer.client, "HTTP/1.1 503 Service Unavailable\r\nRetry-After: 1\r\nContent-Length: 0\r\n\r\n");
	WAIT_FOR(outcome.destroyed == 1);
	CHECK_INT(interval_result, 0);
	CHECK_INT(interval, LWS_US_PER_SEC);
	WAIT_FOR(atomic_load(&retried) == 1);
	client_close(&peer.client);

	/* a second failure is one too many for the policy; a date that has passed asks for nothing */
	client.port = peer.port;
	REQUIRE(lws_client_connect_via_info(&client) != NULL);
	peer_accept(&peer);
	peer_request(&peer);
	client_print(&peer.client, "HTTP/1.1 503 Service Unavailable\r\nRetry-After: Fri, 31 Dec 1999 23:59:59 GMT\r\n"
				   "Content-Length: 0\r\n\r\n");
	WAIT_FOR(outcome.destroyed == 2);
	CHECK_INT(interval_result, 1);
	CHECK_INT(interval, 100);
	CHECK_INT(atomic_load(&retried), -1);
	end();
}

/* A server that says no more than its status line does not hold the client for ever, byte by byte. */
static void slow_answer(void)
{
	struct lws_context_creation_info info;
	struct lws_client_connect_info client;
	const char *p;

	peer_listen(&peer);
	server_info(&info, protocols);
	info.port = CONTEXT_PORT_NO_LISTEN;
	info.timeout_secs = 1;
	server_create(&server, &info);
	memset(&client, 0, sizeof(client));
	client.context = server.context;
	client.address = "127.0.0.1";
	client.port = peer.port;
	client.protocol = "echo";
	REQUIRE(lws_client_connect_via_info(&client) != NULL);
	server_start(&server);
	peer_accept(&peer);
	peer_request(&peer);
	for (p = "HTTP/1.1 101 Switching Protocols"; *p && !outcome.failed; p++) {
		if (!client_try_send(&peer.client, p, 1))
			break;
		test_sleep_ms(100);
	}
	WAIT_FOR(outcome.destroyed == 1);
	CHECK_STR(outcome.error, "Timed out waiting server reply");
	end();
}

static void ipv6(void)
{
	struct sockaddr_in6 address = { .sin6_family = AF_INET6, .sin6_addr = IN6ADDR_LOOPBACK_INIT };
	struct lws_context_creation_info info;
	struct lws_client_connect_info client;
	static const char *const spellings[] = { "::1", "[::1]" };
	socklen_t length = sizeof(address);
	char host[64];
	size_t i;

	memset(&peer, 0, sizeof(peer));
	peer.listener = socket(AF_INET6, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (peer.listener < 0 || bind(peer.listener, (struct sockaddr *)&address, length))
		test_skip("no IPv6 here");
	REQUIRE_INT(listen(peer.listener, 4), 0);
	REQUIRE_INT(getsockname(peer.listener, (struct sockaddr *)&address, &length), 0);
	peer.port = ntohs(address.sin6_port);
	server_info(&info, protocols);
	info.port = CONTEXT_PORT_NO_LISTEN;
	info.options = 0;
	server_run(&server, &info);
	memset(&client, 0, sizeof(client));
	client.context = server.context;
	client.port = peer.port;
	for (i = 0; i < 2; i++) {
		client.address = spellings[i];
		REQUIRE(lws_client_connect_via_info(&client) != NULL);
		peer_accept(&peer);
		peer_request(&peer);
		snprintf(host, sizeof(host), "[::1]:%d", peer.port);
		CHECK_STR(peer_header(&peer, "host"), host);
		client_close(&peer.client);
		WAIT_FOR(outcome.destroyed == (int)i + 1);
	}
	end();
}

TEST_MAIN({ "request_as_it_is_sent", request_as_it_is_sent }, { "request_as_the_program_says", request_as_the_program_says },
	  { "writable_asked_for_early", writable_asked_for_early }, { "flow_control", flow_control }, { "validity", validity },
	  { "ping_as_programs_know_it", ping_as_programs_know_it },
	  { "retry", retry }, { "slow_answer", slow_answer }, { "ipv6", ipv6 })
