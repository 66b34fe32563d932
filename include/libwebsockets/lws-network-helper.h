#ifndef GOLWS_LWS_NETWORK_HELPER_H
#define GOLWS_LWS_NETWORK_HELPER_H

/** @file
 * Addresses: of peers, of interfaces, as text and as bytes.
 */

/** Results of looking for an interface. */
#define LWS_ITOSA_USABLE	0	/**< it exists and has an address */
#define LWS_ITOSA_NOT_EXIST	-1	/**< there is none of that name or address */
#define LWS_ITOSA_NOT_USABLE	-2	/**< it exists, and has no address that would serve */
#define LWS_ITOSA_BUSY		-3	/**< the port is taken there */

/** Number of a route among those that the library knows; 0: none. */
typedef uint8_t lws_route_uidx_t;

/** How RFC 6724 section 2.1 rates an address. */
typedef struct lws_dns_score {
	uint8_t		precedence;	/**< the higher, the more it is preferred as a destination */
	uint8_t		label;		/**< source and destination should have the same */
} lws_dns_score_t;

/**
 * A route of the system (rtnetlink(7)), or an address that is being sorted by RFC 6724. No function here gives one
 * to a program.
 */
typedef struct lws_route {
	lws_dll2_t		list;		/**< the list that it is on */

	lws_sockaddr46		src;		/**< source address */
	lws_sockaddr46		dest;		/**< network that it leads to; when sorting, the destination */
	lws_sockaddr46		gateway;	/**< next hop */

	struct lws_route	*source;	/**< when sorting: the route whose source address would be used */
	lws_dns_score_t		score;		/**< when sorting: rating of the destination */
	int			if_idx;		/**< index of the network interface */
	int			priority;	/**< metric: the lower, the more it is preferred */
	int			ifa_flags;	/**< IFA_F_ flags of the source address */
	lws_route_uidx_t	uidx;		/**< its number */

	uint8_t			proto;		/**< RTPROT_: where it comes from */
	uint8_t			dest_len;	/**< length of the prefix of dest, bits */
	uint8_t			src_len;	/**< length of the prefix of src, bits */
	uint8_t			scope;		/**< RT_SCOPE_ of the source address */
	uint8_t			af;		/**< AF_ of the source address */

	uint8_t			source_ads:1;	/**< it is an address of an interface, not a route */
} lws_route_t;

/** An address that is being sorted. */
typedef lws_route_t lws_dns_sort_t;

/**
 * lws_canonical_hostname() - name of this machine
 *
 * \param context: the context
 *
 * Returns what gethostname() said when the context was created. It belongs to the context.
 */
LWS_VISIBLE LWS_EXTERN const char * LWS_WARN_UNUSED_RESULT
lws_canonical_hostname(struct lws_context *context);

/**
 * lws_get_peer_addresses() - address and name of a peer
 *
 * \param wsi: a connection; not needed, may be NULL
 * \param fd: its socket
 * \param name: gets the name
 * \param name_len: size of \p name
 * \param rip: gets the numeric address; that of an IPv4 peer on an IPv6 socket is written as IPv4
 * \param rip_len: size of \p rip, 46 holds any
 *
 * Looks the name up, which can block for seconds: lws_get_peer_simple() is the one for an event loop. What is
 * not to be had is an empty string; for the name, the numeric address. Callable from any thread.
 */
LWS_VISIBLE LWS_EXTERN void
lws_get_peer_addresses(struct lws *wsi, lws_sockfd_type fd, char *name,
		       int name_len, char *rip, int rip_len);

/**
 * lws_get_peer_simple() - numeric address of a peer
 *
 * \param wsi: the connection; one inside another (HTTP/2) has that one's peer
 * \param name: gets the address
 * \param namelen: size of \p name, 46 holds any
 *
 * Returns \p name. An IPv4 peer on an IPv6 socket is "::ffff:" and the IPv4 address, one on a unix socket
 * "(unix skt)". On failure the text says so. Callable from any thread.
 */
LWS_VISIBLE LWS_EXTERN const char *
lws_get_peer_simple(struct lws *wsi, char *name, size_t namelen);

