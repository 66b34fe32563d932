#include <libwebsockets.h>

#include <signal.h>

/* Longer values are taken for mistakes, so that programs may copy them. */
#define MAX_VALUE 1024

const char *lws_cmdline_option(int argc, const char **argv, const char *val)
{
	size_t length = strlen(val);
	const char *rest;
	int n;

	for (n = argc - 1; n > 0; n--) {
		if (strncmp(argv[n], val, length))
			continue;

		rest = argv[n] + length;
		if (!*rest && n + 1 < argc)
			return argv[n + 1] && strlen(argv[n + 1]) <= MAX_VALUE ? argv[n + 1] : NULL;

		return *rest == '=' ? rest + 1 : rest;
	}

	return NULL;
}

static void do_nothing(int signal)
{
	(void)signal;
}

static void ignore_sigterm(void)
{
	struct sigaction action;

	/* not SIG_IGN, which programs that are executed would inherit */
	memset(&action, 0, sizeof(action));
	action.sa_handler = do_nothing;
	action.sa_flags = SA_RESTART | SA_ONSTACK;
	sigaction(SIGTERM, &action, NULL);
}

void lws_cmdline_option_handle_builtin(int argc, const char **argv, struct lws_context_creation_info *info)
{
	static const char * const unsupported[] = { "--fault-injection", "--fault-seed" };
	int levels = LLL_USER | LLL_ERR | LLL_WARN | LLL_NOTICE;
	const char *value;
	unsigned int n;

	(void)info;

	value = lws_cmdline_option(argc, argv, "-d");
	if (value)
		levels = atoi(value);
	lws_set_log_level(levels, NULL);

	if (lws_cmdline_option(argc, argv, "--ignore-sigterm"))
		ignore_sigterm();

	for (n = 0; n < sizeof(unsupported) / sizeof(unsupported[0]); n++)
		if (lws_cmdline_option(argc, argv, unsupported[n]))
			lwsl_warn("%s is not supported, ignored\n", unsupported[n]);
}
