/*
 * Response headers, mime types and page variables, rendered into buffers. The files under test are part of this program, and a connection is only
 * the handle: what is asked of other parts of the library is answered here.
 */
#include "check.h"

#include "html_process.c"
#include "http_headers.c"
#include "http_tokens.c"
#include "mimetype.c"

static struct lws_context context;
static struct lws_vhost vhost;
static struct lws wsi;
static unsigned char buffer[4096], *p, *end;
static char written[4096];
static size_t written_length;
static int written_protocol, write_result, logged;

int golws_wsi_valid(const struct lws *w, const char *function)
{
	(void)function;
	return w == &wsi;
}

int lws_write(struct lws *w, unsigned char *buf, size_t len, enum lws_write_protocol protocol)
{
	CHECK_PTR(w, &wsi);
	memcpy(written, buf, len);
	written[len] = 0;
	written_length = len;
	written_protocol = (int)protocol;
	return write_result ? write_result : (int)len;
}

void _lws_log(int filter, const char *format, ...)
{
	(void)format;
	if (filter == LLL_ERR)
		logged++;
}

static void fresh(void)
{
	memset(&context, 0, sizeof(context));
	memset(&vhost, 0, sizeof(vhost));
	memset(&wsi, 0, sizeof(wsi));
	memset(buffer, 'Z', sizeof(buffer));
	wsi.context = &context;
	wsi.vhost = &vhost;
	p = buffer;
	end = buffer + sizeof(buffer);
	written_length = 0;
	write_result = 0;
	logged = 0;
}

static const char *rendered(void)
{
	static char text[sizeof(buffer) + 1];

	memcpy(text, buffer, (size_t)(p - buffer));
	text[p - buffer] = 0;
	return text;
}

static int by_name(const char *name, const char *value)
{
	return lws_add_http_header_by_name(&wsi, (const unsigned char *)name, (const unsigned char *)value, (int)strlen(value), &p, end);
}

static void token_text(void)
{
	CHECK_STR((const char *)lws_token_to_string(WSI_TOKEN_GET_URI), "get ");
	CHECK_STR((const char *)lws_token_to_string(WSI_TOKEN_HOST), "host:");
	CHECK_STR((const char *)lws_token_to_string(WSI_TOKEN_CHALLENGE), "\r\n");
	CHECK_STR((const char *)lws_token_to_string(WSI_TOKEN_EXTENSIONS), "sec-websocket-extensions:");
	CHECK_STR((const char *)lws_token_to_string(WSI_TOKEN_HTTP), "http/1.1 ");
	CHECK_STR((const char *)lws_token_to_string(WSI_TOKEN_HTTP_ACCEPT), "accept:");
	CHECK_STR((const char *)lws_token_to_string(WSI_TOKEN_HTTP_CONTENT_TYPE), "content-type:");
	CHECK_STR((const char *)lws_token_to_string(WSI_TOKEN_KEY), "sec-websocket-key:");
	CHECK_STR((const char *)lws_token_to_string(WSI_TOKEN_HTTP_COLON_STATUS), ":status");
	CHECK_STR((const char *)lws_token_to_string(WSI_TOKEN_HTTP_ETAG), "etag:");
	CHECK_STR((const char *)lws_token_to_string(WSI_TOKEN_HTTP_LOCATION), "location:");
	CHECK_STR((const char *)lws_token_to_string(WSI_TOKEN_HTTP_WWW_AUTHENTICATE), "www-authenticate:");
	CHECK_STR((const char *)lws_token_to_string(WSI_TOKEN_HTTP_URI_ARGS), "uri-args");
	CHECK_STR((const char *)lws_token_to_string(WSI_TOKEN_HTTP1_0), "http/1.0 ");
	CHECK_STR((const char *)lws_token_to_string(WSI_TOKEN_HEAD_URI), "head ");
	CHECK_STR((const char *)lws_token_to_string(WSI_TOKEN_DSS_SIGNATURE), "x-amzn-dss-signature:");
	CHECK_STR((const char *)lws_token_to_string(_WSI_TOKEN_CLIENT_SENT_PROTOCOLS), "");
	CHECK_PTR(lws_token_to_string(_WSI_TOKEN_CLIENT_PEER_ADDRESS), NULL);
	CHECK_PTR(lws_token_to_string(WSI_TOKEN_COUNT), NULL);
	CHECK_PTR(lws_token_to_string((enum lws_token_indexes)-1), NULL);
}

