package tlsconn_test

import (
	"bytes"
	"crypto/tls"
	"errors"
	"io"
	"net"
	"os"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"golws/engine/certificate/certificatetest"
	"golws/engine/conn"
	"golws/engine/conn/conntest"
	"golws/engine/tlsconfig"
	"golws/engine/tlsconn"
	"golws/engine/vhost"
)

// talker is a role of a client: it tells what happens to it, and sends what it is given.
type talker struct {
	events   chan string
	received bytes.Buffer
	want     int // bytes, after which it says so
	close    bool
}

func (r *talker) Input(c *conn.Conn, p []byte) int {
	r.received.Write(p)
	if r.want > 0 && r.received.Len() >= r.want {
		r.events <- "received"
	}
	return len(p)
}
func (r *talker) Writable(*conn.Conn) { r.events <- "writable" }
func (r *talker) Drained(*conn.Conn)  {}
func (r *talker) Write(c *conn.Conn, p []byte, _ conn.WriteKind) (int, error) {
	c.Queue(p)
	return len(p), nil
}
func (r *talker) EOF(*conn.Conn) bool                    { return true }
func (r *talker) TimedOut(*conn.Conn, conn.Timeout) bool { r.events <- "timed out"; return false }
func (r *talker) CheckValidity(*conn.Conn) bool          { return false }
func (r *talker) Finish(c *conn.Conn)                    { c.Kill() }
func (r *talker) Closed(*conn.Conn)                      { r.events <- "closed" }

func (r *talker) expect(t testing.TB, want ...string) {
	t.Helper()
	for _, event := range want {
		select {
		case got := <-r.events:
			if got != event {
				t.Errorf("%q, not %q", got, event)
			}
		case <-time.After(10 * time.Second):
			t.Fatalf("no %q", event)
		}
	}
}

// serverJudge is a program that judges servers.
type serverJudge struct {
	conntest.Program
	verify func(v *tlsconfig.Verification) error
}

func (j *serverJudge) VerifyServer(_ *conn.Conn, v *tlsconfig.Verification) error { return j.verify(v) }

type clientTest struct {
	*testServer
	host   *conn.Host
	client *tlsconfig.Client
}

func newClientTest(t testing.TB, p conn.Handler, given vhost.TLS, limit time.Duration) *clientTest {
	t.Helper()
	v := conntest.DefaultVhost("http")
	v.ClientTLS, v.Limits.Timeout, v.Options = &given, limit, vhost.DisableSystemTrust
	x := &clientTest{testServer: serveHandler(t, p)}
	var err error
	if x.host, err = x.AddVhost(v); err != nil {
		t.Fatal(err)
	}
	if x.client = x.host.ClientTLS; x.client == nil {
		t.Fatal("the host has no TLS for clients")
	}
	return x
}

// connect begins TLS with a server on the network; configure may be nil.
func (x *clientTest) connect(t testing.TB, address, name string, configure func(*tlsconfig.ClientConnection)) (*conn.Conn, *talker) {
	t.Helper()
	socket, err := net.Dial("tcp", address)
	if err != nil {
		t.Fatal(err)
	}
	f, err := socket.(*net.TCPConn).File()
	if err != nil {
		t.Fatal(err)
	}
	descriptor, err := unix.Dup(int(f.Fd()))
	if err != nil {
		t.Fatal(err)
	}
	f.Close()
	socket.Close()
	unix.SetNonblock(descriptor, true)
	r := &talker{events: make(chan string, 10)}
	var c *conn.Conn
	x.do(func() {
		if c, err = x.Threads[0].Outgoing(x.host, nil); err != nil {
			return
		}
		c.DelayWritable()
		if err = c.Connected(descriptor, -1); err != nil {
			return
		}
		config := x.client.Connection(name)
		if configure != nil {
			configure(config)
		}
		tlsconn.BeginClient(c, config, func(err error) {
			c.SetRole(r)
			if err == nil {
				r.events <- "shaken"
				c.AllowWritable()
				return
			}
			if err == tlsconfig.ErrEnded {
				r.Closed(c)
				return
			}
			var failure *tlsconfig.HandshakeError
			if !errors.As(err, &failure) {
				t.Errorf("%T", err)
			}
			r.events <- err.Error()
			c.Kill()
		})
	})
	if err != nil {
		t.Fatal(err)
	}
	return c, r
}

// listen serves connections, one after the other.
func listen(t testing.TB, serve func(c net.Conn)) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	done := make(chan struct{})
	go func() {
		defer close(done)
		var group sync.WaitGroup
		for {
			c, err := l.Accept()
			if err != nil {
				break
			}
			group.Go(func() {
				defer c.Close()
				serve(c)
			})
		}
		group.Wait()
	}()
	t.Cleanup(func() {
		l.Close()
		<-done
	})
	return l.Addr().String()
}

