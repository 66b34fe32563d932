package callbacks

// #cgo CFLAGS: -std=gnu11 -O2 -Wall -Wextra
// #include "handles.h"
import "C"

import (
	"sync/atomic"

	"golws/engine/conn"
)

const chunkSize = 1024

// table finds the connection of a handle by its slot. Chunks never move, so that reading needs no
// lock; an element is written only under the service lock of the connection's thread.
var table [1 << 10]atomic.Pointer[[chunkSize]*conn.Conn]

func setConnection(slot uint32, c *conn.Conn) {
	p := &table[slot/chunkSize]
	chunk := p.Load()
	for chunk == nil {
		p.CompareAndSwap(nil, new([chunkSize]*conn.Conn))
		chunk = p.Load()
	}
	chunk[slot%chunkSize] = c
}

// Connection is the connection of a handle's slot, or nil.
func Connection(slot uint32) *conn.Conn {
	if chunk := table[slot/chunkSize%uint32(len(table))].Load(); chunk != nil {
		return chunk[slot%chunkSize]
	}
	return nil
}
