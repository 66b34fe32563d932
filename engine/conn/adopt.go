package conn

import (
	"errors"

	"golang.org/x/sys/unix"

	"golws/engine/vhost"
)

var errTooMany = errors.New("there are as many connections with TLS as there may be")

// Adoption is a descriptor that the program has opened, or that was opened for it, and how it is to be served.
type Adoption struct {
	Descriptor int // non-blocking
	Host       *Host
	Listener   *Listener // whose hosts a peer may name, nil for none
	Owner      *Conn     // see Outgoing, or nil
	TLS        bool      // the first role is a handshake
	Socket     bool      // the descriptor is closed where the adoption fails

	// Protocol is what a raw connection is bound to, nil where the host says it.
	Protocol *vhost.Protocol
	// Bind has Protocol bound before the first role begins.
	Bind bool
	// FirstRole is the name of what begins, after the handshake where there is one.
	FirstRole string
	// NewRole makes the first role.
	NewRole func(c *Conn) Role
	// Input came from the descriptor already. The connection keeps it; it has room for one more byte.
	Input []byte
	// Created is called before the first callback, where it is not nil.
	Created func(c *Conn)
}

// Take makes a connection of a descriptor and begins to serve it, which calls the program. It is called under the
// service lock by a caller that has entered the loop. A nil connection without an error ended in its first callbacks.
func (t *Thread) Take(a *Adoption) (*Conn, error) {
	var limit *Limit
	if a.TLS {
		limit = t.TLSLimit
	}
	if !limit.take() {
		a.abandon()
		return nil, errTooMany
	}
	c := &Conn{thread: t, host: a.Host, listener: a.Listener, descriptor: a.Descriptor, index: -1, limit: limit, role: newborn{}}
	if !t.Handler.Attach(c) {
		limit.give()
		a.abandon()
		return nil, errNoHandle
	}
	var err error
	c.watched = unix.EPOLLIN
	if c.index, err = t.Loop.Add(a.Descriptor, c.watched, c); err != nil {
		t.Handler.Detach(c)
		limit.give()
		a.abandon()
		return nil, err
	}
	if a.TLS {
		c.Mirror |= MirrorTLS
	}
	c.belong(a.Owner)
	t.count++
	a.Host.connections.Add(1)
	c.list()
	c.Preset(a.FirstRole, a.Protocol)
	c.enter()
	if a.Created != nil {
		a.Created(c)
	}
	c.Callback(WSICreate)
	if a.Bind && a.Protocol != nil && !c.BindProtocol(a.Protocol) {
		c.Kill()
	}
	if !c.killed {
		c.role = a.NewRole(c)
	}
	if len(a.Input) > 0 && c.Open() {
		c.feed(a.Input)
	}
	ended := c.killed
	if ended && !a.Socket {
		// It stays the program's.
		t.Loop.Remove(c.descriptor, c.index)
		c.index = -1
		c.ShowDescriptor(-1)
	}
	c.leave()
	if ended {
		return nil, nil
	}
	return c, nil
}

// abandon closes what was not adopted, if it is ours to close.
func (a *Adoption) abandon() {
	if a.Socket {
		closeSocket(a.Descriptor)
	}
}

// belong makes the connection end before its owner does.
func (c *Conn) belong(owner *Conn) {
	if owner != nil {
		c.relate().owner = owner
		owner.relate().owned = append(owner.related.owned, c)
	}
}

// Preset says in place of the host what the connection begins with and what a raw one is bound to. Empty and nil leave
// it to the host.
func (c *Conn) Preset(firstRole string, protocol *vhost.Protocol) {
	if firstRole != "" || protocol != nil {
		c.relate().firstRole, c.related.protocol = firstRole, protocol
	}
}

// FirstRole is the name of the role that the connection begins with, after its handshake where it has one.
func (c *Conn) FirstRole() string {
	if c.related != nil && c.related.firstRole != "" {
		return c.related.firstRole
	}
	return c.host.FirstRole()
}

// AcceptedProtocol is what a raw connection is bound to.
func (c *Conn) AcceptedProtocol() *vhost.Protocol {
	if c.related != nil && c.related.protocol != nil && c.host.Protocols[c.related.protocol.Index] == c.related.protocol {
		return c.related.protocol
	}
	return c.host.AcceptedProtocol()
}

// Reader is a role that reads the descriptor itself, or has the program do it.
type Reader interface {
	// Readable is called when there is something to read, or the peer has gone; events are those of epoll.
	Readable(c *Conn, events uint32)
}

// ReadDirectly has the connection's role, which is a Reader, read the descriptor. Others than the connection may write
// to it too, so that the kernel is asked whether it takes more before a writable callback is delivered.
func (c *Conn) ReadDirectly() { c.direct = true }

// newborn is the role of a connection that has none yet.
type newborn struct{}

func (newborn) Input(*Conn, []byte) int                     { return 0 }
func (newborn) Writable(*Conn)                              {}
func (newborn) Drained(*Conn)                               {}
func (newborn) Write(*Conn, []byte, WriteKind) (int, error) { return 0, ErrWrongState }
func (newborn) EOF(*Conn) bool                              { return true }
func (newborn) TimedOut(*Conn, Timeout) bool                { return false }
func (newborn) CheckValidity(*Conn) bool                    { return false }
func (newborn) Finish(c *Conn)                              { c.Kill() }
func (newborn) Closed(*Conn)                                {}
