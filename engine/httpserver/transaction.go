package httpserver

import (
	"golws/engine/conn"
	"golws/engine/vhost"
)

// Transaction is one request and its response as a version of HTTP carries them. The connection's
// role implements it, and embeds State.
type Transaction interface {
	conn.Role
	RequestHolder

	// Shared is the state that does not depend on the version.
	Shared() *State
	// SendFile sends a range of a file as a part of the response's body and closes the descriptor.
	// It reports whether the peer's pace no longer matters, because the range is in memory.
	SendFile(c *conn.Conn, descriptor int, offset, n int64) (inMemory bool)
	// SendChunk sends a part of a response's body whose length its head did not tell.
	SendChunk(c *conn.Conn, p []byte, last bool)
	// Complete ends the response. It reports false where the connection cannot carry another one;
	// it closes then, after what is queued.
	Complete(c *conn.Conn) bool
}

// State is what the versions of HTTP have in common about a connection.
type State struct {
	// Request is that of the transaction under way, nil between transactions and after the program
	// has detached it.
	Request *Request
	// Version is that of the request, valid beyond a detached Request.
	Version Version
	// Method is that of the request, valid beyond a detached Request.
	Method Method
	// Active is set from a complete request head to the end of the response.
	Active bool
	// Responded is set when the role has sent the head of the final response.
	Responded bool
	// Last is set before a response after which the connection closes.
	Last bool

	depth    uint8           // callbacks under way
	finished *Request        // of a completed transaction whose callback has not returned yet
	bound    *vhost.Protocol // heard HTTPBindProtocol and is owed HTTPDropProtocol
	nothing  [1]byte         // memory of empty strings
	is404    bool            // the error document is being served
	silent   bool            // the program hears no ClosedHTTP
	transfer transfer
}

// HeldRequest implements RequestHolder.
func (s *State) HeldRequest() *Request { return s.Request }

// Shared implements Transaction.
func (s *State) Shared() *State { return s }

// RequestOf is the request that the connection has at hand, or nil.
func RequestOf(c *conn.Conn) *Request {
	if holder, ok := c.Role().(RequestHolder); ok {
		return holder.HeldRequest()
	}
	return nil
}

// StateOf is the HTTP state of the connection, nil where it speaks something else.
func StateOf(c *conn.Conn) *State {
	if t, ok := c.Role().(Transaction); ok {
		return t.Shared()
	}
	return nil
}

// Detach gives the request back before the transaction is over.
func (s *State) Detach() {
	if s.Request == nil {
		return
	}
	if s.depth == 0 {
		s.Request.Release()
	} else {
		// The callback under way may still look at what it got.
		s.reap()
		s.finished = s.Request
	}
	s.Request = nil
}

// reap gives a request back that was kept for a callback.
func (s *State) reap() {
	if s.finished != nil {
		s.finished.Release()
		s.finished = nil
	}
}

// TakeRequest hands the request over to the role that follows an upgrade, which releases it.
func (s *State) TakeRequest() *Request {
	r := s.Request
	s.Request = nil
	return r
}

// call delivers an event to the program.
func (s *State) call(c *conn.Conn, reason conn.Reason, in []byte) int {
	c.Mirror &^= conn.MirrorDefer
	s.depth++
	result := c.CallbackBytes(reason, in)
	s.leave()
	return result
}

// callForResponse delivers an event that programs answer: what they write then need not be looked
// at one by one.
func (s *State) callForResponse(c *conn.Conn, reason conn.Reason, in []byte) int {
	if s.Active {
		c.Mirror |= conn.MirrorDefer
	}
	s.depth++
	var result int
	if reason == conn.HTTPWriteable {
		result = c.Thread().Handler.CallbackWritable(c, reason)
	} else {
		result = c.CallbackBytes(reason, in)
	}
	s.leave()
	c.Mirror &^= conn.MirrorDefer
	return result
}

func (s *State) leave() {
	s.depth--
	if s.depth == 0 && s.finished != nil {
		s.reap()
	}
}

// dummy reports whether the connection's protocol has lws_callback_http_dummy for its callback, so
// that events it does not answer need not be delivered.
func dummy(c *conn.Conn) bool { return protocolOf(c).Dummy }

