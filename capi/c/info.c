#include "info.h"

static const struct {
	uint64_t bits;
	const char *what;
} refused_options[] = {
	{LWS_SERVER_OPTION_SS_PROXY, "LWS_SERVER_OPTION_SS_PROXY: Secure Streams"},
};

static int refuse(const struct lws_context_creation_info *info, const char *what)
{
	lwsl_err("vhost %s: not supported yet: %s\n", info->vhost_name ? info->vhost_name : "default", what);
	return 1;
}

static void warn(const struct lws_context_creation_info *info, const char *what)
{
	lwsl_warn("vhost %s: not supported yet and left out: %s\n", info->vhost_name ? info->vhost_name : "default", what);
}

static int mount_refused(const struct lws_context_creation_info *info, const struct lws_http_mount *mount)
{
	switch (mount->origin_protocol) {
	case LWSMPRO_HTTP:
	case LWSMPRO_HTTPS:
		return refuse(info, "a mount with LWSMPRO_HTTP or LWSMPRO_HTTPS: proxying");
	case LWSMPRO_CGI:
		return refuse(info, "a mount with LWSMPRO_CGI: CGI");
	}
	return 0;
}

static int extension_refused(const struct lws_context_creation_info *info, const struct lws_extension *extension)
{
	return extension->callback != lws_extension_callback_pm_deflate &&
	       refuse(info, "an extension whose callback is not lws_extension_callback_pm_deflate");
}

int golws_info_refused(const struct lws_context_creation_info *info)
{
	const struct lws_extension *extension;
	const struct lws_http_mount *mount;
	size_t i;

	for (i = 0; i < sizeof(refused_options) / sizeof(refused_options[0]); i++)
		if (info->options & refused_options[i].bits)
			return refuse(info, refused_options[i].what);
	if (info->count_caps)
		return refuse(info, "count_caps, keeping capabilities");
	for (mount = info->mounts; mount; mount = mount->mount_next)
		if (mount_refused(info, mount))
			return 1;
	for (extension = info->extensions; extension && extension->callback; extension++)
		if (extension_refused(info, extension))
			return 1;

	if (info->ka_time > 0 && info->ka_interval <= 0) {
		lwsl_err("vhost %s: ka_time needs a ka_interval above 0\n", info->vhost_name ? info->vhost_name : "default");
		return 1;
	}

	if (info->log_filepath)
		warn(info, "log_filepath, the log of requests");
	if (info->plugin_dirs)
		warn(info, "plugin_dirs, plugins");
	if (info->ip_limit_ah || info->ip_limit_wsi)
		warn(info, "ip_limit_ah and ip_limit_wsi, limits per address");
	return 0;
}
