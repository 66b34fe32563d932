package http2

import "golws/engine/conn"

// budget bounds how often a peer may do what costs us more than it. It holds up to burst tokens, and gets
// rate new ones a second, and more by earn.
type budget struct {
	burst, rate int64
	spent       int64 // of the burst
	since       int64 // on the loop's clock, when spent was right
}

// spend takes n tokens. It reports false where they are not there.
func (b *budget) spend(c *conn.Conn, n int) bool {
	if b.spent > 0 {
		now := c.Thread().Loop.Now()
		if back := (now - b.since) * b.rate / 1e6; back > 0 {
			b.spent = max(b.spent-back, 0)
			b.since = now
		}
	} else {
		b.since = c.Thread().Loop.Now()
	}
	b.spent += int64(n)
	return b.spent <= b.burst
}

// earn gives tokens back.
func (b *budget) earn(n int) { b.spent = max(b.spent-int64(n), 0) }

// floods are the budgets of a connection. The numbers are far above what browsers and libraries do, and far below what
// makes a server busy.
type floods struct {
	resets   budget // streams that end by RST_STREAM, from either side, before their response is complete
	settings budget
	pings    budget
	empty    budget // frames without content that carry nothing forward
	priority budget // PRIORITY, frames of unknown types, resets of what is over
	windows  budget // WINDOW_UPDATE, beside those that answer our DATA
}

func newFloods() floods {
	return floods{
		resets:   budget{burst: 200, rate: 33},
		settings: budget{burst: 100, rate: 5},
		pings:    budget{burst: 500, rate: 50},
		empty:    budget{burst: 200, rate: 20},
		priority: budget{burst: 1000, rate: 200},
		windows:  budget{burst: 2000, rate: 500},
	}
}

// flooded ends a connection whose peer has used up a budget.
func (n *Connection) flooded(c *conn.Conn, what string) {
	n.failLogged(c, codeEnhanceYourCalm, "too many "+what+" frames", conn.LogWarning)
}
