package tlsconn

import (
	"slices"

	"golws/engine/conn"
)

// hostFor chooses among the hosts of a listener that serve TLS by the name in a ClientHello. Where none does, it is the
// one that connections begin with.
func hostFor(hosts []*conn.Host, first *conn.Host, name string) *conn.Host {
	if h := conn.HostNamed(hosts, name, servesTLS); h != nil {
		return h
	}
	return first
}

func servesTLS(h *conn.Host) bool { return h.TLS != nil }

// Served reports whether any of the hosts serves TLS.
func Served(hosts []*conn.Host) bool { return slices.ContainsFunc(hosts, servesTLS) }
