/*
 * The server that clients of others are pointed at: TLS and HTTP/2 in every configuration that a test asks for, by
 * options. It uses nothing but the public interface.
 *
 *	GET /			a short page
 *	GET /info		what the program is told about the connection
 *	GET /counts		connections accepted, connections and streams that exist, memory
 *	GET /bytes/N?seed=S&piece=P	N bytes of the pattern from its place S, P bytes per lws_write()
 *	POST /sink?seed=S	compares the body with the pattern; answers its length and where it differs first
 *	POST /sink?stall=1	takes the first piece and then no more, until GET /release
 *	GET /reload		lws_tls_cert_updated() for the paths of the first vhost
 *	POST /reload		the same, the body is a certificate and its key, which is empty lines apart
 *	/files			a directory
 *	WebSocket "echo"	sends messages back
 *
 * The pattern repeats after 65521 bytes, a prime, so that a lost or exchanged frame does not look right.
 */
#include <libwebsockets.h>

#include <getopt.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PERIOD 65521
#define PIECE_MAX (1 << 20)
#define VHOSTS_MAX 8

struct request {
	enum { NOTHING, BYTES, SINK, RELOAD, PAGE } kind;
	unsigned long long length, done; /* of the body, bytes */
	long long different;             /* where the body differs from the pattern, -1: nowhere */
	size_t seed, piece;
	bool stall;
	struct lws *wsi;
	struct lws_dll2 stalled; /* in the list of those that wait for a release */
	char *text;              /* a body that is collected, or the answer */
	size_t text_length;
};

struct message {
	struct lws_dll2 list;
	size_t length;
	int flags;
	unsigned char bytes[]; /* LWS_PRE, then the payload */
};

struct echo {
	struct lws_dll2_owner messages;
	bool stopped;
};

static struct lws_context *context;
static struct lws_dll2_owner stalled_requests;
static volatile sig_atomic_t interrupted;
static unsigned char pattern[PERIOD + PIECE_MAX];
static const char *certificate_path, *key_path;
static long long connections, wsis; /* accepted in all; that exist */

static void on_signal(int number)
{
	(void)number;
	interrupted = 1;
	if (context)
		lws_cancel_service(context);
}

static void make_pattern(void)
{
	uint32_t state = 1;
	size_t i;

	for (i = 0; i < sizeof(pattern); i++) {
		if (i >= PERIOD) {
			pattern[i] = pattern[i - PERIOD];
			continue;
		}
		state = state * 1664525 + 1013904223;
		pattern[i] = (unsigned char)(state >> 24);
	}
}

static size_t url_number(struct lws *wsi, const char *name, size_t otherwise)
{
	char text[32];

	if (!lws_get_urlarg_by_name(wsi, name, text, sizeof(text)))
		return otherwise;

	/* some versions of upstream give the name too */
	return (size_t)strtoull(text + (strncmp(text, name, strlen(name)) ? 0 : strlen(name)), NULL, 10);
}

static int respond(struct lws *wsi, unsigned int status, const char *type, unsigned long long length)
{
	unsigned char head[LWS_PRE + 2048], *start = head + LWS_PRE, *p = start, *end = head + sizeof(head) - 1;

	if (lws_add_http_common_headers(wsi, status, type, length, &p, end) ||
	    lws_finalize_write_http_header(wsi, start, &p, end))
		return 1;
	lws_callback_on_writable(wsi);

	return 0;
}

/* answers with a text, which is copied */
static int respond_text(struct lws *wsi, struct request *request, const char *type, const char *text)
{
	request->kind = PAGE;
	free(request->text);
	request->text = strdup(text);
	if (!request->text)
		return -1;
	request->text_length = strlen(text);

	return respond(wsi, HTTP_STATUS_OK, type, request->text_length);
}

static int refuse(struct lws *wsi, unsigned int status)
{
	if (lws_return_http_status(wsi, status, NULL))
		return -1;

	return lws_http_transaction_completed(wsi);
}

static int write_page(struct lws *wsi, struct request *request)
{
	unsigned char *copy = malloc(LWS_PRE + request->text_length);
	int written;

	if (!copy)
		return -1;
	memcpy(copy + LWS_PRE, request->text, request->text_length);
	written = lws_write(wsi, copy + LWS_PRE, request->text_length, LWS_WRITE_HTTP_FINAL);
	free(copy);
	free(request->text);
	request->text = NULL;
	request->kind = NOTHING;
	if (written < (int)request->text_length)
		return -1;

	return lws_http_transaction_completed(wsi) ? -1 : 0;
}

