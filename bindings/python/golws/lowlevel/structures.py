"""The structs, unions, typedefs and types of callbacks of the C interface.

Structs that the header leaves incomplete are handles, which ctypes passes as addresses (c_void_p).

Generated from include/libwebsockets.h by bindings/python/generate; do not edit.
"""

from __future__ import annotations

from ctypes import (CFUNCTYPE, POINTER, Structure, Union, c_bool, c_byte, c_char, c_char_p, c_double, c_float, c_int, c_int8,
                    c_int16, c_int32, c_int64, c_long, c_longlong, c_short, c_size_t, c_ssize_t, c_ubyte, c_uint, c_uint8,
                    c_uint16, c_uint32, c_uint64, c_ulong, c_ulonglong, c_ushort, c_void_p, c_wchar)


class uv_lib_t(Structure):
    """uv_lib_t"""


class in_addr(Structure):
    """struct in_addr"""


class in6_addr_anonymous0(Union):
    """within struct in6_addr"""


class in6_addr(Structure):
    """struct in6_addr"""


class sockaddr_in(Structure):
    """struct sockaddr_in"""


class sockaddr_in6(Structure):
    """struct sockaddr_in6"""


class sockaddr_storage(Structure):
    """struct sockaddr_storage"""


class pollfd(Structure):
    """struct pollfd"""


class timeval(Structure):
    """struct timeval"""


class timespec(Structure):
    """struct timespec"""


class sockaddr(Structure):
    """struct sockaddr"""


class lws_pollargs(Structure):
    """struct lws_pollargs"""


class lws_dll2(Structure):
    """struct lws_dll2"""


class lws_dll2_owner(Structure):
    """struct lws_dll2_owner"""


class lws_xos(Structure):
    """struct lws_xos"""


class lws_sorted_usec_list(Structure):
    """struct lws_sorted_usec_list"""


class lws_state_manager(Structure):
    """struct lws_state_manager"""


class lws_state_notify_link(Structure):
    """struct lws_state_notify_link"""


class lws_retry_bo(Structure):
    """struct lws_retry_bo"""


class lws_sock_file_fd_type(Union):
    """lws_sock_file_fd_type"""


class lws_sockaddr46(Union):
    """lws_sockaddr46"""


class lws_udp(Structure):
    """struct lws_udp"""


class lws_adopt_desc(Structure):
    """struct lws_adopt_desc"""


class lws_dns_score(Structure):
    """struct lws_dns_score"""


class lws_route(Structure):
    """struct lws_route"""


class lws_metrics_tag(Structure):
    """struct lws_metrics_tag"""


class lws_metric_bucket(Structure):
    """struct lws_metric_bucket"""


class lws_metric_pub_u_agg(Structure):
    """within struct lws_metric_pub.u.agg"""


class lws_metric_pub_u_hist(Structure):
    """within struct lws_metric_pub.u.hist"""


class lws_metric_pub_u(Union):
    """within struct lws_metric_pub.u"""


class lws_metric_pub(Structure):
    """struct lws_metric_pub"""


class lws_metric_caliper(Structure):
    """struct lws_metric_caliper"""


class lws_system_ops(Structure):
    """struct lws_system_ops"""


class lws_dhcpc_ifstate(Structure):
    """struct lws_dhcpc_ifstate"""


class lws_ssl_info(Structure):
    """struct lws_ssl_info"""


class lws_acme_cert_aging_args(Structure):
    """struct lws_acme_cert_aging_args"""


class lws_filter_network_conn_args(Structure):
    """struct lws_filter_network_conn_args"""


class lws_ext_options(Structure):
    """struct lws_ext_options"""


class lws_ext_option_arg(Structure):
    """struct lws_ext_option_arg"""


class lws_extension(Structure):
    """struct lws_extension"""


class lws_protocol_vhost_options(Structure):
    """struct lws_protocol_vhost_options"""


class lws_protocols(Structure):
    """struct lws_protocols"""


class lws_plugin_header(Structure):
    """struct lws_plugin_header"""


class lws_plugin_protocol(Structure):
    """struct lws_plugin_protocol"""


class lws_plugin_u(Union):
    """within struct lws_plugin.u"""


class lws_plugin(Structure):
    """struct lws_plugin"""


class lws_plugin_evlib(Structure):
    """struct lws_plugin_evlib"""


class lws_http_mount(Structure):
    """struct lws_http_mount"""


class lws_metric_policy(Structure):
    """struct lws_metric_policy"""


class lws_fops_index(Structure):
    """struct lws_fops_index"""


class lws_plat_file_ops(Structure):
    """struct lws_plat_file_ops"""


class lws_token_limits(Structure):
    """struct lws_token_limits"""


class lws_context_creation_info(Structure):
    """struct lws_context_creation_info"""


class lws_conmon(Structure):
    """struct lws_conmon"""


class lws_mqtt_fixed_hdr_t_flags(Structure):
    """within lws_mqtt_fixed_hdr_t.flags"""


class lws_mqtt_fixed_hdr_t(Union):
    """lws_mqtt_fixed_hdr_t"""


class lws_mqtt_client_connect_param_s_will_param(Structure):
    """within struct lws_mqtt_client_connect_param_s.will_param"""


class lws_mqtt_client_connect_param_s(Structure):
    """struct lws_mqtt_client_connect_param_s"""


class lws_mqtt_publish_param_s(Structure):
    """struct lws_mqtt_publish_param_s"""


class topic_elem(Structure):
    """struct topic_elem"""


class lws_mqtt_subscribe_param_s(Structure):
    """struct lws_mqtt_subscribe_param_s"""


class lws_client_connect_info(Structure):
    """struct lws_client_connect_info"""


class lws_keep_connected_status(Structure):
    """struct lws_keep_connected_status"""


class lws_process_html_args(Structure):
    """struct lws_process_html_args"""


class lws_process_html_state(Structure):
    """struct lws_process_html_state"""


class lws_tokens(Structure):
    """struct lws_tokens"""


class lws_spa_create_info(Structure):
    """struct lws_spa_create_info"""


class lws_humanize_unit(Structure):
    """struct lws_humanize_unit"""


class lws_dir_entry(Structure):
    """struct lws_dir_entry"""


class lws_dir_glob(Structure):
    """struct lws_dir_glob"""


class lws_wifi_scan(Structure):
    """struct lws_wifi_scan"""


class lws_spawn_piped_info(Structure):
    """struct lws_spawn_piped_info"""


class lws_fsmount(Structure):
    """struct lws_fsmount"""


class lws_write_passthru(Structure):
    """struct lws_write_passthru"""


class lws_b64state(Structure):
    """struct lws_b64state"""


class lws_tls_cert_info_results_ns(Structure):
    """within union lws_tls_cert_info_results.ns"""


class lws_tls_cert_info_results(Union):
    """union lws_tls_cert_info_results"""


class lws_gencrypto_keyelem(Structure):
    """struct lws_gencrypto_keyelem"""


class lws_jwk(Structure):
    """struct lws_jwk"""


class lws_cgi_args(Structure):
    """struct lws_cgi_args"""


class lws_fop_fd(Structure):
    """struct lws_fop_fd"""


class _lejp_parsing_stack(Structure):
    """struct _lejp_parsing_stack"""


class _lejp_stack(Structure):
    """struct _lejp_stack"""


class lejp_ctx(Structure):
    """struct lejp_ctx"""


class lejp_collation(Structure):
    """struct lejp_collation"""


class lws_struct_map(Structure):
    """struct lws_struct_map"""


class lws_struct_args(Structure):
    """struct lws_struct_args"""


class lws_struct_serialize_st(Structure):
    """struct lws_struct_serialize_st"""


class lws_struct_serialize(Structure):
    """struct lws_struct_serialize"""


class lws_threadpool_create_args(Structure):
    """struct lws_threadpool_create_args"""


class lws_threadpool_task_args(Structure):
    """struct lws_threadpool_task_args"""


class lws_tokenize(Structure):
    """struct lws_tokenize"""


class lws_strexp(Structure):
    """struct lws_strexp"""


class lws_fts_result_filepath(Structure):
    """struct lws_fts_result_filepath"""


class lws_fts_result_autocomplete(Structure):
    """struct lws_fts_result_autocomplete"""


class lws_fts_result(Structure):
    """struct lws_fts_result"""


class lws_fts_search_params(Structure):
    """struct lws_fts_search_params"""


class lws_seq_info(Structure):
    """struct lws_seq_info"""


class lws_ss_policy_u_http_u_ws(Structure):
    """within struct lws_ss_policy.u.http.u.ws"""


class lws_ss_policy_u_http_u(Union):
    """within struct lws_ss_policy.u.http.u"""


class lws_ss_policy_u_http(Structure):
    """within struct lws_ss_policy.u.http"""


class lws_ss_policy_u_mqtt(Structure):
    """within struct lws_ss_policy.u.mqtt"""


class lws_ss_policy_u(Union):
    """within struct lws_ss_policy.u"""


class lws_ss_policy_trust_server(Structure):
    """within struct lws_ss_policy.trust.server"""


class lws_ss_policy_trust(Union):
    """within struct lws_ss_policy.trust"""


class lws_ss_policy(Structure):
    """struct lws_ss_policy"""


class lws_ss_info(Structure):
    """struct lws_ss_info"""


class lws_ss_x509(Structure):
    """struct lws_ss_x509"""


class lws_ss_trust_store(Structure):
    """struct lws_ss_trust_store"""


class lws_ss_metadata(Structure):
    """struct lws_ss_metadata"""


class lws_ss_http_respmap(Structure):
    """struct lws_ss_http_respmap"""


class lws_ss_auth(Structure):
    """struct lws_ss_auth"""


class lws_token_map_u(Union):
    """within struct lws_token_map.u"""


class lws_token_map(Structure):
    """struct lws_token_map"""


class lws_abs_transport(Structure):
    """struct lws_abs_transport"""


class lws_abs_protocol(Structure):
    """struct lws_abs_protocol"""


class lws_unit_test_packet(Structure):
    """struct lws_unit_test_packet"""


class lws_unit_test(Structure):
    """struct lws_unit_test"""


class lws_test_sequencer_args(Structure):
    """struct lws_test_sequencer_args"""


class lws_tls_session_dump(Structure):
    """struct lws_tls_session_dump"""


class lws_genhash_ctx(Structure):
    """struct lws_genhash_ctx"""


class lws_genhmac_ctx(Structure):
    """struct lws_genhmac_ctx"""


class lws_genrsa_ctx(Structure):
    """struct lws_genrsa_ctx"""


