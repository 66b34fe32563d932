/* The JSON parser */
#include "check.h"

#include <libwebsockets.h>
#include <stdio.h>
#include <stdlib.h>

/*
 * What a parser met, a line for each callback: letter of the reason, path, "=value" where there is one, "@match" where a path
 * of the list matches, "#index" of the innermost array in an element of it.
 */
struct trace {
	char text[20000];
	size_t used;
	int events;
	int reject_at;		/* number of the event that is refused */
	signed char answer;	/* and how */
};

static const struct {
	int reason;
	char letter;
} letters[] = {
	{LEJPCB_CONSTRUCTED, 'C'}, {LEJPCB_DESTRUCTED, 'D'}, {LEJPCB_START, '>'}, {LEJPCB_COMPLETE, '.'}, {LEJPCB_FAILED, '!'},
	{LEJPCB_PAIR_NAME, ':'}, {LEJPCB_VAL_TRUE, 't'}, {LEJPCB_VAL_FALSE, 'f'}, {LEJPCB_VAL_NULL, 'n'}, {LEJPCB_VAL_NUM_INT, 'i'},
	{LEJPCB_VAL_NUM_FLOAT, 'r'}, {LEJPCB_VAL_STR_START, '"'}, {LEJPCB_VAL_STR_CHUNK, '+'}, {LEJPCB_VAL_STR_END, 's'},
	{LEJPCB_ARRAY_START, '['}, {LEJPCB_ARRAY_END, ']'}, {LEJPCB_OBJECT_START, '{'}, {LEJPCB_OBJECT_END, '}'},
};

static void add(struct trace *trace, const char *format, ...)
{
	va_list arguments;
	int n;

	va_start(arguments, format);
	n = vsnprintf(trace->text + trace->used, sizeof(trace->text) - trace->used, format, arguments);
	va_end(arguments);
	REQUIRE(n >= 0 && trace->used + (size_t)n < sizeof(trace->text));
	trace->used += (size_t)n;
}

static signed char note_in(struct trace *trace, struct lejp_ctx *ctx, char reason)
{
	size_t length = strlen(ctx->path);
	char letter = '?';
	size_t n;

	for (n = 0; n < LWS_ARRAY_SIZE(letters); n++)
		if (letters[n].reason == reason)
			letter = letters[n].letter;
	REQUIRE(length < sizeof(ctx->path));
	REQUIRE(ctx->npos <= LEJP_STRING_CHUNK);
	REQUIRE(ctx->sp < LEJP_MAX_DEPTH);
	REQUIRE(ctx->ipos <= LEJP_MAX_INDEX_DEPTH);
	REQUIRE(ctx->wildcount <= LEJP_MAX_INDEX_DEPTH);

	add(trace, "%c%s", letter, ctx->path);
	if (reason & LEJP_FLAG_CB_IS_VALUE) {
		CHECK_INT(ctx->buf[ctx->npos], 0);
		add(trace, "=%s", ctx->buf);
	}
	if (ctx->path_match)
		add(trace, "@%d", ctx->path_match);
	if (ctx->ipos && length > 1 && ctx->path[length - 1] == ']' && letter != '[')
		add(trace, "#%d", ctx->i[ctx->ipos - 1]);
	add(trace, "\n");

	return ++trace->events == trace->reject_at ? trace->answer : 0;
}

static signed char note(struct lejp_ctx *ctx, char reason)
{
	return note_in(ctx->user, ctx, reason);
}

static const char * const no_paths[1];

/* Parses a text in pieces of the given sizes, the first and the others; what it returned is the last line of the trace. */
static int parse_pieces(struct trace *trace, const char *text, size_t length, size_t first, size_t others,
			const char * const *paths, unsigned char count)
{
	struct lejp_ctx *ctx = malloc(sizeof(*ctx));
	size_t done = 0, size = first;
	int result = LEJP_CONTINUE;

	memset(ctx, 0xa5, sizeof(*ctx));
	trace->used = 0;
	trace->events = 0;
	trace->text[0] = '\0';
	lejp_construct(ctx, note, trace, paths, count);
	while (done < length && result == LEJP_CONTINUE) {
		unsigned char *piece;

		if (size > length - done)
			size = length - done;
		/* exactly as large, so that a byte too many is seen */
		piece = malloc(size ? size : 1);
		memcpy(piece, text + done, size);
		result = lejp_parse(ctx, piece, (int)size);
		free(piece);
		done += size;
		size = others;
	}
	if (result >= 0)
		result += (int)(length - done);
	if (result != LEJP_CONTINUE) {
		int events = trace->events;

		CHECK_INT(lejp_parse(ctx, (const unsigned char *)"{}", 2), LEJP_REJECT_UNKNOWN);
		CHECK_INT(trace->events, events);
	}
	lejp_destruct(ctx);
	free(ctx);
	add(trace, "%d\n", result);

	return result;
}

static int parse(struct trace *trace, const char *text)
{
	return parse_pieces(trace, text, strlen(text), strlen(text), 1, no_paths, 0);
}

static void test_events(void)
{
	static const char * const paths[] = {"name", "list", "list[].x", "deep.*", "list[]", "deep"};
	static const char text[] =
		"{\"name\": \"J\\u00fcrgen\", \"yes\": true, \"no\":false, \"nil\" : null,\n"
		"\"list\": [1, -2.5e+3, {\"x\": 7}, 4, []], \"deep\": {\"er\": {\"est\": 0}, \"s\": \"\"}, \"none\": {}} rest";
	static struct trace trace;

	CHECK_INT(parse_pieces(&trace, text, strlen(text), strlen(text), 1, paths, LWS_ARRAY_SIZE(paths)), 5);
	CHECK_STR(trace.text,
		"C\n>\n{\n"
		":name@1\n\"name@1\nsname=J\xc3\xbcrgen@1\n"
		":yes\ntyes=1\n:no\nfno=0\n:nil\nnnil=\n"
		":list@2\n[list[]@2\nilist[]=1@2#0\nrlist[]=-2.5e+3@2#1\n"
		"{list[]@2#2\n:list[].x@3\nilist[].x=7@3\n}list[]@5#2\nilist[]=4#3\n"
		"[list[][]\n]list[]@5#4\n]list@2\n"
		":deep@6\n{deep@6\n:deep.er@4\n{deep.er@4\n:deep.er.est@4\nideep.er.est=0@4\n}deep.er@4\n"
		":deep.s@4\n\"deep.s@4\nsdeep.s=@4\n}deep@6\n"
		":none\n{none\n}none\n"
		"}\n.\nD\n5\n");

	CHECK_INT(parse(&trace, "{}"), 0);
	CHECK_STR(trace.text, "C\n>\n{\n}\n.\nD\n0\n");
	CHECK_INT(parse(&trace, "[ ]x"), 1);
	CHECK_STR(trace.text, "C\n>\n[[]\n]\n.\nD\n1\n");
	CHECK_INT(parse(&trace, " [[[1]],2]"), 0);
	CHECK_STR(trace.text, "C\n>\n[[]\n[[][]\n[[][][]\ni[][][]=1#0\n][][]#0\n][]#0\ni[]=2#1\n]\n.\nD\n0\n");
	CHECK_INT(parse(&trace, "{\"a\":{\"b\":1"), LEJP_CONTINUE);
	CHECK_STR(trace.text, "C\n>\n{\n:a\n{a\n:a.b\nDa.b\n-1\n");
}

