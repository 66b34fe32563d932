/*
 * Virtual hosts: from the public structs to the engine's configuration, protocols and their private memory.
 */
#include "info.h"
#include "keep_connected.h"
#include "private.h"
#include "proxy.h"
#include "tls.h"

_Static_assert(sizeof(struct golws_pair) == sizeof(struct lws_protocol_vhost_options) &&
		       offsetof(struct golws_pair, value) == offsetof(struct lws_protocol_vhost_options, value),
	       "a list of options is read in place");

static int same_name(const char *a, const char *b)
{
	return a && b && !strcmp(a, b);
}

/* The list is copied: programs build it on the stack, and pprotocols is a list of pointers. */
static int copy_protocols(struct lws_vhost *vhost, const struct lws_context_creation_info *info)
{
	static const struct lws_protocols fallback = {.name = "http-only", .callback = lws_callback_http_dummy};
	const struct lws_protocols *p;
	int count = 0, i;

	if (info->pprotocols)
		while (info->pprotocols[count])
			count++;
	else if (info->protocols)
		for (p = info->protocols; p->callback; p++)
			count++;
	if (!count || info->pprotocols) {
		vhost->merged = calloc((size_t)count + 2, sizeof(*p));
		if (!vhost->merged)
			return -1;
		for (i = 0; i < count; i++)
			vhost->merged[i] = *info->pprotocols[i];
		if (!count)
			vhost->merged[count++] = fallback;
		vhost->protocols = vhost->merged;
	} else
		vhost->protocols = info->protocols;
	vhost->count_protocols = count;
	vhost->protocol_private = calloc((size_t)count, sizeof(void *));
	vhost->writable_all = calloc((size_t)count, sizeof(uint32_t));
	vhost->protocol_refused = calloc((size_t)count, 1);
	return vhost->protocol_private && vhost->writable_all && vhost->protocol_refused ? 0 : -1;
}

static const struct lws_protocol_vhost_options *options_of(const struct lws_vhost *vhost, const char *name)
{
	const struct lws_protocol_vhost_options *pvo;

	for (pvo = vhost->pvo; pvo; pvo = pvo->next)
		if (same_name(pvo->name, name))
			return pvo;
	return NULL;
}

/* The options "default" and "raw" of a protocol choose it for connections that name none. */
static void choose_default_protocols(struct lws_vhost *vhost)
{
	const struct lws_protocol_vhost_options *pvo, *option;
	int i;

	for (i = 0; i < vhost->count_protocols; i++) {
		pvo = options_of(vhost, vhost->protocols[i].name);
		for (option = pvo ? pvo->options : NULL; option; option = option->next)
			if (same_name(option->name, "default"))
				vhost->default_protocol = i;
			else if (same_name(option->name, "raw"))
				vhost->raw_protocol = i;
	}
}

static struct golws_protocol_config *protocol_configs(const struct lws_vhost *vhost)
{
	struct golws_protocol_config *configs = calloc((size_t)vhost->count_protocols, sizeof(*configs));
	int i;

	for (i = 0; configs && i < vhost->count_protocols; i++) {
		const struct lws_protocols *p = &vhost->protocols[i];
		const struct lws_protocol_vhost_options *option;

		configs[i].name = p->name;
		configs[i].reference = p;
		configs[i].session_size = p->per_session_data_size;
		configs[i].receive_size = p->rx_buffer_size;
		configs[i].transmit_size = p->tx_packet_size;
		configs[i].id = p->id;
		configs[i].dummy = p->callback == lws_callback_http_dummy;
		option = options_of(vhost, p->name);
		option = option ? lws_pvo_search(option->options, "basic-auth") : NULL;
		configs[i].basic_auth = option ? option->value : NULL;
	}
	return configs;
}

static struct golws_mount_config *mount_configs(const struct lws_http_mount *mounts, int *count)
{
	const struct lws_http_mount *m;
	struct golws_mount_config *configs, *c;

