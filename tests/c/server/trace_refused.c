/* The order of callbacks: reasons that answer with a refusal, and vhosts. See trace.h. */
#include "trace.h"

#include <stdio.h>

/* ---- refusals: a reason answers with a value ---- */

static void refuse(const char *name, int reason, const char *protocol, int value, bool ws, const char *path)
{
	struct client client;

	trace_answer_once(reason, protocol, value);
	trace_begin(trace_protocols, NULL);
	client_tcp(&client, trace_server.port);
	if (ws)
		client_ws_request(&client, path, "echo", NULL);
	else
		trace_get(&client, "GET", path, "");
	trace_end_of(&client, reason != LWS_CALLBACK_FILTER_NETWORK_CONNECTION);
	if (ws && reason != LWS_CALLBACK_ESTABLISHED)
		trace_mark_refusal();
	else
		trace_mark_rest();
	trace_end(name);
}

#define REFUSE(name, reason, protocol, value, ws, path)                                            \
	static void name(void)                                                                     \
	{                                                                                          \
		refuse(#name, LWS_CALLBACK_##reason, protocol, value, ws, path);                   \
	}

REFUSE(refuse_network, FILTER_NETWORK_CONNECTION, "http", 1, false, "/plain")
REFUSE(refuse_instantiated, SERVER_NEW_CLIENT_INSTANTIATED, "http", 1, false, "/plain")
REFUSE(refuse_http_bind, HTTP_BIND_PROTOCOL, "http", 1, false, "/plain")
REFUSE(refuse_mount_bind, HTTP_BIND_PROTOCOL, "dyn", 1, false, "/dyn/plain")
REFUSE(refuse_filter_http, FILTER_HTTP_CONNECTION, "http", 1, false, "/plain")
REFUSE(refuse_access, CHECK_ACCESS_RIGHTS, "dyn", 1, false, "/dyn/plain")
REFUSE(refuse_http, HTTP, "http", -1, false, "/plain")
REFUSE(refuse_http_positive, HTTP, "http", 1, false, "/plain")
REFUSE(refuse_writeable, HTTP_WRITEABLE, "http", -1, false, "/later")
REFUSE(refuse_file_completion, HTTP_FILE_COMPLETION, "http", -1, false, "/files/a.txt")
REFUSE(refuse_upgrade, HTTP_CONFIRM_UPGRADE, "http", -1, true, "/ws")
REFUSE(refuse_ws_filter, FILTER_PROTOCOL_CONNECTION, "echo", 1, true, "/ws")
REFUSE(refuse_add_headers, ADD_HEADERS, "echo", 1, true, "/ws")
REFUSE(refuse_established, ESTABLISHED, "echo", -1, true, "/ws")

/* On an upgrade the answer to the bind is of no effect. */
static void refuse_ws_bind(void)
{
	struct client client;

	trace_answer_once(LWS_CALLBACK_HTTP_BIND_PROTOCOL, "echo", 1);
	trace_begin(trace_protocols, NULL);
	trace_ws_start(&client, "echo");
	trace_ws_echo(&client, "hi");
	trace_leave(&client);
	trace_end("refuse_ws_bind");
}

/* ---- vhosts ---- */

static const struct lws_protocol_vhost_options option_two = { NULL, NULL, "color", "blue" };
static const struct lws_protocol_vhost_options option_one = { &option_two, NULL, "status", "ok" };
static const struct lws_protocol_vhost_options protocol_options[] = {
	{ NULL, &option_one, "echo", "" },
};

static void with_options(struct lws_context_creation_info *info)
{
	info->pvo = protocol_options;
}

static void vhost_options(void)
{
#if LWS_LIBRARY_VERSION_NUMBER < 4002000
	test_skip("4.1 initializes also the protocols that the options do not name");
#endif
	trace_begin(trace_protocols, with_options);
	WAIT_FOR(trace_logged("PROTOCOL_INIT"));
	trace_end("vhost_options");
}

static void two_vhosts(void)
{
	struct lws_context_creation_info info;
	struct lws_vhost *second;
	struct client client;

#if LWS_LIBRARY_VERSION_NUMBER < 4002000
	test_skip("4.1 gives PROTOCOL_DESTROY of a destroyed vhost only with the context");
#endif
	trace_begin(trace_protocols, NULL);
	server_stop(&trace_server);
	trace_mark("a second vhost on the same port");
	server_info(&info, trace_bare_protocols);
	info.port = trace_server.port;
	info.vhost_name = "second";
	second = lws_create_vhost(trace_server.context, &info);
	REQUIRE(second != NULL);
	server_start(&trace_server);

	client_tcp(&client, trace_server.port);
	client_print(&client, "GET /plain HTTP/1.1\r\nHost: second:%d\r\n\r\n", trace_server.port);
	trace_expect(&client, 200, "hello");
	trace_settle();
	trace_mark("the second vhost is destroyed");
	server_stop(&trace_server);
	lws_vhost_destroy(second);
	server_start(&trace_server);
	client_drain(&client);
	client_close(&client);
	server_stop(&trace_server);
	trace_end("two_vhosts");
}

TRACE_MAIN(TRACE_CASE(refuse_network), TRACE_CASE(refuse_instantiated),
	   TRACE_CASE(refuse_http_bind), TRACE_CASE(refuse_mount_bind),
	   TRACE_CASE(refuse_filter_http), TRACE_CASE(refuse_access), TRACE_CASE(refuse_http),
	   TRACE_CASE(refuse_http_positive), TRACE_CASE(refuse_writeable),
	   TRACE_CASE(refuse_file_completion), TRACE_CASE(refuse_upgrade),
	   TRACE_CASE(refuse_ws_bind), TRACE_CASE(refuse_ws_filter),
	   TRACE_CASE(refuse_add_headers), TRACE_CASE(refuse_established),
	   TRACE_CASE(vhost_options), TRACE_CASE(two_vhosts))
