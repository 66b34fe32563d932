package raw_test

import (
	"bytes"
	"os"
	"strings"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"golws/engine/conn"
	"golws/engine/conn/conntest"
	"golws/engine/raw"
)

func init() {
	names[conn.RawAdoptFile], names[conn.RawReceiveFile] = "adopt file", "receive file"
	names[conn.RawWriteableFile], names[conn.RawCloseFile] = "writeable file", "close file"
}

// adopt serves a descriptor in a server that runs.
func adopt(t *testing.T, p *program, a conn.Adoption) (s *conntest.Server, c *conn.Conn) {
	t.Helper()
	s = conntest.New(t, &p.Program, conntest.DefaultVhost("one"))
	s.Start()
	unix.SetNonblock(a.Descriptor, true)
	a.Host = s.Host
	var err error
	s.Do(func() { c, err = s.Thread.Take(&a) })
	if err != nil {
		t.Fatal(err)
	}
	return s, c
}

func pipe(t *testing.T) (read, write int) {
	t.Helper()
	var ends [2]int
	if err := unix.Pipe2(ends[:], unix.O_CLOEXEC); err != nil {
		t.Fatal(err)
	}
	return ends[0], ends[1]
}

// readAll is the program reading its file.
func readAll(p *program) func(c *conn.Conn, reason conn.Reason, in []byte) int {
	return func(c *conn.Conn, reason conn.Reason, _ []byte) int {
		if reason == conn.RawReceiveFile {
			var text [100]byte
			n, _ := unix.Read(c.Descriptor(), text[:])
			p.events[len(p.events)-1] += " " + string(text[:max(n, 0)])
			if string(text[:max(n, 0)]) == "write" {
				c.RequestWritable()
			}
		}
		return 0
	}
}

func TestFileIsReadByTheProgram(t *testing.T) {
	p := newProgram()
	p.respond = readAll(p)
	reading, writing := pipe(t)
	adopt(t, p, conn.Adoption{Descriptor: reading, NewRole: raw.NewFile})
	unix.Write(writing, []byte("hello"))
	unix.Close(writing)
	if got := p.wait(t); !strings.HasPrefix(got, "create, adopt file, receive file hello") ||
		!strings.HasSuffix(got, "close file, destroy") {
		t.Error(got)
	}
	if _, err := unix.FcntlInt(uintptr(reading), unix.F_GETFD, 0); err == nil {
		t.Error("the descriptor is still open")
	}
}

func TestFileThatIsRefusedStaysOpen(t *testing.T) {
	for _, refuse := range []conn.Reason{conn.WSICreate, conn.RawAdoptFile} {
		p := newProgram()
		p.refuse = refuse
		if refuse == conn.WSICreate {
			p.refuse = -1
			p.respond = func(c *conn.Conn, reason conn.Reason, _ []byte) int {
				if reason == conn.WSICreate {
					c.Kill()
				}
				return 0
			}
		}
		reading, writing := pipe(t)
		_, c := adopt(t, p, conn.Adoption{Descriptor: reading, NewRole: raw.NewFile})
		if c != nil {
			t.Error("adopted")
		}
		if got := p.wait(t); !strings.HasSuffix(got, "destroy") {
			t.Error(got)
		}
		if _, err := unix.Write(writing, []byte("x")); err != nil {
			t.Error("the pipe was closed: ", err)
		}
		unix.Close(reading)
		unix.Close(writing)
	}
}

func TestRegularFileCannotBeWaitedFor(t *testing.T) {
	p := newProgram()
	s := conntest.New(t, &p.Program, conntest.DefaultVhost("one"))
	f, err := os.Create(t.TempDir() + "/regular")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	s.Do(func() {
		_, err = s.Thread.Take(&conn.Adoption{Descriptor: int(f.Fd()), Host: s.Host, NewRole: raw.NewFile})
	})
	if err != unix.EPERM || s.Thread.Connections() != 0 || len(p.events) != 0 {
		t.Error(err, s.Thread.Connections(), p.events)
	}
	if _, err := f.WriteString("still open"); err != nil {
		t.Error(err)
	}
}

func TestFileIsWrittenWhole(t *testing.T) {
	big := bytes.Repeat([]byte("0123456789abcdef"), 1<<16)
	p := newProgram()
	p.respond = func(c *conn.Conn, reason conn.Reason, _ []byte) int {
		if reason == conn.RawAdoptFile {
			if n, err := c.Write(big, conn.WriteHTTP); n != len(big) || err != nil {
				t.Errorf("%d, %v", n, err)
			}
			c.RequestWritable()
		}
		if reason == conn.RawWriteableFile {
			return 1 // closes when all has left
		}
		return 0
	}
	reading, writing := pipe(t)
	adopt(t, p, conn.Adoption{Descriptor: writing, NewRole: raw.NewFile})
	f := os.NewFile(uintptr(reading), "pipe")
	defer f.Close()
	f.SetReadDeadline(time.Now().Add(20 * time.Second))
	var got bytes.Buffer
	if _, err := got.ReadFrom(f); err != nil || !bytes.Equal(got.Bytes(), big) {
		t.Errorf("%d bytes of %d, %v", got.Len(), len(big), err)
	}
	if got := p.wait(t); got != "create, adopt file, writeable file, close file, destroy" {
		t.Error(got)
	}
}
