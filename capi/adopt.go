package main

// #include "lwsgo_adopt.h"
//
// static void golws_adopted_in(uintptr_t wsi, struct golws_adopt_config *config)
// { golws_adopted((struct lws *)wsi, config); }
import "C"

import (
	"time"
	"unsafe"

	"golang.org/x/sys/unix"

	"golws/callbacks"
	"golws/engine/conn"
	"golws/engine/datagram"
	"golws/engine/server"
	"golws/engine/vhost"
	"golws/engine/ws"
)

// The LWS_CAUDP_ flags.
const (
	datagramBind      = 1 << 0
	datagramBroadcast = 1 << 1
	datagramPacket    = 1 << 2
)

// adoption is what either kind of adoption begins with.
func adoption(context, vhostKey C.uint32_t, config *C.struct_golws_adopt_config) (x *contextEntry, h *conn.Host, owner *conn.Conn) {
	x, v := contexts.get(uint32(context)), vhosts.get(uint32(vhostKey))
	if x == nil || v == nil || x.closing {
		return nil, nil, nil
	}
	if config.parent != nil {
		if owner = callbacks.Connection(uint32(config.parent.slot)); owner == nil {
			return nil, nil, nil
		}
	}
	return x, v.host, owner
}

func adopted(config *C.struct_golws_adopt_config) func(c *conn.Conn) {
	return func(c *conn.Conn) {
		config.created = 1
		C.golws_adopted_in(C.uintptr_t(c.Address()), config)
	}
}

//export lwsgo_adopt
func lwsgo_adopt(context C.uint32_t, tsi C.int, vhostKey C.uint32_t, config *C.struct_golws_adopt_config) (wsi C.uintptr_t) {
	const function = "lws_adopt_descriptor_vhost"
	defer guard(function, &wsi, 0)
	x, h, owner := adoption(context, vhostKey, config)
	if x == nil {
		if server.Kind(config.kind)&server.KindSocket != 0 {
			unix.Close(int(config.fd))
		}
		return 0
	}
	f := &server.Foreign{
		Descriptor: int(config.fd), Kind: server.Kind(config.kind), Protocol: text(config.protocol), Owner: owner,
		Created: adopted(config),
	}
	if n := int(config.input_length); n > 0 {
		f.Input = make([]byte, n, n+1)
		copy(f.Input, unsafe.Slice((*byte)(config.input), n))
	}
	c, err := x.Adopt(x.Threads[tsi], h, f)
	if err != nil {
		callbacks.Log(conn.LogError, function+": "+err.Error())
	}
	if c == nil {
		return 0
	}
	return C.uintptr_t(c.Address())
}

//export lwsgo_open_datagram
func lwsgo_open_datagram(context C.uint32_t, tsi C.int, vhostKey C.uint32_t, config *C.struct_golws_adopt_config) (wsi C.uintptr_t) {
	const function = "lws_create_adopt_udp"
	defer guard(function, &wsi, 0)
	x, h, owner := adoption(context, vhostKey, config)
	if x == nil {
		return 0
	}
	d := &datagram.Config{
		Address: text(config.address), Port: int(config.port), Interface: text(config.iface), Protocol: text(config.protocol),
		Bind: config.flags&datagramBind != 0, Broadcast: config.flags&datagramBroadcast != 0,
		Packet: config.flags&datagramPacket != 0, Resolver: x.names.of(),
	}
	if config.has_policy != 0 {
		d.Retry = &vhost.RetryPolicy{
			ValidPing:   time.Duration(config.secs_since_valid_ping) * time.Second,
			ValidHangup: time.Duration(config.secs_since_valid_hangup) * time.Second,
		}
	}
	c, err := datagram.Open(x.Threads[tsi], h, owner, d, adopted(config))
	if err != nil {
		callbacks.Log(conn.LogError, function+": "+err.Error())
	}
	if c == nil {
		return 0
	}
	return C.uintptr_t(c.Address())
}

//export lwsgo_connection_of
func lwsgo_connection_of(context C.uint32_t, tsi, descriptor C.int) (wsi C.uintptr_t) {
	defer guard("wsi_from_fd", &wsi, 0)
	if x := contexts.get(uint32(context)); x != nil {
		if c := x.Connection(x.Threads[tsi], int(descriptor)); c != nil {
			return C.uintptr_t(c.Address())
		}
	}
	return 0
}

//export lwsgo_close
func lwsgo_close(slot C.uint32_t, status C.int) {
	defer guardVoid("lws_close_free_wsi")
	c := connection(slot)
	if c == nil {
		return
	}
	loop := c.Thread().Loop
	was := loop.Enter()
	defer loop.Leave(was)
	c.Hold()
	if role, ok := c.Role().(*ws.Role); ok && status >= 1000 && status < 5000 && c.Open() {
		role.SetCloseReason(uint16(status), nil)
		c.Finish()
		c.SendLast()
	}
	c.Kill()
	c.Unhold()
}
