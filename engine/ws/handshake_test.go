package ws_test

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	"golws/engine/conn"
	"golws/engine/conn/conntest"
	"golws/engine/http1"
	"golws/engine/http2"
	"golws/engine/httpserver"
	"golws/engine/vhost"
	"golws/engine/ws"
)

// server is a program that serves HTTP/1 and WebSocket and records what it sees.
type server struct {
	*conntest.Server
	program *conntest.Program
	events  []string
	on      func(c *conn.Conn, reason conn.Reason) int
}

func serve(t *testing.T, change func(v *vhost.Vhost)) *server {
	v := conntest.DefaultVhost("http", "chat", "Echo-2")
	v.Protocols[1].SessionSize, v.Protocols[2].SessionSize = 4, 4
	v.Extensions = []vhost.Extension{{Name: "permessage-deflate"}}
	if change != nil {
		change(v)
	}
	s := &server{program: &conntest.Program{}}
	s.program.OnEvent = func(c *conn.Conn, reason conn.Reason, in []byte, m conn.Message) int {
		name := "-"
		if p := c.Protocol(); p != nil {
			name = p.Name
		}
		s.events = append(s.events, fmt.Sprintf("%s %d %s", name, reason, in))
		if reason == conn.Receive && m.Final && m.Remaining == 0 {
			c.Write(in, conn.WriteText)
		}
		if s.on != nil {
			return s.on(c, reason)
		}
		return 0
	}
	s.Server = conntest.New(t, s.program, v)
	ws.Register(s.Thread)
	http2.Register(s.Thread)
	s.Start()
	return s
}

const defaultHandshake = `GET /chat HTTP/1.1
Host: example.com
Upgrade: websocket
Connection: keep-alive, Upgrade
Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==
Sec-WebSocket-Version: 13
`

// handshake sends a request with the given lines changed or added, an empty value removes a line.
func (s *server) handshake(t *testing.T, changes ...string) (*http.Response, net.Conn, *bufio.Reader) {
	t.Helper()
	lines := strings.Split(strings.TrimSpace(defaultHandshake), "\n")
	for _, change := range changes {
		name, value, _ := strings.Cut(change, ":")
		if strings.HasPrefix(change, "GET") || strings.HasPrefix(change, "POST") {
			lines[0] = change
			continue
		}
		kept := lines[:1:1]
		for _, line := range lines[1:] {
			if !strings.HasPrefix(line, name+":") || name == "Sec-WebSocket-Protocol" {
				kept = append(kept, line)
			}
		}
		if lines = kept; value != "" {
			lines = append(lines, change)
		}
	}
	client := s.Connect(http1.NewRole)
	client.SetDeadline(time.Now().Add(time.Minute))
	io.WriteString(client, strings.Join(lines, "\r\n")+"\r\n\r\n")
	reader := bufio.NewReader(client)
	response, err := http.ReadResponse(reader, nil)
	if err != nil {
		response = nil
	}
	return response, client, reader
}

func TestHandshake(t *testing.T) {
	s := serve(t, nil)
	response, client, reader := s.handshake(t)
	if response == nil || response.StatusCode != 101 ||
		response.Header.Get("Sec-WebSocket-Accept") != "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=" ||
		!strings.EqualFold(response.Header.Get("Upgrade"), "websocket") ||
		!strings.EqualFold(response.Header.Get("Connection"), "upgrade") ||
		response.Header["Sec-Websocket-Protocol"] != nil || response.Header["Sec-Websocket-Extensions"] != nil {
		t.Fatalf("response %+v", response)
	}
	// A masked "Hello" of RFC 6455 section 5.7, a close frame.
	client.Write([]byte{0x81, 0x85, 0x37, 0xfa, 0x21, 0x3d, 0x7f, 0x9f, 0x4d, 0x51, 0x58, 0x88, 0x80, 0, 0, 0, 0})
	got, err := io.ReadAll(reader)
	if want := []byte("\x81\x05Hello\x88\x00"); err != nil || !bytes.Equal(got, want) {
		t.Fatalf("received % x, %v", got, err)
	}
	client.Close()
	s.Close()
	want := []string{"- 29 ", "- 19 ", "- 86 websocket", "http 49 ", "http 20 ", "http 0 ", "http 6 Hello", "http 38 ", "http 4 ", "http 30 "}
	if !reflect.DeepEqual(s.events, want) {
		t.Errorf("events %q\nexpected %q", s.events, want)
	}
}

