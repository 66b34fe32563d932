#ifndef GOLWS_LWS_TOKENIZE_H
#define GOLWS_LWS_TOKENIZE_H

/** @file
 * Splitting text into tokens, replacing ${names} in text, and matching with wildcards. Callable from any thread.
 */

/*
 * What lws_tokenize() treats specially. By default a token consists of letters, digits, '_' and UTF-8 characters
 * above 127; everything else that is not white space is a delimiter.
 */

/** '-' is part of tokens. */
#define LWS_TOKENIZE_F_MINUS_NONTERM	(1 << 0)
/** "name:" is one element, LWS_TOKZE_TOKEN_NAME_COLON. */
#define LWS_TOKENIZE_F_AGG_COLON	(1 << 1)
/** The text is a list with commas, and nothing else may stand between the elements. */
#define LWS_TOKENIZE_F_COMMA_SEP_LIST	(1 << 2)
/** Delimiters are those of RFC 7230, 3.2.6, only; anything else is part of tokens. */
#define LWS_TOKENIZE_F_RFC7230_DELIMS	(1 << 3)
/** '.' is part of tokens. */
#define LWS_TOKENIZE_F_DOT_NONTERM	(1 << 4)
/** Digits with '.' are not a LWS_TOKZE_FLOAT. */
#define LWS_TOKENIZE_F_NO_FLOATS	(1 << 5)
/** Digits are a LWS_TOKZE_TOKEN, not a LWS_TOKZE_INTEGER. */
#define LWS_TOKENIZE_F_NO_INTEGERS	(1 << 6)
/** '#' makes the rest of the line a comment. */
#define LWS_TOKENIZE_F_HASH_COMMENT	(1 << 7)
/** '/' is part of tokens. */
#define LWS_TOKENIZE_F_SLASH_NONTERM	(1 << 8)
/** '*' is part of tokens. */
#define LWS_TOKENIZE_F_ASTERISK_NONTERM	(1 << 9)
/** '=' is part of tokens. */
#define LWS_TOKENIZE_F_EQUALS_NONTERM	(1 << 10)

/** What lws_tokenize() found: above 0 an element, below an error. */
typedef enum {
	LWS_TOKZE_ERRS			=  5,	/**< number of errors */

	LWS_TOKZE_ERR_BROKEN_UTF8	= -5,	/**< not UTF-8 */
	LWS_TOKZE_ERR_UNTERM_STRING	= -4,	/**< a quote was not closed */
	LWS_TOKZE_ERR_MALFORMED_FLOAT	= -3,	/**< a number with two points */
	LWS_TOKZE_ERR_NUM_ON_LHS	= -2,	/**< a number before '=' */
	LWS_TOKZE_ERR_COMMA_LIST	= -1,	/**< a comma was missing, or one too many */

	LWS_TOKZE_ENDED = 0,			/**< the text ended */

	LWS_TOKZE_DELIMITER,			/**< one delimiter */
	LWS_TOKZE_TOKEN,			/**< a token */
	LWS_TOKZE_INTEGER,			/**< a token of digits */
	LWS_TOKZE_FLOAT,			/**< digits and a point */
	LWS_TOKZE_TOKEN_NAME_EQUALS,		/**< a token and the '=' behind it, which is not part of it */
	LWS_TOKZE_TOKEN_NAME_COLON,		/**< a token and the ':' behind it, which is not part of it */
	LWS_TOKZE_QUOTED_STRING,		/**< what stands between two quotes; there is no escape */
} lws_tokenize_elem;

/** delim of struct lws_tokenize: what a list with commas needs next. */
enum lws_tokenize_delimiter_tracking {
	LWSTZ_DT_NEED_FIRST_CONTENT,
	LWSTZ_DT_NEED_DELIM,
	LWSTZ_DT_NEED_NEXT_CONTENT,
};

/** A text that is being split. */
typedef struct lws_tokenize {
	const char *start;	/**< where the rest of the text begins */
	const char *token;	/**< what was found, inside of the text, not NUL-terminated */
	size_t len;		/**< length of the rest; a NUL ends the text earlier */
	size_t token_len;	/**< length of what was found */

	uint16_t flags;		/**< LWS_TOKENIZE_F_ */
	uint8_t delim;		/**< enum lws_tokenize_delimiter_tracking */

	int8_t e;		/**< for the program: room for the result of lws_tokenize() */
} lws_tokenize_t;

/**
 * lws_tokenize_init() - start splitting a text
 *
 * \param ts: the state, in the program's memory
 * \param start: the text, NUL-terminated; without a NUL, set ts->len to its length after this call
 * \param flags: LWS_TOKENIZE_F_
 *
 * The text must stay while it is being split.
 */
