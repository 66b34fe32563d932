/*
 * Connections that the program makes. The public struct is read here, so that the engine sees plain values only; the
 * interface of an older version converts its own struct and calls golws_client_connect().
 */
#include <limits.h>

#include "client.h"
#include "keep_connected.h"

/* How long a connection without a request is kept where the program has not said it */
#define KEEP_WARM_SECS 5

struct golws_thread *golws_client_thread(struct lws_context *context, struct lws *parent)
{
	static unsigned int next;
	int i;

	if (parent)
		return parent->thread;
	for (i = 0; i < context->count_threads; i++)
		if (golws_thread_is_mine(context->threads[i]))
			return context->threads[i];
	return context->threads[__atomic_fetch_add(&next, 1, __ATOMIC_RELAXED) % (unsigned int)context->count_threads];
}

static int refuse(const char *what)
{
	lwsl_err("lws_client_connect_via_info: not supported yet: %s\n", what);
	return 1;
}

static int unsupported(const struct lws_client_connect_info *info)
{
	if (!info->method)
		return 0;
	if (!strcmp(info->method, "UDP"))
		return refuse("method UDP; lws_create_adopt_udp() makes sockets for datagrams");
	if (!strcmp(info->method, "MQTT"))
		return refuse("method MQTT");
	if (!strcmp(info->method, "CONNECT"))
		return refuse("method CONNECT");
	return 0;
}

/* The bits of the IP type of service, RFC 1349 */
static int type_of_service(int flags)
{
	return (flags & LCCSCF_IP_LOW_LATENCY ? 0x10 : 0) | (flags & LCCSCF_IP_HIGH_THROUGHPUT ? 0x08 : 0) |
	       (flags & LCCSCF_IP_HIGH_RELIABILITY ? 0x04 : 0) | (flags & LCCSCF_IP_LOW_COST ? 0x02 : 0);
}

/* Most clients need nothing but their handle. */
static int extra_create(struct golws_client_config *config, const struct lws_client_connect_info *info,
			struct lws_keep_connected *kept)
{
	int multipart = info->ssl_connection & LCCSCF_HTTP_MULTIPART_MIME;

	if (!multipart && !info->retry_and_idle_policy && !kept)
		return 0;
	config->client = calloc(1, sizeof(*config->client));
	if (!config->client)
		return -1;
	config->client->retry = info->retry_and_idle_policy;
	config->client->kept = kept;
	if (!multipart || !lws_hex_random(info->context, config->client->boundary, 33))
		return 0;
	free(config->client);
	return -1;
}

void golws_client_created(struct lws *wsi, const struct golws_client_config *config)
{
	wsi->user = config->userdata;
	wsi->opaque_user_data = config->opaque_user_data;
	wsi->client = config->client;
	if (config->parent)
		golws_wsi_link(wsi, config->parent);
	if (config->pwsi)
		*config->pwsi = wsi;
	if (wsi->client && wsi->client->kept)
		golws_keep_connected_created(wsi->client->kept, wsi);
}

static void fill(struct golws_client_config *config, const struct lws_client_connect_info *info)
{
	config->address = info->address;
	config->port = info->port;
	config->path = info->path;
	config->host = info->host;
	config->origin = info->origin;
	config->protocol = info->protocol;
	config->method = info->method;
	config->iface = info->iface;
	config->local_protocol_name = info->local_protocol_name;
	config->type_of_service = type_of_service(info->ssl_connection);
	config->priority = info->priority;
	config->raw_origin = lws_check_opt(info->context->options, LWS_SERVER_OPTION_JUST_USE_RAW_ORIGIN);
	config->keep = !!(info->ssl_connection & LCCSCF_PIPELINE);
	config->keep_warm_secs = info->keep_warm_secs ? info->keep_warm_secs : KEEP_WARM_SECS;
	config->no_follow = !!(info->ssl_connection & LCCSCF_HTTP_NO_FOLLOW_REDIRECT);
	config->prior_knowledge = !!(info->ssl_connection & LCCSCF_H2_PRIOR_KNOWLEDGE);
	config->manual_credit = !!(info->ssl_connection & LCCSCF_H2_MANUAL_RXFLOW);
	config->credit = info->manual_initial_tx_credit;
	config->forgive_overflow = !!(info->ssl_connection & LCCSCF_H2_QUIRK_OVERFLOWS_TXCR);
	config->cookies = !!(info->ssl_connection & LCCSCF_CACHE_COOKIES);
	config->downgrade = !!(info->ssl_connection & LCCSCF_ACCEPT_TLS_DOWNGRADE_REDIRECTS);
	config->measure = !!(info->ssl_connection & LCCSCF_CONMON);
	if (info->retry_and_idle_policy) {
		config->has_policy = 1;
		config->secs_since_valid_ping = info->retry_and_idle_policy->secs_since_valid_ping;
		config->secs_since_valid_hangup = info->retry_and_idle_policy->secs_since_valid_hangup;
	}
	golws_client_tls_fill(config, info);
	config->userdata = info->userdata;
	config->opaque_user_data = info->opaque_user_data;
	config->pwsi = info->pwsi;
	config->parent = info->parent_wsi;
}

