package httpserver

import (
	"os"

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
	// SendFile sends a range of a file as a part of the response's body. It closes f.
	SendFile(c *conn.Conn, f *os.File, offset, n int64)
	// Complete ends the response. It reports false where the connection cannot carry another one;
	// it closes then, after what is queued.
	Complete(c *conn.Conn) bool
}

// State is what the versions of HTTP have in common about a connection.
type State struct {
	// Request is that of the transaction under way, nil between transactions and after the program
	// has detached it.
	Request *Request
	// Active is set from a complete request head to the end of the response.
	Active bool
	// Depth counts the program's callbacks under way for the connection.
	Depth uint8

	bound    bool // the protocol heard HTTPBindProtocol and is owed HTTPDropProtocol
	is404    bool // the error document is being served
	transfer *transfer
}

// transfer is a file on its way to the peer.
type transfer struct{}

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

// Call delivers an event to the program.
func (s *State) Call(c *conn.Conn, reason conn.Reason, in []byte) int {
	s.Depth++
	result := c.CallbackBytes(reason, in)
	s.Depth--
	return result
}

// Bind ties the connection to another protocol for what comes: the protocol that it was bound to
// hears HTTPDropProtocol, the new one HTTPBindProtocol, with fresh memory. It reports false where
// the connection must close.
func (s *State) Bind(c *conn.Conn, p *vhost.Protocol) bool {
	s.drop(c)
	if !c.BindProtocol(p) {
		return false
	}
	if !p.Dummy && s.Call(c, conn.HTTPBindProtocol, nil) != 0 {
		return false
	}
	s.bound = true
	return true
}

// drop tells the protocol that the connection leaves it.
func (s *State) drop(c *conn.Conn) {
	if s.bound {
		s.bound = false
		if !c.Protocol().Dummy {
			s.Call(c, conn.HTTPDropProtocol, nil)
		}
	}
}

// BindProtocol ties a connection whose request asks for an upgrade to the protocol that it gets;
// see State.Bind.
func BindProtocol(c *conn.Conn, p *vhost.Protocol) bool {
	t, ok := c.Role().(Transaction)
	return ok && t.Shared().Bind(c, p)
}
