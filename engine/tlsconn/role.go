package tlsconn

import (
	"slices"

	"golws/engine/conn"
	"golws/engine/vhost"
)

// Handshake is the role of a connection that is about to speak TLS.
type Handshake struct {
	handshake *handshake // nil until the peer has said what it wants
	refused   bool       // by the program, at once
}

// NewRole makes the role of an accepted connection on a TLS port. The program hears of the connection as it would
// without TLS, and of none of its events until the handshake is done.
func NewRole(c *conn.Conn) conn.Role {
	r := &Handshake{}
	c.SetRole(r)
	c.SetTimeout(conn.TimeoutSSLAccept, c.Host().Limits.Timeout)
	if !observed(c, false) {
		c.Kill()
		return r
	}
	if greet := c.Thread().Greet; greet != nil && c.FirstRole() == vhost.RoleHTTP1 && !greet(c) {
		r.refused = true
		c.Kill()
	}
	return r
}

// Input implements conn.Role.
func (r *Handshake) Input(c *conn.Conn, p []byte) int {
	if r.handshake != nil {
		if !r.handshake.supply(p) {
			c.Pause(conn.PauseByRole)
		}
		return len(p)
	}
	if p[0] != typeHandshake {
		return r.plain(c, p)
	}
	if !helloComplete(p) {
		return 0
	}
	r.handshake = begin(c, p)
	return len(p)
}

// observed tells a program that wants to hear of it.
func observed(c *conn.Conn, done bool) bool {
	observer, ok := c.Thread().Handler.(conn.HandshakeObserver)
	return !ok || observer.Handshake(c, done)
}

// failed ends a connection whose handshake has failed; the alert that says why is queued.
func (r *Handshake) failed(c *conn.Conn, err error) {
	if c.Thread().Handler.Logs(conn.LogInfo) {
		c.Thread().Handler.Log(conn.LogInfo, "TLS handshake: "+err.Error())
	}
	c.CloseAfterFlush()
}

// succeeded puts the transport in place and begins what the peer has asked for.
func (r *Handshake) succeeded(c *conn.Conn) {
	h := r.handshake
	if l := c.Listener(); l != nil && h.host != c.Host() && !slices.Contains(l.Hosts, h.host) {
		c.Kill() // the host was removed meanwhile
		return
	}
	t := h.settle(c)
	r.handshake = nil
	c.SetHost(h.host)
	c.SetTimeout(conn.NoPendingTimeout, 0)
	c.SetTransport(t)
	c.Resume(conn.PauseByRole)
	if !observed(c, true) {
		c.Kill()
		return
	}
	c.SetRole(firstRole(c, t.tls.ConnectionState().NegotiatedProtocol)(c))
}

// firstRole is what begins on a connection that speaks TLS.
func firstRole(c *conn.Conn, negotiated string) func(c *conn.Conn) conn.Role {
	roles := c.Thread().Roles
	name := c.FirstRole()
	if role := roles[negotiated]; role != nil && name == vhost.RoleHTTP1 {
		return role
	}
	return roles[name]
}

// plain serves a peer that does not begin with a handshake.
func (r *Handshake) plain(c *conn.Conn, p []byte) int {
	h := c.Host()
	name := plainRole(c, p[0])
	if name == "" {
		if c.Thread().Handler.Logs(conn.LogInfo) {
			c.Thread().Handler.Log(conn.LogInfo, "vhost "+h.Name+": TLS handshake: the peer does not speak TLS")
		}
		c.Kill()
		return len(p)
	}
	c.Mirror &^= conn.MirrorTLS
	c.Thread().Handler.StateChanged(c)
	if name != vhost.RoleHTTP1 && (!c.BindProtocol(c.AcceptedProtocol()) || c.Callback(conn.HTTPBindProtocol) != 0) {
		c.Kill()
		return len(p)
	}
	c.SetTimeout(conn.NoPendingTimeout, 0)
	c.SetRole(c.Thread().Roles[name](c))
	return 0
}

// plainRole is what a peer gets whose first byte does not begin a handshake, empty for nothing. HTTP is not
// necessarily served: where a request leads is looked at with each.
func plainRole(c *conn.Conn, first byte) string {
	h := c.Host()
	if l := c.Listener(); l != nil {
		for _, other := range l.Hosts {
			if other.TLS == nil {
				return other.FirstRole()
			}
		}
	}
	if first < ' ' || h.Options&vhost.AllowPlainOnTLSPort == 0 {
		return ""
	}
	if h.Options&(vhost.RedirectToTLS|vhost.AllowHTTPOnTLSListener) != 0 {
		return vhost.RoleHTTP1
	}
	return h.FallbackRole()
}

// Writable implements conn.Role.
func (r *Handshake) Writable(*conn.Conn) {}

// Drained implements conn.Role.
func (r *Handshake) Drained(*conn.Conn) {}

// Write implements conn.Role.
func (r *Handshake) Write(*conn.Conn, []byte, conn.WriteKind) (int, error) {
	return 0, conn.ErrWrongState
}

// EOF implements conn.Role.
func (r *Handshake) EOF(*conn.Conn) bool {
	if r.handshake == nil {
		return true
	}
	// What is to follow the handshake may have come already.
	r.handshake.end()
	return false
}

// TimedOut implements conn.Role.
func (r *Handshake) TimedOut(c *conn.Conn, _ conn.Timeout) bool {
	if c.Thread().Handler.Logs(conn.LogInfo) {
		c.Thread().Handler.Log(conn.LogInfo, "TLS handshake: the peer took too long")
	}
	return false
}

// CheckValidity implements conn.Role.
func (r *Handshake) CheckValidity(*conn.Conn) bool { return false }

// Finish implements conn.Role.
func (r *Handshake) Finish(c *conn.Conn) { c.Kill() }

// Closed implements conn.Role.
func (r *Handshake) Closed(c *conn.Conn) {
	if r.refused {
		c.Callback(conn.ClosedHTTP) // only who has refused it hears of its end
	}
	if r.handshake != nil {
		r.handshake.close()
	}
}
