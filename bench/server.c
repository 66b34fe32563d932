/*
 * The server under measurement, written on the libwebsockets interface the
 * way programs in the field are: messages are kept in a per-session queue,
 * WRITEABLE sends one and asks again while more wait, dynamic pages go
 * through the usual HTTP / HTTP_WRITEABLE pair, files come from a mount.
 *
 * The runner compiles this one source twice, once per library, and starts
 * both with the same options, so neither side gets a friendlier program.
 */

#include <libwebsockets.h>

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

static const char plain_body[] = "Hello, World!";

static volatile sig_atomic_t interrupted;

struct message {
	struct message *next;
	size_t length;
	unsigned char first;
	unsigned char final;
	unsigned char binary;
	/* LWS_PRE bytes of room, then the payload */
	unsigned char data[];
};

struct echo_session {
	struct message *head;
	struct message *tail;
};

static void
free_messages(struct echo_session *session)
{
	struct message *message;

	while ((message = session->head)) {
		session->head = message->next;
		free(message);
	}
	session->tail = NULL;
}

static int
callback_echo(struct lws *wsi, enum lws_callback_reasons reason, void *user,
	      void *in, size_t len)
{
	struct echo_session *session = user;
	struct message *message;
	int type, written;

	switch (reason) {
	case LWS_CALLBACK_RECEIVE:
		message = malloc(sizeof(*message) + LWS_PRE + len);
		if (!message)
			return -1;
		message->next = NULL;
		message->length = len;
		message->first = (unsigned char)lws_is_first_fragment(wsi);
		message->final = (unsigned char)lws_is_final_fragment(wsi);
		message->binary = (unsigned char)lws_frame_is_binary(wsi);
		memcpy(message->data + LWS_PRE, in, len);
		if (session->tail)
			session->tail->next = message;
		else
			session->head = message;
		session->tail = message;
		lws_callback_on_writable(wsi);
		break;

	case LWS_CALLBACK_SERVER_WRITEABLE:
		message = session->head;
		if (!message)
			break;
		type = lws_write_ws_flags(message->binary ? LWS_WRITE_BINARY :
							    LWS_WRITE_TEXT,
					  message->first, message->final);
		written = lws_write(wsi, message->data + LWS_PRE,
				    message->length,
				    (enum lws_write_protocol)type);
		if (written < (int)message->length)
			return -1;
		session->head = message->next;
		if (!session->head)
			session->tail = NULL;
		free(message);
		if (session->head)
			lws_callback_on_writable(wsi);
		break;

	case LWS_CALLBACK_CLOSED:
		free_messages(session);
		break;

	default:
		break;
	}

	return 0;
}

static int
callback_http(struct lws *wsi, enum lws_callback_reasons reason, void *user,
	      void *in, size_t len)
{
	unsigned char buffer[LWS_PRE + 1024], *start = &buffer[LWS_PRE],
		      *position = start, *end = &buffer[sizeof(buffer) - 1];

	switch (reason) {
	case LWS_CALLBACK_HTTP:
		if (lws_add_http_common_headers(wsi, HTTP_STATUS_OK,
						"text/plain",
						sizeof(plain_body) - 1,
						&position, end))
			return 1;
		if (lws_finalize_write_http_header(wsi, start, &position, end))
			return 1;
		lws_callback_on_writable(wsi);
		return 0;

	case LWS_CALLBACK_HTTP_WRITEABLE:
		memcpy(start, plain_body, sizeof(plain_body) - 1);
		if (lws_write(wsi, start, sizeof(plain_body) - 1,
			      LWS_WRITE_HTTP_FINAL) !=
		    (int)sizeof(plain_body) - 1)
			return 1;
		if (lws_http_transaction_completed(wsi))
			return -1;
		return 0;

	default:
		break;
	}

	return lws_callback_http_dummy(wsi, reason, user, in, len);
}

static void
on_signal(int signal_number)
{
	(void)signal_number;
	interrupted = 1;
}

/* The server holds thousands of connections in the idle and 1,000-wide cases. */
static void
raise_descriptor_limit(void)
{
	struct rlimit limit;

	if (getrlimit(RLIMIT_NOFILE, &limit))
		return;
	limit.rlim_cur = limit.rlim_max;
	setrlimit(RLIMIT_NOFILE, &limit);
}

static size_t
size_option(int argc, const char **argv, const char *name, size_t otherwise)
{
	const char *value = lws_cmdline_option(argc, argv, name);

	return value ? (size_t)strtoul(value, NULL, 10) : otherwise;
}

int
main(int argc, const char **argv)
{
	struct lws_context_creation_info info;
	struct lws_context *context;
	struct lws_http_mount callback_mount, file_mount;
	struct lws_protocols protocols[3];
	int result = 0;

	signal(SIGINT, on_signal);
	signal(SIGTERM, on_signal);
	raise_descriptor_limit();
	lws_set_log_level(LLL_ERR | LLL_WARN, NULL);

	memset(protocols, 0, sizeof(protocols));
	protocols[0].name = "http";
	protocols[0].callback = callback_http;
	protocols[1].name = "echo";
	protocols[1].callback = callback_echo;
	protocols[1].per_session_data_size = sizeof(struct echo_session);
	protocols[1].rx_buffer_size =
		size_option(argc, argv, "--rx-buffer", 0);

	memset(&file_mount, 0, sizeof(file_mount));
	file_mount.mountpoint = "/files";
	file_mount.mountpoint_len = 6;
	file_mount.origin = lws_cmdline_option(argc, argv, "--files");
	file_mount.origin_protocol = LWSMPRO_FILE;
	if (!file_mount.origin)
		file_mount.origin = ".";

	memset(&callback_mount, 0, sizeof(callback_mount));
	callback_mount.mount_next = &file_mount;
	callback_mount.mountpoint = "/plain";
	callback_mount.mountpoint_len = 6;
	callback_mount.origin = "http";
	callback_mount.origin_protocol = LWSMPRO_CALLBACK;

	memset(&info, 0, sizeof(info));
	info.port = (int)size_option(argc, argv, "--port", 7681);
	info.iface = "127.0.0.1";
	info.protocols = protocols;
	info.mounts = &callback_mount;
	info.keepalive_timeout = 3600;
	if (lws_cmdline_option(argc, argv, "--certificate")) {
		info.options |= LWS_SERVER_OPTION_DO_SSL_GLOBAL_INIT;
		info.ssl_cert_filepath =
			lws_cmdline_option(argc, argv, "--certificate");
		info.ssl_private_key_filepath =
			lws_cmdline_option(argc, argv, "--key");
	}
	if (lws_cmdline_option(argc, argv, "--prior-knowledge"))
		info.options |= LWS_SERVER_OPTION_H2_PRIOR_KNOWLEDGE;
	info.pt_serv_buf_size =
		(unsigned int)size_option(argc, argv, "--service-buffer", 0);

	context = lws_create_context(&info);
	if (!context) {
		fprintf(stderr, "server: no context\n");
		return 1;
	}

	while (result >= 0 && !interrupted)
		result = lws_service(context, 0);

	lws_context_destroy(context);

	return 0;
}
