package certificate

import (
	"crypto/x509"
	"encoding/asn1"
)

// UsageUnlimited is what Usage says of a certificate that does not limit the usage of its key.
const UsageUnlimited = 0xFFFFFFFF

// usageBits are those of the C interface, which are OpenSSL's: the first byte of the extension's bit string, and one
// bit of the second.
var usageBits = []struct {
	usage x509.KeyUsage
	bit   uint32
}{
	{x509.KeyUsageDigitalSignature, 0x80}, {x509.KeyUsageContentCommitment, 0x40},
	{x509.KeyUsageKeyEncipherment, 0x20}, {x509.KeyUsageDataEncipherment, 0x10},
	{x509.KeyUsageKeyAgreement, 0x08}, {x509.KeyUsageCertSign, 0x04}, {x509.KeyUsageCRLSign, 0x02},
	{x509.KeyUsageEncipherOnly, 0x01}, {x509.KeyUsageDecipherOnly, 0x8000},
}

var oidKeyUsage = asn1.ObjectIdentifier{2, 5, 29, 15}

// Usage returns what the key may be used for (RFC 5280 section 4.2.1.3).
func Usage(c *x509.Certificate) uint32 {
	for _, extension := range c.Extensions {
		if extension.Id.Equal(oidKeyUsage) {
			var bits uint32
			for _, u := range usageBits {
				if c.KeyUsage&u.usage != 0 {
					bits |= u.bit
				}
			}
			return bits
		}
	}
	return UsageUnlimited
}

// ValidFrom and ValidTo are the limits of the validity, in seconds since 1970.
func ValidFrom(c *x509.Certificate) int64 { return c.NotBefore.Unix() }

// ValidTo see ValidFrom.
func ValidTo(c *x509.Certificate) int64 { return c.NotAfter.Unix() }

// PublicKey is the SubjectPublicKeyInfo in DER. Those of equal keys are equal.
func PublicKey(c *x509.Certificate) []byte { return c.RawSubjectPublicKeyInfo }
