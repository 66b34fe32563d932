package ascii

import "testing"

func TestEqualFold(t *testing.T) {
	for _, test := range []struct {
		a, b  string
		equal bool
	}{
		{"", "", true},
		{"Content-Length", "content-length", true},
		{"content-length", "CONTENT-LENGTH", true},
		{"a", "ab", false},
		{"@", "`", false}, // where setting the bit of small letters would make them equal
		{"[", "{", false},
		{"k", "\u212a", false}, // KELVIN SIGN
		{"\xc4", "\xe4", false},
	} {
		if EqualFold([]byte(test.a), test.b) != test.equal || EqualFold(test.b, []byte(test.a)) != test.equal {
			t.Errorf("%q and %q: not %v", test.a, test.b, test.equal)
		}
	}
}
