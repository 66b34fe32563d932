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
	var list []*x509.Certificate
	if !isPEM(data) {
		return parseDER(data)
	}
	blocks, err := pemBlocks(data)
	if err != nil {
		return nil, err
	}
	for _, block := range blocks {
		der := block.Bytes
		switch block.Type {
		case "CERTIFICATE", "X509 CERTIFICATE":
		case "TRUSTED CERTIFICATE":
			// OpenSSL's form with its own trust settings behind the certificate.
			var first asn1.RawValue
			if _, err := asn1.Unmarshal(der, &first); err != nil {
				return nil, fmt.Errorf("certificate %d is damaged: %w", len(list)+1, err)
			}
			der = first.FullBytes
		default:
			continue
		}
		one, err := x509.ParseCertificate(der)
		if err != nil {
			return nil, fmt.Errorf("certificate %d is damaged: %w", len(list)+1, err)
		}
		list = append(list, one)
	}
	if len(list) == 0 {
		return nil, ErrNone
	}
	return list, nil
}

func parseDER(data []byte) ([]*x509.Certificate, error) {
	var list []*x509.Certificate
	for len(bytes.Trim(data, "\x00\r\n\t ")) > 0 {
		var element asn1.RawValue
		rest, err := asn1.Unmarshal(data, &element)
		if err == nil && (element.Class != asn1.ClassUniversal || element.Tag != asn1.TagSequence) {
			err = errors.New("not an ASN.1 sequence")
		}
		var one *x509.Certificate
		if err == nil {
			one, err = x509.ParseCertificate(element.FullBytes)
		}
		switch {
		case err == nil:
		case len(list) == 0 && (len(data) == 0 || data[0] != 0x30):
			return nil, ErrNone
		default:
			return nil, fmt.Errorf("certificate %d, DER, is damaged: %w", len(list)+1, err)
		}
		list = append(list, one)
		data = rest
	}
	if len(list) == 0 {
		return nil, ErrNone
	}
	return list, nil
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
