package main

// #include "lwsgo.h"
import "C"

import (
	"unsafe"

	"golws/callbacks"
	"golws/engine/conn"
	"golws/engine/ws"
)

//export lwsgo_ws_close_reason
func lwsgo_ws_close_reason(slot C.uint32_t, status C.int, reason unsafe.Pointer, length C.size_t) {
	defer guardVoid("lws_close_reason")
	c := connection(slot)
	if c == nil {
		return
	}
	role, ok := c.Role().(*ws.Role)
	if !ok {
		callbacks.Log(conn.LogError, "lws_close_reason: this connection is not a WebSocket")
		return
	}
	role.SetCloseReason(uint16(status), unsafe.Slice((*byte)(reason), int(length)))
}

//export lwsgo_ws_set_extension_option
func lwsgo_ws_set_extension_option(slot C.uint32_t, extension, option, value unsafe.Pointer) (result C.int) {
	defer guard("lws_set_extension_option", &result, -1)
	c := connection(slot)
	if c == nil {
		return -1
	}
	role, ok := c.Role().(*ws.Role)
	if !ok {
		return 0
	}
	if !role.SetExtensionOption(C.GoString((*C.char)(extension)), C.GoString((*C.char)(option)),
		C.GoString((*C.char)(value))) {
		return -1
	}
	return 0
}

//export lwsgo_ws_close_payload
func lwsgo_ws_close_payload(slot C.uint32_t, payload unsafe.Pointer, size C.size_t) (result C.int) {
	defer guard("lws_get_close_payload", &result, 0)
	c := connection(slot)
	if c == nil {
		return 0
	}
	role, ok := c.Role().(*ws.Role)
	if !ok {
		return 0
	}
	return C.int(copy(unsafe.Slice((*byte)(payload), int(size)), role.ClosePayload()))
}
