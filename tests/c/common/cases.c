/* Runs test cases, each in a process of its own. */
#include "check.h"

#include <dirent.h>
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static char directory[256];

static void remove_tree(const char *path)
{
	char inner[512];
	struct dirent *entry;
	struct stat status;
	DIR *listing;

	if (!lstat(path, &status) && S_ISDIR(status.st_mode)) {
		listing = opendir(path);
		while (listing && (entry = readdir(listing))) {
			if (!strcmp(entry->d_name, ".") || !strcmp(entry->d_name, ".."))
				continue;
			snprintf(inner, sizeof(inner), "%s/%s", path, entry->d_name);
			remove_tree(inner);
		}
		if (listing)
			closedir(listing);
	}
	remove(path);
}

const char *test_directory(void)
{
	const char *base = getenv("TMPDIR");

	if (!directory[0]) {
		snprintf(directory, sizeof(directory), "%s/lws-test-XXXXXX", base ? base : "/tmp");
		REQUIRE(mkdtemp(directory) != NULL);
	}

	return directory;
}

static void run_here(const struct test_case *test)
{
	test->run();
	fflush(NULL);
	if (directory[0])
		remove_tree(directory);
	/* exit, not _exit: leak checkers report from there */
	exit(check_failures() ? 1 : 0);
}

/* Reports how a case ended; true when it passed. */
static bool run_in_child(const struct test_case *test)
{
	double until = test_now() + 6 * test_deadline();
	int status = 0;
	pid_t child, ended;

	fflush(NULL);
	child = fork();
	if (!child)
		run_here(test);
	if (child < 0) {
		printf("FAIL  %s: fork: %s\n", test->name, strerror(errno));
		return false;
	}

	while (!(ended = waitpid(child, &status, WNOHANG)) && test_now() < until)
		test_sleep_ms(2);
	if (!ended) {
		kill(child, SIGKILL);
		waitpid(child, &status, 0);
		printf("FAIL  %s: still running after %.0f s\n", test->name, 6 * test_deadline());
		return false;
	}
	if (WIFSIGNALED(status)) {
		printf("FAIL  %s: signal %d (%s)\n", test->name, WTERMSIG(status),
		       strsignal(WTERMSIG(status)));
		return false;
	}
	if (WEXITSTATUS(status)) {
		printf("FAIL  %s\n", test->name);
		return false;
	}
	printf("ok    %s\n", test->name);

	return true;
}

/*
 * valgrind maps the main thread's stack as it grows, and what is mapped is what the Go runtime takes for its size: with a
 * few pages it would give up in a callback. A program has no such trouble outside of valgrind.
 */
static __attribute__((noinline)) void grow_stack(void)
{
	volatile char space[1 << 20];
	size_t at;

	for (at = sizeof(space); at >= 4096; at -= 4096)
		space[at - 1] = 0;
}

int test_main(int argc, char **argv, const struct test_case *cases, size_t count)
{
	size_t i, ran = 0, failed = 0;
	int n;

	grow_stack();
	setvbuf(stdout, NULL, _IOLBF, 0);
	signal(SIGPIPE, SIG_IGN);
	/* Clients go where the tests say, whatever the machine's users are to go through. */
	unsetenv("http_proxy");
	unsetenv("socks_proxy");
	unsetenv("no_proxy");
	unsetenv("NO_PROXY");

	if (argc == 3 && !strcmp(argv[1], "--here")) {
		for (i = 0; i < count; i++)
			if (!strcmp(argv[2], cases[i].name))
				run_here(&cases[i]);
		return 2;
	}

	for (i = 0; i < count; i++) {
		bool wanted = argc < 2;

		for (n = 1; n < argc; n++)
			wanted = wanted || !strcmp(argv[n], cases[i].name);
		if (!wanted)
			continue;
		ran++;
		if (!run_in_child(&cases[i]))
			failed++;
	}
	printf("%zu passed, %zu failed\n", ran - failed, failed);

	return failed || !ran ? 1 : 0;
}

int test_main_with_directory(int argc, char **argv, const struct test_case *cases, size_t count, const char **directory)
{
	if (argc < 2) {
		fprintf(stderr, "usage: %s DIRECTORY [case...]\n", argv[0]);
		return 2;
	}
	*directory = argv[1];
	argv[1] = argv[0];

	return test_main(argc - 1, argv + 1, cases, count);
}
