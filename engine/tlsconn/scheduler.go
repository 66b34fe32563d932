package tlsconn

import (
	"runtime"
	"slices"
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
	begun     queue // wait for their turn to go on
	fresh     queue // wait for their turn to begin
	preferred int   // how often those that had begun went before one that waits to begin
	started   int   // have a goroutine, with clients
	parked    []chan *handshake

	// The handshakes with clients that wait for them, the longest first.
	oldest, newest *handshake
}

var workers scheduler

// mostPreferred is after how many handshakes that go on one begins. Those that have begun go first: where many begin at
// once, it is better that some are done early than that all are done late. But not always, so that peers that have
// theirs go on in small steps keep out nobody.
const mostPreferred = 8

// queue is handshakes in the order in which they came.
type queue struct {
	all   []*handshake
	taken int // of all, which are not there any more
}

func (q *queue) add(h *handshake) {
	if q.taken > len(q.all)/2 || q.empty() {
		q.all, q.taken = slices.Delete(q.all, 0, q.taken), 0
	}
	q.all = append(q.all, h)
}

func (q *queue) empty() bool { return q.taken == len(q.all) }

func (q *queue) take() *handshake {
	h := q.all[q.taken]
	q.all[q.taken] = nil
	q.taken++
	return h
}

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
		s.begun.add(h)
	} else {
		s.fresh.add(h)
	}
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
	if s.computing >= s.limit() || s.begun.empty() && s.fresh.empty() {
		return nil
	}
	s.computing++
	if s.begun.empty() || !s.fresh.empty() && s.preferred >= mostPreferred {
		s.preferred = 0
		return s.fresh.take()
	}
	s.preferred++
	return s.begun.take()
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
