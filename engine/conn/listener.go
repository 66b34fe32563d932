package conn

import (
	"fmt"

	"golang.org/x/sys/unix"

	"golws/engine/loop"
)

// acceptTurns bounds how many connections one event of a listener accepts.
const acceptTurns = 32

// acceptPause is how long a listener rests, in microseconds, when the process has no descriptor left.
const acceptPause = 100_000

// Listener is a listening socket shared by the hosts that name the same place.
type Listener struct {
	Descriptor int
	Hosts      []*Host
	Unix       bool
	TLS        bool // connections begin with a handshake

	// NewRole makes the first role of an accepted connection.
	NewRole func(c *Conn) Role

	watches []*watch
}

// watch is a listener as one thread sees it.
type watch struct {
	listener *Listener
	thread   *Thread
	index    int32
	timer    loop.Timer
	resting  bool
}

// Watch has a thread accept connections of the listener. It runs on that thread.
func (l *Listener) Watch(t *Thread) error {
	w := &watch{listener: l, thread: t}
	// Not EPOLLEXCLUSIVE: such a registration cannot be modified, which rest has to do.
	index, err := t.Loop.Add(l.Descriptor, unix.EPOLLIN, w)
	if err != nil {
		return fmt.Errorf("watch listener: %w", err)
	}
	w.index = index
	l.watches = append(l.watches, w)
	return nil
}

// Unwatch ends accepting on a thread. It runs on that thread.
func (l *Listener) Unwatch(t *Thread) {
	for i, w := range l.watches {
		if w.thread == t {
			t.Loop.Cancel(&w.timer)
			t.Loop.Remove(l.Descriptor, w.index)
			l.watches = append(l.watches[:i], l.watches[i+1:]...)
			return
		}
	}
}

// Ready accepts what waits.
func (w *watch) Ready(uint32) {
	for range acceptTurns {
		if w.resting || len(w.listener.Hosts) == 0 {
			return
		}
		limit := w.limit()
		if !limit.take() {
			w.rest()
			return
		}
		descriptor, err := acceptSocket(w.listener.Descriptor)
		if err == nil {
			w.accepted(descriptor, limit)
			continue
		}
		limit.give()
		switch err {
		case unix.EINTR, unix.ECONNABORTED:
			continue
		case unix.EMFILE, unix.ENFILE, unix.ENOBUFS, unix.ENOMEM:
			w.thread.Handler.Log(LogWarning, "accept: "+err.Error()+": new connections wait until descriptors are free")
			w.rest()
		}
		return
	}
}

// rest stops accepting for a while: the waiting connection would make the listener readable all
// the time, and the other connections need the processor to finish and give descriptors back.
func (w *watch) rest() {
	w.resting = true
	w.thread.Loop.Modify(w.listener.Descriptor, w.index, 0)
	w.thread.Loop.Schedule(&w.timer, w, w.thread.Loop.Now()+acceptPause)
}

// Expired accepts again after a rest.
func (w *watch) Expired(int64) {
	w.resting = false
	w.thread.Loop.Modify(w.listener.Descriptor, w.index, unix.EPOLLIN)
}

func (w *watch) accepted(descriptor int, limit *Limit) {
	l := w.listener
	host := l.Hosts[0]
	if !l.Unix {
		unix.SetsockoptInt(descriptor, unix.IPPROTO_TCP, unix.TCP_NODELAY, 1)
		if host.KeepAliveTime > 0 {
			unix.SetsockoptInt(descriptor, unix.SOL_SOCKET, unix.SO_KEEPALIVE, 1)
			unix.SetsockoptInt(descriptor, unix.IPPROTO_TCP, unix.TCP_KEEPIDLE, host.KeepAliveTime)
			unix.SetsockoptInt(descriptor, unix.IPPROTO_TCP, unix.TCP_KEEPINTVL, host.KeepAliveStep)
			unix.SetsockoptInt(descriptor, unix.IPPROTO_TCP, unix.TCP_KEEPCNT, host.KeepAliveCount)
		}
	}
	c, err := w.thread.adopt(descriptor, host, l, l.NewRole, limit)
	if err != nil {
		w.thread.Handler.Log(LogWarning, "connection refused: "+err.Error())
	}
	if c == nil {
		limit.give()
	}
}

// Adopt takes a connected, non-blocking socket into service. It owns the descriptor from here on,
// also where it fails. A nil connection without an error was refused by the program.
func (t *Thread) Adopt(descriptor int, host *Host, l *Listener, newRole func(c *Conn) Role) (*Conn, error) {
	return t.adopt(descriptor, host, l, newRole, nil)
}

func (t *Thread) adopt(descriptor int, host *Host, l *Listener, newRole func(c *Conn) Role, limit *Limit) (*Conn, error) {
	c := &Conn{thread: t, host: host, listener: l, descriptor: descriptor, index: -1, limit: limit, role: newborn{}}
	if !t.Handler.Attach(c) {
		closeSocket(descriptor)
		return nil, errNoHandle
	}
	if l != nil && t.Handler.CallbackValue(c, FilterNetworkConnection, uintptr(descriptor), 0) != 0 {
		t.Handler.Detach(c)
		closeSocket(descriptor)
		return nil, nil
	}
	var err error
	c.watched = unix.EPOLLIN
	if c.index, err = t.Loop.Add(descriptor, c.watched, c); err != nil {
		t.Handler.Detach(c)
		closeSocket(descriptor)
		return nil, err
	}
	t.count++
	host.connections.Add(1)
	c.list()
	if l != nil && l.TLS {
		c.Mirror |= MirrorTLS
	}
	c.enter()
	c.Callback(WSICreate)
	c.role = newRole(c)
	c.leave()
	return c, nil
}
