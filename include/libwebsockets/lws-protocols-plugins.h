#ifndef GOLWS_LWS_PROTOCOLS_PLUGINS_H
#define GOLWS_LWS_PROTOCOLS_PLUGINS_H

struct lws_protocol_vhost_options;

struct lws_protocols {
	const char *name;
	lws_callback_function *callback;
	size_t per_session_data_size;
	size_t rx_buffer_size;
	unsigned int id;
	void *user;
	size_t tx_packet_size;
};

LWS_VISIBLE LWS_EXTERN const struct lws_protocols *lws_vhost_name_to_protocol(struct lws_vhost *vh, const char *name);

LWS_VISIBLE LWS_EXTERN const struct lws_protocols *lws_get_protocol(struct lws *wsi);

LWS_VISIBLE LWS_EXTERN const struct lws_protocols *lws_protocol_get(struct lws *wsi) LWS_WARN_DEPRECATED;

LWS_VISIBLE LWS_EXTERN void *lws_protocol_vh_priv_zalloc(struct lws_vhost *vhost, const struct lws_protocols *prot, int size);

LWS_VISIBLE LWS_EXTERN void *lws_protocol_vh_priv_get(struct lws_vhost *vhost, const struct lws_protocols *prot);

LWS_VISIBLE LWS_EXTERN void *lws_vhd_find_by_pvo(struct lws_context *cx, const char *protname, const char *pvo_name, const char *pvo_value);

LWS_VISIBLE LWS_EXTERN void *lws_adjust_protocol_psds(struct lws *wsi, size_t new_size);

LWS_VISIBLE LWS_EXTERN int lws_finalize_startup(struct lws_context *context);

LWS_VISIBLE LWS_EXTERN const struct lws_protocol_vhost_options *lws_pvo_search(const struct lws_protocol_vhost_options *pvo, const char *name);

LWS_VISIBLE LWS_EXTERN int lws_pvo_get_str(void *in, const char *name, const char **result);

LWS_VISIBLE LWS_EXTERN int lws_protocol_init(struct lws_context *context);

#endif
