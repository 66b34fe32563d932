// Package inflate decompresses DEFLATE (RFC 1951) from input that arrives in pieces of any size.
//
// The readers of the usual libraries pull their input and cannot go on after it ran dry in the middle
// of a block, which is the normal case on a non-blocking socket: they would need a goroutine for
// each connection, or the whole message in memory. Here the caller pushes input and offers space for
// output, and both may end anywhere. What has to survive between two messages is only the Window,
// which grows with what was really received.
package inflate
