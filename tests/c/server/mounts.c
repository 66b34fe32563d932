/* Mounts that are not files: callbacks, redirects, passwords, access rights. */
#include "check.h"
#include "client.h"
#include "server.h"

#include <stdlib.h>

struct session {
	char seen[64];
};

static atomic_int wrong_protocol;

static int on_http(struct lws *wsi, enum lws_callback_reasons reason, void *user, void *in, size_t len)
{
	char text[512];

	if (reason != LWS_CALLBACK_HTTP)
		return lws_callback_http_dummy(wsi, reason, user, in, len);
	lws_snprintf(text, sizeof(text), "http %s", (const char *)in);

	return server_reply_text(wsi, text);
}

/* on mounts */
static int on_mounted(struct lws *wsi, enum lws_callback_reasons reason, void *user, void *in, size_t len)
{
	struct lws_process_html_args *args = in;
	struct session *session = user;
	char text[512], name[64];
	int n;

	switch (reason) {
	case LWS_CALLBACK_CHECK_ACCESS_RIGHTS:
		CHECK_INT(args->len, (int)strlen(args->p));
		/* the mount's mask says what is asked for */
		if (args->max_len & 2)
			return 1;
		if (args->max_len & 4) {
			args->final = 1;
			return server_reply_text(wsi, "dealt with at the door");
		}
		return 0;
	case LWS_CALLBACK_VERIFY_BASIC_AUTHORIZATION:
		return !strcmp(in, "joe:secret");
	case LWS_CALLBACK_HTTP_PMO: {
		const struct lws_protocol_vhost_options *option;

		for (option = in; option; option = option->next)
			if (!strcmp(option->name, "color"))
				lws_snprintf(session->seen, sizeof(session->seen), "%s", option->value);
		return 0;
	}
	case LWS_CALLBACK_HTTP:
		if (strcmp(lws_get_protocol(wsi)->name, "mounted"))
			atomic_fetch_add(&wrong_protocol, 1);
		n = lws_hdr_copy(wsi, name, sizeof(name), WSI_TOKEN_HTTP_AUTHORIZATION);
		lws_snprintf(text, sizeof(text), "mounted %.*s %s", (int)len, (const char *)in, n > 0 ? name : "");
		return server_reply_text(wsi, text);
	default:
		return lws_callback_http_dummy(wsi, reason, user, in, len);
	}
}

/* a plain HTTP protocol answers the verification too */
static int on_password(struct lws *wsi, enum lws_callback_reasons reason, void *user, void *in, size_t len)
{
	if (reason == LWS_CALLBACK_VERIFY_BASIC_AUTHORIZATION)
		return !strcmp(in, "joe:secret");

	return on_http(wsi, reason, user, in, len);
}

static const struct lws_protocols protocols[] = {
	{ "http", on_password, 0, 0, 0, NULL, 0 },
	{ "mounted", on_mounted, sizeof(struct session), 0, 0, NULL, 0 },
	{ NULL, NULL, 0, 0, 0, NULL, 0 }
};

static struct lws_http_mount mounts[] = {
	{ .mountpoint = "/app", .mountpoint_len = 4, .origin = "mounted", .origin_protocol = LWSMPRO_CALLBACK },
	{ .mountpoint = "/app/inner", .mountpoint_len = 10, .origin = "http", .origin_protocol = LWSMPRO_CALLBACK },
	{ .mountpoint = "/cut", .mountpoint_len = 4, .origin = "mounted", .origin_protocol = LWSMPRO_CALLBACK,
	  .protocol = "mounted" },
	{ .mountpoint = "/old", .mountpoint_len = 4, .origin = "example.com/new/", .origin_protocol = LWSMPRO_REDIR_HTTP },
	{ .mountpoint = "/safe", .mountpoint_len = 5, .origin = "example.com/", .origin_protocol = LWSMPRO_REDIR_HTTPS },
	{ .mountpoint = "/denied", .mountpoint_len = 7, .origin = "mounted", .origin_protocol = LWSMPRO_CALLBACK,
	  .auth_mask = 2 },
	{ .mountpoint = "/door", .mountpoint_len = 5, .origin = "mounted", .origin_protocol = LWSMPRO_CALLBACK,
	  .auth_mask = 4 },
	{ .mountpoint = "/called", .mountpoint_len = 7, .origin = "mounted", .origin_protocol = LWSMPRO_CALLBACK,
	  .auth_mask = LWSAUTHM_BASIC_AUTH_CALLBACK },
	{ .mountpoint = "/passwords", .mountpoint_len = 10, .origin = "mounted", .origin_protocol = LWSMPRO_CALLBACK },
};

static struct server server;
static struct client_response response;

static void begin(void)
{
	struct lws_context_creation_info info;
	size_t i, count = sizeof(mounts) / sizeof(mounts[0]);
	static char path[512];
	FILE *file;

	snprintf(path, sizeof(path), "%s/passwords", test_directory());
	file = fopen(path, "w");
	REQUIRE(file != NULL);
	fputs("jim:first\njoe:secret\nann:with:colon\n", file);
	fclose(file);
	mounts[count - 1].basic_auth_login_file = path;
	for (i = 0; i + 1 < count; i++)
		mounts[i].mount_next = &mounts[i + 1];
	server_info(&info, protocols);
	info.mounts = mounts;
	server_run(&server, &info);
}

