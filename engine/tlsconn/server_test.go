package tlsconn_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"fmt"
	"io"
	"math/big"
	"net"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"golws/engine/conn"
	"golws/engine/conn/conntest"
	"golws/engine/httpserver"
	"golws/engine/server"
	"golws/engine/vhost"
)

// identity is a self-signed certificate.
type identity struct {
	certificate, key []byte // PEM
	pair             tls.Certificate
}

func newIdentity(t testing.TB, names ...string) *identity {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: names[0]}, DNSNames: names,
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(24 * time.Hour),
		IsCA: true, BasicConstraintsValid: true,
		KeyUsage: x509.KeyUsageDigitalSignature | x509.KeyUsageCertSign,
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	private, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	id := &identity{
		certificate: pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}),
		key:         pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: private}),
	}
	if id.pair, err = tls.X509KeyPair(id.certificate, id.key); err != nil {
		t.Fatal(err)
	}
	return id
}

// client is a configuration that trusts the identity.
func (id *identity) client(name string) *tls.Config {
	roots := x509.NewCertPool()
	roots.AppendCertsFromPEM(id.certificate)
	return &tls.Config{RootCAs: roots, ServerName: name}
}

func (id *identity) vhost(name string) *vhost.Vhost {
	v := conntest.DefaultVhost("http")
	v.Name, v.Interface, v.Port = name, "127.0.0.1", 0
	v.TLS = &vhost.TLS{Certificate: id.certificate, PrivateKey: id.key}
	return v
}

// testServer is a context of one service thread.
type testServer struct {
	*server.Context
	lock    sync.Mutex
	address string
}

// answer writes a response of its own.
func answer(c *conn.Conn, body string) {
	c.Write(fmt.Appendf(nil, "HTTP/1.1 200 OK\r\ncontent-length: %d\r\n\r\n%s", len(body), body), conn.WriteHTTPHeaders)
}

func serve(t testing.TB, p *conntest.Program, hosts ...*vhost.Vhost) *testServer {
	t.Helper()
	return serveHandler(t, p, hosts...)
}

func serveHandler(t testing.TB, p conn.Handler, hosts ...*vhost.Vhost) *testServer {
	t.Helper()
	x, err := server.New(p, 1, 4096)
	if err != nil {
		t.Fatal(err)
	}
	s := &testServer{Context: x}
	for i, v := range hosts {
		if i > 0 {
			v.Port = hosts[0].Port
		}
		h, err := x.AddVhost(v)
		if err != nil {
			t.Fatal(err)
		}
		s.address = net.JoinHostPort("127.0.0.1", strconv.Itoa(h.Port))
	}
	stop, done := make(chan struct{}), make(chan struct{})
	thread := x.Threads[0]
	go func() {
		defer close(done)
		for {
			select {
			case <-stop:
				return
			default:
				conntest.Turn(thread, 20*time.Millisecond, &s.lock)
			}
		}
	}()
	t.Cleanup(func() {
		close(stop)
		thread.Loop.Wake()
		<-done
		s.lock.Lock()
		defer s.lock.Unlock()
		x.Close()
	})
	return s
}

// do runs f as the service thread.
func (s *testServer) do(f func()) {
	s.lock.Lock()
	defer s.lock.Unlock()
	loop := s.Threads[0].Loop
	was := loop.Enter()
	f()
	loop.Leave(was)
	loop.Wake()
}

func names(t testing.TB, c *tls.Config, address, path string) string {
	t.Helper()
	client := &http.Client{Transport: &http.Transport{TLSClientConfig: c, DisableKeepAlives: true}}
	defer client.CloseIdleConnections()
	response, err := client.Get("https://" + address + path)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(body)
}

func helloProgram() *conntest.Program {
	return &conntest.Program{OnEvent: func(c *conn.Conn, reason conn.Reason, in []byte, _ conn.Message) int {
		if reason == conn.HTTP {
			answer(c, "vhost "+c.Host().Name+" path "+string(in))
			return -1
		}
		return 0
	}}
}

func TestRequestOverEachVersion(t *testing.T) {
	id := newIdentity(t, "example.test")
	s := serve(t, helloProgram(), id.vhost("example.test"))
	for _, version := range []uint16{tls.VersionTLS12, tls.VersionTLS13} {
		config := id.client("example.test")
		config.MinVersion, config.MaxVersion = version, version
		for range 3 {
			if got := names(t, config, s.address, "/a"); !strings.Contains(got, "path /a") {
				t.Errorf("version %x: %q", version, got)
			}
		}
	}
}

func TestServerNameChoosesTheVhost(t *testing.T) {
	first, second := newIdentity(t, "first.test"), newIdentity(t, "second.test", "sub.second.test")
	s := serve(t, helloProgram(), first.vhost("first.test"), second.vhost("second.test"))
	for _, try := range []struct {
		id         *identity
		name, host string
	}{
		{first, "first.test", "first.test"},
		{second, "second.test", "second.test"},
		{second, "sub.second.test", "second.test"},
		{second, "SECOND.test", "second.test"},
	} {
		config := try.id.client(try.name)
		client, err := tls.Dial("tcp", s.address, config)
		if err != nil {
			t.Errorf("%s: %v", try.name, err)
			continue
		}
		fmt.Fprintf(client, "GET /x HTTP/1.1\r\nHost: %s\r\nConnection: close\r\n\r\n", try.name)
		reply, err := io.ReadAll(client)
		if err != nil || !strings.Contains(string(reply), "vhost "+try.host+" path /x") {
			t.Errorf("%s: %q %v", try.name, reply, err)
		}
		client.Close()
	}
}

