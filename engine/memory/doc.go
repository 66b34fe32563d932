// Package memory sets up Go's garbage collector for a process that is somebody else's: a server that is mostly
// idle and has little on the heap.
package memory
