package main

// #include <stdlib.h>
// #include "lwsgo_tls.h"
import "C"

import (
	"bytes"
	"crypto/x509"
	"encoding/pem"
	"unsafe"

	"golws/callbacks"
	"golws/engine/certificate"
	"golws/engine/conn"
	"golws/engine/tlsconfig"
	"golws/engine/tlsconn"
	"golws/engine/vhost"
)

// copied is C memory as a slice of its own.
func copied(p unsafe.Pointer, n C.size_t) []byte {
	if p == nil {
		return nil
	}
	return bytes.Clone(unsafe.Slice((*byte)(p), int(n)))
}

func tlsFrom(config *C.struct_golws_tls_config) *vhost.TLS {
	if config == nil {
		return nil
	}
	t := &vhost.TLS{
		CertificateFile:    text(config.certificate_file),
		PrivateKeyFile:     text(config.private_key_file),
		PrivateKeyPassword: text(config.private_key_password),
		CAFile:             text(config.ca_file),
		Certificate:        copied(config.certificate.data, config.certificate.length),
		PrivateKey:         copied(config.private_key.data, config.private_key.length),
		CA:                 copied(config.ca.data, config.ca.length),
		CipherList:         text(config.cipher_list),
		CipherSuites:       text(config.cipher_suites),
		OptionsSet:         uint64(config.options_set),
		OptionsClear:       uint64(config.options_clear),
		Curve:              text(config.curve),
		ALPN:               text(config.alpn),
		SessionLifetime:    int(config.session_timeout),
		SessionCacheMax:    int(config.session_cache_max),
	}
	for trust := config.trust; trust != nil; trust = trust.next {
		t.CA = joined(t.CA, unsafe.Slice((*byte)(unsafe.Add(unsafe.Pointer(trust), unsafe.Sizeof(*trust))), int(trust.length)))
	}
	return t
}

// joined adds certificates to others, PEM or DER each. What cannot be read stays as it is: whoever uses it says what is
// wrong.
func joined(to, more []byte) []byte {
	if len(to) == 0 {
		return bytes.Clone(more)
	}
	var text []byte
	for _, part := range [][]byte{to, more} {
		list, err := certificate.Parse(part)
		if err != nil {
			return to
		}
		for _, c := range list {
			text = append(text, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: c.Raw})...)
		}
	}
	return text
}

// served is what the vhost presents itself with, nil where it is gone or has no TLS.
func served(key C.uint32_t) (*vhostEntry, *tlsconfig.Server) {
	if v := vhosts.get(uint32(key)); v != nil {
		return v, v.host.TLS
	}
	return nil, nil
}

// refused logs why a vhost keeps what it has.
func (v *vhostEntry) refused(err error) C.int {
	callbacks.Log(conn.LogError, "vhost "+v.host.Name+": the certificate stays as it is: "+err.Error())
	return -1
}

//export lwsgo_vhost_reload_certificate
func lwsgo_vhost_reload_certificate(key C.uint32_t, certificate unsafe.Pointer, certificateLength C.size_t, private unsafe.Pointer, privateLength C.size_t) (result C.int) {
	defer guard("lws_tls_vhost_reload_cert", &result, -1)
	v, s := served(key)
	if s == nil {
		return -1
	}
	var err error
	if certificate == nil && private == nil {
		err = s.Reload()
	} else {
		err = s.Replace(copied(certificate, certificateLength), copied(private, privateLength))
	}
	if err != nil {
		return v.refused(err)
	}
	return 0
}

//export lwsgo_vhost_add_trust
func lwsgo_vhost_add_trust(key C.uint32_t, certificates unsafe.Pointer, n C.size_t) (result C.int) {
	defer guard("lws_tls_vhost_add_trust_mem", &result, -1)
	v, s := served(key)
	if s == nil {
		return -1
	}
	if err := s.AddTrust(copied(certificates, n)); err != nil {
		return v.refused(err)
	}
	return 0
}

//export lwsgo_vhost_files_changed
func lwsgo_vhost_files_changed(key C.uint32_t) (result C.int) {
	defer guard("lws_tls_vhost_watch_cert", &result, 0)
	if _, s := served(key); s != nil && s.FilesChanged() {
		return 1
	}
	return 0
}

//export lwsgo_vhost_certificate_info
func lwsgo_vhost_certificate_info(key C.uint32_t, kind C.int, answer *C.struct_golws_certificate_answer, buffer *C.char, room C.size_t) (result C.int) {
	defer guard("lws_tls_vhost_cert_info", &result, -1)
	if _, s := served(key); s != nil {
		return certificateInfo(s.Leaf(), kind, answer, buffer, room)
	}
	return -1
}

// judged is what is known about the peer of a connection, or nil; the certificates begin with its own.
func judged(slot C.uint32_t) (*callbacks.Verifying, *tlsconn.Transport) {
	c := connection(slot)
	if c == nil {
		return nil, nil
	}
	if p, ok := c.Thread().Handler.(*callbacks.Program); ok {
		if v := p.VerifyingOf(c); v != nil {
			return v, nil
		}
	}
	return nil, tlsconn.Of(c)
}

//export lwsgo_peer_certificate_info
func lwsgo_peer_certificate_info(slot C.uint32_t, depth, kind C.int, answer *C.struct_golws_certificate_answer, buffer *C.char, room C.size_t) (result C.int) {
	defer guard("lws_tls_peer_cert_info", &result, -1)
	v, t := judged(slot)
	var certificates []*x509.Certificate
	var verified bool
	switch {
	case v != nil:
		certificates, verified = v.Certificates, v.OK()
	case t != nil:
		certificates, verified = t.State().PeerCertificates, t.Verified()
	}
	if int(depth) < 0 || int(depth) >= len(certificates) {
		return -1
	}
	if kind == infoVerified {
		answer.number = 0
		if verified {
			answer.number = 1
		}
		return 0
	}
	return certificateInfo(certificates[depth], kind, answer, buffer, room)
}

//export lwsgo_peer_certificate_accept
func lwsgo_peer_certificate_accept(slot C.uint32_t) (result C.int) {
	const function = "lws_tls_accept_peer_cert"
	defer guard(function, &result, -1)
	v, _ := judged(slot)
	if v == nil {
		callbacks.Log(conn.LogError, function+": no certificate is being judged: it is for "+
			"LWS_CALLBACK_OPENSSL_PERFORM_CLIENT_CERT_VERIFICATION and "+
			"LWS_CALLBACK_OPENSSL_PERFORM_SERVER_CERT_VERIFICATION")
		return -1
	}
	v.Accepted = true
	return 0
}

//export lwsgo_peer_certificate_error
func lwsgo_peer_certificate_error(slot C.uint32_t, buffer *C.char, room C.size_t) (n C.int) {
	defer guard("lws_tls_peer_cert_error", &n, -1)
	v, _ := judged(slot)
	if v == nil {
		return -1
	}
	var text string
	if !v.OK() {
		text = v.Error()
	}
	if room > 0 {
		to := unsafe.Slice((*byte)(unsafe.Pointer(buffer)), int(room))
		to[copy(to[:room-1], text)] = 0
	}
	return C.int(len(text))
}

//export lwsgo_tls_session_reused
func lwsgo_tls_session_reused(slot C.uint32_t) (result C.int) {
	defer guard("lws_tls_session_is_reused", &result, 0)
	if c := connection(slot); c != nil {
		if t := tlsconn.Of(c); t != nil && t.State().DidResume {
			return 1
		}
	}
	return 0
}
