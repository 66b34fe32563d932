/* Addresses as text and bytes, of peers and interfaces */
#include "check.h"

#include <arpa/inet.h>
#include <libwebsockets.h>
#include <sys/un.h>

static void check_parse(const char *text, const char *hex)
{
	uint8_t bytes[16];
	char got[33];
	int size = lws_parse_numeric_address(text, bytes, sizeof(bytes));

	if (!hex) {
		CHECK(size < 0);
		return;
	}
	REQUIRE_INT(size, strlen(hex) / 2);
	lws_hex_from_byte_array(bytes, (size_t)size, got, sizeof(got));
	CHECK_STR(got, hex);
}

static void test_parse(void)
{
	uint8_t bytes[16];

	check_parse("127.0.0.1", "7f000001");
	check_parse("255.255.255.255", "ffffffff");
	check_parse("::", "00000000000000000000000000000000");
	check_parse("::1", "00000000000000000000000000000001");
	check_parse("2001:DB8::8a2e:370:7334", "20010db80000000000008a2e03707334");
	check_parse("::ffff:1.2.3.4", "00000000000000000000ffff01020304");
	check_parse("1:2:3:4:5:6:7:8", "00010002000300040005000600070008");

	check_parse("", NULL);
	check_parse("1.2.3", NULL);
	check_parse("1.2.3.256", NULL);
	check_parse("1.2.3.4.5", NULL);
	check_parse("1::2::3", NULL);
	check_parse(":::", NULL);
	check_parse("1:2:3:4:5:6:7:8:9", NULL);
	check_parse("12345::", NULL);
	check_parse("localhost", NULL);
	check_parse("fe80::1%lo", NULL);

	CHECK(lws_parse_numeric_address("127.0.0.1", bytes, 3) < 0);
	CHECK(lws_parse_numeric_address("::1", bytes, 15) < 0);
	CHECK_INT(lws_parse_numeric_address("127.0.0.1", bytes, 4), 4);
}

static void check_write(const char *from, const char *want)
{
	lws_sockaddr46 sa46;
	char text[64];

	memset(&sa46, 0, sizeof(sa46));
	REQUIRE_INT(lws_sa46_parse_numeric_address(from, &sa46), 0);
	CHECK_INT(lws_sa46_write_numeric_address(&sa46, text, sizeof(text)), strlen(want));
	CHECK_STR(text, want);
	CHECK_INT(lws_sa46_write_numeric_address(&sa46, text, strlen(want) + 1), strlen(want));
	CHECK_INT(lws_sa46_write_numeric_address(&sa46, text, strlen(want)), -1);
}

static void test_write(void)
{
	uint8_t bytes[16] = { 0 };
	lws_sockaddr46 sa46;
	char text[64];

	check_write("10.0.0.255", "10.0.0.255");
	check_write("::", "::");
	check_write("::1", "::1");
	check_write("1::", "1::");
	/* RFC 5952, 4 */
	check_write("2001:0db8::0001", "2001:db8::1");
	check_write("2001:db8:0:0:0:0:2:1", "2001:db8::2:1");
	check_write("2001:db8:0:1:1:1:1:1", "2001:db8:0:1:1:1:1:1");
	check_write("2001:0:0:1:0:0:0:1", "2001:0:0:1::1");
	check_write("2001:db8:0:0:1:0:0:1", "2001:db8::1:0:0:1");
	check_write("ABCD:EF01:2345:6789:ABCD:EF01:2345:6789", "abcd:ef01:2345:6789:abcd:ef01:2345:6789");
	check_write("1:2:3:4:5:6:0:0", "1:2:3:4:5:6::");
	check_write("0:0:3:4:5:6:7:8", "::3:4:5:6:7:8");
	check_write("::ffff:192.0.2.128", "::ffff:192.0.2.128");
	check_write("::1:2", "::1:2");

	CHECK_INT(lws_write_numeric_address(bytes, 5, text, sizeof(text)), -1);

	memset(&sa46, 0, sizeof(sa46));
	CHECK_INT(lws_sa46_write_numeric_address(&sa46, text, sizeof(text)), 7);
	CHECK_STR(text, "(unset)");
	sa46.sa4.sin_family = AF_UNIX;
	CHECK_INT(lws_sa46_write_numeric_address(&sa46, text, sizeof(text)), 10);
	CHECK_STR(text, "(unix skt)");
	sa46.sa4.sin_family = 99;
	CHECK_INT(lws_sa46_write_numeric_address(&sa46, text, sizeof(text)), -1);
	CHECK_STR(text, "(AF99 unsupp)");
}