static int write_bytes(struct lws *wsi, struct request *request)
{
	static unsigned char piece[LWS_PRE + PIECE_MAX];
	unsigned long long left = request->length - request->done;
	size_t length = left < request->piece ? (size_t)left : request->piece;
	bool final = length == left;

	/* upstream changes what is before the payload */
	memcpy(piece + LWS_PRE, pattern + (request->seed + request->done) % PERIOD, length);
	if (lws_write(wsi, piece + LWS_PRE, length, final ? LWS_WRITE_HTTP_FINAL : LWS_WRITE_HTTP) < (int)length)
		return -1;
	request->done += length;
	if (!final) {
		lws_callback_on_writable(wsi);
		return 0;
	}
	request->kind = NOTHING;

	return lws_http_transaction_completed(wsi) ? -1 : 0;
}

static int begin_bytes(struct lws *wsi, struct request *request, const char *number)
{
	request->kind = BYTES;
	request->length = strtoull(number, NULL, 10);
	request->seed = url_number(wsi, "seed=", 0);
	request->piece = url_number(wsi, "piece=", 65536);
	if (!request->length || !request->piece || request->piece > PIECE_MAX)
		return refuse(wsi, HTTP_STATUS_BAD_REQUEST);

	return respond(wsi, HTTP_STATUS_OK, "application/octet-stream", request->length);
}

static void compare(struct request *request, const unsigned char *in, size_t len)
{
	size_t at = (size_t)((request->seed + request->done) % PERIOD), step, i;

	while (len) {
		step = len < PERIOD ? len : PERIOD;
		if (request->different < 0 && memcmp(in, pattern + at, step))
			for (i = 0; i < step; i++)
				if (in[i] != pattern[at + i]) {
					request->different = (long long)(request->done + i);
					break;
				}
		request->done += step;
		in += step;
		len -= step;
		at = (at + step) % PERIOD;
	}
}

static int sink(struct lws *wsi, struct request *request, const void *in, size_t len)
{
	compare(request, in, len);
	if (request->stall) {
		request->stall = false;
		lws_dll2_add_tail(&request->stalled, &stalled_requests);
		lws_rx_flow_control(wsi, 0);
	}

	return 0;
}

static int collect(struct request *request, const void *in, size_t len)
{
	char *grown = realloc(request->text, request->text_length + len + 1);

	if (!grown || request->text_length + len > 100000)
		return -1;
	request->text = grown;
	memcpy(request->text + request->text_length, in, len);
	request->text_length += len;
	request->text[request->text_length] = '\0';

	return 0;
}

static int answer_sink(struct lws *wsi, struct request *request)
{
	char text[128];

	lws_snprintf(text, sizeof(text), "{\"length\": %llu, \"different\": %lld}\n", request->done, request->different);

	return respond_text(wsi, request, "application/json", text);
}

static int answer_reload(struct lws *wsi, struct request *request)
{
	char text[64], *key = request->text ? strstr(request->text, "\n\n") : NULL;
	int result;

	if (key)
		result = lws_tls_cert_updated(context, certificate_path, key_path,
					      request->text, (size_t)(key + 1 - request->text), key + 2, strlen(key + 2));
	else
		result = lws_tls_cert_updated(context, certificate_path, key_path, NULL, 0, NULL, 0);
	lws_snprintf(text, sizeof(text), "{\"result\": %d}\n", result);

	return respond_text(wsi, request, "application/json", text);
}

static int answer_release(struct lws *wsi, struct request *request)
{
	char text[64];
	int count = 0;

	while (stalled_requests.head) {
		struct request *other = lws_container_of(stalled_requests.head, struct request, stalled);

		lws_dll2_remove(&other->stalled);
		lws_rx_flow_control(other->wsi, 1);
		count++;
	}
	lws_snprintf(text, sizeof(text), "{\"released\": %d}\n", count);

	return respond_text(wsi, request, "application/json", text);
}

/* the common name of the client's certificate, "" where there is none */
static const char *peer_name(struct lws *wsi)
{
	static union {
		union lws_tls_cert_info_results info;
		char room[sizeof(union lws_tls_cert_info_results) + 256];
	} found;

	memset(&found, 0, sizeof(found));
	if (lws_tls_peer_cert_info(lws_get_network_wsi(wsi), LWS_TLS_CERT_INFO_COMMON_NAME, &found.info,
				   sizeof(found.info.ns.name) + 256))
		return "";

	return found.info.ns.name;
}

