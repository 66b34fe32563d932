package ws

import (
	"crypto/subtle"
	"encoding/binary"
	"math/bits"
)

// The opcodes of RFC 6455 section 5.2. Those with the bit opControl are control frames.
const (
	opContinuation = 0
	opText         = 1
	opBinary       = 2
	opClose        = 8
	opPing         = 9
	opPong         = 10

	opControl = 8
	opMask    = 0x0f
)

// The other bits of a frame's first two bytes.
const (
	bitFinal    = 0x80
	bitRSV1     = 0x40 // the message is compressed
	bitsRSV     = 0x70
	bitMasked   = 0x80
	bitsLength  = 0x7f
	maxControl  = 125
	maxHeader   = 14
	length16    = 126
	length64    = 127
	closeSize   = 2
	maxReason   = maxControl - closeSize
	maskKeySize = 4
)

// header is the head of a frame.
type header struct {
	first  byte // FIN, RSV and opcode as received
	masked bool
	key    uint32 // masking key as a little-endian word
	length uint64
}

func (h *header) opcode() byte { return h.first & opMask }
func (h *header) final() bool  { return h.first&bitFinal != 0 }

// parseHeader reads the head of a frame. size is 0 where p does not hold all of it yet. valid is
// false where the length has its highest bit set or is not in its shortest form.
func parseHeader(p []byte) (h header, size int, valid bool) {
	if len(p) < 2 {
		return h, 0, true
	}
	h.first = p[0]
	h.masked = p[1]&bitMasked != 0
	h.length = uint64(p[1] & bitsLength)
	size = 2
	switch h.length {
	case length16:
		if len(p) < 4 {
			return h, 0, true
		}
		h.length = uint64(binary.BigEndian.Uint16(p[2:]))
		size = 4
		if h.length < length16 {
			return h, size, false
		}
	case length64:
		if len(p) < 10 {
			return h, 0, true
		}
		h.length = binary.BigEndian.Uint64(p[2:])
		size = 10
		if h.length < 1<<16 || h.length >= 1<<63 {
			return h, size, false
		}
	}
	if h.masked {
		if len(p) < size+maskKeySize {
			return h, 0, true
		}
		h.key = binary.LittleEndian.Uint32(p[size:])
		size += maskKeySize
	}
	return h, size, true
}

// headerSize is the size of the head of a frame with so much payload.
func headerSize(length int, masked bool) int {
	size := 2
	if length > maxControl {
		size = 4
		if length > 0xffff {
			size = 10
		}
	}
	if masked {
		size += maskKeySize
	}
	return size
}

// putHeader writes the head of a frame, without the masking key, and returns its size.
func putHeader(p []byte, first byte, length int, masked bool) int {
	var maskBit byte
	if masked {
		maskBit = bitMasked
	}
	p[0] = first
	switch {
	case length <= maxControl:
		p[1] = byte(length) | maskBit
		return 2
	case length <= 0xffff:
		p[1] = length16 | maskBit
		binary.BigEndian.PutUint16(p[2:], uint16(length))
		return 4
	}
	p[1] = length64 | maskBit
	binary.BigEndian.PutUint64(p[2:], uint64(length))
	return 10
}

// vectorLength is from where on XORing with a prepared pad beats a loop over words.
const (
	vectorLength = 512
	padLength    = 1024
)

// mask applies a masking key to p, or takes it off again, and returns the key for the bytes that
// follow p.
func mask(p []byte, key uint32) uint32 {
	next := bits.RotateLeft32(key, -8*(len(p)&3))
	if key == 0 {
		return next
	}
	word := uint64(key)<<32 | uint64(key)
	if len(p) >= vectorLength {
		var pad [padLength]byte
		for i := 0; i < min(len(p), padLength); i += 8 {
			binary.LittleEndian.PutUint64(pad[i:], word)
		}
		for len(p) >= padLength {
			subtle.XORBytes(p[:padLength], p[:padLength], pad[:])
			p = p[padLength:]
		}
		subtle.XORBytes(p, p, pad[:len(p)])
		return next
	}
	for len(p) >= 8 {
		binary.LittleEndian.PutUint64(p, binary.LittleEndian.Uint64(p)^word)
		p = p[8:]
	}
	if len(p) >= 4 {
		binary.LittleEndian.PutUint32(p, binary.LittleEndian.Uint32(p)^key)
		p = p[4:]
	}
	for i := range p {
		p[i] ^= byte(word)
		word >>= 8
	}
	return next
}
