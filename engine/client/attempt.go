package client

import (
	"encoding/binary"
	"errors"
	"net"
	"net/netip"
	"time"
	"unsafe"

	"golang.org/x/sys/unix"

	"golws/engine/conn"
	"golws/engine/loop"
)

const (
	// attemptDelay is how long an address has to itself before the next one is tried too (RFC 8305
	// section 5).
	attemptDelay = 250 * time.Millisecond
	// busyDelay is how long to wait when the queue of a unix socket is full, of which nobody tells when it
	// is not.
	busyDelay = 10 * time.Millisecond
)

// timer calls a function.
type timer struct {
	loop.Timer
	expired func()
}

// Expired implements what the loop calls.
func (t *timer) Expired(int64) { t.expired() }

// attempt is one address being tried.
type attempt struct {
	dialer     *dialer
	descriptor int
	index      int32 // in the loop's table, -1: not there
	limit      timer
	retry      timer
	path       *unix.SockaddrUnix // of a unix socket, or nil
	to         netip.AddrPort
	begin      int64
	outcome    error // for answered
}

// held runs f while the connection cannot be destroyed.
func (d *dialer) held(f func()) {
	d.conn.Hold()
	f()
	d.conn.Unhold()
}

// tryNext tries the next address, while those that were tried before may still answer.
func (d *dialer) tryNext() {
	d.held(func() {
		for len(d.addresses) > 0 && !d.conn.Killed() {
			a := d.addresses[0]
			d.addresses = d.addresses[1:]
			d.tried = append(d.tried, a)
			if d.try(a) {
				break
			}
		}
	})
}

// try begins to connect. It reports whether that is under way or done.
func (d *dialer) try(to netip.AddrPort) bool {
	c := d.conn
	t := c.Thread()
	a := &attempt{dialer: d, index: -1, to: to}
	var err error
	if a.descriptor, err = d.socket(to); err == nil {
		if d.unixPath != "" {
			a.path = &unix.SockaddrUnix{Name: d.unixPath}
		}
		d.attempts = append(d.attempts, a)
		c.SetTimeout(conn.NoPendingTimeout, 0) // the attempts have their own
		c.ShowDescriptor(a.descriptor)
		if t.Handler.CallbackValue(c, conn.Connecting, uintptr(a.descriptor), 0) != 0 {
			c.Kill()
			return true
		}
		if c.Killed() {
			return true
		}
		err = a.connect()
	}
	if err != nil {
		d.failed(a, err)
		return false
	}
	if a.descriptor >= 0 && len(d.addresses) > 0 {
		t.Loop.Schedule(&d.next.Timer, &d.next, t.Loop.Now()+attemptDelay.Microseconds())
	}
	return true
}

// call asks the kernel to connect. It does not wait, so that Go's scheduler need not know.
func (a *attempt) call() error {
	if a.path != nil {
		return unix.Connect(a.descriptor, a.path)
	}
	var e unix.Errno
	if port := a.to.Port(); a.to.Addr().Is4() {
		address := unix.RawSockaddrInet4{Family: unix.AF_INET, Port: networkOrder(port), Addr: a.to.Addr().As4()}
		_, _, e = unix.RawSyscall(unix.SYS_CONNECT, uintptr(a.descriptor), uintptr(unsafe.Pointer(&address)), unsafe.Sizeof(address))
	} else {
		address := unix.RawSockaddrInet6{Family: unix.AF_INET6, Port: networkOrder(port), Addr: a.to.Addr().As16(),
			Scope_id: scopeOf(a.to.Addr())}
		_, _, e = unix.RawSyscall(unix.SYS_CONNECT, uintptr(a.descriptor), uintptr(unsafe.Pointer(&address)), unsafe.Sizeof(address))
	}
	if e != 0 {
		return e
	}
	return nil
}

// networkOrder is a port as it stands in memory.
func networkOrder(port uint16) (stored uint16) {
	binary.BigEndian.PutUint16((*[2]byte)(unsafe.Pointer(&stored))[:], port)
	return stored
}

// scopeOf is the number of the interface that a link-local address is meant on, 0 for others.
func scopeOf(a netip.Addr) uint32 {
	if a.Zone() == "" {
		return 0
	}
	device, err := net.InterfaceByName(a.Zone())
	if err != nil {
		return 0
	}
	return uint32(device.Index)
}

