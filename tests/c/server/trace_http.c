/* The order of callbacks: HTTP transactions. See trace.h. */
#include "trace.h"

static void simple(const char *name, const char *method, const char *path, const char *more, int status,
		   const char *body)
{
	struct client client;

	trace_begin(trace_protocols, NULL);
	trace_mark(path);
	client_tcp(&client, trace_server.port);
	trace_get(&client, method, path, more);
	trace_expect(&client, status, body);
	if (strstr(more, "Connection: close")) {
		trace_end_of(&client, 1);
	} else {
		trace_settle();
		trace_leave(&client);
	}
	trace_end(name);
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

	trace_begin(trace_protocols, NULL);
	trace_mark(path);
	client_tcp(&client, trace_server.port);
	client_print(&client, "POST %s HTTP/1.1\r\nHost: localhost\r\nContent-Length: 10\r\n\r\n%s", path,
		     split ? "" : "0123456789");
	if (split) {
		WAIT_FOR(trace_logged(" HTTP user"));
		trace_mark("the body is sent");
		client_print(&client, "0123456789");
	}
	trace_expect(&client, 200, "posted");
	trace_settle();
	trace_leave(&client);
	trace_end(name);
}

static void post_body(void) { post("post_body", "/post", false); }
static void post_body_later(void) { post("post_body_later", "/post", true); }
static void post_mount(void) { post("post_mount", "/dyn/post", false); }
static void post_mount_origin(void) { post("post_mount_origin", "/origin/post", false); }

static void post_answered_early(void)
{
	struct client client;

	trace_begin(trace_protocols, NULL);
	client_tcp(&client, trace_server.port);
	client_print(&client, "POST /plain HTTP/1.1\r\nHost: localhost\r\nContent-Length: 10\r\n\r\n");
	trace_expect(&client, 200, "hello");
	trace_mark("the body is sent");
	client_print(&client, "0123456789");
	trace_settle();
	trace_mark("second request");
	trace_get(&client, "GET", "/plain", "");
	trace_expect(&client, 200, "hello");
	trace_settle();
	trace_leave(&client);
	trace_end("post_answered_early");
}

static void keep_alive(void)
{
	struct client client;

	trace_begin(trace_protocols, NULL);
	client_tcp(&client, trace_server.port);
	trace_get(&client, "GET", "/plain", "");
	trace_expect(&client, 200, "hello");
	trace_settle();
	trace_mark("second request");
	trace_get(&client, "GET", "/dyn/later", "");
	trace_expect(&client, 200, "later");
	trace_settle();
	trace_mark("third request");
	trace_get(&client, "GET", "/files/a.txt", "");
	trace_expect(&client, 200, "content of a file\n");
	trace_settle();
	trace_mark("fourth request");
	trace_get(&client, "GET", "/plain", "Connection: close\r\n");
	trace_expect(&client, 200, "hello");
	trace_end_of(&client, 1);
	trace_end("keep_alive");
}

static void pipelined(void)
{
	struct client client;

	trace_begin(trace_protocols, NULL);
	client_tcp(&client, trace_server.port);
	client_print(&client, "GET /plain HTTP/1.1\r\nHost: a\r\n\r\nGET /later HTTP/1.1\r\nHost: a\r\n\r\n"
			      "GET /files/a.txt HTTP/1.1\r\nHost: a\r\n\r\n"
			      "GET /dyn/plain HTTP/1.1\r\nHost: a\r\n\r\n");
	trace_expect(&client, 200, "hello");
	trace_expect(&client, 200, "later");
	trace_expect(&client, 200, "content of a file\n");
	trace_expect(&client, 200, "hello");
	trace_settle();
	trace_leave(&client);
	trace_end("pipelined");
}

static void http_1_0(void)
{
	struct client client;

	trace_begin(trace_protocols, NULL);
	client_tcp(&client, trace_server.port);
	client_print(&client, "GET /plain HTTP/1.0\r\n\r\n");
	trace_expect(&client, 200, "hello");
	trace_end_of(&client, 1);
	trace_end("http_1_0");
}

static void connect_only(void)
{
	struct client client;

	trace_begin(trace_protocols, NULL);
	client_tcp(&client, trace_server.port);
	WAIT_FOR(trace_logged("SERVER_NEW_CLIENT_INSTANTIATED"));
	trace_leave(&client);
	trace_end("connect_only");
}

static void half_request(void)
{
	struct client client;

	trace_begin(trace_protocols, NULL);
	client_tcp(&client, trace_server.port);
	client_print(&client, "GET /plain HT");
	WAIT_FOR(trace_logged("SERVER_NEW_CLIENT_INSTANTIATED"));
	test_sleep_ms(50);
	trace_leave(&client);
	trace_end("half_request");
}

static void body_never_comes(void)
{
	struct client client;

	trace_begin(trace_protocols, NULL);
	client_tcp(&client, trace_server.port);
	client_print(&client, "POST /post HTTP/1.1\r\nHost: localhost\r\nContent-Length: 10\r\n\r\n012");
	WAIT_FOR(trace_logged("HTTP_BODY"));
	trace_mark("the rest of the body never comes");
	trace_leave(&client);
	trace_end("body_never_comes");
}

TRACE_MAIN(TRACE_CASE(http_plain), TRACE_CASE(http_head), TRACE_CASE(http_later),
	   TRACE_CASE(http_not_found), TRACE_CASE(http_serve_file), TRACE_CASE(http_redirect),
	   TRACE_CASE(mount_file), TRACE_CASE(mount_file_default),
	   TRACE_CASE(mount_file_directory), TRACE_CASE(mount_file_absent),
	   TRACE_CASE(mount_callback), TRACE_CASE(mount_origin), TRACE_CASE(post_mount_origin),
	   TRACE_CASE(mount_callback_later), TRACE_CASE(mount_callback_file),
	   TRACE_CASE(mount_mixed_file), TRACE_CASE(mount_mixed_callback), TRACE_CASE(mount_moved),
	   TRACE_CASE(mount_auth_none), TRACE_CASE(mount_auth_wrong), TRACE_CASE(mount_auth_right),
	   TRACE_CASE(post_empty), TRACE_CASE(post_body), TRACE_CASE(post_body_later),
	   TRACE_CASE(post_mount), TRACE_CASE(post_answered_early), TRACE_CASE(keep_alive),
	   TRACE_CASE(pipelined), TRACE_CASE(http_1_0), TRACE_CASE(connect_only),
	   TRACE_CASE(half_request), TRACE_CASE(body_never_comes))
