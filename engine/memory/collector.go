package memory

import (
	"os"
	"runtime"
	"runtime/debug"
	"runtime/metrics"
	"sync"
)

// smallHeap is how large the heap may become before it is collected, however little of it lives. Go's default is
// 4 MiB, which a hundred TLS handshakes fill: they would be collected for thirty times a second, and each time
// the stacks that they have grown are shrunk.
const smallHeap = 16 << 20

// collectionPercent is the GOGC with which a heap that has live bytes is collected at smallHeap, or when it has
// doubled.
func collectionPercent(live uint64) int {
	const usual, most = 100, 400 // Go's smallest heap is 4 MiB * GOGC / 100
	if live >= smallHeap/2 {
		return usual
	}
	if live <= smallHeap/(1+most/100) {
		return most
	}
	return int((smallHeap - live) * 100 / live)
}

// collector is made new, by its finalizer, in each collection.
type collector struct {
	percent int
	live    [1]metrics.Sample
}

// SetUp adjusts the collector, unless GOGC in the environment does, once in a process.
var SetUp = sync.OnceFunc(func() {
	if os.Getenv("GOGC") != "" {
		return
	}
	c := &collector{percent: collectionPercent(0)}
	c.live[0].Name = "/gc/heap/live:bytes"
	debug.SetGCPercent(c.percent)
	runtime.SetFinalizer(c, (*collector).collected)
})

func (c *collector) collected() {
	metrics.Read(c.live[:])
	// Setting it stops everything for a moment, and small differences do not matter.
	if p := collectionPercent(c.live[0].Value.Uint64()); p > c.percent*5/4 || p < c.percent*4/5 {
		c.percent = p
		debug.SetGCPercent(p)
	}
	runtime.SetFinalizer(c, (*collector).collected)
}
