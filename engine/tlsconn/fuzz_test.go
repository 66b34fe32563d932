package tlsconn

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"io"
	"math/big"
	"net"
	"os"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"golws/engine/conn"
	"golws/engine/conn/conntest"
	"golws/engine/raw"
	"golws/engine/tlsconfig"
	"golws/engine/vhost"
)

func FuzzHelloComplete(f *testing.F) {
	f.Add([]byte("\x16\x03\x01\x00\x05\x01\x00\x00\x01\x00"), 3)
	f.Add([]byte("\x16\x03\x01\x00\x02\x01\x00\x16\x03\x01\x00\x03\x00\x01\x00"), 8)
	f.Add([]byte("GET / HTTP/1.1\r\n\r\n"), 5)
	f.Fuzz(func(t *testing.T, p []byte, n int) {
		n = max(0, min(n, len(p)))
		if helloComplete(p[:n]) && !helloComplete(p) {
			t.Error("more bytes make it incomplete")
		}
		if record := wholeRecord(p); record != nil && (len(record) < headerSize || len(record) > len(p)) {
			t.Errorf("a record of %d bytes in %d", len(record), len(p))
		}
	})
}

// fuzzServer serves one connection at a time with role, in the test's goroutine.
type fuzzServer struct {
	*conntest.Server
	received []byte
	gone     bool
	roots    *x509.CertPool
}

func newFuzzServer(f testing.TB) *fuzzServer {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		f.Fatal(err)
	}
	template := &x509.Certificate{SerialNumber: big.NewInt(1), DNSNames: []string{"localhost"}, IsCA: true,
		BasicConstraintsValid: true, NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour)}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		f.Fatal(err)
	}
	private, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		f.Fatal(err)
	}
	s := &fuzzServer{roots: x509.NewCertPool()}
	v := conntest.DefaultVhost("raw")
	v.Options = vhost.AcceptRoleOnly
	v.TLS = &vhost.TLS{
		Certificate: pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}),
		PrivateKey:  pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: private}),
	}
	s.roots.AppendCertsFromPEM(v.TLS.Certificate)
	p := &conntest.Program{OnEvent: func(c *conn.Conn, reason conn.Reason, in []byte, _ conn.Message) int {
		switch reason {
		case conn.RawReceive:
			s.received = append(s.received, in...)
			c.Write(in, conn.WriteHTTP)
		case conn.WSIDestroy:
			s.gone = true
		}
		return 0
	}}
	s.Server = conntest.New(f, p, v)
	s.Thread.Roles[vhost.RoleRaw] = raw.NewRole
	if s.Host.TLS, err = tlsconfig.New(v, func(int, string) {}); err != nil {
		f.Fatal(err)
	}
	return s
}

// connect makes a connection to a TLS port and returns the client's end.
func (s *fuzzServer) connect(t *testing.T) net.Conn {
	s.gone, s.received = false, nil
	pair, err := unix.Socketpair(unix.AF_UNIX, unix.SOCK_STREAM|unix.SOCK_CLOEXEC|unix.SOCK_NONBLOCK, 0)
	if err != nil {
		t.Fatal(err)
	}
	f := os.NewFile(uintptr(pair[1]), "client")
	defer f.Close()
	client, err := net.FileConn(f)
	if err != nil {
		t.Fatal(err)
	}
	s.Do(func() { _, err = s.Thread.Adopt(pair[0], s.Host, nil, NewRole) })
	if err != nil {
		t.Fatal(err)
	}
	return client
}

// serve runs the server until the connection is gone.
func (s *fuzzServer) serve(t *testing.T) {
	for range 2000 {
		if s.gone {
			return
		}
		s.Turn(20 * time.Millisecond)
	}
	t.Error("the connection does not end")
}

// write sends all and drops the replies.
func write(client net.Conn, p []byte, piece int) {
	go io.Copy(io.Discard, client)
	for rest := p; len(rest) > 0; {
		n := min(len(rest), max(piece, 1))
		if _, err := client.Write(rest[:n]); err != nil {
			break
		}
		rest = rest[n:]
	}
	client.Close()
}

// FuzzHandshake sends anything to a fresh TLS port.
func FuzzHandshake(f *testing.F) {
	s := newFuzzServer(f)
	client, server := net.Pipe()
	go tls.Client(client, &tls.Config{ServerName: "localhost"}).Handshake()
	hello := make([]byte, 16<<10)
	n, err := server.Read(hello)
	if err != nil {
		f.Fatal(err)
	}
	server.Close()
	f.Add(hello[:n], 100)
	f.Add(append(bytes.Clone(hello[:n]), "\x14\x03\x03\x00\x01\x01\x17\x03\x03\x00\x20abcdefghijklmnopqrstuvwxyz012345"...), 700)
	f.Add([]byte("\x16\x03\x01\x00\x05\x02\x00\x00\x01\x00"), 1)
	f.Add([]byte("GET / HTTP/1.1\r\n\r\n"), 4)
	f.Add([]byte{21, 3, 1, 0, 2, 2, 40}, 7)
	f.Fuzz(func(t *testing.T, p []byte, piece int) {
		client := s.connect(t)
		go write(client, p, piece)
		s.serve(t)
		if len(s.received) > 0 {
			t.Errorf("the program got %q", s.received)
		}
	})
}

// FuzzTransport sends anything after a handshake and some data.
func FuzzTransport(f *testing.F) {
	s := newFuzzServer(f)
	f.Add([]byte("\x17\x03\x03\x00\x20abcdefghijklmnopqrstuvwxyz012345"), 3, true)
	f.Add([]byte("\x15\x03\x03\x00\x02\x01\x00"), 7, false)
	f.Add([]byte("\x14\x03\x03\x00\x01\x01\x14\x03\x03\x00\x01\x01"), 7, true)
	f.Add([]byte("\x17\x03\x03\xff\xff"), 7, false)
	f.Add([]byte("\x16\x03\x03\x00\x00"), 7, false)
	f.Fuzz(func(t *testing.T, p []byte, piece int, old bool) {
		under := s.connect(t)
		config := &tls.Config{RootCAs: s.roots, ServerName: "localhost"}
		if old {
			config.MaxVersion = tls.VersionTLS12
		}
		go func() {
			client := tls.Client(under, config)
			var b [5]byte
			if _, err := client.Write([]byte("hello")); err != nil {
				t.Error(err)
			}
			if _, err := io.ReadFull(client, b[:]); err != nil {
				t.Error(err)
			}
			write(under, p, piece)
		}()
		s.serve(t)
		if string(s.received) != "hello" {
			t.Errorf("the program got %q", s.received)
		}
	})
}
