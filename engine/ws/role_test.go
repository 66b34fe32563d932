package ws

import (
	"bytes"
	"reflect"
	"strings"
	"testing"
	"time"
	"unsafe"

	"golws/engine/conn"
	"golws/engine/vhost"
)

func TestRoleIsSmall(t *testing.T) {
	if size := unsafe.Sizeof(Role{}); size > 100 {
		t.Errorf("an idle connection's role takes %d bytes", size)
	}
}

func pieceSize(n int) func(*vhost.Vhost) {
	return func(v *vhost.Vhost) { v.Protocols[1].ReceiveSize = n }
}

// TestPieces: what a message is cut into depends on the frames and the piece size only, not on how
// the bytes arrive.
func TestPieces(t *testing.T) {
	text := []byte(strings.Repeat("0123456789", 26))
	tests := []struct {
		name   string
		frames func(k *client) []byte
		pieces []event
	}{
		{"small", func(k *client) []byte { return k.frame(bitFinal|opText, text[:50]) },
			[]event{{conn.Receive, string(text[:50]), conn.Message{First: true, Final: true}}}},
		{"empty", func(k *client) []byte { return k.frame(bitFinal|opBinary, nil) },
			[]event{{conn.Receive, "", conn.Message{First: true, Final: true, Binary: true}}}},
		{"as large as a piece", func(k *client) []byte { return k.frame(bitFinal|opText, text[:100]) },
			[]event{{conn.Receive, string(text[:100]), conn.Message{First: true, Final: true}}}},
		{"several pieces", func(k *client) []byte { return k.frame(bitFinal|opBinary, text[:260]) },
			[]event{
				{conn.Receive, string(text[:100]), conn.Message{First: true, Final: true, Binary: true, Remaining: 160}},
				{conn.Receive, string(text[100:200]), conn.Message{Final: true, Binary: true, Remaining: 60}},
				{conn.Receive, string(text[200:260]), conn.Message{Final: true, Binary: true}}}},
		{"fragments", func(k *client) []byte {
			return bytes.Join([][]byte{k.frame(opText, text[:120]), k.frame(bitFinal|opPing, []byte("p")),
				k.frame(opContinuation, nil), k.frame(bitFinal|opContinuation, text[120:130])}, nil)
		}, []event{
			{conn.Receive, string(text[:100]), conn.Message{First: true, Remaining: 20}},
			{conn.Receive, string(text[100:120]), conn.Message{}},
			{conn.Receive, "", conn.Message{}},
			{conn.Receive, string(text[120:130]), conn.Message{Final: true}}}},
		{"first fragment empty", func(k *client) []byte {
			return append(k.frame(opText, nil), k.frame(bitFinal|opContinuation, text[:1])...)
		}, []event{
			{conn.Receive, "", conn.Message{First: true}},
			{conn.Receive, "0", conn.Message{Final: true}}}},
	}
	for _, test := range tests {
		for _, chop := range []int{1000, 1, 7} {
			e := newEcho()
			b := open(t, e, pieceSize(100), nil)
			bytes := test.frames(b.client)
			for len(bytes) > 0 {
				n := min(chop, len(bytes))
				b.client.send(bytes[:n])
				bytes = bytes[n:]
				b.server.Turn(0)
			}
			b.waitFor("all pieces", func() bool { return len(e.seen(conn.Receive)) >= len(test.pieces) })
			if got := e.seen(conn.Receive); !reflect.DeepEqual(got, test.pieces) {
				t.Errorf("%s, %d bytes at a time:\n%s\nexpected\n%s", test.name, chop,
					strings.Join(describe(got), "\n"), strings.Join(describe(test.pieces), "\n"))
			}
			b.stop()
		}
	}
}

func TestEchoOfManyMessagesInOneRead(t *testing.T) {
	b := open(t, newEcho(), nil, nil).start()
	var all []byte
	for range 500 {
		all = append(all, b.client.frame(bitFinal|opText, []byte("thirty-two bytes, not one more.."))...)
	}
	b.client.send(all)
	for range 500 {
		b.client.expect(bitFinal|opText, []byte("thirty-two bytes, not one more.."))
	}
	b.client.close()
}

