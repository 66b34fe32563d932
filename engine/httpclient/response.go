package httpclient

import (
	"golws/engine/conn"
	"golws/engine/httpserver"
)

// BodyKind is how the end of a response's body is found.
type BodyKind uint8

// The kinds of body.
const (
	NoBody      BodyKind = iota
	FramedBody           // Version.Decode finds the end
	EndlessBody          // it ends with the peer's output
)

// Waiting reports whether the head of a response is what comes next.
func (t *Transaction) Waiting() bool { return t.phase == sending || t.phase == awaiting }

// Receiving reports whether the body of the response is what comes next.
func (t *Transaction) Receiving() bool { return t.phase == receiving }

// Over reports whether nothing more of the response is expected.
func (t *Transaction) Over() bool { return t.phase == done }

// Bodiless reports whether a response to the request cannot have a body, whatever its head says (RFC 9110 section
// 6.4.1).
func (t *Transaction) Bodiless(status int) bool {
	return t.Request.Method == "HEAD" || status == 204 || status == 304
}

// Answering is called by the version when something of a response has come, again and again.
func (t *Transaction) Answering(c *conn.Conn) {
	if t.sent != 0 {
		c.Measured().Response = conn.Since(t.sent)
		t.sent = 0
	}
}

// Respond takes the head of a response, which is the transaction's from here on. It reports false where nothing of
// what follows the head is of use.
func (t *Transaction) Respond(c *conn.Conn, response *httpserver.Request, kind BodyKind) bool {
	if response.Status < 200 && response.Status != 101 {
		response.Release() // interim; the one that counts follows
		return true
	}
	t.response = response
	t.takeCookies(c)
	if t.redirected(c) || t.challenged(c) {
		return false
	}
	if t.Request.Offer != nil {
		t.answered(c)
		return !t.left
	}
	if response.Status == 101 {
		t.Fail(c, "problems parsing header") // nobody asked for a change
		return false
	}
	t.begin(c, kind)
	return !t.left
}

// redirected follows a redirect (RFC 9110 section 15.4). It returns false for other responses.
func (t *Transaction) redirected(c *conn.Conn) bool {
	status := t.response.Status
	switch status {
	case 301, 302, 303, 307, 308:
	default:
		return false
	}
	if t.Follow == nil {
		return false
	}
	location := t.response.Value(httpserver.TokenLocation)
	if len(location) == 0 {
		t.Fail(c, "HS: Redirect code but no Location")
		return true
	}
	if c.CallbackBytes(conn.ClientHTTPRedirect, location) != 0 {
		t.Fail(c, "HS: user code rejected redirect")
		return true
	}
	if t.gone(c) {
		return true
	}
	// 301 and 302 keep the method, which RFC 9110 prefers and libwebsockets does, unlike browsers.
	where := string(location)
	if problem := t.Follow(c, where, status == 303 && t.Request.Method != "HEAD"); problem != "" {
		t.Fail(c, problem)
	}
	return true
}

// answered judges the answer to an offer.
func (t *Transaction) answered(c *conn.Conn) {
	if c.Callback(conn.EstablishedClientHTTP) != 0 {
		t.Fail(c, "HS: disallowed by client filter")
		return
	}
	if t.gone(c) {
		return
	}
	if problem := t.check(c); problem != "" {
		if h := c.Thread().Handler; h.Logs(conn.LogNotice) {
			h.Log(conn.LogNotice, "client: "+problem)
		}
		t.Fail(c, problem)
		return
	}
	if t.Request.Default {
		c.BindProtocol(c.Host().Protocols[0])
	}
	if c.Callback(conn.ClientFilterPreEstablish) != 0 {
		t.Fail(c, "HS: Rejected by filter cb")
		return
	}
	if t.gone(c) {
		return
	}
	response := t.response
	t.response = nil
	if t.asked {
		c.RequestWritable()
	}
	t.Request.Offer.Take(c, response, t.bound)
}

// check judges the answer to an offer. It returns what is wrong with it.
func (t *Transaction) check(c *conn.Conn) (problem string) {
	if offer, ok := t.Request.Offer.(ExtendedOffer); ok && t.response.Version == httpserver.HTTP2 {
		return offer.CheckExtended(c, t.response)
	}
	return t.Request.Offer.Check(c, t.response)
}

