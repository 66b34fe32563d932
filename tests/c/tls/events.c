/* LWS_CALLBACK_VHOST_CERT_AGING, LWS_CALLBACK_SSL_INFO, sessions that are resumed. */
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "check.h"
#include "lines.h"
#include "server.h"
#include "tls.h"

static struct {
	int rounds;
	char order[1024];
	struct lws_vhost *about[32];
	long days[32];
} ageing;

static int aged(struct lws *wsi, const struct lws_acme_cert_aging_args *args, size_t len, int second)
{
	static char mark[] = "wish";
	char line[64];

	CHECK(lws_get_vhost(wsi) != NULL);
	CHECK(args->vh != NULL);
	if (ageing.rounds < 32) {
		ageing.about[ageing.rounds] = args->vh;
		ageing.days[ageing.rounds++] = (long)(ssize_t)len;
	}
	lws_snprintf(line, sizeof(line), "%s.%d:%s ", lws_get_vhost_name(lws_get_vhost(wsi)), second,
		     lws_get_vhost_name(args->vh));
	strncat(ageing.order, line, sizeof(ageing.order) - strlen(ageing.order) - 1);
	/* What one protocol wishes, the next one sees. */
	if (!second)
		((struct lws_acme_cert_aging_args *)args)->element_overrides[LWS_TLS_REQ_ELEMENT_EMAIL] = mark;
	else
		CHECK_PTR(args->element_overrides[LWS_TLS_REQ_ELEMENT_EMAIL], mark);
	return 1; /* ignored */
}

static int callback_first(struct lws *wsi, enum lws_callback_reasons reason, void *user, void *in, size_t len)
{
	if (reason == LWS_CALLBACK_VHOST_CERT_AGING)
		return aged(wsi, in, len, 0);
	if (reason == LWS_CALLBACK_HTTP)
		return server_reply_text(wsi, lws_tls_session_is_reused(wsi) ? "resumed" : "fresh");
	return 0;
}

static int callback_second(struct lws *wsi, enum lws_callback_reasons reason, void *user, void *in, size_t len)
{
	if (reason == LWS_CALLBACK_PROTOCOL_INIT)
		CHECK_INT(ageing.rounds, 0);
	return reason == LWS_CALLBACK_VHOST_CERT_AGING ? aged(wsi, in, len, 1) : 0;
}

static const struct lws_protocols ageing_protocols[] = {
	{ .name = "first", .callback = callback_first },
	{ .name = "second", .callback = callback_second },
	{ 0 },
};

static void ageing_info(struct lws_context_creation_info *info, const char *name)
{
	char file[64];

	server_info(info, ageing_protocols);
	info->options |= LWS_SERVER_OPTION_DO_SSL_GLOBAL_INIT | LWS_SERVER_OPTION_EXPLICIT_VHOSTS;
	info->vhost_name = name;
	snprintf(file, sizeof(file), "%s.pem", name);
	info->ssl_cert_filepath = tls_file(file);
	snprintf(file, sizeof(file), "%s.key", name);
	info->ssl_private_key_filepath = tls_file(file);
}

