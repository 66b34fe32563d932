/* Adopted descriptors against their peers: what they exchange, who closes what, and what is refused. */
#define _GNU_SOURCE
#include "check.h"
#include "client.h"
#include "peer.h"
#include "process.h"
#include "server.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/inotify.h>
#include <sys/socket.h>
#include <sys/timerfd.h>
#include <termios.h>
#include <unistd.h>

#define MUCH (1024 * 1024)

static struct server server;
static unsigned char much[MUCH];
static char received[65536];
static atomic_int arrived, adoptions, closed, destroyed, writable, datagrams, refuse, hold, ask, http_posted;
static struct lws_udp last; /* sender of the datagram that came last */
static bool asks_in_rx, sends_itself, silent;

static void note(const void *in, size_t len)
{
	int n = arrived;

	REQUIRE((size_t)n + len < sizeof(received));
	memcpy(received + n, in, len);
	arrived = n + (int)len;
}

static int on_file_readable(struct lws *wsi)
{
	char text[256];
	ssize_t n = read(lws_get_socket_fd(wsi), text, sizeof(text));

	if (n < 0)
		return errno == EAGAIN ? 0 : -1;
	note(text, (size_t)n);
	if (n == 5 && !memcmp(text, "much!", 5)) {
		CHECK_INT(lws_write(wsi, much, MUCH, LWS_WRITE_RAW), MUCH);
		return -1; /* all of it is sent before the end */
	}
	if (n && text[0] == '>')
		return lws_write(wsi, (unsigned char *)text + 1, (size_t)n - 1, LWS_WRITE_RAW) == (int)n - 1 ? 0 : -1;
	if (hold) {
		lws_rx_flow_control(wsi, 0);
		hold = 2;
	}
	return 0;
}

static int on_rx(struct lws *wsi, void *in, size_t len)
{
	const struct lws_udp *udp = lws_get_udp(wsi);

	CHECK(in && !((char *)in)[len]);
	note(in, len);
	if (udp) {
		last = *udp;
		datagrams++;
	}
	if (silent)
		return 0;
	if (asks_in_rx) {
		lws_callback_on_writable(wsi);
		return 0;
	}
	if (sends_itself) {
		CHECK_INT(sendto(lws_get_socket_fd(wsi), in, len, 0, sa46_sockaddr(&last.sa46), sa46_socklen(&last.sa46)), len);
		return 0;
	}
	return lws_write(wsi, in, len, LWS_WRITE_RAW) == (int)len ? 0 : -1;
}

static int on_raw(struct lws *wsi, enum lws_callback_reasons reason, void *user, void *in, size_t len)
{
	switch (reason) {
	case LWS_CALLBACK_RAW_ADOPT_FILE:
	case LWS_CALLBACK_RAW_ADOPT:
		CHECK(user != NULL);
		adoptions++;
		if (ask)
			lws_callback_on_writable(wsi);
		return refuse ? -1 : 0;
	case LWS_CALLBACK_RAW_RX_FILE:
		return on_file_readable(wsi);
	case LWS_CALLBACK_RAW_WRITEABLE_FILE:
		writable++;
		return 0;
	case LWS_CALLBACK_RAW_RX:
		return on_rx(wsi, in, len);
	case LWS_CALLBACK_RAW_WRITEABLE:
		writable++;
		if (asks_in_rx)
			return lws_write(wsi, (unsigned char *)received + arrived - 1, 1, LWS_WRITE_RAW) == 1 ? 0 : -1;
		return 0;
	case LWS_CALLBACK_TIMER:
		lws_rx_flow_control(wsi, 1);
		return 0;
	case LWS_CALLBACK_RAW_CLOSE:
	case LWS_CALLBACK_RAW_CLOSE_FILE:
		closed++;
		return 0;
	default:
		return 0;
	}
}

