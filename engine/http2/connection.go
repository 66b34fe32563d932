package http2

import (
	"cmp"
	"encoding/binary"
	"maps"
	"slices"
	"strconv"

	"golws/engine/conn"
	"golws/engine/httpserver"
)

// throttleSize is how much output may wait before nothing more is read: answers to what the peer sends
// must not fill the memory while it does not read them.
const throttleSize = 256 << 10

// recentResets is how many streams are remembered that the server has reset: what was on its way then is no error of
// the peer.
const recentResets = 64

// phase is how far a connection is.
type phase uint8

const (
	phasePreface  phase = iota
	phaseSettings       // the preface came, the peer's first SETTINGS are to come
	phaseOpen
	phaseGoingAway // GOAWAY was sent, streams that are under way are completed
	phaseFailed    // nothing is taken any more
)

// Connection is the role of a connection that carries HTTP/2.
type Connection struct {
	httpserver.State         // for the end of the connection only: requests belong to the streams
	client           *client // where we are that, nil where we are the server

	ours, theirs settings
	streams      map[uint32]*stream
	c            *conn.Conn
	last         uint32 // the highest stream that the peer has begun
	served       uint32 // the highest that got further

	window     int64   // what may be sent
	receivable int64   // what the peer may send
	waiting    queue   // streams that have something to send
	turn       *stream // whose turn it is
	turnUsed   bool
	pumping    bool

	header  headerBlock
	decoder decoder
	encoder encoder
	floods  floods

	drains    []drain
	resets    []uint32 // a ring of the streams that were reset by us
	nextReset int

	stalled      int64 // output that waited when a time limit passed
	phase        phase
	acknowledged bool // the peer has our settings
	throttled    bool
	ended        bool // the peer has closed its side
}

var (
	_ conn.Role  = (*Connection)(nil)
	_ conn.Loser = (*Connection)(nil)
)

// NewRole makes the role of a connection that speaks HTTP/2 from its first byte.
func NewRole(c *conn.Conn) conn.Role {
	n := &Connection{c: c, floods: newFloods()}
	_, greeted := c.Role().(httpserver.Transaction) // HTTP/1 gave it up when it saw the preface
	c.SetRole(n)                                    // the program may already act on the connection
	c.SetTimeout(conn.TimeoutHoldingHeaders, c.Host().Limits.HeadTimeout)
	if !greeted && !n.Accepted(c) {
		c.Kill()
		return n
	}
	n.ours = ourSettings(c)
	n.announce()
	return n
}

// announce says what we ask of the peer.
func (n *Connection) announce() {
	n.window, n.receivable = defaultWindow, connectionWindow
	n.theirs.tableSize, n.theirs.window, n.theirs.maxFrame = defaultTableSize, defaultWindow, minFrameSize
	n.streams = make(map[uint32]*stream)
	n.decoder.init(n)
	n.sendSettings(n.c)
}

// Register lets connections of the thread begin with HTTP/2. The change to it by an Upgrade field, which RFC 7540 had and
// RFC 9113 has given up, is left out: through a proxy that passes the field on, clients would get past the proxy's rules.
func Register(t *conn.Thread) { t.Roles["h2"] = NewRole }

// Input implements conn.Role.
func (n *Connection) Input(c *conn.Conn, p []byte) int {
	used := 0
	if n.phase == phasePreface {
		have := min(len(p), len(preface))
		if string(p[:have]) != preface[:have] {
			n.fail(c, codeProtocol, "no client preface")
			return len(p)
		}
		if have < len(preface) {
			return 0
		}
		n.phase = phaseSettings
		used = have
	}
	for !c.Paused() && len(p)-used >= frameHead {
		f := parseFrame(p[used:])
		if f.length > int(n.ours.maxFrame) {
			n.fail(c, codeFrameSize, "a frame is larger than SETTINGS_MAX_FRAME_SIZE")
			return len(p)
		}
		end := used + frameHead + f.length
		if end > len(p) {
			break
		}
		n.frame(c, &f, p[used+frameHead:end])
		if n.phase == phaseFailed {
			return len(p)
		}
		used = end
		if c.QueuedBytes() > throttleSize {
			n.throttle(c)
		}
	}
	if used > 0 {
		c.ValidityConfirmed()
		if n.client != nil {
			n.client.heard++
		}
	}
	return used
}