static void told_at_the_start(void)
{
	struct lws_context_creation_info info;
	struct lws_vhost *server, *expired, *plain;
	struct lws_context *context;

	ageing_info(&info, "server");
	context = lws_create_context(&info);
	REQUIRE(context != NULL);
	lines_keep();
	server = lws_create_vhost(context, &info);
	ageing_info(&info, "expired");
	lines_keep();
	expired = lws_create_vhost(context, &info);
	ageing_info(&info, "plain");
	info.ssl_cert_filepath = info.ssl_private_key_filepath = NULL;
	plain = lws_create_vhost(context, &info);
	REQUIRE(server && expired && plain);
	CHECK_INT(ageing.rounds, 0);
	lws_service(context, -1);
	CHECK_STR(ageing.order, "server.0:server server.1:server expired.0:server expired.1:server plain.0:server plain.1:server "
				"server.0:expired server.1:expired expired.0:expired expired.1:expired plain.0:expired "
				"plain.1:expired "
				"server.0:plain server.1:plain expired.0:plain expired.1:plain plain.0:plain plain.1:plain ");
	/* 20 in the very second in which the certificate was made */
	CHECK(ageing.days[0] == 19 || ageing.days[0] == 20);
	CHECK(ageing.days[6] < -1000);
	CHECK_INT(ageing.days[12], 0);
	lws_service(context, -1);
	CHECK_INT(ageing.rounds, 18);

	/* A vhost that is made later has all told again. */
	ageing.rounds = 0;
	ageing.order[0] = '\0';
	ageing_info(&info, "one");
	lws_set_log_level(0, NULL);
	REQUIRE(lws_create_vhost(context, &info) != NULL);
	CHECK_INT(ageing.rounds, 32);
	CHECK(strstr(ageing.order, "one.0:server one.1:server ") != NULL);
	lws_context_destroy(context);
}

static void nothing_to_tell(void)
{
	struct lws_context_creation_info info;
	struct lws_context *context;

	ageing_info(&info, "plain");
	info.ssl_cert_filepath = info.ssl_private_key_filepath = NULL;
	info.options &= ~LWS_SERVER_OPTION_EXPLICIT_VHOSTS;
	context = lws_create_context(&info);
	REQUIRE(context != NULL);
	lws_service(context, -1);
	CHECK_INT(ageing.rounds, 0);
	lws_context_destroy(context);
}

/* Handshakes */

static atomic_int started, succeeded, refuse_at;

/* What came, by letters; the service thread's until the server is stopped. */
static char letters[64];

static void note(char letter)
{
	size_t n = strlen(letters);

	if (n < sizeof(letters) - 1)
		letters[n] = letter;
}

static int callback_events(struct lws *wsi, enum lws_callback_reasons reason, void *user, void *in, size_t len)
{
	const struct lws_ssl_info *event = in;

	switch ((int)reason) {
	case LWS_CALLBACK_SSL_INFO:
		CHECK(event->where == 0x10 || event->where == 0x20);
		CHECK_INT(event->ret, 1);
		CHECK_INT(len, 0);
		CHECK(lws_get_socket_fd(wsi) >= 0);
		CHECK_INT(lws_is_ssl(wsi), 1);
		note(event->where == 0x10 ? 's' : 'd');
		atomic_fetch_add(event->where == 0x10 ? &started : &succeeded, 1);
		return event->where == atomic_load(&refuse_at);
	case LWS_CALLBACK_SERVER_NEW_CLIENT_INSTANTIATED:
		note('i');
		return 0;
	case LWS_CALLBACK_WSI_DESTROY:
		note('.');
		return 0;
	case LWS_CALLBACK_HTTP:
		return server_reply_text(wsi, "page");
	default:
		return 0;
	}
}

static void handshakes(void)
{
	static const struct lws_protocols protocols[] = { { .name = "http", .callback = callback_events }, { 0 } };
	struct lws_context_creation_info info;
	struct server server;
	char options[600];

	server_info(&info, protocols);
	info.options |= LWS_SERVER_OPTION_DO_SSL_GLOBAL_INIT;
	info.ssl_cert_filepath = tls_file("server.pem");
	info.ssl_private_key_filepath = tls_file("server.key");
	server_run(&server, &info);
	tls_expect_page(server.port, "", "page");
	CHECK_INT(started + succeeded, 0);
	server_destroy(&server);
	CHECK_STR(letters, "i.");
	memset(letters, 0, sizeof(letters));

	info.ssl_info_event_mask = 0x10 | 0x20;
	server_run(&server, &info);
	tls_expect_page(server.port, "", "page");
	CHECK_INT(started, 1);
	CHECK_INT(succeeded, 1);
	/* One that fails */
	snprintf(options, sizeof(options), "-CAfile %s -verify_return_error", tls_file("other-ca.pem"));
	tls_expect_failure(server.port, options, "verify");
	CHECK_INT(started, 2);
	atomic_store(&refuse_at, 0x10);
	tls_expect_failure(server.port, "", NULL);
	CHECK_INT(started, 3);
	CHECK_INT(succeeded, 1);
	atomic_store(&refuse_at, 0x20);
	tls_expect_failure(server.port, "", NULL);
	CHECK_INT(started, 4);
	CHECK_INT(succeeded, 2);
	server_destroy(&server);
	CHECK_STR(letters, "sid.si.s.sid.");
}

