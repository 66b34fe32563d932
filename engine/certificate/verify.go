package certificate

import (
	"bytes"
	"crypto/x509"
	"errors"
	"fmt"
)

// Verify checks that a chain of signatures leads from chain[0], through others of chain where needed, to trusted, and
// that the common name of chain[0] is commonName unless that is empty. When a certificate expires is not looked at:
// lws_x509_verify() has always judged old signatures, too.
func Verify(chain []*x509.Certificate, trusted *x509.Certificate, commonName string) error {
	if len(chain) == 0 || trusted == nil {
		return errors.New("there is no certificate")
	}
	if commonName != "" {
		if name := CommonName(chain[0]); name != commonName {
			return fmt.Errorf("the certificate is for %q, not %q", name, commonName)
		}
	}
	at := chain[0]
	used := make([]bool, len(chain))
	used[0] = true
	for {
		if issued(at, trusted) {
			return nil
		}
		next := -1
		for i, c := range chain {
			if !used[i] && issued(at, c) {
				next = i
				break
			}
		}
		if next < 0 {
			return fmt.Errorf("the issuer of %q, %q, is not the trusted certificate %q and none of the chain",
				CommonName(at), IssuerName(at), CommonName(trusted))
		}
		used[next] = true
		at = chain[next]
	}
}

func issued(c, issuer *x509.Certificate) bool {
	return bytes.Equal(c.RawIssuer, issuer.RawSubject) && (c.CheckSignatureFrom(issuer) == nil ||
		// A self-signed certificate vouches for itself, whether or not it is an authority's.
		c.Equal(issuer) && c.CheckSignature(c.SignatureAlgorithm, c.RawTBSCertificate, c.Signature) == nil)
}
