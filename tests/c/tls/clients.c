/*
 * TLS of the connections that a program makes, to servers that others wrote: openssl s_server, nginx,
 * python3-websockets; and to some that only pretend. A case is skipped where its server is not installed.
 *
 * usage: clients DIRECTORY-OF-SERVERS.PY [case...]
 */
#include "check.h"
#include "lines.h"
#include "script.h"
#include "tls.h"
#include "tls_program.h"

#include <stdio.h>
#include <stdlib.h>

static void authorities(void)
{
	int port = tls_serve("openssl -www -cert chain.pem -key chain.key -cert_chain intermediate.pem");
	struct lws_context_creation_info info;
	struct lws_context *context;
	size_t length;
	void *bytes;

	tls_program_info(&info, "ca.pem");
	tls_program_get_once(&info, port, 0);
	tls_program_answered();
	CHECK_INT(tls_seen.extra, 1);
	CHECK_INT(tls_seen.valid, 1);
	CHECK_INT(tls_seen.verified, 1);
	CHECK_STR(tls_seen.certificate, "localhost");

	/* The members of a server are good for a vhost that serves no TLS. */
	tls_program_info(&info, NULL);
	info.ssl_ca_filepath = tls_file("ca.pem");
	tls_program_get_once(&info, port, 0);
	tls_program_answered();

	bytes = tls_read("ca.pem", &length);
	tls_program_info(&info, NULL);
	info.client_ssl_ca_mem = bytes;
	info.client_ssl_ca_mem_len = (unsigned int)length;
	tls_program_get_once(&info, port, 0);
	tls_program_answered();
	free(bytes);

	tls_program_info(&info, NULL);
	tls_program.trust = "ca.pem";
	tls_program_get_once(&info, port, 0);
	tls_program_answered();
	tls_program.trust = NULL;

	tls_program_info(&info, "other-ca.pem");
	context = tls_program_create(&info);
	tls_program_get(context, port, 0);
	CHECK_STR(tls_seen.outcome.error, "tls: unable to get local issuer certificate");
	CHECK_INT(tls_seen.valid, 0);
	bytes = tls_read("ca.pem", &length);
	lines_keep();
	CHECK_INT(lws_tls_client_vhost_extra_cert_mem(lws_get_vhost_by_name(context, "default"), bytes, 10), 1);
	CHECK(lines_have(LLL_ERR, "lws_tls_client_vhost_extra_cert_mem", ""));
	lines_end();
	CHECK_INT(lws_tls_client_vhost_extra_cert_mem(lws_get_vhost_by_name(context, "default"), bytes, length), 0);
	free(bytes);
	tls_program_get(context, port, 0);
	tls_program_answered();
	lws_context_destroy(context);
}

/* What the system trusts is trusted without a word, unless the program does not want it. */
static void system_trust(void)
{
	int port = tls_serve("openssl -www -cert server.pem -key server.key");
	struct lws_context_creation_info info;

	setenv("SSL_CERT_FILE", tls_file("ca.pem"), 1);
	tls_program_info(&info, NULL);
	tls_program_get_once(&info, port, 0);
	tls_program_answered();
	info.client_ssl_ca_filepath = tls_file("other-ca.pem"); /* beside it */
	tls_program_get_once(&info, port, 0);
	tls_program_answered();
	info.options |= LWS_SERVER_OPTION_DISABLE_OS_CA_CERTS;
	tls_program_get_once(&info, port, 0);
	CHECK_STR(tls_seen.outcome.error, "tls: unable to get local issuer certificate");
}

