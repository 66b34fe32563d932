/** @file
 * Contexts and vhosts: what a program sets up before it serves anything.
 *
 * A context is an event loop with all that lives on it. A vhost is a server in it: a port with protocols and
 * mounts. Several vhosts may share a port: the Host header of a request says which one is meant, by name;
 * without a match it is the first one on that port.
 *
 * lws_create_context() makes a context and, unless LWS_SERVER_OPTION_EXPLICIT_VHOSTS is set, one vhost named
 * "default", both from the same struct lws_context_creation_info. Further vhosts come from lws_create_vhost()
 * with a struct of their own. Each field and option says whether the context reads it, each vhost, or both.
 */
#ifndef GOLWS_LWS_CONTEXT_VHOST_H
#define GOLWS_LWS_CONTEXT_VHOST_H

/*
 * Option bits for lws_context_creation_info.options. Those that ask for something this version does not have
 * are marked so; where ignoring one would make a server less safe than it was told to be, creation fails and
 * the log says why.
 */

/**
 * vhost, TLS: clients must present a certificate, and it must be valid, see
 * LWS_CALLBACK_OPENSSL_PERFORM_CLIENT_CERT_VERIFICATION
 */
#define LWS_SERVER_OPTION_REQUIRE_VALID_OPENSSL_CLIENT_CERT ((1ll << 1) | (1ll << 12))
/** context: do not look up the name of this machine */
#define LWS_SERVER_OPTION_SKIP_SERVER_CANONICAL_NAME (1ll << 2)
/**
 * vhost, TLS: connections that do not begin with TLS are not closed at once, but treated as one of
 * LWS_SERVER_OPTION_REDIRECT_HTTP_TO_HTTPS, LWS_SERVER_OPTION_ALLOW_HTTP_ON_HTTPS_LISTENER and
 * LWS_SERVER_OPTION_FALLBACK_TO_APPLY_LISTEN_ACCEPT_CONFIG says, the first of those that are set. Set it with one of
 * them.
 */
#define LWS_SERVER_OPTION_ALLOW_NON_SSL_ON_SSL_PORT ((1ll << 3) | (1ll << 12))
/**
 * context: run on libev (4.x), on the loops of foreign_loops, struct ev_loop *, or on one of the library's own for
 * each service thread. Where the loop's library is not there, lws_create_context() logs that and returns NULL. All
 * about loops of other libraries: docs/guides/event-loops.md.
 */
#define LWS_SERVER_OPTION_LIBEV (1ll << 4)
/** vhost: IPv4 only. Otherwise a vhost without iface listens on both. */
#define LWS_SERVER_OPTION_DISABLE_IPV6 (1ll << 5)
/**
 * vhost, TLS client: do not trust the system's certificate authorities. Servers never do: which authorities vouch for
 * clients has to be said. No TLS clients in this version: changes nothing.
 */
#define LWS_SERVER_OPTION_DISABLE_OS_CA_CERTS (1ll << 6)
/**
 * vhost, TLS: with LWS_SERVER_OPTION_REQUIRE_VALID_OPENSSL_CLIENT_CERT, clients may do without a certificate; one that
 * they present must be valid
 */
#define LWS_SERVER_OPTION_PEER_CERT_NOT_REQUIRED (1ll << 7)
/**
 * vhost: WebSocket text and close reasons of peers have to be UTF-8; a connection that breaks this is closed
 * with status 1007 (RFC 6455 section 8.1)
 */
#define LWS_SERVER_OPTION_VALIDATE_UTF8 (1ll << 8)
/** vhost, TLS: use ephemeral elliptic curve keys. They are always used: changes nothing. */
#define LWS_SERVER_OPTION_SSL_ECDH ((1ll << 9) | (1ll << 12))
/** context: run on libuv (1.x); foreign_loops are uv_loop_t *. Else as LWS_SERVER_OPTION_LIBEV. */
#define LWS_SERVER_OPTION_LIBUV (1ll << 10)
/**
 * vhost, TLS: answer plain requests on the TLS port with a redirect to https. With
 * LWS_SERVER_OPTION_ALLOW_NON_SSL_ON_SSL_PORT.
 */
#define LWS_SERVER_OPTION_REDIRECT_HTTP_TO_HTTPS ((1ll << 11) | (1ll << 12))
/**
 * vhost: use TLS, if there is a certificate or LWS_SERVER_OPTION_CREATE_VHOST_SSL_CTX. Without it a vhost with a
 * certificate serves without TLS, as in libwebsockets, and a warning is logged.
 */
#define LWS_SERVER_OPTION_DO_SSL_GLOBAL_INIT (1ll << 12)
/** context: lws_create_context() makes no vhost, the program does with lws_create_vhost() */
#define LWS_SERVER_OPTION_EXPLICIT_VHOSTS (1ll << 13)
/** vhost: listen on a unix socket; iface is its path */
#define LWS_SERVER_OPTION_UNIX_SOCK (1ll << 14)
/** vhost: responses over TLS carry Strict-Transport-Security (RFC 6797), for half a year and all subdomains */
#define LWS_SERVER_OPTION_STS (1ll << 15)
/** vhost: set the IPV6_V6ONLY socket option to what LWS_SERVER_OPTION_IPV6_V6ONLY_VALUE says; otherwise it is off */
#define LWS_SERVER_OPTION_IPV6_V6ONLY_MODIFY (1ll << 16)
/** vhost: IPv6 only, with LWS_SERVER_OPTION_IPV6_V6ONLY_MODIFY */
#define LWS_SERVER_OPTION_IPV6_V6ONLY_VALUE (1ll << 17)
/** context, libuv: do not wait for a debugger after a crash. Changes nothing, the library never waits for one. */
#define LWS_SERVER_OPTION_UV_NO_SIGSEGV_SIGFPE_SPIN (1ll << 18)
/** context, client: send the origin as given, without http:// before it */
#define LWS_SERVER_OPTION_JUST_USE_RAW_ORIGIN (1ll << 19)
/** The old name of LWS_SERVER_OPTION_FALLBACK_TO_APPLY_LISTEN_ACCEPT_CONFIG. */
#define LWS_SERVER_OPTION_FALLBACK_TO_RAW (1ll << 20)
/**
 * vhost: a connection that does not begin with a method of HTTP, or on a TLS port with neither a handshake
 * nor something that other options allow, takes the role listen_accept_role ("raw-skt" where that is NULL) and
 * the protocol listen_accept_protocol. What it began with comes in LWS_CALLBACK_RAW_RX.
 */
