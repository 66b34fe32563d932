/** @file
 * Connections that this program makes: WebSocket and HTTP clients.
 *
 * A program fills a struct lws_client_connect_info and calls lws_client_connect_via_info(). The call does not wait:
 * finding the address, connecting and the handshake happen in lws_service(), and the callback of the protocol that the
 * connection is bound to hears how it goes.
 *
 * A vhost that does not listen is enough, such as the one of a context that is created with port
 * CONTEXT_PORT_NO_LISTEN. Servers and clients may share a context.
 *
 * Order of a WebSocket client
 * ---------------------------
 *
 * Inside lws_client_connect_via_info(): CLIENT_HTTP_BIND_PROTOCOL where a protocol is named, CONNECTING for a numeric
 * address or a unix socket, SERVER_NEW_CLIENT_INSTANTIATED. Then CONNECTING for each further address that is tried,
 * WSI_CREATE when it is connected, with TLS OPENSSL_PERFORM_SERVER_CERT_VERIFICATION, CLIENT_CONFIRM_EXTENSION_SUPPORTED
 * for each extension of the vhost, CLIENT_APPEND_HANDSHAKE_HEADER; when the server has answered, ESTABLISHED_CLIENT_HTTP
 * whatever its answer is, and if it agrees CLIENT_FILTER_PRE_ESTABLISH and CLIENT_ESTABLISHED. Then CLIENT_RECEIVE,
 * CLIENT_RECEIVE_PONG and CLIENT_WRITEABLE as they come; at the end WS_PEER_INITIATED_CLOSE if the server closes first,
 * WS_CLIENT_DROP_PROTOCOL, CLIENT_CLOSED, WSI_DESTROY.
 *
 * Order of an HTTP client
 * -----------------------
 *
 * The same up to CLIENT_APPEND_HANDSHAKE_HEADER; CLIENT_HTTP_WRITEABLE while a body is to be sent; then
 * CLIENT_FILTER_PRE_ESTABLISH, ESTABLISHED_CLIENT_HTTP, RECEIVE_CLIENT_HTTP for each arrival of body, in answer to which
 * the program calls lws_http_client_read(), which calls RECEIVE_CLIENT_HTTP_READ; COMPLETED_CLIENT_HTTP; at the end
 * CLIENT_HTTP_DROP_PROTOCOL, CLOSED_CLIENT_HTTP, WSI_DESTROY.
 *
 * Over HTTP/2 (by ALPN, or LCCSCF_H2_PRIOR_KNOWLEDGE) the struct lws is a stream, and lws_get_network_wsi() gives the
 * connection that carries it, which gets WSI_CREATE and WSI_DESTROY only, at the vhost's first protocol. Body arrives as
 * RECEIVE_CLIENT_HTTP_READ at once, without RECEIVE_CLIENT_HTTP; lws_rx_flow_control() holds it back. A request that the
 * server has not processed (GOAWAY, REFUSED_STREAM) is made again on another connection, three times at most: the same,
 * from CONNECTING or CLIENT_APPEND_HANDSHAKE_HEADER on.
 *
 * A redirect that is followed is CLIENT_HTTP_REDIRECT and CLIENT_HTTP_DROP_PROTOCOL, then all of it anew from
 * CLIENT_HTTP_BIND_PROTOCOL on, for the same struct lws. The request goes with the same method and body, but after a 303,
 * when it becomes a GET, or stays a HEAD; see lws_http_is_redirected_to_get(). Credentials do not go to other servers, see
 * LWS_CLIENT_HTTP_TRUST_REDIRECTS.
 *
 * Each connection whose lws_client_connect_via_info() did not return NULL gets exactly one of CLIENT_CONNECTION_ERROR
 * and the closing reason of its kind, then WSI_DESTROY.
 */
#ifndef GOLWS_LWS_CLIENT_H
#define GOLWS_LWS_CLIENT_H

/**
 * What lws_client_connect_info.ssl_connection may be combined of. Not all of it concerns TLS.
 */
