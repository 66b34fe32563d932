/* Runs test cases, each in a process of its own: this program is started again for each, as Windows has no fork. */
#include "check.h"

#include <process.h>
#include <stdio.h>
#include <stdlib.h>

int test_main(int argc, char **argv, const struct test_case *cases, size_t count)
{
	size_t failed = 0;

	setvbuf(stdout, NULL, _IONBF, 0);
	if (argc == 2) {
		cases[atoi(argv[1])].run();
		return check_failures() ? 1 : 0;
	}

	for (size_t i = 0; i < count; i++) {
		char number[16];
		const char *const arguments[] = { argv[0], number, NULL };
		bool passed;

		snprintf(number, sizeof(number), "%zu", i);
		passed = !_spawnv(_P_WAIT, argv[0], arguments);
		printf("%s  %s\n", passed ? "ok  " : "FAIL", cases[i].name);
		if (!passed)
			failed++;
	}
	printf("%zu passed, %zu failed\n", count - failed, failed);

	return failed ? 1 : 0;
}
