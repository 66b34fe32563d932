/*
 * An echo server as upstream's users write it: a message is collected from its
 * fragments in session memory, and sent back from the WRITEABLE callback.
 */
#include "check.h"
#include "client.h"
#include "server.h"

#include <stdlib.h>

struct session {
	unsigned char *data; /* LWS_PRE, then the message */
	size_t length, capacity;
	int binary;
	bool ready;
};

static int on_echo(struct lws *wsi, enum lws_callback_reasons reason, void *user, void *in, size_t len)
{
	struct session *session = user;
	int written;

	switch (reason) {
	case LWS_CALLBACK_RECEIVE:
		if (lws_is_first_fragment(wsi)) {
			CHECK(!session->ready);
			session->length = 0;
			session->binary = lws_frame_is_binary(wsi);
		}
		if (session->length + len > session->capacity) {
			session->capacity = (session->length + len) * 2;
			session->data = realloc(session->data, LWS_PRE + session->capacity);
			REQUIRE(session->data != NULL);
		}
		if (len)
			memcpy(session->data + LWS_PRE + session->length, in, len);
		session->length += len;
		if (lws_is_final_fragment(wsi)) {
			session->ready = true;
			/* no next message before this one is answered */
			lws_rx_flow_control(wsi, 0);
			lws_callback_on_writable(wsi);
		}
		return 0;
	case LWS_CALLBACK_SERVER_WRITEABLE:
		if (!session->ready)
			return 0;
		if (!session->data) {
			session->data = malloc(LWS_PRE);
			REQUIRE(session->data != NULL);
		}
		written = lws_write(wsi, session->data + LWS_PRE, session->length,
				    session->binary ? LWS_WRITE_BINARY : LWS_WRITE_TEXT);
		if (written < (int)session->length)
			return -1;
		session->ready = false;
		lws_rx_flow_control(wsi, 1);
		return 0;
	case LWS_CALLBACK_CLOSED:
		free(session->data);
		return 0;
	default:
		return 0;
	}
}

static const struct lws_protocols protocols[] = {
	{ "http", lws_callback_http_dummy, 0, 0, 0, NULL, 0 },
	{ "echo", on_echo, sizeof(struct session), 0, 0, NULL, 0 },
	{ "echo-small", on_echo, sizeof(struct session), 128, 0, NULL, 0 },
	{ NULL, NULL, 0, 0, 0, NULL, 0 }
};

static struct server server;

static void begin(void)
{
	struct lws_context_creation_info info;

	server_info(&info, protocols);
	server_run(&server, &info);
}

static void echo(struct client *client, int opcode, const void *data, size_t length)
{
	struct client_frame message;

	client_ws_send(client, FRAME_FIN | opcode, data, length);
	client_ws_message(client, &message);
	CHECK_INT(message.opcode, opcode);
	CHECK_MEM(message.payload, message.length, data, length);
	client_frame_free(&message);
}

static void goodbye(struct client *client)
{
	struct client_frame frame;

	client_ws_close(client, 1000, "bye");
	REQUIRE(client_ws_frame(client, &frame));
	CHECK_INT(frame.opcode, FRAME_CLOSE);
	CHECK_INT(client_frame_code(&frame), 1000);
	client_frame_free(&frame);
	CHECK_INT(client_drain(client), 0);
	client_close(client);
}

/* around every length encoding and every buffer size one would choose */
static void all_sizes(const char *protocol)
{
	static const size_t sizes[] = { 0, 1, 2, 124, 125, 126, 127, 128, 1000, 4095, 4096, 4097, 16383,
					16384, 65534, 65535, 65536, 65537, 200000, 1048576, 3000001 };
	struct client client;
	unsigned char *data = malloc(3000001);
	size_t i;

	REQUIRE(data != NULL);
	for (i = 0; i < 3000001; i++)
		data[i] = (unsigned char)("abcdefghijklmnopqrstuvwxyz"[i % 26] ^ (i / 8191 % 2));
	begin();
	client_ws(&client, server.port, "/", protocol);
	for (i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++)
		echo(&client, i % 2 ? FRAME_BINARY : FRAME_TEXT, data, sizes[i]);
	goodbye(&client);
	server_destroy(&server);
	free(data);
}

static void sizes(void) { all_sizes("echo"); }
static void sizes_small_receive_buffer(void) { all_sizes("echo-small"); }

