package http2

import (
	"errors"
	"strconv"

	"golang.org/x/net/http2/hpack"

	"golws/engine/ascii"
	"golws/engine/conn"
	"golws/engine/httpserver"
)

// The limits where the vhost sets none, as in HTTP/1.
const (
	defaultHeaderList = 64 << 10
	defaultHeaders    = 128
)

// fieldOverhead is what a field counts beside its text (RFC 9113 section 6.5.2).
const fieldOverhead = 32

// maxContinuations is how many frames without END_HEADERS a header block may take. A block of the largest size that is
// served fits into far fewer.
const maxContinuations = 32

// purpose is what a header block is for.
type purpose uint8

const (
	purposeRequest purpose = iota
	purposeResponse
	purposeTrailers
	purposeIgnore // only the state of the compression is of interest
)

// headerBlock is the header block being received, and what is known of it so far.
type headerBlock struct {
	active    bool // HEADERS came and END_HEADERS did not
	endStream bool
	purpose   purpose
	reset     errorCode // what an ignored one is answered with
	stream    uint32
	frames    int // CONTINUATION frames
	bytes     int // compressed

	request *httpserver.Request // or response
	flaw    string              // why it is malformed
	status  int                 // what the request is to be refused with
	size    int                 // as counted by SETTINGS_MAX_HEADER_LIST_SIZE
	fields  int
	cookies int
	length  int64 // of the body, -1 where there is no content-length

	method, scheme, path, authority, protocol pseudo
	regular                                   bool // a field that is no pseudo-header field came
	continueExpected                          bool
}

// pseudo is the value of a pseudo-header field, in the request's text.
type pseudo struct {
	present    bool
	start, end int
}

func (h *headerBlock) drop() {
	if h.request != nil {
		h.request.Release()
	}
	*h = headerBlock{}
}

// decoder undoes the header compression.
type decoder struct {
	*hpack.Decoder
}

func (d *decoder) init(n *Connection) {
	d.Decoder = hpack.NewDecoder(n.ours.tableSize, n.decoded)
	// A string beyond the limit makes the request too large anyway. The decoder does not go on after it,
	// so it is not set tighter than that.
	d.SetMaxStringLength(int(n.ours.maxHeaderList) + maxTableSize)
}

// headersFrame takes the beginning of a request, or of its trailers.
func (n *Connection) headersFrame(c *conn.Conn, f *frame, p []byte) {
	if f.stream == 0 {
		n.fail(c, codeProtocol, "HEADERS on stream 0")
		return
	}
	p, ok := f.unpad(p)
	if !ok {
		n.fail(c, codeProtocol, "HEADERS with more padding than payload")
		return
	}
	dependsOnItself := false
	if f.has(flagPriority) {
		if len(p) < 5 {
			n.fail(c, codeFrameSize, "HEADERS is too short for its priority")
			return
		}
		dependsOnItself = parsePriority(p) == f.stream
		p = p[5:]
	}
	h := &n.header
	h.active, h.endStream, h.stream, h.length = true, f.has(flagEndStream), f.stream, -1
	known := false
	if n.client != nil {
		known = n.classifyResponse(c, f)
	} else {
		known = n.classify(c, f, dependsOnItself)
	}
	if !known {
		return
	}
	if h.purpose == purposeRequest || h.purpose == purposeResponse {
		h.request = httpserver.NewRequest()
		h.request.Version = httpserver.HTTP2
	}
	n.fragment(c, f, p)
}

func parsePriority(p []byte) uint32 {
	return (uint32(p[0])<<24 | uint32(p[1])<<16 | uint32(p[2])<<8 | uint32(p[3])) & maxWindow
}