static int on_http(struct lws *wsi, enum lws_callback_reasons reason, void *user, void *in, size_t len)
{
	switch (reason) {
	case LWS_CALLBACK_WSI_DESTROY:
		destroyed++;
		return 0;
	case LWS_CALLBACK_HTTP:
		if (!strcmp(in, "/post"))
			return 0;
		return server_reply_text(wsi, "hello");
	case LWS_CALLBACK_HTTP_BODY:
		http_posted += (int)len;
		return 0;
	case LWS_CALLBACK_HTTP_BODY_COMPLETION:
		return server_reply_text(wsi, "posted");
	default:
		return 0;
	}
}

static const struct lws_protocols protocols[] = {
	{ "http", on_http, 0, 0, 0, NULL, 0 },
	{ "raw", on_raw, 16, 2000, 0, NULL, 0 },
	{ NULL, NULL, 0, 0, 0, NULL, 0 }
};

static void run(void)
{
	struct lws_context_creation_info info;

	server_info(&info, protocols);
	info.port = CONTEXT_PORT_NO_LISTEN_SERVER;
	server_run(&server, &info);
}

static struct lws *adopt(int fd, int type, const char *protocol)
{
	lws_sock_file_fd_type u;

	memset(&u, 0, sizeof(u));
	if (type & LWS_ADOPT_SOCKET)
		u.sockfd = fd;
	else
		u.filefd = fd;
	return lws_adopt_descriptor_vhost(server.vhost, (lws_adoption_type)type, u, protocol, NULL);
}

static struct lws *adopt_file(int fd)
{
	struct lws *wsi = adopt(fd, LWS_ADOPT_RAW_FILE_DESC, "raw");

	REQUIRE(wsi != NULL);
	CHECK_INT(lws_get_socket_fd(wsi), fd);
	CHECK_PTR(lws_get_udp(wsi), NULL);
	CHECK_STR(lws_get_protocol(wsi)->name, "raw");
	return wsi;
}

static bool is_open(int fd)
{
	return fcntl(fd, F_GETFD) >= 0;
}

static void put(int fd, const char *text)
{
	CHECK_INT(write(fd, text, strlen(text)), strlen(text));
}

static void expect_arrived(const char *text)
{
	WAIT_FOR(arrived >= (int)strlen(text));
	CHECK_MEM(received, (size_t)arrived, text, strlen(text));
	arrived = 0;
}

static void read_all(int fd, char *to, size_t length)
{
	size_t at = 0;

	while (at < length) {
		struct pollfd readable = { .fd = fd, .events = POLLIN };
		ssize_t n;

		REQUIRE(poll(&readable, 1, 20000) == 1);
		n = read(fd, to + at, length - at);
		REQUIRE(n > 0);
		at += (size_t)n;
	}
}

/* ---- files ---- */

/* A terminal, as a serial port is one */
static void terminal(void)
{
	int other = posix_openpt(O_RDWR | O_NOCTTY), fd;
	struct termios settings;
	char answer[6];

	run();
	REQUIRE(other >= 0 && !grantpt(other) && !unlockpt(other));
	fd = open(ptsname(other), O_RDWR | O_NOCTTY);
	REQUIRE(fd >= 0 && !tcgetattr(fd, &settings));
	cfmakeraw(&settings);
	REQUIRE(!tcsetattr(fd, TCSANOW, &settings));
	adopt_file(fd);
	put(other, "hello");
	expect_arrived("hello");
	put(other, ">answer");
	read_all(other, answer, 6);
	CHECK_MEM(answer, 6, "answer", 6);
	CHECK_INT(closed, 0);
	close(other); /* the line is dropped */
	WAIT_FOR(closed == 1);
	WAIT_FOR(!is_open(fd)); /* closed behind the callback */
	server_destroy(&server);
	CHECK_INT(closed, 1);
}

