/*
 * Connections made of descriptors that the program has opened, and of sockets for datagrams.
 */
#include <limits.h>
#include <unistd.h>

#include "client.h"
#include "lwsgo_adopt.h"
#include "adopt.h"

void golws_wsi_set_peer(struct lws *wsi, const void *address, size_t length, int connected)
{
	struct golws_datagram *d = wsi->datagram;

	if (!d) {
		d = wsi->datagram = calloc(1, sizeof(*d));
		if (!d)
			return;
	}
	if (length > sizeof(d->udp.sa46))
		length = sizeof(d->udp.sa46);
	memset(&d->udp.sa46, 0, sizeof(d->udp.sa46));
	memcpy(&d->udp.sa46, address, length);
	d->length = length;
	d->udp.connected = !!connected;
}

size_t golws_wsi_peer(const struct lws *wsi, void *address, size_t size)
{
	const struct golws_datagram *d = wsi->datagram;
	size_t length;

	if (!d)
		return 0;
	length = d->length;
	/* The program may have put another address there. */
	if (d->udp.sa46.sa4.sin_family == AF_INET)
		length = sizeof(struct sockaddr_in);
	else if (d->udp.sa46.sa4.sin_family == AF_INET6)
		length = sizeof(struct sockaddr_in6);
	if (length > size)
		length = size;
	memcpy(address, &d->udp.sa46, length);
	return length;
}

const struct lws_udp *lws_get_udp(const struct lws *wsi)
{
	return golws_wsi_valid(wsi, __func__) && wsi->datagram ? &wsi->datagram->udp : NULL;
}

/* For the interface of another version */
void *golws_datagram_other(const struct lws *wsi)
{
	return wsi->datagram->other;
}

void golws_adopted(struct lws *wsi, const struct golws_adopt_config *config)
{
	wsi->opaque_user_data = config->opaque_user_data;
	wsi->client = config->client;
	if (config->parent)
		golws_wsi_link(wsi, config->parent);
}

/* Whether the vhost can have a connection, with that parent or NULL */
static int usable(struct lws_vhost *vhost, struct lws *parent, const char *function)
{
	if (!golws_runtime_usable() || !golws_vhost_valid(vhost, function))
		return 0;
	if (vhost->being_destroyed || vhost->context->being_destroyed || vhost->context->destroy_requested) {
		lwsl_err("%s: the vhost is being destroyed\n", function);
		return 0;
	}
	if (!parent)
		return 1;
	if (!golws_wsi_valid(parent, function))
		return 0;
	if (parent->context != vhost->context) {
		lwsl_err("%s: the parent is of another context\n", function);
		return 0;
	}
	return 1;
}

static struct lws *create(struct lws_vhost *vhost, struct golws_adopt_config *config, int datagram, const char *function)
{
	struct lws_context *context = vhost->context;
	struct golws_thread *thread = golws_client_thread(context, config->parent);
	struct lws *wsi = NULL;

	golws_enter_thread(thread);
	if (config->parent && config->parent->state != GOLWS_LIVE) {
		lwsl_err("%s: the parent is closed already\n", function);
		if (!datagram && (config->kind & LWS_ADOPT_SOCKET))
			close(config->fd);
	} else if (datagram)
		wsi = (struct lws *)lwsgo_open_datagram(context->index, thread->tsi, vhost->index, config);
	else
		wsi = (struct lws *)lwsgo_adopt(context->index, thread->tsi, vhost->index, config);
	golws_leave_thread(thread);
	if (!wsi && !config->created)
		free(config->client);
	return wsi;
}

struct lws *golws_adopt(const lws_adopt_desc_t *info, const char *readbuf, size_t len, const char *function)
{
	struct golws_adopt_config config;
	int fd = info->type & LWS_ADOPT_SOCKET ? info->fd.sockfd : info->fd.filefd;

	if (!usable(info->vh, info->parent, function)) {
		if ((info->type & LWS_ADOPT_SOCKET) && fd >= 0)
			close(fd);
		return NULL;
	}
	if (fd < 0) {
		lwsl_err("%s: descriptor %d\n", function, fd);
		return NULL;
	}
	memset(&config, 0, sizeof(config));
	config.fd = fd;
	config.kind = (unsigned int)info->type;
	config.protocol = info->vh_prot_name;
	config.input = readbuf;
	config.input_length = readbuf ? len : 0;
	config.opaque_user_data = info->opaque;
	config.parent = info->parent;
	return create(info->vh, &config, 0, function);
}

