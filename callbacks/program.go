package callbacks

// #include "handles.h"
//
// // Addresses are passed as numbers: cgo would look at each pointer whether it is one of Go's.
// static int golws_call_in(uintptr_t wsi, int reason, uintptr_t in, size_t len)
// { return golws_wsi_call((struct lws *)wsi, reason, (void *)in, len); }
// static int golws_call_message(uintptr_t wsi, int reason, uintptr_t in, size_t len)
// { return golws_wsi_call_message((struct lws *)wsi, reason, (void *)in, len); }
// static int golws_call_writable(uintptr_t wsi, int reason)
// { return golws_wsi_call_writable((struct lws *)wsi, reason); }
// static int golws_bind_in(uintptr_t wsi, uintptr_t protocol, size_t size)
// { return golws_wsi_bind((struct lws *)wsi, (const struct lws_protocols *)protocol, size); }
import "C"

import (
	"runtime"
	"sync/atomic"
	"unsafe"

	"golws/engine/conn"
	"golws/engine/httpserver"
	"golws/engine/vhost"
)

// Program is the C program of one context as the engine's Handler.
type Program struct {
	context *C.struct_lws_context
	threads []*cThread
}

// cThread is the part of a C service thread that the engine reads without crossing.
type cThread struct {
	head    *uintptr
	scanAll *uint32
	all     func(t *conn.Thread)

	deferred     unsafe.Pointer
	deferredUsed *uint32

	verifying *Verifying // under way on the thread, nil mostly
}

// NewProgram makes the Handler of a context whose struct lws_context is at the given address.
func NewProgram(context unsafe.Pointer) *Program {
	return &Program{context: (*C.struct_lws_context)(context)}
}

// AddThread tells where the C side of service thread number len(threads) keeps its writable
// requests and deferred writes: head is the stack of handles, scanAll is non-zero when a request
// concerns all connections of some protocol, which all then looks for; deferred holds used bytes of
// struct golws_deferred.
func (p *Program) AddThread(head *uintptr, scanAll *uint32, all func(t *conn.Thread), deferred unsafe.Pointer, used *uint32) {
	p.threads = append(p.threads, &cThread{head: head, scanAll: scanAll, all: all, deferred: deferred, deferredUsed: used})
}

// SendDeferred sends the messages that lws_write took without crossing.
func (p *Program) SendDeferred(thread int) {
	q := p.threads[thread]
	used := uintptr(*q.deferredUsed)
	for at := uintptr(0); at < used; {
		d := (*C.struct_golws_deferred)(unsafe.Add(q.deferred, at))
		n := uintptr(d.length)
		if c := Connection(uint32(d.slot)); c != nil {
			payload := unsafe.Slice((*byte)(unsafe.Add(q.deferred, at+unsafe.Sizeof(*d))), n)
			if _, err := c.Write(payload, conn.WriteKind(d.kind)); err != nil && err != conn.ErrClosed {
				Log(conn.LogError, "lws_write: "+err.Error())
			}
		}
		at += unsafe.Sizeof(*d) + (n+7)&^7
	}
	*q.deferredUsed = 0
}

func (p *Program) returned(c *conn.Conn) {
	if thread := c.Thread().Index; *p.threads[thread].deferredUsed != 0 {
		p.SendDeferred(thread)
	}
}

func wsiOf(c *conn.Conn) *C.struct_lws {
	address := c.Address()
	return *(**C.struct_lws)(unsafe.Pointer(&address))
}

// Attach implements conn.Handler.
func (p *Program) Attach(c *conn.Conn) bool {
	wsi := C.golws_wsi_allocate()
	if wsi == nil {
		return false
	}
	wsi.context = p.context
	wsi.vhost = (*C.struct_lws_vhost)(vhostAddress(c))
	wsi.thread = p.context.threads[c.Thread().Index]
	wsi.fd = C.int(c.Descriptor())
	if parent := c.Parent(); parent != nil {
		wsi.network = wsiOf(parent)
	}
	c.SetHandle(uint32(wsi.slot), uintptr(unsafe.Pointer(wsi)))
	setConnection(uint32(wsi.slot), c)
	p.Bind(c, nil)
	return true
}

