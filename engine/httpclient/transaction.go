package httpclient

import (
	"golws/engine/conn"
	"golws/engine/contentcoding"
	"golws/engine/httpserver"
	"golws/engine/loop"
)

// Version is a role that carries transactions by a version of HTTP.
type Version interface {
	conn.Role

	// AppendHead appends to the empty head what comes before the program's own header fields. Whatever the version,
	// the head is a text of lines that are ended by CR LF, since that is what programs add to it; the first line is
	// the version's.
	AppendHead(c *conn.Conn, head []byte) []byte
	// SendHead sends the head, which lacks the empty line and has room for it. body tells that a body follows.
	SendHead(c *conn.Conn, head []byte, body bool)
	// SendBody sends a piece of the body, EndBody what follows the last one.
	SendBody(c *conn.Conn, p []byte)
	EndBody(c *conn.Conn)

	// Decode takes the next piece of the response's body out of p, of which it uses the first bytes; end tells that
	// the body ends there. It is called until p is used or the body has ended. ok is false where p breaks the
	// version's rules.
	Decode(p []byte) (piece []byte, used int, end, ok bool)

	// Finished is called when the program has had all of the response: the connection ends, or is handed over
	// (Transaction.HandOver). It may be called again as long as the connection is open.
	Finished(c *conn.Conn)
}

// Holder is a role with a transaction, which may not have begun.
type Holder interface {
	HeldTransaction() *Transaction
}

// Of is the transaction of a connection, also while that is being made; nil where it has none.
func Of(c *conn.Conn) *Transaction {
	role := c.Role()
	for {
		if holder, ok := role.(Holder); ok {
			return holder.HeldTransaction()
		}
		interim, ok := role.(conn.Interim)
		if !ok {
			return nil
		}
		role = interim.For()
	}
}

// phase is how far a transaction is.
type phase uint8

const (
	connecting phase = iota // there is no connection yet
	sending                 // the request's body is under way
	awaiting                // the head of the response
	receiving               // its body
	done
)

// Transaction is a request and its response.
type Transaction struct {
	Request Request
	Options Options

	// Follow goes where a redirect leads, with the method GET if get says so. It returns what is wrong, or
	// nothing where the connection is another role's now. nil: redirects are responses like others.
	Follow func(c *conn.Conn, location string, get bool) (problem string)
	// Repeat makes the request anew, with an answer to what the server has asked for. It returns what is wrong, or
	// nothing where the connection is another role's now. nil: that cannot be done.
	Repeat func(c *conn.Conn) (problem string)
	// Reset makes the request anew, of another server. It reports false where that cannot be done. It may be nil.
	Reset func(c *conn.Conn, to Destination) bool
	// Reuse takes the socket of a connection whose transaction is over and which can carry another one, by
	// conn.Conn.MoveSocket, and ends the connection. false: nobody wants it. It may be nil.
	Reuse func(c *conn.Conn) bool
	// Redo makes the request once more, on another connection, because a server has not processed it. The connection has
	// no socket any more.
	Redo func(c *conn.Conn)
	// FallBack has Redo offer the server no version above HTTP/1.1. It reports false where that cannot be. It may be nil.
	FallBack func() bool
	// Ended is called when the connection has ended for the program, or goes on with another server. It may be nil.
	Ended func()
	// Reused tells that another transaction was carried by the connection before: the server may have closed it just
	// when the request was sent.
	Reused bool
	// ToGet tells that a redirect has made the request a GET.
	ToGet bool

	authentication *authentication        // nil: there are no credentials
	decoder        *contentcoding.Decoder // nil: the program gets the body as it is sent

	version  Version                // nil before Start
	handOut  func(piece []byte) int // see Deliver
	response *httpserver.Request
	input    []byte // being taken; nil outside of Receive
	used     int    // bytes of it that are used
	sent     int64  // when the request was, until something of the response has come
	phase    phase
	headed   bool // the head of the request is complete

	bound   bool // the protocol is owed ClientHTTPDropProtocol
	told    bool // the program has heard of the failure
	silent  bool // it is told by a result, and not by CLIENT_CONNECTION_ERROR
	pending bool // there is more body to come from the program
	unended bool // the version has not heard of the body's end
	asked   bool // a writable callback was asked for too early
	endless bool // the body of the response ends with the connection
	taken   bool // the program has read since it was told of input
	waiting bool // for the program to read
	moved   bool // the socket is another connection's
	left    bool // the connection goes on with another transaction
	written bool // some of the request's body was sent
	redone  uint8

	// authorized tells that the program has sent an Authorization field of its own.
	authorized bool
}

var (
	_ conn.Loser               = (*Transaction)(nil)
	_ httpserver.RequestHolder = (*Transaction)(nil)
	_ Holder                   = (*Transaction)(nil)
)

// New makes a transaction for a connection that is still to be made.
func New(r Request) *Transaction { return &Transaction{Request: r} }

// HeldTransaction implements Holder.
func (t *Transaction) HeldTransaction() *Transaction { return t }

// HeldRequest implements httpserver.RequestHolder: it is the response.
func (t *Transaction) HeldRequest() *httpserver.Request { return t.response }

// Silence keeps CLIENT_CONNECTION_ERROR back, while the program can be told by a result.
func (t *Transaction) Silence(silent bool) { t.silent = silent }

// Unsent reports whether the program may still change what is sent.
func (t *Transaction) Unsent() bool { return !t.headed }

// Bind ties the connection to the protocol that the program has named. Without one, the host's first
// protocol gets the events.
func (t *Transaction) Bind(c *conn.Conn) {
	if t.Request.Default {
		if t.Request.Offer == nil {
			c.BindProtocol(c.Host().Protocols[0])
		}
		return
	}
	t.bound = true
	c.Callback(conn.ClientHTTPBindProtocol)
}

