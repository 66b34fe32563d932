/*
 * What the server serves by HTTP: the page and the downloads from file mounts, the status and the form from callbacks.
 */
#include "demo.h"

#include <string.h>

#define MAX_FORM 4000 /* bytes of all values */
#define MAX_BODY (MAX_FORM + 200)

enum { NAME, COLOUR, NOTE, FIELDS };
static const char *const form_fields[FIELDS] = { [NAME] = "name", [COLOUR] = "colour", [NOTE] = "note" };

struct form_session {
	struct lws_spa *form; /* parses the body as it arrives */
};

size_t pages_form_session_size(void)
{
	return sizeof(struct form_session);
}

/* Fills in a list of mounts; they stay in use as long as the vhost does. */
const struct lws_http_mount *pages_mounts(const char *assets, const char *downloads)
{
	static const struct lws_http_mount form = {
		.mountpoint = "/form", .mountpoint_len = 5,
		.origin = "golws-form", .origin_protocol = LWSMPRO_CALLBACK,
	};
	static const struct lws_http_mount status = {
		.mount_next = &form,
		.mountpoint = "/api/status", .mountpoint_len = 11,
		.origin = "golws-status", .origin_protocol = LWSMPRO_CALLBACK,
	};
	static struct lws_http_mount files = {
		.mount_next = &status,
		.mountpoint = "/downloads", .mountpoint_len = 10,
		.def = "hello.txt", .origin_protocol = LWSMPRO_FILE,
		.cache_max_age = 60, .cache_reusable = 1, .cache_revalidate = 1,
	};
	static struct lws_http_mount page = {
		.mount_next = &files,
		.mountpoint = "/", .mountpoint_len = 1,
		.def = "index.html", .origin_protocol = LWSMPRO_FILE,
		.cache_max_age = 60, .cache_reusable = 1, .cache_revalidate = 1,
	};

	files.origin = downloads;
	page.origin = assets;

	return &page;
}

/* body has at most MAX_BODY bytes */
static int respond(struct lws *wsi, const char *type, const char *body, size_t len)
{
	unsigned char buffer[LWS_PRE + LWS_RECOMMENDED_MIN_HEADER_SPACE + MAX_BODY], *start = buffer + LWS_PRE,
		      *at = start, *end = buffer + sizeof(buffer) - 1;

	if (lws_add_http_common_headers(wsi, HTTP_STATUS_OK, type, len, &at, end) ||
	    lws_add_http_header_by_token(wsi, WSI_TOKEN_HTTP_CACHE_CONTROL, (const unsigned char *)"no-store", 8, &at,
					 end) ||
	    lws_finalize_write_http_header(wsi, start, &at, end))
		return -1;
	memcpy(start, body, len);
	if (lws_write(wsi, start, len, LWS_WRITE_HTTP_FINAL) < (int)len)
		return -1;

	return lws_http_transaction_completed(wsi) ? -1 : 0;
}

static int respond_error(struct lws *wsi, unsigned int status)
{
	if (lws_return_http_status(wsi, status, NULL))
		return -1;

	return lws_http_transaction_completed(wsi) ? -1 : 0;
}

/* The first protocol: sees every connection and every request, and serves what no mount covers. */
int pages_http_callback(struct lws *wsi, enum lws_callback_reasons reason, void *user, void *in, size_t len)
{
	switch (reason) {
	/* a request of HTTP/2 is a stream on a connection, and has a wsi of its own */
	case LWS_CALLBACK_WSI_CREATE:
		figures_count_connection(lws_get_network_wsi(wsi) == wsi);
		return 0;
	case LWS_CALLBACK_WSI_DESTROY:
		figures_count_connection(-(lws_get_network_wsi(wsi) == wsi));
		return 0;
	case LWS_CALLBACK_FILTER_HTTP_CONNECTION:
		figures_count_request();
		return 0;
	default:
		return lws_callback_http_dummy(wsi, reason, user, in, len);
	}
}

static int send_status(struct lws *wsi)
{
	char body[1024], address[48];
	int len;

	lws_get_peer_simple(wsi, address, sizeof(address));
	len = figures_totals(body, sizeof(body));
	len += lws_snprintf(body + len, sizeof(body) - (size_t)len, ",\"your_address\":\"%s\",\"encrypted\":%s}\n", address,
			    lws_is_ssl(wsi) ? "true" : "false");

	return respond(wsi, "application/json", body, (size_t)len);
}

int pages_status_callback(struct lws *wsi, enum lws_callback_reasons reason, void *user, void *in, size_t len)
{
	if (reason == LWS_CALLBACK_HTTP)
		return send_status(wsi);

	return lws_callback_http_dummy(wsi, reason, user, in, len);
}

static int take_form(struct lws *wsi, struct form_session *session, const char *in, size_t len)
{
	if (!session->form)
		session->form = lws_spa_create(wsi, form_fields, FIELDS, MAX_FORM, NULL, NULL);
	if (!session->form)
		return -1;
	if (!lws_spa_process(session->form, in, (int)len))
		return 0;
	lws_return_http_status(wsi, HTTP_STATUS_REQ_ENTITY_TOO_LARGE, NULL);

	return -1;
}

static int send_form(struct lws *wsi, struct form_session *session)
{
	char body[MAX_BODY];
	const char *value;
	size_t len = 0;
	int i;

	if (!session->form || lws_spa_finalize(session->form))
		return respond_error(wsi, HTTP_STATUS_BAD_REQUEST);
	for (i = 0; i < FIELDS; i++) {
		value = lws_spa_get_string(session->form, i);
		len += (size_t)lws_snprintf(body + len, sizeof(body) - len, "%s = %s\n", form_fields[i],
					    value ? value : "");
	}

	return respond(wsi, "text/plain; charset=utf-8", body, len);
}

int pages_form_callback(struct lws *wsi, enum lws_callback_reasons reason, void *user, void *in, size_t len)
{
	struct form_session *session = user;

	switch (reason) {
	case LWS_CALLBACK_HTTP:
		/* the answer to a POST comes when its body is complete */
		return lws_hdr_total_length(wsi, WSI_TOKEN_POST_URI) ? 0 :
			respond_error(wsi, HTTP_STATUS_METHOD_NOT_ALLOWED);
	case LWS_CALLBACK_HTTP_BODY:
		return take_form(wsi, session, in, len);
	case LWS_CALLBACK_HTTP_BODY_COMPLETION:
		return send_form(wsi, session);
	case LWS_CALLBACK_HTTP_DROP_PROTOCOL:
		if (session && session->form) {
			lws_spa_destroy(session->form);
			session->form = NULL;
		}
		return 0;
	default:
		return lws_callback_http_dummy(wsi, reason, user, in, len);
	}
}
