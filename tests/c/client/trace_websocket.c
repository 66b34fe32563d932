/* The order of callbacks of WebSocket clients. See trace.h. */
#include <stdio.h>

#include "trace_client.h"

#define BOTH "Sec-WebSocket-Protocol: echo\r\n"

static void established(const struct lws_protocols *protocols)
{
	peer_listen(&trace_peer);
	trace_client_start(protocols);
	peer_upgrade(&trace_peer, BOTH);
	WAIT_FOR(trace_logged("CLIENT_ESTABLISHED"));
}

static void echo(const char *text)
{
	struct client_frame frame;

	peer_ws_send(&trace_peer, FRAME_FIN | FRAME_TEXT, text, strlen(text));
	REQUIRE(peer_ws_frame(&trace_peer, &frame));
	CHECK_INT(frame.first_byte, FRAME_FIN | FRAME_TEXT);
	CHECK_MEM(frame.payload, frame.length, text, strlen(text));
	client_frame_free(&frame);
}

static void expect_close(int code)
{
	struct client_frame frame;

	REQUIRE(peer_ws_frame(&trace_peer, &frame));
	CHECK_INT(frame.opcode, FRAME_CLOSE);
	CHECK_INT(client_frame_code(&frame), code);
	client_frame_free(&frame);
}

static void send_close(int code, const char *reason)
{
	unsigned char payload[125] = { (unsigned char)(code >> 8), (unsigned char)code };

	memcpy(payload + 2, reason, strlen(reason));
	peer_ws_send(&trace_peer, FRAME_FIN | FRAME_CLOSE, payload, 2 + strlen(reason));
}

/* The connection ends, and so does the case. */
static void over(const char *name)
{
	client_drain(&trace_peer.client);
	client_close(&trace_peer.client);
	trace_until_destroyed(1);
	trace_end(name);
}

/* The server ends it without a close frame. */
static void leave(const char *name)
{
	trace_mark("the server closes");
	client_close(&trace_peer.client);
	trace_until_destroyed(1);
	trace_end(name);
}

static void closed_by_server_on(const char *name, const struct lws_protocols *protocols)
{
	established(protocols);
	trace_mark("echo");
	echo("hi there");
	trace_mark("the server sends a close frame");
	send_close(1000, "done");
	expect_close(1000);
	over(name);
}

static void ws_closed_by_server(void) { closed_by_server_on("ws_closed_by_server", trace_client_protocols); }
static void ws_no_session(void) { closed_by_server_on("ws_no_session", trace_client_bare_protocols); }

static void ws_closed_by_client(void)
{
	established(trace_client_protocols);
	trace_mark("the client returns -1 with a close reason");
	peer_ws_send(&trace_peer, FRAME_FIN | FRAME_TEXT, "close!", 6);
	expect_close(1001);
	trace_mark("the server answers the close frame");
	send_close(1001, "");
	over("ws_closed_by_client");
}

static void ws_closed_by_client_plain(void)
{
	established(trace_client_protocols);
	trace_mark("the client returns -1");
	peer_ws_send(&trace_peer, FRAME_FIN | FRAME_TEXT, "drop!", 5);
	over("ws_closed_by_client_plain");
}

static void ws_killed(void)
{
	established(trace_client_protocols);
	trace_mark("the client asks for LWS_TO_KILL_ASYNC");
	peer_ws_send(&trace_peer, FRAME_FIN | FRAME_TEXT, "kill!", 5);
	over("ws_killed");
}

static void ws_reset(void)
{
	established(trace_client_protocols);
	echo("hi");
	trace_mark("the server resets");
	client_abort(&trace_peer.client);
	trace_until_destroyed(1);
	trace_end("ws_reset");
}

static void ws_left(void)
{
	established(trace_client_protocols);
	echo("hi");
	trace_mark("the server closes without a close frame");
	client_close(&trace_peer.client);
	trace_until_destroyed(1);
	trace_end("ws_left");
}

