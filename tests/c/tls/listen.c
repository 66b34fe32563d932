/* Servers with TLS: where certificates and keys come from, what is said where they cannot be used, names on one port. */
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "check.h"
#include "lines.h"
#include "server.h"
#include "tls.h"

static int callback_secure(struct lws *wsi, enum lws_callback_reasons reason, void *user, void *in, size_t len)
{
	if (reason != LWS_CALLBACK_HTTP)
		return 0;
	return server_reply_text(wsi, lws_is_ssl(wsi) ? lws_get_vhost_name(lws_get_vhost(wsi)) : "plain");
}

static const struct lws_protocols protocols[] = {
	{ .name = "http", .callback = callback_secure },
	{ 0 },
};

static void tls_info(struct lws_context_creation_info *info)
{
	server_info(info, protocols);
	info->options |= LWS_SERVER_OPTION_DO_SSL_GLOBAL_INIT;
}

static void tls_files(struct lws_context_creation_info *info, const char *certificate, const char *key)
{
	tls_info(info);
	info->ssl_cert_filepath = tls_file(certificate);
	info->ssl_private_key_filepath = key ? tls_file(key) : NULL;
}

/* One server, one page, which also has to verify. */
static void serves(struct lws_context_creation_info *info)
{
	struct server server;

	server_run(&server, info);
	tls_expect_page(server.port, tls_verifying(), "default");
	server_destroy(&server);
}

static void refuses(struct lws_context_creation_info *info, const char *a, const char *b)
{
	struct lws_context *context;

	lines_keep();
	context = lws_create_context(info);
	CHECK_PTR(context, NULL);
	if (!lines_have(LLL_ERR, a, b))
		FAIL("no error line with \"%s\" and \"%s\": %s", a, b, lines_all());
	lines_end();
	if (context)
		lws_context_destroy(context);
}

static void files(void)
{
	struct lws_context_creation_info info;
	struct server server;

	tls_files(&info, "server.pem", "server.key");
	server_run(&server, &info);
	tls_expect_page(server.port, tls_verifying(), "default");
	tls_expect_page(server.port, "-tls1_2", "default");
	tls_expect_page(server.port, "-tls1_3", "default");
	server_destroy(&server);
}

static void other_forms_of_keys(void)
{
	struct lws_context_creation_info info;

	tls_files(&info, "server.pem", "server-pkcs8.key");
	serves(&info);
	tls_files(&info, "server-both.pem", "server-both.pem");
	serves(&info);
	tls_files(&info, "server-both.pem", NULL);
	serves(&info);
	tls_files(&info, "rsa.pem", "rsa.key");
	serves(&info);
	tls_files(&info, "server.pem", "server-encrypted.key");
	info.ssl_private_key_password = "secret";
	serves(&info);
}

static void chain(void)
{
	struct lws_context_creation_info info;

	tls_files(&info, "chain-full.pem", "chain.key");
	serves(&info);
}

static void memory(void)
{
	static const char *const forms[][2] = { { "server.pem", "server.key" }, { "server.der", "server-key.der" },
						{ "server.der", "server.key" }, { "server.pem", "server-key.der" },
						{ "chain-full.pem", "chain.key" } };
	struct lws_context_creation_info info;
	size_t certificate_length, key_length;
	char *certificate, *key;
	int counts_nul;
	size_t i;

	for (i = 0; i < sizeof(forms) / sizeof(forms[0]); i++)
		for (counts_nul = 0; counts_nul < 2; counts_nul++) {
			struct server server;

			if (counts_nul && (strstr(forms[i][0], "der") || strstr(forms[i][1], "der")))
				continue;
			certificate = tls_read(forms[i][0], &certificate_length);
			key = tls_read(forms[i][1], &key_length);
			tls_info(&info);
			info.server_ssl_cert_mem = certificate;
			info.server_ssl_cert_mem_len = (unsigned int)certificate_length + (unsigned int)counts_nul;
			info.server_ssl_private_key_mem = key;
			info.server_ssl_private_key_mem_len = (unsigned int)key_length + (unsigned int)counts_nul;
			server_create(&server, &info);
			/* The program may do with its memory what it likes. */
			memset(certificate, 'x', certificate_length);
			memset(key, 'x', key_length);
			free(certificate);
			free(key);
			server_start(&server);
			tls_expect_page(server.port, tls_verifying(), "default");
			server_destroy(&server);
		}
}

