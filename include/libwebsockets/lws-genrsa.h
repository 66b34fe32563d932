/** @file
 * RSA (RFC 8017): encryption and signatures with a key given as elements.
 *
 * Lengths: with a modulus of k bytes, a signature and a ciphertext have k bytes, and one operation takes at most
 * k - 11 bytes of plaintext with PKCS #1 v1.5 padding, k - 2 - 2 * (hash length) with OAEP. Threads: see
 * lws-gencrypto.h.
 */
#ifndef GOLWS_LWS_GENRSA_H
#define GOLWS_LWS_GENRSA_H

/** Padding. */
enum enum_genrsa_mode {
	LGRSAM_PKCS1_1_5 = 0,		/**< RSAES-PKCS1-v1_5 and RSASSA-PKCS1-v1_5: for protocols that ask for it */
	LGRSAM_PKCS1_OAEP_PSS = 1,	/**< RSAES-OAEP and RSASSA-PSS: for everything new */

	LGRSAM_COUNT = 2		/**< how many there are */
};

/* OpenSSL's, in the interface by name only: the library has an RSA of its own. */
struct bignum_st;
struct evp_pkey_ctx_st;
struct rsa_st;

/** A key in use. It lies in the caller's memory; the fields are the library's. */
struct lws_genrsa_ctx {
	struct bignum_st		*bn[LWS_GENCRYPTO_RSA_KEYEL_COUNT];	/**< places of BIGNUMs */
	struct evp_pkey_ctx_st		*ctx;	/**< place of an EVP_PKEY_CTX */
	struct rsa_st			*rsa;	/**< place of an RSA */
	struct lws_context		*context;	/**< where random numbers come from */
	enum enum_genrsa_mode		mode;	/**< padding */
};

/**
 * lws_genrsa_create() - take a key into use
 *
 * \param ctx: what is initialised; its content before does not matter
 * \param el: LWS_GENCRYPTO_RSA_KEYEL_COUNT elements, which are copied. E and N are needed; D, P and Q for private
 * operations
 * \param context: where random numbers come from
 * \param mode: padding
 * \param oaep_hashid: hash of OAEP, LWS_GENHASH_TYPE_UNKNOWN for SHA-1, which most protocols mean by OAEP
 *
 * Returns 0, and lws_genrsa_destroy() has to follow; nonzero for an error, and there is nothing to destroy.
 *
 * Not implemented yet.
 */
LWS_VISIBLE LWS_EXTERN int
lws_genrsa_create(struct lws_genrsa_ctx *ctx, struct lws_gencrypto_keyelem *el,
		  struct lws_context *context, enum enum_genrsa_mode mode,
		  enum lws_genhash_types oaep_hashid);

/**
 * lws_genrsa_destroy_elements() - free the elements of an RSA key
 *
 * \param el: LWS_GENCRYPTO_RSA_KEYEL_COUNT elements that the library allocated, as lws_genrsa_new_keypair() does
 *
 * Each is freed and its pointer set to NULL. Not for the elements of a struct lws_jwk that lws_jwk_destroy() frees.
 *
 * Not implemented yet.
 */
LWS_VISIBLE LWS_EXTERN void
lws_genrsa_destroy_elements(struct lws_gencrypto_keyelem *el);

/**
 * lws_genrsa_new_keypair() - make a new key and take it into use
 *
 * \param context: where random numbers come from
 * \param ctx: what is initialised with the key; its content before does not matter
 * \param mode: padding
 * \param el: LWS_GENCRYPTO_RSA_KEYEL_COUNT elements; those of the key are allocated, lws_genrsa_destroy_elements()
 * frees them
 * \param bits: length of the modulus, at least 2048 for anything that is to be secure
 *
 * Finding the primes takes from tenths of a second to several seconds, so keep it off the service thread.
 *
 * Returns 0, and lws_genrsa_destroy() has to follow; nonzero for an error, and there is nothing to destroy or free.
 *
 * Not implemented yet.
 */
LWS_VISIBLE LWS_EXTERN int
lws_genrsa_new_keypair(struct lws_context *context, struct lws_genrsa_ctx *ctx,
		       enum enum_genrsa_mode mode, struct lws_gencrypto_keyelem *el,
		       int bits);

/**
 * lws_genrsa_public_encrypt() - encrypt so that only the holder of the private key can read
 *
 * \param ctx: a key, public or private
 * \param in: plaintext
 * \param in_len: its length; the file's head says how long it may be
 * \param out: gets the ciphertext: as many bytes as the modulus has
 *
 * Returns the length of the ciphertext, negative for an error.
 *
 * Not implemented yet.
 */
