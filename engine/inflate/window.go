package inflate

// smallestWindow is the size a window begins with.
const smallestWindow = 512

// Window is the output that matches may still refer to.
type Window struct {
	ring  []byte // length is a power of two, at most limit
	next  int    // where the next byte goes
	held  int    // bytes that are valid
	limit int
}

// NewWindow makes a window of 1<<bits bytes; no memory is taken before it is needed.
func NewWindow(bits int) Window { return Window{limit: 1 << bits} }

// Reset forgets all output but keeps the memory.
func (w *Window) Reset() { w.next, w.held = 0, 0 }

// Release gives the memory up, and with it the output.
func (w *Window) Release() { w.ring, w.next, w.held = nil, 0, 0 }

// Memory is how many bytes the window occupies.
func (w *Window) Memory() int { return len(w.ring) }

func (w *Window) grow(n int) {
	size := max(len(w.ring), smallestWindow)
	for size < w.held+n && size < w.limit {
		size *= 2
	}
	if size = min(size, w.limit); size == len(w.ring) {
		return
	}
	// It has not wrapped yet, because it grows before it does.
	bigger := make([]byte, size)
	copy(bigger, w.ring[:w.held])
	w.ring, w.next = bigger, w.held
}

func (w *Window) push(p []byte) {
	if len(p) >= w.limit {
		p = p[len(p)-w.limit:]
		w.held = 0
		w.next = 0
	}
	if w.held+len(p) > len(w.ring) && len(w.ring) < w.limit {
		w.grow(len(p))
	}
	w.held = min(w.held+len(p), len(w.ring))
	n := copy(w.ring[w.next:], p)
	copy(w.ring, p[n:])
	w.next = (w.next + len(p)) & (len(w.ring) - 1)
}

// copyBack fills dst with the bytes that begin distance bytes before the end of the window.
// distance is at least len(dst) and at most held.
func (w *Window) copyBack(dst []byte, distance int) {
	from := (w.next - distance) & (len(w.ring) - 1)
	n := copy(dst, w.ring[from:])
	copy(dst[n:], w.ring)
}