func TestPongs(t *testing.T) {
	e := newEcho()
	b := open(t, e, nil, nil)
	b.client.sendFrame(bitFinal|opPong, nil)
	b.client.sendFrame(bitFinal|opPong, []byte("you did not ask"))
	b.client.sendFrame(bitFinal|opPing, []byte("and you?"))
	b.start()
	b.client.expect(bitFinal|opPong, []byte("and you?"))
	b.stop()
	if got := e.seen(conn.ReceivePong); len(got) != 1 || got[0].data != "you did not ask" {
		t.Errorf("the program saw %v", describe(got))
	}
}

// TestPingFlood: a peer that pings and does not read makes nobody's queue grow, and still gets the
// answer to its latest ping.
func TestPingFlood(t *testing.T) {
	b := open(t, newEcho(), nil, nil)
	big := make([]byte, 4<<20)
	b.server.Do(func() {
		if _, err := b.conn.Write(big, conn.WriteBinary); err != nil {
			t.Fatal(err)
		}
	})
	ping := make([]byte, maxControl)
	for i := range 2000 {
		ping[0], ping[1] = byte(i), byte(i>>8)
		b.client.sendFrame(bitFinal|opPing, ping)
		b.server.Turn(0)
	}
	for b.server.Thread.Busy() {
		b.server.Turn(0)
	}
	if queued := b.conn.QueuedBytes(); queued > int64(len(big)+2*pongBudget) {
		t.Errorf("%d bytes queued for a message of %d", queued, len(big))
	}
	b.start()
	b.client.expectMessage(opBinary, big)
	pongs := 0
	for {
		first, payload, ok := b.client.read()
		if !ok || first != bitFinal|opPong {
			t.Fatalf("frame %#x", first)
		}
		if pongs++; bytes.Equal(payload, ping) {
			break
		}
	}
	if pongs > 2+pongBudget/maxControl {
		t.Errorf("%d pongs", pongs)
	}
}

func TestWrite(t *testing.T) {
	const failing = 0xff
	type step struct {
		kind  conn.WriteKind
		data  string
		first byte // failing: an error
	}
	for name, steps := range map[string][]step{
		"text":   {{conn.WriteText, "a", 0x81}, {conn.WriteText, "", 0x81}},
		"binary": {{conn.WriteBinary, "a", 0x82}},
		"fragments": {{conn.WriteText | conn.WriteNoFin, "a", 0x01}, {conn.WritePing, "p", 0x89},
			{conn.WriteContinuation | conn.WriteNoFin, "b", 0x00}, {conn.WritePong, "q", 0x8a},
			{conn.WriteContinuation, "", 0x80}, {conn.WriteBinary, "c", 0x82}},
		"continuation of nothing": {{conn.WriteContinuation, "a", failing}, {conn.WriteText, "b", 0x81}},
		"message within a message": {{conn.WriteText | conn.WriteNoFin, "a", 0x01}, {conn.WriteText, "b", failing},
			{conn.WriteContinuation, "c", 0x80}},
		"long ping":       {{conn.WritePing, strings.Repeat("p", 126), failing}, {conn.WritePing, strings.Repeat("p", 125), 0x89}},
		"fragmented ping": {{conn.WritePing | conn.WriteNoFin, "p", failing}},
		"http":            {{conn.WriteHTTP, "raw", failing}, {conn.WriteHTTPHeaders, "raw", failing}},
		"other flags":     {{conn.WriteText | conn.WriteBuflist | conn.WriteStreamEnd, "a", 0x81}},
	} {
		b := open(t, newEcho(), nil, nil).start()
		for i, s := range steps {
			var n int
			var err error
			b.server.Do(func() { n, err = b.conn.Write([]byte(s.data), s.kind) })
			if s.first == failing {
				if err == nil {
					t.Errorf("%s: step %d succeeded", name, i)
				}
				continue
			}
			if err != nil || n != len(s.data) {
				t.Errorf("%s: step %d: %d, %v", name, i, n, err)
				continue
			}
			b.client.expect(s.first, []byte(s.data))
		}
		b.stop()
	}
}

