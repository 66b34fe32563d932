package main

import "C"

import "runtime/debug"

// lwsgo_runtime_ready returns when Go code can be called: a call from C waits until every package is initialised.
//
//export lwsgo_runtime_ready
func lwsgo_runtime_ready() {
	// A fatal error of the runtime ends in abort, as C programs and those who watch over them expect.
	debug.SetTraceback("crash")
}
