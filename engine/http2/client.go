package http2

import (
	"slices"
	"strconv"
	"time"

	"golws/engine/conn"
	"golws/engine/httpclient"
	"golws/engine/httpserver"
)

// assumedStreams is how many requests may be under way on a connection whose server has not said how many it takes. Before it
// has said anything, it is one: more might be refused.
const assumedStreams = 100

// maxClientStreams bounds what a server can make us keep.
const maxClientStreams = 4096

// maxInterim is how many interim responses a request may have.
const maxInterim = 16

// lostText is what programs hear of requests whose connection breaks, as over HTTP/1.
const lostText = "read failed"

// ClientEvents is who makes the requests of a connection. All is called on the service thread.
type ClientEvents interface {
	// Available tells that a request may be possible that was not before.
	Available(n *Connection)
	// Leaving tells, once, that the connection takes no more requests. Those that are under way go on.
	Leaving(n *Connection)
}

// ClientConfig says how a connection to a server is used.
type ClientConfig struct {
	Events ClientEvents
	// KeepWarm is how long the connection is kept without a request.
	KeepWarm time.Duration
	// ManualCredit has the server send nothing until a request lets it: what requests need whose program does that.
	ManualCredit bool
	// ForgiveOverflow is for servers that send more credit than can be counted.
	ForgiveOverflow bool
}

// client is what a connection to a server has beside what all have.
type client struct {
	ClientConfig
	next      uint32          // the stream that begins next
	begun     int             // requests whose stream has not begun
	deferred  []*ClientStream // those of them that wait for the server's settings
	used      bool            // there was a request
	heard     uint64          // how many times something came from the server
	left      bool            // Leaving was told
	exhausted bool            // there was no room for a request
}

// StartClient makes the role of a connection that was made just now, and begins with HTTP/2. What it carries is asked for
// by Open.
func StartClient(c *conn.Conn, config ClientConfig) *Connection {
	n := &Connection{c: c, floods: newFloods(), phase: phaseSettings, client: &client{ClientConfig: config, next: 1}}
	c.SetRole(n)
	n.ours = ourSettings(c)
	n.ours.connect = false // that is the server's to say
	if config.ManualCredit {
		n.ours.window = 0
	}
	n.theirs.maxStreams = assumedStreams
	// Those who wait for the server have a limit of their own, which is to come first: its words are those of HTTP/1.
	if limit := c.Host().Limits.Timeout; limit > 0 {
		c.SetTimeout(conn.TimeoutServerResponse, limit+time.Second)
	}
	c.Queue([]byte(preface))
	n.announce()
	return n
}

// Carries reports whether a request could be made now.
func (n *Connection) Carries(q *httpclient.Request) bool {
	k := n.client
	if n.closing() || q.ManualCredit && !k.ManualCredit || n.Lacks(q) {
		return false
	}
	if n.room() > 0 && k.next+2*uint32(k.begun) < maxWindow {
		return true
	}
	k.exhausted = true
	return false
}

// limit is how many requests may be under way.
func (n *Connection) limit() int {
	if n.phase == phaseSettings {
		return 1
	}
	return int(min(n.theirs.maxStreams, maxClientStreams))
}

// Settled reports whether the server has said how many requests it takes.
func (n *Connection) Settled() bool { return n.phase != phaseSettings }

// closing reports whether the connection has begun to end.
func (n *Connection) closing() bool { return n.phase > phaseOpen || n.ended || !n.c.Open() }

// room is how many more requests could be made now.
func (n *Connection) room() int {
	if n.closing() {
		return 0
	}
	return max(n.limit()-n.Requests(), 0)
}

// Requests is how many are under way.
func (n *Connection) Requests() int { return len(n.streams) + n.client.begun }

// Leaving reports whether the connection takes no more requests.
func (n *Connection) Leaving() bool {
	return n.client.left || n.closing()
}

// extends reports whether the server may understand a request to change to another protocol.
func (n *Connection) extends(q *httpclient.Request) bool {
	_, ok := q.Offer.(httpclient.ExtendedOffer)
	return ok && (n.phase == phaseSettings || n.theirs.connect)
}

