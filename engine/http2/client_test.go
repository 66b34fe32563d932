package http2_test

import (
	"bytes"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	xhttp2 "golang.org/x/net/http2"
	"golang.org/x/net/http2/hpack"
	"golang.org/x/sys/unix"

	"golws/engine/conn"
	"golws/engine/conn/conntest"
	"golws/engine/http2"
	"golws/engine/httpclient"
	"golws/engine/vhost"
)

// asked is a program that makes requests on one connection, and who chooses that for it.
type asked struct {
	conntest.Program
	t       testing.TB
	server  *conntest.Server
	network *http2.Connection

	mutex     sync.Mutex
	events    map[*conn.Conn][]string
	bodies    map[*conn.Conn]*bytes.Buffer
	over      map[*conn.Conn]chan struct{}
	available int
	pending   []httpclient.Request // to be made when there is room
	opened    []*conn.Conn
	leaving   int
	returned  []*httpclient.Transaction // unprocessed

	on   map[conn.Reason]func(c *conn.Conn, in []byte) int
	fill string // the program's header fields
}

var clientReasons = map[conn.Reason]string{
	conn.ClientConnectionError: "error", conn.EstablishedClientHTTP: "response", conn.CompletedClientHTTP: "completed",
	conn.ClosedClientHTTP: "closed", conn.ClientHTTPWriteable: "writeable", conn.WSIDestroy: "destroyed",
	conn.ClientHTTPRedirect: "redirect", conn.ClientClosed: "closed",
}

func newAsked(t testing.TB, change func(v *vhost.Vhost)) *asked {
	a := newAskedTurned(t, change)
	a.server.Start()
	return a
}

// newAskedTurned is one whose server the test turns.
func newAskedTurned(t testing.TB, change func(v *vhost.Vhost)) *asked {
	a := &asked{t: t, events: map[*conn.Conn][]string{}, bodies: map[*conn.Conn]*bytes.Buffer{},
		over: map[*conn.Conn]chan struct{}{}, on: map[conn.Reason]func(*conn.Conn, []byte) int{}}
	a.OnEvent = a.event
	a.OnFill = func(_ *conn.Conn, _ conn.Reason, space []byte, used int) (int, int) {
		return used + copy(space[used:], a.fill), 0
	}
	v := conntest.DefaultVhost("http")
	if change != nil {
		change(v)
	}
	a.server = conntest.New(t, &a.Program, v)
	return a
}

func (a *asked) event(c *conn.Conn, reason conn.Reason, in []byte, _ conn.Message) int {
	result := 0
	if f := a.on[reason]; f != nil {
		result = f(c, in)
	}
	a.mutex.Lock()
	defer a.mutex.Unlock()
	if reason == conn.ReceiveClientHTTPRead && a.bodies[c] != nil {
		a.bodies[c].Write(in)
	}
	if name := clientReasons[reason]; name != "" {
		if reason == conn.ClientConnectionError {
			name += ": " + string(in)
		}
		if reason == conn.EstablishedClientHTTP {
			name += fmt.Sprint(" ", httpclient.Of(c).HeldRequest().Status)
		}
		a.events[c] = append(a.events[c], name)
	}
	if reason == conn.WSIDestroy && a.over[c] != nil {
		close(a.over[c])
	}
	return result
}

func (a *asked) Available(*http2.Connection) {
	a.available++
	for len(a.pending) > 0 && a.network.Carries(&a.pending[0]) {
		q := a.pending[0]
		a.pending = a.pending[1:]
		a.opened = append(a.opened, a.begin(q))
	}
}
func (a *asked) Leaving(*http2.Connection) { a.leaving++ }

// pair is a connected socket of the service thread, and its other end.
func (a *asked) pair() (int, net.Conn) {
	pair, err := unix.Socketpair(unix.AF_UNIX, unix.SOCK_STREAM|unix.SOCK_CLOEXEC|unix.SOCK_NONBLOCK, 0)
	if err != nil {
		a.t.Fatal(err)
	}
	f := os.NewFile(uintptr(pair[1]), "server")
	other, err := net.FileConn(f)
	f.Close()
	if err != nil {
		a.t.Fatal(err)
	}
	a.t.Cleanup(func() { other.Close() })
	return pair[0], other
}

