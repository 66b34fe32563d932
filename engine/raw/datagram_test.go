package raw_test

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"golws/engine/conn"
	"golws/engine/conn/conntest"
	"golws/engine/raw"
)

// datagrams are two ends of a connection for datagrams that, unlike one of UDP, loses none and tells when it is full.
func datagrams(t testing.TB) (served, other int) {
	t.Helper()
	ends, err := unix.Socketpair(unix.AF_UNIX, unix.SOCK_DGRAM|unix.SOCK_CLOEXEC, 0)
	if err != nil {
		t.Fatal(err)
	}
	unix.SetsockoptTimeval(ends[1], unix.SOL_SOCKET, unix.SO_RCVTIMEO, &unix.Timeval{Sec: 20})
	t.Cleanup(func() { unix.Close(ends[1]) })
	return ends[0], ends[1]
}

func expectDatagram(t *testing.T, descriptor int, want string) {
	t.Helper()
	p := make([]byte, 70000)
	n, err := unix.Read(descriptor, p)
	if err != nil || string(p[:n]) != want {
		t.Fatalf("got %.20q, %v, not %.20q", p[:max(n, 0)], err, want)
	}
}

func TestEachDatagramIsAnEvent(t *testing.T) {
	p := newProgram()
	served, other := datagrams(t)
	s, c := adopt(t, p, conn.Adoption{Descriptor: served, Socket: true, NewRole: raw.NewDatagram})
	for _, text := range []string{"one", "two", "", "four"} {
		unix.Write(other, []byte(text))
		expectDatagram(t, other, text)
	}
	unix.Write(other, []byte("writeable"))
	expectDatagram(t, other, "written")
	s.Do(c.Kill)
	if got := p.wait(t); got != "create, bind, adopt, receive one, receive two, receive , receive four, receive writeable, "+
		"writeable, drop, close, destroy" {
		t.Error(got)
	}
}

func TestLongDatagramIsCut(t *testing.T) {
	p := newProgram()
	p.respond = func(c *conn.Conn, reason conn.Reason, in []byte) int {
		if reason == conn.RawReceive {
			c.Write(in, conn.WriteHTTP)
		}
		return 0
	}
	served, other := datagrams(t)
	adopt(t, p, conn.Adoption{Descriptor: served, Socket: true, NewRole: raw.NewDatagram})
	for range 2 {
		unix.Write(other, bytes.Repeat([]byte("x"), 5000))
		expectDatagram(t, other, strings.Repeat("x", 4096))
	}
	if got := strings.Count(p.Logged(), "a datagram of 5000 bytes was cut to 4096"); got != 1 {
		t.Error(p.Logged())
	}
}

// What has connections ends when the other end is closed, and any other when it was shut down; what was sent before still
// comes.
func TestEndOfASocketForDatagrams(t *testing.T) {
	p := newProgram()
	ends, err := unix.Socketpair(unix.AF_UNIX, unix.SOCK_SEQPACKET|unix.SOCK_CLOEXEC, 0)
	if err != nil {
		t.Fatal(err)
	}
	unix.Write(ends[1], []byte("last"))
	unix.Close(ends[1])
	adopt(t, p, conn.Adoption{Descriptor: ends[0], Socket: true, NewRole: raw.NewDatagram})
	if got := p.wait(t); got != "create, bind, adopt, receive last, drop, close, destroy" {
		t.Error(got)
	}

	p = newProgram()
	served, other := datagrams(t)
	unix.Write(other, []byte("last"))
	unix.Shutdown(served, unix.SHUT_RDWR)
	adopt(t, p, conn.Adoption{Descriptor: served, Socket: true, NewRole: raw.NewDatagram})
	if got := p.wait(t); got != "create, bind, adopt, receive last, drop, close, destroy" {
		t.Error(got)
	}
}

// What the socket does not take waits, as datagrams, and leaves before the end.
func TestDatagramsWaitForTheSocket(t *testing.T) {
	const count = 100
	p := newProgram()
	text := func(i int) string { return strings.Repeat(string(rune('a'+i%26)), 3000+i) }
	p.respond = func(c *conn.Conn, reason conn.Reason, in []byte) int {
		if reason != conn.RawReceive {
			return 0
		}
		for i := range count {
			if _, err := c.Write([]byte(text(i)), conn.WriteHTTP); err != nil {
				t.Error(err)
			}
		}
		if !c.Choked() {
			t.Error("the socket has taken all")
		}
		c.RequestWritable() // comes to nothing: the connection is closing
		return -1
	}
	served, other := datagrams(t)
	adopt(t, p, conn.Adoption{Descriptor: served, Socket: true, NewRole: raw.NewDatagram})
	unix.Write(other, []byte("go"))
	time.Sleep(20 * time.Millisecond)
	for i := range count {
		expectDatagram(t, other, text(i))
	}
	if got := p.wait(t); got != "create, bind, adopt, receive go, drop, close, destroy" {
		t.Error(got)
	}
}

// A peer that takes nothing does not make the queue grow without end.
func TestDatagramsAreLostWhenTooManyWait(t *testing.T) {
	p := newProgram()
	big := bytes.Repeat([]byte("x"), 4000)
	p.respond = func(c *conn.Conn, reason conn.Reason, _ []byte) int {
		if reason == conn.RawAdopt {
			for range 1000 {
				if n, err := c.Write(big, conn.WriteHTTP); n != len(big) || err != nil {
					t.Error(n, err)
					break
				}
			}
			if n := c.QueuedBytes(); n > 256<<10 || n == 0 {
				t.Error(n, " bytes wait")
			}
		}
		return 0
	}
	served, _ := datagrams(t)
	s, c := adopt(t, p, conn.Adoption{Descriptor: served, Socket: true, NewRole: raw.NewDatagram})
	if !strings.Contains(p.Logged(), "faster than they leave") {
		t.Error(p.Logged())
	}
	s.Do(c.Kill)
	p.wait(t)
}

func TestDatagramsAllocateNothing(t *testing.T) {
	p := newProgram()
	received := 0
	p.OnEvent = func(c *conn.Conn, reason conn.Reason, in []byte, _ conn.Message) int {
		if reason == conn.RawReceive {
			received++
			c.Write(in, conn.WriteHTTP)
		}
		return 0
	}
	s := conntest.New(t, &p.Program, conntest.DefaultVhost("one"))
	served, other := datagrams(t)
	unix.SetNonblock(served, true)
	s.Do(func() {
		s.Thread.Take(&conn.Adoption{Descriptor: served, Host: s.Host, Socket: true, NewRole: raw.NewDatagram})
	})
	message, answer := []byte("message"), make([]byte, 16)
	turn := func() {
		unix.Write(other, message)
		for received = 0; received == 0; {
			s.Turn(time.Second)
		}
		if n, err := unix.Read(other, answer); n != len(message) || err != nil {
			t.Fatal(n, err)
		}
	}
	turn()
	if raceEnabled {
		t.Skip("the race detector allocates")
	}
	if n := testing.AllocsPerRun(200, turn); n > 0.5 {
		t.Error(n, " allocations for each datagram")
	}
}
