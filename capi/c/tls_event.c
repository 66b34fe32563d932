/*
 * What happens in the handshake of a connection: LWS_CALLBACK_SSL_INFO,
 * LWS_CALLBACK_OPENSSL_PERFORM_CLIENT_CERT_VERIFICATION and LWS_CALLBACK_OPENSSL_PERFORM_SERVER_CERT_VERIFICATION.
 */
#include "tls.h"

/* SSL_CB_HANDSHAKE_START and SSL_CB_HANDSHAKE_DONE of OpenSSL */
enum { HANDSHAKE_START = 0x10, HANDSHAKE_DONE = 0x20 };

/* To the first protocol of a vhost that the connection is not with yet, or no protocol of which it is bound to. */
static int call_for(struct lws_vhost *vhost, struct lws *wsi, int reason, void *user, void *in, size_t len)
{
	struct lws_vhost *its_vhost = wsi->vhost;
	const struct lws_protocols *its_protocol = wsi->protocol;
	struct golws_thread *thread = wsi->thread;
	struct lws *outer = thread->current;
	int result;

	wsi->vhost = vhost;
	wsi->protocol = &vhost->protocols[0];
	thread->current = wsi;
	result = vhost->protocols[0].callback(wsi, (enum lws_callback_reasons)reason, user, in, len);
	thread->current = outer;
	wsi->vhost = its_vhost;
	wsi->protocol = its_protocol;
	return result;
}

int golws_wsi_call_handshake(struct lws *wsi, int done)
{
	struct lws_ssl_info info = {.where = done ? HANDSHAKE_DONE : HANDSHAKE_START, .ret = 1};

	if (!(wsi->vhost->tls_event_mask & info.where))
		return 0;
	return call_for(wsi->vhost, wsi, LWS_CALLBACK_SSL_INFO, wsi->user, &info, 0);
}

int golws_wsi_call_verify(struct lws *wsi, struct lws_vhost *vhost, int server, int valid)
{
	return call_for(vhost, wsi,
			server ? LWS_CALLBACK_OPENSSL_PERFORM_SERVER_CERT_VERIFICATION
			       : LWS_CALLBACK_OPENSSL_PERFORM_CLIENT_CERT_VERIFICATION,
			NULL, NULL, (size_t)valid);
}
