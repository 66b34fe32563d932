#define _GNU_SOURCE /* memmem */
/* What a program can ask about its context, vhosts and connections. */
#pragma GCC diagnostic ignored "-Wdeprecated-declarations"

#include "check.h"
#include "client.h"
#include "server.h"

#include <stdlib.h>
#include <unistd.h>

static int context_user;
static atomic_int established, asked, vhost_calls;
static struct server server;

static int on_any(struct lws *wsi, enum lws_callback_reasons reason, void *user, void *in, size_t len)
{
	unsigned char *memory;
	char text[128];

	switch ((int)reason) {
	case LWS_CALLBACK_HTTP:
		CHECK_INT(lws_hdr_fragment_length(wsi, WSI_TOKEN_HTTP_URI_ARGS, 0), 3);
		CHECK_INT(lws_hdr_fragment_length(wsi, WSI_TOKEN_HTTP_URI_ARGS, 1), 5);
		CHECK_INT(lws_hdr_fragment_length(wsi, WSI_TOKEN_HTTP_URI_ARGS, 2), 0);
		CHECK_INT(lws_hdr_fragment_length(wsi, WSI_TOKEN_HTTP_COOKIE, 0), 0);
		return server_reply_text(wsi, "http");
	case LWS_CALLBACK_ESTABLISHED:
		CHECK_PTR(lws_get_context(wsi), server.context);
		CHECK_PTR(lws_get_vhost(wsi), server.vhost);
		CHECK_STR(lws_get_protocol(wsi)->name, "any");
		CHECK_PTR(lws_protocol_get(wsi), lws_get_protocol(wsi));
		CHECK_PTR(lws_get_network_wsi(wsi), wsi);
		CHECK_PTR(lws_get_parent(wsi), NULL);
		CHECK_PTR(lws_get_child(wsi), NULL);
		CHECK_INT(lws_is_ssl(wsi), 0);
		CHECK_INT(lws_get_tsi(wsi), 0);
		CHECK(lws_get_socket_fd(wsi) >= 0);
		CHECK_INT(lws_partial_buffered(wsi), 0);
		CHECK_INT(lws_send_pipe_choked(wsi), 0);
		CHECK_INT(lws_get_peer_write_allowance(wsi), -1);
		CHECK_INT(lws_get_child_pending_on_writable(wsi), 0);
		lws_clear_child_pending_on_writable(wsi);
		CHECK_PTR(lws_get_opaque_parent_data(wsi), NULL);
		lws_set_opaque_parent_data(wsi, &asked);
		CHECK_PTR(lws_get_opaque_parent_data(wsi), &asked);
		CHECK_PTR(lws_get_opaque_user_data(wsi), NULL);
		CHECK_PTR(lws_wsi_user(wsi), user);
		CHECK_STR(lws_get_peer_simple(wsi, text, sizeof(text)), "127.0.0.1");
#if LWS_LIBRARY_VERSION_NUMBER >= 4002000
		CHECK(lws_wsi_tag(wsi) && lws_wsi_tag(wsi)[0]);
		CHECK(lws_vh_tag(lws_get_vhost(wsi)) && lws_vh_tag(lws_get_vhost(wsi))[0]);
#endif
		lws_validity_confirmed(wsi);
		lws_cancel_service_pt(wsi);
		atomic_fetch_add(&established, 1);
		return 0;
	case LWS_CALLBACK_RECEIVE:
		CHECK_INT(lws_get_reserved_bits(wsi), 0);
		if (len == 4 && !memcmp(in, "more", 4)) {
			/* session memory of another size, zeroed */
			memset(user, 1, 16);
			memory = lws_adjust_protocol_psds(wsi, 4000);
			REQUIRE(memory != NULL);
			CHECK_PTR(lws_wsi_user(wsi), memory);
			memset(memory, 2, 4000);
		}
		atomic_fetch_add(&asked, 1);
		return 0;
	case LWS_CALLBACK_USER + 5:
		CHECK_PTR(lws_get_vhost(wsi), server.vhost);
		CHECK_PTR(user, NULL);
		CHECK_STR(in, "argument");
		CHECK_INT(len, 9);
		atomic_fetch_add(&vhost_calls, 1);
		return 0;
	default:
		return 0;
	}
}

