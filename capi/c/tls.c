/*
 * TLS of vhosts: from the creation info to the engine's configuration, with the callbacks that may add to it.
 */
#include "info.h"
#include "tls.h"

static int has_certificate(const struct lws_context_creation_info *info)
{
	return info->ssl_cert_filepath || info->server_ssl_cert_mem;
}

int golws_tls_wanted(const struct lws_context_creation_info *info)
{
	if (info->port == CONTEXT_PORT_NO_LISTEN ||
	    (!has_certificate(info) && !lws_check_opt(info->options, LWS_SERVER_OPTION_CREATE_VHOST_SSL_CTX)))
		return 0;
	return lws_check_opt(info->options, LWS_SERVER_OPTION_DO_SSL_GLOBAL_INIT);
}

static struct golws_bytes bytes(const void *data, size_t length)
{
	return (struct golws_bytes){.data = data, .length = data ? length : 0};
}

static void fill_config(struct golws_tls_config *config, const struct lws_context_creation_info *info,
			const struct lws_context *context)
{
	config->certificate_file = info->ssl_cert_filepath;
	config->private_key_file = info->ssl_private_key_filepath;
	config->private_key_password = info->ssl_private_key_password;
	config->ca_file = info->ssl_ca_filepath;
	config->certificate = bytes(info->server_ssl_cert_mem, info->server_ssl_cert_mem_len);
	config->private_key = bytes(info->server_ssl_private_key_mem, info->server_ssl_private_key_mem_len);
	config->ca = bytes(info->server_ssl_ca_mem, info->server_ssl_ca_mem_len);
	config->cipher_list = info->ssl_cipher_list;
	config->cipher_suites = info->tls1_3_plus_cipher_list;
	config->curve = info->ecdh_curve;
	config->alpn = info->alpn ? info->alpn : context->alpn;
	config->options_set = (uint64_t)info->ssl_options_set;
	config->options_clear = (uint64_t)info->ssl_options_clear;
	config->session_timeout = info->tls_session_timeout;
	config->session_cache_max = info->tls_session_cache_max;
}

/*
 * A certificate without a key: the program may bring one, as programs with a smart card do for OpenSSL. Where it does
 * not, the file of the certificate may have it, which the engine finds out.
 */
static int ask_for_key(struct golws_tls *tls)
{
	struct lws_vhost *vhost = tls->vhost;

	if ((!tls->config.certificate_file && !tls->config.certificate.data) || tls->config.private_key_file ||
	    tls->config.private_key.data)
		return 0;
	if (!golws_vhost_call(vhost, &vhost->protocols[0], LWS_CALLBACK_OPENSSL_CONTEXT_REQUIRES_PRIVATE_KEY, NULL, 0))
		return 0;
	lwsl_err("vhost %s: the program has no private key for it\n", vhost->name);
	return -1;
}

int golws_tls_create(struct lws_vhost *vhost, const struct lws_context_creation_info *info)
{
	struct golws_tls *tls;

	if (!golws_tls_wanted(info)) {
		if (has_certificate(info) && info->port != CONTEXT_PORT_NO_LISTEN)
			lwsl_warn("vhost %s: has a certificate, and serves without TLS: LWS_SERVER_OPTION_DO_SSL_GLOBAL_INIT is "
				  "not among its options\n",
				  vhost->name);
		return 0;
	}
	if ((info->server_ssl_cert_mem && !info->server_ssl_cert_mem_len) ||
	    (info->server_ssl_private_key_mem && !info->server_ssl_private_key_mem_len)) {
		lwsl_err("vhost %s: a certificate or private key in memory has the length 0\n", vhost->name);
		return -1;
	}
	tls = calloc(1, sizeof(*tls));
	if (!tls)
		return -1;
	vhost->tls = tls;
	tls->vhost = vhost;
	tls->creating = 1;
	tls->certificate_file = info->ssl_cert_filepath ? strdup(info->ssl_cert_filepath) : NULL;
	tls->private_key_file = info->ssl_private_key_filepath ? strdup(info->ssl_private_key_filepath) : NULL;
	fill_config(&tls->config, info, vhost->context);
	if (tls->certificate_file)
		golws_tls_take_update(tls->certificate_file);
	if (tls->private_key_file)
		golws_tls_take_update(tls->private_key_file);
	if (ask_for_key(tls))
		return -1;
	if (golws_vhost_call(vhost, &vhost->protocols[0], LWS_CALLBACK_OPENSSL_LOAD_EXTRA_SERVER_VERIFY_CERTS, vhost, 0)) {
		lwsl_err("vhost %s: the program refused in LWS_CALLBACK_OPENSSL_LOAD_EXTRA_SERVER_VERIFY_CERTS\n",
			 vhost->name);
		return -1;
	}
	return 0;
}

