package proxy

import (
	"strings"
	"time"

	"golws/engine/conn"
)

// Begin asks the proxy that c is connected to for a tunnel to a server, and gives c a role of its own for that time.
// host is a name, which the proxy resolves, or a numeric address.
//
// done is called exactly once, on the service thread, maybe before Begin returns: with "" when the tunnel is open, of
// which no byte was taken, or when the connection was closed for a reason that is not the proxy's; else with what went
// wrong, in the words that the program gets with CLIENT_CONNECTION_ERROR.
func Begin(c *conn.Conn, p *Config, host string, port int, done func(problem string)) {
	t := &tunnel{config: p, done: done, before: c.Role()}
	host = strings.TrimSuffix(strings.TrimPrefix(host, "["), "]")
	if strings.Contains(host, ":") {
		host, _, _ = strings.Cut(host, "%") // a zone has a meaning on this machine only
	}
	if p.SOCKS {
		t.speaker = &socks{host: host, port: port, config: p}
	} else {
		t.speaker = &connect{host: host, port: port, config: p}
	}
	c.SetRole(t)
	if problem := t.speaker.begin(t, c); problem != "" {
		t.finish(problem)
	}
}

// speaker is a dialogue with a proxy.
type speaker interface {
	// begin says what opens the dialogue.
	begin(t *tunnel, c *conn.Conn) (problem string)
	// input takes of what the proxy says what can be taken now, and says what comes next.
	input(t *tunnel, c *conn.Conn, p []byte) (used int, open bool, problem string)
	// hungUp, broken and timedOut are the words for it.
	hungUp() string
	broken() string
	timedOut() string
}

// tunnel is the role of a connection to a proxy until the tunnel is open.
type tunnel struct {
	speaker speaker
	config  *Config
	done    func(problem string)
	before  conn.Role
}

var (
	_ conn.Interim = (*tunnel)(nil)
	_ conn.Loser   = (*tunnel)(nil)
)

// For implements conn.Interim.
func (t *tunnel) For() conn.Role { return t.before }

func (t *tunnel) finish(problem string) {
	if done := t.done; done != nil {
		t.done = nil
		done(problem)
	}
}

// say sends and limits the time for the answer.
func (t *tunnel) say(c *conn.Conn, text []byte, reason conn.Timeout) {
	c.Queue(text)
	limit := c.Host().Limits.Timeout
	if limit <= 0 {
		limit = 20 * time.Second
	}
	c.SetTimeout(reason, limit)
}

// Input implements conn.Role.
func (t *tunnel) Input(c *conn.Conn, p []byte) (used int) {
	for t.done != nil {
		n, open, problem := t.speaker.input(t, c, p[used:])
		used += n
		if open || problem != "" {
			c.SetTimeout(conn.NoPendingTimeout, 0)
			t.finish(problem)
			break
		}
		if n == 0 {
			break
		}
	}
	return used
}

// EOF implements conn.Role.
func (t *tunnel) EOF(*conn.Conn) bool {
	t.finish(t.speaker.hungUp())
	return true
}

// Lost implements conn.Loser.
func (t *tunnel) Lost(*conn.Conn) { t.finish(t.speaker.broken()) }

// TimedOut implements conn.Role.
func (t *tunnel) TimedOut(*conn.Conn, conn.Timeout) bool {
	t.finish(t.speaker.timedOut())
	return false
}

// Closed implements conn.Role.
func (t *tunnel) Closed(*conn.Conn) { t.finish("") }

// Finish implements conn.Role.
func (t *tunnel) Finish(c *conn.Conn) { c.Kill() }

// Writable implements conn.Role. What the program sends is not for the proxy.
func (t *tunnel) Writable(*conn.Conn) {}

// Drained implements conn.Role.
func (t *tunnel) Drained(*conn.Conn) {}

// Write implements conn.Role.
func (t *tunnel) Write(*conn.Conn, []byte, conn.WriteKind) (int, error) { return 0, conn.ErrWrongState }

// CheckValidity implements conn.Role.
func (t *tunnel) CheckValidity(*conn.Conn) bool { return false }
