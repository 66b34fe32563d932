/* Programs that fork: before the library is used everything works, after it a child is told so and never hangs. */
#include "check.h"
#include "client.h"
#include "echo.h"
#include "process.h"
#include "server.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

/* ---- before the first use ---- */

static volatile sig_atomic_t interrupted;

static void on_signal(int number)
{
	(void)number;
	interrupted = 1;
}

static int daemon_main(void *argument)
{
	struct lws_context_creation_info info;
	struct server server;
	char text[32];
	int fd;

	(void)argument;

	/* a call that starts nothing, in the process that forks */
	lws_snprintf(text, sizeof(text), "%d", 1);

	switch (fork()) {
	case -1:
		return 1;
	case 0:
		break;
	default:
		_exit(0);
	}
	setsid();
	switch (fork()) {
	case -1:
		_exit(1);
	case 0:
		break;
	default:
		_exit(0);
	}
	fd = open("/dev/null", O_RDWR);
	dup2(fd, 0);
	dup2(fd, 1);

	signal(SIGTERM, on_signal);
	server_info(&info, echo_protocols);
	server_create(&server, &info);
	process_say(getpid());
	process_say(server.port);
	while (!interrupted && lws_service(server.context, 0) >= 0)
		;
	lws_context_destroy(server.context);
	process_say(getpid());
	_exit(0);
}

static void daemonize_then_serve(void)
{
	struct process process;
	long pid;
	int port;

	process_start(&process, daemon_main, NULL);
	pid = process_hear(&process);
	port = (int)process_hear(&process);
	CHECK(pid != process.pid);

	for (int i = 0; i < 10; i++)
		echo_visit(port, "from a daemon");

	kill((pid_t)pid, SIGTERM);
	CHECK_INT(process_hear(&process), pid);
	process_wait_success(&process);
}

static int child_serves(void *argument)
{
	struct lws_context_creation_info info;
	struct server server;

	(void)argument;
	server_info(&info, echo_protocols);
	server_run(&server, &info);
	echo_visit(server.port, "in a child");
	server_destroy(&server);

	return 0;
}

/* A program that forks a worker per task, each with a context of its own. */
static void several_children_serve(void)
{
	struct process children[3];

	for (int i = 0; i < 3; i++)
		process_start(&children[i], child_serves, NULL);
	for (int i = 0; i < 3; i++)
		process_wait_success(&children[i]);
}

/* ---- after the start ---- */

static struct server server;
static struct lws *a_wsi;
static int logged;

static int remember_wsi(struct lws *wsi, enum lws_callback_reasons reason, void *user, void *in, size_t length)
{
	if (reason == LWS_CALLBACK_ESTABLISHED)
		__atomic_store_n(&a_wsi, wsi, __ATOMIC_RELEASE);

	return echo_protocols[0].callback(wsi, reason, user, in, length);
}

static const struct lws_protocols remember_protocols[] = {
	{ .name = "echo", .callback = remember_wsi, .per_session_data_size = 256 },
	{ .name = NULL },
};

static void count_log(int level, const char *line)
{
	(void)line;
	if (level == LLL_ERR)
		logged++;
}

/* What a program may well call in a child by mistake. The order is that of a program that ends. */
static int use_in_child(void *argument)
{
	unsigned char buffer[LWS_PRE + 16] = "";
	struct lws_context_creation_info info;
	struct lws_context *another;

	(void)argument;
	server_info(&info, echo_protocols);
	lws_set_log_level(LLL_ERR, count_log);

	another = lws_create_context(&info);
	REQUIRE(another == NULL);
	REQUIRE_INT(logged, 1);

	REQUIRE(lws_service(server.context, 0) < 0);
	REQUIRE(lws_write(a_wsi, buffer + LWS_PRE, 16, LWS_WRITE_TEXT) < 0);
	REQUIRE(lws_callback_on_writable(a_wsi) <= 0);
	lws_callback_on_writable_all_protocol(server.context, &remember_protocols[0]);
	lws_cancel_service(server.context);
	lws_set_timeout(a_wsi, PENDING_TIMEOUT_USER_OK, 10);
	lws_context_destroy(server.context);
	/* once, not per call */
	REQUIRE_INT(logged, 1);

	return 0;
}

static void start_remembering(struct client *client)
{
	struct lws_context_creation_info info;

	server_info(&info, remember_protocols);
	server_run(&server, &info);
	client_ws(client, server.port, "/", "echo");
	WAIT_FOR(__atomic_load_n(&a_wsi, __ATOMIC_ACQUIRE) != NULL);
}

