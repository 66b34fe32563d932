/*
 * Assertions and the case runner of the C tests.
 *
 * CHECK* report file, line and both values, and let the case go on; REQUIRE*
 * end the case.  Every case runs in a process of its own with a deadline, so
 * that a crash or a hang is one failed case and not a lost run.
 */
#ifndef TESTS_COMMON_CHECK_H
#define TESTS_COMMON_CHECK_H

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

struct test_case {
	const char *name;
	void (*run)(void);
};

/* Runs every case, or those named in argv; returns the exit status of main. */
int test_main(int argc, char **argv, const struct test_case *cases, size_t count);

/* The same for a program whose first argument is a directory that its cases need. */
int test_main_with_directory(int argc, char **argv, const struct test_case *cases, size_t count, const char **directory);

#define TEST_MAIN(...)                                                                             \
	int main(int argc, char **argv)                                                            \
	{                                                                                          \
		static const struct test_case cases[] = { __VA_ARGS__ };                           \
		return test_main(argc, argv, cases, sizeof(cases) / sizeof(cases[0]));             \
	}

/*
 * Waiting time in seconds for anything that must happen; generous, because a
 * run under valgrind on a loaded machine is slow.  TEST_DEADLINE overrides it.
 */
double test_deadline(void);

/* qemu-user runs the program: some of the process that the kernel shows is the emulator's. TEST_EMULATED says so. */
bool test_emulated(void);

/* Monotonic seconds. */
double test_now(void);

void test_sleep_ms(int milliseconds);

/* Ends the case as passed, with a note why nothing was tested. */
void test_skip(const char *why) __attribute__((noreturn));

/* The file of a case's own under a fresh temporary directory removed at exit. */
const char *test_directory(void);

bool check_true(bool ok, const char *file, int line, const char *text);
bool check_long(long long got, long long want, const char *file, int line, const char *text);
bool check_pointer(const void *got, const void *want, const char *file, int line, const char *text);
bool check_string(const char *got, const char *want, const char *file, int line, const char *text);
bool check_bytes(const void *got, size_t got_length, const void *want, size_t want_length,
		 const char *file, int line, const char *text);
void check_fail(const char *file, int line, const char *format, ...)
	__attribute__((format(printf, 3, 4)));
/* How many checks failed in this process. */
int check_failures(void);
void check_give_up(void) __attribute__((noreturn));

#define CHECK(condition) check_true((condition), __FILE__, __LINE__, #condition)
#define CHECK_INT(got, want) check_long((long long)(got), (long long)(want), __FILE__, __LINE__, #got)
#define CHECK_PTR(got, want) check_pointer((got), (want), __FILE__, __LINE__, #got)
#define CHECK_STR(got, want) check_string((got), (want), __FILE__, __LINE__, #got)
#define CHECK_MEM(got, got_length, want, want_length)                                              \
	check_bytes((got), (got_length), (want), (want_length), __FILE__, __LINE__, #got)
#define FAIL(...) check_fail(__FILE__, __LINE__, __VA_ARGS__)

#define REQUIRE(condition)                                                                         \
	do {                                                                                       \
		if (!CHECK(condition))                                                             \
			check_give_up();                                                           \
	} while (0)
#define REQUIRE_INT(got, want)                                                                     \
	do {                                                                                       \
		if (!CHECK_INT(got, want))                                                         \
			check_give_up();                                                           \
	} while (0)

/* Polls a condition until it holds or the deadline is over. */
#define WAIT_FOR(condition)                                                                        \
	do {                                                                                       \
		double wait_until = test_now() + test_deadline();                                  \
		while (!(condition) && test_now() < wait_until)                                    \
			test_sleep_ms(1);                                                          \
		REQUIRE(condition);                                                                \
	} while (0)

#endif
