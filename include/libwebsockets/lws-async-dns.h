/** @file
 * Names to addresses, without blocking the event loop.
 *
 * Clients look up the names they connect to by themselves. These calls are for programs that want an address for
 * other purposes, or other name servers than the system's.
 *
 * Both go by the system's configuration as getaddrinfo() does: /etc/hosts, resolv.conf, gai.conf, nsswitch.conf. Answers of
 * name servers are kept as long as their records allow (RFC 1035 3.2.1, TTL; RFC 2308 for what does not exist), for all
 * contexts of the process, until resolv.conf changes.
 */
#ifndef GOLWS_LWS_ASYNC_DNS_H
#define GOLWS_LWS_ASYNC_DNS_H

struct addrinfo;

/** What is asked for: the type of a DNS resource record, with its number on the wire (RFC 1035 3.2.2, RFC 3596 2.1). */
typedef enum dns_query_type {
	LWS_ADNS_RECORD_A = 1, /**< IPv4 address */
	LWS_ADNS_RECORD_CNAME = 5, /**< canonical name of an alias */
	LWS_ADNS_RECORD_MX = 15, /**< mail exchanger */
	LWS_ADNS_RECORD_AAAA = 28, /**< IPv6 address */
} adns_query_type_t;

/** How a query stands. */
typedef enum {
	LADNS_RET_FAILED_WSI_CLOSED = -4, /**< the callback closed the connection the query was made for */
	LADNS_RET_NXDOMAIN = -3, /**< the name does not exist (RFC 2308) */
	LADNS_RET_TIMEDOUT = -2, /**< no server answered in time */
	LADNS_RET_FAILED = -1, /**< anything else, such as no memory, no server, a name that is too long */
	LADNS_RET_FOUND = 0, /**< there is a result */
	LADNS_RET_CONTINUING = 1, /**< the answer will come, in the callback */
} lws_async_dns_retcode_t;

/**
 * lws_async_dns_cb_t - receives the answer to a query
 *
 * \param wsi: the connection given to lws_async_dns_query(), or NULL
 * \param ads: the name that was asked for, valid during the call
 * \param result: the addresses, a list linked by ai_next, without ports. It stays valid until
 * lws_async_dns_freeaddrinfo(), also after the context is gone; NULL: none
 * \param n: LADNS_RET_FOUND, or a negative lws_async_dns_retcode_t
 * \param opaque: the pointer given to lws_async_dns_query()
 *
 * Called once for each query: on the service thread, or in lws_async_dns_query() itself where the answer is at hand. It is
 * not called when that has returned LADNS_RET_FAILED for what it was given, when the connection that the query is for has
 * closed meanwhile, or once lws_context_destroy() was called. Returns wsi; NULL if it closed that connection.
 */
typedef struct lws *(*lws_async_dns_cb_t)(struct lws *wsi, const char *ads, const struct addrinfo *result, int n,
					  void *opaque);

/**
 * lws_async_dns_query() - asks for the addresses of a name
 *
 * \param context: the context
 * \param tsi: index of the service thread that calls cb
 * \param name: a host name, or a numeric address, which is answered without asking anybody; copied
 * \param qtype: LWS_ADNS_RECORD_A or LWS_ADNS_RECORD_AAAA: the kind of address that comes first in the result, which
 * holds both. Within a kind the order is that of RFC 6724.
 * \param cb: receives the answer
 * \param wsi: a connection the query is made for: when it closes, the answer is dropped. One query at a time. May be
 * NULL.
 * \param opaque: handed to cb
 *
 * Any thread. When the answer is at hand (a number, a name in /etc/hosts, an answer that was kept), cb is called before
 * this function returns.
 *
 * Returns LADNS_RET_CONTINUING when cb will be called later; what cb was called with; LADNS_RET_FAILED_WSI_CLOSED when cb
 * was called and has closed wsi; or LADNS_RET_FAILED without a call, for a qtype, wsi, tsi or context that cannot be, and for a
 * second query of a connection.
 */
LWS_VISIBLE LWS_EXTERN lws_async_dns_retcode_t
lws_async_dns_query(struct lws_context *context, int tsi, const char *name, adns_query_type_t qtype,
		    lws_async_dns_cb_t cb, struct lws *wsi, void *opaque);

/**
 * lws_async_dns_freeaddrinfo() - gives a result back
 *
 * \param ai: address of a pointer to the result that the callback got, which becomes NULL; may point to NULL, or be
 * NULL. Once for each callback that got a result.
 *
 * Any thread; waits for nobody.
 */
LWS_VISIBLE LWS_EXTERN void
lws_async_dns_freeaddrinfo(const struct addrinfo **ai);

/**
 * lws_async_dns_server_add() - a name server for a context, in place of those of the system
 *
 * \param context: the context
 * \param sa46: address and port (0: 53) of the server; copied
 *
 * Servers that were added before are asked first. They are asked for names as they stand: the system's search list and
 * nsswitch.conf do not count, /etc/hosts does. That goes for lws_async_dns_query() and for the names that clients of the
 * context connect to from then on.
 *
 * An addition to libwebsockets 4.2, named as in its later versions. Any thread; waits for the service threads.
 *
 * Returns 0; -1 for an sa46 that is NULL or without an address, and for a context that cannot be used (logged).
 */
LWS_VISIBLE LWS_EXTERN int
lws_async_dns_server_add(struct lws_context *context, const lws_sockaddr46 *sa46);

/**
 * lws_async_dns_server_remove() - takes back what lws_async_dns_server_add() has added
 *
 * \param context: the context
 * \param sa46: address and port of the server
 *
 * When none is left, those of the system are asked again. One that was not added changes nothing. Any thread; waits for the
 * service threads. An addition, too.
 */
LWS_VISIBLE LWS_EXTERN void
lws_async_dns_server_remove(struct lws_context *context, const lws_sockaddr46 *sa46);

#endif
