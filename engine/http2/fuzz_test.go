package http2_test

import (
	"bytes"
	"io"
	"net"
	"strings"
	"testing"
	"time"

	xhttp2 "golang.org/x/net/http2"
	"golang.org/x/net/http2/hpack"

	"golws/engine/conn"
	"golws/engine/conn/conntest"
	"golws/engine/http2"
	"golws/engine/vhost"
	"golws/engine/ws"
)

// frames are bytes that write has sent.
func frames(write func(f *xhttp2.Framer, p *peer)) []byte {
	var b bytes.Buffer
	f := xhttp2.NewFramer(&b, nil)
	f.AllowIllegalWrites = true
	p := &peer{Framer: f}
	p.encoder = hpack.NewEncoder(&p.block)
	write(f, p)
	return b.Bytes()
}

// exchange has a server take input in two pieces from a client that then closes its side, and takes what it
// answers up to the end.
func exchange(t *testing.T, s *conntest.Server, input []byte, cut int) []byte {
	client := s.Connect(http2.NewRole)
	defer client.Close()
	at := min(cut, len(input))
	client.SetDeadline(time.Now().Add(20 * time.Second))
	var output []byte
	buffer := make([]byte, 256<<10)
	read := func() error {
		client.SetReadDeadline(time.Now().Add(100 * time.Microsecond))
		n, err := client.Read(buffer)
		output = append(output, buffer[:n]...)
		return err
	}
	for _, piece := range [][]byte{input[:at], input[at:]} {
		if len(piece) > 0 && len(piece) < 64<<10 {
			client.Write(piece)
		}
		s.Turn(0)
		read()
	}
	client.(*net.UnixConn).CloseWrite()
	end := time.Now().Add(20 * time.Second)
	for s.Host.Connections() > 0 {
		s.Turn(time.Millisecond)
		if err := read(); err == io.EOF {
			client.Close()
		}
		if time.Now().After(end) {
			t.Fatalf("the connection does not end after %q", input)
		}
	}
	for read() == nil {
	}
	return output
}

func fuzzServer(t *testing.T) *conntest.Server {
	v := conntest.DefaultVhost("p")
	v.Limits.Timeout, v.Limits.KeepAlive = 20*time.Millisecond, 20*time.Millisecond
	v.Mounts = []*vhost.Mount{
		{Mountpoint: "/files", Origin: t.TempDir(), Kind: vhost.OriginFile},
		{Mountpoint: "/auth", Origin: "p", Kind: vhost.OriginCallback, AuthMask: vhost.AuthCallback},
	}
	p := newProgram()
	s := conntest.New(t, &p.Program, v)
	ws.Register(s.Thread)
	return s
}

// checkFrames makes sure that what the server sent can be read.
func checkFrames(t *testing.T, output []byte) {
	f := xhttp2.NewFramer(nil, bytes.NewReader(output))
	f.ReadMetaHeaders = hpack.NewDecoder(4096, nil)
	f.MaxHeaderListSize = 1 << 20
	for {
		if _, err := f.ReadFrame(); err == io.EOF || err == io.ErrUnexpectedEOF {
			return
		} else if err != nil {
			t.Fatalf("the server sent what cannot be read: %v", err)
		}
	}
}

