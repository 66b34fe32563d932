/* The order of callbacks of adopted descriptors: sockets, files and datagrams. See trace.h. */
#include "peer.h"
#include "trace.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

/* ---- the program: "raw" sends back what it gets, and obeys some commands ---- */

static void (*action)(void); /* for the service thread, once */
static atomic_bool acted;
static struct lws *adopted;
static struct lws *victim; /* lives on its own, and is its owner for "kill!" */

static int on_rx(struct lws *wsi, char *in, size_t len)
{
	if (len == 6 && !memcmp(in, "close!", 6))
		return -1;
	if (len == 5 && !memcmp(in, "kill!", 5)) {
		lws_set_timeout(victim, PENDING_TIMEOUT_USER_OK, LWS_TO_KILL_ASYNC);
		return 0;
	}
	return trace_obey(wsi, in, len);
}

/* A program reads and writes files itself. */
static int on_file(struct lws *wsi)
{
	char text[64];
	ssize_t n = read(lws_get_socket_fd(wsi), text, sizeof(text) - 1);

	REQUIRE(n >= 0);
	text[n] = '\0';
	trace_mark(text);
	if (!strcmp(text, "write!"))
		lws_callback_on_writable(wsi);
	return strcmp(text, "close!") ? 0 : -1;
}

static int handle(const char *protocol, struct lws *wsi, enum lws_callback_reasons reason, void *user, void *in,
		  size_t len)
{
	int answer;
	bool datagram = false;

	if (reason == LWS_CALLBACK_EVENT_WAIT_CANCELLED) {
		if (action && !strcmp(protocol, "raw")) {
			void (*now)(void) = action;

			action = NULL;
			now();
			acted = true;
		}
		return 0;
	}
	/* Upstream binds connections for datagrams once more after RAW_ADOPT. */
	datagram = (reason == LWS_CALLBACK_RAW_SKT_BIND_PROTOCOL || reason == LWS_CALLBACK_RAW_SKT_DROP_PROTOCOL) &&
		   lws_get_udp(wsi) && trace_logged("RAW_ADOPT");
	/* Upstream passes the child as wsi. */
	if (reason == LWS_CALLBACK_CHILD_CLOSING)
		trace_mark("CHILD_CLOSING");
	else if (!datagram)
		trace_callback(protocol, wsi, reason, user, in, len);
	if (trace_answered(protocol, reason, &answer))
		return answer;
	switch (reason) {
	case LWS_CALLBACK_RAW_RX:
	case LWS_CALLBACK_RAW_PROXY_SRV_RX:
		return on_rx(wsi, in, len);
	case LWS_CALLBACK_RAW_WRITEABLE:
	case LWS_CALLBACK_RAW_PROXY_SRV_WRITEABLE:
		return trace_send(wsi, "written", 7);
	case LWS_CALLBACK_RAW_RX_FILE:
		return on_file(wsi);
	case LWS_CALLBACK_RAW_WRITEABLE_FILE:
		return write(lws_get_socket_fd(wsi), "written", 7) == 7 ? 0 : -1;
	case LWS_CALLBACK_HTTP:
		return server_reply_text(wsi, "hello");
	default:
		return 0;
	}
}

TRACE_PROTOCOL(http, handle)
TRACE_PROTOCOL(raw, handle)
TRACE_PROTOCOL(bare, handle)

/* A proxy: what comes on one side is sent on the other, and the end of one is that of the other. */
static struct lws *sides[2];
static struct peer onward;

static int connect_onward(struct lws *wsi)
{
	struct lws_client_connect_info info;

	memset(&info, 0, sizeof(info));
	info.context = lws_get_context(wsi);
	info.vhost = lws_get_vhost(wsi);
	info.address = info.host = info.origin = "127.0.0.1";
	info.port = onward.port;
	info.path = "/";
	info.method = "RAW";
	info.protocol = info.local_protocol_name = "raw-proxy";
	sides[0] = wsi;
	return !lws_client_connect_via_info(&info);
}

static void close_side(int side)
{
	sides[!side] = NULL;
	if (sides[side])
		lws_set_timeout(sides[side], PENDING_TIMEOUT_USER_OK, LWS_TO_KILL_ASYNC);
}

