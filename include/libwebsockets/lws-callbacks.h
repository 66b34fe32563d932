/** @file
 * What the callback of a protocol is told.
 *
 * A program gives each protocol a callback, see struct lws_protocols. The library calls it for everything
 * that happens on connections bound to that protocol, and for some things that concern the whole vhost.
 *
 * A callback that does not know a reason returns 0. Reasons that a program does not need are best passed to
 * lws_callback_http_dummy().
 *
 * Order of a server connection
 * ----------------------------
 *
 * FILTER_NETWORK_CONNECTION (before there is a connection), WSI_CREATE, SERVER_NEW_CLIENT_INSTANTIATED; then
 * for HTTP, per request: FILTER_HTTP_CONNECTION, HTTP_BIND_PROTOCOL, HTTP, with a body HTTP_BODY and
 * HTTP_BODY_COMPLETION, HTTP_WRITEABLE when asked for, HTTP_DROP_PROTOCOL; at the end CLOSED_HTTP and
 * WSI_DESTROY. For WebSocket: HTTP_CONFIRM_UPGRADE, HTTP_BIND_PROTOCOL for the chosen protocol,
 * FILTER_PROTOCOL_CONNECTION, ADD_HEADERS, ESTABLISHED, then RECEIVE and SERVER_WRITEABLE as they come; at
 * the end WS_PEER_INITIATED_CLOSE if the peer closes first, WS_SERVER_DROP_PROTOCOL, CLOSED and WSI_DESTROY.
 * Reasons that come before a protocol is chosen go to the first protocol of the vhost. The order of clients is in
 * lws-client.h.
 */
#ifndef GOLWS_LWS_CALLBACKS_H
#define GOLWS_LWS_CALLBACKS_H

/** A TLS event, for LWS_CALLBACK_SSL_INFO. */
struct lws_ssl_info {
	/** the event, with the values of OpenSSL: 0x10 a handshake is to begin, 0x20 it has succeeded */
	int where;
	/** 1 */
	int ret;
};

/** How far the renewal of a certificate has come, for LWS_CALLBACK_VHOST_CERT_UPDATE. */
enum lws_cert_update_state {
	/** nothing is being done */
	LWS_CUS_IDLE = 0,
	/** started */
	LWS_CUS_STARTING = 1,
	/** done, the new certificate is in use */
	LWS_CUS_SUCCESS = 2,
	/** given up */
	LWS_CUS_FAILED = 3,
	/** generating keys */
	LWS_CUS_CREATE_KEYS = 4,
	/** registering with the authority */
	LWS_CUS_REG = 5,
	/** asking for authorisation */
	LWS_CUS_AUTH = 6,
	/** answering the challenge */
	LWS_CUS_CHALLENGE = 7,
	/** making the certificate request */
	LWS_CUS_CREATE_REQ = 8,
	/** sending it */
	LWS_CUS_REQ = 9,
	/** waiting for confirmation */
	LWS_CUS_CONFIRM = 10,
	/** fetching the certificate */
	LWS_CUS_ISSUE = 11,
};

/**
 * Parts of a certificate request, and behind them settings of its renewal: indexes of
 * lws_acme_cert_aging_args.element_overrides.
 */
enum {
	/** two letters */
	LWS_TLS_REQ_ELEMENT_COUNTRY = 0,
	/** state or province */
	LWS_TLS_REQ_ELEMENT_STATE = 1,
	/** town */
	LWS_TLS_REQ_ELEMENT_LOCALITY = 2,
	/** organisation */
	LWS_TLS_REQ_ELEMENT_ORGANIZATION = 3,
	/** host name */
	LWS_TLS_REQ_ELEMENT_COMMON_NAME = 4,
	/** another host name */
	LWS_TLS_REQ_ELEMENT_SUBJECT_ALT_NAME = 5,
	/** mail address of who is responsible */
	LWS_TLS_REQ_ELEMENT_EMAIL = 6,
	/** number of parts of a request */
	LWS_TLS_REQ_ELEMENT_COUNT = 7,
	/** URL of the authority's directory */
	LWS_TLS_SET_DIR_URL = 7,
	/** file of the account key */
	LWS_TLS_SET_AUTH_PATH = 8,
	/** file of the certificate */
	LWS_TLS_SET_CERT_PATH = 9,
	/** file of its private key */
	LWS_TLS_SET_KEY_PATH = 10,
	/** number of all */
	LWS_TLS_TOTAL_COUNT = 11,
};

/** What LWS_CALLBACK_VHOST_CERT_AGING gets in `in`. */
struct lws_acme_cert_aging_args {
	/** the vhost whose certificate it is */
	struct lws_vhost *vh;
	/** values to use instead of those of the vhost; NULL: no other value */
	const char *element_overrides[LWS_TLS_TOTAL_COUNT];
};

