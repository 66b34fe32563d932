package httpserver

import "golws/engine/conn"

// Body delivers a piece of the request's body. It reports false where the connection must close.
func (s *State) Body(c *conn.Conn, p []byte) bool {
	return dummy(c) || s.call(c, conn.HTTPBody, p) == 0
}

// BodyComplete delivers the end of the request's body. It reports false where the connection must
// close.
func (s *State) BodyComplete(c *conn.Conn) bool {
	if dummy(c) {
		return s.Dummy(c, conn.HTTPBodyCompletion) == 0
	}
	return s.callForResponse(c, conn.HTTPBodyCompletion, nil) == 0
}

// Writable delivers the writable callback that the program asked for.
func (s *State) Writable(c *conn.Conn) {
	if !s.Active || s.transfer.active || dummy(c) {
		return
	}
	if s.callForResponse(c, conn.HTTPWriteable, nil) < 0 {
		s.Close(c)
	}
}

// Drained goes on with the file under way when all that was queued has left.
func (s *State) Drained(c *conn.Conn) {
	if !s.transfer.active {
		return
	}
	if s.transfer.interpreted {
		s.interpret(c)
		s.Settle(c)
		return
	}
	s.fileSent(c)
}

// Settle is called after every event: it ends a file that needs not wait for the peer.
func (s *State) Settle(c *conn.Conn) {
	if s.transfer.active && s.transfer.memory && c.Open() {
		s.fileSent(c)
	}
}

// Transferring reports whether a file is being sent.
func (s *State) Transferring() bool { return s.transfer.active }
