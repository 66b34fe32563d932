package files

import (
	"os"
	"path/filepath"
	"testing"

	"golang.org/x/sys/unix"
)

func TestSafe(t *testing.T) {
	for name, want := range map[string]bool{
		"": true, "a": true, "a/b.txt": true, "/a": true, "..a/b..": true, "a/...": true,
		"..": false, "../a": false, "a/..": false, "a/../b": false, "a\x00b": false,
	} {
		if got := Safe([]byte(name)); got != want {
			t.Errorf("Safe(%q) = %v", name, got)
		}
	}
}

func TestOpen(t *testing.T) {
	directory := t.TempDir()
	os.WriteFile(filepath.Join(directory, "a"), []byte("hello"), 0o600)
	os.Symlink("a", filepath.Join(directory, "link"))
	unix.Mkfifo(filepath.Join(directory, "fifo"), 0o600)
	for _, old := range []bool{false, true} {
		noOpenat2.Store(old)
		for name, want := range map[string]Kind{"a": Regular, "link": Regular, "": Directory, "fifo": Absent, "b": Absent, "a/b": Absent} {
			info, kind := Open([]byte(filepath.Join(directory, name) + "\x00"))
			if kind != want {
				t.Errorf("old %v: %q is %v, want %v", old, name, kind, want)
			}
			if kind != Regular {
				continue
			}
			content := make([]byte, 3)
			if info.Size != 5 || !ReadAt(info.Descriptor, content, 2) || string(content) != "llo" {
				t.Errorf("%q: size %d, content %q", name, info.Size, content)
			}
			if ReadAt(info.Descriptor, content, 3) {
				t.Error("read beyond the end")
			}
			unix.Close(info.Descriptor)
		}
	}
	noOpenat2.Store(false)
	file, _ := os.Open(filepath.Join(directory, "a"))
	defer file.Close()
	if _, kind := Open([]byte("/proc/self/fd/0\x00")); kind == Regular {
		t.Error("a link of /proc was followed")
	}
	if _, kind := Open([]byte("no NUL")); kind != Absent {
		t.Error("a path without NUL was opened")
	}
}

func TestRange(t *testing.T) {
	for _, c := range []struct {
		value string
		want  []Range
		ok    bool
	}{
		{"bytes=0-499", []Range{{0, 500}}, true},
		{"bytes=500-999", []Range{{500, 500}}, true},
		{"bytes=-500", []Range{{9500, 500}}, true},
		{"bytes=9500-", []Range{{9500, 500}}, true},
		{"bytes=0-0,-1", []Range{{0, 1}, {9999, 1}}, true},
		{"bytes= 0-0 , 5-6 ", []Range{{0, 1}, {5, 2}}, true},
		{"bytes=9000-20000", []Range{{9000, 1000}}, true},
		{"bytes=-20000", []Range{{0, 10000}}, true},
		{"bytes=0-99999999999999999999", []Range{{0, 10000}}, true},
		{"bytes=10000-", nil, false},
		{"bytes=-0", nil, false},
		{"bytes=10000-10001,20000-", nil, false},
		{"bytes=0-0,20000-", []Range{{0, 1}}, true},
		{"bytes=5-4", nil, true},
		{"bytes=", nil, true},
		{"bytes=a-b", nil, true},
		{"bytes=1", nil, true},
		{"bytes=-", nil, true},
		{"lines=0-1", nil, true},
		{"bytes=0-9999,0-0", nil, true},
		{"bytes=0-0,1-1,2-2,3-3,4-4,5-5,6-6,7-7,8-8,9-9,10-10,11-11,12-12,13-13,14-14,15-15,16-16", nil, true},
	} {
		got, ok := ParseRange([]byte(c.value), 10000, nil)
		if ok != c.ok || len(got) != len(c.want) {
			t.Errorf("%s: %v %v, want %v %v", c.value, got, ok, c.want, c.ok)
			continue
		}
		for i := range got {
			if got[i] != c.want[i] {
				t.Errorf("%s: %v, want %v", c.value, got, c.want)
			}
		}
	}
	if _, ok := ParseRange([]byte("bytes=0-"), 0, nil); ok {
		t.Error("a range of an empty file is satisfiable")
	}
}

func FuzzRange(f *testing.F) {
	f.Add("bytes=0-1,-5,7-", int64(10))
	f.Add("bytes=,,", int64(0))
	f.Fuzz(func(t *testing.T, value string, size int64) {
		if size < 0 {
			return
		}
		ranges, ok := ParseRange([]byte(value), size, nil)
		if !ok && len(ranges) > 0 {
			t.Fatal("unsatisfiable with ranges")
		}
		for _, r := range ranges {
			if r.Start < 0 || r.Length <= 0 || r.Start > size-r.Length {
				t.Fatalf("%q of %d: %v", value, size, r)
			}
		}
	})
}

func TestValidators(t *testing.T) {
	tag := AppendTag(nil, 0x1234, 0x5678)
	if string(tag) != `"0000123400005678"` {
		t.Errorf("tag %s", tag)
	}
	for list, want := range map[string]bool{
		`"0000123400005678"`: true, `0000123400005678`: true, `*`: true,
		`W/"0000123400005678"`: true, `"x", "0000123400005678"`: true, `"x"`: false, ``: false,
	} {
		if got := MatchesTag([]byte(list), tag); got != want {
			t.Errorf("MatchesTag(%s) = %v", list, got)
		}
	}
	date := AppendDate(nil, 784111777)
	if string(date) != "Sun, 06 Nov 1994 08:49:37 GMT" {
		t.Errorf("date %s", date)
	}
	for _, text := range []string{string(date), "Sunday, 06-Nov-94 08:49:37 GMT", "Sun Nov  6 08:49:37 1994"} {
		if seconds, ok := ParseDate([]byte(text)); !ok || seconds != 784111777 {
			t.Errorf("ParseDate(%s) = %v %v", text, seconds, ok)
		}
	}
	if !MatchesRange(date, tag, 784111777) || MatchesRange(date, tag, 1) || !MatchesRange(tag, tag, 1) {
		t.Error("MatchesRange")
	}
}

func TestBuiltinType(t *testing.T) {
	for name, want := range map[string]string{"a.html": "text/html", "A.HTML": "text/html", "x.js": "text/javascript",
		"b.unknown": "", ".html": "", "a.woff2": "application/font-woff2"} {
		if got, _ := BuiltinType([]byte(name)); got != want {
			t.Errorf("%s: %q, want %q", name, got, want)
		}
	}
}
