package tlsconn_test

import (
	"bufio"
	"bytes"
	"crypto/tls"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"os/exec"
	"strings"
	"sync"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"golws/engine/conn"
	"golws/engine/conn/conntest"
	"golws/engine/vhost"
)

// pieces is a connection that sends what it is given in pieces, and keeps what it receives.
type pieces struct {
	net.Conn
	random   *rand.Rand
	largest  int
	received []byte
}

func (p *pieces) Write(b []byte) (n int, err error) {
	for n < len(b) && err == nil {
		var m int
		m, err = p.Conn.Write(b[n:min(n+1+p.random.IntN(p.largest), len(b))])
		n += m
	}
	return n, err
}

func (p *pieces) Read(b []byte) (int, error) {
	n, err := p.Conn.Read(b)
	p.received = append(p.received, b[:n]...)
	return n, err
}

func dial(t testing.TB, address string) *net.TCPConn {
	t.Helper()
	client, err := net.Dial("tcp", address)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { client.Close() })
	client.SetDeadline(time.Now().Add(time.Minute)) // rather than hang
	return client.(*net.TCPConn)
}

func rawVhost(id *identity) *vhost.Vhost {
	v := id.vhost("localhost")
	v.Options = vhost.AcceptRoleOnly
	return v
}

// echo is a program that answers bytes with themselves.
func echo() *conntest.Program {
	return &conntest.Program{OnEvent: func(c *conn.Conn, reason conn.Reason, in []byte, _ conn.Message) int {
		if reason == conn.RawReceive {
			c.Write(in, conn.WriteHTTP)
		}
		return 0
	}}
}

// pattern is bytes that say where they belong.
func pattern(n int, seed uint64) []byte {
	b := make([]byte, n)
	rand.NewChaCha8([32]byte{byte(seed)}).Read(b)
	return b
}

var versions = map[string]uint16{"1.2": tls.VersionTLS12, "1.3": tls.VersionTLS13}

func TestEchoInPieces(t *testing.T) {
	id := newIdentity(t, "localhost")
	s := serve(t, echo(), rawVhost(id))
	for name, version := range versions {
		for _, largest := range []int{1, 7, 1500, 40000} {
			t.Run(fmt.Sprintf("%s/%d", name, largest), func(t *testing.T) {
				t.Parallel()
				raw := dial(t, s.address)
				if largest > 1000 {
					raw.SetReadBuffer(64 << 10)
					raw.SetWriteBuffer(64 << 10)
				}
				config := id.client("localhost")
				config.MinVersion, config.MaxVersion = version, version
				random := rand.New(rand.NewPCG(1, uint64(largest)))
				client := tls.Client(&pieces{Conn: raw, random: random, largest: largest}, config)
				data := pattern(min(largest*3000, 2<<20), uint64(largest))
				if err := client.Handshake(); err != nil {
					t.Fatal(err)
				}
				go func() {
					for rest := data; len(rest) > 0; {
						n := min(1+random.IntN(3*largest), len(rest))
						if _, err := client.Write(rest[:n]); err != nil {
							t.Error(err)
							return
						}
						rest = rest[n:]
					}
					client.CloseWrite()
				}()
				got, err := io.ReadAll(client)
				if err != nil || !bytes.Equal(got, data) {
					t.Errorf("%d of %d bytes came back, equal: %v, %v", len(got), len(data), bytes.Equal(got, data), err)
				}
			})
		}
	}
}

// A program that stops to take data, and goes on later, loses nothing.
func TestFlowControl(t *testing.T) {
	id := newIdentity(t, "localhost")
	var mutex sync.Mutex
	var got []byte
	var pauses int
	random := rand.New(rand.NewPCG(3, 4))
	p := &conntest.Program{}
	p.OnEvent = func(c *conn.Conn, reason conn.Reason, in []byte, _ conn.Message) int {
		switch reason {
		case conn.RawReceive:
			mutex.Lock()
			got = append(got, in...)
			mutex.Unlock()
			if random.IntN(8) == 0 {
				pauses++
				c.Pause(conn.PauseByProgram)
				c.SetTimer(time.Duration(random.IntN(3000)) * time.Microsecond)
			}
		case conn.TimerExpired:
			c.Resume(conn.PauseByProgram)
		case conn.RawClose:
			return 0
		}
		return 0
	}
	s := serve(t, p, rawVhost(id))
	client := tls.Client(dial(t, s.address), id.client("localhost"))
	data := pattern(2<<20, 9)
	for rest := data; len(rest) > 0; {
		n := min(1+int(rest[0])*100, len(rest))
		if _, err := client.Write(rest[:n]); err != nil {
			t.Fatal(err)
		}
		rest = rest[n:]
	}
	client.CloseWrite()
	io.ReadAll(client) // until the server has taken all and has ended too
	mutex.Lock()
	defer mutex.Unlock()
	if !bytes.Equal(got, data) || pauses == 0 {
		t.Errorf("got %d of %d bytes, equal: %v, %d pauses", len(got), len(data), bytes.Equal(got, data), pauses)
	}
}

