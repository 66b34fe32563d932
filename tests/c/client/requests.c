/*
 * HTTP clients against servers that others wrote: Python's http.server, and nginx, plain and with TLS and HTTP/2.
 *
 * usage: requests DIRECTORY-OF-REQUESTS.PY [case...]
 */
#include "check.h"
#include "outcome.h"
#include "script.h"
#include "server.h"

#include <stdio.h>

enum { PYTHON, OTHER, NGINX, ENCRYPTED, PORTS };
static int ports[PORTS];

/* What the program asks for, and does. */
static struct ask {
	int server, flags;
	const char *method, *path;
	const char *body; /* of the request, NULL: none */
	bool length;	  /* it is told */
	const char *user, *password;
	unsigned int options;
	const char *head; /* lines that the program adds */
	bool multipart;
	const char *elsewhere; /* target at the other Python server, for lws_client_reset */
	int buffer;
} ask;

static struct {
	int begun, redirected, to_get;
	size_t sent, length;
	char body[8192], header[128], encoding[64];
} seen;
static struct outcome outcome;

static int append_head(struct lws *wsi, char **p, size_t room)
{
	char length[64] = "";

	if (ask.options)
		CHECK_INT(lws_client_http_options(wsi, ask.options), 0);
	if (ask.user)
		CHECK_INT(lws_client_http_credentials(wsi, ask.user, ask.password), 0);
	seen.sent = 0;
	if (ask.body && !lws_http_is_redirected_to_get(wsi)) {
		if (ask.length)
			snprintf(length, sizeof(length), "Content-Length: %zu\r\n", strlen(ask.body));
		lws_client_http_body_pending(wsi, 1);
		lws_callback_on_writable(wsi);
	}
	if (ask.multipart)
		lws_callback_on_writable(wsi);
	*p += lws_snprintf(*p, room, "%s%s", ask.head ? ask.head : "", length);

	return 0;
}

static int write_form(struct lws *wsi)
{
	static const char *const names[] = { "text", "file", NULL };
	char buffer[LWS_PRE + 512], *start = buffer + LWS_PRE, *p = start, *end = buffer + sizeof(buffer);
	size_t i = seen.sent++;
	enum lws_write_protocol kind = LWS_WRITE_HTTP;

	if (i > 2)
		return 0;
	CHECK_INT(lws_client_http_multipart(wsi, names[i], i == 1 ? "a.txt" : NULL, i == 1 ? "text/x-test" : NULL, &p, end), 0);
	if (i < 2)
		p += lws_snprintf(p, (size_t)(end - p), i ? "content of it" : "my text");
	else {
		lws_client_http_body_pending(wsi, 0);
		kind = LWS_WRITE_HTTP_FINAL;
	}
	CHECK_INT(lws_write(wsi, (unsigned char *)start, (size_t)(p - start), kind), p - start);
	if (i < 2)
		lws_callback_on_writable(wsi);

	return 0;
}

static int write_body(struct lws *wsi)
{
	size_t left, n;

	if (ask.multipart)
		return write_form(wsi);
	if (!ask.body || seen.sent == strlen(ask.body))
		return 0;
	left = strlen(ask.body) - seen.sent;
	n = left < 5 ? left : 5;
	if (n == left)
		lws_client_http_body_pending(wsi, 0);
	else
		lws_callback_on_writable(wsi);
	CHECK_INT(lws_write(wsi, (unsigned char *)ask.body + seen.sent, n, n == left ? LWS_WRITE_HTTP_FINAL : LWS_WRITE_HTTP), n);
	seen.sent += n;

	return 0;
}

static int established(struct lws *wsi)
{
	struct lws *same = wsi;

	seen.length = 0;
	seen.to_get = lws_http_is_redirected_to_get(wsi);
	if (lws_hdr_custom_copy(wsi, seen.header, sizeof(seen.header), "x-accepted:", 11) < 0)
		seen.header[0] = '\0';
	if (lws_hdr_copy(wsi, seen.encoding, sizeof(seen.encoding), WSI_TOKEN_HTTP_CONTENT_ENCODING) < 0)
		seen.encoding[0] = '\0';
	CHECK_INT(lws_client_http_options(wsi, 0), 1); /* it is too late */
	CHECK_INT(lws_client_http_credentials(wsi, "", ""), 1);
	if (ask.elsewhere) {
		CHECK_PTR(lws_client_reset(&same, 0, "127.0.0.1", ports[OTHER], ask.elsewhere, "other", 1), wsi);
		ask.elsewhere = NULL;
		CHECK_PTR(same, wsi);
	}

	return 0;
}