/* Each thing that can be wrong with a certificate, and the flags that excuse it. */
static void excuses(void)
{
	static const struct {
		const char *what, *server, *authority, *host, *error;
		int excuse;
	} all[] = {
		{ "unknown issuer", "-cert server.pem -key server.key", "other-ca.pem", "localhost",
		  "tls: unable to get local issuer certificate", LCCSCF_ALLOW_INSECURE },
		{ "authority sent", "-cert server.pem -key server.key -cert_chain ca.pem", "other-ca.pem", "localhost",
		  "tls: self-signed certificate in certificate chain", LCCSCF_ALLOW_SELFSIGNED },
		{ "self-signed", "-cert ca.pem -key ca.key", "other-ca.pem", "other.example", "tls: self-signed certificate",
		  LCCSCF_ALLOW_SELFSIGNED | LCCSCF_SKIP_SERVER_CERT_HOSTNAME_CHECK },
		{ "other name", "-cert server.pem -key server.key", "ca.pem", "other.example", "tls: hostname mismatch",
		  LCCSCF_SKIP_SERVER_CERT_HOSTNAME_CHECK },
		{ "other address", "-cert server.pem -key server.key", "ca.pem", "127.0.0.2", "tls: IP address mismatch",
		  LCCSCF_SKIP_SERVER_CERT_HOSTNAME_CHECK },
		{ "expired", "-cert expired.pem -key expired.key", "ca.pem", "localhost", "tls: certificate has expired",
		  LCCSCF_ALLOW_EXPIRED },
	};
	static const int flags[] = { LCCSCF_ALLOW_SELFSIGNED, LCCSCF_SKIP_SERVER_CERT_HOSTNAME_CHECK, LCCSCF_ALLOW_EXPIRED,
				     LCCSCF_ALLOW_INSECURE };
	const int every = LCCSCF_ALLOW_SELFSIGNED | LCCSCF_SKIP_SERVER_CERT_HOSTNAME_CHECK | LCCSCF_ALLOW_EXPIRED |
			  LCCSCF_ALLOW_INSECURE;
	struct lws_context_creation_info info;
	struct lws_client_connect_info client;
	struct lws_context *context;
	char arguments[256];
	size_t i, j;

	for (i = 0; i < sizeof(all) / sizeof(all[0]); i++) {
		snprintf(arguments, sizeof(arguments), "openssl -www %s", all[i].server);
		tls_program_info(&info, all[i].authority);
		context = tls_program_create(&info);
		tls_program_connect_info(&client, context, tls_serve(arguments), 0);
		client.host = all[i].host;
		tls_program_go(&client);
		CHECK_STR(tls_seen.outcome.error, all[i].error);
		CHECK_INT(tls_seen.valid, 0);
		CHECK(tls_seen.problem[0]);
		/* no flag that does not name it */
		for (j = 0; j < sizeof(flags) / sizeof(flags[0]); j++) {
			client.ssl_connection = LCCSCF_USE_SSL | (every & ~flags[j]);
			tls_program_go(&client);
			if (flags[j] & all[i].excuse)
				CHECK(tls_seen.outcome.error[0]);
			else
				tls_program_answered();
		}
		client.ssl_connection = LCCSCF_USE_SSL | all[i].excuse;
		lines_keep();
		tls_program_go(&client);
		tls_program_answered();
		CHECK_INT(tls_seen.valid, 1);
		CHECK_INT(tls_seen.verified, 0); /* which is not to say that it was found valid */
		CHECK(lines_have(LLL_NOTICE, all[i].host, "is accepted although"));
		lines_end();
		lws_context_destroy(context);
	}
}

/* The program has the last word, both ways. */
static void judged_by_the_program(void)
{
	int port = tls_serve("openssl -www -cert server.pem -key server.key");
	struct lws_context_creation_info info;

	tls_program_info(&info, "ca.pem");
	tls_program.refuse = true;
	tls_program_get_once(&info, port, 0);
	CHECK_STR(tls_seen.outcome.error, "tls: the program refused the server's certificate");
	CHECK_INT(tls_seen.valid, 1);
	tls_program.refuse = false;
	tls_program.accept = true;
	tls_program_info(&info, "other-ca.pem");
	tls_program_get_once(&info, port, 0);
	tls_program_answered();
	CHECK_INT(tls_seen.valid, 0);
	tls_program.refuse = true;
	tls_program_get_once(&info, port, 0);
	CHECK_STR(tls_seen.outcome.error, "tls: the program refused the server's certificate");
}

/* Handshakes that fail for what either side can do, or wants. */
static void no_agreement(void)
{
	static const struct {
		const char *server, *alpn, *ciphers, *error;
		long options;
	} all[] = {
		{ "-cert server.pem -key server.key -alpn other", "http/1.1", NULL,
		  "tls: alert from the server: no application protocol", 0 },
		{ "-cert server.pem -key server.key -tls1_2", NULL, NULL,
		  "tls: alert from the server: protocol version not supported", 1l << 27 /* SSL_OP_NO_TLSv1_2 */ },
		{ "-cert server.pem -key server.key -tls1_2 -cipher ECDHE-ECDSA-AES256-GCM-SHA384", NULL,
		  "ECDHE-ECDSA-AES128-GCM-SHA256", "tls: alert from the server: handshake failure", 0 },
		{ "-cert server.pem -key server.key -tls1_2 -CAfile ca.pem -Verify 1", NULL, NULL,
		  "tls: alert from the server: handshake failure", 0 },
		/* With TLS 1.3 the client is done before the server says so. */
		{ "-cert server.pem -key server.key -CAfile ca.pem -Verify 1", NULL, NULL, "read failed", 0 },
	};
	struct lws_context_creation_info info;
	struct lws_client_connect_info client;
	struct lws_context *context;
	char arguments[256];
	size_t i;

	for (i = 0; i < sizeof(all) / sizeof(all[0]); i++) {
		snprintf(arguments, sizeof(arguments), "openssl -www %s", all[i].server);
		tls_program_info(&info, "ca.pem");
		info.client_ssl_cipher_list = all[i].ciphers;
		info.ssl_client_options_set = all[i].options;
		context = tls_program_create(&info);
		tls_program_connect_info(&client, context, tls_serve(arguments), 0);
		client.alpn = all[i].alpn;
		tls_program_go(&client);
		CHECK_STR(tls_seen.outcome.error, all[i].error);
		lws_context_destroy(context);
	}
}

