// Command capi is the C interface of the library. It is built as a C archive, never run.
//
// The public lws_* symbols are in C, in the folder c; where they need the engine they call the
// lwsgo_* functions that the Go files here export. Those convert between C memory and Go values
// and turn a panic into the function's error value and a log line.
package main

func main() {}
