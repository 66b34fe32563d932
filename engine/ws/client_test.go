package ws

import (
	"bytes"
	"compress/flate"
	"encoding/binary"
	"fmt"
	"io"
	"net"
	"testing"
	"time"

	deflater "github.com/klauspost/compress/flate"

	"golws/engine/conn"
	"golws/engine/conn/conntest"
	"golws/engine/vhost"
)

// patience is how long a test waits for what must come.
const patience = 30 * time.Second

// event is what a program in a test saw.
type event struct {
	reason conn.Reason
	data   string
	conn.Message
}

// echo is a program that sends every message back when it is complete, and records what it sees.
type echo struct {
	conntest.Program
	records bool
	events  []event
	message []byte
	// on may take an event over.
	on func(c *conn.Conn, reason conn.Reason, in []byte, m conn.Message) (result int, taken bool)
}

func newEcho() *echo {
	e := &echo{records: true}
	e.OnEvent = e.event
	return e
}

func (e *echo) event(c *conn.Conn, reason conn.Reason, in []byte, m conn.Message) int {
	if len(in) > 0 {
		// There is room for the NUL, and what stood there comes back.
		saved := in[:len(in)+1][len(in)]
		in[:len(in)+1][len(in)] = 0
		defer func() { in[:len(in)+1][len(in)] = saved }()
	}
	if e.records {
		e.events = append(e.events, event{reason, string(in), m})
	}
	if e.on != nil {
		if result, taken := e.on(c, reason, in, m); taken {
			return result
		}
	}
	if reason != conn.Receive {
		return 0
	}
	if m.First {
		e.message = e.message[:0]
	}
	e.message = append(e.message, in...)
	clear(in) // the program may do with it what it likes
	if m.Final && m.Remaining == 0 {
		kind := conn.WriteText
		if m.Binary {
			kind = conn.WriteBinary
		}
		if _, err := c.Write(e.message, kind); err != nil {
			return -1
		}
	}
	return 0
}

func (e *echo) seen(reason conn.Reason) (found []event) {
	for _, v := range e.events {
		if v.reason == reason {
			found = append(found, v)
		}
	}
	return found
}

// bench is a server with a client at its WebSocket.
type bench struct {
	testing.TB
	program *echo
	server  *conntest.Server
	shared  *shared
	client  *client
	conn    *conn.Conn
	role    *Role
}

// open makes a connection past its handshake; agreed may be nil for no compression.
func open(t testing.TB, program *echo, change func(v *vhost.Vhost), agreed *parameters) *bench {
	v := conntest.DefaultVhost("http", "test")
	v.Protocols[1].SessionSize = 8
	v.Options |= vhost.ValidateUTF8
	if change != nil {
		change(v)
	}
	b := &bench{TB: t, program: program, shared: &shared{}}
	b.server = conntest.New(t, &program.Program, v)
	b.connect(agreed)
	return b
}

// connect opens another connection and makes it the current one.
func (b *bench) connect(agreed *parameters) {
	end := b.server.Connect(func(c *conn.Conn) conn.Role {
		b.conn = c
		b.role = &Role{side: &serverSide, shared: b.shared, phase: phaseOpen}
		if agreed != nil {
			b.role.deflate = newDeflate(*agreed, false)
		}
		return b.role
	})
	b.server.Do(func() { b.conn.BindProtocol(b.server.Host.Protocols[1]) })
	b.client = newClient(b.TB, end)
	if agreed != nil {
		b.client.compress(*agreed)
	}
}

// start serves in the background; the program's records may be looked at after stop only.
func (b *bench) start() *bench {
	b.server.Start()
	return b
}

func (b *bench) stop() { b.server.Close() }

// client is the other end, on the level of frames.
type client struct {
	testing.TB
	net.Conn
	received []byte
	key      uint32
	unmasked bool

	agreed  parameters
	writer  *deflater.Writer
	packed  bytes.Buffer
	source  bytes.Buffer
	reader  io.ReadCloser
	invalid int
}

func newClient(t testing.TB, end net.Conn) *client {
	end.SetDeadline(time.Now().Add(patience * 4))
	return &client{TB: t, Conn: end, key: 0x9d5c63a1}
}

// frame makes a frame as a client sends it.
func (k *client) frame(first byte, payload []byte) []byte {
	head := make([]byte, maxHeader)
	n := putHeader(head, first, len(payload), !k.unmasked)
	if k.unmasked {
		return append(head[:n], payload...)
	}
	k.key = k.key*1664525 + 1013904223
	binary.LittleEndian.PutUint32(head[n:], k.key)
	p := append(head[:n+maskKeySize], payload...)
	for i := range payload {
		p[n+maskKeySize+i] ^= byte(k.key >> (8 * uint(i&3)))
	}
	return p
}

func (k *client) send(p []byte) {
	k.Helper()
	if _, err := k.Write(p); err != nil {
		k.Fatalf("send: %v", err)
	}
}

func (k *client) sendFrame(first byte, payload []byte) {
	k.Helper()
	k.send(k.frame(first, payload))
}

// chop sends p in pieces; the server may see them together or not.
func (k *client) chop(p []byte, size int) {
	k.Helper()
	for len(p) > 0 {
		n := min(size, len(p))
		k.send(p[:n])
		p = p[n:]
	}
}

// read returns the next frame, or false where the server has closed the connection.
func (k *client) read() (first byte, payload []byte, ok bool) {
	k.Helper()
	for {
		h, size, valid := parseHeader(k.received)
		if !valid || h.masked {
			k.Fatalf("server sent a bad frame: % x", k.received[:min(len(k.received), maxHeader)])
		}
		if size > 0 && uint64(len(k.received)-size) >= h.length {
			payload := k.received[size : size+int(h.length)]
			k.received = k.received[size+int(h.length):]
			return h.first, payload, true
		}
		buffer := make([]byte, 256<<10)
		n, err := k.Conn.Read(buffer)
		if n == 0 && err != nil {
			if err != io.EOF && !isReset(err) {
				k.Fatalf("waiting for the server: %v", err)
			}
			if len(k.received) > 0 {
				k.Fatalf("server closed within a frame: % x", k.received)
			}
			return 0, nil, false
		}
		k.received = append(k.received, buffer[:n]...)
	}
}

