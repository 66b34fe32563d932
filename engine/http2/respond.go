package http2

import (
	"bytes"
	"os"
	"strconv"

	"golang.org/x/sys/unix"

	"golws/engine/ascii"
	"golws/engine/conn"
	"golws/engine/httpserver"
)

type responseState uint8

const (
	responseNone responseState = iota
	responseHead               // a head was begun
	responseBody               // the head was sent
)

// response is what was sent of the response. It is taken from what the program writes, which is text of HTTP/1.
type response struct {
	partial  []byte // of a head that comes in pieces
	left     int64  // of the body by its content-length, -1 where unknown
	status   int
	state    responseState
	bodiless bool
	warned   bool
}

// whole reports whether the response may end here.
func (r *response) whole() bool {
	return r.state == responseBody && (r.bodiless || r.left <= 0)
}

// Write implements conn.Role.
func (s *Stream) Write(c *conn.Conn, p []byte, kind conn.WriteKind) (int, error) {
	if !s.Active {
		return 0, conn.ErrWrongState
	}
	k := kind & conn.WriteKindMask
	if k == conn.WritePing || k == conn.WritePong {
		return 0, conn.ErrWrongState
	}
	final := k == conn.WriteHTTPFinal || kind&conn.WriteStreamEnd != 0
	switch s.response.state {
	case responseNone:
		if k != conn.WriteHTTPHeaders && !bytes.HasPrefix(p, []byte("HTTP/")) {
			// Something without a head.
			s.sendStatus(200)
			s.writeBody(p, final)
			break
		}
		s.response.state = responseHead
		s.writeHead(p, final)
	case responseHead:
		s.writeHead(p, final)
	default:
		s.writeBody(p, final)
	}
	return len(p), nil
}

// headEnd is where a head that ends with an empty line ends, -1 where it is not complete.
func headEnd(p []byte) int {
	for at := 0; ; {
		end := bytes.IndexByte(p[at:], '\n')
		if end < 0 {
			return -1
		}
		if at > 0 && (end == 0 || end == 1 && p[at] == '\r') {
			return at + end + 1
		}
		at += end + 1
	}
}

// writeHead takes a piece of a response's head, which may have the body behind it.
func (s *Stream) writeHead(p []byte, final bool) {
	r := &s.response
	if len(r.partial) > 0 {
		r.partial = append(r.partial, p...)
		p = r.partial
	}
	end := headEnd(p)
	if end < 0 {
		if len(r.partial) == 0 {
			r.partial = append(r.partial, p...)
		}
		return
	}
	r.partial = nil
	head, rest := p[:end], p[end:]
	r.status = statusOf(head)
	if r.status >= 100 && r.status < 200 {
		// An interim response; the one that counts follows.
		s.queueHead(head, false)
		r.state = responseNone
		if len(rest) > 0 {
			r.state = responseHead
			s.writeHead(rest, final)
		}
		return
	}
	r.state = responseBody
	r.bodiless = s.Method == httpserver.MethodHead || r.status == 204 || r.status == 304
	s.Responded = true
	r.left = lengthOf(head)
	complete := r.bodiless || r.left == 0 || final && r.left < 0 && len(rest) == 0
	s.queueHead(head, complete)
	if !complete {
		s.writeBody(rest, final)
	}
}

// sendHead implements side.
func (s *Stream) sendHead(head []byte) error {
	s.tunnel = true
	if s.gone || s.ended || !s.n.c.Open() {
		return conn.ErrClosed
	}
	end := headEnd(head)
	if end < 0 {
		return conn.ErrWrongState
	}
	s.response.status = statusOf(head)
	s.response.state = responseBody
	s.queueHead(head[:end], false)
	return nil
}

// sendStatus sends a head of a status alone.
func (s *Stream) sendStatus(status int) {
	var space [32]byte
	head := strconv.AppendInt(append(space[:0], "HTTP/1.1 "...), int64(status), 10)
	head = append(head, "\r\n\r\n"...)
	s.response.status = status
	if status >= 200 {
		s.response.state, s.Responded = responseBody, true
		s.response.bodiless = s.Method == httpserver.MethodHead
	}
	s.queueHead(head, false)
}

// statusOf reads the status line of a head. What it does not understand is a failure of the program.
func statusOf(head []byte) int {
	if len(head) >= 12 && bytes.HasPrefix(head, []byte("HTTP/")) {
		if status, err := strconv.Atoi(string(head[9:12])); err == nil && status >= 100 && status != 101 {
			return status
		}
	}
	return 500
}

// nextLine cuts the first line off a head.
func nextLine(head []byte) (line, rest []byte) {
	end := bytes.IndexByte(head, '\n')
	if end < 0 {
		return head, nil
	}
	line, rest = head[:end], head[end+1:]
	if n := len(line); n > 0 && line[n-1] == '\r' {
		line = line[:n-1]
	}
	return line, rest
}

// splitField is name and value of a line of a head.
func splitField(line []byte) (name, value []byte) {
	colon := bytes.IndexByte(line, ':')
	if colon <= 0 {
		return nil, nil
	}
	return line[:colon], trim(line[colon+1:])
}

func trim(p []byte) []byte {
	for len(p) > 0 && blank(p[0]) {
		p = p[1:]
	}
	for len(p) > 0 && blank(p[len(p)-1]) {
		p = p[:len(p)-1]
	}
	return p
}