/* Devices that have events: a timer, and a directory that is watched */
static void events(void)
{
	struct itimerspec soon = { .it_value = { .tv_nsec = 1000 } };
	int timer = timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK), watch = inotify_init1(IN_NONBLOCK), fd;
	struct inotify_event event;
	char name[512];

	run();
	adopt_file(timer);
	REQUIRE(!timerfd_settime(timer, 0, &soon, NULL));
	WAIT_FOR(arrived == 8);
	arrived = 0;
	REQUIRE(inotify_add_watch(watch, test_directory(), IN_CREATE) >= 0);
	adopt_file(watch);
	snprintf(name, sizeof(name), "%s/made", test_directory());
	fd = open(name, O_CREAT | O_RDWR, 0600);
	WAIT_FOR(arrived > 0);
	memcpy(&event, received, sizeof(event));
	CHECK_INT(event.mask, IN_CREATE);
	CHECK_STR(received + sizeof(event), "made");
	/* what cannot be waited for is refused, and stays the program's */
	CHECK_PTR(adopt(fd, LWS_ADOPT_RAW_FILE_DESC, "raw"), NULL);
	CHECK(is_open(fd));
	close(fd);
	server_destroy(&server);
	CHECK_INT(closed, 2);
	CHECK(!is_open(timer) && !is_open(watch));
}

/* More than the kernel takes, and the end after it */
static void much_output(void)
{
	int out[2];
	char *got = malloc(MUCH + 1);
	size_t i;

	for (i = 0; i < MUCH; i++)
		much[i] = (unsigned char)(i * 7 + (i >> 12));
	run();
	REQUIRE(got && !socketpair(AF_UNIX, SOCK_STREAM, 0, out));
	adopt_file(out[0]);
	put(out[1], "much!");
	test_sleep_ms(20); /* it is full by now */
	CHECK_INT(closed, 0);
	read_all(out[1], got, MUCH);
	CHECK(!memcmp(got, much, MUCH));
	CHECK_INT(read(out[1], got, 1), 0);
	WAIT_FOR(closed == 1);
	close(out[1]);
	free(got);
	server_destroy(&server);
}

/* A pipe that is full makes no writable callback, one that is read does. */
static void full_pipe(void)
{
	static char filling[65536];
	int ends[2];

	run();
	REQUIRE(!pipe(ends) && fcntl(ends[1], F_SETFL, O_NONBLOCK) >= 0);
	while (write(ends[1], filling, sizeof(filling)) > 0)
		;
	ask = 1;
	adopt_file(ends[1]);
	test_sleep_ms(30);
	CHECK_INT(writable, 0);
	CHECK_INT(read(ends[0], filling, sizeof(filling)), sizeof(filling));
	WAIT_FOR(writable == 1);
	close(ends[0]);
	WAIT_FOR(closed == 1);
	server_destroy(&server);
	CHECK_INT(writable, 1);
}

/* What is held back is not lost when the other end closes. */
static void held_back(void)
{
	struct lws *wsi;
	int ends[2];

	run();
	REQUIRE(!pipe(ends));
	hold = 1;
	wsi = adopt_file(ends[0]);
	put(ends[1], "one");
	WAIT_FOR(hold == 2);
	hold = 0;
	put(ends[1], "two");
	close(ends[1]);
	test_sleep_ms(30);
	CHECK_INT(closed, 0);
	CHECK_INT(arrived, 3);
	lws_set_timer_usecs(wsi, 0);
	expect_arrived("onetwo");
	WAIT_FOR(closed == 1);
	server_destroy(&server);
}

static void refused_file(void)
{
	struct lws_udp *none = NULL;
	int ends[2];

	run();
	REQUIRE(!pipe(ends));
	refuse = 1;
	CHECK_PTR(adopt(ends[0], LWS_ADOPT_RAW_FILE_DESC, "raw"), NULL);
	CHECK(is_open(ends[0]));
	CHECK_INT(adoptions, 1);
	CHECK_INT(closed, 1);
	CHECK_INT(destroyed, 1);
	refuse = 0;
	lws_set_log_level(0, NULL);
	CHECK_PTR(adopt(ends[0], LWS_ADOPT_RAW_FILE_DESC, "absent"), NULL);
	CHECK_PTR(adopt(-1, LWS_ADOPT_RAW_FILE_DESC, "raw"), NULL);
	CHECK_PTR(lws_adopt_descriptor_vhost_via_info(NULL), NULL);
	CHECK_PTR(lws_get_udp(NULL), none);
	CHECK(is_open(ends[0]));
	/* without a name, the vhost's first protocol */
	CHECK(adopt(ends[0], LWS_ADOPT_RAW_FILE_DESC, NULL) != NULL);
	close(ends[1]);
	WAIT_FOR(destroyed == 2);
	CHECK_INT(adoptions, 1);
	server_destroy(&server);
}

