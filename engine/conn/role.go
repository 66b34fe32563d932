package conn

import (
	"errors"
	"os"

	"golws/engine/tlsconfig"
	"golws/engine/vhost"
)

// ErrClosed means that the connection takes no more output.
var ErrClosed = errors.New("connection is closing")

// ErrWrongState means that the role cannot send this kind of data in its present state.
var ErrWrongState = errors.New("write not allowed in this state")

// Role is a protocol spoken on a connection. One value serves one connection. All methods run under
// the service lock; all but Write run on the service thread.
type Role interface {
	// Input takes bytes that the peer sent and returns how many it used; the rest is offered again
	// together with what comes next. A role that must wait for the program stops early and pauses
	// reading. p may be modified; its capacity is larger than its length, so that a byte may follow.
	Input(c *Conn, p []byte) (used int)

	// Writable delivers the writable callback that the program asked for.
	Writable(c *Conn)

	// Drained is called when all queued output was handed to the kernel.
	Drained(c *Conn)

	// Write sends what the program gave to lws_write. It takes all of p or fails.
	Write(c *Conn, p []byte, kind WriteKind) (int, error)

	// EOF is called when the peer will send no more. The role returns true where the connection
	// is of no more use, false where it still has something to send.
	EOF(c *Conn) bool

	// TimedOut is called when the connection's time limit has passed, before it is closed. The role
	// returns true where it has dealt with it and the connection is to live on (with a new limit).
	TimedOut(c *Conn, reason Timeout) bool

	// CheckValidity is called when nothing has proved the peer to be there for the policy's ping
	// time. The role asks the peer for a proof; it returns false where it has no means to.
	CheckValidity(c *Conn) bool

	// Finish starts an orderly end because a callback returned non-zero or the program asked for it:
	// the role queues its farewell, if it has any, and calls c.CloseAfterFlush, or c.Kill for an
	// immediate end.
	Finish(c *Conn)

	// Closed delivers the role's closing callbacks. It is called once, the socket is still open.
	Closed(c *Conn)
}

// Interim is a role that prepares a connection for another one, which is the one that the connection is for.
type Interim interface {
	Role
	For() Role
}

// Loser is a role that wants to hear of a broken socket before the connection is killed for it.
type Loser interface {
	Lost(c *Conn)
}

// FlowController is a role whose protocol lets each side say how much the other may send.
type FlowController interface {
	// SendCredit is how many bytes may be sent now, ReceiveCredit how many the peer may send.
	SendCredit(c *Conn) int64
	ReceiveCredit(c *Conn) int64
	// GrantCredit lets the peer send n bytes more on the stream of that number, OwnStream for this one, 0 for the
	// connection. It reports false where there is no such stream or the credit would be more than there can be.
	GrantCredit(c *Conn, stream int, n int) bool
}

// OwnStream stands for the stream that is asked.
const OwnStream = -1

// Lasting is a role that limits the time of its transactions and can be told that one is to last.
type Lasting interface {
	Last(c *Conn)
}

// HalfCloser is a role that can end its own side of what it exchanges and go on to receive, for as long as the peer
// likes.
type HalfCloser interface {
	CloseSending(c *Conn)
}

// Transport carries a connection's bytes where that is not a plain socket: TLS, a stream of a
// multiplexed connection. No method blocks; Read, Write and Flush return unix.EAGAIN instead.
type Transport interface {
	// Read returns 0 without an error at the peer's end.
	Read(c *Conn, p []byte) (int, error)
	// Write takes as much of p as it has room for. It may hold it back until Flush, which always
	// follows before anything else happens.
	Write(c *Conn, p []byte) (int, error)
	// Flush sends what Write took. It returns unix.EAGAIN while some of it waits for the peer; the
	// connection calls it again when its socket is writable.
	Flush(c *Conn) error
	// Unsent is how many bytes, in the form in which they are sent, Flush has not sent yet.
	Unsent() int
	// SendFile sends up to n bytes of f from offset; transports without a way of their own copy.
	SendFile(c *Conn, f *os.File, offset, n int64) (int, error)
	// Pending reports whether Read would return something although the socket is not readable.
	Pending() bool
	// Shutdown tells the peer that no more will be sent. What it cannot send at once is Unsent.
	Shutdown(c *Conn)
	// Close releases what the transport holds.
	Close(c *Conn)
}

// Encrypted is a Transport of an accepted connection whose peer has shaken hands with one of the listener's
// hosts: it was shown that host's certificate, and asked for its own by that host's rules.
type Encrypted interface {
	HandshakeHost() *Host
}

// Violation is an error of Transport.Read or Transport.Flush after which the peer gets to hear what it did
// wrong: the connection sends no more of its own, but what the transport has queued to say, and waits for
// the peer's end.
type Violation struct{ Err error }

