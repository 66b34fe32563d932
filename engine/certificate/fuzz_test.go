package certificate

import (
	"crypto/x509"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"golws/engine/certificate/certificatetest"
)

// seeds are keys and certificates of all forms, made by openssl(1), and damaged ones.
func seeds(f *testing.F) (list [][]byte) {
	d := f.TempDir()
	add := func(data []byte) {
		list = append(list, data, data[:len(data)/2], append(data[:len(data):len(data)], data...))
	}
	for _, command := range []string{
		"genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:1024 -out rsa.pem",
		"genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out ec.pem",
		"genpkey -algorithm ED25519 -out ed.pem",
	} {
		openssl(f, d, strings.Fields(command)...)
	}
	for _, name := range []string{"rsa.pem", "ec.pem", "ed.pem"} {
		data, err := os.ReadFile(filepath.Join(d, name))
		if err != nil {
			f.Fatal(err)
		}
		add(data)
	}
	for _, command := range []string{
		"rsa -in rsa.pem -traditional", "rsa -in rsa.pem -traditional -outform DER", "ec -in ec.pem -outform DER",
		"rsa -in rsa.pem -traditional -aes256 -passout pass:sesame", "ec -in ec.pem -des3 -passout pass:sesame",
		"pkcs8 -topk8 -in ec.pem -passout pass:sesame", "pkcs8 -topk8 -in ed.pem -passout pass:sesame -outform DER",
		"pkcs8 -topk8 -in ed.pem -passout pass:sesame -scrypt -scrypt_N 16 -outform DER",
		"pkcs8 -topk8 -in rsa.pem -passout pass:sesame -v1 PBE-SHA1-3DES",
		"req -x509 -key ec.pem -subj /C=DE/O=x+OU=y/CN=z -addext subjectAltName=DNS:a,IP:1.2.3.4",
		"req -x509 -key ed.pem -subj /CN=z -outform DER",
	} {
		add(openssl(f, d, strings.Fields(command)...))
	}
	root := certificatetest.Authority(f, "Root")
	leaf := root.Intermediate(f, "Middle").Issue(f, "example.org")
	add(append(leaf.ChainPEM(), root.PEM()...))
	add(append(leaf.PEM(), leaf.KeyPEM()...))
	return append(list, nil, []byte("-----BEGIN "), []byte("-----BEGIN CERTIFICATE-----\n-----END CERTIFICATE-----\n"),
		[]byte{0x30}, []byte{0x30, 0x80, 0, 0}, []byte{0x30, 0x84, 0xFF, 0xFF, 0xFF, 0xFF})
}

// FuzzParse reads certificates, asks each everything, and sees that what it is told fits together.
func FuzzParse(f *testing.F) {
	for _, data := range seeds(f) {
		f.Add(data)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		list, err := Parse(data)
		if (err == nil) == (len(list) == 0) {
			t.Fatal(len(list), err)
		}
		for _, c := range list {
			for _, name := range []string{CommonName(c), IssuerName(c)} {
				for i := range len(name) {
					if name[i] < ' ' || name[i] > '~' {
						t.Fatalf("%q", name)
					}
				}
			}
			Usage(c)
			DescribeKey(c.PublicKey)
			UsableForTLS(c.PublicKey)
			again, err := Parse(c.Raw)
			if err != nil || len(again) != 1 || !again[0].Equal(c) {
				t.Fatal(err)
			}
			if j, err := PublicJWK(c, "P-256,P-384,P-521", 0); err == nil && j.Curve != "" && len(j.X) != len(j.Y) {
				t.Fatal(len(j.X), len(j.Y))
			}
			if Verify(list, c, CommonName(c)+"x") == nil {
				t.Fatal("another name")
			}
		}
		if len(list) > 0 && len(list) < 5 {
			Verify(list, list[len(list)-1], "")
		}
	})
}

// FuzzParseKeys reads keys; what is a key signs for its own public key.
func FuzzParseKeys(f *testing.F) {
	for _, data := range seeds(f) {
		f.Add(data, "sesame")
		f.Add(data, "")
	}
	f.Fuzz(func(t *testing.T, data []byte, password string) {
		maxRounds, maxScryptMemory = 10_000, 1<<20
		keys, err := ParseKeys(data, password)
		if (err == nil) == (len(keys) == 0) {
			t.Fatal(len(keys), err)
		}
		for _, key := range keys {
			if _, err := x509.MarshalPKCS8PrivateKey(key); err != nil {
				t.Fatal(err)
			}
			UsableForTLS(key.Public())
		}
		if password == "" && errors.Is(err, ErrPassword) {
			t.Fatal("a wrong password where there was none")
		}
		(&JWK{}).AddPrivate(data, password)
	})
}
