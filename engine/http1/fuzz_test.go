package http1_test

import (
	"io"
	"net"
	"testing"
	"time"

	"golws/engine/conn/conntest"
	"golws/engine/http1"
	"golws/engine/vhost"
)

// Whatever a peer sends, in whatever pieces, is answered or refused, and nothing is left of the
// connection when the peer is gone.
func FuzzRole(f *testing.F) {
	for _, text := range []string{
		"GET /a HTTP/1.1\r\nHost: h\r\n\r\nGET /later HTTP/1.1\r\nHost: h\r\n\r\n",
		"POST /body HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\nHEAD / HTTP/1.0\r\n\r\n",
		"POST /x HTTP/1.1\r\nHost: h\r\nContent-Length: 3\r\nExpect: 100-continue\r\n\r\nabcOPTIONS * HTTP/1.1\r\nHost: h\r\n\r\n",
		"GET /silent HTTP/1.1\r\nHost: h\r\n\r\nGET / HTTP/1.1\r\nHost: h\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n",
		"PUT /body HTTP/1.1\r\nHost: h\r\n\r\n\r\n\r\nGET /files HTTP/1.1\r\nHost: h\r\n\r\n",
		"GET /short HTTP/1.1\r\nHost: h\r\n\r\n", "GET /raw HTTP/1.1\r\nHost: h\r\n\r\n", "\r\n\x00",
		"GET /pieces HTTP/1.1\r\nHost: h\r\nRange: bytes=0-1,2-3\r\nAuthorization: Basic YTpi\r\n\r\n",
	} {
		f.Add([]byte(text), uint16(10))
	}
	directory := f.TempDir()
	f.Fuzz(func(t *testing.T, text []byte, cut uint16) {
		v := conntest.DefaultVhost("p")
		v.Mounts = []*vhost.Mount{
			{Mountpoint: "/files", Origin: directory, Kind: vhost.OriginFile},
			{Mountpoint: "/auth", Origin: "p", Kind: vhost.OriginCallback, AuthMask: vhost.AuthCallback},
		}
		p := &program{}
		p.OnEvent = p.event
		s := conntest.New(t, &p.Program, v)
		client := s.Connect(http1.NewRole)
		defer client.Close()
		at := min(int(cut), len(text))
		client.SetDeadline(time.Now().Add(20 * time.Second))
		for _, piece := range [][]byte{text[:at], text[at:]} {
			if len(piece) > 0 && len(piece) < 64<<10 {
				client.Write(piece)
			}
			s.Turn(0)
		}
		client.(*net.UnixConn).CloseWrite()
		end := time.Now().Add(20 * time.Second)
		for s.Host.Connections() > 0 {
			s.Turn(10 * time.Millisecond)
			client.SetReadDeadline(time.Now().Add(time.Millisecond))
			if _, err := io.ReadAll(client); err == nil {
				client.Close()
			}
			if time.Now().After(end) {
				t.Fatalf("the connection does not end after %q", text)
			}
		}
	})
}
