package conn

import (
	"sync/atomic"

	"golws/engine/vhost"
)

// Host is a virtual host in service: its configuration and the connections bound to its protocols.
type Host struct {
	*vhost.Vhost

	// lists holds, by thread and protocol, the first connection of the list of those bound to it.
	lists       [][]*Conn
	connections atomic.Int32
	closing     atomic.Bool
	released    func()
}

// NewHost puts a configuration into service for a number of threads.
func NewHost(v *vhost.Vhost, threads int) *Host {
	h := &Host{Vhost: v, lists: make([][]*Conn, threads)}
	for i := range h.lists {
		h.lists[i] = make([]*Conn, len(v.Protocols))
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
	for c := h.lists[t.Index][p.Index]; c != nil; {
		next := c.next
		f(c)
		c = next
	}
}

// EachConnection calls f for every connection of the thread that is bound to any protocol.
func (h *Host) EachConnection(t *Thread, f func(c *Conn)) {
	for _, p := range h.Protocols {
		h.Each(t, p, f)
	}
}

func (c *Conn) list() {
	head := &c.host.lists[c.thread.Index][c.protocol.Index]
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
		c.host.lists[c.thread.Index][c.protocol.Index] = c.next
	} else {
		c.previous.next = c.next
	}
	if c.next != nil {
		c.next.previous = c.previous
	}
	c.previous, c.next = nil, nil
	c.listed = false
}
