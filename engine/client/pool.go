package client

import (
	"slices"

	"golws/engine/conn"
	"golws/engine/http1"
	"golws/engine/http2"
	"golws/engine/httpclient"
	"golws/engine/proxy"
	"golws/engine/tlsconfig"
)

// maxConnections is how many connections to one place requests that share are spread over, where HTTP/2 bounds how many
// one of them carries.
const maxConnections = 8

// endpoint is what connections have in common that can stand for each other.
type endpoint struct {
	host                     *conn.Host
	address, name, protocols string
	from                     string
	port                     int
	service, priority        int
	tls                      bool
	allow                    tlsconfig.Allow
	certificate              int
	priorKnowledge           bool
	manualCredit             bool
	forgiveOverflow          bool
	proxy                    *proxy.Config
}

func (d *dialer) endpoint() endpoint {
	config := d.config
	e := endpoint{
		host: d.conn.Host(), address: config.Address, port: config.Port, from: config.Interface,
		service: config.Service, priority: config.Priority,
		tls: config.tls, priorKnowledge: config.PriorKnowledge, manualCredit: config.ManualCredit,
		forgiveOverflow: config.ForgiveOverflow,
		proxy:           d.proxy,
	}
	if config.tls {
		e.name = config.tlsName()
		asked := config.askedTLS()
		e.allow, e.certificate, e.protocols = asked.Allow, asked.Number, asked.Protocols
		if d.http1Only || config.Method == "" && e.protocols == "" {
			e.protocols = "http/1.1" // what WebSockets ask for
		}
	}
	return e
}

// pool holds the connections of a service thread that requests share.
type pool map[endpoint][]*shared

func poolOf(t *conn.Thread) pool {
	p, ok := t.Clients.(pool)
	if !ok {
		p = pool{}
		t.Clients = p
	}
	return p
}

// shared is a connection that several requests use: one after the other with HTTP/1, at once with HTTP/2.
type shared struct {
	thread *conn.Thread
	place  endpoint

	// active is the request whose connection has the socket or makes it, until there is network.
	active  *dialer
	idle    bool // it is complete
	network *http2.Connection

	waiting  []*dialer // requests that are to use it, in order
	problem  string    // why it could not be made
	hopeless bool      // for all that are waiting
	gone     bool
}

// shares reports whether the request may use a connection together with others.
func (d *dialer) shares() bool { return d.config.Keep && d.transaction != nil }

// place finds the connection that the request uses, or begins to make one.
func (d *dialer) place() {
	if !d.shares() {
		d.begin()
		return
	}
	d.transaction.Reuse, d.transaction.Ended = d.reuse, d.ended
	t := d.conn.Thread()
	p, e := poolOf(t), d.endpoint()
	for _, s := range p[e] {
		if s.take(d) {
			return
		}
	}
	if all := p[e]; len(all) >= maxConnections && d.transaction.Request.Offer == nil {
		s := all[len(all)-1]
		s.waiting = append(s.waiting, d)
		d.shared = s
		return
	}
	s := &shared{thread: t, place: e, active: d}
	p[e] = append(p[e], s)
	d.shared = s
	d.begin()
}

// take has the connection carry a request, now or later. It reports false where the request needs another one.
func (s *shared) take(d *dialer) bool {
	switch {
	case s.network != nil:
		if !s.network.Carries(&d.transaction.Request) && (s.network.Settled() || s.network.Leaving()) {
			return false
		}
		// After SERVER_NEW_CLIENT_INSTANTIATED, or when the server has said how many requests it takes
		s.thread.Later(s.board)
	case d.transaction.Request.Offer != nil && s.active != nil && s.active.spoken:
		return false // HTTP/1 is left for good by what it offers
	}
	s.waiting = append(s.waiting, d)
	d.shared = s
	if s.idle && len(s.waiting) == 1 {
		s.thread.Later(s.handOver)
	}
	return true
}

// carry makes a request over HTTP/2.
func (s *shared) carry(d *dialer) bool {
	d.shared = nil
	d.connected = true
	if s.network.Open(d.conn, d.transaction) {
		s.network.KeepWarm(d.keepWarm())
		return true
	}
	d.connected = false
	return false
}

// reuse implements httpclient.Transaction.Reuse: the connection is idle until another request comes.
func (d *dialer) reuse(c *conn.Conn) bool {
	s := d.shared
	if s == nil || s.active != d || s.gone || c.HasKeptInput() || c.Ended() {
		return false
	}
	if s.idle {
		return true
	}
	s.idle = true
	c.SetRole(&idle{d.transaction})
	c.SetTimeout(conn.TimeoutClientIdle, d.keepWarm())
	if len(s.waiting) > 0 {
		s.thread.Later(s.handOver)
	}
	return true
}

