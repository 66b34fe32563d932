// Package http2 speaks HTTP/2 (RFC 9113) on a connection. Connection is the role of the connection itself: it
// takes frames apart, keeps the settings, the header compression (RFC 7541) and the flow control, and shares the
// connection's output among the streams. Each stream is a conn.Conn of its own. Where the peer is a client, its role is
// Stream, an httpserver.Transaction: what a program writes as it does for HTTP/1 is turned into header blocks and frames
// there. Where the peer is a server (StartClient), it is ClientStream, an httpclient.Version, and the conn.Conn is the one
// with which the program made its request.
package http2
