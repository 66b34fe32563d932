/* What can be asked of a stream and of the connection that carries it. */
#include "check.h"
#include "h2_client.h"
#include "server.h"

struct session {
	int marked;
	char text[20];
};

static struct lws *carrier, *first;
static int refused_credit;

static void check_text(struct lws *wsi, enum lws_token_indexes token, const char *want)
{
	char text[128];

	CHECK_INT(lws_hdr_total_length(wsi, token), strlen(want));
	CHECK_INT(lws_hdr_copy(wsi, text, sizeof(text), token), strlen(want));
	CHECK_STR(text, want);
}

static void check_stream(struct lws *wsi)
{
	char name[128], address[64];

	CHECK(wsi != carrier);
	CHECK_PTR(lws_get_network_wsi(wsi), carrier);
	CHECK_PTR(lws_get_network_wsi(carrier), carrier);
	/* What carries streams is not their parent, as upstream has it. */
	CHECK_PTR(lws_get_parent(wsi), NULL);
	CHECK_PTR(lws_get_child(carrier), NULL);
	CHECK(lws_get_socket_fd(wsi) >= 0);
	CHECK_INT(lws_get_socket_fd(wsi), lws_get_socket_fd(carrier));
	CHECK_STR(lws_get_peer_simple(wsi, address, sizeof(address)), "127.0.0.1");
	lws_get_peer_addresses(wsi, lws_get_socket_fd(wsi), name, sizeof(name), address, sizeof(address));
	CHECK_STR(address, "127.0.0.1");
	CHECK_PTR(lws_get_vhost(wsi), lws_get_vhost(carrier));
	CHECK_PTR(lws_get_context(wsi), lws_get_context(carrier));
	CHECK_INT(lws_is_ssl(wsi), 0);
	CHECK_INT(lws_get_tsi(wsi), 0);
	CHECK_INT(lws_send_pipe_choked(wsi), 0);
	CHECK_INT(lws_partial_buffered(wsi), 0);
	CHECK(strstr(lws_wsi_tag(wsi), "wsi|") != NULL);
}

static void check_request(struct lws *wsi)
{
	char value[64], *uri;
	size_t size = sizeof(value);
	int length;

	CHECK_INT(lws_http_get_uri_and_method(wsi, &uri, &length), LWSHUMETH_GET);
	CHECK_MEM(uri, (size_t)length, "/a page", 7);
	check_text(wsi, WSI_TOKEN_GET_URI, "/a page");
	check_text(wsi, WSI_TOKEN_HTTP_COLON_METHOD, "GET");
	check_text(wsi, WSI_TOKEN_HTTP_COLON_PATH, "/a page");
	check_text(wsi, WSI_TOKEN_HTTP_COLON_SCHEME, "http");
	check_text(wsi, WSI_TOKEN_HTTP_COLON_AUTHORITY, "localhost");
	/* so that what was written for HTTP/1 finds it */
	check_text(wsi, WSI_TOKEN_HOST, "localhost");
	check_text(wsi, WSI_TOKEN_HTTP_URI_ARGS, "x=1&y=two");
	check_text(wsi, WSI_TOKEN_HTTP_USER_AGENT, "tester");
	CHECK_INT(lws_hdr_total_length(wsi, WSI_TOKEN_CONNECTION), 0);
	CHECK_STR(lws_get_urlarg_by_name(wsi, "y=", value, sizeof(value)), "two");
	CHECK_INT(lws_hdr_custom_length(wsi, "x-own:", 6), 3);
	CHECK_INT(lws_hdr_custom_copy(wsi, value, sizeof(value), "x-own:", 6), 3);
	CHECK_STR(value, "yes");
	CHECK_INT(lws_http_cookie_get(wsi, "b", value, &size), 0);
	CHECK_STR(value, "2");
}

static void check_credit(struct lws *wsi)
{
	int window;

	CHECK_INT(lws_get_peer_write_allowance(wsi), 65535);
	CHECK_INT(lws_wsi_tx_credit(wsi, LWSTXCR_US_TO_PEER, 0), 65535);
	CHECK_INT(lws_wsi_tx_credit(carrier, LWSTXCR_US_TO_PEER, 0), 65535);
	window = lws_h2_get_peer_txcredit_estimate(wsi);
	CHECK_INT(window, 70000);
	CHECK_INT(lws_wsi_tx_credit(wsi, LWSTXCR_PEER_TO_US, 0), window);
	CHECK_INT(lws_wsi_tx_credit(wsi, LWSTXCR_PEER_TO_US, 1000), 0);
	CHECK_INT(lws_h2_update_peer_txcredit(wsi, (unsigned)LWS_H2_STREAM_SID, 234), 0);
	CHECK_INT(lws_h2_get_peer_txcredit_estimate(wsi), window + 1234);
	window = lws_h2_get_peer_txcredit_estimate(carrier);
	CHECK_INT(lws_h2_update_peer_txcredit(wsi, 0, 1000), 0);
	CHECK_INT(lws_h2_get_peer_txcredit_estimate(carrier), window + 1000);
	lws_set_log_level(0, NULL);
	refused_credit += lws_h2_update_peer_txcredit(wsi, 99, 1000) != 0;
	refused_credit += lws_h2_update_peer_txcredit(wsi, 0, INT32_MAX) != 0;
	refused_credit += lws_h2_update_peer_txcredit(wsi, (unsigned)LWS_H2_STREAM_SID, INT32_MAX) != 0;
	refused_credit += lws_h2_update_peer_txcredit(wsi, 0, -1) != 0;
	refused_credit += lws_wsi_tx_credit(wsi, LWSTXCR_US_TO_PEER, 5) != 0;
	lws_set_log_level(LLL_ERR, NULL);
}

