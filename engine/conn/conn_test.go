package conn_test

import (
	"bytes"
	"crypto/rand"
	"io"
	"net"
	"os"
	"testing"
	"time"

	"golws/engine/conn"
	"golws/engine/conn/conntest"
)

// lineRole echoes lines; a line is input that ends with a newline. It exercises the core in place
// of a real protocol.
type lineRole struct {
	pending  [][]byte
	deferred bool // echo from the writable callback
	drained  int
}

func (r *lineRole) Input(c *conn.Conn, p []byte) int {
	used := 0
	for !c.Paused() {
		end := bytes.IndexByte(p[used:], '\n')
		if end < 0 {
			break
		}
		line := p[used : used+end+1]
		used += end + 1
		if c.CallbackBytes(conn.Receive, line) != 0 {
			c.Finish()
			break
		}
		if r.deferred {
			r.pending = append(r.pending, bytes.Clone(line))
			c.RequestWritable()
		} else {
			c.QueueDirect(nil, line)
		}
	}
	return used
}

func (r *lineRole) Writable(c *conn.Conn) {
	c.Callback(conn.ServerWriteable)
	if len(r.pending) > 0 {
		c.Queue(r.pending[0])
		r.pending = r.pending[1:]
	}
	if len(r.pending) > 0 {
		c.RequestWritable()
	}
}
func (r *lineRole) Drained(*conn.Conn) { r.drained++ }
func (r *lineRole) Write(c *conn.Conn, p []byte, _ conn.WriteKind) (int, error) {
	c.QueueDirect(nil, p)
	return len(p), nil
}
func (r *lineRole) EOF(*conn.Conn) bool                    { return true }
func (r *lineRole) TimedOut(*conn.Conn, conn.Timeout) bool { return false }
func (r *lineRole) CheckValidity(c *conn.Conn) bool        { c.Queue([]byte("ping\n")); return true }
func (r *lineRole) Finish(c *conn.Conn)                    { c.Queue([]byte("bye\n")); c.CloseAfterFlush() }
func (r *lineRole) Closed(c *conn.Conn)                    { c.Callback(conn.Closed) }

func plain(*conn.Conn) conn.Role    { return &lineRole{} }
func deferred(*conn.Conn) conn.Role { return &lineRole{deferred: true} }

func expect(t *testing.T, c net.Conn, want []byte) {
	t.Helper()
	c.SetReadDeadline(time.Now().Add(20 * time.Second))
	got := make([]byte, len(want))
	if _, err := io.ReadFull(c, got); err != nil {
		t.Fatalf("read: %v", err)
	}
	if !bytes.Equal(got, want) {
		t.Fatalf("got %.60q, want %.60q", got, want)
	}
}

func expectEnd(t *testing.T, c net.Conn) {
	t.Helper()
	c.SetReadDeadline(time.Now().Add(20 * time.Second))
	rest, err := io.ReadAll(c)
	if err != nil || len(rest) > 0 {
		t.Fatalf("want the end, got %q, %v", rest, err)
	}
}

func TestEcho(t *testing.T) {
	for name, role := range map[string]func(*conn.Conn) conn.Role{"direct": plain, "writable": deferred} {
		t.Run(name, func(t *testing.T) {
			s := conntest.New(t, &conntest.Program{}, conntest.DefaultVhost("p"))
			s.Start()
			client := s.Connect(role)
			client.Write([]byte("one\ntwo\nthr"))
			expect(t, client, []byte("one\ntwo\n"))
			client.Write([]byte("ee\n"))
			expect(t, client, []byte("three\n"))
		})
	}
}

