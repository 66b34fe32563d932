/* Steps of the callback recordings whose clients speak HTTP/2: see trace.h. */
#ifndef TESTS_COMMON_TRACE_H2_H
#define TESTS_COMMON_TRACE_H2_H

#include "h2_client.h"
#include "trace.h"

/* Begins with trace_protocols and HTTP/2 on plain connections, and connects. */
void trace_h2_start(struct h2_client *h2);
/* The stream has ended, with that response; body NULL: any. */
void trace_h2_expect(struct h2_stream *stream, int status, const char *body);
/* The client closes the connection, on which that many streams are open. */
void trace_h2_leave(struct h2_client *h2, int streams);
/* A whole case: one request without a body, then the client closes. */
void trace_h2_simple(const char *name, const char *method, const char *path, const char *more, int status,
		     const char *body);
/* The same with a body of ten bytes; split: sent when the program has got the request. */
void trace_h2_post(const char *name, const char *path, const char *more, bool split);

#define TRACE_H2_SIMPLE(name, method, path, more, status, body)                                    \
	static void name(void)                                                                     \
	{                                                                                          \
		trace_h2_simple(#name, method, path, more, status, body);                          \
	}

#endif
