package httpserver_test

import (
	"bufio"
	"bytes"
	"crypto/rand"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"golws/engine/conn"
	"golws/engine/conn/conntest"
	"golws/engine/http1"
	"golws/engine/httpserver"
	"golws/engine/vhost"
)

// program is a conn.Handler that also checks access, and notes what it is asked.
type program struct {
	conntest.Program
	events []string
	access func(path string, mask uint32) (int, bool)
}

func (p *program) CheckAccess(c *conn.Conn, path []byte, mask uint32) (int, bool) {
	p.events = append(p.events, fmt.Sprintf("ACCESS %s %x", path, mask))
	if p.access != nil {
		return p.access(string(path), mask)
	}
	return 0, false
}

func (p *program) event(c *conn.Conn, reason conn.Reason, in []byte, _ conn.Message) int {
	switch reason {
	case conn.HTTP:
		p.events = append(p.events, "HTTP "+string(in))
		user := ""
		if r := httpserver.RequestOf(c); r != nil {
			user = string(r.Value(httpserver.TokenAuthorization))
		}
		body := c.Protocol().Name + " " + string(in) + " " + user
		fmt.Fprintf(writer{c}, "HTTP/1.1 200 OK\r\ncontent-length: %d\r\n\r\n%s", len(body), body)
		return complete(c)
	case conn.HTTPFileCompletion:
		p.events = append(p.events, "FILE")
		return complete(c)
	case conn.VerifyBasicAuthorization:
		p.events = append(p.events, "VERIFY "+string(in))
		if string(in) == "joe:secret" {
			return 1
		}
	case conn.HTTPBindProtocol:
		p.events = append(p.events, "BIND "+c.Protocol().Name)
	case conn.HTTPPMO:
		p.events = append(p.events, "PMO")
	case conn.ClosedHTTP:
		p.events = append(p.events, "CLOSED")
	}
	return 0
}

type writer struct{ c *conn.Conn }

func (w writer) Write(p []byte) (int, error) { return w.c.Write(p, conn.WriteHTTP) }

func complete(c *conn.Conn) int {
	if !c.Role().(httpserver.Transaction).Complete(c) {
		return -1
	}
	return 0
}

// raceEnabled tells that the race detector is on.
var raceEnabled bool

type fixture struct {
	*conntest.Server
	program   *program
	directory string
	large     []byte
}

func newFixture(t testing.TB, configure func(v *vhost.Vhost, directory string)) *fixture {
	f := &fixture{program: &program{}, directory: t.TempDir(), large: make([]byte, 300_000)}
	f.program.OnEvent = f.program.event
	rand.Read(f.large)
	for name, content := range map[string]string{
		"index.html": "index", "a.txt": "0123456789", "empty.txt": "", "b.unknown": "unknown", "b.odd": "odd",
		"sub/index.html": "sub index", "sub/other.html": "other", "404.html": "absent", "page.shtml": "<p>$x</p>",
		"with space+plus.txt": "space", "large.txt": string(f.large),
	} {
		path := filepath.Join(f.directory, "public", name)
		os.MkdirAll(filepath.Dir(path), 0o700)
		os.WriteFile(path, []byte(content), 0o600)
	}
	os.WriteFile(filepath.Join(f.directory, "secret.txt"), []byte("secret"), 0o600)
	os.WriteFile(filepath.Join(f.directory, "logins"), []byte("ann:one\njoe:secret\r\nempty:\n"), 0o600)
	os.Symlink("../../secret.txt", filepath.Join(f.directory, "public/sub/link.txt"))
	os.Chtimes(filepath.Join(f.directory, "public/a.txt"), time.Time{}, time.Unix(784111777, 0))
	v := conntest.DefaultVhost("first", "second")
	public := filepath.Join(f.directory, "public")
	v.Mounts = []*vhost.Mount{
		{Mountpoint: "/files", Origin: public, Kind: vhost.OriginFile, ExtraMimeTypes: []vhost.Pair{{Name: ".odd", Value: "text/odd"}}},
		{Mountpoint: "/cached", Origin: public, Kind: vhost.OriginFile, CacheMaxAge: 60, CacheReusable: true, CacheRevalidate: true, CacheIntermediates: true},
		{Mountpoint: "/any", Origin: public, Kind: vhost.OriginFile, ExtraMimeTypes: []vhost.Pair{{Name: "*", Value: "x/y"}}, Default: "a.txt"},
		{Mountpoint: "/mixed", Origin: public, Kind: vhost.OriginFile, Protocol: "second"},
		{Mountpoint: "/html", Origin: public, Kind: vhost.OriginFile, Interpret: []vhost.Pair{{Name: ".shtml", Value: "second"}},
			ExtraMimeTypes: []vhost.Pair{{Name: ".shtml", Value: "text/html"}}},
		{Mountpoint: "/call", Origin: "second", Kind: vhost.OriginCallback, Environment: 1, AuthMask: 6},
		{Mountpoint: "/call/cut", Origin: "x", Protocol: "second", Kind: vhost.OriginCallback},
		{Mountpoint: "/absent", Origin: "third", Kind: vhost.OriginCallback},
		{Mountpoint: "/login", Origin: "second", Kind: vhost.OriginCallback, BasicAuthFile: filepath.Join(f.directory, "logins")},
		{Mountpoint: "/verify", Origin: "second", Kind: vhost.OriginCallback, AuthMask: vhost.AuthCallback},
		{Mountpoint: "/moved", Origin: "example.com/x", Kind: vhost.OriginRedirectHTTPS},
		{Mountpoint: "/proxy", Origin: "example.com/x", Kind: vhost.OriginHTTP},
	}
	if configure != nil {
		configure(v, public)
	}
	f.Server = conntest.New(t, &f.program.Program, v)
	f.Thread.Handler = f.program
	f.Start()
	return f
}

