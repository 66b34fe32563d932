/*
 * Clients that others wrote: curl, python3-websockets, wrk.  Each case is
 * skipped where its client is not installed.
 *
 * usage: smoke DIRECTORY-OF-SMOKE.PY [case...]
 */
#include "check.h"
#include "client.h"
#include "script.h"
#include "server.h"

#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

struct session {
	unsigned char *data;
	size_t length, capacity;
	int binary;
	bool ready;
};

static int on_echo(struct lws *wsi, enum lws_callback_reasons reason, void *user, void *in, size_t len)
{
	struct session *session = user;
	int written;

	switch (reason) {
	case LWS_CALLBACK_RECEIVE:
		if (lws_is_first_fragment(wsi)) {
			session->length = 0;
			session->binary = lws_frame_is_binary(wsi);
		}
		if (!session->data || session->length + len > session->capacity) {
			session->capacity = (session->length + len) * 2 + 16;
			session->data = realloc(session->data, LWS_PRE + session->capacity);
			REQUIRE(session->data != NULL);
		}
		if (len)
			memcpy(session->data + LWS_PRE + session->length, in, len);
		session->length += len;
		if (lws_is_final_fragment(wsi)) {
			session->ready = true;
			lws_rx_flow_control(wsi, 0);
			lws_callback_on_writable(wsi);
		}
		return 0;
	case LWS_CALLBACK_SERVER_WRITEABLE:
		if (!session->ready)
			return 0;
		written = lws_write(wsi, session->data + LWS_PRE, session->length,
				    session->binary ? LWS_WRITE_BINARY : LWS_WRITE_TEXT);
		if (written < (int)session->length)
			return -1;
		session->ready = false;
		lws_rx_flow_control(wsi, 1);
		return 0;
	case LWS_CALLBACK_CLOSED:
		free(session->data);
		return 0;
	default:
		return 0;
	}
}

static int on_http(struct lws *wsi, enum lws_callback_reasons reason, void *user, void *in, size_t len)
{
	size_t *posted = user;
	char text[64];

	switch (reason) {
	case LWS_CALLBACK_HTTP:
		if (!strncmp(in, "/post", 5))
			return 0;
		if (!strncmp(in, "/plain", 6))
			return server_reply_text(wsi, "plain text\n");
		break;
	case LWS_CALLBACK_HTTP_BODY:
		*posted += len;
		return 0;
	case LWS_CALLBACK_HTTP_BODY_COMPLETION:
		lws_snprintf(text, sizeof(text), "%zu bytes\n", *posted);
		return server_reply_text(wsi, text);
	default:
		break;
	}

	return lws_callback_http_dummy(wsi, reason, user, in, len);
}

static const struct lws_protocols protocols[] = {
	{ "http", on_http, sizeof(size_t), 0, 0, NULL, 0 },
	{ "echo", on_echo, sizeof(struct session), 4096, 0, NULL, 0 },
	{ NULL, NULL, 0, 0, 0, NULL, 0 }
};

static const struct lws_extension extensions[] = {
	{ "permessage-deflate", lws_extension_callback_pm_deflate, "permessage-deflate; client_max_window_bits" },
	{ NULL, NULL, NULL }
};

static struct lws_http_mount files = { .mountpoint = "/files", .mountpoint_len = 6, .origin_protocol = LWSMPRO_FILE };

static struct server server;

static void begin(void)
{
	struct lws_context_creation_info info;
	char path[512];
	FILE *file;
	int i;

	snprintf(path, sizeof(path), "%s/data.txt", test_directory());
	file = fopen(path, "w");
	REQUIRE(file != NULL);
	for (i = 0; i < 100000; i++)
		fprintf(file, "line %5d\n", i);
	fclose(file);
	files.origin = test_directory();
	server_info(&info, protocols);
	info.mounts = &files;
	info.extensions = extensions;
	server_run(&server, &info);
}

