package ws

import "unicode/utf8"

// validator checks that text is UTF-8 while it arrives in pieces that may end within a character.
// It notices an error at the first byte that no valid text can have there.
type validator struct {
	missing   uint8 // continuation bytes that the character at the end still needs
	low, high uint8 // what the next of them may be
}

// complete reports whether the text so far does not end within a character.
func (v *validator) complete() bool { return v.missing == 0 }

// valid takes more text and reports whether all of it can still be UTF-8.
func (v *validator) valid(p []byte) bool {
	for len(p) > 0 && v.missing > 0 {
		if p[0] < v.low || p[0] > v.high {
			return false
		}
		v.missing--
		v.low, v.high = 0x80, 0xbf
		p = p[1:]
	}
	tail := incomplete(p)
	if !utf8.Valid(p[:len(p)-tail]) {
		return false
	}
	p = p[len(p)-tail:]
	if len(p) == 0 {
		return true
	}
	v.begin(p[0])
	for _, b := range p[1:] {
		if b < v.low || b > v.high {
			return false
		}
		v.missing--
		v.low, v.high = 0x80, 0xbf
	}
	return true
}

// begin notes what may follow the lead byte of a character of two to four bytes.
func (v *validator) begin(lead byte) {
	v.low, v.high = 0x80, 0xbf
	switch {
	case lead < 0xe0:
		v.missing = 1
	case lead < 0xf0:
		v.missing = 2
		if lead == 0xe0 {
			v.low = 0xa0
		} else if lead == 0xed {
			v.high = 0x9f
		}
	default:
		v.missing = 3
		if lead == 0xf0 {
			v.low = 0x90
		} else if lead == 0xf4 {
			v.high = 0x8f
		}
	}
}

// incomplete is how many bytes at the end of p belong to a character that needs more of them. Lead
// bytes that no character has are left to the caller's check.
func incomplete(p []byte) int {
	for n := 1; n <= min(3, len(p)); n++ {
		b := p[len(p)-n]
		if b&0xc0 == 0x80 {
			continue
		}
		if b >= 0xc2 && b <= 0xf4 && (n < 2 || n < 3 && b >= 0xe0 || b >= 0xf0) {
			return n
		}
		return 0
	}
	return 0
}
