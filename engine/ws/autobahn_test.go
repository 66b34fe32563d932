package ws

import (
	"bytes"
	"encoding/hex"
	"fmt"
	"os"
	"strings"
	"testing"
)

// The tests in the files autobahn*_test.go are counterparts of the cases of the Autobahn test suite for
// servers, under its case numbers. The server echoes messages and validates text. Sizes and counts are
// those of the suite only where GOLWS_AUTOBAHN=full is set; -short makes them small.

// scale picks a count or size for the present run.
func scale(short, normal, full int) int {
	switch {
	case os.Getenv("GOLWS_AUTOBAHN") == "full":
		return full
	case testing.Short():
		return short
	}
	return normal
}

// autobahnCase is one case: it talks to an echo server and ends with the connection.
type autobahnCase struct {
	number string
	run    func(k *client)
}

func runCases(t *testing.T, cases []autobahnCase) {
	for _, test := range cases {
		t.Run(test.number, func(t *testing.T) {
			e := newEcho()
			e.records = false
			b := open(t, e, nil, nil).start()
			test.run(b.client)
		})
	}
}

// how says in what pieces the bytes of a case are sent.
type how int

const (
	together how = iota
	byFrame
	byOctet
)

// script is a sequence of frames.
type script [][]byte

func (k *client) play(frames script, pieces how) {
	k.Helper()
	switch pieces {
	case together:
		k.send(bytes.Join(frames, nil))
	case byFrame:
		for _, f := range frames {
			k.send(f)
		}
	case byOctet:
		k.chop(bytes.Join(frames, nil), 1)
	}
}

func text(n int) []byte   { return bytes.Repeat([]byte("*"), n) }
func octets(n int) []byte { return bytes.Repeat([]byte{0xfe}, n) }

// TestAutobahn1 is about framing: messages of any length in one frame.
func TestAutobahn1(t *testing.T) {
	var cases []autobahnCase
	for group, opcode := range []byte{opText, opBinary} {
		for i, length := range []int{0, 125, 126, 127, 128, 65535, 65536, 65536} {
			cases = append(cases, autobahnCase{fmt.Sprintf("1.%d.%d", group+1, i+1), func(k *client) {
				payload := text(length)
				if opcode == opBinary {
					payload = octets(length)
				}
				frame := k.frame(bitFinal|opcode, payload)
				if i == 7 {
					k.chop(frame, 997)
				} else {
					k.send(frame)
				}
				k.expectMessage(opcode, payload)
				k.close()
			}})
		}
	}
	runCases(t, cases)
}

// TestAutobahn2 is about pings and pongs.
func TestAutobahn2(t *testing.T) {
	ping := func(payload []byte, pieces how) func(*client) {
		return func(k *client) {
			k.play(script{k.frame(bitFinal|opPing, payload)}, pieces)
			k.expect(bitFinal|opPong, payload)
			k.close()
		}
	}
	tenPings := func(pieces how) func(*client) {
		return func(k *client) {
			var frames script
			for i := range 10 {
				frames = append(frames, k.frame(bitFinal|opPing, fmt.Appendf(nil, "payload-%d", i)))
			}
			k.play(frames, pieces)
			for i := range 10 {
				k.expect(bitFinal|opPong, fmt.Appendf(nil, "payload-%d", i))
			}
			k.close()
		}
	}
	runCases(t, []autobahnCase{
		{"2.1", ping(nil, together)},
		{"2.2", ping([]byte("Hello, world!"), together)},
		{"2.3", ping([]byte{0x00, 0xff, 0xfe, 0xfd, 0xfc, 0xfb, 0x00, 0xff}, together)},
		{"2.4", ping(octets(125), together)},
		{"2.5", func(k *client) {
			k.sendFrame(bitFinal|opPing, octets(126))
			k.expectClose(1002)
		}},
		{"2.6", ping(octets(125), byOctet)},
		{"2.7", func(k *client) {
			k.sendFrame(bitFinal|opPong, nil)
			k.close()
		}},
		{"2.8", func(k *client) {
			k.sendFrame(bitFinal|opPong, []byte("unsolicited pong payload"))
			k.close()
		}},
		{"2.9", func(k *client) {
			k.sendFrame(bitFinal|opPong, []byte("unsolicited pong payload"))
			k.sendFrame(bitFinal|opPing, []byte("ping payload"))
			k.expect(bitFinal|opPong, []byte("ping payload"))
			k.close()
		}},
		{"2.10", tenPings(together)},
		{"2.11", tenPings(byOctet)},
	})
}

