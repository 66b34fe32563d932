package raw

import "golws/engine/conn"

// Dialed serves a connection that the program has made, from before it has a socket.
type Dialed struct {
	Role
	named  bool // a protocol was, and hears of it
	silent bool // the program can be told by a result
	begun  bool
	told   bool // the program has heard of the failure
}

// NewDialed makes the role: Client or ProxyClient. named tells that the program has named the protocol that the connection
// is bound to.
func NewDialed(named bool, events *Events) *Dialed {
	return &Dialed{Role: Role{events: events}, named: named}
}

// Silence has failures told, or not.
func (r *Dialed) Silence(silent bool) { r.silent = silent }

// Bind tells the protocol that the program has named. Without one, the host's first protocol gets the events.
func (r *Dialed) Bind(c *conn.Conn) {
	if !r.named {
		c.BindProtocol(c.Host().Protocols[0])
		return
	}
	// A refusal has no effect but that the opposite does not come.
	r.bound = c.Callback(r.events.Bind) == 0
}

// Start tells the program that the connection is there.
func (r *Dialed) Start(c *conn.Conn) {
	c.SetRole(r)
	c.SetTimeout(conn.NoPendingTimeout, 0)
	r.begun = true
	if c.Callback(r.events.Adopt) < 0 {
		r.Fail(c, "")
	}
}

// Fail ends the attempt and tells the program why.
func (r *Dialed) Fail(c *conn.Conn, why string) {
	if c.Killed() {
		return
	}
	r.tell(c, why)
	c.Kill()
}

func (r *Dialed) tell(c *conn.Conn, why string) {
	if r.told {
		return
	}
	r.told = true
	c.TellFailure(why, r.silent)
}

// Closed implements conn.Role.
func (r *Dialed) Closed(c *conn.Conn) {
	if r.bound && c.HasUser() {
		r.bound = false
		c.CallbackBytes(r.events.Drop, c.Empty())
	}
	switch {
	case r.told:
	case r.begun:
		c.Callback(r.events.Close)
	default:
		r.tell(c, "closed before established")
	}
}
