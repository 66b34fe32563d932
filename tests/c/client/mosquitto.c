/*
 * Clients that bring MQTT (3.1.1) of their own, against mosquitto: over WebSocket, whose frames need not be MQTT's packets,
 * and over a raw connection, where the broker is the one that closes. Skipped where mosquitto is not installed.
 *
 * usage: mosquitto DIRECTORY-OF-MOSQUITTO.PY [case...]
 */
#include "check.h"
#include "outcome.h"
#include "script.h"
#include "server.h"

#define PAYLOAD 20000

/* What the client sends: each packet when the answer to the one before is there. */
static unsigned char publish[4 + 2 + 4 + PAYLOAD];
static const unsigned char connect_packet[] = { 0x10, 16, 0, 4, 'M', 'Q', 'T', 'T', 4, 2, 0, 60, 0, 4, 't', 'e', 's', 't' },
			   wrong_connect[] = { 0x10, 16, 0, 4, 'M', 'Q', 'T', 'T', 9, 2, 0, 60, 0, 4, 't', 'e', 's', 't' },
			   subscribe[] = { 0x82, 9, 0, 1, 0, 4, 'l', 'o', 'o', 'p', 0 }, disconnect[] = { 0xe0, 0 };

static struct outcome outcome;
static bool swapped; /* the port of the other protocol */
static struct {
	bool wrong;
	unsigned int step;
	unsigned char in[2 * PAYLOAD];
	size_t length;
} seen;

static void make_publish(void)
{
	const size_t rest = 2 + 4 + PAYLOAD;

	publish[0] = 0x30;
	publish[1] = (unsigned char)(rest % 128 | 0x80);
	publish[2] = (unsigned char)(rest / 128 % 128 | 0x80);
	publish[3] = (unsigned char)(rest / 128 / 128);
	memcpy(publish + 4, "\0\4loop", 6);
	for (size_t i = 0; i < PAYLOAD; i++)
		publish[10 + i] = (unsigned char)(i * 7 + i / 251);
}

static int send_packet(struct lws *wsi)
{
	static unsigned char buffer[LWS_PRE + sizeof(publish)];
	const struct {
		const void *data;
		size_t length;
	} packets[] = {
		{ seen.wrong ? wrong_connect : connect_packet, sizeof(connect_packet) },
		{ subscribe, sizeof(subscribe) },
		{ publish, sizeof(publish) },
		{ disconnect, sizeof(disconnect) },
	};
	size_t length = packets[seen.step].length;

	memcpy(buffer + LWS_PRE, packets[seen.step].data, length);
	return lws_write(wsi, buffer + LWS_PRE, length, LWS_WRITE_BINARY) == (int)length ? 0 : -1;
}

static int received(struct lws *wsi, const void *in, size_t len)
{
	static const unsigned char accepted[] = { 0x20, 2, 0, 0 }, subscribed[] = { 0x90, 3, 0, 1, 0 };
	const struct {
		const void *data;
		size_t length;
	} answers[] = {
		{ accepted, sizeof(accepted) },
		{ subscribed, sizeof(subscribed) },
		{ publish, sizeof(publish) },
	};

	REQUIRE(seen.length + len <= sizeof(seen.in));
	memcpy(seen.in + seen.length, in, len);
	seen.length += len;
	if (seen.wrong || seen.step == LWS_ARRAY_SIZE(answers) || seen.length < answers[seen.step].length)
		return 0;
	CHECK_MEM(seen.in, seen.length, answers[seen.step].data, answers[seen.step].length);
	seen.length = 0;
	seen.step++;
	lws_callback_on_writable(wsi);
	return 0;
}

static int on_mqtt(struct lws *wsi, enum lws_callback_reasons reason, void *user, void *in, size_t len)
{
	(void)user;
	outcome_note(&outcome, wsi, reason, in);
	switch (reason) {
	case LWS_CALLBACK_CLIENT_ESTABLISHED:
		CHECK_STR(lws_get_protocol(wsi)->name, "mqtt");
		/* fallthrough */
	case LWS_CALLBACK_RAW_CONNECTED:
		lws_callback_on_writable(wsi);
		break;
	case LWS_CALLBACK_CLIENT_WRITEABLE:
	case LWS_CALLBACK_RAW_WRITEABLE:
		return send_packet(wsi);
	case LWS_CALLBACK_CLIENT_RECEIVE:
		CHECK(lws_frame_is_binary(wsi));
		/* fallthrough */
	case LWS_CALLBACK_RAW_RX:
		return received(wsi, in, len);
	default:
		break;
	}
	return 0;
}

static const struct lws_protocols protocols[] = { { "mqtt", on_mqtt, 0, 0, 0, NULL, 0 }, { NULL, NULL, 0, 0, 0, NULL, 0 } };

static void run(bool raw, const char *path, bool wrong)
{
	struct lws_context_creation_info info;
	struct lws_client_connect_info client;
	struct lws_context *context;
	int ports[2];

	script_start("mosquitto.py", "", ports, 2);
	if (!ports[0])
		test_skip("mosquitto is not installed");
	make_publish();
	seen.wrong = wrong;
	server_info(&info, protocols);
	info.port = CONTEXT_PORT_NO_LISTEN;
	context = lws_create_context(&info);
	REQUIRE(context != NULL);
	memset(&client, 0, sizeof(client));
	client.context = context;
	client.address = client.host = "127.0.0.1";
	client.port = ports[raw != swapped];
	client.path = path;
	client.protocol = raw ? NULL : "mqtt";
	client.local_protocol_name = "mqtt";
	client.method = raw ? "RAW" : NULL;
	REQUIRE(lws_client_connect_via_info(&client) != NULL);
	SERVE_UNTIL(context, outcome.destroyed);
	CHECK_INT(outcome.destroyed, 1);
	CHECK_INT(outcome.closed + outcome.failed, 1);
	lws_context_destroy(context);
}

/* Both ways the broker closes after DISCONNECT. */
static void over_websocket(void)
{
	run(false, "/mqtt", false);
	CHECK_INT(outcome.established, 1);
	CHECK_INT(seen.step, 3);
	CHECK_INT(outcome.closed, 1);
}

static void over_raw(void)
{
	run(true, "/", false);
	CHECK_INT(outcome.established, 1);
	CHECK_INT(seen.step, 3);
	CHECK_INT(outcome.closed, 1);
}

/* A version of MQTT that there is not */
static void refused_by_broker(void)
{
	static const unsigned char unacceptable[] = { 0x20, 2, 0, 1 };

	run(true, "/", true);
	CHECK_MEM(seen.in, seen.length, unacceptable, sizeof(unacceptable));
	CHECK_INT(outcome.established, 1);
	CHECK_INT(outcome.closed, 1);
}

/* A WebSocket client at the port of plain MQTT: the broker hangs up on what is no MQTT. */
static void wrong_protocol(void)
{
	swapped = true;
	run(false, "/mqtt", false);
	CHECK_INT(outcome.established, 0);
	CHECK_INT(outcome.failed, 1);
	CHECK(outcome.error[0]);
}

SCRIPT_TEST_MAIN({ "over_websocket", over_websocket }, { "over_raw", over_raw },
		 { "refused_by_broker", refused_by_broker }, { "wrong_protocol", wrong_protocol })