// TestAutobahn3 is about reserved bits, of which no extension gives a meaning here.
func TestAutobahn3(t *testing.T) {
	hello := []byte("Hello, world!")
	afterMessage := func(rsv byte, pieces how) func(*client) {
		return func(k *client) {
			k.play(script{k.frame(bitFinal|opText, hello), k.frame(bitFinal|rsv<<4|opText, hello),
				k.frame(bitFinal|opPing, nil)}, pieces)
			k.expect(bitFinal|opText, hello)
			k.expectClose(1002)
		}
	}
	alone := func(first byte, payload []byte) func(*client) {
		return func(k *client) {
			k.sendFrame(first, payload)
			k.expectClose(1002)
		}
	}
	runCases(t, []autobahnCase{
		{"3.1", alone(bitFinal|1<<4|opText, hello)},
		{"3.2", afterMessage(2, together)},
		{"3.3", afterMessage(3, byFrame)},
		{"3.4", afterMessage(4, byOctet)},
		{"3.5", alone(bitFinal|5<<4|opBinary, octets(8))},
		{"3.6", alone(bitFinal|6<<4|opPing, hello)},
		{"3.7", alone(bitFinal|7<<4|opClose, nil)},
	})
}

// TestAutobahn4 is about reserved opcodes, for data and for control.
func TestAutobahn4(t *testing.T) {
	hello := []byte("Hello, world!")
	var cases []autobahnCase
	for group, opcodes := range [][]byte{{3, 4, 5, 6, 7}, {11, 12, 13, 14, 15}} {
		for i, opcode := range opcodes {
			var payload []byte
			if i%2 == 1 || i == 4 {
				payload = []byte("reserved opcode payload")
			}
			cases = append(cases, autobahnCase{fmt.Sprintf("4.%d.%d", group+1, i+1), func(k *client) {
				if i < 2 {
					k.sendFrame(bitFinal|opcode, payload)
				} else {
					pieces := together
					if i == 4 {
						pieces = byOctet
					}
					k.play(script{k.frame(bitFinal|opText, hello), k.frame(bitFinal|opcode, payload),
						k.frame(bitFinal|opPing, nil)}, pieces)
					k.expect(bitFinal|opText, hello)
				}
				k.expectClose(1002)
			}})
		}
	}
	runCases(t, cases)
}

// TestAutobahn5 is about fragmentation.
func TestAutobahn5(t *testing.T) {
	one, two := []byte("fragment1"), []byte("fragment2")
	whole := append(bytes.Clone(one), two...)
	fails := func(frames func(k *client) script, pieces how) func(*client) {
		return func(k *client) {
			k.play(frames(k), pieces)
			k.expectClose(1002)
		}
	}
	twoFragments := func(pieces how) func(*client) {
		return func(k *client) {
			k.play(script{k.frame(opText, one), k.frame(bitFinal|opContinuation, two)}, pieces)
			k.expectMessage(opText, whole)
			k.close()
		}
	}
	pingBetween := func(pieces how) func(*client) {
		return func(k *client) {
			k.play(script{k.frame(opText, one), k.frame(bitFinal|opPing, []byte("ping payload")),
				k.frame(bitFinal|opContinuation, two)}, pieces)
			k.expect(bitFinal|opPong, []byte("ping payload"))
			k.expectMessage(opText, whole)
			k.close()
		}
	}
	nothingToContinue := func(continuation byte, pieces how) func(*client) {
		return fails(func(k *client) script {
			return script{k.frame(continuation, []byte("non-continuation payload")),
				k.frame(bitFinal|opText, []byte("Hello, world!"))}
		}, pieces)
	}
	pings := func(pieces how) func(*client) {
		return func(k *client) {
			k.play(script{k.frame(opText, []byte("fragment1")), k.frame(opContinuation, []byte("fragment2")),
				k.frame(bitFinal|opPing, []byte("pongme 1!"))}, pieces)
			k.expect(bitFinal|opPong, []byte("pongme 1!"))
			k.play(script{k.frame(opContinuation, []byte("fragment3")), k.frame(opContinuation, []byte("fragment4")),
				k.frame(bitFinal|opPing, []byte("pongme 2!"))}, pieces)
			k.expect(bitFinal|opPong, []byte("pongme 2!"))
			k.play(script{k.frame(bitFinal|opContinuation, []byte("fragment5"))}, pieces)
			k.expectMessage(opText, []byte("fragment1fragment2fragment3fragment4fragment5"))
			k.close()
		}
	}
	twice := func(continuation byte) func(*client) {
		return fails(func(k *client) script {
			var frames script
			for range 2 {
				frames = append(frames, k.frame(continuation, []byte("fragment1")),
					k.frame(opText, []byte("fragment2")), k.frame(bitFinal|opContinuation, []byte("fragment3")))
			}
			return frames
		}, together)
	}
	fragmented := func(opcode byte) func(*client) {
		return fails(func(k *client) script {
			return script{k.frame(opcode, one), k.frame(bitFinal|opContinuation, two)}
		}, together)
	}
	runCases(t, []autobahnCase{
		{"5.1", fragmented(opPing)},
		{"5.2", fragmented(opPong)},
		{"5.3", twoFragments(together)},
		{"5.4", twoFragments(byFrame)},
		{"5.5", twoFragments(byOctet)},
		{"5.6", pingBetween(together)},
		{"5.7", pingBetween(byFrame)},
		{"5.8", pingBetween(byOctet)},
		{"5.9", nothingToContinue(bitFinal|opContinuation, together)},
		{"5.10", nothingToContinue(bitFinal|opContinuation, byFrame)},
		{"5.11", nothingToContinue(bitFinal|opContinuation, byOctet)},
		{"5.12", nothingToContinue(opContinuation, together)},
		{"5.13", nothingToContinue(opContinuation, byFrame)},
		{"5.14", nothingToContinue(opContinuation, byOctet)},
		{"5.15", func(k *client) {
			k.play(script{k.frame(opText, one), k.frame(bitFinal|opContinuation, two),
				k.frame(opContinuation, []byte("fragment3")), k.frame(bitFinal|opText, []byte("fragment4"))}, together)
			k.expectMessage(opText, whole)
			k.expectClose(1002)
		}},
		{"5.16", twice(opContinuation)},
		{"5.17", twice(bitFinal | opContinuation)},
		{"5.18", fails(func(k *client) script {
			return script{k.frame(opText, one), k.frame(bitFinal|opText, two)}
		}, together)},
		{"5.19", pings(together)},
		{"5.20", pings(byFrame)},
	})
}

