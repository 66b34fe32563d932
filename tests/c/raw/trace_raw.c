/* The order of callbacks of connections that are not HTTP. See trace.h. */
#include "trace.h"

#include <stdio.h>

/* ---- the server: "raw" sends back what it gets, and obeys some commands ---- */

static int send_back(struct lws *wsi, const void *in, size_t len)
{
	unsigned char buffer[LWS_PRE + 256];

	REQUIRE(len <= 256);
	memcpy(buffer + LWS_PRE, in, len);
	return lws_write(wsi, buffer + LWS_PRE, len, LWS_WRITE_RAW) < (int)len ? -1 : 0;
}

static int on_rx(struct lws *wsi, const char *in, size_t len)
{
	if (len == 6 && !memcmp(in, "write!", 6)) {
		trace_writeable_wanted = true;
		lws_callback_on_writable(wsi);
		return 0;
	}
	if (len == 6 && !memcmp(in, "close!", 6))
		return -1;
	if (len == 6 && !memcmp(in, "timer!", 6)) {
		lws_set_timer_usecs(wsi, 1000);
		return 0;
	}
	return send_back(wsi, in, len);
}

static int handle(const char *protocol, struct lws *wsi, enum lws_callback_reasons reason, void *user, void *in,
		  size_t len)
{
	trace_callback(protocol, wsi, reason, user, in, len);
	if (trace_answer.times && (int)reason == trace_answer.reason && !strcmp(protocol, trace_answer.protocol)) {
		trace_answer.times--;
		return trace_answer.value;
	}
	switch (reason) {
	case LWS_CALLBACK_RAW_RX:
		return on_rx(wsi, in, len);
	case LWS_CALLBACK_RAW_WRITEABLE:
		return send_back(wsi, "written", 7);
	case LWS_CALLBACK_HTTP:
		return server_reply_text(wsi, "hello");
	default:
		return 0;
	}
}

static int on_http(struct lws *wsi, enum lws_callback_reasons reason, void *user, void *in, size_t len)
{
	return handle("http", wsi, reason, user, in, len);
}

static int on_raw(struct lws *wsi, enum lws_callback_reasons reason, void *user, void *in, size_t len)
{
	return handle("raw", wsi, reason, user, in, len);
}

static const struct lws_protocols protocols[] = {
	{ "http", on_http, 24, 0, 0, NULL, 0 },
	{ "raw", on_raw, 32, 0, 0, NULL, 0 },
	{ NULL, NULL, 0, 0, 0, NULL, 0 }
};

static void only_raw(struct lws_context_creation_info *info)
{
	info->options |= LWS_SERVER_OPTION_ADOPT_APPLY_LISTEN_ACCEPT_CONFIG;
	info->listen_accept_role = "raw-skt";
	info->listen_accept_protocol = "raw";
}

static void only_raw_unnamed(struct lws_context_creation_info *info)
{
	info->options |= LWS_SERVER_OPTION_ADOPT_APPLY_LISTEN_ACCEPT_CONFIG;
}

static void fallback(struct lws_context_creation_info *info)
{
	info->options |= LWS_SERVER_OPTION_FALLBACK_TO_APPLY_LISTEN_ACCEPT_CONFIG;
	info->listen_accept_role = "raw-skt";
	info->listen_accept_protocol = "raw";
}

static void fallback_unnamed(struct lws_context_creation_info *info)
{
	static const struct lws_protocol_vhost_options option = { NULL, NULL, "raw", "1" };
	static const struct lws_protocol_vhost_options of_raw[] = {
		{ &of_raw[1], &option, "raw", "" },
		{ NULL, NULL, "http", "" },
	};

	info->options |= LWS_SERVER_OPTION_FALLBACK_TO_APPLY_LISTEN_ACCEPT_CONFIG;
	info->pvo = of_raw;
}

/* ---- the client ---- */

static void say(struct client *client, const char *text, const char *answer)
{
	size_t length = strlen(answer);

	client_send(client, text, strlen(text));
	if (!length)
		return;
	REQUIRE(client_fill(client, length));
	CHECK_MEM(client->buffer, length, answer, length);
	client_take(client, length);
}

static void start(struct client *client)
{
	client_tcp(client, trace_server.port);
	WAIT_FOR(trace_logged("RAW_ADOPT"));
}

static void raw_left(void)
{
	struct client client;

	trace_begin(protocols, only_raw);
	start(&client);
	say(&client, "hello", "hello");
	trace_mark("write!");
	say(&client, "write!", "written");
	trace_leave(&client);
	trace_end("raw_left");
}