// begin tells the program of the response and gets ready for its body.
func (t *Transaction) begin(c *conn.Conn, kind BodyKind) {
	t.endless = kind == EndlessBody
	if kind != NoBody {
		t.chooseDecoder()
	}
	if c.Callback(conn.ClientFilterPreEstablish) != 0 {
		t.Fail(c, "HS: disallowed by client filter")
		return
	}
	if t.gone(c) {
		return
	}
	c.SetTimeout(conn.NoPendingTimeout, 0)
	t.phase = receiving
	if c.Callback(conn.EstablishedClientHTTP) != 0 {
		t.phase = awaiting
		t.Fail(c, "HS: disallowed at ESTABLISHED")
		return
	}
	if kind == NoBody && !t.gone(c) {
		if !t.completed(c) {
			if !t.gone(c) {
				c.Finish()
			}
			return
		}
		t.settle(c)
	}
}

// Receive tells the program of input that holds some of the body, as long as it takes some. It returns how much of
// it was used.
func (t *Transaction) Receive(c *conn.Conn, p []byte) int {
	t.input, t.used = p, 0
	for t.used < len(p) && t.phase == receiving && !t.left && c.Open() && !c.Paused() {
		t.taken = false
		if c.Callback(conn.ReceiveClientHTTP) != 0 {
			c.Finish()
			break
		}
		if !t.taken && t.phase == receiving && !t.left {
			t.waiting = true
			c.Pause(conn.PauseForProgram)
		}
	}
	t.input = nil
	t.settle(c)
	if t.left || t.phase == done && !t.moved {
		return len(p)
	}
	return t.used
}

// Deliver hands the program a piece of the body that it has not asked for, in pieces of size bytes. It returns how much
// of it was used. Versions that do so do not call Receive.
func (t *Transaction) Deliver(c *conn.Conn, p []byte, size int) (used int) {
	if t.handOut == nil {
		t.handOut = func(piece []byte) int { return c.CallbackBytes(conn.ReceiveClientHTTPRead, piece) }
	}
	for used < len(p) && t.phase == receiving && !t.left && c.Open() && !c.Paused() {
		n, ok := t.take(c, p[used:], size, t.handOut)
		if used += n; !ok {
			c.Finish()
			break
		}
	}
	if t.left || t.phase == done {
		used = len(p)
	}
	t.settle(c)
	return used
}

// Read hands body that has arrived to the program, in pieces that fit its buffer; deliver calls it
// with a piece. It returns false where the connection is to be closed.
func (t *Transaction) Read(c *conn.Conn, size int, deliver func(piece []byte) int) bool {
	if t.phase != receiving {
		return t.phase == done && !c.Killed()
	}
	c.Hold()
	defer c.Unhold()
	t.taken = true
	if t.input != nil {
		used, ok := t.take(c, t.input[t.used:], size, deliver)
		t.used += used
		return ok
	}
	used, ok := t.take(c, c.KeptInput(), size, deliver)
	if !ok || c.Killed() {
		return false
	}
	if t.left {
		return true // nothing is kept any more
	}
	c.UseKept(used)
	if t.waiting {
		t.waiting = false
		c.Resume(conn.PauseForProgram)
	}
	t.settle(c)
	return true
}

// take uses input up to size bytes of body.
func (t *Transaction) take(c *conn.Conn, p []byte, size int, deliver func(piece []byte) int) (used int, ok bool) {
	left := size
	for used < len(p) && left > 0 && t.phase == receiving && !t.gone(c) {
		piece, n, end, ok := t.version.Decode(p[used:min(len(p), used+left)])
		used += n
		if !ok {
			c.Thread().Handler.Log(conn.LogNotice, "client: the response breaks the rules for its body")
			c.Kill()
			return used, false
		}
		if len(piece) > 0 {
			left -= len(piece)
			if !t.deliver(c, piece, size, deliver) {
				return used, false
			}
		}
		if end {
			return used, !c.Killed() && (t.left || t.decoded(c) && t.completed(c))
		}
	}
	return used, !c.Killed()
}

// completed tells the program, once, that it has all of the response.
func (t *Transaction) completed(c *conn.Conn) bool {
	t.phase = done
	return c.Callback(conn.CompletedClientHTTP) == 0
}

// settle lets the version decide what becomes of a connection whose transaction is over.
func (t *Transaction) settle(c *conn.Conn) {
	if t.phase == done && !t.left && c.Open() {
		t.version.Finished(c)
	}
}

// HandOver offers the socket to Reuse, if the request was sent as a whole. It reports whether that has taken it.
func (t *Transaction) HandOver(c *conn.Conn) bool {
	if t.Reuse == nil || t.pending || t.unended {
		return false
	}
	t.moved = t.Reuse(c)
	return t.moved
}
