/** @file
 * JSON Web Signatures (RFC 7515) and JSON Web Tokens (RFC 7519).
 *
 * Most programs need lws_jwt_sign_compact() and lws_jwt_signed_validate() only, or the two functions that keep a token
 * in a cookie. What is below them takes signed objects apart and puts them together.
 *
 * The parts of an object are described by a struct lws_jws_map: pointers and lengths, not NUL-terminated. There are
 * two, one for the parts as they are and one for their base64url text, over which signatures are made. The functions
 * allocate nothing that stays: results go into memory of the caller, called temp, and the maps point into it and into
 * the input, so both have to stay as long as the maps are used. The argument temp_len is how many bytes there
 * are, and comes back as how many are left. Threads: see lws-gencrypto.h; the cookie functions belong into callbacks
 * of their connection.
 */
#ifndef GOLWS_LWS_JWS_H
#define GOLWS_LWS_JWS_H

/** Parts of an object, in the order of the compact form: LJWS_ for signed, LJWE_ for encrypted ones. */
enum enum_jws_sig_elements {
	LJWS_JOSE = 0,	/**< protected header */
	LJWS_PYLD = 1,	/**< payload */
	LJWS_SIG = 2,	/**< signature */
	LJWS_UHDR = 3,	/**< header that nothing protects, in the JSON form */

	LJWE_JOSE = 0,	/**< protected header */
	LJWE_EKEY = 1,	/**< encrypted key */
	LJWE_IV = 2,	/**< initialisation vector */
	LJWE_CTXT = 3,	/**< ciphertext; after decryption the plaintext */
	LJWE_ATAG = 4,	/**< authentication tag */
	LJWE_AAD = 5,	/**< additional authenticated data, in the JSON form */

	LWS_JWS_MAX_COMPACT_BLOCKS = 6	/**< how many there are */
};

/** The parts of an object. */
struct lws_jws_map {
	const char	*buf[LWS_JWS_MAX_COMPACT_BLOCKS];	/**< where each is; NULL: absent */
	uint32_t	len[LWS_JWS_MAX_COMPACT_BLOCKS];	/**< how long, bytes */
};

/** How many signatures an object can have here. */
#define LWS_JWS_MAX_SIGS 3

/** A signed object in the making. It lies in the caller's memory. */
struct lws_jws {
	struct lws_jwk		*jwk;		/**< the key, the caller's */
	struct lws_context	*context;	/**< where random numbers come from */
	struct lws_jws_map	map;		/**< the parts as they are */
	struct lws_jws_map	map_b64;	/**< their base64url text */
};

/**
 * lws_jws_init() - make an empty object
 *
 * \param jws: what is initialised; its content before does not matter
 * \param jwk: the key, which has to stay until lws_jws_destroy()
 * \param context: where random numbers come from
 *
 * Not implemented yet.
 */
LWS_VISIBLE LWS_EXTERN void
lws_jws_init(struct lws_jws *jws, struct lws_jwk *jwk,
	     struct lws_context *context);

/**
 * lws_jws_destroy() - wipe an object
 *
 * \param jws: the object
 *
 * The memory that map points to is zeroed, except the header, so it has to exist still. The key stays.
 *
 * Not implemented yet.
 */
LWS_VISIBLE LWS_EXTERN void
lws_jws_destroy(struct lws_jws *jws);

/**
 * lws_jws_sig_confirm_compact() - check a signature, given the parts as they are
 *
 * \param map: header, payload and signature
 * \param jwk: the key; NULL for "none"
 * \param context: where random numbers come from
 * \param temp: memory for base64url text
 * \param temp_len: see the file's head
 *
 * See lws_jws_sig_confirm() for what is checked. Encoding again gives the text that was signed only if that was in
 * the shortest form; lws_jws_sig_confirm_compact_b64() has no such condition.
 *
 * Returns 0 if the signature is right, negative if it is not or there was an error.
 *
 * Not implemented yet.
 */
LWS_VISIBLE LWS_EXTERN int
lws_jws_sig_confirm_compact(struct lws_jws_map *map, struct lws_jwk *jwk,
			    struct lws_context *context,
			    char *temp, int *temp_len);

