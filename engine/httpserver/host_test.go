package httpserver_test

import (
	"bufio"
	"fmt"
	"net"
	"net/http"
	"os"
	"strings"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"golws/engine/conn"
	"golws/engine/conn/conntest"
	"golws/engine/http1"
	"golws/engine/tlsconfig"
	"golws/engine/vhost"
)

// pretended is a transport that is plain and says that it is not.
type pretended struct{ host *conn.Host }

func (p pretended) HandshakeHost() *conn.Host { return p.host }
func (pretended) Read(c *conn.Conn, b []byte) (int, error) {
	return unix.Read(c.Descriptor(), b)
}
func (pretended) Write(c *conn.Conn, b []byte) (int, error) {
	return unix.Write(c.Descriptor(), b)
}
func (pretended) Flush(*conn.Conn) error { return nil }
func (pretended) Unsent() int            { return 0 }
func (pretended) SendFile(*conn.Conn, *os.File, int64, int64) (int, error) {
	return 0, unix.EINVAL
}
func (pretended) Pending() bool       { return false }
func (pretended) Shutdown(*conn.Conn) {}
func (pretended) Close(*conn.Conn)    {}

// hosts is a listener with several hosts, on one service thread.
type hosts struct {
	*conntest.Server
	listener conn.Listener
}

func newHosts(t *testing.T, all ...*vhost.Vhost) *hosts {
	t.Helper()
	p := &program{}
	p.OnEvent = func(c *conn.Conn, reason conn.Reason, _ []byte, _ conn.Message) int {
		if reason == conn.HTTP {
			fmt.Fprintf(writer{c}, "HTTP/1.1 200 OK\r\ncontent-length: %d\r\n\r\n%s", len(c.Host().Name), c.Host().Name)
			return complete(c)
		}
		return 0
	}
	s := &hosts{Server: conntest.New(t, &p.Program, all[0])}
	s.listener.Hosts = append(s.listener.Hosts, s.Host)
	for _, v := range all[1:] {
		s.listener.Hosts = append(s.listener.Hosts, conn.NewHost(v, 1))
	}
	for _, h := range s.listener.Hosts {
		if h.Vhost.TLS != nil {
			h.TLS = new(tlsconfig.Server)
		}
	}
	s.Start()
	return s
}

func (s *hosts) named(name string) *conn.Host {
	for _, h := range s.listener.Hosts {
		if h.Name == name {
			return h
		}
	}
	return nil
}

// connect makes a connection whose handshake was with the host of that name, a plain one without.
func (s *hosts) connect(t *testing.T, name string) net.Conn {
	t.Helper()
	pair, err := unix.Socketpair(unix.AF_UNIX, unix.SOCK_STREAM|unix.SOCK_CLOEXEC|unix.SOCK_NONBLOCK, 0)
	if err != nil {
		t.Fatal(err)
	}
	f := os.NewFile(uintptr(pair[1]), "client")
	client, err := net.FileConn(f)
	f.Close()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { client.Close() })
	client.SetDeadline(time.Now().Add(20 * time.Second))
	s.Do(func() {
		_, err = s.Thread.Adopt(pair[0], s.Host, &s.listener, func(c *conn.Conn) conn.Role {
			if h := s.named(name); h != nil {
				c.SetTransport(pretended{h})
				c.SetHost(h)
				c.Mirror |= conn.MirrorTLS
			}
			return http1.NewRole(c)
		})
		if err != nil {
			t.Fatal(err)
		}
	})
	return client
}

func ask(t *testing.T, client net.Conn, text string) (*http.Response, string) {
	t.Helper()
	if _, err := client.Write([]byte(text)); err != nil {
		t.Fatal(err)
	}
	response, err := http.ReadResponse(bufio.NewReader(client), nil)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	body := make([]byte, max(response.ContentLength, 0))
	if n, err := response.Body.Read(body); n != len(body) {
		t.Fatal(err)
	}
	return response, string(body)
}

func named(name string, options vhost.Options, tls bool) *vhost.Vhost {
	v := conntest.DefaultVhost("p")
	v.Name, v.Options = name, options
	v.Mounts = []*vhost.Mount{{Mountpoint: "/files", Origin: "/nowhere", Kind: vhost.OriginFile}}
	if tls {
		v.TLS = &vhost.TLS{}
	}
	return v
}

