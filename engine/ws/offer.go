package ws

import (
	"encoding/base64"
	"strings"

	"golws/engine/conn"
	"golws/engine/httpserver"
	"golws/engine/vhost"
)

// Offer is the client's side of a handshake: what it asks the server for, and how it judges the answer.
type Offer struct {
	shared    *shared
	key       [keySize]byte
	protocols string
	extension *vhost.Extension // that was offered
	terms     parameters       // on which
	agreed    *parameters      // what the server made of it
}

// SetProtocols names the subprotocols that the server may choose from, separated by commas.
func (o *Offer) SetProtocols(list string) { o.protocols = list }

// AppendFields appends the header fields of the request.
func (o *Offer) AppendFields(c *conn.Conn, head []byte) []byte {
	var random [16]byte
	o.shared.fill(random[:])
	base64.StdEncoding.Encode(o.key[:], random[:])
	head = append(head, "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: "...)
	head = append(head, o.key[:]...)
	return o.appendTerms(c, append(head, "\r\n"...))
}

// Token implements httpclient.ExtendedOffer.
func (o *Offer) Token() string { return "websocket" }

// AppendExtendedFields implements httpclient.ExtendedOffer.
func (o *Offer) AppendExtendedFields(c *conn.Conn, head []byte) []byte { return o.appendTerms(c, head) }

// appendTerms appends what is the same in each version of HTTP.
func (o *Offer) appendTerms(c *conn.Conn, head []byte) []byte {
	if o.protocols != "" {
		head = append(head, "Sec-WebSocket-Protocol: "...)
		head = append(append(head, o.protocols...), "\r\n"...)
	}
	if o.chooseExtension(c) {
		head = append(head, "Sec-WebSocket-Extensions: "...)
		head = append(append(head, o.extension.ClientOffer...), "\r\n"...)
	}
	return append(head, "Sec-WebSocket-Version: 13\r\n"...)
}

// chooseExtension asks the program about the extension of the vhost that this package knows.
func (o *Offer) chooseExtension(c *conn.Conn) bool {
	extensions := c.Host().Extensions
	for i := range extensions {
		e := &extensions[i]
		if c.CallbackBytes(conn.ClientConfirmExtension, append(make([]byte, 0, len(e.Name)+1), e.Name...)) != 0 ||
			e.Name != extensionName || o.extension != nil {
			continue
		}
		offers, ok := parseOffers([]byte(e.ClientOffer))
		if !ok || len(offers) != 1 || offers[0].name != extensionName || !offers[0].acceptable {
			c.Thread().Handler.Log(conn.LogWarning, "websocket: the offer \""+e.ClientOffer+
				"\" of the vhost's extension is not one of permessage-deflate and is not sent")
			continue
		}
		o.extension, o.terms = e, offers[0].parameters
	}
	return o.extension != nil
}

// Check judges the response (RFC 6455 section 4.1). It returns what is wrong, in words that programs
// know from libwebsockets, or nothing.
func (o *Offer) Check(c *conn.Conn, response *httpserver.Request) (problem string) {
	switch {
	case response.Status == 401:
		return "HS: ws upgrade unauthorized"
	case response.Status != 101:
		return "HS: ws upgrade response not 101"
	case response.Length(httpserver.TokenAccept) == 0:
		return "HS: ACCEPT missing"
	case !response.Has(httpserver.TokenUpgrade):
		return "HS: UPGRADE missing"
	case !strings.EqualFold(string(response.Value(httpserver.TokenUpgrade)), "websocket"):
		return "HS: Upgrade to something other than websocket"
	case !response.Contains(httpserver.TokenConnection, "upgrade"):
		return "HS: UPGRADE malformed"
	}
	if problem = o.checkProtocol(response); problem != "" {
		return problem
	}
	if problem = o.checkExtensions(response); problem != "" {
		return problem
	}
	var space [32]byte
	if !onlyValue(response, httpserver.TokenAccept, string(appendAccept(space[:0], o.key[:]))) {
		return "HS: Accept hash wrong"
	}
	return ""
}

// CheckExtended implements httpclient.ExtendedOffer (RFC 8441 section 5).
func (o *Offer) CheckExtended(c *conn.Conn, response *httpserver.Request) (problem string) {
	switch {
	case response.Status == 401:
		return "HS: ws upgrade unauthorized"
	case response.Status < 200 || response.Status > 299:
		return "HS: ws upgrade response not 200"
	}
	if problem = o.checkProtocol(response); problem != "" {
		return problem
	}
	return o.checkExtensions(response)
}

// checkProtocol requires that the subprotocol, if there is one, was asked for.
func (o *Offer) checkProtocol(response *httpserver.Request) string {
	if !response.Has(httpserver.TokenProtocol) {
		return ""
	}
	chosen := string(response.Value(httpserver.TokenProtocol))
	if _, more := response.Fragment(httpserver.TokenProtocol, 1); !more && chosen != "" {
		for name := range strings.SplitSeq(o.protocols, ",") {
			if strings.Trim(name, " \t") == chosen {
				return ""
			}
		}
	}
	return "HS: PROTOCOL malformed"
}

// checkExtensions requires that the server uses nothing that was not offered, in a way that was offered.
func (o *Offer) checkExtensions(response *httpserver.Request) string {
	if !response.Has(httpserver.TokenExtensions) {
		return ""
	}
	used, ok := parseOffers(response.Append(nil, httpserver.TokenExtensions))
	if !ok {
		return "HS: EXT: failed parsing options"
	}
	for i := range used {
		u := &used[i]
		switch {
		case o.extension == nil || u.name != extensionName:
			return "HS: EXT: unknown ext"
		case o.agreed != nil || !u.acceptable || !o.terms.permits(&u.parameters):
			return "HS: EXT: Rejects server options"
		}
		o.agreed = &u.parameters
	}
	return ""
}

// permits reports whether a server may answer an offer with these parameters (RFC 7692 section 7.1).
func (p *parameters) permits(answer *parameters) bool {
	switch {
	case p.serverNoTakeover && !answer.serverNoTakeover,
		p.serverBits != 0 && (answer.serverBits == 0 || answer.serverBits > p.serverBits),
		answer.clientBits != 0 && (p.clientBits == 0 || answer.clientBits > p.clientBits):
		return false
	}
	return true
}

// Take makes the connection one of WebSocket after Check has found nothing wrong. response is the new
// role's. told tells that the protocol has heard of the connection and is to hear of its loss.
func (o *Offer) Take(c *conn.Conn, response *httpserver.Request, told bool) {
	r := &Role{side: &clientSide, shared: o.shared, request: response, phase: phaseOpen}
	r.set(flagDropped, !told)
	if o.agreed != nil {
		agreed := *o.agreed
		if o.terms.clientNoTakeover {
			agreed.clientNoTakeover = true // what was offered is a promise
		}
		r.deflate = newDeflate(agreed, true)
	}
	c.SetRole(r)
	c.Mirror = c.Mirror&^conn.MirrorHTTP | conn.MirrorWebSocket
	c.Thread().Handler.StateChanged(c)
	c.SetTimeout(conn.NoPendingTimeout, 0)
	c.StartValidity()
	result := c.Callback(conn.ClientEstablished)
	if r.request != nil {
		r.request.Release()
		r.request = nil
	}
	if result != 0 && c.Open() {
		const problem = "HS: Rejected at CLIENT_ESTABLISHED"
		r.set(flagUntold, true)
		c.CallbackBytes(conn.ClientConnectionError, append(make([]byte, 0, len(problem)+1), problem...))
		c.Kill()
	}
}