func (v *Violation) Error() string { return v.Err.Error() }

// Unwrap returns what happened.
func (v *Violation) Unwrap() error { return v.Err }

// Message describes the piece of a WebSocket message that a Receive callback gets.
type Message struct {
	First     bool // first piece of the message
	Final     bool // the frame that this piece belongs to is the message's last
	Binary    bool
	Reserved  uint8  // RSV1..RSV3 in the bits 0x40 0x20 0x10
	Remaining uint64 // bytes of the frame still to come
}

// Mirror are flags about a connection that the program asks for often.
type Mirror uint32

// The mirrored flags.
const (
	MirrorWebSocket   Mirror = 1 << iota // RFC 6455 is spoken
	MirrorHTTP                           // an HTTP transaction is under way
	MirrorHTTP10                         // its request is HTTP/1.0
	MirrorHTTPClose                      // the connection ends after this transaction
	MirrorHead                           // the method is HEAD
	MirrorTLS                            // the bytes are encrypted
	MirrorMultiplexed                    // a stream of a multiplexed connection
	MirrorDefer                          // Write takes any whole message of a WebSocket connection in this state
	MirrorAnswer                         // a writable callback that the program asks for now could follow at once
)

// Handler is the program: it gets the events of all connections of a context. The calls return what
// the program's callback returned, where non-zero asks to close.
type Handler interface {
	// Attach makes the program's handle of a new connection and stores it by c.SetHandle.
	// It fails when the table of handles is full.
	Attach(c *Conn) bool
	// Detach takes the handle back, after the last callback.
	Detach(c *Conn)
	// Bind ties the connection to a protocol of its vhost (nil: to none) and gives it zeroed
	// per-session memory of the protocol's size, after releasing what it had.
	Bind(c *Conn, p *vhost.Protocol) bool
	// Moved tells that c.Host() or c.Parent() has changed.
	Moved(c *Conn)

	// Callback delivers an event. in is valid during the call and has room for one more byte.
	Callback(c *Conn, reason Reason, in []byte) int
	// CallbackValue delivers an event whose in argument is a number in place of a pointer.
	CallbackValue(c *Conn, reason Reason, value uintptr, n int) int
	// CallbackMessage delivers a piece of a message.
	CallbackMessage(c *Conn, reason Reason, in []byte, m Message) int
	// CallbackWritable delivers a writable event. The handler may deliver the next one too that the
	// program asks for meanwhile.
	CallbackWritable(c *Conn, reason Reason) int
	// CallbackFill offers free space to be filled by the program (AddHeaders, ProcessHTML) and
	// returns how many bytes are in it now. used is how many are there already.
	CallbackFill(c *Conn, reason Reason, space []byte, used int, final bool) (n int, result int)

	// TakeWritable hands over, by calls of Conn.RequestWritable, the writable requests that were
	// made through handles since it was last called.
	TakeWritable(t *Thread)
	// StateChanged tells that flags mirrored in the handle may have changed.
	StateChanged(c *Conn)

	// Log writes one line; level is one bit of the LLL_ set.
	Log(level int, text string)
	// Logs reports whether lines of that level are wanted.
	Logs(level int) bool
}

// PeerVerifier is a Handler that has a say in whether a peer's certificate is accepted.
type PeerVerifier interface {
	// VerifyPeer is called on the service thread while the handshake waits: v is what was found out about the
	// peer's certificates, h is whom the peer has named, which the connection does not belong to yet. nil accepts
	// the peer. Another error than v itself ends the handshake too; its text is logged.
	VerifyPeer(c *Conn, h *Host, v *tlsconfig.Verification) error
}

// ServerVerifier is a Handler that has a say in whether the certificate of a server is accepted.
type ServerVerifier interface {
	// VerifyServer is called on the service thread while the handshake of a connection that the program makes waits. v
	// is what was found out, flags of the connection included. nil accepts the server. An error that is not v itself
	// wraps tlsconfig.ErrRefused.
	VerifyServer(c *Conn, v *tlsconfig.Verification) error
}

// HandshakeObserver is a Handler that hears of TLS handshakes.
type HandshakeObserver interface {
	// Handshake is called on the service thread when a connection is accepted that is to begin with one, and when
	// it has succeeded and the connection is about to speak its first protocol. false ends the connection.
	Handshake(c *Conn, done bool) bool
}

// The log levels, with the values of the LLL_ bits.
const (
	LogError   = 1 << 0
	LogWarning = 1 << 1
	LogNotice  = 1 << 2
	LogInfo    = 1 << 3
	LogDebug   = 1 << 4
)
