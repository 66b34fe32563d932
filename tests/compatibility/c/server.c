/*
 * A server of HTTP and WebSocket as programs for 4.1.6 are written: vhosts, protocols with options, mounts, rings, timers,
 * a retry and idle policy. What happens goes to standard output, to be compared between libraries. Arguments: the ports of
 * its two vhosts, and the directory that it serves.
 */
#include <libwebsockets.h>

#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>

static volatile sig_atomic_t stopped;

static void on_signal(int number)
{
	(void)number;
	stopped = 1;
}

/* ---- HTTP ---- */

struct request {
	char path[64];
	size_t body;
	int times;
};

static int respond(struct lws *wsi, struct request *r)
{
	unsigned char buffer[LWS_PRE + 2048], *start = buffer + LWS_PRE, *p = start, *end = buffer + sizeof(buffer) - 1;
	char host[64] = "", custom[64] = "", argument[64] = "", text[512];
	const char *found;
	int n;

	n = lws_hdr_copy(wsi, host, sizeof(host), WSI_TOKEN_HTTP_ACCEPT);
	printf("accept %d %d '%s'\n", n, lws_hdr_total_length(wsi, WSI_TOKEN_HTTP_ACCEPT), host);
	n = lws_hdr_custom_copy(wsi, custom, sizeof(custom), "x-of-my-own:", 12);
	printf("custom %d %d '%s'\n", n, lws_hdr_custom_length(wsi, "x-of-my-own:", 12), custom);
	printf("token %d %d\n", lws_hdr_total_length(wsi, WSI_TOKEN_X_AUTH_TOKEN),
	       lws_hdr_total_length(wsi, WSI_TOKEN_HTTP_COOKIE));
	found = lws_get_urlarg_by_name(wsi, "name=", argument, sizeof(argument));
	printf("argument '%s'\n", found ? found : "(none)");
	for (n = 0; lws_hdr_copy_fragment(wsi, text, sizeof(text), WSI_TOKEN_HTTP_URI_ARGS, n) > 0; n++)
		printf("fragment %d %d '%s'\n", n, lws_hdr_fragment_length(wsi, WSI_TOKEN_HTTP_URI_ARGS, n), text);

	n = snprintf(text, sizeof(text), "path %s, argument %s, body of %zu\n", r->path, found ? found : "(none)", r->body);
	if (lws_add_http_common_headers(wsi, HTTP_STATUS_OK, "text/x-answer",
					(lws_filepos_t)n, &p, end) ||
	    lws_add_http_header_by_token(wsi, WSI_TOKEN_X_AUTH_TOKEN, (const unsigned char *)"a-token", 7, &p, end) ||
	    lws_add_http_header_by_token(wsi, WSI_TOKEN_HTTP_CACHE_CONTROL, (const unsigned char *)"no-store", 8, &p,
					 end) ||
	    lws_add_http_header_by_name(wsi, (const unsigned char *)"x-named:", (const unsigned char *)"value", 5, &p,
					end) ||
	    lws_finalize_write_http_header(wsi, start, &p, end))
		return 1;
	if (lws_write(wsi, (unsigned char *)text, (size_t)n, LWS_WRITE_HTTP_FINAL) != n)
		return 1;
	return lws_http_transaction_completed(wsi) ? -1 : 0;
}

static int callback_http(struct lws *wsi, enum lws_callback_reasons reason, void *user, void *in, size_t len)
{
	const struct lws_protocol_vhost_options *pvo;
	struct request *r = user;

	switch (reason) {
	case LWS_CALLBACK_PROTOCOL_INIT:
		pvo = lws_pvo_search(in, "greeting");
		printf("http init vhost %s greeting %s\n", lws_get_vhost_name(lws_get_vhost(wsi)),
		       pvo ? pvo->value : "(none)");
		break;
	case LWS_CALLBACK_PROTOCOL_DESTROY:
		printf("http destroy vhost %s\n", lws_get_vhost_name(lws_get_vhost(wsi)));
		break;
	case LWS_CALLBACK_HTTP:
		lws_snprintf(r->path, sizeof(r->path), "%s", (const char *)in);
		printf("http %s session zeroed %d\n", r->path, !r->body && !r->times);
		if (lws_hdr_total_length(wsi, WSI_TOKEN_POST_URI))
			return 0;
		return respond(wsi, r);
	case LWS_CALLBACK_HTTP_BODY:
		r->body += len;
		break;
	case LWS_CALLBACK_HTTP_BODY_COMPLETION:
		printf("http body %zu\n", r->body);
		return respond(wsi, r);
	case LWS_CALLBACK_CLOSED_HTTP:
		printf("http closed\n");
		break;
	default:
		return lws_callback_http_dummy(wsi, reason, user, in, len);
	}
	return 0;
}

