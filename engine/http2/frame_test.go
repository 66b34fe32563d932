package http2_test

import (
	"bytes"
	"encoding/binary"
	"io"
	"net"
	"strings"
	"testing"
	"time"

	xhttp2 "golang.org/x/net/http2"
	"golang.org/x/net/http2/hpack"

	"golws/engine/conn"
	"golws/engine/conn/conntest"
	"golws/engine/http1"
	"golws/engine/http2"
)

// peer speaks frames with the server.
type peer struct {
	*xhttp2.Framer
	net.Conn
	t       testing.TB
	block   bytes.Buffer
	encoder *hpack.Encoder
}

func dial(t testing.TB, s *conntest.Server, newRole func(c *conn.Conn) conn.Role) *peer {
	client := s.Connect(newRole)
	client.SetDeadline(time.Now().Add(30 * time.Second))
	p := &peer{Framer: xhttp2.NewFramer(client, client), Conn: client, t: t}
	p.AllowIllegalWrites = true
	p.encoder = hpack.NewEncoder(&p.block)
	p.ReadMetaHeaders = hpack.NewDecoder(4096, nil)
	return p
}

// connect makes a connection and exchanges settings.
func connect(t testing.TB, s *conntest.Server, settings ...xhttp2.Setting) *peer {
	p := dial(t, s, http2.NewRole)
	io.WriteString(p.Conn, xhttp2.ClientPreface)
	p.WriteSettings(settings...)
	for acknowledged := false; !acknowledged; {
		f, err := p.ReadFrame()
		if err != nil {
			t.Fatal(err)
		}
		if s, ok := f.(*xhttp2.SettingsFrame); ok {
			if acknowledged = s.IsAck(); !acknowledged {
				p.WriteSettingsAck()
			}
		}
	}
	return p
}

func (p *peer) fields(fields ...string) []byte {
	p.block.Reset()
	for i := 0; i < len(fields); i += 2 {
		p.encoder.WriteField(hpack.HeaderField{Name: fields[i], Value: fields[i+1]})
	}
	return bytes.Clone(p.block.Bytes())
}

func (p *peer) request(method, path string, more ...string) []byte {
	return p.fields(append([]string{":method", method, ":path", path, ":scheme", "http", ":authority", "host"}, more...)...)
}

func (p *peer) headers(stream uint32, block []byte, end bool) {
	p.WriteHeaders(xhttp2.HeadersFrameParam{StreamID: stream, BlockFragment: block, EndHeaders: true, EndStream: end})
}

func (p *peer) get(stream uint32, path string) { p.headers(stream, p.request("GET", path), true) }

// until reads frames up to one that f accepts.
func (p *peer) until(what string, f func(xhttp2.Frame) bool) {
	p.t.Helper()
	for {
		frame, err := p.ReadFrame()
		if _, stream := err.(xhttp2.StreamError); stream {
			p.t.Errorf("%s: %v", what, err)
			continue
		}
		if err != nil {
			p.t.Fatalf("%s: %v", what, err)
		}
		if f(frame) {
			return
		}
	}
}

// goneAway expects the connection to end with a code.
func (p *peer) goneAway(code xhttp2.ErrCode) {
	p.t.Helper()
	p.until("GOAWAY "+code.String(), func(f xhttp2.Frame) bool {
		g, ok := f.(*xhttp2.GoAwayFrame)
		if ok && g.ErrCode != code {
			p.t.Errorf("GOAWAY with %v (%s), want %v", g.ErrCode, g.DebugData(), code)
		}
		return ok
	})
	io.Copy(io.Discard, p.Conn) // up to the end
	p.Close()
}

// wasReset expects a stream to be reset with a code.
func (p *peer) wasReset(stream uint32, code xhttp2.ErrCode) {
	p.t.Helper()
	p.until("RST_STREAM "+code.String(), func(f xhttp2.Frame) bool {
		r, ok := f.(*xhttp2.RSTStreamFrame)
		if g, is := f.(*xhttp2.GoAwayFrame); is {
			p.t.Fatalf("GOAWAY with %v (%s), want a reset with %v", g.ErrCode, g.DebugData(), code)
		}
		if ok && (r.ErrCode != code || r.StreamID != stream) {
			p.t.Errorf("stream %d reset with %v, want %d with %v", r.StreamID, r.ErrCode, stream, code)
		}
		return ok
	})
}

