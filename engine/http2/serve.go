package http2

import (
	"golws/engine/conn"
	"golws/engine/httpserver"
	"golws/engine/vhost"
)

// Stream is the role of a stream that carries a request and its response.
type Stream struct {
	stream
	httpserver.State
	own      conn.Conn
	response response

	bodyBegun bool // the program has heard of the request's body
	bodyDone  bool // the program has heard of the end of the request's body
}

var (
	_ httpserver.Transaction = (*Stream)(nil)
	_ side                   = (*Stream)(nil)
)

// begin serves a request.
func (n *Connection) begin(c *conn.Conn, h *headerBlock) {
	s := &Stream{}
	s.init(n, h.stream, &s.own, s)
	s.left = h.length
	s.remoteClosed = h.endStream
	s.response.left = -1
	if h.endStream && h.length > 0 {
		h.request.Release()
		n.streamError(c, h.stream, codeProtocol, "malformed request: the body is shorter than its content-length")
		return
	}
	if len(n.streams) == 0 {
		c.SetTimeout(conn.NoPendingTimeout, 0)
	}
	n.streams[s.id] = &s.stream
	n.served = s.id
	err := c.OpenStream(s.c, s.transport(), func(*conn.Conn) conn.Role { return s })
	if err != nil {
		delete(n.streams, s.id)
		h.request.Release()
		n.log(c, conn.LogWarning, "stream refused: "+err.Error())
		n.streamError(c, h.stream, codeRefusedStream, err.Error())
		return
	}
	s.c.Hold()
	s.start(h)
	s.c.Unhold()
}

// start has the request served.
func (s *Stream) start(h *headerBlock) {
	c, request := s.c, h.request
	if c.Killed() {
		request.Release()
		return
	}
	c.Mirror |= conn.MirrorHTTP
	if request.Method == httpserver.MethodHead {
		c.Mirror |= conn.MirrorHead
	}
	extended := request.Extended
	if extended && h.endStream {
		h.refuse(400) // nothing can be exchanged
	}
	switch {
	case h.status != 0:
		s.begun(request)
		s.Refuse(c, h.status)
		s.Close(c)
		return
	case request.Method == httpserver.MethodOptions && !request.Has(httpserver.TokenOptionsURI):
		s.begun(request)
		s.AnswerOptions(c)
		return
	}
	s.immortal = h.endStream && c.Host().Options&vhost.HalfClosedLongPoll != 0
	s.Start(c, request, extended)
	if c.Role() != conn.Role(s) || !s.Active || !c.Open() {
		return
	}
	if s.immortal {
		c.SetTimeout(conn.NoPendingTimeout, 0)
	}
	if s.remoteClosed {
		s.emptyBody()
		return
	}
	if h.continueExpected && !s.Responded {
		s.sendStatus(100)
	}
}

// begun notes a request that does not reach the program.
func (s *Stream) begun(request *httpserver.Request) {
	s.Request, s.Version, s.Method = request, request.Version, request.Method
	s.Active, s.Responded = true, false
}

// emptyBody tells the program that the body of a request that could have one is empty.
func (s *Stream) emptyBody() {
	s.bodyDone = true
	switch s.Method {
	case httpserver.MethodPost, httpserver.MethodPut, httpserver.MethodPatch:
	default:
		return
	}
	c := s.c
	if s.Transferring() {
		return
	}
	if !s.Body(c, nil) {
		s.Close(c)
		return
	}
	if s.Active && c.Open() && !s.BodyComplete(c) {
		s.Close(c)
	}
}

// Input implements conn.Role: it takes a piece of the request's body.
func (s *Stream) Input(c *conn.Conn, p []byte) int {
	used := 0
	piece := c.Host().PieceSize(nil)
	for used < len(p) && !c.Paused() && c.Role() == conn.Role(s) {
		data := p[used:min(len(p), used+piece)]
		used += len(data)
		if !s.immortal {
			c.SetTimeout(conn.TimeoutHTTPContent, c.Host().Limits.Timeout)
		}
		if s.Transferring() || !s.Active {
			continue
		}
		s.bodyBegun = true
		if !s.Body(c, data) {
			s.Close(c)
		}
	}
	s.after(c)
	return used
}

