#ifndef GOLWS_CLIENT_H
#define GOLWS_CLIENT_H

#include "private.h"
#include "lwsgo_client.h"

/* What some clients have, beside their handle */
struct golws_client {
	const lws_retry_bo_t *retry; /* that the program gave for the connection, or NULL */
	char boundary[40];	     /* of the multipart form that is the request's body; empty: it is none */
	int parts;		     /* how many of it were begun */
	struct lws_keep_connected *kept; /* keep_connected.c: whose connection it is, or NULL */
};

/*
 * lws_client_connect_via_info() for whatever interface version read the struct; function is for log lines. kept: the
 * connection is one of a client that stays connected, or NULL.
 */
struct lws *golws_client_connect(const struct lws_client_connect_info *info, const char *function,
				 struct lws_keep_connected *kept);

/* Which service thread a connection that is not made in a callback belongs to: each in turn. */
struct golws_thread *golws_client_thread(struct lws_context *context, struct lws *parent);

/* Whose a connection is where the program names no vhost. */
struct lws_vhost *golws_client_vhost(struct lws_context *context, const char *function);

/* tls_client.c: what the struct says of TLS. What it points to is the program's and needed during the call. */
void golws_client_tls_fill(struct golws_client_config *config, const struct lws_client_connect_info *info);

/* The request is made, maybe anew because of a redirect. */
void golws_client_begin_request(struct lws *wsi);

#endif