// answered expects the end of a response.
func (p *peer) answered(stream uint32, status string) (body []byte) {
	p.t.Helper()
	p.until("a response", func(f xhttp2.Frame) bool {
		if f.Header().StreamID != stream {
			return false
		}
		switch f := f.(type) {
		case *xhttp2.MetaHeadersFrame:
			if got := f.PseudoValue("status"); got != status && got[0] != '1' {
				p.t.Errorf("status %s, want %s", got, status)
			}
			return f.StreamEnded()
		case *xhttp2.DataFrame:
			body = append(body, f.Data()...)
			return f.StreamEnded()
		case *xhttp2.RSTStreamFrame:
			p.t.Fatalf("reset with %v", f.ErrCode)
		}
		return false
	})
	return body
}

func TestConnectionErrors(t *testing.T) {
	program := newProgram()
	s := serve(t, program)
	for _, test := range []struct {
		name string
		code xhttp2.ErrCode
		send func(p *peer)
	}{
		{"DATA on stream 0", xhttp2.ErrCodeProtocol, func(p *peer) { p.WriteData(0, true, nil) }},
		{"DATA on an idle stream", xhttp2.ErrCodeProtocol, func(p *peer) { p.WriteData(5, true, nil) }},
		{"HEADERS on stream 0", xhttp2.ErrCodeProtocol, func(p *peer) { p.get(0, "/") }},
		{"HEADERS on an even stream", xhttp2.ErrCodeProtocol, func(p *peer) { p.get(2, "/") }},
		{"HEADERS on a closed stream", xhttp2.ErrCodeStreamClosed, func(p *peer) {
			p.get(5, "/hello")
			p.answered(5, "200")
			p.get(3, "/hello")
		}},
		{"PRIORITY on stream 0", xhttp2.ErrCodeProtocol, func(p *peer) { p.WriteRawFrame(xhttp2.FramePriority, 0, 0, make([]byte, 5)) }},
		{"RST_STREAM on stream 0", xhttp2.ErrCodeProtocol, func(p *peer) { p.WriteRSTStream(0, 0) }},
		{"RST_STREAM on an idle stream", xhttp2.ErrCodeProtocol, func(p *peer) { p.WriteRSTStream(7, 0) }},
		{"RST_STREAM of 3 bytes", xhttp2.ErrCodeFrameSize, func(p *peer) { p.WriteRawFrame(xhttp2.FrameRSTStream, 0, 1, make([]byte, 3)) }},
		{"SETTINGS on a stream", xhttp2.ErrCodeProtocol, func(p *peer) { p.WriteRawFrame(xhttp2.FrameSettings, 0, 1, nil) }},
		{"SETTINGS of 5 bytes", xhttp2.ErrCodeFrameSize, func(p *peer) { p.WriteRawFrame(xhttp2.FrameSettings, 0, 0, make([]byte, 5)) }},
		{"SETTINGS ack with a payload", xhttp2.ErrCodeFrameSize, func(p *peer) { p.WriteRawFrame(xhttp2.FrameSettings, 1, 0, make([]byte, 6)) }},
		{"initial window", xhttp2.ErrCodeFlowControl, func(p *peer) { p.WriteSettings(xhttp2.Setting{ID: xhttp2.SettingInitialWindowSize, Val: 1 << 31}) }},
		{"frame size", xhttp2.ErrCodeProtocol, func(p *peer) { p.WriteSettings(xhttp2.Setting{ID: xhttp2.SettingMaxFrameSize, Val: 100}) }},
		{"push", xhttp2.ErrCodeProtocol, func(p *peer) { p.WriteSettings(xhttp2.Setting{ID: xhttp2.SettingEnablePush, Val: 2}) }},
		{"PUSH_PROMISE", xhttp2.ErrCodeProtocol, func(p *peer) {
			p.WritePushPromise(xhttp2.PushPromiseParam{StreamID: 1, PromiseID: 2, EndHeaders: true})
		}},
		{"PING of 7 bytes", xhttp2.ErrCodeFrameSize, func(p *peer) { p.WriteRawFrame(xhttp2.FramePing, 0, 0, make([]byte, 7)) }},
		{"PING on a stream", xhttp2.ErrCodeProtocol, func(p *peer) { p.WriteRawFrame(xhttp2.FramePing, 0, 1, make([]byte, 8)) }},
		{"GOAWAY on a stream", xhttp2.ErrCodeProtocol, func(p *peer) { p.WriteRawFrame(xhttp2.FrameGoAway, 0, 1, make([]byte, 8)) }},
		{"WINDOW_UPDATE by 0", xhttp2.ErrCodeProtocol, func(p *peer) { p.WriteWindowUpdate(0, 0) }},
		{"WINDOW_UPDATE of 3 bytes", xhttp2.ErrCodeFrameSize, func(p *peer) { p.WriteRawFrame(xhttp2.FrameWindowUpdate, 0, 0, make([]byte, 3)) }},
		{"WINDOW_UPDATE on an idle stream", xhttp2.ErrCodeProtocol, func(p *peer) { p.WriteWindowUpdate(9, 1) }},
		{"window overflow", xhttp2.ErrCodeFlowControl, func(p *peer) {
			p.WriteWindowUpdate(0, 1<<31-1)
			p.WriteWindowUpdate(0, 1)
		}},
		{"CONTINUATION without HEADERS", xhttp2.ErrCodeProtocol, func(p *peer) { p.WriteContinuation(1, true, nil) }},
		{"a frame inside a header block", xhttp2.ErrCodeProtocol, func(p *peer) {
			p.WriteHeaders(xhttp2.HeadersFrameParam{StreamID: 1, BlockFragment: p.request("GET", "/")})
			p.WritePing(false, [8]byte{})
		}},
		{"padding", xhttp2.ErrCodeProtocol, func(p *peer) {
			p.WriteRawFrame(xhttp2.FrameHeaders, 8|4, 1, []byte{200, 1, 2})
		}},
		{"large frame", xhttp2.ErrCodeFrameSize, func(p *peer) { p.WriteRawFrame(20, 0, 0, make([]byte, 16385)) }},
		{"compression", xhttp2.ErrCodeCompression, func(p *peer) { p.headers(1, []byte{0xff, 0xff, 0xff, 0xff, 0x0f}, true) }},
	} {
		t.Run(test.name, func(t *testing.T) {
			p := connect(t, s)
			p.t = t
			test.send(p)
			p.goneAway(test.code)
		})
	}
	t.Run("preface", func(t *testing.T) {
		p := dial(t, s, http2.NewRole)
		io.WriteString(p.Conn, "GET / HTTP/1.1\r\nHost: host\r\n\r\n")
		p.goneAway(xhttp2.ErrCodeProtocol)
	})
	t.Run("no SETTINGS", func(t *testing.T) {
		p := dial(t, s, http2.NewRole)
		io.WriteString(p.Conn, xhttp2.ClientPreface)
		p.WritePing(false, [8]byte{})
		p.goneAway(xhttp2.ErrCodeProtocol)
	})
	eventually(t, "all connections end", func() bool { return s.Host.Connections() == 0 })
}

