/*
 * permessage-deflate as a program sees it: agreed on in the handshake when the vhost has it, and then not to
 * be noticed. The compressed bytes are those of the examples in RFC 7692, and stored blocks.
 */
#include "check.h"
#include "client.h"
#include "server.h"

#include <stdlib.h>

static const unsigned char hello[] = { 0xf2, 0x48, 0xcd, 0xc9, 0xc9, 0x07, 0x00 };

enum {
	PIECE = 256,
	LONG = 3 * 1000,
};

static struct {
	atomic_int refuse;
	atomic_int asked;
	atomic_int pieces, largest, finals;
	char text[LONG + 1];
	size_t length;
	/* results of lws_set_extension_option() */
	atomic_int level, unknown_option, unknown_extension, too_late;
} seen;

static int on_message(struct lws *wsi, enum lws_callback_reasons reason, void *user, void *in, size_t len)
{
	unsigned char buffer[LWS_PRE + LONG];

	(void)user;
	switch (reason) {
	case LWS_CALLBACK_CONFIRM_EXTENSION_OKAY:
		CHECK_STR(in, "permessage-deflate");
		atomic_fetch_add(&seen.asked, 1);
		return atomic_load(&seen.refuse);
	case LWS_CALLBACK_ESTABLISHED:
		atomic_store(&seen.level, lws_set_extension_option(wsi, "permessage-deflate", "compression_level", "6"));
		atomic_store(&seen.unknown_option, lws_set_extension_option(wsi, "permessage-deflate", "colour", "1"));
		atomic_store(&seen.unknown_extension, lws_set_extension_option(wsi, "deflate-stream", "mem_level", "1"));
		atomic_store(&seen.too_late,
			     lws_set_extension_option(wsi, "permessage-deflate", "client_max_window_bits", "9"));
		return 0;
	case LWS_CALLBACK_RECEIVE:
		if (lws_is_first_fragment(wsi))
			seen.length = 0;
		REQUIRE(seen.length + len <= LONG);
		memcpy(seen.text + seen.length, in, len);
		seen.length += len;
		atomic_fetch_add(&seen.pieces, 1);
		if ((int)len > atomic_load(&seen.largest))
			atomic_store(&seen.largest, (int)len);
		if (!lws_is_final_fragment(wsi))
			return 0;
		CHECK_INT(lws_remaining_packet_payload(wsi), 0);
		atomic_fetch_add(&seen.finals, 1);
		memcpy(buffer + LWS_PRE, seen.text, seen.length);
		if (lws_write(wsi, buffer + LWS_PRE, seen.length, LWS_WRITE_TEXT) != (int)seen.length)
			return -1;
		CHECK_MEM(buffer + LWS_PRE, seen.length, seen.text, seen.length);
		return 0;
	default:
		return 0;
	}
}

static const struct lws_protocols protocols[] = {
	{ "http", lws_callback_http_dummy, 0, 0, 0, NULL, 0 },
	{ "test", on_message, 0, PIECE, 0, NULL, 0 },
	{ NULL, NULL, 0, 0, 0, NULL, 0 }
};

static const struct lws_extension extensions[] = {
	{ "permessage-deflate", lws_extension_callback_pm_deflate, "permessage-deflate; client_max_window_bits" },
	{ NULL, NULL, NULL }
};

static struct server server;

/* Upgrades with an offer and gives the server's answer to it, an empty string for none. */
static void begin(struct client *client, bool enabled, const char *offer, char *answer, size_t size)
{
	struct lws_context_creation_info info;
	struct client_response response;
	char header[256];
	const char *value;

	memset(&seen, 0, offsetof(typeof(seen), text));
	server_info(&info, protocols);
	if (enabled)
		info.extensions = extensions;
	server_run(&server, &info);
	client_tcp(client, server.port);
	snprintf(header, sizeof(header), "Sec-WebSocket-Extensions: %s\r\n", offer);
	client_ws_request(client, "/", "test", header);
	REQUIRE(client_response(client, &response, true));
	REQUIRE_INT(response.status, 101);
	value = client_header(&response, "sec-websocket-extensions");
	snprintf(answer, size, "%s", value ? value : "");
	client_response_free(&response);
}

static void finish(struct client *client)
{
	client_close(client);
	server_destroy(&server);
}

static void agreed(void)
{
	struct client_frame frame;
	struct client client;
	char answer[256];
	int i;

	begin(&client, true, "permessage-deflate; client_max_window_bits", answer, sizeof(answer));
	CHECK(!strncmp(answer, "permessage-deflate", 18));
	CHECK_INT(atomic_load(&seen.asked), 1);
	for (i = 0; i < 3; i++) {
		client_ws_send(&client, FRAME_FIN | FRAME_RSV1 | FRAME_TEXT, hello, sizeof(hello));
		REQUIRE(client_ws_frame(&client, &frame));
		CHECK_INT(frame.first_byte, FRAME_FIN | FRAME_RSV1 | FRAME_TEXT);
		CHECK(frame.length > 0 && frame.length < 12);
		CHECK_MEM(seen.text, seen.length, "Hello", 5);
		client_frame_free(&frame);
	}
	/* a message that is not compressed is as good */
	client_ws_send(&client, FRAME_FIN | FRAME_TEXT, "plain", 5);
	REQUIRE(client_ws_frame(&client, &frame));
	CHECK_MEM(seen.text, seen.length, "plain", 5);
	client_frame_free(&frame);
	CHECK_INT(atomic_load(&seen.level), 0);
	CHECK_INT(atomic_load(&seen.unknown_extension), -1);
#if defined(TEST_GOLWS)
	CHECK_INT(atomic_load(&seen.unknown_option), -1);
	CHECK_INT(atomic_load(&seen.too_late), -1);
#endif
	finish(&client);
}

