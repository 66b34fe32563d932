package httpclient

import (
	"golws/engine/conn"
	"golws/engine/httpserver"
)

// Request is what a client asks for.
type Request struct {
	Method  string
	Target  string // as it stands in the request line
	Host    string // the Host field
	Origin  string // the Origin field, none where empty
	Keep    bool   // do not ask the server to close
	Form    string // content-type of the body, where the library adds it
	Offer   Offer  // the protocol to change to, nil for HTTP itself
	Default bool   // no protocol was named, so that the host's first hears of it

	// Cookies has the host remember the server's cookies and give them back.
	Cookies bool
	// Elsewhere tells that a redirect leads to another server than the program has named: what the program says about
	// itself is not for that.
	Elsewhere bool

	// Where HTTP/2 carries it: the program lets the server send, Credit bytes at first; and a server that sends more than
	// flow control can count is forgiven.
	ManualCredit    bool
	Credit          int
	ForgiveOverflow bool
}

// Destination is where a request goes.
type Destination struct {
	Secure  bool // by TLS
	Address string
	Port    int
	Target  string
	Host    string
}

// Options are what the program wants beyond the usual.
type Options struct {
	// Decode undoes the content coding of the response, and tells the server which ones may be used.
	Decode bool
	// Trust lets other servers have credentials that redirects lead to.
	Trust bool
}

// Idempotent reports whether making the request twice is the same as once (RFC 9110 section 9.2.2).
func (r *Request) Idempotent() bool {
	switch r.Method {
	case "GET", "HEAD", "OPTIONS", "PUT", "DELETE":
		return true
	}
	return false
}

// Offer is the client's side of a change to another protocol.
type Offer interface {
	// AppendFields appends header fields to the request.
	AppendFields(c *conn.Conn, head []byte) []byte
	// Check returns what is wrong with the response, or nothing.
	Check(c *conn.Conn, response *httpserver.Request) (problem string)
	// Take hands the connection and the response over.
	Take(c *conn.Conn, response *httpserver.Request, told bool)
}

// ExtendedOffer is an Offer that HTTP/2 can carry as an extended CONNECT (RFC 8441).
type ExtendedOffer interface {
	Offer
	// Token is what :protocol says.
	Token() string
	// AppendExtendedFields and CheckExtended are what AppendFields and Check are for HTTP/1.
	AppendExtendedFields(c *conn.Conn, head []byte) []byte
	CheckExtended(c *conn.Conn, response *httpserver.Request) (problem string)
}

// NoExtendedConnect is what programs hear where HTTP/2 was chosen and the server cannot carry an Offer by it.
const NoExtendedConnect = "HS: ws upgrade refused: the server has no extended CONNECT"

// headRoom is what the program's own header fields may take at least.
const headRoom = 4096

// headSize is how much room the head of a request gets at least.
func (t *Transaction) headSize(c *conn.Conn) int {
	q := &t.Request
	return len(q.Target) + len(q.Host) + len(q.Origin) + 1024 + max(headRoom, c.Host().ServiceBuffer)
}

// appendHead makes the head of the request in empty space, up to and with the program's own fields. It reports false
// where the program has ended the connection.
func (t *Transaction) appendHead(c *conn.Conn, head []byte) ([]byte, bool) {
	q := &t.Request
	if q.Form != "" {
		t.pending = true
	}
	head = t.version.AppendHead(c, head)
	if c.Killed() {
		return nil, false
	}
	// Two bytes stay free for the end of the head.
	used, result := c.Thread().Handler.CallbackFill(c, conn.ClientAppendHandshakeHeader, head[:cap(head)-2], len(head), false)
	if result != 0 || used < len(head) || used > cap(head)-2 || t.gone(c) {
		return nil, false
	}
	begin := len(head)
	head = head[:used]
	if t.elsewhere() {
		head = dropFields(head, begin, "authorization", "cookie")
	}
	return t.appendAccepted(t.appendAuthorization(t.appendCookies(c, head))), true
}

// endBody tells the version that the body is complete, once.
func (t *Transaction) endBody(c *conn.Conn) {
	if t.unended && !t.pending {
		t.unended = false
		t.version.EndBody(c)
	}
}

// SetBodyPending says whether more of the request's body will be written. One that offers an upgrade has none.
func (t *Transaction) SetBodyPending(c *conn.Conn, pending bool) {
	if t.Request.Offer != nil {
		return
	}
	was := t.pending
	t.pending = pending
	if was && !pending && t.phase == sending {
		t.phase = awaiting
		c.SetTimeout(conn.TimeoutServerResponse, c.Host().Limits.Timeout)
	}
}

// Write implements conn.Role: it takes the request's body.
func (t *Transaction) Write(c *conn.Conn, p []byte, kind conn.WriteKind) (int, error) {
	switch kind & conn.WriteKindMask {
	case conn.WritePing, conn.WritePong:
		return 0, conn.ErrWrongState
	}
	// The last piece is written after the program has said that none is pending, and a server may answer
	// before it has all.
	if t.phase == connecting || t.phase == done || t.Request.Offer != nil {
		return 0, conn.ErrWrongState
	}
	if len(p) > 0 {
		t.written = true
		t.version.SendBody(c, p)
	}
	if kind&conn.WriteKindMask == conn.WriteHTTPFinal || kind&conn.WriteStreamEnd != 0 {
		t.SetBodyPending(c, false)
		t.endBody(c)
	}
	if c.Killed() {
		return 0, conn.ErrClosed
	}
	if t.phase == sending {
		c.SetTimeout(conn.TimeoutClientBody, c.Host().Limits.Timeout)
	}
	return len(p), nil
}