// frame takes one frame.
func (n *Connection) frame(c *conn.Conn, f *frame, p []byte) {
	if n.phase == phaseSettings && (f.kind != frameSettings || f.has(flagAck)) {
		n.fail(c, codeProtocol, "the first frame is not SETTINGS")
		return
	}
	if n.header.active && f.kind != frameContinuation {
		n.fail(c, codeProtocol, "a frame in the middle of a header block")
		return
	}
	switch f.kind {
	case frameData:
		n.dataFrame(c, f, p)
	case frameHeaders:
		n.headersFrame(c, f, p)
	case framePriority:
		n.priorityFrame(c, f, p)
	case frameRSTStream:
		n.resetFrame(c, f, p)
	case frameSettings:
		n.settingsFrame(c, f, p)
		if n.phase == phaseSettings {
			n.opened(c)
		}
	case framePushPromise:
		// A client must not push, and a server not where it was told so.
		n.fail(c, codeProtocol, "PUSH_PROMISE")
	case framePing:
		n.pingFrame(c, f, p)
	case frameGoAway:
		n.goAwayFrame(c, f, p)
	case frameWindowUpdate:
		n.windowFrame(c, f, p)
	case frameContinuation:
		n.continuationFrame(c, f, p)
	default:
		// RFC 9113 section 5.5: unknown frames are discarded.
		if !n.floods.priority.spend(c, 1) {
			n.flooded(c, "unknown")
		}
	}
}

// opened begins the exchange of requests.
func (n *Connection) opened(c *conn.Conn) {
	n.phase = phaseOpen
	c.SetTimeout(conn.NoPendingTimeout, 0)
	c.StartValidity()
	n.idle(c)
	if n.client != nil {
		n.settled()
	}
}

// idle sets the time limit of a connection without streams.
func (n *Connection) idle(c *conn.Conn) {
	if n.phase == phaseOpen && !n.header.active && len(n.streams) == 0 && !n.throttled {
		if n.client != nil {
			n.keepWarm()
			return
		}
		c.SetTimeout(conn.TimeoutHTTPKeepAliveIdle, c.Host().Limits.KeepAlive)
	}
}

// priorityFrame checks a frame whose content RFC 9113 section 5.3 has us ignore.
func (n *Connection) priorityFrame(c *conn.Conn, f *frame, p []byte) {
	switch {
	case f.stream == 0:
		n.fail(c, codeProtocol, "PRIORITY on stream 0")
	case len(p) != 5:
		n.streamError(c, f.stream, codeFrameSize, "PRIORITY of a length other than 5")
	case binary.BigEndian.Uint32(p)&maxWindow == f.stream:
		n.streamError(c, f.stream, codeProtocol, "a stream depends on itself")
	case !n.floods.priority.spend(c, 1):
		n.flooded(c, "PRIORITY")
	}
}

func (n *Connection) resetFrame(c *conn.Conn, f *frame, p []byte) {
	switch {
	case f.stream == 0:
		n.fail(c, codeProtocol, "RST_STREAM on stream 0")
	case len(p) != 4:
		n.fail(c, codeFrameSize, "RST_STREAM of a length other than 4")
	case n.isIdle(f.stream):
		n.fail(c, codeProtocol, "RST_STREAM on an idle stream")
	default:
		s := n.streams[f.stream]
		if s == nil {
			// It may have come too late, which costs the peer as much as us.
			if !n.endDrain(f.stream) && !n.closedByPeer(f.stream) && !n.floods.priority.spend(c, 1) {
				n.flooded(c, "RST_STREAM")
			}
			return
		}
		if !s.ended && !n.floods.resets.spend(c, 1) {
			n.flooded(c, "RST_STREAM")
			return
		}
		s.gone = true
		s.side.wasReset(errorCode(binary.BigEndian.Uint32(p)))
	}
}

func (n *Connection) pingFrame(c *conn.Conn, f *frame, p []byte) {
	switch {
	case f.stream != 0:
		n.fail(c, codeProtocol, "PING on a stream")
	case len(p) != 8:
		n.fail(c, codeFrameSize, "PING of a length other than 8")
	case f.has(flagAck):
		if !n.floods.empty.spend(c, 1) {
			n.flooded(c, "PING acknowledgement")
		}
	case !n.floods.pings.spend(c, 1):
		n.flooded(c, "PING")
	default:
		b := c.Reserve(frameHead + 8)
		putFrame(b, 8, framePing, flagAck, 0)
		copy(b[frameHead:], p)
	}
}

