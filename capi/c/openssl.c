/*
 * What the interface has of OpenSSL's objects, which this library does not have.
 */
#include <stdatomic.h>

#include "private.h"

SSL *lws_get_ssl(struct lws *wsi)
{
	static atomic_flag told = ATOMIC_FLAG_INIT;

	if (golws_wsi_readable(wsi, __func__) && !atomic_flag_test_and_set(&told))
		lwsl_notice("%s: there are no OpenSSL objects here: lws_is_ssl() tells whether a connection has TLS, "
			    "lws_tls_peer_cert_info() what certificate the peer has, lws_get_socket_fd() its socket\n",
			    __func__);
	return NULL;
}
