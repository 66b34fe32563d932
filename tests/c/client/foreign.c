/*
 * Clients against a server that others wrote: python3-websockets. Skipped where that is not installed.
 *
 * usage: foreign DIRECTORY-OF-FOREIGN.PY [case...]
 */
#include "check.h"
#include "server.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

static const char *scripts;
static int foreign_port;

static void start_foreign(void)
{
	int input[2], output[2], exit_code;
	char script[512], line[32] = "";
	size_t length = 0;
	ssize_t got;
	pid_t pid;

	snprintf(script, sizeof(script), "%s/foreign.py", scripts);
	exit_code = system("/usr/bin/python3 -c 'import websockets' 2>/dev/null");
	if (exit_code)
		test_skip("python3-websockets is not installed");
	REQUIRE_INT(pipe(input), 0);
	REQUIRE_INT(pipe(output), 0);
	pid = fork();
	REQUIRE(pid >= 0);
	if (!pid) {
		dup2(input[0], 0);
		dup2(output[1], 1);
		close(input[1]);
		close(output[0]);
		execl("/usr/bin/python3", "python3", script, (char *)NULL);
		_exit(127);
	}
	/* It ends with this process, whose end closes its input. */
	fcntl(input[1], F_SETFD, FD_CLOEXEC);
	close(input[0]);
	close(output[1]);
	while (!strchr(line, '\n')) {
		got = read(output[0], line + length, sizeof(line) - 1 - length);
		REQUIRE(got > 0);
		length += (size_t)got;
	}
	close(output[0]);
	foreign_port = atoi(line);
}

/* What a message in turn is. */
static struct {
	const void *data;
	size_t length;
	enum lws_write_protocol kind;
} messages[] = {
	{ "hello", 5, LWS_WRITE_TEXT },
	{ "", 0, LWS_WRITE_TEXT },
	{ NULL, 125, LWS_WRITE_BINARY },
	{ NULL, 126, LWS_WRITE_BINARY },
	{ NULL, 65535, LWS_WRITE_BINARY },
	{ NULL, 65536, LWS_WRITE_BINARY },
	{ NULL, 400000, LWS_WRITE_BINARY },
};
enum { MESSAGES = sizeof(messages) / sizeof(messages[0]) };

static struct {
	unsigned int sent, received;
	unsigned char *got;
	size_t length;
	int established, closed, destroyed, failed, completed, status, compressed;
	int peer_code;
	char error[128], header[64], body[256];
} seen;

static unsigned char *pattern(size_t length)
{
	unsigned char *p = malloc(LWS_PRE + length + 1);
	size_t i;

	REQUIRE(p != NULL);
	for (i = 0; i < length; i++)
		p[LWS_PRE + i] = (unsigned char)(i * 7 + i / 251);
	return p;
}

static int send_next(struct lws *wsi)
{
	unsigned char *buffer, *copy;
	size_t length = messages[seen.sent].length;
	int written;

	buffer = pattern(length);
	if (messages[seen.sent].data)
		memcpy(buffer + LWS_PRE, messages[seen.sent].data, length);
	copy = malloc(length + 1);
	REQUIRE(copy != NULL);
	memcpy(copy, buffer + LWS_PRE, length);
	written = lws_write(wsi, buffer + LWS_PRE, length, messages[seen.sent].kind);
	CHECK_INT(written, length);
	CHECK(!memcmp(copy, buffer + LWS_PRE, length)); /* masked elsewhere */
	free(copy);
	free(buffer);
	seen.sent++;
	return written < (int)length ? -1 : 0;
}

static int received(struct lws *wsi, const void *in, size_t len)
{
	unsigned char *wanted;

	if (lws_is_first_fragment(wsi))
		seen.length = 0;
	seen.got = realloc(seen.got, seen.length + len + 1);
	REQUIRE(seen.got != NULL);
	if (len)
		memcpy(seen.got + seen.length, in, len);
	seen.length += len;
	if (!lws_is_final_fragment(wsi))
		return 0;
	wanted = pattern(messages[seen.received].length);
	if (messages[seen.received].data)
		memcpy(wanted + LWS_PRE, messages[seen.received].data, messages[seen.received].length);
	CHECK_MEM(seen.got, seen.length, wanted + LWS_PRE, messages[seen.received].length);
	CHECK_INT(!!lws_frame_is_binary(wsi), messages[seen.received].kind == LWS_WRITE_BINARY);
	free(wanted);
	if (++seen.received == MESSAGES) {
		lws_close_reason(wsi, LWS_CLOSE_STATUS_NORMAL, (unsigned char *)"bye", 3);
		return -1;
	}
	lws_callback_on_writable(wsi);
	return 0;
}

