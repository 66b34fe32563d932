#include "process.h"
#include "check.h"

#include <dirent.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

static int say_to = -1;

void process_start(struct process *process, int (*run)(void *argument), void *argument)
{
	int ends[2];

	REQUIRE_INT(pipe(ends), 0);
	fflush(NULL);
	process->pid = fork();
	REQUIRE(process->pid >= 0);
	if (!process->pid) {
		close(ends[0]);
		say_to = ends[1];
		exit(run(argument));
	}
	close(ends[1]);
	process->lines = ends[0];
}

void process_say(long value)
{
	char line[32];
	int length = snprintf(line, sizeof(line), "%ld\n", value);

	REQUIRE_INT(write(say_to, line, (size_t)length), length);
}

long process_hear(struct process *process)
{
	struct pollfd wait = { .fd = process->lines, .events = POLLIN };
	char line[32] = "";
	size_t length = 0;

	do {
		REQUIRE_INT(poll(&wait, 1, (int)(1000 * test_deadline())), 1);
		REQUIRE_INT(read(process->lines, line + length, 1), 1);
	} while (line[length++] != '\n' && length < sizeof(line) - 1);

	return atol(line);
}

void process_kill(struct process *process)
{
	kill(process->pid, SIGKILL);
	waitpid(process->pid, NULL, 0);
	close(process->lines);
}

int process_wait(struct process *process)
{
	double until = test_now() + test_deadline();
	int status = 0;

	while (!waitpid(process->pid, &status, WNOHANG)) {
		if (test_now() > until) {
			FAIL("process still runs after %.0f s", test_deadline());
			process_kill(process);
			return -1;
		}
		test_sleep_ms(1);
	}
	close(process->lines);

	return status;
}

void process_wait_success(struct process *process)
{
	REQUIRE_INT(process_wait(process), 0);
}

static int entries(const char *path)
{
	DIR *listing = opendir(path);
	int count = 0;

	REQUIRE(listing != NULL);
	while (readdir(listing))
		count++;
	closedir(listing);

	return count - 2;
}

int process_threads(void)
{
	return entries("/proc/self/task") - (test_emulated() ? 1 : 0); /* qemu has one for itself */
}

int process_descriptors(void)
{
	return entries("/proc/self/fd") - 1;
}

long process_status_kib(const char *field)
{
	FILE *status = fopen("/proc/self/status", "r");
	size_t length = strlen(field);
	char line[256];
	long value = -1;

	REQUIRE(status != NULL);
	while (value < 0 && fgets(line, sizeof(line), status))
		if (!strncmp(line, field, length) && line[length] == ':')
			value = atol(line + length + 1);
	fclose(status);

	return value;
}

double process_slowness(void)
{
	const char *text = getenv("TEST_SLOWNESS");

	return text && atof(text) > 1 ? atof(text) : 1;
}
