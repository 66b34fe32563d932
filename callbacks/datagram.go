package callbacks

// #include "handles.h"
//
// static void golws_set_peer_in(uintptr_t wsi, uintptr_t address, size_t length, int connected)
// { golws_wsi_set_peer((struct lws *)wsi, (const void *)address, length, connected); }
// static size_t golws_peer_in(uintptr_t wsi, uintptr_t address, size_t size)
// { return golws_wsi_peer((struct lws *)wsi, (void *)address, size); }
import "C"

import (
	"runtime"
	"unsafe"

	"golws/engine/conn"
)

// SetPeer implements conn.DatagramHandler.
func (p *Program) SetPeer(c *conn.Conn, a *conn.Address, connected bool) {
	C.golws_set_peer_in(C.uintptr_t(c.Address()), C.uintptr_t(uintptr(unsafe.Pointer(&a.Raw))), C.size_t(a.Length),
		C.int(bit(connected)))
	runtime.KeepAlive(a)
}

// Peer implements conn.DatagramHandler.
func (p *Program) Peer(c *conn.Conn, a *conn.Address) {
	a.Length = uint32(C.golws_peer_in(C.uintptr_t(c.Address()), C.uintptr_t(uintptr(unsafe.Pointer(&a.Raw))),
		C.size_t(unsafe.Sizeof(a.Raw))))
	runtime.KeepAlive(a)
}
