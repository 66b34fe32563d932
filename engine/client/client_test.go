package client_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	gobwas "github.com/gobwas/ws"
	"github.com/gobwas/ws/wsflate"
	"github.com/gobwas/ws/wsutil"
	"golang.org/x/sys/unix"

	"golws/engine/client"
	"golws/engine/conn"
	"golws/engine/conn/conntest"
	"golws/engine/http1"
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

// handlers of the HTTP server.
func handler(w http.ResponseWriter, r *http.Request) {
	switch r.URL.Path {
	case "/length":
		w.Write([]byte("hello"))
	case "/chunks":
		for range 5 {
			w.Write([]byte("hello"))
			w.(http.Flusher).Flush()
		}
	case "/large":
		w.Write(large)
	case "/redirect":
		status, _ := strconv.Atoi(r.FormValue("status"))
		w.Header().Set("Location", r.FormValue("to"))
		w.WriteHeader(status)
		w.Write([]byte("elsewhere"))
	case "/early":
		w.WriteHeader(413)
		w.Write([]byte("too much"))
		w.(http.Flusher).Flush()
	case "/none":
		w.WriteHeader(204)
	case "/body":
		body, err := io.ReadAll(r.Body)
		fmt.Fprintf(w, "%s %d %v %v %s", r.Method, r.ContentLength, r.TransferEncoding, err, body)
	case "/head":
		w.Header().Set("Content-Length", "5")
	default:
		http.NotFound(w, r)
	}
}

var large = bytes.Repeat([]byte("0123456789"), 500_000)

// take reads body as programs do.
func take(p *program, to *bytes.Buffer) func(c *conn.Conn, _ []byte, _ conn.Message) int {
	return func(c *conn.Conn, _ []byte, _ conn.Message) int {
		ok := c.Role().(*http1.Client).Read(c, 1024, func(piece []byte) int {
			if len(piece) == 0 || len(piece) > 1024 {
				p.t.Errorf("a piece of %d bytes", len(piece))
			}
			to.Write(piece)
			return 0
		})
		if !ok {
			return -1
		}
		return 0
	}
}

func TestHTTP(t *testing.T) {
	s := httptest.NewServer(http.HandlerFunc(handler))
	defer s.Close()
	for _, test := range []struct {
		method, path, body string
		length             bool
		status             int
		want               string
	}{
		{"GET", "/length", "", false, 200, "hello"},
		{"GET", "/chunks", "", false, 200, "hellohellohellohellohello"},
		{"GET", "/large", "", false, 200, string(large)},
		{"GET", "/none", "", false, 204, ""},
		{"GET", "/absent", "", false, 404, "404 page not found\n"},
		{"HEAD", "/head", "", false, 200, ""},
		{"DELETE", "/body", "", false, 200, "DELETE 0 [] <nil> "},
		{"POST", "/body", "name=value", true, 200, "POST 10 [] <nil> name=value"},
		{"PUT", "/body", "name=value", false, 200, "PUT -1 [chunked] <nil> name=value"},
	} {
		t.Run(test.method+test.path, func(t *testing.T) {
			p := newProgram(t, nil)
			var got bytes.Buffer
			status := 0
			p.on[conn.ReceiveClientHTTP] = take(p, &got)
			p.on[conn.EstablishedClientHTTP] = func(c *conn.Conn, _ []byte, _ conn.Message) int {
				status = c.Role().(*http1.Client).HeldRequest().Status
				return 0
			}
			rest := []byte(test.body)
			p.OnFill = func(c *conn.Conn, _ conn.Reason, space []byte, used int) (int, int) {
				if len(rest) == 0 {
					return used, 0
				}
				if test.length {
					used += copy(space[used:], fmt.Sprintf("Content-Length: %d\r\n", len(rest)))
				}
				c.Role().(*http1.Client).SetBodyPending(c, true)
				c.RequestWritable()
				return used, 0
			}
			p.on[conn.ClientHTTPWriteable] = func(c *conn.Conn, _ []byte, _ conn.Message) int {
				piece := rest[:min(4, len(rest))]
				rest = rest[len(piece):]
				kind := conn.WriteHTTP
				if len(rest) == 0 {
					c.Role().(*http1.Client).SetBodyPending(c, false)
					kind = conn.WriteHTTPFinal
				} else {
					c.RequestWritable()
				}
				if _, err := c.Write(piece, kind); err != nil {
					t.Error(err)
				}
				return 0
			}
			config := at(s.Listener.Addr())
			config.Path, config.Method = test.path, test.method
			p.connect(config)
			p.expect("connecting, response, completed, closed http, destroyed")
			if status != test.status || got.String() != test.want {
				t.Errorf("status %d, %d bytes of body: %.60q", status, got.Len(), got.String())
			}
		})
	}
}

