/*
 * Response headers. The program's buffer is written, nothing else: what a response says about its end and the connection's is read by the
 * connection's role when it is sent, whoever made the text.
 */
#include "http_headers.h"

/* What LWS_SERVER_OPTION_HTTP_HEADERS_SECURITY_BEST_PRACTICES_ENFORCE and _STS promise, as it is sent. */
static const char security_headers[] =
	"content-security-policy: default-src 'none'; img-src 'self' data: ; script-src 'self'; font-src 'self'; style-src 'self'; "
	"connect-src 'self' ws: wss:; frame-ancestors 'none'; base-uri 'none';form-action 'self';\r\n"
	"x-content-type-options: nosniff\r\n"
	"x-xss-protection: 1; mode=block\r\n"
	"x-frame-options: deny\r\n"
	"referrer-policy: no-referrer\r\n";
static const char transport_security_header[] = "Strict-Transport-Security: max-age=15768000 ; includeSubDomains\r\n";

/*
 * A header being added. What has been written counts only once all of it fits: the caller's pointer moves then, so that a
 * failed call leaves no half line behind.
 */
struct cursor {
	unsigned char *at;
	unsigned char *end;
	int full;
};

static struct cursor begin(unsigned char *p, unsigned char *end)
{
	return (struct cursor){.at = p, .end = end};
}

static void put(struct cursor *c, const void *text, size_t len)
{
	if (c->full || c->at > c->end || len > (size_t)(c->end - c->at)) {
		c->full = 1;
		return;
	}
	memcpy(c->at, text, len);
	c->at += len;
}

static void put_string(struct cursor *c, const char *text)
{
	put(c, text, strlen(text));
}

/* Two bytes more than a line must remain: the empty line at the end of the headers always finds room. */
static int take(struct cursor *c, unsigned char **p)
{
	if (c->full || c->end - c->at < 2)
		return 1;
	*p = c->at;
	return 0;
}

/* A line break would end the header and let whoever chose the text write another one, or a body. */
static int breaks_line(const unsigned char *text, size_t len)
{
	size_t i;
	int found = 0;

	for (i = 0; i < len; i++)
		found |= text[i] == '\r' || text[i] == '\n' || !text[i];
	return found;
}

static int refused(const unsigned char *name, const unsigned char *value, int length)
{
	const char *shown = name ? (const char *)name : "(whole line)";
	size_t name_length = name ? strlen((const char *)name) : 0;

	if (name && (!name_length || name[0] == ' ' || name[0] == '\t' || breaks_line(name, name_length))) {
		lwsl_err("a response header has no name, or one with white space before it or a line break in it: not added\n");
		return 1;
	}
	if (length < 0 || (length && !value)) {
		lwsl_err("response header %s: no value, or its length is negative: not added\n", shown);
		return 1;
	}
	if (breaks_line(value, (size_t)length)) {
		lwsl_err("response header %s: the value contains CR, LF or NUL: not added. Check what comes from outside before it goes into a header\n",
			 shown);
		return 1;
	}
	return 0;
}

static int put_header(struct cursor *c, const unsigned char *name, const unsigned char *value, int length)
{
	if (refused(name, value, length))
		return 1;
	if (name) {
		put_string(c, (const char *)name);
		if (!strchr((const char *)name, ':'))
			put(c, ":", 1);
		put(c, " ", 1);
	}
	if (length)
		put(c, value, (size_t)length);
	put(c, "\r\n", 2);
	return 0;
}

static int put_token(struct cursor *c, enum lws_token_indexes token, const char *value)
{
	return put_header(c, lws_token_to_string(token), (const unsigned char *)value, (int)strlen(value));
}

int lws_add_http_header_by_name(struct lws *wsi, const unsigned char *name, const unsigned char *value, int length, unsigned char **p,
				unsigned char *end)
{
	struct cursor c = begin(*p, end);

	return !golws_wsi_valid(wsi, __func__) || put_header(&c, name, value, length) || take(&c, p);
}

int lws_add_http_header_by_token(struct lws *wsi, enum lws_token_indexes token, const unsigned char *value, int length, unsigned char **p,
				 unsigned char *end)
{
	const unsigned char *name = lws_token_to_string(token);

	if (!name)
		return 1;
	return lws_add_http_header_by_name(wsi, name, value, length, p, end);
}

static int add_text(struct lws *wsi, enum lws_token_indexes token, const char *value, unsigned char **p, unsigned char *end)
{
	return lws_add_http_header_by_token(wsi, token, (const unsigned char *)value, (int)strlen(value), p, end);
}

int lws_add_http_header_content_length(struct lws *wsi, lws_filepos_t content_length, unsigned char **p, unsigned char *end)
{
	/* printf costs more than the rest of a small response's headers */
	char digits[24], *first = digits + sizeof(digits);

	do
		*--first = (char)('0' + content_length % 10);
	while (content_length /= 10);
	return lws_add_http_header_by_token(wsi, WSI_TOKEN_HTTP_CONTENT_LENGTH, (unsigned char *)first,
					    (int)(digits + sizeof(digits) - first), p, end);
}

