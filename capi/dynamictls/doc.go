// Command dynamictls changes how the code in an object made by Go finds its thread-local variable, the current
// goroutine, so that the shared library can be loaded by dlopen on a C library that keeps no thread-local memory in
// reserve.
//
//	dynamictls object.o
//
// Go uses the initial-exec model: an instruction reads the distance of the variable from the thread pointer, one number
// for all threads, out of the global offset table. There is such a number only for libraries that are there when the
// program starts, or, with glibc, while a small reserve lasts. musl has no reserve and refuses to load the library.
//
// The instruction is seven bytes and a call is five. So each one is replaced by a call of a thunk (thunks/amd64.S) which
// asks the C library by a TLS descriptor, the general model, and puts the distance into the same register. Where the
// linker knows the distance after all, in a program that is linked statically, it makes a constant of the
// descriptor. The object has to be linked with the thunks already.
//
// The thunks run on goroutine stacks, of which Go's linker guarantees 792 bytes to a chain of functions that do not
// check for room. The longest chain of this library takes 584 bytes, and 624 with the thunks in it.
//
// Of the processors, amd64 is done.
package main