#define LWS_SERVER_OPTION_FALLBACK_TO_APPLY_LISTEN_ACCEPT_CONFIG (1ll << 20)
/** context: run on libevent (2.x); foreign_loops are struct event_base *. Else as LWS_SERVER_OPTION_LIBEV. */
#define LWS_SERVER_OPTION_LIBEVENT (1ll << 21)
/** The old name of LWS_SERVER_OPTION_ADOPT_APPLY_LISTEN_ACCEPT_CONFIG. */
#define LWS_SERVER_OPTION_ONLY_RAW (1ll << 22)
/**
 * vhost: every connection, after the handshake on a TLS port, takes the role listen_accept_role ("raw-skt"
 * where that is NULL) and the protocol listen_accept_protocol
 */
#define LWS_SERVER_OPTION_ADOPT_APPLY_LISTEN_ACCEPT_CONFIG (1ll << 22)
/** vhost: other processes may listen on the same port (SO_REUSEPORT) */
#define LWS_SERVER_OPTION_ALLOW_LISTEN_SHARE (1ll << 23)
/**
 * vhost, TLS: use TLS although no certificate is given here, with LWS_SERVER_OPTION_DO_SSL_GLOBAL_INIT. It comes in
 * LWS_CALLBACK_OPENSSL_LOAD_EXTRA_SERVER_VERIFY_CERTS or later, by lws_tls_vhost_reload_cert(). Until then handshakes
 * fail.
 */
#define LWS_SERVER_OPTION_CREATE_VHOST_SSL_CTX (1ll << 24)
/** vhost: its protocols get no LWS_CALLBACK_PROTOCOL_INIT */
#define LWS_SERVER_OPTION_SKIP_PROTOCOL_INIT (1ll << 25)
/**
 * vhost, TLS: create the vhost although the file of its certificate or private key is missing or may not be read.
 * Handshakes fail until it is there: see lws_tls_cert_updated(), lws_tls_vhost_reload_cert() and
 * lws_tls_vhost_watch_cert().
 */
#define LWS_SERVER_OPTION_IGNORE_MISSING_CERT (1ll << 26)
/**
 * vhost: upgrades need a Host header that names this vhost, with its port unless that is 80; a defence
 * against DNS rebinding
 */
#define LWS_SERVER_OPTION_VHOST_UPG_STRICT_HOST_CHECK (1ll << 27)
/**
 * vhost: responses carry strict security headers: referrer-policy, x-frame-options, x-xss-protection,
 * x-content-type-options and a content-security-policy that allows scripts, styles, fonts, images and
 * connections of this server only and nothing inline
 */
#define LWS_SERVER_OPTION_HTTP_HEADERS_SECURITY_BEST_PRACTICES_ENFORCE (1ll << 28)
/**
 * vhost, TLS: serve plain HTTP on the TLS port too. With LWS_SERVER_OPTION_ALLOW_NON_SSL_ON_SSL_PORT.
 */
#define LWS_SERVER_OPTION_ALLOW_HTTP_ON_HTTPS_LISTENER (1ll << 29)
/** vhost: creation fails where it cannot listen. It always does: changes nothing. */
#define LWS_SERVER_OPTION_FAIL_UPON_UNABLE_TO_BIND (1ll << 30)
/**
 * vhost, HTTP/2: put up with peers whose WINDOW_UPDATE would let a window grow beyond 2147483647: it stays there, where
 * RFC 9113 section 6.9.1 wants the stream or the connection ended.
 */
#define LWS_SERVER_OPTION_H2_JUST_FIX_WINDOW_UPDATE_OVERFLOW (1ll << 31)
/** vhost, HTTP/2: requests without a body, or whose body has ended, may be answered as late and as slowly as they are. */
#define LWS_SERVER_OPTION_VH_H2_HALF_CLOSED_LONG_POLL (1ll << 32)
/**
 * context: run on glib's main loop (2.36 and later); foreign_loops are GMainLoop *. A loop of the library's own is one of
 * the default main context; those of further service threads have a context of their own. Else as LWS_SERVER_OPTION_LIBEV.
 */
#define LWS_SERVER_OPTION_GLIB (1ll << 33)
/**
 * vhost: plain connections speak HTTP/2 from the first byte (RFC 9113 section 3.3), and nothing else. Without it they may:
 * a connection that begins with HTTP/2's preface is recognised.
 */
#define LWS_SERVER_OPTION_H2_PRIOR_KNOWLEDGE (1ll << 34)
/** context: the program wants no system states. Changes nothing: without a notifier there is nothing to hear. */
#define LWS_SERVER_OPTION_NO_LWS_SYSTEM_STATES (1ll << 35)
/** vhost: a Secure Streams proxy listens here. Not in this version: creation fails. */
#define LWS_SERVER_OPTION_SS_PROXY (1ll << 36)
/** context: run on sd-event (libsystemd); foreign_loops are sd_event *. Else as LWS_SERVER_OPTION_LIBEV. */
#define LWS_SERVER_OPTION_SDEVENT (1ll << 37)
/** context: run on uloop. There is no support for it: lws_create_context() returns NULL. */
#define LWS_SERVER_OPTION_ULOOP (1ll << 38)
/** vhost, TLS: no sessions are resumed: each connection takes a whole handshake */
#define LWS_SERVER_OPTION_DISABLE_TLS_SESSION_CACHE (1ll << 39)
/**
 * context: the program has a poll loop: LWS_CALLBACK_ADD_POLL_FD comes while the context is created, or its first vhost.
 * Without it, it comes when the program calls lws_service_adjust_timeout() or lws_service_fd(), which is
 * early enough for a loop that polls. An addition of this library.
 */
#define LWS_SERVER_OPTION_EXTERNAL_POLL (1ll << 62)

/** Whether all the bits f are set in the options c. */
#define lws_check_opt(c, f) (!((uint64_t)(f) & ~(uint64_t)(c)))