/**
 * lws_jws_sig_confirm_compact_b64_map() - check a signature, given base64url text in parts
 *
 * \param map_b64: header, payload and signature
 * \param jwk: the key; NULL for "none"
 * \param context: where random numbers come from
 * \param temp: memory for the decoded parts
 * \param temp_len: see the file's head
 *
 * Returns 0 if the signature is right, negative if it is not or there was an error.
 *
 * Not implemented yet.
 */
LWS_VISIBLE LWS_EXTERN int
lws_jws_sig_confirm_compact_b64_map(struct lws_jws_map *map_b64,
				    struct lws_jwk *jwk,
				    struct lws_context *context,
				    char *temp, int *temp_len);

/**
 * lws_jws_sig_confirm_compact_b64() - check a signature, given the compact form
 *
 * \param in: the object: header.payload.signature
 * \param len: its length, bytes
 * \param map: gets the decoded parts, in temp
 * \param jwk: the key; NULL for "none"
 * \param context: where random numbers come from
 * \param temp: memory for the decoded parts
 * \param temp_len: see the file's head
 *
 * Returns 0 if the signature is right, negative if it is not or there was an error.
 *
 * Not implemented yet.
 */
LWS_VISIBLE LWS_EXTERN int
lws_jws_sig_confirm_compact_b64(const char *in, size_t len,
				struct lws_jws_map *map,
				struct lws_jwk *jwk,
				struct lws_context *context,
				char *temp, int *temp_len);

/**
 * lws_jws_sig_confirm() - check a signature, given the parts in both forms
 *
 * \param map_b64: base64url text of header and payload
 * \param map: decoded header and signature
 * \param jwk: the key. NULL accepts nothing but "alg": "none" without a signature, and a key never accepts that.
 * \param context: where random numbers come from
 *
 * The key has to be of the type that "alg" in the header asks for, on the right curve. Which algorithms are acceptable
 * the caller has to decide: lws_jwt_signed_validate() takes a list.
 *
 * Returns 0 if the signature is right, negative if it is not or there was an error.
 *
 * Not implemented yet.
 */
LWS_VISIBLE LWS_EXTERN int
lws_jws_sig_confirm(struct lws_jws_map *map_b64,
		    struct lws_jws_map *map,
		    struct lws_jwk *jwk, struct lws_context *context);

/**
 * lws_jws_sign_from_b64() - sign
 *
 * \param jose: its alg says how
 * \param jws: key, and in map_b64 the text of header and payload
 * \param b64_sig: gets the base64url text of the signature and a NUL byte
 * \param sig_len: room there; lws_base64_size() of the length of the modulus is enough for RSA, 180 for the others
 *
 * Returns the length of the text, 0 for "none", -1 for an error, such as a key of the wrong type or without private
 * part.
 *
 * Not implemented yet.
 */
LWS_VISIBLE LWS_EXTERN int
lws_jws_sign_from_b64(struct lws_jose *jose, struct lws_jws *jws, char *b64_sig,
		      size_t sig_len);

/**
 * lws_jws_compact_decode() - take the compact form apart and decode the parts
 *
 * \param in: the object
 * \param len: its length, bytes
 * \param map: gets the decoded parts, in out
 * \param map_b64: gets the parts of in; NULL: not wanted
 * \param out: memory for the decoded parts
 * \param out_len: in: room there, bytes; out: what is left
 *
 * Returns the number of parts: 3 for a signed object, 2 for one without signature, 5 for an encrypted one; -1 for an
 * error, such as too little room, too many parts or what is not base64url.
 *
 * Not implemented yet.
 */
LWS_VISIBLE LWS_EXTERN int
lws_jws_compact_decode(const char *in, int len, struct lws_jws_map *map,
		       struct lws_jws_map *map_b64, char *out, int *out_len);

/**
 * lws_jws_compact_encode() - encode the parts of an object
 *
 * \param map_b64: gets the base64url text of the parts, in buf
 * \param map: the parts as they are
 * \param buf: memory for the text
 * \param out_len: in: room there, bytes; out: what is left
 *
 * Returns 0, -1 for an error, such as too little room.
 *
 * Not implemented yet.
 */
LWS_VISIBLE LWS_EXTERN int
lws_jws_compact_encode(struct lws_jws_map *map_b64,
		       const struct lws_jws_map *map,
		       char *buf, int *out_len);

