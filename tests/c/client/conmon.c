/* What connections measure on their way. */
#include "check.h"
#include "outcome.h"
#include "peer.h"
#include "server.h"
#include "tls.h"

#include <arpa/inet.h>
#include <netdb.h>

static struct server server, secure;
static struct peer peer;
static struct outcome outcome;
static struct lws_conmon taken, again;
static struct lws *current;

static int on_echo(struct lws *wsi, enum lws_callback_reasons reason, void *user, void *in, size_t len)
{
	switch (reason) {
	case LWS_CALLBACK_CLIENT_ESTABLISHED:
		memset(&taken, 0xff, sizeof(taken));
		lws_conmon_wsi_take(wsi, &taken);
		memset(&again, 0xff, sizeof(again));
		lws_conmon_wsi_take(wsi, &again);
		break;
	case LWS_CALLBACK_CLIENT_CONNECTION_ERROR:
		lws_conmon_wsi_take(wsi, &taken);
		break;
	default:
		break;
	}
	outcome_note(&outcome, wsi, reason, in); /* what was taken is there by then */

	return 0;
}

static const struct lws_protocols protocols[] = {
	{ "echo", on_echo, 16, 0, 0, NULL, 0 },
	{ NULL, NULL, 0, 0, 0, NULL, 0 }
};

static void connect_to(const char *address, int port, int flags)
{
	struct lws_context_creation_info info;
	struct lws_client_connect_info client;

	server_info(&info, protocols);
	info.port = CONTEXT_PORT_NO_LISTEN;
	info.options |= LWS_SERVER_OPTION_DO_SSL_GLOBAL_INIT;
	server_create(&server, &info);
	memset(&client, 0, sizeof(client));
	client.context = server.context;
	client.address = address;
	client.port = port;
	client.protocol = "echo";
	client.pwsi = &current;
	client.ssl_connection = flags;
	REQUIRE(lws_client_connect_via_info(&client) != NULL);
	server_start(&server);
}

static void end(void)
{
	server_destroy(&server);
	lws_conmon_release(&taken);
	CHECK_PTR(taken.dns_results_copy, NULL);
	lws_conmon_release(&taken);
	lws_conmon_release(NULL);
}

static void check_loopback(const struct sockaddr *address, int port)
{
	const struct sockaddr_in6 *six = (const struct sockaddr_in6 *)address;
	const struct sockaddr_in *four = (const struct sockaddr_in *)address;

	if (address->sa_family == AF_INET6) {
		CHECK(IN6_IS_ADDR_LOOPBACK(&six->sin6_addr));
		CHECK_INT(ntohs(six->sin6_port), port);
		return;
	}
	REQUIRE_INT(address->sa_family, AF_INET);
	CHECK_INT(ntohl(four->sin_addr.s_addr), INADDR_LOOPBACK);
	CHECK_INT(ntohs(four->sin_port), port);
}

/* By a name: all of the addresses that it has */
static void by_name(void)
{
	const struct addrinfo *info;
	int four = 0;

	peer_listen(&peer);
	connect_to("localhost", peer.port, LCCSCF_CONMON);
	peer_accept(&peer);
	peer_request(&peer);
	test_sleep_ms(30);
	client_print(&peer.client, "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
				   "Sec-WebSocket-Accept: %s\r\n\r\n", peer_accept_value(&peer));
	WAIT_FOR(outcome.established == 1);
	CHECK(taken.ciu_dns > 0);
	CHECK(taken.ciu_sockconn > 0);
	CHECK_INT(taken.ciu_tls, 0);
	CHECK(taken.ciu_txn_resp >= 30000);
	check_loopback((struct sockaddr *)&taken.peer46, peer.port);
	REQUIRE(taken.dns_results_copy != NULL);
	for (info = taken.dns_results_copy; info; info = info->ai_next) {
		CHECK_INT(info->ai_family, info->ai_addr->sa_family);
		CHECK_INT(info->ai_addrlen, info->ai_family == AF_INET ? sizeof(struct sockaddr_in) : sizeof(struct sockaddr_in6));
		check_loopback(info->ai_addr, peer.port);
		four += info->ai_family == AF_INET;
	}
	CHECK_INT(four, 1);
	/* the list is given once, the rest as often as it is asked for */
	CHECK_PTR(again.dns_results_copy, NULL);
	CHECK_INT(again.ciu_txn_resp, taken.ciu_txn_resp);
	peer_close(&peer);
	end();
}

/* A step that did not happen took no time, and nobody asked for the addresses. */
static void by_address(void)
{
	peer_listen(&peer);
	connect_to("127.0.0.1", peer.port, 0);
	peer_upgrade(&peer, NULL);
	WAIT_FOR(outcome.established == 1);
	CHECK_INT(taken.ciu_dns, 0);
	CHECK(taken.ciu_sockconn > 0);
	CHECK(taken.ciu_txn_resp > 0);
	CHECK_PTR(taken.dns_results_copy, NULL);
	peer_close(&peer);
	end();
}

static void failure(void)
{
	peer_refuse(&peer);
	connect_to("127.0.0.1", peer.port, LCCSCF_CONMON);
	WAIT_FOR(outcome.destroyed == 1);
	CHECK_INT(outcome.failed, 1);
	CHECK_INT(taken.ciu_sockconn, 0);
	CHECK_INT(taken.ciu_txn_resp, 0);
	CHECK_INT(taken.peer46.sa4.sin_family, 0);
	REQUIRE(taken.dns_results_copy != NULL);
	check_loopback(taken.dns_results_copy->ai_addr, peer.port);
	CHECK_PTR(taken.dns_results_copy->ai_next, NULL);
	peer_close(&peer);
	end();
}

static void handshake(void)
{
	struct lws_context_creation_info info;

	server_info(&info, protocols);
	info.options |= LWS_SERVER_OPTION_DO_SSL_GLOBAL_INIT;
	info.ssl_cert_filepath = tls_file("server.pem");
	info.ssl_private_key_filepath = tls_file("server.key");
	server_run(&secure, &info);
	connect_to("127.0.0.1", secure.port, LCCSCF_USE_SSL | LCCSCF_ALLOW_SELFSIGNED | LCCSCF_ALLOW_INSECURE |
			   LCCSCF_SKIP_SERVER_CERT_HOSTNAME_CHECK);
	WAIT_FOR(outcome.established == 1);
	CHECK(taken.ciu_tls > 0);
	CHECK(taken.ciu_sockconn > 0);
	CHECK(taken.ciu_txn_resp > 0);
	check_loopback((struct sockaddr *)&taken.peer46, secure.port);
	end();
	server_destroy(&secure);
}

static void not_a_connection(void)
{
	struct lws_conmon some;

	memset(&some, 0xff, sizeof(some));
	lws_set_log_level(0, NULL);
	lws_conmon_wsi_take(NULL, &some);
	CHECK_PTR(some.dns_results_copy, NULL);
	CHECK_INT(some.ciu_dns, 0);
	lws_conmon_wsi_take(NULL, NULL);
}

TEST_MAIN({ "by name", by_name }, { "by address", by_address }, { "failure", failure }, { "handshake", handshake },
	  { "not a connection", not_a_connection })
