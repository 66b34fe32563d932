package ws

import "strconv"

// extensionName is the name of permessage-deflate in the handshake.
const extensionName = "permessage-deflate"

// The window sizes of DEFLATE, as exponents of two.
const (
	minWindowBits = 8
	maxWindowBits = 15
)

// parameters are those of RFC 7692 section 7.1.
type parameters struct {
	serverNoTakeover bool
	clientNoTakeover bool
	serverBits       uint8 // 0: not mentioned
	clientBits       uint8 // 0: not mentioned
}

// offer is one element of Sec-WebSocket-Extensions.
type offer struct {
	parameters
	name       string
	acceptable bool // all that it says is understood and permitted
}

// scanner takes a header field apart.
type scanner struct {
	rest []byte
}

func (s *scanner) skipSpace() {
	for len(s.rest) > 0 && (s.rest[0] == ' ' || s.rest[0] == '\t') {
		s.rest = s.rest[1:]
	}
}

// take skips one given character.
func (s *scanner) take(c byte) bool {
	s.skipSpace()
	if len(s.rest) == 0 || s.rest[0] != c {
		return false
	}
	s.rest = s.rest[1:]
	return true
}

func tokenCharacter(c byte) bool {
	switch {
	case c >= 'a' && c <= 'z', c >= 'A' && c <= 'Z', c >= '0' && c <= '9':
		return true
	}
	switch c {
	case '!', '#', '$', '%', '&', '\'', '*', '+', '-', '.', '^', '_', '`', '|', '~':
		return true
	}
	return false
}

// token reads a token (RFC 9110 section 5.6.2); it is empty where there is none.
func (s *scanner) token() []byte {
	s.skipSpace()
	n := 0
	for n < len(s.rest) && tokenCharacter(s.rest[n]) {
		n++
	}
	token := s.rest[:n]
	s.rest = s.rest[n:]
	return token
}

// value reads a token or a quoted token, as RFC 6455 section 9.1 restricts quoted strings.
func (s *scanner) value() []byte {
	if !s.take('"') {
		return s.token()
	}
	token := s.token()
	if len(token) == 0 || !s.take('"') {
		return nil
	}
	return token
}

// parseOffers takes Sec-WebSocket-Extensions apart. It returns false where the field is malformed.
func parseOffers(field []byte) ([]offer, bool) {
	s := scanner{field}
	var offers []offer
	for {
		for s.take(',') {
			// Empty elements are permitted.
		}
		if s.skipSpace(); len(s.rest) == 0 {
			return offers, true
		}
		name := s.token()
		if len(name) == 0 || len(offers) == maxOffers {
			return nil, false
		}
		o := offer{name: string(name), acceptable: true}
		for s.take(';') {
			key := s.token()
			if len(key) == 0 {
				return nil, false
			}
			var value []byte
			if s.take('=') {
				if value = s.value(); len(value) == 0 {
					return nil, false
				}
			}
			o.acceptable = o.parameter(string(key), value) && o.acceptable
		}
		offers = append(offers, o)
		if s.skipSpace(); len(s.rest) > 0 && s.rest[0] != ',' {
			return nil, false
		}
	}
}

// maxOffers bounds what one request can make the server look at.
const maxOffers = 64

// parameter notes one parameter of an offer; it returns false for what makes the offer unacceptable.
func (p *parameters) parameter(key string, value []byte) bool {
	switch key {
	case "server_no_context_takeover":
		first := !p.serverNoTakeover
		p.serverNoTakeover = true
		return first && value == nil
	case "client_no_context_takeover":
		first := !p.clientNoTakeover
		p.clientNoTakeover = true
		return first && value == nil
	case "server_max_window_bits":
		first := p.serverBits == 0
		p.serverBits = windowBits(value)
		return first && p.serverBits != 0
	case "client_max_window_bits":
		first := p.clientBits == 0
		p.clientBits = maxWindowBits
		if value != nil {
			p.clientBits = windowBits(value)
		}
		return first && p.clientBits != 0
	}
	return false
}

// windowBits reads the value of a window parameter, 0 where it is none.
func windowBits(value []byte) uint8 {
	if len(value) == 0 || value[0] == '0' {
		return 0
	}
	n, err := strconv.ParseUint(string(value), 10, 8)
	if err != nil || n < minWindowBits || n > maxWindowBits {
		return 0
	}
	return uint8(n)
}

// appendResponse appends the element of the response that accepts the parameters.
func (p *parameters) appendResponse(to []byte) []byte {
	to = append(to, extensionName...)
	if p.serverNoTakeover {
		to = append(to, "; server_no_context_takeover"...)
	}
	if p.clientNoTakeover {
		to = append(to, "; client_no_context_takeover"...)
	}
	if p.serverBits != 0 {
		to = append(to, "; server_max_window_bits="...)
		to = strconv.AppendUint(to, uint64(p.serverBits), 10)
	}
	// Where the client offers to restrict itself, it does so only when told.
	if p.clientBits != 0 && p.clientBits < maxWindowBits {
		to = append(to, "; client_max_window_bits="...)
		to = strconv.AppendUint(to, uint64(p.clientBits), 10)
	}
	return to
}
