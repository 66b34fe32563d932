package main

// #include <stdlib.h>
// #include "lwsgo_tls.h"
import "C"

import (
	"crypto/x509"
	"encoding/base64"
	"strings"
	"time"
	"unsafe"

	"golws/callbacks"
	"golws/engine/certificate"
	"golws/engine/conn"
)

// The questions of enum lws_tls_cert_info.
const (
	infoValidFrom = iota
	infoValidTo
	infoCommonName
	infoIssuerName
	infoUsage
	infoVerified
	infoPublicKey
	infoDER
)

// view is C memory as a slice, for as long as the call lasts.
func view(p unsafe.Pointer, n C.size_t) []byte {
	if p == nil {
		return nil
	}
	return unsafe.Slice((*byte)(p), int(n))
}

func complain(function string, err error) C.int {
	callbacks.Log(conn.LogError, function+": "+err.Error())
	return -1
}

// certificateInfo answers a question about c; -1 where c is nil, there is no answer or no room for it.
func certificateInfo(c *x509.Certificate, kind C.int, answer *C.struct_golws_certificate_answer, buffer *C.char, room C.size_t) C.int {
	if c == nil {
		return -1
	}
	switch kind {
	case infoValidFrom:
		answer.time = C.int64_t(certificate.ValidFrom(c))
	case infoValidTo:
		answer.time = C.int64_t(certificate.ValidTo(c))
	case infoUsage:
		answer.number = C.uint32_t(certificate.Usage(c))
	case infoCommonName:
		return putText(certificate.CommonName(c), false, answer, buffer, room)
	case infoIssuerName:
		return putText(certificate.IssuerName(c), true, answer, buffer, room)
	case infoPublicKey:
		return putBytes(certificate.PublicKey(c), answer, buffer, room)
	case infoDER:
		return putBytes(c.Raw, answer, buffer, room)
	default:
		return -1
	}
	return 0
}

func putBytes(p []byte, answer *C.struct_golws_certificate_answer, buffer *C.char, room C.size_t) C.int {
	answer.length = C.int(len(p))
	if len(p) > int(room) {
		return -1
	}
	copy(unsafe.Slice((*byte)(unsafe.Pointer(buffer)), int(room)), p)
	return 0
}

// putText ends the text with a NUL. Who a certificate is from may be cut, as it always has been; who it is for decides
// about access, and so it may not.
func putText(text string, cut bool, answer *C.struct_golws_certificate_answer, buffer *C.char, room C.size_t) C.int {
	if cut && room > 0 && len(text) >= int(room) {
		text = text[:room-1]
	}
	answer.length = C.int(len(text))
	if len(text) >= int(room) {
		return -1
	}
	to := unsafe.Slice((*byte)(unsafe.Pointer(buffer)), int(room))
	to[copy(to, text)] = 0
	return 0
}

//export lwsgo_certificate_info
func lwsgo_certificate_info(der unsafe.Pointer, n C.size_t, kind C.int, answer *C.struct_golws_certificate_answer, buffer *C.char, room C.size_t) (result C.int) {
	defer guard("lws_x509_info", &result, -1)
	list, err := certificate.Parse(view(der, n))
	if err != nil {
		return complain("lws_x509_info", err)
	}
	return certificateInfo(list[0], kind, answer, buffer, room)
}

//export lwsgo_certificates_count
func lwsgo_certificates_count(certificates unsafe.Pointer, n C.size_t, function *C.golws_char) (result C.int) {
	defer guard("lws_tls_vhost_add_trust_mem", &result, 0)
	list, err := certificate.Parse(view(certificates, n))
	if err != nil {
		complain(text((*C.char)(unsafe.Pointer(function))), err)
		return 0
	}
	return C.int(len(list))
}

//export lwsgo_certificates_parse
func lwsgo_certificates_parse(pem unsafe.Pointer, n C.size_t, length *C.size_t) (der unsafe.Pointer) {
	defer guard("lws_x509_parse_from_pem", &der, nil)
	list, err := certificate.Parse(view(pem, n))
	if err != nil {
		complain("lws_x509_parse_from_pem", err)
		return nil
	}
	var all []byte
	for _, c := range list {
		all = append(all, c.Raw...)
	}
	*length = C.size_t(len(all))
	return C.CBytes(all)
}

//export lwsgo_certificate_verify
func lwsgo_certificate_verify(der unsafe.Pointer, n C.size_t, trusted unsafe.Pointer, trustedLength C.size_t, name *C.golws_char) (result C.int) {
	defer guard("lws_x509_verify", &result, -1)
	chain, err := certificate.Parse(view(der, n))
	if err != nil {
		return complain("lws_x509_verify", err)
	}
	issuers, err := certificate.Parse(view(trusted, trustedLength))
	if err != nil {
		return complain("lws_x509_verify", err)
	}
	if err = certificate.Verify(chain, issuers[0], text((*C.char)(unsafe.Pointer(name)))); err != nil {
		return complain("lws_x509_verify", err)
	}
	return 0
}

// Where the elements of keys stand: enum lws_gencrypto_rsa_tok and enum lws_gencrypto_ec_tok; and the types of keys.
const (
	rsaE = iota
	rsaN
	rsaD
	rsaP
	rsaQ
	rsaDP
	rsaDQ
	rsaQI
	keyElements

	ecCurve = 0
	ecX     = 1
	ecD     = 2
	ecY     = 3

	keyRSA = 2
	keyEC  = 3
)

