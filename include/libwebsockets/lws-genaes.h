/** @file
 * AES (FIPS 197) in the modes of NIST SP 800-38A, -38D and -38E, and AES key wrap (RFC 3394).
 *
 * Threads: see lws-gencrypto.h.
 */
#ifndef GOLWS_LWS_GENAES_H
#define GOLWS_LWS_GENAES_H

/** A legacy constant: block size of AES in bits. LWS_AES_CBC_BLOCKLEN is in bytes. */
#define LWS_AES_BLOCKSIZE 128
/** Block size of AES, and length of initialisation vectors of every mode but GCM and KW, bytes. */
#define LWS_AES_CBC_BLOCKLEN 16

/** Modes of operation. */
enum enum_aes_modes {
	LWS_GAESM_CBC = 0,	/**< cipher block chaining */
	LWS_GAESM_CFB128 = 1,	/**< cipher feedback of whole blocks */
	LWS_GAESM_CFB8 = 2,	/**< cipher feedback of bytes */
	LWS_GAESM_CTR = 3,	/**< counter */
	LWS_GAESM_ECB = 4,	/**< each block for itself: equal blocks stay equal */
	LWS_GAESM_OFB = 5,	/**< output feedback */
	LWS_GAESM_XTS = 6,	/**< for disk sectors; two keys of one length, one after the other */
	LWS_GAESM_GCM = 7,	/**< authenticated encryption */
	LWS_GAESM_KW = 8	/**< key wrap; the result is 8 bytes longer */
};

/** Directions. */
enum enum_aes_operation {
	LWS_GAESO_ENC = 0,	/**< encrypt */
	LWS_GAESO_DEC = 1	/**< decrypt */
};

/** Whether the last block is padded (RFC 5652 section 6.3). */
enum enum_aes_padding {
	LWS_GAESP_NO_PADDING = 0,	/**< no: the caller gives whole blocks, where the mode works in blocks */
	LWS_GAESP_WITH_PADDING = 1	/**< yes */
};

/* OpenSSL's, in the interface by name only: the library has an AES of its own. */
struct evp_cipher_st;
struct evp_cipher_ctx_st;
struct engine_st;

/** A cipher in use. It lies in the caller's memory; the fields are the library's. */
struct lws_genaes_ctx {
	struct evp_cipher_ctx_st	*ctx;		/**< place of an EVP_CIPHER_CTX */
	const struct evp_cipher_st	*cipher;	/**< place of an EVP_CIPHER */
	struct engine_st		*engine;	/**< place of an ENGINE */
	char				init;		/**< the first lws_genaes_crypt() has been */
	unsigned char			tag[16];	/**< GCM: the tag to expect */
	struct lws_gencrypto_keyelem	*k;		/**< the key, as given to lws_genaes_create() */
	enum enum_aes_operation		op;		/**< direction */
	enum enum_aes_modes		mode;		/**< mode */
	enum enum_aes_padding		padding;	/**< padding */
	int				taglen;		/**< GCM: length of the tag, bytes */
	char				underway;	/**< GCM: the additional data has been given */
};

/**
 * lws_genaes_create() - take a key into use
 *
 * \param ctx: what is initialised; its content before does not matter
 * \param op: direction
 * \param mode: mode of operation
 * \param el: the key, an array whose LWS_GENCRYPTO_AES_KEYEL_K has 16, 24 or 32 bytes, for XTS 32 or 64. It is used,
 * not copied: it has to stay until lws_genaes_destroy().
 * \param padding: for CBC and ECB
 * \param engine: NULL; an OpenSSL ENGINE has no meaning here
 *
 * Returns 0, and lws_genaes_destroy() has to follow; nonzero for an error, such as a wrong key length, and there is
 * nothing to destroy.
 *
 * Not implemented yet.
 */
LWS_VISIBLE LWS_EXTERN int
lws_genaes_create(struct lws_genaes_ctx *ctx, enum enum_aes_operation op,
		  enum enum_aes_modes mode, struct lws_gencrypto_keyelem *el,
		  enum enum_aes_padding padding, void *engine);

/**
 * lws_genaes_destroy() - finish, and take the key out of use
 *
 * \param ctx: the cipher; nothing happens if it was destroyed already
 * \param tag: encrypting with GCM: gets the tag. Encrypting with CBC and padding: gets the last block. Otherwise NULL.
 * \param tlen: room there, bytes; the tag has the length that lws_genaes_crypt() was given
 *
 * Decrypting with GCM, this is where the tag is compared: what was decrypted must not be used before this has
 * returned 0.
 *
 * Returns 0, nonzero for an error, a wrong tag or wrong padding; everything is freed in either case.
 *
 * Not implemented yet.
 */
LWS_VISIBLE LWS_EXTERN int
lws_genaes_destroy(struct lws_genaes_ctx *ctx, unsigned char *tag, size_t tlen);

/**
 * lws_genaes_crypt() - encrypt or decrypt
 *
 * \param ctx: the cipher
 * \param in: input
 * \param len: its length; out gets as much, 8 bytes more or less for KW
 * \param out: gets the output; may be in
 * \param iv_or_nonce_ctr_or_data_unit_16: CBC, CFB, OFB: the initialisation vector; CTR: nonce and counter; XTS: number
 * of the data unit; 16 bytes each. KW: 8 bytes, NULL for the default of RFC 3394. GCM: the initialisation vector. ECB:
 * NULL.
 * \param stream_block_16: CTR: room of 16 bytes for what is left of a block. GCM: the tag; when encrypting,
 * room for it. Otherwise NULL.
 * \param nc_or_iv_off: CFB128, OFB and CTR: position in the block, 0 at first. GCM: length of the initialisation
 * vector, usually 12. Otherwise NULL.
 * \param taglen: GCM: length of the tag, bytes, up to 16. Otherwise 0.
 *
 * May be called again and again with parts of the input. With GCM, a call with out NULL gives the additional data that
 * is only authenticated, and comes before all others; the initialisation vector, the tag and their lengths count in
 * the first call.
 *
 * Returns 0, nonzero for an error.
 *
 * Not implemented yet.
 */
LWS_VISIBLE LWS_EXTERN int
lws_genaes_crypt(struct lws_genaes_ctx *ctx, const uint8_t *in, size_t len,
		 uint8_t *out,
		 uint8_t *iv_or_nonce_ctr_or_data_unit_16,
		 uint8_t *stream_block_16,
		 size_t *nc_or_iv_off, int taglen);

#endif