// A peer that does not read for a while loses nothing, and the input that comes meanwhile is kept.
func TestSlowReader(t *testing.T) {
	s := conntest.New(t, &conntest.Program{}, conntest.DefaultVhost("p"))
	s.Start()
	client := s.Connect(plain)
	var want []byte
	for i := range 40 {
		line := make([]byte, 1000+i*40_000)
		rand.Read(line)
		for j := range line {
			line[j] |= 0x80
		}
		line[len(line)-1] = '\n'
		want = append(want, line...)
	}
	go client.Write(want)
	time.Sleep(20 * time.Millisecond)
	expect(t, client, want)
}

func TestQueueFileAfterBytes(t *testing.T) {
	s := conntest.New(t, &conntest.Program{}, conntest.DefaultVhost("p"))
	content := make([]byte, 5<<20)
	rand.Read(content)
	path := t.TempDir() + "/file"
	os.WriteFile(path, content, 0o600)
	var server *conn.Conn
	client := s.Connect(func(c *conn.Conn) conn.Role { server = c; return plain(c) })
	s.Start()
	s.Do(func() {
		f, err := os.Open(path)
		if err != nil {
			t.Fatal(err)
		}
		server.Queue([]byte("head"))
		server.QueueFile(f, 7, int64(len(content)-7))
		server.Queue([]byte("tail"))
	})
	expect(t, client, append(append([]byte("head"), content[7:]...), "tail"...))
}

func TestPauseKeepsInput(t *testing.T) {
	received := make(chan string, 100)
	var server *conn.Conn
	p := &conntest.Program{}
	p.OnEvent = func(c *conn.Conn, reason conn.Reason, in []byte, _ conn.Message) int {
		if reason == conn.Receive {
			received <- string(in)
			c.Pause(conn.PauseByProgram)
		}
		return 0
	}
	s := conntest.New(t, p, conntest.DefaultVhost("p"))
	client := s.Connect(func(c *conn.Conn) conn.Role { server = c; return plain(c) })
	s.Start()
	client.Write([]byte("a\nb\nc\n"))
	for _, want := range []string{"a\n", "b\n", "c\n"} {
		select {
		case got := <-received:
			if got != want {
				t.Fatalf("got %q, want %q", got, want)
			}
		case <-time.After(20 * time.Second):
			t.Fatal("nothing received")
		}
		select {
		case got := <-received:
			t.Fatalf("%q was delivered during a pause", got)
		case <-time.After(30 * time.Millisecond):
		}
		s.Do(func() { server.Resume(conn.PauseByProgram) })
	}
}

// What a peer sent before it went away is delivered after a pause.
func TestPeerGoesDuringPause(t *testing.T) {
	received := make(chan string, 100)
	var server *conn.Conn
	p := &conntest.Program{}
	p.OnEvent = func(c *conn.Conn, reason conn.Reason, in []byte, _ conn.Message) int {
		if reason == conn.Receive {
			received <- string(in)
			if string(in) == "first\n" {
				c.Pause(conn.PauseByProgram)
			}
		}
		if reason == conn.Closed {
			received <- "closed"
		}
		return 0
	}
	s := conntest.New(t, p, conntest.DefaultVhost("p"))
	client := s.Connect(func(c *conn.Conn) conn.Role { server = c; return &lineRole{deferred: true} })
	s.Start()
	client.Write([]byte("first\n"))
	if got := <-received; got != "first\n" {
		t.Fatalf("got %q", got)
	}
	expect(t, client, []byte("first\n"))
	client.Write([]byte("second\n"))
	client.Close()
	time.Sleep(20 * time.Millisecond)
	s.Do(func() { server.Resume(conn.PauseByProgram) })
	for _, want := range []string{"second\n", "closed"} {
		select {
		case got := <-received:
			if got != want {
				t.Fatalf("got %q, want %q", got, want)
			}
		case <-time.After(20 * time.Second):
			t.Fatalf("no %q", want)
		}
	}
}

