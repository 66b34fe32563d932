package ws

import (
	"encoding/binary"

	"golws/engine/conn"
	"golws/engine/vhost"
)

// Input implements conn.Role.
func (r *Role) Input(c *conn.Conn, p []byte) int {
	if r.phase == phaseHandshake {
		return 0
	}
	if policy := c.RetryPolicy(); policy.ValidPing > 0 || policy.ValidHangup > 0 {
		c.ValidityConfirmed()
	}
	size := c.Host().PieceSize(c.Protocol())
	at := 0
	for at < len(p) {
		if r.remaining == 0 {
			if used := r.smallMessage(c, p[at:], size); used > 0 {
				if at += used; r.phase != phaseOpen || c.Paused() {
					break
				}
				continue
			}
			used := r.frame(c, p[at:])
			at += used
			if used == 0 || r.phase == phaseDone || c.Paused() {
				break
			}
			continue
		}
		used := r.payload(c, p[at:])
		at += used
		if r.remaining > 0 || r.phase == phaseDone || c.Paused() {
			break
		}
	}
	return at
}

// smallMessage serves a whole message in one small frame, which is what most traffic consists of. It
// returns 0 for anything else.
func (r *Role) smallMessage(c *conn.Conn, p []byte, size int) int {
	head, expected := 2+maskKeySize, byte(bitMasked)
	if r.side.masks {
		head, expected = 2, 0
	}
	if len(p) < head || r.phase != phaseOpen || r.has(flagInMessage) {
		return 0
	}
	first, n := p[0], int(p[1]^expected)
	if n > maxControl || n > size || len(p) < head+n {
		return 0
	}
	switch {
	case first == bitFinal|opBinary:
		r.flags |= flagBinary | flagFinal
	case first == bitFinal|opText && c.Host().Options&vhost.ValidateUTF8 == 0:
		r.flags = r.flags&^flagBinary | flagFinal
	default:
		return 0
	}
	r.reserved = 0
	payload := p[head : head+n : head+n+min(1, cap(p)-head-n)]
	if !r.side.masks {
		mask(payload, binary.LittleEndian.Uint32(p[2:]))
	}
	m := conn.Message{First: true, Final: true, Binary: first == bitFinal|opBinary}
	if len(p) == head+n && c.CanAnswer() {
		c.Mirror |= conn.MirrorAnswer
	}
	r.tell(c, payload, m)
	return head + n
}

// tell calls the program with a piece of a message.
func (r *Role) tell(c *conn.Conn, piece []byte, m conn.Message) {
	r.allowDeferring(c)
	result := c.Thread().Handler.CallbackMessage(c, r.side.receive, piece, m)
	c.Mirror &^= conn.MirrorDefer | conn.MirrorAnswer
	if result != 0 {
		c.Finish()
	}
}

// frame reads the head of a frame, and all of it where it is a control frame or has no payload.
func (r *Role) frame(c *conn.Conn, p []byte) int {
	h, size, valid := parseHeader(p)
	if len(p) >= 2 {
		if problem := r.check(p[0], p[1]); problem != "" {
			r.fail(c, closeProtocol, problem)
			return 0
		}
	}
	if !valid {
		r.fail(c, closeProtocol, "bad length")
		return 0
	}
	if size == 0 {
		return 0
	}
	if h.first&opControl != 0 {
		end := size + int(h.length)
		if len(p) < end {
			return 0
		}
		payload := p[size:end]
		mask(payload, h.key)
		r.control(c, h.opcode(), payload)
		return end
	}
	if r.phase != phaseOpen {
		// Our close frame was sent: only the peer's is of interest.
		r.remaining = h.length
		return size
	}
	r.begin(c, &h)
	if r.remaining == 0 {
		r.emptyFrame(c)
	}
	return size
}

// check looks at the first two bytes of a frame.
func (r *Role) check(first, second byte) (problem string) {
	opcode := first & opMask
	switch {
	case opcode > opPong || opcode > opBinary && opcode < opClose:
		return "bad opcode"
	case second&bitMasked == 0 && !r.side.masks:
		return "frame without mask"
	case second&bitMasked != 0 && r.side.masks:
		return "masked frame"
	}
	if opcode&opControl != 0 {
		switch {
		case first&bitsRSV != 0:
			return "reserved bits"
		case first&bitFinal == 0:
			return "fragmented control frame"
		case second&bitsLength > maxControl:
			return "control frame too long"
		}
		return ""
	}
	if reserved := first & bitsRSV; reserved != 0 {
		if reserved != bitRSV1 || r.deflate == nil || opcode == opContinuation {
			return "reserved bits"
		}
	}
	if r.phase == phaseOpen && r.has(flagInMessage) != (opcode == opContinuation) {
		return "bad continuation"
	}
	return ""
}

// begin notes what the head of a data frame says.
func (r *Role) begin(c *conn.Conn, h *header) {
	r.remaining, r.ready, r.key = h.length, 0, h.key
	r.reserved = h.first & bitsRSV
	if opcode := h.opcode(); opcode != opContinuation {
		r.flags |= flagFirst
		r.set(flagBinary, opcode == opBinary)
		r.set(flagCompressed, h.first&bitRSV1 != 0)
		r.set(flagValidate, opcode == opText && c.Host().Options&vhost.ValidateUTF8 != 0)
		r.text = validator{}
	}
	r.set(flagFinal, h.final())
	r.set(flagInMessage, !h.final())
}

