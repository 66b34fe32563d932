/* Functions that run on a service thread, and contexts that end with their last connection. */
#include "check.h"
#include "client.h"
#include "echo.h"
#include "server.h"

#include <stdlib.h>

enum { THREADS = 3, EACH = 200 };

static struct server server;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static atomic_int ran, out_of_order, elsewhere, reloaded;
static int last[THREADS];

static void work(struct lws_context *context, int tsi, void *opaque)
{
	int number = (int)(intptr_t)opaque, poster = number / EACH;

	CHECK_PTR(context, server.context);
	CHECK_INT(tsi, 0);
	/* held by those who post */
	pthread_mutex_lock(&lock);
	if (!pthread_equal(pthread_self(), server.thread))
		elsewhere++;
	if (last[poster] + 1 != number % EACH + 1)
		out_of_order++;
	last[poster] = number % EACH + 1;
	pthread_mutex_unlock(&lock);
	ran++;
}

static void *poster(void *argument)
{
	int first = (int)(intptr_t)argument * EACH;

	for (int i = 0; i < EACH; i++) {
		pthread_mutex_lock(&lock);
		CHECK_INT(lws_service_post(server.context, 0, work, (void *)(intptr_t)(first + i)), 0);
		pthread_mutex_unlock(&lock);
	}
	return NULL;
}

static void from_many_threads(void)
{
	struct lws_context_creation_info info;
	pthread_t threads[THREADS];

	server_info(&info, echo_protocols);
	server_run(&server, &info);
	for (int i = 0; i < THREADS; i++)
		REQUIRE(!pthread_create(&threads[i], NULL, poster, (void *)(intptr_t)i));
	for (int i = 0; i < THREADS; i++)
		pthread_join(threads[i], NULL);
	WAIT_FOR(ran == THREADS * EACH);
	CHECK_INT(out_of_order, 0);
	CHECK_INT(elsewhere, 0);
	server_destroy(&server);
}

static void again(struct lws_context *context, int tsi, void *opaque)
{
	int *left = opaque;

	ran++;
	if (--*left)
		CHECK_INT(lws_service_post(context, tsi, again, opaque), 0);
}

static void destroyer(struct lws_context *context, int tsi, void *opaque)
{
	ran++;
	lws_context_destroy(context);
}

static void late(struct lws_context *context, int tsi, void *opaque)
{
	ran++;
	CHECK_INT(lws_context_is_being_destroyed(context), 1);
	/* what is asked for now still happens */
	CHECK_INT(lws_service_post(context, tsi, again, opaque), 0);
}

static void in_each_other(void)
{
	struct lws_context_creation_info info;
	struct lws_context *context;
	int left = 10, more = 3;

	server_info(&info, echo_protocols);
	context = lws_create_context(&info);
	REQUIRE(context != NULL);
	CHECK_INT(lws_service_post(context, 0, again, &left), 0);
	while (left)
		REQUIRE_INT(lws_service(context, 0), 0);
	CHECK_INT(ran, 10);
	/* the second one runs while the context ends */
	CHECK_INT(lws_service_post(context, 0, destroyer, NULL), 0);
	REQUIRE(lws_service(context, 0) < 0);
	CHECK_INT(ran, 11);

	context = lws_create_context(&info);
	REQUIRE(context != NULL);
	CHECK_INT(lws_service_post(context, 0, late, &more), 0);
	lws_context_destroy(context);
	CHECK_INT(ran, 15);

	lws_set_log_level(0, NULL);
	CHECK_INT(lws_service_post(context, 0, again, NULL), -1);
	CHECK_INT(lws_service_post(NULL, 0, again, NULL), -1);
	context = lws_create_context(&info);
	CHECK_INT(lws_service_post(context, 1, again, NULL), -1);
	CHECK_INT(lws_service_post(context, 0, NULL, NULL), -1);
	lws_context_destroy(context);
	CHECK_INT(ran, 15);
}

static struct lws_context *next_context;

/* The new context takes the port over. */
static int reload(void)
{
	struct lws_context_creation_info info;

	server_info(&info, echo_protocols);
	info.port = server.port;
	next_context = lws_create_context(&info);
	CHECK(next_context != NULL);
	reloaded++;
	return 0;
}

static void deprecated(void)
{
	struct lws_context_creation_info info;
	struct lws_context *old;
	struct client client;

	server_info(&info, echo_protocols);
	info.pcontext = &old;
	server_run(&server, &info);
	CHECK_INT(lws_context_is_deprecated(server.context), 0);
	client_ws(&client, server.port, "/", "echo");
	echo_once(&client, "before");
	lws_context_deprecate(server.context, reload);
	lws_context_deprecate(server.context, reload);
	CHECK_INT(lws_context_is_deprecated(server.context), 1);
	WAIT_FOR(reloaded == 1);
	/* what there is goes on, and what is new goes to the new one */
	echo_once(&client, "after");
	CHECK_INT(lws_get_vhost_listen_port(lws_get_vhost_by_name(next_context, "default")), server.port);
	client_close(&client);
	/* the service thread ends by itself */
	WAIT_FOR(!atomic_load(&server.running));
	pthread_join(server.thread, NULL);
	CHECK_PTR(old, NULL);
	lws_context_destroy(next_context);
	CHECK_INT(reloaded, 1);
}

static void deprecated_without_connections(void)
{
	struct lws_context_creation_info info;
	struct lws_context *context;

	server_info(&info, echo_protocols);
	info.pcontext = &context;
	REQUIRE(lws_create_context(&info) != NULL);
	lws_context_deprecate(context, NULL);
	CHECK(lws_service(context, 0) < 0);
	CHECK_PTR(context, NULL);
}

TEST_MAIN(
	{ "from many threads", from_many_threads },
	{ "in each other", in_each_other },
	{ "deprecated", deprecated },
	{ "deprecated without connections", deprecated_without_connections },
)
