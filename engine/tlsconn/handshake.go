package tlsconn

import (
	"bytes"
	"crypto/tls"
	"errors"
	"io"
	"net"
	"os"
	"sync"
	"time"

	"golws/engine/conn"
	"golws/engine/tlsconfig"
)

// maxEarly is how much a peer may send before its handshake is done; more waits in the socket.
const maxEarly = 64 << 10

var errClosed = net.ErrClosed

// handshake is what the service thread and the goroutine of a handshake share.
type handshake struct {
	c         *conn.Conn // for the service thread only; nil when the connection is gone
	thread    *conn.Thread
	transport *Transport
	hosts     []*conn.Host // of the listener, a copy that never changes
	client    bool         // it is ours to begin

	// Of the scheduler, under its lock.
	started      bool
	resumed      bool // went on before it came to wait
	listed       bool
	older, newer *handshake
	wake         chan struct{}

	mutex   sync.Mutex
	in      []byte // from the peer, not read yet
	out     []byte // for the peer
	behind  bool   // the service thread has output that goes before any other
	posted  bool   // the service thread will look
	waiting bool   // the goroutine waits for input, or for an answer
	closed  bool   // the connection is gone
	full    bool   // the service thread has stopped to read
	eof     bool   // the peer sends no more
	done    bool
	err     error
	host    *conn.Host // whom the peer has named

	left int // bytes of the record that is being read; the goroutine's
}

// begin starts the handshake of a server with the peer's first bytes.
func begin(c *conn.Conn, first []byte) *handshake {
	t := &Transport{thread: sharedOf(c.Thread()), descriptor: c.Descriptor()}
	h := &handshake{
		c: c, thread: c.Thread(), transport: t, wake: make(chan struct{}, 1), host: c.Host(),
		in: append([]byte(nil), first...),
	}
	if l := c.Listener(); l != nil {
		h.hosts = l.Hosts
	}
	t.handshake = h
	t.tls = tls.Server((*stream)(t), chooser)
	workers.submit(h)
	return h
}

// run is the handshake, in its goroutine.
func (h *handshake) run() {
	err := errClosed
	if !h.isClosed() {
		err = h.transport.tls.Handshake()
	}
	h.mutex.Lock()
	h.done, h.err = true, err
	post := h.toPost()
	h.mutex.Unlock()
	if post {
		h.thread.Loop.Post(h.arrived)
	}
}

func (h *handshake) isClosed() bool {
	h.mutex.Lock()
	defer h.mutex.Unlock()
	return h.closed
}

// toPost reports whether the service thread must be told to look. The lock is held; it is released before the loop
// is told, because the service thread takes it as soon as it is woken.
func (h *handshake) toPost() bool {
	if h.posted || h.closed {
		return false
	}
	h.posted = true
	return true
}

// read gives the goroutine what has arrived, at most to the end of a record: crypto/tls would keep the
// rest, which is the Transport's to keep.
func (h *handshake) read(p []byte) (int, error) {
	h.mutex.Lock()
	for {
		if h.closed {
			h.mutex.Unlock()
			return 0, errClosed
		}
		if h.left == 0 {
			// A header goes in one piece, so that where the record ends is known.
			h.left = recordSize(h.in)
		}
		if h.left > 0 && len(h.in) > 0 {
			break
		}
		if h.eof {
			h.mutex.Unlock()
			return 0, io.ErrUnexpectedEOF
		}
		post := false
		if len(h.out) > 0 || h.full {
			h.full = false
			post = h.toPost()
		}
		h.pause(post)
	}
	n := copy(p, h.in[:min(len(h.in), h.left)])
	h.in = h.in[n:]
	h.left -= n
	h.mutex.Unlock()
	return n, nil
}

// pause waits until the service thread has something, which is told to look where post is set. The lock is held
// before and after.
func (h *handshake) pause(post bool) {
	h.waiting = true
	h.mutex.Unlock()
	if post {
		h.thread.Loop.Post(h.arrived)
	}
	workers.wait(h)
	h.mutex.Lock()
}

func (h *handshake) write(p []byte) (int, error) {
	h.mutex.Lock()
	defer h.mutex.Unlock()
	if h.closed {
		return 0, errClosed
	}
	rest := p
	if !h.behind {
		// The socket is open as long as the lock is held, and a turn of the service thread is spared.
		if n, err := send(h.transport.descriptor, p); err == nil {
			rest = p[n:]
		}
	}
	if len(rest) > 0 {
		h.out, h.behind = append(h.out, rest...), true
	}
	return len(p), nil
}

// ask has f run on the service thread, with the connection, and waits for its answer, in the goroutine of
// the handshake.
func (h *handshake) ask(f func(c *conn.Conn) error) error {
	answer := errClosed
	h.mutex.Lock()
	if h.closed {
		h.mutex.Unlock()
		return answer
	}
	answered := false
	h.thread.Loop.Post(func() {
		if h.c == nil {
			return
		}
		h.c.Hold()
		err := f(h.c)
		h.mutex.Lock()
		answered, answer = true, err
		h.resume()
		h.c.Unhold()
	})
	for !answered && !h.closed {
		h.pause(false)
	}
	defer h.mutex.Unlock()
	return answer
}

