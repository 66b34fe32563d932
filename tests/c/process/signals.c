/* Signals belong to the program: its handlers run, its masks hold, and its loop ends when it says so. */
#include "check.h"
#include "client.h"
#include "echo.h"
#include "process.h"
#include "server.h"

#include <dirent.h>
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

static volatile sig_atomic_t interrupted;

static void on_signal(int number)
{
	(void)number;
	interrupted = 1;
}

/* ---- the usual main loop ---- */

struct loop {
	bool handler_after_context;
};

static int usual_loop(void *argument)
{
	struct lws_context_creation_info info;
	struct loop *loop = argument;
	struct server server;
	int n = 0;

	if (!loop->handler_after_context)
		signal(SIGINT, on_signal);
	server_info(&info, echo_protocols);
	server_create(&server, &info);
	if (loop->handler_after_context)
		signal(SIGINT, on_signal);
	process_say(server.port);

	while (n >= 0 && !interrupted)
		n = lws_service(server.context, 0);

	process_say(1);
	lws_context_destroy(server.context);

	return 0;
}

static void loop_ends(struct loop loop)
{
	double began, best = 1e9;
	struct process process;
	struct client client;
	int port;

	for (int i = 0; i < 5; i++) {
		process_start(&process, usual_loop, &loop);
		port = (int)process_hear(&process);
		client_ws(&client, port, "/", "echo");
		echo_once(&client, "before");
		/* now it is idle, with a client connected */
		test_sleep_ms(150);

		began = test_now();
		kill(process.pid, SIGINT);
		CHECK_INT(process_hear(&process), 1);
		if (test_now() - began < best)
			best = test_now() - began;
		process_wait_success(&process);
		client_close(&client);
	}
	printf("      the loop ended %.2f ms after the signal\n", best * 1e3);
	/* the best of several, so that a busy machine does not matter */
	CHECK(best < 0.1 * process_slowness());
}

static void sigint_ends_the_loop(void)
{
	loop_ends((struct loop){ .handler_after_context = false });
}

static void sigint_ends_the_loop_with_a_late_handler(void)
{
	loop_ends((struct loop){ .handler_after_context = true });
}

static struct lws_context *the_context;

static void cancel_service(int number)
{
	(void)number;
	interrupted = 1;
	lws_cancel_service(the_context);
}

/* The signal comes to another thread than the one that waits, so the handler has to wake that one. */
static void *service_until_interrupted(void *argument)
{
	sigset_t all;

	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, NULL);
	while (!interrupted && lws_service(argument, 0) >= 0)
		;

	return NULL;
}

static void cancel_service_in_a_handler(void)
{
	struct lws_context_creation_info info;
	struct server server;
	pthread_t thread;

	server_info(&info, echo_protocols);
	server_create(&server, &info);
	the_context = server.context;
	signal(SIGUSR1, cancel_service);
	REQUIRE_INT(pthread_create(&thread, NULL, service_until_interrupted, the_context), 0);
	echo_visit(server.port, "before");
	test_sleep_ms(50);
	raise(SIGUSR1);
	pthread_join(thread, NULL);
	lws_context_destroy(the_context);
}

/* ---- masks ---- */

static void *wait_for_sigterm(void *argument)
{
	sigset_t *set = argument;
	int number = 0;

	REQUIRE_INT(sigwait(set, &number), 0);

	return (void *)(intptr_t)number;
}

static void sigwait_gets_sigterm(void)
{
	struct lws_context_creation_info info;
	struct server server;
	pthread_t thread;
	void *number;
	sigset_t all;

	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, NULL);
	server_info(&info, echo_protocols);
	server_run(&server, &info);
	echo_visit(server.port, "hello");

	for (int i = 0; i < 20; i++) {
		REQUIRE_INT(pthread_create(&thread, NULL, wait_for_sigterm, &all), 0);
		kill(getpid(), SIGTERM);
		pthread_join(thread, &number);
		CHECK_INT((intptr_t)number, SIGTERM);
	}
	server_destroy(&server);
}

