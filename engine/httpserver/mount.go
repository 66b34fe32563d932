package httpserver

import (
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
