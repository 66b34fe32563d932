/*
 * A raw client: bytes as the test wants them on the wire, so that a test can
 * also send what no correct client sends.  Every wait has a deadline.
 */
#ifndef TESTS_COMMON_CLIENT_H
#define TESTS_COMMON_CLIENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum client_end { CLIENT_CLOSE, CLIENT_ABORT, CLIENT_FINISH };

struct client {
	int fd;
	bool at_end;           /* the peer closed or reset */
	unsigned char *buffer; /* received and not yet taken */
	size_t length, capacity;

	/* Where something else than a socket carries the bytes, see h2_client.h */
	void *carrier;
	bool (*receive)(struct client *client, double until); /* gets more; false at the end, or when nothing came */
	bool (*send)(struct client *client, const void *bytes, size_t length);
	void (*end)(struct client *client, enum client_end how);
};

struct client_response {
	int status;
	char version[16];
	char *head;            /* status line and headers with their CRLFs, NUL-terminated */
	unsigned char *body;   /* NUL follows */
	size_t body_length;
	bool chunked, has_length, until_close;
};

enum {
	FRAME_CONTINUATION = 0,
	FRAME_TEXT = 1,
	FRAME_BINARY = 2,
	FRAME_CLOSE = 8,
	FRAME_PING = 9,
	FRAME_PONG = 10,
	FRAME_FIN = 0x80,
	FRAME_RSV1 = 0x40,
};

struct client_frame {
	int first_byte;        /* FIN, RSV and opcode as on the wire */
	int opcode;
	bool fin;
	unsigned char *payload; /* NUL follows */
	size_t length;
};

/* With TEST_HTTP2 in the environment it speaks HTTP/2, see bridge.h. */
void client_tcp(struct client *client, int port);
/* Never so */
void client_tcp_plain(struct client *client, int port);
void client_unix(struct client *client, const char *path);
void client_close(struct client *client);
/* Closes with a reset. */
void client_abort(struct client *client);
/* No more bytes from this side; the other direction stays open. */
void client_finish(struct client *client);

void client_send(struct client *client, const void *bytes, size_t length);
void client_print(struct client *client, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* Sends as much as the peer takes; false when it reset or closed meanwhile. */
bool client_try_send(struct client *client, const void *bytes, size_t length);

/* Waits until that many bytes are buffered; false at the end of the stream. */
bool client_fill(struct client *client, size_t length);
void client_take(struct client *client, size_t length);
/* Sends a text, and takes and checks what comes back. */
void client_say(struct client *client, const char *text, const char *answer);
/* Something can be read, or the end, within that time (test_now). */
bool client_ready(struct client *client, double until);
/* Nothing arrives for that long. */
bool client_silent(struct client *client, int milliseconds);
/* Reads up to the end of the stream; the bytes are left in the buffer. */
size_t client_drain(struct client *client);

/* False when the stream ends before a whole response. */
bool client_response(struct client *client, struct client_response *response, bool to_head_request);
/* Value of a header into a static buffer, or NULL. */
const char *client_header(const struct client_response *response, const char *name);
void client_response_free(struct client_response *response);
/* A request on its own connection. */
void client_get(int port, const char *path, const char *more_headers, struct client_response *response);

/* Sends an upgrade request; protocol and more_headers may be NULL. */
void client_ws_request(struct client *client, const char *path, const char *protocol, const char *more_headers);
/* Connects, upgrades and requires status 101 with the right accept value. */
void client_ws(struct client *client, int port, const char *path, const char *protocol);
/* The same on a connected client. */
void client_ws_upgrade(struct client *client, const char *path, const char *protocol, const char *more_headers);
void client_ws_send(struct client *client, int first_byte, const void *payload, size_t length);
/* False at the end of the stream. */
bool client_ws_frame(struct client *client, struct client_frame *frame);
/* Next data message with its fragments joined; answers nothing. Fails the case at the end of the stream. */
void client_ws_message(struct client *client, struct client_frame *message);
void client_frame_free(struct client_frame *frame);
void client_ws_close(struct client *client, int code, const char *reason);
/* Code of a close frame's payload, 1005 without one. */
int client_frame_code(const struct client_frame *frame);

#endif
