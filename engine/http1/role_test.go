package http1_test

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"net"
	"net/http"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"golws/engine/conn"
	"golws/engine/conn/conntest"
	"golws/engine/http1"
	"golws/engine/httpserver"
)

// program is a program that answers requests and notes its callbacks.
type program struct {
	conntest.Program
	events []string
	body   []byte
	answer map[conn.Reason]int // what callbacks return
}

func names(reason conn.Reason) string {
	switch reason {
	case conn.ServerNewClientInstantiated:
		return "NEW"
	case conn.FilterHTTPConnection:
		return "FILTER"
	case conn.HTTPBindProtocol:
		return "BIND"
	case conn.HTTPDropProtocol:
		return "DROP"
	case conn.HTTP:
		return "HTTP"
	case conn.HTTPBody:
		return "BODY"
	case conn.HTTPBodyCompletion:
		return "COMPLETION"
	case conn.HTTPWriteable:
		return "WRITEABLE"
	case conn.HTTPFileCompletion:
		return "FILE"
	case conn.ClosedHTTP:
		return "CLOSED"
	case conn.WSIDestroy:
		return "DESTROY"
	case conn.WSICreate:
		return "CREATE"
	case conn.AddHeaders:
		return "ADD"
	case conn.VerifyBasicAuthorization:
		return "VERIFY"
	}
	return fmt.Sprint(int(reason))
}

