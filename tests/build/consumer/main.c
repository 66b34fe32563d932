/* Serves a context for a moment; prints the threads that existed before. Exit status 0 when all went well. */
#include <libwebsockets.h>

#include <dirent.h>
#include <stdio.h>

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

/* Names that are Go's and ours inside the library too: a program may have its own. */
int crosscall2 = 1;
int golws_runtime_start = 2;

int main(void)
{
	struct lws_context_creation_info info = { .protocols = protocols, .iface = "127.0.0.1",
						  .options = LWS_SERVER_OPTION_DISABLE_IPV6,
						  .gid = (gid_t)-1, .uid = (uid_t)-1 };
	DIR *tasks = opendir("/proc/self/task");
	struct lws_context *context;
	int threads = -2, n;

	lws_set_log_level(LLL_ERR, NULL);
	while (readdir(tasks))
		threads++;
	closedir(tasks);

	context = lws_create_context(&info);
	if (!context)
		return 1;
	lws_cancel_service(context);
	n = lws_service(context, 0);
	lws_context_destroy(context);
	printf("%d thread before, lws_service said %d\n", threads, n);

	return threads != 1 || n < 0 || crosscall2 + golws_runtime_start != 3;
}
