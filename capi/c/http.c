/*
 * HTTP for servers: reading the request and answering it. Each function enters the library and crosses into Go once.
 */
#include "private.h"
#include "lwsgo_http.h"

int lws_hdr_total_length(struct lws *wsi, enum lws_token_indexes h)
{
	int n;

	if (!golws_enter(wsi, __func__))
		return 0;
	n = lwsgo_http_length(wsi->slot, (int)h);
	golws_leave(wsi);
	return n;
}

int lws_hdr_fragment_length(struct lws *wsi, enum lws_token_indexes h, int frag_idx)
{
	int n;

	if (!golws_enter(wsi, __func__))
		return 0;
	n = lwsgo_http_fragment_length(wsi->slot, (int)h, frag_idx);
	golws_leave(wsi);
	return n;
}

int lws_hdr_copy(struct lws *wsi, char *dest, int len, enum lws_token_indexes h)
{
	int n;

	if (!dest || len <= 0)
		return -1;
	*dest = '\0';
	if (!golws_enter(wsi, __func__))
		return -1;
	n = lwsgo_http_copy(wsi->slot, (int)h, dest, len);
	golws_leave(wsi);
	return n;
}

int lws_hdr_copy_fragment(struct lws *wsi, char *dest, int len, enum lws_token_indexes h, int frag_idx)
{
	int n;

	if (!dest || len <= 0 || !golws_enter(wsi, __func__))
		return -1;
	n = lwsgo_http_copy_fragment(wsi->slot, (int)h, frag_idx, dest, len);
	golws_leave(wsi);
	return n;
}

int lws_hdr_custom_length(struct lws *wsi, const char *name, int nlen)
{
	int n;

	if (!name || nlen <= 0 || !golws_enter(wsi, __func__))
		return -1;
	n = lwsgo_http_custom_length(wsi->slot, name, nlen);
	golws_leave(wsi);
	return n;
}

int lws_hdr_custom_copy(struct lws *wsi, char *dst, int len, const char *name, int nlen)
{
	int n;

	if (!dst || len <= 0)
		return -1;
	*dst = '\0';
	if (!name || nlen <= 0 || !golws_enter(wsi, __func__))
		return -1;
	n = lwsgo_http_custom_copy(wsi->slot, name, nlen, dst, len);
	golws_leave(wsi);
	return n;
}

int lws_get_urlarg_by_name_safe(struct lws *wsi, const char *name, char *buf, int len)
{
	int n;

	if (!name || !*name || !buf || len <= 0 || !golws_enter(wsi, __func__))
		return -1;
	n = lwsgo_http_argument(wsi->slot, name, buf, len);
	golws_leave(wsi);
	return n;
}

const char *lws_get_urlarg_by_name(struct lws *wsi, const char *name, char *buf, int len)
{
	return lws_get_urlarg_by_name_safe(wsi, name, buf, len) < 0 ? NULL : buf;
}

int lws_http_cookie_get(struct lws *wsi, const char *name, char *buf, size_t *max)
{
	int n;

	if (!name || !buf || !max || !golws_enter(wsi, __func__))
		return 1;
	n = lwsgo_http_cookie(wsi->slot, name, buf, max);
	golws_leave(wsi);
	return n;
}

int lws_http_get_uri_and_method(struct lws *wsi, char **puri_ptr, int *puri_len)
{
	int method;

	if (!puri_ptr || !puri_len || !golws_enter(wsi, __func__))
		return -1;
	method = lwsgo_http_uri(wsi->slot, puri_ptr, puri_len);
	golws_leave(wsi);
	return method;
}

static int detach(struct lws *wsi, int endless, const char *function)
{
	if (!golws_enter(wsi, function))
		return -1;
	lwsgo_http_detach(wsi->slot, endless);
	golws_leave(wsi);
	return 0;
}

int lws_http_headers_detach(struct lws *wsi)
{
	return detach(wsi, 0, __func__);
}

int lws_http_mark_sse(struct lws *wsi)
{
	return detach(wsi, 1, __func__);
}

int lws_h2_client_stream_long_poll_rxonly(struct lws *wsi)
{
	int result;

	if (!golws_enter(wsi, __func__))
		return 1;
	result = lwsgo_http_close_sending(wsi->slot);
	golws_leave(wsi);
	return result;
}

int lws_return_http_status(struct lws *wsi, unsigned int code, const char *html_body)
{
	int n;

	if (code < 100 || code > 999) {
		lwsl_err("%s: %u is no status of HTTP\n", __func__, code);
		return 1;
	}
	if (!golws_enter(wsi, __func__))
		return 1;
	n = lwsgo_http_return_status(wsi->slot, (int)code, html_body);
	golws_leave(wsi);
	return n;
}

int lws_http_transaction_completed(struct lws *wsi)
{
	int n;

	if (!golws_enter_unsent(wsi, __func__))
		return 1;
	n = lwsgo_http_completed(wsi->slot);
	golws_leave(wsi);
	return n;
}

int lws_serve_http_file(struct lws *wsi, const char *file, const char *content_type, const char *other_headers,
			int other_headers_len)
{
	int n;

	if (!file || !golws_enter(wsi, __func__))
		return -1;
	n = lwsgo_http_serve_file(wsi->slot, file, content_type, other_headers, other_headers_len);
	golws_leave(wsi);
	return n;
}

int lws_serve_http_file_fragment(struct lws *wsi)
{
	int n;

	if (!golws_enter(wsi, __func__))
		return -1;
	n = lwsgo_http_serve_fragment(wsi->slot);
	golws_leave(wsi);
	return n;
}

int lws_callback_http_dummy(struct lws *wsi, enum lws_callback_reasons reason, void *user, void *in, size_t len)
{
	int n;

	(void)user;
	(void)in;
	(void)len;
	switch (reason) {
	case LWS_CALLBACK_HTTP:
	case LWS_CALLBACK_HTTP_BODY_COMPLETION:
	case LWS_CALLBACK_HTTP_FILE_COMPLETION:
		break;
	default:
		return 0;
	}
	if (!golws_enter(wsi, __func__))
		return -1;
	n = lwsgo_http_dummy(wsi->slot, (int)reason);
	golws_leave(wsi);
	return n;
}

int golws_wsi_rebind(struct lws *wsi, const struct lws_protocols *protocol, size_t session_size, int drop, int tell, int *result)
{
	if (drop)
		golws_wsi_call(wsi, LWS_CALLBACK_HTTP_DROP_PROTOCOL, (void *)"", 0); /* programs expect a string here */
	if (golws_wsi_bind(wsi, protocol, session_size))
		return -1;
	*result = tell ? golws_wsi_call(wsi, LWS_CALLBACK_HTTP_BIND_PROTOCOL, NULL, 0) : 0;
	return 0;
}

int golws_wsi_call_access(struct lws *wsi, char *path, int length, int mask, int *handled)
{
	struct lws_process_html_args args = {.p = path, .len = length, .max_len = mask};
	int result = golws_wsi_call(wsi, LWS_CALLBACK_CHECK_ACCESS_RIGHTS, &args, 0);

	*handled = args.final;
	return result;
}
