package http2

import "encoding/binary"

// preface is what a client sends first (RFC 9113 section 3.4).
const preface = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"

type frameType uint8

// The types of frames (RFC 9113 section 6).
const (
	frameData frameType = iota
	frameHeaders
	framePriority
	frameRSTStream
	frameSettings
	framePushPromise
	framePing
	frameGoAway
	frameWindowUpdate
	frameContinuation
)

// The flags of frames.
const (
	flagAck        = 0x1 // SETTINGS, PING
	flagEndStream  = 0x1 // DATA, HEADERS
	flagEndHeaders = 0x4
	flagPadded     = 0x8
	flagPriority   = 0x20
)

// frameHead is the size of what every frame begins with.
const frameHead = 9

// The sizes of payload that a receiver can choose between (RFC 9113 section 4.2).
const (
	minFrameSize = 1 << 14
	maxFrameSize = 1<<24 - 1
)

// maxWindow is the largest window of flow control.
const maxWindow = 1<<31 - 1

// defaultWindow is that of a connection, and that of streams before settings say otherwise.
const defaultWindow = 65535

type errorCode uint32

// The error codes (RFC 9113 section 7).
const (
	codeNone errorCode = iota
	codeProtocol
	codeInternal
	codeFlowControl
	codeSettingsTimeout
	codeStreamClosed
	codeFrameSize
	codeRefusedStream
	codeCancel
	codeCompression
	codeConnect
	codeEnhanceYourCalm
	codeInadequateSecurity
	codeHTTP11Required
)

var codeNames = [...]string{"NO_ERROR", "PROTOCOL_ERROR", "INTERNAL_ERROR", "FLOW_CONTROL_ERROR", "SETTINGS_TIMEOUT",
	"STREAM_CLOSED", "FRAME_SIZE_ERROR", "REFUSED_STREAM", "CANCEL", "COMPRESSION_ERROR", "CONNECT_ERROR",
	"ENHANCE_YOUR_CALM", "INADEQUATE_SECURITY", "HTTP_1_1_REQUIRED"}

func (e errorCode) String() string {
	if int(e) < len(codeNames) {
		return codeNames[e]
	}
	return "unknown error code"
}

// frame is the head of a frame.
type frame struct {
	length int
	kind   frameType
	flags  uint8
	stream uint32
}

func (f *frame) has(flag uint8) bool { return f.flags&flag != 0 }

func parseFrame(p []byte) frame {
	return frame{
		length: int(p[0])<<16 | int(p[1])<<8 | int(p[2]),
		kind:   frameType(p[3]),
		flags:  p[4],
		stream: binary.BigEndian.Uint32(p[5:]) & maxWindow,
	}
}

// putFrame writes a frame's head.
func putFrame(p []byte, length int, kind frameType, flags uint8, stream uint32) {
	_ = p[frameHead-1]
	p[0], p[1], p[2] = byte(length>>16), byte(length>>8), byte(length)
	p[3], p[4] = byte(kind), flags
	binary.BigEndian.PutUint32(p[5:], stream)
}

// unpad takes the padding off the payload of a frame that may have some. It reports false where there
// is more padding than payload.
func (f *frame) unpad(p []byte) ([]byte, bool) {
	if !f.has(flagPadded) {
		return p, true
	}
	if len(p) == 0 || int(p[0]) >= len(p) {
		return nil, false
	}
	return p[1 : len(p)-int(p[0])], true
}