class lws_genaes_ctx(Structure):
    """struct lws_genaes_ctx"""


class lws_ec_curves(Structure):
    """struct lws_ec_curves"""


class lws_genec_ctx(Structure):
    """struct lws_genec_ctx"""


class lws_jwk_parse_state(Structure):
    """struct lws_jwk_parse_state"""


class lws_jose_jwe_alg(Structure):
    """struct lws_jose_jwe_alg"""


class lws_jws_recpient(Structure):
    """struct lws_jws_recpient"""


class lws_jose(Structure):
    """struct lws_jose"""


class lws_jws_map(Structure):
    """struct lws_jws_map"""


class lws_jws(Structure):
    """struct lws_jws"""


class lws_jwt_sign_info(Structure):
    """struct lws_jwt_sign_info"""


class lws_jwt_sign_set_cookie(Structure):
    """struct lws_jwt_sign_set_cookie"""


class lws_jwe(Structure):
    """struct lws_jwe"""


class lws_i2c_ops(Structure):
    """struct lws_i2c_ops"""


class lws_spi_desc(Structure):
    """struct lws_spi_desc"""


class lws_spi_ops(Structure):
    """struct lws_spi_ops"""


class lws_gpio_ops(Structure):
    """struct lws_gpio_ops"""


class lws_bb_i2c(Structure):
    """struct lws_bb_i2c"""


class lws_bb_spi(Structure):
    """struct lws_bb_spi"""


class lws_button_regime(Structure):
    """struct lws_button_regime"""


class lws_button_map(Structure):
    """struct lws_button_map"""


class lws_button_controller(Structure):
    """struct lws_button_controller"""


class lws_pwm_ops(Structure):
    """struct lws_pwm_ops"""


class lws_led_sequence_def_t(Structure):
    """struct lws_led_sequence_def_t"""


class lws_led_state_ch(Structure):
    """struct lws_led_state_ch"""


class lws_led_state_chs(Structure):
    """struct lws_led_state_chs"""


class lws_led_ops(Structure):
    """struct lws_led_ops"""


class lws_led_gpio_map(Structure):
    """struct lws_led_gpio_map"""


class lws_led_gpio_controller(Structure):
    """struct lws_led_gpio_controller"""


class lws_pwm_map(Structure):
    """struct lws_pwm_map"""


class lws_display(Structure):
    """struct lws_display"""


class lws_display_state(Structure):
    """struct lws_display_state"""


class lws_display_ssd1306(Structure):
    """struct lws_display_ssd1306"""


class lws_display_ili9341(Structure):
    """struct lws_display_ili9341"""


class lws_settings_ops(Structure):
    """struct lws_settings_ops"""


class lws_settings_instance_t(Structure):
    """lws_settings_instance_t"""


class lws_netdev_instance(Structure):
    """struct lws_netdev_instance"""


class lws_netdev_config(Structure):
    """struct lws_netdev_config"""


class lws_netdev_ops(Structure):
    """struct lws_netdev_ops"""


class lws_netdevs(Structure):
    """struct lws_netdevs"""


class lws_wifi_creds(Structure):
    """struct lws_wifi_creds"""


class lws_netdev_instance_wifi(Structure):
    """struct lws_netdev_instance_wifi"""


class lws_wifi_sta(Structure):
    """struct lws_wifi_sta"""


lws_filepos_t = c_ulonglong
lws_fileofs_t = c_longlong
lws_fop_flags_t = c_uint32
lws_usec_t = c_int64
lws_sockfd_type = c_int
lws_filefd_type = c_int
lws_ctx_t = c_void_p
lws_dll2_t = lws_dll2
lws_dll2_owner_t = lws_dll2_owner
lws_xos_t = lws_xos
sul_cb_t = CFUNCTYPE(None, POINTER(lws_sorted_usec_list))
lws_sorted_usec_list_t = lws_sorted_usec_list
lws_smd_class_t = c_uint32
lws_state_notify_t = CFUNCTYPE(c_int, POINTER(lws_state_manager), POINTER(lws_state_notify_link), c_int, c_int)
lws_state_notify_link_t = lws_state_notify_link
lws_state_manager_t = lws_state_manager
lws_retry_bo_t = lws_retry_bo
lws_adopt_desc_t = lws_adopt_desc
lws_route_uidx_t = c_uint8
lws_dns_score_t = lws_dns_score
lws_route_t = lws_route
u_mt_t = c_uint64
lws_metrics_tag_t = lws_metrics_tag
lws_metric_bucket_t = lws_metric_bucket
lws_metric_pub_t = lws_metric_pub
lws_metric_caliper_t = lws_metric_caliper
lws_attach_cb_t = CFUNCTYPE(None, c_void_p, c_int, c_void_p)
lws_system_ops_t = lws_system_ops
lws_dhcpc_ifstate_t = lws_dhcpc_ifstate
dhcpc_cb_t = CFUNCTYPE(c_int, c_void_p, POINTER(lws_dhcpc_ifstate))
lws_callback_function = CFUNCTYPE(c_int, c_void_p, c_uint, c_void_p, c_void_p, c_size_t)
lws_extension_callback_function = CFUNCTYPE(c_int, c_void_p, POINTER(lws_extension), c_void_p, c_uint, c_void_p,
                                            c_void_p, c_size_t)
lws_plugin_header_t = lws_plugin_header
lws_plugin_protocol_t = lws_plugin_protocol
lws_plugin_evlib_t = lws_plugin_evlib
each_plugin_cb_t = CFUNCTYPE(c_int, POINTER(lws_plugin), c_void_p)
lws_context_ready_cb_t = CFUNCTYPE(c_int, c_void_p)
lws_reload_func = CFUNCTYPE(c_int)
lws_conmon_interval_us_t = c_uint32
lws_mqtt_client_connect_param_t = lws_mqtt_client_connect_param_s
lws_mqtt_publish_param_t = lws_mqtt_publish_param_s
lws_mqtt_topic_elem_t = topic_elem
lws_mqtt_subscribe_param_t = lws_mqtt_subscribe_param_s
lws_keep_connected_cb_t = CFUNCTYPE(None, c_void_p, POINTER(lws_keep_connected_status), c_void_p)
lws_process_html_state_cb = CFUNCTYPE(c_void_p, c_void_p, c_int)
lws_spa_fileupload_cb = CFUNCTYPE(c_int, c_void_p, c_char_p, c_char_p, c_void_p, c_int, c_uint)
lws_spa_create_info_t = lws_spa_create_info
lws_humanize_unit_t = lws_humanize_unit
lws_dir_callback_function = CFUNCTYPE(c_int, c_char_p, c_void_p, POINTER(lws_dir_entry))
lws_dir_glob_cb_t = CFUNCTYPE(c_int, c_void_p, c_char_p)
lws_dir_glob_t = lws_dir_glob
lsp_cb_t = CFUNCTYPE(None, c_void_p, POINTER(c_int64), c_void_p, c_int)
lws_service_post_callback = CFUNCTYPE(None, c_void_p, c_int, c_void_p)
lws_fop_fd_t = POINTER(lws_fop_fd)
lejp_callback = CFUNCTYPE(c_byte, POINTER(lejp_ctx), c_char)
lejp_collation_t = lejp_collation
lws_struct_map_t = lws_struct_map
lws_struct_args_cb = CFUNCTYPE(c_int, c_void_p, c_void_p)
lws_struct_args_t = lws_struct_args
lws_struct_serialize_st_t = lws_struct_serialize_st
lws_struct_serialize_t = lws_struct_serialize
lws_tokenize_t = lws_tokenize
lws_strexp_expand_cb = CFUNCTYPE(c_int, c_void_p, c_char_p, c_void_p, POINTER(c_size_t), c_size_t, POINTER(c_size_t))
lws_strexp_t = lws_strexp
lwsac_cached_file_t = POINTER(c_ubyte)
lws_list_ptr = c_void_p
lws_list_ptr_sort_func_t = CFUNCTYPE(c_int, c_void_p, c_void_p)
lws_seq_event_cb = CFUNCTYPE(c_uint, c_void_p, c_void_p, c_int, c_void_p, c_void_p)
lws_seq_info_t = lws_seq_info
lws_ss_tx_ordinal_t = c_uint32
lws_sscb_rx = CFUNCTYPE(c_int, c_void_p, c_void_p, c_size_t, c_int)
lws_ss_info_t = lws_ss_info
lws_sssfec_cb = CFUNCTYPE(None, c_void_p, c_void_p)
plugin_auth_status_cb = CFUNCTYPE(c_int, c_void_p, c_int)
lws_metric_policy_t = lws_metric_policy
lws_ss_x509_t = lws_ss_x509
lws_ss_trust_store_t = lws_ss_trust_store
lws_ss_metadata_t = lws_ss_metadata
lws_ss_http_respmap_t = lws_ss_http_respmap
lws_ss_auth_t = lws_ss_auth
lws_ss_policy_t = lws_ss_policy
lws_token_map_t = lws_token_map
lws_abs_protocol_t = lws_abs_protocol
lws_abs_transport_t = lws_abs_transport
lws_unit_test_packet_test_cb = CFUNCTYPE(c_int, c_void_p, c_int)
lws_unit_test_packet_cb = CFUNCTYPE(c_int, c_void_p)
lws_unit_test_packet_t = lws_unit_test_packet
lws_unit_test_t = lws_unit_test
lws_test_sequence_cb = CFUNCTYPE(None, c_void_p)
lws_test_sequencer_args_t = lws_test_sequencer_args
lws_async_dns_cb_t = CFUNCTYPE(c_void_p, c_void_p, c_char_p, c_void_p, c_int, c_void_p)
lws_tls_sess_cb_t = CFUNCTYPE(c_int, c_void_p, POINTER(lws_tls_session_dump))
lws_jwk_key_import_callback = CFUNCTYPE(c_int, POINTER(lws_jwk), c_void_p)
lws_i2c_ops_t = lws_i2c_ops
lws_spi_cb_t = CFUNCTYPE(c_int, c_void_p)
lws_spi_desc_t = lws_spi_desc
lws_spi_ops_t = lws_spi_ops
_lws_plat_gpio_t = c_int
lws_gpio_irq_cb_t = CFUNCTYPE(None, c_void_p)
lws_gpio_ops_t = lws_gpio_ops
lws_bb_i2c_t = lws_bb_i2c
lws_bb_spi_t = lws_bb_spi
lws_button_idx_t = c_uint16
lws_button_regime_t = lws_button_regime
lws_button_map_t = lws_button_map
lws_button_controller_t = lws_button_controller
lws_led_intensity_t = c_uint16
lws_led_seq_phase_t = c_uint16
lws_led_state_ch_t = lws_led_state_ch
lws_led_state_chs_t = lws_led_state_chs
lws_led_ops_t = lws_led_ops
lws_led_gpio_map_t = lws_led_gpio_map
lws_led_gpio_controller_t = lws_led_gpio_controller
lws_pwm_map_t = lws_pwm_map
lws_pwm_ops_t = lws_pwm_ops
lws_display_scalar = c_uint16
lws_display_t = lws_display
lws_display_state_t = lws_display_state
lws_display_ssd1306_t = lws_display_ssd1306
lws_display_ili9341_t = lws_display_ili9341
lws_settings_ops_t = lws_settings_ops
lws_wifi_ch_t = c_uint8
lws_wifi_rssi_t = c_int8
lws_netdev_config_t = lws_netdev_config
lws_netdev_ops_t = lws_netdev_ops
lws_netdevs_t = lws_netdevs
lws_netdev_instance_t = lws_netdev_instance
lws_wifi_creds_t = lws_wifi_creds
lws_netdev_instance_wifi_t = lws_netdev_instance_wifi
lws_wifi_sta_t = lws_wifi_sta
lws_smd_notification_cb_t = CFUNCTYPE(c_int, c_void_p, lws_smd_class_t, lws_usec_t, c_void_p, c_size_t)
lws_dns_sort_t = lws_route_t
lws_peer_limits_notify_t = CFUNCTYPE(c_int, c_void_p, lws_sockfd_type, POINTER(lws_sockaddr46))
lws_sscb_tx = CFUNCTYPE(c_int, c_void_p, lws_ss_tx_ordinal_t, c_void_p, POINTER(c_size_t), POINTER(c_int))
lws_sscb_state = CFUNCTYPE(c_int, c_void_p, c_void_p, c_uint, lws_ss_tx_ordinal_t)
lws_button_cb_t = CFUNCTYPE(None, c_void_p, lws_button_idx_t, c_int)
lws_led_lookup_t = CFUNCTYPE(c_uint16, lws_led_seq_phase_t)

