/*
 * The structs of 4.1.6 that capi/soname17 converts, against the headers that Debian's libwebsockets-dev has installed:
 * compiling it is the test. Includes the installed <libwebsockets.h>, not ours.
 */
#include <stddef.h>

#include <libwebsockets.h>

#include "interface_4_1.h"

#if LWS_LIBRARY_VERSION_NUMBER != 4001006
#error "these are not the headers of 4.1.6"
#endif

#define SAME_SIZE(ours, theirs) _Static_assert(sizeof(ours) == sizeof(theirs), #theirs)
#define SAME_FIELD(ours, theirs, field)                                                                                \
	_Static_assert(offsetof(ours, field) == offsetof(theirs, field) &&                                             \
			       sizeof(((ours *)0)->field) == sizeof(((theirs *)0)->field),                             \
		       #theirs " " #field)

_Static_assert((int)GOLWS_4_1_TOKEN_CLIENT_SENT_PROTOCOLS == (int)_WSI_TOKEN_CLIENT_SENT_PROTOCOLS, "token");
_Static_assert((int)GOLWS_4_1_TOKEN_COUNT == (int)WSI_TOKEN_COUNT, "token");
SAME_SIZE(struct golws_4_1_token_limits, struct lws_token_limits);
SAME_FIELD(struct golws_4_1_token_limits, struct lws_token_limits, token_limit);

#define OPS(field) SAME_FIELD(struct golws_4_1_system_ops, struct lws_system_ops, field)
SAME_SIZE(struct golws_4_1_system_ops, struct lws_system_ops);
OPS(reboot);
OPS(set_clock);
OPS(attach);
OPS(captive_portal_detect_request);
OPS(wake_latency_us);

#define INFO(field) SAME_FIELD(struct golws_4_1_context_creation_info, struct lws_context_creation_info, field)
SAME_SIZE(struct golws_4_1_context_creation_info, struct lws_context_creation_info);
INFO(iface);
INFO(protocols);
INFO(extensions);
INFO(token_limits);
INFO(http_proxy_address);
INFO(headers);
INFO(reject_service_keywords);
INFO(pvo);
INFO(log_filepath);
INFO(mounts);
INFO(server_string);
INFO(error_document_404);
INFO(port);
INFO(http_proxy_port);
INFO(max_http_header_data2);
INFO(max_http_header_pool2);
INFO(keepalive_timeout);
INFO(http2_settings);
INFO(max_http_header_data);
INFO(max_http_header_pool);
INFO(ssl_private_key_password);
INFO(ssl_cert_filepath);
INFO(ssl_private_key_filepath);
INFO(ssl_ca_filepath);
INFO(ssl_cipher_list);
INFO(ecdh_curve);
INFO(tls1_3_plus_cipher_list);
INFO(server_ssl_cert_mem);
INFO(server_ssl_private_key_mem);
INFO(server_ssl_ca_mem);
INFO(ssl_options_set);
INFO(ssl_options_clear);
INFO(simultaneous_ssl_restriction);
INFO(ssl_info_event_mask);
INFO(server_ssl_cert_mem_len);
INFO(server_ssl_private_key_mem_len);
INFO(server_ssl_ca_mem_len);
INFO(alpn);
INFO(client_ssl_private_key_password);
INFO(client_ssl_cert_filepath);
INFO(client_ssl_cert_mem);
INFO(client_ssl_cert_mem_len);
INFO(client_ssl_private_key_filepath);
INFO(client_ssl_key_mem);
INFO(client_ssl_ca_filepath);
INFO(client_ssl_ca_mem);
INFO(client_ssl_cipher_list);
INFO(client_tls_1_3_plus_cipher_list);
INFO(ssl_client_options_set);
INFO(ssl_client_options_clear);
INFO(client_ssl_ca_mem_len);
INFO(client_ssl_key_mem_len);
INFO(provided_client_ssl_ctx);
INFO(ka_time);
INFO(ka_probes);
INFO(ka_interval);
INFO(timeout_secs);
INFO(connect_timeout_secs);
INFO(bind_iface);
INFO(timeout_secs_ah_idle);
INFO(gid);
INFO(uid);
INFO(options);
INFO(user);
INFO(count_threads);
INFO(fd_limit_per_thread);
INFO(vhost_name);
INFO(external_baggage_free_on_destroy);
INFO(pt_serv_buf_size);
INFO(fops);
INFO(caps);
INFO(count_caps);
INFO(foreign_loops);
INFO(signal_cb);
INFO(pcontext);
INFO(finalize);
INFO(finalize_arg);
INFO(listen_accept_role);
INFO(listen_accept_protocol);
INFO(pprotocols);
INFO(username);
INFO(groupname);
INFO(unix_socket_perms);
INFO(system_ops);
INFO(retry_and_idle_policy);
INFO(register_notifier_list);
INFO(rlimit_nofile);
INFO(udp_loss_sim_tx_pc);
INFO(udp_loss_sim_rx_pc);
INFO(early_smd_cb);
INFO(early_smd_opaque);
INFO(early_smd_class_filter);
INFO(_unused);

#define CONNECT(field) SAME_FIELD(struct golws_4_1_client_connect_info, struct lws_client_connect_info, field)
SAME_SIZE(struct golws_4_1_client_connect_info, struct lws_client_connect_info);
CONNECT(context);
CONNECT(address);
CONNECT(port);
CONNECT(ssl_connection);
CONNECT(path);
CONNECT(host);
CONNECT(origin);
CONNECT(protocol);
CONNECT(ietf_version_or_minus_one);
CONNECT(userdata);
CONNECT(client_exts);
CONNECT(method);
CONNECT(parent_wsi);
CONNECT(uri_replace_from);
CONNECT(uri_replace_to);
CONNECT(vhost);
CONNECT(pwsi);
CONNECT(iface);
CONNECT(local_protocol_name);
CONNECT(alpn);
CONNECT(seq);
CONNECT(opaque_user_data);
CONNECT(retry_and_idle_policy);
CONNECT(manual_initial_tx_credit);
CONNECT(sys_tls_client_cert);
CONNECT(mqtt_cp);
CONNECT(keep_warm_secs);
CONNECT(_unused);

#define ADOPT(field) SAME_FIELD(struct golws_4_1_adopt_desc, struct lws_adopt_desc, field)
SAME_SIZE(struct golws_4_1_adopt_desc, struct lws_adopt_desc);
ADOPT(vh);
ADOPT(type);
ADOPT(fd);
ADOPT(vh_prot_name);
ADOPT(parent);
ADOPT(opaque);

#define UDP(field) SAME_FIELD(struct golws_4_1_udp, struct lws_udp, field)
SAME_SIZE(struct golws_4_1_udp, struct lws_udp);
UDP(sa);
UDP(salen);
UDP(sa_pending);
UDP(salen_pending);

/* lejp.c compiles ours with this many indexes; everything else of struct lejp_ctx is the same in both interfaces. */
_Static_assert(GOLWS_4_1_LEJP_MAX_INDEX_DEPTH == LEJP_MAX_INDEX_DEPTH, "struct lejp_ctx");

int main(void)
{
	return 0;
}
