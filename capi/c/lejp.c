/*
 * The JSON parser: a state machine that eats one byte at a time. Everything it knows is in the caller's struct, whose
 * fields are public, so the levels in st are filled in the way that callbacks expect:
 *
 *	{"a": {"b": "c	three levels: the outer object, the inner one, the string
 *	[{"b": "c	four: the outer array has one of its own, before the one of its elements
 *
 * The state of a level that has another one on top says how it goes on: LEJP_MP_DELIM under the string of a name,
 * LEJP_MP_ARRAY_END under the elements of an array, otherwise LEJP_MP_COMMA_OR_END.
 *
 * While lejp_parser_push() is in force, the paths of the parsers below are kept at the end of the path's memory, the
 * outermost last. Lengths in st count from the start of the outermost path, so they mean the same before and after.
 */
#include <libwebsockets.h>

#include "utf8.h"

/* Values of count_paths, which the interface has no use for: what part of its life a context is in. */
enum phase { FRESH, STARTED, OVER };

/* Results of a step, beside those of enum lejp_reasons. */
enum { NEXT = 0, AGAIN = 1, COMPLETE = 2 };

/* In f while a number is read, beside enum num_flags: its integer part is 0; its exponent has a sign, a digit. */
enum { SEEN_ZERO = 1 << 4, SEEN_EXP_SIGN = 1 << 5, SEEN_EXP_DIGIT = 1 << 6 };

/* In f in LEJP_MP_VALUE: this is right behind a '['. */
enum { FIRST_ELEMENT = 1 };

/* In dcount in a string: less than this, bytes that a character lacks; else the upper byte of a high surrogate. */
enum { HIGH_SURROGATE = 0xd8 };

static struct _lejp_parsing_stack *parser_of(struct lejp_ctx *ctx)
{
	return &ctx->pst[ctx->pst_sp];
}

static struct _lejp_stack *level_of(struct lejp_ctx *ctx)
{
	return &ctx->st[ctx->sp];
}

static int in_array(const struct lejp_ctx *ctx)
{
	return ctx->sp && ctx->st[ctx->sp - 1].s == LEJP_MP_ARRAY_END;
}

static int call(struct lejp_ctx *ctx, enum lejp_callbacks reason)
{
	return parser_of(ctx)->callback(ctx, (char)reason);
}

static int call_or_reject(struct lejp_ctx *ctx, enum lejp_callbacks reason)
{
	return call(ctx, reason) ? LEJP_REJECT_CALLBACK : NEXT;
}

/* Bytes of the path's memory that belong to the parsers below the present one. */
static size_t kept(const struct lejp_ctx *ctx)
{
	size_t total = 0;
	int n;

	for (n = 0; n < ctx->pst_sp; n++)
		total += ctx->pst[n].ppos;

	return total;
}

/* Length of the present path, with those of the parsers below. */
static size_t path_length(struct lejp_ctx *ctx)
{
	return kept(ctx) + parser_of(ctx)->ppos;
}

static int path_append(struct lejp_ctx *ctx, const char *text, size_t length)
{
	struct _lejp_parsing_stack *parser = parser_of(ctx);

	if (path_length(ctx) + length >= sizeof(ctx->path))
		return LEJP_REJECT_MP_DELIM_ISTACK;
	memcpy(ctx->path + parser->ppos, text, length);
	parser->ppos = (uint8_t)(parser->ppos + length);
	ctx->path[parser->ppos] = '\0';

	return NEXT;
}

static void forget_match(struct lejp_ctx *ctx)
{
	ctx->path_match = 0;
	ctx->wildcount = 0;
}

/* Cuts the path to a length that was path_length() before. A match ends where it no longer covers the path. */
static void path_cut(struct lejp_ctx *ctx, size_t length)
{
	struct _lejp_parsing_stack *parser = parser_of(ctx);
	size_t below = kept(ctx), own = length > below ? length - below : 0;

	/* what was pushed or popped since may have left less */
	if (own < parser->ppos)
		parser->ppos = (uint8_t)own;
	ctx->path[parser->ppos] = '\0';
	if (ctx->path_match && parser->ppos <= ctx->path_match_len)
		forget_match(ctx);
}