func isReset(err error) bool {
	operation, ok := err.(*net.OpError)
	return ok && !operation.Timeout()
}

// expect reads a frame and compares it.
func (k *client) expect(first byte, payload []byte) {
	k.Helper()
	gotFirst, got, ok := k.read()
	if !ok {
		k.Fatalf("connection closed, expected frame %#x", first)
	}
	if gotFirst != first || !bytes.Equal(got, payload) {
		k.Fatalf("frame %#x with %d bytes %.40q, expected %#x with %d bytes %.40q", gotFirst, len(got), got,
			first, len(payload), payload)
	}
}

// expectMessage reads a message of any number of frames.
func (k *client) expectMessage(opcode byte, plain []byte) {
	k.Helper()
	first, message, ok := k.read()
	if !ok {
		k.Fatalf("connection closed, expected message of %d bytes", len(plain))
	}
	if first&opMask != opcode {
		k.Fatalf("frame %#x %.60q, expected a message with opcode %d", first, message, opcode)
	}
	message = bytes.Clone(message)
	for last := first; last&bitFinal == 0; {
		var next []byte
		if last, next, ok = k.read(); !ok || last&^bitFinal != opContinuation {
			k.Fatalf("frame %#x, expected a continuation", last)
		}
		message = append(message, next...)
	}
	if first&bitRSV1 != 0 {
		message = k.unpack(message, len(plain))
	}
	if !bytes.Equal(message, plain) {
		k.Fatalf("message of %d bytes %.40q, expected %d bytes %.40q", len(message), message, len(plain), plain)
	}
}

// expectClose reads until the close frame, checks its code (0: none) and that the connection ends.
func (k *client) expectClose(code int) {
	k.Helper()
	first, payload, ok := k.read()
	if !ok {
		k.Fatalf("connection closed without a frame, expected code %d", code)
	}
	if first != bitFinal|opClose {
		k.Fatalf("frame %#x %.40q, expected close", first, payload)
	}
	got := 0
	if len(payload) >= closeSize {
		got = int(binary.BigEndian.Uint16(payload))
	}
	if got != code || len(payload) == 1 {
		k.Fatalf("closed with %d %q, expected %d", got, payload, code)
	}
	k.expectEnd()
}

// expectEnd checks that the server closes the connection without another frame.
func (k *client) expectEnd() {
	k.Helper()
	if first, payload, ok := k.read(); ok {
		k.Fatalf("frame %#x %.40q, expected the connection to end", first, payload)
	}
}

// close makes an orderly end.
func (k *client) close() {
	k.Helper()
	k.sendFrame(bitFinal|opClose, []byte{3, 232})
	k.expectClose(1000)
}

// compress prepares for permessage-deflate as agreed on.
func (k *client) compress(agreed parameters) {
	k.agreed = agreed
	bits := 15
	if agreed.clientBits != 0 {
		bits = int(agreed.clientBits)
	}
	if bits == 15 {
		k.writer, _ = deflater.NewWriter(&k.packed, 5)
	} else {
		k.writer, _ = deflater.NewWriterWindow(&k.packed, 1<<bits)
	}
	k.reader = flate.NewReader(&k.source)
}

// pack compresses a message.
func (k *client) pack(plain []byte) []byte {
	k.packed.Reset()
	if k.agreed.clientNoTakeover {
		k.writer.Reset(&k.packed)
	}
	k.writer.Write(plain)
	k.writer.Flush()
	return bytes.Clone(bytes.TrimSuffix(k.packed.Bytes(), trailer))
}

// unpack decompresses a message of a known size.
func (k *client) unpack(packed []byte, size int) []byte {
	k.Helper()
	if k.agreed.serverNoTakeover {
		k.source.Reset()
	}
	k.source.Write(packed)
	k.source.Write(trailer)
	if k.agreed.serverNoTakeover {
		k.reader.(flate.Resetter).Reset(&k.source, nil)
	}
	plain := make([]byte, size)
	if n, err := io.ReadFull(k.reader, plain); err != nil {
		k.Fatalf("decompressed %d bytes of %d: %v", n, size, err)
	}
	if size == 0 {
		// Nothing has asked for the bytes that an empty message has nevertheless.
		k.source.Reset()
	}
	return plain
}

// fragments splits a message into frames.
func (k *client) fragments(first byte, payload []byte, size int) []byte {
	var all []byte
	for {
		n := min(size, len(payload))
		f := first
		if n == len(payload) {
			f |= bitFinal
		}
		all = append(all, k.frame(f, payload[:n])...)
		payload = payload[n:]
		if f&bitFinal != 0 {
			return all
		}
		first = opContinuation
	}
}

// waitFor serves until a condition holds.
func (b *bench) waitFor(what string, holds func() bool) {
	b.Helper()
	for end := time.Now().Add(patience); !holds(); {
		if time.Now().After(end) {
			b.Fatalf("waited in vain for %s", what)
		}
		b.server.Turn(10 * time.Millisecond)
	}
}

func describe(events []event) (lines []string) {
	for _, e := range events {
		lines = append(lines, fmt.Sprintf("%d %.20q first=%v final=%v binary=%v rsv=%#x remaining=%d",
			e.reason, e.data, e.First, e.Final, e.Binary, e.Reserved, e.Remaining))
	}
	return lines
}