static void ws_half_closed(void)
{
	established(trace_client_protocols);
	echo("hi");
	trace_mark("the server ends its side");
	client_finish(&trace_peer.client);
	over("ws_half_closed");
}

static void ws_events(void)
{
	struct client_frame frame;

	established(trace_client_protocols);
	trace_mark("a timer of 1 ms");
	peer_ws_send(&trace_peer, FRAME_FIN | FRAME_TEXT, "timer!", 6);
	WAIT_FOR(trace_logged(" TIMER"));
	trace_mark("a writable request");
	peer_ws_send(&trace_peer, FRAME_FIN | FRAME_TEXT, "write!", 6);
	REQUIRE(peer_ws_frame(&trace_peer, &frame));
	CHECK_MEM(frame.payload, frame.length, "written", 7);
	client_frame_free(&frame);
	trace_mark("the client pings, the server answers");
	peer_ws_send(&trace_peer, FRAME_FIN | FRAME_TEXT, "ping!", 5);
	REQUIRE(peer_ws_frame(&trace_peer, &frame));
	CHECK_INT(frame.opcode, FRAME_PING);
	client_frame_free(&frame);
	peer_ws_send(&trace_peer, FRAME_FIN | FRAME_PONG, "pong", 4);
	WAIT_FOR(trace_logged("CLIENT_RECEIVE_PONG"));
	trace_mark("the server pings");
	peer_ws_send(&trace_peer, FRAME_FIN | FRAME_PING, "are you?", 8);
	REQUIRE(peer_ws_frame(&trace_peer, &frame));
	CHECK_INT(frame.opcode, FRAME_PONG);
	CHECK_MEM(frame.payload, frame.length, "are you?", 8);
	client_frame_free(&frame);
	trace_mark("fragments, binary, empty");
	peer_ws_send(&trace_peer, FRAME_TEXT, "one", 3);
	WAIT_FOR(trace_logged("\"one\""));
	peer_ws_send(&trace_peer, FRAME_CONTINUATION, "two", 3);
	WAIT_FOR(trace_logged("\"two\""));
	peer_ws_send(&trace_peer, FRAME_FIN | FRAME_CONTINUATION, "three", 5);
	peer_ws_send(&trace_peer, FRAME_FIN | FRAME_BINARY, "binary", 6);
	peer_ws_send(&trace_peer, FRAME_FIN | FRAME_TEXT, "", 0);
	WAIT_FOR(trace_logged("len=0 first"));
	leave("ws_events");
}

static void ws_message_with_handshake(void)
{
	struct client_frame frame;
	char response[512];

	peer_listen(&trace_peer);
	trace_client_start(trace_client_protocols);
	peer_accept(&trace_peer);
	peer_request(&trace_peer);
	snprintf(response, sizeof(response),
		 "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
		 "Sec-WebSocket-Accept: %s\r\n" BOTH "\r\n\x81\x05hello", peer_accept_value(&trace_peer));
	client_send(&trace_peer.client, response, strlen(response));
	REQUIRE(peer_ws_frame(&trace_peer, &frame));
	CHECK_MEM(frame.payload, frame.length, "hello", 5);
	client_frame_free(&frame);
	leave("ws_message_with_handshake");
}

/* ---- the handshake fails ---- */

static void answered(const char *name, const char *response)
{
	peer_listen(&trace_peer);
	trace_client_start(trace_client_protocols);
	peer_accept(&trace_peer);
	peer_request(&trace_peer);
	trace_mark("the server answers");
	client_send(&trace_peer.client, response, strlen(response));
	over(name);
}

static void ws_unauthorized(void)
{
	answered("ws_unauthorized", "HTTP/1.1 401 Unauthorized\r\nWWW-Authenticate: Basic realm=\"x\"\r\n"
				    "Content-Length: 4\r\n\r\nnope");
}

