package client_test

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/gobwas/ws/wsutil"
	xhttp2 "golang.org/x/net/http2"

	"golws/engine/client"
	"golws/engine/conn"
	"golws/engine/conn/conntest"
	"golws/engine/http2"
	"golws/engine/ws"
)

// serveHTTP2 is a server with prior knowledge of somebody else's. It counts the connections.
func serveHTTP2(t *testing.T, server *xhttp2.Server, handler http.HandlerFunc) (net.Addr, *atomic.Int32) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	count := &atomic.Int32{}
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			count.Add(1)
			go server.ServeConn(c, &xhttp2.ServeConnOpts{Handler: handler})
		}
	}()
	return l.Addr(), count
}

func prior(address net.Addr, method string) client.Config {
	config := at(address)
	config.PriorKnowledge, config.Method = true, method
	if method != "" {
		config.Protocol = "http"
	}
	return config
}

// deliveredTo collects what is delivered of a body.
func deliveredTo(p *program) *bytes.Buffer {
	var got bytes.Buffer
	p.on[conn.ReceiveClientHTTPRead] = func(_ *conn.Conn, in []byte, _ conn.Message) int {
		got.Write(in)
		return 0
	}
	return &got
}

func TestHTTP2(t *testing.T) {
	address, _ := serveHTTP2(t, &xhttp2.Server{}, func(w http.ResponseWriter, r *http.Request) {
		fmt.Fprint(w, r.Proto, " ", r.Method, " ", r.Host == r.URL.Host, r.URL.Path)
	})
	p := newProgram(t, nil)
	got := deliveredTo(p)
	config := prior(address, "GET")
	config.Path = "/path"
	p.connect(config)
	p.expect("connecting, response, completed, closed http, destroyed")
	if got.String() != "HTTP/2.0 GET false/path" {
		t.Errorf("got %q", got)
	}
}

// TestHTTP2Refuses: a request that the server refuses is made again, but not for ever.
func TestHTTP2Refuses(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	var count atomic.Int32
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			count.Add(1)
			go func() {
				defer c.Close()
				f := xhttp2.NewFramer(c, c)
				f.WriteSettings()
				io.ReadFull(c, make([]byte, len(xhttp2.ClientPreface)))
				for {
					frame, err := f.ReadFrame()
					if err != nil {
						return
					}
					if _, ok := frame.(*xhttp2.HeadersFrame); ok {
						f.WriteRSTStream(frame.Header().StreamID, xhttp2.ErrCodeRefusedStream)
					}
				}
			}()
		}
	}()
	p := newProgram(t, nil)
	p.connect(prior(l.Addr(), "GET"))
	if got := p.wait(); !strings.Contains(got, "error: HTTP/2 stream reset: REFUSED_STREAM") || strings.Count(got, "error") != 1 {
		t.Errorf("heard %q", got)
	}
	if n := count.Load(); n != 4 {
		t.Errorf("asked %d times", n)
	}
}

