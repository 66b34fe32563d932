/*
 * Requests that share a connection, and the other ways to one, against nginx and openssl s_server.
 *
 * usage: sharing DIRECTORY-OF-SERVERS.PY [case...]
 */
#include "check.h"
#include "outcome.h"
#include "process.h"
#include "script.h"
#include "server.h"

#include <stdio.h>
#include <sys/resource.h>

enum { PLAIN, HTTP2, TLS, FEW, REVERSING, PORTS };
static int ports[PORTS];

/* ---- requests ---- */

#define MOST 200

static struct request {
	struct outcome outcome;
	char body[100];
	int connection, number; /* as nginx says */
	char from[48];
} requests[MOST];
static int finished, gone; /* how many have ended for the program, and altogether */

static struct request *request_of(struct lws *wsi) { return lws_get_opaque_user_data(wsi); }

static int on_http(struct lws *wsi, enum lws_callback_reasons reason, void *user, void *in, size_t len)
{
	struct request *r;

	if (reason == LWS_CALLBACK_PROTOCOL_INIT || reason == LWS_CALLBACK_PROTOCOL_DESTROY ||
	    reason == LWS_CALLBACK_EVENT_WAIT_CANCELLED || reason == LWS_CALLBACK_OPENSSL_LOAD_EXTRA_CLIENT_VERIFY_CERTS)
		return 0;
	r = request_of(wsi);
	if (!r) /* what carries streams of HTTP/2 */
		return 0;
	outcome_note(&r->outcome, wsi, reason, in);
	switch (reason) {
	case LWS_CALLBACK_RECEIVE_CLIENT_HTTP:
		return outcome_read(wsi, 1024);
	case LWS_CALLBACK_RECEIVE_CLIENT_HTTP_READ:
		REQUIRE(strlen(r->body) + len < sizeof(r->body));
		strncat(r->body, in, len);
		break;
	case LWS_CALLBACK_COMPLETED_CLIENT_HTTP:
		CHECK_INT(sscanf(r->body, "%d %d %47s", &r->connection, &r->number, r->from), 3);
		finished++;
		break;
	case LWS_CALLBACK_CLIENT_CONNECTION_ERROR:
		finished++;
		break;
	case LWS_CALLBACK_WSI_DESTROY:
		gone++;
		break;
	default:
		break;
	}

	return 0;
}

static char received[64];
static int raw_connected, raw_closed, raw_failed;

static int on_raw(struct lws *wsi, enum lws_callback_reasons reason, void *user, void *in, size_t len)
{
	unsigned char buffer[LWS_PRE + 16];

	switch (reason) {
	case LWS_CALLBACK_RAW_CONNECTED:
		raw_connected++;
		lws_callback_on_writable(wsi);
		break;
	case LWS_CALLBACK_RAW_WRITEABLE:
		if (!lws_get_opaque_user_data(wsi))
			break;
		lws_set_opaque_user_data(wsi, NULL);
		memcpy(buffer + LWS_PRE, "abc\n", 4);
		CHECK_INT(lws_write(wsi, buffer + LWS_PRE, 4, LWS_WRITE_RAW), 4);
		break;
	case LWS_CALLBACK_RAW_RX:
		strncat(received, in, len);
		return strchr(received, '\n') ? -1 : 0;
	case LWS_CALLBACK_RAW_CLOSE:
		raw_closed++;
		break;
	case LWS_CALLBACK_CLIENT_CONNECTION_ERROR:
		raw_failed++;
		break;
	default:
		break;
	}

	return 0;
}

static const struct lws_protocols protocols[] = {
	{ "http", on_http, 16, 0, 0, NULL, 0 },
	{ "raw", on_raw, 16, 0, 0, NULL, 0 },
	{ NULL, NULL, 0, 0, 0, NULL, 0 }
};

static struct lws_context *context;

static void create(void)
{
	struct lws_context_creation_info info;

	script_start("servers.py", "", ports, PORTS);
	if (!ports[PLAIN])
		test_skip("nginx is not installed");
	server_info(&info, protocols);
	info.port = CONTEXT_PORT_NO_LISTEN;
	info.options |= LWS_SERVER_OPTION_DO_SSL_GLOBAL_INIT;
	context = lws_create_context(&info);
	REQUIRE(context != NULL);
}

static void info_of(struct lws_client_connect_info *info, int server, int flags)
{
	memset(info, 0, sizeof(*info));
	info->context = context;
	info->address = "127.0.0.1";
	info->port = ports[server];
	info->path = "/";
	info->method = "GET";
	info->protocol = "http";
	info->ssl_connection = flags;
	if (server == HTTP2 || server == TLS || server == REVERSING)
		info->ssl_connection |= LCCSCF_USE_SSL | LCCSCF_ALLOW_SELFSIGNED | LCCSCF_SKIP_SERVER_CERT_HOSTNAME_CHECK;
}

