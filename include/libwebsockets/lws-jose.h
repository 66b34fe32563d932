/** @file
 * The JOSE header of signed and encrypted objects (RFC 7515 section 4, RFC 7516 section 4), and what its algorithm
 * names mean (RFC 7518).
 *
 * Threads: see lws-gencrypto.h.
 */
#ifndef GOLWS_LWS_JOSE_H
#define GOLWS_LWS_JOSE_H

/** Header parameters. JWS and JWE where nothing else is said. */
enum lws_jws_jose_hdr_indexes {
	LJJHI_ALG = 0,		/**< "alg": algorithm of signature or key encryption */
	LJJHI_JKU = 1,		/**< "jku": URL of a set of keys */
	LJJHI_JWK = 2,		/**< "jwk": public key, JSON */
	LJJHI_KID = 3,		/**< "kid": identifier of the key */
	LJJHI_X5U = 4,		/**< "x5u": URL of certificates */
	LJJHI_X5C = 5,		/**< "x5c": certificates, base64 (not base64url) of DER */
	LJJHI_X5T = 6,		/**< "x5t": SHA-1 of the certificate, base64url */
	LJJHI_X5T_S256 = 7,	/**< "x5t#S256": SHA-256 of the certificate, base64url */
	LJJHI_TYP = 8,		/**< "typ": media type of the object */
	LJJHI_CTY = 9,		/**< "cty": media type of the content */
	LJJHI_CRIT = 10,	/**< "crit": parameters that have to be understood */

	LJJHI_RECIPS_HDR = 11,		/**< JWE "recipients[].header": header of one recipient */
	LJJHI_RECIPS_HDR_ALG = 12,	/**< JWE: its "alg" */
	LJJHI_RECIPS_HDR_KID = 13,	/**< JWE: its "kid" */
	LJJHI_RECIPS_EKEY = 14,		/**< JWE "recipients[].encrypted_key": base64url */

	LJJHI_ENC = 15,		/**< JWE "enc": algorithm of content encryption */
	LJJHI_ZIP = 16,		/**< JWE "zip": "DEF" */

	LJJHI_EPK = 17,		/**< JWE, ECDH "epk": ephemeral public key, JSON */
	LJJHI_APU = 18,		/**< JWE, ECDH "apu": about the sender, base64url */
	LJJHI_APV = 19,		/**< JWE, ECDH "apv": about the recipient, base64url */
	LJJHI_IV = 20,		/**< JWE, AES-GCM key wrap "iv": base64url */
	LJJHI_TAG = 21,		/**< JWE, AES-GCM key wrap "tag": base64url */
	LJJHI_P2S = 22,		/**< JWE, PBES2 "p2s": salt, base64url */
	LJJHI_P2C = 23,		/**< JWE, PBES2 "p2c": number of iterations */

	LWS_COUNT_JOSE_HDR_ELEMENTS = 24	/**< how many there are */
};

/** Kinds of algorithms. */
enum lws_jose_algtype {
	LWS_JOSE_ENCTYPE_NONE = 0,			/**< none, or an HMAC */

	LWS_JOSE_ENCTYPE_RSASSA_PKCS1_1_5 = 1,		/**< RSA with PKCS #1 v1.5 padding, also for encryption */
	LWS_JOSE_ENCTYPE_RSASSA_PKCS1_OAEP = 2,		/**< RSAES-OAEP */
	LWS_JOSE_ENCTYPE_RSASSA_PKCS1_PSS = 3,		/**< RSASSA-PSS */

	LWS_JOSE_ENCTYPE_ECDSA = 4,			/**< ECDSA */
	LWS_JOSE_ENCTYPE_ECDHES = 5,			/**< ECDH with an ephemeral key */

	LWS_JOSE_ENCTYPE_AES_CBC = 6,			/**< AES-CBC, with an HMAC over it */
	LWS_JOSE_ENCTYPE_AES_CFB128 = 7,		/**< AES-CFB of blocks */
	LWS_JOSE_ENCTYPE_AES_CFB8 = 8,			/**< AES-CFB of bytes */
	LWS_JOSE_ENCTYPE_AES_CTR = 9,			/**< AES-CTR */
	LWS_JOSE_ENCTYPE_AES_ECB = 10,			/**< AES key wrap (RFC 3394) */
	LWS_JOSE_ENCTYPE_AES_OFB = 11,			/**< AES-OFB */
	LWS_JOSE_ENCTYPE_AES_XTS = 12,			/**< AES-XTS, whose keys are twice as long */
	LWS_JOSE_ENCTYPE_AES_GCM = 13			/**< AES-GCM */
};

/** What the name of an algorithm means. The library's, constant. */
struct lws_jose_jwe_alg {
	enum lws_genhash_types	hash_type;		/**< hash, if it uses one */
	enum lws_genhmac_types	hmac_type;		/**< HMAC, if it uses one */
	enum lws_jose_algtype	algtype_signing;	/**< JWS: signature; JWE: encryption of the content's key */
	enum lws_jose_algtype	algtype_crypto;		/**< encryption of content, or of its key with an agreed key */
	const char		*alg;			/**< the name, such as "ES512" */
	const char		*curve_name;		/**< name of the curve, or NULL */
	unsigned short		keybits_min;		/**< least length of the key, bits; 0: any */
	unsigned short		keybits_fixed;		/**< length of the key or its limit, bits; 0: any */
	unsigned short		ivbits;			/**< length of the initialisation vector, bits */
};