static void one_header(void)
{
	fresh();
	CHECK_INT(by_name("x-a:", "one"), 0);
	CHECK_INT(by_name("x-b", "two"), 0);
	CHECK_INT(by_name("x-empty:", ""), 0);
	CHECK_INT(by_name(NULL, "whole line"), 0);
	CHECK_INT(lws_add_http_header_by_token(&wsi, WSI_TOKEN_HTTP_ETAG, (const unsigned char *)"\"abcdef\"", 5, &p, end), 0);
	CHECK_INT(lws_add_http_header_by_token(&wsi, WSI_TOKEN_COUNT, (const unsigned char *)"x", 1, &p, end), 1);
	CHECK_INT(lws_add_http_header_by_name(&wsi, (const unsigned char *)"x-null:", NULL, 0, &p, end), 0);
	CHECK_STR(rendered(), "x-a: one\r\nx-b: two\r\nx-empty: \r\nwhole line\r\netag: \"abcd\r\nx-null: \r\n");
	CHECK_INT(lws_finalize_http_header(&wsi, &p, end), 0);
	CHECK_MEM(p - 4, 4, "\r\n\r\n", 4);
	CHECK_INT(logged, 0);
}

/* A line needs its own bytes and two more, the empty line three: that is what programs reckon with. */
static void bounds(void)
{
	static const char line[] = "x-a: one\r\n";
	const size_t length = sizeof(line) - 1;
	unsigned char *before;
	size_t room;

	for (room = 0; room < length + 8; room++) {
		int fits = room >= length + 2;

		fresh();
		before = p;
		end = p + room;
		CHECK_INT(by_name("x-a:", "one"), !fits);
		CHECK_INT(p - before, fits ? (long)length : 0);
		CHECK_INT(buffer[room], 'Z');
	}
	for (room = 0; room < 6; room++) {
		fresh();
		before = p;
		end = p + room;
		CHECK_INT(lws_finalize_http_header(&wsi, &p, end), room < 3);
		CHECK_INT(p - before, room < 3 ? 0 : 2);
		CHECK_INT(buffer[room], 'Z');
	}

	/* an end that lies before the beginning, as programs get it that subtract without looking */
	fresh();
	end = p - 1;
	CHECK_INT(by_name("x-a:", "one"), 1);
	CHECK_INT(lws_add_http_header_status(&wsi, 200, &p, end), 1);
	CHECK_INT(lws_finalize_http_header(&wsi, &p, end), 1);
	CHECK_PTR(p, buffer);
}

static void injection(void)
{
	static const struct {
		const char *name, *value;
		int length;
	} bad[] = {
		{"x-a:", "one\r\nx-b: two", 14}, {"x-a:", "one\n", 4}, {"x-a:", "\r", 1}, {"x-a:", "a\0b", 3}, {NULL, "HTTP/1.1 200 OK\r\nx: y", 20},
		{"x-a\r\nx-b:", "one", 3}, {"x\n:", "one", 3}, {"", "one", 3}, {" x-a:", "one", 3}, {"\tx-a:", "one", 3},
		{"x-a:", "one", -1}, {"x-a:", NULL, 3},
	};
	size_t i;

	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		fresh();
		CHECK_INT(lws_add_http_header_by_name(&wsi, (const unsigned char *)bad[i].name, (const unsigned char *)bad[i].value, bad[i].length, &p,
						      end),
			  1);
		CHECK_PTR(p, buffer);
		CHECK_INT(logged, 1);
	}
	fresh();
	CHECK_INT(lws_add_http_header_by_token(&wsi, WSI_TOKEN_HTTP_LOCATION, (const unsigned char *)"/\r\n\r\n<b>", 8, &p, end), 1);
	CHECK_INT(lws_http_redirect(&wsi, HTTP_STATUS_FOUND, (const unsigned char *)"/\r\nset-cookie: a", 16, &p, end), -1);
	CHECK_INT(written_length, 0);
	/* other bytes are the program's business */
	fresh();
	CHECK_INT(by_name("x-a:", "t\tab \xc3\xa9 \x7f"), 0);
	CHECK_INT(logged, 0);
}

static const char *status_of(unsigned int code, uint32_t mirror)
{
	fresh();
	wsi.mirror = mirror;
	CHECK_INT(lws_add_http_header_status(&wsi, code, &p, end), 0);
	return rendered();
}

