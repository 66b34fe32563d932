/*
 * Dynamic HTTP from callbacks: how bodies are framed, what the request's parts
 * look like to the program, redirects, statuses, HEAD, keep-alive.
 */
#include "check.h"
#include "client.h"
#include "server.h"

#include <stdlib.h>

struct session {
	int step, steps;
	bool chunked;
};

static const char *const pieces[] = { "first piece, ", "second piece, ", "and the last" };

static int start_response(struct lws *wsi, const char *type, lws_filepos_t length, const char *extra_name,
			  const char *extra_value)
{
	unsigned char buffer[LWS_PRE + 2048], *start = buffer + LWS_PRE, *at = start,
		      *end = buffer + sizeof(buffer) - 1;

	if (lws_add_http_common_headers(wsi, HTTP_STATUS_OK, type, length, &at, end))
		return 1;
	if (extra_name && lws_add_http_header_by_name(wsi, (const unsigned char *)extra_name,
						      (const unsigned char *)extra_value,
						      (int)strlen(extra_value), &at, end))
		return 1;

	return lws_finalize_write_http_header(wsi, start, &at, end);
}

/* everything the program can ask about the request, as text */
static int describe(struct lws *wsi, const char *uri, size_t length)
{
	char out[8192], part[512];
	size_t at = 0;
	int n, i;
	char *p;

#define SAY(...) at += (size_t)lws_snprintf(out + at, sizeof(out) - at, __VA_ARGS__)
	SAY("uri=%.*s\n", (int)length, uri);
	n = lws_http_get_uri_and_method(wsi, &p, &i);
	SAY("method=%d path=%.*s\n", n, i, p);
	for (i = 0; (n = lws_hdr_copy_fragment(wsi, part, sizeof(part), WSI_TOKEN_HTTP_URI_ARGS, i)) >= 0; i++)
		SAY("arg %d=%s (%d)\n", i, part, n);
	SAY("args length=%d\n", lws_hdr_total_length(wsi, WSI_TOKEN_HTTP_URI_ARGS));
	if (lws_get_urlarg_by_name(wsi, "name=", part, sizeof(part)))
		SAY("name is %s\n", part);
#if LWS_LIBRARY_VERSION_NUMBER >= 4002000
	n = lws_get_urlarg_by_name_safe(wsi, "name=", part, sizeof(part));
	SAY("safe name %d %s\n", n, n >= 0 ? part : "");
	n = lws_get_urlarg_by_name_safe(wsi, "absent", part, sizeof(part));
	SAY("absent %s\n", n < 0 ? "yes" : "no");
#else
	SAY("safe name 9 value two\nabsent yes\n");
#endif
	n = lws_hdr_copy(wsi, part, sizeof(part), WSI_TOKEN_HOST);
	SAY("host=%s (%d)\n", part, n);
	n = lws_hdr_copy(wsi, part, sizeof(part), WSI_TOKEN_HTTP_USER_AGENT);
	SAY("agent=%s (%d, %d)\n", n > 0 ? part : "", n, lws_hdr_total_length(wsi, WSI_TOKEN_HTTP_USER_AGENT));
	n = lws_hdr_copy(wsi, part, sizeof(part), WSI_TOKEN_HTTP_ACCEPT);
	SAY("accept=%s (%d)\n", n > 0 ? part : "", n);
	n = lws_hdr_custom_copy(wsi, part, sizeof(part), "x-custom:", 9);
	SAY("custom=%s (%d, %d)\n", n > 0 ? part : "", n, lws_hdr_custom_length(wsi, "x-custom:", 9));
	SAY("no custom=%d\n", lws_hdr_custom_length(wsi, "x-other:", 8));
	i = sizeof(part);
	{
		size_t max = sizeof(part);

		n = lws_http_cookie_get(wsi, "session", part, &max);
		SAY("cookie=%d %s %zu\n", n, n ? "" : part, n ? 0 : max);
		max = 3;
		n = lws_http_cookie_get(wsi, "session", part, &max);
		SAY("short cookie=%s\n", n ? "refused" : "copied");
	}
	SAY("peer=%s\n", lws_get_peer_simple(wsi, part, sizeof(part)));
#undef SAY

	return server_reply(wsi, 200, "text/plain", out, at);
}