/* ---- WebSocket ---- */

struct message {
	char *bytes; /* LWS_PRE in front */
	size_t length;
	int flags;
};

struct chat {
	struct lws_ring *ring;
	uint32_t tail;
	size_t received;
};

struct chats {
	int established;
};

static void message_free(void *message)
{
	free(((struct message *)message)->bytes);
}

static int receive(struct lws *wsi, struct chat *c, const void *in, size_t len)
{
	struct message message = { malloc(LWS_PRE + len + 1), len, 0 };

	if (!message.bytes)
		return -1;
	memcpy(message.bytes + LWS_PRE, in, len);
	message.flags = lws_write_ws_flags(lws_frame_is_binary(wsi) ? LWS_WRITE_BINARY : LWS_WRITE_TEXT,
					   lws_is_first_fragment(wsi), lws_is_final_fragment(wsi));
	c->received += len;
	if (lws_is_final_fragment(wsi) && !lws_remaining_packet_payload(wsi)) {
		printf("message %zu binary %d\n", c->received, lws_frame_is_binary(wsi));
		c->received = 0;
	}
	if (!lws_ring_insert(c->ring, &message, 1)) {
		message_free(&message);
		printf("ring full\n");
		return -1;
	}
	lws_callback_on_writable(wsi);
	return 0;
}

static int callback_chat(struct lws *wsi, enum lws_callback_reasons reason, void *user, void *in, size_t len)
{
	struct chats *all = lws_protocol_vh_priv_get(lws_get_vhost(wsi), lws_get_protocol(wsi));
	const struct message *message;
	char peer[64], path[64] = "";
	struct chat *c = user;

	switch (reason) {
	case LWS_CALLBACK_PROTOCOL_INIT:
		all = lws_protocol_vh_priv_zalloc(lws_get_vhost(wsi), lws_get_protocol(wsi), sizeof(*all));
		printf("chat init vhost %s memory %d\n", lws_get_vhost_name(lws_get_vhost(wsi)), all != NULL);
		break;
	case LWS_CALLBACK_PROTOCOL_DESTROY:
		printf("chat destroy, %d were established\n", all->established);
		break;
	case LWS_CALLBACK_FILTER_PROTOCOL_CONNECTION:
		lws_hdr_copy(wsi, path, sizeof(path), WSI_TOKEN_GET_URI);
		printf("chat asked for by %s as %s\n", path, (const char *)in);
		return !strcmp(path, "/refused");
	case LWS_CALLBACK_ESTABLISHED:
		all->established++;
		c->ring = lws_ring_create(sizeof(struct message), 4096, message_free);
		printf("established from %s protocol %s id %d\n", lws_get_peer_simple(wsi, peer, sizeof(peer)),
		       lws_get_protocol(wsi)->name, (int)lws_get_protocol(wsi)->id);
		break;
	case LWS_CALLBACK_RECEIVE:
		return receive(wsi, c, in, len);
	case LWS_CALLBACK_RECEIVE_PONG:
		printf("pong\n");
		break;
	case LWS_CALLBACK_SERVER_WRITEABLE:
		message = lws_ring_get_element(c->ring, &c->tail);
		if (!message)
			break;
		if (lws_write(wsi, (unsigned char *)message->bytes + LWS_PRE, message->length,
			      (enum lws_write_protocol)message->flags) < (int)message->length)
			return -1;
		lws_ring_consume(c->ring, &c->tail, NULL, 1);
		lws_ring_update_oldest_tail(c->ring, c->tail);
		if (lws_ring_get_count_waiting_elements(c->ring, &c->tail))
			lws_callback_on_writable(wsi);
		break;
	case LWS_CALLBACK_WS_PEER_INITIATED_CLOSE:
		printf("peer closes %u '%.*s'\n", len >= 2 ? ((unsigned char *)in)[0] << 8 | ((unsigned char *)in)[1] : 0,
		       len > 2 ? (int)len - 2 : 0, (char *)in + 2);
		break;
	case LWS_CALLBACK_CLOSED:
		if (c && c->ring)
			lws_ring_destroy(c->ring);
		printf("closed\n");
		break;
	default:
		break;
	}
	return 0;
}

/* ---- timers ---- */

static lws_sorted_usec_list_t timers[4];
static struct lws_context *timer_context;
static int timers_due;