// Lacks reports whether the server is known not to understand what a request offers to change to.
func (n *Connection) Lacks(q *httpclient.Request) bool { return q.Offer != nil && !n.extends(q) }

// KeepWarm has the connection kept that long without a request, if that is longer than before.
func (n *Connection) KeepWarm(d time.Duration) { n.client.KeepWarm = max(n.client.KeepWarm, d) }

// Open makes c, which has no socket, a stream with the request of a transaction. It reports false, and has done nothing,
// where Carries does.
func (n *Connection) Open(c *conn.Conn, t *httpclient.Transaction) bool {
	if !n.Carries(&t.Request) {
		return false
	}
	s := &ClientStream{Transaction: t}
	s.init(n, 0, c, s)
	n.client.begun++
	n.client.used = true
	n.c.Carry(c, s.transport())
	c.SetRole(s)
	c.AllowWritable()
	if t.Request.Offer != nil && n.phase == phaseSettings {
		n.client.deferred = append(n.client.deferred, s)
		c.SetTimeout(conn.TimeoutServerResponse, c.Host().Limits.Timeout)
		return true
	}
	s.begin()
	return true
}

// settled is called when the server's first settings are known.
func (n *Connection) settled() {
	k := n.client
	waiting := k.deferred
	k.deferred = nil
	for _, s := range waiting {
		if s.c.Killed() {
			continue
		}
		if !n.theirs.connect {
			s.withoutExtendedConnect()
			continue
		}
		s.begin()
	}
	n.available()
}

// available tells that there is room for a request which there was not.
func (n *Connection) available() {
	k := n.client
	if !k.exhausted || k.left || n.room() == 0 {
		return
	}
	k.exhausted = false
	// It may be the end of a stream that is just being handled.
	n.c.Thread().Later(func() {
		if !n.Leaving() {
			k.Events.Available(n)
		}
	})
}

// keepWarm limits the time without a request.
func (n *Connection) keepWarm() {
	if k := n.client; k.used && k.begun == 0 {
		if k.KeepWarm <= 0 {
			n.goAway(n.c, codeNone, "")
			return
		}
		n.c.SetTimeout(conn.TimeoutHTTPKeepAliveIdle, k.KeepWarm)
	}
}

// leave tells, once, that the connection takes no more requests.
func (n *Connection) leave() {
	if k := n.client; !k.left {
		k.left = true
		k.Events.Leaving(n)
	}
}

// forget is called when a stream ends that has not begun.
func (k *client) forget(s *stream) {
	if s.id != 0 {
		return
	}
	k.begun--
	s.id = maxWindow + 1 // it does not begin any more
	k.deferred = slices.DeleteFunc(k.deferred, func(other *ClientStream) bool { return &other.stream == s })
	s.n.idle(s.n.c)
	s.n.endIfDone(s.n.c)
	s.n.available()
}

// refuseAll ends the requests whose stream has not begun.
func (k *client) refuseAll(why string) {
	waiting := k.deferred
	k.deferred = nil
	for _, s := range waiting {
		s.refuse(why)
	}
}

// forgives reports whether a server may send more credit than can be counted.
func (n *Connection) forgives() bool { return n.client != nil && n.client.ForgiveOverflow }

// abandon tells the server that a stream has ended where it does not know that yet.
func (n *Connection) abandon(s *stream) {
	switch {
	case s.ended && s.remoteClosed:
	case s.remoteClosed:
		n.sendReset(n.c, s.id, codeNone) // it has answered without needing all of the request
	default:
		n.sendReset(n.c, s.id, s.resetCode())
	}
}