func (n *Connection) goAwayFrame(c *conn.Conn, f *frame, p []byte) {
	switch {
	case f.stream != 0:
		n.fail(c, codeProtocol, "GOAWAY on a stream")
	case len(p) < 8:
		n.fail(c, codeFrameSize, "GOAWAY is too short")
	default:
		if n.client != nil {
			n.dismissed(c, binary.BigEndian.Uint32(p)&maxWindow, errorCode(binary.BigEndian.Uint32(p[4:])), p[8:])
			return
		}
		// The peer begins no more streams; those that are under way go on.
		n.goAway(c, codeNone, "")
	}
}

// goAway tells the peer that no more streams are taken, and ends the connection when the last one has
// ended.
func (n *Connection) goAway(c *conn.Conn, code errorCode, text string) {
	if n.phase >= phaseGoingAway {
		return
	}
	n.phase = phaseGoingAway
	n.sendGoAway(c, code, text)
	if n.client != nil {
		n.leave()
	}
	n.endIfDone(c)
}

func (n *Connection) sendGoAway(c *conn.Conn, code errorCode, text string) {
	b := c.Reserve(frameHead + 8 + len(text))
	putFrame(b, 8+len(text), frameGoAway, 0, 0)
	binary.BigEndian.PutUint32(b[frameHead:], n.served)
	binary.BigEndian.PutUint32(b[frameHead+4:], uint32(code))
	copy(b[frameHead+8:], text)
}

// endIfDone closes a connection that is going away and has no more streams.
func (n *Connection) endIfDone(c *conn.Conn) {
	if len(n.streams) == 0 && (n.phase == phaseGoingAway || n.ended) && c.Open() && (n.client == nil || n.client.begun == 0) {
		c.CloseAfterFlush()
	}
}

// fail ends the connection because the peer broke the rules.
func (n *Connection) fail(c *conn.Conn, code errorCode, text string) {
	n.failLogged(c, code, text, conn.LogNotice)
}

func (n *Connection) failLogged(c *conn.Conn, code errorCode, text string, level int) {
	if n.phase == phaseFailed {
		return
	}
	reason := code.String() + ": " + text
	n.log(c, level, "connection closed, "+reason)
	n.phase = phaseFailed
	n.sendGoAway(c, code, text)
	n.killStreams("HTTP/2 " + reason)
	c.CloseAfterFlush()
}

func (n *Connection) log(c *conn.Conn, level int, text string) {
	if h := c.Thread().Handler; h.Logs(level) {
		if n.client != nil {
			text = "client: " + text
		}
		h.Log(level, "http2: "+text)
	}
}

// streamError resets a stream because the peer broke the rules on it. Each counts as one that the peer has cancelled:
// having the server reset streams costs it as much.
func (n *Connection) streamError(c *conn.Conn, id uint32, code errorCode, text string) {
	n.log(c, conn.LogInfo, "stream "+strconv.FormatUint(uint64(id), 10)+" reset, "+code.String()+": "+text)
	if !n.floods.resets.spend(c, 1) {
		n.failLogged(c, codeEnhanceYourCalm, "too many streams that had to be reset", conn.LogWarning)
		return
	}
	n.endDrain(id)
	n.sendReset(c, id, code)
	if s := n.streams[id]; s != nil {
		s.gone = true
		s.side.lost("HTTP/2 " + code.String() + ": " + text)
		s.c.Kill()
	}
}

func (n *Connection) sendReset(c *conn.Conn, id uint32, code errorCode) {
	b := c.Reserve(frameHead + 4)
	putFrame(b, 4, frameRSTStream, 0, id)
	binary.BigEndian.PutUint32(b[frameHead:], uint32(code))
	if n.resets == nil {
		n.resets = make([]uint32, recentResets)
	}
	n.resets[n.nextReset] = id
	n.nextReset = (n.nextReset + 1) % recentResets
}

// wasReset reports whether the server has reset the stream not long ago, so that frames on it may have been on their
// way.
func (n *Connection) wasReset(id uint32) bool { return slices.Contains(n.resets, id) }

// closedByPeer notes that no frame on a stream that the server has reset can be on its way any more. It reports false
// where that was known.
func (n *Connection) closedByPeer(id uint32) bool {
	i := slices.Index(n.resets, id)
	if i >= 0 {
		n.resets[i] = 0
	}
	return i >= 0
}

// isRefused reports whether the stream was begun after GOAWAY, where the peer may not have known of that.
func (n *Connection) isRefused(id uint32) bool { return n.phase == phaseGoingAway && id > n.served }

