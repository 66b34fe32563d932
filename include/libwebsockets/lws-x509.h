/** @file
 * Certificates (X.509, RFC 5280): what is in them, of peers, of vhosts and of files; new ones; and ACME's needs.
 *
 * Threads: all of them may be called from any thread, and an object struct lws_x509_cert is used by one thread at a
 * time. Those that take a wsi or a context wait for the service thread, unless they are called in a callback; those that
 * take a vhost do not, except lws_tls_vhost_watch_cert().
 *
 * What is in a certificate is what the peer or its authority wrote. Compare lws_tls_peer_cert_info() with
 * LWS_TLS_CERT_INFO_VERIFIED before believing it.
 */
#ifndef GOLWS_LWS_X509_H
#define GOLWS_LWS_X509_H

/** What to ask of a certificate, and where in union lws_tls_cert_info_results the answer is. */
enum lws_tls_cert_info {
	LWS_TLS_CERT_INFO_VALIDITY_FROM = 0,	/**< time: when its validity begins */
	LWS_TLS_CERT_INFO_VALIDITY_TO = 1,	/**< time: when its validity ends */
	/**
	 * ns: common name of the subject, NUL-terminated, bytes outside printable ASCII as a backslash, x and two
	 * digits; without one the whole subject, "/C=.../O=...". Too long for the room: -1
	 */
	LWS_TLS_CERT_INFO_COMMON_NAME = 2,
	/** ns: name of the issuer, "/C=.../O=.../CN=...", NUL-terminated, cut to the room */
	LWS_TLS_CERT_INFO_ISSUER_NAME = 3,
	/**
	 * usage: bits of the key usage (RFC 5280 section 4.2.1.3): 0x80 digitalSignature to 0x01 encipherOnly, 0x8000
	 * decipherOnly; 0xFFFFFFFF: the certificate sets no limits
	 */
	LWS_TLS_CERT_INFO_USAGE = 4,
	LWS_TLS_CERT_INFO_VERIFIED = 5,		/**< verified: 1 if the certificate was found valid, 0 if the
						 * program accepted it nevertheless; peers only */
	LWS_TLS_CERT_INFO_OPAQUE_PUBLIC_KEY = 6,	/**< ns: SubjectPublicKeyInfo, DER; equal for equal keys */
	LWS_TLS_CERT_INFO_DER_RAW = 7		/**< ns: the certificate, DER; too large for the room: -1, and ns.len is
						 * its length */
};

/** An answer. For a name or DER longer than 64 bytes, it is the start of a larger buffer. */
union lws_tls_cert_info_results {
	unsigned int	verified;	/**< nonzero: yes */
	time_t		time;		/**< seconds since 1970 */
	unsigned int	usage;		/**< bits of the key usage */
	struct {
		int	len;		/**< how many bytes */
		char	name[64];	/**< the bytes; the room is what the argument len says */
	} ns;				/**< bytes or a text */
};

/** A certificate. */
struct lws_x509_cert;
struct lws_jwk;

/**
 * lws_x509_create() - make an object for a certificate
 *
 * \param x509: gets the object, which lws_x509_destroy() frees
 *
 * Returns 0, nonzero without memory.
 */
LWS_VISIBLE LWS_EXTERN int
lws_x509_create(struct lws_x509_cert **x509);

/**
 * lws_x509_parse_from_pem() - read a certificate
 *
 * \param x509: gets the certificate, in place of the one it had
 * \param pem: PEM text (RFC 7468), or DER; of several certificates the first is the subject and the others its chain
 * \param len: its length, with or without a NUL byte at the end
 *
 * Returns 0, nonzero for what is not a certificate, with a log line; x509 keeps what it had then.
 */
LWS_VISIBLE LWS_EXTERN int
lws_x509_parse_from_pem(struct lws_x509_cert *x509, const void *pem, size_t len);

