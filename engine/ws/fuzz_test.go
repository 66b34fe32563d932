package ws

import (
	"bytes"
	"strings"
	"testing"
	"unicode/utf8"

	"golws/engine/conn"
	"golws/engine/vhost"
)

const fuzzPiece = 50

// feed sends bytes to a fresh connection, chop of them at a time, and returns what the program saw
// of messages and what came back. It checks what must hold whatever was sent.
func feed(t testing.TB, sent []byte, chop int, agreed *parameters) (messages []event, answer []byte) {
	e := newEcho()
	inMessage, over := false, false
	var text []byte
	e.on = func(c *conn.Conn, reason conn.Reason, in []byte, m conn.Message) (int, bool) {
		if over {
			t.Errorf("event %d after the end", reason)
		}
		switch reason {
		case conn.WSIDestroy:
			over = true
		case conn.Receive:
			if m.First == inMessage {
				t.Errorf("first is %v within a message: %v", m.First, inMessage)
			}
			inMessage = !(m.Final && m.Remaining == 0)
			if len(in) > fuzzPiece {
				t.Errorf("piece of %d bytes", len(in))
			}
			if m.First {
				text = text[:0]
			}
			text = append(text, in...)
			if !inMessage && !m.Binary && !utf8.Valid(text) {
				t.Errorf("text % x", text)
			}
		}
		return 0, false
	}
	b := open(t, e, func(v *vhost.Vhost) { v.Protocols[1].ReceiveSize = fuzzPiece }, agreed)
	defer b.stop()
	received := make([]byte, 64<<10)
	for len(sent) > 0 {
		n := min(chop, len(sent))
		if _, err := b.client.Write(sent[:n]); err != nil {
			break // the server has closed
		}
		sent = sent[n:]
		for turn := 0; turn < 3 || b.server.Thread.Busy(); turn++ {
			b.server.Turn(0)
			if b.conn.QueuedBytes() > 0 {
				n, _ := b.client.Conn.Read(received)
				answer = append(answer, received[:n]...)
			}
		}
	}
	b.server.Do(func() { b.conn.Kill() })
	for {
		n, err := b.client.Conn.Read(received)
		answer = append(answer, received[:n]...)
		if err != nil {
			break
		}
	}
	return e.seen(conn.Receive), answer
}

// compare checks that what the program sees does not depend on how the bytes arrive. Errors are
// noticed sooner where more is there at once, so that one may be the beginning of the other.
func compare(t *testing.T, sent []byte, chop int, agreed *parameters) {
	if len(sent) > 64<<10 {
		t.Skip("more than a socket holds")
	}
	whole, answer := feed(t, sent, len(sent)+1, agreed)
	pieces, _ := feed(t, sent, chop, agreed)
	for i := range min(len(whole), len(pieces)) {
		a, b := whole[i], pieces[i]
		if agreed != nil {
			// How far the compressed bytes were read depends on how many were there.
			a.Remaining, b.Remaining = min(a.Remaining, 1), min(b.Remaining, 1)
		}
		if a != b {
			t.Fatalf("piece %d, at once and %d bytes at a time:\n%s", i, chop, strings.Join(describe([]event{a, b}), "\n"))
		}
	}
	for len(answer) > 0 {
		h, size, valid := parseHeader(answer)
		if !valid || h.masked || size == 0 {
			t.Fatalf("server sent % x", answer[:min(len(answer), 20)])
		}
		if h.length > uint64(len(answer)-size) {
			break // cut off when the connection was killed
		}
		answer = answer[size+int(h.length):]
	}
}

