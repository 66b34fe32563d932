/*
 * Certificates. An object holds them in DER, and each function has Go read what it needs: so no object of Go's has to be
 * freed, and any thread may ask.
 */
#include "tls.h"

struct lws_x509_cert {
	void *der; /* the certificates, one behind the other, the first is the subject; from malloc(), or NULL */
	size_t length;
};

/* Whether Go can be called and there is a certificate. */
static int usable(const struct lws_x509_cert *x509, const char *function)
{
	if (x509 && x509->der)
		return !golws_runtime_start();
	lwsl_err("%s: %s\n", function, x509 ? "the object has no certificate yet" : "NULL is no certificate");
	return 0;
}

/* From the answer of the Go side to the union, in which the buffer stands already. */
static int answer_union(int result, enum lws_tls_cert_info type, const struct golws_certificate_answer *answer,
			union lws_tls_cert_info_results *buf)
{
	switch (type) {
	case LWS_TLS_CERT_INFO_VALIDITY_FROM:
	case LWS_TLS_CERT_INFO_VALIDITY_TO:
		if (!result)
			buf->time = (time_t)answer->time;
		break;
	case LWS_TLS_CERT_INFO_USAGE:
		if (!result)
			buf->usage = answer->number;
		break;
	case LWS_TLS_CERT_INFO_VERIFIED:
		if (!result)
			buf->verified = answer->number;
		break;
	default:
		buf->ns.len = answer->length;
	}
	return result;
}

int lws_x509_create(struct lws_x509_cert **x509)
{
	*x509 = calloc(1, sizeof(**x509));
	return !*x509;
}

int lws_x509_parse_from_pem(struct lws_x509_cert *x509, const void *pem, size_t len)
{
	size_t length;
	void *der;

	if (!x509 || !pem) {
		lwsl_err("%s: NULL\n", __func__);
		return -1;
	}
	if (golws_runtime_start())
		return -1;
	der = lwsgo_certificates_parse((void *)pem, len, &length);
	if (!der)
		return -1;
	free(x509->der);
	x509->der = der;
	x509->length = length;
	return 0;
}

int lws_x509_info(struct lws_x509_cert *x509, enum lws_tls_cert_info type, union lws_tls_cert_info_results *buf, size_t len)
{
	struct golws_certificate_answer answer = {0};

	if (!buf || !usable(x509, __func__))
		return -1;
	return answer_union(lwsgo_certificate_info(x509->der, x509->length, (int)type, &answer, buf->ns.name, len), type,
			    &answer, buf);
}

int lws_x509_verify(struct lws_x509_cert *x509, struct lws_x509_cert *trusted, const char *common_name)
{
	if (!usable(x509, __func__) || !usable(trusted, __func__))
		return -1;
	if (common_name && !*common_name) {
		lwsl_err("%s: the common name is empty; NULL stands for any\n", __func__);
		return -1;
	}
	return lwsgo_certificate_verify(x509->der, x509->length, trusted->der, trusted->length, common_name);
}

_Static_assert(sizeof(struct golws_key_element) == sizeof(struct lws_gencrypto_keyelem) &&
		       offsetof(struct golws_key_element, length) == offsetof(struct lws_gencrypto_keyelem, len),
	       "elements of keys are filled in place");

int lws_x509_public_to_jwk(struct lws_jwk *jwk, struct lws_x509_cert *x509, const char *curves, int rsabits)
{
	int type;

	memset(jwk, 0, sizeof(*jwk));
	if (!usable(x509, __func__))
		return -1;
	type = lwsgo_certificate_public_key(x509->der, x509->length, curves, rsabits, (struct golws_key_element *)jwk->e);
	if (type < 0) {
		lws_jwk_destroy(jwk);
		return -1;
	}
	jwk->kty = type;
	return 0;
}

int lws_x509_jwk_privkey_pem(struct lws_jwk *jwk, void *pem, size_t len, const char *passphrase)
{
	int result = -1;

	if (!golws_runtime_start())
		result = lwsgo_private_key_elements(jwk->kty, (struct golws_key_element *)jwk->e, pem, len, passphrase);
	lws_explicit_bzero(pem, len);
	if (!result)
		jwk->private_key = 1;
	return result;
}

void lws_x509_destroy(struct lws_x509_cert **x509)
{
	if (!x509 || !*x509)
		return;
	free((*x509)->der);
	free(*x509);
	*x509 = NULL;
}

int lws_tls_vhost_cert_info(struct lws_vhost *vhost, enum lws_tls_cert_info type, union lws_tls_cert_info_results *buf,
			    size_t len)
{
	struct golws_certificate_answer answer = {0};

	if (!buf || !golws_runtime_usable() || !golws_vhost_valid(vhost, __func__) || !vhost->tls)
		return -1;
	return answer_union(lwsgo_vhost_certificate_info(vhost->index, (int)type, &answer, buf->ns.name, len), type, &answer,
			    buf);
}

int lws_tls_peer_chain_info(struct lws *wsi, int depth, enum lws_tls_cert_info type, union lws_tls_cert_info_results *buf,
			    size_t len)
{
	struct golws_certificate_answer answer = {0};
	int result;

	if (!buf || !golws_enter(wsi, __func__))
		return -1;
	result = lwsgo_peer_certificate_info(wsi->slot, depth, (int)type, &answer, buf->ns.name, len);
	golws_leave(wsi);
	return answer_union(result, type, &answer, buf);
}

int lws_tls_peer_cert_info(struct lws *wsi, enum lws_tls_cert_info type, union lws_tls_cert_info_results *buf, size_t len)
{
	return lws_tls_peer_chain_info(wsi, 0, type, buf, len);
}

int lws_tls_acme_sni_cert_create(struct lws_vhost *vhost, const char *san_a, const char *san_b)
{
	if (!golws_runtime_usable() || !golws_vhost_valid(vhost, __func__))
		return 1;
	if (!vhost->tls || !san_a) {
		lwsl_err("%s: vhost %s: %s\n", __func__, vhost->name, san_a ? "it has no TLS" : "no name");
		return 1;
	}
	return lwsgo_acme_certificate(vhost->index, san_a, san_b) != 0;
}

int lws_tls_acme_sni_csr_create(struct lws_context *context, const char *elements[], uint8_t *csr, size_t csr_len,
				char **privkey_pem, size_t *privkey_len)
{
	if (!golws_runtime_usable() || !golws_context_valid(context, __func__))
		return -1;
	return lwsgo_certificate_request((char **)elements, LWS_TLS_REQ_ELEMENT_COUNT, (char *)csr, csr_len, privkey_pem,
					 privkey_len);
}
