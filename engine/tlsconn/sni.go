package tlsconn

import (
	"strings"

	"golws/engine/conn"
)

// hostFor chooses among the hosts of a listener that serve TLS by the name in a ClientHello: that name, or
// a parent of it, or the first.
func hostFor(hosts []*conn.Host, first *conn.Host, name string) *conn.Host {
	var parent, any *conn.Host
	for _, h := range hosts {
		if h.TLS == nil {
			continue
		}
		if any == nil {
			any = h
		}
		if name == "" {
			break
		}
		if strings.EqualFold(name, h.Name) {
			return h
		}
		if cut := len(name) - len(h.Name); parent == nil && cut > 1 && h.Name != "" &&
			name[cut-1] == '.' && strings.EqualFold(name[cut:], h.Name) {
			parent = h
		}
	}
	switch {
	case parent != nil:
		return parent
	case any != nil:
		return any
	}
	return first
}

// Served reports whether any of the hosts serves TLS.
func Served(hosts []*conn.Host) bool {
	for _, h := range hosts {
		if h.TLS != nil {
			return true
		}
	}
	return false
}
