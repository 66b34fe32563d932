/** @file
 * JSON Web Keys (RFC 7517).
 *
 * A struct lws_jwk is a key of any type with what the JSON says about it. It lies in the caller's memory; its elements
 * are allocated by the library and freed, wiped, by lws_jwk_destroy(). Zero one with memset() before its first use.
 * Threads: see lws-gencrypto.h.
 */
#ifndef GOLWS_LWS_JWK_H
#define GOLWS_LWS_JWK_H

/** Members of a JSON Web Key that are not key material (RFC 7517 section 4). */
enum enum_jwk_meta_tok {
	JWK_META_KTY = 0,	/**< "kty": type of the key */
	JWK_META_KID = 1,	/**< "kid": identifier of the key */
	JWK_META_USE = 2,	/**< "use": "sig" or "enc" */
	JWK_META_KEY_OPS = 3,	/**< "key_ops": operations, with a space between */
	JWK_META_X5C = 4,	/**< "x5c": certificate (RFC 5280), DER */
	JWK_META_ALG = 5,	/**< "alg": the algorithm that the key is for */

	LWS_COUNT_JWK_ELEMENTS = 6	/**< how many there are */
};

/** A key. */
struct lws_jwk {
	struct lws_gencrypto_keyelem	e[LWS_GENCRYPTO_MAX_KEYEL_COUNT];	/**< key material */
	struct lws_gencrypto_keyelem	meta[LWS_COUNT_JWK_ELEMENTS];	/**< the rest, by enum enum_jwk_meta_tok */
	int				kty;		/**< enum lws_gencrypto_kty */
	char				private_key;	/**< nonzero: there is a private part (RSA, EC) */
};

/**
 * lws_jwk_key_import_callback - called for each key of a set
 *
 * s is the key, user what lws_jwk_import() was given. The key is destroyed when the callback returns; to keep it,
 * copy the struct and zero s. Nonzero ends the import.
 */
typedef int (*lws_jwk_key_import_callback)(struct lws_jwk *s, void *user);

/** State of an import, for parsers that meet a key inside other JSON. The fields are the library's. */
struct lws_jwk_parse_state {
	struct lws_jwk			*jwk;		/**< the key that is filled */
	char				b64[(((8192 / 8) * 4) / 3) + 1];	/**< text of a value, up to 8192 bits */
	lws_jwk_key_import_callback	per_key_cb;	/**< called for each key of a set */
	void				*user;		/**< its argument */
	int				pos;		/**< how much of b64 is filled */
	unsigned short			possible;	/**< types of keys that it can still be */
};

/**
 * lws_jwk_import() - read a key or a set of keys
 *
 * \param jwk: gets the key; what it held is not freed
 * \param cb: NULL: in is one key (RFC 7517 section 4). Otherwise in is a set, an object with a member "keys" (section
 * 5), and this is called with each, in jwk
 * \param user: for cb
 * \param in: the JSON, UTF-8
 * \param len: its length, bytes
 *
 * The key has to be complete and of one type: members of another type, missing members, or a private RSA key without
 * its primes are errors. Elements are limited to LWS_JWE_LIMIT_KEY_ELEMENT_BYTES.
 *
 * Returns 0; -1 for an error or when cb returned nonzero, and jwk holds nothing then.
 *
 * Not implemented yet.
 */
LWS_VISIBLE LWS_EXTERN int
lws_jwk_import(struct lws_jwk *jwk, lws_jwk_key_import_callback cb, void *user,
	       const char *in, size_t len);

/**
 * lws_jwk_destroy() - wipe and free what a key holds
 *
 * \param jwk: the key, zeroed or filled; afterwards it holds nothing
 */
LWS_VISIBLE LWS_EXTERN void
lws_jwk_destroy(struct lws_jwk *jwk);

/**
 * lws_jwk_dup_oct() - make a symmetric key of bytes
 *
 * \param jwk: gets the key; what it held is not freed
 * \param key: the bytes, which are copied
 * \param len: how many
 *
 * Returns 0, -1 without memory.
 *
 * Not implemented yet.
 */
LWS_VISIBLE LWS_EXTERN int
lws_jwk_dup_oct(struct lws_jwk *jwk, const void *key, int len);