/* Many arrays one after the other in the outermost object are not nested. */
static void test_many_arrays(void)
{
	static struct trace trace;
	char text[400] = "{";
	int n;

	for (n = 0; n < 20; n++)
		lws_snprintf(text + strlen(text), sizeof(text) - strlen(text), "%s\"%d\":[%d,[{}]]", n ? "," : "", n, n);
	strcat(text, "}");
	CHECK_INT(parse(&trace, text), 0);
	CHECK(strstr(trace.text, "i19[]=19#0\n[19[][]\n{19[][]#0\n}19[][]#0\n]19[]#1\n]19\n") != NULL);
}

static const char * const samples[] = {
	"{\"name\": \"J\\u00fcrgen \\ud83d\\ude00 \xf0\x9f\x98\x80 \xe2\x82\xac\", \"yes\": true, \"no\":false, \"n\" : null}",
	" \r\n\t{ \"a\" : [ 0 , -0 , 0.5 , 1E9 , 10e-2, [ ] , [ [ ] ] , { } ] } ",
	"# comment { \" \n{# comment\n\"a\"# comment\n:# comment\n1# comment\n,\"b\":[#\n2,#\n3#\n]#\n}#\n",
	"[{\"a\":{\"b\":[{\"c\":\"\\\"\\\\\\/\\b\\f\\n\\r\\t\"}]}},\"\",\"x\"]",
	"{\"a\":tru}", "{\"a\":-}", "{\"a\":1.}", "{\"a\":\"\xc3(\"}", "{\"a\":1]", "{\"a\" 1}", "[1 2]", "{\"a\":\"\\ud800x\"}", "nothing", "[1,]",
};

/* How a text is cut into pieces makes no difference. */
static void test_pieces(void)
{
	static const char * const paths[] = {"a", "*", "[].a.*", "a[]"};
	static struct trace whole, pieces;
	size_t n, first, others;

	for (n = 0; n < LWS_ARRAY_SIZE(samples); n++) {
		size_t length = strlen(samples[n]);

		parse_pieces(&whole, samples[n], length, length, 1, paths, LWS_ARRAY_SIZE(paths));
		for (first = 0; first < length; first++)
			for (others = 1; others <= length; others += others < 3 ? 1 : length) {
				parse_pieces(&pieces, samples[n], length, first, others, paths, LWS_ARRAY_SIZE(paths));
				if (!CHECK_STR(pieces.text, whole.text))
					return;
			}
	}
}

