package certificate

import (
	"crypto/x509"
	"encoding/asn1"
	"strings"
)

// shortNames are those that OpenSSL has for the attribute types of names.
var shortNames = map[string]string{
	"2.5.4.3": "CN", "2.5.4.4": "SN", "2.5.4.5": "serialNumber", "2.5.4.6": "C", "2.5.4.7": "L", "2.5.4.8": "ST",
	"2.5.4.9": "street", "2.5.4.10": "O", "2.5.4.11": "OU", "2.5.4.12": "title", "2.5.4.13": "description",
	"2.5.4.15": "businessCategory", "2.5.4.17": "postalCode", "2.5.4.41": "name", "2.5.4.42": "GN",
	"2.5.4.43": "initials", "2.5.4.44": "generationQualifier", "2.5.4.46": "dnQualifier", "2.5.4.65": "pseudonym",
	"2.5.4.97": "organizationIdentifier", "1.2.840.113549.1.9.1": "emailAddress",
	"1.2.840.113549.1.9.2": "unstructuredName", "0.9.2342.19200300.100.1.1": "UID",
	"0.9.2342.19200300.100.1.25": "DC", "1.3.6.1.4.1.311.60.2.1.1": "jurisdictionL",
	"1.3.6.1.4.1.311.60.2.1.2": "jurisdictionST", "1.3.6.1.4.1.311.60.2.1.3": "jurisdictionC",
}

const oidCommonName = "2.5.4.3"

type attribute struct {
	Type  asn1.ObjectIdentifier
	Value asn1.RawValue
}

type attributeSET []attribute

// relativeNames takes a DER name apart.
func relativeNames(name []byte) (sets []attributeSET) {
	if _, err := asn1.Unmarshal(name, &sets); err != nil {
		return nil
	}
	return sets
}

// OneLine writes a DER name in the form "/C=DE/O=Example/CN=example.org", as OpenSSL 3 does: parts of the same rank
// joined by "+", bytes outside printable ASCII as \xHH, "/" and "+" in values with a backslash.
func OneLine(name []byte) string {
	var b strings.Builder
	for _, set := range relativeNames(name) {
		for i, a := range set {
			if i == 0 {
				b.WriteByte('/')
			} else {
				b.WriteByte('+')
			}
			kind := a.Type.String()
			if short, ok := shortNames[kind]; ok {
				kind = short
			}
			b.WriteString(kind + "=")
			writePrintable(&b, a.Value.Bytes, "/+")
		}
	}
	return b.String()
}

func writePrintable(b *strings.Builder, value []byte, special string) {
	const digits = "0123456789ABCDEF"
	for _, c := range value {
		if c < ' ' || c > '~' {
			b.WriteString(`\x`)
			b.WriteByte(digits[c>>4])
			b.WriteByte(digits[c&15])
			continue
		}
		if strings.IndexByte(special, c) >= 0 {
			b.WriteByte('\\')
		}
		b.WriteByte(c)
	}
}

// CommonName is the first common name of the subject, bytes outside printable ASCII as \xHH, so that none is hidden
// behind a NUL; where there is no common name, the whole subject as OneLine writes it.
func CommonName(c *x509.Certificate) string {
	for _, set := range relativeNames(c.RawSubject) {
		for _, a := range set {
			if a.Type.String() == oidCommonName {
				var b strings.Builder
				writePrintable(&b, a.Value.Bytes, "")
				return b.String()
			}
		}
	}
	return OneLine(c.RawSubject)
}

// IssuerName is the name of the issuer, as OneLine writes it.
func IssuerName(c *x509.Certificate) string { return OneLine(c.RawIssuer) }
