/*
 * Bulk messages in fragments, both directions: sent as they are produced with
 * LWS_WRITE_NO_FIN and LWS_WRITE_CONTINUATION, received in pieces of
 * rx_buffer_size with first, final and remaining.
 */
#include "check.h"
#include "client.h"
#include "server.h"

#include <stdlib.h>

enum { PIECE = 1000, PIECES = 2000, RX = 512 };

struct session {
	bool sending;
	int sent;               /* fragments of the running bulk message */
	size_t received;        /* bytes of the incoming message */
	uint64_t sum;
	int pieces, firsts, finals, zero_remaining;
	size_t largest;
};

static unsigned char pattern(size_t at)
{
	return (unsigned char)(at * 31 + at / 251);
}

static int on_bulk(struct lws *wsi, enum lws_callback_reasons reason, void *user, void *in, size_t len)
{
	unsigned char buffer[LWS_PRE + PIECE];
	struct session *session = user;
	char report[LWS_PRE + 200];
	int flags, n;
	size_t i;

	switch (reason) {
	case LWS_CALLBACK_RECEIVE:
		if (len == 5 && !memcmp(in, "bulk!", 5)) {
			session->sent = 0;
			session->sending = true;
			lws_callback_on_writable(wsi);
			return 0;
		}
		if (lws_is_first_fragment(wsi)) {
			memset(session, 0, sizeof(*session));
			session->firsts++;
		}
		for (i = 0; i < len; i++)
			session->sum = session->sum * 31 + ((unsigned char *)in)[i];
		session->received += len;
		session->pieces++;
		if (len > session->largest)
			session->largest = len;
		if (!lws_remaining_packet_payload(wsi))
			session->zero_remaining++;
		if (lws_is_final_fragment(wsi)) {
			session->finals++;
			CHECK_INT(lws_remaining_packet_payload(wsi), 0);
			n = lws_snprintf(report + LWS_PRE, sizeof(report) - LWS_PRE,
					 "%zu %llx firsts=%d finals=%d frames=%d small=%d binary=%d",
					 session->received, (unsigned long long)session->sum, session->firsts,
					 session->finals, session->zero_remaining,
					 session->largest <= RX, lws_frame_is_binary(wsi));
			return lws_write(wsi, (unsigned char *)report + LWS_PRE, (size_t)n,
					 LWS_WRITE_TEXT) < n ? -1 : 0;
		}
		return 0;
	case LWS_CALLBACK_SERVER_WRITEABLE:
		if (!session->sending)
			return 0;
		for (i = 0; i < PIECE; i++)
			buffer[LWS_PRE + i] = pattern((size_t)session->sent * PIECE + i);
		flags = lws_write_ws_flags(LWS_WRITE_BINARY, session->sent == 0, session->sent == PIECES - 1);
		n = lws_write(wsi, buffer + LWS_PRE, PIECE, (enum lws_write_protocol)flags);
		if (n < PIECE)
			return -1;
		session->sending = ++session->sent < PIECES;
		lws_callback_on_writable(wsi);
		return 0;
	default:
		return 0;
	}
}

static const struct lws_protocols protocols[] = {
	{ "http", lws_callback_http_dummy, 0, 0, 0, NULL, 0 },
	{ "bulk", on_bulk, sizeof(struct session), RX, 0, NULL, 0 },
	{ NULL, NULL, 0, 0, 0, NULL, 0 }
};

static struct server server;

static void begin(struct client *client)
{
	struct lws_context_creation_info info;

	server_info(&info, protocols);
	server_run(&server, &info);
	client_ws(client, server.port, "/", "bulk");
}

static void end(struct client *client)
{
	client_close(client);
	server_destroy(&server);
}

static void sent_in_fragments(void)
{
	struct client_frame frame;
	struct client client;
	size_t at = 0, i;
	int n;

	begin(&client);
	client_ws_send(&client, FRAME_FIN | FRAME_TEXT, "bulk!", 5);
	for (n = 0; n < PIECES; n++) {
		REQUIRE(client_ws_frame(&client, &frame));
		CHECK_INT(frame.opcode, n ? FRAME_CONTINUATION : FRAME_BINARY);
		CHECK_INT(frame.fin, n == PIECES - 1);
		REQUIRE_INT(frame.length, PIECE);
		for (i = 0; i < frame.length; i++, at++)
			if (frame.payload[i] != pattern(at)) {
				FAIL("byte %zu is wrong", at);
				check_give_up();
			}
		client_frame_free(&frame);
	}
	end(&client);
}