func vhostAddress(c *conn.Conn) unsafe.Pointer {
	address := c.Host().Reference
	return *(*unsafe.Pointer)(unsafe.Pointer(&address))
}

// Detach implements conn.Handler.
func (p *Program) Detach(c *conn.Conn) {
	wsi := wsiOf(c)
	if atomic.LoadUint32((*uint32)(unsafe.Pointer(&wsi.writable))) != 0 {
		// The handle must leave the stack of requests before it is used for another connection.
		p.takeStack(p.threads[c.Thread().Index])
	}
	setConnection(c.Handle(), nil)
	C.golws_wsi_free(wsi)
	c.SetHandle(0, 0)
}

// Moved implements conn.Handler.
func (p *Program) Moved(c *conn.Conn) {
	wsi := wsiOf(c)
	wsi.vhost = (*C.struct_lws_vhost)(vhostAddress(c))
	wsi.network = nil
	if parent := c.Parent(); parent != nil {
		wsi.network = wsiOf(parent)
	}
}

// Bind implements conn.Handler. An unbound handle keeps the vhost's first protocol, whose callback
// gets the events that precede the choice of one.
func (p *Program) Bind(c *conn.Conn, protocol *vhost.Protocol) bool {
	var size uintptr
	if protocol != nil {
		size = protocol.SessionSize
	} else {
		protocol = c.Host().Protocols[0]
	}
	if wsi := wsiOf(c); size == 0 && wsi.user_owned == 0 && uintptr(unsafe.Pointer(wsi.protocol)) == protocol.Reference {
		return true
	}
	return C.golws_bind_in(C.uintptr_t(c.Address()), C.uintptr_t(protocol.Reference), C.size_t(size)) == 0
}

// Callback implements conn.Handler.
func (p *Program) Callback(c *conn.Conn, reason conn.Reason, in []byte) int {
	wsi := wsiOf(c)
	wsi.mirror = C.uint32_t(c.Mirror)
	var result int
	if in == nil {
		result = int(C.golws_call_in(C.uintptr_t(c.Address()), C.int(reason), 0, 0))
	} else {
		result = callTerminated(c, reason, in)
	}
	p.returned(c)
	return result
}

// CallbackWritable implements conn.Handler.
func (p *Program) CallbackWritable(c *conn.Conn, reason conn.Reason) int {
	wsi := wsiOf(c)
	wsi.mirror = C.uint32_t(c.Mirror)
	result := int(C.golws_call_writable(C.uintptr_t(c.Address()), C.int(reason)))
	p.returned(c)
	return result
}

// callTerminated puts a NUL behind the data during the call, because programs print it as a string.
func callTerminated(c *conn.Conn, reason conn.Reason, in []byte) int {
	if cap(in) == 0 {
		// The compiler puts the first few bytes of append on the goroutine's stack, which moves when it grows in a call
		// that the program makes.
		in = c.Empty()
	}
	n := len(in)
	if cap(in) == n {
		in = append(in, 0)
	}
	in = in[:n+1]
	saved := in[n]
	in[n] = 0
	length := n
	if reason == conn.HTTPConfirmUpgrade || reason == conn.FilterProtocolConnection || reason == conn.ClientConfirmExtension {
		length = 0 // these are strings, of which upstream does not say the length
	}
	if reason == conn.ClientHTTPRedirect {
		length = httpserver.RequestOf(c).Status // programs get that in its place
	}
	result := int(C.golws_call_in(C.uintptr_t(c.Address()), C.int(reason), C.uintptr_t(uintptr(unsafe.Pointer(&in[0]))), C.size_t(length)))
	in[n] = saved
	runtime.KeepAlive(in)
	return result
}

// CallbackValue implements conn.Handler.
func (p *Program) CallbackValue(c *conn.Conn, reason conn.Reason, value uintptr, n int) int {
	wsi := wsiOf(c)
	wsi.mirror = C.uint32_t(c.Mirror)
	result := int(C.golws_call_in(C.uintptr_t(c.Address()), C.int(reason), C.uintptr_t(value), C.size_t(n)))
	p.returned(c)
	return result
}

