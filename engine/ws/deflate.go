package ws

import (
	"strconv"

	"golws/engine/conn"
	"golws/engine/inflate"
)

const (
	// expansionAllowance is how much one message may inflate to whatever its compressed size.
	expansionAllowance = 16 << 20
	// expansionLimit is how many times its compressed size a message beyond that may have. DEFLATE can
	// reach 1032; what people send stays far below.
	expansionLimit = 200
	// inflateTurn is how much is inflated at most before other connections have their turn.
	inflateTurn = 256 << 10
	// shortestWindow is what senders use that are limited to a window of 8 bits: zlib cannot do less.
	shortestWindow = 9
	// pooledPiece is the largest buffer for pieces that is kept for reuse.
	pooledPiece = 64 << 10
)

// deflate is permessage-deflate on one connection.
type deflate struct {
	send, receive direction
	client        bool  // this side is the client
	agreedBits    uint8 // of the window that the peer has for what we send
	level         uint8
	pieceBits     uint8 // rx_buf_size: pieces have at most 1<<pieceBits bytes, 0: as the protocol says
	frameBits     uint8 // tx_buf_size: frames have at most 1<<frameBits bytes, 0: frameLimit
	maxMessage    uint64
	compressor    *compressor
	decoding      *decoding
	window        inflate.Window
}

// direction is what was agreed on for one of the two.
type direction struct {
	bits       uint8 // of the window
	noTakeover bool  // each message is compressed for itself
}

// decoding is what a message needs while it is inflated.
type decoding struct {
	decoder  inflate.Decoder
	window   inflate.Window // where no context is taken over
	piece    []byte         // output that was not delivered yet
	size     int            // of the pieces of this message
	input    uint64         // bytes of the message so far
	output   uint64
	trailing int // bytes of the trailer that were fed
}

func newDeflate(p parameters, client bool) *deflate {
	d := &deflate{
		send:    direction{p.serverBits, p.serverNoTakeover},
		receive: direction{p.clientBits, p.clientNoTakeover},
		client:  client, level: defaultLevel,
	}
	if client {
		d.send, d.receive = d.receive, d.send
	}
	if d.send.bits == 0 {
		d.send.bits = maxWindowBits
	}
	d.agreedBits = d.send.bits
	if d.receive.bits == 0 {
		d.receive.bits = maxWindowBits
	}
	d.window = inflate.NewWindow(int(max(d.receive.bits, shortestWindow)))
	return d
}

func (d *deflate) frameLimit() int {
	if d.frameBits != 0 {
		return 1 << d.frameBits
	}
	return frameLimit
}

func (d *deflate) pieceSize(size int) int {
	if d.pieceBits != 0 {
		return min(size, 1<<d.pieceBits)
	}
	return size
}

// release gives back what the connection holds.
func (d *deflate) release(s *shared) {
	if d.compressor != nil {
		d.compressor.disown()
	}
	d.endMessage(s)
	d.window.Release()
}

func (d *deflate) begin(s *shared, pieceSize int) *decoding {
	if d.decoding != nil {
		return d.decoding
	}
	var k *decoding
	if last := len(s.decoders) - 1; last >= 0 {
		k = s.decoders[last]
		s.decoders = s.decoders[:last]
	} else {
		k = &decoding{window: inflate.NewWindow(maxWindowBits)}
	}
	k.decoder.Reset()
	k.window.Reset()
	k.piece, k.size = s.newPiece(pieceSize), pieceSize
	k.input, k.output, k.trailing = 0, 0, 0
	d.decoding = k
	return k
}

func (d *deflate) endMessage(s *shared) {
	k := d.decoding
	if k == nil {
		return
	}
	d.decoding = nil
	s.freePiece(k.piece)
	k.piece = nil
	if len(s.decoders) < 16 {
		s.decoders = append(s.decoders, k)
	}
}

// newPiece returns a buffer for a piece of n bytes, one that follows it, and a NUL.
func (s *shared) newPiece(n int) []byte {
	if last := len(s.pieces) - 1; last >= 0 {
		p := s.pieces[last]
		s.pieces = s.pieces[:last]
		if cap(p) >= n+2 {
			return p
		}
	}
	return make([]byte, 0, n+2)
}

func (s *shared) freePiece(p []byte) {
	if cap(p) <= pooledPiece && len(s.pieces) < 16 {
		s.pieces = append(s.pieces, p[:0])
	}
}

// overLimit reports whether a message has inflated to more than is sensible.
func (d *deflate) overLimit(k *decoding) bool {
	if d.maxMessage > 0 && k.output > d.maxMessage {
		return true
	}
	return k.output > expansionAllowance && k.output/expansionLimit > k.input
}

