/*
 * Several protocols on a vhost: which one a WebSocket gets, protocol lists
 * in every form, calls to all users of a protocol.
 */
/* two of the calls are deprecated, and used all the same */
#pragma GCC diagnostic ignored "-Wdeprecated-declarations"

#include "check.h"
#include "client.h"
#include "server.h"

#include <stdlib.h>

static atomic_int open_sessions, user_calls, vhost_calls;

static int on_named(struct lws *wsi, enum lws_callback_reasons reason, void *user, void *in, size_t len)
{
	char text[LWS_PRE + 128];
	int n;

	switch ((int)reason) {
	case LWS_CALLBACK_ESTABLISHED:
		atomic_fetch_add(&open_sessions, 1);
		lws_callback_on_writable(wsi);
		return 0;
	case LWS_CALLBACK_CLOSED:
		atomic_fetch_sub(&open_sessions, 1);
		return 0;
	case LWS_CALLBACK_SERVER_WRITEABLE:
		n = lws_snprintf(text + LWS_PRE, sizeof(text) - LWS_PRE, "%s %u", lws_get_protocol(wsi)->name,
				 lws_get_protocol(wsi)->id);
		return lws_write(wsi, (unsigned char *)text + LWS_PRE, (size_t)n, LWS_WRITE_TEXT) < n ? -1 : 0;
	case LWS_CALLBACK_RECEIVE:
		if (len == 3 && !memcmp(in, "all", 3))
			lws_callback_all_protocol(lws_get_context(wsi), lws_get_protocol(wsi), LWS_CALLBACK_USER);
		else if (len == 5 && !memcmp(in, "vhost", 5))
			lws_callback_all_protocol_vhost(lws_get_vhost(wsi), lws_get_protocol(wsi),
							LWS_CALLBACK_USER);
		else if (len == 4 && !memcmp(in, "args", 4))
			lws_callback_all_protocol_vhost_args(lws_get_vhost(wsi), lws_get_protocol(wsi),
							     LWS_CALLBACK_USER, "argument", 8);
		else if (len == 9 && !memcmp(in, "protocols", 9))
			CHECK_INT(lws_callback_vhost_protocols(wsi, LWS_CALLBACK_USER + 1, "x", 1), 0);
		else
			lws_callback_on_writable_all_protocol(lws_get_context(wsi), lws_get_protocol(wsi));
		return 0;
	case LWS_CALLBACK_USER:
		CHECK_PTR(lws_wsi_user(wsi), user);
		CHECK(user != NULL);
		if (in) {
			CHECK_INT(len, 8);
			CHECK_STR(in, "argument");
		}
		atomic_fetch_add(&user_calls, 1);
		return 1; /* of no effect */
	case LWS_CALLBACK_USER + 1:
		CHECK_STR(in, "x");
		atomic_fetch_add(&vhost_calls, 1);
		return 0;
	default:
		return 0;
	}
}

static int on_http(struct lws *wsi, enum lws_callback_reasons reason, void *user, void *in, size_t len)
{
	if ((int)reason == LWS_CALLBACK_USER + 1)
		atomic_fetch_add(&vhost_calls, 1);

	return lws_callback_http_dummy(wsi, reason, user, in, len);
}

static int user_value = 77;

static const struct lws_protocols protocols[] = {
	{ .name = "http", .callback = on_http },
	{ .name = "chat", .callback = on_named, .per_session_data_size = 8, .id = 3, .user = &user_value },
	{ .name = "super.chat-2_x", .callback = on_named, .per_session_data_size = 8, .id = 5 },
	{ .name = "big", .callback = on_named, .per_session_data_size = 100000, .rx_buffer_size = 10, .tx_packet_size = 7 },
	{ 0 }
};

static struct server server;

static void begin(void)
{
	struct lws_context_creation_info info;

	server_info(&info, protocols);
	server_run(&server, &info);
}

static void expect_text(struct client *client, const char *text)
{
	struct client_frame frame;

	client_ws_message(client, &frame);
	CHECK_STR((char *)frame.payload, text);
	client_frame_free(&frame);
}