/** A connection that was accepted and has no struct lws yet, for LWS_CALLBACK_FILTER_NETWORK_CONNECTION. */
struct lws_filter_network_conn_args {
	/** address of the peer */
	struct sockaddr_storage cli_addr;
	/** length of that address, bytes */
	socklen_t clilen;
	/** the accepted socket */
	lws_sockfd_type accept_fd;
};

/** Why a proxied or CGI connection became writable. This version has neither. */
#define LWS_CB_REASON_AUX_BF__CGI 1
#define LWS_CB_REASON_AUX_BF__PROXY 2
#define LWS_CB_REASON_AUX_BF__CGI_CHUNK_END 4
#define LWS_CB_REASON_AUX_BF__CGI_HEADERS 8
#define LWS_CB_REASON_AUX_BF__PROXY_TRANS_END 16
#define LWS_CB_REASON_AUX_BF__PROXY_HEADERS 32

/**
 * Why a callback is called. The text says when, what `in` and `len` are (NULL and 0 where it does not) and
 * what the return value means (where it says nothing: 0 goes on, nonzero closes the connection). Reasons
 * marked "not delivered" belong to features that this version does not have; they are here so that programs
 * that mention them compile.
 */
enum lws_callback_reasons {

	/* the life of vhosts and connections */

	/**
	 * Once per protocol and vhost, when the vhost is ready and before it accepts connections. The place
	 * for lws_protocol_vh_priv_zalloc(). `user` is NULL, `in` is the protocol's own options: the list
	 * lws_protocol_vhost_options.options of the vhost's pvo named like the protocol, or NULL. wsi stands
	 * for no connection: lws_get_context(), lws_get_vhost() and lws_get_protocol() work on it. For vhosts
	 * that lws_create_context() makes it comes in the first lws_service(), for others in
	 * lws_create_vhost() if that has been called. Nonzero: it is logged, memory of
	 * lws_protocol_vh_priv_zalloc() is freed, and lws_create_vhost() fails if it is under way.
	 */
	LWS_CALLBACK_PROTOCOL_INIT = 27,
	/**
	 * Once per protocol that was initialised, when the vhost is destroyed and all its connections are
	 * gone. What PROTOCOL_INIT made is undone here; memory from lws_protocol_vh_priv_zalloc() is still
	 * there and freed by the library afterwards. wsi as for PROTOCOL_INIT. The return value is ignored.
	 */
	LWS_CALLBACK_PROTOCOL_DESTROY = 28,
	/** First on every connection, to the vhost's first protocol. `user` is NULL. The return value is ignored. */
	LWS_CALLBACK_WSI_CREATE = 29,
	/**
	 * Last on every connection, to the vhost's first protocol: after this the wsi is stale. The return
	 * value is ignored.
	 */
	LWS_CALLBACK_WSI_DESTROY = 30,
	/** Not delivered (flow control of HTTP/2 and MQTT). */
	LWS_CALLBACK_WSI_TX_CREDIT_GET = 103,

	/* TLS */

