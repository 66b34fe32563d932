package loop

import (
	"errors"
	"sync"
	"sync/atomic"
	"time"

	"golang.org/x/sys/unix"
)

// Source is what the loop watches: a connection, a listener, a foreign descriptor.
type Source interface {
	// Ready is called on the service thread with the epoll events that are true.
	Ready(events uint32)
}

// wakeIndex marks the wake-up descriptor in the data word of its epoll events.
const wakeIndex = -1

// entry is one place of the source table. The generation makes an event of a closed descriptor that is
// still in the current batch recognisable as stale.
type entry struct {
	source     Source
	generation int32
}

// Loop is one epoll instance with its sources and timers. Except for Wake and Post, which any
// goroutine may call, it is used under its owner's service lock.
type Loop struct {
	epoll      int
	wake       int
	woken      atomic.Bool
	processing bool
	entries    []entry
	free       []int32
	timers     timerHeap
	now        int64

	mutex  sync.Mutex // guards posted and closed
	posted []func()
	closed bool

	waking sync.RWMutex // read-held where the loop may be closed meanwhile: the descriptor stays until Wake is done

	// Woken is called on the service thread after a wake-up was received. May be nil.
	Woken func()

	// Announces is set by an owner who asks with Announced, before the service lock is given back, whether there is
	// something new to wait for, and knows whether anybody waits.
	Announces bool
	announced bool
}

// New makes a loop with its epoll instance and wake-up descriptor.
func New() (*Loop, error) {
	l := &Loop{epoll: -1, wake: -1}
	var err error
	if l.epoll, err = unix.EpollCreate1(unix.EPOLL_CLOEXEC); err != nil {
		return nil, err
	}
	if l.wake, err = unix.Eventfd(0, unix.EFD_CLOEXEC|unix.EFD_NONBLOCK); err != nil {
		unix.Close(l.epoll)
		return nil, err
	}
	event := unix.EpollEvent{Events: unix.EPOLLIN, Fd: wakeIndex}
	if err = unix.EpollCtl(l.epoll, unix.EPOLL_CTL_ADD, l.wake, &event); err != nil {
		l.Close()
		return nil, err
	}
	l.now = Now()
	return l, nil
}

// Close releases the descriptors. The sources must be gone already.
func (l *Loop) Close() {
	l.mutex.Lock()
	l.closed, l.posted = true, nil
	l.mutex.Unlock()
	l.waking.Lock()
	defer l.waking.Unlock()
	if l.epoll >= 0 {
		unix.Close(l.epoll)
		l.epoll = -1
	}
	if l.wake >= 0 {
		unix.Close(l.wake)
		l.wake = -1
	}
}

// Post has f run on the service thread in its next turn. Any goroutine may call it, and nothing happens
// when the loop is closed.
func (l *Loop) Post(f func()) {
	l.mutex.Lock()
	closed := l.closed
	if !closed {
		l.posted = append(l.posted, f)
	}
	l.mutex.Unlock()
	if closed {
		return
	}
	// The lock is not held: the service thread takes it as soon as it is woken.
	l.waking.RLock()
	l.Wake()
	l.waking.RUnlock()
}

// Descriptor is the epoll instance: readable when the loop has something to do.
func (l *Loop) Descriptor() int { return l.epoll }

// WakeDescriptor is the eventfd whose increment ends a wait, from any thread or signal handler.
func (l *Loop) WakeDescriptor() int { return l.wake }

// Add starts to watch a descriptor and returns the index to use with Modify and Remove.
func (l *Loop) Add(descriptor int, events uint32, source Source) (int32, error) {
	var index int32
	if n := len(l.free); n > 0 {
		index = l.free[n-1]
		l.free = l.free[:n-1]
	} else {
		index = int32(len(l.entries))
		l.entries = append(l.entries, entry{})
	}
	e := &l.entries[index]
	event := unix.EpollEvent{Events: events, Fd: index, Pad: e.generation}
	if err := unix.EpollCtl(l.epoll, unix.EPOLL_CTL_ADD, descriptor, &event); err != nil {
		l.free = append(l.free, index)
		return 0, err
	}
	e.source = source
	return index, nil
}