	*count = 0;
	for (m = mounts; m; m = m->mount_next)
		(*count)++;
	configs = calloc((size_t)*count + 1, sizeof(*configs));
	for (m = mounts, c = configs; c && m; m = m->mount_next, c++) {
		c->mountpoint = m->mountpoint;
		c->mountpoint_length = m->mountpoint_len;
		c->origin = m->origin;
		c->def = m->def;
		c->protocol = m->protocol;
		c->extra_mimetypes = (const struct golws_pair *)m->extra_mimetypes;
		c->interpret = (const struct golws_pair *)m->interpret;
		c->cache_max_age = m->cache_max_age;
		c->auth_mask = m->auth_mask;
		c->cache_reusable = m->cache_reusable;
		c->cache_revalidate = m->cache_revalidate;
		c->cache_intermediaries = m->cache_intermediaries;
		c->origin_protocol = m->origin_protocol;
		c->basic_auth_login_file = m->basic_auth_login_file;
		c->cgienv = m->cgienv;
	}
	return configs;
}

static struct golws_extension_config *extension_configs(const struct lws_extension *extensions, int *count)
{
	struct golws_extension_config *configs;
	int i;

	for (*count = 0; extensions && extensions[*count].callback;)
		(*count)++;
	configs = calloc((size_t)*count + 1, sizeof(*configs));
	for (i = 0; configs && i < *count; i++) {
		configs[i].name = extensions[i].name;
		configs[i].client_offer = extensions[i].client_offer;
		configs[i].callback = (void *)extensions[i].callback;
	}
	return configs;
}

static void fill_limits(struct golws_vhost_config *config, const struct lws_context *context,
			const struct lws_context_creation_info *info)
{
	config->max_http_header_data =
		info->max_http_header_data ? info->max_http_header_data : (int)info->max_http_header_data2;
	if (!config->max_http_header_data)
		config->max_http_header_data = context->max_http_header_data;
	config->token_limits = info->token_limits ? info->token_limits->token_limit
			       : context->token_limits
				       ? ((const struct lws_token_limits *)context->token_limits)->token_limit
				       : NULL;
	config->reject_service_keywords = (const struct golws_pair *)(info->reject_service_keywords ? info->reject_service_keywords
												    : context->reject_service_keywords);
	config->http2_settings = info->http2_settings[0] ? info->http2_settings : NULL;
	config->keepalive_timeout = info->keepalive_timeout ? info->keepalive_timeout : 5;
	config->connect_timeout_secs = info->connect_timeout_secs ? (int)info->connect_timeout_secs : 20;
	config->timeout_secs = info->timeout_secs ? (int)info->timeout_secs : context->timeout_secs;
	config->timeout_secs_ah_idle = info->timeout_secs_ah_idle ? (int)info->timeout_secs_ah_idle : 10;
	config->ka_time = info->ka_time;
	config->ka_probes = info->ka_probes;
	config->ka_interval = info->ka_interval;
	if (info->retry_and_idle_policy) {
		config->secs_since_valid_ping = info->retry_and_idle_policy->secs_since_valid_ping;
		config->secs_since_valid_hangup = info->retry_and_idle_policy->secs_since_valid_hangup;
	} else {
		config->secs_since_valid_ping = context->secs_since_valid_ping;
		config->secs_since_valid_hangup = context->secs_since_valid_hangup;
	}
}

static int engine_vhost(struct lws_vhost *vhost, const struct lws_context_creation_info *info)
{
	struct golws_vhost_config config;
	struct golws_protocol_config *protocols = protocol_configs(vhost);
	struct golws_mount_config *mounts;
	struct golws_extension_config *extensions;

	memset(&config, 0, sizeof(config));
	mounts = mount_configs(info->mounts, &config.count_mounts);
	extensions = extension_configs(info->extensions, &config.count_extensions);
	config.vhost = vhost;
	config.name = vhost->name;
	config.iface = info->iface;
	config.port = info->port;
	config.options = info->options;
	config.protocols = protocols;
	config.count_protocols = vhost->count_protocols;
	config.default_protocol = vhost->default_protocol;
	config.raw_protocol = vhost->raw_protocol;
	config.mounts = mounts;
	config.extensions = extensions;
	config.headers = vhost->headers;
	config.server_string = vhost->server_string;
	config.error_document_404 = info->error_document_404;
	config.listen_accept_role = info->listen_accept_role;
	config.listen_accept_protocol = info->listen_accept_protocol;
	config.unix_socket_perms = info->unix_socket_perms;
	config.bind_iface = info->bind_iface;
	config.pt_serv_buf_size = (int)vhost->context->pt_serv_buf_size;
	config.uid = vhost->context->uid;
	config.gid = vhost->context->gid;
	config.tls = vhost->tls ? &vhost->tls->config : NULL;
	config.client_tls = vhost->client_tls ? &vhost->client_tls->config : NULL;
	fill_limits(&config, vhost->context, info);
	vhost->index = protocols && mounts && extensions ? lwsgo_vhost_create(&config) : 0;
	golws_tls_created(vhost);
	golws_client_tls_created(vhost);
	free(protocols);
	free(mounts);
	free(extensions);
	if (!vhost->index)
		return -1;
	vhost->port = lwsgo_vhost_port(vhost->index);
	return 0;
}

