package files

// Type is an entry of a list of media types that a mount adds: names that end with Suffix have the
// type. The suffix * stands for all that nothing else matches.
type Type struct{ Suffix, Type string }

// builtin are the types known without a mount's help.
var builtin = []Type{
	{".html", "text/html"},
	{".htm", "text/html"},
	{".js", "text/javascript"},
	{".mjs", "text/javascript"},
	{".css", "text/css"},
	{".png", "image/png"},
	{".jpg", "image/jpeg"},
	{".jpeg", "image/jpeg"},
	{".ico", "image/x-icon"},
	{".gif", "image/gif"},
	{".svg", "image/svg+xml"},
	{".ttf", "application/x-font-ttf"},
	{".otf", "application/font-woff"},
	{".woff", "application/font-woff"},
	{".woff2", "application/font-woff2"},
	{".gz", "application/gzip"},
	{".txt", "text/plain"},
	{".xml", "application/xml"},
	{".json", "application/json"},
}

// BuiltinType is the media type of a file name by the built-in list.
func BuiltinType(name []byte) (string, bool) {
	for i := range builtin {
		if HasSuffix(name, builtin[i].Suffix) {
			return builtin[i].Type, true
		}
	}
	return "", false
}

// HasSuffix reports whether the name ends with the suffix, ignoring the case of ASCII letters, and
// is longer than it.
func HasSuffix(name []byte, suffix string) bool {
	cut := len(name) - len(suffix)
	if cut <= 0 {
		return false
	}
	for i := range len(suffix) {
		a, b := name[cut+i], suffix[i]
		if 'A' <= a && a <= 'Z' {
			a |= 0x20
		}
		if 'A' <= b && b <= 'Z' {
			b |= 0x20
		}
		if a != b {
			return false
		}
	}
	return true
}
