package tlsconfig

import (
	"crypto/rand"
	"crypto/rsa"
	"crypto/tls"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"golws/engine/certificate/certificatetest"
	"golws/engine/vhost"
)

func rsaPair(t testing.TB, name string) *certificatetest.Pair {
	t.Helper()
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	return certificatetest.Make(t, certificatetest.Template(name), key, nil)
}

// rewrite replaces what is in a file, and makes it look as if that had been long ago, each time a second later: so
// tests do not depend on how fast they are.
func rewrite(t testing.TB, path string, data ...[]byte) {
	t.Helper()
	var all []byte
	for _, d := range data {
		all = append(all, d...)
	}
	if err := os.WriteFile(path, all, 0o600); err != nil {
		t.Fatal(err)
	}
	age(t, path)
}

var (
	ageMutex sync.Mutex
	aged     = time.Now().Add(-10 * time.Hour)
)

func age(t testing.TB, path string) {
	t.Helper()
	ageMutex.Lock()
	defer ageMutex.Unlock()
	aged = aged.Add(time.Second)
	if err := os.Chtimes(path, aged, aged); err != nil {
		t.Fatal(err)
	}
}

func TestReload(t *testing.T) {
	old, next := certificatetest.SelfSigned(t, "old.example"), certificatetest.SelfSigned(t, "new.example")
	certificate := certificatetest.Write(t, "cert.pem", old.PEM())
	key := certificatetest.Write(t, "key.pem", old.KeyPEM())
	age(t, certificate)
	age(t, key)
	p := new(program)
	s := p.mustMake(t, 0, vhost.TLS{CertificateFile: certificate, PrivateKeyFile: key})
	serves := func(pair *certificatetest.Pair) {
		t.Helper()
		_, state, err := handshake(t, s.Config(), &tls.Config{InsecureSkipVerify: true})
		if err != nil || !state.PeerCertificates[0].Equal(pair.Certificate) || !s.Leaf().Equal(pair.Certificate) {
			t.Error("another certificate is served, or none:", err)
		}
	}
	serves(old)
	if s.FilesChanged() {
		t.Error("changed without a change")
	}
	if err := s.Reload(); err != nil || len(p.lines) != 0 {
		t.Error("a reload of the same says something:", err, p.lines)
	}

	rewrite(t, certificate, next.PEM()) // the key follows
	if !s.FilesChanged() {
		t.Error("a new certificate is not seen")
	}
	if err := s.Reload(); err == nil || !strings.Contains(err.Error(), "does not match") || !strings.Contains(err.Error(), key) {
		t.Error(err)
	}
	serves(old)
	if s.FilesChanged() {
		t.Error("what has failed is tried again and again")
	}
	rewrite(t, key, next.KeyPEM()[:100])
	if !s.FilesChanged() || s.Reload() == nil {
		t.Error("half a key is a key")
	}
	serves(old)
	rewrite(t, key, next.KeyPEM())
	if !s.FilesChanged() {
		t.Error("a new key is not seen")
	}
	if err := s.Reload(); err != nil || !p.logged("4 ", "vhost test", "new.example", "next handshake") {
		t.Error(err, p.lines)
	}
	serves(next)
	if s.FilesChanged() {
		t.Error("changed without a change")
	}

	if err := os.Remove(certificate); err != nil {
		t.Fatal(err)
	}
	if !s.FilesChanged() {
		t.Error("it is not seen that a file is gone")
	}
	if err := s.Reload(); err == nil || !strings.Contains(err.Error(), "does not exist") {
		t.Error(err)
	}
	serves(next)
	if s.FilesChanged() {
		t.Error("changed without a change")
	}
}

// Files that were written in the same moment as they were read may change once more without a trace in their times.
func TestFreshFilesAreReadAgain(t *testing.T) {
	pair := certificatetest.SelfSigned(t, "example.org")
	certificate := certificatetest.Write(t, "cert.pem", pair.PEM(), pair.KeyPEM())
	s := new(program).mustMake(t, 0, vhost.TLS{CertificateFile: certificate})
	if !s.FilesChanged() {
		t.Error("nothing would be noticed")
	}
	age(t, certificate)
	if err := s.Reload(); err != nil || s.FilesChanged() {
		t.Error("changed without a change:", err)
	}
}