// handOver gives the socket to the next request. It is not done while the last piece of the response is being taken: what
// may follow it was sent by a server that nobody has asked, and must not be taken for the answer to the next request.
func (s *shared) handOver() {
	d := s.active
	if d == nil || !s.idle || len(s.waiting) == 0 || !d.conn.Open() || d.conn.Ended() || d.conn.HasKeptInput() {
		return // the end of the connection will find those who wait
	}
	next := s.waiting[0]
	s.waiting = s.waiting[1:]
	if next.transaction.Request.Offer != nil {
		next.shared = nil
		s.thread.Later(next.place) // it leaves HTTP/1, so that others could not follow
		s.handOver()
		return
	}
	s.idle, s.active, d.shared = false, next, nil
	d.connected = false
	d.conn.MoveSocket(next.conn)
	d.conn.Kill()
	next.connected = true
	next.transaction.Reused = true
	next.startHTTP1()
}

// startHTTP1 makes the request on the connection as it is.
func (d *dialer) startHTTP1() {
	d.spoken = true
	if d.shared != nil && d.transaction.Request.Offer != nil {
		d.leave()
	}
	d.conn.AllowWritable()
	http1.StartClient(d.conn, d.transaction)
}

// ended implements httpclient.Transaction.Ended.
func (d *dialer) ended() {
	s := d.shared
	if s == nil {
		return
	}
	if s.active == d {
		d.leave()
		return
	}
	d.shared = nil
	if i := slices.Index(s.waiting, d); i >= 0 {
		s.waiting = slices.Delete(s.waiting, i, i+1)
	}
}

// leave takes the connection away from those who wait for it.
func (d *dialer) leave() {
	s := d.shared
	d.shared, s.active = nil, nil
	s.end()
}

// end takes the connection out of the pool; those who wait for it make one of their own.
func (s *shared) end() {
	if s.gone {
		return
	}
	s.gone = true
	p := poolOf(s.thread)
	if rest := slices.DeleteFunc(p[s.place], func(other *shared) bool { return other == s }); len(rest) > 0 {
		p[s.place] = rest
	} else {
		delete(p, s.place)
	}
	if len(s.waiting) > 0 {
		s.thread.Later(s.renew)
	}
}

// renew places those who wait for a connection that is not there any more.
func (s *shared) renew() {
	waiting := s.waiting
	s.waiting = nil
	for _, d := range waiting {
		d.shared = nil
	}
	for _, d := range waiting {
		switch {
		case d.conn.Killed() || d.shared != nil:
		case s.hopeless && s.problem == "":
			d.conn.Kill()
		case s.hopeless:
			d.purpose.Fail(d.conn, s.problem)
		default:
			d.conn.Hold()
			d.place()
			d.conn.Unhold()
		}
	}
}

// fail ends the request because its connection cannot be had, and those of others who wait for it.
func (d *dialer) fail(problem string) {
	if s := d.shared; s != nil && s.active == d {
		s.problem, s.hopeless = problem, true
	}
	if problem == "" {
		d.conn.Kill() // as any connection whose time is over
		return
	}
	d.purpose.Fail(d.conn, problem)
}

// carried tells those who wait that the connection speaks HTTP/2.
func (s *shared) carried(n *http2.Connection) {
	s.network = n
	s.active.shared = nil
	s.active = nil
	s.board()
}

// Available implements http2.ClientEvents.
func (s *shared) Available(*http2.Connection) { s.board() }

// board makes the requests of those who wait, as far as there is room for them.
func (s *shared) board() {
	for len(s.waiting) > 0 && !s.gone {
		d := s.waiting[0]
		s.waiting = s.waiting[1:]
		if d.conn.Killed() || s.carry(d) {
			continue
		}
		if s.network.Lacks(&d.transaction.Request) {
			d.shared = nil
			s.thread.Later(d.cannotBeCarried) // others need not wait for it
			continue
		}
		d.shared = s
		s.waiting = slices.Insert(s.waiting, 0, d)
		if all := poolOf(s.thread)[s.place]; s.network.Settled() && len(all) < maxConnections {
			s.thread.Later(s.spread)
		}
		return
	}
}

// spread has those who find no room on the connection make another one.
func (s *shared) spread() {
	if s.gone || len(s.waiting) == 0 || len(poolOf(s.thread)[s.place]) >= maxConnections {
		return
	}
	s.renew()
}

// Leaving implements http2.ClientEvents.
func (s *shared) Leaving(*http2.Connection) { s.end() }

// idle is the role of a connection that waits for the next request. To its program, it is the end of the last one that
// is still to come.
type idle struct{ *httpclient.Transaction }

// Input implements conn.Role. Nobody has asked the server for anything.
func (idle) Input(c *conn.Conn, p []byte) int {
	c.Kill()
	return len(p)
}

// Writable implements conn.Role.
func (idle) Writable(*conn.Conn) {}

// Write implements conn.Role.
func (idle) Write(*conn.Conn, []byte, conn.WriteKind) (int, error) { return 0, conn.ErrWrongState }

// EOF implements conn.Role.
func (idle) EOF(*conn.Conn) bool { return true }
