package raw_test

import (
	"bytes"
	"fmt"
	"io"
	"net"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"golws/engine/conn"
	"golws/engine/conn/conntest"
	"golws/engine/raw"
	"golws/engine/vhost"
)

var names = map[conn.Reason]string{
	conn.WSICreate: "create", conn.RawSocketBindProtocol: "bind", conn.RawAdopt: "adopt", conn.RawReceive: "receive",
	conn.RawWriteable: "writeable", conn.RawSocketDropProtocol: "drop", conn.RawClose: "close", conn.WSIDestroy: "destroy",
}

// program records events, and answers as the peer says.
type program struct {
	conntest.Program
	events  []string
	refuse  conn.Reason
	done    chan struct{}
	written []byte
	respond func(c *conn.Conn, reason conn.Reason, in []byte) int
}

func newProgram() *program {
	p := &program{done: make(chan struct{}), refuse: -1}
	p.OnEvent = func(c *conn.Conn, reason conn.Reason, in []byte, _ conn.Message) int {
		name := names[reason]
		if reason == conn.RawReceive {
			name += " " + string(in)
		}
		p.events = append(p.events, name)
		if reason == conn.WSIDestroy {
			close(p.done)
		}
		if reason == p.refuse {
			return -1
		}
		if p.respond != nil {
			return p.respond(c, reason, in)
		}
		return p.answer(c, reason, in)
	}
	return p
}

func (p *program) answer(c *conn.Conn, reason conn.Reason, in []byte) int {
	switch reason {
	case conn.RawReceive:
		switch {
		case string(in) == "writeable":
			c.RequestWritable()
		case string(in) == "close":
			c.Write([]byte("bye"), conn.WriteHTTP)
			return -1
		case string(in) == "positive":
			c.Write([]byte("ok"), conn.WriteHTTP)
			return 1
		default:
			c.Write(in, conn.WriteHTTP)
		}
	case conn.RawWriteable:
		c.Write([]byte("written"), conn.WriteText)
	}
	return 0
}

func (p *program) wait(t *testing.T) string {
	t.Helper()
	select {
	case <-p.done:
	case <-time.After(20 * time.Second):
		t.Fatal("the connection was not destroyed")
	}
	return strings.Join(p.events, ", ")
}

func serve(t *testing.T, p *program, v *vhost.Vhost) net.Conn {
	t.Helper()
	s := conntest.New(t, &p.Program, v)
	client := s.Connect(raw.NewRole)
	client.SetDeadline(time.Now().Add(20 * time.Second))
	s.Start()
	return client
}

func say(t *testing.T, client net.Conn, text, answer string) {
	t.Helper()
	if _, err := client.Write([]byte(text)); err != nil {
		t.Fatal(err)
	}
	p := make([]byte, len(answer))
	if _, err := io.ReadFull(client, p); err != nil || string(p) != answer {
		t.Fatalf("answer to %q: %q, %v", text, p, err)
	}
}

func TestBytesGoBothWays(t *testing.T) {
	p := newProgram()
	client := serve(t, p, conntest.DefaultVhost("one"))
	say(t, client, "hello", "hello")
	say(t, client, "writeable", "written")
	say(t, client, "positive", "ok")
	say(t, client, "still", "still")
	client.Close()
	if got := p.wait(t); !strings.HasSuffix(got, "receive still, drop, close, destroy") ||
		!strings.HasPrefix(got, "create, bind, adopt, receive hello, receive writeable, writeable, receive positive") {
		t.Error(got)
	}
}

func TestWhatWasWrittenLeavesBeforeTheEnd(t *testing.T) {
	p := newProgram()
	client := serve(t, p, conntest.DefaultVhost("one"))
	client.Write([]byte("close"))
	rest, err := io.ReadAll(client)
	if err != nil || string(rest) != "bye" {
		t.Errorf("%q, %v", rest, err)
	}
	client.Close()
	if got := p.wait(t); got != "create, bind, adopt, receive close, drop, close, destroy" {
		t.Error(got)
	}
}

