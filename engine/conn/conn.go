package conn

import (
	"time"

	"golang.org/x/sys/unix"

	"golws/engine/loop"
	"golws/engine/vhost"
)

type state uint8

const (
	stateOpen     state = iota
	stateFlushing       // sends what is queued, then closes
	stateLinger         // all sent, waits for the peer's end
	stateDead           // closed, must not be touched
)

// Pause is a reason not to read from the peer.
type Pause uint8

// The reasons to pause reading.
const (
	PauseByProgram  Pause = 1 << iota // lws_rx_flow_control
	PauseByRole                       // the role is busy with what it has
	pauseByTurn                       // other connections have their turn first
	PauseForProgram                   // the program is to take what has arrived
	PauseForWork                      // all has come that the role needs for work which ends by itself
)

// The deadlines that one timer of a connection serves.
const (
	deadlineTimeout = iota
	deadlineUser
	deadlineValidity
	deadlines
)

// readTurns bounds how many buffers one readable event may take, so that a fast peer does not
// starve the others.
const readTurns = 4

// borrowShare is the part of the thread's buffer up to which kept input is copied there.
const borrowShare = 16

// lingerTime is how long the peer may take to close after all was sent.
const lingerTime = 3 * time.Second

// Conn is one connection, or one stream of a multiplexed connection.
type Conn struct {
	thread    *Thread
	host      *Host
	role      Role
	transport Transport
	parent    *Conn
	related   *related // what few connections have
	protocol  *vhost.Protocol

	descriptor int
	index      int32 // in the loop's table
	handle     uint32
	watched    uint32 // epoll events asked for
	address    uintptr

	in  []byte // kept input, only while something is incomplete
	out output

	timer         loop.Timer
	deadline      [deadlines]int64 // 0: none
	timeoutReason Timeout
	validSince    int64
	hangup        bool // the ping was sent, the next validity deadline hangs up

	// Mirror is copied into the program's handle before each callback, for accessors that must not
	// cross into Go.
	Mirror Mirror

	previous, next *Conn // list of the connections bound to one protocol

	listener *Listener
	limit    *Limit // that it counts for, or nil

	measured Measured // where the program has made it

	state        state
	paused       Pause
	busy         uint8 // depth of callbacks for this connection
	killed       bool  // to be destroyed as soon as busy is 0
	blocked      bool  // the socket takes no more output
	dirty        bool  // in thread.dirty
	wantsCall    bool  // a writable callback was asked for
	inReady      bool  // in thread.ready
	inResume     bool  // in thread.resume
	rdhup        bool  // the peer has closed its side, input may still wait in the socket
	peerEOF      bool  // all input was read
	peerDone     bool  // the peer has announced its end
	listed       bool
	unwatched    bool // see unwatch
	ownUser      bool // the user memory is the program's
	closeHandled bool // the role's closing callbacks were delivered
	greeted      bool // the program knows of the connection
	early        bool // see DelayWritable
	feeding      bool // the role is being given input
	direct       bool // see ReadDirectly

	heir *Conn // that the socket went to while the role was being given input
}

// Host is the virtual host that the connection belongs to now.
func (c *Conn) Host() *Host { return c.host }

// SetHost moves the connection to another virtual host of the same listener. The caller binds a
// protocol of the new one.
func (c *Conn) SetHost(h *Host) {
	if c.host == h {
		return
	}
	c.unlist()
	c.protocol = nil
	c.host.connections.Add(-1)
	h.connections.Add(1)
	c.host = h
	c.list()
	c.thread.Handler.Moved(c)
}

// Thread is the service thread of the connection.
func (c *Conn) Thread() *Thread { return c.thread }

// Listener is where the connection was accepted, nil for others.
func (c *Conn) Listener() *Listener { return c.listener }

// Role is the protocol spoken now.
func (c *Conn) Role() Role { return c.role }

// SetRole hands the connection to another role, which gets the input from here on.
func (c *Conn) SetRole(r Role) { c.role = r }

// Greet notes that the program has been told of the connection, and reports whether it knew already. A role
// that comes before the one that the connection is for may have done it.
func (c *Conn) Greet() (again bool) {
	again, c.greeted = c.greeted, true
	return again
}

// Transport is what carries the bytes, nil for a plain socket.
func (c *Conn) Transport() Transport { return c.transport }

