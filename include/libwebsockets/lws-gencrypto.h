/** @file
 * What the crypto interfaces have in common: key types and key elements.
 *
 * A key is an array of elements, each the bytes of one number or name, all big-endian and without sign. The enums
 * below say which element stands where for which type of key. struct lws_jwk holds such an array; the functions of
 * lws-genrsa.h, lws-genaes.h and lws-genec.h take one without it too.
 *
 * Threads, for all of lws-gencrypto.h, -genhash.h, -genrsa.h, -genaes.h, -genec.h, -jwk.h, -jose.h, -jws.h and -jwe.h:
 * the functions may be called from any thread and wait for nobody. An object belongs to the program and is used by
 * one thread at a time; there is no lock in it. A context argument is where random numbers come from and may be
 * shared by all threads.
 */
#ifndef GOLWS_LWS_GENCRYPTO_H
#define GOLWS_LWS_GENCRYPTO_H

/** Types of keys: "kty" of RFC 7517 section 4.1. */
enum lws_gencrypto_kty {
	LWS_GENCRYPTO_KTY_UNKNOWN = 0,	/**< not known yet, or not one of these */
	LWS_GENCRYPTO_KTY_OCT = 1,	/**< bytes: a symmetric key */
	LWS_GENCRYPTO_KTY_RSA = 2,	/**< RSA (RFC 8017) */
	LWS_GENCRYPTO_KTY_EC = 3	/**< elliptic curve (RFC 7518 section 6.2) */
};

/** Elements of a symmetric key. */
enum lws_gencrypto_oct_tok {
	LWS_GENCRYPTO_OCT_KEYEL_K = 0,	/**< the key */

	LWS_GENCRYPTO_OCT_KEYEL_COUNT = 1	/**< how many there are */
};

/** Elements of an RSA key, with the names of RFC 7518 section 6.3. A public key has E and N only. */
enum lws_gencrypto_rsa_tok {
	LWS_GENCRYPTO_RSA_KEYEL_E = 0,	/**< public exponent */
	LWS_GENCRYPTO_RSA_KEYEL_N = 1,	/**< modulus; its length is the length of signatures and ciphertexts */
	LWS_GENCRYPTO_RSA_KEYEL_D = 2,	/**< private exponent, at the same index as that of an EC key */
	LWS_GENCRYPTO_RSA_KEYEL_P = 3,	/**< first prime */
	LWS_GENCRYPTO_RSA_KEYEL_Q = 4,	/**< second prime */
	LWS_GENCRYPTO_RSA_KEYEL_DP = 5,	/**< D modulo P - 1 */
	LWS_GENCRYPTO_RSA_KEYEL_DQ = 6,	/**< D modulo Q - 1 */
	LWS_GENCRYPTO_RSA_KEYEL_QI = 7,	/**< inverse of Q modulo P */

	LWS_GENCRYPTO_RSA_KEYEL_COUNT = 8	/**< how many there are */
};

/** Elements of an elliptic curve key, with the names of RFC 7518 section 6.2. A public key has no D. */
enum lws_gencrypto_ec_tok {
	LWS_GENCRYPTO_EC_KEYEL_CRV = 0,	/**< name of the curve, such as "P-256", with its NUL byte */
	LWS_GENCRYPTO_EC_KEYEL_X = 1,	/**< coordinate x of the public point */
	LWS_GENCRYPTO_EC_KEYEL_D = 2,	/**< the private number */
	LWS_GENCRYPTO_EC_KEYEL_Y = 3,	/**< coordinate y of the public point */

	LWS_GENCRYPTO_EC_KEYEL_COUNT = 4	/**< how many there are */
};

/** Elements of an AES key. */
enum lws_gencrypto_aes_tok {
	LWS_GENCRYPTO_AES_KEYEL_K = 0,	/**< the key, at the same index as that of LWS_GENCRYPTO_KTY_OCT */

	LWS_GENCRYPTO_AES_KEYEL_COUNT = 1	/**< how many there are */
};

/** An array with this many elements has room for any type of key. */
#define LWS_GENCRYPTO_MAX_KEYEL_COUNT LWS_GENCRYPTO_RSA_KEYEL_COUNT

/** One element of a key, or one header of a JOSE object. */
struct lws_gencrypto_keyelem {
	uint8_t		*buf;	/**< the bytes; NULL: the element is absent. Who frees them says each function. */
	uint32_t	len;	/**< how many bytes */
};

/**
 * lws_gencrypto_bits_to_bytes() - how many bytes hold a number of bits
 *
 * \param bits: 0 or more
 *
 * Returns bits / 8, rounded up.
 *
 * Not implemented yet.
 */
LWS_VISIBLE LWS_EXTERN int
lws_gencrypto_bits_to_bytes(int bits);

/**
 * lws_base64_size() - room that base64 text needs
 *
 * \param bytes: length of what is encoded, 0 or more
 *
 * Returns how large a buffer for the text and its NUL byte has to be, up to a few bytes too much (RFC 4648).
 *
 * Not implemented yet.
 */
LWS_VISIBLE LWS_EXTERN int
lws_base64_size(int bytes);

/**
 * lws_gencrypto_padded_length() - length after PKCS #7 padding
 *
 * \param block_size: block size of the cipher, bytes, 1 to 255
 * \param len: length before
 *
 * The padding of RFC 5652 section 6.3 adds at least one byte, so a multiple of block_size grows by a whole block.
 *
 * Returns the length with padding, bytes.
 *
 * Not implemented yet.
 */
LWS_VISIBLE LWS_EXTERN size_t
lws_gencrypto_padded_length(size_t block_size, size_t len);

#endif