static void test_errors(void)
{
	static const struct {
		const char *text;
		int error;
	} cases[] = {
		{"x", LEJP_REJECT_IDLE_NO_BRACE}, {"1", LEJP_REJECT_IDLE_NO_BRACE}, {"\"a\"", LEJP_REJECT_IDLE_NO_BRACE},
		{"]", LEJP_REJECT_IDLE_NO_BRACE}, {"}", LEJP_REJECT_IDLE_NO_BRACE}, {"\xef\xbb\xbf{}", LEJP_REJECT_IDLE_NO_BRACE},
		{"{x", LEJP_REJECT_MP_NO_OPEN_QUOTE}, {"{1", LEJP_REJECT_MP_NO_OPEN_QUOTE}, {"{,", LEJP_REJECT_MP_NO_OPEN_QUOTE},
		{"{\"a\":1,}", LEJP_REJECT_MP_NO_OPEN_QUOTE}, {"{]", LEJP_REJECT_MP_NO_OPEN_QUOTE}, {"{'a", LEJP_REJECT_MP_NO_OPEN_QUOTE},
		{"{\"a\n", LEJP_REJECT_MP_ILLEGAL_CTRL}, {"[\"\t", LEJP_REJECT_MP_ILLEGAL_CTRL}, {"[\"\x1f", LEJP_REJECT_MP_ILLEGAL_CTRL},
		{"[\"\\x", LEJP_REJECT_MP_STRING_ESC_ILLEGAL_ESC}, {"[\"\\'", LEJP_REJECT_MP_STRING_ESC_ILLEGAL_ESC},
		{"[\"\\U", LEJP_REJECT_MP_STRING_ESC_ILLEGAL_ESC}, {"[\"\\\n", LEJP_REJECT_MP_STRING_ESC_ILLEGAL_ESC},
		{"[\"\\u00g", LEJP_REJECT_ILLEGAL_HEX}, {"[\"\\u\"", LEJP_REJECT_ILLEGAL_HEX}, {"{\"\\u123 ", LEJP_REJECT_ILLEGAL_HEX},
		{"{\"a\"1", LEJP_REJECT_MP_DELIM_MISSING_COLON}, {"{\"a\",", LEJP_REJECT_MP_DELIM_MISSING_COLON},
		{"{\"a\"}", LEJP_REJECT_MP_DELIM_MISSING_COLON}, {"{\"a\"\"", LEJP_REJECT_MP_DELIM_MISSING_COLON},
		{"{\"a\":x", LEJP_REJECT_MP_DELIM_BAD_VALUE_START}, {"{\"a\":}", LEJP_REJECT_MP_DELIM_BAD_VALUE_START},
		{"{\"a\":,", LEJP_REJECT_MP_DELIM_BAD_VALUE_START}, {"[,", LEJP_REJECT_MP_DELIM_BAD_VALUE_START},
		{"[1,]", LEJP_REJECT_MP_DELIM_BAD_VALUE_START}, {"[1,,", LEJP_REJECT_MP_DELIM_BAD_VALUE_START},
		{"[}", LEJP_REJECT_MP_DELIM_BAD_VALUE_START}, {"[+1", LEJP_REJECT_MP_DELIM_BAD_VALUE_START},
		{"[.5", LEJP_REJECT_MP_DELIM_BAD_VALUE_START}, {"[NaN", LEJP_REJECT_MP_DELIM_BAD_VALUE_START},
		{"[Infinity", LEJP_REJECT_MP_DELIM_BAD_VALUE_START}, {"[1,{},]", LEJP_REJECT_MP_DELIM_BAD_VALUE_START},
		{"[1.]", LEJP_REJECT_MP_VAL_NUM_INT_NO_FRAC}, {"[1.e", LEJP_REJECT_MP_VAL_NUM_INT_NO_FRAC},
		{"[-]", LEJP_REJECT_MP_VAL_NUM_FORMAT}, {"[--", LEJP_REJECT_MP_VAL_NUM_FORMAT}, {"[-.", LEJP_REJECT_MP_VAL_NUM_FORMAT},
		{"[01", LEJP_REJECT_MP_VAL_NUM_FORMAT}, {"[-00", LEJP_REJECT_MP_VAL_NUM_FORMAT}, {"[1.2.", LEJP_REJECT_MP_VAL_NUM_FORMAT},
		{"[1e5.", LEJP_REJECT_MP_VAL_NUM_FORMAT}, {"[1e5e", LEJP_REJECT_MP_VAL_NUM_FORMAT}, {"[-e", LEJP_REJECT_MP_VAL_NUM_FORMAT},
		{"[1e]", LEJP_REJECT_MP_VAL_NUM_EXP_BAD_EXP}, {"[1e+,", LEJP_REJECT_MP_VAL_NUM_EXP_BAD_EXP},
		{"[1E-x", LEJP_REJECT_MP_VAL_NUM_EXP_BAD_EXP}, {"[1e+-", LEJP_REJECT_MP_VAL_NUM_EXP_BAD_EXP},
		{"[trux", LEJP_REJECT_MP_VAL_TOK_UNKNOWN}, {"[tRue", LEJP_REJECT_MP_VAL_TOK_UNKNOWN}, {"[fal,", LEJP_REJECT_MP_VAL_TOK_UNKNOWN},
		{"[nul ", LEJP_REJECT_MP_VAL_TOK_UNKNOWN}, {"[t]", LEJP_REJECT_MP_VAL_TOK_UNKNOWN}, {"[nil", LEJP_REJECT_MP_VAL_TOK_UNKNOWN},
		{"{\"a\":1]", LEJP_REJECT_MP_C_OR_E_UNDERF}, {"{\"a\":]", LEJP_REJECT_MP_C_OR_E_UNDERF},
		{"{\"a\":[]]", LEJP_REJECT_MP_C_OR_E_UNDERF}, {"{\"a\":{\"b\":1]", LEJP_REJECT_MP_C_OR_E_NOTARRAY},
		{"[{\"a\":]", LEJP_REJECT_MP_C_OR_E_NOTARRAY}, {"[{\"a\":\"\"]", LEJP_REJECT_MP_C_OR_E_NOTARRAY},
		{"[1}", LEJP_REJECT_MP_ARRAY_END_MISSING}, {"[1 2", LEJP_REJECT_MP_ARRAY_END_MISSING}, {"[1x", LEJP_REJECT_MP_ARRAY_END_MISSING},
		{"[[]}", LEJP_REJECT_MP_ARRAY_END_MISSING}, {"[{}}", LEJP_REJECT_MP_ARRAY_END_MISSING}, {"[truex", LEJP_REJECT_MP_ARRAY_END_MISSING},
		{"[1:", LEJP_REJECT_MP_ARRAY_END_MISSING}, {"[1+", LEJP_REJECT_MP_ARRAY_END_MISSING}, {"[\"a\":", LEJP_REJECT_MP_ARRAY_END_MISSING},
		{"{\"a\":1:", LEJP_REJECT_MP_C_OR_E_NEITHER}, {"{\"a\":1 2", LEJP_REJECT_MP_C_OR_E_NEITHER},
		{"{\"a\":1-", LEJP_REJECT_MP_C_OR_E_NEITHER}, {"{\"a\":\"\"\"", LEJP_REJECT_MP_C_OR_E_NEITHER},
		{"{\"a\":{}{", LEJP_REJECT_MP_C_OR_E_NEITHER}, {"{\"a\":nullx", LEJP_REJECT_MP_C_OR_E_NEITHER},
	};
	static struct trace trace;
	size_t n;

	for (n = 0; n < LWS_ARRAY_SIZE(cases); n++) {
		if (!CHECK_INT(parse(&trace, cases[n].text), cases[n].error))
			FAIL("that was %s", cases[n].text);
		CHECK(strstr(trace.text, "\n!") != NULL);
		CHECK(strstr(trace.text, "\n.\n") == NULL);
	}
}

static void test_numbers(void)
{
	static const char * const integers[] = {"0", "-0", "1", "-12", "123456789012345678901234567890", "1000000"};
	static const char * const others[] = {"0.0", "-0.10", "1e5", "1E5", "0e0", "1.5e-10", "1.0E+007", "-1e1", "12345678901234567890.5"};
	static struct trace trace;
	char text[64], want[64];
	size_t n;

	for (n = 0; n < LWS_ARRAY_SIZE(integers) + LWS_ARRAY_SIZE(others); n++) {
		int integer = n < LWS_ARRAY_SIZE(integers);
		const char *number = integer ? integers[n] : others[n - LWS_ARRAY_SIZE(integers)];

		lws_snprintf(text, sizeof(text), "[%s]", number);
		lws_snprintf(want, sizeof(want), "C\n>\n[[]\n%c[]=%s#0\n]\n.\nD\n0\n", integer ? 'i' : 'r', number);
		CHECK_INT(parse(&trace, text), 0);
		CHECK_STR(trace.text, want);
	}
}

