package dns

import (
	"encoding/binary"
	"net/netip"
	"strconv"
	"strings"
)

// numeric reads a text that is an address and no name, for getaddrinfo() too.
func numeric(text string) (netip.Addr, bool) {
	if a, err := netip.ParseAddr(text); err == nil {
		return a.Unmap(), true
	}
	return fewerParts(text)
}

// fewerParts reads the forms of inet_aton(3): one to four numbers, which may be octal or hexadecimal, and the last of
// which fills what is left.
func fewerParts(text string) (a netip.Addr, ok bool) {
	parts := strings.Split(text, ".")
	if len(parts) > 4 {
		return a, false
	}
	var number uint64
	for i, part := range parts {
		// What else ParseUint takes is a name: underscores, and the prefixes of two more bases.
		if strings.ContainsRune(part, '_') || len(part) > 1 && strings.ContainsRune("oObB", rune(part[1])) {
			return a, false
		}
		bits := 8
		if i == len(parts)-1 {
			bits = 8 * (5 - len(parts))
		}
		n, err := strconv.ParseUint(part, 0, bits)
		if err != nil {
			return a, false
		}
		number = number<<bits | n
	}
	return netip.AddrFrom4([4]byte(binary.BigEndian.AppendUint32(nil, uint32(number)))), true
}
