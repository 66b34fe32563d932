#ifndef GOLWS_PROXY_H
#define GOLWS_PROXY_H

#include "private.h"

/* Gives a new vhost the proxies that its clients go through. */
void golws_proxy_create(struct lws_vhost *vhost, const struct lws_context_creation_info *info);

#endif
