/*
 * Each way in which a connection fails, at each step of its making, ends in exactly one CLIENT_CONNECTION_ERROR or closing
 * callback, and one WSI_DESTROY. TLS has tests of its own (tls/clients.c), proxies too (proxies.c).
 */
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "peer.h"
#include "check.h"
#include "outcome.h"
#include "server.h"

static struct peer peer;
static struct server program;
static bool endless;		/* the request has a body that never ends */
static unsigned int limit = 60; /* seconds */
static bool later;		/* the vhost is made later, and has no limit of its own */

static struct outcome outcome;

static int on_client(struct lws *wsi, enum lws_callback_reasons reason, void *user, void *in, size_t len)
{
	static char buffer[LWS_PRE + 65536];
	char *p = buffer + LWS_PRE;

	CHECK(reason != LWS_CALLBACK_CLIENT_CONNECTION_ERROR || in);
	/* What carries a stream of HTTP/2 has no data of the program's. */
	if (reason != LWS_CALLBACK_WSI_DESTROY || lws_get_opaque_user_data(wsi))
		outcome_note(&outcome, wsi, reason, in);
	switch (reason) {
	case LWS_CALLBACK_CLIENT_APPEND_HANDSHAKE_HEADER:
		if (endless) {
			lws_client_http_body_pending(wsi, 1);
			lws_callback_on_writable(wsi);
		}
		break;
	case LWS_CALLBACK_CLIENT_HTTP_WRITEABLE:
		if (!endless)
			break;
		lws_callback_on_writable(wsi);
		return lws_write(wsi, (unsigned char *)p, 65536, LWS_WRITE_HTTP) < 0 ? -1 : 0;
	case LWS_CALLBACK_RECEIVE_CLIENT_HTTP:
		return outcome_read(wsi, 1024);
	default:
		break;
	}

	return 0;
}

static const struct lws_protocols protocols[] = {
	{ "http", on_client, 16, 0, 0, NULL, 0 },
	{ NULL, NULL, 0, 0, 0, NULL, 0 }
};

/* The kinds of connection; NULL is a WebSocket. */
static const char *const kinds[] = { "GET", "POST", NULL, "RAW" };
enum { KINDS = 4, RAW = 3 };

static struct lws *begin(const char *method, const char *address, int flags)
{
	struct lws_context_creation_info info;
	struct lws_client_connect_info client;
	struct lws *wsi;

	memset(&outcome, 0, sizeof(outcome));
	server_info(&info, protocols);
	info.port = CONTEXT_PORT_NO_LISTEN;
	info.timeout_secs = info.connect_timeout_secs = limit;
	if (later)
		info.options |= LWS_SERVER_OPTION_EXPLICIT_VHOSTS;
	server_create(&program, &info);
	if (later) {
		info.timeout_secs = 0;
		REQUIRE(lws_create_vhost(program.context, &info) != NULL);
	}
	memset(&client, 0, sizeof(client));
	client.context = program.context;
	client.address = address;
	client.port = peer.port;
	client.method = method;
	client.protocol = "http";
	client.ssl_connection = flags;
	client.opaque_user_data = &program;
	wsi = lws_client_connect_via_info(&client);
	server_start(&program);

	return wsi;
}

/* The end of it: how, and with what text if not NULL */
static void end(int failures, const char *text)
{
	WAIT_FOR(outcome.destroyed == 1);
	CHECK_INT(outcome.failed, failures);
	CHECK_INT(outcome.closed, !failures);
	if (text)
		CHECK_STR(outcome.error, text);
	server_destroy(&program);
	CHECK_INT(outcome.failed, failures);
	CHECK_INT(outcome.closed, !failures);
	CHECK_INT(outcome.destroyed, 1);
}

static void refused(void)
{
	for (int i = 0; i < KINDS; i++) {
		peer_refuse(&peer);
		REQUIRE(begin(kinds[i], "127.0.0.1", 0) != NULL);
		end(1, "Unable to connect");
		peer_close(&peer);
	}
}

