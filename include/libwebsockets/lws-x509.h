/** @file
 * Certificates (X.509, RFC 5280): what is in them, of peers, of vhosts and of files; new ones; and ACME's needs.
 *
 * Threads: the lws_x509_ functions may be called from any thread, an object being used by one thread at a time. The
 * lws_tls_ functions concern a connection, a vhost or a context, and wait for its service thread as others do.
 */
#ifndef GOLWS_LWS_X509_H
#define GOLWS_LWS_X509_H

/** What to ask of a certificate, and where in union lws_tls_cert_info_results the answer is. */
enum lws_tls_cert_info {
	LWS_TLS_CERT_INFO_VALIDITY_FROM = 0,	/**< time: when its validity begins */
	LWS_TLS_CERT_INFO_VALIDITY_TO = 1,	/**< time: when its validity ends */
	LWS_TLS_CERT_INFO_COMMON_NAME = 2,	/**< ns: common name of the subject, NUL-terminated */
	LWS_TLS_CERT_INFO_ISSUER_NAME = 3,	/**< ns: name of the issuer, "/C=.../O=.../CN=...", NUL-terminated */
	LWS_TLS_CERT_INFO_USAGE = 4,		/**< usage: bits of the key usage (RFC 5280 section 4.2.1.3) */
	LWS_TLS_CERT_INFO_VERIFIED = 5,		/**< verified: nonzero if the certificate was accepted; peers only */
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
 *
 * Not implemented yet.
 */
LWS_VISIBLE LWS_EXTERN int
lws_x509_create(struct lws_x509_cert **x509);

/**
 * lws_x509_parse_from_pem() - read a certificate
 *
 * \param x509: gets the certificate, in place of the one it had
 * \param pem: PEM text (RFC 7468); of several certificates the first is the subject and the others its chain
 * \param len: its length, with or without a NUL byte at the end
 *
 * Returns 0, nonzero for what is not a certificate.
 *
 * Not implemented yet.
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
 * Returns 0 if the chain of signatures ends at trusted and the name is right, nonzero otherwise.
 *
 * Not implemented yet.
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
 *
 * Not implemented yet.
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
 * Returns 0, nonzero for an error, such as a private key that does not belong to the public one.
 *
 * Not implemented yet.
 */
LWS_VISIBLE LWS_EXTERN int
lws_x509_jwk_privkey_pem(struct lws_jwk *jwk, void *pem, size_t len,
			 const char *passphrase);

/**
 * lws_x509_destroy() - free a certificate
 *
 * \param x509: the object, which becomes NULL; nothing happens if it is NULL
 *
 * Not implemented yet.
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
 *
 * Not implemented yet.
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
 *
 * Not implemented yet.
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
 *
 * Not implemented yet.
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
 * It is valid for an hour, for the old TLS-SNI challenge of ACME. The library owns it; it goes with the vhost.
 *
 * Returns 0, nonzero for an error.
 *
 * Not implemented yet.
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
 * \param csr: gets the request: base64url text of DER, not NUL-terminated
 * \param csr_len: room there, bytes
 * \param privkey_pem: gets the key, PEM text, from malloc(): the caller wipes and frees it
 * \param privkey_len: gets its length, bytes
 *
 * Makes an RSA key, which takes up to seconds.
 *
 * Returns the length of the request, negative for an error, and the caller has nothing to free then.
 *
 * Not implemented yet.
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
 * \param mem_cert: the certificate, PEM; NULL: it is read from certpath
 * \param len_mem_cert: its length, bytes
 * \param mem_privkey: the private key, PEM; NULL: it is read from keypath
 * \param len_mem_privkey: its length, bytes
 *
 * New connections get the new certificate; those that exist go on.
 *
 * Returns 0, nonzero for an error; the vhost keeps the certificate that it has then.
 *
 * Not implemented yet.
 */
LWS_VISIBLE LWS_EXTERN int
lws_tls_cert_updated(struct lws_context *context, const char *certpath,
		     const char *keypath,
		     const char *mem_cert, size_t len_mem_cert,
		     const char *mem_privkey, size_t len_mem_privkey);

#endif