// exchange sends a request on a new connection and returns the response, whose body is read.
func (f *fixture) exchange(t testing.TB, method, path, fields string) (*http.Response, string) {
	t.Helper()
	client := f.Connect(http1.NewRole)
	defer client.Close()
	return exchange(t, client, bufio.NewReader(client), method, path, fields)
}

func exchange(t testing.TB, client net.Conn, r *bufio.Reader, method, path, fields string) (*http.Response, string) {
	t.Helper()
	client.SetDeadline(time.Now().Add(20 * time.Second))
	fmt.Fprintf(client, "%s %s HTTP/1.1\r\nHost: localhost\r\n%s\r\n", method, path, fields)
	response, err := http.ReadResponse(r, &http.Request{Method: method})
	if err != nil {
		t.Fatalf("%s %s: %v", method, path, err)
	}
	body, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatalf("%s %s: body: %v", method, path, err)
	}
	return response, string(body)
}

func TestFiles(t *testing.T) {
	f := newFixture(t, nil)
	for _, c := range []struct {
		path   string
		status int
		kind   string
		body   string
	}{
		{"/files/a.txt", 200, "text/plain", "0123456789"},
		{"/files/", 200, "text/html", "index"},
		{"/files", 301, "text/html", ""},
		{"/files/sub/", 200, "text/html", "sub index"},
		{"/files/sub", 200, "text/html", "sub index"},
		{"/files/sub/../a.txt", 200, "text/plain", "0123456789"},
		{"/files/sub/link.txt", 200, "text/plain", "secret"}, // the administrator's link
		{"/files/empty.txt", 200, "text/plain", ""},
		{"/files/with%20space%2Bplus.txt", 200, "text/plain", "space"},
		{"/files/b.odd", 200, "text/odd", "odd"},
		{"/files/b.unknown", 415, "text/html", "*"},
		{"/files/large.txt", 200, "text/plain", string(f.large)},
		{"/any/b.unknown", 200, "x/y", "unknown"},
		{"/any/a.txt", 200, "text/plain", "0123456789"},
		{"/any/", 200, "text/plain", "0123456789"},
		// what leads out of the mount leads to what is mounted there, if anything
		{"/files/../secret.txt", 200, "", "first /secret.txt "},
		{"/files/%2e%2e/secret.txt", 200, "", "first /secret.txt "},
		{"/files/..%2fsecret.txt", 200, "", "first /secret.txt "},
		{"/files/absent", 200, "", "first /files/absent "},
		{"/files/a.txt/", 200, "", "first /files/a.txt/ "},
	} {
		response, body := f.exchange(t, "GET", c.path, "")
		if response.StatusCode != c.status || response.Header.Get("Content-Type") != c.kind || (c.body != "*" && body != c.body) {
			t.Errorf("%s: %d %s %.40q", c.path, response.StatusCode, response.Header.Get("Content-Type"), body)
		}
	}
}

