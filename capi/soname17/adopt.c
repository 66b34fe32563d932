/*
 * Adoption with the structs and the prototypes of 4.1.6.
 */
#include "interface_4_1.h"

struct lws *golws_4_1_lws_adopt_descriptor_vhost_via_info(const struct golws_4_1_adopt_desc *from)
{
	lws_adopt_desc_t to;

	if (!from)
		return lws_adopt_descriptor_vhost_via_info(NULL);
	memset(&to, 0, sizeof(to));
	to.vh = from->vh;
	to.type = from->type;
	to.fd = from->fd;
	to.vh_prot_name = from->vh_prot_name;
	to.parent = from->parent;
	to.opaque = from->opaque;
	return lws_adopt_descriptor_vhost_via_info(&to);
}

struct lws *golws_4_1_lws_create_adopt_udp(struct lws_vhost *vhost, const char *ads, int port, int flags,
					   const char *protocol_name, const char *ifname, struct lws *parent_wsi, void *opaque,
					   const lws_retry_bo_t *retry_policy)
{
	return lws_create_adopt_udp(vhost, ads, port, flags, protocol_name, ifname, parent_wsi, opaque, retry_policy, NULL);
}

/* Its addresses have room for IPv4 only; of others there is as much as fits. */
const struct golws_4_1_udp *golws_4_1_lws_get_udp(const struct lws *wsi)
{
	const struct lws_udp *udp = lws_get_udp(wsi);
	struct golws_4_1_udp *other;

	if (!udp)
		return NULL;
	other = golws_datagram_other(wsi);
	memcpy(&other->sa, &udp->sa46, sizeof(other->sa));
	other->salen = sizeof(other->sa);
	other->sa_pending = other->sa;
	other->salen_pending = other->salen;
	return other;
}