// TestRedirects: a redirect is followed, three times at most.
func TestRedirects(t *testing.T) {
	s := httptest.NewServer(http.HandlerFunc(handler))
	defer s.Close()
	const done = "response, completed, closed http, destroyed"
	to := func(status int, where string) string {
		return fmt.Sprintf("/redirect?status=%d&to=%s", status, url.QueryEscape(where))
	}
	for _, test := range []struct {
		method, path, events, body string
	}{
		{"GET", to(302, "/length"), "connecting, connecting, " + done, "hello"},
		{"GET", to(301, "length"), "connecting, connecting, " + done, "hello"},
		{"GET", to(308, s.URL+"/length"), "connecting, connecting, " + done, "hello"},
		{"GET", to(307, strings.Replace(s.URL, "http:", "", 1)+"/length"), "connecting, connecting, " + done, "hello"},
		{"GET", to(302, to(302, to(302, "/length"))), "connecting, connecting, connecting, connecting, " + done, "hello"},
		{"GET", to(302, to(302, to(302, to(302, "/length")))), "connecting, connecting, connecting, connecting, error: HS: Redirect failed, destroyed", ""},
		{"GET", to(302, ""), "connecting, error: HS: Redirect code but no Location, destroyed", ""},
		{"GET", to(302, "http://a b/"), "connecting, error: HS: URI did not parse, destroyed", ""},
		{"GET", to(302, "file:///etc/passwd"), "connecting, error: HS: URI did not parse, destroyed", ""},
		{"GET", to(302, "http://+/socket"), "connecting, error: HS: URI did not parse, destroyed", ""},
		{"GET", to(302, "https://127.0.0.1/"), "connecting, error: HS: Redirect failed, destroyed", ""},
		{"GET", to(302, "http://127.0.0.1:99999/"), "connecting, error: HS: Redirect failed, destroyed", ""},
		{"GET", to(304, "/length"), "connecting, " + done, ""},
		{"POST", to(303, "/body"), "connecting, connecting, " + done, "GET 0 [] <nil> "},
		{"DELETE", to(307, "/body"), "connecting, connecting, " + done, "DELETE 0 [] <nil> "},
		{"HEAD", to(303, "/head"), "connecting, connecting, " + done, ""},
	} {
		p := newProgram(t, nil)
		var got bytes.Buffer
		p.on[conn.ReceiveClientHTTP] = take(p, &got)
		config := at(s.Listener.Addr())
		config.Path, config.Method = test.path, test.method
		p.connect(config)
		if heard := p.wait(); heard != test.events || got.String() != test.body {
			t.Errorf("%s %s: heard %q, body %q", test.method, test.path, heard, got.String())
		}
		p.server.Close()
	}
	p := newProgram(t, nil)
	var got bytes.Buffer
	p.on[conn.ReceiveClientHTTP] = take(p, &got)
	config := at(s.Listener.Addr())
	config.Path, config.Method, config.NoFollow = to(302, "/length"), "GET", true
	p.connect(config)
	p.expect("connecting, " + done)
	if got.String() != "elsewhere" {
		t.Errorf("not followed, the body is %q", got.String())
	}
	// A WebSocket goes where it is sent, too.
	p = newProgram(t, nil)
	p.on[conn.ClientEstablished] = func(c *conn.Conn, _ []byte, _ conn.Message) int {
		c.Role().(*ws.Role).SetCloseReason(1000, nil)
		c.RequestWritable()
		return 0
	}
	p.on[conn.ClientWriteable] = func(*conn.Conn, []byte, conn.Message) int { return -1 }
	config = at(s.Listener.Addr())
	config.Path = to(303, "ws://"+echoServer(t, false, nil).String()+"/")
	p.connect(config)
	p.expect("connecting, connecting, response, established, closed, destroyed")
}