// TestWriteKeepsBuffer: the program's buffer is not changed, whatever way the bytes take.
func TestWriteKeepsBuffer(t *testing.T) {
	for _, agreed := range []*parameters{nil, {}} {
		for _, size := range []int{0, 1, 125, 126, 5000, 65535, 65536, 1 << 20} {
			b := open(t, newEcho(), nil, agreed).start()
			p := make([]byte, size)
			for i := range p {
				p[i] = byte(i * i >> 3)
			}
			saved := bytes.Clone(p)
			b.server.Do(func() {
				if n, err := b.conn.Write(p, conn.WriteBinary); n != size || err != nil {
					t.Errorf("%d bytes: %d, %v", size, n, err)
				}
			})
			b.client.expectMessage(opBinary, saved)
			if !bytes.Equal(p, saved) {
				t.Errorf("%d bytes: the buffer was changed", size)
			}
			b.stop()
		}
	}
}

// reasons are the events of a connection in order, without those of its beginning.
func (e *echo) reasons() (all []conn.Reason) {
	for _, v := range e.events {
		switch v.reason {
		case conn.WSICreate, conn.HTTPBindProtocol, conn.ServerNewClientInstantiated:
		default:
			all = append(all, v.reason)
		}
	}
	return all
}

func (b *bench) expectReasons(want ...conn.Reason) {
	b.Helper()
	if got := b.program.reasons(); !reflect.DeepEqual(got, want) {
		b.Errorf("events %v, expected %v", got, want)
	}
}

func TestPeerCloses(t *testing.T) {
	for _, test := range []struct{ sent, shown, answer string }{
		{"", "", ""},
		{"\x03\xe8", "\x03\xe8", "\x03\xe8"},
		{"\x0f\xa0bye", "\x0f\xa0bye", "\x0f\xa0bye"},
		{"\x03\xedx", "\x03\xeax", "\x03\xeax"}, // 1005 must not be sent
		{"\x03", "\x03\xea", "\x03\xea"},
	} {
		e := newEcho()
		b := open(t, e, nil, nil)
		b.client.sendFrame(bitFinal|opClose, []byte(test.sent))
		b.waitFor("the end", func() bool { return len(e.seen(conn.Closed)) > 0 })
		b.start()
		b.client.expect(bitFinal|opClose, []byte(test.answer))
		b.client.expectEnd()
		b.client.Close()
		b.stop()
		if got := e.seen(conn.WSPeerInitiatedClose); len(got) != 1 || got[0].data != test.shown {
			t.Errorf("close %q: the program saw %v", test.sent, describe(got))
		}
		b.expectReasons(conn.WSPeerInitiatedClose, conn.WSServerDropProtocol, conn.Closed, conn.WSIDestroy)
	}
}

func TestProgramRefusesToAnswerClose(t *testing.T) {
	for _, withReason := range []bool{false, true} {
		e := newEcho()
		b := open(t, e, nil, nil)
		e.on = func(c *conn.Conn, reason conn.Reason, in []byte, _ conn.Message) (int, bool) {
			if reason != conn.WSPeerInitiatedClose {
				return 0, false
			}
			if withReason {
				b.role.SetCloseReason(4001, []byte("no, me"))
			}
			return -1, true
		}
		b.start()
		b.client.sendFrame(bitFinal|opClose, []byte{3, 232})
		if withReason {
			b.client.expect(bitFinal|opClose, []byte("\x0f\xa1no, me"))
		}
		b.client.expectEnd()
		b.client.Close()
		b.stop()
		b.expectReasons(conn.WSPeerInitiatedClose, conn.WSServerDropProtocol, conn.Closed, conn.WSIDestroy)
	}
}