uv_lib_t._fields_ = [
    ("handle", c_void_p),
    ("errmsg", POINTER(c_char)),
]

in_addr._fields_ = [
    ("s_addr", c_uint32),
]

in6_addr_anonymous0._fields_ = [
    ("s6_addr", c_uint8 * 16),
    ("words", c_uint32 * 4),
]

in6_addr._anonymous_ = ('anonymous0',)
in6_addr._fields_ = [
    ("anonymous0", in6_addr_anonymous0),
]

sockaddr_in._fields_ = [
    ("sin_family", c_ushort),
    ("sin_port", c_uint16),
    ("sin_addr", in_addr),
    ("sin_zero", c_uint8 * 8),
]

sockaddr_in6._fields_ = [
    ("sin6_family", c_ushort),
    ("sin6_port", c_uint16),
    ("sin6_flowinfo", c_uint32),
    ("sin6_addr", in6_addr),
    ("sin6_scope_id", c_uint32),
]

sockaddr_storage._fields_ = [
    ("ss_family", c_ushort),
    ("padding", c_char * 118),
    ("align", c_ulong),
]

pollfd._fields_ = [
    ("fd", c_int),
    ("events", c_short),
    ("revents", c_short),
]

timeval._fields_ = [
    ("tv_sec", c_long),
    ("tv_usec", c_long),
]

timespec._fields_ = [
    ("tv_sec", c_long),
    ("tv_nsec", c_long),
]

sockaddr._fields_ = [
    ("sa_family", c_ushort),
    ("sa_data", c_char * 14),
]

lws_pollargs._fields_ = [
    ("fd", lws_sockfd_type),
    ("events", c_int),
    ("prev_events", c_int),
]

lws_dll2._fields_ = [
    ("prev", POINTER(lws_dll2)),
    ("next", POINTER(lws_dll2)),
    ("owner", POINTER(lws_dll2_owner)),
]

lws_dll2_owner._fields_ = [
    ("tail", POINTER(lws_dll2)),
    ("head", POINTER(lws_dll2)),
    ("count", c_uint32),
]

lws_xos._fields_ = [
    ("s", c_uint64 * 4),
]

lws_sorted_usec_list._fields_ = [
    ("list", lws_dll2),
    ("us", lws_usec_t),
    ("cb", sul_cb_t),
    ("latency_us", c_uint32),
]

lws_state_manager._fields_ = [
    ("notify_list", lws_dll2_owner_t),
    ("context", c_void_p),
    ("parent", c_void_p),
    ("smd_class", lws_smd_class_t),
    ("state_names", POINTER(c_char_p)),
    ("name", c_char_p),
    ("state", c_int),
]

lws_state_notify_link._fields_ = [
    ("list", lws_dll2_t),
    ("notify_cb", lws_state_notify_t),
    ("name", c_char_p),
]

lws_retry_bo._fields_ = [
    ("retry_ms_table", POINTER(c_uint32)),
    ("retry_ms_table_count", c_uint16),
    ("conceal_count", c_uint16),
    ("secs_since_valid_ping", c_uint16),
    ("secs_since_valid_hangup", c_uint16),
    ("jitter_percent", c_uint8),
]

lws_sock_file_fd_type._fields_ = [
    ("sockfd", lws_sockfd_type),
    ("filefd", lws_filefd_type),
]

lws_sockaddr46._fields_ = [
    ("sa6", sockaddr_in6),
    ("sa4", sockaddr_in),
]

lws_udp._fields_ = [
    ("sa46", lws_sockaddr46),
    ("sa46_pending", lws_sockaddr46),
    ("connected", c_uint8, 1),
]

lws_adopt_desc._fields_ = [
    ("vh", c_void_p),
    ("type", c_uint),
    ("fd", lws_sock_file_fd_type),
    ("vh_prot_name", c_char_p),
    ("parent", c_void_p),
    ("opaque", c_void_p),
    ("fi_wsi_name", c_char_p),
]

lws_dns_score._fields_ = [
    ("precedence", c_uint8),
    ("label", c_uint8),
]

lws_route._fields_ = [
    ("list", lws_dll2_t),
    ("src", lws_sockaddr46),
    ("dest", lws_sockaddr46),
    ("gateway", lws_sockaddr46),
    ("source", POINTER(lws_route)),
    ("score", lws_dns_score_t),
    ("if_idx", c_int),
    ("priority", c_int),
    ("ifa_flags", c_int),
    ("uidx", lws_route_uidx_t),
    ("proto", c_uint8),
    ("dest_len", c_uint8),
    ("src_len", c_uint8),
    ("scope", c_uint8),
    ("af", c_uint8),
    ("source_ads", c_uint8, 1),
]

lws_metrics_tag._fields_ = [
    ("list", lws_dll2_t),
    ("name", c_char_p),
]

lws_metric_bucket._fields_ = [
    ("next", POINTER(lws_metric_bucket)),
    ("count", c_uint64),
]

lws_metric_pub_u_agg._fields_ = [
    ("sum", u_mt_t * 2),
    ("min", u_mt_t),
    ("max", u_mt_t),
    ("count", c_uint32 * 2),
]

lws_metric_pub_u_hist._fields_ = [
    ("head", POINTER(lws_metric_bucket)),
    ("total_count", c_uint64),
    ("list_size", c_uint32),
]

lws_metric_pub_u._fields_ = [
    ("agg", lws_metric_pub_u_agg),
    ("hist", lws_metric_pub_u_hist),
]

lws_metric_pub._fields_ = [
    ("name", c_char_p),
    ("backend_opaque", c_void_p),
    ("us_first", lws_usec_t),
    ("us_last", lws_usec_t),
    ("us_dumped", lws_usec_t),
    ("u", lws_metric_pub_u),
    ("flags", c_uint8),
]

lws_metric_caliper._fields_ = [
    ("mtags_owner", lws_dll2_owner),
    ("mt", c_void_p),
    ("us_start", lws_usec_t),
]

lws_system_ops._fields_ = [
    ("reboot", CFUNCTYPE(c_int)),
    ("set_clock", CFUNCTYPE(c_int, lws_usec_t)),
    ("attach", CFUNCTYPE(c_int, c_void_p, c_int, lws_attach_cb_t, c_uint, c_void_p, POINTER(c_void_p))),
    ("captive_portal_detect_request", CFUNCTYPE(c_int, c_void_p)),
    ("metric_report", CFUNCTYPE(c_int, POINTER(lws_metric_pub))),
    ("wake_latency_us", c_uint32),
]

lws_dhcpc_ifstate._fields_ = [
    ("ifname", c_char * 16),
    ("domain", c_char * 64),
    ("mac", c_uint8 * 6),
    ("nums", c_uint32 * 5),
    ("sa46", lws_sockaddr46 * 8),
]

lws_ssl_info._fields_ = [
    ("where", c_int),
    ("ret", c_int),
]

lws_acme_cert_aging_args._fields_ = [
    ("vh", c_void_p),
    ("element_overrides", c_char_p * 11),
]

lws_filter_network_conn_args._fields_ = [
    ("cli_addr", sockaddr_storage),
    ("clilen", c_uint),
    ("accept_fd", lws_sockfd_type),
]

lws_ext_options._fields_ = [
    ("name", c_char_p),
    ("type", c_uint),
]

lws_ext_option_arg._fields_ = [
    ("option_name", c_char_p),
    ("option_index", c_int),
    ("start", c_char_p),
    ("len", c_int),
]

lws_extension._fields_ = [
    ("name", c_char_p),
    ("callback", lws_extension_callback_function),
    ("client_offer", c_char_p),
]

lws_protocol_vhost_options._fields_ = [
    ("next", POINTER(lws_protocol_vhost_options)),
    ("options", POINTER(lws_protocol_vhost_options)),
    ("name", c_char_p),
    ("value", c_char_p),
]

lws_protocols._fields_ = [
    ("name", c_char_p),
    ("callback", lws_callback_function),
    ("per_session_data_size", c_size_t),
    ("rx_buffer_size", c_size_t),
    ("id", c_uint),
    ("user", c_void_p),
    ("tx_packet_size", c_size_t),
]

lws_plugin_header._fields_ = [
    ("name", c_char_p),
    ("_class", c_char_p),
    ("lws_build_hash", c_char_p),
    ("api_magic", c_uint),
]

lws_plugin_protocol._fields_ = [
    ("hdr", lws_plugin_header_t),
    ("protocols", POINTER(lws_protocols)),
    ("extensions", POINTER(lws_extension)),
    ("count_protocols", c_int),
    ("count_extensions", c_int),
]