static void test_utf8(void)
{
	/* Unicode 15.0, table 3-7 */
	static const char * const good[] = {
		"\x7f", "\xc2\x80", "\xdf\xbf", "\xe0\xa0\x80", "\xec\x80\x80", "\xed\x9f\xbf", "\xee\x80\x80", "\xef\xbf\xbf",
		"\xf0\x90\x80\x80", "\xf4\x8f\xbf\xbf",
	};
	static const char * const bad[] = {
		"\x80", "\xbf", "\xc0\x80", "\xc1\xbf", "\xc2", "\xc2\x41", "\xc2\xc2", "\xe0\x9f\xbf", "\xe0\xa0", "\xed\xa0\x80",
		"\xe2\x82", "\xe2\x82x", "\xf0\x8f\xbf\xbf", "\xf0\x90\x80", "\xf4\x90\x80\x80", "\xf5\x80\x80\x80", "\xff", "\xfe",
		"\xc3\\n", "\xe2\x82\\u0041", "\xc3x\xa4", "\xe2\x82x\xac",
	};
	static const struct {
		const char *escape, *character;
	} escapes[] = {
		{"\\u0041", "A"}, {"\\u007f", "\x7f"}, {"\\u0080", "\xc2\x80"}, {"\\u07FF", "\xdf\xbf"}, {"\\u0800", "\xe0\xa0\x80"},
		{"\\uD7ff", "\xed\x9f\xbf"}, {"\\uE000", "\xee\x80\x80"}, {"\\uffff", "\xef\xbf\xbf"}, {"\\ud800\\udc00", "\xf0\x90\x80\x80"},
		{"\\uDBFF\\uDFFF", "\xf4\x8f\xbf\xbf"}, {"\\ud83d\\ude00", "\xf0\x9f\x98\x80"}, {"\\u001f", "\x1f"}, {"\\/\\b", "/\b"},
	};
	static const char * const bad_escapes[] = {
		"\\ud800", "\\udc00", "\\ud800x", "\\ud800\\n", "\\ud800\\u0041", "\\ud800\\ud800", "\\udfff\\ud800",
		"\\ud83d\\ude00\\ude00", "\\ud800\xc2\x80", "\\ud800\\n\\udc00", "\\ud800\\u0041\\udc00",
		"\\ud800\\ud801\\udc00", "\\ud800x\\udc00",
	};
	static const char * const places[] = {"[\"%s\"]", "{\"%s\":1}", "[\"a%sb\"]"};
	static struct trace trace;
	char text[64], want[64];
	size_t n, m;

	for (m = 0; m < LWS_ARRAY_SIZE(places); m++) {
		for (n = 0; n < LWS_ARRAY_SIZE(good); n++) {
			lws_snprintf(text, sizeof(text), places[m], good[n]);
			CHECK_INT(parse_pieces(&trace, text, strlen(text), 1, 1, no_paths, 0), 0);
			CHECK(strstr(trace.text, good[n]) != NULL);
		}
		for (n = 0; n < LWS_ARRAY_SIZE(bad); n++) {
			lws_snprintf(text, sizeof(text), places[m], bad[n]);
			if (!CHECK_INT(parse(&trace, text), LEJP_REJECT_MP_ILLEGAL_CTRL))
				FAIL("that was %s number %d", places[m], (int)n);
		}
		for (n = 0; n < LWS_ARRAY_SIZE(escapes); n++) {
			lws_snprintf(text, sizeof(text), places[m], escapes[n].escape);
			CHECK_INT(parse(&trace, text), 0);
			if (!CHECK(strstr(trace.text, escapes[n].character) != NULL))
				FAIL("that was %s", text);
		}
		for (n = 0; n < LWS_ARRAY_SIZE(bad_escapes); n++) {
			lws_snprintf(text, sizeof(text), places[m], bad_escapes[n]);
			if (!CHECK_INT(parse(&trace, text), LEJP_REJECT_MP_STRING_ESC_ILLEGAL_ESC))
				FAIL("that was %s", text);
		}
	}

	CHECK_INT(parse(&trace, "[\"\\\"\\\\\\/\\b\\f\\n\\r\\t\"]"), 0);
	lws_snprintf(want, sizeof(want), "s[]=%s#0\n", "\"\\/\b\f\n\r\t");
	CHECK(strstr(trace.text, want) != NULL);
}

static char collected[2000];
static size_t collected_length;
static int chunks;

static signed char collect(struct lejp_ctx *ctx, char reason)
{
	if (reason != LEJPCB_VAL_STR_CHUNK && reason != LEJPCB_VAL_STR_END)
		return 0;
	REQUIRE(collected_length + ctx->npos <= sizeof(collected));
	if (reason == LEJPCB_VAL_STR_CHUNK) {
		CHECK_INT(ctx->npos, LEJP_STRING_CHUNK);
		chunks++;
	}
	memcpy(collected + collected_length, ctx->buf, ctx->npos);
	collected_length += ctx->npos;
	return 0;
}

static void test_long_strings(void)
{
	static const int lengths[] = {0, 1, 253, 254, 255, 507, 508, 509, 1000};
	char text[1100], value[1000];
	struct lejp_ctx ctx;
	size_t n;

	for (n = 0; n < sizeof(value); n++)
		value[n] = (char)('a' + n % 23);
	for (n = 0; n < LWS_ARRAY_SIZE(lengths); n++) {
		int length = lengths[n], used = lws_snprintf(text, sizeof(text), "{\"a\":\"%.*s\"}", length, value);

		collected_length = 0;
		chunks = 0;
		lejp_construct(&ctx, collect, NULL, no_paths, 0);
		CHECK_INT(lejp_parse(&ctx, (unsigned char *)text, used), 0);
		CHECK_MEM(collected, collected_length, value, (size_t)length);
		CHECK_INT(chunks, length / LEJP_STRING_CHUNK);
		lejp_destruct(&ctx);
	}

	/* nothing but escapes, and characters of two bytes from an odd place on */
	for (n = 0; n < 2; n++) {
		int used = lws_snprintf(text, sizeof(text), n ? "[\"" : "[\"x"), pieces = 300;

		while (pieces--)
			used += lws_snprintf(text + used, sizeof(text) - (size_t)used, n ? "\\n" : "\xc3\xbc");
		used += lws_snprintf(text + used, sizeof(text) - (size_t)used, "\"]");
		collected_length = 0;
		chunks = 0;
		lejp_construct(&ctx, collect, NULL, no_paths, 0);
		CHECK_INT(lejp_parse(&ctx, (unsigned char *)text, used), 0);
		CHECK_INT(collected_length, n ? 300 : 601);
		CHECK_INT(chunks, n ? 1 : 2);
		CHECK_MEM(collected + collected_length - 2, 2, n ? "\n\n" : "\xc3\xbc", 2);
		lejp_destruct(&ctx);
	}

	/* a NUL is a character like others */
	collected_length = 0;
	lejp_construct(&ctx, collect, NULL, no_paths, 0);
	CHECK_INT(lejp_parse(&ctx, (const unsigned char *)"[\"a\\u0000b\"]", 12), 0);
	CHECK_MEM(collected, collected_length, "a\0b", 3);
}

