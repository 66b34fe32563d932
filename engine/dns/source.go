package dns

import (
	"net/netip"
	"os"
	"slices"
	"strings"

	"golws/engine/ascii"
)

// sources is what the line "hosts:" of nsswitch.conf(5) says, as far as it makes a difference here.
type sources struct {
	order    []string // "files" and "dns"
	local    bool     // some form of mDNS answers for names below .local
	resolved bool     // systemd-resolved
	hostname bool     // the machine's own name and a few others are answered by nss-myhostname
	foreign  bool     // only the system's functions know
}

func readSources(f *file) (s sources) {
	found := false
	f.lines("#", func(fields []string) {
		if fields[0] != "hosts:" || found {
			return
		}
		found = true
		s = sourcesOf(fields[1:])
	})
	if !found {
		s.order = []string{"files", "dns"}
	}
	return s
}

func sourcesOf(fields []string) (s sources) {
	last := ""
	inBrackets := false
	for _, field := range fields {
		if inBrackets || strings.HasPrefix(field, "[") {
			inBrackets = !strings.HasSuffix(field, "]")
			// What follows the sources that are only looked at for some names needs no look itself.
			s.foreign = s.foreign || last == "files" || last == "dns" || last == ""
			continue
		}
		switch last = field; field {
		case "files", "dns":
			if !slices.Contains(s.order, field) {
				s.order = append(s.order, field)
			}
		case "mdns", "mdns4", "mdns6":
			s.local = true
			if _, err := os.Stat("/etc/mdns.allow"); err == nil {
				s.foreign = true // for other domains, too
			}
		case "mdns_minimal", "mdns4_minimal", "mdns6_minimal":
			s.local = true
		case "resolve":
			s.resolved, s.local = true, true
		case "myhostname":
			s.hostname = true
		default:
			s.foreign = true
		}
	}
	if s.resolved && !slices.Contains(s.order, "dns") {
		s.order = append(s.order, "dns") // its stub, see native
	}
	return s
}

// stubs are where systemd-resolved answers questions of DNS.
var stubs = []netip.Addr{netip.AddrFrom4([4]byte{127, 0, 0, 53}), netip.AddrFrom4([4]byte{127, 0, 0, 54})}

// maxName is how long a name may be, without the dot at its end (RFC 1035 section 2.3.4).
const maxName = 253

// native reports whether getaddrinfo() would look nowhere else than where this package looks.
func (c *config) native(name string) bool {
	if c.foreign || c.sources.foreign {
		return false
	}
	for _, b := range []byte(name) {
		if b >= 0x80 {
			return false // as the locale has it
		}
	}
	plain := strings.TrimSuffix(name, ".")
	if c.sources.local && below(plain, "local") {
		return false
	}
	if c.sources.resolved {
		if !strings.Contains(plain, ".") {
			return false // LLMNR
		}
		for _, server := range c.servers {
			if !slices.Contains(stubs, server.Addr()) {
				return false
			}
		}
	}
	if c.sources.hostname || c.sources.resolved {
		if name, err := os.Hostname(); err == nil && ascii.EqualFold(name, plain) || strings.HasPrefix(plain, "_") {
			return false
		}
	}
	return true
}

// below reports whether a name is a domain or in it.
func below(name, domain string) bool {
	cut := len(name) - len(domain)
	return cut >= 0 && ascii.EqualFold(name[cut:], domain) && (cut == 0 || name[cut-1] == '.')
}

// known are names that are the same everywhere (RFC 6761); found is false for others.
func known(name string) (addresses []netip.Addr, found bool) {
	plain := strings.TrimSuffix(name, ".")
	switch {
	case below(plain, "localhost"):
		return []netip.Addr{netip.IPv6Loopback(), netip.AddrFrom4([4]byte{127, 0, 0, 1})}, true
	case below(plain, "invalid"):
		return nil, true
	}
	return nil, false
}

// valid reports whether a name can be asked for: labels of 1 to 63 bytes, none of which is a control character or blank.
func valid(name string) bool {
	name = strings.TrimSuffix(name, ".")
	if name == "" || len(name) > maxName {
		return false
	}
	for label := range strings.SplitSeq(name, ".") {
		if label == "" || len(label) > 63 || strings.ContainsFunc(label, func(c rune) bool { return c <= ' ' || c == 0x7f }) {
			return false
		}
	}
	return true
}
