// Package client makes connections: it finds the addresses of a server, tries them, and hands the
// connection over to the role that speaks with it.
package client