/* TCP does not go to a broadcast address, which the kernel knows at once: the call says so. */
static void unreachable(void)
{
	peer_refuse(&peer);
	for (int i = 0; i < KINDS; i++) {
		CHECK_PTR(begin(kinds[i], "255.255.255.255", 0), NULL);
		server_destroy(&program);
		CHECK_INT(outcome.failed, 0);
		CHECK_INT(outcome.closed, 0);
		CHECK(outcome.destroyed <= 1);
	}
}

static void no_connection_in_time(void)
{
	limit = 1;
	for (int i = 0; i < KINDS; i++) {
		peer_ignore(&peer);
		REQUIRE(begin(kinds[i], "127.0.0.1", 0) != NULL);
		end(1, "closed before established");
		peer_close(&peer);
	}
}

static void connected(const char *method, int flags)
{
	peer_listen(&peer);
	REQUIRE(begin(method, "127.0.0.1", flags) != NULL);
	peer_accept(&peer);
	if (!method || strcmp(method, "RAW"))
		peer_request(&peer);
	else
		WAIT_FOR(outcome.established);
}

static void reset_without_an_answer(void)
{
	for (int i = 0; i < KINDS; i++) {
		connected(kinds[i], 0);
		client_abort(&peer.client);
		end(i != RAW, i != RAW ? "read failed" : "");
		peer_close(&peer);
	}
}

static void end_without_an_answer(void)
{
	for (int i = 0; i < KINDS; i++) {
		connected(kinds[i], 0);
		client_close(&peer.client);
		end(i != RAW, i != RAW ? "read failed" : "");
		peer_close(&peer);
	}
}

/* The server sends no more, but would read. */
static void half_closed_without_an_answer(void)
{
	for (int i = 0; i < KINDS; i++) {
		connected(kinds[i], 0);
		REQUIRE_INT(shutdown(peer.client.fd, SHUT_WR), 0);
		end(i != RAW, i != RAW ? "read failed" : "");
		client_drain(&peer.client);
		peer_close(&peer);
	}
}

static void half_closed_in_the_head(void)
{
	for (int i = 0; i < RAW; i++) {
		connected(kinds[i], 0);
		client_print(&peer.client, "HTTP/1.1 200 OK\r\nContent-Le");
		REQUIRE_INT(shutdown(peer.client.fd, SHUT_WR), 0);
		end(1, "read failed");
		client_drain(&peer.client);
		peer_close(&peer);
	}
}

/* All of the response is there. */
static void half_closed_behind_the_response(void)
{
	for (int i = 0; i < 2; i++) {
		connected(kinds[i], 0);
		client_print(&peer.client, "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello");
		REQUIRE_INT(shutdown(peer.client.fd, SHUT_WR), 0);
		end(0, "");
		CHECK_INT(outcome.completed, 1);
		client_drain(&peer.client);
		peer_close(&peer);
	}
}

static void half_closed_in_the_body(void)
{
	for (int i = 0; i < 2; i++) {
		connected(kinds[i], 0);
		client_print(&peer.client, "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhell");
		REQUIRE_INT(shutdown(peer.client.fd, SHUT_WR), 0);
		end(0, "");
		CHECK_INT(outcome.completed, 0);
		client_drain(&peer.client);
		peer_close(&peer);
	}
}

static void no_answer_in_time(void)
{
	limit = 1;
	for (int i = 0; i < RAW; i++) {
		connected(kinds[i], 0);
		end(1, "Timed out waiting server reply");
		peer_close(&peer);
	}
}

/* The limit of the context is for all of its vhosts. */
static void no_answer_in_time_of_the_context(void)
{
	later = true;
	no_answer_in_time();
}

