/* Sockets that the program accepts and that speak TLS: openssl(1) is the client. */
#include "check.h"
#include "client.h"
#include "peer.h"
#include "server.h"
#include "tls.h"

#include <string.h>
#include <sys/socket.h>

static struct server server;
static atomic_int raw_adopted, closed;
static struct peer peer;
static struct lws *adopted;

static int on_http(struct lws *wsi, enum lws_callback_reasons reason, void *user, void *in, size_t len)
{
	if (reason == LWS_CALLBACK_HTTP)
		return server_reply_text(wsi, lws_is_ssl(wsi) ? "over TLS" : "plain");
	return 0;
}

static int on_raw(struct lws *wsi, enum lws_callback_reasons reason, void *user, void *in, size_t len)
{
	switch (reason) {
	case LWS_CALLBACK_RAW_ADOPT:
		raw_adopted++;
		return 0;
	case LWS_CALLBACK_RAW_RX:
		return lws_write(wsi, in, len, LWS_WRITE_RAW) == (int)len ? 0 : -1;
	case LWS_CALLBACK_RAW_CLOSE:
		closed++;
		return 0;
	default:
		return 0;
	}
}

static const struct lws_protocols protocols[] = {
	{ "http", on_http, 0, 0, 0, NULL, 0 },
	{ "raw", on_raw, 16, 0, 0, NULL, 0 },
	{ NULL, NULL, 0, 0, 0, NULL, 0 }
};

static void run(uint64_t options, int where)
{
	struct lws_context_creation_info info;

	server_info(&info, protocols);
	info.port = where;
	info.options |= LWS_SERVER_OPTION_DO_SSL_GLOBAL_INIT | options;
	info.ssl_cert_filepath = tls_file("server.pem");
	info.ssl_private_key_filepath = tls_file("server.key");
	info.listen_accept_protocol = "raw";
	server_run(&server, &info);
	peer_listen(&peer);
}

static void end(void)
{
	peer_close(&peer);
	server_destroy(&server);
}

/* Accepts one, and has the library serve it; part: bytes that the program has read before. */
static void accept_one(int type, size_t part)
{
	lws_sock_file_fd_type fd;
	char first[64];

	memset(&fd, 0, sizeof(fd));
	fd.sockfd = accept(peer.listener, NULL, NULL);
	REQUIRE(fd.sockfd >= 0);
	if (part) {
		REQUIRE(recv(fd.sockfd, first, part, MSG_WAITALL) == (ssize_t)part);
		adopted = lws_adopt_socket_vhost_readbuf(server.vhost, fd.sockfd, first, part);
	} else
		adopted = lws_adopt_descriptor_vhost(server.vhost, (lws_adoption_type)(LWS_ADOPT_SOCKET | type), fd,
						     type & LWS_ADOPT_HTTP ? NULL : "raw", NULL);
	CHECK(adopted != NULL);
}

static void page(struct client *client, const char *text)
{
	struct client_response response;

	client_send(client, "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n", 35);
	REQUIRE(client_response(client, &response, false));
	CHECK_INT(response.status, 200);
	CHECK_STR((char *)response.body, text);
	client_response_free(&response);
}

static void pages(void)
{
	struct tls_client tls;
	struct client client;
	size_t part;

	run(0, CONTEXT_PORT_NO_LISTEN_SERVER);
	for (part = 0; part <= 60; part += 20) {
		tls_connect(&tls, peer.port, "%s", tls_verifying());
		accept_one(LWS_ADOPT_HTTP | LWS_ADOPT_ALLOW_SSL, part);
		page(&tls.client, "over TLS");
		page(&tls.client, "over TLS");
		tls_close(&tls);
	}
	/* the program may have it without */
	client_tcp_plain(&client, peer.port);
	accept_one(LWS_ADOPT_HTTP, 0);
	page(&client, "plain");
	client_close(&client);
	end();
}

/* As one that its listener has accepted */
static void beside_listener(void)
{
	struct tls_client tls;

	run(0, 0);
	tls_connect(&tls, peer.port, "-alpn http/1.1");
	accept_one(LWS_ADOPT_HTTP | LWS_ADOPT_ALLOW_SSL, 0);
	page(&tls.client, "over TLS");
	tls_expect_page(server.port, tls_verifying(), "over TLS");
	page(&tls.client, "over TLS");
	tls_close(&tls);
	end();
}

static void raw(void)
{
	struct tls_client tls;

	run(0, CONTEXT_PORT_NO_LISTEN_SERVER);
	tls_connect(&tls, peer.port, "-quiet");
	accept_one(LWS_ADOPT_ALLOW_SSL, 0);
	client_say(&tls.client, "GET / HTTP/1.1\r\n\r\n", "GET / HTTP/1.1\r\n\r\n");
	client_say(&tls.client, "hello", "hello");
	CHECK_INT(raw_adopted, 1);
	tls_close(&tls);
	WAIT_FOR(closed == 1);
	end();
}

/* What is no HTTP inside of TLS, and what is no TLS */
static void fallback(void)
{
	struct tls_client tls;
	struct client client;

	run(LWS_SERVER_OPTION_FALLBACK_TO_APPLY_LISTEN_ACCEPT_CONFIG | LWS_SERVER_OPTION_ALLOW_NON_SSL_ON_SSL_PORT, 0);
	tls_connect(&tls, server.port, "-quiet");
	client_say(&tls.client, "hello", "hello");
	client_say(&tls.client, "again", "again");
	tls_close(&tls);
	WAIT_FOR(closed == 1);
	tls_expect_page(server.port, tls_verifying(), "over TLS");
	client_tcp_plain(&client, server.port);
	client_say(&client, "hello", "hello");
	client_close(&client);
	WAIT_FOR(closed == 2);
	/* the same for one that the program has accepted */
	tls_connect(&tls, peer.port, "-quiet");
	accept_one(LWS_ADOPT_HTTP | LWS_ADOPT_ALLOW_SSL, 0);
	client_say(&tls.client, "hello", "hello");
	tls_close(&tls);
	WAIT_FOR(closed == 3);
	end();
}

TEST_MAIN({ "pages", pages }, { "beside_listener", beside_listener }, { "raw", raw }, { "fallback", fallback })
