/*
 * WebSockets that name HTTP/2 and HTTP/1.1, with servers that choose HTTP/2 and carry no WebSocket by it: nginx and one of
 * ours. A case is skipped where its server is not installed.
 *
 * usage: older_version DIRECTORY-OF-OLDER_VERSION.PY [case...]
 */
#include "check.h"
#include "outcome.h"
#include "script.h"
#include "server.h"

#include <stdio.h>

#define MOST 24

static int nginx_port, plain_port, our_port, socks_port;
static struct lws_context *context;

static struct one {
	struct outcome outcome;
	int made, instantiated, appended;
	char first[64], echoed[64], body[64];
} all[MOST];
static int logged, over;

static void count_lines(int level, const char *line)
{
	logged += strstr(line, "connecting again, by HTTP/1.1") != NULL;
	(void)level;
}

static int on_client(struct lws *wsi, enum lws_callback_reasons reason, void *user, void *in, size_t len)
{
	struct one *one = user;
	unsigned char text[LWS_PRE + 8];

	if (!one)
		return 0; /* the connection that carries streams */
	outcome_note(&one->outcome, wsi, reason, in);
	switch (reason) {
	case LWS_CALLBACK_WSI_CREATE:
		one->made++;
		break;
	case LWS_CALLBACK_SERVER_NEW_CLIENT_INSTANTIATED:
		one->instantiated++;
		break;
	case LWS_CALLBACK_CLIENT_APPEND_HANDSHAKE_HEADER:
		one->appended++;
		break;
	case LWS_CALLBACK_CLIENT_RECEIVE:
		if (!one->first[0]) {
			lws_strnncpy(one->first, in, len, sizeof(one->first));
			lws_callback_on_writable(wsi);
			break;
		}
		lws_strnncpy(one->echoed, in, len, sizeof(one->echoed));
		lws_close_reason(wsi, LWS_CLOSE_STATUS_NORMAL, NULL, 0);
		return -1;
	case LWS_CALLBACK_CLIENT_WRITEABLE:
		memcpy(text + LWS_PRE, "hello", 5);
		return lws_write(wsi, text + LWS_PRE, 5, LWS_WRITE_TEXT) == 5 ? 0 : -1;
	case LWS_CALLBACK_RECEIVE_CLIENT_HTTP:
		return outcome_read(wsi, 64);
	case LWS_CALLBACK_RECEIVE_CLIENT_HTTP_READ:
		lws_strnncpy(one->body, in, len, sizeof(one->body));
		break;
	case LWS_CALLBACK_WSI_DESTROY:
		over++;
		break;
	default:
		break;
	}
	return 0;
}

static const struct lws_protocols protocols[] = {
	{ "echo", on_client, 0, 0, 0, NULL, 0 },
	{ NULL, NULL, 0, 0, 0, NULL, 0 }
};

static void begin(int *port)
{
	static char socks[32];
	struct lws_context_creation_info info;
	int ports[4];

	script_needs("websockets");
	script_start("older_version.py", "", ports, 4);
	nginx_port = ports[0];
	plain_port = ports[1];
	our_port = ports[2];
	socks_port = ports[3];
	if (!*port)
		test_skip("the server is not installed");
	server_info(&info, protocols);
	info.port = CONTEXT_PORT_NO_LISTEN;
	info.iface = NULL;
	info.options |= LWS_SERVER_OPTION_DO_SSL_GLOBAL_INIT;
	info.timeout_secs = 2;
	if (port == &socks_port) {
		snprintf(socks, sizeof(socks), "127.0.0.1:%d", socks_port);
		info.socks_proxy_address = socks;
	}
	lws_set_log_level(LLL_ERR | LLL_WARN | LLL_INFO, count_lines);
	context = lws_create_context(&info);
	REQUIRE(context != NULL);
}

static void ask_of(int port, struct one *one, const char *method, const char *path, const char *alpn, int flags)
{
	struct lws_client_connect_info info;

	memset(&info, 0, sizeof(info));
	info.context = context;
	info.address = "127.0.0.1";
	info.port = port;
	info.path = path;
	info.method = method;
	info.protocol = "echo";
	info.alpn = alpn;
	info.userdata = one;
	info.ssl_connection = flags;
	REQUIRE(lws_client_connect_via_info(&info) != NULL);
}

#define INSECURE (LCCSCF_ALLOW_SELFSIGNED | LCCSCF_SKIP_SERVER_CERT_HOSTNAME_CHECK)
#define TLS (LCCSCF_USE_SSL | INSECURE)

/* One that was carried as if nothing had been. */
static void check_echoed(struct one *one)
{
	CHECK_STR(one->outcome.error, "");
	CHECK_STR(one->echoed, "hello");
	CHECK_INT(one->made, 1);
	CHECK_INT(one->instantiated, 1);
	CHECK_INT(one->appended, 1);
	CHECK_INT(one->outcome.established, 1);
	CHECK_INT(one->outcome.closed, 1);
	CHECK_INT(one->outcome.failed, 0);
	CHECK_INT(one->outcome.destroyed, 1);
}