// lengthOf is the content-length of a head, -1 where it has none.
func lengthOf(head []byte) int64 {
	for _, rest := nextLine(head); len(rest) > 0; {
		var line []byte
		line, rest = nextLine(rest)
		if len(line) > 15 && line[14] == ':' && ascii.EqualFold(line[:14], "content-length") {
			if n, ok := parseLength(string(trim(line[15:]))); ok {
				return n
			}
		}
	}
	return -1
}

// field is name and value of a line of a head as header blocks have them, the name in space where there is room. ok is
// false for what they must not have.
func (n *Connection) field(space, line []byte) (name, value []byte, ok bool) {
	name, value = splitField(line)
	if len(name) == 0 {
		return nil, nil, false
	}
	name = append(space, name...)
	valid := true
	for i, b := range name {
		name[i] = ascii.Lower(b)
		valid = valid && nameByte[name[i]]
	}
	switch string(name) {
	case "connection", "keep-alive", "proxy-connection", "transfer-encoding", "upgrade":
		return nil, nil, false
	}
	if !valid || !validValue(string(value)) {
		n.log(n.c, conn.LogWarning, "a malformed header field is left out: "+strconv.Quote(string(line)))
		return nil, nil, false
	}
	return name, value, true
}

// queueHead compresses a head and queues its frames.
func (s *Stream) queueHead(head []byte, end bool) {
	if s.gone || s.ended || !s.n.c.Open() {
		return
	}
	n, r := s.n, &s.response
	e := &n.encoder
	e.start()
	var digits [3]byte
	e.field([]byte(":status"), strconv.AppendInt(digits[:0], int64(r.status), 10), false)
	hasDate := false
	var space [64]byte
	for _, rest := nextLine(head); len(rest) > 0; {
		var line []byte
		line, rest = nextLine(rest)
		name, value, ok := n.field(space[:0], line)
		if !ok {
			continue
		}
		secret := false
		switch string(name) {
		case "content-length":
			if r.status < 200 || r.status == 204 {
				continue
			}
		case "date":
			hasDate = true
		case "set-cookie":
			secret = true
		}
		e.field(name, value, secret)
	}
	if !hasDate && r.status >= 200 {
		e.field([]byte("date"), []byte(httpserver.Date(n.c.Thread().Loop.Now())), false)
	}
	n.queueBlock(s.id, e.block, end)
	if end {
		s.ended = true
	}
}

// queueBlock queues a header block as HEADERS and, where it is too large, CONTINUATION frames.
func (n *Connection) queueBlock(id uint32, block []byte, end bool) {
	limit := int(min(n.theirs.maxFrame, maxData))
	kind := frameHeaders
	for {
		part := block[:min(len(block), limit)]
		block = block[len(part):]
		var flags uint8
		if kind == frameHeaders && end {
			flags |= flagEndStream
		}
		if len(block) == 0 {
			flags |= flagEndHeaders
		}
		b := n.c.Reserve(frameHead + len(part))
		putFrame(b, len(part), kind, flags, id)
		copy(b[frameHead:], part)
		if len(block) == 0 {
			return
		}
		kind = frameContinuation
	}
}

// writeBody takes a piece of the response's body.
func (s *Stream) writeBody(p []byte, final bool) {
	r := &s.response
	if r.bodiless {
		return
	}
	if s.ended || s.ending {
		if len(p) > 0 && !r.warned {
			r.warned = true
			s.n.log(s.n.c, conn.LogWarning, "the body is longer than its head or its last piece said; the rest is dropped")
		}
		return
	}
	if r.left >= 0 {
		if int64(len(p)) > r.left {
			p = p[:r.left]
			r.warned = true
			s.n.log(s.n.c, conn.LogWarning, "the body is longer than the content-length of its head; the rest is dropped")
		}
		r.left -= int64(len(p))
	}
	last := r.left == 0 || final && r.left < 0
	s.put(p, last)
}

// smallFile is the size up to which a file is read into memory, where it leaves together with its
// head.
const smallFile = 12 << 10

// SendFile implements httpserver.Transaction.
func (s *Stream) SendFile(c *conn.Conn, descriptor int, offset, n int64) bool {
	r := &s.response
	if r.bodiless || !s.Active || n <= 0 || s.ended || s.ending {
		unix.Close(descriptor)
		return true
	}
	if r.left >= 0 {
		n = min(n, r.left)
		r.left -= n
	}
	last := r.left == 0
	if n <= smallFile {
		var p []byte
		if c.QueuedBytes() == 0 && s.credit(int(n)) == int(n) {
			var flags uint8
			if last {
				flags = flagEndStream
			}
			p = s.reserve(int(n), flags)
		} else {
			p = c.Reserve(int(n))
		}
		if !s.readFile(descriptor, p, offset) {
			c.Kill()
		}
		unix.Close(descriptor)
		if last {
			s.end()
		}
		return true
	}
	c.QueueFile(os.NewFile(uintptr(descriptor), "file"), offset, n)
	if last {
		s.end()
	}
	return false
}

// SendChunk implements httpserver.Transaction.
func (s *Stream) SendChunk(_ *conn.Conn, p []byte, last bool) { s.writeBody(p, last) }
