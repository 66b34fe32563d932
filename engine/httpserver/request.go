package httpserver

import (
	"bytes"
	"runtime"
	"sync"

	"golws/engine/ascii"
)

// Version is the version of HTTP that carried a request.
type Version uint8

// The versions.
const (
	HTTP10 Version = iota
	HTTP11
	HTTP2
)

// span is a piece of Request.text.
type span struct{ start, end uint32 }

// fragment is one value of a token; next links those of the same token.
type fragment struct {
	span
	next uint16 // index plus one, 0 at the end
}

// custom is a header field without a token.
type custom struct{ name, value span }

// Request is the head of a request or, on a client's side, of a response. Its strings are pieces of one text that the request owns; each of them
// is followed by a NUL, because programs print them as C strings. Slices returned by its methods
// are valid until Release.
type Request struct {
	Method  Method
	Version Version
	// Status is that of a response, 0 for a request.
	Status int
	// Extended tells that the request is an extended CONNECT (RFC 8441): it has TokenColonProtocol in place of an
	// Upgrade field, and its connection is a stream. A conn.Upgrade that accepts it sends the head of its
	// response, with status 200, by SendHead of the connection's conn.StreamTransport; everything that it then queues
	// on the connection, and all input, are the stream's bytes.
	Extended bool
	// Refusal says how to answer where an upgrade was not accepted.
	Refusal Refusal

	text      []byte
	first     [TokenCount]uint16 // index of a token's first fragment plus one
	last      [TokenCount]uint16
	fragments []fragment
	customs   []custom
	pinner    runtime.Pinner
	pinned    bool
	scratch   []byte // where the response head is rendered
}

// Refusal is the answer to an upgrade that was not accepted. The zero value has the request served
// as if it had not asked.
type Refusal struct {
	Status   int    // of the response
	Fields   string // header fields of the response, each ended by CR LF
	Answered bool   // the program sent the response itself
	Hangup   bool   // the connection closes without an answer
}

// RequestHolder is a role that has a request at hand: that of the transaction under way, or the
// one that led to the role.
type RequestHolder interface {
	// HeldRequest is nil where there is none.
	HeldRequest() *Request
}

var pool = sync.Pool{New: func() any {
	return &Request{text: make([]byte, 0, 2048), fragments: make([]fragment, 0, 32),
		customs: make([]custom, 0, 16), scratch: make([]byte, 0, 1024)}
}}

// pooledText is the largest text that a request in the pool keeps.
const pooledText = 16 << 10

// NewRequest returns an empty request.
func NewRequest() *Request { return pool.Get().(*Request) }

// Release gives the request back. It must not be used afterwards.
func (r *Request) Release() {
	r.Clear()
	if cap(r.text) <= pooledText {
		pool.Put(r)
	}
}

// Clear empties the request: no header field is found in it any more.
func (r *Request) Clear() {
	if r.pinned {
		r.pinner.Unpin()
		r.pinned = false
	}
	r.Method, r.Version, r.Status, r.Extended, r.Refusal = 0, 0, 0, false, Refusal{}
	r.text = r.text[:0]
	r.first = [TokenCount]uint16{}
	r.fragments = r.fragments[:0]
	r.customs = r.customs[:0]
}

// Pin keeps the text in its place, so that C may hold pointers into it until Release.
func (r *Request) Pin() {
	if !r.pinned && cap(r.text) > 0 {
		r.pinner.Pin(&r.text[:1][0])
		r.pinned = true
	}
}

// bytes returns a piece of the text with room for the byte that follows it.
func (r *Request) bytes(s span) []byte { return r.text[s.start : s.end : s.end+1] }

// Has reports whether the request has the token, maybe with an empty value.
func (r *Request) Has(t Token) bool { return t < TokenCount && r.first[t] != 0 }

// Value is the first value of a token, nil where the request has none.
func (r *Request) Value(t Token) []byte {
	if !r.Has(t) {
		return nil
	}
	return r.bytes(r.fragments[r.first[t]-1].span)
}

