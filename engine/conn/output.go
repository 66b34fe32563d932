package conn

import (
	"os"

	"golang.org/x/sys/unix"
)

const (
	// segmentSize is the capacity of a pooled output segment.
	segmentSize = 16 << 10
	// firstSize is the capacity of the first segment of a queue, which holds most responses and
	// messages whole. Many connections have one at a time: they must not crowd the processor's cache,
	// which they would if they were a power of two apart, either.
	firstSize = 2304
	// directSize is the length above which a write goes to the socket from the caller's memory.
	directSize = 16 << 10
	// chokeSize is how much may be queued before the program is told to wait.
	chokeSize = 64 << 10
	// pooledBytes is how much memory of idle segments of each size a thread keeps.
	pooledBytes = 1 << 20
)

// segment is a piece of queued output: bytes, or a range of a file.
type segment struct {
	next   *segment
	bytes  []byte // data not sent yet is bytes[read:]
	read   int
	pool   *segmentPool // where it came from, nil for one of unusual size
	file   *os.File     // closed when the range was sent or dropped
	offset int64
	left   int64
}

// output is what a connection has still to send.
type output struct {
	head, tail *segment
	size       int64
}

// segmentPool keeps idle segments of one capacity.
type segmentPool struct {
	size  int
	idle  *segment
	count int
}

func (p *segmentPool) take() *segment {
	s := p.idle
	if s == nil {
		return &segment{bytes: make([]byte, 0, p.size), pool: p}
	}
	p.idle = s.next
	p.count--
	s.next = nil
	return s
}

func (t *Thread) newSegment(n int, first bool) *segment {
	switch {
	case first && n <= firstSize:
		return t.firstSegments.take()
	case n <= segmentSize:
		return t.segments.take()
	}
	return &segment{bytes: make([]byte, 0, n)}
}

func freeSegment(s *segment) {
	if s.file != nil {
		s.file.Close()
	}
	p := s.pool
	if p == nil || p.count >= pooledBytes/p.size {
		return
	}
	s.bytes, s.read, s.next = s.bytes[:0], 0, p.idle
	p.idle = s
	p.count++
}

func (c *Conn) push(s *segment) {
	if c.out.tail == nil {
		c.out.head = s
	} else {
		c.out.tail.next = s
	}
	c.out.tail = s
}

// Reserve returns n bytes at the end of the output queue to be filled by the caller at once.
func (c *Conn) Reserve(n int) []byte {
	s := c.out.tail
	if s == nil || s.file != nil || cap(s.bytes)-len(s.bytes) < n {
		s = c.thread.newSegment(n, c.out.head == nil)
		c.push(s)
	}
	at := len(s.bytes)
	s.bytes = s.bytes[:at+n]
	c.out.size += int64(n)
	c.markDirty()
	return s.bytes[at : at+n : at+n]
}

// Queue adds a copy of p to the output.
func (c *Conn) Queue(p []byte) {
	if len(p) > 0 {
		copy(c.Reserve(len(p)), p)
	}
}

// QueueDirect adds head and p to the output, where p is the caller's memory: what the socket takes
// at once is not copied.
func (c *Conn) QueueDirect(head, p []byte) {
	if len(p) < directSize || c.blocked || c.state != stateOpen {
		space := c.Reserve(len(head) + len(p))
		copy(space[copy(space, head):], p)
		return
	}
	c.Queue(head)
	if s := c.out.head; s == nil || (s == c.out.tail && s.file == nil) {
		c.sendWith(p)
		return
	}
	c.Flush()
	if c.out.head == nil && !c.killed {
		c.sendWith(p)
		return
	}
	c.Queue(p)
}