// utf8Groups are byte sequences that are valid UTF-8 or not, by the number of their group.
var utf8Groups = map[int]struct {
	valid     bool
	sequences []string
	except    map[int]bool // numbers, from 1, of sequences of the other kind
}{
	5: {valid: true, sequences: []string{hexOf("hello$world"), hexOf("hello¢world"), hexOf("hello€world"),
		hexOf("hello𤭢world"), "cebae1bdb9cf83cebcceb5"}},
	6: {valid: false, sequences: []string{"ce", "ceba", "cebae1", "cebae1bd", "cebae1bdb9", "cebae1bdb9cf",
		"cebae1bdb9cf83", "cebae1bdb9cf83ce", "cebae1bdb9cf83cebc", "cebae1bdb9cf83cebcce", "cebae1bdb9cf83cebcceb5"},
		except: map[int]bool{2: true, 5: true, 7: true, 9: true, 11: true}},
	7:  {valid: true, sequences: []string{"00", "c280", "e0a080", "f0908080"}},
	8:  {valid: false, sequences: []string{"f888808080", "fc8480808080"}},
	9:  {valid: true, sequences: []string{"7f", "dfbf", "efbfbf", "f48fbfbf"}},
	10: {valid: false, sequences: []string{"f7bfbfbf", "fbbfbfbfbf", "fdbfbfbfbfbf"}},
	11: {valid: true, sequences: []string{"ed9fbf", "ee8080", "efbfbd", "f48fbfbf", "f4908080"}, except: map[int]bool{5: true}},
	12: {valid: false, sequences: []string{"80", "bf", "80bf", "80bf80", "80bf80bf", "80bf80bf80", "80bf80bf80bf",
		hexRange(0x80, 0xc0, "")}},
	13: {valid: false, sequences: []string{hexRange(0xc0, 0xe0, "20"), hexRange(0xe0, 0xf0, "20"),
		hexRange(0xf0, 0xf8, "20"), hexRange(0xf8, 0xfc, "20"), "fc20"}},
	14: {valid: false, sequences: []string{"c0", "e080", "f08080", "f8808080", "fc80808080", "df", "efbf", "f7bfbf",
		"fbbfbfbf", "fdbfbfbfbf"}},
	15: {valid: false, sequences: []string{"c0e080f08080f8808080fc80808080dfefbff7bfbffbbfbfbffdbfbfbfbf"}},
	16: {valid: false, sequences: []string{"fe", "ff", "fefeffff"}},
	17: {valid: false, sequences: []string{"c0af", "e080af", "f08080af", "f8808080af", "fc80808080af"}},
	18: {valid: false, sequences: []string{"c1bf", "e09fbf", "f08fbfbf", "f887bfbfbf", "fc83bfbfbfbf"}},
	19: {valid: false, sequences: []string{"c080", "e08080", "f0808080", "f880808080", "fc8080808080"}},
	20: {valid: false, sequences: []string{"eda080", "edadbf", "edae80", "edafbf", "edb080", "edbe80", "edbfbf"}},
	21: {valid: false, sequences: []string{"eda080edb080", "eda080edbfbf", "edadbfedb080", "edadbfedbfbf", "edae80edb080",
		"edae80edbfbf", "edafbfedb080", "edafbfedbfbf"}},
	22: {valid: true, sequences: nonCharacters()},
	23: {valid: true, sequences: []string{"efbfb9", "efbfba", "efbfbb", "efbfbc", "efbfbd", "efbfbe", "efbfbf"}},
}