/* The library's own threads take no signal of the program, whatever the mask of the thread that started them. */
static void own_threads_block_signals(void)
{
	const int signals[] = { SIGHUP, SIGINT, SIGQUIT, SIGTERM, SIGALRM, SIGCHLD, SIGUSR1, SIGUSR2, SIGPIPE,
				       SIGPROF, SIGIO, SIGWINCH, SIGRTMIN, SIGRTMIN + 1 };
	struct lws_context_creation_info info;
	struct dirent *entry;
	struct server server;
	long first, own = 0;
	DIR *tasks;

	if (test_emulated())
		test_skip("/proc shows the masks of qemu's threads, and its numbers of signals");
	first = syscall(SYS_gettid);
	server_info(&info, echo_protocols);
	server_create(&server, &info);

	/* every thread but this one is the library's, for the test has started none */
	tasks = opendir("/proc/self/task");
	REQUIRE(tasks != NULL);
	while ((entry = readdir(tasks))) {
		unsigned long long blocked = 0;
		char path[64], line[256];
		FILE *status;

		if (entry->d_name[0] == '.' || atol(entry->d_name) == first)
			continue;
		snprintf(path, sizeof(path), "/proc/self/task/%.20s/status", entry->d_name);
		status = fopen(path, "r");
		if (!status)
			continue; /* ended meanwhile */
		own++;
		while (fgets(line, sizeof(line), status))
			if (sscanf(line, "SigBlk: %llx", &blocked) == 1)
				break;
		fclose(status);
		for (size_t i = 0; i < sizeof(signals) / sizeof(signals[0]); i++)
			if (!(blocked >> (signals[i] - 1) & 1))
				FAIL("thread %s takes %s", entry->d_name, strsignal(signals[i]));
	}
	closedir(tasks);
	printf("      %ld threads of the library\n", own);
	lws_context_destroy(server.context);
}

/* Compares the mask of this thread with one. Faults cannot be blocked, and SIGURG is how Go interrupts its own code. */
static void check_mask(const sigset_t *want)
{
	static const int others[] = { SIGKILL, SIGSTOP, SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGTRAP, SIGURG };
	sigset_t mask, exempt;
	int last;

	sigemptyset(&exempt);
	for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++)
		sigaddset(&exempt, others[i]);
	/* qemu needs two of the host's signals, for which the guest's last two have to go */
	last = SIGRTMAX - (test_emulated() ? 2 : 0);
	pthread_sigmask(SIG_SETMASK, NULL, &mask);
	for (int number = 1; number <= last; number++) {
		if (sigismember(&exempt, number))
			continue;
		if (sigismember(&mask, number) != sigismember(want, number))
			FAIL("%s is %sblocked", strsignal(number), sigismember(&mask, number) ? "" : "not ");
	}
}

static sigset_t mask_to_find;
static atomic_int callbacks;

static int callback_checking_mask(struct lws *wsi, enum lws_callback_reasons reason, void *user, void *in,
				  size_t length)
{
	if (reason == LWS_CALLBACK_RECEIVE || reason == LWS_CALLBACK_SERVER_WRITEABLE) {
		check_mask(&mask_to_find);
		atomic_fetch_add(&callbacks, 1);
	}

	return echo_protocols[0].callback(wsi, reason, user, in, length);
}

static const struct lws_protocols mask_protocols[] = {
	{ .name = "echo", .callback = callback_checking_mask, .per_session_data_size = 256 },
	{ .name = NULL },
};

static void mask_stays(const sigset_t *mask)
{
	struct lws_context_creation_info info;
	struct server server;

	mask_to_find = *mask;
	pthread_sigmask(SIG_SETMASK, mask, NULL);
	server_info(&info, mask_protocols);
	server_create(&server, &info);
	check_mask(mask);
	lws_cancel_service(server.context);
	lws_service(server.context, 0);
	check_mask(mask);
	server_start(&server); /* the thread inherits the mask */
	echo_visit(server.port, "hello");
	server_stop(&server);
	lws_service(server.context, -1);
	check_mask(mask);
	server_destroy(&server);
	check_mask(mask);
	CHECK(atomic_load(&callbacks) > 0);
}

static void mask_of_the_caller_stays(void)
{
	sigset_t mask;

	sigemptyset(&mask);
	sigaddset(&mask, SIGUSR1);
	sigaddset(&mask, SIGTERM);
	sigaddset(&mask, SIGCHLD);
	sigaddset(&mask, SIGPROF);
	sigaddset(&mask, SIGRTMIN);
	mask_stays(&mask);
}

static void full_mask_stays(void)
{
	sigset_t mask;

	sigfillset(&mask);
	mask_stays(&mask);
}

static void empty_mask_stays(void)
{
	sigset_t mask;

	sigemptyset(&mask);
	mask_stays(&mask);
}

