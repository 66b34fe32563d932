/*
 * Byte strings with a 16-bit length, as MQTT packets have them (3.1.1, 1.5.3).
 */
#include <libwebsockets.h>

#include "allocate.h"

struct lws_mqtt_str_st {
	uint8_t *bytes; /* own, or another buffer */
	uint16_t used;
	uint16_t limit;
	char frees_bytes; /* bytes is another buffer that goes with the string */
	uint8_t own[];	  /* limit bytes and a NUL, which makes them readable as text */
};

static void release_bytes(lws_mqtt_str_t *s)
{
	if (s->frees_bytes)
		golws_free(s->bytes);
	s->frees_bytes = 0;
}

int lws_mqtt_bindata_cmp(const lws_mqtt_str_t *bd1, const lws_mqtt_str_t *bd2)
{
	return bd1->used != bd2->used || (bd1->used && memcmp(bd1->bytes, bd2->bytes, bd1->used));
}

void lws_mqtt_str_init(lws_mqtt_str_t *s, uint8_t *buf, uint16_t lim, char nf)
{
	release_bytes(s);
	s->bytes = buf;
	s->used = 0;
	s->limit = lim;
	s->frees_bytes = nf != 0;
}

lws_mqtt_str_t *lws_mqtt_str_create(uint16_t lim)
{
	lws_mqtt_str_t *s = golws_zalloc(sizeof(*s) + lim + 1u, "MQTT string");

	if (!s) {
		lwsl_err("%s: out of memory\n", __func__);
		return NULL;
	}

	s->bytes = s->own;
	s->limit = lim;

	return s;
}

lws_mqtt_str_t *lws_mqtt_str_create_init(uint8_t *buf, uint16_t len, uint16_t lim)
{
	lws_mqtt_str_t *s;

	if (!lim)
		lim = len;
	if (len > lim) {
		lwsl_err("%s: %u bytes, and room for %u\n", __func__, len, lim);
		return NULL;
	}

	s = lws_mqtt_str_create(lim);
	if (!s)
		return NULL;

	if (len)
		memcpy(s->bytes, buf, len);
	s->used = len;

	return s;
}

lws_mqtt_str_t *lws_mqtt_str_create_cstr_dup(const char *buf, uint16_t lim)
{
	size_t len = strlen(buf);

	if (len > UINT16_MAX) {
		lwsl_err("%s: %zu bytes, a string of MQTT has up to %u\n", __func__, len, UINT16_MAX);
		return NULL;
	}

	return lws_mqtt_str_create_init((uint8_t *)buf, (uint16_t)len, lim);
}

uint8_t *lws_mqtt_str_next(lws_mqtt_str_t *s, uint16_t *budget)
{
	if (budget)
		*budget = (uint16_t)(s->limit - s->used);

	return s->bytes + s->used;
}

int lws_mqtt_str_advance(lws_mqtt_str_t *s, int n)
{
	if (n < 0 || n > s->limit - s->used) {
		lwsl_err("%s: %d bytes, and room for %d\n", __func__, n, s->limit - s->used);
		return 1;
	}

	s->used = (uint16_t)(s->used + n);

	return 0;
}

void lws_mqtt_str_free(lws_mqtt_str_t **s)
{
	if (!*s)
		return;

	release_bytes(*s);
	golws_free(*s);
	*s = NULL;
}
