package certificate

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"encoding/pem"
	"math/big"
	"net"
	"time"
)

// RequestElements are what a certificate is requested for. nil leaves one out; an empty text becomes "none".
type RequestElements struct {
	Country, State, Locality, Organization, CommonName, AlternativeName, Email *string
}

// RequestKeyBits is the length of the RSA keys that NewRequest makes for programs, which libwebsockets has fixed.
const RequestKeyBits = 4096

var oidEmail = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 9, 1}

// NewRequest makes an RSA key of so many bits and a request for a certificate (RFC 2986). An alternative name comes
// with the common name as the two names that the certificate is for. Returns the request in DER and the key in PEM.
func NewRequest(elements RequestElements, bits int) (request, keyPEM []byte, err error) {
	key, err := rsa.GenerateKey(rand.Reader, bits)
	if err != nil {
		return nil, nil, err
	}
	var subject pkix.RDNSequence
	for _, part := range []struct {
		value *string
		kind  asn1.ObjectIdentifier
	}{
		{elements.Country, asn1.ObjectIdentifier{2, 5, 4, 6}}, {elements.State, asn1.ObjectIdentifier{2, 5, 4, 8}},
		{elements.Locality, asn1.ObjectIdentifier{2, 5, 4, 7}}, {elements.Organization, asn1.ObjectIdentifier{2, 5, 4, 10}},
		{elements.CommonName, asn1.ObjectIdentifier{2, 5, 4, 3}}, {elements.Email, oidEmail},
	} {
		if part.value == nil {
			continue
		}
		text := *part.value
		if text == "" {
			text = "none"
		}
		var value any = text
		if part.kind.Equal(oidEmail) {
			value = asn1.RawValue{Tag: asn1.TagIA5String, Bytes: []byte(text)}
		}
		subject = append(subject, pkix.RelativeDistinguishedNameSET{{Type: part.kind, Value: value}})
	}
	template := x509.CertificateRequest{SignatureAlgorithm: x509.SHA256WithRSA}
	if template.RawSubject, err = asn1.Marshal(subject); err != nil {
		return nil, nil, err
	}
	if elements.AlternativeName != nil {
		for _, name := range []*string{elements.CommonName, elements.AlternativeName} {
			if name != nil && *name != "" {
				template.DNSNames = append(template.DNSNames, *name)
			}
		}
	}
	if request, err = x509.CreateCertificateRequest(rand.Reader, &template, key); err != nil {
		return nil, nil, err
	}
	keyPEM, err = encodeKey(key)
	return request, keyPEM, err
}

// NewSelfSigned makes a certificate for names (DNS names or IP addresses), valid for so long from now, and its key on
// P-256, both in PEM. commonName is that of subject and issuer.
func NewSelfSigned(commonName string, names []string, valid time.Duration) (certificatePEM, keyPEM []byte, err error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, nil, err
	}
	serial, err := rand.Int(rand.Reader, new(big.Int).Lsh(big.NewInt(1), 127))
	if err != nil {
		return nil, nil, err
	}
	now := time.Now()
	template := &x509.Certificate{
		SerialNumber: serial.Add(serial, big.NewInt(1)), Subject: pkix.Name{CommonName: commonName},
		NotBefore: now, NotAfter: now.Add(valid),
		KeyUsage: x509.KeyUsageDigitalSignature, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
		BasicConstraintsValid: true,
	}
	for _, name := range names {
		if address := net.ParseIP(name); address != nil {
			template.IPAddresses = append(template.IPAddresses, address)
		} else if name != "" {
			template.DNSNames = append(template.DNSNames, name)
		}
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		return nil, nil, err
	}
	keyPEM, err = encodeKey(key)
	return pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}), keyPEM, err
}

func encodeKey(key crypto.PrivateKey) ([]byte, error) {
	der, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		return nil, err
	}
	return pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der}), nil
}
