/*
 * A demo server on libwebsockets' interface: a page with a chat, a live graph of the server's own figures, downloads
 * and a form. It is also sample code; each file is about one thing:
 *
 *	main.c         options, the context and its vhost, the service loop
 *	pages.c        mounts, answers from callbacks, a posted form
 *	certificate.c  a certificate for https
 *	downloads.c    files to serve
 *	chat.c         broadcast to all sessions with one ring buffer
 *	figures.c      a timer that pushes samples to all sessions
 *	echo.c         flow control with a ring buffer per session
 *	origin.c       refusing WebSockets of foreign pages
 */
#include "demo.h"

#include <errno.h>
#include <getopt.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>

struct options {
	const char *listen_address, *assets, *certificate, *key;
	int port, log_levels;
	bool plain;
};

static const char usage[] =
	"usage: golws-demo [options]\n"
	"  -p, --port PORT           port to listen on, 0: any free one (default: 7681)\n"
	"  -l, --listen-address IP   address or interface to listen on, \"any\": all of them (default: 127.0.0.1)\n"
	"  -c, --certificate FILE    for https, in PEM (default: one that is made for this run and signed by itself)\n"
	"  -k, --key FILE            its private key, in PEM\n"
	"  -P, --plain               no https\n"
	"  -a, --assets DIRECTORY    where the page is (default: found beside the program)\n"
	"  -d, --log-levels BITS     what to log, as lws_set_log_level() takes it (default: errors and warnings)\n"
	"  -h, --help                print this\n";

static struct lws_context *context;
static volatile sig_atomic_t interrupted;

static void on_signal(int number)
{
	(void)number;
	interrupted = 1;
	if (context)
		lws_cancel_service(context);
}

static int number(const char *text, long max)
{
	char *end;
	long value = strtol(text, &end, 0);

	if (!*text || *end || value < 0 || value > max) {
		fprintf(stderr, "golws-demo: %s is not a number from 0 to %ld\n", text, max);
		exit(2);
	}

	return (int)value;
}

static void read_options(struct options *options, int argc, char **argv)
{
	static const struct option names[] = {
		{ "port", required_argument, NULL, 'p' },
		{ "listen-address", required_argument, NULL, 'l' },
		{ "certificate", required_argument, NULL, 'c' },
		{ "key", required_argument, NULL, 'k' },
		{ "plain", no_argument, NULL, 'P' },
		{ "assets", required_argument, NULL, 'a' },
		{ "log-levels", required_argument, NULL, 'd' },
		{ "help", no_argument, NULL, 'h' },
		{ NULL, 0, NULL, 0 },
	};
	int option;

	while ((option = getopt_long(argc, argv, "p:l:c:k:Pa:d:h", names, NULL)) != -1)
		switch (option) {
		case 'p':
			options->port = number(optarg, 65535);
			break;
		case 'l':
			options->listen_address = optarg;
			break;
		case 'c':
			options->certificate = optarg;
			break;
		case 'k':
			options->key = optarg;
			break;
		case 'P':
			options->plain = true;
			break;
		case 'a':
			options->assets = optarg;
			break;
		case 'd':
			options->log_levels = number(optarg, INT_MAX);
			break;
		case 'h':
			fputs(usage, stdout);
			exit(0);
		default:
			fputs(usage, stderr);
			exit(2);
		}
	if (optind < argc || !options->certificate != !options->key || (options->plain && options->key)) {
		fputs(usage, stderr);
		exit(2);
	}
}

/* The page: as the option says, or ../share/golws-demo seen from the program. */
static const char *find_assets(const char *option)
{
	static char found[PATH_MAX];
	char program[PATH_MAX - 32], path[PATH_MAX], *slash;
	ssize_t len;

	if (!option) {
		len = readlink("/proc/self/exe", program, sizeof(program) - 1);
		program[len < 0 ? 0 : len] = '\0';
		slash = strrchr(program, '/');
		if (slash)
			*slash = '\0';
		lws_snprintf(path, sizeof(path), "%s/../share/golws-demo", program);
		option = path;
	}
	if (!realpath(option, found)) {
		fprintf(stderr, "golws-demo: %s: %s (--assets says where the page is)\n", option, strerror(errno));
		return NULL;
	}

	return found;
}

