package ws

import (
	"bytes"
	"fmt"
	"math/rand"
	"reflect"
	"strings"
	"testing"

	"golws/engine/conn"
	"golws/engine/inflate"
)

func TestParseOffers(t *testing.T) {
	for field, want := range map[string]string{
		"":                   "",
		" , ,":               "",
		"permessage-deflate": "permessage-deflate",
		"permessage-deflate; client_max_window_bits":                                 "permessage-deflate",
		"permessage-deflate;server_no_context_takeover;client_no_context_takeover":   "permessage-deflate; server_no_context_takeover; client_no_context_takeover",
		"permessage-deflate; server_max_window_bits=10":                              "permessage-deflate; server_max_window_bits=10",
		"permessage-deflate; server_max_window_bits = \"8\" ":                        "permessage-deflate; server_max_window_bits=8",
		"permessage-deflate; client_max_window_bits=9":                               "permessage-deflate; client_max_window_bits=9",
		"permessage-deflate; client_max_window_bits=15":                              "permessage-deflate",
		"x-webkit-deflate-frame, permessage-deflate":                                 "permessage-deflate",
		"permessage-deflate; server_max_window_bits=7, permessage-deflate":           "permessage-deflate",
		"permessage-deflate; server_max_window_bits":                                 "none",
		"permessage-deflate; server_max_window_bits=16":                              "none",
		"permessage-deflate; server_max_window_bits=09":                              "none",
		"permessage-deflate; server_max_window_bits=+9":                              "malformed",
		"permessage-deflate; server_max_window_bits=10; server_max_window_bits=10":   "none",
		"permessage-deflate; client_max_window_bits=x":                               "none",
		"permessage-deflate; client_no_context_takeover=1":                           "none",
		"permessage-deflate; server_no_context_takeover; server_no_context_takeover": "none",
		"permessage-deflate; unknown":                                                "none",
		"permessage-deflate;":                                                        "malformed",
		"permessage-deflate; a=":                                                     "malformed",
		"permessage-deflate; a=\"":                                                   "malformed",
		"permessage-deflate; a=\"b":                                                  "malformed",
		"permessage-deflate bits":                                                    "malformed",
		"=":                                                                          "malformed",
		strings.Repeat("a,", 1000):                                                   "malformed",
		strings.Repeat("permessage-deflate;", 9):                                     "malformed",
	} {
		if strings.HasSuffix(field, "+9") {
			want = "none" // a token, though no number
		}
		got := ""
		offers, ok := parseOffers([]byte(field))
		if !ok {
			got = "malformed"
		}
		for _, o := range offers {
			if got = "none"; o.name == extensionName && o.acceptable {
				got = string(o.appendResponse(nil))
				break
			}
		}
		if got != want {
			t.Errorf("%.80q: %q, expected %q", field, got, want)
		}
	}
}

// TestCompressedPieces: they have the sizes of uncompressed ones, and their flags lead to the end of
// the message.
func TestCompressedPieces(t *testing.T) {
	text := []byte(strings.Repeat("0123456789", 25))
	for _, chop := range []int{1000, 1} {
		for _, length := range []int{0, 1, 99, 100, 101, 200, 250} {
			e := newEcho()
			b := open(t, e, pieceSize(100), &parameters{})
			packed := b.client.frame(bitFinal|bitRSV1|opText, b.client.pack(text[:length]))
			for at := 0; at < len(packed); at += chop {
				b.client.send(packed[at:min(at+chop, len(packed))])
				b.server.Turn(0)
			}
			var sizes []int
			b.waitFor("the message", func() bool {
				seen := e.seen(conn.Receive)
				return len(seen) > 0 && seen[len(seen)-1].Final
			})
			all := ""
			for i, v := range e.seen(conn.Receive) {
				sizes = append(sizes, len(v.data))
				all += v.data
				last := i == len(e.seen(conn.Receive))-1
				if v.First != (i == 0) || (v.Final && v.Remaining == 0) != last || v.Reserved != bitRSV1 {
					t.Errorf("length %d: piece %d of %d: %s", length, i, len(e.seen(conn.Receive)), describe([]event{v}))
				}
			}
			want := []int{}
			for rest := length; ; rest -= 100 {
				want = append(want, min(rest, 100))
				if rest <= 100 {
					break
				}
			}
			if !reflect.DeepEqual(sizes, want) || all != string(text[:length]) {
				t.Errorf("length %d: pieces %v, expected %v", length, sizes, want)
			}
			b.stop()
		}
	}
}

