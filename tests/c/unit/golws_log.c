/* Lines that come from Go: without a NUL, without a newline, and of any length. */
#include "check.h"

#include "../../../capi/c/log.c"

static char *got;
static int got_level;

static void keep(int level, const char *line)
{
	free(got);
	got = strdup(line);
	got_level = level;
}

static void test_lines(void)
{
	static const char text[] = { 'a', 'b', 'c' };

	lws_set_log_level(LLL_WARN, keep);
	golws_log(LLL_WARN, text, sizeof(text));
	CHECK_STR(got, "abc\n");
	CHECK_INT(got_level, LLL_WARN);
	golws_log(LLL_WARN, "line\nmore", 5);
	CHECK_STR(got, "line\n");
	golws_log(LLL_WARN, NULL, 0);
	CHECK_STR(got, "\n");
	golws_log(LLL_ERR, text, sizeof(text));
	CHECK_STR(got, "\n");
}

static void test_long_lines(void)
{
	static char text[100000];
	size_t lengths[] = { 1020, 1021, 1022, 1023, 1024, 1025, sizeof(text) };
	unsigned int n;

	memset(text, 'y', sizeof(text));
	lws_set_log_level(LLL_WARN, keep);
	for (n = 0; n < sizeof(lengths) / sizeof(lengths[0]); n++) {
		golws_log(LLL_WARN, text, lengths[n]);
		REQUIRE_INT(strlen(got), lengths[n] + 1);
		CHECK_INT(got[lengths[n]], '\n');
		CHECK_INT(got[lengths[n] - 1], 'y');
	}
}

TEST_MAIN({ "lines", test_lines }, { "long lines", test_long_lines })
