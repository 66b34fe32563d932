#ifndef GOLWS_LWS_ADOPT_H
#define GOLWS_LWS_ADOPT_H

typedef union {
	lws_sockfd_type sockfd;
	lws_filefd_type filefd;
} lws_sock_file_fd_type;

typedef union {
	struct sockaddr_in6 sa6;
	struct sockaddr_in sa4;
} lws_sockaddr46;

#define sa46_sockaddr(_sa46) ((struct sockaddr *)(_sa46))
#define sa46_socklen(_sa46) ((socklen_t)((_sa46)->sa4.sin_family == AF_INET6 ? sizeof(struct sockaddr_in6) : sizeof(struct sockaddr_in)))
#define sa46_sockport(_sa46, _sp) do { if ((_sa46)->sa4.sin_family == AF_INET6) (_sa46)->sa6.sin6_port = (_sp); else (_sa46)->sa4.sin_port = (_sp); } while (0)
#define sa46_address(_sa46) ((uint8_t *)((_sa46)->sa4.sin_family == AF_INET6 ? (void *)&(_sa46)->sa6.sin6_addr : (void *)&(_sa46)->sa4.sin_addr))
#define sa46_address_len(_sa46) ((uint8_t)((_sa46)->sa4.sin_family == AF_INET6 ? 16 : 4))

#endif