/** For lws_jwk_export(): the private part too */
#define LWSJWKF_EXPORT_PRIVATE (1 << 0)
/** For lws_jwk_export(): no newline at the end */
#define LWSJWKF_EXPORT_NOCRLF (1 << 1)

/**
 * lws_jwk_export() - write a key as JSON
 *
 * \param jwk: the key
 * \param flags: LWSJWKF_EXPORT_ bits. Without LWSJWKF_EXPORT_PRIVATE the private part of an RSA or EC key is left out,
 * with "use" and the operations that need it; a symmetric key is written whole.
 * \param p: gets the JSON, its members in the order of RFC 7638, and a NUL byte
 * \param len: in: room there, bytes; out: less by what was used
 *
 * Returns the length of the JSON, negative for an error, such as too little room.
 *
 * Not implemented yet.
 */
LWS_VISIBLE LWS_EXTERN int
lws_jwk_export(struct lws_jwk *jwk, int flags, char *p, int *len);

/**
 * lws_jwk_load() - lws_jwk_import() from a file
 *
 * \param jwk: as for lws_jwk_import()
 * \param filename: path of the file, at most 4096 bytes of content
 * \param cb: as for lws_jwk_import()
 * \param user: as for lws_jwk_import()
 *
 * Reads the file at once: it may block. Returns 0, -1 for an error.
 *
 * Not implemented yet.
 */
LWS_VISIBLE LWS_EXTERN int
lws_jwk_load(struct lws_jwk *jwk, const char *filename,
	     lws_jwk_key_import_callback cb, void *user);

/**
 * lws_jwk_save() - write a key with its private part into a file
 *
 * \param jwk: the key
 * \param filename: path of the file, which is made, readable for its owner only, or replaced
 *
 * May block. Returns 0, -1 for an error.
 *
 * Not implemented yet.
 */
LWS_VISIBLE LWS_EXTERN int
lws_jwk_save(struct lws_jwk *jwk, const char *filename);

/**
 * lws_jwk_rfc7638_fingerprint() - SHA-256 thumbprint of a key
 *
 * \param jwk: the key
 * \param digest32: gets 32 bytes, not text
 *
 * The thumbprint of RFC 7638, if the key holds no more than the members that are required for its type: as
 * libwebsockets does, all public members are hashed.
 *
 * Returns 0, -1 for an error.
 *
 * Not implemented yet.
 */
LWS_VISIBLE LWS_EXTERN int
lws_jwk_rfc7638_fingerprint(struct lws_jwk *jwk, char *digest32);

/**
 * lws_jwk_strdup_meta() - set a member that is not key material
 *
 * \param jwk: the key; what the member held before is not freed
 * \param idx: which member
 * \param in: its value, which is copied
 * \param len: length of the value, bytes
 *
 * Returns 0, nonzero without memory.
 *
 * Not implemented yet.
 */
LWS_VISIBLE LWS_EXTERN int
lws_jwk_strdup_meta(struct lws_jwk *jwk, enum enum_jwk_meta_tok idx,
		    const char *in, int len);

/**
 * lws_jwk_dump() - log a key at level LLL_INFO, its private part too
 *
 * \param jwk: the key
 *
 * Returns 0, nonzero for a key of unknown type.
 *
 * Not implemented yet.
 */
LWS_VISIBLE LWS_EXTERN int
lws_jwk_dump(struct lws_jwk *jwk);

/**
 * lws_jwk_generate() - make a new key
 *
 * \param context: where random numbers come from
 * \param jwk: gets the key, with its private part; what it held is not freed
 * \param kty: type of the key
 * \param bits: OCT: length of the key; RSA: length of the modulus, which takes up to seconds
 * \param curve: EC: name of the curve, "P-256", "P-384" or "P-521"; otherwise ignored
 *
 * Returns 0, nonzero for an error; lws_jwk_destroy() is right after both.
 *
 * Not implemented yet.
 */
LWS_VISIBLE LWS_EXTERN int
lws_jwk_generate(struct lws_context *context, struct lws_jwk *jwk,
		 enum lws_gencrypto_kty kty, int bits, const char *curve);

#endif