static int push_level(struct lejp_ctx *ctx, enum lejp_states state)
{
	level_of(ctx)->p = (char)path_length(ctx);
	level_of(ctx)->i = (char)ctx->ipos;
	if (ctx->sp + 1 == LEJP_MAX_DEPTH)
		return LEJP_REJECT_STACK_OVERFLOW;
	ctx->sp++;
	level_of(ctx)->s = (char)state;
	level_of(ctx)->b = 0;

	return NEXT;
}

static int open_object(struct lejp_ctx *ctx)
{
	lejp_check_path_match(ctx);
	if (call(ctx, LEJPCB_OBJECT_START))
		return LEJP_REJECT_CALLBACK;
	forget_match(ctx);
	level_of(ctx)->s = LEJP_MP_COMMA_OR_END;

	return push_level(ctx, LEJP_MEMBERS);
}

static int open_array(struct lejp_ctx *ctx)
{
	int result = path_append(ctx, "[]", 2);

	if (result)
		return result;
	if (call(ctx, LEJPCB_ARRAY_START))
		return LEJP_REJECT_CALLBACK;
	if (ctx->ipos == LEJP_MAX_INDEX_DEPTH)
		return LEJP_REJECT_MP_DELIM_ISTACK;
	ctx->i[ctx->ipos++] = 0;
	level_of(ctx)->s = LEJP_MP_ARRAY_END;
	ctx->f = FIRST_ELEMENT;

	return push_level(ctx, LEJP_MP_VALUE);
}

/* What comes behind the end of an object or array: more, or nothing if it was the outermost. */
static int closed(struct lejp_ctx *ctx, int outermost)
{
	if (!outermost) {
		level_of(ctx)->s = LEJP_MP_COMMA_OR_END;
		return NEXT;
	}
	ctx->count_paths = OVER;

	return call(ctx, LEJPCB_COMPLETE) ? LEJP_REJECT_CALLBACK : COMPLETE;
}

static int close_object(struct lejp_ctx *ctx)
{
	int outermost = !ctx->sp;

	if (!outermost)
		ctx->sp--;
	path_cut(ctx, outermost ? 0 : (size_t)level_of(ctx)->p);
	lejp_check_path_match(ctx);
	if (call(ctx, LEJPCB_OBJECT_END))
		return LEJP_REJECT_CALLBACK;

	return closed(ctx, outermost);
}

static int close_array(struct lejp_ctx *ctx)
{
	ctx->sp--;
	ctx->ipos = (uint8_t)(level_of(ctx)->i - 1);
	path_cut(ctx, (size_t)level_of(ctx)->p - 2);
	lejp_check_path_match(ctx);
	if (call(ctx, LEJPCB_ARRAY_END) < 0)
		return LEJP_REJECT_CALLBACK;

	return closed(ctx, !ctx->sp && ctx->outer_array);
}

/* A ']' that closes no array */
static int reject_bracket(const struct lejp_ctx *ctx)
{
	return ctx->sp ? LEJP_REJECT_MP_C_OR_E_NOTARRAY : LEJP_REJECT_MP_C_OR_E_UNDERF;
}

static int begin_text(struct lejp_ctx *ctx, unsigned char c)
{
	if (c == '[') {
		ctx->outer_array = 1;
		return open_array(ctx);
	}
	if (c != '{')
		return LEJP_REJECT_IDLE_NO_BRACE;
	level_of(ctx)->s = LEJP_MEMBERS;

	return call_or_reject(ctx, LEJPCB_OBJECT_START);
}

static int begin_string(struct lejp_ctx *ctx)
{
	ctx->dcount = 0;
	ctx->f = 0;

	return push_level(ctx, LEJP_MP_STRING);
}

static int begin_name(struct lejp_ctx *ctx, unsigned char c)
{
	int result = NEXT;

	if (c != '"')
		return LEJP_REJECT_MP_NO_OPEN_QUOTE;
	if (parser_of(ctx)->ppos)
		result = path_append(ctx, ".", 1);
	level_of(ctx)->s = LEJP_MP_DELIM;

	return result ? result : begin_string(ctx);
}

