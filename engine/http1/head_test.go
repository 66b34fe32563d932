package http1

import (
	"strings"
	"testing"

	"golws/engine/httpserver"
)

var testLimits = limits{head: 4096, line: 1024, headers: 20}

func parseText(text string) (r *httpserver.Request, f framing, status int) {
	var s scanner
	length, status := s.scan([]byte(text), testLimits)
	if status != 0 || length == 0 {
		return nil, f, status
	}
	r = httpserver.NewRequest()
	f, parsed, status := parse(r, []byte(text[:length]), testLimits)
	if status == 0 && parsed != length {
		return r, f, -1
	}
	// It is the same without scanning, and with more behind it.
	direct := httpserver.NewRequest()
	defer direct.Release()
	if g, n, other := parse(direct, []byte(text[:length]+"GET / HTTP/1.1\r\n\r\n"), testLimits); other != status || (status == 0 && (n != length || g != f)) {
		return r, f, -2
	}
	return r, f, status
}

func TestHead(t *testing.T) {
	r, f, status := parseText("GET /a%20b?x=1&y=2 HTTP/1.1\r\nHost: example.com:8080\r\nAccept: a\r\nX-Other:  v w \t\r\n" +
		"ACCEPT: b\r\nCookie: c=d\r\ncookie: e=f\r\nEmpty:\r\n\r\n")
	if status != 0 {
		t.Fatalf("status %d", status)
	}
	defer r.Release()
	for token, want := range map[httpserver.Token]string{
		httpserver.TokenGetURI:       "/a b",
		httpserver.TokenHost:         "example.com:8080",
		httpserver.TokenURIArguments: "x=1&y=2",
		httpserver.TokenCookie:       "c=d;e=f",
		httpserver.TokenHTTP:         "HTTP/1.1",
		17:                           "a,b",
		httpserver.TokenPostURI:      "",
	} {
		if got := string(r.Append(nil, token)); got != want || r.Length(token) != len(want) {
			t.Errorf("token %d: %q of length %d, want %q", token, got, r.Length(token), want)
		}
	}
	if value, ok := r.Custom([]byte("x-other")); !ok || string(value) != "v w" {
		t.Errorf("x-other: %q %v", value, ok)
	}
	if value, ok := r.Custom([]byte("empty")); !ok || len(value) != 0 {
		t.Errorf("empty: %q %v", value, ok)
	}
	if _, ok := r.Custom([]byte("absent")); ok {
		t.Error("absent was found")
	}
	if !f.keepAlive || f.length != -1 || f.chunked || r.Method != httpserver.MethodGet || r.Version != httpserver.HTTP11 {
		t.Errorf("%+v", f)
	}
}

func TestFraming(t *testing.T) {
	for head, want := range map[string]framing{
		"GET / HTTP/1.0\r\n\r\n":                                                         {length: -1},
		"GET / HTTP/1.0\r\nConnection: Keep-Alive\r\n\r\n":                               {length: -1, keepAlive: true},
		"GET / HTTP/1.1\r\nHost: h\r\nConnection: foo, Close\r\n\r\n":                    {length: -1},
		"GET / HTTP/1.1\r\nHost:\r\n\r\n":                                                {length: -1, keepAlive: true},
		"GET / HTTP/1.9\r\nHost: [::1]:80\r\n\r\n":                                       {length: -1, keepAlive: true},
		"POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 007\r\n\r\n":                      {length: 7, keepAlive: true},
		"POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: Chunked\r\n\r\n":               {length: -1, keepAlive: true, chunked: true},
		"PUT / HTTP/1.1\r\nHost: h\r\nExpect: 100-Continue\r\nContent-Length: 1\r\n\r\n": {length: 1, keepAlive: true, expectContinue: true},
		"PUT / HTTP/1.0\r\nExpect: 100-continue\r\nContent-Length: 1\r\n\r\n":            {length: 1},
		"GET / HTTP/1.0\r\nExpect: other\r\n\r\n":                                        {length: -1},
		"OPTIONS * HTTP/1.1\r\nHost: h\r\n\r\n":                                          {length: -1, keepAlive: true, asterisk: true},
	} {
		r, got, status := parseText(head)
		if status != 0 || got != want {
			t.Errorf("%q: %+v, status %d, want %+v", head, got, status, want)
			continue
		}
		r.Release()
	}
}

