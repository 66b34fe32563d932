/*
 * Clients over HTTP/2 against servers that others wrote: nghttpd and nginx, with prior knowledge and by TLS. A case is
 * skipped where its server is not installed.
 *
 * usage: http2 [case...]; TEST_CERTIFICATES names the directory of the certificates
 */
#include "check.h"
#include "outcome.h"
#include "peer.h"
#include "server.h"

#include <arpa/inet.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#define LARGE 3000000

/* ---- the servers ---- */

static int other_port;

static bool answers(int port)
{
	struct sockaddr_in address = { .sin_family = AF_INET };
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	bool ok;

	address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	address.sin_port = htons((uint16_t)port);
	REQUIRE(fd >= 0);
	ok = !connect(fd, (struct sockaddr *)&address, sizeof(address));
	close(fd);
	return ok;
}

static int free_port(void)
{
	struct peer peer;

	peer_refuse(&peer);
	close(peer.listener);
	return peer.port;
}

static unsigned char large_byte(size_t at)
{
	return (unsigned char)(at * 7 + at / 251);
}

static void write_file(const char *name, const void *bytes, size_t length)
{
	char path[600];
	FILE *file;

	snprintf(path, sizeof(path), "%s/%s", test_directory(), name);
	file = fopen(path, "w");
	REQUIRE(file != NULL);
	REQUIRE_INT(fwrite(bytes, 1, length, file), length);
	fclose(file);
}

static void write_files(void)
{
	unsigned char *large = malloc(LARGE);
	size_t i;

	REQUIRE(large != NULL);
	for (i = 0; i < LARGE; i++)
		large[i] = large_byte(i);
	write_file("large", large, LARGE);
	free(large);
	write_file("small", "hello\n", 6);
	chmod(test_directory(), 0755); /* nginx may be another user */
}

/* The process ends with this one, which is that of the case. */
static void start(const char *const *command, int port)
{
	double until;
	pid_t pid = fork();

	REQUIRE(pid >= 0);
	if (!pid) {
		char log[600];

		prctl(PR_SET_PDEATHSIG, SIGKILL);
		snprintf(log, sizeof(log), "%s/server.log", test_directory());
		if (!freopen(log, "w", stdout) || dup2(1, 2) < 0)
			_exit(126);
		execv(command[0], (char *const *)command);
		_exit(127);
	}
	for (until = test_now() + test_deadline(); !answers(port) && test_now() < until;)
		test_sleep_ms(5);
	REQUIRE(answers(port));
	other_port = port;
}

static const char *installed(const char *a, const char *b)
{
	if (!access(a, X_OK))
		return a;
	if (access(b, X_OK))
		test_skip("the server is not installed");
	return b;
}

static const char *certificate(const char *name)
{
	static char path[2][600];
	static int turn;

	REQUIRE(getenv("TEST_CERTIFICATES") != NULL);
	turn ^= 1;
	snprintf(path[turn], sizeof(path[turn]), "%s/%s", getenv("TEST_CERTIFICATES"), name);
	return path[turn];
}

static void start_nghttpd(const char *option, bool tls)
{
	const char *command[16], *program = installed("/usr/sbin/nghttpd", "/usr/bin/nghttpd");
	char port[16];
	int n = 0, number = free_port();

	write_files();
	snprintf(port, sizeof(port), "%d", number);
	command[n++] = program;
	command[n++] = "-a";
	command[n++] = "127.0.0.1";
	command[n++] = "-d";
	command[n++] = test_directory();
	if (option)
		command[n++] = option;
	if (!tls)
		command[n++] = "--no-tls";
	command[n++] = port;
	if (tls) {
		command[n++] = certificate("server.key");
		command[n++] = certificate("server.pem");
	}
	command[n] = NULL;
	start(command, number);
}

static void start_nginx(const char *directives, bool tls)
{
	char text[4096], path[600], secure[1400] = "";
	const char *command[] = { installed("/usr/sbin/nginx", "/usr/bin/nginx"), "-p", test_directory(), "-c", path, NULL };
	int port = free_port();

	write_files();
	if (tls)
		snprintf(secure, sizeof(secure), "ssl_certificate %s; ssl_certificate_key %s;", certificate("server.pem"),
			 certificate("server.key"));
	snprintf(text, sizeof(text),
		 "daemon off; master_process off; pid nginx.pid; error_log error.log;\n"
		 "events { }\n"
		 "http {\n"
		 "access_log off; client_body_temp_path body; proxy_temp_path proxy; fastcgi_temp_path fastcgi;\n"
		 "uwsgi_temp_path uwsgi; scgi_temp_path scgi; client_max_body_size 10m;\n"
		 "server { listen 127.0.0.1:%d %s http2; root %s; %s\n%s\n"
		 "location = /moved { return 302 /small; }\n"
		 "location = /nothing { return 204; }\n"
		 "location = /length { return 200 $content_length; }\n"
		 "location = /gone { return 444; }\n"
		 "}}\n",
		 port, tls ? "ssl" : "", test_directory(), secure, directives);
	write_file("nginx.conf", text, strlen(text));
	snprintf(path, sizeof(path), "%s/nginx.conf", test_directory());
	start(command, port);
}

