/*
 * TLS of the connections that a program makes: their own certificates, their sessions, and vhosts that get TLS for them
 * late. The server is openssl s_server.
 *
 * usage: client_sessions DIRECTORY-OF-SERVERS.PY [case...]
 */
#include "check.h"
#include "lines.h"
#include "script.h"
#include "tls.h"
#include "tls_program.h"

#include <stdio.h>
#include <stdlib.h>

static void certificates_of_clients(void)
{
	int port = tls_serve("openssl -www -cert server.pem -key server.key -CAfile ca.pem -Verify 1 -verify_return_error");
	struct lws_context_creation_info info;
	struct lws_client_connect_info client;
	struct lws_context *context;
	size_t length, key_length;
	void *bytes, *key;

	tls_program_info(&info, "ca.pem");
	info.client_ssl_cert_filepath = tls_file("client.pem");
	info.client_ssl_private_key_filepath = tls_file("client.key");
	tls_program_get_once(&info, port, 0);
	tls_program_answered();

	/* of an authority that the server does not name: it is shown all the same, and the server decides */
	info.client_ssl_cert_filepath = tls_file("stranger.pem");
	info.client_ssl_private_key_filepath = tls_file("stranger.key");
	tls_program_get_once(&info, port, 0);
	CHECK(tls_seen.outcome.error[0]);

	bytes = tls_read("client.pem", &length);
	key = tls_read("client.key", &key_length);
	tls_program_info(&info, "ca.pem");
	info.client_ssl_cert_mem = bytes;
	info.client_ssl_cert_mem_len = (unsigned int)length;
	info.client_ssl_key_mem = key;
	info.client_ssl_key_mem_len = (unsigned int)key_length;
	tls_program_get_once(&info, port, 0);
	tls_program_answered();
	free(bytes);
	free(key);

	tls_program_info(&info, "ca.pem");
	info.client_ssl_private_key_password = "secret";
	info.client_ssl_cert_filepath = tls_file("server.pem");
	info.client_ssl_private_key_filepath = tls_file("server-encrypted.key");
	tls_program_get_once(&info, port, 0);
	tls_program_answered();

	/* one connection's own, of the context's blobs */
	tls_program_info(&info, "ca.pem");
	context = tls_program_create(&info);
	bytes = tls_read("server.der", &length);
	key = tls_read("server-key.der", &key_length);
	lws_system_blob_direct_set(lws_system_get_blob(context, LWS_SYSBLOB_TYPE_CLIENT_CERT_DER, 0), bytes, length);
	lws_system_blob_direct_set(lws_system_get_blob(context, LWS_SYSBLOB_TYPE_CLIENT_KEY_DER, 0), key, key_length);
	tls_program_connect_info(&client, context, port, 0);
	client.sys_tls_client_cert = 1;
	tls_program_go(&client);
	tls_program_answered();
	/* and its session is no other connection's */
	tls_program_get(context, port, 0);
	CHECK_STR(tls_seen.outcome.error, "read failed");
	lines_keep();
	client.sys_tls_client_cert = 2;
	tls_program_go(&client);
	CHECK_STR(tls_seen.outcome.error, "read failed");
	CHECK(lines_have(LLL_ERR, "sys_tls_client_cert 2", ""));
	lines_end();
	lws_context_destroy(context);
	free(bytes);
	free(key);

	lines_keep();
	tls_program_info(&info, "ca.pem");
	info.client_ssl_cert_filepath = tls_file("client.pem");
	info.client_ssl_private_key_filepath = tls_file("server.key");
	CHECK_PTR(lws_create_context(&info), NULL);
	CHECK(lines_have(LLL_ERR, "does not match", "server.key"));
	info.client_ssl_cert_filepath = tls_file("missing.pem");
	CHECK_PTR(lws_create_context(&info), NULL);
	CHECK(lines_have(LLL_ERR, "missing.pem", "client_ssl_cert_filepath"));
	info.options |= LWS_SERVER_OPTION_IGNORE_MISSING_CERT;
	lws_context_destroy(tls_program_create(&info));
	lines_end();
}

/* A session on its way from one context to another */
static struct lws_tls_session_dump kept;

static int keep_session(struct lws_context *context, struct lws_tls_session_dump *session)
{
	CHECK_PTR(session->opaque, &kept);
	kept = *session;
	kept.blob = malloc(session->blob_len);
	REQUIRE(kept.blob != NULL);
	memcpy(kept.blob, session->blob, session->blob_len);
	return 0;
}

static int fetch_session(struct lws_context *context, struct lws_tls_session_dump *session)
{
	CHECK_STR(session->tag, kept.tag);
	session->blob_len = kept.blob_len;
	session->blob = malloc(kept.blob_len);
	REQUIRE(session->blob != NULL);
	memcpy(session->blob, kept.blob, kept.blob_len);
	return 0;
}

static int no_session(struct lws_context *context, struct lws_tls_session_dump *session) { return 1; }

