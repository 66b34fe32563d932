#define _GNU_SOURCE /* memmem */
/* Files from mounts and from lws_serve_http_file. */
#include "check.h"
#include "client.h"
#include "server.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

static struct server server;
static struct client_response response;

static void make_file(const char *name, const void *content, size_t length)
{
	char path[512];
	FILE *file;

	snprintf(path, sizeof(path), "%s/%s", test_directory(), name);
	file = fopen(path, "w");
	REQUIRE(file != NULL);
	if (length)
		REQUIRE_INT(fwrite(content, 1, length, file), length);
	fclose(file);
}

static void make_text(const char *name, const char *content)
{
	make_file(name, content, strlen(content));
}

static void make_directory(const char *name)
{
	char path[512];

	snprintf(path, sizeof(path), "%s/%s", test_directory(), name);
	REQUIRE_INT(mkdir(path, 0755), 0);
}

static int on_http(struct lws *wsi, enum lws_callback_reasons reason, void *user, void *in, size_t len)
{
	static const char more[] = "x-more: of mine\r\n";
	char path[512];
	int n;

	switch (reason) {
	case LWS_CALLBACK_HTTP:
		if (strcmp(in, "/served") && strcmp(in, "/served-absent"))
			break;
		snprintf(path, sizeof(path), "%s/%s", test_directory(),
			 !strcmp(in, "/served") ? "root/page.html" : "root/absent");
		n = lws_serve_http_file(wsi, path, "text/x-served", more, (int)strlen(more));
		if (n < 0 || (n > 0 && lws_http_transaction_completed(wsi)))
			return -1;
		return 0;
	default:
		break;
	}

	return lws_callback_http_dummy(wsi, reason, user, in, len);
}

static const struct lws_protocols protocols[] = {
	{ "http", on_http, 0, 0, 0, NULL, 0 },
	{ NULL, NULL, 0, 0, 0, NULL, 0 }
};

static const struct lws_protocol_vhost_options more_types = { NULL, NULL, ".golws", "application/x-golws" };
static const struct lws_protocol_vhost_options any_type = { NULL, NULL, "*", "application/octet-stream" };

static struct lws_http_mount mounts[] = {
	{ .mountpoint = "/", .mountpoint_len = 1, .origin_protocol = LWSMPRO_FILE, .def = "page.html" },
	{ .mountpoint = "/cached", .mountpoint_len = 7, .origin_protocol = LWSMPRO_FILE, .def = "page.html",
	  .cache_max_age = 600, .cache_reusable = 1, .cache_revalidate = 1, .cache_intermediaries = 1 },
	{ .mountpoint = "/private", .mountpoint_len = 8, .origin_protocol = LWSMPRO_FILE,
	  .cache_max_age = 30, .cache_reusable = 1 },
	{ .mountpoint = "/typed", .mountpoint_len = 6, .origin_protocol = LWSMPRO_FILE,
	  .extra_mimetypes = &more_types },
	{ .mountpoint = "/any", .mountpoint_len = 4, .origin_protocol = LWSMPRO_FILE,
	  .extra_mimetypes = &any_type },
	{ .mountpoint = "/served", .mountpoint_len = 7, .origin_protocol = LWSMPRO_CALLBACK, .origin = "http" },
};

static unsigned char numbers[100000];

static void begin(void)
{
	struct lws_context_creation_info info;
	static char origin[512];
	size_t i, count = sizeof(mounts) / sizeof(mounts[0]);

	make_text("secret.txt", "a secret");
	make_directory("root");
	make_text("root/page.html", "<html>page</html>");
	make_text("root/a.txt", "text file");
	make_text("root/.hidden.txt", "hidden");
	make_text("root/empty.txt", "");
	make_text("root/a.golws", "special");
	make_text("root/without_suffix", "none");
	make_text("root/with space.txt", "spaced");
	make_directory("root/sub");
	make_text("root/sub/page.html", "<html>sub</html>");
	for (i = 0; i < sizeof(numbers); i++)
		numbers[i] = (unsigned char)(i / 100 + i % 100);
	make_file("root/numbers.txt", numbers, sizeof(numbers));

	snprintf(origin, sizeof(origin), "%s/root", test_directory());
	for (i = 0; i < count; i++) {
		mounts[i].mount_next = i + 1 < count ? &mounts[i + 1] : NULL;
		if (mounts[i].origin_protocol == LWSMPRO_FILE)
			mounts[i].origin = origin;
	}
	server_info(&info, protocols);
	info.mounts = mounts;
	server_run(&server, &info);
}