static void raw_unnamed(void)
{
	struct client client;

	trace_begin(protocols, only_raw_unnamed);
	start(&client);
	say(&client, "hello", "hello");
	trace_leave(&client);
	trace_end("raw_unnamed");
}

static void raw_closed_by_server(void)
{
	struct client client;

	trace_begin(protocols, only_raw);
	start(&client);
	say(&client, "close!", "");
	trace_end_of(&client, 1);
	trace_end("raw_closed_by_server");
}

static void raw_timer(void)
{
	struct client client;

	trace_begin(protocols, only_raw);
	start(&client);
	say(&client, "timer!", "");
	WAIT_FOR(trace_logged("TIMER"));
	trace_leave(&client);
	trace_end("raw_timer");
}

static void raw_at_context_destroy(void)
{
	struct client client;

	trace_begin(protocols, only_raw);
	start(&client);
	say(&client, "hello", "hello");
	trace_end("raw_at_context_destroy");
	client_close(&client);
}

static void refused(const char *name, int reason, int value, const char *text)
{
	struct client client;

	trace_answer.reason = reason;
	trace_answer.protocol = "raw";
	trace_answer.value = value;
	trace_answer.times = 1;
	trace_begin(protocols, only_raw);
	client_tcp(&client, trace_server.port);
	if (text)
		client_send(&client, text, strlen(text));
	trace_end_of(&client, 1);
	trace_end(name);
}

static void raw_refuse_adopt(void)
{
	refused("raw_refuse_adopt", LWS_CALLBACK_RAW_ADOPT, 1, NULL);
}

static void raw_refuse_writeable(void)
{
	refused("raw_refuse_writeable", LWS_CALLBACK_RAW_WRITEABLE, -1, "write!");
}

/* Of these, only negative values count. */
static void raw_positive(void)
{
	struct client client;

	trace_answer.reason = LWS_CALLBACK_RAW_RX;
	trace_answer.protocol = "raw";
	trace_answer.value = trace_answer.times = 1;
	trace_begin(protocols, only_raw);
	start(&client);
	client_send(&client, "x", 1);
	WAIT_FOR(trace_logged("RAW_RX"));
	say(&client, "hello", "hello");
	trace_leave(&client);
	trace_end("raw_positive");
}

static void raw_bind_positive(void)
{
	struct client client;

	trace_answer.reason = LWS_CALLBACK_RAW_SKT_BIND_PROTOCOL;
	trace_answer.protocol = "raw";
	trace_answer.value = trace_answer.times = 1;
	trace_begin(protocols, only_raw);
	start(&client);
	say(&client, "hello", "hello");
	trace_leave(&client);
	trace_end("raw_bind_positive");
}

static void fallback_case(const char *name, void (*adjust)(struct lws_context_creation_info *))
{
	struct client client;

	trace_begin(protocols, adjust);
	client_tcp(&client, trace_server.port);
	say(&client, "\001hello", "\001hello");
	say(&client, "again", "again");
	trace_leave(&client);
	trace_end(name);
}

static void fallback_to_raw(void)
{
	fallback_case("fallback_to_raw", fallback);
}

static void fallback_to_raw_unnamed(void)
{
	fallback_case("fallback_to_raw_unnamed", fallback_unnamed);
}

static void fallback_with_http(void)
{
	struct client client;

	trace_begin(protocols, fallback);
	client_tcp(&client, trace_server.port);
	trace_get(&client, "GET", "/plain", "");
	trace_expect(&client, 200, "hello");
	trace_settle();
	trace_leave(&client);
	trace_end("fallback_with_http");
}

static void fallback_refused(void)
{
	struct client client;

	trace_answer.reason = LWS_CALLBACK_RAW_ADOPT;
	trace_answer.protocol = "raw";
	trace_answer.value = trace_answer.times = 1;
	trace_begin(protocols, fallback);
	client_tcp(&client, trace_server.port);
	client_send(&client, "\001hello", 6);
	trace_end_of(&client, 1);
	trace_end("fallback_refused");
}

TRACE_MAIN(TRACE_CASE(raw_left), TRACE_CASE(raw_unnamed), TRACE_CASE(raw_closed_by_server), TRACE_CASE(raw_timer),
	   TRACE_CASE(raw_at_context_destroy), TRACE_CASE(raw_refuse_adopt), TRACE_CASE(raw_refuse_writeable),
	   TRACE_CASE(raw_positive), TRACE_CASE(raw_bind_positive), TRACE_CASE(fallback_to_raw),
	   TRACE_CASE(fallback_to_raw_unnamed), TRACE_CASE(fallback_with_http), TRACE_CASE(fallback_refused))
