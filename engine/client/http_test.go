package client_test

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strconv"
	"strings"
	"testing"
	"time"

	"golws/engine/conn"
	"golws/engine/httpclient"
	"golws/engine/vhost"
	"golws/engine/ws"
)

// handlers of the HTTP server.
func handler(w http.ResponseWriter, r *http.Request) {
	switch r.URL.Path {
	case "/length":
		w.Write([]byte("hello"))
	case "/chunks":
		for range 5 {
			w.Write([]byte("hello"))
			w.(http.Flusher).Flush()
		}
	case "/large":
		w.Write(large)
	case "/redirect":
		status, _ := strconv.Atoi(r.FormValue("status"))
		w.Header().Set("Location", r.FormValue("to"))
		w.WriteHeader(status)
		w.Write([]byte("elsewhere"))
	case "/early":
		w.WriteHeader(413)
		w.Write([]byte("too much"))
		w.(http.Flusher).Flush()
	case "/none":
		w.WriteHeader(204)
	case "/body":
		body, err := io.ReadAll(r.Body)
		fmt.Fprintf(w, "%s %d %v %v %s", r.Method, r.ContentLength, r.TransferEncoding, err, body)
	case "/head":
		w.Header().Set("Content-Length", "5")
	default:
		http.NotFound(w, r)
	}
}

var large = bytes.Repeat([]byte("0123456789"), 500_000)

// take reads body as programs do.
func take(p *program, to *bytes.Buffer) func(c *conn.Conn, _ []byte, _ conn.Message) int {
	return func(c *conn.Conn, _ []byte, _ conn.Message) int {
		ok := httpclient.Of(c).Read(c, 1024, func(piece []byte) int {
			if len(piece) == 0 || len(piece) > 1024 {
				p.t.Errorf("a piece of %d bytes", len(piece))
			}
			to.Write(piece)
			return 0
		})
		if !ok {
			return -1
		}
		return 0
	}
}

func TestHTTP(t *testing.T) {
	s := httptest.NewServer(http.HandlerFunc(handler))
	defer s.Close()
	for _, test := range []struct {
		method, path, body string
		length             bool
		status             int
		want               string
	}{
		{"GET", "/length", "", false, 200, "hello"},
		{"GET", "/chunks", "", false, 200, "hellohellohellohellohello"},
		{"GET", "/large", "", false, 200, string(large)},
		{"GET", "/none", "", false, 204, ""},
		{"GET", "/absent", "", false, 404, "404 page not found\n"},
		{"HEAD", "/head", "", false, 200, ""},
		{"DELETE", "/body", "", false, 200, "DELETE 0 [] <nil> "},
		{"POST", "/body", "name=value", true, 200, "POST 10 [] <nil> name=value"},
		{"PUT", "/body", "name=value", false, 200, "PUT -1 [chunked] <nil> name=value"},
	} {
		t.Run(test.method+test.path, func(t *testing.T) {
			p := newProgram(t, nil)
			var got bytes.Buffer
			status := 0
			p.on[conn.ReceiveClientHTTP] = take(p, &got)
			p.on[conn.EstablishedClientHTTP] = func(c *conn.Conn, _ []byte, _ conn.Message) int {
				status = httpclient.Of(c).HeldRequest().Status
				return 0
			}
			rest := []byte(test.body)
			p.OnFill = func(c *conn.Conn, _ conn.Reason, space []byte, used int) (int, int) {
				if len(rest) == 0 {
					return used, 0
				}
				if test.length {
					used += copy(space[used:], fmt.Sprintf("Content-Length: %d\r\n", len(rest)))
				}
				httpclient.Of(c).SetBodyPending(c, true)
				c.RequestWritable()
				return used, 0
			}
			p.on[conn.ClientHTTPWriteable] = func(c *conn.Conn, _ []byte, _ conn.Message) int {
				piece := rest[:min(4, len(rest))]
				rest = rest[len(piece):]
				kind := conn.WriteHTTP
				if len(rest) == 0 {
					httpclient.Of(c).SetBodyPending(c, false)
					kind = conn.WriteHTTPFinal
				} else {
					c.RequestWritable()
				}
				if _, err := c.Write(piece, kind); err != nil {
					t.Error(err)
				}
				return 0
			}
			config := at(s.Listener.Addr())
			config.Path, config.Method = test.path, test.method
			p.connect(config)
			p.expect("connecting, response, completed, closed http, destroyed")
			if status != test.status || got.String() != test.want {
				t.Errorf("status %d, %d bytes of body: %.60q", status, got.Len(), got.String())
			}
		})
	}
}

