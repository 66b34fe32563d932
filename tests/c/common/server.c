#include "server.h"
#include "check.h"

#include <stdio.h>
#include <stdlib.h>

void server_info(struct lws_context_creation_info *info, const struct lws_protocols *protocols)
{
	memset(info, 0, sizeof(*info));
	info->port = 0;
	info->iface = "127.0.0.1";
	info->protocols = protocols;
	info->gid = (gid_t)-1;
	info->uid = (uid_t)-1;
	info->options = LWS_SERVER_OPTION_DISABLE_IPV6;
	lws_set_log_level(getenv("TEST_LOG") ? atoi(getenv("TEST_LOG")) : LLL_ERR, NULL);
}

void server_create(struct server *server, struct lws_context_creation_info *info)
{
	memset(server, 0, sizeof(*server));
	server->context = lws_create_context(info);
	REQUIRE(server->context != NULL);
	if (!(info->options & LWS_SERVER_OPTION_EXPLICIT_VHOSTS)) {
		server->vhost = lws_get_vhost_by_name(server->context,
						      info->vhost_name ? info->vhost_name : "default");
		REQUIRE(server->vhost != NULL);
		server->port = lws_get_vhost_listen_port(server->vhost);
	}
}

static void *service(void *argument)
{
	struct server *server = argument;

	while (!atomic_load(&server->stop) && lws_service(server->context, 0) >= 0)
		;
	atomic_store(&server->running, false);

	return NULL;
}

void server_start(struct server *server)
{
	atomic_store(&server->stop, false);
	atomic_store(&server->running, true);
	REQUIRE_INT(pthread_create(&server->thread, NULL, service, server), 0);
}

void server_stop(struct server *server)
{
	if (!server->thread)
		return;
	atomic_store(&server->stop, true);
	/* again and again: a wake-up may fall between the test of stop and the wait */
	while (atomic_load(&server->running)) {
		lws_cancel_service(server->context);
		test_sleep_ms(1);
	}
	pthread_join(server->thread, NULL);
	server->thread = 0;
}

void server_destroy(struct server *server)
{
	server_stop(server);
	lws_context_destroy(server->context);
	server->context = NULL;
}

void server_run(struct server *server, struct lws_context_creation_info *info)
{
	server_create(server, info);
	server_start(server);
}

int server_reply(struct lws *wsi, unsigned int status, const char *type, const void *body, size_t length)
{
	unsigned char head[LWS_PRE + 2048], *start = head + LWS_PRE, *at = start,
		      *end = head + sizeof(head) - 1, *copy;
	int written = 0;

	if (lws_add_http_common_headers(wsi, status, type, length, &at, end) ||
	    lws_finalize_write_http_header(wsi, start, &at, end))
		return 1;
	if (length) {
		copy = malloc(LWS_PRE + length);
		REQUIRE(copy != NULL);
		memcpy(copy + LWS_PRE, body, length);
		written = lws_write(wsi, copy + LWS_PRE, length, LWS_WRITE_HTTP_FINAL);
		free(copy);
	}
	if (written < (int)length)
		return 1;

	return lws_http_transaction_completed(wsi) ? -1 : 0;
}

int server_reply_text(struct lws *wsi, const char *text)
{
	return server_reply(wsi, HTTP_STATUS_OK, "text/plain", text, strlen(text));
}

#define REASON(name) { LWS_CALLBACK_##name, #name }