static void what_cannot_be_used(void)
{
	struct lws_context_creation_info info;

	tls_files(&info, "missing.pem", "server.key");
	refuses(&info, "missing.pem", "does not exist");
	tls_files(&info, "server.pem", "missing.key");
	refuses(&info, "missing.key", "does not exist");
	tls_files(&info, "server.pem", "one.key");
	refuses(&info, "one.key", "does not match");
	tls_files(&info, "server.key", "server.key");
	refuses(&info, "server.key", "no certificate");
	tls_files(&info, "server.pem", "server.pem");
	refuses(&info, "server.pem", "no private key");
	tls_files(&info, "server.pem", "server-encrypted.key");
	refuses(&info, "server-encrypted.key", "ssl_private_key_password");
	tls_files(&info, "server.pem", "server-encrypted.key");
	info.ssl_private_key_password = "wrong";
	refuses(&info, "server-encrypted.key", "password");
	tls_files(&info, "server.pem", NULL);
	refuses(&info, "vhost default", "ssl_private_key_filepath");

	tls_info(&info);
	info.server_ssl_cert_mem = "nonsense";
	info.server_ssl_cert_mem_len = 8;
	info.server_ssl_private_key_mem = "nonsense";
	info.server_ssl_private_key_mem_len = 8;
	refuses(&info, "memory", "no certificate");
	info.server_ssl_cert_mem_len = 0;
	refuses(&info, "vhost default", "memory");

	if (geteuid()) {
		char path[512];

		snprintf(path, sizeof(path), "%s/unreadable.pem", test_directory());
		tls_copy("server.pem", path);
		CHECK_INT(chmod(path, 0), 0);
		tls_files(&info, "server.pem", "server.key");
		info.ssl_cert_filepath = path;
		refuses(&info, "unreadable.pem", "permission");
	}
}

/* It may be right by another clock; clients decide. */
static void expired(void)
{
	struct lws_context_creation_info info;
	struct server server;

	tls_files(&info, "expired.pem", "expired.key");
	lines_keep();
	server_run(&server, &info);
	CHECK(lines_have(LLL_WARN, "expired.pem", "2021-01-01"));
	lines_end();
	tls_expect_page(server.port, "", "default");
	tls_expect_failure(server.port, tls_verifying(), "expired");
	server_destroy(&server);
}

static void missing_and_ignored(void)
{
	struct lws_context_creation_info info;
	char certificate[512], key[512];
	struct server server;

	snprintf(certificate, sizeof(certificate), "%s/cert.pem", test_directory());
	snprintf(key, sizeof(key), "%s/key.pem", test_directory());
	tls_info(&info);
	info.options |= LWS_SERVER_OPTION_IGNORE_MISSING_CERT;
	info.ssl_cert_filepath = certificate;
	info.ssl_private_key_filepath = key;
	server_run(&server, &info);
	tls_expect_failure(server.port, "", NULL);

	CHECK(lws_tls_cert_updated(server.context, certificate, key, NULL, 0, NULL, 0) != 0);
	tls_copy("server.pem", certificate);
	tls_copy("server.key", key);
	CHECK(lws_tls_cert_updated(server.context, "other.pem", key, NULL, 0, NULL, 0) != 0);
	CHECK_INT(lws_tls_cert_updated(server.context, certificate, key, NULL, 0, NULL, 0), 0);
	tls_expect_page(server.port, tls_verifying(), "default");
	server_destroy(&server);
}

/* As in libwebsockets, but not without a word. */
static void not_asked_for(void)
{
	struct lws_context_creation_info info;
	struct client_response response;
	struct server server;

	tls_files(&info, "server.pem", "server.key");
	info.options &= ~LWS_SERVER_OPTION_DO_SSL_GLOBAL_INIT;
	lines_keep();
	server_run(&server, &info);
	CHECK(lines_have(LLL_WARN, "without TLS", "LWS_SERVER_OPTION_DO_SSL_GLOBAL_INIT"));
	lines_end();
	client_get(server.port, "/", NULL, &response);
	CHECK_STR((char *)response.body, "plain");
	client_response_free(&response);
	server_destroy(&server);

	/* No listener, no TLS, and no certificate has to be there. */
	tls_files(&info, "missing.pem", "missing.key");
	info.port = CONTEXT_PORT_NO_LISTEN;
	server_create(&server, &info);
	server_destroy(&server);
}

