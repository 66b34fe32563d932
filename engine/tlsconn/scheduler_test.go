package tlsconn

import "testing"

func TestOrderOfHandshakes(t *testing.T) {
	var s scheduler
	s.computing = s.limit() // all are busy, so that what is submitted waits
	fresh, begun := make([]*handshake, 4), make([]*handshake, 2*mostPreferred)
	for i := range fresh {
		fresh[i] = new(handshake)
		s.submit(fresh[i])
	}
	for i := range begun {
		begun[i] = &handshake{started: true, listed: true, client: true}
		s.submit(begun[i])
	}
	take := func() *handshake {
		s.computing = s.limit() - 1
		return s.next()
	}
	var want []*handshake
	want = append(append(want, begun[:mostPreferred]...), fresh[0])
	want = append(append(want, begun[mostPreferred:]...), fresh[1:]...)
	for i, h := range want {
		if take() != h {
			t.Fatal("out of turn: ", i)
		}
	}
	if take() != nil {
		t.Fatal("more than were submitted")
	}
}

func TestQueueOfHandshakes(t *testing.T) {
	var q queue
	next, first := 0, make([]*handshake, 0, 10000)
	for range cap(first) {
		h := new(handshake)
		first = append(first, h)
		q.add(h)
		if len(first) > 5 { // never empty again
			if q.take() != first[next] {
				t.Fatal("out of turn: ", next)
			}
			next++
		}
	}
	if cap(q.all) > 100 {
		t.Error("it keeps the places of those that are gone: ", cap(q.all))
	}
}
