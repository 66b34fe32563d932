package callbacks

// #include "handles.h"
// int golws_wsi_call_access(struct lws *wsi, char *path, int length, int mask, int *handled);
import "C"

import (
	"unsafe"

	"golws/engine/conn"
	"golws/engine/httpserver"
)

var _ httpserver.AccessChecker = (*Program)(nil)

// CheckAccess implements httpserver.AccessChecker. The path is followed by a NUL.
func (p *Program) CheckAccess(c *conn.Conn, path []byte, mask uint32) (result int, handled bool) {
	wsi := wsiOf(c)
	wsi.mirror = C.uint32_t(c.Mirror)
	text := append(path, 0)
	var done C.int
	result = int(C.golws_wsi_call_access(wsi, (*C.char)(unsafe.Pointer(&text[0])), C.int(len(path)), C.int(mask), &done))
	return result, done != 0
}
