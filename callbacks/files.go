package callbacks

// #include "handles.h"
//
// static int golws_open_served(struct lws_context *context, uintptr_t path, struct golws_served_file *served)
// { return golws_served_open(context, (const char *)path, served); }
// static int golws_read_served(struct golws_served_file *served, uintptr_t buffer)
// { return golws_served_read(served, (void *)buffer); }
import "C"

import (
	"runtime"
	"unsafe"

	"golws/engine/conn"
	"golws/engine/files"
	"golws/engine/httpserver"
)

var _ httpserver.FileOpener = (*Program)(nil)

// OwnFiles implements httpserver.FileOpener.
func (p *Program) OwnFiles() bool { return p.context.own_fops != 0 }

// OpenFile implements httpserver.FileOpener: it opens with the program's file operations. What is
// no file of the platform is read whole, because programs expect to be asked in this turn only.
func (p *Program) OpenFile(path []byte) (content []byte, info files.Info, kind files.Kind) {
	info.Descriptor = -1
	var served C.struct_golws_served_file
	kind = files.Kind(C.golws_open_served(p.context, C.uintptr_t(uintptr(unsafe.Pointer(&path[0]))), &served))
	runtime.KeepAlive(path)
	if kind != files.Regular {
		return nil, info, kind
	}
	info.Size, info.Modified = int64(served.size), int64(served.modified)
	if served.descriptor >= 0 {
		info.Descriptor = int(served.descriptor)
		return nil, info, kind
	}
	content = make([]byte, info.Size+1)[:info.Size]
	if C.golws_read_served(&served, C.uintptr_t(uintptr(unsafe.Pointer(unsafe.SliceData(content))))) != 0 {
		Log(conn.LogError, "a file cannot be read by the program's operations: "+string(path[:len(path)-1]))
		return nil, info, files.Absent
	}
	runtime.KeepAlive(content)
	return content, info, kind
}
