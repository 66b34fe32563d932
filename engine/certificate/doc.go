// Package certificate reads certificates and private keys in the forms that programs have them in, answers what the C
// interface asks of a certificate, checks who vouches for whom, and makes requests and self-signed certificates.
//
// It is crypto/x509 with what OpenSSL's users are used to around it: several certificates in one file, PEM or DER, keys
// with a password, names on one line. Errors say what is wrong with the bytes; where these came from is added by the
// caller, which knows.
package certificate