static void end(void)
{
	client_response_free(&response);
	server_destroy(&server);
}

static void get_with(const char *path, const char *headers)
{
	client_response_free(&response);
	client_get(server.port, path, headers, &response);
}

static void get(const char *path)
{
	get_with(path, "");
}

static void plain_files(void)
{
	begin();
	get("/a.txt");
	CHECK_INT(response.status, 200);
	CHECK_STR(client_header(&response, "content-type"), "text/plain");
	CHECK_STR(client_header(&response, "content-length"), "9");
	CHECK_STR((char *)response.body, "text file");
	get("/");
	CHECK_INT(response.status, 200);
	CHECK_STR(client_header(&response, "content-type"), "text/html");
	CHECK_STR((char *)response.body, "<html>page</html>");
	get("/sub/");
	CHECK_INT(response.status, 200);
	CHECK_STR((char *)response.body, "<html>sub</html>");
	get("/sub/page.html");
	CHECK_STR((char *)response.body, "<html>sub</html>");
	get("/empty.txt");
	CHECK_INT(response.status, 200);
	CHECK_STR(client_header(&response, "content-length"), "0");
	get("/with%20space.txt?query=ignored");
	CHECK_STR((char *)response.body, "spaced");
	get("/absent.txt");
	CHECK_INT(response.status, 404);
	get("/sub/absent/absent.txt");
	CHECK_INT(response.status, 404);
	get("/numbers.txt");
	CHECK_MEM(response.body, response.body_length, numbers, sizeof(numbers));
	get("/cached/a.txt");
	CHECK_STR((char *)response.body, "text file");
	get("/cached/");
	CHECK_STR((char *)response.body, "<html>page</html>");
	end();
}

static void types(void)
{
	static const struct {
		const char *suffix, *type;
	} known[] = { { "html", "text/html" }, { "css", "text/css" }, { "png", "image/png" }, { "jpg", "image/jpeg" },
		      { "gif", "image/gif" }, { "svg", "image/svg+xml" }, { "ico", "image/x-icon" },
		      { "js", "text/javascript" }, { "txt", "text/plain" }, { "ttf", "application/x-font-ttf" },
		      { "xml", "application/xml" }, { "json", "application/json" }, { "mp4", "video/mp4" } };
	char name[64], type[64];
	size_t i;

	begin();
	for (i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
		snprintf(name, sizeof(name), "root/type.%s", known[i].suffix);
		make_text(name, "typed");
		get(name + 4);
		if (!strcmp(known[i].suffix, "json") && response.status == 415)
			continue; /* 4.1 does not know it */
		if (!strcmp(known[i].suffix, "mp4") && response.status == 415)
			continue;
		CHECK_INT(response.status, 200);
		snprintf(type, sizeof(type), "%s",
			 client_header(&response, "content-type") ? client_header(&response, "content-type") : "none");
		type[strcspn(type, ";")] = '\0';
		CHECK_STR(type, known[i].type);
	}
	get("/a.golws");
	CHECK_INT(response.status, 415);
	get("/typed/a.golws");
	CHECK_INT(response.status, 200);
	CHECK_STR(client_header(&response, "content-type"), "application/x-golws");
	get("/any/without_suffix");
	CHECK_INT(response.status, 200);
	CHECK_STR(client_header(&response, "content-type"), "application/octet-stream");
	end();
}

static void cache_control(void)
{
	begin();
	get("/a.txt");
	CHECK_STR(client_header(&response, "cache-control"), "no-store");
	get("/cached/a.txt");
	CHECK_STR(client_header(&response, "cache-control"), "must-revalidate, public, max-age=600");
	get("/private/a.txt");
	CHECK_STR(client_header(&response, "cache-control"), "private, max-age=30");
	end();
}

