package ws

import (
	"testing"

	"golws/engine/conn"
)

// BenchmarkEcho is what a small message costs in the role and the output queue, with a pair of system calls for sixteen of them.
func BenchmarkEcho(b *testing.B) {
	e := newEcho()
	s := open(b, e, nil, nil)
	var frames []byte
	for range 16 {
		frames = append(frames, s.client.frame(bitFinal|opBinary, make([]byte, 32))...)
	}
	e.OnEvent = func(c *conn.Conn, reason conn.Reason, in []byte, m conn.Message) int {
		if reason == conn.Receive {
			c.Write(in, conn.WriteBinary)
		}
		return 0
	}
	input, received := make([]byte, len(frames), len(frames)+1), make([]byte, 4096)
	s.server.Do(func() {
		for b.Loop() {
			copy(input, frames)
			s.role.Input(s.conn, input)
			s.conn.Flush()
			s.client.Conn.Read(received)
		}
	})
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/16, "ns/message")
}
