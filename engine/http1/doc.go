// Package http1 is HTTP/1.0 and HTTP/1.1 for servers as RFC 9112 has them: the parser of request
// heads, the decoder of chunked bodies, and the role that frames requests and responses.
//
// The parser is strict where leniency would let a proxy in front of the server and the server
// disagree about where a request ends: lines end with CR LF, lengths are stated once, header fields
// are not folded (those of responses may be). What it refuses is answered and the connection closed.
package http1
