package tlsconfig

import (
	"crypto"
	"crypto/rsa"
	"crypto/tls"
	"fmt"
	"slices"
	"strings"
)

// suite is a cipher suite of TLS up to 1.2 that crypto/tls has, with what OpenSSL's lists can select it by.
type suite struct {
	id     uint16
	name   string // OpenSSL's
	traits []string
	legacy bool // used only where it is named: no forward secrecy, or CBC with SHA-256
}

var suites = []suite{
	{tls.TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256, "ECDHE-ECDSA-AES128-GCM-SHA256",
		[]string{"kECDHE", "aECDSA", "AES", "AES128", "AESGCM", "TLSv1.2", "FIPS", "SUITEB128", "SUITEB128ONLY"}, false},
	{tls.TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384, "ECDHE-ECDSA-AES256-GCM-SHA384",
		[]string{"kECDHE", "aECDSA", "AES", "AES256", "AESGCM", "TLSv1.2", "FIPS", "SUITEB128", "SUITEB192"}, false},
	{tls.TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256, "ECDHE-RSA-AES128-GCM-SHA256",
		[]string{"kECDHE", "aRSA", "AES", "AES128", "AESGCM", "TLSv1.2", "FIPS"}, false},
	{tls.TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384, "ECDHE-RSA-AES256-GCM-SHA384",
		[]string{"kECDHE", "aRSA", "AES", "AES256", "AESGCM", "TLSv1.2", "FIPS"}, false},
	{tls.TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256, "ECDHE-ECDSA-CHACHA20-POLY1305",
		[]string{"kECDHE", "aECDSA", "CHACHA20", "TLSv1.2"}, false},
	{tls.TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256, "ECDHE-RSA-CHACHA20-POLY1305",
		[]string{"kECDHE", "aRSA", "CHACHA20", "TLSv1.2"}, false},
	{tls.TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA, "ECDHE-ECDSA-AES128-SHA",
		[]string{"kECDHE", "aECDSA", "AES", "AES128", "CBC", "SHA1", "TLSv1", "FIPS"}, false},
	{tls.TLS_ECDHE_ECDSA_WITH_AES_256_CBC_SHA, "ECDHE-ECDSA-AES256-SHA",
		[]string{"kECDHE", "aECDSA", "AES", "AES256", "CBC", "SHA1", "TLSv1", "FIPS"}, false},
	{tls.TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA, "ECDHE-RSA-AES128-SHA",
		[]string{"kECDHE", "aRSA", "AES", "AES128", "CBC", "SHA1", "TLSv1", "FIPS"}, false},
	{tls.TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA, "ECDHE-RSA-AES256-SHA",
		[]string{"kECDHE", "aRSA", "AES", "AES256", "CBC", "SHA1", "TLSv1", "FIPS"}, false},
	{tls.TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA256, "ECDHE-ECDSA-AES128-SHA256",
		[]string{"kECDHE", "aECDSA", "AES", "AES128", "CBC", "SHA256", "TLSv1.2", "FIPS"}, true},
	{tls.TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA256, "ECDHE-RSA-AES128-SHA256",
		[]string{"kECDHE", "aRSA", "AES", "AES128", "CBC", "SHA256", "TLSv1.2", "FIPS"}, true},
	{tls.TLS_RSA_WITH_AES_128_GCM_SHA256, "AES128-GCM-SHA256",
		[]string{"kRSA", "aRSA", "AES", "AES128", "AESGCM", "TLSv1.2", "FIPS"}, true},
	{tls.TLS_RSA_WITH_AES_256_GCM_SHA384, "AES256-GCM-SHA384",
		[]string{"kRSA", "aRSA", "AES", "AES256", "AESGCM", "TLSv1.2", "FIPS"}, true},
	{tls.TLS_RSA_WITH_AES_128_CBC_SHA, "AES128-SHA",
		[]string{"kRSA", "aRSA", "AES", "AES128", "CBC", "SHA1", "SSLv3", "FIPS"}, true},
	{tls.TLS_RSA_WITH_AES_256_CBC_SHA, "AES256-SHA",
		[]string{"kRSA", "aRSA", "AES", "AES256", "CBC", "SHA1", "SSLv3", "FIPS"}, true},
	{tls.TLS_RSA_WITH_AES_128_CBC_SHA256, "AES128-SHA256",
		[]string{"kRSA", "aRSA", "AES", "AES128", "CBC", "SHA256", "TLSv1.2", "FIPS"}, true},
}

