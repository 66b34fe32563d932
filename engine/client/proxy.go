package client

import (
	"golws/engine/conn"
	"golws/engine/proxy"
)

// chooseProxy finds the proxy that the way to the server leads through.
func (d *dialer) chooseProxy() {
	for _, p := range d.config.Proxies {
		if !p.Exempts(withoutBrackets(d.config.Address), d.config.Port) {
			d.proxy = p
			return
		}
	}
}

// peer is whom the socket is connected to.
func (d *dialer) peer() (address string, port int) {
	if d.proxy != nil {
		return d.proxy.Address, d.proxy.Port
	}
	return withoutBrackets(d.config.Address), d.config.Port
}

// withoutBrackets is a numeric address of IPv6 as it is without them, which URLs have around it.
func withoutBrackets(address string) string {
	if len(address) > 2 && address[0] == '[' && address[len(address)-1] == ']' {
		return address[1 : len(address)-1]
	}
	return address
}

// throughProxy is the stage that asks the proxy for the server, whose name it resolves.
func (d *dialer) throughProxy(c *conn.Conn, done func(problem string)) {
	proxy.Begin(c, d.proxy, withoutBrackets(d.config.Address), d.config.Port, done)
}
