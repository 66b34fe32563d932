package conn

// MoveSocket gives c's socket to another connection of the same thread, which has none: with its transport,
// the input that is kept and the output that is queued. The receiver's role gets what comes from here on, and the
// rest of what the role of c is being given now. c is left without a socket; who moved it ends it by Kill.
func (c *Conn) MoveSocket(to *Conn) {
	if c.index >= 0 {
		c.thread.Loop.Replace(c.index, to)
	}
	to.descriptor, to.index, to.watched = c.descriptor, c.index, c.watched
	to.transport = c.transport
	to.rdhup, to.peerEOF, to.peerDone = c.rdhup, c.peerEOF, c.peerDone
	to.blocked, to.unwatched = c.blocked, c.unwatched
	to.limit, c.limit = c.limit, nil
	to.Mirror |= c.Mirror & MirrorTLS
	to.out, c.out = c.out, output{}
	if c.feeding {
		c.heir = to // gets what is left of it
	} else {
		to.in, c.in = c.in, nil
	}
	c.forget()
	c.thread.Handler.StateChanged(c)
	to.thread.Handler.StateChanged(to)
	if to.unwatched && to.paused == 0 {
		to.rewatch()
	}
	to.updateWatch()
	if to.out.head != nil || to.transport != nil && to.transport.Unsent() > 0 {
		to.markDirty()
	}
	if len(to.in) > 0 || to.peerEOF || to.transport != nil && to.transport.Pending() {
		to.thread.queueResume(to)
	}
	if to.wantsCall && to.canWrite() {
		to.queueReady()
	}
}

// forget makes c a connection without a socket.
func (c *Conn) forget() {
	c.descriptor, c.index, c.watched = -1, -1, 0
	c.transport = nil
	c.Mirror &^= MirrorTLS
	c.blocked, c.rdhup, c.peerEOF, c.peerDone, c.unwatched = false, false, false, false, false
}

// bequeath gives what is left of the input at hand to the connection that the socket has gone to.
func (c *Conn) bequeath(p []byte) {
	to := c.heir
	c.heir = nil
	if len(p) == 0 || to.state != stateOpen || to.killed {
		return
	}
	to.store(p)
	to.thread.queueResume(to)
}

// DelayWritable keeps writable callbacks back until AllowWritable: the connection is being made.
func (c *Conn) DelayWritable() { c.early = true }

// AllowWritable has writable callbacks delivered from here on, one that was asked for meanwhile at once.
func (c *Conn) AllowWritable() {
	c.early = false
	if c.wantsCall && c.canWrite() {
		c.queueReady()
	}
}

// Ending reports whether the role has been told of the end of the connection.
func (c *Conn) Ending() bool { return c.closeHandled }