// protocolOf is the protocol whose callback gets the connection's events.
func protocolOf(c *conn.Conn) *vhost.Protocol {
	if p := c.Protocol(); p != nil {
		return p
	}
	return c.Host().Protocols[0]
}

// defaultProtocol is what connections of the vhost begin with.
func defaultProtocol(c *conn.Conn) *vhost.Protocol {
	return c.Host().FirstProtocol()
}

// Accepted greets a new connection.
func (s *State) Accepted(c *conn.Conn) bool {
	// Memory comes with the binding; without one the first protocol gets the events. A vhost that names a protocol
	// for raw connections has upstream bind all of them at once.
	again := c.Greet()
	if p := defaultProtocol(c); (p.Index != 0 || c.Host().AcceptProtocol != "") && c.Protocol() == nil && !c.BindProtocol(p) {
		return false
	}
	return again || dummy(c) || s.call(c, conn.ServerNewClientInstantiated, nil) == 0
}

// Greet is Accepted before the role that serves the connection is known.
func Greet(c *conn.Conn) bool { return new(State).Accepted(c) }

// Bind ties the connection to another protocol for what comes: the protocol that it was bound to
// hears HTTPDropProtocol, the new one HTTPBindProtocol, with fresh memory. It reports false where
// the connection must close.
func (s *State) Bind(c *conn.Conn, p *vhost.Protocol) bool {
	if r, ok := c.Thread().Handler.(Rebinder); ok {
		return s.rebind(c, r, p)
	}
	s.drop(c)
	if !c.BindProtocol(p) {
		return false
	}
	if !p.Dummy && s.call(c, conn.HTTPBindProtocol, nil) != 0 {
		return false
	}
	s.bound = p
	return !c.Killed()
}

// Rebinder is a Handler that does with one call what changing the protocol takes: HTTPDropProtocol
// for the old one where drop is set, the binding, HTTPBindProtocol for the new one where tell is set.
// bound is false where the binding itself failed; result is what the last callback returned.
type Rebinder interface {
	Rebind(c *conn.Conn, p *vhost.Protocol, drop, tell bool) (bound bool, result int)
}

func (s *State) rebind(c *conn.Conn, r Rebinder, p *vhost.Protocol) bool {
	drop := s.bound != nil && !s.bound.Dummy
	s.bound = nil
	c.Enlist(p)
	c.Mirror &^= conn.MirrorDefer
	s.depth++
	bound, result := r.Rebind(c, p, drop, !p.Dummy)
	s.leave()
	if !bound || result != 0 {
		return false
	}
	s.bound = p
	return !c.Killed()
}

// drop tells the bound protocol, if any, that the connection leaves it. The connection may be with
// another vhost already, whose protocol it is not yet bound to.
func (s *State) drop(c *conn.Conn) {
	p := s.bound
	s.bound = nil
	if p != nil && !p.Dummy {
		// An empty string: programs expect one here.
		s.call(c, conn.HTTPDropProtocol, s.nothing[:0])
	}
}

// BindProtocol ties a connection whose request asks for an upgrade to the protocol that it gets;
// see State.Bind.
func BindProtocol(c *conn.Conn, p *vhost.Protocol) bool {
	s := StateOf(c)
	return s != nil && s.Bind(c, p)
}

// DeliverClosed tells the program that the connection is over.
func (s *State) DeliverClosed(c *conn.Conn) {
	if s.bound != nil && s.bound.SessionSize == 0 {
		s.bound = nil // without memory there is nothing to give up
	}
	s.drop(c)
	if !s.silent && !dummy(c) {
		s.call(c, conn.ClosedHTTP, nil)
	}
	s.Active = false
	s.transfer.close()
	s.Detach()
}

// End ends the transaction for the program: the connection goes back to the vhost's first protocol.
// It reports false where the connection must close.
func (s *State) End(c *conn.Conn) bool {
	s.Active = false
	s.is404 = false
	s.transfer.close()
	s.Detach()
	return s.Bind(c, c.Host().Protocols[0])
}