void golws_vhost_free(struct lws_vhost *vhost)
{
	int i;

	for (i = 0; vhost->protocol_private && i < vhost->count_protocols; i++)
		free(vhost->protocol_private[i]);
	free(vhost->protocol_private);
	free(vhost->writable_all);
	free(vhost->protocol_refused);
	free(vhost->merged);
	free(vhost->name);
	free(vhost->iface);
	free(vhost->server_string);
	golws_tls_free(vhost);
	golws_client_tls_free(vhost);
	golws_vhost_release(vhost);
}

static void append_vhost(struct lws_context *context, struct lws_vhost *vhost)
{
	if (context->last_vhost)
		__atomic_store_n(&context->last_vhost->next, vhost, __ATOMIC_RELEASE);
	else
		context->vhosts = vhost;
	context->last_vhost = vhost;
}

static void remove_vhost(struct lws_context *context, struct lws_vhost *vhost)
{
	struct lws_vhost **link, *last = NULL;

	for (link = &context->vhosts; *link; link = &(*link)->next) {
		if (*link == vhost) {
			*link = vhost->next;
			break;
		}
		last = *link;
	}
	if (context->last_vhost == vhost)
		context->last_vhost = last;
}

struct lws_vhost *golws_vhost_create(struct lws_context *context, const struct lws_context_creation_info *info)
{
	const char *server = info->server_string ? info->server_string : context->server_string;
	struct lws_vhost *vhost;

	if (golws_info_refused(info))
		return NULL;
	vhost = golws_vhost_allocate();
	if (!vhost)
		return NULL;
	vhost->context = context;
	vhost->name = strdup(info->vhost_name ? info->vhost_name : "default");
	vhost->iface = info->iface ? strdup(info->iface) : NULL;
	vhost->server_string = server ? strdup(server) : NULL;
	vhost->user = info->user;
	vhost->options = info->options;
	vhost->pvo = info->pvo;
	vhost->headers = info->headers;
	vhost->tls_event_mask = info->ssl_info_event_mask;
	vhost->extensions = info->extensions;
	vhost->finalize = info->finalize;
	vhost->finalize_arg = info->finalize_arg;
	vhost->pseudo.state = GOLWS_PSEUDO;
	vhost->pseudo.fd = -1;
	vhost->pseudo.context = context;
	vhost->pseudo.vhost = vhost;
	if (copy_protocols(vhost, info)) {
		golws_vhost_free(vhost);
		return NULL;
	}
	choose_default_protocols(vhost);
	append_vhost(context, vhost);
	if (golws_tls_create(vhost, info) || golws_client_tls_create(vhost, info) || engine_vhost(vhost, info)) {
		remove_vhost(context, vhost);
		golws_vhost_free(vhost);
		return NULL;
	}
	golws_proxy_create(vhost, info);
	return vhost;
}

struct lws_vhost *lws_create_vhost(struct lws_context *context, const struct lws_context_creation_info *info)
{
	struct lws_vhost *vhost;

	if (!info) {
		lwsl_err("%s: info is NULL\n", __func__);
		return NULL;
	}
	if (!golws_enter_context(context, __func__))
		return NULL;
	vhost = golws_vhost_create(context, info);
	if (vhost && context->protocols_initialised && golws_vhost_initialise_protocols(vhost)) {
		vhost->being_destroyed = 1;
		lwsgo_vhost_destroy(vhost->index);
		vhost = NULL;
	} else if (vhost && context->protocols_initialised)
		golws_tls_check_ageing(context);
	golws_poll_announce(context);
	golws_leave_context(context);
	return vhost;
}