/* A name with a NUL is not the name that its first part is. */
static void test_nul_in_name(void)
{
	static const char * const paths[] = {"a", "a.b"};
	static struct trace trace;
	static const char text[] = "{\"a\\u0000\":1,\"a\\u0000x\":{\"b\":2},\"a\":3}";

	CHECK_INT(parse_pieces(&trace, text, strlen(text), strlen(text), 1, paths, 2), 0);
	CHECK_STR(trace.text, "C\n>\n{\n:a\nia=1\n:a\n{a\n:a\nia=2\n}a\n:a@1\nia=3@1\n}\n.\nD\n0\n");
}

static void repeat(char *text, const char *piece, int count)
{
	while (count--)
		strcat(text, piece);
}

static void test_limits(void)
{
	static struct trace trace;
	char text[1000];
	int n;

	/* objects: a level each, and one for the string inside */
	for (n = 1; n < 20; n++) {
		text[0] = '\0';
		repeat(text, "{\"a\":", n);
		strcat(text, "\"\"");
		repeat(text, "}", n);
		CHECK_INT(parse(&trace, text), n < LEJP_MAX_DEPTH ? 0 : LEJP_REJECT_STACK_OVERFLOW);
	}
	/* arrays: the number of indexes */
	for (n = 1; n < 20; n++) {
		text[0] = '\0';
		repeat(text, "[", n);
		strcat(text, "\"\"");
		repeat(text, "]", n);
		CHECK_INT(parse(&trace, text), n <= LEJP_MAX_INDEX_DEPTH ? 0 : LEJP_REJECT_MP_DELIM_ISTACK);
	}
	/* both: ten are always possible */
	CHECK_INT(parse(&trace, "[{\"a\":[{\"a\":[{\"a\":[{\"a\":[{\"a\":\"\"}]}]}]}]}]"), 0);
	CHECK_INT(parse(&trace, "[{\"a\":[{\"a\":[{\"a\":[{\"a\":[{\"a\":[1]}]}]}]}]}]"), 0);
	CHECK_INT(parse(&trace, "[{\"a\":[{\"a\":[{\"a\":[{\"a\":[{\"a\":[\"\"]}]}]}]}]}]"), LEJP_REJECT_STACK_OVERFLOW);

	/* the path: a name, a '.', a second name, "[]" */
	for (n = 100; n < 140; n++) {
		strcpy(text, "{\"");
		repeat(text, "x", n);
		strcat(text, "\":1}");
		CHECK_INT(parse(&trace, text), n < LEJP_MAX_PATH ? 0 : LEJP_REJECT_MP_DELIM_ISTACK);
		strcpy(text + strlen(text) - 2, "{\"y\":1}}");
		CHECK_INT(parse(&trace, text), n + 2 < LEJP_MAX_PATH ? 0 : LEJP_REJECT_MP_DELIM_ISTACK);
		strcpy(strstr(text, "{\"y"), "[]}");
		CHECK_INT(parse(&trace, text), n + 2 < LEJP_MAX_PATH ? 0 : LEJP_REJECT_MP_DELIM_ISTACK);
	}
	/* numbers */
	for (n = 250; n < 260; n++) {
		strcpy(text, "[1");
		repeat(text, "0", n - 1);
		strcat(text, "]");
		CHECK_INT(parse(&trace, text), n <= LEJP_STRING_CHUNK ? 0 : LEJP_REJECT_NUM_TOO_LONG);
	}
}

/* The index is counted modulo 65536, and a ',' before the ']' is refused all the same. */
static void test_many_elements(void)
{
	struct lejp_ctx ctx;
	int n;

	lejp_construct(&ctx, collect, NULL, no_paths, 0);
	CHECK_INT(lejp_parse(&ctx, (const unsigned char *)"[1", 2), LEJP_CONTINUE);
	for (n = 0; n < 65535; n++)
		REQUIRE_INT(lejp_parse(&ctx, (const unsigned char *)",1", 2), LEJP_CONTINUE);
	CHECK_INT(ctx.i[0], 65535);
	CHECK_INT(lejp_parse(&ctx, (const unsigned char *)",", 1), LEJP_CONTINUE);
	CHECK_INT(ctx.i[0], 0);
	CHECK_INT(lejp_parse(&ctx, (const unsigned char *)"]", 1), LEJP_REJECT_MP_DELIM_BAD_VALUE_START);
}

static char wildcards[1000];

