package httpclient

import (
	"crypto/md5"
	"crypto/rand"
	"crypto/sha256"
	"crypto/sha512"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"strings"
	"unicode/utf8"

	"golws/engine/ascii"
	"golws/engine/conn"
)

// Credentials are what a server gets that asks for them by the status 401.
type Credentials struct{ User, Password string }

// authentication answers the challenges of one server, for the requests that follow each other on a connection.
type authentication struct {
	credentials Credentials
	answering   *challenge // nil: the server has not asked
	digest      *digest    // of a challenge of the scheme Digest
	count       int        // of requests with its nonce
	attempts    int
}

// maxAttempts is how many times a server is asked again.
const maxAttempts = 3

// digest is an algorithm of RFC 7616, and of RFC 2617 for the servers that have not learnt since.
type digest struct {
	name    string // as the server says it
	session bool   // the variant -sess
	sum     func(text string) string
}

// digests are the algorithms in the order in which they are preferred.
var digests = []digest{
	{name: "SHA-512-256", sum: func(t string) string { s := sha512.Sum512_256([]byte(t)); return hex.EncodeToString(s[:]) }},
	{name: "SHA-256", sum: func(t string) string { s := sha256.Sum256([]byte(t)); return hex.EncodeToString(s[:]) }},
	{name: "MD5", sum: func(t string) string { s := md5.Sum([]byte(t)); return hex.EncodeToString(s[:]) }},
}

// sessionSuffix marks the variant of an algorithm whose key changes with the nonce.
const sessionSuffix = "-sess"

// digestOf finds the algorithm of a challenge, and how much it is preferred: less is more.
func digestOf(c *challenge) (*digest, int) {
	name := c.parameters["algorithm"]
	if name == "" {
		name = "MD5"
	}
	base := name
	session := len(name) > len(sessionSuffix) && ascii.EqualFold([]byte(name[len(name)-len(sessionSuffix):]), sessionSuffix)
	if session {
		base = name[:len(name)-len(sessionSuffix)]
	}
	for i, d := range digests {
		if ascii.EqualFold([]byte(base), d.name) {
			return &digest{name: name, session: session, sum: d.sum}, i
		}
	}
	return nil, 0
}

// choose takes the best of the challenges that can be answered: a digest before the password itself.
func (a *authentication) choose(list []challenge) bool {
	best := len(digests) + 1
	var chosen *challenge
	var algorithm *digest
	for i := range list {
		c := &list[i]
		switch {
		case strings.EqualFold(c.scheme, "Basic"):
			if best > len(digests) && !strings.Contains(a.credentials.User, ":") {
				best, chosen, algorithm = len(digests), c, nil
			}
		case strings.EqualFold(c.scheme, "Digest"):
			d, rank := digestOf(c)
			if d != nil && rank < best && c.parameters["nonce"] != "" && c.hasRealm() && c.offersAuth() {
				best, chosen, algorithm = rank, c, d
			}
		}
	}
	if chosen == nil {
		return false
	}
	a.answering, a.digest, a.count = chosen, algorithm, 0
	return true
}

func (c *challenge) hasRealm() bool {
	_, ok := c.parameters["realm"]
	return ok
}

// offersAuth reports whether a digest may leave the body out. A server that says nothing is of the time before
// there was a choice.
func (c *challenge) offersAuth() bool {
	list, given := c.parameters["qop"]
	if !given {
		return true
	}
	for name := range strings.SplitSeq(list, ",") {
		if strings.EqualFold(strings.Trim(name, " \t"), "auth") {
			return true
		}
	}
	return false
}

// stale reports whether the server accepts the password, but no longer the nonce that was used with it.
func (c *challenge) stale() bool { return strings.EqualFold(c.parameters["stale"], "true") }

// accepts looks at a response that asks for credentials and reports whether it is worth asking again. A server that
// does not like them is not asked again; one that finds only the nonce too old is, but not for ever.
func (a *authentication) accepts(list []challenge) bool {
	before := a.answering
	if a.attempts == maxAttempts || !a.choose(list) {
		return false
	}
	a.attempts++
	return before == nil || a.digest != nil && a.answering.stale() &&
		a.answering.parameters["nonce"] != before.parameters["nonce"]
}

// field is the value of the Authorization field for a request.
func (a *authentication) field(method, target string) string {
	a.count++
	if a.digest == nil {
		return "Basic " + base64.StdEncoding.EncodeToString([]byte(a.credentials.User+":"+a.credentials.Password))
	}
	var random [16]byte
	rand.Read(random[:])
	return a.digestField(method, target, hex.EncodeToString(random[:]))
}

