package http1

import (
	"golws/engine/conn"
	"golws/engine/httpserver"
	"golws/engine/vhost"
)

// phase is what the input is for.
type phase uint8

const (
	phaseHead phase = iota // the next request
	phaseBody              // the body of the request under way
	phaseWait              // the response is under way, later requests wait
)

// Role serves HTTP/1 on a connection.
type Role struct {
	httpserver.State

	scanner  scanner
	body     body
	response response
	stalled  int64 // output that waited when a time limit passed
	phase    phase

	keepAlive  bool // the connection can carry another request after this one
	discard    bool // the response is complete, the rest of the body is of no interest
	unprompted bool // the peer waits for 100 Continue before it sends the body
	ended      bool // the peer has closed its side
	throttled  bool // requests wait until the peer has taken responses
	begun      bool // an empty line before the request was skipped
	spoken     bool // there was a request
}

// preface is what a client of HTTP/2 begins with that knows without asking that the server speaks it
// (RFC 9113 section 3.4). No method is called so.
const preface = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"

// maxWaiting is how much of later requests is kept while one is served.
const maxWaiting = 64 << 10

// body is what is still to come of a request's body.
type body struct {
	chunked bool
	left    int64
	decoder chunked
}

// NewRole makes the role of an accepted connection.
func NewRole(c *conn.Conn) conn.Role {
	if c.Host().Options&vhost.PriorKnowledge != 0 && c.Mirror&conn.MirrorTLS == 0 {
		if other := c.Thread().Roles["h2"]; other != nil {
			return other(c)
		}
	}
	r := &Role{}
	c.SetRole(r) // the program may already act on the connection
	c.SetTimeout(conn.TimeoutHoldingHeaders, c.Host().Limits.HeadTimeout)
	if !r.Accepted(c) {
		c.Kill()
	}
	return c.Role()
}

// Input implements conn.Role.
func (r *Role) Input(c *conn.Conn, p []byte) int {
	used := 0
	for used < len(p) && !c.Paused() && c.Role() == conn.Role(r) {
		var n int
		switch r.phase {
		case phaseHead:
			n = r.head(c, p[used:])
		case phaseBody:
			n = r.bodyInput(c, p[used:])
		default:
			// Later requests wait. They are read so that the peer's end is noticed, but not
			// without limit.
			if len(p)-used > maxWaiting {
				c.Pause(conn.PauseByRole)
			}
		}
		if n == 0 {
			break
		}
		used += n
	}
	r.after(c)
	return used
}

// head takes a request head and has it served. It returns 0 while the head is not complete.
func (r *Role) head(c *conn.Conn, p []byte) int {
	if c.QueuedBytes() > 0 && c.Choked() {
		// A peer that sends requests without reading responses must not fill the memory.
		r.throttled = true
		c.Pause(conn.PauseByRole)
		return 0
	}
	if p[0] == 'P' && !r.spoken && c.Mirror&conn.MirrorTLS == 0 {
		if have := min(len(p), len(preface)); string(p[:have]) == preface[:have] && c.Thread().Roles["h2"] != nil {
			if have == len(preface) {
				c.Thread().Roles["h2"](c)
			}
			return 0
		}
	}
	if !r.spoken && r.fellBack(c, p) {
		return 0
	}
	if p[0] == '\r' && !r.begun && r.scanner.line == 0 {
		// Some clients end a body with an empty line that they do not count.
		if len(p) == 1 {
			return 0
		}
		if p[1] == '\n' {
			r.begun = true
			return 2
		}
	}
	limit := limitsOf(&c.Host().Limits)
	head := p
	if r.scanner.lines != 0 || !complete(p, limit) {
		length, status := r.scanner.scan(p, limit)
		if length == 0 && status == 0 {
			if c.TimeoutReason() != conn.TimeoutHoldingHeaders {
				c.SetTimeout(conn.TimeoutHoldingHeaders, c.Host().Limits.HeadTimeout)
			}
			return 0
		}
		if status != 0 {
			r.refuse(c, nil, status)
			return len(p)
		}
		head = p[:length]
	}
	r.scanner, r.begun = scanner{}, false
	request := httpserver.NewRequest()
	f, length, status := parse(request, head, limit)
	if status != 0 {
		r.refuse(c, request, status)
		return len(p)
	}
	r.start(c, request, f, len(p) > length)
	return length
}

