/*
 * Flow in both directions: receiving switched off and on, writing until
 * choked, many writes in one callback, pings of the library's own.
 */
#include "check.h"
#include "client.h"
#include "server.h"

#include <stdlib.h>

struct session {
	bool off;
	int received, writes;
	size_t left;
};

static atomic_int received_while_off, received, established, closed, writeables, choked_seen;
static struct server server;

static int on_flow(struct lws *wsi, enum lws_callback_reasons reason, void *user, void *in, size_t len)
{
	static unsigned char block[LWS_PRE + 30000];
	struct session *session = user;
	size_t part;

	switch (reason) {
	case LWS_CALLBACK_ESTABLISHED:
		atomic_fetch_add(&established, 1);
		return 0;
	case LWS_CALLBACK_CLOSED:
		atomic_fetch_add(&closed, 1);
		return 0;
	case LWS_CALLBACK_RECEIVE:
		if (session->off)
			atomic_fetch_add(&received_while_off, 1);
		atomic_fetch_add(&received, 1);
		session->received++;
		if (len == 4 && !memcmp(in, "flow", 4)) {
			lws_rx_flow_control(wsi, 0);
			session->off = true;
			lws_set_timer_usecs(wsi, 3000);
		}
		if (len == 4 && !memcmp(in, "stop", 4)) {
			lws_rx_flow_control(wsi, 0);
			session->off = true;
		}
		if (len == 4 && !memcmp(in, "send", 4)) {
			session->left = 20000000;
			lws_callback_on_writable(wsi);
		}
		return 0;
	case LWS_CALLBACK_TIMER:
		session->off = false;
		lws_rx_flow_control(wsi, 1);
		return 0;
	case LWS_CALLBACK_SERVER_WRITEABLE:
		if (!session->left)
			return 0;
		atomic_fetch_add(&writeables, 1);
		do {
			part = session->left < 30000 ? session->left : 30000;
			memset(block + LWS_PRE, (int)('a' + session->writes++ % 26), part);
			if (lws_write(wsi, block + LWS_PRE, part, LWS_WRITE_BINARY) < (int)part)
				return -1;
			session->left -= part;
		} while (session->left && !lws_send_pipe_choked(wsi));
		if (session->left) {
			atomic_fetch_add(&choked_seen, 1);
			lws_callback_on_writable(wsi);
		}
		return 0;
	default:
		return 0;
	}
}

static const struct lws_protocols protocols[] = {
	{ "http", lws_callback_http_dummy, 0, 0, 0, NULL, 0 },
	{ "flow", on_flow, sizeof(struct session), 0, 0, NULL, 0 },
	{ NULL, NULL, 0, 0, 0, NULL, 0 }
};

static void begin(struct client *client)
{
	struct lws_context_creation_info info;

	server_info(&info, protocols);
	server_run(&server, &info);
	client_ws(client, server.port, "/", "flow");
}

/* each message switches receiving off for a while: they come one by one */
static void receive_off_and_on(void)
{
	struct client client;
	int i;

	begin(&client);
	for (i = 0; i < 50; i++)
		client_ws_send(&client, FRAME_FIN | FRAME_TEXT, "flow", 4);
	WAIT_FOR(atomic_load(&received) == 50);
	CHECK_INT(atomic_load(&received_while_off), 0);
	client_close(&client);
	WAIT_FOR(atomic_load(&closed) == 1);
	server_destroy(&server);
}

static void receive_stays_off(void)
{
	struct client client;

	begin(&client);
	client_ws_send(&client, FRAME_FIN | FRAME_TEXT, "stop", 4);
	client_ws_send(&client, FRAME_FIN | FRAME_TEXT, "more", 4);
	WAIT_FOR(atomic_load(&received) == 1);
	test_sleep_ms(100);
	CHECK_INT(atomic_load(&received), 1);
	/* for all at once, from outside */
	server_stop(&server);
	lws_rx_flow_allow_all_protocol(server.context, lws_vhost_name_to_protocol(server.vhost, "flow"));
	server_start(&server);
	WAIT_FOR(atomic_load(&received) == 2);
	client_close(&client);
	server_destroy(&server);
}

static void until_choked(void)
{
	struct client_frame frame;
	struct client client;
	size_t total = 0, i;
	int count = 0, small = 65536, paused = 0;

	begin(&client);
	/* so that what the kernel holds on the way is little beside what is sent, however large its limits are */
	REQUIRE(!setsockopt(client.fd, SOL_SOCKET, SO_RCVBUF, &small, sizeof(small)));
	client_ws_send(&client, FRAME_FIN | FRAME_TEXT, "send", 4);
	/* the socket is full before the first byte is read */
	WAIT_FOR(atomic_load(&choked_seen) > 0);
	test_sleep_ms(50);
	while (total < 20000000) {
		REQUIRE(client_ws_frame(&client, &frame));
		REQUIRE_INT(frame.opcode, FRAME_BINARY);
		for (i = 0; i < frame.length; i++)
			if (frame.payload[i] != 'a' + count % 26) {
				FAIL("message %d is wrong at byte %zu", count, i);
				check_give_up();
			}
		total += frame.length;
		count++;
		client_frame_free(&frame);
		if (total > 8000000 && !paused) {
			paused = 1;
			/* it has gone on since, and fills the socket again */
			WAIT_FOR(atomic_load(&choked_seen) > 1);
		}
	}
	CHECK_INT(total, 20000000);
	client_close(&client);
	server_destroy(&server);
}