static const struct lws_protocols *protocols(void)
{
	static struct lws_protocols list[] = {
		{ .name = "http", .callback = pages_http_callback },
		{ .name = "golws-chat", .callback = chat_callback, .rx_buffer_size = 1024 },
		{ .name = "golws-figures", .callback = figures_callback },
		{ .name = "golws-echo", .callback = echo_callback, .rx_buffer_size = 1024 },
		{ .name = "golws-status", .callback = pages_status_callback },
		{ .name = "golws-form", .callback = pages_form_callback },
		{ .name = NULL },
	};

	list[1].per_session_data_size = chat_session_size();
	list[2].per_session_data_size = figures_session_size();
	list[3].per_session_data_size = echo_session_size();
	list[5].per_session_data_size = pages_form_session_size();

	return list;
}

static struct lws_vhost *start(const struct options *options, const char *assets, const char *downloads)
{
	static const struct lws_extension extensions[] = {
		{ "permessage-deflate", lws_extension_callback_pm_deflate,
		  "permessage-deflate; client_no_context_takeover; client_max_window_bits" },
		{ NULL, NULL, NULL },
	};
	bool everywhere = !strcmp(options->listen_address, "any");
	struct lws_context_creation_info info;

	memset(&info, 0, sizeof(info));
	info.port = options->port;
	info.iface = everywhere ? NULL : options->listen_address;
	info.protocols = protocols();
	info.mounts = pages_mounts(assets, downloads);
	info.extensions = extensions;
	info.error_document_404 = "/404.html";
	info.vhost_name = "localhost";
	info.options = LWS_SERVER_OPTION_EXPLICIT_VHOSTS | LWS_SERVER_OPTION_VALIDATE_UTF8 |
		       LWS_SERVER_OPTION_FAIL_UPON_UNABLE_TO_BIND |
		       LWS_SERVER_OPTION_HTTP_HEADERS_SECURITY_BEST_PRACTICES_ENFORCE;

	/* The first byte of a connection tells a handshake from a request, so that one port serves both. */
	if (!options->plain) {
		info.ssl_cert_filepath = options->certificate;
		info.ssl_private_key_filepath = options->key;
		info.options |= LWS_SERVER_OPTION_DO_SSL_GLOBAL_INIT | LWS_SERVER_OPTION_ALLOW_NON_SSL_ON_SSL_PORT |
				LWS_SERVER_OPTION_ALLOW_HTTP_ON_HTTPS_LISTENER;
	}
	context = lws_create_context(&info);

	return context ? lws_create_vhost(context, &info) : NULL;
}

static void say_where(const struct options *options, int port)
{
	bool loopback = !strncmp(options->listen_address, "127.", 4) || !strcmp(options->listen_address, "::1");
	bool everywhere = !strcmp(options->listen_address, "any");
	bool ipv6 = strchr(options->listen_address, ':') != NULL;
	const char *name = loopback || everywhere ? "localhost" : options->listen_address;
	const char *before = ipv6 && !loopback ? "[" : "", *after = ipv6 && !loopback ? "]" : "";

	printf("http://%s%s%s:%d\n", before, name, after, port);
	if (!options->plain)
		printf("https://%s%s%s:%d\n", before, name, after, port);
	if (loopback)
		printf("Only this machine can connect (%s); --listen-address any lets others in too.\n",
		       options->listen_address);
	else
		printf("Other machines can connect. There is no password%s.\n",
		       options->plain ? ", and no encryption" : "");
	printf("Ctrl-C stops the server.\n");
	fflush(stdout);
}

static int serve(const struct options *options)
{
	const char *assets = find_assets(options->assets), *downloads;
	struct lws_vhost *vhost;
	int result = 0;

	if (!assets)
		return 1;
	downloads = downloads_create();
	if (!downloads)
		return 1;

	vhost = start(options, assets, downloads);
	if (vhost) {
		say_where(options, lws_get_vhost_listen_port(vhost));
		while (result >= 0 && !interrupted)
			result = lws_service(context, 0);
	} else {
		fprintf(stderr, "golws-demo: cannot listen on %s port %d\n", options->listen_address, options->port);
	}
	lws_context_destroy(context);
	downloads_remove();

	return vhost && interrupted ? 0 : 1;
}

int main(int argc, char **argv)
{
	struct options options = {
		.port = 7681, .listen_address = "127.0.0.1", .log_levels = LLL_ERR | LLL_WARN
	};
	struct sigaction action = { .sa_handler = on_signal };
	int result;

	read_options(&options, argc, argv);
	lws_set_log_level(options.log_levels, NULL);
	sigaction(SIGINT, &action, NULL);
	sigaction(SIGTERM, &action, NULL);
	if (!options.plain && !options.certificate &&
	    !certificate_create(options.listen_address, &options.certificate, &options.key)) {
		fprintf(stderr, "golws-demo: no certificate could be made, so there is no https\n");
		options.plain = true;
	}
	result = serve(&options);
	certificate_remove();

	return result;
}
