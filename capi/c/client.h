#ifndef GOLWS_CLIENT_H
#define GOLWS_CLIENT_H

#include "private.h"
#include "lwsgo_client.h"

/* What some clients have, beside their handle */
struct golws_client {
	const lws_retry_bo_t *retry; /* that the program gave for the connection, or NULL */
	char boundary[40];	     /* of the multipart form that is the request's body; empty: it is none */
	int parts;		     /* how many of it were begun */
};

/* lws_client_connect_via_info() for whatever interface version read the struct; function is for log lines. */
struct lws *golws_client_connect(const struct lws_client_connect_info *info, const char *function);

#endif
