/* Asks for each event loop that 4.1.6 has an option for; prints what it gets, and plugins that were loaded for it. */
#include <libwebsockets.h>

#include <stdio.h>

static void print(int level, const char *line)
{
	printf("%s%s", level == LLL_ERR ? "error: " : "", line);
}

static int callback(struct lws *wsi, enum lws_callback_reasons reason, void *user, void *in, size_t len)
{
	(void)wsi;
	(void)reason;
	(void)user;
	(void)in;
	(void)len;
	return 0;
}

int main(void)
{
	static const struct {
		const char *name;
		uint64_t option;
	} loops[] = {
		{ "libuv", LWS_SERVER_OPTION_LIBUV },
		{ "libevent", LWS_SERVER_OPTION_LIBEVENT },
		{ "libev", LWS_SERVER_OPTION_LIBEV },
		{ "glib", LWS_SERVER_OPTION_GLIB },
		{ "none", 0 },
	};
	static const struct lws_protocols protocols[] = {
		{ "one", callback, 0, 0, 0, NULL, 0 },
		{ NULL, NULL, 0, 0, 0, NULL, 0 },
	};
	struct lws_context_creation_info info;
	struct lws_context *context;
	char line[512];
	FILE *maps;

	lws_set_log_level(LLL_ERR | LLL_WARN, print);
	for (size_t i = 0; i < sizeof(loops) / sizeof(loops[0]); i++) {
		memset(&info, 0, sizeof(info));
		info.port = CONTEXT_PORT_NO_LISTEN;
		info.protocols = protocols;
		info.options = loops[i].option;
		context = lws_create_context(&info);
		printf("%s: %s\n", loops[i].name, context ? "context" : "NULL");
		if (context)
			lws_context_destroy(context);
	}

	maps = fopen("/proc/self/maps", "r");
	while (maps && fgets(line, sizeof(line), maps))
		if (strstr(line, "evlib"))
			printf("loaded: %s", line);
	if (maps)
		fclose(maps);
	return 0;
}