func TestRefusals(t *testing.T) {
	for reason, want := range map[conn.Reason]string{
		conn.RawAdopt:              "create, bind, adopt, drop, close, destroy",
		conn.RawReceive:            "create, bind, adopt, receive writeable, drop, close, destroy",
		conn.RawWriteable:          "create, bind, adopt, receive writeable, writeable, drop, close, destroy",
		conn.RawSocketBindProtocol: "create, bind, adopt, receive writeable, writeable, close, destroy",
	} {
		p := newProgram()
		p.refuse = reason
		client := serve(t, p, conntest.DefaultVhost("one"))
		if reason == conn.RawSocketBindProtocol {
			say(t, client, "writeable", "written")
			client.Close()
		} else {
			client.Write([]byte("writeable"))
			io.ReadAll(client)
			client.Close()
		}
		if got := p.wait(t); got != want {
			t.Errorf("%s refused: %s", names[reason], got)
		}
	}
}

func TestPiecesAreAsLargeAsTheProtocolSays(t *testing.T) {
	v := conntest.DefaultVhost("one", "two")
	v.Protocols[1].ReceiveSize = 1000
	v.AcceptProtocol = "two"
	var largest, total atomic.Int64
	p := newProgram()
	p.OnEvent = func(c *conn.Conn, reason conn.Reason, in []byte, _ conn.Message) int {
		if reason == conn.RawReceive {
			largest.Store(max(largest.Load(), int64(len(in))))
			if c.Protocol() != v.Protocols[1] {
				t.Error("another protocol")
			}
			if total.Add(int64(len(in))) == 10000 {
				c.Write([]byte("all"), conn.WriteHTTP)
			}
		}
		return 0
	}
	client := serve(t, p, v)
	say(t, client, strings.Repeat("x", 10000), "all")
	if n := largest.Load(); n != 1000 {
		t.Errorf("largest piece %d", n)
	}
}

func TestMuchOutputArrivesWhole(t *testing.T) {
	big := bytes.Repeat([]byte("0123456789abcdef"), 1<<18)
	p := newProgram()
	p.OnEvent = func(c *conn.Conn, reason conn.Reason, in []byte, _ conn.Message) int {
		if reason == conn.RawReceive {
			if n, err := c.Write(big, conn.WriteHTTP); n != len(big) || err != nil {
				t.Errorf("%d, %v", n, err)
			}
			return -1
		}
		return 0
	}
	client := serve(t, p, conntest.DefaultVhost("one"))
	client.Write([]byte("go"))
	got, err := io.ReadAll(client)
	if err != nil || !bytes.Equal(got, big) {
		t.Errorf("%d bytes of %d, %v", len(got), len(big), err)
	}
}

func TestFlowControlHoldsInputBack(t *testing.T) {
	p := newProgram()
	var paused *conn.Conn
	p.OnEvent = func(c *conn.Conn, reason conn.Reason, in []byte, _ conn.Message) int {
		switch reason {
		case conn.RawReceive:
			p.written = append(p.written, in...)
			if paused == nil {
				paused = c
				c.Pause(conn.PauseByProgram)
				c.RequestWritable()
			} else {
				c.Write(p.written, conn.WriteHTTP)
			}
		case conn.RawWriteable:
			if string(p.written) != "first" {
				t.Errorf("%q came while input was held back", p.written)
			}
			c.Write([]byte("held"), conn.WriteHTTP)
		case conn.TimerExpired:
			c.Resume(conn.PauseByProgram)
		}
		return 0
	}
	s := conntest.New(t, &p.Program, conntest.DefaultVhost("one"))
	client := s.Connect(raw.NewRole)
	client.SetDeadline(time.Now().Add(20 * time.Second))
	s.Start()
	say(t, client, "first", "held")
	client.Write([]byte("second"))
	s.Do(func() { paused.SetTimer(0) })
	say(t, client, "", "firstsecond")
}

var raceEnabled bool

func TestSteadyStateAllocatesNothing(t *testing.T) {
	p := newProgram()
	var at *conn.Conn
	p.OnEvent = func(c *conn.Conn, reason conn.Reason, in []byte, _ conn.Message) int {
		if reason == conn.RawReceive {
			at = c
			c.Write(in, conn.WriteHTTP)
		}
		return 0
	}
	s := conntest.New(t, &p.Program, conntest.DefaultVhost("one"))
	client := s.Connect(raw.NewRole)
	message, answer := []byte("message"), make([]byte, 16)
	turn := func() {
		client.Write(message)
		for at = nil; at == nil; {
			s.Turn(time.Second)
		}
		if n, err := client.Read(answer); n != len(message) || err != nil {
			t.Fatal(n, err)
		}
	}
	turn()
	if raceEnabled {
		t.Skip("the race detector allocates")
	}
	if n := testing.AllocsPerRun(200, turn); n > 0.5 {
		t.Error(fmt.Sprint(n, " allocations for each message"))
	}
}
