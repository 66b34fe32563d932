// Package conn is the core of the engine: a connection with its life cycle, its input, its output
// queue, its timeouts, and the interfaces by which protocols (Role), transports (Transport) and the
// program (Handler) take part.
//
// A connection is served by one Thread and touched only under that thread's service lock. It has no
// goroutine and, while idle, no buffer: reading borrows the thread's buffer, writing borrows segments
// of the thread's pool, and bytes are kept only while a frame or a message head is incomplete.
package conn
