package ws

import (
	cryptorand "crypto/rand"
	"math/rand/v2"
	"time"

	"golws/engine/conn"
	"golws/engine/httpserver"
)

// phase is how far a connection is.
type phase uint8

const (
	phaseHandshake phase = iota // the response to the upgrade is being made
	phaseOpen
	phaseAwaitingClose // our close frame was sent, the peer's is to come
	phaseDone          // the closing handshake is over, or there is none
)

// The flags of a Role.
const (
	flagInMessage  = 1 << iota // a message from the peer is under way
	flagFirst                  // nothing of it was delivered yet
	flagFinal                  // its present frame is its last
	flagBinary                 // it is binary
	flagCompressed             // it is compressed
	flagHeld                   // the first byte of the input was decompressed already
	flagValidate               // it is checked to be UTF-8
	flagWriting                // a message of the program is under way
	flagDropped                // the protocol was told that it loses the connection
	flagPeerClosed             // the peer's close frame came
	flagAnswered               // the program sent its own answer to the handshake
	flagUntold                 // the program has heard of the end by other means than closed
	flagExtended               // it is a stream of HTTP/2 (RFC 8441)
)

// closeAckTime is how long the peer may take to answer our close frame.
const closeAckTime = 5 * time.Second

// pongBudget is how many bytes of pongs may wait to be sent; beyond it only the latest ping is
// answered, as RFC 6455 section 5.5.3 permits.
const pongBudget = 4 << 10

// perspective is what distinguishes the two sides of a connection.
type perspective struct {
	receive, receivePong, writeable conn.Reason
	closed, drop                    conn.Reason
	masks                           bool // what is sent is masked, what is received is not
}

var serverSide = perspective{
	receive:     conn.Receive,
	receivePong: conn.ReceivePong,
	writeable:   conn.ServerWriteable,
	closed:      conn.Closed,
	drop:        conn.WSServerDropProtocol,
}

var clientSide = perspective{
	receive:     conn.ClientReceive,
	receivePong: conn.ClientReceivePong,
	writeable:   conn.ClientWriteable,
	closed:      conn.ClientClosed,
	drop:        conn.WSClientDropProtocol,
	masks:       true,
}

// shared is what the connections of one service thread have in common.
type shared struct {
	compressors compressors
	decoders    []*decoding
	pieces      [][]byte
	head        []byte // the response to a handshake
	keys        *rand.ChaCha8
}

// maskKey is the masking key of the next frame. RFC 6455 section 5.3 asks for keys that cannot be
// predicted, so that nobody can choose what stands on the wire.
func (s *shared) maskKey() uint32 { return uint32(s.generator().Uint64()) }

// fill makes the random bytes of a handshake.
func (s *shared) fill(p []byte) { s.generator().Read(p) }

func (s *shared) generator() *rand.ChaCha8 {
	if s.keys == nil {
		var seed [32]byte
		cryptorand.Read(seed[:])
		s.keys = rand.NewChaCha8(seed)
	}
	return s.keys
}

// control is the payload of a control frame that is kept for later.
type control struct {
	length  uint8
	payload [maxControl]byte
}

func (k *control) set(p []byte)  { k.length = uint8(copy(k.payload[:], p)) }
func (k *control) bytes() []byte { return k.payload[:k.length] }

// Role is a WebSocket connection. Idle connections are many, so it is kept small: what only some
// need is behind pointers.
type Role struct {
	side    *perspective
	shared  *shared
	request *httpserver.Request // during the handshake
	deflate *deflate            // where permessage-deflate was agreed on
	reason  *control            // the close frame that the program chose
	kept    *control            // the latest ping, where its answer had to wait; then the peer's close frame

	remaining uint64 // bytes of the present frame that were not used yet
	ready     uint32 // how many of them, at the front of the input, are unmasked already
	key       uint32 // masking key for what follows those
	pongs     uint32 // bytes of pongs queued since the queue was empty
	flags     uint16
	phase     phase
	reserved  uint8 // RSV bits of the present frame
	text      validator
}

var (
	_ conn.Role                = (*Role)(nil)
	_ httpserver.RequestHolder = (*Role)(nil)
)

// Register lets requests on the thread, received and sent ones, change to WebSocket.
func Register(t *conn.Thread) {
	s := &shared{}
	t.Upgrades["websocket"] = func(c *conn.Conn, request any) bool {
		return s.upgrade(c, request.(*httpserver.Request))
	}
	t.Offers["websocket"] = func() any { return &Offer{shared: s} }
}

// HeldRequest implements httpserver.RequestHolder: the request of the handshake can be looked at
// until the program has heard that the connection is established.
func (r *Role) HeldRequest() *httpserver.Request { return r.request }

func (r *Role) has(flag uint16) bool { return r.flags&flag != 0 }

func (r *Role) set(flag uint16, on bool) {
	if on {
		r.flags |= flag
	} else {
		r.flags &^= flag
	}
}

// listening reports whether the program still gets what the peer sends.
func (r *Role) listening(c *conn.Conn) bool { return r.phase == phaseOpen && c.Open() }

