// Package proxy asks a proxy for a tunnel to a server: HTTP CONNECT (RFC 9110 section 9.3.6) with basic
// authentication, and SOCKS 5 (RFC 1928) with and without user and password (RFC 1929). It is a stage of a connection
// that is being made, between connecting and what is spoken with the server.
//
// The libraries for this read and write blocking connections, so the dialogues, a few lines each, are our own.
package proxy