func TestClient(t *testing.T) {
	root := certificatetest.Authority(t, "Root")
	pair := root.Issue(t, "localhost").TLS()
	for _, version := range []uint16{tls.VersionTLS12, tls.VersionTLS13} {
		config := &tls.Config{Certificates: []tls.Certificate{pair}, NextProtos: []string{"x"}, MaxVersion: version}
		address := listen(t, func(c net.Conn) {
			s := tls.Server(c, config)
			io.Copy(s, s)
			s.Close()
		})
		x := newClientTest(t, &conntest.Program{}, vhost.TLS{CA: root.PEM()}, 20*time.Second)
		connect := func() (*conn.Conn, *talker) {
			return x.connect(t, address, "localhost", func(c *tlsconfig.ClientConnection) {
				c.Session = "localhost"
				c.SetProtocols("y,x")
			})
		}
		c, r := connect()
		x.do(c.RequestWritable)
		r.expect(t, "shaken", "writable")
		message := bytes.Repeat([]byte("0123456789abcdef"), 64<<10)
		x.do(func() {
			r.want = len(message)
			c.Write(message, conn.WriteHTTP)
		})
		r.expect(t, "received")
		x.do(func() {
			if !bytes.Equal(r.received.Bytes(), message) {
				t.Error("what was sent is not what comes back")
			}
			transport := tlsconn.Of(c)
			if state := transport.State(); state.NegotiatedProtocol != "x" || state.Version != version || !transport.Verified() ||
				c.Mirror&conn.MirrorTLS == 0 {
				t.Errorf("%+v", state)
			}
			c.Kill()
		})
		r.expect(t, "closed")
		c, r = connect()
		r.expect(t, "shaken")
		x.do(func() {
			if !tlsconn.Of(c).State().DidResume {
				t.Error("the session was not resumed")
			}
			c.Finish()
		})
		r.expect(t, "closed")
	}
}

func TestClientFailures(t *testing.T) {
	root := certificatetest.Authority(t, "Root")
	pair := root.Issue(t, "localhost").TLS()
	shake := func(config *tls.Config) func(net.Conn) {
		return func(c net.Conn) {
			s := tls.Server(c, config)
			s.Handshake()
			io.Copy(io.Discard, s)
		}
	}
	raw := func(answer string) func(net.Conn) {
		return func(c net.Conn) {
			c.Read(make([]byte, 4096))
			io.WriteString(c, answer)
			c.(*net.TCPConn).CloseWrite()
			io.Copy(io.Discard, c)
		}
	}
	for what, c := range map[string]struct {
		serve     func(net.Conn)
		name      string
		configure func(*tlsconfig.ClientConnection)
		options   uint64 // set by the client
		want      string
	}{
		"unknown issuer": {shake(&tls.Config{Certificates: []tls.Certificate{
			certificatetest.Authority(t, "Other").Issue(t, "localhost").TLS()}}), "localhost", nil, 0,
			"tls: unable to get local issuer certificate"},
		"self-signed": {shake(&tls.Config{Certificates: []tls.Certificate{
			certificatetest.SelfSigned(t, "localhost").TLS()}}), "localhost", nil, 0, "tls: self-signed certificate"},
		"other name": {shake(&tls.Config{Certificates: []tls.Certificate{pair}}), "example.org", nil, 0,
			"tls: hostname mismatch"},
		"no common protocol": {shake(&tls.Config{Certificates: []tls.Certificate{pair}, NextProtos: []string{"a"}}),
			"localhost", func(c *tlsconfig.ClientConnection) { c.SetProtocols("b") }, 0,
			"tls: alert from the server: no application protocol"},
		"no common version": {shake(&tls.Config{Certificates: []tls.Certificate{pair}, MaxVersion: tls.VersionTLS12}),
			"localhost", nil, 1 << 27, "tls: alert from the server: protocol version not supported"},
		"no certificate": {shake(&tls.Config{GetCertificate: func(*tls.ClientHelloInfo) (*tls.Certificate, error) {
			return nil, errors.New("none")
		}}), "localhost", nil, 0, "tls: alert from the server: internal error"},
		"client certificate": {shake(&tls.Config{Certificates: []tls.Certificate{pair}, MaxVersion: tls.VersionTLS12,
			ClientAuth: tls.RequireAnyClientCert}), "localhost", nil, 0, "tls: alert from the server: handshake failure"},
		"not TLS":  {raw("HTTP/1.1 400 Bad Request\r\n\r\n"), "localhost", nil, 0, "tls: the server does not speak TLS"},
		"end":      {raw(""), "localhost", nil, 0, "tls: unexpected eof while reading"},
		"cut":      {raw("\x16\x03\x03\x01\x00abc"), "localhost", nil, 0, "tls: unexpected eof while reading"},
		"too long": {raw("\x16\x03\x03\xff\xff" + strings.Repeat("x", 1<<16)), "localhost", nil, 0, "tls: oversized record"},
		"garbage":  {raw("\x16\x03\x03\x00\x04\x02\x00\x00\x00"), "localhost", nil, 0, "tls: "},
		"reset": {func(c net.Conn) {
			c.Read(make([]byte, 1))
			c.(*net.TCPConn).SetLinger(0)
		}, "localhost", nil, 0, "connect SYSCALL 104"},
	} {
		t.Run(what, func(t *testing.T) {
			address := listen(t, c.serve)
			x := newClientTest(t, &conntest.Program{}, vhost.TLS{CA: root.PEM(), OptionsSet: c.options}, 20*time.Second)
			_, r := x.connect(t, address, c.name, c.configure)
			select {
			case got := <-r.events:
				if !strings.HasPrefix(got, c.want) {
					t.Error(got)
				}
			case <-time.After(10 * time.Second):
				t.Fatal("it does not end")
			}
			r.expect(t, "closed")
		})
	}
}

