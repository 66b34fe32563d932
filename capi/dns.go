package main

// #include <stdlib.h>
// #include "lwsgo_dns.h"
import "C"

import (
	"context"
	"errors"
	"net"
	"net/netip"
	"slices"
	"strconv"
	"unsafe"

	"golws/callbacks"
	"golws/engine/conn"
	"golws/engine/dns"
)

// names is what a context has for looking up names.
type names struct {
	resolver *dns.Resolver // with servers that the program has named, nil: the system's; under the locks of all threads
	asking   map[*conn.Conn]bool
	ctx      context.Context // of the queries under way, ends with the context
	cancel   context.CancelFunc
}

func newNames() *names {
	n := &names{asking: map[*conn.Conn]bool{}}
	n.ctx, n.cancel = context.WithCancel(context.Background())
	return n
}

func (n *names) of() *dns.Resolver {
	if n.resolver != nil {
		return n.resolver
	}
	return dns.System
}

// The values of lws_async_dns_retcode_t.
const (
	dnsClosed     = -4
	dnsNotFound   = -3
	dnsTimedOut   = -2
	dnsFailed     = -1
	dnsFound      = 0
	dnsContinuing = 1
)

// dnsQuery is what lws_async_dns_query was asked. The pointers are the program's.
type dnsQuery struct {
	name             string
	six              bool
	callback, opaque C.uintptr_t
	conn             *conn.Conn // that it is for, or nil
	slot             uint32
}

//export lwsgo_dns_query
func lwsgo_dns_query(key C.uint32_t, tsi C.int, asked *C.struct_golws_dns_query) (result C.int) {
	const function = "lws_async_dns_query"
	defer guard(function, &result, dnsFailed)
	x := contexts.get(uint32(key))
	if x == nil || x.closing {
		return dnsFailed
	}
	q := &dnsQuery{name: text(asked.name), six: asked.six != 0, callback: asked.callback, opaque: asked.opaque}
	if asked.has_wsi != 0 {
		q.slot = uint32(asked.slot)
		if q.conn = callbacks.Connection(q.slot); q.conn == nil || q.conn.Killed() {
			return dnsFailed
		}
	}
	resolver := x.names.of()
	if addresses, ok := resolver.Cached(q.name); ok {
		return q.answer(addresses, nil)
	}
	if !x.ask(q) {
		callbacks.Log(conn.LogError, function+": the connection has a query under way already")
		return dnsFailed
	}
	l := x.Threads[tsi].Loop
	go func() {
		addresses, err := resolver.Lookup(x.names.ctx, q.name)
		l.Post(func() {
			if q.conn != nil {
				x.asked(q)
				if callbacks.Connection(q.slot) != q.conn || q.conn.Killed() {
					return
				}
			}
			if !x.closing {
				q.answer(addresses, err)
			}
		})
	}()
	return dnsContinuing
}

// ask notes that a query is made for a connection, which has one at a time.
func (x *contextEntry) ask(q *dnsQuery) bool {
	if q.conn == nil {
		return true
	}
	x.mutex.Lock()
	defer x.mutex.Unlock()
	if x.names.asking[q.conn] {
		return false
	}
	x.names.asking[q.conn] = true
	return true
}

func (x *contextEntry) asked(q *dnsQuery) {
	x.mutex.Lock()
	defer x.mutex.Unlock()
	delete(x.names.asking, q.conn)
}

// answer tells the program.
func (q *dnsQuery) answer(addresses []netip.Addr, err error) C.int {
	result := C.int(dnsFound)
	var e *net.DNSError
	switch {
	case errors.As(err, &e) && e.IsNotFound || err == nil && len(addresses) == 0:
		result = dnsNotFound
	case errors.As(err, &e) && e.IsTimeout:
		result = dnsTimedOut
	case err != nil:
		result = dnsFailed
	}
	// Those that are asked for come first, each family in its order.
	slices.SortStableFunc(addresses, func(a, b netip.Addr) int {
		switch {
		case a.Is4() == b.Is4():
			return 0
		case a.Is4() != q.six:
			return -1
		}
		return 1
	})
	list := make([]C.struct_golws_dns_address, len(addresses), len(addresses)+1)
	for i, a := range addresses {
		list[i] = dnsAddress(a)
	}
	name := C.CString(q.name)
	defer C.free(unsafe.Pointer(name))
	var wsi C.uintptr_t
	if q.conn != nil {
		wsi = C.uintptr_t(q.conn.Address())
		q.conn.Hold()
		defer q.conn.Unhold()
	}
	ok := C.golws_dns_answer(q.callback, wsi, name, unsafe.SliceData(list[:1:1]), C.int(len(list)), result, q.opaque)
	if ok == 0 {
		return dnsClosed
	}
	return result
}

func dnsAddress(a netip.Addr) (c C.struct_golws_dns_address) {
	bytes := a.AsSlice()
	for i, b := range bytes {
		c.bytes[i] = C.uint8_t(b)
	}
	if a.Is6() {
		c.six = 1
	}
	return c
}

//export lwsgo_dns_server
func lwsgo_dns_server(key C.uint32_t, address *C.struct_golws_dns_address, add C.int) (result C.int) {
	defer guard("lws_async_dns_server_add", &result, -1)
	x := contexts.get(uint32(key))
	if x == nil || x.closing {
		return -1
	}
	bytes := *(*[16]byte)(unsafe.Pointer(&address.bytes))
	a := netip.AddrFrom4([4]byte(bytes[:4]))
	if address.six != 0 {
		a = netip.AddrFrom16(bytes).Unmap()
		if address.scope != 0 {
			a = a.WithZone(strconv.Itoa(int(address.scope)))
		}
	}
	server := netip.AddrPortFrom(a, uint16(address.port))
	if address.port == 0 {
		server = netip.AddrPortFrom(a, 53)
	}
	var servers []netip.AddrPort
	if x.names.resolver != nil {
		servers = x.names.resolver.Servers()
	}
	at := slices.Index(servers, server)
	switch {
	case add != 0 && at < 0:
		servers = append(servers, server)
	case add == 0 && at >= 0:
		servers = slices.Delete(servers, at, at+1)
	case add == 0:
		return -1
	}
	switch {
	case len(servers) == 0:
		x.names.resolver = nil
	case x.names.resolver == nil:
		x.names.resolver = dns.New(servers...)
	default:
		x.names.resolver.SetServers(servers)
	}
	return 0
}
