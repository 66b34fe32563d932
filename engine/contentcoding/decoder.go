package contentcoding

import (
	"errors"
	"strings"
)

// What may be wrong with a body.
var (
	ErrCorrupt   = errors.New("the content coding is corrupt")
	ErrTruncated = errors.New("the body ends in the middle of its content coding")
	ErrBomb      = errors.New("the body is out of all proportion to what it was compressed to")
)

// A body may be as large as it likes up to freeSize, and beyond that maxRatio times what it was compressed to.
const (
	freeSize = 16 << 20
	maxRatio = 200
)

// Accepted is what an Accept-Encoding field says for the codings that New knows.
const Accepted = "gzip, deflate, br"

// coding is one of the ways to compress.
type coding interface {
	// push gives it input, after all that came before is used.
	push(p []byte)
	// next fills the buffer. It returns 0 when all input is used.
	next(buffer []byte) (n int, err error)
	// complete reports whether the body may end here.
	complete() bool
}

// Decoder undoes the coding of one body.
type Decoder struct {
	coding  coding
	buffer  []byte
	in, out int64
	free    int64 // freeSize, but in tests
}

// bufferSize is how much output is collected before it is delivered.
const bufferSize = 16 << 10

// New makes a decoder for what a Content-Encoding field says, nil where that is not one known coding.
func New(field string) *Decoder {
	var c coding
	switch strings.ToLower(strings.Trim(field, " \t")) {
	case "gzip", "x-gzip":
		c = newGzip()
	case "deflate":
		c = newDeflate()
	case "br":
		c = newBrotli()
	default:
		return nil
	}
	return &Decoder{coding: c, buffer: make([]byte, bufferSize), free: freeSize}
}

// Push gives the next piece of the body, which is not looked at any more when Next has returned nothing.
func (d *Decoder) Push(p []byte) {
	d.in += int64(len(p))
	d.coding.push(p)
}

// Next returns a piece of at most size bytes of what the body stands for, and nothing when there is no more of it before
// the next Push. It is valid until the next call, and there is room for one more byte behind it.
func (d *Decoder) Next(size int) ([]byte, error) {
	n, err := d.coding.next(d.buffer[:max(min(size, bufferSize-1), 1)])
	if d.out += int64(n); d.out > d.free && d.out/maxRatio > d.in {
		return nil, ErrBomb
	}
	return d.buffer[:n], err
}

// End says whether the body may end where it does. One without a single byte may: it has nothing to be compressed.
func (d *Decoder) End() error {
	if d.in > 0 && !d.coding.complete() {
		return ErrTruncated
	}
	return nil
}
