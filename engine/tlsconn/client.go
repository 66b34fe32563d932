package tlsconn

import (
	"crypto/tls"

	"golws/engine/conn"
	"golws/engine/tlsconfig"
)

// clientHandshake is the role of a connection to a server while the handshake is under way. Whatever else happens to
// the connection meanwhile is for the role that it came from.
type clientHandshake struct {
	outer     conn.Role
	handshake *handshake // nil when it is over
	done      func(err error)
	asked     bool // for a writable callback
}

var (
	_ conn.Role  = (*clientHandshake)(nil)
	_ conn.Loser = (*clientHandshake)(nil)
)

// BeginClient begins TLS on a connection to a server, in whose role's place it stands until done is called, on the
// service thread and not before BeginClient has returned: with nil when all that follows is encrypted, otherwise with
// what is wrong, a *tlsconfig.HandshakeError. The role is back then. Where the connection is closed before, its Closed
// is called, and done is not. Time is limited by the timeout that the host has for answers.
func BeginClient(c *conn.Conn, config *tlsconfig.ClientConnection, done func(err error)) {
	r := &clientHandshake{outer: c.Role(), done: done}
	t := &Transport{thread: sharedOf(c.Thread()), descriptor: c.Descriptor()}
	h := &handshake{
		c: c, thread: c.Thread(), transport: t, wake: make(chan struct{}, 1), host: c.Host(), client: true,
	}
	t.handshake, r.handshake = h, h
	var ask func(*tlsconfig.Verification) error
	if verifier, ok := c.Thread().Handler.(conn.ServerVerifier); ok {
		ask = func(v *tlsconfig.Verification) error {
			return h.ask(func(c *conn.Conn) error { return verifier.VerifyServer(c, v) })
		}
	}
	t.tls = tls.Client((*stream)(t), config.Config(func(v *tlsconfig.Verification) error {
		t.verified = v.OK() && len(v.Excused) == 0
		switch {
		case ask != nil:
			return ask(v)
		case !v.OK():
			return v
		}
		return nil
	}))
	c.SetRole(r)
	c.Mirror |= conn.MirrorTLS
	c.Thread().Handler.StateChanged(c)
	c.SetTimeout(conn.TimeoutEstablishWithServer, c.Host().Limits.Timeout)
	if !observed(c, false) {
		c.Kill()
		return
	}
	workers.submit(h)
}

// end gives the connection back to the role that it came from.
func (r *clientHandshake) end(c *conn.Conn) {
	r.handshake = nil
	c.SetRole(r.outer)
	c.SetTimeout(conn.NoPendingTimeout, 0)
	c.Resume(conn.PauseByRole)
}

func (r *clientHandshake) failed(c *conn.Conn, err error) {
	if r.handshake != nil {
		r.handshake.close()
	}
	failure := tlsconfig.HandshakeFailure(err)
	if h := c.Thread().Handler; h.Logs(conn.LogNotice) {
		text := failure.Text
		if failure.Cause != nil {
			text += " (" + failure.Cause.Error() + ")"
		}
		h.Log(conn.LogNotice, "TLS handshake with a server: "+text)
	}
	r.end(c)
	r.done(failure)
}

func (r *clientHandshake) succeeded(c *conn.Conn) {
	t := r.handshake.settle(c)
	r.end(c)
	c.SetTransport(t)
	if !observed(c, true) {
		c.Kill()
		return
	}
	r.done(nil)
	if r.asked {
		c.RequestWritable()
	}
}

// Input implements conn.Role.
func (r *clientHandshake) Input(c *conn.Conn, p []byte) int {
	if !r.handshake.supply(p) {
		c.Pause(conn.PauseByRole)
	}
	return len(p)
}

// Writable implements conn.Role.
func (r *clientHandshake) Writable(*conn.Conn) { r.asked = true }

// Drained implements conn.Role.
func (r *clientHandshake) Drained(*conn.Conn) {}

// Write implements conn.Role.
func (r *clientHandshake) Write(*conn.Conn, []byte, conn.WriteKind) (int, error) {
	return 0, conn.ErrWrongState
}

// EOF implements conn.Role.
func (r *clientHandshake) EOF(*conn.Conn) bool {
	r.handshake.end()
	return false
}

// Lost implements conn.Loser.
func (r *clientHandshake) Lost(c *conn.Conn) { r.failed(c, tlsconfig.ErrReset) }

// TimedOut implements conn.Role.
func (r *clientHandshake) TimedOut(c *conn.Conn, _ conn.Timeout) bool {
	r.failed(c, tlsconfig.ErrTimeout)
	return false
}

// CheckValidity implements conn.Role.
func (r *clientHandshake) CheckValidity(*conn.Conn) bool { return false }

// Finish implements conn.Role.
func (r *clientHandshake) Finish(c *conn.Conn) { c.Kill() }

// Closed implements conn.Role.
func (r *clientHandshake) Closed(c *conn.Conn) {
	if r.handshake != nil {
		r.handshake.close()
		r.handshake = nil
	}
	c.SetRole(r.outer)
	r.outer.Closed(c)
}