// Fragment is the value of a token's nth occurrence.
func (r *Request) Fragment(t Token, n int) ([]byte, bool) {
	if t >= TokenCount {
		return nil, false
	}
	for i := r.first[t]; i != 0; i = r.fragments[i-1].next {
		if n == 0 {
			return r.bytes(r.fragments[i-1].span), true
		}
		n--
	}
	return nil, false
}

// Length is the length of all values of a token joined by one byte each.
func (r *Request) Length(t Token) int {
	if t >= TokenCount {
		return 0
	}
	length := 0
	for i := r.first[t]; i != 0; i = r.fragments[i-1].next {
		f := &r.fragments[i-1]
		length += int(f.end - f.start)
		if f.next != 0 {
			length++
		}
	}
	return length
}

// separator is what joins the values of a token that occurs several times.
func separator(t Token) byte {
	switch t {
	case TokenCookie, TokenSetCookie:
		return ';'
	case TokenURIArguments:
		return '&'
	}
	return ','
}

// Append appends all values of a token, joined.
func (r *Request) Append(to []byte, t Token) []byte {
	if t >= TokenCount {
		return to
	}
	for i := r.first[t]; i != 0; i = r.fragments[i-1].next {
		f := &r.fragments[i-1]
		to = append(to, r.text[f.start:f.end]...)
		if f.next != 0 {
			to = append(to, separator(t))
		}
	}
	return to
}

// Custom is the value of the first header field of that name, in lower case and without the
// colon, among those without a token.
func (r *Request) Custom(name []byte) ([]byte, bool) {
	for i := range r.customs {
		if c := &r.customs[i]; string(r.text[c.name.start:c.name.end]) == string(name) {
			return r.bytes(c.value), true
		}
	}
	return nil, false
}

// Path is the decoded and normalised path, without the query.
func (r *Request) Path() []byte { return r.Value(r.Method.Token()) }

// Contains reports whether a comma-separated header field has the member, ignoring case. Parameters
// of members, after a semicolon, do not count.
func (r *Request) Contains(t Token, member string) bool {
	for n := 0; ; n++ {
		value, ok := r.Fragment(t, n)
		if !ok {
			return false
		}
		for len(value) > 0 {
			var item []byte
			item, value = nextMember(value)
			if ascii.EqualFold(item, member) {
				return true
			}
		}
	}
}

// nextMember cuts the first member off a comma-separated list.
func nextMember(list []byte) (member, rest []byte) {
	end := len(list)
	for i, c := range list {
		if c == ',' {
			end, rest = i, list[i+1:]
			break
		}
	}
	member = list[:end]
	for i, c := range member {
		if c == ';' {
			member = member[:i]
			break
		}
	}
	for len(member) > 0 && (member[0] == ' ' || member[0] == '\t') {
		member = member[1:]
	}
	for n := len(member); n > 0 && (member[n-1] == ' ' || member[n-1] == '\t'); n-- {
		member = member[:n-1]
	}
	return member, rest
}

// Argument is the value of the first argument of the query whose name begins with the given one,
// which may end with an equals sign.
func (r *Request) Argument(name []byte) ([]byte, bool) {
	for n := 0; ; n++ {
		argument, ok := r.Fragment(TokenURIArguments, n)
		if !ok {
			return nil, false
		}
		if len(name) == 0 || len(argument) < len(name) || string(argument[:len(name)]) != string(name) {
			continue
		}
		value := argument[len(name):]
		if name[len(name)-1] != '=' && len(value) > 0 && value[0] == '=' {
			value = value[1:]
		}
		return value, true
	}
}

// Cookie is the value of the cookie of that name.
func (r *Request) Cookie(name []byte) ([]byte, bool) {
	for n := 0; ; n++ {
		list, ok := r.Fragment(TokenCookie, n)
		if !ok {
			return nil, false
		}
		for len(list) > 0 {
			var pair []byte
			if end := bytes.IndexByte(list, ';'); end >= 0 {
				pair, list = list[:end], list[end+1:]
			} else {
				pair, list = list, nil
			}
			pair = bytes.Trim(pair, " \t")
			if len(pair) > len(name) && pair[len(name)] == '=' && string(pair[:len(name)]) == string(name) {
				return pair[len(name)+1:], true
			}
		}
	}
}