func TestClientTimeLimit(t *testing.T) {
	address := listen(t, func(c net.Conn) { io.Copy(io.Discard, c) })
	x := newClientTest(t, &conntest.Program{}, vhost.TLS{}, 50*time.Millisecond)
	_, r := x.connect(t, address, "localhost", nil)
	r.expect(t, "Timed out waiting SSL", "closed")
}

// A program may close the connection in the middle of the handshake, or the context ends.
func TestClientClosed(t *testing.T) {
	address := listen(t, func(c net.Conn) { io.Copy(io.Discard, c) })
	x := newClientTest(t, &conntest.Program{}, vhost.TLS{}, 20*time.Second)
	c, r := x.connect(t, address, "localhost", nil)
	x.do(c.Kill)
	r.expect(t, "closed")
	x.connect(t, address, "localhost", nil)
}

func TestProgramJudgesServers(t *testing.T) {
	pair := certificatetest.SelfSigned(t, "localhost")
	config := &tls.Config{Certificates: []tls.Certificate{pair.TLS()}}
	address := listen(t, func(c net.Conn) {
		s := tls.Server(c, config)
		io.Copy(s, s)
	})
	program := &serverJudge{}
	x := newClientTest(t, program, vhost.TLS{}, 20*time.Second)
	codes := make(chan int, 10)
	for _, c := range []struct {
		answer error
		want   string
	}{{nil, "shaken"}, {tlsconfig.ErrRefused, "tls: the program refused the server's certificate"}} {
		x.do(func() {
			program.verify = func(v *tlsconfig.Verification) error {
				codes <- v.Code
				return c.answer
			}
		})
		co, r := x.connect(t, address, "localhost", nil)
		r.expect(t, c.want)
		x.do(co.Kill)
		r.expect(t, "closed")
		if code := <-codes; code != tlsconfig.VerifySelfSigned {
			t.Error(code)
		}
	}
	x.do(func() {
		program.verify = func(v *tlsconfig.Verification) error {
			codes <- len(v.Excused)
			return nil
		}
	})
	co, r := x.connect(t, address, "localhost", func(c *tlsconfig.ClientConnection) { c.Allow = tlsconfig.AllowSelfSigned })
	r.expect(t, "shaken")
	x.do(func() {
		if tlsconn.Of(co).Verified() {
			t.Error("what was excused counts as verified")
		}
	})
	if n := <-codes; n != 1 {
		t.Error(n)
	}
}

// More servers than waiting clients are allowed to be do not answer, and one does.
func TestManyClientsWait(t *testing.T) {
	const many = 1100
	pair := certificatetest.SelfSigned(t, "localhost")
	config := &tls.Config{Certificates: []tls.Certificate{pair.TLS()}}
	silent := listen(t, func(c net.Conn) { io.Copy(io.Discard, c) })
	good := listen(t, func(c net.Conn) {
		s := tls.Server(c, config)
		io.Copy(s, s)
	})
	x := newClientTest(t, &conntest.Program{}, vhost.TLS{CA: pair.PEM()}, 20*time.Second)
	var all []*talker
	for range many {
		_, r := x.connect(t, silent, "localhost", nil)
		all = append(all, r)
	}
	_, r := x.connect(t, good, "localhost", nil)
	r.expect(t, "shaken")
	for _, r := range all {
		select {
		case event := <-r.events:
			t.Fatal(event)
		default:
		}
	}
}

