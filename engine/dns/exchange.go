package dns

import (
	"context"
	"encoding/binary"
	"errors"
	"io"
	"net"
	"net/netip"
	"time"
)

// strangers is how many datagrams that are no answer may arrive before the question is asked over TCP, where answers
// cannot be guessed.
const strangers = 16

// exchange asks one server, whose answer may come over TCP after all.
func exchange(ctx context.Context, server netip.AddrPort, q question, limit time.Duration, overTCP bool) (a answer, err error) {
	ctx, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	for extended := true; ; extended = false {
		if overTCP {
			a, err = exchangeTCP(ctx, server, q, extended)
		} else if a, err = exchangeUDP(ctx, server, q, extended); err == errTruncated || err == errNotAnAnswer {
			a, err = exchangeTCP(ctx, server, q, extended)
		}
		// There are servers that do not know EDNS (RFC 6891 section 7).
		if err != errForm || !extended {
			return a, err
		}
	}
}

// dial connects, and ends the connection's wait when the context does.
func dial(ctx context.Context, network string, server netip.AddrPort) (net.Conn, func(), error) {
	var d net.Dialer
	c, err := d.DialContext(ctx, network, server.String())
	if err != nil {
		return nil, nil, err
	}
	stop := context.AfterFunc(ctx, func() { c.SetDeadline(time.Unix(1, 0)) })
	return c, func() { stop(); c.Close() }, nil
}

// exchangeUDP asks from a socket of its own, so that the port is another one each time, and the kernel lets through what
// comes from the server only.
func exchangeUDP(ctx context.Context, server netip.AddrPort, q question, extended bool) (a answer, err error) {
	id := identity()
	message, err := query(q, id, extended)
	if err != nil {
		return a, err
	}
	c, done, err := dial(ctx, "udp", server)
	if err != nil {
		return a, err
	}
	defer done()
	if _, err = c.Write(message[2:]); err != nil {
		return a, err
	}
	buffer := make([]byte, datagram+1)
	for range strangers {
		n, err := c.Read(buffer)
		if err != nil {
			return a, err
		}
		a, err = read(buffer[:n], q, id)
		if err == errMalformed && n > datagram {
			err = errTruncated // by us: there are servers that do not mind what they were told
		}
		// An answer that is malformed further on may be forged just as well as one that is to another question.
		if err != errNotAnAnswer && err != errMalformed {
			return a, err
		}
	}
	return a, errNotAnAnswer
}

func exchangeTCP(ctx context.Context, server netip.AddrPort, q question, extended bool) (a answer, err error) {
	id := identity()
	message, err := query(q, id, extended)
	if err != nil {
		return a, err
	}
	c, done, err := dial(ctx, "tcp", server)
	if err != nil {
		return a, err
	}
	defer done()
	binary.BigEndian.PutUint16(message, uint16(len(message)-2))
	if _, err = c.Write(message); err != nil {
		return a, err
	}
	var size [2]byte
	if _, err = io.ReadFull(c, size[:]); err != nil {
		return a, err
	}
	buffer := make([]byte, binary.BigEndian.Uint16(size[:]))
	if _, err = io.ReadFull(c, buffer); err != nil {
		return a, err
	}
	if a, err = read(buffer, q, id); err == errTruncated {
		err = errMalformed
	}
	return a, err
}

// timedOut reports whether nobody answered in time.
func timedOut(err error) bool {
	var t interface{ Timeout() bool }
	return errors.Is(err, context.DeadlineExceeded) || errors.As(err, &t) && t.Timeout()
}
