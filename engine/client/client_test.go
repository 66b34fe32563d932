package client_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	gobwas "github.com/gobwas/ws"
	"github.com/gobwas/ws/wsflate"
	"github.com/gobwas/ws/wsutil"

	"golws/engine/client"
	"golws/engine/conn"
	"golws/engine/conn/conntest"
	"golws/engine/http2"
	"golws/engine/vhost"
	"golws/engine/ws"
)

const patience = 30 * time.Second

// program is a client that records what it hears of its connection.
type program struct {
	conntest.Program
	t      *testing.T
	server *conntest.Server
	over   chan struct{} // closed at WSIDestroy

	mutex  sync.Mutex
	events []string
	on     map[conn.Reason]func(c *conn.Conn, in []byte, m conn.Message) int
}

// names of the events that tests look at.
var names = map[conn.Reason]string{
	conn.ClientConnectionError: "error", conn.ClientEstablished: "established", conn.ClientClosed: "closed",
	conn.EstablishedClientHTTP: "response", conn.CompletedClientHTTP: "completed", conn.ClosedClientHTTP: "closed http",
	conn.WSIDestroy: "destroyed", conn.Connecting: "connecting", conn.WSPeerInitiatedClose: "peer closes",
}

func newProgram(t *testing.T, change func(v *vhost.Vhost)) *program {
	p := &program{t: t, over: make(chan struct{}), on: map[conn.Reason]func(*conn.Conn, []byte, conn.Message) int{}}
	p.OnEvent = func(c *conn.Conn, reason conn.Reason, in []byte, m conn.Message) int {
		result := 0
		if _, carrier := c.Role().(*http2.Connection); carrier {
			return 0 // the connection of streams has no story of its own
		}
		if f := p.on[reason]; f != nil {
			result = f(c, in, m)
		}
		if name := names[reason]; name != "" {
			if reason == conn.ClientConnectionError {
				name += ": " + string(in)
			}
			p.mutex.Lock()
			p.events = append(p.events, name)
			p.mutex.Unlock()
		}
		if reason == conn.WSIDestroy {
			close(p.over)
		}
		return result
	}
	v := conntest.DefaultVhost("http", "test")
	v.Protocols[1].SessionSize = 8
	v.Limits.Connect = patience
	if change != nil {
		change(v)
	}
	p.server = conntest.New(t, &p.Program, v)
	ws.Register(p.server.Thread)
	p.server.Start()
	return p
}

// connect makes a connection from outside of the service thread.
func (p *program) connect(config client.Config) (c *conn.Conn) {
	p.t.Helper()
	p.server.Do(func() {
		var err error
		c, err = client.Connect(p.server.Thread, p.server.Host, nil, &config, func(*conn.Conn) {})
		if err != nil {
			p.t.Fatal(err)
		}
	})
	return c
}

// wait waits for the end of the connection and returns what was heard of it.
func (p *program) wait() string {
	p.t.Helper()
	select {
	case <-p.over:
	case <-time.After(patience):
		p.t.Fatalf("the connection does not end; so far %q", p.heard())
	}
	return p.heard()
}

func (p *program) heard() string {
	p.mutex.Lock()
	defer p.mutex.Unlock()
	return strings.Join(p.events, ", ")
}

func (p *program) expect(want string) {
	p.t.Helper()
	if got := p.wait(); got != want {
		p.t.Errorf("heard %q, expected %q", got, want)
	}
}

func at(address net.Addr) client.Config {
	a := address.(*net.TCPAddr)
	return client.Config{Address: a.IP.String(), Port: a.Port, Path: "/", Protocol: "test"}
}

// echoServer is a WebSocket server of somebody else's. heads gets each frame's head.
func echoServer(t *testing.T, compress bool, heads func(h gobwas.Header)) net.Addr {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			go serveEcho(c, compress, heads)
		}
	}()
	return l.Addr()
}

func serveEcho(c net.Conn, compress bool, heads func(h gobwas.Header)) {
	defer c.Close()
	u := gobwas.Upgrader{Protocol: func(p []byte) bool { return string(p) == "test" }}
	e := wsflate.Extension{Parameters: wsflate.DefaultParameters}
	if compress {
		u.Negotiate = e.Negotiate
	}
	if _, err := u.Upgrade(c); err != nil {
		return
	}
	for {
		frame, err := gobwas.ReadFrame(c)
		if err != nil {
			return
		}
		if heads != nil {
			heads(frame.Header)
		}
		frame = gobwas.UnmaskFrameInPlace(frame)
		if compressed, err := wsflate.IsCompressed(frame.Header); err == nil && compressed && frame.Header.Fin {
			if frame, err = wsflate.DecompressFrame(frame); err != nil {
				return
			}
			if frame, err = wsflate.CompressFrame(frame); err != nil {
				return
			}
		}
		switch frame.Header.OpCode {
		case gobwas.OpPing:
			frame = gobwas.NewPongFrame(frame.Payload)
		case gobwas.OpPong:
			continue
		}
		frame.Header.Masked, frame.Header.Length = false, int64(len(frame.Payload))
		if gobwas.WriteFrame(c, frame) != nil || frame.Header.OpCode == gobwas.OpClose {
			return
		}
	}
}

