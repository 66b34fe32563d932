#include <libwebsockets.h>

#include <errno.h>
#include <ifaddrs.h>

/* How well an address of an interface serves; 0 is not at all. */
enum fitness { UNFIT, MAPPED, LINK_LOCAL, FIT };

static enum fitness fitness_of(int ipv6, const struct sockaddr *address)
{
	const struct in6_addr *ads6 = &((const struct sockaddr_in6 *)address)->sin6_addr;

	switch (address->sa_family) {
	case AF_INET:
		return ipv6 ? MAPPED : FIT;
	case AF_INET6:
		if (!ipv6)
			return UNFIT;
		return IN6_IS_ADDR_LINKLOCAL(ads6) ? LINK_LOCAL : FIT;
	}

	return UNFIT;
}

static void store(int ipv6, const struct sockaddr *address, struct sockaddr_in *result)
{
	const struct sockaddr_in *from = (const struct sockaddr_in *)address;
	struct sockaddr_in6 *result6 = (struct sockaddr_in6 *)result;
	uint8_t *ads6 = (uint8_t *)&result6->sin6_addr;

	if (!ipv6) {
		result->sin_family = AF_INET;
		result->sin_addr = from->sin_addr;
		return;
	}

	result6->sin6_family = AF_INET6;
	if (address->sa_family == AF_INET6) {
		memcpy(ads6, &((const struct sockaddr_in6 *)address)->sin6_addr, 16);
		return;
	}

	memset(ads6, 0, 10);
	memset(ads6 + 10, 0xff, 2);
	memcpy(ads6 + 12, &from->sin_addr, 4);
}

static int store_numeric(const char *text, struct sockaddr_in *result, size_t size)
{
	lws_sockaddr46 parsed;

	if (lws_sa46_parse_numeric_address(text, &parsed))
		return -1;

	if (parsed.sa4.sin_family == AF_INET6) {
		if (size < sizeof(struct sockaddr_in6))
			return -1;
		((struct sockaddr_in6 *)result)->sin6_family = AF_INET6;
		((struct sockaddr_in6 *)result)->sin6_addr = parsed.sa6.sin6_addr;
		return 0;
	}

	result->sin_family = AF_INET;
	result->sin_addr = parsed.sa4.sin_addr;

	return 0;
}

int lws_interface_to_sa(int ipv6, const char *ifname, struct sockaddr_in *addr, size_t addrlen)
{
	size_t needed = ipv6 ? sizeof(struct sockaddr_in6) : sizeof(struct sockaddr_in);
	enum fitness best = UNFIT;
	struct ifaddrs *all, *one;
	int exists = 0;

	if (addrlen < needed) {
		lwsl_err("%s: %zu bytes do not hold the address\n", __func__, addrlen);
		return LWS_ITOSA_NOT_USABLE;
	}

	if (getifaddrs(&all)) {
		lwsl_err("%s: getifaddrs: %s\n", __func__, strerror(errno));
		all = NULL;
	}

	for (one = all; one; one = one->ifa_next) {
		enum fitness fitness;

		if (strcmp(one->ifa_name, ifname))
			continue;
		exists = 1;
		fitness = one->ifa_addr ? fitness_of(ipv6, one->ifa_addr) : UNFIT;
		if (fitness > best) {
			best = fitness;
			store(ipv6, one->ifa_addr, addr);
		}
	}
	if (all)
		freeifaddrs(all);

	if (best != UNFIT || !store_numeric(ifname, addr, addrlen))
		return LWS_ITOSA_USABLE;

	return exists ? LWS_ITOSA_NOT_USABLE : LWS_ITOSA_NOT_EXIST;
}
