package http1_test

import (
	"io"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"golws/engine/conn"
	"golws/engine/conn/conntest"
	"golws/engine/http1"
	"golws/engine/raw"
	"golws/engine/vhost"
)

// fallbackServer has a vhost that takes what is no HTTP as raw bytes, which come back.
func fallbackServer(t testing.TB, received *atomic.Int64) *conntest.Server {
	v := conntest.DefaultVhost("http", "bytes")
	v.Options = vhost.FallbackToAcceptRole
	v.AcceptProtocol = "bytes"
	p := &conntest.Program{OnEvent: func(c *conn.Conn, reason conn.Reason, in []byte, _ conn.Message) int {
		switch reason {
		case conn.HTTP:
			c.Write([]byte("HTTP/1.1 200 OK\r\ncontent-length: 4\r\n\r\nhttp"), conn.WriteHTTPHeaders)
		case conn.RawReceive:
			if c.Protocol() != v.Protocols[1] {
				t.Error("raw bytes for another protocol")
			}
			received.Add(int64(len(in)))
			c.Write(in, conn.WriteHTTP)
		}
		return 0
	}}
	s := conntest.New(t, p, v)
	s.Thread.Roles[vhost.RoleRaw] = raw.NewRole
	return s
}

func TestFallback(t *testing.T) {
	for _, text := range []string{"\x16\x03\x01", "SSH-2.0-x\r\n", "GETX / HTTP/1.1\r\n", "get / HTTP/1.1\r\n", "\r\nG",
		"GEE", " GET / HTTP/1.1\r\n", strings.Repeat("A", 20000)} {
		var received atomic.Int64
		s := fallbackServer(t, &received)
		client := s.Connect(http1.NewRole)
		client.SetDeadline(time.Now().Add(20 * time.Second))
		s.Start()
		client.Write([]byte(text))
		answer := make([]byte, len(text))
		if _, err := io.ReadFull(client, answer); err != nil || string(answer) != text {
			t.Errorf("%.20q: %.20q, %v", text, answer, err)
		}
		s.Close()
	}
}

// What may still become HTTP waits, and is HTTP then, also where it is wrong.
func TestFallbackLeavesHTTPAlone(t *testing.T) {
	for text, want := range map[string]string{
		"GET / HTTP/1.1\r\nHost: h\r\n\r\n": "HTTP/1.1 200",
		"GET / nonsense\r\n\r\n":            "HTTP/1.1 400",
		// A connection that has spoken HTTP stays with it.
		"GET / HTTP/1.1\r\nHost: h\r\n\r\nSSH-2.0-x / HTTP/1.1\r\nHost: h\r\n\r\n": "HTTP/1.1 200",
	} {
		var received atomic.Int64
		s := fallbackServer(t, &received)
		client := s.Connect(http1.NewRole)
		client.SetDeadline(time.Now().Add(20 * time.Second))
		s.Start()
		for _, c := range []byte(text) {
			client.Write([]byte{c})
		}
		answer := make([]byte, len(want))
		if _, err := io.ReadFull(client, answer); err != nil || string(answer) != want {
			t.Errorf("%q: %q, %v", text, answer, err)
		}
		s.Close()
		if n := received.Load(); n != 0 {
			t.Errorf("%q: %d raw bytes", text, n)
		}
	}
}

func FuzzFallback(f *testing.F) {
	for _, text := range []string{"GET / HTTP/1.1\r\nHost: h\r\n\r\n", "\x16\x03\x01\x02\x00", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", "GE", "OPT\x00"} {
		f.Add([]byte(text), uint16(2))
	}
	f.Fuzz(func(t *testing.T, text []byte, cut uint16) {
		var received atomic.Int64
		s := fallbackServer(t, &received)
		client := s.Connect(http1.NewRole)
		defer client.Close()
		client.SetDeadline(time.Now().Add(20 * time.Second))
		at := min(int(cut), len(text))
		for _, piece := range [][]byte{text[:at], text[at:]} {
			if len(piece) > 0 && len(piece) < 4096 {
				client.Write(piece)
			}
			s.Turn(0)
		}
		if n := received.Load(); n != 0 && n != int64(len(text)) && len(text) < 4096 {
			t.Errorf("%d of %d bytes", n, len(text))
		}
		s.Close()
	})
}