// TestReadLater: what the program does not take waits, and the server with it.
func TestReadLater(t *testing.T) {
	s := httptest.NewServer(http.HandlerFunc(handler))
	defer s.Close()
	p := newProgram(t, nil)
	var got bytes.Buffer
	read := take(p, &got)
	p.on[conn.ReceiveClientHTTP] = func(c *conn.Conn, _ []byte, _ conn.Message) int {
		c.RequestWritable()
		return 0
	}
	p.on[conn.ClientHTTPWriteable] = read
	config := at(s.Listener.Addr())
	config.Path, config.Method = "/large", "GET"
	p.connect(config)
	p.expect("connecting, response, completed, closed http, destroyed")
	if !bytes.Equal(got.Bytes(), large) {
		t.Errorf("got %d bytes of %d", got.Len(), len(large))
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

// refusing is a port at which nobody listens, held as long as the test runs.
func refusing(t *testing.T) *net.TCPAddr {
	descriptor, err := unix.Socket(unix.AF_INET, unix.SOCK_STREAM|unix.SOCK_CLOEXEC, 0)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { unix.Close(descriptor) })
	if err = unix.Bind(descriptor, &unix.SockaddrInet4{Addr: [4]byte{127, 0, 0, 1}}); err != nil {
		t.Fatal(err)
	}
	bound, err := unix.Getsockname(descriptor)
	if err != nil {
		t.Fatal(err)
	}
	return &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1), Port: bound.(*unix.SockaddrInet4).Port}
}

func answer(addresses ...string) func(context.Context, string) ([]netip.Addr, error) {
	return func(context.Context, string) (all []netip.Addr, _ error) {
		for _, a := range addresses {
			all = append(all, netip.MustParseAddr(a))
		}
		return all, nil
	}
}

// TestAddresses: one address after the other is tried.
func TestAddresses(t *testing.T) {
	s := httptest.NewServer(http.HandlerFunc(handler))
	defer s.Close()
	config := at(s.Listener.Addr())
	config.Address, config.Path, config.Method = "name.example", "/length", "GET"
	for _, test := range []struct {
		addresses []string
		want      string
	}{
		// The server listens on 127.0.0.1 only; the others refuse.
		{[]string{"127.0.0.1"}, "connecting, response, completed, closed http, destroyed"},
		{[]string{"127.0.0.3", "127.0.0.2", "127.0.0.1"},
			"connecting, connecting, connecting, response, completed, closed http, destroyed"},
		{[]string{"127.0.0.3", "127.0.0.2"}, "connecting, connecting, error: Unable to connect, destroyed"},
		{nil, "error: DNS NXDOMAIN, destroyed"},
	} {
		p := newProgram(t, nil)
		var got bytes.Buffer
		p.on[conn.ReceiveClientHTTP] = take(p, &got)
		config.Lookup = answer(test.addresses...)
		p.connect(config)
		p.expect(test.want)
	}
}

// silent is a server that takes connections and says nothing.
func silent(t *testing.T) net.Addr {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	return l.Addr()
}

