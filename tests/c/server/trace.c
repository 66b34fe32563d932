/*
 * Which callback comes when, on which protocol, with which arguments: scripted
 * raw clients, one log line for each callback, compared with the recorded
 * sequences in expected/.  Programs rely on this order.
 *
 * usage: trace DIRECTORY-OF-EXPECTED-FILES [case...]
 * With TRACE_RECORD set the sequences are written there instead.
 */
#include "check.h"
#include "client.h"
#include "server.h"

#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static const char *expected_directory;

/* ---- the log ---- */

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static char log_text[65536];
static size_t log_length;
static atomic_int destroyed;
static size_t body_length; /* consecutive HTTP_BODY are one line: how TCP splits them is no fact */

static struct connection {
	struct lws *wsi;
	bool created; /* WSI_CREATE was seen */
} connections[16];
static int connection_count;
static bool writeable_wanted;

static void put(const char *format, ...) __attribute__((format(printf, 1, 2)));
static void put(const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	log_length += (size_t)vsnprintf(log_text + log_length, sizeof(log_text) - log_length, format,
					arguments);
	va_end(arguments);
	REQUIRE(log_length < sizeof(log_text) - 1);
}

static void flush_body(void)
{
	if (body_length)
		put(" len=%zu\n", body_length);
	body_length = 0;
}

/* A line of the test's own, to show where the client acts. */
static void mark(const char *text)
{
	pthread_mutex_lock(&lock);
	flush_body();
	put("-- %s\n", text);
	pthread_mutex_unlock(&lock);
}

static bool logged(const char *text)
{
	bool found;

	pthread_mutex_lock(&lock);
	found = !!strstr(log_text, text);
	pthread_mutex_unlock(&lock);

	return found;
}

/* How the last callback's line begins: the server has come to rest there. */
static bool last_is(const char *text)
{
	const char *line, *end;
	bool found;

	pthread_mutex_lock(&lock);
	end = log_text + log_length;
	for (line = end; line > log_text && (line == end || line[-1] != '\n'); line--)
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
	default:
		return false;
	}
}

static void log_callback(const char *protocol, struct lws *wsi, enum lws_callback_reasons reason,
			 void *user, void *in, size_t len)
{
	const struct lws_protocols *bound;
	struct connection *connection;

	if (is_noise(reason))
		return;
	pthread_mutex_lock(&lock);
	if (reason != LWS_CALLBACK_HTTP_BODY)
		flush_body();
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
	if ((reason == LWS_CALLBACK_WSI_DESTROY && !connection->created) ||
	    (reason == LWS_CALLBACK_SERVER_WRITEABLE && !writeable_wanted)) {
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
	case LWS_CALLBACK_RECEIVE:
		put(" in=\"%.*s\" len=%zu first=%d final=%d binary=%d remaining=%zu",
		    (int)(len < 20 ? len : 20), (char *)in, len, lws_is_first_fragment(wsi),
		    lws_is_final_fragment(wsi), lws_frame_is_binary(wsi),
		    lws_remaining_packet_payload(wsi));
		break;
	case LWS_CALLBACK_RECEIVE_PONG:
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
		if (len) {
			body_length = len;
			pthread_mutex_unlock(&lock);
			return;
		}
		put(" len=0");
		break;
	default:
		put(" in=%s len=%zu", in ? "set" : "null", len);
		break;
	}
	put("\n");

	if (reason == LWS_CALLBACK_WSI_DESTROY) {
		connection->wsi = NULL;
		atomic_fetch_add(&destroyed, 1);
	}
	pthread_mutex_unlock(&lock);
}

/* ---- the server ---- */

/* one callback reason that answers with a value of the script's */
static struct {
	int reason;
	const char *protocol;
	int value;
	int times;
} answer;

static int respond(struct lws *wsi, const char *body)
{
	unsigned char buffer[LWS_PRE + 1024], *start = buffer + LWS_PRE, *at = start,
		      *end = buffer + sizeof(buffer) - 1;
	size_t length = strlen(body);

	if (lws_add_http_common_headers(wsi, HTTP_STATUS_OK, "text/plain", length, &at, end) ||
	    lws_finalize_write_http_header(wsi, start, &at, end))
		return 1;
	at = start;
	memcpy(at, body, length);
	if (lws_write(wsi, at, length, LWS_WRITE_HTTP_FINAL) != (int)length)
		return 1;

	return lws_http_transaction_completed(wsi) ? -1 : 0;
}

