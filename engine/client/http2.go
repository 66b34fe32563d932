package client

import (
	"time"

	"golws/engine/conn"
	"golws/engine/http2"
)

// startHTTP2 gives the socket of c to a connection that speaks HTTP/2, of which c becomes a stream. To the program it is
// the network connection of c, and has no other events than WSI_CREATE and WSI_DESTROY.
func (d *dialer) startHTTP2(c *conn.Conn) {
	network, err := c.Thread().Outgoing(c.Host(), nil)
	if err != nil {
		c.Thread().Handler.Log(conn.LogWarning, "client: "+err.Error())
		d.fail("Unable to connect")
		return
	}
	network.Hold()
	defer network.Unhold()
	network.SetRole(carrier{})
	network.SetRetryPolicy(c.RetryPolicy())
	network.Callback(conn.WSICreate)
	d.connected = false
	c.MoveSocket(network)
	var events http2.ClientEvents = unshared{}
	if d.shared != nil {
		events = d.shared
	}
	n := http2.StartClient(network, http2.ClientConfig{
		Events:          events,
		KeepWarm:        d.keepWarm(),
		ManualCredit:    d.transaction.Request.ManualCredit,
		ForgiveOverflow: d.transaction.Request.ForgiveOverflow,
	})
	if network.Killed() || !n.Open(c, d.transaction) {
		d.fail("Unable to connect")
		return
	}
	if d.shared != nil {
		d.shared.carried(n)
	}
}

// keepWarm is how long a connection is kept that others may use.
func (d *dialer) keepWarm() time.Duration {
	if !d.config.Keep {
		return 0
	}
	return d.config.KeepWarm
}

// redo connects anew for a request that a server has not processed.
func (d *dialer) redo(c *conn.Conn) {
	d.ended()
	d.connected, d.spoken = false, false
	c.SetRole(d)
	c.DelayWritable()
	d.place()
}

// carrier is the role of a connection that is about to get a socket.
type carrier struct{ conn.Role }

// Closed implements conn.Role.
func (carrier) Closed(*conn.Conn) {}

// unshared is the http2.ClientEvents of a connection that nobody else uses.
type unshared struct{}

// Available implements http2.ClientEvents.
func (unshared) Available(*http2.Connection) {}

// Leaving implements http2.ClientEvents.
func (unshared) Leaving(*http2.Connection) {}