/* a ping comes back in between although a bulk message is going out */
static void control_between_sent_fragments(void)
{
	struct client_frame frame;
	struct client client;
	int data = 0, pongs = 0;

	begin(&client);
	client_ws_send(&client, FRAME_FIN | FRAME_TEXT, "bulk!", 5);
	client_ws_send(&client, FRAME_FIN | FRAME_PING, "now", 3);
	while (data < PIECES || !pongs) {
		REQUIRE(client_ws_frame(&client, &frame));
		if (frame.opcode == FRAME_PONG) {
			CHECK_MEM(frame.payload, frame.length, "now", 3);
			pongs++;
		} else
			data++;
		client_frame_free(&frame);
	}
	CHECK_INT(pongs, 1);
	end(&client);
}

static void expect_report(struct client *client, size_t length, int frames, int binary)
{
	struct client_frame report;
	char wanted[200];
	uint64_t sum = 0;
	size_t i;

	for (i = 0; i < length; i++)
		sum = sum * 31 + pattern(i);
	snprintf(wanted, sizeof(wanted), "%zu %llx firsts=1 finals=1 frames=%d small=1 binary=%d", length,
		 (unsigned long long)sum, frames, binary);
	client_ws_message(client, &report);
	CHECK_STR((char *)report.payload, wanted);
	client_frame_free(&report);
}

static unsigned char *make(size_t length)
{
	unsigned char *data = malloc(length + 1);
	size_t i;

	REQUIRE(data != NULL);
	for (i = 0; i < length; i++)
		data[i] = pattern(i);

	return data;
}

static void received_in_pieces(void)
{
	static const size_t sizes[] = { 1, RX - 1, RX, RX + 1, 2 * RX, 10000, 70000, 1500000 };
	struct client client;
	unsigned char *data = make(1500000);
	size_t i;

	begin(&client);
	for (i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
		client_ws_send(&client, FRAME_FIN | FRAME_BINARY, data, sizes[i]);
		expect_report(&client, sizes[i], 1, 1);
	}
	end(&client);
	free(data);
}

static void received_fragments(void)
{
	struct client client;
	unsigned char *data = make(300 * 700);
	int i;

	begin(&client);
	for (i = 0; i < 300; i++) {
		client_ws_send(&client, (i ? FRAME_CONTINUATION : FRAME_BINARY) | (i == 299 ? FRAME_FIN : 0),
			       data + i * 700, 700);
		if (i % 50 == 7)
			client_ws_send(&client, FRAME_FIN | FRAME_PING, "between", 7);
	}
	for (i = 0; i < 6; i++) {
		struct client_frame frame;

		REQUIRE(client_ws_frame(&client, &frame));
		if (frame.opcode != FRAME_PONG) {
			/* upstream drops pings while one is waiting to be answered */
#ifdef TEST_GOLWS
			FAIL("%d of 6 pings were answered", i);
#endif
			CHECK_INT(frame.opcode, FRAME_TEXT);
			client_frame_free(&frame);
			break;
		}
		CHECK_MEM(frame.payload, frame.length, "between", 7);
		client_frame_free(&frame);
	}
	if (i == 6)
		expect_report(&client, 300 * 700, 300, 1);
	end(&client);
	free(data);
}

/* small frames in one packet with a large one */
static void mixed_packet(void)
{
	struct client client;
	unsigned char *data = make(3 * RX);

	begin(&client);
	client_ws_send(&client, FRAME_BINARY, data, RX / 2);
	client_ws_send(&client, FRAME_CONTINUATION, data + RX / 2, 2 * RX);
	client_ws_send(&client, FRAME_FIN | FRAME_CONTINUATION, data + RX / 2 + 2 * RX, RX / 2);
	expect_report(&client, 3 * RX, 3, 1);
	end(&client);
	free(data);
}

TEST_MAIN({ "sent_in_fragments", sent_in_fragments },
	  { "control_between_sent_fragments", control_between_sent_fragments },
	  { "received_in_pieces", received_in_pieces }, { "received_fragments", received_fragments },
	  { "mixed_packet", mixed_packet })