// connect begins HTTP/2 and returns the server's end.
func (a *asked) connect(config http2.ClientConfig) net.Conn {
	descriptor, other := a.pair()
	config.Events = a
	if config.KeepWarm == 0 {
		config.KeepWarm = time.Hour
	}
	a.server.Do(func() {
		c, err := a.server.Thread.Outgoing(a.server.Host, nil)
		if err == nil {
			err = c.Connected(descriptor, -1)
		}
		if err != nil {
			a.t.Fatal(err)
		}
		a.network = http2.StartClient(c, config)
	})
	return other
}

// serve has x/net answer the requests of the connection.
func (a *asked) serve(other net.Conn, server *xhttp2.Server, handler http.HandlerFunc) {
	go server.ServeConn(other, &xhttp2.ServeConnOpts{Handler: handler})
}

func requestOf(path string) httpclient.Request {
	return httpclient.Request{Method: "GET", Target: path, Host: "example.com", Default: true}
}

// open makes a request. It returns nil where the connection takes none.
func (a *asked) open(q httpclient.Request) (c *conn.Conn) {
	a.server.Do(func() { c = a.begin(q) })
	return c
}

// settled waits for the server's settings: there is one request before.
func (a *asked) settled() {
	for end := time.Now().Add(30 * time.Second); time.Now().Before(end); time.Sleep(time.Millisecond) {
		settled := false
		if a.server.Do(func() { settled = a.network.Settled() }); settled {
			return
		}
	}
	a.t.Fatal("no settings")
}

func (a *asked) begin(q httpclient.Request) (c *conn.Conn) {
	one, err := a.server.Thread.Outgoing(a.server.Host, nil)
	if err != nil {
		a.t.Fatal(err)
	}
	one.Hold()
	one.BindProtocol(a.server.Host.Protocols[0])
	a.mutex.Lock()
	a.over[one], a.bodies[one] = make(chan struct{}), &bytes.Buffer{}
	a.mutex.Unlock()
	t := httpclient.New(q)
	t.Redo = func(c *conn.Conn) {
		a.returned = append(a.returned, t)
		t.Fail(c, "unprocessed")
	}
	one.SetRole(idleRole{})
	if a.network.Open(one, t) {
		c = one
	} else {
		one.Kill()
	}
	one.Unhold()
	return c
}

// idleRole is the role of a connection that was not given another one.
type idleRole struct{ conn.Role }

func (idleRole) Closed(*conn.Conn) {}

func (a *asked) wait(c *conn.Conn) string {
	a.t.Helper()
	select {
	case <-a.over[c]:
	case <-time.After(30 * time.Second):
		a.t.Fatalf("the request does not end; so far %q; log %q", a.heard(c), a.Logged())
	}
	return a.heard(c)
}

func (a *asked) heard(c *conn.Conn) string {
	a.mutex.Lock()
	defer a.mutex.Unlock()
	return strings.Join(a.events[c], ", ")
}

func (a *asked) body(c *conn.Conn) string {
	a.mutex.Lock()
	defer a.mutex.Unlock()
	return a.bodies[c].String()
}

func (a *asked) expect(c *conn.Conn, events, body string) {
	a.t.Helper()
	if got := a.wait(c); got != events {
		a.t.Errorf("heard %q, expected %q", got, events)
	}
	if got := a.body(c); got != body {
		a.t.Errorf("got %d bytes %.100q, expected %d %.100q", len(got), got, len(body), body)
	}
}

