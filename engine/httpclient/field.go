package httpclient

import (
	"bytes"
	"strings"

	"golws/engine/ascii"
)

// fieldName is the name of the header field in a line, and empty where there is none.
func fieldName(line []byte) []byte {
	colon := bytes.IndexByte(line, ':')
	if colon < 0 {
		return nil
	}
	return bytes.TrimRight(line[:colon], " \t")
}

// cutLine cuts the first line off, with what ends it.
func cutLine(text []byte) (line, rest []byte) {
	if end := bytes.IndexByte(text, '\n'); end >= 0 {
		return text[:end+1], text[end+1:]
	}
	return text, nil
}

// hasField reports whether a head has a field; name is in lower case.
func hasField(head []byte, name string) bool {
	for len(head) > 0 {
		var line []byte
		line, head = cutLine(head)
		if ascii.EqualFold(fieldName(line), name) {
			return true
		}
	}
	return false
}

// dropFields takes fields out of what head has from begin on; the names are in lower case.
func dropFields(head []byte, begin int, names ...string) []byte {
	kept, rest := head[:begin], head[begin:]
	for len(rest) > 0 {
		var line []byte
		line, rest = cutLine(rest)
		if name := strings.ToLower(string(fieldName(line))); !contains(names, name) {
			kept = append(kept, line...)
		}
	}
	return kept
}

func contains(names []string, name string) bool {
	for _, n := range names {
		if n == name {
			return true
		}
	}
	return false
}
