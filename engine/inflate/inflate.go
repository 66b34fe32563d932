package inflate

import (
	"encoding/binary"
	"errors"
)

// ErrCorrupt means that the input is not DEFLATE data, or refers to output that the window does not
// hold.
var ErrCorrupt = errors.New("corrupt deflate data")

type state uint8

const (
	stateHeader state = iota
	stateStoredLength
	stateStored
	stateDynamic
	stateLengthLengths
	stateLengths
	stateSymbols
	stateEnd // of a single stream
)

// lengthOrder is the order in which the lengths of the length code are sent.
var lengthOrder = [19]uint8{16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15}

// Decoder holds the state within a stream. Between blocks, on a byte boundary, it holds nothing, so
// that one Decoder can serve many streams in turn.
type Decoder struct {
	bits  uint64 // not yet used input, lowest bit first
	count uint   // how many bits of it are valid

	state    state
	final    bool // the present block is marked as the last one
	ended    bool // the last block is complete
	single   bool // nothing is decoded behind it
	stored   int  // bytes of a stored block to come
	copy     int  // bytes of a match to come
	distance int

	literals, distances   *table
	literalCount          int
	distanceCount         int
	lengthCount           int
	index                 int
	lengths               [320]uint8
	lengthTable           table
	ownLiterals, ownDists table
}

// Reset prepares for the beginning of a stream.
func (d *Decoder) Reset() {
	d.bits, d.count = 0, 0
	d.state, d.final, d.ended, d.single = stateHeader, false, false, false
	d.stored, d.copy = 0, 0
}

// ResetSingle prepares for the beginning of a stream that ends with the block that is marked as the last one.
func (d *Decoder) ResetSingle() {
	d.Reset()
	d.single = true
}

// Done reports whether a single stream is complete. Input that follows it is not used.
func (d *Decoder) Done() bool { return d.state == stateEnd }

// Unread gives back a byte of input that was used and follows the end of a single stream, as long as there is one.
func (d *Decoder) Unread() (byte, bool) {
	if d.count < 8 {
		return 0, false
	}
	return byte(d.take(8)), true
}

// Clean reports whether all input was used and the next would begin a block.
func (d *Decoder) Clean() bool { return d.state == stateHeader && d.count == 0 && d.copy == 0 }

// Ended reports whether the last block seen was marked as the final one of its stream and nothing
// came after it.
func (d *Decoder) Ended() bool { return d.ended && d.state == stateHeader && d.count < 8 }

// Pending reports whether there is output left that no input is needed for.
func (d *Decoder) Pending() bool { return d.copy > 0 }

// Decode reads from in and writes to out until one of them is used up. Blocks may follow the one
// that is marked as the last: permessage-deflate has them.
func (d *Decoder) Decode(out, in []byte, w *Window) (produced, consumed int, err error) {
	produced, consumed, err = d.decode(out, in, w)
	if produced > 0 {
		w.push(out[:produced])
	}
	return produced, consumed, err
}

// fill takes as much of in as fits into the bit buffer.
func (d *Decoder) fill(in []byte, at int) int {
	if len(in)-at >= 8 {
		d.bits |= binary.LittleEndian.Uint64(in[at:]) << d.count
		at += int(63-d.count) >> 3
		d.count |= 56
		return at
	}
	for d.count < 56 && at < len(in) {
		d.bits |= uint64(in[at]) << d.count
		at++
		d.count += 8
	}
	return at
}

func (d *Decoder) drop(n uint) {
	d.bits >>= n
	d.count -= n
}

func (d *Decoder) take(n uint) int {
	v := int(d.bits & (1<<n - 1))
	d.drop(n)
	return v
}

func (d *Decoder) endBlock() {
	d.state = stateHeader
	if d.final {
		// The stream ends on a byte boundary; another one may follow.
		d.ended = true
		d.drop(d.count & 7)
		if d.single {
			d.state = stateEnd
		}
	}
}

func (d *Decoder) decode(out, in []byte, w *Window) (produced, consumed int, err error) {
	at, to := 0, 0
	for {
		if d.state == stateEnd {
			return to, at, nil
		}
		at = d.fill(in, at)
		// The bits above count may hold input that fill did not account for.
		d.bits &= 1<<d.count - 1
		switch d.state {
		case stateHeader:
			if d.count < 3 {
				return to, at, nil
			}
			d.ended = false
			d.final = d.take(1) != 0
			switch d.take(2) {
			case 0:
				d.drop(d.count & 7)
				d.state = stateStoredLength
			case 1:
				d.literals, d.distances = &fixedLiterals, &fixedDistances
				d.state = stateSymbols
			case 2:
				d.state = stateDynamic
			default:
				return to, at, ErrCorrupt
			}

		case stateStoredLength:
			if d.count < 32 {
				return to, at, nil
			}
			n := d.take(16)
			if d.take(16) != n^0xffff {
				return to, at, ErrCorrupt
			}
			d.stored = n
			d.state = stateStored
			if n == 0 {
				d.endBlock()
			}

		case stateStored:
			for d.stored > 0 && d.count >= 8 && to < len(out) {
				out[to] = byte(d.take(8))
				to++
				d.stored--
			}
			if d.stored > 0 && d.count == 0 {
				n := copy(out[to:], in[at:min(len(in), at+d.stored)])
				to += n
				at += n
				d.stored -= n
			}
			if d.stored > 0 {
				return to, at, nil
			}
			d.endBlock()

		case stateDynamic:
			if d.count < 14 {
				return to, at, nil
			}
			d.literalCount = d.take(5) + 257
			d.distanceCount = d.take(5) + 1
			d.lengthCount = d.take(4) + 4
			if d.literalCount > 286 || d.distanceCount > 30 {
				return to, at, ErrCorrupt
			}
			d.index = 0
			d.lengths = [320]uint8{}
			d.state = stateLengthLengths

		case stateLengthLengths:
			for d.index < d.lengthCount && d.count >= 3 {
				d.lengths[lengthOrder[d.index]] = uint8(d.take(3))
				d.index++
			}
			if d.index < d.lengthCount {
				if at == len(in) {
					return to, at, nil
				}
				continue
			}
			if !d.lengthTable.build(d.lengths[:19], lengthEntries[:], lengthRoot) {
				return to, at, ErrCorrupt
			}
			clear(d.lengths[:19])
			d.index = 0
			d.state = stateLengths

		case stateLengths:
			wait, err := d.readLengths()
			if err != nil {
				return to, at, err
			}
			if wait && at == len(in) {
				return to, at, nil
			}

		case stateSymbols:
			var wait bool
			to, at, wait, err = d.symbols(out, to, in, at, w)
			if err != nil || wait {
				return to, at, err
			}
		}
	}
}