static void many_clients(void)
{
	enum { COUNT = 100 };
	static struct client clients[COUNT];
	struct client_frame message;
	char text[64];
	int i, round;

	begin();
	for (i = 0; i < COUNT; i++)
		client_ws(&clients[i], server.port, "/", "echo");
	for (round = 0; round < 5; round++) {
		for (i = 0; i < COUNT; i++) {
			snprintf(text, sizeof(text), "client %d round %d", i, round);
			client_ws_send(&clients[i], FRAME_FIN | FRAME_TEXT, text, strlen(text));
		}
		for (i = COUNT - 1; i >= 0; i--) {
			snprintf(text, sizeof(text), "client %d round %d", i, round);
			client_ws_message(&clients[i], &message);
			CHECK_MEM(message.payload, message.length, text, strlen(text));
			client_frame_free(&message);
		}
	}
	for (i = 0; i < COUNT; i++)
		goodbye(&clients[i]);
	server_destroy(&server);
}

/* a thousand messages in flight; they come back in order */
static void pipelined(void)
{
	struct client_frame message;
	struct client client;
	char text[32];
	int i;

	begin();
	client_ws(&client, server.port, "/", "echo");
	for (i = 0; i < 1000; i++) {
		snprintf(text, sizeof(text), "message %d", i);
		client_ws_send(&client, FRAME_FIN | FRAME_TEXT, text, strlen(text));
	}
	for (i = 0; i < 1000; i++) {
		snprintf(text, sizeof(text), "message %d", i);
		client_ws_message(&client, &message);
		CHECK_MEM(message.payload, message.length, text, strlen(text));
		client_frame_free(&message);
	}
	goodbye(&client);
	server_destroy(&server);
}

/* every byte of the upgrade and of a frame in a packet of its own */
static void byte_by_byte(void)
{
	static const char upgrade[] = "GET / HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\n"
				      "Connection: keep-alive, Upgrade\r\nSec-WebSocket-Protocol: echo\r\n"
				      "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
				      "Sec-WebSocket-Version: 13\r\n\r\n";
	static const unsigned char frame[] = { 0x81, 0x85, 1, 2, 3, 4, 'h' ^ 1, 'e' ^ 2, 'l' ^ 3, 'l' ^ 4, 'o' ^ 1 };
	struct client_response response;
	struct client_frame message;
	struct client client;
	size_t i;

	begin();
	client_tcp(&client, server.port);
	for (i = 0; i < sizeof(upgrade) - 1; i++)
		client_send(&client, upgrade + i, 1);
	REQUIRE(client_response(&client, &response, false));
	REQUIRE_INT(response.status, 101);
	CHECK_STR(client_header(&response, "sec-websocket-protocol"), "echo");
	client_response_free(&response);
	for (i = 0; i < sizeof(frame); i++) {
		client_send(&client, frame + i, 1);
		test_sleep_ms(1);
	}
	client_ws_message(&client, &message);
	CHECK_MEM(message.payload, message.length, "hello", 5);
	client_frame_free(&message);
	goodbye(&client);
	server_destroy(&server);
}

/* the first frame travels with the upgrade request */
static void eager_client(void)
{
	static const char upgrade[] = "GET / HTTP/1.1\r\nHost: localhost\r\nUpgrade: WebSocket\r\n"
				      "Connection: upgrade\r\nSec-WebSocket-Protocol: echo\r\n"
				      "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
				      "Sec-WebSocket-Version: 13\r\n\r\n"
				      "\x81\x85\x01\x02\x03\x04\x69\x67\x6f\x68\x6e";
	struct client_response response;
	struct client_frame message;
	struct client client;

	begin();
	client_tcp(&client, server.port);
	client_send(&client, upgrade, sizeof(upgrade) - 1);
	REQUIRE(client_response(&client, &response, false));
	REQUIRE_INT(response.status, 101);
	client_response_free(&response);
	client_ws_message(&client, &message);
	CHECK_MEM(message.payload, message.length, "hello", 5);
	client_frame_free(&message);
	goodbye(&client);
	server_destroy(&server);
}

/* a client that reads late gets everything */
static void slow_reader(void)
{
	enum { SIZE = 4 * 1024 * 1024 };
	unsigned char *data = malloc(SIZE);
	struct client_frame message;
	struct client client;
	size_t i;

	REQUIRE(data != NULL);
	for (i = 0; i < SIZE; i++)
		data[i] = (unsigned char)(i * 2654435761u >> 24);
	begin();
	client_ws(&client, server.port, "/", "echo");
	client_ws_send(&client, FRAME_FIN | FRAME_BINARY, data, SIZE);
	test_sleep_ms(300);
	client_ws_message(&client, &message);
	CHECK_MEM(message.payload, message.length, data, SIZE);
	client_frame_free(&message);
	goodbye(&client);
	server_destroy(&server);
	free(data);
}

TEST_MAIN({ "sizes", sizes }, { "sizes_small_receive_buffer", sizes_small_receive_buffer },
	  { "many_clients", many_clients }, { "pipelined", pipelined },
	  { "byte_by_byte", byte_by_byte }, { "eager_client", eager_client },
	  { "slow_reader", slow_reader })
