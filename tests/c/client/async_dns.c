/*
 * lws_async_dns_*, and clients that connect to names, with a name server of the test's own.
 *
 * usage: async_dns DIRECTORY-OF-NAMESERVER.PY [case...]
 */
#include "check.h"
#include "outcome.h"
#include "script.h"
#include "server.h"

#include <arpa/inet.h>
#include <netdb.h>

static struct {
	int calls, result;
	const struct addrinfo *list;
	struct lws *wsi;
	char name[256], text[1024];
	void *opaque;
	int connecting, adopted;
} seen;
static struct outcome outcome;

static struct lws *refuses; /* the callback says that it has closed this one */
static struct lws *in_callback;
static bool close_in_callback;

/* The addresses in one line */
static void describe(const struct addrinfo *list)
{
	char text[INET6_ADDRSTRLEN];

	seen.text[0] = '\0';
	for (; list; list = list->ai_next) {
		REQUIRE(list->ai_addr != NULL);
		if (list->ai_family == AF_INET) {
			CHECK_INT(list->ai_addrlen, sizeof(struct sockaddr_in));
			inet_ntop(AF_INET, &((struct sockaddr_in *)list->ai_addr)->sin_addr, text, sizeof(text));
		} else {
			CHECK_INT(list->ai_addrlen, sizeof(struct sockaddr_in6));
			inet_ntop(AF_INET6, &((struct sockaddr_in6 *)list->ai_addr)->sin6_addr, text, sizeof(text));
		}
		CHECK_INT(list->ai_addr->sa_family, list->ai_family);
		CHECK_INT(list->ai_socktype, SOCK_STREAM);
		if (seen.text[0])
			strcat(seen.text, " ");
		strcat(seen.text, text);
	}
}

static struct lws *answered(struct lws *wsi, const char *ads, const struct addrinfo *result, int n, void *opaque)
{
	seen.calls++;
	seen.result = n;
	seen.wsi = wsi;
	seen.opaque = opaque;
	lws_strncpy(seen.name, ads, sizeof(seen.name));
	describe(result);
	CHECK_INT(!!result, n == LADNS_RET_FOUND);
	lws_async_dns_freeaddrinfo(&result);
	CHECK_PTR(result, NULL);
	lws_async_dns_freeaddrinfo(&result);
	if (wsi && wsi == refuses) {
		lws_set_timeout(wsi, PENDING_TIMEOUT_USER_OK, LWS_TO_KILL_ASYNC);
		return NULL;
	}
	return wsi;
}

static int on_client(struct lws *wsi, enum lws_callback_reasons reason, void *user, void *in, size_t len)
{
	outcome_note(&outcome, wsi, reason, in);
	switch (reason) {
	case LWS_CALLBACK_CONNECTING:
		seen.connecting++;
		break;
	case LWS_CALLBACK_RAW_ADOPT:
		seen.adopted++;
		break;
	case LWS_CALLBACK_CLIENT_ESTABLISHED:
		in_callback = wsi;
		if (close_in_callback)
			lws_set_timeout(wsi, PENDING_TIMEOUT_USER_OK, LWS_TO_KILL_ASYNC);
		break;
	default:
		break;
	}

	return 0;
}

static const struct lws_protocols protocols[] = {
	{ "test", on_client, 16, 0, 0, NULL, 0 },
	{ NULL, NULL, 0, 0, 0, NULL, 0 }
};

static struct lws_context *context;
static lws_sockaddr46 name_server;

static void create(void)
{
	struct lws_context_creation_info info;
	int port;

	memset(&seen, 0, sizeof(seen));
	server_info(&info, protocols);
	context = lws_create_context(&info);
	REQUIRE(context != NULL);
	script_start("nameserver.py", "", &port, 1);
	memset(&name_server, 0, sizeof(name_server));
	name_server.sa4.sin_family = AF_INET;
	name_server.sa4.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	name_server.sa4.sin_port = htons((uint16_t)port);
	REQUIRE_INT(lws_async_dns_server_add(context, &name_server), 0);
}

static int ask(const char *name, adns_query_type_t type)
{
	return lws_async_dns_query(context, 0, name, type, answered, NULL, &seen);
}

/* Asks and waits for the answer */
static const char *resolve(const char *name, adns_query_type_t type)
{
	int n = ask(name, type);

	if (n == LADNS_RET_CONTINUING) {
		CHECK_INT(seen.calls, 0);
		SERVE_UNTIL(context, seen.calls == 1);
	} else
		CHECK_INT(n, seen.result);
	CHECK_INT(seen.calls, 1);
	CHECK_PTR(seen.opaque, &seen);
	CHECK_PTR(seen.wsi, NULL);
	CHECK_STR(seen.name, name);
	seen.calls = 0;
	return seen.text;
}

