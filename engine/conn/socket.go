package conn

import (
	"os"
	"unsafe"

	"golang.org/x/sys/unix"
)

// The calls here skip the Go scheduler's bookkeeping of system calls: the descriptors are
// non-blocking, so the calls are short, and the bookkeeping costs as much as copying a small message.

func readSocket(descriptor int, p []byte) (int, error) {
	n, _, e := unix.RawSyscall6(unix.SYS_RECVFROM, uintptr(descriptor),
		uintptr(unsafe.Pointer(unsafe.SliceData(p))), uintptr(len(p)), 0, 0, 0)
	if e != 0 {
		return 0, e
	}
	return int(n), nil
}

// writeSocket never raises SIGPIPE: the signal belongs to the program.
func writeSocket(descriptor int, p []byte) (int, error) {
	n, _, e := unix.RawSyscall6(unix.SYS_SENDTO, uintptr(descriptor),
		uintptr(unsafe.Pointer(unsafe.SliceData(p))), uintptr(len(p)), unix.MSG_NOSIGNAL, 0, 0)
	if e != 0 {
		return 0, e
	}
	return int(n), nil
}

func writeSocketVector(descriptor int, vector []unix.Iovec) (int, error) {
	var message unix.Msghdr
	message.Iov = unsafe.SliceData(vector)
	message.SetIovlen(len(vector))
	n, _, e := unix.RawSyscall(unix.SYS_SENDMSG, uintptr(descriptor),
		uintptr(unsafe.Pointer(&message)), unix.MSG_NOSIGNAL)
	if e != 0 {
		return 0, e
	}
	return int(n), nil
}

// sendFile may wait for a disk, so that here the scheduler is told.
func sendFile(descriptor int, f *os.File, offset, n int64) (int, error) {
	return unix.Sendfile(descriptor, int(f.Fd()), &offset, int(min(n, 1<<20)))
}

// acceptSocket returns the next waiting connection, non-blocking. The peer's address is not asked
// for: who wants it asks the socket.
func acceptSocket(listener int) (int, error) {
	n, _, e := unix.RawSyscall6(unix.SYS_ACCEPT4, uintptr(listener), 0, 0, unix.SOCK_NONBLOCK|unix.SOCK_CLOEXEC, 0, 0)
	if e != 0 {
		return -1, e
	}
	return int(n), nil
}

func closeSocket(descriptor int) { unix.RawSyscall(unix.SYS_CLOSE, uintptr(descriptor), 0, 0) }

// hasUnread reports whether the socket holds input that was not read.
func hasUnread(descriptor int) bool {
	var n int32
	_, _, e := unix.RawSyscall(unix.SYS_IOCTL, uintptr(descriptor), unix.SIOCINQ, uintptr(unsafe.Pointer(&n)))
	return e != 0 || n > 0
}

// takesOutput reports whether a descriptor takes output now, or has failed.
func takesOutput(descriptor int) bool {
	poll := unix.PollFd{Fd: int32(descriptor), Events: unix.POLLOUT}
	var now unix.Timespec
	n, _, e := unix.RawSyscall6(unix.SYS_PPOLL, uintptr(unsafe.Pointer(&poll)), 1, uintptr(unsafe.Pointer(&now)), 0, 0, 0)
	return e != 0 || n > 0
}

// WriteFile is write(2), for descriptors that are no sockets. Where nobody reads any more the process gets a SIGPIPE,
// which contexts have ignored unless the program handles it.
func WriteFile(descriptor int, p []byte) (int, error) {
	n, _, e := unix.RawSyscall(unix.SYS_WRITE, uintptr(descriptor), uintptr(unsafe.Pointer(unsafe.SliceData(p))),
		uintptr(len(p)))
	if e != 0 {
		return 0, e
	}
	return int(n), nil
}
