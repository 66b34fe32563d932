package vhost

import "time"

// Options are the bits of lws_context_creation_info.options, with the values of the C interface.
type Options uint64

// The option bits that the engine acts on.
const (
	RequireClientCertificate  Options = 1 << 1
	SkipServerCanonicalName   Options = 1 << 2
	AllowPlainOnTLSPort       Options = 1 << 3 // ALLOW_NON_SSL_ON_SSL_PORT
	DisableIPv6               Options = 1 << 5
	DisableSystemTrust        Options = 1 << 6 // DISABLE_OS_CA_CERTS
	ClientCertificateOptional Options = 1 << 7 // PEER_CERT_NOT_REQUIRED
	ValidateUTF8              Options = 1 << 8
	RedirectToTLS             Options = 1 << 11 // REDIRECT_HTTP_TO_HTTPS
	ExplicitVhosts            Options = 1 << 13
	UnixSocket                Options = 1 << 14
	StrictTransportSecurity   Options = 1 << 15
	IPv6OnlyModify            Options = 1 << 16
	IPv6OnlyValue             Options = 1 << 17
	FallbackToAcceptRole      Options = 1 << 20 // FALLBACK_TO_APPLY_LISTEN_ACCEPT_CONFIG
	AcceptRoleOnly            Options = 1 << 22 // ADOPT_APPLY_LISTEN_ACCEPT_CONFIG
	AllowListenShare          Options = 1 << 23
	SkipProtocolInit          Options = 1 << 25
	IgnoreMissingCertificate  Options = 1 << 26
	UpgradeStrictHostCheck    Options = 1 << 27
	SecurityBestPractices     Options = 1 << 28
	AllowHTTPOnTLSListener    Options = 1 << 29 // ALLOW_HTTP_ON_HTTPS_LISTENER
	FailUponUnableToBind      Options = 1 << 30
	ForgiveWindowOverflow     Options = 1 << 31 // H2_JUST_FIX_WINDOW_UPDATE_OVERFLOW
	HalfClosedLongPoll        Options = 1 << 32 // VH_H2_HALF_CLOSED_LONG_POLL
	PriorKnowledge            Options = 1 << 34 // H2_PRIOR_KNOWLEDGE
	DisableSessionResumption  Options = 1 << 39 // DISABLE_TLS_SESSION_CACHE
)

// The port values with a meaning of their own.
const (
	NoListen       = -1 // CONTEXT_PORT_NO_LISTEN
	NoListenServer = -2 // CONTEXT_PORT_NO_LISTEN_SERVER: no listener, but a server nevertheless
)

// Protocol is one entry of a vhost's protocol list.
type Protocol struct {
	Name         string
	Index        int     // place in Vhost.Protocols
	SessionSize  uintptr // bytes of per-session memory
	ReceiveSize  int     // rx_buffer_size: the largest piece handed to the callback, 0 for the default
	TransmitSize int     // tx_packet_size
	ID           uint32
	Dummy        bool    // the callback is lws_callback_http_dummy
	LoginFile    string  // user:password lines, one of which an upgrade to the protocol must bring
	Reference    uintptr // the program's own object, opaque here
}

// Pair is one entry of a linked list of lws_protocol_vhost_options.
type Pair struct {
	Name, Value string
	Children    []Pair
}

// Origin says what a mount leads to; the values are those of enum lws_mount_protocols.
type Origin uint8

// The kinds of mount.
const (
	OriginHTTP Origin = iota
	OriginHTTPS
	OriginFile
	OriginCGI
	OriginRedirectHTTP
	OriginRedirectHTTPS
	OriginCallback
)

// AuthCallback in Mount.AuthMask means that basic authentication is decided by the protocol's
// callback (LWSAUTHM_BASIC_AUTH_CALLBACK) and not by a file.
const AuthCallback = 0x10000000

// AuthModeMask are the bits of Mount.AuthMask that hold the mode.
const AuthModeMask = 0xF0000000

// Mount ties a part of the URL space to files, a callback or a redirect.
type Mount struct {
	Mountpoint         string
	Origin             string
	Default            string // file served for the directory itself
	Protocol           string
	Kind               Origin
	ExtraMimeTypes     []Pair
	Interpret          []Pair // suffix → protocol name that processes the file
	CacheMaxAge        int    // seconds
	CacheReusable      bool
	CacheRevalidate    bool
	CacheIntermediates bool
	AuthMask           uint32
	BasicAuthFile      string  // login file, one user:password a line
	Environment        uintptr // the program's own options for the mount, opaque here
}