func hexOf(s string) string { return hex.EncodeToString([]byte(s)) }

func hexRange(from, to int, separator string) string {
	var all strings.Builder
	for b := from; b < to; b++ {
		fmt.Fprintf(&all, "%02x%s", b, separator)
	}
	return all.String()
}

func nonCharacters() (all []string) {
	for plane := rune(0); plane <= 16; plane++ {
		for _, last := range []rune{0xfffe, 0xffff} {
			all = append(all, hexOf(string(plane<<16|last)))
		}
	}
	return all
}

// TestAutobahn6 is about text being UTF-8.
func TestAutobahn6(t *testing.T) {
	byFragments := func(payload []byte, sizes ...int) func(*client) {
		return func(k *client) {
			first, rest := byte(opText), payload
			for i := 0; len(rest) > 0; i++ {
				n := min(sizes[min(i, len(sizes)-1)], len(rest))
				f := first
				if n == len(rest) {
					f |= bitFinal
				}
				k.sendFrame(f, rest[:n])
				first, rest = opContinuation, rest[n:]
			}
			k.expectMessage(opText, payload)
			k.close()
		}
	}
	greeting := []byte("Hello-µ@ßöäüàá-UTF-8!!")
	kosme := []byte("κόσμε")
	invalid, _ := hex.DecodeString("cebae1bdb9cf83cebcceb5eda080656469746564")
	beyond, _ := hex.DecodeString("cebae1bdb9cf83cebcceb5f4908080656469746564")
	// failsBefore sends pieces one after the other and must be told of the error when it has sent
	// the given number of them.
	failsBefore := func(pieces [][]byte, prepare func(k *client, i int, p []byte) []byte) func(*client) {
		return func(k *client) {
			for i, p := range pieces {
				k.send(prepare(k, i, p))
			}
			k.expectClose(1007)
		}
	}
	asFragments := func(k *client, i int, p []byte) []byte {
		if i == 0 {
			return k.frame(opText, p)
		}
		return k.frame(opContinuation, p)
	}
	asChops := func(whole []byte) func(k *client, i int, p []byte) []byte {
		var frame []byte
		return func(k *client, i int, p []byte) []byte {
			if i == 0 {
				frame = k.frame(bitFinal|opText, whole)
				head := frame[:len(frame)-len(whole)+len(p)]
				frame = frame[len(head):]
				return head
			}
			piece := frame[:len(p)]
			frame = frame[len(p):]
			return piece
		}
	}
	cases := []autobahnCase{
		{"6.1.1", func(k *client) {
			k.sendFrame(bitFinal|opText, nil)
			k.expectMessage(opText, nil)
			k.close()
		}},
		{"6.1.2", func(k *client) {
			k.send(bytes.Join(script{k.frame(opText, nil), k.frame(opContinuation, nil), k.frame(bitFinal|opContinuation, nil)}, nil))
			k.expectMessage(opText, nil)
			k.close()
		}},
		{"6.1.3", func(k *client) {
			k.send(bytes.Join(script{k.frame(opText, nil), k.frame(opContinuation, []byte("middle frame payload")),
				k.frame(bitFinal|opContinuation, nil)}, nil))
			k.expectMessage(opText, []byte("middle frame payload"))
			k.close()
		}},
		{"6.2.1", byFragments(greeting, len(greeting))},
		{"6.2.2", byFragments(greeting, 12, len(greeting))},
		{"6.2.3", byFragments(greeting, 1)},
		{"6.2.4", byFragments(kosme, 1)},
		{"6.3.1", func(k *client) {
			k.sendFrame(bitFinal|opText, invalid)
			k.expectClose(1007)
		}},
		{"6.3.2", func(k *client) {
			first := byte(opText)
			for i := range invalid[:14] {
				k.sendFrame(first, invalid[i:i+1])
				first = opContinuation
			}
			k.expectClose(1007)
		}},
		// In 6.4 the rest of the message is not sent: the error must be noticed without it.
		{"6.4.1", failsBefore([][]byte{beyond[:11], beyond[11:15]}, asFragments)},
		{"6.4.2", failsBefore([][]byte{beyond[:12], beyond[12:13]}, asFragments)},
		{"6.4.3", failsBefore([][]byte{beyond[:11], beyond[11:15]}, asChops(beyond))},
		{"6.4.4", failsBefore([][]byte{beyond[:12], beyond[12:13]}, asChops(beyond))},
	}
	for group := 5; group <= 23; group++ {
		g := utf8Groups[group]
		for i, sequence := range g.sequences {
			payload, err := hex.DecodeString(sequence)
			if err != nil {
				t.Fatal(err)
			}
			valid := g.valid != g.except[i+1]
			cases = append(cases, autobahnCase{fmt.Sprintf("6.%d.%d", group, i+1), func(k *client) {
				k.sendFrame(bitFinal|opText, payload)
				if valid {
					k.expectMessage(opText, payload)
					k.close()
				} else {
					k.expectClose(1007)
				}
			}})
		}
	}
	runCases(t, cases)
}

