/*
 * Events of handshakes, LWS_CALLBACK_SSL_INFO.
 */
#include "tls.h"

/* SSL_CB_HANDSHAKE_START and SSL_CB_HANDSHAKE_DONE of OpenSSL */
enum { HANDSHAKE_START = 0x10, HANDSHAKE_DONE = 0x20 };

int golws_wsi_call_handshake(struct lws *wsi, int done)
{
	const struct golws_tls *tls = wsi->vhost->tls;
	struct lws_ssl_info info = {.where = done ? HANDSHAKE_DONE : HANDSHAKE_START, .ret = 1};

	if (!tls || !(tls->info_event_mask & info.where))
		return 0;
	return golws_wsi_call(wsi, LWS_CALLBACK_SSL_INFO, &info, 0);
}
