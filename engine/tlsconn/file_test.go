package tlsconn_test

import (
	"bytes"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"os"
	"path/filepath"
	"testing"

	"golws/engine/conn"
	"golws/engine/conn/conntest"
)

// A file is larger than what is encrypted before something is sent.
func TestFile(t *testing.T) {
	id := newIdentity(t, "localhost")
	content := make([]byte, 1<<20+123)
	rand.NewChaCha8([32]byte{1}).Read(content)
	name := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(name, content, 0o600); err != nil {
		t.Fatal(err)
	}
	p := &conntest.Program{OnEvent: func(c *conn.Conn, reason conn.Reason, _ []byte, _ conn.Message) int {
		if reason == conn.HTTP {
			f, err := os.Open(name)
			if err != nil {
				t.Error(err)
				return -1
			}
			c.Queue(fmt.Appendf(nil, "HTTP/1.1 200 OK\r\ncontent-length: %d\r\nconnection: close\r\n\r\n", len(content)))
			c.QueueFile(f, 0, int64(len(content)))
			c.CloseAfterFlush()
		}
		return 0
	}}
	s := serve(t, p, id.vhost("localhost"))
	transport := &http.Transport{TLSClientConfig: id.client("localhost")}
	defer transport.CloseIdleConnections()
	answer, err := (&http.Client{Transport: transport}).Get("https://" + s.address + "/")
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	got, err := io.ReadAll(answer.Body)
	if err != nil || !bytes.Equal(got, content) {
		t.Fatalf("%d bytes, %v, equal: %v", len(got), err, bytes.Equal(got, content))
	}
}
