#ifndef GOLWS_KEEP_CONNECTED_H
#define GOLWS_KEEP_CONNECTED_H

#include "client.h"

/* The service thread that the connections are made on */
struct golws_thread *golws_keep_connected_thread(struct lws_keep_connected *keep);

/* Notes the connection that a try has made. */
void golws_keep_connected_created(struct lws_keep_connected *keep, struct lws *wsi);

/* Hears of each callback of its connections, after it; result is what that returned. */
void golws_keep_connected_observe(struct lws *wsi, int reason, const void *in, size_t len, int result);

/* Ends those that have no connection and can have none: the vhost is destroyed, or all of the context are (NULL). */
void golws_keep_connected_abandon(struct lws_context *context, const struct lws_vhost *vhost);

#endif