static void on_timer(lws_sorted_usec_list_t *sul)
{
	printf("timer %d\n", (int)(sul - timers));
	/* the first cancels the last, and sets the second again */
	if (sul == &timers[0] && !timers_due++) {
		lws_sul_cancel(&timers[3]);
		lws_sul_schedule(timer_context, 0, &timers[1], on_timer, 60 * LWS_US_PER_MS);
	}
}

static void set_timers(struct lws_context *context)
{
	timer_context = context;
	lws_sul_schedule(context, 0, &timers[3], on_timer, 40 * LWS_US_PER_MS);
	lws_sul_schedule(context, 0, &timers[1], on_timer, 30 * LWS_US_PER_MS);
	lws_sul_schedule(context, 0, &timers[0], on_timer, 10 * LWS_US_PER_MS);
	lws_sul_schedule(context, 0, &timers[2], on_timer, 20 * LWS_US_PER_MS);
}

static void on_finalize(struct lws_vhost *vhost, void *argument)
{
	(void)vhost;
	printf("vhost %s finalised\n", (const char *)argument);
}

int main(int argc, char **argv)
{
	static const lws_retry_bo_t policy = { .secs_since_valid_ping = 1, .secs_since_valid_hangup = 10 };
	static const struct lws_extension extensions[] = {
		{ "permessage-deflate", lws_extension_callback_pm_deflate, "permessage-deflate; client_max_window_bits" },
		{ NULL, NULL, NULL },
	};
	static struct lws_protocols protocols[] = {
		{ "http", callback_http, sizeof(struct request), 0, 0, NULL, 0 },
		{ "chat", callback_chat, sizeof(struct chat), 1024, 42, NULL, 0 },
		{ NULL, NULL, 0, 0, 0, NULL, 0 },
	};
	static const struct lws_protocol_vhost_options greeting = { NULL, NULL, "greeting", "hello" },
						       chat_option = { NULL, NULL, "chat", "" },
						       options = { &chat_option, &greeting, "http", "" },
						       header = { NULL, NULL, "x-of-the-vhost:", "yes" },
						       type = { NULL, NULL, ".odd", "text/odd" };
	static struct lws_http_mount files = { .mountpoint = "/files", .mountpoint_len = 6, .def = "index.html",
					       .origin_protocol = LWSMPRO_FILE, .extra_mimetypes = &type },
				     moved = { .mountpoint = "/moved", .mountpoint_len = 6, .origin = "/files/",
					       .origin_protocol = LWSMPRO_REDIR_HTTP, .mount_next = &files },
				     dynamic = { .mountpoint = "/dynamic", .mountpoint_len = 8, .protocol = "http",
						 .origin_protocol = LWSMPRO_CALLBACK, .mount_next = &moved };
	struct lws_context_creation_info info;
	struct lws_vhost *web, *second;
	struct lws_context *context;

	if (argc != 4)
		return 2;
	setvbuf(stdout, NULL, _IOLBF, 0);
	lws_set_log_level(LLL_ERR, NULL);
	signal(SIGTERM, on_signal);
	files.origin = argv[3];
	moved.origin = "localhost/files/";

	memset(&info, 0, sizeof(info));
	info.options = LWS_SERVER_OPTION_EXPLICIT_VHOSTS | LWS_SERVER_OPTION_DISABLE_IPV6;
	info.retry_and_idle_policy = &policy;
	info.pt_serv_buf_size = 8192;
	context = lws_create_context(&info);
	if (!context)
		return 3;

	info.port = atoi(argv[1]);
	info.iface = "127.0.0.1";
	info.protocols = protocols;
	info.vhost_name = "web";
	info.pvo = &options;
	info.headers = &header;
	info.mounts = &dynamic;
	info.extensions = extensions;
	info.error_document_404 = "/files/missing.html";
	info.server_string = "under test";
	info.keepalive_timeout = 20;
	info.finalize = on_finalize;
	info.finalize_arg = "web";
	web = lws_create_vhost(context, &info);

	info.port = atoi(argv[2]);
	info.vhost_name = "second";
	info.pvo = NULL;
	info.headers = NULL;
	info.mounts = NULL;
	info.extensions = NULL;
	info.error_document_404 = NULL;
	info.finalize_arg = "second";
	second = lws_create_vhost(context, &info);
	if (!web || !second || lws_get_vhost_listen_port(web) != atoi(argv[1]))
		return 4;

	set_timers(context);
	while (!stopped && lws_service(context, 0) >= 0)
		;
	printf("stopping\n");
	lws_context_destroy(context);
	return 0;
}