// A peer that does not read holds up nobody but itself, and gets all of it when it does.
func TestSlowReader(t *testing.T) {
	id := newIdentity(t, "localhost")
	data := pattern(8<<20, 5)
	p := &conntest.Program{OnEvent: func(c *conn.Conn, reason conn.Reason, in []byte, _ conn.Message) int {
		if reason == conn.RawReceive {
			if c.Choked() {
				t.Error("choked before anything was sent")
			}
			c.Write(data, conn.WriteHTTP)
			if in[0] == 's' && (!c.Choked() || c.QueuedBytes() == 0) {
				t.Errorf("8 MB are written: choked %v, %d queued", c.Choked(), c.QueuedBytes())
			}
			c.Finish()
		}
		return 0
	}}
	s := serve(t, p, rawVhost(id))
	slow := dial(t, s.address)
	slow.SetReadBuffer(64 << 10)
	slowClient := tls.Client(slow, id.client("localhost"))
	io.WriteString(slowClient, "slow")
	for range 3 {
		client := tls.Client(dial(t, s.address), id.client("localhost"))
		io.WriteString(client, "fast")
		if got, err := io.ReadAll(client); err != nil || !bytes.Equal(got, data) {
			t.Fatalf("the fast one got %d bytes, %v", len(got), err)
		}
	}
	if got, err := io.ReadAll(slowClient); err != nil || !bytes.Equal(got, data) {
		t.Errorf("the slow one got %d bytes, %v", len(got), err)
	}
}

// lastRecord is the type of the last whole record in p.
func lastRecord(p []byte) (kind byte) {
	for len(p) >= 5 {
		kind = p[0]
		p = p[min(len(p), 5+int(p[3])<<8+int(p[4])):]
	}
	return kind
}