static int begin_value(struct lejp_ctx *ctx, unsigned char c)
{
	int first = ctx->f == FIRST_ELEMENT;

	ctx->npos = 0;
	ctx->buf[0] = '\0';
	ctx->dcount = 0;
	ctx->f = 0;

	switch (c) {
	case '"':
		if (call(ctx, LEJPCB_VAL_STR_START))
			return LEJP_REJECT_CALLBACK;
		level_of(ctx)->s = LEJP_MP_COMMA_OR_END;
		return begin_string(ctx);
	case '{':
		return open_object(ctx);
	case '[':
		return open_array(ctx);
	case ']':
		if (!in_array(ctx))
			return reject_bracket(ctx);
		return first ? close_array(ctx) : LEJP_REJECT_MP_DELIM_BAD_VALUE_START;
	case 't':
	case 'f':
	case 'n':
		ctx->f = c;
		level_of(ctx)->s = LEJP_MP_VALUE_TOK;
		return AGAIN;
	default:
		if (c != '-' && (c < '0' || c > '9'))
			return LEJP_REJECT_MP_DELIM_BAD_VALUE_START;
		level_of(ctx)->s = LEJP_MP_VALUE_NUM_INT;
		return AGAIN;
	}
}

static int end_value(struct lejp_ctx *ctx, enum lejp_callbacks reason, const char *value)
{
	ctx->npos = (uint8_t)strlen(value);
	memcpy(ctx->buf, value, ctx->npos + 1u);
	level_of(ctx)->s = LEJP_MP_COMMA_OR_END;

	return call_or_reject(ctx, reason);
}

static int word_byte(struct lejp_ctx *ctx, unsigned char c)
{
	const char *word = ctx->f == 't' ? "true" : ctx->f == 'f' ? "false" : "null";

	if (c != word[ctx->dcount])
		return LEJP_REJECT_MP_VAL_TOK_UNKNOWN;
	if (word[++ctx->dcount])
		return NEXT;

	switch (ctx->f) {
	case 't':
		return end_value(ctx, LEJPCB_VAL_TRUE, "1");
	case 'f':
		return end_value(ctx, LEJPCB_VAL_FALSE, "0");
	default:
		return end_value(ctx, LEJPCB_VAL_NULL, "");
	}
}

/* Whether c belongs to the number; it does not end in the middle because of what is wrong with it. */
static int number_goes_on(struct lejp_ctx *ctx, unsigned char c)
{
	if (c >= '0' && c <= '9') {
		if (ctx->f & LEJP_SEEN_EXP)
			ctx->f |= SEEN_EXP_DIGIT;
		else if (ctx->f & LEJP_SEEN_POINT)
			ctx->f |= LEJP_SEEN_POST_POINT;
		else if (ctx->f & SEEN_ZERO)
			return LEJP_REJECT_MP_VAL_NUM_FORMAT;
		else if (!ctx->dcount) {
			ctx->dcount = 1;
			ctx->f |= c == '0' ? SEEN_ZERO : 0;
		}
		return 1;
	}
	if (c == '-' && !ctx->npos) {
		ctx->f |= LEJP_SEEN_MINUS;
		return 1;
	}
	if ((c == '-' || c == '+') && (ctx->f & (LEJP_SEEN_EXP | SEEN_EXP_SIGN | SEEN_EXP_DIGIT)) == LEJP_SEEN_EXP) {
		ctx->f |= SEEN_EXP_SIGN;
		return 1;
	}
	if (c == '.') {
		if (!ctx->dcount || (ctx->f & (LEJP_SEEN_POINT | LEJP_SEEN_EXP)))
			return LEJP_REJECT_MP_VAL_NUM_FORMAT;
		ctx->f |= LEJP_SEEN_POINT;
		return 1;
	}

	if (!ctx->dcount)
		return LEJP_REJECT_MP_VAL_NUM_FORMAT;
	if ((ctx->f & (LEJP_SEEN_POINT | LEJP_SEEN_POST_POINT)) == LEJP_SEEN_POINT)
		return LEJP_REJECT_MP_VAL_NUM_INT_NO_FRAC;
	if (c == 'e' || c == 'E') {
		if (ctx->f & LEJP_SEEN_EXP)
			return LEJP_REJECT_MP_VAL_NUM_FORMAT;
		ctx->f |= LEJP_SEEN_EXP;
		level_of(ctx)->s = LEJP_MP_VALUE_NUM_EXP;
		return 1;
	}
	if ((ctx->f & (LEJP_SEEN_EXP | SEEN_EXP_DIGIT)) == LEJP_SEEN_EXP)
		return LEJP_REJECT_MP_VAL_NUM_EXP_BAD_EXP;

	return 0;
}