// respond sends a response and completes the transaction, as programs do.
func respond(c *conn.Conn, head, body string) int {
	if _, err := c.Write([]byte(head+"\r\n"), conn.WriteHTTPHeaders); err != nil {
		return -1
	}
	if body != "" {
		if _, err := c.Write([]byte(body), conn.WriteHTTPFinal); err != nil {
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

func plain(c *conn.Conn, body string) int {
	return respond(c, "HTTP/1.1 200 OK\r\ncontent-length: "+strconv.Itoa(len(body))+"\r\n", body)
}

func (p *program) event(c *conn.Conn, reason conn.Reason, in []byte, _ conn.Message) int {
	note := names(reason)
	switch reason {
	case conn.HTTP, conn.FilterHTTPConnection, conn.VerifyBasicAuthorization:
		note += " " + string(in)
	}
	p.events = append(p.events, note)
	if result, ok := p.answer[reason]; ok {
		return result
	}
	switch reason {
	case conn.HTTP:
		switch path := string(in); {
		case strings.HasPrefix(path, "/body"):
			p.body = p.body[:0]
		case strings.HasPrefix(path, "/later"):
			c.RequestWritable()
		case strings.HasPrefix(path, "/silent"):
		case strings.HasPrefix(path, "/endless"):
			return respond(c, "HTTP/1.1 200 OK\r\n", "endless")
		case strings.HasPrefix(path, "/chunked"):
			return respond(c, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n", "3\r\nabc\r\n0\r\n\r\n")
		case strings.HasPrefix(path, "/short"):
			return respond(c, "HTTP/1.1 200 OK\r\ncontent-length: 10\r\n", "short")
		case strings.HasPrefix(path, "/long"):
			return respond(c, "HTTP/1.1 200 OK\r\ncontent-length: 4\r\n", "longer")
		case strings.HasPrefix(path, "/one"):
			c.Write([]byte("HTTP/1.1 200 OK\r\ncontent-length: 3\r\n\r\none"), conn.WriteHTTP)
			return complete(c)
		case strings.HasPrefix(path, "/raw"):
			c.Write([]byte("raw"), conn.WriteHTTP)
			return complete(c)
		case strings.HasPrefix(path, "/pieces"):
			c.Write([]byte("HTTP/1.1 200 OK\r\nContent-"), conn.WriteHTTPHeaders)
			c.Write([]byte("X: y\r\nContent-Length: 2\r\n"), conn.WriteHTTPHeadersContinuation)
			c.Write([]byte("\r\n"), conn.WriteHTTPHeadersContinuation)
			return respond(c, "", "")
		case strings.HasPrefix(path, "/hints"):
			c.Write([]byte("HTTP/1.1 103 Early Hints\r\nlink: x\r\n\r\n"), conn.WriteHTTPHeaders)
			return plain(c, "hinted")
		case strings.HasPrefix(path, "/close"):
			return respond(c, "HTTP/1.1 200 OK\r\ncontent-length: 1\r\nConnection: close\r\n", "x")
		case strings.HasPrefix(path, "/none"):
			return complete(c)
		case strings.HasPrefix(path, "/large"):
			return plain(c, strings.Repeat("large", 100_000))
		case strings.HasPrefix(path, "/status"):
			if !httpserver.ReturnStatus(c, 404, "text") {
				return -1
			}
			return complete(c)
		default:
			return plain(c, "hello "+path)
		}
	case conn.HTTPBody:
		p.body = append(p.body, in...)
	case conn.HTTPBodyCompletion:
		return plain(c, "got "+string(p.body))
	case conn.HTTPWriteable:
		return plain(c, "later")
	case conn.HTTPFileCompletion:
		return complete(c)
	}
	return 0
}

func newServer(t testing.TB) (*program, *conntest.Server) {
	p := &program{answer: map[conn.Reason]int{}}
	p.OnEvent = p.event
	return p, conntest.New(t, &p.Program, conntest.DefaultVhost("p"))
}

func connect(t testing.TB) (*program, *conntest.Server, net.Conn) {
	p, s := newServer(t)
	s.Start()
	return p, s, s.Connect(http1.NewRole)
}

// reply is a response as a client sees it.
type reply struct {
	status int
	head   string
	body   string
}

// read reads one response to a request with the given method.
func read(t testing.TB, r *bufio.Reader, method string) (result reply) {
	t.Helper()
	length, chunked := -1, false
	for {
		line, err := r.ReadString('\n')
		if err != nil {
			t.Fatalf("in the head: %v after %q", err, result.head+line)
		}
		result.head += line
		if line == "\r\n" {
			break
		}
		lower := strings.ToLower(strings.TrimSpace(line))
		if value, ok := strings.CutPrefix(lower, "content-length: "); ok {
			length, _ = strconv.Atoi(value)
		}
		chunked = chunked || lower == "transfer-encoding: chunked"
	}
	if _, err := fmt.Sscanf(result.head, "HTTP/1.%s %d", new(string), &result.status); err != nil {
		fmt.Sscanf(result.head[9:12], "%d", &result.status)
	}
	switch {
	case method == "HEAD" || result.status == 304 || result.status == 204 || result.status < 200:
	case chunked:
		for {
			line, err := r.ReadString('\n')
			n, parseError := strconv.ParseInt(strings.TrimSpace(line), 16, 32)
			if err != nil || parseError != nil {
				t.Fatalf("chunk %q: %v", line, err)
			}
			chunk := make([]byte, n+2)
			if _, err := io.ReadFull(r, chunk); err != nil {
				t.Fatal(err)
			}
			result.body += string(chunk[:n])
			if n == 0 {
				return result
			}
		}
	case length >= 0:
		body := make([]byte, length)
		if n, err := io.ReadFull(r, body); err != nil {
			t.Fatalf("body: %v after %q", err, body[:n])
		}
		result.body = string(body)
	default:
		body, _ := io.ReadAll(r)
		result.body = string(body)
	}
	return result
}

func deadline(c net.Conn) *bufio.Reader {
	c.SetDeadline(time.Now().Add(20 * time.Second))
	return bufio.NewReader(c)
}

func expectEnd(t testing.TB, r *bufio.Reader) {
	t.Helper()
	if rest, err := io.ReadAll(r); err != nil || len(rest) > 0 {
		t.Fatalf("want the end, got %q, %v", rest, err)
	}
}

func TestKeepAlive(t *testing.T) {
	_, _, client := connect(t)
	r := deadline(client)
	for i := range 5 {
		path := fmt.Sprintf("/x%d", i)
		fmt.Fprintf(client, "GET %s HTTP/1.1\r\nHost: h\r\n\r\n", path)
		if got := read(t, r, "GET"); got.status != 200 || got.body != "hello "+path {
			t.Fatalf("%+v", got)
		}
	}
	client.Write([]byte("GET / HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n"))
	if got := read(t, r, "GET"); !strings.Contains(got.head, "connection: close\r\n") {
		t.Errorf("%+v", got)
	}
	expectEnd(t, r)
}

func TestCallbackOrder(t *testing.T) {
	p, s, client := connect(t)
	r := deadline(client)
	client.Write([]byte("GET /a HTTP/1.1\r\nHost: h\r\n\r\nPOST /body HTTP/1.1\r\nHost: h\r\nContent-Length: 3\r\n\r\nabc"))
	read(t, r, "GET")
	if got := read(t, r, "POST"); got.body != "got abc" {
		t.Errorf("%+v", got)
	}
	client.Close()
	want := "CREATE,NEW,FILTER /a,BIND,HTTP /a,DROP,BIND,FILTER /body,DROP,BIND,HTTP /body,BODY,COMPLETION,DROP,BIND,CLOSED,DESTROY"
	got := waitFor(s, func() string { return strings.Join(p.events, ",") }, want)
	if got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

// waitFor polls a value of the program until it is the wanted one.
func waitFor(s *conntest.Server, f func() string, want string) (got string) {
	for range 2000 {
		s.Do(func() { got = f() })
		if got == want {
			break
		}
		time.Sleep(5 * time.Millisecond)
	}
	return got
}

// Requests that come in any pieces are served like those that come at once.
func TestPipelinedInPieces(t *testing.T) {
	text := "\r\nGET /a HTTP/1.1\r\nHost: h\r\n\r\n" +
		"POST /body HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2;x\r\nde\r\n0\r\nT: u\r\n\r\n" +
		"GET /later HTTP/1.1\r\nHost: h\r\n\r\n" +
		"POST /x HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\n\r\nearly" +
		"POST /body HTTP/1.1\r\nHost: h\r\nContent-Length: 0\r\n\r\n" +
		"POST /body HTTP/1.1\r\nHost: h\r\n\r\n" +
		"HEAD /h HTTP/1.1\r\nHost: h\r\n\r\n" +
		"OPTIONS * HTTP/1.1\r\nHost: h\r\n\r\n" +
		"GET /hints HTTP/1.1\r\nHost: h\r\n\r\n" +
		"GET /one HTTP/1.1\r\nHost: h\r\n\r\n" +
		"GET /long HTTP/1.1\r\nHost: h\r\n\r\n" +
		"GET /pieces HTTP/1.1\r\nHost: h\r\n\r\n"
	for _, n := range []int{1, 2, 3, 7, 50, 1 << 20} {
		_, _, client := connect(t)
		r := deadline(client)
		go func() {
			for rest := []byte(text); len(rest) > 0; {
				piece := rest[:min(n, len(rest))]
				client.Write(piece)
				rest = rest[len(piece):]
				if n < 50 {
					time.Sleep(20 * time.Microsecond)
				}
			}
		}()
		for i, want := range []reply{{200, "GET", "hello /a"}, {200, "POST", "got abcde"}, {200, "GET", "later"}, {200, "POST", "hello /x"},
			{200, "POST", "got "}, {200, "POST", "got "}, {200, "HEAD", ""}, {200, "OPTIONS", ""}, {103, "GET", ""}, {200, "GET", "hinted"}, {200, "GET", "one"}, {200, "GET", "long"}} {
			if got := read(t, r, want.head); got.status != want.status || got.body != want.body {
				t.Fatalf("by %d: response %d is %+v, want %+v", n, i, got, want)
			}
		}
		// The head in pieces has a broken line, which the program meant.
		if line, _ := r.ReadString('\n'); line != "HTTP/1.1 200 OK\r\n" {
			t.Errorf("by %d: %q", n, line)
		}
		client.Close()
	}
}

var datePattern = regexp.MustCompile("\\r\\ndate: ([^\\r]*)\\r\\n")

// readDated reads to the end and takes out the date, which every response of HTTP must have once.
func readDated(client net.Conn) (string, error) {
	got, err := io.ReadAll(client)
	text := string(got)
	if !strings.HasPrefix(text, "HTTP/") {
		return text, err
	}
	dates := datePattern.FindAllStringSubmatch(text, -1)
	if len(dates) != 1 {
		return text, fmt.Errorf("%d date fields", len(dates))
	}
	if at, failed := time.Parse(http.TimeFormat, dates[0][1]); failed != nil || time.Since(at).Abs() > time.Minute {
		return text, fmt.Errorf("date %q", dates[0][1])
	}
	return strings.Replace(text, dates[0][0], "\r\n", 1), err
}

func TestWaysToClose(t *testing.T) {
	for path, want := range map[string]string{
		"/endless": "HTTP/1.1 200 OK\r\nconnection: close\r\n\r\nendless",
		"/short":   "HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\nshort",
		"/raw":     "raw",
		"/close":   "HTTP/1.1 200 OK\r\ncontent-length: 1\r\nConnection: close\r\n\r\nx",
		"/none":    "",
	} {
		_, _, client := connect(t)
		client.SetDeadline(time.Now().Add(20 * time.Second))
		fmt.Fprintf(client, "GET %s HTTP/1.1\r\nHost: h\r\n\r\n", path)
		if got, err := readDated(client); err != nil || got != want {
			t.Errorf("%s: %q, %v, want %q", path, got, err, want)
		}
	}
}

func TestOldVersion(t *testing.T) {
	for request, want := range map[string]string{
		"GET / HTTP/1.0\r\n\r\n":                                  "HTTP/1.1 200 OK\r\ncontent-length: 7\r\n\r\nhello /",
		"GET /endless HTTP/1.0\r\nConnection: keep-alive\r\n\r\n": "HTTP/1.1 200 OK\r\n\r\nendless",
	} {
		_, _, client := connect(t)
		client.SetDeadline(time.Now().Add(20 * time.Second))
		client.Write([]byte(request))
		if got, err := readDated(client); err != nil || got != want {
			t.Errorf("%q: %q, %v, want %q", request, got, err, want)
		}
	}
	_, _, client := connect(t)
	r := deadline(client)
	for range 2 {
		client.Write([]byte("GET /status HTTP/1.0\r\nConnection: keep-alive\r\n\r\n"))
		if got := read(t, r, "GET"); got.status != 404 || !strings.HasPrefix(got.head, "HTTP/1.0 404 ") ||
			!strings.Contains(got.head, "connection: keep-alive\r\n") || !strings.Contains(got.body, "<h1>404</h1>text") {
			t.Errorf("%+v", got)
		}
	}
}

func TestContinue(t *testing.T) {
	_, _, client := connect(t)
	r := deadline(client)
	client.Write([]byte("POST /body HTTP/1.1\r\nHost: h\r\nContent-Length: 3\r\nExpect: 100-continue\r\n\r\n"))
	if got := read(t, r, "POST"); got.status != 100 {
		t.Fatalf("%+v", got)
	}
	client.Write([]byte("abc"))
	if got := read(t, r, "POST"); got.body != "got abc" {
		t.Errorf("%+v", got)
	}
	// A final response in place of the interim one: whether the body comes is not known.
	client.Write([]byte("POST /x HTTP/1.1\r\nHost: h\r\nContent-Length: 3\r\nExpect: 100-continue\r\n\r\n"))
	if got := read(t, r, "POST"); got.status != 200 || !strings.Contains(got.head, "connection: close") {
		t.Errorf("%+v", got)
	}
	expectEnd(t, r)
}

func TestRefusal(t *testing.T) {
	for request, want := range map[string]int{
		"GET / HTTP/1.1\r\n\r\n":                                                       400,
		"BREW / HTTP/1.1\r\nHost: h\r\n\r\n":                                           501,
		"GET /" + strings.Repeat("a", 20000):                                           414,
		"GET / HTTP/1.1\r\nA: " + strings.Repeat("a", 70000):                           431,
		"GET / HTTP/3.0\r\n\r\n":                                                       505,
		"GET /%GG HTTP/1.1\r\nHost: h\r\n\r\n":                                         403,
		"POST /body HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n5\nhello": 400,
		"GET / HTTP/1.1\r\nHost: h\r\nExpect: x\r\n\r\n":                               417,
	} {
		p, _, client := connect(t)
		r := deadline(client)
		client.Write([]byte(request))
		got := read(t, r, "GET")
		if got.status != want || !strings.Contains(got.head, "connection: close\r\n") {
			t.Errorf("%.40q: %+v, want %d", request, got, want)
		}
		expectEnd(t, r)
		_ = p
	}
}

// A peer that is slow to send its request is told so and loses the connection.
func TestSlowRequest(t *testing.T) {
	for _, request := range []string{"GET / HTT", "POST /body HTTP/1.1\r\nHost: h\r\nContent-Length: 10\r\n\r\nabc"} {
		_, s := newServer(t)
		s.Host.Limits.HeadTimeout = 20 * time.Millisecond
		s.Host.Limits.Timeout = 20 * time.Millisecond
		s.Start()
		client := s.Connect(http1.NewRole)
		r := deadline(client)
		client.Write([]byte(request))
		if got := read(t, r, "GET"); got.status != 408 {
			t.Errorf("%+v", got)
		}
		expectEnd(t, r)
	}
	// One that sends nothing just loses it.
	_, s := newServer(t)
	s.Host.Limits.HeadTimeout = 20 * time.Millisecond
	s.Start()
	expectEnd(t, deadline(s.Connect(http1.NewRole)))
}

func TestKeepAliveTimeout(t *testing.T) {
	_, s := newServer(t)
	s.Host.Limits.KeepAlive = 20 * time.Millisecond
	s.Start()
	client := s.Connect(http1.NewRole)
	r := deadline(client)
	client.Write([]byte("GET / HTTP/1.1\r\nHost: h\r\n\r\n"))
	read(t, r, "GET")
	expectEnd(t, r)
}

// A peer that sends requests but reads no responses is not served without end.
func TestBackpressure(t *testing.T) {
	p, s, client := connect(t)
	client.SetDeadline(time.Now().Add(20 * time.Second))
	const count = 200
	go func() {
		for range count {
			client.Write([]byte("GET /large HTTP/1.1\r\nHost: h\r\n\r\n"))
		}
	}()
	served := func() (n int) {
		s.Do(func() {
			for _, e := range p.events {
				if strings.HasPrefix(e, "HTTP ") {
					n++
				}
			}
		})
		return n
	}
	before := -1
	for n := served(); n != before || n == 0; n = served() {
		before = n
		time.Sleep(100 * time.Millisecond)
	}
	if before > 10 {
		t.Errorf("%d responses of 500 kB were made for a peer that reads none", before)
	}
	r := bufio.NewReader(client)
	for i := range count {
		if got := read(t, r, "GET"); len(got.body) != 500_000 {
			t.Fatalf("response %d has %d bytes", i, len(got.body))
		}
	}
}

func TestHalfClosed(t *testing.T) {
	for _, path := range []string{"/a", "/later", "/large"} {
		_, _, client := connect(t)
		r := deadline(client)
		fmt.Fprintf(client, "GET %s HTTP/1.1\r\nHost: h\r\n\r\n", path)
		client.(*net.UnixConn).CloseWrite()
		if got := read(t, r, "GET"); got.status != 200 {
			t.Errorf("%s: %+v", path, got)
		}
		expectEnd(t, r)
	}
	// Requests that came before the end are served.
	_, _, client := connect(t)
	r := deadline(client)
	client.Write([]byte("GET /later HTTP/1.1\r\nHost: h\r\n\r\nGET /later HTTP/1.1\r\nHost: h\r\n\r\nGET /a HTTP/1.1\r\nHost: h\r\n\r\n"))
	client.(*net.UnixConn).CloseWrite()
	for _, want := range []string{"later", "later", "hello /a"} {
		if got := read(t, r, "GET"); got.body != want {
			t.Errorf("%+v, want %s", got, want)
		}
	}
	expectEnd(t, r)
	// Nobody waits for this response: the program hears so.
	p, s, client := connect(t)
	client.Write([]byte("GET /silent HTTP/1.1\r\nHost: h\r\n\r\nGET /next"))
	client.(*net.UnixConn).CloseWrite()
	want := "CREATE,NEW,FILTER /silent,BIND,HTTP /silent,CLOSED,DESTROY"
	if got := waitFor(s, func() string { return strings.Join(p.events, ",") }, want); got != want {
		t.Error(got)
	}
}

func TestCallbacksThatClose(t *testing.T) {
	for reason, want := range map[conn.Reason]string{
		conn.ServerNewClientInstantiated: "CREATE,NEW,CLOSED,DESTROY",
		conn.FilterHTTPConnection:        "CREATE,NEW,FILTER /body,CLOSED,DESTROY",
		conn.HTTPBindProtocol:            "CREATE,NEW,FILTER /body,BIND,CLOSED,DESTROY",
		conn.HTTP:                        "CREATE,NEW,FILTER /body,BIND,HTTP /body,DROP,CLOSED,DESTROY",
		conn.HTTPBody:                    "CREATE,NEW,FILTER /body,BIND,HTTP /body,BODY,DROP,CLOSED,DESTROY",
		conn.HTTPBodyCompletion:          "CREATE,NEW,FILTER /body,BIND,HTTP /body,BODY,COMPLETION,DROP,CLOSED,DESTROY",
	} {
		p, s := newServer(t)
		s.Host.Protocols[0].SessionSize = 8
		p.answer[reason] = -1
		s.Start()
		client := s.Connect(http1.NewRole)
		client.Write([]byte("POST /body HTTP/1.1\r\nHost: h\r\nContent-Length: 3\r\n\r\nabc"))
		expectEnd(t, deadline(client))
		client.Close()
		if got := waitFor(s, func() string { return strings.Join(p.events, ",") }, want); got != want {
			t.Errorf("got %s, want %s", got, want)
		}
	}
}

// Completion from outside of a callback, as timers and other threads do it.
func TestCompleteFromElsewhere(t *testing.T) {
	var server *conn.Conn
	_, s := newServer(t)
	s.Start()
	client := s.Connect(func(c *conn.Conn) conn.Role { server = c; return http1.NewRole(c) })
	r := deadline(client)
	client.Write([]byte("GET /silent HTTP/1.1\r\nHost: h\r\n\r\nGET /next HTTP/1.1\r\nHost: h\r\n\r\n"))
	for done := false; !done; time.Sleep(time.Millisecond) {
		s.Do(func() {
			if state := httpserver.StateOf(server); state.Active {
				done = true
				plain(server, "elsewhere")
			}
		})
	}
	if got := read(t, r, "GET"); got.body != "elsewhere" {
		t.Errorf("%+v", got)
	}
	if got := read(t, r, "GET"); got.body != "hello /next" {
		t.Errorf("%+v", got)
	}
}

func BenchmarkPlain(b *testing.B) {
	s, client := allocationServer(b)
	request := []byte("GET /plain HTTP/1.1\r\nHost: localhost\r\nUser-Agent: bench\r\nAccept: */*\r\n\r\n")
	b.ReportAllocs()
	for b.Loop() {
		exchange(b, s, client, request)
	}
}

func allocationServer(t testing.TB) (*conntest.Server, net.Conn) {
	p := &program{}
	p.OnEvent = func(c *conn.Conn, reason conn.Reason, _ []byte, _ conn.Message) int {
		if reason != conn.HTTP {
			return 0
		}
		c.Write(fixedHead, conn.WriteHTTPHeaders)
		c.Write(fixedHead[:13], conn.WriteHTTPFinal)
		return complete(c)
	}
	s := conntest.New(t, &p.Program, conntest.DefaultVhost("p"))
	return s, s.Connect(http1.NewRole)
}

var fixedHead = []byte("HTTP/1.1 200 OK\r\ncontent-type: text/plain\r\ncontent-length: 13\r\n\r\n")
var exchangeBuffer [64 << 10]byte

func exchange(t testing.TB, s *conntest.Server, client net.Conn, request []byte) {
	client.Write(request)
	s.Turn(10 * time.Second)
	if n, err := client.Read(exchangeBuffer[:]); err != nil || !bytes.HasPrefix(exchangeBuffer[:n], []byte("HTTP/1.1 200")) {
		t.Fatal(n, err)
	}
}

// raceEnabled tells that the race detector is on, under which pools forget on purpose.
var raceEnabled bool

func TestAllocations(t *testing.T) {
	if raceEnabled {
		t.Skip("pools forget under the race detector")
	}
	s, client := allocationServer(t)
	request := []byte("GET /plain?a=b&c=d HTTP/1.1\r\nHost: localhost\r\nUser-Agent: bench\r\nAccept: */*\r\nX-Custom: y\r\n\r\n")
	exchange(t, s, client, request)
	if n := testing.AllocsPerRun(500, func() { exchange(t, s, client, request) }); n != 0 {
		t.Errorf("%v allocations for each request", n)
	}
}