static int on_client(struct lws *wsi, enum lws_callback_reasons reason, void *user, void *in, size_t len)
{
	/* What carries streams of HTTP/2 ends with the context. */
	if (reason != LWS_CALLBACK_WSI_DESTROY)
		outcome_note(&outcome, wsi, reason, in);
	switch (reason) {
	case LWS_CALLBACK_CLIENT_HTTP_BIND_PROTOCOL:
		seen.begun++;
		break;
	case LWS_CALLBACK_CLIENT_HTTP_REDIRECT:
		seen.redirected++;
		break;
	case LWS_CALLBACK_CLIENT_APPEND_HANDSHAKE_HEADER:
		return append_head(wsi, in, len);
	case LWS_CALLBACK_CLIENT_HTTP_WRITEABLE:
		return write_body(wsi);
	case LWS_CALLBACK_ESTABLISHED_CLIENT_HTTP:
		return established(wsi);
	case LWS_CALLBACK_RECEIVE_CLIENT_HTTP:
		return outcome_read(wsi, ask.buffer ? ask.buffer : 1024);
	case LWS_CALLBACK_RECEIVE_CLIENT_HTTP_READ:
		CHECK(len > 0 && (!ask.buffer || len < (size_t)ask.buffer));
		REQUIRE(seen.length + len < sizeof(seen.body));
		memcpy(seen.body + seen.length, in, len);
		seen.length += len;
		seen.body[seen.length] = '\0';
		break;
	default:
		break;
	}

	return 0;
}

static const struct lws_protocols protocols[] = {
	{ "http", on_client, 16, 0, 0, NULL, 0 },
	{ NULL, NULL, 0, 0, 0, NULL, 0 }
};

static struct lws_context *context;

/* Makes the request and waits for its end. */
static void run(const struct ask *what)
{
	struct lws_context_creation_info info;
	struct lws_client_connect_info client;

	if (!ports[PYTHON])
		script_start("requests.py", "", ports, PORTS);
	ask = *what;
	if (!ask.method)
		ask.method = "GET";
	memset(&seen, 0, sizeof(seen));
	memset(&outcome, 0, sizeof(outcome));
	if (!ports[ask.server])
		test_skip("nginx is not installed");
	if (!context) {
		server_info(&info, protocols);
		info.port = CONTEXT_PORT_NO_LISTEN;
		info.options |= LWS_SERVER_OPTION_DO_SSL_GLOBAL_INIT;
		context = lws_create_context(&info);
		REQUIRE(context != NULL);
	}
	memset(&client, 0, sizeof(client));
	client.context = context;
	client.address = "127.0.0.1";
	client.port = ports[ask.server];
	client.path = ask.path;
	client.method = ask.method;
	client.protocol = "http";
	client.ssl_connection = ask.flags | (ask.multipart ? LCCSCF_HTTP_MULTIPART_MIME : 0) | LCCSCF_ALLOW_SELFSIGNED |
				LCCSCF_SKIP_SERVER_CERT_HOSTNAME_CHECK | LCCSCF_ALLOW_INSECURE;
	client.keep_warm_secs = 1;
	if (ask.server == ENCRYPTED)
		client.ssl_connection |= LCCSCF_USE_SSL;
	REQUIRE(lws_client_connect_via_info(&client) != NULL);
	SERVE_UNTIL(context, outcome.closed + outcome.failed);
	CHECK_INT(outcome.closed + outcome.failed, 1);
}

static void over(void)
{
	lws_context_destroy(context);
	context = NULL;
}

#define RUN(...) run(&(struct ask){ __VA_ARGS__ })

