/** @file
 * Hashes (RFC 1321, FIPS 180-4) and HMACs of them (RFC 2104).
 *
 * Init, any number of updates, destroy: the result is the same however the input is cut into updates. After an init
 * that succeeded, destroy is called exactly once, also after an error. Threads: see lws-gencrypto.h.
 */
#ifndef GOLWS_LWS_GENHASH_H
#define GOLWS_LWS_GENHASH_H

/** Hash functions. */
enum lws_genhash_types {
	LWS_GENHASH_TYPE_UNKNOWN = 0,	/**< none */
	LWS_GENHASH_TYPE_MD5 = 1,	/**< 16 bytes; broken, for old protocols only */
	LWS_GENHASH_TYPE_SHA1 = 2,	/**< 20 bytes; broken where signatures depend on it */
	LWS_GENHASH_TYPE_SHA256 = 3,	/**< 32 bytes */
	LWS_GENHASH_TYPE_SHA384 = 4,	/**< 48 bytes */
	LWS_GENHASH_TYPE_SHA512 = 5	/**< 64 bytes */
};

/** HMACs, by the hash that they are made of. */
enum lws_genhmac_types {
	LWS_GENHMAC_TYPE_UNKNOWN = 0,	/**< none */
	LWS_GENHMAC_TYPE_SHA256 = 1,	/**< 32 bytes */
	LWS_GENHMAC_TYPE_SHA384 = 2,	/**< 48 bytes */
	LWS_GENHMAC_TYPE_SHA512 = 3	/**< 64 bytes */
};

/** Length of the longest of these results, bytes. */
#define LWS_GENHASH_LARGEST 64

/* OpenSSL's, in the interface by name only: the library has hashes of its own. */
struct evp_md_st;
struct evp_md_ctx_st;
struct evp_pkey_st;

/** A hash in progress. It lies in the caller's memory; the fields are the library's. */
struct lws_genhash_ctx {
	uint8_t				type;		/**< enum lws_genhash_types */
	const struct evp_md_st		*evp_type;	/**< place of an EVP_MD */
	struct evp_md_ctx_st		*mdctx;		/**< place of an EVP_MD_CTX */
};

/** An HMAC in progress. It lies in the caller's memory; the fields are the library's. */
struct lws_genhmac_ctx {
	uint8_t				type;		/**< enum lws_genhmac_types */
	const struct evp_md_st		*evp_type;	/**< place of an EVP_MD */
	struct evp_md_ctx_st		*ctx;		/**< place of an EVP_MD_CTX */
	struct evp_pkey_st		*key;		/**< place of an EVP_PKEY */
};

/**
 * lws_genhash_size() - length of a hash
 *
 * \param type: the hash function
 *
 * Returns bytes, 0 for an unknown type.
 *
 * Not implemented yet.
 */
LWS_VISIBLE LWS_EXTERN size_t LWS_WARN_UNUSED_RESULT
lws_genhash_size(enum lws_genhash_types type);

/**
 * lws_genhmac_size() - length of an HMAC
 *
 * \param type: the HMAC
 *
 * Returns bytes, 0 for an unknown type.
 *
 * Not implemented yet.
 */
LWS_VISIBLE LWS_EXTERN size_t LWS_WARN_UNUSED_RESULT
lws_genhmac_size(enum lws_genhmac_types type);

/**
 * lws_genhash_init() - begin a hash
 *
 * \param ctx: what is initialised; its content before does not matter
 * \param type: the hash function
 *
 * Returns 0; nonzero for an unknown type or without memory, and there is nothing to destroy then.
 *
 * Not implemented yet.
 */
LWS_VISIBLE LWS_EXTERN int LWS_WARN_UNUSED_RESULT
lws_genhash_init(struct lws_genhash_ctx *ctx, enum lws_genhash_types type);

/**
 * lws_genhash_update() - hash more bytes
 *
 * \param ctx: a hash in progress
 * \param in: the bytes, read during the call only
 * \param len: how many; 0 changes nothing, and in may be NULL then
 *
 * Returns 0, nonzero for an error.
 *
 * Not implemented yet.
 */
LWS_VISIBLE LWS_EXTERN int LWS_WARN_UNUSED_RESULT
lws_genhash_update(struct lws_genhash_ctx *ctx, const void *in, size_t len);

/**
 * lws_genhash_destroy() - finish a hash and free what it holds
 *
 * \param ctx: a hash in progress
 * \param result: gets lws_genhash_size() bytes; NULL: the result is not wanted, because of an error before
 *
 * Returns 0, nonzero for an error; everything is freed in either case.
 *
 * Not implemented yet.
 */
LWS_VISIBLE LWS_EXTERN int
lws_genhash_destroy(struct lws_genhash_ctx *ctx, void *result);

/**
 * lws_genhmac_init() - begin an HMAC
 *
 * \param ctx: what is initialised; its content before does not matter
 * \param type: the HMAC
 * \param key: the key, which the library copies
 * \param key_len: its length, bytes
 *
 * Returns 0; nonzero for an unknown type or without memory, and there is nothing to destroy then.
 *
 * Not implemented yet.
 */
LWS_VISIBLE LWS_EXTERN int LWS_WARN_UNUSED_RESULT
lws_genhmac_init(struct lws_genhmac_ctx *ctx, enum lws_genhmac_types type,
		 const uint8_t *key, size_t key_len);

/**
 * lws_genhmac_update() - authenticate more bytes
 *
 * \param ctx: an HMAC in progress
 * \param in: the bytes, read during the call only
 * \param len: how many
 *
 * Returns 0, nonzero for an error.
 *
 * Not implemented yet.
 */
LWS_VISIBLE LWS_EXTERN int LWS_WARN_UNUSED_RESULT
lws_genhmac_update(struct lws_genhmac_ctx *ctx, const void *in, size_t len);

/**
 * lws_genhmac_destroy() - finish an HMAC, and free and wipe what it holds
 *
 * \param ctx: an HMAC in progress
 * \param result: gets lws_genhmac_size() bytes; NULL: the result is not wanted. Compare one with what a peer sent by
 * lws_timingsafe_bcmp(), never by memcmp().
 *
 * Returns 0, nonzero for an error; everything is freed in either case.
 *
 * Not implemented yet.
 */
LWS_VISIBLE LWS_EXTERN int
lws_genhmac_destroy(struct lws_genhmac_ctx *ctx, void *result);

#endif
