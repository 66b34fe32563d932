package ws

import (
	"bytes"
	"crypto/sha1"
	"encoding/base64"
	"strconv"
	"strings"

	"golws/engine/conn"
	"golws/engine/httpserver"
	"golws/engine/vhost"
)

// acceptGUID is what the server appends to the client's key (RFC 6455 section 1.3).
const acceptGUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"

// keySize is the length of a key: 16 bytes in base64.
const keySize = 24

// headRoom is what the program's own header fields may take at least.
const headRoom = 4096

// Refusals of a handshake.
var (
	badRequest = httpserver.Refusal{Status: 400}
	badVersion = httpserver.Refusal{Status: 426,
		Fields: "sec-websocket-version: 13\r\nupgrade: websocket\r\n"}
	badStreamVersion = httpserver.Refusal{Status: 400, Fields: "sec-websocket-version: 13\r\n"}
	hangup           = httpserver.Refusal{Hangup: true}
)

// upgrade makes a request's connection one of WebSocket. It returns false where the request
// stays with its role, which refuses it as request.Refusal says.
func (s *shared) upgrade(c *conn.Conn, request *httpserver.Request) bool {
	if request.Extended {
		// Programs look there for what the request is about.
		request.AddAgain(httpserver.TokenGetURI, httpserver.TokenPath)
		request.AddAgain(httpserver.TokenUpgrade, httpserver.TokenColonProtocol)
	}
	result := c.CallbackBytes(conn.HTTPConfirmUpgrade, request.Value(httpserver.TokenUpgrade))
	switch {
	case c.Killed():
		return false
	case result < 0:
		request.Refusal = hangup
		return false
	case result > 0:
		request.Refusal.Answered = true
		return false
	}
	if refusal := checkRequest(c, request); refusal != nil {
		request.Refusal = *refusal
		return false
	}
	protocol, named := chooseProtocol(c.Host().Vhost, request)
	if protocol == nil {
		if h := c.Thread().Handler; h.Logs(conn.LogNotice) {
			h.Log(conn.LogNotice, "websocket: no such protocol: "+
				strconv.Quote(string(request.Append(nil, httpserver.TokenProtocol))))
		}
		request.Refusal = badRequest
		return false
	}
	if protocol.LoginFile != "" && !httpserver.LoggedIn(c, protocol.LoginFile) {
		request.Refusal = httpserver.LoginRequired
		return false
	}
	// A protocol that refuses the bind gets the connection all the same, but is not told of its loss.
	bound := httpserver.BindProtocol(c, protocol)
	if c.Killed() || c.Protocol() != protocol {
		request.Refusal = hangup
		return false
	}

	r := &Role{side: &serverSide, shared: s, request: request}
	r.set(flagDropped, !bound)
	r.set(flagExtended, request.Extended)
	if state := httpserver.StateOf(c); state != nil {
		state.TakeRequest()
	}
	c.SetRole(r)
	c.Mirror &^= conn.MirrorHTTP | conn.MirrorHTTP10 | conn.MirrorHTTPClose | conn.MirrorHead
	c.Mirror |= conn.MirrorWebSocket
	c.Thread().Handler.StateChanged(c)
	c.SetTimeout(conn.NoPendingTimeout, 0)
	r.accept(c, named)
	return true
}

// accept asks the program and answers the request.
func (r *Role) accept(c *conn.Conn, named bool) {
	handler := c.Thread().Handler
	if c.CallbackBytes(conn.FilterProtocolConnection, r.request.Value(httpserver.TokenProtocol)) != 0 {
		r.refuse(c)
		return
	}
	if c.Killed() {
		return
	}
	head := r.shared.head
	if size := headRoom + max(headRoom, c.Host().ServiceBuffer); cap(head) < size {
		head = make([]byte, 0, size)
		r.shared.head = head
	}
	head = r.beginHead(head[:0])
	if name := c.Protocol().Name; named && name != "" {
		head = append(head, "Sec-WebSocket-Protocol: "...)
		head = append(append(head, name...), "\r\n"...)
	}
	if agreed, ok := r.chooseExtension(c); ok {
		head = append(head, "Sec-WebSocket-Extensions: "...)
		head = append(agreed.appendResponse(head), "\r\n"...)
		r.deflate = newDeflate(agreed, false)
	}
	if c.Killed() {
		return
	}
	// Two bytes stay free for the end of the head.
	used, result := handler.CallbackFill(c, conn.AddHeaders, head[:cap(head)-2], len(head), false)
	if c.Killed() {
		return
	}
	if result != 0 || used < len(head) || used > cap(head)-2 {
		r.refuse(c)
		return
	}
	head = append(head[:used], "\r\n"...)
	if !r.send(c, head) {
		return
	}
	r.phase = phaseOpen
	c.StartValidity()
	if c.Callback(conn.Established) != 0 {
		c.Finish()
	}
	if r.request != nil {
		r.request.Release()
		r.request = nil
	}
}

// beginHead appends the part of the response that is the same for all.
func (r *Role) beginHead(head []byte) []byte {
	if r.has(flagExtended) {
		return append(head, "HTTP/1.1 200 OK\r\n"...)
	}
	head = append(head, "HTTP/1.1 101 Switching Protocols\r\nUpgrade: WebSocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: "...)
	return append(appendAccept(head, r.request.Value(httpserver.TokenKey)), "\r\n"...)
}

// send sends a head of a response, which a stream translates. It reports false where the connection is over.
func (r *Role) send(c *conn.Conn, head []byte) bool {
	if !r.has(flagExtended) {
		c.Queue(head)
		return true
	}
	if err := c.Transport().(conn.StreamTransport).SendHead(c, head); err != nil {
		c.Thread().Handler.Log(conn.LogError, "websocket: the response cannot be sent: "+err.Error())
		c.Kill()
		return false
	}
	return true
}

