package http2_test

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"golws/engine/conn"
)

func TestResponses(t *testing.T) {
	p := newProgram()
	c := client(t, serve(t, p))
	for _, test := range []struct {
		path, body string
		status     int
		length     int64
	}{
		{"/hello", "hello", 200, 5},
		{"/later", "later", 200, 5},
		{"/204", "", 204, 0},
		{"/pieces", "hello", 200, 5},
		{"/unknown-length", "to the end", 200, -1},
		{"/final", "final", 200, -1},
		{"/bare", "no head at all", 200, -1},
		{"/interim", "x", 200, 1},
		{"/echo", "", 405, 0},
	} {
		response, body := get(t, c, test.path)
		if response.StatusCode != test.status || body != test.body || response.ContentLength != test.length {
			t.Errorf("%s: %d %q, length %d", test.path, response.StatusCode, body, response.ContentLength)
		}
		if len(response.Header["Date"]) != 1 {
			t.Errorf("%s: date %q", test.path, response.Header["Date"])
		}
	}
	response, _ := get(t, c, "/interim")
	if h := response.Header; h.Get("Connection") != "" || h.Get("Transfer-Encoding") != "" || h.Get("X-Upper") != "Kept As It Is" {
		t.Errorf("header %v", h)
	}
	for _, path := range []string{"/short", "/close"} {
		if response, err := c.Get("http://host" + path); err == nil {
			if _, err = io.ReadAll(response.Body); err == nil {
				t.Errorf("%s: no error", path)
			}
		}
	}
	response, err := c.Head("http://host/hello")
	if err != nil || response.ContentLength != 5 {
		t.Errorf("HEAD: %v %v", response, err)
	}
}

func TestTokens(t *testing.T) {
	p := newProgram()
	c := client(t, serve(t, p))
	request, _ := http.NewRequest("GET", "http://host:81/x/../tokens?a=1&b=%32", nil)
	request.Header.Set("X-Custom", "mine")
	request.Header.Set("Cookie", "a=1; b=2")
	response, err := c.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	body, _ := io.ReadAll(response.Body)
	if want := "GET|/tokens|http|host:81|host:81|/tokens|a=1|a=1; b=2|mine"; string(body) != want {
		t.Errorf("tokens %q", body)
	}
}

// The order of a program's events is that of libwebsockets.
func TestEvents(t *testing.T) {
	p := newProgram()
	s := serve(t, p)
	c := client(t, s)
	get(t, c, "/hello")
	get(t, c, "/later")
	response, err := c.Post("http://host/echo", "text/plain", strings.NewReader("body"))
	if err != nil {
		t.Fatal(err)
	}
	io.Copy(io.Discard, response.Body)
	response.Body.Close()
	s.Do(func() {
		s.Host.EachConnection(s.Thread, func(c *conn.Conn) {
			if c.Parent() == nil {
				c.Finish() // the client may not count its connection as idle yet
			}
		})
	})
	eventually(t, "the connection ends", func() bool { return s.Host.Connections() == 0 })
	want := "#1CREATE #1NEW #2CREATE #2FILTER #2BIND #2HTTP #2DROP #2CLOSED #2DESTROY " +
		"#3CREATE #3FILTER #3BIND #3HTTP #3WRITEABLE #3DROP #3CLOSED #3DESTROY " +
		"#4CREATE #4FILTER #4BIND #4HTTP #4COMPLETION #4DROP #4CLOSED #4DESTROY #1CLOSED #1DESTROY"
	if got := p.log(); got != want {
		t.Errorf("events\n%s\nwant\n%s", got, want)
	}
}

// When the connection is lost, its streams end first, in their order.
func TestConnectionLost(t *testing.T) {
	p := newProgram()
	s := serve(t, p)
	c := client(t, s)
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	for i := range 3 {
		request, _ := http.NewRequestWithContext(ctx, "GET", "http://host/wait", nil)
		go c.Do(request)
		eventually(t, "the request arrives", func() bool { return strings.Count(p.log(), "HTTP") > i })
	}
	s.Do(func() { p.waiting[0].Parent().Kill() })
	eventually(t, "the connection ends", func() bool { return s.Host.Connections() == 0 })
	if want := "#2DROP #2CLOSED #2DESTROY #3DROP #3CLOSED #3DESTROY #4DROP #4CLOSED #4DESTROY #1CLOSED #1DESTROY"; !strings.HasSuffix(p.log(), want) {
		t.Errorf("events %s", p.log())
	}
}

// A peer that gives up a request ends its stream only.
func TestCancel(t *testing.T) {
	p := newProgram()
	s := serve(t, p)
	c := client(t, s)
	ctx, cancel := context.WithCancel(context.Background())
	request, _ := http.NewRequestWithContext(ctx, "GET", "http://host/wait", nil)
	go c.Do(request)
	eventually(t, "the request arrives", func() bool { return strings.Contains(p.log(), "HTTP") })
	cancel()
	eventually(t, "the stream ends", func() bool { return strings.HasSuffix(p.log(), "#2DROP #2CLOSED #2DESTROY") })
	if _, body := get(t, c, "/hello"); body != "hello" {
		t.Errorf("body %q", body)
	}
	if strings.Count(p.log(), "NEW") != 1 {
		t.Error("the connection was lost")
	}
}