static void in_pieces(void)
{
	unsigned char packed[LONG + 3 * 5 + 1], *at = packed;
	struct client_frame frame;
	struct client client;
	char answer[256];
	int i;

	begin(&client, true, "permessage-deflate", answer, sizeof(answer));
	for (i = 0; i < 3; i++) {
		static const unsigned char stored[] = { 0x00, 1000 & 0xff, 1000 >> 8, ~1000 & 0xff, ~1000 >> 8 & 0xff };

		memcpy(at, stored, sizeof(stored));
		at += sizeof(stored);
		memset(at, 'a' + i, 1000);
		at += 1000;
	}
	*at++ = 0x00;
	client_ws_send(&client, FRAME_RSV1 | FRAME_TEXT, packed, 1500);
	client_ws_send(&client, FRAME_FIN | FRAME_CONTINUATION, packed + 1500, (size_t)(at - packed) - 1500);
	REQUIRE(client_ws_frame(&client, &frame));
	CHECK_INT(frame.first_byte & 0x7f, FRAME_RSV1 | FRAME_TEXT);
	client_frame_free(&frame);
	CHECK_INT(seen.length, LONG);
	CHECK_INT(seen.text[0], 'a');
	CHECK_INT(seen.text[LONG - 1], 'c');
	CHECK_INT(atomic_load(&seen.finals), 1);
	CHECK(atomic_load(&seen.largest) <= PIECE);
	CHECK(atomic_load(&seen.pieces) >= LONG / PIECE);
	finish(&client);
}

static void not_enabled(void)
{
	struct client_frame frame;
	struct client client;
	char answer[256];

	begin(&client, false, "permessage-deflate", answer, sizeof(answer));
	CHECK_STR(answer, "");
	CHECK_INT(atomic_load(&seen.asked), 0);
	client_ws_send(&client, FRAME_FIN | FRAME_TEXT, "plain", 5);
	REQUIRE(client_ws_frame(&client, &frame));
	CHECK_INT(frame.first_byte, FRAME_FIN | FRAME_TEXT);
	CHECK_MEM(frame.payload, frame.length, "plain", 5);
	client_frame_free(&frame);
	CHECK_INT(atomic_load(&seen.level), -1);
	finish(&client);
}

static void refused_by_the_program(void)
{
	struct lws_context_creation_info info;
	struct client_response response;
	struct client client;

	memset(&seen, 0, offsetof(typeof(seen), text));
	atomic_store(&seen.refuse, 1);
	server_info(&info, protocols);
	info.extensions = extensions;
	server_run(&server, &info);
	client_tcp(&client, server.port);
	client_ws_request(&client, "/", "test", "Sec-WebSocket-Extensions: permessage-deflate\r\n");
	REQUIRE(client_response(&client, &response, true));
	CHECK_INT(response.status, 101);
	CHECK(!client_header(&response, "sec-websocket-extensions"));
	CHECK_INT(atomic_load(&seen.asked), 1);
	client_response_free(&response);
	finish(&client);
}

#if defined(TEST_GOLWS)
static void parameters(void)
{
	struct client client;
	char answer[256];

	begin(&client, true, "permessage-deflate; server_no_context_takeover; server_max_window_bits=10; client_max_window_bits=9",
	      answer, sizeof(answer));
	CHECK_STR(answer, "permessage-deflate; server_no_context_takeover; server_max_window_bits=10; "
			  "client_max_window_bits=9");
	finish(&client);
	begin(&client, true, "permessage-deflate; server_max_window_bits=77", answer, sizeof(answer));
	CHECK_STR(answer, "");
	finish(&client);
}

static void bad_data(void)
{
	struct client_frame frame;
	struct client client;
	char answer[256];

	begin(&client, true, "permessage-deflate", answer, sizeof(answer));
	client_ws_send(&client, FRAME_FIN | FRAME_RSV1 | FRAME_TEXT, "\xff\xff\xff", 3);
	REQUIRE(client_ws_frame(&client, &frame));
	CHECK_INT(frame.opcode, FRAME_CLOSE);
	CHECK_INT(client_frame_code(&frame), 1007);
	client_frame_free(&frame);
	CHECK_INT(client_drain(&client), 0);
	finish(&client);
}
#endif

TEST_MAIN({ "agreed", agreed },
	  { "in_pieces", in_pieces },
	  { "not_enabled", not_enabled },
	  { "refused_by_the_program", refused_by_the_program },
#if defined(TEST_GOLWS)
	  { "parameters", parameters },
	  { "bad_data", bad_data },
#endif
)