enum lws_client_connect_ssl_connection_flags {
	/**
	 * Use TLS, with what the vhost has for it: lws_context_creation_info's client_ssl_ members. The server has to show
	 * a certificate for the name or address in `host` (without `host` that in `address`) that leads to an authority which
	 * is trusted, those of the system without further ado, and whose time is not over. The next four flags excuse one
	 * thing each, and nothing else; all that is wrong has to be excused. What was excused is a line in the log.
	 */
	LCCSCF_USE_SSL = (1 << 0),
	/**
	 * TLS: accept a certificate that is signed with its own key, or that leads to an authority which is not trusted and
	 * whose own certificate the server sends along.
	 */
	LCCSCF_ALLOW_SELFSIGNED = (1 << 1),
	/** TLS: accept a certificate that is for another name or address. */
	LCCSCF_SKIP_SERVER_CERT_HOSTNAME_CHECK = (1 << 2),
	/** TLS: accept a certificate whose time is over or has not begun. */
	LCCSCF_ALLOW_EXPIRED = (1 << 3),
	/** TLS: accept a certificate whose issuer is neither known nor sent along. */
	LCCSCF_ALLOW_INSECURE = (1 << 4),
	/**
	 * HTTP/2: the server wants the request to be ended (END_STREAM). It is so here for each request without a body, with
	 * or without the flag.
	 */
	LCCSCF_H2_QUIRK_NGHTTP2_END_STREAM = (1 << 5),
	/**
	 * HTTP/2: the server lets us send more than can be counted, 2^31-1 bytes. That counts as this number then; without the
	 * flag it ends the connection, as RFC 9113 section 6.9.1 has it.
	 */
	LCCSCF_H2_QUIRK_OVERFLOWS_TXCR = (1 << 6),
	/** HTTP/2: send the authentication token as a bearer token. For secure streams. */
	LCCSCF_H2_AUTH_BEARER = (1 << 7),
	/** HTTP/2: send the authentication token in hexadecimal. For secure streams. */
	LCCSCF_H2_HEXIFY_AUTH_TOKEN = (1 << 8),
	/**
	 * HTTP/2: the server sends on the stream what the program lets it: manual_initial_tx_credit at first, and then as
	 * much as it is given by lws_wsi_tx_credit(). Requests with the flag have connections of their own kind: they share one
	 * with each other, but not with others.
	 */
	LCCSCF_H2_MANUAL_RXFLOW = (1 << 9),
	/**
	 * HTTP: the body is a multipart form (RFC 7578). The library adds the content-type with a boundary, and counts the
	 * body as pending; see lws_client_http_multipart().
	 */
	LCCSCF_HTTP_MULTIPART_MIME = (1 << 10),
	/** HTTP: the body is a form of type application/x-www-form-urlencoded; the library adds the content-type. */
	LCCSCF_HTTP_X_WWW_FORM_URLENCODED = (1 << 11),
	/**
	 * A redirect (301, 302, 303, 307, 308) is given to the program like any other response. Otherwise the library follows
	 * it, three times at most, with LWS_CALLBACK_CLIENT_HTTP_REDIRECT before.
	 */
	LCCSCF_HTTP_NO_FOLLOW_REDIRECT = (1 << 12),
	/**
	 * HTTP: requests that have the flag and go to the same place share a connection. With HTTP/1 each waits until the one
	 * before it is complete, with HTTP/2 they are streams side by side. A request whose turn has come has no CONNECTING
	 * and no WSI_CREATE, because its connection exists. If that breaks, those who still wait get another one; so does a
	 * request that the server has closed an idle connection on, if its method is idempotent (RFC 9110 section 9.2.2).
	 * See keep_warm_secs. The same place means: vhost, address, port, TLS with its flags, ALPN, client certificate and,
	 * with TLS, host; iface; proxy; and service thread.
	 */
	LCCSCF_PIPELINE = (1 << 16),
	/** The request may become a stream of an existing connection. No effect: LCCSCF_PIPELINE says so. */
	LCCSCF_MUXABLE_STREAM = (1 << 17),
	/**
	 * Without TLS: speak HTTP/2 without asking whether the server knows it (RFC 9113 section 3.3). With TLS the server is
	 * asked by ALPN, and the flag has no effect.
	 */
	LCCSCF_H2_PRIOR_KNOWLEDGE = (1 << 18),
	/** Checks whether the peer is there may wake a suspended device. No effect here. */
	LCCSCF_WAKE_SUSPEND__VALIDITY = (1 << 19),
	/** Read from this connection as long as there is something, before others have their turn. No effect here. */
	LCCSCF_PRIORITIZE_READS = (1 << 20),
	/** The connection belongs to a secure stream. For the library's own use. */
	LCCSCF_SECSTREAM_CLIENT = (1 << 21),
	/** The connection leads to a proxy of secure streams. For the library's own use. */
	LCCSCF_SECSTREAM_PROXY_LINK = (1 << 22),
	/** The connection is made by a proxy of secure streams. For the library's own use. */
	LCCSCF_SECSTREAM_PROXY_ONWARD = (1 << 23),
	/** IP type of service: low delay. */
	LCCSCF_IP_LOW_LATENCY = (1 << 24),
	/** IP type of service: high throughput. */
	LCCSCF_IP_HIGH_THROUGHPUT = (1 << 25),
	/** IP type of service: high reliability. */
	LCCSCF_IP_HIGH_RELIABILITY = (1 << 26),
	/** IP type of service: low cost. */
	LCCSCF_IP_LOW_COST = (1 << 27),
	/** Keep the addresses that the name had, for lws_conmon_wsi_take(); how long the steps took is measured always. */
	LCCSCF_CONMON = (1 << 28),
	/**
	 * A redirect may lead from TLS to a connection without it. Otherwise that is an error. libwebsockets has this flag
	 * from 4.3 on.
	 */
	LCCSCF_ACCEPT_TLS_DOWNGRADE_REDIRECTS = (1 << 29),
	/**
	 * Cookies that servers set (RFC 6265) are kept by the vhost, in memory, and sent back by connections with this flag,
	 * unless the program adds a Cookie header itself. Domain, path, lifetime and Secure are observed, and nothing is set
	 * for a whole public suffix such as co.uk. libwebsockets has this flag from 4.3 on.
	 */
	LCCSCF_CACHE_COOKIES = (1 << 30),
};

