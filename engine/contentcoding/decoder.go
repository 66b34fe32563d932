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
	// ErrStopped is returned when deliver wants no more.
	ErrStopped = errors.New("stopped")
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
	// decode uses all of p and delivers what becomes known by it, in pieces of buffer.
	decode(p, buffer []byte, deliver func(piece []byte) error) error
	// complete reports whether the body may end here.
	complete() bool
}

// Decoder undoes the coding of one body.
type Decoder struct {
	coding  coding
	buffer  []byte
	in, out int64
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
	return &Decoder{coding: c, buffer: make([]byte, bufferSize)}
}

// Decode takes the next piece of the body and delivers what it stands for, in pieces of at most size bytes, which are
// valid during the call and have room for one more byte behind them. It ends with ErrStopped when deliver returns false.
func (d *Decoder) Decode(p []byte, size int, deliver func(piece []byte) bool) error {
	d.in += int64(len(p))
	return d.coding.decode(p, d.buffer[:max(min(size, bufferSize-1), 1)], func(piece []byte) error {
		d.out += int64(len(piece))
		if d.out > freeSize && d.out/maxRatio > d.in {
			return ErrBomb
		}
		if !deliver(piece) {
			return ErrStopped
		}
		return nil
	})
}

// End says whether the body may end where it does. One without a single byte may: it has nothing to be compressed.
func (d *Decoder) End() error {
	if d.in > 0 && !d.coding.complete() {
		return ErrTruncated
	}
	return nil
}
