// Package dns finds the addresses of names without holding up the event loop: it asks name servers for A and AAAA
// records in goroutines, and keeps the answers as long as their records allow.
//
// Messages are taken apart by golang.org/x/net/dns/dnsmessage. What sends them is our own: the resolver of the standard
// library tells neither how long an answer lasts nor what has arrived first, so nothing could be kept, and a connection
// could not begin with the family that answers first (RFC 8305 section 3).
//
// What the system's configuration says counts as for getaddrinfo(): /etc/hosts, resolv.conf with its options, gai.conf, and
// the order of sources in nsswitch.conf. Names for which that needs a source that is neither /etc/hosts nor DNS (mDNS,
// systemd-resolved away from its stub, LDAP, ...), and configurations that are not understood, are left to the standard
// library, which calls getaddrinfo() where it must (source.go).
package dns
