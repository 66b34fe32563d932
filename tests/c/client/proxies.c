/*
 * Clients through proxies that others wrote: tinyproxy, microsocks, dante. A case is skipped where its proxy is not
 * installed.
 *
 * usage: proxies DIRECTORY-OF-PROXIES.PY [case...]
 */
#include "check.h"
#include "outcome.h"
#include "peer.h"
#include "script.h"
#include "server.h"

#include <stdio.h>
#include <stdlib.h>

static int server_port, proxy_port;

static void start(const char *kind)
{
	int ports[2];

	script_needs("websockets");
	script_start("proxies.py", kind, ports, 2);
	server_port = ports[0];
	proxy_port = ports[1];
	if (!proxy_port)
		test_skip("the proxy is not installed");
}

static struct {
	int http2;
	char body[256], message[32];
} seen;
static struct outcome outcome;

static int on_client(struct lws *wsi, enum lws_callback_reasons reason, void *user, void *in, size_t len)
{
	char buffer[LWS_PRE + 64], *p = buffer + LWS_PRE;

	outcome_note(&outcome, wsi, reason, in);
	switch (reason) {
	case LWS_CALLBACK_CLIENT_ESTABLISHED:
	case LWS_CALLBACK_RAW_CONNECTED:
		lws_callback_on_writable(wsi);
		break;
	case LWS_CALLBACK_CLIENT_WRITEABLE:
		memcpy(p, "hello", 5);
		return lws_write(wsi, (unsigned char *)p, 5, LWS_WRITE_TEXT) == 5 ? 0 : -1;
	case LWS_CALLBACK_CLIENT_RECEIVE:
		lws_strnncpy(seen.message, in, len, sizeof(seen.message));
		return -1;
	case LWS_CALLBACK_ESTABLISHED_CLIENT_HTTP:
		seen.http2 = lws_get_network_wsi(wsi) != wsi;
		break;
	case LWS_CALLBACK_RAW_WRITEABLE:
		return lws_write(wsi, (unsigned char *)"hello\n", 6, LWS_WRITE_RAW) == 6 ? 0 : -1;
	case LWS_CALLBACK_RAW_RX:
		lws_strnncpy(seen.message + strlen(seen.message), in, len, sizeof(seen.message) - strlen(seen.message));
		return strchr(seen.message, '\n') ? -1 : 0;
	case LWS_CALLBACK_RECEIVE_CLIENT_HTTP:
		return outcome_read(wsi, 64);
	case LWS_CALLBACK_RECEIVE_CLIENT_HTTP_READ:
		lws_strnncpy(seen.body, in, len, sizeof(seen.body));
		break;
	default:
		break;
	}

	return 0;
}

static const struct lws_protocols protocols[] = {
	{ "echo", on_client, 16, 0, 0, NULL, 0 },
	{ NULL, NULL, 0, 0, 0, NULL, 0 }
};

/* The proxy's text: format has a %d for its port. */
static const char *at_port(const char *format)
{
	static char text[128];

	snprintf(text, sizeof(text), format, proxy_port);
	return text;
}

static struct lws_context *create(struct lws_context_creation_info *info)
{
	struct lws_context *context;

	info->port = CONTEXT_PORT_NO_LISTEN;
	info->options |= LWS_SERVER_OPTION_DO_SSL_GLOBAL_INIT;
	context = lws_create_context(info);
	REQUIRE(context != NULL);
	return context;
}

static int flags; /* LCCSCF_ */

static struct lws *begin(struct lws_context *context, const char *address, int port, const char *method)
{
	struct lws_client_connect_info client;

	memset(&client, 0, sizeof(client));
	client.context = context;
	client.address = address;
	client.port = port;
	client.path = method ? "/http" : "/";
	client.method = method;
	client.protocol = "echo";
	client.ssl_connection = flags;
	return lws_client_connect_via_info(&client);
}

/* One connection from beginning to end */
static void connect_to(struct lws_context *context, const char *address, int port, const char *method)
{
	memset(&seen, 0, sizeof(seen));
	memset(&outcome, 0, sizeof(outcome));
	REQUIRE(begin(context, address, port, method) != NULL);
	SERVE_UNTIL(context, outcome.destroyed);
	CHECK_INT(outcome.destroyed, 1);
	CHECK_INT(outcome.closed + outcome.failed, 1);
}