func TestFailures(t *testing.T) {
	failing := func(err error) func(context.Context, string) ([]netip.Addr, error) {
		return func(context.Context, string) ([]netip.Addr, error) { return nil, err }
	}
	never := func(ctx context.Context, _ string) ([]netip.Addr, error) {
		<-ctx.Done()
		return nil, &net.DNSError{Err: ctx.Err().Error(), IsTimeout: true}
	}
	for _, test := range []struct {
		name   string
		config client.Config
		want   string
	}{
		{"refused", at(refusing(t)), "connecting, error: Unable to connect, destroyed"},
		{"no such name", client.Config{Address: "nowhere.invalid", Port: 1}, "error: DNS NXDOMAIN, destroyed"},
		{"no answer from the name server", client.Config{Address: "x.example", Port: 1,
			Lookup: failing(&net.DNSError{Err: "server misbehaving", IsTemporary: true})}, "error: dns lookup failed, destroyed"},
		{"only addresses that are of no use", client.Config{Address: "x.example", Port: 1, Lookup: answer()}, "error: DNS NXDOMAIN, destroyed"},
		{"the server says nothing", at(silent(t)), "connecting, error: Timed out waiting server reply, destroyed"},
		{"a name that takes too long", client.Config{Address: "x.example", Port: 1, Lookup: never}, ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			p := newProgram(t, func(v *vhost.Vhost) { v.Limits.Timeout = 200 * time.Millisecond })
			p.connect(test.config)
			got := p.wait()
			if test.want == "" {
				// Whichever of the two time limits comes first.
				if got != "error: dns lookup failed, destroyed" && got != "error: closed before established, destroyed" {
					t.Errorf("heard %q", got)
				}
				return
			}
			if got != test.want {
				t.Errorf("heard %q, expected %q", got, test.want)
			}
		})
	}
}

// TestBodyLimit: a program that announces a body and does not write it does not keep the connection.
func TestBodyLimit(t *testing.T) {
	s := httptest.NewServer(http.HandlerFunc(handler))
	defer s.Close()
	p := newProgram(t, func(v *vhost.Vhost) { v.Limits.Timeout = 100 * time.Millisecond })
	p.OnFill = func(c *conn.Conn, _ conn.Reason, space []byte, used int) (int, int) {
		c.Role().(*http1.Client).SetBodyPending(c, true)
		return used + copy(space[used:], "Content-Length: 10\r\n"), 0
	}
	config := at(s.Listener.Addr())
	config.Path, config.Method = "/body", "POST"
	p.connect(config)
	p.expect("connecting, error: Timed out waiting server reply, destroyed")
}

// TestEarlyResponse: a server may answer before it has all of the request.
func TestEarlyResponse(t *testing.T) {
	s := httptest.NewServer(http.HandlerFunc(handler))
	defer s.Close()
	p := newProgram(t, nil)
	var got bytes.Buffer
	p.on[conn.ReceiveClientHTTP] = take(p, &got)
	p.OnFill = func(c *conn.Conn, _ conn.Reason, space []byte, used int) (int, int) {
		c.Role().(*http1.Client).SetBodyPending(c, true)
		return used + copy(space[used:], "Content-Length: 10\r\n"), 0
	}
	p.on[conn.EstablishedClientHTTP] = func(c *conn.Conn, _ []byte, _ conn.Message) int {
		if _, err := c.Write([]byte("more"), conn.WriteHTTP); err != nil {
			t.Error(err)
		}
		return 0
	}
	config := at(s.Listener.Addr())
	config.Path, config.Method = "/early", "PUT"
	p.connect(config)
	p.expect("connecting, response, completed, closed http, destroyed")
	if got.String() != "too much" {
		t.Errorf("body %q", got.String())
	}
}

