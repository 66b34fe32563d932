package http1

import (
	"bytes"

	"golws/engine/ascii"
	"golws/engine/httpserver"
	"golws/engine/vhost"
)

// The limits where the vhost sets none.
const (
	defaultHeadBytes = 64 << 10
	defaultLineBytes = 16 << 10
	defaultHeaders   = 128
)

type limits struct {
	head, line, headers int
	tokens              []uint16
}

func limitsOf(l *vhost.Limits) limits {
	result := limits{l.HeadBytes, l.LineBytes, l.Headers, l.Tokens}
	if result.head <= 0 {
		result.head = defaultHeadBytes
	}
	if result.line <= 0 {
		result.line = defaultLineBytes
	}
	if result.headers <= 0 {
		result.headers = defaultHeaders
	}
	result.line = min(result.line, result.head)
	result.headers = min(result.headers, 16<<10)
	return result
}

// scanner finds the end of a request head in input that comes in pieces and is offered again from
// its start each time.
type scanner struct {
	line  int // where the first line that was not seen whole begins
	lines int
}

// scan returns the length of the head, 0 where it is not complete, or a status to refuse with.
func (s *scanner) scan(p []byte, limit limits) (length, status int) {
	for {
		end := bytes.IndexByte(p[s.line:], '\n')
		if end < 0 {
			switch {
			case s.lines == 0 && len(p) > limit.line:
				return 0, longLine(p[:limit.line])
			case len(p) >= limit.head:
				return 0, 431
			}
			return 0, 0
		}
		end += s.line
		if end == 0 || p[end-1] != '\r' {
			return 0, 400
		}
		switch {
		case s.lines == 0 && end > limit.line:
			return 0, longLine(p[:limit.line])
		case end >= limit.head:
			return 0, 431
		case end-1 == s.line:
			return end + 1, 0
		case s.lines > limit.headers:
			return 0, 431
		}
		s.lines++
		s.line = end + 1
	}
}

// longLine is the status for a request line that is too long: its target is, or already the method.
func longLine(p []byte) int {
	if bytes.IndexByte(p, ' ') < 0 {
		return 501
	}
	return 414
}

// nameByte gives for each byte that may be in a token its lower case, and 0 for others.
var nameByte = func() (table [256]byte) {
	for _, c := range "!#$%&'*+-.^_`|~0123456789abcdefghijklmnopqrstuvwxyz" {
		table[c] = byte(c)
	}
	for c := 'A'; c <= 'Z'; c++ {
		table[c] = byte(c) | 0x20
	}
	return table
}()

// valueByte has the bytes that may be in a field's value.
var valueByte = func() (table [256]bool) {
	for c := 0x20; c < 256; c++ {
		table[c] = c != 0x7f
	}
	table['\t'] = true
	return table
}()

// hostByte has the bytes that may be in a host with its port.
var hostByte = func() (table [256]bool) {
	for _, c := range "-._~!$&'()*+,;=%:[]0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ" {
		table[c] = true
	}
	return table
}()

// exceeds reports whether a value is longer than its token may be.
func (l *limits) exceeds(t httpserver.Token, length int) bool {
	return int(t) < len(l.tokens) && l.tokens[t] != 0 && length > int(l.tokens[t])
}

// framing is what the head says about the message and the connection.
type framing struct {
	length         int64 // of the body; -1 where there is no content-length
	chunked        bool
	keepAlive      bool
	expectContinue bool
	asterisk       bool // the target is *, the server itself
}

// complete reports whether input is likely to be just one head, which is the usual case: then it
// need not be scanned for the head's end first.
func complete(p []byte, limit limits) bool {
	n := len(p)
	return n >= 4 && n <= min(limit.line, 4096) && p[n-1] == '\n' && p[n-2] == '\r' && p[n-3] == '\n' && p[n-4] == '\r'
}

// parse reads a head, which is complete and may have other input behind it, into r. It returns its
// length and 0 or the status to refuse the request with.
func parse(r *httpserver.Request, head []byte, limit limits) (f framing, length, status int) {
	f.length = -1
	text := r.SetText(head)
	end := bytes.IndexByte(text, '\r')
	if end < 0 || end+1 >= len(text) || text[end+1] != '\n' {
		return f, 0, 400
	}
	target, targetEnd, status := requestLine(r, text, end)
	if status != 0 {
		return f, 0, status
	}
	state := fields{framing: &f, limits: &limit}
	at := end + 2
	for count := 0; ; count++ {
		if at+1 >= len(text) {
			return f, 0, 400
		}
		if text[at] == '\r' {
			if text[at+1] != '\n' {
				return f, 0, 400
			}
			break
		}
		if count == limit.headers {
			return f, 0, 431
		}
		if at, status = state.parse(r, text, at); status != 0 {
			return f, 0, status
		}
	}
	if status = state.finish(r); status != 0 {
		return f, 0, status
	}
	if limit.exceeds(r.Method.Token(), targetEnd-target) {
		return f, 0, 414
	}
	return f, at + 2, f.setTarget(r, text, target, targetEnd)
}

