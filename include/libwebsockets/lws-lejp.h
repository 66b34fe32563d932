#ifndef GOLWS_LWS_LEJP_H
#define GOLWS_LWS_LEJP_H

/** \defgroup lejp JSON, parsed piece by piece
 *
 * A parser for JSON (RFC 8259) that takes the text in pieces of any size, as they come from a network, and calls a
 * function for each thing it meets. It allocates nothing: everything it knows is in a struct lejp_ctx of the
 * program, so text may be of any length, and any number of texts can be parsed at the same time.
 *
 *     static const char * const paths[] = { "name", "peers[].address" };
 *
 *     static signed char found(struct lejp_ctx *ctx, char reason)
 *     {
 *             if (reason == LEJPCB_VAL_STR_END && ctx->path_match == 2)
 *                     printf("peer %u: %s\n", ctx->i[0], ctx->buf);
 *             return 0;
 *     }
 *
 *     lejp_construct(&ctx, found, NULL, paths, LWS_ARRAY_SIZE(paths));
 *     do
 *             result = lejp_parse(&ctx, piece, length);
 *     while (result == LEJP_CONTINUE && there_is_more());
 *     lejp_destruct(&ctx);
 *
 * The text is one object or one array; other values at the top level are refused. Besides what the RFC has, a '#'
 * between two tokens starts a comment that goes up to the end of the line.
 *
 * Paths
 * -----
 *
 * While it parses, ctx->path says where it is: the names of the members, joined by '.', and "[]" for each array. In
 * {"peers": [{"address": "::1"}]} the path of the text "::1" is "peers[].address". The path of an element of an array
 * ends with "[]"; which element it is, is in ctx->i.
 *
 * Names and values that the program is interested in are given as a list of paths. ctx->path_match is 0, or one
 * more than the index of the first entry that matches. A '*' in an entry stands for any text up to the next
 * '.'; at the end of an entry it stands for all the rest, dots included. So the more special entry comes first.
 *
 * Paths are compared when a name has been read, before LEJPCB_PAIR_NAME, and when an object begins inside of another
 * one or of an array, before LEJPCB_OBJECT_START. The match holds for the value, and if that is an array for its elements up to
 * the first that is an object: the numbers in "ports": [1, 2] come with the match of "ports". Within an object
 * only its members' own matches count. Paths are compared again at LEJPCB_OBJECT_END and LEJPCB_ARRAY_END, so these
 * come with the match of the object or array as well.
 *
 * Names are used as they are: one that contains '.', '[' or '*' makes a path that looks like another one.
 *
 * Threads: a context is used by one thread at a time.
 */
///@{

struct lejp_ctx;

#if !defined(LWS_ARRAY_SIZE)
/** Number of elements of an array; not for pointers. */
#define LWS_ARRAY_SIZE(_x) (sizeof(_x) / sizeof(_x[0]))
#endif

/** Flag in enum lejp_states: white space means something here. */
#define LEJP_FLAG_WS_KEEP 64
/** Flag in the state while a comment is skipped. */
#define LEJP_FLAG_WS_COMMENTLINE 32

/** Where in the text the parser is: its own business, of use in a debugger only. */
enum lejp_states {
	LEJP_IDLE		= 0,				/**< before the text */
	LEJP_MEMBERS		= 1,				/**< behind the '{': a name, or '}' */
	LEJP_M_P		= 2,				/**< a name must follow */
	LEJP_MP_STRING		= LEJP_FLAG_WS_KEEP | 3,	/**< in a string, a name or a value */
	LEJP_MP_STRING_ESC	= LEJP_FLAG_WS_KEEP | 4,	/**< behind a backslash */
	LEJP_MP_STRING_ESC_U1	= LEJP_FLAG_WS_KEEP | 5,	/**< at the first digit of a backslash-u */
	LEJP_MP_STRING_ESC_U2	= LEJP_FLAG_WS_KEEP | 6,	/**< at the second */
	LEJP_MP_STRING_ESC_U3	= LEJP_FLAG_WS_KEEP | 7,	/**< at the third */
	LEJP_MP_STRING_ESC_U4	= LEJP_FLAG_WS_KEEP | 8,	/**< at the fourth */
	LEJP_MP_DELIM		= 9,				/**< ':' must follow */
	LEJP_MP_VALUE		= 10,				/**< a value must follow, or ']' right behind '[' */
	LEJP_MP_VALUE_NUM_INT	= LEJP_FLAG_WS_KEEP | 11,	/**< in a number */
	LEJP_MP_VALUE_NUM_EXP	= LEJP_FLAG_WS_KEEP | 12,	/**< in the exponent of a number */
	LEJP_MP_VALUE_TOK	= LEJP_FLAG_WS_KEEP | 13,	/**< in true, false or null */
	LEJP_MP_COMMA_OR_END	= 14,				/**< behind a value */
	LEJP_MP_ARRAY_END	= 15,				/**< of a level that has the elements of an array on top */
};

