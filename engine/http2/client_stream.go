package http2

import (
	"strings"

	"golws/engine/conn"
	"golws/engine/httpclient"
)

// ClientStream is the role of a stream that carries a request of the program's and its response.
type ClientStream struct {
	stream
	*httpclient.Transaction

	interim   int    // responses that came before the one that counts
	heard     uint64 // client.heard when the request was sent
	responded bool   // that has come
	bodyDone  bool   // nothing follows what was sent or queued
}

var (
	_ httpclient.Version = (*ClientStream)(nil)
	_ side               = (*ClientStream)(nil)
	_ conn.HalfCloser    = (*ClientStream)(nil)
)

// begin has the request sent.
func (s *ClientStream) begin() {
	c := s.c
	c.Hold()
	s.Start(c, s)
	c.Unhold()
}

// AppendHead implements httpclient.Version. The fields that every request needs are no text, see SendHead.
func (s *ClientStream) AppendHead(c *conn.Conn, head []byte) []byte {
	q := &s.Request
	if q.Form != "" {
		head = append(head, "content-type: "...)
		head = append(append(head, q.Form...), "\r\n"...)
	}
	if offer, ok := q.Offer.(httpclient.ExtendedOffer); ok {
		if q.Origin != "" {
			head = append(head, "origin: "...)
			head = append(append(head, q.Origin...), "\r\n"...)
		}
		head = offer.AppendExtendedFields(c, head)
	}
	return head
}

// SendHead implements httpclient.Version: it begins the stream.
func (s *ClientStream) SendHead(c *conn.Conn, head []byte, body bool) {
	n, k := s.n, s.n.client
	if n.phase > phaseOpen || n.ended || !n.c.Open() {
		s.Fail(c, lostText)
		return
	}
	offer, extended := s.Request.Offer.(httpclient.ExtendedOffer)
	s.queueHead(head, offer, extended, !body && !extended)
	s.window = int64(n.theirs.window)
	s.id = k.next
	k.next += 2
	k.begun--
	if len(n.streams) == 0 && n.phase == phaseOpen {
		n.c.SetTimeout(conn.NoPendingTimeout, 0)
	}
	n.last = s.id
	s.heard = k.heard
	n.streams[s.id] = &s.stream
	s.bodyDone = !body && !extended
	s.ended = s.bodyDone
	n.queueBlock(s.id, n.encoder.block, s.ended)
	s.manual = s.Request.ManualCredit
	switch credit := int64(streamWindow); {
	case s.manual:
		credit = min(max(int64(s.Request.Credit), 0), maxWindow)
		fallthrough
	case n.ours.window == 0:
		s.receivable = credit
		n.sendWindowUpdate(n.c, s.id, credit)
	}
}

// queueHead compresses the head.
func (s *ClientStream) queueHead(head []byte, offer httpclient.ExtendedOffer, extended, end bool) {
	n, q := s.n, &s.Request
	e := &n.encoder
	e.start()
	scheme := "http"
	if n.c.Mirror&conn.MirrorTLS != 0 {
		scheme = "https"
	}
	method := q.Method
	if extended {
		method = "CONNECT"
	}
	e.field([]byte(":method"), []byte(method), false)
	if extended {
		e.field([]byte(":protocol"), []byte(offer.Token()), false)
	}
	e.field([]byte(":scheme"), []byte(scheme), false)
	e.field([]byte(":authority"), []byte(q.Host), false)
	e.field([]byte(":path"), []byte(pathOf(q.Target)), false)
	var space [64]byte
	for rest := head; len(rest) > 0; {
		var line []byte
		line, rest = nextLine(rest)
		name, value, ok := n.field(space[:0], line)
		if !ok {
			continue
		}
		secret := false
		switch string(name) {
		case "host":
			continue
		case "te":
			if string(value) != "trailers" {
				continue
			}
		case "authorization", "proxy-authorization", "cookie":
			secret = true // RFC 7541 section 7.1.3
		}
		e.field(name, value, secret)
	}
}

// pathOf is what :path says of a target.
func pathOf(target string) string {
	if i := strings.Index(target, "://"); i >= 0 && target[0] != '/' {
		if slash := strings.IndexByte(target[i+3:], '/'); slash >= 0 {
			return target[i+3+slash:]
		}
		return "/"
	}
	return target
}

// SendBody implements httpclient.Version.
func (s *ClientStream) SendBody(_ *conn.Conn, p []byte) {
	if !s.bodyDone {
		s.put(p, false)
	}
}

// EndBody implements httpclient.Version.
func (s *ClientStream) EndBody(*conn.Conn) {
	s.bodyDone = true
	s.end()
}

// CloseSending implements conn.HalfCloser.
func (s *ClientStream) CloseSending(c *conn.Conn) {
	s.immortal = true
	s.SetBodyPending(c, false)
	if s.id != 0 {
		s.EndBody(c)
	}
	c.SetTimeout(conn.NoPendingTimeout, 0)
}