static int number_byte(struct lejp_ctx *ctx, unsigned char c)
{
	int result = number_goes_on(ctx, c);

	if (result < 0)
		return result;
	if (result) {
		if (ctx->npos == LEJP_STRING_CHUNK)
			return LEJP_REJECT_NUM_TOO_LONG;
		ctx->buf[ctx->npos++] = (char)c;
		return NEXT;
	}

	ctx->buf[ctx->npos] = '\0';
	level_of(ctx)->s = LEJP_MP_COMMA_OR_END;
	if (call(ctx, ctx->f & (LEJP_SEEN_POINT | LEJP_SEEN_EXP) ? LEJPCB_VAL_NUM_FLOAT : LEJPCB_VAL_NUM_INT))
		return LEJP_REJECT_CALLBACK;

	return AGAIN;
}

/* A byte of a name or of a string, escapes resolved */
static int text_byte(struct lejp_ctx *ctx, unsigned int c)
{
	char byte = (char)c;

	if (ctx->st[ctx->sp - 1].s == LEJP_MP_DELIM)
		return path_append(ctx, &byte, 1);

	ctx->buf[ctx->npos++] = byte;
	if (ctx->npos < LEJP_STRING_CHUNK)
		return NEXT;
	ctx->buf[ctx->npos] = '\0';
	if (call(ctx, LEJPCB_VAL_STR_CHUNK))
		return LEJP_REJECT_CALLBACK;
	ctx->npos = 0;

	return NEXT;
}

static int text_character(struct lejp_ctx *ctx, uint32_t c)
{
	int shift, result;

	if (c < 0x80)
		return text_byte(ctx, c);
	shift = c < 0x800 ? 6 : c < 0x10000 ? 12 : 18;
	result = text_byte(ctx, (c >> shift) | (shift == 6 ? 0xc0 : shift == 12 ? 0xe0 : 0xf0));
	while (!result && shift) {
		shift -= 6;
		result = text_byte(ctx, ((c >> shift) & 0x3f) | 0x80);
	}

	return result;
}

/* All four digits of a backslash-u are in uni. Characters above U+FFFF are two of them (RFC 8259, 7). */
static int escaped_character(struct lejp_ctx *ctx)
{
	int low = ctx->uni >= 0xdc00 && ctx->uni <= 0xdfff;
	uint32_t high = ctx->dcount;

	level_of(ctx)->s = LEJP_MP_STRING;
	if (low != !!high)
		return LEJP_REJECT_MP_STRING_ESC_ILLEGAL_ESC;
	if (low) {
		high = (high << 8 | ctx->f) - 0xd800;
		ctx->dcount = 0;
		ctx->f = 0;
		return text_character(ctx, 0x10000 + (high << 10) + (uint32_t)(ctx->uni - 0xdc00));
	}
	if (ctx->uni >= 0xd800 && ctx->uni <= 0xdbff) {
		ctx->dcount = (uint8_t)(ctx->uni >> 8);
		ctx->f = (uint8_t)ctx->uni;
		return NEXT;
	}

	return text_character(ctx, ctx->uni);
}

static int hex_digit(struct lejp_ctx *ctx, unsigned char c)
{
	unsigned int digit;

	if (c >= '0' && c <= '9')
		digit = c - '0';
	else if (c >= 'a' && c <= 'f')
		digit = c - 'a' + 10u;
	else if (c >= 'A' && c <= 'F')
		digit = c - 'A' + 10u;
	else
		return LEJP_REJECT_ILLEGAL_HEX;

	ctx->uni = (uint16_t)(ctx->uni << 4 | digit);
	if (level_of(ctx)->s == LEJP_MP_STRING_ESC_U4)
		return escaped_character(ctx);
	level_of(ctx)->s++;

	return NEXT;
}