// TestRedirects: a redirect is followed, three times at most.
func TestRedirects(t *testing.T) {
	s := httptest.NewServer(http.HandlerFunc(handler))
	defer s.Close()
	const done = "response, completed, closed http, destroyed"
	to := func(status int, where string) string {
		return fmt.Sprintf("/redirect?status=%d&to=%s", status, url.QueryEscape(where))
	}
	for _, test := range []struct {
		method, path, events, body string
	}{
		{"GET", to(302, "/length"), "connecting, connecting, " + done, "hello"},
		{"GET", to(301, "length"), "connecting, connecting, " + done, "hello"},
		{"GET", to(308, s.URL+"/length"), "connecting, connecting, " + done, "hello"},
		{"GET", to(307, strings.Replace(s.URL, "http:", "", 1)+"/length"), "connecting, connecting, " + done, "hello"},
		{"GET", to(302, to(302, to(302, "/length"))), "connecting, connecting, connecting, connecting, " + done, "hello"},
		{"GET", to(302, to(302, to(302, to(302, "/length")))), "connecting, connecting, connecting, connecting, error: HS: Redirect failed, destroyed", ""},
		{"GET", to(302, ""), "connecting, error: HS: Redirect code but no Location, destroyed", ""},
		{"GET", to(302, "http://a b/"), "connecting, error: HS: URI did not parse, destroyed", ""},
		{"GET", to(302, "file:///etc/passwd"), "connecting, error: HS: URI did not parse, destroyed", ""},
		{"GET", to(302, "http://+/socket"), "connecting, error: HS: URI did not parse, destroyed", ""},
		{"GET", to(302, strings.Replace(s.URL, "http:", "https:", 1)), "connecting, connecting, error: bio_create failed, destroyed", ""},
		{"GET", to(302, "http://127.0.0.1:99999/"), "connecting, error: HS: Redirect failed, destroyed", ""},
		{"GET", to(304, "/length"), "connecting, " + done, ""},
		{"POST", to(303, "/body"), "connecting, connecting, " + done, "GET 0 [] <nil> "},
		{"DELETE", to(307, "/body"), "connecting, connecting, " + done, "DELETE 0 [] <nil> "},
		{"HEAD", to(303, "/head"), "connecting, connecting, " + done, ""},
	} {
		p := newProgram(t, nil)
		var got bytes.Buffer
		p.on[conn.ReceiveClientHTTP] = take(p, &got)
		config := at(s.Listener.Addr())
		config.Path, config.Method = test.path, test.method
		p.connect(config)
		if heard := p.wait(); heard != test.events || got.String() != test.body {
			t.Errorf("%s %s: heard %q, body %q", test.method, test.path, heard, got.String())
		}
		p.server.Close()
	}
	p := newProgram(t, nil)
	var got bytes.Buffer
	p.on[conn.ReceiveClientHTTP] = take(p, &got)
	config := at(s.Listener.Addr())
	config.Path, config.Method, config.NoFollow = to(302, "/length"), "GET", true
	p.connect(config)
	p.expect("connecting, " + done)
	if got.String() != "elsewhere" {
		t.Errorf("not followed, the body is %q", got.String())
	}
	// A WebSocket goes where it is sent, too.
	p = newProgram(t, nil)
	p.on[conn.ClientEstablished] = func(c *conn.Conn, _ []byte, _ conn.Message) int {
		c.Role().(*ws.Role).SetCloseReason(1000, nil)
		c.RequestWritable()
		return 0
	}
	p.on[conn.ClientWriteable] = func(*conn.Conn, []byte, conn.Message) int { return -1 }
	config = at(s.Listener.Addr())
	config.Path = to(303, "ws://"+echoServer(t, false, nil).String()+"/")
	p.connect(config)
	p.expect("connecting, connecting, response, established, closed, destroyed")
}

// TestReadLater: what the program does not take waits, and the server with it.
func TestReadLater(t *testing.T) {
	s := httptest.NewServer(http.HandlerFunc(handler))
	defer s.Close()
	p := newProgram(t, nil)
	var got bytes.Buffer
	read := take(p, &got)
	p.on[conn.ReceiveClientHTTP] = func(c *conn.Conn, _ []byte, _ conn.Message) int {
		c.RequestWritable()
		return 0
	}
	p.on[conn.ClientHTTPWriteable] = read
	config := at(s.Listener.Addr())
	config.Path, config.Method = "/large", "GET"
	p.connect(config)
	p.expect("connecting, response, completed, closed http, destroyed")
	if !bytes.Equal(got.Bytes(), large) {
		t.Errorf("got %d bytes of %d", got.Len(), len(large))
	}
}

// TestBodyLimit: a program that announces a body and does not write it does not keep the connection.
func TestBodyLimit(t *testing.T) {
	s := httptest.NewServer(http.HandlerFunc(handler))
	defer s.Close()
	p := newProgram(t, func(v *vhost.Vhost) { v.Limits.Timeout = 100 * time.Millisecond })
	p.OnFill = func(c *conn.Conn, _ conn.Reason, space []byte, used int) (int, int) {
		httpclient.Of(c).SetBodyPending(c, true)
		return used + copy(space[used:], "Content-Length: 10\r\n"), 0
	}
	config := at(s.Listener.Addr())
	config.Path, config.Method = "/body", "POST"
	p.connect(config)
	p.expect("connecting, error: Timed out waiting server reply, destroyed")
}

// TestEarlyResponse: a server may answer before it has all of the request.
func TestEarlyResponse(t *testing.T) {
	s := httptest.NewServer(http.HandlerFunc(handler))
	defer s.Close()
	p := newProgram(t, nil)
	var got bytes.Buffer
	p.on[conn.ReceiveClientHTTP] = take(p, &got)
	p.OnFill = func(c *conn.Conn, _ conn.Reason, space []byte, used int) (int, int) {
		httpclient.Of(c).SetBodyPending(c, true)
		return used + copy(space[used:], "Content-Length: 10\r\n"), 0
	}
	p.on[conn.EstablishedClientHTTP] = func(c *conn.Conn, _ []byte, _ conn.Message) int {
		if _, err := c.Write([]byte("more"), conn.WriteHTTP); err != nil {
			t.Error(err)
		}
		return 0
	}
	config := at(s.Listener.Addr())
	config.Path, config.Method = "/early", "PUT"
	p.connect(config)
	p.expect("connecting, response, completed, closed http, destroyed")
	if got.String() != "too much" {
		t.Errorf("body %q", got.String())
	}
}
