package main

// #include <stdlib.h>
// #include "lwsgo_client.h"
// #include "lwsgo_tls.h"
import "C"

import (
	"unsafe"

	"golws/callbacks"
	"golws/engine/client"
	"golws/engine/conn"
	"golws/engine/tlsconfig"
)

// clientTLSFrom is what the program asks for of a connection that is encrypted.
func clientTLSFrom(config *C.struct_golws_client_config) *client.TLS {
	t := &client.TLS{Protocols: text(config.alpn)}
	for flag, wanted := range map[tlsconfig.Allow]C.int{
		tlsconfig.AllowSelfSigned:    config.allow_self_signed,
		tlsconfig.AllowOtherName:     config.allow_other_name,
		tlsconfig.AllowExpired:       config.allow_expired,
		tlsconfig.AllowUnknownIssuer: config.allow_unknown_issuer,
	} {
		if wanted != 0 {
			t.Allow |= flag
		}
	}
	if config.certificate.data == nil {
		return t
	}
	pair, err := tlsconfig.SystemCertificate(copied(config.certificate.data, config.certificate.length),
		copied(config.private_key.data, config.private_key.length))
	if err != nil {
		callbacks.Log(conn.LogError, "lws_client_connect_via_info: sys_tls_client_cert: "+err.Error())
		return t
	}
	t.Certificate, t.Number = pair, int(config.certificate_number)
	return t
}

// connecting is what a vhost's connections use, nil where they have no TLS.
func connecting(key C.uint32_t) (*vhostEntry, *tlsconfig.Client) {
	if v := vhosts.get(uint32(key)); v != nil {
		return v, v.host.ClientTLS
	}
	return nil, nil
}

//export lwsgo_vhost_add_client_tls
func lwsgo_vhost_add_client_tls(key C.uint32_t, config *C.struct_golws_tls_config) (result C.int) {
	const function = "lws_init_vhost_client_ssl"
	defer guard(function, &result, -1)
	v := vhosts.get(uint32(key))
	if v == nil {
		return -1
	}
	given := v.host.Vhost.ClientTLS
	v.host.Vhost.ClientTLS = tlsFrom(config)
	if err := v.context.AddClientTLS(v.host); err != nil {
		v.host.Vhost.ClientTLS = given
		callbacks.Log(conn.LogError, function+": "+err.Error())
		return -1
	}
	return 0
}

//export lwsgo_vhost_add_client_trust
func lwsgo_vhost_add_client_trust(key C.uint32_t, certificates unsafe.Pointer, n C.size_t) (result C.int) {
	const function = "lws_tls_client_vhost_extra_cert_mem"
	defer guard(function, &result, -1)
	v, c := connecting(key)
	if c == nil {
		return -1
	}
	if err := c.AddTrust(copied(certificates, n)); err != nil {
		callbacks.Log(conn.LogError, function+": vhost "+v.host.Name+": "+err.Error())
		return -1
	}
	return 0
}

//export lwsgo_tls_session_save
func lwsgo_tls_session_save(key C.uint32_t, host *C.golws_char, port C.int, length *C.size_t) (session unsafe.Pointer) {
	defer guard("lws_tls_session_dump_save", &session, nil)
	_, c := connecting(key)
	if c == nil {
		return nil
	}
	data, ok := c.SaveSession(tlsconfig.SessionName(text((*C.char)(host)), int(port), 0))
	if !ok {
		return nil
	}
	*length = C.size_t(len(data))
	return C.CBytes(data)
}

//export lwsgo_tls_session_wanted
func lwsgo_tls_session_wanted(key C.uint32_t, host *C.golws_char, port C.int) (wanted C.int) {
	defer guard("lws_tls_session_dump_load", &wanted, 0)
	_, c := connecting(key)
	if c != nil && c.KeepsSessions() && !c.HasSession(tlsconfig.SessionName(text((*C.char)(host)), int(port), 0)) {
		return 1
	}
	return 0
}

//export lwsgo_tls_session_load
func lwsgo_tls_session_load(key C.uint32_t, host *C.golws_char, port C.int, session unsafe.Pointer, length C.size_t) (result C.int) {
	const function = "lws_tls_session_dump_load"
	defer guard(function, &result, -1)
	_, c := connecting(key)
	if c == nil {
		return -1
	}
	if err := c.LoadSession(tlsconfig.SessionName(text((*C.char)(host)), int(port), 0), copied(session, length)); err != nil {
		callbacks.Log(conn.LogError, function+": "+err.Error())
		return -1
	}
	return 0
}