struct lws_http_mount;
struct lws_metric_policy;
struct lws_plat_file_ops;
struct lws_retry_bo;
struct lws_ss_plugin;
struct lws_state_notify_link;
struct lws_token_limits;

/** A function that hears that a context is ready; nonzero is an error. */
typedef int (*lws_context_ready_cb_t)(struct lws_context *context);

/**
 * A function that hears that a connection was refused because its address has too many; sa46 is valid during
 * the call, the return value is ignored.
 */
typedef int (*lws_peer_limits_notify_t)(struct lws_context *ctx, lws_sockfd_type sockfd, lws_sockaddr46 *sa46);

/**
 * An element of a list of named values, which programs use for the options of protocols, headers, mime types
 * and more. It belongs to the program and must stay valid and unchanged as long as the vhost that was given
 * it.
 */
struct lws_protocol_vhost_options {
	/** the next element, NULL at the end */
	const struct lws_protocol_vhost_options *next;
	/**
	 * a list inside this element, or NULL; for lws_context_creation_info.pvo the options of the protocol
	 * that name names
	 */
	const struct lws_protocol_vhost_options *options;
	/** what it is about: a protocol, an option, a header, a suffix */
	const char *name;
	/** its value, a string in every case */
	const char *value;
};

/** What a mount leads to. */
enum lws_mount_protocols {
	/** requests go to an HTTP server; not in this version: creation of the vhost fails */
	LWSMPRO_HTTP = 0,
	/** requests go to an HTTPS server; not in this version: creation of the vhost fails */
	LWSMPRO_HTTPS = 1,
	/** files below the directory that origin names */
	LWSMPRO_FILE = 2,
	/** a program; not in this version: creation of the vhost fails */
	LWSMPRO_CGI = 3,
	/** a redirect to http:// and origin */
	LWSMPRO_REDIR_HTTP = 4,
	/** a redirect to https:// and origin */
	LWSMPRO_REDIR_HTTPS = 5,
	/** the protocol that origin names gets LWS_CALLBACK_HTTP */
	LWSMPRO_CALLBACK = 6,
};

/** Who decides about a name and password (RFC 7617), in lws_http_mount.auth_mask. */
enum lws_authentication_mode {
	/** the file lws_http_mount.basic_auth_login_file */
	LWSAUTHM_DEFAULT = 0,
	/** LWS_CALLBACK_VERIFY_BASIC_AUTHORIZATION of the mount's protocol */
	LWSAUTHM_BASIC_AUTH_CALLBACK = 268435456,
};

/** The bits of lws_http_mount.auth_mask that hold an enum lws_authentication_mode. */
#define AUTH_MODE_MASK 0xF0000000

/**
 * A mount: a part of a vhost's URLs and what serves it. Of the mounts that cover a path the one with the
 * longest mount point counts. The list and all it points to belong to the program and must stay valid and
 * unchanged as long as the vhost.
 */
struct lws_http_mount {
	/** the next mount, NULL at the end */
	const struct lws_http_mount *mount_next;
	/** the path it covers with everything below, "/" or "/name"; it has to begin with a slash */
	const char *mountpoint;
	/** a directory, a protocol's name, or a host and path, as origin_protocol says */
	const char *origin;
	/** LWSMPRO_FILE: the file to serve for the directory itself; NULL: "index.html" */
	const char *def;
	/**
	 * A protocol of the vhost that takes part: it serves requests other than GET and HEAD, adds headers
	 * to files (LWS_CALLBACK_ADD_HEADERS), checks passwords; or NULL
	 */
	const char *protocol;
	/** values for this mount that its protocol gets with LWS_CALLBACK_HTTP_PMO, or NULL */
	const struct lws_protocol_vhost_options *cgienv;
	/**
	 * mime types before the built-in ones: name is a suffix such as ".zip", or "*" for every other file;
	 * value is the type. NULL: none
	 */
	const struct lws_protocol_vhost_options *extra_mimetypes;
	/**
	 * files that a protocol fills in, see LWS_CALLBACK_PROCESS_HTML: name is a suffix such as ".shtml",
	 * value a protocol. NULL: none
	 */
	const struct lws_protocol_vhost_options *interpret;
	/** seconds a CGI program may take */
	int cgi_timeout;
	/** seconds a client may keep a file in its cache, see the three bits below; 0: it has to ask each time */
	int cache_max_age;
	/**
	 * enum lws_authentication_mode in the bits of AUTH_MODE_MASK; the others are for
	 * LWS_CALLBACK_CHECK_ACCESS_RIGHTS
	 */
	unsigned int auth_mask;

	/** clients may keep files: without it the answer says no-store */
	unsigned int cache_reusable : 1;
	/** a kept file must be asked for again before it is used, which a 304 usually answers */
	unsigned int cache_revalidate : 1;
	/** caches on the way may keep it too */
	unsigned int cache_intermediaries : 1;

	/** enum lws_mount_protocols */
	unsigned char origin_protocol;
	/** length of mountpoint in bytes, without a NUL */
	unsigned char mountpoint_len;

	/**
	 * file with one name:password per line; a request below this mount has to carry one of them. NULL: no
	 * password needed
	 */
	const char *basic_auth_login_file;
	/** zero */
	void *_unused[2];
};

/**
 * Everything that can be said when a context or a vhost is created. Zero it, then set what is needed: zero is
 * the sensible value of every field, except port, where it means any free port.
 *
 * What pointers lead to is either copied, or must stay valid and unchanged as long as the context or vhost;
 * "kept" marks the second kind.
 */