// TestProgramCloses: with a reason the close frame is sent and the peer's awaited; nothing that
// the peer sends meanwhile reaches the program.
func TestProgramCloses(t *testing.T) {
	e := newEcho()
	b := open(t, e, nil, nil)
	e.on = func(c *conn.Conn, reason conn.Reason, in []byte, _ conn.Message) (int, bool) {
		if reason != conn.Receive {
			return 0, false
		}
		b.role.SetCloseReason(1001, []byte("going away"))
		return 1, true
	}
	b.start()
	b.client.sendFrame(bitFinal|opText, []byte("last"))
	b.client.sendFrame(opText, []byte("later"))
	b.client.sendFrame(bitFinal|opPing, []byte("ping"))
	b.client.expect(bitFinal|opClose, []byte("\x03\xe9going away"))
	b.client.sendFrame(bitFinal|opContinuation, bytes.Repeat([]byte("more "), 50_000))
	b.server.Do(func() {
		if _, err := b.conn.Write([]byte("x"), conn.WriteText); err == nil {
			t.Error("write after the close frame succeeded")
		}
	})
	b.client.sendFrame(bitFinal|opClose, []byte{3, 233})
	b.client.expectEnd()
	b.client.Close()
	b.stop()
	b.expectReasons(conn.Receive, conn.WSServerDropProtocol, conn.Closed, conn.WSIDestroy)
}

func TestProgramClosesWithoutReason(t *testing.T) {
	e := newEcho()
	b := open(t, e, nil, nil)
	e.on = func(c *conn.Conn, reason conn.Reason, in []byte, _ conn.Message) (int, bool) {
		if reason != conn.Receive {
			return 0, false
		}
		c.Write([]byte("farewell"), conn.WriteText)
		return -1, true
	}
	b.start()
	b.client.sendFrame(bitFinal|opText, []byte("go"))
	b.client.expect(bitFinal|opText, []byte("farewell"))
	b.client.expectEnd()
	b.client.Close()
	b.stop()
	b.expectReasons(conn.Receive, conn.WSServerDropProtocol, conn.Closed, conn.WSIDestroy)
}

func TestCloseFrameIsNotAnswered(t *testing.T) {
	e := newEcho()
	b := open(t, e, nil, nil)
	b.server.Do(func() {
		b.role.SetCloseReason(1000, nil)
		b.conn.Finish()
	})
	b.server.Turn(0)
	if why := b.conn.TimeoutReason(); why != conn.TimeoutCloseAck {
		t.Errorf("time limit for %d", why)
	}
	// What the timer does after some seconds.
	b.server.Do(func() { b.conn.SetTimeout(conn.TimeoutCloseAck, time.Microsecond) })
	b.waitFor("the end", func() bool { return len(e.seen(conn.WSIDestroy)) > 0 })
	b.expectReasons(conn.WSServerDropProtocol, conn.Closed, conn.WSIDestroy)
	b.client.expect(bitFinal|opClose, []byte{3, 232})
	b.client.expectEnd()
}

func TestCrossingCloses(t *testing.T) {
	e := newEcho()
	b := open(t, e, nil, nil)
	b.client.sendFrame(bitFinal|opClose, []byte{3, 232})
	b.server.Do(func() {
		b.role.SetCloseReason(1001, nil)
		b.conn.Finish()
	})
	b.start()
	b.client.expect(bitFinal|opClose, []byte{3, 233})
	b.client.expectEnd()
	b.client.Close()
	b.stop()
	b.expectReasons(conn.WSServerDropProtocol, conn.Closed, conn.WSIDestroy)
}

func TestLongReasonIsCut(t *testing.T) {
	b := open(t, newEcho(), nil, nil).start()
	b.server.Do(func() {
		b.role.SetCloseReason(1001, bytes.Repeat([]byte("r"), 500))
		b.conn.Finish()
	})
	b.client.expect(bitFinal|opClose, append([]byte{3, 233}, bytes.Repeat([]byte("r"), maxReason)...))
}

