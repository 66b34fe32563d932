/* Certificates of clients: required, optional, and judged by the program. */
#include <stdio.h>
#include <stdlib.h>

#include "check.h"
#include "lines.h"
#include "server.h"
#include "tls.h"

enum answer { NOTHING, REFUSE, ACCEPT };

static struct {
	enum answer answer;
	atomic_int asked, valid;
	char name[64], issuer[64], error[256];
	int depth_two; /* result of asking for the second of the chain */
} verification;

static int callback_judging(struct lws *wsi, enum lws_callback_reasons reason, void *user, void *in, size_t len)
{
	union lws_tls_cert_info_results answer;
	union {
		union lws_tls_cert_info_results results;
		char room[1024];
	} large;
	char text[1024], name[64] = "none";

	switch ((int)reason) {
	case LWS_CALLBACK_OPENSSL_PERFORM_CLIENT_CERT_VERIFICATION:
		atomic_fetch_add(&verification.asked, 1);
		atomic_store(&verification.valid, (int)len);
		CHECK_PTR(user, NULL);
		CHECK_PTR(in, NULL);
		CHECK_STR(lws_get_vhost_name(lws_get_vhost(wsi)), "default");
		CHECK(lws_get_socket_fd(wsi) >= 0);
		CHECK_INT(lws_tls_peer_cert_info(wsi, LWS_TLS_CERT_INFO_COMMON_NAME, &answer, sizeof(answer.ns.name)), 0);
		lws_strncpy(verification.name, answer.ns.name, sizeof(verification.name));
		CHECK_INT(lws_tls_peer_chain_info(wsi, 0, LWS_TLS_CERT_INFO_ISSUER_NAME, &large.results, 1000), 0);
		lws_strncpy(verification.issuer, large.results.ns.name, sizeof(verification.issuer));
		verification.depth_two =
			lws_tls_peer_chain_info(wsi, 1, LWS_TLS_CERT_INFO_COMMON_NAME, &answer, sizeof(answer.ns.name));
		CHECK_INT(lws_tls_peer_cert_info(wsi, LWS_TLS_CERT_INFO_VERIFIED, &answer, 0), 0);
		CHECK_INT(answer.verified, len);
		CHECK((lws_tls_peer_cert_error(wsi, verification.error, sizeof(verification.error)) == 0) == (len == 1));
		if (verification.answer == ACCEPT)
			CHECK_INT(lws_tls_accept_peer_cert(wsi), 0);
		return verification.answer == REFUSE;
	case LWS_CALLBACK_HTTP:
		/* Too late */
		lines_end();
		CHECK_INT(lws_tls_accept_peer_cert(wsi), -1);
		if (!lws_tls_peer_cert_info(wsi, LWS_TLS_CERT_INFO_COMMON_NAME, &answer, sizeof(answer.ns.name)))
			lws_strncpy(name, answer.ns.name, sizeof(name));
		answer.verified = 0;
		lws_tls_peer_cert_info(wsi, LWS_TLS_CERT_INFO_VERIFIED, &answer, 0);
		lws_snprintf(text, sizeof(text), "%s %s", name, answer.verified ? "verified" : "unverified");
		return server_reply_text(wsi, text);
	default:
		return 0;
	}
}

static const struct lws_protocols judging[] = {
	{ .name = "http", .callback = callback_judging },
	{ 0 },
};

static void requiring(struct lws_context_creation_info *info)
{
	memset(&verification, 0, sizeof(verification));
	server_info(info, judging);
	lws_set_log_level(0, NULL);
	info->options |= LWS_SERVER_OPTION_REQUIRE_VALID_OPENSSL_CLIENT_CERT;
	info->ssl_cert_filepath = tls_file("server.pem");
	info->ssl_private_key_filepath = tls_file("server.key");
	info->ssl_ca_filepath = tls_file("ca.pem");
}

static const char *as(const char *name)
{
	static char options[1024];

	snprintf(options, sizeof(options), "-cert %s.pem -key %s.key", tls_file(name), tls_file(name));
	return options;
}

