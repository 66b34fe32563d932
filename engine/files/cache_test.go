package files

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

const testSettled = 50 * time.Millisecond

// store writes a file and offers it to the cache when the cache may keep it.
func store(t *testing.T, c *Cache, path, content string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
	time.Sleep(2 * testSettled)
	offer(t, c, path)
}

func offer(t *testing.T, c *Cache, path string) {
	t.Helper()
	info, kind := Open([]byte(path + "\x00"))
	if kind != Regular {
		t.Fatal(path)
	}
	c.Add([]byte(path+"\x00"), info)
	unix.Close(info.Descriptor)
}

func get(c *Cache, path string) string {
	content, info, ok := c.Get([]byte(path + "\x00"))
	if !ok {
		return "-"
	}
	if int64(len(content)) != info.Size {
		return "wrong size"
	}
	return string(content)
}

func TestCache(t *testing.T) {
	c := Cache{settled: testSettled}
	path := filepath.Join(t.TempDir(), "file")
	if got := get(&c, path); got != "-" {
		t.Errorf("empty cache: %q", got)
	}
	c.settled = time.Hour
	os.WriteFile(path, []byte("young"), 0o600)
	offer(t, &c, path)
	if got := get(&c, path); got != "-" {
		t.Errorf("a file that was just written is kept: %q", got)
	}
	c.settled = testSettled
	store(t, &c, path, "one")
	if got := get(&c, path); got != "one" {
		t.Errorf("%q", got)
	}
	for name, change := range map[string]func(){
		"rewritten": func() { os.WriteFile(path, []byte("two"), 0o600) },
		"same time": func() {
			before, _ := os.Stat(path)
			os.WriteFile(path, []byte("six"), 0o600)
			os.Chtimes(path, before.ModTime(), before.ModTime())
		},
		"replaced": func() {
			os.WriteFile(path+"2", []byte("new"), 0o600)
			os.Rename(path+"2", path)
		},
		"forbidden": func() { os.Chmod(path, 0) },
		"removed":   func() { os.Remove(path) },
		"directory": func() { os.Remove(path); os.Mkdir(path, 0o700) },
	} {
		os.Remove(path)
		store(t, &c, path, "one")
		if got := get(&c, path); got != "one" {
			t.Errorf("before %s: %q", name, got)
		}
		change()
		if got := get(&c, path); got != "-" {
			t.Errorf("%s: %q", name, got)
		}
	}
}

func TestCacheBounds(t *testing.T) {
	c := Cache{settled: testSettled}
	path := filepath.Join(t.TempDir(), "file")
	store(t, &c, path, string(make([]byte, CacheableSize)))
	for i := range 2 * cacheEntries {
		link := fmt.Sprintf("%s%d", path, i)
		os.Symlink(path, link)
		offer(t, &c, link)
	}
	if c.bytes > cacheBytes || len(c.entries) > cacheEntries {
		t.Errorf("%d bytes in %d entries", c.bytes, len(c.entries))
	}
	total := 0
	for _, entry := range c.entries {
		total += len(entry.content)
	}
	if total != c.bytes {
		t.Errorf("%d bytes counted, %d there", c.bytes, total)
	}
	large := Cache{settled: testSettled}
	os.WriteFile(path, make([]byte, CacheableSize+1), 0o600)
	time.Sleep(2 * testSettled)
	offer(t, &large, path)
	if len(large.entries) != 0 {
		t.Error("a large file is kept")
	}
}
