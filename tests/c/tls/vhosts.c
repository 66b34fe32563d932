/* What vhosts do with TLS: headers and redirects, the Host header and the handshake, plain connections, raw ones. */
#include <stdio.h>

#include "check.h"
#include "server.h"
#include "tls.h"

static int on_http(struct lws *wsi, enum lws_callback_reasons reason, void *user, void *in, size_t len)
{
	unsigned char headers[512], *p = headers;

	if (reason != LWS_CALLBACK_HTTP)
		return lws_callback_http_dummy(wsi, reason, user, in, len);
	if (!strcmp(in, "/moved")) {
		if (lws_http_redirect(wsi, HTTP_STATUS_FOUND, (unsigned char *)"/elsewhere", 10, &p, headers + sizeof(headers)) < 0)
			return -1;
		return lws_http_transaction_completed(wsi) ? -1 : 0;
	}
	return server_reply_text(wsi, lws_get_vhost_name(lws_get_vhost(wsi)));
}

static int on_raw(struct lws *wsi, enum lws_callback_reasons reason, void *user, void *in, size_t len)
{
	switch (reason) {
	case LWS_CALLBACK_RAW_ADOPT:
		/* the handshake is over */
		return lws_write(wsi, (unsigned char *)(lws_is_ssl(wsi) ? "secret " : "public "), 7, LWS_WRITE_RAW) < 0 ? -1 : 0;
	case LWS_CALLBACK_RAW_RX:
		return lws_write(wsi, in, len, LWS_WRITE_RAW) < 0 ? -1 : 0;
	default:
		return 0;
	}
}

static const struct lws_protocols protocols[] = {
	{ .name = "http", .callback = on_http },
	{ .name = "raw", .callback = on_raw },
	{ 0 },
};

static struct server server;

static void prepare(struct lws_context_creation_info *info, uint64_t options)
{
	static struct lws_http_mount logins = { .mountpoint = "/private", .mountpoint_len = 8, .origin = "http",
						.origin_protocol = LWSMPRO_CALLBACK };
	static const struct lws_http_mount away = { .mount_next = &logins, .mountpoint = "/away", .mountpoint_len = 5,
						    .origin = "example.org/there", .origin_protocol = LWSMPRO_REDIR_HTTPS };
	static const struct lws_http_mount back = { .mount_next = &away, .mountpoint = "/back", .mountpoint_len = 5,
						    .origin = "example.org/back", .origin_protocol = LWSMPRO_REDIR_HTTP };
	static struct lws_http_mount files = { .mount_next = &back, .mountpoint = "/files", .mountpoint_len = 6,
					       .origin_protocol = LWSMPRO_FILE };
	static char login_file[300];

	snprintf(login_file, sizeof(login_file), "%s/logins", test_directory());
	tls_write(login_file, "joe:secret\n", 11);
	logins.basic_auth_login_file = login_file;
	files.origin = test_directory();
	server_info(info, protocols);
	info->options |= options | LWS_SERVER_OPTION_DO_SSL_GLOBAL_INIT;
	info->mounts = &files;
	info->ssl_cert_filepath = tls_file("server.pem");
	info->ssl_private_key_filepath = tls_file("server.key");
}

static void run(uint64_t options)
{
	struct lws_context_creation_info info;

	prepare(&info, options);
	server_run(&server, &info);
}

static void add_vhost(const char *name, uint64_t options)
{
	struct lws_context_creation_info info;

	prepare(&info, options);
	info.port = server.port;
	info.vhost_name = name;
	info.ssl_ca_filepath = tls_file("ca.pem");
	server_stop(&server);
	REQUIRE(lws_create_vhost(server.context, &info) != NULL);
	server_start(&server);
}

static void request(struct client *client, const char *path, const char *host, const char *more,
		    struct client_response *response)
{
	client_print(client, "GET %s HTTP/1.1\r\nHost: %s\r\n%s\r\n", path, host, more);
	REQUIRE(client_response(client, response, false));
}

static void expect(struct client *client, const char *path, const char *host, int status, const char *location)
{
	struct client_response response;
	char wanted[200];

	request(client, path, host, "", &response);
	CHECK_INT(response.status, status);
	if (location) {
		snprintf(wanted, sizeof(wanted), location, server.port);
		CHECK_STR(client_header(&response, "location"), wanted);
	}
	client_response_free(&response);
}

static void redirects_over_tls(void)
{
	struct tls_client tls;

	run(0);
	tls_connect(&tls, server.port, "%s", "");
	expect(&tls.client, "/files", "h:99", 301, "https://h:99/files/");
	expect(&tls.client, "/away/x", "h", 301, "https://example.org/there");
	expect(&tls.client, "/back/x", "h", 301, "http://example.org/back");
	expect(&tls.client, "/moved", "h", 302, "/elsewhere");
	tls_close(&tls);
	server_destroy(&server);
}

