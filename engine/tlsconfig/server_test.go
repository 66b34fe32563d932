package tlsconfig

import (
	"crypto/tls"
	"fmt"
	"io"
	"net"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"golws/engine/certificate/certificatetest"
	"golws/engine/vhost"
)

// program collects log lines, and has a clock that tests can move.
type program struct {
	mu    sync.Mutex
	lines []string
	now   time.Time
}

func (p *program) log(level int, text string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.lines = append(p.lines, fmt.Sprint(level, " ", text))
}

func (p *program) clock() time.Time {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.now
}

func (p *program) advance(d time.Duration) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.now = p.now.Add(d)
}

// logged says whether a line has all the words.
func (p *program) logged(words ...string) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
next:
	for _, line := range p.lines {
		for _, word := range words {
			if !strings.Contains(line, word) {
				continue next
			}
		}
		return true
	}
	return false
}

func (p *program) make(options vhost.Options, t vhost.TLS) (*Server, error) {
	if p.now.IsZero() {
		p.now = time.Now()
	}
	return newServer(&vhost.Vhost{Name: "test", Options: options, TLS: &t}, p.log, p.clock)
}

func (p *program) mustMake(t *testing.T, options vhost.Options, configured vhost.TLS) *Server {
	t.Helper()
	s, err := p.make(options, configured)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// handshake connects a client to a server with its configuration; the connection carries a byte each way.
func handshake(t testing.TB, config *tls.Config, client *tls.Config) (atServer, atClient tls.ConnectionState, err error) {
	t.Helper()
	near, far, err := connectionPair()
	if err != nil {
		t.Fatal(err)
	}
	defer near.Close()
	defer far.Close()
	result := make(chan error, 1)
	server := tls.Server(near, config)
	go func() {
		err := server.Handshake()
		if err == nil {
			_, err = io.Copy(server, io.LimitReader(server, 1))
		}
		near.Close()
		result <- err
	}()
	c := tls.Client(far, client)
	clientErr := c.Handshake()
	if clientErr == nil {
		if _, clientErr = c.Write([]byte{1}); clientErr == nil {
			_, clientErr = io.ReadFull(c, make([]byte, 1)) // tickets arrive before it
		}
	}
	far.Close()
	if err = <-result; err == nil {
		err = clientErr
	}
	return server.ConnectionState(), c.ConnectionState(), err
}

// connectionPair is a connection over loopback: net.Pipe has no buffer, and both sides may write at once.
func connectionPair() (net.Conn, net.Conn, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, nil, err
	}
	defer l.Close()
	far, err := net.Dial("tcp", l.Addr().String())
	if err != nil {
		return nil, nil, err
	}
	near, err := l.Accept()
	return near, far, err
}

func TestFilesAndMemory(t *testing.T) {
	authority := certificatetest.Authority(t, "Test Root")
	pair := authority.Intermediate(t, "Test Intermediate").Issue(t, "example.org")
	client := &tls.Config{RootCAs: certificatetest.Pool(authority), ServerName: "example.org"}
	chainDER := append(append([]byte(nil), pair.Certificate.Raw...), pair.Issuer.Certificate.Raw...)
	file := func(data ...[]byte) string { return certificatetest.Write(t, "x.pem", data...) }
	for name, configured := range map[string]vhost.TLS{
		"files":          {CertificateFile: file(pair.ChainPEM()), PrivateKeyFile: file(pair.KeyPEM())},
		"files, DER":     {CertificateFile: file(chainDER), PrivateKeyFile: file(pair.KeyDER())},
		"one file":       {CertificateFile: file(pair.ChainPEM(), pair.KeyPEM())},
		"key first":      {CertificateFile: file(pair.KeyPEM(), pair.ChainPEM())},
		"same file":      {CertificateFile: file(pair.ChainPEM(), pair.KeyPEM()), PrivateKeyFile: file(pair.ChainPEM(), pair.KeyPEM())},
		"memory, PEM":    {Certificate: pair.ChainPEM(), PrivateKey: pair.KeyPEM()},
		"memory, DER":    {Certificate: chainDER, PrivateKey: pair.KeyDER()},
		"memory, mixed":  {Certificate: pair.ChainPEM(), PrivateKey: pair.KeyDER()},
		"NUL at the end": {Certificate: append(pair.ChainPEM(), 0), PrivateKey: append(pair.KeyPEM(), 0)},
		"memory for a file that is gone": {CertificateFile: "/nowhere/x.pem", PrivateKeyFile: "/nowhere/y.pem",
			Certificate: pair.ChainPEM(), PrivateKey: pair.KeyPEM()},
		"key in memory only": {CertificateFile: file(pair.ChainPEM()), PrivateKey: pair.KeyPEM()},
		"root in the file": {CertificateFile: file(pair.ChainPEM(), authority.PEM()),
			PrivateKeyFile: file(pair.KeyPEM())},
		"leaf last": {CertificateFile: file(pair.Issuer.PEM(), pair.PEM()), PrivateKeyFile: file(pair.KeyPEM())},
	} {
		t.Run(name, func(t *testing.T) {
			p := new(program)
			s := p.mustMake(t, 0, configured)
			if gone := strings.HasPrefix(configured.CertificateFile, "/nowhere"); gone != (len(p.lines) == 1) ||
				gone && !p.logged("/nowhere/x.pem", "does not exist", "memory") {
				t.Errorf("logged: %q", p.lines)
			}
			if s.Leaf() == nil || !s.Leaf().Equal(pair.Certificate) || len(s.Chain()) < 2 {
				t.Errorf("leaf %v, chain of %d", s.Leaf(), len(s.Chain()))
			}
			if _, _, err := handshake(t, s.Config(), client); err != nil {
				t.Error(err)
			}
		})
	}
}