func TestCompressedEcho(t *testing.T) {
	r := rand.New(rand.NewSource(1))
	words := strings.Fields("the server compresses what the client has sent and the client compresses it too")
	for _, agreed := range []parameters{{}, {serverNoTakeover: true}, {clientNoTakeover: true},
		{serverBits: 8}, {serverBits: 9, clientBits: 9}, {clientBits: 8}, {serverBits: 15, clientBits: 15},
		{serverNoTakeover: true, clientNoTakeover: true, serverBits: 12, clientBits: 11}} {
		b := open(t, newEcho(), nil, &agreed).start()
		// Every distance that the server uses must be within the window it agreed to.
		bits := 15
		if agreed.serverBits != 0 {
			bits = int(agreed.serverBits)
		}
		window := inflate.NewWindow(bits)
		for i := range 60 {
			var text bytes.Buffer
			for range r.Intn(1 << uint(r.Intn(12))) {
				fmt.Fprint(&text, words[r.Intn(len(words))], " ", r.Intn(1000), " ")
			}
			switch {
			case i%7 == 0:
				// A message need not be compressed.
				b.client.sendFrame(bitFinal|opText, text.Bytes())
			case i%3 == 0:
				b.client.send(b.client.fragments(bitRSV1|opText, b.client.pack(text.Bytes()), 1+r.Intn(200)))
			default:
				b.client.sendFrame(bitFinal|bitRSV1|opText, b.client.pack(text.Bytes()))
			}
			first, answer, ok := b.client.read()
			if !ok || first != bitFinal|bitRSV1|opText {
				t.Fatalf("%+v: message %d: frame %#x %.40q", agreed, i, first, answer)
			}
			if agreed.serverNoTakeover {
				window.Reset()
			}
			var d inflate.Decoder
			plain := make([]byte, text.Len()+1000)
			n, _, err := d.Decode(plain, append(bytes.Clone(answer), trailer...), &window)
			if err != nil || !bytes.Equal(plain[:n], text.Bytes()) || !d.Clean() {
				t.Fatalf("%+v: message %d of %d bytes: %d came back, error %v", agreed, i, text.Len(), n, err)
			}
		}
		b.client.close()
		b.stop()
	}
}

// TestContextHelps: with context takeover a repeated message costs next to nothing.
func TestContextHelps(t *testing.T) {
	text := make([]byte, 3000)
	rand.New(rand.NewSource(1)).Read(text)
	for i := range text {
		text[i] = 'a' + text[i]%26
	}
	for _, takeover := range []bool{true, false} {
		b := open(t, newEcho(), nil, &parameters{serverNoTakeover: !takeover}).start()
		var sizes []int
		for range 3 {
			b.client.sendFrame(bitFinal|opText, text)
			_, answer, _ := b.client.read()
			sizes = append(sizes, len(answer))
		}
		if (sizes[2] < sizes[0]/4) != takeover {
			t.Errorf("context takeover %v: sizes %v", takeover, sizes)
		}
		b.stop()
	}
}

func TestFragmentsOfTheProgramAreCompressed(t *testing.T) {
	b := open(t, newEcho(), nil, &parameters{}).start()
	for range 3 {
		b.server.Do(func() {
			b.conn.Write([]byte("one, "), conn.WriteText|conn.WriteNoFin)
			b.conn.Write([]byte("between"), conn.WritePing)
			b.conn.Write(nil, conn.WriteContinuation|conn.WriteNoFin)
			b.conn.Write([]byte("two"), conn.WriteContinuation)
			b.conn.Write(nil, conn.WriteBinary)
		})
		var message []byte
		for i, want := range []byte{bitRSV1 | opText, bitFinal | opPing, opContinuation, bitFinal | opContinuation} {
			first, payload, _ := b.client.read()
			if first != want {
				t.Fatalf("frame %d: %#x, expected %#x", i, first, want)
			}
			if first&opControl == 0 {
				message = append(message, payload...)
			}
		}
		if got := b.client.unpack(message, 8); string(got) != "one, two" {
			t.Errorf("message %q", got)
		}
		b.client.expectMessage(opBinary, nil)
	}
}

