/* Clients that stay connected: what they are told, when they try again, and how they end in every state. */
#include "check.h"
#include "outcome.h"
#include "peer.h"
#include "server.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#define MOST 64

struct told {
	enum lws_keep_connected_event event;
	char reason[128];
	unsigned int delay_ms, tries, close_code;
	int was_up;
	struct lws *wsi;
};

static struct server server, other;
static struct peer peer;
static struct told told[MOST];
static struct outcome outcome;
static atomic_int count, again;
static atomic_uint_fast64_t last_try;
static struct lws *current;
static struct lws_keep_connected *keep;
static int mark;
static enum { NOTHING, END_WHEN_UP, END_WHEN_DOWN, DESTROY_WHEN_DOWN, NOW_WHEN_DOWN, CONNECT_AT_INIT } act;

static void on_status(struct lws_keep_connected *it, const struct lws_keep_connected_status *status, void *opaque)
{
	struct told *t = &told[atomic_load(&count)];

	REQUIRE(atomic_load(&count) < MOST);
	CHECK_PTR(it, keep);
	CHECK_PTR(opaque, &mark);
	t->event = status->event;
	lws_strncpy(t->reason, status->reason ? status->reason : "", sizeof(t->reason));
	t->delay_ms = status->delay_ms;
	t->tries = status->tries;
	t->was_up = status->was_up;
	t->close_code = status->close_code;
	t->wsi = status->wsi;
	atomic_fetch_add(&count, 1);
	if (status->event == LWS_KEEP_CONNECTED_UP) {
		CHECK_PTR(status->wsi, current);
		CHECK_PTR(lws_keep_connected_wsi(it), current);
	} else {
		CHECK_PTR(status->wsi, NULL);
		CHECK_PTR(current, NULL);
		CHECK(status->reason != NULL);
	}
	if (act == END_WHEN_UP && status->event == LWS_KEEP_CONNECTED_UP)
		CHECK_INT(lws_keep_connected_end(it), 0);
	if (act == END_WHEN_DOWN && status->event == LWS_KEEP_CONNECTED_DOWN)
		CHECK_INT(lws_keep_connected_end(it), 0);
	if (act == DESTROY_WHEN_DOWN && status->event == LWS_KEEP_CONNECTED_DOWN)
		lws_context_destroy(server.context);
	if (act == NOW_WHEN_DOWN && status->event == LWS_KEEP_CONNECTED_DOWN && atomic_load(&again) < 5) {
		atomic_fetch_add(&again, 1);
		CHECK_INT(lws_keep_connected_now(it), 0);
	}
}

static int on_echo(struct lws *wsi, enum lws_callback_reasons reason, void *user, void *in, size_t len)
{
	outcome_note(&outcome, wsi, reason, in);
	switch (reason) {
	case LWS_CALLBACK_PROTOCOL_INIT:
		if (act == CONNECT_AT_INIT) {
			struct lws_client_connect_info client = { .context = lws_get_context(wsi), .address = "127.0.0.1",
								  .port = peer.port, .protocol = "echo" };

			CHECK(lws_client_connect_via_info(&client) != NULL);
		}
		break;
	case LWS_CALLBACK_CLIENT_ESTABLISHED:
	case LWS_CALLBACK_ESTABLISHED_CLIENT_HTTP:
	case LWS_CALLBACK_RAW_CONNECTED:
		CHECK_PTR(wsi, current);
		break;
	case LWS_CALLBACK_RECEIVE_CLIENT_HTTP:
		return outcome_read(wsi, 256);
	case LWS_CALLBACK_WSI_CREATE:
		atomic_store(&last_try, (uint_fast64_t)lws_now_usecs());
		break;
	default:
		break;
	}

	return 0;
}

static const struct lws_protocols protocols[] = {
	{ "echo", on_echo, 16, 0, 0, NULL, 0 },
	{ NULL, NULL, 0, 0, 0, NULL, 0 }
};

static const uint32_t delays[] = { 5, 10, 20 };
static const lws_retry_bo_t quick = { .retry_ms_table = delays, .retry_ms_table_count = 3,
				      .conceal_count = LWS_RETRY_CONCEAL_ALWAYS, .jitter_percent = 1 };
static const uint32_t long_delays[] = { 3600000 };
static const lws_retry_bo_t slow = { .retry_ms_table = long_delays, .retry_ms_table_count = 1,
				     .conceal_count = LWS_RETRY_CONCEAL_ALWAYS, .jitter_percent = 1 };