static int answer_info(struct lws *wsi, struct request *request)
{
	char text[512];

	lws_snprintf(text, sizeof(text), "{\"tls\": %s, \"stream\": %s, \"vhost\": \"%s\", \"peer\": \"%s\"}\n",
		     lws_is_ssl(lws_get_network_wsi(wsi)) ? "true" : "false",
		     lws_get_network_wsi(wsi) != wsi ? "true" : "false", lws_get_vhost_name(lws_get_vhost(wsi)),
		     peer_name(wsi));

	return respond_text(wsi, request, "application/json", text);
}

static long resident(void)
{
	FILE *file = fopen("/proc/self/statm", "r");
	long pages = 0;

	if (file) {
		if (fscanf(file, "%*s %ld", &pages) != 1)
			pages = 0;
		fclose(file);
	}

	return pages * 4096;
}

static int answer_counts(struct lws *wsi, struct request *request)
{
	char text[256];

	lws_snprintf(text, sizeof(text), "{\"connections\": %lld, \"wsis\": %lld, \"resident\": %ld}\n",
		     connections, wsis, resident());

	return respond_text(wsi, request, "application/json", text);
}

static int begin_request(struct lws *wsi, struct request *request)
{
	char *uri, path[64];
	int length, method = lws_http_get_uri_and_method(wsi, &uri, &length);

	memset(request, 0, sizeof(*request));
	request->wsi = wsi;
	request->different = -1;
	if (method < 0 || length >= (int)sizeof(path))
		return refuse(wsi, HTTP_STATUS_NOT_FOUND);
	lws_strncpy(path, uri, (size_t)length + 1);
	if (method == LWSHUMETH_POST || method == LWSHUMETH_PUT) {
		request->seed = url_number(wsi, "seed=", 0);
		request->stall = url_number(wsi, "stall=", 0) != 0;
		request->kind = strcmp(path, "/reload") ? SINK : RELOAD;
		return 0;
	}
	if (!strncmp(path, "/bytes/", 7))
		return begin_bytes(wsi, request, path + 7);
	if (!strcmp(path, "/reload"))
		return answer_reload(wsi, request);
	if (!strcmp(path, "/release"))
		return answer_release(wsi, request);
	if (!strcmp(path, "/info"))
		return answer_info(wsi, request);
	if (!strcmp(path, "/counts"))
		return answer_counts(wsi, request);
	if (!strcmp(path, "/"))
		return respond_text(wsi, request, "text/html",
				    "<!DOCTYPE html><title>golws</title><h1>A page over TLS or not</h1>\n");

	return refuse(wsi, HTTP_STATUS_NOT_FOUND);
}

static void end_request(struct request *request)
{
	lws_dll2_remove(&request->stalled);
	free(request->text);
	request->text = NULL;
	request->kind = NOTHING;
}

static int on_http(struct lws *wsi, enum lws_callback_reasons reason, void *user, void *in, size_t len)
{
	struct request *request = user;

	switch (reason) {
	case LWS_CALLBACK_FILTER_NETWORK_CONNECTION:
		connections++;
		return 0;
	case LWS_CALLBACK_WSI_CREATE:
		wsis++;
		return 0;
	case LWS_CALLBACK_WSI_DESTROY:
		wsis--;
		return 0;
	case LWS_CALLBACK_HTTP:
		return begin_request(wsi, request);
	case LWS_CALLBACK_HTTP_BODY:
		return request->kind == RELOAD ? collect(request, in, len) : sink(wsi, request, in, len);
	case LWS_CALLBACK_HTTP_BODY_COMPLETION:
		return request->kind == RELOAD ? answer_reload(wsi, request) : answer_sink(wsi, request);
	case LWS_CALLBACK_HTTP_WRITEABLE:
		if (request->kind == BYTES)
			return write_bytes(wsi, request);
		return request->kind == PAGE ? write_page(wsi, request) : 0;
	case LWS_CALLBACK_HTTP_DROP_PROTOCOL:
	case LWS_CALLBACK_CLOSED_HTTP:
		if (request)
			end_request(request);
		return 0;
	default:
		return lws_callback_http_dummy(wsi, reason, user, in, len);
	}
}

static int echo_receive(struct lws *wsi, struct echo *echo, const void *in, size_t len)
{
	struct message *message = calloc(1, sizeof(*message) + LWS_PRE + len);

	if (!message)
		return -1;
	message->length = len;
	message->flags = lws_write_ws_flags(lws_frame_is_binary(wsi) ? LWS_WRITE_BINARY : LWS_WRITE_TEXT,
					    lws_is_first_fragment(wsi), lws_is_final_fragment(wsi));
	if (len)
		memcpy(message->bytes + LWS_PRE, in, len);
	lws_dll2_add_tail(&message->list, &echo->messages);
	if (echo->messages.count > 64 && !echo->stopped) {
		echo->stopped = true;
		lws_rx_flow_control(wsi, 0);
	}
	lws_callback_on_writable(wsi);

	return 0;
}

