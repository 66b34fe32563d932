#include "trace_h2.h"

static void prior_knowledge(struct lws_context_creation_info *info)
{
	info->options |= LWS_SERVER_OPTION_H2_PRIOR_KNOWLEDGE;
}

void trace_h2_start(struct h2_client *h2)
{
	trace_begin(trace_protocols, prior_knowledge);
	h2_connect(h2, trace_server.port, NULL);
	/* It is answered when the server has read the settings. */
	h2_ping(h2);
}

void trace_h2_expect(struct h2_stream *stream, int status, const char *body)
{
	REQUIRE(h2_wait_end(stream));
	CHECK_INT(stream->was_reset, 0);
	CHECK_INT(stream->status, status);
	if (body)
		CHECK_MEM(stream->body.buffer, stream->body.length, body, strlen(body));
}

void trace_h2_leave(struct h2_client *h2, int streams)
{
	int before = atomic_load(&trace_destroyed);

	trace_mark("the client closes");
	h2_close(h2);
	trace_until_destroyed(before + streams + 1);
}

void trace_h2_simple(const char *name, const char *method, const char *path, const char *more, int status,
		     const char *body)
{
	struct h2_client h2;

	trace_h2_start(&h2);
	trace_mark(path);
	trace_h2_expect(h2_request(&h2, method, path, more, true), status, body);
	trace_until_destroyed(1);
	trace_h2_leave(&h2, 0);
	trace_end(name);
}

void trace_h2_post(const char *name, const char *path, const char *more, bool split)
{
	struct h2_stream *stream;
	struct h2_client h2;

	trace_h2_start(&h2);
	trace_mark(path);
	stream = h2_request(&h2, "POST", path, more, false);
	if (split) {
		WAIT_FOR(trace_logged(" HTTP user"));
		trace_mark("the body is sent");
	}
	h2_send_data(stream, "01234", 5, false);
	h2_send_data(stream, "56789", 5, true);
	trace_h2_expect(stream, 200, "posted");
	trace_until_destroyed(1);
	trace_h2_leave(&h2, 0);
	trace_end(name);
}
