/* Tokens, ${names} and wildcards */
#include "check.h"

#include <libwebsockets.h>
#include <stdio.h>

/*
 * What a text is split into, written as: T token, I integer, F float, = name=, : name:, Q quoted, D delimiter, each with
 * what was found; ! and a number for an error; $ at the end.
 */
static const char *split(const char *text, size_t length, int flags)
{
	static const char letters[] = "$DTIF=:Q";
	static char result[512];
	struct lws_tokenize ts;
	char *p = result, *end = result + sizeof(result);
	int n;

	lws_tokenize_init(&ts, text, flags);
	if (length)
		ts.len = length;
	for (n = 0; n < 40; n++) {
		lws_tokenize_elem e = lws_tokenize(&ts);

		if (e < 0) {
			lws_snprintf(p, lws_ptr_diff_size_t(end, p), "%s!%d", n ? " " : "", -(int)e);
			break;
		}
		p += lws_snprintf(p, lws_ptr_diff_size_t(end, p), "%s%c%.*s", n ? " " : "", letters[e], (int)ts.token_len,
				  e ? ts.token : "");
		if (!e)
			break;
	}

	return result;
}

static void test_tokens(void)
{
	CHECK_STR(split("", 0, 0), "$");
	CHECK_STR(split(" a b\t c_1\r\n", 0, 0), "Ta Tb Tc_1 $");
	CHECK_STR(split("a,b;c", 0, 0), "Ta D, Tb D; Tc $");
	CHECK_STR(split("12 3.5 a1 1a", 0, 0), "I12 F3.5 Ta1 T1a $");
	CHECK_STR(split("12 3.5", 0, LWS_TOKENIZE_F_NO_INTEGERS), "T12 T3 D. T5 $");
	CHECK_STR(split("3.5", 0, LWS_TOKENIZE_F_NO_FLOATS), "I3 D. I5 $");
	CHECK_STR(split("1.2.3", 0, 0), "!3");
	CHECK_STR(split("a=1 b =2 c= \"x y\"", 0, 0), "=a I1 =b I2 =c Qx y $");
	CHECK_STR(split("1=2", 0, 0), "!2");
	CHECK_STR(split("a:b", 0, 0), "Ta D: Tb $");
	CHECK_STR(split("a: b", 0, LWS_TOKENIZE_F_AGG_COLON), ":a Tb $");
	CHECK_STR(split("\"open", 0, 0), "!4");
	CHECK_STR(split("\"\"", 0, 0), "Q $");
	CHECK_STR(split("a\"b\"c", 0, 0), "Ta Qb Tc $");
	CHECK_STR(split("a-b.c*d/e", 0, 0), "Ta D- Tb D. Tc D* Td D/ Te $");
	CHECK_STR(split("a-b.c*d/e=f", 0, LWS_TOKENIZE_F_MINUS_NONTERM | LWS_TOKENIZE_F_DOT_NONTERM |
			LWS_TOKENIZE_F_ASTERISK_NONTERM | LWS_TOKENIZE_F_SLASH_NONTERM | LWS_TOKENIZE_F_EQUALS_NONTERM),
		  "Ta-b.c*d/e=f $");
	CHECK_STR(split("a!b(c)", 0, LWS_TOKENIZE_F_RFC7230_DELIMS), "Ta!b D( Tc D) $");
	CHECK_STR(split("a # b\nc", 0, LWS_TOKENIZE_F_HASH_COMMENT), "Ta Tc $");
	CHECK_STR(split("a#b", 0, LWS_TOKENIZE_F_HASH_COMMENT), "Ta $");
	CHECK_STR(split("abcdef", 3, 0), "Tabc $");
}

static void test_comma_list(void)
{
	int flags = LWS_TOKENIZE_F_COMMA_SEP_LIST | LWS_TOKENIZE_F_MINUS_NONTERM;

	CHECK_STR(split("a-1, b,\"c d\"", 0, flags), "Ta-1 D, Tb D, Qc d $");
	CHECK_STR(split("a b", 0, flags), "Ta !1");
	CHECK_STR(split("a,,b", 0, flags), "Ta D, !1");
	CHECK_STR(split(",a", 0, flags), "!1");
	CHECK_STR(split("a,", 0, flags), "Ta D, !1");
	CHECK_STR(split("a;b", 0, flags), "Ta !1");
}

static void test_utf8(void)
{
	CHECK_STR(split("gr\xc3\xbc\xc3\x9f" "e \xe2\x82\xac \xf0\x9f\x98\x80", 0, 0),
		  "Tgr\xc3\xbc\xc3\x9f" "e T\xe2\x82\xac T\xf0\x9f\x98\x80 $");
	CHECK_STR(split("\"\xc3\xbc\"", 0, 0), "Q\xc3\xbc $");
	/* cut, overlong, a surrogate, too large, a lone continuation */
	CHECK_STR(split("a\xc3", 0, 0), "!5");
	CHECK_STR(split("\xc3(", 0, 0), "!5");
	CHECK_STR(split("\xc0\xaf", 0, 0), "!5");
	CHECK_STR(split("\xe0\x80\xaf", 0, 0), "!5");
	CHECK_STR(split("\xed\xa0\x80", 0, 0), "!5");
	CHECK_STR(split("\xf4\x90\x80\x80", 0, 0), "!5");
	CHECK_STR(split("\"\x80\"", 0, 0), "!5");
}