/* ---- sockets ---- */

static void refused_socket(void)
{
	struct client client;

	run();
	refuse = 1;
	CHECK_PTR(adopt(peer_accepted(&client), LWS_ADOPT_SOCKET, "raw"), NULL);
	CHECK_INT(client_drain(&client), 0);
	client_close(&client);
	CHECK_INT(closed, 1);
	lws_set_log_level(0, NULL);
	CHECK_PTR(adopt(peer_accepted(&client), LWS_ADOPT_SOCKET, "absent"), NULL);
	CHECK_INT(client_drain(&client), 0);
	client_close(&client);
	CHECK_PTR(lws_adopt_socket(NULL, peer_accepted(&client)), NULL);
	CHECK_INT(client_drain(&client), 0);
	client_close(&client);
	server_destroy(&server);
}

static void kill_async(struct lws *wsi)
{
	lws_set_timeout(wsi, PENDING_TIMEOUT_USER_OK, LWS_TO_KILL_ASYNC);
}

static void kill_sync(struct lws *wsi)
{
	lws_set_timeout(wsi, PENDING_TIMEOUT_USER_OK, LWS_TO_KILL_SYNC);
}

static void close_async(struct lws *wsi)
{
	lws_wsi_close(wsi, LWS_TO_KILL_ASYNC);
}

static void destroy_vhost(struct lws *wsi)
{
	lws_vhost_destroy(lws_get_vhost(wsi));
}

/* What is to be closed in the next turn is closed by the end of the context, when there is no such turn. */
static void ended_before_the_context(void)
{
	static void (*const ends[])(struct lws *wsi) = { kill_async, kill_sync, close_async, destroy_vhost };
	struct client client;
	struct lws *wsi;
	int fd;

	for (int i = 0; i < 4; i++) {
		run();
		server_stop(&server);
		fd = peer_accepted(&client);
		wsi = adopt(fd, LWS_ADOPT_SOCKET, "raw");
		REQUIRE(wsi != NULL);
		ends[i](wsi);
		lws_context_destroy(server.context);
		CHECK_INT(closed, i + 1);
		CHECK_INT(destroyed, i + 1);
		CHECK(!is_open(fd));
		CHECK_INT(client_drain(&client), 0);
		client_close(&client);
	}
}

static void expect(struct client *client, int status, const char *body)
{
	struct client_response response;

	REQUIRE(client_response(client, &response, false));
	CHECK_INT(response.status, status);
	CHECK_STR((char *)response.body, body);
	client_response_free(&response);
}

static void send_text(struct client *client, const char *text)
{
	client_send(client, text, strlen(text));
}

