package ws

import (
	"io"
	"testing"
	"time"

	"golws/engine/conn"
	"golws/engine/conn/conntest"
)

// raceEnabled tells that the race detector is on, which allocates by itself.
var raceEnabled bool

// A client that answers each message allocates nothing for it: not for the masked frame, nor for its key.
func TestClientEchoAllocatesNothing(t *testing.T) {
	var p conntest.Program
	answered := false
	p.OnEvent = func(c *conn.Conn, reason conn.Reason, in []byte, _ conn.Message) int {
		if reason == conn.ClientReceive {
			c.Write(in, conn.WriteBinary)
			answered = true
		}
		return 0
	}
	s := conntest.New(t, &p, conntest.DefaultVhost("http", "test"))
	common := &shared{}
	peer := s.Connect(func(*conn.Conn) conn.Role {
		return &Role{side: &clientSide, shared: common, phase: phaseOpen}
	})
	message := append([]byte{bitFinal | opBinary, 32}, make([]byte, 32)...)
	echo := make([]byte, len(message)+maskKeySize)
	exchange := func() {
		if _, err := peer.Write(message); err != nil {
			t.Fatal(err)
		}
		for answered = false; !answered; {
			s.Turn(time.Second)
		}
		if _, err := io.ReadFull(peer, echo); err != nil {
			t.Fatal(err)
		}
	}
	exchange()
	if echo[0] != bitFinal|opBinary || echo[1] != bitMasked|32 {
		t.Fatalf("the frame begins with %x", echo[:2])
	}
	if raceEnabled {
		t.Skip("the race detector allocates")
	}
	if n := testing.AllocsPerRun(500, exchange); n >= 1 {
		t.Errorf("%v allocations for each message", n)
	}
}