static const struct lws_protocols protocols[] = {
	{ "any", on_any, 16, 0, 0, NULL, 0 },
	{ "other", on_any, 0, 0, 0, NULL, 0 },
	{ NULL, NULL, 0, 0, 0, NULL, 0 }
};

static void of_connections(void)
{
	struct lws_context_creation_info info;
	struct client_response response;
	struct client client;

	server_info(&info, protocols);
	server_run(&server, &info);
	client_get(server.port, "/?a=b&c=def", "", &response);
	CHECK_STR((char *)response.body, "http");
	client_response_free(&response);
	client_ws(&client, server.port, "/", "any");
	client_ws_send(&client, FRAME_FIN | FRAME_TEXT, "less", 4);
	WAIT_FOR(atomic_load(&asked) == 1);
#ifdef TEST_GOLWS
	/* upstream changes the size of the protocol and not what the connection has */
	client_ws_send(&client, FRAME_FIN | FRAME_TEXT, "more", 4);
	client_ws_send(&client, FRAME_FIN | FRAME_TEXT, "less", 4);
	WAIT_FOR(atomic_load(&asked) == 3);
#endif
	CHECK_INT(atomic_load(&established), 1);
	client_close(&client);
	server_destroy(&server);
}

static void of_contexts_and_vhosts(void)
{
	struct lws_context_creation_info info;
#if LWS_LIBRARY_VERSION_NUMBER >= 4002000
	uid_t uid = 12345;
	gid_t gid = 12345;
#endif

	server_info(&info, protocols);
	info.user = &context_user;
	info.vhost_name = "named";
	server_create(&server, &info);
	CHECK_PTR(lws_context_user(server.context), &context_user);
	CHECK_PTR(lws_get_vhost_user(server.vhost), &context_user);
	CHECK_PTR(lws_vhost_user(server.vhost), &context_user);
	CHECK_STR(lws_get_vhost_name(server.vhost), "named");
	CHECK_STR(lws_get_vhost_iface(server.vhost), "127.0.0.1");
	CHECK_INT(lws_get_count_threads(server.context), 1);
	CHECK(lws_canonical_hostname(server.context) && lws_canonical_hostname(server.context)[0]);
#if LWS_LIBRARY_VERSION_NUMBER >= 4002000
	lws_get_effective_uid_gid(server.context, &uid, &gid);
	CHECK(uid != 12345 && gid != 12345);
	CHECK_INT(lws_context_is_being_destroyed(server.context), 0);
#endif
	CHECK(strstr(lws_get_library_version(), "4.") != NULL);
	CHECK(lws_now_secs() > 1500000000);
	CHECK_INT(lws_callback_vhost_protocols_vhost(server.vhost, LWS_CALLBACK_USER + 5, (void *)"argument", 9), 0);
	CHECK_INT(atomic_load(&vhost_calls), 2);
	server_destroy(&server);
}

#if LWS_LIBRARY_VERSION_NUMBER >= 4002000

static int keepers;

/* a plugin finds its memory on whatever vhost by an option */
static const struct lws_protocol_vhost_options first_options = { NULL, NULL, "which", "first" };
static const struct lws_protocol_vhost_options second_options = { NULL, NULL, "which", "second" };
static const struct lws_protocol_vhost_options for_first = { NULL, &first_options, "keeper", "" };
static const struct lws_protocol_vhost_options for_second = { NULL, &second_options, "keeper", "" };

static int on_keeper(struct lws *wsi, enum lws_callback_reasons reason, void *user, void *in, size_t len)
{
	const char *which;
	char *memory;

	if (reason == LWS_CALLBACK_PROTOCOL_INIT) {
		memory = lws_protocol_vh_priv_zalloc(lws_get_vhost(wsi), lws_get_protocol(wsi), 16);
		REQUIRE(memory && !lws_pvo_get_str(in, "which", &which));
		lws_strncpy(memory, which, 16);
		keepers++;
	}

	return 0;
}

