package dns

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"golang.org/x/net/dns/dnsmessage"
)

const (
	loopback = "nameserver 127.0.0.1\n"
	simple   = "hosts: files dns\n"
	patience = 30 * time.Second
)

// look is what a lookup tells, in one line.
func look(r *Resolver, name string) string {
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	return line(r.Lookup(ctx, name))
}

func line(addresses []netip.Addr, err error) string {
	var e *net.DNSError
	switch {
	case errors.As(err, &e) && e.IsNotFound:
		return "not found"
	case errors.As(err, &e) && e.IsTimeout:
		return "timeout"
	case errors.As(err, &e):
		return "failed: " + e.Err
	case err != nil:
		return err.Error()
	}
	return strings.Trim(fmt.Sprint(addresses), "[]")
}

func expect(t *testing.T, r *Resolver, name, want string) {
	t.Helper()
	if got := look(r, name); got != want {
		t.Errorf("%s: %s, expected %s", name, got, want)
	}
}

func TestLookup(t *testing.T) {
	s := newServer(t)
	s.add("both.example.", 60, "192.0.2.7", "2001:db8::7", "192.0.2.8")
	s.add("four.example.", 60, "192.0.2.9")
	s.add("six.example.", 60, "2001:db8::9")
	s.add("host.corp.example.", 60, "192.0.2.10")
	s.add("a.b.corp.example.", 60, "192.0.2.11")
	s.add("single.", 60, "192.0.2.12")
	s.add("alias.example.", 60, "middle.example.")
	s.zone["alias.example. A"] = append(s.zone["alias.example. A"], record("middle.example.", 60, "end.example."),
		record("end.example.", 60, "192.0.2.13"), record("other.example.", 60, "192.0.2.99"))
	s.add("far.example.", 60, "four.example.") // the server does not say where the alias leads
	s.add("loop.example.", 60, "loop2.example.")
	s.add("loop2.example.", 60, "loop.example.")
	r, _ := s.resolver(t, loopback+"search corp.example\n", simple, "192.0.2.1 listed.example Listed\n::1 listed.example\n# 192.0.2.2 not\n")
	for name, want := range map[string]string{
		"192.0.2.3": "192.0.2.3", "::ffff:192.0.2.3": "192.0.2.3", "2001:db8::3": "2001:db8::3",
		"both.example": "2001:db8::7 192.0.2.7 192.0.2.8", "BOTH.Example.": "2001:db8::7 192.0.2.7 192.0.2.8",
		"four.example": "192.0.2.9", "six.example": "2001:db8::9",
		"host": "192.0.2.10", "host.": "not found", "single": "192.0.2.12", "a.b": "192.0.2.11", "corp.example": "not found",
		"absent.example": "not found", "alias.example": "192.0.2.13", "far.example": "192.0.2.9",
		"loop.example":   "failed: the answer is malformed",
		"listed.example": "192.0.2.1 ::1", "LISTED": "192.0.2.1", "not": "not found",
		"localhost": "127.0.0.1 ::1", "x.localhost.": "127.0.0.1 ::1", "some.invalid": "not found",
		"": "not found", ".": "not found", "a..b": "not found", "a b.example": "not found",
		strings.Repeat("x", 64) + ".example": "not found", strings.Repeat("x.", 127) + "x": "not found",
	} {
		got := look(r, name)
		if name == "localhost" || name == "x.localhost." || name == "listed.example" {
			// The order depends on sources that this test makes up.
			fields := strings.Fields(got)
			if len(fields) == 2 && fields[0] > fields[1] {
				got = fields[1] + " " + fields[0]
			}
		}
		if got != want {
			t.Errorf("%q: %s, expected %s", name, got, want)
		}
	}
	if n := s.count("x.localhost. A") + s.count("some.invalid. A") + s.count("localhost. A"); n > 0 {
		t.Error("asked for names that are known")
	}
}

