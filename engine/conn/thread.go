package conn

import (
	"math/bits"
	"runtime"

	"golang.org/x/sys/unix"

	"golws/engine/loop"
)

// settleRounds bounds how often in a row one turn delivers writable callbacks, so that a program
// that always asks for another one does not keep lws_service from returning.
const settleRounds = 64

// settleSize is how much input a thread takes from several connections before it serves what that
// has led to. Serving at once would send many small pieces where the peers' messages go to each
// other, serving late lets input pile up in the program.
const settleSize = 64 << 10

// yieldInterval is how often, in microseconds, a busy thread lets the Go scheduler run. It calls Go
// from C only, which the scheduler counts as one endless stretch of work: after 10 ms of it, the
// runtime's monitor thread takes the processor away at each look, every 20 µs.
const yieldInterval = 5000

// Upgrade hands a connection to another role after its HTTP request asked for that.
type Upgrade func(c *Conn, request any) (accepted bool)

// Thread is what one service thread owns.
type Thread struct {
	Loop    *loop.Loop
	Handler Handler
	Index   int

	// Upgrades holds, by the token of the Upgrade header in lower case, the roles that a request
	// can change to. Roles are registered here because they must not know each other.
	Upgrades map[string]Upgrade

	// Roles holds what begins on a fresh connection, by the protocol's name in ALPN ("http/1.1", "h2")
	// or, where it has none, by its name as a listen_accept_role ("raw-skt").
	Roles map[string]func(c *Conn) Role

	// Greet tells the program of an accepted connection before its role begins, as that role would. It reports
	// false where the connection must close.
	Greet func(c *Conn) bool

	// Offers holds, by the same tokens, what makes the client's side of such a change: a value that the
	// role which sends the request knows how to use.
	Offers map[string]func() any

	// TLSLimit bounds the connections that come from listeners for TLS, nil where nothing does.
	TLSLimit *Limit

	// Clients is what package client has of the thread. It is its own.
	Clients any

	// Scratch is what the transports of the thread's connections share. It is theirs.
	Scratch any

	buffer                  []byte
	empty                   [1]byte
	segments, firstSegments segmentPool
	vector                  [64]unix.Iovec
	kept                    [keptClasses][][]byte

	dirty, dirtySpare   []*Conn
	ready, readySpare   []*Conn
	resume, resumeSpare []*Conn
	doomed              []*Conn
	yielded             []*Conn // to be resumed in the next turn
	later               []func()
	settling            bool
	received            int   // bytes of input since settle
	scheduled           int64 // when the Go scheduler ran last
	count               int
}

// NewThread makes a service thread whose read buffer has the given size.
func NewThread(index int, l *loop.Loop, h Handler, bufferSize int) *Thread {
	return &Thread{
		Index: index, Loop: l, Handler: h, Upgrades: map[string]Upgrade{},
		Roles: map[string]func(c *Conn) Role{}, Offers: map[string]func() any{},
		buffer:        make([]byte, max(bufferSize, 4096)+1),
		segments:      segmentPool{size: segmentSize},
		firstSegments: segmentPool{size: firstSize},
	}
}

// Connections is how many connections the thread serves.
func (t *Thread) Connections() int { return t.count }

// Process handles a batch of events, then delivers what they led to.
func (t *Thread) Process(now int64, events []unix.EpollEvent) {
	if now-t.scheduled > yieldInterval {
		t.scheduled = now
		runtime.Gosched()
	}
	t.Loop.Process(now, events)
	was := t.Loop.Enter()
	for i, c := range t.yielded {
		t.yielded[i] = nil
		t.queueResume(c)
	}
	t.yielded = t.yielded[:0]
	t.settle()
	t.Loop.Leave(was)
}

// Busy reports whether work is left that no event will announce, so that the next wait must not block.
func (t *Thread) Busy() bool {
	return len(t.ready) > 0 || len(t.resume) > 0 || len(t.yielded) > 0 || len(t.later) > 0 || len(t.doomed) > 0 || len(t.dirty) > 0
}

// Later has f run on the service thread when what is under way is done, in the same turn.
func (t *Thread) Later(f func()) { t.later = append(t.later, f) }

func (t *Thread) runLater() {
	for len(t.later) > 0 {
		all := t.later
		t.later = nil
		for _, f := range all {
			f()
		}
	}
}