struct lws_context_creation_info {
	/**
	 * vhost: where to listen: the name of a network interface ("lo"), an IPv4 or IPv6 address, or with
	 * LWS_SERVER_OPTION_UNIX_SOCK the path of the socket, which a leading @ puts into the abstract
	 * namespace. NULL: everywhere. Copied.
	 */
	const char *iface;
	/**
	 * vhost: its protocols, a list that ends with a NULL callback. NULL with pprotocols NULL: one that
	 * calls lws_callback_http_dummy(). Kept.
	 */
	const struct lws_protocols *protocols;
	/** vhost: the WebSocket extensions to offer, a list that ends with a NULL callback. NULL: none. Kept. */
	const struct lws_extension *extensions;
	/**
	 * context, or vhost in place of the context's: largest length of each request header; requests with a
	 * longer one get a 431, with a longer path a 414. Looked at during the call.
	 */
	const struct lws_token_limits *token_limits;
	/**
	 * vhost, client: an HTTP proxy, as lws_set_proxy() takes it, or without a port, see http_proxy_port. Looked at
	 * during the call. NULL: what the environment has in http_proxy, if anything, except for the servers in no_proxy.
	 * "": none. With a text that is not understood, the vhost makes no connections. Connections to unix sockets use
	 * no proxy.
	 */
	const char *http_proxy_address;
	/**
	 * vhost: headers that every response carries: name with its colon, such as "cache-control:", and
	 * value. NULL: none. Kept.
	 */
	const struct lws_protocol_vhost_options *headers;
	/**
	 * context, or vhost in place of the context's: requests to refuse. Where the User-Agent contains name,
	 * the response has the status that value begins with, and what follows it after a space for its page,
	 * such as "403 No robots here"; the connection is closed. The context's is kept.
	 */
	const struct lws_protocol_vhost_options *reject_service_keywords;
	/**
	 * vhost: options for protocols: name is a protocol, options its options. Where there is a list, only
	 * protocols that it names get LWS_CALLBACK_PROTOCOL_INIT. A protocol with an option "default" serves
	 * WebSocket clients that ask for no subprotocol. WebSocket clients of a protocol with an option
	 * "basic-auth" need a user and a password that make a line user:password of the file that its value
	 * names. NULL: no options, all are initialised. Kept.
	 */
	const struct lws_protocol_vhost_options *pvo;
	/**
	 * vhost: a file that gets a line for each request. Not in this version: nothing is written, and a
	 * warning is logged.
	 */
	const char *log_filepath;
	/** vhost: its mounts. NULL: none, the first protocol serves everything. Kept. */
	const struct lws_http_mount *mounts;
	/**
	 * both: value of the Server header of responses. NULL: for a vhost what the context has, for a
	 * context no such header. Copied.
	 */
	const char *server_string;
	/**
	 * vhost: a path to which requests for files that do not exist are redirected, such as "/404.html".
	 * NULL: they get a 404. Copied.
	 */
	const char *error_document_404;
	/**
	 * vhost: port to listen on. 0: any free one, see lws_get_vhost_listen_port(). CONTEXT_PORT_NO_LISTEN:
	 * none. Unused for unix sockets.
	 */
	int port;
	/** vhost, client: port of the HTTP proxy, where http_proxy_address has none */
	unsigned int http_proxy_port;
	/** context: as max_http_header_data, where that is 0 */
	unsigned int max_http_header_data2;
	/** context: as max_http_header_pool, where that is 0 */
	unsigned int max_http_header_pool2;
	/** vhost: seconds an idle HTTP connection is kept between requests. 0: 5 */
	int keepalive_timeout;
	/**
	 * vhost, HTTP/2: the settings of enum lws_h2_settings that clients are told (RFC 9113 section 6.5.2), by their
	 * number. Element 0 has to be nonzero, or all of them are the library's; elements that are 0 are, too.
	 */
	uint32_t http2_settings[7];
	/** context: bytes that the request line and headers may have in all; longer requests get a 431. 0: 65536 */
	unsigned short max_http_header_data;
	/**
	 * context: how many requests may be in the state of receiving headers at once. They need no slots
	 * here: changes nothing.
	 */
	unsigned short max_http_header_pool;

	/*
	 * TLS, see LWS_SERVER_OPTION_DO_SSL_GLOBAL_INIT. TLS 1.2 and 1.3 are spoken unless ssl_options_set and
	 * ssl_options_clear say otherwise. Creation fails where the certificate or its key cannot be used, and the log says
	 * which file it is, why, and what helps; a certificate that has expired is served, with a warning. Several vhosts
	 * with TLS may share a port: the name that a client asks for (SNI, RFC 6066 section 3) chooses the vhost of that
	 * name, or of a parent domain; without a match it is the first one on the port. All vhosts of a port that serve TLS
	 * have their own settings.
	 */

