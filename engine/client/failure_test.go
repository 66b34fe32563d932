package client_test

import (
	"bytes"
	"context"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"golws/engine/client"
	"golws/engine/conn"
	"golws/engine/conn/conntest"
	"golws/engine/vhost"
	"golws/engine/ws"
)

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
