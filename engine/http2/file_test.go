package http2_test

import (
	"bytes"
	"net/http"
	"os"
	"path/filepath"
	"testing"
	"time"

	xhttp2 "golang.org/x/net/http2"

	"golws/engine/conn"
	"golws/engine/conn/conntest"
	"golws/engine/vhost"
)

func fileServer(t *testing.T, p *program, files map[string][]byte) (*conntest.Server, string) {
	directory := t.TempDir()
	for name, content := range files {
		if err := os.WriteFile(filepath.Join(directory, name), content, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	v := conntest.DefaultVhost("p")
	v.Mounts = []*vhost.Mount{{Mountpoint: "/", Origin: directory, Kind: vhost.OriginFile,
		Interpret: []vhost.Pair{{Name: ".html", Value: "p"}}}}
	s := conntest.New(t, &p.Program, v)
	s.Start()
	return s, directory
}

func TestFiles(t *testing.T) {
	p := newProgram()
	// The program writes each byte twice.
	p.OnFill = func(_ *conn.Conn, reason conn.Reason, space []byte, used int) (int, int) {
		if reason != conn.ProcessHTML {
			return used, 0
		}
		for i := used - 1; i >= 0; i-- {
			space[2*i], space[2*i+1] = space[i], space[i]
		}
		return 2 * used, 0
	}
	large := bytes.Repeat([]byte("0123456789abcdef"), 100000)
	s, _ := fileServer(t, p, map[string][]byte{
		"empty.txt": nil, "small.txt": []byte("small"), "large.txt": large, "page.html": large[:1000003],
	})
	c := client(t, s)
	doubled := make([]byte, 0, 2000006)
	for _, b := range large[:1000003] {
		doubled = append(doubled, b, b)
	}
	for range 3 { // from the disk, then from the cache
		for path, want := range map[string][]byte{
			"/empty.txt": nil, "/small.txt": []byte("small"), "/large.txt": large, "/page.html": doubled,
		} {
			if response, body := get(t, c, path); response.StatusCode != 200 || body != string(want) {
				t.Errorf("%s: %d, %d bytes of %d", path, response.StatusCode, len(body), len(want))
			}
		}
	}
	request, _ := http.NewRequest("GET", "http://host/large.txt", nil)
	request.Header.Set("Range", "bytes=100-50099,-5")
	response, err := c.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	var body bytes.Buffer
	body.ReadFrom(response.Body)
	if response.StatusCode != 206 || !bytes.Contains(body.Bytes(), large[100:50100]) || int64(body.Len()) != response.ContentLength {
		t.Errorf("ranges: %d, %d bytes of %d", response.StatusCode, body.Len(), response.ContentLength)
	}
}

// A file that becomes shorter while it is sent ends its stream with an error, and nothing else is sent in its place.
func TestFileBecomesShorter(t *testing.T) {
	content := bytes.Repeat([]byte("x"), 200000)
	s, directory := fileServer(t, newProgram(), map[string][]byte{"f.txt": content})
	p := connect(t, s, xhttp2.Setting{ID: xhttp2.SettingInitialWindowSize, Val: 20000})
	p.get(1, "/f.txt")
	received := 0
	p.until("the window is used up", func(f xhttp2.Frame) bool {
		if d, ok := f.(*xhttp2.DataFrame); ok {
			received += len(d.Data())
		}
		return received == 20000
	})
	if err := os.Truncate(filepath.Join(directory, "f.txt"), 25000); err != nil {
		t.Fatal(err)
	}
	p.WriteWindowUpdate(1, 1<<20)
	p.until("a reset", func(f xhttp2.Frame) bool {
		switch f := f.(type) {
		case *xhttp2.DataFrame:
			if bytes.Trim(f.Data(), "x\x00") != nil {
				t.Error("bytes that are not the file's")
			}
			if f.StreamEnded() {
				t.Error("the response ends as if it were whole")
			}
		case *xhttp2.RSTStreamFrame:
			if f.ErrCode != xhttp2.ErrCodeInternal {
				t.Errorf("reset with %v", f.ErrCode)
			}
			return true
		}
		return false
	})
	p.WriteSettings(xhttp2.Setting{ID: xhttp2.SettingInitialWindowSize, Val: 1 << 20})
	p.get(3, "/f.txt")
	if body := p.answered(3, "200"); len(body) != 25000 {
		t.Errorf("%d bytes", len(body))
	}
}

// The response to a request whose body is complete has no time limit of its own until the peer takes nothing of it.
func TestStalledAnswerToBody(t *testing.T) {
	program := newProgram()
	v := conntest.DefaultVhost("p")
	v.Limits.Timeout = 100 * time.Millisecond
	s := conntest.New(t, &program.Program, v)
	s.Start()
	p := connect(t, s, xhttp2.Setting{ID: xhttp2.SettingInitialWindowSize, Val: 2})
	p.headers(1, p.request("POST", "/echo"), false)
	p.WriteData(1, true, []byte("body"))
	p.wasReset(1, xhttp2.ErrCodeCancel)
}