func TestStreamErrors(t *testing.T) {
	s := serve(t, newProgram())
	for _, test := range []struct {
		name string
		code xhttp2.ErrCode
		send func(p *peer)
	}{
		{"name in upper case", xhttp2.ErrCodeProtocol, func(p *peer) { p.headers(1, p.request("GET", "/", "Upper", "x"), true) }},
		{"value with a line break", xhttp2.ErrCodeProtocol, func(p *peer) { p.headers(1, p.request("GET", "/", "x", "a\r\nb: c"), true) }},
		{"value with a space before it", xhttp2.ErrCodeProtocol, func(p *peer) { p.headers(1, p.request("GET", "/", "x", " a"), true) }},
		{"connection", xhttp2.ErrCodeProtocol, func(p *peer) { p.headers(1, p.request("GET", "/", "connection", "close"), true) }},
		{"transfer-encoding", xhttp2.ErrCodeProtocol, func(p *peer) { p.headers(1, p.request("POST", "/", "transfer-encoding", "chunked"), true) }},
		{"te", xhttp2.ErrCodeProtocol, func(p *peer) { p.headers(1, p.request("GET", "/", "te", "gzip"), true) }},
		{"unknown pseudo-header field", xhttp2.ErrCodeProtocol, func(p *peer) { p.headers(1, p.request("GET", "/", ":x", "y"), true) }},
		{"pseudo-header field behind others", xhttp2.ErrCodeProtocol, func(p *peer) {
			p.headers(1, p.fields(":method", "GET", ":path", "/", "x", "y", ":scheme", "http"), true)
		}},
		{"two paths", xhttp2.ErrCodeProtocol, func(p *peer) { p.headers(1, p.request("GET", "/", ":path", "/"), true) }},
		{"no path", xhttp2.ErrCodeProtocol, func(p *peer) { p.headers(1, p.fields(":method", "GET", ":scheme", "http"), true) }},
		{"empty path", xhttp2.ErrCodeProtocol, func(p *peer) { p.headers(1, p.request("GET", ""), true) }},
		{"host is another one", xhttp2.ErrCodeProtocol, func(p *peer) { p.headers(1, p.request("GET", "/", "host", "other"), true) }},
		{"protocol without CONNECT", xhttp2.ErrCodeProtocol, func(p *peer) {
			p.headers(1, p.fields(":method", "GET", ":protocol", "x", ":path", "/", ":scheme", "http"), true)
		}},
		{"body too long", xhttp2.ErrCodeProtocol, func(p *peer) {
			p.headers(1, p.request("POST", "/count", "content-length", "3"), false)
			p.WriteData(1, true, []byte("four"))
		}},
		{"body too short", xhttp2.ErrCodeProtocol, func(p *peer) {
			p.headers(1, p.request("POST", "/count", "content-length", "5"), false)
			p.WriteData(1, true, []byte("four"))
		}},
		{"no body", xhttp2.ErrCodeProtocol, func(p *peer) { p.headers(1, p.request("POST", "/count", "content-length", "5"), true) }},
		{"body too short, the response is complete", xhttp2.ErrCodeProtocol, func(p *peer) {
			p.headers(1, p.request("POST", "/hello", "content-length", "5"), false)
			p.answered(1, "200")
			p.WriteData(1, true, []byte("four"))
		}},
		{"DATA after END_STREAM", xhttp2.ErrCodeStreamClosed, func(p *peer) {
			p.get(1, "/wait")
			p.WriteData(1, false, []byte("x"))
		}},
		{"trailers without END_STREAM", xhttp2.ErrCodeProtocol, func(p *peer) {
			p.headers(1, p.request("POST", "/count"), false)
			p.headers(1, p.fields("x", "y"), false)
		}},
		{"pseudo-header field in trailers", xhttp2.ErrCodeProtocol, func(p *peer) {
			p.headers(1, p.request("POST", "/count"), false)
			p.headers(1, p.fields(":path", "y"), true)
		}},
		{"stream window overflow", xhttp2.ErrCodeFlowControl, func(p *peer) {
			p.get(1, "/wait")
			p.WriteWindowUpdate(1, 1<<31-1)
		}},
		{"stream WINDOW_UPDATE by 0", xhttp2.ErrCodeProtocol, func(p *peer) {
			p.get(1, "/wait")
			p.WriteWindowUpdate(1, 0)
		}},
		{"PRIORITY of 4 bytes", xhttp2.ErrCodeFrameSize, func(p *peer) { p.WriteRawFrame(xhttp2.FramePriority, 0, 1, make([]byte, 4)) }},
		{"short response", xhttp2.ErrCodeInternal, func(p *peer) { p.get(1, "/short") }},
		{"the program hangs up", xhttp2.ErrCodeCancel, func(p *peer) { p.get(1, "/close") }},
	} {
		t.Run(test.name, func(t *testing.T) {
			p := connect(t, s)
			p.t = t
			test.send(p)
			p.wasReset(1, test.code)
			p.get(3, "/hello")
			if body := p.answered(3, "200"); string(body) != "hello" {
				t.Errorf("then %q", body)
			}
		})
	}
}

