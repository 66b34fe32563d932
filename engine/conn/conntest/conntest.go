// Package conntest is a program in Go for tests of roles: a conn.Handler that records or answers
// events, and a service thread driven by the test.
package conntest

import (
	"fmt"
	"net"
	"os"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"golws/engine/conn"
	"golws/engine/loop"
	"golws/engine/vhost"
)

// Program is a conn.Handler. The functions may be nil.
type Program struct {
	// OnEvent gets every event; its result is what the callback returns.
	OnEvent func(c *conn.Conn, reason conn.Reason, in []byte, m conn.Message) int
	// OnFill answers AddHeaders and ProcessHTML.
	OnFill func(c *conn.Conn, reason conn.Reason, space []byte, used int) (int, int)

	mutex sync.Mutex
	lines []string
	slots atomic.Uint32
}

// Attach implements conn.Handler.
func (p *Program) Attach(c *conn.Conn) bool {
	c.SetHandle(p.slots.Add(1), 0)
	return true
}

// Detach implements conn.Handler.
func (p *Program) Detach(*conn.Conn) {}

// Bind implements conn.Handler.
func (p *Program) Bind(*conn.Conn, *vhost.Protocol) bool { return true }

// Moved implements conn.Handler.
func (p *Program) Moved(*conn.Conn) {}

// Callback implements conn.Handler.
func (p *Program) Callback(c *conn.Conn, reason conn.Reason, in []byte) int {
	return p.CallbackMessage(c, reason, in, conn.Message{})
}

// CallbackValue implements conn.Handler.
func (p *Program) CallbackValue(c *conn.Conn, reason conn.Reason, _ uintptr, _ int) int {
	return p.CallbackMessage(c, reason, nil, conn.Message{})
}

// CallbackWritable implements conn.Handler.
func (p *Program) CallbackWritable(c *conn.Conn, reason conn.Reason) int {
	return p.CallbackMessage(c, reason, nil, conn.Message{})
}

// CallbackMessage implements conn.Handler.
func (p *Program) CallbackMessage(c *conn.Conn, reason conn.Reason, in []byte, m conn.Message) int {
	if p.OnEvent == nil {
		return 0
	}
	return p.OnEvent(c, reason, in, m)
}

// CallbackFill implements conn.Handler.
func (p *Program) CallbackFill(c *conn.Conn, reason conn.Reason, space []byte, used int, _ bool) (int, int) {
	if p.OnFill == nil {
		return used, 0
	}
	return p.OnFill(c, reason, space, used)
}

// TakeWritable implements conn.Handler; tests call Conn.RequestWritable.
func (p *Program) TakeWritable(*conn.Thread) {}

// StateChanged implements conn.Handler.
func (p *Program) StateChanged(*conn.Conn) {}

// Log implements conn.Handler.
func (p *Program) Log(level int, text string) {
	p.mutex.Lock()
	defer p.mutex.Unlock()
	p.lines = append(p.lines, fmt.Sprintf("%d %s", level, text))
}

// Logs implements conn.Handler.
func (p *Program) Logs(level int) bool { return level&(conn.LogError|conn.LogWarning) != 0 }

// Logged is what was logged so far, a line each.
func (p *Program) Logged() string {
	p.mutex.Lock()
	defer p.mutex.Unlock()
	return strings.Join(p.lines, "\n")
}

// Server is one service thread with one virtual host, served by Turn or Start.
type Server struct {
	Program *Program
	Thread  *conn.Thread
	Host    *conn.Host
	test    testing.TB
	stop    chan struct{}
	done    chan struct{}
	mutex   sync.Mutex
}

// DefaultVhost is a vhost with the given protocols and sensible limits.
func DefaultVhost(protocols ...string) *vhost.Vhost {
	v := &vhost.Vhost{Name: "default", Port: vhost.NoListen, ServiceBuffer: 4096}
	v.Limits = vhost.Limits{Timeout: 20 * time.Second, KeepAlive: 20 * time.Second, HeadTimeout: 20 * time.Second}
	for i, name := range protocols {
		v.Protocols = append(v.Protocols, &vhost.Protocol{Name: name, Index: i})
	}
	return v
}

// New makes a server; it is closed when the test ends.
func New(t testing.TB, p *Program, v *vhost.Vhost) *Server {
	t.Helper()
	l, err := loop.New()
	if err != nil {
		t.Fatal(err)
	}
	s := &Server{Program: p, Thread: conn.NewThread(0, l, p, 128<<10), Host: conn.NewHost(v, 1), test: t}
	t.Cleanup(s.Close)
	return s
}

// Connect makes a connection to the server that speaks the role and returns the client's end.
func (s *Server) Connect(newRole func(c *conn.Conn) conn.Role) net.Conn {
	s.test.Helper()
	pair, err := unix.Socketpair(unix.AF_UNIX, unix.SOCK_STREAM|unix.SOCK_CLOEXEC|unix.SOCK_NONBLOCK, 0)
	if err != nil {
		s.test.Fatal(err)
	}
	f := os.NewFile(uintptr(pair[1]), "client")
	client, err := net.FileConn(f)
	f.Close()
	if err != nil {
		s.test.Fatal(err)
	}
	s.Do(func() {
		if _, err = s.Thread.Adopt(pair[0], s.Host, nil, newRole); err != nil {
			s.test.Fatal(err)
		}
	})
	s.test.Cleanup(func() { client.Close() })
	return client
}

// Turn serves what is ready, waiting at most for d.
func (s *Server) Turn(d time.Duration) { Turn(s.Thread, d, &s.mutex) }

// Turn serves what is ready on a thread, waiting at most for d, and holds the lock except while it waits.
func Turn(t *conn.Thread, d time.Duration, lock sync.Locker) {
	var events [64]unix.EpollEvent
	lock.Lock()
	if t.Busy() {
		d = 0
	}
	if next := t.Loop.NextDeadline(); next >= 0 {
		d = min(d, time.Duration(max(next-loop.Now(), 0)+999)*time.Microsecond)
	}
	descriptor := t.Loop.Descriptor()
	lock.Unlock()
	n, _ := unix.EpollWait(descriptor, events[:], int(d.Milliseconds()))
	lock.Lock()
	defer lock.Unlock()
	t.Process(loop.Now(), events[:max(n, 0)])
}

// Start serves in a goroutine until Close.
func (s *Server) Start() {
	s.stop, s.done = make(chan struct{}), make(chan struct{})
	go func() {
		defer close(s.done)
		for {
			select {
			case <-s.stop:
				return
			default:
				s.Turn(50 * time.Millisecond)
			}
		}
	}()
}

// Do runs f as the service thread, while no event is handled.
func (s *Server) Do(f func()) {
	s.mutex.Lock()
	was := s.Thread.Loop.Enter()
	f()
	s.Thread.Loop.Leave(was)
	s.mutex.Unlock()
	s.Thread.Loop.Wake()
}

// Close ends the goroutine and all connections.
func (s *Server) Close() {
	if s.stop != nil {
		close(s.stop)
		s.Thread.Loop.Wake()
		<-s.done
		s.stop = nil
	}
	if s.Thread.Loop.Descriptor() < 0 {
		return
	}
	s.mutex.Lock()
	defer s.mutex.Unlock()
	was := s.Thread.Loop.Enter()
	s.Host.EachConnection(s.Thread, (*conn.Conn).Kill)
	s.Thread.Loop.Leave(was)
	s.Thread.Loop.Close()
}
