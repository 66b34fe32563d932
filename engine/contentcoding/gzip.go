package contentcoding

import (
	"encoding/binary"
	"hash"
	"hash/adler32"
	"hash/crc32"

	"golws/engine/inflate"
)

// windowBits is the window of the codings that contain DEFLATE.
const windowBits = 15

// deflated is DEFLATE data with something before and behind it.
type deflated struct {
	input   []byte
	decoder inflate.Decoder
	window  inflate.Window
	sum     hash.Hash32
	size    uint32 // of the output, modulo 1<<32
}

func (d *deflated) reset() {
	d.decoder.ResetSingle()
	d.window.Reset()
	d.sum.Reset()
	d.size = 0
}

func (d *deflated) push(p []byte) { d.input = p }

// inflate fills the buffer from the input. It returns 0 at the end of the data, and when all input is used.
func (d *deflated) inflate(buffer []byte) (int, error) {
	for !d.decoder.Done() {
		n, used, err := d.decoder.Decode(buffer, d.input, &d.window)
		d.input = d.input[used:]
		switch {
		case err != nil:
			return 0, ErrCorrupt
		case n > 0:
			d.sum.Write(buffer[:n])
			d.size += uint32(n)
			return n, nil
		case used == 0 && !d.decoder.Done():
			return 0, nil // more is needed
		}
	}
	return 0, nil
}

// byte takes a byte of what is behind the data; the decoder may have read some of it.
func (d *deflated) byte() (byte, bool) {
	if c, ok := d.decoder.Unread(); ok {
		return c, true
	}
	if len(d.input) == 0 {
		return 0, false
	}
	c := d.input[0]
	d.input = d.input[1:]
	return c, true
}

// gzipPhase is what comes next.
type gzipPhase uint8

const (
	gzipHead gzipPhase = iota
	gzipExtraLength
	gzipExtra
	gzipName
	gzipComment
	gzipHeadSum
	gzipData
	gzipTrailer
	gzipPadding // zeros behind the last member
)

// The flags of a header (RFC 1952 section 2.3.1).
const (
	gzipFlagHeadSum = 1 << 1
	gzipFlagExtra   = 1 << 2
	gzipFlagName    = 1 << 3
	gzipFlagComment = 1 << 4
	gzipReserved    = 0xe0
)

// maxGzipText bounds the name and the comment in a header.
const maxGzipText = 64 << 10

// gzipCoding is the coding gzip (RFC 1952), of one or several members.
type gzipCoding struct {
	deflated
	phase gzipPhase
	flags byte
	field []byte // the fixed-size field that is being collected
	skip  int    // of the extra field, or length of a text so far
	begun bool   // there is a part of a member
}

func newGzip() *gzipCoding {
	g := &gzipCoding{field: make([]byte, 0, 10)}
	g.window = inflate.NewWindow(windowBits)
	g.sum = crc32.NewIEEE()
	g.reset()
	return g
}

func (g *gzipCoding) complete() bool { return !g.begun }

func (g *gzipCoding) next(buffer []byte) (int, error) {
	for {
		if g.phase == gzipData {
			n, err := g.inflate(buffer)
			if n > 0 || err != nil || !g.decoder.Done() {
				return n, err
			}
			g.phase = gzipTrailer
		}
		c, ok := g.byte()
		if !ok {
			return 0, nil
		}
		if err := g.step(c); err != nil {
			return 0, err
		}
	}
}

// step takes a byte of what is not data.
func (g *gzipCoding) step(c byte) error {
	switch g.phase {
	case gzipHead:
		g.begun = true
		if !g.collect(c, 10) {
			return nil
		}
		if h := g.field; h[0] != 0x1f || h[1] != 0x8b || h[2] != 8 || h[3]&gzipReserved != 0 {
			return ErrCorrupt
		}
		g.flags = g.field[3]
		g.follow(gzipExtraLength)
	case gzipExtraLength:
		if g.collect(c, 2) {
			g.skip = int(binary.LittleEndian.Uint16(g.field))
			if g.phase = gzipExtra; g.skip == 0 {
				g.follow(gzipName)
			}
			g.field = g.field[:0]
		}
	case gzipExtra:
		if g.skip--; g.skip == 0 {
			g.follow(gzipName)
		}
	case gzipName, gzipComment:
		if g.skip++; g.skip > maxGzipText {
			return ErrCorrupt
		}
		if c == 0 {
			g.follow(g.phase + 1)
		}
	case gzipHeadSum:
		if g.collect(c, 2) {
			g.follow(gzipData)
		}
	case gzipTrailer:
		if !g.collect(c, 8) {
			return nil
		}
		if binary.LittleEndian.Uint32(g.field) != g.sum.Sum32() || binary.LittleEndian.Uint32(g.field[4:]) != g.size {
			return ErrCorrupt
		}
		g.field = g.field[:0]
		g.reset()
		g.phase, g.begun = gzipPadding, false
	case gzipPadding:
		if c != 0 {
			g.phase = gzipHead
			return g.step(c)
		}
	}
	return nil
}

// collect adds a byte to the field and reports whether it has its size.
func (g *gzipCoding) collect(c byte, size int) bool {
	g.field = append(g.field, c)
	return len(g.field) == size
}

// follow goes on with the first part of the header, from the given one on, that the flags say is there.
func (g *gzipCoding) follow(next gzipPhase) {
	g.field, g.skip = g.field[:0], 0
	for ; next < gzipData; next++ {
		switch {
		case next == gzipExtraLength && g.flags&gzipFlagExtra != 0,
			next == gzipName && g.flags&gzipFlagName != 0,
			next == gzipComment && g.flags&gzipFlagComment != 0,
			next == gzipHeadSum && g.flags&gzipFlagHeadSum != 0:
			g.phase = next
			return
		}
	}
	g.phase = gzipData
}

// deflateCoding is the coding deflate: DEFLATE data in the zlib format (RFC 1950), or bare as some servers send it.
type deflateCoding struct {
	deflated
	head    []byte // the first byte, as long as it is the only one
	begun   bool
	bare    bool
	trailer []byte
}

func newDeflate() *deflateCoding {
	d := &deflateCoding{}
	d.window = inflate.NewWindow(windowBits)
	d.sum = adler32.New()
	d.reset()
	return d
}

func (d *deflateCoding) complete() bool {
	return d.decoder.Done() && (d.bare || len(d.trailer) == 4)
}

func (d *deflateCoding) push(p []byte) {
	if d.begun {
		d.input = p
		return
	}
	d.input = append(d.head, p...) // the little that was not enough to begin with
}

func (d *deflateCoding) next(buffer []byte) (int, error) {
	if !d.begun {
		if len(d.input) < 2 {
			d.head, d.input = append(d.head[:0], d.input...), nil
			return 0, nil
		}
		d.begun = true
		const method, dictionary = 8, 0x20
		switch h := d.input; {
		case h[0]&0x0f != method || binary.BigEndian.Uint16(h)%31 != 0:
			d.bare = true
		case h[1]&dictionary != 0:
			return 0, ErrCorrupt
		default:
			d.input = h[2:]
		}
	}
	if n, err := d.inflate(buffer); n > 0 || err != nil || !d.decoder.Done() {
		return n, err
	}
	for !d.bare && len(d.trailer) < 4 {
		c, ok := d.byte()
		if !ok {
			return 0, nil
		}
		d.trailer = append(d.trailer, c)
		if len(d.trailer) == 4 && binary.BigEndian.Uint32(d.trailer) != d.sum.Sum32() {
			return 0, ErrCorrupt
		}
	}
	return 0, nil // what follows is ignored, as browsers do
}
