/* The WebSocket echo that the process tests serve: every message comes back whole, as text. */
#ifndef TESTS_COMMON_ECHO_H
#define TESTS_COMMON_ECHO_H

#include <libwebsockets.h>

#include "client.h"

extern const struct lws_protocols echo_protocols[];

/* Sends one message and requires its echo. */
void echo_once(struct client *client, const char *text);
/* Connects, echoes once and closes. */
void echo_visit(int port, const char *text);

#endif
