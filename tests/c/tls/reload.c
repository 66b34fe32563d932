/* New certificates while a server serves: by call, by watching files; failures change nothing. */
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "check.h"
#include "lines.h"
#include "server.h"
#include "tls.h"

static struct {
	char certificate[512], key[512];
} paths;

static atomic_int updates, failures;
static atomic_bool reload_inside;
static atomic_int reloaded_inside;

static int callback_page(struct lws *wsi, enum lws_callback_reasons reason, void *user, void *in, size_t len)
{
	switch ((int)reason) {
	case LWS_CALLBACK_HTTP:
		if (atomic_load(&reload_inside))
			atomic_store(&reloaded_inside,
				     1 + lws_tls_vhost_reload_cert(lws_get_vhost(wsi), NULL, 0, NULL, 0));
		return server_reply_text(wsi, "here");
	case LWS_CALLBACK_VHOST_CERT_UPDATE:
		CHECK_PTR(in, NULL);
		CHECK(lws_get_vhost(wsi) != NULL);
		atomic_fetch_add(len == LWS_CUS_SUCCESS ? &updates : &failures, 1);
		CHECK(len == LWS_CUS_SUCCESS || len == LWS_CUS_FAILED);
		return 0;
	default:
		return 0;
	}
}

static const struct lws_protocols protocols[] = {
	{ .name = "http", .callback = callback_page },
	{ 0 },
};

static void put(const char *certificate, const char *key)
{
	if (key)
		tls_copy(key, paths.key);
	if (certificate)
		tls_copy(certificate, paths.certificate);
}

/* A server whose files are copies of its own, "server" */
static void serve(struct server *server, struct lws_context_creation_info *info)
{
	snprintf(paths.certificate, sizeof(paths.certificate), "%s/cert.pem", test_directory());
	snprintf(paths.key, sizeof(paths.key), "%s/key.pem", test_directory());
	put("server.pem", "server.key");
	server_info(info, protocols);
	info->options |= LWS_SERVER_OPTION_DO_SSL_GLOBAL_INIT;
	info->ssl_cert_filepath = paths.certificate;
	info->ssl_private_key_filepath = paths.key;
	server_run(server, info);
	CHECK_INT(tls_serial(server->port, ""), 3);
}

static void from_files(void)
{
	struct lws_context_creation_info info;
	struct client_response response;
	struct tls_client before;
	struct server server;

	serve(&server, &info);
	tls_connect(&before, server.port, "%s", "");
	client_print(&before.client, "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n");
	REQUIRE(client_response(&before.client, &response, false));
	client_response_free(&response);

	put("renewed.pem", "renewed.key");
	CHECK_INT(lws_tls_vhost_reload_cert(server.vhost, NULL, 0, NULL, 0), 0);
	CHECK_INT(tls_serial(server.port, ""), 99);
	tls_expect_page(server.port, tls_verifying(), "here");

	/* Nothing new is no error. */
	CHECK_INT(lws_tls_vhost_reload_cert(server.vhost, NULL, 0, NULL, 0), 0);

	/* In a callback */
	put("server.pem", "server.key");
	atomic_store(&reload_inside, true);
	tls_expect_page(server.port, "", "here");
	CHECK_INT(reloaded_inside, 1);
	CHECK_INT(tls_serial(server.port, ""), 3);

	/* The connection from before is still there. */
	client_print(&before.client, "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n");
	REQUIRE(client_response(&before.client, &response, false));
	CHECK_STR((char *)response.body, "here");
	client_response_free(&response);
	tls_close(&before);
	server_destroy(&server);
}