// classify finds out what a header block is for. It reports false where that ends the connection.
func (n *Connection) classify(c *conn.Conn, f *frame, dependsOnItself bool) bool {
	h := &n.header
	if f.stream&1 == 0 {
		n.fail(c, codeProtocol, "HEADERS on a stream with an even number")
		return false
	}
	if s := n.streams[f.stream]; s != nil {
		switch {
		case s.remoteClosed:
			h.purpose, h.reset = purposeIgnore, codeStreamClosed
			h.flaw = "HEADERS after END_STREAM"
		case !h.endStream:
			h.purpose, h.reset = purposeIgnore, codeProtocol
			h.flaw = "trailers without END_STREAM"
		default:
			h.purpose = purposeTrailers
		}
		return true
	}
	if f.stream <= n.last {
		if n.drainOf(f.stream) != nil {
			h.purpose = purposeIgnore
			if h.endStream {
				n.endDrain(f.stream)
			} else {
				h.reset, h.flaw = codeProtocol, "trailers without END_STREAM"
			}
			return true
		}
		if n.wasReset(f.stream) {
			h.purpose = purposeIgnore
			return true
		}
		n.fail(c, codeStreamClosed, "HEADERS on a closed stream")
		return false
	}
	n.last = f.stream
	switch {
	case n.phase == phaseGoingAway || n.ended:
		h.purpose = purposeIgnore // RFC 9113 section 6.8: above what GOAWAY told
	case dependsOnItself:
		h.purpose, h.reset, h.flaw = purposeIgnore, codeProtocol, "a stream depends on itself"
	case len(n.streams)+len(n.drains) >= int(n.ours.maxStreams):
		h.purpose, h.reset, h.flaw = purposeIgnore, codeRefusedStream, "SETTINGS_MAX_CONCURRENT_STREAMS is reached"
	}
	return true
}

// continuationFrame takes more of a header block.
func (n *Connection) continuationFrame(c *conn.Conn, f *frame, p []byte) {
	h := &n.header
	switch {
	case !h.active || f.stream != h.stream:
		n.fail(c, codeProtocol, "CONTINUATION without HEADERS")
		return
	case h.frames >= maxContinuations:
		n.flooded(c, "CONTINUATION")
		return
	}
	h.frames++
	n.fragment(c, f, p)
}

// fragment decodes a piece of a header block, and ends it.
func (n *Connection) fragment(c *conn.Conn, f *frame, p []byte) {
	h := &n.header
	h.bytes += len(p)
	if h.bytes > int(n.ours.maxHeaderList)+maxTableSize {
		n.failLogged(c, codeEnhanceYourCalm, "a header block is too large", conn.LogWarning)
		return
	}
	if len(p) == 0 && !f.has(flagEndHeaders) && !n.floods.empty.spend(c, 1) {
		n.flooded(c, "empty header")
		return
	}
	_, err := n.decoder.Write(p)
	if err == nil && f.has(flagEndHeaders) {
		err = n.decoder.Close()
	}
	if err != nil {
		if errors.Is(err, hpack.ErrStringLength) {
			n.failLogged(c, codeEnhanceYourCalm, "a header field is too large", conn.LogWarning)
		} else {
			n.fail(c, codeCompression, "header block: "+err.Error())
		}
		return
	}
	if !f.has(flagEndHeaders) {
		if h.frames == 0 {
			c.SetTimeout(conn.TimeoutHoldingHeaders, c.Host().Limits.HeadTimeout)
		}
		return
	}
	if h.frames > 0 {
		c.SetTimeout(conn.NoPendingTimeout, 0)
	}
	done := *h
	*h = headerBlock{}
	n.decoder.SetEmitEnabled(true)
	n.headersComplete(c, &done)
	n.idle(c)
}

// headersComplete acts on a whole header block.
func (n *Connection) headersComplete(c *conn.Conn, h *headerBlock) {
	switch h.purpose {
	case purposeIgnore:
		if h.reset != codeNone {
			n.streamError(c, h.stream, h.reset, h.flaw)
		}
	case purposeTrailers:
		s := n.streams[h.stream]
		switch {
		case s == nil:
		case h.flaw != "":
			n.streamError(c, h.stream, codeProtocol, "trailers: "+h.flaw)
		default:
			s.endInput(c)
		}
	case purposeResponse:
		n.answered(c, h)
	default:
		switch {
		case h.flaw != "":
		case h.status != 0:
			// Not all of it was looked at.
			h.request.Method, _ = httpserver.MethodNamed(h.request.Value(httpserver.TokenMethod))
		default:
			h.check()
		}
		if h.flaw != "" {
			h.request.Release()
			n.streamError(c, h.stream, codeProtocol, "malformed request: "+h.flaw)
			return
		}
		n.begin(c, h)
	}
}

