// Package certificatetest makes certificates and keys for tests. They are made anew each time and trusted by nobody.
package certificatetest

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"math/big"
	"net"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"
)

// Pair is a certificate with its private key.
type Pair struct {
	Certificate *x509.Certificate
	Key         crypto.Signer
	Issuer      *Pair // nil when it is self-signed
}

// Template returns what a certificate for the names begins with: valid since an hour ago for a day, for servers and
// clients. The first name is the common name; those that are IP addresses become such.
func Template(names ...string) *x509.Certificate {
	serial, _ := rand.Int(rand.Reader, big.NewInt(1<<62))
	now := time.Now()
	t := &x509.Certificate{
		SerialNumber: serial, Subject: pkix.Name{Organization: []string{"Test"}, CommonName: names[0]},
		NotBefore: now.Add(-time.Hour), NotAfter: now.Add(24 * time.Hour),
		KeyUsage:    x509.KeyUsageDigitalSignature,
		ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth, x509.ExtKeyUsageClientAuth},
	}
	for _, name := range names {
		if ip := net.ParseIP(name); ip != nil {
			t.IPAddresses = append(t.IPAddresses, ip)
		} else {
			t.DNSNames = append(t.DNSNames, name)
		}
	}
	return t
}

// Make makes a certificate from a template. A nil key is a new one on P-256; a nil issuer makes it self-signed.
func Make(t testing.TB, template *x509.Certificate, key crypto.Signer, issuer *Pair) *Pair {
	t.Helper()
	var err error
	if key == nil {
		if key, err = ecdsa.GenerateKey(elliptic.P256(), rand.Reader); err != nil {
			t.Fatal(err)
		}
	}
	parent, signer := template, key
	if issuer != nil {
		parent, signer = issuer.Certificate, issuer.Key
	}
	der, err := x509.CreateCertificate(rand.Reader, template, parent, key.Public(), signer)
	if err != nil {
		t.Fatal(err)
	}
	made, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	return &Pair{made, key, issuer}
}

// Authority makes a self-signed certificate that may issue others.
func Authority(t testing.TB, name string) *Pair {
	t.Helper()
	return Make(t, authority(name), nil, nil)
}

// Intermediate makes one that p has issued and that may issue others.
func (p *Pair) Intermediate(t testing.TB, name string) *Pair {
	t.Helper()
	return Make(t, authority(name), nil, p)
}

func authority(name string) *x509.Certificate {
	template := Template(name)
	template.DNSNames, template.ExtKeyUsage = nil, nil
	template.IsCA, template.BasicConstraintsValid = true, true
	template.KeyUsage = x509.KeyUsageCertSign | x509.KeyUsageCRLSign
	return template
}

// Issue makes a certificate for the names that p has issued.
func (p *Pair) Issue(t testing.TB, names ...string) *Pair {
	t.Helper()
	return Make(t, Template(names...), nil, p)
}

// SelfSigned makes a certificate for the names that nobody vouches for.
func SelfSigned(t testing.TB, names ...string) *Pair {
	t.Helper()
	return Make(t, Template(names...), nil, nil)
}

// PEM is the certificate alone.
func (p *Pair) PEM() []byte { return certificatePEM(p.Certificate) }

// ChainPEM is the certificate and those of its issuers, without the self-signed one at the end.
func (p *Pair) ChainPEM() []byte {
	text := p.PEM()
	for p = p.Issuer; p != nil && p.Issuer != nil; p = p.Issuer {
		text = append(text, p.PEM()...)
	}
	return text
}

// KeyPEM is the private key in PKCS#8.
func (p *Pair) KeyPEM() []byte {
	return pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: p.KeyDER()})
}

// KeyDER is the private key in PKCS#8.
func (p *Pair) KeyDER() []byte {
	der, err := x509.MarshalPKCS8PrivateKey(p.Key)
	if err != nil {
		panic(err)
	}
	return der
}

func certificatePEM(c *x509.Certificate) []byte {
	return pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: c.Raw})
}

// Pool is a pool with the certificates of pairs.
func Pool(pairs ...*Pair) *x509.CertPool {
	pool := x509.NewCertPool()
	for _, p := range pairs {
		pool.AddCert(p.Certificate)
	}
	return pool
}

// TLS is what crypto/tls presents, with the chain.
func (p *Pair) TLS() tls.Certificate {
	c := tls.Certificate{PrivateKey: p.Key, Leaf: p.Certificate, Certificate: [][]byte{p.Certificate.Raw}}
	for p = p.Issuer; p != nil && p.Issuer != nil; p = p.Issuer {
		c.Certificate = append(c.Certificate, p.Certificate.Raw)
	}
	return c
}

// Write writes data to a new file of the test and returns its path.
func Write(t testing.TB, name string, data ...[]byte) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, slices.Concat(data...), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}
