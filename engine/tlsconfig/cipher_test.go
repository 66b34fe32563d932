package tlsconfig

import (
	"cmp"
	"crypto/tls"
	"os/exec"
	"slices"
	"strings"
	"testing"

	"golws/engine/certificate/certificatetest"
	"golws/engine/vhost"
)

func names(ids []uint16) (list []string) {
	for _, id := range ids {
		for _, s := range suites {
			if s.id == id {
				list = append(list, s.name)
			}
		}
	}
	slices.Sort(list)
	return list
}

// What openssl-ciphers(1) makes of a list is what we make of it, as far as crypto/tls has the suites. Only wide words
// leave out more here: the legacy suites have to be named.
func TestListsMeanWhatTheyMeanToOpenSSL(t *testing.T) {
	for _, list := range []string{
		"DEFAULT", "ALL", "HIGH", "HIGH:!aNULL:!MD5", "HIGH:!aNULL:!kRSA:!PSK:!SRP:!MD5:!RC4",
		"ECDHE-RSA-AES128-GCM-SHA256", "ECDHE-ECDSA-AES256-GCM-SHA384:ECDHE-RSA-AES256-GCM-SHA384",
		"ECDHE+AESGCM:ECDHE+CHACHA20:DHE+AESGCM", "EECDH+AESGCM EECDH+CHACHA20", "ECDHE,!AES256", "ALL:!AES",
		"kRSA", "RSA+AESGCM", "RSA", "AES128-SHA:AES256-SHA", "ECDHE-ECDSA-AES128-SHA256:AES128-SHA256",
		"ECDSA", "aRSA+ECDHE", "ECDHE:!ECDSA", "ALL:-AES128:AES128+GCM", "ALL:-ECDHE:ECDHE+AES128", "ALL:+AES256",
		"ALL:!SHA1", "ALL:!SHA:!SHA256", "TLSv1.2", "TLSv1.2+ECDHE", "TLSv1", "HIGH:@STRENGTH", "DEFAULT:@SECLEVEL=1",
		"ECDHE-RSA-CHACHA20-POLY1305:!CHACHA20:ECDHE-RSA-CHACHA20-POLY1305:AES128-SHA", "CHACHA20", "AESGCM",
		"ECDHE-RSA-AES128-GCM-SHA256:ECDHE:!SHA1:!SHA256:!DHE:!RC4:!3DES:!DSS", "AES256", "AES", "SHA256", "SHA1",
		// The list of a server that many have copied.
		"ECDHE-ECDSA-AES256-GCM-SHA384:ECDHE-RSA-AES256-GCM-SHA384:DHE-RSA-AES256-GCM-SHA384:ECDHE-RSA-AES256-SHA384:" +
			"HIGH:!aNULL:!eNULL:!EXPORT:!DES:!MD5:!PSK:!RC4:!HMAC_SHA1:!SHA1:!DHE-RSA-AES128-GCM-SHA256:" +
			"!AES128-GCM-SHA256:!AES128-SHA256:!AES256-GCM-SHA384:!AES256-SHA256",
		"HIGH:!AESGCM:!AESCCM:!ARIA:!CAMELLIA:!DHE:!PSK:!SRP",
		"ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-RSA-AES128-GCM-SHA256:ECDHE-ECDSA-AES256-GCM-SHA384:" +
			"ECDHE-RSA-AES256-GCM-SHA384:ECDHE-ECDSA-CHACHA20-POLY1305:ECDHE-RSA-CHACHA20-POLY1305:" +
			"DHE-RSA-AES128-GCM-SHA256:DHE-RSA-AES256-GCM-SHA384",
	} {
		out, err := exec.Command("openssl", "ciphers", list).CombinedOutput()
		if err != nil {
			t.Fatalf("%q: %v: %s", list, err, out)
		}
		theirs := strings.Split(strings.TrimSpace(string(out)), ":")
		ids, _ := evaluate(list)
		for _, s := range suites {
			mine, has := slices.Contains(ids, s.id), slices.Contains(theirs, s.name)
			if mine && !has || has && !mine && !s.legacy {
				t.Errorf("%q: %s is in ours: %v, in theirs: %v", list, s.name, mine, has)
			}
		}
	}
}