static void validators(void)
{
	char tag[256], header[512];
	struct client client;

	begin();
	get("/cached/a.txt");
	REQUIRE(client_header(&response, "etag") != NULL);
	snprintf(tag, sizeof(tag), "%s", client_header(&response, "etag"));
	snprintf(header, sizeof(header), "If-None-Match: %s\r\n", tag);
	get_with("/cached/a.txt", header);
	CHECK_INT(response.status, 304);
	CHECK_STR(client_header(&response, "etag"), tag);
	CHECK_STR(client_header(&response, "cache-control"), "must-revalidate, public, max-age=600");
	get_with("/cached/a.txt", "If-None-Match: \"other\"\r\n");
	CHECK_INT(response.status, 200);
	/* the content changes, so does the tag */
	make_text("root/a.txt", "changed text file");
	get_with("/cached/a.txt", header);
	CHECK_INT(response.status, 200);
	CHECK_STR((char *)response.body, "changed text file");
	CHECK(strcmp(client_header(&response, "etag"), tag) != 0);

	/* a 304 leaves the connection in order */
	snprintf(tag, sizeof(tag), "%s", client_header(&response, "etag"));
	client_tcp(&client, server.port);
	client_print(&client, "GET /a.txt HTTP/1.1\r\nHost: a\r\nIf-None-Match: %s\r\n\r\n", tag);
	client_response_free(&response);
	REQUIRE(client_response(&client, &response, false));
	CHECK_INT(response.status, 304);
	client_print(&client, "GET /a.txt HTTP/1.1\r\nHost: a\r\n\r\n");
	client_response_free(&response);
	REQUIRE(client_response(&client, &response, false));
	CHECK_STR((char *)response.body, "changed text file");
	client_close(&client);
#ifdef TEST_GOLWS
	/* RFC 9110: quoted, in lists, weak, any */
	CHECK_INT(tag[0], '"');
	snprintf(header, sizeof(header), "If-None-Match: \"x\", W/%s\r\n", tag);
	get_with("/a.txt", header);
	CHECK_INT(response.status, 304);
	get_with("/a.txt", "If-None-Match: *\r\n");
	CHECK_INT(response.status, 304);
#endif
	end();
}

static void head(void)
{
	struct client client;

	begin();
	client_tcp(&client, server.port);
	client_print(&client, "HEAD /numbers.txt HTTP/1.1\r\nHost: a\r\n\r\n");
	REQUIRE(client_response(&client, &response, true));
	CHECK_INT(response.status, 200);
	CHECK_STR(client_header(&response, "content-length"), "100000");
	client_response_free(&response);
	client_print(&client, "GET /a.txt HTTP/1.1\r\nHost: a\r\n\r\n");
	REQUIRE(client_response(&client, &response, false));
	CHECK_INT(response.status, 200);
	CHECK_STR((char *)response.body, "text file");
	client_close(&client);
	end();
}

static void expect_range(const char *range, size_t from, size_t to)
{
	char header[128], wanted[128];

	snprintf(header, sizeof(header), "Range: bytes=%s\r\n", range);
	get_with("/numbers.txt", header);
	CHECK_INT(response.status, 206);
	snprintf(wanted, sizeof(wanted), "bytes %zu-%zu/100000", from, to);
	CHECK_STR(client_header(&response, "content-range"), wanted);
	CHECK_MEM(response.body, response.body_length, numbers + from, to - from + 1);
}

static void ranges(void)
{
#ifndef LWS_WITH_RANGES
	test_skip("this library is built without ranges");
#endif
	char tag[256], header[512];

	begin();
	expect_range("0-0", 0, 0);
	expect_range("0-99", 0, 99);
	expect_range("5000-70000", 5000, 70000);
	expect_range("99999-99999", 99999, 99999);
	expect_range("90000-", 90000, 99999);
	expect_range("-500", 99500, 99999);
	expect_range("0-99999", 0, 99999);
#ifdef TEST_GOLWS /* upstream announces a length that it does not send */
	expect_range("99990-200000", 99990, 99999);
#endif
	get("/numbers.txt");
	CHECK_STR(client_header(&response, "accept-ranges"), "bytes");
	snprintf(tag, sizeof(tag), "%s", client_header(&response, "etag"));
#ifdef TEST_GOLWS /* upstream closes */
	get_with("/numbers.txt", "Range: bytes=100000-\r\n");
	CHECK_INT(response.status, 416);
	get_with("/numbers.txt", "Range: bytes=200000-300000\r\n");
	CHECK_INT(response.status, 416);
#endif
	snprintf(header, sizeof(header), "Range: bytes=0-9\r\nIf-Range: %s\r\n", tag);
	get_with("/numbers.txt", header);
	CHECK_INT(response.status, 206);
	CHECK_INT(response.body_length, 10);
	get_with("/numbers.txt", "Range: bytes=0-9\r\nIf-Range: \"other\"\r\n");
	CHECK_INT(response.status, 200);
	CHECK_INT(response.body_length, 100000);
#ifdef TEST_GOLWS
	get_with("/numbers.txt", "Range: bytes=200000-\r\n");
	CHECK_STR(client_header(&response, "content-range"), "bytes */100000");
	/* what is not understood is ignored */
	get_with("/numbers.txt", "Range: lines=1-2\r\n");
	CHECK_INT(response.status, 200);
	get_with("/numbers.txt", "Range: bytes=9-1\r\n");
	CHECK(response.status == 200 || response.status == 416);
	get_with("/empty.txt", "Range: bytes=0-\r\n");
	CHECK(response.status == 200 || response.status == 416);
#endif
	end();
}