// EOF implements conn.Role: the request's body is complete.
func (s *Stream) EOF(c *conn.Conn) bool {
	if s.bodyDone {
		return false
	}
	if !s.bodyBegun {
		// An empty frame has ended it: no other request than one whose header fields did.
		if s.Active {
			c.SetTimeout(conn.NoPendingTimeout, 0)
			s.emptyBody()
		}
		s.after(c)
		return false
	}
	s.bodyDone = true
	if s.Active && !s.Transferring() {
		c.SetTimeout(conn.NoPendingTimeout, 0)
		if !s.BodyComplete(c) {
			s.Close(c)
		}
	}
	s.after(c)
	return false
}

// after is called at the end of every event.
func (s *Stream) after(c *conn.Conn) {
	if c.Role() == conn.Role(s) {
		s.Settle(c)
	}
}

// Writable implements conn.Role.
func (s *Stream) Writable(c *conn.Conn) {
	s.State.Writable(c)
	s.after(c)
}

// Drained implements conn.Role.
func (s *Stream) Drained(c *conn.Conn) {
	s.stalled = 0
	if s.stalling {
		s.stalling = false
		c.SetTimeout(conn.NoPendingTimeout, 0)
	}
	s.State.Drained(c)
	s.after(c)
}

// TimedOut implements conn.Role.
func (s *Stream) TimedOut(c *conn.Conn, reason conn.Timeout) bool {
	// A slow reader is not idle while it takes something.
	if queued := c.QueuedBytes(); queued > 0 && queued != s.stalled {
		s.stalled = queued
		c.SetTimeout(reason, c.Host().Limits.Timeout)
		return true
	}
	if c.QueuedBytes() > 0 {
		s.n.log(c, conn.LogNotice, "stream reset: the peer takes no output")
	} else if reason == conn.TimeoutHTTPContent && !s.remoteClosed && !s.Responded && s.Active && c.Open() {
		s.Refuse(c, 408)
		s.Close(c)
		return true
	}
	s.code = codeCancel
	return false
}

// CheckValidity implements conn.Role: the connection is checked, not its streams.
func (s *Stream) CheckValidity(*conn.Conn) bool { return false }

// Complete implements httpserver.Transaction.
func (s *Stream) Complete(c *conn.Conn) bool {
	if !c.Open() {
		return false
	}
	if !s.Active {
		return true
	}
	if !c.Thread().Loop.Processing() {
		c.Thread().Loop.Post(func() {
			c.Hold()
			if s.Active && c.Open() && !s.Complete(c) {
				s.Close(c)
			}
			c.Unhold()
		})
		return true
	}
	s.finish(c)
	return false
}

// sending implements side.
func (s *Stream) sending() bool { return s.Transferring() }

// whole implements side.
func (s *Stream) whole() bool { return s.response.whole() }

// wasReset implements side.
func (s *Stream) wasReset(errorCode) { s.c.Kill() }

// lost implements side: a program hears of the end alone.
func (s *Stream) lost(string) {}

// Finish implements conn.Role.
func (s *Stream) Finish(c *conn.Conn) { s.finish(c) }

// finish ends the stream when what is queued was sent.
func (s *Stream) finish(c *conn.Conn) {
	s.Active = false
	if !s.response.whole() {
		s.code = codeInternal
		if !s.Responded {
			s.code = codeCancel
		}
		if c.QueuedBytes() == 0 {
			c.Kill()
			return
		}
		c.CloseAfterFlush()
		return
	}
	s.end()
	if s.ended {
		c.Kill()
		return
	}
	c.CloseAfterFlush()
}

// Closed implements conn.Role.
func (s *Stream) Closed(c *conn.Conn) {
	s.DeliverClosed(c)
	c.Mirror &^= conn.MirrorHTTP | conn.MirrorHead
}