// Fail ends the attempt and tells the program why.
func (t *Transaction) Fail(c *conn.Conn, why string) {
	if c.Killed() {
		return
	}
	if !t.left {
		t.tell(c, why)
	}
	c.Kill()
}

// gone reports whether the transaction has nothing to do any more, which may be after any callback.
func (t *Transaction) gone(c *conn.Conn) bool { return t.left || c.Killed() }

func (t *Transaction) tell(c *conn.Conn, why string) {
	if t.told {
		return
	}
	t.told = true
	c.TellFailure(why, t.silent)
}

// Start sends the request on a connection that was made just now and has the version as its role.
func (t *Transaction) Start(c *conn.Conn, version Version) {
	t.version = version
	t.phase = sending
	limits := &c.Host().Limits
	c.SetTimeout(conn.TimeoutServerResponse, limits.Timeout)
	thread := c.Thread()
	space := thread.Borrow(t.headSize(c))
	defer thread.Return(space)
	head, ok := t.appendHead(c, space)
	if t.left {
		return
	}
	if !ok {
		c.Kill()
		return
	}
	t.headed = true
	t.unended = t.pending
	t.sent = loop.Now()
	t.version.SendHead(c, head, t.pending)
	if t.pending {
		c.SetTimeout(conn.TimeoutClientBody, limits.Timeout)
	} else {
		t.phase = awaiting
	}
	if t.asked {
		t.asked = false
		c.RequestWritable()
	}
}

// Writable implements conn.Role.
func (t *Transaction) Writable(c *conn.Conn) {
	if t.phase == connecting {
		t.asked = true
		return
	}
	if t.Request.Offer != nil {
		t.asked = true // for the role that follows
		return
	}
	if c.Callback(conn.ClientHTTPWriteable) != 0 {
		c.Finish()
		return
	}
	if t.left {
		return
	}
	t.endBody(c)
	t.settle(c)
}

// Drained implements conn.Role.
func (t *Transaction) Drained(*conn.Conn) {}

// EOF implements conn.Role.
func (t *Transaction) EOF(c *conn.Conn) bool {
	switch t.phase {
	case sending, awaiting:
		if t.anew(c) {
			return false
		}
		t.Fail(c, "read failed")
	case receiving:
		if c.HasKeptInput() {
			return false // the program has not taken all of it
		}
		if t.endless && t.decoded(c) {
			t.completed(c)
		}
	}
	return !t.left
}

// TimedOut implements conn.Role.
func (t *Transaction) TimedOut(c *conn.Conn, reason conn.Timeout) bool {
	if t.phase == sending || t.phase == awaiting {
		t.tell(c, "Timed out waiting server reply")
	}
	return false
}

// CheckValidity implements conn.Role, for versions that have no way to ask the peer.
func (t *Transaction) CheckValidity(*conn.Conn) bool { return false }

// Finish implements conn.Role.
func (t *Transaction) Finish(c *conn.Conn) { c.Kill() }

// Lost implements conn.Loser.
func (t *Transaction) Lost(c *conn.Conn) {
	if (t.phase == sending || t.phase == awaiting) && !t.anew(c) {
		t.tell(c, "read failed")
	}
}

// anew makes the request on another connection, where the server has closed this one without an answer and may never
// have seen the request (RFC 9112 section 9.3.1). It reports false where that is not so.
func (t *Transaction) anew(c *conn.Conn) bool {
	if !t.Request.Idempotent() || !t.Reused || c.HasKeptInput() || c.Killed() || !t.Again(false) {
		return false
	}
	t.Reused = false
	c.Disconnect()
	t.Redo(c)
	return true
}

// maxRedone bounds how often a request is made again in vain, for servers that never take it.
const maxRedone = 3

// Restart begins anew with another server, on the program's word.
func (t *Transaction) Restart(c *conn.Conn, to Destination) bool {
	return t.Reset != nil && t.version != nil && !t.told && !t.gone(c) && t.Reset(c, to)
}

// Again takes a request back that the server has not processed, so that it can be made on another connection. It
// reports false where that cannot be done. others tells that the connection was of use for other requests.
func (t *Transaction) Again(others bool) bool {
	if t.phase > awaiting || t.written || t.Redo == nil || t.redone == maxRedone && !others {
		return false
	}
	if !others {
		t.redone++
	}
	t.phase, t.version = connecting, nil
	t.pending, t.unended, t.headed = false, false, false
	return true
}

// Leave ends the role's part in a connection that goes on with another server.
func (t *Transaction) Leave(c *conn.Conn) {
	t.left = true
	t.deliverDropped(c)
	t.releaseResponse()
	t.end()
}

func (t *Transaction) end() {
	if t.Ended != nil {
		t.Ended()
	}
}

// Closed implements conn.Role.
func (t *Transaction) Closed(c *conn.Conn) {
	t.deliverDropped(c)
	if !t.told {
		if t.phase == connecting {
			t.tell(c, "closed before established")
		} else {
			c.Callback(conn.ClosedClientHTTP)
		}
	}
	t.releaseResponse()
	t.end()
}

func (t *Transaction) releaseResponse() {
	if t.response != nil {
		t.response.Release()
		t.response = nil
	}
}

// deliverDropped tells the protocol, once, that it loses the connection.
func (t *Transaction) deliverDropped(c *conn.Conn) {
	if t.bound && c.HasUser() {
		t.bound = false
		c.CallbackBytes(conn.ClientHTTPDropProtocol, c.Empty())
	}
}
