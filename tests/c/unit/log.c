/* Logging: what is enabled, what a line looks like, and that lines of several threads stay whole. */
#include "check.h"

#include <errno.h>
#include <fcntl.h>
#include <libwebsockets.h>
#include <pthread.h>
#include <stdio.h>
#include <unistd.h>

static char lines[64][2048];
static int line_levels[64], count;

static void collect(int level, const char *line)
{
	if (count < 64) {
		line_levels[count] = level;
		lws_strncpy(lines[count++], line, sizeof(lines[0]));
	}
}

static void test_default_levels(void)
{
	CHECK_INT(lwsl_visible(-1), LLL_ERR | LLL_WARN | LLL_NOTICE);
	CHECK_INT(lwsl_visible(LLL_INFO), 0);
	CHECK_INT(lwsl_visible(LLL_WARN | LLL_INFO), LLL_WARN);
}

static void test_levels(void)
{
	lws_set_log_level(LLL_ERR | LLL_USER, collect);
	lwsl_err("one %d\n", 1);
	lwsl_warn("two\n");
	lwsl_user("three %s\n", "x");
	_lws_log(LLL_DEBUG, "four\n");

	REQUIRE_INT(count, 2);
	CHECK_STR(lines[0], "one 1\n");
	CHECK_INT(line_levels[0], LLL_ERR);
	CHECK_STR(lines[1], "three x\n");
	CHECK_INT(line_levels[1], LLL_USER);

	/* NULL keeps the function */
	lws_set_log_level(LLL_DEBUG, NULL);
	_lws_log(LLL_DEBUG, "five\n");
	REQUIRE_INT(count, 3);
	CHECK_STR(lines[2], "five\n");
}

static void test_long_line(void)
{
	char text[1101];

	memset(text, 'x', sizeof(text));
	lws_set_log_level(LLL_ERR, collect);

	text[1023] = '\0';
	_lws_log(LLL_ERR, "%s", text);
	text[1023] = 'x';
	text[1100] = '\0';
	_lws_log(LLL_ERR, "%s", text);

	REQUIRE_INT(count, 2);
	CHECK_INT(strlen(lines[0]), 1023);
	CHECK(!strchr(lines[0], '.'));
	CHECK_INT(strlen(lines[1]), 1023);
	CHECK_STR(lines[1] + 1018, "x...\n");
}

static void spoil_errno(int level, const char *line)
{
	(void)level;
	(void)line;
	errno = EIO;
}

static void test_errno_survives(void)
{
	lws_set_log_level(LLL_ERR, spoil_errno);
	errno = ENOENT;
	lwsl_err("x\n");
	CHECK_INT(errno, ENOENT);
}

static void test_timestamp(void)
{
	static const char letters[] = "EWNIDPHXCLUT";
	int year, month, day, hour, minute, second, fraction, end, bit;
	char text[64], letter;

	for (bit = 0; bit < LLL_COUNT; bit++) {
		CHECK_INT(lwsl_timestamp(1 << bit, text, sizeof(text)), 30);
		end = 0;
		CHECK_INT(sscanf(text, "[%4d/%2d/%2d %2d:%2d:%2d:%4d] %c: %n", &year, &month, &day, &hour, &minute,
				 &second, &fraction, &letter, &end), 8);
		CHECK_INT(letter, letters[bit]);
		CHECK_INT(strlen(text), 30);
		CHECK(year >= 2020 && month >= 1 && month <= 12 && fraction < 10000);
	}

	CHECK_INT(lwsl_timestamp(LLL_ERR | LLL_WARN, text, sizeof(text)), 0);
	CHECK_STR(text, "");
	CHECK_INT(lwsl_timestamp(LLL_ERR, text, 5), 4);
	CHECK_INT(strlen(text), 4);
	CHECK_INT(lwsl_timestamp(LLL_ERR, NULL, 0), 0);
}