/** Negative results of lejp_parse(). */
enum lejp_reasons {
	LEJP_CONTINUE				= -1,	/**< no error: all was good so far, and the text goes on */
	LEJP_REJECT_IDLE_NO_BRACE		= -2,	/**< the text does not start with '{' or '[' */
	LEJP_REJECT_MEMBERS_NO_CLOSE		= -3,	/**< not used */
	LEJP_REJECT_MP_NO_OPEN_QUOTE		= -4,	/**< a member does not start with '"' */
	LEJP_REJECT_MP_STRING_UNDERRUN		= -5,	/**< not used */
	LEJP_REJECT_MP_ILLEGAL_CTRL		= -6,	/**< a control character or invalid UTF-8 in a string */
	LEJP_REJECT_MP_STRING_ESC_ILLEGAL_ESC	= -7,	/**< an unknown escape, or half of a surrogate pair */
	LEJP_REJECT_ILLEGAL_HEX			= -8,	/**< backslash-u without four hexadecimal digits */
	LEJP_REJECT_MP_DELIM_MISSING_COLON	= -9,	/**< no ':' behind a name */
	LEJP_REJECT_MP_DELIM_BAD_VALUE_START	= -10,	/**< no value can start so */
	LEJP_REJECT_MP_VAL_NUM_INT_NO_FRAC	= -11,	/**< no digit behind the decimal point */
	LEJP_REJECT_MP_VAL_NUM_FORMAT		= -12,	/**< a number of another form that is not allowed, e.g. 01 */
	LEJP_REJECT_MP_VAL_NUM_EXP_BAD_EXP	= -13,	/**< no digit in the exponent */
	LEJP_REJECT_MP_VAL_TOK_UNKNOWN		= -14,	/**< a word other than true, false and null */
	LEJP_REJECT_MP_C_OR_E_UNDERF		= -15,	/**< ']' in the outermost object */
	LEJP_REJECT_MP_C_OR_E_NOTARRAY		= -16,	/**< ']' in an object */
	LEJP_REJECT_MP_ARRAY_END_MISSING	= -17,	/**< something other than ',' and ']' in an array */
	LEJP_REJECT_STACK_OVERFLOW		= -18,	/**< nested too deeply, see LEJP_MAX_DEPTH */
	LEJP_REJECT_MP_DELIM_ISTACK		= -19,	/**< more than LEJP_MAX_INDEX_DEPTH arrays nested, or the path
							 *   longer than LEJP_MAX_PATH - 1 bytes */
	LEJP_REJECT_NUM_TOO_LONG		= -20,	/**< a number longer than LEJP_STRING_CHUNK bytes */
	LEJP_REJECT_MP_C_OR_E_NEITHER		= -21,	/**< something other than ',' and '}' in an object */
	LEJP_REJECT_UNKNOWN			= -22,	/**< the context has finished, or failed, before */
	LEJP_REJECT_CALLBACK			= -23	/**< the callback asked for it */
};

/** Flag in enum lejp_callbacks: ctx->buf has a value. */
#define LEJP_FLAG_CB_IS_VALUE 64

/**
 * Why the callback is called.
 *
 * Its order for a text: CONSTRUCTED by lejp_construct(); START when the first byte is there; the things of the text as
 * they come; COMPLETE, or FAILED; DESTRUCTED by lejp_destruct(). How the text is cut into pieces makes no difference.
 */
enum lejp_callbacks {
	LEJPCB_CONSTRUCTED	= 0,	/**< by lejp_construct() */
	LEJPCB_DESTRUCTED	= 1,	/**< by lejp_destruct(): the place to free things */

	LEJPCB_START		= 2,	/**< before the first byte of the text is looked at */
	LEJPCB_COMPLETE		= 3,	/**< the text is complete */
	LEJPCB_FAILED		= 4,	/**< the text was refused, see the result of lejp_parse() */

