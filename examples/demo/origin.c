/*
 * Browsers let any page open a WebSocket to any server and say in the Origin header whose page it is. A server that
 * does not look lets every web site its users visit take part in their chat.
 */
#include "demo.h"

#include <string.h>

bool origin_is_ours(struct lws *wsi)
{
	char origin[256], host[256], *after_scheme;

	/* no browser: nothing to protect */
	if (!lws_hdr_total_length(wsi, WSI_TOKEN_ORIGIN))
		return true;
	if (lws_hdr_copy(wsi, origin, sizeof(origin), WSI_TOKEN_ORIGIN) <= 0 ||
	    lws_hdr_copy(wsi, host, sizeof(host), WSI_TOKEN_HOST) <= 0)
		return false;
	after_scheme = strstr(origin, "://");

	return after_scheme && !strcmp(after_scheme + 3, host);
}