const char *server_reason(int reason)
{
	static const struct {
		int reason;
		const char *name;
	} names[] = {
		REASON(ESTABLISHED), REASON(CLOSED), REASON(CLOSED_HTTP), REASON(RECEIVE),
		REASON(RECEIVE_PONG), REASON(SERVER_WRITEABLE), REASON(HTTP), REASON(HTTP_BODY),
		REASON(HTTP_BODY_COMPLETION), REASON(HTTP_FILE_COMPLETION), REASON(HTTP_WRITEABLE),
		REASON(FILTER_NETWORK_CONNECTION), REASON(FILTER_HTTP_CONNECTION),
		REASON(SERVER_NEW_CLIENT_INSTANTIATED), REASON(FILTER_PROTOCOL_CONNECTION),
		REASON(CONFIRM_EXTENSION_OKAY), REASON(PROTOCOL_INIT), REASON(PROTOCOL_DESTROY),
		REASON(WSI_CREATE), REASON(WSI_DESTROY), REASON(GET_THREAD_ID), REASON(ADD_POLL_FD),
		REASON(DEL_POLL_FD), REASON(CHANGE_MODE_POLL_FD), REASON(LOCK_POLL),
		REASON(UNLOCK_POLL), REASON(WS_PEER_INITIATED_CLOSE), REASON(WS_EXT_DEFAULTS),
		REASON(HTTP_BIND_PROTOCOL), REASON(HTTP_DROP_PROTOCOL), REASON(CHECK_ACCESS_RIGHTS),
		REASON(PROCESS_HTML), REASON(ADD_HEADERS), REASON(SESSION_INFO), REASON(HTTP_PMO),
		REASON(CHILD_CLOSING), REASON(EVENT_WAIT_CANCELLED), REASON(TIMER),
		REASON(WS_SERVER_BIND_PROTOCOL), REASON(WS_SERVER_DROP_PROTOCOL),
		REASON(HTTP_CONFIRM_UPGRADE), REASON(VERIFY_BASIC_AUTHORIZATION), REASON(USER),
		REASON(OPENSSL_LOAD_EXTRA_SERVER_VERIFY_CERTS), REASON(OPENSSL_PERFORM_SERVER_CERT_VERIFICATION),
		REASON(VHOST_CERT_AGING),
		REASON(CONNECTING), REASON(CLIENT_CONNECTION_ERROR), REASON(CLIENT_FILTER_PRE_ESTABLISH),
		REASON(CLIENT_ESTABLISHED), REASON(CLIENT_CLOSED), REASON(CLIENT_APPEND_HANDSHAKE_HEADER),
		REASON(CLIENT_RECEIVE), REASON(CLIENT_RECEIVE_PONG), REASON(CLIENT_WRITEABLE),
		REASON(CLIENT_CONFIRM_EXTENSION_SUPPORTED), REASON(WS_CLIENT_BIND_PROTOCOL),
		REASON(WS_CLIENT_DROP_PROTOCOL), REASON(ESTABLISHED_CLIENT_HTTP), REASON(CLOSED_CLIENT_HTTP),
		REASON(RECEIVE_CLIENT_HTTP_READ), REASON(RECEIVE_CLIENT_HTTP), REASON(COMPLETED_CLIENT_HTTP),
		REASON(CLIENT_HTTP_WRITEABLE), REASON(CLIENT_HTTP_REDIRECT), REASON(CLIENT_HTTP_BIND_PROTOCOL),
		REASON(CLIENT_HTTP_DROP_PROTOCOL), REASON(RAW_ADOPT), REASON(RAW_RX), REASON(RAW_WRITEABLE),
		REASON(RAW_CLOSE), REASON(RAW_CONNECTED), REASON(RAW_SKT_BIND_PROTOCOL), REASON(RAW_SKT_DROP_PROTOCOL),
		REASON(RAW_ADOPT_FILE), REASON(RAW_RX_FILE), REASON(RAW_WRITEABLE_FILE), REASON(RAW_CLOSE_FILE),
		REASON(RAW_PROXY_SRV_ADOPT), REASON(RAW_PROXY_SRV_RX), REASON(RAW_PROXY_SRV_WRITEABLE),
		REASON(RAW_PROXY_SRV_CLOSE), REASON(RAW_PROXY_SRV_BIND_PROTOCOL), REASON(RAW_PROXY_SRV_DROP_PROTOCOL),
		REASON(RAW_PROXY_CLI_ADOPT), REASON(RAW_PROXY_CLI_RX), REASON(RAW_PROXY_CLI_WRITEABLE),
		REASON(RAW_PROXY_CLI_CLOSE), REASON(RAW_PROXY_CLI_BIND_PROTOCOL), REASON(RAW_PROXY_CLI_DROP_PROTOCOL),
	};
	static char number[32];
	size_t i;

	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (names[i].reason == reason)
			return names[i].name;
	snprintf(number, sizeof(number), "%d", reason);

	return number;
}
