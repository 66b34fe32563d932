package datagram

import (
	"encoding/binary"
	"fmt"
	"net"
	"net/netip"
	"strconv"
	"unsafe"

	"golang.org/x/sys/unix"

	"golws/engine/conn"
)

// socket opens what the program asked for, with one of the addresses of its name.
func (config *Config) socket(address netip.Addr) (descriptor int, err error) {
	const flags = unix.SOCK_DGRAM | unix.SOCK_CLOEXEC | unix.SOCK_NONBLOCK
	switch {
	case config.Packet:
		// The protocol is in network byte order.
		descriptor, err = unix.Socket(unix.AF_PACKET, flags, int(swap(unix.ETH_P_IP)))
	case address.Is4():
		descriptor, err = unix.Socket(unix.AF_INET, flags, unix.IPPROTO_UDP)
	default:
		descriptor, err = unix.Socket(unix.AF_INET6, flags, unix.IPPROTO_UDP)
	}
	if err != nil {
		return -1, fmt.Errorf("socket: %w", err)
	}
	if err = config.prepare(descriptor, address); err != nil {
		unix.Close(descriptor)
		return -1, err
	}
	return descriptor, nil
}

func (config *Config) prepare(descriptor int, address netip.Addr) error {
	if err := unix.SetsockoptInt(descriptor, unix.SOL_SOCKET, unix.SO_REUSEADDR, 1); err != nil {
		return fmt.Errorf("SO_REUSEADDR: %w", err)
	}
	if config.Broadcast {
		if err := unix.SetsockoptInt(descriptor, unix.SOL_SOCKET, unix.SO_BROADCAST, 1); err != nil {
			return fmt.Errorf("SO_BROADCAST: %w", err)
		}
	}
	if config.Packet {
		return config.bindPacket(descriptor)
	}
	if config.Interface != "" {
		if err := unix.BindToDevice(descriptor, config.Interface); err != nil {
			return fmt.Errorf("interface %q: %w", config.Interface, err)
		}
	}
	if address.Is6() && address.IsUnspecified() {
		unix.SetsockoptInt(descriptor, unix.IPPROTO_IPV6, unix.IPV6_V6ONLY, 0)
	}
	where := address.String() + " port " + strconv.Itoa(config.Port)
	if config.Bind {
		if err := unix.Bind(descriptor, sockaddr(address, config.Port)); err != nil {
			return fmt.Errorf("bind to %s: %w", where, err)
		}
		return nil
	}
	if err := unix.Connect(descriptor, sockaddr(address, config.Port)); err != nil {
		return fmt.Errorf("connect to %s: %w", where, err)
	}
	return nil
}

// bindPacket has a socket for packets receive those of one interface.
func (config *Config) bindPacket(descriptor int) error {
	if config.Interface == "" {
		return nil
	}
	device, err := net.InterfaceByName(config.Interface)
	if err == nil {
		err = unix.Bind(descriptor, &unix.SockaddrLinklayer{Protocol: swap(unix.ETH_P_IP), Ifindex: device.Index})
	}
	if err != nil {
		return fmt.Errorf("interface %q: %w", config.Interface, err)
	}
	return nil
}

func sockaddr(address netip.Addr, port int) unix.Sockaddr {
	if address.Is4() {
		return &unix.SockaddrInet4{Port: port, Addr: address.As4()}
	}
	return &unix.SockaddrInet6{Port: port, Addr: address.As16(), ZoneId: zone(address)}
}

// zone is the index of the interface that a link-local address is of.
func zone(address netip.Addr) uint32 {
	name := address.Zone()
	if name == "" {
		return 0
	}
	if device, err := net.InterfaceByName(name); err == nil {
		return uint32(device.Index)
	}
	index, _ := strconv.ParseUint(name, 10, 32)
	return uint32(index)
}

// addressOf is an address in the kernel's form.
func addressOf(address netip.Addr, port int) *conn.Address {
	result := &conn.Address{}
	if address.Is4() {
		raw := unix.RawSockaddrInet4{Family: unix.AF_INET, Port: swap(uint16(port)), Addr: address.As4()}
		result.SetBytes(unsafe.Slice((*byte)(unsafe.Pointer(&raw)), unsafe.Sizeof(raw)))
		return result
	}
	raw := unix.RawSockaddrInet6{Family: unix.AF_INET6, Port: swap(uint16(port)), Addr: address.As16(), Scope_id: zone(address)}
	result.SetBytes(unsafe.Slice((*byte)(unsafe.Pointer(&raw)), unsafe.Sizeof(raw)))
	return result
}

// swap is n in network byte order.
func swap(n uint16) uint16 {
	var p [2]byte
	binary.BigEndian.PutUint16(p[:], n)
	return binary.NativeEndian.Uint16(p[:])
}