static void sessions(void)
{
	static const char *const versions[] = { "-tls1_2", "-tls1_3" };
	struct lws_context_creation_info info;
	struct lws_context *context;
	struct lws_vhost *vhost;
	char arguments[128];
	uint16_t port;
	size_t i;

	for (i = 0; i < 2; i++) {
		snprintf(arguments, sizeof(arguments), "openssl -www -cert server.pem -key server.key %s", versions[i]);
		port = (uint16_t)tls_serve(arguments);
		tls_program_info(&info, "ca.pem");
		context = tls_program_create(&info);
		vhost = lws_get_vhost_by_name(context, "default");
		CHECK_INT(lws_tls_session_dump_save(vhost, "localhost", port, keep_session, &kept), 1);
		tls_program_get(context, port, 0);
		tls_program_answered();
		CHECK_INT(tls_seen.reused, 0);
		tls_program_get(context, port, 0);
		tls_program_answered();
		CHECK_INT(tls_seen.reused, 1);
		CHECK_INT(tls_seen.valid, 1); /* asked again */
		CHECK_INT(lws_tls_session_dump_save(vhost, "other", port, keep_session, &kept), 1);
		CHECK_INT(lws_tls_session_dump_save(vhost, "localhost", port, no_session, &kept), 1);
		REQUIRE_INT(lws_tls_session_dump_save(vhost, "localhost", port, keep_session, &kept), 0);
		CHECK_INT(lws_tls_session_dump_load(vhost, "localhost", port, fetch_session, &kept), 1); /* has one */
		lws_context_destroy(context);

		context = tls_program_create(&info);
		vhost = lws_get_vhost_by_name(context, "default");
		CHECK_INT(lws_tls_session_dump_load(vhost, "localhost", port, no_session, &kept), 1);
		CHECK_INT(lws_tls_session_dump_load(vhost, "localhost", port, fetch_session, &kept), 0);
		tls_program_get(context, port, 0);
		tls_program_answered();
		CHECK_INT(tls_seen.reused, 1);
		lws_context_destroy(context);

		/* A session is no way around who is trusted. */
		tls_program_info(&info, "other-ca.pem");
		context = tls_program_create(&info);
		vhost = lws_get_vhost_by_name(context, "default");
		CHECK_INT(lws_tls_session_dump_load(vhost, "localhost", port, fetch_session, &kept), 0);
		tls_program_get(context, port, 0);
		CHECK_STR(tls_seen.outcome.error, "tls: unable to get local issuer certificate");
		lws_context_destroy(context);

		tls_program_info(&info, "ca.pem");
		info.options |= LWS_SERVER_OPTION_DISABLE_TLS_SESSION_CACHE;
		context = tls_program_create(&info);
		vhost = lws_get_vhost_by_name(context, "default");
		CHECK_INT(lws_tls_session_dump_load(vhost, "localhost", port, fetch_session, &kept), 1);
		tls_program_get(context, port, 0);
		tls_program_get(context, port, 0);
		tls_program_answered();
		CHECK_INT(tls_seen.reused, 0);
		lws_context_destroy(context);
		lines_keep();
		memset(kept.blob, 0, 5);
		tls_program_info(&info, "ca.pem");
		context = tls_program_create(&info);
		vhost = lws_get_vhost_by_name(context, "default");
		CHECK_INT(lws_tls_session_dump_load(vhost, "localhost", port, fetch_session, &kept), 1);
		CHECK(lines_have(LLL_ERR, "lws_tls_session_dump_load", "no session"));
		lines_end();
		lws_context_destroy(context);
		free(kept.blob);
	}
}

/* TLS comes to a vhost after its creation, or never. */
static void later(void)
{
	int port = tls_serve("openssl -www -cert server.pem -key server.key");
	struct lws_context_creation_info info;
	struct lws_context *context;
	struct lws_vhost *vhost;

	tls_program_info(&info, NULL);
	info.options &= ~LWS_SERVER_OPTION_DO_SSL_GLOBAL_INIT;
	context = tls_program_create(&info);
	vhost = lws_get_vhost_by_name(context, "default");
	lines_keep();
	tls_program_get(context, port, 0);
	CHECK_STR(tls_seen.outcome.error, "bio_create failed");
	CHECK(lines_have(LLL_ERR, "no TLS for connections", "lws_init_vhost_client_ssl"));
	lines_end();
	CHECK_INT(tls_seen.extra, 0);
	info.client_ssl_ca_filepath = tls_file("ca.pem");
	CHECK_INT(lws_init_vhost_client_ssl(&info, vhost), 0); /* the option is missing */
	CHECK_INT(tls_seen.extra, 0);
	info.options |= LWS_SERVER_OPTION_DO_SSL_GLOBAL_INIT;
	info.client_ssl_cert_filepath = tls_file("missing.pem");
	lines_keep();
	CHECK_INT(lws_init_vhost_client_ssl(&info, vhost), 1);
	CHECK(lines_have(LLL_ERR, "lws_init_vhost_client_ssl", "missing.pem"));
	lines_end();
	info.client_ssl_cert_filepath = NULL;
	tls_seen.extra = 0;
	CHECK_INT(lws_init_vhost_client_ssl(&info, vhost), 0);
	CHECK_INT(tls_seen.extra, 1);
	CHECK_INT(lws_init_vhost_client_ssl(&info, vhost), 0); /* it has it */
	CHECK_INT(tls_seen.extra, 1);
	tls_program_get(context, port, 0);
	tls_program_answered();
	lws_context_destroy(context);

	tls_program_info(&info, "ca.pem");
	info.provided_client_ssl_ctx = (SSL_CTX *)&info;
	lines_keep();
	CHECK_PTR(lws_create_context(&info), NULL);
	CHECK(lines_have(LLL_ERR, "provided_client_ssl_ctx", "no OpenSSL"));
	lines_end();
}

static void events(void)
{
	int port = tls_serve("openssl -www -cert server.pem -key server.key");
	struct lws_context_creation_info info;

	tls_program_info(&info, "ca.pem");
	info.ssl_info_event_mask = 0x30;
	tls_program_get_once(&info, port, 0);
	tls_program_answered();
	CHECK_INT(tls_seen.infos, 0x30);
}

SCRIPT_TEST_MAIN({ "certificates_of_clients", certificates_of_clients }, { "sessions", sessions },
		 { "later", later }, { "events", events })
