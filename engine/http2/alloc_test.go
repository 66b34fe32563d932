package http2_test

import (
	"encoding/binary"
	"io"
	"testing"
	"time"

	xhttp2 "golang.org/x/net/http2"

	"golws/engine/conn"
	"golws/engine/conn/conntest"
	"golws/engine/http2"
)

var raceEnabled bool

// steady is a server with a connection on which the same request is made again and again.
type steady struct {
	server *conntest.Server
	peer   *peer
	frame  []byte
	buffer []byte
	stream uint32
	t      testing.TB
}

func newSteady(t testing.TB) *steady {
	program := &conntest.Program{}
	head, body := []byte("HTTP/1.1 200 OK\r\ncontent-type: text/plain\r\ncontent-length: 13\r\n\r\n"), []byte("Hello, World!")
	program.OnEvent = func(c *conn.Conn, reason conn.Reason, _ []byte, _ conn.Message) int {
		switch reason {
		case conn.HTTP:
			c.RequestWritable()
		case conn.HTTPWriteable:
			c.Write(head, conn.WriteHTTPHeaders)
			c.Write(body, conn.WriteHTTPFinal)
			return complete(c)
		}
		return 0
	}
	s := &steady{server: conntest.New(t, program, conntest.DefaultVhost("p")), buffer: make([]byte, 4096), t: t, stream: 1}
	s.peer = dial(t, s.server, http2.NewRole)
	io.WriteString(s.peer.Conn, xhttp2.ClientPreface)
	s.peer.WriteSettings()
	s.peer.WriteSettingsAck()
	s.peer.get(1, "/")
	s.server.Turn(time.Second)
	s.peer.Conn.Read(s.buffer)
	s.frame = frames(func(f *xhttp2.Framer, _ *peer) {
		f.WriteHeaders(xhttp2.HeadersFrameParam{BlockFragment: s.peer.request("GET", "/"), EndHeaders: true, EndStream: true, StreamID: 3})
	})
	return s
}

// once makes one request and takes its response.
func (s *steady) once() {
	s.stream += 2
	if s.stream%1000 == 1 {
		s.peer.WriteWindowUpdate(0, 500*13)
	}
	binary.BigEndian.PutUint32(s.frame[5:], s.stream)
	s.peer.Conn.Write(s.frame)
	s.server.Turn(time.Second)
	n, err := s.peer.Conn.Read(s.buffer)
	if err != nil || n < 9+9+13 || string(s.buffer[n-13:n]) != "Hello, World!" {
		s.t.Fatalf("%q %v", s.buffer[:n], err)
	}
}

// A request and its response cost one allocation: the stream. Request texts, output and compressed heads are used again.
func TestAllocations(t *testing.T) {
	if raceEnabled {
		t.Skip("the race detector allocates")
	}
	s := newSteady(t)
	for range 100 {
		s.once()
	}
	if n := testing.AllocsPerRun(500, s.once); n > 1 {
		t.Errorf("%v allocations for a request", n)
	}
}

func BenchmarkRequest(b *testing.B) {
	s := newSteady(b)
	for b.Loop() {
		s.once()
	}
}
