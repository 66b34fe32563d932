package main

// #cgo CFLAGS: -std=gnu11 -I${SRCDIR}/c -I${SRCDIR}/../callbacks
// #include "lwsgo.h"
import "C"

import (
	"fmt"
	"runtime/debug"
	"unsafe"

	"golws/callbacks"
	"golws/engine/conn"
)

// guard is deferred by every exported function: a panic must not unwind into C. It is logged with
// its stack and the function's result becomes the given one.
func guard[T any](name string, result *T, failed T) {
	if r := recover(); r != nil {
		report(name, r)
		*result = failed
	}
}

// guardVoid is guard for functions without a result.
func guardVoid(name string) {
	if r := recover(); r != nil {
		report(name, r)
	}
}

func report(name string, r any) {
	callbacks.Log(conn.LogError, fmt.Sprintf("%s: internal error, please report: %v\n%s", name, r, debug.Stack()))
}

// text is a C string as a Go string; NULL is the empty one.
func text(p *C.char) string {
	if p == nil {
		return ""
	}
	return C.GoString(p)
}

// store puts an address into the program's memory. A plain assignment of a pointer would have the collector look at
// the one that was there, and what is in a variable that the program has not set, or not lately, may be an address in
// memory that Go has given back, which is a fatal error.
func store(to, p unsafe.Pointer) { *(*uintptr)(to) = uintptr(p) }
