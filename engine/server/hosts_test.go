package server_test

import (
	"crypto/tls"
	"io"
	"net"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"golang.org/x/net/http2"

	"golws/engine/certificate/certificatetest"
	"golws/engine/conn"
	"golws/engine/conn/conntest"
	"golws/engine/httpserver"
	"golws/engine/server"
	"golws/engine/vhost"
)

// hosts serves vhosts with TLS on one port, each with its name for a page, and returns the port.
func hosts(t *testing.T, all ...*vhost.Vhost) (port int) {
	t.Helper()
	program := &conntest.Program{OnEvent: func(c *conn.Conn, reason conn.Reason, _ []byte, _ conn.Message) int {
		if reason == conn.HTTP {
			name := c.Host().Name
			c.Write([]byte("HTTP/1.1 200 OK\r\ncontent-length: "+strconv.Itoa(len(name))+"\r\n\r\n"+name), conn.WriteHTTP)
			if !c.Role().(httpserver.Transaction).Complete(c) {
				return -1
			}
		}
		return 0
	}}
	x, err := server.New(program, 1, 4096)
	if err != nil {
		t.Fatal(err)
	}
	authority := certificatetest.Authority(t, "authority")
	for _, v := range all {
		v.Interface, v.Port = "127.0.0.1", port
		v.Mounts = []*vhost.Mount{{Mountpoint: "/files", Origin: "/nowhere", Kind: vhost.OriginFile}}
		pair := authority.Issue(t, v.Name)
		v.TLS = &vhost.TLS{Certificate: pair.PEM(), PrivateKey: pair.KeyPEM(), CA: authority.PEM(), ALPN: "h2,http/1.1"}
		h, err := x.AddVhost(v)
		if err != nil {
			t.Fatal(err)
		}
		port = h.Port
	}
	stop := make(chan struct{})
	var group sync.WaitGroup
	group.Go(func() {
		var lock sync.Mutex
		for {
			select {
			case <-stop:
				return
			default:
				conntest.Turn(x.Threads[0], 20*time.Millisecond, &lock)
			}
		}
	})
	t.Cleanup(func() {
		close(stop)
		group.Wait()
		x.Close()
	})
	return port
}

// dial shakes hands with a host.
func dial(t *testing.T, port int, name, protocol string) *tls.Conn {
	t.Helper()
	c, err := tls.Dial("tcp", "127.0.0.1:"+strconv.Itoa(port),
		&tls.Config{ServerName: name, InsecureSkipVerify: true, NextProtos: []string{protocol}})
	if err != nil {
		t.Fatal(err)
	}
	c.SetDeadline(time.Now().Add(20 * time.Second))
	t.Cleanup(func() { c.Close() })
	if got := c.ConnectionState().PeerCertificates[0].DNSNames[0]; got != name {
		t.Fatalf("asked for %s, got the certificate of %s", name, got)
	}
	return c
}

func named(name string, options vhost.Options) *vhost.Vhost {
	v := conntest.DefaultVhost("pages")
	v.Name, v.Options = name, options
	return v
}

// A connection of either version of HTTP may ask for any host but one that wants to know its clients.
func TestHostsOfOneConnection(t *testing.T) {
	port := hosts(t, named("one.example", vhost.StrictTransportSecurity), named("two.example", 0),
		named("asking.example", vhost.RequireClientCertificate|vhost.ClientCertificateOptional))
	for _, protocol := range []string{"http/1.1", "h2"} {
		for _, handshake := range []string{"one.example", "asking.example"} {
			c := dial(t, port, handshake, protocol)
			var transport http.RoundTripper = &http.Transport{MaxConnsPerHost: 1,
				Dial: func(string, string) (net.Conn, error) { return c, nil }}
			if protocol == "h2" {
				over, err := new(http2.Transport).NewClientConn(c)
				if err != nil {
					t.Fatal(err)
				}
				transport = over
			}
			for _, test := range []struct {
				host   string
				status int
			}{{"one.example", 200}, {"two.example", 200}, {"asking.example", 421}, {"sub.asking.example:443", 421}, {"one.example", 200}} {
				want := test.status
				if handshake == "asking.example" {
					want = 200
				}
				request, _ := http.NewRequest("GET", "http://ignored/", nil)
				request.Host = test.host
				response, err := transport.RoundTrip(request)
				if err != nil {
					t.Fatalf("%s, %s, %s: %v", protocol, handshake, test.host, err)
				}
				body, _ := io.ReadAll(response.Body)
				response.Body.Close()
				if response.StatusCode != want || want == 200 && !strings.Contains(test.host, string(body)) {
					t.Errorf("%s, handshake with %s, %s: %d %q", protocol, handshake, test.host, response.StatusCode, body)
				}
			}
		}
	}
}

func TestHeadersOverTLS(t *testing.T) {
	port := hosts(t, named("one.example", vhost.StrictTransportSecurity|vhost.SecurityBestPractices))
	for _, protocol := range []string{"http/1.1", "h2"} {
		c := dial(t, port, "one.example", protocol)
		var transport http.RoundTripper = &http.Transport{Dial: func(string, string) (net.Conn, error) { return c, nil }}
		if protocol == "h2" {
			transport, _ = new(http2.Transport).NewClientConn(c)
		}
		request, _ := http.NewRequest("GET", "http://ignored/files", nil)
		request.Host = "one.example:4443"
		response, err := transport.RoundTrip(request)
		if err != nil {
			t.Fatal(err)
		}
		response.Body.Close()
		for name, want := range map[string]string{"Location": "https://one.example:4443/files/", "X-Frame-Options": "deny",
			"Strict-Transport-Security": "max-age=15768000 ; includeSubDomains"} {
			if got := response.Header.Get(name); response.StatusCode != 301 || got != want {
				t.Errorf("%s: %d, %s: %q", protocol, response.StatusCode, name, got)
			}
		}
	}
}
