package main

// #include "lwsgo_client.h"
//
// static void golws_created(uintptr_t wsi, struct golws_client_config *config)
// { golws_client_created((struct lws *)wsi, config); }
import "C"

import (
	"strings"
	"time"
	"unsafe"

	"golws/callbacks"
	"golws/engine/client"
	"golws/engine/conn"
	"golws/engine/httpclient"
	"golws/engine/httpserver"
	"golws/engine/vhost"
)

//export lwsgo_client_connect
func lwsgo_client_connect(context C.uint32_t, tsi C.int, vhostKey C.uint32_t, config *C.struct_golws_client_config) (wsi C.uintptr_t) {
	const function = "lws_client_connect_via_info"
	defer guard(function, &wsi, 0)
	x, v := contexts.get(uint32(context)), vhosts.get(uint32(vhostKey))
	if x == nil || v == nil || x.closing {
		return 0
	}
	var owner *conn.Conn
	if config.parent != nil {
		if owner = callbacks.Connection(uint32(config.parent.slot)); owner == nil {
			return 0
		}
	}
	settings := clientFrom(config, &x.texts[tsi])
	settings.Resolver = x.names.of()
	var err error
	if settings.Proxies, err = v.proxies(); err != nil && !strings.HasPrefix(settings.Address, "+") {
		callbacks.Log(conn.LogError, function+": the vhost's proxy: "+err.Error())
		return 0
	}
	c, err := client.Connect(x.Threads[tsi], v.host, owner, settings, func(c *conn.Conn) {
		config.created = 1
		C.golws_created(C.uintptr_t(c.Address()), config)
	})
	if err != nil {
		callbacks.Log(conn.LogError, function+": "+err.Error())
		return 0
	}
	if c == nil {
		return 0
	}
	return C.uintptr_t(c.Address())
}

// clientTexts are those of the last connection of a thread. Programs connect to the same server again and again, and
// what is equal need not be copied.
type clientTexts struct {
	address, path, host, origin, protocol, method, local string
}

// textLike is text, and last where that is the same.
func textLike(p *C.char, last *string) string {
	if p == nil {
		return ""
	}
	at := func(i int) byte { return *(*byte)(unsafe.Add(unsafe.Pointer(p), i)) }
	for i := range len(*last) {
		if at(i) != (*last)[i] { // also where p is shorter
			*last = text(p)
			return *last
		}
	}
	if at(len(*last)) != 0 {
		*last = text(p)
	}
	return *last
}

func clientFrom(config *C.struct_golws_client_config, last *clientTexts) *client.Config {
	result := &client.Config{
		Address:   textLike(config.address, &last.address),
		Port:      int(config.port),
		Path:      textLike(config.path, &last.path),
		Host:      textLike(config.host, &last.host),
		Origin:    textLike(config.origin, &last.origin),
		Protocol:  textLike(config.protocol, &last.protocol),
		Method:    textLike(config.method, &last.method),
		Local:     textLike(config.local_protocol_name, &last.local),
		Interface: text(config.iface),
		Service:   int(config.type_of_service),
		Priority:  int(config.priority),
		RawOrigin: config.raw_origin != 0,
		Keep:      config.keep != 0,
		KeepWarm:  time.Duration(config.keep_warm_secs) * time.Second,
		NoFollow:  config.no_follow != 0,
		Form:      text(config.form),
		UserData:  config.userdata != nil,
		Downgrade: config.downgrade != 0,
		Cookies:   config.cookies != 0,

		Measure:    config.measure != 0,
		TellAlways: config.tell_always != 0,

		PriorKnowledge:  config.prior_knowledge != 0,
		ManualCredit:    config.manual_credit != 0,
		Credit:          int(config.credit),
		ForgiveOverflow: config.forgive_overflow != 0,
	}
	switch {
	case config.tls != 0:
		result.TLS = clientTLSFrom(config)
	case config.allow_self_signed|config.allow_other_name|config.allow_expired|config.allow_unknown_issuer != 0 ||
		config.alpn != nil || config.certificate_number != 0:
		result.RedirectTLS = clientTLSFrom(config)
	}
	if config.has_policy != 0 {
		result.Retry = &vhost.RetryPolicy{
			ValidPing:   time.Duration(config.secs_since_valid_ping) * time.Second,
			ValidHangup: time.Duration(config.secs_since_valid_hangup) * time.Second,
		}
	}
	return result
}

