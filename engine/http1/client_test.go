package http1_test

import (
	"bytes"
	"io"
	"net"
	"strings"
	"testing"
	"time"

	"golws/engine/conn"
	"golws/engine/conn/conntest"
	"golws/engine/http1"
	"golws/engine/httpclient"
)

// asking makes a client on one end of a socket pair, which reads what it gets.
func asking(t testing.TB, method string, decode bool, program *conntest.Program) (*conntest.Server, net.Conn) {
	v := conntest.DefaultVhost("p")
	s := conntest.New(t, program, v)
	end := s.Connect(func(c *conn.Conn) conn.Role {
		t := httpclient.New(httpclient.Request{Method: method, Target: "/", Host: "h", Default: true, Cookies: true})
		t.Options.Decode = decode
		http1.StartClient(c, t)
		return c.Role()
	})
	return s, end
}

// reading is a program that reads the body and counts how it ends.
type reading struct {
	conntest.Program
	body                              bytes.Buffer
	failed, completed, closed, status int
}

func newReading() *reading {
	p := &reading{}
	p.OnEvent = func(c *conn.Conn, reason conn.Reason, in []byte, m conn.Message) int {
		switch reason {
		case conn.EstablishedClientHTTP:
			p.status = httpclient.Of(c).HeldRequest().Status
		case conn.ReceiveClientHTTP:
			if !httpclient.Of(c).Read(c, 7, func(piece []byte) int { p.body.Write(piece); return 0 }) {
				return -1
			}
		case conn.ClientConnectionError:
			p.failed++
		case conn.CompletedClientHTTP:
			p.completed++
		case conn.ClosedClientHTTP:
			p.closed++
		}
		return 0
	}
	return p
}

