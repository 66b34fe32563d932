package conn_test

import (
	"bytes"
	"testing"
	"time"

	"golws/engine/conn"
	"golws/engine/conn/conntest"
)

// moving is a server whose connections leave their socket to a new one: in the middle of a line's callback, or, where
// that is nil, when the test says so.
type moving struct {
	*conntest.Server
	first, second *conn.Conn
	over          chan *conn.Conn
}

func newMoving(t *testing.T, inside bool) *moving {
	m := &moving{over: make(chan *conn.Conn, 2)}
	p := &conntest.Program{OnEvent: func(c *conn.Conn, reason conn.Reason, in []byte, _ conn.Message) int {
		switch {
		case reason == conn.WSIDestroy:
			m.over <- c
		case reason == conn.Receive && inside && string(in) == "move\n":
			m.move(t)
		}
		return 0
	}}
	m.Server = conntest.New(t, p, conntest.DefaultVhost("test"))
	m.Start()
	return m
}

func (m *moving) move(t *testing.T) {
	var err error
	if m.second, err = m.Thread.Outgoing(m.Host, nil); err != nil {
		t.Error(err)
		return
	}
	m.second.SetRole(&lineRole{})
	m.first.MoveSocket(m.second)
	m.first.Kill()
}

func (m *moving) expectEnd(t *testing.T, want *conn.Conn) {
	t.Helper()
	select {
	case c := <-m.over:
		if c != want {
			t.Error("another connection ends")
		}
	case <-time.After(20 * time.Second):
		t.Fatal("the connection does not end")
	}
}

func TestMoveSocketInside(t *testing.T) {
	m := newMoving(t, true)
	client := m.Connect(func(c *conn.Conn) conn.Role { m.first = c; return plain(c) })
	client.Write([]byte("one\nmove\ntwo\nthr"))
	expect(t, client, []byte("one\ntwo\n")) // the echo of move is of the one that has no socket any more
	m.expectEnd(t, m.first)
	client.Write([]byte("ee\n"))
	expect(t, client, []byte("three\n"))
	client.Close()
	m.expectEnd(t, m.second)
}

// TestMoveSocketQueued: kept input and output that the socket has not taken go along.
func TestMoveSocketQueued(t *testing.T) {
	m := newMoving(t, false)
	client := m.Connect(func(c *conn.Conn) conn.Role { m.first = c; return plain(c) })
	client.Write([]byte("first\npar"))
	expect(t, client, []byte("first\n"))
	big := append(bytes.Repeat([]byte("x"), 4<<20), '\n')
	m.Do(func() {
		m.first.QueueDirect(nil, big)
		if !m.first.Blocked() {
			t.Error("the socket takes 4 MiB")
		}
		m.move(t)
		if m.first.Descriptor() >= 0 || m.first.HasKeptInput() || m.first.QueuedBytes() > 0 {
			t.Error("something is left behind")
		}
		m.second.RequestWritable()
	})
	m.expectEnd(t, m.first)
	expect(t, client, big)
	client.Write([]byte("tial\n"))
	expect(t, client, []byte("partial\n"))
	client.Close()
	m.expectEnd(t, m.second)
}
