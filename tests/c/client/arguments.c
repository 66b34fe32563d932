/*
 * Arguments that cannot be: NULL, out of range, of another kind. Each call has to give the error that its header names, and
 * to leave everything as it was; none of them may crash.
 */
#include "check.h"
#include "outcome.h"
#include "peer.h"
#include "server.h"

#include <fcntl.h>
#include <sys/socket.h>
#include <unistd.h>

static struct server server;
static struct peer peer;
static struct outcome outcome;
static void (*established)(struct lws *wsi);
static void (*handshake)(struct lws *wsi);
static int callbacks;

static int on_echo(struct lws *wsi, enum lws_callback_reasons reason, void *user, void *in, size_t len)
{
	outcome_note(&outcome, wsi, reason, in);
	switch (reason) {
	case LWS_CALLBACK_PROTOCOL_INIT:
	case LWS_CALLBACK_PROTOCOL_DESTROY:
	case LWS_CALLBACK_EVENT_WAIT_CANCELLED:
		break;
	default:
		callbacks++;
	}
	if (reason == LWS_CALLBACK_CLIENT_APPEND_HANDSHAKE_HEADER && handshake)
		handshake(wsi);
	if ((reason == LWS_CALLBACK_CLIENT_ESTABLISHED || reason == LWS_CALLBACK_RAW_ADOPT) && established)
		established(wsi);

	return 0;
}

static const struct lws_protocols protocols[] = {
	{ "echo", on_echo, 16, 0, 0, NULL, 0 },
	{ NULL, NULL, 0, 0, 0, NULL, 0 }
};

static void create(void)
{
	struct lws_context_creation_info info;

	server_info(&info, protocols);
	info.port = CONTEXT_PORT_NO_LISTEN;
	server_create(&server, &info);
	lws_set_log_level(0, NULL);
}

static struct lws_client_connect_info client(void)
{
	struct lws_client_connect_info info;

	memset(&info, 0, sizeof(info));
	info.context = server.context;
	info.address = "127.0.0.1";
	info.port = 9; /* nothing of this is to begin */
	info.protocol = "echo";

	return info;
}

static bool open_still(int fd)
{
	return fcntl(fd, F_GETFD) >= 0;
}

/* The call fails, nobody hears of it, and where the connection would be stored is NULL. */
static void refused(struct lws_client_connect_info *info, const char *what)
{
	struct lws *place = (struct lws *)1;

	callbacks = 0;
	info->pwsi = &place;
	if (lws_client_connect_via_info(info))
		FAIL("%s: a connection", what);
	if (place)
		FAIL("%s: pwsi is not NULL", what);
	if (callbacks)
		FAIL("%s: %d callbacks", what, callbacks);
	info->pwsi = NULL;
}