static void required(void)
{
	struct lws_context_creation_info info;
	struct server server;

	requiring(&info);
	server_run(&server, &info);

	tls_expect_page(server.port, as("client"), "Test Client verified");
	CHECK_INT(verification.asked, 1);
	CHECK_INT(verification.valid, 1);
	CHECK_STR(verification.name, "Test Client");
	CHECK_STR(verification.issuer, "/C=DE/O=Example/CN=Test Authority");
	CHECK_INT(verification.depth_two, -1);

	/* Nothing presented, nothing to judge */
	tls_expect_failure(server.port, "", NULL);
	CHECK_INT(verification.asked, 1);

	/* 0 alone accepts no certificate that is not valid. */
	lines_keep();
	tls_expect_failure(server.port, as("stranger"), NULL);
	CHECK_INT(verification.asked, 2);
	CHECK_INT(verification.valid, 0);
	CHECK_STR(verification.name, "Stranger");
	CHECK(strstr(verification.error, "issuer") != NULL);
	WAIT_FOR(lines_have(LLL_WARN, "lws_tls_accept_peer_cert()", "Stranger"));
	lines_end();
	tls_expect_failure(server.port, as("expired"), NULL);
	CHECK(strstr(verification.error, "expired") != NULL);

	verification.answer = REFUSE;
	tls_expect_failure(server.port, as("client"), NULL);
	CHECK_INT(verification.valid, 1);

	verification.answer = ACCEPT;
	tls_expect_page(server.port, as("stranger"), "Stranger unverified");
	CHECK_INT(verification.valid, 0);
	server_destroy(&server);
}

/* TLS 1.2 has the certificate before its Finished, 1.3 after the server's. */
static void required_by_version(void)
{
	static const char *const versions[] = { "-tls1_2", "-tls1_3" };
	struct lws_context_creation_info info;
	struct server server;
	char options[1200];

	requiring(&info);
	server_run(&server, &info);
	for (int i = 0; i < 2; i++) {
		snprintf(options, sizeof(options), "%s %s", versions[i], as("client"));
		tls_expect_page(server.port, options, "Test Client verified");
		snprintf(options, sizeof(options), "%s %s", versions[i], as("stranger"));
		tls_expect_failure(server.port, options, NULL);
		tls_expect_failure(server.port, versions[i], NULL);
	}
	CHECK_INT(verification.asked, 4);
	server_destroy(&server);
}

static void optional(void)
{
	struct lws_context_creation_info info;
	struct server server;

	requiring(&info);
	info.options |= LWS_SERVER_OPTION_PEER_CERT_NOT_REQUIRED;
	server_run(&server, &info);
	tls_expect_page(server.port, "", "none unverified");
	CHECK_INT(verification.asked, 0);
	tls_expect_page(server.port, as("client"), "Test Client verified");
	tls_expect_failure(server.port, as("stranger"), NULL);
	CHECK_INT(verification.asked, 2);
	server_destroy(&server);
}

/* Nobody handles the callback: the dummy, and a callback that does not know the reason. */
static int callback_ignorant(struct lws *wsi, enum lws_callback_reasons reason, void *user, void *in, size_t len)
{
	return reason == LWS_CALLBACK_HTTP ? server_reply_text(wsi, "in") : lws_callback_http_dummy(wsi, reason, user, in, len);
}

static void handled_by_nobody(void)
{
	static const struct lws_protocols dummy[] = { { .name = "http", .callback = lws_callback_http_dummy }, { 0 } };
	static const struct lws_protocols ignorant[] = { { .name = "http", .callback = callback_ignorant }, { 0 } };
	struct lws_context_creation_info info;
	struct client_response response;
	struct server server;
	char why[2048];

	requiring(&info);
	info.protocols = dummy;
	server_run(&server, &info);
	tls_expect_failure(server.port, as("stranger"), NULL);
	tls_expect_failure(server.port, "", NULL);
	if (CHECK(tls_get(server.port, as("client"), "/", &response, why, sizeof(why)))) {
		CHECK_INT(response.status, 404);
		client_response_free(&response);
	}
	server_destroy(&server);

	requiring(&info);
	info.protocols = ignorant;
	server_run(&server, &info);
	tls_expect_failure(server.port, as("stranger"), NULL);
	tls_expect_page(server.port, as("client"), "in");
	server_destroy(&server);
}

/* A session goes on only while its certificate is still accepted. */
static void resumed(void)
{
	struct lws_context_creation_info info;
	struct server server;
	char options[2048], session[300];

	requiring(&info);
	server_run(&server, &info);
	snprintf(session, sizeof(session), "%s/session", test_directory());
	snprintf(options, sizeof(options), "-tls1_2 %s -sess_out %s", as("client"), session);
	tls_expect_page(server.port, options, "Test Client verified");
	snprintf(options, sizeof(options), "-tls1_2 %s -sess_in %s", as("client"), session);
	tls_expect_page(server.port, options, "Test Client verified");
	CHECK_INT(verification.asked, 2);
	verification.answer = REFUSE;
	tls_expect_failure(server.port, options, NULL);
	CHECK_INT(verification.asked, 3);
	server_destroy(&server);
}