static void resumption(void)
{
	struct lws_context_creation_info info;
	struct server server;
	char options[600], session[300];

	snprintf(session, sizeof(session), "%s/session", test_directory());
	snprintf(options, sizeof(options), "-tls1_2 -sess_out %s", session);
	ageing_info(&info, "server");
	info.options &= ~LWS_SERVER_OPTION_EXPLICIT_VHOSTS;
	info.options |= LWS_SERVER_OPTION_DISABLE_TLS_SESSION_CACHE;
	server_run(&server, &info);
	tls_expect_page(server.port, options, "fresh");
	CHECK(access(session, F_OK)); /* there is nothing to resume */
	server_destroy(&server);

	ageing.rounds = 0;
	info.options &= ~LWS_SERVER_OPTION_DISABLE_TLS_SESSION_CACHE;
	server_run(&server, &info);
	tls_expect_page(server.port, options, "fresh");
	snprintf(options, sizeof(options), "-tls1_2 -sess_in %s", session);
	tls_expect_page(server.port, options, "resumed");
	server_destroy(&server);
}

/* Further clients wait until others have left. */

static atomic_int served;

static int callback_counting(struct lws *wsi, enum lws_callback_reasons reason, void *user, void *in, size_t len)
{
	if (reason == LWS_CALLBACK_HTTP) {
		atomic_fetch_add(&served, 1);
		return server_reply_text(wsi, "page");
	}
	return 0;
}

static void as_many_as_allowed(void)
{
	static const struct lws_protocols protocols[] = { { .name = "http", .callback = callback_counting }, { 0 } };
	struct lws_context_creation_info info;
	struct client_response response;
	struct tls_client clients[4];
	struct server server;
	double until;

	server_info(&info, protocols);
	info.options |= LWS_SERVER_OPTION_DO_SSL_GLOBAL_INIT;
	info.ssl_cert_filepath = tls_file("server.pem");
	info.ssl_private_key_filepath = tls_file("server.key");
	info.simultaneous_ssl_restriction = 2;
	server_run(&server, &info);
	for (int i = 0; i < 4; i++) {
		tls_connect(&clients[i], server.port, "%s", "");
		client_print(&clients[i].client, "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n");
	}
	WAIT_FOR(atomic_load(&served) == 2);
	test_sleep_ms(300);
	CHECK_INT(served, 2);
	/* In any order: those that have been served leave, so that the others are. */
	until = test_now() + test_deadline();
	for (int left = 4, j = 0; left && test_now() < until; j = (j + 1) % 4)
		if (clients[j].pid && !client_silent(&clients[j].client, 1)) {
			CHECK(client_response(&clients[j].client, &response, false));
			client_response_free(&response);
			tls_close(&clients[j]);
			left--;
		}
	WAIT_FOR(atomic_load(&served) == 4);
	for (int i = 0; i < 4; i++)
		tls_close(&clients[i]);
	tls_expect_page(server.port, "", "page");
	server_destroy(&server);
}

TEST_MAIN({ "told_at_the_start", told_at_the_start },
	  { "nothing_to_tell", nothing_to_tell },
	  { "handshakes", handshakes },
	  { "resumption", resumption },
	  { "as_many_as_allowed", as_many_as_allowed })
