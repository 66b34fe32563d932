package http2

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"golang.org/x/net/http2/hpack"
)

// What the encoder makes, the decoder of x/net undoes, whatever sizes of the table the peer asks for meanwhile.
func TestEncoder(t *testing.T) {
	var e encoder
	var decoded []hpack.HeaderField
	decoder := hpack.NewDecoder(defaultTableSize, func(f hpack.HeaderField) { decoded = append(decoded, f) })
	random := rand.New(rand.NewPCG(1, 2))
	names := []string{":status", "content-type", "content-length", "date", "etag", "x-own", "set-cookie", "server", "x-long"}
	rounds := 5000
	if testing.Short() {
		rounds = 500
	}
	for round := range rounds {
		if random.IntN(50) == 0 {
			e.setTableSize(uint32(random.IntN(300)))
			e.setTableSize([]uint32{0, 64, 200, 4096, 1 << 20}[random.IntN(5)])
		}
		e.start()
		var want []hpack.HeaderField
		for range 1 + random.IntN(10) {
			name := names[random.IntN(len(names))]
			value := fmt.Sprint(200 + 4*random.IntN(3))
			switch name {
			case "x-long":
				value = strings.Repeat("long", random.IntN(1500))
			case "x-own", "etag":
				value = fmt.Sprint(random.IntN(1000000))
			}
			secret := name == "set-cookie"
			e.field([]byte(name), []byte(value), secret)
			want = append(want, hpack.HeaderField{Name: name, Value: value, Sensitive: secret})
		}
		decoded = decoded[:0]
		if _, err := decoder.Write(e.block); err != nil {
			t.Fatalf("round %d: %v", round, err)
		}
		if err := decoder.Close(); err != nil {
			t.Fatalf("round %d: %v", round, err)
		}
		if fmt.Sprint(decoded) != fmt.Sprint(want) {
			t.Fatalf("round %d: %v, want %v", round, decoded, want)
		}
		size := 0
		for i := range e.entries {
			size += e.entries[i].size()
		}
		if size != e.size || size > e.limit {
			t.Fatalf("round %d: table of %d bytes, counted %d, limit %d", round, size, e.size, e.limit)
		}
	}
}

// A head that was sent before costs no memory.
func TestEncoderAllocations(t *testing.T) {
	var e encoder
	fields := [][2][]byte{{[]byte(":status"), []byte("200")}, {[]byte("content-type"), []byte("text/plain")},
		{[]byte("content-length"), []byte("13")}, {[]byte("date"), []byte("Sun, 22 Nov 2026 16:43:27 GMT")}}
	if n := testing.AllocsPerRun(100, func() {
		e.start()
		for _, f := range fields {
			e.field(f[0], f[1], false)
		}
	}); n != 0 {
		t.Errorf("%v allocations", n)
	}
	if len(e.block) != 4 {
		t.Errorf("the block has %d bytes", len(e.block))
	}
}
