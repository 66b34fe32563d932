package memory

import (
	"runtime"
	"runtime/debug"
	"testing"
	"time"
)

// goal is at which size Go collects a heap of which live bytes are in use.
func goal(live uint64, percent int) uint64 {
	return max(live+live*uint64(percent)/100, 4<<20*uint64(percent)/100)
}

func TestCollectionPercent(t *testing.T) {
	for live := uint64(0); live <= 64<<20; live += 64 << 10 {
		percent := collectionPercent(live)
		want := max(smallHeap, 2*live)
		// Percent are whole numbers, and Go's smallest heap is a multiple of 4 MiB.
		if got := goal(live, percent); got > want+want/16 || got < want-want/16 {
			t.Errorf("%d KiB live: %d %%, collected at %d KiB, not %d", live>>10, percent, got>>10, want>>10)
		}
	}
}

var kept []byte

// The setting follows the heap, collection by collection.
func TestFollowsTheHeap(t *testing.T) {
	t.Setenv("GOGC", "")
	defer debug.SetGCPercent(100)
	percent := func() int {
		p := debug.SetGCPercent(100)
		debug.SetGCPercent(p)
		return p
	}
	reaches := func(what string, f func(int) bool) {
		t.Helper()
		for range 3000 {
			if f(percent()) {
				return
			}
			runtime.GC()
			time.Sleep(time.Millisecond) // for the finalizers' goroutine
		}
		t.Fatalf("%s: the setting stays %d", what, percent())
	}
	SetUp()
	reaches("small heap", func(p int) bool { return p > 300 })
	kept = make([]byte, 32<<20)
	reaches("large heap", func(p int) bool { return p == 100 })
	kept = nil
	reaches("small heap again", func(p int) bool { return p > 300 })
}