/* inet_pton() and inet_ntop() of the system are the judges. */
static void test_against_the_system(void)
{
	uint8_t bytes[16], back[16];
	char text[64];
	int n, round;

	srand(3);
	for (round = 0; round < 20000; round++) {
		for (n = 0; n < 16; n++)
			bytes[n] = rand() & 3 ? 0 : (uint8_t)rand();
		n = lws_write_numeric_address(bytes, 16, text, sizeof(text));
		REQUIRE_INT(n, strlen(text));
		REQUIRE_INT(inet_pton(AF_INET6, text, back), 1);
		REQUIRE(!memcmp(bytes, back, 16));
	}
}

static lws_sockaddr46 address(const char *text)
{
	lws_sockaddr46 sa46;

	memset(&sa46, 0, sizeof(sa46));
	REQUIRE_INT(lws_sa46_parse_numeric_address(text, &sa46), 0);

	return sa46;
}

static int on_net(const char *text, const char *net, int bits)
{
	lws_sockaddr46 a = address(text), n = address(net);

	return !lws_sa46_on_net(&a, &n, bits);
}

static int equal(const char *a, const char *b)
{
	lws_sockaddr46 sa = address(a), sb = address(b);

	sa.sa4.sin_port = 1;

	return !lws_sa46_compare_ads(&sa, &sb);
}

static void test_compare(void)
{
	CHECK(equal("1.2.3.4", "1.2.3.4"));
	CHECK(!equal("1.2.3.4", "1.2.3.5"));
	CHECK(equal("::1", "0::1"));
	CHECK(!equal("::1", "::2"));
	CHECK(!equal("::ffff:1.2.3.4", "1.2.3.4"));

	CHECK(on_net("192.168.1.77", "192.168.1.0", 24));
	CHECK(!on_net("192.168.2.77", "192.168.1.0", 24));
	CHECK(on_net("192.168.1.127", "192.168.1.64", 26));
	CHECK(!on_net("192.168.1.128", "192.168.1.64", 26));
	CHECK(on_net("9.9.9.9", "1.2.3.4", 0));
	CHECK(on_net("1.2.3.4", "1.2.3.4", 32));
	CHECK(!on_net("1.2.3.4", "1.2.3.5", 32));
	CHECK(on_net("2001:db8::1", "2001:db8::", 32));
	CHECK(!on_net("2001:db9::1", "2001:db8::", 32));
	CHECK(on_net("2001:db8::1", "2001:db8::1", 128));
	CHECK(on_net("::ffff:10.1.2.3", "10.0.0.0", 8));
	CHECK(!on_net("::ffff:11.1.2.3", "10.0.0.0", 8));
	CHECK(!on_net("::10.1.2.3", "10.0.0.0", 8));
	CHECK(on_net("10.1.2.3", "::ffff:10.0.0.0", 104));
	CHECK(!on_net("10.1.2.3", "10.0.0.0", 33));
	CHECK(!on_net("10.1.2.3", "10.0.0.0", -1));
}

/* A connection over loopback; the accepted end. */
static int accepted(int family, const char *ads, int *client)
{
	lws_sockaddr46 sa46 = address(ads);
	socklen_t size = family == AF_INET6 ? sizeof(sa46.sa6) : sizeof(sa46.sa4);
	int listener = socket(family, SOCK_STREAM, 0), fd;

	*client = socket(family, SOCK_STREAM, 0);
	if (listener < 0 || *client < 0 || bind(listener, (struct sockaddr *)&sa46, size))
		test_skip("no such address here");
	REQUIRE(!listen(listener, 1));
	REQUIRE(!getsockname(listener, (struct sockaddr *)&sa46, &size));
	REQUIRE(!connect(*client, (struct sockaddr *)&sa46, size));
	fd = accept(listener, NULL, NULL);
	REQUIRE(fd >= 0);
	close(listener);

	return fd;
}