// Writable implements conn.Role.
func (r *Role) Writable(c *conn.Conn) {
	if r.phase != phaseOpen {
		return
	}
	r.allowDeferring(c)
	result := c.Thread().Handler.CallbackWritable(c, r.side.writeable)
	c.Mirror &^= conn.MirrorDefer
	if result != 0 {
		c.Finish()
	}
}

// allowDeferring tells the program's side, for the callback that follows, whether Write will take any
// whole message.
func (r *Role) allowDeferring(c *conn.Conn) {
	if r.phase == phaseOpen && !r.has(flagWriting) && r.deflate == nil {
		c.Mirror |= conn.MirrorDefer
	}
}

// Drained implements conn.Role.
func (r *Role) Drained(c *conn.Conn) {
	r.pongs = 0
	if r.kept != nil && r.phase == phaseOpen && !r.has(flagPeerClosed) {
		ping := r.kept
		r.kept = nil
		r.queueControl(c, opPong, ping.bytes())
	}
}

// EOF implements conn.Role. Without a close frame the connection is lost.
func (r *Role) EOF(*conn.Conn) bool { return true }

// TimedOut implements conn.Role.
func (r *Role) TimedOut(*conn.Conn, conn.Timeout) bool { return false }

// CheckValidity implements conn.Role. The writable callback that comes with the ping is nobody's request, but there are
// programs that send only then (seafile's client, which pings each second for it).
func (r *Role) CheckValidity(c *conn.Conn) bool {
	if r.phase == phaseOpen {
		r.queueControl(c, opPing, nil)
		c.RequestWritable()
	}
	return true
}

// Finish implements conn.Role: it sends the close frame that the program or the role itself has
// chosen and waits for the peer's. Without such a choice it closes the connection without a frame,
// as programs know it from libwebsockets.
func (r *Role) Finish(c *conn.Conn) {
	if r.phase >= phaseAwaitingClose {
		return
	}
	r.tellDropped(c)
	if c.Killed() {
		return
	}
	if r.reason == nil || r.phase == phaseHandshake {
		r.finish(c)
		return
	}
	r.phase = phaseAwaitingClose
	r.queueControl(c, opClose, r.reason.bytes())
	if r.has(flagPeerClosed) {
		r.finish(c)
		return
	}
	// The program has no more interest, but the peer's close frame is awaited.
	c.Resume(conn.PauseByProgram)
	c.SetTimeout(conn.TimeoutCloseAck, closeAckTime)
}

// finish closes the connection when what is queued was sent.
func (r *Role) finish(c *conn.Conn) {
	r.phase = phaseDone
	r.release()
	c.CloseAfterFlush()
}

// fail ends a connection whose peer broke the rules. What it sends from here on cannot be trusted,
// so its close frame is not awaited.
func (r *Role) fail(c *conn.Conn, code uint16, text string) {
	if r.phase >= phaseDone {
		return
	}
	if t := c.Thread().Handler; t.Logs(conn.LogInfo) {
		t.Log(conn.LogInfo, "websocket: closing, "+text)
	}
	if r.phase == phaseOpen {
		var payload [maxControl]byte
		payload[0], payload[1] = byte(code>>8), byte(code)
		n := closeSize + copy(payload[closeSize:], text)
		r.tellDropped(c)
		if c.Killed() {
			return
		}
		r.queueControl(c, opClose, payload[:n])
	}
	r.finish(c)
}

// SetCloseReason chooses the close frame that is sent when this side ends the connection. It is empty
// where the code must not stand in a frame.
func (r *Role) SetCloseReason(code uint16, text []byte) {
	if r.reason == nil {
		r.reason = new(control)
	}
	if !validCode(code) {
		r.reason.length = 0
		return
	}
	r.reason.payload[0], r.reason.payload[1] = byte(code>>8), byte(code)
	r.reason.length = uint8(closeSize + copy(r.reason.payload[closeSize:], text))
}

// ClosePayload is the payload of the close frame that the peer sent or, before it did, of the one that
// SetCloseReason chose.
func (r *Role) ClosePayload() []byte {
	switch {
	case r.has(flagPeerClosed):
		return r.kept.bytes()
	case r.reason != nil:
		return r.reason.bytes()
	}
	return nil
}

// tellDropped tells the protocol, once, that it loses the connection. Only protocols with
// per-session memory hear of it: that is what the event is for.
func (r *Role) tellDropped(c *conn.Conn) {
	if r.has(flagDropped) {
		return
	}
	r.set(flagDropped, true)
	if c.HasUser() {
		c.CallbackBytes(r.side.drop, c.Empty())
	}
}

// Closed implements conn.Role.
func (r *Role) Closed(c *conn.Conn) {
	r.phase = phaseDone
	r.tellDropped(c)
	if !r.has(flagUntold) {
		c.Callback(r.side.closed)
	}
	r.release()
}

// release gives up what the connection holds beyond itself.
func (r *Role) release() {
	if r.deflate != nil {
		r.deflate.release(r.shared)
		r.deflate = nil
	}
	if r.request != nil {
		r.request.Release()
		r.request = nil
	}
}