static void check_failed(struct one *one, const char *error)
{
	CHECK_STR(one->outcome.error, error);
	CHECK_INT(one->outcome.failed, 1);
	CHECK_INT(one->outcome.closed, 0);
	CHECK_INT(one->outcome.established, 0);
	CHECK_INT(one->outcome.destroyed, 1);
}

static void end(void)
{
	lws_context_destroy(context);
}

static void both_named(void)
{
	begin(&nginx_port);
	ask_of(nginx_port, &all[0], NULL, "/ws", "h2,http/1.1", TLS);
	SERVE_UNTIL(context, over == 1);
	check_echoed(&all[0]);
	CHECK_INT(logged, 1);
	/* The next one asks again. */
	ask_of(nginx_port, &all[1], NULL, "/ws", "h2, http/1.1", TLS);
	SERVE_UNTIL(context, over == 2);
	check_echoed(&all[1]);
	CHECK_INT(logged, 2);
	end();
}

static void only_http2_named(void)
{
	begin(&nginx_port);
	ask_of(nginx_port, &all[0], NULL, "/ws", "h2", TLS);
	SERVE_UNTIL(context, over == 1);
	check_failed(&all[0], "HS: ws upgrade refused: the server has no extended CONNECT");
	CHECK_INT(logged, 0);
	end();
}

/* WebSockets and requests that may share connections: the requests go on by HTTP/2, on one. */
static void sharing(void)
{
	int i, k;

	begin(&nginx_port);
	for (i = 0; i < MOST; i++)
		ask_of(nginx_port, &all[i], i % 2 ? "GET" : NULL, i % 2 ? "/" : "/ws", "h2,http/1.1", TLS | LCCSCF_PIPELINE);
	SERVE_UNTIL(context, over == MOST);
	for (i = 0; i < MOST; i++) {
		if (i % 2) {
			CHECK_INT(all[i].outcome.status, 200);
			CHECK(!strncmp(all[i].body, "HTTP/2.0 ", 9));
			CHECK_STR(all[i].body, all[1].body);
			CHECK_INT(all[i].outcome.completed, 1);
			continue;
		}
		check_echoed(&all[i]);
		for (k = 0; k < i; k += 2)
			CHECK(strcmp(all[i].first, all[k].first));
	}
	end();
}

/* A redirect on the same server, and one that leads there. */
static void redirected(void)
{
	begin(&nginx_port);
	ask_of(nginx_port, &all[0], NULL, "/moved", "h2,http/1.1", TLS);
	SERVE_UNTIL(context, over == 1);
	CHECK_STR(all[0].echoed, "hello");
	CHECK_INT(all[0].appended, 2);
	CHECK_INT(all[0].outcome.failed, 0);
	CHECK_INT(all[0].outcome.closed, 1);
	CHECK_INT(logged, 1); /* the server is known meanwhile */
	ask_of(plain_port, &all[1], NULL, "/moved", "h2,http/1.1", INSECURE);
	SERVE_UNTIL(context, over == 2);
	CHECK_STR(all[1].echoed, "hello");
	CHECK_INT(all[1].outcome.failed, 0);
	end();
}

static void through_proxy(void)
{
	begin(&socks_port);
	if (!nginx_port)
		test_skip("nginx is not installed");
	ask_of(nginx_port, &all[0], NULL, "/ws", "h2,http/1.1", TLS);
	SERVE_UNTIL(context, over == 1);
	check_echoed(&all[0]);
	CHECK_INT(logged, 1);
	end();
}

/* What is wrong with the second connection is told as with any. */
static void second_fails(void)
{
	begin(&our_port);
	ask_of(our_port, &all[0], NULL, "/end", "h2,http/1.1", TLS);
	ask_of(our_port, &all[1], NULL, "/", "h2,http/1.1", TLS);
	SERVE_UNTIL(context, over == 2);
	check_failed(&all[0], "read failed");
	check_failed(&all[1], "Timed out waiting server reply");
	CHECK_INT(logged, 2);
	end();
}

/* The context is destroyed in the middle. */
static void destroyed(void)
{
	int i;

	begin(&our_port);
	for (i = 0; i < 8; i++)
		ask_of(our_port, &all[i], NULL, "/", "h2,http/1.1", TLS | (i % 2 ? LCCSCF_PIPELINE : 0));
	SERVE_UNTIL(context, logged >= 3);
	end();
	for (i = 0; i < 8; i++) {
		CHECK_INT(all[i].outcome.failed + all[i].outcome.closed, 1);
		CHECK_INT(all[i].outcome.destroyed, 1);
	}
}

SCRIPT_TEST_MAIN({ "both_named", both_named }, { "only_http2_named", only_http2_named }, { "sharing", sharing },
		 { "redirected", redirected }, { "through_proxy", through_proxy }, { "second_fails", second_fails },
		 { "destroyed", destroyed })
