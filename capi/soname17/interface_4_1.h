/*
 * The structs of the 4.1.6 interface (soname 17) whose layout is another one in 4.2, as Debian 12 builds it. Their
 * fields mean what the ones of the same name in the public headers mean. tests/compatibility/layout.c holds them
 * against Debian's headers.
 *
 * A function golws_4_1_<name> is exported by libwebsockets.so.17 as <name>; what it calls by that name is the 4.2
 * one (names.txt, cmake/Soname17.cmake).
 */
#ifndef GOLWS_INTERFACE_4_1_H
#define GOLWS_INTERFACE_4_1_H

#include <libwebsockets.h>

_Static_assert(sizeof(void *) == 8 && sizeof(long) == 8, "these are the layouts of 64-bit machines");

/* struct lejp_ctx has this many indexes in 4.1.6; lejp.c compiles the parser with it */
#define GOLWS_4_1_LEJP_MAX_INDEX_DEPTH 5

/* enum lws_token_indexes before WSI_TOKEN_DSS_SIGNATURE was put in */
enum {
	GOLWS_4_1_TOKEN_CLIENT_SENT_PROTOCOLS = 87,
	GOLWS_4_1_TOKEN_COUNT = 95,
};

struct golws_4_1_token_limits {
	unsigned short token_limit[GOLWS_4_1_TOKEN_COUNT];
};

struct golws_4_1_system_ops {
	int (*reboot)(void);
	int (*set_clock)(lws_usec_t us);
	int (*attach)(struct lws_context *context, int tsi, lws_attach_cb_t cb, lws_system_states_t state, void *opaque,
		      struct lws_attach_item **get);
	int (*captive_portal_detect_request)(struct lws_context *context);
	uint32_t wake_latency_us;
};

struct golws_4_1_context_creation_info {
	const char *iface;
	const struct lws_protocols *protocols;
	const struct lws_extension *extensions;
	const struct golws_4_1_token_limits *token_limits;
	const char *http_proxy_address;
	const struct lws_protocol_vhost_options *headers;
	const struct lws_protocol_vhost_options *reject_service_keywords;
	const struct lws_protocol_vhost_options *pvo;
	const char *log_filepath;
	const struct lws_http_mount *mounts;
	const char *server_string;
	const char *error_document_404;
	int port;
	unsigned int http_proxy_port;
	unsigned int max_http_header_data2;
	unsigned int max_http_header_pool2;
	int keepalive_timeout;
	uint32_t http2_settings[7];
	unsigned short max_http_header_data;
	unsigned short max_http_header_pool;
	const char *ssl_private_key_password;
	const char *ssl_cert_filepath;
	const char *ssl_private_key_filepath;
	const char *ssl_ca_filepath;
	const char *ssl_cipher_list;
	const char *ecdh_curve;
	const char *tls1_3_plus_cipher_list;
	const void *server_ssl_cert_mem;
	const void *server_ssl_private_key_mem;
	const void *server_ssl_ca_mem;
	long ssl_options_set;
	long ssl_options_clear;
	int simultaneous_ssl_restriction;
	int ssl_info_event_mask;
	unsigned int server_ssl_cert_mem_len;
	unsigned int server_ssl_private_key_mem_len;
	unsigned int server_ssl_ca_mem_len;
	const char *alpn;
	const char *client_ssl_private_key_password;
	const char *client_ssl_cert_filepath;
	const void *client_ssl_cert_mem;
	unsigned int client_ssl_cert_mem_len;
	const char *client_ssl_private_key_filepath;
	const void *client_ssl_key_mem;
	const char *client_ssl_ca_filepath;
	const void *client_ssl_ca_mem;
	const char *client_ssl_cipher_list;
	const char *client_tls_1_3_plus_cipher_list;
	long ssl_client_options_set;
	long ssl_client_options_clear;
	unsigned int client_ssl_ca_mem_len;
	unsigned int client_ssl_key_mem_len;
	SSL_CTX *provided_client_ssl_ctx;
	int ka_time;
	int ka_probes;
	int ka_interval;
	unsigned int timeout_secs;
	unsigned int connect_timeout_secs;
	int bind_iface;
	unsigned int timeout_secs_ah_idle;
	int gid;
	int uid;
	uint64_t options;
	void *user;
	unsigned int count_threads;
	unsigned int fd_limit_per_thread;
	const char *vhost_name;
	void *external_baggage_free_on_destroy;
	unsigned int pt_serv_buf_size;
	const struct lws_plat_file_ops *fops;
	int caps[4];
	char count_caps;
	void **foreign_loops;
	void (*signal_cb)(void *event_lib_handle, int signum);
	struct lws_context **pcontext;
	void (*finalize)(struct lws_vhost *vh, void *arg);
	void *finalize_arg;
	const char *listen_accept_role;
	const char *listen_accept_protocol;
	const struct lws_protocols **pprotocols;
	const char *username;
	const char *groupname;
	const char *unix_socket_perms;
	const struct golws_4_1_system_ops *system_ops;
	const struct lws_retry_bo *retry_and_idle_policy;
	struct lws_state_notify_link *const *register_notifier_list;
	int rlimit_nofile;
	uint8_t udp_loss_sim_tx_pc;
	uint8_t udp_loss_sim_rx_pc;
	lws_smd_notification_cb_t early_smd_cb;
	void *early_smd_opaque;
	lws_smd_class_t early_smd_class_filter;
	void *_unused[2];
};

struct golws_4_1_client_connect_info {
	struct lws_context *context;
	const char *address;
	int port;
	int ssl_connection;
	const char *path;
	const char *host;
	const char *origin;
	const char *protocol;
	int ietf_version_or_minus_one;
	void *userdata;
	const void *client_exts;
	const char *method;
	struct lws *parent_wsi;
	const char *uri_replace_from;
	const char *uri_replace_to;
	struct lws_vhost *vhost;
	struct lws **pwsi;
	const char *iface;
	const char *local_protocol_name;
	const char *alpn;
	struct lws_sequencer *seq;
	void *opaque_user_data;
	const struct lws_retry_bo *retry_and_idle_policy;
	int manual_initial_tx_credit;
	uint8_t sys_tls_client_cert;
	void *mqtt_cp;
	uint16_t keep_warm_secs;
	void *_unused[4];
};

struct golws_4_1_adopt_desc {
	struct lws_vhost *vh;
	lws_adoption_type type;
	lws_sock_file_fd_type fd;
	const char *vh_prot_name;
	struct lws *parent;
	void *opaque;
};

struct golws_4_1_udp {
	struct sockaddr sa;
	socklen_t salen;
	struct sockaddr sa_pending;
	socklen_t salen_pending;
};

/* capi/c/adopt.c: memory for the second one, as long as the connection is for datagrams */
void *golws_datagram_other(const struct lws *wsi);

#endif