// Tools such as certbot replace a link, or rename a file over the old one.
func TestReplacedFilesAreSeen(t *testing.T) {
	old, next := certificatetest.SelfSigned(t, "old.example"), certificatetest.SelfSigned(t, "new.example")
	a := certificatetest.Write(t, "a.pem", old.PEM(), old.KeyPEM())
	b := certificatetest.Write(t, "b.pem", next.PEM(), next.KeyPEM())
	for _, path := range []string{a, b} {
		if err := os.Chtimes(path, time.Unix(1000, 0), time.Unix(1000, 0)); err != nil {
			t.Fatal(err)
		}
	}
	link := t.TempDir() + "/link.pem"
	if err := os.Symlink(a, link); err != nil {
		t.Fatal(err)
	}
	s := new(program).mustMake(t, 0, vhost.TLS{CertificateFile: link})
	if s.FilesChanged() {
		t.Error("changed without a change")
	}
	if err := os.Remove(link); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(b, link); err != nil {
		t.Fatal(err)
	}
	if !s.FilesChanged() || s.Reload() != nil || !s.Leaf().Equal(next.Certificate) {
		t.Error("the new file is not seen")
	}
}

func TestReplace(t *testing.T) {
	pairs := []*certificatetest.Pair{certificatetest.SelfSigned(t, "a"), certificatetest.SelfSigned(t, "b"), certificatetest.SelfSigned(t, "c")}
	p := new(program)
	s := p.mustMake(t, 0, vhost.TLS{})
	if s.Leaf() != nil || s.Chain() != nil || !p.logged("4 ", "no certificate") {
		t.Error(s.Leaf(), p.lines)
	}
	if _, _, err := handshake(t, s.Config(), &tls.Config{InsecureSkipVerify: true}); err == nil {
		t.Error("a handshake without a certificate")
	}
	if err := s.Reload(); err != nil || s.Leaf() != nil {
		t.Error(err)
	}
	serves := func(i int) {
		t.Helper()
		_, state, err := handshake(t, s.Config(), &tls.Config{InsecureSkipVerify: true})
		if err != nil || !state.PeerCertificates[0].Equal(pairs[i].Certificate) {
			t.Error("another certificate is served, or none:", err)
		}
	}
	memory := pairs[0].PEM()
	if err := s.Replace(memory, pairs[0].KeyPEM()); err != nil {
		t.Fatal(err)
	}
	clear(memory) // it was copied
	serves(0)
	if err := s.Reload(); err != nil {
		t.Error(err)
	}
	serves(0)
	if err := s.Replace(pairs[1].PEM(), pairs[2].KeyPEM()); err == nil || !strings.Contains(err.Error(), "private key in memory") {
		t.Error(err)
	}
	if err := s.Replace([]byte("x"), nil); err == nil {
		t.Error("nonsense was taken")
	}
	serves(0)
	certificate, key := certificatetest.Write(t, "c.pem", pairs[1].PEM()), certificatetest.Write(t, "k.pem", pairs[1].KeyPEM())
	if err := s.ReplaceFiles("/nowhere/c.pem", key); err == nil {
		t.Error("a file that is not there was taken")
	}
	serves(0)
	if err := s.ReplaceFiles(certificate, key); err != nil {
		t.Fatal(err)
	}
	serves(1)
	rewrite(t, certificate, pairs[2].PEM())
	rewrite(t, key, pairs[2].KeyPEM())
	if !s.FilesChanged() || s.Reload() != nil {
		t.Error("the new files are not those that Reload reads")
	}
	serves(2)
}

func TestConnectionsSurviveReload(t *testing.T) {
	pair, next := certificatetest.SelfSigned(t, "example.org"), certificatetest.SelfSigned(t, "example.org")
	s := new(program).mustMake(t, 0, vhost.TLS{Certificate: pair.PEM(), PrivateKey: pair.KeyPEM()})
	near, far, err := connectionPair()
	if err != nil {
		t.Fatal(err)
	}
	defer near.Close()
	defer far.Close()
	// The handshake begins before, and ends after it: the whole one is done with the certificate it began with.
	begun, go_ := make(chan bool), make(chan bool)
	server := tls.Server(near, &tls.Config{GetConfigForClient: func(hello *tls.ClientHelloInfo) (*tls.Config, error) {
		config := s.ForClient(hello, nil)
		close(begun)
		<-go_
		return config, nil
	}})
	done := make(chan error, 1)
	go func() { done <- server.Handshake() }()
	c := tls.Client(far, client(pair, 0))
	go func() {
		<-begun
		if err := s.Replace(next.PEM(), next.KeyPEM()); err != nil {
			t.Error(err)
		}
		close(go_)
	}()
	if err := c.Handshake(); err != nil || !c.ConnectionState().PeerCertificates[0].Equal(pair.Certificate) {
		t.Fatal(err)
	}
	if err := <-done; err != nil {
		t.Fatal(err)
	}
	go server.Write([]byte("still here"))
	buffer := make([]byte, 10)
	if n, err := c.Read(buffer); err != nil || string(buffer[:n]) != "still here" {
		t.Error(n, err)
	}
}