// SetTransport puts what carries the bytes between the socket and the role. Kept input and queued output
// are what the role has of them on its side; the caller has taken what was the socket's.
func (c *Conn) SetTransport(t Transport) {
	c.transport = t
	// What the socket's end means is the transport's to say.
	c.peerEOF, c.rdhup = false, false
	if t != nil && t.Pending() {
		c.thread.queueResume(c)
	}
	if t != nil && t.Unsent() > 0 {
		c.markDirty()
	}
}

// Protocol is the vhost's protocol that the connection is bound to, or nil.
func (c *Conn) Protocol() *vhost.Protocol { return c.protocol }

// Handle and Address are what the Handler stored by SetHandle.
func (c *Conn) Handle() uint32 { return c.handle }

// Address is the second value given to SetHandle.
func (c *Conn) Address() uintptr { return c.address }

// SetHandle stores the Handler's own reference to the connection.
func (c *Conn) SetHandle(handle uint32, address uintptr) { c.handle, c.address = handle, address }

// Descriptor is the socket, or -1 for a stream.
func (c *Conn) Descriptor() int { return c.descriptor }

// Parent is the connection that carries this stream, nil for a connection of its own.
func (c *Conn) Parent() *Conn { return c.parent }

// Killed reports whether the connection is about to be closed without further ado; roles stop
// their work when they see it.
func (c *Conn) Killed() bool { return c.killed || c.state == stateDead }

// Open reports whether the connection still exchanges data with the program.
func (c *Conn) Open() bool { return c.state == stateOpen && !c.killed }

// Paused reports whether the role must stop to deliver input.
func (c *Conn) Paused() bool { return c.paused != 0 || c.killed || c.state != stateOpen }

// BindProtocol ties the connection to a protocol of its host; nil ties it to none.
func (c *Conn) BindProtocol(p *vhost.Protocol) bool {
	c.unlist()
	c.protocol = p
	c.list()
	return c.thread.Handler.Bind(c, p)
}

// Enlist is BindProtocol for a caller that tells the Handler itself.
func (c *Conn) Enlist(p *vhost.Protocol) {
	c.unlist()
	c.protocol = p
	c.list()
}

// Callback delivers an event without data.
func (c *Conn) Callback(reason Reason) int {
	return c.thread.Handler.Callback(c, reason, nil)
}

// CallbackBytes delivers an event with data.
func (c *Conn) CallbackBytes(reason Reason, in []byte) int {
	return c.thread.Handler.Callback(c, reason, in)
}

// Empty is data that is there, but empty, for events with which programs expect a string. It has
// room for the byte that follows data.
func (c *Conn) Empty() []byte { return c.thread.empty[:0] }

func (c *Conn) enter() {
	c.busy++
	if c.parent != nil {
		c.parent.busy++
	}
}

// Hold keeps the connection from being destroyed until Unhold: for roles that call the program
// because a function of the library was called, and not because of an event.
func (c *Conn) Hold() { c.enter() }

// Unhold ends what Hold began.
func (c *Conn) Unhold() { c.leave() }

// leave ends a stretch of work on the connection and destroys it where that was asked for meanwhile.
func (c *Conn) leave() {
	c.busy--
	parent := c.parent
	if c.busy == 0 && c.killed {
		c.bury()
	}
	if parent != nil {
		parent.leave()
	}
}

// bury destroys a killed connection, which calls the program and so happens on the service thread.
func (c *Conn) bury() {
	if c.state == stateDead {
		return
	}
	if c.thread.Loop.Processing() {
		c.destroy()
	} else {
		c.thread.doomed = append(c.thread.doomed, c)
	}
}

// Kill closes the connection at once, or as soon as the callback that is under way for it returns.
// Its closing callbacks are delivered; queued output is dropped.
func (c *Conn) Kill() {
	if c.state == stateDead || c.killed {
		return
	}
	c.killed = true
	if c.busy == 0 {
		c.bury()
	}
}

// KillSoon closes the connection in the next turn of its thread.
func (c *Conn) KillSoon() {
	if c.state == stateDead || c.killed {
		return
	}
	c.killed = true
	c.thread.doomed = append(c.thread.doomed, c)
}

// Finish ends the connection as its role sees fit.
func (c *Conn) Finish() {
	if !c.Open() {
		return
	}
	c.enter()
	c.role.Finish(c)
	c.leave()
}

// CloseAfterFlush closes the connection when all queued output was sent. No more input is
// delivered and no more output is taken.
func (c *Conn) CloseAfterFlush() {
	if c.state != stateOpen {
		return
	}
	c.state = stateFlushing
	c.SetTimeout(TimeoutFlushBeforeClose, c.host.Limits.Timeout)
	c.cancelDeadline(deadlineUser)
	c.cancelDeadline(deadlineValidity)
	c.paused = 0
	c.keep(nil)
	c.markDirty()
	c.updateWatch()
}

