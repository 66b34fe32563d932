/** @file
 * Protocols: what a program serves, each with a callback; and plugins, which bring more of them at run time.
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

/**
 * lws_protocol_get() - another name of lws_get_protocol()
 *
 * \param wsi: the connection
 *
 * Deprecated. Returns as that does.
 */
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

/** For lws_plugin_header.api_magic: the layout of plugins that this header describes. */
#define LWS_PLUGIN_API_MAGIC 191

/**
 * What every plugin begins with: a shared object that exports one struct of its class, whose first member is this.
 *
 * The object's file is named something-NAME.so or something_NAME.so, and the struct is the symbol NAME.
 */
typedef struct lws_plugin_header {
	/** what it is called; a list holds each name once */
	const char *name;
	/** what kind of plugin it is, such as "lws_protocol_plugin"; a program may have a kind of its own */
	const char *_class;
	/** LWS_BUILD_HASH of the library it was compiled for; others are not loaded */
	const char *lws_build_hash;
	/** LWS_PLUGIN_API_MAGIC; others are not loaded */
	unsigned int api_magic;
} lws_plugin_header_t;

/** A plugin that brings protocols and extensions; its class is "lws_protocol_plugin". */
typedef struct lws_plugin_protocol {
	/** what every plugin begins with */
	lws_plugin_header_t hdr;
	/** the protocols, an array */
	const struct lws_protocols *protocols;
	/** the extensions, an array; NULL: none */
	const struct lws_extension *extensions;
	/** how many protocols there are */
	int count_protocols;
	/** how many extensions there are */
	int count_extensions;
} lws_plugin_protocol_t;

/** A plugin that is loaded. It belongs to the library. */
struct lws_plugin {
	/** the next one of the list, NULL at the end */
	struct lws_plugin *list;
	/** the struct it exports; cast it to that of its class */
	const lws_plugin_header_t *hdr;
	/** what the system's loader knows it by */
	union {
#if defined(UV_ERRNO_MAP)
		uv_lib_t lib; /**< not used; as large as libuv's */
#endif
		void *l; /**< what dlopen() returned */
		void *reserved[2]; /**< the same size, whether libuv's header is there or not */
	} u; /**< the handle */
};

/** A foreign event loop, from the inside. */
struct lws_event_loop_ops;

/** A plugin for a foreign event loop. The library needs none: it drives foreign loops by itself. */
typedef struct lws_plugin_evlib {
	/** what every plugin begins with; its class is "lws_evlib_plugin" */
	lws_plugin_header_t hdr;
	/** the loop */
	const struct lws_event_loop_ops *ops;
} lws_plugin_evlib_t;

/**
 * each_plugin_cb_t - gets a plugin that was loaded, or is about to be unloaded
 *
 * \param p: the plugin
 * \param user: the pointer given along
 *
 * What it returns is not looked at.
 */
typedef int (*each_plugin_cb_t)(struct lws_plugin *p, void *user);

/**
 * lws_plugins_init() - loads plugins of one class
 *
 * \param pplugin: the list they are added to, in front; a pointer that is NULL at first and belongs to the program
 * \param d: directories to look in, ended by NULL; or NULL. Those of the environment's LD_LIBRARY_PATH come first.
 * \param _class: the class, compared with lws_plugin_header._class
 * \param filter: load only the plugin whose file is named so, from the first directory that has it; NULL: all
 * \param each: called for each plugin that was loaded; may be NULL
 * \param each_user: handed to each
 *
 * Files that are no plugins, of another class or for another library are passed over, and plugins whose name is in the
 * list already. Any thread; a list that several threads use needs a lock of the program's.
 *
 * Returns 0 if at least one directory could be read, else 1; what was loaded, the list says.
 *
 * Not implemented yet.
 */
LWS_VISIBLE LWS_EXTERN int
lws_plugins_init(struct lws_plugin **pplugin, const char *const *d, const char *_class, const char *filter,
		 each_plugin_cb_t each, void *each_user);

