package ws

import (
	"errors"

	"github.com/klauspost/compress/flate"

	"golws/engine/conn"
)

const (
	// defaultLevel is the compression level where the program names none: as libwebsockets has it.
	defaultLevel = 1
	// frameLimit is how much compressed data one frame holds at most, where the program sets none.
	frameLimit = 64 << 10
	// ownedCompressors is how many connections of a thread can have a compressor of their own. One
	// takes about a megabyte.
	ownedCompressors = 32
	// trailerSize is the length of the trailer that is not sent.
	trailerSize = 4
)

// trailer ends the output of a flush; it is taken off the end of each message (RFC 7692 section 7.2.1).
var trailer = []byte{0x00, 0x00, 0xff, 0xff}

// setting is what a compressor cannot change once it is made.
type setting struct {
	bits, level uint8
}

// compressor is a compressor and who has used it last. The history in it is of use to that
// connection only. Another connection may take it over, because a sender is always free to forget
// its history: so a few compressors serve any number of connections.
type compressor struct {
	setting
	writer *flate.Writer
	owner  *deflate
	frames frameWriter

	newer, older *compressor // in order of last use
}

// compressors are those of one service thread.
type compressors struct {
	newest, oldest *compressor
	count          int
}

func (l *compressors) unlink(k *compressor) {
	if k.newer != nil {
		k.newer.older = k.older
	} else {
		l.newest = k.older
	}
	if k.older != nil {
		k.older.newer = k.newer
	} else {
		l.oldest = k.newer
	}
	k.newer, k.older = nil, nil
}

func (l *compressors) link(k *compressor) {
	k.older = l.newest
	if l.newest != nil {
		l.newest.newer = k
	} else {
		l.oldest = k
	}
	l.newest = k
}

// get finds the compressor of d, or makes one, or takes one over.
func (l *compressors) get(d *deflate) (*compressor, error) {
	want := setting{d.send.bits, d.level}
	k := d.compressor
	if k != nil && k.setting != want {
		k.disown()
		k = nil
	}
	if k == nil {
		k = l.find(want, false)
		if k == nil && l.count < ownedCompressors {
			k = &compressor{setting: want}
			l.count++
			l.link(k)
		}
		if k == nil {
			// One that is set up alike is taken over at no cost.
			if k = l.find(want, true); k == nil {
				k = l.oldest
			}
			k.disown()
		}
		if k.writer == nil || k.setting != want {
			writer, err := newWriter(&k.frames, want)
			if err != nil {
				return nil, err
			}
			k.setting, k.writer = want, writer
		} else {
			k.writer.Reset(&k.frames)
		}
		k.owner, d.compressor = d, k
	}
	if l.newest != k {
		l.unlink(k)
		l.link(k)
	}
	return k, nil
}

// find returns the compressor with that setting that was not used for the longest time, among those
// that have an owner or those that have none.
func (l *compressors) find(want setting, owned bool) *compressor {
	for k := l.oldest; k != nil; k = k.newer {
		if k.setting == want && (k.owner != nil) == owned {
			return k
		}
	}
	return nil
}

// disown takes the compressor from its connection.
func (k *compressor) disown() {
	if k.owner != nil {
		k.owner.compressor = nil
		k.owner = nil
	}
}

func newWriter(to *frameWriter, s setting) (*flate.Writer, error) {
	if s.bits < maxWindowBits {
		return flate.NewWriterWindow(to, 1<<s.bits)
	}
	return flate.NewWriter(to, int(s.level))
}

// frameWriter gathers compressed data and sends what exceeds a frame.
type frameWriter struct {
	data  []byte
	c     *conn.Conn
	role  *Role
	limit int
	first byte // opcode and RSV1 of the next frame
}

// Write implements io.Writer.
func (f *frameWriter) Write(p []byte) (int, error) {
	f.data = append(f.data, p...)
	// What may be the trailer stays.
	for len(f.data) > f.limit+trailerSize {
		f.send(f.limit, false)
	}
	return len(p), nil
}

// send sends the first n bytes as a frame.
func (f *frameWriter) send(n int, final bool) {
	first := f.first
	if final {
		first |= bitFinal
	}
	f.role.queueFrame(f.c, first, f.data[:n])
	f.data = f.data[:copy(f.data, f.data[n:])]
	f.first = opContinuation
}

var errNoTrailer = errors.New("compressor did not end on a byte boundary")

// compress compresses what the program gave to lws_write and queues it.
func (d *deflate) compress(c *conn.Conn, r *Role, p []byte, opcode byte, final bool) error {
	k, err := r.shared.compressors.get(d)
	if err != nil {
		return err
	}
	f := &k.frames
	f.c, f.role, f.data = c, r, f.data[:0]
	f.limit = d.frameLimit()
	f.first = opcode
	if opcode != opContinuation {
		f.first |= bitRSV1
	}
	if _, err = k.writer.Write(p); err == nil {
		err = k.writer.Flush()
	}
	if err == nil {
		n := len(f.data)
		if final {
			if n < trailerSize || string(f.data[n-trailerSize:]) != string(trailer) {
				err = errNoTrailer
			}
			n -= trailerSize
		}
		if err == nil {
			if n > 0 || final {
				f.send(n, final)
			}
		}
	}
	f.c, f.role = nil, nil
	if cap(f.data) > 4*frameLimit {
		f.data = nil
	}
	if err != nil || final && d.send.noTakeover {
		// Its history is of no more use, and this leaves it to any connection.
		k.disown()
	}
	return err
}