/**
 * lws_jws_sig_confirm_json() - check a signature, given the flattened JSON form
 *
 * \param in: the object (RFC 7515 section 7.2.2)
 * \param len: its length, bytes
 * \param jws: from lws_jws_init(); gets the parts in both forms, in temp
 * \param jwk: the key; NULL for "none"
 * \param context: where random numbers come from
 * \param temp: memory for the parts
 * \param temp_len: see the file's head
 *
 * Returns 0 if the signature is right, negative if it is not or there was an error.
 *
 * Not implemented yet.
 */
LWS_VISIBLE LWS_EXTERN int
lws_jws_sig_confirm_json(const char *in, size_t len,
			 struct lws_jws *jws, struct lws_jwk *jwk,
			 struct lws_context *context,
			 char *temp, int *temp_len);

/**
 * lws_jws_write_flattened_json() - write the flattened JSON form
 *
 * \param jws: with header, payload, signature and, if there is one, unprotected header in map_b64
 * \param flattened: gets the JSON and a NUL byte
 * \param len: room there, bytes
 *
 * Returns 0, nonzero when there is too little room.
 *
 * Not implemented yet.
 */
LWS_VISIBLE LWS_EXTERN int
lws_jws_write_flattened_json(struct lws_jws *jws, char *flattened, size_t len);

/**
 * lws_jws_write_compact() - write the compact form
 *
 * \param jws: with header, payload and signature in map_b64
 * \param compact: gets the text and a NUL byte
 * \param len: room there, bytes
 *
 * Returns 0, nonzero when there is too little room.
 *
 * Not implemented yet.
 */
LWS_VISIBLE LWS_EXTERN int
lws_jws_write_compact(struct lws_jws *jws, char *compact, size_t len);

/**
 * lws_jws_dup_element() - copy bytes into temp, as a part
 *
 * \param map: gets the part
 * \param idx: which part: LJWS_ or LJWE_
 * \param temp: where the copy goes
 * \param temp_len: in: room there, bytes; out: less by actual_alloc
 * \param in: the bytes
 * \param in_len: how many
 * \param actual_alloc: how much of temp is used, at least in_len; 0: in_len
 *
 * Returns 0, -1 when there is too little room.
 *
 * Not implemented yet.
 */
LWS_VISIBLE LWS_EXTERN int
lws_jws_dup_element(struct lws_jws_map *map, int idx,
		    char *temp, int *temp_len, const void *in, size_t in_len,
		    size_t actual_alloc);

/**
 * lws_jws_randomize_element() - random bytes in temp, as a part
 *
 * \param context: where random numbers come from
 * \param map: gets the part
 * \param idx: which part: LJWS_ or LJWE_
 * \param temp: where the bytes go
 * \param temp_len: in: room there, bytes; out: less by actual_alloc
 * \param random_len: how many bytes
 * \param actual_alloc: how much of temp is used, at least random_len; 0: random_len
 *
 * Returns 0, -1 when there is too little room.
 *
 * Not implemented yet.
 */
LWS_VISIBLE LWS_EXTERN int
lws_jws_randomize_element(struct lws_context *context,
			  struct lws_jws_map *map,
			  int idx, char *temp, int *temp_len, size_t random_len,
			  size_t actual_alloc);

/**
 * lws_jws_alloc_element() - room in temp, as a part
 *
 * \param map: gets the part, whose bytes the caller writes
 * \param idx: which part: LJWS_ or LJWE_
 * \param temp: where the room is
 * \param temp_len: in: room there, bytes; out: less by actual_alloc
 * \param len: length of the part
 * \param actual_alloc: how much of temp is used, at least len; 0: len
 *
 * Returns 0, -1 when there is too little room.
 *
 * Not implemented yet.
 */
LWS_VISIBLE LWS_EXTERN int
lws_jws_alloc_element(struct lws_jws_map *map, int idx, char *temp,
		      int *temp_len, size_t len, size_t actual_alloc);

/**
 * lws_jws_encode_b64_element() - base64url text in temp, as a part
 *
 * \param map: gets the part
 * \param idx: which part: LJWS_ or LJWE_
 * \param temp: where the text goes
 * \param temp_len: in: room there, at least lws_base64_size() of in_len; out: less by the length of the text
 * \param in: what is encoded
 * \param in_len: its length, bytes
 *
 * Returns 0, -1 when there is too little room.
 *
 * Not implemented yet.
 */
LWS_VISIBLE LWS_EXTERN int
lws_jws_encode_b64_element(struct lws_jws_map *map, int idx,
			   char *temp, int *temp_len, const void *in,
			   size_t in_len);

