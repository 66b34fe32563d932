/*
 * What the Go side exports to capi/c/client.c. All run under the service lock of the thread.
 */
#ifndef GOLWS_LWSGO_CLIENT_H
#define GOLWS_LWSGO_CLIENT_H

#include "lwsgo.h"

struct golws_client;

struct golws_client_config {
	const char *address;
	int port;
	const char *path, *host, *origin, *protocol, *method, *iface, *local_protocol_name;
	const char *form; /* content-type that the library adds */
	int type_of_service, priority;
	int raw_origin, keep, keep_warm_secs, no_follow;
	int prior_knowledge, manual_credit, credit, forgive_overflow; /* HTTP/2 */
	int downgrade, cookies;
	int has_policy, secs_since_valid_ping, secs_since_valid_hangup;
	int measure; /* the addresses that are found are kept */
	int tell_always; /* CLIENT_CONNECTION_ERROR also where the result would say it */
	int tls, allow_self_signed, allow_other_name, allow_expired, allow_unknown_issuer;
	const char *alpn;
	struct golws_bytes certificate, private_key; /* DER, in place of the vhost's; NULL: that */
	int certificate_number;
	int created; /* out: the handle was made, and owns client */

	/* for golws_client_created */
	void *userdata, *opaque_user_data;
	struct lws **pwsi;
	struct lws *parent;
	struct golws_client *client;
};

/* The new connection's handle as a number, 0 when it failed. */
uintptr_t lwsgo_client_connect(uint32_t context, int tsi, uint32_t vhost, struct golws_client_config *config);

unsigned int lwsgo_client_status(uint32_t slot);
int lwsgo_client_redirected_to_get(uint32_t slot);
/* Both return nonzero where it is too late. */
int lwsgo_client_options(uint32_t slot, int decode, int trust_redirects);
int lwsgo_client_credentials(uint32_t slot, char *user, char *password);
/* Nonzero when the connection goes on with the new server. */
int lwsgo_client_reset(uint32_t slot, int secure, char *address, int port, char *path, char *host);
void lwsgo_client_body_pending(uint32_t slot, int pending);
/* size 0: pieces of any size, elsewhere */
int lwsgo_client_read(uint32_t slot, char *buffer, int size);

/* conmon.c: in the order of struct lws_conmon, µs */
struct golws_measured {
	uint32_t lookup, connect, handshake, response;
};

struct golws_found_address {
	int family; /* 4 or 6 */
	uint16_t port;
	uint32_t scope;
	unsigned char bytes[16];
};

/* Returns how many addresses there are; those that fit are stored and, if all do, taken. */
int lwsgo_client_measured(uint32_t slot, struct golws_measured *measured, struct golws_found_address *addresses, int most);

/* Called by the Go side: gives a new handle what the program wants to find in it. */
void golws_client_created(struct lws *wsi, const struct golws_client_config *config);

#endif
