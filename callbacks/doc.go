// Package callbacks is where the engine meets C programs: the table that ties connections to the
// handles the programs hold, and the only calls from Go to C function pointers.
package callbacks