// TestFrameWithHandshake: clients may send their first frames before they have seen the answer.
func TestFrameWithHandshake(t *testing.T) {
	s := serve(t, nil)
	client := s.Connect(http1.NewRole)
	client.SetDeadline(time.Now().Add(time.Minute))
	request := strings.ReplaceAll(strings.TrimSpace(defaultHandshake), "\n", "\r\n") + "\r\n\r\n"
	client.Write(append([]byte(request), 0x81, 0x82, 0, 0, 0, 0, 'h', 'i', 0x88, 0x80, 0, 0, 0, 0))
	all, _ := io.ReadAll(client)
	if !bytes.HasPrefix(all, []byte("HTTP/1.1 101 ")) || !bytes.HasSuffix(all, []byte("\r\n\r\n\x81\x02hi\x88\x00")) {
		t.Errorf("received %q", all)
	}
}

func TestSubprotocol(t *testing.T) {
	for _, test := range []struct {
		lines  []string
		chosen string // "-" for a refusal
	}{
		{nil, ""},
		{[]string{"Sec-WebSocket-Protocol: chat"}, "chat"},
		{[]string{"Sec-WebSocket-Protocol: superchat, Echo-2, chat"}, "Echo-2"},
		{[]string{"Sec-WebSocket-Protocol: superchat", "Sec-WebSocket-Protocol: chat"}, "chat"},
		{[]string{"Sec-WebSocket-Protocol: echo-2"}, "-"},
		{[]string{"Sec-WebSocket-Protocol: superchat"}, "-"},
		{[]string{"Sec-WebSocket-Protocol: cha\"t"}, "-"},
	} {
		s := serve(t, nil)
		response, _, _ := s.handshake(t, test.lines...)
		switch {
		case test.chosen == "-":
			if response == nil || response.StatusCode != 400 {
				t.Errorf("%v: response %+v", test.lines, response)
			}
		case response == nil || response.StatusCode != 101 || response.Header.Get("Sec-WebSocket-Protocol") != test.chosen:
			t.Errorf("%v: response %+v", test.lines, response)
		}
		s.Close()
	}
}

func TestDefaultProtocol(t *testing.T) {
	for index, status := range map[int]int{1: 101, -1: 400, 3: 400} {
		s := serve(t, func(v *vhost.Vhost) { v.DefaultProtocol = index })
		response, _, _ := s.handshake(t)
		if response == nil || response.StatusCode != status || response.Header["Sec-Websocket-Protocol"] != nil {
			t.Errorf("default protocol %d: response %+v", index, response)
		}
		s.Close()
	}
}

func TestBadHandshake(t *testing.T) {
	for line, status := range map[string]int{
		"Sec-WebSocket-Version: 8":                      426,
		"Sec-WebSocket-Version: 13, 8":                  426,
		"Sec-WebSocket-Version:":                        426,
		"Sec-WebSocket-Key:":                            400,
		"Sec-WebSocket-Key: c2hvcnQ=":                   400,
		"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZS4=":   400,
		"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25j*Q==":   400,
		"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ====": 400,
		"Connection: keep-alive":                        400,
		"Connection:":                                   400,
		"POST /chat HTTP/1.1":                           400,
	} {
		s := serve(t, nil)
		response, _, _ := s.handshake(t, line)
		if response == nil || response.StatusCode != status {
			t.Errorf("%s: response %+v", line, response)
		} else if status == 426 && response.Header.Get("Sec-WebSocket-Version") != "13" {
			t.Errorf("%s: the answer does not say which version: %+v", line, response.Header)
		}
		s.Close()
		for _, event := range s.events {
			if strings.HasPrefix(event, "http 20 ") || strings.HasPrefix(event, "http 0 ") {
				t.Errorf("%s: event %q", line, event)
			}
		}
	}
}