func TestClientRequests(t *testing.T) {
	a := newAsked(t, nil)
	a.fill = "X-One: 1\r\nConnection: close\r\nbad name: x\r\n"
	large := strings.Repeat("0123456789abcdef", 1<<16) // above each window
	a.serve(a.connect(http2.ClientConfig{}), &xhttp2.Server{}, func(w http.ResponseWriter, r *http.Request) {
		if r.Host != "example.com" || r.Header.Get("x-one") != "1" || r.Header.Get("connection") != "" || len(r.Header) > 2 {
			t.Errorf("host %q header %v", r.Host, r.Header)
		}
		switch r.URL.Path {
		case "/large":
			io.WriteString(w, large)
		case "/empty":
			w.WriteHeader(204)
		case "/length":
			w.Header().Set("content-length", "5")
			io.WriteString(w, "hello")
		case "/trailer":
			w.Header().Set("trailer", "x-sum")
			io.WriteString(w, "hello")
			w.Header().Set("x-sum", "1")
		case "/interim":
			w.WriteHeader(103)
			io.WriteString(w, "hello")
		case "/reset":
			panic(http.ErrAbortHandler)
		case "/missing":
			w.WriteHeader(404)
			io.WriteString(w, "gone")
		}
	})
	for _, c := range []struct{ method, path, events, body string }{
		{"GET", "/length?x=y", "response 200, completed, closed, destroyed", "hello"},
		{"HEAD", "/length", "response 200, completed, closed, destroyed", ""},
		{"GET", "/empty", "response 204, completed, closed, destroyed", ""},
		{"GET", "/none", "response 200, completed, closed, destroyed", ""},
		{"GET", "/trailer", "response 200, completed, closed, destroyed", "hello"},
		{"GET", "/interim", "response 200, completed, closed, destroyed", "hello"},
		{"GET", "/missing", "response 404, completed, closed, destroyed", "gone"},
		{"GET", "/large", "response 200, completed, closed, destroyed", large},
		{"DELETE", "/length", "response 200, completed, closed, destroyed", "hello"},
		{"GET", "/reset", "error: HTTP/2 stream reset: INTERNAL_ERROR, destroyed", ""},
	} {
		t.Run(c.method+c.path, func(t *testing.T) {
			a.t = t
			q := requestOf(c.path)
			q.Method = c.method
			a.expect(a.open(q), c.events, c.body)
		})
	}
	a.server.Do(func() {
		if n := a.network.Requests(); n != 0 || a.leaving != 0 {
			t.Errorf("%d requests, left %d", n, a.leaving)
		}
	})
}

func TestClientBodies(t *testing.T) {
	a := newAsked(t, nil)
	a.serve(a.connect(http2.ClientConfig{}), &xhttp2.Server{}, func(w http.ResponseWriter, r *http.Request) { io.Copy(w, r.Body) })
	for _, size := range []int{0, 1, 1000, 16384, 100_000, 3_000_000} {
		content := strings.Repeat("0123456789abcdef#", size/17+1)[:size]
		left := content
		a.on[conn.ClientAppendHandshakeHeader] = nil
		a.OnFill = func(c *conn.Conn, _ conn.Reason, _ []byte, used int) (int, int) {
			httpclient.Of(c).SetBodyPending(c, true)
			c.RequestWritable()
			return used, 0
		}
		a.on[conn.ClientHTTPWriteable] = func(c *conn.Conn, _ []byte) int {
			piece := left[:min(len(left), 50_000)]
			left = left[len(piece):]
			kind := conn.WriteHTTP
			if left == "" {
				kind = conn.WriteHTTPFinal
			} else {
				c.RequestWritable()
			}
			if n, err := c.Write([]byte(piece), kind); n != len(piece) || err != nil {
				t.Error(n, err)
			}
			return 0
		}
		q := requestOf("/echo")
		q.Method = "POST"
		c := a.open(q)
		a.wait(c)
		if a.body(c) != content {
			t.Errorf("%d bytes come back as %d others; %s", size, len(a.body(c)), a.heard(c))
		}
	}
}

// TestClientMultiplexes: many requests share the connection, and the server's limit is kept.
func TestClientMultiplexes(t *testing.T) {
	a := newAsked(t, nil)
	release := make(chan struct{})
	a.serve(a.connect(http2.ClientConfig{}), &xhttp2.Server{MaxConcurrentStreams: 10}, func(w http.ResponseWriter, r *http.Request) {
		<-release
		io.WriteString(w, r.URL.Path)
	})
	first := a.open(requestOf("/0"))
	a.settled()
	all := []*conn.Conn{first}
	for i := 1; i < 10; i++ {
		all = append(all, a.open(requestOf(fmt.Sprint("/", i))))
	}
	if a.open(requestOf("/10")) != nil {
		t.Fatal("the server's limit is not kept")
	}
	close(release)
	for i, c := range all {
		a.expect(c, "response 200, completed, closed, destroyed", fmt.Sprint("/", i))
	}
	a.server.Do(func() {
		if a.available == 0 {
			t.Error("nobody was told that there is room again")
		}
	})
	if a.open(requestOf("/11")) == nil {
		t.Error("there is no room again")
	}
}

