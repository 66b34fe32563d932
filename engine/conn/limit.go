package conn

import "sync/atomic"

// Limit bounds how many connections with TLS there are at once, in all threads of a context. What comes to a listener
// beyond it waits in the kernel to be accepted.
type Limit struct {
	most int32
	now  atomic.Int32
}

// NewLimit makes one.
func NewLimit(most int) *Limit { return &Limit{most: int32(most)} }

// take counts a connection, unless there are too many.
func (l *Limit) take() bool {
	if l == nil {
		return true
	}
	if l.now.Add(1) > l.most {
		l.now.Add(-1)
		return false
	}
	return true
}

func (l *Limit) give() {
	if l != nil {
		l.now.Add(-1)
	}
}

// limit is what connections that the watch accepts count for, nil where nothing bounds them.
func (w *watch) limit() *Limit {
	if w.listener.TLS {
		return w.thread.TLSLimit
	}
	return nil
}

// CountTLS counts a connection that begins TLS with a server, which is not more than there may be. There is nobody to wait,
// so false means that it fails.
func (c *Conn) CountTLS() bool {
	limit := c.thread.TLSLimit
	if c.limit != nil {
		return true
	}
	if !limit.take() {
		return false
	}
	c.limit = limit
	return true
}

// left gives back what the connection counted for, and has its listener accept the next one at once.
func (c *Conn) left() {
	if c.limit == nil {
		return
	}
	c.limit.give()
	c.limit = nil
	if c.listener == nil {
		return
	}
	for _, w := range c.listener.watches {
		if w.thread == c.thread && w.resting {
			c.thread.Loop.Cancel(&w.timer)
			w.Expired(0)
		}
	}
}