#define EXPECT(want_status, want_body, want_begun)                                                                     \
	do {                                                                                                           \
		CHECK_STR(outcome.error, "");                                                                             \
		CHECK_INT(outcome.status, want_status);                                                                   \
		CHECK_STR(seen.body, want_body);                                                                       \
		CHECK_INT(seen.begun, want_begun);                                                                     \
		CHECK_INT(outcome.completed, 1);                                                                          \
	} while (0)

static const char *text(void)
{
	static char whole[2101];
	int i;

	for (i = 0; i < 100; i++)
		memcpy(whole + 21 * i, "the quick brown fox; ", 21);
	return whole;
}

static void methods(void)
{
	static const char *const all[] = { "GET", "POST", "PUT", "DELETE", "PATCH", "OPTIONS", "PROPFIND" };
	char want[64];
	size_t i;
	int length;

	for (i = 0; i < sizeof(all) / sizeof(all[0]); i++) {
		RUN(.path = "/echo", .method = all[i]);
		snprintf(want, sizeof(want), "%s ", all[i]);
		EXPECT(200, want, 1);
		for (length = 0; length < 2; length++) {
			RUN(.path = "/echo", .method = all[i], .body = "name=value&x=y", .length = length);
			snprintf(want, sizeof(want), "%s name=value&x=y", all[i]);
			EXPECT(200, want, 1);
		}
	}
	RUN(.path = "/echo", .method = "HEAD");
	EXPECT(200, "", 1);
	RUN(.path = "/echo", .method = "PUT", .body = "0123456789", .length = true, .head = "Expect: 100-continue\r\n");
	EXPECT(200, "PUT 0123456789", 1);
	over();
}

static void bodies(void)
{
	RUN(.path = "/chunks");
	EXPECT(200, "one two three", 1);
	RUN(.path = "/chunks", .buffer = 2);
	EXPECT(200, "one two three", 1);
	RUN(.path = "/interim");
	EXPECT(200, "at last", 1);
	RUN(.path = "/no-content");
	EXPECT(204, "", 1);
	RUN(.path = "/not-modified");
	EXPECT(304, "", 1);
	RUN(.path = "/absent");
	EXPECT(404, "nothing here", 1);
	over();
}

static void multipart(void)
{
	char path[128];

	RUN(.path = "/multipart", .method = "POST", .multipart = true);
	EXPECT(200, "text/None/text/plain=my text;file/a.txt/text/x-test=content of it", 1);
	/* The body is made anew for another server. */
	snprintf(path, sizeof(path), "/redirect?status=307&to=http://127.0.0.1:%d/multipart", ports[OTHER]);
	RUN(.path = path, .method = "POST", .multipart = true);
	EXPECT(200, "text/None/text/plain=my text;file/a.txt/text/x-test=content of it", 2);
	over();
}

static void redirects(void)
{
	static const struct {
		int status;
		const char *method, *want;
	} all[] = {
		{ 301, "POST", "POST body" }, { 302, "POST", "POST body" }, { 303, "POST", "GET " }, { 307, "POST", "POST body" },
		{ 308, "PUT", "PUT body" },   { 303, "PUT", "GET " },	    { 302, "DELETE", "DELETE body" },
	};
	char path[128];
	size_t i;

	for (i = 0; i < sizeof(all) / sizeof(all[0]); i++) {
		snprintf(path, sizeof(path), "/redirect?status=%d&to=/echo", all[i].status);
		RUN(.path = path, .method = all[i].method, .body = "body", .length = i % 2);
		EXPECT(200, all[i].want, 2);
		CHECK_INT(seen.redirected, 1);
		CHECK_INT(seen.to_get, all[i].status == 303);
	}
	RUN(.path = "/redirect?status=303&to=echo", .method = "HEAD");
	EXPECT(200, "", 2);
	RUN(.path = "/redirect?status=302&to=/redirect%3Fstatus%3D302%26to%3D./echo");
	EXPECT(200, "GET ", 3);
	RUN(.path = "/redirect?status=302&to=/echo", .flags = LCCSCF_HTTP_NO_FOLLOW_REDIRECT);
	EXPECT(302, "elsewhere", 1);
	RUN(.path = "/loop");
	CHECK_STR(outcome.error, "HS: Redirect failed");
	CHECK_INT(seen.begun, 4);
	RUN(.path = "/redirect?status=302&to=ftp://127.0.0.1/");
	CHECK_STR(outcome.error, "HS: URI did not parse");
	over();
}

