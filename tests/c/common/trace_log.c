#include "trace.h"

#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static char text_of_log[65536];
static size_t length_of_log;
atomic_int trace_destroyed;
static size_t body_length; /* consecutive pieces of a body are one line: how TCP splits them is no fact */
static bool arrival_logged; /* the same for RECEIVE_CLIENT_HTTP */
bool trace_every_destroy;

static struct connection {
	struct lws *wsi;
	bool created; /* WSI_CREATE was seen */
} connections[16];
static int connection_count;
bool trace_writeable_wanted;
bool trace_without_handshake;

static void put(const char *format, ...) __attribute__((format(printf, 1, 2)));
static void put(const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	length_of_log += (size_t)vsnprintf(text_of_log + length_of_log, sizeof(text_of_log) - length_of_log, format,
					arguments);
	va_end(arguments);
	REQUIRE(length_of_log < sizeof(text_of_log) - 1);
}

static void flush_body(void)
{
	if (body_length)
		put(" len=%zu\n", body_length);
	body_length = 0;
}

/* A line of the test's own, to show where the client acts. */
void trace_mark(const char *text)
{
	pthread_mutex_lock(&lock);
	flush_body();
	put("-- %s\n", text);
	pthread_mutex_unlock(&lock);
}

bool trace_logged(const char *text)
{
	bool found;

	pthread_mutex_lock(&lock);
	found = !!strstr(text_of_log, text);
	pthread_mutex_unlock(&lock);

	return found;
}

/* How the last callback's line begins: the server has come to rest there. */
bool trace_last_is(const char *text)
{
	const char *line, *end;
	bool found;

	pthread_mutex_lock(&lock);
	end = text_of_log + length_of_log;
	for (line = end; line > text_of_log && (line == end || line[-1] != '\n'); line--)
		;
	found = !!strstr(line, text);
	pthread_mutex_unlock(&lock);

	return found;
}

static struct connection *connection_of(struct lws *wsi)
{
	int i;

	for (i = connection_count - 1; i >= 0; i--)
		if (connections[i].wsi == wsi)
			return &connections[i];
	REQUIRE(connection_count < 16);
	connections[connection_count].wsi = wsi;

	return &connections[connection_count++];
}

/*
 * Session memory: none, new (all zero) or kept (as this function left it, at
 * the place where it was).  Every handler's memory is at least this large.
 */
static const char *memory(void *user)
{
	static const char zero[24];
	void *place;

	if (!user)
		return "none";
	if (!memcmp(user, zero, sizeof(zero))) {
		memcpy(user, &user, sizeof(user));
		return "new";
	}
	memcpy(&place, user, sizeof(place));

	return place == user ? "kept" : "garbage";
}

static bool is_noise(enum lws_callback_reasons reason)
{
	switch (reason) {
	case LWS_CALLBACK_GET_THREAD_ID:
	case LWS_CALLBACK_ADD_POLL_FD:
	case LWS_CALLBACK_DEL_POLL_FD:
	case LWS_CALLBACK_CHANGE_MODE_POLL_FD:
	case LWS_CALLBACK_LOCK_POLL:
	case LWS_CALLBACK_UNLOCK_POLL:
	case LWS_CALLBACK_EVENT_WAIT_CANCELLED:
	case LWS_CALLBACK_OPENSSL_LOAD_EXTRA_SERVER_VERIFY_CERTS:
	case LWS_CALLBACK_OPENSSL_LOAD_EXTRA_CLIENT_VERIFY_CERTS:
	case LWS_CALLBACK_VHOST_CERT_AGING:
		return true;
	case LWS_CALLBACK_HTTP_CONFIRM_UPGRADE:
	case LWS_CALLBACK_ADD_HEADERS:
		return trace_without_handshake;
	default:
		return false;
	}
}

static bool is_piece(enum lws_callback_reasons reason)
{
	return reason == LWS_CALLBACK_HTTP_BODY || reason == LWS_CALLBACK_RECEIVE_CLIENT_HTTP_READ;
}

static bool is_writeable(enum lws_callback_reasons reason)
{
	return reason == LWS_CALLBACK_SERVER_WRITEABLE || reason == LWS_CALLBACK_CLIENT_WRITEABLE ||
	       reason == LWS_CALLBACK_CLIENT_HTTP_WRITEABLE || reason == LWS_CALLBACK_RAW_WRITEABLE;
}

