package tlsconfig

import (
	"crypto/tls"
	"testing"

	"golws/engine/certificate/certificatetest"
	"golws/engine/vhost"
)

// Both sides of full and of resumed handshakes, over loopback.
func BenchmarkHandshake(b *testing.B) {
	pair := certificatetest.SelfSigned(b, "example.org")
	for name, c := range map[string]struct {
		version uint16
		resume  bool
		plain   bool // crypto/tls alone, for comparison
	}{
		"1.3": {tls.VersionTLS13, false, false}, "1.2": {tls.VersionTLS12, false, false},
		"1.3 resumed": {tls.VersionTLS13, true, false}, "1.3 of crypto/tls": {tls.VersionTLS13, false, true},
	} {
		b.Run(name, func(b *testing.B) {
			s, err := new(program).make(0, vhost.TLS{Certificate: pair.PEM(), PrivateKey: pair.KeyPEM()})
			if err != nil {
				b.Fatal(err)
			}
			config := s.Config()
			if c.plain {
				config = &tls.Config{Certificates: []tls.Certificate{pair.TLS()}}
			}
			theirs := &tls.Config{InsecureSkipVerify: true, MaxVersion: c.version, ServerName: "example.org",
				CurvePreferences: []tls.CurveID{tls.X25519}}
			if c.resume {
				theirs.ClientSessionCache = tls.NewLRUClientSessionCache(1)
			}
			for b.Loop() {
				if _, _, err := handshake(b, config, theirs); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