func TestAbsoluteTarget(t *testing.T) {
	for target, want := range map[string][3]string{
		"http://other:81/x/../y?a=b": {"other:81", "/y", "a=b"},
		"HTTP://other":               {"other", "/", ""},
		"https://other?q":            {"other", "/", "q"},
		"http://[::1]/":              {"[::1]", "/", ""},
	} {
		r, _, status := parseText("GET " + target + " HTTP/1.1\r\nHost: named\r\n\r\n")
		if status != 0 {
			t.Errorf("%s: status %d", target, status)
			continue
		}
		got := [3]string{string(r.Append(nil, httpserver.TokenHost)), string(r.Path()), string(r.Append(nil, httpserver.TokenURIArguments))}
		if got != want {
			t.Errorf("%s: %q, want %q", target, got, want)
		}
		r.Release()
	}
}

func TestRefused(t *testing.T) {
	const host = "Host: h\r\n"
	for text, want := range map[string]int{
		"GET / HTTP/1.1\r\n\r\n":                                                                          400, // no host
		"GET / HTTP/1.1\r\n" + host + host + "\r\n":                                                       400,
		"GET / HTTP/1.1\r\nHost: a b\r\n\r\n":                                                             400,
		"GET / HTTP/1.1\r\nHost: a@b\r\n\r\n":                                                             400,
		"GET / HTTP/1.1\r\nHost: a/b\r\n\r\n":                                                             400,
		"GET / HTTP/1.0\r\n" + host + host + "\r\n":                                                       400,
		"GET /\r\n\r\n":                                                                                   400, // HTTP/0.9
		"GET  / HTTP/1.1\r\n" + host + "\r\n":                                                             400,
		"GET / HTTP/1.1 \r\n" + host + "\r\n":                                                             400,
		"GET /  HTTP/1.1\r\n" + host + "\r\n":                                                             400,
		" GET / HTTP/1.1\r\n" + host + "\r\n":                                                             400,
		"GET\t/ HTTP/1.1\r\n" + host + "\r\n":                                                             400,
		"GET /\x00 HTTP/1.1\r\n" + host + "\r\n":                                                          400,
		"GET /a\rb HTTP/1.1\r\n" + host + "\r\n":                                                          400,
		"G\x80T / HTTP/1.1\r\n" + host + "\r\n":                                                           400,
		"GET / http/1.1\r\n" + host + "\r\n":                                                              400,
		"GET / HTTP/11\r\n" + host + "\r\n":                                                               400,
		"GET / HTTP/2.0\r\n" + host + "\r\n":                                                              505,
		"PRI * HTTP/2.0\r\n\r\n":                                                                          505,
		"GET / HTTP/0.9\r\n" + host + "\r\n":                                                              505,
		"BREW / HTTP/1.1\r\n" + host + "\r\n":                                                             501,
		"get / HTTP/1.1\r\n" + host + "\r\n":                                                              501,
		"TRACE / HTTP/1.1\r\n" + host + "\r\n":                                                            501,
		"CONNECT h:1 HTTP/1.1\r\n" + host + "\r\n":                                                        405,
		"GET * HTTP/1.1\r\n" + host + "\r\n":                                                              400,
		"GET a HTTP/1.1\r\n" + host + "\r\n":                                                              400,
		"GET ftp://h/ HTTP/1.1\r\n" + host + "\r\n":                                                       400,
		"GET http:// HTTP/1.1\r\n" + host + "\r\n":                                                        400,
		"GET http:///x HTTP/1.1\r\n" + host + "\r\n":                                                      400,
		"GET http://u@h/ HTTP/1.1\r\n" + host + "\r\n":                                                    400,
		"GET /%zz HTTP/1.1\r\n" + host + "\r\n":                                                           403,
		"GET /%00 HTTP/1.1\r\n" + host + "\r\n":                                                           403,
		"GET / HTTP/1.1\n" + host + "\r\n":                                                                400, // bare LF
		"GET / HTTP/1.1\r\nHost: h\n\r\n":                                                                 400,
		"GET / HTTP/1.1\r\n" + host + "\n":                                                                400,
		"GET / HTTP/1.1\r\nHost: h\rX: y\r\n\r\n":                                                         400, // bare CR
		"GET / HTTP/1.1\r\nHost: h\r\r\n\r\n":                                                             400,
		"GET / HTTP/1.1\r\n" + host + "X: a\r\n b\r\n\r\n":                                                400, // folded
		"GET / HTTP/1.1\r\n X: a\r\n" + host + "\r\n":                                                     400,
		"GET / HTTP/1.1\r\n" + host + "X : a\r\n\r\n":                                                     400, // space before the colon
		"GET / HTTP/1.1\r\n" + host + "X\r\n\r\n":                                                         400,
		"GET / HTTP/1.1\r\n" + host + ": a\r\n\r\n":                                                       400,
		"GET / HTTP/1.1\r\n" + host + "X(: a\r\n\r\n":                                                     400,
		"GET / HTTP/1.1\r\n" + host + "X: a\x00b\r\n\r\n":                                                 400,
		"GET / HTTP/1.1\r\n" + host + "X: a\x7fb\r\n\r\n":                                                 400,
		"GET / HTTP/1.1\r\n" + host + "X\x00: a\r\n\r\n":                                                  400,
		"GET / HTTP/1.1\r\n" + host + "Expect: miracles\r\n\r\n":                                          417,
		"POST / HTTP/1.1\r\n" + host + "Content-Length: 1\r\nContent-Length: 1\r\n\r\n":                   400,
		"POST / HTTP/1.1\r\n" + host + "Content-Length: 1\r\nContent-Length: 2\r\n\r\n":                   400,
		"POST / HTTP/1.1\r\n" + host + "Content-Length: 1, 1\r\n\r\n":                                     400,
		"POST / HTTP/1.1\r\n" + host + "Content-Length: +1\r\n\r\n":                                       400,
		"POST / HTTP/1.1\r\n" + host + "Content-Length: -1\r\n\r\n":                                       400,
		"POST / HTTP/1.1\r\n" + host + "Content-Length: 0x1\r\n\r\n":                                      400,
		"POST / HTTP/1.1\r\n" + host + "Content-Length: 1 2\r\n\r\n":                                      400,
		"POST / HTTP/1.1\r\n" + host + "Content-Length:\r\n\r\n":                                          400,
		"POST / HTTP/1.1\r\n" + host + "Content-Length: 99999999999999999999\r\n\r\n":                     400,
		"POST / HTTP/1.1\r\n" + host + "Content-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n":          400,
		"POST / HTTP/1.1\r\n" + host + "Transfer-Encoding: chunked\r\nContent-Length: 1\r\n\r\n":          400,
		"POST / HTTP/1.1\r\n" + host + "Transfer-Encoding: gzip\r\n\r\n":                                  400,
		"POST / HTTP/1.1\r\n" + host + "Transfer-Encoding: gzip, chunked\r\n\r\n":                         400,
		"POST / HTTP/1.1\r\n" + host + "Transfer-Encoding: chunked, chunked\r\n\r\n":                      400,
		"POST / HTTP/1.1\r\n" + host + "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n": 400,
		"POST / HTTP/1.1\r\n" + host + "Transfer-Encoding: xchunked\r\n\r\n":                              400,
		"POST / HTTP/1.1\r\n" + host + "Transfer-Encoding: \x0bchunked\r\n\r\n":                           400,
		"POST / HTTP/1.1\r\n" + host + "Transfer-Encoding:\r\n\r\n":                                       400,
		"POST / HTTP/1.0\r\n" + host + "Transfer-Encoding: chunked\r\n\r\n":                               400,
		"GET /" + strings.Repeat("a", 1024) + " HTTP/1.1\r\n" + host + "\r\n":                             414,
		"GET /" + strings.Repeat("a", 1024):                                                               414,
		"GET /?" + strings.Repeat("&", 800) + " HTTP/1.1\r\n" + host + "\r\n":                             0,
		"GET / HTTP/1.1\r\n" + host + "X: " + strings.Repeat("a", 4096) + "\r\n\r\n":                      431,
		"GET / HTTP/1.1\r\n" + host + "X: " + strings.Repeat("a", 4096):                                   431,
		"GET / HTTP/1.1\r\n" + host + strings.Repeat("a: b\r\n", 20) + "\r\n":                             431,
		"GET / HTTP/1.1\r\n" + host + strings.Repeat("a: b\r\n", 19) + "\r\n":                             0,
	} {
		if r, _, status := parseText(text); status != want {
			t.Errorf("%.80q: status %d, want %d", text, status, want)
		} else if r != nil {
			r.Release()
		}
	}
}

