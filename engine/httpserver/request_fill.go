package httpserver

// SetText gives the request its text, which is copied. Spans of Add functions refer to it. It
// must end with a byte behind the last value.
func (r *Request) SetText(text []byte) []byte {
	r.text = append(r.text[:0], text...)
	return r.text
}

// Add notes that text[start:end] is a value of the token.
func (r *Request) Add(t Token, start, end int) {
	r.fragments = append(r.fragments, fragment{span: span{uint32(start), uint32(end)}})
	index := uint16(len(r.fragments))
	if r.first[t] == 0 {
		r.first[t] = index
	} else {
		r.fragments[r.last[t]-1].next = index
	}
	r.last[t] = index
	r.text[end] = 0
}

// AddCustom notes a header field without a token.
func (r *Request) AddCustom(nameStart, nameEnd, start, end int) {
	r.customs = append(r.customs, custom{span{uint32(nameStart), uint32(nameEnd)}, span{uint32(start), uint32(end)}})
	r.text[end] = 0
}

// Store appends a value to the text and returns where it is.
func (r *Request) Store(value []byte) (start, end int) {
	start = len(r.text)
	r.text = append(append(r.text, value...), 0)
	return start, len(r.text) - 1
}

// StoreString is Store for a string.
func (r *Request) StoreString(value string) (start, end int) {
	start = len(r.text)
	r.text = append(append(r.text, value...), 0)
	return start, len(r.text) - 1
}

// Truncate forgets the text from start on, to which no span refers.
func (r *Request) Truncate(start int) { r.text = r.text[:start] }

// Replace makes value the only one of the token.
func (r *Request) Replace(t Token, value []byte) {
	r.first[t] = 0
	start, end := r.Store(value)
	r.Add(t, start, end)
}

// Remove forgets the token's values.
func (r *Request) Remove(t Token) { r.first[t] = 0 }

// Text is the request's text, which a version's parser may still change.
func (r *Request) Text() []byte { return r.text }

// AddAgain makes the last value of one token a value of another one too.
func (r *Request) AddAgain(t, from Token) {
	last := r.fragments[r.last[from]-1].span
	r.Add(t, int(last.start), int(last.end))
}
