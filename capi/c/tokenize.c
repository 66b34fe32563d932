#include <libwebsockets.h>

#include "utf8.h"

void lws_tokenize_init(struct lws_tokenize *ts, const char *start, int flags)
{
	memset(ts, 0, sizeof(*ts));
	ts->start = start;
	/* a NUL ends the text */
	ts->len = INT32_MAX;
	ts->flags = (uint16_t)flags;
	ts->delim = LWSTZ_DT_NEED_FIRST_CONTENT;
}

int lws_tokenize_cstr(struct lws_tokenize *ts, char *str, size_t max)
{
	if (ts->token_len + 1 >= max)
		return 1;

	memcpy(str, ts->token, ts->token_len);
	str[ts->token_len] = '\0';

	return 0;
}

enum kind { SPACE, QUOTE, DELIMITER, CONTENT };

static int is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

static int is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* Characters that by default are delimiters, each with the flag that makes it part of tokens. */
static const struct {
	char c;
	uint16_t flag;
} nonterminals[] = {
	{ '-', LWS_TOKENIZE_F_MINUS_NONTERM },
	{ '.', LWS_TOKENIZE_F_DOT_NONTERM },
	{ '*', LWS_TOKENIZE_F_ASTERISK_NONTERM },
	{ '=', LWS_TOKENIZE_F_EQUALS_NONTERM },
	{ '/', LWS_TOKENIZE_F_SLASH_NONTERM },
};

/* Kind of a character of ASCII, outside of quotes. */
static enum kind kind_of(const struct lws_tokenize *ts, char c)
{
	unsigned int n;

	if (strchr(" \t\n\r\f", c))
		return SPACE;
	if (c == '"')
		return QUOTE;
	if (is_letter(c) || is_digit(c))
		return CONTENT;

	for (n = 0; n < sizeof(nonterminals) / sizeof(nonterminals[0]); n++) {
		if (c != nonterminals[n].c)
			continue;
		/* the list of the RFC has '=', and programs that ask for both want it reported */
		if (c == '=' && (ts->flags & LWS_TOKENIZE_F_RFC7230_DELIMS))
			return DELIMITER;
		return ts->flags & nonterminals[n].flag ? CONTENT : DELIMITER;
	}

	if (ts->flags & LWS_TOKENIZE_F_RFC7230_DELIMS)
		return strchr("(),:;<>?@[\\]{}", c) ? DELIMITER : CONTENT;

	return DELIMITER;
}

/*
 * In a list with commas, content and commas take turns. Nonzero if it is not the turn of what comes now.
 */
static int out_of_turn(struct lws_tokenize *ts, int is_content, char c)
{
	if (!(ts->flags & LWS_TOKENIZE_F_COMMA_SEP_LIST))
		return 0;

	if (is_content) {
		if (ts->delim == LWSTZ_DT_NEED_DELIM)
			return 1;
		ts->delim = LWSTZ_DT_NEED_DELIM;
	} else {
		if (c != ',' || ts->delim != LWSTZ_DT_NEED_DELIM)
			return 1;
		ts->delim = LWSTZ_DT_NEED_NEXT_CONTENT;
	}

	return 0;
}

/*
 * The next character into *c, with *multibyte set if it is a byte of a longer UTF-8 character. 0 at the end, negative if it
 * is not UTF-8.
 */
static int next(struct lws_tokenize *ts, struct golws_utf8 *utf8, char *c, int *multibyte)
{
	if (!ts->len || !*ts->start)
		return golws_utf8_complete(utf8) ? 0 : LWS_TOKZE_ERR_BROKEN_UTF8;

	*c = *ts->start++;
	ts->len--;
	*multibyte = (unsigned char)*c >= 0x80;

	return golws_utf8_byte(utf8, (unsigned char)*c) ? LWS_TOKZE_ERR_BROKEN_UTF8 : 1;
}

static void put_back(struct lws_tokenize *ts)
{
	ts->start--;
	ts->len++;
}