/* one part of a multipart body; returns what is behind it */
static const char *part(const char *at, const char *boundary, size_t from, size_t to)
{
	char line[256];
	const char *end;

	at = at ? strstr(at, boundary) : NULL;
	if (!CHECK(at != NULL))
		return NULL;
	snprintf(line, sizeof(line), "bytes %zu-%zu/100000", from, to);
	end = strstr(at, "\r\n\r\n");
	if (!CHECK(end != NULL))
		return NULL;
	CHECK(memmem(at, (size_t)(end - at), line, strlen(line)) != NULL);
	at = end + 4;
	CHECK_MEM(at, to - from + 1, numbers + from, to - from + 1);

	return at + (to - from + 1);
}

static void several_ranges(void)
{
#ifndef TEST_GOLWS
	test_skip("upstream does not name the boundary");
#endif
	char boundary[128], *quote;
	const char *type, *at;

	begin();
	/* below 128, so that the search for text is safe */
	get_with("/numbers.txt", "Range: bytes=1-9,200-299,-10\r\n");
	CHECK_INT(response.status, 206);
	type = client_header(&response, "content-type");
	REQUIRE(type && !strncmp(type, "multipart/byteranges; boundary=", 31));
	type += 31;
	snprintf(boundary, sizeof(boundary), "--%s", *type == '"' ? type + 1 : type);
	quote = strchr(boundary, '"');
	if (quote)
		*quote = '\0';
	at = part((char *)response.body, boundary, 1, 9);
	at = part(at, boundary, 200, 299);
	REQUIRE(at != NULL);
	CHECK(memmem(at, response.body_length - (size_t)(at - (char *)response.body), "bytes 99990-99999/100000",
		     24) != NULL);
	end();
}

static void mountpoint_without_slash(void)
{
	begin();
	get("/cached");
	CHECK_INT(response.status, 301);
	/* upstream names its scheme and the Host; a path alone is as good */
	REQUIRE(client_header(&response, "location") != NULL);
	CHECK_STR(strstr(client_header(&response, "location"), "/cached"), "/cached/");
	end();
}

static void outside_is_out_of_reach(void)
{
	static const char *const paths[] = {
		"/../secret.txt", "/sub/../../secret.txt", "/%2e%2e/secret.txt", "/..%2fsecret.txt", "/%2e%2e%2fsecret.txt",
		"/sub/..%2f..%2fsecret.txt", "/./../secret.txt", "//../secret.txt", "/cached/../../secret.txt",
		"/cached/%2e%2e/%2e%2e/secret.txt", "/..//secret.txt", "/sub/.%2e/.%2e/secret.txt",
		"/..\\secret.txt", "/%5c..%5csecret.txt", "/sub/%00/../../secret.txt", "/%252e%252e/secret.txt",
		"/a.txt/../../secret.txt", "/.../secret.txt", "/..;/secret.txt", "/%c0%ae%c0%ae/secret.txt",
	};
	struct client client;
	size_t i;

	begin();
	for (i = 0; i < sizeof(paths) / sizeof(paths[0]); i++) {
		client_tcp(&client, server.port);
		client_print(&client, "GET %s HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n", paths[i]);
		client_drain(&client);
		if (client.length && memmem(client.buffer, client.length, "a secret", 8))
			FAIL("%s gives the secret", paths[i]);
		client_close(&client);
	}
	/* climbing inside is fine */
	get("/sub/../a.txt");
	CHECK_STR((char *)response.body, "text file");
	end();
}

