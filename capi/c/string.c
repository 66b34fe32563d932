#define _GNU_SOURCE /* memmem */
#include <libwebsockets.h>

#include <stdio.h>

#include "hex.h"

int lws_snprintf(char *str, size_t size, const char *format, ...)
{
	va_list vl;
	int length;

	if (!size)
		return 0;

	va_start(vl, format);
	length = vsnprintf(str, size, format, vl);
	va_end(vl);

	if (length < 0) {
		str[0] = '\0';
		return 0;
	}

	return (size_t)length < size ? length : (int)size;
}

char *lws_strncpy(char *dest, const char *src, size_t size)
{
	size_t length;

	if (!size)
		return dest;

	/* programs copy nothing from NULL: lws_strnncpy() of a token that is not there */
	length = size > 1 ? strnlen(src, size - 1) : 0;
	if (length)
		memmove(dest, src, length);
	memset(dest + length, 0, size - length);

	return dest;
}

const char *lws_nstrstr(const char *buf, size_t len, const char *name, size_t nl)
{
	return memmem(buf, len, name, nl);
}

static const char *end_of_json_string(const char *p, const char *end)
{
	while (p < end && *p != '"')
		p += *p == '\\' && p + 1 < end ? 2 : 1;

	return p;
}

const char *lws_json_simple_find(const char *buf, size_t len, const char *name, size_t *alen)
{
	const char *end = buf + len, *p, *value;
	size_t name_length = strlen(name);

	p = lws_nstrstr(buf, len, name, name_length);
	if (!p)
		return NULL;

	p += name_length;
	while (p < end && (*p == ' ' || *p == '\t'))
		p++;
	if (p == end)
		return NULL;

	if (*p == '"') {
		value = ++p;
		p = end_of_json_string(p, end);
	} else {
		value = p;
		while (p < end && *p != ',' && *p != '}' && *p != ']')
			p++;
	}

	*alen = (size_t)(p - value);

	return value;
}

int lws_json_simple_strcmp(const char *buf, size_t len, const char *name, const char *comp)
{
	size_t length;
	const char *value = lws_json_simple_find(buf, len, name, &length);

	if (!value || length != strlen(comp))
		return -1;

	return memcmp(value, comp, length);
}

int golws_hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;

	return -1;
}

int lws_hex_to_byte_array(const char *h, uint8_t *dest, int max)
{
	int count = 0;

	while (*h) {
		int high = golws_hex_digit(h[0]);
		int low = high < 0 ? -1 : golws_hex_digit(h[1]);

		if (low < 0 || count >= max)
			return -1;

		dest[count++] = (uint8_t)(high << 4 | low);
		h += 2;
	}

	return count;
}

static const char hex_digits[] = "0123456789abcdef";

void lws_hex_from_byte_array(const uint8_t *src, size_t slen, char *dest, size_t len)
{
	size_t n;

	if (!len)
		return;

	for (n = 0; n < len - 1 && n / 2 < slen; n++)
		dest[n] = hex_digits[n & 1 ? src[n / 2] & 15 : src[n / 2] >> 4];
	dest[n] = '\0';
}

int lws_hex_random(struct lws_context *context, char *dest, size_t len)
{
	uint8_t random[64];
	size_t digits = 2 * sizeof(random), step;

	if (!len)
		return 1;

	dest[0] = '\0';
	for (len--; len; len -= step, dest += step) {
		step = len < digits ? len : digits;
		if (lws_get_random(context, random, (step + 1) / 2) != (step + 1) / 2)
			return 1;
		lws_hex_from_byte_array(random, sizeof(random), dest, step + 1);
	}

	return 0;
}

int lws_timingsafe_bcmp(const void *a, const void *b, uint32_t len)
{
	const volatile uint8_t *pa = a, *pb = b;
	uint8_t different = 0;

	while (len--)
		different |= *pa++ ^ *pb++;

	return different;
}

void lws_explicit_bzero(void *p, size_t len)
{
	memset(p, 0, len);
	/* the compiler must assume that somebody looks */
	__asm__ volatile("" : : "r"(p) : "memory");
}
