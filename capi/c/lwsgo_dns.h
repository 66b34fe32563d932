/*
 * What the Go side exports to capi/c/async_dns.c, and what it calls there.
 */
#ifndef GOLWS_LWSGO_DNS_H
#define GOLWS_LWSGO_DNS_H

#include "handles.h"

struct golws_dns_address {
	uint8_t bytes[16];
	uint8_t six; /* of IPv6; else the first 4 bytes are one of IPv4 */
	uint8_t reserved;
	uint16_t port;
	uint32_t scope;
};

struct golws_dns_query {
	const char *name;
	int six; /* addresses of IPv6 are wanted first */
	int has_wsi;
	uint32_t slot; /* of the wsi */
	uintptr_t callback, opaque;
};

/* enum lws_async_dns_retcode_t. Runs under the service lock of the thread. */
int lwsgo_dns_query(uint32_t context, int tsi, struct golws_dns_query *query);

/* Both return 0, or -1 for no such server. They run under the service locks of all threads. */
int lwsgo_dns_server(uint32_t context, struct golws_dns_address *address, int add);

/* Called by the Go side under the service lock: what the program's callback is told. 0: it has closed the connection. */
int golws_dns_answer(uintptr_t callback, uintptr_t wsi, char *name, struct golws_dns_address *addresses, int count, int result,
		     uintptr_t opaque);

#endif