static int on_http(struct lws *wsi, enum lws_callback_reasons reason, void *user, void *in, size_t len)
{
	unsigned char buffer[LWS_PRE + 4096], *start = buffer + LWS_PRE, *at = start,
		      *end = buffer + sizeof(buffer) - 1;
	struct session *session = user;
	char path[256];
	size_t length;

	switch (reason) {
	case LWS_CALLBACK_HTTP:
		lws_snprintf(path, sizeof(path), "%s", (const char *)in);
		CHECK_INT(strlen(in), len);
		if (!strncmp(path, "/describe", 9))
			return describe(wsi, in, len);
		if (!strcmp(path, "/plain"))
			return server_reply_text(wsi, "plain text");
		if (!strcmp(path, "/empty"))
			return server_reply(wsi, 200, "text/plain", "", 0);
		if (!strcmp(path, "/sized")) {
			session->steps = 3;
			if (start_response(wsi, "text/html", strlen(pieces[0]) + strlen(pieces[1]) + strlen(pieces[2]),
					   "x-extra:", "one more"))
				return 1;
			lws_callback_on_writable(wsi);
			return 0;
		}
		if (!strcmp(path, "/unsized")) {
			session->steps = 3;
			if (start_response(wsi, "text/html", LWS_ILLEGAL_HTTP_CONTENT_LEN, NULL, NULL))
				return 1;
			lws_callback_on_writable(wsi);
			return 0;
		}
		if (!strcmp(path, "/moved")) {
			if (lws_http_redirect(wsi, HTTP_STATUS_MOVED_PERMANENTLY,
					      (const unsigned char *)"http://example.com/there", 24, &at, end) < 0)
				return -1;
			return lws_http_transaction_completed(wsi) ? -1 : 0;
		}
		if (!strncmp(path, "/status/", 8)) {
			if (lws_return_http_status(wsi, (unsigned int)atoi(path + 8), "<p>why not</p>"))
				return -1;
			return lws_http_transaction_completed(wsi) ? -1 : 0;
		}
		if (!strcmp(path, "/headers")) {
			if (lws_add_http_header_status(wsi, 200, &at, end) ||
			    lws_add_http_header_by_token(wsi, WSI_TOKEN_HTTP_CONTENT_TYPE,
							 (const unsigned char *)"text/plain", 10, &at, end) ||
			    lws_add_http_header_by_token(wsi, WSI_TOKEN_HTTP_SET_COOKIE,
							 (const unsigned char *)"a=b; HttpOnly", 13, &at, end) ||
			    lws_add_http_header_by_name(wsi, (const unsigned char *)"x-mine:",
							(const unsigned char *)"yes", 3, &at, end) ||
			    lws_add_http_header_content_length(wsi, 2, &at, end) ||
			    lws_finalize_http_header(wsi, &at, end))
				return 1;
			/* head and body in one write, as older programs do */
			memcpy(at, "ok", 2);
			length = (size_t)lws_ptr_diff(at, start) + 2;
			if (lws_write(wsi, start, length, LWS_WRITE_HTTP) < (int)length)
				return 1;
			return lws_http_transaction_completed(wsi) ? -1 : 0;
		}
		if (!strcmp(path, "/large")) {
			static char large[3000000];

			memset(large, 'L', sizeof(large));
			return server_reply(wsi, 200, "text/plain", large, sizeof(large));
		}
		return lws_callback_http_dummy(wsi, reason, user, in, len);

	case LWS_CALLBACK_HTTP_WRITEABLE:
		if (!session->steps || session->step == session->steps)
			return 0;
		length = strlen(pieces[session->step]);
		memcpy(start, pieces[session->step], length);
		session->step++;
		if (lws_write(wsi, start, length, session->step == session->steps ? LWS_WRITE_HTTP_FINAL :
				LWS_WRITE_HTTP) < (int)length)
			return 1;
		if (session->step == session->steps)
			return lws_http_transaction_completed(wsi) ? -1 : 0;
		lws_callback_on_writable(wsi);
		return 0;

	default:
		return lws_callback_http_dummy(wsi, reason, user, in, len);
	}
}

