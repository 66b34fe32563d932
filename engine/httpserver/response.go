package httpserver

import (
	"strconv"
	"strings"

	"golws/engine/conn"
	"golws/engine/vhost"
)

// reasonPhrase is the text of a status code, for people who read the status line.
func reasonPhrase(status int) string {
	switch status {
	case 100:
		return "Continue"
	case 101:
		return "Switching Protocols"
	case 200:
		return "OK"
	case 201:
		return "Created"
	case 202:
		return "Accepted"
	case 204:
		return "No Content"
	case 206:
		return "Partial Content"
	case 301:
		return "Moved Permanently"
	case 302:
		return "Found"
	case 303:
		return "See Other"
	case 304:
		return "Not Modified"
	case 307:
		return "Temporary Redirect"
	case 308:
		return "Permanent Redirect"
	case 400:
		return "Bad Request"
	case 401:
		return "Unauthorized"
	case 403:
		return "Forbidden"
	case 404:
		return "Not Found"
	case 405:
		return "Method Not Allowed"
	case 406:
		return "Not Acceptable"
	case 408:
		return "Request Timeout"
	case 409:
		return "Conflict"
	case 410:
		return "Gone"
	case 411:
		return "Length Required"
	case 412:
		return "Precondition Failed"
	case 413:
		return "Content Too Large"
	case 414:
		return "URI Too Long"
	case 415:
		return "Unsupported Media Type"
	case 416:
		return "Range Not Satisfiable"
	case 417:
		return "Expectation Failed"
	case 421:
		return "Misdirected Request"
	case 426:
		return "Upgrade Required"
	case 429:
		return "Too Many Requests"
	case 431:
		return "Request Header Fields Too Large"
	case 500:
		return "Internal Server Error"
	case 501:
		return "Not Implemented"
	case 502:
		return "Bad Gateway"
	case 503:
		return "Service Unavailable"
	case 504:
		return "Gateway Timeout"
	case 505:
		return "HTTP Version Not Supported"
	}
	return ""
}

// securityFields are sent where the vhost asks for the best practices: nothing is loaded from or
// shown on another site.
const securityFields = "content-security-policy: default-src 'none'; img-src 'self' data: ; " +
	"script-src 'self'; font-src 'self'; style-src 'self'; connect-src 'self' ws: wss:; " +
	"frame-ancestors 'none'; base-uri 'none';form-action 'self';\r\n" +
	"x-content-type-options: nosniff\r\n" +
	"x-xss-protection: 1; mode=block\r\n" +
	"x-frame-options: deny\r\n" +
	"referrer-policy: no-referrer\r\n"

const transportSecurityField = "Strict-Transport-Security: max-age=15768000 ; includeSubDomains\r\n"

// AppendStatus begins a response head: the status line and what the vhost adds to every response.
func (s *State) AppendStatus(to []byte, c *conn.Conn, status int) []byte {
	host := c.Host()
	to = append(to, "HTTP/1."...)
	if s.Version == HTTP10 {
		to = append(to, '0', ' ')
	} else {
		to = append(to, '1', ' ')
	}
	to = strconv.AppendInt(to, int64(status), 10)
	to = append(to, ' ')
	to = append(to, reasonPhrase(status)...)
	to = append(to, '\r', '\n')
	for i := range host.Headers {
		name := host.Headers[i].Name
		to = append(to, name...)
		if strings.IndexByte(name, ':') < 0 {
			to = append(to, ':')
		}
		to = append(to, ' ')
		to = append(to, host.Headers[i].Value...)
		to = append(to, '\r', '\n')
	}
	if host.Options&vhost.SecurityBestPractices != 0 {
		to = append(to, securityFields...)
	}
	if host.ServerString != "" {
		to = appendField(to, "server: ", host.ServerString)
	}
	// RFC 6797, section 7.2: not over plain HTTP.
	if host.Options&vhost.StrictTransportSecurity != 0 && c.Mirror&conn.MirrorTLS != 0 {
		to = append(to, transportSecurityField...)
	}
	return to
}

// appendField appends a header field; name includes the colon and the space.
func appendField(to []byte, name, value string) []byte {
	to = append(to, name...)
	to = append(to, value...)
	return append(to, '\r', '\n')
}

func appendLength(to []byte, n int64) []byte {
	to = append(to, "content-length: "...)
	to = strconv.AppendInt(to, n, 10)
	return append(to, '\r', '\n')
}

// send hands a complete head, maybe with a body behind it, to the role.
func (s *State) send(c *conn.Conn, response []byte) bool {
	n, err := c.Role().Write(c, response, conn.WriteHTTPHeaders)
	return err == nil && n == len(response)
}

// ReturnStatus sends a response with a short page about the status; text is HTML for its body.
// Not-found responses become a redirect to the vhost's error document where it has one.
func ReturnStatus(c *conn.Conn, status int, text string) bool {
	s := StateOf(c)
	if s == nil {
		if RequestOf(c) == nil {
			return false
		}
		// A protocol that follows an upgrade is still to answer the request for it.
		s = &State{Version: HTTP11}
		return s.sendStatus(c, status, text, "connection: close\r\n")
	}
	if status == 404 && c.Host().ErrorDocument != "" && !s.is404 {
		return s.redirect(c, 302, c.Host().ErrorDocument)
	}
	return s.sendStatus(c, status, text, "")
}

// sendStatus sends a page about the status with additional header fields.
func (s *State) sendStatus(c *conn.Conn, status int, text, fields string) bool {
	const before = "<html><head><meta charset=utf-8 http-equiv=\"Content-Language\" content=\"en\"/>" +
		"<link rel=\"stylesheet\" type=\"text/css\" href=\"/error.css\"/></head><body><h1>"
	const between, after = "</h1>", "</body></html>"
	b := s.AppendStatus(s.buffer(), c, status)
	b = append(b, fields...)
	if status == 204 || status == 304 || status < 200 {
		return s.send(c, append(b, '\r', '\n'))
	}
	b = append(b, "content-type: text/html\r\n"...)
	b = appendLength(b, int64(len(before)+3+len(between)+len(text)+len(after)))
	b = append(b, '\r', '\n')
	b = append(b, before...)
	b = strconv.AppendInt(b, int64(status), 10)
	b = append(b, between...)
	b = append(b, text...)
	b = append(b, after...)
	return s.send(c, b)
}

// redirect sends a response that leads elsewhere.
func (s *State) redirect(c *conn.Conn, status int, location string) bool {
	b := s.AppendStatus(s.buffer(), c, status)
	b = appendField(b, "location: ", location)
	b = append(b, "content-type: text/html\r\ncontent-length: 0\r\n\r\n"...)
	return s.send(c, b)
}

// buffer is where a response is rendered. It is not kept beyond that.
func (s *State) buffer() []byte {
	if s.Request != nil {
		return s.Request.scratch[:0]
	}
	return make([]byte, 0, 512)
}

// Refuse answers a request that the version's parser does not accept.
func (s *State) Refuse(c *conn.Conn, status int) bool { return s.sendStatus(c, status, "", "") }

// AnswerOptions answers an OPTIONS request about the server as a whole.
func (s *State) AnswerOptions(c *conn.Conn) {
	b := s.AppendStatus(s.buffer(), c, 200)
	b = append(b, "allow: GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS\r\ncontent-length: 0\r\n\r\n"...)
	s.finish(c, s.send(c, b))
}
