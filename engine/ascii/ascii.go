package ascii

// Lower is the small letter of a large one, and c for all else.
func Lower(c byte) byte {
	if 'A' <= c && c <= 'Z' {
		c |= 0x20
	}
	return c
}

// EqualFold reports whether a and b differ in nothing but the case of ASCII letters.
func EqualFold[A, B []byte | string](a A, b B) bool {
	if len(a) != len(b) {
		return false
	}
	for i := range len(a) {
		if x, y := a[i], b[i]; x != y && Lower(x) != Lower(y) {
			return false
		}
	}
	return true
}
