// Package tlsconfig makes what crypto/tls needs of what a virtual host was configured with: certificates from files or
// memory, OpenSSL's names for ciphers, versions and curves, client certificates, session tickets.
//
// A Client is what the connections have that a virtual host makes: whom it trusts, how servers are judged, its sessions.
//
// A Server belongs to one virtual host. What handshakes use of it is immutable and replaced as a whole, so that a new
// certificate is in force for the next handshake and no other notices. A certificate that cannot be used never takes
// the place of one that can.
package tlsconfig
