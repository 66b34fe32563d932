/*
 * A client of HTTP and WebSocket as programs for 4.1.6 are written. What happens goes to standard output, to be
 * compared between libraries. Arguments: the port of a server on 127.0.0.1, one where nobody listens, and maybe that of a
 * proxy through which some of it is done.
 */
#include <libwebsockets.h>

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

static int finished, opaque;

struct session {
	int sent, answered;
	size_t received;
};

static int callback_ws(struct lws *wsi, enum lws_callback_reasons reason, void *user, void *in, size_t len)
{
	unsigned char buffer[LWS_PRE + 40000];
	struct session *s = user;
	char text[64];

	switch (reason) {
	case LWS_CALLBACK_CLIENT_APPEND_HANDSHAKE_HEADER: {
		unsigned char **p = in, *end = *p + len;

		if (lws_add_http_header_by_token(wsi, WSI_TOKEN_X_AUTH_TOKEN, (const unsigned char *)"secret", 6, p, end))
			return -1;
		break;
	}
	case LWS_CALLBACK_CLIENT_FILTER_PRE_ESTABLISH:
		printf("ws answer has server %d\n", lws_hdr_total_length(wsi, WSI_TOKEN_HTTP_SERVER) > 0);
		break;
	case LWS_CALLBACK_CLIENT_ESTABLISHED:
		lws_hdr_copy(wsi, text, sizeof(text), WSI_TOKEN_PROTOCOL);
		printf("ws established, protocol %s, opaque %d\n", lws_get_protocol(wsi)->name,
		       lws_get_opaque_user_data(wsi) == &opaque);
		lws_callback_on_writable(wsi);
		break;
	case LWS_CALLBACK_CLIENT_WRITEABLE:
		/* 4.1.6 calls back once more by itself when a long message is out */
		if (s->sent > s->answered)
			break;
		if (s->sent == 0) {
			memcpy(buffer + LWS_PRE, "small", 5);
			lws_write(wsi, buffer + LWS_PRE, 5, LWS_WRITE_TEXT);
		} else if (s->sent == 1) {
			memset(buffer + LWS_PRE, 'x', 40000);
			lws_write(wsi, buffer + LWS_PRE, 40000, LWS_WRITE_BINARY);
		} else {
			lws_close_reason(wsi, LWS_CLOSE_STATUS_NORMAL, (unsigned char *)"enough", 6);
			printf("ws closing\n");
			s->sent++;
			return -1;
		}
		s->sent++;
		break;
	case LWS_CALLBACK_CLIENT_RECEIVE:
		s->received += len;
		if (!lws_is_final_fragment(wsi) || lws_remaining_packet_payload(wsi))
			break;
		printf("ws message %zu binary %d\n", s->received, lws_frame_is_binary(wsi));
		s->received = 0;
		s->answered++;
		lws_callback_on_writable(wsi);
		break;
	case LWS_CALLBACK_CLIENT_CLOSED:
		printf("ws closed\n");
		finished++;
		break;
	case LWS_CALLBACK_CLIENT_CONNECTION_ERROR:
		printf("ws connection error, reason given %d\n", in != NULL);
		finished++;
		break;
	default:
		if ((int)reason > LWS_CALLBACK_CLIENT_HTTP_REDIRECT && reason < LWS_CALLBACK_USER)
			printf("callback %d, which 4.1.6 does not have\n", reason);
		break;
	}
	return 0;
}

static int callback_http(struct lws *wsi, enum lws_callback_reasons reason, void *user, void *in, size_t len)
{
	struct session *s = user;
	char text[64] = "", buffer[LWS_PRE + 1024], *p = buffer + LWS_PRE;
	int n = 1024;

	switch (reason) {
	case LWS_CALLBACK_ESTABLISHED_CLIENT_HTTP:
		lws_hdr_copy(wsi, text, sizeof(text), WSI_TOKEN_HTTP_CONTENT_TYPE);
		printf("http established %u %s", lws_http_client_http_response(wsi), text);
		lws_hdr_custom_copy(wsi, text, sizeof(text), "x-answer:", 9);
		printf(" %s\n", text);
		break;
	case LWS_CALLBACK_RECEIVE_CLIENT_HTTP:
		return lws_http_client_read(wsi, &p, &n) < 0 ? -1 : 0;
	case LWS_CALLBACK_RECEIVE_CLIENT_HTTP_READ:
		s->received += len;
		break;
	case LWS_CALLBACK_COMPLETED_CLIENT_HTTP:
		printf("http completed %zu\n", s->received);
		break;
	case LWS_CALLBACK_CLOSED_CLIENT_HTTP:
		printf("http closed\n");
		finished++;
		break;
	case LWS_CALLBACK_CLIENT_CONNECTION_ERROR:
		printf("http connection error\n");
		finished++;
		break;
	default:
		return lws_callback_http_dummy(wsi, reason, user, in, len);
	}
	return 0;
}