func TestFileHead(t *testing.T) {
	f := newFixture(t, nil)
	for path, want := range map[string]string{"/files/a.txt": "no-store", "/cached/a.txt": "must-revalidate, public, max-age=60"} {
		response, _ := f.exchange(t, "GET", path, "")
		for name, value := range map[string]string{"Cache-Control": want, "Etag": `"0000000A2EBC98A1"`, "Accept-Ranges": "bytes",
			"Content-Length": "10", "Last-Modified": "Sun, 06 Nov 1994 08:49:37 GMT"} {
			if got := response.Header.Get(name); got != value {
				t.Errorf("%s: %s is %q, want %q", path, name, got, value)
			}
		}
		response, body := f.exchange(t, "HEAD", path, "")
		if response.StatusCode != 200 || response.ContentLength != 10 || body != "" {
			t.Errorf("HEAD %s: %d %d %q", path, response.StatusCode, response.ContentLength, body)
		}
	}
	for fields, want := range map[string]int{
		"If-None-Match: \"0000000A2EBC98A1\"\r\n":                                          304,
		"If-None-Match: \"x\", W/\"0000000A2EBC98A1\"\r\n":                                 304,
		"If-None-Match: *\r\n":                                                             304,
		"If-None-Match: \"other\"\r\n":                                                     200,
		"If-Modified-Since: Sun, 06 Nov 1994 08:49:37 GMT\r\n":                             304,
		"If-Modified-Since: Sun, 06 Nov 1994 08:49:36 GMT\r\n":                             200,
		"If-Modified-Since: nonsense\r\n":                                                  200,
		"If-None-Match: \"other\"\r\nIf-Modified-Since: Sun, 06 Nov 1994 08:49:37 GMT\r\n": 200,
		"Range: bytes=2-3\r\n":                                                             206,
		"Range: bytes=2-3\r\nIf-Range: \"0000000A2EBC98A1\"\r\n":                           206,
		"Range: bytes=2-3\r\nIf-Range: Sun, 06 Nov 1994 08:49:37 GMT\r\n":                  206,
		"Range: bytes=2-3\r\nIf-Range: \"other\"\r\n":                                      200,
		"Range: bytes=10-\r\n":                                                             416,
		"Range: bytes=a\r\n":                                                               200,
	} {
		client := f.Connect(http1.NewRole)
		r := bufio.NewReader(client)
		for range 2 { // the connection lives on
			response, body := exchange(t, client, r, "GET", "/files/a.txt", fields)
			ok := response.StatusCode == want
			switch want {
			case 206:
				ok = ok && body == "23" && response.Header.Get("Content-Range") == "bytes 2-3/10"
			case 416:
				ok = ok && response.Header.Get("Content-Range") == "bytes */10"
			case 304:
				ok = ok && response.Header.Get("Etag") == `"0000000A2EBC98A1"` && response.Header.Get("Cache-Control") == "no-store"
			}
			if !ok {
				t.Errorf("%q: %d %v %q", fields, response.StatusCode, response.Header, body)
			}
		}
	}
}

