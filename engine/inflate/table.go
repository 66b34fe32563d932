package inflate

const (
	longestCode = 15
	literalRoot = 10
	// distanceRoot and lengthRoot are the bits that the first look-up of a code takes.
	distanceRoot = 8
	lengthRoot   = 7
)

// entry is what a look-up finds: the code's length, its kind, the extra bits that follow it, and a
// value: the byte of a literal, the base of a length or distance, the place of a second table.
type entry uint32

type kind uint32

const (
	kindInvalid kind = iota
	kindLiteral
	kindBase // length or distance, with extra bits
	kindEnd
	kindLink // codes longer than the root: look up again
)

func newEntry(k kind, value, extra int) entry {
	return entry(value)<<16 | entry(extra)<<8 | entry(k)<<5
}

func (e entry) length() uint { return uint(e & 31) }
func (e entry) kind() kind   { return kind(e>>5) & 7 }
func (e entry) extra() uint  { return uint(e>>8) & 31 }
func (e entry) value() int   { return int(e >> 16) }

// literalEntries holds, without code lengths, what the symbols of the literal and length alphabet
// mean, distanceEntries the same of the distance alphabet.
var (
	literalEntries  [288]entry
	distanceEntries [32]entry
	lengthEntries   [19]entry
)

// fixedLiterals and fixedDistances are the codes of block type 1.
var fixedLiterals, fixedDistances table

func init() {
	for i := range 256 {
		literalEntries[i] = newEntry(kindLiteral, i, 0)
	}
	literalEntries[256] = newEntry(kindEnd, 0, 0)
	base := 3
	for symbol := 257; symbol < 285; symbol++ {
		extra := 0
		if symbol >= 265 {
			extra = (symbol - 261) / 4
		}
		literalEntries[symbol] = newEntry(kindBase, base, extra)
		base += 1 << extra
	}
	literalEntries[285] = newEntry(kindBase, 258, 0)
	base = 1
	for symbol := range 30 {
		extra := 0
		if symbol >= 4 {
			extra = symbol/2 - 1
		}
		distanceEntries[symbol] = newEntry(kindBase, base, extra)
		base += 1 << extra
	}
	for i := range lengthEntries {
		lengthEntries[i] = newEntry(kindLiteral, i, 0)
	}
	var lengths [288]uint8
	for i := range lengths {
		switch {
		case i < 144:
			lengths[i] = 8
		case i < 256:
			lengths[i] = 9
		case i < 280:
			lengths[i] = 7
		default:
			lengths[i] = 8
		}
	}
	var distances [32]uint8
	for i := range distances {
		distances[i] = 5
	}
	if !fixedLiterals.build(lengths[:], literalEntries[:], literalRoot) ||
		!fixedDistances.build(distances[:], distanceEntries[:], distanceRoot) {
		panic("inflate: fixed codes")
	}
}

// table finds the symbol of a code by its first bits, with second tables for long codes.
type table struct {
	entries []entry
	root    uint
}

// build makes the table for the given code lengths. It returns false where they do not form a
// complete prefix code; a single code of one bit is the permitted exception, and so is none at all.
func (t *table) build(lengths []uint8, symbols []entry, root uint) bool {
	var count [longestCode + 1]int
	longest := uint(0)
	for _, n := range lengths {
		count[n]++
		longest = max(longest, uint(n))
	}
	count[0] = 0
	size := 1 << root
	if cap(t.entries) < size {
		t.entries = make([]entry, size, size*3/2)
	}
	t.entries = t.entries[:size]
	clear(t.entries)
	t.root = root

	var next [longestCode + 2]uint32
	code, left := uint32(0), 1
	for n := 1; n <= longestCode; n++ {
		left = left<<1 - count[n]
		if left < 0 {
			return false
		}
		code = (code + uint32(count[n-1])) << 1
		next[n] = code
	}
	if left > 0 && longest > 1 {
		return false
	}

	for pass := uint(0); pass < 2; pass++ {
		// The first pass finds how long the longest code behind each link is.
		codes := next
		for symbol, n := range lengths {
			if n == 0 {
				continue
			}
			length := uint(n)
			bits := reverse(codes[length], length)
			codes[length]++
			switch {
			case length <= root && pass == 0:
				e := symbols[symbol]
				if e != 0 {
					e |= entry(length)
				}
				for i := int(bits); i < size; i += 1 << length {
					t.entries[i] = e
				}
			case length > root && pass == 0:
				at := bits & (1<<root - 1)
				if more := length - root; more > t.entries[at].extra() {
					t.entries[at] = newEntry(kindLink, 0, int(more)) | entry(root)
				}
			case length > root:
				at := bits & (1<<root - 1)
				link := t.entries[at]
				if link.value() == 0 {
					link |= entry(len(t.entries)) << 16
					t.entries[at] = link
					t.extend(1 << link.extra())
				}
				e := symbols[symbol]
				if e != 0 {
					e |= entry(length)
				}
				second := t.entries[link.value() : link.value()+1<<link.extra()]
				for i := int(bits >> root); i < len(second); i += 1 << (length - root) {
					second[i] = e
				}
			}
		}
		if longest <= root {
			break
		}
	}
	return true
}

func (t *table) extend(n int) {
	for range n {
		t.entries = append(t.entries, 0)
	}
}

// lookup finds the entry for the next bits; those that have not arrived yet count as zeros.
func (t *table) lookup(bits uint64) entry {
	e := t.entries[bits&(1<<t.root-1)]
	if e.kind() == kindLink {
		e = t.entries[e.value()+int(bits>>t.root)&(1<<e.extra()-1)]
	}
	return e
}

func reverse(code uint32, length uint) uint32 {
	var r uint32
	for range length {
		r = r<<1 | code&1
		code >>= 1
	}
	return r
}