static void strict_transport_security(void)
{
	const uint64_t plain = LWS_SERVER_OPTION_ALLOW_NON_SSL_ON_SSL_PORT | LWS_SERVER_OPTION_ALLOW_HTTP_ON_HTTPS_LISTENER;
	static const char *const paths[] = { "/", "/files/logins", "/moved", "/files" };
	struct client_response response;
	struct tls_client tls;
	struct client client;
	size_t i;

	run(LWS_SERVER_OPTION_STS | LWS_SERVER_OPTION_HTTP_HEADERS_SECURITY_BEST_PRACTICES_ENFORCE | plain);
	tls_connect(&tls, server.port, "%s", "");
	client_tcp(&client, server.port);
	for (i = 0; i < LWS_ARRAY_SIZE(paths); i++) {
		request(&tls.client, paths[i], "localhost", "", &response);
		CHECK_STR(client_header(&response, "strict-transport-security"), "max-age=15768000 ; includeSubDomains");
		CHECK_STR(client_header(&response, "x-frame-options"), "deny");
		client_response_free(&response);
		request(&client, paths[i], "localhost", "", &response);
		CHECK(!client_header(&response, "strict-transport-security"));
		CHECK_STR(client_header(&response, "x-frame-options"), "deny");
		client_response_free(&response);
	}
	client_close(&client);
	tls_close(&tls);
	server_destroy(&server);
}

static void plain_is_redirected(void)
{
	static const char *const upgrade = "Connection: upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
					   "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n";
	struct client_response response;
	struct client client;
	char host[40], wanted[100];

	run(LWS_SERVER_OPTION_ALLOW_NON_SSL_ON_SSL_PORT | LWS_SERVER_OPTION_REDIRECT_HTTP_TO_HTTPS);
	snprintf(host, sizeof(host), "localhost:%d", server.port);
	client_tcp(&client, server.port);
	request(&client, "/a%20b/c?d=e&f=%26", host, "", &response);
	CHECK_INT(response.status, 301);
	snprintf(wanted, sizeof(wanted), "https://%s/a%%20b/c?d=e&f=%%26", host);
	CHECK_STR(client_header(&response, "location"), wanted);
	CHECK_STR(client_header(&response, "connection"), "close");
	client_response_free(&response);
	CHECK_INT(client_drain(&client), 0);
	client_close(&client);
	/* nobody upgrades in the clear */
	client_tcp(&client, server.port);
	request(&client, "/chat", host, upgrade, &response);
	CHECK_INT(response.status, 301);
	client_response_free(&response);
	client_close(&client);
	tls_expect_page(server.port, tls_verifying(), "default");
	server_destroy(&server);
}

static void plain_is_refused(void)
{
	static const uint64_t options[] = { 0, LWS_SERVER_OPTION_ALLOW_NON_SSL_ON_SSL_PORT,
					    LWS_SERVER_OPTION_ALLOW_HTTP_ON_HTTPS_LISTENER };
	struct client client;
	size_t i;

	for (i = 0; i < LWS_ARRAY_SIZE(options); i++) {
		run(options[i]);
		client_tcp(&client, server.port);
		client_print(&client, "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n");
		client_drain(&client);
		CHECK(client.length < 4 || memcmp(client.buffer, "HTTP", 4));
		client_close(&client);
		tls_expect_page(server.port, "", "default");
		server_destroy(&server);
	}
}

/* A vhost that does not allow it is not reached in the clear, although the port's first one is. */
static void plain_for_one_vhost_only(void)
{
	struct client client;

	run(LWS_SERVER_OPTION_ALLOW_NON_SSL_ON_SSL_PORT | LWS_SERVER_OPTION_ALLOW_HTTP_ON_HTTPS_LISTENER);
	add_vhost("two.example", 0);
	add_vhost("three.example",
		  LWS_SERVER_OPTION_ALLOW_NON_SSL_ON_SSL_PORT | LWS_SERVER_OPTION_REDIRECT_HTTP_TO_HTTPS);
	client_tcp(&client, server.port);
	expect(&client, "/", "localhost", 200, NULL);
	expect(&client, "/", "two.example", 421, NULL);
	expect(&client, "/", "localhost", 200, NULL);
	expect(&client, "/", "three.example", 301, "https://three.example/");
	client_close(&client);
	server_destroy(&server);
}

