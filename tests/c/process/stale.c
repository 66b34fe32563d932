/*
 * A program keeps the pointer of a connection that is closed, and uses it. That is an error message and a failed call,
 * never a crash and never a message to somebody else.
 */
#include "check.h"
#include "client.h"
#include "echo.h"
#include "server.h"

static struct lws *latest;
static atomic_int closed, logged;

static int callback(struct lws *wsi, enum lws_callback_reasons reason, void *user, void *in, size_t length)
{
	if (reason == LWS_CALLBACK_ESTABLISHED)
		__atomic_store_n(&latest, wsi, __ATOMIC_RELEASE);
	if (reason == LWS_CALLBACK_WSI_DESTROY)
		atomic_fetch_add(&closed, 1);

	return echo_protocols[0].callback(wsi, reason, user, in, length);
}

static const struct lws_protocols protocols[] = {
	{ .name = "echo", .callback = callback, .per_session_data_size = 256 },
	{ .name = NULL },
};

static void count_log(int level, const char *line)
{
	(void)line;
	if (level == LLL_ERR)
		atomic_fetch_add(&logged, 1);
}

static struct lws *connect_and_close(int port)
{
	struct client client;
	struct lws *wsi;
	int before;

	__atomic_store_n(&latest, NULL, __ATOMIC_RELEASE);
	client_ws(&client, port, "/", "echo");
	WAIT_FOR(__atomic_load_n(&latest, __ATOMIC_ACQUIRE) != NULL);
	wsi = latest;
	before = atomic_load(&closed);
	client_close(&client);
	WAIT_FOR(atomic_load(&closed) > before);

	return wsi;
}

static void use(struct lws *wsi)
{
	unsigned char buffer[LWS_PRE + 8] = "";
	char name[64];

	CHECK(lws_write(wsi, buffer + LWS_PRE, 8, LWS_WRITE_TEXT) < 0);
	CHECK(lws_callback_on_writable(wsi) <= 0);
	CHECK(lws_rx_flow_control(wsi, 1) != 0);
	lws_set_timeout(wsi, PENDING_TIMEOUT_USER_OK, 1);
	lws_set_timeout(wsi, PENDING_TIMEOUT_USER_OK, LWS_TO_KILL_ASYNC);
	lws_close_reason(wsi, LWS_CLOSE_STATUS_NORMAL, NULL, 0);
	CHECK(lws_hdr_total_length(wsi, WSI_TOKEN_GET_URI) <= 0);
	CHECK(lws_hdr_copy(wsi, name, sizeof(name), WSI_TOKEN_GET_URI) <= 0);
	name[0] = '\0';
	lws_get_peer_simple(wsi, name, sizeof(name));
	CHECK(strcmp(name, "127.0.0.1") != 0);
	CHECK(lws_return_http_status(wsi, 404, NULL) != 0);
	CHECK(lws_http_transaction_completed(wsi) != 0);
	CHECK_PTR(lws_wsi_user(wsi), NULL);
	CHECK(lws_get_socket_fd(wsi) < 0);
}

static void after_close(void)
{
	struct lws_context_creation_info info;
	struct server server;
	struct client client;
	struct lws *stale;

	server_info(&info, protocols);
	lws_set_log_level(LLL_ERR, count_log);
	server_run(&server, &info);
	stale = connect_and_close(server.port);

	use(stale);
	CHECK(atomic_load(&logged) > 0);

	/* the new connection is not the old one, although its memory may be */
	client_ws(&client, server.port, "/", "echo");
	use(stale);
	echo_once(&client, "for me only");
	CHECK(client_silent(&client, 50));
	client_close(&client);
	server_destroy(&server);
}

static void many_after_close(void)
{
	struct lws_context_creation_info info;
	struct server server;
	struct client client;
	struct lws *stale[50];

	server_info(&info, protocols);
	lws_set_log_level(LLL_ERR, count_log);
	server_run(&server, &info);
	for (int i = 0; i < 50; i++)
		stale[i] = connect_and_close(server.port);
	client_ws(&client, server.port, "/", "echo");
	for (int i = 0; i < 50; i++)
		use(stale[i]);
	echo_once(&client, "for me only");
	CHECK(client_silent(&client, 50));
	client_close(&client);
	server_destroy(&server);
}

static void no_connection_at_all(void)
{
	static max_align_t memory[64];
	struct lws_context_creation_info info;
	struct server server;

	server_info(&info, protocols);
	lws_set_log_level(LLL_ERR, count_log);
	server_run(&server, &info);
	use(NULL);
	/* memory that never was a connection */
	use((struct lws *)memory);
	echo_visit(server.port, "hello");
	server_destroy(&server);
}

TEST_MAIN({ "after close", after_close },
	  { "many after close", many_after_close },
	  { "no connection at all", no_connection_at_all })