// aliases are other words for the same trait.
var aliases = map[string]string{
	"EECDH": "kECDHE", "ECDHE": "kECDHE", "kEECDH": "kECDHE", "ECDSA": "aECDSA", "RSA": "kRSA", "SHA": "SHA1",
	"TLSv1.0": "TLSv1",
}

// wide are the words that stand for all suites that are not legacy.
var wide = []string{"ALL", "DEFAULT", "HIGH", "COMPLEMENTOFDEFAULT"}

// namesLegacy are the traits that mean legacy suites where they occur.
var namesLegacy = []string{"kRSA", "SHA256", "SSLv3"}

// absent are OpenSSL's words for what crypto/tls lacks. Excluding these changes nothing and deserves no warning.
var absent = strings.Fields(`aNULL eNULL NULL COMPLEMENTOFALL LOW MEDIUM EXP EXP40 EXP56 EXPORT EXPORT40 EXPORT56
	ADH AECDH DH DHE EDH kDHE kEDH kDHr kDHd kDH kECDHr kECDHe kECDH ECDH aECDH aDH aDSS DSS
	PSK kPSK aPSK kECDHEPSK kDHEPSK kRSAPSK ECDHEPSK DHEPSK RSAPSK SRP kSRP aSRP KRB5 kKRB5 aKRB5 FZA
	kGOST kGOST18 aGOST aGOST01 aGOST12 GOST GOST94 GOST89 GOST89MAC GOST12
	DES 3DES RC2 RC4 IDEA SEED CAMELLIA CAMELLIA128 CAMELLIA256 ARIA ARIAGCM ARIA128 ARIA256
	AESCCM AESCCM8 MD5 SHA384 SSLv2`)

func (s *suite) has(word string) bool {
	if other, ok := aliases[word]; ok {
		word = other
	}
	return slices.Contains(wide, word) || slices.Contains(s.traits, word) || strings.EqualFold(s.name, word) ||
		strings.EqualFold(tls.CipherSuiteName(s.id), word)
}

// selection is what the words of one element, joined by "+", have in common.
func selection(words []string, legacyToo bool) []uint16 {
	for _, word := range words {
		if other, ok := aliases[word]; ok {
			word = other
		}
		legacyToo = legacyToo || slices.Contains(namesLegacy, word) || isSuiteName(word)
	}
	var ids []uint16
next:
	for i := range suites {
		if suites[i].legacy && !legacyToo {
			continue
		}
		for _, word := range words {
			if !suites[i].has(word) {
				continue next
			}
		}
		ids = append(ids, suites[i].id)
	}
	return ids
}

func isSuiteName(word string) bool {
	return slices.ContainsFunc(suites, func(s suite) bool {
		return strings.EqualFold(s.name, word) || strings.EqualFold(tls.CipherSuiteName(s.id), word)
	})
}

// ciphers turns the lists for TLS up to 1.2 and for 1.3 into what crypto/tls is configured with; nil is its default.
// The order of the first list has no counterpart, as crypto/tls prefers what is fast on the machine and the client's.
func ciphers(list, list13 string, lowest, highest uint16) (ids []uint16, warnings []string, err error) {
	if list13 != "" && highest >= tls.VersionTLS13 {
		warnings = append(warnings, checkSuites13(list13)...)
	}
	if strings.Trim(list, ":, ;") == "" || lowest > tls.VersionTLS12 {
		return nil, warnings, nil
	}
	ids, unknown := evaluate(list)
	if len(unknown) > 0 {
		warnings = append(warnings, "ssl_cipher_list: no counterpart for "+enumerate(unknown))
	}
	if len(ids) == 0 {
		return nil, warnings, &Error{"ssl_cipher_list", fmt.Sprintf("%q leaves no cipher for TLS 1.2", list),
			"ECDHE+AESGCM:ECDHE+CHACHA20 is a good list; TLS 1.3 has ciphers of its own and is not concerned", nil}
	}
	return ids, warnings, nil
}