// TestProgramRefuses: wherever the program says no, nobody is told of a connection, and the protocol
// hears of the end if it heard of the beginning.
func TestProgramRefuses(t *testing.T) {
	for _, test := range []struct {
		at     conn.Reason
		result int
		status int
		events []string
	}{
		{conn.HTTPConfirmUpgrade, -1, 0, []string{"- 86 websocket", "- 30 "}},
		{conn.FilterProtocolConnection, 1, 403, []string{"- 86 websocket", "chat 49 ", "chat 20 chat", "chat 78 ", "chat 4 ", "chat 30 "}},
		{conn.Established, -1, 101, []string{"- 86 websocket", "chat 49 ", "chat 20 chat", "chat 0 ", "chat 78 ", "chat 4 ", "chat 30 "}},
	} {
		s := serve(t, nil)
		s.on = func(c *conn.Conn, reason conn.Reason) int {
			if reason == test.at {
				return test.result
			}
			return 0
		}
		response, client, reader := s.handshake(t, "Sec-WebSocket-Protocol: chat")
		got := 0
		if response != nil {
			got = response.StatusCode
		}
		if got != test.status {
			t.Errorf("refused at %d: status %d, expected %d", test.at, got, test.status)
		}
		if rest, _ := io.ReadAll(reader); len(rest) > 0 {
			t.Errorf("refused at %d: received % x", test.at, rest)
		}
		client.Close()
		s.Close()
		if events := s.events[2:]; !reflect.DeepEqual(events, test.events) {
			t.Errorf("refused at %d: events %q\nexpected %q", test.at, events, test.events)
		}
	}
}

// TestProgramAnswersItself: a program can refuse with a response of its own.
func TestProgramAnswersItself(t *testing.T) {
	s := serve(t, nil)
	s.on = func(c *conn.Conn, reason conn.Reason) int {
		if reason == conn.FilterProtocolConnection {
			if _, err := c.Write([]byte("x"), conn.WriteText); err == nil {
				t.Error("a message before the handshake was accepted")
			}
			c.Write([]byte("HTTP/1.1 401 Unauthorized\r\ncontent-length: 0\r\n\r\n"), conn.WriteHTTPHeaders)
			return -1
		}
		return 0
	}
	response, _, reader := s.handshake(t)
	if response == nil || response.StatusCode != 401 {
		t.Errorf("response %+v", response)
	}
	if rest, _ := io.ReadAll(reader); len(rest) > 0 {
		t.Errorf("received %q after it", rest)
	}
}