static signed char note_wildcards(struct lejp_ctx *ctx, char reason)
{
	char text[20];
	int n, length;

	if (reason != LEJPCB_VAL_NUM_INT)
		return 0;
	lws_snprintf(wildcards + strlen(wildcards), sizeof(wildcards) - strlen(wildcards), "%d", ctx->path_match);
	for (n = 0; n < 3; n++) {
		memset(text, 'x', sizeof(text));
		length = lejp_get_wildcard(ctx, n, text, sizeof(text));
		if (length) {
			CHECK_INT(strlen(text), length - 1);
			lws_snprintf(wildcards + strlen(wildcards), sizeof(wildcards) - strlen(wildcards), " %s", text);
		} else
			CHECK_INT(text[0], 'x');
	}
	strcat(wildcards, ";");

	memset(text, 'x', sizeof(text));
	CHECK_INT(lejp_get_wildcard(ctx, -1, text, sizeof(text)), 0);
	CHECK_INT(lejp_get_wildcard(ctx, 0, text, 0), 0);
	CHECK_INT(lejp_get_wildcard(ctx, 0, text, -1), 0);
	CHECK_INT(text[0], 'x');
	if (ctx->wildcount) {
		CHECK_INT(lejp_get_wildcard(ctx, 0, text, 1), 1);
		CHECK_MEM(text, 2, "\0x", 2);
		CHECK_INT(lejp_get_wildcard(ctx, 0, text, 2), 2);
		CHECK_INT(text[1], 0);
		CHECK_INT(text[2], 'x');
	}
	return 0;
}

static void test_wildcards(void)
{
	static const char * const paths[] = {"a.*.c", "a.*.*", "a.*", "*.z", "l[].*.k", "*.*.*.*.*.*.*.*.*", "q*r"};
	static const char text[] =
		"{\"a\":{\"bb\":{\"c\":1,\"d\":2,\"e\":{\"f\":3}},\"x\":4},\"yy\":{\"z\":5,\"w\":6},\"z\":7,"
		"\"l\":[{\"one\":{\"k\":8}},{\"two\":{\"k\":9,\"m\":10}}],"
		"\"1\":{\"2\":{\"3\":{\"4\":{\"5\":{\"6\":{\"7\":{\"8\":{\"9\":11}}}}}}}},\"qr\":12,\"q.r\":13}";
	struct lejp_ctx ctx;

	wildcards[0] = '\0';
	lejp_construct(&ctx, note_wildcards, NULL, paths, LWS_ARRAY_SIZE(paths));
	CHECK_INT(lejp_parse(&ctx, (const unsigned char *)text, (int)strlen(text)), 0);
	/* nine '*' are more than there can be; a '*' takes all up to the next '.', which nothing but a '.' can follow */
	CHECK_STR(wildcards, "1 bb;2 bb d;2 bb e;3 x;4 yy;0;0;5 one;5 two;0;0;0;0;");
}

/* The callback refuses each event in turn. */
static void test_refusal(void)
{
	static const char text[] = "{\"a\":\"b\",\"c\":[1,1.5,true,false,null],\"d\":{}}";
	static struct trace whole, trace;
	int n;

	whole.reject_at = 0;
	CHECK_INT(parse(&whole, text), 0);
	for (n = 3; n < whole.events; n++) {
		const char *line = whole.text;
		int lines = n - 1;

		while (lines--)
			line = strchr(line, '\n') + 1;

		trace.reject_at = n;
		trace.answer = -1;
		CHECK_INT(parse(&trace, text), LEJP_REJECT_CALLBACK);
		CHECK_INT(trace.events, n + 2);
		CHECK(strstr(trace.text, "\n!") != NULL);

		/* what is positive ends it too, except at the end of a string or array */
		trace.answer = 1;
		CHECK_INT(parse(&trace, text), *line == 's' || *line == ']' ? 0 : LEJP_REJECT_CALLBACK);
	}
	/* these are only told */
	trace.answer = -1;
	trace.reject_at = 1;
	CHECK_INT(parse(&trace, text), 0);
	trace.reject_at = 2;
	CHECK_INT(parse(&trace, text), 0);
	trace.reject_at = 0;
}

static void test_start_and_lines(void)
{
	static struct trace trace;
	struct lejp_ctx ctx;

	trace.used = 0;
	lejp_construct(&ctx, note, &trace, no_paths, 0);
	CHECK_INT(lejp_parse(&ctx, NULL, 0), LEJP_CONTINUE);
	CHECK_STR(trace.text, "C\n");
	CHECK_INT(ctx.line, 1);
	CHECK_INT(lejp_parse(&ctx, (const unsigned char *)" \n", 2), LEJP_CONTINUE);
	CHECK_STR(trace.text, "C\n>\n");
	CHECK_INT(lejp_parse(&ctx, (const unsigned char *)"#x\n{\n\"a\"\n:\n12\n,#\n", 17), LEJP_CONTINUE);
	CHECK_INT(ctx.line, 8);
	CHECK_STR(trace.text, "C\n>\n{\n:a\nia=12\n");
	CHECK_INT(lejp_parse(&ctx, (const unsigned char *)"\"b\":[1,\n2]}\n", 12), 1);
	CHECK_INT(ctx.line, 9);
}

/* A parser for the objects in "list", which lets another one parse "inner" */
struct pushed {
	struct trace trace;
	int pushed, refused;
	int at_array;
};

static const char * const list_paths[] = {"name", "inner"};
static const char * const inner_paths[] = {"name"};

static signed char inner(struct lejp_ctx *ctx, char reason)
{
	struct pushed *pushed = ctx->user;

	CHECK_INT(ctx->pst_sp, 2);
	add(&pushed->trace, "2");
	note_in(&pushed->trace, ctx, reason);
	if (reason == LEJPCB_OBJECT_END && !ctx->path[0]) {
		CHECK_INT(lejp_parser_pop(ctx), 0);
		add(&pushed->trace, "back in %s@%d\n", ctx->path, ctx->path_match);
	}
	return 0;
}

static signed char list(struct lejp_ctx *ctx, char reason)
{
	struct pushed *pushed = ctx->user;

	CHECK_INT(ctx->pst_sp, 1);
	CHECK_PTR(ctx->pst[ctx->pst_sp].user, pushed->at_array ? (void *)&list_paths : (void *)pushed);
	add(&pushed->trace, "1");
	note_in(&pushed->trace, ctx, reason);
	if (reason == LEJPCB_OBJECT_START && ctx->path_match == 2) {
		CHECK_INT(lejp_parser_push(ctx, NULL, inner_paths, 1, inner), 0);
		CHECK_STR(ctx->path, "");
		CHECK_INT(ctx->path_match, 0);
		CHECK_INT(ctx->pst[1].path_match, 2);
	}
	if (reason == (pushed->at_array ? LEJPCB_ARRAY_END : LEJPCB_OBJECT_END) && !ctx->path[0]) {
		CHECK_INT(lejp_parser_pop(ctx), 0);
		add(&pushed->trace, "back in %s@%d\n", ctx->path, ctx->path_match);
	}
	return 0;
}

