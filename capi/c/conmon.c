/* What a client connection has measured on its way. */
#include <netdb.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include "client.h"

/* One address of the list with what it points at */
struct entry {
	struct addrinfo info;
	lws_sockaddr46 address;
};

static struct addrinfo *entry_of(const struct golws_found_address *from)
{
	struct entry *entry = calloc(1, sizeof(*entry));

	if (!entry)
		return NULL;
	entry->info.ai_socktype = SOCK_STREAM;
	entry->info.ai_protocol = IPPROTO_TCP;
	entry->info.ai_addr = (struct sockaddr *)&entry->address;
	if (from->family == 4) {
		entry->info.ai_family = AF_INET;
		entry->info.ai_addrlen = sizeof(entry->address.sa4);
		entry->address.sa4.sin_family = AF_INET;
		entry->address.sa4.sin_port = htons(from->port);
		memcpy(&entry->address.sa4.sin_addr, from->bytes, 4);
		return &entry->info;
	}
	entry->info.ai_family = AF_INET6;
	entry->info.ai_addrlen = sizeof(entry->address.sa6);
	entry->address.sa6.sin6_family = AF_INET6;
	entry->address.sa6.sin6_port = htons(from->port);
	entry->address.sa6.sin6_scope_id = from->scope;
	memcpy(&entry->address.sa6.sin6_addr, from->bytes, 16);
	return &entry->info;
}

static void take(struct lws *wsi, struct lws_conmon *dest)
{
	struct golws_found_address few[16], *found = few;
	struct addrinfo **last = &dest->dns_results_copy;
	struct golws_measured measured = {0};
	int i, count, most = LWS_ARRAY_SIZE(few);

	count = lwsgo_client_measured(wsi->slot, &measured, found, most);
	if (count > most) {
		found = calloc((size_t)count, sizeof(*found));
		count = found ? lwsgo_client_measured(wsi->slot, &measured, found, count) : 0;
	}
	dest->ciu_dns = measured.lookup;
	dest->ciu_sockconn = measured.connect;
	dest->ciu_tls = measured.handshake;
	dest->ciu_txn_resp = measured.response;
	for (i = 0; i < count; i++) {
		*last = entry_of(&found[i]);
		if (!*last)
			break;
		last = &(*last)->ai_next;
	}
	if (found != few)
		free(found);
}

void lws_conmon_wsi_take(struct lws *wsi, struct lws_conmon *dest)
{
	socklen_t length = sizeof(dest->peer46);
	int fd;

	if (!dest)
		return;
	memset(dest, 0, sizeof(*dest));
	if (!golws_enter(wsi, __func__))
		return;
	take(wsi, dest);
	fd = lws_get_socket_fd(wsi);
	if (fd < 0 || getpeername(fd, (struct sockaddr *)&dest->peer46, &length) ||
	    (dest->peer46.sa4.sin_family != AF_INET && dest->peer46.sa4.sin_family != AF_INET6))
		memset(&dest->peer46, 0, sizeof(dest->peer46));
	golws_leave(wsi);
}

void lws_conmon_release(struct lws_conmon *conmon)
{
	struct addrinfo *info, *next;

	if (!conmon)
		return;
	for (info = conmon->dns_results_copy; info; info = next) {
		next = info->ai_next;
		free(lws_container_of(info, struct entry, info));
	}
	conmon->dns_results_copy = NULL;
}