// What is acceptable is served, however unusual.
func TestUnusualRequests(t *testing.T) {
	s := serve(t, newProgram())
	p := connect(t, s)
	block := p.request("POST", "/echo", "expect", "100-continue", "cookie", "a=1", "cookie", "b=2")
	p.WriteHeaders(xhttp2.HeadersFrameParam{StreamID: 1, BlockFragment: block[:3], PadLength: 7,
		Priority: xhttp2.PriorityParam{StreamDep: 11, Weight: 3}})
	p.WriteContinuation(1, false, block[3:10])
	p.WriteContinuation(1, false, nil)
	p.WriteContinuation(1, true, block[10:])
	p.WriteDataPadded(1, false, []byte("bo"), make([]byte, 50))
	p.WriteData(1, false, nil)
	p.WriteRawFrame(99, 0xff, 1, []byte("unknown"))
	p.WriteData(1, false, []byte("dy"))
	p.headers(1, p.fields("trailer", "x"), true)
	if body := p.answered(1, "200"); string(body) != "body" {
		t.Errorf("body %q", body)
	}
	p.headers(3, p.request("OPTIONS", "*"), true)
	p.answered(3, "200")
	p.headers(5, p.request("BREW", "/"), true)
	p.answered(5, "501")
	p.headers(7, p.fields(":method", "CONNECT", ":authority", "elsewhere:443"), true)
	p.answered(7, "405")
	p.headers(9, p.request("GET", "/%zz"), true)
	p.answered(9, "403")
	p.headers(11, p.fields(":method", "GET", ":path", "/", ":scheme", "http"), true)
	p.answered(11, "400") // neither :authority nor host
	p.headers(13, p.fields(":method", "CONNECT", ":protocol", "smtp", ":path", "/", ":scheme", "http", ":authority", "h"), false)
	p.answered(13, "501")
}

