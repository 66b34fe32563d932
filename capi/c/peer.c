#include <libwebsockets.h>

#include <errno.h>

const char *lws_get_peer_simple_fd(lws_sockfd_type fd, char *name, size_t namelen)
{
	struct sockaddr_storage peer;
	socklen_t size = sizeof(peer);

	memset(&peer, 0, sizeof(peer));
	if (getpeername(fd, (struct sockaddr *)&peer, &size))
		lws_snprintf(name, namelen, "getpeername: %s", strerror(errno));
	else
		lws_sa46_write_numeric_address((lws_sockaddr46 *)&peer, name, namelen);

	return name;
}

const char *lws_get_peer_simple(struct lws *wsi, char *name, size_t namelen)
{
	lws_sockfd_type fd = lws_get_socket_fd(wsi);

	if (fd >= 0)
		return lws_get_peer_simple_fd(fd, name, namelen);
	/* no connection, which is logged by now */
	if (namelen)
		name[0] = '\0';

	return NULL;
}

void lws_get_peer_addresses(struct lws *wsi, lws_sockfd_type fd, char *name, int name_len, char *rip, int rip_len)
{
	static const char mapped[] = "::ffff:";
	struct sockaddr_storage peer;
	socklen_t size = sizeof(peer);
	char numeric[64], *text = numeric;

	(void)wsi;

	if (name_len > 0)
		name[0] = '\0';
	if (rip_len > 0)
		rip[0] = '\0';

	memset(&peer, 0, sizeof(peer));
	if (getpeername(fd, (struct sockaddr *)&peer, &size)) {
		lwsl_warn("%s: getpeername: %s\n", __func__, strerror(errno));
		return;
	}
	if (lws_sa46_write_numeric_address((lws_sockaddr46 *)&peer, numeric, sizeof(numeric)) < 0)
		return;

	if (!strncmp(text, mapped, sizeof(mapped) - 1))
		text += sizeof(mapped) - 1;
	if (rip_len > 0)
		lws_strncpy(rip, text, (size_t)rip_len);
	if (name_len > 0 && getnameinfo((struct sockaddr *)&peer, size, name, (socklen_t)name_len, NULL, 0, 0))
		lws_strncpy(name, text, (size_t)name_len);
}
