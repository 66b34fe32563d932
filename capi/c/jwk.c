/*
 * JSON Web Keys: what holds one can be freed.
 */
#include <libwebsockets.h>

static void destroy(struct lws_gencrypto_keyelem *elements, int count)
{
	int i;

	for (i = 0; i < count; i++) {
		if (elements[i].buf)
			lws_explicit_bzero(elements[i].buf, elements[i].len);
		free(elements[i].buf);
		elements[i].buf = NULL;
		elements[i].len = 0;
	}
}

void lws_jwk_destroy(struct lws_jwk *jwk)
{
	destroy(jwk->e, LWS_ARRAY_SIZE(jwk->e));
	destroy(jwk->meta, LWS_ARRAY_SIZE(jwk->meta));
}
