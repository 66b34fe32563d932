package tlsconn

import (
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"os"
	"time"

	"golang.org/x/sys/unix"

	"golws/engine/conn"
)

const (
	// readSize is how much ciphertext is read at once, and batchSize how much plaintext is encrypted before
	// it is sent.
	readSize  = 128 << 10
	batchSize = 64 << 10
	// maxAnswers bounds what a peer can make us say that it does not read: answers to key updates.
	maxAnswers = 16 << 10
)

// shared is what the transports of one service thread use in turns.
type shared struct {
	cipher []byte     // what was read
	out    []byte     // what is to be sent
	owner  *Transport // whose it is
	plain  [largestRecord]byte
	file   []byte

	evicted        int   // handshakes given up since the line about them
	evictionLogged int64 // when that was
}

// logEviction tells at most once a second that handshakes were given up: who causes it must not fill the log.
func (s *shared) logEviction(t *conn.Thread) {
	s.evicted++
	now := t.Loop.Now()
	if s.evictionLogged != 0 && now < s.evictionLogged+time.Second.Microseconds() {
		return
	}
	t.Handler.Log(conn.LogWarning, fmt.Sprintf("TLS handshakes given up: %d, too many wait for their peers", s.evicted))
	s.evicted, s.evictionLogged = 0, now
}

func sharedOf(t *conn.Thread) *shared {
	s, ok := t.Scratch.(*shared)
	if !ok {
		s = &shared{cipher: make([]byte, readSize), out: make([]byte, 0, batchSize+batchSize/8)}
		t.Scratch = s
	}
	return s
}

// Transport is the conn.Transport of a connection whose handshake is done. The service thread uses it.
type Transport struct {
	tls        *tls.Conn
	thread     *shared
	handshake  *handshake // nil when it is done
	host       *conn.Host // that the handshake was with
	descriptor int

	record []byte // rest of the record that crypto/tls reads
	cipher []byte // what was read from the socket and is not decrypted, mostly a part of a record
	plain  []byte // what was decrypted and had no room
	unsent []byte // ciphertext that the socket did not take

	answers int // bytes of unsent that answer the peer's requests to update keys

	verified bool // the peer's certificate is valid, which is not to say that the program took no other
	writing  bool // take collects for Flush
	ended    bool // the peer has ended its side
	told     bool // Read has said so
	broken   bool // by the peer; nothing is decrypted any more
	shutting bool // the socket is to be shut down when all is sent
}

// Of is the transport of a connection, or of the connection that carries it; nil where it does not use TLS.
func Of(c *conn.Conn) *Transport {
	for ; c != nil; c = c.Parent() {
		if t, ok := c.Transport().(*Transport); ok {
			return t
		}
	}
	return nil
}

// HandshakeHost implements conn.Encrypted.
func (t *Transport) HandshakeHost() *conn.Host { return t.host }

// State is what was negotiated, and the peer's certificates.
func (t *Transport) State() tls.ConnectionState { return t.tls.ConnectionState() }

// Verified reports whether the peer presented a certificate that was found valid.
func (t *Transport) Verified() bool { return t.verified }

// give has crypto/tls read the record at hand.
func (t *Transport) give(p []byte) (int, error) {
	if len(t.record) == 0 {
		return 0, unix.EAGAIN
	}
	n := copy(p, t.record)
	t.record = t.record[n:]
	return n, nil
}

// take gets records from crypto/tls.
func (t *Transport) take(p []byte) (int, error) {
	if t.writing {
		t.thread.out = append(t.thread.out, p...)
	} else {
		t.unsent = append(t.unsent, p...)
		t.answers += len(p)
	}
	return len(p), nil
}

// Read implements conn.Transport.
func (t *Transport) Read(c *conn.Conn, p []byte) (int, error) {
	if len(t.plain) > 0 {
		n := copy(p, t.plain)
		if t.plain = t.plain[n:]; len(t.plain) == 0 {
			t.plain = nil
		}
		return n, nil
	}
	if t.broken {
		return t.discard()
	}
	if t.ended {
		t.told = true
		return 0, nil
	}
	s := t.thread
	// What came during the handshake may be more than the thread's buffer holds; a part of a record never is.
	input := t.cipher
	if wholeRecord(input) == nil {
		have := copy(s.cipher, t.cipher)
		n, err := receive(t.descriptor, s.cipher[have:])
		if err != nil {
			return 0, err
		}
		input = s.cipher[:have+n]
		if n == 0 {
			// Without close_notify nobody knows whether the end is the peer's will.
			if c.Thread().Handler.Logs(conn.LogInfo) {
				c.Thread().Handler.Log(conn.LogInfo, "TLS: the connection was cut without a close_notify")
			}
			t.cipher, t.ended, t.told = nil, true, true
			return 0, nil
		}
	}
	unsent := len(t.unsent)
	n, rest, err := t.decrypt(p, input)
	if err != nil {
		// The alert that crypto/tls has made of it still goes out.
		t.broken, rest = true, nil
	}
	t.keep(rest)
	if len(t.unsent) > unsent {
		c.FlushSoon()
		if t.answers > maxAnswers && err == nil {
			return 0, errors.New("the peer does not read the answers to its key updates")
		}
	}
	switch {
	case n > 0:
		return n, nil
	case err != nil:
		return 0, &conn.Violation{Err: err}
	case t.ended:
		t.told = true
		return 0, nil
	}
	return 0, unix.EAGAIN
}

