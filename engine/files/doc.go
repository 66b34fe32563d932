// Package files has what serving files needs apart from HTTP's messages: opening them without
// being led astray, their media types, validators and byte ranges, and a cache of small ones.
//
// A name can never lead above the directory that it is appended to: segments that go upwards are
// refused here although HTTP has resolved them before. Symbolic links are followed wherever they
// lead, as upstream does and administrators rely on; links that are no files, such as those in
// /proc, are not. Only regular files are opened: a FIFO or a device never blocks the service thread.
package files
