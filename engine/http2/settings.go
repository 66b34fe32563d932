package http2

import (
	"encoding/binary"

	"golws/engine/conn"
)

// The identifiers of settings (RFC 9113 section 6.5.2, RFC 8441 section 3).
const (
	settingHeaderTableSize = 1 + iota
	settingEnablePush
	settingMaxConcurrentStreams
	settingInitialWindowSize
	settingMaxFrameSize
	settingMaxHeaderListSize
	_
	settingEnableConnectProtocol
)

const settingSize = 6

// What the server asks for where the vhost says nothing else. The connection's own window is larger than a
// stream's, because a stream whose program takes nothing must not stop the others.
const (
	defaultMaxStreams = 128
	defaultTableSize  = 4096
	streamWindow      = 256 << 10
	connectionWindow  = 1 << 20

	// The most that a vhost may ask for.
	maxTableSize  = 64 << 10
	maxOurFrame   = 1 << 20
	maxStreams    = 1 << 20
	maxHeaderList = 16 << 20
)

// settings are what one side asks of the other.
type settings struct {
	tableSize     uint32
	maxStreams    uint32
	window        uint32
	maxFrame      uint32
	maxHeaderList uint32
	connect       bool // extended CONNECT is understood
}

// ourSettings are those of the connection's host.
func ourSettings(c *conn.Conn) settings {
	host := c.Host()
	list := host.Limits.HeadBytes
	if list <= 0 {
		list = defaultHeaderList
	}
	s := settings{defaultTableSize, defaultMaxStreams, streamWindow, minFrameSize, uint32(list), c.Thread().Upgrades["websocket"] != nil}
	chosen := func(id int) uint32 {
		if id < len(host.HTTP2Settings) {
			return host.HTTP2Settings[id]
		}
		return 0
	}
	if v := chosen(settingHeaderTableSize); v != 0 {
		s.tableSize = min(v, maxTableSize)
	}
	if v := chosen(settingMaxConcurrentStreams); v != 0 {
		s.maxStreams = min(v, maxStreams)
	}
	if v := chosen(settingInitialWindowSize); v != 0 {
		s.window = min(v, maxWindow)
	}
	if v := chosen(settingMaxFrameSize); v != 0 {
		s.maxFrame = min(max(v, minFrameSize), maxOurFrame)
	}
	if v := chosen(settingMaxHeaderListSize); v != 0 {
		s.maxHeaderList = v
	}
	s.maxHeaderList = min(s.maxHeaderList, maxHeaderList)
	return s
}

// sendSettings queues our settings, with which each side begins.
func (n *Connection) sendSettings(c *conn.Conn) {
	var space [frameHead + 7*settingSize]byte
	p := space[:frameHead]
	put := func(id uint16, value uint32) {
		p = binary.BigEndian.AppendUint32(binary.BigEndian.AppendUint16(p, id), value)
	}
	if n.ours.tableSize != defaultTableSize {
		put(settingHeaderTableSize, n.ours.tableSize)
	}
	if n.client != nil {
		put(settingEnablePush, 0)
	} else {
		put(settingMaxConcurrentStreams, n.ours.maxStreams)
	}
	put(settingInitialWindowSize, n.ours.window)
	if n.ours.maxFrame != minFrameSize {
		put(settingMaxFrameSize, n.ours.maxFrame)
	}
	put(settingMaxHeaderListSize, n.ours.maxHeaderList)
	if n.ours.connect {
		put(settingEnableConnectProtocol, 1)
	}
	putFrame(p, len(p)-frameHead, frameSettings, 0, 0)
	c.Queue(p)
	n.sendWindowUpdate(c, 0, connectionWindow-defaultWindow)
}

// settingsFrame takes the peer's settings.
func (n *Connection) settingsFrame(c *conn.Conn, f *frame, p []byte) {
	switch {
	case f.stream != 0:
		n.fail(c, codeProtocol, "SETTINGS on a stream")
	case f.has(flagAck):
		if len(p) != 0 {
			n.fail(c, codeFrameSize, "SETTINGS acknowledgement with a payload")
			return
		}
		n.acknowledged = true
	case len(p)%settingSize != 0:
		n.fail(c, codeFrameSize, "SETTINGS of a length that is no multiple of 6")
	case !n.floods.settings.spend(c, 1+len(p)/settingSize/8):
		n.flooded(c, "SETTINGS")
	default:
		for ; len(p) > 0; p = p[settingSize:] {
			if !n.setting(c, binary.BigEndian.Uint16(p), binary.BigEndian.Uint32(p[2:])) {
				return
			}
		}
		putFrame(c.Reserve(frameHead), 0, frameSettings, flagAck, 0)
		n.pump(c)
		if n.client != nil && n.phase == phaseOpen {
			n.available()
		}
	}
}

// setting takes one setting. It reports false where that has ended the connection.
func (n *Connection) setting(c *conn.Conn, id uint16, value uint32) bool {
	switch id {
	case settingHeaderTableSize:
		n.encoder.setTableSize(value)
	case settingEnablePush:
		if value > 1 || value == 1 && n.client != nil {
			n.fail(c, codeProtocol, "SETTINGS_ENABLE_PUSH is neither 0 nor 1")
			return false
		}
	case settingMaxConcurrentStreams:
		n.theirs.maxStreams = value
	case settingInitialWindowSize:
		if value > maxWindow {
			n.fail(c, codeFlowControl, "SETTINGS_INITIAL_WINDOW_SIZE is above 2^31-1")
			return false
		}
		return n.resizeWindows(c, value)
	case settingMaxFrameSize:
		if value < minFrameSize || value > maxFrameSize {
			n.fail(c, codeProtocol, "SETTINGS_MAX_FRAME_SIZE is out of range")
			return false
		}
		n.theirs.maxFrame = value
	case settingMaxHeaderListSize:
		n.theirs.maxHeaderList = value
	case settingEnableConnectProtocol:
		if value > 1 {
			n.fail(c, codeProtocol, "SETTINGS_ENABLE_CONNECT_PROTOCOL is neither 0 nor 1")
			return false
		}
		n.theirs.connect = value == 1
	}
	return true
}

// resizeWindows applies a new initial window to the streams that there are (RFC 9113 section 6.9.2).
func (n *Connection) resizeWindows(c *conn.Conn, value uint32) bool {
	difference := int64(value) - int64(n.theirs.window)
	n.theirs.window = value
	for _, s := range n.streams {
		if s.window += difference; s.window > maxWindow && n.forgives() {
			s.window = maxWindow
		}
		if s.window > maxWindow {
			n.fail(c, codeFlowControl, "SETTINGS_INITIAL_WINDOW_SIZE makes the window of a stream overflow")
			return false
		}
		if difference > 0 {
			s.awaken()
		}
	}
	return true
}