static void what_cannot_be_used(void)
{
	struct lws_context_creation_info info;
	struct server server;

	serve(&server, &info);
	lines_keep();
	put(NULL, "one.key");
	CHECK_INT(lws_tls_vhost_reload_cert(server.vhost, NULL, 0, NULL, 0), -1);
	CHECK(lines_have(LLL_ERR, "key.pem", "does not match"));
	put("server.key", "server.key");
	CHECK_INT(lws_tls_vhost_reload_cert(server.vhost, NULL, 0, NULL, 0), -1);
	CHECK(lines_have(LLL_ERR, "cert.pem", "no certificate"));
	unlink(paths.certificate);
	CHECK_INT(lws_tls_vhost_reload_cert(server.vhost, NULL, 0, NULL, 0), -1);
	CHECK(lines_have(LLL_ERR, "cert.pem", "does not exist"));
	CHECK(lines_have(LLL_ERR, "vhost default", "stays as it is"));
	CHECK_INT(lws_tls_vhost_reload_cert(server.vhost, "nonsense", 8, "nonsense", 8), -1);
	CHECK_INT(lws_tls_vhost_reload_cert(server.vhost, NULL, 0, "nonsense", 8), -1);
	CHECK_INT(lws_tls_vhost_reload_cert(server.vhost, "nonsense", 8, NULL, 0), -1);
	CHECK_INT(lws_tls_vhost_reload_cert(NULL, NULL, 0, NULL, 0), -1);
	lines_end();
	CHECK_INT(tls_serial(server.port, ""), 3);
	tls_expect_page(server.port, tls_verifying(), "here");
	put("renewed.pem", "renewed.key");
	CHECK_INT(lws_tls_vhost_reload_cert(server.vhost, NULL, 0, NULL, 0), 0);
	CHECK_INT(tls_serial(server.port, ""), 99);
	server_destroy(&server);
}

static void from_memory(void)
{
	struct lws_context_creation_info info;
	size_t certificate_length, key_length;
	void *certificate, *key;
	struct server server;

	serve(&server, &info);
	certificate = tls_read("renewed.pem", &certificate_length);
	key = tls_read("renewed.key", &key_length);
	CHECK_INT(lws_tls_vhost_reload_cert(server.vhost, certificate, certificate_length, key, key_length), 0);
	memset(certificate, 'x', certificate_length);
	memset(key, 'x', key_length);
	CHECK_INT(tls_serial(server.port, ""), 99);
	tls_expect_page(server.port, tls_verifying(), "here");
	free(certificate);
	free(key);

	/* Both in one */
	certificate = tls_read("server-both.pem", &certificate_length);
	CHECK_INT(lws_tls_vhost_reload_cert(server.vhost, certificate, certificate_length, NULL, 0), 0);
	CHECK_INT(tls_serial(server.port, ""), 3);
	free(certificate);

	/* Back to the files */
	put("renewed.pem", "renewed.key");
	CHECK_INT(lws_tls_vhost_reload_cert(server.vhost, NULL, 0, NULL, 0), 0);
	CHECK_INT(tls_serial(server.port, ""), 99);
	server_destroy(&server);
}

static void written_by_acme(void)
{
	struct lws_context_creation_info info;
	size_t certificate_length, key_length;
	void *certificate, *key;
	struct server server;
	char path[600];

	serve(&server, &info);
	snprintf(path, sizeof(path), "%s.upd", paths.certificate);
	tls_copy("renewed.pem", path);
	snprintf(path, sizeof(path), "%s.upd", paths.key);
	tls_copy("renewed.key", path);
	CHECK_INT(lws_tls_cert_updated(server.context, paths.certificate, paths.key, NULL, 0, NULL, 0), 0);
	CHECK_INT(tls_serial(server.port, ""), 99);
	CHECK(access(path, F_OK));
	snprintf(path, sizeof(path), "%s.old.0", paths.key);
	CHECK_STR(tls_command("cmp %s %s", path, tls_file("server.key")), "");
	CHECK_STR(tls_command("cmp %s %s", paths.key, tls_file("renewed.key")), "");

	/* Again, and another file is kept. */
	snprintf(path, sizeof(path), "%s.upd", paths.certificate);
	tls_copy("server.pem", path);
	snprintf(path, sizeof(path), "%s.upd", paths.key);
	tls_copy("server.key", path);
	CHECK_INT(lws_tls_cert_updated(server.context, paths.certificate, paths.key, NULL, 0, NULL, 0), 0);
	CHECK_INT(tls_serial(server.port, ""), 3);
	snprintf(path, sizeof(path), "%s.old.1", paths.key);
	CHECK_STR(tls_command("cmp %s %s", path, tls_file("renewed.key")), "");

	/* The files are out of reach: what the program has in memory is used. */
	unlink(paths.certificate);
	unlink(paths.key);
	lines_end();
	CHECK(lws_tls_cert_updated(server.context, paths.certificate, paths.key, NULL, 0, NULL, 0) != 0);
	CHECK(lws_tls_cert_updated(server.context, NULL, NULL, NULL, 0, NULL, 0) != 0);
	certificate = tls_read("renewed.pem", &certificate_length);
	key = tls_read("renewed.key", &key_length);
	CHECK_INT(lws_tls_cert_updated(server.context, paths.certificate, paths.key, certificate, certificate_length, key,
				       key_length), 0);
	CHECK_INT(tls_serial(server.port, ""), 99);
	free(certificate);
	free(key);
	server_destroy(&server);
}

