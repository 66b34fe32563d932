/*
 * A signal handler that takes the context down, as csound's does for SIGINT: it runs on the thread's alternative
 * stack, and other signals arrive meanwhile.
 */
#include "check.h"
#include "client.h"
#include "echo.h"
#include "process.h"
#include "server.h"

#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

/* So many that closing them takes long enough for the other signals to come then. */
enum { CLIENTS = 400 };

static struct server server;
static pthread_t main_thread;
static atomic_bool disturb = true;
static atomic_int closed, bad;

static int callback_counting(struct lws *wsi, enum lws_callback_reasons reason, void *user, void *in, size_t length)
{
	if (reason == LWS_CALLBACK_CLOSED) {
		if (lws_get_context(wsi) != server.context)
			atomic_fetch_add(&bad, 1);
		atomic_fetch_add(&closed, 1);
	}
	return echo_protocols[0].callback(wsi, reason, user, in, length);
}

/* Fills what it finds below the frames that it interrupts. */
static void on_other_signal(int number)
{
	volatile unsigned char space[2000];

	for (size_t i = 0; i < sizeof(space); i++)
		space[i] = (unsigned char)number;
}

static void on_interrupt(int number)
{
	volatile unsigned char mine[4000];

	(void)number;
	for (size_t i = 0; i < sizeof(mine); i++)
		mine[i] = (unsigned char)i;

	server_stop(&server);
	lws_context_destroy(server.context);

	for (size_t i = 0; i < sizeof(mine); i++)
		if (mine[i] != (unsigned char)i)
			atomic_fetch_add(&bad, 1);
	process_say(atomic_load(&closed));
	atomic_store(&disturb, false);
	_exit(atomic_load(&bad) != 0);
}

static void *disturber(void *argument)
{
	while (atomic_load(&disturb)) {
		pthread_kill(main_thread, SIGUSR1);
		sched_yield();
	}
	return argument;
}

static int program(void *argument)
{
	struct lws_protocols protocols[2] = { echo_protocols[0] };
	struct sigaction other = { .sa_handler = on_other_signal, .sa_flags = SA_ONSTACK | SA_RESTART };
	struct lws_context_creation_info info;
	pthread_t thread;
	sigset_t mask;

	(void)argument;
	main_thread = pthread_self();
	protocols[0].callback = callback_counting;
	signal(SIGINT, on_interrupt);
	sigaction(SIGUSR1, &other, NULL);
	server_info(&info, protocols);
	/* the handler is the main thread's: another one that it waits for cannot run it */
	sigemptyset(&mask);
	sigaddset(&mask, SIGINT);
	pthread_sigmask(SIG_BLOCK, &mask, NULL);
	server_run(&server, &info);
	if (pthread_create(&thread, NULL, disturber, NULL))
		return 2;
	pthread_sigmask(SIG_UNBLOCK, &mask, NULL);
	process_say(server.port);

	for (;;)
		poll(NULL, 0, -1);
}

static void context_destroyed_in_a_handler(void)
{
	static struct client clients[CLIENTS];
	struct process process;
	int port;

	process_start(&process, program, NULL);
	port = (int)process_hear(&process);
	for (int i = 0; i < CLIENTS; i++)
		client_ws(&clients[i], port, "/", "echo");
	/* the library has looked at the handlers */
	test_sleep_ms(150);
	echo_once(&clients[0], "again");

	kill(process.pid, SIGINT);
	CHECK_INT(process_hear(&process), CLIENTS);
	process_wait_success(&process);
	for (int i = 0; i < CLIENTS; i++) {
		client_drain(&clients[i]);
		client_close(&clients[i]);
	}
}

/* ---- the handler interrupts a callback: the context goes when lws_service returns ---- */

static volatile sig_atomic_t interrupted;

static void on_interrupt_destroy(int number)
{
	(void)number;
	interrupted = 1;
	lws_context_destroy(server.context);
}

static int callback_interrupting(struct lws *wsi, enum lws_callback_reasons reason, void *user, void *in, size_t length)
{
	if (reason == LWS_CALLBACK_RECEIVE)
		raise(SIGINT);
	if (reason == LWS_CALLBACK_CLOSED)
		atomic_fetch_add(&closed, 1);
	return echo_protocols[0].callback(wsi, reason, user, in, length);
}

static int interrupted_program(void *argument)
{
	struct lws_protocols protocols[2] = { echo_protocols[0] };
	struct lws_context_creation_info info;
	int n = 0;

	(void)argument;
	protocols[0].callback = callback_interrupting;
	signal(SIGINT, on_interrupt_destroy);
	server_info(&info, protocols);
	server_create(&server, &info);
	process_say(server.port);
	while (n >= 0)
		n = lws_service(server.context, 0);
	process_say(atomic_load(&closed));

	return !interrupted;
}

static void handler_in_a_callback(void)
{
	struct process process;
	struct client client;

	process_start(&process, interrupted_program, NULL);
	client_ws(&client, (int)process_hear(&process), "/", "echo");
	client_ws_send(&client, FRAME_FIN | FRAME_TEXT, "now", 3);
	CHECK_INT(process_hear(&process), 1);
	process_wait_success(&process);
	client_close(&client);
}

TEST_MAIN({ "context_destroyed_in_a_handler", context_destroyed_in_a_handler },
	  { "handler_in_a_callback", handler_in_a_callback })