static void ask(struct lws_client_connect_info *info, int i)
{
	info->opaque_user_data = &requests[i];
	REQUIRE(lws_client_connect_via_info(info) != NULL);
}

static void service_until(const int *count, int value)
{
	SERVE_UNTIL(context, *count >= value);
	REQUIRE_INT(*count, value);
}

/* Many requests at once; how many connections they took */
static int connections_of(int server, int flags, int count)
{
	struct lws_client_connect_info info;
	int i, j, connections = 0;

	create();
	info_of(&info, server, flags);
	for (i = 0; i < count; i++)
		ask(&info, i);
	service_until(&finished, count);
	for (i = 0; i < count; i++) {
		CHECK_STR(requests[i].outcome.error, "");
		CHECK_INT(requests[i].outcome.completed, 1);
		for (j = 0; j < i && requests[j].connection != requests[i].connection; j++)
			;
		connections += j == i;
	}
	lws_context_destroy(context);
	CHECK_INT(gone, count);
	for (i = 0; i < count; i++) {
		CHECK_INT(requests[i].outcome.closed, 1);
		CHECK_INT(requests[i].outcome.failed, 0);
		CHECK_INT(requests[i].outcome.destroyed, 1);
	}

	return connections;
}

static void in_order(int count)
{
	for (int i = 0; i < count; i++)
		CHECK_INT(requests[i].number, i + 1);
}

static void one_after_the_other(void)
{
	CHECK_INT(connections_of(PLAIN, LCCSCF_PIPELINE, 50), 1);
	in_order(50);
}

static void one_after_the_other_with_tls(void)
{
	CHECK_INT(connections_of(TLS, LCCSCF_PIPELINE, 50), 1);
	in_order(50);
}

static void side_by_side(void) { CHECK_INT(connections_of(HTTP2, LCCSCF_PIPELINE, 50), 1); }

/* More than the 128 that nginx takes at once */
static void more_than_fit(void) { CHECK(connections_of(HTTP2, LCCSCF_PIPELINE, MOST) <= 8); }

static void each_its_own(void) { CHECK_INT(connections_of(PLAIN, 0, 10), 10); }
static void each_its_own_with_http2(void) { CHECK_INT(connections_of(HTTP2, 0, 10), 10); }

/* The server closes after every third. */
static void few_requests(void) { CHECK_INT(connections_of(FEW, LCCSCF_PIPELINE, 10), 4); }

/* ---- kept warm ---- */

static void kept_warm(int server)
{
	struct lws_client_connect_info info;

	create();
	info_of(&info, server, LCCSCF_PIPELINE);
	info.keep_warm_secs = 1;
	ask(&info, 0);
	service_until(&finished, 1);
	ask(&info, 1);
	service_until(&finished, 2);
	CHECK_INT(requests[1].connection, requests[0].connection);
	service_until(&gone, 2);
	if (server == HTTP2) { /* where they end with their streams, and the connection later */
		double until = test_now() + 1.5;

		while (test_now() < until)
			lws_service(context, -1);
	}
	ask(&info, 2);
	service_until(&finished, 3);
	CHECK(requests[2].connection != requests[0].connection);
	lws_context_destroy(context);
	CHECK_INT(gone, 3);
}

static void kept_warm_http1(void) { kept_warm(PLAIN); }
static void kept_warm_tls(void) { kept_warm(TLS); }
static void kept_warm_http2(void) { kept_warm(HTTP2); }

static struct lws_client_connect_info timed;
static lws_sorted_usec_list_t timer;

static void when_due(lws_sorted_usec_list_t *unused)
{
	ask(&timed, 1);
}

/* What a timer of the program leaves behind is done without another event. */
static void in_a_timer(int server)
{
	create();
	info_of(&timed, server, LCCSCF_PIPELINE);
	timed.keep_warm_secs = 600;
	ask(&timed, 0);
	service_until(&finished, 1);
	lws_sul_schedule(context, 0, &timer, when_due, 1000);
	service_until(&finished, 2);
	CHECK_INT(requests[1].connection, requests[0].connection);
	lws_context_destroy(context);
	CHECK_INT(gone, 2);
}

static void in_a_timer_http1(void) { in_a_timer(PLAIN); }
static void in_a_timer_http2(void) { in_a_timer(HTTP2); }