// start has a request served. more tells that input follows its head.
func (r *Role) start(c *conn.Conn, request *httpserver.Request, f framing, more bool) {
	r.spoken = true
	r.keepAlive = f.keepAlive && !r.ended
	r.discard, r.stalled = false, 0
	r.response = response{left: -1}
	r.body = body{chunked: f.chunked, left: max(f.length, 0)}
	r.phase = phaseWait
	hasBody := f.chunked || f.length > 0
	if hasBody {
		r.phase = phaseBody
	}
	r.unprompted = f.expectContinue && hasBody && !more
	r.mirror(c, request)
	if f.asterisk {
		r.options(c, request)
		return
	}
	r.Start(c, request, !hasBody && !f.expectContinue && request.Version == httpserver.HTTP11)
	if c.Role() != conn.Role(r) || !r.Active || !c.Open() {
		return
	}
	if !hasBody {
		r.emptyBody(c, request.Method)
		return
	}
	if r.unprompted && !r.Responded {
		r.unprompted = false
		c.Queue([]byte("HTTP/1.1 100 Continue\r\n\r\n"))
	}
}

// mirror tells the program's side what kind of request is under way.
func (r *Role) mirror(c *conn.Conn, request *httpserver.Request) {
	const transaction = conn.MirrorHTTP | conn.MirrorHTTP10 | conn.MirrorHTTPClose | conn.MirrorHead
	c.Mirror &^= transaction
	if request == nil {
		return
	}
	c.Mirror |= conn.MirrorHTTP
	if request.Version == httpserver.HTTP10 {
		c.Mirror |= conn.MirrorHTTP10
	}
	if request.Method == httpserver.MethodHead {
		c.Mirror |= conn.MirrorHead
	}
	if !r.keepAlive {
		c.Mirror |= conn.MirrorHTTPClose
	}
}

// options answers a request about the server itself.
func (r *Role) options(c *conn.Conn, request *httpserver.Request) {
	r.Request, r.Version, r.Method = request, request.Version, request.Method
	r.Active, r.Responded = true, false
	r.AnswerOptions(c)
}

// emptyBody tells the program that the body of a request with one is empty.
func (r *Role) emptyBody(c *conn.Conn, method httpserver.Method) {
	switch method {
	case httpserver.MethodPost, httpserver.MethodPut, httpserver.MethodPatch:
	default:
		return
	}
	if r.Transferring() {
		return
	}
	if !r.Body(c, nil) {
		r.Close(c)
		return
	}
	if r.Active && c.Open() && !r.BodyComplete(c) {
		r.Close(c)
	}
}

// bodyInput takes a piece of the request's body.
func (r *Role) bodyInput(c *conn.Conn, p []byte) int {
	piece := c.Host().PieceSize(nil)
	if !r.body.chunked {
		data := p[:min(int64(len(p)), r.body.left, int64(piece))]
		r.body.left -= int64(len(data))
		r.bodyData(c, data)
		if r.body.left == 0 {
			r.bodyEnd(c)
		}
		return len(data)
	}
	data, used := r.body.decoder.next(p[:min(len(p), piece)])
	switch {
	case r.body.decoder.state == chunkBad:
		r.refuse(c, nil, 400)
		return len(p)
	case len(data) > 0:
		r.bodyData(c, data)
	case r.body.decoder.state == chunkDone:
		r.bodyEnd(c)
	}
	return used
}

func (r *Role) bodyData(c *conn.Conn, data []byte) {
	r.unprompted = false
	c.SetTimeout(conn.TimeoutHTTPContent, c.Host().Limits.Timeout)
	if r.discard || r.Transferring() || !r.Active {
		return
	}
	if !r.Body(c, data) {
		r.Close(c)
	}
}

func (r *Role) bodyEnd(c *conn.Conn) {
	if r.phase != phaseBody || !c.Open() {
		return
	}
	r.phase = phaseWait
	switch {
	case !r.Active:
	case r.discard:
		if !r.end(c) {
			r.Close(c)
		}
	case r.Transferring():
	default:
		c.SetTimeout(conn.NoPendingTimeout, 0)
		if !r.BodyComplete(c) {
			r.Close(c)
		}
	}
}

// refuse answers a request that cannot be served and closes the connection, because where the next
// one begins is not certain.
func (r *Role) refuse(c *conn.Conn, request *httpserver.Request, status int) {
	r.keepAlive = false
	r.phase = phaseWait
	if !r.Active {
		r.Request, r.Version, r.Method = request, httpserver.HTTP11, httpserver.MethodGet
		r.Active, r.Responded = true, false
		r.response = response{left: -1}
	}
	if !r.Responded {
		r.Refuse(c, status)
	}
	r.Close(c)
}