/* More authorities */

static int trust_when_asked;

static int callback_trusting(struct lws *wsi, enum lws_callback_reasons reason, void *user, void *in, size_t len)
{
	size_t length;
	void *authority;

	if (reason != LWS_CALLBACK_OPENSSL_LOAD_EXTRA_SERVER_VERIFY_CERTS)
		return callback_judging(wsi, reason, user, in, len);
	if (!trust_when_asked)
		return 0;
	authority = tls_read("other-ca.pem", &length);
	lines_end();
	CHECK_INT(lws_tls_vhost_add_trust_mem(in, "nonsense", 8), -1);
	CHECK_INT(lws_tls_vhost_add_trust_mem(in, NULL, 0), -1);
	CHECK_INT(lws_tls_vhost_add_trust_mem(in, authority, length), 0);
	free(authority);
	return 0;
}

static void more_trust(void)
{
	static const struct lws_protocols trusting[] = { { .name = "http", .callback = callback_trusting }, { 0 } };
	struct lws_context_creation_info info;
	struct server server;
	size_t length;
	void *authority;

	/* While the vhost is created */
	trust_when_asked = 1;
	requiring(&info);
	info.protocols = trusting;
	server_run(&server, &info);
	tls_expect_page(server.port, as("client"), "Test Client verified");
	tls_expect_page(server.port, as("stranger"), "Stranger verified");
	server_destroy(&server);

	/* Later, from another thread, and in memory from the start */
	trust_when_asked = 0;
	authority = tls_read("ca.pem", &length);
	requiring(&info);
	info.protocols = trusting;
	info.ssl_ca_filepath = NULL;
	info.server_ssl_ca_mem = authority;
	info.server_ssl_ca_mem_len = (unsigned int)length;
	server_create(&server, &info);
	memset(authority, 'x', length);
	free(authority);
	server_start(&server);
	tls_expect_page(server.port, as("client"), "Test Client verified");
	tls_expect_failure(server.port, as("stranger"), NULL);
	authority = tls_read("other-ca.pem", &length);
	CHECK_INT(lws_tls_vhost_add_trust_mem(server.vhost, "nonsense", 8), -1);
	CHECK_INT(lws_tls_vhost_add_trust_mem(server.vhost, authority, length), 0);
	free(authority);
	tls_expect_page(server.port, as("stranger"), "Stranger verified");
	CHECK_INT(lws_tls_vhost_reload_cert(server.vhost, NULL, 0, NULL, 0), 0);
	tls_expect_page(server.port, as("stranger"), "Stranger verified");
	server_destroy(&server);
}

/* The vhost that the client asks for judges, not the first one on the port. */

static atomic_int asked_of_second;

static int callback_second(struct lws *wsi, enum lws_callback_reasons reason, void *user, void *in, size_t len)
{
	if (reason == LWS_CALLBACK_OPENSSL_PERFORM_CLIENT_CERT_VERIFICATION) {
		CHECK_STR(lws_get_vhost_name(lws_get_vhost(wsi)), "localhost");
		CHECK_STR(lws_get_protocol(wsi)->name, "second");
		atomic_fetch_add(&asked_of_second, 1);
	}
	return reason == LWS_CALLBACK_HTTP ? server_reply_text(wsi, lws_get_vhost_name(lws_get_vhost(wsi))) : 0;
}

static void by_name(void)
{
	static const struct lws_protocols second[] = { { .name = "second", .callback = callback_second }, { 0 } };
	struct lws_context_creation_info info;
	struct server server;
	char options[1200];

	requiring(&info);
	info.options &= ~(LWS_SERVER_OPTION_REQUIRE_VALID_OPENSSL_CLIENT_CERT & ~LWS_SERVER_OPTION_DO_SSL_GLOBAL_INIT);
	info.vhost_name = "first.example";
	server_create(&server, &info);
	requiring(&info);
	info.protocols = second;
	info.vhost_name = "localhost";
	info.port = server.port;
	REQUIRE(lws_create_vhost(server.context, &info) != NULL);
	server_start(&server);

	CHECK_INT(tls_serial(server.port, "-servername first.example"), 3);
	CHECK_INT(verification.asked + asked_of_second, 0);
	snprintf(options, sizeof(options), "-servername localhost %s", as("client"));
	tls_expect_page(server.port, options, "localhost");
	CHECK_INT(verification.asked, 0);
	CHECK_INT(asked_of_second, 1);
	tls_expect_failure(server.port, "-servername localhost", NULL);
	snprintf(options, sizeof(options), "-servername localhost %s", as("stranger"));
	tls_expect_failure(server.port, options, NULL);
	server_destroy(&server);
}