	LEJPCB_PAIR_NAME	= 5,	/**< the name of a member was read, with its ':'; ctx->path ends with it */

	LEJPCB_VAL_TRUE		= LEJP_FLAG_CB_IS_VALUE | 6,	/**< true; ctx->buf is "1" */
	LEJPCB_VAL_FALSE	= LEJP_FLAG_CB_IS_VALUE | 7,	/**< false; ctx->buf is "0" */
	LEJPCB_VAL_NULL		= LEJP_FLAG_CB_IS_VALUE | 8,	/**< null; ctx->buf is "" */
	LEJPCB_VAL_NUM_INT	= LEJP_FLAG_CB_IS_VALUE | 9,	/**< a number without fraction and exponent: its
								 *   text is in ctx->buf, in any number of digits */
	LEJPCB_VAL_NUM_FLOAT	= LEJP_FLAG_CB_IS_VALUE | 10,	/**< any other number: its text is in ctx->buf */
	LEJPCB_VAL_STR_START	= 11,				/**< a string begins; ctx->buf is "" */
	LEJPCB_VAL_STR_CHUNK	= LEJP_FLAG_CB_IS_VALUE | 12,	/**< LEJP_STRING_CHUNK bytes of a string are in
								 *   ctx->buf, and it goes on */
	LEJPCB_VAL_STR_END	= LEJP_FLAG_CB_IS_VALUE | 13,	/**< a string ended; what was not in a CHUNK is in
								 *   ctx->buf, maybe nothing */

	LEJPCB_ARRAY_START	= 14,	/**< '['; ctx->path ends with "[]" already */
	LEJPCB_ARRAY_END	= 15,	/**< ']'; ctx->path is the path of the array, without "[]" */

	LEJPCB_OBJECT_START	= 16,	/**< '{'; ctx->path is the path of the object */
	LEJPCB_OBJECT_END	= 17,	/**< '}'; likewise */
};

/**
 * _lejp_callback() - what the function looks like that the program gives to lejp_construct()
 *
 * \param ctx: the context; ctx->path, ctx->path_match, ctx->i and ctx->buf say what it is about
 * \param reason: one of enum lejp_callbacks
 *
 * Not a function of the library: neither library defines it, only its form counts.
 * Not in this configuration.
 *
 * The program's function is called inside of lejp_parse() and reads the public fields of the context. In those callbacks
 * whose reason has LEJP_FLAG_CB_IS_VALUE, ctx->buf has the value, valid during the call, of ctx->npos bytes and a NUL
 * behind them (a string may contain NULs itself). Strings are UTF-8, all escapes resolved.
 *
 * It returns 0 to go on. Nonzero ends the parsing: LEJPCB_FAILED follows and lejp_parse() returns
 * LEJP_REJECT_CALLBACK. After LEJPCB_VAL_STR_END and LEJPCB_ARRAY_END only a negative result does so, after
 * CONSTRUCTED, DESTRUCTED, START and FAILED the result does not matter.
 */
LWS_EXTERN signed char
_lejp_callback(struct lejp_ctx *ctx, char reason);

/** The program's function, see _lejp_callback(). */
typedef signed char (*lejp_callback)(struct lejp_ctx *ctx, char reason);

/*
 * Sizes that the library was compiled with. They are part of struct lejp_ctx, so a program that defines them
 * otherwise has a struct that does not fit the library.
 */
#ifndef LEJP_MAX_PARSING_STACK_DEPTH
/** How many callbacks with their paths can be in use, see lejp_parser_push(). */
#define LEJP_MAX_PARSING_STACK_DEPTH 5
#endif
#ifndef LEJP_MAX_DEPTH
/**
 * How many levels can be nested. Each open object and array is one, a string inside of them is one, and where the whole
 * text is an array it takes one more. So ten objects and arrays can always be nested.
 */
#define LEJP_MAX_DEPTH 12
#endif
#ifndef LEJP_MAX_INDEX_DEPTH
/** How many arrays can be nested, and how many '*' an entry of the list of paths can have. */
#define LEJP_MAX_INDEX_DEPTH 8
#endif
#ifndef LEJP_MAX_PATH
/** Size of the path, with its NUL. */
#define LEJP_MAX_PATH 128
#endif
#ifndef LEJP_STRING_CHUNK
/** How many bytes of a string come in one callback. */
#define LEJP_STRING_CHUNK 254
#endif