func TestSeveralRanges(t *testing.T) {
	f := newFixture(t, nil)
	client := f.Connect(http1.NewRole)
	r := bufio.NewReader(client)
	response, body := exchange(t, client, r, "GET", "/files/a.txt", "Range: bytes=0-1, 5-5,-2\r\n")
	want := ""
	for _, part := range [][2]string{{"0-1", "01"}, {"5-5", "5"}, {"8-9", "89"}} {
		want += "--_lws\r\ncontent-type: text/plain\r\ncontent-range: bytes " + part[0] + "/10\r\n\r\n" + part[1] + "\r\n"
	}
	want += "--_lws--\r\n"
	if response.StatusCode != 206 || body != want || response.Header.Get("Content-Type") != "multipart/byteranges; boundary=_lws" {
		t.Errorf("%d %v\n%s", response.StatusCode, response.Header, body)
	}
	response, body = exchange(t, client, r, "GET", "/files/large.txt", "Range: bytes=1000-99999,200000-299999\r\n")
	if response.StatusCode != 206 || !strings.Contains(body, string(f.large[1000:100000])) || !strings.Contains(body, string(f.large[200000:])) {
		t.Errorf("%d, %d bytes", response.StatusCode, len(body))
	}
	if response, body = exchange(t, client, r, "GET", "/files/a.txt", ""); body != "0123456789" {
		t.Errorf("afterwards: %d %q", response.StatusCode, body)
	}
}

func TestMounts(t *testing.T) {
	f := newFixture(t, nil)
	for _, c := range []struct {
		method, path string
		status       int
		body         string
	}{
		{"GET", "/", 200, "first / "},
		{"GET", "/filesystem", 200, "first /filesystem "},
		{"GET", "/call", 200, "second /call "},
		{"GET", "/call/x", 200, "second /call/x "},
		{"POST", "/call/x", 200, "second /x "},
		{"GET", "/call/cut/x", 200, "second /x "},
		{"GET", "/call/cut", 200, "second  "},
		{"GET", "/mixed/a.txt", 200, "0123456789"},
		{"GET", "/mixed/absent", 200, "second /absent "},
		{"POST", "/mixed/a.txt", 200, "second /a.txt "},
		{"POST", "/files/a.txt", 200, "first /files/a.txt "},
		{"DELETE", "/files/a.txt", 200, "first /files/a.txt "},
		{"GET", "/moved/anything", 301, ""},
		{"GET", "/proxy/x", 501, "*"},
	} {
		fields := ""
		if c.method == "POST" {
			fields = "Content-Length: 0\r\n"
		}
		response, body := f.exchange(t, c.method, c.path, fields)
		if response.StatusCode != c.status || (c.body != "*" && body != c.body) {
			t.Errorf("%s %s: %d %.60q", c.method, c.path, response.StatusCode, body)
		}
	}
	for path, want := range map[string]string{"/moved/x": "https://example.com/x", "/files": "http://localhost/files/"} {
		response, _ := f.exchange(t, "GET", path, "")
		if got := response.Header.Get("Location"); got != want {
			t.Errorf("%s: location %q, want %q", path, got, want)
		}
	}
	client := f.Connect(http1.NewRole)
	fmt.Fprint(client, "GET /absent HTTP/1.1\r\nHost: h\r\n\r\n")
	client.SetDeadline(time.Now().Add(20 * time.Second))
	if got, err := io.ReadAll(client); err != nil || len(got) > 0 {
		t.Errorf("a mount of a protocol that the vhost has not: %q, %v", got, err)
	}
}

func TestAccess(t *testing.T) {
	f := newFixture(t, nil)
	access := func(path string, mask uint32) (int, bool) {
		if mask != 6 && strings.HasPrefix(path, "/call") && !strings.HasPrefix(path, "/call/cut") {
			t.Errorf("mask %x", mask)
		}
		if strings.HasSuffix(path, "denied") {
			return 1, false
		}
		return 0, false
	}
	f.Do(func() { f.program.access = access })
	if response, _ := f.exchange(t, "GET", "/call/denied", ""); response.StatusCode != 401 || !response.Close {
		t.Errorf("denied: %d", response.StatusCode)
	}
	f.Do(func() { f.program.events = nil })
	if _, body := f.exchange(t, "GET", "/call/granted", ""); body != "second /call/granted " {
		t.Errorf("granted: %q", body)
	}
	f.Do(func() {
		if got := strings.Join(f.program.events[:4], ","); got != "BIND second,ACCESS /call/granted 6,PMO,HTTP /call/granted" {
			t.Error(got)
		}
	})
}