// inflate uses the payload of a compressed message, p, which is unmasked, and returns how many bytes
// of it are used. What it delivers are pieces as large as those of other messages. While output is
// left, the last byte of p is not reported as used, although it was: without input nobody would call
// again after a pause.
func (r *Role) inflate(c *conn.Conn, p []byte) int {
	d := r.deflate
	k := d.begin(r.shared, d.pieceSize(c.Host().PieceSize(c.Protocol())))
	size := k.size
	window := &d.window
	if d.receive.noTakeover {
		window = &k.window
	}
	left := r.remaining
	ends := uint64(len(p)) == left
	at, turn := 0, 0
	if r.has(flagHeld) {
		at = 1
		r.set(flagHeld, false)
	}
	for {
		source := p[at:]
		inTrailer := len(source) == 0 && ends && r.has(flagFinal)
		if inTrailer {
			if k.trailing == 0 && k.decoder.Ended() {
				// The sender has marked a block as the last one and added nothing.
				k.trailing = trailerSize
				k.decoder.Reset()
			}
			source = trailer[k.trailing:]
		}
		before := len(k.piece)
		produced, used, err := k.decoder.Decode(k.piece[before:size+1], source, window)
		if inTrailer {
			k.trailing += used
		} else {
			at += used
			k.input += uint64(used)
		}
		k.piece = k.piece[:before+produced]
		k.output += uint64(produced)
		switch {
		case err != nil:
			r.fail(c, closeInvalid, "bad compressed data")
		case d.overLimit(k):
			r.fail(c, closeTooBig, "message inflates to too much")
		case r.has(flagValidate) && !r.text.valid(k.piece[before:]):
			r.fail(c, closeInvalid, "bad utf8")
		}
		if r.phase == phaseDone {
			return len(p)
		}
		if len(k.piece) <= size {
			if at == len(p) && (!ends || !r.has(flagFinal) || k.trailing == trailerSize) {
				break
			}
			continue
		}
		// There is more than a piece, so that this one is not the message's last.
		r.remaining = max(left-uint64(at), 1)
		goesOn := r.deliver(c, k.piece[:size:size+2], false)
		if r.phase != phaseOpen || !c.Open() {
			r.remaining = left - uint64(at)
			return at
		}
		k.piece = k.piece[:copy(k.piece, k.piece[size:])]
		if turn += size; turn >= inflateTurn && goesOn {
			c.Yield()
			goesOn = false
		}
		if goesOn || len(p) == 0 {
			continue // an empty frame leads to little output
		}
		if at == len(p) {
			at--
			r.set(flagHeld, true)
		}
		r.remaining = left - uint64(at)
		r.ready = uint32(len(p) - at)
		return at
	}
	r.ready = 0
	r.remaining = left - uint64(len(p))
	switch {
	case !ends:
	case !r.has(flagFinal):
		// What a fragment holds is not kept back until the next.
		if len(k.piece) > 0 {
			piece := k.piece
			k.piece = k.piece[:0]
			r.deliver(c, piece, false)
		}
	case !k.decoder.Clean():
		r.fail(c, closeInvalid, "truncated compressed data")
	case r.textComplete(c):
		r.deliver(c, k.piece, true)
		if r.deflate == d {
			d.endMessage(r.shared)
		}
	}
	return len(p)
}

// SetExtensionOption changes an option of permessage-deflate on the connection. The window and the
// context that the peer compresses with are agreed on in the handshake and cannot be changed here.
// It reports false for what is not known or not possible.
func (r *Role) SetExtensionOption(extension, option, value string) bool {
	d := r.deflate
	if d == nil || extension != extensionName {
		return false
	}
	noTakeover, windowBits := "server_no_context_takeover", "server_max_window_bits"
	if d.client {
		noTakeover, windowBits = "client_no_context_takeover", "client_max_window_bits"
	}
	if option == noTakeover {
		d.send.noTakeover = value != "0"
		return true
	}
	n, err := strconv.ParseUint(value, 10, 63)
	if err != nil {
		return false
	}
	switch option {
	case windowBits:
		// A smaller window than agreed on is no harm.
		if n < minWindowBits || n > uint64(d.agreedBits) {
			return false
		}
		d.send.bits = uint8(n)
	case "rx_buf_size":
		if n < 7 || n > 30 {
			return false
		}
		d.pieceBits = uint8(n)
	case "tx_buf_size":
		if n < 7 || n > 30 {
			return false
		}
		d.frameBits = uint8(n)
	case "compression_level":
		if n < 1 || n > 9 {
			return false
		}
		d.level = uint8(n)
	case "mem_level":
		// The compressor has one size; a program that asks for less or more gets the same result.
		return n >= 1 && n <= 9
	case "max_message_size":
		d.maxMessage = n
	default:
		return false
	}
	return true
}