func TestVanishingPeer(t *testing.T) {
	for name, prepare := range map[string]func(k *client){
		"idle":            func(k *client) {},
		"within a header": func(k *client) { k.send([]byte{0x81}) },
		"within a frame":  func(k *client) { k.send(k.frame(0x81, make([]byte, 9000))[:5000]) },
		"within a message": func(k *client) {
			k.sendFrame(opText, []byte("a"))
		},
	} {
		e := newEcho()
		b := open(t, e, nil, nil)
		prepare(b.client)
		b.server.Turn(0)
		b.client.Close()
		b.waitFor("the end: "+name, func() bool { return len(e.seen(conn.WSIDestroy)) > 0 })
		if got := len(e.seen(conn.Closed)); got != 1 {
			t.Errorf("%s: closed %d times", name, got)
		}
	}
}

// TestFlowControl: a program that pauses after each piece gets all of them nevertheless, in order.
func TestFlowControl(t *testing.T) {
	for _, agreed := range []*parameters{nil, {}} {
		e := newEcho()
		b := open(t, e, pieceSize(100), agreed)
		var got []byte
		final := false
		e.on = func(c *conn.Conn, reason conn.Reason, in []byte, m conn.Message) (int, bool) {
			if reason != conn.Receive {
				return 0, false
			}
			if final {
				t.Error("a piece after the last")
			}
			if len(in) > 100 {
				t.Errorf("piece of %d bytes", len(in))
			}
			got = append(got, in...)
			final = m.Final && m.Remaining == 0
			c.Pause(conn.PauseByProgram)
			return 0, true
		}
		text := bytes.Repeat([]byte("Flow control, "), 400)
		if agreed == nil {
			b.client.send(b.client.fragments(opText, text, 777))
		} else {
			b.client.send(b.client.fragments(opText|bitRSV1, b.client.pack(text), 17))
		}
		for turn := 0; !final; turn++ {
			if turn > 2000 {
				t.Fatalf("%d bytes of %d arrived", len(got), len(text))
			}
			before := len(got)
			b.server.Turn(time.Millisecond)
			if len(got) > before+100 {
				t.Fatal("more than one piece came while reading was paused")
			}
			b.server.Do(func() { b.conn.Resume(conn.PauseByProgram) })
		}
		if !bytes.Equal(got, text) {
			t.Errorf("%d bytes arrived, %d were sent", len(got), len(text))
		}
		b.stop()
	}
}

func TestWritable(t *testing.T) {
	e := newEcho()
	b := open(t, e, nil, nil)
	e.on = func(c *conn.Conn, reason conn.Reason, in []byte, _ conn.Message) (int, bool) {
		if reason == conn.ServerWriteable {
			for _, word := range []string{"any", "number", "of", "writes"} {
				if _, err := c.Write([]byte(word), conn.WriteText); err != nil {
					t.Error(err)
				}
			}
		}
		return 0, false
	}
	b.start()
	b.server.Do(func() { b.conn.RequestWritable() })
	for _, word := range []string{"any", "number", "of", "writes"} {
		b.client.expect(bitFinal|opText, []byte(word))
	}
	b.client.close()
}

func TestValidityPing(t *testing.T) {
	e := newEcho()
	b := open(t, e, func(v *vhost.Vhost) {
		v.Retry = vhost.RetryPolicy{ValidPing: time.Millisecond, ValidHangup: time.Hour}
	}, nil)
	b.server.Do(func() { b.conn.StartValidity() })
	b.start()
	b.client.expect(bitFinal|opPing, nil)
	b.client.sendFrame(bitFinal|opPong, nil)
	b.client.expect(bitFinal|opPing, nil)
	b.stop()
	if got := e.seen(conn.ReceivePong); len(got) != 0 {
		t.Errorf("the program saw the library's own pong: %v", describe(got))
	}
	if got := e.seen(conn.ServerWriteable); len(got) == 0 {
		t.Error("no writable callback came with the ping")
	}
}

