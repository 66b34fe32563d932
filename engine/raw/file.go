package raw

import (
	"io"
	"os"

	"golang.org/x/sys/unix"

	"golws/engine/conn"
)

// File serves a descriptor that is no socket: the program hears when it can be read or written, and does that itself.
type File struct{}

var _ conn.Reader = File{}

// NewFile makes the role of an adopted file. Input that waits is announced as long as it waits.
func NewFile(c *conn.Conn) conn.Role {
	r := File{}
	c.SetRole(r)
	c.ReadDirectly()
	c.SetTransport(file{})
	if c.Protocol() == nil && !c.BindProtocol(c.Host().FirstProtocol()) || c.Callback(conn.RawAdoptFile) != 0 {
		c.Kill()
	}
	return r
}

// Readable implements conn.Reader.
func (File) Readable(c *conn.Conn, events uint32) {
	switch {
	case events&unix.EPOLLIN != 0:
		if c.Callback(conn.RawReceiveFile) != 0 {
			c.Finish()
		} else if events&unix.EPOLLHUP != 0 && !c.Paused() && drained(c.Descriptor()) {
			c.Kill()
		}
	case events&(unix.EPOLLHUP|unix.EPOLLERR) != 0:
		c.Kill()
	}
}

// drained reports whether a file that is hung up has nothing left to read. Some, like terminals, are readable then as
// long as they are open, and programs that take that for an end which will be announced would be called for ever.
func drained(descriptor int) bool {
	n, err := unix.IoctlGetInt(descriptor, unix.TIOCINQ)
	return err == nil && n == 0 || err == unix.EIO
}

// Input implements conn.Role. There is none: nobody but the program reads.
func (File) Input(_ *conn.Conn, p []byte) int { return len(p) }

// Writable implements conn.Role.
func (File) Writable(c *conn.Conn) {
	if c.Thread().Handler.CallbackWritable(c, conn.RawWriteableFile) != 0 {
		c.Finish()
	}
}

// Write implements conn.Role, for programs that prefer lws_write() to write().
func (File) Write(c *conn.Conn, p []byte, _ conn.WriteKind) (int, error) {
	c.QueueDirect(nil, p)
	return len(p), nil
}

// Drained implements conn.Role.
func (File) Drained(*conn.Conn) {}

// EOF implements conn.Role. The program finds the end when it reads.
func (File) EOF(*conn.Conn) bool { return true }

// TimedOut implements conn.Role.
func (File) TimedOut(*conn.Conn, conn.Timeout) bool { return false }

// CheckValidity implements conn.Role.
func (File) CheckValidity(*conn.Conn) bool { return false }

// Finish implements conn.Role.
func (File) Finish(c *conn.Conn) { c.CloseAfterFlush() }

// Closed implements conn.Role. Other than with sockets, the owner hears of it first.
func (File) Closed(c *conn.Conn) {
	c.LeaveOwner()
	c.Callback(conn.RawCloseFile)
}

// file carries output by write(2), since files are no sockets.
type file struct{}

func (file) Read(*conn.Conn, []byte) (int, error) { return 0, unix.EAGAIN }

func (file) Write(c *conn.Conn, p []byte) (int, error) { return conn.WriteFile(c.Descriptor(), p) }

func (file) Flush(*conn.Conn) error { return nil }

func (file) Unsent() int { return 0 }

func (t file) SendFile(c *conn.Conn, f *os.File, offset, n int64) (int, error) {
	var piece [4096]byte
	read, err := f.ReadAt(piece[:min(n, int64(len(piece)))], offset)
	if read == 0 {
		if err == io.EOF {
			err = nil
		}
		return 0, err
	}
	return t.Write(c, piece[:read])
}

func (file) Pending() bool { return false }

func (file) Shutdown(*conn.Conn) {}

func (file) Close(*conn.Conn) {}