static void status_line(void)
{
	CHECK_STR(status_of(200, 0), "HTTP/1.1 200 OK\r\n");
	CHECK_STR(status_of(404, 0), "HTTP/1.1 404 Not Found\r\n");
	CHECK_STR(status_of(299, 0), "HTTP/1.1 299 \r\n");
	CHECK_STR(status_of(100, 0), "HTTP/1.1 100 Continue\r\n");
	CHECK_STR(status_of(503 | LWSAHH_FLAG_NO_SERVER_NAME, 0), "HTTP/1.1 503 Service Unavailable\r\n");
	CHECK_STR(status_of(200, GOLWS_MIRROR_HTTP10), "HTTP/1.0 200 OK\r\n");
	fresh();
	CHECK_INT(lws_add_http_header_status(&wsi, 0, &p, end), 1);
	CHECK_INT(lws_add_http_header_status(&wsi, 99, &p, end), 1);
	CHECK_INT(lws_add_http_header_status(&wsi, 1000, &p, end), 1);
	CHECK_INT(lws_add_http_header_status(NULL, 200, &p, end), 1);
	CHECK_PTR(p, buffer);
}

static void vhost_headers(void)
{
	static const struct lws_protocol_vhost_options second = {NULL, NULL, "x-second:", "2"}, first = {&second, NULL, "x-first:", "1"},
						       evil = {NULL, NULL, "x-evil:", "1\r\n2"};
	const char *text;

	fresh();
	vhost.headers = &first;
	vhost.server_string = "test";
	CHECK_INT(lws_add_http_header_status(&wsi, 200, &p, end), 0);
	CHECK_STR(rendered(), "HTTP/1.1 200 OK\r\nx-first: 1\r\nx-second: 2\r\nserver: test\r\n");
	p = buffer;
	CHECK_INT(lws_add_http_header_status(&wsi, 200 | LWSAHH_FLAG_NO_SERVER_NAME, &p, end), 0);
	CHECK_STR(rendered(), "HTTP/1.1 200 OK\r\nx-first: 1\r\nx-second: 2\r\n");

	fresh();
	vhost.headers = &evil;
	CHECK_INT(lws_add_http_header_status(&wsi, 200, &p, end), 1);
	CHECK_PTR(p, buffer);

	fresh();
	vhost.options = LWS_SERVER_OPTION_HTTP_HEADERS_SECURITY_BEST_PRACTICES_ENFORCE | LWS_SERVER_OPTION_STS;
	CHECK_INT(lws_add_http_header_status(&wsi, 200, &p, end), 0);
	text = rendered();
	CHECK(strstr(text, "\r\ncontent-security-policy: default-src 'none';"));
	CHECK(strstr(text, "\r\nx-content-type-options: nosniff\r\n"));
	CHECK(strstr(text, "\r\nx-frame-options: deny\r\n"));
	CHECK(strstr(text, "\r\nreferrer-policy: no-referrer\r\n"));
	/* RFC 6797, section 7.2 */
	CHECK(!strstr(text, "\r\nStrict-Transport-Security: "));

	fresh();
	vhost.options = LWS_SERVER_OPTION_STS;
	wsi.mirror |= GOLWS_MIRROR_TLS;
	CHECK_INT(lws_add_http_header_status(&wsi, 200, &p, end), 0);
	CHECK(strstr(rendered(), "\r\nStrict-Transport-Security: max-age=15768000 ; includeSubDomains\r\n"));
}

static void status_bounds(void)
{
	static const char head[] = "HTTP/1.1 200 OK\r\nserver: test\r\n";
	const size_t length = sizeof(head) - 1;
	size_t room;

	for (room = 0; room < length + 6; room++) {
		int fits = room >= length + 2;

		fresh();
		vhost.server_string = "test";
		end = p + room;
		CHECK_INT(lws_add_http_header_status(&wsi, 200, &p, end), !fits);
		CHECK_INT(p - buffer, fits ? (long)length : 0);
		CHECK_INT(buffer[room], 'Z');
		CHECK_INT(logged, !fits);
	}
}

static const char *common(unsigned int code, const char *type, lws_filepos_t length, uint32_t mirror)
{
	fresh();
	wsi.mirror = mirror;
	CHECK_INT(lws_add_http_common_headers(&wsi, code, type, length, &p, end), 0);
	return rendered();
}

