/*
 * Checking UTF-8 byte by byte (RFC 3629).
 */
#ifndef GOLWS_UTF8_H
#define GOLWS_UTF8_H

/* How many bytes the present character still needs, and the range of the next one. */
struct golws_utf8 {
	unsigned char missing, low, high;
};

#define GOLWS_UTF8_START { 0, 0, 0 }

static inline int golws_utf8_complete(const struct golws_utf8 *utf8)
{
	return !utf8->missing;
}

/* Nonzero if the byte cannot stand here. */
static inline int golws_utf8_byte(struct golws_utf8 *utf8, unsigned char c)
{
	if (utf8->missing) {
		if (c < utf8->low || c > utf8->high)
			return 1;
		utf8->missing--;
		utf8->low = 0x80;
		utf8->high = 0xbf;
		return 0;
	}

	if (c < 0x80)
		return 0;
	if (c < 0xc2 || c > 0xf4)
		return 1;

	/* overlong forms, surrogates and what is above U+10FFFF are excluded by the second byte */
	utf8->low = c == 0xe0 ? 0xa0 : c == 0xf0 ? 0x90 : 0x80;
	utf8->high = c == 0xed ? 0x9f : c == 0xf4 ? 0x8f : 0xbf;
	utf8->missing = c < 0xe0 ? 1 : c < 0xf0 ? 2 : 3;

	return 0;
}

#endif