func TestBasicAuthentication(t *testing.T) {
	f := newFixture(t, nil)
	const joe, wrong, prefix, noColon = "am9lOnNlY3JldA==", "am9lOndyb25n", "am9lOnNlY3Jl", "am9l"
	for _, mount := range []string{"/login", "/verify"} {
		for fields, want := range map[string]int{
			"":                                         401,
			"Authorization: Basic " + joe + "\r\n":     200,
			"Authorization: basic " + joe + "\r\n":     200,
			"Authorization: Basic " + wrong + "\r\n":   401,
			"Authorization: Basic " + prefix + "\r\n":  401,
			"Authorization: Basic " + noColon + "\r\n": 403,
			"Authorization: Basic !!!\r\n":             403,
			"Authorization: Bearer x\r\n":              403,
			"Authorization: Basic " + joe + "\r\nAuthorization: Basic " + wrong + "\r\n": 401,
			"Authorization: Basic " + strings.Repeat("A", 1000) + "\r\n":                 403,
		} {
			client := f.Connect(http1.NewRole)
			r := bufio.NewReader(client)
			for range 2 {
				response, body := exchange(t, client, r, "GET", mount+"/x", fields)
				if response.StatusCode != want || (want == 401 && response.Header.Get("WWW-Authenticate") != `Basic realm="lwsws"`) {
					t.Errorf("%s %q: %d", mount, fields, response.StatusCode)
				}
				if want == 200 && body != "second "+mount+"/x joe" {
					t.Errorf("%s: %q", mount, body)
				}
			}
		}
	}
}

func TestErrorDocument(t *testing.T) {
	f := newFixture(t, func(v *vhost.Vhost, public string) {
		v.ErrorDocument = "/files/404.html"
		v.Headers = []vhost.Pair{{Name: "x-one:", Value: "1"}, {Name: "x-two", Value: "2"}}
		v.ServerString = "test"
		v.Options = vhost.SecurityBestPractices | vhost.StrictTransportSecurity
		v.Protocols[0].Dummy = true
	})
	response, _ := f.exchange(t, "GET", "/nothing", "")
	if response.StatusCode != 302 || response.Header.Get("Location") != "/files/404.html" {
		t.Errorf("%d %v", response.StatusCode, response.Header)
	}
	response, body := f.exchange(t, "GET", "/files/404.html", "")
	if response.StatusCode != 404 || body != "absent" {
		t.Errorf("%d %q", response.StatusCode, body)
	}
	for name, want := range map[string]string{"X-One": "1", "X-Two": "2", "Server": "test", "X-Frame-Options": "deny",
		"Strict-Transport-Security": ""} {
		if got := response.Header.Get(name); got != want {
			t.Errorf("%s: %q, want %q", name, got, want)
		}
	}
}

func TestRejectedAgents(t *testing.T) {
	f := newFixture(t, func(v *vhost.Vhost, _ string) {
		v.Rejected = []vhost.Pair{{Name: "Robot", Value: "429 Later"}, {Name: "Worm", Value: ""}}
	})
	for agent, want := range map[string]int{"Mozilla": 200, "A Robot/1.0": 429, "Worm": 403} {
		response, body := f.exchange(t, "GET", "/x", "User-Agent: "+agent+"\r\n")
		if response.StatusCode != want || (want != 200 && !response.Close) || (want == 429) != strings.Contains(body, "Later") {
			t.Errorf("%s: %d %q", agent, response.StatusCode, body)
		}
	}
	if response, _ := f.exchange(t, "GET", "/x", ""); response.StatusCode != 200 {
		t.Errorf("no agent: %d", response.StatusCode)
	}
}

// upgraded is a role that has taken over but not answered the request yet.
type upgraded struct {
	conn.Role
	request *httpserver.Request
}

func (u *upgraded) HeldRequest() *httpserver.Request { return u.request }
func (u *upgraded) Write(c *conn.Conn, p []byte, _ conn.WriteKind) (int, error) {
	c.Queue(p)
	return len(p), nil
}
func (u *upgraded) Closed(*conn.Conn)   {}
func (u *upgraded) Finish(c *conn.Conn) { c.CloseAfterFlush() }
func (u *upgraded) Drained(*conn.Conn)  {}
func (u *upgraded) EOF(*conn.Conn) bool { return true }

