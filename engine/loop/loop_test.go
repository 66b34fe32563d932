package loop

import (
	"math/rand"
	"slices"
	"sync"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

type recorder struct {
	id    int
	fired *[]int
	again func()
}

func (r *recorder) Expired(int64) {
	*r.fired = append(*r.fired, r.id)
	if r.again != nil {
		r.again()
	}
}

func newLoop(t *testing.T) *Loop {
	l, err := New()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(l.Close)
	return l
}

// The heap agrees with a sorted list under random scheduling, moving and cancelling.
func TestTimersAgainstSortedList(t *testing.T) {
	l := newLoop(t)
	random := rand.New(rand.NewSource(1))
	var fired []int
	timers := make([]Timer, 500)
	owners := make([]recorder, len(timers))
	type pending struct {
		when  int64
		order int
		id    int
	}
	due := map[int]pending{}
	for i := range owners {
		owners[i] = recorder{id: i, fired: &fired}
	}
	for order := range 20_000 {
		id := random.Intn(len(timers))
		if random.Intn(4) == 0 {
			l.Cancel(&timers[id])
			delete(due, id)
			continue
		}
		when := int64(random.Intn(1000))
		l.Schedule(&timers[id], &owners[id], when)
		due[id] = pending{when, order, id}
	}
	var want []pending
	for _, p := range due {
		want = append(want, p)
	}
	slices.SortFunc(want, func(a, b pending) int {
		if a.when != b.when {
			return int(a.when - b.when)
		}
		return a.order - b.order
	})
	l.Process(400, nil)
	l.Process(2000, nil)
	if len(fired) != len(want) {
		t.Fatalf("%d fired, want %d", len(fired), len(want))
	}
	for i := range want {
		if fired[i] != want[i].id {
			t.Fatalf("number %d: timer %d fired, want %d", i, fired[i], want[i].id)
		}
	}
	if l.NextDeadline() != -1 {
		t.Error("a timer is left")
	}
}

// A timer that always schedules itself for a time in the past lets Process return.
func TestTimerThatReschedulesItself(t *testing.T) {
	l := newLoop(t)
	var fired []int
	var timer Timer
	r := &recorder{fired: &fired}
	r.again = func() { l.Schedule(&timer, r, 1) }
	l.Schedule(&timer, r, 1)
	l.Process(10, nil)
	if len(fired) != 1 {
		t.Fatalf("fired %d times in one turn", len(fired))
	}
	l.Process(11, nil)
	if len(fired) != 2 {
		t.Fatalf("fired %d times in two turns", len(fired))
	}
}

type closer struct {
	l     *Loop
	fd    int
	index int32
	other *closer
	calls int
}

func (c *closer) Ready(uint32) {
	c.calls++
	c.l.Remove(c.other.fd, c.other.index)
	unix.Close(c.other.fd)
}

// An event of a descriptor that was removed earlier in the same batch is dropped.
func TestRemoveDuringBatch(t *testing.T) {
	l := newLoop(t)
	var ends [2]closer
	for i := range ends {
		pair, err := unix.Socketpair(unix.AF_UNIX, unix.SOCK_STREAM|unix.SOCK_NONBLOCK, 0)
		if err != nil {
			t.Fatal(err)
		}
		unix.Write(pair[1], []byte("x"))
		ends[i] = closer{l: l, fd: pair[0], other: &ends[1-i]}
		if ends[i].index, err = l.Add(pair[0], unix.EPOLLIN, &ends[i]); err != nil {
			t.Fatal(err)
		}
	}
	if err := l.Wait(1000); err != nil {
		t.Fatal(err)
	}
	if got := ends[0].calls + ends[1].calls; got != 1 {
		t.Errorf("%d events were delivered, want 1", got)
	}
}

func TestWakeAndPostFromAnotherGoroutine(t *testing.T) {
	l := newLoop(t)
	woken, ran := 0, make(chan bool, 1)
	l.Woken = func() { woken++ }
	go func() {
		time.Sleep(10 * time.Millisecond)
		l.Post(func() { ran <- true })
	}()
	if err := l.Wait(20_000); err != nil {
		t.Fatal(err)
	}
	select {
	case <-ran:
	default:
		t.Error("the posted function did not run")
	}
	if woken != 1 {
		t.Errorf("woken %d times", woken)
	}
}

// What is posted while the loop takes note of an earlier wake is not forgotten.
func TestPostDuringWake(t *testing.T) {
	const posters, each = 4, 20000
	l := newLoop(t)
	ran := 0
	var working sync.WaitGroup
	for range posters {
		working.Go(func() {
			for range each {
				l.Post(func() { ran++ })
			}
		})
	}
	done := make(chan struct{})
	go func() {
		working.Wait()
		close(done)
	}()
	for running := true; running; {
		select {
		case <-done:
			running = false
		default:
		}
		if err := l.Wait(0); err != nil {
			t.Fatal(err)
		}
	}
	if ran != posters*each {
		t.Errorf("%d of %d functions ran", ran, posters*each)
	}
}

func TestTimersAllocateNothing(t *testing.T) {
	l := newLoop(t)
	var fired []int
	timers := make([]Timer, 1000)
	r := &recorder{fired: &fired}
	for i := range timers {
		l.Schedule(&timers[i], r, int64(1_000_000+i))
	}
	n := 0
	if allocated := testing.AllocsPerRun(1000, func() {
		n++
		l.Schedule(&timers[n%len(timers)], r, int64(2_000_000-n))
	}); allocated != 0 {
		t.Errorf("%v allocations", allocated)
	}
}

func BenchmarkScheduleWith100000Pending(b *testing.B) {
	l, err := New()
	if err != nil {
		b.Fatal(err)
	}
	defer l.Close()
	var fired []int
	r := &recorder{fired: &fired}
	timers := make([]Timer, 100_000)
	for i := range timers {
		l.timers.schedule(&timers[i], int64(i)*7919%1_000_003)
	}
	l.processing = true
	for i := 0; b.Loop(); i++ {
		t := &timers[i%len(timers)]
		l.Cancel(t)
		l.Schedule(t, r, int64(i)*104729%1_000_003)
	}
}
