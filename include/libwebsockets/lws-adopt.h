/** @file
 * Descriptors and socket addresses. Adopting foreign descriptors is not part of this version.
 */
#ifndef GOLWS_LWS_ADOPT_H
#define GOLWS_LWS_ADOPT_H

/** A socket or a file descriptor, where either may be meant. */
typedef union {
	/** where it is a socket */
	lws_sockfd_type sockfd;
	/** where it is a file */
	lws_filefd_type filefd;
} lws_sock_file_fd_type;

/** An IPv4 or IPv6 socket address. sa4.sin_family says which: AF_INET or AF_INET6; 0 means none. */
typedef union {
	/** where sa4.sin_family is AF_INET6 */
	struct sockaddr_in6 sa6;
	/** where sa4.sin_family is AF_INET */
	struct sockaddr_in sa4;
} lws_sockaddr46;

/** The address as bind(), connect() and friends take it. Argument of these macros: lws_sockaddr46 *. */
#define sa46_sockaddr(_sa46) ((struct sockaddr *)(_sa46))

/** Its length in bytes for the same. */
#define sa46_socklen(_sa46) \
	((socklen_t)((_sa46)->sa4.sin_family == AF_INET6 ? sizeof(struct sockaddr_in6) : sizeof(struct sockaddr_in)))

/** Sets the port; _sp is in network byte order, as htons() gives it. */
#define sa46_sockport(_sa46, _sp) \
	do { \
		if ((_sa46)->sa4.sin_family == AF_INET6) \
			(_sa46)->sa6.sin6_port = (_sp); \
		else \
			(_sa46)->sa4.sin_port = (_sp); \
	} while (0)

/** The bytes of the IP address, network byte order. */
#define sa46_address(_sa46) \
	((uint8_t *)((_sa46)->sa4.sin_family == AF_INET6 ? (void *)&(_sa46)->sa6.sin6_addr : (void *)&(_sa46)->sa4.sin_addr))

/** How many they are: 16 or 4. */
#define sa46_address_len(_sa46) ((_sa46)->sa4.sin_family == AF_INET6 ? 16 : 4)

#endif