static int escape(struct lejp_ctx *ctx, unsigned char c)
{
	static const char from[] = "\"\\/bfnrt", to[] = "\"\\/\b\f\n\r\t";
	const char *found;

	if (c == 'u') {
		ctx->uni = 0;
		level_of(ctx)->s = LEJP_MP_STRING_ESC_U1;
		return NEXT;
	}
	found = c ? strchr(from, c) : NULL;
	if (!found || ctx->dcount)
		return LEJP_REJECT_MP_STRING_ESC_ILLEGAL_ESC;
	level_of(ctx)->s = LEJP_MP_STRING;

	return text_byte(ctx, (unsigned char)to[found - from]);
}

static int end_string(struct lejp_ctx *ctx)
{
	ctx->sp--;
	if (level_of(ctx)->s == LEJP_MP_DELIM)
		return NEXT;

	/* callbacks count on the level of the string to be there still */
	ctx->sp++;
	ctx->buf[ctx->npos] = '\0';
	if (call(ctx, LEJPCB_VAL_STR_END) < 0)
		return LEJP_REJECT_CALLBACK;
	ctx->sp--;

	return NEXT;
}

static int string_byte(struct lejp_ctx *ctx, unsigned char c)
{
	struct golws_utf8 utf8 = GOLWS_UTF8_START;

	/* where a character is incomplete, dcount is what it lacks, and f its first byte if that was the last one seen */
	if (ctx->dcount >= HIGH_SURROGATE) {
		if (c != '\\')
			return LEJP_REJECT_MP_STRING_ESC_ILLEGAL_ESC;
	} else if (ctx->f) {
		golws_utf8_byte(&utf8, ctx->f);
	} else if (ctx->dcount) {
		utf8.missing = ctx->dcount;
		utf8.low = 0x80;
		utf8.high = 0xbf;
	}

	if (golws_utf8_complete(&utf8)) {
		if (c == '"')
			return end_string(ctx);
		if (c == '\\') {
			level_of(ctx)->s = LEJP_MP_STRING_ESC;
			return NEXT;
		}
		if (c < ' ')
			return LEJP_REJECT_MP_ILLEGAL_CTRL;
	}
	if (golws_utf8_byte(&utf8, c))
		return LEJP_REJECT_MP_ILLEGAL_CTRL;
	ctx->f = c >= 0xc0 ? c : 0;
	ctx->dcount = utf8.missing;

	return text_byte(ctx, c);
}

/* Takes bytes of a name or string that stand for themselves, as many as there is room for at once; returns how many. */
static int string_run(struct lejp_ctx *ctx, const unsigned char *json, int len)
{
	int name = ctx->st[ctx->sp - 1].s == LEJP_MP_DELIM, n = 0;
	int room = (name ? (int)(sizeof(ctx->path) - path_length(ctx)) : LEJP_STRING_CHUNK - ctx->npos) - 1;

	if (ctx->f || ctx->dcount)
		return 0;
	if (room > len)
		room = len;
	while (n < room && json[n] >= ' ' && json[n] < 0x80 && json[n] != '"' && json[n] != '\\')
		n++;
	if (name)
		path_append(ctx, (const char *)json, (size_t)n);
	else {
		memcpy(ctx->buf + ctx->npos, json, (size_t)n);
		ctx->npos = (uint8_t)(ctx->npos + n);
	}

	return n;
}

static int after_value(struct lejp_ctx *ctx, unsigned char c)
{
	int array = in_array(ctx);

	if (c == ',') {
		path_cut(ctx, ctx->sp ? (size_t)ctx->st[ctx->sp - 1].p : 0);
		if (array)
			ctx->i[ctx->ipos - 1]++;
		ctx->f = 0;
		level_of(ctx)->s = array ? LEJP_MP_VALUE : LEJP_M_P;
		return NEXT;
	}
	if (array)
		return c == ']' ? close_array(ctx) : LEJP_REJECT_MP_ARRAY_END_MISSING;
	if (c == '}')
		return close_object(ctx);

	return c == ']' ? reject_bracket(ctx) : LEJP_REJECT_MP_C_OR_E_NEITHER;
}

