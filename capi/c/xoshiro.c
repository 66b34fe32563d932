/*
 * xoshiro256** 1.0 by David Blackman and Sebastiano Vigna, whose reference code is in the public domain
 * (https://prng.di.unimi.it/). The state is filled from the seed with the output function of SplitMix64, applied to the
 * seed itself first: programs rely on the sequence that a seed gives.
 */
#include <libwebsockets.h>

#define GOLDEN_GAMMA UINT64_C(0x9e3779b97f4a7c15)

static uint64_t rotate_left(uint64_t x, int bits)
{
	return x << bits | x >> (64 - bits);
}

static uint64_t mix(uint64_t z)
{
	z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
	z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);

	return z ^ z >> 31;
}

void lws_xos_init(struct lws_xos *xos, uint64_t seed)
{
	for (uint64_t i = 0; i < LWS_ARRAY_SIZE(xos->s); i++)
		xos->s[i] = mix(seed + i * GOLDEN_GAMMA);
}

uint64_t lws_xos(struct lws_xos *xos)
{
	uint64_t *s = xos->s;
	uint64_t result = rotate_left(s[1] * 5, 7) * 9;
	uint64_t shifted = s[1] << 17;

	s[2] ^= s[0];
	s[3] ^= s[1];
	s[1] ^= s[2];
	s[0] ^= s[3];
	s[2] ^= shifted;
	s[3] = rotate_left(s[3], 45);

	return result;
}

int lws_xos_percent(struct lws_xos *xos, int percent)
{
	return (int)(lws_xos(xos) % 100) < percent;
}
