/** @file
 * Elliptic curves: key agreement (ECDH, NIST SP 800-56A) and signatures in the form of JWS (ECDSA, RFC 7518
 * section 3.4).
 *
 * Create, set or make keys, use, destroy. The functions that begin with lws_genecdh_ are for a context of
 * lws_genecdh_create(), those with lws_genecdsa_ for one of lws_genecdsa_create(); the others return an error.
 * Threads: see lws-gencrypto.h.
 */
#ifndef GOLWS_LWS_GENEC_H
#define GOLWS_LWS_GENEC_H

/** What a struct lws_genec_ctx is for. */
enum enum_genec_alg {
	LEGENEC_UNKNOWN = 0,	/**< nothing */
	LEGENEC_ECDH = 1,	/**< key agreement */
	LEGENEC_ECDSA = 2	/**< signatures */
};

/** Sides of a key agreement. */
enum enum_lws_dh_side {
	LDHS_OURS = 0,		/**< ours, with the private key */
	LDHS_THEIRS = 1		/**< the peer's, public */
};

/** A curve, in a table that ends with one whose name is NULL. */
struct lws_ec_curves {
	const char	*name;		/**< as in RFC 7518 section 6.2.1.1: "P-256" */
	int		tls_lib_nid;	/**< OpenSSL's number for it; curves are known by name here, so it is ignored */
	uint16_t	key_bytes;	/**< length of a coordinate, bytes */
};

/* OpenSSL's, in the interface by name only: the library has curves of its own. */
struct evp_pkey_ctx_st;

/** Keys in use. It lies in the caller's memory; the fields are the library's. */
struct lws_genec_ctx {
	struct evp_pkey_ctx_st		*ctx[2];	/**< places of an EVP_PKEY_CTX for each side */
	struct lws_context		*context;	/**< where random numbers come from */
	const struct lws_ec_curves	*curve_table;	/**< which curves are allowed, see lws_genecdh_create() */
	enum enum_genec_alg		genec_alg;	/**< what it is for */
	char				has_private;	/**< nonzero: there is a private key */
};

/**
 * lws_genecdh_create() - begin a key agreement
 *
 * \param ctx: what is initialised; its content before does not matter
 * \param context: where random numbers come from
 * \param curve_table: which curves are allowed; it has to stay until lws_genec_destroy(). NULL: P-256, P-384, P-521
 *
 * Returns 0, and lws_genec_destroy() has to follow; nonzero for an error.
 *
 * Not implemented yet.
 */
LWS_VISIBLE LWS_EXTERN int
lws_genecdh_create(struct lws_genec_ctx *ctx, struct lws_context *context,
		   const struct lws_ec_curves *curve_table);

/**
 * lws_genecdh_set_key() - set the key of a side
 *
 * \param ctx: a key agreement
 * \param el: LWS_GENCRYPTO_EC_KEYEL_COUNT elements, which are copied; X, Y and, if there is one, D have the length
 * of the curve's coordinates
 * \param side: whose key it is
 *
 * Returns 0; negative for an error: a curve that is not allowed, wrong lengths, a point that is not on the curve.
 *
 * Not implemented yet.
 */
LWS_VISIBLE LWS_EXTERN int
lws_genecdh_set_key(struct lws_genec_ctx *ctx, struct lws_gencrypto_keyelem *el,
		    enum enum_lws_dh_side side);

/**
 * lws_genecdh_new_keypair() - make a new key for a side
 *
 * \param ctx: a key agreement
 * \param side: whose key it is to be
 * \param curve_name: name of the curve
 * \param el: LWS_GENCRYPTO_EC_KEYEL_COUNT elements, all of which are allocated; lws_genec_destroy_elements() frees them
 *
 * Returns 0, negative for an error, such as a curve that is not allowed.
 *
 * Not implemented yet.
 */
LWS_VISIBLE LWS_EXTERN int
lws_genecdh_new_keypair(struct lws_genec_ctx *ctx, enum enum_lws_dh_side side,
			const char *curve_name, struct lws_gencrypto_keyelem *el);

/**
 * lws_genecdh_compute_shared_secret() - the secret that both sides know
 *
 * \param ctx: a key agreement with both keys set, ours with its private part
 * \param ss: gets the secret: coordinate x of the shared point. Derive keys from it, do not use it as one.
 * \param ss_len: in: room there; out: length of the secret, that of the curve's coordinates
 *
 * Returns 0; negative for an error, such as too little room or keys on different curves.
 *
 * Not implemented yet.
 */
LWS_VISIBLE LWS_EXTERN int
lws_genecdh_compute_shared_secret(struct lws_genec_ctx *ctx, uint8_t *ss,
				  int *ss_len);

