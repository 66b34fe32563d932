package http2

import (
	"bytes"
	"encoding/base64"
	"encoding/binary"

	"golws/engine/conn"
	"golws/engine/httpserver"
)

// RFC 9113 has given up the change from HTTP/1.1 by an Upgrade field, which RFC 7540 section 3.2 had. libwebsockets serves
// it, and clients still ask for it (curl --http2).

const switching = "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: h2c\r\n\r\n"

// upgrade makes a connection of HTTP/1.1 one of HTTP/2, whose first stream has the request. What is not quite right is
// served as HTTP/1.1, as if it had not been asked for.
func upgrade(c *conn.Conn, request *httpserver.Request) bool {
	state := httpserver.StateOf(c)
	value, settings := request.Value(httpserver.TokenHTTP2Settings), [32 * settingSize]byte{}
	_, two := request.Fragment(httpserver.TokenHTTP2Settings, 1)
	value = bytes.TrimRight(value, "=")
	if state == nil || request.Extended || two || c.Mirror&conn.MirrorTLS != 0 || state.Bound() ||
		!request.Has(httpserver.TokenHTTP2Settings) || !request.Contains(httpserver.TokenConnection, "http2-settings") ||
		base64.RawURLEncoding.DecodedLen(len(value)) > len(settings) {
		return false
	}
	size, err := base64.RawURLEncoding.Decode(settings[:], value)
	if err != nil || size%settingSize != 0 {
		return false
	}
	result := c.CallbackBytes(conn.HTTPConfirmUpgrade, request.Value(httpserver.TokenUpgrade))
	if c.Killed() {
		return false
	}
	if result != 0 {
		request.Refusal = httpserver.Refusal{Hangup: result < 0, Answered: result > 0}
		return false
	}
	state.TakeRequest()
	c.Queue([]byte(switching))
	c.Mirror &^= conn.MirrorHTTP | conn.MirrorHTTP10 | conn.MirrorHTTPClose | conn.MirrorHead
	n := NewRole(c).(*Connection)
	c.Thread().Handler.StateChanged(c)
	for p := settings[:size]; len(p) > 0; p = p[settingSize:] {
		if !n.setting(c, binary.BigEndian.Uint16(p), binary.BigEndian.Uint32(p[2:])) {
			request.Release()
			return true
		}
	}
	request.Version = httpserver.HTTP2
	for _, field := range []struct {
		token httpserver.Token
		value []byte
	}{
		{httpserver.TokenMethod, []byte(request.Method.String())},
		{httpserver.TokenPath, request.Path()},
		{httpserver.TokenScheme, []byte("http")},
		{httpserver.TokenAuthority, request.Value(httpserver.TokenHost)},
	} {
		request.Replace(field.token, bytes.Clone(field.value))
	}
	n.last = 1
	n.begin(c, &headerBlock{stream: 1, endStream: true, request: request, length: -1})
	if n.phase == phasePreface {
		c.SetTimeout(conn.TimeoutHoldingHeaders, c.Host().Limits.HeadTimeout)
	}
	return true
}
