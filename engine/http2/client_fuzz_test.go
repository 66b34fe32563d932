package http2_test

import (
	"io"
	"net"
	"strings"
	"testing"
	"time"

	xhttp2 "golang.org/x/net/http2"
	"golang.org/x/net/http2/hpack"

	"golws/engine/conn"
	"golws/engine/http2"
	"golws/engine/httpclient"
	"golws/engine/vhost"
	"golws/engine/ws"
)

// Whatever frames a server sends, in whatever pieces, each request ends with one terminal event, what is sent can be read,
// and nothing is left of the connection when the server is gone.
func FuzzClientFrames(f *testing.F) {
	respond := func(p *peer, stream uint32, end bool, fields ...string) {
		p.block.Reset()
		for i := 0; i < len(fields); i += 2 {
			p.encoder.WriteField(hpack.HeaderField{Name: fields[i], Value: fields[i+1]})
		}
		p.headers(stream, append([]byte{}, p.block.Bytes()...), end)
	}
	for _, write := range []func(f *xhttp2.Framer, p *peer){
		func(f *xhttp2.Framer, p *peer) {
			f.WriteSettings(xhttp2.Setting{ID: xhttp2.SettingEnableConnectProtocol, Val: 1}, xhttp2.Setting{ID: xhttp2.SettingMaxConcurrentStreams, Val: 2})
			respond(p, 1, false, ":status", "103", "link", "x")
			respond(p, 1, false, ":status", "200", "content-length", "4")
			f.WriteDataPadded(1, false, []byte("bo"), make([]byte, 3))
			f.WriteData(1, true, []byte("dy"))
			f.WriteWindowUpdate(3, 100)
			respond(p, 3, false, ":status", "200", "set-cookie", "a", "set-cookie", "b")
			respond(p, 3, true, "x", "y")
			respond(p, 5, false, ":status", "200")
			f.WriteData(5, false, []byte("\x81\x05hello\x89\x00\x88\x02\x03\xe8"))
		},
		func(f *xhttp2.Framer, p *peer) {
			f.WriteSettings()
			f.WriteRSTStream(1, xhttp2.ErrCodeRefusedStream)
			respond(p, 3, false, ":status", "302", "location", "/")
			f.WriteGoAway(1, xhttp2.ErrCodeNo, []byte("bye"))
			f.WritePing(true, [8]byte{})
		},
		func(f *xhttp2.Framer, p *peer) {
			f.WriteSettings(xhttp2.Setting{ID: xhttp2.SettingInitialWindowSize, Val: 0}, xhttp2.Setting{ID: xhttp2.SettingHeaderTableSize, Val: 0})
			f.WriteSettingsAck()
			f.WriteHeaders(xhttp2.HeadersFrameParam{StreamID: 1, BlockFragment: []byte{0x88}, PadLength: 2, Priority: xhttp2.PriorityParam{StreamDep: 3}})
			f.WriteContinuation(1, true, nil)
			f.WriteRSTStream(1, xhttp2.ErrCodeNo)
			f.WriteSettings(xhttp2.Setting{ID: xhttp2.SettingInitialWindowSize, Val: 1 << 20})
			f.WritePushPromise(xhttp2.PushPromiseParam{StreamID: 1, PromiseID: 2})
		},
	} {
		input := frames(write)
		f.Add(input, len(input))
		f.Add(input, len(input)/2)
	}
	f.Add([]byte("HTTP/1.1 400 Bad Request\r\n\r\n"), 3)
	f.Fuzz(func(t *testing.T, input []byte, cut int) {
		a := newAskedTurned(t, func(v *vhost.Vhost) {
			v.Limits.Timeout, v.Limits.KeepAlive = 20*time.Millisecond, 20*time.Millisecond
		})
		ws.Register(a.server.Thread)
		a.OnFill = func(c *conn.Conn, _ conn.Reason, _ []byte, used int) (int, int) {
			if t := httpclient.Of(c); t.Request.Method == "POST" {
				t.SetBodyPending(c, true)
				c.RequestWritable()
			}
			return used, 0
		}
		a.on[conn.ClientHTTPWriteable] = func(c *conn.Conn, _ []byte) int {
			c.Write(make([]byte, 70_000), conn.WriteHTTPFinal)
			return 0
		}
		other := a.connect(http2.ClientConfig{KeepWarm: time.Millisecond}).(*net.UnixConn)
		defer other.Close()
		post, socket := requestOf("/"), requestOf("/")
		post.Method = "POST"
		socket.Offer = a.server.Thread.Offers["websocket"]().(httpclient.Offer)
		a.opened = append(a.opened, a.open(requestOf("/")))
		a.pending = []httpclient.Request{post, socket}
		a.server.Do(func() { a.network.Carries(&post) }) // not yet
		output := a.feed(t, other, input, cut)
		for i, c := range a.opened {
			destroyed, ends := 0, 0
			for _, event := range a.events[c] {
				switch {
				case event == "destroyed":
					destroyed++
				case event == "closed" || strings.HasPrefix(event, "error: "):
					ends++
				}
			}
			if destroyed != 1 || ends != 1 {
				t.Fatalf("request %d heard %q after %q", i, a.events[c], input)
			}
		}
		if len(output) < len(xhttp2.ClientPreface) {
			t.Fatalf("no preface, only %q", output)
		}
		checkFrames(t, output[len(xhttp2.ClientPreface):])
	})
}

