/** @file
 * Keeping TLS sessions of clients over a restart, so that the next connection to the same server resumes one
 * (RFC 8446 section 2.2).
 *
 * A vhost remembers the sessions of its client connections by host (lws_client_connect_info.host, without it address) and
 * port: the latest of each, lws_context_creation_info.tls_session_cache_max of them, 10 if that is 0, for
 * tls_session_timeout seconds, 300 if that is 0. A connection to the same place resumes it, which spares work and, with
 * TLS 1.2, a round trip. The server's certificate is judged anew each time. Whoever holds one can read what is sent
 * with it: keep it as secret as a private key. Threads: the functions wait for the service thread; the callback runs
 * inside the call.
 */
#ifndef GOLWS_LWS_TLS_SESSIONS_H
#define GOLWS_LWS_TLS_SESSIONS_H

/** Room for the name of a session, with its NUL byte. */
#define LWS_SESSION_TAG_LEN 96

/** A session on its way out of or into a vhost. */
struct lws_tls_session_dump {
	char	tag[LWS_SESSION_TAG_LEN];	/**< its name: vhost, host and port, with '_' between */
	void	*blob;		/**< the session, see the two functions for who owns it */
	void	*opaque;	/**< what the caller gave as opq */
	size_t	blob_len;	/**< length of the session, bytes */
};

/**
 * lws_tls_sess_cb_t - stores or fetches a session
 *
 * cx is the context, info the session. Returns 0, nonzero for an error.
 */
typedef int (*lws_tls_sess_cb_t)(struct lws_context *cx,
				 struct lws_tls_session_dump *info);

/**
 * lws_tls_session_dump_save() - get a session out of a vhost
 *
 * \param vh: the vhost
 * \param host: host that the session is with
 * \param port: port there
 * \param cb_save: called once, if there is such a session; its blob belongs to the library and is gone after the call
 * \param opq: for the callback, as info->opaque
 *
 * Sessions of connections that show a certificate of sys_tls_client_cert are not among them.
 *
 * Returns 0; 1 when there is none, the vhost keeps none, or the callback returned nonzero.
 */
LWS_VISIBLE LWS_EXTERN int
lws_tls_session_dump_save(struct lws_vhost *vh, const char *host, uint16_t port,
			  lws_tls_sess_cb_t cb_save, void *opq);

/**
 * lws_tls_session_dump_load() - put a session into a vhost
 *
 * \param vh: the vhost
 * \param host: host that the session is with
 * \param port: port there
 * \param cb_load: called once, if the vhost does not have such a session yet: sets blob to memory from malloc(), which
 * the library frees, and blob_len
 * \param opq: for the callback, as info->opaque
 *
 * Returns 0; 1 when there is one already, the vhost keeps none, the callback returned nonzero, or the blob is not
 * one of lws_tls_session_dump_save() of this library, or is too old.
 */
LWS_VISIBLE LWS_EXTERN int
lws_tls_session_dump_load(struct lws_vhost *vh, const char *host, uint16_t port,
			  lws_tls_sess_cb_t cb_load, void *opq);

#endif