// isIdle reports whether the stream was never begun.
func (n *Connection) isIdle(id uint32) bool { return id > n.last || id&1 == 0 }

// throttle stops reading until the peer has taken what is queued.
func (n *Connection) throttle(c *conn.Conn) {
	n.throttled = true
	n.stalled = 0
	c.Pause(conn.PauseByRole)
	c.SetTimeout(conn.TimeoutHTTPContent, c.Host().Limits.Timeout)
}

// killStreams ends all streams.
func (n *Connection) killStreams(why string) {
	if n.client != nil {
		n.leave()
		n.client.refuseAll(why)
	}
	for _, s := range n.all() {
		s.gone = true
		s.side.lost(why)
		s.c.Destroy()
		// Where its callback is under way, that ends it.
		delete(n.streams, s.id)
	}
	n.waiting = queue{}
}

// Writable implements conn.Role: a program has nothing to write on the connection itself.
func (n *Connection) Writable(*conn.Conn) {}

// Drained implements conn.Role.
func (n *Connection) Drained(c *conn.Conn) {
	n.stalled = 0
	if n.throttled {
		n.throttled = false
		c.SetTimeout(conn.NoPendingTimeout, 0)
		if n.header.active {
			c.SetTimeout(conn.TimeoutHoldingHeaders, c.Host().Limits.HeadTimeout)
		}
		n.idle(c)
		c.Resume(conn.PauseByRole)
	}
	n.pump(c)
}

// Write implements conn.Role.
func (n *Connection) Write(*conn.Conn, []byte, conn.WriteKind) (int, error) {
	return 0, conn.ErrWrongState
}

// EOF implements conn.Role. Responses that are on their way still leave.
func (n *Connection) EOF(c *conn.Conn) bool {
	n.ended = true
	if n.client != nil {
		return n.hungUp(c)
	}
	for _, s := range n.all() {
		queued := s.c.QueuedBytes()
		// The peer will not let us send more than it has.
		if queued == 0 && !s.side.sending() && !s.c.WantsWritable() || queued > min(s.window, n.window) {
			s.gone = true
			s.c.Kill()
		}
	}
	if len(n.streams) > 0 {
		return false
	}
	if c.QueuedBytes() > 0 {
		c.CloseAfterFlush()
	}
	return true
}

// all are the streams in the order in which they were begun, as a copy, for loops that end some.
func (n *Connection) all() []*stream {
	list := slices.Collect(maps.Values(n.streams))
	slices.SortFunc(list, func(a, b *stream) int { return cmp.Compare(a.id, b.id) })
	return list
}

// TimedOut implements conn.Role.
func (n *Connection) TimedOut(c *conn.Conn, reason conn.Timeout) bool {
	switch reason {
	case conn.TimeoutHTTPKeepAliveIdle:
		n.goAway(c, codeNone, "")
		return true
	case conn.TimeoutHTTPContent:
		if queued := c.QueuedBytes(); n.throttled && queued != n.stalled {
			n.stalled = queued
			c.SetTimeout(reason, c.Host().Limits.Timeout)
			return true
		}
		n.log(c, conn.LogNotice, "connection closed: the peer takes no output")
	case conn.TimeoutServerResponse:
		n.fail(c, codeSettingsTimeout, "the server's settings did not come in time")
		return true
	case conn.TimeoutHoldingHeaders:
		if n.client == nil && (n.phase == phasePreface || n.phase == phaseSettings) {
			n.log(c, conn.LogInfo, "connection closed: the client's preface did not come in time")
			return false
		}
		n.fail(c, codeEnhanceYourCalm, "a header block did not come in time")
		return true
	}
	return false
}

// CheckValidity implements conn.Role.
func (n *Connection) CheckValidity(c *conn.Conn) bool {
	b := c.Reserve(frameHead + 8)
	putFrame(b, 8, framePing, 0, 0)
	clear(b[frameHead:])
	return true
}

// Finish implements conn.Role.
func (n *Connection) Finish(c *conn.Conn) { n.goAway(c, codeNone, "") }

// Closed implements conn.Role.
func (n *Connection) Closed(c *conn.Conn) {
	if n.phase < phaseGoingAway && !n.ended {
		// Nobody has told the peer. It knows by this which requests it can safely make again.
		n.sendGoAway(c, codeNone, "")
		c.SendLast()
	}
	n.phase = phaseFailed
	n.killStreams(lostText)
	n.header.drop()
	if n.client == nil {
		n.DeliverClosed(c)
	}
}