// readLengths reads the code lengths of a dynamic block; it reports whether it needs more input.
func (d *Decoder) readLengths() (wait bool, err error) {
	total := d.literalCount + d.distanceCount
	for d.index < total {
		e := d.lengthTable.lookup(d.bits)
		if e.kind() == kindInvalid {
			if d.count >= longestCode {
				return false, ErrCorrupt
			}
			return true, nil
		}
		symbol := e.value()
		var extra uint
		switch symbol {
		case 16:
			extra = 2
		case 17:
			extra = 3
		case 18:
			extra = 7
		}
		if d.count < e.length()+extra {
			return true, nil
		}
		d.drop(e.length())
		if symbol < 16 {
			d.lengths[d.index] = uint8(symbol)
			d.index++
			continue
		}
		var value uint8
		repeat := d.take(extra) + 3
		switch symbol {
		case 16:
			if d.index == 0 {
				return false, ErrCorrupt
			}
			value = d.lengths[d.index-1]
		case 18:
			repeat += 8
		}
		if d.index+repeat > total {
			return false, ErrCorrupt
		}
		for range repeat {
			d.lengths[d.index] = value
			d.index++
		}
	}
	if d.lengths[256] == 0 {
		return false, ErrCorrupt // the block could not end
	}
	if !d.ownLiterals.build(d.lengths[:d.literalCount], literalEntries[:], literalRoot) ||
		!d.ownDists.build(d.lengths[d.literalCount:total], distanceEntries[:], distanceRoot) {
		return false, ErrCorrupt
	}
	d.literals, d.distances = &d.ownLiterals, &d.ownDists
	d.state = stateSymbols
	return false, nil
}

// symbols decodes literals and matches until the block ends, or input or space for output does.
func (d *Decoder) symbols(out []byte, to int, in []byte, at int, w *Window) (int, int, bool, error) {
	for {
		if d.copy > 0 {
			if to = d.copyMatch(out, to, w); d.copy > 0 {
				return to, at, true, nil
			}
		}
		if d.count < 48 {
			at = d.fill(in, at)
			d.bits &= 1<<d.count - 1
		}
		e := d.literals.lookup(d.bits)
		if e.length() > d.count {
			return to, at, true, nil
		}
		switch e.kind() {
		case kindLiteral:
			if to == len(out) {
				return to, at, true, nil
			}
			d.drop(e.length())
			out[to] = byte(e.value())
			to++
			continue
		case kindEnd:
			d.drop(e.length())
			d.endBlock()
			return to, at, false, nil
		case kindInvalid:
			if d.count < longestCode {
				return to, at, true, nil
			}
			return to, at, false, ErrCorrupt
		}
		bits, used := d.bits>>e.length(), e.length()
		length := e.value() + int(bits&(1<<e.extra()-1))
		bits, used = bits>>e.extra(), used+e.extra()
		if used > d.count {
			return to, at, true, nil
		}
		e = d.distances.lookup(bits)
		if e.kind() == kindInvalid {
			if d.count-used < longestCode {
				return to, at, true, nil
			}
			return to, at, false, ErrCorrupt
		}
		bits, used = bits>>e.length(), used+e.length()
		distance := e.value() + int(bits&(1<<e.extra()-1))
		used += e.extra()
		if used > d.count {
			return to, at, true, nil
		}
		if distance > min(w.held+to, w.limit) {
			return to, at, false, ErrCorrupt
		}
		d.drop(used)
		d.copy, d.distance = length, distance
	}
}

func (d *Decoder) copyMatch(out []byte, to int, w *Window) int {
	n := min(d.copy, len(out)-to)
	d.copy -= n
	if back := d.distance - to; back > 0 {
		fromWindow := min(n, back)
		w.copyBack(out[to:to+fromWindow], back)
		to += fromWindow
		n -= fromWindow
	}
	for n > 0 {
		// Source and destination overlap where the distance is shorter than the length.
		done := copy(out[to:to+n], out[to-d.distance:to])
		to += done
		n -= done
	}
	return to
}
