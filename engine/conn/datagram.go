package conn

import (
	"unsafe"

	"golang.org/x/sys/unix"
)

// Address is a socket address as the kernel has it.
type Address struct {
	Raw    unix.RawSockaddrAny
	Length uint32
}

// Bytes are those of the address. They are valid as long as a is.
func (a *Address) Bytes() []byte {
	return unsafe.Slice((*byte)(unsafe.Pointer(&a.Raw)), int(min(a.Length, uint32(unsafe.Sizeof(a.Raw)))))
}

// SetBytes makes it the address of which these are the bytes.
func (a *Address) SetBytes(p []byte) {
	a.Raw = unix.RawSockaddrAny{}
	a.Length = uint32(copy(unsafe.Slice((*byte)(unsafe.Pointer(&a.Raw)), int(unsafe.Sizeof(a.Raw))), p))
}

// ReceiveDatagram reads one datagram and the address of its sender. Of the datagram, which had size bytes, it returns
// the first most ones, in memory of the thread that has room for a byte behind them.
func (c *Conn) ReceiveDatagram(most int, from *Address) (p []byte, size int, err error) {
	buffer := c.thread.buffer[:min(most, len(c.thread.buffer)-1)]
	from.Length = uint32(unsafe.Sizeof(from.Raw))
	n, _, e := unix.RawSyscall6(unix.SYS_RECVFROM, uintptr(c.descriptor),
		uintptr(unsafe.Pointer(unsafe.SliceData(buffer))), uintptr(len(buffer)), unix.MSG_TRUNC,
		uintptr(unsafe.Pointer(&from.Raw)), uintptr(unsafe.Pointer(&from.Length)))
	if e != 0 {
		return nil, 0, e
	}
	return buffer[:min(int(n), len(buffer))], int(n), nil
}

// SendDatagram sends p to an address, or to the socket's peer where that is empty.
func (c *Conn) SendDatagram(p []byte, to *Address) error {
	var address unsafe.Pointer
	length := to.Length
	if to.Raw.Addr.Family == unix.AF_UNIX && length <= uint32(unsafe.Sizeof(to.Raw.Addr.Family)) {
		length = 0 // the peer has no name
	}
	if length > 0 {
		address = unsafe.Pointer(&to.Raw)
	}
	_, _, e := unix.RawSyscall6(unix.SYS_SENDTO, uintptr(c.descriptor), uintptr(unsafe.Pointer(unsafe.SliceData(p))),
		uintptr(len(p)), unix.MSG_NOSIGNAL, uintptr(address), uintptr(length))
	if e != 0 {
		return e
	}
	return nil
}

// PeerAddress asks the kernel whom the socket is connected to. The address is empty where it is not.
func (c *Conn) PeerAddress() (a Address) {
	a.Length = uint32(unsafe.Sizeof(a.Raw))
	_, _, e := unix.RawSyscall(unix.SYS_GETPEERNAME, uintptr(c.descriptor), uintptr(unsafe.Pointer(&a.Raw)),
		uintptr(unsafe.Pointer(&a.Length)))
	if e != 0 {
		return Address{}
	}
	return a
}

// DatagramHandler is a Handler that wants to know about the peers of datagram sockets.
type DatagramHandler interface {
	// SetPeer tells where the datagram came from that is about to be delivered, or, before the first one, what the
	// socket was connected or bound to.
	SetPeer(c *Conn, a *Address, connected bool)
	// Peer is where a datagram that the program writes is to go: what SetPeer told, unless the program has changed it.
	Peer(c *Conn, a *Address)
}
