#include "runtime.h"

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/auxv.h>
#include <sys/random.h>
#include <sys/resource.h>
#include <time.h>

#include <libwebsockets.h>

extern char **environ;

/* Go's initialisation, which the build has moved from .init_array into a section that nothing runs by itself. */
typedef void (*go_init_function)(int argc, char **argv, char **envp);
extern const go_init_function __start_lws_go_init[] __attribute__((visibility("hidden")));
extern const go_init_function __stop_lws_go_init[] __attribute__((visibility("hidden")));

/* Exported by package capi; returns when the packages of the Go side are initialised. */
extern void lwsgo_runtime_ready(void);

/*
 * What Go knows of each signal, its runtime.sigtable. Weak, so that a Go that calls it something else still links; a
 * test notices.
 */
struct go_signal {
	int32_t flags;
	const char *name;
	intptr_t name_length;
};
extern struct go_signal go_signals[] __asm__("runtime.sigtable") __attribute__((weak, visibility("hidden")));

enum { IDLE, STARTING, RUNNING };

static int state = IDLE;
static pthread_once_t start_once = PTHREAD_ONCE_INIT;

int golws_runtime_forked;

/*
 * What Go sees as its start-up stack. Go keeps pointers into it, so it lives as long as the process; nothing here reads
 * the variables, but leak checkers do.
 */
static uintptr_t *start_block __attribute__((used));
static char *start_strings __attribute__((used));
static unsigned char start_random[16];

enum { LAST_AUXV_TAG = 64 };

/*
 * Go reads argc, argv, the environment and the auxiliary vector from one block, as the kernel lays it out. The
 * original one is not given to it: the program may have written over it by now (setproctitle), setenv() calls made
 * since should count (GOMAXPROCS, GODEBUG), Go wipes the bytes AT_RANDOM points to, which other libraries may still want,
 * and not every libc hands the original out.
 */
static int build_start_block(void)
{
	static char name[] = "libwebsockets";
	size_t variables = 0, bytes = 0, n = 0;
	char *string;

	for (char **e = environ; e && *e; e++) {
		variables++;
		bytes += strlen(*e) + 1;
	}

	start_block = calloc(1 + 1 + variables + 1 + 2 * (LAST_AUXV_TAG + 1), sizeof(*start_block));
	start_strings = malloc(bytes + 1);
	if (!start_block || !start_strings)
		return -1;

	start_block[n++] = (uintptr_t)name;
	start_block[n++] = 0;

	string = start_strings;
	for (size_t i = 0; i < variables; i++) {
		size_t length = strlen(environ[i]) + 1;

		memcpy(string, environ[i], length);
		start_block[n++] = (uintptr_t)string;
		string += length;
	}
	start_block[n++] = 0;

	for (unsigned long tag = 1; tag <= LAST_AUXV_TAG; tag++) {
		unsigned long value;

		errno = 0;
		value = getauxval(tag);
		if (!value && errno)
			continue;
		if (tag == AT_RANDOM) {
			if (getrandom(start_random, sizeof(start_random), 0) != sizeof(start_random))
				continue;
			value = (unsigned long)(uintptr_t)start_random;
		}
		start_block[n++] = tag;
		start_block[n++] = value;
	}
	start_block[n++] = AT_NULL;
	start_block[n++] = 0;

	return 0;
}

static void after_fork_in_child(void)
{
	if (__atomic_load_n(&state, __ATOMIC_ACQUIRE) != IDLE)
		golws_runtime_forked = 1;
}

/*
 * Go's threads inherit this mask. They must not take signals meant for the program (a program that blocks SIGTERM
 * everywhere and waits for it in sigwait() would be killed by it), but need the synchronous ones and SIGURG, with which
 * Go preempts goroutines.
 */
static void block_signals(sigset_t *before)
{
	static const int open[] = { SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGTRAP, SIGSYS, SIGABRT, SIGURG };
	sigset_t mask;

	sigfillset(&mask);
	for (size_t i = 0; i < sizeof(open) / sizeof(open[0]); i++)
		sigdelset(&mask, open[i]);
	pthread_sigmask(SIG_SETMASK, &mask, before);
}

static int go_signal_is(int number, const char *name)
{
	size_t length = strlen(name);

	return (size_t)go_signals[number].name_length >= length && !memcmp(go_signals[number].name, name, length);
}

/*
 * Go opens a few signals in every thread that it runs in, its own and those of the program that call it, and leaves
 * them open. Of these SIGCHLD, SIGPROF and the first real-time signal are the program's: one that blocks them, for
 * sigwait() or a signalfd, would lose them. So their flag is taken away; which one it is tell two signals that differ
 * in nothing else.
 */
static void keep_signals_blocked(void)
{
	static const int numbers[] = { SIGCHLD, SIGPROF, SIGSTKFLT, 34 };
	int32_t unblock;

	if (!go_signals || !go_signal_is(SIGILL, "SIGILL") || !go_signal_is(SIGSYS, "SIGSYS") ||
	    !go_signal_is(SIGCHLD, "SIGCHLD") || !go_signal_is(34, "signal 34"))
		return;
	unblock = go_signals[SIGILL].flags ^ go_signals[SIGSYS].flags;
	if (!unblock || (unblock & (unblock - 1)) || !(go_signals[SIGILL].flags & unblock))
		return;
	for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++)
		go_signals[numbers[i]].flags &= ~unblock;
}

