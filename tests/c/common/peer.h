/*
 * A raw server for tests of clients: one listening socket, one connection at a time, and bytes as the test wants them on
 * the wire. The accepted connection is a struct client, whose functions read and write it too.
 */
#ifndef TESTS_COMMON_PEER_H
#define TESTS_COMMON_PEER_H

#include "client.h"

struct peer {
	int listener;
	int port;
	struct client client; /* the connection that was accepted */
	char head[8192];      /* of the last request, NUL-terminated */
};

/* On 127.0.0.1, any port. */
void peer_listen(struct peer *peer);
void peer_listen_unix(struct peer *peer, const char *path);
/* A port at which nobody listens: taken by a socket that does not. */
void peer_refuse(struct peer *peer);
/* A port that takes connections only as far as the kernel does, and no more: connecting to it hangs. */
void peer_ignore(struct peer *peer);
void peer_close(struct peer *peer);

void peer_accept(struct peer *peer);
/* A connection of TCP: its other end, for what is to be served without a listener. */
int peer_accepted(struct client *client);
/* Reads a request head into peer->head. */
void peer_request(struct peer *peer);
/* Value of a header of it into a static buffer, or NULL. */
const char *peer_header(const struct peer *peer, const char *name);

/* The answer to the key of the request. */
const char *peer_accept_value(const struct peer *peer);
/* accept, request, and a response that agrees; more may be NULL, each line of it ends with CRLF. */
void peer_upgrade(struct peer *peer, const char *more);
void peer_ws_send(struct peer *peer, int first_byte, const void *payload, size_t length);
/* The next frame, which has to be masked. False at the end of the stream. */
bool peer_ws_frame(struct peer *peer, struct client_frame *frame);

#endif
