/*
 * Servers that others wrote, started by a Python script beside the test: its first argument is the directory of the
 * scripts. A script prints one line of numbers, mostly ports, when it is ready, and ends when its standard input does,
 * which is when this process ends.
 */
#ifndef TESTS_COMMON_SCRIPT_H
#define TESTS_COMMON_SCRIPT_H

#include "check.h"

/* test_main for a test whose first argument is that directory. */
int script_test_main(int argc, char **argv, const struct test_case *cases, size_t count);

#define SCRIPT_TEST_MAIN(...)                                                                      \
	int main(int argc, char **argv)                                                            \
	{                                                                                          \
		static const struct test_case cases[] = { __VA_ARGS__ };                           \
		return script_test_main(argc, argv, cases, sizeof(cases) / sizeof(cases[0]));      \
	}

const char *script_directory(void);

/* Starts a script with its arguments, separated by blanks, and reads as many numbers. */
void script_start(const char *name, const char *arguments, int *numbers, int count);

/* Ends the case where Python has no such package. */
void script_needs(const char *package);

#endif
