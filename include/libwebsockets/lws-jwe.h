/** @file
 * JSON Web Encryption (RFC 7516).
 *
 * To decrypt: lws_jwe_init(), the recipient's key into jwk, lws_jwe_json_parse() or lws_jws_compact_decode() for the
 * parts, lws_jwe_auth_and_decrypt(), lws_jwe_destroy(). To encrypt: lws_jwe_init(), the key into jwk, header and
 * plaintext into jws.map, lws_jwe_encrypt() once for each recipient, lws_jwe_render_compact() or
 * lws_jwe_render_flattened(), lws_jwe_destroy().
 *
 * Algorithms: RSA1_5 and RSA-OAEP with AES-CBC and HMAC or with AES-GCM; AES key wrap and ECDH-ES, with and without key
 * wrap, with AES-CBC and HMAC (RFC 7518 sections 4 and 5). Threads: see lws-gencrypto.h; temp and temp_len: see
 * lws-jws.h.
 */
#ifndef GOLWS_LWS_JWE_H
#define GOLWS_LWS_JWE_H

/** How much longer AES key wrap makes a key, bytes. */
#define LWS_JWE_RFC3394_OVERHEAD_BYTES 8
/** Length of an initialisation vector of AES-CBC, bytes. */
#define LWS_JWE_AES_IV_BYTES 16

/** Longest modulus of RSA, bits. */
#define LWS_JWE_LIMIT_RSA_KEY_BITS 4096
/** Longest AES key: two of 256 bits, wrapped. */
#define LWS_JWE_LIMIT_AES_KEY_BITS (512 + 64)
/** Longest coordinate of a curve: 521 bits in whole bytes. */
#define LWS_JWE_LIMIT_EC_KEY_BITS 528
/** Longest hash, bits. */
#define LWS_JWE_LIMIT_HASH_BITS (LWS_GENHASH_LARGEST * 8)

/** Longest element of a key, bytes. */
#define LWS_JWE_LIMIT_KEY_ELEMENT_BYTES (LWS_JWE_LIMIT_RSA_KEY_BITS / 8)

/** An encrypted object in the making. It lies in the caller's memory. */
struct lws_jwe {
	struct lws_jose	jose;	/**< the header */
	struct lws_jws	jws;	/**< the parts, by LJWE_; its jwk points to the field below */
	struct lws_jwk	jwk;	/**< the key; lws_jwe_destroy() frees it */

	uint8_t		cek[LWS_JWE_LIMIT_KEY_ELEMENT_BYTES];	/**< key of the content, kept for further recipients */
	unsigned int	cek_valid:1;	/**< there is one in cek */

	int		recip;	/**< index of the recipient that is dealt with */
};

/**
 * lws_jwe_init() - make an empty object
 *
 * \param jwe: what is initialised; its content before does not matter
 * \param context: where random numbers come from
 *
 * Not implemented yet.
 */
LWS_VISIBLE LWS_EXTERN void
lws_jwe_init(struct lws_jwe *jwe, struct lws_context *context);

/**
 * lws_jwe_destroy() - wipe an object and free its keys
 *
 * \param jwe: the object
 *
 * The memory that jws.map points to is zeroed, except the header, so it has to exist still.
 *
 * Not implemented yet.
 */
LWS_VISIBLE LWS_EXTERN void
lws_jwe_destroy(struct lws_jwe *jwe);

/**
 * lws_jwe_be64() - write a number, most significant byte first
 *
 * \param c: the number
 * \param p8: gets 8 bytes
 *
 * Not implemented yet.
 */
LWS_VISIBLE LWS_EXTERN void
lws_jwe_be64(uint64_t c, uint8_t *p8);

/**
 * lws_jwe_render_compact() - write the compact form (RFC 7516 section 7.1)
 *
 * \param jwe: an encrypted object with one recipient and the whole header protected
 * \param out: gets the text and a NUL byte
 * \param out_len: room there, bytes
 *
 * Returns how many bytes were written, -1 for an error, such as too little room or several recipients.
 *
 * Not implemented yet.
 */
LWS_VISIBLE LWS_EXTERN int
lws_jwe_render_compact(struct lws_jwe *jwe, char *out, size_t out_len);

/**
 * lws_jwe_render_flattened() - write the flattened JSON form (RFC 7516 section 7.2.2)
 *
 * \param jwe: an encrypted object
 * \param out: gets the JSON and a NUL byte
 * \param out_len: room there, bytes
 *
 * Returns the length of the JSON, -1 for an error, such as too little room.
 *
 * Not implemented yet.
 */
LWS_VISIBLE LWS_EXTERN int
lws_jwe_render_flattened(struct lws_jwe *jwe, char *out, size_t out_len);

