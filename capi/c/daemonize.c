#define _GNU_SOURCE /* asprintf */
#include <libwebsockets.h>

#include <errno.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <sys/stat.h>

static char *lock_file;
static pid_t daemon_pid;

static void fail(const char *what)
{
	fprintf(stderr, "lws_daemonize: %s: %s\n", what, strerror(errno));
	exit(1);
}

/* Exits if the process whose lock it is lives, removes the lock if not. */
static void check_lock(const char *path)
{
	char text[24];
	int n = lws_plat_read_file(path, text, sizeof(text) - 1);
	pid_t pid;

	if (n < 0)
		return;

	text[n] = '\0';
	pid = (pid_t)atoi(text);
	if (pid > 0 && (!kill(pid, 0) || errno == EPERM)) {
		fprintf(stderr, "Daemon already running pid %d\n", (int)pid);
		exit(1);
	}

	fprintf(stderr, "Removing stale lock %s from dead pid %d\n", path, (int)pid);
	unlink(path);
}

/* With the directory, which changes. NULL without memory. */
static char *absolute(const char *path)
{
	char directory[PATH_MAX], *result;

	if (*path == '/' || !getcwd(directory, sizeof(directory)))
		return strdup(path);

	return asprintf(&result, "%s/%s", directory, path) < 0 ? NULL : result;
}

static void write_lock(pid_t pid)
{
	char text[24];
	int length = lws_snprintf(text, sizeof(text), "%d", (int)pid);
	int fd = lws_open(lock_file, O_WRONLY | O_CREAT | O_TRUNC, 0640);

	if (fd < 0 || write(fd, text, (size_t)length) != length)
		fprintf(stderr, "lws_daemonize: %s: %s\n", lock_file, strerror(errno));
	if (fd >= 0)
		close(fd);
}

static void terminate(int number)
{
	/* not in a process that the daemon has forked */
	if (lock_file && getpid() == daemon_pid)
		unlink(lock_file);

	signal(number, SIG_DFL);
	raise(number);
}

static void set_handler(int number, void (*handler)(int))
{
	struct sigaction action;

	memset(&action, 0, sizeof(action));
	action.sa_handler = handler;
	action.sa_flags = SA_RESTART | SA_ONSTACK;
	sigaction(number, &action, NULL);
}

/* Waits until the child is a daemon, then exits. */
static void finish_parent(int ready, pid_t child)
{
	ssize_t n;
	char c;

	do
		n = read(ready, &c, 1);
	while (n < 0 && errno == EINTR);

	if (n != 1)
		exit(1);
	if (lock_file)
		write_lock(child);
	exit(0);
}

static void become_daemon(void)
{
	static const int ignored[] = { SIGTSTP, SIGTTOU, SIGTTIN, SIGHUP };
	unsigned int n;
	int null;

	for (n = 0; n < sizeof(ignored) / sizeof(ignored[0]); n++)
		set_handler(ignored[n], SIG_IGN);

	umask(0);
	if (setsid() < 0)
		fail("setsid");
	if (chdir("/tmp"))
		fail("chdir");

	null = open("/dev/null", O_RDWR);
	if (null < 0 || dup2(null, STDIN_FILENO) < 0 || dup2(null, STDOUT_FILENO) < 0 || dup2(null, STDERR_FILENO) < 0)
		fail("/dev/null");
	if (null > STDERR_FILENO)
		close(null);

	set_handler(SIGTERM, terminate);
}

int lws_daemonize(const char *lock_path)
{
	int ready[2];
	pid_t child;

	if (lock_path) {
		check_lock(lock_path);
		free(lock_file);
		lock_file = absolute(lock_path);
		if (!lock_file)
			return 1;
	}

	/* what is buffered would be written twice */
	fflush(NULL);

	if (pipe(ready))
		fail("pipe");
	child = fork();
	if (child < 0)
		fail("fork");

	if (child) {
		close(ready[1]);
		finish_parent(ready[0], child);
	}

	close(ready[0]);
	daemon_pid = getpid();
	become_daemon();
	if (write(ready[1], "", 1) != 1)
		fail("pipe");
	close(ready[1]);

	return 0;
}