// connect connects, or begins to.
func (a *attempt) connect() error {
	t := a.dialer.conn.Thread()
	a.begin = loop.Now()
	for {
		switch err := a.call(); err {
		case nil:
			a.dialer.won(a)
			return nil
		case unix.EINTR:
			continue
		case unix.EAGAIN:
			a.limitTime()
			a.retry.expired = a.again
			t.Loop.Schedule(&a.retry.Timer, &a.retry, t.Loop.Now()+busyDelay.Microseconds())
			return nil
		case unix.EINPROGRESS:
			if a.path == nil && a.to.Addr().IsLoopback() {
				// This machine has answered already, which no event need tell. The program hears of it later all the
				// same.
				if a.outcome = a.call(); a.outcome != unix.EALREADY && a.outcome != unix.EINTR {
					t.Later(a.answered)
					return nil
				}
			}
			a.limitTime()
			a.index, err = t.Loop.Add(a.descriptor, unix.EPOLLOUT, a)
			if err != nil {
				a.index = -1
			}
			return err
		default:
			return err
		}
	}
}

// answered goes on with the outcome of a call that was not waited for.
func (a *attempt) answered() {
	if a.descriptor < 0 {
		return // it was given up meanwhile
	}
	a.dialer.held(func() {
		if a.outcome != nil {
			a.dialer.failed(a, a.outcome)
			return
		}
		a.dialer.won(a)
	})
}

func (a *attempt) limitTime() {
	if a.limit.Pending() {
		return
	}
	l := a.dialer.conn.Thread().Loop
	a.limit.expired = a.timedOut
	l.Schedule(&a.limit.Timer, &a.limit, l.Now()+timeLimit(a.dialer.conn.Host().Limits.Connect).Microseconds())
}

func (a *attempt) again() {
	a.dialer.held(func() {
		if err := a.connect(); err != nil {
			a.dialer.failed(a, err)
		}
	})
}

func (a *attempt) timedOut() {
	a.dialer.held(func() { a.dialer.failed(a, errTimeout) })
}

var errTimeout = errors.New("no answer within the time limit")

// Ready implements loop.Source.
func (a *attempt) Ready(events uint32) {
	a.dialer.held(func() {
		var code int
		var err error
		if events&^unix.EPOLLOUT != 0 { // one that has failed says more than that it is writable
			code, err = unix.GetsockoptInt(a.descriptor, unix.SOL_SOCKET, unix.SO_ERROR)
		}
		if err == nil && code != 0 {
			err = unix.Errno(code)
		}
		if err != nil {
			a.dialer.failed(a, err)
			return
		}
		a.dialer.won(a)
	})
}

// close ends the attempt. Its socket is closed unless it was taken.
func (a *attempt) close() {
	d := a.dialer
	l := d.conn.Thread().Loop
	l.Cancel(&a.limit.Timer)
	l.Cancel(&a.retry.Timer)
	if a.index >= 0 {
		l.Remove(a.descriptor, a.index)
		a.index = -1
	}
	if a.descriptor >= 0 {
		unix.Close(a.descriptor)
		a.descriptor = -1
	}
	for i, other := range d.attempts {
		if other == a {
			d.attempts = append(d.attempts[:i], d.attempts[i+1:]...)
			break
		}
	}
}

// failed goes on with another address after one cannot be had.
func (d *dialer) failed(a *attempt, err error) {
	c := d.conn
	if h := c.Thread().Handler; h.Logs(conn.LogInfo) {
		name, _ := d.peer()
		h.Log(conn.LogInfo, "client: "+name+": connect: "+err.Error())
	}
	a.close()
	d.timedOut = err == errTimeout || err == unix.ETIMEDOUT
	if c.Killed() {
		return
	}
	if n := len(d.attempts); n > 0 {
		c.ShowDescriptor(d.attempts[n-1].descriptor)
	} else {
		c.ShowDescriptor(-1)
	}
	if len(d.addresses) > 0 {
		d.tryNext()
		return
	}
	if len(d.attempts) > 0 || d.cancel != nil {
		return // there may be more addresses
	}
	d.outOfAddresses()
}

// outOfAddresses gives up.
func (d *dialer) outOfAddresses() {
	if d.timedOut {
		d.fail("")
		return
	}
	d.fail("Unable to connect")
}

