package ws

import (
	"bytes"
	"math/rand"
	"testing"
	"unicode/utf8"
)

func TestHeader(t *testing.T) {
	for _, length := range []int{0, 1, 125, 126, 127, 65535, 65536, 1 << 30} {
		for _, masked := range []bool{false, true} {
			p := make([]byte, maxHeader)
			n := putHeader(p, bitFinal|opText, length, masked)
			size := headerSize(length, masked)
			if masked {
				copy(p[n:], []byte{1, 2, 3, 4})
				n += maskKeySize
			}
			if n != size {
				t.Errorf("length %d: header has %d bytes, headerSize says %d", length, n, size)
			}
			for short := range size {
				if _, got, valid := parseHeader(p[:short]); got != 0 || !valid {
					t.Errorf("length %d: parsed from %d of %d bytes", length, short, size)
				}
			}
			h, got, valid := parseHeader(p[:size])
			if got != size || !valid || h.length != uint64(length) || h.masked != masked ||
				h.opcode() != opText || !h.final() || masked && h.key != 0x04030201 {
				t.Errorf("length %d masked %v: parsed as %+v, %d bytes, valid %v", length, masked, h, got, valid)
			}
		}
	}
}

func TestHeaderLengthForm(t *testing.T) {
	for _, p := range [][]byte{
		{0x81, 126, 0, 125},
		{0x81, 127, 0, 0, 0, 0, 0, 0, 0xff, 0xff},
		{0x81, 127, 0x80, 0, 0, 0, 0, 1, 0, 0},
	} {
		if h, _, valid := parseHeader(p); valid {
			t.Errorf("% x accepted with length %d", p, h.length)
		}
	}
}

func TestMask(t *testing.T) {
	r := rand.New(rand.NewSource(1))
	for _, length := range []int{0, 1, 2, 3, 4, 5, 7, 8, 9, 31, 125, 126, 511, 512, 513, 1023, 1024, 1025, 5000, 70001} {
		plain := make([]byte, length)
		r.Read(plain)
		key := r.Uint32()
		want := bytes.Clone(plain)
		for i := range want {
			want[i] ^= byte(key >> (8 * uint(i&3)))
		}
		got := bytes.Clone(plain)
		mask(got, key)
		if !bytes.Equal(got, want) {
			t.Errorf("%d bytes in one piece differ", length)
		}
		got = bytes.Clone(plain)
		next := key
		for rest := got; len(rest) > 0; {
			n := min(1+r.Intn(1100), len(rest))
			next = mask(rest[:n], next)
			rest = rest[n:]
		}
		if !bytes.Equal(got, want) {
			t.Errorf("%d bytes in pieces differ", length)
		}
	}
}

// TestValidator compares with unicode/utf8: an error must be reported at the byte where no
// continuation can make the text valid any more.
func TestValidator(t *testing.T) {
	r := rand.New(rand.NewSource(1))
	interesting := []byte{0x00, 0x41, 0x7f, 0x80, 0x8f, 0x90, 0x9f, 0xa0, 0xbf, 0xc0, 0xc1, 0xc2, 0xdf, 0xe0, 0xe1,
		0xec, 0xed, 0xee, 0xef, 0xf0, 0xf1, 0xf3, 0xf4, 0xf5, 0xf8, 0xff}
	tails := [][]byte{{}, {0x80}, {0xbf}, {0x80, 0x80}, {0xbf, 0xbf}, {0x80, 0x80, 0x80}, {0xbf, 0xbf, 0xbf}}
	canBecomeValid := func(p []byte) bool {
		for _, tail := range tails {
			if utf8.Valid(append(bytes.Clone(p), tail...)) {
				return true
			}
		}
		return false
	}
	for range 200_000 {
		p := make([]byte, 1+r.Intn(8))
		for i := range p {
			p[i] = interesting[r.Intn(len(interesting))]
		}
		var v validator
		at, valid := 0, true
		for at < len(p) && valid {
			n := min(1+r.Intn(4), len(p)-at)
			valid = v.valid(p[at : at+n])
			at += n
			if valid != canBecomeValid(p[:at]) {
				t.Fatalf("% x after %d bytes: valid %v", p, at, valid)
			}
		}
		if valid && v.complete() != utf8.Valid(p) {
			t.Fatalf("% x: complete %v", p, v.complete())
		}
	}
}

func TestNoAllocationInCodec(t *testing.T) {
	p := bytes.Repeat([]byte("žluťoučký "), 200)
	n := testing.AllocsPerRun(100, func() {
		var v validator
		mask(p, 0x12345678)
		mask(p, 0x12345678)
		if !v.valid(p[:1001]) || !v.valid(p[1001:]) {
			t.Fatal("not valid")
		}
	})
	if n != 0 {
		t.Errorf("%v allocations", n)
	}
}
