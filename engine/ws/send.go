package ws

import (
	"encoding/binary"

	"golws/engine/conn"
)

// gather is from what length on a payload is sent from the program's memory, with its head before it.
const gather = 16 << 10

// Write implements conn.Role.
func (r *Role) Write(c *conn.Conn, p []byte, kind conn.WriteKind) (int, error) {
	if r.phase == phaseHandshake {
		return r.answer(c, p, kind)
	}
	if r.phase != phaseOpen {
		return 0, conn.ErrClosed
	}
	var opcode byte
	final := kind&conn.WriteNoFin == 0
	switch kind & 0x1f {
	case conn.WritePing, conn.WritePong:
		if len(p) > maxControl || !final {
			return 0, conn.ErrWrongState
		}
		opcode = opPing
		if kind&0x1f == conn.WritePong {
			opcode = opPong
		}
		r.queueFrame(c, bitFinal|opcode, p)
		return r.written(c, p)
	case conn.WriteText:
		opcode = opText
	case conn.WriteBinary:
		opcode = opBinary
	case conn.WriteContinuation:
	default:
		return 0, conn.ErrWrongState
	}
	// A frame that cannot stand here would make the peer close the connection.
	if r.has(flagWriting) != (opcode == opContinuation) {
		return 0, conn.ErrWrongState
	}
	r.set(flagWriting, !final)
	if r.deflate != nil {
		if err := r.deflate.compress(c, r, p, opcode, final); err != nil {
			return 0, err
		}
		return r.written(c, p)
	}
	if final {
		opcode |= bitFinal
	}
	r.queueFrame(c, opcode, p)
	return r.written(c, p)
}

func (r *Role) written(c *conn.Conn, p []byte) (int, error) {
	if c.Killed() {
		return 0, conn.ErrClosed
	}
	return len(p), nil
}

// queueFrame adds a frame to the output. p is not changed.
func (r *Role) queueFrame(c *conn.Conn, first byte, p []byte) {
	masks := r.side.masks
	size := headerSize(len(p), masks)
	if len(p) >= gather && !masks {
		var head [maxHeader]byte
		putHeader(head[:], first, len(p), false)
		c.QueueDirect(head[:size], p)
		return
	}
	if masks {
		r.queueMasked(c, first, p)
		return
	}
	frame := c.Reserve(size + len(p))
	putHeader(frame, first, len(p), false)
	copy(frame[size:], p)
}

// queueMasked adds a frame as clients send it, in pieces that fit the segments of the queue, which are
// used again and again.
func (r *Role) queueMasked(c *conn.Conn, first byte, p []byte) {
	size := headerSize(len(p), true)
	piece := min(len(p), gather-maxHeader)
	frame := c.Reserve(size + piece)
	at := putHeader(frame, first, len(p), true)
	key := r.shared.maskKey()
	binary.LittleEndian.PutUint32(frame[at:], key)
	for frame = frame[size:]; ; {
		copy(frame, p)
		key = mask(frame, key)
		if p = p[piece:]; len(p) == 0 {
			return
		}
		piece = min(len(p), gather)
		frame = c.Reserve(piece)
	}
}

func (r *Role) queueControl(c *conn.Conn, opcode byte, p []byte) {
	r.queueFrame(c, bitFinal|opcode, p)
}

// answerPing queues the pong, unless too many of them wait already because the peer does not read.
func (r *Role) answerPing(c *conn.Conn, p []byte) {
	if c.QueuedBytes() == 0 {
		r.pongs = 0
	}
	if r.pongs > pongBudget {
		if r.kept == nil {
			r.kept = new(control)
		}
		r.kept.set(p)
		return
	}
	r.pongs += uint32(len(p) + closeSize)
	r.queueControl(c, opPong, p)
}
