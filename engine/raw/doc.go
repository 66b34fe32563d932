// Package raw is the role of connections whose bytes the program takes as they come and writes as they
// are, "raw-skt": for ports that speak a protocol of the program's own, alone or beside HTTP.
package raw