// sendWith sends the single queued segment, if any, followed by p, and queues what is left of p.
func (c *Conn) sendWith(p []byte) {
	if c.transport != nil {
		c.transmitWith(p)
		return
	}
	var queued []byte
	if s := c.out.head; s != nil {
		queued = s.bytes[s.read:]
	}
	var n int
	var err error
	switch {
	case len(queued) == 0:
		n, err = writeSocket(c.descriptor, p)
	default:
		c.thread.vector[0].Base, c.thread.vector[1].Base = &queued[0], &p[0]
		c.thread.vector[0].SetLen(len(queued))
		c.thread.vector[1].SetLen(len(p))
		n, err = writeSocketVector(c.descriptor, c.thread.vector[:2])
		c.thread.vector[0].Base, c.thread.vector[1].Base = nil, nil
	}
	if err != nil {
		if err != unix.EAGAIN && err != unix.EINTR {
			c.fail(err)
			return
		}
		n = 0
	}
	fromQueue := min(n, len(queued))
	c.consume(fromQueue)
	if rest := p[n-fromQueue:]; len(rest) > 0 {
		copy(c.Reserve(len(rest)), rest)
		c.block()
	}
}

// transmitWith is sendWith for a connection that has a transport. All that is queued is in memory.
func (c *Conn) transmitWith(p []byte) {
	var err error
	for len(p) > 0 && err == nil {
		var n int
		if s := c.out.head; s != nil {
			n, err = c.transport.Write(c, s.bytes[s.read:])
			c.consume(n)
		} else {
			n, err = c.transport.Write(c, p)
			p = p[n:]
		}
		if n == 0 && err == nil {
			err = c.transport.Flush(c)
		}
	}
	if err == nil {
		err = c.transport.Flush(c)
	}
	if err != nil && err != unix.EAGAIN {
		c.fail(err)
		return
	}
	if len(p) > 0 {
		copy(c.Reserve(len(p)), p)
	}
	if err != nil {
		c.block()
	}
}

// QueueFile adds n bytes of f from offset to the output. The connection closes f.
func (c *Conn) QueueFile(f *os.File, offset, n int64) {
	if n <= 0 {
		f.Close()
		return
	}
	c.push(&segment{file: f, offset: offset, left: n})
	c.out.size += n
	c.markDirty()
}

// QueuedBytes is how much output waits for the kernel.
func (c *Conn) QueuedBytes() int64 {
	if c.transport != nil {
		return c.out.size + int64(c.transport.Unsent())
	}
	return c.out.size
}

// Blocked reports whether queued bytes wait for the socket, and not only for the end of the turn.
func (c *Conn) Blocked() bool { return c.blocked && c.QueuedBytes() > 0 }

// Choked reports whether the program should wait for the next writable callback before it writes more.
func (c *Conn) Choked() bool {
	if c.state != stateOpen || c.blocked || !c.hasRoom() {
		return true
	}
	if c.out.size >= chokeSize {
		c.Flush()
	}
	return c.blocked || c.out.size >= chokeSize
}

// FlushSoon has the connection flushed at the end of the turn, also where only its transport has something to
// send.
func (c *Conn) FlushSoon() { c.markDirty() }

// TakeOutput takes the queued output, bytes only, out of the queue.
func (c *Conn) TakeOutput() []byte {
	var all []byte
	for s := c.out.head; s != nil; s = s.next {
		all = append(all, s.bytes[s.read:]...)
	}
	c.dropOutput()
	return all
}

func (c *Conn) markDirty() {
	if !c.dirty {
		c.dirty = true
		c.thread.dirty = append(c.thread.dirty, c)
	}
}

// consume drops n sent bytes from the front of the queue.
func (c *Conn) consume(n int) {
	c.out.size -= int64(n)
	for s := c.out.head; s != nil; s = c.out.head {
		if s.file != nil {
			s.offset += int64(n)
			s.left -= int64(n)
			if s.left > 0 {
				return
			}
			n = 0
		} else {
			left := len(s.bytes) - s.read
			if n < left {
				s.read += n
				return
			}
			n -= left
		}
		c.out.head = s.next
		if c.out.head == nil {
			c.out.tail = nil
		}
		freeSegment(s)
		if n == 0 {
			return
		}
	}
}

