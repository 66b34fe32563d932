package tlsconn_test

import (
	"bufio"
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"runtime"
	"strconv"
	"testing"

	"golws/engine/conn"
	"golws/engine/conn/conntest"
	"golws/engine/httpserver"
)

// TestClients is the other process of the tests of memory.
func TestClients(t *testing.T) {
	address := os.Getenv("GOLWS_TEST_SERVER")
	if address == "" {
		t.Skip("only for the tests of memory")
	}
	count, _ := strconv.Atoi(os.Getenv("GOLWS_TEST_COUNT"))
	requests, _ := strconv.Atoi(os.Getenv("GOLWS_TEST_REQUESTS"))
	roots := x509.NewCertPool()
	roots.AppendCertsFromPEM([]byte(os.Getenv("GOLWS_TEST_CERTIFICATE")))
	request := func(client *tls.Conn, r *bufio.Reader) {
		fmt.Fprintf(client, "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n")
		response, err := http.ReadResponse(r, nil)
		if err != nil {
			t.Fatal(err)
		}
		io.Copy(io.Discard, response.Body)
	}
	var all []*tls.Conn
	var reader *bufio.Reader
	for range count {
		client, err := tls.Dial("tcp", address, &tls.Config{RootCAs: roots, ServerName: "localhost"})
		if err != nil {
			t.Fatal(err)
		}
		reader = bufio.NewReader(client)
		request(client, reader)
		all = append(all, client)
	}
	input := bufio.NewReader(os.Stdin)
	for {
		fmt.Println("ready")
		if _, err := input.ReadString('\n'); err != nil {
			break
		}
		for range requests {
			request(all[count-1], reader)
		}
	}
	for _, client := range all {
		client.Close()
	}
}

// clients is a process with connections to a server.
type clients struct {
	command *exec.Cmd
	input   io.WriteCloser
	output  *bufio.Reader
}

func startClients(t *testing.T, s *testServer, id *identity, count, requests int) *clients {
	t.Helper()
	c := &clients{command: exec.Command(os.Args[0], "-test.run=^TestClients$")}
	c.command.Env = append(os.Environ(), "GOLWS_TEST_SERVER="+s.address, "GOLWS_TEST_COUNT="+strconv.Itoa(count),
		"GOLWS_TEST_REQUESTS="+strconv.Itoa(requests), "GOLWS_TEST_CERTIFICATE="+string(id.certificate))
	input, err := c.command.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	output, err := c.command.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	c.input, c.output = input, bufio.NewReader(output)
	if err := c.command.Start(); err != nil {
		t.Fatal(err)
	}
	c.ready(t)
	return c
}

func (c *clients) ready(t *testing.T) {
	t.Helper()
	if line, _ := c.output.ReadString('\n'); line != "ready\n" {
		t.Fatalf("the clients say %q", line)
	}
}

func (c *clients) end() {
	c.input.Close()
	c.command.Wait()
}

func memory() uint64 {
	var m runtime.MemStats
	for range 3 {
		runtime.GC()
	}
	runtime.ReadMemStats(&m)
	return m.HeapAlloc + m.StackInuse
}

// An idle connection has no buffers. The limit leaves room for a crypto/tls that needs more.
func TestIdleMemory(t *testing.T) {
	if raceEnabled {
		t.Skip("the race detector has memory of its own")
	}
	const count = 400
	id := newIdentity(t, "localhost")
	s := serve(t, keepAliveProgram(), id.vhost("localhost"))
	names(t, id.client("localhost"), s.address, "/") // what is made once
	before := memory()
	goroutines := runtime.NumGoroutine()
	c := startClients(t, s, id, count, 0)
	each := int64(memory()-before) / count
	t.Logf("%d bytes for each idle connection", each)
	if each > 6<<10 {
		t.Errorf("%d bytes for each idle connection", each)
	}
	if more := runtime.NumGoroutine() - goroutines; more > 30 {
		t.Errorf("%d goroutines more for %d idle connections", more, count)
	}
	c.end()
}

// Requests and responses over TLS allocate nothing.
func TestSteadyStateAllocatesNothing(t *testing.T) {
	if raceEnabled {
		t.Skip("the race detector allocates")
	}
	const requests = 2000
	id := newIdentity(t, "localhost")
	response := []byte("HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\nhello")
	p := &conntest.Program{OnEvent: func(c *conn.Conn, reason conn.Reason, _ []byte, _ conn.Message) int {
		if reason == conn.HTTP {
			c.Write(response, conn.WriteHTTPHeaders)
			c.Role().(httpserver.Transaction).Complete(c)
		}
		return 0
	}}
	s := serve(t, p, id.vhost("localhost"))
	c := startClients(t, s, id, 1, requests)
	defer c.end()
	run := func() {
		io.WriteString(c.input, "\n")
		c.ready(t)
	}
	run()
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	run()
	runtime.ReadMemStats(&after)
	if n := after.Mallocs - before.Mallocs; n > requests/100 {
		t.Errorf("%d allocations for %d requests", n, requests)
	} else {
		t.Logf("%d allocations for %d requests", n, requests)
	}
}
