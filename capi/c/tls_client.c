/*
 * TLS of the connections that a vhost makes: from the creation info to the engine's configuration, trust, sessions.
 */
#include <unistd.h>

#include "client.h"
#include "tls.h"

static struct golws_bytes bytes(const void *data, size_t length)
{
	return (struct golws_bytes){.data = data, .length = data ? length : 0};
}

/* The member with client_, or that of a vhost that serves no TLS: its own is for the connections that it makes, too. */
static const char *file(const struct lws_vhost *vhost, const char *client, const char *server)
{
	if (client || !server || vhost->tls)
		return client;
	if (!access(server, R_OK))
		return server;
	lwsl_notice("vhost %s: TLS client: %s cannot be read, and is left out because no member with client_ names it\n",
		    vhost->name, server);
	return NULL;
}

static void fill_config(struct golws_tls_config *config, const struct lws_context_creation_info *info,
			const struct lws_vhost *vhost)
{
	memset(config, 0, sizeof(*config));
	config->certificate_file = file(vhost, info->client_ssl_cert_filepath, info->ssl_cert_filepath);
	config->private_key_file = file(vhost, info->client_ssl_private_key_filepath, info->ssl_private_key_filepath);
	config->ca_file = file(vhost, info->client_ssl_ca_filepath, info->ssl_ca_filepath);
	config->private_key_password = info->client_ssl_private_key_password ? info->client_ssl_private_key_password
									     : info->ssl_private_key_password;
	config->certificate = bytes(info->client_ssl_cert_mem, info->client_ssl_cert_mem_len);
	config->private_key = bytes(info->client_ssl_key_mem, info->client_ssl_key_mem_len);
	config->ca = bytes(info->client_ssl_ca_mem, info->client_ssl_ca_mem_len);
	config->cipher_list = info->client_ssl_cipher_list ? info->client_ssl_cipher_list : info->ssl_cipher_list;
	config->cipher_suites = info->client_tls_1_3_plus_cipher_list;
	config->alpn = info->alpn ? info->alpn : vhost->context->alpn;
	config->options_set = (uint64_t)info->ssl_client_options_set;
	config->options_clear = (uint64_t)info->ssl_client_options_clear;
	config->session_timeout = info->tls_session_timeout;
	config->session_cache_max = info->tls_session_cache_max;
}

int golws_client_tls_create(struct lws_vhost *vhost, const struct lws_context_creation_info *info)
{
	struct golws_client_tls *tls;

	if (vhost->client_tls || (vhost->options & LWS_SERVER_OPTION_ADOPT_APPLY_LISTEN_ACCEPT_CONFIG) ||
	    !lws_check_opt(info->options, LWS_SERVER_OPTION_DO_SSL_GLOBAL_INIT))
		return 0;
	if (info->provided_client_ssl_ctx) {
		lwsl_err("vhost %s: provided_client_ssl_ctx cannot be used: there is no OpenSSL in this library; "
			 "client_ssl_ca_filepath, client_ssl_cert_filepath and their like are for what it is made of\n",
			 vhost->name);
		return -1;
	}
	tls = calloc(1, sizeof(*tls));
	if (!tls)
		return -1;
	vhost->client_tls = tls;
	tls->creating = 1;
	fill_config(&tls->config, info, vhost);
	golws_vhost_call(vhost, &vhost->protocols[0], LWS_CALLBACK_OPENSSL_LOAD_EXTRA_CLIENT_VERIFY_CERTS, NULL, 0);
	return 0;
}

void golws_client_tls_created(struct lws_vhost *vhost)
{
	struct golws_client_tls *tls = vhost->client_tls;

	if (!tls)
		return;
	tls->creating = 0;
	golws_tls_forget_trust(&tls->config.trust);
	memset(&tls->config, 0, sizeof(tls->config));
}

void golws_client_tls_free(struct lws_vhost *vhost)
{
	golws_client_tls_created(vhost);
	free(vhost->client_tls);
	vhost->client_tls = NULL;
}

int lws_init_vhost_client_ssl(const struct lws_context_creation_info *info, struct lws_vhost *vhost)
{
	int result = 0;

	if (!info || !golws_runtime_usable() || !golws_vhost_valid(vhost, __func__))
		return 1;
	if (!golws_enter_context(vhost->context, __func__))
		return 1;
	if (!vhost->client_tls) {
		result = golws_client_tls_create(vhost, info);
		if (!result && vhost->client_tls)
			result = lwsgo_vhost_add_client_tls(vhost->index, &vhost->client_tls->config);
		if (result)
			golws_client_tls_free(vhost);
		else
			golws_client_tls_created(vhost);
	}
	golws_leave_context(vhost->context);
	return !!result;
}

