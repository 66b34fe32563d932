/* Raw connections: what a server does with bytes that are no HTTP. */
#include "check.h"
#include "client.h"
#include "server.h"

#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MUCH (4 * 1024 * 1024)

static atomic_int closed, longest;
static unsigned char *much;

static int on_http(struct lws *wsi, enum lws_callback_reasons reason, void *user, void *in, size_t len)
{
	return reason == LWS_CALLBACK_HTTP ? server_reply_text(wsi, "hello") : 0;
}

static int understand(struct lws *wsi, char *in, size_t len)
{
	CHECK_INT(in[len], 0);
	if (!strcmp(in, "much"))
		return lws_write(wsi, much, MUCH, LWS_WRITE_RAW) == MUCH ? 0 : -1;
	if (!strcmp(in, "much, then close")) {
		CHECK_INT(lws_write(wsi, much, MUCH, LWS_WRITE_RAW), MUCH);
		/* it is kept until it has left, which takes a while */
		return lws_raw_transaction_completed(wsi);
	}
	if (!strcmp(in, "close")) {
		CHECK_INT(lws_raw_transaction_completed(wsi), -1);
		return -1;
	}
	if (!strcmp(in, "pieces")) {
		lws_write(wsi, (unsigned char *)"one ", 4, LWS_WRITE_RAW);
		lws_write(wsi, (unsigned char *)"two ", 4, LWS_WRITE_TEXT);
		lws_write(wsi, (unsigned char *)"three", 5, LWS_WRITE_RAW);
		return 0;
	}
	return lws_write(wsi, (unsigned char *)in, len, LWS_WRITE_RAW) == (int)len ? 0 : -1;
}

static int on_raw(struct lws *wsi, enum lws_callback_reasons reason, void *user, void *in, size_t len)
{
	switch (reason) {
	case LWS_CALLBACK_RAW_ADOPT:
		CHECK(user && !lws_is_ssl(wsi));
		CHECK_STR(lws_get_protocol(wsi)->name, "raw");
		return 0;
	case LWS_CALLBACK_RAW_RX:
		if ((int)len > longest)
			longest = (int)len;
		return understand(wsi, in, len);
	case LWS_CALLBACK_RAW_CLOSE:
		closed++;
		return 0;
	default:
		return 0;
	}
}

static const struct lws_protocols protocols[] = {
	{ "http", on_http, 0, 0, 0, NULL, 0 },
	{ "raw", on_raw, 16, 100, 0, NULL, 0 },
	{ NULL, NULL, 0, 0, 0, NULL, 0 }
};

static struct server server;

static void run(uint64_t options, const char *role, const char *protocol)
{
	struct lws_context_creation_info info;
	size_t i;

	much = malloc(MUCH);
	REQUIRE(much != NULL);
	for (i = 0; i < MUCH; i++)
		much[i] = (unsigned char)(i * 7 + (i >> 12));
	server_info(&info, protocols);
	info.options |= options;
	info.listen_accept_role = role;
	info.listen_accept_protocol = protocol;
	server_run(&server, &info);
}

static void end(void)
{
	server_destroy(&server);
	free(much);
}

static void talk(struct client *client)
{
	char text[1001];

	client_say(client, "\001hello", "\001hello");
	client_say(client, "pieces", "one two three");
	memset(text, 'x', 1000);
	text[1000] = '\0';
	client_say(client, text, text);
	CHECK_INT(longest, 100); /* rx_buffer_size */
}

static void only_raw(void)
{
	struct client client;

	run(LWS_SERVER_OPTION_ADOPT_APPLY_LISTEN_ACCEPT_CONFIG, "raw-skt", "raw");
	client_tcp(&client, server.port);
	talk(&client);
	client_say(&client, "GET / HTTP/1.1\r\n\r\n", "GET / HTTP/1.1\r\n\r\n");
	client_close(&client);
	WAIT_FOR(closed == 1);
	end();
}

static void much_output(void)
{
	struct client client;

	run(LWS_SERVER_OPTION_ADOPT_APPLY_LISTEN_ACCEPT_CONFIG, NULL, "raw");
	client_tcp(&client, server.port);
	client_send(&client, "much", 4);
	REQUIRE(client_fill(&client, MUCH));
	CHECK(!memcmp(client.buffer, much, MUCH));
	client_take(&client, MUCH);
	client_send(&client, "much, then close", 16);
	CHECK_INT(client_drain(&client), MUCH);
	CHECK(!memcmp(client.buffer, much, MUCH));
	client_close(&client);
	WAIT_FOR(closed == 1);
	client_tcp(&client, server.port);
	client_send(&client, "close", 5);
	CHECK_INT(client_drain(&client), 0);
	client_close(&client);
	WAIT_FOR(closed == 2);
	end();
}

static void fallback(void)
{
	struct client_response response;
	struct client client;

	run(LWS_SERVER_OPTION_FALLBACK_TO_APPLY_LISTEN_ACCEPT_CONFIG, NULL, "raw");
	client_tcp(&client, server.port);
	talk(&client);
	client_close(&client);
	client_get(server.port, "/", "", &response);
	CHECK_INT(response.status, 200);
	client_response_free(&response);
	WAIT_FOR(closed == 1);
	end();
}

/* What this version does not have, and what the vhost does not have, is refused by name. */
static void refused(void)
{
	static const struct {
		const char *role, *protocol;
	} wrong[] = { { "raw", "raw" }, { "mqtt", NULL }, { "raw-skt", "absent" } };
	struct lws_context_creation_info info;
	size_t i;

	for (i = 0; i < LWS_ARRAY_SIZE(wrong); i++) {
		server_info(&info, protocols);
		info.options |= LWS_SERVER_OPTION_ADOPT_APPLY_LISTEN_ACCEPT_CONFIG;
		info.listen_accept_role = wrong[i].role;
		info.listen_accept_protocol = wrong[i].protocol;
		CHECK_PTR(lws_create_context(&info), NULL);
	}
}

TEST_MAIN({ "only_raw", only_raw }, { "much_output", much_output }, { "fallback", fallback }, { "refused", refused })
