package proxy

import (
	"bytes"
	"encoding/base64"
	"net"
	"strconv"
	"strings"

	"golws/engine/conn"
)

// maxHead is how long the head of a proxy's answer may be.
const maxHead = 16 << 10

const (
	notHTTP = "http_proxy fail"
	version = "HTTP/1."
)

// connect asks by HTTP.
type connect struct {
	config *Config
	host   string
	port   int

	size   int // of the head so far
	status int // 0: the status line is still to come
}

func (r *connect) begin(t *tunnel, c *conn.Conn) string {
	if strings.ContainsFunc(r.host, func(c rune) bool { return c <= ' ' || c == 0x7f }) {
		return notHTTP
	}
	server := net.JoinHostPort(r.host, strconv.Itoa(r.port))
	head := make([]byte, 0, 2*len(server)+len(r.config.User)+len(r.config.Password)*2+128)
	head = append(head, "CONNECT "...)
	head = append(head, server...)
	head = append(head, " HTTP/1.1\r\nHost: "...)
	head = append(head, server...)
	head = append(head, "\r\nUser-Agent: lws\r\n"...)
	if r.config.Authenticate {
		head = append(head, "Proxy-Authorization: Basic "...)
		head = base64.StdEncoding.AppendEncode(head, []byte(r.config.User+":"+r.config.Password))
		head = append(head, "\r\n"...)
	}
	t.say(c, append(head, "\r\n"...), conn.TimeoutProxyResponse)
	return ""
}

// input takes the head of the answer line by line. Success has no body, whatever its fields say (RFC 9110 section
// 9.3.6).
func (r *connect) input(t *tunnel, c *conn.Conn, p []byte) (used int, open bool, problem string) {
	if len(p) == 0 {
		return 0, false, ""
	}
	end := bytes.IndexByte(p, '\n')
	if r.status == 0 {
		if n := min(len(p), len(version)); string(p[:n]) != version[:n] {
			return 0, false, notHTTP
		}
	}
	if end < 0 {
		if r.size+len(p) > maxHead {
			return 0, false, notHTTP
		}
		return 0, false, ""
	}
	line := bytes.TrimSuffix(p[:end], []byte{'\r'})
	if r.size += end + 1; r.size > maxHead {
		return 0, false, notHTTP
	}
	switch {
	case r.status == 0:
		if r.status = statusOf(line); r.status == 0 {
			return 0, false, notHTTP
		}
		if r.status >= 300 {
			if h := c.Thread().Handler; h.Logs(conn.LogNotice) {
				h.Log(conn.LogNotice, "client: "+r.config.Address+": the proxy answers "+strconv.Quote(string(line)))
			}
			return 0, false, "http_proxy -> " + strconv.Itoa(r.status)
		}
	case len(line) > 0:
	case r.status < 200:
		r.status = 0 // the final one follows
	default:
		open = true
	}
	return end + 1, open, ""
}

// statusOf reads a status line (RFC 9112 section 4); 0: it is none.
func statusOf(line []byte) int {
	const digits = len(version) + 2
	if len(line) < digits+3 || line[len(version)] != '0' && line[len(version)] != '1' || line[digits-1] != ' ' ||
		len(line) > digits+3 && line[digits+3] != ' ' {
		return 0
	}
	status := 0
	for _, c := range line[digits : digits+3] {
		if c < '0' || c > '9' {
			return 0
		}
		status = status*10 + int(c-'0')
	}
	if status < 100 {
		return 0
	}
	return status
}

func (r *connect) hungUp() string   { return "proxy conn dead" }
func (r *connect) broken() string   { return "proxy read err" }
func (r *connect) timedOut() string { return "Timed out waiting proxy reply" }