static void half_an_answer_in_time(void)
{
	limit = 1;
	for (int i = 0; i < RAW; i++) {
		connected(kinds[i], 0);
		client_print(&peer.client, "HTTP/1.1 200 OK\r\nContent-Le");
		end(1, "Timed out waiting server reply");
		peer_close(&peer);
	}
}

/* The server does not read the request's body. */
static void body_not_taken_in_time(void)
{
	limit = 1;
	endless = true;
	connected("POST", 0);
	end(1, NULL);
	peer_close(&peer);
}

static void closed_by_the_program(void)
{
	for (int i = 0; i < KINDS; i++) {
		struct lws *wsi;

		peer_ignore(&peer);
		wsi = begin(kinds[i], "127.0.0.1", 0);
		REQUIRE(wsi != NULL);
		lws_set_timeout(wsi, PENDING_TIMEOUT_USER_OK, LWS_TO_KILL_ASYNC);
		end(1, "closed before established");
		peer_close(&peer);
	}
}

static void destroyed_in_the_middle(void)
{
	for (int i = 0; i < KINDS; i++) {
		peer_ignore(&peer);
		REQUIRE(begin(kinds[i], "127.0.0.1", 0) != NULL);
		server_destroy(&program);
		CHECK_INT(outcome.failed, 1);
		CHECK_INT(outcome.closed, 0);
		CHECK_INT(outcome.destroyed, 1);
		peer_close(&peer);
	}
}

/* What answers speaks something else. */
static void another_protocol(void)
{
	static const char *const answers[] = {
		"SSH-2.0-OpenSSH_9.2\r\n\r\n", "220 mail.example ESMTP\r\n\r\n", "HTTP/9.9 200 OK\r\n\r\n",
		"HTTP/1.1 2x0 OK\r\n\r\n", "<html>hello</html>\r\n\r\n", "\x15\x03\x01\x01\x02\x02\x0a\r\n\r\n",
	};
	size_t k;

	for (int i = 0; i < RAW; i++)
		for (k = 0; k < sizeof(answers) / sizeof(answers[0]); k++) {
			connected(kinds[i], 0);
			client_print(&peer.client, "%s", answers[k]);
			end(1, "problems parsing header");
			client_drain(&peer.client);
			peer_close(&peer);
		}
	connected(NULL, 0);
	client_print(&peer.client, "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello");
	end(1, "HS: ws upgrade response not 101");
	client_drain(&peer.client);
	peer_close(&peer);
}

/* HTTP/2 was promised, and HTTP/1.1 answers. */
static void no_http2(void)
{
	peer_listen(&peer);
	REQUIRE(begin("GET", "127.0.0.1", LCCSCF_H2_PRIOR_KNOWLEDGE) != NULL);
	peer_accept(&peer);
	REQUIRE(client_fill(&peer.client, 24));
	client_print(&peer.client, "HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n");
	end(1, NULL);
	CHECK(outcome.error[0]);
	client_drain(&peer.client);
	peer_close(&peer);
}

/* What was written is sent although the server has said its last. */
static void raw_half_closed(void)
{
	connected("RAW", 0);
	client_print(&peer.client, "hello");
	REQUIRE_INT(shutdown(peer.client.fd, SHUT_WR), 0);
	end(0, "");
	CHECK_INT(client_drain(&peer.client), 0);
	peer_close(&peer);
}

#define CASE(name) { #name, name }

TEST_MAIN(CASE(refused), CASE(unreachable), CASE(no_connection_in_time), CASE(reset_without_an_answer),
	  CASE(end_without_an_answer), CASE(half_closed_without_an_answer), CASE(half_closed_in_the_head),
	  CASE(half_closed_behind_the_response), CASE(half_closed_in_the_body), CASE(no_answer_in_time),
	  CASE(no_answer_in_time_of_the_context), CASE(half_an_answer_in_time), CASE(body_not_taken_in_time),
	  CASE(closed_by_the_program), CASE(destroyed_in_the_middle),
	  CASE(another_protocol), CASE(no_http2), CASE(raw_half_closed))