static void update_found_at_the_start(void)
{
	struct lws_context_creation_info info;
	struct server server;
	char path[600];

	serve(&server, &info);
	server_destroy(&server);
	snprintf(path, sizeof(path), "%s.upd", paths.certificate);
	tls_copy("renewed.pem", path);
	snprintf(path, sizeof(path), "%s.upd", paths.key);
	tls_copy("renewed.key", path);
	server_run(&server, &info);
	CHECK_INT(tls_serial(server.port, ""), 99);
	server_destroy(&server);
}

static void watched(void)
{
	struct lws_context_creation_info info;
	struct server server;

	serve(&server, &info);
	lines_end();
	CHECK_INT(lws_tls_vhost_watch_cert(server.vhost, -1), -1);
	CHECK_INT(lws_tls_vhost_watch_cert(server.vhost, 1), 0);
	put("renewed.pem", "renewed.key");
	WAIT_FOR(atomic_load(&updates) > 0);
	CHECK_INT(tls_serial(server.port, ""), 99);

	put(NULL, "one.key");
	WAIT_FOR(atomic_load(&failures) > 0);
	CHECK_INT(tls_serial(server.port, ""), 99);
	put("server.pem", "server.key");
	WAIT_FOR(tls_serial(server.port, "") == 3);
	CHECK_INT(lws_tls_vhost_watch_cert(server.vhost, 0), 0);
	CHECK_INT(lws_tls_vhost_watch_cert(server.vhost, 1), 0);
	/* Watched until its end */
	lws_vhost_destroy(server.vhost);
	test_sleep_ms(1100);
	server_destroy(&server);
}

/* Reloads beside handshakes and each other */

static atomic_bool stop;

static void *reload_often(void *argument)
{
	struct lws_vhost *vhost = argument;
	union lws_tls_cert_info_results answer;
	size_t lengths[4];
	void *files[4] = { tls_read("server.pem", &lengths[0]), tls_read("server.key", &lengths[1]),
			   tls_read("renewed.pem", &lengths[2]), tls_read("renewed.key", &lengths[3]) };
	int i = 0;

	while (!atomic_load(&stop)) {
		i = 2 - i;
		CHECK_INT(lws_tls_vhost_reload_cert(vhost, files[i], lengths[i], files[i + 1], lengths[i + 1]), 0);
		CHECK_INT(lws_tls_vhost_cert_info(vhost, LWS_TLS_CERT_INFO_VALIDITY_TO, &answer, 0), 0);
		test_sleep_ms(1);
	}
	for (i = 0; i < 4; i++)
		free(files[i]);
	return NULL;
}

static void from_other_threads(void)
{
	struct lws_context_creation_info info;
	struct server server;
	pthread_t threads[2];

	serve(&server, &info);
	for (int i = 0; i < 2; i++)
		REQUIRE_INT(pthread_create(&threads[i], NULL, reload_often, server.vhost), 0);
	for (int i = 0; i < 20; i++)
		tls_expect_page(server.port, tls_verifying(), "here");
	atomic_store(&stop, true);
	for (int i = 0; i < 2; i++)
		pthread_join(threads[i], NULL);
	server_destroy(&server);
}

TEST_MAIN({ "from_files", from_files },
	  { "what_cannot_be_used", what_cannot_be_used },
	  { "from_memory", from_memory },
	  { "written_by_acme", written_by_acme },
	  { "update_found_at_the_start", update_found_at_the_start },
	  { "watched", watched },
	  { "from_other_threads", from_other_threads })
