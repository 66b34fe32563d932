/* Structs of the interface that no function takes: programs meet them behind the void pointers of a callback, or export
 * them themselves. This makes them a part of the description of the ABI; it is not a part of the library. */
#include <libwebsockets.h>

void lws_abi_callback_arguments(struct lws_pollargs *poll, struct lws_process_html_args *html,
				struct lws_filter_network_conn_args *accepted, struct lws_ssl_info *tls,
				struct lws_acme_cert_aging_args *aging, struct lws_cgi_args *cgi,
				struct lws_plugin_protocol *protocols, struct lws_plugin_evlib *loop);

void lws_abi_callback_arguments(struct lws_pollargs *poll, struct lws_process_html_args *html,
				struct lws_filter_network_conn_args *accepted, struct lws_ssl_info *tls,
				struct lws_acme_cert_aging_args *aging, struct lws_cgi_args *cgi,
				struct lws_plugin_protocol *protocols, struct lws_plugin_evlib *loop)
{
	(void)poll;
	(void)html;
	(void)accepted;
	(void)tls;
	(void)aging;
	(void)cgi;
	(void)protocols;
	(void)loop;
}
