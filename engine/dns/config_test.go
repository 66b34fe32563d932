package dns

import (
	"bytes"
	"fmt"
	"net/netip"
	"os"
	"path/filepath"

	"strings"
	"testing"
	"time"

	"golang.org/x/net/dns/dnsmessage"
)

func written(t *testing.T, text string) *file {
	f := &file{path: filepath.Join(t.TempDir(), "file")}
	if err := os.WriteFile(f.path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	f.changed()
	return f
}

func TestResolverFile(t *testing.T) {
	c := readResolver(written(t, `# a comment
; another
nameserver 192.0.2.1
nameserver fe80::1%lo # that too
nameserver nonsense
nameserver
nameserver 192.0.2.2
nameserver 192.0.2.3
domain first.example
search a.example. b.example
options ndots:20 timeout:0 attempts:99 rotate single-request use-vc edns0 trust-ad
options no-tld-query no-aaaa
`), 53)
	var servers []string
	for _, s := range c.servers {
		servers = append(servers, s.String())
	}
	if got := strings.Join(servers, " "); got != "192.0.2.1:53 [fe80::1%lo]:53 192.0.2.2:53" {
		t.Error(got)
	}
	if got := strings.Join(c.search, " "); got != "a.example. b.example." {
		t.Error(got)
	}
	if c.ndots != 15 || c.timeout != time.Second || c.attempts != 5 || !c.rotate || !c.single || !c.overTCP || !c.noTLD || !c.onlyIPv4 || c.foreign {
		t.Errorf("%+v", c)
	}
	c = readResolver(&file{path: "/nonexistent"}, 53)
	if len(c.servers) != 1 || c.servers[0].String() != "127.0.0.1:53" || c.ndots != 1 || c.timeout != 5*time.Second || c.attempts != 2 {
		t.Errorf("%+v", c)
	}
}

func TestNames(t *testing.T) {
	for _, test := range []struct {
		config config
		name   string
		want   string
	}{
		{config{ndots: 1, search: []string{"x.", "y."}}, "a", "a.x. a.y. a."},
		{config{ndots: 1, search: []string{"x.", "y."}}, "a.b", "a.b. a.b.x. a.b.y."},
		{config{ndots: 2, search: []string{"x."}}, "a.b", "a.b.x. a.b."},
		{config{ndots: 0, search: []string{"x."}}, "a", "a. a.x."},
		{config{ndots: 1, search: []string{"x."}}, "a.", "a."},
		{config{ndots: 1, noTLD: true, search: []string{"x."}}, "a", "a.x."},
		{config{ndots: 1, search: []string{strings.Repeat("y.", 126)}}, "a.b", "a.b."},
	} {
		if got := strings.Join(test.config.names(test.name), " "); got != test.want {
			t.Errorf("%s: %s, expected %s", test.name, got, test.want)
		}
	}
}

func TestOrder(t *testing.T) {
	both := map[string]string{"4": "192.0.2.1", "6": "2001:db8::1"}
	for _, test := range []struct {
		sources map[string]string // by address, or by family
		policy  string
		in, out string
	}{
		// The examples of RFC 6724 section 10.2, as far as they do not need what only the kernel knows
		{map[string]string{"6": "2001:db8:1::2", "4": "169.254.13.78"}, "", "198.51.100.121 2001:db8:1::1", "2001:db8:1::1 198.51.100.121"},
		{map[string]string{"6": "fe80::1", "4": "198.51.100.117"}, "", "2001:db8:1::1 198.51.100.121", "198.51.100.121 2001:db8:1::1"},
		{map[string]string{"2001:db8:1::1": "2001:db8:1::2", "10.1.2.3": "10.1.2.4"}, "", "10.1.2.3 2001:db8:1::1", "2001:db8:1::1 10.1.2.3"},
		{map[string]string{"2001:db8:1::1": "2001:db8:1::2", "fe80::1": "fe80::2"}, "", "2001:db8:1::1 fe80::1", "fe80::1 2001:db8:1::1"},
		{map[string]string{"2002:c633:6401::1": "2002:c633:6401::2", "2001:db8:1::1": "2002:c633:6401::2"}, "", "2001:db8:1::1 2002:c633:6401::1", "2002:c633:6401::1 2001:db8:1::1"},
		{map[string]string{"2001:db8:1::1": "2001:db8:1::2", "2002:c633:6401::1": "2002:c633:6401::2"}, "", "2002:c633:6401::1 2001:db8:1::1", "2001:db8:1::1 2002:c633:6401::1"},
		// No way to one of them
		{map[string]string{"4": "192.0.2.1"}, "", "2001:db8::2 192.0.2.2", "192.0.2.2 2001:db8::2"},
		// The order of the servers stays
		{both, "", "192.0.2.9 192.0.2.3 192.0.2.5", "192.0.2.9 192.0.2.3 192.0.2.5"},
		{both, "", "192.0.2.9 2001:db8::9 192.0.2.3", "2001:db8::9 192.0.2.9 192.0.2.3"},
		{both, "precedence ::ffff:0:0/96 100\n", "192.0.2.9 2001:db8::9 192.0.2.3", "192.0.2.9 192.0.2.3 2001:db8::9"},
		{both, "# precedence ::ffff:0:0/96 100\nlabel bad\nprecedence x 1\nreload yes\n", "192.0.2.9 2001:db8::9", "2001:db8::9 192.0.2.9"},
		// The longest common prefix
		{map[string]string{"6": "2001:db8:1::1"}, "", "2001:db8:ffff::1 2001:db8:1:5::1", "2001:db8:1:5::1 2001:db8:ffff::1"},
	} {
		var addresses []netip.Addr
		for _, text := range strings.Fields(test.in) {
			addresses = append(addresses, netip.MustParseAddr(text))
		}
		order(addresses, readPolicy(written(t, test.policy)), func(to netip.Addr) netip.Addr {
			source := test.sources[to.String()]
			if source == "" {
				source = test.sources[map[bool]string{true: "4", false: "6"}[to.Is4()]]
			}
			if source == "" {
				return netip.Addr{}
			}
			return netip.MustParseAddr(source)
		})
		if got := strings.Trim(fmt.Sprint(addresses), "[]"); got != test.out {
			t.Errorf("%s: %s, expected %s", test.in, got, test.out)
		}
	}
}

func TestSourceOf(t *testing.T) {
	if got := sourceOf(netip.MustParseAddr("127.0.0.1")); got.String() != "127.0.0.1" {
		t.Error(got)
	}
}

func TestInterleave(t *testing.T) {
	for in, want := range map[string]string{
		"::1 ::2 ::3 1.1.1.1 1.1.1.2": "::1 1.1.1.1 ::2 1.1.1.2 ::3", "1.1.1.1 ::1": "1.1.1.1 ::1", "": "",
		"1.1.1.1 1.1.1.2 1.1.1.3 ::1": "1.1.1.1 ::1 1.1.1.2 1.1.1.3", "::1 ::2 ::3": "::1 ::2 ::3",
	} {
		var addresses []netip.Addr
		for _, text := range strings.Fields(in) {
			addresses = append(addresses, netip.MustParseAddr(text))
		}
		if got := strings.Trim(fmt.Sprint(Interleave(addresses)), "[]"); got != want {
			t.Errorf("%s: %s", in, got)
		}
	}
}

func FuzzRead(f *testing.F) {
	q := question{"a.example.", dnsmessage.TypeA}
	asked := []dnsmessage.Question{{Name: dnsmessage.MustNewName(q.name), Type: q.kind, Class: dnsmessage.ClassINET}}
	for _, m := range []dnsmessage.Message{
		{Answers: []dnsmessage.Resource{record("a.example.", 60, "192.0.2.1")}},
		{Answers: []dnsmessage.Resource{record("a.example.", 60, "b.example."), record("b.example.", 5, "192.0.2.1")}},
		{Answers: []dnsmessage.Resource{record("a.example.", 60, "b.example."), record("b.example.", 5, "a.example.")}},
		{Authorities: []dnsmessage.Resource{soa(60, 30)}}, {},
	} {
		m.Header = dnsmessage.Header{ID: 7, Response: true, RecursionAvailable: true}
		m.Questions = asked
		f.Add(pack(m), false)
	}
	m := dnsmessage.Message{Header: dnsmessage.Header{ID: 7, Response: true}, Questions: asked}
	m.Questions[0].Type = dnsmessage.TypeAAAA
	m.Answers = []dnsmessage.Resource{record("a.example.", 60, "2001:db8::1")}
	f.Add(pack(m), true)
	f.Fuzz(func(t *testing.T, message []byte, six bool) {
		q := q
		if six {
			q.kind = dnsmessage.TypeAAAA
		}
		before := append([]byte(nil), message...)
		a, err := read(message, q, 7)
		if !bytes.Equal(before, message) {
			t.Error("the message is changed")
		}
		if err != nil {
			return
		}
		if a.lasts < 0 || len(a.addresses) > maxAddresses || len(a.addresses) > 0 && (!a.exists || a.alias != "") {
			t.Errorf("%+v", a)
		}
		for _, address := range a.addresses {
			if address.Is4() == six {
				t.Errorf("%v", address)
			}
		}
	})
}
