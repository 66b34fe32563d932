package main

// #include "lwsgo_http.h"
import "C"

import (
	"slices"
	"unsafe"

	"golws/callbacks"
	"golws/engine/conn"
	"golws/engine/httpserver"
)

// requestOf is the request at hand, nil where there is none.
func requestOf(slot C.uint32_t) *httpserver.Request {
	if c := connection(slot); c != nil {
		return httpserver.RequestOf(c)
	}
	return nil
}

func tokenOf(token C.int) (httpserver.Token, bool) {
	return httpserver.Token(token), token >= 0 && token < C.int(httpserver.TokenCount)
}

// tokenLimits copies the limits of single header fields.
func tokenLimits(limits *C.ushort) []uint16 {
	if limits == nil {
		return nil
	}
	return slices.Clone(unsafe.Slice((*uint16)(limits), int(httpserver.TokenCount)))
}

// space is a buffer of the program's.
func space(to *C.char, size C.int) []byte {
	return unsafe.Slice((*byte)(unsafe.Pointer(to)), int(size))
}

// cBytes is a C string without its NUL, in its own memory.
func cBytes(p *C.golws_char) []byte {
	if p == nil {
		return nil
	}
	n := 0
	for *(*byte)(unsafe.Add(unsafe.Pointer(p), n)) != 0 {
		n++
	}
	return unsafe.Slice((*byte)(unsafe.Pointer(p)), n)
}

// give copies a value and a NUL, if both fit.
func give(to *C.char, size C.int, value []byte) C.int {
	if len(value) >= int(size) {
		return -1
	}
	b := space(to, size)
	b[copy(b, value)] = 0
	return C.int(len(value))
}

//export lwsgo_http_length
func lwsgo_http_length(slot C.uint32_t, token C.int) (result C.int) {
	defer guard("lws_hdr_total_length", &result, 0)
	if r := requestOf(slot); r != nil {
		if t, ok := tokenOf(token); ok {
			return C.int(r.Length(t))
		}
	}
	return 0
}

//export lwsgo_http_fragment_length
func lwsgo_http_fragment_length(slot C.uint32_t, token, fragment C.int) (result C.int) {
	defer guard("lws_hdr_fragment_length", &result, 0)
	if r := requestOf(slot); r != nil && fragment >= 0 {
		if t, ok := tokenOf(token); ok {
			value, _ := r.Fragment(t, int(fragment))
			return C.int(len(value))
		}
	}
	return 0
}

//export lwsgo_http_copy
func lwsgo_http_copy(slot C.uint32_t, token C.int, to *C.char, size C.int) (result C.int) {
	defer guard("lws_hdr_copy", &result, -1)
	r := requestOf(slot)
	t, ok := tokenOf(token)
	if r == nil || !ok {
		return 0
	}
	n := r.Length(t)
	if n >= int(size) {
		return -1
	}
	b := space(to, size)
	r.Append(b[:0], t)
	b[n] = 0
	return C.int(n)
}

//export lwsgo_http_copy_fragment
func lwsgo_http_copy_fragment(slot C.uint32_t, token, fragment C.int, to *C.char, size C.int) (result C.int) {
	defer guard("lws_hdr_copy_fragment", &result, -1)
	r := requestOf(slot)
	t, ok := tokenOf(token)
	if r == nil || !ok || fragment < 0 {
		return -1
	}
	value, ok := r.Fragment(t, int(fragment))
	if !ok {
		return -1
	}
	return give(to, size, value)
}

// custom finds a header field by a name that ends with a colon.
func custom(slot C.uint32_t, name *C.golws_char, length C.int) ([]byte, bool) {
	r := requestOf(slot)
	if r == nil {
		return nil, false
	}
	n := unsafe.Slice((*byte)(unsafe.Pointer(name)), int(length))
	if n[len(n)-1] == ':' {
		n = n[:len(n)-1]
	}
	return r.Custom(n)
}

//export lwsgo_http_custom_length
func lwsgo_http_custom_length(slot C.uint32_t, name *C.golws_char, length C.int) (result C.int) {
	defer guard("lws_hdr_custom_length", &result, -1)
	value, ok := custom(slot, name, length)
	if !ok {
		return -1
	}
	return C.int(len(value))
}

//export lwsgo_http_custom_copy
func lwsgo_http_custom_copy(slot C.uint32_t, name *C.golws_char, length C.int, to *C.char, size C.int) (result C.int) {
	defer guard("lws_hdr_custom_copy", &result, -1)
	value, ok := custom(slot, name, length)
	if !ok {
		return -1
	}
	return give(to, size, value)
}