// A head that comes byte by byte is found like one that comes at once.
func TestScanInPieces(t *testing.T) {
	head := "GET / HTTP/1.1\r\nHost: h\r\nA: b\r\n\r\n"
	text := head + "rest"
	var s scanner
	for n := 1; n <= len(text); n++ {
		length, status := s.scan([]byte(text[:n]), testLimits)
		if status != 0 || (length != 0) != (n >= len(head)) {
			t.Fatalf("after %d bytes: length %d, status %d", n, length, status)
		}
		if length != 0 {
			if length != len(head) {
				t.Fatalf("length %d", length)
			}
			return
		}
	}
}

func TestTokenLimits(t *testing.T) {
	limit := testLimits
	limit.tokens = make([]uint16, httpserver.TokenCount)
	limit.tokens[httpserver.TokenHost] = 5
	limit.tokens[httpserver.TokenGetURI] = 6
	for text, want := range map[string]int{
		"GET /12345 HTTP/1.1\r\nHost: 12345\r\nCookie: any length\r\n\r\n": 0,
		"GET / HTTP/1.1\r\nHost: 123456\r\n\r\n":                           431,
		"GET /123456 HTTP/1.1\r\nHost: h\r\n\r\n":                          414,
		"HEAD /123456 HTTP/1.1\r\nHost: h\r\n\r\n":                         0,
	} {
		r := httpserver.NewRequest()
		if _, _, status := parse(r, []byte(text), limit); status != want {
			t.Errorf("%q: status %d, want %d", text, status, want)
		}
		r.Release()
	}
}