static void names_on_one_port(void)
{
	struct lws_context_creation_info info;
	struct client_response response;
	struct server server;
	int port;

	tls_files(&info, "server.pem", "server.key");
	info.options |= LWS_SERVER_OPTION_EXPLICIT_VHOSTS;
	server_create(&server, &info);
	info.vhost_name = "localhost";
	server.vhost = lws_create_vhost(server.context, &info);
	REQUIRE(server.vhost != NULL);
	port = info.port = lws_get_vhost_listen_port(server.vhost);
	info.vhost_name = "one.example";
	info.ssl_cert_filepath = tls_file("one.pem");
	info.ssl_private_key_filepath = tls_file("one.key");
	REQUIRE(lws_create_vhost(server.context, &info) != NULL);
	info.vhost_name = "two.example";
	info.ssl_cert_filepath = tls_file("two.pem");
	info.ssl_private_key_filepath = tls_file("two.key");
	REQUIRE(lws_create_vhost(server.context, &info) != NULL);
	server_start(&server);

	for (int i = 0; i < 3; i++) {
		static const char *const names[] = { "localhost", "one.example", "two.example" };
		char options[1024];
		struct tls_client tls;

		snprintf(options, sizeof(options), "-servername %s -CAfile %s -verify_return_error -verify_hostname %s",
			 names[i], tls_file("ca.pem"), names[i]);
		tls_connect(&tls, port, "%s", options);
		client_print(&tls.client, "GET / HTTP/1.1\r\nHost: %s\r\nConnection: close\r\n\r\n", names[i]);
		if (!client_response(&tls.client, &response, false))
			FAIL("%s: %s", options, tls_log(&tls));
		else {
			CHECK_STR((char *)response.body, names[i]);
			client_response_free(&response);
		}
		tls_close(&tls);
	}
	/* No name, or one that nobody has: the first. */
	tls_expect_page(port, "-noservername", "localhost");
	tls_expect_page(port, "-servername three.example", "localhost");
	server_destroy(&server);
}

/* The program brings what is missing */

static const char *brought_certificate, *brought_key;
static int refuse_extra, refuse_key, asked_extra, asked_key, order;

static int callback_bringing(struct lws *wsi, enum lws_callback_reasons reason, void *user, void *in, size_t len)
{
	void *certificate = NULL, *key = NULL;
	size_t certificate_length = 0, key_length = 0;

	switch ((int)reason) {
	case LWS_CALLBACK_OPENSSL_CONTEXT_REQUIRES_PRIVATE_KEY:
		asked_key = ++order;
		CHECK_PTR(user, NULL);
		CHECK_PTR(in, NULL);
		CHECK_INT(len, 0);
		CHECK(lws_get_vhost(wsi) != NULL);
		if (refuse_key)
			return 1;
		break;
	case LWS_CALLBACK_OPENSSL_LOAD_EXTRA_SERVER_VERIFY_CERTS:
		asked_extra = ++order;
		CHECK_PTR(user, NULL);
		CHECK_PTR(in, lws_get_vhost(wsi));
		CHECK_INT(len, 0);
		CHECK(lws_get_context(wsi) != NULL);
		CHECK_STR(lws_get_vhost_name(in), "default");
		if (refuse_extra)
			return 1;
		if (brought_certificate)
			certificate = tls_read(brought_certificate, &certificate_length);
		break;
	default:
		return callback_secure(wsi, reason, user, in, len);
	}
	if (brought_key)
		key = tls_read(brought_key, &key_length);
	if (certificate || key)
		CHECK_INT(lws_tls_vhost_reload_cert(lws_get_vhost(wsi), certificate, certificate_length, key, key_length), 0);
	free(certificate);
	free(key);
	return 0;
}

static const struct lws_protocols bringing[] = {
	{ .name = "http", .callback = callback_bringing },
	{ 0 },
};