/* ---- the client ---- */

static struct ask {
	const char *method, *path;
	size_t upload; /* body of that many bytes */
	bool slow;     /* takes of the body a piece at a time */

	struct lws *network;
	size_t sent, received;
	struct outcome outcome;
	bool wrong, paused;
	int manual; /* credit at first, with LCCSCF_H2_MANUAL_RXFLOW */
	struct lws *wsi;
	char body[64];
} asks[512];
static int over;

static void took(struct ask *ask, const unsigned char *in, size_t len)
{
	size_t i;

	for (i = 0; i < len; i++) {
		if (ask->received + i < sizeof(ask->body) - 1)
			ask->body[ask->received + i] = (char)in[i];
		if (strstr(ask->path, "large") && in[i] != large_byte(ask->received + i))
			ask->wrong = true;
	}
	ask->received += len;
}

static int upload(struct lws *wsi, struct ask *ask)
{
	unsigned char buffer[LWS_PRE + 20000];
	size_t n = ask->upload - ask->sent, i;

	if (n > 20000)
		n = 20000;
	for (i = 0; i < n; i++)
		buffer[LWS_PRE + i] = large_byte(ask->sent + i);
	ask->sent += n;
	if (ask->sent == ask->upload)
		lws_client_http_body_pending(wsi, 0);
	else
		lws_callback_on_writable(wsi);
	return lws_write(wsi, buffer + LWS_PRE, n, ask->sent == ask->upload ? LWS_WRITE_HTTP_FINAL : LWS_WRITE_HTTP) < (int)n
		       ? -1 : 0;
}

static bool secure;

/* What programs ask about a connection is that of the one that carries the stream. */
static void look_at(struct lws *wsi)
{
	union lws_tls_cert_info_results info;
	char peer[64];

	CHECK(lws_get_socket_fd(wsi) >= 0);
	CHECK_STR(lws_get_peer_simple(wsi, peer, sizeof(peer)), "127.0.0.1");
	CHECK_INT(!!lws_is_ssl(wsi), secure);
	if (!secure)
		return;
	REQUIRE_INT(lws_tls_peer_cert_info(wsi, LWS_TLS_CERT_INFO_COMMON_NAME, &info, sizeof(info.ns.name)), 0);
	CHECK_STR(info.ns.name, "localhost");
}

static int on_client(struct lws *wsi, enum lws_callback_reasons reason, void *user, void *in, size_t len)
{
	struct ask *ask = user;
	unsigned char **p = in;

	if (ask)
		outcome_note(&ask->outcome, wsi, reason, in);
	switch (reason) {
	case LWS_CALLBACK_CLIENT_APPEND_HANDSHAKE_HEADER:
		CHECK(len > 500);
		if (lws_add_http_header_by_name(wsi, (const unsigned char *)"X-Test:", (const unsigned char *)"yes", 3, p, *p + len))
			return -1;
		if (!ask->upload)
			return 0;
		lws_client_http_body_pending(wsi, 1);
		lws_callback_on_writable(wsi);
		return 0;
	case LWS_CALLBACK_CLIENT_HTTP_WRITEABLE:
		return ask->sent < ask->upload ? upload(wsi, ask) : 0;
	case LWS_CALLBACK_ESTABLISHED_CLIENT_HTTP:
		ask->network = lws_get_network_wsi(wsi);
		CHECK(ask->network != wsi);
		look_at(wsi);
		break;
	case LWS_CALLBACK_RECEIVE_CLIENT_HTTP_READ:
		CHECK(!ask->paused);
		took(ask, in, len);
		if (ask->slow) {
			ask->paused = true;
			lws_rx_flow_control(wsi, 0);
			lws_set_timer_usecs(wsi, LWS_US_PER_MS);
		}
		break;
	case LWS_CALLBACK_TIMER:
		ask->paused = false;
		lws_rx_flow_control(wsi, 1);
		break;
	case LWS_CALLBACK_WSI_DESTROY:
		over += ask != NULL;
		break;
	default:
		break;
	}
	return 0;
}

static const struct lws_protocols protocols[] = {
	{ "client", on_client, 0, 0, 0, NULL, 0 },
	{ NULL, NULL, 0, 0, 0, NULL, 0 }
};

static struct lws_context *context;

