package httpserver

import (
	"bytes"

	"golws/engine/conn"
	"golws/engine/vhost"
)

// findMount finds the mount with the longest mountpoint that the path is below. Path must be
// normalised.
func findMount(v *vhost.Vhost, path []byte) *vhost.Mount {
	var best *vhost.Mount
	for _, m := range v.Mounts {
		if (best == nil || len(m.Mountpoint) > len(best.Mountpoint)) && below(path, m.Mountpoint) {
			best = m
		}
	}
	return best
}

func below(path []byte, mountpoint string) bool {
	n := len(mountpoint)
	if len(path) < n || string(path[:n]) != mountpoint {
		return false
	}
	return n <= 1 || len(path) == n || path[n] == '/'
}

// selectHost moves the connection to the vhost that the request names: the one of that name, or the
// one whose name is its parent domain, or the first of the listener. It reports whether it was
// another one.
func (s *State) selectHost(c *conn.Conn, r *Request, upgradable bool) (moved bool) {
	l := c.Listener()
	if l == nil || len(l.Hosts) < 2 {
		return false
	}
	h := namedHost(l.Hosts, r.Value(TokenHost))
	if h == nil || h == c.Host() {
		return false
	}
	if c.Protocol() == nil && !(upgradable && (r.Extended || r.Has(TokenUpgrade))) {
		// The filter callback is the affair of the vhost that accepted the connection.
		c.BindProtocol(defaultProtocol(c))
	}
	c.SetHost(h)
	return true
}

// namedHost chooses among the vhosts of a listener by a host, which may have a port.
func namedHost(hosts []*conn.Host, name []byte) *conn.Host {
	if len(name) == 0 {
		return nil
	}
	if i := bytes.IndexByte(name, ':'); i >= 0 && name[0] != '[' {
		name = name[:i]
	}
	var parent *conn.Host
	for _, h := range hosts {
		if equalFold(name, h.Name) {
			return h
		}
		if cut := len(name) - len(h.Name); parent == nil && cut > 1 && h.Name != "" &&
			name[cut-1] == '.' && equalFold(name[cut:], h.Name) {
			parent = h
		}
	}
	if parent == nil {
		parent = hosts[0]
	}
	return parent
}

// redirected answers requests for mounts that lead elsewhere: redirects, and the mountpoint of a
// directory without the slash that relative links need.
func (s *State) redirected(c *conn.Conn, m *vhost.Mount, path []byte) bool {
	scheme := "http://"
	elsewhere := false
	switch m.Kind {
	case vhost.OriginRedirectHTTP:
		elsewhere = true
	case vhost.OriginRedirectHTTPS:
		scheme, elsewhere = "https://", true
	case vhost.OriginFile, vhost.OriginHTTP, vhost.OriginHTTPS:
		if len(m.Mountpoint) <= 1 || len(path) != len(m.Mountpoint) {
			return false
		}
		if c.Mirror&conn.MirrorTLS != 0 {
			scheme = "https://"
		}
	default:
		return false
	}
	b := s.AppendStatus(s.buffer(), c, 301)
	b = append(b, "location: "...)
	if elsewhere {
		b = append(append(b, scheme...), m.Origin...)
	} else {
		if host := s.value(TokenHost); len(host) > 0 {
			b = append(append(b, scheme...), host...)
		}
		b = append(appendEncoded(b, path), '/')
	}
	b = append(b, "\r\ncontent-type: text/html\r\ncontent-length: 0\r\n\r\n"...)
	s.finish(c, s.send(c, b))
	return true
}

// appendEncoded appends a path with everything encoded that could be taken for something else in
// a header field.
func appendEncoded(to, path []byte) []byte {
	const digits = "0123456789ABCDEF"
	for _, c := range path {
		if c <= 0x20 || c >= 0x7f || c == '%' || c == '?' || c == '#' || c == '"' || c == '\\' || c == '<' || c == '>' {
			to = append(to, '%', digits[c>>4], digits[c&15])
		} else {
			to = append(to, c)
		}
	}
	return to
}