/* Servers that break off, or speak something else. */
static void no_tls(void)
{
	static const struct {
		const char *server, *error;
	} all[] = {
		{ "ends", "tls: unexpected eof while reading" },
		{ "cut", "tls: unexpected eof while reading" },
		{ "resets", "connect SYSCALL 104" },
		{ "plain", "tls: the server does not speak TLS" },
		{ "alert", "tls: alert from the server: internal error" },
	};
	struct lws_context_creation_info info;
	size_t i;

	tls_program_info(&info, "ca.pem");
	for (i = 0; i < sizeof(all) / sizeof(all[0]); i++) {
		tls_program_get_once(&info, tls_serve(all[i].server), 0);
		CHECK_STR(tls_seen.outcome.error, all[i].error);
		CHECK_INT(tls_seen.valid, -1);
	}
	tls_program_get_once(&info, tls_serve("garbage"), 0);
	CHECK(!strncmp(tls_seen.outcome.error, "tls: ", 5));
	info.timeout_secs = 1;
	tls_program_get_once(&info, tls_serve("silent"), 0);
	CHECK_STR(tls_seen.outcome.error, "Timed out waiting SSL");
}

static void closed_by_the_program(void)
{
	struct lws_context_creation_info info;
	struct lws_client_connect_info client;
	struct lws_context *context;
	struct lws *wsi;

	tls_program_info(&info, "ca.pem");
	context = tls_program_create(&info);
	tls_program_connect_info(&client, context, tls_serve("silent"), 0);
	wsi = lws_client_connect_via_info(&client);
	REQUIRE(wsi != NULL);
	while (!lws_is_ssl(wsi))
		lws_service(context, 0);
	lws_set_timeout(wsi, PENDING_TIMEOUT_USER_OK, LWS_TO_KILL_ASYNC);
	while (!tls_seen.outcome.destroyed)
		lws_service(context, 0);
	CHECK_INT(tls_seen.outcome.failed + tls_seen.outcome.closed, 1);
	/* and one whose context goes */
	memset(&tls_seen, 0, sizeof(tls_seen));
	wsi = lws_client_connect_via_info(&client);
	REQUIRE(wsi != NULL);
	while (!lws_is_ssl(wsi))
		lws_service(context, 0);
	lws_context_destroy(context);
	CHECK_INT(tls_seen.outcome.failed + tls_seen.outcome.closed, 1);
	CHECK_INT(tls_seen.outcome.destroyed, 1);
}

/* There may be so many connections with TLS; one that ends makes room. */
static void limited(void)
{
	int silent = tls_serve("silent"), port = tls_serve("openssl -www -cert server.pem -key server.key");
	struct lws_context_creation_info info;
	struct lws_client_connect_info client;
	struct lws_context *context;
	struct lws *wsi;

	tls_program_info(&info, "ca.pem");
	info.simultaneous_ssl_restriction = 1;
	context = tls_program_create(&info);
	tls_program_get(context, port, 0);
	tls_program_answered();
	tls_program_connect_info(&client, context, silent, 0);
	wsi = lws_client_connect_via_info(&client);
	REQUIRE(wsi != NULL);
	while (!lws_is_ssl(wsi))
		lws_service(context, 0);
	tls_program_get(context, port, 0);
	CHECK_STR(tls_seen.outcome.error, "tls restriction limit");
	lws_set_timeout(wsi, PENDING_TIMEOUT_USER_OK, LWS_TO_KILL_ASYNC);
	while (!tls_seen.outcome.closed && tls_seen.outcome.failed < 2)
		lws_service(context, 0);
	tls_program_get(context, port, 0);
	tls_program_answered();
	lws_context_destroy(context);
}