// feed sends the input in two pieces, closes, and returns what came up to the end.
func (a *asked) feed(t *testing.T, other *net.UnixConn, input []byte, cut int) (output []byte) {
	buffer := make([]byte, 256<<10)
	read := func() error {
		other.SetReadDeadline(time.Now().Add(100 * time.Microsecond))
		n, err := other.Read(buffer)
		output = append(output, buffer[:n]...)
		return err
	}
	at := max(min(cut, len(input)), 0)
	a.server.Turn(0)
	read()
	for _, piece := range [][]byte{input[:at], input[at:]} {
		if len(piece) > 0 && len(piece) < 64<<10 {
			other.SetWriteDeadline(time.Now().Add(time.Second))
			other.Write(piece)
		}
		a.server.Turn(0)
		read()
	}
	other.CloseWrite()
	end := time.Now().Add(20 * time.Second)
	for a.server.Host.Connections() > 0 {
		a.server.Turn(time.Millisecond)
		if err := read(); err == io.EOF {
			other.Close()
		}
		if time.Now().After(end) {
			t.Fatalf("the connection does not end after %q", input)
		}
	}
	for read() == nil {
	}
	return output
}

// steadyClient is a request whose response goes on and on.
func steadyClient(t testing.TB) (a *asked, once func()) {
	a = newAskedTurned(t, nil)
	arrived := 0
	a.on[conn.ReceiveClientHTTPRead] = func(_ *conn.Conn, in []byte) int {
		arrived += len(in)
		return 0
	}
	s := a.scriptedTurned(http2.ClientConfig{})
	s.WriteSettings()
	c := a.open(requestOf("/"))
	delete(a.bodies, c)
	a.server.Turn(time.Second)
	s.respond(1, false, ":status", "200")
	a.server.Turn(time.Second)
	frame := frames(func(f *xhttp2.Framer, _ *peer) { f.WriteData(1, false, make([]byte, 1000)) })
	buffer := make([]byte, 64<<10)
	rounds := 0
	return a, func() {
		before := arrived
		s.conn.Write(frame)
		for arrived < before+1000 {
			a.server.Turn(time.Second)
		}
		if rounds++; rounds%50 == 0 {
			s.conn.SetReadDeadline(time.Now().Add(time.Millisecond))
			s.conn.Read(buffer) // WINDOW_UPDATE
		}
	}
}

// What arrives of a body costs no allocation.
func TestClientAllocations(t *testing.T) {
	if raceEnabled {
		t.Skip("the race detector allocates")
	}
	_, once := steadyClient(t)
	for range 1000 {
		once()
	}
	if n := testing.AllocsPerRun(1000, once); n > 0.2 { // deadlines of the socket now and then
		t.Errorf("%v allocations for a piece of a body", n)
	}
}