func TestCipherLists(t *testing.T) {
	for list, want := range map[string]struct {
		suites  string // "" for the default
		warning string
	}{
		"":                                  {"", ""},
		" : ":                               {"", ""},
		"ECDHE-RSA-AES128-GCM-SHA256":       {"ECDHE-RSA-AES128-GCM-SHA256", ""},
		"ecdhe-rsa-aes128-gcm-sha256":       {"ECDHE-RSA-AES128-GCM-SHA256", ""},
		"TLS_RSA_WITH_AES_128_GCM_SHA256":   {"AES128-GCM-SHA256", ""},
		"ECDHE+aRSA+CHACHA20:DHE+AESGCM":    {"ECDHE-RSA-CHACHA20-POLY1305", "no counterpart for DHE+AESGCM"},
		"AES128-SHA:DHE-RSA-AES128-SHA:RC4": {"AES128-SHA", "no counterpart for DHE-RSA-AES128-SHA, RC4"},
		"AES128-SHA:!RC4:!aNULL:!DHE-RSA-AES128-SHA:!PSK": {"AES128-SHA", ""},
		"AES128-SHA:!TYPO":                                       {"AES128-SHA", "no counterpart for !TYPO"},
		"AES128-SHA:A:B:C:D:E:F:G:H:I:J":                         {"AES128-SHA", "F, G, H and 2 more"},
		"AES128-SHA:!AES128-SHA:AES128-SHA:AES256-SHA":           {"AES256-SHA", ""},
		"AES128-SHA:-AES128-SHA:AES128-SHA":                      {"AES128-SHA", ""},
		"AES128-SHA@SECLEVEL=1":                                  {"AES128-SHA", ""},
		"AES128-SHA:@SECLEVEL=5":                                 {"AES128-SHA", "no counterpart for @SECLEVEL=5"},
		"AES128-GCM-SHA256;AES256-SHA,AES128-SHA AES256-SHA:!+-": {"AES128-GCM-SHA256 AES128-SHA AES256-SHA", ""},
	} {
		ids, warnings, err := ciphers(list, "", tls.VersionTLS12, tls.VersionTLS13)
		if err != nil || strings.Join(names(ids), " ") != want.suites {
			t.Errorf("%q: %v, %v", list, names(ids), err)
		}
		if text := strings.Join(warnings, "|"); (want.warning == "") != (text == "") || !strings.Contains(text, want.warning) ||
			len(warnings) > 1 {
			t.Errorf("%q warns %q", list, text)
		}
	}
	for _, list := range []string{"RC4", "TLS_AES_128_GCM_SHA256", "ALL:!ALL", "!ALL", "COMPLEMENTOFALL"} {
		if _, _, err := ciphers(list, "", tls.VersionTLS12, tls.VersionTLS13); err == nil ||
			!strings.Contains(err.Error(), "leaves no cipher") {
			t.Errorf("%q: %v", list, err)
		}
	}
	if ids, warnings, err := ciphers("RC4", "", tls.VersionTLS13, tls.VersionTLS13); ids != nil || warnings != nil || err != nil {
		t.Error("a list for TLS 1.2 matters with TLS 1.3 only:", ids, warnings, err)
	}
}

func TestCiphersThatHTTP2DoesNotAllow(t *testing.T) {
	pair := certificatetest.SelfSigned(t, "example.org")
	for _, c := range []struct {
		given  vhost.TLS
		warned bool
	}{
		{vhost.TLS{CipherList: "ECDHE+SHA1"}, true},
		{vhost.TLS{CipherList: "ECDHE+SHA1", ALPN: "http/1.1"}, false},
		{vhost.TLS{CipherList: "ECDHE+SHA1", OptionsSet: opNoTLS12}, false},
		{vhost.TLS{CipherList: "ECDHE"}, false},
		{vhost.TLS{}, false},
	} {
		c.given.Certificate, c.given.PrivateKey = pair.PEM(), pair.KeyPEM()
		p := new(program)
		p.mustMake(t, 0, c.given)
		if p.logged("2 ", "ssl_cipher_list", "HTTP/2") != c.warned || !c.warned && len(p.lines) > 0 {
			t.Errorf("%+v: %q", c.given, p.lines)
		}
	}
}

