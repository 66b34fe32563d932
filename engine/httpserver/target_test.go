package httpserver

import (
	"bytes"
	"testing"
)

func target(t testing.TB, s string) (path string, arguments []string, err error) {
	r := NewRequest()
	defer r.Release()
	r.SetText([]byte(s + " "))
	if err = r.SetTarget(0, len(s)); err != nil {
		return "", nil, err
	}
	for n := 0; ; n++ {
		value, ok := r.Fragment(TokenURIArguments, n)
		if !ok {
			break
		}
		arguments = append(arguments, string(value))
	}
	return string(r.Path()), arguments, nil
}

func TestPath(t *testing.T) {
	for in, want := range map[string]string{
		"/":                         "/",
		"/a/b":                      "/a/b",
		"/a/b/":                     "/a/b/",
		"//":                        "/",
		"//a///b":                   "/a/b",
		"/.":                        "/",
		"/./a":                      "/a",
		"/a/.":                      "/a/",
		"/a/./b":                    "/a/b",
		"/..":                       "/",
		"/../..":                    "/",
		"/../a":                     "/a",
		"/a/..":                     "/",
		"/a/../b":                   "/b",
		"/a/b/../c":                 "/a/c",
		"/a/b/..":                   "/a/",
		"/a/../../etc/passwd":       "/etc/passwd",
		"/%2e%2e/%2e%2e/etc/passwd": "/etc/passwd",
		"/a/%2E%2e%2fb":             "/b",
		"/a%2f..%2f..%2fb":          "/b",
		"/.hidden":                  "/.hidden",
		"/..hidden":                 "/..hidden",
		"/a/...":                    "/a/...",
		"/a.b..c":                   "/a.b..c",
		"/a%20b":                    "/a b",
		"/a+b":                      "/a b",
		"/a%2Bb":                    "/a+b",
		"/%3fx":                     "/?x",
		"/caf%C3%A9":                "/café",
		"/a&b;c=d":                  "/a&b;c=d",
	} {
		got, arguments, err := target(t, in)
		if err != nil || got != want || arguments != nil {
			t.Errorf("%q: %q %q %v, want %q", in, got, arguments, err, want)
		}
	}
	for _, in := range []string{"/%", "/%1", "/%zz", "/%00", "/a%0", "/?%", "/?a%0g", "/?%00=1", "x"} {
		if got, _, err := target(t, in); err == nil {
			t.Errorf("%q: accepted as %q", in, got)
		}
	}
}

func TestArguments(t *testing.T) {
	for in, want := range map[string][]string{
		"/?":              {""},
		"/?a":             {"a"},
		"/?a=1&b=2":       {"a=1", "b=2"},
		"/x?a=1;b=2":      {"a=1", "b=2"},
		"/?a=1&&b":        {"a=1", "", "b"},
		"/?a%3D=1":        {"a_=1"},
		"/?a=%3D%26%3d":   {"a==&="},
		"/?a+b=c+d%2B":    {"a b=c d+"},
		"/?a=%00b":        {"a=\x00b"},
		"/?x=/../y":       {"x=/../y"},
		"/..?x=1":         {"x=1"},
		"/a?b?c":          {"b?c"},
		"/?u=http://h/a/": {"u=http://h/a/"},
	} {
		_, got, err := target(t, in)
		if err != nil || len(got) != len(want) {
			t.Errorf("%q: %q %v, want %q", in, got, err, want)
			continue
		}
		for i := range want {
			if got[i] != want[i] {
				t.Errorf("%q: argument %d is %q, want %q", in, i, got[i], want[i])
			}
		}
	}
	if _, _, err := target(t, "/?"+string(bytes.Repeat([]byte("&"), 5000))); err != ErrArguments {
		t.Errorf("5000 arguments: %v", err)
	}
}

func FuzzTarget(f *testing.F) {
	for _, s := range []string{"/", "/a/../b?x=1&y=%20", "/%2e%2e/", "//./..//%", "/?%3d=%00"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		path, _, err := target(t, s)
		if err != nil {
			return
		}
		if path == "" || path[0] != '/' {
			t.Fatalf("%q: path %q does not begin with a slash", s, path)
		}
		for _, segment := range bytes.Split([]byte(path), []byte{'/'}) {
			if string(segment) == ".." || string(segment) == "." {
				t.Fatalf("%q: path %q has a dot segment", s, path)
			}
		}
		if bytes.Contains([]byte(path), []byte("//")) || bytes.IndexByte([]byte(path), 0) >= 0 {
			t.Fatalf("%q: path %q is not normalised", s, path)
		}
	})
}