lws_plugin_u._fields_ = [
    ("l", c_void_p),
    ("reserved", c_void_p * 2),
]

lws_plugin._fields_ = [
    ("list", POINTER(lws_plugin)),
    ("hdr", POINTER(lws_plugin_header)),
    ("u", lws_plugin_u),
]

lws_plugin_evlib._fields_ = [
    ("hdr", lws_plugin_header_t),
    ("ops", c_void_p),
]

lws_http_mount._fields_ = [
    ("mount_next", POINTER(lws_http_mount)),
    ("mountpoint", c_char_p),
    ("origin", c_char_p),
    ("def_", c_char_p),
    ("protocol", c_char_p),
    ("cgienv", POINTER(lws_protocol_vhost_options)),
    ("extra_mimetypes", POINTER(lws_protocol_vhost_options)),
    ("interpret", POINTER(lws_protocol_vhost_options)),
    ("cgi_timeout", c_int),
    ("cache_max_age", c_int),
    ("auth_mask", c_uint),
    ("cache_reusable", c_uint8, 1),
    ("cache_revalidate", c_uint8, 1),
    ("cache_intermediaries", c_uint8, 1),
    ("origin_protocol", c_ubyte),
    ("mountpoint_len", c_ubyte),
    ("basic_auth_login_file", c_char_p),
    ("_unused", c_void_p * 2),
]

lws_metric_policy._fields_ = [
    ("next", POINTER(lws_metric_policy)),
    ("name", c_char_p),
    ("report", c_char_p),
    ("us_schedule", c_uint64),
    ("us_decay_unit", c_uint32),
    ("min_contributors", c_uint8),
]

lws_fops_index._fields_ = [
    ("sig", c_char_p),
    ("len", c_uint8),
]

lws_plat_file_ops._fields_ = [
    ("open", CFUNCTYPE(c_void_p, POINTER(lws_plat_file_ops), c_char_p, c_char_p, POINTER(c_uint32))),
    ("close", CFUNCTYPE(c_int, POINTER(POINTER(lws_fop_fd)))),
    ("seek_cur", CFUNCTYPE(c_longlong, lws_fop_fd_t, lws_fileofs_t)),
    ("read", CFUNCTYPE(c_int, lws_fop_fd_t, POINTER(c_ulonglong), c_void_p, lws_filepos_t)),
    ("write", CFUNCTYPE(c_int, lws_fop_fd_t, POINTER(c_ulonglong), c_void_p, lws_filepos_t)),
    ("fi", lws_fops_index * 3),
    ("next", POINTER(lws_plat_file_ops)),
]

lws_token_limits._fields_ = [
    ("token_limit", c_ushort * 96),
]

lws_context_creation_info._fields_ = [
    ("iface", c_char_p),
    ("protocols", POINTER(lws_protocols)),
    ("extensions", POINTER(lws_extension)),
    ("token_limits", POINTER(lws_token_limits)),
    ("http_proxy_address", c_char_p),
    ("headers", POINTER(lws_protocol_vhost_options)),
    ("reject_service_keywords", POINTER(lws_protocol_vhost_options)),
    ("pvo", POINTER(lws_protocol_vhost_options)),
    ("log_filepath", c_char_p),
    ("mounts", POINTER(lws_http_mount)),
    ("server_string", c_char_p),
    ("error_document_404", c_char_p),
    ("port", c_int),
    ("http_proxy_port", c_uint),
    ("max_http_header_data2", c_uint),
    ("max_http_header_pool2", c_uint),
    ("keepalive_timeout", c_int),
    ("http2_settings", c_uint32 * 7),
    ("max_http_header_data", c_ushort),
    ("max_http_header_pool", c_ushort),
    ("ssl_private_key_password", c_char_p),
    ("ssl_cert_filepath", c_char_p),
    ("ssl_private_key_filepath", c_char_p),
    ("ssl_ca_filepath", c_char_p),
    ("ssl_cipher_list", c_char_p),
    ("ecdh_curve", c_char_p),
    ("tls1_3_plus_cipher_list", c_char_p),
    ("server_ssl_cert_mem", c_void_p),
    ("server_ssl_private_key_mem", c_void_p),
    ("server_ssl_ca_mem", c_void_p),
    ("ssl_options_set", c_long),
    ("ssl_options_clear", c_long),
    ("simultaneous_ssl_restriction", c_int),
    ("ssl_handshake_serialize", c_int),
    ("ssl_info_event_mask", c_int),
    ("server_ssl_cert_mem_len", c_uint),
    ("server_ssl_private_key_mem_len", c_uint),
    ("server_ssl_ca_mem_len", c_uint),
    ("alpn", c_char_p),
    ("client_ssl_private_key_password", c_char_p),
    ("client_ssl_cert_filepath", c_char_p),
    ("client_ssl_cert_mem", c_void_p),
    ("client_ssl_cert_mem_len", c_uint),
    ("client_ssl_private_key_filepath", c_char_p),
    ("client_ssl_key_mem", c_void_p),
    ("client_ssl_ca_filepath", c_char_p),
    ("client_ssl_ca_mem", c_void_p),
    ("client_ssl_cipher_list", c_char_p),
    ("client_tls_1_3_plus_cipher_list", c_char_p),
    ("ssl_client_options_set", c_long),
    ("ssl_client_options_clear", c_long),
    ("client_ssl_ca_mem_len", c_uint),
    ("client_ssl_key_mem_len", c_uint),
    ("provided_client_ssl_ctx", c_void_p),
    ("ka_time", c_int),
    ("ka_probes", c_int),
    ("ka_interval", c_int),
    ("timeout_secs", c_uint),
    ("connect_timeout_secs", c_uint),
    ("bind_iface", c_int),
    ("timeout_secs_ah_idle", c_uint),
    ("tls_session_timeout", c_uint32),
    ("tls_session_cache_max", c_uint32),
    ("gid", c_uint),
    ("uid", c_uint),
    ("options", c_uint64),
    ("user", c_void_p),
    ("count_threads", c_uint),
    ("fd_limit_per_thread", c_uint),
    ("vhost_name", c_char_p),
    ("plugin_dirs", POINTER(c_char_p)),
    ("external_baggage_free_on_destroy", c_void_p),
    ("pt_serv_buf_size", c_uint),
    ("fops", POINTER(lws_plat_file_ops)),
    ("socks_proxy_address", c_char_p),
    ("socks_proxy_port", c_uint),
    ("caps", c_int * 4),
    ("count_caps", c_char),
    ("foreign_loops", POINTER(c_void_p)),
    ("signal_cb", CFUNCTYPE(None, c_void_p, c_int)),
    ("pcontext", POINTER(c_void_p)),
    ("finalize", CFUNCTYPE(None, c_void_p, c_void_p)),
    ("finalize_arg", c_void_p),
    ("listen_accept_role", c_char_p),
    ("listen_accept_protocol", c_char_p),
    ("pprotocols", POINTER(POINTER(lws_protocols))),
    ("username", c_char_p),
    ("groupname", c_char_p),
    ("unix_socket_perms", c_char_p),
    ("system_ops", POINTER(lws_system_ops)),
    ("retry_and_idle_policy", POINTER(lws_retry_bo)),
    ("register_notifier_list", POINTER(POINTER(lws_state_notify_link))),
    ("pss_policies_json", c_char_p),
    ("pss_plugins", POINTER(c_void_p)),
    ("ss_proxy_bind", c_char_p),
    ("ss_proxy_address", c_char_p),
    ("ss_proxy_port", c_uint16),
    ("rlimit_nofile", c_int),
    ("pl_notify_cb", lws_peer_limits_notify_t),
    ("ip_limit_ah", c_ushort),
    ("ip_limit_wsi", c_ushort),
    ("early_smd_cb", lws_smd_notification_cb_t),
    ("early_smd_opaque", c_void_p),
    ("early_smd_class_filter", lws_smd_class_t),
    ("smd_ttl_us", lws_usec_t),
    ("smd_queue_depth", c_uint16),
    ("metrics_policies", POINTER(lws_metric_policy)),
    ("metrics_prefix", c_char_p),
    ("_unused", c_void_p * 2),
]

lws_conmon._fields_ = [
    ("peer46", lws_sockaddr46),
    ("dns_results_copy", c_void_p),
    ("ciu_dns", lws_conmon_interval_us_t),
    ("ciu_sockconn", lws_conmon_interval_us_t),
    ("ciu_tls", lws_conmon_interval_us_t),
    ("ciu_txn_resp", lws_conmon_interval_us_t),
]

lws_mqtt_fixed_hdr_t_flags._fields_ = [
    ("retain", c_uint8, 1),
    ("qos", c_uint8, 2),
    ("dup", c_uint8, 1),
    ("ctrl_pkt_type", c_uint8, 4),
]

lws_mqtt_fixed_hdr_t._fields_ = [
    ("flags", lws_mqtt_fixed_hdr_t_flags),
    ("bits", c_uint8),
]

lws_mqtt_client_connect_param_s_will_param._fields_ = [
    ("topic", c_char_p),
    ("message", c_char_p),
    ("qos", c_uint),
    ("retain", c_uint8),
]

lws_mqtt_client_connect_param_s._fields_ = [
    ("client_id", c_char_p),
    ("keep_alive", c_uint16),
    ("clean_start", c_uint8),
    ("will_param", lws_mqtt_client_connect_param_s_will_param),
    ("username", c_char_p),
    ("password", c_char_p),
    ("aws_iot", c_uint8),
]

lws_mqtt_publish_param_s._fields_ = [
    ("topic", POINTER(c_char)),
    ("topic_len", c_uint16),
    ("payload", c_void_p),
    ("payload_len", c_uint32),
    ("payload_pos", c_uint32),
    ("qos", c_uint),
    ("packet_id", c_uint16),
    ("dup", c_uint8, 1),
]

topic_elem._fields_ = [
    ("name", c_char_p),
    ("qos", c_uint),
    ("acked", c_uint8),
]

lws_mqtt_subscribe_param_s._fields_ = [
    ("num_topics", c_uint32),
    ("topic", POINTER(topic_elem)),
    ("packet_id", c_uint16),
]