static void fill(struct lws_client_connect_info *client, const lws_retry_bo_t *policy)
{
	memset(client, 0, sizeof(*client));
	client->context = server.context;
	client->address = "127.0.0.1";
	client->port = peer.port;
	client->protocol = "echo";
	client->pwsi = &current;
	client->retry_and_idle_policy = policy;
}

/* The connections are those of this context. */
static void begin(void)
{
	struct lws_context_creation_info info;

	server_info(&info, protocols);
	info.port = CONTEXT_PORT_NO_LISTEN;
	info.timeout_secs = 60;
	server_create(&server, &info);
}

static void start(const lws_retry_bo_t *policy)
{
	struct lws_client_connect_info client;
	char address[] = "127.0.0.1";

	begin();
	fill(&client, policy);
	client.address = address;
	keep = lws_client_keep_connected(&client, on_status, &mark);
	REQUIRE(keep != NULL);
	memset(address, 'x', sizeof(address) - 1); /* strings are copied */
	CHECK_INT(atomic_load(&count), 0);
	CHECK_PTR(lws_keep_connected_wsi(keep), NULL);
	server_start(&server);
}

static void wait_told(int n)
{
	WAIT_FOR(atomic_load(&count) >= n);
}

static void end(void)
{
	server_destroy(&server);
	peer_close(&peer);
	/* whatever happened, the last is that it has ended, once */
	REQUIRE(atomic_load(&count) > 0);
	CHECK_INT(told[atomic_load(&count) - 1].event, LWS_KEEP_CONNECTED_ENDED);
	for (int i = 0; i < atomic_load(&count) - 1; i++)
		CHECK(told[i].event != LWS_KEEP_CONNECTED_ENDED);
	CHECK_PTR(current, NULL);
	lws_set_log_level(0, NULL);
	CHECK_INT(lws_keep_connected_end(keep), 1);
	CHECK_INT(lws_keep_connected_now(keep), 1);
	CHECK_PTR(lws_keep_connected_wsi(keep), NULL);
}

/* The delay is the table's or up to one percent more. */
static void check_delay(const struct told *t, unsigned int table)
{
	CHECK(t->delay_ms >= table && t->delay_ms <= table + table / 100 + 1);
}

/* Servers come and go on one port; what counts is in the delays. */
static void server_restarts(void)
{
	struct lws_context_creation_info info;
	int round, first, i;

	server_info(&info, protocols);
	server_run(&other, &info);
	peer.port = other.port;
	peer.listener = -1;
	start(&quick);
	for (round = 0; round < 3; round++) {
		WAIT_FOR(atomic_load(&count) > 0 && told[atomic_load(&count) - 1].event == LWS_KEEP_CONNECTED_UP);
		CHECK_INT(told[atomic_load(&count) - 1].tries, round ? told[atomic_load(&count) - 2].tries : 0);
		first = atomic_load(&count);
		test_sleep_ms(30); /* more than any of the delays: the count begins anew */
		server_destroy(&other);
		wait_told(first + 5);
		CHECK_INT(told[first].event, LWS_KEEP_CONNECTED_DOWN);
		CHECK_INT(told[first].was_up, 1);
		CHECK_STR(told[first].reason, "closed");
		for (i = 0; i < 5; i++) {
			CHECK_INT(told[first + i].tries, i + 1);
			check_delay(&told[first + i], delays[i < 2 ? i : 2]);
			if (i) {
				CHECK_INT(told[first + i].was_up, 0);
				CHECK_STR(told[first + i].reason, "Unable to connect");
			}
		}
		if (round == 2)
			break;
		server_info(&info, protocols);
		info.port = peer.port;
		memset(&other, 0, sizeof(other));
		server_run(&other, &info);
	}
	CHECK_INT(lws_keep_connected_end(keep), 0);
	peer_listen(&peer);
	end();
	CHECK_STR(told[atomic_load(&count) - 1].reason, "ended by the program");
}

static const lws_retry_bo_t three = { .retry_ms_table = delays, .retry_ms_table_count = 3, .conceal_count = 3,
				      .jitter_percent = 1 };

