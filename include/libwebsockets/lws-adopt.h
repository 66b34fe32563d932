/** @file
 * Descriptors the program brings with it, and socket addresses.
 *
 * A descriptor that the library did not open becomes a connection by adoption: a socket that was accepted
 * elsewhere then serves HTTP and WebSocket as if a vhost had accepted it, any other socket or file delivers its
 * bytes in the LWS_CALLBACK_RAW_ callbacks. From the call on the descriptor belongs to the library, which makes it
 * non-blocking and closes it with the connection, or, for a socket, at once when adoption fails.
 */
#ifndef GOLWS_LWS_ADOPT_H
#define GOLWS_LWS_ADOPT_H

/** How a descriptor is adopted: flags, combined with |. */
typedef enum {
	LWS_ADOPT_RAW_FILE_DESC = 0, /**< no flag: a pipe, tty, device or other file, served raw */
	LWS_ADOPT_HTTP = 1, /**< HTTP server side, which may upgrade to WebSocket; without it raw */
	LWS_ADOPT_SOCKET = 2, /**< the descriptor is a socket; without it a file */
	LWS_ADOPT_ALLOW_SSL = 4, /**< TLS server side if the vhost has a certificate; ignored on other vhosts and files */
	LWS_ADOPT_FLAG_UDP = 16, /**< the socket is a datagram socket, others are refused; with LWS_ADOPT_SOCKET */
	LWS_ADOPT_FLAG_RAW_PROXY = 32, /**< the accepted side of a raw proxy: LWS_CALLBACK_RAW_PROXY_SRV_ callbacks */
	LWS_ADOPT_RAW_SOCKET_UDP = LWS_ADOPT_SOCKET | LWS_ADOPT_FLAG_UDP, /**< a raw UDP socket */
} lws_adoption_type;

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

/** What lws_get_udp() tells about a UDP connection. */
struct lws_udp {
	/** where the last datagram came from; for a connected socket, the peer */
	lws_sockaddr46 sa46;
	/** unused: each datagram that waits until the socket is writable keeps its own destination */
	lws_sockaddr46 sa46_pending;
	/** the socket is connected: datagrams of other peers are not received */
	uint8_t connected : 1;
};

/** What lws_adopt_descriptor_vhost_via_info() adopts, and how. Zero it first; the library keeps no pointer to it. */
typedef struct lws_adopt_desc {
	/** the vhost the connection will belong to; not NULL */
	struct lws_vhost *vh;
	/** how to serve it, LWS_ADOPT_ flags */
	lws_adoption_type type;
	/** the descriptor: fd.sockfd with LWS_ADOPT_SOCKET, else fd.filefd */
	lws_sock_file_fd_type fd;
	/** name of the protocol of the vhost that serves it. NULL: the library chooses as for an accepted connection. */
	const char *vh_prot_name;
	/** a connection of the same service thread that becomes the parent: the new one closes with it. NULL: none. */
	struct lws *parent;
	/** for the program's use, see lws_get_opaque_user_data() */
	void *opaque;
	/** name under which faults may be injected into it; nothing is injected in this configuration */
	const char *fi_wsi_name;
} lws_adopt_desc_t;

/**
 * lws_adopt_descriptor_vhost_via_info() - makes a connection of a descriptor
 *
 * \param info: the descriptor and how to serve it; read during the call
 *
 * The first callback after LWS_CALLBACK_WSI_CREATE is LWS_CALLBACK_SERVER_NEW_CLIENT_INSTANTIATED with LWS_ADOPT_HTTP,
 * LWS_CALLBACK_RAW_ADOPT for a raw socket (after LWS_CALLBACK_RAW_SKT_BIND_PROTOCOL), LWS_CALLBACK_RAW_ADOPT_FILE for a
 * file; nonzero from it refuses the connection. It arrives before the function returns, but for LWS_CALLBACK_RAW_ADOPT
 * after a handshake of TLS. A file has to be one that can be polled: regular files cannot.
 *
 * With LWS_ADOPT_HTTP, what the connection is bound to is for its requests to say: vh_prot_name has to be one of the vhost's,
 * and changes nothing. A peer may name the other vhosts that listen on the same port, as if the vhost had accepted it,
 * unless the vhost has TLS and the connection has not.
 *
 * Callable from any thread. The connection belongs to the service thread of its parent or of the callback that calls,
 * else to each service thread in turn; callbacks that come at once come on the thread that calls.
 *
 * Returns the connection, a handle as any other, good until LWS_CALLBACK_WSI_DESTROY has returned. NULL: no memory, no such
 * protocol, no such descriptor, a file that cannot be polled, a vhost that is NULL or being destroyed, a parent that is
 * closed or of another context, a limit on connections is reached, or the callback refused; a socket is closed then, a file
 * is not. The log says which, but for what the callback did.
 */
LWS_VISIBLE LWS_EXTERN struct lws *
lws_adopt_descriptor_vhost_via_info(const lws_adopt_desc_t *info);

/**
 * lws_adopt_descriptor_vhost() - makes a connection of a descriptor, with fewer settings
 *
 * \param vh: the vhost the connection will belong to
 * \param type: how to serve it, LWS_ADOPT_ flags
 * \param fd: the descriptor
 * \param vh_prot_name: name of the protocol of the vhost that serves it, or NULL
 * \param parent: a connection that becomes the parent, or NULL
 *
 * As lws_adopt_descriptor_vhost_via_info() with these members set; the strings are not needed after the call.
 */
LWS_VISIBLE LWS_EXTERN struct lws *
lws_adopt_descriptor_vhost(struct lws_vhost *vh, lws_adoption_type type, lws_sock_file_fd_type fd,
			   const char *vh_prot_name, struct lws *parent);