lws_client_connect_info._fields_ = [
    ("context", c_void_p),
    ("address", c_char_p),
    ("port", c_int),
    ("ssl_connection", c_int),
    ("path", c_char_p),
    ("host", c_char_p),
    ("origin", c_char_p),
    ("protocol", c_char_p),
    ("ietf_version_or_minus_one", c_int),
    ("userdata", c_void_p),
    ("client_exts", c_void_p),
    ("method", c_char_p),
    ("parent_wsi", c_void_p),
    ("uri_replace_from", c_char_p),
    ("uri_replace_to", c_char_p),
    ("vhost", c_void_p),
    ("pwsi", POINTER(c_void_p)),
    ("iface", c_char_p),
    ("local_protocol_name", c_char_p),
    ("alpn", c_char_p),
    ("seq", c_void_p),
    ("opaque_user_data", c_void_p),
    ("retry_and_idle_policy", POINTER(lws_retry_bo)),
    ("manual_initial_tx_credit", c_int),
    ("sys_tls_client_cert", c_uint8),
    ("priority", c_uint8),
    ("mqtt_cp", POINTER(lws_mqtt_client_connect_param_s)),
    ("fi_wsi_name", c_char_p),
    ("keep_warm_secs", c_uint16),
    ("_unused", c_void_p * 4),
]

lws_keep_connected_status._fields_ = [
    ("event", c_uint),
    ("wsi", c_void_p),
    ("reason", c_char_p),
    ("delay_ms", c_uint),
    ("tries", c_uint),
    ("was_up", c_int),
    ("close_code", c_uint),
]

lws_process_html_args._fields_ = [
    ("p", POINTER(c_char)),
    ("len", c_int),
    ("max_len", c_int),
    ("final", c_int),
    ("chunked", c_int),
]

lws_process_html_state._fields_ = [
    ("start", POINTER(c_char)),
    ("swallow", c_char * 16),
    ("pos", c_int),
    ("data", c_void_p),
    ("vars", POINTER(c_char_p)),
    ("count_vars", c_int),
    ("replace", lws_process_html_state_cb),
]

lws_tokens._fields_ = [
    ("token", POINTER(c_ubyte)),
    ("len", c_int),
]

lws_spa_create_info._fields_ = [
    ("param_names", POINTER(c_char_p)),
    ("count_params", c_int),
    ("max_storage", c_int),
    ("opt_cb", lws_spa_fileupload_cb),
    ("opt_data", c_void_p),
    ("param_names_stride", c_size_t),
    ("ac", POINTER(c_void_p)),
    ("ac_chunk_size", c_size_t),
]

lws_humanize_unit._fields_ = [
    ("name", c_char_p),
    ("factor", c_uint64),
]

lws_dir_entry._fields_ = [
    ("name", c_char_p),
    ("type", c_uint),
]

lws_dir_glob._fields_ = [
    ("filter", c_char_p),
    ("cb", lws_dir_glob_cb_t),
    ("user", c_void_p),
]

lws_wifi_scan._fields_ = [
    ("next", POINTER(lws_wifi_scan)),
    ("ssid", c_char * 32),
    ("rssi", c_int32),
    ("bssid", c_uint8 * 6),
    ("count", c_uint8),
    ("channel", c_uint8),
    ("authmode", c_uint8),
]

lws_spawn_piped_info._fields_ = [
    ("owner", POINTER(lws_dll2_owner)),
    ("vh", c_void_p),
    ("opt_parent", c_void_p),
    ("exec_array", POINTER(c_char_p)),
    ("env_array", POINTER(c_char_p)),
    ("protocol_name", c_char_p),
    ("chroot_path", c_char_p),
    ("wd", c_char_p),
    ("plsp", POINTER(c_void_p)),
    ("opaque", c_void_p),
    ("reap_cb", lsp_cb_t),
    ("timeout_us", lws_usec_t),
    ("max_log_lines", c_int),
    ("tsi", c_int),
    ("ops", c_void_p),
    ("disable_ctrlc", c_uint8),
]

lws_fsmount._fields_ = [
    ("layers_path", c_char_p),
    ("overlay_path", c_char_p),
    ("mp", c_char * 256),
    ("ovname", c_char * 64),
    ("distro", c_char * 64),
    ("layers", c_char_p * 4),
]

lws_write_passthru._fields_ = [
    ("wsi", c_void_p),
    ("buf", POINTER(c_ubyte)),
    ("len", c_size_t),
    ("wp", c_uint),
]

lws_b64state._fields_ = [
    ("quad", c_ubyte * 4),
    ("done", c_size_t),
    ("len", c_size_t),
    ("i", c_int),
    ("c", c_int),
]

lws_tls_cert_info_results_ns._fields_ = [
    ("len", c_int),
    ("name", c_char * 64),
]

lws_tls_cert_info_results._fields_ = [
    ("verified", c_uint),
    ("time", c_long),
    ("usage", c_uint),
    ("ns", lws_tls_cert_info_results_ns),
]

lws_gencrypto_keyelem._fields_ = [
    ("buf", POINTER(c_uint8)),
    ("len", c_uint32),
]

lws_jwk._fields_ = [
    ("e", lws_gencrypto_keyelem * 8),
    ("meta", lws_gencrypto_keyelem * 6),
    ("kty", c_int),
    ("private_key", c_char),
]

lws_cgi_args._fields_ = [
    ("stdwsi", POINTER(c_void_p)),
    ("ch", c_uint),
    ("data", POINTER(c_ubyte)),
    ("hdr_state", c_uint),
    ("len", c_int),
]

lws_fop_fd._fields_ = [
    ("fd", lws_filefd_type),
    ("fops", POINTER(lws_plat_file_ops)),
    ("filesystem_priv", c_void_p),
    ("pos", lws_filepos_t),
    ("len", lws_filepos_t),
    ("flags", lws_fop_flags_t),
    ("mod_time", c_uint32),
]

_lejp_parsing_stack._fields_ = [
    ("user", c_void_p),
    ("callback", CFUNCTYPE(c_byte, POINTER(lejp_ctx), c_char)),
    ("paths", POINTER(c_char_p)),
    ("count_paths", c_uint8),
    ("ppos", c_uint8),
    ("path_match", c_uint8),
]

_lejp_stack._fields_ = [
    ("s", c_char),
    ("p", c_char),
    ("i", c_char),
    ("b", c_char),
]

lejp_ctx._fields_ = [
    ("user", c_void_p),
    ("pst", _lejp_parsing_stack * 5),
    ("st", _lejp_stack * 12),
    ("i", c_uint16 * 8),
    ("wild", c_uint16 * 8),
    ("path", c_char * 128),
    ("buf", c_char * 255),
    ("path_stride", c_size_t),
    ("line", c_uint32),
    ("uni", c_uint16),
    ("npos", c_uint8),
    ("dcount", c_uint8),
    ("f", c_uint8),
    ("sp", c_uint8),
    ("ipos", c_uint8),
    ("count_paths", c_uint8),
    ("path_match", c_uint8),
    ("path_match_len", c_uint8),
    ("wildcount", c_uint8),
    ("pst_sp", c_uint8),
    ("outer_array", c_uint8),
]

lejp_collation._fields_ = [
    ("chunks", lws_dll2),
    ("len", c_int),
    ("buf", c_char * 255),
]

lws_struct_map._fields_ = [
    ("colname", c_char_p),
    ("child_map", POINTER(lws_struct_map)),
    ("lejp_cb", lejp_callback),
    ("ofs", c_size_t),
    ("aux", c_size_t),
    ("ofs_clist", c_size_t),
    ("child_map_size", c_size_t),
    ("type", c_uint),
]

lws_struct_args._fields_ = [
    ("map_st", POINTER(lws_struct_map) * 5),
    ("cb", lws_struct_args_cb),
    ("ac", c_void_p),
    ("cb_arg", c_void_p),
    ("dest", c_void_p),
    ("dest_len", c_size_t),
    ("toplevel_dll2_ofs", c_size_t),
    ("map_entries_st", c_size_t * 5),
    ("ac_block_size", c_size_t),
    ("subtype", c_int),
    ("top_schema_index", c_int),
    ("ac_chunks", c_void_p),
    ("chunks_owner", lws_dll2_owner),
    ("chunks_length", c_size_t),
]

lws_struct_serialize_st._fields_ = [
    ("dllpos", POINTER(lws_dll2)),
    ("map", POINTER(lws_struct_map)),
    ("obj", c_char_p),
    ("map_entries", c_size_t),
    ("map_entry", c_size_t),
    ("size", c_size_t),
    ("subsequent", c_char),
    ("idt", c_char),
]

lws_struct_serialize._fields_ = [
    ("st", lws_struct_serialize_st_t * 5),
    ("offset", c_size_t),
    ("remaining", c_size_t),
    ("sp", c_int),
    ("flags", c_int),
]

lws_threadpool_create_args._fields_ = [
    ("threads", c_int),
    ("max_queue_depth", c_int),
]

lws_threadpool_task_args._fields_ = [
    ("ss", c_void_p),
    ("wsi", c_void_p),
    ("user", c_void_p),
    ("name", c_char_p),
    ("async_task", c_char),
    ("task", CFUNCTYPE(c_uint, c_void_p, c_uint)),
    ("cleanup", CFUNCTYPE(None, c_void_p, c_void_p)),
]

lws_tokenize._fields_ = [
    ("start", c_char_p),
    ("token", c_char_p),
    ("len", c_size_t),
    ("token_len", c_size_t),
    ("flags", c_uint16),
    ("delim", c_uint8),
    ("e", c_int8),
]

lws_strexp._fields_ = [
    ("name", c_char * 32),
    ("cb", lws_strexp_expand_cb),
    ("priv", c_void_p),
    ("out", POINTER(c_char)),
    ("olen", c_size_t),
    ("pos", c_size_t),
    ("exp_ofs", c_size_t),
    ("name_pos", c_uint8),
    ("state", c_char),
]

lws_fts_result_filepath._fields_ = [
    ("next", POINTER(lws_fts_result_filepath)),
    ("matches", c_int),
    ("matches_length", c_int),
    ("lines_in_file", c_int),
    ("filepath_length", c_int),
]

lws_fts_result_autocomplete._fields_ = [
    ("next", POINTER(lws_fts_result_autocomplete)),
    ("instances", c_int),
    ("agg_instances", c_int),
    ("ac_length", c_int),
    ("elided", c_char),
    ("has_children", c_char),
]

lws_fts_result._fields_ = [
    ("filepath_head", POINTER(lws_fts_result_filepath)),
    ("autocomplete_head", POINTER(lws_fts_result_autocomplete)),
    ("duration_ms", c_int),
    ("effective_flags", c_int),
]

lws_fts_search_params._fields_ = [
    ("needle", c_char_p),
    ("only_filepath", c_char_p),
    ("results_head", c_void_p),
    ("flags", c_int),
    ("max_autocomplete", c_int),
    ("max_files", c_int),
    ("max_lines", c_int),
]

