/* The order of callbacks: HTTP transactions on streams of HTTP/2, where libwebsockets does the same. See trace.h. */
#include "trace_h2.h"

TRACE_H2_SIMPLE(h2_plain, "GET", "/plain", "", 200, "hello")
TRACE_H2_SIMPLE(h2_later, "GET", "/later", "", 200, "later")
TRACE_H2_SIMPLE(h2_not_found, "GET", "/nothing", "", 404, NULL)
TRACE_H2_SIMPLE(h2_serve_file, "GET", "/file", "", 200, "content of a file\n")
TRACE_H2_SIMPLE(h2_redirect, "GET", "/redirect", "", 302, "")
TRACE_H2_SIMPLE(h2_no_content, "GET", "/empty", "", 204, NULL)
TRACE_H2_SIMPLE(h2_left, "GET", "/leave", "", 200, "leave")
TRACE_H2_SIMPLE(h2_mount_file, "GET", "/files/a.txt", "", 200, "content of a file\n")
TRACE_H2_SIMPLE(h2_mount_file_default, "GET", "/files/", "", 200, "content of a file\n")
TRACE_H2_SIMPLE(h2_mount_file_absent, "GET", "/files/nothing.txt", "", 404, NULL)
TRACE_H2_SIMPLE(h2_mount_callback, "GET", "/dyn/plain", "", 200, "hello")
TRACE_H2_SIMPLE(h2_mount_origin, "GET", "/origin/plain", "", 200, "hello")
TRACE_H2_SIMPLE(h2_mount_callback_later, "GET", "/dyn/later", "", 200, "later")
TRACE_H2_SIMPLE(h2_mount_callback_file, "GET", "/dyn/file", "", 200, "content of a file\n")
TRACE_H2_SIMPLE(h2_mount_mixed_file, "GET", "/mixed/a.txt", "", 200, "content of a file\n")
TRACE_H2_SIMPLE(h2_mount_mixed_callback, "GET", "/mixed/plain", "", 200, "hello")
TRACE_H2_SIMPLE(h2_mount_auth_none, "GET", "/auth/plain", "", 401, NULL)
TRACE_H2_SIMPLE(h2_mount_auth_wrong, "GET", "/auth/plain", "authorization: Basic am9lOndyb25n\n", 401, NULL)
TRACE_H2_SIMPLE(h2_mount_auth_right, "GET", "/auth/plain", "authorization: Basic am9lOnNlY3JldA==\n", 200, "hello")

static void h2_pieces(void)
{
	trace_pieces = 3;
	trace_h2_simple("h2_pieces", "GET", "/pieces", "", 200, "piecepiecepiece");
}

/* The end of the response to HEAD is not awaited: upstream does not tell it. */
static void h2_head(void)
{
	struct h2_client h2;

	trace_h2_start(&h2);
	h2_request(&h2, "HEAD", "/files/a.txt", "", true);
	trace_until_destroyed(1);
	trace_h2_leave(&h2, 0);
	trace_end("h2_head");
}

static void h2_closed_waiting(void)
{
	struct h2_client h2;

	trace_h2_start(&h2);
	h2_request(&h2, "GET", "/wait", "", true);
	WAIT_FOR(trace_logged(" HTTP user"));
	trace_h2_leave(&h2, 1);
	trace_end("h2_closed_waiting");
}

/* The stream that was opened first goes first. */
static void h2_aborted_two(void)
{
	struct h2_client h2;

	trace_h2_start(&h2);
	h2_request(&h2, "GET", "/wait", "", true);
	WAIT_FOR(trace_logged("#2 http HTTP user"));
	h2_request(&h2, "GET", "/dyn/wait", "", true);
	WAIT_FOR(trace_logged("#3 dyn HTTP user"));
	trace_mark("the client resets the connection");
	h2_abort(&h2);
	trace_until_destroyed(3);
	trace_end("h2_aborted_two");
}

static void h2_one_after_the_other(void)
{
	struct h2_client h2;

	trace_h2_start(&h2);
	trace_h2_expect(h2_request(&h2, "GET", "/plain", "", true), 200, "hello");
	trace_until_destroyed(1);
	trace_mark("second request");
	trace_h2_expect(h2_request(&h2, "GET", "/dyn/later", "", true), 200, "later");
	trace_until_destroyed(2);
	trace_mark("third request");
	trace_h2_expect(h2_request(&h2, "GET", "/files/a.txt", "", true), 200, "content of a file\n");
	trace_until_destroyed(3);
	trace_h2_leave(&h2, 0);
	trace_end("h2_one_after_the_other");
}