void trace_callback(const char *protocol, struct lws *wsi, enum lws_callback_reasons reason,
			 void *user, void *in, size_t len)
{
	const struct lws_protocols *bound;
	struct connection *connection;

	if (is_noise(reason))
		return;
	pthread_mutex_lock(&lock);
	if (reason == LWS_CALLBACK_RECEIVE_CLIENT_HTTP) {
		bool first = !arrival_logged;

		arrival_logged = true;
		if (!first) {
			pthread_mutex_unlock(&lock);
			return;
		}
	}
	if (!is_piece(reason)) {
		flush_body();
		if (reason != LWS_CALLBACK_RECEIVE_CLIENT_HTTP)
			arrival_logged = false;
	}
	switch (reason) {
	case LWS_CALLBACK_PROTOCOL_INIT:
	case LWS_CALLBACK_PROTOCOL_DESTROY:
		CHECK(wsi && lws_get_context(wsi) && lws_get_vhost(wsi));
		put("%s %s vhost=%s bound=%s", protocol, server_reason(reason),
		    lws_get_vhost_name(lws_get_vhost(wsi)),
		    lws_get_protocol(wsi) ? lws_get_protocol(wsi)->name : "none");
		if (in) {
			const struct lws_protocol_vhost_options *option;

			for (option = in; option; option = option->next)
				put(" %s=%s", option->name, option->value);
		}
		put("\n");
		pthread_mutex_unlock(&lock);
		return;
	case LWS_CALLBACK_FILTER_NETWORK_CONNECTION:
		CHECK(wsi && lws_get_context(wsi) && lws_get_vhost(wsi));
		put("%s %s in=%s len=%zu user=%s\n", protocol, server_reason(reason),
		    fcntl((int)(intptr_t)in, F_GETFD) >= 0 ? "fd" : "?", len,
		    user ? "set" : "null");
		pthread_mutex_unlock(&lock);
		return;
	case LWS_CALLBACK_HTTP_BODY:
	case LWS_CALLBACK_RECEIVE_CLIENT_HTTP_READ:
		if (body_length) {
			body_length += len;
			pthread_mutex_unlock(&lock);
			return;
		}
		break;
	default:
		break;
	}

	connection = connection_of(wsi);
	connection->created |= reason == LWS_CALLBACK_WSI_CREATE;
	connection->created |= trace_every_destroy;
	if ((reason == LWS_CALLBACK_WSI_DESTROY && !connection->created) ||
	    (is_writeable(reason) && !trace_writeable_wanted)) {
		/*
		 * Upstream destroys listening wsi too, which nobody saw created, and gives a
		 * WRITEABLE nobody asked for after a control frame of its own.
		 */
		if (!connection->created)
			connection_count--;
		pthread_mutex_unlock(&lock);
		return;
	}
	bound = lws_get_protocol(wsi);
	put("#%d %s %s user=%s", (int)(connection - connections) + 1, protocol,
	    server_reason(reason), memory(user));
	if (!bound || strcmp(bound->name, protocol))
		put(" bound=%s", bound ? bound->name : "none");
	if (lws_wsi_user(wsi) != user)
		put(" but lws_wsi_user differs");

	switch (reason) {
	case LWS_CALLBACK_HTTP:
	case LWS_CALLBACK_FILTER_HTTP_CONNECTION:
		put(" in=\"%.*s\"", (int)len, (char *)in);
		CHECK_INT(((char *)in)[len], 0);
		break;
	case LWS_CALLBACK_HTTP_CONFIRM_UPGRADE:
	case LWS_CALLBACK_VERIFY_BASIC_AUTHORIZATION:
		put(" in=\"%s\" len=%zu", in ? (char *)in : "(null)", len);
		break;
	case LWS_CALLBACK_FILTER_PROTOCOL_CONNECTION:
		/* what the client asked for; nothing or NULL without the header */
		put(" in=\"%s\" len=%zu", in ? (char *)in : "", len);
		break;
	case LWS_CALLBACK_CHECK_ACCESS_RIGHTS: {
		struct lws_process_html_args *args = in;

		put(" p=\"%.*s\" max_len=0x%x final=%d", args->len, args->p, (unsigned)args->max_len,
		    args->final);
		break;
	}
	case LWS_CALLBACK_ADD_HEADERS: {
		struct lws_process_html_args *args = in;

		put(" room=%s", args->p && args->max_len > 64 ? "yes" : "no");
		break;
	}
	case LWS_CALLBACK_CONNECTING:
		put(" in=%s len=%zu", fcntl((int)(intptr_t)in, F_GETFD) >= 0 ? "fd" : "?", len);
		break;
	case LWS_CALLBACK_CLIENT_CONNECTION_ERROR:
	case LWS_CALLBACK_CLIENT_CONFIRM_EXTENSION_SUPPORTED:
		/* upstream's len is at times that of the pointer */
		put(" in=\"%s\"", in ? (char *)in : "(null)");
		break;
	case LWS_CALLBACK_CLIENT_HTTP_REDIRECT:
		/* without the port, which is another each time */
		put(" in=\"...%s\" len=%zu", strrchr(in, '/'), len);
		break;
	case LWS_CALLBACK_CLIENT_APPEND_HANDSHAKE_HEADER:
		put(" in=%s room=%s", in && *(unsigned char **)in ? "position" : "?", len > 512 ? "yes" : "no");
		break;
	case LWS_CALLBACK_ESTABLISHED_CLIENT_HTTP:
	case LWS_CALLBACK_CLIENT_FILTER_PRE_ESTABLISH:
		put(" in=%s len=%zu status=%u", in ? "set" : "null", len, lws_http_client_http_response(wsi));
		break;
	case LWS_CALLBACK_CLIENT_RECEIVE:
	case LWS_CALLBACK_RECEIVE:
		put(" in=\"%.*s\" len=%zu first=%d final=%d binary=%d remaining=%zu",
		    (int)(len < 20 ? len : 20), (char *)in, len, lws_is_first_fragment(wsi),
		    lws_is_final_fragment(wsi), lws_frame_is_binary(wsi),
		    lws_remaining_packet_payload(wsi));
		break;
	case LWS_CALLBACK_CLIENT_RECEIVE_PONG:
	case LWS_CALLBACK_RECEIVE_PONG:
	case LWS_CALLBACK_RAW_RX:
		put(" in=\"%.*s\" len=%zu", (int)len, (char *)in, len);
		break;
	case LWS_CALLBACK_WS_PEER_INITIATED_CLOSE:
		put(" len=%zu", len);
		if (len >= 2)
			put(" code=%d reason=\"%.*s\"",
			    ((unsigned char *)in)[0] << 8 | ((unsigned char *)in)[1], (int)len - 2,
			    (char *)in + 2);
		break;
	case LWS_CALLBACK_HTTP_BODY:
	case LWS_CALLBACK_RECEIVE_CLIENT_HTTP_READ:
		if (len) {
			body_length = len;
			pthread_mutex_unlock(&lock);
			return;
		}
		put(" len=0");
		break;
	case LWS_CALLBACK_ESTABLISHED:
		if (trace_without_handshake)
			break;
		/* fallthrough */
	default:
		put(" in=%s len=%zu", in ? "set" : "null", len);
		break;
	}
	put("\n");

	if (reason == LWS_CALLBACK_WSI_DESTROY) {
		connection->wsi = NULL;
		atomic_fetch_add(&trace_destroyed, 1);
	}
	pthread_mutex_unlock(&lock);
}