	/**
	 * A vhost is getting TLS for the connections that it makes, in its creation or in lws_init_vhost_client_ssl(): the
	 * moment for further authorities that vouch for servers (lws_tls_client_vhost_extra_cert_mem()). To the vhost's first
	 * protocol; wsi stands for no connection, lws_get_vhost() says which vhost it is. `in` is NULL, and so is `user`, with
	 * OpenSSL its SSL_CTX. The result has no meaning.
	 */
	LWS_CALLBACK_OPENSSL_LOAD_EXTRA_CLIENT_VERIFY_CERTS = 21,
	/**
	 * A vhost with TLS is being created: the moment for authorities that client certificates may come from
	 * (lws_tls_vhost_add_trust_mem()) and, with LWS_SERVER_OPTION_CREATE_VHOST_SSL_CTX, for the vhost's own
	 * certificate (lws_tls_vhost_reload_cert()). To the vhost's first protocol; `in` is the struct lws_vhost *,
	 * and wsi stands for no connection. `user`, with OpenSSL its SSL_CTX, is NULL. Nonzero: creation fails.
	 */
	LWS_CALLBACK_OPENSSL_LOAD_EXTRA_SERVER_VERIFY_CERTS = 22,
	/**
	 * A client that presents a certificate is in its handshake; with
	 * LWS_SERVER_OPTION_REQUIRE_VALID_OPENSSL_CLIENT_CERT. To the vhost's first protocol, once for each connection,
	 * also for one that resumes a session. `len` is 1 if the certificate was found valid and 0 if not;
	 * lws_tls_peer_cert_info() and lws_tls_peer_chain_info() tell what it is, lws_tls_peer_cert_error() what is wrong
	 * with it. `user` and `in`, with OpenSSL its X509_STORE_CTX and SSL, are NULL.
	 *
	 * Nonzero: the handshake fails. 0: it goes on if the certificate is valid. One that is not is accepted only
	 * where the callback has called lws_tls_accept_peer_cert(); so a program that does not handle this, or lets
	 * lws_callback_http_dummy() do it, accepts none but valid ones. (libwebsockets takes 0 alone for yes.)
	 */
	LWS_CALLBACK_OPENSSL_PERFORM_CLIENT_CERT_VERIFICATION = 23,
	/**
	 * A vhost is being created with a certificate and without a private key: the program is to bring it, with
	 * lws_tls_vhost_reload_cert() and NULL for the certificate. To the vhost's first protocol, before
	 * LWS_CALLBACK_OPENSSL_LOAD_EXTRA_SERVER_VERIFY_CERTS; wsi stands for no connection, lws_get_vhost() says which
	 * vhost it is. `user`, with OpenSSL its SSL_CTX, is NULL. Nonzero, or no key: creation fails.
	 */
	LWS_CALLBACK_OPENSSL_CONTEXT_REQUIRES_PRIVATE_KEY = 37,
	/**
	 * Something happened in the handshake of a connection that lws_context_creation_info.ssl_info_event_mask asks for.
	 * `in` is a struct lws_ssl_info *, valid during the call. Nonzero: the connection is closed.
	 */
	LWS_CALLBACK_SSL_INFO = 67,
	/**
	 * A connection that the program makes is in its handshake, and the server has shown its certificate. To the first
	 * protocol of the connection's vhost, once for each connection, also for one that resumes a session. `len` is 1 if the
	 * certificate is in order, or what is wrong with it excused by flags of the connection (LCCSCF_ALLOW_SELFSIGNED and the
	 * like), and 0 if not; lws_tls_peer_cert_info() and lws_tls_peer_chain_info() tell what it is,
	 * lws_tls_peer_cert_error() what is wrong with it. `user` and `in`, with OpenSSL its X509_STORE_CTX and SSL, are NULL.
	 *
	 * Nonzero: the handshake fails, and the program gets CLIENT_CONNECTION_ERROR. 0: it goes on if `len` is 1. Otherwise it
	 * goes on only where the callback has called lws_tls_accept_peer_cert().
	 */
	LWS_CALLBACK_OPENSSL_PERFORM_SERVER_CERT_VERIFICATION = 58,
	/**
	 * A connection was accepted and its wsi set up; nothing has been received. Goes to the vhost's first
	 * protocol.
	 */
	LWS_CALLBACK_SERVER_NEW_CLIENT_INSTANTIATED = 19,

	/* HTTP server */

	/**
	 * A request: its headers are complete. `in` is the path without query, URL-decoded and free of "..",
	 * `len` its length. Where a mount with LWSMPRO_CALLBACK covers it, it goes to that mount's protocol
	 * and `in` is what follows the mount point, "" possibly; where no mount covers it, to the first
	 * protocol, with the whole path; where a mount serves it, it does not come at all. Headers are at
	 * hand with lws_hdr_copy() and friends.
	 *
	 * Answer here, or ask for HTTP_WRITEABLE and answer there, or, for a request with a body, after
	 * HTTP_BODY_COMPLETION. The answer is complete with lws_http_transaction_completed(): return -1 if
	 * that returns nonzero. Returning nonzero otherwise closes the connection after what was written has
	 * been sent.
	 */
	LWS_CALLBACK_HTTP = 12,
	/**
	 * A piece of the request's body in `in` and `len`, chunked coding removed. As many calls as it takes.
	 * For a POST whose content-length is 0 one call with `len` 0.
	 */
	LWS_CALLBACK_HTTP_BODY = 13,
	/** The request's body is complete. The usual place to answer. */
	LWS_CALLBACK_HTTP_BODY_COMPLETION = 14,
	/**
	 * The file that lws_serve_http_file() or a mount is sending has been sent. What passes this to
	 * lws_callback_http_dummy() goes on with the next request. Negative: the connection is closed.
	 */
	LWS_CALLBACK_HTTP_FILE_COMPLETION = 15,
	/**
	 * An HTTP connection for which it was asked takes data. Negative: the connection is closed; other
	 * values go on.
	 */
	LWS_CALLBACK_HTTP_WRITEABLE = 16,
	/**
	 * An HTTP connection ended, between requests or in one. `user` is still there if a protocol was
	 * bound. The return value is ignored.
	 */
	LWS_CALLBACK_CLOSED_HTTP = 5,
	/**
	 * A request came in and nothing has been done about it. `in` is the path, `len` its length; headers
	 * are at hand. Goes to the protocol that the connection is bound to: the vhost's default one for the
	 * first request. Nonzero: the connection is closed without an answer, unless one was written here.
	 */
	LWS_CALLBACK_FILTER_HTTP_CONNECTION = 18,
	/**
	 * Header lines may be added to a response that the library makes: the WebSocket handshake response,
	 * and files of a mount that names a protocol. `in` is a struct lws_process_html_args *: write
	 * complete lines "name: value\r\n" (lws_add_http_header_by_name() does) at p, at most max_len bytes,
	 * and advance p. Nonzero: the connection is closed.
	 */
	LWS_CALLBACK_ADD_HEADERS = 53,
	/**
	 * Is this name and password good? For mounts with LWSAUTHM_BASIC_AUTH_CALLBACK. `in` is
	 * "name:password", `len` its length. Here 0 means no: the request is answered with 401; nonzero means
	 * yes.
	 */
	LWS_CALLBACK_VERIFY_BASIC_AUTHORIZATION = 102,
	/**
	 * May this client have that? For mounts with LWSMPRO_CALLBACK, before HTTP, to the mount's protocol.
	 * `in` is a struct lws_process_html_args *: p and len are the path, max_len is the mount's auth_mask
	 * without its upper four bits. Nonzero: no, the answer is 401 and the connection closes. 0 with final
	 * set to 1: the callback has answered the request itself.
	 */
	LWS_CALLBACK_CHECK_ACCESS_RIGHTS = 51,
	/**
	 * A piece of a file that the mount's `interpret` list gives to this protocol. `in` is a struct
	 * lws_process_html_args *: p is the piece, len its length, max_len how long it may become; change it
	 * in place and set len, see lws_chunked_html_process(). final is 1 with the last piece. Negative: the
	 * connection is closed.
	 */
	LWS_CALLBACK_PROCESS_HTML = 52,
	/**
	 * The connection begins to use this protocol, for a request or for the WebSocket connection that a
	 * handshake asks for: per-session memory `user` is there, zeroed. Nonzero: the connection is closed.
	 */
	LWS_CALLBACK_HTTP_BIND_PROTOCOL = 49,
	/**
	 * The connection stops using this protocol for HTTP: what `user` points to has to be released. Its
	 * memory is freed after this, or where the connection ends, after the LWS_CALLBACK_CLOSED_HTTP that
	 * follows. The return value is ignored.
	 */
	LWS_CALLBACK_HTTP_DROP_PROTOCOL = 50,
	/**
	 * The client asks for an upgrade. `in` is the Upgrade header, such as "websocket". Goes to the first
	 * protocol. 0: go on with it. Positive: no, the callback has written an HTTP response and the
	 * connection goes on with HTTP. Negative: the connection is closed.
	 */
	LWS_CALLBACK_HTTP_CONFIRM_UPGRADE = 86,