// script is a server of frames.
type script struct {
	*xhttp2.Framer
	t     testing.TB
	conn  net.Conn
	block bytes.Buffer
	hpack *hpack.Encoder
}

// scriptedTurned is for a server that the test turns.
func (a *asked) scriptedTurned(config http2.ClientConfig) *script {
	other := a.connect(config)
	a.server.Turn(0)
	return a.script(other)
}

// scripted connects, and takes the preface.
func (a *asked) scripted(config http2.ClientConfig) *script { return a.script(a.connect(config)) }

func (a *asked) script(other net.Conn) *script {
	s := &script{Framer: xhttp2.NewFramer(other, other), t: a.t, conn: other}
	s.hpack = hpack.NewEncoder(&s.block)
	other.SetDeadline(time.Now().Add(30 * time.Second))
	preface := make([]byte, len(xhttp2.ClientPreface))
	if _, err := io.ReadFull(other, preface); err != nil || string(preface) != xhttp2.ClientPreface {
		a.t.Fatalf("preface %q %v", preface, err)
	}
	return s
}

// until reads frames until one of the type comes.
func (s *script) until(kind xhttp2.FrameType) xhttp2.Frame {
	s.t.Helper()
	for {
		f, err := s.ReadFrame()
		if err != nil {
			s.t.Fatalf("no %v: %v", kind, err)
		}
		if f.Header().Type == kind {
			return f
		}
	}
}

func (s *script) fields(list ...string) []byte {
	s.block.Reset()
	for i := 0; i < len(list); i += 2 {
		s.hpack.WriteField(hpack.HeaderField{Name: list[i], Value: list[i+1]})
	}
	return bytes.Clone(s.block.Bytes())
}

func (s *script) respond(stream uint32, end bool, list ...string) {
	s.WriteHeaders(xhttp2.HeadersFrameParam{StreamID: stream, BlockFragment: s.fields(list...), EndStream: end, EndHeaders: true})
}