#ifdef TEST_GOLWS

/* ---- what we promise of lws_write beyond upstream ---- */

enum { WRITES = 500, LARGE = 100000 };

static int on_writes(struct lws *wsi, enum lws_callback_reasons reason, void *user, void *in, size_t len)
{
	static unsigned char bare[LARGE];
	static const char constant[] = "constant";
	unsigned char before[64];
	char text[64] = "";
	int i, n;

	switch (reason) {
	case LWS_CALLBACK_ESTABLISHED:
		lws_callback_on_writable(wsi);
		return 0;
	case LWS_CALLBACK_SERVER_WRITEABLE:
		for (i = 0; i < WRITES; i++) {
			if (i % 50 == 7) {
				/* no room in front, and the bytes stay as they are */
				memset(bare, 'x', sizeof(bare));
				CHECK_INT(lws_write(wsi, bare, sizeof(bare), LWS_WRITE_BINARY), LARGE);
				CHECK(bare[0] == 'x' && bare[LARGE - 1] == 'x');
				memset(bare, 'y', sizeof(bare)); /* what is written later does not matter */
				continue;
			}
			n = lws_snprintf(text, sizeof(text), "message %d", i);
			memcpy(before, text, sizeof(before));
			CHECK_INT(lws_write(wsi, (unsigned char *)text, (size_t)n, LWS_WRITE_TEXT), n);
			CHECK(!memcmp(before, text, sizeof(before)));
		}
		/* read-only memory: a write into it would crash */
		CHECK_INT(lws_write(wsi, (unsigned char *)(uintptr_t)constant, 8, LWS_WRITE_TEXT), 8);
		return 0;
	default:
		return 0;
	}
}

static void many_writes_in_one_callback(void)
{
	static const struct lws_protocols writes[] = {
		{ "writes", on_writes, 0, 0, 0, NULL, 0 },
		{ NULL, NULL, 0, 0, 0, NULL, 0 }
	};
	struct lws_context_creation_info info;
	struct client_frame frame;
	struct client client;
	char wanted[64];
	int i;
	size_t k;

	server_info(&info, writes);
	server_run(&server, &info);
	client_ws(&client, server.port, "/", "writes");
	for (i = 0; i < WRITES; i++) {
		client_ws_message(&client, &frame);
		if (i % 50 == 7) {
			REQUIRE_INT(frame.length, LARGE);
			for (k = 0; k < LARGE; k++)
				if (frame.payload[k] != 'x') {
					FAIL("byte %zu of a large message is wrong", k);
					check_give_up();
				}
		} else {
			snprintf(wanted, sizeof(wanted), "message %d", i);
			CHECK_STR((char *)frame.payload, wanted);
		}
		client_frame_free(&frame);
	}
	client_ws_message(&client, &frame);
	CHECK_STR((char *)frame.payload, "constant");
	client_frame_free(&frame);
	client_close(&client);
	server_destroy(&server);
}

#endif

/* ---- pings of the library ---- */

static void pinged(bool answer)
{
	static const lws_retry_bo_t policy = { .secs_since_valid_ping = 1, .secs_since_valid_hangup = 3 };
	struct lws_context_creation_info info;
	struct client_frame frame;
	struct client client;
	int pings = 0;

	server_info(&info, protocols);
	info.retry_and_idle_policy = &policy;
	server_run(&server, &info);
	client_ws(&client, server.port, "/", "flow");
	while (pings < 3 && client_ws_frame(&client, &frame)) {
		CHECK_INT(frame.opcode, FRAME_PING);
		pings++;
		if (answer)
			client_ws_send(&client, FRAME_FIN | FRAME_PONG, frame.payload, frame.length);
		client_frame_free(&frame);
	}
	if (answer) {
		CHECK_INT(pings, 3);
		CHECK_INT(atomic_load(&closed), 0);
	} else {
		CHECK(pings >= 1);
		client_drain(&client);
		WAIT_FOR(atomic_load(&closed) == 1);
	}
	client_close(&client);
	server_destroy(&server);
}

static void answered_pings(void) { pinged(true); }
static void unanswered_pings(void) { pinged(false); }

TEST_MAIN({ "receive_off_and_on", receive_off_and_on }, { "receive_stays_off", receive_stays_off },
	  { "until_choked", until_choked },
#ifdef TEST_GOLWS
	  { "many_writes_in_one_callback", many_writes_in_one_callback },
#endif
	  { "answered_pings", answered_pings }, { "unanswered_pings", unanswered_pings })
