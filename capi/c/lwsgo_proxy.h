/*
 * What the Go side exports to capi/c/proxy.c. Runs under the service locks of all threads of the context.
 */
#ifndef GOLWS_LWSGO_PROXY_H
#define GOLWS_LWSGO_PROXY_H

#include "handles.h"

enum golws_proxy_origin {
	GOLWS_PROXY_CREATION,    /* the program has named it when it created the vhost */
	GOLWS_PROXY_FUNCTION,    /* later, by lws_set_proxy() or lws_set_socks() */
	GOLWS_PROXY_ENVIRONMENT,
};

struct golws_proxy_config {
	int socks;
	const char *text;
	unsigned int port; /* counts where the text has none; 0: that of the proxy before */
	enum golws_proxy_origin origin;
	const char *no_proxy; /* for that of the environment */
};

/* Returns -1 for a text that is no proxy (logged). */
int lwsgo_vhost_set_proxy(uint32_t vhost, struct golws_proxy_config *config);

#endif