func TestClientErrors(t *testing.T) {
	long := strings.Repeat("x", 5000)
	for _, c := range []struct {
		name, events string
		code         xhttp2.ErrCode // of GOAWAY, or of RST_STREAM
		reset        bool
		act          func(s *script)
	}{
		{"no settings first", "error: HTTP/2 PROTOCOL_ERROR: the first frame is not SETTINGS, destroyed", xhttp2.ErrCodeProtocol, false,
			func(s *script) { s.WritePing(false, [8]byte{}) }},
		{"garbage", "error: HTTP/2 FRAME_SIZE_ERROR: a frame is larger than SETTINGS_MAX_FRAME_SIZE, destroyed", xhttp2.ErrCodeFrameSize, false,
			func(s *script) { io.WriteString(s.conn, "HTTP/1.1 400 Bad Request\r\n\r\n") }},
		{"push", "error: HTTP/2 PROTOCOL_ERROR: PUSH_PROMISE, destroyed", xhttp2.ErrCodeProtocol, false, func(s *script) {
			s.WriteSettings()
			s.WritePushPromise(xhttp2.PushPromiseParam{StreamID: 1, PromiseID: 2, BlockFragment: s.fields(":method", "GET"), EndHeaders: true})
		}},
		{"enable push", "error: HTTP/2 PROTOCOL_ERROR: SETTINGS_ENABLE_PUSH is neither 0 nor 1, destroyed", xhttp2.ErrCodeProtocol, false,
			func(s *script) { s.WriteSettings(xhttp2.Setting{ID: xhttp2.SettingEnablePush, Val: 1}) }},
		{"headers on an idle stream", "error: HTTP/2 PROTOCOL_ERROR: HEADERS on an idle stream, destroyed", xhttp2.ErrCodeProtocol, false,
			func(s *script) { s.WriteSettings(); s.respond(3, true, ":status", "200") }},
		{"headers on an even stream", "error: HTTP/2 PROTOCOL_ERROR: HEADERS on an idle stream, destroyed", xhttp2.ErrCodeProtocol, false,
			func(s *script) { s.WriteSettings(); s.respond(2, true, ":status", "200") }},
		{"no status", "error: HTTP/2 PROTOCOL_ERROR: malformed response: no :status, destroyed", xhttp2.ErrCodeProtocol, true,
			func(s *script) { s.WriteSettings(); s.respond(1, true, "server", "x") }},
		{"request fields", "error: HTTP/2 PROTOCOL_ERROR: malformed response: unknown pseudo-header field \":path\", destroyed",
			xhttp2.ErrCodeProtocol, true, func(s *script) { s.WriteSettings(); s.respond(1, true, ":status", "200", ":path", "/") }},
		{"status 20", "error: HTTP/2 PROTOCOL_ERROR: malformed response: malformed :status, destroyed", xhttp2.ErrCodeProtocol, true,
			func(s *script) { s.WriteSettings(); s.respond(1, true, ":status", "20") }},
		{"upper case", "error: HTTP/2 PROTOCOL_ERROR: malformed response: malformed field name \"Server\", destroyed", xhttp2.ErrCodeProtocol, true,
			func(s *script) { s.WriteSettings(); s.respond(1, true, ":status", "200", "Server", "x") }},
		{"connection field", "error: HTTP/2 PROTOCOL_ERROR: malformed response: connection-specific field connection, destroyed",
			xhttp2.ErrCodeProtocol, true, func(s *script) { s.WriteSettings(); s.respond(1, true, ":status", "200", "connection", "close") }},
		{"status 101", "error: HTTP/2 PROTOCOL_ERROR: malformed response: an interim one that ends the stream or changes the protocol, destroyed",
			xhttp2.ErrCodeProtocol, true, func(s *script) { s.WriteSettings(); s.respond(1, false, ":status", "101") }},
		{"interim flood", "error: HTTP/2 ENHANCE_YOUR_CALM: too many interim responses, destroyed", xhttp2.ErrCodeEnhanceYourCalm, true, func(s *script) {
			s.WriteSettings()
			for range 17 {
				s.respond(1, false, ":status", "103")
			}
		}},
		{"large head", "error: problems parsing header, destroyed", xhttp2.ErrCodeCancel, true, func(s *script) {
			s.WriteSettings()
			s.respond(1, false, ":status", "200", "x", long)
		}},
		{"data first", "error: HTTP/2 PROTOCOL_ERROR: DATA before the head of the response, destroyed", xhttp2.ErrCodeProtocol, true,
			func(s *script) { s.WriteSettings(); s.WriteData(1, true, []byte("x")) }},
		{"short body", "response 200, closed, destroyed", xhttp2.ErrCodeProtocol, true, func(s *script) {
			s.WriteSettings()
			s.respond(1, false, ":status", "200", "content-length", "3")
			s.WriteData(1, true, []byte("xy"))
		}},
		{"long body", "response 200, closed, destroyed", xhttp2.ErrCodeProtocol, true, func(s *script) {
			s.WriteSettings()
			s.respond(1, false, ":status", "200", "content-length", "1")
			s.WriteData(1, true, []byte("xy"))
		}},
		{"no body", "error: HTTP/2 PROTOCOL_ERROR: malformed response: the body is shorter than its content-length, destroyed",
			xhttp2.ErrCodeProtocol, true, func(s *script) { s.WriteSettings(); s.respond(1, true, ":status", "200", "content-length", "1") }},
		{"trailers without end", "response 200, closed, destroyed", xhttp2.ErrCodeProtocol, true, func(s *script) {
			s.WriteSettings()
			s.respond(1, false, ":status", "200")
			s.respond(1, false, "x", "y")
		}},
		{"window overflow", "error: HTTP/2 FLOW_CONTROL_ERROR: WINDOW_UPDATE makes the stream's window overflow, destroyed",
			xhttp2.ErrCodeFlowControl, true, func(s *script) { s.WriteSettings(); s.WriteWindowUpdate(1, 1<<31-1) }},
		{"settings flood", "error: HTTP/2 ENHANCE_YOUR_CALM: too many SETTINGS frames, destroyed", xhttp2.ErrCodeEnhanceYourCalm, false, func(s *script) {
			for range 300 {
				s.WriteSettings()
			}
		}},
		{"continuation flood", "error: HTTP/2 ENHANCE_YOUR_CALM: too many CONTINUATION frames, destroyed", xhttp2.ErrCodeEnhanceYourCalm, false, func(s *script) {
			s.WriteSettings()
			s.WriteHeaders(xhttp2.HeadersFrameParam{StreamID: 1, BlockFragment: s.fields(":status", "200")})
			for range 40 {
				s.WriteContinuation(1, false, s.fields("x", "y"))
			}
		}},
		{"bad compression", "error: HTTP/2 COMPRESSION_ERROR: header block: decoding error: invalid indexed representation index 63, destroyed",
			xhttp2.ErrCodeCompression, false, func(s *script) {
				s.WriteSettings()
				s.WriteHeaders(xhttp2.HeadersFrameParam{StreamID: 1, BlockFragment: []byte{0xbf}, EndHeaders: true})
			}},
	} {
		t.Run(c.name, func(t *testing.T) {
			a := newAsked(t, func(v *vhost.Vhost) { v.Limits.HeadBytes = 4096 })
			s := a.scripted(http2.ClientConfig{})
			one := a.open(requestOf("/"))
			s.until(xhttp2.FrameHeaders)
			c.act(s)
			if got := a.wait(one); got != c.events {
				t.Errorf("heard %q, expected %q", got, c.events)
			}
			if c.reset {
				if f := s.until(xhttp2.FrameRSTStream).(*xhttp2.RSTStreamFrame); f.ErrCode != c.code {
					t.Errorf("reset with %v", f.ErrCode)
				}
				// The connection is as good as before.
				another := a.open(requestOf("/"))
				s.until(xhttp2.FrameHeaders)
				s.respond(3, true, ":status", "200")
				a.expect(another, "response 200, completed, closed, destroyed", "")
				return
			}
			if f := s.until(xhttp2.FrameGoAway).(*xhttp2.GoAwayFrame); f.ErrCode != c.code {
				t.Errorf("GOAWAY with %v", f.ErrCode)
			}
		})
	}
}

