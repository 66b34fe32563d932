/*
 * A client that the test writes HTTP/1 to and reads it from, while the server is spoken to in HTTP/2: requests become
 * streams (upgrades to WebSocket become those of RFC 8441), and responses come back in the order of the requests. So
 * one test shows that the program under test works the same over both.
 *
 * With TEST_HTTP2 in the environment all clients that client_tcp() makes are such ones.
 */
#ifndef TESTS_COMMON_BRIDGE_H
#define TESTS_COMMON_BRIDGE_H

#include "client.h"

/* The environment asks for it. */
bool bridge_wanted(void);

/* Connects; from here on send, receive, finish and close are the bridge's. */
void bridge_connect(struct client *client, int port);

#endif