int golws_tls_keep_trust(struct golws_trust **list, const void *certificates, size_t length, const char *function)
{
	struct golws_trust *trust;

	if (!certificates || !lwsgo_certificates_count((void *)certificates, length, function))
		return -1;
	trust = malloc(sizeof(*trust) + length);
	if (!trust)
		return -1;
	trust->next = NULL;
	trust->length = length;
	memcpy(trust->data, certificates, length);
	while (*list)
		list = &(*list)->next;
	*list = trust;
	return 0;
}

void golws_tls_forget_trust(struct golws_trust **list)
{
	struct golws_trust *trust;

	while ((trust = *list)) {
		*list = trust->next;
		free(trust);
	}
}

static void forget(void **data, size_t length)
{
	if (*data)
		lws_explicit_bzero(*data, length);
	free(*data);
	*data = NULL;
}

void golws_tls_created(struct lws_vhost *vhost)
{
	struct golws_tls *tls = vhost->tls;

	if (!tls)
		return;
	tls->creating = 0;
	forget(&tls->certificate, tls->certificate ? tls->config.certificate.length : 0);
	forget(&tls->private_key, tls->private_key ? tls->config.private_key.length : 0);
	golws_tls_forget_trust(&tls->config.trust);
	memset(&tls->config, 0, sizeof(tls->config));
}

void golws_tls_free(struct lws_vhost *vhost)
{
	struct golws_tls *tls = vhost->tls;

	if (!tls)
		return;
	golws_tls_created(vhost);
	golws_tls_end_watch(tls);
	free(tls->certificate_file);
	free(tls->private_key_file);
	free(tls);
	vhost->tls = NULL;
}

/* The vhost's TLS where it has one. */
static struct golws_tls *tls_of(struct lws_vhost *vhost, const char *function)
{
	if (!golws_runtime_usable() || !golws_vhost_valid(vhost, function))
		return NULL;
	if (!vhost->tls)
		lwsl_err("%s: vhost %s has no TLS: it was created without a certificate and without "
			 "LWS_SERVER_OPTION_CREATE_VHOST_SSL_CTX\n",
			 function, vhost->name);
	return vhost->tls;
}

/* Keeps a copy until the engine reads it. */
static int keep(void **copy, struct golws_bytes *config, const void *data, size_t length)
{
	void *p = malloc(length ? length : 1);

	if (!p)
		return -1;
	memcpy(p, data, length);
	forget(copy, *copy ? config->length : 0);
	*copy = p;
	*config = bytes(p, length);
	return 0;
}

int lws_tls_vhost_reload_cert(struct lws_vhost *vhost, const void *cert, size_t cert_len, const void *key, size_t key_len)
{
	struct golws_tls *tls = tls_of(vhost, __func__);

	if (!tls)
		return -1;
	if (!tls->creating) {
		if (!cert && key) {
			lwsl_err("%s: vhost %s: a private key without its certificate\n", __func__, vhost->name);
			return -1;
		}
		return lwsgo_vhost_reload_certificate(vhost->index, (void *)cert, cert_len, (void *)key, key_len);
	}
	if ((cert && keep(&tls->certificate, &tls->config.certificate, cert, cert_len)) ||
	    (key && keep(&tls->private_key, &tls->config.private_key, key, key_len)))
		return -1;
	/* The program's own come before those of the info, as they would in an SSL_CTX. */
	if (cert)
		tls->config.certificate_file = NULL;
	if (key)
		tls->config.private_key_file = NULL;
	return 0;
}

int lws_tls_vhost_add_trust_mem(struct lws_vhost *vhost, const void *certs, size_t len)
{
	struct golws_tls *tls = tls_of(vhost, __func__);

	if (!tls)
		return -1;
	if (!tls->creating)
		return lwsgo_vhost_add_trust(vhost->index, (void *)certs, len);
	return golws_tls_keep_trust(&tls->config.trust, certs, len, __func__);
}

int lws_tls_accept_peer_cert(struct lws *wsi)
{
	int result;

	if (!golws_enter(wsi, __func__))
		return -1;
	result = lwsgo_peer_certificate_accept(wsi->slot);
	golws_leave(wsi);
	return result;
}

int lws_tls_peer_cert_error(struct lws *wsi, char *buf, size_t len)
{
	int result;

	if (!golws_enter(wsi, __func__))
		return -1;
	result = lwsgo_peer_certificate_error(wsi->slot, buf, len);
	golws_leave(wsi);
	return result;
}

int lws_tls_session_is_reused(struct lws *wsi)
{
	int reused;

	if (!golws_enter(wsi, __func__))
		return 0;
	reused = lwsgo_tls_session_reused(wsi->slot);
	golws_leave(wsi);
	return reused;
}
