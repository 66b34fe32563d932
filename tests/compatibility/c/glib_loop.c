/*
 * A WebSocket server in the program's glib loop, beside a timer of its own, as ardour's is: the loop goes on when the
 * context has gone. Prints what happens.
 *
 * usage: glib_loop PORT
 */
#include <glib.h>
#include <libwebsockets.h>

#include <stdio.h>

static GMainLoop *loop;
static struct lws_context *context;
static int beats, after_the_end, ending;
static lws_sorted_usec_list_t sul;

struct session {
	int length;
	unsigned char message[LWS_PRE + 256];
};

static void on_sul(lws_sorted_usec_list_t *s)
{
	(void)s;
	printf("timer of the library\n");
}

static int callback(struct lws *wsi, enum lws_callback_reasons reason, void *user, void *in, size_t length)
{
	struct session *session = user;

	switch (reason) {
	case LWS_CALLBACK_PROTOCOL_INIT:
		printf("protocol begins\n");
		break;
	case LWS_CALLBACK_PROTOCOL_DESTROY:
		printf("protocol ends\n");
		break;
	case LWS_CALLBACK_ESTABLISHED:
		printf("established\n");
		lws_sul_schedule(lws_get_context(wsi), 0, &sul, on_sul, 1000);
		break;
	case LWS_CALLBACK_RECEIVE:
		printf("message %.*s\n", (int)length, (char *)in);
		session->length = (int)(length > 256 ? 256 : length);
		memcpy(session->message + LWS_PRE, in, (size_t)session->length);
		lws_callback_on_writable(wsi);
		break;
	case LWS_CALLBACK_SERVER_WRITEABLE:
		if (session->length)
			lws_write(wsi, session->message + LWS_PRE, (size_t)session->length, LWS_WRITE_TEXT);
		session->length = 0;
		break;
	case LWS_CALLBACK_CLOSED:
		printf("closed\n");
		ending = 1;
		break;
	default:
		break;
	}
	fflush(stdout);
	return 0;
}

static gboolean on_beat(gpointer data)
{
	(void)data;
	if (++beats == 1)
		printf("timer of the program\n");
	if (ending && context) {
		lws_context_destroy(context);
		context = NULL;
	}
	if (ending && ++after_the_end == 10)
		g_main_loop_quit(loop);
	return TRUE;
}

int main(int argc, char **argv)
{
	static const struct lws_protocols protocols[] = {
		{ "echo", callback, sizeof(struct session), 256, 0, NULL, 0 },
		{ NULL, NULL, 0, 0, 0, NULL, 0 },
	};
	struct lws_context_creation_info info;
	void *loops[1];

	if (argc != 2)
		return 2;
	loop = g_main_loop_new(NULL, FALSE);
	loops[0] = loop;
	lws_set_log_level(LLL_ERR, NULL);
	memset(&info, 0, sizeof(info));
	info.port = atoi(argv[1]);
	info.iface = "127.0.0.1";
	info.protocols = protocols;
	info.options = LWS_SERVER_OPTION_GLIB;
	info.foreign_loops = loops;
	context = lws_create_context(&info);
	if (!context)
		return 1;
	g_timeout_add(10, on_beat, NULL);
	printf("ready\n");
	fflush(stdout);
	g_main_loop_run(loop);
	g_main_loop_unref(loop);
	printf("the loop ends %d\n", after_the_end);
	return 0;
}
