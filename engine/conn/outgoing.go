package conn

import (
	"errors"
	"net/netip"

	"golang.org/x/sys/unix"

	"golws/engine/vhost"
)

var errNoHandle = errors.New("no handle is free")

// related is what a connection has that belongs to another one or has others, or a policy of its own. Most
// have none of it, and there may be many of them.
type related struct {
	owner *Conn   // see Outgoing
	owned []*Conn // those whose owner this is
	retry *vhost.RetryPolicy

	firstRole string // see Adoption, as the next one
	protocol  *vhost.Protocol
	addresses []netip.AddrPort // see KeepAddresses
}

// relate returns what is to be filled in.
func (c *Conn) relate() *related {
	if c.related == nil {
		c.related = &related{}
	}
	return c.related
}

// Outgoing makes a connection that the program asked for. It has no socket until Connected. The
// caller sets its role at once. owner may be nil.
func (t *Thread) Outgoing(host *Host, owner *Conn) (*Conn, error) {
	c := &Conn{thread: t, host: host, descriptor: -1, index: -1}
	if !t.Handler.Attach(c) {
		return nil, errNoHandle
	}
	c.belong(owner)
	t.count++
	host.connections.Add(1)
	c.list()
	return c, nil
}

// ShowDescriptor tells the program which socket the connection tries to be on. The socket stays the
// caller's, which takes it back with -1.
func (c *Conn) ShowDescriptor(descriptor int) {
	c.descriptor = descriptor
	c.thread.Handler.StateChanged(c)
}

// Connected gives the connection its socket, which it owns from here on, and reads from it. The loop has the socket at
// that index already, or at none where it is negative.
func (c *Conn) Connected(descriptor int, index int32) error {
	c.ShowDescriptor(descriptor)
	var err error
	if index < 0 {
		if index, err = c.thread.Loop.Add(descriptor, unix.EPOLLIN, c); err != nil {
			return err
		}
	} else {
		c.thread.Loop.Replace(index, c)
		err = c.thread.Loop.Modify(descriptor, index, unix.EPOLLIN)
	}
	c.index, c.watched = index, unix.EPOLLIN
	return err
}

// Disconnect gives up the socket, and what was read from it and queued for it. The connection may be
// connected anew; until then its role gets no input.
func (c *Conn) Disconnect() {
	if c.parent != nil {
		c.leaveParent()
	}
	if c.index >= 0 {
		c.thread.Loop.Remove(c.descriptor, c.index)
		c.index = -1
	}
	if c.transport != nil {
		c.transport.Close(c)
	}
	if c.descriptor >= 0 {
		closeSocket(c.descriptor)
	}
	c.dropOutput()
	c.keep(nil)
	c.left()
	c.paused = 0
	c.forget()
	c.thread.Handler.StateChanged(c)
}

// SetRetryPolicy replaces the host's policy for the connection.
func (c *Conn) SetRetryPolicy(p *vhost.RetryPolicy) { c.relate().retry = p }

// RetryPolicy says when an idle peer is checked and given up.
func (c *Conn) RetryPolicy() *vhost.RetryPolicy {
	if c.related != nil && c.related.retry != nil {
		return c.related.retry
	}
	return &c.host.Retry
}

// HoldUser notes that the connection's user memory is the program's own.
func (c *Conn) HoldUser() { c.ownUser = true }

// HasUser reports whether the program has memory for the connection as it is bound now.
func (c *Conn) HasUser() bool {
	return c.ownUser || c.protocol != nil && c.protocol.SessionSize > 0
}

// closeOwned ends the connections that belong to this one.
func (c *Conn) closeOwned() {
	r := c.related
	if r == nil {
		return
	}
	for len(r.owned) > 0 {
		other := r.owned[len(r.owned)-1]
		if other.state == stateDead || other.busy > 0 {
			// It ends as soon as its callback returns, without an owner.
			r.owned = r.owned[:len(r.owned)-1]
			other.killed = true
			continue
		}
		other.destroy() // takes itself off the list
	}
}

// LeaveOwner tells the owner that it loses the connection.
func (c *Conn) LeaveOwner() {
	if c.related == nil || c.related.owner == nil {
		return
	}
	owner := c.related.owner
	for i, other := range owner.related.owned {
		if other == c {
			owner.related.owned = append(owner.related.owned[:i], owner.related.owned[i+1:]...)
			owner.busy++
			c.thread.Handler.CallbackValue(owner, ChildClosing, c.address, 0)
			owner.busy--
			return
		}
	}
}

// KeptInput is the input that was read and not used. It is valid until the connection reads.
func (c *Conn) KeptInput() []byte { return c.in }

// UseKept takes n bytes off the front of the kept input.
func (c *Conn) UseKept(n int) {
	if n == 0 || len(c.in) == 0 {
		return // nothing, or the connection has dropped it all
	}
	if n == len(c.in) {
		c.keep(nil)
		return
	}
	c.in = c.in[:copy(c.in, c.in[n:])]
}

// Ended reports whether the peer has closed its side and all it sent was read from the socket.
func (c *Conn) Ended() bool { return c.peerEOF }

// TellFailure tells the program why it gets no connection, or only the log if silent.
func (c *Conn) TellFailure(why string, silent bool) {
	if h := c.thread.Handler; h.Logs(LogInfo) {
		h.Log(LogInfo, "client: "+why)
	}
	if !silent {
		// Programs expect a string, so there is room for the byte that follows it.
		c.CallbackBytes(ClientConnectionError, append(make([]byte, 0, len(why)+1), why...))
	}
}