static int begin(struct lws *wsi, size_t length)
{
	unsigned char buffer[LWS_PRE + 1024], *start = buffer + LWS_PRE, *at = start,
		      *end = buffer + sizeof(buffer) - 1;

	return lws_add_http_common_headers(wsi, HTTP_STATUS_OK, "text/plain", length, &at, end) ||
	       lws_finalize_write_http_header(wsi, start, &at, end);
}

static int act(struct lws *wsi, enum lws_callback_reasons reason, void *user, void *in, size_t len)
{
	unsigned char buffer[LWS_PRE + 4096];
	const char *path;

	switch (reason) {
	case LWS_CALLBACK_HTTP:
		path = in;
		if (strstr(path, "post"))
			return 0;
		if (strstr(path, "later")) {
			if (begin(wsi, 5))
				return 1;
			lws_callback_on_writable(wsi);
			return 0;
		}
		if (strstr(path, "nothing"))
			return lws_return_http_status(wsi, HTTP_STATUS_NOT_FOUND, NULL) ||
			       lws_http_transaction_completed(wsi) ? -1 : 0;
		if (strstr(path, "file")) {
			char name[512];
			int n;

			snprintf(name, sizeof(name), "%s/a.txt", test_directory());
			n = lws_serve_http_file(wsi, name, "text/plain", NULL, 0);
			if (n < 0)
				return -1;
			return n > 0 && lws_http_transaction_completed(wsi) ? -1 : 0;
		}
		if (strstr(path, "plain"))
			return respond(wsi, "hello");
		if (strstr(path, "redirect")) {
			unsigned char *at = buffer + LWS_PRE;

			if (lws_http_redirect(wsi, HTTP_STATUS_FOUND, (unsigned char *)"/plain", 6,
					      &at, buffer + sizeof(buffer)) < 0)
				return -1;
			return lws_http_transaction_completed(wsi) ? -1 : 0;
		}
		if (lws_return_http_status(wsi, HTTP_STATUS_NOT_FOUND, NULL) ||
		    lws_http_transaction_completed(wsi))
			return -1;
		return 0;
	case LWS_CALLBACK_HTTP_WRITEABLE:
		memcpy(buffer + LWS_PRE, "later", 5);
		if (lws_write(wsi, buffer + LWS_PRE, 5, LWS_WRITE_HTTP_FINAL) != 5)
			return 1;
		return lws_http_transaction_completed(wsi) ? -1 : 0;
	case LWS_CALLBACK_HTTP_BODY_COMPLETION:
		return respond(wsi, "posted");
	case LWS_CALLBACK_HTTP_FILE_COMPLETION:
		/* as lws_callback_http_dummy does */
		return lws_http_transaction_completed(wsi) ? -1 : 0;
	case LWS_CALLBACK_VERIFY_BASIC_AUTHORIZATION:
		return !strcmp(in, "joe:secret");
	case LWS_CALLBACK_RECEIVE:
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
			writeable_wanted = true;
			lws_callback_on_writable(wsi);
			return 0;
		}
		memcpy(buffer + LWS_PRE, in, len);
		return lws_write(wsi, buffer + LWS_PRE, len, LWS_WRITE_TEXT) < (int)len ? -1 : 0;
	case LWS_CALLBACK_SERVER_WRITEABLE:
		if (!writeable_wanted)
			return 0;
		writeable_wanted = false;
		memcpy(buffer + LWS_PRE, "written", 7);
		return lws_write(wsi, buffer + LWS_PRE, 7, LWS_WRITE_TEXT) < 7 ? -1 : 0;
	default:
		return 0;
	}
	(void)user;
}

static int handle(const char *protocol, struct lws *wsi, enum lws_callback_reasons reason,
		  void *user, void *in, size_t len)
{
	log_callback(protocol, wsi, reason, user, in, len);
	if (answer.times && (int)reason == answer.reason && !strcmp(protocol, answer.protocol)) {
		answer.times--;
		return answer.value;
	}

	return act(wsi, reason, user, in, len);
}