// TestBigMessageIsSplit: the output is not gathered in memory beyond a frame.
func TestBigMessageIsSplit(t *testing.T) {
	b := open(t, newEcho(), nil, &parameters{}).start()
	noise := make([]byte, 300_000)
	rand.New(rand.NewSource(1)).Read(noise)
	b.server.Do(func() { b.conn.Write(noise, conn.WriteBinary) })
	b.client.expectMessage(opBinary, noise)
	b.server.Do(func() {
		if !b.role.SetExtensionOption("permessage-deflate", "tx_buf_size", "10") {
			t.Error("tx_buf_size refused")
		}
		b.conn.Write(noise[:10_000], conn.WriteBinary)
	})
	first, payload, _ := b.client.read()
	if first != bitRSV1|opBinary || len(payload) != 1024 {
		t.Errorf("frame %#x of %d bytes", first, len(payload))
	}
}

func TestBadCompressedData(t *testing.T) {
	bomb := func(k *client) []byte {
		packed := k.pack(make([]byte, 64<<20))
		return k.frame(bitFinal|bitRSV1|opBinary, packed)
	}
	for name, test := range map[string]struct {
		code  int
		bytes func(k *client) []byte
	}{
		"no deflate data": {1007, func(k *client) []byte {
			return k.frame(bitFinal|bitRSV1|opText, []byte{0xff, 0xff, 0xff})
		}},
		"truncated": {1007, func(k *client) []byte {
			p := k.pack([]byte(strings.Repeat("something to compress ", 10)))
			return k.frame(bitFinal|bitRSV1|opText, p[:len(p)/2])
		}},
		"truncated, in fragments": {1007, func(k *client) []byte {
			p := k.pack([]byte(strings.Repeat("something to compress ", 10)))
			return append(k.frame(bitRSV1|opText, p[:len(p)/2]), k.frame(bitFinal|opContinuation, nil)...)
		}},
		"text is not UTF-8":  {1007, func(k *client) []byte { return k.frame(bitFinal|bitRSV1|opText, k.pack([]byte{0xc3, 0x28})) }},
		"ends within a rune": {1007, func(k *client) []byte { return k.frame(bitFinal|bitRSV1|opText, k.pack([]byte{0xc3})) }},
		"compressed ping":    {1002, func(k *client) []byte { return k.frame(bitFinal|bitRSV1|opPing, k.pack([]byte("ping"))) }},
		"RSV1 in the middle": {1002, func(k *client) []byte {
			return append(k.frame(bitRSV1|opText, k.pack([]byte("a"))), k.frame(bitFinal|bitRSV1|opContinuation, nil)...)
		}},
		"RSV2": {1002, func(k *client) []byte { return k.frame(bitFinal|bitRSV1|0x20|opText, k.pack([]byte("a"))) }},
		"bomb": {1009, bomb},
	} {
		e := newEcho()
		e.records = false
		received := 0
		e.on = func(c *conn.Conn, reason conn.Reason, in []byte, m conn.Message) (int, bool) {
			received += len(in)
			return 0, true
		}
		b := open(t, e, nil, &parameters{}).start()
		b.client.send(test.bytes(b.client))
		b.client.expectClose(test.code)
		b.stop()
		if received > expansionAllowance+100_000 {
			t.Errorf("%s: the program got %d bytes", name, received)
		}
	}
}

// TestFinalBlock: senders that cannot flush mark a block as the last one (RFC 7692 section 7.2.3.4).
func TestFinalBlock(t *testing.T) {
	b := open(t, newEcho(), nil, &parameters{}).start()
	for range 2 {
		for _, message := range [][]byte{
			{0xf3, 0x48, 0xcd, 0xc9, 0xc9, 0x07, 0x00, 0x00},                               // with the byte that the RFC wants after it
			{0xf3, 0x48, 0xcd, 0xc9, 0xc9, 0x07, 0x00},                                     // and without
			{0xf2, 0x48, 0x05, 0x00, 0x00, 0x00, 0xff, 0xff, 0xca, 0xc9, 0xc9, 0x07, 0x00}, // two blocks
			{0x00, 0x05, 0x00, 0xfa, 0xff, 0x48, 0x65, 0x6c, 0x6c, 0x6f, 0x00},             // stored
		} {
			b.client.sendFrame(bitFinal|bitRSV1|opText, message)
			b.client.expectMessage(opText, []byte("Hello"))
		}
	}
	b.client.sendFrame(bitFinal|bitRSV1|opText, []byte{0x00})
	b.client.expectMessage(opText, nil)
	b.client.sendFrame(bitFinal|bitRSV1|opText, nil)
	b.client.expectClose(1007)
}