// AfterCall wakes the service thread if a call from outside left work for it, unless that is who called: comesBack says
// that it is about to look by itself.
func (t *Thread) AfterCall(comesBack bool) {
	if announced := t.Loop.Announced(); !comesBack && !t.Loop.Processing() && (announced || t.Busy()) {
		t.Loop.Wake()
	}
}

// settle delivers the writable callbacks that were asked for, resumes paused input, and sends what
// was queued meanwhile with one call for each connection.
func (t *Thread) settle() {
	if t.settling {
		return
	}
	t.settling = true
	t.received = 0
	for round := 0; round < settleRounds; round++ {
		t.Handler.TakeWritable(t)
		if len(t.ready) == 0 && len(t.resume) == 0 && len(t.doomed) == 0 && len(t.later) == 0 {
			if len(t.dirty) == 0 {
				break
			}
			t.flushDirty()
			continue
		}
		t.BuryDoomed()
		t.runLater()
		resume := t.resume
		t.resume, t.resumeSpare = t.resumeSpare[:0], resume
		for i, c := range resume {
			resume[i] = nil
			c.inResume = false
			c.resume()
		}
		ready := t.ready
		t.ready, t.readySpare = t.readySpare[:0], ready
		for i, c := range ready {
			ready[i] = nil
			c.inReady = false
			c.deliverWritable()
		}
	}
	t.flushDirty()
	t.settling = false
}

// BuryDoomed destroys the connections that were killed outside of a turn.
func (t *Thread) BuryDoomed() {
	for len(t.doomed) > 0 {
		c := t.doomed[len(t.doomed)-1]
		t.doomed[len(t.doomed)-1] = nil
		t.doomed = t.doomed[:len(t.doomed)-1]
		if c.state != stateDead && c.busy == 0 {
			c.destroy()
		}
	}
}

func (t *Thread) flushDirty() {
	dirty := t.dirty
	t.dirty, t.dirtySpare = t.dirtySpare[:0], dirty
	for i, c := range dirty {
		dirty[i] = nil
		c.dirty = false
		c.Flush()
	}
}

// WritableNow does what a writable socket leads to without waiting for its event, and reports false where the
// connection ends. Requests for writable callbacks that were made meanwhile are served.
func (c *Conn) WritableNow() bool {
	t := c.thread
	was := t.Loop.Enter()
	if c.parent == nil && c.descriptor >= 0 && c.state != stateDead {
		c.Ready(unix.EPOLLOUT)
	}
	t.settle()
	t.Loop.Leave(was)
	return c.state == stateOpen && !c.killed
}

// FlushQueued hands queued output to the kernel without delivering anything else.
func (t *Thread) FlushQueued() { t.flushDirty() }

func (t *Thread) queueResume(c *Conn) {
	if !c.inResume {
		c.inResume = true
		t.resume = append(t.resume, c)
	}
}

// Stores for incomplete input have 1<<keptBits bytes or, keptClasses-1 times, twice as much.
const (
	keptBits    = 12
	keptClasses = 9
)

// keptClass is the class of the stores that hold n bytes and have room to read into.
func keptClass(n int) int {
	// One byte more for the NUL behind the data.
	return max(bits.Len(uint(n+1+n/2)-1)-keptBits, 0)
}

// Borrow returns memory for n bytes that is the caller's until Return.
func (t *Thread) Borrow(n int) []byte { return t.getKept(n) }

// Return takes back what Borrow has given.
func (t *Thread) Return(p []byte) { t.putKept(p) }

func (t *Thread) getKept(n int) []byte {
	class := keptClass(n)
	if class >= keptClasses {
		return make([]byte, 0, n+1+n/2)
	}
	if last := len(t.kept[class]) - 1; last >= 0 {
		p := t.kept[class][last]
		t.kept[class][last] = nil
		t.kept[class] = t.kept[class][:last]
		return p
	}
	return make([]byte, 0, 1<<(keptBits+class))
}

func (t *Thread) putKept(p []byte) {
	class := bits.Len(uint(cap(p))) - 1 - keptBits
	if class < 0 || class >= keptClasses || cap(p) != 1<<(keptBits+class) {
		return
	}
	// The fewer the larger they are.
	if len(t.kept[class]) < max(64>>class, 2) {
		t.kept[class] = append(t.kept[class], p[:0])
	}
}