#define HANDLER(name)                                                                              \
	static int on_##name(struct lws *wsi, enum lws_callback_reasons reason, void *user,        \
			     void *in, size_t len)                                                 \
	{                                                                                          \
		return handle(#name, wsi, reason, user, in, len);                                  \
	}
HANDLER(http)
HANDLER(echo)
HANDLER(dyn)

static const struct lws_protocols protocols[] = {
	{ "http", on_http, 24, 0, 0, NULL, 0 },
	{ "echo", on_echo, 32, 0, 0, NULL, 0 },
	{ "dyn", on_dyn, 40, 0, 0, NULL, 0 },
	{ NULL, NULL, 0, 0, 0, NULL, 0 }
};

/* session memory only where wanted */
static const struct lws_protocols bare_protocols[] = {
	{ "http", on_http, 0, 0, 0, NULL, 0 },
	{ "echo", on_echo, 0, 0, 0, NULL, 0 },
	{ NULL, NULL, 0, 0, 0, NULL, 0 }
};

static struct lws_http_mount mounts[] = {
	{ .mountpoint = "/files", .mountpoint_len = 6, .origin_protocol = LWSMPRO_FILE,
	  .def = "a.txt" },
	{ .mountpoint = "/dyn", .mountpoint_len = 4, .origin = "dyn", .protocol = "dyn",
	  .origin_protocol = LWSMPRO_CALLBACK },
	{ .mountpoint = "/origin", .mountpoint_len = 7, .origin = "dyn",
	  .origin_protocol = LWSMPRO_CALLBACK },
	{ .mountpoint = "/mixed", .mountpoint_len = 6, .origin_protocol = LWSMPRO_FILE,
	  .protocol = "dyn" },
	{ .mountpoint = "/moved", .mountpoint_len = 6, .origin_protocol = LWSMPRO_REDIR_HTTP,
	  .origin = "localhost/plain" },
	{ .mountpoint = "/auth", .mountpoint_len = 5, .origin = "dyn", .protocol = "dyn",
	  .origin_protocol = LWSMPRO_CALLBACK, .auth_mask = LWSAUTHM_BASIC_AUTH_CALLBACK },
};

static struct server server;

static void begin_server(const struct lws_protocols *of, void (*adjust)(struct lws_context_creation_info *))
{
	struct lws_context_creation_info info;
	char name[512];
	size_t i;
	FILE *file;

	snprintf(name, sizeof(name), "%s/a.txt", test_directory());
	file = fopen(name, "w");
	REQUIRE(file != NULL);
	fputs("content of a file\n", file);
	fclose(file);
	for (i = 0; i < sizeof(mounts) / sizeof(mounts[0]); i++) {
		mounts[i].mount_next = i + 1 < sizeof(mounts) / sizeof(mounts[0]) ? &mounts[i + 1] : NULL;
		if (mounts[i].origin_protocol == LWSMPRO_FILE)
			mounts[i].origin = test_directory();
	}
	server_info(&info, of);
	info.mounts = of == protocols ? mounts : NULL;
	if (adjust)
		adjust(&info);
	server_run(&server, &info);
	WAIT_FOR(last_is("PROTOCOL_INIT") || info.pvo);
}

static void end_server(const char *name)
{
	char path[512], wanted[65536];
	size_t length;
	FILE *file;

	mark("the context is destroyed");
	server_destroy(&server);
	flush_body();

	if (getenv("TRACE_RECORD")) {
		snprintf(path, sizeof(path), "%s/%s.txt", getenv("TRACE_RECORD"), name);
		file = fopen(path, "w");
		REQUIRE(file != NULL);
		fputs(log_text, file);
		fclose(file);
		return;
	}
	snprintf(path, sizeof(path), "%s/%s.txt", expected_directory, name);
	file = fopen(path, "r");
	REQUIRE(file != NULL);
	length = fread(wanted, 1, sizeof(wanted) - 1, file);
	wanted[length] = '\0';
	fclose(file);
	if (strcmp(wanted, log_text)) {
		const char *a = wanted, *b = log_text, *line = log_text;
		int number = 1;

		for (; *a == *b; a++, b++)
			if (*b == '\n') {
				number++;
				line = b + 1;
			}
		while (a > wanted && a[-1] != '\n')
			a--;
		FAIL("%s.txt:%d: got \"%.*s\", expected \"%.*s\"; all of it:\n%s", name, number,
		     (int)strcspn(line, "\n"), line, (int)strcspn(a, "\n"), a, log_text);
	}
}

/* ---- the clients ---- */

static void expect(struct client *client, int status, const char *body)
{
	struct client_response response;

	REQUIRE(client_response(client, &response, !body));
	CHECK_INT(response.status, status);
	if (body && *body)
		CHECK_MEM(response.body, response.body_length, body, strlen(body));
	client_response_free(&response);
}

static void until_destroyed(int count)
{
	WAIT_FOR(atomic_load(&destroyed) >= count);
}

static void get(struct client *client, const char *method, const char *path, const char *more)
{
	client_print(client, "%s %s HTTP/1.1\r\nHost: localhost\r\n%s\r\n", method, path, more);
}

static void leave(struct client *client)
{
	int before = atomic_load(&destroyed);

	mark("the client closes");
	client_close(client);
	until_destroyed(before + 1);
}

/* After a whole transaction on a connection that is kept. */
static void settle(void)
{
	WAIT_FOR(last_is("HTTP_BIND_PROTOCOL"));
}

/* Refused without a word, as upstream does it, or with a status. */
static void mark_refusal(struct client *client)
{
	client_drain(client);
	CHECK(!client->length || !strncmp((char *)client->buffer, "HTTP/1.1 4", 10));
	mark("the client is refused");
}

/* What the server sent before it closed. */
static void mark_rest(struct client *client)
{
	char text[64];

	client_drain(client);
	snprintf(text, sizeof(text), "the client got %.*s",
		 client->length ? (int)(client->length < 12 ? client->length : 12) : 7,
		 client->length ? (char *)client->buffer : "nothing");
	mark(text);
}

/* one request, then the client closes */
static void simple(const char *name, const char *method, const char *path, const char *more, int status,
		   const char *body)
{
	struct client client;

	begin_server(protocols, NULL);
	mark(path);
	client_tcp(&client, server.port);
	get(&client, method, path, more);
	expect(&client, status, body);
	if (strstr(more, "Connection: close")) {
		client_drain(&client);
		until_destroyed(1);
		client_close(&client);
	} else {
		settle();
		leave(&client);
	}
	end_server(name);
}

#define SIMPLE(name, method, path, more, status, body)                                             \
	static void name(void)                                                                     \
	{                                                                                          \
		simple(#name, method, path, more, status, body);                                   \
	}

SIMPLE(http_plain, "GET", "/plain", "", 200, "hello")
SIMPLE(http_head, "HEAD", "/files/a.txt", "", 200, NULL)
SIMPLE(http_later, "GET", "/later", "", 200, "later")
SIMPLE(http_not_found, "GET", "/nothing", "", 404, "")
SIMPLE(http_serve_file, "GET", "/file", "", 200, "content of a file\n")
SIMPLE(http_redirect, "GET", "/redirect", "", 302, "")
SIMPLE(mount_file, "GET", "/files/a.txt", "", 200, "content of a file\n")
SIMPLE(mount_file_default, "GET", "/files/", "", 200, "content of a file\n")
SIMPLE(mount_file_directory, "GET", "/files", "Connection: close\r\n", 301, "")
SIMPLE(mount_file_absent, "GET", "/files/nothing.txt", "", 404, "")
SIMPLE(mount_callback, "GET", "/dyn/plain", "", 200, "hello")
SIMPLE(mount_origin, "GET", "/origin/plain", "", 200, "hello")
SIMPLE(mount_callback_later, "GET", "/dyn/later", "", 200, "later")
SIMPLE(mount_callback_file, "GET", "/dyn/file", "", 200, "content of a file\n")
SIMPLE(mount_mixed_file, "GET", "/mixed/a.txt", "", 200, "content of a file\n")
SIMPLE(mount_mixed_callback, "GET", "/mixed/plain", "", 200, "hello")
SIMPLE(mount_moved, "GET", "/moved/x", "Connection: close\r\n", 301, "")
SIMPLE(mount_auth_none, "GET", "/auth/plain", "", 401, "")
SIMPLE(mount_auth_wrong, "GET", "/auth/plain", "Authorization: Basic am9lOndyb25n\r\n", 401, "")
SIMPLE(mount_auth_right, "GET", "/auth/plain", "Authorization: Basic am9lOnNlY3JldA==\r\n", 200, "hello")
SIMPLE(post_empty, "POST", "/post", "Content-Length: 0\r\n", 200, "posted")

static void post(const char *name, const char *path, bool split)
{
	struct client client;

	begin_server(protocols, NULL);
	mark(path);
	client_tcp(&client, server.port);
	client_print(&client, "POST %s HTTP/1.1\r\nHost: localhost\r\nContent-Length: 10\r\n\r\n%s", path,
		     split ? "" : "0123456789");
	if (split) {
		WAIT_FOR(logged(" HTTP user"));
		mark("the body is sent");
		client_print(&client, "0123456789");
	}
	expect(&client, 200, "posted");
	settle();
	leave(&client);
	end_server(name);
}

static void post_body(void) { post("post_body", "/post", false); }
static void post_body_later(void) { post("post_body_later", "/post", true); }
static void post_mount(void) { post("post_mount", "/dyn/post", false); }
static void post_mount_origin(void) { post("post_mount_origin", "/origin/post", false); }

static void post_answered_early(void)
{
	struct client client;

	begin_server(protocols, NULL);
	client_tcp(&client, server.port);
	client_print(&client, "POST /plain HTTP/1.1\r\nHost: localhost\r\nContent-Length: 10\r\n\r\n");
	expect(&client, 200, "hello");
	mark("the body is sent");
	client_print(&client, "0123456789");
	settle();
	mark("second request");
	get(&client, "GET", "/plain", "");
	expect(&client, 200, "hello");
	settle();
	leave(&client);
	end_server("post_answered_early");
}

static void keep_alive(void)
{
	struct client client;

	begin_server(protocols, NULL);
	client_tcp(&client, server.port);
	get(&client, "GET", "/plain", "");
	expect(&client, 200, "hello");
	settle();
	mark("second request");
	get(&client, "GET", "/dyn/later", "");
	expect(&client, 200, "later");
	settle();
	mark("third request");
	get(&client, "GET", "/files/a.txt", "");
	expect(&client, 200, "content of a file\n");
	settle();
	mark("fourth request");
	get(&client, "GET", "/plain", "Connection: close\r\n");
	expect(&client, 200, "hello");
	client_drain(&client);
	until_destroyed(1);
	client_close(&client);
	end_server("keep_alive");
}

static void pipelined(void)
{
	struct client client;

	begin_server(protocols, NULL);
	client_tcp(&client, server.port);
	client_print(&client, "GET /plain HTTP/1.1\r\nHost: a\r\n\r\nGET /later HTTP/1.1\r\nHost: a\r\n\r\n"
			      "GET /files/a.txt HTTP/1.1\r\nHost: a\r\n\r\n"
			      "GET /dyn/plain HTTP/1.1\r\nHost: a\r\n\r\n");
	expect(&client, 200, "hello");
	expect(&client, 200, "later");
	expect(&client, 200, "content of a file\n");
	expect(&client, 200, "hello");
	settle();
	leave(&client);
	end_server("pipelined");
}

static void http_1_0(void)
{
	struct client client;

	begin_server(protocols, NULL);
	client_tcp(&client, server.port);
	client_print(&client, "GET /plain HTTP/1.0\r\n\r\n");
	expect(&client, 200, "hello");
	client_drain(&client);
	until_destroyed(1);
	client_close(&client);
	end_server("http_1_0");
}

static void connect_only(void)
{
	struct client client;

	begin_server(protocols, NULL);
	client_tcp(&client, server.port);
	WAIT_FOR(logged("SERVER_NEW_CLIENT_INSTANTIATED"));
	leave(&client);
	end_server("connect_only");
}

static void half_request(void)
{
	struct client client;

	begin_server(protocols, NULL);
	client_tcp(&client, server.port);
	client_print(&client, "GET /plain HT");
	WAIT_FOR(logged("SERVER_NEW_CLIENT_INSTANTIATED"));
	test_sleep_ms(50);
	leave(&client);
	end_server("half_request");
}

static void body_never_comes(void)
{
	struct client client;

	begin_server(protocols, NULL);
	client_tcp(&client, server.port);
	client_print(&client, "POST /post HTTP/1.1\r\nHost: localhost\r\nContent-Length: 10\r\n\r\n012");
	WAIT_FOR(logged("HTTP_BODY"));
	mark("the rest of the body never comes");
	leave(&client);
	end_server("body_never_comes");
}

/* ---- WebSocket ---- */

static void ws_start(struct client *client, const char *protocol)
{
	client_tcp(client, server.port);
	client_ws_upgrade(client, "/ws", protocol, NULL);
	WAIT_FOR(logged("ESTABLISHED"));
}

static void ws_echo(struct client *client, const char *text)
{
	struct client_frame frame;

	client_ws_send(client, FRAME_FIN | FRAME_TEXT, text, strlen(text));
	client_ws_message(client, &frame);
	CHECK_MEM(frame.payload, frame.length, text, strlen(text));
	client_frame_free(&frame);
}

static void expect_close(struct client *client, int code)
{
	struct client_frame frame;

	REQUIRE(client_ws_frame(client, &frame));
	CHECK_INT(frame.opcode, FRAME_CLOSE);
	CHECK_INT(client_frame_code(&frame), code);
	client_frame_free(&frame);
}

static void ws_closed_by_client_on(const char *name, const struct lws_protocols *of, const char *protocol)
{
	struct client client;

	begin_server(of, NULL);
	ws_start(&client, protocol);
	mark("echo");
	ws_echo(&client, "hi there");
	mark("the client sends a close frame");
	client_ws_close(&client, 1000, "done");
	expect_close(&client, 1000);
	client_drain(&client);
	until_destroyed(1);
	client_close(&client);
	end_server(name);
}

static void ws_closed_by_client(void) { ws_closed_by_client_on("ws_closed_by_client", protocols, "echo"); }
static void ws_no_session(void) { ws_closed_by_client_on("ws_no_session", bare_protocols, "echo"); }
static void ws_default_protocol(void) { ws_closed_by_client_on("ws_default_protocol", protocols, NULL); }
static void ws_second_choice(void) { ws_closed_by_client_on("ws_second_choice", protocols, "unknown, dyn, echo"); }

static void ws_close_empty(void)
{
	struct client client;

	begin_server(protocols, NULL);
	ws_start(&client, "echo");
	mark("the client sends a close frame without a code");
	client_ws_close(&client, 0, NULL);
	expect_close(&client, 1005);
	client_drain(&client);
	until_destroyed(1);
	client_close(&client);
	end_server("ws_close_empty");
}

static void ws_closed_by_server(void)
{
	struct client client;

	begin_server(protocols, NULL);
	ws_start(&client, "echo");
	mark("the server returns -1 with a close reason");
	client_ws_send(&client, FRAME_FIN | FRAME_TEXT, "close!", 6);
	expect_close(&client, 1001);
	mark("the client answers the close frame");
	client_ws_close(&client, 1001, NULL);
	client_drain(&client);
	until_destroyed(1);
	client_close(&client);
	end_server("ws_closed_by_server");
}

static void ws_closed_by_server_plain(void)
{
	struct client client;

	begin_server(protocols, NULL);
	ws_start(&client, "echo");
	mark("the server returns -1");
	client_ws_send(&client, FRAME_FIN | FRAME_TEXT, "drop!", 5);
	until_destroyed(1);
	mark_rest(&client);
	client_close(&client);
	end_server("ws_closed_by_server_plain");
}

static void ws_killed(void)
{
	struct client client;

	begin_server(protocols, NULL);
	ws_start(&client, "echo");
	mark("the server asks for LWS_TO_KILL_ASYNC");
	client_ws_send(&client, FRAME_FIN | FRAME_TEXT, "kill!", 5);
	until_destroyed(1);
	mark_rest(&client);
	client_close(&client);
	end_server("ws_killed");
}

static void ws_dropped(void)
{
	struct client client;

	begin_server(protocols, NULL);
	ws_start(&client, "echo");
	ws_echo(&client, "hi");
	mark("the client resets");
	client_abort(&client);
	until_destroyed(1);
	end_server("ws_dropped");
}

static void ws_left(void)
{
	struct client client;

	begin_server(protocols, NULL);
	ws_start(&client, "echo");
	ws_echo(&client, "hi");
	leave(&client);
	end_server("ws_left");
}

static void ws_events(void)
{
	struct client_frame frame;
	struct client client;

	begin_server(protocols, NULL);
	ws_start(&client, "echo");
	mark("a timer of 1 ms");
	client_ws_send(&client, FRAME_FIN | FRAME_TEXT, "timer!", 6);
	WAIT_FOR(logged(" TIMER"));
	mark("a writable request");
	client_ws_send(&client, FRAME_FIN | FRAME_TEXT, "write!", 6);
	client_ws_message(&client, &frame);
	CHECK_MEM(frame.payload, frame.length, "written", 7);
	client_frame_free(&frame);
	mark("the server pings, the client answers");
	client_ws_send(&client, FRAME_FIN | FRAME_TEXT, "ping!", 5);
	REQUIRE(client_ws_frame(&client, &frame));
	CHECK_INT(frame.opcode, FRAME_PING);
	client_frame_free(&frame);
	client_ws_send(&client, FRAME_FIN | FRAME_PONG, "pong", 4);
	WAIT_FOR(logged("RECEIVE_PONG"));
	mark("the client pings");
	client_ws_send(&client, FRAME_FIN | FRAME_PING, "are you?", 8);
	REQUIRE(client_ws_frame(&client, &frame));
	CHECK_INT(frame.opcode, FRAME_PONG);
	CHECK_MEM(frame.payload, frame.length, "are you?", 8);
	client_frame_free(&frame);
	mark("fragments, binary, empty");
	client_ws_send(&client, FRAME_TEXT, "one", 3);
	client_ws_send(&client, FRAME_CONTINUATION, "two", 3);
	client_ws_send(&client, FRAME_FIN | FRAME_CONTINUATION, "three", 5);
	client_ws_send(&client, FRAME_FIN | FRAME_BINARY, "binary", 6);
	client_ws_send(&client, FRAME_FIN | FRAME_TEXT, "", 0);
	WAIT_FOR(logged("len=0 first"));
	leave(&client);
	end_server("ws_events");
}

static void ws_unknown_protocol(void)
{
	struct client client;

	begin_server(protocols, NULL);
	client_tcp(&client, server.port);
	client_ws_request(&client, "/ws", "unknown", NULL);
	until_destroyed(1);
	mark_refusal(&client);
	client_close(&client);
	end_server("ws_unknown_protocol");
}

static void ws_after_http(void)
{
	struct client client;

	begin_server(protocols, NULL);
	client_tcp(&client, server.port);
	get(&client, "GET", "/plain", "");
	expect(&client, 200, "hello");
	settle();
	mark("upgrade on the same connection");
	client_ws_upgrade(&client, "/ws", "echo", NULL);
	ws_echo(&client, "hi");
	leave(&client);
	end_server("ws_after_http");
}

/* one connection each: which of several goes first is nobody's business */
static void http_at_context_destroy(void)
{
	struct client client;

	begin_server(protocols, NULL);
	client_tcp(&client, server.port);
	get(&client, "GET", "/plain", "");
	expect(&client, 200, "hello");
	settle();
	end_server("http_at_context_destroy");
	client_drain(&client);
	client_close(&client);
}

static void ws_at_context_destroy(void)
{
	struct client client;

	begin_server(protocols, NULL);
	ws_start(&client, "echo");
	ws_echo(&client, "hi");
	end_server("ws_at_context_destroy");
	client_drain(&client);
	client_close(&client);
}

/* ---- refusals: a reason answers with a value ---- */

static void refuse(const char *name, int reason, const char *protocol, int value, bool ws, const char *path)
{
	struct client client;

	answer.reason = reason;
	answer.protocol = protocol;
	answer.value = value;
	answer.times = 1;
	begin_server(protocols, NULL);
	client_tcp(&client, server.port);
	if (ws)
		client_ws_request(&client, path, "echo", NULL);
	else
		get(&client, "GET", path, "");
	if (reason != LWS_CALLBACK_FILTER_NETWORK_CONNECTION)
		until_destroyed(1);
	if (ws && reason != LWS_CALLBACK_ESTABLISHED)
		mark_refusal(&client);
	else
		mark_rest(&client);
	client_close(&client);
	end_server(name);
}

#define REFUSE(name, reason, protocol, value, ws, path)                                            \
	static void name(void)                                                                     \
	{                                                                                          \
		refuse(#name, LWS_CALLBACK_##reason, protocol, value, ws, path);                   \
	}

REFUSE(refuse_network, FILTER_NETWORK_CONNECTION, "http", 1, false, "/plain")
REFUSE(refuse_instantiated, SERVER_NEW_CLIENT_INSTANTIATED, "http", 1, false, "/plain")
REFUSE(refuse_http_bind, HTTP_BIND_PROTOCOL, "http", 1, false, "/plain")
REFUSE(refuse_mount_bind, HTTP_BIND_PROTOCOL, "dyn", 1, false, "/dyn/plain")
REFUSE(refuse_filter_http, FILTER_HTTP_CONNECTION, "http", 1, false, "/plain")
REFUSE(refuse_access, CHECK_ACCESS_RIGHTS, "dyn", 1, false, "/dyn/plain")
REFUSE(refuse_http, HTTP, "http", -1, false, "/plain")
REFUSE(refuse_http_positive, HTTP, "http", 1, false, "/plain")
REFUSE(refuse_writeable, HTTP_WRITEABLE, "http", -1, false, "/later")
REFUSE(refuse_file_completion, HTTP_FILE_COMPLETION, "http", -1, false, "/files/a.txt")
REFUSE(refuse_upgrade, HTTP_CONFIRM_UPGRADE, "http", -1, true, "/ws")
REFUSE(refuse_ws_filter, FILTER_PROTOCOL_CONNECTION, "echo", 1, true, "/ws")
REFUSE(refuse_add_headers, ADD_HEADERS, "echo", 1, true, "/ws")
REFUSE(refuse_established, ESTABLISHED, "echo", -1, true, "/ws")

/* On an upgrade the answer to the bind is of no effect. */
static void refuse_ws_bind(void)
{
	struct client client;

	answer.reason = LWS_CALLBACK_HTTP_BIND_PROTOCOL;
	answer.protocol = "echo";
	answer.value = answer.times = 1;
	begin_server(protocols, NULL);
	ws_start(&client, "echo");
	ws_echo(&client, "hi");
	leave(&client);
	end_server("refuse_ws_bind");
}

/* ---- vhosts ---- */

static const struct lws_protocol_vhost_options option_two = { NULL, NULL, "color", "blue" };
static const struct lws_protocol_vhost_options option_one = { &option_two, NULL, "status", "ok" };
static const struct lws_protocol_vhost_options protocol_options[] = {
	{ NULL, &option_one, "echo", "" },
};

static void with_options(struct lws_context_creation_info *info)
{
	info->pvo = protocol_options;
}

static void vhost_options(void)
{
#if LWS_LIBRARY_VERSION_NUMBER < 4002000
	test_skip("4.1 initializes also the protocols that the options do not name");
#endif
	begin_server(protocols, with_options);
	WAIT_FOR(logged("PROTOCOL_INIT"));
	end_server("vhost_options");
}

static void two_vhosts(void)
{
	struct lws_context_creation_info info;
	struct lws_vhost *second;
	struct client client;

#if LWS_LIBRARY_VERSION_NUMBER < 4002000
	test_skip("4.1 gives PROTOCOL_DESTROY of a destroyed vhost only with the context");
#endif
	begin_server(protocols, NULL);
	server_stop(&server);
	mark("a second vhost on the same port");
	server_info(&info, bare_protocols);
	info.port = server.port;
	info.vhost_name = "second";
	second = lws_create_vhost(server.context, &info);
	REQUIRE(second != NULL);
	server_start(&server);

	client_tcp(&client, server.port);
	client_print(&client, "GET /plain HTTP/1.1\r\nHost: second:%d\r\n\r\n", server.port);
	expect(&client, 200, "hello");
	settle();
	mark("the second vhost is destroyed");
	server_stop(&server);
	lws_vhost_destroy(second);
	server_start(&server);
	client_drain(&client);
	client_close(&client);
	server_stop(&server);
	end_server("two_vhosts");
}

#define CASE(name) { #name, name }
static const struct test_case cases[] = {
	CASE(http_plain), CASE(http_head), CASE(http_later), CASE(http_not_found),
	CASE(http_serve_file), CASE(http_redirect), CASE(mount_file), CASE(mount_file_default),
	CASE(mount_file_directory), CASE(mount_file_absent), CASE(mount_callback),
	CASE(mount_origin), CASE(post_mount_origin), CASE(mount_callback_later), CASE(mount_callback_file), CASE(mount_mixed_file),
	CASE(mount_mixed_callback), CASE(mount_moved), CASE(mount_auth_none),
	CASE(mount_auth_wrong), CASE(mount_auth_right), CASE(post_empty), CASE(post_body),
	CASE(post_body_later), CASE(post_mount), CASE(post_answered_early), CASE(keep_alive),
	CASE(pipelined), CASE(http_1_0), CASE(connect_only), CASE(half_request),
	CASE(body_never_comes), CASE(ws_closed_by_client), CASE(ws_no_session),
	CASE(ws_default_protocol), CASE(ws_second_choice), CASE(ws_close_empty),
	CASE(ws_closed_by_server), CASE(ws_closed_by_server_plain), CASE(ws_killed),
	CASE(ws_dropped), CASE(ws_left), CASE(ws_events), CASE(ws_unknown_protocol),
	CASE(ws_after_http), CASE(http_at_context_destroy), CASE(ws_at_context_destroy), CASE(refuse_network),
	CASE(refuse_instantiated), CASE(refuse_http_bind), CASE(refuse_mount_bind),
	CASE(refuse_filter_http), CASE(refuse_access), CASE(refuse_http),
	CASE(refuse_http_positive), CASE(refuse_writeable), CASE(refuse_file_completion),
	CASE(refuse_upgrade), CASE(refuse_ws_bind),
	CASE(refuse_ws_filter), CASE(refuse_add_headers), CASE(refuse_established),
	CASE(vhost_options), CASE(two_vhosts),
};

int main(int argc, char **argv)
{
	if (argc < 2) {
		fprintf(stderr, "usage: %s DIRECTORY [case...]\n", argv[0]);
		return 2;
	}
	expected_directory = argv[1];
	argv[1] = argv[0];

	return test_main(argc - 1, argv + 1, cases, sizeof(cases) / sizeof(cases[0]));
}