static void ws_not_found(void)
{
	answered("ws_not_found", "HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n");
}

static void ws_status_200(void)
{
	answered("ws_status_200", "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi");
}

static void ws_garbage(void)
{
	answered("ws_garbage", "SSH-2.0-OpenSSH_9.2p1 Debian-2\r\n\r\n");
}

static void ws_no_accept(void)
{
	answered("ws_no_accept",
		 "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n" BOTH "\r\n");
}

static void ws_wrong_accept(void)
{
	answered("ws_wrong_accept", "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
				    "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n" BOTH "\r\n");
}

static void answered_upgrade(const char *name, const char *upgrade, const char *connection, const char *more)
{
	peer_listen(&trace_peer);
	trace_client_start(trace_client_protocols);
	peer_accept(&trace_peer);
	peer_request(&trace_peer);
	trace_mark("the server answers");
	client_print(&trace_peer.client, "HTTP/1.1 101 Switching Protocols\r\n%s%sSec-WebSocket-Accept: %s\r\n%s\r\n",
		     upgrade, connection, peer_accept_value(&trace_peer), more);
	over(name);
}

#define UPGRADE "Upgrade: websocket\r\n"
#define CONNECTION "Connection: keep-alive, Upgrade\r\n"

static void ws_no_upgrade(void) { answered_upgrade("ws_no_upgrade", "", CONNECTION, BOTH); }
static void ws_other_upgrade(void) { answered_upgrade("ws_other_upgrade", "Upgrade: h2c\r\n", CONNECTION, BOTH); }
static void ws_no_connection(void) { answered_upgrade("ws_no_connection", UPGRADE, "", BOTH); }
static void ws_wrong_protocol(void)
{
	answered_upgrade("ws_wrong_protocol", UPGRADE, CONNECTION, "Sec-WebSocket-Protocol: chat\r\n");
}
static void ws_unknown_extension(void)
{
	answered_upgrade("ws_unknown_extension", UPGRADE, CONNECTION, BOTH "Sec-WebSocket-Extensions: x-own\r\n");
}

/* A server that names no protocol is fine. */
static void ws_no_protocol(void)
{
	peer_listen(&trace_peer);
	trace_client_start(trace_client_protocols);
	peer_upgrade(&trace_peer, NULL);
	WAIT_FOR(trace_logged("CLIENT_ESTABLISHED"));
	echo("hi");
	leave("ws_no_protocol");
}

static void ws_reset_in_handshake(void)
{
	peer_listen(&trace_peer);
	trace_client_start(trace_client_protocols);
	peer_accept(&trace_peer);
	peer_request(&trace_peer);
	trace_mark("the server resets");
	client_abort(&trace_peer.client);
	trace_until_destroyed(1);
	trace_end("ws_reset_in_handshake");
}

static void ws_end_in_handshake(void)
{
	peer_listen(&trace_peer);
	trace_client_start(trace_client_protocols);
	peer_accept(&trace_peer);
	peer_request(&trace_peer);
	trace_mark("the server closes");
	client_close(&trace_peer.client);
	trace_until_destroyed(1);
	trace_end("ws_end_in_handshake");
}

static void ws_end_in_head(void)
{
	peer_listen(&trace_peer);
	trace_client_start(trace_client_protocols);
	peer_accept(&trace_peer);
	peer_request(&trace_peer);
	trace_mark("the server closes in the middle of its answer");
	client_print(&trace_peer.client, "HTTP/1.1 101 Switching Proto");
	client_close(&trace_peer.client);
	trace_until_destroyed(1);
	trace_end("ws_end_in_head");
}

static void short_limits(struct lws_context_creation_info *info)
{
	info->timeout_secs = 1;
	info->connect_timeout_secs = 1;
}

static void limited(void)
{
	struct lws_client_connect_info info;

	trace_client_begin(trace_client_protocols, short_limits);
	trace_client_info(&info);
	trace_client_connect(&info);
}

