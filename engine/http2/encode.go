package http2

import (
	"hash/maphash"
	"unsafe"

	"golang.org/x/net/http2/hpack"
)

// The package's own encoder takes fields from the program's memory: hpack.Encoder wants strings, which would be an
// allocation for each field of each response, and looks fields up in maps of strings.

// staticEntries are the fields of the static table (RFC 7541 appendix A) by name. Entries with the
// same name follow each other.
var staticEntries = func() map[string]staticEntry {
	table := map[string]staticEntry{}
	values := [...]string{"200", "204", "206", "304", "400", "404", "500"}
	table[":status"] = staticEntry{8, values[:]}
	table[":authority"] = staticEntry{index: 1}
	table[":method"] = staticEntry{2, []string{"GET", "POST"}}
	table[":path"] = staticEntry{4, []string{"/", "/index.html"}}
	table[":scheme"] = staticEntry{6, []string{"http", "https"}}
	names := [...]string{"accept-charset", "accept-encoding", "accept-language", "accept-ranges", "accept",
		"access-control-allow-origin", "age", "allow", "authorization", "cache-control", "content-disposition",
		"content-encoding", "content-language", "content-length", "content-location", "content-range", "content-type",
		"cookie", "date", "etag", "expect", "expires", "from", "host", "if-match", "if-modified-since", "if-none-match",
		"if-range", "if-unmodified-since", "last-modified", "link", "location", "max-forwards", "proxy-authenticate",
		"proxy-authorization", "range", "referer", "refresh", "retry-after", "server", "set-cookie",
		"strict-transport-security", "transfer-encoding", "user-agent", "vary", "via", "www-authenticate"}
	for i, name := range names {
		table[name] = staticEntry{index: 15 + i}
	}
	return table
}()

type staticEntry struct {
	index  int
	values []string
}

// staticLength is how many entries the static table has.
const staticLength = 61

// entryOverhead is what an entry of a dynamic table counts beside its text (RFC 7541 section 4.1).
const entryOverhead = 32

var hashSeed = maphash.MakeSeed()

// encoded is an entry of the dynamic table.
type encoded struct {
	hash uint64
	text []byte // name and value
	name int    // length of the name
}

func (e *encoded) size() int { return len(e.text) + entryOverhead }

// encoder compresses header fields.
type encoder struct {
	block   []byte
	entries []encoded // the oldest first
	size    int
	limit   int // of the size
	wanted  int // the limit that the peer asks for
	resized bool
	begun   bool
}

// setTableSize is called when the peer limits the dynamic table.
func (e *encoder) setTableSize(size uint32) {
	e.init()
	e.wanted = int(min(size, defaultTableSize))
	if e.wanted < e.limit {
		e.limit, e.resized = e.wanted, true
		e.evict(0)
	}
}

func (e *encoder) init() {
	if !e.begun {
		e.begun, e.limit, e.wanted = true, defaultTableSize, defaultTableSize
	}
}

// evict makes room for an entry of the given size.
func (e *encoder) evict(size int) {
	count := 0
	for count < len(e.entries) && e.size+size > e.limit {
		e.size -= e.entries[count].size()
		count++
	}
	if count > 0 {
		kept := copy(e.entries, e.entries[count:])
		clear(e.entries[kept:])
		e.entries = e.entries[:kept]
	}
}

// start begins a header block.
func (e *encoder) start() {
	e.init()
	e.block = e.block[:0]
	// The smallest limit since the last block has to be told. A larger one may follow in the next block; decoders
	// differ in whether they take two at once.
	switch {
	case e.resized:
		e.resized = false
	case e.limit < e.wanted:
		e.limit = e.wanted
	default:
		return
	}
	e.block = appendInteger(e.block, 0x20, 5, uint64(e.limit))
}

// field adds a field whose name is in lower case. A secret one is never put into a table.
func (e *encoder) field(name, value []byte, secret bool) {
	static, known := staticEntries[string(name)]
	for i, v := range static.values {
		if v == string(value) {
			e.block = appendInteger(e.block, 0x80, 7, uint64(static.index+i))
			return
		}
	}
	size := len(name) + len(value) + entryOverhead
	table := !secret && size <= e.limit/2
	index := static.index
	var hash uint64
	if table {
		hash = hashField(name, value)
		for i := len(e.entries) - 1; i >= 0; i-- {
			if entry := &e.entries[i]; entry.hash == hash && entry.is(name, value) {
				e.block = appendInteger(e.block, 0x80, 7, uint64(staticLength+len(e.entries)-i))
				return
			}
		}
	}
	if !known {
		for i := len(e.entries) - 1; i >= 0; i-- {
			if entry := &e.entries[i]; entry.name == len(name) && string(entry.text[:entry.name]) == string(name) {
				index = staticLength + len(e.entries) - i
				break
			}
		}
	}
	switch {
	case table:
		e.block = appendInteger(e.block, 0x40, 6, uint64(index))
	case secret:
		e.block = appendInteger(e.block, 0x10, 4, uint64(index))
	default:
		e.block = appendInteger(e.block, 0, 4, uint64(index))
	}
	if index == 0 {
		e.block = appendString(e.block, name)
	}
	e.block = appendString(e.block, value)
	if table {
		e.evict(size)
		text := append(append(make([]byte, 0, len(name)+len(value)), name...), value...)
		e.entries = append(e.entries, encoded{hash, text, len(name)})
		e.size += size
	}
}

func hashField(name, value []byte) uint64 {
	return maphash.Bytes(hashSeed, value) + 31*maphash.Bytes(hashSeed, name)
}

func (e *encoded) is(name, value []byte) bool {
	return e.name == len(name) && string(e.text[:e.name]) == string(name) && string(e.text[e.name:]) == string(value)
}

// appendInteger appends an integer with a prefix of some bits (RFC 7541 section 5.1).
func appendInteger(to []byte, first byte, bits uint, value uint64) []byte {
	limit := uint64(1)<<bits - 1
	if value < limit {
		return append(to, first|byte(value))
	}
	to = append(to, first|byte(limit))
	for value -= limit; value >= 0x80; value >>= 7 {
		to = append(to, byte(value)|0x80)
	}
	return append(to, byte(value))
}

// appendString appends a string literal (RFC 7541 section 5.2).
func appendString(to, text []byte) []byte {
	s := unsafe.String(unsafe.SliceData(text), len(text))
	if short := hpack.HuffmanEncodeLength(s); short < uint64(len(s)) {
		return hpack.AppendHuffmanString(appendInteger(to, 0x80, 7, short), s)
	}
	return append(appendInteger(to, 0, 7, uint64(len(s))), s...)
}