// Closing from inside a callback sends what is queued, then delivers Closed and WSIDestroy once each.
func TestFinishInCallback(t *testing.T) {
	events := make(chan conn.Reason, 100)
	p := &conntest.Program{}
	p.OnEvent = func(_ *conn.Conn, reason conn.Reason, in []byte, _ conn.Message) int {
		events <- reason
		if string(in) == "end\n" {
			return -1
		}
		return 0
	}
	s := conntest.New(t, p, conntest.DefaultVhost("p"))
	s.Start()
	client := s.Connect(plain)
	client.Write([]byte("x\nend\nignored\n"))
	expect(t, client, []byte("x\nbye\n"))
	expectEnd(t, client)
	client.Close()
	for _, want := range []conn.Reason{conn.WSICreate, conn.Receive, conn.Receive, conn.Closed, conn.WSIDestroy} {
		select {
		case got := <-events:
			if got != want {
				t.Fatalf("got event %d, want %d", got, want)
			}
		case <-time.After(20 * time.Second):
			t.Fatalf("no event %d", want)
		}
	}
}

func TestTimeoutCloses(t *testing.T) {
	closed := make(chan bool, 1)
	p := &conntest.Program{}
	p.OnEvent = func(_ *conn.Conn, reason conn.Reason, _ []byte, _ conn.Message) int {
		if reason == conn.WSIDestroy {
			closed <- true
		}
		return 0
	}
	s := conntest.New(t, p, conntest.DefaultVhost("p"))
	client := s.Connect(func(c *conn.Conn) conn.Role {
		c.SetTimeout(conn.TimeoutHTTPContent, 10*time.Millisecond)
		return plain(c)
	})
	s.Start()
	expectEnd(t, client)
	select {
	case <-closed:
	case <-time.After(20 * time.Second):
		t.Fatal("not closed")
	}
}

func TestValidityPingThenHangup(t *testing.T) {
	v := conntest.DefaultVhost("p")
	v.Retry.ValidPing, v.Retry.ValidHangup = 20*time.Millisecond, 200*time.Millisecond
	s := conntest.New(t, &conntest.Program{}, v)
	client := s.Connect(func(c *conn.Conn) conn.Role { c.StartValidity(); return plain(c) })
	s.Start()
	expect(t, client, []byte("ping\n"))
	expectEnd(t, client)
}

func TestManyTimersFireInOrder(t *testing.T) {
	var fired []int
	p := &conntest.Program{}
	order := map[*conn.Conn]int{}
	p.OnEvent = func(c *conn.Conn, reason conn.Reason, _ []byte, _ conn.Message) int {
		if reason == conn.TimerExpired {
			fired = append(fired, order[c])
		}
		return 0
	}
	s := conntest.New(t, p, conntest.DefaultVhost("p"))
	const count = 50
	var due [count]time.Time
	for i := range count {
		s.Connect(func(c *conn.Conn) conn.Role {
			order[c] = i
			after := time.Duration(i*7%count) * time.Millisecond
			due[i] = time.Now().Add(after)
			c.SetTimer(after)
			return plain(c)
		})
	}
	for end := time.Now().Add(20 * time.Second); len(fired) < count && time.Now().Before(end); {
		s.Turn(10 * time.Millisecond)
	}
	if len(fired) != count {
		t.Fatalf("%d of %d timers fired", len(fired), count)
	}
	for i := 1; i < count; i++ {
		// The two clocks are not read at the same moment.
		if due[fired[i-1]].Sub(due[fired[i]]) > 5*time.Millisecond {
			t.Fatalf("timer %d fired before %d", fired[i-1], fired[i])
		}
	}
}

func TestEchoAllocatesNothing(t *testing.T) {
	s := conntest.New(t, &conntest.Program{}, conntest.DefaultVhost("p"))
	client := s.Connect(plain)
	message, answer := []byte("hello, this is a line\n"), make([]byte, 100)
	round := func() {
		client.Write(message)
		s.Turn(time.Second)
		client.Read(answer)
	}
	round()
	if n := testing.AllocsPerRun(200, round); n != 0 {
		t.Errorf("%v allocations for each message", n)
	}
}