static void common_headers(void)
{
	size_t room, needed;

	CHECK_STR(common(200, "text/plain", 12, 0), "HTTP/1.1 200 OK\r\ncontent-type: text/plain\r\ncontent-length: 12\r\n");
	CHECK_STR(common(200, NULL, 0, 0), "HTTP/1.1 200 OK\r\ncontent-length: 0\r\n");
	CHECK_STR(common(200, "a/b", 18446744073709551614ull, 0), "HTTP/1.1 200 OK\r\ncontent-type: a/b\r\ncontent-length: 18446744073709551614\r\n");

	/* without a length the end of the connection is the end of the body */
	CHECK_STR(common(200, "a/b", LWS_ILLEGAL_HTTP_CONTENT_LEN, 0), "HTTP/1.1 200 OK\r\ncontent-type: a/b\r\nconnection: close\r\n");
	CHECK_STR(common(200, "a/b", LWS_ILLEGAL_HTTP_CONTENT_LEN, GOLWS_MIRROR_HTTP10),
		  "HTTP/1.0 200 OK\r\ncontent-type: a/b\r\nconnection: close\r\n");
	CHECK_STR(common(200, NULL, LWS_ILLEGAL_HTTP_CONTENT_LEN, GOLWS_MIRROR_MULTIPLEXED), "HTTP/1.1 200 OK\r\n");

	/* what never has a body needs no length and ends nothing */
	CHECK_STR(common(204, NULL, LWS_ILLEGAL_HTTP_CONTENT_LEN, 0), "HTTP/1.1 204 No Content\r\n");
	CHECK_STR(common(204, NULL, 0, 0), "HTTP/1.1 204 No Content\r\n");
	CHECK_STR(common(304, NULL, LWS_ILLEGAL_HTTP_CONTENT_LEN, 0), "HTTP/1.1 304 Not Modified\r\n");
	CHECK_STR(common(304, NULL, 10, 0), "HTTP/1.1 304 Not Modified\r\ncontent-length: 10\r\n");

	needed = strlen(common(200, "text/plain", 12, 0)) + 2;
	for (room = 0; room < needed + 3; room++) {
		fresh();
		end = p + room;
		CHECK_INT(lws_add_http_common_headers(&wsi, 200, "text/plain", 12, &p, end), room < needed);
		CHECK_INT(p - buffer, room < needed ? 0 : (long)needed - 2);
		CHECK_INT(buffer[room], 'Z');
	}
}

static void sending(void)
{
	int n;

	fresh();
	CHECK_INT(lws_add_http_common_headers(&wsi, 200, "a/b", 3, &p, end), 0);
	CHECK_INT(lws_finalize_write_http_header(&wsi, buffer, &p, end), 0);
	CHECK_STR(written, "HTTP/1.1 200 OK\r\ncontent-type: a/b\r\ncontent-length: 3\r\n\r\n");
	CHECK_INT(written_protocol, LWS_WRITE_HTTP_HEADERS);
	CHECK_INT(p - buffer, written_length);

	write_result = -1;
	p = buffer;
	CHECK_INT(lws_finalize_write_http_header(&wsi, buffer, &p, end), 1);
	CHECK_INT(lws_finalize_write_http_header(NULL, buffer, &p, end), 1);

	fresh();
	n = lws_http_redirect(&wsi, HTTP_STATUS_SEE_OTHER, (const unsigned char *)"/elsewhere?x", 10, &p, end);
	CHECK_INT(n, p - buffer);
	CHECK_INT(n, written_length);
	CHECK_STR(written, "HTTP/1.1 303 See Other\r\nlocation: /elsewhere\r\ncontent-type: text/html\r\ncontent-length: 0\r\n\r\n");
	CHECK_INT(written_protocol & ~LWS_WRITE_H2_STREAM_END, LWS_WRITE_HTTP_HEADERS);
	write_result = -1;
	p = buffer;
	CHECK_INT(lws_http_redirect(&wsi, 302, (const unsigned char *)"/", 1, &p, end), -1);
	p = buffer;
	end = buffer + 40;
	CHECK_INT(lws_http_redirect(&wsi, 302, (const unsigned char *)"/", 1, &p, end), -1);
}

