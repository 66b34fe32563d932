package ws_test

import (
	"bytes"
	"encoding/binary"
	"io"
	"net"
	"reflect"
	"strings"
	"testing"
	"time"

	xhttp2 "golang.org/x/net/http2"
	"golang.org/x/net/http2/hpack"

	"golws/engine/conn"
	"golws/engine/conn/conntest"
	"golws/engine/http1"
	"golws/engine/http2"
	"golws/engine/ws"
)

// carrier is a client's connection of HTTP/2 (RFC 8441).
type carrier struct {
	*xhttp2.Framer
	t      *testing.T
	conn   net.Conn
	block  bytes.Buffer
	enc    *hpack.Encoder
	stream uint32
	status string
	head   map[string]string
	data   []byte // of all streams
	ended  bool
	reset  bool
}

// carry connects to a server whose connections may begin with HTTP/2's preface.
func (s *server) carry(t *testing.T) *carrier {
	c := &carrier{t: t, conn: s.Connect(http1.NewRole), stream: 1}
	c.conn.SetDeadline(time.Now().Add(time.Minute))
	c.Framer = xhttp2.NewFramer(c.conn, c.conn)
	c.ReadMetaHeaders = hpack.NewDecoder(4096, nil)
	c.enc = hpack.NewEncoder(&c.block)
	io.WriteString(c.conn, xhttp2.ClientPreface)
	c.WriteSettings()
	return c
}

// open sends an extended CONNECT with the given fields changed or added, "name: value"; an empty value removes one.
func (c *carrier) open(changes ...string) {
	fields := []string{":method: CONNECT", ":protocol: websocket", ":scheme: http", ":path: /chat", ":authority: example.com",
		"sec-websocket-version: 13"}
	for _, change := range changes {
		name := change[:strings.Index(change[1:], ":")+1]
		kept := fields[:0:0]
		for _, f := range fields {
			if !strings.HasPrefix(f, name+":") {
				kept = append(kept, f)
			}
		}
		if fields = kept; !strings.HasSuffix(change, ": ") {
			fields = append(fields, change)
		}
	}
	c.block.Reset()
	for _, f := range fields {
		i := strings.Index(f[1:], ": ") + 1
		c.enc.WriteField(hpack.HeaderField{Name: f[:i], Value: f[i+2:]})
	}
	c.WriteHeaders(xhttp2.HeadersFrameParam{StreamID: c.stream, BlockFragment: c.block.Bytes(), EndHeaders: true})
}

// until reads frames until the condition holds, or the stream or the connection is over.
func (c *carrier) until(done func() bool) {
	c.t.Helper()
	for !done() && !c.ended {
		frame, err := c.ReadFrame()
		if err != nil {
			if !done() {
				c.t.Fatalf("the connection ends: %v", err)
			}
			return
		}
		switch f := frame.(type) {
		case *xhttp2.SettingsFrame:
			if !f.IsAck() {
				c.WriteSettingsAck()
			}
		case *xhttp2.MetaHeadersFrame:
			c.status, c.head = f.PseudoValue("status"), map[string]string{}
			for _, field := range f.RegularFields() {
				c.head[field.Name] = field.Value
			}
			c.ended = f.StreamEnded()
		case *xhttp2.DataFrame:
			c.data = append(c.data, f.Data()...)
			c.ended = f.StreamEnded()
		case *xhttp2.RSTStreamFrame:
			c.ended, c.reset = true, true
		}
	}
}

func (c *carrier) untilHead() { c.t.Helper(); c.until(func() bool { return c.status != "" }) }
func (c *carrier) untilEnd()  { c.t.Helper(); c.until(func() bool { return false }) }

// hello is a masked "Hello" of RFC 6455 section 5.7, closing an empty close frame.
const (
	hello   = "\x81\x85\x37\xfa\x21\x3d\x7f\x9f\x4d\x51\x58"
	closing = "\x88\x80\x00\x00\x00\x00"
)

func TestStreamHandshake(t *testing.T) {
	s := serve(t, nil)
	c := s.carry(t)
	c.open("sec-websocket-protocol: nothing, chat", "sec-websocket-extensions: permessage-deflate; client_max_window_bits")
	c.untilHead()
	if c.status != "200" || c.head["sec-websocket-protocol"] != "chat" ||
		!strings.HasPrefix(c.head["sec-websocket-extensions"], "permessage-deflate") {
		t.Fatalf("status %s, head %v", c.status, c.head)
	}
	for _, name := range []string{"sec-websocket-accept", "upgrade", "connection", "transfer-encoding", "content-length"} {
		if value, ok := c.head[name]; ok {
			t.Errorf("%s: %s", name, value)
		}
	}
	if c.ended {
		t.Error("the stream is over")
	}
	c.conn.Close()
	s.Close()
}

func TestStreamMessages(t *testing.T) {
	s := serve(t, nil)
	c := s.carry(t)
	c.open()
	c.untilHead()
	// Byte by byte: frames of the one kind do not begin where frames of the other do.
	for _, b := range []byte(hello) {
		c.WriteData(1, false, []byte{b})
	}
	c.until(func() bool { return len(c.data) >= 7 })
	c.WriteData(1, false, []byte(hello+hello+closing))
	c.WriteData(1, true, nil)
	c.untilEnd()
	if want := "\x81\x05Hello\x81\x05Hello\x81\x05Hello\x88\x00"; string(c.data) != want || c.reset {
		t.Errorf("received %q, reset %v", c.data, c.reset)
	}
	c.conn.Close()
	s.Close()
	want := []string{"- 29 ", "- 19 ", // the connection
		"- 29 ", "- 86 websocket", "http 49 ", "http 20 ", "http 0 ", "http 6 Hello", "http 6 Hello", "http 6 Hello", "http 38 ",
		"http 4 ", "http 30 ",
		"- 5 ", "- 30 "}
	if !reflect.DeepEqual(s.events, want) {
		t.Errorf("events %q\nexpected %q", s.events, want)
	}
}

