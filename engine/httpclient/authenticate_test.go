package httpclient

import (
	"fmt"
	"strings"
	"testing"
)

// TestDigestExamples: those of RFC 7616 section 3.9. The second one is as erratum 4897 has it, since the RFC's has used
// another algorithm than it says.
func TestDigestExamples(t *testing.T) {
	const first = `realm="http-auth@example.org", qop="auth, auth-int", algorithm=%s, ` +
		`nonce="7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v", opaque="FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS"`
	mufasa := Credentials{"Mufasa", "Circle of Life"}
	const nonce1 = "f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ"
	for _, test := range []struct {
		challenge   string
		credentials Credentials
		target      string
		nonce       string
		want        []string
	}{
		{fmt.Sprintf(first, "MD5"), mufasa, "/dir/index.html", nonce1, []string{
			`username="Mufasa"`, `realm="http-auth@example.org"`, `uri="/dir/index.html"`, `algorithm=MD5`, `nc=00000001`,
			`qop=auth`, `response="8ca523f5e9506fed4657c9700eebdbec"`, `opaque="FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS"`}},
		{fmt.Sprintf(first, "SHA-256"), mufasa, "/dir/index.html", nonce1, []string{
			`response="753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1"`}},
		{`realm="api@example.org", qop="auth", algorithm=SHA-512-256, nonce="5TsQWLVdgBdmrQ0XsxbDODV+57QdFR34I9HAbC/RVvkK", ` +
			`opaque="HRPCssKJSGjCrkzDg8OhwpzCiGPChXYjwrI2QmXDnsOS", charset=UTF-8, userhash=true`,
			Credentials{"J\u00e4s\u00f8n Doe", "Secret, or not?"}, "/doe.json", "NTg6RKcb9boFIAS3KrFK9BGeh+iDa/sm6jUMp2wds69v", []string{
				`username="793263caabb707a56211940d90411ea4a575adeccb7e360aeb624ed06ece9b0b"`, `userhash=true`,
				`response="3798d4131c277846293534c3edc11bd8a5e4cdcbff78b05db9d95eeb1cec68a5"`}},
		// RFC 2617 section 3.5, and without qop its predecessor.
		{`realm="testrealm@host.com", qop="auth,auth-int", nonce="dcd98b7102dd2f0e8b11d0f600bfb0c093", ` +
			`opaque="5ccc069c403ebaf9f0171e9517f40e41"`, Credentials{"Mufasa", "Circle Of Life"}, "/dir/index.html", "0a4f113b",
			[]string{`response="6629fae49393a05397450978507c4ef1"`, `cnonce="0a4f113b"`}},
		{`realm="testrealm@host.com", nonce="dcd98b7102dd2f0e8b11d0f600bfb0c093"`, Credentials{"Mufasa", "Circle Of Life"},
			"/dir/index.html", "0a4f113b", []string{`response="670fd8c2df070c60b045671b8b24ff02"`}},
	} {
		a := &authentication{credentials: test.credentials}
		if !a.accepts(parseChallenges("Digest " + test.challenge)) {
			t.Fatal(test.challenge)
		}
		a.count = 1
		got := a.digestField("GET", test.target, test.nonce)
		for _, want := range test.want {
			if !strings.Contains(got+",", want+",") {
				t.Errorf("%s lacks %s", got, want)
			}
		}
	}
}