// Complete implements httpserver.Transaction.
func (r *Role) Complete(c *conn.Conn) bool {
	if !c.Open() {
		return false
	}
	if !r.Active {
		return true
	}
	if !c.Thread().Loop.Processing() {
		// The program hears of the next transaction on the service thread only.
		c.Thread().Loop.Post(func() {
			c.Hold()
			if r.Active && c.Open() && !r.Complete(c) {
				r.Close(c)
			}
			r.after(c)
			c.Unhold()
		})
		return true
	}
	c.Hold()
	defer c.Unhold()
	if r.phase == phaseBody {
		if !r.unprompted && r.Responded {
			r.discard = true
			return true
		}
		r.keepAlive = false
	}
	return r.end(c)
}

// end makes the connection ready for the next request, or closes it where it cannot carry one.
func (r *Role) end(c *conn.Conn) bool {
	if !r.keepAlive || !r.Responded || !r.response.complete() || r.ended {
		r.Active = false
		c.CloseAfterFlush()
		return false
	}
	r.phase, r.discard = phaseHead, false
	r.mirror(c, nil)
	c.SetTimeout(conn.TimeoutHTTPKeepAliveIdle, c.Host().Limits.KeepAlive)
	if !r.End(c) {
		c.CloseAfterFlush()
		return false
	}
	if c.HasKeptInput() {
		c.Pause(conn.PauseByRole) // to have it delivered again
	}
	c.Resume(conn.PauseByRole)
	return c.Open()
}

// after is called at the end of every event.
func (r *Role) after(c *conn.Conn) {
	if c.Role() != conn.Role(r) {
		return
	}
	r.Settle(c)
	if r.ended && r.Active && c.Open() && !r.answering(c) {
		c.Kill()
	}
}

// answering reports whether the response to a peer that has closed its side is still worth the wait.
func (r *Role) answering(c *conn.Conn) bool {
	return c.QueuedBytes() > 0 || r.Transferring() || c.WantsWritable() ||
		(r.response.state == responseBody && r.response.left > 0)
}

// Writable implements conn.Role.
func (r *Role) Writable(c *conn.Conn) {
	r.State.Writable(c)
	r.after(c)
}

// Drained implements conn.Role.
func (r *Role) Drained(c *conn.Conn) {
	r.stalled = 0
	r.State.Drained(c)
	if r.throttled {
		r.throttled = false
		c.Resume(conn.PauseByRole)
	}
	r.after(c)
}

// EOF implements conn.Role.
func (r *Role) EOF(c *conn.Conn) bool {
	if r.Active && r.phase == phaseWait && r.answering(c) {
		if !c.HasKeptInput() {
			r.ended, r.keepAlive = true, false
		}
		return false
	}
	r.ended, r.keepAlive = true, false
	if c.QueuedBytes() > 0 {
		c.CloseAfterFlush()
	}
	return true
}

// TimedOut implements conn.Role.
func (r *Role) TimedOut(c *conn.Conn, reason conn.Timeout) bool {
	limits := &c.Host().Limits
	switch reason {
	case conn.TimeoutHTTPContent, conn.TimeoutHTTPKeepAliveIdle:
		// A slow reader is not idle while it takes something.
		if queued := c.QueuedBytes(); queued > 0 && queued != r.stalled {
			r.stalled = queued
			c.SetTimeout(reason, max(limits.Timeout, limits.KeepAlive))
			return true
		}
		if reason == conn.TimeoutHTTPContent && r.phase == phaseBody && !r.Responded && r.Active {
			r.refuse(c, nil, 408)
			return true
		}
	case conn.TimeoutHoldingHeaders:
		if r.phase == phaseHead && c.HasKeptInput() {
			r.refuse(c, nil, 408)
			return true
		}
	}
	return false
}

// CheckValidity implements conn.Role. HTTP/1 has no way to ask the peer.
func (r *Role) CheckValidity(*conn.Conn) bool { return false }

// Finish implements conn.Role.
func (r *Role) Finish(c *conn.Conn) {
	c.CloseAfterFlush()
}

// Closed implements conn.Role.
func (r *Role) Closed(c *conn.Conn) {
	r.DeliverClosed(c)
	r.mirror(c, nil)
}