/* What was read already counts as if it came from the socket: nothing, a part, all, and more than one request. */
static void what_was_read(void)
{
	static const char get[] = "GET / HTTP/1.1\r\nHost: x\r\n\r\n",
			  post[] = "POST /post HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\n12345";
	struct client client;
	char two[128];

	run();
	CHECK(lws_adopt_socket(server.context, peer_accepted(&client)) != NULL);
	send_text(&client, get);
	expect(&client, 200, "hello");
	client_close(&client);

	CHECK(lws_adopt_socket_readbuf(server.context, peer_accepted(&client), get, sizeof(get) - 1) != NULL);
	expect(&client, 200, "hello");
	send_text(&client, get); /* the connection is kept */
	expect(&client, 200, "hello");
	client_close(&client);

	CHECK(lws_adopt_socket_readbuf(server.context, peer_accepted(&client), get, 7) != NULL);
	send_text(&client, get + 7);
	expect(&client, 200, "hello");
	client_close(&client);

	CHECK(lws_adopt_socket_vhost_readbuf(server.vhost, peer_accepted(&client), post, sizeof(post) - 1) != NULL);
	send_text(&client, "67890");
	expect(&client, 200, "posted");
	CHECK_INT(http_posted, 10);
	client_close(&client);

	snprintf(two, sizeof(two), "%s%s", get, get);
	CHECK(lws_adopt_socket_vhost_readbuf(server.vhost, peer_accepted(&client), two, strlen(two)) != NULL);
	expect(&client, 200, "hello");
	expect(&client, 200, "hello");
	client_close(&client);

	CHECK(lws_adopt_socket_readbuf(server.context, peer_accepted(&client), NULL, 5) != NULL);
	send_text(&client, get);
	expect(&client, 200, "hello");
	client_close(&client);

	/* no request at all: answered, and closed */
	lws_adopt_socket_readbuf(server.context, peer_accepted(&client), "\001\002\r\n\r\n", 6);
	client_drain(&client);
	client_close(&client);
	WAIT_FOR(destroyed == 7);
	server_destroy(&server);
}

/* ---- datagrams ---- */

static int peer_of(int family)
{
	int fd = socket(family, SOCK_DGRAM, 0);

	REQUIRE(fd >= 0);
	return fd;
}

static struct lws *bound(const char *address, int flags, const char *device)
{
	struct lws *wsi = lws_create_adopt_udp(server.vhost, address, 0, flags | LWS_CAUDP_BIND, "raw", device, NULL, &server,
					       NULL, NULL);

	REQUIRE(wsi != NULL);
	CHECK_PTR(lws_get_opaque_user_data(wsi), &server);
	REQUIRE(lws_get_udp(wsi) != NULL);
	CHECK(!lws_get_udp(wsi)->connected);
	return wsi;
}

static void connect_to(int fd, struct lws *wsi)
{
	lws_sockaddr46 address;
	socklen_t length = sizeof(address);

	REQUIRE(!getsockname(lws_get_socket_fd(wsi), sa46_sockaddr(&address), &length));
	if (address.sa4.sin_family == AF_INET && address.sa4.sin_addr.s_addr == INADDR_ANY)
		address.sa4.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	REQUIRE(!connect(fd, sa46_sockaddr(&address), length));
}

static void expect_datagram(int fd, const void *bytes, size_t length)
{
	struct pollfd readable = { .fd = fd, .events = POLLIN };
	char got[65536];
	ssize_t n;

	REQUIRE(poll(&readable, 1, 20000) == 1);
	n = recv(fd, got, sizeof(got), 0);
	REQUIRE(n >= 0);
	CHECK_MEM(got, (size_t)n, bytes, length);
}

static void expect_sender(int fd)
{
	lws_sockaddr46 address;
	socklen_t length = sizeof(address);

	REQUIRE(!getsockname(fd, sa46_sockaddr(&address), &length));
	CHECK_MEM(&last.sa46, sa46_socklen(&last.sa46), &address, length);
}

/* Each datagram is one event and goes back to who sent it. */
static void peers(void)
{
	int one = peer_of(AF_INET), two = peer_of(AF_INET), i;
	struct lws *wsi;

	run();
	wsi = bound("127.0.0.1", 0, NULL);
	connect_to(one, wsi);
	connect_to(two, wsi);
	put(one, "from one");
	expect_datagram(one, "from one", 8);
	CHECK_INT(datagrams, 1);
	expect_sender(one);
	put(two, "from two");
	expect_datagram(two, "from two", 8);
	expect_sender(two);
	CHECK_INT(send(one, "", 0, 0), 0); /* empty ones are datagrams too */
	expect_datagram(one, "", 0);
	for (i = 0; i < 50; i++) {
		put(one, "many");
		put(two, "more");
	}
	for (i = 0; i < 50; i++) {
		expect_datagram(one, "many", 4);
		expect_datagram(two, "more", 4);
	}
	CHECK_INT(datagrams, 103);
	server_destroy(&server);
	CHECK_INT(closed, 1);
	close(one);
	close(two);
}