static int on_proxy(struct lws *wsi, enum lws_callback_reasons reason, void *user, void *in, size_t len)
{
	if (reason == LWS_CALLBACK_EVENT_WAIT_CANCELLED)
		return 0;
	/* Upstream has this once more when the connection has not begun. */
	if (reason == LWS_CALLBACK_RAW_PROXY_CLI_ADOPT && !trace_logged("CONNECTING"))
		return 0;
	trace_callback("raw-proxy", wsi, reason, user, in, len);
	switch (reason) {
	case LWS_CALLBACK_RAW_PROXY_SRV_ADOPT:
		return connect_onward(wsi);
	case LWS_CALLBACK_RAW_PROXY_CLI_ADOPT:
		sides[1] = wsi;
		return 0;
	case LWS_CALLBACK_RAW_PROXY_SRV_RX:
		return trace_send(sides[1], in, len);
	case LWS_CALLBACK_RAW_PROXY_CLI_RX:
		trace_writeable_wanted = true;
		lws_callback_on_writable(wsi);
		return trace_send(sides[0], in, len);
	case LWS_CALLBACK_CLIENT_CONNECTION_ERROR:
	case LWS_CALLBACK_RAW_PROXY_CLI_CLOSE:
		close_side(0);
		return 0;
	case LWS_CALLBACK_RAW_PROXY_SRV_CLOSE:
		close_side(1);
		return 0;
	default:
		return 0;
	}
}

/* bare: without memory, of which upstream has connections for datagrams lose what RAW_ADOPT has put there */
static const struct lws_protocols protocols[] = {
	{ "http", on_http, 24, 0, 0, NULL, 0 },
	{ "raw", on_raw, 32, 0, 0, NULL, 0 },
	{ "bare", on_bare, 0, 0, 0, NULL, 0 },
	{ "raw-proxy", on_proxy, 24, 0, 0, NULL, 0 },
	{ NULL, NULL, 0, 0, 0, NULL, 0 }
};

/* ---- what the tests do on the service thread ---- */

static void act(void (*what)(void))
{
	acted = false;
	action = what;
	lws_cancel_service(trace_server.context);
	WAIT_FOR(acted);
}

static int descriptor; /* to be adopted */
static lws_adoption_type type;
static const char *name_of_protocol, *readbuf;
static struct lws *parent;

static void adopt_now(void)
{
	lws_sock_file_fd_type fd;

	memset(&fd, 0, sizeof(fd));
	if (type & LWS_ADOPT_SOCKET)
		fd.sockfd = descriptor;
	else
		fd.filefd = descriptor;
	adopted = lws_adopt_descriptor_vhost(lws_get_vhost_by_name(trace_server.context, "default"), type, fd,
					     name_of_protocol, parent);
	trace_mark(adopted ? "adopted" : "not adopted");
}

static void adopt_readbuf_now(void)
{
	adopted = lws_adopt_socket_vhost_readbuf(lws_get_vhost_by_name(trace_server.context, "default"), descriptor,
						 readbuf, strlen(readbuf));
	trace_mark(adopted ? "adopted" : "not adopted");
}

static void adopt(int fd, int how, const char *protocol)
{
	descriptor = fd;
	type = (lws_adoption_type)how;
	name_of_protocol = protocol;
	act(adopt_now);
}

static void begin(void (*adjust)(struct lws_context_creation_info *))
{
	adopted = victim = parent = NULL;
	trace_begin(protocols, adjust);
}

/* ---- sockets ---- */

static void adopt_http(void)
{
	struct client client;

	begin(NULL);
	adopt(peer_accepted(&client), LWS_ADOPT_SOCKET | LWS_ADOPT_HTTP | LWS_ADOPT_ALLOW_SSL, NULL);
	trace_get(&client, "GET", "/plain", "");
	trace_expect(&client, 200, "hello");
	trace_settle();
	trace_leave(&client);
	trace_end("adopt_http");
}

static void adopt_http_named(void)
{
	struct client client;

	begin(NULL);
	adopt(peer_accepted(&client), LWS_ADOPT_SOCKET | LWS_ADOPT_HTTP, "raw");
	trace_get(&client, "GET", "/plain", "");
	trace_expect(&client, 200, "hello");
	trace_settle();
	trace_leave(&client);
	trace_end("adopt_http_named");
}

static void readbuf_case(const char *name, const char *first, const char *rest)
{
	struct client client;

	begin(NULL);
	descriptor = peer_accepted(&client);
	readbuf = first;
	act(adopt_readbuf_now);
	client_send(&client, rest, strlen(rest));
	trace_expect(&client, 200, "hello");
	trace_settle();
	trace_leave(&client);
	trace_end(name);
}

