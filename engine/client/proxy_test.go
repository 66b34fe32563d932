package client_test

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"testing"

	"golws/engine/conn"
	"golws/engine/proxy"
)

// connectProxy is a proxy that leads wherever it is asked to as long as that is a name, to the address given.
func connectProxy(t *testing.T, to net.Addr) *proxy.Config {
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
			go func() {
				defer c.Close()
				in := bufio.NewReader(c)
				r, err := http.ReadRequest(in)
				if err != nil || r.Method != "CONNECT" || r.Host != "server.example:81" {
					io.WriteString(c, "HTTP/1.1 403 Forbidden\r\n\r\n")
					return
				}
				server, err := net.Dial("tcp", to.String())
				if err != nil {
					return
				}
				defer server.Close()
				io.WriteString(c, "HTTP/1.1 200 OK\r\n\r\n")
				go io.Copy(server, in)
				io.Copy(c, server)
			}()
		}
	}()
	a := l.Addr().(*net.TCPAddr)
	return &proxy.Config{Address: "proxy.example", Port: a.Port}
}

// TestProxy: the proxy's name is looked up, not the server's.
func TestProxy(t *testing.T) {
	s := httptest.NewServer(http.HandlerFunc(handler))
	defer s.Close()
	lookup := func(_ context.Context, name string) ([]netip.Addr, error) {
		if name != "proxy.example" {
			return nil, errors.New("asked for " + name)
		}
		return []netip.Addr{netip.MustParseAddr("127.0.0.1")}, nil
	}
	way := connectProxy(t, s.Listener.Addr())
	config := at(s.Listener.Addr())
	config.Path, config.Method, config.Lookup, config.Proxies = "/length", "GET", lookup, []*proxy.Config{way}
	for _, test := range []struct {
		address string
		port    int
		want    string
	}{
		{"server.example", 81, "connecting, response, completed, closed http, destroyed"},
		{"server.example", 82, "connecting, error: http_proxy -> 403, destroyed"},
	} {
		p := newProgram(t, nil)
		p.on[conn.ReceiveClientHTTP] = take(p, new(bytes.Buffer))
		config.Address, config.Port = test.address, test.port
		p.connect(config)
		p.expect(test.want)
	}

	// Another server is exempt.
	direct, err := proxy.FromEnvironment("nowhere.invalid:1", false, "127.0.0.0/8")
	if err != nil {
		t.Fatal(err)
	}
	config = at(s.Listener.Addr())
	config.Path, config.Method, config.Proxies = "/length", "GET", []*proxy.Config{direct}
	p := newProgram(t, nil)
	p.on[conn.ReceiveClientHTTP] = take(p, new(bytes.Buffer))
	p.connect(config)
	p.expect("connecting, response, completed, closed http, destroyed")
}