/** How many recipients an object can have here. */
#define LWS_JWS_MAX_RECIPIENTS 3

/** What concerns one recipient. */
struct lws_jws_recpient {
	struct lws_gencrypto_keyelem	unprot[LWS_COUNT_JOSE_HDR_ELEMENTS];	/**< its header, which nothing protects */
	struct lws_jwk			jwk_ephemeral;	/**< the ephemeral key "epk" */
	struct lws_jwk			jwk;		/**< the key "jwk" */
};

/** A parsed JOSE header. It lies in the caller's memory, between lws_jose_init() and lws_jose_destroy(). */
struct lws_jose {
	struct lws_gencrypto_keyelem	e[LWS_COUNT_JOSE_HDR_ELEMENTS];	/**< values, in the caller's temp; NULL: absent */
	struct lws_jws_recpient		recipient[LWS_JWS_MAX_RECIPIENTS];	/**< recipients */
	char				typ[32];	/**< "typ", NUL-terminated */
	const struct lws_jose_jwe_alg	*alg;		/**< what "alg" means; NULL: absent */
	const struct lws_jose_jwe_alg	*enc_alg;	/**< JWE: what "enc" means; NULL: absent */
	int				recipients;	/**< how many of recipient[] are used */
};

/**
 * lws_jose_init() - make an empty header
 *
 * \param jose: what is initialised; its content before does not matter
 *
 * Not implemented yet.
 */
LWS_VISIBLE LWS_EXTERN void
lws_jose_init(struct lws_jose *jose);

/**
 * lws_jose_destroy() - wipe and free the keys that a header holds
 *
 * \param jose: the header
 *
 * Not implemented yet.
 */
LWS_VISIBLE LWS_EXTERN void
lws_jose_destroy(struct lws_jose *jose);

/**
 * lws_gencrypto_jws_alg_to_definition() - what "alg" of a JWS means
 *
 * \param alg: the name (RFC 7518 section 3): "none", "HS256", "RS256", "ES256" and with 384 and 512
 * \param jose: gets the definition
 *
 * Returns 0, nonzero for an unknown name; nothing is set then.
 *
 * Not implemented yet.
 */
LWS_VISIBLE LWS_EXTERN int
lws_gencrypto_jws_alg_to_definition(const char *alg,
				    const struct lws_jose_jwe_alg **jose);

/**
 * lws_gencrypto_jwe_alg_to_definition() - what "alg" of a JWE means
 *
 * \param alg: the name (RFC 7518 section 4), such as "RSA-OAEP" or "ECDH-ES+A128KW"
 * \param jose: gets the definition
 *
 * Returns 0, nonzero for an unknown name; nothing is set then.
 *
 * Not implemented yet.
 */
LWS_VISIBLE LWS_EXTERN int
lws_gencrypto_jwe_alg_to_definition(const char *alg,
				    const struct lws_jose_jwe_alg **jose);

/**
 * lws_gencrypto_jwe_enc_to_definition() - what "enc" of a JWE means
 *
 * \param enc: the name (RFC 7518 section 5), such as "A128CBC-HS256" or "A256GCM"
 * \param jose: gets the definition
 *
 * Returns 0, nonzero for an unknown name; nothing is set then.
 *
 * Not implemented yet.
 */
LWS_VISIBLE LWS_EXTERN int
lws_gencrypto_jwe_enc_to_definition(const char *enc,
				    const struct lws_jose_jwe_alg **jose);

/**
 * lws_jws_parse_jose() - parse the header of a JWS
 *
 * \param jose: from lws_jose_init(); gets what the header says
 * \param buf: the header, JSON, already decoded from base64url
 * \param len: its length, bytes
 * \param temp: memory for the values; it has to stay as long as jose is used
 * \param temp_len: in: room there, bytes; out: less by what was used
 *
 * Returns 0 or more; -1 for an error: not JSON, an unknown algorithm, a parameter of JWE only, or too little room.
 *
 * Not implemented yet.
 */
LWS_VISIBLE LWS_EXTERN int
lws_jws_parse_jose(struct lws_jose *jose,
		   const char *buf, int len, char *temp, int *temp_len);

/**
 * lws_jwe_parse_jose() - parse the header of a JWE
 *
 * \param jose: from lws_jose_init(); gets what the header says
 * \param buf: the header, JSON, already decoded from base64url
 * \param len: its length, bytes
 * \param temp: memory for the values; it has to stay as long as jose is used
 * \param temp_len: in: room there, bytes; out: less by what was used
 *
 * Returns 0 or more; -1 for an error: not JSON, an unknown algorithm, too many recipients, or too little room.
 *
 * Not implemented yet.
 */
LWS_VISIBLE LWS_EXTERN int
lws_jwe_parse_jose(struct lws_jose *jose,
		   const char *buf, int len, char *temp, int *temp_len);

#endif
