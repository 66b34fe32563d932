/** @file
 * Protocols: what a program serves, each with a callback. Plugins are not part of this version.
 *
 * The vhost keeps memory per protocol for the program, lws_protocol_vh_priv_zalloc(), and passes it options
 * by name, lws_pvo_search(). Per-connection memory comes with lws_protocols.per_session_data_size.
 */
#ifndef GOLWS_LWS_PROTOCOLS_PLUGINS_H
#define GOLWS_LWS_PROTOCOLS_PLUGINS_H

struct lws_protocol_vhost_options;

/**
 * A protocol that a vhost serves. A list of them, in lws_context_creation_info.protocols, ends with an entry
 * whose callback is NULL. The first one serves HTTP requests that no mount covers, and WebSocket clients that
 * ask for no subprotocol.
 *
 * The list and what it points to belong to the program and must stay valid and unchanged as long as the
 * vhost.
 */
struct lws_protocols {
	/**
	 * Name: what WebSocket clients ask for in Sec-WebSocket-Protocol, exactly; and what mounts and vhost
	 * options refer to. Without comma and space.
	 */
	const char *name;
	/** called for everything that happens, see enum lws_callback_reasons */
	lws_callback_function *callback;
	/**
	 * Bytes of memory for each connection, the callback's `user`: zeroed, aligned as malloc() does, at
	 * the same address while the connection is bound to the protocol. 0: `user` is NULL until
	 * lws_set_wsi_user().
	 */
	size_t per_session_data_size;
	/**
	 * Largest `len` of LWS_CALLBACK_RECEIVE: a message is delivered in pieces of at most this many bytes,
	 * a smaller message in one. 0: the library decides, lws_context_creation_info.pt_serv_buf_size is the
	 * limit. Nothing of this size is allocated.
	 */
	size_t rx_buffer_size;
	/** for the program's use, such as a version */
	unsigned int id;
	/** for the program's use */
	void *user;
	/** how much the program intends to write at once; 0: rx_buffer_size. Any size may be written. */
	size_t tx_packet_size;
};

/**
 * lws_vhost_name_to_protocol() - a protocol by name
 *
 * \param vh: the vhost
 * \param name: the name
 *
 * Returns the protocol of the vhost with that name, NULL if there is none. It is valid as long as the vhost.
 */
LWS_VISIBLE LWS_EXTERN const struct lws_protocols *
lws_vhost_name_to_protocol(struct lws_vhost *vh, const char *name);

/**
 * lws_get_protocol() - the protocol a connection is bound to
 *
 * \param wsi: the connection, or the wsi of a callback that concerns no connection
 *
 * Returns it, NULL where none is bound yet. It is valid as long as the vhost. Where the program gave
 * lws_context_creation_info.protocols, it is that element or a copy of it. Any thread, never waits.
 */
LWS_VISIBLE LWS_EXTERN const struct lws_protocols *
lws_get_protocol(struct lws *wsi);

/** Deprecated name of lws_get_protocol(). */
LWS_VISIBLE LWS_EXTERN const struct lws_protocols *
lws_protocol_get(struct lws *wsi) LWS_WARN_DEPRECATED;

/**
 * lws_protocol_vh_priv_zalloc() - makes a protocol's memory in a vhost
 *
 * \param vhost: the vhost
 * \param prot: the protocol
 * \param size: how many bytes
 *
 * Usually called in LWS_CALLBACK_PROTOCOL_INIT. There is one such memory per vhost and protocol; a second
 * call returns the one that is there.
 *
 * Returns the memory, zeroed and aligned as malloc() does; the library frees it after
 * LWS_CALLBACK_PROTOCOL_DESTROY. NULL: no memory, or the vhost has no such protocol.
 */
LWS_VISIBLE LWS_EXTERN void *
lws_protocol_vh_priv_zalloc(struct lws_vhost *vhost, const struct lws_protocols *prot, int size);

/**
 * lws_protocol_vh_priv_get() - a protocol's memory in a vhost
 *
 * \param vhost: the vhost
 * \param prot: the protocol
 *
 * Returns what lws_protocol_vh_priv_zalloc() made; NULL if it was not called, or the vhost has no such
 * protocol. Callbacks call it with lws_get_vhost() and lws_get_protocol(). Any thread, never waits.
 */
LWS_VISIBLE LWS_EXTERN void *
lws_protocol_vh_priv_get(struct lws_vhost *vhost, const struct lws_protocols *prot);

/**
 * lws_vhd_find_by_pvo() - a protocol's memory in the vhost that has a certain option
 *
 * \param cx: the context, all its vhosts are searched
 * \param protname: name of the protocol
 * \param pvo_name: name of one of its options there
 * \param pvo_value: the value it has to have
 *
 * Returns the memory, as lws_protocol_vh_priv_get(), of the first vhost where the protocol has that option
 * with that value; NULL if there is none.
 */
LWS_VISIBLE LWS_EXTERN void *
lws_vhd_find_by_pvo(struct lws_context *cx, const char *protname, const char *pvo_name,
		    const char *pvo_value);

/**
 * lws_adjust_protocol_psds() - gives a connection per-session memory of another size
 *
 * \param wsi: the connection
 * \param new_size: bytes
 *
 * For a callback that serves other protocols through its own. Returns the new memory, zeroed, which is `user`
 * in the next callbacks, and frees the old if the library made it; NULL if there is no memory for it: then
 * nothing has changed.
 */
LWS_VISIBLE LWS_EXTERN void *
lws_adjust_protocol_psds(struct lws *wsi, size_t new_size);

/**
 * lws_finalize_startup() - ends the privileged part of startup
 *
 * \param context: the context
 *
 * For programs that create their vhosts after the context with LWS_SERVER_OPTION_EXPLICIT_VHOSTS: gives up
 * root, as uid, gid, username and groupname of lws_context_creation_info say. The library does it in
 * lws_create_context() where that creates the vhost. Returns 0, nonzero if the change of user failed.
 */
LWS_VISIBLE LWS_EXTERN int
lws_finalize_startup(struct lws_context *context);

/**
 * lws_pvo_search() - an option by name
 *
 * \param pvo: a list of options, such as `in` of LWS_CALLBACK_PROTOCOL_INIT, or NULL
 * \param name: the name
 *
 * Returns the first element of the list with that name, NULL if there is none. Touches nothing but its
 * arguments.
 */
LWS_VISIBLE LWS_EXTERN const struct lws_protocol_vhost_options *
lws_pvo_search(const struct lws_protocol_vhost_options *pvo, const char *name);

/**
 * lws_pvo_get_str() - the value of an option by name
 *
 * \param in: a list of options: struct lws_protocol_vhost_options *
 * \param name: the name
 * \param result: receives the value, which belongs to the list
 *
 * Returns 0 if it was found, else 1, and result is unchanged.
 */
LWS_VISIBLE LWS_EXTERN int
lws_pvo_get_str(void *in, const char *name, const char **result);

/**
 * lws_protocol_init() - initialises protocols now
 *
 * \param context: the context
 *
 * Delivers LWS_CALLBACK_PROTOCOL_INIT in all vhosts where that has not happened, leaving out those with
 * LWS_SERVER_OPTION_SKIP_PROTOCOL_INIT. The library does it by itself when a vhost is created, or, for vhosts
 * that exist before, in the first lws_service(): programs rarely need it. Returns 0, nonzero if a protocol
 * refused.
 */
LWS_VISIBLE LWS_EXTERN int
lws_protocol_init(struct lws_context *context);

#endif