LWS_VISIBLE LWS_EXTERN void
lws_tokenize_init(struct lws_tokenize *ts, const char *start, int flags);

/**
 * lws_tokenize() - find the next element
 *
 * \param ts: the state; token and token_len tell where the element is
 *
 * Returns what it is; LWS_TOKZE_ENDED at the end; a negative LWS_TOKZE_ERR_ if the text is wrong.
 */
LWS_VISIBLE LWS_EXTERN lws_tokenize_elem
lws_tokenize(struct lws_tokenize *ts);

/**
 * lws_tokenize_cstr() - copy the element that was found
 *
 * \param ts: the state
 * \param str: gets the element, NUL-terminated
 * \param max: size of \p str; one byte more than the element and its NUL is needed
 *
 * Returns 0, or 1 if it does not fit (\p str is untouched then).
 */
LWS_VISIBLE LWS_EXTERN int
lws_tokenize_cstr(struct lws_tokenize *ts, char *str, size_t max);

/**
 * What lws_strexp_expand() calls for a ${name}: copy the value to out, from *pos on but not further than olen - 1, and
 * count *pos up. out may be NULL, then only count. If there is no room for all of it, remember in *exp_ofs (0 at
 * first) how much was copied and return LSTRX_FILLED_OUT: it will be called again for the rest. At the end return
 * LSTRX_DONE; LSTRX_FATAL_NAME_UNKNOWN if there is no such name.
 */
typedef int (*lws_strexp_expand_cb)(void *priv, const char *name, char *out,
				    size_t *pos, size_t olen, size_t *exp_ofs);

/** State of lws_strexp_expand(). Its fields are not for programs. */
typedef struct lws_strexp {
	char			name[32];	/**< private */
	lws_strexp_expand_cb	cb;	/**< private */
	void			*priv;	/**< private */
	char			*out;	/**< private */
	size_t			olen;	/**< private */
	size_t			pos;	/**< private */

	size_t			exp_ofs;	/**< private */

	uint8_t			name_pos;	/**< private */
	char			state;	/**< private */
} lws_strexp_t;

/** Results of lws_strexp_expand(). */
enum {
	LSTRX_DONE,			/**< the input is used up */
	LSTRX_FILLED_OUT,		/**< the output is full */
	LSTRX_FATAL_NAME_TOO_LONG = -1,	/**< a name is longer than 31 bytes */
	LSTRX_FATAL_NAME_UNKNOWN  = -2,	/**< the function knows no such name */
};

/**
 * lws_strexp_init() - start replacing ${names} in a text
 *
 * \param exp: the state, in the program's memory
 * \param priv: passed through to the function
 * \param cb: the function that knows the values
 * \param out: gets the result; NULL only counts its length
 * \param olen: size of \p out; with NULL the number to stop at
 */
LWS_VISIBLE LWS_EXTERN void
lws_strexp_init(lws_strexp_t *exp, void *priv, lws_strexp_expand_cb cb,
		char *out, size_t olen);

/**
 * lws_strexp_reset_out() - go on with an empty output buffer
 *
 * \param exp: the state
 * \param out: gets what follows
 * \param olen: size of \p out
 */
LWS_VISIBLE LWS_EXTERN void
lws_strexp_reset_out(lws_strexp_t *exp, char *out, size_t olen);

/**
 * lws_strexp_expand() - replace ${names} in a piece of text
 *
 * \param exp: the state; a name may be split between pieces
 * \param in: the piece; a '$' without a '{' behind it stands for itself
 * \param len: its length
 * \param pused_in: gets how much of it was used
 * \param pused_out: gets how much of the output is filled
 *
 * Returns LSTRX_DONE, with the output NUL-terminated; LSTRX_FILLED_OUT: call lws_strexp_reset_out() and go on with
 * what was not used of the piece; LSTRX_FATAL_NAME_TOO_LONG or LSTRX_FATAL_NAME_UNKNOWN.
 */
LWS_VISIBLE LWS_EXTERN int
lws_strexp_expand(lws_strexp_t *exp, const char *in, size_t len,
		  size_t *pused_in, size_t *pused_out);

/**
 * lws_strcmp_wildcard() - match a string against a pattern
 *
 * \param wildcard: the pattern; each '*' stands for any text, also none
 * \param len: its length
 * \param check: the string, NUL-terminated
 *
 * Returns 0 if it matches, else 1.
 */
LWS_VISIBLE LWS_EXTERN int
lws_strcmp_wildcard(const char *wildcard, size_t len, const char *check);

#endif