// Whatever frames a peer sends, in whatever pieces, are answered or refused, in frames, and nothing is left of the
// connection when the peer is gone.
func FuzzFrames(f *testing.F) {
	for _, write := range []func(f *xhttp2.Framer, p *peer){
		func(f *xhttp2.Framer, p *peer) {
			p.get(1, "/hello")
			p.get(3, "/files/x")
			f.WritePing(false, [8]byte{1, 2, 3})
			f.WriteGoAway(3, 0, nil)
		},
		func(f *xhttp2.Framer, p *peer) {
			p.headers(1, p.request("POST", "/echo", "content-length", "4"), false)
			f.WriteDataPadded(1, false, []byte("bo"), make([]byte, 3))
			f.WriteData(1, true, []byte("dy"))
			p.get(3, "/wait")
			f.WriteWindowUpdate(3, 5)
			f.WriteRSTStream(3, 8)
		},
		func(f *xhttp2.Framer, p *peer) {
			f.WriteSettings(xhttp2.Setting{ID: 4, Val: 3}, xhttp2.Setting{ID: 1, Val: 0}, xhttp2.Setting{ID: 5, Val: 20000})
			p.get(1, "/stream?n=50000")
			p.get(3, "/big?n=50000")
			f.WriteWindowUpdate(1, 20000)
			f.WriteWindowUpdate(0, 200000)
			f.WriteSettings(xhttp2.Setting{ID: 4, Val: 300000}, xhttp2.Setting{ID: 1, Val: 100})
			f.WritePriority(3, xhttp2.PriorityParam{StreamDep: 1})
		},
		func(f *xhttp2.Framer, p *peer) {
			block := p.request("POST", "/count", "trailer", "x")
			f.WriteHeaders(xhttp2.HeadersFrameParam{StreamID: 1, BlockFragment: block[:5], PadLength: 3})
			f.WriteContinuation(1, true, block[5:])
			f.WriteData(1, false, []byte("body"))
			p.headers(1, p.fields("x", "y"), true)
			p.headers(3, p.request("POST", "/hello", "content-length", "9"), false)
			f.WriteData(3, false, []byte("rest"))
			f.WriteData(3, true, []byte("of it"))
		},
		func(f *xhttp2.Framer, p *peer) {
			p.headers(1, p.fields(":method", "CONNECT", ":protocol", "websocket", ":path", "/", ":scheme", "http", ":authority", "h",
				"sec-websocket-version", "13", "sec-websocket-protocol", "p"), false)
			f.WriteData(1, false, []byte{0x81, 0x82, 1, 2, 3, 4, 5, 6})
			f.WriteData(1, false, []byte{0x88, 0x80, 1, 2, 3, 4})
			f.WriteData(1, true, nil)
		},
		func(f *xhttp2.Framer, p *peer) {
			for i := range 10 {
				p.headers(uint32(2*i+1), p.request("GET", "/interim", "te", []string{"trailers", "gzip"}[i%2]), i%3 > 0)
				f.WriteRSTStream(uint32(2*i+1), 8)
				f.WriteData(uint32(2*i+1), true, []byte("late"))
			}
		},
	} {
		f.Add(frames(write), uint16(30))
		f.Add(frames(write), uint16(0))
	}
	f.Fuzz(func(t *testing.T, input []byte, cut uint16) {
		start := frames(func(f *xhttp2.Framer, p *peer) { f.WriteSettings() })
		start = append([]byte(xhttp2.ClientPreface), start...)
		s := fuzzServer(t)
		checkFrames(t, exchange(t, s, append(start, input...), len(start)+int(cut)))
	})
}

// Any header block is a request, or the right error; the compression stays in step.
func FuzzHeaderBlock(f *testing.F) {
	for _, fields := range [][]string{
		{":method", "GET", ":path", "/tokens?a=b&c", ":scheme", "http", ":authority", "host", "cookie", "a", "cookie", "b"},
		{":method", "POST", ":path", "/a/../b", ":scheme", "https", "host", "host", "content-length", "5", "expect", "100-continue"},
		{":method", "OPTIONS", ":path", "*", ":scheme", "http", ":authority", "h"},
		{":method", "CONNECT", ":protocol", "websocket", ":path", "/", ":scheme", "http", ":authority", "h"},
		{":method", "HEAD", ":path", "/%41%zz", ":scheme", "http", ":authority", "h", "range", "bytes=0-1"},
		{":path", "/", "te", "trailers", "connection", "x", "Upper", "y"},
	} {
		f.Add(frames(func(_ *xhttp2.Framer, p *peer) { p.WriteRawFrame(0, 0, 0, p.fields(fields...)) })[9:], true, uint16(0))
	}
	f.Fuzz(func(t *testing.T, block []byte, end bool, split uint16) {
		if len(block) > 16000 {
			return
		}
		input := frames(func(f *xhttp2.Framer, p *peer) {
			f.WriteSettings()
			cut := min(int(split), len(block))
			f.WriteHeaders(xhttp2.HeadersFrameParam{StreamID: 1, BlockFragment: block[:cut], EndHeaders: cut == len(block), EndStream: end})
			if cut < len(block) {
				f.WriteContinuation(1, true, block[cut:])
			}
			p.get(3, "/hello")
		})
		s := fuzzServer(t)
		checkFrames(t, exchange(t, s, append([]byte(xhttp2.ClientPreface), input...), 1<<20))
	})
}