/**
 * lws_x509_verify() - check that one certificate vouches for another
 *
 * \param x509: the certificate, with its chain
 * \param trusted: the issuer at the end of the chain
 * \param common_name: common name that the certificate has to have; NULL: any
 *
 * Returns 0 if the chain of signatures ends at trusted and the name is right, nonzero otherwise, and the log says why.
 * (libwebsockets compares names only and checks no signature.) When they are valid is not looked at, see
 * LWS_TLS_CERT_INFO_VALIDITY_TO.
 */
LWS_VISIBLE LWS_EXTERN int
lws_x509_verify(struct lws_x509_cert *x509, struct lws_x509_cert *trusted,
		const char *common_name);

/**
 * lws_x509_public_to_jwk() - the public key of a certificate
 *
 * \param jwk: gets the key, RSA or EC; what it held is not freed. lws_jwk_destroy() frees the elements.
 * \param x509: the certificate
 * \param curves: names of acceptable curves with commas between, such as "P-256,P-384"; NULL: no EC keys
 * \param rsabits: least length of an RSA modulus, bits
 *
 * Returns 0, nonzero for a key that is not acceptable or an error; jwk holds nothing then.
 */
LWS_VISIBLE LWS_EXTERN int
lws_x509_public_to_jwk(struct lws_jwk *jwk, struct lws_x509_cert *x509,
		       const char *curves, int rsabits);

/**
 * lws_x509_jwk_privkey_pem() - add the private part to a public key
 *
 * \param jwk: the public key, from lws_x509_public_to_jwk(); gets the private part
 * \param pem: private key, PEM text. It is zeroed, also after an error.
 * \param len: its length, with or without a NUL byte at the end
 * \param passphrase: of an encrypted key, NUL-terminated; NULL: none. The caller wipes it.
 *
 * Returns 0, nonzero for an error, such as a private key that does not belong to the public one; jwk keeps what it had
 * then.
 */
LWS_VISIBLE LWS_EXTERN int
lws_x509_jwk_privkey_pem(struct lws_jwk *jwk, void *pem, size_t len,
			 const char *passphrase);

/**
 * lws_x509_destroy() - free a certificate
 *
 * \param x509: the object, which becomes NULL; nothing happens if it is NULL
 */
LWS_VISIBLE LWS_EXTERN void
lws_x509_destroy(struct lws_x509_cert **x509);

/**
 * lws_x509_info() - ask a certificate
 *
 * \param x509: the certificate
 * \param type: what to ask; LWS_TLS_CERT_INFO_VERIFIED is an error
 * \param buf: gets the answer
 * \param len: room in buf->ns.name, bytes
 *
 * Returns 0, -1 when there is no certificate, no answer or too little room.
 */
LWS_VISIBLE LWS_EXTERN int
lws_x509_info(struct lws_x509_cert *x509, enum lws_tls_cert_info type,
	      union lws_tls_cert_info_results *buf, size_t len);

/**
 * lws_tls_peer_cert_info() - ask the certificate of a peer
 *
 * \param wsi: a connection, or a stream on one
 * \param type: what to ask
 * \param buf: gets the answer
 * \param len: room in buf->ns.name, bytes
 *
 * Returns 0, -1 when the peer gave no certificate, there is no TLS, no answer or too little room.
 */
LWS_VISIBLE LWS_EXTERN int
lws_tls_peer_cert_info(struct lws *wsi, enum lws_tls_cert_info type,
		       union lws_tls_cert_info_results *buf, size_t len);

/**
 * lws_tls_vhost_cert_info() - ask the certificate that a vhost presents
 *
 * \param vhost: the vhost
 * \param type: what to ask; LWS_TLS_CERT_INFO_VERIFIED is an error
 * \param buf: gets the answer
 * \param len: room in buf->ns.name, bytes
 *
 * Returns 0, -1 when it has no certificate, there is no answer or too little room.
 */
LWS_VISIBLE LWS_EXTERN int
lws_tls_vhost_cert_info(struct lws_vhost *vhost, enum lws_tls_cert_info type,
			union lws_tls_cert_info_results *buf, size_t len);