// decrypt opens the records in input, as far as p has room, and returns what is left.
func (t *Transport) decrypt(p, input []byte) (n int, rest []byte, err error) {
	for !t.ended {
		record := wholeRecord(input)
		if record == nil {
			break
		}
		space := p[n:]
		direct := len(space) >= len(record) || len(space) >= largestPlaintext
		if !direct {
			if n > 0 {
				break
			}
			space = t.thread.plain[:]
		}
		if !lend(t.tls, record) {
			t.record = record
		}
		m, err := t.tls.Read(space)
		t.record = nil
		takeBack(t.tls)
		input = input[len(record):]
		if !direct {
			n = copy(p, space[:m])
			if n < m {
				t.plain = append([]byte(nil), space[n:m]...)
			}
		} else {
			n += m
		}
		if err == io.EOF {
			t.ended = true
			input = nil
		} else if err != nil && err != unix.EAGAIN {
			return n, nil, err
		}
		if len(t.plain) > 0 {
			break
		}
	}
	return n, input, nil
}

// keep stores ciphertext for the next Read.
func (t *Transport) keep(rest []byte) {
	switch {
	case len(rest) == 0:
		t.cipher = nil
	case cap(t.cipher) >= len(rest) && cap(t.cipher) <= 2*len(rest)+1024:
		t.cipher = t.cipher[:copy(t.cipher[:len(rest)], rest)]
	default:
		t.cipher = append([]byte(nil), rest...)
	}
}

// discard reads what a peer still sends that gets no answer any more.
func (t *Transport) discard() (int, error) { return receive(t.descriptor, t.thread.cipher) }

// Pending implements conn.Transport.
func (t *Transport) Pending() bool {
	return len(t.plain) > 0 || t.ended && !t.told || !t.broken && wholeRecord(t.cipher) != nil
}

// room is how much plaintext may be encrypted before the next Flush.
func (t *Transport) room() int {
	if len(t.unsent) > 0 {
		return 0
	}
	if t.thread.owner != t {
		t.thread.owner, t.thread.out = t, t.thread.out[:0]
	}
	return batchSize - len(t.thread.out)
}

// Write implements conn.Transport.
func (t *Transport) Write(_ *conn.Conn, p []byte) (int, error) {
	room := t.room()
	if room <= 0 {
		return 0, nil
	}
	t.writing = true
	n, err := t.tls.Write(p[:min(len(p), room)])
	t.writing = false
	return n, err
}

// SendFile implements conn.Transport.
func (t *Transport) SendFile(c *conn.Conn, f *os.File, offset, n int64) (int, error) {
	s := t.thread
	room := t.room()
	if room <= 0 {
		return 0, nil
	}
	if s.file == nil {
		s.file = make([]byte, batchSize)
	}
	read, err := unix.Pread(int(f.Fd()), s.file[:min(n, int64(room))], offset)
	if err != nil || read == 0 {
		return 0, err
	}
	return t.Write(c, s.file[:read])
}

// Flush implements conn.Transport.
func (t *Transport) Flush(*conn.Conn) error {
	s := t.thread
	for len(t.unsent) > 0 {
		n, err := send(t.descriptor, t.unsent)
		if err == unix.EINTR {
			continue
		}
		if err != nil {
			return err
		}
		if t.unsent = t.unsent[n:]; len(t.unsent) == 0 {
			t.unsent, t.answers = nil, 0
		}
	}
	var out []byte
	if s.owner == t {
		out, s.out = s.out, s.out[:0]
	}
	for len(out) > 0 {
		n, err := send(t.descriptor, out)
		if err == unix.EINTR {
			continue
		}
		if err != nil {
			if err == unix.EAGAIN {
				t.unsent = append([]byte(nil), out...)
			}
			return err
		}
		out = out[n:]
	}
	if t.shutting {
		t.shutting = false
		unix.Shutdown(t.descriptor, unix.SHUT_WR)
	}
	return nil
}

// Unsent implements conn.Transport.
func (t *Transport) Unsent() int {
	if t.thread.owner == t {
		return len(t.unsent) + len(t.thread.out)
	}
	return len(t.unsent)
}

// Shutdown implements conn.Transport.
func (t *Transport) Shutdown(c *conn.Conn) {
	if !t.broken {
		t.tls.CloseWrite() // that is, send close_notify
	}
	t.shutting = true
	t.Flush(c)
}

// Close implements conn.Transport.
func (t *Transport) Close(*conn.Conn) {
	t.cipher, t.plain, t.unsent = nil, nil, nil
	if t.thread.owner == t {
		t.thread.owner, t.thread.out = nil, t.thread.out[:0]
	}
}