func TestHeaderListTooLarge(t *testing.T) {
	s := serve(t, newProgram())
	p := connect(t, s)
	// Small on the wire: one entry of the dynamic table, many times.
	block := p.request("GET", "/", "x", strings.Repeat("y", 3000))
	for range 100 {
		block = append(block, p.fields("x", strings.Repeat("y", 3000))...)
	}
	p.headers(1, block, true)
	p.answered(1, "431")
	many := []string{}
	for range 200 {
		many = append(many, "x", "y")
	}
	p.headers(3, p.request("GET", "/", many...), true)
	p.answered(3, "431")
	long := p.request("GET", "/"+strings.Repeat("y", 70<<10))
	p.WriteHeaders(xhttp2.HeadersFrameParam{StreamID: 7, BlockFragment: long[:16000], EndStream: true})
	for long = long[16000:]; len(long) > 16000; long = long[16000:] {
		p.WriteContinuation(7, false, long[:16000])
	}
	p.WriteContinuation(7, true, long)
	p.answered(7, "431")
	p.get(9, "/hello")
	p.answered(9, "200") // the compression is in step
}

// Floods end the connection with ENHANCE_YOUR_CALM and a line in the log, and the program is not called for each.
func TestFloods(t *testing.T) {
	for _, test := range []struct {
		name string
		send func(p *peer, i int)
	}{
		{"rapid reset", func(p *peer, i int) {
			p.get(uint32(2*i+1), "/wait")
			p.WriteRSTStream(uint32(2*i+1), xhttp2.ErrCodeCancel)
		}},
		{"made you reset", func(p *peer, i int) {
			p.get(uint32(2*i+1), "/wait")
			p.WriteWindowUpdate(uint32(2*i+1), 0)
		}},
		{"malformed requests", func(p *peer, i int) { p.headers(uint32(2*i+1), p.request("GET", "/", "te", "x"), true) }},
		{"SETTINGS", func(p *peer, i int) { p.WriteSettings() }},
		{"SETTINGS with many values", func(p *peer, i int) {
			p.WriteRawFrame(xhttp2.FrameSettings, 0, 0, bytes.Repeat([]byte{0, 4, 0, 0, 0, 9}, 2000))
		}},
		{"PING", func(p *peer, i int) { p.WritePing(false, [8]byte{}) }},
		{"PRIORITY", func(p *peer, i int) { p.WritePriority(1, xhttp2.PriorityParam{StreamDep: 3}) }},
		{"unknown frames", func(p *peer, i int) { p.WriteRawFrame(77, 0, 0, nil) }},
		{"WINDOW_UPDATE", func(p *peer, i int) { p.WriteWindowUpdate(0, 1) }},
		{"empty DATA", func(p *peer, i int) {
			if i == 0 {
				p.headers(1, p.request("POST", "/count"), false)
			}
			p.WriteData(1, false, nil)
		}},
		{"CONTINUATION", func(p *peer, i int) {
			if i == 0 {
				p.WriteHeaders(xhttp2.HeadersFrameParam{StreamID: 1})
			}
			p.WriteContinuation(1, false, nil)
		}},
		{"endless header block", func(p *peer, i int) {
			if i == 0 {
				p.WriteHeaders(xhttp2.HeadersFrameParam{StreamID: 1})
			}
			block := binary.AppendUvarint([]byte{0, 1, 'x', 0x7f}, 16300-127)
			p.WriteContinuation(1, false, append(block, make([]byte, 16300)...))
		}},
	} {
		t.Run(test.name, func(t *testing.T) {
			program := newProgram()
			s := serve(t, program)
			p := connect(t, s)
			p.t = t
			go func() {
				for i := range 20000 {
					test.send(p, i)
				}
			}()
			p.goneAway(xhttp2.ErrCodeEnhanceYourCalm)
			if !strings.Contains(program.Logged(), "ENHANCE_YOUR_CALM") {
				t.Errorf("log %q", program.Logged())
			}
			if n := strings.Count(program.log(), "HTTP"); n > 300 {
				t.Errorf("%d requests were served", n)
			}
			p.Close()
			eventually(t, "the connection ends", func() bool { return s.Host.Connections() == 0 })
		})
	}
}

