/* The Go runtime costs nothing before the library is used, and leaves the process as it was when it starts. */
#include "check.h"
#include "client.h"
#include "echo.h"
#include "process.h"
#include "server.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <unistd.h>

static void nothing_before_use(void)
{
	char text[32];

	/* these need no Go */
	lws_snprintf(text, sizeof(text), "%d", 7);
	lws_set_log_level(LLL_ERR, NULL);
	CHECK(lws_get_library_version() != NULL);

	CHECK_INT(process_threads(), 1);
	if (process_slowness() == 1) /* valgrind and the sanitizers map gigabytes of their own */
		CHECK(process_status_kib("VmSize") < 256 * 1024);
}

static void serves_after_a_lazy_start(void)
{
	struct lws_context_creation_info info;
	struct server server;

	CHECK_INT(process_threads(), 1);
	server_info(&info, echo_protocols);
	server_run(&server, &info);
	echo_visit(server.port, "hello");
	server_destroy(&server);
}

static void limit_of_open_files_stays(void)
{
	struct lws_context_creation_info info;
	struct rlimit limit;
	struct server server;

	REQUIRE_INT(getrlimit(RLIMIT_NOFILE, &limit), 0);
	REQUIRE(limit.rlim_max > 300);
	limit.rlim_cur = 300;
	REQUIRE_INT(setrlimit(RLIMIT_NOFILE, &limit), 0);

	server_info(&info, echo_protocols);
	server_run(&server, &info);
	REQUIRE_INT(getrlimit(RLIMIT_NOFILE, &limit), 0);
	CHECK_INT(limit.rlim_cur, 300);
	server_destroy(&server);
	REQUIRE_INT(getrlimit(RLIMIT_NOFILE, &limit), 0);
	CHECK_INT(limit.rlim_cur, 300);
}

/* Programs write over argv and the environment block to change what ps shows. */
static void program_wrote_over_its_environment(void)
{
	extern char **environ;
	struct lws_context_creation_info info;
	static char **copy; /* until the end of the process */
	struct server server;
	int count = 0;

	while (environ[count])
		count++;
	copy = calloc((size_t)count + 1, sizeof(*copy));
	REQUIRE(copy != NULL);
	for (int i = 0; i < count; i++) {
		copy[i] = strdup(environ[i]);
		memset(environ[i], 'x', strlen(environ[i]));
	}
	environ = copy;

	server_info(&info, echo_protocols);
	server_run(&server, &info);
	echo_visit(server.port, "hello");
	server_destroy(&server);
}

static void no_environment(void)
{
	struct lws_context_creation_info info;
	struct server server;

	clearenv();
	server_info(&info, echo_protocols);
	server_run(&server, &info);
	echo_visit(server.port, "hello");
	server_destroy(&server);
}

static void *create_and_destroy(void *argument)
{
	struct lws_context_creation_info info;
	struct lws_context *context;

	server_info(&info, echo_protocols);
	pthread_barrier_wait(argument);
	context = lws_create_context(&info);
	if (context)
		lws_context_destroy(context);

	return context;
}

/* The first use may come from several threads at once, none of them the main one. */
static void first_use_in_several_threads(void)
{
	enum { THREADS = 8 };
	pthread_t threads[THREADS];
	pthread_barrier_t barrier;
	void *context;

	pthread_barrier_init(&barrier, NULL, THREADS);
	for (int i = 0; i < THREADS; i++)
		REQUIRE_INT(pthread_create(&threads[i], NULL, create_and_destroy, &barrier), 0);
	for (int i = 0; i < THREADS; i++) {
		pthread_join(threads[i], &context);
		CHECK(context != NULL);
	}
}

TEST_MAIN({ "nothing before use", nothing_before_use },
	  { "serves after a lazy start", serves_after_a_lazy_start },
	  { "limit of open files stays", limit_of_open_files_stays },
	  { "program wrote over its environment", program_wrote_over_its_environment },
	  { "no environment", no_environment },
	  { "first use in several threads", first_use_in_several_threads })
