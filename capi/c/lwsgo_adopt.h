/*
 * What the Go side exports to capi/c/adopt.c. All run under the service lock of the thread.
 */
#ifndef GOLWS_LWSGO_ADOPT_H
#define GOLWS_LWSGO_ADOPT_H

#include "handles.h"

struct golws_adopt_config {
	int fd;
	unsigned int kind; /* lws_adoption_type */
	const char *protocol;
	const void *input; /* read from it already */
	size_t input_length;

	/* of lws_create_adopt_udp, where there is no fd yet */
	const char *address, *iface;
	int port;
	int flags; /* LWS_CAUDP_ */
	int has_policy, secs_since_valid_ping, secs_since_valid_hangup;

	int created; /* out: the handle was made, and owns client */

	/* for golws_adopted */
	void *opaque_user_data;
	struct lws *parent;
	struct golws_client *client;
};

/* Both return the new connection's handle as a number, 0 when it failed. */
uintptr_t lwsgo_adopt(uint32_t context, int tsi, uint32_t vhost, struct golws_adopt_config *config);
uintptr_t lwsgo_open_datagram(uint32_t context, int tsi, uint32_t vhost, struct golws_adopt_config *config);

/* The slot of the connection of the service thread that has a descriptor, or -1 */
int64_t lwsgo_slot_of(uint32_t context, int tsi, int fd);

/* Called by the Go side: gives a new handle what the program wants to find in it. */
void golws_adopted(struct lws *wsi, const struct golws_adopt_config *config);

#endif
