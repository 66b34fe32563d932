package client

import (
	"strings"
	"time"

	"golws/engine/conn"
	"golws/engine/http2"
	"golws/engine/httpclient"
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
	c.SetTimeout(conn.NoPendingTimeout, 0) // each step has a limit of its own
	c.DelayWritable()
	d.place()
}

// fallBack implements httpclient.Transaction.FallBack. The program allows it by naming both versions. It is for this
// request alone: the server may have learnt the other way when the next one comes.
func (d *dialer) fallBack() bool {
	if d.http1Only || !d.config.tls || !names(d.config.askedTLS().Protocols, "http/1.1") {
		return false
	}
	d.http1Only = true
	if h := d.conn.Thread().Handler; h.Logs(conn.LogInfo) {
		h.Log(conn.LogInfo, "client: "+d.config.serverName()+" has no WebSocket over HTTP/2 (extended CONNECT): connecting again, by HTTP/1.1")
	}
	return true
}

// names reports whether a list with commas has a name in it.
func names(list, wanted string) bool {
	for name := range strings.SplitSeq(list, ",") {
		if strings.TrimSpace(name) == wanted {
			return true
		}
	}
	return false
}

// cannotBeCarried goes on with a request that has waited for a connection which cannot carry it.
func (d *dialer) cannotBeCarried() {
	if d.conn.Killed() || d.shared != nil {
		return
	}
	if !d.fallBack() {
		d.fail(httpclient.NoExtendedConnect)
		return
	}
	d.conn.Hold()
	d.place()
	d.conn.Unhold()
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
