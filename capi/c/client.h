#ifndef GOLWS_CLIENT_H
#define GOLWS_CLIENT_H

#include "private.h"
#include "lwsgo_client.h"

/* lws_client_connect_via_info() for whatever interface version read the struct; function is for log lines. */
struct lws *golws_client_connect(const struct lws_client_connect_info *info, const char *function);

#endif
