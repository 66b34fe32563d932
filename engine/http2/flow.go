package http2

import (
	"encoding/binary"
	"os"

	"golang.org/x/sys/unix"

	"golws/engine/conn"
	"golws/engine/files"
	"golws/engine/vhost"
)

// maxData is the largest payload of our DATA frames. A frame of it is a segment of the output queue less what TLS adds to
// a record, so that a batch of four is sent by one system call.
const maxData = 16<<10 - 22 - frameHead

// outputTarget is how much output the connection queues before streams wait: short enough that all get their share soon,
// long enough to keep a socket busy.
const outputTarget = 4 * (maxData + frameHead)

// queue is a list of streams.
type queue struct{ head, tail *stream }

func (q *queue) push(s *stream) {
	if s.queued {
		return
	}
	s.queued, s.next = true, nil
	if q.tail == nil {
		q.head = s
	} else {
		q.tail.next = s
	}
	q.tail = s
}

func (q *queue) pop() *stream {
	s := q.head
	q.head = s.next
	if q.head == nil {
		q.tail = nil
	}
	s.queued, s.next = false, nil
	return s
}

func (q *queue) remove(s *stream) {
	if !s.queued {
		return
	}
	var previous *stream
	for other := q.head; other != nil; previous, other = other, other.next {
		if other != s {
			continue
		}
		if previous == nil {
			q.head = s.next
		} else {
			previous.next = s.next
		}
		if q.tail == s {
			q.tail = previous
		}
		break
	}
	s.queued, s.next = false, nil
}

// credit is how much of want bytes the stream may send now. Where it is nothing, the stream is awakened when that has
// changed.
func (s *stream) credit(want int) int {
	n := s.n
	if n.ended && (s.window <= 0 || n.window <= 0) {
		s.c.KillSoon() // nothing will bring it back
		return 0
	}
	if s.window <= 0 {
		return 0 // WINDOW_UPDATE brings it back
	}
	if n.window <= 0 || !n.c.Open() || n.c.QueuedBytes() >= outputTarget {
		n.waiting.push(s)
		return 0
	}
	// Who waits has its turn first.
	if n.turn == s && !n.turnUsed {
		n.turnUsed = true
	} else if n.waiting.head != nil {
		n.waiting.push(s)
		return 0
	}
	return int(min(int64(want), s.window, n.window, maxData, int64(n.theirs.maxFrame)))
}

// reserve begins a DATA frame with n bytes of payload, which the caller fills in.
func (s *stream) reserve(n int, flags uint8) []byte {
	b := s.n.c.Reserve(frameHead + n)
	putFrame(b, n, frameData, flags, s.id)
	s.window -= int64(n)
	s.n.window -= int64(n)
	s.n.floods.windows.earn(4) // what the peer may answer it with
	if flags&flagEndStream != 0 {
		s.ended = true
	}
	return b[frameHead:]
}

// awaken has the stream send what it has, when it is its turn.
func (s *stream) awaken() {
	if s.window > 0 && s.c.Waits() {
		s.n.waiting.push(s)
	}
}

// pump lets the streams that wait send, one frame each in turn.
func (n *Connection) pump(c *conn.Conn) {
	if n.pumping {
		return
	}
	n.pumping = true
	for n.waiting.head != nil && n.window > 0 && c.Open() && c.QueuedBytes() < outputTarget {
		n.turn, n.turnUsed = n.waiting.pop(), false
		n.turn.c.Unblock()
	}
	n.turn = nil
	n.pumping = false
}