/* Another address to connect from is another place. */
static void from_where(void)
{
	struct lws_client_connect_info info;

	create();
	info_of(&info, PLAIN, LCCSCF_PIPELINE | LCCSCF_IP_LOW_LATENCY);
	info.priority = 3;
	ask(&info, 0);
	service_until(&finished, 1);
	info.iface = "127.0.0.2";
	ask(&info, 1);
	service_until(&finished, 2);
	info.iface = "lo";
	ask(&info, 2);
	service_until(&finished, 3);
	CHECK_STR(requests[0].from, "127.0.0.1");
	CHECK_STR(requests[1].from, "127.0.0.2");
	CHECK_STR(requests[2].from, "127.0.0.1");
	CHECK(requests[2].connection != requests[0].connection);
	lws_context_destroy(context);
}

/* ---- without a protocol ---- */

static void raw_tls(void)
{
	struct lws_client_connect_info info;

	create();
	info_of(&info, REVERSING, 0);
	info.method = "RAW";
	info.protocol = "raw";
	info.opaque_user_data = received;
	REQUIRE(lws_client_connect_via_info(&info) != NULL);
	service_until(&raw_closed, 1);
	CHECK_STR(received, "cba\n");
	CHECK_INT(raw_connected, 1);
	CHECK_INT(raw_failed, 0);
	lws_context_destroy(context);
}

/* ---- nothing is left behind ---- */

/* As many as the issue of connections that leak asks for; fewer where the machine has less descriptors. */
enum { AT_ONCE = 2000, ROUNDS = 20, ENCRYPTED = 20 };

static long heap_kib(void) { return process_status_kib("RssAnon"); }

static struct lws *all[AT_ONCE]; /* of a round */

/* Opens and closes connections; returns the highest handle. */
static struct lws *round_of(int count)
{
	struct lws_client_connect_info info;
	struct lws *highest = NULL;
	int i;

	raw_connected = raw_closed = finished = gone = 0;
	memset(requests, 0, sizeof(requests));
	info_of(&info, PLAIN, 0);
	info.method = "RAW";
	info.protocol = "raw";
	for (i = 0; i < count; i++) {
		info.pwsi = &all[i];
		REQUIRE(lws_client_connect_via_info(&info) != NULL);
		highest = all[i] > highest ? all[i] : highest;
	}
	service_until(&raw_connected, count);
	for (i = 0; i < count; i++)
		lws_set_timeout(all[i], 1, LWS_TO_KILL_ASYNC);
	for (i = 0; i < ENCRYPTED; i++) {
		info_of(&info, i % 2 ? TLS : HTTP2, i % 3 ? LCCSCF_PIPELINE : 0);
		info.keep_warm_secs = 1;
		ask(&info, i);
	}
	service_until(&raw_closed, count);
	service_until(&finished, ENCRYPTED);
	service_until(&gone, ENCRYPTED);

	return highest;
}

static void nothing_is_left(void)
{
	struct rlimit limit;
	struct lws *highest = NULL, *handle, *begin = NULL;
	int count = AT_ONCE, descriptors = 0, i;
	bool whole;
	long heap = 0;

	REQUIRE_INT(getrlimit(RLIMIT_NOFILE, &limit), 0);
	limit.rlim_cur = limit.rlim_max;
	REQUIRE_INT(setrlimit(RLIMIT_NOFILE, &limit), 0);
	whole = limit.rlim_cur >= 2 * AT_ONCE && process_slowness() <= 1 && !test_emulated();
	if (!whole)
		count = 100; /* too few for the heap to come to rest, and for handles to be used again */
	create();
	for (i = 0; i < ROUNDS; i++) {
		handle = round_of(count);
		if (i < ROUNDS / 2) {
			/* by then, all is there that grows with how many there are at once */
			descriptors = process_descriptors();
			heap = heap_kib();
			highest = handle > highest ? handle : highest;
			begin = i ? begin : all[0];
		} else if (whole)
			/*
			 * The places of ended ones are taken again. How many are taken at once depends on how many connections
			 * are still kept warm from the round before, so it may be a few more.
			 */
			CHECK((char *)handle - (char *)highest < ((char *)highest - (char *)begin) / 20);
	}
	WAIT_FOR(lws_service(context, -1) >= 0 && process_descriptors() <= descriptors);
	printf("heap: %ld KiB after %d rounds of %d, %ld KiB after %d\n", heap, ROUNDS / 2, count, heap_kib(), ROUNDS);
	CHECK(!whole || heap_kib() < heap + 4096);
	lws_context_destroy(context);
}

#define CASE(name) { #name, name }

SCRIPT_TEST_MAIN(CASE(one_after_the_other), CASE(one_after_the_other_with_tls), CASE(side_by_side),
		 CASE(more_than_fit), CASE(each_its_own), CASE(each_its_own_with_http2), CASE(few_requests),
		 CASE(kept_warm_http1), CASE(kept_warm_tls), CASE(kept_warm_http2), CASE(in_a_timer_http1),
		 CASE(in_a_timer_http2), CASE(from_where), CASE(raw_tls), CASE(nothing_is_left))
