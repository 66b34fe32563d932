package tlsconn

import (
	"crypto/tls"

	"golws/engine/conn"
	"golws/engine/tlsconfig"
)

// clientHandshake is the role of a connection to a server while the handshake is under way.
type clientHandshake struct {
	handshake *handshake // nil when it is over
	done      func(err error)
}

var (
	_ conn.Role  = (*clientHandshake)(nil)
	_ conn.Loser = (*clientHandshake)(nil)
)

// BeginClient begins TLS on a connection to a server. Its role is another one until done is called, once, on the service
// thread and not before BeginClient has returned: with nil when all that follows is encrypted, otherwise with what is
// wrong, a *tlsconfig.HandshakeError, which is tlsconfig.ErrEnded where the role is told of the connection's end and has
// nothing to say about it. done gives the connection its next role. The time is limited by the one that the host has for
// answers.
func BeginClient(c *conn.Conn, config *tlsconfig.ClientConnection, done func(err error)) {
	r := &clientHandshake{done: done}
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

// end leaves the connection to its next role.
func (r *clientHandshake) end(c *conn.Conn, err error) {
	done := r.done
	r.handshake, r.done = nil, nil
	c.SetTimeout(conn.NoPendingTimeout, 0)
	c.Resume(conn.PauseByRole)
	c.Resume(conn.PauseForWork)
	done(err)
}

func (r *clientHandshake) failed(c *conn.Conn, err error) {
	if r.done == nil {
		return
	}
	r.handshake.close()
	failure := tlsconfig.HandshakeFailure(err)
	if h := c.Thread().Handler; h.Logs(conn.LogNotice) && failure != tlsconfig.ErrEnded {
		text := failure.Text
		if failure.Cause != nil {
			text += " (" + failure.Cause.Error() + ")"
		}
		h.Log(conn.LogNotice, "TLS handshake with a server: "+text)
	}
	r.end(c, failure)
}

func (r *clientHandshake) succeeded(c *conn.Conn) {
	c.SetTransport(r.handshake.settle(c))
	r.handshake = nil
	if !observed(c, true) {
		c.Kill()
		return
	}
	r.end(c, nil)
}

// Input implements conn.Role.
func (r *clientHandshake) Input(c *conn.Conn, p []byte) int {
	if r.handshake == nil {
		return 0
	}
	if !r.handshake.supply(p) {
		c.Pause(conn.PauseByRole)
	}
	return len(p)
}

// Writable implements conn.Role.
func (r *clientHandshake) Writable(*conn.Conn) {}

// Drained implements conn.Role.
func (r *clientHandshake) Drained(*conn.Conn) {}

// Write implements conn.Role.
func (r *clientHandshake) Write(*conn.Conn, []byte, conn.WriteKind) (int, error) {
	return 0, conn.ErrWrongState
}

// EOF implements conn.Role.
func (r *clientHandshake) EOF(c *conn.Conn) bool {
	if r.handshake == nil {
		return true
	}
	// The last words say why, so that a reset behind them does not count.
	c.Pause(conn.PauseForWork)
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
		r.failed(c, tlsconfig.ErrEnded)
	} else if r.done != nil {
		r.end(c, tlsconfig.ErrEnded)
	}
}