	/** vhost: password of the private key, where that is encrypted. NULL: it is not. Copied. */
	const char *ssl_private_key_password;
	/**
	 * vhost: file of the certificate, PEM: the vhost's own, and behind it those of the authorities up to one that
	 * clients know. DER is read too. NULL: server_ssl_cert_mem counts. Copied; the file is read again when the
	 * certificate is reloaded. A file of this name with .upd behind it takes its place first, see
	 * lws_tls_cert_updated().
	 */
	const char *ssl_cert_filepath;
	/**
	 * vhost: file of the private key, RSA, EC (P-256, P-384, P-521) or Ed25519; PEM or DER; PKCS #1, SEC 1 or PKCS
	 * #8, encrypted or not. NULL: server_ssl_private_key_mem, LWS_CALLBACK_OPENSSL_CONTEXT_REQUIRES_PRIVATE_KEY, or the
	 * file of the certificate has it. Copied, as ssl_cert_filepath.
	 */
	const char *ssl_private_key_filepath;
	/**
	 * vhost: file of the certificate authorities that may vouch for clients, PEM, with
	 * LWS_SERVER_OPTION_REQUIRE_VALID_OPENSSL_CLIENT_CERT. NULL: server_ssl_ca_mem counts. Copied.
	 */
	const char *ssl_ca_filepath;
	/**
	 * vhost: cipher suites for TLS 1.2, in the syntax and with the names of OpenSSL's ciphers(1), such as
	 * "ECDHE+AESGCM:!aRSA". What has no counterpart here is left out with a warning; creation fails if nothing is left.
	 * The order does not count: what is fastest for both sides is used. NULL: all with forward secrecy.
	 */
	const char *ssl_cipher_list;
	/** vhost: elliptic curves for key exchange, with colons between, such as "prime256v1". NULL: X25519 and NIST's */
	const char *ecdh_curve;
	/** vhost: cipher suites for TLS 1.3. All three are always on: one that is missing in the list gives a warning. */
	const char *tls1_3_plus_cipher_list;
	/** vhost: certificate in memory, as ssl_cert_filepath. It is used where the file is NULL or cannot be read. Copied. */
	const void *server_ssl_cert_mem;
	/** vhost: private key in memory, as ssl_private_key_filepath. Copied. */
	const void *server_ssl_private_key_mem;
	/** vhost: certificate authorities in memory, PEM or DER, beside those of ssl_ca_filepath. Copied. */
	const void *server_ssl_ca_mem;
	/**
	 * vhost: bits of OpenSSL's SSL_OP_ to set. Those count that leave versions out (SSL_OP_NO_TLSv1_2,
	 * SSL_OP_NO_TLSv1_3) and SSL_OP_NO_TICKET: no sessions are resumed.
	 */
	long ssl_options_set;
	/**
	 * vhost: bits of OpenSSL's SSL_OP_ to clear, for the same bits; SSL_OP_NO_TLSv1 and SSL_OP_NO_TLSv1_1 are set
	 * unless they are cleared here (RFC 8996).
	 */
	long ssl_options_clear;
	/**
	 * context: how many connections with TLS there may be at once. Further ones of clients wait to be accepted; further
	 * ones that the program makes fail with CLIENT_CONNECTION_ERROR `tls restriction limit`. 0: any number
	 */
	int simultaneous_ssl_restriction;
	/** context: nonzero: one handshake at a time. Changes nothing: how many compute at a time is bounded anyway. */
	int ssl_handshake_serialize;
	/** vhost: which events LWS_CALLBACK_SSL_INFO reports, the bits of lws_ssl_info.where. 0: none */
	int ssl_info_event_mask;
	/** vhost: bytes at server_ssl_cert_mem, for PEM with or without a NUL at the end */
	unsigned int server_ssl_cert_mem_len;
	/** vhost: bytes at server_ssl_private_key_mem, for PEM with or without a NUL at the end */
	unsigned int server_ssl_private_key_mem_len;
	/** vhost: bytes at server_ssl_ca_mem, for PEM with or without a NUL at the end */
	unsigned int server_ssl_ca_mem_len;
	/**
	 * both: protocols to choose from with ALPN (RFC 7301), with commas between: "http/1.1" or "h2,http/1.1". NULL: for
	 * a vhost what the context has, for a context "h2,http/1.1". With a client that knows none of them the first
	 * protocol is HTTP/1.1. Copied.
	 */
	const char *alpn;
	/**
	 * vhost, client: passphrase of the private key; NULL: ssl_private_key_password. These members are for the connections
	 * that the vhost makes, with LWS_SERVER_OPTION_DO_SSL_GLOBAL_INIT; all are copied. What cannot be used makes creation
	 * fail, but for authorities, which the log tells of.
	 */
	const char *client_ssl_private_key_password;
	/**
	 * vhost, client: certificate for servers that ask for one, PEM file, and the chain behind it; NULL: where the vhost
	 * serves no TLS, ssl_cert_filepath if that can be read
	 */
	const char *client_ssl_cert_filepath;
	/** vhost, client: the same in memory, PEM or DER, used where there is no file or it cannot be read */
	const void *client_ssl_cert_mem;
	/** vhost, client: bytes at client_ssl_cert_mem */
	unsigned int client_ssl_cert_mem_len;
	/** vhost, client: private key, PEM file; NULL: as with the certificate, ssl_private_key_filepath */
	const char *client_ssl_private_key_filepath;
	/** vhost, client: private key in memory, PEM or DER */
	const void *client_ssl_key_mem;
	/**
	 * vhost, client: authorities that vouch for servers, PEM file, beside those of the system (which
	 * LWS_SERVER_OPTION_DISABLE_OS_CA_CERTS leaves out); NULL: as with the certificate, ssl_ca_filepath
	 */
	const char *client_ssl_ca_filepath;
	/** vhost, client: the same in memory, PEM or DER, in place of those of the system; not used beside a file */
	const void *client_ssl_ca_mem;
	/** vhost, client: ciphers for TLS 1.2, in OpenSSL's syntax; NULL: ssl_cipher_list */
	const char *client_ssl_cipher_list;
	/** vhost, client: ciphers for TLS 1.3, which cannot be chosen: changes nothing */
	const char *client_tls_1_3_plus_cipher_list;
	/** vhost, client: bits of OpenSSL's SSL_OP_ to set, as ssl_options_set */
	long ssl_client_options_set;
	/** vhost, client: bits of OpenSSL's SSL_OP_ to clear, as ssl_options_clear */
	long ssl_client_options_clear;
	/** vhost, client: bytes at client_ssl_ca_mem */
	unsigned int client_ssl_ca_mem_len;
	/** vhost, client: bytes at client_ssl_key_mem */
	unsigned int client_ssl_key_mem_len;
	/** context, client: an OpenSSL context to use. There is none here: a vhost that is given one is not created. */
	SSL_CTX *provided_client_ssl_ctx;

	/* connections */

	/** vhost: TCP keepalive: seconds without traffic before the first probe. 0: no keepalive */
	int ka_time;
	/** vhost: how many probes go unanswered before the connection is closed; with ka_time */
	int ka_probes;
	/** vhost: seconds between two probes; has to be above 0 with ka_time, otherwise creation fails */
	int ka_interval;
	/**
	 * both: seconds that a step of a protocol may take: a request's headers, a body without progress, a TLS
	 * handshake, a server's answer, a close handshake. 0: for a vhost what the context has, for a context 20
	 */
	unsigned int timeout_secs;
	/** vhost, client: seconds that each address which is tried may take to answer. 0: 20 */
	unsigned int connect_timeout_secs;
	/** vhost: nonzero: sockets use the interface iface only (SO_BINDTODEVICE); needs CAP_NET_RAW */
	int bind_iface;
	/** vhost: seconds from the acceptance of a connection until its first request has to be there. 0: 10 */
	unsigned int timeout_secs_ah_idle;
	/** vhost, TLS: seconds a session can be resumed, at most a week. 0: 7200 */
	uint32_t tls_session_timeout;
	/** vhost, TLS client: how many sessions are kept. Servers keep none: their clients have them, encrypted. */
	uint32_t tls_session_cache_max;