func FuzzHead(f *testing.F) {
	for _, s := range []string{
		"GET / HTTP/1.1\r\nHost: h\r\n\r\n",
		"POST http://h/a/../b?c=%20&d HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nExpect: 100-continue\r\n\r\nhello",
		"OPTIONS * HTTP/1.0\r\nConnection: keep-alive\r\nUpgrade: a, b;c\r\n\r\n",
		"GET / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\nCookie: a\r\nCookie: b\r\n\r\n",
		"GET http://h?x HTTP/1.1\r\nHost:\r\nX-Y: \r\n\r\n",
	} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, p []byte) {
		var s scanner
		length, status := s.scan(p, testLimits)
		if length < 0 || length > len(p) || (length > 0 && status != 0) {
			t.Fatalf("length %d, status %d", length, status)
		}
		if length == 0 {
			return
		}
		r := httpserver.NewRequest()
		defer r.Release()
		framing, _, status := parse(r, p[:length], testLimits)
		direct := httpserver.NewRequest()
		defer direct.Release()
		other, n, directStatus := parse(direct, p, testLimits)
		if directStatus != status || (status == 0 && (n != length || other != framing)) {
			t.Fatalf("without scanning: %+v %d %d, with: %+v %d %d", other, n, directStatus, framing, length, status)
		}
		if status != 0 {
			return
		}
		if framing.chunked && framing.length >= 0 {
			t.Fatal("two framings")
		}
		for token := httpserver.Token(0); token < httpserver.TokenCount; token++ {
			if got := r.Append(nil, token); len(got) != r.Length(token) {
				t.Fatalf("token %d: %q is not %d long", token, got, r.Length(token))
			}
			for n := 0; ; n++ {
				value, ok := r.Fragment(token, n)
				if !ok {
					break
				}
				if value[:len(value)+1][len(value)] != 0 {
					t.Fatalf("token %d: %q is not terminated", token, value)
				}
			}
		}
		if !framing.asterisk && (len(r.Path()) == 0 || r.Path()[0] != '/') {
			t.Fatalf("path %q", r.Path())
		}
		r.Contains(httpserver.TokenUpgrade, "websocket")
	})
}
