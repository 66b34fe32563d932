package http1

import (
	"bytes"
	"strconv"

	"golws/engine/conn"
	"golws/engine/httpserver"
)

// ClientRequest is what a client asks for.
type ClientRequest struct {
	Method  string
	Target  string // as it stands in the request line
	Host    string // the Host field
	Origin  string // the Origin field, none where empty
	Keep    bool   // do not ask the server to close
	Form    string // content-type of the body, where the library adds it
	Offer   Offer  // the protocol to change to, nil for HTTP itself
	Default bool   // no protocol was named, so that the host's first hears of it
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

// clientPhase is how far a client is.
type clientPhase uint8

const (
	clientConnecting clientPhase = iota // there is no connection yet
	clientSending                       // the request's body is under way
	clientWaiting                       // for the head of the response
	clientBody                          // of the response
	clientDone
)

// Client is a connection that asks a server for something.
type Client struct {
	request  ClientRequest
	response *httpserver.Request
	scanner  scanner
	body     body
	input    []byte // being taken; nil outside of Input
	used     int    // bytes of it that are used
	phase    clientPhase

	// Follow goes where a redirect leads, with the method GET if get says so. It returns what is wrong, or
	// nothing where the connection is another role's now. nil: redirects are responses like others.
	Follow func(c *conn.Conn, location string, get bool) (problem string)
	// ToGet tells that a redirect has made the request a GET.
	ToGet bool

	// Silent keeps CLIENT_CONNECTION_ERROR back, while the program can be told by a result.
	Silent bool

	bound   bool // the protocol is owed ClientHTTPDropProtocol
	told    bool // the program has heard of the failure
	pending bool // there is more body to come from the program
	chunked bool // it is sent in chunks, because its head does not tell its length
	asked   bool // a writable callback was asked for too early
	endless bool // the body of the response ends with the connection
	taken   bool // the program has read since it was told of input
	waiting bool // for the program to read
}

var (
	_ conn.Role                = (*Client)(nil)
	_ conn.Loser               = (*Client)(nil)
	_ httpserver.RequestHolder = (*Client)(nil)
)

// NewClient makes the role of a connection that is still to be made.
func NewClient(r ClientRequest) *Client { return &Client{request: r} }

// HeldRequest implements httpserver.RequestHolder: it is the response.
func (r *Client) HeldRequest() *httpserver.Request { return r.response }

// Bind ties the connection to the protocol that the program has named. Without one, the host's first
// protocol gets the events.
func (r *Client) Bind(c *conn.Conn) {
	if r.request.Default {
		if r.request.Offer == nil {
			c.BindProtocol(c.Host().Protocols[0])
		}
		return
	}
	r.bound = true
	c.Callback(conn.ClientHTTPBindProtocol)
}

// Fail ends the attempt and tells the program why.
func (r *Client) Fail(c *conn.Conn, why string) {
	if c.Killed() {
		return
	}
	r.tell(c, why)
	c.Kill()
}

func (r *Client) tell(c *conn.Conn, why string) {
	if r.told {
		return
	}
	r.told = true
	if h := c.Thread().Handler; h.Logs(conn.LogInfo) {
		h.Log(conn.LogInfo, "client: "+why)
	}
	if !r.Silent {
		c.CallbackBytes(conn.ClientConnectionError, append(make([]byte, 0, len(why)+1), why...))
	}
}

// Start sends the request on a connection that was made just now.
func (r *Client) Start(c *conn.Conn) {
	c.SetRole(r)
	c.Callback(conn.WSICreate)
	if c.Killed() {
		return
	}
	r.phase = clientSending
	limits := &c.Host().Limits
	c.SetTimeout(conn.TimeoutServerResponse, limits.Timeout)
	if !r.send(c) {
		c.Kill()
		return
	}
	if r.pending {
		c.SetTimeout(conn.TimeoutClientBody, limits.Timeout)
	} else {
		r.phase = clientWaiting
	}
	if r.asked {
		r.asked = false
		c.RequestWritable()
	}
}

// headRoom is what the program's own header fields may take at least.
const headRoom = 4096

// send writes the head of the request.
func (r *Client) send(c *conn.Conn) bool {
	q := &r.request
	head := make([]byte, 0, len(q.Target)+len(q.Host)+len(q.Origin)+1024+max(headRoom, c.Host().ServiceBuffer))
	head = append(head, q.Method...)
	head = append(head, ' ')
	head = append(head, q.Target...)
	head = append(head, " HTTP/1.1\r\nPragma: no-cache\r\nCache-Control: no-cache\r\nHost: "...)
	head = append(head, q.Host...)
	head = append(head, "\r\n"...)
	if q.Origin != "" {
		head = append(head, "Origin: "...)
		head = append(head, q.Origin...)
		head = append(head, "\r\n"...)
	}
	if q.Form != "" {
		head = append(head, "Content-Type: "...)
		head = append(head, q.Form...)
		head = append(head, "\r\n"...)
		r.pending = true
	}
	switch {
	case q.Offer != nil:
		head = q.Offer.AppendFields(c, head)
	case !q.Keep:
		head = append(head, "Connection: close\r\n"...)
	}
	if c.Killed() {
		return false
	}
	// Two bytes stay free for the end of the head.
	used, result := c.Thread().Handler.CallbackFill(c, conn.ClientAppendHandshakeHeader, head[:cap(head)-2], len(head), false)
	if result != 0 || used < len(head) || used > cap(head)-2 || c.Killed() {
		return false
	}
	c.Queue(r.frameBody(append(head[:used], "\r\n"...)))
	return true
}

// frameBody adds what tells the server where the body ends, if the program has not said it. A body that
// neither has is none (RFC 9112 section 6.3).
func (r *Client) frameBody(head []byte) []byte {
	if !r.pending {
		return head
	}
	for rest := head; ; {
		end := bytes.IndexByte(rest, '\n')
		if end < 0 {
			break
		}
		line := bytes.TrimSuffix(rest[:end], []byte{'\r'})
		rest = rest[end+1:]
		if _, ok := fieldValue(line, "content-length"); ok {
			return head
		}
		if _, ok := fieldValue(line, "transfer-encoding"); ok {
			return head
		}
	}
	r.chunked = true
	return append(head[:len(head)-2], "Transfer-Encoding: chunked\r\n\r\n"...)
}

// endChunks ends a body that is sent in chunks.
func (r *Client) endChunks(c *conn.Conn) {
	if r.chunked && !r.pending {
		r.chunked = false
		c.Queue([]byte("0\r\n\r\n"))
	}
}

// SetBodyPending says whether more of the request's body will be written.
func (r *Client) SetBodyPending(c *conn.Conn, pending bool) {
	was := r.pending
	r.pending = pending
	if was && !pending && r.phase == clientSending {
		r.phase = clientWaiting
		c.SetTimeout(conn.TimeoutServerResponse, c.Host().Limits.Timeout)
	}
}

// Write implements conn.Role: it takes the request's body.
func (r *Client) Write(c *conn.Conn, p []byte, kind conn.WriteKind) (int, error) {
	switch kind & conn.WriteKindMask {
	case conn.WritePing, conn.WritePong:
		return 0, conn.ErrWrongState
	}
	// The last piece is written after the program has said that none is pending, and a server may answer
	// before it has all.
	if r.phase == clientConnecting || r.phase == clientDone || r.request.Offer != nil {
		return 0, conn.ErrWrongState
	}
	size := len(p)
	if r.chunked && size > 0 {
		var space [20]byte
		c.Queue(append(strconv.AppendInt(space[:0], int64(size), 16), '\r', '\n'))
	}
	if size >= directSize {
		c.QueueDirect(nil, p)
	} else {
		c.Queue(p)
	}
	if r.chunked && size > 0 {
		c.Queue([]byte("\r\n"))
	}
	if kind&conn.WriteKindMask == conn.WriteHTTPFinal {
		r.SetBodyPending(c, false)
		r.endChunks(c)
	}
	if c.Killed() {
		return 0, conn.ErrClosed
	}
	if r.phase == clientSending {
		c.SetTimeout(conn.TimeoutClientBody, c.Host().Limits.Timeout)
	}
	return len(p), nil
}

// Writable implements conn.Role.
func (r *Client) Writable(c *conn.Conn) {
	if r.phase == clientConnecting {
		r.asked = true
		return
	}
	if r.request.Offer != nil {
		r.asked = true // for the role that follows
		return
	}
	if c.Callback(conn.ClientHTTPWriteable) != 0 {
		c.Finish()
		return
	}
	r.endChunks(c)
	r.settle(c)
}

// Drained implements conn.Role.
func (r *Client) Drained(*conn.Conn) {}

// Input implements conn.Role.
func (r *Client) Input(c *conn.Conn, p []byte) int {
	switch r.phase {
	case clientSending, clientWaiting:
		return r.head(c, p)
	case clientBody:
		return r.arrived(c, p)
	case clientDone:
		return len(p)
	}
	return 0
}

// head takes the head of a response. It returns 0 while that is not complete.
func (r *Client) head(c *conn.Conn, p []byte) int {
	limit := limitsOf(&c.Host().Limits)
	length, status := r.scanner.scan(p, limit)
	if length == 0 && status == 0 {
		return 0
	}
	var f responseFraming
	response := httpserver.NewRequest()
	if status == 0 {
		f, length = parseResponse(response, p[:length], limit)
	}
	if status != 0 || length == 0 {
		response.Release()
		r.Fail(c, "problems parsing header")
		return len(p)
	}
	r.scanner = scanner{}
	if response.Status < 200 && response.Status != 101 {
		response.Release() // interim; the one that counts follows
		return length
	}
	r.response = response
	if r.redirected(c) {
		return len(p)
	}
	if r.request.Offer != nil {
		r.answered(c)
		return length
	}
	if response.Status == 101 {
		r.Fail(c, "problems parsing header") // nobody asked for a change
		return len(p)
	}
	r.begin(c, f)
	return length
}

// redirected follows a redirect (RFC 9110 section 15.4). It returns false for other responses.
func (r *Client) redirected(c *conn.Conn) bool {
	status := r.response.Status
	switch status {
	case 301, 302, 303, 307, 308:
	default:
		return false
	}
	if r.Follow == nil {
		return false
	}
	location := r.response.Value(httpserver.TokenLocation)
	if len(location) == 0 {
		r.Fail(c, "HS: Redirect code but no Location")
		return true
	}
	if c.CallbackBytes(conn.ClientHTTPRedirect, location) != 0 {
		r.Fail(c, "HS: user code rejected redirect")
		return true
	}
	if c.Killed() {
		return true
	}
	where := string(location)
	if problem := r.Follow(c, where, status == 303 && r.request.Method != "HEAD"); problem != "" {
		r.Fail(c, problem)
	}
	return true
}

// Leave ends the role's part in a connection that goes on with another server.
func (r *Client) Leave(c *conn.Conn) {
	r.DeliverDropped(c)
	if r.response != nil {
		r.response.Release()
		r.response = nil
	}
}

// answered judges the answer to an offer.
func (r *Client) answered(c *conn.Conn) {
	if c.Callback(conn.EstablishedClientHTTP) != 0 {
		r.Fail(c, "HS: disallowed by client filter")
		return
	}
	if c.Killed() {
		return
	}
	if problem := r.request.Offer.Check(c, r.response); problem != "" {
		if h := c.Thread().Handler; h.Logs(conn.LogNotice) {
			h.Log(conn.LogNotice, "client: "+problem)
		}
		r.Fail(c, problem)
		return
	}
	if r.request.Default {
		c.BindProtocol(c.Host().Protocols[0])
	}
	if c.Callback(conn.ClientFilterPreEstablish) != 0 {
		r.Fail(c, "HS: Rejected by filter cb")
		return
	}
	if c.Killed() {
		return
	}
	response := r.response
	r.response = nil
	if r.asked {
		c.RequestWritable()
	}
	r.request.Offer.Take(c, response, r.bound)
}

// begin tells the program of the response and gets ready for its body.
func (r *Client) begin(c *conn.Conn, f responseFraming) {
	status := r.response.Status
	bodiless := r.request.Method == "HEAD" || status == 204 || status == 304
	r.endless = !bodiless && !f.chunked && f.length < 0
	r.body = body{chunked: f.chunked && !bodiless, left: max(f.length, 0)}
	if bodiless {
		r.body.left = 0
	}
	if c.Callback(conn.ClientFilterPreEstablish) != 0 {
		r.Fail(c, "HS: disallowed by client filter")
		return
	}
	if c.Killed() {
		return
	}
	c.SetTimeout(conn.NoPendingTimeout, 0)
	r.phase = clientBody
	if c.Callback(conn.EstablishedClientHTTP) != 0 {
		r.phase = clientWaiting
		r.Fail(c, "HS: disallowed at ESTABLISHED")
		return
	}
	if !r.body.chunked && r.body.left == 0 && !r.endless && !c.Killed() {
		r.finishBody(c)
	}
}

// arrived tells the program of input, as long as it takes some.
func (r *Client) arrived(c *conn.Conn, p []byte) int {
	r.input, r.used = p, 0
	for r.used < len(p) && r.phase == clientBody && c.Open() && !c.Paused() {
		r.taken = false
		if c.Callback(conn.ReceiveClientHTTP) != 0 {
			c.Finish()
			break
		}
		if !r.taken && r.phase == clientBody {
			r.waiting = true
			c.Pause(conn.PauseForProgram)
		}
	}
	if r.phase == clientDone {
		r.used = len(p)
	}
	r.input = nil
	r.settle(c)
	return r.used
}

// Read hands body that has arrived to the program, in pieces that fit its buffer; deliver calls it
// with a piece. It returns false where the connection is to be closed.
func (r *Client) Read(c *conn.Conn, size int, deliver func(piece []byte) int) bool {
	if r.phase != clientBody {
		return r.phase == clientDone && !c.Killed()
	}
	c.Hold()
	defer c.Unhold()
	r.taken = true
	if r.input != nil {
		used, ok := r.take(c, r.input[r.used:], size, deliver)
		r.used += used
		return ok
	}
	used, ok := r.take(c, c.KeptInput(), size, deliver)
	if !ok || c.Killed() {
		return false
	}
	c.UseKept(used)
	if r.waiting {
		r.waiting = false
		c.Resume(conn.PauseForProgram)
	}
	r.settle(c)
	return true
}

// take uses input up to size bytes of body.
func (r *Client) take(c *conn.Conn, p []byte, size int, deliver func(piece []byte) int) (used int, ok bool) {
	left := size
	for used < len(p) && left > 0 && r.phase == clientBody && !c.Killed() {
		var piece []byte
		if r.body.chunked {
			var n int
			piece, n = r.body.decoder.next(p[used:min(len(p), used+left)])
			used += n
			if r.body.decoder.state == chunkBad {
				c.Thread().Handler.Log(conn.LogNotice, "client: the response breaks the chunked coding")
				c.Kill()
				return used, false
			}
		} else {
			n := min(len(p)-used, left)
			if !r.endless {
				n = int(min(int64(n), r.body.left))
				r.body.left -= int64(n)
			}
			piece = p[used : used+n]
			used += n
		}
		if len(piece) > 0 {
			left -= len(piece)
			if deliver(piece) != 0 {
				return used, false
			}
		}
		if r.body.chunked && r.body.decoder.state == chunkDone || !r.body.chunked && !r.endless && r.body.left == 0 {
			return used, !c.Killed() && r.completed(c)
		}
	}
	return used, !c.Killed()
}

// completed tells the program, once, that it has all of the response.
func (r *Client) completed(c *conn.Conn) bool {
	r.phase = clientDone
	return c.Callback(conn.CompletedClientHTTP) == 0
}

// finishBody ends the transaction outside of Read.
func (r *Client) finishBody(c *conn.Conn) {
	r.completed(c)
	r.settle(c)
}

// settle closes a connection whose transaction is over.
func (r *Client) settle(c *conn.Conn) {
	if r.phase == clientDone && c.Open() {
		c.PeerFinished() // nothing more is expected
		c.CloseAfterFlush()
	}
}

// EOF implements conn.Role.
func (r *Client) EOF(c *conn.Conn) bool {
	switch r.phase {
	case clientSending, clientWaiting:
		r.Fail(c, "read failed")
	case clientBody:
		if c.HasKeptInput() {
			return false // the program has not taken all of it
		}
		if r.endless {
			r.completed(c)
		}
	}
	return true
}

// TimedOut implements conn.Role.
func (r *Client) TimedOut(c *conn.Conn, reason conn.Timeout) bool {
	if r.phase == clientSending || r.phase == clientWaiting {
		r.tell(c, "Timed out waiting server reply")
	}
	return false
}

// CheckValidity implements conn.Role. HTTP/1 has no way to ask the peer.
func (r *Client) CheckValidity(*conn.Conn) bool { return false }

// Finish implements conn.Role.
func (r *Client) Finish(c *conn.Conn) { c.Kill() }

// Lost implements conn.Loser.
func (r *Client) Lost(c *conn.Conn) {
	if r.phase == clientSending || r.phase == clientWaiting {
		r.tell(c, "read failed")
	}
}

// Closed implements conn.Role.
func (r *Client) Closed(c *conn.Conn) {
	r.DeliverDropped(c)
	if !r.told {
		if r.phase == clientConnecting {
			r.tell(c, "closed before established")
		} else {
			c.Callback(conn.ClosedClientHTTP)
		}
	}
	if r.response != nil {
		r.response.Release()
		r.response = nil
	}
}

// DeliverDropped tells the protocol, once, that it loses the connection.
func (r *Client) DeliverDropped(c *conn.Conn) {
	if r.bound && c.HasUser() {
		r.bound = false
		c.CallbackBytes(conn.ClientHTTPDropProtocol, c.Empty())
	}
}