/* lws-mqtt.h has more about it. */
struct lws_mqtt_client_connect_param_s;

/**
 * What to connect to, and how. Set it to zero before filling it in. Nothing that it points to is needed after
 * lws_client_connect_via_info() has returned, but for userdata, opaque_user_data and retry_and_idle_policy.
 */
struct lws_client_connect_info {
	/** the context; needed */
	struct lws_context *context;
	/**
	 * Host name or numeric IPv4 or IPv6 address (with or without brackets, a zone as in fe80::1%eth0 is fine); or "+"
	 * and the path of a unix socket; or "+@" and a name of Linux' abstract ones. Needed.
	 */
	const char *address;
	/** port, 0 to 65535; no meaning for unix sockets */
	int port;
	/** 0 or LCCSCF_ flags */
	int ssl_connection;
	/**
	 * target of the request, with its query, such as "/chat?room=1"; NULL means "/". A slash that is missing in front
	 * is added, and spaces become %20; nothing else is encoded.
	 */
	const char *path;
	/**
	 * the Host header as it is to be sent; NULL means address, and the port if it is not 80, or with TLS 443; for a unix
	 * socket "localhost"
	 */
	const char *host;
	/**
	 * what the Origin header says; NULL: none is sent. "http://" is put before it unless the context has the option
	 * LWS_SERVER_OPTION_JUST_USE_RAW_ORIGIN.
	 */
	const char *origin;
	/** WebSocket subprotocols that the server may choose from, separated by commas; NULL: none are named */
	const char *protocol;
	/** no longer used: 0 or -1 */
	int ietf_version_or_minus_one;
	/**
	 * If not NULL it is the connection's `user` in place of memory of the protocol's per_session_data_size. It stays
	 * the program's and must live as long as the connection, until WSI_DESTROY.
	 */
	void *userdata;
	/** not used: extensions are those of the vhost, see lws_context_creation_info.extensions */
	const void *client_exts;
	/**
	 * NULL: a WebSocket. "GET", "POST", "OPTIONS", "HEAD", "PUT", "PATCH", "DELETE" or another method in capitals: an
	 * HTTP request. "RAW": no protocol of the library's; the protocol that is bound gets LWS_CALLBACK_RAW_CONNECTED, then
	 * RAW_RX, RAW_WRITEABLE and RAW_CLOSE. "MQTT" and "CONNECT" are not supported yet: such a connection is refused, as is
	 * "UDP", see lws_create_adopt_udp().
	 */
	const char *method;
	/**
	 * Another connection that this one belongs to: it is closed when that one is, and that one gets CHILD_CLOSING when
	 * this one closes first. Both are served by the same service thread then.
	 */
	struct lws *parent_wsi;
	/** not used: text to be replaced in HTML */
	const char *uri_replace_from;
	/** not used: what replaces it */
	const char *uri_replace_to;
	/** the vhost whose protocols, extensions and limits apply; NULL: the context's first */
	struct lws_vhost *vhost;
	/**
	 * If not NULL, where the connection is stored before the first callback for it, and NULL where
	 * lws_client_connect_via_info() fails. For callbacks that come before the program has the result.
	 */
	struct lws **pwsi;
	/** address or name of the interface to connect from, NULL: the system chooses */
	const char *iface;
	/**
	 * Name of the vhost's protocol that the connection is bound to. NULL: the one that `protocol` names. If that, or
	 * this, is no name of the vhost's, it is the first one.
	 */
	const char *local_protocol_name;
	/**
	 * Protocols to offer in TLS (RFC 7301), separated by commas, such as "h2,http/1.1"; no effect without TLS. NULL: for
	 * HTTP those of lws_context_creation_info.alpn, for a WebSocket "http/1.1", for a raw connection none. A WebSocket that
	 * names both "h2" and "http/1.1" goes on by HTTP/1.1, on another connection, if the server chooses "h2" without being
	 * able to carry WebSockets by it (RFC 8441).
	 */
	const char *alpn;
	/** not used: a sequencer */
	struct lws_sequencer *seq;
	/** what lws_get_opaque_user_data() returns, from the first callback on */
	void *opaque_user_data;
	/**
	 * When an idle connection is checked and given up: its secs_since_valid_ping and _hangup; NULL: the vhost's. And what
	 * lws_retry_sul_schedule_retry_wsi() follows; NULL: what it says. It must live as long as the connection.
	 */
	const lws_retry_bo_t *retry_and_idle_policy;
	/** HTTP/2 with LCCSCF_H2_MANUAL_RXFLOW: how many bytes of the response's body the server may send at first */
	int manual_initial_tx_credit;
	/**
	 * TLS: 1 + index of the blobs LWS_SYSBLOB_TYPE_CLIENT_CERT_DER and LWS_SYSBLOB_TYPE_CLIENT_KEY_DER
	 * (lws_system_get_blob()) to show to the server in place of the vhost's certificate; 0: the vhost's. Where they are not
	 * there or cannot be read, none is shown and a line in the log says so.
	 */
	uint8_t sys_tls_client_cert;
	/** IP priority of the packets, 1 to 7; 0: the usual */
	uint8_t priority;
	/** only for MQTT */
	const struct lws_mqtt_client_connect_param_s *mqtt_cp;
	/** not used: a name for fault injection */
	const char *fi_wsi_name;
	/**
	 * with LCCSCF_PIPELINE: how long the connection is kept when its last request is complete and nobody waits for it,
	 * seconds; 0: 5. With HTTP/1 the last request gets CLOSED_CLIENT_HTTP only then, or when the next one takes the
	 * connection over.
	 */
	uint16_t keep_warm_secs;
	/** room for later versions */
	void *_unused[4];
};

