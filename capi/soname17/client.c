/*
 * Client connections from the connect info of 4.1.6.
 */
#include "interface_4_1.h"

struct lws *golws_4_1_lws_client_connect_via_info(const struct golws_4_1_client_connect_info *from)
{
	struct lws_client_connect_info converted, *to = &converted;

	if (!from)
		return lws_client_connect_via_info(NULL);
	/* What 4.2 has beyond it stays 0. */
	memset(to, 0, sizeof(*to));

#define COPY(field) to->field = from->field
	COPY(context);
	COPY(address);
	COPY(port);
	COPY(ssl_connection);
	COPY(path);
	COPY(host);
	COPY(origin);
	COPY(protocol);
	COPY(ietf_version_or_minus_one);
	COPY(userdata);
	COPY(client_exts);
	COPY(method);
	COPY(parent_wsi);
	COPY(uri_replace_from);
	COPY(uri_replace_to);
	COPY(vhost);
	COPY(pwsi);
	COPY(iface);
	COPY(local_protocol_name);
	COPY(alpn);
	COPY(seq);
	COPY(opaque_user_data);
	COPY(retry_and_idle_policy);
	COPY(manual_initial_tx_credit);
	COPY(sys_tls_client_cert);
	COPY(mqtt_cp);
	COPY(keep_warm_secs);
#undef COPY

	return lws_client_connect_via_info(to);
}