/**
 * lws_jws_b64_compact_map() - find the parts of the compact form
 *
 * \param in: the object
 * \param len: its length, bytes
 * \param map: gets pointers into in and lengths; parts that are not there are NULL
 *
 * Decodes nothing. Returns the number of parts, -1 when there are too many.
 *
 * Not implemented yet.
 */
LWS_VISIBLE LWS_EXTERN int
lws_jws_b64_compact_map(const char *in, int len, struct lws_jws_map *map);

/**
 * lws_jws_base64_enc() - base64url without padding (RFC 7515 section 2)
 *
 * \param in: what is encoded
 * \param in_len: its length, bytes
 * \param out: gets the text and a NUL byte
 * \param out_max: room there, bytes; lws_base64_size() of in_len is enough
 *
 * Returns the length of the text, negative when there is too little room.
 *
 * Not implemented yet.
 */
LWS_VISIBLE LWS_EXTERN int
lws_jws_base64_enc(const char *in, size_t in_len, char *out, size_t out_max);

/**
 * lws_jws_encode_section() - append a part to the compact form
 *
 * \param in: the part as it is
 * \param in_len: its length, bytes
 * \param first: nonzero: the first part. Otherwise a '.' comes before it.
 * \param p: where it is appended; moves behind it
 * \param end: behind the room
 *
 * Returns how many bytes were appended, negative when there is too little room.
 *
 * Not implemented yet.
 */
LWS_VISIBLE LWS_EXTERN int
lws_jws_encode_section(const char *in, size_t in_len, int first, char **p,
		       char *end);

/**
 * lws_jwt_signed_validate() - check the signature of a token and get its payload
 *
 * \param ctx: where random numbers come from
 * \param jwk: the key
 * \param alg_list: names of acceptable algorithms with commas between, such as "ES256,ES384"
 * \param com: the token, compact form
 * \param len: its length, bytes
 * \param temp: memory for decoded parts, needed during the call only; the length of the token plus 256 is enough
 * \param tl: room there, bytes
 * \param out: gets the payload and a NUL byte
 * \param out_len: in: room there, bytes; out: length of the payload
 *
 * The claims in the payload are not looked at: lws_jwt_token_sanity() does that.
 *
 * Returns 0; nonzero if the signature is not right, its algorithm not on the list, or there is too little room.
 * Nothing is written to out then.
 *
 * Not implemented yet.
 */
LWS_VISIBLE LWS_EXTERN int
lws_jwt_signed_validate(struct lws_context *ctx, struct lws_jwk *jwk,
			const char *alg_list, const char *com, size_t len,
			char *temp, int tl, char *out, size_t *out_len);

/**
 * lws_jwt_sign_compact() - make a token
 *
 * \param ctx: where random numbers come from
 * \param jwk: the key, with its private part
 * \param alg: name of the algorithm, such as "ES256"; the header says nothing else
 * \param out: gets the token, compact form, and a NUL byte
 * \param out_len: in: room there, bytes; out: length of the token
 * \param temp: memory for the parts, needed during the call only; twice the length of the payload plus 1024 is enough
 * \param tl: room there, bytes
 * \param format: the payload, as for printf()
 *
 * Strings that are printed into the payload have to be escaped: see lws_json_purify().
 *
 * Returns 0, nonzero for an error, such as an unknown algorithm or too little room.
 *
 * Not implemented yet.
 */
LWS_VISIBLE LWS_EXTERN int
lws_jwt_sign_compact(struct lws_context *ctx, struct lws_jwk *jwk,
		     const char *alg, char *out, size_t *out_len, char *temp,
		     int tl, const char *format, ...) LWS_FORMAT(8);

/** How lws_jwt_sign_via_info() makes a token. */
struct lws_jwt_sign_info {
	const char	*alg;		/**< name of the algorithm; not looked at with jose_hdr */
	const char	*jose_hdr;	/**< the whole header, JSON with "alg"; NULL: only "alg" */
	size_t		jose_hdr_len;	/**< length of jose_hdr, bytes */
	char		*out;		/**< gets the token, compact form, and a NUL byte */
	size_t		*out_len;	/**< in: room there, bytes; out: length of the token */
	char		*temp;		/**< memory for the parts, needed during the call only */
	int		tl;		/**< room there, bytes */
};