static void symlinks(void)
{
	char from[512], to[512];
	int descriptor = -1;

	(void)descriptor;
	begin();
	snprintf(from, sizeof(from), "%s/root/inside.txt", test_directory());
	REQUIRE_INT(symlink("a.txt", from), 0);
	get("/inside.txt");
	CHECK_INT(response.status, 200);
	CHECK_STR((char *)response.body, "text file");

	snprintf(from, sizeof(from), "%s/root/loop.txt", test_directory());
	REQUIRE_INT(symlink("loop.txt", from), 0);
	get("/loop.txt");
	CHECK_INT(response.status, 404);

	snprintf(from, sizeof(from), "%s/root/outside.txt", test_directory());
	snprintf(to, sizeof(to), "%s/secret.txt", test_directory());
	REQUIRE_INT(symlink(to, from), 0);
	/* whoever may make links in the directory may publish */
	get("/outside.txt");
	CHECK_INT(response.status, 200);
#ifdef TEST_GOLWS
	/* but not what a link of /proc leads to: an open descriptor of the server itself */
	descriptor = open(to, O_RDONLY);
	REQUIRE(descriptor >= 0);
	snprintf(from, sizeof(from), "%s/root/magic.txt", test_directory());
	snprintf(to, sizeof(to), "/proc/self/fd/%d", descriptor);
	REQUIRE_INT(symlink(to, from), 0);
	get("/magic.txt");
	/* a kernel before 5.6 has no openat2, and valgrind does not know it */
	if (syscall(SYS_openat2, -1, "", NULL, 0) < 0 && errno != ENOSYS)
		CHECK_INT(response.status, 404);
#endif
	end();
}

static void special_files(void)
{
	char path[512];

	begin();
	/* a fifo would block whoever opens it */
	snprintf(path, sizeof(path), "%s/root/fifo.txt", test_directory());
#ifdef TEST_GOLWS
	REQUIRE_INT(mkfifo(path, 0600), 0);
	get("/fifo.txt");
	CHECK(response.status == 404 || response.status == 403);
#endif
	get("/a.txt/below");
	CHECK_INT(response.status, 404);
	end();
}

static void served_by_callback(void)
{
	begin();
	get("/served");
	CHECK_INT(response.status, 200);
	CHECK_STR(client_header(&response, "content-type"), "text/x-served");
	CHECK_STR(client_header(&response, "x-more"), "of mine");
	CHECK_STR((char *)response.body, "<html>page</html>");
#ifdef LWS_WITH_RANGES
	get_with("/served", "Range: bytes=6-9\r\n");
	CHECK_INT(response.status, 206);
	CHECK_STR((char *)response.body, "page");
#endif
	get("/served-absent");
	CHECK_INT(response.status, 404);
	end();
}

static void large_file(void)
{
	enum { LENGTH = 20000000 };
	unsigned char *data = malloc(LENGTH);
	struct client client, other;
	size_t i;

	REQUIRE(data != NULL);
	for (i = 0; i < LENGTH; i++)
		data[i] = (unsigned char)(i * 2654435761u >> 24);
	begin();
	make_file("root/large.txt", data, LENGTH);
	client_tcp(&client, server.port);
	client_print(&client, "GET /large.txt HTTP/1.1\r\nHost: a\r\n\r\n");
	/* a reader that takes nothing holds up nobody */
	client_tcp(&other, server.port);
	client_print(&other, "GET /large.txt HTTP/1.1\r\nHost: a\r\n\r\n");
	test_sleep_ms(100);
	REQUIRE(client_response(&client, &response, false));
	CHECK_MEM(response.body, response.body_length, data, LENGTH);
	client_response_free(&response);
	/* the connection lives on */
	client_print(&client, "GET /a.txt HTTP/1.1\r\nHost: a\r\n\r\n");
	REQUIRE(client_response(&client, &response, false));
	CHECK_STR((char *)response.body, "text file");
	client_close(&client);
	/* and a reader that leaves in the middle is no harm */
	client_abort(&other);
	get("/a.txt");
	CHECK_STR((char *)response.body, "text file");
	end();
	free(data);
}

static void pipelined(void)
{
#ifndef TEST_GOLWS
	test_skip("upstream mixes up pipelined requests for files");
#endif
	struct client client;
	int i;

	begin();
	client_tcp(&client, server.port);
	for (i = 0; i < 8; i++)
		client_print(&client, "GET %s HTTP/1.1\r\nHost: a\r\n\r\n", i % 2 ? "/numbers.txt" : "/a.txt");
	for (i = 0; i < 8; i++) {
		client_response_free(&response);
		REQUIRE(client_response(&client, &response, false));
		CHECK_INT(response.body_length, i % 2 ? sizeof(numbers) : 9);
	}
	client_close(&client);
	end();
}

TEST_MAIN({ "plain_files", plain_files }, { "types", types }, { "cache_control", cache_control },
	  { "validators", validators }, { "head", head }, { "ranges", ranges },
	  { "several_ranges", several_ranges },
	  { "mountpoint_without_slash", mountpoint_without_slash },
	  { "outside_is_out_of_reach", outside_is_out_of_reach }, { "symlinks", symlinks },
	  { "special_files", special_files }, { "served_by_callback", served_by_callback },
	  { "large_file", large_file }, { "pipelined", pipelined })
