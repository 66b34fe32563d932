// Package httpserver is what a server does with HTTP requests whatever version of the protocol
// carries them: the request with its header fields, mounts, authentication, redirects, the order
// of the program's callbacks, and the responses that the library makes itself.
//
// A version of HTTP is a conn.Role that also implements Transaction. It parses the request into a
// Request, hands it over with Start, then feeds the body and passes the connection's events on.
package httpserver