/* As programs wait for their children: SIGCHLD blocked everywhere, and read from a descriptor. */
static void signalfd_gets_sigchld(void)
{
	struct lws_context_creation_info info;
	struct signalfd_siginfo told;
	struct server server;
	struct pollfd wait;
	sigset_t mask;
	pid_t child;

	sigemptyset(&mask);
	sigaddset(&mask, SIGCHLD);
	pthread_sigmask(SIG_BLOCK, &mask, NULL);
	wait.fd = signalfd(-1, &mask, SFD_CLOEXEC);
	wait.events = POLLIN;
	REQUIRE(wait.fd >= 0);
	server_info(&info, echo_protocols);
	server_run(&server, &info);

	for (int i = 0; i < 50; i++) {
		echo_visit(server.port, "hello");
		child = fork();
		if (!child)
			_exit(0);
		REQUIRE_INT(poll(&wait, 1, (int)(1000 * test_deadline())), 1);
		REQUIRE_INT(read(wait.fd, &told, sizeof(told)), sizeof(told));
		CHECK_INT(told.ssi_signo, SIGCHLD);
		CHECK_INT(waitpid(child, NULL, 0), child);
	}
	close(wait.fd);
	server_destroy(&server);
}

/* ---- dispositions ---- */

static void with_info(int number, siginfo_t *info, void *context)
{
	(void)number;
	(void)info;
	(void)context;
}

static void handlers_stay(void)
{
	struct sigaction before[32], after, handler = { .sa_sigaction = with_info, .sa_flags = SA_SIGINFO | SA_RESTART };
	struct lws_context_creation_info info;
	struct server server;
	double until;

	signal(SIGHUP, SIG_IGN);
	signal(SIGUSR1, on_signal);
	server_info(&info, echo_protocols);
	server_create(&server, &info);

	sigaddset(&handler.sa_mask, SIGALRM);
	sigaction(SIGUSR2, &handler, NULL);
	signal(SIGWINCH, on_signal);
	for (int number = 1; number < 32; number++)
		sigaction(number, NULL, &before[number]);

	/* the library looks at the handlers from time to time while it serves */
	until = test_now() + test_deadline();
	do {
		lws_cancel_service(server.context);
		lws_service(server.context, 0);
		sigaction(SIGWINCH, NULL, &after);
	} while (!(after.sa_flags & SA_ONSTACK) && test_now() < until);
	CHECK(after.sa_flags & SA_ONSTACK);

	for (int number = 1; number < 32; number++) {
		if (number == SIGKILL || number == SIGSTOP)
			continue;
		sigaction(number, NULL, &after);
		CHECK_PTR(after.sa_sigaction, before[number].sa_sigaction);
		CHECK_INT(after.sa_flags & ~SA_ONSTACK, before[number].sa_flags & ~SA_ONSTACK);
		for (int other = 1; other < 32; other++)
			CHECK_INT(sigismember(&after.sa_mask, other), sigismember(&before[number].sa_mask, other));
		if (after.sa_handler == SIG_DFL || after.sa_handler == SIG_IGN)
			CHECK_INT(after.sa_flags, before[number].sa_flags);
		else
			CHECK(after.sa_flags & SA_ONSTACK);
	}
	sigaction(SIGHUP, NULL, &after);
	CHECK(after.sa_handler == SIG_IGN);
	sigaction(SIGTERM, NULL, &after);
	CHECK(after.sa_handler == SIG_DFL);
	lws_context_destroy(server.context);
}

static void sigpipe(void (*before)(int), void (*want)(int))
{
	struct lws_context_creation_info info;
	struct sigaction action;
	struct server server;
	int ends[2];

	signal(SIGPIPE, before);
	server_info(&info, echo_protocols);
	server_run(&server, &info);
	echo_visit(server.port, "hello");

	sigaction(SIGPIPE, NULL, &action);
	CHECK(action.sa_handler == want);

	REQUIRE_INT(pipe(ends), 0);
	close(ends[0]);
	CHECK_INT(write(ends[1], "x", 1), -1);
	CHECK_INT(errno, EPIPE);
	close(ends[1]);
	server_destroy(&server);
}

static void sigpipe_is_ignored(void)
{
	sigpipe(SIG_DFL, SIG_IGN);
}

static void sigpipe_handler_stays(void)
{
	sigpipe(on_signal, on_signal);
	CHECK(interrupted);
}

/* ---- faults of the program itself ---- */