/* Datagrams longer than the protocol's buffers are cut to their size, and nobody else is disturbed. */
static void long_datagram(void)
{
	static char text[3000];
	int peer = peer_of(AF_INET);

	memset(text, 'x', sizeof(text));
	run();
	lws_set_log_level(0, NULL);
	connect_to(peer, bound(NULL, 0, NULL));
	CHECK_INT(send(peer, text, sizeof(text), 0), sizeof(text));
	expect_datagram(peer, text, 2000);
	put(peer, "next");
	expect_datagram(peer, "next", 4);
	server_destroy(&server);
	close(peer);
}

/* Writable callbacks take turns with datagrams, so that a program with room for one answers each. */
static void answered_in_turn(void)
{
	int peer = peer_of(AF_INET), i;
	char text[2];

	run();
	asks_in_rx = true;
	connect_to(peer, bound("127.0.0.1", 0, NULL));
	for (i = 0; i < 100; i++) {
		snprintf(text, sizeof(text), "%c", 'a' + i % 26);
		put(peer, text);
	}
	for (i = 0; i < 100; i++) {
		snprintf(text, sizeof(text), "%c", 'a' + i % 26);
		expect_datagram(peer, text, 1);
	}
	CHECK_INT(datagrams, 100);
	CHECK_INT(writable, 100);
	server_destroy(&server);
	close(peer);
}

/* Programs send from the socket themselves, to the address of lws_get_udp(). */
static void sent_by_program(void)
{
	int peer = peer_of(AF_INET);

	run();
	sends_itself = true;
	connect_to(peer, bound("127.0.0.1", 0, NULL));
	put(peer, "hello");
	expect_datagram(peer, "hello", 5);
	server_destroy(&server);
	close(peer);
}

static void datagram_options(void)
{
	int peer = peer_of(AF_INET), value = 0, other, ends[2];
	socklen_t length = sizeof(value);
	struct client stream;
	char device[64] = "";
	socklen_t device_length = sizeof(device);
	struct lws *wsi;

	run();
	wsi = bound("127.0.0.1", LWS_CAUDP_BROADCAST, "lo");
	REQUIRE(!getsockopt(lws_get_socket_fd(wsi), SOL_SOCKET, SO_BROADCAST, &value, &length));
	CHECK(value != 0);
	/* qemu-user sets this option and cannot say what it is */
	if (!test_emulated()) {
		REQUIRE(!getsockopt(lws_get_socket_fd(wsi), SOL_SOCKET, SO_BINDTODEVICE, device, &device_length));
		CHECK_STR(device, "lo");
	}
	connect_to(peer, wsi);
	put(peer, "hello");
	expect_datagram(peer, "hello", 5);
	lws_set_log_level(0, NULL);
	CHECK_PTR(lws_create_adopt_udp(server.vhost, "127.0.0.1", 70000, 0, "raw", NULL, NULL, NULL, NULL, NULL), NULL);
	CHECK_PTR(lws_create_adopt_udp(server.vhost, "127.0.0.1", 1, 0, "absent", NULL, NULL, NULL, NULL, NULL), NULL);
	CHECK_PTR(lws_create_adopt_udp(server.vhost, "127.0.0.1", 1, LWS_CAUDP_BIND, "raw", "absent0", NULL, NULL, NULL, NULL),
		  NULL);
	CHECK_PTR(lws_create_adopt_udp(NULL, "127.0.0.1", 1, 0, "raw", NULL, NULL, NULL, NULL, NULL), NULL);
	/* a stream, and no socket at all */
	CHECK_PTR(adopt(peer_accepted(&stream), LWS_ADOPT_RAW_SOCKET_UDP, "raw"), NULL);
	CHECK_INT(client_drain(&stream), 0);
	client_close(&stream);
	REQUIRE(!pipe(ends));
	CHECK_PTR(adopt(ends[0], LWS_ADOPT_RAW_SOCKET_UDP, "raw"), NULL);
	close(ends[1]);
	/* the program's own socket */
	other = peer_of(AF_INET);
	wsi = adopt(other, LWS_ADOPT_RAW_SOCKET_UDP, "raw");
	REQUIRE(wsi != NULL && lws_get_udp(wsi) != NULL);
	server_destroy(&server);
	CHECK(!is_open(other));
	close(peer);
}