/**
 * lws_tls_acme_sni_cert_create() - make a self-signed certificate that a vhost presents from now on
 *
 * \param vhost: the vhost
 * \param san_a: a name that the certificate is for
 * \param san_b: another; NULL or "": none
 *
 * It is valid for an hour, for challenges of ACME that take place in the handshake. The library owns it; it goes with the
 * vhost. lws_tls_vhost_reload_cert() goes back to the certificate from files.
 *
 * Returns 0, nonzero for an error, such as a vhost without TLS.
 */
LWS_VISIBLE LWS_EXTERN int
lws_tls_acme_sni_cert_create(struct lws_vhost *vhost, const char *san_a,
			     const char *san_b);

/**
 * lws_tls_acme_sni_csr_create() - make a private key and a request for a certificate (RFC 2986)
 *
 * \param context: where random numbers come from
 * \param elements: LWS_TLS_REQ_ELEMENT_COUNT texts, by the LWS_TLS_REQ_ELEMENT_ indexes; NULL: left out, "": written as
 * "none"
 * \param csr: gets the request: base64url text of DER (RFC 4648 section 5), not NUL-terminated; 2400 bytes are enough
 * for names of usual length
 * \param csr_len: room there, bytes
 * \param privkey_pem: gets the key, PEM text, from malloc(): the caller wipes and frees it
 * \param privkey_len: gets its length, bytes
 *
 * Makes an RSA key of 4096 bits, which takes up to seconds: not on a service thread that has other connections.
 *
 * Returns the length of the request, negative for an error, and the caller has nothing to free then.
 */
LWS_VISIBLE LWS_EXTERN int
lws_tls_acme_sni_csr_create(struct lws_context *context, const char *elements[],
			    uint8_t *csr, size_t csr_len, char **privkey_pem,
			    size_t *privkey_len);

/**
 * lws_tls_cert_updated() - tell vhosts that their certificate is a new one
 *
 * \param context: the context
 * \param certpath: path of the certificate; vhosts that were created with these paths are meant
 * \param keypath: path of the private key
 * \param mem_cert: the certificate, PEM or DER, for the case that the files cannot be read; NULL: there is only the file
 * \param len_mem_cert: its length, bytes
 * \param mem_privkey: the private key, PEM or DER; NULL: there is only the file
 * \param len_mem_privkey: its length, bytes
 *
 * Where there are files of the same names with .upd behind them, as ACME clients leave them, these take the files' places
 * first; what was there gets a name that ends in .old.0 or a higher number.
 *
 * New connections get the new certificate; those that exist go on.
 *
 * Returns 0; nonzero when no vhost has these paths, or one could not use what is there: it keeps the certificate that it
 * has, and the log says why.
 */
LWS_VISIBLE LWS_EXTERN int
lws_tls_cert_updated(struct lws_context *context, const char *certpath,
		     const char *keypath,
		     const char *mem_cert, size_t len_mem_cert,
		     const char *mem_privkey, size_t len_mem_privkey);

/*
 * Additions of this library, which libwebsockets does not have: for what its users did with the objects of OpenSSL.
 */

/**
 * lws_tls_vhost_reload_cert() - give a vhost another certificate, or the one in its files
 *
 * \param vhost: the vhost
 * \param cert: certificate and chain, PEM or DER; NULL with key NULL: both are read again from where they came from when
 * the vhost was created, the authorities for clients too
 * \param cert_len: its length, bytes
 * \param key: private key, PEM or DER; NULL: it stands in cert, PEM. One that is encrypted has the password of
 * lws_context_creation_info.ssl_private_key_password.
 * \param key_len: its length, bytes
 *
 * The memory is copied. New connections get the new certificate at once; those that exist go on, and sessions can still be
 * resumed.
 *
 * In LWS_CALLBACK_OPENSSL_LOAD_EXTRA_SERVER_VERIFY_CERTS it sets what the vhost begins with. There and in
 * LWS_CALLBACK_OPENSSL_CONTEXT_REQUIRES_PRIVATE_KEY cert may be NULL and key not: a key for the certificate that is there;
 * whether it matches is found out afterwards.
 *
 * Returns 0; -1 when it cannot be used or the vhost has no TLS: the vhost keeps what it has, and the log says why.
 */
