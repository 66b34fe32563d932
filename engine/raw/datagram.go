package raw

import (
	"fmt"
	"os"

	"golang.org/x/sys/unix"

	"golws/engine/conn"
)

const (
	// datagramTurns bounds how many datagrams one event reads, so that a fast peer does not starve the others.
	datagramTurns = 32
	// datagramsWaiting bounds how many bytes of datagrams wait for the socket. What comes beyond it is lost, as it
	// would be in a full queue of the kernel's.
	datagramsWaiting = 256 << 10
)

// Datagram serves a socket that exchanges datagrams: each is one event, and each write is one.
type Datagram struct {
	Ended func() // is called when the connection is, unless it is nil

	role      Role
	handler   conn.DatagramHandler // nil where the program does not care
	peer      conn.Address
	connected bool
	waiting   []datagram // what the socket did not take
	bytes     int        // of them
	told      bool       // that a datagram was too long, or that one was lost
}

type datagram struct {
	to      conn.Address
	payload []byte
}

var _ conn.Reader = (*Datagram)(nil)

// NewDatagram makes the role of a socket that is set up, and begins it.
func NewDatagram(c *conn.Conn) conn.Role {
	r := BindDatagram(c)
	if !c.Killed() {
		r.Begin(c, nil)
	}
	return r
}

// BindDatagram makes the role of a connection that has no socket yet: the program hears of its protocol. Begin follows
// when it has one.
func BindDatagram(c *conn.Conn) *Datagram {
	r := &Datagram{role: Role{events: Server}}
	r.handler, _ = c.Thread().Handler.(conn.DatagramHandler)
	c.SetRole(r)
	c.ReadDirectly()
	c.SetTransport((*datagrams)(r))
	c.DelayWritable()
	if !r.role.bind(c) {
		c.Kill()
	}
	return r
}

// Begin tells the program that the socket is there. named is the address that it was bound or connected to, or nil.
func (r *Datagram) Begin(c *conn.Conn, named *conn.Address) {
	c.SetTimeout(conn.NoPendingTimeout, 0)
	r.peer = c.PeerAddress()
	r.connected = r.peer.Length > 0
	if !r.connected && named != nil {
		r.peer = *named
	}
	r.tell(c)
	c.AllowWritable()
	if c.Callback(conn.RawAdopt) != 0 {
		c.Kill()
	}
}

func (r *Datagram) tell(c *conn.Conn) {
	if r.handler != nil {
		r.handler.SetPeer(c, &r.peer, r.connected)
	}
}

// Readable implements conn.Reader.
func (r *Datagram) Readable(c *conn.Conn, events uint32) {
	for range datagramTurns {
		most := c.Host().PieceSize(c.Protocol())
		p, size, err := c.ReceiveDatagram(most, &r.peer)
		if size == 0 && events&unix.EPOLLHUP != 0 {
			// It is over, for one that was shut down or whose kind has connections; this would be announced for ever.
			c.Kill()
			return
		}
		if err != nil {
			r.failed(c, err)
			return
		}
		if size > len(p) && !r.told {
			r.told = true
			c.Thread().Handler.Log(conn.LogWarning, fmt.Sprintf("a datagram of %d bytes was cut to %d: "+
				"rx_buffer_size of the protocol, or pt_serv_buf_size of the context, is less", size, most))
		}
		r.tell(c)
		if c.CallbackBytes(conn.RawReceive, p) < 0 {
			c.Finish()
		}
		if c.Paused() {
			return
		}
		// A program that answers in a writable callback has room for one datagram, mostly.
		c.Thread().Handler.TakeWritable(c.Thread())
		if c.WantsWritable() {
			return
		}
	}
}