// decoded takes one decoded header field.
func (n *Connection) decoded(f hpack.HeaderField) {
	h := &n.header
	h.size += len(f.Name) + len(f.Value) + fieldOverhead
	h.fields++
	if h.flaw != "" || h.purpose == purposeIgnore {
		n.decoder.SetEmitEnabled(false)
		return
	}
	limits := &n.c.Host().Limits
	maxFields := limits.Headers
	if maxFields <= 0 {
		maxFields = defaultHeaders
	}
	maxFields = min(maxFields, 16<<10)
	if h.size > int(n.ours.maxHeaderList) || h.fields > maxFields+5 {
		h.status = 431
		n.decoder.SetEmitEnabled(false)
		return
	}
	if h.flaw = h.take(f.Name, f.Value, limits.Tokens); h.flaw != "" {
		n.decoder.SetEmitEnabled(false)
	}
}

// take checks a field and notes it. It returns what is wrong with it.
func (h *headerBlock) take(name, value string, tokenLimits []uint16) (flaw string) {
	if len(name) == 0 {
		return "a header field without a name"
	}
	if !validValue(value) {
		return "the value of " + strconv.Quote(name) + " has a byte that must not be there"
	}
	if name[0] == ':' {
		if h.purpose == purposeTrailers {
			return "pseudo-header field"
		}
		if h.purpose == purposeResponse {
			return h.takeStatus(name, value)
		}
		return h.takePseudo(name, value)
	}
	h.regular = true
	for i := 0; i < len(name); i++ {
		if !nameByte[name[i]] {
			return "malformed field name " + strconv.Quote(name)
		}
	}
	switch name {
	case "connection", "proxy-connection", "keep-alive", "transfer-encoding", "upgrade":
		return "connection-specific field " + name
	case "te":
		if value != "trailers" {
			return "te is not trailers"
		}
	}
	if h.purpose == purposeTrailers {
		return ""
	}
	return h.takeRegular(name, value, tokenLimits)
}

func (h *headerBlock) takePseudo(name, value string) (flaw string) {
	var p *pseudo
	var token httpserver.Token
	switch name {
	case ":method":
		p, token = &h.method, httpserver.TokenMethod
	case ":scheme":
		p, token = &h.scheme, httpserver.TokenScheme
	case ":path":
		p = &h.path
	case ":authority":
		p, token = &h.authority, httpserver.TokenAuthority
	case ":protocol":
		p, token = &h.protocol, httpserver.TokenColonProtocol
	default:
		return "unknown pseudo-header field " + strconv.Quote(name)
	}
	if h.regular {
		return name + " after a regular field"
	}
	if p.present {
		return "two of " + name
	}
	p.present = true
	p.start, p.end = h.request.StoreString(value)
	if p != &h.path {
		h.request.Add(token, p.start, p.end)
	}
	return ""
}

func (h *headerBlock) takeRegular(name, value string, tokenLimits []uint16) (flaw string) {
	r := h.request
	nameStart, nameEnd := r.StoreString(name)
	token, known := httpserver.FieldToken(r.Text()[nameStart:nameEnd])
	if !known {
		start, end := r.StoreString(value)
		r.AddCustom(nameStart, nameEnd, start, end)
		return ""
	}
	r.Truncate(nameStart)
	if int(token) < len(tokenLimits) && tokenLimits[token] != 0 && len(value) > int(tokenLimits[token]) {
		h.status = 431
		return ""
	}
	switch token {
	case httpserver.TokenHost:
		if r.Has(token) {
			return "two of host"
		}
	case httpserver.TokenContentLength:
		length, ok := parseLength(value)
		if !ok || h.length >= 0 && h.length != length {
			return "content-length"
		}
		if h.length >= 0 {
			return ""
		}
		h.length = length
	case httpserver.TokenCookie:
		h.cookies++
	case httpserver.TokenExpect:
		h.continueExpected = value == "100-continue"
	}
	start, end := r.StoreString(value)
	r.Add(token, start, end)
	return ""
}