/**
 * lws_client_connect_via_info() - make a connection to a server
 *
 * \param ccinfo: what to connect to; it and its strings are copied where they are needed later
 *
 * Returns at once. What can be found wrong without asking anybody makes it fail: no vhost, a method that is not
 * supported or is no token (RFC 9110 section 5.6.2), no address, control characters in address, path, host, origin or
 * protocol, a port below 0 or above 65535, a vhost or parent_wsi of another context, an iface that does not exist, a
 * unix socket that nobody listens on, a network that cannot be reached, CONNECTING that returned nonzero. The log says
 * which. What turns out later, such as a name that does not exist or a server that does not answer, is told by
 * CLIENT_CONNECTION_ERROR.
 *
 * Names are looked up by the system's resolver without holding up the service thread. All addresses of a name are tried
 * in turn, the next one when one fails or has not answered within 250 ms (RFC 8305).
 *
 * Each step has its time limit: lws_context_creation_info.connect_timeout_secs for each address that is tried, and
 * timeout_secs for finding the addresses, for the proxy's answer, for the handshake of TLS, for each piece of the request's
 * body, and for the server's answer. Waiting for a connection that others use (LCCSCF_PIPELINE) has none of its own.
 *
 * Callable from any thread, from callbacks too, and before the first lws_service(); PROTOCOL_INIT comes first then. Inside
 * a callback the connection belongs to the service thread of that callback, otherwise to each of them in turn. Callbacks
 * that come before it returns come on the calling thread.
 *
 * Returns the connection, or NULL when it failed; *pwsi is NULL then as well. No callback comes after a failed call, but
 * for a WSI_DESTROY where others have come before. The connection is the library's; the pointer is good until
 * WSI_DESTROY has returned.
 */