static struct lws *connect_on(struct golws_thread *thread, struct lws_vhost *vhost,
			      const struct lws_client_connect_info *info, struct lws_keep_connected *kept)
{
	struct lws_context *context = thread->context;
	struct golws_client_config config;
	char type[96];
	struct lws *wsi;

	memset(&config, 0, sizeof(config));
	fill(&config, info);
	config.tell_always = !!kept;
	if (extra_create(&config, info, kept))
		return NULL;
	if (info->ssl_connection & LCCSCF_HTTP_MULTIPART_MIME) {
		snprintf(type, sizeof(type), "multipart/form-data; boundary=\"%s\"", config.client->boundary);
		config.form = type;
	} else if (info->ssl_connection & LCCSCF_HTTP_X_WWW_FORM_URLENCODED)
		config.form = "application/x-www-form-urlencoded";
	wsi = (struct lws *)lwsgo_client_connect(context->index, thread->tsi, vhost->index, &config);
	if (!wsi && !config.created)
		free(config.client);
	return wsi;
}

struct lws_vhost *golws_client_vhost(struct lws_context *context, const char *function)
{
	struct lws_vhost *vhost = context->vhosts;

	if (vhost && vhost->next && !strcmp(vhost->name, "system"))
		vhost = vhost->next; /* by its name not for programs */
	if (!vhost)
		lwsl_err("%s: the context has no vhost\n", function);
	return vhost;
}

struct lws *golws_client_connect(const struct lws_client_connect_info *info, const char *function,
				 struct lws_keep_connected *kept)
{
	struct lws_context *context = info->context;
	struct lws_vhost *vhost = info->vhost;
	struct golws_thread *thread;
	struct lws *wsi = NULL;

	if (info->pwsi)
		*info->pwsi = NULL;
	if (!golws_runtime_usable() || !golws_context_valid(context, function) || unsupported(info))
		return NULL;
	if (context->being_destroyed || context->destroy_requested) {
		lwsl_info("%s: the context is being destroyed\n", function);
		return NULL;
	}
	if (!vhost)
		vhost = golws_client_vhost(context, function);
	if (!vhost || !golws_vhost_valid(vhost, function))
		return NULL;
	if (vhost->context != context || vhost->being_destroyed) {
		lwsl_err("%s: the vhost %s\n", function, vhost->being_destroyed ? "is being destroyed" : "is of another context");
		return NULL;
	}
	if (info->parent_wsi && (!golws_wsi_valid(info->parent_wsi, function) || info->parent_wsi->context != context))
		return NULL;
	if (!context->protocols_initialised && lws_protocol_init(context))
		lwsl_warn("%s: a protocol of the context failed to initialise\n", function);
	thread = kept ? golws_keep_connected_thread(kept) : golws_client_thread(context, info->parent_wsi);
	golws_enter_thread(thread);
	if (info->parent_wsi && info->parent_wsi->state != GOLWS_LIVE)
		lwsl_err("%s: parent_wsi is closed already\n", function);
	else
		wsi = connect_on(thread, vhost, info, kept);
	golws_leave_thread(thread);
	if (!wsi && info->pwsi)
		*info->pwsi = NULL;
	return wsi;
}

struct lws *lws_client_connect_via_info(const struct lws_client_connect_info *ccinfo)
{
	if (!ccinfo) {
		lwsl_err("%s: ccinfo is NULL\n", __func__);
		return NULL;
	}
	return golws_client_connect(ccinfo, __func__, NULL);
}

unsigned int lws_http_client_http_response(struct lws *wsi)
{
	unsigned int status;

	if (!golws_enter(wsi, __func__))
		return 0;
	status = lwsgo_client_status(wsi->slot);
	golws_leave(wsi);
	return status;
}

int lws_http_is_redirected_to_get(struct lws *wsi)
{
	int result;

	if (!golws_enter(wsi, __func__))
		return 0;
	result = lwsgo_client_redirected_to_get(wsi->slot);
	golws_leave(wsi);
	return result;
}

int lws_http_client_read(struct lws *wsi, char **buf, int *len)
{
	static char nowhere;
	int result, size;

	if (!buf || !len || !golws_enter(wsi, __func__))
		return -1;
	size = *buf && *len > 0 ? *len : 0;
	*len = 0;
	result = lwsgo_client_read(wsi->slot, size ? *buf : &nowhere, size);
	golws_leave(wsi);
	return result;
}