static const struct lws_protocols protocols[] = {
	{ "http", on_http, sizeof(struct session), 0, 0, NULL, 0 },
	{ NULL, NULL, 0, 0, 0, NULL, 0 }
};

static struct server server;
static struct client_response response;

static void begin_with(void (*adjust)(struct lws_context_creation_info *))
{
	struct lws_context_creation_info info;

	server_info(&info, protocols);
	if (adjust)
		adjust(&info);
	server_run(&server, &info);
}

static void begin(void)
{
	begin_with(NULL);
}

static void end(void)
{
	client_response_free(&response);
	server_destroy(&server);
}

static void get(const char *path)
{
	client_response_free(&response);
	client_get(server.port, path, "", &response);
}

#define WHOLE "first piece, second piece, and the last"

static void framing(void)
{
	begin();
	get("/plain");
	CHECK_INT(response.status, 200);
	CHECK_STR(client_header(&response, "content-type"), "text/plain");
	CHECK_STR(client_header(&response, "content-length"), "10");
	CHECK_STR((char *)response.body, "plain text");
	get("/empty");
	CHECK_INT(response.status, 200);
	CHECK_STR(client_header(&response, "content-length"), "0");
	get("/sized");
	CHECK_INT(response.status, 200);
	CHECK_STR(client_header(&response, "content-type"), "text/html");
	CHECK_STR(client_header(&response, "x-extra"), "one more");
	CHECK_STR((char *)response.body, WHOLE);
	CHECK(response.has_length);
	get("/unsized");
	CHECK_INT(response.status, 200);
	CHECK(response.chunked || response.until_close);
	CHECK_STR((char *)response.body, WHOLE);
	get("/large");
	CHECK_INT(response.body_length, 3000000);
	CHECK(response.body[0] == 'L' && response.body[2999999] == 'L');
	get("/headers");
	CHECK_STR(client_header(&response, "set-cookie"), "a=b; HttpOnly");
	CHECK_STR(client_header(&response, "x-mine"), "yes");
	CHECK_STR((char *)response.body, "ok");
	end();
}

static bool has(const char *text)
{
	return CHECK(strstr((char *)response.body, text) != NULL) ||
	       (fprintf(stderr, "missing: %sin: %s", text, (char *)response.body), false);
}

static void request_parts(void)
{
	struct client client;

	begin();
	client_tcp(&client, server.port);
	client_print(&client, "GET /describe/a%%20b?name=value%%20two&other=%%26x&flag&empty= HTTP/1.1\r\n"
			      "Host: localhost:8080\r\nUser-Agent:   spaced agent  \r\n"
			      "Accept: text/html\r\nX-Custom: my value\r\n"
			      "Cookie: first=1; session=abcdef; last=2\r\n\r\n");
	REQUIRE(client_response(&client, &response, false));
	client_close(&client);
	CHECK_INT(response.status, 200);
	has("uri=/describe/a b\n");
	has("method=0 path=/describe/a b\n");
	has("arg 0=name=value two (14)\n");
	has("arg 1=other=&x (8)\n");
	has("arg 2=flag (4)\n");
	has("arg 3=empty= (6)\n");
#if LWS_LIBRARY_VERSION_NUMBER >= 4002000 /* 4.1 leaves the name in it */
	has("name is value two\n");
#endif
	has("safe name 9 value two\n");
	has("absent yes\n");
	has("host=localhost:8080 (14)\n");
	has("accept=text/html (9)\n");
	has("custom=my value (8, 8)\n");
	has("no custom=-1\n");
	has("cookie=0 abcdef 6\n");
	has("short cookie=refused\n");
	has("peer=127.0.0.1\n");
	end();
}

