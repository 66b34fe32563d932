/* No descriptor is left for a new connection: the ones that exist are served, and when some are free again, so are new ones. */
#include "check.h"
#include "client.h"
#include "echo.h"
#include "process.h"
#include "server.h"

#include <stdio.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

enum { SPARE = 12 };

static double processor_seconds(void)
{
	struct timespec used;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &used);

	return (double)used.tv_sec + (double)used.tv_nsec / 1e9;
}

static int limited_server(void *argument)
{
	struct lws_context_creation_info info;
	struct server server;
	struct rlimit limit;
	int *commands = argument;
	double before;
	char command;

	close(commands[1]);
	server_info(&info, echo_protocols);
	lws_set_log_level(0, NULL);
	server_run(&server, &info);
	getrlimit(RLIMIT_NOFILE, &limit);
	limit.rlim_cur = (rlim_t)process_descriptors() + SPARE;
	REQUIRE_INT(setrlimit(RLIMIT_NOFILE, &limit), 0);
	process_say(server.port);

	/* each byte asks for the milliseconds of processor time used in the next second */
	while (read(commands[0], &command, 1) == 1) {
		before = processor_seconds();
		test_sleep_ms(1000);
		process_say((long)(1000 * (processor_seconds() - before)));
	}
	server_destroy(&server);

	return 0;
}

static bool answered(struct client *client)
{
	client_ws_request(client, "/", "echo", NULL);

	return !client_silent(client, (int)(1000 * process_slowness()));
}

static void exhausted_then_free_again(void)
{
	enum { CLIENTS = SPARE + 10 };
	struct client clients[CLIENTS];
	struct process process;
	int commands[2], port, served;
	long used;

	REQUIRE_INT(pipe(commands), 0);
	process_start(&process, limited_server, commands);
	close(commands[0]);
	port = (int)process_hear(&process);

	for (served = 0; served < CLIENTS; served++) {
		client_tcp(&clients[served], port);
		if (!answered(&clients[served]))
			break;
	}
	printf("      %d connections, then no more\n", served);
	CHECK(served > 0);
	REQUIRE(served < CLIENTS);
	/* more of them wait in the kernel */
	for (int i = served + 1; i < CLIENTS; i++)
		client_tcp(&clients[i], port);

	/* those who are in are served, all of them, and the server does not spin on what it cannot accept */
	REQUIRE_INT(write(commands[1], "?", 1), 1);
	for (int round = 0; round < 3; round++)
		for (int i = 0; i < served; i++) {
			struct client_response response;

			if (!round) {
				REQUIRE(client_response(&clients[i], &response, false));
				REQUIRE_INT(response.status, 101);
				client_response_free(&response);
			}
			echo_once(&clients[i], "still served");
		}
	used = process_hear(&process);
	printf("      %ld ms of processor time in a second\n", used);
	CHECK(used < 500 * process_slowness());

	/* room again: every one that waited gets in as another leaves */
	for (int i = served; i < CLIENTS; i++) {
		struct client_response response;

		client_close(&clients[i - served]);
		if (i > served)
			client_ws_request(&clients[i], "/", "echo", NULL);
		REQUIRE(client_response(&clients[i], &response, false));
		CHECK_INT(response.status, 101);
		client_response_free(&response);
		echo_once(&clients[i], "in at last");
	}
	close(commands[1]);
	process_wait_success(&process);
	for (int i = CLIENTS - served; i < CLIENTS; i++)
		client_close(&clients[i]);
}

TEST_MAIN({ "exhausted, then free again", exhausted_then_free_again })