static struct golws_client_tls *tls_of(struct lws_vhost *vhost, const char *function)
{
	if (!golws_runtime_usable() || !golws_vhost_valid(vhost, function))
		return NULL;
	if (!vhost->client_tls)
		lwsl_err("%s: vhost %s has no TLS for connections that it makes: create it with "
			 "LWS_SERVER_OPTION_DO_SSL_GLOBAL_INIT, or call lws_init_vhost_client_ssl()\n",
			 function, vhost->name);
	return vhost->client_tls;
}

int lws_tls_client_vhost_extra_cert_mem(struct lws_vhost *vh, const uint8_t *der, size_t der_len)
{
	struct golws_client_tls *tls = tls_of(vh, __func__);

	if (!tls)
		return 1;
	if (tls->creating)
		return !!golws_tls_keep_trust(&tls->config.trust, der, der_len, __func__);
	return !!lwsgo_vhost_add_client_trust(vh->index, (void *)der, der_len);
}

static int blob(struct lws_context *context, lws_system_blob_item_t type, int index, struct golws_bytes *bytes)
{
	lws_system_blob_t *b = lws_system_get_blob(context, type, index);
	const uint8_t *data;

	if (!b || !lws_system_blob_get_size(b) || lws_system_blob_get_single_ptr(b, &data))
		return -1;
	bytes->data = data;
	bytes->length = lws_system_blob_get_size(b);
	return 0;
}

void golws_client_tls_fill(struct golws_client_config *config, const struct lws_client_connect_info *info)
{
	int number = info->sys_tls_client_cert;

	config->tls = !!(info->ssl_connection & LCCSCF_USE_SSL);
	/* The rest is for redirects, too. */
	config->allow_self_signed = !!(info->ssl_connection & LCCSCF_ALLOW_SELFSIGNED);
	config->allow_other_name = !!(info->ssl_connection & LCCSCF_SKIP_SERVER_CERT_HOSTNAME_CHECK);
	config->allow_expired = !!(info->ssl_connection & LCCSCF_ALLOW_EXPIRED);
	config->allow_unknown_issuer = !!(info->ssl_connection & LCCSCF_ALLOW_INSECURE);
	config->alpn = info->alpn;
	if (!number)
		return;
	config->certificate_number = number;
	if (blob(info->context, LWS_SYSBLOB_TYPE_CLIENT_CERT_DER, number - 1, &config->certificate) ||
	    blob(info->context, LWS_SYSBLOB_TYPE_CLIENT_KEY_DER, number - 1, &config->private_key)) {
		/* The connection goes on without, and it is up to the server what that means. */
		lwsl_err("lws_client_connect_via_info: sys_tls_client_cert %d: the context has no such certificate and key "
			 "in one piece, see lws_system_get_blob()\n",
			 number);
		config->certificate.data = NULL;
		config->certificate_number = 0;
	}
}

static int session_place(struct lws_vhost *vh, const char *host, const char *function)
{
	return host && tls_of(vh, function) && golws_enter_context(vh->context, function);
}

static void name_session(struct lws_tls_session_dump *dump, const struct lws_vhost *vh, const char *host, uint16_t port)
{
	lws_snprintf(dump->tag, sizeof(dump->tag), "%s_%s_%u", vh->name, host, port);
}

int lws_tls_session_dump_save(struct lws_vhost *vh, const char *host, uint16_t port, lws_tls_sess_cb_t cb_save, void *opq)
{
	struct lws_tls_session_dump dump = {.opaque = opq};
	void *session;
	int result = 1;

	if (!cb_save || !session_place(vh, host, __func__))
		return 1;
	session = lwsgo_tls_session_save(vh->index, host, port, &dump.blob_len);
	if (session) {
		dump.blob = session;
		name_session(&dump, vh, host, port);
		result = !!cb_save(vh->context, &dump);
		if (result)
			lwsl_notice("%s: %s: the program did not keep it\n", __func__, dump.tag);
		lws_explicit_bzero(session, dump.blob_len);
		free(session);
	}
	golws_leave_context(vh->context);
	return result;
}

int lws_tls_session_dump_load(struct lws_vhost *vh, const char *host, uint16_t port, lws_tls_sess_cb_t cb_load, void *opq)
{
	struct lws_tls_session_dump dump = {.opaque = opq};
	int result = 1;

	if (!cb_load || !session_place(vh, host, __func__))
		return 1;
	name_session(&dump, vh, host, port);
	if (lwsgo_tls_session_wanted(vh->index, host, port)) {
		if (cb_load(vh->context, &dump))
			lwsl_notice("%s: %s: the program has none\n", __func__, dump.tag);
		else if (dump.blob) {
			result = lwsgo_tls_session_load(vh->index, host, port, dump.blob, dump.blob_len);
			lws_explicit_bzero(dump.blob, dump.blob_len);
			free(dump.blob);
		}
	}
	golws_leave_context(vh->context);
	return !!result;
}
