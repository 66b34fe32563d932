package tlsconn

import (
	"net"
	"os"
	"testing"

	"golang.org/x/sys/unix"

	"golws/engine/conn"
	"golws/engine/tlsconfig"
	"golws/engine/vhost"
)

// ended is a role that only ends.
type ended struct{ Handshake }

func (*ended) Input(_ *conn.Conn, p []byte) int { return len(p) }
func (*ended) EOF(*conn.Conn) bool              { return true }
func (*ended) Closed(*conn.Conn)                {}

// FuzzClientHandshake answers a client with anything. The handshake fails, and is told so exactly once.
func FuzzClientHandshake(f *testing.F) {
	s := newFuzzServer(f)
	client, err := tlsconfig.NewClient(&vhost.Vhost{Name: "test", ClientTLS: &vhost.TLS{}}, func(int, string) {})
	if err != nil {
		f.Fatal(err)
	}
	f.Add([]byte("\x15\x03\x03\x00\x02\x02\x28"), 100)
	f.Add([]byte("\x16\x03\x03\x00\x04\x02\x00\x00\x00"), 3)
	f.Add([]byte("\x16\x03\x03\x00\x2a\x02\x00\x00\x26\x03\x03abcdefghijklmnopqrstuvwxyz012345\x00\xc0\x2b\x00"), 9)
	f.Add([]byte("\x16\x03\x03\xff\xffabc"), 7)
	f.Add([]byte("HTTP/1.1 400 Bad Request\r\n\r\n"), 4)
	f.Fuzz(func(t *testing.T, p []byte, piece int) {
		pair, err := unix.Socketpair(unix.AF_UNIX, unix.SOCK_STREAM|unix.SOCK_CLOEXEC|unix.SOCK_NONBLOCK, 0)
		if err != nil {
			t.Fatal(err)
		}
		file := os.NewFile(uintptr(pair[1]), "server")
		server, err := net.FileConn(file)
		file.Close()
		if err != nil {
			t.Fatal(err)
		}
		s.gone = false
		told := 0
		s.Do(func() {
			_, err = s.Thread.Adopt(pair[0], s.Host, nil, func(c *conn.Conn) conn.Role {
				BeginClient(c, client.Connection("localhost"), func(err error) {
					if told++; err == nil {
						t.Error("the handshake has succeeded")
					}
					c.SetRole(&ended{})
					c.Kill()
				})
				return c.Role()
			})
		})
		if err != nil {
			t.Fatal(err)
		}
		go write(server, p, piece)
		s.serve(t)
		if told != 1 {
			t.Errorf("told %d times", told)
		}
	})
}