// RetryPolicy is when an idle connection is checked and given up.
type RetryPolicy struct {
	ValidPing   time.Duration // ping after so long without proof that the peer is there, 0: never
	ValidHangup time.Duration // hang up after so long, 0: never
}

// Limits bound what one peer can make the engine hold or wait for.
type Limits struct {
	HeadBytes   int           // whole request head, default 65536 or what the program set
	LineBytes   int           // request line
	Headers     int           // count of header fields
	Tokens      []uint16      // length of single header fields by enum lws_token_indexes, 0: no limit
	HeadTimeout time.Duration // from accept or keep-alive request start until the head is complete
	Connect     time.Duration // connect_timeout_secs: for each address that a client tries, default 20 s
	Timeout     time.Duration // timeout_secs: network operations in general, default 20 s
	KeepAlive   time.Duration // idle time between requests
}

// Vhost is one virtual host.
type Vhost struct {
	Name            string
	Interface       string // address, interface name or path of a unix socket
	Port            int
	Options         Options
	Protocols       []*Protocol
	Mounts          []*Mount
	Extensions      []Extension
	Headers         []Pair // sent with every response
	ServerString    string
	ErrorDocument   string // error_document_404
	Rejected        []Pair // words in User-Agent, and the status and text they are answered with
	Retry           RetryPolicy
	Limits          Limits
	ServiceBuffer   int // pt_serv_buf_size, bytes: the piece size where a protocol names none
	KeepAliveTime   int // TCP keepalive: seconds idle, 0 for off
	KeepAliveCount  int
	KeepAliveStep   int // seconds between probes
	Backlog         int
	UnixOwner       string // user:group of a unix socket
	BindInterface   bool   // bind to the device too, not only to its address
	DefaultProtocol int    // index of the protocol for requests that name none
	UID, GID        int
	RawProtocol     int      // index of the protocol for raw connections where AcceptProtocol names none
	FallbackName    string   // listen_accept_role
	AcceptProtocol  string   // listen_accept_protocol
	TLS             *TLS     // nil where the host serves no TLS
	ClientTLS       *TLS     // nil where its connections as a client have none
	HTTP2Settings   []uint32 // http2_settings: by setting's identifier; entry 0 unused, 0 for the default
	Reference       uintptr  // the program's handle, opaque here
}

// Extension is a WebSocket extension that the program enabled.
type Extension struct {
	Name        string
	ClientOffer string
	Reference   uintptr // the program's callback, opaque here
}

// ProtocolByName finds a protocol of the vhost by its exact name, or returns nil.
func (v *Vhost) ProtocolByName(name string) *Protocol {
	for _, p := range v.Protocols {
		if p.Name == name {
			return p
		}
	}
	return nil
}

// The roles that a fresh connection can begin with, as conn.Thread.Roles names them.
const (
	RoleHTTP1 = "http/1.1"
	RoleRaw   = "raw-skt"
	RoleProxy = "raw-proxy"
)

// FirstRole is the name of the role that accepted connections begin with. Where it is RoleHTTP1, ALPN may
// choose another version of HTTP.
func (v *Vhost) FirstRole() string {
	if v.Options&AcceptRoleOnly == 0 || v.FallbackName == "h1" {
		return RoleHTTP1
	}
	return v.acceptRole()
}

// FallbackRole is the name of the role for connections that do not begin with HTTP, or, on a TLS port,
// with a handshake; empty where there is none.
func (v *Vhost) FallbackRole() string {
	if v.Options&FallbackToAcceptRole == 0 {
		return ""
	}
	return v.acceptRole()
}

func (v *Vhost) acceptRole() string {
	if v.FallbackName == "" {
		return RoleRaw
	}
	return v.FallbackName
}

// FirstProtocol is what connections are bound to that name no protocol.
func (v *Vhost) FirstProtocol() *Protocol {
	if i := v.DefaultProtocol; i >= 0 && i < len(v.Protocols) {
		return v.Protocols[i]
	}
	return v.Protocols[0]
}

// AcceptedProtocol is what raw connections are bound to.
func (v *Vhost) AcceptedProtocol() *Protocol {
	if v.AcceptProtocol != "" {
		if p := v.ProtocolByName(v.AcceptProtocol); p != nil {
			return p
		}
	}
	if v.RawProtocol < 0 || v.RawProtocol >= len(v.Protocols) {
		return v.Protocols[0]
	}
	return v.Protocols[v.RawProtocol]
}

// PieceSize is how many bytes of a message are handed to p's callback at most at once.
func (v *Vhost) PieceSize(p *Protocol) int {
	if p != nil && p.ReceiveSize > 0 {
		return p.ReceiveSize
	}
	return max(v.ServiceBuffer, 1024)
}