static int on_client(struct lws *wsi, enum lws_callback_reasons reason, void *user, void *in, size_t len)
{
	char buffer[LWS_PRE + 64], *p = buffer + LWS_PRE;
	int n = 64;

	switch (reason) {
	case LWS_CALLBACK_CLIENT_ESTABLISHED:
		seen.established++;
		lws_callback_on_writable(wsi);
		break;
	case LWS_CALLBACK_CLIENT_WRITEABLE:
		return seen.sent < MESSAGES ? send_next(wsi) : 0;
	case LWS_CALLBACK_CLIENT_RECEIVE:
		return received(wsi, in, len);
	case LWS_CALLBACK_WS_PEER_INITIATED_CLOSE:
		seen.peer_code = len >= 2 ? ((unsigned char *)in)[0] << 8 | ((unsigned char *)in)[1] : 0;
		CHECK_MEM((char *)in + 2, len - 2, "enough", 6);
		break;
	case LWS_CALLBACK_ESTABLISHED_CLIENT_HTTP:
		seen.status = (int)lws_http_client_http_response(wsi);
		if (lws_hdr_custom_copy(wsi, seen.header, sizeof(seen.header), "x-path:", 7) < 0)
			seen.header[0] = '\0';
		seen.compressed = lws_hdr_total_length(wsi, WSI_TOKEN_EXTENSIONS) > 0;
		break;
	case LWS_CALLBACK_RECEIVE_CLIENT_HTTP:
		return lws_http_client_read(wsi, &p, &n) < 0 ? -1 : 0;
	case LWS_CALLBACK_RECEIVE_CLIENT_HTTP_READ:
		lws_snprintf(seen.body + strlen(seen.body), sizeof(seen.body) - strlen(seen.body), "%.*s", (int)len,
			     (char *)in);
		break;
	case LWS_CALLBACK_COMPLETED_CLIENT_HTTP:
		seen.completed++;
		break;
	case LWS_CALLBACK_CLIENT_CONNECTION_ERROR:
		seen.failed++;
		lws_strncpy(seen.error, in ? in : "", sizeof(seen.error));
		break;
	case LWS_CALLBACK_CLIENT_CLOSED:
	case LWS_CALLBACK_CLOSED_CLIENT_HTTP:
		seen.closed++;
		break;
	case LWS_CALLBACK_WSI_DESTROY:
		seen.destroyed++;
		break;
	default:
		break;
	}

	return 0;
}

static const struct lws_protocols protocols[] = {
	{ "echo", on_client, 16, 0, 0, NULL, 0 },
	{ NULL, NULL, 0, 0, 0, NULL, 0 }
};

static const struct lws_extension extensions[] = {
	{ "permessage-deflate", lws_extension_callback_pm_deflate,
	  "permessage-deflate; client_no_context_takeover; client_max_window_bits" },
	{ NULL, NULL, NULL }
};

/* Runs one connection to its end. */
static void run(const char *path, const char *method, bool compress)
{
	struct lws_context_creation_info info;
	struct lws_client_connect_info client;
	struct lws_context *context;
	double until = test_now() + test_deadline();

	start_foreign();
	server_info(&info, protocols);
	info.port = CONTEXT_PORT_NO_LISTEN;
	info.extensions = compress ? extensions : NULL;
	context = lws_create_context(&info);
	REQUIRE(context != NULL);
	memset(&client, 0, sizeof(client));
	client.context = context;
	client.address = "127.0.0.1";
	client.port = foreign_port;
	client.path = path;
	client.method = method;
	client.protocol = "echo";
	REQUIRE(lws_client_connect_via_info(&client) != NULL);
	while (!seen.destroyed && test_now() < until)
		REQUIRE(lws_service(context, 0) >= 0);
	CHECK_INT(seen.destroyed, 1);
	CHECK_INT(seen.closed + seen.failed, 1);
	lws_context_destroy(context);
	free(seen.got);
}

static void messages_echo_on(bool compress)
{
	run("/", NULL, compress);
	CHECK_INT(seen.established, 1);
	CHECK_INT(seen.status, 101);
	CHECK_INT(seen.compressed, compress);
	CHECK_INT(seen.received, MESSAGES);
	CHECK_INT(seen.closed, 1);
}

static void messages_echo(void) { messages_echo_on(false); }
static void messages_echo_compressed(void) { messages_echo_on(true); }

static void server_closes(void)
{
	run("/close", NULL, false);
	CHECK_INT(seen.received, 1);
	CHECK_INT(seen.peer_code, 4001);
	CHECK_INT(seen.closed, 1);
}

static void unauthorized(void)
{
	run("/unauthorized", NULL, false);
	CHECK_INT(seen.status, 401);
	CHECK_STR(seen.error, "HS: ws upgrade unauthorized");
}

static void absent(void)
{
	run("/absent", NULL, false);
	CHECK_INT(seen.status, 404);
	CHECK_STR(seen.error, "HS: ws upgrade response not 101");
}

static void http_request(void)
{
	run("/http", "GET", false);
	CHECK_INT(seen.status, 200);
	CHECK_STR(seen.header, "/http");
	CHECK_STR(seen.body, "plain text\n");
	CHECK_INT(seen.completed, 1);
}

int main(int argc, char **argv)
{
	static const struct test_case cases[] = {
		{ "messages_echo", messages_echo },
		{ "messages_echo_compressed", messages_echo_compressed },
		{ "server_closes", server_closes },
		{ "unauthorized", unauthorized },
		{ "absent", absent },
		{ "http_request", http_request },
	};

	if (argc < 2)
		return 2;
	scripts = argv[1];
	argv[1] = argv[0];
	return test_main(argc - 1, argv + 1, cases, sizeof(cases) / sizeof(cases[0]));
}