static void ws_no_answer(void)
{
	peer_listen(&trace_peer);
	limited();
	peer_accept(&trace_peer);
	peer_request(&trace_peer);
	trace_mark("the server does not answer");
	over("ws_no_answer");
}

static void ws_connect_hangs(void)
{
	peer_ignore(&trace_peer);
	limited();
	trace_until_destroyed(1);
	trace_end("ws_connect_hangs");
}

static void ws_refused(void)
{
	peer_refuse(&trace_peer);
	trace_client_start(trace_client_protocols);
	trace_until_destroyed(1);
	trace_end("ws_refused");
}

static void unix_path(const char *prefix, const char *name, char *path, size_t size)
{
	snprintf(path, size, "%s%s/%s", prefix, test_directory(), name);
}

static void ws_unix(void)
{
	struct lws_client_connect_info info;
	char path[256];

	unix_path("+", "socket", path, sizeof(path));
	peer_listen_unix(&trace_peer, path + 1);
	trace_client_begin(trace_client_protocols, NULL);
	trace_client_info(&info);
	info.address = path;
	info.port = 0;
	trace_client_connect(&info);
	peer_upgrade(&trace_peer, BOTH);
	WAIT_FOR(trace_logged("CLIENT_ESTABLISHED"));
	echo("hi");
	leave("ws_unix");
}

static void ws_unix_absent(void)
{
	struct lws_client_connect_info info;
	char path[256];

	unix_path("+", "absent", path, sizeof(path));
	trace_client_begin(trace_client_protocols, NULL);
	trace_client_info(&info);
	info.address = path;
	trace_client_connect(&info);
	if (trace_client.returned)
		trace_until_destroyed(1);
	CHECK_PTR(trace_client.stored, trace_client.returned);
	trace_end("ws_unix_absent");
}

static void ws_name_unknown(void)
{
	struct lws_client_connect_info info;

	trace_client_begin(trace_client_protocols, short_limits);
	trace_client_info(&info);
	info.address = "nowhere.invalid";
	trace_client_connect(&info);
	WAIT_FOR(trace_logged("CLIENT_CONNECTION_ERROR"));
	trace_until_destroyed(1);
	trace_end("ws_name_unknown");
}

/* ---- the program refuses ---- */

static void refused_at(const char *name, int reason, bool answers)
{
	peer_listen(&trace_peer);
	trace_answer_once(reason, "echo", -1);
	trace_client_start(trace_client_protocols);
	if (answers) {
		peer_upgrade(&trace_peer, BOTH);
		client_drain(&trace_peer.client);
		client_close(&trace_peer.client);
	}
	if (trace_client.returned)
		trace_until_destroyed(1);
	trace_end(name);
}

static void ws_refuse_connecting(void) { refused_at("ws_refuse_connecting", LWS_CALLBACK_CONNECTING, false); }
static void ws_refuse_handshake(void)
{
	refused_at("ws_refuse_handshake", LWS_CALLBACK_CLIENT_APPEND_HANDSHAKE_HEADER, false);
}
static void ws_refuse_response(void)
{
	refused_at("ws_refuse_response", LWS_CALLBACK_ESTABLISHED_CLIENT_HTTP, true);
}
static void ws_refuse_filter(void)
{
	refused_at("ws_refuse_filter", LWS_CALLBACK_CLIENT_FILTER_PRE_ESTABLISH, true);
}
static void ws_refuse_established(void)
{
	refused_at("ws_refuse_established", LWS_CALLBACK_CLIENT_ESTABLISHED, true);
}

/* ---- the context ends ---- */

static void ws_destroy_connecting(void)
{
	peer_ignore(&trace_peer);
	trace_client_start(trace_client_protocols);
	test_sleep_ms(50);
	trace_end("ws_destroy_connecting");
}

