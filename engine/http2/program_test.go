package http2_test

import (
	"bytes"
	"context"
	"crypto/tls"
	"fmt"
	"io"
	"net"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	xhttp2 "golang.org/x/net/http2"

	"golws/engine/conn"
	"golws/engine/conn/conntest"
	"golws/engine/http2"
	"golws/engine/httpserver"
)

// session is what the program keeps for a stream.
type session struct {
	path    string
	body    []byte
	count   int64
	sum     uint32
	left    int64
	started bool
}

// program answers requests as C programs do, by their path.
type program struct {
	conntest.Program
	mutex    sync.Mutex
	events   []string
	names    map[*conn.Conn]string
	sessions map[*conn.Conn]*session
	answer   map[conn.Reason]int // what callbacks return
	waiting  []*conn.Conn        // streams at /wait
	hold     bool                // bodies are not taken
}

func newProgram() *program {
	p := &program{names: map[*conn.Conn]string{}, sessions: map[*conn.Conn]*session{}, answer: map[conn.Reason]int{}}
	p.OnEvent = p.event
	return p
}

var reasons = map[conn.Reason]string{
	conn.ServerNewClientInstantiated: "NEW", conn.FilterHTTPConnection: "FILTER", conn.HTTPBindProtocol: "BIND",
	conn.HTTPDropProtocol: "DROP", conn.HTTP: "HTTP", conn.HTTPBody: "BODY", conn.HTTPBodyCompletion: "COMPLETION",
	conn.HTTPWriteable: "WRITEABLE", conn.HTTPFileCompletion: "FILE", conn.ClosedHTTP: "CLOSED", conn.WSIDestroy: "DESTROY",
	conn.WSICreate: "CREATE",
}

// log is the events so far, each with the number of its connection in the order of creation.
func (p *program) log() string {
	p.mutex.Lock()
	defer p.mutex.Unlock()
	return strings.Join(p.events, " ")
}

func (p *program) event(c *conn.Conn, reason conn.Reason, in []byte, _ conn.Message) int {
	p.mutex.Lock()
	if p.names[c] == "" {
		p.names[c] = "#" + strconv.Itoa(len(p.names)+1)
	}
	if reason != conn.HTTPBody && len(p.events) < 1000 {
		name := reasons[reason]
		if name == "" {
			name = fmt.Sprint(reason)
		}
		p.events = append(p.events, p.names[c]+name)
	}
	p.mutex.Unlock()
	if result := p.answer[reason]; result != 0 {
		return result
	}
	s := p.sessions[c]
	switch reason {
	case conn.HTTP:
		s = &session{path: string(in)}
		p.sessions[c] = s
		return p.request(c, s)
	case conn.HTTPBody:
		s.count += int64(len(in))
		for _, b := range in {
			s.sum = s.sum*31 + uint32(b)
		}
		if s.path == "/echo" {
			s.body = append(s.body, in...)
		}
		if p.hold {
			c.Pause(conn.PauseByProgram)
		}
	case conn.HTTPBodyCompletion:
		if s.path == "/echo" {
			return respond(c, "HTTP/1.1 200 OK\r\nX-Method: "+strconv.Itoa(int(httpserver.RequestOf(c).Method))+"\r\n", s.body)
		}
		return respond(c, "HTTP/1.1 200 OK\r\n", fmt.Appendf(nil, "%d %d", s.count, s.sum))
	case conn.HTTPWriteable:
		return p.writable(c, s)
	case conn.WSIDestroy:
		delete(p.sessions, c)
	}
	return 0
}