/*
 * A fault in C code, where the program has no handler. Go would print its goroutines and abort; a C program
 * dies by the signal, at the place of the fault, with a core file.
 */
static void die_by_default(int number, siginfo_t *info, void *context)
{
	(void)info;
	(void)context;
	/* back at the same instruction, the fault happens again */
	signal(number, SIG_DFL);
}

/* Go passes on to the handler that it finds at its start the faults that are not in Go code. */
static void keep_faults_deadly(void)
{
	static const int faults[] = { SIGSEGV, SIGBUS, SIGFPE };
	struct sigaction action, fatal = { .sa_sigaction = die_by_default, .sa_flags = SA_SIGINFO | SA_ONSTACK };

	sigemptyset(&fatal.sa_mask);
	for (size_t i = 0; i < sizeof(faults) / sizeof(faults[0]); i++)
		if (!sigaction(faults[i], NULL, &action) && action.sa_handler == SIG_DFL)
			sigaction(faults[i], &fatal, NULL);
}

static void start(void)
{
	struct rlimit files_before, files;
	struct sigaction pipe_before;
	int have_files, cancel_before;
	sigset_t mask_before;

	if (golws_runtime_forked)
		return;

	if (build_start_block()) {
		lwsl_err("%s: out of memory\n", __func__);
		return;
	}

	/* The waits below are cancellation points, and a thread that ends there would leave Go half started. */
	pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, &cancel_before);

	pthread_atfork(NULL, NULL, after_fork_in_child);
	__atomic_store_n(&state, STARTING, __ATOMIC_RELEASE);

	have_files = !getrlimit(RLIMIT_NOFILE, &files_before);
	sigaction(SIGPIPE, NULL, &pipe_before);

	keep_signals_blocked();
	keep_faults_deadly();
	block_signals(&mask_before);
	for (const go_init_function *init = __start_lws_go_init; init < __stop_lws_go_init; init++)
		(*init)(1, (char **)start_block, (char **)(start_block + 2));
	/* Go's own handler would end the process for a write to a closed pipe that the program made with SIG_DFL. */
	sigaction(SIGPIPE, &pipe_before, NULL);
	pthread_sigmask(SIG_SETMASK, &mask_before, NULL);

	lwsgo_runtime_ready();

	/* Go raises the limit of open files to the maximum; a program that uses select() or tests its limit minds. */
	if (have_files && !getrlimit(RLIMIT_NOFILE, &files) && files.rlim_cur != files_before.rlim_cur &&
	    files.rlim_max == files_before.rlim_max)
		setrlimit(RLIMIT_NOFILE, &files_before);

	__atomic_store_n(&state, RUNNING, __ATOMIC_RELEASE);
	pthread_setcancelstate(cancel_before, NULL);
}

int golws_runtime_start(void)
{
	if (!golws_runtime_usable())
		return -1;
	if (__atomic_load_n(&state, __ATOMIC_ACQUIRE) == RUNNING)
		return 0;

	pthread_once(&start_once, start);

	return __atomic_load_n(&state, __ATOMIC_ACQUIRE) == RUNNING && golws_runtime_usable() ? 0 : -1;
}

int golws_runtime_refuse(void)
{
	static int logged;

	if (!__atomic_exchange_n(&logged, 1, __ATOMIC_RELAXED))
		lwsl_err("libwebsockets was in use when this process was forked; it works in the parent only. "
			 "Fork before the first context is created, or call exec in the child.\n");

	return 0;
}

static int is_program_handler(const struct sigaction *action)
{
	/* the two members share their place, so this covers handlers of both kinds */
	return action->sa_handler != SIG_DFL && action->sa_handler != SIG_IGN;
}

static void add_on_stack(int number)
{
	struct sigaction action, replaced;

	if (sigaction(number, NULL, &action))
		return;

	/*
	 * Another thread may install a handler between the look and the change. What the change replaced tells, and
	 * then that one gets the flag instead.
	 */
	while (is_program_handler(&action) && !(action.sa_flags & SA_ONSTACK)) {
		action.sa_flags |= SA_ONSTACK;
		if (sigaction(number, &action, &replaced))
			return;
		if (replaced.sa_handler == action.sa_handler)
			return;
		action = replaced;
		if (!is_program_handler(&action) || (action.sa_flags & SA_ONSTACK)) {
			sigaction(number, &action, NULL);
			return;
		}
	}
}

static void check_all_signals(void)
{
	for (int number = 1; number <= SIGRTMAX; number++)
		add_on_stack(number);
}

void golws_runtime_check_signal_handlers(void)
{
	enum { INTERVAL_MS = 100 };
	static int64_t next_ms;
	int64_t now_ms, due_ms;
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC_COARSE, &now);
	now_ms = (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
	due_ms = __atomic_load_n(&next_ms, __ATOMIC_RELAXED);
	if (now_ms >= due_ms && __atomic_compare_exchange_n(&next_ms, &due_ms, now_ms + INTERVAL_MS, 0,
							    __ATOMIC_RELAXED, __ATOMIC_RELAXED))
		check_all_signals();
}

void golws_runtime_ignore_sigpipe(void)
{
	struct sigaction action;

	if (!sigaction(SIGPIPE, NULL, &action) && action.sa_handler == SIG_DFL)
		signal(SIGPIPE, SIG_IGN);
}
