package contentcoding

import (
	"errors"
	"io"

	"github.com/andybalholm/brotli"
)

// brotliCoding is the coding br (RFC 7932). The library's reader pulls its input, and can go on after that has failed.
type brotliCoding struct {
	reader *brotli.Reader
	source *pushed
	failed bool
}

// pushed is the input that is at hand.
type pushed struct {
	input []byte
	ended bool
}

var errWait = errors.New("no input at present")

func (s *pushed) Read(p []byte) (int, error) {
	if len(s.input) == 0 {
		if s.ended {
			return 0, io.EOF
		}
		return 0, errWait
	}
	n := copy(p, s.input)
	s.input = s.input[n:]
	return n, nil
}

func newBrotli() *brotliCoding {
	source := &pushed{}
	return &brotliCoding{reader: brotli.NewReader(source), source: source}
}

func (b *brotliCoding) push(p []byte) { b.source.input = p }

func (b *brotliCoding) next(buffer []byte) (int, error) {
	for {
		n, err := b.reader.Read(buffer)
		switch {
		case n > 0:
			return n, nil // an error comes again
		case err == errWait:
			return 0, nil
		case err != nil:
			b.failed = true
			return 0, ErrCorrupt
		}
	}
}

func (b *brotliCoding) complete() bool {
	if b.failed {
		return false
	}
	b.source.ended = true
	var one [1]byte
	n, err := b.reader.Read(one[:])
	return n == 0 && err == io.EOF
}