static void gives_up(void)
{
	int i;

	peer_refuse(&peer);
	start(&three);
	wait_told(4);
	for (i = 0; i < 3; i++) {
		CHECK_INT(told[i].event, LWS_KEEP_CONNECTED_DOWN);
		CHECK_INT(told[i].tries, i + 1);
		CHECK_INT(told[i].was_up, 0);
		check_delay(&told[i], delays[i]);
		CHECK_STR(told[i].reason, "Unable to connect");
	}
	CHECK_INT(told[3].event, LWS_KEEP_CONNECTED_ENDED);
	CHECK_INT(told[3].tries, 4);
	CHECK_STR(told[3].reason, "Unable to connect");
	CHECK_INT(outcome.failed, 4);
	CHECK_INT(outcome.destroyed, 4);
	end();
	CHECK_INT(atomic_load(&count), 4);
}

/* What lws_client_connect_via_info() would say by its result is an event like all the others. */
static void fails_at_once(void)
{
	struct lws_client_connect_info client;
	char address[512];

	snprintf(address, sizeof(address), "+%s/nobody", test_directory());
	peer_listen(&peer);
	begin();
	fill(&client, &three);
	client.address = address;
	keep = lws_client_keep_connected(&client, on_status, &mark);
	REQUIRE(keep != NULL);
	server_start(&server);
	wait_told(4);
	CHECK_INT(outcome.failed, 4);
	CHECK_STR(outcome.error, "Unable to connect");
	CHECK_STR(told[3].reason, "Unable to connect");
	end();
}

/* A server that accepts and closes at once is not asked more often than one that refuses. */
static void flapping(void)
{
	static const uint32_t rising[] = { 1, 2000, 2000 };
	static const lws_retry_bo_t policy = { .retry_ms_table = rising, .retry_ms_table_count = 3,
					       .conceal_count = LWS_RETRY_CONCEAL_ALWAYS, .jitter_percent = 1 };

	peer_listen(&peer);
	start(&policy);
	peer_accept(&peer);
	peer_request(&peer);
	client_close(&peer.client);
	wait_told(1);
	CHECK_STR(told[0].reason, "read failed");
	CHECK_INT(told[0].tries, 1);
	check_delay(&told[0], 1);
	peer_upgrade(&peer, NULL);
	wait_told(2);
	CHECK_INT(told[1].event, LWS_KEEP_CONNECTED_UP);
	CHECK_INT(told[1].tries, 1);
	client_close(&peer.client);
	wait_told(3);
	CHECK_INT(told[2].event, LWS_KEEP_CONNECTED_DOWN);
	CHECK_INT(told[2].was_up, 1);
	CHECK_INT(told[2].tries, 2);
	check_delay(&told[2], 2000);
	/* the program knows better */
	CHECK_INT(lws_keep_connected_now(keep), 0);
	peer_upgrade(&peer, NULL);
	wait_told(4);
	CHECK_INT(told[3].event, LWS_KEEP_CONNECTED_UP);
	CHECK_INT(told[3].tries, 0);
	CHECK_INT(lws_keep_connected_now(keep), 0); /* no effect */
	peer_ws_send(&peer, FRAME_FIN | FRAME_CLOSE, "\x03\xe9 bye", 6);
	wait_told(5);
	CHECK_INT(told[4].close_code, 1001);
	CHECK_INT(told[4].was_up, 1);
	CHECK_INT(outcome.closed, 2); /* the next try may be under way already */
	end();
	CHECK_STR(told[5].reason, "the context is destroyed");
}

static void retry_after(void)
{
	peer_listen(&peer);
	start(&quick);
	peer_accept(&peer);
	peer_request(&peer);
	client_print(&peer.client, "HTTP/1.1 503 Service Unavailable\r\nRetry-After: 1\r\nContent-Length: 0\r\n\r\n");
	wait_told(1);
	CHECK_STR(told[0].reason, "HS: ws upgrade response not 101");
	CHECK_INT(told[0].delay_ms, 1000);
	client_close(&peer.client);
	peer_upgrade(&peer, NULL);
	wait_told(2);
	CHECK_INT(told[1].event, LWS_KEEP_CONNECTED_UP);
	end();
}