LWS_VISIBLE LWS_EXTERN int
lws_genrsa_public_encrypt(struct lws_genrsa_ctx *ctx, const uint8_t *in,
			  size_t in_len, uint8_t *out);

/**
 * lws_genrsa_private_encrypt() - apply the private key to padded bytes
 *
 * \param ctx: a private key, LGRSAM_PKCS1_1_5
 * \param in: what lws_genrsa_public_decrypt() is to give back
 * \param in_len: its length
 * \param out: gets as many bytes as the modulus has
 *
 * A signature without the name of a hash in it; for protocols that define themselves so. lws_genrsa_hash_sign() makes
 * real signatures.
 *
 * Returns the length of the result, negative for an error.
 *
 * Not implemented yet.
 */
LWS_VISIBLE LWS_EXTERN int
lws_genrsa_private_encrypt(struct lws_genrsa_ctx *ctx, const uint8_t *in,
			   size_t in_len, uint8_t *out);

/**
 * lws_genrsa_public_decrypt() - undo lws_genrsa_private_encrypt()
 *
 * \param ctx: a key, public or private, LGRSAM_PKCS1_1_5
 * \param in: the bytes
 * \param in_len: their length, that of the modulus
 * \param out: gets what was padded
 * \param out_max: room there, bytes
 *
 * Returns the length of the result, negative for an error, such as wrong padding or too little room.
 *
 * Not implemented yet.
 */
LWS_VISIBLE LWS_EXTERN int
lws_genrsa_public_decrypt(struct lws_genrsa_ctx *ctx, const uint8_t *in,
			  size_t in_len, uint8_t *out, size_t out_max);

/**
 * lws_genrsa_private_decrypt() - decrypt
 *
 * \param ctx: a private key
 * \param in: ciphertext
 * \param in_len: its length, that of the modulus
 * \param out: gets the plaintext
 * \param out_max: room there, bytes
 *
 * With LGRSAM_PKCS1_1_5 do not let a peer see whether it failed, nor how long it took (RFC 8017 section 7.2.2).
 *
 * Returns the length of the plaintext, negative for an error, such as wrong padding or too little room.
 *
 * Not implemented yet.
 */
LWS_VISIBLE LWS_EXTERN int
lws_genrsa_private_decrypt(struct lws_genrsa_ctx *ctx, const uint8_t *in,
			   size_t in_len, uint8_t *out, size_t out_max);

/**
 * lws_genrsa_hash_sig_verify() - check the signature of a hash
 *
 * \param ctx: a key, public or private
 * \param in: the hash, lws_genhash_size() bytes, which the caller has made of what was signed
 * \param hash_type: which hash it is
 * \param sig: the signature
 * \param sig_len: its length, bytes
 *
 * Returns 0 if the signature is right, negative if it is not or there was an error.
 *
 * Not implemented yet.
 */
LWS_VISIBLE LWS_EXTERN int
lws_genrsa_hash_sig_verify(struct lws_genrsa_ctx *ctx, const uint8_t *in,
			   enum lws_genhash_types hash_type,
			   const uint8_t *sig, size_t sig_len);

/**
 * lws_genrsa_hash_sign() - sign a hash
 *
 * \param ctx: a private key
 * \param in: the hash, lws_genhash_size() bytes, which the caller has made of what is to be signed
 * \param hash_type: which hash it is
 * \param sig: gets the signature
 * \param sig_len: room there, at least the length of the modulus
 *
 * Returns the length of the signature, negative for an error.
 *
 * Not implemented yet.
 */
LWS_VISIBLE LWS_EXTERN int
lws_genrsa_hash_sign(struct lws_genrsa_ctx *ctx, const uint8_t *in,
		     enum lws_genhash_types hash_type,
		     uint8_t *sig, size_t sig_len);

/**
 * lws_genrsa_destroy() - take a key out of use
 *
 * \param ctx: the key; nothing happens if it was destroyed already
 *
 * The elements that it was created from stay.
 *
 * Not implemented yet.
 */
LWS_VISIBLE LWS_EXTERN void
lws_genrsa_destroy(struct lws_genrsa_ctx *ctx);

/**
 * lws_genrsa_render_pkey_asn1() - write a key as DER
 *
 * \param ctx: the key
 * \param _private: nonzero: RSAPrivateKey, zero: RSAPublicKey (RFC 8017 appendix A.1)
 * \param pkey_asn1: gets the DER
 * \param pkey_asn1_len: room there, bytes
 *
 * Returns the length of the DER, negative for an error.
 *
 * Not in this configuration.
 */
LWS_VISIBLE LWS_EXTERN int
lws_genrsa_render_pkey_asn1(struct lws_genrsa_ctx *ctx, int _private,
			    uint8_t *pkey_asn1, size_t pkey_asn1_len);

#endif
