// Package datagram opens sockets for datagrams, and connections that serve them: UDP to one peer, UDP from anybody, and
// whole packets of IPv4.
package datagram