const char *trace_text(void)
{
	flush_body();

	return text_of_log;
}

int trace_send(struct lws *wsi, const void *in, size_t len)
{
	unsigned char buffer[LWS_PRE + 4096];

	REQUIRE(len <= 4096);
	memcpy(buffer + LWS_PRE, in, len);
	return lws_write(wsi, buffer + LWS_PRE, len, LWS_WRITE_TEXT) < (int)len ? -1 : 0;
}

int trace_obey(struct lws *wsi, void *in, size_t len)
{
	unsigned char buffer[LWS_PRE];

	if (len == 6 && !memcmp(in, "close!", 6)) {
		lws_close_reason(wsi, LWS_CLOSE_STATUS_GOINGAWAY, (unsigned char *)"bye", 3);
		return -1;
	}
	if (len == 5 && !memcmp(in, "drop!", 5))
		return -1;
	if (len == 5 && !memcmp(in, "kill!", 5)) {
		lws_set_timeout(wsi, 1, LWS_TO_KILL_ASYNC);
		return 0;
	}
	if (len == 6 && !memcmp(in, "timer!", 6)) {
		lws_set_timer_usecs(wsi, 1000);
		return 0;
	}
	if (len == 5 && !memcmp(in, "ping!", 5))
		return lws_write(wsi, buffer + LWS_PRE, 0, LWS_WRITE_PING) < 0 ? -1 : 0;
	if (len == 6 && !memcmp(in, "write!", 6)) {
		trace_writeable_wanted = true;
		lws_callback_on_writable(wsi);
		return 0;
	}
	return trace_send(wsi, in, len);
}

int trace_written(struct lws *wsi)
{
	if (!trace_writeable_wanted)
		return 0;
	trace_writeable_wanted = false;
	return trace_send(wsi, "written", 7);
}
