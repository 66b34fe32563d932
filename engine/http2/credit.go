package http2

import "golws/engine/conn"

// How much each side may send, for programs that want to know, and streams that they let last.

var (
	_ conn.FlowController = (*stream)(nil)
	_ conn.FlowController = (*Connection)(nil)
	_ conn.Lasting        = (*stream)(nil)
)

// SendCredit implements conn.FlowController.
func (s *stream) SendCredit(*conn.Conn) int64 { return max(min(s.window, s.n.window), 0) }

// ReceiveCredit implements conn.FlowController.
func (s *stream) ReceiveCredit(*conn.Conn) int64 { return s.receivable }

// GrantCredit implements conn.FlowController.
func (s *stream) GrantCredit(_ *conn.Conn, number int, n int) bool {
	if number == conn.OwnStream {
		return s.give(n)
	}
	return s.n.GrantCredit(s.n.c, number, n)
}

// give lets the peer send n bytes more.
func (s *stream) give(n int) bool {
	if s.remoteClosed || s.gone || s.receivable+s.granted+int64(s.pushed)+int64(n) > maxWindow {
		return false
	}
	s.receivable += int64(n)
	s.n.sendWindowUpdate(s.n.c, s.id, int64(n))
	return true
}

// Last implements conn.Lasting.
func (s *stream) Last(*conn.Conn) { s.immortal = true }

// SendCredit implements conn.FlowController.
func (n *Connection) SendCredit(*conn.Conn) int64 { return max(n.window, 0) }

// ReceiveCredit implements conn.FlowController.
func (n *Connection) ReceiveCredit(*conn.Conn) int64 { return n.receivable }

// GrantCredit implements conn.FlowController.
func (n *Connection) GrantCredit(c *conn.Conn, stream int, more int) bool {
	if stream > 0 {
		s := n.streams[uint32(stream)]
		return s != nil && s.give(more)
	}
	if n.receivable+int64(more) > maxWindow {
		return false
	}
	n.receivable += int64(more)
	n.sendWindowUpdate(c, 0, int64(more))
	return true
}