static void headers_in_many_spellings(void)
{
	struct client client;

	begin();
	client_tcp(&client, server.port);
	client_print(&client, "GET /describe HTTP/1.1\r\nhost:a\r\nUSER-AGENT: x\r\n"
			      "accept: text/html\r\naCCept: text/css\r\nx-CUSTOM:\tv\r\n\r\n");
	REQUIRE(client_response(&client, &response, false));
	client_close(&client);
	CHECK_INT(response.status, 200);
	has("args length=0\n");
	has("host=a (1)\n");
	has("agent=x (1, 1)\n");
	/* doubled headers are one list */
	CHECK(strstr((char *)response.body, "accept=text/html") != NULL);
	CHECK(strstr((char *)response.body, "text/css") != NULL);
#ifdef TEST_GOLWS
	has("custom=v (1, 1)\n");
#endif
	end();
}

static void redirects_and_statuses(void)
{
	static const int codes[] = { 400, 403, 404, 405, 413, 415, 500, 503 };
	char path[32];
	size_t i;

	begin();
	get("/moved");
	CHECK_INT(response.status, 301);
	CHECK_STR(client_header(&response, "location"), "http://example.com/there");
	for (i = 0; i < sizeof(codes) / sizeof(codes[0]); i++) {
		snprintf(path, sizeof(path), "/status/%d", codes[i]);
		get(path);
		CHECK_INT(response.status, codes[i]);
		CHECK(response.has_length);
		CHECK(strstr((char *)response.body, "why not") != NULL);
	}
	get("/nothing");
	CHECK_INT(response.status, 404);
	end();
}

static void error_document(struct lws_context_creation_info *info)
{
	info->error_document_404 = "/plain";
}

static void error_document_404(void)
{
	begin_with(error_document);
	get("/nothing");
	CHECK_INT(response.status, 302);
	CHECK_STR(client_header(&response, "location"), "/plain");
	end();
}

static void server_name(struct lws_context_creation_info *info)
{
	static const struct lws_protocol_vhost_options second = { NULL, NULL, "x-second:", "2" };
	static const struct lws_protocol_vhost_options first = { &second, NULL, "x-first:", "1" };

	info->server_string = "a test server";
	info->headers = &first;
}

static void vhost_headers(void)
{
	begin_with(server_name);
	get("/plain");
	CHECK_INT(response.status, 200);
	CHECK_STR(client_header(&response, "server"), "a test server");
	CHECK_STR(client_header(&response, "x-first"), "1");
	CHECK_STR(client_header(&response, "x-second"), "2");
	end();
}

static void head_requests(void)
{
#ifndef TEST_GOLWS
	test_skip("upstream sends what the callback writes as the body of a HEAD response");
#endif
	struct client client;

	begin();
	client_tcp(&client, server.port);
	client_print(&client, "HEAD /plain HTTP/1.1\r\nHost: a\r\n\r\n");
	REQUIRE(client_response(&client, &response, true));
	CHECK_INT(response.status, 200);
	CHECK_STR(client_header(&response, "content-length"), "10");
	client_response_free(&response);
	/* no byte of a body in between */
	client_print(&client, "GET /plain HTTP/1.1\r\nHost: a\r\n\r\n");
	REQUIRE(client_response(&client, &response, false));
	CHECK_INT(response.status, 200);
	CHECK_STR((char *)response.body, "plain text");
	client_response_free(&response);
	client_print(&client, "HEAD /sized HTTP/1.1\r\nHost: a\r\n\r\nGET /plain HTTP/1.1\r\nHost: a\r\n\r\n");
	REQUIRE(client_response(&client, &response, true));
	CHECK_STR(client_header(&response, "x-extra"), "one more");
	client_response_free(&response);
	REQUIRE(client_response(&client, &response, false));
	CHECK_STR((char *)response.body, "plain text");
	client_close(&client);
	end();
}