// PeerFinished notes that the peer has announced that it sends no more, so that its end need not be
// awaited.
func (c *Conn) PeerFinished() { c.peerDone = true }

// linger tells the peer the end and waits for its, because closing with unread input makes the
// kernel reset the connection, and the peer may lose what was sent last.
func (c *Conn) linger() {
	c.state = stateLinger
	// For the program it is over; how long the peer takes is not its concern.
	c.enter()
	c.DeliverClosed()
	c.leave()
	if c.state == stateDead || c.killed {
		return
	}
	if c.parent != nil {
		c.endStream()
		return
	}
	if c.direct || c.descriptor < 0 {
		c.Kill() // there is no end of a peer to wait for
		return
	}
	if c.transport != nil {
		c.transport.Shutdown(c)
		if c.transport.Unsent() > 0 {
			c.blocked = true
		}
	}
	if c.peerEOF && !c.blocked || c.peerDone && c.transport == nil && !hasUnread(c.descriptor) {
		c.Kill()
		return
	}
	if c.transport == nil {
		unix.Shutdown(c.descriptor, unix.SHUT_WR)
	}
	c.SetTimeout(TimeoutShutdownFlush, lingerTime)
	c.updateWatch()
}

// fail ends a connection whose socket is broken.
func (c *Conn) fail(err error) {
	if c.thread.Handler.Logs(LogInfo) {
		c.thread.Handler.Log(LogInfo, "connection lost: "+err.Error())
	}
	c.dropOutput()
	if l, ok := c.role.(Loser); ok && c.state == stateOpen && !c.killed && c.thread.Loop.Processing() {
		c.enter()
		role := c.role
		l.Lost(c)
		c.leave()
		if c.role != role && !c.killed && c.state == stateOpen {
			return // which has given the socket up and goes on with another one
		}
	}
	if _, ok := err.(*Violation); ok && c.state != stateLinger && !c.killed && c.thread.Loop.Processing() {
		c.paused = 0
		c.cancelDeadlines()
		c.keep(nil)
		c.linger()
		return
	}
	c.Kill()
}

// DeliverClosed delivers the role's closing callbacks if that was not done yet.
func (c *Conn) DeliverClosed() {
	if c.closeHandled {
		return
	}
	c.closeHandled = true
	c.busy++
	c.role.Closed(c)
	c.busy--
}

func (c *Conn) destroy() {
	t := c.thread
	c.killed = true
	c.cancelDeadlines()
	c.closeOwned()
	c.DeliverClosed()
	if c.index >= 0 {
		t.Loop.Remove(c.descriptor, c.index)
		c.index = -1
	}
	c.cancelDeadlines()
	c.LeaveOwner()
	c.state = stateDead
	c.busy++
	t.Handler.Callback(c, WSIDestroy, nil)
	c.busy--
	c.unlist()
	if c.transport != nil {
		c.transport.Close(c)
	}
	if c.descriptor >= 0 {
		closeSocket(c.descriptor)
		c.descriptor = -1
	}
	c.dropOutput()
	c.keep(nil)
	c.wantsCall = false
	t.Handler.Detach(c)
	c.host.connections.Add(-1)
	t.count--
	c.left()
	c.host.Released()
}

func (c *Conn) cancelDeadlines() {
	c.deadline = [deadlines]int64{}
	c.thread.Loop.Cancel(&c.timer)
}

// Ready serves the epoll events of the connection.
func (c *Conn) Ready(events uint32) {
	t := c.thread
	c.enter()
	// Who has yielded only reads soon and notices by itself.
	if events&(unix.EPOLLHUP|unix.EPOLLERR) != 0 && (c.paused&^pauseByTurn != 0 || c.state != stateOpen) {
		if c.state == stateOpen && (c.paused&PauseForWork != 0 ||
			c.paused&(PauseByProgram|PauseForProgram) != 0 && events&unix.EPOLLERR == 0) {
			c.unwatch()
		} else {
			// Nobody reads, so nobody else would notice.
			c.killed = true
		}
	}
	if events&unix.EPOLLOUT != 0 && !c.killed {
		c.blocked = false
		c.Flush()
		c.updateWatch()
		if c.wantsCall && c.canWrite() {
			c.queueReady()
		}
	}
	if events&(unix.EPOLLIN|unix.EPOLLRDHUP|unix.EPOLLHUP|unix.EPOLLERR) != 0 && !c.killed {
		if c.paused != 0 && c.state == stateOpen {
			c.pausedEvent(events)
		} else if c.direct {
			c.role.(Reader).Readable(c, events)
		} else {
			c.readable()
		}
	}
	c.leave()
	if t.received >= settleSize {
		t.settle()
	}
}

