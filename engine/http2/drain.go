package http2

import "golws/engine/conn"

// A response may be complete before its request is. What then comes of the request's body is dropped here, where the
// rules for it still hold; a peer that has much more of it is told to stop.

// maxDrains is how many such requests a connection keeps track of.
const maxDrains = 32

// drainLimit is how much of a body is dropped before the stream is reset.
const drainLimit = 64 << 10

// drain is a stream whose response is complete and whose request is not.
type drain struct {
	stream uint32
	left   int64 // of the body by its content-length, -1 where unknown
	window int64 // what might be sent, if there were something to send
	budget int   // bytes
}

// drainOf finds the stream among those that are drained.
func (n *Connection) drainOf(stream uint32) *drain {
	for i := range n.drains {
		if n.drains[i].stream == stream {
			return &n.drains[i]
		}
	}
	return nil
}

// startDrain begins to drop what comes of a request. It reports false where there are too many.
func (n *Connection) startDrain(s *stream) bool {
	if len(n.drains) >= maxDrains {
		return false
	}
	n.drains = append(n.drains, drain{s.id, s.left, s.window, drainLimit})
	return true
}

// endDrain forgets the stream. It reports false where it is none of those.
func (n *Connection) endDrain(stream uint32) bool {
	for i := range n.drains {
		if n.drains[i].stream == stream {
			last := len(n.drains) - 1
			n.drains[i] = n.drains[last]
			n.drains = n.drains[:last]
			return true
		}
	}
	return false
}

// drainData drops a DATA frame of the given length with size bytes of payload.
func (n *Connection) drainData(c *conn.Conn, d *drain, length, size int, end bool) {
	stream := d.stream
	d.budget -= length
	if d.left >= 0 {
		d.left -= int64(size)
		if d.left < 0 || end && d.left > 0 {
			n.streamError(c, stream, codeProtocol, "the body does not have the length of its content-length")
			return
		}
	}
	switch {
	case end:
		n.endDrain(stream)
	case d.budget < 0:
		// The rest is of no interest (RFC 9113 section 8.1).
		n.endDrain(stream)
		n.sendReset(c, stream, codeNone)
	}
}