/**
 * lws_adopt_socket() - serves a socket that was accepted elsewhere, on the first vhost
 *
 * \param context: the context; the vhost that was created first takes the connection
 * \param accept_fd: the socket, connected
 *
 * It speaks HTTP, over TLS if the vhost does, and may become a WebSocket. Callable from any thread, as
 * lws_adopt_descriptor_vhost_via_info(). Returns the connection; NULL if it could not be made, and then the socket is
 * closed.
 */
LWS_VISIBLE LWS_EXTERN struct lws *
lws_adopt_socket(struct lws_context *context, lws_sockfd_type accept_fd);

/**
 * lws_adopt_socket_vhost() - serves a socket that was accepted elsewhere, on a certain vhost
 *
 * \param vh: the vhost
 * \param accept_fd: the socket, connected
 *
 * As lws_adopt_socket() otherwise.
 */
LWS_VISIBLE LWS_EXTERN struct lws *
lws_adopt_socket_vhost(struct lws_vhost *vh, lws_sockfd_type accept_fd);

/**
 * lws_adopt_socket_readbuf() - serves a socket from which the program has read already, on the first vhost
 *
 * \param context: the context; the vhost that was created first takes the connection
 * \param accept_fd: the socket, connected
 * \param readbuf: what was read from it, copied; NULL: nothing
 * \param len: its length in bytes
 *
 * For programs that look at the first bytes to decide who serves the connection. The bytes of readbuf are handled
 * before what the socket holds, and as if they came from it: with a TLS vhost they are ciphertext. Callable from any
 * thread, as lws_adopt_descriptor_vhost_via_info().
 *
 * Returns the connection; NULL if it could not be made or ended while readbuf was handled, and then the socket is
 * closed.
 */
LWS_VISIBLE LWS_EXTERN struct lws *
lws_adopt_socket_readbuf(struct lws_context *context, lws_sockfd_type accept_fd, const char *readbuf, size_t len);

/**
 * lws_adopt_socket_vhost_readbuf() - serves a socket from which the program has read already, on a certain vhost
 *
 * \param vhost: the vhost
 * \param accept_fd: the socket, connected
 * \param readbuf: what was read from it, copied; NULL: nothing
 * \param len: its length in bytes
 *
 * As lws_adopt_socket_readbuf() otherwise.
 */
LWS_VISIBLE LWS_EXTERN struct lws *
lws_adopt_socket_vhost_readbuf(struct lws_vhost *vhost, lws_sockfd_type accept_fd, const char *readbuf, size_t len);

/** For lws_create_adopt_udp(): bind the socket to the address and port instead of connecting it to them. */
#define LWS_CAUDP_BIND (1 << 0)
/** For lws_create_adopt_udp(): allow datagrams to broadcast addresses, SO_BROADCAST. */
#define LWS_CAUDP_BROADCAST (1 << 1)
/** For lws_create_adopt_udp(): a packet(7) socket that exchanges whole IPv4 packets; needs CAP_NET_RAW. */
#define LWS_CAUDP_PF_PACKET (1 << 2)

/**
 * lws_create_adopt_udp() - makes a UDP connection
 *
 * \param vhost: the vhost it will belong to
 * \param ads: name or numeric address of the peer, or with LWS_CAUDP_BIND of this host; NULL: any address
 * \param port: UDP port belonging to ads, 0 to 65535 in host byte order
 * \param flags: LWS_CAUDP_ flags, or 0
 * \param protocol_name: name of the protocol of the vhost that serves it; NULL: the vhost's protocol for raw connections
 * \param ifname: network interface that datagrams have to pass, such as "eth0"; NULL: any
 * \param parent_wsi: a connection that becomes the parent, or NULL
 * \param opaque: for the program's use, see lws_get_opaque_user_data()
 * \param retry_policy: timing for lws_retry_sul_schedule_retry_wsi(), kept by pointer as long as the connection;
 * NULL: what that says of connections without a policy
 * \param fi_wsi_name: as lws_adopt_desc_t.fi_wsi_name
 *
 * Opens the socket and adopts it. Each datagram is one LWS_CALLBACK_RAW_RX, and lws_get_udp() says where it came
 * from; each lws_write() is one datagram (RFC 768), sent to the peer or, on a bound socket, to the address in
 * lws_get_udp(): where the last one came from. What the socket does not take at once waits, up to 256 KiB; programs that
 * write in LWS_CALLBACK_RAW_WRITEABLE do not come that far. Programs may also use sendto() on lws_get_socket_fd().
 * Datagrams may be lost, doubled and reordered on the way, and are not sent again by the library; that the peer's host
 * reports that nobody is there is logged (LLL_INFO) and ends nothing. A bound socket without an address takes IPv4.
 *
 * Callable from any thread; callbacks that come at once come on it.
 *
 * Returns the connection, whose name lookup may still be going on: it can be used from LWS_CALLBACK_RAW_ADOPT on, and
 * ends with LWS_CALLBACK_RAW_CLOSE, without that, where the name has no address. NULL if it could not be made, which the
 * log explains: a port below 0 or above 65535, no such protocol or interface, an address that is not this host's to bind
 * to, and what lws_adopt_descriptor_vhost_via_info() fails for. The strings are not needed after the call.
 */
LWS_VISIBLE LWS_EXTERN struct lws *
lws_create_adopt_udp(struct lws_vhost *vhost, const char *ads, int port, int flags, const char *protocol_name,
		     const char *ifname, struct lws *parent_wsi, void *opaque, const lws_retry_bo_t *retry_policy,
		     const char *fi_wsi_name);

#endif
