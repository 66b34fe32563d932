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

/* The handle, as a number, of the connection of a service thread that has a descriptor, or 0 */
uintptr_t lwsgo_connection_of(uint32_t context, int tsi, int fd);

/* Ends a connection at once; status is for the peer of a WebSocket, 0 for none */
void lwsgo_close(uint32_t slot, int status);

/* Called by the Go side: gives a new handle what the program wants to find in it. */
void golws_adopted(struct lws *wsi, const struct golws_adopt_config *config);

#endif