// failed looks at what the socket said in place of a datagram. That an earlier one did not reach its peer is no more than
// what may happen to any: the peer may be there again for the next one.
func (r *Datagram) failed(c *conn.Conn, err error) {
	if err == unix.EAGAIN || err == unix.EINTR {
		return
	}
	if c.Thread().Handler.Logs(conn.LogInfo) {
		c.Thread().Handler.Log(conn.LogInfo, "datagram: "+err.Error())
	}
	if err == unix.EBADF || err == unix.ENOTSOCK {
		c.Kill()
	}
}

// Input implements conn.Role. Datagrams do not come as a stream.
func (r *Datagram) Input(_ *conn.Conn, p []byte) int { return len(p) }

// Writable implements conn.Role.
func (r *Datagram) Writable(c *conn.Conn) { r.role.Writable(c) }

// Write implements conn.Role. A datagram goes where the last one came from, or to the connected peer.
func (r *Datagram) Write(c *conn.Conn, p []byte, _ conn.WriteKind) (int, error) {
	if c.Descriptor() < 0 {
		return 0, conn.ErrWrongState
	}
	if r.handler != nil {
		r.handler.Peer(c, &r.peer)
	}
	if len(r.waiting) == 0 {
		err := c.SendDatagram(p, &r.peer)
		if err == unix.ECONNREFUSED || err == unix.EHOSTUNREACH || err == unix.ENETUNREACH {
			err = c.SendDatagram(p, &r.peer) // it may have been about an earlier one, in place of sending this
		}
		switch err {
		case nil:
			return len(p), nil
		case unix.EAGAIN, unix.EINTR:
		default:
			return 0, err
		}
	}
	if r.bytes+len(p) > datagramsWaiting {
		if !r.told {
			r.told = true
			c.Thread().Handler.Log(conn.LogWarning, "datagrams are written faster than they leave, and are lost: "+
				"write them in writable callbacks")
		}
		return len(p), nil
	}
	r.waiting = append(r.waiting, datagram{to: r.peer, payload: append([]byte(nil), p...)})
	r.bytes += len(p)
	c.FlushSoon()
	c.Flush() // and so finds the socket full
	return len(p), nil
}

// Drained implements conn.Role.
func (r *Datagram) Drained(*conn.Conn) {}

// EOF implements conn.Role.
func (r *Datagram) EOF(*conn.Conn) bool { return true }

// TimedOut implements conn.Role.
func (r *Datagram) TimedOut(*conn.Conn, conn.Timeout) bool { return false }

// CheckValidity implements conn.Role.
func (r *Datagram) CheckValidity(*conn.Conn) bool { return false }

// Finish implements conn.Role.
func (r *Datagram) Finish(c *conn.Conn) { c.CloseAfterFlush() }

// Closed implements conn.Role.
func (r *Datagram) Closed(c *conn.Conn) {
	if r.Ended != nil {
		r.Ended()
	}
	r.role.Closed(c)
}

// datagrams is the Transport of a Datagram, which keeps what the socket did not take.
type datagrams Datagram

func (t *datagrams) Read(*conn.Conn, []byte) (int, error) { return 0, unix.EAGAIN }

func (t *datagrams) Write(*conn.Conn, []byte) (int, error) { return 0, conn.ErrWrongState }

func (t *datagrams) Flush(c *conn.Conn) error {
	for len(t.waiting) > 0 {
		d := &t.waiting[0]
		if err := c.SendDatagram(d.payload, &d.to); err == unix.EAGAIN {
			return err
		}
		// One that cannot be sent is lost, as any datagram may be.
		t.bytes -= len(d.payload)
		t.waiting[0] = datagram{}
		t.waiting = t.waiting[1:]
	}
	t.waiting = nil
	return nil
}

func (t *datagrams) Unsent() int { return t.bytes }

func (t *datagrams) SendFile(*conn.Conn, *os.File, int64, int64) (int, error) {
	return 0, conn.ErrWrongState
}

func (t *datagrams) Pending() bool { return false }

func (t *datagrams) Shutdown(*conn.Conn) {}

func (t *datagrams) Close(*conn.Conn) {}