type pattern struct{ at, size int64 }

func (r *pattern) Read(p []byte) (int, error) {
	if r.at == r.size {
		return 0, io.EOF
	}
	n := min(int64(len(p)), r.size-r.at)
	for i := range p[:n] {
		p[i] = "0123456789abcdef"[(r.at+int64(i))%16]
	}
	r.at += n
	return int(n), nil
}

func checksum(size int64) (sum uint32) {
	for i := range size {
		sum = sum*31 + uint32("0123456789abcdef"[i%16])
	}
	return sum
}

// verify compares all that comes with the pattern.
func verify(r io.Reader, size int64) error {
	buffer := make([]byte, 64<<10)
	want := bytes.Repeat([]byte("0123456789abcdef"), len(buffer)/16+1)
	var at int64
	for {
		n, err := r.Read(buffer)
		if !bytes.Equal(buffer[:n], want[at%16:at%16+int64(n)]) {
			return fmt.Errorf("wrong byte near %d", at)
		}
		at += int64(n)
		if err == io.EOF && at == size {
			return nil
		}
		if err != nil {
			return fmt.Errorf("after %d of %d bytes: %w", at, size, err)
		}
	}
}

func transferSize() int64 {
	if testing.Short() || raceEnabled {
		return 10 << 20
	}
	return 200 << 20
}

func download(c *http.Client, path string, size int64) error {
	response, err := c.Get(fmt.Sprintf("http://host%s?n=%d", path, size))
	if err != nil {
		return err
	}
	defer response.Body.Close()
	return verify(response.Body, size)
}

func upload(c *http.Client, size int64) error {
	response, err := c.Post("http://host/count", "text/plain", &pattern{size: size})
	if err != nil {
		return err
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		return err
	}
	if want := fmt.Sprintf("%d %d", size, checksum(size)); string(body) != want {
		return fmt.Errorf("got %q, want %q", body, want)
	}
	return nil
}

func TestLargeTransfers(t *testing.T) {
	c := client(t, serve(t, newProgram()))
	for _, path := range []string{"/stream", "/big"} {
		if err := download(c, path, transferSize()); err != nil {
			t.Errorf("%s: %v", path, err)
		}
	}
	if err := upload(c, transferSize()); err != nil {
		t.Error(err)
	}
}

func TestManyTransfers(t *testing.T) {
	p := newProgram()
	c := client(t, serve(t, p))
	const streams = 50
	var wait sync.WaitGroup
	size := transferSize() / streams
	for i := range streams {
		wait.Add(2)
		go func() {
			defer wait.Done()
			if err := download(c, []string{"/stream", "/big"}[i%2], size&^15); err != nil {
				t.Error(err)
			}
		}()
		go func() {
			defer wait.Done()
			if err := upload(c, size); err != nil {
				t.Error(err)
			}
		}()
	}
	wait.Wait()
	if n := strings.Count(p.log(), "NEW"); n != 1 {
		t.Errorf("%d connections", n)
	}
}

// A stream whose peer does not read holds nobody up.
func TestSlowReader(t *testing.T) {
	p := newProgram()
	s := serve(t, p)
	c := client(t, s)
	slow, err := c.Get("http://host/stream?n=100000000")
	if err != nil {
		t.Fatal(err)
	}
	defer slow.Body.Close()
	if err := download(c, "/stream", 5<<20); err != nil {
		t.Error(err)
	}
	if err := download(c, "/big", 5<<20); err != nil {
		t.Error(err)
	}
	var queued int64
	s.Do(func() {
		for stream := range p.sessions {
			queued += stream.QueuedBytes()
		}
	})
	if queued > 128<<10 {
		t.Errorf("%d bytes wait for the slow reader", queued)
	}
}

// A program that takes nothing of a body lets the peer wait, and what waits is bounded by the window.
func TestReceiveFlowControl(t *testing.T) {
	p := newProgram()
	p.hold = true
	s := serve(t, p)
	c := client(t, s)
	done := make(chan error, 1)
	const size = 5 << 20
	go func() { done <- upload(c, size) }()
	var paused *session
	eventually(t, "the body arrives", func() (arrived bool) {
		s.Do(func() {
			for _, paused = range p.sessions {
				arrived = paused.count > 0
			}
		})
		return arrived
	})
	if _, body := get(t, c, "/hello"); body != "hello" {
		t.Error("another stream is held up")
	}
	s.Do(func() {
		if paused.count > 64<<10 {
			t.Errorf("%d bytes were delivered to a paused stream", paused.count)
		}
		p.hold = false
		for stream := range p.sessions {
			stream.Resume(1)
		}
	})
	select {
	case err := <-done:
		if err != nil {
			t.Error(err)
		}
	case <-time.After(20 * time.Second):
		t.Error("the body never ends")
	}
}