/* One connection by way of info's proxy */
static void go(struct lws_context_creation_info *info, const char *address, int port, const char *method)
{
	struct lws_context *context = create(info);

	connect_to(context, address, port, method);
	lws_context_destroy(context);
}

static void http_through(const char *format, const char *address, int port, const char *method)
{
	struct lws_context_creation_info info;

	server_info(&info, protocols);
	info.http_proxy_address = at_port(format);
	go(&info, address, port, method);
}

static void socks_through(const char *format, const char *address, int port, const char *method)
{
	struct lws_context_creation_info info;

	server_info(&info, protocols);
	info.socks_proxy_address = at_port(format);
	go(&info, address, port, method);
}

static void echoed(void)
{
	CHECK_STR(outcome.error, "");
	CHECK_STR(seen.message, "hello");
	CHECK_INT(outcome.established, 1);
	CHECK_INT(outcome.closed, 1);
}

static void answered(void)
{
	CHECK_STR(outcome.error, "");
	CHECK_INT(outcome.status, 200);
	CHECK_STR(seen.body, "plain text\n");
	CHECK_INT(outcome.completed, 1);
}

static void http(void)
{
	start("tinyproxy");
	http_through("127.0.0.1:%d", "127.0.0.1", server_port, NULL);
	echoed();
	/* The proxy resolves the name. */
	http_through("http://localhost:%d/", "localhost", server_port, "GET");
	answered();
}

/* A port at which nobody listens, held as long as the test runs */
static int refusing_port(void)
{
	struct peer peer;

	peer_refuse(&peer);
	return peer.port;
}

static void http_refused(void)
{
	start("tinyproxy");
	http_through("127.0.0.1:%d", "127.0.0.1", refusing_port(), NULL);
	CHECK_STR(outcome.error, "http_proxy -> 500");
}

static void http_basic(void)
{
	start("tinyproxy-basic");
	http_through("user:secret@127.0.0.1:%d", "127.0.0.1", server_port, NULL);
	echoed();
	http_through("user:wrong@127.0.0.1:%d", "127.0.0.1", server_port, NULL);
	CHECK_STR(outcome.error, "http_proxy -> 401"); /* tinyproxy's answer to a wrong password */
	http_through("127.0.0.1:%d", "127.0.0.1", server_port, NULL);
	CHECK_STR(outcome.error, "http_proxy -> 407");
}

/* http_proxy_port counts where the address has none; HTTP goes before SOCKS. */
static void http_port(void)
{
	struct lws_context_creation_info info;

	start("tinyproxy");
	server_info(&info, protocols);
	info.http_proxy_address = "127.0.0.1";
	info.http_proxy_port = (unsigned int)proxy_port;
	info.socks_proxy_address = "127.0.0.1:1";
	go(&info, "127.0.0.1", server_port, "GET");
	answered();
}

static void set_functions(void)
{
	struct lws_context_creation_info info;
	struct lws_context *context;
	struct lws_vhost *vhost;

	start("microsocks-password");
	server_info(&info, protocols);
	context = create(&info);
	vhost = lws_get_vhost_by_name(context, "default");
	CHECK_INT(lws_set_proxy(vhost, "no-port"), -1);
	CHECK_INT(lws_set_proxy(vhost, NULL), -1);
	CHECK_INT(lws_set_proxy(NULL, "127.0.0.1:1"), -1);
	CHECK_INT(lws_set_socks(vhost, "[::1:3"), -1);
	/* What failed has changed nothing. */
	connect_to(context, "127.0.0.1", server_port, "GET");
	answered();
	CHECK_INT(lws_set_socks(vhost, at_port("nobody:x@127.0.0.1:%d")), 0);
	connect_to(context, "127.0.0.1", server_port, NULL);
	CHECK_STR(outcome.error, "socks reply fail: authentication failed");
	CHECK_INT(lws_set_socks(vhost, "user:secret@127.0.0.1"), 0); /* the port stays */
	connect_to(context, "127.0.0.1", server_port, NULL);
	echoed();
	lws_context_destroy(context);
}

