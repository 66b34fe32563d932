package httpserver

import (
	"bytes"

	"golws/engine/conn"
	"golws/engine/vhost"
)

// host is the vhost that the request names: the one of that name, or the one whose name is its parent domain, or
// the first of the listener.
func host(c *conn.Conn, r *Request) *conn.Host {
	if l := c.Listener(); l != nil && len(l.Hosts) > 1 {
		if h := namedHost(l.Hosts, r.Value(TokenHost)); h != nil {
			return h
		}
	}
	return c.Host()
}

// namedHost chooses among the vhosts of a listener by a host, which may have a port.
func namedHost(hosts []*conn.Host, name []byte) *conn.Host {
	if len(name) == 0 {
		return nil
	}
	if i := bytes.IndexByte(name, ':'); i >= 0 && name[0] != '[' {
		name = name[:i]
	}
	return conn.HostNamed(hosts, name, nil)
}

// move binds the connection to the vhost that the request names. It reports whether it was another one.
func (s *State) move(c *conn.Conn, r *Request, h *conn.Host, upgradable bool) (moved bool) {
	if h == c.Host() {
		return false
	}
	if c.Protocol() == nil && !(upgradable && (r.Extended || r.Has(TokenUpgrade))) {
		// The filter callback is the affair of the vhost that accepted the connection.
		c.BindProtocol(defaultProtocol(c))
	}
	c.SetHost(h)
	return true
}

// turnedAway answers requests for a vhost that must not be reached on this connection: over plain HTTP where it is
// for TLS, and over TLS where the handshake was with another vhost and did not ask for what this one wants to know
// of its clients. The connection stays with the vhost it is with.
func (s *State) turnedAway(c *conn.Conn, r *Request, h *conn.Host) bool {
	if c.Listener() == nil {
		return false
	}
	handshake := c.HandshakeHost()
	switch {
	case handshake == nil && (redirects(firstHost(c)) || redirects(h)):
		s.redirectToTLS(c, r)
	case h.TLS == nil || handshake == h:
		return false
	case handshake == nil:
		if h.Options&vhost.AllowHTTPOnTLSListener != 0 {
			return false
		}
		s.misdirected(c, h, "over plain HTTP")
	case h.Options&vhost.RequireClientCertificate != 0:
		// Its own rules have judged nobody here, whatever the other vhost's are.
		s.misdirected(c, h, "after a handshake with vhost "+handshake.Name)
	default:
		return false
	}
	return true
}

// firstHost is the one that a listener's connections begin with.
func firstHost(c *conn.Conn) *conn.Host {
	if l := c.Listener(); len(l.Hosts) > 0 {
		return l.Hosts[0]
	}
	return c.Host()
}

func redirects(h *conn.Host) bool { return h.TLS != nil && h.Options&vhost.RedirectToTLS != 0 }

// misdirected answers as RFC 9110, section 15.5.20, says; clients may try again on another connection.
func (s *State) misdirected(c *conn.Conn, h *conn.Host, how string) {
	if handler := c.Thread().Handler; handler.Logs(conn.LogInfo) {
		handler.Log(conn.LogInfo, "vhost "+h.Name+": refused a request that came "+how)
	}
	s.finish(c, s.sendStatus(c, 421, "", ""))
}

// redirectToTLS sends the client to the same place by https. Host is what the client calls this server, port
// included: another one, by which ports are forwarded, is not known here.
func (s *State) redirectToTLS(c *conn.Conn, r *Request) {
	s.Last = true
	name := r.Value(TokenHost)
	if len(name) == 0 {
		s.finish(c, s.sendStatus(c, 400, "", ""))
		return
	}
	b := s.AppendStatus(s.buffer(), c, 301)
	b = append(append(b, "location: https://"...), name...)
	b = appendEncoded(b, r.Path())
	separator := byte('?')
	for n := 0; ; n++ {
		argument, ok := r.Fragment(TokenURIArguments, n)
		if !ok {
			break
		}
		b = appendArgument(append(b, separator), argument)
		separator = '&'
	}
	b = append(b, "\r\ncontent-type: text/html\r\nconnection: close\r\ncontent-length: 0\r\n\r\n"...)
	s.finish(c, s.send(c, b))
}

// appendArgument appends an argument of a query, which was decoded.
func appendArgument(to, argument []byte) []byte {
	for {
		i := bytes.IndexAny(argument, "&+")
		if i < 0 {
			return appendEncoded(to, argument)
		}
		to = appendEncoded(to, argument[:i])
		if argument[i] == '&' {
			to = append(to, "%26"...)
		} else {
			to = append(to, "%2B"...)
		}
		argument = argument[i+1:]
	}
}