// TestReconnect: a connection that failed, or ended, may be replaced in the callback that tells it.
func TestReconnect(t *testing.T) {
	bad, good := at(refusing(t)), at(echoServer(t, false, nil))
	var s *conntest.Server
	var events []string
	over := make(chan struct{})
	ended := 0
	program := &conntest.Program{OnEvent: func(c *conn.Conn, reason conn.Reason, _ []byte, _ conn.Message) int {
		again := func() {
			if _, err := client.Connect(s.Thread, s.Host, nil, &good, func(*conn.Conn) {}); err != nil {
				t.Error(err)
			}
		}
		if name := names[reason]; name != "" {
			events = append(events, fmt.Sprint(c.Handle(), " ", name))
		}
		switch reason {
		case conn.ClientConnectionError:
			again()
		case conn.ClientEstablished:
			c.Role().(*ws.Role).SetCloseReason(1000, nil)
			c.RequestWritable()
		case conn.ClientWriteable:
			return -1
		case conn.ClientClosed:
			if ended++; ended == 1 {
				again()
			}
		case conn.WSIDestroy:
			if c.Handle() == 3 {
				close(over)
			}
		}
		return 0
	}}
	s = conntest.New(t, program, conntest.DefaultVhost("http", "test"))
	ws.Register(s.Thread)
	s.Start()
	s.Do(func() {
		if _, err := client.Connect(s.Thread, s.Host, nil, &bad, func(*conn.Conn) {}); err != nil {
			t.Error(err)
		}
	})
	select {
	case <-over:
	case <-time.After(patience):
		t.Error("the last connection does not end")
	}
	s.Close()
	const want = "1 connecting,1 error,2 connecting,1 destroyed,2 response,2 established,2 closed,3 connecting,2 destroyed," +
		"3 response,3 established,3 closed,3 destroyed"
	if got := strings.Join(events, ","); got != want {
		t.Errorf("heard %q", got)
	}
}

// TestRefusedByCall: what is wrong in itself is told by the result.
func TestRefusedByCall(t *testing.T) {
	p := newProgram(t, nil)
	for name, config := range map[string]client.Config{
		"no address":        {Port: 1},
		"no path":           {Address: "+"},
		"path too long":     {Address: "+/" + strings.Repeat("x", 200)},
		"port":              {Address: "127.0.0.1", Port: 65536},
		"line break":        {Address: "127.0.0.1", Port: 1, Path: "/ HTTP/1.1\r\nX: y"},
		"line break, host":  {Address: "127.0.0.1", Port: 1, Host: "a\nb"},
		"method":            {Address: "127.0.0.1", Port: 1, Method: "GET /"},
		"unknown interface": {Address: "127.0.0.1", Port: 1, Interface: "no-such-interface"},
	} {
		p.server.Do(func() {
			c, err := client.Connect(p.server.Thread, p.server.Host, nil, &config, func(*conn.Conn) { t.Error(name, "gets a connection") })
			if c != nil || err == nil {
				t.Error(name, "is not refused")
			}
		})
	}
}

// TestInterface: a connection comes from where the program says.
func TestInterface(t *testing.T) {
	from := make(chan string, 2)
	s := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		host, _, _ := net.SplitHostPort(r.RemoteAddr)
		from <- host
	}))
	defer s.Close()
	for device, want := range map[string]string{"127.0.0.5": "127.0.0.5", "lo": "127.0.0.1"} {
		p := newProgram(t, nil)
		config := at(s.Listener.Addr())
		config.Method, config.Interface = "GET", device
		p.connect(config)
		p.wait()
		if got := <-from; got != want {
			t.Errorf("from %s: %s", device, got)
		}
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
	count := func() int {
		files, err := os.ReadDir("/proc/self/fd")
		if err != nil {
			t.Fatal(err)
		}
		return len(files)
	}
	before := count()
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
	// The last one is still being taken down, and the server closes its ends when it gets to it.
	end := time.Now().Add(patience)
	for (count() > before || s.Host.Connections() > 0) && time.Now().Before(end) {
		time.Sleep(time.Millisecond)
	}
	if n := s.Host.Connections(); n != 0 {
		t.Errorf("%d connections are left", n)
	}
	if n := count(); n > before {
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
