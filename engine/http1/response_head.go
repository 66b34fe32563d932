package http1

import (
	"bytes"

	"golws/engine/httpserver"
)

// responseFraming is what the head of a response says about the body and the connection.
type responseFraming struct {
	length    int64 // of the body; -1 where there is no content-length
	chunked   bool
	keepAlive bool
}

// parseResponse reads a head, which is complete and may have other input behind it, into r. It returns
// its length, or 0 where it is malformed.
func parseResponse(r *httpserver.Request, head []byte, limit limits) (f responseFraming, length int) {
	f.length = -1
	text := r.SetText(head)
	end := bytes.IndexByte(text, '\r')
	if end < 0 || end+1 >= len(text) || text[end+1] != '\n' || !statusLine(r, text, end) {
		return f, 0
	}
	unfold(text[end+2:])
	common := framing{length: -1}
	state := fields{framing: &common, limits: &limit}
	at := end + 2
	for count := 0; ; count++ {
		if at+1 >= len(text) || count > limit.headers {
			return f, 0
		}
		if text[at] == '\r' {
			if text[at+1] != '\n' {
				return f, 0
			}
			break
		}
		var status int
		if at, status = state.parse(r, text, at); status != 0 {
			return f, 0
		}
	}
	// What else a coding might be, it cannot be undone here; and with a length as well, one of the two is a lie.
	if state.codings > 1 || state.codings == 1 && (!state.chunked || state.length >= 0) {
		return f, 0
	}
	f.length, f.chunked = state.length, state.chunked
	f.keepAlive = r.Version == httpserver.HTTP11
	switch {
	case r.Contains(httpserver.TokenConnection, "close"):
		f.keepAlive = false
	case r.Contains(httpserver.TokenConnection, "keep-alive"):
		f.keepAlive = true
	}
	return f, at + 2
}

// unfold makes one line of the lines of a field's value: servers of old send such (RFC 9112 section 5.2).
func unfold(lines []byte) {
	for {
		end := bytes.IndexByte(lines, '\n')
		if end < 0 || end+1 == len(lines) {
			return
		}
		if next := lines[end+1]; end > 0 && lines[end-1] == '\r' && (next == ' ' || next == '\t') {
			lines[end-1], lines[end] = ' ', ' '
		}
		lines = lines[end+1:]
	}
}

// statusLine reads version and status (RFC 9112 section 4).
func statusLine(r *httpserver.Request, text []byte, end int) bool {
	const version = len("HTTP/1.1")
	line := text[:end]
	if len(line) < version+4 || string(line[:7]) != "HTTP/1." || line[7] < '0' || line[7] > '9' || line[version] != ' ' {
		return false
	}
	r.Version = httpserver.HTTP11
	if line[7] == '0' {
		r.Version = httpserver.HTTP10
	}
	for _, c := range line[version+1 : version+4] {
		if c < '0' || c > '9' {
			return false
		}
		r.Status = r.Status*10 + int(c-'0')
	}
	if rest := line[version+4:]; r.Status < 100 || len(rest) > 0 && rest[0] != ' ' {
		return false
	}
	for _, c := range line[version+4:] {
		if !valueByte[c] {
			return false
		}
	}
	r.Add(httpserver.TokenHTTP, version+1, end)
	return true
}
