// Package ws is the WebSocket role: RFC 6455 with permessage-deflate (RFC 7692).
//
// A Role serves one connection after the opening handshake. It parses frames in the thread's read
// buffer, unmasks them in place and hands the payload to the program in pieces; it keeps no message.
// What server and client do differently is in their perspective; the codec and the state machine are
// the same.
package ws