// Resets are no flood as long as most requests are completed.
func TestResetsBetweenRequests(t *testing.T) {
	s := serve(t, newProgram())
	p := connect(t, s)
	for i := range 1000 {
		stream := uint32(4*i + 1)
		p.get(stream, "/wait")
		p.WriteRSTStream(stream, xhttp2.ErrCodeCancel)
		p.get(stream+2, "/hello")
		p.answered(stream+2, "200")
	}
}

// A peer that reads nothing cannot fill the memory with answers, and is given up.
func TestPeerThatReadsNothing(t *testing.T) {
	program := newProgram()
	v := conntest.DefaultVhost("p")
	v.Limits.Timeout, v.Limits.KeepAlive = 200*time.Millisecond, 200*time.Millisecond
	s := conntest.New(t, &program.Program, v)
	s.Start()
	p := connect(t, s)
	go func() {
		for i := range 1 << 20 {
			p.get(uint32(2*i+1), "/hello")
		}
	}()
	most := int64(0)
	eventually(t, "the connection ends", func() bool {
		s.Do(func() {
			s.Host.EachConnection(s.Thread, func(c *conn.Conn) {
				if c.Parent() == nil {
					most = max(most, c.QueuedBytes())
				}
			})
		})
		return s.Host.Connections() == 0
	})
	if most > 512<<10 {
		t.Errorf("%d bytes were queued", most)
	}
}

// A response that its peer grants no window for is given up, and says so.
func TestStalledStream(t *testing.T) {
	program := newProgram()
	v := conntest.DefaultVhost("p")
	v.Limits.Timeout = 100 * time.Millisecond
	s := conntest.New(t, &program.Program, v)
	s.Start()
	p := connect(t, s, xhttp2.Setting{ID: xhttp2.SettingInitialWindowSize, Val: 1})
	p.get(1, "/stream?n=1000000")
	p.get(3, "/big?n=1000000")
	resets := map[uint32]xhttp2.ErrCode{}
	p.until("resets", func(f xhttp2.Frame) bool {
		if r, ok := f.(*xhttp2.RSTStreamFrame); ok {
			resets[r.StreamID] = r.ErrCode
		}
		return len(resets) == 2
	})
	if resets[1] != xhttp2.ErrCodeCancel || resets[3] != xhttp2.ErrCodeCancel {
		t.Errorf("resets %v", resets)
	}
	p.WriteSettings(xhttp2.Setting{ID: xhttp2.SettingInitialWindowSize, Val: 65535})
	p.get(5, "/hello")
	p.answered(5, "200")
}

// A window of one byte at a time still gets all.
func TestTinyWindow(t *testing.T) {
	s := serve(t, newProgram())
	p := connect(t, s, xhttp2.Setting{ID: xhttp2.SettingInitialWindowSize, Val: 0})
	p.get(1, "/hello")
	var body []byte
	p.WriteWindowUpdate(1, 1)
	p.until("the body", func(f xhttp2.Frame) bool {
		d, ok := f.(*xhttp2.DataFrame)
		if !ok {
			return false
		}
		if len(d.Data()) > 1 {
			t.Errorf("%d bytes at once", len(d.Data()))
		}
		body = append(body, d.Data()...)
		p.WriteWindowUpdate(1, 1)
		return d.StreamEnded()
	})
	if string(body) != "hello" {
		t.Errorf("body %q", body)
	}
}

