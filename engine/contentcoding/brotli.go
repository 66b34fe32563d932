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

func (b *brotliCoding) decode(p, buffer []byte, deliver func(piece []byte) error) error {
	b.source.input = p
	for {
		n, err := b.reader.Read(buffer)
		if n > 0 {
			if failed := deliver(buffer[:n]); failed != nil {
				return failed
			}
		}
		switch {
		case err == errWait:
			return nil
		case err != nil:
			b.failed = true
			return ErrCorrupt
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
