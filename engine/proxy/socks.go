package proxy

import (
	"encoding/binary"
	"net/netip"
	"strconv"

	"golws/engine/conn"
)

// Values of RFC 1928 and RFC 1929.
const (
	socksVersion   = 5
	noMethod       = 0
	userPassword   = 2
	passwordForm   = 1
	commandConnect = 1
	addressIPv4    = 1
	addressName    = 3
	addressIPv6    = 4
)

// replies are what a server says of a request, RFC 1928 section 6.
var replies = [...]string{
	1: "general failure", 2: "not allowed by ruleset", 3: "network unreachable", 4: "host unreachable",
	5: "connection refused", 6: "TTL expired", 7: "command not supported", 8: "address type not supported",
}

const replyFail = "socks reply fail"

type socksState uint8

const (
	socksGreeting socksState = iota
	socksPassword
	socksConnect
)

// socks asks by SOCKS 5.
type socks struct {
	config *Config
	host   string
	port   int
	state  socksState
}

func (r *socks) begin(t *tunnel, c *conn.Conn) string {
	greeting := []byte{socksVersion, 1, noMethod}
	if r.config.Authenticate {
		greeting = []byte{socksVersion, 2, userPassword, noMethod}
	}
	if _, err := netip.ParseAddr(r.host); err != nil && (r.host == "" || len(r.host) > 255) {
		return "socks gen msg fail"
	}
	t.say(c, greeting, conn.TimeoutSOCKSGreeting)
	return ""
}

// input takes one message. All begin with a version and a code.
func (r *socks) input(t *tunnel, c *conn.Conn, p []byte) (used int, open bool, problem string) {
	if len(p) == 0 {
		return 0, false, ""
	}
	first := byte(socksVersion)
	if r.state == socksPassword {
		first = passwordForm
	}
	if p[0] != first {
		return 0, false, replyFail + ": no SOCKS5"
	}
	if len(p) < 2 {
		return 0, false, ""
	}
	switch r.state {
	case socksGreeting:
		switch {
		case p[1] == noMethod:
			r.ask(t, c)
		case p[1] == userPassword && r.config.Authenticate:
			r.state = socksPassword
			message := []byte{passwordForm, byte(len(r.config.User))}
			message = append(message, r.config.User...)
			message = append(message, byte(len(r.config.Password)))
			t.say(c, append(message, r.config.Password...), conn.TimeoutSOCKSAuth)
		default:
			return 0, false, replyFail + ": authentication required"
		}
		return 2, false, ""
	case socksPassword:
		if p[1] != 0 {
			return 0, false, replyFail + ": authentication failed"
		}
		r.ask(t, c)
		return 2, false, ""
	}
	if p[1] != 0 {
		reason := "code " + strconv.Itoa(int(p[1]))
		if int(p[1]) < len(replies) {
			reason = replies[p[1]]
		}
		return 0, false, replyFail + ": " + reason
	}
	if len(p) < 5 {
		return 0, false, ""
	}
	// The address that the server connects from is of no interest, but where it ends is.
	size := 4 + 2
	switch p[3] {
	case addressIPv4:
		size += 4
	case addressIPv6:
		size += 16
	case addressName:
		size += 1 + int(p[4])
	default:
		return 0, false, replyFail + ": no SOCKS5"
	}
	if len(p) < size {
		return 0, false, ""
	}
	return size, true, ""
}

// ask sends the request.
func (r *socks) ask(t *tunnel, c *conn.Conn) {
	r.state = socksConnect
	message := []byte{socksVersion, commandConnect, 0}
	if address, err := netip.ParseAddr(r.host); err != nil {
		message = append(message, addressName, byte(len(r.host)))
		message = append(message, r.host...)
	} else {
		kind := byte(addressIPv6)
		if address = address.Unmap(); address.Is4() {
			kind = addressIPv4
		}
		message = append(append(message, kind), address.AsSlice()...)
	}
	t.say(c, binary.BigEndian.AppendUint16(message, uint16(r.port)), conn.TimeoutSOCKSConnect)
}

func (r *socks) hungUp() string   { return "socks conn dead" }
func (r *socks) broken() string   { return "socks recv fail" }
func (r *socks) timedOut() string { return "Timed out waiting socks reply" }
