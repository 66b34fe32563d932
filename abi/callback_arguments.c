/* Structs of the interface that no function takes: programs meet them behind void pointers, fill them in for inline
 * functions, or export them themselves. This makes them a part of the description of the ABI; it is not a part of the
 * library. */
#include <libwebsockets.h>

#define BEHIND_VOID_POINTERS(T)                                                                                        \
	T(lws_pollargs)                                                                                                \
	T(lws_process_html_args)                                                                                       \
	T(lws_filter_network_conn_args)                                                                                \
	T(lws_ssl_info)                                                                                                \
	T(lws_acme_cert_aging_args)                                                                                    \
	T(lws_cgi_args)                                                                                                \
	T(lws_dir_glob)                                                                                                \
	T(lws_ext_option_arg)                                                                                          \
	T(lws_write_passthru)                                                                                          \
	T(lws_tokens)                                                                                                  \
	T(lws_metric_caliper)                                                                                          \
	T(lws_plugin)                                                                                                  \
	T(lws_plugin_protocol)                                                                                         \
	T(lws_plugin_evlib)

#define FUNCTION(name)                                                                                                 \
	void lws_abi_struct_##name(struct name *pointer);                                                              \
	void lws_abi_struct_##name(struct name *pointer)                                                               \
	{                                                                                                              \
		(void)pointer;                                                                                         \
	}
BEHIND_VOID_POINTERS(FUNCTION)