static void nginx(void)
{
	int port = tls_serve("nginx");
	struct lws_context_creation_info info;
	struct lws_client_connect_info client;
	struct lws_context *context;

	tls_program_info(&info, "ca.pem");
	info.client_ssl_cert_filepath = tls_file("client.pem");
	info.client_ssl_private_key_filepath = tls_file("client.key");
	context = tls_program_create(&info);
	tls_program_connect_info(&client, context, port, 0);
	tls_program_go(&client);
	tls_program_answered();
	CHECK_STR(tls_seen.body, "HTTP/1.1 localhost SUCCESS");
	/* HTTP/2 is what both like best. */
	client.alpn = NULL;
	tls_program_go(&client);
	tls_program_answered();
	CHECK_STR(tls_seen.body, "HTTP/2.0 localhost SUCCESS");
	client.path = "/large";
	tls_program_go(&client);
	tls_program_answered();
	CHECK_INT(tls_seen.received, 16 * 65536);
	client.alpn = "http/1.1";
	tls_program_go(&client);
	tls_program_answered();
	CHECK_INT(tls_seen.received, 16 * 65536);
	CHECK_INT(tls_seen.reused, 1);
	lws_context_destroy(context);
}

static void websocket(void)
{
	int port = tls_serve("websockets"), i;
	struct lws_context_creation_info info;
	struct lws_client_connect_info client;
	struct lws_context *context;

	tls_program_info(&info, "ca.pem");
	context = tls_program_create(&info);
	tls_program_connect_info(&client, context, port, 0);
	client.method = NULL;
	client.alpn = NULL;
	client.protocol = "echo";
	for (i = 0; i < 3; i++) {
		tls_program_go(&client);
		CHECK_STR(tls_seen.outcome.error, "");
		CHECK_INT(tls_seen.outcome.established, 1);
		CHECK_INT(tls_seen.received, 1000);
		CHECK_INT(tls_seen.ssl, 1);
	}
	lws_context_destroy(context);
}

/* The order of callbacks, as libwebsockets has it. */
static void order(void)
{
	static const char http_answered[] =
		"PROTOCOL_INIT CLIENT_HTTP_BIND_PROTOCOL CONNECTING SERVER_NEW_CLIENT_INSTANTIATED WSI_CREATE "
		"OPENSSL_PERFORM_SERVER_CERT_VERIFICATION CLIENT_APPEND_HANDSHAKE_HEADER CLIENT_FILTER_PRE_ESTABLISH "
		"ESTABLISHED_CLIENT_HTTP RECEIVE_CLIENT_HTTP ";
	static const char refused[] =
		"PROTOCOL_INIT CLIENT_HTTP_BIND_PROTOCOL CONNECTING SERVER_NEW_CLIENT_INSTANTIATED WSI_CREATE "
		"OPENSSL_PERFORM_SERVER_CERT_VERIFICATION CLIENT_CONNECTION_ERROR CLIENT_HTTP_DROP_PROTOCOL WSI_DESTROY ";
	int port = tls_serve("openssl -www -cert server.pem -key server.key");
	struct lws_context_creation_info info;
	struct lws_context *context;

	tls_program_info(&info, "ca.pem");
	context = tls_program_create(&info);
	tls_program_get(context, port, 0);
	tls_program_answered();
	CHECK(!strncmp(tls_seen.order, http_answered, sizeof(http_answered) - 1));
	lws_context_destroy(context);
	tls_program_info(&info, "other-ca.pem");
	context = tls_program_create(&info);
	tls_program_get(context, port, 0);
	CHECK_STR(tls_seen.order, refused);
	lws_context_destroy(context);
}

/* The program's own protocol, encrypted: s_server sends lines back from their end to their beginning. */
static void raw(void)
{
	int port = tls_serve("openssl -rev -cert server.pem -key server.key");
	struct lws_context_creation_info info;
	struct lws_client_connect_info client;
	struct lws_context *context;

	tls_program_info(&info, "ca.pem");
	context = tls_program_create(&info);
	tls_program_connect_info(&client, context, port, 0);
	client.method = "RAW";
	client.alpn = NULL;
	tls_program_go(&client);
	CHECK_STR(tls_seen.outcome.error, "");
	CHECK_INT(tls_seen.outcome.established, 1);
	CHECK_INT(tls_seen.ssl, 1);
	CHECK_STR(tls_seen.body, "olleh\n");
	client.host = "other.example";
	tls_program_go(&client);
	CHECK_STR(tls_seen.outcome.error, "tls: hostname mismatch");
	CHECK_INT(tls_seen.outcome.established, 0);
	lws_context_destroy(context);
}

SCRIPT_TEST_MAIN({ "authorities", authorities }, { "system_trust", system_trust }, { "excuses", excuses },
		 { "judged_by_the_program", judged_by_the_program }, { "no_agreement", no_agreement },
		 { "no_tls", no_tls }, { "closed_by_the_program", closed_by_the_program }, { "limited", limited },
		 { "order", order }, { "raw", raw }, { "nginx", nginx }, { "websocket", websocket })