/**
 * lws_plugins_destroy() - unloads plugins
 *
 * \param pplugin: the list, which becomes empty
 * \param each: called for each plugin before it is unloaded; may be NULL
 * \param each_user: handed to each
 *
 * Nothing of the plugins may be in use: no vhost may serve their protocols. Returns 0.
 *
 * Not implemented yet.
 */
LWS_VISIBLE LWS_EXTERN int
lws_plugins_destroy(struct lws_plugin **pplugin, each_plugin_cb_t each, void *each_user);

/*
 * Protocols that come with the library, for lws_context_creation_info.pprotocols.
 */

/**
 * protocol-post-demo: shows what a form sent, its files included
 *
 * Not implemented yet.
 */
extern const struct lws_protocols post_demo_protocols[1];

/**
 * raw-proxy: passes raw bytes between accepted connections and connections to another server
 *
 * Not implemented yet.
 */
extern const struct lws_protocols lws_raw_proxy_protocols[1];

/**
 * lws-status: tells WebSocket clients who is connected, as JSON
 *
 * Not implemented yet.
 */
extern const struct lws_protocols lws_status_protocols[1];

/**
 * lws-mirror-protocol: sends what a WebSocket client says to all others
 *
 * Not implemented yet.
 */
extern const struct lws_protocols lws_mirror_protocols[1];

/**
 * lws-ssh-base: an SSH server that hands its sessions to another protocol; the second element ends the list
 *
 * Not implemented yet.
 */
extern const struct lws_protocols lws_ssh_base_protocols[2];

/**
 * dumb-increment-protocol: sends WebSocket clients a number that grows
 *
 * Not implemented yet.
 */
extern const struct lws_protocols dumb_increment_protocols[1];

/**
 * lws-deaddrop: a page to drop files on for others
 *
 * Not implemented yet.
 */
extern const struct lws_protocols deaddrop_protocols[1];

/**
 * protocol-lws-raw-test: reads a FIFO and answers raw connections
 *
 * Not implemented yet.
 */
extern const struct lws_protocols lws_raw_test_protocols[1];

/**
 * lws-sshd-demo: what an SSH session of lws-ssh-base gets to see
 *
 * Not implemented yet.
 */
extern const struct lws_protocols lws_sshd_demo_protocols[1];

/**
 * lws-acme-client: gets certificates for the vhost and renews them (RFC 8555)
 *
 * Not implemented yet.
 */
extern const struct lws_protocols lws_acme_client_protocols[1];

/**
 * client-loopback-test: connects to its own server
 *
 * Not implemented yet.
 */
extern const struct lws_protocols client_loopback_test_protocols[1];

/**
 * lws-test-fts: a full-text search with completion
 *
 * Not implemented yet.
 */
extern const struct lws_protocols fulltext_demo_protocols[1];

/**
 * Protocols that tell the metrics of the library to Prometheus (OpenMetrics), directly or through a proxy; see
 * LWSOMPROIDX_DIRECT_HTTP_SERVER and those behind it.
 *
 * Not implemented yet.
 */
extern const struct lws_protocols lws_openmetrics_export_protocols[4];

/** In lws_openmetrics_export_protocols: answers the scraper with this process's metrics, over HTTP. */
#define LWSOMPROIDX_DIRECT_HTTP_SERVER 0
/** In lws_openmetrics_export_protocols: answers the scraper with the metrics of the proxy's clients, over HTTP. */
#define LWSOMPROIDX_PROX_HTTP_SERVER 1
/** In lws_openmetrics_export_protocols: takes the metrics of the proxy's clients, over WebSocket. */
#define LWSOMPROIDX_PROX_WS_SERVER 2
/** In lws_openmetrics_export_protocols: gives this process's metrics to the proxy, over WebSocket. */
#define LWSOMPROIDX_PROX_WS_CLIENT 3

#endif
