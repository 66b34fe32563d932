package client_test

import (
	"bytes"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"testing"

	"golang.org/x/net/dns/dnsmessage"

	"golws/engine/conn"
	"golws/engine/dns"
)

// nameServer answers questions for addresses of IPv4 with 127.0.0.1, and those for IPv6 with what is given once wait is
// closed.
func nameServer(t *testing.T, six string, wait chan struct{}) *dns.Resolver {
	s, err := net.ListenUDP("udp", &net.UDPAddr{IP: net.IPv4(127, 0, 0, 1)})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	go func() {
		buffer := make([]byte, 2048)
		for {
			n, from, err := s.ReadFromUDPAddrPort(buffer)
			if err != nil {
				return
			}
			var m dnsmessage.Message
			if m.Unpack(buffer[:n]) != nil {
				continue
			}
			m.Response, m.RecursionAvailable, m.Additionals = true, true, nil
			q := m.Questions[0]
			h := dnsmessage.ResourceHeader{Name: q.Name, Class: dnsmessage.ClassINET, TTL: 60}
			go func() {
				if q.Type == dnsmessage.TypeA {
					m.Answers = []dnsmessage.Resource{{Header: h, Body: &dnsmessage.AResource{A: [4]byte{127, 0, 0, 1}}}}
				} else {
					<-wait
					m.Answers = []dnsmessage.Resource{{Header: h, Body: &dnsmessage.AAAAResource{AAAA: netip.MustParseAddr(six).As16()}}}
				}
				answer, _ := m.Pack()
				s.WriteToUDPAddrPort(answer, from)
			}()
		}
	}()
	return dns.New(s.LocalAddr().(*net.UDPAddr).AddrPort())
}

// TestLateFamily: a connection does not wait for addresses that it does not need.
func TestLateFamily(t *testing.T) {
	s := httptest.NewServer(http.HandlerFunc(handler))
	defer s.Close()
	wait := make(chan struct{})
	config := at(s.Listener.Addr())
	config.Path, config.Method, config.Address = "/length", "GET", "server.example"
	config.Resolver = nameServer(t, "::1", wait)
	p := newProgram(t, nil)
	p.on[conn.ReceiveClientHTTP] = take(p, new(bytes.Buffer))
	p.connect(config)
	p.expect("connecting, response, completed, closed http, destroyed")
	close(wait)
}

// TestMoreAddresses: where the first ones do not work, those that come later are tried.
func TestMoreAddresses(t *testing.T) {
	l, err := net.Listen("tcp", "[::1]:0")
	if err != nil {
		t.Skip("there is no IPv6")
	}
	s := &httptest.Server{Listener: l, Config: &http.Server{Handler: http.HandlerFunc(handler)}}
	s.Start()
	defer s.Close()
	wait := make(chan struct{})
	config := at(l.Addr())
	config.Path, config.Method, config.Address = "/length", "GET", "server.example"
	config.Resolver = nameServer(t, "::1", wait)
	p := newProgram(t, nil)
	p.on[conn.ReceiveClientHTTP] = take(p, new(bytes.Buffer))
	p.on[conn.Connecting] = func(*conn.Conn, []byte, conn.Message) int {
		select {
		case <-wait:
		default:
			close(wait)
		}
		return 0
	}
	p.connect(config)
	p.expect("connecting, connecting, response, completed, closed http, destroyed")

	// All is kept now, and the addresses are tried one after the other.
	p = newProgram(t, nil)
	p.on[conn.ReceiveClientHTTP] = take(p, new(bytes.Buffer))
	p.connect(config)
	p.expect("connecting, response, completed, closed http, destroyed")
}