/* What is no proxy keeps the vhost from connecting, in place of going directly. */
static void malformed(void)
{
	struct lws_context_creation_info info;
	struct lws_context *context;

	server_info(&info, protocols);
	info.http_proxy_address = "https://127.0.0.1:3128";
	context = create(&info);
	CHECK_PTR(begin(context, "127.0.0.1", 1, NULL), NULL);
	CHECK_INT(lws_set_proxy(lws_get_vhost_by_name(context, "default"), "127.0.0.1:1"), 0);
	CHECK(begin(context, "127.0.0.1", 1, NULL) != NULL);
	lws_context_destroy(context);
}

static void environment(void)
{
	struct lws_context_creation_info info;

	start("tinyproxy-basic");
	server_info(&info, protocols);
	setenv("http_proxy", at_port("http://us%%65r:secret@127.0.0.1:%d/"), 1);
	go(&info, "localhost", server_port, "GET");
	answered();
	setenv("http_proxy", at_port("http://127.0.0.1:%d/"), 1);
	go(&info, "localhost", server_port, "GET");
	CHECK_STR(outcome.error, "http_proxy -> 407");
	setenv("no_proxy", "other.example, localhost", 1);
	go(&info, "localhost", server_port, "GET");
	answered();
	go(&info, "127.0.0.1", server_port, "GET");
	CHECK_STR(outcome.error, "http_proxy -> 407");
	/* The program has its own, or wants none. */
	info.http_proxy_address = "";
	go(&info, "127.0.0.1", server_port, "GET");
	answered();
	unsetenv("http_proxy");
	setenv("socks_proxy", "127.0.0.1:1", 1);
	info.http_proxy_address = at_port("user:secret@127.0.0.1:%d");
	go(&info, "localhost", server_port, "GET");
	answered();
}

static void environment_malformed(void)
{
	struct lws_context_creation_info info;

	start("silent");
	setenv("http_proxy", "https://127.0.0.1:1", 1);
	setenv("socks_proxy", "", 1);
	server_info(&info, protocols);
	go(&info, "127.0.0.1", server_port, "GET");
	answered();
}

static void socks(void)
{
	start("microsocks");
	socks_through("127.0.0.1:%d", "127.0.0.1", server_port, NULL);
	echoed();
	socks_through("127.0.0.1:%d", "localhost", server_port, "GET");
	answered();
	/* A password that is not asked for */
	socks_through("user:secret@127.0.0.1:%d", "127.0.0.1", server_port, NULL);
	echoed();
	socks_through("127.0.0.1:%d", "127.0.0.1", refusing_port(), NULL);
	CHECK_STR(outcome.error, "socks reply fail: connection refused");
}

static void socks_password(void)
{
	start("microsocks-password");
	socks_through("user:secret@127.0.0.1:%d", "127.0.0.1", server_port, NULL);
	echoed();
	socks_through("user:wrong@127.0.0.1:%d", "127.0.0.1", server_port, NULL);
	CHECK_STR(outcome.error, "socks reply fail: authentication failed");
	socks_through("127.0.0.1:%d", "127.0.0.1", server_port, NULL);
	CHECK_STR(outcome.error, "socks reply fail: authentication required");
}

static void dante(void)
{
	start("dante");
	socks_through("127.0.0.1:%d", "127.0.0.1", server_port, NULL);
	echoed();
	socks_through("user:secret@127.0.0.1:%d", "localhost", server_port, "GET");
	answered();
	socks_through("127.0.0.1:%d", "127.0.0.1", refusing_port(), NULL);
	CHECK_STR(outcome.error, "socks reply fail: connection refused");
	socks_through("127.0.0.1:%d", "127.0.0.9", 80, NULL);
	CHECK_STR(outcome.error, "socks reply fail: not allowed by ruleset");
}

#define TLS_ANYHOW (LCCSCF_USE_SSL | LCCSCF_ALLOW_SELFSIGNED | LCCSCF_SKIP_SERVER_CERT_HOSTNAME_CHECK)

