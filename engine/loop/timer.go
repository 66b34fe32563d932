package loop

// Expirer is called when its Timer is due.
type Expirer interface {
	Expired(now int64)
}

// Timer is one pending deadline. It belongs to its owner's memory and is in at most one loop.
// The zero value is an idle timer.
type Timer struct {
	when     int64
	sequence uint32
	position int32 // index in the heap plus one, 0 while idle
	owner    Expirer
}

// Pending reports whether the timer is scheduled.
func (t *Timer) Pending() bool { return t.position != 0 }

// When is the deadline in microseconds of the monotonic clock, valid while Pending.
func (t *Timer) When() int64 { return t.when }

// timerHeap is a four-ary heap ordered by deadline, then by order of scheduling. Four-ary because
// the shallower tree costs fewer cache misses than a binary heap with many thousands of connections.
type timerHeap struct {
	timers   []*Timer
	sequence uint32
}

func before(a, b *Timer) bool {
	if a.when != b.when {
		return a.when < b.when
	}
	return int32(a.sequence-b.sequence) < 0
}

func (h *timerHeap) up(i int) {
	t := h.timers[i]
	for i > 0 {
		parent := (i - 1) / 4
		if !before(t, h.timers[parent]) {
			break
		}
		h.timers[i] = h.timers[parent]
		h.timers[i].position = int32(i + 1)
		i = parent
	}
	h.timers[i] = t
	t.position = int32(i + 1)
}

func (h *timerHeap) down(i int) {
	t := h.timers[i]
	n := len(h.timers)
	for {
		first := 4*i + 1
		if first >= n {
			break
		}
		least := first
		for c := first + 1; c < n && c < first+4; c++ {
			if before(h.timers[c], h.timers[least]) {
				least = c
			}
		}
		if !before(h.timers[least], t) {
			break
		}
		h.timers[i] = h.timers[least]
		h.timers[i].position = int32(i + 1)
		i = least
	}
	h.timers[i] = t
	t.position = int32(i + 1)
}

func (h *timerHeap) schedule(t *Timer, when int64) {
	t.when = when
	h.sequence++
	t.sequence = h.sequence
	if t.position == 0 {
		h.timers = append(h.timers, t)
		h.up(len(h.timers) - 1)
		return
	}
	i := int(t.position - 1)
	h.up(i)
	if int(t.position-1) == i {
		h.down(i)
	}
}

func (h *timerHeap) cancel(t *Timer) {
	if t.position == 0 {
		return
	}
	i := int(t.position - 1)
	last := len(h.timers) - 1
	moved := h.timers[last]
	h.timers[last] = nil
	h.timers = h.timers[:last]
	t.position = 0
	if i == last {
		return
	}
	h.timers[i] = moved
	moved.position = int32(i + 1)
	h.up(i)
	if int(moved.position-1) == i {
		h.down(i)
	}
}

// Schedule makes owner's Expired run at when (microseconds of Now's clock) or soon after,
// replacing an earlier deadline of the same timer.
func (l *Loop) Schedule(t *Timer, owner Expirer, when int64) {
	t.owner = owner
	l.timers.schedule(t, when)
	if !l.processing && l.timers.timers[0] == t {
		l.Announce()
	}
}

// Cancel makes the timer idle. Cancelling an idle timer does nothing.
func (l *Loop) Cancel(t *Timer) {
	l.timers.cancel(t)
}

// NextDeadline is when the earliest timer is due, or -1 when none is pending.
func (l *Loop) NextDeadline() int64 {
	if len(l.timers.timers) == 0 {
		return -1
	}
	return l.timers.timers[0].when
}

// expire runs the timers that are due. A timer scheduled from an Expired call for a time that has
// already passed runs in the next turn, so that a timer that always reschedules itself cannot hold the loop.
func (l *Loop) expire(now int64) {
	limit := l.timers.sequence
	for len(l.timers.timers) > 0 {
		t := l.timers.timers[0]
		if t.when > now || int32(t.sequence-limit) > 0 {
			return
		}
		l.timers.cancel(t)
		t.owner.Expired(now)
	}
}
