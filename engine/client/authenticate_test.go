package client_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"testing"

	gobwas "github.com/gobwas/ws"

	"golws/engine/conn"
	"golws/engine/httpclient"
	"golws/engine/ws"
)

// TestWebSocketCredentials: a handshake is answered with 401 and made again.
func TestWebSocketCredentials(t *testing.T) {
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if user, password, _ := r.BasicAuth(); user != "user" || password != "secret" {
			w.Header().Add("WWW-Authenticate", "Negotiate")
			w.Header().Add("WWW-Authenticate", `Basic realm="r"`)
			w.WriteHeader(401)
			io.WriteString(w, "who are you?")
			return
		}
		c, _, _, err := gobwas.UpgradeHTTP(r, w)
		if err == nil {
			io.Copy(io.Discard, c)
			c.Close()
		}
	}))
	defer s.Close()
	for password, want := range map[string]string{
		"secret": "connecting, connecting, response, established, closed, destroyed",
		"wrong":  "connecting, connecting, response, error: HS: ws upgrade unauthorized, destroyed",
		"":       "connecting, response, error: HS: ws upgrade unauthorized, destroyed",
	} {
		p := newProgram(t, nil)
		p.OnFill = func(c *conn.Conn, _ conn.Reason, _ []byte, used int) (int, int) {
			if password != "" {
				httpclient.Of(c).SetCredentials(httpclient.Credentials{User: "user", Password: password})
			}
			return used, 0
		}
		p.on[conn.ClientEstablished] = func(c *conn.Conn, _ []byte, _ conn.Message) int {
			c.Role().(*ws.Role).SetCloseReason(1000, nil)
			c.RequestWritable()
			return 0
		}
		p.on[conn.ClientWriteable] = func(c *conn.Conn, _ []byte, _ conn.Message) int {
			c.Kill()
			return 0
		}
		p.connect(at(s.Listener.Addr()))
		p.expect(want)
		p.server.Close()
	}
}
