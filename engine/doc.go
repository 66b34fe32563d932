// Package engine is the root of golws' network engine: pure Go, without cgo and without knowledge of C.
//
// Bytes that came from a network are parsed below this folder. What the engine has to tell a program
// it tells through conn.Handler, which package callbacks implements for C programs and tests implement
// in Go. Imports point downwards: server uses the roles (http1, ws, …), the roles use conn, conn uses
// loop and vhost. A role never imports another role.
package engine