func TestPeerBreaksRules(t *testing.T) {
	long := make([]byte, 126)
	for name, test := range map[string]struct {
		code  int
		bytes func(k *client) []byte
	}{
		"no mask": {1002, func(k *client) []byte { k.unmasked = true; return k.frame(bitFinal|opText, []byte("x")) }},
		"length of 16 bits for few bytes": {1002, func(k *client) []byte {
			return []byte{0x82, 0xfe, 0, 5, 0, 0, 0, 0, 1, 2, 3, 4, 5}
		}},
		"length of 64 bits for few bytes": {1002, func(k *client) []byte {
			return []byte{0x82, 0xff, 0, 0, 0, 0, 0, 0, 0, 5, 0, 0, 0, 0, 1, 2, 3, 4, 5}
		}},
		"negative length": {1002, func(k *client) []byte {
			return []byte{0x82, 0xff, 0x80, 0, 0, 0, 0, 0, 0, 5, 0, 0, 0, 0}
		}},
		"long close":   {1002, func(k *client) []byte { return k.frame(bitFinal|opClose, long) }},
		"control head": {1002, func(k *client) []byte { return []byte{bitFinal | opPing, 0xfe} }},
		"continuation with RSV1": {1002, func(k *client) []byte {
			return append(k.frame(opText, []byte("a")), k.frame(bitFinal|bitRSV1|opContinuation, []byte("b"))...)
		}},
	} {
		b := open(t, newEcho(), nil, nil).start()
		b.client.send(test.bytes(b.client))
		for {
			first, payload, ok := b.client.read()
			if !ok {
				t.Errorf("%s: no close frame", name)
				break
			}
			if first == bitFinal|opClose {
				if code := int(payload[0])<<8 | int(payload[1]); code != test.code {
					t.Errorf("%s: code %d", name, code)
				}
				b.client.expectEnd()
				break
			}
		}
		b.stop()
	}
}

// TestTextIsNotCheckedUnlessAskedFor: programs opt in to the validation.
func TestTextIsNotCheckedUnlessAskedFor(t *testing.T) {
	b := open(t, newEcho(), func(v *vhost.Vhost) { v.Options &^= vhost.ValidateUTF8 }, nil).start()
	b.client.sendFrame(bitFinal|opText, []byte{0xff, 0xfe})
	b.client.expect(bitFinal|opText, []byte{0xff, 0xfe})
	b.client.close()
}

// TestNoAllocation: a message is received and answered without the garbage collector's help.
func TestNoAllocation(t *testing.T) {
	for _, test := range []struct{ size, piece int }{{0, 0}, {32, 0}, {1000, 0}, {40_000, 0}, {40_000, 65536}} {
		e := newEcho()
		e.records = false
		b := open(t, e, pieceSize(test.piece), nil)
		var answer [128 << 10]byte
		request := b.client.frame(bitFinal|opBinary, make([]byte, test.size))
		want := headerSize(test.size, false) + test.size
		once := func() {
			b.client.send(request)
			for got := 0; got < want; {
				b.server.Turn(0)
				b.server.Turn(0)
				n, err := b.client.Conn.Read(answer[:])
				if err != nil {
					t.Fatal(err)
				}
				got += n
			}
		}
		for range 20 {
			once()
		}
		if n := testing.AllocsPerRun(200, once); n != 0 {
			t.Errorf("%d bytes in pieces of %d: %v allocations for each message", test.size, test.piece, n)
		}
		b.stop()
	}
}

func TestValidityHangup(t *testing.T) {
	e := newEcho()
	b := open(t, e, func(v *vhost.Vhost) {
		v.Retry = vhost.RetryPolicy{ValidPing: time.Millisecond, ValidHangup: 50 * time.Millisecond}
	}, nil)
	b.server.Do(func() { b.conn.StartValidity() })
	b.waitFor("the end", func() bool { return len(e.seen(conn.WSIDestroy)) > 0 })
	b.client.expect(bitFinal|opPing, nil)
	b.client.expectEnd()
}

func TestReasonWithoutCode(t *testing.T) {
	for _, code := range []uint16{0, 1005, 1006, 1015, 2000, 9999} {
		b := open(t, newEcho(), nil, nil).start()
		b.server.Do(func() {
			b.role.SetCloseReason(code, []byte("text"))
			b.conn.Finish()
		})
		b.client.expect(bitFinal|opClose, nil)
		b.stop()
	}
}