static void begin(bool tls)
{
	struct lws_context_creation_info info;

	secure = tls;
	server_info(&info, protocols);
	info.port = CONTEXT_PORT_NO_LISTEN;
	info.iface = NULL;
	if (tls) {
		info.options |= LWS_SERVER_OPTION_DO_SSL_GLOBAL_INIT;
		info.client_ssl_ca_filepath = certificate("ca.pem");
	}
	context = lws_create_context(&info);
	REQUIRE(context != NULL);
}

static void ask_for(struct ask *ask, int flags)
{
	struct lws_client_connect_info info;

	memset(&info, 0, sizeof(info));
	info.context = context;
	info.address = "127.0.0.1";
	info.host = "localhost";
	info.origin = "localhost";
	info.port = other_port;
	info.path = ask->path;
	info.method = ask->method ? ask->method : "GET";
	info.protocol = "client";
	info.userdata = ask;
	info.ssl_connection = flags;
	info.manual_initial_tx_credit = ask->manual;
	ask->wsi = lws_client_connect_via_info(&info);
	REQUIRE(ask->wsi != NULL);
}

static void serve(int count)
{
	SERVE_UNTIL(context, over >= count);
	REQUIRE_INT(over, count);
}

static void check(struct ask *ask, int status, size_t received, const char *body)
{
	CHECK_STR(ask->outcome.error, "");
	CHECK_INT(ask->outcome.status, status);
	CHECK_INT(ask->received, received);
	if (body)
		CHECK_STR(ask->body, body);
	CHECK(!ask->wrong);
	CHECK_INT(ask->outcome.completed, 1);
	CHECK_INT(ask->outcome.closed, 1);
	CHECK_INT(ask->outcome.failed, 0);
	CHECK_INT(ask->outcome.destroyed, 1);
}

static struct ask *one(const char *method, const char *path, size_t upload_size, int flags)
{
	static int next;
	struct ask *ask = &asks[next++];

	ask->method = method;
	ask->path = path;
	ask->upload = upload_size;
	ask_for(ask, flags);
	serve(next);
	return ask;
}

/* What both servers do alike */
static void usual(int flags)
{
	check(one("GET", "/small", 0, flags), 200, 6, "hello\n");
	check(one("HEAD", "/small", 0, flags), 200, 0, "");
	check(one("GET", "/large", 0, flags), 200, LARGE, NULL);
	CHECK_INT(one("GET", "/absent", 0, flags)->outcome.status, 404);
	check(one("GET", "/small", 0, flags | LCCSCF_PIPELINE), 200, 6, "hello\n");
	check(one("GET", "/small?x=y z", 0, flags | LCCSCF_PIPELINE), 200, 6, "hello\n");
	check(one("GET", "/small", 0, flags | LCCSCF_H2_QUIRK_NGHTTP2_END_STREAM | LCCSCF_H2_QUIRK_OVERFLOWS_TXCR), 200, 6,
	      "hello\n");
}

/* All at once, on as few connections as the server allows. */
static int together(int first, int count, const char *path, int flags)
{
	int i, k, networks = 0;

	for (i = first; i < first + count; i++) {
		asks[i].path = path;
		asks[i].slow = i % 7 == 1 && strcmp(path, "/small");
		ask_for(&asks[i], flags | LCCSCF_PIPELINE);
	}
	serve(over + count);
	for (i = first; i < first + count; i++) {
		check(&asks[i], 200, strcmp(path, "/small") ? LARGE : 6, NULL);
		for (k = first; k < i && asks[k].network != asks[i].network; k++)
			;
		networks += k == i;
	}
	return networks;
}

static void end(void)
{
	lws_context_destroy(context);
}

/* ---- the cases ---- */

static void nghttpd(void)
{
	start_nghttpd("--echo-upload", false);
	begin(false);
	usual(LCCSCF_H2_PRIOR_KNOWLEDGE);
	check(one("POST", "/large", 1, LCCSCF_H2_PRIOR_KNOWLEDGE), 200, 1, NULL);
	check(one("POST", "/large", 70000, LCCSCF_H2_PRIOR_KNOWLEDGE), 200, 70000, NULL);
	check(one("POST", "/large", 2000000, LCCSCF_H2_PRIOR_KNOWLEDGE), 200, 2000000, NULL);
	end();
}

static void nghttpd_together(void)
{
	start_nghttpd(NULL, false);
	begin(false);
	CHECK_INT(together(0, 90, "/small", LCCSCF_H2_PRIOR_KNOWLEDGE), 1);
	CHECK_INT(together(100, 10, "/large", LCCSCF_H2_PRIOR_KNOWLEDGE), 1);
	end();
}

/* The server takes ten at once. */
static void nghttpd_limited(void)
{
	start_nghttpd("-m10", false);
	begin(false);
	CHECK(together(0, 200, "/small", LCCSCF_H2_PRIOR_KNOWLEDGE) < 20);
	end();
}