// TestHTTP2WebSocket: a WebSocket as a stream (RFC 8441), which x/net serves only where it is told to in the environment.
func TestHTTP2WebSocket(t *testing.T) {
	if !strings.Contains(os.Getenv("GODEBUG"), "http2xconnect=1") {
		c := exec.Command(os.Args[0], "-test.run=^TestHTTP2WebSocket$", "-test.v")
		c.Env = append(os.Environ(), "GODEBUG=http2xconnect=1")
		if out, err := c.CombinedOutput(); err != nil || !bytes.Contains(out, []byte("--- PASS: TestHTTP2WebSocket")) {
			t.Errorf("%v\n%s", err, out)
		}
		return
	}
	address, _ := serveHTTP2(t, &xhttp2.Server{}, func(w http.ResponseWriter, r *http.Request) {
		if r.Method != "CONNECT" || r.Header.Get(":protocol") != "websocket" || r.Header.Get("sec-websocket-version") != "13" ||
			r.Header.Get("sec-websocket-key") != "" || r.Header.Get("upgrade") != "" || r.URL.Path != "/" {
			t.Errorf("%v %v %v", r.Method, r.URL, r.Header)
		}
		if r.Header.Get("sec-websocket-protocol") != "test" {
			w.WriteHeader(404)
			return
		}
		w.Header().Set("sec-websocket-protocol", "test")
		w.WriteHeader(200)
		w.(http.Flusher).Flush()
		both := struct {
			io.Reader
			io.Writer
		}{bufio.NewReader(r.Body), w}
		for {
			message, kind, err := wsutil.ReadClientData(both)
			if err != nil {
				return
			}
			if wsutil.WriteServerMessage(w, kind, message) != nil {
				return
			}
			w.(http.Flusher).Flush()
		}
	})
	p := newProgram(t, nil)
	sizes := []int{1, 125, 1000, 70000, 300_000}
	var message []byte
	next := func(c *conn.Conn) int {
		if len(sizes) == 0 {
			c.Role().(*ws.Role).SetCloseReason(1000, nil)
			return -1
		}
		if _, err := c.Write(bytes.Repeat([]byte("x"), sizes[0]), conn.WriteBinary); err != nil {
			t.Error(err)
		}
		return 0
	}
	p.on[conn.ClientEstablished] = func(c *conn.Conn, _ []byte, _ conn.Message) int { return next(c) }
	p.on[conn.ClientReceive] = func(c *conn.Conn, in []byte, m conn.Message) int {
		message = append(message, in...)
		if !m.Final || m.Remaining > 0 {
			return 0
		}
		if len(message) != sizes[0] {
			t.Errorf("%d bytes come back as %d", sizes[0], len(message))
		}
		message, sizes = message[:0], sizes[1:]
		return next(c)
	}
	p.connect(prior(address, ""))
	p.expect("connecting, response, established, closed, destroyed")

	p = newProgram(t, nil)
	config := prior(address, "")
	config.Protocol = "other"
	p.connect(config)
	p.expect("connecting, response, error: HS: ws upgrade response not 200, destroyed")
}

// TestHTTP2NoWebSocket: a server that has no WebSocket over HTTP/2 is told by its settings.
func TestHTTP2NoWebSocket(t *testing.T) {
	address, _ := serveHTTP2(t, &xhttp2.Server{}, func(w http.ResponseWriter, r *http.Request) { t.Error("asked") })
	p := newProgram(t, nil)
	p.connect(prior(address, ""))
	p.expect("connecting, error: HS: ws upgrade refused: the server has no extended CONNECT, destroyed")
}

// TestHTTP2Many: requests that share connections, over and over, leave nothing behind.
func TestHTTP2Many(t *testing.T) {
	address, count := serveHTTP2(t, &xhttp2.Server{MaxConcurrentStreams: 20}, func(w http.ResponseWriter, r *http.Request) {
		io.WriteString(w, "hello")
	})
	var over sync.WaitGroup
	var completed atomic.Int32
	program := &conntest.Program{OnEvent: func(c *conn.Conn, reason conn.Reason, _ []byte, _ conn.Message) int {
		if _, carrier := c.Role().(*http2.Connection); carrier {
			return 0
		}
		switch reason {
		case conn.CompletedClientHTTP:
			completed.Add(1)
		case conn.ClientConnectionError:
			t.Error("an error")
		case conn.WSIDestroy:
			over.Done()
		}
		return 0
	}}
	s := conntest.New(t, program, conntest.DefaultVhost("http"))
	s.Start()
	before := descriptors(t)
	const rounds, requests = 10, 200
	for range rounds {
		over.Add(requests)
		for range requests {
			s.Do(func() {
				config := prior(address, "GET")
				config.Keep, config.KeepWarm = true, 10*time.Millisecond
				if _, err := client.Connect(s.Thread, s.Host, nil, &config, func(*conn.Conn) {}); err != nil {
					t.Error(err)
					over.Done()
				}
			})
		}
		over.Wait()
	}
	nothingIsLeft(t, s, before)
	if n := completed.Load(); n != rounds*requests {
		t.Errorf("%d of %d requests were completed", n, rounds*requests)
	}
	if n := count.Load(); n > rounds*requests/10 {
		t.Errorf("%d connections for %d requests", n, rounds*requests)
	}
}