func TestClosePayload(t *testing.T) {
	b := open(t, newEcho(), nil, nil)
	payload := func() (p string) {
		b.server.Do(func() { p = string(b.role.ClosePayload()) })
		return p
	}
	if p := payload(); p != "" {
		t.Errorf("before the end: %q", p)
	}
	b.server.Do(func() { b.role.SetCloseReason(1001, []byte("mine")) })
	if p := payload(); p != "\x03\xe9mine" {
		t.Errorf("own reason: %q", p)
	}
	closed := ""
	b.program.on = func(c *conn.Conn, reason conn.Reason, in []byte, _ conn.Message) (int, bool) {
		if reason == conn.Closed {
			closed = string(b.role.ClosePayload())
		}
		return 0, false
	}
	b.client.sendFrame(bitFinal|opClose, []byte("\x03\xe8theirs"))
	b.waitFor("the end", func() bool { return len(b.program.seen(conn.Closed)) > 0 })
	if closed != "\x03\xe8theirs" {
		t.Errorf("the peer's: %q", closed)
	}
}

// TestNoAllocationInParts: nor where a message arrives in several reads.
func TestNoAllocationInParts(t *testing.T) {
	for _, size := range []int{1500, 5000, 60_000} {
		e := newEcho()
		e.records = false
		b := open(t, e, pieceSize(65536), nil)
		var answer [128 << 10]byte
		request := b.client.frame(bitFinal|opBinary, make([]byte, size))
		once := func() {
			for part := range 5 {
				b.client.send(request[part*len(request)/5 : (part+1)*len(request)/5])
				b.server.Turn(0)
			}
			for got := 0; got < headerSize(size, false)+size; {
				n, err := b.client.Conn.Read(answer[:])
				if err != nil {
					t.Fatal(err)
				}
				got += n
				b.server.Turn(0)
			}
		}
		for range 20 {
			once()
		}
		if n := testing.AllocsPerRun(100, once); n != 0 {
			t.Errorf("%d bytes: %v allocations for each message", size, n)
		}
		b.stop()
	}
}

// TestOtherPerspective: seen from the client's side, what is sent is masked and what comes must not be.
func TestOtherPerspective(t *testing.T) {
	side := perspective{receive: conn.Receive, receivePong: conn.ReceivePong, writeable: conn.ServerWriteable,
		closed: conn.Closed, drop: conn.WSServerDropProtocol, masks: true}
	e := newEcho()
	b := open(t, e, nil, nil)
	b.role.side = &side
	for _, size := range []int{0, 5, 200, 70_000} {
		text := bytes.Repeat([]byte("m"), size)
		saved := bytes.Clone(text)
		b.server.Do(func() { b.conn.Write(text, conn.WriteText) })
		if !bytes.Equal(text, saved) {
			t.Error("the program's buffer was masked")
		}
		want := headerSize(size, true) + size
		got := make([]byte, 0, want)
		for len(got) < want {
			b.server.Turn(0)
			n, err := b.client.Conn.Read(got[len(got):want])
			if err != nil {
				t.Fatal(err)
			}
			got = got[:len(got)+n]
		}
		h, head, valid := parseHeader(got)
		mask(got[head:], h.key)
		if !valid || !h.masked || h.key == 0 || !bytes.Equal(got[head:], text) {
			t.Errorf("%d bytes: header %+v, payload %.20q", size, h, got[head:])
		}
	}
	b.client.unmasked = true
	b.client.sendFrame(bitFinal|opText, []byte("from a server"))
	b.waitFor("the message", func() bool { return len(e.seen(conn.Receive)) > 0 })
	if got := e.seen(conn.Receive)[0].data; got != "from a server" {
		t.Errorf("received %q", got)
	}
	b.client.unmasked = false
	b.client.sendFrame(bitFinal|opText, []byte("masked"))
	b.waitFor("the end", func() bool { return len(e.seen(conn.Closed)) > 0 })
}
