package files

import "slices"

// Range is a part of a file, from Start for Length bytes.
type Range struct{ Start, Length int64 }

// maxRanges is how many ranges of one request are served.
const maxRanges = 16

// ParseRange reads the value of a Range header field for a file of the given size and appends the
// ranges to list. satisfiable is false where the ranges are well-formed but none of them is within
// the file. A list without ranges and satisfiable asks for the whole file: that is how malformed
// and excessive requests are served.
func ParseRange(value []byte, size int64, list []Range) (ranges []Range, satisfiable bool) {
	const unit = "bytes="
	if len(value) < len(unit) {
		return nil, true
	}
	for i := range len(unit) {
		if c := value[i]; c != unit[i] && c|0x20 != unit[i] {
			return nil, true
		}
	}
	value = value[len(unit):]
	ranges = list[:0]
	wanted := false
	var total int64
	for len(value) > 0 {
		var item []byte
		item, value = cutComma(value)
		if len(item) == 0 {
			continue
		}
		r, valid, within := parseOne(item, size)
		if !valid {
			return nil, true
		}
		wanted = true
		if !within {
			continue
		}
		total += r.Length
		if len(ranges) == maxRanges || total > size {
			return nil, true
		}
		ranges = append(ranges, r)
	}
	if !wanted {
		return nil, true
	}
	return ranges, len(ranges) > 0
}

func cutComma(list []byte) (item, rest []byte) {
	if i := slices.Index(list, ','); i >= 0 {
		item, rest = list[:i], list[i+1:]
	} else {
		item = list
	}
	for len(item) > 0 && (item[0] == ' ' || item[0] == '\t') {
		item = item[1:]
	}
	for n := len(item); n > 0 && (item[n-1] == ' ' || item[n-1] == '\t'); n-- {
		item = item[:n-1]
	}
	return item, rest
}

// parseOne reads first-last, first- or -suffix.
func parseOne(item []byte, size int64) (r Range, valid, within bool) {
	dash := slices.Index(item, '-')
	if dash < 0 {
		return r, false, false
	}
	first, hasFirst, ok := parseNumber(item[:dash])
	if !ok {
		return r, false, false
	}
	last, hasLast, ok := parseNumber(item[dash+1:])
	if !ok {
		return r, false, false
	}
	switch {
	case !hasFirst && !hasLast:
		return r, false, false
	case !hasFirst:
		n := min(last, size)
		return Range{size - n, n}, true, n > 0
	case hasLast && last < first:
		return r, false, false
	case first >= size:
		return r, true, false
	case !hasLast || last >= size:
		last = size - 1
	}
	return Range{first, last - first + 1}, true, true
}

// parseNumber reads digits; too large numbers are as large as possible.
func parseNumber(digits []byte) (n int64, present, ok bool) {
	for _, c := range digits {
		if c < '0' || c > '9' {
			return 0, false, false
		}
		if n > (1<<62)/10 {
			n = 1 << 62
			continue
		}
		n = n*10 + int64(c-'0')
	}
	return n, len(digits) > 0, true
}