// dismissed is called when the server takes no more requests: those above the last one it has not processed.
func (n *Connection) dismissed(c *conn.Conn, last uint32, code errorCode, text []byte) {
	if code != codeNone || len(text) > 0 {
		n.log(c, conn.LogNotice, "the server goes away, "+code.String()+": "+strconv.Quote(string(text[:min(len(text), 200)])))
	}
	if n.phase < phaseGoingAway {
		n.phase = phaseGoingAway
		n.leave()
	}
	why := "HTTP/2 GOAWAY: " + code.String()
	end := func(s *ClientStream) {
		s.gone = true
		if code == codeNone {
			s.unprocessed(why, last > 0)
		} else {
			s.Fail(s.c, why) // it would happen again
		}
	}
	for _, s := range n.all() {
		if s.id > last {
			end(s.side.(*ClientStream))
		}
	}
	for _, s := range slices.Clone(n.client.deferred) {
		end(s)
	}
	n.endIfDone(c)
}

// Lost implements conn.Loser.
func (n *Connection) Lost(*conn.Conn) {
	if n.client != nil {
		n.ended = true
		n.leave()
		n.repeatStale()
	}
}

// repeatStale makes requests again whose server has ended a connection that was idle, just when they were sent: it has said
// nothing since then.
func (n *Connection) repeatStale() {
	for _, s := range n.all() {
		if one := s.side.(*ClientStream); s.id > 1 && one.heard == n.client.heard && one.Waiting() && one.Request.Idempotent() {
			s.gone = true
			one.unprocessed(lostText, false)
		}
	}
}

// hungUp is called when the server has closed its side.
func (n *Connection) hungUp(c *conn.Conn) bool {
	n.leave()
	n.client.refuseAll(lostText)
	n.repeatStale()
	for _, s := range n.all() {
		if !s.remoteClosed {
			s.gone = true
			s.side.lost(lostText)
			s.c.Kill()
		}
	}
	// Others have all of their response, which the program has still to take.
	return len(n.streams) == 0
}

// classifyResponse finds out what a header block from a server is for. It reports false where that ends the connection.
func (n *Connection) classifyResponse(c *conn.Conn, f *frame) bool {
	h := &n.header
	s := n.streams[f.stream]
	switch {
	case n.isIdle(f.stream):
		n.fail(c, codeProtocol, "HEADERS on an idle stream")
		return false
	case s == nil && n.wasReset(f.stream):
		h.purpose = purposeIgnore
	case s == nil:
		n.fail(c, codeStreamClosed, "HEADERS on a closed stream")
		return false
	case s.remoteClosed:
		h.purpose, h.reset, h.flaw = purposeIgnore, codeStreamClosed, "HEADERS after END_STREAM"
	case !s.side.(*ClientStream).responded:
		h.purpose = purposeResponse
	case !h.endStream:
		h.purpose, h.reset, h.flaw = purposeIgnore, codeProtocol, "trailers without END_STREAM"
	default:
		h.purpose = purposeTrailers
	}
	return true
}

// takeStatus takes the one pseudo-header field of a response.
func (h *headerBlock) takeStatus(name, value string) (flaw string) {
	switch {
	case name != ":status":
		return "unknown pseudo-header field " + strconv.Quote(name)
	case h.regular:
		return name + " after a regular field"
	case h.request.Status != 0:
		return "two of " + name
	case len(value) != 3 || value[0] < '1' || value[0] > '9' || value[1] < '0' || value[1] > '9' || value[2] < '0' || value[2] > '9':
		return "malformed " + name
	}
	h.request.Status = int(value[0]-'0')*100 + int(value[1]-'0')*10 + int(value[2]-'0')
	start, end := h.request.StoreString(value)
	h.request.Add(httpserver.TokenStatus, start, end)
	return ""
}

// answered acts on the head of a response.
func (n *Connection) answered(c *conn.Conn, h *headerBlock) {
	s := n.streams[h.stream]
	if s == nil {
		h.request.Release()
		return
	}
	if h.flaw == "" && h.status == 0 && h.request.Status == 0 {
		h.flaw = "no :status"
	}
	switch {
	case h.flaw != "":
		h.request.Release()
		n.streamError(c, h.stream, codeProtocol, "malformed response: "+h.flaw)
	case h.status != 0:
		h.request.Release()
		n.log(c, conn.LogNotice, "the head of a response is larger than the limits of the vhost")
		s.side.lost("problems parsing header")
		s.c.Kill()
	default:
		s.side.(*ClientStream).head(h)
	}
}