/* Any thread may ask, and streams of HTTP/2 answer as what carries them. */

static struct lws *_Atomic open_wsi;

static int callback_open(struct lws *wsi, enum lws_callback_reasons reason, void *user, void *in, size_t len)
{
	if (reason == LWS_CALLBACK_HTTP)
		atomic_store(&open_wsi, wsi); /* the answer comes when the test says so */
	return 0;
}

static void *ask_often(void *argument)
{
	union lws_tls_cert_info_results answer;

	for (int i = 0; i < 200; i++) {
		memset(&answer, 0, sizeof(answer));
		CHECK_INT(lws_tls_peer_cert_info(argument, LWS_TLS_CERT_INFO_COMMON_NAME, &answer, sizeof(answer.ns.name)), 0);
		CHECK_STR(answer.ns.name, "Test Client");
		CHECK_INT(lws_tls_peer_cert_info(argument, LWS_TLS_CERT_INFO_VERIFIED, &answer, 0), 0);
		CHECK_INT(answer.verified, 1);
		CHECK_INT(lws_tls_peer_cert_info(argument, LWS_TLS_CERT_INFO_DER_RAW, &answer, 0), -1);
		CHECK(answer.ns.len > 100);
		CHECK_INT(lws_tls_session_is_reused(argument), 0);
		CHECK_INT(lws_is_ssl(argument), 1);
	}
	return NULL;
}

static void asked_by_other_threads(void)
{
	static const struct lws_protocols open[] = { { .name = "http", .callback = callback_open }, { 0 } };
	struct lws_context_creation_info info;
	struct tls_client tls;
	struct server server;
	pthread_t threads[2];

	requiring(&info);
	info.protocols = open;
	server_run(&server, &info);
	tls_connect(&tls, server.port, "%s", as("client"));
	client_print(&tls.client, "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n");
	WAIT_FOR(atomic_load(&open_wsi) != NULL);
	for (int i = 0; i < 2; i++)
		REQUIRE_INT(pthread_create(&threads[i], NULL, ask_often, atomic_load(&open_wsi)), 0);
	for (int i = 0; i < 2; i++)
		pthread_join(threads[i], NULL);
	tls_close(&tls);
	server_destroy(&server);
}

static void over_http2(void)
{
	struct lws_context_creation_info info;
	struct server server;
	char output[4096];

	if (tls_try(output, sizeof(output), "curl --version") || !strstr(output, "HTTP2"))
		test_skip("curl with HTTP/2 is not there");
	requiring(&info);
	server_run(&server, &info);
	CHECK_STR(tls_command("curl -sS --http2 -w ' %%{http_version}' --cacert %s --cert %s --key %s https://localhost:%d/",
			      tls_file("ca.pem"), tls_file("client.pem"), tls_file("client.key"), server.port),
		  "Test Client verified 2");
	CHECK(tls_try(output, sizeof(output), "curl -sS --http2 --cacert %s https://localhost:%d/", tls_file("ca.pem"),
		      server.port) != 0);
	server_destroy(&server);
}

/* What a callback may do in the middle of a handshake */

enum deed { KILL_SYNC, KILL_ASYNC, DESTROY_VHOST, DESTROY_OTHER_VHOST, CANCEL, DEEDS };

static enum deed deed;
static struct lws_vhost *other_vhost;
static atomic_int deeds, destroyed;

static int callback_doing(struct lws *wsi, enum lws_callback_reasons reason, void *user, void *in, size_t len)
{
	switch ((int)reason) {
	case LWS_CALLBACK_OPENSSL_PERFORM_CLIENT_CERT_VERIFICATION:
		atomic_fetch_add(&deeds, 1);
		switch (deed) {
		case KILL_SYNC:
			lws_set_timeout(wsi, PENDING_TIMEOUT_USER_OK, LWS_TO_KILL_SYNC);
			break;
		case KILL_ASYNC:
			lws_set_timeout(wsi, PENDING_TIMEOUT_USER_OK, LWS_TO_KILL_ASYNC);
			break;
		case DESTROY_VHOST:
			lws_vhost_destroy(lws_get_vhost(wsi));
			break;
		case DESTROY_OTHER_VHOST:
			lws_vhost_destroy(other_vhost);
			break;
		default:
			lws_callback_on_writable(wsi);
			lws_cancel_service(lws_get_context(wsi));
		}
		return 0;
	case LWS_CALLBACK_WSI_DESTROY:
		atomic_fetch_add(&destroyed, 1);
		return 0;
	case LWS_CALLBACK_HTTP:
		return server_reply_text(wsi, "page");
	default:
		return 0;
	}
}

