/* SHA-1 as RFC 3174 defines it */
#include <libwebsockets.h>

#define BLOCK 64
#define DIGEST_WORDS 5

static uint32_t rotate(uint32_t word, unsigned int bits)
{
	return word << bits | word >> (32 - bits);
}

static void hash_block(uint32_t *digest, const unsigned char *block)
{
	uint32_t words[80], a = digest[0], b = digest[1], c = digest[2], d = digest[3], e = digest[4];
	unsigned int t;

	for (t = 0; t < 16; t++)
		words[t] = lws_ser_ru32be(block + 4 * t);
	for (; t < 80; t++)
		words[t] = rotate(words[t - 3] ^ words[t - 8] ^ words[t - 14] ^ words[t - 16], 1);

	for (t = 0; t < 80; t++) {
		uint32_t mixed;

		if (t < 20)
			mixed = ((b & c) | (~b & d)) + 0x5a827999;
		else if (t < 40)
			mixed = (b ^ c ^ d) + 0x6ed9eba1;
		else if (t < 60)
			mixed = ((b & c) | (b & d) | (c & d)) + 0x8f1bbcdc;
		else
			mixed = (b ^ c ^ d) + 0xca62c1d6;

		mixed += rotate(a, 5) + e + words[t];
		e = d;
		d = c;
		c = rotate(b, 30);
		b = a;
		a = mixed;
	}

	digest[0] += a;
	digest[1] += b;
	digest[2] += c;
	digest[3] += d;
	digest[4] += e;
}

unsigned char *lws_SHA1(const unsigned char *d, size_t n, unsigned char *md)
{
	uint32_t digest[DIGEST_WORDS] = { 0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476, 0xc3d2e1f0 };
	unsigned char last[2 * BLOCK];
	uint64_t bits = (uint64_t)n * 8;
	size_t padded;
	unsigned int word;

	for (; n >= BLOCK; n -= BLOCK, d += BLOCK)
		hash_block(digest, d);

	/* a one bit, zeros, and the length in the last eight bytes of one block or two */
	padded = n + 9 <= BLOCK ? BLOCK : 2 * BLOCK;
	memset(last, 0, sizeof(last));
	if (n)
		memcpy(last, d, n);
	last[n] = 0x80;
	lws_ser_wu64be(last + padded - 8, bits);

	hash_block(digest, last);
	if (padded > BLOCK)
		hash_block(digest, last + BLOCK);

	for (word = 0; word < DIGEST_WORDS; word++)
		lws_ser_wu32be(md + 4 * word, digest[word]);

	return md;
}