static void nginx(void)
{
	struct ask *ask;

	start_nginx("", false);
	begin(false);
	usual(LCCSCF_H2_PRIOR_KNOWLEDGE);
	check(one("GET", "/nothing", 0, LCCSCF_H2_PRIOR_KNOWLEDGE), 204, 0, "");
	check(one("GET", "/moved", 0, LCCSCF_H2_PRIOR_KNOWLEDGE), 200, 6, "hello\n");
	check(one("GET", "/moved", 0, LCCSCF_H2_PRIOR_KNOWLEDGE | LCCSCF_PIPELINE), 200, 6, "hello\n");
	ask = one("GET", "/moved", 0, LCCSCF_H2_PRIOR_KNOWLEDGE | LCCSCF_HTTP_NO_FOLLOW_REDIRECT);
	CHECK_INT(ask->outcome.status, 302);
	CHECK_INT(one("POST", "/length", 1000000, LCCSCF_H2_PRIOR_KNOWLEDGE)->outcome.failed, 0);
	/* It closes without an answer. */
	ask = one("GET", "/gone", 0, LCCSCF_H2_PRIOR_KNOWLEDGE);
	CHECK_INT(ask->outcome.failed, 1);
	CHECK_INT(ask->outcome.closed, 0);
	CHECK_INT(ask->outcome.destroyed, 1);
	CHECK(ask->outcome.error[0] != '\0');
	end();
}

static void until_received(struct ask *ask, size_t length)
{
	double until = test_now() + test_deadline();
	int i;

	while (ask->received < length && test_now() < until && lws_service(context, 0) >= 0)
		;
	for (i = 0; i < 5; i++) {
		lws_cancel_service(context);
		lws_service(context, 0);
		test_sleep_ms(2);
	}
	REQUIRE_INT(ask->received, length);
}

/* The server sends what the program lets it. */
static void manual_credit(void)
{
	const int flags = LCCSCF_H2_PRIOR_KNOWLEDGE | LCCSCF_PIPELINE;
	struct ask *manual = &asks[400];

	start_nghttpd(NULL, false);
	begin(false);
	manual->path = "/large";
	manual->manual = 1000;
	ask_for(manual, flags | LCCSCF_H2_MANUAL_RXFLOW);
	until_received(manual, 1000);
	REQUIRE_INT(lws_wsi_tx_credit(manual->wsi, LWSTXCR_PEER_TO_US, 70000), 0);
	until_received(manual, 71000);
	CHECK_INT(lws_wsi_tx_credit(manual->wsi, LWSTXCR_PEER_TO_US, 0), 0);
	/* Others go on meanwhile. */
	CHECK_INT(together(0, 5, "/large", flags), 1);
	CHECK_INT(manual->received, 71000);
	CHECK(asks[0].network != manual->network);
	REQUIRE_INT(lws_wsi_tx_credit(manual->wsi, LWSTXCR_PEER_TO_US, LARGE - 71000), 0);
	serve(6);
	check(manual, 200, LARGE, NULL);
	end();
}

/* The server ends a connection after five requests, and tells by GOAWAY which of them it has not served. */
static void nginx_goes_away(void)
{
	start_nginx("keepalive_requests 5;", false);
	begin(false);
	CHECK(together(0, 40, "/small", LCCSCF_H2_PRIOR_KNOWLEDGE) >= 8);
	end();
}

static void nginx_limited(void)
{
	start_nginx("http2_max_concurrent_streams 3;", false);
	begin(false);
	CHECK(together(0, 100, "/small", LCCSCF_H2_PRIOR_KNOWLEDGE) < 40);
	end();
}

/* HTTP/2 because the server has chosen it */
static void nghttpd_tls(void)
{
	start_nghttpd("--echo-upload", true);
	begin(true);
	usual(LCCSCF_USE_SSL);
	check(one("POST", "/large", 2000000, LCCSCF_USE_SSL), 200, 2000000, NULL);
	CHECK_INT(together(100, 90, "/small", LCCSCF_USE_SSL), 1);
	CHECK_INT(together(200, 10, "/large", LCCSCF_USE_SSL), 1);
	end();
}

static void nginx_tls(void)
{
	start_nginx("keepalive_requests 5;", true);
	begin(true);
	usual(LCCSCF_USE_SSL);
	check(one("GET", "/moved", 0, LCCSCF_USE_SSL), 200, 6, "hello\n");
	CHECK(together(100, 40, "/small", LCCSCF_USE_SSL) >= 8);
	end();
}

TEST_MAIN({ "nghttpd_tls", nghttpd_tls }, { "nginx_tls", nginx_tls }, { "nghttpd", nghttpd }, { "nghttpd_together", nghttpd_together }, { "nghttpd_limited", nghttpd_limited },
	  { "nginx", nginx }, { "nginx_goes_away", nginx_goes_away }, { "nginx_limited", nginx_limited },
	  { "manual_credit", manual_credit })