static void brought_by_the_program(void)
{
	struct lws_context_creation_info info;

	tls_info(&info);
	info.protocols = bringing;
	info.options |= LWS_SERVER_OPTION_CREATE_VHOST_SSL_CTX;
	brought_certificate = "server.pem";
	brought_key = "server.key";
	serves(&info);
	CHECK_INT(asked_key, 0);
	CHECK_INT(asked_extra, 1);
	refuse_extra = 1;
	refuses(&info, "vhost default", "LWS_CALLBACK_OPENSSL_LOAD_EXTRA_SERVER_VERIFY_CERTS");
	refuse_extra = 0;

	/* A key that does not match is found out. */
	brought_key = "one.key";
	refuses(&info, "private key", "does not match");

	/* A certificate without a key */
	order = 0;
	brought_certificate = NULL;
	brought_key = "server.key";
	tls_files(&info, "server.pem", NULL);
	info.protocols = bringing;
	serves(&info);
	CHECK_INT(asked_key, 1);
	CHECK_INT(asked_extra, 2);
	refuse_key = 1;
	refuses(&info, "vhost default", "private key");
	refuse_key = 0;
	brought_key = NULL;
	refuses(&info, "server.pem", "private key");
}

/* A server that gets its certificate later does not serve until then. */
static void none_yet(void)
{
	struct lws_context_creation_info info;
	size_t certificate_length, key_length;
	void *certificate, *key;
	struct server server;

	tls_info(&info);
	info.options |= LWS_SERVER_OPTION_CREATE_VHOST_SSL_CTX;
	server_run(&server, &info);
	tls_expect_failure(server.port, "", NULL);
	certificate = tls_read("server.pem", &certificate_length);
	key = tls_read("server.key", &key_length);
	CHECK_INT(lws_tls_vhost_reload_cert(server.vhost, certificate, certificate_length, key, key_length), 0);
	tls_expect_page(server.port, tls_verifying(), "default");
	free(certificate);
	free(key);
	server_destroy(&server);
}

static void versions_and_ciphers(void)
{
	struct lws_context_creation_info info;
	struct server server;

	tls_files(&info, "server.pem", "server.key");
	info.ssl_options_set = 0x20000000; /* SSL_OP_NO_TLSv1_3 */
	info.ssl_cipher_list = "ECDHE-ECDSA-AES256-GCM-SHA384";
	server_run(&server, &info);
	tls_expect_failure(server.port, "-tls1_3", NULL);
	tls_expect_failure(server.port, "-tls1_2 -cipher ECDHE-ECDSA-AES128-GCM-SHA256", NULL);
	tls_expect_page(server.port, "-tls1_2 -cipher ECDHE-ECDSA-AES256-GCM-SHA384", "default");
	server_destroy(&server);

	tls_files(&info, "server.pem", "server.key");
	info.ssl_options_set = 0x8000000; /* SSL_OP_NO_TLSv1_2 */
	server_run(&server, &info);
	tls_expect_failure(server.port, "-tls1_2", NULL);
	tls_expect_page(server.port, "-tls1_3", "default");
	server_destroy(&server);
}

/* The context's list is that of vhosts without one of their own. */
static void alpn_of_the_context(void)
{
	struct lws_context_creation_info info;
	struct lws_vhost *vhost;
	struct server server;

	tls_files(&info, "server.pem", "server.key");
	info.options |= LWS_SERVER_OPTION_EXPLICIT_VHOSTS;
	info.alpn = "http/1.1";
	server_create(&server, &info);
	info.alpn = NULL;
	vhost = lws_create_vhost(server.context, &info);
	REQUIRE(vhost != NULL);
	server_start(&server);
	CHECK(strstr(tls_command("openssl s_client -connect 127.0.0.1:%d -alpn h2,http/1.1 </dev/null",
				 lws_get_vhost_listen_port(vhost)),
		     "ALPN protocol: http/1.1") != NULL);
	server_destroy(&server);
}

TEST_MAIN({ "files", files },
	  { "other_forms_of_keys", other_forms_of_keys },
	  { "chain", chain },
	  { "memory", memory },
	  { "what_cannot_be_used", what_cannot_be_used },
	  { "expired", expired },
	  { "missing_and_ignored", missing_and_ignored },
	  { "not_asked_for", not_asked_for },
	  { "names_on_one_port", names_on_one_port },
	  { "brought_by_the_program", brought_by_the_program },
	  { "none_yet", none_yet },
	  { "versions_and_ciphers", versions_and_ciphers },
	  { "alpn_of_the_context", alpn_of_the_context })
