package conn

import (
	"math"
	"net/netip"

	"golws/engine/loop"
)

// Measured is how long the steps of a connection took that the program has made, in µs; 0: there was no such step.
type Measured struct {
	Lookup    uint32 // of the name
	Connect   uint32 // of the address that could be connected
	Handshake uint32 // of TLS
	Response  uint32 // until its first byte, from the request on
}

// Since is how long ago a time of loop.Now was, in the form of Measured. It is never 0: the step has happened.
func Since(begin int64) uint32 { return uint32(min(max(loop.Now()-begin, 1), math.MaxUint32)) }

// Measured is what the steps of making the connection took.
func (c *Conn) Measured() *Measured { return &c.measured }

// KeepAddresses keeps what a look-up has found for TakeAddresses.
func (c *Conn) KeepAddresses(addresses []netip.Addr, port uint16) {
	kept := c.relate().addresses[:0]
	for _, a := range addresses {
		kept = append(kept, netip.AddrPortFrom(a, port))
	}
	c.related.addresses = kept
}

// Addresses is what KeepAddresses has kept, TakeAddresses gives it away.
func (c *Conn) Addresses() []netip.AddrPort {
	if c.related == nil {
		return nil
	}
	return c.related.addresses
}

// TakeAddresses returns what KeepAddresses has kept and forgets it.
func (c *Conn) TakeAddresses() []netip.AddrPort {
	kept := c.Addresses()
	if kept != nil {
		c.related.addresses = nil
	}
	return kept
}
