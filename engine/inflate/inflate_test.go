package inflate

import (
	"bytes"
	"compress/flate"
	"errors"
	"io"
	"math/rand"
	"strings"
	"testing"
)

// decodeAll runs a stream through a Decoder with pieces of the given sizes.
func decodeAll(in []byte, bits, inPiece, outPiece int) ([]byte, *Decoder, error) {
	d := new(Decoder)
	d.Reset()
	w := NewWindow(bits)
	var all []byte
	out := make([]byte, outPiece)
	for len(in) > 0 || d.Pending() {
		piece := in[:min(inPiece, len(in))]
		for {
			produced, consumed, err := d.Decode(out, piece, &w)
			all = append(all, out[:produced]...)
			// What the program does with its copy must not matter.
			clear(out)
			piece, in = piece[consumed:], in[consumed:]
			if err != nil {
				return all, d, err
			}
			if d.Ended() || (produced < len(out) && len(piece) == 0) {
				break
			}
		}
		if d.Ended() {
			break
		}
	}
	return all, d, nil
}

func compressed(t testing.TB, p []byte, level int) []byte {
	var b bytes.Buffer
	w, err := flate.NewWriter(&b, level)
	if err != nil {
		t.Fatal(err)
	}
	w.Write(p)
	w.Close()
	return b.Bytes()
}

func samples() map[string][]byte {
	r := rand.New(rand.NewSource(1))
	noise := make([]byte, 100_000)
	r.Read(noise)
	words := make([]byte, 0, 200_000)
	for len(words) < 200_000 {
		words = append(words, strings.Repeat(string(rune('a'+r.Intn(26))), r.Intn(4))...)
		words = append(words, noise[:r.Intn(7)]...)
	}
	skewed := make([]byte, 150_000)
	for i := range skewed {
		skewed[i] = byte(r.ExpFloat64() * 9)
	}
	return map[string][]byte{
		"empty": {}, "one": {7}, "zeros": make([]byte, 300_000), "noise": noise, "words": words,
		"skewed": skewed, "text": []byte(strings.Repeat("Hello, deflate! ", 5000)),
	}
}

func TestDecode(t *testing.T) {
	for name, plain := range samples() {
		for _, level := range []int{0, 1, 6, 9, flate.HuffmanOnly} {
			in := compressed(t, plain, level)
			for _, sizes := range [][2]int{{1 << 20, 1 << 20}, {1, 4096}, {3, 1}, {1000, 100}, {1 << 20, 1}} {
				got, d, err := decodeAll(in, 15, sizes[0], sizes[1])
				if err != nil || !bytes.Equal(got, plain) || !d.Ended() {
					t.Errorf("%s level %d pieces %v: %d bytes of %d, ended %v, error %v",
						name, level, sizes, len(got), len(plain), d.Ended(), err)
				}
			}
		}
	}
}

func TestDistanceBeyondWindow(t *testing.T) {
	plain := make([]byte, 3000)
	rand.New(rand.NewSource(2)).Read(plain)
	plain = append(plain, plain...)
	in := compressed(t, plain, 9)
	if got, _, err := decodeAll(in, 12, 100, 100); err != nil || !bytes.Equal(got, plain) {
		t.Errorf("window of 4096: error %v", err)
	}
	if _, _, err := decodeAll(in, 11, 100, 100); !errors.Is(err, ErrCorrupt) {
		t.Errorf("window of 2048: error %v, want ErrCorrupt", err)
	}
}

func TestWindowOutlivesDecoder(t *testing.T) {
	var b bytes.Buffer
	sender, _ := flate.NewWriter(&b, 9)
	w := NewWindow(15)
	d := new(Decoder)
	out := make([]byte, 1000)
	message := bytes.Repeat([]byte("the same words again and again; "), 20)
	var sizes []int
	for range 100 {
		b.Reset()
		sender.Write(message)
		sender.Flush()
		sizes = append(sizes, b.Len())
		d.Reset()
		n, used, err := d.Decode(out, b.Bytes(), &w)
		if err != nil || used != b.Len() || !bytes.Equal(out[:n], message) || !d.Clean() {
			t.Fatalf("decoded %d bytes of %d, clean %v, error %v", n, len(message), d.Clean(), err)
		}
		clear(out)
	}
	if sizes[1] >= sizes[0] {
		t.Errorf("sizes %v: the test does not use the window", sizes[:2])
	}
	if w.Memory() != 1<<15 {
		t.Errorf("window takes %d bytes", w.Memory())
	}
}

