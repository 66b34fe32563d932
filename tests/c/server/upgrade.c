/*
 * The upgrade request: what the program sees of it and may add to the answer,
 * what is refused.
 */
#include "check.h"
#include "client.h"
#include "server.h"

#include <stdlib.h>
#include <strings.h>

static atomic_int established, upgrades;
static atomic_int answer_upgrade;

static int on_ws(struct lws *wsi, enum lws_callback_reasons reason, void *user, void *in, size_t len)
{
	struct lws_process_html_args *args = in;
	char text[256];
	int n;

	switch (reason) {
	case LWS_CALLBACK_HTTP:
		return server_reply_text(wsi, "http");
	case LWS_CALLBACK_HTTP_CONFIRM_UPGRADE:
		atomic_fetch_add(&upgrades, 1);
		/* as it was sent */
		CHECK(!strcasecmp(in, "websocket"));
		if (atomic_load(&answer_upgrade)) {
			if (lws_return_http_status(wsi, HTTP_STATUS_FORBIDDEN, NULL))
				return -1;
			return 1;
		}
		return 0;
	case LWS_CALLBACK_FILTER_PROTOCOL_CONNECTION:
		/* the request is there to be judged */
		CHECK(lws_hdr_copy(wsi, text, sizeof(text), WSI_TOKEN_GET_URI) > 0);
		CHECK_STR(text, "/path");
		CHECK(lws_hdr_copy_fragment(wsi, text, sizeof(text), WSI_TOKEN_HTTP_URI_ARGS, 0) > 0);
		CHECK_STR(text, "key=value");
		n = lws_hdr_copy(wsi, text, sizeof(text), WSI_TOKEN_ORIGIN);
		if (n > 0 && strstr(text, "evil"))
			return -1;
		CHECK(lws_hdr_copy(wsi, text, sizeof(text), WSI_TOKEN_HOST) > 0);
		CHECK(lws_hdr_total_length(wsi, WSI_TOKEN_UPGRADE) > 0);
		CHECK_INT(lws_hdr_copy(wsi, text, sizeof(text), WSI_TOKEN_VERSION), 2);
		CHECK_STR(text, "13");
		n = lws_hdr_custom_copy(wsi, text, sizeof(text), "x-token:", 8);
		if (n > 0)
			CHECK_STR(text, "abc");
		CHECK_STR(lws_get_peer_simple(wsi, text, sizeof(text)), "127.0.0.1");
		lws_get_peer_addresses(wsi, lws_get_socket_fd(wsi), text, 128, text + 128, 128);
		CHECK(lws_get_socket_fd(wsi) >= 0);
		return 0;
	case LWS_CALLBACK_ADD_HEADERS:
		return lws_add_http_header_by_name(wsi, (const unsigned char *)"x-added:", (const unsigned char *)"here", 4,
						   (unsigned char **)&args->p,
						   (unsigned char *)args->p + args->max_len);
	case LWS_CALLBACK_ESTABLISHED:
		/* and still here */
		CHECK(lws_hdr_total_length(wsi, WSI_TOKEN_GET_URI) == 5);
		atomic_fetch_add(&established, 1);
		return 0;
	default:
		return 0;
	}
}

static const struct lws_protocols protocols[] = {
	{ "ws", on_ws, 0, 0, 0, NULL, 0 },
	{ NULL, NULL, 0, 0, 0, NULL, 0 }
};

static struct server server;
static struct client client;
static struct client_response response;

static void begin(void)
{
	struct lws_context_creation_info info;

	server_info(&info, protocols);
	server_run(&server, &info);
}

static void end(void)
{
	client_response_free(&response);
	server_destroy(&server);
}

static void headers(void)
{
	begin();
	client_tcp(&client, server.port);
	client_ws_request(&client, "/path?key=value", "ws", "Origin: http://good.example\r\nX-Token: abc\r\n");
	REQUIRE(client_response(&client, &response, false));
	CHECK_INT(response.status, 101);
	CHECK_STR(client_header(&response, "x-added"), "here");
	CHECK(client_header(&response, "upgrade") && !strcasecmp(client_header(&response, "upgrade"), "websocket"));
	CHECK(client_header(&response, "connection") && !strcasecmp(client_header(&response, "connection"), "upgrade"));
	CHECK_STR(client_header(&response, "sec-websocket-protocol"), "ws");
	CHECK_PTR(client_header(&response, "sec-websocket-extensions"), NULL);
	client_close(&client);
	end();
}

static void refused_by_filter(void)
{
	begin();
	client_tcp(&client, server.port);
	client_ws_request(&client, "/path?key=value", "ws", "Origin: http://evil.example\r\n");
	client_drain(&client);
	CHECK(!client.length || strncmp((char *)client.buffer, "HTTP/1.1 101", 12));
	client_close(&client);
	end();
	CHECK_INT(atomic_load(&established), 0);
}