/* A peer by its name. That nobody is there yet is no end. */
static void named_peer(void)
{
	struct sockaddr_in address = { .sin_family = AF_INET, .sin_addr = { htonl(INADDR_LOOPBACK) } };
	socklen_t length = sizeof(address);
	int peer = peer_of(AF_INET);
	struct lws *wsi;

	run();
	REQUIRE(!bind(peer, (struct sockaddr *)&address, length) &&
		!getsockname(peer, (struct sockaddr *)&address, &length));
	close(peer);
	wsi = lws_create_adopt_udp(server.vhost, "localhost", ntohs(address.sin_port), 0, "raw", NULL, NULL, NULL, NULL, NULL);
	REQUIRE(wsi != NULL);
	WAIT_FOR(adoptions == 1);
	CHECK(lws_get_udp(wsi)->connected);
	CHECK_INT(lws_write(wsi, (unsigned char *)"lost", 4, LWS_WRITE_RAW), 4);
	test_sleep_ms(20);
	CHECK_INT(closed, 0);
	peer = peer_of(AF_INET);
	REQUIRE(!bind(peer, (struct sockaddr *)&address, length));
	CHECK_INT(lws_write(wsi, (unsigned char *)"found", 5, LWS_WRITE_RAW), 5);
	expect_datagram(peer, "found", 5);
	connect_to(peer, wsi);
	put(peer, "back");
	expect_datagram(peer, "back", 4);
	/* no such name: it ends as it would have later */
	lws_set_log_level(0, NULL);
	CHECK(lws_create_adopt_udp(server.vhost, "absent.invalid", 1, 0, "raw", NULL, NULL, NULL, NULL, NULL) != NULL);
	WAIT_FOR(closed == 1);
	WAIT_FOR(destroyed == 1);
	CHECK_INT(adoptions, 1);
	server_destroy(&server);
	close(peer);
}

static void datagrams_of_ipv6(void)
{
	struct sockaddr_in6 address = { .sin6_family = AF_INET6, .sin6_addr = IN6ADDR_LOOPBACK_INIT };
	struct lws_context_creation_info info;
	int peer = socket(AF_INET6, SOCK_DGRAM, 0);

	if (peer < 0 || bind(peer, (struct sockaddr *)&address, sizeof(address)))
		test_skip("no IPv6 here");
	server_info(&info, protocols);
	info.port = CONTEXT_PORT_NO_LISTEN_SERVER;
	info.options = 0;
	server_run(&server, &info);
	connect_to(peer, bound("::1", 0, NULL));
	put(peer, "hello");
	expect_datagram(peer, "hello", 5);
	expect_sender(peer);
	server_destroy(&server);
	close(peer);
}

/* A packet on the loopback interface, headers and all; only for those who may */
static void packets(void)
{
	int probe = socket(AF_PACKET, SOCK_DGRAM, htons(0x0800)), peer = peer_of(AF_INET);
	struct sockaddr_in address = { .sin_family = AF_INET, .sin_addr = { htonl(INADDR_LOOPBACK) }, .sin_port = htons(9) };

	if (probe < 0)
		test_skip("no permission for packet sockets");
	close(probe);
	run();
	silent = true;
	REQUIRE(lws_create_adopt_udp(server.vhost, NULL, 0, LWS_CAUDP_PF_PACKET, "raw", "lo", NULL, NULL, NULL, NULL) != NULL);
	CHECK_INT(sendto(peer, "marked by us", 12, 0, (struct sockaddr *)&address, sizeof(address)), 12);
	WAIT_FOR(arrived >= 40 && memmem(received, (size_t)arrived, "marked by us", 12));
	server_destroy(&server);
	close(peer);
}

