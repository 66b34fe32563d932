package proxy

import (
	"errors"
	"net/netip"
	"net/url"
	"strconv"
	"strings"

	"golws/engine/ascii"
)

// Config is a proxy and how it is used. It is not changed once it is in use.
type Config struct {
	Address string // name or numeric address, without brackets
	Port    int
	SOCKS   bool // SOCKS 5, else HTTP

	User, Password string
	Authenticate   bool // User and Password are to be used

	exempt []exemption
}

var (
	errNoAddress = errors.New("there is no address")
	errNoPort    = errors.New("needs to be ads:port")
	errBrackets  = errors.New("a bracket is not closed")
	errPort      = errors.New("the port is no number from 1 to 65535")
	errText      = errors.New("control characters and blanks cannot be part of it")
	errTooLong   = errors.New("user and password may have 255 bytes each")
)

// Parse reads "[user:password@]host[:port]". port is the one that is meant where the text has none, or 0.
func Parse(text string, socks bool, port int) (*Config, error) {
	if strings.ContainsFunc(text, func(c rune) bool { return c <= ' ' || c == 0x7f }) {
		return nil, errText
	}
	p := &Config{SOCKS: socks, Port: port}
	if socks {
		for _, scheme := range []string{"socks5h://", "socks5://"} {
			text = strings.TrimPrefix(text, scheme)
		}
	} else {
		text = strings.TrimPrefix(text, "http://")
	}
	if at := strings.LastIndexByte(text, '@'); at >= 0 {
		p.User, p.Password, _ = strings.Cut(text[:at], ":")
		p.Authenticate = true
		text = text[at+1:]
		if socks && (len(p.User) > 255 || len(p.Password) > 255) {
			return nil, errTooLong
		}
	}
	text, _, _ = strings.Cut(text, "/") // environment variables often end in one
	host, digits, found := strings.Cut(text, ":")
	if strings.HasPrefix(text, "[") {
		var rest string
		if host, rest, found = strings.Cut(text[1:], "]"); !found {
			return nil, errBrackets
		}
		if digits, found = strings.CutPrefix(rest, ":"); !found && rest != "" {
			return nil, errBrackets
		}
	}
	if p.Address = host; host == "" {
		return nil, errNoAddress
	}
	if found {
		n, err := strconv.ParseUint(digits, 10, 16)
		if err != nil || n == 0 {
			return nil, errPort
		}
		p.Port = int(n)
	}
	if p.Port == 0 {
		return nil, errNoPort
	}
	if p.Port < 0 || p.Port > 65535 {
		return nil, errPort
	}
	return p, nil
}

// FromEnvironment is Parse for the value of a variable, which is a URL by convention: user and password may be
// percent-encoded. noProxy lists the servers that are connected to directly.
func FromEnvironment(text string, socks bool, noProxy string) (*Config, error) {
	p, err := Parse(text, socks, 0)
	if err != nil {
		return nil, err
	}
	for _, part := range []*string{&p.User, &p.Password} {
		if decoded, err := url.PathUnescape(*part); err == nil {
			*part = decoded
		}
	}
	p.exempt = exemptions(noProxy)
	return p, nil
}

// exemption is one entry of no_proxy.
type exemption struct {
	all    bool
	domain string // and what is below it
	prefix netip.Prefix
	port   int // 0: any
}

// exemptions reads no_proxy as curl and others do: names stand for themselves and what is below them, with or without a
// dot in front; addresses, also with the length of a prefix; each maybe with a port; an asterisk for all.
func exemptions(text string) (list []exemption) {
	for _, entry := range strings.FieldsFunc(text, func(c rune) bool { return c == ',' || c <= ' ' }) {
		if entry == "*" {
			return []exemption{{all: true}}
		}
		if prefix, err := netip.ParsePrefix(entry); err == nil {
			list = append(list, exemption{prefix: prefix.Masked()})
			continue
		}
		var e exemption
		name := entry
		if _, err := netip.ParseAddr(entry); err != nil {
			if cut := strings.LastIndexByte(entry, ':'); cut >= 0 {
				n, err := strconv.ParseUint(entry[cut+1:], 10, 16)
				if err != nil || n == 0 {
					continue
				}
				name, e.port = entry[:cut], int(n)
			}
		}
		if len(name) > 1 && name[0] == '[' && name[len(name)-1] == ']' {
			name = name[1 : len(name)-1]
		}
		if address, err := netip.ParseAddr(name); err == nil {
			address = address.Unmap().WithZone("")
			e.prefix = netip.PrefixFrom(address, address.BitLen())
		} else if e.domain = strings.Trim(strings.TrimPrefix(name, "*"), "."); e.domain == "" {
			continue
		}
		list = append(list, e)
	}
	return list
}

// Exempts reports whether a server is connected to without the proxy.
func (p *Config) Exempts(host string, port int) bool {
	if len(p.exempt) == 0 {
		return false
	}
	host = strings.TrimSuffix(host, ".")
	address, err := netip.ParseAddr(host)
	numeric := err == nil
	address = address.Unmap().WithZone("")
	for _, e := range p.exempt {
		switch {
		case e.all:
			return true
		case e.port != 0 && e.port != port:
		case numeric:
			if e.prefix.IsValid() && e.prefix.Contains(address) {
				return true
			}
		case e.domain != "":
			cut := len(host) - len(e.domain)
			if cut >= 0 && ascii.EqualFold(host[cut:], e.domain) && (cut == 0 || host[cut-1] == '.') {
				return true
			}
		}
	}
	return false
}
