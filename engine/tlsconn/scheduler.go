package tlsconn

import (
	"runtime"
	"sync"
)

// maxWaiting is how many handshakes with clients may wait for their peers in goroutines. Beyond that, the one that has
// waited longest makes room. Handshakes with servers are as many as the program wants connections.
const maxWaiting = 1024

// maxParked is how many goroutines without a handshake are kept, with the stacks that they have grown.
const maxParked = 16

// stackSize is what a handshake needs of a stack. Growing to it in one step saves copying it at each doubling.
const stackSize = 12 << 10

// scheduler runs the handshakes of the process.
type scheduler struct {
	mutex     sync.Mutex
	threads   int // service threads
	computing int
	ready     []*handshake // wait for their turn to compute
	taken     int          // of ready, which are not there any more
	started   int          // have a goroutine, with clients
	parked    []chan *handshake

	// The handshakes with clients that wait for them, the longest first.
	oldest, newest *handshake
}

var workers scheduler

// AddThreads tells that there are so many service threads more, or less.
func AddThreads(n int) {
	s := &workers
	s.mutex.Lock()
	defer s.mutex.Unlock()
	s.threads += n
	if s.threads <= 0 {
		for _, c := range s.parked {
			close(c)
		}
		s.parked = nil
	}
}

// limit is how many handshakes may compute at once. Service threads come from C and need a processor at once, and
// one that is idle keeps the runtime's monitor thread from taking away theirs while they wait.
func (s *scheduler) limit() int { return max(runtime.GOMAXPROCS(0)-max(s.threads, 1)-1, 1) }

// submit has a handshake begin, or go on, when it is its turn.
func (s *scheduler) submit(h *handshake) {
	s.mutex.Lock()
	if h.started {
		s.unwait(h)
	}
	if s.taken > 0 && s.taken == len(s.ready) {
		s.ready, s.taken = s.ready[:0], 0
	}
	s.ready = append(s.ready, h)
	s.dispatch()
	s.mutex.Unlock()
}

// hurry has a handshake that waits go on, whoever else computes: it has only to end.
func (s *scheduler) hurry(h *handshake) {
	s.mutex.Lock()
	s.unwait(h)
	s.computing++
	s.mutex.Unlock()
	h.wake <- struct{}{}
}

func (s *scheduler) next() *handshake {
	if s.taken == len(s.ready) || s.computing >= s.limit() {
		return nil
	}
	h := s.ready[s.taken]
	s.ready[s.taken] = nil
	s.taken++
	s.computing++
	return h
}

func (s *scheduler) dispatch() {
	for h := s.next(); h != nil; h = s.next() {
		if h.started {
			h.wake <- struct{}{}
			continue
		}
		s.start(h)
		if last := len(s.parked) - 1; last >= 0 {
			worker := s.parked[last]
			s.parked = s.parked[:last]
			worker <- h
			continue
		}
		go s.work(h)
	}
}

// start makes room for a handshake that begins.
func (s *scheduler) start(h *handshake) {
	h.started = true
	if h.client {
		return
	}
	s.started++
	if s.started > maxWaiting && s.oldest != nil {
		victim := s.oldest
		s.unwait(victim)
		victim.evict()
	}
}

//go:noinline
func growStack() {
	var space [stackSize]byte
	use(&space)
}

//go:noinline
func use(space *[stackSize]byte) { space[0] = 1 }

// work is the goroutine of handshakes, one after the other.
func (s *scheduler) work(h *handshake) {
	park := make(chan *handshake, 1)
	growStack()
	for h != nil {
		h.run()
		h = s.finished(h, park)
		if h == nil {
			h = <-park // closed where there is no more to be done
		}
	}
}

// finished ends a handshake of a worker. It returns the next for the same worker, or has parked it.
func (s *scheduler) finished(h *handshake, park chan *handshake) *handshake {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	s.computing--
	if !h.client {
		s.started--
	}
	for h := s.next(); h != nil; h = s.next() {
		if !h.started {
			s.start(h)
			return h
		}
		h.wake <- struct{}{}
	}
	if s.threads > 0 && len(s.parked) < maxParked {
		s.parked = append(s.parked, park)
	} else {
		close(park)
	}
	return nil
}

// wait gives the turn to others until the handshake is submitted again.
func (s *scheduler) wait(h *handshake) {
	s.mutex.Lock()
	s.computing--
	if h.resumed {
		h.resumed = false
	} else {
		s.list(h)
	}
	s.dispatch()
	s.mutex.Unlock()
	<-h.wake
}

// list notes that a handshake waits.
func (s *scheduler) list(h *handshake) {
	h.listed = true
	if h.client {
		return
	}
	h.older = s.newest
	if s.newest != nil {
		s.newest.newer = h
	} else {
		s.oldest = h
	}
	s.newest = h
}

// unwait takes a handshake off the list of those that wait. Its worker may not have come to wait yet.
func (s *scheduler) unwait(h *handshake) {
	if !h.listed {
		h.resumed = true
		return
	}
	h.listed = false
	if h.client {
		return
	}
	if h.older != nil {
		h.older.newer = h.newer
	} else {
		s.oldest = h.newer
	}
	if h.newer != nil {
		h.newer.older = h.older
	} else {
		s.newest = h.older
	}
	h.older, h.newer = nil, nil
}
