package http1

import (
	"bytes"
	"strconv"

	"golws/engine/conn"
	"golws/engine/httpclient"
	"golws/engine/httpserver"
)

// Client is a connection that asks a server for something.
type Client struct {
	*httpclient.Transaction
	scanner scanner
	body    body
	chunked bool // the request's body is sent in chunks, because its head does not tell its length
	endless bool // the body of the response ends with the connection
	keep    bool // both sides are willing to go on with the connection
	interim int  // responses that came before the one that counts
}

// maxInterim is how many interim responses a request may have.
const maxInterim = 16

var _ httpclient.Version = (*Client)(nil)

// StartClient sends the request of a transaction on a connection that was made just now.
func StartClient(c *conn.Conn, t *httpclient.Transaction) {
	r := &Client{Transaction: t}
	c.SetRole(r)
	t.Start(c, r)
}

// AppendHead implements httpclient.Version.
func (r *Client) AppendHead(c *conn.Conn, head []byte) []byte {
	q := &r.Request
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
	}
	switch {
	case q.Offer != nil:
		head = q.Offer.AppendFields(c, head)
	case !q.Keep:
		head = append(head, "Connection: close\r\n"...)
	}
	return head
}

// SendHead implements httpclient.Version.
func (r *Client) SendHead(c *conn.Conn, head []byte, body bool) {
	head = append(head, "\r\n"...)
	if body {
		head = r.frameBody(head)
	}
	c.Queue(head)
}

// frameBody adds what tells the server where the body ends, if the program has not said it. A body that
// neither has is none (RFC 9112 section 6.3).
func (r *Client) frameBody(head []byte) []byte {
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

// SendBody implements httpclient.Version.
func (r *Client) SendBody(c *conn.Conn, p []byte) {
	size := len(p)
	if r.chunked {
		var space [20]byte
		c.Queue(append(strconv.AppendInt(space[:0], int64(size), 16), '\r', '\n'))
	}
	if size >= directSize {
		c.QueueDirect(nil, p)
	} else {
		c.Queue(p)
	}
	if r.chunked {
		c.Queue([]byte("\r\n"))
	}
}

// EndBody implements httpclient.Version.
func (r *Client) EndBody(c *conn.Conn) {
	if r.chunked {
		r.chunked = false
		c.Queue([]byte("0\r\n\r\n"))
	}
}

// Input implements conn.Role.
func (r *Client) Input(c *conn.Conn, p []byte) int {
	switch {
	case r.Waiting():
		return r.head(c, p)
	case r.Receiving():
		return r.Receive(c, p)
	case r.Over():
		return len(p)
	}
	return 0
}

// head takes the head of a response. It returns 0 while that is not complete.
func (r *Client) head(c *conn.Conn, p []byte) int {
	r.Answering(c)
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
	if response.Status < 200 {
		r.interim++
	} else {
		r.interim = 0
	}
	if r.interim > maxInterim {
		response.Release()
		r.Fail(c, "too many interim responses")
		return len(p)
	}
	r.keep = r.Request.Keep && f.keepAlive
	if !r.Respond(c, response, r.prepareBody(response.Status, f)) {
		return len(p)
	}
	return length
}

// prepareBody gets ready for what follows the head (RFC 9112 section 6.3).
func (r *Client) prepareBody(status int, f responseFraming) httpclient.BodyKind {
	r.body, r.endless = body{}, false
	switch {
	case r.Bodiless(status) || !f.chunked && f.length == 0:
		return httpclient.NoBody
	case !f.chunked && f.length < 0:
		r.endless = true
		return httpclient.EndlessBody
	}
	r.body = body{chunked: f.chunked, left: max(f.length, 0)}
	return httpclient.FramedBody
}

// Decode implements httpclient.Version.
func (r *Client) Decode(p []byte) (piece []byte, used int, end, ok bool) {
	switch {
	case r.endless:
		return p, len(p), false, true
	case r.body.chunked:
		piece, used = r.body.decoder.next(p)
		state := r.body.decoder.state
		return piece, used, state == chunkDone, state != chunkBad
	}
	used = int(min(int64(len(p)), r.body.left))
	r.body.left -= int64(used)
	return p[:used], used, r.body.left == 0, true
}

// Finished implements httpclient.Version.
func (r *Client) Finished(c *conn.Conn) {
	if r.keep && !r.endless && r.HandOver(c) {
		return
	}
	c.PeerFinished() // nothing more is expected
	c.CloseAfterFlush()
}
