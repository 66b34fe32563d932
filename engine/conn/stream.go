package conn

// StreamTransport is the Transport of a stream of a multiplexed connection. The connection's role makes
// it; Write puts the bytes into frames on the parent.
type StreamTransport interface {
	Transport
	// Ready reports whether output of the stream could leave now. Where it could not, the
	// transport calls c.Unblock as soon as it can.
	Ready(c *Conn) bool
	// Consumed tells that of all the input that was pushed only kept bytes still wait to be taken: the
	// peer may send that much more.
	Consumed(c *Conn, kept int)
	// SendHead sends the head of a response, written as in HTTP/1 and ended by its empty line. It is
	// for roles that take a stream over; what they queue on c afterwards follows as the stream's bytes.
	SendHead(c *Conn, head []byte) error
}

// OpenStream makes s, a zero value, a stream of c. The stream has a handle of its own and lives on the
// thread of c, which is not destroyed while one of the stream's callbacks is under way. The role of c destroys its
// streams before it delivers its own closing callbacks.
func (c *Conn) OpenStream(s *Conn, transport StreamTransport, newRole func(s *Conn) Role) error {
	t := c.thread
	s.thread, s.host, s.parent, s.transport, s.listener = t, c.host, c, transport, c.listener
	s.descriptor, s.index = -1, -1
	s.Mirror = c.Mirror&MirrorTLS | MirrorMultiplexed
	if !t.Handler.Attach(s) {
		return errNoHandle
	}
	t.count++
	s.host.connections.Add(1)
	s.list()
	s.enter()
	s.Callback(WSICreate)
	s.role = newRole(s)
	s.leave()
	return nil
}

// Carry makes s, which was made by Outgoing and has no socket, a stream of c, until it ends or is disconnected. Both
// belong to one thread and one host. What s has queued for output is the stream's.
func (c *Conn) Carry(s *Conn, transport StreamTransport) {
	s.parent, s.transport = c, transport
	c.busy += s.busy
	s.Mirror |= c.Mirror&MirrorTLS | MirrorMultiplexed
	c.thread.Handler.Moved(s)
}

// leaveParent makes a stream a connection without a socket.
func (c *Conn) leaveParent() {
	parent := c.parent
	c.transport.Close(c)
	c.parent, c.transport = nil, nil
	c.Mirror &^= MirrorTLS | MirrorMultiplexed
	c.thread.Handler.Moved(c)
	if parent.busy -= c.busy; parent.busy == 0 && parent.killed {
		parent.bury()
	}
}

// Push gives input that the peer sent on the stream to its role. What the role does not take now, it gets
// again together with what comes next. The capacity of p is larger than its length.
func (c *Conn) Push(p []byte) {
	if c.state != stateOpen || c.killed {
		return
	}
	c.enter()
	switch {
	case len(c.in) == 0 && !c.Paused():
		c.feed(p)
	default:
		c.store(p)
		if !c.Paused() {
			c.feedKept()
		}
	}
	c.consumed()
	c.leave()
}

// PushEnd tells the role, behind all input, that the peer sends no more on the stream.
func (c *Conn) PushEnd() {
	c.peerEOF = true
	if c.state == stateLinger {
		c.Kill()
		return
	}
	if c.Paused() {
		return // resume finds it
	}
	c.enter()
	c.end()
	c.leave()
}

// store adds to the kept input.
func (c *Conn) store(p []byte) {
	if need := len(c.in) + len(p); cap(c.in) <= need {
		bigger := append(c.thread.getKept(need), c.in...)
		if c.in != nil {
			c.thread.putKept(c.in)
		}
		c.in = bigger
	}
	c.in = append(c.in, p...)
}

// consumed lets the peer send more in place of what was taken. While a role that is not paused
// waits for the rest of something, the part that it has counts as taken.
func (c *Conn) consumed() {
	if c.state != stateOpen || c.killed || c.parent == nil {
		return
	}
	kept := 0
	if c.paused != 0 {
		kept = len(c.in)
	}
	c.transport.(StreamTransport).Consumed(c, kept)
}

// Unblock sends what waited for Ready, and has the writable callback delivered that waited with it.
func (c *Conn) Unblock() {
	if !c.blocked || c.state == stateDead || c.killed {
		return
	}
	c.blocked = false
	c.enter()
	if c.out.head != nil || c.state != stateOpen {
		c.Flush()
	} else {
		c.role.Drained(c) // it may have found the stream without room when it had nothing queued
	}
	if c.wantsCall && c.canWrite() {
		c.queueReady()
	}
	c.leave()
}

// hasRoom reports whether the parent could take output of the stream. True for what is no stream.
func (c *Conn) hasRoom() bool {
	if c.parent == nil || c.transport.(StreamTransport).Ready(c) {
		return true
	}
	c.blocked = true
	return false
}

// endStream ends a stream whose output was all handed to the parent.
func (c *Conn) endStream() {
	c.transport.Shutdown(c)
	if c.peerEOF {
		c.Kill()
		return
	}
	c.SetTimeout(TimeoutShutdownFlush, lingerTime)
}

// Waits reports whether the stream would do something if it were unblocked.
func (c *Conn) Waits() bool { return c.blocked }

// Destroy ends a stream now or, where one of its callbacks is under way, when that has returned. It is for the role of
// the parent, on the service thread.
func (c *Conn) Destroy() {
	if c.state == stateDead {
		return
	}
	c.killed = true
	if c.busy == 0 {
		c.destroy()
	}
}
