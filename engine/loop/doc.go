// Package loop is the event loop of one service thread: one epoll instance, the table of what it
// watches, and timers.
//
// The loop does not wait by itself in production: the C shim of lws_service waits in epoll_wait with
// no Go frame below it, and hands the events over to Process. Run waits in Go, for tests and for
// programs written in Go.
package loop