LWS_VISIBLE LWS_EXTERN struct lws *
lws_client_connect_via_info(const struct lws_client_connect_info *ccinfo);

/**
 * lws_init_vhost_client_ssl() - give the connections that a vhost makes TLS
 *
 * \param info: the client_ssl_ members, ssl_client_options_set, ssl_client_options_clear, alpn and tls_session_ members
 * are read, and options has to have LWS_SERVER_OPTION_DO_SSL_GLOBAL_INIT; the caller's, not needed after the call
 * \param vhost: the vhost
 *
 * A vhost that was created with LWS_SERVER_OPTION_DO_SSL_GLOBAL_INIT has TLS for its connections already, and the
 * function changes nothing. Without that option in info it does nothing either. The program gets
 * LWS_CALLBACK_OPENSSL_LOAD_EXTRA_CLIENT_VERIFY_CERTS inside of the call.
 *
 * Callable from any thread; waits for the service threads. Returns 0, or 1 if info or vhost is NULL, or something that
 * info names cannot be used; the log says what, and the vhost stays as it was. Authorities that cannot be read are but
 * logged, as when a vhost is created.
 */
LWS_VISIBLE LWS_EXTERN int
lws_init_vhost_client_ssl(const struct lws_context_creation_info *info,
			  struct lws_vhost *vhost);

/**
 * lws_http_client_read() - take body of a response that has arrived
 *
 * \param wsi: the connection of an HTTP client
 * \param buf: points to a buffer of the program's, which stays the program's; NULL there: a buffer of the library's
 * \param len: points to the size of the buffer, bytes; set to 0
 *
 * To be called in LWS_CALLBACK_RECEIVE_CLIENT_HTTP, or later; until it is called no more is read from the server, so
 * that a program can wait until it has use for the data. It copies data to the buffer, without the framing of chunked
 * coding (RFC 9112 section 7.1) and with a NUL behind it, and calls LWS_CALLBACK_RECEIVE_CLIENT_HTTP_READ with `in` and
 * `len` for it; several times where it comes in several pieces. They have *len - 1 bytes together at most. At the end of the
 * body it calls LWS_CALLBACK_COMPLETED_CLIENT_HTTP.
 *
 * To be called on the service thread, in a callback of this or of another connection.
 *
 * Returns 0, or negative if the connection is to be closed: a callback said so, or the server broke the coding. The
 * callback that called it returns -1 then. It is negative, too, for what is no client's connection, and where buf or
 * len is NULL.
 */
LWS_VISIBLE LWS_EXTERN int
lws_http_client_read(struct lws *wsi, char **buf, int *len);

/**
 * lws_http_client_http_response() - the status of the server's response
 *
 * \param wsi: the connection of a client, WebSocket ones included
 *
 * Callable from LWS_CALLBACK_CLIENT_FILTER_PRE_ESTABLISH or LWS_CALLBACK_ESTABLISHED_CLIENT_HTTP on, in callbacks.
 * Response headers are read with lws_hdr_copy() and its kind at the same time.
 *
 * Returns the status (RFC 9110 section 15), 0 as long as there is no response or if it is a server's connection.
 */
LWS_VISIBLE LWS_EXTERN unsigned int
lws_http_client_http_response(struct lws *wsi);

/**
 * lws_tls_client_vhost_extra_cert_mem() - one more authority that the connections which a vhost makes trust
 *
 * \param vh: the vhost, which has TLS for its connections
 * \param der: the certificate in DER, or several in PEM; the caller's, not needed after the call
 * \param der_len: its length, bytes
 *
 * The certificate of a server itself will do, too. It is trusted from the next handshake on, beside what was trusted
 * before. For LWS_CALLBACK_OPENSSL_LOAD_EXTRA_CLIENT_VERIFY_CERTS, or any time after the vhost was created; from any
 * thread.
 *
 * Returns 0, or 1 if it cannot be read or the vhost has no TLS for its connections (logged).
 */
