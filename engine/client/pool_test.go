package client_test

import (
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"golws/engine/client"
	"golws/engine/conn"
	"golws/engine/conn/conntest"
	"golws/engine/httpclient"
)

// asking is a program that makes many requests. Of each it counts how it has ended.
type asking struct {
	t      *testing.T
	server *conntest.Server
	over   sync.WaitGroup

	mutex sync.Mutex
	ends  map[*conn.Conn]*outcome
}

type outcome struct {
	completed, failed, closed, destroyed int
}

func newAsking(t *testing.T) *asking {
	a := &asking{t: t, ends: map[*conn.Conn]*outcome{}}
	p := &conntest.Program{OnEvent: func(c *conn.Conn, reason conn.Reason, in []byte, _ conn.Message) int {
		a.mutex.Lock()
		defer a.mutex.Unlock()
		o := a.ends[c]
		if o == nil {
			o = &outcome{}
			a.ends[c] = o
		}
		switch reason {
		case conn.ReceiveClientHTTP:
			a.mutex.Unlock()
			ok := httpclient.Of(c).Read(c, 4096, func([]byte) int { return 0 })
			a.mutex.Lock()
			if !ok {
				return -1
			}
		case conn.CompletedClientHTTP:
			o.completed++
		case conn.ClientConnectionError:
			o.failed++
		case conn.ClosedClientHTTP:
			o.closed++
		case conn.WSIDestroy:
			o.destroyed++
			a.over.Done()
		}
		return 0
	}}
	v := conntest.DefaultVhost("http")
	v.Limits.Connect = patience
	a.server = conntest.New(t, p, v)
	a.server.Start()
	return a
}

func (a *asking) ask(config client.Config) (c *conn.Conn) {
	a.over.Add(1)
	a.server.Do(func() {
		var err error
		if c, err = client.Connect(a.server.Thread, a.server.Host, nil, &config, func(*conn.Conn) {}); err != nil || c == nil {
			a.t.Error("the call fails: ", err)
			a.over.Done()
		}
	})
	return c
}

// wait waits for the ends of all and looks at them.
func (a *asking) wait() (completed int) {
	a.t.Helper()
	done := make(chan struct{})
	go func() { a.over.Wait(); close(done) }()
	select {
	case <-done:
	case <-time.After(patience):
		a.t.Fatal("requests do not end")
	}
	a.mutex.Lock()
	defer a.mutex.Unlock()
	for _, o := range a.ends {
		if o.destroyed != 1 || o.failed+o.closed != 1 || o.completed > 1 {
			a.t.Errorf("a request ends as %+v", *o)
		}
		completed += o.completed
	}
	return completed
}

func shared(address net.Addr, path string) client.Config {
	config := at(address)
	config.Method, config.Path, config.Protocol = "GET", path, "http"
	config.Keep, config.KeepWarm = true, 50*time.Millisecond
	return config
}

// TestShared: requests share a connection of a server that keeps it, and all are answered by one that closes it now and
// then.
func TestShared(t *testing.T) {
	var connections, requests atomic.Int32
	s := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		n := requests.Add(1)
		if r.URL.Path == "/moody" {
			switch n % 5 {
			case 1:
				w.Header().Set("Connection", "close")
			case 3:
				io.WriteString(w, "some of it, and then an end of which nothing tells")
				w.(http.Flusher).Flush()
			}
		}
		fmt.Fprint(w, n)
	}))
	s.Config.ConnState = func(_ net.Conn, state http.ConnState) {
		if state == http.StateNew {
			connections.Add(1)
		}
	}
	s.Start()
	defer s.Close()
	for _, path := range []string{"/steady", "/moody"} {
		connections.Store(0)
		a := newAsking(t)
		for range 200 {
			a.ask(shared(s.Listener.Addr(), path))
		}
		if n := a.wait(); n != 200 {
			t.Errorf("%s: %d of 200 requests are answered", path, n)
		}
		if n := connections.Load(); path == "/steady" && n != 1 || n > 100 {
			t.Errorf("%s: %d connections", path, n)
		}
	}
}

// TestSharedAtRandom: whatever happens to the connection or to those who wait for it, each request ends once.
func TestSharedAtRandom(t *testing.T) {
	var requests atomic.Int32
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch requests.Add(1) % 7 {
		case 1, 5: // reset, or closed without an answer
			if c, _, err := w.(http.Hijacker).Hijack(); err == nil {
				if requests.Load()%2 == 0 {
					c.(*net.TCPConn).SetLinger(0)
				}
				c.Close()
			}
		case 3: // more than was asked for
			if c, _, err := w.(http.Hijacker).Hijack(); err == nil {
				io.WriteString(c, "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nokHTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nno")
				c.Close()
			}
		case 4:
			http.Redirect(w, r, "/elsewhere", http.StatusFound)
		default:
			io.WriteString(w, "ok")
		}
	}))
	defer s.Close()
	a := newAsking(t)
	for i := range 300 {
		c := a.ask(shared(s.Listener.Addr(), "/"))
		if i%11 == 0 && c != nil {
			a.server.Do(c.Kill) // mostly while it waits
		}
	}
	a.wait()
}

// TestSharedVhostEnds: those who wait end with the rest.
func TestSharedVhostEnds(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close() // it never answers
	a := newAsking(t)
	for range 20 {
		a.ask(shared(l.Addr(), "/"))
	}
	a.server.Do(func() { a.server.Host.EachConnection(a.server.Thread, (*conn.Conn).Kill) })
	if n := a.wait(); n != 0 {
		t.Errorf("%d are answered", n)
	}
}
