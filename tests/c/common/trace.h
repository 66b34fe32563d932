/*
 * The callback oracle: a server that logs each callback in one line, and the
 * steps of which its scripted clients are made.  The sequences of a case are
 * compared with expected/<case>.txt; programs rely on them.
 */
#ifndef TESTS_COMMON_TRACE_H
#define TESTS_COMMON_TRACE_H

#include "check.h"
#include "client.h"
#include "server.h"

/*
 * argv: the directory of the expected files, then cases.  With TRACE_RECORD
 * in the environment the sequences are written to that directory instead.
 */
int trace_main(int argc, char **argv, const struct test_case *cases, size_t count);

#define TRACE_CASE(name) { #name, name }
#define TRACE_MAIN(...)                                                                            \
	int main(int argc, char **argv)                                                            \
	{                                                                                          \
		static const struct test_case cases[] = { __VA_ARGS__ };                           \
		return trace_main(argc, argv, cases, sizeof(cases) / sizeof(cases[0]));            \
	}

/* ---- the log ---- */

/* A line of the test's own, to show where the client acts. */
void trace_mark(const char *text);
/* Is the text somewhere in the log, or in its last line, where the server came to rest? */
bool trace_logged(const char *text);
bool trace_last_is(const char *text);
/* How many connections were destroyed. */
extern atomic_int trace_destroyed;

void trace_callback(const char *protocol, struct lws *wsi, enum lws_callback_reasons reason, void *user, void *in,
		    size_t len);
/* The callback of a protocol: handle's first parameter is the protocol's name, the others are those of a callback. */
#define TRACE_PROTOCOL(name, handle)                                                               \
	static int on_##name(struct lws *wsi, enum lws_callback_reasons reason, void *user,        \
			     void *in, size_t len)                                                 \
	{                                                                                          \
		return handle(#name, wsi, reason, user, in, len);                                  \
	}
/* Ends and returns it. */
const char *trace_text(void);
/* Writable callbacks are logged when they were asked for. */
extern bool trace_writeable_wanted;
/* What either side's program does with a message: some are commands, others are sent back. */
int trace_obey(struct lws *wsi, void *in, size_t len);
/* At once, as a text message where there are messages */
int trace_send(struct lws *wsi, const void *in, size_t len);
/* A writable callback on a WebSocket: sends "written" if it was asked for. */
int trace_written(struct lws *wsi);
/* Leave out what upstream does not do when a stream becomes a WebSocket: CONFIRM_UPGRADE, ADD_HEADERS. */
extern bool trace_without_handshake;
/* Log WSI_DESTROY also where nothing else came before, as for clients that do not get far. */
extern bool trace_every_destroy;

/* ---- the server ---- */

extern struct server trace_server;
/* http, echo and dyn with session memory; http and echo without any */
extern const struct lws_protocols trace_protocols[], trace_bare_protocols[];

/* The next callback of this reason on this protocol answers with a value. */
void trace_answer_once(int reason, const char *protocol, int value);
/* Whether this one is it */
bool trace_answered(const char *protocol, enum lws_callback_reasons reason, int *value);

/* How many pieces, one for each writable callback, the response to /pieces or /events has; endless: none is the last. */
extern int trace_pieces;
extern bool trace_endless;
/* The first piece of a body stops the peer for 20 ms. */
extern bool trace_holds_body;

void trace_begin(const struct lws_protocols *protocols, void (*adjust)(struct lws_context_creation_info *));
/* Destroys the context and compares. */
void trace_end(const char *name);

/* ---- the clients ---- */

void trace_get(struct client *client, const char *method, const char *path, const char *more_headers);
/* body NULL: the request was HEAD; empty: any */
void trace_expect(struct client *client, int status, const char *body);
/* A transaction of a connection that is kept is over. */
void trace_settle(void);
void trace_until_destroyed(int count);
/* The client closes, and the server notices. */
void trace_leave(struct client *client);
/*
 * The server closes: reads up to the end, then closes too, for which a server may wait before it destroys the
 * connection.
 */
void trace_end_of(struct client *client, int connections_made);
/* Marks what was left to read. */
void trace_mark_rest(void);
/* Refused without a word, as upstream does it, or with a status. */
void trace_mark_refusal(void);

void trace_ws_start(struct client *client, const char *protocol);
void trace_ws_echo(struct client *client, const char *text);
void trace_ws_expect_close(struct client *client, int code);

#endif