// clientOf is the client's transaction of a connection, also while that is being made; nil for others.
func clientOf(slot C.uint32_t) (*conn.Conn, *httpclient.Transaction) {
	c := connection(slot)
	if c == nil {
		return nil, nil
	}
	return c, httpclient.Of(c)
}

//export lwsgo_client_status
func lwsgo_client_status(slot C.uint32_t) (status C.uint) {
	defer guard("lws_http_client_http_response", &status, 0)
	if c := connection(slot); c != nil {
		if r := httpserver.RequestOf(c); r != nil {
			return C.uint(r.Status)
		}
	}
	return 0
}

//export lwsgo_client_redirected_to_get
func lwsgo_client_redirected_to_get(slot C.uint32_t) (result C.int) {
	defer guard("lws_http_is_redirected_to_get", &result, 0)
	if _, transaction := clientOf(slot); transaction != nil && transaction.ToGet {
		return 1
	}
	return 0
}

//export lwsgo_client_options
func lwsgo_client_options(slot C.uint32_t, decode, trust C.int) (result C.int) {
	defer guard("lws_client_http_options", &result, 1)
	if _, transaction := clientOf(slot); transaction != nil && transaction.Unsent() {
		transaction.Options = httpclient.Options{Decode: decode != 0, Trust: trust != 0}
		return 0
	}
	return 1
}

//export lwsgo_client_credentials
func lwsgo_client_credentials(slot C.uint32_t, user, password *C.char) (result C.int) {
	defer guard("lws_client_http_credentials", &result, 1)
	_, transaction := clientOf(slot)
	if transaction == nil || !transaction.Unsent() {
		return 1
	}
	if user == nil {
		transaction.ForgetCredentials()
	} else {
		transaction.SetCredentials(httpclient.Credentials{User: text(user), Password: text(password)})
	}
	return 0
}

//export lwsgo_client_reset
func lwsgo_client_reset(slot C.uint32_t, secure C.int, address *C.char, port C.int, path, host *C.char) (result C.int) {
	defer guard("lws_client_reset", &result, 0)
	c, transaction := clientOf(slot)
	if transaction == nil {
		return 0
	}
	to := httpclient.Destination{
		Secure: secure != 0, Address: text(address), Port: int(port), Target: "/" + text(path), Host: text(host),
	}
	if transaction.Restart(c, to) {
		return 1
	}
	return 0
}

//export lwsgo_client_body_pending
func lwsgo_client_body_pending(slot C.uint32_t, pending C.int) {
	defer guardVoid("lws_client_http_body_pending")
	if c, transaction := clientOf(slot); transaction != nil {
		transaction.SetBodyPending(c, pending != 0)
	}
}

//export lwsgo_client_read
func lwsgo_client_read(slot C.uint32_t, buffer *C.char, size C.int) (result C.int) {
	defer guard("lws_http_client_read", &result, -1)
	c, transaction := clientOf(slot)
	if transaction == nil {
		return -1
	}
	handler := c.Thread().Handler
	most := int(size)
	var space []byte
	if most > 0 {
		space = unsafe.Slice((*byte)(unsafe.Pointer(buffer)), most)
		if most > 1 {
			most-- // for the NUL behind the data
		}
	} else {
		most = 1 << 16
	}
	ok := transaction.Read(c, most, func(piece []byte) int {
		if space == nil {
			return handler.Callback(c, conn.ReceiveClientHTTPRead, piece)
		}
		// Programs may write in front of what they are given, where they have left room for it.
		n := copy(space, piece)
		if n < len(space) {
			space[n] = 0
		}
		return handler.CallbackValue(c, conn.ReceiveClientHTTPRead, uintptr(unsafe.Pointer(&space[0])), n)
	})
	if !ok {
		return -1
	}
	return 0
}