static void done_in_the_callback(void)
{
	static const struct lws_protocols doing[] = { { .name = "http", .callback = callback_doing }, { 0 } };
	struct lws_context_creation_info info;
	struct server server;
	char options[1200];

	for (deed = 0; deed < DEEDS; deed++) {
		atomic_store(&deeds, 0);
		atomic_store(&destroyed, 0);
		requiring(&info);
		info.protocols = doing;
		info.vhost_name = "first.example";
		server_create(&server, &info);
		info.vhost_name = "localhost";
		info.port = server.port;
		other_vhost = server.vhost;
		REQUIRE(lws_create_vhost(server.context, &info) != NULL);
		server_start(&server);
		snprintf(options, sizeof(options), "-servername localhost %s", as("client"));
		if (deed == CANCEL)
			tls_expect_page(server.port, options, "page");
		else if (deed == DESTROY_OTHER_VHOST)
			tls_try((char[64]){ 0 }, 64, "openssl s_client -connect 127.0.0.1:%d %s </dev/null >/dev/null",
				server.port, options);
		else
			tls_expect_failure(server.port, options, NULL);
		CHECK_INT(deeds, 1);
		if (deed != DESTROY_OTHER_VHOST)
			WAIT_FOR(atomic_load(&destroyed) == 1);
		server_destroy(&server);
	}
}

/* Several service threads judge at the same time. */

static int callback_slow(struct lws *wsi, enum lws_callback_reasons reason, void *user, void *in, size_t len)
{
	union lws_tls_cert_info_results answer;

	if (reason == LWS_CALLBACK_HTTP)
		return server_reply_text(wsi, "page");
	if (reason != LWS_CALLBACK_OPENSSL_PERFORM_CLIENT_CERT_VERIFICATION)
		return 0;
	test_sleep_ms(2);
	CHECK_INT(lws_tls_peer_cert_info(wsi, LWS_TLS_CERT_INFO_COMMON_NAME, &answer, sizeof(answer.ns.name)), 0);
	CHECK_STR(answer.ns.name, len ? "Test Client" : "Stranger");
	return 0;
}

static struct lws_context *shared;
static atomic_bool stop;

static void *serve(void *tsi)
{
	while (!atomic_load(&stop) && lws_service_tsi(shared, 0, (int)(intptr_t)tsi) >= 0)
		;
	return NULL;
}

static void many_clients(int port)
{
	struct tls_client clients[8];
	struct client_response response;
	int i;

	for (i = 0; i < 8; i++) {
		tls_connect(&clients[i], port, "%s", as(i % 2 ? "stranger" : "client"));
		client_try_send(&clients[i].client, "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n", 35);
	}
	for (i = 0; i < 8; i++) {
		CHECK_INT(client_response(&clients[i].client, &response, false), i % 2 == 0);
		client_response_free(&response);
		tls_close(&clients[i]);
	}
}

static void several_threads(void)
{
	static const struct lws_protocols slow[] = { { .name = "http", .callback = callback_slow }, { 0 } };
	struct lws_context_creation_info info;
	pthread_t threads[2];
	int port;

	requiring(&info);
	info.protocols = slow;
	info.count_threads = 2;
	shared = lws_create_context(&info);
	REQUIRE(shared != NULL);
	port = lws_get_vhost_listen_port(lws_get_vhost_by_name(shared, "default"));
	for (int i = 0; i < 2; i++)
		REQUIRE_INT(pthread_create(&threads[i], NULL, serve, (void *)(intptr_t)i), 0);
	for (int i = 0; i < 3; i++)
		many_clients(port);
	atomic_store(&stop, true);
	for (int i = 0; i < 2; i++) {
		lws_cancel_service(shared);
		pthread_join(threads[i], NULL);
	}
	lws_context_destroy(shared);
}

TEST_MAIN({ "required", required },
	  { "required_by_version", required_by_version },
	  { "optional", optional },
	  { "handled_by_nobody", handled_by_nobody },
	  { "resumed", resumed },
	  { "more_trust", more_trust },
	  { "by_name", by_name },
	  { "asked_by_other_threads", asked_by_other_threads },
	  { "over_http2", over_http2 },
	  { "done_in_the_callback", done_in_the_callback },
	  { "several_threads", several_threads })