// Modify changes the events that a watched descriptor is watched for.
func (l *Loop) Modify(descriptor int, index int32, events uint32) error {
	event := unix.EpollEvent{Events: events, Fd: index, Pad: l.entries[index].generation}
	return unix.EpollCtl(l.epoll, unix.EPOLL_CTL_MOD, descriptor, &event)
}

// Replace has the events of a watched descriptor handed to another source, those of the current batch too.
func (l *Loop) Replace(index int32, source Source) { l.entries[index].source = source }

// Remove stops to watch a descriptor, which must still be open. Events of it that are still to be
// handed over are dropped.
func (l *Loop) Remove(descriptor int, index int32) {
	unix.EpollCtl(l.epoll, unix.EPOLL_CTL_DEL, descriptor, nil)
	l.entries[index].source = nil
	l.entries[index].generation++
	l.free = append(l.free, index)
}

// Wake ends the current or the next wait. Any goroutine may call it.
func (l *Loop) Wake() {
	if l.woken.Swap(true) {
		return
	}
	one := [8]byte{1}
	unix.Write(l.wake, one[:])
}

// Announce tells that there is work, or a timer, that a wait under way does not know of. It is called with the service
// lock held.
func (l *Loop) Announce() {
	if l.Announces {
		l.announced = true
	} else {
		l.Wake()
	}
}

// Announced reports whether Announce was called since it was asked last.
func (l *Loop) Announced() bool {
	was := l.announced
	l.announced = false
	return was
}

var (
	start      = time.Now()
	startMicro = monotonic()
)

func monotonic() int64 {
	var ts unix.Timespec
	unix.ClockGettime(unix.CLOCK_MONOTONIC, &ts)
	return ts.Nano() / 1000
}

// Now is CLOCK_MONOTONIC in microseconds, the clock of all deadlines here. It is read without a
// system call, which unix.ClockGettime would make.
func Now() int64 { return startMicro + time.Since(start).Microseconds() }

// Now is the time as of the current turn inside Process and the time of the call elsewhere.
func (l *Loop) Now() int64 {
	if l.processing {
		return l.now
	}
	return Now()
}

// Refresh brings the time of the current turn up to date: the program may have taken long since it
// began, and counts a delay from when it asks for it.
func (l *Loop) Refresh() {
	if l.processing {
		l.now = Now()
	}
}

// Processing reports whether the service thread is inside Process.
func (l *Loop) Processing() bool { return l.processing }

// Process handles one batch of epoll events and the timers that are due at now.
func (l *Loop) Process(now int64, events []unix.EpollEvent) {
	l.now = now
	l.processing = true
	for i := range events {
		event := &events[i]
		if event.Fd == wakeIndex {
			l.receiveWake()
			continue
		}
		e := &l.entries[event.Fd]
		if e.source == nil || e.generation != event.Pad {
			continue
		}
		e.source.Ready(event.Events)
	}
	l.expire(now)
	l.processing = false
}

// Enter marks the caller as the service thread for work outside Process and returns the former mark.
func (l *Loop) Enter() bool {
	was := l.processing
	if !was {
		l.now = Now()
		l.processing = true
	}
	return was
}

// Leave restores what Enter returned.
func (l *Loop) Leave(was bool) { l.processing = was }

func (l *Loop) receiveWake() {
	var count [8]byte
	unix.Read(l.wake, count[:])
	// Not before: who wakes in between writes, and the read takes it away with woken left behind. Whoever finds woken
	// set has posted already.
	l.woken.Store(false)
	l.mutex.Lock()
	posted := l.posted
	l.posted = nil
	l.mutex.Unlock()
	for _, f := range posted {
		f()
	}
	if l.Woken != nil {
		l.Woken()
	}
}

// Wait waits in Go for events, at most the given number of milliseconds (negative: as long as no
// timer is due), and processes them.
func (l *Loop) Wait(milliseconds int) error {
	if next := l.NextDeadline(); next >= 0 {
		left := max(next-Now(), 0)
		if m := int((left + 999) / 1000); milliseconds < 0 || m < milliseconds {
			milliseconds = m
		}
	}
	var events [64]unix.EpollEvent
	n, err := unix.EpollWait(l.epoll, events[:], milliseconds)
	if err != nil && !errors.Is(err, unix.EINTR) {
		return err
	}
	l.Process(Now(), events[:max(n, 0)])
	return nil
}