/* The names of event libraries' plugins */
static void plugin_names(void)
{
	struct client client;
	struct client_frame frame;
	struct lws *wsi;
	int fd;

	run();
	fd = peer_accepted(&client);
	wsi = adopt(fd, LWS_ADOPT_SOCKET, "raw");
	REQUIRE(wsi != NULL);
	CHECK_PTR(wsi_from_fd(server.context, fd), wsi);
	CHECK_PTR(wsi_from_fd(server.context, client.fd), NULL);
	CHECK_PTR(wsi_from_fd(server.context, -1), NULL);
	lws_service_do_ripe_rxflow(NULL);
	lws_close_free_wsi(wsi, LWS_CLOSE_STATUS_NOSTATUS, "test");
	CHECK_INT(closed, 1);
	CHECK_INT(destroyed, 1);
	CHECK_PTR(wsi_from_fd(server.context, fd), NULL);
	CHECK_INT(client_drain(&client), 0);
	client_close(&client);
	lws_destroy_event_pipe(adopt(peer_accepted(&client), LWS_ADOPT_SOCKET, "raw"));
	__lws_close_free_wsi_final(adopt(peer_accepted(&client), LWS_ADOPT_SOCKET, "raw"));
	CHECK_INT(destroyed, 3);
	client_close(&client);

	/* a WebSocket is told why */
	wsi = lws_adopt_socket(server.context, peer_accepted(&client));
	client_ws_upgrade(&client, "/", "raw", "");
	lws_close_free_wsi(wsi, LWS_CLOSE_STATUS_GOINGAWAY, "test");
	CHECK_INT(destroyed, 4);
	REQUIRE(client_ws_frame(&client, &frame));
	CHECK_INT(frame.opcode, FRAME_CLOSE);
	CHECK_INT(client_frame_code(&frame), 1001);
	client_frame_free(&frame);
	client_close(&client);

	server_stop(&server);
	CHECK_INT(_lws_plat_service_forced_tsi(server.context, 0), 0);
	lws_vhost_destroy1(server.vhost);
	server_destroy(&server);
}

/* From a thread that serves nothing, while the service thread works */
static void again_and_again(void)
{
	struct client client;
	int i, before;

	run();
	CHECK(adopt(peer_accepted(&client), LWS_ADOPT_SOCKET, "raw") != NULL);
	client_close(&client);
	WAIT_FOR(closed == 1);
	/* The descriptor is closed behind the callbacks: when the service thread has ended, it is. */
	server_stop(&server);
	before = process_descriptors();
	server_start(&server);
	for (i = 2; i <= 300; i++) {
		CHECK(adopt(peer_accepted(&client), LWS_ADOPT_SOCKET, "raw") != NULL);
		client_send(&client, "x", 1);
		REQUIRE(client_fill(&client, 1));
		client_close(&client);
		WAIT_FOR(destroyed == i);
	}
	server_stop(&server);
	CHECK_INT(process_descriptors(), before);
	CHECK_INT(closed, 300);
	server_destroy(&server);
}

TEST_MAIN({ "terminal", terminal }, { "events", events }, { "much_output", much_output }, { "full_pipe", full_pipe },
	  { "held_back", held_back }, { "refused_file", refused_file }, { "refused_socket", refused_socket },
	  { "ended_before_the_context", ended_before_the_context },
	  { "what_was_read", what_was_read }, { "again_and_again", again_and_again }, { "peers", peers },
	  { "long_datagram", long_datagram }, { "answered_in_turn", answered_in_turn }, { "sent_by_program", sent_by_program },
	  { "datagram_options", datagram_options }, { "named_peer", named_peer }, { "datagrams_of_ipv6", datagrams_of_ipv6 },
	  { "packets", packets },
	  { "plugin_names", plugin_names })
