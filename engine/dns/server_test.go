package dns

import (
	"encoding/binary"
	"io"
	"net"
	"net/netip"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"golang.org/x/net/dns/dnsmessage"
)

// server is a name server on loopback, over UDP and TCP.
type server struct {
	t       *testing.T
	address netip.AddrPort
	udp     *net.UDPConn
	tcp     net.Listener

	mutex sync.Mutex
	zone  map[string][]dnsmessage.Resource // by name and type: "a.example. A"
	asked map[string]int
	// answer replaces what is made of the zone; it returns the datagrams to send.
	answer func(id uint16, q dnsmessage.Question, overTCP bool) [][]byte
}

func newServer(t *testing.T) *server {
	s := &server{t: t, zone: map[string][]dnsmessage.Resource{}, asked: map[string]int{}}
	var err error
	for range 10 {
		if s.tcp, err = net.Listen("tcp", "127.0.0.1:0"); err != nil {
			t.Fatal(err)
		}
		port := s.tcp.Addr().(*net.TCPAddr).Port
		if s.udp, err = net.ListenUDP("udp", &net.UDPAddr{IP: net.IPv4(127, 0, 0, 1), Port: port}); err == nil {
			break
		}
		s.tcp.Close()
	}
	if err != nil {
		t.Fatal(err)
	}
	s.address = netip.MustParseAddrPort(s.tcp.Addr().String())
	t.Cleanup(func() { s.udp.Close(); s.tcp.Close() })
	go s.serveUDP()
	go s.serveTCP()
	return s
}

func (s *server) serveUDP() {
	buffer := make([]byte, 4096)
	for {
		n, from, err := s.udp.ReadFromUDPAddrPort(buffer)
		if err != nil {
			return
		}
		question := append([]byte(nil), buffer[:n]...)
		go func() {
			for _, message := range s.reply(question, false) {
				s.udp.WriteToUDPAddrPort(message, from)
			}
		}()
	}
}

func (s *server) serveTCP() {
	for {
		c, err := s.tcp.Accept()
		if err != nil {
			return
		}
		go func() {
			defer c.Close()
			var size [2]byte
			if _, err := io.ReadFull(c, size[:]); err != nil {
				return
			}
			question := make([]byte, binary.BigEndian.Uint16(size[:]))
			if _, err := io.ReadFull(c, question); err != nil {
				return
			}
			for _, message := range s.reply(question, true) {
				c.Write(append(binary.BigEndian.AppendUint16(nil, uint16(len(message))), message...))
			}
		}()
	}
}

func typeName(t dnsmessage.Type) string { return strings.TrimPrefix(t.String(), "Type") }

func (s *server) reply(question []byte, overTCP bool) [][]byte {
	var p dnsmessage.Parser
	h, err := p.Start(question)
	if err != nil {
		return nil
	}
	q, err := p.Question()
	if err != nil {
		return nil
	}
	s.mutex.Lock()
	defer s.mutex.Unlock()
	key := strings.ToLower(q.Name.String()) + " " + typeName(q.Type)
	s.asked[key]++
	if s.answer != nil {
		answer := s.answer
		s.mutex.Unlock()
		defer s.mutex.Lock()
		return answer(h.ID, q, overTCP)
	}
	return [][]byte{s.fromZone(h.ID, q)}
}

func (s *server) answerWith(f func(id uint16, q dnsmessage.Question, overTCP bool) [][]byte) {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	s.answer = f
}

// fromZone makes the answer of a server that knows all there is.
func (s *server) fromZone(id uint16, q dnsmessage.Question) []byte {
	name := strings.ToLower(q.Name.String())
	records, found := s.zone[name+" "+typeName(q.Type)]
	code := dnsmessage.RCodeNameError
	for key := range s.zone {
		if found || strings.HasPrefix(key, name+" ") {
			code = dnsmessage.RCodeSuccess
			break
		}
	}
	m := dnsmessage.Message{
		Header:    dnsmessage.Header{ID: id, Response: true, RecursionAvailable: true, RCode: code},
		Questions: []dnsmessage.Question{q}, Answers: records,
	}
	if len(records) == 0 {
		m.Authorities = []dnsmessage.Resource{soa(60, 30)}
	}
	return pack(m)
}

func pack(m dnsmessage.Message) []byte {
	b, err := m.Pack()
	if err != nil {
		panic(err)
	}
	return b
}

func header(name string, ttl uint32) dnsmessage.ResourceHeader {
	return dnsmessage.ResourceHeader{Name: dnsmessage.MustNewName(name), Class: dnsmessage.ClassINET, TTL: ttl}
}

func record(name string, ttl uint32, value string) dnsmessage.Resource {
	a, err := netip.ParseAddr(value)
	switch {
	case err != nil:
		return dnsmessage.Resource{Header: header(name, ttl), Body: &dnsmessage.CNAMEResource{CNAME: dnsmessage.MustNewName(value)}}
	case a.Is4():
		return dnsmessage.Resource{Header: header(name, ttl), Body: &dnsmessage.AResource{A: a.As4()}}
	}
	return dnsmessage.Resource{Header: header(name, ttl), Body: &dnsmessage.AAAAResource{AAAA: a.As16()}}
}

func soa(ttl, negative uint32) dnsmessage.Resource {
	return dnsmessage.Resource{Header: header("example.", ttl), Body: &dnsmessage.SOAResource{
		NS: dnsmessage.MustNewName("ns.example."), MBox: dnsmessage.MustNewName("root.example."), MinTTL: negative}}
}

// add puts records of a name into the zone: the last word of each is an address or the name that it is an alias of.
func (s *server) add(name string, ttl uint32, values ...string) {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	for _, value := range values {
		r := record(name, ttl, value)
		kind := "A"
		if _, ok := r.Body.(*dnsmessage.AAAAResource); ok {
			kind = "AAAA"
		}
		s.zone[name+" "+kind] = append(s.zone[name+" "+kind], r)
	}
}

func (s *server) count(key string) int {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	return s.asked[key]
}

// testFiles makes a resolver whose files are the test's; the names of servers in resolv.conf are as it stands, their
// port is s's.
func (s *server) resolver(t *testing.T, resolvConf, nsswitch, hostsFile string) (*Resolver, string) {
	directory := t.TempDir()
	write := func(name, text string) string {
		path := filepath.Join(directory, name)
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	p := paths{
		resolver: write("resolv.conf", resolvConf), sources: write("nsswitch.conf", nsswitch),
		policy: filepath.Join(directory, "gai.conf"),
	}
	r := newResolver(p, write("hosts", hostsFile), s.address.Port(), nil)
	// Nothing goes beyond this machine.
	r.source = func(to netip.Addr) netip.Addr {
		if to.Is4() {
			return netip.MustParseAddr("192.0.2.1")
		}
		return netip.MustParseAddr("2001:db8::1")
	}
	return r, directory
}
