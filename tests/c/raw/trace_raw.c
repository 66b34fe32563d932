/* The order of callbacks of connections that are not HTTP. See trace.h. */
#include "trace.h"

#include <stdio.h>

/* ---- the server: "raw" sends back what it gets, and obeys some commands ---- */

static int on_rx(struct lws *wsi, char *in, size_t len)
{
	if (len == 6 && !memcmp(in, "close!", 6))
		return -1;
	return trace_obey(wsi, in, len);
}

static int handle(const char *protocol, struct lws *wsi, enum lws_callback_reasons reason, void *user, void *in,
		  size_t len)
{
	int answer;

	trace_callback(protocol, wsi, reason, user, in, len);
	if (trace_answered(protocol, reason, &answer))
		return answer;
	switch (reason) {
	case LWS_CALLBACK_RAW_RX:
		return on_rx(wsi, in, len);
	case LWS_CALLBACK_RAW_WRITEABLE:
		return trace_send(wsi, "written", 7);
	case LWS_CALLBACK_HTTP:
		return server_reply_text(wsi, "hello");
	default:
		return 0;
	}
}

TRACE_PROTOCOL(http, handle)
TRACE_PROTOCOL(raw, handle)

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
	client_say(&client, "hello", "hello");
	trace_mark("write!");
	client_say(&client, "write!", "written");
	trace_leave(&client);
	trace_end("raw_left");
}

static void raw_unnamed(void)
{
	struct client client;

	trace_begin(protocols, only_raw_unnamed);
	start(&client);
	client_say(&client, "hello", "hello");
	trace_leave(&client);
	trace_end("raw_unnamed");
}

static void raw_closed_by_server(void)
{
	struct client client;

	trace_begin(protocols, only_raw);
	start(&client);
	client_say(&client, "close!", "");
	trace_end_of(&client, 1);
	trace_end("raw_closed_by_server");
}

static void raw_timer(void)
{
	struct client client;

	trace_begin(protocols, only_raw);
	start(&client);
	client_say(&client, "timer!", "");
	WAIT_FOR(trace_logged("TIMER"));
	trace_leave(&client);
	trace_end("raw_timer");
}

static void raw_at_context_destroy(void)
{
	struct client client;

	trace_begin(protocols, only_raw);
	start(&client);
	client_say(&client, "hello", "hello");
	trace_end("raw_at_context_destroy");
	client_close(&client);
}

static void refused(const char *name, int reason, int value, const char *text)
{
	struct client client;

	trace_answer_once(reason, "raw", value);
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

	trace_answer_once(LWS_CALLBACK_RAW_RX, "raw", 1);
	trace_begin(protocols, only_raw);
	start(&client);
	client_send(&client, "x", 1);
	WAIT_FOR(trace_logged("RAW_RX"));
	client_say(&client, "hello", "hello");
	trace_leave(&client);
	trace_end("raw_positive");
}

static void raw_bind_positive(void)
{
	struct client client;

	trace_answer_once(LWS_CALLBACK_RAW_SKT_BIND_PROTOCOL, "raw", 1);
	trace_begin(protocols, only_raw);
	start(&client);
	client_say(&client, "hello", "hello");
	trace_leave(&client);
	trace_end("raw_bind_positive");
}

static void fallback_case(const char *name, void (*adjust)(struct lws_context_creation_info *))
{
	struct client client;

	trace_begin(protocols, adjust);
	client_tcp(&client, trace_server.port);
	client_say(&client, "\001hello", "\001hello");
	client_say(&client, "again", "again");
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

	trace_answer_once(LWS_CALLBACK_RAW_ADOPT, "raw", 1);
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