static void skip_line(struct lws_tokenize *ts)
{
	while (ts->len && *ts->start && *ts->start != '\n' && *ts->start != '\r') {
		ts->start++;
		ts->len--;
	}
}

static lws_tokenize_elem quoted(struct lws_tokenize *ts, struct golws_utf8 *utf8)
{
	int multibyte, n;
	char c;

	ts->token = ts->start;
	ts->token_len = 0;
	while ((n = next(ts, utf8, &c, &multibyte)) > 0) {
		if (c == '"')
			return LWS_TOKZE_QUOTED_STRING;
		ts->token_len++;
	}

	return n < 0 ? (lws_tokenize_elem)n : LWS_TOKZE_ERR_UNTERM_STRING;
}

/* first was read already */
static lws_tokenize_elem token(struct lws_tokenize *ts, struct golws_utf8 *utf8, char first)
{
	int numeric = !(ts->flags & LWS_TOKENIZE_F_NO_INTEGERS) && is_digit(first), points = 0;
	int multibyte, n, ended = 0;
	char c;

	ts->token = ts->start - 1;
	ts->token_len = 1;

	while ((n = next(ts, utf8, &c, &multibyte)) > 0) {
		enum kind kind = multibyte ? CONTENT : kind_of(ts, c);

		if ((ts->flags & LWS_TOKENIZE_F_HASH_COMMENT) && c == '#') {
			skip_line(ts);
			continue;
		}

		/* white space may stand between a name and what ends it */
		if (kind == SPACE) {
			ended = 1;
			continue;
		}

		if (c == '=' && !(ts->flags & LWS_TOKENIZE_F_EQUALS_NONTERM))
			return numeric ? LWS_TOKZE_ERR_NUM_ON_LHS : LWS_TOKZE_TOKEN_NAME_EQUALS;
		if (c == ':' && (ts->flags & LWS_TOKENIZE_F_AGG_COLON))
			return LWS_TOKZE_TOKEN_NAME_COLON;

		if (c == '.' && numeric && !ended && !(ts->flags & LWS_TOKENIZE_F_NO_FLOATS)) {
			if (points++)
				return LWS_TOKZE_ERR_MALFORMED_FLOAT;
			ts->token_len++;
			continue;
		}

		if (ended || kind != CONTENT) {
			put_back(ts);
			break;
		}

		ts->token_len++;
		if (!is_digit(c))
			numeric = 0;
	}
	if (n < 0)
		return (lws_tokenize_elem)n;

	if (!numeric)
		return LWS_TOKZE_TOKEN;

	return points ? LWS_TOKZE_FLOAT : LWS_TOKZE_INTEGER;
}

lws_tokenize_elem lws_tokenize(struct lws_tokenize *ts)
{
	struct golws_utf8 utf8 = GOLWS_UTF8_START;
	int multibyte, n;
	char c;

	ts->token = NULL;
	ts->token_len = 0;

	while ((n = next(ts, &utf8, &c, &multibyte)) > 0) {
		enum kind kind = multibyte ? CONTENT : kind_of(ts, c);

		if ((ts->flags & LWS_TOKENIZE_F_HASH_COMMENT) && c == '#') {
			skip_line(ts);
			continue;
		}
		if (kind == SPACE)
			continue;
		if (out_of_turn(ts, kind != DELIMITER, c))
			return LWS_TOKZE_ERR_COMMA_LIST;
		if (kind == QUOTE)
			return quoted(ts, &utf8);
		if (kind == CONTENT)
			return token(ts, &utf8, c);

		ts->token = ts->start - 1;
		ts->token_len = 1;
		return LWS_TOKZE_DELIMITER;
	}
	if (n < 0)
		return (lws_tokenize_elem)n;

	if ((ts->flags & LWS_TOKENIZE_F_COMMA_SEP_LIST) && ts->delim == LWSTZ_DT_NEED_NEXT_CONTENT)
		return LWS_TOKZE_ERR_COMMA_LIST;

	return LWS_TOKZE_ENDED;
}