func TestUpgrades(t *testing.T) {
	f := newFixture(t, nil)
	var refusal httpserver.Refusal
	f.Do(func() {
		f.Thread.Upgrades["refused"] = func(_ *conn.Conn, request any) bool {
			request.(*httpserver.Request).Refusal = refusal
			return false
		}
		f.Thread.Upgrades["taken"] = func(c *conn.Conn, request any) bool {
			u := &upgraded{request: request.(*httpserver.Request)}
			httpserver.StateOf(c).TakeRequest()
			c.SetRole(u)
			if !httpserver.ReturnStatus(c, 403, "no") {
				t.Error("the status was not sent")
			}
			u.request.Release()
			u.request = nil
			c.Finish()
			return true
		}
	})
	const ask = "Connection: upgrade\r\nUpgrade: irc, "
	if _, body := f.exchange(t, "GET", "/x", ask+"unknown\r\n"); body != "first /x " {
		t.Errorf("unknown: %q", body)
	}
	if response, body := f.exchange(t, "GET", "/x", ask+"taken\r\n"); response.StatusCode != 403 || !strings.Contains(body, "no") {
		t.Errorf("taken: %d %q", response.StatusCode, body)
	}
	if _, body := f.exchange(t, "GET", "/x", ask+"refused\r\n"); body != "first /x " {
		t.Errorf("served as HTTP: %q", body)
	}
	if _, body := f.exchange(t, "POST", "/x", ask+"taken\r\nContent-Length: 1\r\n"); body != "first /x " {
		t.Errorf("with a body: %q", body)
	}
	f.Do(func() { refusal = httpserver.Refusal{Status: 426, Fields: "x-version: 13\r\n"} })
	if response, _ := f.exchange(t, "GET", "/x", ask+"refused\r\n"); response.StatusCode != 426 || response.Header.Get("x-version") != "13" || !response.Close {
		t.Errorf("refused: %d %v", response.StatusCode, response.Header)
	}
	f.Do(func() { refusal = httpserver.Refusal{Hangup: true} })
	client := f.Connect(http1.NewRole)
	client.SetDeadline(time.Now().Add(20 * time.Second))
	fmt.Fprintf(client, "GET /x HTTP/1.1\r\nHost: h\r\n%srefused\r\n\r\n", ask)
	if got, err := io.ReadAll(client); err != nil || len(got) > 0 {
		t.Errorf("hung up: %q, %v", got, err)
	}
}

// With lws_callback_http_dummy for a callback nothing is delivered, and all is answered.
func TestDummy(t *testing.T) {
	f := newFixture(t, func(v *vhost.Vhost, _ string) { v.Protocols[0].Dummy = true })
	client := f.Connect(http1.NewRole)
	r := bufio.NewReader(client)
	for path, want := range map[string]int{"/files/a.txt": 200, "/": 404, "/files/absent": 404, "/files/large.txt": 200} {
		if response, _ := exchange(t, client, r, "GET", path, ""); response.StatusCode != want {
			t.Errorf("%s: %d", path, response.StatusCode)
		}
	}
	if response, _ := exchange(t, client, r, "POST", "/", "Content-Length: 3\r\n"); response.StatusCode != 404 {
		t.Errorf("POST: %d", response.StatusCode)
	}
	fmt.Fprint(client, "abc")
	if response, _ := exchange(t, client, r, "GET", "/files/a.txt", ""); response.StatusCode != 200 {
		t.Errorf("after POST: %d", response.StatusCode)
	}
	f.Do(func() {
		if len(f.program.events) > 0 {
			t.Error(f.program.events)
		}
	})
}