static void answered_with_http(void)
{
	begin();
	atomic_store(&answer_upgrade, 1);
	client_tcp(&client, server.port);
	client_ws_request(&client, "/path?key=value", "ws", NULL);
	REQUIRE(client_response(&client, &response, false));
	CHECK_INT(response.status, 403);
	client_close(&client);
	end();
	CHECK_INT(atomic_load(&established), 0);
}

/* spellings that clients use */
static void accepted_forms(void)
{
	static const char *const forms[] = {
		"GET /path?key=value HTTP/1.1\r\nHost: a\r\nUpgrade: WebSocket\r\nConnection: Upgrade\r\n",
		"GET /path?key=value HTTP/1.1\r\nhost: a\r\nupgrade: WEBSOCKET\r\nconnection: keep-alive, upgrade\r\n",
		"GET /path?key=value HTTP/1.1\r\nHost: a\r\nConnection: Upgrade, close\r\nUpgrade: websocket\r\n",
		"GET /path?key=value HTTP/1.1\r\nHost: a\r\nConnection: Upgrade , HTTP2-Settings\r\nUpgrade: websocket\r\n",
	};
	size_t i;

	begin();
	for (i = 0; i < sizeof(forms) / sizeof(forms[0]); i++) {
		client_tcp(&client, server.port);
		client_print(&client, "%sSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n", forms[i]);
		client_response_free(&response);
		if (!client_response(&client, &response, false))
			FAIL("closed: %s", forms[i]);
		else
			CHECK_INT(response.status, 101);
		client_close(&client);
	}
	end();
}

static void not_an_upgrade(const char *request, int wanted)
{
	int before = atomic_load(&established), status = 0;

	client_tcp(&client, server.port);
	client_print(&client, "%s", request);
	client_finish(&client);
	client_response_free(&response);
	if (client_response(&client, &response, false))
		status = response.status;
	if (status == 101 || atomic_load(&established) != before)
		FAIL("accepted: %s", request);
#ifdef TEST_GOLWS
	if (wanted && status != wanted)
		FAIL("status %d, not %d: %s", status, wanted, request);
#endif
	client_close(&client);
}

#define START "GET /path?key=value HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
#define KEY "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
#define VERSION "Sec-WebSocket-Version: 13\r\n"

static void refused_forms(void)
{
	begin();
	not_an_upgrade(START VERSION "\r\n", 400);
	not_an_upgrade("GET /path?key=value HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\n" KEY VERSION "\r\n", 400);
	not_an_upgrade("GET /path?key=value HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\nConnection: close\r\n" KEY VERSION "\r\n", 400);
#ifdef TEST_GOLWS
	not_an_upgrade(START KEY "\r\n", 426);
	not_an_upgrade(START KEY "Sec-WebSocket-Version: 8\r\n\r\n", 426);
	CHECK_STR(client_header(&response, "sec-websocket-version"), "13");
	not_an_upgrade(START VERSION "Sec-WebSocket-Key: short\r\n\r\n", 400);
	not_an_upgrade(START VERSION "Sec-WebSocket-Key: ####IHNhbXBsZSBub25jZQ==\r\n\r\n", 400);
	not_an_upgrade(START VERSION KEY KEY "\r\n", 400);
#endif
	/* not ours: refused or, as RFC 9110 has it, served as if it were not there */
	not_an_upgrade("GET / HTTP/1.1\r\nHost: a\r\nUpgrade: irc\r\nConnection: Upgrade\r\n\r\n", 0);
	end();
}

static void http_and_websockets_side_by_side(void)
{
	struct client sockets[10], web[10];
	struct client_frame frame;
	int i, round;

	begin();
	for (i = 0; i < 10; i++) {
		client_ws(&sockets[i], server.port, "/path?key=value", "ws");
		client_tcp(&web[i], server.port);
	}
	for (round = 0; round < 20; round++)
		for (i = 0; i < 10; i++) {
			client_print(&web[i], "GET / HTTP/1.1\r\nHost: a\r\n\r\n");
			client_ws_send(&sockets[i], FRAME_FIN | FRAME_PING, "p", 1);
			client_response_free(&response);
			REQUIRE(client_response(&web[i], &response, false));
			CHECK_STR((char *)response.body, "http");
			REQUIRE(client_ws_frame(&sockets[i], &frame));
			CHECK_INT(frame.opcode, FRAME_PONG);
			client_frame_free(&frame);
		}
	for (i = 0; i < 10; i++) {
		client_close(&web[i]);
		client_close(&sockets[i]);
	}
	end();
}

TEST_MAIN({ "headers", headers }, { "refused_by_filter", refused_by_filter },
	  { "answered_with_http", answered_with_http }, { "accepted_forms", accepted_forms },
	  { "refused_forms", refused_forms },
	  { "http_and_websockets_side_by_side", http_and_websockets_side_by_side })