// emptyFrame serves a data frame without payload.
func (r *Role) emptyFrame(c *conn.Conn) {
	switch {
	case r.has(flagCompressed):
		if r.has(flagFinal) {
			r.inflate(c, nil)
		}
	case r.textComplete(c):
		r.deliver(c, nil, r.has(flagFinal))
	}
}

// textComplete checks that a text message does not end within a character.
func (r *Role) textComplete(c *conn.Conn) bool {
	if r.has(flagFinal) && r.has(flagValidate) && !r.text.complete() {
		r.fail(c, closeInvalid, "partial utf8")
		return false
	}
	return true
}

// deliver hands a piece of a message to the program. It reports whether more may follow now.
func (r *Role) deliver(c *conn.Conn, piece []byte, final bool) bool {
	m := conn.Message{
		First:     r.has(flagFirst),
		Final:     final,
		Binary:    r.has(flagBinary),
		Reserved:  r.reserved,
		Remaining: r.remaining,
	}
	r.flags &^= flagFirst
	r.tell(c, piece, m)
	return r.phase == phaseOpen && !c.Paused()
}

// payload uses what is there of a data frame's payload.
func (r *Role) payload(c *conn.Conn, p []byte) int {
	available := int(min(r.remaining, uint64(len(p))))
	if r.phase != phaseOpen {
		r.remaining -= uint64(available)
		return available
	}
	p = p[: available : available+min(1, cap(p)-available)]
	if int(r.ready) < available {
		fresh := p[r.ready:]
		r.key = mask(fresh, r.key)
		r.ready = uint32(available)
		if r.has(flagValidate) && !r.has(flagCompressed) {
			if !r.text.valid(fresh) {
				r.fail(c, closeInvalid, "bad utf8")
				return available
			}
			if uint64(available) == r.remaining && !r.textComplete(c) {
				return available
			}
		}
	}
	if r.has(flagCompressed) {
		return r.inflate(c, p)
	}
	size := c.Host().PieceSize(c.Protocol())
	at := 0
	for r.remaining > 0 {
		n := int(min(r.remaining, uint64(size)))
		if available-at < n {
			break
		}
		r.remaining -= uint64(n)
		r.ready -= uint32(n)
		piece := p[at : at+n : at+n+min(1, cap(p)-at-n)]
		at += n
		if !r.deliver(c, piece, r.has(flagFinal)) {
			break
		}
	}
	return at
}

// control serves a control frame.
func (r *Role) control(c *conn.Conn, opcode byte, payload []byte) {
	if opcode == opClose {
		r.peerCloses(c, payload)
		return
	}
	if r.phase != phaseOpen {
		return
	}
	if opcode == opPing {
		r.answerPing(c, payload)
		return
	}
	c.ValidityConfirmed()
	// The pongs that answer the library's own pings are empty; only clients hear of them.
	if (len(payload) > 0 || r.side.masks) && c.CallbackBytes(r.side.receivePong, payload) != 0 {
		c.Finish()
	}
}

// The close codes that the role sends by itself.
const (
	closeProtocol = 1002
	closeInvalid  = 1007
	closeTooBig   = 1009
)

// peerCloses serves a close frame.
func (r *Role) peerCloses(c *conn.Conn, payload []byte) {
	c.PeerFinished()
	if r.phase != phaseOpen {
		// The answer to ours, or the peer's own that crossed it.
		r.keepClose(payload)
		r.finish(c)
		return
	}
	if len(payload) >= closeSize {
		if text := (validator{}); !text.valid(payload[closeSize:]) || !text.complete() {
			r.fail(c, closeInvalid, "bad utf8")
			return
		}
	}
	// What is sent back and shown to the program; a code that cannot stand in a frame is a protocol
	// error, and they see that instead.
	var answer control
	answer.set(payload)
	if len(payload) == 1 || len(payload) >= closeSize && !validCode(uint16(payload[0])<<8|uint16(payload[1])) {
		answer.payload[0], answer.payload[1] = closeProtocol>>8, closeProtocol&0xff
		answer.length = max(answer.length, closeSize)
	}
	shown := payload
	if len(answer.bytes()) == len(payload) {
		copy(payload, answer.bytes())
	} else {
		shown = append(make([]byte, 0, closeSize+1), answer.bytes()...)
	}
	r.keepClose(answer.bytes())
	if c.CallbackBytes(conn.WSPeerInitiatedClose, shown) != 0 {
		c.Finish()
		return
	}
	if !r.listening(c) {
		return
	}
	r.phase = phaseDone
	r.queueControl(c, opClose, answer.bytes())
	r.finish(c)
}

// keepClose keeps the peer's close frame for the program.
func (r *Role) keepClose(payload []byte) {
	r.kept = new(control)
	r.kept.set(payload)
	r.set(flagPeerClosed, true)
}

// validCode reports whether a close code may stand in a frame (RFC 6455 section 7.4 and what IANA
// has registered since).
func validCode(code uint16) bool {
	switch {
	case code < 1000 || code >= 5000:
		return false
	case code < 3000:
		return code <= 1014 && code != 1004 && code != 1005 && code != 1006
	}
	return true
}