func TestCipherListOf13(t *testing.T) {
	all := "TLS_AES_256_GCM_SHA384:TLS_CHACHA20_POLY1305_SHA256:TLS_AES_128_GCM_SHA256"
	for list, words := range map[string][]string{
		all:                             nil,
		all + ":TLS_AES_128_CCM_SHA256": {"no counterpart for TLS_AES_128_CCM_SHA256"},
		"TLS_AES_256_GCM_SHA384":        {"cannot be chosen", "TLS_AES_128_GCM_SHA256", "TLS_CHACHA20_POLY1305_SHA256"},
	} {
		_, warnings, err := ciphers("", list, tls.VersionTLS12, tls.VersionTLS13)
		if err != nil || (len(words) == 0) != (len(warnings) == 0) {
			t.Error(list, warnings, err)
		}
		for _, word := range words {
			if !strings.Contains(strings.Join(warnings, "|"), word) {
				t.Errorf("%s: no %q in %q", list, word, warnings)
			}
		}
	}
	if _, warnings, _ := ciphers("", "nonsense", tls.VersionTLS12, tls.VersionTLS12); warnings != nil {
		t.Error(warnings)
	}
}

func TestVersions(t *testing.T) {
	for name, c := range map[string]struct {
		set, clear      uint64
		lowest, highest uint16
		warning         string
	}{
		"default":          {0, 0, tls.VersionTLS12, tls.VersionTLS13, ""},
		"no 1.3":           {1 << 29, 0, tls.VersionTLS12, tls.VersionTLS12, ""},
		"no 1.2":           {1 << 27, 0, tls.VersionTLS13, tls.VersionTLS13, ""},
		"no old ones":      {1<<25 | 1<<26 | 1<<28, 0, tls.VersionTLS12, tls.VersionTLS13, ""},
		"1.1 wanted":       {0, 1 << 28, tls.VersionTLS11, tls.VersionTLS13, "TLS 1.1"},
		"all wanted":       {0, 1<<28 | 1<<26, tls.VersionTLS10, tls.VersionTLS13, "TLS 1.0"},
		"clear wins":       {1 << 29, 1 << 29, tls.VersionTLS12, tls.VersionTLS13, ""},
		"gap":              {1 << 27, 1 << 28, tls.VersionTLS13, tls.VersionTLS13, "TLS 1.1 will not be served"},
		"habits":           {1<<17 | 1<<22 | 1<<30 | 0x80000850, 0, tls.VersionTLS12, tls.VersionTLS13, ""},
		"unsafe":           {1 << 18, 0, tls.VersionTLS12, tls.VersionTLS13, "renegotiation"},
		"unsafe, cleared ": {1 << 18, 1 << 18, tls.VersionTLS12, tls.VersionTLS13, ""},
	} {
		lowest, highest, warnings, err := versions(c.set, c.clear)
		text := strings.Join(warnings, "|")
		if err != nil || lowest != c.lowest || highest != c.highest || (c.warning == "") != (text == "") ||
			!strings.Contains(text, c.warning) {
			t.Errorf("%s: %s to %s, %q, %v", name, tls.VersionName(lowest), tls.VersionName(highest), text, err)
		}
	}
	if _, _, _, err := versions(1<<27|1<<29, 0); err == nil {
		t.Error("no version is a range")
	}
}

func TestCurvesAndProtocols(t *testing.T) {
	if ids, warnings := curves("prime256v1"); !slices.Equal(ids, []tls.CurveID{tls.CurveP256}) || warnings != nil {
		t.Error(ids, warnings)
	}
	if ids, warnings := curves("X25519:P-384:brainpoolP256r1"); !slices.Equal(ids, []tls.CurveID{tls.X25519, tls.CurveP384}) ||
		len(warnings) != 1 || !strings.Contains(warnings[0], "brainpoolP256r1; the others") {
		t.Error(ids, warnings)
	}
	if ids, warnings := curves("secp256k1"); ids != nil || len(warnings) != 1 || !strings.Contains(warnings[0], "default") {
		t.Error(ids, warnings)
	}
	if ids, warnings := curves(""); ids != nil || warnings != nil {
		t.Error(ids, warnings)
	}
	for list, want := range map[string]string{"": "h2 http/1.1", "http/1.1": "http/1.1", " h2 ,, x,": "h2 x", ",": ""} {
		if names, warnings := protocols(cmp.Or(list, defaultProtocols)); strings.Join(names, " ") != want || warnings != nil {
			t.Errorf("%q: %q %q", list, names, warnings)
		}
	}
	if names, warnings := protocols("h2," + strings.Repeat("x", 256)); len(names) != 1 || len(warnings) != 1 {
		t.Error(names, warnings)
	}
}