// TestClientUnprocessed: what the server has not looked at is handed back.
func TestClientUnprocessed(t *testing.T) {
	a := newAsked(t, nil)
	s := a.scripted(http2.ClientConfig{})
	s.WriteSettings()
	a.settled()
	var all []*conn.Conn
	for range 4 {
		all = append(all, a.open(requestOf("/")))
		s.until(xhttp2.FrameHeaders)
	}
	s.WriteRSTStream(3, xhttp2.ErrCodeRefusedStream)
	a.expect(all[1], "error: unprocessed, destroyed", "")
	s.WriteGoAway(5, xhttp2.ErrCodeNo, nil)
	a.expect(all[3], "error: unprocessed, destroyed", "")
	if a.open(requestOf("/")) != nil {
		t.Error("a request after GOAWAY")
	}
	s.respond(5, true, ":status", "200")
	s.respond(1, true, ":status", "200")
	a.expect(all[0], "response 200, completed, closed, destroyed", "")
	a.expect(all[2], "response 200, completed, closed, destroyed", "")
	if _, err := io.ReadAll(s.conn); err != nil {
		t.Error(err) // the connection ends with its last stream
	}
	a.server.Do(func() {
		if len(a.returned) != 2 || a.leaving != 1 {
			t.Errorf("returned %d, left %d", len(a.returned), a.leaving)
		}
	})
}

// TestClientEnds: the ways in which a connection may end with requests on it.
func TestClientEnds(t *testing.T) {
	for _, c := range []struct {
		name, waiting, receiving string
		act                      func(a *asked, s *script)
	}{
		{"closed", "error: read failed, destroyed", "response 200, closed, destroyed", func(_ *asked, s *script) { s.conn.Close() }},
		{"killed", "error: read failed, destroyed", "response 200, closed, destroyed", func(a *asked, s *script) {
			a.server.Do(func() {
				a.server.Host.EachConnection(a.server.Thread, func(c *conn.Conn) {
					if c.Parent() == nil {
						c.Kill()
					}
				})
			})
		}},
		{"reset", "error: HTTP/2 stream reset: CANCEL, destroyed", "response 200, closed, destroyed", func(_ *asked, s *script) {
			s.WriteRSTStream(1, xhttp2.ErrCodeCancel)
			s.WriteRSTStream(3, xhttp2.ErrCodeCancel)
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			a := newAsked(t, nil)
			s := a.scripted(http2.ClientConfig{})
			s.WriteSettings()
			a.settled()
			one, two := a.open(requestOf("/1")), a.open(requestOf("/2"))
			s.until(xhttp2.FrameHeaders)
			s.until(xhttp2.FrameHeaders)
			s.respond(3, false, ":status", "200")
			s.WriteData(3, false, []byte("half"))
			deadline := time.Now().Add(30 * time.Second)
			for a.body(two) == "" && time.Now().Before(deadline) {
				time.Sleep(time.Millisecond)
			}
			c.act(a, s)
			a.expect(one, c.waiting, "")
			a.expect(two, c.receiving, "half")
		})
	}
}