// The windows of streams follow SETTINGS_INITIAL_WINDOW_SIZE, below zero too.
func TestWindowShrinks(t *testing.T) {
	s := serve(t, newProgram())
	p := connect(t, s, xhttp2.Setting{ID: xhttp2.SettingInitialWindowSize, Val: 3})
	p.get(1, "/later")
	received := 0
	p.until("3 bytes", func(f xhttp2.Frame) bool {
		if d, ok := f.(*xhttp2.DataFrame); ok {
			received += len(d.Data())
		}
		return received == 3
	})
	p.WriteSettings(xhttp2.Setting{ID: xhttp2.SettingInitialWindowSize, Val: 1}) // window -2
	p.WriteWindowUpdate(1, 2)                                                    // 0
	p.WritePing(false, [8]byte{1})
	p.until("PING", func(f xhttp2.Frame) bool {
		if _, ok := f.(*xhttp2.DataFrame); ok {
			t.Error("DATA beyond the window")
		}
		_, ok := f.(*xhttp2.PingFrame)
		return ok
	})
	p.WriteSettings(xhttp2.Setting{ID: xhttp2.SettingInitialWindowSize, Val: 3}) // 2
	if body := p.answered(1, "200"); string(body) != "er" {
		t.Errorf("rest %q", body)
	}
}

func TestConcurrentStreams(t *testing.T) {
	program := newProgram()
	v := conntest.DefaultVhost("p")
	v.HTTP2Settings = []uint32{0, 0, 0, 2, 100}
	s := conntest.New(t, &program.Program, v)
	s.Start()
	p := connect(t, s)
	p.get(1, "/wait")
	p.get(3, "/wait")
	p.get(5, "/wait")
	p.wasReset(5, xhttp2.ErrCodeRefusedStream)
	p.WriteRSTStream(1, xhttp2.ErrCodeCancel)
	p.get(7, "/hello")
	p.answered(7, "200")
	// The window that the vhost chose is enforced.
	p.WriteRSTStream(3, xhttp2.ErrCodeCancel)
	p.headers(9, p.request("POST", "/count"), false)
	p.WriteData(9, false, make([]byte, 101))
	p.wasReset(9, xhttp2.ErrCodeFlowControl)
}

func TestGracefulEnd(t *testing.T) {
	program := newProgram()
	s := serve(t, program)
	p := connect(t, s)
	p.get(1, "/wait")
	eventually(t, "the request arrives", func() bool { return strings.Contains(program.log(), "HTTP") })
	s.Do(func() { program.waiting[0].Parent().Finish() })
	p.get(3, "/hello") // too late: to be tried elsewhere
	p.headers(5, p.request("POST", "/hello"), false)
	p.WriteData(5, true, []byte("body"))
	p.WriteWindowUpdate(5, 1)
	p.WriteRSTStream(3, xhttp2.ErrCodeCancel)
	p.until("GOAWAY", func(f xhttp2.Frame) bool {
		g, ok := f.(*xhttp2.GoAwayFrame)
		if ok && (g.ErrCode != 0 || g.LastStreamID != 1) {
			t.Errorf("%v", g)
		}
		return ok
	})
	s.Do(func() { program.waiting[0].RequestWritable() })
	if body := p.answered(1, "200"); string(body) != "later" {
		t.Errorf("body %q", body)
	}
	if rest, err := io.ReadAll(p.Conn); err != nil || len(rest) != 0 {
		t.Errorf("then %x, %v", rest, err)
	}
}

func TestIdleTimeout(t *testing.T) {
	program := newProgram()
	v := conntest.DefaultVhost("p")
	v.Limits.KeepAlive, v.Limits.HeadTimeout = 300*time.Millisecond, 300*time.Millisecond
	s := conntest.New(t, &program.Program, v)
	s.Start()
	p := connect(t, s)
	p.get(1, "/hello")
	p.answered(1, "200")
	p.goneAway(xhttp2.ErrCodeNo)

	p = dial(t, s, http2.NewRole)
	io.WriteString(p.Conn, xhttp2.ClientPreface[:5])
	io.Copy(io.Discard, p.Conn) // ends without a preface

	p = connect(t, s)
	p.WriteHeaders(xhttp2.HeadersFrameParam{StreamID: 1, BlockFragment: p.request("GET", "/")})
	p.goneAway(xhttp2.ErrCodeEnhanceYourCalm)
}