func bit(b bool) C.uint8_t {
	if b {
		return 1
	}
	return 0
}

var empty = make([]byte, 1)

// CallbackMessage implements conn.Handler.
func (p *Program) CallbackMessage(c *conn.Conn, reason conn.Reason, in []byte, m conn.Message) int {
	wsi := wsiOf(c)
	wsi.mirror = C.uint32_t(c.Mirror)
	wsi.first, wsi.final, wsi.binary = bit(m.First), bit(m.Final), bit(m.Binary)
	wsi.reserved = C.uint8_t(m.Reserved)
	wsi.remaining = C.uint64_t(m.Remaining)
	if len(in) == 0 {
		// Programs read in even where len is 0.
		in = empty[:0]
	}
	n := len(in)
	if cap(in) == n {
		in = append(in, 0)
	}
	in = in[:n+1]
	saved := in[n]
	in[n] = 0
	result := int(C.golws_call_message(C.uintptr_t(c.Address()), C.int(reason), C.uintptr_t(uintptr(unsafe.Pointer(&in[0]))),
		C.size_t(n)))
	in[n] = saved
	runtime.KeepAlive(in)
	p.returned(c)
	return result
}

// CallbackFill implements conn.Handler.
func (p *Program) CallbackFill(c *conn.Conn, reason conn.Reason, space []byte, used int, final bool) (int, int) {
	wsi := wsiOf(c)
	wsi.mirror = C.uint32_t(c.Mirror)
	var result C.int
	n := C.golws_wsi_call_fill(wsi, C.int(reason), (*C.char)(unsafe.Pointer(&space[0])), C.int(used),
		C.int(len(space)), C.int(bit(final)), &result)
	p.returned(c)
	return int(n), int(result)
}

// TakeWritable implements conn.Handler.
func (p *Program) TakeWritable(t *conn.Thread) {
	q := p.threads[t.Index]
	if atomic.LoadUintptr(q.head) != 0 {
		p.takeStack(q)
	}
	if atomic.LoadUint32(q.scanAll) != 0 {
		// The swap, unlike a store, sees all that was requested before the flag was set.
		atomic.SwapUint32(q.scanAll, 0)
		q.all(t)
	}
}

func (p *Program) takeStack(q *cThread) {
	head := atomic.SwapUintptr(q.head, 0)
	// The stack has the latest request first; they are served in the order they were made.
	var first *C.struct_lws
	for wsi := *(**C.struct_lws)(unsafe.Pointer(&head)); wsi != nil; {
		next := wsi.next_writable
		wsi.next_writable = first
		first = wsi
		wsi = next
	}
	for wsi := first; wsi != nil; {
		next := wsi.next_writable
		wsi.next_writable = nil
		atomic.StoreUint32((*uint32)(unsafe.Pointer(&wsi.writable)), 0)
		if c := Connection(uint32(wsi.slot)); c != nil {
			c.RequestWritable()
		}
		wsi = next
	}
}

// StateChanged implements conn.Handler.
func (p *Program) StateChanged(c *conn.Conn) {
	wsi := wsiOf(c)
	wsi.mirror, wsi.fd = C.uint32_t(c.Mirror), C.int(c.Descriptor())
}

// Log implements conn.Handler.
func (p *Program) Log(level int, text string) { Log(level, text) }

// Logs implements conn.Handler.
func (p *Program) Logs(level int) bool { return Logs(level) }

// Log writes one line to the program's log.
func Log(level int, text string) {
	if text == "" || !Logs(level) {
		return
	}
	C.golws_log(C.int(level), (*C.char)(unsafe.Pointer(unsafe.StringData(text))), C.size_t(len(text)))
}

// Logs reports whether the program's log shows lines of that level.
func Logs(level int) bool { return C.lwsl_visible(C.int(level)) != 0 }

// TakeBit clears one bit of a word that C code sets from other threads and reports whether it was set.
func TakeBit(word *uint32, n uint) bool {
	return atomic.LoadUint32(word)&(1<<n) != 0 && atomic.AndUint32(word, ^uint32(1<<n))&(1<<n) != 0
}