// TestClientKeepsWhole: a response that is complete is the program's although the connection has ended.
func TestClientKeepsWhole(t *testing.T) {
	a := newAsked(t, nil)
	s := a.scripted(http2.ClientConfig{})
	s.WriteSettings()
	responded := make(chan struct{})
	a.on[conn.EstablishedClientHTTP] = func(c *conn.Conn, _ []byte) int {
		c.Pause(conn.PauseByProgram)
		close(responded)
		return 0
	}
	one := a.open(requestOf("/"))
	s.until(xhttp2.FrameHeaders)
	s.respond(1, false, ":status", "200")
	s.WriteData(1, true, []byte("hello"))
	s.conn.(*net.UnixConn).CloseWrite()
	<-responded
	deadline := time.Now().Add(30 * time.Second)
	for left := false; !left && time.Now().Before(deadline); time.Sleep(time.Millisecond) {
		a.server.Do(func() { left = a.leaving > 0 })
	}
	a.server.Do(func() { one.Resume(conn.PauseByProgram) })
	a.expect(one, "response 200, completed, closed, destroyed", "hello")
}

// TestClientManualCredit: the server sends what the program has let it.
func TestClientManualCredit(t *testing.T) {
	a := newAsked(t, nil)
	a.serve(a.connect(http2.ClientConfig{ManualCredit: true}), &xhttp2.Server{}, func(w http.ResponseWriter, r *http.Request) {
		io.WriteString(w, strings.Repeat("x", 100_000))
	})
	q := requestOf("/")
	q.ManualCredit, q.Credit = true, 10
	arrived := make(chan int, 100)
	a.on[conn.ReceiveClientHTTPRead] = func(c *conn.Conn, in []byte) int {
		arrived <- len(in)
		return 0
	}
	c := a.open(q)
	take := func(want int) {
		t.Helper()
		for want > 0 {
			select {
			case n := <-arrived:
				want -= n
			case <-time.After(30 * time.Second):
				t.Fatalf("%d bytes do not come", want)
			}
		}
		if want < 0 {
			t.Errorf("%d bytes more than there was credit for", -want)
		}
	}
	take(10)
	grant := func(n int) {
		a.server.Do(func() {
			if !c.Role().(conn.FlowController).GrantCredit(c, conn.OwnStream, n) {
				t.Error("no credit is taken")
			}
		})
	}
	grant(90)
	take(90)
	if n := len(arrived); n > 0 {
		t.Error("more came")
	}
	grant(99_900)
	a.wait(c)
	// Others on that connection need not care.
	a.on[conn.ReceiveClientHTTPRead] = nil
	c = a.open(requestOf("/"))
	a.wait(c)
	if n := len(a.body(c)); n != 100_000 {
		t.Errorf("%d bytes", n)
	}
	q.ManualCredit = true
}

// TestClientIdle: a connection without requests ends after its time.
func TestClientIdle(t *testing.T) {
	a := newAsked(t, nil)
	s := a.scripted(http2.ClientConfig{KeepWarm: time.Millisecond})
	s.WriteSettings()
	one := a.open(requestOf("/"))
	s.until(xhttp2.FrameHeaders)
	s.respond(1, true, ":status", "200")
	a.expect(one, "response 200, completed, closed, destroyed", "")
	s.until(xhttp2.FrameGoAway)
	if _, err := s.ReadFrame(); err != io.EOF {
		t.Error(err)
	}
}