static void host_and_handshake(void)
{
	char with_certificate[700];
	struct tls_client tls;

	run(0);
	add_vhost("two.example", 0);
	add_vhost("strict.example", LWS_SERVER_OPTION_REQUIRE_VALID_OPENSSL_CLIENT_CERT);
	add_vhost("asking.example",
		  LWS_SERVER_OPTION_REQUIRE_VALID_OPENSSL_CLIENT_CERT | LWS_SERVER_OPTION_PEER_CERT_NOT_REQUIRED);

	tls_connect(&tls, server.port, "-servername two.example");
	expect(&tls.client, "/", "two.example", 200, NULL);
	expect(&tls.client, "/", "localhost", 200, NULL);
	expect(&tls.client, "/", "strict.example", 421, NULL);
	expect(&tls.client, "/", "deep.strict.example:443", 421, NULL);
	expect(&tls.client, "/", "asking.example", 421, NULL);
	expect(&tls.client, "/", "two.example", 200, NULL);
	tls_close(&tls);

	/* Even with a certificate: it was not this vhost that has asked for it. */
	snprintf(with_certificate, sizeof(with_certificate), "-cert %s -key %s", tls_file("client.pem"), tls_file("client.key"));
	tls_connect(&tls, server.port, "-servername asking.example %s", with_certificate);
	expect(&tls.client, "/", "asking.example", 200, NULL);
	expect(&tls.client, "/", "strict.example", 421, NULL);
	expect(&tls.client, "/", "localhost", 200, NULL);
	tls_close(&tls);
	tls_connect(&tls, server.port, "-servername strict.example %s", with_certificate);
	expect(&tls.client, "/", "strict.example", 200, NULL);
	tls_close(&tls);
	server_destroy(&server);
}

static void logins_and_cookies(void)
{
	struct client_response response;
	struct tls_client tls;

	run(0);
	tls_connect(&tls, server.port, "%s", "");
	request(&tls.client, "/private", "localhost", "", &response);
	CHECK_INT(response.status, 401);
	client_response_free(&response);
	request(&tls.client, "/private", "localhost", "Authorization: Basic am9lOnNlY3JldA==\r\nCookie: a=b\r\n", &response);
	CHECK_INT(response.status, 200);
	client_response_free(&response);
	tls_close(&tls);
	server_destroy(&server);
}

static void expect_text(struct client *client, const char *text)
{
	REQUIRE(client_fill(client, strlen(text)));
	CHECK_MEM(client->buffer, strlen(text), text, strlen(text));
	client_take(client, strlen(text));
}

static void raw_after_the_handshake(void)
{
	struct lws_context_creation_info info;
	struct tls_client tls;

	prepare(&info, LWS_SERVER_OPTION_ADOPT_APPLY_LISTEN_ACCEPT_CONFIG);
	info.listen_accept_role = "raw-skt";
	info.listen_accept_protocol = "raw";
	server_run(&server, &info);
	tls_connect(&tls, server.port, "%s", "");
	expect_text(&tls.client, "secret ");
	client_send(&tls.client, "GET / HTTP/1.1\n", 15);
	expect_text(&tls.client, "GET / HTTP/1.1\n");
	tls_close(&tls);
	server_destroy(&server);
}

static void raw_beside_http(void)
{
	struct lws_context_creation_info info;
	struct tls_client tls;
	struct client client;

	prepare(&info, LWS_SERVER_OPTION_ALLOW_NON_SSL_ON_SSL_PORT |
			       LWS_SERVER_OPTION_FALLBACK_TO_APPLY_LISTEN_ACCEPT_CONFIG);
	info.listen_accept_protocol = "raw";
	server_run(&server, &info);
	tls_expect_page(server.port, "", "default");
	/* in the handshake's shelter */
	tls_connect(&tls, server.port, "%s", "");
	client_send(&tls.client, "EHLO there\n", 11);
	expect_text(&tls.client, "secret EHLO there\n");
	tls_close(&tls);
	/* without one */
	client_tcp(&client, server.port);
	client_send(&client, "hello\n", 6);
	expect_text(&client, "public hello\n");
	client_close(&client);
	server_destroy(&server);
}

TEST_MAIN({ "redirects_over_tls", redirects_over_tls }, { "strict_transport_security", strict_transport_security },
	  { "plain_is_redirected", plain_is_redirected }, { "plain_is_refused", plain_is_refused },
	  { "plain_for_one_vhost_only", plain_for_one_vhost_only }, { "host_and_handshake", host_and_handshake },
	  { "logins_and_cookies", logins_and_cookies }, { "raw_after_the_handshake", raw_after_the_handshake },
	  { "raw_beside_http", raw_beside_http })
