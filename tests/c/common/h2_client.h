/*
 * A client of HTTP/2 (RFC 9113), or a server, for tests: prior knowledge, frames as the test wants them. Settings and pings are
 * answered, windows are opened as data arrives unless the test wants to do that itself.
 */
#ifndef TESTS_COMMON_H2_CLIENT_H
#define TESTS_COMMON_H2_CLIENT_H

#include "client.h"
#include "hpack.h"

enum {
	H2_DATA = 0,
	H2_HEADERS = 1,
	H2_PRIORITY = 2,
	H2_RST_STREAM = 3,
	H2_SETTINGS = 4,
	H2_PUSH_PROMISE = 5,
	H2_PING = 6,
	H2_GOAWAY = 7,
	H2_WINDOW_UPDATE = 8,
	H2_CONTINUATION = 9,

	H2_END_STREAM = 1,
	H2_ACK = 1,
	H2_END_HEADERS = 4,
	H2_PADDED = 8,

	H2_NO_ERROR = 0,
	H2_PROTOCOL_ERROR = 1,
	H2_INTERNAL_ERROR = 2,
	H2_FLOW_CONTROL_ERROR = 3,
	H2_STREAM_CLOSED = 5,
	H2_FRAME_SIZE_ERROR = 6,
	H2_REFUSED_STREAM = 7,
	H2_CANCEL = 8,
	H2_COMPRESSION_ERROR = 9,
	H2_ENHANCE_YOUR_CALM = 11,
};

#define H2_STREAMS 512

struct h2_client;

struct h2_stream {
	struct client body;    /* what has arrived; the functions of client.h read it, those for WebSockets write too */
	struct h2_client *h2;
	uint32_t id;
	int status;	       /* 0 before the response has begun */
	char *head;	       /* "name: value" lines */
	size_t received;       /* bytes of body in all */
	int64_t window;	       /* what we may send */
	bool ended, was_reset; /* by the server */
	uint32_t error;	       /* of its RST_STREAM */
};

struct h2_client {
	struct client tcp;
	struct hpack_table table;
	struct h2_stream *streams[H2_STREAMS];
	uint32_t next;	       /* stream to be used next */
	bool server;	       /* see h2_serve */
	int accepted;	       /* requests that h2_accept has returned */
	int64_t window;	       /* of the connection, what we may send */
	uint32_t settings[16]; /* of the server; with their defaults */
	bool settled;	       /* they have arrived */
	int pongs;	       /* answers to pings */
	bool goaway;
	uint32_t goaway_error, goaway_last;
	bool hold_windows;     /* do not open them */
	uint8_t *block;	       /* a header block under way */
	size_t block_length;
	uint8_t block_flags;
};

/* Connects, sends the preface with these settings (identifier, value, ..., 0) and waits for the server's. */
void h2_connect(struct h2_client *h2, int port, const uint32_t *settings);
/* The same on what is connected already, and is the client's from here on. */
void h2_begin(struct h2_client *h2, const struct client *connected, const uint32_t *settings);
/*
 * The other side: takes a client's preface on a connection that a peer has accepted, and answers it with these settings.
 * Streams are then those that the client begins; status and head of one are what it asks for.
 */
void h2_serve(struct h2_client *h2, const struct client *accepted, const uint32_t *settings);
/* The next request, when its head is complete; NULL when the connection ends before. */
struct h2_stream *h2_accept(struct h2_client *h2);
/* Answers it: "name: value\n"... with :status. */
void h2_respond(struct h2_stream *stream, const char *fields, bool end);
/* No stream above last was and will be served. */
void h2_go_away(struct h2_client *h2, uint32_t last, uint32_t error);
void h2_close(struct h2_client *h2);
/* Closes with a reset. */
void h2_abort(struct h2_client *h2);

void h2_send_frame(struct h2_client *h2, int type, int flags, uint32_t stream, const void *payload, size_t length);
/* Sends a request head; more is "name: value\n"... or NULL. The stream lives as long as the client. */
struct h2_stream *h2_request(struct h2_client *h2, const char *method, const char *path, const char *more, bool end);
/* The same of all fields, :method and so on too */
struct h2_stream *h2_request_of(struct h2_client *h2, const char *fields, bool end);
/* Sends data as far as the windows allow, waiting for them. */
void h2_send_data(struct h2_stream *stream, const void *data, size_t length, bool end);
void h2_reset(struct h2_stream *stream, uint32_t code);
void h2_open_window(struct h2_client *h2, uint32_t stream, uint32_t bytes);

/* Takes one frame; false when the connection is at its end. */
bool h2_pump(struct h2_client *h2);
/* Takes what arrives within that time. */
void h2_pump_for(struct h2_client *h2, int milliseconds);
/* Takes frames until the stream has a response head; false when it ends before. */
bool h2_wait_head(struct h2_stream *stream);
/* Takes frames until the stream is ended or reset; false when the connection ends before. */
bool h2_wait_end(struct h2_stream *stream);
/* Takes frames until the connection is at its end. */
void h2_drain(struct h2_client *h2);
/* Waits for the answer to a ping: the server has read everything that was sent before. */
void h2_ping(struct h2_client *h2);

/* Value of a field of the response, in a static buffer, or NULL. */
const char *h2_field(const struct h2_stream *stream, const char *name);

/* Opens a WebSocket on a new stream (RFC 8441); protocol and more may be NULL. Then client_ws_* work on its body. */
struct h2_stream *h2_ws_request(struct h2_client *h2, const char *path, const char *protocol, const char *more);

#endif