/* What identifies the user goes to the server that the program has named only. */
static void credentials_stay(void)
{
#define QUERY "%3Fauthorization%3D1%26cookie%3D1"
	static const char head[] = "Authorization: secret\r\nCookie: a=b\r\n";
	char path[256];

	RUN(.path = "/redirect?status=307&to=/echo" QUERY, .head = head);
	EXPECT(200, "GET  Authorization=secret Cookie=a=b", 2);
	snprintf(path, sizeof(path), "/redirect?status=307&to=http://127.0.0.1:%d/echo%s", ports[OTHER], QUERY);
	RUN(.path = path, .head = head);
	EXPECT(200, "GET ", 2);
	RUN(.path = path, .head = head, .options = LWS_CLIENT_HTTP_TRUST_REDIRECTS);
	EXPECT(200, "GET  Authorization=secret Cookie=a=b", 2);
	snprintf(path, sizeof(path), "/redirect?status=307&to=http://127.0.0.1:%d/basic", ports[OTHER]);
	RUN(.path = path, .user = "Muf\xc3\xa4sa", .password = "Circle \"of\" Life");
	EXPECT(401, "who are you?", 2);
	RUN(.path = path, .user = "Muf\xc3\xa4sa", .password = "Circle \"of\" Life", .options = LWS_CLIENT_HTTP_TRUST_REDIRECTS);
	EXPECT(200, "welcome ", 3);
	over();
}

#define MUFASA .user = "Muf\xc3\xa4sa", .password = "Circle \"of\" Life"

static void authentication(void)
{
	static const char *const all[] = {
		"",
		"qop=auth",
		"qop=auth-int,auth&algorithm=MD5",
		"qop=auth&algorithm=MD5-sess",
		"qop=auth&algorithm=SHA-256",
		"qop=auth&algorithm=SHA-256-sess",
		"qop=auth&algorithm=SHA-256&userhash=1",
		"qop=auth&algorithm=SHA-512-256",
		"algorithm=SHA-256",
	};
	char path[128];
	size_t i;

	RUN(.path = "/basic", MUFASA);
	EXPECT(200, "welcome ", 2);
	CHECK_INT(seen.redirected, 0);
	RUN(.path = "/basic", .method = "POST", .body = "a body", .length = true, MUFASA);
	EXPECT(200, "welcome a body", 2);
	RUN(.path = "/basic");
	EXPECT(401, "who are you?", 1);
	RUN(.path = "/basic", .user = "else");
	EXPECT(401, "who are you?", 2);
	RUN(.path = "/basic", .head = "Authorization: Basic eDp5\r\n", MUFASA);
	EXPECT(401, "who are you?", 1);
	for (i = 0; i < sizeof(all) / sizeof(all[0]); i++) {
		snprintf(path, sizeof(path), "/digest?%s", all[i]);
		RUN(.path = path, MUFASA);
		EXPECT(200, "welcome ", 2);
		RUN(.path = path, .method = "PUT", .body = "a body", MUFASA);
		EXPECT(200, "welcome a body", 2);
	}
	RUN(.path = "/digest?qop=auth", .user = "Muf\xc3\xa4sa", .password = "wrong");
	EXPECT(401, "who are you?", 2);
	/* A redirect to the same server uses the nonce again. */
	RUN(.path = "/redirect?status=307&to=/digest%3Fqop%3Dauth", MUFASA);
	EXPECT(200, "welcome ", 3);
	over();
}

static void stale_nonce(void)
{
	RUN(.path = "/digest?qop=auth&stale=1", MUFASA);
	EXPECT(200, "welcome ", 3);
	over();
}

