package main

import "C"

// lwsgo_runtime_ready returns when Go code can be called: a call from C waits until every package is initialised.
//
//export lwsgo_runtime_ready
func lwsgo_runtime_ready() {}
