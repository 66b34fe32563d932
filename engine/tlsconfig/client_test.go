package tlsconfig

import (
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"strings"
	"testing"
	"time"

	"golws/engine/certificate/certificatetest"
	"golws/engine/vhost"
)

func TestClientCertificates(t *testing.T) {
	pair := certificatetest.SelfSigned(t, "example.org")
	root := certificatetest.Authority(t, "Clients")
	middle := root.Intermediate(t, "More Clients")
	expired := certificatetest.Template("late")
	expired.NotAfter = time.Now().Add(-time.Minute)
	early := certificatetest.Template("early")
	early.NotBefore = time.Now().Add(time.Hour)
	servers := certificatetest.Template("server")
	servers.ExtKeyUsage = []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth}
	notAuthority := root.Issue(t, "user")
	forged := certificatetest.Authority(t, "Clients") // the same name, another key

	given := vhost.TLS{Certificate: pair.PEM(), PrivateKey: pair.KeyPEM(), CA: root.PEM()}
	for name, c := range map[string]struct {
		pair *certificatetest.Pair // nil: none is presented
		code int
	}{
		"issued":          {root.Issue(t, "good"), VerifyOK},
		"through another": {middle.Issue(t, "good"), VerifyOK},
		"expired":         {certificatetest.Make(t, expired, nil, root), VerifyExpired},
		"not yet valid":   {certificatetest.Make(t, early, nil, root), VerifyNotYetValid},
		"for servers":     {certificatetest.Make(t, servers, nil, root), VerifyInvalidPurpose},
		"self-signed":     {certificatetest.SelfSigned(t, "me"), VerifySelfSigned},
		"unknown issuer":  {certificatetest.Authority(t, "Strangers").Issue(t, "x"), VerifyIssuerUnknown},
		"wrong signature": {forged.Issue(t, "x"), VerifyIssuerUnknown},
		"of a user":       {notAuthority.Issue(t, "x"), VerifyInvalidCA},
		"none":            {nil, -1},
	} {
		for _, version := range []uint16{tls.VersionTLS12, tls.VersionTLS13} {
			t.Run(name+", "+tls.VersionName(version), func(t *testing.T) {
				theirs := client(pair, version)
				if c.pair != nil {
					theirs.Certificates = []tls.Certificate{c.pair.TLS()}
				}
				required := new(program).mustMake(t, vhost.RequireClientCertificate, given)
				optional := new(program).mustMake(t, vhost.RequireClientCertificate|vhost.ClientCertificateOptional, given)
				_, _, err := handshake(t, required.Config(), theirs)
				if (err == nil) != (c.code == VerifyOK) {
					t.Error("required:", err)
				}
				var v *Verification
				if c.code > 0 && (!errors.As(err, &v) || v.Code != c.code || v.Text() == "" || v.OK()) {
					t.Errorf("%+v", err)
				}
				if _, _, err = handshake(t, optional.Config(), theirs); (err == nil) != (c.code <= 0) {
					t.Error("optional:", err)
				}

				// The program is asked once, and may overrule both ways.
				asked := 0
				ask := func(answer error) func(hello *tls.ClientHelloInfo) (*tls.Config, error) {
					return func(hello *tls.ClientHelloInfo) (*tls.Config, error) {
						return required.ForClient(hello, func(v *Verification) error {
							if asked++; v.Code != c.code || !v.Certificates[0].Equal(c.pair.Certificate) || v.OK() != (len(v.Chains) > 0) {
								t.Errorf("%+v", v)
							}
							return answer
						}), nil
					}
				}
				if _, _, err := handshake(t, &tls.Config{GetConfigForClient: ask(nil)}, theirs); (err == nil) != (c.pair != nil) {
					t.Error("accepted by the program:", err)
				}
				refusal := errors.New("refused by the program")
				if _, _, err := handshake(t, &tls.Config{GetConfigForClient: ask(refusal)}, theirs); err == nil ||
					c.pair != nil && !errors.Is(err, refusal) {
					t.Error("refused by the program:", err)
				}
				if want := 2; c.pair != nil && asked != want {
					t.Errorf("asked %d times", asked)
				}
			})
		}
	}
}

func TestTrustChanges(t *testing.T) {
	pair := certificatetest.SelfSigned(t, "example.org")
	first, second := certificatetest.Authority(t, "First"), certificatetest.Authority(t, "Second")
	path := certificatetest.Write(t, "ca.pem", first.PEM())
	s := new(program).mustMake(t, vhost.RequireClientCertificate, vhost.TLS{Certificate: pair.PEM(),
		PrivateKey: pair.KeyPEM(), CAFile: path})
	accepts := func(theirs *tls.Config) bool {
		_, _, err := handshake(t, s.Config(), theirs)
		return err == nil
	}
	ofFirst, ofSecond := client(pair, 0), client(pair, 0)
	ofFirst.Certificates = []tls.Certificate{first.Issue(t, "a").TLS()}
	ofSecond.Certificates = []tls.Certificate{second.Issue(t, "b").TLS()}
	if !accepts(ofFirst) || accepts(ofSecond) {
		t.Error("the file is not what counts")
	}
	if err := s.AddTrust([]byte("nonsense")); err == nil || !strings.Contains(err.Error(), "no certificate") {
		t.Error(err)
	}
	if err := s.AddTrust(second.PEM()); err != nil || !accepts(ofFirst) || !accepts(ofSecond) {
		t.Error("trust was not added:", err)
	}
	if !accepts(ofSecond) {
		t.Error("a session of a trusted client is not resumed")
	}
	// The first is trusted no more, not even with the session that it has; what was added stays.
	rewrite(t, path, second.PEM())
	if err := s.Reload(); err != nil || accepts(ofFirst) || !accepts(ofSecond) {
		t.Error("a reload leaves the authorities as they were:", err)
	}
	rewrite(t, path, []byte("nonsense"))
	if err := s.Reload(); err == nil || !strings.Contains(err.Error(), path) || !accepts(ofSecond) {
		t.Error(err)
	}
}