/* Runs a command line and returns what it printed. */
static const char *run(const char *format, ...)
{
	static char command[2048], output[65536];
	va_list arguments;
	size_t length;
	FILE *pipe;
	int status;

	va_start(arguments, format);
	vsnprintf(command, sizeof(command), format, arguments);
	va_end(arguments);
	pipe = popen(command, "r");
	REQUIRE(pipe != NULL);
	length = fread(output, 1, sizeof(output) - 1, pipe);
	output[length] = '\0';
	status = pclose(pipe);
	if (status) {
		FAIL("%s: status %d: %s", command, WEXITSTATUS(status), output);
		check_give_up();
	}

	return output;
}

static void need(const char *program)
{
	char command[256];

	snprintf(command, sizeof(command), "command -v %s >/dev/null", program);
	if (system(command))
		test_skip("not installed");
}

static void curl(void)
{
	const char *out;

	need("curl");
	begin();
	out = run("curl -sS --max-time 60 -i http://127.0.0.1:%d/plain", server.port);
	CHECK(strstr(out, "200") && strstr(out, "plain text\n"));
	out = run("curl -sS --max-time 60 -o /dev/null -w '%%{http_code} %%{size_download}' http://127.0.0.1:%d/files/data.txt",
		  server.port);
	CHECK_STR(out, "200 1100000");
#ifdef LWS_WITH_RANGES
	out = run("curl -sS --max-time 60 -r 11-21 http://127.0.0.1:%d/files/data.txt", server.port);
	CHECK_STR(out, "line     1\n");
#endif
	out = run("curl -sS --max-time 60 -I http://127.0.0.1:%d/files/data.txt", server.port);
	CHECK(strstr(out, "1100000") != NULL);
	out = run("curl -sS --max-time 60 --data-binary @%s/data.txt -H Expect: http://127.0.0.1:%d/post", test_directory(),
		  server.port);
	CHECK_STR(out, "1100000 bytes\n");
#ifdef TEST_GOLWS
	/* with Expect: 100-continue, as curl does for bodies of that size, and chunked */
	out = run("curl -sS --max-time 60 -H 'Expect: 100-continue' --data-binary @%s/data.txt http://127.0.0.1:%d/post",
		  test_directory(), server.port);
	CHECK_STR(out, "1100000 bytes\n");
	out = run("curl -sS --max-time 60 -H 'Transfer-Encoding: chunked' -T %s/data.txt http://127.0.0.1:%d/post",
		  test_directory(), server.port);
	CHECK_STR(out, "1100000 bytes\n");
#endif
	/* one connection for all three */
	out = run("curl -sS --max-time 60 -w '%%{num_connects}\\n' http://127.0.0.1:%d/plain http://127.0.0.1:%d/plain "
		  "http://127.0.0.1:%d/plain", server.port, server.port, server.port);
	CHECK_STR(out, "plain text\n1\nplain text\n0\nplain text\n0\n");
	server_destroy(&server);
}

static void python_websockets(void)
{
	need("/usr/bin/python3");
	script_needs("websockets");
	begin();
#ifdef TEST_GOLWS
	printf("%s", run("/usr/bin/python3 %s/smoke.py %d echo 2>&1", script_directory(), server.port));
#else
	printf("%s", run("/usr/bin/python3 %s/smoke.py %d echo no-empty 2>&1", script_directory(), server.port));
#endif
	server_destroy(&server);
}

static void wrk(void)
{
	static const char *const paths[] = { "/plain", "/files/data.txt", "/absent" };
	const char *out;
	size_t i;

	need("wrk");
	begin();
	for (i = 0; i < sizeof(paths) / sizeof(paths[0]); i++) {
		out = run("wrk -t1 -c16 -d1s http://127.0.0.1:%d%s", server.port, paths[i]);
		CHECK(strstr(out, "Requests/sec") != NULL);
		CHECK(strstr(out, "Socket errors") == NULL);
		CHECK((strstr(out, "Non-2xx") != NULL) == (i == 2));
	}
	server_destroy(&server);
}

SCRIPT_TEST_MAIN({ "curl", curl }, { "python_websockets", python_websockets }, { "wrk", wrk })
