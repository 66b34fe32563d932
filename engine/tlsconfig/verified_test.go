package tlsconfig

import (
	"crypto/x509"
	"testing"
	"time"

	"golws/engine/certificate/certificatetest"
)

func TestVerifiedChains(t *testing.T) {
	root, other := certificatetest.Authority(t, "Root"), certificatetest.Authority(t, "Other")
	template := certificatetest.Template("Middle")
	template.DNSNames, template.ExtKeyUsage, template.KeyUsage = nil, nil, x509.KeyUsageCertSign
	template.IsCA, template.BasicConstraintsValid = true, true
	template.NotAfter = time.Now().Add(time.Hour)
	middle := certificatetest.Make(t, template, nil, root)
	leaf := middle.Issue(t, "example.org")
	sent := []*x509.Certificate{leaf.Certificate, middle.Certificate}
	trusted, now := certificatetest.Pool(root), time.Now()
	known := new(verified)

	first := known.verify(sent, trusted, now)
	if !first.OK() {
		t.Fatal(first)
	}
	// Others that are parsed from the same bytes are the same.
	again := make([]*x509.Certificate, len(sent))
	for i, c := range sent {
		var err error
		if again[i], err = x509.ParseCertificate(c.Raw); err != nil {
			t.Fatal(err)
		}
	}
	second := known.verify(again, trusted, now.Add(30*time.Minute))
	if !second.OK() || &second.Chains[0] != &first.Chains[0] {
		t.Error("the chain is not known any more")
	}

	for what, c := range map[string]struct {
		sent    []*x509.Certificate
		trusted *x509.CertPool
		when    time.Time
		code    int
	}{
		"the intermediate's time is over":  {sent, trusted, template.NotAfter.Add(2 * time.Second), VerifyExpired},
		"all times are over":               {sent, trusted, now.Add(48 * time.Hour), VerifyExpired},
		"not begun":                        {sent, trusted, now.Add(-2 * time.Hour), VerifyNotYetValid},
		"others are trusted":               {sent, certificatetest.Pool(other), now, VerifyIssuerUnknown},
		"nobody is trusted":                {sent, x509.NewCertPool(), now, VerifyIssuerUnknown},
		"the intermediate is not sent":     {sent[:1], trusted, now, VerifyIssuerUnknown},
		"another one by the same":          {[]*x509.Certificate{middle.Issue(t, "example.org").Certificate}, trusted, now, VerifyIssuerUnknown},
		"what is not valid is not known":   {[]*x509.Certificate{other.Issue(t, "example.org").Certificate}, trusted, now, VerifyIssuerUnknown},
		"what is not valid stays so":       {[]*x509.Certificate{other.Issue(t, "example.org").Certificate}, trusted, now, VerifyIssuerUnknown},
		"a certificate that signed itself": {[]*x509.Certificate{certificatetest.SelfSigned(t, "example.org").Certificate}, trusted, now, VerifySelfSigned},
	} {
		for range 2 {
			if v := known.verify(c.sent, c.trusted, c.when); v.Code != c.code {
				t.Errorf("%s: %v", what, v)
			}
		}
	}
	if v := known.verify(sent, trusted, now); !v.OK() {
		t.Error(v)
	}

	for range 3 * mostVerified {
		known.verify([]*x509.Certificate{root.Issue(t, "example.org").Certificate}, trusted, now)
		signedItself(certificatetest.SelfSigned(t, "example.org").Certificate)
	}
	if len(known.all) > mostVerified || len(ownSignatures.all) > mostVerified {
		t.Error(len(known.all), len(ownSignatures.all))
	}
}

// A name that counts only because it is looked for was not looked for before.
func TestVerifiedCommonNames(t *testing.T) {
	root := certificatetest.Authority(t, "Root")
	template := certificatetest.Template("Limited")
	template.DNSNames, template.ExtKeyUsage, template.KeyUsage = nil, nil, x509.KeyUsageCertSign
	template.IsCA, template.BasicConstraintsValid = true, true
	template.PermittedDNSDomains, template.PermittedDNSDomainsCritical = []string{"example.net"}, true
	limited := certificatetest.Make(t, template, nil, root)
	old := certificatetest.Template("example.org")
	old.DNSNames = nil
	sent := []*x509.Certificate{certificatetest.Make(t, old, nil, limited).Certificate, limited.Certificate}
	trusted, known := certificatetest.Pool(root), new(verified)
	for range 2 {
		if v := verifyServer(sent, trusted, "example.com", AllowOtherName, time.Now(), known); !v.OK() {
			t.Error(v)
		}
		if v := verifyServer(sent, trusted, "example.org", AllowOtherName, time.Now(), known); v.Code != VerifyNotPermitted {
			t.Error(v)
		}
	}
}