// check judges a request as a whole (RFC 9113 section 8.3.1) and completes it.
func (h *headerBlock) check() {
	r := h.request
	text := func(p pseudo) []byte { return r.Text()[p.start:p.end] }
	if !h.method.present || h.method.start == h.method.end {
		h.flaw = "no :method"
		return
	}
	method, known := httpserver.MethodNamed(text(h.method))
	r.Method = method
	connect := known && method == httpserver.MethodConnect
	switch {
	case h.protocol.present && !connect:
		h.flaw = ":protocol without CONNECT"
	case connect && !h.protocol.present:
		if h.scheme.present || h.path.present || !h.authority.present {
			h.flaw = "CONNECT with :scheme or :path, or without :authority"
		}
		h.refuse(405)
		return
	case !h.scheme.present || !h.path.present:
		h.flaw = "no :scheme or no :path"
	case h.path.start == h.path.end:
		h.flaw = "empty :path"
	}
	if h.flaw != "" {
		return
	}
	r.Extended = h.protocol.present
	if !h.checkHost() {
		return
	}
	if !known {
		h.refuse(501)
		return
	}
	if h.cookies > 1 {
		h.joinCookies()
	}
	if path := text(h.path); len(path) == 1 && path[0] == '*' && method == httpserver.MethodOptions {
		r.Add(httpserver.TokenPath, h.path.start, h.path.end)
		return
	} else if path[0] != '/' {
		h.flaw = ":path does not begin with a slash"
		return
	}
	switch err := r.SetTarget(h.path.start, h.path.end); err {
	case nil:
		r.AddAgain(httpserver.TokenPath, method.Token())
	case httpserver.ErrArguments:
		h.refuse(414)
	default:
		h.refuse(403)
	}
}

func (h *headerBlock) refuse(status int) {
	if h.status == 0 {
		h.status = status
	}
}

// checkHost lets programs find the authority as the host too.
func (h *headerBlock) checkHost() bool {
	r := h.request
	authority, host := r.Value(httpserver.TokenAuthority), r.Value(httpserver.TokenHost)
	for _, b := range authority {
		if !hostByte[b] {
			h.flaw = "malformed :authority"
			return false
		}
	}
	for _, b := range host {
		if !hostByte[b] {
			h.flaw = "malformed host"
			return false
		}
	}
	switch {
	case !r.Has(httpserver.TokenHost) && h.authority.present:
		r.Add(httpserver.TokenHost, h.authority.start, h.authority.end)
	case h.authority.present && !ascii.EqualFold(authority, host):
		h.flaw = "host is not :authority"
		return false
	case !h.authority.present && !r.Has(httpserver.TokenHost):
		h.refuse(400)
	}
	return true
}

// joinCookies undoes the splitting of the cookie field (RFC 9113 section 8.2.3).
func (h *headerBlock) joinCookies() {
	var joined []byte
	for i := 0; ; i++ {
		crumb, ok := h.request.Fragment(httpserver.TokenCookie, i)
		if !ok {
			break
		}
		if i > 0 {
			joined = append(joined, "; "...)
		}
		joined = append(joined, crumb...)
	}
	h.request.Replace(httpserver.TokenCookie, joined)
}

func parseLength(value string) (n int64, ok bool) {
	if len(value) == 0 || len(value) > 18 {
		return 0, false
	}
	for i := 0; i < len(value); i++ {
		if value[i] < '0' || value[i] > '9' {
			return 0, false
		}
		n = n*10 + int64(value[i]-'0')
	}
	return n, true
}

// nameByte has the bytes that may be in a field's name, which is in lower case.
var nameByte = func() (table [256]bool) {
	for _, c := range "!#$%&'*+-.^_`|~0123456789abcdefghijklmnopqrstuvwxyz" {
		table[c] = true
	}
	return table
}()

// hostByte has the bytes that may be in a host with its port.
var hostByte = func() (table [256]bool) {
	for _, c := range "-._~!$&'()*+,;=%:[]0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ" {
		table[c] = true
	}
	return table
}()

// validValue reports whether a value has only bytes of RFC 9113 section 8.2.1, or that HTTP/1 refuses too.
func validValue(value string) bool {
	for i := 0; i < len(value); i++ {
		if c := value[i]; c < 0x20 && c != '\t' || c == 0x7f {
			return false
		}
	}
	return len(value) == 0 || !blank(value[0]) && !blank(value[len(value)-1])
}

func blank(c byte) bool { return c == ' ' || c == '\t' }