struct lws *lws_adopt_descriptor_vhost_via_info(const lws_adopt_desc_t *info)
{
	if (!info) {
		lwsl_err("%s: info is NULL\n", __func__);
		return NULL;
	}
	return golws_adopt(info, NULL, 0, __func__);
}

struct lws *lws_adopt_descriptor_vhost(struct lws_vhost *vh, lws_adoption_type type, lws_sock_file_fd_type fd,
				       const char *vh_prot_name, struct lws *parent)
{
	lws_adopt_desc_t info = {.vh = vh, .type = type, .fd = fd, .vh_prot_name = vh_prot_name, .parent = parent};

	return golws_adopt(&info, NULL, 0, __func__);
}

static struct lws *adopt_accepted(struct lws_vhost *vh, lws_sockfd_type accept_fd, const char *readbuf, size_t len,
				  const char *function)
{
	lws_adopt_desc_t info = {
		.vh = vh,
		.type = (lws_adoption_type)(LWS_ADOPT_SOCKET | LWS_ADOPT_HTTP | LWS_ADOPT_ALLOW_SSL),
		.fd = {.sockfd = accept_fd},
	};

	return golws_adopt(&info, readbuf, len, function);
}

static struct lws_vhost *first_vhost(struct lws_context *context, const char *function)
{
	if (!golws_context_valid(context, function))
		return NULL;
	if (!context->vhosts)
		lwsl_err("%s: the context has no vhost\n", function);
	return context->vhosts;
}

static struct lws *adopt_first(struct lws_context *context, lws_sockfd_type accept_fd, const char *readbuf, size_t len,
			       const char *function)
{
	struct lws_vhost *vhost = first_vhost(context, function);

	if (vhost)
		return adopt_accepted(vhost, accept_fd, readbuf, len, function);
	if (accept_fd >= 0)
		close(accept_fd);
	return NULL;
}

struct lws *lws_adopt_socket(struct lws_context *context, lws_sockfd_type accept_fd)
{
	return adopt_first(context, accept_fd, NULL, 0, __func__);
}

struct lws *lws_adopt_socket_vhost(struct lws_vhost *vh, lws_sockfd_type accept_fd)
{
	return adopt_accepted(vh, accept_fd, NULL, 0, __func__);
}

struct lws *lws_adopt_socket_readbuf(struct lws_context *context, lws_sockfd_type accept_fd, const char *readbuf, size_t len)
{
	return adopt_first(context, accept_fd, readbuf, len, __func__);
}

struct lws *lws_adopt_socket_vhost_readbuf(struct lws_vhost *vhost, lws_sockfd_type accept_fd, const char *readbuf, size_t len)
{
	return adopt_accepted(vhost, accept_fd, readbuf, len, __func__);
}

struct lws *lws_create_adopt_udp(struct lws_vhost *vhost, const char *ads, int port, int flags, const char *protocol_name,
				 const char *ifname, struct lws *parent_wsi, void *opaque,
				 const lws_retry_bo_t *retry_policy, const char *fi_wsi_name)
{
	struct golws_adopt_config config;

	(void)fi_wsi_name;
	if (!usable(vhost, parent_wsi, __func__))
		return NULL;
	memset(&config, 0, sizeof(config));
	config.fd = -1;
	config.kind = LWS_ADOPT_RAW_SOCKET_UDP;
	config.protocol = protocol_name;
	config.address = ads;
	config.port = port;
	config.flags = flags;
	config.iface = ifname;
	config.opaque_user_data = opaque;
	config.parent = parent_wsi;
	if (retry_policy) {
		config.has_policy = 1;
		config.secs_since_valid_ping = retry_policy->secs_since_valid_ping;
		config.secs_since_valid_hangup = retry_policy->secs_since_valid_hangup;
		config.client = calloc(1, sizeof(*config.client));
		if (!config.client)
			return NULL;
		config.client->retry = retry_policy;
	}
	return create(vhost, &config, 1, __func__);
}