// pausedEvent stops to watch for input that nobody wants now. It is done only when input arrives,
// because most pauses end before.
func (c *Conn) pausedEvent(events uint32) {
	if events&unix.EPOLLRDHUP != 0 {
		c.rdhup = true
	}
	c.updateWatch()
}

// unwatch takes the socket out of the loop's sight: the peer is gone, which is reported until the
// input that waits has been read, and the program does not want that yet. Resume watches again.
func (c *Conn) unwatch() {
	c.thread.Loop.Remove(c.descriptor, c.index)
	c.index = -1
	c.unwatched = true
}

func (c *Conn) rewatch() {
	index, err := c.thread.Loop.Add(c.descriptor, unix.EPOLLIN, c)
	if err != nil {
		c.fail(err)
		return
	}
	c.index, c.watched, c.unwatched = index, unix.EPOLLIN, false
}

// updateWatch makes the epoll registration match the state.
func (c *Conn) updateWatch() {
	if c.index < 0 {
		return
	}
	var events uint32
	if c.paused == 0 && !c.peerEOF {
		events = unix.EPOLLIN
	} else if !c.rdhup && !c.peerEOF {
		events = unix.EPOLLRDHUP
	}
	if c.direct && c.state != stateOpen {
		events = 0 // nobody reads
	}
	if c.blocked {
		events |= unix.EPOLLOUT
	}
	if events == c.watched {
		return
	}
	c.watched = events
	if err := c.thread.Loop.Modify(c.descriptor, c.index, events); err != nil {
		c.thread.Handler.Log(LogError, "epoll_ctl: "+err.Error())
		c.Kill()
	}
}

// block notes that the socket takes no more output now.
func (c *Conn) block() {
	c.blocked = true
	c.updateWatch()
}

// Pause stops reading for a reason.
func (c *Conn) Pause(why Pause) { c.paused |= why }

// Resume takes a reason to pause back. Kept input is delivered again soon, not from here.
func (c *Conn) Resume(why Pause) {
	if c.paused&why == 0 {
		return
	}
	c.paused &^= why
	if c.paused != 0 || c.state != stateOpen {
		return
	}
	if c.unwatched {
		c.rewatch()
	}
	c.updateWatch()
	if len(c.in) > 0 || c.peerEOF || (c.transport != nil && c.transport.Pending()) {
		c.thread.queueResume(c)
	}
}

// Yield interrupts the input for other connections to have their turn. It is for roles that make much
// work of few bytes.
func (c *Conn) Yield() {
	if c.paused&pauseByTurn == 0 {
		c.paused |= pauseByTurn
		c.thread.yielded = append(c.thread.yielded, c)
	}
}

func (c *Conn) read(p []byte) (int, error) {
	if c.transport != nil {
		return c.transport.Read(c, p)
	}
	return readSocket(c.descriptor, p)
}

// readable takes what the peer sent and feeds the role with it.
func (c *Conn) readable() {
	for turn := 0; turn < readTurns; turn++ {
		kept := len(c.in)
		// A small rest is joined with what follows in the thread's buffer, which has room for much.
		borrowed := kept < len(c.thread.buffer)/borrowShare
		var buffer []byte
		if borrowed {
			// The last byte stays free for the NUL that callbacks find behind their data.
			buffer = c.thread.buffer[copy(c.thread.buffer, c.in) : len(c.thread.buffer)-1]
		} else {
			c.grow()
			buffer = c.in[kept : cap(c.in)-1]
		}
		n, err := c.read(buffer)
		if err != nil {
			if err == unix.EAGAIN || err == unix.EINTR {
				return
			}
			c.fail(err)
			return
		}
		if n == 0 {
			c.end()
			return
		}
		c.thread.received += n
		if c.state != stateOpen {
			continue // what comes after our end is of no interest
		}
		if borrowed {
			c.keep(nil)
			c.feed(c.thread.buffer[:kept+n])
		} else {
			c.in = c.in[:kept+n]
			c.feedKept()
		}
		if c.index < 0 {
			return // the role has given the socket up
		}
		if c.Paused() || (n < len(buffer) && (c.transport == nil || !c.transport.Pending())) {
			return
		}
	}
	if c.transport != nil && c.transport.Pending() {
		c.thread.queueResume(c)
	}
}