static void codings(void)
{
	static const char *const all[] = { "/gzip", "/deflate", "/bare", "/br", "/chunked-gzip", "/until-close" };
	size_t i;

	for (i = 0; i < sizeof(all) / sizeof(all[0]); i++) {
		RUN(.path = all[i], .options = LWS_CLIENT_HTTP_DECODE);
		EXPECT(200, text(), 1);
		CHECK_STR(seen.encoding, "");
		if (i < 4)
			CHECK_STR(seen.header, "gzip, deflate, br");
		RUN(.path = all[i], .options = LWS_CLIENT_HTTP_DECODE, .buffer = 11);
		EXPECT(200, text(), 1);
		/* Who has not asked for it does it himself. */
		RUN(.path = all[i]);
		CHECK(seen.length < 100);
		CHECK_STR(seen.encoding, !strcmp(all[i], "/br") ? "br" : strstr(all[i], "gzip") || i == 5 ? "gzip" : "deflate");
		CHECK_INT(outcome.completed, 1);
		if (i < 4)
			CHECK_STR(seen.header, "none");
	}
	RUN(.path = "/gzip", .options = LWS_CLIENT_HTTP_DECODE, .head = "Accept-Encoding: gzip;q=1\r\n");
	EXPECT(200, text(), 1);
	CHECK_STR(seen.header, "gzip;q=1");
	RUN(.path = "/unknown", .options = LWS_CLIENT_HTTP_DECODE);
	EXPECT(200, "whatever", 1);
	CHECK_STR(seen.encoding, "x-secret");
	RUN(.path = "/gzip", .method = "HEAD", .options = LWS_CLIENT_HTTP_DECODE);
	EXPECT(200, "", 1);
	CHECK_STR(seen.encoding, "gzip");
	RUN(.path = "/truncated", .options = LWS_CLIENT_HTTP_DECODE);
	CHECK_INT(outcome.completed, 0);
	CHECK_INT(outcome.closed, 1);
	RUN(.path = "/damaged", .options = LWS_CLIENT_HTTP_DECODE);
	CHECK_INT(outcome.completed, 0);
	CHECK_INT(outcome.closed, 1);
	over();
}

static void reset(void)
{
	RUN(.path = "/chunks", .elsewhere = "echo?host=1");
	EXPECT(200, "GET  Host=other", 2);
	RUN(.path = "/no-content", .elsewhere = "echo?host=1");
	EXPECT(200, "GET  Host=other", 2);
	over();
}

/* What is done with a request on a connection that others may use */
static void shared_connection(void)
{
	RUN(.path = "/redirect?status=307&to=/echo", .method = "POST", .body = "body", .flags = LCCSCF_PIPELINE);
	EXPECT(200, "POST body", 2);
	RUN(.path = "/digest?qop=auth", .method = "POST", .body = "body", .flags = LCCSCF_PIPELINE, MUFASA);
	EXPECT(200, "welcome body", 2);
	RUN(.path = "/chunked-gzip", .options = LWS_CLIENT_HTTP_DECODE, .flags = LCCSCF_PIPELINE);
	EXPECT(200, text(), 1);
	RUN(.path = "/chunks", .elsewhere = "echo?host=1", .flags = LCCSCF_PIPELINE);
	EXPECT(200, "GET  Host=other", 2);
	RUN(.server = ENCRYPTED, .path = "/python/basic", .method = "POST", .body = "a body", .flags = LCCSCF_PIPELINE, MUFASA);
	EXPECT(200, "welcome a body", 2);
	over();
}