static void adopt_readbuf_part(void)
{
	readbuf_case("adopt_readbuf_part", "GET /pla", "in HTTP/1.1\r\nHost: x\r\n\r\n");
}

static void raw_case(const char *name, void (*adjust)(struct lws_context_creation_info *), int how, const char *protocol)
{
	struct client client;

	begin(adjust);
	adopt(peer_accepted(&client), how, protocol);
	client_say(&client, "hello", "hello");
	client_say(&client, "write!", "written");
	trace_leave(&client);
	trace_end(name);
}

static void adopt_raw(void)
{
	raw_case("adopt_raw", NULL, LWS_ADOPT_SOCKET, "raw");
}

static void adopt_raw_unnamed(void)
{
	raw_case("adopt_raw_unnamed", NULL, LWS_ADOPT_SOCKET, NULL);
}

static void proxies(struct lws_context_creation_info *info)
{
	info->options |= LWS_SERVER_OPTION_ADOPT_APPLY_LISTEN_ACCEPT_CONFIG;
	info->listen_accept_role = "raw-proxy";
	info->listen_accept_protocol = "raw";
}

static void falls_back_to_proxy(struct lws_context_creation_info *info)
{
	info->options |= LWS_SERVER_OPTION_FALLBACK_TO_APPLY_LISTEN_ACCEPT_CONFIG;
	info->listen_accept_role = "raw-proxy";
	info->listen_accept_protocol = "raw";
}

static void adopt_proxy(void)
{
	raw_case("adopt_proxy", proxies, LWS_ADOPT_SOCKET | LWS_ADOPT_FLAG_RAW_PROXY, "raw");
}

static void proxy_accepted(void)
{
	struct client client;

	begin(proxies);
	client_tcp(&client, trace_server.port);
	WAIT_FOR(trace_logged("RAW_PROXY_SRV_ADOPT"));
	client_say(&client, "hello", "hello");
	client_say(&client, "write!", "written");
	trace_leave(&client);
	trace_end("proxy_accepted");
}

static void proxy_refused(void)
{
	struct client client;

	begin(proxies);
	trace_answer_once(LWS_CALLBACK_RAW_PROXY_SRV_ADOPT, "raw", -1);
	client_tcp(&client, trace_server.port);
	trace_end_of(&client, 1);
	trace_end("proxy_refused");
}

static void proxy_closed(void)
{
	struct client client;

	begin(proxies);
	client_tcp(&client, trace_server.port);
	WAIT_FOR(trace_logged("RAW_PROXY_SRV_ADOPT"));
	client_say(&client, "close!", "");
	trace_end_of(&client, 1);
	trace_end("proxy_closed");
}

static void fallback_to_proxy(void)
{
	struct client client;

	begin(falls_back_to_proxy);
	client_tcp(&client, trace_server.port);
	client_say(&client, "\001hello", "\001hello");
	client_say(&client, "again", "again");
	trace_leave(&client);
	trace_end("fallback_to_proxy");
}

static void goes_on(struct lws_context_creation_info *info)
{
	proxies(info);
	info->listen_accept_protocol = "raw-proxy";
}

static void proxy_begin(struct client *client, int *fd)
{
	peer_listen(&onward);
	begin(goes_on);
	client_tcp(client, trace_server.port);
	*fd = accept(onward.listener, NULL, NULL);
	WAIT_FOR(trace_last_is("RAW_PROXY_CLI_ADOPT"));
	trace_mark("connected");
	client_send(client, "hello", 5);
	WAIT_FOR(trace_logged("RAW_PROXY_SRV_RX"));
	CHECK_INT(write(*fd, "answer", 6), 6);
	REQUIRE(client_fill(client, 6));
	CHECK_MEM(client->buffer, 6, "answer", 6);
	WAIT_FOR(trace_logged("RAW_PROXY_CLI_WRITEABLE"));
}

static void proxy_client_leaves(void)
{
	struct client client;
	int fd;

	proxy_begin(&client, &fd);
	trace_mark("the client closes");
	client_close(&client);
	trace_until_destroyed(2);
	trace_end("proxy_client_leaves");
	close(fd);
}

static void proxy_server_leaves(void)
{
	struct client client;
	int fd;

	proxy_begin(&client, &fd);
	trace_mark("the server closes");
	close(fd);
	trace_until_destroyed(2);
	trace_end("proxy_server_leaves");
	client_close(&client);
}

