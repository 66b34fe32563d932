package tlsconn_test

import (
	"crypto/tls"
	"errors"
	"io"
	"net"
	"runtime"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"golws/engine/conn"
	"golws/engine/conn/conntest"
	"golws/engine/tlsconfig"
)

// eventually waits for something that is certain to come.
func eventually(t testing.TB, what string, f func() bool) {
	t.Helper()
	for range 3000 {
		if f() {
			return
		}
		time.Sleep(10 * time.Millisecond)
	}
	t.Fatal("never: " + what)
}

// stopper is a connection that answers nothing after a number of bytes.
type stopper struct {
	net.Conn
	left int
}

var errStopped = errors.New("stopped")

func (s *stopper) Write(p []byte) (int, error) {
	n := min(len(p), s.left)
	s.left -= n
	if n < len(p) {
		s.Conn.Write(p[:n])
		return n, errStopped
	}
	return s.Conn.Write(p)
}

// stop begins a handshake and leaves it after so many bytes.
func stop(t testing.TB, address string, after int, config *tls.Config) net.Conn {
	t.Helper()
	raw, err := net.Dial("tcp", address)
	if err != nil {
		t.Fatal(err)
	}
	raw.SetDeadline(time.Now().Add(time.Minute))
	if err := tls.Client(&stopper{raw, after}, config).Handshake(); !errors.Is(err, errStopped) {
		t.Fatalf("the handshake was not stopped: %v", err)
	}
	return raw
}

// helloSize is how long the first flight of a client is.
func helloSize(t testing.TB, config *tls.Config) int {
	client, server := net.Pipe()
	defer server.Close()
	go func() {
		tls.Client(client, config).Handshake()
	}()
	b := make([]byte, 16<<10)
	n, err := server.Read(b)
	if err != nil {
		t.Fatal(err)
	}
	client.Close()
	return n
}

// Clients that stop in the middle of their handshake cost others nothing, and are dropped.
func TestStalledHandshakes(t *testing.T) {
	id := newIdentity(t, "localhost")
	v := id.vhost("localhost")
	v.Limits.Timeout = 5 * time.Second
	var open atomic.Int32
	p := helloProgram()
	served := p.OnEvent
	p.OnEvent = func(c *conn.Conn, reason conn.Reason, in []byte, m conn.Message) int {
		switch reason {
		case conn.WSICreate:
			open.Add(1)
		case conn.WSIDestroy:
			open.Add(-1)
		}
		return served(c, reason, in, m)
	}
	s := serve(t, p, v)
	config := id.client("localhost")
	size := helloSize(t, config)
	names(t, config, s.address, "/before")
	goroutines := runtime.NumGoroutine()
	const count = 500
	var stalled []net.Conn
	for i := range count {
		after := size // the server's flight is not answered
		if i%2 == 1 {
			after = 1 + i*(size-1)/count // a part of the first message
		}
		stalled = append(stalled, stop(t, s.address, after, config))
	}
	for range 20 {
		if got := names(t, config, s.address, "/during"); !strings.Contains(got, "path /during") {
			t.Fatalf("got %q", got)
		}
	}
	if more := runtime.NumGoroutine() - goroutines; more > count/2+30 {
		t.Errorf("%d goroutines more for %d handshakes, half of which have begun", more, count)
	}
	for _, raw := range stalled {
		io.Copy(io.Discard, raw) // until the server has closed it
		raw.Close()
	}
	eventually(t, "all connections gone", func() bool { return open.Load() == 0 })
	eventually(t, "all goroutines gone", func() bool { return runtime.NumGoroutine() < goroutines+30 })
}

// Connections end at any point of a handshake without anything left over.
func TestClosedDuringHandshake(t *testing.T) {
	id := newIdentity(t, "localhost")
	s := serve(t, helloProgram(), id.vhost("localhost"))
	config := id.client("localhost")
	size := helloSize(t, config)
	names(t, config, s.address, "/before")
	goroutines := runtime.NumGoroutine()
	for i := range 300 {
		after := size
		if i%3 == 0 {
			after = i * size / 300
		}
		raw := stop(t, s.address, after, config)
		if i%5 == 0 {
			raw.(*net.TCPConn).SetLinger(0)
		}
		raw.Close()
		if i%50 == 0 {
			names(t, config, s.address, "/during")
		}
	}
	eventually(t, "all connections gone", func() (none bool) {
		s.do(func() { none = s.Threads[0].Connections() == 0 })
		return none
	})
	eventually(t, "all goroutines gone", func() bool { return runtime.NumGoroutine() < goroutines+30 })
}

// A context can be closed while handshakes are under way.
func TestContextClosedDuringHandshakes(t *testing.T) {
	id := newIdentity(t, "localhost")
	config := id.client("localhost")
	size := helloSize(t, config)
	goroutines := runtime.NumGoroutine()
	var stalled []net.Conn
	t.Run("context", func(t *testing.T) {
		s := serve(t, helloProgram(), id.vhost("localhost"))
		for range 50 {
			stalled = append(stalled, stop(t, s.address, size, config))
		}
		eventually(t, "all have begun", func() (all bool) {
			s.do(func() { all = s.Threads[0].Connections() == 50 })
			return all
		})
	})
	for _, raw := range stalled {
		io.Copy(io.Discard, raw)
		raw.Close()
	}
	eventually(t, "all goroutines gone", func() bool { return runtime.NumGoroutine() <= goroutines })
}

// judge is a program that has a say in who may connect.
type judge struct {
	*conntest.Program
	verdict func(c *conn.Conn, h *conn.Host, v *tlsconfig.Verification) error
}

func (j *judge) VerifyPeer(c *conn.Conn, h *conn.Host, v *tlsconfig.Verification) error {
	return j.verdict(c, h, v)
}

func TestProgramJudgesCertificates(t *testing.T) {
	id, good, bad := newIdentity(t, "localhost"), newIdentity(t, "good.test"), newIdentity(t, "bad.test")
	j := &judge{Program: helloProgram()}
	j.verdict = func(c *conn.Conn, h *conn.Host, v *tlsconfig.Verification) error {
		if h.Name != "localhost" || !c.Thread().Loop.Processing() || v.OK() {
			t.Errorf("asked about %s, %v", h.Name, v)
		}
		if v.Certificates[0].Subject.CommonName == "good.test" {
			return nil
		}
		return errors.New("not today")
	}
	v := id.vhost("localhost")
	v.Options = 1 << 1
	s := serveHandler(t, j, v)
	for name, version := range versions {
		get := func(own *identity) error {
			config := id.client("localhost")
			config.MinVersion, config.MaxVersion = version, version
			config.Certificates = []tls.Certificate{own.pair}
			client := tls.Client(dial(t, s.address), config)
			io.WriteString(client, "GET /x HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
			_, err := io.ReadAll(client)
			return err
		}
		if err := get(good); err != nil {
			t.Errorf("%s: accepted, but %v", name, err)
		}
		if err := get(bad); err == nil || !strings.Contains(err.Error(), "bad certificate") {
			t.Errorf("%s: refused, but %v", name, err)
		}
	}
}