static void memory_by_option(void)
{
	static const struct lws_protocols keeper[] = {
		{ "keeper", on_keeper, 0, 0, 0, NULL, 0 },
		{ NULL, NULL, 0, 0, 0, NULL, 0 }
	};
	struct lws_context_creation_info info;
	int i;

	server_info(&info, keeper);
	info.options |= LWS_SERVER_OPTION_EXPLICIT_VHOSTS;
	server_create(&server, &info);
	for (i = 0; i < 2; i++) {
		info.vhost_name = i ? "second" : "first";
		info.pvo = i ? &for_second : &for_first;
		REQUIRE(lws_create_vhost(server.context, &info) != NULL);
	}
	for (i = 0; i < 100 && keepers < 2; i++) {
		lws_cancel_service(server.context);
		lws_service(server.context, 0);
	}
	REQUIRE_INT(keepers, 2);
	CHECK_STR(lws_vhd_find_by_pvo(server.context, "keeper", "which", "second"), "second");
	CHECK_STR(lws_vhd_find_by_pvo(server.context, "keeper", "which", "first"), "first");
	CHECK_PTR(lws_vhd_find_by_pvo(server.context, "keeper", "which", "third"), NULL);
	CHECK_PTR(lws_vhd_find_by_pvo(server.context, "keeper", "what", "first"), NULL);
	CHECK_PTR(lws_vhd_find_by_pvo(server.context, "other", "which", "first"), NULL);
	server_destroy(&server);
}

#endif

/* ---- event streams: a response that does not end ---- */

struct stream {
	int sent;
};

static int on_stream(struct lws *wsi, enum lws_callback_reasons reason, void *user, void *in, size_t len)
{
	unsigned char buffer[LWS_PRE + 512], *start = buffer + LWS_PRE, *at = start, *end = buffer + sizeof(buffer) - 1;
	struct stream *stream = user;
	int n;

	switch (reason) {
	case LWS_CALLBACK_HTTP:
		if (lws_add_http_common_headers(wsi, 200, "text/event-stream", LWS_ILLEGAL_HTTP_CONTENT_LEN, &at, end) ||
		    lws_finalize_write_http_header(wsi, start, &at, end))
			return 1;
		lws_http_mark_sse(wsi);
#ifdef TEST_GOLWS
		CHECK_INT(lws_http_headers_detach(wsi), 0);
		CHECK_INT(lws_hdr_total_length(wsi, WSI_TOKEN_HOST), 0);
#endif
		lws_callback_on_writable(wsi);
		return 0;
	case LWS_CALLBACK_HTTP_WRITEABLE:
		n = lws_snprintf((char *)start, 128, "data: event %d\r\n\r\n", stream->sent++);
		if (lws_write(wsi, start, (size_t)n, LWS_WRITE_HTTP) < n)
			return -1;
		lws_set_timer_usecs(wsi, 400000);
		return 0;
	case LWS_CALLBACK_TIMER:
		lws_callback_on_writable(wsi);
		return 0;
	case LWS_CALLBACK_CLOSED_HTTP:
		atomic_fetch_add(&asked, 1);
		return 0;
	default:
		return 0;
	}
}

static void event_streams(void)
{
	static const struct lws_protocols streams[] = {
		{ "stream", on_stream, sizeof(struct stream), 0, 0, NULL, 0 },
		{ NULL, NULL, 0, 0, 0, NULL, 0 }
	};
	struct lws_context_creation_info info;
	struct client client;

	server_info(&info, streams);
	/* it outlives the time limits of transactions */
	info.timeout_secs = 1;
	info.keepalive_timeout = 1;
	server_run(&server, &info);
	client_tcp(&client, server.port);
	client_print(&client, "GET / HTTP/1.1\r\nHost: a\r\n\r\n");
	while (!client.length || !memmem(client.buffer, client.length, "event 4\r\n", 9))
		if (!client_fill(&client, client.length + 1)) {
			FAIL("closed after \"%.*s\"", (int)client.length, (char *)client.buffer);
			break;
		}
	client_close(&client);
	WAIT_FOR(atomic_load(&asked) == 1);
	server_destroy(&server);
}

TEST_MAIN({ "of_connections", of_connections }, { "of_contexts_and_vhosts", of_contexts_and_vhosts },
#if LWS_LIBRARY_VERSION_NUMBER >= 4002000
	  { "memory_by_option", memory_by_option },
#endif
	  { "event_streams", event_streams })