int golws_vhost_call(struct lws_vhost *vhost, const struct lws_protocols *protocol, int reason, void *in, size_t len)
{
	const struct lws_protocols *outer = vhost->pseudo.protocol;
	int result;

	if (!protocol->callback)
		return 0;
	vhost->pseudo.protocol = protocol;
	result = protocol->callback(&vhost->pseudo, (enum lws_callback_reasons)reason, NULL, in, len);
	vhost->pseudo.protocol = outer;
	return result;
}

int golws_vhost_initialise_protocols(struct lws_vhost *vhost)
{
	const struct lws_protocol_vhost_options *pvo;
	int i, failed = 0;

	if (vhost->protocols_initialised)
		return 0;
	vhost->protocols_initialised = 1;
	if (vhost->options & LWS_SERVER_OPTION_SKIP_PROTOCOL_INIT)
		return 0;
	for (i = 0; i < vhost->count_protocols; i++) {
		pvo = options_of(vhost, vhost->protocols[i].name);
		/* A list of options says also which of the protocols the vhost wants. */
		if (vhost->pvo && !pvo)
			continue;
		if (golws_vhost_call(vhost, &vhost->protocols[i], LWS_CALLBACK_PROTOCOL_INIT,
				     pvo ? (void *)pvo->options : NULL, 0)) {
			lwsl_err("vhost %s: protocol %s failed to initialise\n", vhost->name,
				 vhost->protocols[i].name ? vhost->protocols[i].name : "");
			free(vhost->protocol_private[i]);
			vhost->protocol_private[i] = NULL;
			vhost->protocol_refused[i] = 1;
			failed = 1;
		}
	}
	return failed;
}

int lws_protocol_init(struct lws_context *context)
{
	struct lws_vhost *vhost;
	int failed = 0;

	if (!golws_enter_context(context, __func__))
		return 1;
	context->protocols_initialised = 1;
	for (vhost = context->vhosts; vhost; vhost = vhost->next)
		failed |= golws_vhost_initialise_protocols(vhost);
	golws_tls_check_ageing(context);
	golws_leave_context(context);
	return failed;
}

void golws_vhost_destroy_protocols(struct lws_vhost *vhost)
{
	int i;

	if (vhost->protocols_initialised == 1 && !(vhost->options & LWS_SERVER_OPTION_SKIP_PROTOCOL_INIT))
		for (i = 0; i < vhost->count_protocols; i++)
			/* What refused to start has nothing to undo, and its memory is gone. */
			if (!vhost->protocol_refused[i])
				golws_vhost_call(vhost, &vhost->protocols[i], LWS_CALLBACK_PROTOCOL_DESTROY, NULL, 0);
	vhost->protocols_initialised = 2;
	if (vhost->finalize) {
		void (*finalize)(struct lws_vhost *vh, void *arg) = vhost->finalize;

		vhost->finalize = NULL;
		finalize(vhost, vhost->finalize_arg);
	}
}

void golws_vhost_gone(struct lws_vhost *vhost)
{
	if (vhost->context->being_destroyed)
		return; /* golws_context_destroy_now does the rest, in order */
	golws_vhost_destroy_protocols(vhost);
	remove_vhost(vhost->context, vhost);
	if (vhost->context->count_threads == 1) {
		golws_vhost_free(vhost);
		return;
	}
	/* Another service thread may be looking at it. Its next stays, so that a walk over the list goes on. */
	vhost->state = GOLWS_FREE;
	vhost->next_retired = vhost->context->retired;
	vhost->context->retired = vhost;
}

void lws_vhost_destroy(struct lws_vhost *vhost)
{
	struct lws_context *context;

	if (!vhost || !golws_runtime_usable() || !golws_vhost_valid(vhost, __func__) || vhost->being_destroyed)
		return;
	context = vhost->context;
	if (!golws_enter_context(context, __func__))
		return;
	vhost->being_destroyed = 1;
	golws_poll_withdraw(context, vhost);
	if (vhost->tls)
		golws_tls_end_watch(vhost->tls);
	golws_keep_connected_abandon(context, vhost);
	lwsgo_vhost_destroy(vhost->index);
	golws_leave_context(context);
}

int golws_vhost_protocol_index(const struct lws_vhost *vhost, const struct lws_protocols *protocol)
{
	int i;

	for (i = 0; i < vhost->count_protocols; i++)
		if (&vhost->protocols[i] == protocol)
			return i;
	return -1;
}