// Whatever a program writes as a head, in whatever pieces, becomes a header block that can be read, without the fields
// that HTTP/2 forbids.
func FuzzResponseHead(f *testing.F) {
	f.Add([]byte("HTTP/1.1 200 OK\r\ncontent-length: 5\r\nX-A: b \r\n\r\nhello"), uint16(3))
	f.Add([]byte("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 204\n\n"), uint16(30))
	f.Add([]byte("HTTP/1.0 304 x\r\nConnection: close\r\nDate: x\r\nSet-Cookie: a=b\r\n\r\n"), uint16(9))
	f.Add([]byte("nothing of the kind"), uint16(0))
	f.Add([]byte("HTTP/1.1 101 x\r\n:status: 200\r\nbad name: x\r\nx: \x01\r\nno colon\r\n\r\n"+strings.Repeat("x", 100)), uint16(0))
	f.Fuzz(func(t *testing.T, text []byte, cut uint16) {
		s := fuzzServer(t)
		s.Program.OnEvent = func(c *conn.Conn, reason conn.Reason, _ []byte, _ conn.Message) int {
			if reason != conn.HTTP {
				return 0
			}
			at := min(int(cut), len(text))
			c.Write(text[:at], conn.WriteHTTPHeaders)
			c.Write(text[at:], conn.WriteHTTP)
			return complete(c)
		}
		input := frames(func(f *xhttp2.Framer, p *peer) {
			f.WriteSettings()
			p.get(1, "/x")
			p.get(3, "/x")
		})
		output := exchange(t, s, append([]byte(xhttp2.ClientPreface), input...), 1<<20)
		reader := xhttp2.NewFramer(nil, bytes.NewReader(output))
		reader.ReadMetaHeaders = hpack.NewDecoder(4096, nil)
		reader.MaxHeaderListSize = 1 << 20
		for {
			frame, err := reader.ReadFrame()
			if err == io.EOF || err == io.ErrUnexpectedEOF {
				return
			}
			if err != nil {
				t.Fatalf("%q: %v", text, err)
			}
			head, ok := frame.(*xhttp2.MetaHeadersFrame)
			if !ok {
				continue
			}
			if head.PseudoValue("status") == "" {
				t.Fatalf("%q: no status", text)
			}
			for _, field := range head.RegularFields() {
				switch field.Name {
				case "connection", "transfer-encoding", "upgrade", "keep-alive", "proxy-connection":
					t.Fatalf("%q: field %v", text, field)
				}
			}
		}
	})
}

// Frames that are whole, in any order: each takes four bytes of the input for type, flags, stream and length, and then
// its payload. Header blocks begin with one that is right.
func FuzzFrameSequence(f *testing.F) {
	blocks := func(p *peer) [][]byte {
		return [][]byte{p.request("GET", "/hello"), p.request("POST", "/echo"), p.request("POST", "/count", "content-length", "9"),
			p.request("GET", "/stream", "x", "y"), p.request("GET", "/wait"), p.request("GET", "/big?n=70000"), p.fields("trailer", "x"),
			p.fields(":method", "CONNECT", ":protocol", "websocket", ":path", "/", ":scheme", "http", ":authority", "h",
				"sec-websocket-version", "13", "sec-websocket-protocol", "p"), p.request("GET", "/interim"), nil}
	}
	f.Add([]byte{1, 5, 1, 1, 0, 1, 5, 3, 1, 3, 8, 0, 1, 4, 0, 0, 0, 9, 3, 0, 3, 4, 0, 0, 0, 8}, uint16(0))
	f.Add([]byte{1, 4, 1, 1, 1, 0, 0, 1, 2, 7, 7, 0, 1, 1, 5, 1, 5, 1, 1, 6, 1, 4, 3, 1, 2, 0, 1, 3, 9, 1, 2, 3, 4, 5, 6, 7, 8, 9}, uint16(60))
	f.Add([]byte{4, 0, 0, 6, 0, 4, 0, 0, 0, 1, 1, 5, 1, 1, 5, 8, 0, 1, 4, 0, 1, 0, 0, 8, 0, 0, 4, 0, 1, 0, 0, 2, 0, 1, 5, 0, 0, 0, 3, 1, 6, 0, 0, 8}, uint16(5))
	f.Add([]byte{1, 4, 1, 1, 7, 0, 0, 1, 8, 0x81, 0x82, 1, 2, 3, 4, 5, 6, 0, 1, 1, 0, 7, 0, 0, 8, 0, 0, 0, 0, 0, 0, 0, 0}, uint16(80))
	f.Fuzz(func(t *testing.T, program []byte, cut uint16) {
		input := frames(func(f *xhttp2.Framer, p *peer) {
			f.WriteSettings()
			known := blocks(p)
			for len(program) >= 4 {
				kind, flags, stream := xhttp2.FrameType(program[0]%11), xhttp2.Flags(program[1]), uint32(program[2]%16)
				n := min(int(program[3]), len(program)-4)
				payload := program[4 : 4+n]
				if kind == xhttp2.FrameHeaders && n > 0 && flags&(8|0x20) == 0 {
					payload = append(bytes.Clone(known[int(payload[0])%len(known)]), payload[1:]...)
				}
				f.WriteRawFrame(kind, flags, stream, payload)
				program = program[4+n:]
			}
		})
		input = append([]byte(xhttp2.ClientPreface), input...)
		checkFrames(t, exchange(t, fuzzServer(t), input, int(cut)))
	})
}