	/* HTTP client */

	/**
	 * The head of the server's response is here: lws_http_client_http_response() and lws_hdr_copy() read it. It comes to
	 * WebSocket clients too, whatever the server says. Nonzero: CLIENT_CONNECTION_ERROR follows.
	 */
	LWS_CALLBACK_ESTABLISHED_CLIENT_HTTP = 44,
	/**
	 * An HTTP client's connection ended, or a WebSocket client's that the program itself ended before the server had
	 * answered. `user` is still there. The return value is ignored.
	 */
	LWS_CALLBACK_CLOSED_CLIENT_HTTP = 45,
	/**
	 * Body of the response, out of lws_http_client_read(): `in` is in the buffer that was given there. Nonzero:
	 * lws_http_client_read() fails.
	 */
	LWS_CALLBACK_RECEIVE_CLIENT_HTTP_READ = 48,
	/** Body of the response has arrived, to be taken by lws_http_client_read() now or later. */
	LWS_CALLBACK_RECEIVE_CLIENT_HTTP = 46,
	/** The response is complete; the connection closes. It does not come where the response was cut off. */
	LWS_CALLBACK_COMPLETED_CLIENT_HTTP = 47,
	/** An HTTP client's connection for which it was asked takes data, see lws_client_http_body_pending(). */
	LWS_CALLBACK_CLIENT_HTTP_WRITEABLE = 57,
	/**
	 * The server redirects the client; `in` is the Location header and `len` the status. 0: it is followed. Nonzero:
	 * CLIENT_CONNECTION_ERROR follows. It does not come with LCCSCF_HTTP_NO_FOLLOW_REDIRECT.
	 */
	LWS_CALLBACK_CLIENT_HTTP_REDIRECT = 104,
	/**
	 * A client's connection was bound to the protocol that the program named; `user` is zeroed memory. It comes to
	 * WebSocket clients too. The return value is ignored.
	 */
	LWS_CALLBACK_CLIENT_HTTP_BIND_PROTOCOL = 85,
	/**
	 * The protocol loses an HTTP client's connection, or a WebSocket client's that did not get so far; `user` is
	 * still there. The return value is ignored.
	 */
	LWS_CALLBACK_CLIENT_HTTP_DROP_PROTOCOL = 76,

	/* WebSocket server */

