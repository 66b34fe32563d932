/*
 * The library as a plug-in: loaded with dlopen and unloaded again. It stays in memory, for its Go runtime cannot be
 * stopped, and works when it is loaded once more. This program is not linked against it.
 *
 * usage: load LIBRARY
 */
#define _GNU_SOURCE /* dl_iterate_phdr */
#include "check.h"

#include <libwebsockets.h>

#include <dlfcn.h>
#include <link.h>
#include <stdio.h>

static const char *library;

struct functions {
	void *handle;
	struct lws_context *(*create_context)(const struct lws_context_creation_info *info);
	void (*context_destroy)(struct lws_context *context);
	int (*service)(struct lws_context *context, int timeout);
	void (*cancel_service)(struct lws_context *context);
};

static void open_library(struct functions *functions)
{
	functions->handle = dlopen(library, RTLD_NOW | RTLD_LOCAL);
	if (!functions->handle)
		FAIL("%s", dlerror());
	REQUIRE(functions->handle != NULL);
	*(void **)&functions->create_context = dlsym(functions->handle, "lws_create_context");
	*(void **)&functions->context_destroy = dlsym(functions->handle, "lws_context_destroy");
	*(void **)&functions->service = dlsym(functions->handle, "lws_service");
	*(void **)&functions->cancel_service = dlsym(functions->handle, "lws_cancel_service");
	REQUIRE(functions->create_context && functions->context_destroy && functions->service &&
		functions->cancel_service);
}

static int callback(struct lws *wsi, enum lws_callback_reasons reason, void *user, void *in, size_t length)
{
	(void)wsi;
	(void)reason;
	(void)user;
	(void)in;
	(void)length;

	return 0;
}

static const struct lws_protocols protocols[] = {
	{ .name = "nothing", .callback = callback },
	{ .name = NULL },
};

static void use(struct functions *functions)
{
	struct lws_context_creation_info info = { .protocols = protocols, .iface = "127.0.0.1",
						  .options = LWS_SERVER_OPTION_DISABLE_IPV6,
						  .gid = (gid_t)-1, .uid = (uid_t)-1 };
	struct lws_context *context = functions->create_context(&info);

	REQUIRE(context != NULL);
	for (int i = 0; i < 10; i++) {
		functions->cancel_service(context);
		CHECK(functions->service(context, 0) >= 0);
	}
	functions->context_destroy(context);
}

static void load_use_unload(void)
{
	struct functions functions;

	for (int i = 0; i < 5; i++) {
		open_library(&functions);
		use(&functions);
		CHECK_INT(dlclose(functions.handle), 0);
		/* time for threads that would run in unmapped memory */
		test_sleep_ms(20);
	}
}

static void load_unload_without_use(void)
{
	struct functions functions;

	for (int i = 0; i < 5; i++) {
		open_library(&functions);
		CHECK_INT(dlclose(functions.handle), 0);
	}
	open_library(&functions);
	use(&functions);
}

static int add_thread_local_size(struct dl_phdr_info *info, size_t size, void *sum)
{
	(void)size;
	if (strstr(info->dlpi_name, "libwebsockets"))
		for (int i = 0; i < info->dlpi_phnum; i++)
			if (info->dlpi_phdr[i].p_type == PT_TLS)
				*(size_t *)sum += info->dlpi_phdr[i].p_memsz;

	return 0;
}

/* glibc has 512 bytes in reserve, for all plug-ins of a process. */
static void little_thread_local_memory(void)
{
	struct functions functions;
	size_t sum = 0;

	open_library(&functions);
	dl_iterate_phdr(add_thread_local_size, &sum);
	CHECK(sum > 0);
	CHECK(sum <= 16);
}

int main(int argc, char **argv)
{
	static const struct test_case cases[] = {
		{ "load, use, unload", load_use_unload },
		{ "load and unload without use", load_unload_without_use },
		{ "little thread-local memory", little_thread_local_memory },
	};

	if (argc != 2)
		return 2;
	library = argv[1];

	return test_main(1, argv, cases, sizeof(cases) / sizeof(cases[0]));
}
