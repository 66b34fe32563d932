package proxy_test

import (
	"errors"
	"io"
	"net"
	"strings"
	"sync"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"golws/engine/conn"
	"golws/engine/conn/conntest"
	"golws/engine/proxy"
)

// next is the role that follows, which keeps what it gets.
type next struct {
	conn.Role
	mutex sync.Mutex
	got   []byte
}

func (n *next) Input(_ *conn.Conn, p []byte) int {
	n.mutex.Lock()
	defer n.mutex.Unlock()
	n.got = append(n.got, p...)
	return len(p)
}
func (n *next) EOF(*conn.Conn) bool                    { return true }
func (n *next) Closed(*conn.Conn)                      {}
func (n *next) TimedOut(*conn.Conn, conn.Timeout) bool { return false }
func (n *next) Drained(*conn.Conn)                     {}

// ask begins to ask, and returns the proxy's end and what is told in the end.
func ask(t testing.TB, s *conntest.Server, p *proxy.Config, host string, port int, n *next) (net.Conn, chan string) {
	told := make(chan string, 8)
	peer := s.Connect(func(c *conn.Conn) conn.Role {
		proxy.Begin(c, p, host, port, func(problem string) {
			told <- problem
			if problem == "" {
				c.SetRole(n)
			} else {
				c.Kill()
			}
		})
		return c.Role()
	})
	peer.SetDeadline(time.Now().Add(20 * time.Second))
	return peer, told
}

const (
	httpHead   = "CONNECT server.example:443 HTTP/1.1\r\nHost: server.example:443\r\nUser-Agent: lws\r\n"
	httpPlain  = httpHead + "\r\n"
	httpSecret = httpHead + "Proxy-Authorization: Basic dXNlcjpzZWNyZXQ=\r\n\r\n"
	greeting   = "\x05\x01\x00"
	greeting2  = "\x05\x02\x02\x00"
	password   = "\x01\x04user\x06secret"
	request    = "\x05\x01\x00\x03\x0eserver.example\x01\xbb"
	done4      = "\x05\x00\x00\x01\x7f\x00\x00\x01\x04\x00"
)

// step is what the proxy is expected to get, and what it answers.
type step struct{ want, answer string }

