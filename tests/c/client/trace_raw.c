/* The order of callbacks of clients without a protocol of the library's. See trace.h. */
#include <stdio.h>

#include "trace_client.h"

static void info_of(struct lws_client_connect_info *info)
{
	trace_client_info(info);
	info->method = "RAW";
	info->path = info->host = info->origin = NULL;
}

static void connected(void)
{
	struct lws_client_connect_info info;

	peer_listen(&trace_peer);
	trace_client_begin(trace_client_protocols, NULL);
	info_of(&info);
	trace_client_connect(&info);
	peer_accept(&trace_peer);
	WAIT_FOR(trace_logged("RAW_CONNECTED"));
}

static void command(const char *text)
{
	trace_mark(text);
	client_print(&trace_peer.client, "%s", text);
}

static void end(const char *name)
{
	trace_until_destroyed(1);
	trace_end(name);
}

static void raw_peer_closes(void)
{
	connected();
	command("hello");
	REQUIRE(client_fill(&trace_peer.client, 5));
	CHECK_MEM(trace_peer.client.buffer, 5, "hello", 5);
	client_take(&trace_peer.client, 5);
	command("write!");
	REQUIRE(client_fill(&trace_peer.client, 7));
	CHECK_MEM(trace_peer.client.buffer, 7, "written", 7);
	client_take(&trace_peer.client, 7);
	trace_mark("the server closes");
	client_close(&trace_peer.client);
	end("raw_peer_closes");
}

static void raw_program_closes(void)
{
	connected();
	command("drop!");
	CHECK_INT(client_drain(&trace_peer.client), 0);
	client_close(&trace_peer.client);
	end("raw_program_closes");
}

static void raw_program_kills(void)
{
	connected();
	command("kill!");
	CHECK_INT(client_drain(&trace_peer.client), 0);
	client_close(&trace_peer.client);
	end("raw_program_kills");
}

static void raw_reset(void)
{
	connected();
	trace_mark("the server resets");
	client_abort(&trace_peer.client);
	end("raw_reset");
}

static void raw_destroy(void)
{
	connected();
	trace_end("raw_destroy");
}

static void raw_refused(void)
{
	struct lws_client_connect_info info;

	peer_refuse(&trace_peer);
	trace_client_begin(trace_client_protocols, NULL);
	info_of(&info);
	trace_client_connect(&info);
	end("raw_refused");
}

static void answer(int reason, int value)
{
	trace_answer_once(reason, "echo", value);
}

static void raw_refuse_connecting(void)
{
	struct lws_client_connect_info info;

	answer(LWS_CALLBACK_CONNECTING, 1);
	peer_listen(&trace_peer);
	trace_client_begin(trace_client_protocols, NULL);
	info_of(&info);
	trace_client_connect(&info);
	trace_end("raw_refuse_connecting");
}

static void raw_refuse_connected(void)
{
	answer(LWS_CALLBACK_RAW_CONNECTED, -1);
	connected();
	end("raw_refuse_connected");
}

static void raw_refuse_connected_positive(void)
{
	answer(LWS_CALLBACK_RAW_CONNECTED, 1);
	connected();
	trace_mark("the server closes");
	client_close(&trace_peer.client);
	end("raw_refuse_connected_positive");
}

static void raw_unbound(void)
{
	struct lws_client_connect_info info;

	peer_listen(&trace_peer);
	trace_client_begin(trace_client_protocols, NULL);
	info_of(&info);
	info.protocol = NULL;
	trace_client_connect(&info);
	peer_accept(&trace_peer);
	WAIT_FOR(trace_logged("RAW_CONNECTED"));
	trace_mark("the server closes");
	client_close(&trace_peer.client);
	end("raw_unbound");
}

static void raw_local_name(void)
{
	struct lws_client_connect_info info;

	peer_listen(&trace_peer);
	trace_client_begin(trace_client_bare_protocols, NULL);
	info_of(&info);
	info.protocol = NULL;
	info.local_protocol_name = "echo";
	trace_client_connect(&info);
	peer_accept(&trace_peer);
	WAIT_FOR(trace_logged("RAW_CONNECTED"));
	trace_mark("the server closes");
	client_close(&trace_peer.client);
	end("raw_local_name");
}

static void raw_unix(void)
{
	struct lws_client_connect_info info;
	char path[300];

	snprintf(path, sizeof(path), "+%s/socket", test_directory());
	peer_listen_unix(&trace_peer, path + 1);
	trace_client_begin(trace_client_protocols, NULL);
	info_of(&info);
	info.address = path;
	info.port = 0;
	trace_client_connect(&info);
	peer_accept(&trace_peer);
	WAIT_FOR(trace_logged("RAW_CONNECTED"));
	command("hello");
	REQUIRE(client_fill(&trace_peer.client, 5));
	client_take(&trace_peer.client, 5);
	trace_mark("the server closes");
	client_close(&trace_peer.client);
	end("raw_unix");
}

static void short_limits(struct lws_context_creation_info *info)
{
	info->timeout_secs = 1;
	info->connect_timeout_secs = 1;
}

static void raw_ignored(void)
{
	struct lws_client_connect_info info;

	peer_ignore(&trace_peer);
	trace_client_begin(trace_client_protocols, short_limits);
	info_of(&info);
	trace_client_connect(&info);
	end("raw_ignored");
}

TRACE_MAIN(TRACE_CASE(raw_peer_closes), TRACE_CASE(raw_program_closes), TRACE_CASE(raw_program_kills), TRACE_CASE(raw_reset),
	   TRACE_CASE(raw_destroy), TRACE_CASE(raw_refused), TRACE_CASE(raw_refuse_connecting),
	   TRACE_CASE(raw_refuse_connected), TRACE_CASE(raw_refuse_connected_positive), TRACE_CASE(raw_unbound),
	   TRACE_CASE(raw_local_name), TRACE_CASE(raw_unix), TRACE_CASE(raw_ignored))