lws_seq_info._fields_ = [
    ("context", c_void_p),
    ("tsi", c_int),
    ("user_size", c_size_t),
    ("puser", POINTER(c_void_p)),
    ("cb", lws_seq_event_cb),
    ("name", c_char_p),
    ("retry", POINTER(lws_retry_bo)),
    ("wakesuspend", c_uint8, 1),
]

lws_ss_policy_u_http_u_ws._fields_ = [
    ("subprotocol", c_char_p),
    ("binary", c_uint8),
]

lws_ss_policy_u_http_u._fields_ = [
    ("ws", lws_ss_policy_u_http_u_ws),
]

lws_ss_policy_u_http._fields_ = [
    ("method", c_char_p),
    ("url", c_char_p),
    ("multipart_name", c_char_p),
    ("multipart_filename", c_char_p),
    ("multipart_content_type", c_char_p),
    ("blob_header", c_char_p * 4),
    ("auth_preamble", c_char_p),
    ("respmap", POINTER(lws_ss_http_respmap)),
    ("u", lws_ss_policy_u_http_u),
    ("resp_expect", c_uint16),
    ("count_respmap", c_uint8),
    ("fail_redirect", c_uint8, 1),
]

lws_ss_policy_u_mqtt._fields_ = [
    ("topic", c_char_p),
    ("subscribe", c_char_p),
    ("will_topic", c_char_p),
    ("will_message", c_char_p),
    ("keep_alive", c_uint16),
    ("qos", c_uint8),
    ("clean_start", c_uint8),
    ("will_qos", c_uint8),
    ("will_retain", c_uint8),
    ("aws_iot", c_uint8),
]

lws_ss_policy_u._fields_ = [
    ("http", lws_ss_policy_u_http),
    ("mqtt", lws_ss_policy_u_mqtt),
]

lws_ss_policy_trust_server._fields_ = [
    ("cert", POINTER(lws_ss_x509)),
    ("key", POINTER(lws_ss_x509)),
]

lws_ss_policy_trust._fields_ = [
    ("store", POINTER(lws_ss_trust_store)),
    ("server", lws_ss_policy_trust_server),
]

lws_ss_policy._fields_ = [
    ("next", POINTER(lws_ss_policy)),
    ("streamtype", c_char_p),
    ("endpoint", c_char_p),
    ("rideshare_streamtype", c_char_p),
    ("payload_fmt", c_char_p),
    ("socks5_proxy", c_char_p),
    ("metadata", POINTER(lws_ss_metadata)),
    ("metrics", POINTER(lws_metric_policy)),
    ("auth", POINTER(lws_ss_auth)),
    ("u", lws_ss_policy_u),
    ("trust", lws_ss_policy_trust),
    ("retry_bo", POINTER(lws_retry_bo)),
    ("proxy_buflen", c_uint32),
    ("proxy_buflen_rxflow_on_above", c_uint32),
    ("proxy_buflen_rxflow_off_below", c_uint32),
    ("client_buflen", c_uint32),
    ("client_buflen_rxflow_on_above", c_uint32),
    ("client_buflen_rxflow_off_below", c_uint32),
    ("timeout_ms", c_uint32),
    ("flags", c_uint32),
    ("port", c_uint16),
    ("metadata_count", c_uint8),
    ("protocol", c_uint8),
    ("client_cert", c_uint8),
    ("priority", c_uint8),
]

lws_ss_info._fields_ = [
    ("streamtype", c_char_p),
    ("user_alloc", c_size_t),
    ("handle_offset", c_size_t),
    ("opaque_user_data_offset", c_size_t),
    ("rx", lws_sscb_rx),
    ("tx", lws_sscb_tx),
    ("state", lws_sscb_state),
    ("manual_initial_tx_credit", c_int),
    ("client_pid", c_uint32),
    ("flags", c_uint8),
    ("sss_protocol_version", c_uint8),
]

lws_ss_x509._fields_ = [
    ("next", POINTER(lws_ss_x509)),
    ("vhost_name", c_char_p),
    ("ca_der", POINTER(c_uint8)),
    ("ca_der_len", c_size_t),
    ("keep", c_uint8, 1),
]

lws_ss_trust_store._fields_ = [
    ("next", POINTER(lws_ss_trust_store)),
    ("name", c_char_p),
    ("ssx509", POINTER(lws_ss_x509) * 6),
    ("count", c_int),
]

lws_ss_metadata._fields_ = [
    ("next", POINTER(lws_ss_metadata)),
    ("name", c_char_p),
    ("value__may_own_heap", c_void_p),
    ("length", c_size_t),
    ("value_length", c_uint8),
    ("value_is_http_token", c_uint8),
    ("value_on_lws_heap", c_uint8, 1),
    ("pending_onward", c_uint8, 1),
]

lws_ss_http_respmap._fields_ = [
    ("resp", c_uint16),
    ("state", c_uint16),
]

lws_ss_auth._fields_ = [
    ("next", POINTER(lws_ss_auth)),
    ("name", c_char_p),
    ("type", c_char_p),
    ("streamtype", c_char_p),
    ("blob_index", c_uint8),
]

lws_token_map_u._fields_ = [
    ("value", c_char_p),
    ("bvalue", POINTER(c_uint8)),
    ("lvalue", c_ulong),
]

lws_token_map._fields_ = [
    ("u", lws_token_map_u),
    ("name_index", c_short),
    ("length_or_zero", c_short),
]

lws_abs_transport._fields_ = [
    ("name", c_char_p),
    ("alloc", c_int),
    ("create", CFUNCTYPE(c_int, c_void_p)),
    ("destroy", CFUNCTYPE(None, POINTER(c_void_p))),
    ("compare", CFUNCTYPE(c_int, c_void_p, c_void_p)),
    ("tx", CFUNCTYPE(c_int, c_void_p, c_void_p, c_size_t)),
    ("client_conn", CFUNCTYPE(c_int, c_void_p)),
    ("close", CFUNCTYPE(c_int, c_void_p)),
    ("ask_for_writeable", CFUNCTYPE(c_int, c_void_p)),
    ("set_timeout", CFUNCTYPE(c_int, c_void_p, c_int, c_int)),
    ("state", CFUNCTYPE(c_int, c_void_p)),
]

lws_abs_protocol._fields_ = [
    ("name", c_char_p),
    ("alloc", c_int),
    ("flags", c_int),
    ("create", CFUNCTYPE(c_int, c_void_p)),
    ("destroy", CFUNCTYPE(None, POINTER(c_void_p))),
    ("compare", CFUNCTYPE(c_int, c_void_p, c_void_p)),
    ("accept", CFUNCTYPE(c_int, c_void_p)),
    ("rx", CFUNCTYPE(c_int, c_void_p, c_void_p, c_size_t)),
    ("writeable", CFUNCTYPE(c_int, c_void_p, c_size_t)),
    ("closed", CFUNCTYPE(c_int, c_void_p)),
    ("heartbeat", CFUNCTYPE(c_int, c_void_p)),
    ("child_bind", CFUNCTYPE(c_int, c_void_p)),
]

lws_unit_test_packet._fields_ = [
    ("buffer", c_void_p),
    ("pre", lws_unit_test_packet_cb),
    ("len", c_size_t),
    ("flags", c_uint32),
]

lws_unit_test._fields_ = [
    ("name", c_char_p),
    ("expect_array", POINTER(lws_unit_test_packet)),
    ("max_secs", c_int),
]

lws_test_sequencer_args._fields_ = [
    ("abs", c_void_p),
    ("tests", POINTER(lws_unit_test)),
    ("results", POINTER(c_int)),
    ("results_max", c_int),
    ("count_tests", POINTER(c_int)),
    ("count_passes", POINTER(c_int)),
    ("cb", lws_test_sequence_cb),
    ("cb_user", c_void_p),
]

lws_tls_session_dump._fields_ = [
    ("tag", c_char * 96),
    ("blob", c_void_p),
    ("opaque", c_void_p),
    ("blob_len", c_size_t),
]

lws_genhash_ctx._fields_ = [
    ("type", c_uint8),
    ("evp_type", c_void_p),
    ("mdctx", c_void_p),
]

lws_genhmac_ctx._fields_ = [
    ("type", c_uint8),
    ("evp_type", c_void_p),
    ("ctx", c_void_p),
    ("key", c_void_p),
]

lws_genrsa_ctx._fields_ = [
    ("bn", c_void_p * 8),
    ("ctx", c_void_p),
    ("rsa", c_void_p),
    ("context", c_void_p),
    ("mode", c_uint),
]

lws_genaes_ctx._fields_ = [
    ("ctx", c_void_p),
    ("cipher", c_void_p),
    ("engine", c_void_p),
    ("init", c_char),
    ("tag", c_ubyte * 16),
    ("k", POINTER(lws_gencrypto_keyelem)),
    ("op", c_uint),
    ("mode", c_uint),
    ("padding", c_uint),
    ("taglen", c_int),
    ("underway", c_char),
]

lws_ec_curves._fields_ = [
    ("name", c_char_p),
    ("tls_lib_nid", c_int),
    ("key_bytes", c_uint16),
]

lws_genec_ctx._fields_ = [
    ("ctx", c_void_p * 2),
    ("context", c_void_p),
    ("curve_table", POINTER(lws_ec_curves)),
    ("genec_alg", c_uint),
    ("has_private", c_char),
]

lws_jwk_parse_state._fields_ = [
    ("jwk", POINTER(lws_jwk)),
    ("b64", c_char * 1366),
    ("per_key_cb", lws_jwk_key_import_callback),
    ("user", c_void_p),
    ("pos", c_int),
    ("possible", c_ushort),
]

lws_jose_jwe_alg._fields_ = [
    ("hash_type", c_uint),
    ("hmac_type", c_uint),
    ("algtype_signing", c_uint),
    ("algtype_crypto", c_uint),
    ("alg", c_char_p),
    ("curve_name", c_char_p),
    ("keybits_min", c_ushort),
    ("keybits_fixed", c_ushort),
    ("ivbits", c_ushort),
]

lws_jws_recpient._fields_ = [
    ("unprot", lws_gencrypto_keyelem * 24),
    ("jwk_ephemeral", lws_jwk),
    ("jwk", lws_jwk),
]

lws_jose._fields_ = [
    ("e", lws_gencrypto_keyelem * 24),
    ("recipient", lws_jws_recpient * 3),
    ("typ", c_char * 32),
    ("alg", POINTER(lws_jose_jwe_alg)),
    ("enc_alg", POINTER(lws_jose_jwe_alg)),
    ("recipients", c_int),
]

lws_jws_map._fields_ = [
    ("buf", c_char_p * 6),
    ("len", c_uint32 * 6),
]

