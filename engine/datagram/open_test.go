package datagram_test

import (
	"net"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"golws/engine/conn"
	"golws/engine/conn/conntest"
	"golws/engine/datagram"
	"golws/engine/vhost"
)

type program struct {
	conntest.Program
	adopted, closed atomic.Int32
}

// serve runs a program that sends datagrams back.
func serve(t *testing.T, options vhost.Options) (*conntest.Server, *program) {
	p := &program{}
	p.OnEvent = func(c *conn.Conn, reason conn.Reason, in []byte, _ conn.Message) int {
		switch reason {
		case conn.RawAdopt:
			p.adopted.Add(1)
		case conn.RawReceive:
			c.Write(in, conn.WriteHTTP)
		case conn.RawClose:
			p.closed.Add(1)
		}
		return 0
	}
	v := conntest.DefaultVhost("one", "two")
	v.Options = options
	s := conntest.New(t, &p.Program, v)
	s.Start()
	return s, p
}

func open(t *testing.T, s *conntest.Server, config *datagram.Config) (c *conn.Conn, err error) {
	t.Helper()
	s.Do(func() { c, err = datagram.Open(s.Thread, s.Host, nil, config, func(*conn.Conn) {}) })
	return c, err
}

func eventually(t *testing.T, what string, done func() bool) {
	t.Helper()
	for deadline := time.Now().Add(20 * time.Second); !done(); time.Sleep(time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatal("not in time: ", what)
		}
	}
}

func TestEachPeerGetsItsAnswer(t *testing.T) {
	s, p := serve(t, 0)
	// The port is found by asking for one.
	probe, err := net.ListenPacket("udp4", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	port := probe.LocalAddr().(*net.UDPAddr).Port
	probe.Close()
	c, err := open(t, s, &datagram.Config{Address: "127.0.0.1", Port: port, Bind: true, Broadcast: true, Protocol: "two"})
	if err != nil || c.Protocol() != s.Host.Protocols[1] {
		t.Fatal(err)
	}
	for range 3 {
		client, err := net.DialUDP("udp4", nil, &net.UDPAddr{IP: net.IPv4(127, 0, 0, 1), Port: port})
		if err != nil {
			t.Fatal(err)
		}
		client.SetDeadline(time.Now().Add(20 * time.Second))
		answer := make([]byte, 100)
		for _, text := range []string{"hello", "", "again"} {
			client.Write([]byte(text))
			if n, err := client.Read(answer); err != nil || string(answer[:n]) != text {
				t.Fatalf("%q, %v", answer[:n], err)
			}
		}
		client.Close()
	}
	if p.adopted.Load() != 1 || p.closed.Load() != 0 {
		t.Error(p.adopted.Load(), p.closed.Load())
	}
}

func TestPeerByName(t *testing.T) {
	s, p := serve(t, vhost.DisableIPv6)
	peer, err := net.ListenPacket("udp4", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer peer.Close()
	c, err := open(t, s, &datagram.Config{Address: "localhost", Port: peer.LocalAddr().(*net.UDPAddr).Port})
	if err != nil || c == nil {
		t.Fatal(c, err)
	}
	eventually(t, "the socket", func() bool { return p.adopted.Load() == 1 })
	s.Do(func() { c.Write([]byte("hello"), conn.WriteHTTP) })
	peer.SetDeadline(time.Now().Add(20 * time.Second))
	answer := make([]byte, 100)
	n, from, err := peer.ReadFrom(answer)
	if err != nil || string(answer[:n]) != "hello" {
		t.Fatalf("%q, %v", answer[:n], err)
	}
	peer.WriteTo([]byte("back"), from)
	if n, _, err = peer.ReadFrom(answer); err != nil || string(answer[:n]) != "back" {
		t.Fatalf("%q, %v", answer[:n], err)
	}
}

func TestNoSuchPeer(t *testing.T) {
	s, p := serve(t, 0)
	c, err := open(t, s, &datagram.Config{Address: "absent.invalid", Port: 1})
	if err != nil || c == nil {
		t.Fatal(c, err)
	}
	eventually(t, "the end", func() bool { return p.closed.Load() == 1 })
	if p.adopted.Load() != 0 || !strings.Contains(p.Logged(), "absent.invalid") {
		t.Error(p.adopted.Load(), p.Logged())
	}
	s.Do(func() {
		if s.Thread.Connections() != 0 {
			t.Error(s.Thread.Connections(), " connections are left")
		}
	})
}

// The connection may be ended while its name is looked up.
func TestEndBeforeTheAddressIsKnown(t *testing.T) {
	s, p := serve(t, 0)
	c, err := open(t, s, &datagram.Config{Address: "localhost", Port: 1})
	if err != nil {
		t.Fatal(err)
	}
	s.Do(c.Kill)
	eventually(t, "the end", func() bool { return p.closed.Load() == 1 })
}

func TestWhatCannotBe(t *testing.T) {
	s, p := serve(t, vhost.DisableIPv6)
	for want, config := range map[string]*datagram.Config{
		"port 65536": {Address: "127.0.0.1", Port: 65536}, "port -1": {Port: -1},
		"protocol \"absent\"":      {Protocol: "absent"},
		"no address":               {Address: "::1", Port: 9},
		"interface \"absent0\"":    {Address: "127.0.0.1", Port: 9, Interface: "absent0"},
		"bind to 192.0.2.1 port 9": {Address: "192.0.2.1", Port: 9, Bind: true},
	} {
		if c, err := open(t, s, config); c != nil || err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v", want, err)
		}
	}
	if p.adopted.Load() != 0 {
		t.Error("adopted")
	}
	s.Do(func() {
		if s.Thread.Connections() != 0 {
			t.Error(s.Thread.Connections(), " connections are left")
		}
	})
}