func TestAuthoritiesThatCannotBeUsed(t *testing.T) {
	pair := certificatetest.SelfSigned(t, "example.org")
	given := vhost.TLS{Certificate: pair.PEM(), PrivateKey: pair.KeyPEM(),
		CAFile: certificatetest.Write(t, "ca.pem", pair.KeyPEM())}
	if _, err := new(program).make(vhost.RequireClientCertificate, given); err == nil ||
		!strings.Contains(err.Error(), "ca.pem: holds no certificate") {
		t.Error(err)
	}
	given.CAFile = "/nowhere/ca.pem"
	if _, err := new(program).make(vhost.RequireClientCertificate, given); err == nil ||
		!strings.Contains(err.Error(), "/nowhere/ca.pem: does not exist; create it or correct ssl_ca_filepath") {
		t.Error(err)
	}
	if _, err := new(program).make(0, given); err != nil {
		t.Error("a file that is not needed prevents service:", err)
	}
	p := new(program)
	p.mustMake(t, vhost.RequireClientCertificate, vhost.TLS{Certificate: pair.PEM(), PrivateKey: pair.KeyPEM()})
	if !p.logged("2 ", "no authorities") {
		t.Error(p.lines)
	}
}

// One certificate that crypto/x509 refuses does not cost the others of a list.
func TestDamagedAuthoritiesAreLeftOut(t *testing.T) {
	pair, root := certificatetest.SelfSigned(t, "example.org"), certificatetest.Authority(t, "Root")
	odd := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: root.Certificate.Raw[:len(root.Certificate.Raw)-1]})
	p := new(program)
	s := p.mustMake(t, vhost.RequireClientCertificate, vhost.TLS{Certificate: pair.PEM(), PrivateKey: pair.KeyPEM(),
		CA: append(odd, root.PEM()...)})
	if !p.logged("2 ", "authorities in memory", "1 of 2 certificates are left out", "certificate 1 cannot be used") {
		t.Error(p.lines)
	}
	theirs := client(pair, 0)
	theirs.Certificates = []tls.Certificate{root.Issue(t, "a").TLS()}
	if _, _, err := handshake(t, s.Config(), theirs); err != nil {
		t.Error(err)
	}
}

func TestProtocolsOfClients(t *testing.T) {
	pair := certificatetest.SelfSigned(t, "example.org")
	s := new(program).mustMake(t, 0, vhost.TLS{Certificate: pair.PEM(), PrivateKey: pair.KeyPEM()})
	for offered, want := range map[string]string{"h2 http/1.1": "h2", "http/1.1 h2": "h2", "http/1.1": "http/1.1", "spdy/1": "", "": ""} {
		c := client(pair, 0)
		c.NextProtos = strings.Fields(offered)
		state, _, err := handshake(t, s.Config(), c)
		if err != nil || state.NegotiatedProtocol != want {
			t.Errorf("%q: %q %v", offered, state.NegotiatedProtocol, err)
		}
	}
}

func TestSeveralCertificates(t *testing.T) {
	ec, ed := certificatetest.SelfSigned(t, "example.org"), rsaPair(t, "example.org")
	both := certificatetest.Write(t, "both.pem", ec.PEM(), ed.PEM())
	keys := certificatetest.Write(t, "keys.pem", ec.KeyPEM(), ed.KeyPEM())
	p := new(program)
	s := p.mustMake(t, 0, vhost.TLS{CertificateFile: both, PrivateKeyFile: keys, OptionsSet: opNoTLS13})
	if !s.Leaf().Equal(ec.Certificate) || len(s.Chain()) != 1 {
		t.Error("the first is not the first")
	}
	for _, c := range []struct {
		pair   *certificatetest.Pair
		cipher uint16
		name   string
	}{
		{ec, tls.TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256, "example.org"},
		{ed, tls.TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256, "example.org"},
		{ed, tls.TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256, "another.example"},
	} {
		_, state, err := handshake(t, s.Config(), &tls.Config{InsecureSkipVerify: true, ServerName: c.name,
			CipherSuites: []uint16{c.cipher}})
		if err != nil || !state.PeerCertificates[0].Equal(c.pair.Certificate) {
			t.Error(tls.CipherSuiteName(c.cipher), err)
		}
	}
}