// Flush hands as much of the output as possible to the kernel.
func (c *Conn) Flush() {
	// Draining may call the program, which only the service thread does.
	if c.blocked || c.state == stateDead || c.killed || !c.thread.Loop.Processing() {
		return
	}
	if c.transport != nil {
		c.transmit()
		return
	}
	sent := false
	// A file may be in the page cache and the peer fast: the bound keeps one download from holding
	// the thread.
	for turns := 0; c.out.head != nil; turns++ {
		if turns == 16 {
			c.block()
			return
		}
		n, err := c.writeFront()
		if err != nil {
			if err == unix.EINTR {
				continue
			}
			if err == unix.EAGAIN {
				c.block()
				return
			}
			c.fail(err)
			return
		}
		sent = true
		c.consume(n)
	}
	if sent || c.state == stateFlushing {
		c.drained()
	}
}

// transmit is Flush for a connection that has a transport.
func (c *Conn) transmit() {
	sent := c.transport.Unsent() > 0
	err := c.transport.Flush(c) // what waited for the peer
	for turns := 0; c.out.head != nil && err == nil; turns++ {
		if turns == 64 && c.parent == nil {
			err = unix.EAGAIN
			break
		}
		var n int
		if s := c.out.head; s.file != nil {
			n, err = c.transport.SendFile(c, s.file, s.offset, s.left)
			if err == nil && n == 0 && c.transport.Unsent() == 0 {
				// The file became shorter than what the peer was promised.
				err = unix.EIO
			}
		} else {
			n, err = c.transport.Write(c, s.bytes[s.read:])
		}
		if n > 0 {
			sent = true
			c.consume(n)
		} else if err == nil {
			err = c.transport.Flush(c)
		}
	}
	if err == nil || err == unix.EAGAIN {
		if flushed := c.transport.Flush(c); flushed != nil {
			err = flushed
		}
	}
	switch {
	case err == unix.EAGAIN:
		c.block()
	case err != nil:
		c.fail(err)
	case sent || c.state == stateFlushing:
		c.drained()
	}
}

func (c *Conn) writeFront() (int, error) {
	s := c.out.head
	if s.file != nil {
		n, err := sendFile(c.descriptor, s.file, s.offset, s.left)
		if err == nil && n == 0 {
			// The file became shorter than what the peer was promised.
			err = unix.EIO
		}
		return n, err
	}
	if s.next == nil || s.next.file != nil {
		return writeSocket(c.descriptor, s.bytes[s.read:])
	}
	count := 0
	for ; s != nil && s.file == nil && count < len(c.thread.vector); s = s.next {
		if s.read == len(s.bytes) {
			continue
		}
		c.thread.vector[count].Base = &s.bytes[s.read]
		c.thread.vector[count].SetLen(len(s.bytes) - s.read)
		count++
	}
	n, err := writeSocketVector(c.descriptor, c.thread.vector[:count])
	clear(c.thread.vector[:count])
	return n, err
}

func (c *Conn) drained() {
	switch c.state {
	case stateFlushing:
		c.linger()
	case stateLinger:
		if c.peerEOF {
			c.Kill()
		}
	case stateOpen:
		c.enter()
		c.role.Drained(c)
		c.leave()
	}
}

// SendLast sends what is queued as far as the socket takes it at once: for roles with something to say in Closed.
func (c *Conn) SendLast() {
	for c.out.head != nil && c.out.head.file == nil && !c.blocked {
		var n int
		var err error
		if c.transport != nil {
			n, err = c.transport.Write(c, c.out.head.bytes[c.out.head.read:])
		} else {
			n, err = c.writeFront()
		}
		if err != nil || n == 0 {
			break
		}
		c.consume(n)
	}
	if c.transport != nil {
		c.transport.Flush(c)
	}
}

func (c *Conn) dropOutput() {
	for s := c.out.head; s != nil; {
		next := s.next
		freeSegment(s)
		s = next
	}
	c.out = output{}
}
