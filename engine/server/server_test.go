package server_test

import (
	"bytes"
	"compress/flate"
	"context"
	"io"
	"net"
	"net/http"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/gobwas/httphead"
	"github.com/gobwas/ws"
	"github.com/gobwas/ws/wsflate"
	"github.com/gobwas/ws/wsutil"

	"golws/engine/conn"
	"golws/engine/conn/conntest"
	"golws/engine/server"
	"golws/engine/vhost"
)

// echoProgram answers WebSocket messages with themselves and any request with a short text.
func echoProgram() *conntest.Program {
	return &conntest.Program{OnEvent: func(c *conn.Conn, reason conn.Reason, in []byte, m conn.Message) int {
		switch reason {
		case conn.HTTP:
			c.Write([]byte("HTTP/1.1 200 OK\r\ncontent-type: text/plain\r\ncontent-length: 5\r\n\r\nhello"),
				conn.WriteHTTPHeaders)
			return -1
		case conn.Receive:
			kind := conn.WriteText
			switch {
			case !m.First:
				kind = conn.WriteContinuation
			case m.Binary:
				kind = conn.WriteBinary
			}
			if m.Remaining > 0 || !m.Final {
				kind |= conn.WriteNoFin
			}
			if _, err := c.Write(in, kind); err != nil {
				return -1
			}
		}
		return 0
	}}
}

// start serves a vhost with one goroutine for each service thread.
func start(t *testing.T, threads int, v *vhost.Vhost) *conn.Host {
	t.Helper()
	x, err := server.New(echoProgram(), threads, 4096)
	if err != nil {
		t.Fatal(err)
	}
	h, err := x.AddVhost(v)
	if err != nil {
		t.Fatal(err)
	}
	var group sync.WaitGroup
	stop := make(chan struct{})
	for _, thread := range x.Threads {
		group.Go(func() {
			var lock sync.Mutex
			for {
				select {
				case <-stop:
					return
				default:
					conntest.Turn(thread, 20*time.Millisecond, &lock)
				}
			}
		})
	}
	t.Cleanup(func() {
		close(stop)
		group.Wait()
		x.Close()
	})
	return h
}

func loopback() *vhost.Vhost {
	v := conntest.DefaultVhost("echo")
	v.Interface, v.Port = "127.0.0.1", 0
	return v
}

func urlOf(h *conn.Host, scheme string) string {
	return scheme + "://127.0.0.1:" + strconv.Itoa(h.Port) + "/"
}

func exchange(t *testing.T, c net.Conn, message []byte, operation ws.OpCode) {
	t.Helper()
	c.SetDeadline(time.Now().Add(20 * time.Second))
	if err := wsutil.WriteClientMessage(c, operation, message); err != nil {
		t.Fatal(err)
	}
	got, opcode, err := wsutil.ReadServerData(c)
	if err != nil || opcode != operation || !bytes.Equal(got, message) {
		t.Fatalf("got %d bytes, opcode %v, error %v; want %d bytes", len(got), opcode, err, len(message))
	}
}

// An independent implementation of RFC 6455 talks to all service threads.
func TestGobwasClient(t *testing.T) {
	h := start(t, 3, loopback())
	for range 9 {
		c, _, handshake, err := ws.Dialer{Protocols: []string{"other", "echo"}}.Dial(context.Background(), urlOf(h, "ws"))
		if err != nil {
			t.Fatal(err)
		}
		if handshake.Protocol != "echo" {
			t.Errorf("protocol %q", handshake.Protocol)
		}
		for _, size := range []int{0, 1, 125, 126, 127, 65535, 65536, 1 << 20} {
			exchange(t, c, bytes.Repeat([]byte("x"), size), ws.OpText)
			exchange(t, c, bytes.Repeat([]byte{0xff}, size), ws.OpBinary)
		}
		ws.WriteFrame(c, ws.MaskFrame(ws.NewCloseFrame(ws.NewCloseFrameBody(ws.StatusNormalClosure, "done"))))
		frame, err := ws.ReadFrame(c)
		if err != nil || frame.Header.OpCode != ws.OpClose {
			t.Fatalf("no close frame: %v, %v", frame.Header, err)
		}
		if code, reason := ws.ParseCloseFrameData(frame.Payload); code != ws.StatusNormalClosure || reason != "done" {
			t.Errorf("close %d %q", code, reason)
		}
		if n, err := c.Read(make([]byte, 1)); n != 0 || err != io.EOF {
			t.Errorf("after the close frames: %d bytes, %v", n, err)
		}
		c.Close()
	}
}