static int after_name(struct lejp_ctx *ctx, unsigned char c)
{
	if (c != ':')
		return LEJP_REJECT_MP_DELIM_MISSING_COLON;
	level_of(ctx)->s = LEJP_MP_VALUE;
	lejp_check_path_match(ctx);
	if (call(ctx, LEJPCB_PAIR_NAME))
		return LEJP_REJECT_CALLBACK;
	ctx->f = 0;

	return NEXT;
}

/* Nonzero if the byte means nothing: white space and comments, outside of tokens. */
static int skip(struct lejp_ctx *ctx, unsigned char c)
{
	struct _lejp_stack *level = level_of(ctx);

	if (level->s & LEJP_FLAG_WS_KEEP)
		return 0;
	if (level->s & LEJP_FLAG_WS_COMMENTLINE) {
		if (c == '\n')
			level->s &= ~LEJP_FLAG_WS_COMMENTLINE;
		return 1;
	}
	if (c == '#') {
		level->s |= LEJP_FLAG_WS_COMMENTLINE;
		return 1;
	}

	return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

/* Whether it is worth asking skip() */
static int may_skip(struct lejp_ctx *ctx, unsigned char c)
{
	return c <= '#' || (level_of(ctx)->s & LEJP_FLAG_WS_COMMENTLINE);
}

static int step(struct lejp_ctx *ctx, unsigned char c)
{
	switch (level_of(ctx)->s) {
	case LEJP_IDLE:
		return begin_text(ctx, c);
	case LEJP_MEMBERS:
		return c == '}' ? close_object(ctx) : begin_name(ctx, c);
	case LEJP_M_P:
		return begin_name(ctx, c);
	case LEJP_MP_STRING:
		return string_byte(ctx, c);
	case LEJP_MP_STRING_ESC:
		return escape(ctx, c);
	case LEJP_MP_STRING_ESC_U1:
	case LEJP_MP_STRING_ESC_U2:
	case LEJP_MP_STRING_ESC_U3:
	case LEJP_MP_STRING_ESC_U4:
		return hex_digit(ctx, c);
	case LEJP_MP_DELIM:
		return after_name(ctx, c);
	case LEJP_MP_VALUE:
		return begin_value(ctx, c);
	case LEJP_MP_VALUE_NUM_INT:
	case LEJP_MP_VALUE_NUM_EXP:
		return number_byte(ctx, c);
	case LEJP_MP_VALUE_TOK:
		return word_byte(ctx, c);
	case LEJP_MP_COMMA_OR_END:
		return after_value(ctx, c);
	default:
		return LEJP_REJECT_UNKNOWN;
	}
}

int lejp_parse(struct lejp_ctx *ctx, const unsigned char *json, int len)
{
	int n, result;

	if (ctx->count_paths == OVER)
		return LEJP_REJECT_UNKNOWN;
	if (ctx->count_paths == FRESH && len > 0) {
		ctx->count_paths = STARTED;
		call(ctx, LEJPCB_START);
	}

	for (n = 0; n < len; n++) {
		if (level_of(ctx)->s == LEJP_MP_STRING) {
			n += string_run(ctx, json + n, len - n);
			if (n == len)
				break;
		}
		if (json[n] == '\n')
			ctx->line++;
		if (may_skip(ctx, json[n]) && skip(ctx, json[n]))
			continue;
		result = step(ctx, json[n]);
		if (result == AGAIN) {
			/* it is white space now, or the first byte of what comes next */
			if (may_skip(ctx, json[n]) && skip(ctx, json[n]))
				continue;
			result = step(ctx, json[n]);
		}
		if (result == COMPLETE)
			return len - n - 1;
		if (result) {
			ctx->count_paths = OVER;
			call(ctx, LEJPCB_FAILED);
			return result;
		}
	}

	return LEJP_CONTINUE;
}

void lejp_construct(struct lejp_ctx *ctx, signed char (*callback)(struct lejp_ctx *ctx, char reason), void *user,
		    const char * const *paths, unsigned char paths_count)
{
	memset(ctx, 0, sizeof(*ctx));
	ctx->user = user;
	ctx->line = 1;
	ctx->pst[0].callback = callback;
	ctx->pst[0].paths = paths;
	ctx->pst[0].count_paths = paths_count;

	callback(ctx, LEJPCB_CONSTRUCTED);
}

void lejp_destruct(struct lejp_ctx *ctx)
{
	if (ctx->pst[0].callback)
		ctx->pst[0].callback(ctx, LEJPCB_DESTRUCTED);
}

void lejp_change_callback(struct lejp_ctx *ctx, signed char (*callback)(struct lejp_ctx *ctx, char reason))
{
	ctx->pst[0].callback(ctx, LEJPCB_DESTRUCTED);
	ctx->pst[0].callback = callback;
	callback(ctx, LEJPCB_CONSTRUCTED);
	callback(ctx, LEJPCB_START);
}

int lejp_parser_push(struct lejp_ctx *ctx, void *user, const char * const *paths, unsigned char paths_count,
		     lejp_callback lejp_cb)
{
	struct _lejp_parsing_stack *parser = parser_of(ctx);

	if (ctx->pst_sp + 1 == LEJP_MAX_PARSING_STACK_DEPTH)
		return -1;

	lejp_check_path_match(ctx);
	parser->path_match = ctx->path_match;
	memmove(ctx->path + sizeof(ctx->path) - path_length(ctx), ctx->path, parser->ppos);
	ctx->path[0] = '\0';

	ctx->pst_sp++;
	parser = parser_of(ctx);
	parser->user = user;
	parser->callback = lejp_cb;
	parser->paths = paths;
	parser->count_paths = paths_count;
	parser->ppos = 0;
	parser->path_match = 0;
	forget_match(ctx);

	return 0;
}

int lejp_parser_pop(struct lejp_ctx *ctx)
{
	struct _lejp_parsing_stack *parser;

	if (!ctx->pst_sp)
		return -1;

	ctx->pst_sp--;
	parser = parser_of(ctx);
	memmove(ctx->path, ctx->path + sizeof(ctx->path) - path_length(ctx), parser->ppos);
	ctx->path[parser->ppos] = '\0';
	forget_match(ctx);
	lejp_check_path_match(ctx);

	return 0;
}

/* Whether a path is what an entry of the list stands for; if so, where its '*' begin is in ctx->wild. */
static int matches(struct lejp_ctx *ctx, const char *entry, size_t length)
{
	const char *at = ctx->path, *end = at + length;
	uint8_t count = 0;

	for (; at < end && *entry; entry++) {
		if (*entry != '*') {
			if (*entry != *at++)
				return 0;
			continue;
		}
		if (count == LEJP_MAX_INDEX_DEPTH)
			return 0;
		ctx->wild[count++] = (uint16_t)(at - ctx->path);
		if (entry[1])
			while (at < end && *at != '.')
				at++;
		else
			at = end;
	}
	if (at != end || *entry)
		return 0;
	ctx->wildcount = count;

	return 1;
}

void lejp_check_path_match(struct lejp_ctx *ctx)
{
	const struct _lejp_parsing_stack *parser = parser_of(ctx);
	size_t stride = ctx->path_stride ? ctx->path_stride : sizeof(const char *);
	unsigned int n;

	if (ctx->path_match)
		return;

	for (n = 0; n < parser->count_paths; n++) {
		const char *entry = *(const char * const *)((const char *)parser->paths + n * stride);

		/* most differ in the first byte */
		if (entry && (*entry == ctx->path[0] || *entry == '*') && matches(ctx, entry, parser->ppos)) {
			ctx->path_match = (uint8_t)(n + 1);
			ctx->path_match_len = parser->ppos;
			return;
		}
	}
	ctx->wildcount = 0;
}

int lejp_get_wildcard(struct lejp_ctx *ctx, int wildcard, char *dest, int len)
{
	size_t from, to, end = parser_of(ctx)->ppos;

	if (wildcard < 0 || wildcard >= ctx->wildcount || len <= 0)
		return 0;

	from = ctx->wild[wildcard];
	for (to = from; to < end && ctx->path[to] != '.' && to - from + 1 < (size_t)len; to++)
		;
	memcpy(dest, ctx->path + from, to - from);
	dest[to - from] = '\0';

	return (int)(to - from) + 1;
}
