package tlsconn

import (
	"bytes"
	"crypto/tls"
	"io"
	"testing"
)

// Where this fails, crypto/tls has changed: all still works, but idle connections keep the buffers that lend.go
// is about, and records are copied.
func TestBuffersAreFound(t *testing.T) {
	if rawInput == 0 || hand == 0 {
		t.Error("tls.Conn has no bytes.Buffer called rawInput or hand")
	}
}

// Without those fields, all works by copying.
func TestWithoutLending(t *testing.T) {
	defer func(a, b uintptr) { rawInput, hand = a, b }(rawInput, hand)
	rawInput, hand = 0, 0
	s := newFuzzServer(t)
	under := s.connect(t)
	data := bytes.Repeat([]byte("0123456789abcdef~"), 40000)
	result := make(chan []byte)
	go func() {
		client := tls.Client(under, &tls.Config{RootCAs: s.roots, ServerName: "localhost"})
		go func() {
			client.Write(data)
			client.CloseWrite()
		}()
		got, _ := io.ReadAll(client)
		under.Close()
		result <- got
	}()
	s.serve(t)
	if got := <-result; !bytes.Equal(got, data) {
		t.Errorf("%d of %d bytes came back", len(got), len(data))
	}
}