	/**
	 * The handshake is done, messages can go both ways. `user` is the connection's per-session memory,
	 * zeroed. Headers of the request are still at hand, until this returns. `in` is NULL (with TLS of
	 * OpenSSL, its object stands there; here there is none).
	 */
	LWS_CALLBACK_ESTABLISHED = 0,
	/** The WebSocket connection ended; `user` is still there. The return value is ignored. */
	LWS_CALLBACK_CLOSED = 4,
	/** A WebSocket connection for which it was asked takes data. */
	LWS_CALLBACK_SERVER_WRITEABLE = 11,
	/**
	 * A message or a piece of one: `in` and `len` are payload, unmasked, decompressed, followed by an
	 * uncounted NUL. A message comes in pieces when the peer fragments it and when it is larger than
	 * lws_protocols.rx_buffer_size; lws_is_first_fragment() and lws_is_final_fragment() tell where it
	 * begins and ends, lws_frame_is_binary() what it is. A final piece may have `len` 0.
	 */
	LWS_CALLBACK_RECEIVE = 6,
	/** A pong: `in` and `len` are its payload, at most 125 bytes. */
	LWS_CALLBACK_RECEIVE_PONG = 7,
	/**
	 * The peer sent a close frame. `in` and `len` are its payload: nothing, or the status as two bytes,
	 * high byte first, and the reason. 0: the library answers with the same status and closes. Nonzero:
	 * it closes with what lws_close_reason() said.
	 */
	LWS_CALLBACK_WS_PEER_INITIATED_CLOSE = 38,
	/**
	 * A WebSocket handshake has chosen this protocol and is about to be accepted. `in` is the
	 * Sec-WebSocket-Protocol header as the client sent it, or NULL. Headers are at hand, `user` is NULL
	 * or the memory of this protocol. Nonzero: refused, the connection is closed; a response may be
	 * written before.
	 */
	LWS_CALLBACK_FILTER_PROTOCOL_CONNECTION = 20,
	/**
	 * The client asks for an extension that the vhost offers. `in` is its name. Here nonzero means: do
	 * not use it on this connection.
	 */
	LWS_CALLBACK_CONFIRM_EXTENSION_OKAY = 25,
	/**
	 * Not delivered: the protocol is bound while the connection is still HTTP, so
	 * LWS_CALLBACK_HTTP_BIND_PROTOCOL comes.
	 */
	LWS_CALLBACK_WS_SERVER_BIND_PROTOCOL = 77,
	/**
	 * The WebSocket connection ends: what `user` points to has to be released. LWS_CALLBACK_CLOSED
	 * follows, with `user` still there.
	 */
	LWS_CALLBACK_WS_SERVER_DROP_PROTOCOL = 78,

	/* WebSocket client */

	/**
	 * A connection could not be made, or the server's answer was not acceptable. `in` is a text for logs, or NULL, and
	 * `len` its length. Nothing but a DROP_PROTOCOL and WSI_DESTROY follows. The return value is ignored.
	 */
	LWS_CALLBACK_CLIENT_CONNECTION_ERROR = 1,
	/** The server's answer is acceptable, headers are at hand. Nonzero: CLIENT_CONNECTION_ERROR follows. */
	LWS_CALLBACK_CLIENT_FILTER_PRE_ESTABLISH = 2,
	/**
	 * The WebSocket connection is there, messages can go both ways. Headers of the response are at hand for the last
	 * time. Nonzero: CLIENT_CONNECTION_ERROR follows.
	 */
	LWS_CALLBACK_CLIENT_ESTABLISHED = 3,
	/** The WebSocket connection ended; `user` is still there. The return value is ignored. */
	LWS_CALLBACK_CLIENT_CLOSED = 75,
	/**
	 * The request is about to be sent. `in` is a pointer to a position, an unsigned char **, and `len` the room
	 * behind it: the program may add header lines with lws_add_http_header_by_name() and its kind, which move the
	 * position on. Nonzero: the connection is closed.
	 */
	LWS_CALLBACK_CLIENT_APPEND_HANDSHAKE_HEADER = 24,
	/** A message or a piece of one, as for LWS_CALLBACK_RECEIVE. */
	LWS_CALLBACK_CLIENT_RECEIVE = 8,
	/** The server sent a pong; `in` and `len` are its payload. */
	LWS_CALLBACK_CLIENT_RECEIVE_PONG = 9,
	/** A WebSocket client's connection for which it was asked takes data. */
	LWS_CALLBACK_CLIENT_WRITEABLE = 10,
	/**
	 * The request is about to offer the extension whose name `in` is. Goes to the first protocol of the vhost.
	 * Nonzero: it is not offered.
	 */
	LWS_CALLBACK_CLIENT_CONFIRM_EXTENSION_SUPPORTED = 26,
	/** Not delivered: extensions get no defaults from the program. */
	LWS_CALLBACK_WS_EXT_DEFAULTS = 39,
	/**
	 * A connection was accepted and nothing has been made for it: the moment to refuse by address. wsi is
	 * the listening one, `user` is a struct lws_filter_network_conn_args *, `in` the accepted descriptor
	 * as a pointer. Goes to the first protocol of the listening vhost. Nonzero: the socket is closed.
	 */
	LWS_CALLBACK_FILTER_NETWORK_CONNECTION = 17,
	/** Not delivered: CLIENT_HTTP_BIND_PROTOCOL comes for WebSocket clients too. */
	LWS_CALLBACK_WS_CLIENT_BIND_PROTOCOL = 79,
	/**
	 * The protocol loses a WebSocket client's connection; `user` is still there. The return value is ignored.
	 */
	LWS_CALLBACK_WS_CLIENT_DROP_PROTOCOL = 80,