void *lws_protocol_vh_priv_zalloc(struct lws_vhost *vhost, const struct lws_protocols *protocol, int size)
{
	int index;

	if (!golws_vhost_valid(vhost, __func__))
		return NULL;
	index = golws_vhost_protocol_index(vhost, protocol);
	if (index < 0 || size < 0) {
		lwsl_err("%s: %s\n", __func__, index < 0 ? "the protocol is not of this vhost" : "negative size");
		return NULL;
	}
	if (!vhost->protocol_private[index])
		vhost->protocol_private[index] = calloc(1, size ? (size_t)size : 1);
	return vhost->protocol_private[index];
}

void *lws_protocol_vh_priv_get(struct lws_vhost *vhost, const struct lws_protocols *protocol)
{
	int index, i;

	/* Programs ask for it in callbacks without a vhost or protocol. */
	if (!vhost || !protocol || !golws_vhost_valid(vhost, __func__))
		return NULL;
	index = golws_vhost_protocol_index(vhost, protocol);
	for (i = 0; index < 0 && i < vhost->count_protocols; i++)
		if (same_name(vhost->protocols[i].name, protocol->name))
			index = i;
	return index < 0 ? NULL : vhost->protocol_private[index];
}

const struct lws_protocols *lws_vhost_name_to_protocol(struct lws_vhost *vhost, const char *name)
{
	int i;

	if (!golws_vhost_valid(vhost, __func__))
		return NULL;
	for (i = 0; i < vhost->count_protocols; i++)
		if (same_name(vhost->protocols[i].name, name))
			return &vhost->protocols[i];
	return NULL;
}

void *lws_vhd_find_by_pvo(struct lws_context *context, const char *protname, const char *pvo_name,
			  const char *pvo_value)
{
	const struct lws_protocol_vhost_options *pvo, *option;
	struct lws_vhost *vhost;
	int i;

	if (!golws_context_valid(context, __func__))
		return NULL;
	for (vhost = context->vhosts; vhost; vhost = vhost->next)
		for (i = 0; i < vhost->count_protocols; i++) {
			if (!same_name(vhost->protocols[i].name, protname))
				continue;
			pvo = options_of(vhost, protname);
			for (option = pvo ? pvo->options : NULL; option; option = option->next)
				if (same_name(option->name, pvo_name) && same_name(option->value, pvo_value))
					return vhost->protocol_private[i];
		}
	return NULL;
}

const struct lws_protocol_vhost_options *lws_pvo_search(const struct lws_protocol_vhost_options *pvo, const char *name)
{
	for (; pvo; pvo = pvo->next)
		if (same_name(pvo->name, name))
			return pvo;
	return NULL;
}

int lws_pvo_get_str(void *in, const char *name, const char **result)
{
	const struct lws_protocol_vhost_options *pvo = lws_pvo_search(in, name);

	if (!pvo)
		return 1;
	*result = pvo->value;
	return 0;
}

const char *lws_get_vhost_name(struct lws_vhost *vhost)
{
	return golws_vhost_valid(vhost, __func__) ? vhost->name : NULL;
}

struct lws_vhost *lws_get_vhost_by_name(struct lws_context *context, const char *name)
{
	struct lws_vhost *vhost;

	if (!golws_context_valid(context, __func__))
		return NULL;
	for (vhost = context->vhosts; vhost; vhost = vhost->next)
		if (same_name(vhost->name, name))
			return vhost;
	return NULL;
}

int lws_get_vhost_port(struct lws_vhost *vhost)
{
	return golws_vhost_valid(vhost, __func__) ? vhost->port : -1;
}

int lws_get_vhost_listen_port(struct lws_vhost *vhost)
{
	return lws_get_vhost_port(vhost);
}

void *lws_get_vhost_user(struct lws_vhost *vhost)
{
	return golws_vhost_valid(vhost, __func__) ? vhost->user : NULL;
}

void *lws_vhost_user(struct lws_vhost *vhost)
{
	return lws_get_vhost_user(vhost);
}

const char *lws_get_vhost_iface(struct lws_vhost *vhost)
{
	return golws_vhost_valid(vhost, __func__) ? vhost->iface : NULL;
}