static signed char outer(struct lejp_ctx *ctx, char reason)
{
	struct pushed *pushed = ctx->user;
	int object = reason == LEJPCB_OBJECT_START && !strcmp(ctx->path, "list[]");

	CHECK_INT(ctx->pst_sp, 0);
	note_in(&pushed->trace, ctx, reason);
	if (pushed->at_array ? reason == LEJPCB_ARRAY_START : object) {
		CHECK_INT(lejp_parser_push(ctx, pushed->at_array ? (void *)&list_paths : (void *)pushed, list_paths, 2, list), 0);
		pushed->pushed++;
	}
	return 0;
}

static void test_push(void)
{
	static const char * const paths[] = {"list", "after", "list[]"};
	static const char text[] =
		"{\"list\":[{\"name\":\"a\",\"inner\":{\"name\":1,\"x\":{\"y\":2}},\"name\":[3]},{\"x\":4}],\"after\":{\"z\":5}}";
	static const char from_object[] =
		"C\n>\n{\n:list@1\n[list[]@1\n{list[]@1#0\n"
		"1:name@1\n1\"name@1\n1sname=a@1\n1:inner@2\n1{inner@2\n"
		"2:name@1\n2iname=1@1\n2:x\n2{x\n2:x.y\n2ix.y=2\n2}x\n2}\nback in inner@2\n"
		"1:name@1\n1[name[]@1\n1iname[]=3@1#0\n1]name@1\n1}\nback in list[]@3\n"
		"{list[]@3#1\n1:x\n1ix=4\n1}\nback in list[]@3\n"
		"]list@1\n:after@2\n{after@2\n:after.z\niafter.z=5\n}after@2\n}\n.\n";
	static const char from_array[] =
		"C\n>\n{\n:list@1\n[list[]@1\n1{\n"
		"1:name@1\n1\"name@1\n1sname=a@1\n1:inner@2\n1{inner@2\n"
		"2:name@1\n2iname=1@1\n2:x\n2{x\n2:x.y\n2ix.y=2\n2}x\n2}\nback in inner@2\n"
		"1:name@1\n1[name[]@1\n1iname[]=3@1#0\n1]name@1\n1}\n1{\n1:x\n1ix=4\n1}\n1]\nback in list[]@3\n"
		":after@2\n{after@2\n:after.z\niafter.z=5\n}after@2\n}\n.\n";
	static struct pushed pushed;
	struct lejp_ctx ctx;
	size_t n;

	for (pushed.at_array = 0; pushed.at_array < 2; pushed.at_array++) {
		pushed.trace.used = 0;
		lejp_construct(&ctx, outer, &pushed, paths, LWS_ARRAY_SIZE(paths));
		for (n = 0; n < strlen(text); n++)
			REQUIRE_INT(lejp_parse(&ctx, (const unsigned char *)text + n, 1), n + 1 < strlen(text) ? LEJP_CONTINUE : 0);
		CHECK_STR(pushed.trace.text, pushed.at_array ? from_array : from_object);
	}
}

static signed char push_again(struct lejp_ctx *ctx, char reason)
{
	struct pushed *pushed = ctx->user;

	if (reason == LEJPCB_OBJECT_START && ctx->path[0]) {
		if (lejp_parser_push(ctx, NULL, NULL, 0, push_again))
			pushed->refused++;
		else
			pushed->pushed++;
	}
	return 0;
}

static signed char pop_nothing(struct lejp_ctx *ctx, char reason)
{
	CHECK_INT(lejp_parser_pop(ctx), -1);
	return reason == LEJPCB_OBJECT_START;
}

static void test_push_limits(void)
{
	static struct pushed pushed;
	struct lejp_ctx ctx;
	char text[300] = "";
	int n;

	/* a parser below each of the first objects, until there is no room */
	repeat(text, "{\"a\":", 8);
	strcat(text, "1");
	repeat(text, "}", 8);
	lejp_construct(&ctx, push_again, &pushed, no_paths, 0);
	CHECK_INT(lejp_parse(&ctx, (unsigned char *)text, (int)strlen(text)), 0);
	CHECK_INT(pushed.pushed, LEJP_MAX_PARSING_STACK_DEPTH - 1);
	CHECK_INT(pushed.refused, 3);

	/* paths of parsers below count, and come back whole */
	for (n = 60; n < 70; n++) {
		strcpy(text, "{\"");
		repeat(text, "x", n);
		strcat(text, "\":{\"");
		repeat(text, "y", n);
		strcat(text, "\":1");
		lejp_construct(&ctx, push_again, &pushed, no_paths, 0);
		CHECK_INT(lejp_parse(&ctx, (unsigned char *)text, (int)strlen(text)), 2 * n < LEJP_MAX_PATH ? LEJP_CONTINUE : LEJP_REJECT_MP_DELIM_ISTACK);
		if (2 * n >= LEJP_MAX_PATH)
			continue;
		CHECK_INT(strlen(ctx.path), n);
		CHECK_INT(ctx.path[0], 'y');
		CHECK_INT(lejp_parser_pop(&ctx), 0);
		CHECK_INT(strlen(ctx.path), n);
		CHECK_INT(strspn(ctx.path, "x"), n);
	}

	lejp_construct(&ctx, pop_nothing, NULL, no_paths, 0);
	CHECK_INT(lejp_parse(&ctx, (const unsigned char *)"{}", 2), LEJP_REJECT_CALLBACK);
}

static signed char second(struct lejp_ctx *ctx, char reason)
{
	struct trace *trace = ctx->user;

	add(trace, "2");
	return note_in(trace, ctx, reason);
}

static signed char changes(struct lejp_ctx *ctx, char reason)
{
	note_in(ctx->user, ctx, reason);
	if (reason == LEJPCB_VAL_STR_END)
		lejp_change_callback(ctx, second);
	return 0;
}

