// Package contentcoding undoes the content codings of HTTP (RFC 9110 section 8.4.1) on a body that arrives in pieces of
// any size: gzip, deflate and br.
//
// The caller pushes input and gets output as it becomes known. Nothing waits, and what is kept between two pieces is the
// window that the coding refers to. Output that is out of all proportion to its input is an error.
package contentcoding