// A message there and back allocates nothing.
func TestClientAllocations(t *testing.T) {
	if raceEnabled {
		t.Skip("the race detector allocates")
	}
	// The server is our own, because crypto/tls allocates where it reads by itself.
	echo := &conntest.Program{OnEvent: func(c *conn.Conn, reason conn.Reason, in []byte, _ conn.Message) int {
		if reason == conn.RawReceive {
			c.Write(in, conn.WriteHTTP)
		}
		return 0
	}}
	id := newIdentity(t, "localhost")
	v := id.vhost("localhost")
	v.Options = vhost.AcceptRoleOnly
	address := serve(t, echo, v).address
	x := newClientTest(t, &conntest.Program{}, vhost.TLS{CA: id.certificate}, 20*time.Second)
	c, r := x.connect(t, address, "localhost", nil)
	r.expect(t, "shaken")
	message := bytes.Repeat([]byte("x"), 1000)
	x.do(func() { r.received.Grow(1 << 20) })
	send := func() { c.Write(message, conn.WriteHTTP) }
	exchange := func() {
		r.received.Reset()
		r.want = len(message)
		x.do(send)
		if event := <-r.events; event != "received" {
			t.Error(event)
		}
	}
	for range 100 {
		exchange()
	}
	if n := testing.AllocsPerRun(500, exchange); n >= 1 {
		t.Errorf("%g allocations for each message", n)
	}
}

func descriptors(t testing.TB) int {
	t.Helper()
	list, err := os.ReadDir("/proc/self/fd")
	if err != nil {
		t.Fatal(err)
	}
	return len(list)
}

// Whatever becomes of connections, nothing is left of them.
func TestClientsLeaveNothing(t *testing.T) {
	pair := certificatetest.SelfSigned(t, "localhost")
	config := &tls.Config{Certificates: []tls.Certificate{pair.TLS()}}
	servers := []string{
		listen(t, func(c net.Conn) {
			s := tls.Server(c, config)
			io.Copy(s, s)
		}),
		listen(t, func(c net.Conn) { c.Read(make([]byte, 100)) }),
		listen(t, func(c net.Conn) { io.Copy(io.Discard, c) }),
	}
	x := newClientTest(t, &conntest.Program{}, vhost.TLS{CA: pair.PEM()}, 20*time.Second)
	round := func() {
		type one struct {
			c *conn.Conn
			r *talker
		}
		var all []one
		for i := range 60 {
			c, r := x.connect(t, servers[i%len(servers)], []string{"localhost", "example.org"}[i/3%2], nil)
			all = append(all, one{c, r})
		}
		for i, o := range all {
			if i%len(servers) < 2 {
				<-o.r.events // it is done or has failed
			}
			x.do(func() { o.c.Kill() })
		}
		for _, o := range all {
			for event := range o.r.events {
				if event == "closed" {
					break
				}
			}
		}
	}
	round()
	settled := func() (int, int) { return runtime.NumGoroutine(), descriptors(t) }
	goroutines, open := settled()
	for range 5 {
		round()
	}
	for range 500 {
		var n int
		x.do(func() { n = x.Threads[0].Connections() })
		now, fds := settled()
		// Some goroutines are kept for the next handshakes.
		if n == 0 && now <= goroutines+16 && fds <= open {
			return
		}
		time.Sleep(10 * time.Millisecond)
	}
	now, fds := settled()
	t.Errorf("%d goroutines have become %d, %d descriptors %d", goroutines, now, open, fds)
}

// An idle connection has no buffers, at neither end. Both ends are here.
func TestIdleClientMemory(t *testing.T) {
	if raceEnabled {
		t.Skip("the race detector has memory of its own")
	}
	const count = 300
	id := newIdentity(t, "localhost")
	v := id.vhost("localhost")
	v.Options = vhost.AcceptRoleOnly
	address := serve(t, &conntest.Program{}, v).address
	x := newClientTest(t, &conntest.Program{}, vhost.TLS{CA: id.certificate}, 20*time.Second)
	connect := func() {
		_, r := x.connect(t, address, "localhost", nil)
		r.expect(t, "shaken")
	}
	for range 20 {
		connect()
	}
	before, goroutines := memory(), runtime.NumGoroutine()
	for range count {
		connect()
	}
	each := int64(memory()-before) / count
	t.Logf("%d bytes for both ends of an idle connection", each)
	if each > 12<<10 {
		t.Errorf("%d bytes for both ends of an idle connection", each)
	}
	if more := runtime.NumGoroutine() - goroutines; more > 30 {
		t.Errorf("%d goroutines more for %d idle connections", more, count)
	}
}