func seeds(k *client) [][]byte {
	return [][]byte{
		k.frame(bitFinal|opText, []byte("Hello, world")),
		k.frame(bitFinal|opText, bytes.Repeat([]byte("žluťoučký kůň "), 20)),
		append(k.frame(opText, []byte("a\xc3")), k.frame(bitFinal|opContinuation, []byte("\xa1b"))...),
		bytes.Join([][]byte{k.frame(opBinary, nil), k.frame(bitFinal|opPing, []byte("p")), k.frame(bitFinal|opContinuation, octets(200))}, nil),
		k.frame(bitFinal|opClose, []byte("\x03\xe8bye")),
		k.frame(bitFinal|opClose, nil),
		k.frame(bitFinal|opPong, []byte("pong")),
		k.frame(bitFinal|bitRSV1|opText, []byte{0xf2, 0x48, 0xcd, 0xc9, 0xc9, 0x07, 0x00}),
		append(k.frame(bitRSV1|opText, []byte{0xf2, 0x48}), k.frame(bitFinal|opContinuation, []byte{0xcd, 0xc9, 0xc9, 0x07, 0x00})...),
	}
}

// FuzzFrames sends anything to a connection.
func FuzzFrames(f *testing.F) {
	for i, seed := range seeds(&client{key: 7}) {
		f.Add(seed, uint8(i), i%2 == 0)
	}
	f.Fuzz(func(t *testing.T, sent []byte, chop uint8, compressed bool) {
		var agreed *parameters
		if compressed {
			agreed = &parameters{}
		}
		compare(t, sent, 1+int(chop)%64, agreed)
	})
}

// FuzzMessages sends well-formed frames: each takes its first byte, the length of its payload and the
// payload from the input.
func FuzzMessages(f *testing.F) {
	hello := []byte{0xf2, 0x48, 0xcd, 0xc9, 0xc9, 0x07, 0x00}
	f.Add(append([]byte{0xc1, 7}, hello...), uint8(1), uint8(0))
	f.Add(append(append([]byte{0x41, 3}, hello[:3]...), append([]byte{0x89, 0, 0x80, 4}, hello[3:]...)...), uint8(0), uint8(1))
	f.Add([]byte{0xc2, 1, 0x00, 0x81, 3, 'a', 'b', 'c', 0x88, 2, 3, 232}, uint8(3), uint8(2))
	packer := &client{}
	packer.compress(parameters{})
	for i, plain := range [][]byte{octets(500), []byte(strings.Repeat("some words, ", 30)), make([]byte, 30_000)} {
		packed := packer.pack(plain)
		if packed = packed[:min(len(packed), 200)]; len(packed) > 0 {
			f.Add(append([]byte{0xc2, byte(len(packed))}, packed...), uint8(i), uint8(3))
		}
	}
	f.Fuzz(func(t *testing.T, input []byte, chop, variant uint8) {
		k := &client{key: uint32(chop)}
		var sent []byte
		for len(input) >= 2 {
			n := min(int(input[1]), len(input)-2)
			sent = append(sent, k.frame(input[0], input[2:2+n])...)
			input = input[2+n:]
		}
		agreed := &parameters{clientNoTakeover: variant&1 != 0, serverNoTakeover: variant&2 != 0, clientBits: 8 + variant>>2&7, serverBits: 8 + variant>>5}
		compare(t, sent, 1+int(chop)%64, agreed)
	})
}

// FuzzOffers takes Sec-WebSocket-Extensions apart; what is accepted must be accepted again when it is
// offered as it is answered.
func FuzzOffers(f *testing.F) {
	f.Add([]byte("permessage-deflate; client_max_window_bits; server_max_window_bits=\"10\", x;y=z"))
	f.Add([]byte("permessage-deflate;server_no_context_takeover;client_no_context_takeover"))
	f.Fuzz(func(t *testing.T, field []byte) {
		offers, ok := parseOffers(field)
		if !ok {
			return
		}
		for _, o := range offers {
			if o.name != extensionName || !o.acceptable {
				continue
			}
			answer := o.appendResponse(nil)
			again, ok := parseOffers(answer)
			if !ok || len(again) != 1 || !again[0].acceptable || !bytes.Equal(again[0].appendResponse(nil), answer) {
				t.Errorf("%q answered with %q", field, answer)
			}
		}
	})
}