static void h2_events_closed(void)
{
	struct h2_stream *stream;
	struct h2_client h2;

	trace_pieces = 1;
	trace_h2_start(&h2);
	stream = h2_request(&h2, "GET", "/events", "", true);
	while (stream->received < 5)
		REQUIRE(h2_pump(&h2));
	h2_ping(&h2);
	trace_h2_leave(&h2, 1);
	trace_end("h2_events_closed");
}

/* LWS_TO_KILL_ASYNC on a stream; on the connection goes another */
static void h2_killed(void)
{
	struct h2_stream *stream;
	struct h2_client h2;

	trace_h2_start(&h2);
	stream = h2_request(&h2, "GET", "/kill", "", true);
	REQUIRE(h2_wait_end(stream));
	trace_until_destroyed(1);
	trace_h2_leave(&h2, 0);
	trace_end("h2_killed");
}

static void h2_connect_only(void)
{
	struct h2_client h2;

	trace_h2_start(&h2);
	trace_h2_leave(&h2, 0);
	trace_end("h2_connect_only");
}

static void h2_at_context_destroy(void)
{
	struct h2_client h2;

	trace_h2_start(&h2);
	h2_request(&h2, "GET", "/wait", "", true);
	WAIT_FOR(trace_logged(" HTTP user"));
	trace_end("h2_at_context_destroy");
	h2_drain(&h2);
	h2_close(&h2);
}

/* ---- refusals; that the stream is reset is tested elsewhere, because upstream does not tell the client anything ---- */

static void refuse(const char *name, int reason, const char *protocol, int value, const char *path)
{
	struct h2_client h2;

	trace_answer_once(reason, protocol, value);
	trace_h2_start(&h2);
	h2_request(&h2, "GET", path, "", true);
	trace_until_destroyed(1);
	trace_h2_leave(&h2, 0);
	trace_end(name);
}

#define REFUSE(name, reason, protocol, value, path)                                                \
	static void name(void)                                                                     \
	{                                                                                          \
		refuse(#name, LWS_CALLBACK_##reason, protocol, value, path);                       \
	}

REFUSE(h2_refuse_http_bind, HTTP_BIND_PROTOCOL, "http", 1, "/plain")
REFUSE(h2_refuse_mount_bind, HTTP_BIND_PROTOCOL, "dyn", 1, "/dyn/plain")
REFUSE(h2_refuse_filter_http, FILTER_HTTP_CONNECTION, "http", 1, "/plain")
REFUSE(h2_refuse_access, CHECK_ACCESS_RIGHTS, "dyn", 1, "/dyn/plain")
REFUSE(h2_refuse_http, HTTP, "http", -1, "/plain")
REFUSE(h2_refuse_http_positive, HTTP, "http", 1, "/plain")
REFUSE(h2_refuse_writeable, HTTP_WRITEABLE, "http", -1, "/later")
REFUSE(h2_refuse_file_completion, HTTP_FILE_COMPLETION, "http", -1, "/files/a.txt")

TRACE_MAIN(TRACE_CASE(h2_plain), TRACE_CASE(h2_later), TRACE_CASE(h2_not_found), TRACE_CASE(h2_serve_file),
	   TRACE_CASE(h2_redirect), TRACE_CASE(h2_no_content), TRACE_CASE(h2_left), TRACE_CASE(h2_mount_file),
	   TRACE_CASE(h2_mount_file_default), TRACE_CASE(h2_mount_file_absent), TRACE_CASE(h2_mount_callback),
	   TRACE_CASE(h2_mount_origin), TRACE_CASE(h2_mount_callback_later), TRACE_CASE(h2_mount_callback_file),
	   TRACE_CASE(h2_mount_mixed_file), TRACE_CASE(h2_mount_mixed_callback), TRACE_CASE(h2_mount_auth_none),
	   TRACE_CASE(h2_mount_auth_wrong), TRACE_CASE(h2_mount_auth_right), TRACE_CASE(h2_pieces),
	   TRACE_CASE(h2_head), TRACE_CASE(h2_closed_waiting), TRACE_CASE(h2_aborted_two),
	   TRACE_CASE(h2_one_after_the_other), TRACE_CASE(h2_events_closed),
	   TRACE_CASE(h2_killed), TRACE_CASE(h2_connect_only), TRACE_CASE(h2_at_context_destroy),
	   TRACE_CASE(h2_refuse_http_bind), TRACE_CASE(h2_refuse_mount_bind), TRACE_CASE(h2_refuse_filter_http),
	   TRACE_CASE(h2_refuse_access), TRACE_CASE(h2_refuse_http), TRACE_CASE(h2_refuse_http_positive),
	   TRACE_CASE(h2_refuse_writeable), TRACE_CASE(h2_refuse_file_completion))