static void on_fault(int number)
{
	_exit(40 + number);
}

enum fault_handler { BEFORE_CONTEXT, AFTER_CONTEXT, NO_HANDLER };

static int fault_in_program(void *argument)
{
	enum fault_handler handler = *(enum fault_handler *)argument;
	struct lws_context_creation_info info;
	struct server server;
	volatile char *nothing;

	if (handler == BEFORE_CONTEXT)
		signal(SIGSEGV, on_fault);
	server_info(&info, echo_protocols);
	server_run(&server, &info);
	if (handler == AFTER_CONTEXT)
		signal(SIGSEGV, on_fault);
	echo_visit(server.port, "hello");

	nothing = mmap(NULL, 4096, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	*nothing = 1;

	return 0;
}

static void program_handles_its_faults(void)
{
	struct process process;
	int status;

	for (enum fault_handler handler = BEFORE_CONTEXT; handler <= AFTER_CONTEXT; handler++) {
		process_start(&process, fault_in_program, &handler);
		status = process_wait(&process);
		CHECK(WIFEXITED(status));
		CHECK_INT(WEXITSTATUS(status), 40 + SIGSEGV);
	}
}

static int fault_callback(struct lws *wsi, enum lws_callback_reasons reason, void *user, void *in, size_t length)
{
	if (reason == LWS_CALLBACK_RECEIVE) {
		volatile char *nothing = mmap(NULL, 4096, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

		if (length == 5)
			*nothing = 1;
		abort();
	}

	return echo_protocols[0].callback(wsi, reason, user, in, length);
}

static const struct lws_protocols fault_protocols[] = {
	{ .name = "echo", .callback = fault_callback, .per_session_data_size = 256 },
	{ .name = NULL },
};

static void no_core_file(void)
{
	struct rlimit none = { 0, 0 };

	setrlimit(RLIMIT_CORE, &none);
}

static int fault_in_callback(void *argument)
{
	struct lws_context_creation_info info;
	struct server server;

	(void)argument;
	no_core_file();
	server_info(&info, fault_protocols);
	server_create(&server, &info);
	process_say(server.port);
	while (lws_service(server.context, 0) >= 0)
		;

	return 0;
}

static int fault_without_handler(void *argument)
{
	enum fault_handler handler = NO_HANDLER;

	(void)argument;
	no_core_file();

	return fault_in_program(&handler);
}

static void died_by(struct process *process, int number)
{
	int status = process_wait(process);

	CHECK(WIFSIGNALED(status));
	CHECK_INT(WTERMSIG(status), number);
}

/* Without a handler a program dies of its faults as it would without the library: by the signal. */
static void faults_kill(void)
{
	struct process process;
	struct client client;

#ifdef __SANITIZE_ADDRESS__
	test_skip("AddressSanitizer has handlers for faults");
#endif
	process_start(&process, fault_without_handler, NULL);
	died_by(&process, SIGSEGV);

	process_start(&process, fault_in_callback, NULL);
	client_ws(&client, (int)process_hear(&process), "/", "echo");
	client_ws_send(&client, FRAME_FIN | FRAME_TEXT, "fault", 5);
	died_by(&process, SIGSEGV);
	client_close(&client);

	process_start(&process, fault_in_callback, NULL);
	client_ws(&client, (int)process_hear(&process), "/", "echo");
	client_ws_send(&client, FRAME_FIN | FRAME_TEXT, "abort()", 7);
	died_by(&process, SIGABRT);
	client_close(&client);
}

TEST_MAIN({ "SIGINT ends the loop", sigint_ends_the_loop },
	  { "SIGINT ends the loop with a late handler", sigint_ends_the_loop_with_a_late_handler },
	  { "lws_cancel_service in a handler", cancel_service_in_a_handler },
	  { "sigwait gets SIGTERM", sigwait_gets_sigterm },
	  { "own threads block signals", own_threads_block_signals },
	  { "signalfd gets SIGCHLD", signalfd_gets_sigchld },
	  { "mask of the caller stays", mask_of_the_caller_stays },
	  { "full mask stays", full_mask_stays },
	  { "empty mask stays", empty_mask_stays },
	  { "handlers stay", handlers_stay },
	  { "SIGPIPE is ignored", sigpipe_is_ignored },
	  { "SIGPIPE handler stays", sigpipe_handler_stays },
	  { "program handles its faults", program_handles_its_faults },
	  { "faults kill", faults_kill })