func TestStreamRefusals(t *testing.T) {
	answer := func(text string) func(c *conn.Conn, reason conn.Reason) int {
		return func(c *conn.Conn, reason conn.Reason) int {
			if reason != conn.FilterProtocolConnection {
				return 0
			}
			if text != "" {
				if n, err := c.Write([]byte(text), conn.WriteHTTP); n != len(text) || err != nil {
					t.Errorf("write: %d, %v", n, err)
				}
			}
			return 1
		}
	}
	for _, test := range []struct {
		name, change string
		on           func(c *conn.Conn, reason conn.Reason) int
		status, body string
		field        string
	}{
		{"version", "sec-websocket-version: 8", nil, "400", "400", "sec-websocket-version"},
		{"no version", "sec-websocket-version: ", nil, "400", "400", "sec-websocket-version"},
		{"subprotocol", "sec-websocket-protocol: nothing", nil, "400", "400", ""},
		{"program", "x: y", answer(""), "403", "", ""},
		{"answer", "x: y", answer("HTTP/1.1 404 Not Found\r\nX-Why: because\r\ncontent-length: 4\r\n\r\ngone"), "404", "gone", "x-why"},
		{"upgrade", "x: y", func(c *conn.Conn, reason conn.Reason) int {
			if reason == conn.HTTPConfirmUpgrade {
				return -1
			}
			return 0
		}, "", "", ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			s := serve(t, nil)
			s.Do(func() { s.on = test.on })
			c := s.carry(t)
			c.open(test.change)
			c.untilEnd()
			if c.status != test.status || !strings.Contains(string(c.data), test.body) || test.field != "" && c.head[test.field] == "" {
				t.Errorf("status %q, head %v, body %q", c.status, c.head, c.data)
			}
			if c.reset != (test.status == "") {
				t.Errorf("reset %v", c.reset)
			}
			// The connection lives on.
			c.stream, c.status, c.ended = 3, "", false
			s.Do(func() { s.on = nil })
			c.open()
			if c.untilHead(); c.status != "200" {
				t.Errorf("the next has status %q", c.status)
			}
			c.conn.Close()
			s.Close()
		})
	}
}

// Without a close frame the WebSocket is lost, in whatever way its stream ends.
func TestStreamEnds(t *testing.T) {
	for name, end := range map[string]func(c *carrier){
		"end":        func(c *carrier) { c.WriteData(1, true, []byte(hello[:5])) },
		"reset":      func(c *carrier) { c.WriteRSTStream(1, xhttp2.ErrCodeCancel) },
		"connection": func(c *carrier) { c.conn.Close() },
		"violation":  func(c *carrier) { c.WriteData(1, false, []byte("\x81\x05Hello")) },
	} {
		t.Run(name, func(t *testing.T) {
			s := serve(t, nil)
			closed := make(chan bool, 4)
			s.Do(func() {
				s.on = func(c *conn.Conn, reason conn.Reason) int {
					if reason == conn.Closed {
						closed <- true
					}
					return 0
				}
			})
			c := s.carry(t)
			c.open()
			c.untilHead()
			end(c)
			select {
			case <-closed:
			case <-time.After(time.Minute):
				t.Error("not told")
			}
			if name == "violation" {
				c.untilEnd()
				if len(c.data) < 4 || c.data[0] != 0x88 || binary.BigEndian.Uint16(c.data[2:]) != 1002 {
					t.Errorf("received %q", c.data)
				}
			}
			c.conn.Close()
			s.Close()
			if len(closed) != 0 {
				t.Error("told twice")
			}
		})
	}
}

// Messages on streams cost no allocation, as on connections of their own.
func TestStreamAllocations(t *testing.T) {
	program := &conntest.Program{}
	program.OnEvent = func(c *conn.Conn, reason conn.Reason, in []byte, _ conn.Message) int {
		if reason == conn.Receive {
			c.Write(in, conn.WriteText)
		}
		return 0
	}
	s := &server{Server: conntest.New(t, program, conntest.DefaultVhost("chat"))}
	ws.Register(s.Thread)
	http2.Register(s.Thread)
	c := s.carry(t)
	c.open()
	c.WriteSettingsAck()
	c.WriteWindowUpdate(0, 1<<20)
	c.WriteWindowUpdate(1, 1<<20)
	buffer := make([]byte, 4096)
	for range 3 {
		s.Turn(time.Second)
	}
	c.conn.Read(buffer)
	var frame bytes.Buffer
	xhttp2.NewFramer(&frame, nil).WriteData(1, false, []byte(hello))
	once := func() {
		c.conn.Write(frame.Bytes())
		s.Turn(time.Second)
		if n, err := c.conn.Read(buffer); err != nil || !bytes.HasSuffix(buffer[:n], []byte("\x81\x05Hello")) {
			t.Fatalf("received %q, %v", buffer[:n], err)
		}
	}
	for range 100 {
		once()
	}
	if n := testing.AllocsPerRun(500, once); n != 0 {
		t.Errorf("%v allocations for a message", n)
	}
}
