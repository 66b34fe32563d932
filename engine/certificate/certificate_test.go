package certificate

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"golws/engine/certificate/certificatetest"
)

// openssl runs openssl(1) in a directory and returns what it prints.
func openssl(t testing.TB, directory string, arguments ...string) []byte {
	t.Helper()
	command := exec.Command("openssl", arguments...)
	command.Dir = directory
	var complaint bytes.Buffer
	command.Stderr = &complaint
	out, err := command.Output()
	if err != nil {
		t.Fatalf("openssl %v: %v\n%s", arguments, err, complaint.Bytes())
	}
	return out
}

func TestKeysOfOpenSSL(t *testing.T) {
	d := t.TempDir()
	openssl(t, d, "genpkey", "-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2048", "-out", "rsa.pem")
	openssl(t, d, "genpkey", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256", "-out", "ec.pem")
	openssl(t, d, "genpkey", "-algorithm", "ED25519", "-out", "ed25519.pem")
	openssl(t, d, "ecparam", "-name", "secp384r1", "-genkey", "-out", "ec384.pem") // with EC PARAMETERS before it
	public := func(data []byte, password string) []byte {
		t.Helper()
		keys, err := ParseKeys(data, password)
		if err != nil {
			t.Fatal(err)
		}
		der, err := x509.MarshalPKIXPublicKey(keys[0].Public())
		if err != nil || len(keys) != 1 {
			t.Fatal(len(keys), err)
		}
		return der
	}
	for name, c := range map[string]struct{ arguments string }{
		"RSA PKCS#8":                  {"pkey -in rsa.pem"},
		"RSA PKCS#8 DER":              {"pkey -in rsa.pem -outform DER"},
		"RSA PKCS#1":                  {"rsa -in rsa.pem -traditional"},
		"RSA PKCS#1 DER":              {"rsa -in rsa.pem -traditional -outform DER"},
		"EC PKCS#8":                   {"pkey -in ec.pem"},
		"EC SEC1":                     {"ec -in ec.pem"},
		"EC SEC1 DER":                 {"ec -in ec.pem -outform DER"},
		"EC with parameters":          {"ec -in ec384.pem -param_enc named_curve"},
		"Ed25519":                     {"pkey -in ed25519.pem"},
		"Ed25519 DER":                 {"pkey -in ed25519.pem -outform DER"},
		"RSA traditional, AES-256":    {"rsa -in rsa.pem -traditional -aes256 -passout pass:sesame"},
		"RSA traditional, 3DES":       {"rsa -in rsa.pem -traditional -des3 -passout pass:sesame"},
		"EC traditional, AES-128":     {"ec -in ec.pem -aes128 -passout pass:sesame"},
		"RSA PBES2, the default":      {"pkcs8 -topk8 -in rsa.pem -passout pass:sesame"},
		"RSA PBES2, DER":              {"pkcs8 -topk8 -in rsa.pem -passout pass:sesame -outform DER"},
		"EC PBES2, AES-128, SHA-1":    {"pkcs8 -topk8 -in ec.pem -passout pass:sesame -v2 aes128 -v2prf hmacWithSHA1"},
		"EC PBES2, AES-192, SHA-512":  {"pkcs8 -topk8 -in ec.pem -passout pass:sesame -v2 aes192 -v2prf hmacWithSHA512"},
		"EC PBES2, 3DES":              {"pkcs8 -topk8 -in ec.pem -passout pass:sesame -v2 des3"},
		"EC PBES2, scrypt":            {"pkcs8 -topk8 -in ec.pem -passout pass:sesame -scrypt"},
		"Ed25519 PBES2, many rounds":  {"pkcs8 -topk8 -in ed25519.pem -passout pass:sesame -iter 100000"},
		"Ed25519, password unneeded ": {"pkey -in ed25519.pem"},
	} {
		t.Run(name, func(t *testing.T) {
			arguments := strings.Fields(c.arguments)
			data := openssl(t, d, arguments...)
			from := arguments[len(arguments)-1]
			for i, a := range arguments {
				if a == "-in" {
					from = arguments[i+1]
				}
			}
			want := openssl(t, d, "pkey", "-in", from, "-pubout", "-outform", "DER")
			if !bytes.Equal(public(data, "sesame"), want) {
				t.Error("another key")
			}
			if !strings.Contains(c.arguments, "passout") {
				return
			}
			for password, want := range map[string]error{"": ErrPasswordMissing, "wrong": ErrPassword} {
				if _, err := ParseKeys(data, password); !errors.Is(err, want) {
					t.Errorf("password %q: %v", password, err)
				}
			}
		})
	}
	for _, data := range [][]byte{append([]byte{0x30, 0x83, 1, 0, 0}, make([]byte, 1<<16)...),
		pem.EncodeToMemory(&pem.Block{Type: "RSA PRIVATE KEY", Bytes: make([]byte, 1<<16)})} {
		if _, err := ParseKeys(data, ""); err == nil || !strings.Contains(err.Error(), "larger than any private key") {
			t.Error(err)
		}
	}
	for name, c := range map[string]struct{ arguments, word string }{
		"another curve": {"genpkey -algorithm EC -pkeyopt ec_paramgen_curve:secp256k1", "unknown elliptic curve"},
		"PBES1":         {"pkcs8 -topk8 -in rsa.pem -passout pass:sesame -v1 PBE-SHA1-3DES", "outdated"},
		"DH":            {"genpkey -algorithm DH -pkeyopt group:ffdhe2048", "private key"},
	} {
		if _, err := ParseKeys(openssl(t, d, strings.Fields(c.arguments)...), "sesame"); err == nil ||
			!strings.Contains(err.Error(), c.word) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestAbsurdDerivationsAreRefused(t *testing.T) {
	d := t.TempDir()
	if err := os.WriteFile(filepath.Join(d, "k.pem"), openssl(t, d, "genpkey", "-algorithm", "ED25519"), 0o600); err != nil {
		t.Fatal(err)
	}
	der := openssl(t, d, strings.Fields("pkcs8 -topk8 -in k.pem -passout pass:x -outform DER -iter 70000")...)
	for _, rounds := range [][]byte{{0x80, 0, 0}, {0xFF, 0, 0}, {0, 0, 0}} { // negative, negative, none
		absurd := bytes.Replace(der, []byte{2, 3, 0x01, 0x11, 0x70}, append([]byte{2, 3}, rounds...), 1)
		if bytes.Equal(absurd, der) {
			t.Fatal("rounds not found")
		}
		if _, err := ParseKeys(absurd, "x"); err == nil || !strings.Contains(err.Error(), "damaged") {
			t.Error(err)
		}
	}
	defer func(before int) { maxRounds = before }(maxRounds)
	maxRounds = 69999
	if _, err := ParseKeys(der, "x"); err == nil || !strings.Contains(err.Error(), "damaged") {
		t.Error(err)
	}
	maxRounds = 70000
	if _, err := ParseKeys(der, "x"); err != nil {
		t.Error(err)
	}
}

func TestParse(t *testing.T) {
	root := certificatetest.Authority(t, "Root")
	leaf := root.Issue(t, "example.org")
	both := append(leaf.PEM(), root.PEM()...)
	for name, c := range map[string]struct {
		data  []byte
		count int
		word  string
	}{
		"PEM":                 {both, 2, ""},
		"PEM with text":       {[]byte("subject=x\r\n" + strings.ReplaceAll(string(both), "\n", "\r\n")), 2, ""},
		"PEM with a key":      {append(leaf.KeyPEM(), both...), 2, ""},
		"DER":                 {leaf.Certificate.Raw, 1, ""},
		"DER twice":           {append(bytes.Clone(leaf.Certificate.Raw), root.Certificate.Raw...), 2, ""},
		"DER, NUL behind":     {append(bytes.Clone(leaf.Certificate.Raw), 0, '\n'), 1, ""},
		"nothing":             {nil, 0, "no certificate"},
		"a key only":          {leaf.KeyPEM(), 0, "no certificate"},
		"text":                {[]byte("hello"), 0, "no certificate"},
		"DER cut off":         {leaf.Certificate.Raw[:300], 0, "certificate 1"},
		"second DER cut off":  {append(bytes.Clone(leaf.Certificate.Raw), root.Certificate.Raw[:50]...), 0, "certificate 2"},
		"PEM cut off":         {both[:len(both)-30], 0, "1 of 2 PEM blocks"},
		"PEM with a bad line": {bytes.Replace(both, []byte("MII"), []byte("M*I"), 1), 0, "1 of 2 PEM blocks"},
		"PEM of something": {pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: []byte("something")}), 0,
			"certificate 1 cannot be used"},
	} {
		t.Run(name, func(t *testing.T) {
			list, err := Parse(c.data)
			if len(list) != c.count || (err == nil) != (c.word == "") || err != nil && !strings.Contains(err.Error(), c.word) {
				t.Error(len(list), err)
			}
		})
	}
	d := t.TempDir()
	if err := os.WriteFile(filepath.Join(d, "c.pem"), leaf.PEM(), 0o600); err != nil {
		t.Fatal(err)
	}
	trusted := openssl(t, d, "x509", "-in", "c.pem", "-trustout", "-addtrust", "serverAuth")
	if list, err := Parse(trusted); err != nil || !list[0].Equal(leaf.Certificate) {
		t.Error(err)
	}
}

func TestInformation(t *testing.T) {
	d := t.TempDir()
	openssl(t, d, "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout", "k.pem",
		"-out", "c.pem", "-utf8", "-days", "3", "-subj",
		"/C=DE/ST=Bayern/L=München/O=Example/OU=a+OU=b/CN=first.example/CN=second.example/emailAddress=a@b.example"+
			`/serialNumber=7/DC=x/UID=me/title=a\/b`,
		"-addext", "keyUsage=critical,digitalSignature,keyCertSign,keyAgreement,decipherOnly")
	list, err := Parse(openssl(t, d, "x509", "-in", "c.pem"))
	if err != nil {
		t.Fatal(err)
	}
	c := list[0]
	const want = `/C=DE/ST=Bayern/L=M\xC3\xBCnchen/O=Example/OU=a+OU=b/CN=first.example/CN=second.example` +
		`/emailAddress=a@b.example/serialNumber=7/DC=x/UID=me/title=a\/b`
	theirs := strings.TrimPrefix(strings.TrimSpace(string(openssl(t, d, "x509", "-in", "c.pem", "-noout", "-issuer",
		"-nameopt", "compat"))), "issuer=")
	if got := IssuerName(c); got != want || got != theirs {
		t.Errorf("%s\n%s\n%s", got, want, theirs)
	}
	if name := CommonName(c); name != "first.example" {
		t.Error(name)
	}
	if usage := Usage(c); usage != 0x80|0x08|0x04|0x8000 {
		t.Errorf("%#x", usage)
	}
	if ValidTo(c)-ValidFrom(c) != 3*24*3600 {
		t.Error(ValidFrom(c), ValidTo(c))
	}
	if !bytes.Equal(PublicKey(c), openssl(t, d, "pkey", "-in", "k.pem", "-pubout", "-outform", "DER")) {
		t.Error("another public key")
	}

	template := certificatetest.Template("x")
	template.KeyUsage, template.Subject.CommonName = 0, ""
	plain := certificatetest.Make(t, template, nil, nil).Certificate
	if Usage(plain) != UsageUnlimited || CommonName(plain) != "/O=Test" {
		t.Error(Usage(plain), CommonName(plain))
	}
	template.Subject.CommonName = "good.example\x00.evil.example"
	if name := CommonName(certificatetest.Make(t, template, nil, nil).Certificate); name != `good.example\x00.evil.example` {
		t.Error(name)
	}
}

func TestVerify(t *testing.T) {
	root, other := certificatetest.Authority(t, "Root"), certificatetest.Authority(t, "Root") // same name, another key
	middle := root.Intermediate(t, "Middle")
	leaf := middle.Issue(t, "example.org")
	noAuthority := root.Issue(t, "user")
	forged := noAuthority.Issue(t, "example.org")
	alone := certificatetest.SelfSigned(t, "alone")
	template := certificatetest.Template("old")
	template.NotAfter = time.Now().Add(-time.Minute)
	old := certificatetest.Make(t, template, nil, root)
	for name, c := range map[string]struct {
		chain      []*certificatetest.Pair
		trusted    *certificatetest.Pair
		commonName string
		ok         bool
	}{
		"issuer":                 {[]*certificatetest.Pair{middle}, root, "", true},
		"chain":                  {[]*certificatetest.Pair{leaf, middle}, root, "example.org", true},
		"chain and root":         {[]*certificatetest.Pair{leaf, root, middle}, root, "", true},
		"chain too short":        {[]*certificatetest.Pair{leaf}, root, "", false},
		"only the issuer":        {[]*certificatetest.Pair{leaf}, middle, "", true},
		"same name, another key": {[]*certificatetest.Pair{middle}, other, "", false},
		"another name":           {[]*certificatetest.Pair{leaf, middle}, root, "example.com", false},
		"part of the name":       {[]*certificatetest.Pair{leaf, middle}, root, "example.or", false},
		"issuer no authority":    {[]*certificatetest.Pair{forged, noAuthority}, root, "", false},
		"itself":                 {[]*certificatetest.Pair{alone}, alone, "alone", true},
		"expired":                {[]*certificatetest.Pair{old}, root, "old", true},
		"nothing":                {nil, root, "", false},
	} {
		var chain []*x509.Certificate
		for _, p := range c.chain {
			chain = append(chain, p.Certificate)
		}
		if err := Verify(chain, c.trusted.Certificate, c.commonName); (err == nil) != c.ok {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestJWK(t *testing.T) {
	rsaKey, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	withRSA := certificatetest.Make(t, certificatetest.Template("rsa"), rsaKey, nil)
	j, err := PublicJWK(withRSA.Certificate, "", 2048)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(j.N, rsaKey.N.Bytes()) || !bytes.Equal(j.E, []byte{1, 0, 1}) || j.D != nil {
		t.Error(j)
	}
	if _, err := PublicJWK(withRSA.Certificate, "P-256", 2049); err == nil {
		t.Error("too short a key was accepted")
	}
	if err := j.AddPrivate(withRSA.KeyPEM(), ""); err != nil || !bytes.Equal(j.D, rsaKey.D.Bytes()) ||
		!bytes.Equal(j.P, rsaKey.Primes[0].Bytes()) || !bytes.Equal(j.QInverse, rsaKey.Precomputed.Qinv.Bytes()) {
		t.Error(err)
	}
	for _, curve := range []elliptic.Curve{elliptic.P256(), elliptic.P384(), elliptic.P521()} {
		key := keyWithLeadingZero(t, curve)
		pair := certificatetest.Make(t, certificatetest.Template("ec"), key, nil)
		j, err := PublicJWK(pair.Certificate, "P-256, P-384,P-521", 0)
		if err != nil {
			t.Fatal(err)
		}
		if err := j.AddPrivate(pair.KeyPEM(), ""); err != nil {
			t.Fatal(err)
		}
		size := (curve.Params().BitSize + 7) / 8
		if j.Curve != curve.Params().Name || len(j.X) != size || j.X[0] != 0 || len(j.Y) != size || len(j.D) != size {
			t.Fatal(j.Curve, len(j.X), len(j.Y), len(j.D))
		}
		if _, err := PublicJWK(pair.Certificate, "", 0); err == nil {
			t.Error("EC accepted without curves")
		}
		if err := j.AddPrivate(withRSA.KeyPEM(), ""); err == nil {
			t.Error("RSA key for an EC certificate")
		}
		if err := j.AddPrivate(certificatetest.SelfSigned(t, "x").KeyPEM(), ""); err == nil {
			t.Error("another key was accepted")
		}
	}
}

// keyWithLeadingZero looks for one whose numbers have leading zeros, which must not be lost: x, and the private one.
func keyWithLeadingZero(t *testing.T, curve elliptic.Curve) *ecdsa.PrivateKey {
	t.Helper()
	private := make([]byte, (curve.Params().BitSize+7)/8)
	for i := range 1 << 16 {
		private[len(private)-1], private[len(private)-2] = byte(i+1), byte((i+1)>>8)
		key, err := ecdsa.ParseRawPrivateKey(curve, private)
		if err != nil {
			continue
		}
		if point, err := key.PublicKey.Bytes(); err == nil && point[1] == 0 {
			return key
		}
	}
	t.Fatal("no such key")
	return nil
}

func TestRequest(t *testing.T) {
	text := func(s string) *string { return &s }
	request, key, err := NewRequest(RequestElements{Country: text("DE"), State: text(""), Organization: text("Müller"),
		CommonName: text("example.org"), AlternativeName: text("www.example.org"), Email: text("a@example.org")}, 2048)
	if err != nil {
		t.Fatal(err)
	}
	d := t.TempDir()
	if err := os.WriteFile(filepath.Join(d, "r.der"), request, 0o600); err != nil {
		t.Fatal(err)
	}
	out := string(openssl(t, d, "req", "-inform", "DER", "-in", "r.der", "-verify", "-noout", "-text", "-nameopt", "utf8,sep_comma_plus"))
	for _, word := range []string{"C=DE", "ST=none", "O=Müller", "CN=example.org", "emailAddress=a@example.org",
		"DNS:example.org, DNS:www.example.org", "2048 bit", "sha256WithRSA"} {
		if !strings.Contains(out, word) {
			t.Errorf("no %q in\n%s", word, out)
		}
	}
	parsed, err := x509.ParseCertificateRequest(request)
	if err != nil {
		t.Fatal(err)
	}
	keys, err := ParseKeys(key, "")
	if err != nil || !keys[0].(*rsa.PrivateKey).PublicKey.Equal(parsed.PublicKey) {
		t.Error(err)
	}
	if _, _, err := NewRequest(RequestElements{CommonName: text("x"), AlternativeName: text("not ascii: ü")}, 2048); err == nil {
		t.Error("a name that is no host name was accepted")
	}
}

func TestSelfSigned(t *testing.T) {
	certificatePEM, keyPEM, err := NewSelfSigned("temp.acme.invalid", []string{"a.example", "", "192.0.2.1"}, time.Hour)
	if err != nil {
		t.Fatal(err)
	}
	list, err := Parse(certificatePEM)
	if err != nil {
		t.Fatal(err)
	}
	keys, err := ParseKeys(keyPEM, "")
	if err != nil || !Matches(list[0], keys[0]) {
		t.Fatal(err)
	}
	if list[0].VerifyHostname("a.example") != nil || list[0].VerifyHostname("192.0.2.1") != nil ||
		CommonName(list[0]) != "temp.acme.invalid" || Verify(list, list[0], "temp.acme.invalid") != nil {
		t.Error(list[0].DNSNames, list[0].IPAddresses)
	}
}