static void child_after_start_fails_cleanly(void)
{
	struct process process;
	struct client client;
	double began;

	start_remembering(&client);
	began = test_now();
	process_start(&process, use_in_child, NULL);
	process_wait_success(&process);
	printf("      the calls in the child took %.1f ms\n", 1e3 * (test_now() - began));

	/* the parent has noticed nothing */
	echo_once(&client, "still here");
	client_close(&client);
	server_destroy(&server);
}

/* Forks at any moment of the service thread, locks held and Go code running. */
static void fork_under_load(void)
{
	struct client client, other;
	struct process process;

	start_remembering(&client);
	client_ws(&other, server.port, "/", "echo");
	for (int i = 0; i < 50; i++) {
		for (int n = 0; n < 20; n++)
			client_ws_send(&other, FRAME_FIN | FRAME_TEXT, "load", 4);
		process_start(&process, use_in_child, NULL);
		for (int n = 0; n < 20; n++) {
			struct client_frame message;

			client_ws_message(&other, &message);
			CHECK_MEM(message.payload, message.length, "load", 4);
			client_frame_free(&message);
		}
		process_wait_success(&process);
	}
	echo_once(&client, "still here");
	client_close(&client);
	client_close(&other);
	server_destroy(&server);
}

/* A child that forgets about the library: exit(), with its destructors and atexit functions, must end it. */
static int only_exit(void *argument)
{
	(void)argument;
	return 0;
}

static void child_may_exit(void)
{
	struct process process;
	struct client client;

	start_remembering(&client);
	process_start(&process, only_exit, NULL);
	process_wait_success(&process);
	echo_once(&client, "still here");
	client_close(&client);
	server_destroy(&server);
}

/* system() and popen() work as ever, and the program started does not inherit the sockets. */
static void exec_in_child(void)
{
	char line[512] = "", *place;
	int before, after;
	struct client client;
	FILE *output;

	output = popen("ls /proc/self/fd | wc -l", "r");
	REQUIRE(output != NULL);
	REQUIRE(fgets(line, sizeof(line), output) != NULL);
	before = atoi(line);
	REQUIRE_INT(pclose(output), 0);

	start_remembering(&client);
	fcntl(client.fd, F_SETFD, FD_CLOEXEC);
	output = popen("ls /proc/self/fd | wc -l", "r");
	REQUIRE(output != NULL);
	place = fgets(line, sizeof(line), output);
	REQUIRE(place != NULL);
	after = atoi(line);
	REQUIRE_INT(pclose(output), 0);
	CHECK_INT(after, before);

	echo_once(&client, "still here");
	client_close(&client);
	server_destroy(&server);
}

static atomic_int children;
static pid_t parent;
static double deadline;

/* The child neither ends nor calls exec: it returns. */
static int fork_in_callback(struct lws *wsi, enum lws_callback_reasons reason, void *user, void *in, size_t length)
{
	if (reason == LWS_CALLBACK_RECEIVE) {
		pid_t child = fork();

		REQUIRE(child >= 0);
		if (child)
			atomic_fetch_add(&children, 1);
		else
			alarm((unsigned int)deadline);
	}

	return echo_protocols[0].callback(wsi, reason, user, in, length);
}

static const struct lws_protocols forking_protocols[] = {
	{ .name = "echo", .callback = fork_in_callback, .per_session_data_size = 256 },
	{ .name = NULL },
};

static void *serve_in_child_too(void *context)
{
	while (lws_service(context, 0) >= 0)
		;
	if (getpid() != parent)
		_exit(lws_service(context, 0) < 0 ? 7 : 1);
	return NULL;
}

static void child_returns_from_callback(void)
{
	struct lws_context_creation_info info;
	struct client client;
	pthread_t thread;
	int status;

	parent = getpid();
	deadline = test_deadline();
	server_info(&info, forking_protocols);
	server_create(&server, &info);
	lws_set_log_level(0, NULL);
	REQUIRE_INT(pthread_create(&thread, NULL, serve_in_child_too, server.context), 0);
	client_ws(&client, server.port, "/", "echo");
	for (int i = 0; i < 30; i++)
		echo_once(&client, "hello");
	client_close(&client);
	CHECK_INT(children, 30);
	for (int i = 0; i < 30; i++) {
		REQUIRE(wait(&status) > 0);
		CHECK(WIFEXITED(status) && WEXITSTATUS(status) == 7);
	}
	lws_context_destroy(server.context);
	pthread_join(thread, NULL);
}

TEST_MAIN({ "daemonize then serve", daemonize_then_serve },
	  { "several children serve", several_children_serve },
	  { "child after start fails cleanly", child_after_start_fails_cleanly },
	  { "fork under load", fork_under_load },
	  { "child may exit", child_may_exit },
	  { "exec in child", exec_in_child },
	  { "child returns from callback", child_returns_from_callback })
