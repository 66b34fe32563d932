/* URIs, URL coding and the command line */
#include "check.h"

#include <libwebsockets.h>
#include <signal.h>

static void check_uri(const char *uri, const char *scheme, const char *host, int port, const char *path)
{
	const char *got_scheme, *got_host, *got_path;
	int got_port = -1;
	char text[128];

	lws_strncpy(text, uri, sizeof(text));
	CHECK_INT(lws_parse_uri(text, &got_scheme, &got_host, &got_port, &got_path), 0);
	CHECK_STR(got_scheme, scheme);
	CHECK_STR(got_host, host);
	CHECK_INT(got_port, port);
	CHECK_STR(got_path, path);
}

static void test_parse_uri(void)
{
	check_uri("https://example.com:8080/a?b", "https", "example.com", 8080, "a?b");
	check_uri("http://example.com/a/b", "http", "example.com", 80, "a/b");
	check_uri("https://example.com", "https", "example.com", 443, "/");
	check_uri("ws://example.com/", "ws", "example.com", 80, "/");
	check_uri("wss://h//x", "wss", "h", 443, "/x");
	check_uri("mqtt://h/x", "mqtt", "h", -1, "x");
	check_uri("example.com/x", "", "example.com", -1, "x");
	check_uri("example.com:99", "", "example.com", 99, "/");
	check_uri("https://[::1]:8080/x", "https", "::1", 8080, "x");
	check_uri("https://[fe80::1]/x", "https", "fe80::1", 443, "x");
	check_uri("https://[::1", "https", "::1", 443, "/");
	check_uri("http://+/run/x.sock:/a/b", "http", "+/run/x.sock", 0, "a/b");
	check_uri("http://+/run/x.sock", "http", "+/run/x.sock", 80, "/");
	check_uri("", "", "", -1, "/");
	check_uri("http://", "http", "", 80, "/");
}

static void test_urlencode(void)
{
	char text[32];

	CHECK_PTR(lws_urlencode(text, "a b/\xc3\xa4", sizeof(text)), text);
	CHECK_STR(text, "a+b%2F%C3%A4");
	lws_urlencode(text, "aa/b", 5);
	CHECK_STR(text, "aa");
	lws_urlencode(text, "aa/b", 6);
	CHECK_STR(text, "aa%2F");
	lws_urlencode(text, "x", 1);
	CHECK_STR(text, "");
	text[0] = 'q';
	lws_urlencode(text, "x", 0);
	CHECK_INT(text[0], 'q');
}

static void test_urldecode(void)
{
	char text[32];

	CHECK_INT(lws_urldecode(text, "a+b%2f%C3%A4", 31), 0);
	CHECK_STR(text, "a b/\xc3\xa4");
	CHECK_INT(lws_urldecode(text, "abc", 2), 0);
	CHECK_STR(text, "ab");
	CHECK_INT(lws_urldecode(text, "%4x", 31), -1);
	CHECK_INT(lws_urldecode(text, "%x4", 31), -1);
	CHECK_INT(lws_urldecode(text, "a%4", 31), 0);
	CHECK_STR(text, "a");

	/* in place */
	strcpy(text, "%41%42+c");
	CHECK_INT(lws_urldecode(text, text, (int)strlen(text)), 0);
	CHECK_STR(text, "AB c");
}

static void test_option(void)
{
	const char *argv[] = { "prog", "-p", "80", "--name=x", "-d15", "-s", "-p" };
	char long_value[1027];

	CHECK_STR(lws_cmdline_option(3, argv, "-p"), "80");
	CHECK_STR(lws_cmdline_option(7, argv, "--name"), "x");
	CHECK_STR(lws_cmdline_option(7, argv, "-d"), "15");
	CHECK_STR(lws_cmdline_option(6, argv, "-s"), "");
	CHECK_PTR(lws_cmdline_option(7, argv, "-x"), NULL);
	/* the last one counts, and the program's name never does */
	CHECK_STR(lws_cmdline_option(7, argv, "-p"), "");
	CHECK_PTR(lws_cmdline_option(7, argv, "prog"), NULL);
	CHECK_PTR(lws_cmdline_option(1, argv, "-p"), NULL);
	CHECK_PTR(lws_cmdline_option(0, argv, "-p"), NULL);

	memset(long_value, 'v', sizeof(long_value));
	long_value[1025] = '\0';
	argv[2] = long_value;
	CHECK_PTR(lws_cmdline_option(3, argv, "-p"), NULL);
	long_value[1024] = '\0';
	CHECK_PTR(lws_cmdline_option(3, argv, "-p"), long_value);
}

static void discard(int level, const char *line)
{
	(void)level;
	(void)line;
}

static void test_builtin_options(void)
{
	const char *argv[] = { "prog", "-d", "1039", "--ignore-sigterm", "--fault-injection=x" };
	struct lws_context_creation_info info;

	memset(&info, 0, sizeof(info));
	lws_set_log_level(LLL_DEBUG, discard);
	lws_cmdline_option_handle_builtin(1, argv, &info);
	CHECK_INT(lwsl_visible(-1), LLL_USER | LLL_ERR | LLL_WARN | LLL_NOTICE);
	lws_cmdline_option_handle_builtin(5, argv, NULL);
	CHECK_INT(lwsl_visible(-1), 1039);
	/* would end the process */
	CHECK_INT(raise(SIGTERM), 0);
}

TEST_MAIN({ "parse uri", test_parse_uri }, { "urlencode", test_urlencode }, { "urldecode", test_urldecode },
	  { "option", test_option }, { "builtin options", test_builtin_options })