static void test_hexdump(void)
{
	unsigned char bytes[18];
	int n;

	for (n = 0; n < 18; n++)
		bytes[n] = (unsigned char)(0x1f + n);
	bytes[17] = 0x7f;

	lws_set_log_level(LLL_NOTICE, collect);
	lwsl_hexdump_notice(bytes, sizeof(bytes));
	lwsl_hexdump_err(bytes, sizeof(bytes));

	REQUIRE_INT(count, 4);
	CHECK_STR(lines[0], "\n");
	CHECK_STR(lines[1], "0000: 1F 20 21 22 23 24 25 26 27 28 29 2A 2B 2C 2D 2E    . !\"#$%&'()*+,-.\n");
	CHECK_STR(lines[2], "0010: 2F 7F                                              /.              \n");
	CHECK_STR(lines[3], "\n");

	lwsl_hexdump_level(LLL_NOTICE, bytes, 0);
	lwsl_hexdump_level(LLL_NOTICE, NULL, 3);
	REQUIRE_INT(count, 6);
	CHECK_STR(lines[4], "(hexdump: zero length)\n");
	CHECK_STR(lines[5], "(hexdump: NULL ptr)\n");
}

/* Sends stderr to a file; what it holds at the end comes back. */
static const char *stderr_file;

static void catch_stderr(void)
{
	static char path[512];
	int fd;

	snprintf(path, sizeof(path), "%s/stderr", test_directory());
	stderr_file = path;
	fd = open(path, O_RDWR | O_CREAT | O_TRUNC, 0600);
	REQUIRE(fd >= 0);
	REQUIRE(dup2(fd, 2) == 2);
	close(fd);
}

static void test_stderr(void)
{
	char text[256];
	int n;

	catch_stderr();
	lws_set_log_level(LLL_WARN, NULL);
	lwsl_warn("first\n");
	lws_set_log_level(LLL_WARN, lwsl_emit_stderr_notimestamp);
	lwsl_warn("second\n");

	n = lws_plat_read_file(stderr_file, text, sizeof(text) - 1);
	REQUIRE(n > 0);
	text[n] = '\0';
	/* a file is no terminal: no colours */
	CHECK_INT(n, 30 + 6 + 7);
	CHECK_INT(text[0], '[');
	CHECK_STR(text + 27, "W: first\nsecond\n");
}

#define THREADS 4
#define PER_THREAD 500

static void *log_many(void *arg)
{
	int n;

	for (n = 0; n < PER_THREAD; n++)
		lwsl_err("thread %d says %d\n", *(int *)arg, n);

	return NULL;
}

static void test_threads(void)
{
	int numbers[THREADS], next[THREADS] = { 0 }, n, thread, said;
	pthread_t threads[THREADS];
	char line[256];
	FILE *file;

	catch_stderr();
	lws_set_log_level(LLL_ERR, lwsl_emit_stderr_notimestamp);
	for (n = 0; n < THREADS; n++) {
		numbers[n] = n;
		REQUIRE(!pthread_create(&threads[n], NULL, log_many, &numbers[n]));
	}
	for (n = 0; n < THREADS; n++)
		pthread_join(threads[n], NULL);

	file = fopen(stderr_file, "r");
	REQUIRE(file != NULL);
	for (n = 0; fgets(line, sizeof(line), file); n++) {
		REQUIRE_INT(sscanf(line, "thread %d says %d", &thread, &said), 2);
		REQUIRE(thread >= 0 && thread < THREADS);
		REQUIRE_INT(said, next[thread]++);
	}
	fclose(file);
	CHECK_INT(n, THREADS * PER_THREAD);
}

static void test_byte_order(void)
{
	CHECK_INT(!!lws_is_be(), __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__);
}

TEST_MAIN({ "default levels", test_default_levels }, { "levels", test_levels }, { "long line", test_long_line },
	  { "errno survives", test_errno_survives }, { "timestamp", test_timestamp }, { "hexdump", test_hexdump },
	  { "stderr", test_stderr }, { "threads", test_threads }, { "byte order", test_byte_order })
