/*
 * The functions that the Go side exports to the C shims, and the plain structs they exchange. Read by cgo too, so no
 * public header is included. All but the first two run under the service lock of the wsi's thread.
 */
#ifndef GOLWS_LWSGO_H
#define GOLWS_LWSGO_H

#include "handles.h"

struct golws_protocol_config {
	const char *name;
	const struct lws_protocols *reference;
	size_t session_size;
	size_t receive_size;
	size_t transmit_size;
	unsigned int id;
	int dummy; /* the callback is lws_callback_http_dummy */
	const char *basic_auth; /* login file for upgrades to the protocol, or NULL */
};

struct golws_mount_config {
	const char *mountpoint;
	int mountpoint_length;
	const char *origin;
	const char *def;
	const char *protocol;
	const struct golws_pair *extra_mimetypes;
	const struct golws_pair *interpret;
	int cache_max_age;
	unsigned int auth_mask;
	int cache_reusable, cache_revalidate, cache_intermediaries;
	int origin_protocol;
	const char *basic_auth_login_file;
	const void *cgienv;
};

struct golws_extension_config {
	const char *name;
	const char *client_offer;
	void *callback;
};

/* What a vhost serves TLS with. The bytes are PEM or DER; all is copied. */
struct golws_bytes {
	const void *data;
	size_t length;
};

/* Authorities that a callback added */
struct golws_trust {
	struct golws_trust *next;
	size_t length;
	unsigned char data[];
};

struct golws_tls_config {
	const char *certificate_file, *private_key_file, *private_key_password, *ca_file;
	struct golws_bytes certificate, private_key, ca;
	struct golws_trust *trust;
	const char *cipher_list, *cipher_suites, *curve, *alpn;
	uint64_t options_set, options_clear;
	uint32_t session_timeout, session_cache_max;
};

struct golws_vhost_config {
	struct lws_vhost *vhost;
	const struct golws_tls_config *tls;	   /* NULL: no TLS */
	const struct golws_tls_config *client_tls; /* of the connections that it makes; NULL: no TLS */
	const char *name;
	const char *iface;
	int port;
	uint64_t options;
	const struct golws_protocol_config *protocols;
	int count_protocols;
	int default_protocol;
	int raw_protocol; /* for raw connections where listen_accept_protocol names none */
	const struct golws_mount_config *mounts;
	int count_mounts;
	const struct golws_extension_config *extensions;
	int count_extensions;
	const struct golws_pair *headers;
	const char *server_string;
	const char *error_document_404;
	const char *listen_accept_role;
	const char *listen_accept_protocol;
	const char *unix_socket_perms;
	int max_http_header_data;
	const unsigned short *token_limits; /* WSI_TOKEN_COUNT of them, or NULL */
	const struct golws_pair *reject_service_keywords;
	int keepalive_timeout;
	int timeout_secs;
	int connect_timeout_secs;
	int timeout_secs_ah_idle;
	int ka_time, ka_probes, ka_interval;
	int secs_since_valid_ping, secs_since_valid_hangup;
	int bind_iface;
	int pt_serv_buf_size;
	int uid, gid;
	const uint32_t *http2_settings; /* 7 of them, or NULL */
};

struct golws_thread_config {
	uintptr_t *writable;
	uint32_t *scan_all;
	unsigned char *deferred;
	uint32_t *deferred_used;
	int epoll_fd; /* out */
	int wake_fd;  /* out */
};

/* Both return the key of the Go side, 0 when it failed (logged). */
uint32_t lwsgo_context_create(struct lws_context *context, struct golws_thread_config *threads, int count_threads,
			      int pt_serv_buf_size, int simultaneous_ssl_restriction);
uint32_t lwsgo_vhost_create(struct golws_vhost_config *config);

/* The port that a vhost listens on, which differs from what was asked for when that was 0. */
int lwsgo_vhost_port(uint32_t vhost);

/* Ends listening and all connections of a vhost; golws_vhost_gone is called when the last one is closed. */
void lwsgo_vhost_destroy(uint32_t vhost);

/* Closes all listening sockets; connections stay. How many there are, of all service threads. */
void lwsgo_context_stop_listening(uint32_t context);
int lwsgo_context_connections(uint32_t context);

/* Closes all connections and releases the context's Go side. */
void lwsgo_context_destroy(uint32_t context);

/* Handles a batch of epoll events. Sets the deadline of the next timer (or -1) and whether work is left. */
void lwsgo_service(uint32_t context, int tsi, int64_t now, void *events, int count, int64_t *next_deadline, int *busy);

/* Tells the Go side that calls from a thread that does not serve have ended. */
void lwsgo_after_call(uint32_t context, int tsi, int comes_back, int64_t *next_deadline, int *busy);

/* Sends what lws_write deferred. */
void lwsgo_send_deferred(uint32_t context, int tsi);

/* kind is enum lws_write_protocol. The length, or -1. */
int lwsgo_write(uint32_t slot, void *buffer, size_t len, int kind);

/* As if the socket had become writable. 1 where the connection ends. */
int lwsgo_writable_now(uint32_t slot);

int lwsgo_choked(uint32_t slot);
int lwsgo_raw_completed(uint32_t slot);
int lwsgo_partial_buffered(uint32_t slot);
int lwsgo_rx_flow_control(uint32_t slot, int enable);

/* Flow control of HTTP/2: bytes that may be sent, -1 where nothing limits them; 0 for success */
int64_t lwsgo_credit(uint32_t slot, int peer_to_us);
int lwsgo_give_credit(uint32_t slot, int stream, int bytes);
void lwsgo_set_timeout_us(uint32_t slot, int reason, int64_t us);
void lwsgo_set_timer_us(uint32_t slot, int64_t us);
void lwsgo_validity_confirmed(uint32_t slot);
void lwsgo_kill(uint32_t slot, int synchronous);
void lwsgo_ws_close_reason(uint32_t slot, int status, void *reason, size_t length);
int lwsgo_ws_close_payload(uint32_t slot, void *payload, size_t size);
int lwsgo_ws_set_extension_option(uint32_t slot, void *extension, void *option, void *value);

/* For every connection of a vhost's protocol on a service thread (all of them when tsi is negative) */
void lwsgo_vhost_rx_flow_allow(uint32_t vhost, int protocol);
void lwsgo_vhost_callback_all(uint32_t vhost, int protocol, int reason, void *in, size_t len);

/* Called by the Go side. */
void golws_vhost_gone(struct lws_vhost *vhost);

#endif
