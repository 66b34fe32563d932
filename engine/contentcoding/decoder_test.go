package contentcoding

import (
	"bytes"
	"compress/flate"
	"compress/gzip"
	"compress/zlib"
	"io"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/andybalholm/brotli"
)

// closer is what all compressors are.
type closer interface {
	io.Writer
	Close() error
}

func compress(t testing.TB, coding string, data []byte) []byte {
	var b bytes.Buffer
	var w closer
	switch coding {
	case "gzip":
		g := gzip.NewWriter(&b)
		g.Name, g.Comment, g.Extra = "a name", "a comment", []byte("extra")
		w = g
	case "deflate":
		w = zlib.NewWriter(&b)
	case "bare":
		w, _ = flate.NewWriter(&b, flate.BestCompression)
	case "br":
		w = brotli.NewWriter(&b)
	}
	w.Write(data)
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func field(coding string) string {
	if coding == "bare" {
		return "deflate"
	}
	return coding
}

// decode feeds a body in pieces and collects what it stands for.
func decode(t testing.TB, coding string, body []byte, piece, size int) ([]byte, error) {
	return decodeBy(t, New(field(coding)), body, piece, size)
}

func decodeBy(t testing.TB, d *Decoder, body []byte, piece, size int) ([]byte, error) {
	var got []byte
	for at := 0; at < len(body); at += piece {
		d.Push(body[at:min(at+piece, len(body))])
		for {
			p, err := d.Next(size)
			if err != nil {
				return got, err
			}
			if len(p) == 0 {
				break
			}
			if len(p) > size || cap(p) == len(p) {
				t.Fatalf("a piece of %d bytes, room for %d", len(p), cap(p))
			}
			got = append(got, p...)
		}
	}
	return got, d.End()
}

var codings = []string{"gzip", "deflate", "bare", "br"}

func bodies() [][]byte {
	random := make([]byte, 40_000)
	r := rand.New(rand.NewPCG(1, 2))
	for i := range random {
		random[i] = byte(r.Uint32())
	}
	text := []byte(strings.Repeat("the quick brown fox jumps over the lazy dog; ", 1500))
	return [][]byte{{}, []byte("x"), []byte("hello"), random, text, append(text[:60_000:60_000], random...)}
}

func TestDecode(t *testing.T) {
	for _, coding := range codings {
		for _, data := range bodies() {
			body := compress(t, coding, data)
			for _, piece := range []int{1, 7, 1000, 1 << 20} {
				if piece == 1 && len(body) > 20_000 {
					continue
				}
				for _, size := range []int{1, 100, 1 << 20} {
					if size == 1 && len(data) > 20_000 {
						continue
					}
					got, err := decode(t, coding, body, piece, size)
					if err != nil || !bytes.Equal(got, data) {
						t.Fatalf("%s: %d bytes in pieces of %d, to %d: %v, %d bytes", coding, len(data), piece, size, err, len(got))
					}
				}
			}
		}
	}
}

// TestTruncated: the end of the body is missing.
func TestTruncated(t *testing.T) {
	data := []byte(strings.Repeat("hello ", 100))
	for _, coding := range codings {
		body := compress(t, coding, data)
		for n := 1; n < len(body); n++ {
			if _, err := decode(t, coding, body[:n], 5, 100); err != ErrTruncated {
				t.Errorf("%s: %d of %d bytes: %v", coding, n, len(body), err)
			}
		}
		if got, err := decode(t, coding, nil, 5, 100); err != nil || len(got) != 0 {
			t.Errorf("%s: no byte at all: %v", coding, err)
		}
	}
}

// TestCorrupt: whatever is changed in a body, what comes out is said to be wrong, where there is a sum.
func TestCorrupt(t *testing.T) {
	data := []byte(strings.Repeat("hello, world; ", 20))
	for _, coding := range []string{"gzip", "deflate"} {
		body := compress(t, coding, data)
		for i := range body {
			for bit := range 8 {
				changed := bytes.Clone(body)
				changed[i] ^= 1 << bit
				got, err := decode(t, coding, changed, 1000, 1000)
				if err == nil && !bytes.Equal(got, data) {
					t.Errorf("%s: bit %d of byte %d: %q", coding, bit, i, got)
				}
			}
		}
	}
	if _, err := decode(t, "br", []byte("\x1f\x8bnot brotli at all"), 1000, 1000); err != ErrCorrupt {
		t.Error(err)
	}
}

// TestMembers: gzip data may be several files, with zeros behind the last one.
func TestMembers(t *testing.T) {
	body := append(compress(t, "gzip", []byte("one ")), compress(t, "gzip", []byte("two"))...)
	for _, piece := range []int{1, 1000} {
		if got, err := decode(t, "gzip", append(body, 0, 0, 0), piece, 100); err != nil || string(got) != "one two" {
			t.Errorf("%q, %v", got, err)
		}
		if got, err := decode(t, "gzip", append(body, 'x'), piece, 100); err == nil {
			t.Errorf("%q", got)
		}
	}
}

func TestBomb(t *testing.T) {
	const free = 1 << 20
	zeros := make([]byte, 2*free)
	for _, coding := range codings {
		d := New(field(coding))
		d.free = free
		if _, err := decodeBy(t, d, compress(t, coding, zeros), 1000, 1<<14); err != ErrBomb {
			t.Errorf("%s: %v", coding, err)
		}
		d = New(field(coding))
		d.free = free
		small := zeros[:free-1]
		if got, err := decodeBy(t, d, compress(t, coding, small), 1000, 1<<14); err != nil || len(got) != len(small) {
			t.Errorf("%s: %d bytes, %v", coding, len(got), err)
		}
	}
}

// TestAllocations: what a decoder needs it has after the beginning.
func TestAllocations(t *testing.T) {
	data := bodies()[5]
	for _, coding := range codings {
		body := compress(t, coding, data)
		d := New(field(coding))
		at := 0
		next := func() {
			d.Push(body[at : at+1])
			for p, err := d.Next(1000); len(p) > 0 || err != nil; p, err = d.Next(1000) {
				if err != nil {
					t.Fatal(err)
				}
			}
			at++
		}
		for at < len(body)/2 {
			next()
		}
		if n := testing.AllocsPerRun(len(body)/4, next); n > 0 {
			t.Errorf("%s: %v allocations", coding, n)
		}
	}
}

func TestUnknown(t *testing.T) {
	for _, name := range []string{"", "identity", "zstd", "gzip, br", "gzipp"} {
		if New(name) != nil {
			t.Error(name)
		}
	}
	for _, name := range []string{"GZip", "x-gzip", " br ", "deflate"} {
		if New(name) == nil {
			t.Error(name)
		}
	}
}

// FuzzDecode holds the decoders against the readers of the usual libraries.
func FuzzDecode(f *testing.F) {
	for i, coding := range codings {
		for _, data := range bodies()[:3] {
			f.Add(byte(i), compress(f, coding, data), byte(3))
		}
	}
	f.Add(byte(0), append(compress(f, "gzip", []byte("a")), compress(f, "gzip", []byte("b"))...), byte(1))
	f.Fuzz(func(t *testing.T, which byte, body []byte, piece byte) {
		coding := codings[int(which)%len(codings)]
		whole, err := decode(t, coding, body, len(body)+1, 1000)
		pieces, again := decode(t, coding, body, int(piece)+1, 10)
		if err == nil && (again != nil || !bytes.Equal(whole, pieces)) || (err == nil) != (again == nil) {
			t.Fatalf("%s: %v and %v, %d and %d bytes", coding, err, again, len(whole), len(pieces))
		}
		if coding != "gzip" || err != nil || len(body) == 0 {
			return
		}
		r, err := gzip.NewReader(bytes.NewReader(body))
		if err != nil {
			t.Fatal(err)
		}
		want, _ := io.ReadAll(r) // it calls zeros behind the data an error
		if !bytes.Equal(want, whole) {
			t.Fatalf("%q, compress/gzip reads %q", whole, want)
		}
	})
}