/** What a number has had so far: the parser's own business. */
enum num_flags {
	LEJP_SEEN_MINUS		= (1 << 0),	/**< a sign */
	LEJP_SEEN_POINT		= (1 << 1),	/**< a decimal point */
	LEJP_SEEN_POST_POINT	= (1 << 2),	/**< a digit behind it */
	LEJP_SEEN_EXP		= (1 << 3)	/**< an exponent */
};

/** A level: an open object or array, or a string in it. */
struct _lejp_stack {
	char s;	/**< how to go on in it, enum lejp_states */
	char p;	/**< up to LEJPCB_PAIR_NAME, where in the path the name of the present member starts; while its value is an
		 *   object, array or string, length of the path with that name, or with "[]". Counted from the start of
		 *   the outermost path, see lejp_parser_push() */
	char i;	/**< how many arrays are open, this one counted */
	char b;	/**< 0 when it is opened, then the callback's: bits that concern this level */
};

/** A callback with its paths, see lejp_parser_push(). */
struct _lejp_parsing_stack {
	void *user;							/**< as given to lejp_parser_push() */
	signed char (*callback)(struct lejp_ctx *ctx, char reason);	/**< the callback */
	const char * const *paths;					/**< its list of paths */
	uint8_t count_paths;						/**< how many */
	uint8_t ppos;							/**< length of the path in ctx->path */
	uint8_t path_match;						/**< ctx->path_match when the next was pushed */
};

/**
 * A parser. The program provides the memory, lejp_construct() fills it in, and callbacks read user, pst, st, i, ipos, wild,
 * path, buf, npos, line, sp, path_match, wildcount and pst_sp. The rest is the parser's own business.
 */
struct lejp_ctx {
	void *user;	/**< as given to lejp_construct(); the program may change it */

	struct _lejp_parsing_stack pst[LEJP_MAX_PARSING_STACK_DEPTH];	/**< the callbacks in use, up to pst_sp */
	struct _lejp_stack st[LEJP_MAX_DEPTH];	/**< the levels, the outermost first, up to sp */
	uint16_t i[LEJP_MAX_INDEX_DEPTH];	/**< for each open array, the outermost first, the index of the present
						 *   element, counted from 0, modulo 65536 */
	uint16_t wild[LEJP_MAX_INDEX_DEPTH];	/**< for each '*' of the entry that matches, where in the path its text
						 *   starts, see lejp_get_wildcard() */
	char path[LEJP_MAX_PATH];		/**< where in the text the parser is, NUL at its end */
	char buf[LEJP_STRING_CHUNK + 1];	/**< the value, NUL at its end */

	size_t path_stride;	/**< distance in bytes from one entry to the next in the list of paths; 0: that of a char *.
				 *   Set it after lejp_construct() where the pointers are members of larger structs */

	uint32_t line;	/**< line in the text, from 1 */

	uint16_t uni;	/**< of the parser: the code of a backslash-u */

	uint8_t npos;		/**< how many bytes of buf are used */
	uint8_t dcount;		/**< of the parser: digits, or what a character lacks, or the position in a word */
	uint8_t f;		/**< of the parser: enum num_flags, or the start of a character or word */
	uint8_t sp;		/**< index of the innermost level in st */
	uint8_t ipos;		/**< how many arrays are open */
	uint8_t count_paths;	/**< of the parser: what part of its life it is in; the number of paths is in pst */
	uint8_t path_match;	/**< 0: no path of the list matches; else one more than the index of the one that does */
	uint8_t path_match_len;	/**< length of the path when it matched */
	uint8_t wildcount;	/**< how many '*' the matching entry has */
	uint8_t pst_sp;		/**< index of the callback in use in pst */
	uint8_t outer_array;	/**< the text is an array, not an object */
};

/**
 * lejp_construct() - prepare a context for one text
 *
 * \param ctx: the context; what was in it does not matter
 * \param callback: the program's function, see _lejp_callback()
 * \param user: becomes ctx->user
 * \param paths: the list of paths to look for; it is used up to lejp_destruct(). NULL if paths_count is 0
 * \param paths_count: how many, at most 254
 *
 * Calls it with LEJPCB_CONSTRUCTED. To parse another text, construct the context again, after lejp_destruct() if
 * callbacks have things to free.
 */
LWS_VISIBLE LWS_EXTERN void
lejp_construct(struct lejp_ctx *ctx,
	       signed char (*callback)(struct lejp_ctx *ctx, char reason),
	       void *user, const char * const *paths, unsigned char paths_count);