// digestField is field for Digest (RFC 7616 section 3.4).
func (a *authentication) digestField(method, target, clientNonce string) string {
	p, sum := a.answering.parameters, a.digest.sum
	realm, nonce := p["realm"], p["nonce"]
	key := sum(a.credentials.User + ":" + realm + ":" + a.credentials.Password)
	if a.digest.session {
		key = sum(key + ":" + nonce + ":" + clientNonce)
	}
	what := sum(method + ":" + target)
	_, protected := p["qop"]
	count := fmt.Sprintf("%08x", a.count)
	response := ""
	if protected {
		response = sum(key + ":" + nonce + ":" + count + ":" + clientNonce + ":auth:" + what)
	} else {
		response = sum(key + ":" + nonce + ":" + what)
	}

	var f strings.Builder
	f.WriteString("Digest ")
	hashed := strings.EqualFold(p["userhash"], "true")
	switch user := a.credentials.User; {
	case hashed:
		f.WriteString("username=" + quoted(sum(user+":"+realm)))
	case strings.ContainsFunc(user, func(c rune) bool { return c >= utf8.RuneSelf || c < ' ' || c == 0x7f }):
		f.WriteString("username*=UTF-8''" + percentEncoded(user))
	default:
		f.WriteString("username=" + quoted(user))
	}
	f.WriteString(", realm=" + quoted(realm) + ", nonce=" + quoted(nonce) + ", uri=" + quoted(target))
	if _, given := p["algorithm"]; given {
		f.WriteString(", algorithm=" + a.digest.name)
	}
	f.WriteString(", response=" + quoted(response))
	if opaque, given := p["opaque"]; given {
		f.WriteString(", opaque=" + quoted(opaque))
	}
	if protected {
		f.WriteString(", qop=auth, nc=" + count)
	}
	if protected || a.digest.session {
		f.WriteString(", cnonce=" + quoted(clientNonce))
	}
	if hashed {
		f.WriteString(", userhash=true")
	}
	return f.String()
}

func quoted(text string) string {
	return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(text) + `"`
}

// percentEncoded is the form of RFC 8187 section 3.2.
func percentEncoded(text string) string {
	var b strings.Builder
	for _, c := range []byte(text) {
		if 'a' <= c|0x20 && c|0x20 <= 'z' || '0' <= c && c <= '9' || strings.IndexByte("!#$&+-.^_`|~", c) >= 0 {
			b.WriteByte(c)
		} else {
			fmt.Fprintf(&b, "%%%02X", c)
		}
	}
	return b.String()
}

// SetCredentials has the transaction answer a server that asks for them.
func (t *Transaction) SetCredentials(given Credentials) {
	if t.authentication == nil || t.authentication.credentials != given {
		t.authentication = &authentication{credentials: given}
	}
}

// ForgetCredentials has it not answer.
func (t *Transaction) ForgetCredentials() { t.authentication = nil }

// Inherit takes over what an earlier transaction of the same connection has; and what that has learnt of the server, if
// this one is for the same.
func (t *Transaction) Inherit(from *Transaction, same bool) {
	t.ToGet = from.ToGet
	t.Options = from.Options
	switch a := from.authentication; {
	case a == nil || same:
		t.authentication = a
	default:
		t.authentication = &authentication{credentials: a.credentials}
	}
}

// elsewhere reports whether the server is another one than the credentials are for.
func (t *Transaction) elsewhere() bool { return t.Request.Elsewhere && !t.Options.Trust }

// appendAuthorization adds the answer to the server's challenge, if there is one and the program sends none.
func (t *Transaction) appendAuthorization(head []byte) []byte {
	t.authorized = hasField(head, "authorization")
	if a := t.authentication; !t.authorized && a != nil && a.answering != nil && !t.elsewhere() {
		head = append(head, "Authorization: "...)
		head = append(head, a.field(t.Request.Method, t.Request.Target)...)
		head = append(head, "\r\n"...)
	}
	return head
}

// challenged asks again with credentials where the server wants some. It returns false where the response is to be
// treated like others.
func (t *Transaction) challenged(c *conn.Conn) bool {
	a := t.authentication
	if t.response.Status != 401 || a == nil || t.Repeat == nil || t.authorized || t.elsewhere() {
		return false
	}
	if !a.accepts(challengesOf(t.response)) {
		return false
	}
	if problem := t.Repeat(c); problem != "" {
		t.Fail(c, problem)
	}
	return true
}