LWS_VISIBLE LWS_EXTERN int
lws_tls_client_vhost_extra_cert_mem(struct lws_vhost *vh,
				    const uint8_t *der, size_t der_len);

/**
 * lws_client_http_body_pending() - whether the body of the request is complete
 *
 * \param wsi: the connection of an HTTP client
 * \param something_left_to_send: nonzero: there is body to be sent, zero: that was all
 *
 * A program that sends a body calls it with 1 in LWS_CALLBACK_CLIENT_APPEND_HANDSHAKE_HEADER, where it also adds a
 * content-length, and asks for a writable callback. In each LWS_CALLBACK_CLIENT_HTTP_WRITEABLE it writes a piece with
 * lws_write() of kind LWS_WRITE_HTTP, and asks for the next; with the last piece it calls this function with 0 and writes
 * that as LWS_WRITE_HTTP_FINAL. Without a content-length the library sends the pieces as chunks (RFC 9112 section 7.1).
 *
 * The server has to answer within a time limit that begins when the body is complete, and for each piece of it the
 * program has the same time. To be called in callbacks of the connection; for others than those of HTTP clients, WebSocket ones
 * too, it changes nothing.
 */
LWS_VISIBLE LWS_EXTERN void
lws_client_http_body_pending(struct lws *wsi, int something_left_to_send);

/**
 * What lws_client_http_options() may be given, combined.
 */
enum lws_client_http_options {
	/**
	 * The program gets the body of the response as it was before it was compressed. The library sends an
	 * Accept-Encoding header with the content codings that it can undo, gzip, deflate and br (RFC 9110 section 8.4.1),
	 * unless the program adds one of its own or asks for a range. Where it undoes one, the response has no
	 * Content-Encoding and no Content-Length header for the program. A coding that it does not know is left to the
	 * program. A compressed body that is damaged, or incomplete, or that would grow beyond 16 MiB to more than 200 times
	 * its size, closes the connection without COMPLETED_CLIENT_HTTP.
	 *
	 * One lws_http_client_read() may lead to several RECEIVE_CLIENT_HTTP_READ then, each with no more than fits the
	 * program's buffer, which is used for each of them.
	 */
	LWS_CLIENT_HTTP_DECODE = (1 << 0),
	/**
	 * A server that a redirect leads to gets credentials too. Otherwise they are for the server that the program has
	 * named, whatever the path, and for its port 443 where it has named port 80: another server neither gets an answer
	 * made of what lws_client_http_credentials() was given, nor Authorization and Cookie headers that the program adds in
	 * LWS_CALLBACK_CLIENT_APPEND_HANDSHAKE_HEADER.
	 */
	LWS_CLIENT_HTTP_TRUST_REDIRECTS = (1 << 1),
};

/**
 * lws_client_http_options() - what the library does for an HTTP client beyond the usual
 *
 * \param wsi: the connection
 * \param options: flags of enum lws_client_http_options, all that are to be on
 *
 * Nothing of it is on otherwise. To be called in LWS_CALLBACK_CLIENT_APPEND_HANDSHAKE_HEADER, or before the first
 * lws_service() after lws_client_connect_via_info(). It holds for redirects that follow, too. An addition of this library.
 *
 * Returns 0, or nonzero if the connection is not a client's, or has sent its request.
 */
LWS_VISIBLE LWS_EXTERN int
lws_client_http_options(struct lws *wsi, unsigned int options);

/**
 * lws_client_reset() - make the request again, of another server
 *
 * \param wsi: points to the connection of an HTTP client, or of a WebSocket client that has no answer yet
 * \param ssl: 0, or LCCSCF_USE_SSL for TLS; other flags of the connection stay as they were
 * \param address: name or numeric address of the server, copied
 * \param port: its port; 0 means 443, and TLS
 * \param path: target of the request without the slash that it begins with, copied
 * \param host: what the Host header says, copied; NULL: as in lws_client_connect_info
 * \param weak: no meaning
 *
 * It is what the library does by itself for a redirect, and counts as one: a connection goes on three times at most. The
 * connection to the present server is given up, the program gets CLIENT_HTTP_DROP_PROTOCOL, and everything anew from
 * CLIENT_HTTP_BIND_PROTOCOL on, for the same struct lws, some of it before the call returns. Method, protocols and
 * credentials stay.
 *
 * To be called in a callback of the connection, from CLIENT_APPEND_HANDSHAKE_HEADER to COMPLETED_CLIENT_HTTP, which
 * returns 0 then. libwebsockets exports it, but declares it nowhere.
 *
 * Returns *wsi, or NULL if it cannot be done: no address or path, control characters in one of the strings, a port
 * below 0 or above 65535, too many times, no client. The connection is as it was then.
 */