static const struct lws_protocols protocols[] = {
	{ "http", callback_http, sizeof(struct session), 0, 0, NULL, 0 },
	{ "chat", callback_ws, sizeof(struct session), 0, 0, NULL, 0 },
	{ NULL, NULL, 0, 0, 0, NULL, 0 },
};

/* Services until one more connection has ended. */
static void until_the_end(struct lws_context *context, struct lws_client_connect_info *connect, const char *what)
{
	struct lws *found = NULL;
	int before = finished;

	printf("-- %s\n", what);
	connect->pwsi = &found;
	if (!lws_client_connect_via_info(connect)) {
		printf("not connected\n");
		return;
	}
	while (finished == before && lws_service(context, 0) >= 0)
		;
}

int main(int argc, char **argv)
{
	static const struct lws_extension extensions[] = {
		{ "permessage-deflate", lws_extension_callback_pm_deflate, "permessage-deflate; client_max_window_bits" },
		{ NULL, NULL, NULL },
	};
	struct lws_context_creation_info info;
	struct lws_client_connect_info connect;
	struct lws_context *context;

	if (argc != 3 && argc != 4)
		return 2;
	setvbuf(stdout, NULL, _IOLBF, 0);
	lws_set_log_level(LLL_ERR, NULL);
	memset(&info, 0, sizeof(info));
	info.port = CONTEXT_PORT_NO_LISTEN;
	info.protocols = protocols;
	info.options = LWS_SERVER_OPTION_DO_SSL_GLOBAL_INIT;
	if (argc == 4) {
		lws_set_log_level(0, NULL); /* 4.1.6 logs what a proxy refuses */
		info.http_proxy_address = "user:secret@127.0.0.1";
		info.http_proxy_port = (unsigned int)atoi(argv[3]);
	}
	context = lws_create_context(&info);
	if (!context)
		return 3;

	memset(&connect, 0, sizeof(connect));
	connect.context = context;
	connect.address = "127.0.0.1";
	connect.host = "a.host";
	connect.origin = "an.origin";
	connect.ietf_version_or_minus_one = -1;
	connect.opaque_user_data = &opaque;

	connect.port = atoi(argv[1]);
	connect.path = "/chat?as=client";
	connect.protocol = "chat";
	until_the_end(context, &connect, "WebSocket");
	if (argc == 4) {
		connect.port = atoi(argv[2]);
		until_the_end(context, &connect, "WebSocket to nobody");
		lws_set_proxy(lws_get_vhost_by_name(context, "default"), "127.0.0.1");
		until_the_end(context, &connect, "WebSocket without a password");
		lws_context_destroy(context);
		return 0;
	}
	connect.client_exts = extensions;
	until_the_end(context, &connect, "WebSocket with compression");
	connect.client_exts = NULL;
	connect.path = "/refused";
	until_the_end(context, &connect, "WebSocket refused");
	connect.port = atoi(argv[2]);
	until_the_end(context, &connect, "WebSocket to nobody");

	connect.port = atoi(argv[1]);
	connect.protocol = NULL;
	connect.local_protocol_name = "http";
	connect.method = "GET";
	connect.path = "/page?of=http";
	until_the_end(context, &connect, "HTTP");
	connect.path = "/moved";
	until_the_end(context, &connect, "HTTP moved");
	connect.ssl_connection = LCCSCF_HTTP_NO_FOLLOW_REDIRECT;
	until_the_end(context, &connect, "HTTP moved, not followed");
	connect.ssl_connection = 0;
	connect.path = "/nothing";
	until_the_end(context, &connect, "HTTP not found");
	connect.port = atoi(argv[2]);
	until_the_end(context, &connect, "HTTP to nobody");

	lws_context_destroy(context);
	return 0;
}
