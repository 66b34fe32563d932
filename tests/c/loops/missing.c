/* A program that is linked to no loop's library: it is loaded when it is asked for, and only then; or it is missing. */
#include "check.h"
#include "server.h"

#include <dlfcn.h>
#include <stdlib.h>

static int missing, asked;
static int errors;

/* In front of the C library's, as far as the library under test is concerned. */
void *dlopen(const char *file, int mode)
{
	static void *(*real)(const char *file, int mode);

	if (!real)
		*(void **)&real = dlsym(RTLD_NEXT, "dlopen");
	if (file && (strstr(file, "libuv") || strstr(file, "libev") || strstr(file, "glib") || strstr(file, "libsystemd"))) {
		asked++;
		if (missing)
			return NULL;
	}
	return real(file, mode);
}

static const struct lws_protocols protocols[] = {
	{ .name = "http", .callback = lws_callback_http_dummy },
	{ .name = NULL },
};

static void count_errors(int level, const char *line)
{
	if (level == LLL_ERR) {
		errors++;
		CHECK(strstr(line, "lws_create_context: ") != NULL);
	}
}

static const uint64_t options[] = {
	LWS_SERVER_OPTION_LIBUV, LWS_SERVER_OPTION_LIBEVENT, LWS_SERVER_OPTION_LIBEV,
	LWS_SERVER_OPTION_GLIB, LWS_SERVER_OPTION_SDEVENT,
};

enum { OPTIONS = sizeof(options) / sizeof(options[0]) };

static struct lws_context *create(uint64_t option)
{
	struct lws_context_creation_info info;

	server_info(&info, protocols);
	info.options |= option;
	return lws_create_context(&info);
}

static void not_asked_for(void)
{
	struct lws_context *context = create(0);

	REQUIRE(context != NULL);
	lws_context_destroy(context);
	CHECK_INT(asked, 0);
}

static void is_missing(void)
{
	struct lws_context *context;

	missing = 1;
	lws_set_log_level(LLL_ERR, count_errors);
	for (int i = 0; i < OPTIONS; i++) {
		CHECK_PTR(create(options[i]), NULL);
		CHECK_INT(errors, i + 1);
	}
	/* programs fall back on no loop */
	context = create(0);
	REQUIRE(context != NULL);
	CHECK_INT(lws_service(context, -1), 0);
	lws_context_destroy(context);
	CHECK_INT(errors, OPTIONS);
}

static void not_both(void)
{
	lws_set_log_level(LLL_ERR, count_errors);
	CHECK_PTR(create(LWS_SERVER_OPTION_LIBUV | LWS_SERVER_OPTION_GLIB), NULL);
	CHECK_PTR(create(LWS_SERVER_OPTION_ULOOP), NULL);
	CHECK_INT(errors, 2);
}

static void is_loaded(void)
{
	for (int i = 0; i < OPTIONS; i++) {
		struct lws_context *context;
		int before = asked;

		context = create(options[i]);
		if (!context)
			continue; /* not on this machine */
		CHECK(asked > before);
		CHECK_INT(lws_service(context, -1), 0);
		lws_context_destroy(context);
	}
}

TEST_MAIN(
	{ "not asked for", not_asked_for },
	{ "is missing", is_missing },
	{ "not both", not_both },
	{ "is loaded", is_loaded },
)
