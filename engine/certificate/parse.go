package certificate

import (
	"bytes"
	"crypto/x509"
	"encoding/asn1"
	"encoding/pem"
	"errors"
	"fmt"
)

// ErrNone means that the bytes hold nothing of the kind that was looked for.
var ErrNone = errors.New("holds no certificate, neither in PEM nor in DER")

// Parse reads all certificates in data: PEM, with other text and other blocks between them, or DER, one behind the
// other. There is at least one, or an error.
func Parse(data []byte) ([]*x509.Certificate, error) {
	list, damaged, err := ParseSome(data)
	if err == nil && len(damaged) > 0 {
		return nil, damaged[0]
	}
	return list, err
}

// ParseSome is like Parse, but goes on after a certificate that crypto/x509 refuses, and returns what is wrong with
// these. Lists of authorities have some that nobody needs, and of which OpenSSL is more tolerant.
func ParseSome(data []byte) (list []*x509.Certificate, damaged []error, err error) {
	var ders [][]byte
	if isPEM(data) {
		ders, err = certificateBlocks(data)
	} else {
		ders, err = certificateElements(data)
	}
	if err != nil {
		return nil, nil, err
	}
	for i, der := range ders {
		one, err := x509.ParseCertificate(der)
		if err != nil {
			damaged = append(damaged, fmt.Errorf("certificate %d cannot be used: %w", i+1, err))
			continue
		}
		list = append(list, one)
	}
	if len(list) == 0 && len(damaged) > 0 {
		return nil, nil, damaged[0]
	}
	return list, damaged, nil
}

// certificateBlocks returns the certificates of a PEM text, at least one.
func certificateBlocks(data []byte) (ders [][]byte, err error) {
	blocks, err := pemBlocks(data)
	if err != nil {
		return nil, err
	}
	for _, block := range blocks {
		switch block.Type {
		case "CERTIFICATE", "X509 CERTIFICATE":
			ders = append(ders, block.Bytes)
		case "TRUSTED CERTIFICATE":
			// OpenSSL's form with its own trust settings behind the certificate.
			var first asn1.RawValue
			if _, err := asn1.Unmarshal(block.Bytes, &first); err != nil {
				return nil, fmt.Errorf("certificate %d cannot be used: %w", len(ders)+1, err)
			}
			ders = append(ders, first.FullBytes)
		}
	}
	if len(ders) == 0 {
		return nil, ErrNone
	}
	return ders, nil
}

// certificateElements returns what stands one behind the other in DER, at least one.
func certificateElements(data []byte) (ders [][]byte, err error) {
	for len(bytes.Trim(data, "\x00\r\n\t ")) > 0 {
		var element asn1.RawValue
		rest, err := asn1.Unmarshal(data, &element)
		sequence := data[0] == asn1.TagSequence|0x20
		switch {
		case !sequence && len(ders) == 0:
			return nil, ErrNone
		case err != nil:
			return nil, fmt.Errorf("certificate %d, DER, is cut off or damaged: %w", len(ders)+1, err)
		case !sequence:
			return nil, fmt.Errorf("what stands behind certificate %d, DER, is no certificate", len(ders))
		}
		ders = append(ders, element.FullBytes)
		data = rest
	}
	if len(ders) == 0 {
		return nil, ErrNone
	}
	return ders, nil
}

var begin = []byte("-----BEGIN ")

func isPEM(data []byte) bool { return bytes.Contains(data, begin) }

// pemBlocks returns all blocks of a PEM text. encoding/pem passes over blocks that are cut off or damaged without a
// word; a file that is just being written must not look like one with a shorter chain.
func pemBlocks(data []byte) ([]*pem.Block, error) {
	announced := bytes.Count(data, append([]byte("\n"), begin...))
	if bytes.HasPrefix(data, begin) {
		announced++
	}
	var blocks []*pem.Block
	for {
		var block *pem.Block
		if block, data = pem.Decode(data); block == nil {
			break
		}
		blocks = append(blocks, block)
	}
	if len(blocks) < announced {
		return nil, fmt.Errorf("%d of %d PEM blocks are cut off or damaged", announced-len(blocks), announced)
	}
	return blocks, nil
}