func TestOrderlyEnd(t *testing.T) {
	id := newIdentity(t, "localhost")
	s := serve(t, helloProgram(), id.vhost("localhost"))
	config := id.client("localhost")
	config.MaxVersion = tls.VersionTLS12 // shows the types of records
	wire := &pieces{Conn: dial(t, s.address), random: rand.New(rand.NewPCG(1, 1)), largest: 1000}
	client := tls.Client(wire, config)
	io.WriteString(client, "GET /x HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
	if got, err := io.ReadAll(client); err != nil || !strings.Contains(string(got), "path /x") {
		t.Errorf("%q %v", got, err)
	}
	if kind := lastRecord(wire.received); kind != 21 {
		t.Errorf("the last record is of type %d, not an alert", kind)
	}
}

// A cut connection ends like a closed one.
func TestTruncated(t *testing.T) {
	id := newIdentity(t, "localhost")
	var mutex sync.Mutex
	var got []byte
	closed := make(chan struct{})
	p := &conntest.Program{OnEvent: func(c *conn.Conn, reason conn.Reason, in []byte, _ conn.Message) int {
		mutex.Lock()
		defer mutex.Unlock()
		switch reason {
		case conn.RawReceive:
			got = append(got, in...)
		case conn.RawClose:
			close(closed)
		}
		return 0
	}}
	s := serve(t, p, rawVhost(id))
	raw := dial(t, s.address)
	client := tls.Client(raw, id.client("localhost"))
	io.WriteString(client, "all of it")
	raw.CloseWrite()
	<-closed
	if string(got) != "all of it" {
		t.Errorf("got %q", got)
	}
}

// The peer hears why when it sends what nobody could have encrypted.
func TestAlertReachesPeer(t *testing.T) {
	id := newIdentity(t, "localhost")
	for name, version := range versions {
		closed := make(chan struct{})
		p := echo()
		echoed := p.OnEvent
		p.OnEvent = func(c *conn.Conn, reason conn.Reason, in []byte, m conn.Message) int {
			if reason == conn.RawClose {
				close(closed)
			}
			return echoed(c, reason, in, m)
		}
		s := serve(t, p, rawVhost(id))
		raw := dial(t, s.address)
		config := id.client("localhost")
		config.MinVersion, config.MaxVersion = version, version
		client := tls.Client(raw, config)
		io.WriteString(client, "hello")
		var b [5]byte
		if _, err := io.ReadFull(client, b[:]); err != nil {
			t.Fatal(err)
		}
		// More follows than the server will ever read.
		raw.Write(append([]byte{23, 3, 3, 0, 64}, make([]byte, 64+100000)...))
		if _, err := io.ReadAll(client); err == nil || !strings.Contains(err.Error(), "bad record MAC") {
			t.Errorf("%s: the client hears %v", name, err)
		}
		raw.Close()
		<-closed
	}
}

func TestClientCertificate(t *testing.T) {
	id, own := newIdentity(t, "localhost"), newIdentity(t, "client.test")
	v := id.vhost("localhost")
	v.Options = vhost.RequireClientCertificate
	v.TLS.CA = own.certificate
	s := serve(t, helloProgram(), v)
	for name, version := range versions {
		get := func(certificates ...tls.Certificate) error {
			config := id.client("localhost")
			config.MinVersion, config.MaxVersion = version, version
			config.Certificates = certificates
			client := tls.Client(dial(t, s.address), config)
			io.WriteString(client, "GET /x HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
			_, err := io.ReadAll(client)
			return err
		}
		if err := get(own.pair); err != nil {
			t.Errorf("%s: with a certificate: %v", name, err)
		}
		if err := get(); err == nil {
			t.Errorf("%s: without a certificate it works", name)
		}
		if err := get(id.pair); err == nil || !strings.Contains(err.Error(), "tls:") {
			t.Errorf("%s: with a wrong certificate: %v", name, err)
		}
	}
}

// Sockets that hold little make the server meet every kind of incomplete write.
func TestTinySocketBuffers(t *testing.T) {
	id := newIdentity(t, "localhost")
	p := echo()
	echoed := p.OnEvent
	p.OnEvent = func(c *conn.Conn, reason conn.Reason, in []byte, m conn.Message) int {
		if reason == conn.WSICreate {
			unix.SetsockoptInt(c.Descriptor(), unix.SOL_SOCKET, unix.SO_SNDBUF, 1)
		}
		return echoed(c, reason, in, m)
	}
	s := serve(t, p, rawVhost(id))
	for name, version := range versions {
		t.Run(name, func(t *testing.T) {
			raw := dial(t, s.address)
			config := id.client("localhost")
			config.MinVersion, config.MaxVersion = version, version
			client := tls.Client(raw, config)
			data := pattern(300_000, 7)
			go func() {
				client.Write(data)
				client.CloseWrite()
			}()
			got, err := io.ReadAll(client)
			if err != nil || !bytes.Equal(got, data) {
				t.Errorf("%d bytes came back, equal: %v, %v", len(got), bytes.Equal(got, data), err)
			}
		})
	}
}

// A program that refuses a connection when it is accepted hears of its end, as without TLS.
func TestRefusedAtOnce(t *testing.T) {
	id := newIdentity(t, "localhost")
	var events []conn.Reason
	gone := make(chan struct{})
	p := &conntest.Program{OnEvent: func(_ *conn.Conn, reason conn.Reason, _ []byte, _ conn.Message) int {
		events = append(events, reason)
		switch reason {
		case conn.ServerNewClientInstantiated:
			return 1
		case conn.WSIDestroy:
			close(gone)
		}
		return 0
	}}
	s := serve(t, p, id.vhost("localhost"))
	dial(t, s.address)
	<-gone
	want := []conn.Reason{conn.FilterNetworkConnection, conn.WSICreate, conn.ServerNewClientInstantiated, conn.ClosedHTTP,
		conn.WSIDestroy}
	if fmt.Sprint(events) != fmt.Sprint(want) {
		t.Errorf("%v, want %v", events, want)
	}
}

// Keys may be changed at any time; only openssl(1) asks for it here.
func TestKeyUpdate(t *testing.T) {
	if _, err := exec.LookPath("openssl"); err != nil {
		t.Skip("no openssl")
	}
	id := newIdentity(t, "localhost")
	s := serve(t, echo(), rawVhost(id))
	client := exec.Command("openssl", "s_client", "-connect", s.address, "-tls1_3")
	input, err := client.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	output, err := client.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	client.Stderr = client.Stdout
	if err := client.Start(); err != nil {
		t.Fatal(err)
	}
	defer client.Wait()
	defer input.Close()
	lines := bufio.NewScanner(output)
	wait := func(text string) {
		t.Helper()
		for lines.Scan() {
			if strings.Contains(lines.Text(), text) {
				return
			}
		}
		t.Fatalf("the client ends without %q", text)
	}
	wait("Verify return code") // of the connection; one of the ticket may follow
	for i, command := range []string{"K", "k", "K"} {
		fmt.Fprintf(input, "before %d\n", i)
		wait(fmt.Sprintf("before %d", i))
		fmt.Fprintln(input, command) // with a request to update ours too, or without
		wait("KEYUPDATE")            // it would take what follows for a part of the command
		fmt.Fprintf(input, "after %d\n", i)
		wait(fmt.Sprintf("after %d", i))
	}
}
