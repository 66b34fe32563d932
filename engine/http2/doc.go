// Package http2 serves HTTP/2 (RFC 9113) on a connection. Connection is the role of the connection itself: it
// takes frames apart, keeps the settings, the header compression (RFC 7541) and the flow control, and shares the
// connection's output among the streams. Each stream is a conn.Conn of its own with the role Stream, which is an
// httpserver.Transaction: what a program writes as it does for HTTP/1 is turned into header blocks and frames there.
package http2
