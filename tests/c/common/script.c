#define _GNU_SOURCE /* pipe2 */
#include "script.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static const char *directory;

int script_test_main(int argc, char **argv, const struct test_case *cases, size_t count)
{
	return test_main_with_directory(argc, argv, cases, count, &directory);
}

const char *script_directory(void)
{
	return directory;
}

void script_start(const char *name, const char *arguments, int *numbers, int count)
{
	int input[2], output[2], i;
	char command[2048], line[128] = "", *next = line, *end;
	size_t length = 0;
	ssize_t got;
	pid_t pid;

	snprintf(command, sizeof(command),
		 "PYTHONPATH=%s/../common PYTHONDONTWRITEBYTECODE=1 exec /usr/bin/python3 %s/%s %s", directory, directory, name,
		 arguments);
	/* No script that is started later keeps the input of this one open. */
	REQUIRE_INT(pipe2(input, O_CLOEXEC), 0);
	REQUIRE_INT(pipe2(output, O_CLOEXEC), 0);
	pid = fork();
	REQUIRE(pid >= 0);
	if (!pid) {
		dup2(input[0], 0);
		dup2(output[1], 1);
		execl("/bin/sh", "sh", "-c", command, (char *)NULL);
		_exit(127);
	}
	close(input[0]);
	close(output[1]);
	while (!strchr(line, '\n')) {
		got = read(output[0], line + length, sizeof(line) - 1 - length);
		REQUIRE(got > 0);
		length += (size_t)got;
	}
	close(output[0]);
	for (i = 0; i < count; i++, next = end) {
		numbers[i] = (int)strtol(next, &end, 10);
		REQUIRE(end != next);
	}
}

void script_needs(const char *package)
{
	char command[128];
	int missing;

	snprintf(command, sizeof(command), "/usr/bin/python3 -c 'import %s' 2>/dev/null", package);
	missing = system(command);
	if (missing) {
		snprintf(command, sizeof(command), "Python's package %s is not installed", package);
		test_skip(command);
	}
}