func TestHostAndHandshake(t *testing.T) {
	s := newHosts(t, named("first", 0, true), named("second", 0, true), named("plain", 0, false),
		named("open", vhost.AllowHTTPOnTLSListener, true), named("strict", vhost.RequireClientCertificate, true),
		named("asking", vhost.RequireClientCertificate|vhost.ClientCertificateOptional, true))
	for _, test := range []struct {
		handshake, host string
		status          int
		by              string
	}{
		{"first", "first", 200, "first"},
		{"first", "second", 200, "second"},
		{"second", "first:4443", 200, "first"},
		{"first", "a.second", 200, "second"},
		{"first", "unknown", 200, "first"},
		{"first", "plain", 200, "plain"},
		{"first", "strict", 421, ""},
		{"second", "STRICT:4443", 421, ""},
		{"second", "sub.strict", 421, ""},
		{"first", "asking", 421, ""},
		{"strict", "asking", 421, ""},
		{"strict", "strict", 200, "strict"},
		{"asking", "asking", 200, "asking"},
		// Nothing of the client's was left out for those.
		{"strict", "first", 200, "first"},
		{"", "plain", 200, "plain"},
		{"", "open", 200, "open"},
		{"", "first", 421, ""},
		{"", "second", 421, ""},
		{"", "strict", 421, ""},
	} {
		client := s.connect(t, test.handshake)
		response, body := ask(t, client, "GET /x HTTP/1.1\r\nHost: "+test.host+"\r\n\r\n")
		if response.StatusCode != test.status || (test.status == 200 && body != test.by) {
			t.Errorf("handshake %q, host %q: %d %q", test.handshake, test.host, response.StatusCode, body)
		}
		// The connection is as good as before.
		if test.handshake != "" {
			if response, body = ask(t, client, "GET /x HTTP/1.1\r\nHost: "+test.handshake+"\r\n\r\n"); body != test.handshake {
				t.Errorf("handshake %q, host %q, then its own: %d %q", test.handshake, test.host, response.StatusCode, body)
			}
		}
	}
}

func TestRequestsOfOneConnectionAreJudgedOneByOne(t *testing.T) {
	s := newHosts(t, named("first", 0, true), named("second", 0, true), named("strict", vhost.RequireClientCertificate, true))
	client := s.connect(t, "first")
	for _, step := range []struct {
		host   string
		status int
	}{{"second", 200}, {"strict", 421}, {"second", 200}, {"first", 200}, {"strict", 421}} {
		response, _ := ask(t, client, "GET / HTTP/1.1\r\nHost: "+step.host+"\r\n\r\n")
		if response.StatusCode != step.status {
			t.Errorf("%s: %d", step.host, response.StatusCode)
		}
	}
}

func TestRedirectToTLS(t *testing.T) {
	s := newHosts(t, named("first", vhost.RedirectToTLS, true), named("second", 0, true), named("plain", 0, false))
	for request, want := range map[string]string{
		"GET / HTTP/1.1\r\nHost: first":                                           "https://first/",
		"GET /a/b?c=d&e HTTP/1.1\r\nHost: first:8443":                             "https://first:8443/a/b?c=d&e",
		"GET /%20%3Fx/../y%25?q=%26%2B+%23&r=%3d HTTP/1.1\r\nHost: second":        "https://second/y%25?q=%26%2B%20%23&r==",
		"GET /x HTTP/1.1\r\nHost: plain":                                          "https://plain/x",
		"POST /p HTTP/1.1\r\nHost: [::1]:8443\r\nContent-Length: 0":               "https://[::1]:8443/p",
		"GET /ws HTTP/1.1\r\nHost: first\r\nConnection: upgrade\r\nUpgrade: none": "https://first/ws",
		"GET http://other/z HTTP/1.1\r\nHost: first":                              "https://other/z",
	} {
		response, _ := ask(t, s.connect(t, ""), request+"\r\n\r\n")
		if got := response.Header.Get("Location"); response.StatusCode != 301 || got != want || !response.Close {
			t.Errorf("%q: %d %q", request, response.StatusCode, got)
		}
	}
	if response, _ := ask(t, s.connect(t, ""), "GET / HTTP/1.0\r\n\r\n"); response.StatusCode != 400 {
		t.Errorf("without Host: %d", response.StatusCode)
	}
	if response, body := ask(t, s.connect(t, "second"), "GET / HTTP/1.1\r\nHost: first\r\n\r\n"); body != "first" {
		t.Errorf("over TLS: %d %q", response.StatusCode, body)
	}
}

func TestStrictTransportSecurityOverTLSOnly(t *testing.T) {
	v := named("first", vhost.StrictTransportSecurity|vhost.SecurityBestPractices|vhost.AllowHTTPOnTLSListener, true)
	s := newHosts(t, v)
	for handshake, want := range map[string]string{"": "", "first": "max-age=15768000 ; includeSubDomains"} {
		response, _ := ask(t, s.connect(t, handshake), "GET /files HTTP/1.1\r\nHost: first:4443\r\n\r\n")
		if got := response.Header.Get("Strict-Transport-Security"); got != want {
			t.Errorf("handshake %q: %q", handshake, got)
		}
		if response.Header.Get("X-Frame-Options") != "deny" {
			t.Errorf("handshake %q: no security headers", handshake)
		}
		scheme := "http"
		if handshake != "" {
			scheme = "https"
		}
		if got := response.Header.Get("Location"); !strings.HasPrefix(got, scheme+"://first:4443/files/") {
			t.Errorf("handshake %q: a directory is at %q", handshake, got)
		}
	}
}