lws_jws._fields_ = [
    ("jwk", POINTER(lws_jwk)),
    ("context", c_void_p),
    ("map", lws_jws_map),
    ("map_b64", lws_jws_map),
]

lws_jwt_sign_info._fields_ = [
    ("alg", c_char_p),
    ("jose_hdr", c_char_p),
    ("jose_hdr_len", c_size_t),
    ("out", POINTER(c_char)),
    ("out_len", POINTER(c_size_t)),
    ("temp", POINTER(c_char)),
    ("tl", c_int),
]

lws_jwt_sign_set_cookie._fields_ = [
    ("jwk", POINTER(lws_jwk)),
    ("alg", c_char_p),
    ("iss", c_char_p),
    ("aud", c_char_p),
    ("cookie_name", c_char_p),
    ("sub", c_char * 33),
    ("extra_json", c_char_p),
    ("extra_json_len", c_size_t),
    ("csrf_in", c_char_p),
    ("expiry_unix_time", c_ulong),
]

lws_jwe._fields_ = [
    ("jose", lws_jose),
    ("jws", lws_jws),
    ("jwk", lws_jwk),
    ("cek", c_uint8 * 512),
    ("cek_valid", c_uint, 1),
    ("recip", c_int),
]

lws_i2c_ops._fields_ = [
    ("init", CFUNCTYPE(c_int, POINTER(lws_i2c_ops))),
    ("start", CFUNCTYPE(c_int, POINTER(lws_i2c_ops))),
    ("stop", CFUNCTYPE(None, POINTER(lws_i2c_ops))),
    ("write", CFUNCTYPE(c_int, POINTER(lws_i2c_ops), c_uint8)),
    ("read", CFUNCTYPE(c_int, POINTER(lws_i2c_ops))),
    ("set_ack", CFUNCTYPE(None, POINTER(lws_i2c_ops), c_int)),
]

lws_spi_desc._fields_ = [
    ("src", POINTER(c_uint8)),
    ("data", POINTER(c_uint8)),
    ("dest", POINTER(c_uint8)),
    ("opaque", c_void_p),
    ("completion_cb", lws_spi_cb_t),
    ("count_cmd", c_uint16),
    ("count_write", c_uint16),
    ("count_read", c_uint16),
    ("txn_type", c_uint8),
    ("channel", c_uint8),
]

lws_spi_ops._fields_ = [
    ("init", CFUNCTYPE(c_int, POINTER(lws_spi_ops))),
    ("queue", CFUNCTYPE(c_int, POINTER(lws_spi_ops), POINTER(lws_spi_desc))),
    ("bus_mode", c_uint8),
]

lws_gpio_ops._fields_ = [
    ("mode", CFUNCTYPE(None, _lws_plat_gpio_t, c_int)),
    ("read", CFUNCTYPE(c_int, _lws_plat_gpio_t)),
    ("set", CFUNCTYPE(None, _lws_plat_gpio_t, c_int)),
    ("irq_mode", CFUNCTYPE(c_int, _lws_plat_gpio_t, c_uint, lws_gpio_irq_cb_t, c_void_p)),
]

lws_bb_i2c._fields_ = [
    ("bb_ops", lws_i2c_ops_t),
    ("scl", _lws_plat_gpio_t),
    ("sda", _lws_plat_gpio_t),
    ("gpio", POINTER(lws_gpio_ops)),
    ("delay", CFUNCTYPE(None)),
]

lws_bb_spi._fields_ = [
    ("bb_ops", lws_spi_ops_t),
    ("gpio", POINTER(lws_gpio_ops)),
    ("clk", _lws_plat_gpio_t),
    ("ncs", _lws_plat_gpio_t * 4),
    ("ncmd", _lws_plat_gpio_t * 4),
    ("mosi", _lws_plat_gpio_t),
    ("miso", _lws_plat_gpio_t),
    ("flags", c_uint8),
]

lws_button_regime._fields_ = [
    ("ms_min_down", c_uint16),
    ("ms_min_down_longpress", c_uint16),
    ("ms_up_settle", c_uint16),
    ("ms_doubleclick_grace", c_uint16),
    ("ms_repeat_down", c_uint16),
    ("flags", c_uint8),
]

lws_button_map._fields_ = [
    ("gpio", _lws_plat_gpio_t),
    ("smd_interaction_name", c_char_p),
    ("regime", POINTER(lws_button_regime)),
]

lws_button_controller._fields_ = [
    ("smd_bc_name", c_char_p),
    ("gpio_ops", POINTER(lws_gpio_ops)),
    ("button_map", POINTER(lws_button_map)),
    ("active_state_bitmap", lws_button_idx_t),
    ("count_buttons", c_uint8),
]

lws_pwm_ops._fields_ = [
    ("init", CFUNCTYPE(c_int, POINTER(lws_pwm_ops))),
    ("intensity", CFUNCTYPE(None, POINTER(lws_pwm_ops), _lws_plat_gpio_t, lws_led_intensity_t)),
    ("pwm_map", POINTER(lws_pwm_map)),
    ("count_pwm_map", c_uint8),
]

lws_led_sequence_def_t._fields_ = [
    ("func", lws_led_lookup_t),
    ("ledphase_offset", lws_led_seq_phase_t),
    ("ledphase_total", c_int),
    ("ms", c_uint16),
    ("flags", c_uint8),
]

lws_led_state_ch._fields_ = [
    ("seq", POINTER(lws_led_sequence_def_t)),
    ("ph", lws_led_seq_phase_t),
    ("step", lws_led_seq_phase_t),
    ("phase_budget", c_int),
    ("last", lws_led_intensity_t),
]

lws_led_state_chs._fields_ = [
    ("seqs", lws_led_state_ch_t * 3),
]

lws_led_ops._fields_ = [
    ("intensity", CFUNCTYPE(None, POINTER(lws_led_ops), c_char_p, lws_led_intensity_t)),
    ("create", CFUNCTYPE(c_void_p, POINTER(lws_led_ops))),
    ("destroy", CFUNCTYPE(None, c_void_p)),
]

lws_led_gpio_map._fields_ = [
    ("name", c_char_p),
    ("gpio", _lws_plat_gpio_t),
    ("intensity_correction", lws_led_lookup_t),
    ("pwm_ops", POINTER(lws_pwm_ops)),
    ("active_level", c_uint8),
]

lws_led_gpio_controller._fields_ = [
    ("led_ops", lws_led_ops_t),
    ("gpio_ops", POINTER(lws_gpio_ops)),
    ("led_map", POINTER(lws_led_gpio_map)),
    ("count_leds", c_uint8),
]

lws_pwm_map._fields_ = [
    ("gpio", _lws_plat_gpio_t),
    ("index", c_uint8),
    ("active_level", c_uint8),
]

lws_display._fields_ = [
    ("init", CFUNCTYPE(c_int, POINTER(lws_display))),
    ("bl_pwm_ops", POINTER(lws_pwm_ops)),
    ("contrast", CFUNCTYPE(c_int, POINTER(lws_display), c_uint8)),
    ("blit", CFUNCTYPE(c_int, POINTER(lws_display), c_void_p, lws_display_scalar, lws_display_scalar,
                lws_display_scalar, lws_display_scalar)),
    ("power", CFUNCTYPE(c_int, POINTER(lws_display), c_int)),
    ("bl_active", POINTER(lws_led_sequence_def_t)),
    ("bl_dim", POINTER(lws_led_sequence_def_t)),
    ("bl_transition", POINTER(lws_led_sequence_def_t)),
    ("variant", c_void_p),
    ("bl_index", c_int),
    ("w", lws_display_scalar),
    ("h", lws_display_scalar),
    ("latency_wake_ms", c_uint8),
]

lws_display_state._fields_ = [
    ("sul_autodim", lws_sorted_usec_list_t),
    ("disp", POINTER(lws_display)),
    ("ctx", c_void_p),
    ("autodim_ms", c_int),
    ("off_ms", c_int),
    ("bl_lcs", c_void_p),
    ("chs", lws_led_state_chs_t),
    ("state", c_uint),
]

lws_display_ssd1306._fields_ = [
    ("disp", lws_display_t),
    ("i2c", POINTER(lws_i2c_ops)),
    ("gpio", POINTER(lws_gpio_ops)),
    ("reset_gpio", _lws_plat_gpio_t),
    ("i2c7_address", c_uint8),
]

lws_display_ili9341._fields_ = [
    ("disp", lws_display_t),
    ("spi", POINTER(lws_spi_ops)),
    ("gpio", POINTER(lws_gpio_ops)),
    ("reset_gpio", _lws_plat_gpio_t),
    ("spi_index", c_uint8),
]

lws_settings_ops._fields_ = [
    ("get", CFUNCTYPE(c_int, POINTER(lws_settings_instance_t), c_char_p, c_void_p, POINTER(c_size_t))),
    ("set", CFUNCTYPE(c_int, POINTER(lws_settings_instance_t), c_char_p, c_void_p, c_size_t)),
]

lws_settings_instance_t._fields_ = [
    ("handle_plat", c_void_p),
    ("so", POINTER(lws_settings_ops)),
    ("refcount", c_uint8),
    ("opaque_plat", c_void_p),
]

lws_netdev_instance._fields_ = [
    ("name", c_char_p),
    ("ops", POINTER(lws_netdev_ops)),
    ("platinfo", c_void_p),
    ("list", lws_dll2_t),
    ("mac", c_uint8 * 6),
    ("type", c_uint8),
]

lws_netdev_config._fields_ = [
    ("plat_config", c_void_p),
]

lws_netdev_ops._fields_ = [
    ("create", CFUNCTYPE(c_void_p, c_void_p, POINTER(lws_netdev_ops), c_char_p, c_void_p)),
    ("configure", CFUNCTYPE(c_int, POINTER(lws_netdev_instance), POINTER(lws_netdev_config))),
    ("up", CFUNCTYPE(c_int, POINTER(lws_netdev_instance))),
    ("down", CFUNCTYPE(c_int, POINTER(lws_netdev_instance))),
    ("event", CFUNCTYPE(c_int, POINTER(lws_netdev_instance), lws_usec_t, c_void_p, c_size_t)),
    ("destroy", CFUNCTYPE(None, POINTER(POINTER(lws_netdev_instance)))),
    ("connect", CFUNCTYPE(c_int, POINTER(lws_netdev_instance), c_char_p, c_char_p, c_void_p)),
    ("scan", CFUNCTYPE(None, POINTER(lws_netdev_instance))),
]