LWS_VISIBLE LWS_EXTERN int
lws_tls_vhost_reload_cert(struct lws_vhost *vhost, const void *cert, size_t cert_len,
			  const void *key, size_t key_len);

/**
 * lws_tls_vhost_watch_cert() - have a vhost's certificate reloaded when its files change
 *
 * \param vhost: the vhost; its certificate has to come from a file
 * \param secs: how often to look, seconds; 0: not any more
 *
 * The service thread looks at the times of the files and reloads them when one has changed, as
 * lws_tls_vhost_reload_cert() does. The vhost's protocols hear with LWS_CALLBACK_VHOST_CERT_UPDATE whether they could be
 * used. Write new files under other names and rename them, the certificate last: a pair that does not match is refused,
 * and tried again when a file has changed once more.
 *
 * Waits for the service thread. Returns 0; -1 for a vhost without a certificate from a file, or a negative time.
 */
LWS_VISIBLE LWS_EXTERN int
lws_tls_vhost_watch_cert(struct lws_vhost *vhost, int secs);

/**
 * lws_tls_vhost_add_trust_mem() - authorities that may vouch for the clients of a vhost
 *
 * \param vhost: the vhost
 * \param certs: certificates, PEM or DER, which are copied
 * \param len: their length, bytes
 *
 * Beside those of lws_context_creation_info.ssl_ca_filepath and server_ssl_ca_mem, from the next handshake on; with
 * LWS_SERVER_OPTION_REQUIRE_VALID_OPENSSL_CLIENT_CERT. The usual place is
 * LWS_CALLBACK_OPENSSL_LOAD_EXTRA_SERVER_VERIFY_CERTS, but it may be called at any time.
 *
 * Returns 0; -1 for what is no certificate, or a vhost without TLS, and the log says so.
 */
LWS_VISIBLE LWS_EXTERN int
lws_tls_vhost_add_trust_mem(struct lws_vhost *vhost, const void *certs, size_t len);

/**
 * lws_tls_accept_peer_cert() - take a peer's certificate although it is not valid
 *
 * \param wsi: the connection, in LWS_CALLBACK_OPENSSL_PERFORM_CLIENT_CERT_VERIFICATION or
 * LWS_CALLBACK_OPENSSL_PERFORM_SERVER_CERT_VERIFICATION
 *
 * For programs that judge by themselves, by the public key for instance. Besides, the callback has to return 0.
 *
 * Returns 0, -1 anywhere else.
 */
LWS_VISIBLE LWS_EXTERN int
lws_tls_accept_peer_cert(struct lws *wsi);

/**
 * lws_tls_peer_cert_error() - what is wrong with a peer's certificate
 *
 * \param wsi: the connection, in LWS_CALLBACK_OPENSSL_PERFORM_CLIENT_CERT_VERIFICATION or
 * LWS_CALLBACK_OPENSSL_PERFORM_SERVER_CERT_VERIFICATION
 * \param buf: gets a text for logs and a NUL byte, cut to the room; empty: nothing is wrong
 * \param len: room there, bytes
 *
 * Returns the length of the whole text, 0 for a valid certificate, -1 anywhere else.
 */
LWS_VISIBLE LWS_EXTERN int
lws_tls_peer_cert_error(struct lws *wsi, char *buf, size_t len);

/**
 * lws_tls_peer_chain_info() - ask the certificates that a peer has sent
 *
 * \param wsi: a connection, or a stream on one
 * \param depth: which: 0 is the peer's own, as with lws_tls_peer_cert_info(), 1 the next that it sent, and so on. They are
 * what the peer says; only a valid certificate has the one after it as its issuer.
 * \param type: what to ask
 * \param buf: gets the answer
 * \param len: room in buf->ns.name, bytes
 *
 * Returns 0, -1 when there are not so many, there is no answer or too little room.
 */
LWS_VISIBLE LWS_EXTERN int
lws_tls_peer_chain_info(struct lws *wsi, int depth, enum lws_tls_cert_info type,
			union lws_tls_cert_info_results *buf, size_t len);

#endif