// TestBombTakesTurns: while a message inflates, other connections are served, and the program gets
// all of it.
func TestBombTakesTurns(t *testing.T) {
	e := newEcho()
	e.records = false
	b := open(t, e, nil, &parameters{})
	slow, bomb := b.conn, b.client
	b.connect(nil)
	received, before := 0, 0
	const size = 8 << 20
	e.on = func(c *conn.Conn, reason conn.Reason, in []byte, m conn.Message) (int, bool) {
		if c == slow {
			received += len(in)
		} else if reason == conn.Receive {
			before = received
		}
		return 0, true
	}
	bomb.sendFrame(bitFinal|bitRSV1|opBinary, bomb.pack(make([]byte, size)))
	b.client.sendFrame(bitFinal|opText, []byte("me too"))
	b.server.Turn(0)
	bomb.sendFrame(bitFinal|bitRSV1|opBinary, bomb.pack(make([]byte, 1000)))
	b.waitFor("both messages", func() bool { return received == size+1000 })
	if before == 0 || before >= size/2 {
		t.Errorf("the other connection was served after %d bytes", before)
	}
}

// TestBombOfVanishedPeer: what was sent arrives, also where it takes several turns.
func TestBombOfVanishedPeer(t *testing.T) {
	e := newEcho()
	e.records = false
	b := open(t, e, nil, &parameters{})
	received, closed := 0, false
	e.on = func(c *conn.Conn, reason conn.Reason, in []byte, m conn.Message) (int, bool) {
		received += len(in)
		closed = closed || reason == conn.Closed
		return 0, true
	}
	const size = 4 << 20
	b.client.sendFrame(bitFinal|bitRSV1|opBinary, b.client.pack(make([]byte, size)))
	b.server.Turn(0)
	b.client.Close()
	b.waitFor("the end", func() bool { return closed })
	if received != size {
		t.Errorf("%d bytes of %d arrived", received, size)
	}
}

func TestCompressorsAreShared(t *testing.T) {
	b := open(t, newEcho(), nil, &parameters{}).start()
	clients := []*client{b.client}
	for i := range 2 * ownedCompressors {
		b.connect(&parameters{serverBits: uint8(15 - i%3)})
		clients = append(clients, b.client)
	}
	text := []byte("each of these connections has a context, but the compressors are few")
	for range 3 {
		for _, k := range clients {
			k.sendFrame(bitFinal|bitRSV1|opText, k.pack(text))
			k.expectMessage(opText, text)
		}
	}
	b.server.Do(func() {
		if n := b.shared.compressors.count; n != ownedCompressors {
			t.Errorf("%d compressors", n)
		}
	})
	for _, k := range clients {
		k.close()
	}
	b.stop()
	for k := b.shared.compressors.newest; k != nil; k = k.older {
		if k.owner != nil {
			t.Error("a closed connection owns a compressor")
			break
		}
	}
}

func TestExtensionOptions(t *testing.T) {
	b := open(t, newEcho(), nil, &parameters{serverBits: 12})
	for option, want := range map[string]bool{
		"server_no_context_takeover=1": true, "server_no_context_takeover=": true,
		"server_max_window_bits=12": true, "server_max_window_bits=9": true,
		"server_max_window_bits=13": false, "server_max_window_bits=7": false,
		"client_no_context_takeover=1": false, "client_max_window_bits=9": false,
		"rx_buf_size=10": true, "rx_buf_size=6": false, "rx_buf_size=x": false,
		"tx_buf_size=14": true, "tx_buf_size=31": false,
		"compression_level=9": true, "compression_level=0": false, "compression_level=10": false,
		"mem_level=8": true, "mem_level=10": false, "max_message_size=1000000": true, "unknown=1": false,
	} {
		name, value, _ := strings.Cut(option, "=")
		if got := b.role.SetExtensionOption("permessage-deflate", name, value); got != want {
			t.Errorf("%s: %v", option, got)
		}
	}
	if b.role.SetExtensionOption("deflate-frame", "rx_buf_size", "10") {
		t.Error("an option of another extension was taken")
	}
	if open(t, newEcho(), nil, nil).role.SetExtensionOption("permessage-deflate", "rx_buf_size", "10") {
		t.Error("an option was taken where the extension is not in use")
	}
}