int lws_add_http_header_status(struct lws *wsi, unsigned int code, unsigned char **p, unsigned char *end)
{
	unsigned int status = code & LWSAHH_CODE_MASK;
	const struct lws_protocol_vhost_options *header;
	struct cursor c = begin(*p, end);
	char start[] = "HTTP/1.1 000 ";

	if (!golws_wsi_valid(wsi, __func__))
		return 1;
	if (status < 100 || status > 999) {
		lwsl_err("%s: %u is no HTTP status\n", __func__, status);
		return 1;
	}

	if (wsi->mirror & GOLWS_MIRROR_HTTP10)
		start[7] = '0';
	start[9] = (char)('0' + status / 100);
	start[10] = (char)('0' + status / 10 % 10);
	start[11] = (char)('0' + status % 10);
	put(&c, start, sizeof(start) - 1);
	put_string(&c, golws_http_reason(status));
	put(&c, "\r\n", 2);

	for (header = wsi->vhost->headers; header; header = header->next) {
		if (!header->name || !header->value)
			continue;
		if (put_header(&c, (const unsigned char *)header->name, (const unsigned char *)header->value, (int)strlen(header->value)))
			return 1;
	}
	if (wsi->vhost->options & LWS_SERVER_OPTION_HTTP_HEADERS_SECURITY_BEST_PRACTICES_ENFORCE)
		put(&c, security_headers, sizeof(security_headers) - 1);
	if (wsi->vhost->server_string && !(code & LWSAHH_FLAG_NO_SERVER_NAME) &&
	    put_token(&c, WSI_TOKEN_HTTP_SERVER, wsi->vhost->server_string))
		return 1;
	/* RFC 6797, section 7.2: not over plain HTTP. */
	if ((wsi->vhost->options & LWS_SERVER_OPTION_STS) && (wsi->mirror & GOLWS_MIRROR_TLS))
		put(&c, transport_security_header, sizeof(transport_security_header) - 1);

	if (take(&c, p)) {
		lwsl_err("%s: the headers that every response has do not fit into the buffer\n", __func__);
		return 1;
	}
	return 0;
}

int lws_finalize_http_header(struct lws *wsi, unsigned char **p, unsigned char *end)
{
	if (!golws_wsi_valid(wsi, __func__) || end - *p < 3)
		return 1;
	memcpy(*p, "\r\n", 2);
	*p += 2;
	return 0;
}

int lws_finalize_write_http_header(struct lws *wsi, unsigned char *start, unsigned char **p, unsigned char *end)
{
	int n;

	if (lws_finalize_http_header(wsi, p, end))
		return 1;
	n = (int)(*p - start);
	return lws_write(wsi, start, (size_t)n, LWS_WRITE_HTTP_HEADERS) != n;
}

int lws_add_http_common_headers(struct lws *wsi, unsigned int code, const char *content_type, lws_filepos_t content_len, unsigned char **p,
				unsigned char *end)
{
	unsigned int status = code & LWSAHH_CODE_MASK;
	int bodyless = status < 200 || status == HTTP_STATUS_NO_CONTENT || status == HTTP_STATUS_NOT_MODIFIED;
	int unknown = content_len == LWS_ILLEGAL_HTTP_CONTENT_LEN;
	unsigned char *at = *p;

	if (lws_add_http_header_status(wsi, code, &at, end) ||
	    (content_type && add_text(wsi, WSI_TOKEN_HTTP_CONTENT_TYPE, content_type, &at, end)))
		return 1;
	/* RFC 9110 section 8.6 forbids a length in a 204; in a 304 it is that of what is not sent. */
	if (unknown) {
		if (!bodyless && !(wsi->mirror & GOLWS_MIRROR_MULTIPLEXED) && add_text(wsi, WSI_TOKEN_CONNECTION, "close", &at, end))
			return 1;
	} else if ((!bodyless || status == HTTP_STATUS_NOT_MODIFIED) && lws_add_http_header_content_length(wsi, content_len, &at, end))
		return 1;
	*p = at;
	return 0;
}

int lws_http_redirect(struct lws *wsi, int code, const unsigned char *loc, int len, unsigned char **p, unsigned char *end)
{
	unsigned char *start = *p;

	if (lws_add_http_header_status(wsi, (unsigned int)code, p, end) ||
	    lws_add_http_header_by_token(wsi, WSI_TOKEN_HTTP_LOCATION, loc, len, p, end) ||
	    add_text(wsi, WSI_TOKEN_HTTP_CONTENT_TYPE, "text/html", p, end) || lws_add_http_header_content_length(wsi, 0, p, end) ||
	    lws_finalize_http_header(wsi, p, end))
		return -1;
	return lws_write(wsi, start, (size_t)(*p - start), (enum lws_write_protocol)(LWS_WRITE_HTTP_HEADERS | LWS_WRITE_H2_STREAM_END));
}
