/* OpenSSL's objects do not exist here; who asks for one hears what to use instead, once. */
#include "check.h"
#include "client.h"
#include "server.h"

static atomic_int hints, errors;

static void count_lines(int level, const char *line)
{
	if (level == LLL_NOTICE && strstr(line, "lws_get_ssl") && strstr(line, "lws_tls_peer_cert_info()") &&
	    strstr(line, "lws_is_ssl()") && strstr(line, "lws_get_socket_fd()"))
		atomic_fetch_add(&hints, 1);
	if (level == LLL_ERR)
		atomic_fetch_add(&errors, 1);
}

static int callback_asking(struct lws *wsi, enum lws_callback_reasons reason, void *user, void *in, size_t len)
{
	(void)user;
	(void)in;
	(void)len;
	if (reason != LWS_CALLBACK_HTTP)
		return 0;
	CHECK_PTR(lws_get_ssl(wsi), NULL);
	CHECK_PTR(lws_get_ssl(wsi), NULL);
	return server_reply_text(wsi, "asked");
}

static void no_object_and_one_hint(void)
{
	static const struct lws_protocols protocols[] = {
		{ .name = "http", .callback = callback_asking },
		{ 0 },
	};
	struct lws_context_creation_info info;
	struct client_response response;
	struct server server;

	server_info(&info, protocols);
	server_run(&server, &info);
	lws_set_log_level(LLL_ERR | LLL_NOTICE, count_lines);
	for (int i = 0; i < 3; i++) {
		client_get(server.port, "/", NULL, &response);
		CHECK_STR((char *)response.body, "asked");
		client_response_free(&response);
	}
	CHECK_INT(hints, 1);
	CHECK_INT(errors, 0);

	CHECK_PTR(lws_get_ssl(NULL), NULL);
	CHECK_INT(hints, 1);
	CHECK_INT(errors, 1);
	lws_set_log_level(0, count_lines);
	server_destroy(&server);
}

TEST_MAIN({ "no_object_and_one_hint", no_object_and_one_hint })
