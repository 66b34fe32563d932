package certificate

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rsa"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
	"strconv"
	"strings"
)

// What can be wrong with a private key; the errors of ParseKeys wrap these.
var (
	ErrNoKey           = errors.New("holds no private key, neither in PEM nor in DER")
	ErrPasswordMissing = errors.New("the private key is encrypted, and no password was given")
	ErrPassword        = errors.New("the password does not fit the private key")
)

// largestKey is far above RSA with 16384 bits: what is larger is none, and would take minutes to look at.
const largestKey = 32 << 10

var errTooLarge = errors.New("holds something larger than any private key")

// ParseKeys reads all private keys in data: PEM, with other text and other blocks between them, or one in DER. Forms:
// PKCS#1 (RSA), SEC1 (EC), PKCS#8, and encrypted ones of PKCS#8 and of OpenSSL's traditional kind. A password for keys
// that are not encrypted is ignored. There is at least one key, or an error.
func ParseKeys(data []byte, password string) ([]crypto.Signer, error) {
	if !isPEM(data) {
		key, err := parseKeyDER(data, password)
		if err != nil {
			return nil, err
		}
		return []crypto.Signer{key}, nil
	}
	blocks, err := pemBlocks(data)
	if err != nil {
		return nil, err
	}
	var keys []crypto.Signer
	for _, block := range blocks {
		if !strings.HasSuffix(block.Type, "PRIVATE KEY") {
			continue
		}
		key, err := parseKeyBlock(block, password)
		if err != nil {
			return nil, err
		}
		keys = append(keys, key)
	}
	if len(keys) == 0 {
		return nil, ErrNoKey
	}
	return keys, nil
}

func parseKeyBlock(block *pem.Block, password string) (crypto.Signer, error) {
	der := block.Bytes
	if len(der) > largestKey {
		return nil, errTooLarge
	}
	// The traditional encryption derives keys by MD5, once; that is why crypto/x509 calls it deprecated. Such keys
	// exist and are read; none is written.
	if x509.IsEncryptedPEMBlock(block) {
		if password == "" {
			return nil, ErrPasswordMissing
		}
		plain, err := x509.DecryptPEMBlock(block, []byte(password))
		if errors.Is(err, x509.IncorrectPasswordError) {
			return nil, ErrPassword
		}
		if err != nil {
			return nil, fmt.Errorf("the private key cannot be decrypted: %w", err)
		}
		key, err := parsePlainBlock(block.Type, plain)
		if err != nil {
			// One wrong password in 256 leaves padding that looks right.
			return nil, ErrPassword
		}
		return key, nil
	}
	if block.Type == "ENCRYPTED PRIVATE KEY" {
		return decryptPKCS8(der, password)
	}
	return parsePlainBlock(block.Type, der)
}

func parsePlainBlock(kind string, der []byte) (crypto.Signer, error) {
	var key any
	var err error
	switch kind {
	case "RSA PRIVATE KEY":
		key, err = x509.ParsePKCS1PrivateKey(der)
	case "EC PRIVATE KEY":
		key, err = x509.ParseECPrivateKey(der)
	case "PRIVATE KEY":
		key, err = x509.ParsePKCS8PrivateKey(der)
	case "OPENSSH PRIVATE KEY":
		return nil, errors.New("the private key has OpenSSH's own format; convert it with ssh-keygen -p -m PEM")
	default:
		return nil, fmt.Errorf("a private key of the kind %q is not supported; RSA, EC and Ed25519 keys are", kind)
	}
	if err != nil {
		return nil, fmt.Errorf("the private key cannot be used: %w", err)
	}
	return signer(key)
}

func parseKeyDER(der []byte, password string) (crypto.Signer, error) {
	if len(der) == 0 || der[0] != 0x30 {
		return nil, ErrNoKey
	}
	if len(der) > largestKey {
		return nil, errTooLarge
	}
	if isEncryptedPKCS8(der) {
		return decryptPKCS8(der, password)
	}
	if key, err := x509.ParsePKCS1PrivateKey(der); err == nil {
		return key, nil
	}
	if key, err := x509.ParseECPrivateKey(der); err == nil {
		return signer(key)
	}
	key, err := x509.ParsePKCS8PrivateKey(der)
	if err != nil {
		return nil, ErrNoKey
	}
	return signer(key)
}

// signer refuses keys that TLS cannot sign with, such as those for Diffie-Hellman.
func signer(key any) (crypto.Signer, error) {
	switch key := key.(type) {
	case *rsa.PrivateKey:
		return key, nil
	case *ecdsa.PrivateKey:
		return key, nil
	case ed25519.PrivateKey:
		return key, nil
	}
	return nil, fmt.Errorf("a private key of the kind %T cannot sign; RSA, EC and Ed25519 keys can", key)
}

// Matches says whether key is the private part of the certificate's public key.
func Matches(certificate *x509.Certificate, key crypto.Signer) bool {
	public, ok := certificate.PublicKey.(interface{ Equal(crypto.PublicKey) bool })
	return ok && public.Equal(key.Public())
}

// DescribeKey names the kind of a public key for messages: "RSA 2048", "EC P-256", "Ed25519".
func DescribeKey(public crypto.PublicKey) string {
	switch public := public.(type) {
	case *rsa.PublicKey:
		return "RSA " + strconv.Itoa(public.N.BitLen())
	case *ecdsa.PublicKey:
		return "EC " + public.Curve.Params().Name
	case ed25519.PublicKey:
		return "Ed25519"
	}
	return fmt.Sprintf("%T", public)
}

// UsableForTLS returns an error for keys that crypto/tls does not sign with.
func UsableForTLS(public crypto.PublicKey) error {
	switch public := public.(type) {
	case *rsa.PublicKey:
		if public.N.BitLen() < 1024 {
			return fmt.Errorf("an RSA key of %d bits is too short for TLS; use one of 2048 or more",
				public.N.BitLen())
		}
		return nil
	case *ecdsa.PublicKey:
		if public.Curve == elliptic.P224() {
			return errors.New("TLS has no signatures on the curve P-224; use P-256")
		}
		return nil
	case ed25519.PublicKey:
		return nil
	}
	return fmt.Errorf("a key of the kind %T is not supported with TLS; RSA, EC and Ed25519 keys are", public)
}
