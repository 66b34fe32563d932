/*
 * A server for clients that are not ours: GET answers "hello from libwebsockets", a WebSocket of the protocol "echo"
 * gets its messages back. Says "port <number>" and serves until SIGTERM.
 *
 * usage: serve [LIBRARY]
 *
 * Compiled with SERVE_LOADS, it is not linked to the library and loads LIBRARY with dlopen. Otherwise it is a program
 * as its users write them, and may be linked statically.
 */
#include <libwebsockets.h>

#include <dlfcn.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>

#define FUNCTIONS(use)                                                                                       \
	use(lws_create_context) use(lws_context_destroy) use(lws_service) use(lws_cancel_service)            \
	use(lws_get_vhost_by_name) use(lws_get_vhost_listen_port) use(lws_write) use(lws_is_final_fragment)  \
	use(lws_is_first_fragment) use(lws_frame_is_binary) use(lws_add_http_common_headers)                 \
	use(lws_finalize_write_http_header) use(lws_http_transaction_completed) use(lws_set_log_level)

#ifdef SERVE_LOADS
#define DECLARE(name) static __typeof__(name) *loaded_##name;
FUNCTIONS(DECLARE)

static int load(const char *library)
{
	void *handle = library ? dlopen(library, RTLD_NOW | RTLD_LOCAL) : NULL;

	if (!handle) {
		fprintf(stderr, "%s\n", library ? dlerror() : "usage: serve LIBRARY");
		return -1;
	}
#define LOAD(name)                                                    \
	*(void **)&loaded_##name = dlsym(handle, #name);              \
	if (!loaded_##name) {                                         \
		fprintf(stderr, "%s is missing\n", #name);            \
		return -1;                                            \
	}
	FUNCTIONS(LOAD)

	return 0;
}

#define CALL(name) loaded_##name
#else
static int load(const char *library)
{
	(void)library;

	return 0;
}

#define CALL(name) name
#endif

static struct lws_context *context;
static volatile sig_atomic_t stopped;

static int send_page(struct lws *wsi)
{
	static const char page[] = "hello from libwebsockets\n";
	unsigned char buffer[LWS_PRE + 1024], *start = buffer + LWS_PRE, *p = start, *end = buffer + sizeof(buffer);
	size_t length = sizeof(page) - 1;

	if (CALL(lws_add_http_common_headers)(wsi, HTTP_STATUS_OK, "text/plain", length, &p, end) ||
	    CALL(lws_finalize_write_http_header)(wsi, start, &p, end))
		return -1;
	memcpy(start, page, length);
	if (CALL(lws_write)(wsi, start, length, LWS_WRITE_HTTP_FINAL) < 0)
		return -1;

	return CALL(lws_http_transaction_completed)(wsi) ? -1 : 0;
}

static int callback(struct lws *wsi, enum lws_callback_reasons reason, void *user, void *in, size_t length)
{
	static unsigned char buffer[LWS_PRE + 65536];
	int kind;

	(void)user;
	switch (reason) {
	case LWS_CALLBACK_HTTP:
		return send_page(wsi);
	case LWS_CALLBACK_RECEIVE:
		/* piece by piece, as they come */
		if (!CALL(lws_is_first_fragment)(wsi))
			kind = LWS_WRITE_CONTINUATION;
		else if (CALL(lws_frame_is_binary)(wsi))
			kind = LWS_WRITE_BINARY;
		else
			kind = LWS_WRITE_TEXT;
		if (!CALL(lws_is_final_fragment)(wsi))
			kind |= LWS_WRITE_NO_FIN;
		if (length > sizeof(buffer) - LWS_PRE)
			return -1;
		memcpy(buffer + LWS_PRE, in, length);
		return CALL(lws_write)(wsi, buffer + LWS_PRE, length, (enum lws_write_protocol)kind) < 0 ? -1 : 0;
	default:
		return 0;
	}
}

static const struct lws_protocols protocols[] = {
	{ .name = "echo", .callback = callback, .rx_buffer_size = 4096 },
	{ .name = NULL },
};

static void stop(int number)
{
	(void)number;
	stopped = 1;
	CALL(lws_cancel_service)(context);
}

int main(int argc, char **argv)
{
	struct lws_context_creation_info info = { .protocols = protocols, .iface = "127.0.0.1", .vhost_name = "v",
						  .options = LWS_SERVER_OPTION_DISABLE_IPV6,
						  .gid = (gid_t)-1, .uid = (uid_t)-1 };

	if (load(argc > 1 ? argv[1] : NULL))
		return 2;
	CALL(lws_set_log_level)(LLL_ERR | LLL_WARN, NULL);
	context = CALL(lws_create_context)(&info);
	if (!context)
		return 1;
	signal(SIGTERM, stop);
	printf("port %d\n", CALL(lws_get_vhost_listen_port)(CALL(lws_get_vhost_by_name)(context, "v")));
	fflush(stdout);
	while (!stopped && CALL(lws_service)(context, 0) >= 0)
		;
	CALL(lws_context_destroy)(context);

	return 0;
}