// Handshakes, reloads and all the rest at the same time; for the race detector.
func TestEverythingAtOnce(t *testing.T) {
	a, b := certificatetest.SelfSigned(t, "example.org"), certificatetest.SelfSigned(t, "example.org")
	root := certificatetest.Authority(t, "Root")
	certificate := certificatetest.Write(t, "c.pem", a.PEM(), a.KeyPEM())
	s := new(program).mustMake(t, vhost.RequireClientCertificate|vhost.ClientCertificateOptional,
		vhost.TLS{CertificateFile: certificate, SessionLifetime: 1})
	c := &tls.Config{RootCAs: certificatetest.Pool(a, b), ServerName: "example.org", ClientSessionCache: tls.NewLRUClientSessionCache(4)}
	var wait sync.WaitGroup
	for range 4 {
		wait.Go(func() {
			for range 20 {
				if _, _, err := handshake(t, s.Config(), c); err != nil {
					t.Error(err)
				}
			}
		})
	}
	for i := range 50 {
		pair := []*certificatetest.Pair{a, b}[i%2]
		if err := s.Replace(pair.PEM(), pair.KeyPEM()); err != nil {
			t.Error(err)
		}
		if i%10 == 0 {
			if err := s.AddTrust(root.PEM()); err != nil {
				t.Error(err)
			}
		}
		if err := s.Reload(); err != nil {
			t.Error(err)
		}
		s.FilesChanged()
	}
	wait.Wait()
}

func TestCertificatesOutOfTimeAreServed(t *testing.T) {
	template := certificatetest.Template("example.org")
	template.NotAfter = time.Now().Add(-time.Minute)
	expired := certificatetest.Make(t, template, nil, nil)
	p := new(program)
	s := p.mustMake(t, 0, vhost.TLS{Certificate: expired.PEM(), PrivateKey: expired.KeyPEM()})
	if !p.logged("2 ", "vhost test", "certificate in memory", "example.org", "expired on", "renew") || s.Leaf() == nil {
		t.Error(p.lines)
	}
	template = certificatetest.Template("example.org")
	template.NotBefore = time.Now().Add(time.Hour)
	early := certificatetest.Make(t, template, nil, nil)
	path := certificatetest.Write(t, "early.pem", early.PEM(), early.KeyPEM())
	if err := s.ReplaceFiles(path, ""); err != nil || !p.logged("2 ", path, "not valid before", "check the clock") {
		t.Error(err, p.lines)
	}
}

func TestMissingCertificateMayBeIgnored(t *testing.T) {
	pair := certificatetest.SelfSigned(t, "example.org")
	path := t.TempDir() + "/later.pem"
	given := vhost.TLS{CertificateFile: path, PrivateKeyFile: path}
	if _, err := new(program).make(0, given); err == nil {
		t.Error("ignored without being told to")
	}
	p := new(program)
	s := p.mustMake(t, vhost.IgnoreMissingCertificate, given)
	if s.Leaf() != nil || !p.logged("4 ", path, "does not exist", "handshakes fail") {
		t.Error(p.lines)
	}
	if s.FilesChanged() || s.Reload() == nil {
		t.Error("there is nothing yet")
	}
	rewrite(t, path, pair.PEM(), pair.KeyPEM())
	if !s.FilesChanged() || s.Reload() != nil || s.Leaf() == nil {
		t.Error("the certificate came and was not taken")
	}
	if _, err := new(program).make(vhost.IgnoreMissingCertificate, vhost.TLS{CertificateFile: path,
		PrivateKeyFile: certificatetest.Write(t, "k.pem", []byte("nonsense"))}); err == nil {
		t.Error("a damaged key is not a missing one")
	}
}