static void adopt_raw_refused(void)
{
	struct client client;

	begin(NULL);
	trace_answer_once(LWS_CALLBACK_RAW_ADOPT, "raw", -1);
	adopt(peer_accepted(&client), LWS_ADOPT_SOCKET, "raw");
	CHECK_PTR(adopted, NULL);
	trace_end_of(&client, 1);
	trace_end("adopt_raw_refused");
}

/* The owner's end is the end of what belongs to it. */
static void adopt_owned(void)
{
	struct client owner, owned;

	begin(NULL);
	adopt(peer_accepted(&owner), LWS_ADOPT_SOCKET, "raw");
	parent = victim = adopted;
	adopt(peer_accepted(&owned), LWS_ADOPT_SOCKET, "raw");
	CHECK_PTR(lws_get_parent(adopted), parent);
	client_say(&owned, "kill!", "");
	trace_until_destroyed(2);
	client_close(&owner);
	client_close(&owned);
	trace_end("adopt_owned");
}

static void adopt_owned_leaves(void)
{
	struct client owner, owned;

	begin(NULL);
	adopt(peer_accepted(&owner), LWS_ADOPT_SOCKET, "raw");
	parent = adopted;
	adopt(peer_accepted(&owned), LWS_ADOPT_SOCKET, "raw");
	trace_leave(&owned);
	trace_mark("the owner");
	trace_leave(&owner);
	trace_end("adopt_owned_leaves");
}

/* ---- files ---- */

static int ends[2];

static void file_begin(int how)
{
	begin(NULL);
	if (how == AF_UNIX)
		REQUIRE(!socketpair(AF_UNIX, SOCK_STREAM, 0, ends));
	else
		REQUIRE(!pipe(ends));
}

static void put(const char *text)
{
	CHECK_INT(write(ends[1], text, strlen(text)), strlen(text));
	WAIT_FOR(trace_last_is(text));
}

static void file_left(void)
{
	file_begin(0);
	adopt(ends[0], LWS_ADOPT_RAW_FILE_DESC, "raw");
	put("hello");
	put("again");
	trace_mark("the other end closes");
	close(ends[1]);
	trace_until_destroyed(1);
	trace_end("file_left");
}

static void file_written(void)
{
	char text[8] = "";

	file_begin(AF_UNIX);
	adopt(ends[0], LWS_ADOPT_RAW_FILE_DESC, "raw");
	CHECK_INT(write(ends[1], "write!", 6), 6);
	CHECK_INT(read(ends[1], text, 7), 7);
	CHECK_STR(text, "written");
	WAIT_FOR(trace_last_is("WRITEABLE_FILE"));
	trace_end("file_written");
	close(ends[1]);
}

static void file_closed(void)
{
	file_begin(0);
	adopt(ends[0], LWS_ADOPT_RAW_FILE_DESC, "raw");
	CHECK_INT(write(ends[1], "close!", 6), 6);
	trace_until_destroyed(1);
	trace_end("file_closed");
	close(ends[1]);
}

/* Other than with sockets, positive values count. */
static void file_positive(void)
{
	file_begin(0);
	adopt(ends[0], LWS_ADOPT_RAW_FILE_DESC, "raw");
	trace_answer_once(LWS_CALLBACK_RAW_RX_FILE, "raw", 1);
	CHECK_INT(write(ends[1], "hello", 5), 5);
	trace_until_destroyed(1);
	trace_end("file_positive");
	close(ends[1]);
}

static void file_write_refused(void)
{
	file_begin(AF_UNIX);
	adopt(ends[0], LWS_ADOPT_RAW_FILE_DESC, "raw");
	trace_answer_once(LWS_CALLBACK_RAW_WRITEABLE_FILE, "raw", 1);
	CHECK_INT(write(ends[1], "write!", 6), 6);
	trace_until_destroyed(1);
	trace_end("file_write_refused");
	close(ends[1]);
}

/* The end that is written has nobody to read it. */
static void file_without_reader(void)
{
	file_begin(0);
	adopt(ends[1], LWS_ADOPT_RAW_FILE_DESC, "raw");
	trace_mark("the other end closes");
	close(ends[0]);
	trace_until_destroyed(1);
	trace_end("file_without_reader");
}

