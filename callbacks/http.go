package callbacks

// #include "handles.h"
// int golws_wsi_call_access(struct lws *wsi, char *path, int length, int mask, int *handled);
// int golws_wsi_rebind(struct lws *wsi, const struct lws_protocols *protocol, size_t session_size, int drop, int tell, int *result);
//
// static int golws_call_access(uintptr_t wsi, uintptr_t path, int length, int mask)
// {
//	int handled = 0, result = golws_wsi_call_access((struct lws *)wsi, (char *)path, length, mask, &handled);
//	return result ? -1 : handled;
// }
// static int golws_rebind(uintptr_t wsi, uintptr_t protocol, size_t session_size, int drop, int tell)
// {
//	int result = 0;
//	if (golws_wsi_rebind((struct lws *)wsi, (const struct lws_protocols *)protocol, session_size, drop, tell, &result))
//		return -1;
//	return result ? 1 : 0;
// }
import "C"

import (
	"runtime"
	"unsafe"

	"golws/engine/conn"
	"golws/engine/httpserver"
	"golws/engine/vhost"
)

var (
	_ httpserver.AccessChecker = (*Program)(nil)
	_ httpserver.Rebinder      = (*Program)(nil)
)

// CheckAccess implements httpserver.AccessChecker. The path is followed by a NUL.
func (p *Program) CheckAccess(c *conn.Conn, path []byte, mask uint32) (result int, handled bool) {
	wsiOf(c).mirror = C.uint32_t(c.Mirror)
	text := append(path, 0)
	n := C.golws_call_access(C.uintptr_t(c.Address()), C.uintptr_t(uintptr(unsafe.Pointer(&text[0]))), C.int(len(path)), C.int(mask))
	runtime.KeepAlive(text)
	p.returned(c)
	if n < 0 {
		return 1, false
	}
	return 0, n != 0
}

// Rebind implements httpserver.Rebinder.
func (p *Program) Rebind(c *conn.Conn, protocol *vhost.Protocol, drop, tell bool) (bound bool, result int) {
	if !drop && !tell {
		return p.Bind(c, protocol), 0
	}
	wsiOf(c).mirror = C.uint32_t(c.Mirror)
	n := C.golws_rebind(C.uintptr_t(c.Address()), C.uintptr_t(protocol.Reference), C.size_t(protocol.SessionSize),
		C.int(bit(drop)), C.int(bit(tell)))
	p.returned(c)
	return n >= 0, int(n)
}

// SendWritten sends what the callback under way has written without crossing.
func (p *Program) SendWritten(c *conn.Conn) { p.returned(c) }
