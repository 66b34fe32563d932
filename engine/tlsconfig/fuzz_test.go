package tlsconfig

import (
	"crypto/tls"
	"crypto/x509"
	"testing"

	"golws/engine/certificate"
	"golws/engine/certificate/certificatetest"
	"golws/engine/vhost"
)

// FuzzTexts gives a vhost texts of all kinds for what it is configured with by words.
func FuzzTexts(f *testing.F) {
	f.Add("HIGH:!aNULL:@STRENGTH", "TLS_AES_128_GCM_SHA256", "prime256v1", "h2,http/1.1", uint64(1<<28), uint64(1<<26))
	f.Add("ECDHE+AESGCM:-AES128:+AES256;!!x,+-", ":::", "X25519:auto", ",,", uint64(0), uint64(0))
	f.Add("@", "@", "@", "@", ^uint64(0), uint64(0))
	f.Add("ALL@SECLEVEL=3@STRENGTH:+:!", "x", "P-256,P-384", "\x00", uint64(0), ^uint64(0))
	f.Fuzz(func(t *testing.T, list, list13, curve, alpn string, set, clear uint64) {
		lowest, highest, _, err := versions(set, clear)
		if err == nil && (lowest > highest || lowest < tls.VersionTLS10 || highest > tls.VersionTLS13) {
			t.Fatal(lowest, highest)
		}
		ids, warnings, err := ciphers(list, list13, tls.VersionTLS12, tls.VersionTLS13)
		if err == nil && ids != nil && len(names(ids)) != len(ids) || len(warnings) > 3 {
			t.Fatal(ids, warnings)
		}
		curves(curve)
		all, _ := protocols(alpn)
		for _, name := range all {
			if name == "" || len(name) > 255 {
				t.Fatalf("%q", name)
			}
		}
	})
}

// FuzzSources gives a vhost bytes as certificate, key and authorities: what it accepts serves.
func FuzzSources(f *testing.F) {
	pair, root := certificatetest.SelfSigned(f, "example.org"), certificatetest.Authority(f, "Root")
	leaf := root.Intermediate(f, "Middle").Issue(f, "example.org")
	f.Add(pair.PEM(), pair.KeyPEM(), root.PEM(), "")
	f.Add(leaf.ChainPEM(), leaf.KeyDER(), root.Certificate.Raw, "x")
	f.Add(append(leaf.ChainPEM(), leaf.KeyPEM()...), []byte(nil), append(root.PEM(), leaf.PEM()...), "")
	f.Add(pair.PEM(), leaf.KeyPEM(), []byte("x"), "")
	f.Add(append(pair.PEM(), leaf.ChainPEM()...), append(leaf.KeyPEM(), pair.KeyPEM()...), root.PEM(), "")
	f.Fuzz(func(t *testing.T, chain, key, authorities []byte, password string) {
		p := new(program)
		s, err := p.make(vhost.RequireClientCertificate, vhost.TLS{Certificate: chain, PrivateKey: key, CA: authorities,
			PrivateKeyPassword: password})
		if err != nil {
			return
		}
		if len(chain) > 0 && s.Leaf() == nil {
			t.Fatal("accepted, and not there")
		}
		if err := s.Reload(); err != nil {
			t.Fatal("accepted once, refused the second time:", err)
		}
		s.AddTrust(chain)
		if list, err := certificate.Parse(authorities); err == nil {
			Verify(list, s.current.Load().trust, x509.ExtKeyUsageClientAuth, "", p.clock())
		}
	})
}