lws_netdevs._fields_ = [
    ("owner", lws_dll2_owner_t),
    ("owner_creds", lws_dll2_owner_t),
    ("ac_creds", c_void_p),
    ("si", c_void_p),
    ("sa46_dns_resolver", lws_sockaddr46),
    ("refcount_creds", c_uint8),
]

lws_wifi_creds._fields_ = [
    ("list", lws_dll2_t),
    ("bssid", c_uint8 * 6),
    ("passphrase", c_char * 64),
    ("ssid", c_char * 33),
    ("alg", c_uint8),
]

lws_netdev_instance_wifi._fields_ = [
    ("inst", lws_netdev_instance_t),
    ("scan", lws_dll2_owner_t),
    ("sul_scan", lws_sorted_usec_list_t),
    ("ap_cred", POINTER(lws_wifi_creds)),
    ("ap_ip", c_char_p),
    ("sta_ads", c_char_p),
    ("current_attempt_ssid", c_char * 33),
    ("current_attempt_bssid", c_uint8 * 6),
    ("flags", c_uint8),
    ("state", c_uint8),
]

lws_wifi_sta._fields_ = [
    ("list", lws_dll2_t),
    ("last_seen", c_uint32),
    ("last_tried", c_uint32),
    ("bssid", c_uint8 * 6),
    ("ssid", POINTER(c_char)),
    ("ssid_len", c_uint8),
    ("ch", lws_wifi_ch_t),
    ("rssi", lws_wifi_rssi_t * 8),
    ("rssi_avg", c_int16),
    ("authmode", c_uint8),
    ("rssi_count", c_uint8),
    ("rssi_next", c_uint8),
]

__all__ = [
    "uv_lib_t", "in_addr", "in6_addr_anonymous0", "in6_addr", "sockaddr_in", "sockaddr_in6", "sockaddr_storage",
    "pollfd", "timeval", "timespec", "sockaddr", "lws_pollargs", "lws_dll2", "lws_dll2_owner", "lws_xos",
    "lws_sorted_usec_list", "lws_state_manager", "lws_state_notify_link", "lws_retry_bo", "lws_sock_file_fd_type",
    "lws_sockaddr46", "lws_udp", "lws_adopt_desc", "lws_dns_score", "lws_route", "lws_metrics_tag",
    "lws_metric_bucket", "lws_metric_pub_u_agg", "lws_metric_pub_u_hist", "lws_metric_pub_u", "lws_metric_pub",
    "lws_metric_caliper", "lws_system_ops", "lws_dhcpc_ifstate", "lws_ssl_info", "lws_acme_cert_aging_args",
    "lws_filter_network_conn_args", "lws_ext_options", "lws_ext_option_arg", "lws_extension",
    "lws_protocol_vhost_options", "lws_protocols", "lws_plugin_header", "lws_plugin_protocol", "lws_plugin_u",
    "lws_plugin", "lws_plugin_evlib", "lws_http_mount", "lws_metric_policy", "lws_fops_index", "lws_plat_file_ops",
    "lws_token_limits", "lws_context_creation_info", "lws_conmon", "lws_mqtt_fixed_hdr_t_flags",
    "lws_mqtt_fixed_hdr_t", "lws_mqtt_client_connect_param_s_will_param", "lws_mqtt_client_connect_param_s",
    "lws_mqtt_publish_param_s", "topic_elem", "lws_mqtt_subscribe_param_s", "lws_client_connect_info",
    "lws_keep_connected_status", "lws_process_html_args", "lws_process_html_state", "lws_tokens",
    "lws_spa_create_info", "lws_humanize_unit", "lws_dir_entry", "lws_dir_glob", "lws_wifi_scan",
    "lws_spawn_piped_info", "lws_fsmount", "lws_write_passthru", "lws_b64state", "lws_tls_cert_info_results_ns",
    "lws_tls_cert_info_results", "lws_gencrypto_keyelem", "lws_jwk", "lws_cgi_args", "lws_fop_fd",
    "_lejp_parsing_stack", "_lejp_stack", "lejp_ctx", "lejp_collation", "lws_struct_map", "lws_struct_args",
    "lws_struct_serialize_st", "lws_struct_serialize", "lws_threadpool_create_args", "lws_threadpool_task_args",
    "lws_tokenize", "lws_strexp", "lws_fts_result_filepath", "lws_fts_result_autocomplete", "lws_fts_result",
    "lws_fts_search_params", "lws_seq_info", "lws_ss_policy_u_http_u_ws", "lws_ss_policy_u_http_u",
    "lws_ss_policy_u_http", "lws_ss_policy_u_mqtt", "lws_ss_policy_u", "lws_ss_policy_trust_server",
    "lws_ss_policy_trust", "lws_ss_policy", "lws_ss_info", "lws_ss_x509", "lws_ss_trust_store", "lws_ss_metadata",
    "lws_ss_http_respmap", "lws_ss_auth", "lws_token_map_u", "lws_token_map", "lws_abs_transport",
    "lws_abs_protocol", "lws_unit_test_packet", "lws_unit_test", "lws_test_sequencer_args", "lws_tls_session_dump",
    "lws_genhash_ctx", "lws_genhmac_ctx", "lws_genrsa_ctx", "lws_genaes_ctx", "lws_ec_curves", "lws_genec_ctx",
    "lws_jwk_parse_state", "lws_jose_jwe_alg", "lws_jws_recpient", "lws_jose", "lws_jws_map", "lws_jws",
    "lws_jwt_sign_info", "lws_jwt_sign_set_cookie", "lws_jwe", "lws_i2c_ops", "lws_spi_desc", "lws_spi_ops",
    "lws_gpio_ops", "lws_bb_i2c", "lws_bb_spi", "lws_button_regime", "lws_button_map", "lws_button_controller",
    "lws_pwm_ops", "lws_led_sequence_def_t", "lws_led_state_ch", "lws_led_state_chs", "lws_led_ops",
    "lws_led_gpio_map", "lws_led_gpio_controller", "lws_pwm_map", "lws_display", "lws_display_state",
    "lws_display_ssd1306", "lws_display_ili9341", "lws_settings_ops", "lws_settings_instance_t",
    "lws_netdev_instance", "lws_netdev_config", "lws_netdev_ops", "lws_netdevs", "lws_wifi_creds",
    "lws_netdev_instance_wifi", "lws_wifi_sta", "lws_filepos_t", "lws_fileofs_t", "lws_fop_flags_t", "lws_usec_t",
    "lws_sockfd_type", "lws_filefd_type", "lws_ctx_t", "lws_dll2_t", "lws_dll2_owner_t", "lws_xos_t", "sul_cb_t",
    "lws_sorted_usec_list_t", "lws_smd_class_t", "lws_smd_notification_cb_t", "lws_state_notify_t",
    "lws_state_notify_link_t", "lws_state_manager_t", "lws_retry_bo_t", "lws_adopt_desc_t", "lws_route_uidx_t",
    "lws_dns_score_t", "lws_route_t", "lws_dns_sort_t", "u_mt_t", "lws_metrics_tag_t", "lws_metric_bucket_t",
    "lws_metric_pub_t", "lws_metric_caliper_t", "lws_attach_cb_t", "lws_system_ops_t", "lws_dhcpc_ifstate_t",
    "dhcpc_cb_t", "lws_callback_function", "lws_extension_callback_function", "lws_plugin_header_t",
    "lws_plugin_protocol_t", "lws_plugin_evlib_t", "each_plugin_cb_t", "lws_context_ready_cb_t",
    "lws_peer_limits_notify_t", "lws_reload_func", "lws_conmon_interval_us_t", "lws_mqtt_client_connect_param_t",
    "lws_mqtt_publish_param_t", "lws_mqtt_topic_elem_t", "lws_mqtt_subscribe_param_t", "lws_keep_connected_cb_t",
    "lws_process_html_state_cb", "lws_spa_fileupload_cb", "lws_spa_create_info_t", "lws_humanize_unit_t",
    "lws_dir_callback_function", "lws_dir_glob_cb_t", "lws_dir_glob_t", "lsp_cb_t", "lws_service_post_callback",
    "lws_fop_fd_t", "lejp_callback", "lejp_collation_t", "lws_struct_map_t", "lws_struct_args_cb",
    "lws_struct_args_t", "lws_struct_serialize_st_t", "lws_struct_serialize_t", "lws_tokenize_t",
    "lws_strexp_expand_cb", "lws_strexp_t", "lwsac_cached_file_t", "lws_list_ptr", "lws_list_ptr_sort_func_t",
    "lws_seq_event_cb", "lws_seq_info_t", "lws_ss_tx_ordinal_t", "lws_sscb_rx", "lws_sscb_tx", "lws_sscb_state",
    "lws_ss_info_t", "lws_sssfec_cb", "plugin_auth_status_cb", "lws_metric_policy_t", "lws_ss_x509_t",
    "lws_ss_trust_store_t", "lws_ss_metadata_t", "lws_ss_http_respmap_t", "lws_ss_auth_t", "lws_ss_policy_t",
    "lws_token_map_t", "lws_abs_protocol_t", "lws_abs_transport_t", "lws_unit_test_packet_test_cb",
    "lws_unit_test_packet_cb", "lws_unit_test_packet_t", "lws_unit_test_t", "lws_test_sequence_cb",
    "lws_test_sequencer_args_t", "lws_async_dns_cb_t", "lws_tls_sess_cb_t", "lws_jwk_key_import_callback",
    "lws_i2c_ops_t", "lws_spi_cb_t", "lws_spi_desc_t", "lws_spi_ops_t", "_lws_plat_gpio_t", "lws_gpio_irq_cb_t",
    "lws_gpio_ops_t", "lws_bb_i2c_t", "lws_bb_spi_t", "lws_button_idx_t", "lws_button_cb_t", "lws_button_regime_t",
    "lws_button_map_t", "lws_button_controller_t", "lws_led_intensity_t", "lws_led_seq_phase_t", "lws_led_lookup_t",
    "lws_led_state_ch_t", "lws_led_state_chs_t", "lws_led_ops_t", "lws_led_gpio_map_t", "lws_led_gpio_controller_t",
    "lws_pwm_map_t", "lws_pwm_ops_t", "lws_display_scalar", "lws_display_t", "lws_display_state_t",
    "lws_display_ssd1306_t", "lws_display_ili9341_t", "lws_settings_ops_t", "lws_wifi_ch_t", "lws_wifi_rssi_t",
    "lws_netdev_config_t", "lws_netdev_ops_t", "lws_netdevs_t", "lws_netdev_instance_t", "lws_wifi_creds_t",
    "lws_netdev_instance_wifi_t", "lws_wifi_sta_t",
]