static void choice(void)
{
	static const struct {
		const char *asked, *got, *text;
	} tries[] = {
		{ "chat", "chat", "chat 3" },
		{ "super.chat-2_x", "super.chat-2_x", "super.chat-2_x 5" },
		{ "super.chat-2_x, chat", "super.chat-2_x", "super.chat-2_x 5" },
		{ "chat,super.chat-2_x", "chat", "chat 3" },
		{ "unknown, other , chat", "chat", "chat 3" },
		{ "big", "big", "big 0" },
	};
	struct client_response response;
	struct client client;
	size_t i;

	begin();
	for (i = 0; i < sizeof(tries) / sizeof(tries[0]); i++) {
		client_tcp(&client, server.port);
		client_ws_request(&client, "/", tries[i].asked, NULL);
		REQUIRE(client_response(&client, &response, false));
		CHECK_INT(response.status, 101);
		CHECK_STR(client_header(&response, "sec-websocket-protocol"), tries[i].got);
		CHECK_STR(client_header(&response, "sec-websocket-accept"), "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
		client_response_free(&response);
		expect_text(&client, tries[i].text);
		client_close(&client);
	}
	server_destroy(&server);
}

static void unknown_is_refused(void)
{
	static const char *const asked[] = { "unknown", "Chat", "cha", "chatt", "unknown, other" };
	struct client client;
	size_t i;

	begin();
	for (i = 0; i < sizeof(asked) / sizeof(asked[0]); i++) {
		client_tcp(&client, server.port);
		client_ws_request(&client, "/", asked[i], NULL);
		client_drain(&client);
		CHECK(!client.length || strncmp((char *)client.buffer, "HTTP/1.1 101", 12));
		client_close(&client);
	}
	server_destroy(&server);
	CHECK_INT(atomic_load(&open_sessions), 0);
}

static void asked_for_nothing(void)
{
	struct client_response response;
	struct client client;

	begin();
	client_tcp(&client, server.port);
	client_ws_request(&client, "/", NULL, NULL);
	REQUIRE(client_response(&client, &response, false));
	CHECK_INT(response.status, 101);
	CHECK_PTR(client_header(&response, "sec-websocket-protocol"), NULL);
	client_response_free(&response);
	client_close(&client);
	server_destroy(&server);
}

static void by_list_of_pointers(void)
{
#if LWS_LIBRARY_VERSION_NUMBER < 4000000
	test_skip("no pprotocols");
#endif
	static const struct lws_protocols *const list[] = { &protocols[0], &protocols[1], NULL };
	struct lws_context_creation_info info;
	struct client client;

	server_info(&info, NULL);
	info.pprotocols = (const struct lws_protocols **)list;
	server_run(&server, &info);
	client_ws(&client, server.port, "/", "chat");
	expect_text(&client, "chat 3");
	client_close(&client);
	server_destroy(&server);
}

static void looked_up(void)
{
	const struct lws_protocols *found;

	begin();
	found = lws_vhost_name_to_protocol(server.vhost, "chat");
	REQUIRE(found != NULL);
	CHECK_STR(found->name, "chat");
	CHECK_PTR(found->user, &user_value);
	CHECK_INT(found->id, 3);
	CHECK(lws_vhost_name_to_protocol(server.vhost, "big")->per_session_data_size == 100000);
	CHECK_PTR(lws_vhost_name_to_protocol(server.vhost, "none"), NULL);
	server_destroy(&server);
}

static void calls_to_all(void)
{
	struct client chat[5], other[3];
	int i, round;

	begin();
	for (i = 0; i < 5; i++) {
		client_ws(&chat[i], server.port, "/", "chat");
		expect_text(&chat[i], "chat 3");
	}
	for (i = 0; i < 3; i++) {
		client_ws(&other[i], server.port, "/", "super.chat-2_x");
		expect_text(&other[i], "super.chat-2_x 5");
	}
	WAIT_FOR(atomic_load(&open_sessions) == 8);
	for (round = 0; round < 3; round++) {
		static const char *const words[] = { "all", "vhost", "args" };

		atomic_store(&user_calls, 0);
		client_ws_send(&chat[round], FRAME_FIN | FRAME_TEXT, words[round], strlen(words[round]));
		WAIT_FOR(atomic_load(&user_calls) >= 5);
		/* an answer shows that the call is over */
		client_ws_send(&chat[round], FRAME_FIN | FRAME_TEXT, "writable", 8);
		for (i = 0; i < 5; i++)
			expect_text(&chat[i], "chat 3");
		CHECK_INT(atomic_load(&user_calls), 5);
	}
	client_ws_send(&chat[0], FRAME_FIN | FRAME_TEXT, "protocols", 9);
	WAIT_FOR(atomic_load(&vhost_calls) >= 4);
	CHECK_INT(atomic_load(&vhost_calls), 4);
	/* the others heard nothing */
	for (i = 0; i < 3; i++) {
		CHECK(client_silent(&other[i], 20));
		client_close(&other[i]);
	}
	for (i = 0; i < 5; i++)
		client_close(&chat[i]);
	server_destroy(&server);
}

static void dummy_callback(void)
{
	static const struct lws_protocols only_dummy[] = {
		{ "http", lws_callback_http_dummy, 0, 0, 0, NULL, 0 },
		{ NULL, NULL, 0, 0, 0, NULL, 0 }
	};
	struct lws_context_creation_info info;
	struct client_response response;
	struct client client;

	server_info(&info, only_dummy);
	server_run(&server, &info);
	client_get(server.port, "/", "", &response);
	CHECK_INT(response.status, 404);
	client_response_free(&response);
	client_tcp(&client, server.port);
	client_print(&client, "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabc");
	REQUIRE(client_response(&client, &response, false));
	CHECK_INT(response.status, 404);
	client_response_free(&response);
	client_close(&client);
	server_destroy(&server);
}

/* a vhost without protocols answers as lws_callback_http_dummy does */
static void no_protocols(void)
{
	struct lws_context_creation_info info;
	struct client_response response;

	server_info(&info, NULL);
	server_run(&server, &info);
	client_get(server.port, "/", "", &response);
	CHECK_INT(response.status, 404);
	client_response_free(&response);
	server_destroy(&server);
}

TEST_MAIN({ "choice", choice }, { "unknown_is_refused", unknown_is_refused },
	  { "asked_for_nothing", asked_for_nothing }, { "by_list_of_pointers", by_list_of_pointers },
	  { "looked_up", looked_up }, { "calls_to_all", calls_to_all },
	  { "dummy_callback", dummy_callback }, { "no_protocols", no_protocols })