func TestErrorsNameFileReasonAndRemedy(t *testing.T) {
	pair, other := certificatetest.SelfSigned(t, "example.org"), certificatetest.SelfSigned(t, "other.example")
	certificate := certificatetest.Write(t, "cert.pem", pair.PEM())
	key := certificatetest.Write(t, "key.pem", pair.KeyPEM())
	otherKey := certificatetest.Write(t, "other.pem", other.KeyPEM())
	garbage := certificatetest.Write(t, "garbage.pem", []byte("not a certificate"))
	empty := certificatetest.Write(t, "empty.pem")
	cut := certificatetest.Write(t, "cut.pem", pair.PEM(), pair.PEM()[:200])
	directory := t.TempDir()
	for name, c := range map[string]struct {
		configured vhost.TLS
		words      []string
	}{
		"missing":        {vhost.TLS{CertificateFile: "/nowhere/c.pem", PrivateKeyFile: key}, []string{"/nowhere/c.pem", "does not exist", "ssl_cert_filepath"}},
		"missing key":    {vhost.TLS{CertificateFile: certificate, PrivateKeyFile: "/nowhere/k.pem"}, []string{"/nowhere/k.pem", "does not exist", "ssl_private_key_filepath"}},
		"directory":      {vhost.TLS{CertificateFile: directory, PrivateKeyFile: key}, []string{directory, "is a directory"}},
		"garbage":        {vhost.TLS{CertificateFile: garbage, PrivateKeyFile: key}, []string{garbage, "neither in PEM nor in DER", "BEGIN CERTIFICATE"}},
		"empty":          {vhost.TLS{CertificateFile: empty, PrivateKeyFile: key}, []string{empty, "is empty"}},
		"cut off":        {vhost.TLS{CertificateFile: cut, PrivateKeyFile: key}, []string{cut, "1 of 2 PEM blocks"}},
		"garbage as key": {vhost.TLS{CertificateFile: certificate, PrivateKeyFile: garbage}, []string{garbage, "no private key"}},
		"certificate as key": {vhost.TLS{CertificateFile: certificate, PrivateKeyFile: certificate},
			[]string{certificate, "holds no private key"}},
		"other key": {vhost.TLS{CertificateFile: certificate, PrivateKeyFile: otherKey},
			[]string{otherKey, "does not match", "example.org", certificate, "use the key"}},
		"no key":    {vhost.TLS{CertificateFile: certificate}, []string{certificate, "without a private key", "ssl_private_key_filepath"}},
		"no cipher": {vhost.TLS{CertificateFile: certificate, PrivateKeyFile: key, CipherList: "RC4-MD5"}, []string{"ssl_cipher_list", "RC4-MD5", "leaves no cipher"}},
		"no version": {vhost.TLS{CertificateFile: certificate, PrivateKeyFile: key, OptionsSet: opNoTLS12 | opNoTLS13},
			[]string{"ssl_options_set", "no version"}},
		"RSA ciphers for an EC key": {vhost.TLS{CertificateFile: certificate, PrivateKeyFile: key,
			CipherList: "aRSA", OptionsSet: opNoTLS13}, []string{"ssl_cipher_list", "EC P-256"}},
	} {
		t.Run(name, func(t *testing.T) {
			s, err := new(program).make(0, c.configured)
			if err == nil {
				t.Fatal("accepted", s.Leaf())
			}
			for _, word := range c.words {
				if !strings.Contains(err.Error(), word) {
					t.Errorf("%q is not in: %v", word, err)
				}
			}
		})
	}
	if os.Geteuid() != 0 { // nothing is unreadable to root
		if err := os.Chmod(key, 0); err != nil {
			t.Fatal(err)
		}
		_, err := new(program).make(0, vhost.TLS{CertificateFile: certificate, PrivateKeyFile: key})
		if err == nil || !strings.Contains(err.Error(), "permission denied") {
			t.Error(err)
		}
	}
}
