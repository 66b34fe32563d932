/*
 * Options of extensions taken apart, and what a vhost is refused for. The files under test are part of this program.
 */
#include "check.h"

#include "extension.c"
#include "info.c"

#include <stdio.h>

static int errors, warnings;
static char seen[512];

struct lws_context *lws_get_context(const struct lws *wsi)
{
	(void)wsi;
	return NULL;
}

void _lws_log(int filter, const char *format, ...)
{
	(void)format;
	errors += filter == LLL_ERR;
	warnings += filter == LLL_WARN;
}

static const struct lws_ext_options options[] = {
	{"plain", EXTARG_NONE}, {"number", EXTARG_DEC}, {"maybe", EXTARG_OPT_DEC}, {"number_of", EXTARG_DEC}, {NULL, EXTARG_NONE},
};

static int note(struct lws_context *context, const struct lws_extension *ext, struct lws *wsi, enum lws_extension_callback_reasons reason, void *user,
		void *in, size_t len)
{
	const struct lws_ext_option_arg *arg = in;
	char text[128];

	(void)context;
	(void)wsi;
	CHECK_INT(reason, LWS_EXT_CB_OPTION_SET);
	CHECK_STR(ext->name, "test");
	CHECK_PTR(user, seen);
	CHECK_INT(len, 0);
	CHECK_PTR(arg->option_name, NULL);
	snprintf(text, sizeof(text), "%s%s%.*s ", options[arg->option_index].name, arg->start ? "=" : "", arg->len, arg->start ? arg->start : "");
	strncat(seen, text, sizeof(seen) - strlen(seen) - 1);
	return 0;
}

static int parse(const char *text)
{
	static const struct lws_extension extension = {"test", note, NULL};
	char exact[256];
	size_t length = strlen(text);

	/* no byte behind it may matter */
	memset(exact, '=', sizeof(exact));
	memcpy(exact, text, length);
	seen[0] = 0;
	return lws_ext_parse_options(&extension, NULL, seen, options, exact, (int)length);
}

static void parse_options(void)
{
	static const struct {
		const char *text, *seen;
	} good[] = {
		{"", ""},
		{" ", ""},
		{"plain", "plain "},
		{"number=5", "number=5 "},
		{"number_of=51", "number_of=51 "},
		{"maybe", "maybe "},
		{"maybe=12;plain", "maybe=12 plain "},
		{" maybe ; number = \"15\" ;\tplain ", "maybe number=15 plain "},
		{"plain;", "plain "},
		{"plain, other; number", "plain "},
		{",number", ""},
	};
	static const char *const bad[] = {
		"unknown", "plai", "plain=1",	 "number",   "number;plain", "number=",	  "number=x", "number=5x", "number=\"5", "number=5\"",
		"maybe=",  ";",	   "plain maybe", "number=-1", "=5",	       "plain;;maybe", "number=5 6",
	};
	size_t i;

	for (i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
		CHECK_INT(parse(good[i].text), 0);
		CHECK_STR(seen, good[i].seen);
	}
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		if (parse(bad[i]) != -1)
			FAIL("'%s' is taken", bad[i]);
	CHECK_INT(lws_ext_parse_options(NULL, NULL, NULL, options, "plain", -1), 0);
}

static void marker(void)
{
	errors = 0;
	CHECK_INT(lws_extension_callback_pm_deflate(NULL, NULL, NULL, LWS_EXT_CB_CONSTRUCT, NULL, NULL, 0), -1);
	CHECK_INT(errors, 1);
}

static struct lws_context_creation_info info;

static int refused(void)
{
	int result;

	errors = warnings = 0;
	result = golws_info_refused(&info);
	CHECK_INT(errors, !!result);
	return !!result;
}

static void refusals(void)
{
	static const uint64_t bad_options[] = {
		LWS_SERVER_OPTION_SS_PROXY,
	};
	static const struct lws_extension deflate[] = {{"permessage-deflate", lws_extension_callback_pm_deflate, ""}, {NULL, NULL, NULL}},
					  own[] = {{"permessage-deflate", lws_extension_callback_pm_deflate, ""}, {"own", note, ""}, {NULL, NULL, NULL}};
	struct lws_http_mount file, cgi;
	size_t i;

	memset(&info, 0, sizeof(info));
	CHECK(!refused());
	info.options = LWS_SERVER_OPTION_DO_SSL_GLOBAL_INIT | LWS_SERVER_OPTION_VALIDATE_UTF8 |
		       LWS_SERVER_OPTION_HTTP_HEADERS_SECURITY_BEST_PRACTICES_ENFORCE;
	CHECK(!refused());
	for (i = 0; i < sizeof(bad_options) / sizeof(bad_options[0]); i++) {
		info.options = bad_options[i] | LWS_SERVER_OPTION_DO_SSL_GLOBAL_INIT;
		CHECK(refused());
	}

	memset(&info, 0, sizeof(info));
	info.ssl_cert_filepath = "/cert.pem";
	CHECK(!refused());

	memset(&info, 0, sizeof(info));
	info.listen_accept_role = "h1";
	CHECK(!refused());
	info.listen_accept_role = "raw-skt";
	CHECK(!refused());
	info.listen_accept_role = "raw-proxy";
	CHECK(!refused());

	memset(&info, 0, sizeof(info));
	memset(&file, 0, sizeof(file));
	file.origin_protocol = LWSMPRO_FILE;
	info.mounts = &file;
	CHECK(!refused());
	cgi = file;
	file.mount_next = &cgi;
	cgi.origin_protocol = LWSMPRO_CGI;
	CHECK(refused());
	cgi.origin_protocol = LWSMPRO_HTTPS;
	CHECK(refused());
	cgi.origin_protocol = LWSMPRO_REDIR_HTTPS;
	CHECK(!refused());

	memset(&info, 0, sizeof(info));
	info.extensions = deflate;
	CHECK(!refused());
	info.extensions = own;
	CHECK(refused());

	memset(&info, 0, sizeof(info));
	info.ka_time = 10;
	CHECK(refused());
	info.ka_interval = 1;
	CHECK(!refused());
	CHECK_INT(warnings, 0);
	info.log_filepath = "/var/log/x";
	info.ip_limit_wsi = 10;
	CHECK(!refused());
	CHECK_INT(warnings, 2);
	info.count_caps = 1;
	CHECK(refused());
}

TEST_MAIN({"parse_options", parse_options}, {"marker", marker}, {"refusals", refusals})