static void ws_destroy_handshake(void)
{
	peer_listen(&trace_peer);
	trace_client_start(trace_client_protocols);
	peer_accept(&trace_peer);
	peer_request(&trace_peer);
	trace_end("ws_destroy_handshake");
}

static void ws_destroy_established(void)
{
	established(trace_client_protocols);
	trace_end("ws_destroy_established");
}

/* ---- what the program chooses ---- */

static void chosen(const char *name, const char *protocol, const char *local, const char *more, void *userdata)
{
	struct lws_client_connect_info info;

	peer_listen(&trace_peer);
	trace_client_begin(trace_client_protocols, NULL);
	trace_client_info(&info);
	info.protocol = protocol;
	info.local_protocol_name = local;
	info.userdata = userdata;
	trace_client_connect(&info);
	peer_upgrade(&trace_peer, more);
	CHECK_STR(peer_header(&trace_peer, "sec-websocket-protocol"), protocol);
	WAIT_FOR(trace_logged("CLIENT_ESTABLISHED"));
	echo("hi");
	leave(name);
}

static void ws_userdata(void)
{
	static unsigned char memory[64];

	chosen("ws_userdata", "echo", NULL, BOTH, memory);
}
static void ws_local_name(void)
{
	chosen("ws_local_name", "chat, superchat", "echo", "Sec-WebSocket-Protocol: superchat\r\n", NULL);
}
static void ws_unknown_local(void)
{
	chosen("ws_unknown_local", "chat", NULL, "Sec-WebSocket-Protocol: chat\r\n", NULL);
}
static void ws_second_protocol(void)
{
	chosen("ws_second_protocol", "chat, echo", NULL, BOTH, NULL);
}
static void ws_nothing_named(void) { chosen("ws_nothing_named", NULL, NULL, NULL, NULL); }

TRACE_MAIN(TRACE_CASE(ws_closed_by_server), TRACE_CASE(ws_no_session), TRACE_CASE(ws_closed_by_client),
	   TRACE_CASE(ws_closed_by_client_plain), TRACE_CASE(ws_killed), TRACE_CASE(ws_reset), TRACE_CASE(ws_left),
	   TRACE_CASE(ws_half_closed), TRACE_CASE(ws_events), TRACE_CASE(ws_message_with_handshake),
	   TRACE_CASE(ws_unauthorized), TRACE_CASE(ws_not_found), TRACE_CASE(ws_status_200), TRACE_CASE(ws_garbage),
	   TRACE_CASE(ws_no_accept), TRACE_CASE(ws_wrong_accept), TRACE_CASE(ws_no_upgrade), TRACE_CASE(ws_other_upgrade),
	   TRACE_CASE(ws_no_connection), TRACE_CASE(ws_wrong_protocol), TRACE_CASE(ws_unknown_extension),
	   TRACE_CASE(ws_no_protocol), TRACE_CASE(ws_reset_in_handshake), TRACE_CASE(ws_end_in_handshake),
	   TRACE_CASE(ws_end_in_head), TRACE_CASE(ws_no_answer), TRACE_CASE(ws_connect_hangs), TRACE_CASE(ws_refused),
	   TRACE_CASE(ws_unix), TRACE_CASE(ws_unix_absent), TRACE_CASE(ws_name_unknown), TRACE_CASE(ws_refuse_connecting),
	   TRACE_CASE(ws_refuse_handshake), TRACE_CASE(ws_refuse_response), TRACE_CASE(ws_refuse_filter),
	   TRACE_CASE(ws_refuse_established), TRACE_CASE(ws_destroy_connecting), TRACE_CASE(ws_destroy_handshake),
	   TRACE_CASE(ws_destroy_established), TRACE_CASE(ws_userdata), TRACE_CASE(ws_local_name),
	   TRACE_CASE(ws_unknown_local), TRACE_CASE(ws_second_protocol), TRACE_CASE(ws_nothing_named))
