package httpserver

import (
	"bytes"
	"crypto/subtle"
	"encoding/base64"
	"os"

	"golws/engine/ascii"
	"golws/engine/conn"
	"golws/engine/vhost"
)

// maxCredentials bounds the encoded user and password.
const maxCredentials = 512

// authorised checks the credentials that the mount asks for. Where they are missing or wrong it
// has answered and reports false. Where they are right, the request's authorization becomes the
// user's name.
func (s *State) authorised(c *conn.Conn, m *vhost.Mount) bool {
	mode := m.AuthMask & vhost.AuthModeMask
	if m.BasicAuthFile == "" && mode == 0 {
		return true
	}
	var space [maxCredentials]byte
	plain, present := s.credentials(space[:0])
	if plain == nil {
		if present {
			s.finish(c, s.sendStatus(c, 403, "", ""))
		} else {
			s.unauthorised(c)
		}
		return false
	}
	accepted := false
	switch mode {
	case 0:
		accepted = s.inLoginFile(c, m.BasicAuthFile, plain)
	case vhost.AuthCallback:
		// The answer 0 refuses, and so does a callback that does not know the question.
		accepted = !dummy(c) && s.call(c, conn.VerifyBasicAuthorization, plain) != 0
	}
	if !c.Open() || !s.Active {
		return false
	}
	if !accepted {
		s.unauthorised(c)
		return false
	}
	if s.Request != nil {
		s.Request.Replace(TokenAuthorization, plain[:bytes.IndexByte(plain, ':')])
	}
	return true
}

// loginField is what asks a client for its credentials.
const loginField = "www-authenticate: Basic realm=\"lwsws\"\r\n"

// LoginRequired is the answer to a request without the credentials that it needs.
var LoginRequired = Refusal{Status: 401, Fields: loginField}

// LoggedIn checks the request under way against a login file. The request's authorization becomes
// the user's name.
func LoggedIn(c *conn.Conn, file string) bool {
	s := StateOf(c)
	if s == nil || s.Request == nil {
		return false
	}
	var space [maxCredentials]byte
	plain, _ := s.credentials(space[:0])
	if plain == nil || !s.inLoginFile(c, file, plain) {
		return false
	}
	s.Request.Replace(TokenAuthorization, plain[:bytes.IndexByte(plain, ':')])
	return true
}

func (s *State) unauthorised(c *conn.Conn) {
	b := s.AppendStatus(s.buffer(), c, 401)
	b = append(b, loginField+"content-length: 0\r\n\r\n"...)
	s.finish(c, s.send(c, b))
}

// credentials decodes user:password of the request into space. present is true where the request
// has something else than that.
func (s *State) credentials(space []byte) (plain []byte, present bool) {
	value := s.value(TokenAuthorization)
	if len(value) == 0 || s.Request.Has(TokenAuthorization) && s.Request.Length(TokenAuthorization) != len(value) {
		return nil, false
	}
	const scheme = "basic "
	if len(value) <= len(scheme) || !ascii.EqualFold(value[:len(scheme)], scheme) || len(value) > maxCredentials {
		return nil, true
	}
	encoded := bytes.TrimLeft(value[len(scheme):], " ")
	plain, err := base64.StdEncoding.AppendDecode(space, encoded)
	if err != nil || bytes.IndexByte(plain, ':') < 0 || bytes.IndexByte(plain, 0) >= 0 {
		return nil, true
	}
	return plain, true
}

// inLoginFile looks for a line of the file that is exactly user:password.
func (s *State) inLoginFile(c *conn.Conn, name string, plain []byte) bool {
	text, err := os.ReadFile(name)
	if err != nil {
		c.Thread().Handler.Log(conn.LogError, "login file: "+err.Error())
		return false
	}
	found := 0
	for line := range bytes.Lines(text) {
		found |= subtle.ConstantTimeCompare(bytes.TrimRight(line, "\r\n"), plain)
	}
	return found == 1 && len(plain) > 1
}