void lws_client_http_body_pending(struct lws *wsi, int something_left_to_send)
{
	if (!golws_enter(wsi, __func__))
		return;
	lwsgo_client_body_pending(wsi->slot, something_left_to_send);
	golws_leave(wsi);
}

struct lws *lws_client_reset(struct lws **wsi, int ssl, const char *address, int port, const char *path, const char *host, char weak)
{
	int result;

	(void)weak;
	if (!wsi || !address || !path || !golws_enter(*wsi, __func__))
		return NULL;
	if (!port) {
		port = 443;
		ssl = LCCSCF_USE_SSL;
	}
	result = lwsgo_client_reset((*wsi)->slot, !!(ssl & LCCSCF_USE_SSL), (char *)address, port, (char *)path, (char *)host);
	golws_leave(*wsi);
	return result ? *wsi : NULL;
}

int lws_client_http_options(struct lws *wsi, unsigned int options)
{
	int result;

	if (!golws_enter(wsi, __func__))
		return 1;
	result = lwsgo_client_options(wsi->slot, !!(options & LWS_CLIENT_HTTP_DECODE),
				      !!(options & LWS_CLIENT_HTTP_TRUST_REDIRECTS));
	golws_leave(wsi);
	return result;
}

int lws_client_http_credentials(struct lws *wsi, const char *user, const char *password)
{
	int result;

	if (!golws_enter(wsi, __func__))
		return 1;
	result = lwsgo_client_credentials(wsi->slot, (char *)user, (char *)password);
	golws_leave(wsi);
	return result;
}

int lws_http_basic_auth_gen(const char *user, const char *pw, char *buf, size_t len)
{
	static const char scheme[] = "Basic ";
	size_t n, need;
	char *both;
	int bad;

	if (!buf || !len)
		return 1;
	*buf = '\0';
	if (!user || !pw)
		return 1;
	n = strlen(user) + 1 + strlen(pw);
	need = sizeof(scheme) - 1 + (n + 2) / 3 * 4 + 1;
	if (len < need || len > INT_MAX || strchr(user, ':'))
		return 1;
	both = malloc(n + 1);
	if (!both)
		return 1;
	snprintf(both, n + 1, "%s:%s", user, pw);
	memcpy(buf, scheme, sizeof(scheme) - 1);
	bad = lws_b64_encode_string(both, (int)n, buf + sizeof(scheme) - 1, (int)(len - (sizeof(scheme) - 1))) < 0;
	lws_explicit_bzero(both, n);
	free(both);
	if (bad)
		*buf = '\0';
	return bad;
}

/* Text being written; it counts only once all of it fits. */
struct text {
	char *at, *end;
	int full;
};

static void put(struct text *t, const char *string, size_t n)
{
	if (t->full || n > (size_t)(t->end - t->at)) {
		t->full = 1;
		return;
	}
	memcpy(t->at, string, n);
	t->at += n;
}

static void put_string(struct text *t, const char *string)
{
	put(t, string, strlen(string));
}

/* As browsers do it, HTML section 4.10.21.8: what would end the value is percent-encoded. */
static void put_value(struct text *t, const char *name, const char *value)
{
	put_string(t, name);
	put_string(t, "=\"");
	for (; *value; value++)
		if (*value == '"')
			put_string(t, "%22");
		else if (*value == '\r')
			put_string(t, "%0D");
		else if (*value == '\n')
			put_string(t, "%0A");
		else
			put(t, value, 1);
	put_string(t, "\"");
}

void golws_client_begin_request(struct lws *wsi)
{
	if (wsi->client)
		wsi->client->parts = 0;
}

int lws_client_http_multipart(struct lws *wsi, const char *name, const char *filename, const char *content_type, char **p,
			      char *end)
{
	struct text t = {.end = end};

	if (!golws_wsi_valid(wsi, __func__))
		return 1;
	if (!p || !*p || *p > end) {
		lwsl_err("%s: there is no buffer\n", __func__);
		return 1;
	}
	t.at = *p;
	if (!wsi->client || !wsi->client->boundary[0]) {
		lwsl_err("%s: the connection was not made with LCCSCF_HTTP_MULTIPART_MIME\n", __func__);
		return 1;
	}
	if (!name || wsi->client->parts)
		put_string(&t, "\r\n");
	put_string(&t, "--");
	put_string(&t, wsi->client->boundary);
	if (!name)
		put_string(&t, "--");
	else {
		put_string(&t, "\r\nContent-Disposition: form-data; ");
		put_value(&t, "name", name);
		if (filename) {
			put_string(&t, "; ");
			put_value(&t, "filename", filename);
		}
		if (content_type) {
			put_string(&t, "\r\nContent-Type: ");
			put(&t, content_type, strcspn(content_type, "\r\n"));
		}
		put_string(&t, "\r\n");
	}
	put_string(&t, "\r\n");
	if (t.full)
		return 1;
	if (name)
		wsi->client->parts++;
	*p = t.at;
	return 0;
}