// requestLine reads method and version and tells where the target is.
func requestLine(r *httpserver.Request, text []byte, end int) (target, targetEnd, status int) {
	space := bytes.IndexByte(text[:end], ' ')
	if space <= 0 {
		return 0, 0, 400
	}
	for _, c := range text[:space] {
		if nameByte[c] == 0 {
			return 0, 0, 400
		}
	}
	target = space + 1
	for targetEnd = target; targetEnd < end && text[targetEnd] > ' ' && text[targetEnd] != 0x7f; targetEnd++ {
	}
	version := targetEnd + 1
	if targetEnd == target || targetEnd == end || text[targetEnd] != ' ' || end-version != len("HTTP/1.1") {
		return 0, 0, 400
	}
	v := text[version:end]
	if string(v[:5]) != "HTTP/" || v[5] < '0' || v[5] > '9' || v[6] != '.' || v[7] < '0' || v[7] > '9' {
		return 0, 0, 400
	}
	if v[5] != '1' {
		return 0, 0, 505
	}
	r.Version = httpserver.HTTP11
	if v[7] == '0' {
		r.Version = httpserver.HTTP10
	}
	var known bool
	if r.Method, known = httpserver.MethodNamed(text[:space]); !known {
		return 0, 0, 501
	}
	r.Add(httpserver.TokenHTTP, version, end)
	return target, targetEnd, 0
}

// fields reads the header fields and notes what concerns framing.
type fields struct {
	*framing
	limits        *limits
	hosts         int
	codings       int
	close, keep   bool
	otherExpected bool
}

// parse reads the field at text[at] and returns where the next one begins.
func (s *fields) parse(r *httpserver.Request, text []byte, at int) (next, status int) {
	colon := at
	for {
		if colon == len(text) {
			return 0, 400
		}
		c := nameByte[text[colon]]
		if c == 0 {
			break
		}
		text[colon] = c
		colon++
	}
	if text[colon] != ':' || colon == at {
		return 0, 400
	}
	start := colon + 1
	for start < len(text) && (text[start] == ' ' || text[start] == '\t') {
		start++
	}
	end := start
	for end < len(text) && valueByte[text[end]] {
		end++
	}
	if end+1 >= len(text) || text[end] != '\r' || text[end+1] != '\n' {
		return 0, 400
	}
	next = end + 2
	for end > start && (text[end-1] == ' ' || text[end-1] == '\t') {
		end--
	}
	token, known := httpserver.FieldToken(text[at:colon])
	if !known {
		r.AddCustom(at, colon, start, end)
		return next, 0
	}
	if s.limits.exceeds(token, end-start) {
		return 0, 431
	}
	if status = s.note(token, text[start:end]); status != 0 {
		return 0, status
	}
	r.Add(token, start, end)
	return next, 0
}

// note looks at a field that concerns framing.
func (s *fields) note(token httpserver.Token, value []byte) (status int) {
	switch token {
	case httpserver.TokenHost:
		s.hosts++
		for _, c := range value {
			if !hostByte[c] {
				return 400
			}
		}
	case httpserver.TokenContentLength:
		if s.length >= 0 || len(value) == 0 || len(value) > 18 {
			return 400
		}
		s.length = 0
		for _, c := range value {
			if c < '0' || c > '9' {
				return 400
			}
			s.length = s.length*10 + int64(c-'0')
		}
	case httpserver.TokenTransfer:
		s.codings++
		s.chunked = ascii.EqualFold(value, "chunked")
	case httpserver.TokenExpect:
		if ascii.EqualFold(value, "100-continue") {
			s.expectContinue = true
		} else {
			s.otherExpected = true
		}
	}
	return 0
}

// finish judges the head as a whole.
func (s *fields) finish(r *httpserver.Request) (status int) {
	old := r.Version == httpserver.HTTP10
	if s.hosts > 1 || (s.hosts == 0 && !old) {
		return 400
	}
	if s.codings > 0 && (s.codings > 1 || !s.chunked || s.length >= 0 || old) {
		return 400
	}
	s.keepAlive = !old
	if r.Has(httpserver.TokenConnection) {
		if r.Contains(httpserver.TokenConnection, "close") {
			s.keepAlive = false
		} else if old {
			s.keepAlive = r.Contains(httpserver.TokenConnection, "keep-alive")
		}
	}
	if old {
		s.expectContinue = false
	} else if s.otherExpected {
		return 417
	}
	return 0
}

// setTarget judges the request target and gives the request its path.
func (f *framing) setTarget(r *httpserver.Request, text []byte, start, end int) (status int) {
	switch {
	case r.Method == httpserver.MethodConnect:
		return 405
	case text[start] == '/':
	case end-start == 1 && text[start] == '*':
		if r.Method != httpserver.MethodOptions {
			return 400
		}
		f.asterisk = true
		return 0
	default:
		var ok bool
		if start, ok = absolute(r, text, start, end); !ok {
			return 400
		}
		if start == end {
			// Nothing follows the host.
			from, to := r.Store([]byte{'/'})
			r.Add(r.Method.Token(), from, to)
			return 0
		}
		if text[start] == '?' {
			// The byte before is the host's last, which has been copied.
			start--
			r.Text()[start] = '/'
		}
	}
	switch r.SetTarget(start, end) {
	case nil:
		return 0
	case httpserver.ErrArguments:
		return 414
	}
	return 403
}

// absolute reads scheme and host of an absolute target, which count in place of the Host field, and
// returns where its path begins.
func absolute(r *httpserver.Request, text []byte, start, end int) (path int, ok bool) {
	scheme := 0
	for _, s := range [...]string{"http://", "https://"} {
		if end-start > len(s) && ascii.EqualFold(text[start:start+len(s)], s) {
			scheme = len(s)
		}
	}
	if scheme == 0 {
		return 0, false
	}
	host := start + scheme
	path = host
	for path < end && text[path] != '/' && text[path] != '?' {
		if !hostByte[text[path]] {
			return 0, false
		}
		path++
	}
	if path == host {
		return 0, false
	}
	r.Replace(httpserver.TokenHost, text[host:path])
	return path, true
}

// TokenByte reports whether a byte may be in a token, such as a method.
func TokenByte(c byte) bool { return nameByte[c] != 0 }