// deflateExtension is permessage-deflate as libwebsockets' programs offer it.
func deflateExtension(v *vhost.Vhost) {
	v.Extensions = []vhost.Extension{{Name: "permessage-deflate",
		ClientOffer: "permessage-deflate; server_no_context_takeover; client_no_context_takeover"}}
}

func TestWebSocketEcho(t *testing.T) {
	for _, compress := range []bool{false, true} {
		t.Run(fmt.Sprint("compress=", compress), func(t *testing.T) {
			var mutex sync.Mutex
			keys, compressed := map[[4]byte]int{}, 0
			address := echoServer(t, compress, func(h gobwas.Header) {
				mutex.Lock()
				defer mutex.Unlock()
				if !h.Masked {
					t.Error("a frame is not masked")
				}
				if h.Rsv != 0 {
					compressed++
				}
				keys[h.Mask]++
			})
			change := deflateExtension
			if !compress {
				change = nil
			}
			p := newProgram(t, change)
			sizes := []int{0, 1, 2, 125, 126, 1000, 16369, 16370, 16384, 65535, 65536, 300_000}
			var message, sent []byte
			next := func(c *conn.Conn) int {
				if len(sizes) == 0 {
					c.Role().(*ws.Role).SetCloseReason(1000, nil)
					return -1
				}
				sent = bytes.Repeat([]byte("0123456789abcdef#"), sizes[0]/17+1)[:sizes[0]]
				sizes = sizes[1:]
				before := bytes.Clone(sent)
				if _, err := c.Write(sent, conn.WriteBinary); err != nil {
					t.Error(err)
				}
				if !bytes.Equal(sent, before) {
					t.Error("the program's buffer was changed")
				}
				return 0
			}
			p.on[conn.ClientEstablished] = func(c *conn.Conn, _ []byte, _ conn.Message) int { return next(c) }
			p.on[conn.ClientReceive] = func(c *conn.Conn, in []byte, m conn.Message) int {
				message = append(message, in...)
				if !m.Final || m.Remaining > 0 {
					return 0
				}
				if !bytes.Equal(message, sent) {
					t.Errorf("%d bytes come back as %d others", len(sent), len(message))
				}
				message = message[:0]
				return next(c)
			}
			p.connect(at(address))
			p.expect("connecting, response, established, closed, destroyed")
			mutex.Lock()
			defer mutex.Unlock()
			if len(keys) < 13 {
				t.Errorf("%d masking keys for 13 frames", len(keys))
			}
			if compress != (compressed > 0) {
				t.Errorf("%d compressed frames", compressed)
			}
		})
	}
}

func TestWebSocketEvents(t *testing.T) {
	p := newProgram(t, nil)
	var pong string
	p.on[conn.ClientEstablished] = func(c *conn.Conn, _ []byte, _ conn.Message) int {
		c.Write([]byte("ping"), conn.WritePing)
		c.Write([]byte("one"), conn.WriteText|conn.WriteNoFin)
		c.Write([]byte("two"), conn.WriteContinuation)
		return 0
	}
	p.on[conn.ClientReceivePong] = func(_ *conn.Conn, in []byte, _ conn.Message) int {
		pong = string(in)
		return 0
	}
	var got []string
	p.on[conn.ClientReceive] = func(c *conn.Conn, in []byte, m conn.Message) int {
		got = append(got, fmt.Sprintf("%s %v %v", in, m.First, m.Final))
		if m.Final {
			c.RequestWritable()
		}
		return 0
	}
	p.on[conn.ClientWriteable] = func(c *conn.Conn, _ []byte, _ conn.Message) int {
		c.Role().(*ws.Role).SetCloseReason(1000, nil)
		return -1
	}
	p.connect(at(echoServer(t, false, nil)))
	p.expect("connecting, response, established, closed, destroyed")
	if want := "[one true false two false true]"; fmt.Sprint(got) != want || pong != "ping" {
		t.Errorf("got %v and pong %q", got, pong)
	}
}

// TestServerCloses: the close frame of the server is told and answered.
func TestServerCloses(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	answer := make(chan string, 1)
	go func() {
		c, err := l.Accept()
		if err != nil {
			return
		}
		defer c.Close()
		if _, err := gobwas.Upgrade(c); err != nil {
			answer <- err.Error()
			return
		}
		gobwas.WriteFrame(c, gobwas.NewCloseFrame(gobwas.NewCloseFrameBody(1001, "bye")))
		_, _, err = wsutil.ReadClientData(c)
		answer <- fmt.Sprint(err)
	}()
	p := newProgram(t, nil)
	config := at(l.Addr())
	config.Protocol, config.Local = "", "test"
	p.connect(config)
	p.expect("connecting, response, established, peer closes, closed, destroyed")
	if got := <-answer; !strings.Contains(got, "1001") || !strings.Contains(got, "bye") {
		t.Errorf("the server hears %q", got)
	}
}

