package client

import "golws/engine/conn"

// stage is a step between the connected socket and the protocol that the connection is for: the way through a proxy,
// the handshake of TLS. It sets a role of its own on the connection, or none, and calls done exactly once, on the
// service thread, also before it returns: with nothing, or with what went wrong, in the words that
// CLIENT_CONNECTION_ERROR gets.
//
// The role does so, too, when it is told of the end in EOF, TimedOut, Lost and Closed (with "" in Closed, where the reason
// is not its own). It has no events for the program; writable callbacks that the program asks for are kept back
// meanwhile. What it leaves of the input is the next one's.
type stage func(c *conn.Conn, done func(problem string))

// stagesOf are the steps that the connection takes, in order: the proxy (proxy.go), then TLS (tls.go), each where the
// configuration asks for it.
func (d *dialer) stagesOf() (stages []stage) {
	if d.proxy != nil {
		stages = append(stages, d.throughProxy)
	}
	if d.config.tls {
		stages = append(stages, d.startTLS)
	}
	return stages
}

// proceed takes the next step, the last of which is the protocol.
func (d *dialer) proceed() {
	c := d.conn
	if len(d.stages) == 0 {
		d.startProtocol(c)
		return
	}
	next := d.stages[0]
	d.stages = d.stages[1:]
	over := false
	next(c, func(problem string) {
		if over {
			return
		}
		over = true
		if c.Ending() {
			d.Closed(c) // it was the step's role that was told
			return
		}
		c.SetRole(d)
		c.SetTimeout(conn.NoPendingTimeout, 0)
		switch {
		case c.Killed():
		case problem != "":
			d.fail(problem)
		default:
			d.proceed()
		}
	})
}

// startProtocol hands the connection over to the role that speaks with the server: by what was asked for, and by
// what TLS has negotiated.
func (d *dialer) startProtocol(c *conn.Conn) {
	switch {
	case d.raw != nil:
		c.AllowWritable()
		d.raw.Start(c)
	case d.negotiated == "h2":
		d.startHTTP2(c)
	default:
		d.startHTTP1()
	}
}
