package dns

import (
	"cmp"
	"net/netip"
	"slices"

	"golang.org/x/sys/unix"
)

// rule gives addresses below a prefix a label and a precedence (RFC 6724 section 2.1).
type rule struct {
	prefix            netip.Prefix
	precedence, label int
}

// defaultPolicy is the table of RFC 6724.
var defaultPolicy = []rule{
	{netip.MustParsePrefix("::1/128"), 50, 0},
	{netip.MustParsePrefix("::/0"), 40, 1},
	{netip.MustParsePrefix("::ffff:0:0/96"), 35, 4},
	{netip.MustParsePrefix("2002::/16"), 30, 2},
	{netip.MustParsePrefix("2001::/32"), 5, 5},
	{netip.MustParsePrefix("fc00::/7"), 3, 13},
	{netip.MustParsePrefix("::/96"), 1, 3},
	{netip.MustParsePrefix("fec0::/10"), 1, 11},
	{netip.MustParsePrefix("3ffe::/16"), 1, 12},
}

// policy is the table that counts, where labels and precedences may be of different origin.
type policy struct{ labels, precedences []rule }

// match finds the rule of the longest prefix. IPv4 addresses are looked up as mapped ones.
func match(table []rule, a netip.Addr) (best rule) {
	a = netip.AddrFrom16(a.As16())
	best.prefix = netip.PrefixFrom(netip.IPv6Unspecified(), 0)
	for _, r := range table {
		// A prefix of IPv6 contains no mapped address for package netip, so the bits are compared here.
		if r.prefix.Bits() >= best.prefix.Bits() && commonBits(r.prefix.Addr(), a) >= r.prefix.Bits() {
			best = r
		}
	}
	return best
}

// commonBits is how many leading bits two addresses have in common, IPv4 being mapped.
func commonBits(a, b netip.Addr) (n int) {
	x, y := a.As16(), b.As16()
	for i := range x {
		for bit := 7; bit >= 0; bit-- {
			if (x[i]^y[i])>>bit&1 != 0 {
				return n
			}
			n++
		}
	}
	return n
}

// scope of an address, RFC 6724 section 3.1 and RFC 4291 section 2.7
func scope(a netip.Addr) int {
	const linkLocal, siteLocal, global = 2, 5, 14
	switch {
	case a.IsLoopback() || a.IsLinkLocalUnicast():
		return linkLocal
	case a.Is6() && a.IsMulticast():
		return int(a.As16()[1] & 0xf)
	case a.Is6() && a.As16()[0] == 0xfe && a.As16()[1]&0xc0 == 0xc0:
		return siteLocal
	}
	return global
}

// candidate is an address with what its order depends on.
type candidate struct {
	address, source             netip.Addr
	scope, label, precedence    int
	sourceScope, sourceLabel    int
	usable, sameScope, samePair bool
}

// order sorts addresses by RFC 6724 section 6, as far as an application can know: rules 3, 4 and 7 need what only the
// kernel knows.
func order(addresses []netip.Addr, p policy, source func(netip.Addr) netip.Addr) {
	if len(addresses) < 2 {
		return
	}
	all := make([]candidate, len(addresses))
	for i, a := range addresses {
		c := candidate{address: a, source: source(a), scope: scope(a)}
		c.label, c.precedence = match(p.labels, a).label, match(p.precedences, a).precedence
		if c.usable = c.source.IsValid(); c.usable {
			c.sameScope = scope(c.source) == c.scope
			c.samePair = match(p.labels, c.source).label == c.label
		}
		all[i] = c
	}
	first := func(a, b bool) int {
		switch {
		case a == b:
			return 0
		case a:
			return -1
		}
		return 1
	}
	slices.SortStableFunc(all, func(a, b candidate) int {
		if n := first(a.usable, b.usable); n != 0 || !a.usable {
			return n // rule 1
		}
		if n := first(a.sameScope, b.sameScope); n != 0 {
			return n // rule 2
		}
		if n := first(a.samePair, b.samePair); n != 0 {
			return n // rule 5
		}
		if n := cmp.Compare(b.precedence, a.precedence); n != 0 {
			return n // rule 6
		}
		if n := cmp.Compare(a.scope, b.scope); n != 0 {
			return n // rule 8
		}
		if a.address.Is6() && b.address.Is6() {
			// Rule 9, for IPv6 alone: with IPv4 it undoes what servers do to spread their load.
			common := func(c candidate) int { return min(commonBits(c.address, c.source), 64) }
			return cmp.Compare(common(b), common(a))
		}
		return 0
	})
	for i, c := range all {
		addresses[i] = c.address
	}
}

// sourceOf is the address that the kernel would send from, invalid where there is no way. No packet is sent.
func sourceOf(to netip.Addr) (from netip.Addr) {
	family := unix.AF_INET6
	if to.Is4() {
		family = unix.AF_INET
	}
	descriptor, err := unix.Socket(family, unix.SOCK_DGRAM|unix.SOCK_CLOEXEC|unix.SOCK_NONBLOCK, 0)
	if err != nil {
		return from
	}
	defer unix.Close(descriptor)
	const anyPort = 53
	if to.Is4() {
		err = unix.Connect(descriptor, &unix.SockaddrInet4{Addr: to.As4(), Port: anyPort})
	} else {
		err = unix.Connect(descriptor, &unix.SockaddrInet6{Addr: to.As16(), Port: anyPort})
	}
	if err != nil {
		return from
	}
	name, err := unix.Getsockname(descriptor)
	if err != nil {
		return from
	}
	switch name := name.(type) {
	case *unix.SockaddrInet4:
		return netip.AddrFrom4(name.Addr)
	case *unix.SockaddrInet6:
		return netip.AddrFrom16(name.Addr)
	}
	return from
}

// Interleave has the families take turns, beginning with that of the first address (RFC 8305 section 4), so that one that
// does not work costs one attempt.
func Interleave(addresses []netip.Addr) []netip.Addr {
	if len(addresses) < 3 {
		return addresses
	}
	lead := addresses[0].Is4()
	var same, other []netip.Addr
	for _, a := range addresses {
		if a.Is4() == lead {
			same = append(same, a)
		} else {
			other = append(other, a)
		}
	}
	result := make([]netip.Addr, 0, len(addresses))
	for len(same) > 0 && len(other) > 0 {
		result = append(result, same[0], other[0])
		same, other = same[1:], other[1:]
	}
	return append(append(result, same...), other...)
}