// TestResponses: what is a response, and what is none.
func TestResponses(t *testing.T) {
	const ok = "HTTP/1.1 200 OK\r\n"
	for _, test := range []struct {
		method, response string
		status           int
		body             string
		completed        bool
	}{
		{"GET", ok + "Content-Length: 3\r\n\r\nabc", 200, "abc", true},
		{"GET", ok + "Content-Length: 3\r\n\r\nabcdef", 200, "abc", true},
		{"GET", ok + "\r\nto the end", 200, "to the end", true},
		{"GET", "HTTP/1.0 200 OK\r\n\r\nold", 200, "old", true},
		{"GET", "HTTP/1.1 200\r\nContent-Length: 0\r\n\r\n", 200, "", true},
		{"GET", "HTTP/1.1 200 \r\nContent-Length: 0\r\n\r\n", 200, "", true},
		{"GET", ok + "Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2;x=y\r\nde\r\n0\r\nX: y\r\n\r\n", 200, "abcde", true},
		{"GET", "HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n" + ok + "Content-Length: 1\r\n\r\na", 200, "a", true},
		{"GET", strings.Repeat("HTTP/1.1 103 E\r\n\r\n", 16) + ok + "Content-Length: 1\r\n\r\na", 200, "a", true},
		{"GET", ok + "X: folded\r\n\tvalue\r\nContent-Length:\r\n  3\r\n\r\nabc", 200, "abc", true},
		{"HEAD", ok + "Content-Length: 3\r\n\r\n", 200, "", true},
		{"HEAD", ok + "Transfer-Encoding: chunked\r\n\r\n", 200, "", true},
		{"GET", "HTTP/1.1 304 Not Modified\r\nContent-Length: 3\r\n\r\n", 304, "", true},
		{"GET", "HTTP/1.1 204 None\r\n\r\n", 204, "", true},
		// The connection ends before the body does.
		{"GET", ok + "Content-Length: 4\r\n\r\nabc", 200, "abc", false},
		{"GET", ok + "Transfer-Encoding: chunked\r\n\r\n5\r\nabc", 200, "abc", false},
		{"GET", ok + "Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n", 200, "abc", false},
		{"GET", ok + "Transfer-Encoding: chunked\r\n\r\n3\r\nabcd", 200, "abc", false},
		{"GET", ok + "Transfer-Encoding: chunked\r\n\r\n-1\r\n", 200, "", false},
		// No responses at all.
		{"GET", "", 0, "", false},
		{"GET", ok, 0, "", false},
		{"GET", "HTTP/2 200 OK\r\n\r\n", 0, "", false},
		{"GET", "HTTP/1.1 20 OK\r\n\r\n", 0, "", false},
		{"GET", "HTTP/1.1 2000 OK\r\n\r\n", 0, "", false},
		{"GET", "HTTP/1.1 099 X\r\n\r\n", 0, "", false},
		{"GET", "HTTP/1.1  200 OK\r\n\r\n", 0, "", false},
		{"GET", "HTTP/1.1 200 O\x00K\r\n\r\n", 0, "", false},
		{"GET", "HTTP/1.1 200 OK\nContent-Length: 0\n\n", 0, "", false},
		{"GET", ok + "Content-Length: x\r\n\r\n", 0, "", false},
		{"GET", ok + "Content-Length: 1\r\nContent-Length: 2\r\n\r\nab", 0, "", false},
		{"GET", ok + "Content-Length: 1\r\n 2\r\n\r\nab", 0, "", false},
		{"GET", ok + "Content-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 0, "", false},
		{"GET", ok + "Transfer-Encoding: gzip\r\n\r\n", 0, "", false},
		{"GET", ok + "No Name: x\r\n\r\n", 0, "", false},
		{"GET", ok + " folded: x\r\n\r\n", 0, "", false},
		{"GET", strings.Repeat("HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n", 17) + ok + "\r\n", 0, "", false},
		{"GET", "HTTP/1.1 101 Switching Protocols\r\n\r\n", 0, "", false},
	} {
		for _, cut := range []int{len(test.response), 1, len(test.response) / 2} {
			p := newReading()
			s, end := asking(t, test.method, false, &p.Program)
			for i := 0; i < len(test.response); {
				n := min(max(cut, 1), len(test.response)-i)
				end.Write([]byte(test.response[i : i+n]))
				s.Turn(0)
				i += n
			}
			end.(*net.UnixConn).CloseWrite()
			until := time.Now().Add(20 * time.Second)
			for s.Host.Connections() > 0 && time.Now().Before(until) {
				s.Turn(10 * time.Millisecond)
			}
			terminal := p.failed + p.closed
			if p.status != test.status || p.body.String() != test.body || p.completed == 1 != test.completed || p.completed > 1 ||
				terminal != 1 || p.failed == 1 != (test.status == 0) {
				t.Errorf("%s %q in pieces of %d: status %d, body %q, %d times completed, %d failed, %d closed", test.method,
					test.response, cut, p.status, p.body.String(), p.completed, p.failed, p.closed)
			}
			s.Close()
		}
	}
}

// TestResponseHeadLimit: a head without end is not waited for.
func TestResponseHeadLimit(t *testing.T) {
	p := newReading()
	s, end := asking(t, "GET", false, &p.Program)
	go func() {
		end.Write([]byte("HTTP/1.1 200 OK\r\n"))
		for {
			if _, err := end.Write(bytes.Repeat([]byte("X: y\r\n"), 100)); err != nil {
				return
			}
		}
	}()
	until := time.Now().Add(20 * time.Second)
	for s.Host.Connections() > 0 && time.Now().Before(until) {
		s.Turn(10 * time.Millisecond)
	}
	if p.failed != 1 {
		t.Error("it is waited for")
	}
}

// TestBodyAllocations: a piece of a response's body costs no memory.
func TestBodyAllocations(t *testing.T) {
	got := 0
	p := &conntest.Program{}
	deliver := func(piece []byte) int { got += len(piece); return 0 }
	p.OnEvent = func(c *conn.Conn, reason conn.Reason, in []byte, m conn.Message) int {
		if reason == conn.ReceiveClientHTTP {
			httpclient.Of(c).Read(c, 1000, deliver)
		}
		return 0
	}
	s, end := asking(t, "GET", false, p)
	defer s.Close()
	end.Write([]byte("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"))
	chunk := []byte("5\r\nhello\r\n")
	next := func() {
		end.Write(chunk)
		before := got
		for got == before {
			s.Turn(time.Millisecond)
		}
	}
	next()
	if n := testing.AllocsPerRun(200, next); n > 0 && !raceEnabled {
		t.Errorf("%v allocations", n)
	}
}

// FuzzClient: whatever a server answers, in whatever pieces, the program hears exactly one end, and the body
// of a response with a length has that length.
func FuzzClient(f *testing.F) {
	for _, text := range []string{
		"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello",
		"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n",
		"HTTP/1.0 404 Not Found\r\nServer: x\r\n\r\nnothing", "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 204 N\r\n\r\n",
		"HTTP/1.1 101 X\r\nUpgrade: x\r\n\r\n", "SSH-2.0\r\n", "HTTP/1.1 200 OK\r\nX: a\r\n b\r\n\t\r\n\r\n",
		"HTTP/1.1 200 OK\r\nSet-Cookie: a=b; Path=/; Max-Age=5\r\nContent-Length: 1\r\n\r\nx",
		"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 25\r\n\r\n" +
			"\x1f\x8b\b\x00\x00\x00\x00\x00\x00\x03\xcbH\xcd\xc9\xc9\a\x00\x86\xa6\x106\x05\x00\x00\x00",
		"HTTP/1.1 200 OK\r\nContent-Encoding: deflate\r\nTransfer-Encoding: chunked\r\n\r\n" +
			"7\r\n\xcbH\xcd\xc9\xc9\a\x00\r\n0\r\n\r\n",
		"HTTP/1.1 200 OK\r\nContent-Encoding: br\r\n\r\n\x0b\x02\x80hello\x03",
	} {
		f.Add([]byte(text), uint16(9), false, true)
	}
	f.Fuzz(func(t *testing.T, text []byte, cut uint16, head, decode bool) {
		if len(text) > 32<<10 {
			return
		}
		p := newReading()
		method := "GET"
		if head {
			method = "HEAD"
		}
		s, end := asking(t, method, decode, &p.Program)
		at := min(int(cut), len(text))
		for _, piece := range [][]byte{text[:at], text[at:]} {
			if len(piece) > 0 {
				end.Write(piece)
			}
			s.Turn(0)
		}
		end.(*net.UnixConn).CloseWrite()
		go io.Copy(io.Discard, end)
		until := time.Now().Add(20 * time.Second)
		for s.Host.Connections() > 0 {
			s.Turn(10 * time.Millisecond)
			if time.Now().After(until) {
				t.Fatalf("the connection does not end after %q", text)
			}
		}
		if p.failed+p.closed != 1 || p.completed > 1 || p.failed == 1 && p.completed == 1 {
			t.Errorf("%d failed, %d closed, %d completed", p.failed, p.closed, p.completed)
		}
		end.Close()
		s.Close()
	})
}