func TestUnix(t *testing.T) {
	for _, name := range []string{filepath.Join(t.TempDir(), "socket"), fmt.Sprintf("@golws-%d", os.Getpid())} {
		l, err := net.Listen("unix", name)
		if err != nil {
			t.Fatal(err)
		}
		s := &http.Server{Handler: http.HandlerFunc(handler)}
		go s.Serve(l)
		p := newProgram(t, nil)
		var got bytes.Buffer
		p.on[conn.ReceiveClientHTTP] = take(p, &got)
		p.connect(client.Config{Address: "+" + name, Path: "/length", Method: "GET"})
		p.expect("connecting, response, completed, closed http, destroyed")
		if got.String() != "hello" {
			t.Errorf("%s: got %q", name, got.String())
		}
		s.Close()
	}
}

// TestOwner: a connection ends with its owner, which hears when it loses one.
func TestOwner(t *testing.T) {
	address := echoServer(t, false, nil)
	v := conntest.DefaultVhost("http", "test")
	var mutex sync.Mutex
	var events []string
	ready := make(chan *conn.Conn, 3)
	over := make(chan struct{}, 3)
	program := &conntest.Program{OnEvent: func(c *conn.Conn, reason conn.Reason, _ []byte, _ conn.Message) int {
		mutex.Lock()
		defer mutex.Unlock()
		switch reason {
		case conn.ClientEstablished:
			ready <- c
		case conn.ClientClosed, conn.ChildClosing:
			events = append(events, fmt.Sprint(c.Handle(), names[reason]))
		case conn.WSIDestroy:
			over <- struct{}{}
		}
		return 0
	}}
	s := conntest.New(t, program, v)
	ws.Register(s.Thread)
	s.Start()
	connect := func(owner *conn.Conn) {
		s.Do(func() {
			config := at(address)
			if _, err := client.Connect(s.Thread, s.Host, owner, &config, func(*conn.Conn) {}); err != nil {
				t.Error(err)
			}
		})
	}
	receive := func() *conn.Conn {
		select {
		case c := <-ready:
			return c
		case <-time.After(patience):
			t.Fatal("not established")
		}
		return nil
	}
	connect(nil)
	owner := receive()
	connect(owner)
	first := receive()
	connect(owner)
	receive()
	s.Do(first.Kill)
	<-over
	s.Do(owner.Kill)
	<-over
	<-over
	mutex.Lock()
	defer mutex.Unlock()
	if got := strings.Join(events, ","); got != "2closed,1,3closed,1,1closed" {
		t.Errorf("heard %q", got)
	}
}

// TestMany: connections that come and go leave nothing behind.
func TestMany(t *testing.T) {
	address := echoServer(t, false, nil)
	v := conntest.DefaultVhost("http", "test")
	var destroyed sync.WaitGroup
	program := &conntest.Program{OnEvent: func(c *conn.Conn, reason conn.Reason, _ []byte, _ conn.Message) int {
		switch reason {
		case conn.ClientEstablished:
			c.Write([]byte("hello"), conn.WriteText)
		case conn.ClientReceive:
			return -1
		case conn.WSIDestroy:
			destroyed.Done()
		}
		return 0
	}}
	s := conntest.New(t, program, v)
	ws.Register(s.Thread)
	s.Start()
	before := descriptors(t)
	for range 5 {
		destroyed.Add(100)
		for range 100 {
			s.Do(func() {
				config := at(address)
				if _, err := client.Connect(s.Thread, s.Host, nil, &config, func(*conn.Conn) {}); err != nil {
					t.Error(err)
					destroyed.Done()
				}
			})
		}
		destroyed.Wait()
	}
	nothingIsLeft(t, s, before)
}

// descriptors is how many files the process has open.
func descriptors(t *testing.T) int {
	files, err := os.ReadDir("/proc/self/fd")
	if err != nil {
		t.Fatal(err)
	}
	return len(files)
}

// nothingIsLeft waits until all connections are gone: the last one is still being taken down, and a server closes its ends
// when it gets to it.
func nothingIsLeft(t *testing.T, s *conntest.Server, before int) {
	t.Helper()
	end := time.Now().Add(patience)
	for (descriptors(t) > before || s.Host.Connections() > 0) && time.Now().Before(end) {
		time.Sleep(time.Millisecond)
	}
	if n := s.Host.Connections(); n != 0 {
		t.Errorf("%d connections are left", n)
	}
	if n := descriptors(t); n > before {
		t.Errorf("%d descriptors, %d before", n, before)
	}
}

// TestCloseWhileResolving: an answer that comes when the connection or the loop is gone is of no interest.
func TestCloseWhileResolving(t *testing.T) {
	p := newProgram(t, nil)
	asked, release := make(chan struct{}), make(chan struct{})
	c := p.connect(client.Config{Address: "x.example", Port: 1, Lookup: func(context.Context, string) ([]netip.Addr, error) {
		close(asked)
		<-release
		return nil, errors.New("too late")
	}})
	<-asked
	p.server.Do(c.Kill)
	p.expect("error: closed before established, destroyed")
	p.server.Close()
	close(release)
}
