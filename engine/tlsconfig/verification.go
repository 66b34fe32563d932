package tlsconfig

import (
	"bytes"
	"crypto/x509"
	"errors"
	"slices"
	"time"
)

// The results of verification, with the values of OpenSSL's X509_V_.
const (
	VerifyOK                 = 0
	VerifyUnspecified        = 1
	VerifyNotYetValid        = 9
	VerifyExpired            = 10
	VerifySelfSigned         = 18
	VerifySelfSignedInChain  = 19
	VerifyIssuerUnknown      = 20
	VerifyPathTooLong        = 25
	VerifyInvalidPurpose     = 26
	VerifyUnhandledExtension = 34
	VerifyNotPermitted       = 47
	VerifyHostMismatch       = 62
	VerifyAddressMismatch    = 64
	VerifyInvalidCA          = 79
)

var verifyTexts = map[int]string{
	VerifyOK:                 "the certificate is trusted",
	VerifyUnspecified:        "the certificate cannot be verified",
	VerifyNotYetValid:        "a certificate is not valid yet",
	VerifyExpired:            "a certificate has expired",
	VerifySelfSigned:         "the certificate is self-signed and not trusted itself",
	VerifySelfSignedInChain:  "the chain ends in an authority that is not trusted",
	VerifyIssuerUnknown:      "the issuer of the certificate is not known",
	VerifyPathTooLong:        "the chain is longer than an authority in it allows",
	VerifyInvalidPurpose:     "the certificate is not meant for this purpose (extended key usage)",
	VerifyUnhandledExtension: "a critical extension is not understood",
	VerifyNotPermitted:       "an authority in the chain may not vouch for this name",
	VerifyHostMismatch:       "the certificate is for another name",
	VerifyAddressMismatch:    "the certificate is for another address",
	VerifyInvalidCA:          "a certificate in the chain is not an authority's",
}

// Verification is what was found out about a peer's certificate.
type Verification struct {
	Certificates []*x509.Certificate   // as the peer sent them, its own first
	Chains       [][]*x509.Certificate // from its own to a trusted one; empty unless OK
	Code         int                   // VerifyOK or what is wrong
	Depth        int                   // which certificate is wrong: 0 the peer's own, 1 its issuer ...
	Cause        error                 // crypto/x509's error; nil when OK
	Excused      []*Verification       // what is wrong, and was accepted by the connection's flags; none unless OK
}

// OK says whether the certificate is trusted.
func (v *Verification) OK() bool { return v.Code == VerifyOK }

// Text says what is wrong, in a sentence.
func (v *Verification) Text() string { return verifyTexts[v.Code] }

// Error makes a Verification that is not OK an error.
func (v *Verification) Error() string {
	if v.Cause == nil {
		return v.Text()
	}
	return v.Text() + ": " + v.Cause.Error()
}

// Verify checks the certificates that a peer sent, its own first, against trusted authorities.
func Verify(certificates []*x509.Certificate, trusted *x509.CertPool, usage x509.ExtKeyUsage, host string,
	now time.Time) *Verification {
	v := &Verification{Certificates: certificates}
	if len(certificates) == 0 {
		v.Code, v.Cause = VerifyUnspecified, errors.New("no certificate")
		return v
	}
	options := x509.VerifyOptions{Roots: trusted, DNSName: host, CurrentTime: now,
		KeyUsages: []x509.ExtKeyUsage{usage}}
	if len(certificates) > 1 {
		options.Intermediates = x509.NewCertPool()
		for _, c := range certificates[1:] {
			options.Intermediates.AddCert(c)
		}
	}
	v.Chains, v.Cause = certificates[0].Verify(options)
	if v.Cause != nil {
		v.classify(now)
	}
	return v
}

func (v *Verification) at(c *x509.Certificate) {
	for i, other := range v.Certificates {
		if c != nil && c.Equal(other) {
			v.Depth = i
		}
	}
}

func (v *Verification) classify(now time.Time) {
	v.Code = VerifyUnspecified
	var invalid x509.CertificateInvalidError
	var unknown x509.UnknownAuthorityError
	var host x509.HostnameError
	var critical x509.UnhandledCriticalExtension
	switch {
	case errors.As(v.Cause, &invalid):
		v.at(invalid.Cert)
		switch invalid.Reason {
		case x509.Expired:
			v.Code = VerifyExpired
			if invalid.Cert != nil && now.Before(invalid.Cert.NotBefore) {
				v.Code = VerifyNotYetValid
			}
		case x509.NotAuthorizedToSign:
			v.Code = VerifyInvalidCA
		case x509.TooManyIntermediates:
			v.Code = VerifyPathTooLong
		case x509.IncompatibleUsage:
			v.Code = VerifyInvalidPurpose
		case x509.CANotAuthorizedForThisName, x509.CANotAuthorizedForExtKeyUsage, x509.UnconstrainedName,
			x509.TooManyConstraints:
			v.Code = VerifyNotPermitted
		}
	case errors.As(v.Cause, &unknown):
		v.unknownAuthority()
	case errors.As(v.Cause, &host):
		v.Code = VerifyHostMismatch
	case errors.As(v.Cause, &critical):
		v.Code = VerifyUnhandledExtension
	}
}

// unknownAuthority tells the cases apart that OpenSSL has codes for, by following the chain through what was sent.
func (v *Verification) unknownAuthority() {
	v.Code = VerifyIssuerUnknown
	// No chain is longer, and signatures take time: a peer may send hundreds of certificates of one name.
	sent := v.Certificates[:min(len(v.Certificates), 10)]
	at := sent[0]
	for range sent {
		if signedItself(at) {
			v.Code = VerifySelfSignedInChain
			if v.Depth == 0 {
				v.Code = VerifySelfSigned
			}
			return
		}
		next := slices.IndexFunc(sent, func(c *x509.Certificate) bool { return c != at && signed(at, c) })
		if next < 0 {
			return
		}
		issuer := sent[next]
		v.Depth++
		if at.CheckSignatureFrom(issuer) != nil {
			v.Code = VerifyInvalidCA
			return
		}
		at = issuer
	}
}

// signed says whether c has the other's signature, whether or not that may sign certificates.
func signed(c, by *x509.Certificate) bool {
	return bytes.Equal(c.RawIssuer, by.RawSubject) &&
		by.CheckSignature(c.SignatureAlgorithm, c.RawTBSCertificate, c.Signature) == nil
}
