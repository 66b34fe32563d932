/* Contexts come and go, several at a time, and a process that has used a thousand of them is no larger. */
#include "check.h"
#include "client.h"
#include "echo.h"
#include "process.h"
#include "server.h"

#include <stdio.h>
#include <stdlib.h>

/* The Go runtime opens some for itself, once, and when it likes: an epoll instance, an eventfd, files of its cgroup. */
enum { OWN_DESCRIPTORS = 4 };

static int rounds(int usual)
{
	int count = (int)(usual / process_slowness());

	return count < 40 ? 40 : count;
}

/* The library lets its heap grow to some size before it is collected, in which a leak would hide. */
__attribute__((constructor)) static void collect_early(void)
{
	setenv("GOGC", "100", 1);
}

static void create_and_destroy(void)
{
	int descriptors = 0, threads = 0, count = rounds(1000), warm = count / 5, windows = 0;
	struct lws_context_creation_info info;
	struct lws_context *context;
	long kib = 0, more = 0;

	/*
	 * On a busy machine the collector may come late once, and what the heap grew to then stays for a while. A leak is
	 * there each time.
	 */
	for (int i = 0; i < count; i++) {
		server_info(&info, echo_protocols);
		context = lws_create_context(&info);
		REQUIRE(context != NULL);
		lws_context_destroy(context);
		if (i == warm) {
			descriptors = process_descriptors();
			threads = process_threads();
			kib = process_status_kib("VmRSS");
		}
		if (i < count - 1)
			continue;
		more = process_status_kib("VmRSS") - kib;
		printf("      %ld KiB more after %d contexts\n", more, count - 1 - warm);
		if (more >= 8 * 1024 && ++windows < 3) {
			kib += more;
			i = warm;
		}
	}
	CHECK(process_descriptors() <= descriptors + OWN_DESCRIPTORS);
	CHECK(process_threads() <= threads + 4);
	if (process_slowness() == 1)
		CHECK(more < 8 * 1024);
}

/* Connections are open when the context goes: their peers see the end, and nothing of them stays. */
static void create_serve_and_destroy(void)
{
	int descriptors = 0, threads = 0, count = rounds(300), warm = count / 5;
	struct lws_context_creation_info info;
	struct client clients[3];
	struct server server;
	long kib = 0;

	for (int i = 0; i < count; i++) {
		server_info(&info, echo_protocols);
		server_run(&server, &info);
		for (int n = 0; n < 3; n++) {
			client_ws(&clients[n], server.port, "/", "echo");
			echo_once(&clients[n], "hello");
		}
		server_destroy(&server);
		for (int n = 0; n < 3; n++) {
			client_drain(&clients[n]);
			CHECK(clients[n].at_end);
			client_close(&clients[n]);
		}
		if (i == warm) {
			descriptors = process_descriptors();
			threads = process_threads();
			kib = process_status_kib("VmRSS");
		}
	}
	CHECK(process_descriptors() <= descriptors + OWN_DESCRIPTORS);
	CHECK(process_threads() <= threads + 4);
	printf("      %ld KiB more after %d contexts\n", process_status_kib("VmRSS") - kib, count - warm);
	if (process_slowness() == 1)
		CHECK(process_status_kib("VmRSS") - kib < 8 * 1024);
}

/* Connections come and go in one context. */
static void many_connections(void)
{
	int descriptors = 0, count = rounds(3000), warm = count / 5;
	struct lws_context_creation_info info;
	struct server server;
	long kib = 0;

	server_info(&info, echo_protocols);
	server_run(&server, &info);
	for (int i = 0; i < count; i++) {
		echo_visit(server.port, "hello");
		if (i == warm) {
			descriptors = process_descriptors();
			kib = process_status_kib("VmRSS");
		}
	}
	/* the last ones may be closing still */
	WAIT_FOR(process_descriptors() <= descriptors + OWN_DESCRIPTORS);
	printf("      %ld KiB more after %d connections\n", process_status_kib("VmRSS") - kib, count - warm);
	if (process_slowness() == 1)
		CHECK(process_status_kib("VmRSS") - kib < 8 * 1024);
	server_destroy(&server);
}

static void several_at_a_time(void)
{
	enum { CONTEXTS = 8 };
	struct lws_context_creation_info info;
	struct server servers[CONTEXTS];

	for (int i = 0; i < CONTEXTS; i++) {
		server_info(&info, echo_protocols);
		server_run(&servers[i], &info);
	}
	for (int n = 0; n < 20; n++)
		for (int i = 0; i < CONTEXTS; i++)
			echo_visit(servers[i].port, "hello");
	/* not in the order of creation */
	for (int i = 0; i < CONTEXTS; i += 2)
		server_destroy(&servers[i]);
	for (int i = 1; i < CONTEXTS; i += 2) {
		echo_visit(servers[i].port, "hello");
		server_destroy(&servers[i]);
	}
}

TEST_MAIN({ "create and destroy", create_and_destroy },
	  { "create, serve and destroy", create_serve_and_destroy },
	  { "many connections", many_connections },
	  { "several at a time", several_at_a_time })