func elementsOf(elements *C.struct_golws_key_element) []C.struct_golws_key_element {
	return unsafe.Slice(elements, keyElements)
}

func setElement(e *C.struct_golws_key_element, p []byte) {
	store(unsafe.Pointer(&e.data), C.CBytes(p))
	e.length = C.uint32_t(len(p))
}

// replaceElement puts p in the place of what stands there, which may be of an earlier private key.
func replaceElement(e *C.struct_golws_key_element, p []byte) {
	clear(elementBytes(e))
	C.free(unsafe.Pointer(e.data))
	setElement(e, p)
}

func elementBytes(e *C.struct_golws_key_element) []byte {
	return view(unsafe.Pointer(e.data), C.size_t(e.length))
}

//export lwsgo_certificate_public_key
func lwsgo_certificate_public_key(der unsafe.Pointer, n C.size_t, curves *C.golws_char, rsaBits C.int, elements *C.struct_golws_key_element) (kind C.int) {
	const function = "lws_x509_public_to_jwk"
	defer guard(function, &kind, -1)
	list, err := certificate.Parse(view(der, n))
	if err != nil {
		return complain(function, err)
	}
	key, err := certificate.PublicJWK(list[0], text((*C.char)(unsafe.Pointer(curves))), int(rsaBits))
	if err != nil {
		return complain(function, err)
	}
	e := elementsOf(elements)
	if key.Curve == "" {
		setElement(&e[rsaE], key.E)
		setElement(&e[rsaN], key.N)
		return keyRSA
	}
	setElement(&e[ecCurve], append([]byte(key.Curve), 0))
	setElement(&e[ecX], key.X)
	setElement(&e[ecY], key.Y)
	return keyEC
}

//export lwsgo_private_key_elements
func lwsgo_private_key_elements(kind C.int, elements *C.struct_golws_key_element, pem unsafe.Pointer, n C.size_t, passphrase *C.golws_char) (result C.int) {
	const function = "lws_x509_jwk_privkey_pem"
	defer guard(function, &result, -1)
	e := elementsOf(elements)
	var key certificate.JWK
	if kind == keyEC {
		key.Curve = strings.TrimRight(string(elementBytes(&e[ecCurve])), "\x00")
		key.X, key.Y = elementBytes(&e[ecX]), elementBytes(&e[ecY])
	} else {
		key.E, key.N = elementBytes(&e[rsaE]), elementBytes(&e[rsaN])
	}
	if err := key.AddPrivate(view(pem, n), text((*C.char)(unsafe.Pointer(passphrase)))); err != nil {
		return complain(function, err)
	}
	if kind == keyEC {
		replaceElement(&e[ecD], key.D)
		return 0
	}
	for i, p := range [][]byte{key.D, key.P, key.Q, key.DP, key.DQ, key.QInverse} {
		replaceElement(&e[rsaD+i], p)
	}
	return 0
}

// What the certificate of ACME's challenge says of itself, and how long.
const (
	acmeName     = "temp.acme.invalid"
	acmeValidity = time.Hour
)

//export lwsgo_acme_certificate
func lwsgo_acme_certificate(key C.uint32_t, name, other *C.golws_char) (result C.int) {
	const function = "lws_tls_acme_sni_cert_create"
	defer guard(function, &result, -1)
	v, s := served(key)
	if s == nil {
		return -1
	}
	names := []string{text((*C.char)(unsafe.Pointer(name))), text((*C.char)(unsafe.Pointer(other)))}
	certificatePEM, keyPEM, err := certificate.NewSelfSigned(acmeName, names, acmeValidity)
	if err != nil {
		return complain(function, err)
	}
	if err = s.Replace(certificatePEM, keyPEM); err != nil {
		return v.refused(err)
	}
	return 0
}

// The elements stand in the order of the LWS_TLS_REQ_ELEMENT_ indexes.
//
//export lwsgo_certificate_request
func lwsgo_certificate_request(elements **C.char, count C.int, request *C.char, room C.size_t, keyText **C.char, keyLength *C.size_t) (n C.int) {
	const function = "lws_tls_acme_sni_csr_create"
	defer guard(function, &n, -1)
	given := make([]*string, 7)
	for i, p := range unsafe.Slice(elements, min(int(count), len(given))) {
		if p != nil {
			one := C.GoString(p)
			given[i] = &one
		}
	}
	der, keyPEM, err := certificate.NewRequest(certificate.RequestElements{
		Country: given[0], State: given[1], Locality: given[2], Organization: given[3], CommonName: given[4],
		AlternativeName: given[5], Email: given[6],
	}, certificate.RequestKeyBits)
	if err != nil {
		return complain(function, err)
	}
	encoded := base64.RawURLEncoding.EncodeToString(der)
	if len(encoded) > int(room) {
		callbacks.Log(conn.LogError, function+": the request does not fit in the buffer")
		return -1
	}
	copy(unsafe.Slice((*byte)(unsafe.Pointer(request)), int(room)), encoded)
	store(unsafe.Pointer(keyText), C.CBytes(append(keyPEM, 0)))
	*keyLength = C.size_t(len(keyPEM))
	return C.int(len(encoded))
}
