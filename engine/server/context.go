package server

import (
	"fmt"
	"slices"

	"golws/engine/conn"
	"golws/engine/http1"
	"golws/engine/http2"
	"golws/engine/httpserver"
	"golws/engine/loop"
	"golws/engine/raw"
	"golws/engine/tlsconfig"
	"golws/engine/tlsconn"
	"golws/engine/vhost"
	"golws/engine/ws"
)

// readBuffer is the least size of the buffer that a thread lends to the connection being read. It
// holds a large message in one piece, which spares copying it together.
const readBuffer = 128 << 10

// Context is a set of virtual hosts served by the same threads.
type Context struct {
	Threads   []*conn.Thread
	handler   conn.Handler
	hosts     []*conn.Host
	listeners []*listener
}

type listener struct {
	conn.Listener
	place place
}

func (l *listener) setHosts(hosts []*conn.Host) {
	l.Hosts, l.TLS = hosts, tlsconn.Served(hosts)
}

// New makes a context with its service threads.
func New(h conn.Handler, threads, bufferSize int) (*Context, error) {
	x := &Context{handler: h}
	for i := range threads {
		l, err := loop.New()
		if err != nil {
			tlsconn.AddThreads(i) // Close takes them back
			x.Close()
			return nil, fmt.Errorf("event loop: %w", err)
		}
		t := conn.NewThread(i, l, h, max(bufferSize, readBuffer))
		t.Roles[vhost.RoleHTTP1] = http1.NewRole
		t.Roles[vhost.RoleRaw] = raw.NewRole
		t.Roles[vhost.RoleProxy] = raw.NewProxyRole
		t.Greet = httpserver.Greet
		ws.Register(t)
		http2.Register(t)
		x.Threads = append(x.Threads, t)
	}
	tlsconn.AddThreads(threads)
	return x, nil
}

// LimitTLS bounds how many connections the listeners for TLS have at once. It comes before the first vhost.
func (x *Context) LimitTLS(most int) {
	limit := conn.NewLimit(most)
	for _, t := range x.Threads {
		t.TLSLimit = limit
	}
}

// AddVhost puts a virtual host into service. It fails where the host cannot listen.
func (x *Context) AddVhost(v *vhost.Vhost) (*conn.Host, error) {
	if err := x.checkRoles(v); err != nil {
		return nil, err
	}
	h := conn.NewHost(v, len(x.Threads))
	if v.TLS != nil {
		var err error
		if h.TLS, err = tlsconfig.New(v, x.handler.Log); err != nil {
			return nil, fmt.Errorf("vhost %s: %w", v.Name, err)
		}
	}
	if v.ClientTLS != nil {
		if err := x.AddClientTLS(h); err != nil {
			return nil, err
		}
	}
	if v.Port >= 0 || v.Options&vhost.UnixSocket != 0 {
		if err := x.listen(h); err != nil {
			return nil, err
		}
	}
	x.hosts = append(x.hosts, h)
	return h, nil
}

// AddClientTLS gives a host TLS for its connections as a client, of ClientTLS of its configuration. It does nothing where
// the host has it. All threads' service locks are held.
func (x *Context) AddClientTLS(h *conn.Host) error {
	if h.ClientTLS != nil {
		return nil
	}
	client, err := tlsconfig.NewClient(h.Vhost, x.handler.Log)
	if err != nil {
		return fmt.Errorf("vhost %s: %w", h.Name, err)
	}
	h.ClientTLS = client
	return nil
}

// checkRoles fails where a host wants connections to begin with what there is not.
func (x *Context) checkRoles(v *vhost.Vhost) error {
	for _, name := range []string{v.FirstRole(), v.FallbackRole()} {
		if name != "" && x.Threads[0].Roles[name] == nil {
			return fmt.Errorf("vhost %s: listen_accept_role %q: no such role, there are %q and %q", v.Name, name, vhost.RoleRaw, vhost.RoleProxy)
		}
	}
	if v.AcceptProtocol != "" && v.ProtocolByName(v.AcceptProtocol) == nil {
		return fmt.Errorf("vhost %s: listen_accept_protocol %q is none of its protocols", v.Name, v.AcceptProtocol)
	}
	return nil
}

// firstRole makes the role of an accepted connection.
func firstRole(c *conn.Conn) conn.Role {
	if c.Listener().TLS {
		return tlsconn.NewRole(c)
	}
	return c.Thread().Roles[c.Host().FirstRole()](c)
}

func (x *Context) listen(h *conn.Host) error {
	where := placeOf(h.Vhost)
	for _, l := range x.listeners {
		if l.place == where && where.port != 0 {
			// A copy, because handshakes look at the list from other threads.
			l.setHosts(append(slices.Clone(l.Hosts), h))
			return nil
		}
	}
	descriptor, port, err := where.listen(h.Vhost)
	if err != nil {
		return fmt.Errorf("vhost %s: %w", h.Name, err)
	}
	h.Port, where.port = port, port
	l := &listener{place: where}
	l.Descriptor, l.Unix = descriptor, where.unix
	l.setHosts([]*conn.Host{h})
	l.NewRole = firstRole
	for _, t := range x.Threads {
		if err := l.Watch(t); err != nil {
			x.closeListener(l)
			return err
		}
	}
	x.listeners = append(x.listeners, l)
	return nil
}

func (x *Context) closeListener(l *listener) {
	for _, t := range x.Threads {
		l.Unwatch(t)
	}
	l.place.close(l.Descriptor)
}

// RemoveVhost ends listening for a host and closes its connections. gone is called when the last
// one is closed, possibly before RemoveVhost returns. All threads' service locks are held.
func (x *Context) RemoveVhost(h *conn.Host, gone func()) {
	x.stopListening(h)
	for i, other := range x.hosts {
		if other == h {
			x.hosts = append(x.hosts[:i], x.hosts[i+1:]...)
			break
		}
	}
	x.closeConnections(h)
	h.Retire(gone)
}

// StopListening closes the listening sockets of all hosts. All threads' service locks are held.
func (x *Context) StopListening() {
	for _, l := range x.listeners {
		x.closeListener(l)
	}
	x.listeners = nil
}

func (x *Context) stopListening(h *conn.Host) {
	for i, l := range x.listeners {
		for j, other := range l.Hosts {
			if other == h {
				l.setHosts(slices.Delete(slices.Clone(l.Hosts), j, j+1))
				break
			}
		}
		if len(l.Hosts) == 0 {
			x.closeListener(l)
			x.listeners = append(x.listeners[:i], x.listeners[i+1:]...)
			return
		}
	}
}

func (x *Context) closeConnections(h *conn.Host) {
	for _, t := range x.Threads {
		h.EachConnection(t, func(c *conn.Conn) { c.Kill() })
	}
}

// Close closes everything. All threads' service locks are held.
func (x *Context) Close() {
	for _, t := range x.Threads {
		was := t.Loop.Enter()
		defer t.Loop.Leave(was)
		t.FlushQueued()
	}
	x.StopListening()
	// Those that were to be closed in the next turn are closed by nobody else, which goes for all of a removed host.
	for _, t := range x.Threads {
		t.BuryDoomed()
	}
	for _, h := range x.hosts {
		x.closeConnections(h)
	}
	for _, t := range x.Threads {
		t.BuryDoomed()
	}
	for _, t := range x.Threads {
		t.Loop.Close()
	}
	tlsconn.AddThreads(-len(x.Threads))
	x.Threads = nil
}