static void test_peer(void)
{
	char text[64], name[256], small[4];
	int client, fd = accepted(AF_INET, "127.0.0.1", &client);

	CHECK_PTR(lws_get_peer_simple_fd(fd, text, sizeof(text)), text);
	CHECK_STR(text, "127.0.0.1");
	lws_get_peer_addresses(NULL, fd, name, sizeof(name), text, sizeof(text));
	CHECK_STR(text, "127.0.0.1");
	CHECK(name[0]);
	lws_get_peer_addresses(NULL, fd, small, 0, small, sizeof(small));
	CHECK_STR(small, "127");
	close(client);
	close(fd);

	lws_set_log_level(0, NULL);
	CHECK_PTR(lws_get_peer_simple_fd(-1, text, sizeof(text)), text);
	CHECK_INT(strncmp(text, "getpeername: ", 13), 0);
	lws_get_peer_addresses(NULL, -1, name, sizeof(name), text, sizeof(text));
	CHECK_STR(name, "");
	CHECK_STR(text, "");
}

static void test_peer_ipv6(void)
{
	char text[64];
	int client, fd = accepted(AF_INET6, "::1", &client);

	lws_get_peer_simple_fd(fd, text, sizeof(text));
	CHECK_STR(text, "::1");
	close(client);
	close(fd);
}

static void test_peer_unix(void)
{
	char text[64];
	int fds[2];

	REQUIRE(!socketpair(AF_UNIX, SOCK_STREAM, 0, fds));
	lws_get_peer_simple_fd(fds[0], text, sizeof(text));
	CHECK_STR(text, "(unix skt)");
}

static void test_interface(void)
{
	lws_sockaddr46 sa46;
	char text[64];

	lws_set_log_level(0, NULL);
	memset(&sa46, 0, sizeof(sa46));
	CHECK_INT(lws_interface_to_sa(0, "lo", &sa46.sa4, sizeof(sa46.sa4)), LWS_ITOSA_USABLE);
	lws_sa46_write_numeric_address(&sa46, text, sizeof(text));
	CHECK_STR(text, "127.0.0.1");

	/* ::1, or the mapped address where there is no IPv6 */
	CHECK_INT(lws_interface_to_sa(1, "lo", &sa46.sa4, sizeof(sa46)), LWS_ITOSA_USABLE);
	lws_sa46_write_numeric_address(&sa46, text, sizeof(text));
	CHECK(!strcmp(text, "::1") || !strcmp(text, "::ffff:127.0.0.1"));

	CHECK_INT(lws_interface_to_sa(0, "127.0.0.2", &sa46.sa4, sizeof(sa46.sa4)), LWS_ITOSA_USABLE);
	lws_sa46_write_numeric_address(&sa46, text, sizeof(text));
	CHECK_STR(text, "127.0.0.2");
	CHECK_INT(lws_interface_to_sa(1, "fe80::5", &sa46.sa4, sizeof(sa46)), LWS_ITOSA_USABLE);
	lws_sa46_write_numeric_address(&sa46, text, sizeof(text));
	CHECK_STR(text, "fe80::5");

	CHECK_INT(lws_interface_to_sa(0, "nosuch0", &sa46.sa4, sizeof(sa46.sa4)), LWS_ITOSA_NOT_EXIST);
	CHECK_INT(lws_interface_to_sa(0, "fe80::5", &sa46.sa4, sizeof(sa46.sa4)), LWS_ITOSA_NOT_EXIST);
	CHECK(lws_interface_to_sa(1, "lo", &sa46.sa4, sizeof(sa46.sa4)) < 0);
}

TEST_MAIN({ "parse", test_parse }, { "write", test_write }, { "against the system", test_against_the_system },
	  { "compare", test_compare }, { "peer", test_peer }, { "peer IPv6", test_peer_ipv6 },
	  { "peer unix", test_peer_unix }, { "interface", test_interface })