/* TLS, HTTP/2 and raw bytes go through a tunnel as without. */
static void encrypted(const char *kind, void (*through)(const char *, const char *, int, const char *))
{
	int ports[5];

	start(kind);
	script_start("servers.py", "", ports, 5);
	flags = TLS_ANYHOW;
	if (ports[1]) {
		through("127.0.0.1:%d", "127.0.0.1", ports[1], "GET");
		CHECK_STR(outcome.error, "");
		CHECK_INT(outcome.status, 200);
		CHECK_INT(seen.http2, 1);
		through("127.0.0.1:%d", "127.0.0.1", ports[2], "GET");
		CHECK_INT(outcome.status, 200);
		CHECK_INT(seen.http2, 0);
	}
	through("127.0.0.1:%d", "127.0.0.1", ports[4], "RAW");
	CHECK_STR(outcome.error, "");
	CHECK_STR(seen.message, "olleh\n");
	flags = 0;
}

static void http_encrypted(void) { encrypted("tinyproxy", http_through); }
static void socks_encrypted(void) { encrypted("microsocks", socks_through); }

static void no_proxy_there(void)
{
	proxy_port = refusing_port();
	http_through("127.0.0.1:%d", "127.0.0.1", 80, NULL);
	CHECK_STR(outcome.error, "Unable to connect");
	socks_through("127.0.0.1:%d", "127.0.0.1", 80, NULL);
	CHECK_STR(outcome.error, "Unable to connect");
	http_through("nowhere.invalid:%d", "127.0.0.1", 80, NULL);
	CHECK_STR(outcome.error, "DNS NXDOMAIN");
}

static void limited(const char *kind, bool socks, const char *error)
{
	struct lws_context_creation_info info;

	start(kind);
	server_info(&info, protocols);
	info.timeout_secs = 1;
	if (socks)
		info.socks_proxy_address = at_port("127.0.0.1:%d");
	else
		info.http_proxy_address = at_port("127.0.0.1:%d");
	go(&info, "127.0.0.1", server_port, NULL);
	CHECK_STR(outcome.error, error);
}

static void http_silent(void) { limited("silent", false, "Timed out waiting proxy reply"); }
static void http_half(void) { limited("half-http", false, "Timed out waiting proxy reply"); }
static void http_garbage(void) { limited("garbage", false, "http_proxy fail"); }
static void http_hangup(void) { limited("hangup", false, "proxy conn dead"); }
static void socks_silent(void) { limited("silent", true, "Timed out waiting socks reply"); }
static void socks_half(void) { limited("half-socks", true, "Timed out waiting socks reply"); }
static void socks_garbage(void) { limited("garbage", true, "socks reply fail: no SOCKS5"); }
static void socks_hangup(void) { limited("hangup", true, "socks conn dead"); }

/* The context goes while the proxy thinks. */
static void destroyed_meanwhile(void)
{
	struct lws_context_creation_info info;
	struct lws_context *context;
	double until;

	start("silent");
	server_info(&info, protocols);
	info.http_proxy_address = at_port("127.0.0.1:%d");
	context = create(&info);
	REQUIRE(begin(context, "127.0.0.1", server_port, NULL) != NULL);
	for (until = test_now() + 0.2; test_now() < until;)
		REQUIRE(lws_service(context, -1) >= 0);
	CHECK_INT(outcome.failed, 0);
	lws_context_destroy(context);
	CHECK_INT(outcome.failed, 1);
	CHECK_INT(outcome.destroyed, 1);
}

SCRIPT_TEST_MAIN({ "http", http }, { "http_refused", http_refused }, { "http_basic", http_basic },
		 { "http_port", http_port }, { "set_functions", set_functions }, { "malformed", malformed },
		 { "environment", environment }, { "environment_malformed", environment_malformed },
		 { "socks", socks }, { "socks_password", socks_password }, { "dante", dante },
		 { "http_encrypted", http_encrypted }, { "socks_encrypted", socks_encrypted },
		 { "no_proxy_there", no_proxy_there }, { "http_silent", http_silent }, { "http_half", http_half },
		 { "http_garbage", http_garbage }, { "http_hangup", http_hangup }, { "socks_silent", socks_silent },
		 { "socks_half", socks_half }, { "socks_garbage", socks_garbage }, { "socks_hangup", socks_hangup },
		 { "destroyed_meanwhile", destroyed_meanwhile })