func TestCache(t *testing.T) {
	s := newServer(t)
	s.add("kept.example.", 60, "192.0.2.1")
	s.add("short.example.", 0, "192.0.2.2")
	r, directory := s.resolver(t, loopback, simple, "")
	for name, want := range map[string]int{"kept.example": 1, "short.example": 3, "absent.example": 1} {
		for range 3 {
			look(r, name)
		}
		if got := s.count(name + ". A"); got != want {
			t.Errorf("%s was asked for %d times, not %d", name, got, want)
		}
	}
	if got := s.count("short.example. AAAA"); got != 1 {
		t.Errorf("that a name has no address of IPv6 was asked for %d times", got)
	}
	if got, ok := r.Cached("kept.EXAMPLE"); !ok || line(got, nil) != "192.0.2.1" {
		t.Error("not cached:", got, ok)
	}
	for _, name := range []string{"short.example", "absent.example", "never.example", "", "a..b"} {
		if got, ok := r.Cached(name); ok {
			t.Errorf("cached: %q %v", name, got)
		}
	}
	// Records end.
	r.mutex.Lock()
	k, ok := r.cache.get(cacheKey{"kept.example.", dnsmessage.TypeA}, time.Now().Add(59*time.Second))
	if !ok || len(k.addresses) != 1 {
		t.Error("ends early")
	}
	if _, ok = r.cache.get(cacheKey{"absent.example.", dnsmessage.TypeA}, time.Now().Add(31*time.Second)); ok {
		t.Error("a name that does not exist lasts longer than the zone says")
	}
	if _, ok = r.cache.get(cacheKey{"kept.example.", dnsmessage.TypeA}, time.Now().Add(61*time.Second)); ok {
		t.Error("a record lasts longer than it says")
	}
	r.mutex.Unlock()
	// What other servers said is forgotten.
	look(r, "kept.example")
	if err := os.WriteFile(filepath.Join(directory, "resolv.conf"), []byte("nameserver 127.0.0.1\nsearch x.example\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	look(r, "kept.example")
	if got := s.count("kept.example. A"); got != 3 {
		t.Errorf("after the servers have changed, asked %d times", got)
	}
}

func TestCacheIsBounded(t *testing.T) {
	var c cache
	now := time.Now()
	for i := range 3 * cacheSize {
		c.put(cacheKey{fmt.Sprint(i), dnsmessage.TypeA}, answer{lasts: time.Hour}, now)
	}
	if n := len(c.kept); n > cacheSize || n < cacheSize/2 {
		t.Errorf("%d are kept", n)
	}
	c.put(cacheKey{"long", dnsmessage.TypeA}, answer{addresses: []netip.Addr{{}}, lasts: 1000 * time.Hour}, now)
	if _, ok := c.get(cacheKey{"long", dnsmessage.TypeA}, now.Add(longest+1)); ok {
		t.Error("kept for too long")
	}
}

// TestHostsChange: what is written to the file counts from the next lookup.
func TestHostsChange(t *testing.T) {
	s := newServer(t)
	r, directory := s.resolver(t, loopback, simple, "192.0.2.1 a.example\n")
	path := filepath.Join(directory, "hosts")
	expect(t, r, "a.example", "192.0.2.1")
	for i, text := range []string{"192.0.2.2 a.example\n", "192.0.2.3 a.example\n", "192.0.2.4 a.example\n"} {
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		expect(t, r, "a.example", fmt.Sprintf("192.0.2.%d", i+2))
	}
	os.Remove(path)
	expect(t, r, "a.example", "not found")
	if err := os.WriteFile(path, []byte("192.0.2.5 a.example"), 0o600); err != nil {
		t.Fatal(err)
	}
	expect(t, r, "a.example", "192.0.2.5")
}

// TestServers: one after the other is asked.
func TestServers(t *testing.T) {
	good := newServer(t)
	good.add("a.example.", 0, "192.0.2.1")
	r := New()
	r.source = sourceOf
	for name, answer := range map[string]func(id uint16, q dnsmessage.Question, overTCP bool) [][]byte{
		"fails":           code(dnsmessage.RCodeServerFailure),
		"refuses":         code(dnsmessage.RCodeRefused),
		"not implemented": code(dnsmessage.RCodeNotImplemented),
		"lame": func(id uint16, q dnsmessage.Question, _ bool) [][]byte {
			return [][]byte{pack(dnsmessage.Message{Header: dnsmessage.Header{ID: id, Response: true}, Questions: []dnsmessage.Question{q}})}
		},
	} {
		bad := newServer(t)
		bad.answerWith(answer)
		r.SetServers([]netip.AddrPort{bad.address, good.address})
		expect(t, r, "a.example", "192.0.2.1")
		if bad.count("a.example. A") == 0 {
			t.Errorf("%s: was not asked", name)
		}
		r.SetServers([]netip.AddrPort{bad.address})
		if got := look(r, "a.example"); !strings.HasPrefix(got, "failed: the server") {
			t.Errorf("%s alone: %s", name, got)
		}
	}
	// Nobody is there, which the kernel tells at once.
	gone := newServer(t)
	gone.udp.Close()
	gone.tcp.Close()
	r.SetServers([]netip.AddrPort{gone.address, good.address})
	expect(t, r, "a.example", "192.0.2.1")
	r.SetServers([]netip.AddrPort{gone.address})
	if got := look(r, "a.example"); !strings.HasPrefix(got, "failed: ") {
		t.Error(got)
	}
	if got := r.Servers(); len(got) != 1 || got[0] != gone.address {
		t.Error(got)
	}
}

func code(c dnsmessage.RCode) func(uint16, dnsmessage.Question, bool) [][]byte {
	return func(id uint16, q dnsmessage.Question, _ bool) [][]byte {
		return [][]byte{pack(dnsmessage.Message{Header: dnsmessage.Header{ID: id, Response: true, RCode: c}, Questions: []dnsmessage.Question{q}})}
	}
}

// TestSilentServer: the next one is asked after the time limit, and first from then on.
func TestSilentServer(t *testing.T) {
	silent, good := newServer(t), newServer(t)
	silent.answerWith(func(uint16, dnsmessage.Question, bool) [][]byte { return nil })
	good.add("a.example.", 0, "192.0.2.1")
	r, _ := good.resolver(t, "options timeout:1 attempts:1\n", simple, "")
	r.SetServers([]netip.AddrPort{silent.address, good.address})
	expect(t, r, "a.example", "192.0.2.1")
	n := silent.count("a.example. A")
	expect(t, r, "a.example", "192.0.2.1")
	if n == 0 || silent.count("a.example. A") != n {
		t.Errorf("asked the silent one %d times, then %d", n, silent.count("a.example. A"))
	}
	r.SetServers([]netip.AddrPort{silent.address})
	expect(t, r, "a.example", "timeout")
}

// TestForged: what is not the answer to the question is nobody's.
func TestForged(t *testing.T) {
	forged := func(id uint16, q dnsmessage.Question, change func(m *dnsmessage.Message)) []byte {
		m := dnsmessage.Message{Header: dnsmessage.Header{ID: id, Response: true, RecursionAvailable: true}, Questions: []dnsmessage.Question{q}}
		if q.Type == dnsmessage.TypeA {
			m.Answers = []dnsmessage.Resource{record(q.Name.String(), 60, "203.0.113.66")}
		}
		change(&m)
		return pack(m)
	}
	s := newServer(t)
	s.add("a.example.", 60, "192.0.2.1")
	s.answerWith(func(id uint16, q dnsmessage.Question, overTCP bool) [][]byte {
		return [][]byte{
			forged(id+1, q, func(*dnsmessage.Message) {}),
			forged(id, q, func(m *dnsmessage.Message) { m.Response = false }),
			forged(id, q, func(m *dnsmessage.Message) { m.Questions[0].Name = dnsmessage.MustNewName("b.example.") }),
			forged(id, q, func(m *dnsmessage.Message) { m.Questions[0].Type = dnsmessage.TypeTXT }),
			forged(id, q, func(m *dnsmessage.Message) { m.Questions[0].Class = dnsmessage.ClassCHAOS }),
			forged(id, q, func(m *dnsmessage.Message) { m.Questions = append(m.Questions, q) }),
			forged(id, q, func(m *dnsmessage.Message) { m.Questions = nil }),
			{1, 2, 3}, nil,
			s.fromZone(id, q),
		}
	})
	r := New(s.address)
	expect(t, r, "a.example", "192.0.2.1")

	// Many of them: over TCP nobody but the server can answer.
	s.answerWith(func(id uint16, q dnsmessage.Question, overTCP bool) (all [][]byte) {
		if overTCP {
			return [][]byte{s.fromZone(id, q)}
		}
		for i := range uint16(100) {
			all = append(all, forged(id+1+i, q, func(*dnsmessage.Message) {}))
		}
		return all
	})
	r = New(s.address)
	expect(t, r, "a.example", "192.0.2.1")

	// Records of others in a true answer count for nothing.
	s.answerWith(func(id uint16, q dnsmessage.Question, overTCP bool) [][]byte {
		return [][]byte{forged(id, q, func(m *dnsmessage.Message) {
			m.Answers = []dnsmessage.Resource{record("b.example.", 60, "203.0.113.66")}
			m.Additionals = []dnsmessage.Resource{record("a.example.", 60, "203.0.113.66")}
		})}
	})
	r = New(s.address)
	expect(t, r, "a.example", "not found")
}

// TestQuestionsDiffer: neither the number of a question nor its port can be foreseen.
func TestQuestionsDiffer(t *testing.T) {
	s := newServer(t)
	var mutex sync.Mutex
	ids := map[uint16]bool{}
	s.answerWith(func(id uint16, q dnsmessage.Question, _ bool) [][]byte {
		mutex.Lock()
		ids[id] = true
		mutex.Unlock()
		return [][]byte{s.fromZone(id, q)}
	})
	r := New(s.address)
	for i := range 50 {
		look(r, fmt.Sprintf("n%d.example", i))
	}
	mutex.Lock()
	defer mutex.Unlock()
	if len(ids) < 90 {
		t.Errorf("%d different numbers for 100 questions", len(ids))
	}
}

func TestTruncated(t *testing.T) {
	s := newServer(t)
	for i := range 100 {
		s.add("many.example.", 60, fmt.Sprintf("192.0.2.%d", i))
	}
	s.answerWith(func(id uint16, q dnsmessage.Question, overTCP bool) [][]byte {
		if overTCP || q.Type != dnsmessage.TypeA {
			return [][]byte{s.fromZone(id, q)}
		}
		return [][]byte{pack(dnsmessage.Message{Header: dnsmessage.Header{ID: id, Response: true, Truncated: true}, Questions: []dnsmessage.Question{q}})}
	})
	r := New(s.address)
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	if got, err := r.Lookup(ctx, "many.example"); err != nil || len(got) != maxAddresses {
		t.Errorf("%d addresses, %v", len(got), err)
	}
	if n := s.count("many.example. A"); n != 2 {
		t.Errorf("asked %d times", n)
	}
	// With use-vc nothing is asked over UDP.
	s.answerWith(func(id uint16, q dnsmessage.Question, overTCP bool) [][]byte {
		if !overTCP {
			t.Error("asked over UDP")
		}
		return [][]byte{s.fromZone(id, q)}
	})
	r, _ = s.resolver(t, loopback+"options use-vc\n", simple, "")
	if got := strings.Fields(look(r, "many.example")); len(got) != maxAddresses {
		t.Error(got)
	}
}

// TestWithoutExtensions: a server that knows no EDNS is asked without.
// TestLongDatagram: a server that sends more than it was told that there is room for is asked over TCP at once.
func TestLongDatagram(t *testing.T) {
	s := newServer(t)
	var overUDP atomic.Int32
	s.answerWith(func(id uint16, q dnsmessage.Question, overTCP bool) [][]byte {
		m := dnsmessage.Message{
			Header: dnsmessage.Header{ID: id, Response: true, RecursionAvailable: true}, Questions: []dnsmessage.Question{q},
		}
		if q.Type == dnsmessage.TypeA {
			for i := range 100 {
				m.Answers = append(m.Answers, record(q.Name.String(), 60, fmt.Sprintf("192.0.2.%d", i)))
			}
			if !overTCP {
				overUDP.Add(1)
			}
		}
		return [][]byte{pack(m)}
	})
	r, _ := s.resolver(t, loopback+"options attempts:1 timeout:30\n", simple, "")
	ctx, cancel := context.WithTimeout(context.Background(), patience/2)
	defer cancel()
	addresses, err := r.Lookup(ctx, "long.example")
	if err != nil || len(addresses) != maxAddresses || overUDP.Load() != 1 {
		t.Error(addresses, err, overUDP.Load())
	}
}

// TestNumbers: what the C library's functions take for an address of IPv4 is no name.
func TestNumbers(t *testing.T) {
	s := newServer(t)
	r, _ := s.resolver(t, loopback, simple, "")
	for text, want := range map[string]string{
		"127.1": "127.0.0.1", "127.2.3": "127.2.0.3", "2130706433": "127.0.0.1", "0x7f.1": "127.0.0.1",
		"0177.0.0.01": "127.0.0.1", "0": "0.0.0.0", "1.2.3.0xff": "1.2.3.255", "1.0xffffff": "1.255.255.255",
	} {
		expect(t, r, text, want)
		if got, ok := r.Cached(text); !ok || line(got, nil) != want {
			t.Error(text, got)
		}
	}
	for _, text := range []string{
		"256.1", "1.2.3.4.5", "1.2.3.256", "1.16777216", "4294967296", "08.1", "0x.1", "1.-1", "1.+1", "127.1.", "1_0.1", "0x", "a.1",
		"99999999999999999999",
	} {
		expect(t, r, text, "not found")
	}
}

func TestWithoutExtensions(t *testing.T) {
	s := newServer(t)
	s.add("a.example.", 60, "192.0.2.1")
	var refused atomic.Bool
	s.answerWith(func(id uint16, q dnsmessage.Question, _ bool) [][]byte {
		if q.Type == dnsmessage.TypeA && !refused.Swap(true) {
			return [][]byte{pack(dnsmessage.Message{Header: dnsmessage.Header{ID: id, Response: true, RCode: dnsmessage.RCodeFormatError}})}
		}
		return [][]byte{s.fromZone(id, q)}
	})
	expect(t, New(s.address), "a.example", "192.0.2.1")
}

// TestEarly: what has arrived is told when the other family is late.
func TestEarly(t *testing.T) {
	for _, late := range []dnsmessage.Type{dnsmessage.TypeA, dnsmessage.TypeAAAA} {
		s := newServer(t)
		s.add("a.example.", 60, "192.0.2.1", "2001:db8::1")
		told := make(chan string, 10)
		release := make(chan struct{})
		s.answerWith(func(id uint16, q dnsmessage.Question, _ bool) [][]byte {
			if q.Type == late {
				<-release
			}
			return [][]byte{s.fromZone(id, q)}
		})
		r, _ := s.resolver(t, loopback, simple, "")
		ctx, cancel := context.WithTimeout(context.Background(), patience)
		defer cancel()
		want := "2001:db8::1"
		if late == dnsmessage.TypeAAAA {
			want = "192.0.2.1"
		}
		addresses, err := r.Stream(ctx, "a.example", func(addresses []netip.Addr) {
			told <- line(addresses, nil)
			close(release)
		})
		if got := line(addresses, err); got != "2001:db8::1 192.0.2.1" {
			t.Error(got)
		}
		if got := <-told; got != want || len(told) != 0 {
			t.Errorf("told %s, expected %s", got, want)
		}
	}
}

// TestShared: those who ask for a name at once share one question, and who gives up holds up nobody.
func TestShared(t *testing.T) {
	s := newServer(t)
	s.add("a.example.", 0, "192.0.2.1")
	release := make(chan struct{})
	s.answerWith(func(id uint16, q dnsmessage.Question, _ bool) [][]byte {
		<-release
		return [][]byte{s.fromZone(id, q)}
	})
	r, _ := s.resolver(t, loopback, simple, "")
	var all sync.WaitGroup
	for i := range 20 {
		all.Go(func() {
			ctx, cancel := context.WithTimeout(context.Background(), patience)
			defer cancel()
			if i == 0 {
				cancel()
			}
			got := line(r.Lookup(ctx, "a.example"))
			if i > 0 && got != "192.0.2.1" || i == 0 && got != "context canceled" && got != "192.0.2.1" {
				t.Error(got)
			}
		})
	}
	for {
		r.mutex.Lock()
		f := r.flights["a.example"]
		waiting := f != nil && f.waiting >= 19
		r.mutex.Unlock()
		if waiting && s.count("a.example. A") > 0 {
			break
		}
		time.Sleep(time.Millisecond)
	}
	close(release)
	all.Wait()
	if n := s.count("a.example. A"); n != 1 {
		t.Errorf("asked %d times", n)
	}
	if len(r.flights) != 0 {
		t.Error("something is left")
	}
}

// TestCancelled: nothing is left of a lookup that nobody waits for.
func TestCancelled(t *testing.T) {
	s := newServer(t)
	s.answerWith(func(uint16, dnsmessage.Question, bool) [][]byte { return nil })
	r, _ := s.resolver(t, loopback, simple, "")
	ctx, cancel := context.WithCancel(context.Background())
	time.AfterFunc(20*time.Millisecond, cancel)
	if got := line(r.Lookup(ctx, "a.example")); got != "context canceled" {
		t.Error(got)
	}
	for end := time.Now().Add(patience); len(r.questions) > 0; time.Sleep(time.Millisecond) {
		if time.Now().After(end) {
			t.Fatal("questions are still under way")
		}
	}
	r.mutex.Lock()
	defer r.mutex.Unlock()
	if len(r.flights)+len(r.silent) != 0 {
		t.Error("something is left:", r.flights, r.silent)
	}
}

// TestOneAfterTheOther: with single-request, one question is under way at a time.
func TestOneAfterTheOther(t *testing.T) {
	s := newServer(t)
	s.add("a.example.", 0, "192.0.2.1", "2001:db8::1")
	var now, most atomic.Int32
	s.answerWith(func(id uint16, q dnsmessage.Question, _ bool) [][]byte {
		if n := now.Add(1); n > most.Load() {
			most.Store(n)
		}
		defer now.Add(-1)
		time.Sleep(5 * time.Millisecond)
		return [][]byte{s.fromZone(id, q)}
	})
	r, _ := s.resolver(t, loopback+"options single-request\n", simple, "")
	expect(t, r, "a.example", "2001:db8::1 192.0.2.1")
	if most.Load() != 1 {
		t.Errorf("%d at once", most.Load())
	}
	r, _ = s.resolver(t, loopback+"options no-aaaa\n", simple, "")
	expect(t, r, "a.example", "192.0.2.1")
}

// TestLimits: many lookups at once are all answered, with a bounded number of sockets.
func TestLimits(t *testing.T) {
	s := newServer(t)
	for i := range 600 {
		s.add(fmt.Sprintf("n%d.example.", i), 60, "192.0.2.1")
	}
	r, _ := s.resolver(t, loopback, simple, "")
	var all sync.WaitGroup
	for i := range 600 {
		all.Go(func() { expect(t, r, fmt.Sprintf("n%d.example", i), "192.0.2.1") })
	}
	all.Wait()
}

// TestSystem: what only the system's functions know is left to them.
func TestSystem(t *testing.T) {
	own, err := os.Hostname()
	if err != nil {
		t.Fatal(err)
	}
	const stub = "nameserver 127.0.0.53\n"
	for _, test := range []struct {
		nsswitch, resolver, name string
		native                   bool
	}{
		{"files dns", loopback, "a.example", true},
		{"files mdns4_minimal [NOTFOUND=return] dns", loopback, "a.example", true},
		{"files mdns4_minimal [NOTFOUND=return] dns", loopback, "printer.local", false},
		{"files mdns4_minimal [NOTFOUND=return] dns", loopback, "Printer.LOCAL.", false},
		{"files dns", loopback, "printer.local", true},
		{"files dns myhostname", loopback, own, false},
		{"files dns myhostname", loopback, "_gateway", false},
		{"files dns myhostname", loopback, "a.example", true},
		{"files myhostname resolve [!UNAVAIL=return] dns", stub, "a.example", true},
		{"files myhostname resolve [!UNAVAIL=return] dns", stub, "single", false},
		{"files myhostname resolve [!UNAVAIL=return] dns", loopback, "a.example", false},
		{"files resolve", stub, "a.example", true},
		{"files ldap dns", loopback, "a.example", false},
		{"wins files dns", loopback, "a.example", false},
		{"files [NOTFOUND=return] dns", loopback, "a.example", false},
		{"files [ NOTFOUND = return ] dns", loopback, "a.example", false},
		{"files dns", loopback + "sortlist 192.0.2.0\n", "a.example", false},
		{"files dns", loopback + "options something-new\n", "a.example", false},
		{"files dns", loopback, "bücher.example", false},
		{"", "", "a.example", true},
	} {
		s := newServer(t)
		r, _ := s.resolver(t, test.resolver, "passwd: files\nhosts: "+test.nsswitch+" # all\nhosts: nonsense\n", "")
		if test.nsswitch == "" {
			r, _ = s.resolver(t, test.resolver, "", "")
		}
		asked := false
		r.system = func(context.Context, string) ([]netip.Addr, error) {
			asked = true
			return []netip.Addr{netip.MustParseAddr("192.0.2.200")}, nil
		}
		if got := r.config().native(test.name); got != test.native {
			t.Errorf("%q, %q, %s: %v", test.nsswitch, test.resolver, test.name, got)
		}
		if !test.native {
			expect(t, r, test.name, "192.0.2.200")
			if !asked {
				t.Errorf("%q, %q, %s: the system is not asked", test.nsswitch, test.resolver, test.name)
			}
			if _, ok := r.Cached(test.name); ok {
				t.Error("cached:", test.name)
			}
		}
	}
	t.Setenv("RES_OPTIONS", "ndots:3")
	s := newServer(t)
	if r, _ := s.resolver(t, loopback, simple, ""); r.config().native("a.example") {
		t.Error("RES_OPTIONS is not looked at")
	}
}
