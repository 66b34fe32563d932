/* lws_daemonize() */
#define _GNU_SOURCE /* for the files that are included */
#include "check.h"

#include "../../../capi/c/daemonize.c"

#include <sys/wait.h>

#include "../../../capi/c/file.c"

/* lws_snprintf() is all that daemonize.c needs of the strings */
int lws_snprintf(char *str, size_t size, const char *format, ...)
{
	va_list vl;
	int n;

	va_start(vl, format);
	n = vsnprintf(str, size, format, vl);
	va_end(vl);

	return n;
}

static const char *path_of(const char *name)
{
	static char paths[2][512];
	static int next;
	char *path = paths[next++ & 1];

	snprintf(path, sizeof(paths[0]), "%s/%s", test_directory(), name);

	return path;
}

/* Daemonizes in a process of its own; its exit status. */
static int start_daemon(const char *lock, int ready)
{
	char directory[64];
	struct {
		pid_t pid, session;
		int in_tmp, mask, null_stdin;
	} facts;
	int status;
	pid_t child = fork();

	REQUIRE(child >= 0);
	if (!child) {
		if (lws_daemonize(lock))
			_exit(77);
		facts.pid = getpid();
		facts.session = getsid(0);
		facts.in_tmp = getcwd(directory, sizeof(directory)) && !strcmp(directory, "/tmp");
		facts.mask = (int)umask(0);
		facts.null_stdin = read(0, directory, 1) == 0;
		if (write(ready, &facts, sizeof(facts)) != sizeof(facts))
			_exit(78);
		for (;;)
			pause();
	}

	REQUIRE(waitpid(child, &status, 0) == child);
	REQUIRE(WIFEXITED(status));
	if (!WEXITSTATUS(status)) {
		int in = ready - 1;

		REQUIRE(read(in, &facts, sizeof(facts)) == sizeof(facts));
		CHECK(facts.pid != child);
		CHECK_INT(facts.session, facts.pid);
		CHECK(facts.in_tmp);
		CHECK_INT(facts.mask, 0);
		CHECK(facts.null_stdin);
		daemon_pid = facts.pid;
	}

	return WEXITSTATUS(status);
}

static int gone(pid_t pid)
{
	return kill(pid, 0) && errno == ESRCH;
}

static int lock_holds(const char *path, pid_t pid)
{
	char text[24];
	int n = lws_plat_read_file(path, text, sizeof(text) - 1);

	if (n <= 0)
		return 0;
	text[n] = '\0';

	return atoi(text) == pid;
}

static void silence(void)
{
	int null = open("/dev/null", O_WRONLY);

	fflush(stdout);
	dup2(null, 2);
	close(null);
}

static void test_daemon(void)
{
	int ready[2];
	pid_t first;

	silence();
	REQUIRE(!pipe(ready));
	/* start_daemon() takes both ends as neighbours */
	if (ready[1] != ready[0] + 1)
		test_skip("the pipe's ends are not neighbours");

	/* a relative path, that the change of directory must not spoil */
	REQUIRE(!chdir(test_directory()));
	REQUIRE_INT(start_daemon("lock", ready[1]), 0);
	first = daemon_pid;
	CHECK(lock_holds(path_of("lock"), first));

	/* a second one is refused */
	CHECK_INT(start_daemon("lock", ready[1]), 1);
	CHECK(lock_holds(path_of("lock"), first));

	/* SIGHUP is ignored, SIGTERM ends it and removes the lock */
	CHECK(!kill(first, SIGHUP));
	CHECK(!kill(first, SIGTERM));
	WAIT_FOR(gone(first));
	CHECK(access(path_of("lock"), F_OK));
}

static void test_stale_lock(void)
{
	char text[24];
	int ready[2], status;
	pid_t dead = fork();

	if (!dead)
		_exit(0);
	REQUIRE(waitpid(dead, &status, 0) == dead);

	silence();
	REQUIRE(!pipe(ready));
	if (ready[1] != ready[0] + 1)
		test_skip("the pipe's ends are not neighbours");
	snprintf(text, sizeof(text), "%d", (int)dead);
	REQUIRE_INT(lws_plat_write_file(path_of("lock"), text, strlen(text)), 0);

	REQUIRE_INT(start_daemon(path_of("lock"), ready[1]), 0);
	CHECK(lock_holds(path_of("lock"), daemon_pid));
	CHECK(!kill(daemon_pid, SIGTERM));
	WAIT_FOR(gone(daemon_pid));
}

TEST_MAIN({ "daemon", test_daemon }, { "stale lock", test_stale_lock })
