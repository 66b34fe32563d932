package raw

import "golws/engine/conn"

// Events are the reasons with which the program hears of a raw connection.
type Events struct {
	Bind, Adopt, Receive, Writeable, Drop, Close conn.Reason
}

// The kinds of raw connection. Adopt of the clients' is that they are connected.
var (
	Server = &Events{
		Bind: conn.RawSocketBindProtocol, Adopt: conn.RawAdopt, Receive: conn.RawReceive,
		Writeable: conn.RawWriteable, Drop: conn.RawSocketDropProtocol, Close: conn.RawClose,
	}
	Client = &Events{
		Bind: conn.RawSocketBindProtocol, Adopt: conn.RawConnected, Receive: conn.RawReceive,
		Writeable: conn.RawWriteable, Drop: conn.RawSocketDropProtocol, Close: conn.RawClose,
	}
	ProxyServer = &Events{
		Bind: conn.RawProxyServerBindProtocol, Adopt: conn.RawProxyServerAdopt, Receive: conn.RawProxyServerReceive,
		Writeable: conn.RawProxyServerWriteable, Drop: conn.RawProxyServerDropProtocol, Close: conn.RawProxyServerClose,
	}
	ProxyClient = &Events{
		Bind: conn.RawProxyClientBindProtocol, Adopt: conn.RawProxyClientAdopt, Receive: conn.RawProxyClientReceive,
		Writeable: conn.RawProxyClientWriteable, Drop: conn.RawProxyClientDropProtocol, Close: conn.RawProxyClientClose,
	}
)

// Role serves a connection without a protocol of the library's.
type Role struct {
	events *Events
	bound  bool // heard that it is bound to a protocol, and is owed the opposite
}

// New makes the role of a connection that is set up, and begins it. One that is bound to a protocol already comes from
// another role, which has told the program so.
func New(c *conn.Conn, events *Events) *Role {
	r := &Role{events: events, bound: true}
	c.SetRole(r) // the program may already act on the connection
	c.SetTimeout(conn.NoPendingTimeout, 0)
	if c.Protocol() == nil && !r.bind(c) {
		c.Kill()
		return r
	}
	if !c.Killed() && c.Callback(events.Adopt) != 0 {
		c.Kill()
	}
	return r
}

// NewRole is New for accepted connections, whose role may have changed when it returns.
func NewRole(c *conn.Conn) conn.Role {
	New(c, Server)
	return c.Role()
}

// NewProxyRole is NewRole for the accepted side of a proxy.
func NewProxyRole(c *conn.Conn) conn.Role {
	New(c, ProxyServer)
	return c.Role()
}

// bind ties the connection to its protocol and tells the program.
func (r *Role) bind(c *conn.Conn) bool {
	if !c.BindProtocol(c.AcceptedProtocol()) {
		r.bound = false
		return false
	}
	// A refusal has no effect but that the opposite does not come.
	r.bound = c.Callback(r.events.Bind) == 0
	return true
}

// Input implements conn.Role.
func (r *Role) Input(c *conn.Conn, p []byte) int {
	used := 0
	for used < len(p) && !c.Paused() {
		// A callback may bind the connection to another protocol.
		end := min(len(p), used+c.Host().PieceSize(c.Protocol()))
		// The byte that follows is lent to the NUL behind the piece.
		piece := p[used:end]
		used = end
		if c.CallbackBytes(r.events.Receive, piece) < 0 {
			c.Finish()
		}
	}
	return used
}

// Writable implements conn.Role.
func (r *Role) Writable(c *conn.Conn) {
	if c.Thread().Handler.CallbackWritable(c, r.events.Writeable) < 0 {
		c.Finish()
	}
}

// Write implements conn.Role. All kinds of writing are the same here.
func (r *Role) Write(c *conn.Conn, p []byte, _ conn.WriteKind) (int, error) {
	c.QueueDirect(nil, p)
	return len(p), nil
}

// Drained implements conn.Role.
func (r *Role) Drained(*conn.Conn) {}

// EOF implements conn.Role: what was written is still sent.
func (r *Role) EOF(c *conn.Conn) bool {
	if c.QueuedBytes() > 0 {
		c.CloseAfterFlush()
	}
	return true
}

// TimedOut implements conn.Role. Time limits are the program's, and they end the connection.
func (r *Role) TimedOut(*conn.Conn, conn.Timeout) bool { return false }

// CheckValidity implements conn.Role. There is no way to ask the peer.
func (r *Role) CheckValidity(*conn.Conn) bool { return false }

// Finish implements conn.Role.
func (r *Role) Finish(c *conn.Conn) { c.CloseAfterFlush() }

// Closed implements conn.Role.
func (r *Role) Closed(c *conn.Conn) {
	if r.bound {
		r.bound = false
		c.CallbackBytes(r.events.Drop, c.Empty())
	}
	c.Callback(r.events.Close)
}
