/** @file
 * How long the steps of connecting took: measurements a client connection makes on its way.
 */
#ifndef GOLWS_LWS_CONMON_H
#define GOLWS_LWS_CONMON_H

/** A duration in microseconds, up to 71 minutes. */
typedef uint32_t lws_conmon_interval_us_t;

struct addrinfo;

/**
 * What a client connection measured. A step that did not happen is 0: a request that shares a connection has no
 * lookup, no connect and no handshake of its own.
 */
struct lws_conmon {
	/** the peer the connection was made to; sa4.sin_family is 0 if there is none */
	lws_sockaddr46 peer46;
	/**
	 * all addresses the name had, linked by ai_next, for connections made with LCCSCF_CONMON; else NULL.
	 * Belongs to the struct, see lws_conmon_release().
	 */
	struct addrinfo *dns_results_copy;
	/** the name lookup */
	lws_conmon_interval_us_t ciu_dns;
	/** from the connect() that succeeded until the socket was connected; failed attempts before do not count */
	lws_conmon_interval_us_t ciu_sockconn;
	/** the TLS handshake */
	lws_conmon_interval_us_t ciu_tls;
	/** from the request until the first byte of the response, where the protocol has requests */
	lws_conmon_interval_us_t ciu_txn_resp;
};

/**
 * lws_conmon_wsi_take() - takes the measurements of a client connection
 *
 * \param wsi: the connection, up to its closing callback
 * \param dest: receives them; what it held before is overwritten, not released
 *
 * The copy of the addresses moves to dest, so take it once, and dest may outlive the connection. Release it with
 * lws_conmon_release(). Of what is no connection, all is 0; a dest that is NULL gets nothing. Callable from any thread;
 * waits for the service thread.
 */
LWS_VISIBLE LWS_EXTERN void
lws_conmon_wsi_take(struct lws *wsi, struct lws_conmon *dest);

/**
 * lws_conmon_release() - frees what measurements own
 *
 * \param conmon: the measurements, or NULL; the struct itself belongs to the program and is not freed
 *
 * Frees dns_results_copy and sets it to NULL. Any thread, touches nothing else.
 */
LWS_VISIBLE LWS_EXTERN void
lws_conmon_release(struct lws_conmon *conmon);

#endif