// TestAutobahn7 is about the closing handshake.
func TestAutobahn7(t *testing.T) {
	normal := []byte{3, 232}
	afterClose := func(more func(k *client) []byte) func(*client) {
		return func(k *client) {
			k.send(append(k.frame(bitFinal|opClose, normal), more(k)...))
			k.expectClose(1000)
		}
	}
	answers := func(payload []byte, code int) func(*client) {
		return func(k *client) {
			k.sendFrame(bitFinal|opClose, payload)
			k.expectClose(code)
		}
	}
	reason := func(n int) []byte { return append(bytes.Clone(normal), text(n)...) }
	cases := []autobahnCase{
		{"7.1.1", func(k *client) {
			k.sendFrame(bitFinal|opText, []byte("Hello World!"))
			k.expectMessage(opText, []byte("Hello World!"))
			k.close()
		}},
		{"7.1.2", afterClose(func(k *client) []byte { return k.frame(bitFinal|opClose, normal) })},
		{"7.1.3", afterClose(func(k *client) []byte { return k.frame(bitFinal|opPing, nil) })},
		{"7.1.4", afterClose(func(k *client) []byte { return k.frame(bitFinal|opText, []byte("Hello World!")) })},
		{"7.1.5", func(k *client) {
			k.send(bytes.Join(script{k.frame(opText, []byte("fragment1")), k.frame(bitFinal|opClose, normal),
				k.frame(bitFinal|opContinuation, []byte("fragment2"))}, nil))
			k.expectClose(1000)
		}},
		{"7.1.6", func(k *client) {
			message := text(256 << 10)
			k.send(bytes.Join(script{k.frame(bitFinal|opText, message), k.frame(bitFinal|opText, []byte("Hello World!")),
				k.frame(bitFinal|opClose, normal), k.frame(bitFinal|opPing, nil)}, nil))
			k.expectMessage(opText, message)
			k.expectMessage(opText, []byte("Hello World!"))
			k.expectClose(1000)
		}},
		{"7.3.1", answers(nil, 0)},
		{"7.3.2", answers([]byte("a"), 1002)},
		{"7.3.3", answers(normal, 1000)},
		{"7.3.4", func(k *client) {
			k.sendFrame(bitFinal|opClose, []byte("\x03\xe8Hello World!"))
			k.expect(bitFinal|opClose, []byte("\x03\xe8Hello World!"))
			k.expectEnd()
		}},
		{"7.3.5", answers(reason(123), 1000)},
		{"7.3.6", answers(reason(124), 1002)},
		{"7.5.1", answers([]byte("\x03\xe8\xce\xba\xe1\xbd\xb9\xcf\x83\xce\xbc\xce\xb5\xed\xa0\x80edited"), 1007)},
	}
	code := func(n int) []byte { return []byte{byte(n >> 8), byte(n)} }
	for i, n := range []int{1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 3000, 3999, 4000, 4999} {
		cases = append(cases, autobahnCase{fmt.Sprintf("7.7.%d", i+1), answers(code(n), n)})
	}
	for i, n := range []int{0, 999, 1004, 1005, 1006, 1016, 1100, 2000, 2999} {
		cases = append(cases, autobahnCase{fmt.Sprintf("7.9.%d", i+1), answers(code(n), 1002)})
	}
	for i, n := range []int{5000, 65535} {
		cases = append(cases, autobahnCase{fmt.Sprintf("7.13.%d", i+1), answers(code(n), 1002)})
	}
	runCases(t, cases)
}