func TestWindowStaysSmall(t *testing.T) {
	w := NewWindow(15)
	d := new(Decoder)
	d.Reset()
	if _, _, err := d.Decode(make([]byte, 100), compressed(t, make([]byte, 80), 9), &w); err != nil {
		t.Fatal(err)
	}
	if w.Memory() != smallestWindow {
		t.Errorf("window takes %d bytes after 80 bytes of output", w.Memory())
	}
}

// bitWriter makes streams that no compressor makes.
type bitWriter struct {
	bytes []byte
	count int
}

// put appends the lowest n bits of each value, lowest bit first.
func (w *bitWriter) put(n int, values ...int) *bitWriter {
	for _, v := range values {
		for i := range n {
			if w.count%8 == 0 {
				w.bytes = append(w.bytes, 0)
			}
			w.bytes[w.count/8] |= byte(v>>i&1) << (w.count % 8)
			w.count++
		}
	}
	return w
}

// dynamic begins a block with codes of its own whose length code has the symbols 0, 1 and the given
// one, with codes of 1, 2 and 2 bits: 0, 01 and 11 as they are sent.
func dynamic(literals, distances, symbol int) *bitWriter {
	w := new(bitWriter).put(1, 1).put(2, 2).put(5, literals-257, distances-1).put(4, 15)
	for _, s := range lengthOrder {
		switch int(s) {
		case 0:
			w.put(3, 1)
		case 1, symbol:
			w.put(3, 2)
		default:
			w.put(3, 0)
		}
	}
	return w
}

func TestCorrupt(t *testing.T) {
	fixed := func() *bitWriter { return new(bitWriter).put(1, 1).put(2, 1) }
	for name, in := range map[string][]byte{
		"block type 3":            new(bitWriter).put(1, 1).put(2, 3).bytes,
		"stored length":           {0x00, 0x05, 0x00, 0x00, 0x00},
		"distance with nothing":   fixed().put(7, 0x40).put(5, 0).put(16, 0).bytes,
		"literal symbol 286":      fixed().put(8, 0x63).put(16, 0).bytes,
		"distance symbol 30":      fixed().put(8, 0x0c).put(7, 0x40).put(5, 0x0f).put(32, 0).bytes,
		"too many literals":       new(bitWriter).put(1, 1).put(2, 2).put(5, 30, 0).put(4, 15).put(32, 0).bytes,
		"too many distances":      new(bitWriter).put(1, 1).put(2, 2).put(5, 0, 31).put(4, 15).put(32, 0).bytes,
		"length codes overlap":    new(bitWriter).put(1, 1).put(2, 2).put(5, 0, 0).put(4, 15).put(3, 1, 1, 1).put(30, 0, 0).bytes,
		"repeat of nothing":       dynamic(257, 1, 16).put(2, 3).put(2, 0).put(32, 0).bytes,
		"repeat beyond the end":   dynamic(257, 1, 18).put(2, 3).put(7, 127).put(2, 3).put(7, 127).put(32, 0).bytes,
		"no end of block":         dynamic(257, 1, 18).put(2, 1, 1, 3).put(7, 127).put(2, 3).put(7, 107).put(1, 0, 0, 0).put(32, 0).bytes,
		"literal code incomplete": dynamic(257, 1, 2).put(2, 3).put(1, make([]int, 255)...).put(2, 3).put(1, 0).put(32, 0).bytes,
	} {
		for _, piece := range []int{1, 1000} {
			got, _, err := decodeAll(in, 15, piece, 100)
			if !errors.Is(err, ErrCorrupt) {
				t.Errorf("%s, %d bytes at a time: %q, error %v", name, piece, got, err)
			}
		}
	}
}

