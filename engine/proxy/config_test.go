package proxy

import (
	"reflect"
	"strings"
	"testing"
)

func TestParse(t *testing.T) {
	for _, test := range []struct {
		text  string
		socks bool
		port  int
		want  Config
		err   error
	}{
		{text: "proxy:3128", want: Config{Address: "proxy", Port: 3128}},
		{text: "http://proxy:3128/", want: Config{Address: "proxy", Port: 3128}},
		{text: "proxy", port: 8080, want: Config{Address: "proxy", Port: 8080}},
		{text: "proxy:3128", port: 8080, want: Config{Address: "proxy", Port: 3128}},
		{text: "[::1]:8", want: Config{Address: "::1", Port: 8}},
		{text: "[::1]", port: 9, want: Config{Address: "::1", Port: 9}},
		{text: "a:b:c@d@[fe80::1%lo]:8", want: Config{Address: "fe80::1%lo", Port: 8, User: "a", Password: "b:c@d", Authenticate: true}},
		{text: "user@p:1", want: Config{Address: "p", Port: 1, User: "user", Authenticate: true}},
		{text: "u%41:p%42@p:1", want: Config{Address: "p", Port: 1, User: "u%41", Password: "p%42", Authenticate: true}},
		{text: "u:p@s:1080", socks: true, want: Config{Address: "s", Port: 1080, SOCKS: true, User: "u", Password: "p", Authenticate: true}},
		{text: "socks5h://s:1", socks: true, want: Config{Address: "s", Port: 1, SOCKS: true}},
		{text: "proxy", err: errNoPort},
		{text: "", port: 1, err: errNoAddress},
		{text: "u:p@", port: 1, err: errNoAddress},
		{text: ":80", err: errNoAddress},
		{text: "[::1", port: 1, err: errBrackets},
		{text: "[::1]x", port: 1, err: errBrackets},
		{text: "::1:80", err: errNoAddress},
		{text: "p:0", err: errPort},
		{text: "p:65536", err: errPort},
		{text: "p:http", err: errPort},
		{text: "https://p:443", err: errPort},
		{text: "p", port: 70000, err: errPort},
		{text: "p\r\nX: y:1", err: errText},
		{text: strings.Repeat("u", 256) + ":p@s:1", socks: true, err: errTooLong},
	} {
		got, err := Parse(test.text, test.socks, test.port)
		if err != test.err {
			t.Errorf("%q: %v, expected %v", test.text, err, test.err)
		} else if err == nil && !reflect.DeepEqual(*got, test.want) {
			t.Errorf("%q: %+v, expected %+v", test.text, *got, test.want)
		}
	}
	got, err := FromEnvironment("http://u%40x:%70%3a@p:1", false, "")
	if err != nil || got.User != "u@x" || got.Password != "p:" {
		t.Errorf("of the environment: %+v, %v", got, err)
	}
}

func TestExempts(t *testing.T) {
	const list = "localhost, .corp.example other.example:8080,192.168.0.0/16\t10.1.2.3,[2001:db8::1]:443,::1,fe80::/10,*.star.example,:7,bad:port"
	for _, test := range []struct {
		host string
		port int
		want bool
	}{
		{"localhost", 80, true}, {"LOCALHOST.", 80, true}, {"x.localhost", 80, true}, {"notlocalhost", 80, false},
		{"corp.example", 1, true}, {"a.b.Corp.Example", 1, true}, {"xcorp.example", 1, false},
		{"other.example", 8080, true}, {"other.example", 80, false},
		{"192.168.3.4", 80, true}, {"::ffff:192.168.3.4", 80, true}, {"192.169.3.4", 80, false}, {"10.1.2.3", 80, true}, {"10.1.2.4", 80, false},
		{"2001:db8::1", 443, true}, {"2001:db8::1", 80, false}, {"::1", 80, true}, {"fe80::5%lo", 80, true},
		{"a.star.example", 80, true}, {"example", 80, false}, {"bad", 80, false},
	} {
		p, err := FromEnvironment("p:1", false, list)
		if err != nil {
			t.Fatal(err)
		}
		if got := p.Exempts(test.host, test.port); got != test.want {
			t.Errorf("%s:%d: %v", test.host, test.port, got)
		}
	}
	if p, _ := FromEnvironment("p:1", false, "a, *"); !p.Exempts("any.example", 1) {
		t.Error("an asterisk exempts all")
	}
	if p, _ := Parse("p:1", false, 0); p.Exempts("localhost", 1) {
		t.Error("a proxy that the program has named is for all servers")
	}
}
