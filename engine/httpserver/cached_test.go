package httpserver_test

import (
	"bufio"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"golws/engine/conn"
	"golws/engine/conn/conntest"
	"golws/engine/http1"
	"golws/engine/vhost"
)

// A file that is served from memory is served like one that is not.
func TestFilesInMemory(t *testing.T) {
	f := newFixture(t, nil)
	f.Do(func() {
		f.program.OnFill = func(_ *conn.Conn, reason conn.Reason, space []byte, used int) (int, int) {
			if reason == conn.AddHeaders {
				return 0, 0
			}
			return copy(space, strings.ToUpper(string(space[:used]))), 0
		}
	})
	time.Sleep(1100 * time.Millisecond) // younger files are not kept
	client := f.Connect(http1.NewRole)
	r := bufio.NewReader(client)
	for range 3 {
		for _, c := range []struct {
			path, fields string
			status       int
			body         string
		}{
			{"/files/a.txt", "", 200, "0123456789"},
			{"/files/a.txt", "Range: bytes=3-5\r\n", 206, "345"},
			{"/files/a.txt", "If-None-Match: *\r\n", 304, ""},
			{"/files/a.txt", "Range: bytes=30-\r\n", 416, "*"},
			{"/files/empty.txt", "", 200, ""},
			{"/files/b.unknown", "", 415, "*"},
			{"/html/page.shtml", "", 200, "<P>$X</P>"},
			{"/files/", "", 200, "index"},
		} {
			response, body := exchange(t, client, r, "GET", c.path, c.fields)
			if response.StatusCode != c.status || (c.body != "*" && body != c.body) {
				t.Errorf("%s %s: %d %q", c.path, c.fields, response.StatusCode, body)
			}
		}
		_, body := exchange(t, client, r, "GET", "/files/a.txt", "Range: bytes=0-1,5-5\r\n")
		if !strings.Contains(body, "\r\n\r\n01\r\n--_lws\r\n") || !strings.Contains(body, "\r\n\r\n5\r\n--_lws--\r\n") {
			t.Errorf("%q", body)
		}
		if response, body := exchange(t, client, r, "HEAD", "/files/a.txt", ""); response.ContentLength != 10 || body != "" {
			t.Errorf("HEAD: %d %q", response.ContentLength, body)
		}
	}
	os.WriteFile(filepath.Join(f.directory, "public/a.txt"), []byte("changed"), 0o600)
	if _, body := exchange(t, client, r, "GET", "/files/a.txt", ""); body != "changed" {
		t.Errorf("%q", body)
	}
}

func fileServer(t testing.TB) (exchange func(path string)) {
	p := &conntest.Program{}
	v := conntest.DefaultVhost("p")
	v.Protocols[0].Dummy = true
	directory := t.TempDir()
	os.WriteFile(filepath.Join(directory, "1k.txt"), make([]byte, 1024), 0o600)
	os.WriteFile(filepath.Join(directory, "14k.txt"), make([]byte, 14<<10), 0o600)
	v.Mounts = []*vhost.Mount{{Mountpoint: "/files", Origin: directory, Kind: vhost.OriginFile}}
	time.Sleep(1100 * time.Millisecond)
	s := conntest.New(t, p, v)
	client := s.Connect(http1.NewRole)
	buffer, request := make([]byte, 64<<10), make([]byte, 0, 256)
	return func(path string) {
		request = append(append(append(request[:0], "GET "...), path...), " HTTP/1.1\r\nHost: localhost\r\n\r\n"...)
		client.Write(request)
		s.Turn(10 * time.Second)
		if n, err := client.Read(buffer); err != nil || string(buffer[:12]) != "HTTP/1.1 200" {
			t.Fatal(n, err)
		}
	}
}

func BenchmarkFile1k(b *testing.B) {
	exchange := fileServer(b)
	b.ReportAllocs()
	for b.Loop() {
		exchange("/files/1k.txt")
	}
}

func TestFileAllocations(t *testing.T) {
	if raceEnabled {
		t.Skip("pools forget under the race detector")
	}
	exchange := fileServer(t)
	exchange("/files/1k.txt")
	if n := testing.AllocsPerRun(200, func() { exchange("/files/1k.txt") }); n != 0 {
		t.Errorf("%v allocations for each file", n)
	}
}
