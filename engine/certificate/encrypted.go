package certificate

import (
	"crypto"
	"crypto/aes"
	"crypto/cipher"
	"crypto/des"
	"crypto/pbkdf2"
	"crypto/sha1"
	"crypto/sha256"
	"crypto/sha512"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"errors"
	"fmt"
	"hash"

	"golang.org/x/crypto/scrypt"
)

// Keys encrypted with PBES2 (RFC 8018 section 6.2), which is what OpenSSL writes. Our own lines around the standard
// library's ciphers: github.com/youmark/pkcs8 panics on an initialization vector of a wrong length, derives as many
// rounds as the file asks for, and lacks HMAC-SHA-512; smallstep's pemutil brings dozens of modules.

// What a file may ask for at most, so that a damaged one does not keep a thread busy for hours: some seconds, 256 MB.
// Variables for the fuzzer, which has less time.
var (
	maxRounds       = 10_000_000
	maxScryptMemory = 256 << 20
)

var (
	oidPBES2  = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 5, 13}
	oidPBKDF2 = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 5, 12}
	oidScrypt = asn1.ObjectIdentifier{1, 3, 6, 1, 4, 1, 11591, 4, 11}
)

var pseudorandom = map[string]func() hash.Hash{
	"":                    sha1.New, // the default, RFC 8018 appendix A.2
	"1.2.840.113549.2.7":  sha1.New,
	"1.2.840.113549.2.8":  sha256.New224,
	"1.2.840.113549.2.9":  sha256.New,
	"1.2.840.113549.2.10": sha512.New384,
	"1.2.840.113549.2.11": sha512.New,
	"1.2.840.113549.2.12": sha512.New512_224,
	"1.2.840.113549.2.13": sha512.New512_256,
}

var encryption = map[string]struct {
	keySize int
	block   func(key []byte) (cipher.Block, error)
}{
	"2.16.840.1.101.3.4.1.2":  {16, aes.NewCipher},
	"2.16.840.1.101.3.4.1.22": {24, aes.NewCipher},
	"2.16.840.1.101.3.4.1.42": {32, aes.NewCipher},
	"1.2.840.113549.3.7":      {24, des.NewTripleDESCipher},
}

type encryptedPrivateKeyInfo struct {
	Algorithm pkix.AlgorithmIdentifier
	Data      []byte
}

func isEncryptedPKCS8(der []byte) bool {
	var info encryptedPrivateKeyInfo
	_, err := asn1.Unmarshal(der, &info)
	return err == nil && len(info.Data) > 0
}

func decryptPKCS8(der []byte, password string) (crypto.Signer, error) {
	var info encryptedPrivateKeyInfo
	if _, err := asn1.Unmarshal(der, &info); err != nil {
		return nil, errors.New("the encrypted private key is damaged")
	}
	if !info.Algorithm.Algorithm.Equal(oidPBES2) {
		return nil, errors.New("the private key is encrypted in an outdated way; rewrite it with openssl pkcs8 -topk8 -v2 aes256")
	}
	if password == "" {
		return nil, ErrPasswordMissing
	}
	var parameters struct {
		Derivation pkix.AlgorithmIdentifier
		Encryption pkix.AlgorithmIdentifier
	}
	if _, err := asn1.Unmarshal(info.Algorithm.Parameters.FullBytes, &parameters); err != nil {
		return nil, errors.New("the encrypted private key is damaged: parameters of PBES2")
	}
	scheme, ok := encryption[parameters.Encryption.Algorithm.String()]
	if !ok {
		return nil, fmt.Errorf("the private key is encrypted with a cipher that is not supported (%s); rewrite it with "+
			"openssl pkcs8 -topk8 -v2 aes256", parameters.Encryption.Algorithm)
	}
	secret, err := deriveKey(parameters.Derivation, password, scheme.keySize)
	if err != nil {
		return nil, err
	}
	var vector []byte
	if _, err := asn1.Unmarshal(parameters.Encryption.Parameters.FullBytes, &vector); err != nil {
		return nil, errors.New("the encrypted private key is damaged: initialization vector")
	}
	block, err := scheme.block(secret)
	if err != nil {
		return nil, err
	}
	size := block.BlockSize()
	if len(vector) != size || len(info.Data) == 0 || len(info.Data)%size != 0 {
		return nil, errors.New("the encrypted private key is damaged: lengths")
	}
	plain := make([]byte, len(info.Data))
	cipher.NewCBCDecrypter(block, vector).CryptBlocks(plain, info.Data)
	padding := int(plain[len(plain)-1])
	if padding == 0 || padding > size {
		return nil, ErrPassword
	}
	for _, b := range plain[len(plain)-padding:] {
		if int(b) != padding {
			return nil, ErrPassword
		}
	}
	key, err := x509.ParsePKCS8PrivateKey(plain[:len(plain)-padding])
	if err != nil {
		return nil, ErrPassword
	}
	return signer(key)
}

func deriveKey(derivation pkix.AlgorithmIdentifier, password string, size int) ([]byte, error) {
	damaged := errors.New("the encrypted private key is damaged: parameters of the key derivation")
	switch {
	case derivation.Algorithm.Equal(oidPBKDF2):
		var p struct {
			Salt   []byte
			Rounds int
			Length int                      `asn1:"optional"`
			Hash   pkix.AlgorithmIdentifier `asn1:"optional"`
		}
		if _, err := asn1.Unmarshal(derivation.Parameters.FullBytes, &p); err != nil {
			return nil, damaged
		}
		function, ok := pseudorandom[p.Hash.Algorithm.String()]
		if !ok {
			return nil, fmt.Errorf("the private key's encryption uses a hash that is not supported (%s); rewrite it "+
				"with openssl pkcs8 -topk8 -v2 aes256", p.Hash.Algorithm)
		}
		if p.Rounds < 1 || p.Rounds > maxRounds || p.Length != 0 && p.Length != size {
			return nil, damaged
		}
		return pbkdf2.Key(function, password, p.Salt, p.Rounds, size)
	case derivation.Algorithm.Equal(oidScrypt):
		var p struct {
			Salt               []byte
			Cost, Block, Lanes int
			Length             int `asn1:"optional"`
		}
		if _, err := asn1.Unmarshal(derivation.Parameters.FullBytes, &p); err != nil {
			return nil, damaged
		}
		if p.Cost < 2 || p.Block < 1 || p.Lanes < 1 || p.Lanes > 16 || p.Block > 64 || p.Length != 0 && p.Length != size ||
			p.Cost > maxScryptMemory/(128*p.Block) {
			return nil, damaged
		}
		return scrypt.Key([]byte(password), p.Salt, p.Cost, p.Block, p.Lanes, size)
	}
	return nil, fmt.Errorf("the private key's encryption derives its key in a way that is not supported (%s); rewrite it "+
		"with openssl pkcs8 -topk8 -v2 aes256", derivation.Algorithm)
}