/**
 * lws_jwt_sign_via_info() - make a token with a header of the caller's
 *
 * \param ctx: where random numbers come from
 * \param jwk: the key, with its private part
 * \param info: header, and where the token goes
 * \param format: the payload, as for printf()
 *
 * As lws_jwt_sign_compact(); the header is parsed first, and has to be one of a JWS.
 *
 * Returns 0, nonzero for an error.
 *
 * Not implemented yet.
 */
LWS_VISIBLE LWS_EXTERN int
lws_jwt_sign_via_info(struct lws_context *ctx, struct lws_jwk *jwk,
		      const struct lws_jwt_sign_info *info, const char *format, ...) LWS_FORMAT(4);

/**
 * lws_jwt_token_sanity() - check the claims of a token (RFC 7519 section 4.1)
 *
 * \param in: the payload, from lws_jwt_signed_validate()
 * \param in_len: its length, bytes
 * \param iss: what "iss" has to be
 * \param aud: what "aud" has to be
 * \param csrf_in: what "csrf" has to be; NULL: it is not looked at
 * \param sub: gets "sub" and a NUL byte, cut off to fit; NULL: not wanted, otherwise it has to be there
 * \param sub_len: room there, bytes
 * \param exp_unix_time: gets "exp", seconds since 1970; NULL: not wanted
 *
 * The time has to be between "nbf" and "exp", which both have to be there.
 *
 * Returns 0 if all is as it has to be, nonzero otherwise.
 *
 * Not implemented yet.
 */
LWS_VISIBLE LWS_EXTERN int
lws_jwt_token_sanity(const char *in, size_t in_len,
		     const char *iss, const char *aud, const char *csrf_in,
		     char *sub, size_t sub_len, unsigned long *exp_unix_time);

/** A token in a cookie: what goes into it, and what was in it. */
struct lws_jwt_sign_set_cookie {
	struct lws_jwk	*jwk;		/**< both: the key */
	const char	*alg;		/**< both: name of the algorithm, such as "ES512" */
	const char	*iss;		/**< both: issuer */
	const char	*aud;		/**< both: audience */
	const char	*cookie_name;	/**< both: name of the cookie, without "__Host-", which the library adds */
	char		sub[33];	/**< sign: subject; validate gives it back, NUL-terminated */
	const char	*extra_json;	/**< sign: members of an object "ext", without its braces, or NULL; validate gives
					 * the object back, a part of its argument out, or NULL */
	size_t		extra_json_len;	/**< validate: length of extra_json */
	const char	*csrf_in;	/**< validate: what "csrf" has to be, or NULL; sign makes it at random */
	unsigned long	expiry_unix_time;	/**< sign: lifetime of token and cookie, seconds; validate gives back when
						 * it ends, seconds since 1970 */
};

/**
 * lws_jwt_sign_token_set_http_cookie() - add a Set-Cookie header with a token to a response
 *
 * \param wsi: connection whose response head is being written, in a callback of it
 * \param i: what the token says, and its key
 * \param p: where the header goes; moves behind it
 * \param end: behind the room
 *
 * The cookie is for this host and all its paths, over TLS, out of reach for scripts (RFC 6265: Secure, HttpOnly,
 * SameSite=Strict, Path=/, and the prefix "__Host-"). Keep the lifetime short; a page can log in again.
 *
 * Returns 0, nonzero for an error.
 *
 * Not implemented yet.
 */
LWS_VISIBLE LWS_EXTERN int
lws_jwt_sign_token_set_http_cookie(struct lws *wsi,
				   const struct lws_jwt_sign_set_cookie *i,
				   uint8_t **p, uint8_t *end);

/**
 * lws_jwt_get_http_cookie_validate_jwt() - check the token in a cookie of a request
 *
 * \param wsi: connection with the request, in a callback of it while its headers are there
 * \param i: what the token has to say, and its key; gets what it says
 * \param out: gets the payload and a NUL byte
 * \param out_len: in: room there, bytes; out: length of the payload
 *
 * Signature and claims are checked, as lws_jwt_signed_validate() and lws_jwt_token_sanity() do.
 *
 * Returns 0 if there is a cookie and its token is right, nonzero otherwise.
 *
 * Not implemented yet.
 */
LWS_VISIBLE LWS_EXTERN int
lws_jwt_get_http_cookie_validate_jwt(struct lws *wsi,
				     struct lws_jwt_sign_set_cookie *i,
				     char *out, size_t *out_len);

#endif