var dialogues = []struct {
	name string
	text string // of the proxy
	host string // of the server, server.example if empty
	said []step
	end  string // "close", "reset" or nothing follows
	want string // "" is success
}{
	{"200", "p:1", "", []step{{httpPlain, "HTTP/1.1 200 Connection established\r\n\r\n"}}, "", ""},
	{"204, fields, no reason", "p:1", "", []step{{httpPlain, "HTTP/1.0 204\r\nContent-Length: 5\r\nX: y\r\n\r\n"}}, "", ""},
	{"an interim answer", "p:1", "", []step{{httpPlain, "HTTP/1.1 103 Early\r\nA: b\r\n\r\nHTTP/1.1 200 OK\r\n\r\n"}}, "", ""},
	{"no carriage returns", "p:1", "", []step{{httpPlain, "HTTP/1.1 200 OK\n\n"}}, "", ""},
	{"basic", "user:secret@p:1", "", []step{{httpSecret, "HTTP/1.1 200 OK\r\n\r\n"}}, "", ""},
	{"IPv6", "p:1", "[::1]", []step{{"CONNECT [::1]:443 HTTP/1.1\r\nHost: [::1]:443\r\nUser-Agent: lws\r\n\r\n", "HTTP/1.1 200 OK\r\n\r\n"}}, "", ""},
	{"407", "p:1", "", []step{{httpPlain, "HTTP/1.1 407 Proxy Authentication Required\r\n"}}, "", "http_proxy -> 407"},
	{"502", "p:1", "", []step{{httpPlain, "HTTP/1.1 502 Bad Gateway\r\nContent-Length: 900\r\n\r\n"}}, "close", "http_proxy -> 502"},
	{"301", "p:1", "", []step{{httpPlain, "HTTP/1.1 301 Elsewhere\r\nLocation: /\r\n\r\n"}}, "", "http_proxy -> 301"},
	{"something else", "p:1", "", []step{{httpPlain, "SSH-2.0-x"}}, "", "http_proxy fail"},
	{"HTTP/2", "p:1", "", []step{{httpPlain, "HTTP/2 200 OK\r\n"}}, "", "http_proxy fail"},
	{"no number", "p:1", "", []step{{httpPlain, "HTTP/1.1 2x0 OK\r\n"}}, "", "http_proxy fail"},
	{"a long number", "p:1", "", []step{{httpPlain, "HTTP/1.1 2000 OK\r\n"}}, "", "http_proxy fail"},
	{"an endless line", "p:1", "", []step{{httpPlain, "HTTP/1.1 200 " + strings.Repeat("x", 17<<10)}}, "", "http_proxy fail"},
	{"an endless head", "p:1", "", []step{{httpPlain, "HTTP/1.1 200 OK\r\n" + strings.Repeat("a: b\r\n", 3<<10)}}, "", "http_proxy fail"},
	{"closed at once", "p:1", "", []step{{httpPlain, ""}}, "close", "proxy conn dead"},
	{"closed in the head", "p:1", "", []step{{httpPlain, "HTTP/1.1 200 OK\r\nA: b\r\n"}}, "close", "proxy conn dead"},
	{"half an answer", "p:1", "", []step{{httpPlain, "HTTP/1.1 20"}}, "", "Timed out waiting proxy reply"},
	{"blank in the name", "p:1", "a b", nil, "", "http_proxy fail"},

	{"SOCKS", "socks5://p:1", "", []step{{greeting, "\x05\x00"}, {request, done4}}, "", ""},
	{"SOCKS, an IPv6 reply", "socks5://p:1", "", []step{{greeting, "\x05\x00"}, {request, "\x05\x00\x00\x04" + strings.Repeat("i", 18)}}, "", ""},
	{"SOCKS, a name in the reply", "socks5://p:1", "", []step{{greeting, "\x05\x00"}, {request, "\x05\x00\x00\x03\x03abcPP"}}, "", ""},
	{"SOCKS, IPv4", "socks5://p:1", "127.0.0.1", []step{{greeting, "\x05\x00"}, {"\x05\x01\x00\x01\x7f\x00\x00\x01\x01\xbb", done4}}, "", ""},
	{"SOCKS, IPv6", "socks5://p:1", "::1%lo", []step{{greeting, "\x05\x00"},
		{"\x05\x01\x00\x04" + strings.Repeat("\x00", 15) + "\x01\x01\xbb", done4}}, "", ""},
	{"SOCKS, password", "socks5://user:secret@p:1", "", []step{{greeting2, "\x05\x02"}, {password, "\x01\x00"}, {request, done4}}, "", ""},
	{"SOCKS, password not asked for", "socks5://user:secret@p:1", "", []step{{greeting2, "\x05\x00"}, {request, done4}}, "", ""},
	{"SOCKS, wrong password", "socks5://user:secret@p:1", "", []step{{greeting2, "\x05\x02"}, {password, "\x01\x01"}}, "", "socks reply fail: authentication failed"},
	{"SOCKS, password asked for", "socks5://p:1", "", []step{{greeting, "\x05\xff"}}, "", "socks reply fail: authentication required"},
	{"SOCKS, password chosen that was not offered", "socks5://p:1", "", []step{{greeting, "\x05\x02"}}, "", "socks reply fail: authentication required"},
	{"SOCKS, refused", "socks5://p:1", "", []step{{greeting, "\x05\x00"}, {request, "\x05\x05\x00\x01\x00\x00\x00\x00\x00\x00"}}, "", "socks reply fail: connection refused"},
	{"SOCKS, ruleset, short", "socks5://p:1", "", []step{{greeting, "\x05\x00"}, {request, "\x05\x02"}}, "close", "socks reply fail: not allowed by ruleset"},
	{"SOCKS, unknown code", "socks5://p:1", "", []step{{greeting, "\x05\x00"}, {request, "\x05\x63"}}, "", "socks reply fail: code 99"},
	{"SOCKS 4", "socks5://p:1", "", []step{{greeting, "\x04\x00"}}, "", "socks reply fail: no SOCKS5"},
	{"SOCKS, strange address", "socks5://p:1", "", []step{{greeting, "\x05\x00"}, {request, "\x05\x00\x00\x09\x00"}}, "", "socks reply fail: no SOCKS5"},
	{"SOCKS, closed", "socks5://p:1", "", []step{{greeting, ""}}, "close", "socks conn dead"},
	{"SOCKS, closed in the reply", "socks5://p:1", "", []step{{greeting, "\x05\x00"}, {request, done4[:7]}}, "close", "socks conn dead"},
	{"SOCKS, half a greeting", "socks5://p:1", "", []step{{greeting, "\x05"}}, "", "Timed out waiting socks reply"},
	{"SOCKS, half a reply", "socks5://p:1", "", []step{{greeting, "\x05\x00"}, {request, done4[:9]}}, "", "Timed out waiting socks reply"},
	{"SOCKS, a long name", "socks5://p:1", strings.Repeat("x", 256), nil, "", "socks gen msg fail"},
}

