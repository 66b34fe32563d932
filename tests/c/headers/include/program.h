/*
 * What a program does with the public header before it does anything: macros, initialisers, comparisons. It is
 * compiled as C and as C++ with warnings as errors and never run.
 */
#include <libwebsockets.h>
#include <libwebsockets.h>

#if LWS_LIBRARY_VERSION_NUMBER < 4002000
#error the version does not compare
#endif
#if !defined(LWS_WITH_TLS) || !defined(LWS_ROLE_WS) || defined(LWS_WITHOUT_EXTENSIONS)
#error the configuration is not that of a full build
#endif

struct outer {
	int before;
	lws_sorted_usec_list_t timer;
};

static int callback(struct lws *wsi, enum lws_callback_reasons reason, void *user, void *in, size_t len)
{
	char name[32];

	(void)user;
	switch (reason) {
	case LWS_CALLBACK_HTTP:
		lwsl_user("%s: %.*s\n", __func__, (int)len, (const char *)in);
		if (lws_hdr_copy(wsi, name, sizeof(name), WSI_TOKEN_HOST) < 0)
			return -1;
		break;
	case LWS_CALLBACK_SERVER_WRITEABLE:
		return lws_write(wsi, (unsigned char *)name + LWS_PRE, 1,
				 (enum lws_write_protocol)lws_write_ws_flags(LWS_WRITE_TEXT, 1, 0)) < 1;
	case LWS_CALLBACK_USER:
		return lws_write_http(wsi, "text", 4) < 0;
	default:
		break;
	}
	return lws_callback_http_dummy(wsi, reason, user, in, len);
}

static const struct lws_protocols protocols[] = {
	{"first", callback, sizeof(struct outer), 4096, 0, NULL, 0},
	{NULL, NULL, 0, 0, 0, NULL, 0},
};

static const struct lws_extension extensions[] = {
	{"permessage-deflate", lws_extension_callback_pm_deflate, "permessage-deflate; client_no_context_takeover"},
	{NULL, NULL, NULL},
};

static void timer(lws_sorted_usec_list_t *sul)
{
	struct outer *outer = lws_container_of(sul, struct outer, timer);

	outer->before++;
}

int program(struct outer *outer);
int program(struct outer *outer)
{
	struct lws_context_creation_info info;
	struct lws_pollfd poll_entry;
	struct lws_context *context;
	size_t size = 3;
	lws_sockaddr46 address;
	char text[16];
	size_t left = sizeof(text);

	memset(&info, 0, sizeof(info));
	memset(&address, 0, sizeof(address));
	memset(&poll_entry, 0, sizeof(poll_entry));
	info.port = CONTEXT_PORT_NO_LISTEN;
	info.protocols = protocols;
	info.extensions = extensions;
	info.options = LWS_SERVER_OPTION_EXPLICIT_VHOSTS | LWS_SERVER_OPTION_DISABLE_TLS_SESSION_CACHE;
	if (!lws_check_opt(info.options, LWS_SERVER_OPTION_EXPLICIT_VHOSTS))
		return 1;
	context = lws_create_context(&info);
	if (!context)
		return 1;
	LWS_ALIGN_TO(size, 8);
	sa46_sockport(&address, htons(80));
	*lws_concat_temp(text, left) = 'x';
	left--;
	lws_sul_schedule(context, 0, &outer->timer, timer, 5 * LWS_US_PER_SEC);
	lws_context_destroy(context);
	return (int)lws_concat_used(text, left) + (int)size + (int)sa46_socklen(&address) + poll_entry.fd;
}
