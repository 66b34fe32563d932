package files

import (
	"sync/atomic"
	"unsafe"

	"golang.org/x/sys/unix"
)

// Kind tells what a name led to.
type Kind uint8

// The kinds of file. Only regular files and directories are of use here.
const (
	Absent Kind = iota
	Regular
	Directory
)

// Info is what Open found.
type Info struct {
	Descriptor int // of a regular file, to be closed by the caller
	Size       int64
	Modified   int64 // seconds of the epoch
}

// noOpenat2 is set when the kernel or its sandbox refuses openat2.
var noOpenat2 atomic.Bool

// how asks for openat2's protection from links that are no real files, such as those in /proc.
var how = unix.OpenHow{
	// LARGEFILE, because the call is made without the library that adds it on machines of 32 bits.
	// A FIFO must not block the service thread, a terminal not become ours.
	Flags:   unix.O_RDONLY | unix.O_CLOEXEC | unix.O_NONBLOCK | unix.O_NOCTTY | unix.O_LARGEFILE,
	Resolve: unix.RESOLVE_NO_MAGICLINKS,
}

// Safe reports whether a name, to be appended to a directory's, stays below it: it has no NUL and
// no segment that leads upwards. Symbolic links are not looked at; they are the administrator's.
func Safe(name []byte) bool {
	segment := 0
	for i := 0; i <= len(name); i++ {
		if i < len(name) && name[i] != '/' {
			if name[i] == 0 {
				return false
			}
			continue
		}
		if i-segment == 2 && name[segment] == '.' && name[segment+1] == '.' {
			return false
		}
		segment = i + 1
	}
	return true
}

// Open opens a regular file for reading. path must end with a NUL.
func Open(path []byte) (Info, Kind) {
	if len(path) == 0 || path[len(path)-1] != 0 {
		return Info{}, Absent
	}
	descriptor := openPath(path)
	if descriptor < 0 {
		return Info{}, Absent
	}
	var st unix.Stat_t
	if err := unix.Fstat(descriptor, &st); err == nil {
		switch st.Mode & unix.S_IFMT {
		case unix.S_IFREG:
			return Info{Descriptor: descriptor, Size: st.Size, Modified: int64(st.Mtim.Sec)}, Regular
		case unix.S_IFDIR:
			unix.Close(descriptor)
			return Info{}, Directory
		}
	}
	unix.Close(descriptor)
	return Info{}, Absent
}

// openPath calls the kernel itself, because the functions of unix copy the path to the heap.
func openPath(path []byte) int {
	name := unsafe.Pointer(&path[0])
	if !noOpenat2.Load() {
		n, e := repeat(unix.SYS_OPENAT2, name, uintptr(unsafe.Pointer(&how)), unsafe.Sizeof(how))
		if e != unix.ENOSYS && e != unix.EPERM {
			return n
		}
		// Sandboxes answer EPERM for calls that they do not know.
		if n, e = repeat(unix.SYS_OPENAT, name, uintptr(how.Flags), 0); e == 0 {
			noOpenat2.Store(true)
		}
		return n
	}
	n, _ := repeat(unix.SYS_OPENAT, name, uintptr(how.Flags), 0)
	return n
}

func repeat(call uintptr, name unsafe.Pointer, a, b uintptr) (int, unix.Errno) {
	directory := unix.AT_FDCWD
	for {
		n, _, e := unix.Syscall6(call, uintptr(directory), uintptr(name), a, b, 0, 0)
		if e == unix.EINTR {
			continue
		}
		if e != 0 {
			return -1, e
		}
		return int(n), 0
	}
}

// ReadAt fills p from the file and reports whether all of it was there.
func ReadAt(descriptor int, p []byte, offset int64) bool {
	for len(p) > 0 {
		n, err := unix.Pread(descriptor, p, offset)
		if err == unix.EINTR {
			continue
		}
		if err != nil || n == 0 {
			return false
		}
		p = p[n:]
		offset += int64(n)
	}
	return true
}