static int echo_send(struct lws *wsi, struct echo *echo)
{
	struct message *message;
	int written;

	if (!echo->messages.head)
		return 0;
	message = lws_container_of(echo->messages.head, struct message, list);
	written = lws_write(wsi, message->bytes + LWS_PRE, message->length, message->flags);
	if (written < (int)message->length)
		return -1;
	lws_dll2_remove(&message->list);
	free(message);
	if (echo->stopped && echo->messages.count < 16) {
		echo->stopped = false;
		lws_rx_flow_control(wsi, 1);
	}
	if (echo->messages.head)
		lws_callback_on_writable(wsi);

	return 0;
}

static int on_echo(struct lws *wsi, enum lws_callback_reasons reason, void *user, void *in, size_t len)
{
	struct echo *echo = user;

	switch (reason) {
	case LWS_CALLBACK_RECEIVE:
		return echo_receive(wsi, echo, in, len);
	case LWS_CALLBACK_SERVER_WRITEABLE:
		return echo_send(wsi, echo);
	case LWS_CALLBACK_CLOSED:
		while (echo->messages.head) {
			struct message *message = lws_container_of(echo->messages.head, struct message, list);

			lws_dll2_remove(&message->list);
			free(message);
		}
		return 0;
	default:
		return 0;
	}
}

static const struct lws_protocols protocols[] = {
	{ .name = "http", .callback = on_http, .per_session_data_size = sizeof(struct request) },
	{ .name = "echo", .callback = on_echo, .per_session_data_size = sizeof(struct echo), .rx_buffer_size = 4096 },
	{ .name = NULL },
};

static const struct lws_extension extensions[] = {
	{ "permessage-deflate", lws_extension_callback_pm_deflate, "permessage-deflate; client_max_window_bits" },
	{ NULL, NULL, NULL },
};

static struct lws_http_mount files = { .mountpoint = "/files", .mountpoint_len = 6, .origin_protocol = LWSMPRO_FILE };

static const struct lws_http_mount site = {
	.mountpoint = "/", .mountpoint_len = 1, .origin = "http", .protocol = "http", .origin_protocol = LWSMPRO_CALLBACK,
	.mount_next = &files,
};

struct vhost {
	const char *name, *certificate, *key;
};

static struct vhost vhosts[VHOSTS_MAX];
static int vhosts_count, watch_interval;

static const char usage[] =
	"usage: server [options]\n"
	"  --vhost NAME[,CERTIFICATE,KEY]  a virtual host; the first is for all other names too\n"
	"  --option NUMBER       bit of info.options; may be repeated\n"
	"  --client-ca FILE      whom client certificates are trusted from\n"
	"  --password TEXT       of the private keys\n"
	"  --alpn LIST\n"
	"  --ciphers LIST        up to TLS 1.2\n"
	"  --suites LIST         TLS 1.3\n"
	"  --ssl-set NUMBER      SSL_OP_ bits\n"
	"  --ssl-clear NUMBER\n"
	"  --timeout SECONDS     of handshakes and requests\n"
	"  --keepalive SECONDS   of connections without a request\n"
	"  --session SECONDS     lifetime of TLS sessions\n"
	"  --setting ID=VALUE    HTTP/2\n"
	"  --files DIRECTORY     at /files\n"
	"  --watch SECONDS       how often the certificates' files are looked at\n"
	"  --threads NUMBER\n"
	"  --log BITS\n";

static void add_vhost(char *text)
{
	struct vhost *vhost = &vhosts[vhosts_count];

	if (vhosts_count++ == VHOSTS_MAX)
		exit(2);
	vhost->name = strtok(text, ",");
	vhost->certificate = strtok(NULL, ",");
	vhost->key = strtok(NULL, ",");
}

static void add_setting(struct lws_context_creation_info *info, const char *text)
{
	unsigned int id, value;

	if (sscanf(text, "%u=%u", &id, &value) != 2 || id >= LWS_ARRAY_SIZE(info->http2_settings))
		exit(2);
	info->http2_settings[id] = value;
	info->http2_settings[0] = 1;
}