// windowFrame lets more be sent.
func (n *Connection) windowFrame(c *conn.Conn, f *frame, p []byte) {
	if len(p) != 4 {
		n.fail(c, codeFrameSize, "WINDOW_UPDATE of a length other than 4")
		return
	}
	if !n.floods.windows.spend(c, 1) {
		n.flooded(c, "WINDOW_UPDATE")
		return
	}
	increment := int64(binary.BigEndian.Uint32(p) & maxWindow)
	if f.stream == 0 {
		if increment == 0 {
			n.fail(c, codeProtocol, "WINDOW_UPDATE by 0")
			return
		}
		if n.window += increment; n.window > maxWindow && (n.forgives() || c.Host().Options&vhost.ForgiveWindowOverflow != 0) {
			n.window = maxWindow
		}
		if n.window > maxWindow {
			n.fail(c, codeFlowControl, "WINDOW_UPDATE makes the connection's window overflow")
			return
		}
		n.pump(c)
		return
	}
	if n.isIdle(f.stream) {
		n.fail(c, codeProtocol, "WINDOW_UPDATE on an idle stream")
		return
	}
	s := n.streams[f.stream]
	var window *int64
	if s != nil {
		window = &s.window
	} else if d := n.drainOf(f.stream); d != nil {
		window = &d.window
	} else {
		return // closed meanwhile
	}
	if increment == 0 {
		n.streamError(c, f.stream, codeProtocol, "WINDOW_UPDATE by 0")
		return
	}
	if *window += increment; *window > maxWindow {
		if !n.forgives() && c.Host().Options&vhost.ForgiveWindowOverflow == 0 {
			n.streamError(c, f.stream, codeFlowControl, "WINDOW_UPDATE makes the stream's window overflow")
			return
		}
		*window = maxWindow
	}
	if s != nil {
		s.awaken()
		n.pump(c)
	}
}

func (n *Connection) sendWindowUpdate(c *conn.Conn, stream uint32, increment int64) {
	if increment <= 0 {
		return
	}
	b := c.Reserve(frameHead + 4)
	putFrame(b, 4, frameWindowUpdate, 0, stream)
	binary.BigEndian.PutUint32(b[frameHead:], uint32(increment))
}

// dataFrame takes a piece of a body, or of what a tunnel carries.
func (n *Connection) dataFrame(c *conn.Conn, f *frame, p []byte) {
	if f.stream == 0 {
		n.fail(c, codeProtocol, "DATA on stream 0")
		return
	}
	if n.isIdle(f.stream) {
		n.fail(c, codeProtocol, "DATA on an idle stream")
		return
	}
	if n.receivable -= int64(f.length); n.receivable < 0 {
		n.fail(c, codeFlowControl, "DATA beyond the connection's window")
		return
	}
	// What waits is bounded by the windows of the streams.
	if n.receivable < connectionWindow/2 {
		n.sendWindowUpdate(c, 0, connectionWindow-n.receivable)
		n.receivable = connectionWindow
	}
	p, ok := f.unpad(p)
	if !ok {
		n.fail(c, codeProtocol, "DATA with more padding than payload")
		return
	}
	end := f.has(flagEndStream)
	if len(p) == 0 && !end && !n.floods.empty.spend(c, 1) {
		n.flooded(c, "empty DATA")
		return
	}
	s := n.streams[f.stream]
	if s == nil {
		if d := n.drainOf(f.stream); d != nil {
			n.drainData(c, d, f.length, len(p), end)
			return
		}
	}
	switch {
	case s == nil && (n.wasReset(f.stream) || n.isRefused(f.stream)): // it was on its way
	case s == nil:
		n.streamError(c, f.stream, codeStreamClosed, "DATA on a closed stream")
	case s.remoteClosed:
		n.streamError(c, f.stream, codeStreamClosed, "DATA after END_STREAM")
	case n.client != nil && !s.side.(*ClientStream).responded:
		n.streamError(c, f.stream, codeProtocol, "DATA before the head of the response")
	default:
		s.data(c, p, f.length, end)
	}
}

// streamTransport is the conn.StreamTransport of a stream.
type streamTransport stream

var _ conn.StreamTransport = (*streamTransport)(nil)

// Read implements conn.Transport: input is pushed.
func (t *streamTransport) Read(*conn.Conn, []byte) (int, error) { return 0, unix.EAGAIN }

