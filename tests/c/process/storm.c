/*
 * A thousand signals a second for a handler that the program installs after the context exists, as signal() does:
 * without SA_ONSTACK. If it ever ran on a goroutine's stack, it would write over the memory below.
 *
 * usage: storm [seconds]
 */
#include "check.h"
#include "client.h"
#include "echo.h"
#include "server.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/time.h>

static double seconds = 5;
static volatile sig_atomic_t alarms, on_alternate_stack, on_foreign_stack;
static char *stack_low, *stack_high; /* of the thread that serves */

static void on_alarm(int number)
{
	char *frame = __builtin_frame_address(0);
	stack_t stack;

	(void)number;
	sigaltstack(NULL, &stack);
	if (stack.ss_flags & SS_ONSTACK)
		on_alternate_stack++;
	else if (frame < stack_low || frame >= stack_high)
		on_foreign_stack++;
	alarms++;
}

/*
 * From where it is now, because under valgrind pthread_getattr_np() names another stack for the main thread. Go's stacks
 * are in its heap, far away.
 */
static void find_stack(void)
{
	char *frame = __builtin_frame_address(0);

	stack_low = frame - (8 << 20);
	stack_high = frame + (1 << 20);
}

static void *load(void *argument)
{
	enum { IN_FLIGHT = 32 };
	int port = *(int *)argument;
	struct client client;
	long messages = 0;
	double until;

	until = test_now() + seconds;
	while (test_now() < until) {
		client_ws(&client, port, "/", "echo");
		for (int round = 0; round < 200 && test_now() < until; round++) {
			char text[IN_FLIGHT][64];

			for (int i = 0; i < IN_FLIGHT; i++) {
				snprintf(text[i], sizeof(text[i]), "message %ld of the storm", messages + i);
				client_ws_send(&client, FRAME_FIN | FRAME_TEXT, text[i], strlen(text[i]));
			}
			for (int i = 0; i < IN_FLIGHT; i++) {
				struct client_frame message;

				client_ws_message(&client, &message);
				CHECK_MEM(message.payload, message.length, text[i], strlen(text[i]));
				client_frame_free(&message);
			}
			messages += IN_FLIGHT;
		}
		client_close(&client);
	}

	return (void *)(intptr_t)messages;
}

static void alarm_storm(void)
{
	struct itimerval timer = { .it_interval.tv_usec = 1000, .it_value.tv_usec = 1000 }, off = { 0 };
	struct lws_context_creation_info info;
	pthread_t threads[2];
	struct server server;
	double until;
	void *count;
	sigset_t set;
	int n = 0;

	find_stack();
	server_info(&info, echo_protocols);
	server_create(&server, &info);

	/* the clients take no signal: all of them hit the thread that serves */
	sigemptyset(&set);
	sigaddset(&set, SIGALRM);
	pthread_sigmask(SIG_BLOCK, &set, NULL);
	for (int i = 0; i < 2; i++)
		REQUIRE_INT(pthread_create(&threads[i], NULL, load, &server.port), 0);

	signal(SIGALRM, on_alarm);
	pthread_sigmask(SIG_UNBLOCK, &set, NULL);
	setitimer(ITIMER_REAL, &timer, NULL);

	until = test_now() + seconds + 0.2;
	while (n >= 0 && test_now() < until)
		n = lws_service(server.context, 0);
	CHECK(n >= 0);
	setitimer(ITIMER_REAL, &off, NULL);
	/* the clients may wait for a last answer still */
	server_start(&server);
	for (int i = 0; i < 2; i++) {
		pthread_join(threads[i], &count);
		printf("      %ld messages\n", (long)(intptr_t)count);
		CHECK((intptr_t)count > 0);
	}
	printf("      %d signals in %.1f s\n", (int)alarms, seconds);
	printf("      %d on the alternate stack\n", (int)on_alternate_stack);
	CHECK_INT(on_foreign_stack, 0);
	CHECK(alarms > 10);
	server_destroy(&server);
}

int main(int argc, char **argv)
{
	static const struct test_case cases[] = { { "alarm storm", alarm_storm } };

	if (argc > 1 && atof(argv[1]) > 0)
		seconds = atof(argv[1]);

	return test_main(1, argv, cases, 1);
}
