package http1

import (
	"bytes"
	"strings"
	"testing"
)

// decode runs a body through the decoder in pieces of n bytes.
func decode(body []byte, n int) (data []byte, state chunkState, rest int) {
	var d chunked
	for len(body) > 0 {
		piece := body[:min(n, len(body))]
		for len(piece) > 0 {
			got, used := d.next(piece)
			data = append(data, got...)
			piece = piece[used:]
			body = body[used:]
			if d.state == chunkDone || d.state == chunkBad {
				return data, d.state, len(body)
			}
		}
	}
	return data, d.state, 0
}

func TestChunked(t *testing.T) {
	for body, want := range map[string]string{
		"0\r\n\r\n":                                   "",
		"5\r\nhello\r\n0\r\n\r\n":                     "hello",
		"5\r\nhello\r\n6\r\n world\r\n0\r\n\r\n":      "hello world",
		"00005\r\nhello\r\n000\r\n\r\n":               "hello",
		"A\r\n0123456789\r\n0\r\n\r\n":                "0123456789",
		"a\r\n0123456789\r\n0\r\n\r\n":                "0123456789",
		"5;name=value\r\nhello\r\n0;x\r\n\r\n":        "hello",
		"5 ;name=\"a b\"\r\nhello\r\n0\r\n\r\n":       "hello",
		"1\r\nx\r\n0\r\nTrailer: value\r\nB:\r\n\r\n": "x",
		"1\r\nx\r\n0\r\nX-Checksum: a b\tc\r\n\r\n":   "x",
		"2\r\n\r\n\r\n0\r\n\r\n":                      "\r\n",
	} {
		for n := 1; n <= len(body); n++ {
			data, state, rest := decode([]byte(body), n)
			if state != chunkDone || string(data) != want || rest != 0 {
				t.Errorf("%q by %d: %q, state %d, %d bytes left", body, n, data, state, rest)
			}
		}
		data, state, rest := decode([]byte(body+"GET / HTTP/1.1"), 1000)
		if state != chunkDone || string(data) != want || rest != 14 {
			t.Errorf("%q with more behind: %q, state %d, %d bytes left", body, data, state, rest)
		}
	}
}

func TestChunkedRefused(t *testing.T) {
	for _, body := range []string{
		"\r\n", "g\r\n", " 5\r\nhello", "5 \r\nhello", "+5\r\nhello", "-1\r\n", "0x5\r\nhello",
		"5\nhello\n0\n\n", "5\r\nhello!\r\n", "5\r\nhello\n0\r\n", "5\r\r\nhello", "5;\x00\r\nhello", "5;a\nhello",
		"1234567890123456\r\n", "ffffffffffffffff\r\n", "5\r\nhello0\r\n\r\n",
		"0\r\n x: y\r\n\r\n", "0\r\nx y: z\r\n\r\n", "0\r\nx\r\n\r\n", "0\r\n: y\r\n\r\n", "0\r\nx: y\n\r\n", "0\r\nx: \x01\r\n\r\n",
		"0\r\n\n", "0\r\n\r\r\n",
		"5;" + strings.Repeat("x", 300) + "\r\n",
		"0\r\n" + strings.Repeat("name: value\r\n", 1000) + "\r\n",
		"0\r\n" + strings.Repeat("n", 10000) + ": value\r\n\r\n",
	} {
		for _, n := range []int{1, 3, 1 << 20} {
			if _, state, _ := decode([]byte(body), n); state != chunkBad {
				t.Errorf("%.40q by %d: state %d", body, n, state)
			}
		}
	}
}

func FuzzChunked(f *testing.F) {
	f.Add([]byte("5;x=y\r\nhello\r\n0\r\nA: b\r\n\r\n"), 3)
	f.Add([]byte("0\r\n\r\n"), 1)
	f.Add([]byte("fffffffffffffff\r\n"), 2)
	f.Fuzz(func(t *testing.T, body []byte, n int) {
		if n <= 0 {
			n = 1
		}
		whole, state, rest := decode(bytes.Clone(body), len(body)+1)
		pieces, pieceState, pieceRest := decode(bytes.Clone(body), n)
		if !bytes.Equal(whole, pieces) || state != pieceState || (state == chunkDone && rest != pieceRest) {
			t.Fatalf("whole: %q %d %d, by %d: %q %d %d", whole, state, rest, n, pieces, pieceState, pieceRest)
		}
		if len(whole) > len(body) {
			t.Fatal("more data than input")
		}
	})
}