LWS_VISIBLE LWS_EXTERN struct lws *
lws_client_reset(struct lws **wsi, int ssl, const char *address, int port,
		 const char *path, const char *host, char weak);

/**
 * lws_client_http_credentials() - name and password for a server that asks for them
 *
 * \param wsi: the connection of an HTTP or WebSocket client
 * \param user: the name, copied; NULL: there are none
 * \param password: the password, copied; NULL means ""
 *
 * If the server answers with the status 401, the library makes the request again, on a connection of its own, with an
 * Authorization header for the strongest scheme that the server offers: Digest with SHA-512-256, SHA-256 or MD5 (RFC
 * 7616), or Basic (RFC 7617), which sends the password itself. The program gets CLIENT_HTTP_DROP_PROTOCOL, and
 * everything anew from CLIENT_HTTP_BIND_PROTOCOL on, for the same struct lws, as with a redirect; a body is to be sent
 * again. If the server asks although it was answered, its response is one like others. So it is where the program has added
 * an Authorization header itself.
 *
 * To be called in LWS_CALLBACK_CLIENT_APPEND_HANDSHAKE_HEADER, or before the first lws_service() after
 * lws_client_connect_via_info(). The same credentials once more change nothing. Servers that redirects lead to get none,
 * see LWS_CLIENT_HTTP_TRUST_REDIRECTS. An addition of this library.
 *
 * Returns 0, or nonzero if the connection is not a client's, or has sent its request.
 */
LWS_VISIBLE LWS_EXTERN int
lws_client_http_credentials(struct lws *wsi, const char *user, const char *password);

/**
 * lws_client_http_multipart() - the lines around a part of a multipart form
 *
 * \param wsi: the connection, made with LCCSCF_HTTP_MULTIPART_MIME
 * \param name: name of the part, or NULL: the form ends here
 * \param filename: file name of the part, or NULL
 * \param content_type: type of the part, or NULL
 * \param p: points to where to write; moved on behind what was written, unless it failed
 * \param end: end of the buffer, which is the program's
 *
 * Writes the line that begins a part, its header and the empty line (RFC 7578); the program writes the part's content
 * behind it.
 *
 * Quotes, backslashes, CR and LF in name and filename are percent-encoded as browsers do. Callable from any thread, for
 * one connection by one at a time.
 *
 * Returns 0, or nonzero if it does not fit, there is no buffer, or the connection has no multipart form.
 */
LWS_VISIBLE LWS_EXTERN int
lws_client_http_multipart(struct lws *wsi, const char *name,
			  const char *filename, const char *content_type,
			  char **p, char *end);

/**
 * lws_http_basic_auth_gen() - the value of an authorization header for a name and a password
 *
 * \param user: the name, without a colon
 * \param pw: the password
 * \param buf: where the value and a NUL go, such as "Basic QWxhZGRpbjpPcGVuU2VzYW1l" (RFC 7617)
 * \param len: size of buf, bytes
 *
 * Callable from any thread.
 *
 * Returns 0; nonzero if buf is too small, user contains a colon, or one of them is NULL, and buf is an empty string
 * then, if there is one.
 */
LWS_VISIBLE LWS_EXTERN int
lws_http_basic_auth_gen(const char *user, const char *pw, char *buf, size_t len);

/**
 * lws_tls_session_is_reused() - whether a TLS connection continues an earlier session
 *
 * \param wsi: the connection, of a client or a server, or a stream on one
 *
 * Callable from any thread; waits for the service thread. Returns 1 if its handshake resumed a session (RFC 8446
 * section 2.2), 0 if not, before it is done, without TLS, and for what is no connection.
 */
LWS_VISIBLE LWS_EXTERN int
lws_tls_session_is_reused(struct lws *wsi);

#endif
