package ws

import (
	"bytes"
	"fmt"
	"math/rand"
	"strings"
	"testing"
)

// exchange sends in the background what is too much for the buffers of a socket, because the server
// stops to read while nobody reads from it.
func (k *client) exchange(send func(), receive func()) {
	done := make(chan struct{})
	go func() {
		defer close(done)
		send()
	}()
	receive()
	<-done
}

// TestAutobahn9 is about large messages and many messages.
func TestAutobahn9(t *testing.T) {
	const kilo, mega = 1 << 10, 1 << 20
	divisor := scale(64, 4, 1)
	var cases []autobahnCase
	payload := func(opcode byte, size int) []byte {
		if opcode == opText {
			return text(size)
		}
		return octets(size)
	}
	for group, opcode := range []byte{opText, opBinary} {
		add := func(group, i int, run func(k *client)) {
			cases = append(cases, autobahnCase{fmt.Sprintf("9.%d.%d", group, i+1), run})
		}
		for i, size := range []int{64 * kilo, 256 * kilo, mega, 4 * mega, 8 * mega, 16 * mega} {
			add(1+group, i, func(k *client) {
				message := payload(opcode, size/divisor)
				k.exchange(func() { k.sendFrame(bitFinal|opcode, message) }, func() { k.expectMessage(opcode, message) })
				k.close()
			})
		}
		for i, size := range []int{64, 256, kilo, 4 * kilo, 16 * kilo, 64 * kilo, 256 * kilo, mega, 4 * mega} {
			add(3+group, i, func(k *client) {
				message := payload(opcode, 4*mega/divisor)
				frames := k.fragments(opcode, message, size)
				k.exchange(func() { k.send(frames) }, func() { k.expectMessage(opcode, message) })
				k.close()
			})
		}
		for i, size := range []int{64, 128, 256, 512, 1024, 2048} {
			add(5+group, i, func(k *client) {
				message := payload(opcode, mega/divisor)
				frame := k.frame(bitFinal|opcode, message)
				k.exchange(func() { k.chop(frame, size) }, func() { k.expectMessage(opcode, message) })
				k.close()
			})
		}
		for i, size := range []int{0, 16, 64, 256, 1024, 4096} {
			add(7+group, i, func(k *client) {
				message := payload(opcode, size)
				for range scale(10, 200, 1000) {
					k.sendFrame(bitFinal|opcode, message)
					k.expectMessage(opcode, message)
				}
				k.close()
			})
		}
	}
	runCases(t, cases)
}

// TestAutobahn10 is a message that the client's library cuts into frames.
func TestAutobahn10(t *testing.T) {
	runCases(t, []autobahnCase{{"10.1.1", func(k *client) {
		message := text(65536)
		k.exchange(func() { k.send(k.fragments(opText, message, 1300)) }, func() { k.expectMessage(opText, message) })
		k.close()
	}}})
}

// compressionSizes are the message sizes of the cases of groups 12 and 13, with the size of the frames
// they are cut into, 0 for one frame.
var compressionSizes = []struct{ size, fragment int }{
	{16, 0}, {64, 0}, {256, 0}, {1024, 0}, {4096, 0}, {8192, 0}, {16384, 0}, {32768, 0}, {65536, 0}, {131072, 0},
	{8192, 256}, {16384, 256}, {32768, 256}, {65536, 256}, {131072, 256}, {131072, 1024}, {131072, 4096}, {131072, 32768},
}

// samples make the data of the groups: n bytes from some place of a text or file of that kind.
var samples = []struct {
	opcode byte
	make   func(r *rand.Rand, n int) []byte
}{
	{opText, func(r *rand.Rand, n int) []byte { // JSON
		var b bytes.Buffer
		for b.Len() < n {
			fmt.Fprintf(&b, `{"id": %d, "name": "item %c", "tags": ["a", "b"], "price": %.2f},`, r.Intn(1e6), 'a'+r.Intn(26), r.Float64())
		}
		return b.Bytes()[:n]
	}},
	{opBinary, func(r *rand.Rand, n int) []byte { // an image: neighbours are alike
		p := make([]byte, n)
		value := 128
		for i := range p {
			value += r.Intn(7) - 3
			p[i] = byte(value)
		}
		return p
	}},
	{opText, func(r *rand.Rand, n int) []byte { // prose
		words := strings.Fields("Habe nun ach Philosophie Juristerei und Medizin und leider auch Theologie durchaus studiert mit heißem Bemühn")
		var b strings.Builder
		for b.Len() < n {
			b.WriteString(words[r.Intn(len(words))])
			b.WriteByte(' ')
		}
		return bytes.ToValidUTF8([]byte(b.String()[:n]), []byte("."))
	}},
	{opText, func(r *rand.Rand, n int) []byte { // a log
		var b bytes.Buffer
		for b.Len() < n {
			fmt.Fprintf(&b, "2026-01-02 03:04:%02d host process[%d]: connection from 192.0.2.%d\n", r.Intn(60), r.Intn(1e5), r.Intn(256))
		}
		return b.Bytes()[:n]
	}},
	{opBinary, func(r *rand.Rand, n int) []byte { // noise, which does not compress
		p := make([]byte, n)
		r.Read(p)
		return p
	}},
}

// exchangeCompressed is one case of groups 12 and 13.
func exchangeCompressed(t *testing.T, agreed parameters, kind, size, fragment int) {
	e := newEcho()
	e.records = false
	b := open(t, e, nil, &agreed).start()
	k := b.client
	r := rand.New(rand.NewSource(int64(size)))
	count := 1000
	if full := 1000 * 131072; scale(0, 0, 1) == 0 {
		// As many as make up the same number of bytes in each case.
		count = max(scale(2, 4, 0), min(scale(4, 40, 0), full/1000/size))
	}
	sample := samples[kind]
	for range count {
		message := sample.make(r, size)
		packed := k.pack(message)
		frames := k.frame(bitFinal|bitRSV1|sample.opcode, packed)
		if fragment > 0 {
			frames = k.fragments(bitRSV1|sample.opcode, packed, fragment)
		}
		k.exchange(func() { k.send(frames) }, func() { k.expectMessage(sample.opcode, message) })
	}
	k.close()
}

// TestAutobahn12 is about compression of different kinds of data.
func TestAutobahn12(t *testing.T) {
	for kind := range samples {
		for i, s := range compressionSizes {
			t.Run(fmt.Sprintf("12.%d.%d", kind+1, i+1), func(t *testing.T) {
				exchangeCompressed(t, parameters{}, kind, s.size, s.fragment)
			})
		}
	}
}

// TestAutobahn13 is about the parameters of permessage-deflate, from the client's offer on.
func TestAutobahn13(t *testing.T) {
	const name = "permessage-deflate; client_no_context_takeover; client_max_window_bits"
	for variant, offer := range []string{
		name,
		name + "; server_no_context_takeover",
		name + "; server_max_window_bits=9",
		name + "; server_max_window_bits=15",
		name + "; server_no_context_takeover; server_max_window_bits=9",
		name + "; server_no_context_takeover; server_max_window_bits=15",
		name + "; server_no_context_takeover; server_max_window_bits=9, " +
			name + "; server_no_context_takeover, " + name,
	} {
		offers, ok := parseOffers([]byte(offer))
		if !ok || !offers[0].acceptable {
			t.Fatalf("offer %q not accepted", offer)
		}
		for i, s := range compressionSizes {
			t.Run(fmt.Sprintf("13.%d.%d", variant+1, i+1), func(t *testing.T) {
				exchangeCompressed(t, offers[0].parameters, 0, s.size, s.fragment)
			})
		}
	}
}