/**
 * lws_get_peer_simple_fd() - numeric address of the peer of a socket
 *
 * \param fd: the socket
 * \param name: gets the address
 * \param namelen: size of \p name, 46 holds any
 *
 * Otherwise as lws_get_peer_simple().
 */
LWS_VISIBLE LWS_EXTERN const char *
lws_get_peer_simple_fd(lws_sockfd_type fd, char *name, size_t namelen);

/**
 * lws_interface_to_sa() - address of a network interface
 *
 * \param ipv6: nonzero: an IPv6 address is wanted
 * \param ifname: name of the interface, such as "eth0", or a numeric address, which is taken as it is
 * \param addr: gets the address with family; nothing else of it is touched. With \p ipv6, a struct sockaddr_in6
 * \param addrlen: its size
 *
 * If an IPv6 address is wanted and the interface has none but IPv4, it is "::ffff:" and that.
 *
 * Returns LWS_ITOSA_USABLE, LWS_ITOSA_NOT_EXIST or LWS_ITOSA_NOT_USABLE. Callable from any thread.
 */
LWS_VISIBLE LWS_EXTERN int
lws_interface_to_sa(int ipv6, const char *ifname, struct sockaddr_in *addr,
		    size_t addrlen);

/**
 * lws_sa46_compare_ads() - compare two addresses, without port
 *
 * \param sa46a: the one
 * \param sa46b: the other
 *
 * Returns 0 if family and address are equal, else something else. Of families other than IPv4 and IPv6 only the
 * family is compared.
 */
LWS_VISIBLE LWS_EXTERN int
lws_sa46_compare_ads(const lws_sockaddr46 *sa46a, const lws_sockaddr46 *sa46b);

/**
 * lws_sa46_on_net() - is an address part of a network
 *
 * \param sa46a: the address
 * \param sa46_net: address of the network
 * \param net_len: how many leading bits of \p sa46_net must be equal
 *
 * Where one is IPv4 and the other IPv6, the IPv4 one is taken as "::ffff:a.b.c.d". Returns 0 if it is part of it, else
 * something else.
 */
LWS_VISIBLE LWS_EXTERN int
lws_sa46_on_net(const lws_sockaddr46 *sa46a, const lws_sockaddr46 *sa46_net,
		int net_len);

/**
 * lws_parse_numeric_address() - bytes from the text of an address
 *
 * \param ads: IPv4 in dotted decimals, or IPv6 as RFC 4291, 2.2 has it, without brackets or scope
 * \param result: gets the bytes, in network order
 * \param max_len: size of \p result: at least 4 for IPv4, 16 for IPv6
 *
 * Returns 4 or 16, or a negative number if the text is no address or \p max_len is too small.
 */
LWS_VISIBLE LWS_EXTERN int
lws_parse_numeric_address(const char *ads, uint8_t *result, size_t max_len);

/**
 * lws_sa46_parse_numeric_address() - socket address from the text of an address
 *
 * \param ads: as for lws_parse_numeric_address()
 * \param sa46: gets family and address; nothing else of it is touched
 *
 * Returns 0, or -1 if the text is no address.
 */
LWS_VISIBLE LWS_EXTERN int
lws_sa46_parse_numeric_address(const char *ads, lws_sockaddr46 *sa46);

/**
 * lws_write_numeric_address() - text of an address
 *
 * \param ads: its bytes, in network order
 * \param size: 4 for IPv4, 16 for IPv6
 * \param buf: gets the text, NUL-terminated
 * \param len: size of \p buf, 46 holds any
 *
 * IPv6 is written as RFC 5952 says. Returns the length of the text, or -1 if it does not fit or \p size is neither.
 */
LWS_VISIBLE LWS_EXTERN int
lws_write_numeric_address(const uint8_t *ads, int size, char *buf, size_t len);

/**
 * lws_sa46_write_numeric_address() - text of a socket address, without port
 *
 * \param sa46: the address
 * \param buf: gets the text, NUL-terminated
 * \param len: size of \p buf, 46 holds any
 *
 * For a unix socket the text is "(unix skt)", for an address that is all zero "(unset)". Returns the length of the
 * text, or -1 if it does not fit or the family is another (the text says which).
 */
LWS_VISIBLE LWS_EXTERN int
lws_sa46_write_numeric_address(lws_sockaddr46 *sa46, char *buf, size_t len);

#endif