// end handles the peer's orderly end of sending.
func (c *Conn) end() {
	c.peerEOF = true
	if c.state == stateLinger {
		c.Kill()
		return
	}
	if role := c.role; c.state == stateOpen && !role.EOF(c) {
		if c.role != role {
			return // which has given the socket up and goes on with another one
		}
		c.Pause(PauseByRole)
		c.updateWatch()
		return
	}
	if c.state == stateFlushing {
		c.updateWatch()
		return
	}
	c.Kill()
}

// feed gives input in borrowed memory to the role and keeps what it leaves.
func (c *Conn) feed(p []byte) {
	if rest := c.consumeInput(p); len(rest) > 0 {
		c.keep(rest)
	}
}

func (c *Conn) feedKept() {
	rest := c.consumeInput(c.in)
	if len(rest) == 0 {
		c.keep(nil)
	} else if len(rest) < len(c.in) {
		c.in = c.in[:copy(c.in, rest)]
	}
}

func (c *Conn) consumeInput(p []byte) []byte {
	c.feeding = true
	for len(p) > 0 && !c.Paused() {
		role := c.role
		used := role.Input(c, p)
		p = p[used:]
		if c.heir != nil || c.role == role && used == 0 {
			break
		}
	}
	c.feeding = false
	if c.heir != nil {
		c.bequeath(p)
		return nil
	}
	if c.state != stateOpen || c.killed {
		return nil
	}
	return p
}

// keep stores unused input, or releases the store.
func (c *Conn) keep(p []byte) {
	if p == nil {
		if c.in != nil {
			c.thread.putKept(c.in)
			c.in = nil
		}
		return
	}
	c.in = append(c.thread.getKept(len(p)), p...)
}

// grow makes room for a sensible read behind the kept input.
func (c *Conn) grow() {
	if free := cap(c.in) - len(c.in); free > 1 && free >= len(c.in)/2 {
		return
	}
	bigger := append(c.thread.getKept(cap(c.in)), c.in...)
	c.thread.putKept(c.in)
	c.in = bigger
}

// resume delivers kept input after a pause.
func (c *Conn) resume() {
	if c.paused&pauseByTurn != 0 {
		c.paused &^= pauseByTurn
		c.updateWatch()
	}
	if c.Paused() {
		return
	}
	c.enter()
	if len(c.in) > 0 {
		c.feedKept()
	}
	if !c.Paused() && c.transport != nil && c.transport.Pending() {
		c.readable()
	} else if c.peerEOF && !c.Paused() {
		c.end()
	}
	if c.parent != nil {
		c.consumed()
	}
	c.leave()
}

// HasKeptInput reports whether input waits for the role.
func (c *Conn) HasKeptInput() bool { return len(c.in) > 0 }

func (c *Conn) canWrite() bool {
	return !c.blocked && !c.early && c.state == stateOpen && !c.killed
}

// RequestWritable asks for a writable callback, once.
func (c *Conn) RequestWritable() {
	if c.state != stateOpen || c.wantsCall {
		return
	}
	c.wantsCall = true
	if c.canWrite() {
		c.queueReady()
	}
}

// CanAnswer reports whether a writable callback that the program asks for now could be delivered now.
func (c *Conn) CanAnswer() bool { return c.canWrite() && !c.wantsCall && c.out.size < chokeSize }

// WantsWritable reports whether a writable callback is pending.
func (c *Conn) WantsWritable() bool { return c.wantsCall }

func (c *Conn) queueReady() {
	if !c.inReady {
		c.inReady = true
		c.thread.ready = append(c.thread.ready, c)
	}
}

func (c *Conn) deliverWritable() {
	if !c.wantsCall || c.state != stateOpen || c.killed {
		return
	}
	if c.out.size >= chokeSize {
		c.Flush()
	}
	if !c.canWrite() || c.out.size >= chokeSize || !c.hasRoom() {
		return // EPOLLOUT or Unblock brings it back
	}
	if c.direct && !takesOutput(c.descriptor) {
		c.block()
		return
	}
	c.wantsCall = false
	c.enter()
	c.role.Writable(c)
	c.leave()
}

// Write sends what the program gave to lws_write.
func (c *Conn) Write(p []byte, kind WriteKind) (int, error) {
	if c.state != stateOpen || c.killed {
		return 0, ErrClosed
	}
	c.enter()
	n, err := c.role.Write(c, p, kind)
	c.leave()
	return n, err
}
