package files

import (
	"bytes"
	"time"
)

const dateFormat = "Mon, 02 Jan 2006 15:04:05 GMT"

// AppendDate appends a time, given in seconds of the epoch, as HTTP writes dates.
func AppendDate(to []byte, seconds int64) []byte {
	return time.Unix(seconds, 0).UTC().AppendFormat(to, dateFormat)
}

// ParseDate reads a date in the form that HTTP prefers, or in an obsolete one.
func ParseDate(value []byte) (int64, bool) {
	for _, format := range [...]string{dateFormat, time.RFC850, time.ANSIC} {
		if t, err := time.Parse(format, string(value)); err == nil {
			return t.Unix(), true
		}
	}
	return 0, false
}

// AppendTag appends the entity tag of a file with its quotes: length and time of modification.
func AppendTag(to []byte, size, modified int64) []byte {
	to = append(to, '"')
	to = appendHex(to, uint64(size), 8)
	to = appendHex(to, uint64(modified), 8)
	return append(to, '"')
}

func appendHex(to []byte, n uint64, width int) []byte {
	const digits = "0123456789ABCDEF"
	var b [16]byte
	i := len(b)
	for n > 0 || len(b)-i < width {
		i--
		b[i] = digits[n&15]
		n >>= 4
	}
	return append(to, b[i:]...)
}

// MatchesTag reports whether the list of entity tags in an If-None-Match header field has the tag.
// Weak tags match, and tags without quotes, which earlier servers gave out.
func MatchesTag(list, tag []byte) bool {
	for len(list) > 0 {
		var item []byte
		item, list = cutComma(list)
		if string(item) == "*" {
			return true
		}
		item = bytes.TrimPrefix(item, []byte("W/"))
		if bytes.Equal(item, tag) || bytes.Equal(item, tag[1:len(tag)-1]) {
			return true
		}
	}
	return false
}

// MatchesRange reports whether an If-Range header field is for the present state of the file.
func MatchesRange(value, tag []byte, modified int64) bool {
	if bytes.Equal(value, tag) || bytes.Equal(value, tag[1:len(tag)-1]) {
		return true
	}
	seconds, ok := ParseDate(value)
	return ok && seconds == modified
}