// TestLogin: a protocol can ask for credentials before anybody is told of the connection.
func TestLogin(t *testing.T) {
	file := filepath.Join(t.TempDir(), "logins")
	if err := os.WriteFile(file, []byte("eve:other\nuser:password\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	for credentials, status := range map[string]int{"": 401, "Basic dXNlcjpwYXNzd29yZA==": 101, "Basic dXNlcjp3cm9uZw==": 401, "Bearer x": 401} {
		s := serve(t, func(v *vhost.Vhost) { v.Protocols[1].LoginFile = file })
		response, _, _ := s.handshake(t, "Sec-WebSocket-Protocol: chat", "Authorization: "+credentials)
		if response == nil || response.StatusCode != status || status == 401 && response.Header.Get("WWW-Authenticate") == "" {
			t.Errorf("%q: response %+v", credentials, response)
		}
		s.Close()
		for _, event := range s.events {
			if status == 401 && strings.HasPrefix(event, "chat ") {
				t.Errorf("%q: event %q", credentials, event)
			}
		}
	}
	// Other protocols do not ask.
	s := serve(t, func(v *vhost.Vhost) { v.Protocols[1].LoginFile = file })
	if response, _, _ := s.handshake(t, "Sec-WebSocket-Protocol: Echo-2"); response == nil || response.StatusCode != 101 {
		t.Errorf("response %+v", response)
	}
}

func TestAddHeaders(t *testing.T) {
	s := serve(t, nil)
	s.program.OnFill = func(c *conn.Conn, reason conn.Reason, space []byte, used int) (int, int) {
		if len(space)-used < 4096 {
			t.Errorf("room for %d bytes only", len(space)-used)
		}
		return used + copy(space[used:], "Set-Cookie: a=b\r\n"), 0
	}
	response, _, _ := s.handshake(t)
	if response == nil || response.StatusCode != 101 || response.Header.Get("Set-Cookie") != "a=b" {
		t.Errorf("response %+v", response)
	}
}

func TestRequestInEvents(t *testing.T) {
	s := serve(t, nil)
	var seen []string
	s.on = func(c *conn.Conn, reason conn.Reason) int {
		if r := httpserver.RequestOf(c); r != nil {
			seen = append(seen, fmt.Sprintf("%d %s", reason, r.Value(httpserver.TokenHost)))
		} else {
			seen = append(seen, fmt.Sprint(reason))
		}
		return 0
	}
	_, client, _ := s.handshake(t)
	client.Close()
	for end := time.Now().Add(time.Minute); ; time.Sleep(time.Millisecond) {
		over := false
		s.Do(func() { over = s.Thread.Connections() == 0 })
		if over {
			break
		}
		if time.Now().After(end) {
			t.Fatal("the connection stays")
		}
	}
	s.Close()
	want := []string{"86 example.com", "49 example.com", "20 example.com", "0 example.com", "4", "30"}
	if got := seen[2:]; !reflect.DeepEqual(got, want) {
		t.Errorf("seen %q, expected %q", got, want)
	}
}

func TestExtensionNegotiation(t *testing.T) {
	for _, test := range []struct {
		offer, answer string
		without       bool // the vhost has no extension
		refuse        bool
	}{
		{offer: "permessage-deflate; client_max_window_bits", answer: "permessage-deflate"},
		{offer: "permessage-deflate; client_max_window_bits", without: true},
		{offer: "permessage-deflate; client_max_window_bits", refuse: true},
		{offer: "permessage-deflate; x, permessage-deflate; server_max_window_bits=9",
			answer: "permessage-deflate; server_max_window_bits=9"},
		{offer: "permessage-deflate; server_max_window_bits=99"},
		{offer: "foo, permessage-deflate;;"},
	} {
		s := serve(t, func(v *vhost.Vhost) {
			if test.without {
				v.Extensions = nil
			}
		})
		s.on = func(c *conn.Conn, reason conn.Reason) int {
			if reason == conn.ConfirmExtensionOkay && test.refuse {
				return 1
			}
			return 0
		}
		response, client, reader := s.handshake(t, "Sec-WebSocket-Extensions: "+test.offer)
		if response == nil || response.StatusCode != 101 || response.Header.Get("Sec-WebSocket-Extensions") != test.answer {
			t.Errorf("%+v: response %+v", test, response)
			continue
		}
		// "Hello" compressed, of RFC 7692 section 7.2.3.1.
		client.Write([]byte{0xc1, 0x87, 0, 0, 0, 0, 0xf2, 0x48, 0xcd, 0xc9, 0xc9, 0x07, 0x00})
		first, _ := reader.ReadByte()
		if want := map[bool]byte{true: 0xc1, false: 0x88}[test.answer != ""]; first != want {
			t.Errorf("%+v: frame %#x", test, first)
		}
		s.Close()
	}
}

func TestStrictHostCheck(t *testing.T) {
	for host, ok := range map[string]bool{"default:7681": true, "DEFAULT:7681": true, "default": false, "default:80": false,
		"example.com:7681": false, "defaultx:7681": false} {
		s := serve(t, func(v *vhost.Vhost) {
			v.Port = 7681
			v.Options |= vhost.UpgradeStrictHostCheck
		})
		response, _, _ := s.handshake(t, "Host: "+host)
		if (response != nil && response.StatusCode == 101) != ok {
			t.Errorf("host %s: response %+v", host, response)
		}
		s.Close()
	}
}
