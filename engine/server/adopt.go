package server

import (
	"fmt"
	"slices"

	"golang.org/x/sys/unix"

	"golws/engine/conn"
	"golws/engine/raw"
	"golws/engine/tlsconn"
	"golws/engine/vhost"
)

// Kind says how an adopted descriptor is served; the bits are those of lws_adoption_type.
type Kind uint

// The bits of a Kind.
const (
	KindHTTP     Kind = 1
	KindSocket   Kind = 2
	KindTLS      Kind = 4 // if the host serves TLS
	KindDatagram Kind = 16
	KindProxy    Kind = 32
)

// Foreign is a descriptor that the program has opened.
type Foreign struct {
	Descriptor int
	Kind       Kind
	Protocol   string     // that serves it, empty: as for accepted connections
	Owner      *conn.Conn // see conn.Thread.Outgoing, or nil
	Input      []byte     // was read from it already; room for one more byte behind it
	Created    func(c *conn.Conn)
}

// Adopt makes a connection of a descriptor on one of the context's threads, under its service lock. Where that fails a
// socket is closed, and another file stays the program's. A nil connection without an error ended in its first
// callbacks.
func (x *Context) Adopt(t *conn.Thread, h *conn.Host, f *Foreign) (*conn.Conn, error) {
	a := &conn.Adoption{
		Descriptor: f.Descriptor, Host: h, Owner: f.Owner, Input: f.Input, Created: f.Created,
		Socket: f.Kind&KindSocket != 0,
	}
	if err := x.prepare(a, f); err != nil {
		if a.Socket {
			unix.Close(f.Descriptor)
		}
		return nil, err
	}
	was := t.Loop.Enter()
	c, err := t.Take(a)
	t.Loop.Leave(was)
	if !was {
		t.Loop.Wake() // there may be time limits and output
	}
	return c, err
}

// prepare fills in how the descriptor is served.
func (x *Context) prepare(a *conn.Adoption, f *Foreign) error {
	if f.Protocol != "" {
		if a.Protocol = a.Host.ProtocolByName(f.Protocol); a.Protocol == nil {
			return fmt.Errorf("vhost %s has no protocol %q", a.Host.Name, f.Protocol)
		}
	}
	if err := unix.SetNonblock(a.Descriptor, true); err != nil {
		return fmt.Errorf("descriptor %d: %w", a.Descriptor, err)
	}
	switch {
	case !a.Socket:
		a.Bind, a.NewRole = true, raw.NewFile
		return nil
	case f.Kind&KindDatagram != 0:
		// The end of a stream would be an empty datagram, again and again.
		if kind, err := unix.GetsockoptInt(a.Descriptor, unix.SOL_SOCKET, unix.SO_TYPE); err != nil || kind == unix.SOCK_STREAM {
			return fmt.Errorf("descriptor %d is no socket for datagrams", a.Descriptor)
		}
		a.NewRole = raw.NewDatagram
		return nil
	case f.Kind&KindHTTP != 0:
		a.FirstRole = vhost.RoleHTTP1
		if a.Protocol != nil {
			// What it is bound to is for its requests to say; the name has it have memory from the beginning.
			a.Bind, a.Protocol = true, a.Host.FirstProtocol()
		}
	case f.Kind&KindProxy != 0:
		a.FirstRole = vhost.RoleProxy
	default:
		a.FirstRole = vhost.RoleRaw
		if name := a.Host.FirstRole(); name != vhost.RoleHTTP1 {
			a.FirstRole = name
		}
	}
	a.TLS = f.Kind&KindTLS != 0 && a.Host.TLS != nil
	if a.TLS || a.Host.TLS == nil {
		// The peer may name the other hosts of the port.
		a.Listener = x.listenerOf(a.Host)
	}
	a.NewRole = adoptedRole
	if a.TLS {
		a.NewRole = tlsconn.NewRole
	}
	return nil
}

// adoptedRole makes the first role of an adopted connection that does not speak TLS.
func adoptedRole(c *conn.Conn) conn.Role { return c.Thread().Roles[c.FirstRole()](c) }

// listenerOf is where the host listens, or nil.
func (x *Context) listenerOf(h *conn.Host) *conn.Listener {
	for _, l := range x.listeners {
		if slices.Contains(l.Hosts, h) {
			return &l.Listener
		}
	}
	return nil
}

// Connection is the one on a thread that has the descriptor, or nil. The thread's service lock is held.
func (x *Context) Connection(t *conn.Thread, descriptor int) (found *conn.Conn) {
	for _, h := range x.hosts {
		h.EachConnection(t, func(c *conn.Conn) {
			if c.Descriptor() == descriptor && c.Parent() == nil {
				found = c
			}
		})
	}
	return found
}
