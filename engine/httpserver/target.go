package httpserver

import "errors"

// ErrTarget means that the request's path or query is not acceptable.
var ErrTarget = errors.New("malformed path")

// ErrArguments means that the query has more arguments than are kept.
var ErrArguments = errors.New("too many arguments")

// maxArguments bounds the fragments of a query.
const maxArguments = 1024

var hexValue = func() (table [256]int8) {
	for i := range table {
		table[i] = -1
	}
	for i := range 10 {
		table['0'+i] = int8(i)
	}
	for i := range 6 {
		table['a'+i], table['A'+i] = int8(10+i), int8(10+i)
	}
	return table
}()

// plainPath has the bytes of a path that need no decoding or normalising.
var plainPath = func() (table [256]bool) {
	for c := 0x21; c < 256; c++ {
		table[c] = c != 0x7f
	}
	for _, c := range "%+?./" {
		table[c] = false
	}
	return table
}()

// SetTarget takes text[start:end], a path with an optional query, for the request's. Both are
// decoded where they are: in the path, empty and dot segments are resolved, and in the query the
// arguments become the fragments of TokenURIArguments. The byte at end may be overwritten.
func (r *Request) SetTarget(start, end int) error {
	query := end
	for i := start; i < end; i++ {
		if r.text[i] == '?' {
			query = i
			break
		}
	}
	pathEnd, err := cleanPath(r.text, start, query)
	if err != nil {
		return err
	}
	if query < end {
		if err = r.setArguments(query+1, end); err != nil {
			return err
		}
	}
	r.Add(r.Method.Token(), start, pathEnd)
	return nil
}

// decodeByte decodes what is at text[i] and returns the byte, where the next one is, and whether
// it was encoded.
func decodeByte(text []byte, i, end int) (c byte, next int, encoded bool, err error) {
	c = text[i]
	if c != '%' {
		return c, i + 1, false, nil
	}
	if i+2 >= end {
		return 0, 0, false, ErrTarget
	}
	high, low := hexValue[text[i+1]], hexValue[text[i+2]]
	if high < 0 || low < 0 {
		return 0, 0, false, ErrTarget
	}
	return byte(high)<<4 | byte(low), i + 3, true, nil
}

// cleanPath decodes and normalises the path text[start:end] in place and returns its new end. It
// begins with a slash; an encoded slash or dot counts as one, so that no decoding afterwards can
// bring a dot segment back, and no segment leads above the root.
func cleanPath(text []byte, start, end int) (int, error) {
	if start == end || text[start] != '/' {
		return 0, ErrTarget
	}
	out := start
	for i := start; i < end; {
		if plainPath[text[i]] {
			text[out] = text[i]
			out++
			i++
			continue
		}
		c, next, encoded, err := decodeByte(text, i, end)
		if err != nil || c == 0 {
			return 0, ErrTarget
		}
		i = next
		switch {
		case c == '/':
			if out = closeSegment(text, start, out); out == start || text[out-1] != '/' {
				text[out] = '/'
				out++
			}
			continue
		case c == '+' && !encoded && text[out-1] != '/':
			c = ' '
		}
		text[out] = c
		out++
	}
	return closeSegment(text, start, out), nil
}

// closeSegment resolves the last segment of text[start:out] where it is a dot segment.
func closeSegment(text []byte, start, out int) int {
	switch {
	case out-start >= 2 && text[out-1] == '.' && text[out-2] == '/':
		return out - 1
	case out-start >= 3 && text[out-1] == '.' && text[out-2] == '.' && text[out-3] == '/':
		out -= 3
		if out == start {
			return start + 1
		}
		for text[out-1] != '/' {
			out--
		}
	}
	return out
}

// setArguments decodes the arguments of the query text[start:end] in place.
func (r *Request) setArguments(start, end int) error {
	out := start
	first := start
	named := false // the equals sign of the argument was seen
	count := 0
	for i := start; ; {
		if i >= end {
			r.Add(TokenURIArguments, first, out)
			return nil
		}
		if c := r.text[i]; c == '&' || c == ';' {
			if count++; count >= maxArguments {
				return ErrArguments
			}
			r.Add(TokenURIArguments, first, out)
			i++
			out++
			first, named = out, false
			continue
		}
		c, next, encoded, err := decodeByte(r.text, i, end)
		if err != nil {
			return err
		}
		i = next
		switch {
		case c == '=' && !encoded:
			named = true
		case c == '=' && !named:
			c = '_' // an encoded one must not pass for the end of the name
		case c == '+' && !encoded:
			c = ' '
		case c == 0 && !named:
			return ErrTarget
		}
		r.text[out] = c
		out++
	}
}
