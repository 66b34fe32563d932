package tlsconfig

import (
	"crypto/x509"
	"errors"
	"net/netip"
	"time"
)

// verifyServer checks all there is to check of a server's certificate, and excuses what allow names. crypto/x509 stops
// at the first thing that is wrong, which may be an excused one, so each is looked at by itself. Of several that are not
// excused, the first in the order of OpenSSL is reported: who vouches for it, its name, its time.
func verifyServer(certificates []*x509.Certificate, trusted *x509.CertPool, name string, allow Allow,
	now time.Time) *Verification {
	whole := Verify(certificates, trusted, x509.ExtKeyUsageServerAuth, "", now)
	if len(certificates) == 0 {
		return whole
	}
	var wrong []*Verification
	if !whole.OK() {
		if whole.Code == VerifyExpired || whole.Code == VerifyNotYetValid {
			if chain := verifyAnyTime(certificates, trusted); chain.OK() {
				whole.Chains = chain.Chains
			} else {
				wrong = append(wrong, chain)
			}
		}
		wrong = append(wrong, whole)
	}
	if other := verifyName(certificates, name); other != nil {
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

// verifyAnyTime finds out whether the chain was or will be good at some time.
func verifyAnyTime(certificates []*x509.Certificate, trusted *x509.CertPool) (v *Verification) {
	// Where the times of all certificates of a chain overlap, they do so when one of them begins.
	for _, c := range certificates[:min(len(certificates), 10)] {
		for _, when := range []time.Time{c.NotBefore, c.NotAfter} {
			v = Verify(certificates, trusted, x509.ExtKeyUsageServerAuth, "", when)
			if v.OK() || v.Code != VerifyExpired && v.Code != VerifyNotYetValid {
				return v
			}
		}
	}
	// There is no such time: it is nothing but that.
	return &Verification{Certificates: certificates}
}

// verifyName returns what is wrong with the name, nil if nothing is.
func verifyName(certificates []*x509.Certificate, name string) *Verification {
	leaf := certificates[0]
	v := &Verification{Certificates: certificates, Code: VerifyHostMismatch}
	if name == "" {
		v.Cause = errors.New("it is not known what name to look for")
		return v
	}
	_, err := netip.ParseAddr(name)
	if err == nil {
		v.Code = VerifyAddressMismatch
	} else if len(leaf.DNSNames) == 0 && leaf.Subject.CommonName != "" {
		// Certificates of old have their name only there. crypto/x509 does not look at it any more, OpenSSL does.
		old := *leaf
		old.DNSNames = []string{leaf.Subject.CommonName}
		leaf = &old
	}
	if v.Cause = leaf.VerifyHostname(name); v.Cause == nil {
		return nil
	}
	return v
}