static void read_options(struct lws_context_creation_info *info, int argc, char **argv)
{
	enum { VHOST, OPTION, CLIENT_CA, PASSWORD, ALPN, CIPHERS, SUITES, SSL_SET, SSL_CLEAR, TIMEOUT, KEEPALIVE, SESSION,
	       SETTING, FILES, WATCH, THREADS, LOG };
	static const struct option names[] = {
		{ "vhost", required_argument, NULL, VHOST },
		{ "option", required_argument, NULL, OPTION },
		{ "client-ca", required_argument, NULL, CLIENT_CA },
		{ "password", required_argument, NULL, PASSWORD },
		{ "alpn", required_argument, NULL, ALPN },
		{ "ciphers", required_argument, NULL, CIPHERS },
		{ "suites", required_argument, NULL, SUITES },
		{ "ssl-set", required_argument, NULL, SSL_SET },
		{ "ssl-clear", required_argument, NULL, SSL_CLEAR },
		{ "timeout", required_argument, NULL, TIMEOUT },
		{ "keepalive", required_argument, NULL, KEEPALIVE },
		{ "session", required_argument, NULL, SESSION },
		{ "setting", required_argument, NULL, SETTING },
		{ "files", required_argument, NULL, FILES },
		{ "watch", required_argument, NULL, WATCH },
		{ "threads", required_argument, NULL, THREADS },
		{ "log", required_argument, NULL, LOG },
		{ NULL, 0, NULL, 0 },
	};
	int option;

	while ((option = getopt_long(argc, argv, "", names, NULL)) != -1)
		switch (option) {
		case VHOST: add_vhost(optarg); break;
		case OPTION: info->options |= strtoull(optarg, NULL, 0); break;
		case CLIENT_CA: info->ssl_ca_filepath = optarg; break;
		case PASSWORD: info->ssl_private_key_password = optarg; break;
		case ALPN: info->alpn = optarg; break;
		case CIPHERS: info->ssl_cipher_list = optarg; break;
		case SUITES: info->tls1_3_plus_cipher_list = optarg; break;
		case SSL_SET: info->ssl_options_set |= strtol(optarg, NULL, 0); break;
		case SSL_CLEAR: info->ssl_options_clear |= strtol(optarg, NULL, 0); break;
		case TIMEOUT: info->timeout_secs = (unsigned int)atoi(optarg); break;
		case KEEPALIVE: info->keepalive_timeout = atoi(optarg); break;
		case SESSION: info->tls_session_timeout = (uint32_t)atoi(optarg); break;
		case SETTING: add_setting(info, optarg); break;
		case FILES: files.origin = optarg; break;
		case WATCH: watch_interval = atoi(optarg); break;
		case THREADS: info->count_threads = (unsigned int)atoi(optarg); break;
		case LOG: lws_set_log_level(atoi(optarg), NULL); break;
		default: fputs(usage, stderr); exit(2);
		}
}

static int start(struct lws_context_creation_info *info)
{
	struct lws_vhost *vhost;
	int i, port = 0;

	context = lws_create_context(info);
	if (!context)
		return 0;
	for (i = 0; i < vhosts_count; i++) {
		info->vhost_name = vhosts[i].name;
		info->ssl_cert_filepath = vhosts[i].certificate;
		info->ssl_private_key_filepath = vhosts[i].key;
		info->port = port;
		vhost = lws_create_vhost(context, info);
		if (!vhost)
			return 0;
		if (watch_interval && lws_tls_vhost_watch_cert(vhost, watch_interval))
			return 0;
		port = lws_get_vhost_listen_port(vhost);
	}
	certificate_path = vhosts[0].certificate;
	key_path = vhosts[0].key;

	return port;
}

int main(int argc, char **argv)
{
	struct lws_context_creation_info info;
	struct sigaction action;
	int port, result = 0;

	memset(&info, 0, sizeof(info));
	info.options = LWS_SERVER_OPTION_EXPLICIT_VHOSTS | LWS_SERVER_OPTION_DO_SSL_GLOBAL_INIT;
	info.protocols = protocols;
	info.mounts = &site;
	info.extensions = extensions;
	info.iface = "127.0.0.1";
	files.origin = "/var/empty";
	lws_set_log_level(LLL_ERR | LLL_WARN, NULL);
	read_options(&info, argc, argv);
	make_pattern();

	memset(&action, 0, sizeof(action));
	action.sa_handler = on_signal;
	sigaction(SIGINT, &action, NULL);
	sigaction(SIGTERM, &action, NULL);

	port = start(&info);
	if (port) {
		printf("port %d\n", port);
		fflush(stdout);
		while (result >= 0 && !interrupted)
			result = lws_service(context, 0);
	}
	lws_context_destroy(context);

	return port && interrupted && !wsis ? 0 : 1;
}
