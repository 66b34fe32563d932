package datagram

import (
	"context"
	"errors"
	"fmt"
	"net/netip"
	"time"

	"golang.org/x/sys/unix"

	"golws/engine/conn"
	"golws/engine/dns"
	"golws/engine/raw"
	"golws/engine/vhost"
)

// Config is what a program asks for.
type Config struct {
	Address   string // name or numeric address, empty: any
	Port      int
	Bind      bool   // Address and Port are ours, and not the peer's
	Broadcast bool   // may be sent to
	Packet    bool   // whole packets of IPv4 in place of UDP
	Interface string // that datagrams have to pass, empty: any
	Protocol  string // of the host, empty: as for accepted raw connections
	Retry     *vhost.RetryPolicy

	Resolver *dns.Resolver // that finds the addresses of a name, nil: the system's
}

// Open makes a connection for datagrams. It is called with the service lock held, on any thread. created is called
// before the first callback. A name is looked up meanwhile; the program hears RawAdopt when there is a socket. A nil
// connection without an error was refused by the program.
func Open(t *conn.Thread, h *conn.Host, owner *conn.Conn, config *Config, created func(c *conn.Conn)) (*conn.Conn, error) {
	var protocol *vhost.Protocol
	if config.Protocol != "" {
		if protocol = h.ProtocolByName(config.Protocol); protocol == nil {
			return nil, fmt.Errorf("vhost %s has no protocol %q", h.Name, config.Protocol)
		}
	}
	if config.Port < 0 || config.Port > 65535 {
		return nil, fmt.Errorf("port %d", config.Port)
	}
	was := t.Loop.Enter()
	defer func() {
		t.Loop.Leave(was)
		if !was {
			t.Loop.Wake() // there are time limits to be looked at
		}
	}()
	c, err := t.Outgoing(h, owner)
	if err != nil {
		return nil, err
	}
	c.Hold()
	o := &opening{config: config, conn: c}
	if config.Retry != nil {
		c.SetRetryPolicy(config.Retry)
	}
	c.Preset("", protocol)
	created(c)
	c.Callback(conn.WSICreate)
	if !c.Killed() {
		o.role = raw.BindDatagram(c)
	}
	if !c.Killed() {
		err = o.begin()
	}
	failed := c.Killed()
	c.Unhold()
	if failed {
		return nil, err
	}
	return c, nil
}

// opening is a connection whose socket is being made.
type opening struct {
	config *Config
	conn   *conn.Conn
	role   *raw.Datagram
}

// begin opens the socket now where no name is to be looked up.
func (o *opening) begin() error {
	h := o.conn.Host()
	if o.config.Address == "" {
		// Of IPv4 only, which is how programs that are written for this read the addresses of senders.
		return o.open([]netip.Addr{netip.IPv4Unspecified()})
	}
	if address, err := netip.ParseAddr(o.config.Address); err == nil {
		return o.open([]netip.Addr{address})
	}
	limit := h.Limits.Timeout
	if limit <= 0 {
		limit = 20 * time.Second
	}
	o.conn.SetTimeout(conn.TimeoutConnect, limit)
	resolver := o.config.Resolver
	if resolver == nil {
		resolver = dns.System
	}
	loop := o.conn.Thread().Loop
	ctx, cancel := context.WithTimeout(context.Background(), limit)
	o.role.Ended = cancel
	go func() {
		defer cancel()
		addresses, err := resolver.Lookup(ctx, o.config.Address)
		loop.Post(func() { o.resolved(addresses, err) })
	}()
	return nil
}

// resolved goes on with the addresses of a name.
func (o *opening) resolved(addresses []netip.Addr, err error) {
	if o.conn.Killed() {
		return
	}
	o.conn.Hold()
	if err == nil {
		err = o.open(addresses)
	}
	if err != nil {
		o.conn.Thread().Handler.Log(conn.LogError, "datagram socket: "+o.config.Address+": "+err.Error())
		o.conn.Kill()
	}
	o.conn.Unhold()
}

// open makes a socket for the first address that suits.
func (o *opening) open(addresses []netip.Addr) error {
	err := errors.New("no address that can be used")
	for _, address := range addresses {
		address = address.Unmap()
		if address.Is6() && o.conn.Host().Options&vhost.DisableIPv6 != 0 {
			continue
		}
		var descriptor int
		if descriptor, err = o.config.socket(address); err != nil {
			continue
		}
		if err = o.conn.Connected(descriptor, -1); err != nil {
			unix.Close(descriptor)
			o.conn.ShowDescriptor(-1)
			continue
		}
		o.role.Begin(o.conn, addressOf(address, o.config.Port))
		return nil
	}
	o.conn.Kill()
	return err
}
