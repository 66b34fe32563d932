/* Proxies of the client connections of a vhost: what the program says, else what the environment does. */
#include <stdlib.h>

#include "proxy.h"
#include "lwsgo_proxy.h"

static void of_environment(struct lws_vhost *vhost, int socks, const char *variable)
{
	const char *text = getenv(variable), *except = getenv("no_proxy");
	struct golws_proxy_config config = {.socks = socks, .origin = GOLWS_PROXY_ENVIRONMENT};

	if (!text || !*text)
		return;
	if (!except)
		except = getenv("NO_PROXY");
	config.text = text;
	config.no_proxy = except;
	if (lwsgo_vhost_set_proxy(vhost->index, &config))
		lwsl_warn("vhost %s: %s of the environment is not used\n", vhost->name, variable);
}

static void of_program(struct lws_vhost *vhost, int socks, const char *text, unsigned int port)
{
	struct golws_proxy_config config = {.socks = socks, .text = text, .port = port, .origin = GOLWS_PROXY_CREATION};

	lwsgo_vhost_set_proxy(vhost->index, &config);
}

/* An empty address is for programs that want none, not that of the environment either. */
void golws_proxy_create(struct lws_vhost *vhost, const struct lws_context_creation_info *info)
{
	if (!info->http_proxy_address)
		of_environment(vhost, 0, "http_proxy");
	else if (*info->http_proxy_address)
		of_program(vhost, 0, info->http_proxy_address, info->http_proxy_port);
	if (!info->socks_proxy_address)
		of_environment(vhost, 1, "socks_proxy");
	else if (*info->socks_proxy_address)
		of_program(vhost, 1, info->socks_proxy_address, info->socks_proxy_port);
}

static int set(struct lws_vhost *vhost, int socks, const char *text, const char *function)
{
	struct golws_proxy_config config = {.socks = socks, .text = text, .origin = GOLWS_PROXY_FUNCTION};
	struct lws_context *context;
	int result;

	if (!text || !golws_runtime_usable() || !golws_vhost_valid(vhost, function))
		return -1;
	context = vhost->context;
	if (!golws_enter_context(context, function))
		return -1;
	result = lwsgo_vhost_set_proxy(vhost->index, &config);
	golws_leave_context(context);
	return result;
}

int lws_set_proxy(struct lws_vhost *vhost, const char *proxy)
{
	return set(vhost, 0, proxy, __func__);
}

int lws_set_socks(struct lws_vhost *vhost, const char *socks)
{
	return set(vhost, 1, socks, __func__);
}