static void end(void)
{
	client_response_free(&response);
	server_destroy(&server);
	CHECK_INT(atomic_load(&wrong_protocol), 0);
}

static void get_with(const char *path, const char *headers)
{
	client_response_free(&response);
	client_get(server.port, path, headers, &response);
}

static void expect(const char *path, const char *text)
{
	get_with(path, "");
	CHECK_INT(response.status, 200);
	CHECK_STR((char *)response.body, text);
}

static void callbacks(void)
{
	begin();
	/* without .protocol the URI is whole */
	expect("/app", "mounted /app ");
	expect("/app/", "mounted /app/ ");
	expect("/app/some/path?x=y", "mounted /app/some/path ");
	/* with it, the mountpoint is cut off */
	expect("/cut", "mounted  ");
	expect("/cut/", "mounted / ");
	expect("/cut/some/path?x=y", "mounted /some/path ");
	/* the longest mountpoint counts, wherever it is in the list */
	expect("/app/inner/x", "http /app/inner/x");
	expect("/elsewhere", "http /elsewhere");
	/* a mountpoint is whole path segments */
	expect("/application", "http /application");
	end();
}

static void redirects(void)
{
	begin();
	get_with("/old/thing", "");
	CHECK_INT(response.status, 301);
	CHECK_STR(client_header(&response, "location"), "http://example.com/new/");
	get_with("/safe", "");
	CHECK_INT(response.status, 301);
	CHECK_STR(client_header(&response, "location"), "https://example.com/");
	end();
}

static void access_rights(void)
{
	struct client client;

	begin();
	client_tcp(&client, server.port);
	client_print(&client, "GET /denied/x HTTP/1.1\r\nHost: a\r\n\r\n");
	REQUIRE(client_response(&client, &response, false));
	CHECK_INT(response.status, 401);
	client_close(&client);
	expect("/door/x", "dealt with at the door");
	end();
}

static void posts(void)
{
	struct client client;

	/* to a POST the mountpoint is cut off in both cases */
	begin();
	client_tcp(&client, server.port);
	client_print(&client, "POST /app/some HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n");
	REQUIRE(client_response(&client, &response, false));
	CHECK_STR((char *)response.body, "mounted /some ");
	client_close(&client);
	end();
}

static void credentials(const char *path)
{
	static const char *const wrong[] = {
		"Authorization: Basic am9lOndyb25n\r\n",          /* joe:wrong */
		"Authorization: Basic am9lOnNlY3JldDI=\r\n",      /* joe:secret2 */
		"Authorization: Basic am9lOnNlY3Jl\r\n",          /* joe:secre */
		"Authorization: Basic Og==\r\n",                  /* : */
	};
	static const char *const broken[] = {
		"Authorization: Basic am9l\r\n",                  /* no colon */
		"Authorization: Bearer am9lOnNlY3JldA==\r\n",
	};
	char wanted[128];
	size_t i;

	begin();
	get_with(path, "");
	CHECK_INT(response.status, 401);
	REQUIRE(client_header(&response, "www-authenticate") != NULL);
	CHECK(!strncmp(client_header(&response, "www-authenticate"), "Basic realm=", 12));
	for (i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		get_with(path, wrong[i]);
		CHECK_INT(response.status, 401);
	}
	for (i = 0; i < sizeof(broken) / sizeof(broken[0]); i++) {
		get_with(path, broken[i]);
		CHECK(response.status == 401 || response.status == 403);
	}
	get_with(path, "Authorization: Basic am9lOnNlY3JldA==\r\n");
	CHECK_INT(response.status, 200);
	/* the header is the user name alone from then on */
	snprintf(wanted, sizeof(wanted), "mounted %s joe", path);
	CHECK_STR((char *)response.body, wanted);
	end();
}

static void password_file(void) { credentials("/passwords/x"); }
static void password_callback(void) { credentials("/called/x"); }

static void password_file_lines(void)
{
	begin();
	/* first line, last line, a colon in the password */
	get_with("/passwords/x", "Authorization: Basic amltOmZpcnN0\r\n");
	CHECK_INT(response.status, 200);
	get_with("/passwords/x", "Authorization: Basic YW5uOndpdGg6Y29sb24=\r\n");
	CHECK_INT(response.status, 200);
#ifdef TEST_GOLWS
	/* a part of a line, or two lines, is no password */
	get_with("/passwords/x", "Authorization: Basic aW06Zmlyc3Q=\r\n"); /* im:first */
	CHECK_INT(response.status, 401);
	get_with("/passwords/x", "Authorization: Basic amltOmZpcnN0CmpvZTpzZWNyZXQ=\r\n"); /* jim:first\njoe:secret */
	CHECK_INT(response.status, 401);
#endif
	end();
}

TEST_MAIN({ "callbacks", callbacks }, { "posts", posts }, { "redirects", redirects }, { "access_rights", access_rights },
	  { "password_file", password_file }, { "password_callback", password_callback },
	  { "password_file_lines", password_file_lines })