static void cookies(void)
{
	static const char echo[] = "/echo?cookie=1";
	char path[256];

	RUN(.path = "/cookies?set=a%3D1&set=b%3D2%3B+Path%3D/other&set=d%3D4%3B+Domain%3Dexample.org&set=%3D%3B",
	    .flags = LCCSCF_CACHE_COOKIES);
	EXPECT(200, "", 1);
	RUN(.path = echo, .flags = LCCSCF_CACHE_COOKIES);
	EXPECT(200, "GET  Cookie=a=1", 1);
	RUN(.path = echo);
	EXPECT(200, "GET ", 1);
	RUN(.path = echo, .flags = LCCSCF_CACHE_COOKIES, .head = "Cookie: x=y\r\n");
	EXPECT(200, "GET  Cookie=x=y", 1);
	/* One that comes with a redirect goes along, to servers of the same name only. */
	snprintf(path, sizeof(path), "/cookies?status=302&set=e%%3D5&to=http://127.0.0.1:%d/echo%%3Fcookie%%3D1", ports[OTHER]);
	RUN(.path = path, .flags = LCCSCF_CACHE_COOKIES);
	EXPECT(200, "GET  Cookie=a=1; e=5", 2);
	snprintf(path, sizeof(path), "/redirect?status=302&to=http://localhost:%d/echo%%3Fcookie%%3D1", ports[OTHER]);
	RUN(.path = path, .flags = LCCSCF_CACHE_COOKIES);
	EXPECT(200, "GET ", 2);
	RUN(.path = "/cookies?set=a%3D%3B+Max-Age%3D0", .flags = LCCSCF_CACHE_COOKIES);
	RUN(.path = echo, .flags = LCCSCF_CACHE_COOKIES);
	EXPECT(200, "GET  Cookie=e=5", 1);
	over();
}

static void nginx(void)
{
	RUN(.server = NGINX, .path = "/text");
	EXPECT(200, text(), 1);
	RUN(.server = NGINX, .path = "/moved");
	EXPECT(200, text(), 2);
	RUN(.server = NGINX, .path = "/gzip/text", .options = LWS_CLIENT_HTTP_DECODE);
	EXPECT(200, text(), 1);
	RUN(.server = NGINX, .path = "/private/text", MUFASA);
	EXPECT(200, text(), 2);
	RUN(.server = NGINX, .path = "/private/text", .user = "x", .password = "y");
	CHECK_INT(outcome.status, 401);
	RUN(.server = NGINX, .path = "/dav/new/file", .method = "PUT", .body = "put there", .length = true);
	CHECK_INT(outcome.status, 201);
	RUN(.server = NGINX, .path = "/dav/new/file", .method = "GET");
	EXPECT(200, "put there", 1);
	RUN(.server = NGINX, .path = "/dav/new/file", .method = "DELETE");
	CHECK_INT(outcome.status, 204);
	RUN(.server = NGINX, .path = "/python/echo", .method = "POST", .body = "through nginx");
	EXPECT(200, "POST through nginx", 1);
	over();
}

static void nginx_encrypted(void)
{
	RUN(.server = ENCRYPTED, .path = "/text");
	EXPECT(200, text(), 1);
	RUN(.server = ENCRYPTED, .path = "/gzip/text", .options = LWS_CLIENT_HTTP_DECODE);
	EXPECT(200, text(), 1);
	CHECK_STR(seen.encoding, "");
	RUN(.server = ENCRYPTED, .path = "/private/text", MUFASA);
	EXPECT(200, text(), 2);
	RUN(.server = ENCRYPTED, .path = "/moved", .method = "POST", .body = "a body", .length = true);
	EXPECT(200, "POST a body", 2);
	RUN(.server = ENCRYPTED, .path = "/python/basic", .method = "POST", .body = "a body", .length = true, MUFASA);
	EXPECT(200, "welcome a body", 2);
	RUN(.server = ENCRYPTED, .path = "/text", .elsewhere = "echo?host=1");
	EXPECT(200, "GET  Host=other", 2);
	/* From HTTP/1.1 without TLS to HTTP/2 with it, but not back. */
	RUN(.server = NGINX, .path = "/secure");
	EXPECT(200, text(), 2);
	RUN(.server = ENCRYPTED, .path = "/down");
	CHECK_STR(outcome.error, "HS: Redirect attempted SSL downgrade");
	RUN(.server = ENCRYPTED, .path = "/down", .flags = LCCSCF_ACCEPT_TLS_DOWNGRADE_REDIRECTS);
	EXPECT(200, text(), 2);
	over();
}

SCRIPT_TEST_MAIN({ "methods", methods }, { "bodies", bodies }, { "multipart", multipart },
		 { "redirects", redirects }, { "credentials_stay", credentials_stay },
		 { "authentication", authentication }, { "stale_nonce", stale_nonce }, { "codings", codings },
		 { "reset", reset }, { "cookies", cookies }, { "shared_connection", shared_connection },
		 { "nginx", nginx }, { "nginx_encrypted", nginx_encrypted })
