// Package tlsconn carries connections over TLS, by crypto/tls, which knows blocking connections only.
//
// A handshake runs in a goroutine of its own, which reads and writes memory and never touches the
// connection: the role Handshake moves bytes between the two. How many handshakes compute at once is bounded,
// so that the service threads always find a processor. When it is done, the Transport is used by the service
// thread alone. It gives crypto/tls whole records only, so that nothing ever blocks, and an idle connection has
// neither a goroutine nor a buffer.
package tlsconn
