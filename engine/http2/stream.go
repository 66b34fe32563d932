package http2

import "golws/engine/conn"

// stream is what a stream is on either side of a connection.
type stream struct {
	c    *conn.Conn
	n    *Connection
	side side

	id         uint32
	window     int64 // what may be sent
	receivable int64 // what the peer may send
	granted    int64 // what was taken of that and not been replaced yet
	pushed     int   // bytes of input that were not taken yet
	left       int64 // of the body that comes by its content-length, -1 where unknown
	stalled    int64 // output that waited when a time limit passed
	next       *stream
	code       errorCode // of the RST_STREAM, where the stream ends before both sides have ended it

	queued       bool // in Connection.waiting
	remoteClosed bool // the peer has sent END_STREAM
	ending       bool // END_STREAM is to follow the queued output
	ended        bool // END_STREAM was sent
	stalling     bool // the time limit is that of output that waits
	gone         bool // no frame is to be sent for it
	tunnel       bool // another role has taken it over
	immortal     bool // its time is not limited
	manual       bool // the program lets the peer send
}

// side is what a stream carries: a request that is served, or one that is made.
type side interface {
	// sending reports whether there is more to come of what the stream sends.
	sending() bool
	// whole reports whether what was sent may end here.
	whole() bool
	// wasReset ends the stream because the peer has reset it.
	wasReset(code errorCode)
	// sendHead sends the head of a response for the role that takes the stream over.
	sendHead(head []byte) error
	// lost tells that the stream is about to be ended for a reason that is not its program's.
	lost(why string)
}

// init makes s a stream of n that c is for.
func (s *stream) init(n *Connection, id uint32, c *conn.Conn, side side) {
	*s = stream{c: c, n: n, side: side, id: id, window: int64(n.theirs.window), receivable: int64(n.ours.window), left: -1}
	if !n.acknowledged {
		// The peer may not have seen our settings yet.
		s.receivable = max(s.receivable, defaultWindow)
	}
}

func (s *stream) transport() *streamTransport { return (*streamTransport)(s) }

// data takes a DATA frame of the given length whose payload is p.
func (s *stream) data(parent *conn.Conn, p []byte, length int, end bool) {
	n := s.n
	if s.receivable -= int64(length); s.receivable < 0 {
		n.streamError(parent, s.id, codeFlowControl, "DATA beyond the stream's window")
		return
	}
	if s.left >= 0 && !s.tunnel {
		if s.left -= int64(len(p)); s.left < 0 {
			n.streamError(parent, s.id, codeProtocol, "the body is longer than its content-length")
			return
		}
	}
	s.granted += int64(length - len(p))
	if len(p) > 0 {
		s.pushed += len(p)
		s.c.Push(p)
	} else if length > 0 {
		s.grant()
	}
	if end && n.streams[s.id] == s {
		s.endInput(parent)
	}
}

// put sends p as far as that can be now, and queues the rest; last has END_STREAM follow.
func (s *stream) put(p []byte, last bool) {
	c := s.c
	// Usually it is small and leaves with its head.
	for len(p) > 0 && c.QueuedBytes() == 0 && !c.Blocked() && !s.gone && s.n.c.Open() {
		n := s.credit(len(p))
		if n == 0 {
			break
		}
		var flags uint8
		if last && n == len(p) {
			flags = flagEndStream
		}
		copy(s.reserve(n, flags), p)
		p = p[n:]
	}
	c.Queue(p)
	if last {
		s.end()
	}
}

// endInput is called when the peer has ended its side of the stream.
func (s *stream) endInput(parent *conn.Conn) {
	if s.left > 0 && !s.tunnel {
		s.n.streamError(parent, s.id, codeProtocol, "the body is shorter than its content-length")
		return
	}
	s.remoteClosed = true
	s.c.PushEnd()
}

// end sends END_STREAM, behind what is queued.
func (s *stream) end() {
	if s.ended || s.ending || s.gone || !s.n.c.Open() {
		return
	}
	if s.c.QueuedBytes() > 0 {
		s.ending = true
		return
	}
	if !s.tunnel && !s.side.whole() {
		return
	}
	s.reserve(0, flagEndStream)
}

// forget ends a stream that is not there any more for the program.
func (n *Connection) forget(s *stream) {
	n.waiting.remove(s)
	if n.turn == s {
		n.turn = nil
	}
	if n.streams[s.id] != s {
		if n.client != nil {
			n.client.forget(s)
		}
		return
	}
	delete(n.streams, s.id)
	if n.phase != phaseFailed && !s.gone && n.c.Open() {
		switch {
		case n.client != nil:
			n.abandon(s)
		case s.ended && s.remoteClosed:
			n.floods.resets.earn(1) // the usual end
		case s.ended:
			if s.tunnel || !n.startDrain(s) {
				n.sendReset(n.c, s.id, codeNone)
			}
		default:
			n.sendReset(n.c, s.id, s.resetCode())
		}
	}
	if len(n.streams) == 0 {
		n.idle(n.c)
		n.endIfDone(n.c)
	}
	if n.client != nil {
		n.available()
	}
}

func (s *stream) resetCode() errorCode {
	if s.code == codeNone {
		return codeCancel
	}
	return s.code
}