// HTTP/1 hands a connection over that begins with the preface of HTTP/2, wherever the packets end.
func TestPriorKnowledge(t *testing.T) {
	program := newProgram()
	s := conntest.New(t, &program.Program, conntest.DefaultVhost("p"))
	http2.Register(s.Thread)
	s.Start()
	for _, cut := range []int{0, 1, 3, 10, 23} {
		p := dial(t, s, http1.NewRole)
		io.WriteString(p.Conn, xhttp2.ClientPreface[:cut])
		time.Sleep(time.Millisecond)
		io.WriteString(p.Conn, xhttp2.ClientPreface[cut:])
		p.WriteSettings()
		p.get(1, "/hello")
		p.answered(1, "200")
		p.Close()
	}
	client := s.Connect(http1.NewRole)
	io.WriteString(client, "PRI * HTTP/1.1\r\nHost: h\r\n\r\n")
	buffer := make([]byte, 12)
	if io.ReadFull(client, buffer); string(buffer) != "HTTP/1.1 501" {
		t.Errorf("%q", buffer)
	}
}

// The peer's end does not take what is on its way from it.
func TestPeerClosesItsSide(t *testing.T) {
	s := serve(t, newProgram())
	p := connect(t, s)
	p.get(1, "/big?n=32768")
	p.get(3, "/wait")
	p.Conn.(*net.UnixConn).CloseWrite()
	if body := p.answered(1, "200"); len(body) != 32768 {
		t.Errorf("%d bytes", len(body))
	}
	eventually(t, "the connection ends", func() bool { return s.Host.Connections() == 0 })
}

// When the server ends, its peers hear so, and the program of each stream before that of the connection.
func TestServerEnds(t *testing.T) {
	program := newProgram()
	s := serve(t, program)
	p := connect(t, s)
	p.get(1, "/wait")
	p.get(3, "/wait")
	eventually(t, "the requests arrive", func() bool { return strings.Count(program.log(), "HTTP") == 2 })
	s.Do(func() { s.Host.EachConnection(s.Thread, (*conn.Conn).Kill) })
	p.until("GOAWAY", func(f xhttp2.Frame) bool {
		g, ok := f.(*xhttp2.GoAwayFrame)
		if ok && (g.ErrCode != 0 || g.LastStreamID != 3) {
			t.Errorf("%v", g)
		}
		return ok
	})
	eventually(t, "the connection ends", func() bool { return s.Host.Connections() == 0 })
	if !strings.HasSuffix(program.log(), "#1CLOSED #1DESTROY") {
		t.Errorf("events %s", program.log())
	}
}

// A stream that was found to have no window is served when it has one, whatever the program asked before.
func TestWindowComesLater(t *testing.T) {
	program := newProgram()
	s := serve(t, program)
	for _, ask := range []func(c *conn.Conn){
		func(c *conn.Conn) { c.Choked() },
		func(c *conn.Conn) { c.RequestWritable() },
	} {
		p := connect(t, s, xhttp2.Setting{ID: xhttp2.SettingInitialWindowSize, Val: 0})
		p.get(1, "/wait")
		eventually(t, "the request arrives", func() (arrived bool) {
			s.Do(func() { arrived = len(program.waiting) == 1 })
			return arrived
		})
		s.Do(func() { ask(program.waiting[0]) })
		p.WriteWindowUpdate(1, 100)
		p.WritePing(false, [8]byte{})
		p.until("PING", func(f xhttp2.Frame) bool {
			_, ok := f.(*xhttp2.PingFrame)
			return ok || f.Header().Type == xhttp2.FrameHeaders
		})
		s.Do(func() { program.waiting[0].RequestWritable() })
		body := p.answered(1, "200")
		if string(body) != "later" {
			t.Errorf("body %q", body)
		}
		program.waiting = nil
		p.Close()
	}
}

// The change from HTTP/1.1 that RFC 7540 had is not made.
func TestNoUpgrade(t *testing.T) {
	program := newProgram()
	s := conntest.New(t, &program.Program, conntest.DefaultVhost("p"))
	http2.Register(s.Thread)
	s.Start()
	client := s.Connect(http1.NewRole)
	io.WriteString(client, "GET /hello HTTP/1.1\r\nHost: host\r\nUpgrade: h2c\r\nConnection: Upgrade, HTTP2-Settings\r\n"+
		"HTTP2-Settings: AAQAAAAD\r\n\r\n")
	head := make([]byte, 12)
	if io.ReadFull(client, head); string(head) != "HTTP/1.1 200" {
		t.Errorf("%q", head)
	}
}
