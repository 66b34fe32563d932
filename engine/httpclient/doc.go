// Package httpclient is what a client does with HTTP requests whatever version of the protocol carries them: the
// request, the order of the program's callbacks, redirects, the body in both directions, and the one event that a
// connection ends with.
//
// A Transaction exists before there is a connection, while addresses are looked up and tried. A version of HTTP is a
// conn.Role that also implements Version: it embeds the transaction, whose methods are those of a role as far as
// they do not depend on the version, takes the response's head apart and hands it over by Respond, and passes the
// connection's events on.
package httpclient
