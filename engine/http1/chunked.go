package http1

import "bytes"

// The bounds on what a chunked body may carry besides data.
const (
	maxChunkDigits    = 15   // of a chunk's size
	maxChunkExtension = 256  // bytes behind the size
	maxTrailerBytes   = 8192 // of all trailer fields together
)

type chunkState uint8

const (
	chunkSize      chunkState = iota // first digit of the size
	chunkDigits                      // further digits
	chunkSpace                       // spaces before an extension's semicolon
	chunkExtension                   // extension
	chunkSizeLF                      // LF of the size line
	chunkData
	chunkDataCR
	chunkDataLF
	chunkTrailer // first byte of a trailer line
	chunkTrailerName
	chunkTrailerValue
	chunkTrailerLF // LF of a trailer line
	chunkEndLF     // LF of the empty line
	chunkDone
	chunkBad
)

// chunked decodes a chunked body that comes in pieces.
type chunked struct {
	state chunkState
	count uint16 // digits, bytes of extension, or bytes of trailers
	left  int64  // of the chunk
}

// next consumes input up to the next data or the end of the body, or all of it. data is the data at
// the end of the used input. Check state for chunkDone and chunkBad.
func (d *chunked) next(p []byte) (data []byte, used int) {
	for used < len(p) {
		if d.state == chunkData {
			n := int(min(d.left, int64(len(p)-used)))
			data = p[used : used+n]
			d.left -= int64(n)
			if d.left == 0 {
				d.state = chunkDataCR
			}
			return data, used + n
		}
		if d.state == chunkExtension || d.state == chunkTrailerValue {
			used += d.text(p[used:])
			if d.state == chunkBad || used == len(p) {
				return nil, used
			}
		}
		d.step(p[used])
		used++
		if d.state == chunkDone || d.state == chunkBad {
			break
		}
	}
	return nil, used
}

// text skips what is allowed in an extension or a trailer field's value, up to its CR.
func (d *chunked) text(p []byte) int {
	limit := maxChunkExtension
	if d.state == chunkTrailerValue {
		limit = maxTrailerBytes
	}
	n := bytes.IndexByte(p, '\r')
	if n < 0 {
		n = len(p)
	}
	if n > limit-int(d.count) {
		d.state = chunkBad
		return 0
	}
	for _, c := range p[:n] {
		if !valueByte[c] {
			d.state = chunkBad
			return 0
		}
	}
	d.count += uint16(n)
	return n
}

func hexDigit(c byte) int64 {
	switch {
	case '0' <= c && c <= '9':
		return int64(c - '0')
	case 'a' <= c|0x20 && c|0x20 <= 'f':
		return int64(c|0x20-'a') + 10
	}
	return -1
}

// step takes one byte of the framing.
func (d *chunked) step(c byte) {
	next := chunkBad
	switch d.state {
	case chunkSize:
		if digit := hexDigit(c); digit >= 0 {
			d.left, d.count, next = digit, 1, chunkDigits
		}
	case chunkDigits:
		digit := hexDigit(c)
		switch {
		case digit >= 0 && d.count < maxChunkDigits:
			d.left = d.left<<4 | digit
			d.count++
			next = chunkDigits
		case c == '\r':
			next = chunkSizeLF
		case c == ';':
			d.count, next = 0, chunkExtension
		case c == ' ' || c == '\t':
			d.count, next = 0, chunkSpace
		}
	case chunkSpace:
		switch {
		case c == ';':
			next = chunkExtension
		case (c == ' ' || c == '\t') && d.count < maxChunkExtension:
			d.count++
			next = chunkSpace
		}
	case chunkExtension:
		if c == '\r' {
			next = chunkSizeLF
		}
	case chunkSizeLF:
		if c == '\n' {
			next = chunkData
			if d.left == 0 {
				d.count, next = 0, chunkTrailer
			}
		}
	case chunkDataCR:
		if c == '\r' {
			next = chunkDataLF
		}
	case chunkDataLF:
		if c == '\n' {
			next = chunkSize
		}
	case chunkTrailer:
		if c == '\r' {
			next = chunkEndLF
		} else if nameByte[c] != 0 {
			next = d.trailerByte(chunkTrailerName)
		}
	case chunkTrailerName:
		if c == ':' {
			next = d.trailerByte(chunkTrailerValue)
		} else if nameByte[c] != 0 {
			next = d.trailerByte(chunkTrailerName)
		}
	case chunkTrailerValue:
		if c == '\r' {
			next = chunkTrailerLF
		}
	case chunkTrailerLF:
		if c == '\n' {
			next = chunkTrailer
		}
	case chunkEndLF:
		if c == '\n' {
			next = chunkDone
		}
	}
	d.state = next
}

func (d *chunked) trailerByte(next chunkState) chunkState {
	if d.count++; d.count > maxTrailerBytes {
		return chunkBad
	}
	return next
}
