package files

import (
	"sync"
	"time"
	"unsafe"

	"golang.org/x/sys/unix"
)

// CacheableSize is the size up to which the contents of files are kept in memory.
const CacheableSize = 12 << 10

// The bounds of the cache.
const (
	cacheBytes   = 4 << 20
	cacheEntries = 1024
)

// settled is how long a file must not have changed before it is kept: what changes within the
// same tick of the clock after it was read cannot be told from what was read.
const settled = time.Second

// identity is what changes when a file or its contents do.
type identity struct {
	device, inode uint64
	size          int64
	changed       int64 // nanoseconds
}

type cached struct {
	identity
	modified int64
	content  []byte
}

// Cache keeps small files in memory. It asks the file system each time whether the file is still
// the same, which costs one call in place of four.
type Cache struct {
	mutex   sync.Mutex
	entries map[string]*cached
	bytes   int
	settled time.Duration // in place of the constant, for tests
}

// Shared is the cache that all connections use.
var Shared Cache

// Get returns the contents of a file that the cache has, as they are now. path must end with a NUL.
func (c *Cache) Get(path []byte) (content []byte, info Info, ok bool) {
	c.mutex.Lock()
	entry := c.entries[string(path)]
	c.mutex.Unlock()
	if entry == nil {
		return nil, Info{}, false
	}
	now, ok := stat(path)
	if !ok || now != entry.identity {
		c.remove(string(path), entry)
		return nil, Info{}, false
	}
	return entry.content, Info{Descriptor: -1, Size: entry.size, Modified: entry.modified}, true
}

func (c *Cache) remove(path string, entry *cached) {
	c.mutex.Lock()
	if c.entries[path] == entry {
		delete(c.entries, path)
		c.bytes -= len(entry.content)
	}
	c.mutex.Unlock()
}

// Add keeps the contents of an open file if it is small and has not changed lately.
func (c *Cache) Add(path []byte, info Info) {
	if info.Size > CacheableSize {
		return
	}
	var st unix.Stat_t
	if unix.Fstat(info.Descriptor, &st) != nil {
		return
	}
	entry := &cached{identity: identity{uint64(st.Dev), st.Ino, st.Size, st.Ctim.Nano()}, modified: int64(st.Mtim.Sec)}
	wait := c.settled
	if wait == 0 {
		wait = settled
	}
	if st.Size != info.Size || time.Since(time.Unix(0, entry.changed)) < wait {
		return
	}
	entry.content = make([]byte, st.Size)
	if !ReadAt(info.Descriptor, entry.content, 0) {
		return
	}
	c.mutex.Lock()
	defer c.mutex.Unlock()
	if c.entries == nil {
		c.entries = map[string]*cached{}
	}
	if old := c.entries[string(path)]; old != nil {
		c.bytes -= len(old.content)
	}
	c.entries[string(path)] = entry
	c.bytes += len(entry.content)
	for victim, old := range c.entries {
		if c.bytes <= cacheBytes && len(c.entries) <= cacheEntries {
			break
		}
		delete(c.entries, victim)
		c.bytes -= len(old.content)
	}
}

// stat asks for a file's identity by its path.
func stat(path []byte) (identity, bool) {
	var st unix.Statx_t
	directory := unix.AT_FDCWD
	for {
		_, _, e := unix.RawSyscall6(unix.SYS_STATX, uintptr(directory), uintptr(unsafe.Pointer(&path[0])), 0,
			unix.STATX_INO|unix.STATX_SIZE|unix.STATX_CTIME|unix.STATX_TYPE, uintptr(unsafe.Pointer(&st)), 0)
		if e == unix.EINTR {
			continue
		}
		if e != 0 || st.Mode&unix.S_IFMT != unix.S_IFREG {
			return identity{}, false
		}
		return identity{unix.Mkdev(st.Dev_major, st.Dev_minor), st.Ino, int64(st.Size), st.Ctime.Sec*1e9 + int64(st.Ctime.Nsec)}, true
	}
}