/**
 * lws_jwe_json_parse() - take the flattened JSON form apart and decode the parts
 *
 * \param jwe: from lws_jwe_init(); jws.map and jws.map_b64 get the parts, in temp
 * \param buf: the object
 * \param len: its length, bytes
 * \param temp: memory for the parts
 * \param temp_len: see lws-jws.h
 *
 * Returns 0, -1 for an error, such as what is not JSON or not base64url, or too little room.
 *
 * Not implemented yet.
 */
LWS_VISIBLE LWS_EXTERN int
lws_jwe_json_parse(struct lws_jwe *jwe, const uint8_t *buf, int len,
		   char *temp, int *temp_len);

/**
 * lws_jwe_auth_and_decrypt() - check the authentication tag and decrypt
 *
 * \param jwe: with all parts in jws.map and jws.map_b64, and the recipient's private or symmetric key in jwk
 * \param temp: memory for what is in the header
 * \param temp_len: see lws-jws.h
 *
 * The header is parsed and says how. The plaintext takes the place of the ciphertext: jws.map.buf[LJWE_CTXT],
 * jws.map.len[LJWE_CTXT].
 *
 * Returns the length of the plaintext; -1 for an error: wrong tag or key, or algorithms that do not go together. Do not
 * let a peer see which (RFC 7516 section 11.5).
 *
 * Not implemented yet.
 */
LWS_VISIBLE LWS_EXTERN int
lws_jwe_auth_and_decrypt(struct lws_jwe *jwe, char *temp, int *temp_len);

/**
 * lws_jwe_encrypt() - encrypt for a recipient
 *
 * \param jwe: with header and plaintext in jws.map at LJWE_JOSE and LJWE_CTXT, and the recipient's key in jwk
 * \param temp: memory for the other parts
 * \param temp_len: see lws-jws.h
 *
 * The first call makes the content's key and encrypts the plaintext, in its place: there has to be room for the
 * padding, so use lws_jws_dup_element() with lws_gencrypto_padded_length() as actual_alloc. Further calls, up to
 * LWS_JWS_MAX_RECIPIENTS in all, only encrypt the content's key with the key that is in jwk then.
 *
 * Returns 0 or more, negative for an error, such as too little room or algorithms that do not go together.
 *
 * Not implemented yet.
 */
LWS_VISIBLE LWS_EXTERN int
lws_jwe_encrypt(struct lws_jwe *jwe, char *temp, int *temp_len);

/**
 * lws_jwe_create_packet() - make a signed request as ACME servers of old take it
 *
 * \param jwe: with the key in jwk, and the signature algorithm in jose.alg
 * \param payload: the payload, JSON
 * \param len: its length, bytes
 * \param nonce: what the server gave as nonce
 * \param out: gets the JSON and a NUL byte
 * \param out_len: room there, bytes
 * \param context: where random numbers come from
 *
 * Despite its name it encrypts nothing: the result is a JWS, flattened JSON, with the public key and the nonce in the
 * protected header (RFC 8555 section 6.2 asks for "url" too, which it does not write).
 *
 * Returns the length of the JSON, -1 for an error.
 *
 * Not implemented yet.
 */
LWS_VISIBLE LWS_EXTERN int
lws_jwe_create_packet(struct lws_jwe *jwe,
		      const char *payload, size_t len, const char *nonce,
		      char *out, size_t out_len, struct lws_context *context);

/**
 * lws_jwe_auth_and_decrypt_cbc_hs() - check and decrypt AES-CBC with HMAC (RFC 7518 section 5.2)
 *
 * \param jwe: with the parsed header in jose and all parts in jws.map
 * \param enc_cek: the content's key: the key of the HMAC, then that of AES
 * \param aad: additional authenticated data, usually the base64url text of the header
 * \param aad_len: its length, bytes
 *
 * A step of lws_jwe_auth_and_decrypt(), public for test vectors.
 *
 * Returns the length of the plaintext, which takes the place of the ciphertext, -1 for an error.
 *
 * Not implemented yet.
 */
LWS_VISIBLE LWS_EXTERN int
lws_jwe_auth_and_decrypt_cbc_hs(struct lws_jwe *jwe, uint8_t *enc_cek,
				uint8_t *aad, int aad_len);

/**
 * lws_jwa_concat_kdf() - derive a key from an agreed secret (RFC 7518 section 4.6.2)
 *
 * \param jwe: with the parsed header in jose
 * \param direct: nonzero: the content's key, for "ECDH-ES"; zero: a key that wraps it
 * \param out: gets the key; room for its length rounded up to a multiple of 32 bytes
 * \param shared_secret: the secret, from lws_genecdh_compute_shared_secret()
 * \param sslen: its length, bytes
 *
 * A step of lws_jwe_auth_and_decrypt(), public for test vectors.
 *
 * Returns 0, -1 for an error.
 *
 * Not implemented yet.
 */
LWS_VISIBLE LWS_EXTERN int
lws_jwa_concat_kdf(struct lws_jwe *jwe, int direct,
		   uint8_t *out, const uint8_t *shared_secret, int sslen);

#endif