// refuse ends a handshake that the program does not want.
func (r *Role) refuse(c *conn.Conn) {
	if !c.Open() {
		return
	}
	if !r.has(flagAnswered) && !r.send(c, []byte("HTTP/1.1 403 Forbidden\r\ncontent-length: 0\r\nconnection: close\r\n\r\n")) {
		return
	}
	r.finish(c)
}

// answer sends what the program writes during the handshake: a response of its own, before it
// refuses the connection.
func (r *Role) answer(c *conn.Conn, p []byte, kind conn.WriteKind) (int, error) {
	switch kind & conn.WriteKindMask {
	case conn.WriteHTTP, conn.WriteHTTPFinal, conn.WriteHTTPHeaders, conn.WriteHTTPHeadersContinuation:
	default:
		return 0, conn.ErrWrongState
	}
	body := p
	if r.has(flagExtended) && !r.has(flagAnswered) {
		// The stream has to see where the head ends; nobody writes one of this kind in parts.
		end := bytes.Index(p, []byte("\r\n\r\n"))
		if end < 0 {
			return 0, conn.ErrWrongState
		}
		if !r.send(c, p[:end+4]) {
			return 0, conn.ErrClosed
		}
		body = p[end+4:]
	}
	r.set(flagAnswered, true)
	c.Queue(body)
	return len(p), nil
}

// checkRequest makes the checks of RFC 6455 section 4.2.1, as far as RFC 8441 section 5 does not replace them.
func checkRequest(c *conn.Conn, request *httpserver.Request) *httpserver.Refusal {
	switch {
	case request.Extended:
		if !onlyValue(request, httpserver.TokenVersion, "13") {
			return &badStreamVersion
		}
	case request.Method != httpserver.MethodGet, request.Version == httpserver.HTTP10,
		!request.Has(httpserver.TokenHost), !request.Contains(httpserver.TokenConnection, "upgrade"):
		return &badRequest
	case !onlyValue(request, httpserver.TokenVersion, "13"):
		return &badVersion
	}
	if !request.Extended && !validKey(request) {
		return &badRequest
	}
	if c.Host().Options&vhost.UpgradeStrictHostCheck != 0 && !hostMatches(c.Host().Vhost, request) {
		return &hangup
	}
	return nil
}

// validKey reports whether the request has one key that is the base64 of 16 bytes.
func validKey(request *httpserver.Request) bool {
	key := request.Value(httpserver.TokenKey)
	if _, more := request.Fragment(httpserver.TokenKey, 1); more || len(key) != keySize {
		return false
	}
	var decoded [18]byte
	n, err := base64.StdEncoding.Decode(decoded[:], key)
	return err == nil && n == 16
}

func onlyValue(request *httpserver.Request, t httpserver.Token, value string) bool {
	_, more := request.Fragment(t, 1)
	return !more && string(request.Value(t)) == value
}

// hostMatches reports whether the request names the vhost's name and port.
func hostMatches(v *vhost.Vhost, request *httpserver.Request) bool {
	host := request.Value(httpserver.TokenHost)
	if len(host) < len(v.Name) || !strings.EqualFold(string(host[:len(v.Name)]), v.Name) {
		return false
	}
	port := host[len(v.Name):]
	if len(port) == 0 {
		return v.Port == 80 || v.Port == 443
	}
	return string(port) == ":"+strconv.Itoa(v.Port)
}

// chooseProtocol finds the first of the client's subprotocols that the vhost has. A client that
// names none gets the vhost's default.
func chooseProtocol(v *vhost.Vhost, request *httpserver.Request) (p *vhost.Protocol, named bool) {
	if request.Length(httpserver.TokenProtocol) == 0 {
		if i := v.DefaultProtocol; i >= 0 && i < len(v.Protocols) {
			return v.Protocols[i], false
		}
		return nil, false
	}
	for n := 0; ; n++ {
		list, ok := request.Fragment(httpserver.TokenProtocol, n)
		if !ok {
			return nil, true
		}
		s := scanner{list}
		for len(s.rest) > 0 {
			if name := s.token(); len(name) > 0 {
				if p := v.ProtocolByName(string(name)); p != nil {
					return p, true
				}
			}
			if !s.take(',') && len(s.rest) > 0 {
				return nil, true
			}
		}
	}
}

// chooseExtension agrees on permessage-deflate where the client offers it in a way that can be
// accepted, the vhost has it, and the program does not mind.
func (r *Role) chooseExtension(c *conn.Conn) (agreed parameters, ok bool) {
	if !r.request.Has(httpserver.TokenExtensions) {
		return agreed, false
	}
	var extension *vhost.Extension
	for i := range c.Host().Extensions {
		if c.Host().Extensions[i].Name == extensionName {
			extension = &c.Host().Extensions[i]
			break
		}
	}
	if extension == nil {
		return agreed, false
	}
	offers, _ := parseOffers(r.request.Append(nil, httpserver.TokenExtensions))
	for i := range offers {
		if o := &offers[i]; o.name == extensionName && o.acceptable {
			name := append(make([]byte, 0, len(o.name)+1), o.name...)
			return o.parameters, c.CallbackBytes(conn.ConfirmExtensionOkay, name) == 0
		}
	}
	return agreed, false
}

// appendAccept appends the value that proves that the key was understood.
func appendAccept(to, key []byte) []byte {
	var text [keySize + len(acceptGUID)]byte
	copy(text[copy(text[:], key):], acceptGUID)
	sum := sha1.Sum(text[:])
	return base64.StdEncoding.AppendEncode(to, sum[:])
}