// Write implements conn.Transport: it makes a DATA frame.
func (t *streamTransport) Write(c *conn.Conn, p []byte) (int, error) {
	s := (*stream)(t)
	n := s.credit(len(p))
	if n == 0 {
		s.stall(c)
		return 0, unix.EAGAIN
	}
	copy(s.reserve(n, s.endFlag(c, n)), p)
	return n, nil
}

// endFlag is END_STREAM where n bytes are the last ones.
func (s *stream) endFlag(c *conn.Conn, n int) uint8 {
	if s.ending && c.QueuedBytes() == int64(n) {
		return flagEndStream
	}
	return 0
}

// SendFile implements conn.Transport.
func (t *streamTransport) SendFile(c *conn.Conn, f *os.File, offset, length int64) (int, error) {
	s := (*stream)(t)
	n := s.credit(int(min(length, maxData)))
	if n == 0 {
		s.stall(c)
		return 0, unix.EAGAIN
	}
	if !s.readFile(int(f.Fd()), s.reserve(n, s.endFlag(c, n)), offset) {
		return 0, unix.EIO
	}
	return n, nil
}

// readFile fills a frame from a file. It reports false where the file has become shorter than the peer was promised.
// The frame cannot be taken back then, and must not show what was in the memory before.
func (s *stream) readFile(descriptor int, p []byte, offset int64) bool {
	if files.ReadAt(descriptor, p, offset) {
		return true
	}
	clear(p)
	s.code, s.ended = codeInternal, false
	return false
}

// stall limits the time that output waits for the peer, where no other limit is set.
func (s *stream) stall(c *conn.Conn) {
	if c.TimeoutReason() == conn.NoPendingTimeout && !s.immortal && !s.tunnel {
		s.stalling, s.stalled = true, 0
		c.SetTimeout(conn.TimeoutHTTPContent, c.Host().Limits.Timeout)
	}
}

// Flush implements conn.Transport: what Write took is the parent's.
func (t *streamTransport) Flush(*conn.Conn) error { return nil }

// Unsent implements conn.Transport.
func (t *streamTransport) Unsent() int { return 0 }

// Pending implements conn.Transport.
func (t *streamTransport) Pending() bool { return false }

// Ready implements conn.StreamTransport.
func (t *streamTransport) Ready(*conn.Conn) bool {
	s := (*stream)(t)
	if s.window <= 0 {
		return false
	}
	if s.n.window > 0 && s.n.c.QueuedBytes() < outputTarget {
		return true
	}
	s.n.waiting.push(s)
	return false
}

// Consumed implements conn.StreamTransport.
func (t *streamTransport) Consumed(_ *conn.Conn, kept int) {
	s := (*stream)(t)
	if kept < s.pushed {
		s.granted += int64(s.pushed - kept)
		s.pushed = kept
	}
	s.grant()
}

// grant lets the peer send as much as was taken, when it is worth a frame.
func (s *stream) grant() {
	if s.manual {
		s.granted = 0
		return
	}
	if s.remoteClosed || s.gone || s.granted < int64(s.n.ours.window+1)/2 {
		return
	}
	s.receivable += s.granted
	s.n.sendWindowUpdate(s.n.c, s.id, s.granted)
	s.granted = 0
}

// SendHead implements conn.StreamTransport.
func (t *streamTransport) SendHead(_ *conn.Conn, head []byte) error {
	return (*stream)(t).side.sendHead(head)
}

// Shutdown implements conn.Transport.
func (t *streamTransport) Shutdown(c *conn.Conn) {
	s := (*stream)(t)
	s.end()
	if !s.tunnel {
		c.Kill() // what the peer still sends of its request is of no interest
	}
}

// Close implements conn.Transport: the stream is over.
func (t *streamTransport) Close(*conn.Conn) {
	s := (*stream)(t)
	s.n.forget(s)
}