// head takes the head of a response.
func (s *ClientStream) head(h *headerBlock) {
	s.Answering(s.c)
	c, response, n := s.c, h.request, s.n
	status := response.Status
	c.Hold()
	defer c.Unhold()
	if status < 200 {
		s.interim++
		switch {
		case status == 101 || h.endStream:
			n.streamError(n.c, s.id, codeProtocol, "malformed response: an interim one that ends the stream or changes the protocol")
		case s.interim > maxInterim:
			n.streamError(n.c, s.id, codeEnhanceYourCalm, "too many interim responses")
		}
		response.Release()
		return
	}
	s.responded = true
	bodiless := s.Bodiless(status)
	s.left = h.length
	if bodiless {
		s.left = 0
	}
	if s.Request.Offer != nil && status < 300 {
		s.tunnel, s.left = true, -1
	}
	kind := httpclient.EndlessBody
	if h.endStream {
		if s.left > 0 {
			response.Release()
			n.streamError(n.c, s.id, codeProtocol, "malformed response: the body is shorter than its content-length")
			return
		}
		s.remoteClosed = true
		kind = httpclient.NoBody
	}
	s.Respond(c, response, kind)
	if h.endStream && s.tunnel && c.Role() != conn.Role(s) && c.Parent() != nil {
		c.PushEnd()
	}
}

// Input implements conn.Role: it takes a piece of the response's body.
func (s *ClientStream) Input(c *conn.Conn, p []byte) int {
	if s.Over() {
		return len(p)
	}
	return s.Deliver(c, p, c.Host().PieceSize(c.Protocol()))
}

// Decode implements httpclient.Version. The end of the body is that of the stream.
func (s *ClientStream) Decode(p []byte) (piece []byte, used int, end, ok bool) {
	return p, len(p), false, true
}

// Finished implements httpclient.Version.
func (s *ClientStream) Finished(c *conn.Conn) { c.Kill() }

// Drained implements conn.Role.
func (s *ClientStream) Drained(c *conn.Conn) {
	s.stalled = 0
	if s.stalling {
		s.stalling = false
		c.SetTimeout(conn.NoPendingTimeout, 0)
	}
}

// TimedOut implements conn.Role.
func (s *ClientStream) TimedOut(c *conn.Conn, reason conn.Timeout) bool {
	// A slow reader is not idle while it takes something.
	if queued := c.QueuedBytes(); queued > 0 && queued != s.stalled {
		s.stalled = queued
		c.SetTimeout(reason, c.Host().Limits.Timeout)
		return true
	}
	s.code = codeCancel
	if s.id == 0 {
		s.Fail(c, "Timed out waiting server reply") // for its settings
		return false
	}
	return s.Transaction.TimedOut(c, reason)
}

// Lost implements conn.Loser: what breaks is the connection, see lost.
func (s *ClientStream) Lost(*conn.Conn) {}

// CheckValidity implements conn.Role: the connection is checked, not its streams.
func (s *ClientStream) CheckValidity(*conn.Conn) bool { return false }

// sending implements side.
func (s *ClientStream) sending() bool { return false }

// whole implements side.
func (s *ClientStream) whole() bool { return s.bodyDone }

// sendHead implements side: a client's role has nothing to answer.
func (s *ClientStream) sendHead([]byte) error { return conn.ErrWrongState }

// lost implements side.
func (s *ClientStream) lost(why string) {
	if s.c.Role() == conn.Role(s) && !s.c.Ending() && (s.Waiting() || s.id == 0) {
		s.Fail(s.c, why)
	}
}

// refuse ends a request whose stream has not begun.
func (s *ClientStream) refuse(why string) { s.Fail(s.c, why) }

// withoutExtendedConnect is called where the server understands no extended CONNECT: HTTP/1.1 has another way to say the same.
func (s *ClientStream) withoutExtendedConnect() {
	if s.FallBack != nil && s.FallBack() {
		s.unprocessed(httpclient.NoExtendedConnect, true)
		return
	}
	s.refuse(httpclient.NoExtendedConnect)
}

// wasReset implements side.
func (s *ClientStream) wasReset(code errorCode) {
	if code == codeRefusedStream {
		s.unprocessed("HTTP/2 stream reset: "+code.String(), false)
		return
	}
	if s.bodyDone || s.ended || code != codeNone || s.Waiting() {
		s.lost("HTTP/2 stream reset: " + code.String())
	}
	s.c.Kill()
}

// unprocessed is called where the server has not processed the request: it is made again on another connection, or fails.
// others tells that other requests on the connection were processed.
func (s *ClientStream) unprocessed(why string, others bool) {
	c := s.c
	if c.Killed() || c.Role() != conn.Role(s) {
		c.Kill()
		return
	}
	c.Hold()
	defer c.Unhold()
	if !s.Again(others) {
		s.Fail(c, why)
		return
	}
	c.Disconnect()
	s.Redo(c)
}
