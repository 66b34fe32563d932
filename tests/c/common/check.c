#include "check.h"

#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

static atomic_int failures;

int check_failures(void)
{
	return atomic_load(&failures);
}

bool test_emulated(void)
{
	return getenv("TEST_EMULATED") != NULL;
}

double test_now(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);

	return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

void test_sleep_ms(int milliseconds)
{
	struct timespec pause = { milliseconds / 1000, (milliseconds % 1000) * 1000000L };

	nanosleep(&pause, NULL);
}

double test_deadline(void)
{
	const char *text = getenv("TEST_DEADLINE");
	double seconds = text ? atof(text) : 0;

	return seconds > 0 ? seconds : 20;
}

void check_fail(const char *file, int line, const char *format, ...)
{
	va_list arguments;

	atomic_fetch_add(&failures, 1);
	flockfile(stderr);
	fprintf(stderr, "%s:%d: ", file, line);
	va_start(arguments, format);
	vfprintf(stderr, format, arguments);
	va_end(arguments);
	fputc('\n', stderr);
	funlockfile(stderr);
}

void check_give_up(void)
{
	fflush(NULL);
	_exit(1);
}

void test_skip(const char *why)
{
	printf("      skipped: %s\n", why);
	fflush(NULL);
	_exit(check_failures() ? 1 : 0);
}

bool check_true(bool ok, const char *file, int line, const char *text)
{
	if (!ok)
		check_fail(file, line, "%s is false", text);

	return ok;
}

bool check_long(long long got, long long want, const char *file, int line, const char *text)
{
	if (got != want)
		check_fail(file, line, "%s is %lld, not %lld", text, got, want);

	return got == want;
}

bool check_pointer(const void *got, const void *want, const char *file, int line, const char *text)
{
	if (got != want)
		check_fail(file, line, "%s is %p, not %p", text, got, want);

	return got == want;
}

bool check_string(const char *got, const char *want, const char *file, int line, const char *text)
{
	bool same = got && want ? !strcmp(got, want) : got == want;

	if (!same)
		check_fail(file, line, "%s is \"%s\", not \"%s\"", text, got ? got : "(null)",
			   want ? want : "(null)");

	return same;
}

bool check_bytes(const void *got, size_t got_length, const void *want, size_t want_length,
		 const char *file, int line, const char *text)
{
	const unsigned char *a = got, *b = want;
	size_t i;

	if (got_length != want_length) {
		check_fail(file, line, "%s has %zu bytes, not %zu; it starts \"%.*s\"", text,
			   got_length, want_length, (int)(got_length < 80 ? got_length : 80),
			   got_length ? (const char *)got : "");
		return false;
	}
	for (i = 0; i < got_length; i++)
		if (a[i] != b[i]) {
			check_fail(file, line, "%s differs at byte %zu of %zu: 0x%02x, not 0x%02x",
				   text, i, got_length, a[i], b[i]);
			return false;
		}

	return true;
}