// permessage-deflate as negotiated and spoken by another implementation.
func TestGobwasDeflate(t *testing.T) {
	v := loopback()
	v.Extensions = []vhost.Extension{{Name: "permessage-deflate"}}
	h := start(t, 1, v)
	extension := wsflate.Extension{Parameters: wsflate.Parameters{
		ServerNoContextTakeover: true, ClientNoContextTakeover: true,
	}}
	c, _, handshake, err := ws.Dialer{
		Protocols:  []string{"echo"},
		Extensions: []httphead.Option{extension.Parameters.Option()},
	}.Dial(context.Background(), urlOf(h, "ws"))
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	if len(handshake.Extensions) != 1 {
		t.Fatalf("extensions %v", handshake.Extensions)
	}
	helper := wsflate.Helper{
		Compressor:   func(w io.Writer) wsflate.Compressor { f, _ := flate.NewWriter(w, 6); return f },
		Decompressor: func(r io.Reader) wsflate.Decompressor { return flate.NewReader(r) },
	}
	c.SetDeadline(time.Now().Add(20 * time.Second))
	for _, size := range []int{1, 100, 5000, 300_000} {
		message := []byte(strings.Repeat("compressible ", size/13+1))[:size]
		frame, err := helper.CompressFrame(ws.NewTextFrame(message))
		if err != nil {
			t.Fatal(err)
		}
		ws.WriteFrame(c, ws.MaskFrameInPlace(frame))
		var packed []byte
		for final := false; !final; {
			answer, err := ws.ReadFrame(c)
			if err != nil {
				t.Fatal(err)
			}
			packed = append(packed, answer.Payload...)
			final = answer.Header.Fin
		}
		if got, err := helper.Decompress(packed); err != nil || !bytes.Equal(got, message) {
			t.Fatalf("%d bytes: got %d, %v", size, len(got), err)
		}
	}
}

// net/http gets an answer over TCP and over a unix socket.
func TestNetHTTPClient(t *testing.T) {
	h := start(t, 2, loopback())
	get := func(client *http.Client, url string) {
		t.Helper()
		response, err := client.Get(url)
		if err != nil {
			t.Fatal(err)
		}
		defer response.Body.Close()
		if body, err := io.ReadAll(response.Body); err != nil || string(body) != "hello" {
			t.Errorf("body %q, %v", body, err)
		}
	}
	for range 5 {
		get(&http.Client{Timeout: 20 * time.Second}, urlOf(h, "http"))
	}

	v := conntest.DefaultVhost("echo")
	v.Interface, v.Options = filepath.Join(t.TempDir(), "socket"), vhost.UnixSocket
	v.UID, v.GID = -1, -1
	start(t, 1, v)
	get(&http.Client{Timeout: 20 * time.Second, Transport: &http.Transport{
		DialContext: func(context.Context, string, string) (net.Conn, error) { return net.Dial("unix", v.Interface) },
	}}, "http://unix/")
}

func TestListenErrors(t *testing.T) {
	x, err := server.New(echoProgram(), 1, 4096)
	if err != nil {
		t.Fatal(err)
	}
	defer x.Close()
	h, err := x.AddVhost(loopback())
	if err != nil {
		t.Fatal(err)
	}
	other, err := server.New(echoProgram(), 1, 4096)
	if err != nil {
		t.Fatal(err)
	}
	defer other.Close()
	for name, change := range map[string]func(v *vhost.Vhost){
		"address already in use":              func(v *vhost.Vhost) { v.Port = h.Port },
		"neither an address nor an interface": func(v *vhost.Vhost) { v.Interface = "no-such-device" },
		"unix socket without a path":          func(v *vhost.Vhost) { v.Interface, v.Options = "", vhost.UnixSocket },
	} {
		v := loopback()
		change(v)
		if _, err := other.AddVhost(v); err == nil || !strings.Contains(err.Error(), name) {
			t.Errorf("got error %v, want %q", err, name)
		}
	}
	// In the same context, a second vhost shares the port.
	v := loopback()
	v.Name, v.Port = "second", h.Port
	if _, err := x.AddVhost(v); err != nil {
		t.Error(err)
	}
}