static void test_change_callback(void)
{
	static const char * const paths[] = {"schema", "b"};
	static const char text[] = "{\"schema\":\"x\",\"b\":2}";
	static struct trace trace;
	struct lejp_ctx ctx;

	lejp_construct(&ctx, changes, &trace, paths, 2);
	CHECK_INT(lejp_parse(&ctx, (const unsigned char *)text, (int)strlen(text)), 0);
	lejp_destruct(&ctx);
	CHECK_STR(trace.text, "C\n>\n{\n:schema@1\n\"schema@1\nsschema=x@1\n"
		  "Dschema@1\n2Cschema@1\n2>schema@1\n2:b@2\n2ib=2@2\n2}\n2.\n2D\n");
}

/* The list of paths may be a member of larger structs; an entry without a name matches nothing. */
static void test_stride(void)
{
	static const struct {
		const char *name;
		int number[3];
	} entries[] = {{"a", {1, 2, 3}}, {NULL, {4, 5, 6}}, {"c", {7, 8, 9}}};
	static struct trace trace;
	struct lejp_ctx ctx;

	lejp_construct(&ctx, note, &trace, &entries[0].name, LWS_ARRAY_SIZE(entries));
	ctx.path_stride = sizeof(entries[0]);
	CHECK_INT(lejp_parse(&ctx, (const unsigned char *)"{\"c\":1,\"\":2,\"a\":3}", 18), 0);
	CHECK_STR(trace.text, "C\n>\n{\n:c@3\nic=1@3\n:\ni=2\n:a@1\nia=3@1\n}\n.\n");
}

/* What callbacks read in st: where the name starts, and bits of their own */
static signed char levels(struct lejp_ctx *ctx, char reason)
{
	struct trace *trace = ctx->user;

	if (reason == LEJPCB_PAIR_NAME) {
		add(trace, "%s;", ctx->path + ctx->st[ctx->sp].p);
		ctx->st[ctx->sp].b++;
	}
	if (reason == LEJPCB_VAL_STR_END) {
		CHECK_INT(ctx->st[ctx->sp - 1].p, strlen(ctx->path));
		CHECK_INT(ctx->st[ctx->sp].b, 0);
	}
	if (reason == LEJPCB_OBJECT_END)
		add(trace, "%d at %d;", ctx->st[ctx->sp].b, ctx->sp);
	return 0;
}

static void test_levels(void)
{
	static const char text[] = "{\"one\":{\"two\":\"x\",\"three\":{\"four\":\"y\"}},\"five\":[{\"six\":7}]}";
	static struct trace trace;
	struct lejp_ctx ctx;

	lejp_construct(&ctx, levels, &trace, no_paths, 0);
	CHECK_INT(lejp_parse(&ctx, (const unsigned char *)text, (int)strlen(text)), 0);
	CHECK_STR(trace.text, "one;two;three;four;2 at 1;1 at 0;five;six;0 at 1;2 at 0;");
}

static void test_error_names(void)
{
	int n, m;

	CHECK_STR(lejp_error_to_string(LEJP_CONTINUE), "");
	CHECK_STR(lejp_error_to_string(0), "");
	CHECK_STR(lejp_error_to_string(7), "");
	for (n = LEJP_REJECT_CALLBACK; n <= LEJP_REJECT_IDLE_NO_BRACE; n++) {
		CHECK(strlen(lejp_error_to_string(n)) > 5);
		for (m = n + 1; m <= LEJP_REJECT_IDLE_NO_BRACE; m++)
			CHECK(strcmp(lejp_error_to_string(n), lejp_error_to_string(m)));
	}
	CHECK_STR(lejp_error_to_string(LEJP_REJECT_CALLBACK - 1), "unknown error");
	CHECK_STR(lejp_error_to_string(INT_MIN), "unknown error");
}

static uint32_t seed;

static uint32_t random_below(uint32_t limit)
{
	seed = seed * 1664525u + 1013904223u;
	return (uint32_t)(((uint64_t)seed * limit) >> 32);
}

/* Texts that are nearly right, in pieces of any size: always the same outcome as in one piece, and nothing out of bounds. */
static void test_random(void)
{
	static const char * const paths[] = {"a", "*", "[].a.*", "a[]", "a.*.b[].*"};
	static const char * const tokens[] = {
		"{", "}", "[", "]", ":", ",", "\"", "\"a\":", "\"b\":{", "\"c\":[", "1", "-0.5e3", "true", "null", "\\u", "d83d", "\\n", " ", "\n",
		"#", "\xc3", "\xa4", "\x80", "\"long long long name\":", "\\ud83d\\ude00", "{\"a\":1}", "[[]]", "\"\\\"\"",
	};
	static struct trace whole, pieces;
	char text[600];
	int round;

	for (round = 0; round < 4000; round++) {
		size_t length = 0;

		seed = (uint32_t)round;
		if (round % 2) {
			int count = (int)random_below(40);

			text[0] = '\0';
			if (random_below(4))
				strcpy(text, random_below(2) ? "{" : "[");
			while (count--)
				strcat(text, tokens[random_below(LWS_ARRAY_SIZE(tokens))]);
			length = strlen(text);
		} else {
			int changes_left = 1 + (int)random_below(3);

			strcpy(text, samples[random_below(LWS_ARRAY_SIZE(samples))]);
			length = strlen(text);
			while (changes_left--)
				text[random_below((uint32_t)length)] = (char)random_below(256);
		}
		parse_pieces(&whole, text, length, length, 1, paths, LWS_ARRAY_SIZE(paths));
		parse_pieces(&pieces, text, length, random_below((uint32_t)length + 1), 1 + random_below(9), paths, LWS_ARRAY_SIZE(paths));
		if (!CHECK_STR(pieces.text, whole.text)) {
			FAIL("that was round %d", round);
			return;
		}
	}
}

TEST_MAIN({"events", test_events}, {"many_arrays", test_many_arrays}, {"pieces", test_pieces}, {"errors", test_errors},
	  {"numbers", test_numbers}, {"utf8", test_utf8}, {"long_strings", test_long_strings}, {"nul_in_name", test_nul_in_name},
	  {"limits", test_limits}, {"many_elements", test_many_elements}, {"wildcards", test_wildcards}, {"refusal", test_refusal},
	  {"start_and_lines", test_start_and_lines}, {"push", test_push}, {"push_limits", test_push_limits},
	  {"change_callback", test_change_callback}, {"stride", test_stride}, {"levels", test_levels},
	  {"error_names", test_error_names}, {"random", test_random})
