package http1

import "golws/engine/conn"

// fellBack hands a connection that does not begin with a method of HTTP to the role that the vhost has for
// such ones. It gets the same bytes.
func (r *Role) fellBack(c *conn.Conn, p []byte) bool {
	name := c.Host().FallbackRole()
	if name == "" || beginsRequest(p) {
		return false
	}
	if !r.Bind(c, c.Host().AcceptedProtocol()) {
		c.Kill()
		return true
	}
	r.mirror(c, nil)
	c.Thread().Roles[name](c)
	return true
}

// beginnings are those of requests, and of the preface of HTTP/2.
var beginnings = [...]string{"GET ", "POST ", "OPTIONS ", "PUT ", "PATCH ", "DELETE ", "CONNECT ", "HEAD ", "PRI "}

// beginsRequest reports whether p begins like HTTP, as far as there is something to see.
func beginsRequest(p []byte) bool {
	for _, beginning := range beginnings {
		n := min(len(p), len(beginning))
		if string(p[:n]) == beginning[:n] {
			return true
		}
	}
	return false
}
