/* The callback oracle for clients: a context that connects to a scripted peer. See trace.h. */
#ifndef TESTS_COMMON_TRACE_CLIENT_H
#define TESTS_COMMON_TRACE_CLIENT_H

#include "peer.h"
#include "trace.h"

extern struct peer trace_peer;

/* http, echo with session memory; http and echo without any */
extern const struct lws_protocols trace_client_protocols[], trace_client_bare_protocols[];

/* What the program does, beside what trace_answer says. */
struct trace_client {
	const char *body;      /* of the request, NULL: none */
	bool later;            /* the response's body is read in the next writable callback */
	struct lws *returned;  /* by lws_client_connect_via_info */
	struct lws *stored;    /* pwsi */
};
extern struct trace_client trace_client;

/* A context that does not listen and is not serviced yet. */
void trace_client_begin(const struct lws_protocols *protocols, void (*adjust)(struct lws_context_creation_info *));
/* Zeroed but for what connects to the peer with protocol "echo". */
void trace_client_info(struct lws_client_connect_info *info);
/* Connects, marks what the call returned, and starts to service. */
void trace_client_connect(const struct lws_client_connect_info *info);
/* The three above with the usual */
void trace_client_start(const struct lws_protocols *protocols);
/* The same for an HTTP request. */
void trace_client_request(const struct lws_protocols *protocols, const char *method);

#endif