static void keep_alive(void)
{
	struct client client;
	int i;

	begin();
	client_tcp(&client, server.port);
	for (i = 0; i < 200; i++) {
		client_print(&client, "GET %s HTTP/1.1\r\nHost: a\r\n\r\n",
			     i % 3 == 0 ? "/plain" : i % 3 == 1 ? "/sized" : "/status/404");
		client_response_free(&response);
		REQUIRE(client_response(&client, &response, false));
		CHECK_INT(response.status, i % 3 == 2 ? 404 : 200);
	}
	client_print(&client, "GET /plain HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
	client_response_free(&response);
	REQUIRE(client_response(&client, &response, false));
	CHECK_STR((char *)response.body, "plain text");
	CHECK_INT(client_drain(&client), 0);
	client_close(&client);
	end();
}

/* upstream closes after a dozen pipelined requests */
#ifdef TEST_GOLWS
#define PIPELINED 300
#else
#define PIPELINED 10
#endif

static void pipelining(void)
{
	static char requests[100000];
	struct client client;
	size_t at = 0;
	int i;

	begin();
	for (i = 0; i < PIPELINED; i++)
		at += (size_t)snprintf(requests + at, sizeof(requests) - at,
				       "GET %s HTTP/1.1\r\nHost: a\r\nX-Filler: %0*d\r\n\r\n",
				       i % 3 == 0 ? "/plain" : i % 3 == 1 ? "/sized" : "/status/404", i % 150 + 1, i);
	client_tcp(&client, server.port);
	client_send(&client, requests, at);
	for (i = 0; i < PIPELINED; i++) {
		client_response_free(&response);
		if (!client_response(&client, &response, false)) {
			FAIL("closed after %d of %d responses", i, PIPELINED);
			check_give_up();
		}
		REQUIRE_INT(response.status, i % 3 == 2 ? 404 : 200);
		if (i % 3 == 0)
			CHECK_STR((char *)response.body, "plain text");
		if (i % 3 == 1)
			CHECK_STR((char *)response.body, WHOLE);
	}
	client_close(&client);
	end();
}

static void old_clients(void)
{
	struct client client;

	begin();
	client_tcp(&client, server.port);
	client_print(&client, "GET /plain HTTP/1.0\r\n\r\n");
	REQUIRE(client_response(&client, &response, false));
	CHECK_STR((char *)response.body, "plain text");
	CHECK_INT(client_drain(&client), 0);
	client_close(&client);
	client_response_free(&response);

	client_tcp(&client, server.port);
	client_print(&client, "GET /plain HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
	REQUIRE(client_response(&client, &response, false));
	CHECK_STR((char *)response.body, "plain text");
	client_response_free(&response);
	client_print(&client, "GET /unsized HTTP/1.0\r\n\r\n");
	REQUIRE(client_response(&client, &response, false));
	/* a 1.0 client does not know chunks */
	CHECK(!response.chunked);
	CHECK_STR((char *)response.body, WHOLE);
	client_close(&client);
	end();
}

static void absolute_form(void)
{
#ifndef TEST_GOLWS
	test_skip("upstream refuses the absolute form");
#endif
	struct client client;

	begin();
	client_tcp(&client, server.port);
	client_print(&client, "GET http://localhost/plain?a=b HTTP/1.1\r\nHost: other\r\n\r\n");
	REQUIRE(client_response(&client, &response, false));
	CHECK_INT(response.status, 200);
	CHECK_STR((char *)response.body, "plain text");
	client_close(&client);
	end();
}

static void other_methods(void)
{
	static const struct {
		const char *name;
		int number;
	} methods[] = { { "OPTIONS", 2 }, { "DELETE", 5 } };
	struct client client;
	char line[64];
	size_t i;

	begin();
	for (i = 0; i < sizeof(methods) / sizeof(methods[0]); i++) {
		client_tcp(&client, server.port);
		client_print(&client, "%s /describe HTTP/1.1\r\nHost: a\r\n\r\n", methods[i].name);
		client_response_free(&response);
		REQUIRE(client_response(&client, &response, false));
		CHECK_INT(response.status, 200);
		snprintf(line, sizeof(line), "method=%d path=/describe\n", methods[i].number);
		has(line);
		client_close(&client);
	}
	end();
}

TEST_MAIN({ "framing", framing }, { "request_parts", request_parts },
	  { "headers_in_many_spellings", headers_in_many_spellings },
	  { "redirects_and_statuses", redirects_and_statuses },
	  { "error_document_404", error_document_404 }, { "vhost_headers", vhost_headers },
	  { "head_requests", head_requests }, { "keep_alive", keep_alive }, { "pipelining", pipelining },
	  { "old_clients", old_clients }, { "absolute_form", absolute_form },
	  { "other_methods", other_methods })
