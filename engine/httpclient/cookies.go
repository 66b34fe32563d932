package httpclient

import (
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"strings"
	"sync"

	"golang.org/x/net/publicsuffix"

	"golws/engine/conn"
	"golws/engine/httpserver"
)

// The bounds on what servers may have a host remember.
const (
	maxCookie     = 4096 // bytes of one
	maxSetCookies = 50   // in a response
	maxCookies    = 3000 // then all are forgotten: the library's jar does not tell how many there are
)

// cookies are those that the clients of a host remember (RFC 6265).
type cookies struct {
	lock  sync.Mutex
	jar   *cookiejar.Jar
	count int // at least as many as there are
}

// cookiesKey is where a host has them.
type cookiesKey struct{}

func cookiesOf(h *conn.Host) *cookies {
	all, ok := h.Shared.Load(cookiesKey{})
	if !ok {
		all, _ = h.Shared.LoadOrStore(cookiesKey{}, &cookies{})
	}
	return all.(*cookies)
}

// take remembers what a Set-Cookie field says.
func (k *cookies) take(from *url.URL, field string) {
	cookie, err := http.ParseSetCookie(field)
	if err != nil || len(field) > maxCookie {
		return
	}
	k.lock.Lock()
	defer k.lock.Unlock()
	if k.jar == nil || k.count == maxCookies {
		k.jar, _ = cookiejar.New(&cookiejar.Options{PublicSuffixList: publicsuffix.List}) // never fails
		k.count = 0
	}
	k.jar.SetCookies(from, []*http.Cookie{cookie})
	k.count++
}

// field is what a Cookie field says to a server, empty where it knows none.
func (k *cookies) field(to *url.URL) string {
	k.lock.Lock()
	defer k.lock.Unlock()
	if k.jar == nil {
		return ""
	}
	var pairs []string
	for _, cookie := range k.jar.Cookies(to) {
		pairs = append(pairs, cookie.String())
	}
	return strings.Join(pairs, "; ")
}

// url is what the request is for.
func (t *Transaction) url(c *conn.Conn) *url.URL {
	u := &url.URL{Scheme: "http", Host: t.Request.Host}
	if c.Mirror&conn.MirrorTLS != 0 {
		u.Scheme = "https"
	}
	u.Path, _, _ = strings.Cut(t.Request.Target, "?")
	return u
}

// appendCookies adds what the host remembers for the server, unless the program has a Cookie field of its own.
func (t *Transaction) appendCookies(c *conn.Conn, head []byte) []byte {
	if !t.Request.Cookies || hasField(head, "cookie") {
		return head
	}
	if field := cookiesOf(c.Host()).field(t.url(c)); field != "" {
		head = append(head, "Cookie: "...)
		head = append(head, field...)
		head = append(head, "\r\n"...)
	}
	return head
}

// takeCookies has the host remember what the response wants it to.
func (t *Transaction) takeCookies(c *conn.Conn) {
	if !t.Request.Cookies || !t.response.Has(httpserver.TokenSetCookie) {
		return
	}
	all, from := cookiesOf(c.Host()), t.url(c)
	for n := range maxSetCookies {
		field, ok := t.response.Fragment(httpserver.TokenSetCookie, n)
		if !ok {
			break
		}
		all.take(from, string(field))
	}
}