	/* the program's own event loop */

	/**
	 * First protocol of the oldest vhost: a service thread, the one that calls, begins. It comes once for each, after
	 * PROTOCOL_INIT. There is no connection, `wsi` stands for the vhost. The return value, for libwebsockets a number of
	 * the thread, is ignored: the library knows its service threads.
	 */
	LWS_CALLBACK_GET_THREAD_ID = 31,
	/**
	 * First protocol of a vhost: the program shall poll a descriptor and pass it to lws_service_fd(). `in` is a struct
	 * lws_pollargs with fd and events (LWS_POLLIN). There is one for each service thread. It comes only in programs
	 * that ask for it, see lws_service_fd(). The return value is ignored; there is no connection, `wsi` stands for the
	 * vhost.
	 */
	LWS_CALLBACK_ADD_POLL_FD = 32,
	/** First protocol of a vhost: the program shall forget the descriptor `fd` of `in`, a struct lws_pollargs. */
	LWS_CALLBACK_DEL_POLL_FD = 33,
	/** Not delivered: what the descriptors are polled for never changes. */
	LWS_CALLBACK_CHANGE_MODE_POLL_FD = 34,
	/**
	 * First protocol of a vhost: ADD_POLL_FD or DEL_POLL_FD follows on this thread. For a program whose list of
	 * descriptors is used by several threads to lock it. `in` as there.
	 */
	LWS_CALLBACK_LOCK_POLL = 35,
	/** First protocol of a vhost: the opposite of LOCK_POLL. */
	LWS_CALLBACK_UNLOCK_POLL = 36,

	/* CGI */

	/** Not delivered (CGI). */
	LWS_CALLBACK_CGI = 40,
	/** Not delivered (CGI). */
	LWS_CALLBACK_CGI_TERMINATED = 41,
	/** Not delivered (CGI). */
	LWS_CALLBACK_CGI_STDIN_DATA = 42,
	/** Not delivered (CGI). */
	LWS_CALLBACK_CGI_STDIN_COMPLETED = 43,
	/** Not delivered (CGI). */
	LWS_CALLBACK_CGI_PROCESS_ATTACH = 70,

	/*
	 * between protocols of one program: the library delivers SESSION_INFO and GS_EVENT never, they are
	 * reserved for plugins
	 */

	/** Reserved for session plugins: what is known about the session of a connection. */
	LWS_CALLBACK_SESSION_INFO = 54,
	/** Reserved for session plugins: something happened to a session. */
	LWS_CALLBACK_GS_EVENT = 55,
	/**
	 * The request hit a callback mount, or the WebSocket handshake a mount, that has per-mount options.
	 * `in` is the list lws_http_mount.cgienv, struct lws_protocol_vhost_options *. Comes before
	 * LWS_CALLBACK_HTTP and after LWS_CALLBACK_ESTABLISHED's handshake response.
	 */
	LWS_CALLBACK_HTTP_PMO = 56,

	/*
	 * raw proxy: raw connections with reasons of their own, so that one protocol can tell the two sides of what it passes
	 * on. SRV: accepted on a vhost whose listen_accept_role is "raw-proxy", or adopted with LWS_ADOPT_FLAG_RAW_PROXY. CLI:
	 * made by lws_client_connect_via_info() with method "RAW" and local_protocol_name "raw-proxy", a protocol of that
	 * name. What is passed on, and where to, is the program's.
	 */

	/** Bytes have arrived from the server that the proxy has connected to, as in LWS_CALLBACK_RAW_RX. */
	LWS_CALLBACK_RAW_PROXY_CLI_RX = 89,
	/** Bytes have arrived from the client of the proxy, as in LWS_CALLBACK_RAW_RX. */
	LWS_CALLBACK_RAW_PROXY_SRV_RX = 90,
	/**
	 * The connection to the server has ended, as in LWS_CALLBACK_RAW_CLOSE. One that was not made yet ends with
	 * LWS_CALLBACK_CLIENT_CONNECTION_ERROR in its place.
	 */
	LWS_CALLBACK_RAW_PROXY_CLI_CLOSE = 91,
	/** The connection of the client has ended, as in LWS_CALLBACK_RAW_CLOSE. */
	LWS_CALLBACK_RAW_PROXY_SRV_CLOSE = 92,
	/** More can be sent to the server, as in LWS_CALLBACK_RAW_WRITEABLE. */
	LWS_CALLBACK_RAW_PROXY_CLI_WRITEABLE = 93,
	/** More can be sent to the client, as in LWS_CALLBACK_RAW_WRITEABLE. */
	LWS_CALLBACK_RAW_PROXY_SRV_WRITEABLE = 94,
	/** The connection to the server is there, as in LWS_CALLBACK_RAW_CONNECTED. */
	LWS_CALLBACK_RAW_PROXY_CLI_ADOPT = 95,
	/** A client has connected, as in LWS_CALLBACK_RAW_ADOPT: the moment to make the connection to the server. */
	LWS_CALLBACK_RAW_PROXY_SRV_ADOPT = 96,
	/** As LWS_CALLBACK_RAW_SKT_BIND_PROTOCOL, for the connection to the server. */
	LWS_CALLBACK_RAW_PROXY_CLI_BIND_PROTOCOL = 97,
	/** As LWS_CALLBACK_RAW_SKT_BIND_PROTOCOL, for the connection of a client. */
	LWS_CALLBACK_RAW_PROXY_SRV_BIND_PROTOCOL = 98,
	/** As LWS_CALLBACK_RAW_SKT_DROP_PROTOCOL, for the connection to the server. */
	LWS_CALLBACK_RAW_PROXY_CLI_DROP_PROTOCOL = 99,
	/** As LWS_CALLBACK_RAW_SKT_DROP_PROTOCOL, for the connection of a client. */
	LWS_CALLBACK_RAW_PROXY_SRV_DROP_PROTOCOL = 100,

