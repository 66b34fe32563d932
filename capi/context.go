package main

// #include "lwsgo.h"
import "C"

import (
	"maps"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"
	"time"
	"unsafe"

	"golang.org/x/sys/unix"

	"golws/callbacks"
	"golws/engine/conn"
	"golws/engine/memory"
	"golws/engine/server"
	"golws/engine/vhost"
)

// contextEntry and vhostEntry are the Go side of struct lws_context and struct lws_vhost.
type contextEntry struct {
	*server.Context
	program *callbacks.Program
	closing bool
	names   *names
	texts   []clientTexts // for each service thread

	mutex  sync.RWMutex // guards vhosts: one may go on any service thread
	vhosts map[uint32]*vhostEntry
}

type vhostEntry struct {
	host    *conn.Host
	context *contextEntry
	handle  *C.struct_lws_vhost

	httpProxy, socksProxy vhostProxy // proxy.go; under the service locks of all threads
}

// registry finds the Go side by the key that the C struct keeps. It has a lock of its own because
// contexts are created and served by different threads; a context's own state is under its
// service locks.
type registry[T any] struct {
	mutex   sync.RWMutex
	last    uint32
	entries map[uint32]T
}

func (r *registry[T]) add(entry T) uint32 {
	r.mutex.Lock()
	defer r.mutex.Unlock()
	if r.entries == nil {
		r.entries = map[uint32]T{}
	}
	for {
		r.last++
		if _, used := r.entries[r.last]; r.last != 0 && !used {
			r.entries[r.last] = entry
			return r.last
		}
	}
}

func (r *registry[T]) get(key uint32) T {
	r.mutex.RLock()
	defer r.mutex.RUnlock()
	return r.entries[key]
}

func (r *registry[T]) remove(key uint32) {
	r.mutex.Lock()
	defer r.mutex.Unlock()
	delete(r.entries, key)
}

var (
	contexts registry[*contextEntry]
	vhosts   registry[*vhostEntry]
)

var serviceThreads atomic.Int32

// needProcessors gives the Go scheduler two processors more than there are service threads: one for
// handshakes, and one that is spare. A thread that waits in C keeps its processor; without a spare one the
// runtime's monitor thread takes it away every 20 µs in case somebody else needs it.
func needProcessors(threads int) {
	if n := int(serviceThreads.Add(int32(threads))) + 2; runtime.GOMAXPROCS(0) < n {
		runtime.GOMAXPROCS(n)
	}
}

//export lwsgo_context_create
func lwsgo_context_create(handle *C.struct_lws_context, threads *C.struct_golws_thread_config, count, bufferSize, limitTLS C.int) (key C.uint32_t) {
	defer guard("lws_create_context", &key, 0)
	memory.SetUp()
	x := &contextEntry{program: callbacks.NewProgram(unsafe.Pointer(handle)), vhosts: map[uint32]*vhostEntry{}, names: newNames()}
	var err error
	if x.Context, err = server.New(x.program, int(count), int(bufferSize)); err != nil {
		callbacks.Log(conn.LogError, "lws_create_context: "+err.Error())
		return 0
	}
	if limitTLS > 0 {
		x.LimitTLS(int(limitTLS))
	}
	x.texts = make([]clientTexts, int(count))
	for i := range unsafe.Slice(threads, int(count)) {
		config := &unsafe.Slice(threads, int(count))[i]
		l := x.Threads[i].Loop
		l.Announces = true // golws_leave_thread asks
		config.epoll_fd, config.wake_fd = C.int(l.Descriptor()), C.int(l.WakeDescriptor())
		x.program.AddThread((*uintptr)(unsafe.Pointer(config.writable)), (*uint32)(unsafe.Pointer(config.scan_all)),
			x.requestAllWritable, unsafe.Pointer(config.deferred), (*uint32)(unsafe.Pointer(config.deferred_used)))
	}
	needProcessors(int(count))
	return C.uint32_t(contexts.add(x))
}

// requestAllWritable serves lws_callback_on_writable_all_protocol for one thread.
func (x *contextEntry) requestAllWritable(t *conn.Thread) {
	x.mutex.RLock()
	all := slices.Collect(maps.Values(x.vhosts))
	x.mutex.RUnlock()
	for _, v := range all {
		flags := unsafe.Slice((*uint32)(unsafe.Pointer(v.handle.writable_all)), int(v.handle.count_protocols))
		for i := range flags {
			if callbacks.TakeBit(&flags[i], uint(t.Index)) {
				v.host.Each(t, v.host.Protocols[i], (*conn.Conn).RequestWritable)
			}
		}
	}
}