// won hands the connection over to the role that speaks with the server.
func (d *dialer) won(a *attempt) {
	c := d.conn
	c.Measured().Connect = conn.Since(a.begin)
	descriptor, index := a.descriptor, a.index
	a.descriptor, a.index = -1, -1
	d.stop()
	d.connected = true
	if err := c.Connected(descriptor, index); err != nil {
		c.Thread().Handler.Log(conn.LogError, "client: "+err.Error())
		d.fail("Unable to connect")
		return
	}
	if !d.created {
		d.created = true
		c.Callback(conn.WSICreate)
	}
	if c.Killed() {
		return
	}
	d.stages = d.stagesOf()
	d.proceed()
}

// socket makes a socket for an address.
func (d *dialer) socket(to netip.AddrPort) (int, error) {
	const kind = unix.SOCK_STREAM | unix.SOCK_NONBLOCK | unix.SOCK_CLOEXEC
	if d.unixPath != "" {
		return unix.Socket(unix.AF_UNIX, kind, 0)
	}
	family := unix.AF_INET6
	if to.Addr().Is4() {
		family = unix.AF_INET
	}
	descriptor, err := unix.Socket(family, kind, 0)
	if err != nil {
		return -1, err
	}
	d.setOptions(descriptor, family)
	if err = d.bind(descriptor, to.Addr()); err != nil {
		unix.Close(descriptor)
		return -1, err
	}
	return descriptor, nil
}

func (d *dialer) setOptions(descriptor, family int) {
	unix.SetsockoptInt(descriptor, unix.IPPROTO_TCP, unix.TCP_NODELAY, 1)
	if h := d.conn.Host(); h.KeepAliveTime > 0 {
		unix.SetsockoptInt(descriptor, unix.SOL_SOCKET, unix.SO_KEEPALIVE, 1)
		unix.SetsockoptInt(descriptor, unix.IPPROTO_TCP, unix.TCP_KEEPIDLE, h.KeepAliveTime)
		unix.SetsockoptInt(descriptor, unix.IPPROTO_TCP, unix.TCP_KEEPINTVL, h.KeepAliveStep)
		unix.SetsockoptInt(descriptor, unix.IPPROTO_TCP, unix.TCP_KEEPCNT, h.KeepAliveCount)
	}
	if d.config.Service != 0 {
		if family == unix.AF_INET {
			unix.SetsockoptInt(descriptor, unix.IPPROTO_IP, unix.IP_TOS, d.config.Service)
		} else {
			unix.SetsockoptInt(descriptor, unix.IPPROTO_IPV6, unix.IPV6_TCLASS, d.config.Service)
		}
	}
	if d.config.Priority != 0 {
		unix.SetsockoptInt(descriptor, unix.SOL_SOCKET, unix.SO_PRIORITY, d.config.Priority)
	}
}

// bind has the socket connect from the address or interface that the program chose.
func (d *dialer) bind(descriptor int, to netip.Addr) error {
	from := d.from
	if d.device != nil {
		var err error
		if from, err = addressOf(d.device, to.Is4()); err != nil {
			return err
		}
	}
	if !from.IsValid() {
		return nil
	}
	// The port is chosen by connect, when both ends are known.
	unix.SetsockoptInt(descriptor, unix.IPPROTO_IP, unix.IP_BIND_ADDRESS_NO_PORT, 1)
	return unix.Bind(descriptor, socketAddress(netip.AddrPortFrom(from, 0)))
}

// addressOf is an address of an interface.
func addressOf(device *net.Interface, four bool) (netip.Addr, error) {
	all, err := device.Addrs()
	if err != nil {
		return netip.Addr{}, err
	}
	for _, one := range all {
		n, ok := one.(*net.IPNet)
		if !ok {
			continue
		}
		a, ok := netip.AddrFromSlice(n.IP)
		if a = a.Unmap(); ok && a.Is4() == four {
			if a.IsLinkLocalUnicast() && !four {
				a = a.WithZone(device.Name)
			}
			return a, nil
		}
	}
	return netip.Addr{}, unix.EADDRNOTAVAIL
}

func socketAddress(a netip.AddrPort) unix.Sockaddr {
	if a.Addr().Is4() {
		return &unix.SockaddrInet4{Port: int(a.Port()), Addr: a.Addr().As4()}
	}
	return &unix.SockaddrInet6{Port: int(a.Port()), Addr: a.Addr().As16(), ZoneId: scopeOf(a.Addr())}
}