func TestChallenges(t *testing.T) {
	for text, want := range map[string]string{
		``:                                     ``,
		`Basic realm="x"`:                      `Basic map[realm:x]`,
		`basic`:                                `basic map[]`,
		`Basic realm = "a\"b\\c" , Other`:      `Basic map[realm:a"b\c] Other map[]`,
		`Negotiate dG9rZW4=, Basic Realm=x`:    `Negotiate map[] Basic map[realm:x]`,
		`Negotiate, Digest a=b, c="d, e=f"`:    `Negotiate map[] Digest map[a:b c:d, e=f]`,
		`, ,Basic realm="x",, charset="UTF-8"`: `Basic map[charset:UTF-8 realm:x]`,
		`Newauth realm="apps", type=1, title="Login to \"apps\"", Basic realm="simple"`: `Newauth map[realm:apps title:Login to "apps" type:1] ` +
			`Basic map[realm:simple]`,
		`Basic realm="x`:           ``,
		`Basic realm="x\`:          ``,
		`Basic realm=`:             `Basic map[]`,
		`realm="x"`:                ``,
		`A b=c, Basic a=1, a=2, C`: `A map[b:c]`,
		`Basic realm="x"; y`:       `Basic map[realm:x]`,
	} {
		var got []string
		for _, c := range parseChallenges(text) {
			got = append(got, fmt.Sprint(c.scheme, " ", c.parameters))
		}
		if joined := strings.Join(got, " "); joined != want {
			t.Errorf("%s: %s, not %s", text, joined, want)
		}
	}
}

func TestChoice(t *testing.T) {
	const digest = `Digest realm="r", nonce="n", qop="auth", algorithm=`
	for challenges, want := range map[string]string{
		`Basic realm="r"`:                                       "Basic",
		`Basic realm="r", ` + digest + `MD5`:                    "MD5",
		digest + `MD5, ` + digest + `SHA-256, Basic realm="r"`:  "SHA-256",
		digest + `SHA-256, ` + digest + `SHA-512-256`:           "SHA-512-256",
		digest + `sha-256-SESS`:                                 "sha-256-SESS",
		digest + `SHA-3`:                                        "",
		digest + `SHA-3, Basic realm="r"`:                       "Basic",
		`Digest realm="r", nonce="n", qop="auth-int"`:           "",
		`Digest realm="r", nonce="n"`:                           "MD5",
		`Digest realm="r"`:                                      "",
		`Digest nonce="n"`:                                      "",
		`Negotiate`:                                             "",
		`Bearer realm="r"`:                                      "",
		`DIGEST realm="r", nonce="n", qop="auth-int, AUTH", x=`: "",
	} {
		a := &authentication{credentials: Credentials{"u", "p"}}
		got := ""
		if a.accepts(parseChallenges(challenges)) {
			if got = "Basic"; a.digest != nil {
				got = a.digest.name
			}
		}
		if got != want {
			t.Errorf("%s: %q, not %q", challenges, got, want)
		}
	}
	colon := &authentication{credentials: Credentials{"u:v", "p"}}
	if colon.accepts(parseChallenges(`Basic realm="r"`)) {
		t.Error("a name with a colon cannot be told from its password")
	}
}

// TestStale: a nonce that is too old is replaced, but not for ever, and a wrong password is said once.
func TestStale(t *testing.T) {
	challenge := func(nonce string, stale bool) []challenge {
		return parseChallenges(fmt.Sprintf(`Digest realm="r", nonce=%q, stale=%v`, nonce, stale))
	}
	a := &authentication{credentials: Credentials{"u", "p"}}
	if !a.accepts(challenge("1", false)) || a.accepts(challenge("2", false)) {
		t.Error("the password is wrong")
	}
	a = &authentication{credentials: Credentials{"u", "p"}}
	if !a.accepts(challenge("1", false)) || a.accepts(challenge("1", true)) {
		t.Error("the nonce is not a new one")
	}
	a = &authentication{credentials: Credentials{"u", "p"}}
	answers := 0
	for ; a.accepts(challenge(fmt.Sprint(answers), true)); answers++ {
	}
	if answers != maxAttempts {
		t.Errorf("%d answers", answers)
	}
}

func TestCount(t *testing.T) {
	a := &authentication{credentials: Credentials{"J\u00f6rg \"x\"", "p"}}
	a.accepts(parseChallenges(`Digest realm="a \"b\"", nonce="n", qop=auth, algorithm=MD5-sess`))
	for i := 1; i <= 3; i++ {
		got := a.field("GET", "/")
		for _, want := range []string{fmt.Sprintf("nc=%08x", i), `username*=UTF-8''J%C3%B6rg%20%22x%22`, `realm="a \"b\""`, "algorithm=MD5-sess"} {
			if !strings.Contains(got, want) {
				t.Errorf("%s lacks %s", got, want)
			}
		}
	}
}

// FuzzChallenges: whatever a server asks, an answer is one line.
func FuzzChallenges(f *testing.F) {
	f.Add(`Digest realm="r", nonce="n", qop="auth", algorithm=SHA-256, opaque="o", userhash=true`)
	f.Add(`Negotiate dG9rZW4=, Basic Realm=x`)
	f.Add(`Basic realm="a\"b\\`)
	f.Fuzz(func(t *testing.T, text string) {
		if strings.ContainsAny(text, "\r\n\x00") {
			return // no field has those
		}
		a := &authentication{credentials: Credentials{"user", "password"}}
		if !a.accepts(parseChallenges(text)) {
			return
		}
		if field := a.field("GET", "/"); strings.ContainsAny(field, "\r\n\x00") {
			t.Errorf("%q", field)
		}
	})
}