// plainly sends bytes without TLS and returns what comes back until the end.
func plainly(t testing.TB, address, bytes string) string {
	t.Helper()
	client, err := net.Dial("tcp", address)
	if err != nil {
		t.Fatal(err)
	}
	defer client.Close()
	io.WriteString(client, bytes)
	reply, _ := io.ReadAll(client)
	return string(reply)
}

func TestPlainOnTLSPort(t *testing.T) {
	id := newIdentity(t, "example.test")
	const request = "GET /y?a=b HTTP/1.1\r\nHost: example.test:99\r\nConnection: close\r\n\r\n"
	for _, try := range []struct {
		name    string
		options vhost.Options
		send    string
		want    string // beginning of the reply
		also    string
	}{
		{"refused", 0, request, "", ""},
		{"allowed for nothing", vhost.AllowPlainOnTLSPort, request, "", ""},
		{"redirected", vhost.AllowPlainOnTLSPort | vhost.RedirectToTLS, request,
			"HTTP/1.1 301", "location: https://example.test:99/y?a=b\r\n"},
		{"served", vhost.AllowPlainOnTLSPort | vhost.AllowHTTPOnTLSListener, request, "HTTP/1.1 200", "path /y"},
		{"raw", vhost.AllowPlainOnTLSPort | vhost.FallbackToAcceptRole, "one two", "raw: one two", ""},
		{"raw, but binary", vhost.AllowPlainOnTLSPort | vhost.FallbackToAcceptRole, "\x01one two", "", ""},
	} {
		t.Run(try.name, func(t *testing.T) {
			p := helloProgram()
			served := p.OnEvent
			p.OnEvent = func(c *conn.Conn, reason conn.Reason, in []byte, m conn.Message) int {
				if reason == conn.RawReceive {
					c.Write(append([]byte("raw: "), in...), conn.WriteHTTP)
					return -1
				}
				return served(c, reason, in, m)
			}
			v := id.vhost("example.test")
			v.Options = try.options
			s := serve(t, p, v)
			got := plainly(t, s.address, try.send)
			if !strings.HasPrefix(got, try.want) || !strings.Contains(got, try.also) || try.want == "" && got != "" {
				t.Errorf("got %q", got)
			}
			if got := names(t, id.client("example.test"), s.address, "/a"); !strings.Contains(got, "path /a") {
				t.Errorf("over TLS: %q", got)
			}
		})
	}
}

// TestCallbackOrder holds the order of events against what libwebsockets does.
func TestCallbackOrder(t *testing.T) {
	id := newIdentity(t, "example.test")
	var mutex sync.Mutex
	var events []conn.Reason
	gone := make(chan struct{}, 100)
	p := helloProgram()
	served := p.OnEvent
	p.OnEvent = func(c *conn.Conn, reason conn.Reason, in []byte, m conn.Message) int {
		mutex.Lock()
		events = append(events, reason)
		if reason != conn.FilterNetworkConnection && c.Mirror&conn.MirrorTLS == 0 {
			t.Errorf("event %d of a connection that is not with TLS", reason)
		}
		mutex.Unlock()
		if reason == conn.WSIDestroy {
			gone <- struct{}{}
		}
		return served(c, reason, in, m)
	}
	s := serve(t, p, id.vhost("example.test"))
	check := func(what string, want ...conn.Reason) {
		t.Helper()
		<-gone
		mutex.Lock()
		defer mutex.Unlock()
		if fmt.Sprint(events) != fmt.Sprint(want) {
			t.Errorf("%s: %v, want %v", what, events, want)
		}
		events = nil
	}
	accepted := []conn.Reason{conn.FilterNetworkConnection, conn.WSICreate, conn.ServerNewClientInstantiated}
	names(t, id.client("example.test"), s.address, "/x")
	check("request", append(accepted[:3:3], conn.FilterHTTPConnection, conn.HTTPBindProtocol, conn.HTTP, conn.ClosedHTTP,
		conn.WSIDestroy)...)
	old := id.client("example.test")
	old.MinVersion, old.MaxVersion = tls.VersionTLS10, tls.VersionTLS10
	if _, err := tls.Dial("tcp", s.address, old); err == nil || !strings.Contains(err.Error(), "protocol version") {
		t.Errorf("an old client hears %v", err)
	}
	check("old version", append(accepted[:3:3], conn.WSIDestroy)...)
	for what, bytes := range map[string]string{"nothing": "", "a part": "\x16\x03\x01\x02\x00\x01",
		"no hello": "\x16\x03\x01\x00\x05\x02\x00\x00\x01\x00", "no TLS": "\x00\x00"} {
		client, err := net.Dial("tcp", s.address)
		if err != nil {
			t.Fatal(err)
		}
		io.WriteString(client, bytes)
		client.Close()
		check(what, append(accepted[:3:3], conn.WSIDestroy)...)
	}
}

var raceEnabled bool

// keepAliveProgram answers and keeps the connection.
func keepAliveProgram() *conntest.Program {
	return &conntest.Program{OnEvent: func(c *conn.Conn, reason conn.Reason, in []byte, _ conn.Message) int {
		if reason == conn.HTTP {
			answer(c, "hello")
			if t, ok := c.Role().(httpserver.Transaction); !ok || !t.Complete(c) {
				return -1
			}
		}
		return 0
	}}
}