// evaluate goes through a list in the syntax of openssl-ciphers(1). unknown is what selects nothing, except where it
// was to be excluded and is known to be absent.
func evaluate(list string) (ids []uint16, unknown []string) {
	var killed []uint16
	element := func(text string) {
		word := strings.TrimLeft(text, "!-+")
		if word == "" {
			return
		}
		words := strings.Split(word, "+")
		operator := text[0]
		excludes := operator == '!' || operator == '-'
		chosen := selection(words, excludes || operator == '+')
		if len(chosen) == 0 && !(excludes && slices.ContainsFunc(words, isAbsent)) {
			unknown = append(unknown, text)
		}
		switch operator {
		case '!':
			killed = append(killed, chosen...)
			fallthrough
		case '-':
			ids = slices.DeleteFunc(ids, func(id uint16) bool { return slices.Contains(chosen, id) })
		case '+':
			// moves to the end what is there: order means nothing
		default:
			for _, id := range chosen {
				if !slices.Contains(ids, id) && !slices.Contains(killed, id) {
					ids = append(ids, id)
				}
			}
		}
	}
	for field := range strings.FieldsFuncSeq(list, func(r rune) bool { return strings.ContainsRune(":, ;\t\r\n", r) }) {
		text, command, _ := strings.Cut(field, "@")
		if text != "" {
			element(text)
		}
		switch command {
		case "", "STRENGTH", "SECLEVEL=0", "SECLEVEL=1", "SECLEVEL=2":
			// what is there has 112 bits at least
		default:
			unknown = append(unknown, "@"+command)
		}
	}
	return ids, unknown
}

func isAbsent(word string) bool {
	// Names of single suites that are absent are made of several parts with dashes.
	return slices.Contains(absent, word) || strings.Contains(word, "-") || strings.HasPrefix(word, "TLS_")
}

// suites13 are those of TLS 1.3 that crypto/tls has and always offers.
var suites13 = []string{"TLS_AES_128_GCM_SHA256", "TLS_AES_256_GCM_SHA384", "TLS_CHACHA20_POLY1305_SHA256"}

func checkSuites13(list string) (warnings []string) {
	var unknown, left []string
	named := strings.FieldsFunc(list, func(r rune) bool { return strings.ContainsRune(":, ;", r) })
	for _, name := range named {
		if !slices.Contains(suites13, name) {
			unknown = append(unknown, name)
		}
	}
	for _, name := range suites13 {
		if !slices.Contains(named, name) {
			left = append(left, name)
		}
	}
	if len(left) > 0 {
		warnings = append(warnings, "tls1_3_plus_cipher_list: the ciphers of TLS 1.3 cannot be chosen; "+
			strings.Join(left, ", ")+" can be used, too")
	}
	if len(unknown) > 0 {
		warnings = append(warnings, "tls1_3_plus_cipher_list: no counterpart for "+enumerate(unknown))
	}
	return warnings
}

func enumerate(names []string) string {
	const most = 8
	if len(names) > most {
		return fmt.Sprintf("%s and %d more", strings.Join(names[:most], ", "), len(names)-most)
	}
	return strings.Join(names, ", ")
}

// suiteFits says whether one of the suites can be used with a certificate for the key.
func suiteFits(ids []uint16, public crypto.PublicKey) bool {
	trait := "aECDSA" // for Ed25519, too
	if _, ok := public.(*rsa.PublicKey); ok {
		trait = "aRSA"
	}
	return slices.ContainsFunc(suites, func(s suite) bool {
		return slices.Contains(ids, s.id) && slices.Contains(s.traits, trait)
	})
}

// suitsHTTP2 says whether one of the suites may carry HTTP/2, which wants forward secrecy and no CBC (RFC 9113
// section 9.2.2).
func suitsHTTP2(ids []uint16) bool {
	return ids == nil || slices.ContainsFunc(suites, func(s suite) bool {
		return slices.Contains(ids, s.id) && slices.Contains(s.traits, "kECDHE") && !slices.Contains(s.traits, "CBC")
	})
}