static void test_cstr(void)
{
	struct lws_tokenize ts;
	char text[6] = "zzzzz";

	lws_tokenize_init(&ts, "abcd", 0);
	CHECK_INT(lws_tokenize(&ts), LWS_TOKZE_TOKEN);
	CHECK_INT(lws_tokenize_cstr(&ts, text, 5), 1);
	CHECK_STR(text, "zzzzz");
	CHECK_INT(lws_tokenize_cstr(&ts, text, 6), 0);
	CHECK_STR(text, "abcd");
}

/* Knows "five", and "long", which is ten letters. */
static int expand(void *priv, const char *name, char *out, size_t *pos, size_t olen, size_t *exp_ofs)
{
	const char *value = !strcmp(name, "five") ? "5" : !strcmp(name, "long") ? "abcdefghij" : NULL;
	size_t left, room;

	CHECK_PTR(priv, &expand);
	if (!value)
		return LSTRX_FATAL_NAME_UNKNOWN;

	left = strlen(value) - *exp_ofs;
	room = olen - *pos;
	if (left < room)
		room = left;
	if (out)
		memcpy(out + *pos, value + *exp_ofs, room);
	*pos += room;
	*exp_ofs += room;

	return room < left ? LSTRX_FILLED_OUT : LSTRX_DONE;
}

static void check_expand(const char *in, int result, const char *want)
{
	size_t used_in, used_out;
	lws_strexp_t exp;
	char out[64];

	lws_strexp_init(&exp, (void *)&expand, expand, out, sizeof(out));
	CHECK_INT(lws_strexp_expand(&exp, in, strlen(in), &used_in, &used_out), result);
	if (result)
		return;
	CHECK_STR(out, want);
	CHECK_INT(used_in, strlen(in));
	CHECK_INT(used_out, strlen(want));

	/* only counting */
	lws_strexp_init(&exp, (void *)&expand, expand, NULL, sizeof(out));
	CHECK_INT(lws_strexp_expand(&exp, in, strlen(in), &used_in, &used_out), LSTRX_DONE);
	CHECK_INT(used_out, strlen(want));
}

static void test_expand(void)
{
	check_expand("", LSTRX_DONE, "");
	check_expand("plain", LSTRX_DONE, "plain");
	check_expand("a${five}b${long}", LSTRX_DONE, "a5babcdefghij");
	check_expand("${five}${five}", LSTRX_DONE, "55");
	check_expand("$5 and $", LSTRX_DONE, "$5 and ");
	check_expand("$${five}", LSTRX_DONE, "$5");
	check_expand("${nope}", LSTRX_FATAL_NAME_UNKNOWN, NULL);
	check_expand("${0123456789012345678901234567890}", LSTRX_FATAL_NAME_UNKNOWN, NULL);
	check_expand("${01234567890123456789012345678901}", LSTRX_FATAL_NAME_TOO_LONG, NULL);
}

/* However input and output are cut, the result is the same. */
static void test_expand_pieces(void)
{
	static const char in[] = "x${long}y$z${five}${long}", want[] = "xabcdefghijy$z5abcdefghij";
	size_t in_step, out_size;

	for (in_step = 1; in_step < sizeof(in); in_step++)
		for (out_size = 1; out_size < 30; out_size++) {
			char result[64] = "", out[32];
			size_t at = 0, length = 0, used_in, used_out;
			lws_strexp_t exp;
			int rounds = 0;

			lws_strexp_init(&exp, (void *)&expand, expand, out, out_size);
			while (at < sizeof(in) - 1 && rounds++ < 200) {
				size_t size = sizeof(in) - 1 - at < in_step ? sizeof(in) - 1 - at : in_step;

				REQUIRE(lws_strexp_expand(&exp, in + at, size, &used_in, &used_out) >= 0);
				REQUIRE(used_in <= size && used_out <= out_size);
				memcpy(result + length, out, used_out);
				length += used_out;
				at += used_in;
				lws_strexp_reset_out(&exp, out, out_size);
			}
			result[length] = '\0';
			REQUIRE(CHECK_STR(result, want));
		}
}

/* As simple as can be. */
static int matches(const char *pattern, const char *end, const char *text)
{
	if (pattern == end)
		return !*text;
	if (*pattern == '*')
		return matches(pattern + 1, end, text) || (*text && matches(pattern, end, text + 1));

	return *text && *pattern == *text && matches(pattern + 1, end, text + 1);
}

static void test_wildcard(void)
{
	char pattern[8], text[10];
	int n, length, round;

	CHECK_INT(lws_strcmp_wildcard("allied", 6, "allied"), 0);
	CHECK_INT(lws_strcmp_wildcard("a*", 2, "allied"), 0);
	CHECK_INT(lws_strcmp_wildcard("*li*d", 5, "allied"), 0);
	CHECK_INT(lws_strcmp_wildcard("allie", 5, "allied"), 1);
	CHECK_INT(lws_strcmp_wildcard("b*", 2, "allied"), 1);
	CHECK_INT(lws_strcmp_wildcard("alliedx", 6, "allied"), 0);

	srand(5);
	for (round = 0; round < 50000; round++) {
		length = rand() % 8;
		for (n = 0; n < length; n++)
			pattern[n] = "ab*"[rand() % 3];
		for (n = rand() % 9, text[n] = '\0'; n--; )
			text[n] = "ab"[rand() % 2];
		REQUIRE_INT(lws_strcmp_wildcard(pattern, (size_t)length, text), !matches(pattern, pattern + length, text));
	}
}

TEST_MAIN({ "tokens", test_tokens }, { "comma list", test_comma_list }, { "utf8", test_utf8 }, { "cstr", test_cstr },
	  { "expand", test_expand }, { "expand pieces", test_expand_pieces }, { "wildcard", test_wildcard })
