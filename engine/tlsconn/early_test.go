package tlsconn

import (
	"bytes"
	"crypto/tls"
	"io"
	"testing"
	"time"

	"golws/engine/conn"
)

// A peer may have sent more than fits the thread's buffer before the service thread hears that the handshake is over.
func TestMoreInputThanTheBufferHolds(t *testing.T) {
	const early = readSize + readSize/2
	s := newFuzzServer(t)
	under := s.connect(t)
	client := tls.Client(under, &tls.Config{RootCAs: s.roots, ServerName: "localhost"})
	shaken := make(chan error, 1)
	go func() { shaken <- client.Handshake() }()
	var c *conn.Conn
	var transport *Transport
	for deadline := time.Now().Add(20 * time.Second); transport == nil && time.Now().Before(deadline); {
		s.Turn(5 * time.Millisecond)
		s.Do(func() {
			s.Host.EachConnection(s.Thread, func(other *conn.Conn) { c, transport = other, Of(other) })
		})
	}
	if err := <-shaken; err != nil || transport == nil {
		t.Fatalf("handshake: %v", err)
	}

	data := bytes.Repeat([]byte("0123456789abcdef~"), 20000)
	result := make(chan []byte)
	go func() {
		go func() {
			client.Write(data)
			client.CloseWrite()
		}()
		got, _ := io.ReadAll(client)
		under.Close()
		result <- got
	}()
	for buffer := make([]byte, 4096); len(transport.cipher) < early; {
		if n, err := receive(transport.descriptor, buffer); err == nil && n > 0 {
			transport.cipher = append(transport.cipher, buffer[:n]...)
		}
	}
	s.Do(func() {
		c.Pause(conn.PauseByRole)
		c.Resume(conn.PauseByRole)
	})
	s.serve(t)
	if got := <-result; !bytes.Equal(got, data) {
		t.Errorf("%d of %d bytes came back", len(got), len(data))
	}
}