/**
 * lejp_destruct() - the end of a context
 *
 * \param ctx: a context that lejp_construct() prepared
 *
 * Calls the outermost callback with LEJPCB_DESTRUCTED. The context itself has nothing to free.
 */
LWS_VISIBLE LWS_EXTERN void
lejp_destruct(struct lejp_ctx *ctx);

/**
 * lejp_parse() - parse the next piece of the text
 *
 * \param ctx: the context
 * \param json: the piece; it is used during the call only
 * \param len: its length in bytes
 *
 * Returns LEJP_CONTINUE if everything was good so far and the text goes on, 0 or more when the text is complete: the
 * number of bytes of this piece that come after it; or another of enum lejp_reasons: why the text was refused.
 * After an error, and after the end of the text, it returns LEJP_REJECT_UNKNOWN and calls nothing.
 */
LWS_VISIBLE LWS_EXTERN int
lejp_parse(struct lejp_ctx *ctx, const unsigned char *json, int len);

/**
 * lejp_change_callback() - go on with another callback
 *
 * \param ctx: the context
 * \param callback: the new callback
 *
 * The old one is called with LEJPCB_DESTRUCTED, the new one with LEJPCB_CONSTRUCTED and LEJPCB_START; then the new one
 * gets what follows. The list of paths stays. Called inside of a callback, for example when the value
 * of "schema" has told what the rest of the text is about. It concerns the outermost callback, see lejp_parser_push().
 */
LWS_VISIBLE LWS_EXTERN void
lejp_change_callback(struct lejp_ctx *ctx,
		     signed char (*callback)(struct lejp_ctx *ctx, char reason));

/**
 * lejp_parser_push() - parse a part of the text with another callback and other paths
 *
 * \param ctx: the context
 * \param user: becomes ctx->pst[ctx->pst_sp].user; ctx->user stays
 * \param paths: its list of paths, used up to lejp_parser_pop()
 * \param paths_count: how many
 * \param lejp_cb: its callback
 *
 * Called inside of a callback, usually in LEJPCB_OBJECT_START, and undone by the new callback in the LEJPCB_OBJECT_END of
 * that object. In between paths are relative: ctx->path starts empty. There is no extra callback. The path
 * that was there is kept in the same memory, so both together are limited to LEJP_MAX_PATH - 1 bytes. The present path is
 * compared with the present list before, and the result is kept in path_match of its struct _lejp_parsing_stack.
 *
 * Returns 0, or -1 if LEJP_MAX_PARSING_STACK_DEPTH callbacks are in use already.
 */
LWS_VISIBLE LWS_EXTERN int
lejp_parser_push(struct lejp_ctx *ctx, void *user, const char * const *paths,
		 unsigned char paths_count, lejp_callback lejp_cb);

/**
 * lejp_parser_pop() - back to the callback and the paths before lejp_parser_push()
 *
 * \param ctx: the context
 *
 * ctx->path is again what it was then, and is compared with the list of paths of then.
 *
 * Returns 0, or -1 if nothing was pushed.
 */
LWS_VISIBLE LWS_EXTERN int
lejp_parser_pop(struct lejp_ctx *ctx);

/**
 * lejp_check_path_match() - compare the path with the list of paths
 *
 * \param ctx: the context
 *
 * Sets ctx->path_match, and with it ctx->wild and ctx->wildcount, unless there is a match already. The parser does it by
 * itself; it is of use where a callback changed the list of paths.
 */
LWS_VISIBLE LWS_EXTERN void
lejp_check_path_match(struct lejp_ctx *ctx);

/**
 * lejp_get_wildcard() - what a '*' of the matching path stands for
 *
 * \param ctx: the context, in a callback with a ctx->path_match
 * \param wildcard: which '*', from 0
 * \param dest: gets the text, up to the next '.', and a NUL
 * \param len: size of dest; longer text is cut off
 *
 * Returns the length with the NUL; 0 if the matching path has no such '*' or len is not positive, dest is
 * untouched then.
 */
LWS_VISIBLE LWS_EXTERN int
lejp_get_wildcard(struct lejp_ctx *ctx, int wildcard, char *dest, int len);

/**
 * lejp_error_to_string() - a result of lejp_parse() in words
 *
 * \param e: the result
 *
 * Returns a constant, e.g. for a log; "" for LEJP_CONTINUE and for results that are no error.
 */
LWS_VISIBLE LWS_EXTERN const char *
lejp_error_to_string(int e);
///@}

#endif