	/* the process */

	/** context: group to become after the sockets are open, where the program runs as root. 0 or -1: no change */
	gid_t gid;
	/** context: user to become after the sockets are open, where the program runs as root. 0 or -1: no change */
	uid_t uid;
	/** both: LWS_SERVER_OPTION_ bits */
	uint64_t options;
	/**
	 * context: what lws_context_user() returns; vhost: what lws_vhost_user() returns. The library does
	 * not look at it.
	 */
	void *user;
	/**
	 * context: how many threads service it, each calling lws_service_tsi(). 0: 1. At most 32, more are
	 * reduced with a warning.
	 */
	unsigned int count_threads;
	/**
	 * context: how many descriptors to reserve memory for. None is reserved here: changes nothing, the
	 * process's limit counts.
	 */
	unsigned int fd_limit_per_thread;
	/** vhost: its name, by which a Host header chooses it. NULL: "default". Copied. */
	const char *vhost_name;
	/** context: directories of plugins. Not in this version: none is loaded, and a warning is logged. */
	const char *const *plugin_dirs;
	/** context: memory from malloc() that the context frees at its end, or NULL */
	void *external_baggage_free_on_destroy;
	/**
	 * context: bytes of working memory per service thread: what lws_return_http_status() and the headers
	 * of files have to fit in, and the largest piece of a WebSocket message where
	 * lws_protocols.rx_buffer_size is 0. 0: 4096
	 */
	unsigned int pt_serv_buf_size;
	/**
	 * context: file systems of the program, a list that ends with a NULL open; asked before that of the
	 * system. NULL: none. Kept.
	 */
	const struct lws_plat_file_ops *fops;
	/**
	 * vhost, client: a SOCKS 5 proxy, as lws_set_socks() takes it, or without a port, see socks_proxy_port. The
	 * environment's variable is socks_proxy; all else is as with http_proxy_address, which is preferred where both
	 * are there.
	 */
	const char *socks_proxy_address;
	/** vhost, client: its port, where socks_proxy_address has none */
	unsigned int socks_proxy_port;
	/**
	 * context: Linux capabilities (cap_value_t) to keep while root is given up. Not in this version, see
	 * count_caps.
	 */
	int caps[4];
	/** context: how many caps has. Not in this version: creation fails where it is not 0. */
	char count_caps;
	/**
	 * context: the loops to run on, one for each service thread, with an option that names the kind of loop. The
	 * array is read during the call only; the loops stay the program's and have to outlast the context. An element
	 * that is NULL, or no array: the library makes one and runs it in lws_service(). Without such an option it is
	 * not looked at.
	 */
	void **foreign_loops;
	/**
	 * context: gets SIGINT and SIGTERM in loops of libuv, libevent, libev and glib that the library has made. It is
	 * called by the loop, between callbacks; event_lib_handle is what the loop watches the signal with. NULL: such a
	 * signal destroys the context, whereupon lws_service() returns. In loops of the program, signals are the
	 * program's.
	 */
	void (*signal_cb)(void *event_lib_handle, int signum);
	/** context: receives NULL when the context is gone. NULL: nothing is written. */
	struct lws_context **pcontext;
	/** vhost: called when the vhost is about to be freed, with finalize_arg. NULL: nothing is called. */
	void (*finalize)(struct lws_vhost *vh, void *arg);
	/** vhost: passed to finalize */
	void *finalize_arg;
	/**
	 * vhost: role of the connections that LWS_SERVER_OPTION_ADOPT_APPLY_LISTEN_ACCEPT_CONFIG or
	 * LWS_SERVER_OPTION_FALLBACK_TO_APPLY_LISTEN_ACCEPT_CONFIG is about: "raw-skt", bytes as they come, or
	 * "raw-proxy", the same with callback reasons of its own, for what passes them on. NULL: "raw-skt". "h1" is
	 * HTTP; creation fails with other names in this version. Without those options it changes nothing. Copied.
	 */
	const char *listen_accept_role;
	/**
	 * vhost: name of the protocol that those connections are bound to; one of the vhost's, or creation fails.
	 * NULL: the protocol whose per-vhost options (pvo) have "raw", or the first. Copied.
	 */
	const char *listen_accept_protocol;
	/**
	 * vhost: its protocols, as a list of pointers that ends with NULL; used instead of protocols. NULL:
	 * protocols is used. Kept.
	 */
	const struct lws_protocols **pprotocols;
	/** context: as uid, by name, with all its groups. NULL: uid counts. Copied. */
	const char *username;
	/** context: as gid, by name. NULL: gid counts. Copied. */
	const char *groupname;
	/**
	 * vhost: owner of the unix socket as "user:group"; its mode is 0660. NULL: owner and mode as the
	 * process makes them. Copied.
	 */
	const char *unix_socket_perms;
	/** context: functions for things that depend on the system, kept by pointer. NULL: none. */
	const lws_system_ops_t *system_ops;
	/**
	 * both: when WebSocket and HTTP/2 connections of which nothing was heard are checked with a ping and when they
	 * are given up: secs_since_valid_ping and secs_since_valid_hangup, nothing else of it. NULL: for a vhost what the
	 * context has, for a context 300 and 310 seconds. Not needed after the call.
	 */
	const struct lws_retry_bo *retry_and_idle_policy;
	/**
	 * context: hears of system states, lws_system_states_t; an array that ends with NULL and is read during
	 * the call. What it points to has to stay as long as the context. NULL: none.
	 */
	struct lws_state_notify_link *const *register_notifier_list;

	/* Secure Streams. Not in this version: they change nothing. */

	/** context: policy, JSON or the name of a file that has it */
	const char *pss_policies_json;
	/** context: plugins, a list that ends with NULL */
	const struct lws_ss_plugin **pss_plugins;
	/** context: where to reach the proxy from: a unix socket, or a local address */
	const char *ss_proxy_bind;
	/** context: address of the proxy */
	const char *ss_proxy_address;
	/** context: port of the proxy, 0: unix socket */
	uint16_t ss_proxy_port;

	/** context: how many descriptors the process may have, set with setrlimit(). 0: no change */
	int rlimit_nofile;