func TestInterpretedFile(t *testing.T) {
	f := newFixture(t, nil)
	fill := func(_ *conn.Conn, reason conn.Reason, space []byte, used int) (int, int) {
		if reason == conn.AddHeaders {
			return copy(space, "x-added: yes\r\nCache-Control: mine\r\n"), 0
		}
		return copy(space, bytes.ReplaceAll(space[:used], []byte("$x"), []byte("replaced"))), 0
	}
	f.Do(func() { f.program.OnFill = fill })
	client := f.Connect(http1.NewRole)
	r := bufio.NewReader(client)
	for range 3 {
		response, body := exchange(t, client, r, "GET", "/html/page.shtml", "")
		if response.StatusCode != 200 || body != "<p>replaced</p>" || len(response.TransferEncoding) != 1 ||
			response.Header.Get("X-Added") != "yes" || response.Header.Get("Cache-Control") != "mine" {
			t.Errorf("%d %v %q", response.StatusCode, response.Header, body)
		}
	}
	old := f.Connect(http1.NewRole)
	old.SetDeadline(time.Now().Add(20 * time.Second))
	fmt.Fprint(old, "GET /html/page.shtml HTTP/1.0\r\nConnection: keep-alive\r\n\r\n")
	if got, err := io.ReadAll(old); err != nil || !strings.HasSuffix(string(got), "\r\n\r\n<p>replaced</p>") || strings.Contains(string(got), "chunked") {
		t.Errorf("HTTP/1.0: %q, %v", got, err)
	}
	f.Do(func() {
		f.program.OnFill = func(*conn.Conn, conn.Reason, []byte, int) (int, int) { return 1 << 30, 0 }
	})
	client = f.Connect(http1.NewRole)
	client.SetDeadline(time.Now().Add(20 * time.Second))
	fmt.Fprint(client, "GET /html/page.shtml HTTP/1.1\r\nHost: h\r\n\r\n")
	if got, err := io.ReadAll(client); err != nil || len(got) > 0 {
		t.Errorf("a program that claims to have written too much: %q, %v", got, err)
	}
}

// A redirect to a directory must not carry what the client put into the path as header fields.
func TestRedirectIsEncoded(t *testing.T) {
	f := newFixture(t, func(v *vhost.Vhost, public string) {
		v.Mounts = []*vhost.Mount{{Mountpoint: "/a\r\nx: y", Origin: public, Kind: vhost.OriginFile}}
	})
	response, _ := f.exchange(t, "GET", "/a%0d%0ax:%20y", "")
	if response.StatusCode != 301 || response.Header.Get("Location") != "http://localhost/a%0D%0Ax:%20y/" || response.Header.Get("x") != "" {
		t.Errorf("%d %v", response.StatusCode, response.Header)
	}
}

func TestVhosts(t *testing.T) {
	f := newFixture(t, nil)
	listener := &conn.Listener{Hosts: []*conn.Host{f.Host}}
	for _, name := range []string{"one.example", "example"} {
		v := conntest.DefaultVhost(name)
		v.Name = name
		listener.Hosts = append(listener.Hosts, conn.NewHost(v, 1))
	}
	f.Do(func() { f.Host.Name = "localhost" })
	for host, want := range map[string]string{
		"one.example": "one.example", "ONE.example:8080": "one.example", "two.example": "example",
		"x.one.example": "one.example", "example": "example", "localhost:1": "first", "other": "first",
		"[::1]:80": "first", "notexample": "first", "": "first",
	} {
		client := f.connectTo(t, listener)
		client.SetDeadline(time.Now().Add(20 * time.Second))
		fmt.Fprintf(client, "GET /x HTTP/1.1\r\nHost: %s\r\nConnection: close\r\n\r\n", host)
		got, _ := io.ReadAll(client)
		if !strings.HasSuffix(string(got), "\r\n\r\n"+want+" /x ") {
			t.Errorf("%s: %q, want %q", host, got, want)
		}
		client.Close()
	}
}

// connectTo makes a connection that the listener accepted.
func (f *fixture) connectTo(t testing.TB, l *conn.Listener) net.Conn {
	pair, err := unix.Socketpair(unix.AF_UNIX, unix.SOCK_STREAM|unix.SOCK_CLOEXEC|unix.SOCK_NONBLOCK, 0)
	if err != nil {
		t.Fatal(err)
	}
	file := os.NewFile(uintptr(pair[1]), "client")
	client, err := net.FileConn(file)
	file.Close()
	if err != nil {
		t.Fatal(err)
	}
	f.Do(func() { _, err = f.Thread.Adopt(pair[0], f.Host, l, http1.NewRole) })
	if err != nil {
		t.Fatal(err)
	}
	return client
}