//export lwsgo_http_argument
func lwsgo_http_argument(slot C.uint32_t, name *C.golws_char, to *C.char, size C.int) (result C.int) {
	defer guard("lws_get_urlarg_by_name_safe", &result, -1)
	r := requestOf(slot)
	if r == nil {
		return -1
	}
	value, ok := r.Argument(cBytes(name))
	if !ok {
		return -1
	}
	return give(to, size, value)
}

//export lwsgo_http_cookie
func lwsgo_http_cookie(slot C.uint32_t, name *C.golws_char, to *C.char, size *C.size_t) (result C.int) {
	defer guard("lws_http_cookie_get", &result, 1)
	r := requestOf(slot)
	if r == nil {
		return 1
	}
	value, ok := r.Cookie(cBytes(name))
	if !ok {
		return 1
	}
	if C.size_t(len(value)) >= *size {
		return 2
	}
	b := unsafe.Slice((*byte)(unsafe.Pointer(to)), len(value)+1)
	b[copy(b, value)] = 0
	*size = C.size_t(len(value))
	return 0
}

//export lwsgo_http_uri
func lwsgo_http_uri(slot C.uint32_t, uri **C.char, length *C.int) (result C.int) {
	defer guard("lws_http_get_uri_and_method", &result, -1)
	r := requestOf(slot)
	if r == nil {
		return -1
	}
	path := r.Path()
	if len(path) == 0 {
		return -1
	}
	// The program keeps the pointer until the request is over.
	r.Pin()
	store(unsafe.Pointer(uri), unsafe.Pointer(&path[0]))
	*length = C.int(len(path))
	return C.int(r.Method)
}

//export lwsgo_http_detach
func lwsgo_http_detach(slot C.uint32_t, endless C.int) {
	defer guardVoid("lws_http_headers_detach")
	c := connection(slot)
	if c == nil {
		return
	}
	s := httpserver.StateOf(c)
	if s == nil {
		return
	}
	s.Detach()
	if endless != 0 {
		c.SetTimeout(conn.NoPendingTimeout, 0)
		if role, ok := c.Role().(conn.Lasting); ok {
			role.Last(c)
		}
	}
}

//export lwsgo_http_close_sending
func lwsgo_http_close_sending(slot C.uint32_t) (result C.int) {
	defer guard("lws_h2_client_stream_long_poll_rxonly", &result, 1)
	c := connection(slot)
	if c == nil {
		return 1
	}
	role, ok := c.Role().(conn.HalfCloser)
	if !ok {
		return 1
	}
	c.Hold()
	role.CloseSending(c)
	c.Unhold()
	return 0
}

//export lwsgo_http_return_status
func lwsgo_http_return_status(slot C.uint32_t, code C.int, body *C.golws_char) (result C.int) {
	defer guard("lws_return_http_status", &result, 1)
	if c := connection(slot); c != nil && httpserver.ReturnStatus(c, int(code), string(cBytes(body))) {
		return 0
	}
	return 1
}

//export lwsgo_http_completed
func lwsgo_http_completed(slot C.uint32_t) (result C.int) {
	defer guard("lws_http_transaction_completed", &result, 1)
	c := connection(slot)
	if c == nil {
		return 1
	}
	if p, ok := c.Thread().Handler.(*callbacks.Program); ok {
		p.SendWritten(c) // the end of the response
	}
	if t, ok := c.Role().(httpserver.Transaction); ok && t.Complete(c) {
		return 0
	}
	return 1
}

//export lwsgo_http_serve_file
func lwsgo_http_serve_file(slot C.uint32_t, path, mediaType, headers *C.golws_char, length C.int) (result C.int) {
	defer guard("lws_serve_http_file", &result, -1)
	c := connection(slot)
	if c == nil {
		return -1
	}
	c.Hold()
	defer c.Unhold()
	name := append(cBytes(path), 0)
	var fields []byte
	if headers != nil && length > 0 {
		fields = unsafe.Slice((*byte)(unsafe.Pointer(headers)), int(length))
	}
	return C.int(httpserver.ServeFile(c, name, cBytes(mediaType), fields))
}

//export lwsgo_http_serve_fragment
func lwsgo_http_serve_fragment(slot C.uint32_t) (result C.int) {
	defer guard("lws_serve_http_file_fragment", &result, -1)
	if c := connection(slot); c != nil {
		return C.int(httpserver.ServeFragment(c))
	}
	return -1
}

//export lwsgo_http_dummy
func lwsgo_http_dummy(slot C.uint32_t, reason C.int) (result C.int) {
	defer guard("lws_callback_http_dummy", &result, -1)
	c := connection(slot)
	if c == nil {
		return -1
	}
	s := httpserver.StateOf(c)
	if s == nil {
		return 0
	}
	return C.int(s.Dummy(c, conn.Reason(reason)))
}
