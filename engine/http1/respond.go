package http1

import (
	"bytes"
	"os"
	"strconv"

	"golang.org/x/sys/unix"

	"golws/engine/ascii"
	"golws/engine/conn"
	"golws/engine/files"
	"golws/engine/httpserver"
)

type responseState uint8

const (
	responseNone responseState = iota
	responseHead               // a head was begun
	responseBody               // the head is complete
)

// response is what was sent of the response. It is taken from what the program writes, so that
// the connection is framed rightly whatever that is.
type response struct {
	left    int64 // of the body by its content-length, -1 where unknown
	status  int
	state   responseState
	chunked bool
	bodiless,
	hasConnection, // a connection field was written
	close, // and asked to close
	hasDate, // a date field was written
	warned bool
}

// complete reports whether the peer can tell where the response ends without the connection's end.
func (s *response) complete() bool {
	return s.state == responseBody && (s.bodiless || s.chunked || s.left == 0)
}

// Write implements conn.Role.
func (r *Role) Write(c *conn.Conn, p []byte, kind conn.WriteKind) (int, error) {
	if !r.Active {
		return 0, conn.ErrWrongState
	}
	switch kind & conn.WriteKindMask {
	case conn.WritePing, conn.WritePong:
		return 0, conn.ErrWrongState
	}
	switch r.response.state {
	case responseNone:
		k := kind & conn.WriteKindMask
		if k != conn.WriteHTTPHeaders && !bytes.HasPrefix(p, []byte("HTTP/")) {
			// Something else than HTTP: it ends with the connection.
			r.Responded, r.keepAlive = true, false
			r.response.state = responseBody
			r.writeBody(c, p)
			break
		}
		r.response.state = responseHead
		r.writeHead(c, p)
	case responseHead:
		r.writeHead(c, p)
	default:
		r.writeBody(c, p)
	}
	return len(p), nil
}

// writeHead takes a piece of a response head, which may have the body behind it.
func (r *Role) writeHead(c *conn.Conn, p []byte) {
	for at := 0; ; {
		end := bytes.IndexByte(p[at:], '\n')
		if end < 0 {
			c.Queue(p)
			return
		}
		line := p[at : at+end]
		if n := len(line); n > 0 && line[n-1] == '\r' {
			line = line[:n-1]
		}
		if len(line) == 0 {
			r.endHead(c, p, at, at+end+1)
			return
		}
		r.response.line(line)
		at += end + 1
	}
}

// line notes what a line of the head says about framing.
func (s *response) line(line []byte) {
	switch line[0] | 0x20 {
	case 'h':
		if s.status == 0 && len(line) >= 12 && string(line[:5]) == "HTTP/" {
			s.status, _ = strconv.Atoi(string(line[9:12]))
		}
	case 'c':
		if value, ok := fieldValue(line, "content-length"); ok {
			s.left = parseLength(value)
		} else if value, ok := fieldValue(line, "connection"); ok {
			s.hasConnection = true
			s.close = s.close || ascii.EqualFold(value, "close")
		}
	case 'd':
		if _, ok := fieldValue(line, "date"); ok {
			s.hasDate = true
		}
	case 't':
		if _, ok := fieldValue(line, "transfer-encoding"); ok {
			s.chunked = true
		}
	}
}

func parseLength(value []byte) (n int64) {
	if len(value) == 0 || len(value) > 18 {
		return -1
	}
	for _, c := range value {
		if c < '0' || c > '9' {
			return -1
		}
		n = n*10 + int64(c-'0')
	}
	return n
}

// fieldValue returns the value of a header field if it has that name.
func fieldValue(line []byte, name string) ([]byte, bool) {
	if len(line) <= len(name) || line[len(name)] != ':' || !ascii.EqualFold(line[:len(name)], name) {
		return nil, false
	}
	value := line[len(name)+1:]
	for len(value) > 0 && (value[0] == ' ' || value[0] == '\t') {
		value = value[1:]
	}
	for n := len(value); n > 0 && (value[n-1] == ' ' || value[n-1] == '\t'); n-- {
		value = value[:n-1]
	}
	return value, true
}

