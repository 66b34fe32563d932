package tlsconfig

import (
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"errors"
	"net/netip"
	"slices"
	"time"
)

// verifyServer checks all there is to check of a server's certificate, and excuses what allow names. crypto/x509 stops
// at the first thing that is wrong, which may be an excused one, so each is looked at by itself. Of several that are not
// excused, the first in the order of OpenSSL is reported: who vouches for it, its name, its time.
func verifyServer(certificates []*x509.Certificate, trusted *x509.CertPool, name string, allow Allow,
	now time.Time, known *verified) *Verification {
	judged := withCommonName(certificates, name)
	whole := known.verify(judged, trusted, now)
	whole.Certificates = certificates
	if len(certificates) == 0 {
		return whole
	}
	var wrong []*Verification
	if !whole.OK() {
		if chain := verifyAnyTime(judged, trusted, now); !chain.OK() {
			chain.Certificates = certificates
			wrong = append(wrong, chain)
		} else {
			whole.Chains = chain.Chains
			if whole.excuse() != AllowExpired {
				whole.Code = VerifyExpired // of several that may have signed, crypto/x509 names the last
			}
		}
		if whole.excuse() == AllowExpired {
			wrong = append(wrong, whole)
		}
	}
	if other := verifyName(judged[0], name); other != nil {
		other.Certificates = certificates
		last := len(wrong) // behind who vouches, before the time
		if last > 0 && wrong[last-1].excuse() == AllowExpired {
			wrong = append(wrong[:last-1], other, wrong[last-1])
		} else {
			wrong = append(wrong, other)
		}
	}
	var excused []*Verification
	for _, v := range wrong {
		if v.excuse()&allow == 0 {
			return v
		}
		excused = append(excused, v)
	}
	return &Verification{Certificates: certificates, Chains: whole.Chains, Excused: excused}
}

// excuse is the flag that makes what is wrong acceptable, 0 where none does.
func (v *Verification) excuse() Allow {
	switch v.Code {
	case VerifySelfSigned, VerifySelfSignedInChain:
		return AllowSelfSigned
	case VerifyHostMismatch, VerifyAddressMismatch:
		return AllowOtherName
	case VerifyNotYetValid, VerifyExpired:
		return AllowExpired
	case VerifyIssuerUnknown:
		return AllowUnknownIssuer
	}
	return 0
}

var forever = time.Date(9999, time.December, 31, 23, 59, 59, 0, time.UTC) // RFC 5280 4.1.2.5

// verifyAnyTime finds out what is wrong besides time.
func verifyAnyTime(certificates []*x509.Certificate, trusted *x509.CertPool, now time.Time) (v *Verification) {
	timeless := make([]*x509.Certificate, len(certificates))
	for i, c := range certificates {
		without := *c
		without.NotBefore, without.NotAfter = time.Time{}, forever
		timeless[i] = &without
	}
	// What has no time now is an authority that is trusted. When it began, it was good.
	for range 10 {
		v = Verify(timeless, trusted, x509.ExtKeyUsageServerAuth, "", now)
		var invalid x509.CertificateInvalidError
		if v.excuse() != AllowExpired || !errors.As(v.Cause, &invalid) || invalid.Cert == nil {
			return v
		}
		now = invalid.Cert.NotBefore
	}
	// Nobody can vouch for it at one time.
	v.Code = VerifyIssuerUnknown
	return v
}

var subjectAlternativeName = asn1.ObjectIdentifier{2, 5, 29, 17}

// withCommonName gives a certificate of old, which has its name as the common name only, that name among the others if it
// is the one looked for. crypto/x509 does not look there any more, OpenSSL does. In this way, what authorities are
// permitted to sign counts for it, too.
func withCommonName(certificates []*x509.Certificate, name string) []*x509.Certificate {
	if len(certificates) == 0 {
		return certificates
	}
	leaf := certificates[0]
	if _, err := netip.ParseAddr(name); err == nil || len(leaf.DNSNames) > 0 || leaf.Subject.CommonName == "" {
		return certificates
	}
	named := *leaf
	named.DNSNames = []string{leaf.Subject.CommonName}
	if named.VerifyHostname(name) != nil {
		return certificates
	}
	named.Extensions = append(slices.Clip(leaf.Extensions), pkix.Extension{Id: subjectAlternativeName})
	return append([]*x509.Certificate{&named}, certificates[1:]...)
}

// verifyName returns what is wrong with the name, nil if nothing is.
func verifyName(leaf *x509.Certificate, name string) *Verification {
	v := &Verification{Code: VerifyHostMismatch}
	if name == "" {
		v.Cause = errors.New("it is not known what name to look for")
		return v
	}
	if _, err := netip.ParseAddr(name); err == nil {
		v.Code = VerifyAddressMismatch
	}
	if v.Cause = leaf.VerifyHostname(name); v.Cause == nil {
		return nil
	}
	return v
}