static void at_hand(void)
{
	create();
	CHECK_INT(ask("192.0.2.1", LWS_ADNS_RECORD_A), LADNS_RET_FOUND);
	CHECK_STR(seen.text, "192.0.2.1");
	CHECK_INT(ask("2001:db8::1", LWS_ADNS_RECORD_A), LADNS_RET_FOUND);
	CHECK_STR(seen.text, "2001:db8::1");
	CHECK_INT(ask("localhost", LWS_ADNS_RECORD_A), LADNS_RET_FOUND);
	CHECK(!strncmp(seen.text, "127.0.0.1", 9));
	CHECK_INT(seen.calls, 3);
	lws_context_destroy(context);
}

static void asked(void)
{
	char many[] = "192.0.2.1 192.0.2.2 192.0.2.3 192.0.2.4 192.0.2.5 192.0.2.6 192.0.2.7 192.0.2.8 192.0.2.9 192.0.2.10 "
		      "192.0.2.11 192.0.2.12 192.0.2.13 192.0.2.14 192.0.2.15 192.0.2.16 192.0.2.17 192.0.2.18 192.0.2.19 "
		      "192.0.2.20";

	create();
	CHECK_STR(resolve("here.example", LWS_ADNS_RECORD_A), "127.0.0.1 ::1");
	CHECK_STR(resolve("here.example", LWS_ADNS_RECORD_AAAA), "::1 127.0.0.1");
	CHECK_STR(resolve("alias.example", LWS_ADNS_RECORD_AAAA), "::1 127.0.0.1");
	CHECK_STR(resolve("many.example", LWS_ADNS_RECORD_A), many);
	CHECK_STR(resolve("absent.example", LWS_ADNS_RECORD_A), "");
	CHECK_INT(seen.result, LADNS_RET_NXDOMAIN);
	CHECK_STR(resolve("refused.example", LWS_ADNS_RECORD_A), "");
	CHECK_INT(seen.result, LADNS_RET_FAILED);
	CHECK_STR(resolve("not a name", LWS_ADNS_RECORD_A), "");
	CHECK_INT(seen.result, LADNS_RET_NXDOMAIN);
	lws_context_destroy(context);
}

static void kept(void)
{
	create();
	CHECK_STR(resolve("counted.example", LWS_ADNS_RECORD_A), "127.0.0.1");
	CHECK_INT(ask("Counted.EXAMPLE", LWS_ADNS_RECORD_A), LADNS_RET_FOUND);
	CHECK_STR(seen.text, "127.0.0.1");
	seen.calls = 0;
	CHECK_STR(resolve("fleeting.example", LWS_ADNS_RECORD_A), "127.0.0.1");
	CHECK_STR(resolve("fleeting.example", LWS_ADNS_RECORD_A), "127.0.0.2");
	/* Other servers may know other things. */
	lws_async_dns_server_remove(context, &name_server);
	CHECK_INT(lws_async_dns_server_add(context, &name_server), 0);
	CHECK_STR(resolve("counted.example", LWS_ADNS_RECORD_A), "127.0.0.2");
	lws_context_destroy(context);
}

static void refused_by_the_call(void)
{
	lws_sockaddr46 none = { .sa4.sin_family = 0 };

	create();
	lws_set_log_level(0, NULL);
	CHECK_INT(ask("here.example", LWS_ADNS_RECORD_MX), LADNS_RET_FAILED);
	CHECK_INT(ask(NULL, LWS_ADNS_RECORD_A), LADNS_RET_FAILED);
	CHECK_INT(lws_async_dns_query(context, 1, "a", LWS_ADNS_RECORD_A, answered, NULL, NULL), LADNS_RET_FAILED);
	CHECK_INT(lws_async_dns_query(context, 0, "a", LWS_ADNS_RECORD_A, NULL, NULL, NULL), LADNS_RET_FAILED);
	CHECK_INT(lws_async_dns_query(NULL, 0, "a", LWS_ADNS_RECORD_A, answered, NULL, NULL), LADNS_RET_FAILED);
	CHECK_INT(lws_async_dns_server_add(context, &none), -1);
	CHECK_INT(lws_async_dns_server_add(context, NULL), -1);
	CHECK_INT(seen.calls, 0);
	lws_context_destroy(context);
}

/* The answer would come later than the context goes. */
static void destroyed_meanwhile(void)
{
	create();
	CHECK_INT(ask("silent.example", LWS_ADNS_RECORD_A), LADNS_RET_CONTINUING);
	lws_service(context, -1);
	lws_context_destroy(context);
	CHECK_INT(seen.calls, 0);
}

