#include <libwebsockets.h>

#include <arpa/inet.h>

#define GROUPS 8

int lws_parse_numeric_address(const char *ads, uint8_t *result, size_t max_len)
{
	int size = strchr(ads, ':') ? 16 : 4;
	uint8_t bytes[16];

	if (inet_pton(size == 16 ? AF_INET6 : AF_INET, ads, bytes) != 1 || max_len < (size_t)size)
		return -1;

	memcpy(result, bytes, (size_t)size);

	return size;
}

int lws_sa46_parse_numeric_address(const char *ads, lws_sockaddr46 *sa46)
{
	uint8_t bytes[16];

	switch (lws_parse_numeric_address(ads, bytes, sizeof(bytes))) {
	case 4:
		sa46->sa4.sin_family = AF_INET;
		memcpy(&sa46->sa4.sin_addr, bytes, 4);
		return 0;
	case 16:
		sa46->sa6.sin6_family = AF_INET6;
		memcpy(&sa46->sa6.sin6_addr, bytes, 16);
		return 0;
	}

	return -1;
}

/* RFC 5952, 4.2: the longest run of two or more zero groups, the first of several. */
static int longest_zeros(const uint8_t *ads, int *start)
{
	int n, run = 0, longest = 1;

	*start = -1;
	for (n = 0; n < GROUPS; n++) {
		run = ads[2 * n] || ads[2 * n + 1] ? 0 : run + 1;
		if (run > longest) {
			longest = run;
			*start = n - run + 1;
		}
	}

	return *start < 0 ? 0 : longest;
}

static void write_ipv6(const uint8_t *ads, char *text, size_t size)
{
	static const uint8_t mapped[12] = { [10] = 0xff, [11] = 0xff };
	int start, zeros, n;
	char *p = text;

	if (!memcmp(ads, mapped, sizeof(mapped))) {
		lws_snprintf(text, size, "::ffff:%u.%u.%u.%u", ads[12], ads[13], ads[14], ads[15]);
		return;
	}

	zeros = longest_zeros(ads, &start);
	for (n = 0; n < GROUPS; n++) {
		if (n == start) {
			*p++ = ':';
			/* the other colon is that of the next group, if there is one */
			n += zeros - 1;
			if (n == GROUPS - 1)
				*p++ = ':';
			continue;
		}
		p += lws_snprintf(p, size - lws_ptr_diff_size_t(p, text), n ? ":%x" : "%x",
				  (unsigned int)(ads[2 * n] << 8 | ads[2 * n + 1]));
	}
	*p = '\0';
}

int lws_write_numeric_address(const uint8_t *ads, int size, char *buf, size_t len)
{
	char text[INET6_ADDRSTRLEN];
	size_t length;

	if (size == 4)
		lws_snprintf(text, sizeof(text), "%u.%u.%u.%u", ads[0], ads[1], ads[2], ads[3]);
	else if (size == 16)
		write_ipv6(ads, text, sizeof(text));
	else
		return -1;

	length = strlen(text);
	if (length >= len)
		return -1;
	memcpy(buf, text, length + 1);

	return (int)length;
}

int lws_sa46_write_numeric_address(lws_sockaddr46 *sa46, char *buf, size_t len)
{
	const char *name = NULL;

	if (!len)
		return -1;
	*buf = '\0';

	switch (sa46->sa4.sin_family) {
	case AF_INET6:
		return lws_write_numeric_address(sa46->sa6.sin6_addr.s6_addr, 16, buf, len);
	case AF_INET:
		return lws_write_numeric_address((const uint8_t *)&sa46->sa4.sin_addr, 4, buf, len);
	case AF_UNIX:
		name = "(unix skt)";
		break;
	case AF_UNSPEC:
		name = "(unset)";
		break;
	default:
		lws_snprintf(buf, len, "(AF%d unsupp)", (int)sa46->sa4.sin_family);
		return -1;
	}

	lws_strncpy(buf, name, len);

	return strlen(name) < len ? (int)strlen(name) : -1;
}

int lws_sa46_compare_ads(const lws_sockaddr46 *sa46a, const lws_sockaddr46 *sa46b)
{
	if (sa46a->sa4.sin_family != sa46b->sa4.sin_family)
		return 1;

	switch (sa46a->sa4.sin_family) {
	case AF_INET6:
		return memcmp(&sa46a->sa6.sin6_addr, &sa46b->sa6.sin6_addr, 16);
	case AF_INET:
		return memcmp(&sa46a->sa4.sin_addr, &sa46b->sa4.sin_addr, 4);
	}

	return 0;
}

/* The address as IPv6. Number of bits that come before an IPv4 address, -1 if it is neither. */
static int as_ipv6(const lws_sockaddr46 *sa46, uint8_t *ads)
{
	switch (sa46->sa4.sin_family) {
	case AF_INET6:
		memcpy(ads, &sa46->sa6.sin6_addr, 16);
		return 0;
	case AF_INET:
		memset(ads, 0, 10);
		ads[10] = ads[11] = 0xff;
		memcpy(ads + 12, &sa46->sa4.sin_addr, 4);
		return 96;
	}

	return -1;
}

int lws_sa46_on_net(const lws_sockaddr46 *sa46a, const lws_sockaddr46 *sa46_net, int net_len)
{
	uint8_t a[16], net[16];
	int bits = as_ipv6(sa46_net, net), whole, rest;

	if (bits < 0 || as_ipv6(sa46a, a) < 0 || net_len < 0 || net_len > 128 - bits)
		return 1;

	bits += net_len;
	whole = bits / 8;
	rest = bits % 8;
	if (memcmp(a, net, (size_t)whole))
		return 1;

	return rest && ((a[whole] ^ net[whole]) >> (8 - rest));
}