/**
 * lws_genecdsa_create() - prepare for signatures
 *
 * \param ctx: what is initialised; its content before does not matter
 * \param context: where random numbers come from
 * \param curve_table: which curves are allowed; it has to stay until lws_genec_destroy(). NULL: P-256, P-384, P-521
 *
 * Returns 0, and lws_genec_destroy() has to follow; nonzero for an error.
 *
 * Not implemented yet.
 */
LWS_VISIBLE LWS_EXTERN int
lws_genecdsa_create(struct lws_genec_ctx *ctx, struct lws_context *context,
		    const struct lws_ec_curves *curve_table);

/**
 * lws_genecdsa_new_keypair() - make a new key for signatures
 *
 * \param ctx: from lws_genecdsa_create()
 * \param curve_name: name of the curve
 * \param el: LWS_GENCRYPTO_EC_KEYEL_COUNT elements, all of which are allocated; lws_genec_destroy_elements() frees them
 *
 * Returns 0, negative for an error, such as a curve that is not allowed.
 *
 * Not implemented yet.
 */
LWS_VISIBLE LWS_EXTERN int
lws_genecdsa_new_keypair(struct lws_genec_ctx *ctx, const char *curve_name,
			 struct lws_gencrypto_keyelem *el);

/**
 * lws_genecdsa_set_key() - set the key for signatures
 *
 * \param ctx: from lws_genecdsa_create()
 * \param el: as for lws_genecdh_set_key(); D is needed for signing only
 *
 * Returns 0, negative for an error, as lws_genecdh_set_key().
 *
 * Not implemented yet.
 */
LWS_VISIBLE LWS_EXTERN int
lws_genecdsa_set_key(struct lws_genec_ctx *ctx,
		     struct lws_gencrypto_keyelem *el);

/**
 * lws_genecdsa_hash_sig_verify_jws() - check the signature of a hash
 *
 * \param ctx: from lws_genecdsa_create(), with a key
 * \param in: the hash, lws_genhash_size() bytes, which the caller has made of what was signed
 * \param hash_type: which hash it is
 * \param keybits: bits of the curve: 256, 384 or 521
 * \param sig: the signature: R and S, one after the other, each as long as a coordinate. TLS and X.509 put the
 * numbers into DER instead; such a signature is not accepted.
 * \param sig_len: its length: 64, 96 or 132 bytes
 *
 * Returns 0 if the signature is right, negative if it is not or there was an error.
 *
 * Not implemented yet.
 */
LWS_VISIBLE LWS_EXTERN int
lws_genecdsa_hash_sig_verify_jws(struct lws_genec_ctx *ctx, const uint8_t *in,
				 enum lws_genhash_types hash_type, int keybits,
				 const uint8_t *sig, size_t sig_len);

/**
 * lws_genecdsa_hash_sign_jws() - sign a hash
 *
 * \param ctx: from lws_genecdsa_create(), with a private key
 * \param in: the hash, lws_genhash_size() bytes, which the caller has made of what is to be signed
 * \param hash_type: which hash it is
 * \param keybits: bits of the curve: 256, 384 or 521
 * \param sig: gets R and S, one after the other, each as long as a coordinate
 * \param sig_len: room there: at least 64, 96 or 132 bytes
 *
 * Returns 0, negative for an error.
 *
 * Not implemented yet.
 */
LWS_VISIBLE LWS_EXTERN int
lws_genecdsa_hash_sign_jws(struct lws_genec_ctx *ctx, const uint8_t *in,
			   enum lws_genhash_types hash_type, int keybits,
			   uint8_t *sig, size_t sig_len);

/**
 * lws_genec_destroy() - free and wipe the keys in use
 *
 * \param ctx: from lws_genecdh_create() or lws_genecdsa_create()
 *
 * The elements that keys were set from or put into stay.
 *
 * Not implemented yet.
 */
LWS_VISIBLE LWS_EXTERN void
lws_genec_destroy(struct lws_genec_ctx *ctx);

/**
 * lws_genec_destroy_elements() - free the elements of an elliptic curve key
 *
 * \param el: LWS_GENCRYPTO_EC_KEYEL_COUNT elements that the library allocated
 *
 * Each is freed and its pointer set to NULL.
 *
 * Not implemented yet.
 */
LWS_VISIBLE LWS_EXTERN void
lws_genec_destroy_elements(struct lws_gencrypto_keyelem *el);

/**
 * lws_genec_dump() - log the elements of an elliptic curve key at level LLL_INFO, the private one too
 *
 * \param el: LWS_GENCRYPTO_EC_KEYEL_COUNT elements
 *
 * Returns 0.
 *
 * Not implemented yet.
 */
LWS_VISIBLE LWS_EXTERN int
lws_genec_dump(struct lws_gencrypto_keyelem *el);

#endif