	/* limits per address of the peer */

	/**
	 * context: called when a connection is refused because of the two below. Not in this version: it is
	 * not called.
	 */
	lws_peer_limits_notify_t pl_notify_cb;
	/**
	 * context: how many requests one address may be sending headers for. Not in this version: any number,
	 * and a warning is logged.
	 */
	unsigned short ip_limit_ah;
	/**
	 * context: how many connections one address may have. Not in this version: any number, and a warning
	 * is logged.
	 */
	unsigned short ip_limit_wsi;

	/* system messages and metrics. Not in this version: they change nothing. */

	/** context: hears messages from the start */
	lws_smd_notification_cb_t early_smd_cb;
	/** context: passed to early_smd_cb */
	void *early_smd_opaque;
	/** context: the classes it hears */
	lws_smd_class_t early_smd_class_filter;
	/** context: how long a message is kept, microseconds */
	lws_usec_t smd_ttl_us;
	/** context: how many messages are kept */
	uint16_t smd_queue_depth;
	/** context: what is reported of which metric */
	const struct lws_metric_policy *metrics_policies;
	/** context: put before the name of each metric */
	const char *metrics_prefix;

	/** zero */
	void *_unused[2];
};

/**
 * lws_create_context() - creates a context
 *
 * \param info: what it is to be like; not needed after the call, except for what its fields say is kept
 *
 * Also starts the library's threads, on the first call in a process. Unless LWS_SERVER_OPTION_EXPLICIT_VHOSTS
 * is set, a vhost is made from info, listens, and root is given up if uid, gid, username or groupname say so.
 *
 * Any number of contexts may exist. Returns the context, or NULL: the log says why. lws_context_destroy()
 * ends it.
 */
LWS_VISIBLE LWS_EXTERN struct lws_context *
lws_create_context(const struct lws_context_creation_info *info);

/**
 * lws_context_destroy() - ends a context
 *
 * \param context: the context, or NULL: nothing happens
 *
 * Closes all its connections with their closing callbacks, destroys its vhosts
 * (LWS_CALLBACK_PROTOCOL_DESTROY), frees everything.
 *
 * No other thread may be in lws_service() for it: set a flag that ends their loops, call
 * lws_cancel_service(), and join them before. Called inside a callback it returns at once: the context ends
 * when the callback has returned, and lws_service() then returns negative. Do not use the pointer afterwards,
 * see lws_context_creation_info.pcontext.
 *
 * A signal handler may call it too, although lws_cancel_service() is the better choice there: a thread of the library
 * does the work then, and runs the callbacks, while the handler waits.
 */
LWS_VISIBLE LWS_EXTERN void
lws_context_destroy(struct lws_context *context);

/**
 * lws_create_vhost() - adds a vhost to a context
 *
 * \param context: the context
 * \param info: what it is to be like; the fields and options of vhosts count. As for lws_create_context()
 *
 * It listens when this returns. Where a vhost of the context has the same port and iface already, they share
 * it.
 *
 * Returns the vhost, valid until lws_vhost_destroy() or the end of the context; NULL: the log says why, for
 * instance because the port is taken, the interface does not exist, or a protocol refused
 * LWS_CALLBACK_PROTOCOL_INIT.
 */
LWS_VISIBLE LWS_EXTERN struct lws_vhost *
lws_create_vhost(struct lws_context *context, const struct lws_context_creation_info *info);

/**
 * lws_vhost_destroy() - ends a vhost
 *
 * \param vh: the vhost
 *
 * Its connections are closed with their closing callbacks, then come LWS_CALLBACK_PROTOCOL_DESTROY and
 * lws_context_creation_info.finalize. A port that it shared stays open for the others. Inside one of its own
 * callbacks that happens when the callback has returned. The pointer is stale afterwards.
 */
LWS_VISIBLE LWS_EXTERN void
lws_vhost_destroy(struct lws_vhost *vh);

/**
 * lws_get_vhost() - the vhost of a connection
 *
 * \param wsi: the connection, or the wsi of a callback that concerns no connection
 *
 * Before a request has named one, it is the first on the port. Returns NULL for an unusable wsi. Never waits.
 */
LWS_VISIBLE LWS_EXTERN struct lws_vhost *
lws_get_vhost(struct lws *wsi);

/**
 * lws_get_vhost_name() - the name of a vhost
 *
 * \param vhost: the vhost
 *
 * Returns it; it is valid as long as the vhost. Never waits.
 */
LWS_VISIBLE LWS_EXTERN const char *
lws_get_vhost_name(struct lws_vhost *vhost);

/**
 * lws_get_vhost_by_name() - a vhost by name
 *
 * \param context: the context
 * \param name: the name, case counts
 *
 * Returns the first vhost with that name, or NULL.
 */
LWS_VISIBLE LWS_EXTERN struct lws_vhost *
lws_get_vhost_by_name(struct lws_context *context, const char *name);

/**
 * lws_get_vhost_port() - the port of a vhost
 *
 * \param vhost: the vhost
 *
 * Returns the port it listens on, also where 0 was given; CONTEXT_PORT_NO_LISTEN where it listens on none.
 * Never waits.
 */
LWS_VISIBLE LWS_EXTERN int
lws_get_vhost_port(struct lws_vhost *vhost);

/**
 * lws_get_vhost_user() - the program's pointer in a vhost
 *
 * \param vhost: the vhost
 *
 * Returns lws_context_creation_info.user as given for the vhost. Never waits.
 */
LWS_VISIBLE LWS_EXTERN void *
lws_get_vhost_user(struct lws_vhost *vhost);

/**
 * lws_get_vhost_iface() - where a vhost listens
 *
 * \param vhost: the vhost
 *
 * Returns lws_context_creation_info.iface as given, NULL: everywhere. Valid as long as the vhost. Never
 * waits.
 */
LWS_VISIBLE LWS_EXTERN const char *
lws_get_vhost_iface(struct lws_vhost *vhost);

/**
 * lws_vhost_user() - another name of lws_get_vhost_user()
 *
 * \param vhost: the vhost
 *
 * Returns as that does. Never waits.
 */
LWS_VISIBLE LWS_EXTERN void *
lws_vhost_user(struct lws_vhost *vhost);