	/* raw sockets and files */

	/**
	 * Bytes have arrived on a raw connection, as many as there were, at most rx_buffer_size of the protocol
	 * (pt_serv_buf_size where that is 0): pieces have nothing to do with what the peer wrote at once. `in`, `len`: the
	 * bytes, with a NUL behind them that does not count, valid during the call. Negative closes the connection.
	 *
	 * A connection for UDP gets one datagram, of which `len` bytes are there: it may be empty, and a longer one is cut to
	 * rx_buffer_size, which the log tells once. lws_get_udp() says where it came from.
	 */
	LWS_CALLBACK_RAW_RX = 59,
	/** A raw connection has ended. LWS_CALLBACK_WSI_DESTROY follows. */
	LWS_CALLBACK_RAW_CLOSE = 60,
	/**
	 * The raw connection can send, after lws_callback_on_writable(); write with LWS_WRITE_RAW. Negative closes the
	 * connection, what was written before is still sent.
	 */
	LWS_CALLBACK_RAW_WRITEABLE = 61,
	/**
	 * A raw connection has begun: a vhost with LWS_SERVER_OPTION_ADOPT_APPLY_LISTEN_ACCEPT_CONFIG or
	 * LWS_SERVER_OPTION_FALLBACK_TO_APPLY_LISTEN_ACCEPT_CONFIG has accepted it, or the program has made it of a socket, or by
	 * lws_create_adopt_udp(). With TLS it comes after the handshake. Nonzero closes it.
	 */
	LWS_CALLBACK_RAW_ADOPT = 62,
	/**
	 * A connection that the program has made with method "RAW" is there; with TLS its handshake is done. Negative ends it
	 * with LWS_CALLBACK_CLIENT_CONNECTION_ERROR, whose text is empty.
	 */
	LWS_CALLBACK_RAW_CONNECTED = 101,
	/**
	 * A raw connection is bound to this protocol, before LWS_CALLBACK_RAW_ADOPT. `user` is its memory. Nonzero has no
	 * effect but that LWS_CALLBACK_RAW_SKT_DROP_PROTOCOL does not come. A connection that began as one of HTTP gets
	 * LWS_CALLBACK_HTTP_BIND_PROTOCOL in its place.
	 */
	LWS_CALLBACK_RAW_SKT_BIND_PROTOCOL = 81,
	/**
	 * A raw connection is about to lose this protocol, before LWS_CALLBACK_RAW_CLOSE: the last time that `user` is
	 * there.
	 */
	LWS_CALLBACK_RAW_SKT_DROP_PROTOCOL = 82,
	/**
	 * A descriptor that is no socket has become a connection, lws_adopt_descriptor_vhost(). It arrives before that returns.
	 * Nonzero refuses it; the descriptor stays the program's then.
	 */
	LWS_CALLBACK_RAW_ADOPT_FILE = 63,
	/**
	 * An adopted file can be read: the program does so, from lws_get_socket_fd(), which does not block. `in` is NULL. It comes
	 * again as long as something is left. Nonzero closes the file. Where the other end has hung up, the callbacks end when
	 * all was read, and LWS_CALLBACK_RAW_CLOSE_FILE comes.
	 */
	LWS_CALLBACK_RAW_RX_FILE = 64,
	/**
	 * An adopted file can be written, after lws_callback_on_writable(): by write(), or by lws_write() with LWS_WRITE_RAW,
	 * which keeps what the file does not take at once. Nonzero closes the file.
	 */
	LWS_CALLBACK_RAW_WRITEABLE_FILE = 65,
	/** An adopted file is about to be closed, which the library does, unless LWS_CALLBACK_RAW_ADOPT_FILE has refused it. */
	LWS_CALLBACK_RAW_CLOSE_FILE = 66,
	/** Not delivered: an adopted file stays with the protocol that it was adopted for. */
	LWS_CALLBACK_RAW_FILE_BIND_PROTOCOL = 83,
	/** Not delivered, as LWS_CALLBACK_RAW_FILE_BIND_PROTOCOL. */
	LWS_CALLBACK_RAW_FILE_DROP_PROTOCOL = 84,

