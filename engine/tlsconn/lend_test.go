package tlsconn

import "testing"

// Where this fails, crypto/tls has changed: all still works, but idle connections keep the buffers that lend.go
// is about, and records are copied.
func TestBuffersAreFound(t *testing.T) {
	if rawInput == 0 || hand == 0 {
		t.Error("tls.Conn has no bytes.Buffer called rawInput or hand")
	}
}