static void mime_types(void)
{
	static const struct lws_protocol_vhost_options other = {NULL, NULL, "*", "other/type"},
						       html = {&other, NULL, ".html", "own/html"}, zip = {&html, NULL, ".zip", "application/zip"};
	struct lws_http_mount mount;

	CHECK_STR(lws_get_mimetype("index.html", NULL), "text/html");
	CHECK_STR(lws_get_mimetype("/a/b.PNG", NULL), "image/png");
	CHECK_STR(lws_get_mimetype("x.tar.gz", NULL), "application/gzip");
	CHECK_STR(lws_get_mimetype("a.woff2", NULL), "application/font-woff2");
	CHECK_PTR(lws_get_mimetype("archive.zip", NULL), NULL);
	CHECK_PTR(lws_get_mimetype(".html", NULL), NULL);
	CHECK_PTR(lws_get_mimetype("", NULL), NULL);
	CHECK_PTR(lws_get_mimetype(NULL, NULL), NULL);

	memset(&mount, 0, sizeof(mount));
	CHECK_STR(lws_get_mimetype("a.css", &mount), "text/css");
	mount.extra_mimetypes = &zip;
	CHECK_STR(lws_get_mimetype("archive.zip", &mount), "application/zip");
	CHECK_STR(lws_get_mimetype("index.html", &mount), "own/html");
	CHECK_STR(lws_get_mimetype("a.css", &mount), "text/css");
	CHECK_STR(lws_get_mimetype("nothing", &mount), "other/type");
}

static const char *value_of(void *data, int index)
{
	const char *const *values = data;

	return values[index];
}

/* The page in pieces of a given size, and what becomes of it */
static void page(const char *text, size_t piece, int chunked, const char *const *vars, int count, const char *const *values, char *out)
{
	struct lws_process_html_state state;
	size_t at, length = strlen(text);

	memset(&state, 0, sizeof(state));
	state.vars = vars;
	state.count_vars = count;
	state.replace = value_of;
	state.data = (void *)(uintptr_t)values;
	*out = 0;
	for (at = 0; at < length || !at; at += piece) {
		char space[512];
		struct lws_process_html_args args = {.p = space + 10, .chunked = chunked, .max_len = sizeof(space) - 10};

		args.len = (int)(length - at < piece ? length - at : piece);
		args.final = at + piece >= length;
		memcpy(args.p, text + at, (size_t)args.len);
		REQUIRE_INT(lws_chunked_html_process(&args, &state), 0);
		strncat(out, args.p, (size_t)args.len);
		if (!length)
			break;
	}
}

static void page_variables(void)
{
	static const char *const vars[] = {"$name", "$nam", "$x", "$none"}, *const values[] = {"a longer text", "S", "", NULL};
	static const char source[] = "<b>$name</b> $nam $na $ $$x$unknown $none, 5$";
	static const char expected[] = "<b>a longer text</b> S $na $ $$unknown NULL, 5$";
	char out[512];
	size_t piece;

	for (piece = 1; piece < sizeof(source) + 1; piece++) {
		page(source, piece, 0, vars, 4, values, out);
		CHECK_STR(out, expected);
	}
	page(source, 500, 1, vars, 4, values, out);
	CHECK_STR(out, "2F\r\n<b>a longer text</b> S $na $ $$unknown NULL, 5$\r\n0\r\n\r\n");
	page("ab$na", 2, 1, vars, 4, values, out);
	CHECK_STR(out, "2\r\nab\r\n3\r\n$na\r\n0\r\n\r\n");
	page("", 2, 1, vars, 4, values, out);
	CHECK_STR(out, "0\r\n\r\n");
	page("$x", 2, 1, vars, 4, values, out);
	CHECK_STR(out, "0\r\n\r\n");
}

static void page_too_long(void)
{
	static const char *const vars[] = {"$v"}, *const values[] = {"0123456789"};
	struct lws_process_html_state state;
	int room;

	for (room = 2; room < 16; room++) {
		char space[32];
		struct lws_process_html_args args = {.p = space, .len = 4, .max_len = room, .final = 1};

		memset(space, 'Z', sizeof(space));
		memcpy(space, "<$v>", 4);
		memset(&state, 0, sizeof(state));
		state.vars = vars;
		state.count_vars = 1;
		state.replace = value_of;
		state.data = (void *)(uintptr_t)values;
		CHECK_INT(lws_chunked_html_process(&args, &state), room < 12 ? -1 : 0);
		CHECK_INT(space[room < 4 ? 4 : room], 'Z');
		if (room >= 12)
			CHECK_MEM(space, (size_t)args.len, "<0123456789>", 12);
	}
}

TEST_MAIN({"token_text", token_text}, {"one_header", one_header}, {"bounds", bounds}, {"injection", injection}, {"status_line", status_line},
	  {"vhost_headers", vhost_headers}, {"status_bounds", status_bounds}, {"common_headers", common_headers},
	  {"sending", sending}, {"mime_types", mime_types}, 
	  {"page_variables", page_variables}, {"page_too_long", page_too_long})