// TestClientCancels: a request that the program gives up is reset.
func TestClientCancels(t *testing.T) {
	a := newAsked(t, nil)
	s := a.scripted(http2.ClientConfig{})
	s.WriteSettings()
	one := a.open(requestOf("/"))
	s.until(xhttp2.FrameHeaders)
	a.settled()
	a.server.Do(one.Kill)
	a.expect(one, "closed, destroyed", "")
	if f := s.until(xhttp2.FrameRSTStream).(*xhttp2.RSTStreamFrame); f.ErrCode != xhttp2.ErrCodeCancel || f.StreamID != 1 {
		t.Error(f)
	}
	// What was on its way is no error.
	s.respond(1, false, ":status", "200")
	s.WriteData(1, true, []byte("late"))
	another := a.open(requestOf("/"))
	s.until(xhttp2.FrameHeaders)
	s.respond(3, true, ":status", "200")
	a.expect(another, "response 200, completed, closed, destroyed", "")
}

// TestClientValidity: a server that gives no sign of life is asked for one, and given up.
func TestClientValidity(t *testing.T) {
	a := newAsked(t, func(v *vhost.Vhost) {
		v.Retry = vhost.RetryPolicy{ValidPing: 5 * time.Millisecond, ValidHangup: time.Second}
	})
	s := a.scripted(http2.ClientConfig{})
	s.WriteSettings()
	one := a.open(requestOf("/"))
	for range 20 {
		f := s.until(xhttp2.FramePing).(*xhttp2.PingFrame)
		if f.IsAck() {
			t.Fatal("an answer to nothing")
		}
		s.WritePing(true, f.Data)
	}
	if got := a.heard(one); got != "" {
		t.Errorf("heard %q from a server that answers", got)
	}
	a.expect(one, "error: read failed, destroyed", "")
}

// TestClientLongPoll: a response may begin when it likes, where the program says so.
func TestClientLongPoll(t *testing.T) {
	const limit = 20 * time.Millisecond
	a := newAsked(t, func(v *vhost.Vhost) { v.Limits.Timeout = limit })
	s := a.scripted(http2.ClientConfig{})
	s.WriteSettings()
	a.OnFill = func(c *conn.Conn, _ conn.Reason, _ []byte, used int) (int, int) {
		if t := httpclient.Of(c); t.Request.Method == "POST" {
			t.SetBodyPending(c, true)
		} else if t.Request.Target == "/poll" {
			c.Role().(conn.HalfCloser).CloseSending(c)
		}
		return used, 0
	}
	poll := a.open(requestOf("/poll"))
	if f := s.until(xhttp2.FrameHeaders).(*xhttp2.HeadersFrame); !f.StreamEnded() {
		t.Error("the request is not ended")
	}
	q := requestOf("/later")
	q.Method = "POST"
	a.settled()
	later := a.open(q)
	s.until(xhttp2.FrameHeaders)
	a.server.Do(func() { later.Role().(conn.HalfCloser).CloseSending(later) })
	if f := s.until(xhttp2.FrameData).(*xhttp2.DataFrame); !f.StreamEnded() || f.StreamID != 3 || f.Header().Length != 0 {
		t.Errorf("%v does not end the request", f)
	}
	a.expect(a.open(requestOf("/")), "error: Timed out waiting server reply, destroyed", "")
	time.Sleep(5 * limit)
	s.respond(1, true, ":status", "200")
	s.respond(3, true, ":status", "200")
	a.expect(poll, "response 200, completed, closed, destroyed", "")
	a.expect(later, "response 200, completed, closed, destroyed", "")
}

// TestClientStale: a request that crosses the server's end of an idle connection is made again.
func TestClientStale(t *testing.T) {
	a := newAsked(t, nil)
	s := a.scripted(http2.ClientConfig{})
	s.WriteSettings()
	one := a.open(requestOf("/"))
	s.until(xhttp2.FrameHeaders)
	s.respond(1, true, ":status", "200")
	a.expect(one, "response 200, completed, closed, destroyed", "")
	two := a.open(requestOf("/"))
	s.until(xhttp2.FrameHeaders)
	s.conn.Close()
	a.expect(two, "error: unprocessed, destroyed", "")
}
