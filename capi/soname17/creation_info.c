/*
 * Contexts and vhosts from the creation info of 4.1.6.
 */
#include "interface_4_1.h"
#include "system_ops.h"

/* The two interfaces have the fields in another order, and 4.2 has more of them, which stay 0. */
static void convert(struct lws_context_creation_info *to, struct lws_token_limits *limits,
		    const struct golws_4_1_context_creation_info *from)
{
	memset(to, 0, sizeof(*to));
	memset(limits, 0, sizeof(*limits));

#define COPY(field) to->field = from->field
	COPY(iface);
	COPY(protocols);
	COPY(extensions);
	COPY(http_proxy_address);
	COPY(headers);
	COPY(reject_service_keywords);
	COPY(pvo);
	COPY(log_filepath);
	COPY(mounts);
	COPY(server_string);
	COPY(error_document_404);
	COPY(port);
	COPY(http_proxy_port);
	COPY(max_http_header_data2);
	COPY(max_http_header_pool2);
	COPY(keepalive_timeout);
	COPY(max_http_header_data);
	COPY(max_http_header_pool);
	COPY(ssl_private_key_password);
	COPY(ssl_cert_filepath);
	COPY(ssl_private_key_filepath);
	COPY(ssl_ca_filepath);
	COPY(ssl_cipher_list);
	COPY(ecdh_curve);
	COPY(tls1_3_plus_cipher_list);
	COPY(server_ssl_cert_mem);
	COPY(server_ssl_private_key_mem);
	COPY(server_ssl_ca_mem);
	COPY(ssl_options_set);
	COPY(ssl_options_clear);
	COPY(simultaneous_ssl_restriction);
	COPY(ssl_info_event_mask);
	COPY(server_ssl_cert_mem_len);
	COPY(server_ssl_private_key_mem_len);
	COPY(server_ssl_ca_mem_len);
	COPY(alpn);
	COPY(client_ssl_private_key_password);
	COPY(client_ssl_cert_filepath);
	COPY(client_ssl_cert_mem);
	COPY(client_ssl_cert_mem_len);
	COPY(client_ssl_private_key_filepath);
	COPY(client_ssl_key_mem);
	COPY(client_ssl_ca_filepath);
	COPY(client_ssl_ca_mem);
	COPY(client_ssl_cipher_list);
	COPY(client_tls_1_3_plus_cipher_list);
	COPY(ssl_client_options_set);
	COPY(ssl_client_options_clear);
	COPY(client_ssl_ca_mem_len);
	COPY(client_ssl_key_mem_len);
	COPY(provided_client_ssl_ctx);
	COPY(ka_time);
	COPY(ka_probes);
	COPY(ka_interval);
	COPY(timeout_secs);
	COPY(connect_timeout_secs);
	COPY(bind_iface);
	COPY(timeout_secs_ah_idle);
	COPY(options);
	COPY(user);
	COPY(count_threads);
	COPY(fd_limit_per_thread);
	COPY(vhost_name);
	COPY(external_baggage_free_on_destroy);
	COPY(pt_serv_buf_size);
	COPY(fops);
	COPY(count_caps);
	COPY(foreign_loops);
	COPY(signal_cb);
	COPY(pcontext);
	COPY(finalize);
	COPY(finalize_arg);
	COPY(listen_accept_role);
	COPY(listen_accept_protocol);
	COPY(pprotocols);
	COPY(username);
	COPY(groupname);
	COPY(unix_socket_perms);
	COPY(retry_and_idle_policy);
	COPY(register_notifier_list);
	COPY(rlimit_nofile);
	COPY(early_smd_cb);
	COPY(early_smd_opaque);
	COPY(early_smd_class_filter);
#undef COPY
	memcpy(to->http2_settings, from->http2_settings, sizeof(to->http2_settings));
	memcpy(to->caps, from->caps, sizeof(to->caps));
	to->uid = (uid_t)from->uid;
	to->gid = (gid_t)from->gid;

	to->system_ops = golws_system_ops_from_4_1(from->system_ops);

	if (from->token_limits) {
		const unsigned short *old = from->token_limits->token_limit;
		int i;

		for (i = 0; i < GOLWS_4_1_TOKEN_COUNT; i++)
			limits->token_limit[i < GOLWS_4_1_TOKEN_CLIENT_SENT_PROTOCOLS ? i : i + 1] = old[i];
		to->token_limits = limits;
	}
}

struct lws_context *golws_4_1_lws_create_context(const struct golws_4_1_context_creation_info *info)
{
	struct lws_context_creation_info converted;
	struct lws_token_limits limits;

	if (!info)
		return lws_create_context(NULL);
	convert(&converted, &limits, info);
	return lws_create_context(&converted);
}

struct lws_vhost *golws_4_1_lws_create_vhost(struct lws_context *context,
					     const struct golws_4_1_context_creation_info *info)
{
	struct lws_context_creation_info converted;
	struct lws_token_limits limits;

	if (!info)
		return lws_create_vhost(context, NULL);
	convert(&converted, &limits, info);
	return lws_create_vhost(context, &converted);
}

int golws_4_1_lws_init_vhost_client_ssl(const struct golws_4_1_context_creation_info *info, struct lws_vhost *vhost)
{
	struct lws_context_creation_info converted;
	struct lws_token_limits limits;

	if (!info)
		return 1;
	convert(&converted, &limits, info);
	return lws_init_vhost_client_ssl(&converted, vhost);
}

/* What options ask for goes to logs and to the process; the fields that 4.2 sets are not among those of 4.1.6. */
void golws_4_1_lws_cmdline_option_handle_builtin(int argc, const char **argv,
						 struct golws_4_1_context_creation_info *info)
{
	struct lws_context_creation_info unused;

	(void)info;
	memset(&unused, 0, sizeof(unused));
	lws_cmdline_option_handle_builtin(argc, argv, &unused);
}