/* A request is made again when its response is over. */
static void requests(void)
{
	struct lws_client_connect_info client;
	int i;

	peer_listen(&peer);
	begin();
	fill(&client, &quick);
	client.protocol = NULL;
	client.local_protocol_name = "echo";
	client.method = "GET";
	client.path = "/events";
	keep = lws_client_keep_connected(&client, on_status, &mark);
	REQUIRE(keep != NULL);
	server_start(&server);
	for (i = 0; i < 3; i++) {
		peer_accept(&peer);
		peer_request(&peer);
		CHECK(!strncmp(peer.head, "GET /events HTTP/1.1\r\n", 22));
		client_print(&peer.client, "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
		wait_told(2 * i + 2);
		CHECK_INT(told[2 * i].event, LWS_KEEP_CONNECTED_UP);
		CHECK_INT(told[2 * i + 1].event, LWS_KEEP_CONNECTED_DOWN);
		CHECK_INT(told[2 * i + 1].was_up, 1);
		client_close(&peer.client);
	}
	end();
	CHECK_INT(outcome.responses, 3);
}

static void raw_connection(void)
{
	struct lws_client_connect_info client;

	peer_listen(&peer);
	begin();
	fill(&client, &quick);
	client.protocol = NULL;
	client.local_protocol_name = "echo";
	client.method = "RAW";
	keep = lws_client_keep_connected(&client, on_status, &mark);
	REQUIRE(keep != NULL);
	server_start(&server);
	peer_accept(&peer);
	wait_told(1);
	CHECK_INT(told[0].event, LWS_KEEP_CONNECTED_UP);
	client_close(&peer.client);
	peer_accept(&peer);
	wait_told(3);
	CHECK_INT(told[1].event, LWS_KEEP_CONNECTED_DOWN);
	CHECK_INT(told[1].was_up, 1);
	CHECK_INT(told[2].event, LWS_KEEP_CONNECTED_UP);
	end();
	CHECK_INT(outcome.closed, 2);
}

/* What begins while the first turn is still to wait is not forgotten in that wait. */
static void connect_in_protocol_init(void)
{
	peer_refuse(&peer);
	act = CONNECT_AT_INIT;
	begin();
	server_start(&server);
	WAIT_FOR(outcome.destroyed == 1);
	CHECK_INT(outcome.failed, 1);
	CHECK_STR(outcome.error, "Unable to connect");
	server_destroy(&server);
	peer_close(&peer);
}

/* How it can be interrupted, and the state that it is in then */
enum { BEFORE, CONNECTING, ASKING, CONNECTED, WAITING, STATES };

static void reach(int state)
{
	if (state == CONNECTING)
		peer_ignore(&peer);
	else if (state == WAITING)
		peer_refuse(&peer);
	else
		peer_listen(&peer);
	if (state == BEFORE) {
		struct lws_client_connect_info client;

		begin();
		fill(&client, &slow);
		keep = lws_client_keep_connected(&client, on_status, &mark);
		REQUIRE(keep != NULL);
		return;
	}
	start(&slow);
	switch (state) {
	case CONNECTING:
		WAIT_FOR(lws_keep_connected_wsi(keep) != NULL);
		break;
	case ASKING:
		peer_accept(&peer);
		peer_request(&peer);
		break;
	case CONNECTED:
		peer_upgrade(&peer, NULL);
		wait_told(1);
		break;
	case WAITING:
		wait_told(1);
		CHECK_INT(told[0].event, LWS_KEEP_CONNECTED_DOWN);
		break;
	}
}

static void check_interrupted(int state, const char *reason)
{
	int last = state == CONNECTED || state == WAITING;

	wait_told(last + 1);
	CHECK_STR(told[last].reason, reason);
	CHECK_INT(told[last].was_up, state == CONNECTED);
	end();
	CHECK_INT(atomic_load(&count), last + 1);
	CHECK_INT(outcome.destroyed, state != BEFORE);
}

static void end_in(int state)
{
	reach(state);
	CHECK_INT(lws_keep_connected_end(keep), 0);
	check_interrupted(state, "ended by the program");
}

static void context_in(int state)
{
	reach(state);
	server_destroy(&server);
	check_interrupted(state, "the context is destroyed");
}

static void vhost_in(int state)
{
	struct lws_context_creation_info info;

	reach(state);
	/* the context keeps another one */
	server_info(&info, protocols);
	info.port = CONTEXT_PORT_NO_LISTEN;
	info.vhost_name = "other";
	REQUIRE(lws_create_vhost(server.context, &info) != NULL);
	lws_vhost_destroy(server.vhost);
	if (state == BEFORE)
		server_start(&server);
	check_interrupted(state, "the vhost is destroyed");
}

#define EACH_STATE(X) X(before, BEFORE) X(connecting, CONNECTING) X(asking, ASKING) X(connected, CONNECTED) X(waiting, WAITING)
#define CASES(name, state)                                                                                             \
	static void end_##name(void) { end_in(state); }                                                                \
	static void context_##name(void) { context_in(state); }                                                        \
	static void vhost_##name(void) { vhost_in(state); }
EACH_STATE(CASES)

static void end_in_its_function(void)
{
	peer_listen(&peer);
	act = END_WHEN_UP;
	start(&quick);
	peer_upgrade(&peer, NULL);
	wait_told(2);
	CHECK_INT(outcome.closed, 1);
	CHECK_STR(told[1].reason, "ended by the program");
	end();
}

static void end_in_its_function_while_down(void)
{
	peer_refuse(&peer);
	act = END_WHEN_DOWN;
	start(&quick);
	wait_told(2);
	CHECK_STR(told[1].reason, "ended by the program");
	end();
	CHECK_INT(atomic_load(&count), 2);
}

static void context_in_its_function(void)
{
	peer_refuse(&peer);
	act = DESTROY_WHEN_DOWN;
	begin();
	struct lws_client_connect_info client;
	fill(&client, &quick);
	keep = lws_client_keep_connected(&client, on_status, &mark);
	REQUIRE(keep != NULL);
	while (!lws_service(server.context, 0))
		;
	CHECK_INT(atomic_load(&count), 2);
	CHECK_INT(told[1].event, LWS_KEEP_CONNECTED_ENDED);
	CHECK_STR(told[1].reason, "the context is destroyed");
	peer_close(&peer);
}

static void now_in_its_function(void)
{
	peer_refuse(&peer);
	act = NOW_WHEN_DOWN;
	start(&slow);
	wait_told(6);
	CHECK_INT(told[5].tries, 1); /* counted anew each time */
	end();
}

static void not_valid(void)
{
	struct lws_client_connect_info client;

	peer_listen(&peer);
	begin();
	lws_set_log_level(0, NULL);
	CHECK_PTR(lws_client_keep_connected(NULL, on_status, &mark), NULL);
	fill(&client, &quick);
	client.address = NULL;
	CHECK_PTR(lws_client_keep_connected(&client, on_status, &mark), NULL);
	fill(&client, &quick);
	client.context = NULL;
	CHECK_PTR(lws_client_keep_connected(&client, on_status, &mark), NULL);
	fill(&client, &quick);
	client.port = 70000;
	keep = lws_client_keep_connected(&client, on_status, &mark);
	REQUIRE(keep != NULL);
	server_start(&server);
	wait_told(1);
	CHECK_INT(told[0].event, LWS_KEEP_CONNECTED_ENDED);
	CHECK_STR(told[0].reason, "no connection could be begun, see the log");
	end();
	CHECK_INT(outcome.destroyed, 0);
}

/* Nobody need be told. */
static void without_function(void)
{
	struct lws_client_connect_info client;

	peer_listen(&peer);
	begin();
	fill(&client, NULL);
	REQUIRE(lws_client_keep_connected(&client, NULL, NULL) != NULL);
	server_start(&server);
	peer_upgrade(&peer, NULL);
	client_close(&peer.client);
	WAIT_FOR(outcome.closed == 1);
	server_destroy(&server);
	peer_close(&peer);
}

#define NAMES(name, state) { "end " #name, end_##name }, { "context " #name, context_##name }, { "vhost " #name, vhost_##name },

int main(int argc, char **argv)
{
	static const struct test_case cases[] = {
		{ "server restarts", server_restarts },
		{ "gives up", gives_up },
		{ "fails at once", fails_at_once },
		{ "flapping", flapping },
		{ "retry after", retry_after },
		{ "requests", requests },
		{ "raw connection", raw_connection },
		{ "connect in PROTOCOL_INIT", connect_in_protocol_init },
		EACH_STATE(NAMES)
		{ "end in its function", end_in_its_function },
		{ "end in its function while down", end_in_its_function_while_down },
		{ "context in its function", context_in_its_function },
		{ "now in its function", now_in_its_function },
		{ "not valid", not_valid },
		{ "without function", without_function },
	};

	return test_main(argc, argv, cases, sizeof(cases) / sizeof(cases[0]));
}
