/* A callback has five parameters and mostly needs three. */
#pragma GCC diagnostic ignored "-Wunused-parameter"

#include "tls_program.h"

#include <stdio.h>
#include <stdlib.h>

#include "check.h"
#include "script.h"
#include "server.h"
#include "tls.h"

int tls_serve(const char *arguments)
{
	char all[1024];
	int port;

	snprintf(all, sizeof(all), "%s %s", tls_file(""), arguments);
	script_start("servers.py", all, &port, 1);
	if (!port)
		test_skip("the server is not installed");
	return port;
}

struct tls_seen tls_seen;

static struct lws *current;

struct tls_program tls_program;

static int on_client(struct lws *wsi, enum lws_callback_reasons reason, void *user, void *in, size_t len)
{
	char buffer[LWS_PRE + 1024], *p = buffer + LWS_PRE;
	union lws_tls_cert_info_results info;
	size_t length;
	void *bytes;
	int result;

	if (reason != LWS_CALLBACK_WSI_DESTROY || wsi == current) /* and not what carries it, with HTTP/2 */
		outcome_note(&tls_seen.outcome, wsi, reason, in);
	if (reason != LWS_CALLBACK_EVENT_WAIT_CANCELLED && reason != LWS_CALLBACK_GET_THREAD_ID) {
		length = strlen(tls_seen.order);
		snprintf(tls_seen.order + length, sizeof(tls_seen.order) - length, "%s ", server_reason(reason));
	}
	switch (reason) {
	case LWS_CALLBACK_OPENSSL_LOAD_EXTRA_CLIENT_VERIFY_CERTS:
		tls_seen.extra++;
		if (tls_program.trust) {
			bytes = tls_read(tls_program.trust, &length);
			CHECK_INT(lws_tls_client_vhost_extra_cert_mem(lws_get_vhost(wsi), bytes, length), 0);
			free(bytes);
		}
		break;
	case LWS_CALLBACK_OPENSSL_PERFORM_SERVER_CERT_VERIFICATION:
		tls_seen.verified++;
		tls_seen.valid = (long)len;
		CHECK(lws_is_ssl(wsi));
		CHECK_INT(lws_tls_peer_cert_info(wsi, LWS_TLS_CERT_INFO_COMMON_NAME, &info, sizeof(info.ns.name)), 0);
		lws_strncpy(tls_seen.certificate, info.ns.name, sizeof(tls_seen.certificate));
		result = lws_tls_peer_cert_error(wsi, tls_seen.problem, sizeof(tls_seen.problem));
		CHECK_INT(result, strlen(tls_seen.problem));
		CHECK_INT(!result, len);
		if (tls_program.accept)
			CHECK_INT(lws_tls_accept_peer_cert(wsi), 0);
		return tls_program.refuse;
	case LWS_CALLBACK_SSL_INFO:
		tls_seen.infos |= ((struct lws_ssl_info *)in)->where;
		break;
	case LWS_CALLBACK_CLIENT_ESTABLISHED:
		tls_seen.ssl = lws_is_ssl(wsi);
		lws_callback_on_writable(wsi);
		break;
	case LWS_CALLBACK_CLIENT_WRITEABLE:
		memset(p, 'x', 1000);
		return lws_write(wsi, (unsigned char *)p, 1000, LWS_WRITE_BINARY) == 1000 ? 0 : -1;
	case LWS_CALLBACK_CLIENT_RECEIVE:
		tls_seen.received += len;
		if (tls_seen.received < 1000)
			break;
		lws_close_reason(wsi, LWS_CLOSE_STATUS_NORMAL, NULL, 0);
		return -1;
	case LWS_CALLBACK_ESTABLISHED_CLIENT_HTTP:
		tls_seen.reused = lws_tls_session_is_reused(wsi);
		tls_seen.ssl = lws_is_ssl(wsi);
		if (!lws_tls_peer_cert_info(wsi, LWS_TLS_CERT_INFO_VERIFIED, &info, 0))
			tls_seen.verified = (int)info.verified;
		break;
	case LWS_CALLBACK_RECEIVE_CLIENT_HTTP:
		return outcome_read(wsi, 1024);
	case LWS_CALLBACK_RECEIVE_CLIENT_HTTP_READ:
		if (!tls_seen.received)
			lws_strnncpy(tls_seen.body, in, len, sizeof(tls_seen.body));
		tls_seen.received += len;
		break;
	case LWS_CALLBACK_RAW_CONNECTED:
		tls_seen.ssl = lws_is_ssl(wsi);
		return lws_write(wsi, (unsigned char *)memcpy(p, "hello\n", 6), 6, LWS_WRITE_RAW) == 6 ? 0 : -1;
	case LWS_CALLBACK_RAW_RX:
		lws_strnncpy(tls_seen.body, in, len, sizeof(tls_seen.body));
		return -1;
	default:
		break;
	}

	return 0;
}

static const struct lws_protocols protocols[] = {
	{ "echo", on_client, 16, 0, 0, NULL, 0 },
	{ NULL, NULL, 0, 0, 0, NULL, 0 }
};

void tls_program_info(struct lws_context_creation_info *info, const char *authority)
{
	server_info(info, protocols);
	info->port = CONTEXT_PORT_NO_LISTEN;
	info->options |= LWS_SERVER_OPTION_DO_SSL_GLOBAL_INIT;
	info->client_ssl_ca_filepath = authority ? tls_file(authority) : NULL;
}

struct lws_context *tls_program_create(struct lws_context_creation_info *info)
{
	struct lws_context *context = lws_create_context(info);

	REQUIRE(context != NULL);
	return context;
}

void tls_program_connect_info(struct lws_client_connect_info *client, struct lws_context *context, int port, int flags)
{
	memset(client, 0, sizeof(*client));
	client->context = context;
	client->address = "127.0.0.1";
	client->host = "localhost";
	client->port = port;
	client->path = "/";
	client->method = "GET";
	client->alpn = "http/1.1";
	client->local_protocol_name = "echo";
	client->pwsi = &current;
	client->ssl_connection = LCCSCF_USE_SSL | flags;
}

void tls_program_go(const struct lws_client_connect_info *client)
{
	int extra = tls_seen.extra;

	memset(&tls_seen, 0, sizeof(tls_seen));
	tls_seen.extra = extra;
	tls_seen.valid = -1;
	REQUIRE(lws_client_connect_via_info(client) != NULL);
	SERVE_UNTIL(client->context, tls_seen.outcome.destroyed);
	CHECK_INT(tls_seen.outcome.destroyed, 1);
	CHECK_INT(tls_seen.outcome.failed + tls_seen.outcome.closed, 1);
}

void tls_program_get(struct lws_context *context, int port, int flags)
{
	struct lws_client_connect_info client;

	tls_program_connect_info(&client, context, port, flags);
	tls_program_go(&client);
}

void tls_program_answered(void)
{
	CHECK_STR(tls_seen.outcome.error, "");
	CHECK_INT(tls_seen.outcome.status, 200);
	CHECK_INT(tls_seen.outcome.completed, 1);
	CHECK_INT(tls_seen.ssl, 1);
}

void tls_program_get_once(struct lws_context_creation_info *info, int port, int flags)
{
	struct lws_context *context = tls_program_create(info);

	tls_program_get(context, port, flags);
	lws_context_destroy(context);
}