// TestSingleCodes: an alphabet of one symbol has a code of one bit, and the other value of the bit is
// an error where it is used.
func TestSingleCodes(t *testing.T) {
	// Symbol 1 of the length code is the length of the literal "a" and of the end of the block.
	w := dynamic(257, 1, 18)
	w.put(2, 3).put(7, 97-11).put(2, 1).put(2, 3).put(7, 127).put(2, 3).put(7, 256-98-138-11).put(2, 1).put(1, 0)
	w.put(1, 0, 0, 0, 1)
	got, d, err := decodeAll(w.bytes, 15, 1, 100)
	if string(got) != "aaa" || err != nil || !d.Ended() {
		t.Errorf("%q, error %v, ended %v", got, err, d.Ended())
	}
}

func TestWindowRelease(t *testing.T) {
	w := NewWindow(15)
	w.push(make([]byte, 10_000))
	w.Release()
	if w.Memory() != 0 || w.held != 0 {
		t.Errorf("%d bytes kept", w.Memory())
	}
	w.push([]byte("again"))
	p := make([]byte, 5)
	w.copyBack(p, 5)
	if string(p) != "again" {
		t.Errorf("window holds %q", p)
	}
}

func TestNoAllocation(t *testing.T) {
	in := compressed(t, bytes.Repeat([]byte("words of some length "), 100), 6)
	d, w, out := new(Decoder), NewWindow(15), make([]byte, 8192)
	run := func() {
		d.Reset()
		w.Reset()
		if _, _, err := d.Decode(out, in, &w); err != nil {
			t.Fatal(err)
		}
	}
	if n := testing.AllocsPerRun(100, run); n != 0 {
		t.Errorf("%v allocations per stream", n)
	}
}

// FuzzDecode compares with the decoder of the standard library, in one piece and in many.
func FuzzDecode(f *testing.F) {
	for _, plain := range samples() {
		plain = plain[:min(len(plain), 3000)]
		for _, level := range []int{0, 1, 9, flate.HuffmanOnly} {
			f.Add(compressed(f, plain, level), 100, 7)
		}
	}
	f.Add([]byte{0xf3, 0x48, 0xcd, 0xc9, 0xc9, 0x07, 0x00, 0x00}, 1, 1)
	f.Fuzz(func(t *testing.T, in []byte, inPiece, outPiece int) {
		const limit = 1 << 20
		inPiece, outPiece = 1+inPiece&0xfff, 1+outPiece&0xfff
		want, wantErr := io.ReadAll(io.LimitReader(flate.NewReader(bytes.NewReader(in)), limit))
		if len(want) == limit {
			return
		}
		for _, size := range []int{1, inPiece} {
			got, d, err := decodeAll(in, 15, size, outPiece)
			if wantErr == nil && (err != nil && size == 1 || !bytes.HasPrefix(got, want)) {
				t.Fatalf("pieces of %d: error %v, %d bytes, want %d", size, err, len(got), len(want))
			}
			if wantErr != nil && size == 1 && err == nil && d.Ended() {
				t.Fatalf("accepted what is wrong: %v", wantErr)
			}
		}
	})
}

func BenchmarkDecode(b *testing.B) {
	plain := samples()["words"]
	in := compressed(b, plain, 6)
	d, w, out := new(Decoder), NewWindow(15), make([]byte, 4096)
	b.SetBytes(int64(len(plain)))
	for b.Loop() {
		d.Reset()
		w.Reset()
		for rest := in; len(rest) > 0; {
			_, used, err := d.Decode(out, rest, &w)
			if err != nil {
				b.Fatal(err)
			}
			rest = rest[used:]
		}
	}
}

func BenchmarkStandardLibrary(b *testing.B) {
	plain := samples()["words"]
	in := compressed(b, plain, 6)
	r := flate.NewReader(nil)
	out := make([]byte, 4096)
	b.SetBytes(int64(len(plain)))
	for b.Loop() {
		r.(flate.Resetter).Reset(bytes.NewReader(in), nil)
		for {
			if _, err := r.Read(out); err == io.EOF {
				break
			}
		}
	}
}
