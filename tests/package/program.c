/* A program as the users of the library write them: it serves on a port of the system's choice, fetches from itself
 * over a plain socket, and ends with 0 when the answer was right. */
#include <libwebsockets.h>

#include <arpa/inet.h>
#include <dirent.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define BODY "packaged\n"

/* Names that are Go's and ours inside the library too: a program may have its own. */
int crosscall2 = 1;
int golws_runtime_start = 2;

struct fetch {
	struct lws_context *context;
	int port;
	char answer[1024];
	volatile int done;
};

static int on_http(struct lws *wsi, enum lws_callback_reasons reason, void *user, void *in, size_t len)
{
	unsigned char buffer[LWS_PRE + 512], *start = buffer + LWS_PRE, *p = start, *end = buffer + sizeof buffer;

	switch (reason) {
	case LWS_CALLBACK_HTTP:
		if (lws_add_http_common_headers(wsi, HTTP_STATUS_OK, "text/plain", sizeof BODY - 1, &p, end) ||
		    lws_finalize_write_http_header(wsi, start, &p, end))
			return 1;
		lws_callback_on_writable(wsi);

		return 0;

	case LWS_CALLBACK_HTTP_WRITEABLE:
		memcpy(start, BODY, sizeof BODY - 1);
		if (lws_write(wsi, start, sizeof BODY - 1, LWS_WRITE_HTTP_FINAL) < 0)
			return 1;

		return lws_http_transaction_completed(wsi) ? -1 : 0;

	default:
		return lws_callback_http_dummy(wsi, reason, user, in, len);
	}
}

static const struct lws_protocols protocols[] = {
	{ .name = "http", .callback = on_http },
	{ .name = NULL },
};

static void *run_fetch(void *argument)
{
	static const char request[] = "GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
	struct fetch *fetch = argument;
	struct sockaddr_in address = { .sin_family = AF_INET, .sin_port = htons((unsigned short)fetch->port) };
	int fd = socket(AF_INET, SOCK_STREAM, 0);
	size_t length = 0;
	ssize_t n;

	address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	if (!connect(fd, (struct sockaddr *)&address, sizeof address) &&
	    write(fd, request, sizeof request - 1) == sizeof request - 1)
		while ((n = read(fd, fetch->answer + length, sizeof fetch->answer - 1 - length)) > 0)
			length += (size_t)n;
	close(fd);
	fetch->done = 1;
	lws_cancel_service(fetch->context);

	return NULL;
}

int main(void)
{
	struct lws_context_creation_info info;
	struct fetch fetch = { .done = 0 };
	DIR *tasks = opendir("/proc/self/task");
	int threads = -2, n = 0, right;
	pthread_t thread;

	while (readdir(tasks))
		threads++;
	closedir(tasks);

	lws_set_log_level(LLL_ERR, NULL);
	memset(&info, 0, sizeof info);
	info.iface = "127.0.0.1";
	info.options = LWS_SERVER_OPTION_DISABLE_IPV6;
	info.protocols = protocols;
	info.gid = (gid_t)-1;
	info.uid = (uid_t)-1;
	fetch.context = lws_create_context(&info);
	if (!fetch.context)
		return 1;
	fetch.port = lws_get_vhost_listen_port(lws_get_vhost_by_name(fetch.context, "default"));
	if (pthread_create(&thread, NULL, run_fetch, &fetch))
		return 1;
	while (n >= 0 && !fetch.done)
		n = lws_service(fetch.context, 0);
	pthread_join(thread, NULL);
	lws_context_destroy(fetch.context);

	right = !strncmp(fetch.answer, "HTTP/1.1 200 ", 13) && strstr(fetch.answer, "\r\n\r\n" BODY);
	printf("%s: %d thread before, answer %s\n", lws_get_library_version(), threads, right ? "right" : "wrong");

	return !right || threads != 1 || n < 0 || crosscall2 + golws_runtime_start != 3;
}
