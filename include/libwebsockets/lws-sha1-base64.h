#ifndef GOLWS_LWS_SHA1_BASE64_H
#define GOLWS_LWS_SHA1_BASE64_H

/** @file
 * SHA-1 (RFC 3174) and base64 (RFC 4648). Callable from any thread.
 */

/**
 * lws_SHA1() - SHA-1 digest
 *
 * \param d: the bytes
 * \param n: how many
 * \param md: gets the digest, 20 bytes
 *
 * For protocols that demand it, such as the WebSocket handshake; it is not safe against forgery. Returns \p md.
 */
LWS_VISIBLE LWS_EXTERN unsigned char *
lws_SHA1(const unsigned char *d, size_t n, unsigned char *md);

/**
 * lws_b64_encode_string() - base64 of bytes, with padding
 *
 * \param in: the bytes
 * \param in_len: how many
 * \param out: gets the text and a NUL
 * \param out_size: size of \p out; 4 for each 3 bytes begun, and 1, are needed
 *
 * Returns the length of the text, or -1 if it does not fit.
 */
LWS_VISIBLE LWS_EXTERN int
lws_b64_encode_string(const char *in, int in_len, char *out, int out_size);

/**
 * lws_b64_encode_string_url() - base64 of bytes, with '-' and '_' in the place of '+' and '/'
 *
 * \param in: the bytes
 * \param in_len: how many
 * \param out: gets the text and a NUL
 * \param out_size: size of \p out
 *
 * The text is padded with '=' as that of lws_b64_encode_string(). Returns its length, or -1 if it does not fit.
 */
LWS_VISIBLE LWS_EXTERN int
lws_b64_encode_string_url(const char *in, int in_len, char *out, int out_size);

/**
 * lws_b64_decode_string() - bytes from base64
 *
 * \param in: NUL-terminated text in either alphabet, with or without padding; other characters are skipped
 * \param out: gets the bytes and a NUL
 * \param out_size: size of \p out; decoding stops when fewer than 5 bytes are left in it
 *
 * Returns the number of bytes without the NUL; 0 if there is nothing to decode.
 */
LWS_VISIBLE LWS_EXTERN int
lws_b64_decode_string(const char *in, char *out, int out_size);

/**
 * lws_b64_decode_string_len() - bytes from base64 of known length
 *
 * \param in: the text
 * \param in_len: its length; a NUL ends it earlier
 * \param out: gets the bytes and a NUL
 * \param out_size: size of \p out
 *
 * Otherwise as lws_b64_decode_string().
 */
LWS_VISIBLE LWS_EXTERN int
lws_b64_decode_string_len(const char *in, int in_len, char *out, int out_size);

/** State of lws_b64_decode_stateful() between calls. Its fields are not for programs. */
struct lws_b64state {
	unsigned char quad[4]; /**< private */
	size_t done; /**< private */
	size_t len; /**< private */
	int i; /**< private */
	int c; /**< private */
};

/**
 * lws_b64_decode_state_init() - start decoding
 *
 * \param state: the state, in the program's memory
 */
LWS_VISIBLE LWS_EXTERN void
lws_b64_decode_state_init(struct lws_b64state *state);

/**
 * lws_b64_decode_stateful() - bytes from base64 that comes in pieces
 *
 * \param s: the state, lws_b64_decode_state_init() before the first piece
 * \param in: the piece; a NUL ends it earlier
 * \param in_len: its length; set to how much of it was used
 * \param out: gets the bytes and a NUL
 * \param out_size: size of \p out; set to the number of bytes without the NUL. Decoding stops when fewer than 5 bytes
 *	are left in it: call again with what was not used
 * \param final: nonzero with the last piece
 *
 * Returns 0.
 */
LWS_VISIBLE LWS_EXTERN int
lws_b64_decode_stateful(struct lws_b64state *s, const char *in, size_t *in_len,
			uint8_t *out, size_t *out_size, int final);

#endif