func TestOptionsTakeEffect(t *testing.T) {
	e := newEcho()
	b := open(t, e, nil, &parameters{})
	for option, value := range map[string]string{"rx_buf_size": "7", "max_message_size": "2000", "compression_level": "9",
		"server_max_window_bits": "10", "server_no_context_takeover": "1"} {
		if !b.role.SetExtensionOption("permessage-deflate", option, value) {
			t.Errorf("%s refused", option)
		}
	}
	b.start()
	text := bytes.Repeat([]byte("ten bytes."), 150)
	for range 3 {
		b.client.sendFrame(bitFinal|bitRSV1|opText, b.client.pack(text))
		b.client.expectMessage(opText, text)
	}
	b.client.sendFrame(bitFinal|bitRSV1|opText, b.client.pack(bytes.Repeat(text, 2)))
	b.client.expectClose(1009)
	b.stop()
	for _, v := range e.seen(conn.Receive)[:10] {
		if len(v.data) > 128 {
			t.Errorf("piece of %d bytes", len(v.data))
		}
	}
}

// TestOptionWithinMessage: what begins with small pieces ends with them.
func TestOptionWithinMessage(t *testing.T) {
	e := newEcho()
	b := open(t, e, nil, &parameters{})
	b.role.SetExtensionOption("permessage-deflate", "rx_buf_size", "7")
	e.on = func(c *conn.Conn, reason conn.Reason, in []byte, m conn.Message) (int, bool) {
		if reason == conn.Receive && m.First {
			b.role.SetExtensionOption("permessage-deflate", "rx_buf_size", "12")
		}
		return 0, false
	}
	b.start()
	text := bytes.Repeat([]byte("ten bytes."), 500)
	for range 2 {
		b.client.send(b.client.fragments(bitRSV1|opText, b.client.pack(text), 10))
		b.client.expectMessage(opText, text)
	}
	b.client.close()
}

// TestMemoryIsGivenBack: what a message needs goes back when it is complete, and everything when
// the connection closes.
func TestMemoryIsGivenBack(t *testing.T) {
	for _, agreed := range []parameters{{}, {clientNoTakeover: true, serverNoTakeover: true}} {
		b := open(t, newEcho(), nil, &agreed).start()
		text := bytes.Repeat([]byte("some words "), 100)
		b.client.sendFrame(bitFinal|bitRSV1|opText, b.client.pack(text))
		b.client.expectMessage(opText, text)
		b.server.Do(func() {
			d := b.role.deflate
			if d.decoding != nil {
				t.Error("the decoder is kept between messages")
			}
			if (d.window.Memory() > 0) == agreed.clientNoTakeover {
				t.Errorf("%+v: window of %d bytes", agreed, d.window.Memory())
			}
			if (d.compressor != nil) == agreed.serverNoTakeover {
				t.Errorf("%+v: compressor kept: %v", agreed, d.compressor != nil)
			}
		})
		b.client.close()
		b.stop()
		if b.role.deflate != nil {
			t.Error("the closed connection keeps its compression")
		}
	}
}

func TestNoAllocationCompressed(t *testing.T) {
	e := newEcho()
	e.records = false
	b := open(t, e, nil, &parameters{clientNoTakeover: true})
	b.client.compress(parameters{clientNoTakeover: true})
	request := b.client.frame(bitFinal|bitRSV1|opText, b.client.pack(bytes.Repeat([]byte("as often as not "), 60)))
	var answer [8 << 10]byte
	once := func() {
		b.client.send(request)
		b.server.Turn(0)
		if _, err := b.client.Conn.Read(answer[:]); err != nil {
			t.Fatal(err)
		}
	}
	for range 50 {
		once()
	}
	if n := testing.AllocsPerRun(200, once); n != 0 {
		t.Errorf("%v allocations for each message", n)
	}
}