static int on_http(struct lws *wsi, enum lws_callback_reasons reason, void *user, void *in, size_t len)
{
	struct session *session = user;

	switch (reason) {
	case LWS_CALLBACK_SERVER_NEW_CLIENT_INSTANTIATED:
		carrier = wsi;
		CHECK_INT(lws_get_peer_write_allowance(wsi), -1); /* nobody knows yet what it speaks */
		CHECK_INT(lws_wsi_tx_credit(wsi, LWSTXCR_PEER_TO_US, 0), 0);
		break;
	case LWS_CALLBACK_HTTP:
		check_stream(wsi);
		/* each stream has memory of its own */
		CHECK_INT(session->marked, 0);
		session->marked = 1;
		CHECK_PTR(lws_wsi_user(wsi), user);
		if (!first) {
			first = wsi;
			check_request(wsi);
			return 0;
		}
		CHECK(first != wsi);
		check_credit(wsi);
		CHECK_INT(lws_http_headers_detach(wsi), 0);
		CHECK_INT(lws_hdr_total_length(wsi, WSI_TOKEN_GET_URI), 0);
		return server_reply_text(wsi, "second");
	case LWS_CALLBACK_HTTP_WRITEABLE:
		CHECK_INT(session->marked, 1);
		return server_reply_text(wsi, "first");
	case LWS_CALLBACK_ESTABLISHED:
		check_stream(wsi);
		check_text(wsi, WSI_TOKEN_HTTP_COLON_METHOD, "CONNECT");
		check_text(wsi, WSI_TOKEN_COLON_PROTOCOL, "websocket");
		check_text(wsi, WSI_TOKEN_HTTP_COLON_PATH, "/chat");
		check_text(wsi, WSI_TOKEN_CONNECT, "/chat");
		/* so that what was written for HTTP/1 finds it */
		check_text(wsi, WSI_TOKEN_GET_URI, "/chat");
		check_text(wsi, WSI_TOKEN_UPGRADE, "websocket");
		check_text(wsi, WSI_TOKEN_HOST, "localhost");
		check_text(wsi, WSI_TOKEN_VERSION, "13");
		break;
	case LWS_CALLBACK_RECEIVE:
		check_stream(wsi);
		CHECK_INT(lws_hdr_total_length(wsi, WSI_TOKEN_HOST), 0);
		CHECK_INT(lws_get_peer_write_allowance(wsi), -1);
		CHECK_INT(lws_wsi_tx_credit(wsi, LWSTXCR_US_TO_PEER, 0), 0);
		CHECK_INT(lws_is_final_fragment(wsi), 1);
		if (lws_write(wsi, in, len, LWS_WRITE_TEXT) != (int)len)
			return -1;
		break;
	default:
		break;
	}
	return 0;
}

static const struct lws_protocols protocols[] = {
	{ "http", on_http, sizeof(struct session), 0, 0, NULL, 0 },
	{ NULL, NULL, 0, 0, 0, NULL, 0 }
};

static void streams(void)
{
	struct lws_context_creation_info info;
	struct h2_stream *waiting, *stream, *ws;
	struct client_frame frame;
	struct server server;
	struct h2_client h2;

	server_info(&info, protocols);
	/* no H2_PRIOR_KNOWLEDGE: the preface tells */
	info.http2_settings[0] = 1;
	info.http2_settings[H2SET_MAX_CONCURRENT_STREAMS] = 7;
	info.http2_settings[H2SET_INITIAL_WINDOW_SIZE] = 70000;
	info.http2_settings[H2SET_MAX_FRAME_SIZE] = 20000;
	server_run(&server, &info);
	h2_connect(&h2, server.port, NULL);
	CHECK_INT(h2.settings[H2SET_MAX_CONCURRENT_STREAMS], 7);
	CHECK_INT(h2.settings[H2SET_INITIAL_WINDOW_SIZE], 70000);
	CHECK_INT(h2.settings[H2SET_MAX_FRAME_SIZE], 20000);
	CHECK_INT(h2.settings[H2SET_ENABLE_CONNECT_PROTOCOL], 1);
	h2_ping(&h2);
	waiting = h2_request(&h2, "GET", "/a%20page?x=1&y=two",
			     "user-agent: tester\ncookie: a=1\ncookie: b=2\nx-own: yes\n", true);
	/* not ended, so that credit can be given */
	stream = h2_request(&h2, "GET", "/other", NULL, false);
	REQUIRE(h2_wait_end(stream));
	CHECK_MEM(stream->body.buffer, stream->body.length, "second", 6);
	CHECK_INT(stream->window, 70000 + 1234);
	CHECK_INT(refused_credit, 5);

	ws = h2_ws_request(&h2, "/chat", NULL, NULL);
	REQUIRE(h2_wait_head(ws));
	CHECK_INT(ws->status, 200);
	CHECK(!h2_field(ws, "sec-websocket-accept") && !h2_field(ws, "connection") && !h2_field(ws, "upgrade"));
	client_ws_send(&ws->body, FRAME_FIN | FRAME_TEXT, "hello", 5);
	client_ws_message(&ws->body, &frame);
	CHECK_MEM(frame.payload, frame.length, "hello", 5);
	client_frame_free(&frame);

	/* from another thread, while the first still waits */
	lws_callback_on_writable(first);
	REQUIRE(h2_wait_end(waiting));
	CHECK_MEM(waiting->body.buffer, waiting->body.length, "first", 5);
	CHECK_STR(h2_field(waiting, "content-type"), "text/plain");
	h2_close(&h2);
	server_destroy(&server);
}

TEST_MAIN({ "streams", streams })