/**
 * lws_context_user() - the program's pointer in a context
 *
 * \param context: the context
 *
 * Returns lws_context_creation_info.user as given to lws_create_context(). Never waits.
 */
LWS_VISIBLE LWS_EXTERN void *
lws_context_user(struct lws_context *context);

/**
 * lws_vh_tag() - a text that identifies a vhost in logs
 *
 * \param vh: the vhost
 *
 * Returns it, never NULL, and never the same for two vhosts of a context. It is valid until the calling
 * thread has asked for four more tags. Never waits.
 */
LWS_VISIBLE LWS_EXTERN const char *
lws_vh_tag(struct lws_vhost *vh);

/**
 * lws_context_is_being_destroyed() - whether a context is ending
 *
 * \param context: the context
 *
 * Returns 1 once lws_context_destroy() was called for it, else 0. Callbacks use it to not start anything new.
 * Never waits.
 */
LWS_VISIBLE LWS_EXTERN int
lws_context_is_being_destroyed(struct lws_context *context);

/**
 * lws_set_proxy() - an HTTP proxy for the client connections of a vhost
 *
 * \param vhost: the vhost
 * \param proxy: "host:port" or "user:password@host:port", maybe after "http://"; it is copied. An IPv6 address has
 * brackets. Without a port, that of the proxy before stays. User and password are taken as they stand: nothing is
 * decoded.
 *
 * Connections that are made afterwards go through it by CONNECT (RFC 9110 section 9.3.6), whatever they speak, with basic
 * authentication (RFC 7617) where there is a user. The proxy resolves the server's name. What it answers other than 2xx
 * is what LWS_CALLBACK_CLIENT_CONNECTION_ERROR says: "http_proxy -> 407".
 *
 * Any thread; waits for the service threads.
 *
 * Returns 0, -1 for what is not such a text, which changes nothing.
 */
LWS_VISIBLE LWS_EXTERN int
lws_set_proxy(struct lws_vhost *vhost, const char *proxy);

/**
 * lws_set_socks() - a SOCKS 5 proxy (RFC 1928) for the client connections of a vhost
 *
 * \param vhost: the vhost
 * \param socks: "host:port" or "user:password@host:port" (RFC 1929, 255 bytes each); it is copied. An IPv6 address has
 * brackets. Without a port, that of the proxy before stays.
 *
 * Connections that are made afterwards go through it, except where the vhost has an HTTP proxy too. The proxy resolves the
 * server's name. Its refusal is what LWS_CALLBACK_CLIENT_CONNECTION_ERROR says: "socks reply fail: connection refused".
 *
 * Any thread; waits for the service threads.
 *
 * Returns 0, -1 for what is not such a text, which changes nothing.
 */
LWS_VISIBLE LWS_EXTERN int
lws_set_socks(struct lws_vhost *vhost, const char *socks);

/** What lws_context_deprecate() calls: time to create the new context. The result is not looked at. */
typedef int (*lws_reload_func)(void);

/**
 * lws_context_deprecate() - a context that takes no new connections and ends with its last one
 *
 * \param context: the context
 * \param cb: called on the service thread once its ports are closed, so that a new context can open them; NULL: none
 *
 * For a new configuration without breaking connections off. Keep servicing the old context beside the new one; with the
 * last connection it is destroyed, and lws_service() fails. A second call for the same context does nothing. Waits for the
 * service threads.
 */
LWS_VISIBLE LWS_EXTERN void
lws_context_deprecate(struct lws_context *context, lws_reload_func cb);

/**
 * lws_context_is_deprecated() - whether lws_context_deprecate() was called
 *
 * \param context: the context
 *
 * Returns nonzero if so. Never waits.
 */
LWS_VISIBLE LWS_EXTERN int
lws_context_is_deprecated(struct lws_context *context);

/**
 * lwsws_get_config_globals() - read the part of lwsws' configuration that concerns the context
 *
 * \param info: gets what the configuration says
 * \param d: directory with the file "conf" and the directory "conf.d"
 * \param config_strings: memory where texts go, that info points to afterwards: it has to stay as long as the context;
 * moves behind them
 * \param len: in: room there, bytes; out: what is left
 *
 * JSON, as the program lwsws takes it. To be called before lws_create_context(). Returns 0, nonzero for an error.
 *
 * Not implemented yet.
 */
LWS_VISIBLE LWS_EXTERN int
lwsws_get_config_globals(struct lws_context_creation_info *info, const char *d,
			 char **config_strings, int *len);

/**
 * lwsws_get_config_vhosts() - read the part of lwsws' configuration that concerns vhosts, and create them
 *
 * \param context: the context, created with LWS_SERVER_OPTION_EXPLICIT_VHOSTS
 * \param info: as after lwsws_get_config_globals()
 * \param d: directory with the file "conf" and the directory "conf.d"
 * \param config_strings: as for lwsws_get_config_globals(), going on where that stopped
 * \param len: in: room there, bytes; out: what is left
 *
 * Returns 0, nonzero for an error.
 *
 * Not implemented yet.
 */
LWS_VISIBLE LWS_EXTERN int
lwsws_get_config_vhosts(struct lws_context *context,
			struct lws_context_creation_info *info, const char *d,
			char **config_strings, int *len);

/**
 * lws_json_dump_vhost() - describe a vhost in JSON
 *
 * \param vh: the vhost
 * \param buf: gets the JSON and a NUL byte
 * \param len: room there, bytes
 *
 * Returns the length of the JSON.
 *
 * Not in this configuration.
 */
LWS_VISIBLE LWS_EXTERN int
lws_json_dump_vhost(const struct lws_vhost *vh, char *buf, int len);

/**
 * lws_json_dump_context() - describe a context in JSON
 *
 * \param context: the context
 * \param buf: gets the JSON and a NUL byte
 * \param len: room there, bytes
 * \param hide_vhosts: nonzero: without its vhosts
 *
 * Returns the length of the JSON.
 *
 * Not in this configuration.
 */
LWS_VISIBLE LWS_EXTERN int
lws_json_dump_context(const struct lws_context *context, char *buf, int len,
		      int hide_vhosts);

#endif