//export lwsgo_context_destroy
func lwsgo_context_destroy(key C.uint32_t) {
	defer guardVoid("lws_context_destroy")
	x := contexts.get(uint32(key))
	if x == nil {
		return
	}
	x.closing = true
	x.names.cancel()
	serviceThreads.Add(-int32(len(x.Threads)))
	contexts.remove(uint32(key))
	x.Close()
	for k := range x.vhosts {
		vhosts.remove(k)
	}
}

//export lwsgo_context_stop_listening
func lwsgo_context_stop_listening(key C.uint32_t) {
	defer guardVoid("lws_context_deprecate")
	if x := contexts.get(uint32(key)); x != nil {
		x.StopListening()
	}
}

//export lwsgo_context_connections
func lwsgo_context_connections(key C.uint32_t) (count C.int) {
	defer guard("lws_service", &count, 0)
	if x := contexts.get(uint32(key)); x != nil {
		for _, t := range x.Threads {
			count += C.int(t.Connections())
		}
	}
	return count
}

//export lwsgo_service
func lwsgo_service(key C.uint32_t, tsi C.int, now C.int64_t, events unsafe.Pointer, count C.int, next *C.int64_t, busy *C.int) {
	defer guardVoid("lws_service")
	x := contexts.get(uint32(key))
	if x == nil {
		return
	}
	t := x.Threads[tsi]
	*next, *busy = -1, 0
	t.Process(int64(now), unsafe.Slice((*unix.EpollEvent)(events), int(count)))
	whenNext(t, next, busy)
}

//export lwsgo_after_call
func lwsgo_after_call(key C.uint32_t, tsi, comesBack C.int, next *C.int64_t, busy *C.int) {
	defer guardVoid("lws_service")
	if x := contexts.get(uint32(key)); x != nil && !x.closing {
		t := x.Threads[tsi]
		t.AfterCall(comesBack != 0)
		if comesBack != 0 {
			whenNext(t, next, busy)
		}
	}
}

// whenNext says when the thread has something to do that no event announces.
func whenNext(t *conn.Thread, next *C.int64_t, busy *C.int) {
	*next, *busy = C.int64_t(t.Loop.NextDeadline()), 0
	if t.Busy() {
		*busy = 1
	}
}

//export lwsgo_send_deferred
func lwsgo_send_deferred(key C.uint32_t, tsi C.int) {
	defer guardVoid("lws_write")
	if x := contexts.get(uint32(key)); x != nil {
		x.program.SendDeferred(int(tsi))
	}
}

//export lwsgo_vhost_create
func lwsgo_vhost_create(config *C.struct_golws_vhost_config) (key C.uint32_t) {
	defer guard("lws_create_vhost", &key, 0)
	x := contexts.get(uint32(config.vhost.context.index))
	if x == nil {
		return 0
	}
	entry := &vhostEntry{context: x, handle: config.vhost}
	host, err := x.AddVhost(vhostFrom(config))
	if err != nil {
		callbacks.Log(conn.LogError, "lws_create_vhost: "+err.Error())
		return 0
	}
	entry.host = host
	k := vhosts.add(entry)
	x.mutex.Lock()
	x.vhosts[k] = entry
	x.mutex.Unlock()
	return C.uint32_t(k)
}

// http2Settings is how many elements lws_context_creation_info.http2_settings has.
const http2Settings = 7

func vhostFrom(config *C.struct_golws_vhost_config) *vhost.Vhost {
	seconds := func(n C.int) time.Duration { return time.Duration(n) * time.Second }
	v := &vhost.Vhost{
		Name:            text(config.name),
		Interface:       text(config.iface),
		Port:            int(config.port),
		Options:         vhost.Options(config.options),
		DefaultProtocol: int(config.default_protocol),
		RawProtocol:     int(config.raw_protocol),
		Headers:         pairs(config.headers),
		Rejected:        pairs(config.reject_service_keywords),
		ServerString:    text(config.server_string),
		ErrorDocument:   text(config.error_document_404),
		Retry: vhost.RetryPolicy{
			ValidPing:   seconds(config.secs_since_valid_ping),
			ValidHangup: seconds(config.secs_since_valid_hangup),
		},
		Limits: vhost.Limits{
			HeadBytes:   int(config.max_http_header_data),
			Tokens:      tokenLimits(config.token_limits),
			HeadTimeout: seconds(config.timeout_secs_ah_idle),
			Connect:     seconds(config.connect_timeout_secs),
			Timeout:     seconds(config.timeout_secs),
			KeepAlive:   seconds(config.keepalive_timeout),
		},
		ServiceBuffer:  int(config.pt_serv_buf_size),
		KeepAliveTime:  int(config.ka_time),
		KeepAliveCount: int(config.ka_probes),
		KeepAliveStep:  int(config.ka_interval),
		BindInterface:  config.bind_iface != 0,
		UnixOwner:      text(config.unix_socket_perms),
		UID:            int(config.uid),
		GID:            int(config.gid),
		FallbackName:   text(config.listen_accept_role),
		AcceptProtocol: text(config.listen_accept_protocol),
		TLS:            tlsFrom(config.tls),
		ClientTLS:      tlsFrom(config.client_tls),
		Reference:      uintptr(unsafe.Pointer(config.vhost)),
	}
	if config.http2_settings != nil {
		for _, value := range unsafe.Slice(config.http2_settings, http2Settings) {
			v.HTTP2Settings = append(v.HTTP2Settings, uint32(value))
		}
	}
	for i, p := range unsafe.Slice(config.protocols, int(config.count_protocols)) {
		v.Protocols = append(v.Protocols, &vhost.Protocol{
			Name:         text(p.name),
			Index:        i,
			SessionSize:  uintptr(p.session_size),
			ReceiveSize:  int(p.receive_size),
			TransmitSize: int(p.transmit_size),
			ID:           uint32(p.id),
			Dummy:        p.dummy != 0,
			LoginFile:    text(p.basic_auth),
			Reference:    uintptr(unsafe.Pointer(p.reference)),
		})
	}
	for _, m := range unsafe.Slice(config.mounts, int(config.count_mounts)) {
		v.Mounts = append(v.Mounts, mountFrom(&m))
	}
	for _, e := range unsafe.Slice(config.extensions, int(config.count_extensions)) {
		v.Extensions = append(v.Extensions, vhost.Extension{
			Name: text(e.name), ClientOffer: text(e.client_offer), Reference: uintptr(e.callback),
		})
	}
	return v
}