func parse(t testing.TB, text string) *proxy.Config {
	p, err := proxy.Parse(text, strings.HasPrefix(text, "socks"), 0)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func TestDialogues(t *testing.T) {
	const after = "what the server says"
	for _, test := range dialogues {
		for _, inPieces := range []bool{false, true} {
			if inPieces && strings.HasPrefix(test.name, "an endless") {
				continue
			}
			v := conntest.DefaultVhost("p")
			if strings.Contains(test.want, "Timed out") {
				v.Limits.Timeout = 200 * time.Millisecond
			}
			s := conntest.New(t, &conntest.Program{}, v)
			s.Start()
			host := test.host
			if host == "" {
				host = "server.example"
			}
			n := &next{}
			peer, told := ask(t, s, parse(t, test.text), host, 443, n)
			for i, step := range test.said {
				got := make([]byte, len(step.want))
				if _, err := io.ReadFull(peer, got); err != nil || string(got) != step.want {
					t.Errorf("%s: the proxy gets %q, %v", test.name, got, err)
				}
				text := step.answer
				if i == len(test.said)-1 && test.want == "" {
					text += after
				}
				if !inPieces {
					io.WriteString(peer, text)
				}
				for i := 0; inPieces && i < len(text); i++ {
					io.WriteString(peer, text[i:i+1])
					time.Sleep(100 * time.Microsecond)
				}
			}
			if test.end == "close" {
				peer.(*net.UnixConn).CloseWrite()
			}
			select {
			case got := <-told:
				if got != test.want {
					t.Errorf("%s: told %q, expected %q", test.name, got, test.want)
				}
			case <-time.After(20 * time.Second):
				t.Fatalf("%s: nothing is told", test.name)
			}
			if test.want == "" {
				for end := time.Now().Add(20 * time.Second); ; time.Sleep(time.Millisecond) {
					n.mutex.Lock()
					got := string(n.got)
					n.mutex.Unlock()
					if got == after {
						break
					}
					if time.Now().After(end) {
						t.Fatalf("%s: the next role gets %q", test.name, got)
					}
				}
			}
			s.Close()
			if len(told) != 0 {
				t.Errorf("%s: told again: %q", test.name, <-told)
			}
		}
	}
}

// A connection that ends for another reason is told of, too, once.
func TestClosed(t *testing.T) {
	s := conntest.New(t, &conntest.Program{}, conntest.DefaultVhost("p"))
	_, told := ask(t, s, parse(t, "p:1"), "h", 1, &next{})
	s.Close()
	if got := <-told; got != "" || len(told) != 0 {
		t.Errorf("told %q", got)
	}
}

func TestReset(t *testing.T) {
	for text, want := range map[string]string{"p:1": "proxy read err", "socks5://p:1": "socks recv fail"} {
		s := conntest.New(t, &conntest.Program{}, conntest.DefaultVhost("p"))
		l, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		defer l.Close()
		descriptor, err := unix.Socket(unix.AF_INET, unix.SOCK_STREAM|unix.SOCK_CLOEXEC, 0)
		if err != nil {
			t.Fatal(err)
		}
		if err = unix.Connect(descriptor, &unix.SockaddrInet4{Addr: [4]byte{127, 0, 0, 1}, Port: l.Addr().(*net.TCPAddr).Port}); err != nil {
			t.Fatal(err)
		}
		unix.SetNonblock(descriptor, true)
		peer, err := l.Accept()
		if err != nil {
			t.Fatal(err)
		}
		told := make(chan string, 8)
		s.Do(func() {
			_, err = s.Thread.Adopt(descriptor, s.Host, nil, func(c *conn.Conn) conn.Role {
				proxy.Begin(c, parse(t, text), "h", 1, func(problem string) { told <- problem })
				return c.Role()
			})
		})
		if err != nil {
			t.Fatal(err)
		}
		s.Turn(0)
		peer.(*net.TCPConn).SetLinger(0)
		peer.Close()
		for end := time.Now().Add(20 * time.Second); len(told) == 0 && time.Now().Before(end); {
			s.Turn(10 * time.Millisecond)
		}
		s.Close()
		if len(told) != 1 {
			t.Fatal("told ", len(told), " times")
		}
		if got := <-told; got != want {
			t.Errorf("%s: told %q", text, got)
		}
	}
}

// Whatever a proxy says, in whatever pieces, something is told once, or more is awaited.
func FuzzTunnel(f *testing.F) {
	for _, test := range dialogues {
		var all string
		for _, step := range test.said {
			all += step.answer
		}
		f.Add(strings.HasPrefix(test.text, "socks"), []byte(all), uint16(3))
	}
	f.Fuzz(func(t *testing.T, socks bool, text []byte, cut uint16) {
		s := conntest.New(t, &conntest.Program{}, conntest.DefaultVhost("p"))
		config := &proxy.Config{Address: "p", Port: 1, SOCKS: socks, User: "u", Password: "p", Authenticate: true}
		peer, told := ask(t, s, config, "h", 1, &next{})
		at := min(int(cut), len(text))
		for _, piece := range [][]byte{text[:at], text[at:min(len(text), 60<<10)]} {
			if len(piece) > 0 {
				if _, err := peer.Write(piece); err != nil && !errors.Is(err, unix.EPIPE) {
					t.Fatal(err)
				}
			}
			s.Turn(0)
		}
		s.Close()
		if len(told) != 1 {
			t.Fatalf("told %d times", len(told))
		}
	})
}
