package server

import (
	"errors"
	"fmt"
	"net"
	"os"
	"os/user"
	"strconv"
	"strings"

	"golang.org/x/sys/unix"

	"golws/engine/vhost"
)

// place is where a listener listens. Hosts with an equal place share the listener.
type place struct {
	unix bool
	path string // of a unix socket; a leading @ means the abstract namespace
	name string // interface or address, empty for all
	port int
	ipv4 bool // only IPv4
}

func placeOf(v *vhost.Vhost) place {
	if v.Options&vhost.UnixSocket != 0 {
		// The port of a unix socket has no meaning, but only 0 asks for a new one.
		return place{unix: true, path: v.Interface, port: 1}
	}
	return place{name: v.Interface, port: v.Port, ipv4: v.Options&vhost.DisableIPv6 != 0}
}

// listen makes the listening socket and returns the port it got.
func (p place) listen(v *vhost.Vhost) (descriptor, port int, err error) {
	if p.unix {
		descriptor, err = p.listenUnix(v)
		return descriptor, 1, err
	}
	address, err := p.address()
	if err != nil {
		return -1, 0, err
	}
	descriptor, err = p.listenInet(v, address)
	if p.name == "" && (errors.Is(err, unix.EAFNOSUPPORT) || errors.Is(err, unix.EADDRNOTAVAIL)) {
		// The kernel has no IPv6.
		address = &unix.SockaddrInet4{Port: p.port}
		descriptor, err = p.listenInet(v, address)
	}
	if err != nil {
		return -1, 0, fmt.Errorf("listen on %s: %w", net.JoinHostPort(p.name, strconv.Itoa(p.port)), err)
	}
	bound, err := unix.Getsockname(descriptor)
	if err != nil {
		unix.Close(descriptor)
		return -1, 0, err
	}
	switch a := bound.(type) {
	case *unix.SockaddrInet4:
		port = a.Port
	case *unix.SockaddrInet6:
		port = a.Port
	}
	return descriptor, port, nil
}

// address finds what an interface or address means.
func (p place) address() (unix.Sockaddr, error) {
	if p.name == "" {
		if p.ipv4 {
			return &unix.SockaddrInet4{Port: p.port}, nil
		}
		return &unix.SockaddrInet6{Port: p.port}, nil
	}
	if ip := net.ParseIP(p.name); ip != nil {
		return p.socketAddress(ip, 0), nil
	}
	device, err := net.InterfaceByName(p.name)
	if err != nil {
		return nil, fmt.Errorf("%q is neither an address nor an interface", p.name)
	}
	addresses, err := device.Addrs()
	if err != nil {
		return nil, err
	}
	var best net.IP
	for _, a := range addresses {
		if n, ok := a.(*net.IPNet); ok && (n.IP.To4() != nil || (best == nil && !p.ipv4)) {
			if best = n.IP; best.To4() != nil {
				break
			}
		}
	}
	if best == nil {
		return nil, fmt.Errorf("interface %q has no address", p.name)
	}
	return p.socketAddress(best, device.Index), nil
}

func (p place) socketAddress(ip net.IP, zone int) unix.Sockaddr {
	if v4 := ip.To4(); v4 != nil {
		return &unix.SockaddrInet4{Port: p.port, Addr: [4]byte(v4)}
	}
	a := &unix.SockaddrInet6{Port: p.port, Addr: [16]byte(ip)}
	if ip.IsLinkLocalUnicast() {
		a.ZoneId = uint32(zone)
	}
	return a
}

func (p place) listenInet(v *vhost.Vhost, address unix.Sockaddr) (int, error) {
	family := unix.AF_INET
	if _, ok := address.(*unix.SockaddrInet6); ok {
		family = unix.AF_INET6
	}
	descriptor, err := unix.Socket(family, unix.SOCK_STREAM|unix.SOCK_NONBLOCK|unix.SOCK_CLOEXEC, 0)
	if err != nil {
		return -1, err
	}
	unix.SetsockoptInt(descriptor, unix.SOL_SOCKET, unix.SO_REUSEADDR, 1)
	if v.Options&vhost.AllowListenShare != 0 {
		unix.SetsockoptInt(descriptor, unix.SOL_SOCKET, unix.SO_REUSEPORT, 1)
	}
	if family == unix.AF_INET6 {
		only := 0
		if v.Options&vhost.IPv6OnlyModify != 0 && v.Options&vhost.IPv6OnlyValue != 0 {
			only = 1
		}
		unix.SetsockoptInt(descriptor, unix.IPPROTO_IPV6, unix.IPV6_V6ONLY, only)
	}
	if v.BindInterface && p.name != "" {
		if err = unix.BindToDevice(descriptor, p.name); err != nil {
			unix.Close(descriptor)
			return -1, fmt.Errorf("bind to device: %w", err)
		}
	}
	if err = unix.Bind(descriptor, address); err == nil {
		err = unix.Listen(descriptor, backlog(v))
	}
	if err != nil {
		unix.Close(descriptor)
		return -1, err
	}
	return descriptor, nil
}

func backlog(v *vhost.Vhost) int {
	if v.Backlog > 0 {
		return v.Backlog
	}
	return unix.SOMAXCONN
}

func (p place) listenUnix(v *vhost.Vhost) (int, error) {
	if p.path == "" {
		return -1, errors.New("unix socket without a path in iface")
	}
	descriptor, err := unix.Socket(unix.AF_UNIX, unix.SOCK_STREAM|unix.SOCK_NONBLOCK|unix.SOCK_CLOEXEC, 0)
	if err != nil {
		return -1, err
	}
	p.removeStale()
	if err = unix.Bind(descriptor, &unix.SockaddrUnix{Name: p.path}); err == nil {
		if err = p.setOwner(v); err == nil {
			err = unix.Listen(descriptor, backlog(v))
		}
	}
	if err != nil {
		unix.Close(descriptor)
		return -1, fmt.Errorf("listen on %s: %w", p.path, err)
	}
	return descriptor, nil
}

func (p place) abstract() bool { return strings.HasPrefix(p.path, "@") }

// removeStale removes the socket file that an earlier run left. Anything that is not a socket stays.
func (p place) removeStale() {
	if p.abstract() {
		return
	}
	if info, err := os.Lstat(p.path); err == nil && info.Mode()&os.ModeSocket != 0 {
		os.Remove(p.path)
	}
}

// setOwner gives the socket file to "user:group", which then may connect, like others of the group.
func (p place) setOwner(v *vhost.Vhost) error {
	if p.abstract() {
		return nil
	}
	uid, gid := v.UID, v.GID
	if v.UnixOwner != "" {
		name, group, found := strings.Cut(v.UnixOwner, ":")
		if !found {
			return fmt.Errorf("unix_socket_perms %q is not user:group", v.UnixOwner)
		}
		u, err := user.Lookup(name)
		if err != nil {
			return err
		}
		g, err := user.LookupGroup(group)
		if err != nil {
			return err
		}
		uid, _ = strconv.Atoi(u.Uid)
		gid, _ = strconv.Atoi(g.Gid)
	}
	if uid >= 0 || gid >= 0 {
		if err := os.Chown(p.path, uid, gid); err != nil {
			return err
		}
	}
	return os.Chmod(p.path, 0o660)
}

func (p place) close(descriptor int) {
	unix.Close(descriptor)
	if p.unix && !p.abstract() {
		p.removeStale()
	}
}
