package tlsconfig

import (
	"crypto/tls"
	"fmt"
	"strings"
)

// Bits of OpenSSL's SSL_OP_, the same in 1.1 and 3.
const (
	opNoTicket            = 1 << 14 // SSL_OP_NO_TICKET
	opUnsafeRenegotiation = 1 << 18 // SSL_OP_ALLOW_UNSAFE_LEGACY_RENEGOTIATION
	opNoTLS10             = 1 << 26 // SSL_OP_NO_TLSv1
	opNoTLS12             = 1 << 27 // SSL_OP_NO_TLSv1_2
	opNoTLS11             = 1 << 28 // SSL_OP_NO_TLSv1_1
	opNoTLS13             = 1 << 29 // SSL_OP_NO_TLSv1_3
)

var protocolVersions = []struct {
	off     uint64
	version uint16
}{
	{opNoTLS10, tls.VersionTLS10}, {opNoTLS11, tls.VersionTLS11}, {opNoTLS12, tls.VersionTLS12},
	{opNoTLS13, tls.VersionTLS13},
}

// versions turns ssl_options_set and ssl_options_clear into a range. TLS 1.0 and 1.1 are off unless cleared, as they are
// in today's distributions of OpenSSL (RFC 8996). What clear names is off the set in any case, as OpenSSL does both one
// after the other.
//
// The other bits need no answer. They ask for what is always so here (no compression, fresh keys for each exchange,
// the server's order of ciphers), or work around programs that are long gone.
func versions(set, clear uint64) (lowest, highest uint16, warnings []string, err error) {
	off := (opNoTLS10 | opNoTLS11 | set) &^ clear
	var left []string
	for i := len(protocolVersions) - 1; i >= 0; i-- {
		v := protocolVersions[i]
		switch {
		case off&v.off != 0:
			continue
		case highest == 0:
			highest, lowest = v.version, v.version
		case lowest == v.version+1:
			lowest = v.version
		default:
			left = append(left, tls.VersionName(v.version))
		}
	}
	if highest == 0 {
		return 0, 0, nil, &Error{"ssl_options_set", "leaves no version of TLS",
			"leave out SSL_OP_NO_TLSv1_2 or SSL_OP_NO_TLSv1_3", nil}
	}
	if len(left) > 0 {
		warnings = append(warnings, fmt.Sprintf("ssl_options_set leaves a gap between versions; %s will not be served",
			strings.Join(left, " and ")))
	}
	if lowest < tls.VersionTLS12 {
		warnings = append(warnings, "ssl_options_clear allows "+tls.VersionName(lowest)+
			", which is not secure (RFC 8996)")
	}
	if set&^clear&opUnsafeRenegotiation != 0 {
		warnings = append(warnings, "ssl_options_set asks for renegotiation, which is not supported")
	}
	return lowest, highest, warnings, nil
}

// The elliptic curves by the names that OpenSSL has for them.
var curveNames = map[string]tls.CurveID{
	"prime256v1": tls.CurveP256, "secp256r1": tls.CurveP256, "p-256": tls.CurveP256,
	"secp384r1": tls.CurveP384, "p-384": tls.CurveP384,
	"secp521r1": tls.CurveP521, "p-521": tls.CurveP521,
	"x25519":         tls.X25519,
	"x25519mlkem768": tls.X25519MLKEM768,
}

// curves turns ecdh_curve, one name or several with colons between, into what is offered; nil for the default.
func curves(list string) (ids []tls.CurveID, warnings []string) {
	var unknown []string
	for name := range strings.FieldsFuncSeq(list, func(r rune) bool { return r == ':' || r == ',' || r == ' ' }) {
		if id, ok := curveNames[strings.ToLower(name)]; ok {
			ids = append(ids, id)
		} else if !strings.EqualFold(name, "auto") {
			unknown = append(unknown, name)
		}
	}
	if len(unknown) > 0 {
		instead := "the others of the list are used"
		if len(ids) == 0 {
			instead = "the default is used (X25519, P-256, P-384, P-521)"
		}
		warnings = append(warnings, "ecdh_curve: no counterpart for "+strings.Join(unknown, ", ")+"; "+instead)
	}
	return ids, warnings
}

// defaultProtocols is what is spoken where the program does not say.
const defaultProtocols = "h2,http/1.1"

// protocols takes the ALPN list apart: names with commas between.
func protocols(list string) (names, warnings []string) {
	for name := range strings.SplitSeq(list, ",") {
		if name = strings.TrimSpace(name); len(name) > 255 {
			warnings = append(warnings, "alpn: a name of more than 255 bytes is left out")
		} else if name != "" {
			names = append(names, name)
		}
	}
	return names, warnings
}
