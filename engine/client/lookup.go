package client

import (
	"context"
	"errors"
	"net"
	"net/netip"
	"slices"

	"golws/engine/conn"
	"golws/engine/dns"
	"golws/engine/loop"
)

// look finds the addresses of whom the socket is to be connected to. What is known already needs no waiting.
func (d *dialer) look() {
	name, _ := d.peer()
	resolver, lookup := d.config.Resolver, d.config.Lookup
	d.tried = d.tried[:0]
	if resolver == nil {
		resolver = dns.System
	}
	if ip, err := netip.ParseAddr(name); err == nil {
		d.resolved([]netip.Addr{ip}, nil)
		return
	}
	begin := loop.Now()
	if lookup == nil {
		if addresses, ok := resolver.Cached(name); ok {
			d.conn.Measured().Lookup = conn.Since(begin)
			d.resolved(addresses, nil)
			return
		}
	}
	limit := timeLimit(d.conn.Host().Limits.Timeout)
	d.conn.SetTimeout(conn.TimeoutConnect, limit)
	ctx, cancel := context.WithTimeout(context.Background(), limit)
	d.cancel = cancel
	d.lookups++
	which := d.lookups
	l := d.conn.Thread().Loop
	post := func(f func()) {
		l.Post(func() {
			if d.conn.Killed() || d.cancel == nil || d.lookups != which {
				return
			}
			if took := &d.conn.Measured().Lookup; *took == 0 {
				*took = conn.Since(begin)
			}
			d.held(f)
		})
	}
	go func() {
		var addresses []netip.Addr
		var err error
		if lookup != nil {
			addresses, err = lookup(ctx, name)
		} else {
			addresses, err = resolver.Stream(ctx, name, func(some []netip.Addr) {
				post(func() {
					d.know(some)
					d.tryNext()
				})
			})
		}
		cancel()
		post(func() {
			d.cancel = nil
			d.resolved(addresses, err)
		})
	}()
}

// know notes the addresses that are to be tried, the families in turn.
func (d *dialer) know(addresses []netip.Addr) {
	_, port := d.peer()
	usable := make([]netip.Addr, 0, len(addresses))
	for _, a := range addresses {
		if a = a.Unmap(); a.Is4() || !d.only4 {
			usable = append(usable, a)
		}
	}
	if d.config.Measure {
		d.conn.KeepAddresses(usable, uint16(port))
	}
	d.addresses = d.addresses[:0]
	for _, a := range dns.Interleave(usable) {
		if to := netip.AddrPortFrom(a, uint16(port)); !slices.Contains(d.tried, to) {
			d.addresses = append(d.addresses, to)
		}
	}
}

// resolved goes on with all addresses there are, the first of which may have been tried meanwhile.
func (d *dialer) resolved(addresses []netip.Addr, err error) {
	d.know(addresses)
	switch {
	case len(d.attempts) > 0:
		// Those have some time to themselves.
		if len(d.addresses) > 0 && !d.next.Pending() {
			l := d.conn.Thread().Loop
			l.Schedule(&d.next.Timer, &d.next, l.Now()+attemptDelay.Microseconds())
		}
		return
	case len(d.addresses) > 0:
		d.tryNext()
		return
	case len(d.tried) > 0:
		d.outOfAddresses()
		return
	}
	var known *net.DNSError
	missing := err == nil || errors.As(err, &known) && known.IsNotFound
	if err == nil {
		err = errors.New("it has no address that can be used")
	}
	name, _ := d.peer()
	d.conn.Thread().Handler.Log(conn.LogNotice, "client: "+name+": "+err.Error())
	if missing {
		d.fail("DNS NXDOMAIN")
		return
	}
	d.fail("dns lookup failed")
}
