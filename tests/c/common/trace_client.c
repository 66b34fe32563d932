#include "trace_client.h"

#include <stdio.h>

struct peer trace_peer;
struct trace_client trace_client;

static int append(struct lws *wsi, void *in, size_t len)
{
	unsigned char **p = in, *end = *p + len;
	char length[24];

	if (!trace_client.body || lws_http_is_redirected_to_get(wsi))
		return 0;
	snprintf(length, sizeof(length), "%zu", strlen(trace_client.body));
	if (lws_add_http_header_by_token(wsi, WSI_TOKEN_HTTP_CONTENT_LENGTH, (unsigned char *)length,
					 (int)strlen(length), p, end))
		return -1;
	lws_client_http_body_pending(wsi, 1);
	trace_writeable_wanted = true;
	lws_callback_on_writable(wsi);
	return 0;
}

static int take(struct lws *wsi)
{
	char buffer[LWS_PRE + 1024], *p = buffer + LWS_PRE;
	int n = 1024;

	return lws_http_client_read(wsi, &p, &n) < 0 ? -1 : 0;
}

static int act(struct lws *wsi, enum lws_callback_reasons reason, void *in, size_t len)
{
	unsigned char buffer[LWS_PRE + 4096];

	switch (reason) {
	case LWS_CALLBACK_CLIENT_APPEND_HANDSHAKE_HEADER:
		return append(wsi, in, len);
	case LWS_CALLBACK_CLIENT_HTTP_WRITEABLE:
		if (!trace_writeable_wanted)
			return 0;
		trace_writeable_wanted = false;
		if (trace_client.later)
			return take(wsi);
		lws_client_http_body_pending(wsi, 0);
		len = strlen(trace_client.body);
		memcpy(buffer + LWS_PRE, trace_client.body, len);
		return lws_write(wsi, buffer + LWS_PRE, len, LWS_WRITE_HTTP_FINAL) < (int)len ? -1 : 0;
	case LWS_CALLBACK_RECEIVE_CLIENT_HTTP:
		if (!trace_client.later)
			return take(wsi);
		trace_writeable_wanted = true;
		lws_callback_on_writable(wsi);
		return 0;
	case LWS_CALLBACK_CLIENT_RECEIVE:
		return trace_obey(wsi, in, len);
	case LWS_CALLBACK_RAW_RX:
		return trace_obey(wsi, in, len);
	case LWS_CALLBACK_RAW_WRITEABLE:
	case LWS_CALLBACK_CLIENT_WRITEABLE:
		return trace_written(wsi);
	default:
		return 0;
	}
}

static int handle(const char *protocol, struct lws *wsi, enum lws_callback_reasons reason, void *user, void *in,
		  size_t len)
{
	int answer;

	trace_callback(protocol, wsi, reason, user, in, len);
	if (trace_answered(protocol, reason, &answer))
		return answer;

	return act(wsi, reason, in, len);
}

TRACE_PROTOCOL(http, handle)
TRACE_PROTOCOL(echo, handle)

const struct lws_protocols trace_client_protocols[] = {
	{ "http", on_http, 24, 0, 0, NULL, 0 },
	{ "echo", on_echo, 32, 0, 0, NULL, 0 },
	{ NULL, NULL, 0, 0, 0, NULL, 0 }
};

const struct lws_protocols trace_client_bare_protocols[] = {
	{ "http", on_http, 0, 0, 0, NULL, 0 },
	{ "echo", on_echo, 0, 0, 0, NULL, 0 },
	{ NULL, NULL, 0, 0, 0, NULL, 0 }
};

void trace_client_begin(const struct lws_protocols *protocols, void (*adjust)(struct lws_context_creation_info *))
{
	struct lws_context_creation_info info;

	trace_every_destroy = true;
	server_info(&info, protocols);
	info.port = CONTEXT_PORT_NO_LISTEN;
	info.iface = NULL;
	if (adjust)
		adjust(&info);
	server_create(&trace_server, &info);
}

void trace_client_info(struct lws_client_connect_info *info)
{
	memset(info, 0, sizeof(*info));
	info->context = trace_server.context;
	info->address = "127.0.0.1";
	info->port = trace_peer.port;
	info->path = "/path?query";
	info->host = "example.com";
	info->origin = "example.com";
	info->protocol = "echo";
	info->pwsi = &trace_client.stored;
}

void trace_client_connect(const struct lws_client_connect_info *info)
{
	trace_client.returned = lws_client_connect_via_info(info);
	trace_mark(trace_client.returned ? "the call has returned a connection" : "the call has failed");
	server_start(&trace_server);
}

void trace_client_start(const struct lws_protocols *protocols)
{
	struct lws_client_connect_info info;

	trace_client_begin(protocols, NULL);
	trace_client_info(&info);
	trace_client_connect(&info);
}

void trace_client_request(const struct lws_protocols *protocols, const char *method)
{
	struct lws_client_connect_info info;

	trace_client_begin(protocols, NULL);
	trace_client_info(&info);
	info.protocol = "http";
	info.method = method;
	trace_client_connect(&info);
}