#define REFUSED(member, value)                                                                     \
	do {                                                                                       \
		struct lws_client_connect_info refused_info = client();                            \
		refused_info.member = value;                                                       \
		refused(&refused_info, #member " = " #value);                                      \
	} while (0)

static void connecting(void)
{
	static char space[4096];
	static char name[5000];

	create();
	memset(name, 'a', sizeof(name) - 1);
	CHECK_PTR(lws_client_connect_via_info(NULL), NULL);
	REFUSED(context, NULL);
	REFUSED(context, (struct lws_context *)space);
	REFUSED(vhost, (struct lws_vhost *)space);
	REFUSED(parent_wsi, (struct lws *)space);
	REFUSED(address, NULL);
	REFUSED(address, "");
	REFUSED(address, "+");
	REFUSED(address, "a\nb");
	REFUSED(port, -1);
	REFUSED(port, 65536);
	REFUSED(path, "/a\r\nX: y");
	REFUSED(host, "a\r\nX: y");
	REFUSED(origin, "a\r\nX: y");
	REFUSED(protocol, "a\r\nX: y");
	REFUSED(method, "MQTT");
	REFUSED(method, "CONNECT");
	REFUSED(method, "UDP");
	REFUSED(method, "G T");
	REFUSED(method, "GET\r\nX: y");
	REFUSED(iface, "no-such-interface");
	{
		struct lws_client_connect_info info = client();

		name[0] = '+';
		info.address = name;
		refused(&info, "path of a unix socket that is too long");

		/* Who listens turns out in the call, when callbacks have come already: the last one is WSI_DESTROY. */
		info.address = "+@no-such-socket-of-golws-tests";
		outcome.destroyed = 0;
		CHECK_PTR(lws_client_connect_via_info(&info), NULL);
		CHECK_INT(outcome.destroyed, 1);
		CHECK_INT(outcome.failed, 0);
	}
	server_destroy(&server);
}

static void adopting(void)
{
	lws_sock_file_fd_type fd;
	lws_adopt_desc_t info;
	int pair[2], file;

	create();
	callbacks = 0;
	CHECK_PTR(lws_adopt_descriptor_vhost_via_info(NULL), NULL);
	memset(&info, 0, sizeof(info));
	REQUIRE_INT(socketpair(AF_UNIX, SOCK_STREAM, 0, pair), 0);
	info.type = LWS_ADOPT_SOCKET;
	info.fd.sockfd = pair[0];
	CHECK_PTR(lws_adopt_descriptor_vhost_via_info(&info), NULL);
	CHECK(!open_still(pair[0])); /* a socket is closed */
	close(pair[1]);

	REQUIRE_INT(socketpair(AF_UNIX, SOCK_STREAM, 0, pair), 0);
	info.vh = server.vhost;
	info.fd.sockfd = pair[0];
	info.vh_prot_name = "no such protocol";
	CHECK_PTR(lws_adopt_descriptor_vhost_via_info(&info), NULL);
	CHECK(!open_still(pair[0]));
	close(pair[1]);

	fd.sockfd = -1;
	CHECK_PTR(lws_adopt_descriptor_vhost(server.vhost, LWS_ADOPT_SOCKET, fd, NULL, NULL), NULL);
	CHECK_PTR(lws_adopt_descriptor_vhost(NULL, LWS_ADOPT_SOCKET, fd, NULL, NULL), NULL);
	CHECK_PTR(lws_adopt_socket(server.context, -1), NULL);
	CHECK_PTR(lws_adopt_socket_vhost(server.vhost, -1), NULL);
	CHECK_PTR(lws_adopt_socket_readbuf(server.context, -1, NULL, 0), NULL);
	CHECK_PTR(lws_adopt_socket_vhost_readbuf(server.vhost, -1, "GET", 3), NULL);
	CHECK_PTR(lws_adopt_socket(NULL, -1), NULL);
	CHECK_PTR(lws_adopt_socket_vhost(NULL, -1), NULL);
	CHECK_PTR(lws_adopt_socket_readbuf(NULL, -1, NULL, 0), NULL);
	CHECK_PTR(lws_adopt_socket_vhost_readbuf(NULL, -1, NULL, 5), NULL);
	fd.sockfd = 1 << 20;
	CHECK_PTR(lws_adopt_descriptor_vhost(server.vhost, LWS_ADOPT_SOCKET, fd, NULL, NULL), NULL);

	/* a regular file can not be polled, and stays the program's */
	file = open("/proc/self/exe", O_RDONLY);
	REQUIRE(file >= 0);
	fd.filefd = file;
	CHECK_PTR(lws_adopt_descriptor_vhost(server.vhost, LWS_ADOPT_RAW_FILE_DESC, fd, NULL, NULL), NULL);
	CHECK(open_still(file));
	/* nor is it a socket */
	fd.sockfd = file;
	CHECK_PTR(lws_adopt_descriptor_vhost(server.vhost, LWS_ADOPT_SOCKET, fd, NULL, NULL), NULL);
	CHECK_INT(callbacks, 0);

	server_destroy(&server);
}

static void datagrams(void)
{
	static char space[4096];

	create();
	callbacks = 0;
	CHECK_PTR(lws_create_adopt_udp(NULL, "127.0.0.1", 0, 0, "echo", NULL, NULL, NULL, NULL, NULL), NULL);
	CHECK_PTR(lws_create_adopt_udp(server.vhost, "127.0.0.1", -1, 0, "echo", NULL, NULL, NULL, NULL, NULL), NULL);
	CHECK_PTR(lws_create_adopt_udp(server.vhost, "127.0.0.1", 65536, 0, "echo", NULL, NULL, NULL, NULL, NULL), NULL);
	CHECK_PTR(lws_create_adopt_udp(server.vhost, "127.0.0.1", 9, 0, "other", NULL, NULL, NULL, NULL, NULL), NULL);
	CHECK_PTR(lws_create_adopt_udp(server.vhost, "127.0.0.1", 9, 0, "echo", NULL, (struct lws *)space, NULL, NULL, NULL),
		  NULL);
	CHECK_INT(callbacks, 0);
	CHECK_PTR(lws_create_adopt_udp(server.vhost, "127.0.0.1", 0, LWS_CAUDP_BIND, "echo", "no-such-interface", NULL, NULL,
				       NULL, NULL), NULL);
	/* An address of nobody's here */
	CHECK_PTR(lws_create_adopt_udp(server.vhost, "192.0.2.1", 0, LWS_CAUDP_BIND, "echo", NULL, NULL, NULL, NULL, NULL),
		  NULL);
	server_destroy(&server);
}

static void never(lws_sorted_usec_list_t *sul)
{
	FAIL("called");
}

static void retrying(void)
{
	static const uint32_t table[] = { 1000 };
	static const lws_retry_bo_t policy = { .retry_ms_table = table, .retry_ms_table_count = 1, .conceal_count = 5 };
	static const lws_retry_bo_t no_table = { .conceal_count = 1 };
	static const lws_retry_bo_t nowhere = { .retry_ms_table_count = 3, .conceal_count = 1 };
	lws_sorted_usec_list_t sul;
	uint16_t tries = 0;
	char conceal = 7;
	unsigned int ms;

	create();
	memset(&sul, 0, sizeof(sul));
	ms = lws_retry_get_delay_ms(NULL, NULL, &tries, &conceal);
	CHECK(ms >= 3000 && ms <= 3900);
	CHECK_INT(conceal, 0);
	CHECK_INT(tries, 1);
	tries = 0;
	ms = lws_retry_get_delay_ms(NULL, &no_table, &tries, &conceal);
	CHECK(ms >= 3000 && ms <= 3900);
	CHECK_INT(conceal, 1);
	tries = 0;
	ms = lws_retry_get_delay_ms(NULL, &nowhere, &tries, NULL);
	CHECK(ms >= 3000 && ms <= 3900);
	ms = lws_retry_get_delay_ms(server.context, &policy, NULL, &conceal);
	CHECK(ms >= 1000 && ms <= 1300);
	CHECK_INT(conceal, 1);

	tries = 0;
	CHECK_INT(lws_retry_sul_schedule(server.context, 0, &sul, NULL, never, &tries), 1);
	CHECK_INT(lws_retry_sul_schedule(NULL, 0, &sul, &policy, never, &tries), 1);
	CHECK_INT(lws_retry_sul_schedule(server.context, -1, &sul, &policy, never, &tries), 1);
	CHECK_INT(lws_retry_sul_schedule(server.context, 1, &sul, &policy, never, &tries), 1);
	CHECK_INT(lws_retry_sul_schedule(server.context, 0, NULL, &policy, never, &tries), 1);
	CHECK_INT(lws_retry_sul_schedule(server.context, 0, &sul, &policy, NULL, &tries), 1);
	CHECK_INT(lws_retry_sul_schedule_retry_wsi(NULL, &sul, never, &tries), 1);
	CHECK(lws_dll2_is_detached(&sul.list));
	server_destroy(&server);
}

static struct lws *answered(struct lws *wsi, const char *ads, const struct addrinfo *result, int n, void *opaque)
{
	*(int *)opaque = n;
	if (result)
		FAIL("an answer");

	return wsi;
}

static void names(void)
{
	static char space[4096];
	static char name[5000];
	lws_sockaddr46 address;
	const struct addrinfo *none = NULL;
	int n = 99;

	create();
	CHECK_INT(lws_async_dns_query(NULL, 0, "127.0.0.1", LWS_ADNS_RECORD_A, answered, NULL, &n), LADNS_RET_FAILED);
	CHECK_INT(lws_async_dns_query(server.context, -1, "127.0.0.1", LWS_ADNS_RECORD_A, answered, NULL, &n), LADNS_RET_FAILED);
	CHECK_INT(lws_async_dns_query(server.context, 1, "127.0.0.1", LWS_ADNS_RECORD_A, answered, NULL, &n), LADNS_RET_FAILED);
	CHECK_INT(lws_async_dns_query(server.context, 0, NULL, LWS_ADNS_RECORD_A, answered, NULL, &n), LADNS_RET_FAILED);
	CHECK_INT(lws_async_dns_query(server.context, 0, "127.0.0.1", LWS_ADNS_RECORD_MX, answered, NULL, &n), LADNS_RET_FAILED);
	CHECK_INT(lws_async_dns_query(server.context, 0, "127.0.0.1", LWS_ADNS_RECORD_A, NULL, NULL, &n), LADNS_RET_FAILED);
	CHECK_INT(lws_async_dns_query(server.context, 0, "127.0.0.1", LWS_ADNS_RECORD_A, answered, (struct lws *)space, &n),
		  LADNS_RET_FAILED);
	CHECK_INT(n, 99);
	/* What is no name is found out by whom it is asked of. */
	memset(name, 'a', sizeof(name) - 1);
	lws_async_dns_query(server.context, 0, name, LWS_ADNS_RECORD_A, answered, NULL, &n);
	SERVE_UNTIL(server.context, n != 99);
	CHECK(n < 0);
	n = 99;
	lws_async_dns_query(server.context, 0, "", LWS_ADNS_RECORD_A, answered, NULL, &n);
	SERVE_UNTIL(server.context, n != 99);
	CHECK(n < 0);

	lws_async_dns_freeaddrinfo(NULL);
	lws_async_dns_freeaddrinfo(&none);
	memset(&address, 0, sizeof(address));
	CHECK_INT(lws_async_dns_server_add(server.context, NULL), -1);
	CHECK_INT(lws_async_dns_server_add(server.context, &address), -1);
	address.sa4.sin_family = AF_INET;
	CHECK_INT(lws_async_dns_server_add(NULL, &address), -1);
	lws_async_dns_server_remove(server.context, NULL);
	lws_async_dns_server_remove(NULL, &address);
	lws_async_dns_server_remove(server.context, &address);
	server_destroy(&server);
}

static void post(struct lws_context *context, int tsi, void *opaque)
{
	FAIL("called");
}

static void serving(void)
{
	struct lws_pollfd other = { .fd = -1, .events = LWS_POLLIN, .revents = LWS_POLLIN };

	create();
	CHECK_INT(lws_service(NULL, 0), -1);
	CHECK_INT(lws_service_tsi(NULL, 0, 0), -1);
	CHECK_INT(lws_service_tsi(server.context, -1, -1), -1);
	CHECK_INT(lws_service_tsi(server.context, -1, 1), -1);
	CHECK_INT(lws_service_pollable_fd(NULL, 0), -1);
	CHECK_INT(lws_service_pollable_fd(server.context, -1), -1);
	CHECK_INT(lws_service_pollable_fd(server.context, 1), -1);
	CHECK_INT(lws_service_adjust_timeout(NULL, 5, 0), 1);
	CHECK_INT(lws_service_adjust_timeout(server.context, 5, -1), 1);
	CHECK_INT(lws_service_adjust_timeout(server.context, 5, 1), 1);
	lws_cancel_service(NULL);
	lws_cancel_service_pt(NULL);
	CHECK_INT(lws_service_post(NULL, 0, post, NULL), -1);
	CHECK_INT(lws_service_post(server.context, -1, post, NULL), -1);
	CHECK_INT(lws_service_post(server.context, 1, post, NULL), -1);
	CHECK_INT(lws_service_post(server.context, 0, NULL, NULL), -1);
	CHECK_INT(lws_service_fd(NULL, NULL), -1);
	CHECK_INT(lws_service_fd_tsi(server.context, NULL, 1), -1);
	CHECK_INT(lws_service_fd_tsi(server.context, NULL, -1), -1);
	CHECK_INT(lws_service_fd(server.context, &other), 0);
	CHECK_INT(other.revents, LWS_POLLIN); /* somebody else's */
	CHECK_INT(lws_service_fd(server.context, NULL), 0);
	CHECK(lws_handle_POLLOUT_event(NULL, NULL) != 0);
	CHECK_PTR(lws_uv_getloop(NULL, 0), NULL);
	CHECK_PTR(lws_uv_getloop(server.context, 0), NULL); /* not libuv */
	CHECK_PTR(lws_uv_getloop(server.context, -1), NULL);
	lws_libuv_static_refcount_add(NULL, server.context, 0);
	lws_libuv_static_refcount_add(NULL, NULL, 0);
	lws_libuv_static_refcount_del(NULL);
	server_destroy(&server);
}

/* What all of them answer for what is no client, or no HTTP client */
static void try_calls(struct lws *wsi)
{
	char small[4], text[64], *p = small, *buffer = text;
	int size = sizeof(text);
	struct lws *place = wsi;

	CHECK_INT(lws_http_client_http_response(NULL), 0);
	CHECK(lws_http_client_read(NULL, &buffer, &size) < 0);
	CHECK(lws_http_client_read(wsi, NULL, &size) < 0);
	CHECK(lws_http_client_read(wsi, &buffer, NULL) < 0);
	lws_client_http_body_pending(NULL, 1);
	CHECK(lws_client_http_options(NULL, 0) != 0);
	CHECK(lws_client_http_credentials(NULL, "a", "b") != 0);
	CHECK_PTR(lws_client_reset(NULL, 0, "127.0.0.1", 80, "", NULL, 0), NULL);
	CHECK_PTR(lws_client_reset(&place, 0, NULL, 80, "", NULL, 0), NULL);
	CHECK_PTR(lws_client_reset(&place, 0, "127.0.0.1", 80, NULL, NULL, 0), NULL);
	CHECK_PTR(lws_client_reset(&place, 0, "127.0.0.1", -1, "", NULL, 0), NULL);
	CHECK_PTR(lws_client_reset(&place, 0, "127.0.0.1", 65536, "", NULL, 0), NULL);
	CHECK_PTR(lws_client_reset(&place, 0, "a\r\nb", 80, "", NULL, 0), NULL);
	CHECK_PTR(lws_client_reset(&place, 0, "127.0.0.1", 80, "a\r\nX: y", NULL, 0), NULL);
	CHECK_PTR(lws_client_reset(&place, 0, "127.0.0.1", 80, "", "a\r\nX: y", 0), NULL);
	CHECK_PTR(lws_client_reset(&place, 0, "", 80, "", NULL, 0), NULL);
	CHECK_PTR(place, wsi);
	place = NULL;
	CHECK_PTR(lws_client_reset(&place, 0, "127.0.0.1", 80, "", NULL, 0), NULL);
	CHECK(lws_client_http_multipart(NULL, "a", NULL, NULL, &p, small + sizeof(small)) != 0);
	CHECK(lws_client_http_multipart(wsi, "a", NULL, NULL, NULL, small + sizeof(small)) != 0);
	CHECK(lws_client_http_multipart(wsi, "a", NULL, NULL, &p, small + sizeof(small)) != 0);
	CHECK_PTR(p, small);
	CHECK_INT(lws_tls_session_is_reused(NULL), 0);
	CHECK_INT(lws_tls_session_is_reused(wsi), 0);
}

/* After the answer it is too late for what concerns the request. */
static void too_late(struct lws *wsi)
{
	try_calls(wsi);
	CHECK(lws_client_http_options(wsi, LWS_CLIENT_HTTP_DECODE) != 0);
	CHECK(lws_client_http_credentials(wsi, "a", "b") != 0);
	lws_client_http_body_pending(wsi, 1);
	lws_client_http_body_pending(wsi, 0);
}

/* The request of a WebSocket has no body. */
static void with_a_body(struct lws *wsi)
{
	try_calls(wsi);
	lws_client_http_body_pending(wsi, 1);
}

static void clients(void)
{
	struct lws_client_connect_info info;

	create();
	peer_listen(&peer);
	info = client();
	info.port = peer.port;
	info.ssl_connection = LCCSCF_HTTP_X_WWW_FORM_URLENCODED;
	handshake = with_a_body;
	established = too_late;
	REQUIRE(lws_client_connect_via_info(&info) != NULL);
	server_start(&server);
	peer_upgrade(&peer, NULL);
	WAIT_FOR(outcome.established == 1);
	CHECK_PTR(peer_header(&peer, "Transfer-Encoding"), NULL);
	CHECK_PTR(peer_header(&peer, "Content-Type"), NULL);
	CHECK_INT(outcome.failed, 0);
	CHECK_INT(outcome.closed, 0);
	peer_close(&peer);
	server_destroy(&server);
	CHECK_INT(outcome.closed, 1);
}

/* A raw socket is no client, whatever it is asked. */
static void others(void)
{
	lws_sock_file_fd_type fd;
	int pair[2];

	create();
	established = too_late;
	REQUIRE_INT(socketpair(AF_UNIX, SOCK_STREAM, 0, pair), 0);
	fd.sockfd = pair[0];
	REQUIRE(lws_adopt_descriptor_vhost(server.vhost, LWS_ADOPT_SOCKET, fd, "echo", NULL) != NULL);
	close(pair[1]);
	server_destroy(&server);
}

static void form(struct lws *wsi)
{
	char space[512], *p = space + 100;

	/* The end before the beginning is no room at all. */
	CHECK(lws_client_http_multipart(wsi, "a", NULL, NULL, &p, space + 50) != 0);
	CHECK_PTR(p, space + 100);
	CHECK(lws_client_http_multipart(wsi, "a", NULL, NULL, &p, NULL) != 0);
	CHECK(lws_client_http_multipart(wsi, "a", NULL, NULL, &p, p) != 0);
	CHECK_INT(lws_client_http_multipart(wsi, "a", "b", "text/plain", &p, space + sizeof(space)), 0);
	CHECK(p > space + 100);
}

static void forms(void)
{
	struct lws_client_connect_info info;

	create();
	peer_listen(&peer);
	info = client();
	info.port = peer.port;
	info.method = "POST";
	info.ssl_connection = LCCSCF_HTTP_MULTIPART_MIME;
	handshake = form;
	REQUIRE(lws_client_connect_via_info(&info) != NULL);
	server_start(&server);
	peer_accept(&peer);
	peer_close(&peer);
	server_destroy(&server);
}

static void staying_connected(void)
{
	static const lws_retry_bo_t nowhere = { .retry_ms_table_count = 3, .conceal_count = 1 };
	struct lws_client_connect_info info;
	struct lws_keep_connected *keep;

	create();
	info = client();
	info.parent_wsi = (struct lws *)&info;
	CHECK_PTR(lws_client_keep_connected(NULL, NULL, NULL), NULL);
	CHECK_PTR(lws_client_keep_connected(&info, NULL, NULL), NULL);
	info = client();
	info.address = NULL;
	CHECK_PTR(lws_client_keep_connected(&info, NULL, NULL), NULL);
	info = client();
	info.context = NULL;
	CHECK_PTR(lws_client_keep_connected(&info, NULL, NULL), NULL);
	info = client();
	info.vhost = (struct lws_vhost *)&info;
	CHECK_PTR(lws_client_keep_connected(&info, NULL, NULL), NULL);
	CHECK_PTR(lws_keep_connected_wsi(NULL), NULL);
	CHECK_INT(lws_keep_connected_now(NULL), 1);
	CHECK_INT(lws_keep_connected_end(NULL), 1);

	/* A policy whose table is not there has none; a port that cannot be ends it at the first try. */
	info = client();
	info.port = 65536;
	info.retry_and_idle_policy = &nowhere;
	keep = lws_client_keep_connected(&info, NULL, NULL);
	REQUIRE(keep != NULL);
	SERVE_UNTIL(server.context, lws_keep_connected_now(keep) == 1);
	peer_refuse(&peer);
	info.port = peer.port;
	keep = lws_client_keep_connected(&info, NULL, NULL);
	REQUIRE(keep != NULL);
	SERVE_UNTIL(server.context, outcome.failed == 1);
	CHECK_INT(lws_keep_connected_end(keep), 0);
	CHECK_INT(lws_keep_connected_end(keep), 1);
	server_destroy(&server);
}

static void credentials(void)
{
	char text[8];

	CHECK(lws_http_basic_auth_gen("a", "b", text, sizeof(text)) != 0); /* too small */
	CHECK_STR(text, "");
	text[0] = 'x';
	CHECK(lws_http_basic_auth_gen("a", "b", text, 0) != 0);
	CHECK_INT(text[0], 'x');
	CHECK(lws_http_basic_auth_gen("a", "b", NULL, 0) != 0);
	CHECK(lws_http_basic_auth_gen(NULL, "b", text, sizeof(text)) != 0);
	CHECK_STR(text, "");
	CHECK(lws_http_basic_auth_gen("a", NULL, text, sizeof(text)) != 0);
	CHECK_STR(text, "");
	CHECK(lws_http_basic_auth_gen("a", "b", NULL, 64) != 0);
}

static void trust(void)
{
	static const uint8_t garbage[] = "no certificate";
	struct lws_context_creation_info info;

	create();
	/* without TLS for its connections */
	CHECK_INT(lws_tls_client_vhost_extra_cert_mem(server.vhost, garbage, sizeof(garbage)), 1);
	CHECK_INT(lws_tls_client_vhost_extra_cert_mem(NULL, garbage, sizeof(garbage)), 1);
	CHECK_INT(lws_init_vhost_client_ssl(NULL, server.vhost), 1);
	server_info(&info, protocols);
	lws_set_log_level(0, NULL);
	CHECK_INT(lws_init_vhost_client_ssl(&info, NULL), 1);
	info.options |= LWS_SERVER_OPTION_DO_SSL_GLOBAL_INIT;
	info.client_ssl_cert_filepath = "/no/such/file";
	CHECK_INT(lws_init_vhost_client_ssl(&info, server.vhost), 1);
	info.client_ssl_cert_filepath = NULL;
	info.client_ssl_cert_mem = garbage;
	info.client_ssl_cert_mem_len = sizeof(garbage);
	CHECK_INT(lws_init_vhost_client_ssl(&info, server.vhost), 1);
	info.client_ssl_cert_mem = NULL;
	info.client_ssl_cert_mem_len = 0;
	/* Authorities that cannot be read are but a line in the log. */
	info.client_ssl_ca_filepath = "/no/such/file";
	CHECK_INT(lws_init_vhost_client_ssl(&info, server.vhost), 0);
	CHECK_INT(lws_tls_client_vhost_extra_cert_mem(server.vhost, garbage, sizeof(garbage)), 1);
	CHECK_INT(lws_tls_client_vhost_extra_cert_mem(server.vhost, NULL, 0), 1);
	CHECK_INT(lws_tls_client_vhost_extra_cert_mem(server.vhost, NULL, 10), 1);
	CHECK_INT(lws_tls_client_vhost_extra_cert_mem(server.vhost, garbage, 0), 1);
	server_destroy(&server);
}

TEST_MAIN({ "connecting", connecting }, { "adopting", adopting }, { "datagrams", datagrams }, { "retrying", retrying },
	  { "names", names }, { "serving", serving }, { "clients", clients }, { "others", others }, { "forms", forms },
	  { "staying connected", staying_connected }, { "credentials", credentials }, { "trust", trust })
