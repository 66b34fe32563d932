package conn

import (
	"sync"
	"sync/atomic"

	"golws/engine/ascii"
	"golws/engine/tlsconfig"
	"golws/engine/vhost"
)

// Host is a virtual host in service: its configuration and the connections bound to its protocols.
type Host struct {
	*vhost.Vhost

	// TLS is what handshakes are made with, nil where the host serves no TLS.
	TLS *tlsconfig.Server

	// ClientTLS is the same for connections that the host makes, nil where they have none. The service lock of each
	// thread is held while it is set.
	ClientTLS *tlsconfig.Client

	// Shared is what packages above this one keep for the host, each by a key of a type of its own.
	Shared sync.Map

	// lists holds, by thread and protocol, the first connection of the list of those bound to it;
	// the last list is of those bound to none.
	lists       [][]*Conn
	connections atomic.Int32
	closing     atomic.Bool
	released    func()
}

// NewHost puts a configuration into service for a number of threads.
func NewHost(v *vhost.Vhost, threads int) *Host {
	h := &Host{Vhost: v, lists: make([][]*Conn, threads)}
	for i := range h.lists {
		h.lists[i] = make([]*Conn, len(v.Protocols)+1)
	}
	return h
}

// Connections is how many connections belong to the host.
func (h *Host) Connections() int { return int(h.connections.Load()) }

// Retire has f called, on the thread that closes it, when the last connection is gone; at once
// where there is none.
func (h *Host) Retire(f func()) {
	h.released = f
	h.closing.Store(true)
	h.Released()
}

// Released checks whether a retired host has lost its last connection.
func (h *Host) Released() {
	if h.closing.Load() && h.connections.Load() == 0 {
		if f := h.released; f != nil {
			h.released = nil
			f()
		}
	}
}

// Each calls f for every connection of the thread that is bound to the protocol. f may close
// the connection it is called for.
func (h *Host) Each(t *Thread, p *vhost.Protocol, f func(c *Conn)) {
	h.each(t, p.Index, f)
}

// EachConnection calls f for every connection of the thread that belongs to the host.
func (h *Host) EachConnection(t *Thread, f func(c *Conn)) {
	for i := range h.lists[t.Index] {
		h.each(t, i, f)
	}
}

func (h *Host) each(t *Thread, list int, f func(c *Conn)) {
	// A copy, because f may close any connection, not only the one it is called for.
	var all []*Conn
	for c := h.lists[t.Index][list]; c != nil; c = c.next {
		all = append(all, c)
	}
	for _, c := range all {
		if c.state != stateDead {
			f(c)
		}
	}
}

// HasConnections reports whether the thread has a connection bound to the protocol.
func (h *Host) HasConnections(t *Thread, p *vhost.Protocol) bool {
	return h.lists[t.Index][p.Index] != nil
}

// HandshakeHost is the host that the peer of an accepted connection, or of the one that carries this stream, has
// shaken hands with. It is nil where the bytes are not encrypted.
func (c *Conn) HandshakeHost() *Host {
	for c.parent != nil {
		c = c.parent
	}
	if e, ok := c.transport.(Encrypted); ok {
		return e.HandshakeHost()
	}
	return nil
}

// HostNamed chooses among the hosts that suit, which is all where that is nil, by the name that a peer knows the server
// by, without a port: the one of that name, or the first whose name is its parent domain, or the first. It is nil where
// none suits.
func HostNamed[N []byte | string](hosts []*Host, name N, suits func(h *Host) bool) *Host {
	var first, parent *Host
	for _, h := range hosts {
		if suits != nil && !suits(h) {
			continue
		}
		if first == nil {
			first = h
		}
		if len(name) > 0 && ascii.EqualFold(name, h.Name) {
			return h
		}
		if cut := len(name) - len(h.Name); parent == nil && cut > 1 && h.Name != "" &&
			name[cut-1] == '.' && ascii.EqualFold(name[cut:], h.Name) {
			parent = h
		}
	}
	if parent != nil {
		return parent
	}
	return first
}

func (c *Conn) listHead() **Conn {
	index := len(c.host.Protocols)
	if c.protocol != nil {
		index = c.protocol.Index
	}
	return &c.host.lists[c.thread.Index][index]
}

func (c *Conn) list() {
	head := c.listHead()
	c.previous, c.next = nil, *head
	if c.next != nil {
		c.next.previous = c
	}
	*head = c
	c.listed = true
}

func (c *Conn) unlist() {
	if !c.listed {
		return
	}
	if c.previous == nil {
		*c.listHead() = c.next
	} else {
		c.previous.next = c.next
	}
	if c.next != nil {
		c.next.previous = c.previous
	}
	c.previous, c.next = nil, nil
	c.listed = false
}