static void connect_to(const char *name)
{
	struct lws_client_connect_info client;

	memset(&client, 0, sizeof(client));
	client.context = context;
	client.address = name;
	client.port = lws_get_vhost_listen_port(lws_get_vhost_by_name(context, "default"));
	client.path = "/";
	client.protocol = "test";
	lws_client_connect_via_info(&client);
}

static void clients(void)
{
	create();
	close_in_callback = true;
	connect_to("here.example");
	SERVE_UNTIL(context, outcome.closed == 1);
	CHECK_INT(outcome.established, 1);
	/* Nobody listens at the first address. */
	seen.connecting = 0;
	connect_to("second.example");
	CHECK_INT(seen.connecting, 0);
	SERVE_UNTIL(context, outcome.closed == 2);
	CHECK_INT(seen.connecting, 2);
	/* What is known needs no waiting. */
	seen.connecting = 0;
	connect_to("second.example");
	CHECK(seen.connecting > 0);
	SERVE_UNTIL(context, outcome.closed == 3);
	connect_to("absent.example");
	SERVE_UNTIL(context, outcome.failed == 1);
	CHECK_STR(outcome.error, "DNS NXDOMAIN");
	connect_to("refused.example");
	SERVE_UNTIL(context, outcome.failed == 2);
	CHECK_STR(outcome.error, "dns lookup failed");
	lws_context_destroy(context);
}

static void for_a_connection(void)
{
	struct lws *wsi;

	create();
	connect_to("here.example");
	SERVE_UNTIL(context, outcome.established == 1);
	wsi = in_callback;
	CHECK_INT(lws_async_dns_query(context, 0, "fleeting.example", LWS_ADNS_RECORD_A, answered, wsi, NULL), LADNS_RET_CONTINUING);
	lws_set_log_level(0, NULL);
	CHECK_INT(lws_async_dns_query(context, 0, "fleeting.example", LWS_ADNS_RECORD_A, answered, wsi, NULL), LADNS_RET_FAILED);
	SERVE_UNTIL(context, seen.calls == 1);
	CHECK_PTR(seen.wsi, wsi);
	CHECK_STR(seen.text, "127.0.0.1");
	/* One that closes before the answer gets none. */
	CHECK_INT(lws_async_dns_query(context, 0, "silent.example", LWS_ADNS_RECORD_A, answered, wsi, NULL), LADNS_RET_CONTINUING);
	lws_set_timeout(wsi, PENDING_TIMEOUT_USER_OK, LWS_TO_KILL_ASYNC);
	SERVE_UNTIL(context, outcome.closed == 1);
	CHECK_INT(lws_async_dns_query(context, 0, "192.0.2.1", LWS_ADNS_RECORD_A, answered, wsi, NULL), LADNS_RET_FAILED);
	CHECK_INT(seen.calls, 1);
	/* The callback closes it. */
	connect_to("here.example");
	SERVE_UNTIL(context, outcome.established == 2);
	refuses = in_callback;
	CHECK_INT(lws_async_dns_query(context, 0, "192.0.2.1", LWS_ADNS_RECORD_A, answered, refuses, NULL), LADNS_RET_FAILED_WSI_CLOSED);
	SERVE_UNTIL(context, outcome.closed == 2);
	CHECK_INT(seen.calls, 2);
	lws_context_destroy(context);
}

/* The peers of datagrams are looked up by the servers that the program has named, too. */
static void datagrams(void)
{
	struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	socklen_t length = sizeof(address);
	int peer = socket(AF_INET, SOCK_DGRAM, 0);

	REQUIRE_INT(bind(peer, (struct sockaddr *)&address, length), 0);
	REQUIRE_INT(getsockname(peer, (struct sockaddr *)&address, &length), 0);
	create();
	REQUIRE(lws_create_adopt_udp(lws_get_vhost_by_name(context, "default"), "second.example", ntohs(address.sin_port), 0, NULL,
				     NULL, NULL, NULL, NULL, NULL) != NULL);
	SERVE_UNTIL(context, seen.adopted == 1);
	close(peer);
	lws_context_destroy(context);
}

SCRIPT_TEST_MAIN({ "at_hand", at_hand }, { "asked", asked }, { "kept", kept },
		 { "refused_by_the_call", refused_by_the_call }, { "destroyed_meanwhile", destroyed_meanwhile },
		 { "clients", clients }, { "for_a_connection", for_a_connection }, { "datagrams", datagrams })