static void file_owned(void)
{
	struct client owner;

	file_begin(0);
	adopt(peer_accepted(&owner), LWS_ADOPT_SOCKET, "raw");
	parent = adopted;
	adopt(ends[0], LWS_ADOPT_RAW_FILE_DESC, "raw");
	put("hello");
	trace_mark("the owner's peer closes");
	client_close(&owner);
	trace_until_destroyed(2);
	trace_end("file_owned");
	close(ends[1]);
}

/* ---- datagrams ---- */

static struct sockaddr_in peer; /* a socket of the test's */
static int peer_fd, datagram_flags, datagram_port;

static void peer_open(void)
{
	socklen_t length = sizeof(peer);

	memset(&peer, 0, sizeof(peer));
	peer.sin_family = AF_INET;
	peer.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	peer_fd = socket(AF_INET, SOCK_DGRAM, 0);
	REQUIRE(peer_fd >= 0 && !bind(peer_fd, (struct sockaddr *)&peer, length) &&
		!getsockname(peer_fd, (struct sockaddr *)&peer, &length));
}

static void datagram_now(void)
{
	struct sockaddr_in address;
	socklen_t length = sizeof(address);

	adopted = lws_create_adopt_udp(lws_get_vhost_by_name(trace_server.context, "default"), "127.0.0.1", datagram_port,
				       datagram_flags, "bare", NULL, NULL, NULL, NULL, "test");
	trace_mark(adopted ? "made" : "not made");
	if (adopted && !(datagram_flags & LWS_CAUDP_BIND)) {
		trace_writeable_wanted = true;
		lws_callback_on_writable(adopted);
	}
	if (adopted && (datagram_flags & LWS_CAUDP_BIND)) {
		REQUIRE(!getsockname(lws_get_socket_fd(adopted), (struct sockaddr *)&address, &length));
		REQUIRE(!connect(peer_fd, (struct sockaddr *)&address, length));
	}
}

static void exchange(const char *text, const char *answer)
{
	struct pollfd readable = { .fd = peer_fd, .events = POLLIN };
	char got[64];
	ssize_t n;

	CHECK_INT(send(peer_fd, text, strlen(text), 0), strlen(text));
	if (!answer)
		return;
	REQUIRE(poll(&readable, 1, 20000) == 1);
	n = recv(peer_fd, got, sizeof(got), 0);
	CHECK_MEM(got, (size_t)n, answer, strlen(answer));
}

static void datagram_bound(void)
{
	begin(NULL);
	peer_open();
	datagram_port = 0;
	datagram_flags = LWS_CAUDP_BIND;
	act(datagram_now);
	exchange("hello", "hello");
	exchange("write!", "written");
	exchange("close!", NULL);
	trace_until_destroyed(1);
	trace_end("datagram_bound");
	close(peer_fd);
}

static void datagram_connected(void)
{
	struct sockaddr_in from;
	socklen_t length = sizeof(from);
	char text[64];

	begin(NULL);
	peer_open();
	datagram_port = ntohs(peer.sin_port);
	datagram_flags = 0;
	act(datagram_now);
	CHECK_INT(recvfrom(peer_fd, text, sizeof(text), 0, (struct sockaddr *)&from, &length), 7);
	REQUIRE(!connect(peer_fd, (struct sockaddr *)&from, length));
	exchange("hello", "hello");
	trace_end("datagram_connected");
	close(peer_fd);
}

TRACE_MAIN(TRACE_CASE(adopt_http), TRACE_CASE(adopt_http_named), TRACE_CASE(adopt_readbuf_part),
	   TRACE_CASE(adopt_raw), TRACE_CASE(adopt_raw_unnamed), TRACE_CASE(adopt_proxy), TRACE_CASE(proxy_accepted),
	   TRACE_CASE(proxy_refused), TRACE_CASE(proxy_closed), TRACE_CASE(fallback_to_proxy), TRACE_CASE(proxy_client_leaves),
	   TRACE_CASE(proxy_server_leaves), TRACE_CASE(adopt_raw_refused),
	   TRACE_CASE(adopt_owned), TRACE_CASE(adopt_owned_leaves), TRACE_CASE(file_left), TRACE_CASE(file_written),
	   TRACE_CASE(file_closed), TRACE_CASE(file_positive), TRACE_CASE(file_write_refused),
	   TRACE_CASE(file_without_reader), TRACE_CASE(file_owned), TRACE_CASE(datagram_bound), TRACE_CASE(datagram_connected))
