package tlsconfig

import (
	"crypto/tls"
	"errors"
	"io"
	"net"
	"strings"
)

// Failure is a kind of failure of a client's handshake.
type Failure uint8

// The kinds of Failure.
const (
	FailureProtocol    Failure = iota // the server breaks the protocol, or there is nothing that both can do
	FailureCertificate                // the server's certificate is not accepted; Cause is a *Verification
	FailureProgram                    // the program refused it
	FailureAlert                      // the server ended it, and said why
	FailureClosed                     // the server ended it without a word
	FailureReset                      // the connection was reset
	FailureNotTLS                     // what the server speaks is not TLS
	FailureTimeout                    // the time is over
	FailureEnded                      // the connection is closed, for whatever reason
)

// HandshakeError says why a client's handshake failed. Its text is for programs, which libwebsockets gives OpenSSL's words.
type HandshakeError struct {
	Kind  Failure
	Text  string
	Cause error // nil where there is no more to say
}

// Error implements error.
func (e *HandshakeError) Error() string { return e.Text }

// Unwrap returns the cause.
func (e *HandshakeError) Unwrap() error { return e.Cause }

// ErrRefused is what a program's refusal of a certificate wraps.
var ErrRefused = errors.New("the program refused the server's certificate")

// Failures that no error of crypto/tls stands for.
var (
	ErrReset   = &HandshakeError{Kind: FailureReset, Text: "connect SYSCALL 104"} // ECONNRESET
	ErrTimeout = &HandshakeError{Kind: FailureTimeout, Text: "Timed out waiting SSL"}
	ErrEnded   = &HandshakeError{Kind: FailureEnded}
)

// The words of OpenSSL 3, which programs match and print.
var opensslTexts = map[int]string{
	VerifyUnspecified:        "unspecified certificate verification error",
	VerifyNotYetValid:        "certificate is not yet valid",
	VerifyExpired:            "certificate has expired",
	VerifySelfSigned:         "self-signed certificate",
	VerifySelfSignedInChain:  "self-signed certificate in certificate chain",
	VerifyIssuerUnknown:      "unable to get local issuer certificate",
	VerifyPathTooLong:        "path length constraint exceeded",
	VerifyInvalidPurpose:     "unsuitable certificate purpose",
	VerifyUnhandledExtension: "unhandled critical extension",
	VerifyNotPermitted:       "permitted subtree violation",
	VerifyHostMismatch:       "hostname mismatch",
	VerifyAddressMismatch:    "IP address mismatch",
	VerifyInvalidCA:          "invalid CA certificate",
}

// HandshakeFailure makes a HandshakeError of what a client's handshake has returned.
func HandshakeFailure(err error) *HandshakeError {
	var known *HandshakeError
	if errors.As(err, &known) {
		return known
	}
	var judged *Verification
	var notTLS tls.RecordHeaderError
	var network *net.OpError
	switch {
	case errors.As(err, &judged):
		return &HandshakeError{FailureCertificate, "tls: " + opensslTexts[judged.Code], err}
	case errors.Is(err, ErrRefused):
		return &HandshakeError{FailureProgram, "tls: " + err.Error(), err}
	case errors.As(err, &notTLS) && notTLS.Conn != nil:
		return &HandshakeError{FailureNotTLS, "tls: the server does not speak TLS", err}
	case errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, io.EOF):
		return &HandshakeError{FailureClosed, "tls: unexpected eof while reading", err}
	case errors.As(err, &network) && network.Op == "remote error":
		return &HandshakeError{FailureAlert, "tls: alert from the server: " + bare(network.Err), err}
	}
	return &HandshakeError{FailureProtocol, "tls: " + bare(err), err}
}

// bare is the text without what crypto/tls begins its texts with.
func bare(err error) string {
	text := err.Error()
	for _, prefix := range []string{"local error: ", "tls: "} {
		text = strings.TrimPrefix(text, prefix)
	}
	return text
}