// endHead sends the rest of a head, whose empty line is p[blank:end], and what follows it.
func (r *Role) endHead(c *conn.Conn, p []byte, blank, end int) {
	s := &r.response
	if s.status >= 100 && s.status < 200 && s.status != 101 {
		// An interim response; the one that counts follows.
		c.Queue(p[:end])
		*s = response{left: -1}
		if end < len(p) {
			s.state = responseHead
			r.writeHead(c, p[end:])
		}
		return
	}
	s.state = responseBody
	r.Responded = true
	s.bodiless = r.Method == httpserver.MethodHead || s.status == 204 || s.status == 304
	if s.close || r.Last || (r.unprompted && r.phase == phaseBody) || (!s.bodiless && !s.chunked && s.left < 0) {
		r.keepAlive = false
	}
	if s.chunked {
		s.left = -1
	}
	connection := ""
	if !s.hasConnection && s.status != 101 {
		switch {
		case !r.keepAlive && r.Version == httpserver.HTTP11:
			connection = "connection: close\r\n"
		case r.keepAlive && r.Version == httpserver.HTTP10:
			connection = "connection: keep-alive\r\n"
		}
	}
	date := ""
	if !s.hasDate && s.status >= 200 {
		date = httpserver.DateField(c.Thread().Loop.Now())
	}
	body := p[end:]
	if s.bodiless || (s.left >= 0 && int64(len(body)) > s.left) || len(p) >= directSize {
		body = nil // not with the head
	}
	// Head, additions and the beginning of the body go into one piece of memory.
	out := c.Reserve(blank + len(date) + len(connection) + end - blank + len(body))
	n := copy(out, p[:blank])
	n += copy(out[n:], date)
	n += copy(out[n:], connection)
	n += copy(out[n:], p[blank:end])
	copy(out[n:], body)
	if s.left > 0 {
		s.left -= int64(len(body))
	}
	if rest := p[end+len(body):]; len(rest) > 0 {
		r.writeBody(c, rest)
	}
}

// writeBody takes a piece of the response's body.
func (r *Role) writeBody(c *conn.Conn, p []byte) {
	s := &r.response
	if s.bodiless {
		return
	}
	if s.left >= 0 {
		if int64(len(p)) > s.left {
			// More would be taken for the next response.
			p = p[:s.left]
			if !s.warned {
				s.warned = true
				c.Thread().Handler.Log(conn.LogWarning, "http: the body is longer than the content-length of its head; the rest is dropped")
			}
		}
		s.left -= int64(len(p))
	}
	r.queue(c, p)
}

// directSize is the length above which the bytes are not copied.
const directSize = 16 << 10

func (r *Role) queue(c *conn.Conn, p []byte) {
	if len(p) >= directSize {
		c.QueueDirect(nil, p)
		return
	}
	c.Queue(p)
}

// smallFile is the size up to which a file is read into memory, where it leaves together with its
// head.
const smallFile = 12 << 10

// SendFile implements httpserver.Transaction.
func (r *Role) SendFile(c *conn.Conn, descriptor int, offset, n int64) bool {
	s := &r.response
	if s.bodiless || !r.Active || n <= 0 {
		unix.Close(descriptor)
		return true
	}
	if s.left >= 0 {
		n = min(n, s.left)
		s.left -= n
	}
	if n <= smallFile {
		if !files.ReadAt(descriptor, c.Reserve(int(n)), offset) {
			// The file has become shorter than the head says.
			c.Kill()
		}
		unix.Close(descriptor)
		return true
	}
	c.QueueFile(os.NewFile(uintptr(descriptor), "file"), offset, n)
	return false
}

// SendChunk implements httpserver.Transaction.
func (r *Role) SendChunk(c *conn.Conn, p []byte, last bool) {
	if r.response.bodiless {
		return
	}
	if !r.response.chunked {
		r.queue(c, p)
		return
	}
	if len(p) > 0 {
		var space [20]byte
		c.Queue(append(strconv.AppendInt(space[:0], int64(len(p)), 16), '\r', '\n'))
		r.queue(c, p)
		c.Queue([]byte("\r\n"))
	}
	if last {
		c.Queue([]byte("0\r\n\r\n"))
	}
}