// resume has the goroutine go on if it waits, and releases the lock.
func (h *handshake) resume() {
	waiting := h.waiting
	h.waiting = false
	h.mutex.Unlock()
	if waiting {
		workers.submit(h)
	}
}

// supply hands over what the peer has sent, and reports whether there is room for more.
func (h *handshake) supply(p []byte) bool {
	h.mutex.Lock()
	h.in = append(h.in, p...)
	full := len(h.in) >= maxEarly
	h.full = full
	h.resume()
	return !full
}

// end tells that the peer sends no more.
func (h *handshake) end() {
	h.mutex.Lock()
	h.eof = true
	h.resume()
}

// close ends the handshake because the connection is gone.
func (h *handshake) close() {
	h.c = nil
	h.mutex.Lock()
	h.closed = true
	waiting := h.waiting
	h.waiting = false
	h.mutex.Unlock()
	if waiting {
		workers.hurry(h)
	}
}

// evict has the connection closed. It may be called from anywhere.
func (h *handshake) evict() {
	h.thread.Loop.Post(func() {
		if h.c != nil {
			h.transport.thread.logEviction(h.thread)
			h.c.Kill()
		}
	})
}

// arrived takes what the goroutine has for the service thread.
func (h *handshake) arrived() {
	c := h.c
	if c == nil {
		return
	}
	h.mutex.Lock()
	h.posted = false
	out, done, err := h.out, h.done, h.err
	h.out = nil
	h.mutex.Unlock()
	c.Hold()
	c.Queue(out)
	if r, ok := c.Role().(shaking); ok && done && c.Open() {
		if err != nil {
			r.failed(c, err)
		} else {
			r.succeeded(c)
		}
	} else if ok && !c.Ended() {
		c.Resume(conn.PauseByRole)
	}
	c.Unhold()
}

// shaking is the role of a connection with a handshake.
type shaking interface {
	failed(c *conn.Conn, err error)
	succeeded(c *conn.Conn)
}

// settle puts the transport in place of the socket when the handshake has succeeded.
func (h *handshake) settle(c *conn.Conn) *Transport {
	t := h.transport
	t.handshake, t.host = nil, h.host
	t.unsent = c.TakeOutput()
	t.cipher = bytes.Clone(h.in)
	takeBack(t.tls)
	h.c, h.in, h.out = nil, nil, nil // what verifies certificates keeps h
	return t
}

// stream is the Transport as the net.Conn that crypto/tls reads and writes.
type stream Transport

// Read implements net.Conn.
func (s *stream) Read(p []byte) (int, error) {
	if s.handshake != nil {
		return s.handshake.read(p)
	}
	return (*Transport)(s).give(p)
}

// Write implements net.Conn.
func (s *stream) Write(p []byte) (int, error) {
	if s.handshake != nil {
		return s.handshake.write(p)
	}
	return (*Transport)(s).take(p)
}

var errUnsupported = errors.ErrUnsupported

// Close implements net.Conn. The socket is the connection's.
func (s *stream) Close() error { return errUnsupported }

// LocalAddr implements net.Conn.
func (s *stream) LocalAddr() net.Addr { return nil }

// RemoteAddr implements net.Conn.
func (s *stream) RemoteAddr() net.Addr { return nil }

// SetDeadline implements net.Conn. Time limits are the connection's.
func (s *stream) SetDeadline(time.Time) error { return os.ErrNoDeadline }

// SetReadDeadline implements net.Conn.
func (s *stream) SetReadDeadline(time.Time) error { return os.ErrNoDeadline }

// SetWriteDeadline implements net.Conn.
func (s *stream) SetWriteDeadline(time.Time) error { return os.ErrNoDeadline }

// chooser is what handshakes begin with. The name that the peer sends decides on the rest.
var chooser = &tls.Config{GetConfigForClient: func(hello *tls.ClientHelloInfo) (*tls.Config, error) {
	h := hello.Conn.(*stream).handshake
	host := hostFor(h.hosts, h.host, hello.ServerName)
	if host.TLS == nil {
		return nil, errors.New("vhost " + host.Name + " has no certificate")
	}
	h.host = host
	var ask func(*tlsconfig.Verification) error
	if verifier, ok := h.thread.Handler.(conn.PeerVerifier); ok && host.TLS.AsksClients() {
		ask = func(v *tlsconfig.Verification) error {
			h.transport.verified = v.OK()
			return h.ask(func(c *conn.Conn) error { return verifier.VerifyPeer(c, host, v) })
		}
	}
	return host.TLS.ForClient(hello, ask), nil
}}