	/* for every kind of connection */

	/**
	 * The timer of the connection, set with lws_set_timer_usecs(), is due. It is off again: set it anew
	 * for another round.
	 */
	LWS_CALLBACK_TIMER = 73,
	/**
	 * lws_cancel_service() was called. Each protocol of each vhost gets it once, on the service thread.
	 * wsi stands for no connection, as with LWS_CALLBACK_PROTOCOL_INIT; `user` is NULL. The return value
	 * is ignored.
	 */
	LWS_CALLBACK_EVENT_WAIT_CANCELLED = 71,
	/**
	 * A client's connection that was made with this one as parent_wsi ends; `in` is its struct lws *. The return value
	 * is ignored.
	 */
	LWS_CALLBACK_CHILD_CLOSING = 69,
	/**
	 * A client is about to connect a socket, `in` as a pointer, to an address: the moment for socket options. It comes for
	 * each address that is tried. Nonzero: the connection is given up.
	 */
	LWS_CALLBACK_CONNECTING = 105,
	/**
	 * How long the certificate of a vhost is good for. In a context that has a vhost with TLS, each protocol of each vhost
	 * gets it for each vhost: on the first turn of the service thread after LWS_CALLBACK_PROTOCOL_INIT, when a
	 * vhost is created later, and once a day; not while the clock has not been set. `in` is a struct
	 * lws_acme_cert_aging_args *, valid during the call and the same for all that get it in a row; `len` is the
	 * whole days that are left, as a ssize_t: negative after the end, 0 for a vhost that has no certificate. wsi stands
	 * for no connection. The return value is ignored.
	 */
	LWS_CALLBACK_VHOST_CERT_AGING = 72,
	/**
	 * News about a new certificate for the vhost, to each of its protocols; `len` is an enum lws_cert_update_state. The
	 * library delivers LWS_CUS_SUCCESS and LWS_CUS_FAILED, with NULL in `in`, when lws_tls_vhost_watch_cert() has
	 * found new files and they are in use, or cannot be used. Protocols that get certificates report with
	 * lws_callback_vhost_protocols_vhost() how far they are, `in` being JSON or NULL. wsi stands for no connection. The
	 * return value is ignored.
	 */
	LWS_CALLBACK_VHOST_CERT_UPDATE = 74,

	/* MQTT client */

	/** Not delivered (MQTT). */
	LWS_CALLBACK_MQTT_NEW_CLIENT_INSTANTIATED = 200,
	/** Not delivered (MQTT). */
	LWS_CALLBACK_MQTT_IDLE = 201,
	/** Not delivered (MQTT). */
	LWS_CALLBACK_MQTT_CLIENT_ESTABLISHED = 202,
	/** Not delivered (MQTT). */
	LWS_CALLBACK_MQTT_SUBSCRIBED = 203,
	/** Not delivered (MQTT). */
	LWS_CALLBACK_MQTT_CLIENT_WRITEABLE = 204,
	/** Not delivered (MQTT). */
	LWS_CALLBACK_MQTT_CLIENT_RX = 205,
	/** Not delivered (MQTT). */
	LWS_CALLBACK_MQTT_UNSUBSCRIBED = 206,
	/** Not delivered (MQTT). */
	LWS_CALLBACK_MQTT_DROP_PROTOCOL = 207,
	/** Not delivered (MQTT). */
	LWS_CALLBACK_MQTT_CLIENT_CLOSED = 208,
	/** Not delivered (MQTT). */
	LWS_CALLBACK_MQTT_ACK = 209,
	/** Not delivered (MQTT). */
	LWS_CALLBACK_MQTT_RESEND = 210,

	/**
	 * The program's own reasons begin here, for lws_callback_all_protocol() and the like. The library
	 * delivers none of them by itself.
	 */
	LWS_CALLBACK_USER = 1000,
};

/**
 * lws_callback_function - the callback of a protocol
 *
 * \param wsi: the connection, or where there is none, a wsi that stands for the vhost
 * \param reason: why it is called
 * \param user: the connection's memory for this protocol: lws_protocols.per_session_data_size bytes, zeroed
 * at the beginning, at the same address until the connection ends; or what lws_set_wsi_user() set; NULL with
 * reasons that concern no connection or come before the protocol is bound
 * \param in: depends on reason; valid during the call. Received bytes are followed by a NUL byte
 * \param len: depends on reason; without that NUL
 *
 * Called on the service thread, or on a thread inside a call like lws_callback_all_protocol(), never by two
 * at once for one service thread.
 *
 * Returns 0 to go on. Nonzero closes the connection, where the reason does not say something else: what was
 * written is sent first, as far as the peer takes it.
 */
typedef int lws_callback_function(struct lws *wsi, enum lws_callback_reasons reason, void *user, void *in,
				  size_t len);

#endif