func (p *program) request(c *conn.Conn, s *session) int {
	r := httpserver.RequestOf(c)
	switch s.path {
	case "/echo", "/count":
		if r.Method != httpserver.MethodPost {
			return respond(c, "HTTP/1.1 405 No\r\n", nil)
		}
	case "/wait":
		p.waiting = append(p.waiting, c)
	case "/later":
		c.RequestWritable()
	case "/stream":
		value, _ := r.Argument([]byte("n"))
		s.left, _ = strconv.ParseInt(string(value), 10, 64)
		c.Write([]byte("HTTP/1.1 200 OK\r\ncontent-type: text/plain\r\n\r\n"), conn.WriteHTTPHeaders)
		c.RequestWritable()
	case "/big":
		value, _ := r.Argument([]byte("n"))
		n, _ := strconv.Atoi(string(value))
		return respond(c, "HTTP/1.1 200 OK\r\n", bytes.Repeat([]byte("0123456789abcdef"), n/16))
	case "/interim":
		c.Write([]byte("HTTP/1.1 103 Early Hints\r\nlink: </a>\r\n\r\n"), conn.WriteHTTPHeaders)
		return respond(c, "HTTP/1.1 200 OK\r\nConnection: close\r\nTransfer-Encoding: gzip\r\nX-Upper: Kept As It Is \r\n", []byte("x"))
	case "/204":
		return respond(c, "HTTP/1.1 204 No Content\r\ncontent-length: 5\r\n", []byte("hello"))
	case "/pieces":
		for _, piece := range []string{"HTTP/1.1 2", "00 OK\r\nconte", "nt-length: 5\r\n", "\r", "\nhel", "lo"} {
			c.Write([]byte(piece), conn.WriteHTTPHeaders)
		}
		return complete(c)
	case "/short":
		c.Write([]byte("HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\nhi"), conn.WriteHTTPHeaders)
		return complete(c)
	case "/close":
		return -1
	case "/unknown-length":
		c.Write([]byte("HTTP/1.1 200 OK\r\n\r\n"), conn.WriteHTTPHeaders)
		c.Write([]byte("to the end"), conn.WriteHTTP)
		return complete(c)
	case "/final":
		c.Write([]byte("HTTP/1.1 200 OK\r\n\r\n"), conn.WriteHTTPHeaders)
		c.Write([]byte("final"), conn.WriteHTTPFinal)
		c.RequestWritable()
	case "/bare":
		c.Write([]byte("no head at all"), conn.WriteHTTP)
		return complete(c)
	case "/tokens":
		var b []byte
		for _, t := range []httpserver.Token{httpserver.TokenMethod, httpserver.TokenPath, httpserver.TokenScheme,
			httpserver.TokenAuthority, httpserver.TokenHost, httpserver.TokenGetURI, httpserver.TokenURIArguments, httpserver.TokenCookie} {
			b = append(append(b, r.Value(t)...), '|')
		}
		custom, _ := r.Custom([]byte("x-custom"))
		return respond(c, "HTTP/1.1 200 OK\r\n", append(b, custom...))
	default:
		return respond(c, "HTTP/1.1 200 OK\r\ncontent-type: text/plain\r\n", []byte("hello"))
	}
	return 0
}

func (p *program) writable(c *conn.Conn, s *session) int {
	switch s.path {
	case "/stream":
		piece := bytes.Repeat([]byte("0123456789abcdef"), 1024)
		n := min(s.left, int64(len(piece)))
		s.left -= n
		kind := conn.WriteHTTP
		if s.left == 0 {
			kind = conn.WriteHTTPFinal
		}
		c.Write(piece[:n], kind)
		if s.left == 0 {
			return complete(c)
		}
		c.RequestWritable()
		return 0
	case "/final":
		return complete(c)
	}
	return respond(c, "HTTP/1.1 200 OK\r\n", []byte("later"))
}

// respond sends a response and completes the transaction, as programs do.
func respond(c *conn.Conn, head string, body []byte) int {
	head += "content-length: " + strconv.Itoa(len(body)) + "\r\n\r\n"
	if strings.Contains(head, " 204 ") {
		head = strings.Replace(head, "content-length: 5\r\n", "", 1)
	}
	if _, err := c.Write([]byte(head), conn.WriteHTTPHeaders); err != nil {
		return -1
	}
	if len(body) > 0 {
		if _, err := c.Write(body, conn.WriteHTTPFinal); err != nil {
			return -1
		}
	}
	return complete(c)
}

func complete(c *conn.Conn) int {
	if !c.Role().(httpserver.Transaction).Complete(c) {
		return -1
	}
	return 0
}

// serve starts a server whose connections speak HTTP/2.
func serve(t testing.TB, p *program) *conntest.Server {
	v := conntest.DefaultVhost("p")
	v.Protocols[0].SessionSize = 8 // who has memory hears that the protocol is left
	s := conntest.New(t, &p.Program, v)
	s.Start()
	return s
}

// client is an HTTP client whose connections are those of the server.
func client(t testing.TB, s *conntest.Server) *http.Client {
	transport := &xhttp2.Transport{
		AllowHTTP: true, DisableCompression: true,
		DialTLSContext: func(context.Context, string, string, *tls.Config) (net.Conn, error) {
			return s.Connect(http2.NewRole), nil
		},
	}
	t.Cleanup(transport.CloseIdleConnections)
	return &http.Client{Transport: transport, Timeout: 60 * time.Second}
}

func get(t testing.TB, c *http.Client, path string) (*http.Response, string) {
	t.Helper()
	response, err := c.Get("http://host" + path)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return response, string(body)
}

// eventually waits for a condition that the server's thread brings about.
func eventually(t testing.TB, what string, f func() bool) {
	t.Helper()
	for end := time.Now().Add(20 * time.Second); !f(); {
		if time.Now().After(end) {
			t.Fatal("never: " + what)
		}
		time.Sleep(time.Millisecond)
	}
}