func mountFrom(m *C.struct_golws_mount_config) *vhost.Mount {
	mountpoint := text(m.mountpoint)
	// The program states the length; it may be shorter than the string to leave a slash out.
	if n := int(m.mountpoint_length); n > 0 && n < len(mountpoint) {
		mountpoint = mountpoint[:n]
	}
	return &vhost.Mount{
		Mountpoint:         mountpoint,
		Origin:             text(m.origin),
		Default:            text(m.def),
		Protocol:           text(m.protocol),
		Kind:               vhost.Origin(m.origin_protocol),
		ExtraMimeTypes:     pairs(m.extra_mimetypes),
		Interpret:          pairs(m.interpret),
		CacheMaxAge:        int(m.cache_max_age),
		CacheReusable:      m.cache_reusable != 0,
		CacheRevalidate:    m.cache_revalidate != 0,
		CacheIntermediates: m.cache_intermediaries != 0,
		AuthMask:           uint32(m.auth_mask),
		BasicAuthFile:      text(m.basic_auth_login_file),
		Environment:        uintptr(m.cgienv),
	}
}

func pairs(p *C.struct_golws_pair) (list []vhost.Pair) {
	for ; p != nil; p = p.next {
		list = append(list, vhost.Pair{Name: text(p.name), Value: text(p.value), Children: pairs(p.options)})
	}
	return list
}

//export lwsgo_vhost_port
func lwsgo_vhost_port(key C.uint32_t) (port C.int) {
	defer guard("lws_get_vhost_listen_port", &port, -1)
	if v := vhosts.get(uint32(key)); v != nil {
		return C.int(v.host.Port)
	}
	return -1
}

//export lwsgo_vhost_destroy
func lwsgo_vhost_destroy(key C.uint32_t) {
	defer guardVoid("lws_vhost_destroy")
	v := vhosts.get(uint32(key))
	if v == nil {
		return
	}
	vhosts.remove(uint32(key))
	x := v.context
	x.RemoveVhost(v.host, func() {
		x.mutex.Lock()
		delete(x.vhosts, uint32(key))
		x.mutex.Unlock()
		C.golws_vhost_gone(v.handle)
	})
}

//export lwsgo_vhost_rx_flow_allow
func lwsgo_vhost_rx_flow_allow(key C.uint32_t, protocol C.int) {
	defer guardVoid("lws_rx_flow_allow_all_protocol")
	if v := vhosts.get(uint32(key)); v != nil {
		for _, t := range v.context.Threads {
			v.host.Each(t, v.host.Protocols[protocol], func(c *conn.Conn) { c.Resume(conn.PauseByProgram) })
		}
	}
}

//export lwsgo_vhost_callback_all
func lwsgo_vhost_callback_all(key C.uint32_t, protocol, reason C.int, in unsafe.Pointer, n C.size_t) {
	defer guardVoid("lws_callback_all_protocol")
	if v := vhosts.get(uint32(key)); v != nil {
		for _, t := range v.context.Threads {
			v.host.Each(t, v.host.Protocols[protocol], func(c *conn.Conn) {
				c.Thread().Handler.CallbackValue(c, conn.Reason(reason), uintptr(in), int(n))
			})
		}
	}
}
