package client

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"strconv"
	"strings"
	"time"

	"golang.org/x/sys/unix"

	"golws/engine/conn"
	"golws/engine/dns"
	"golws/engine/http1"
	"golws/engine/httpclient"
	"golws/engine/proxy"
	"golws/engine/raw"
	"golws/engine/vhost"
)

// Config is what a program asks for.
type Config struct {
	Address  string // name, numeric address, or "+" and the path of a unix socket
	Port     int
	Path     string
	Host     string // empty: made from Address and Port
	Origin   string
	Protocol string // names of subprotocols, separated by commas
	Method   string // empty: WebSocket
	Local    string // name of the protocol to bind, empty: that of Protocol

	Interface string // address or name to connect from
	Service   int    // IP_TOS
	Priority  int    // SO_PRIORITY, 0: as usual

	RawOrigin bool          // Origin is sent as it stands
	NoFollow  bool          // redirects are for the program
	Keep      bool          // the connection may carry several requests, one after the other or at once
	KeepWarm  time.Duration // how long it is kept then without one
	Form      string
	TLS       *TLS // nil: not encrypted
	tls       bool // it is encrypted, because of TLS or of a redirect
	// RedirectTLS is what TLS is like where a redirect leads to it from a connection that is not encrypted; nil: the usual.
	RedirectTLS *TLS
	UserData    bool // the user memory is the program's

	Cookies   bool // those of the vhost are given to servers, and theirs kept
	Downgrade bool // a redirect may lead from TLS to no TLS
	elsewhere bool // a redirect has led to another server

	Measure bool // the addresses that are found are kept

	// TellAlways has the program told by CLIENT_CONNECTION_ERROR also where Connect returns nil.
	TellAlways bool

	Retry *vhost.RetryPolicy

	// HTTP/2: spoken without asking the server; the program lets it send, Credit bytes at first; and it may send more
	// credit than can be counted.
	PriorKnowledge  bool
	ManualCredit    bool
	Credit          int
	ForgiveOverflow bool

	// Proxies are the ways to go: the first one is taken that does not leave the server out. None, or all do:
	// directly. They are not for unix sockets.
	Proxies []*proxy.Config

	// Resolver finds the addresses of names, nil: that of the system. Lookup, if there is one, does so in its place.
	Resolver *dns.Resolver
	Lookup   func(ctx context.Context, name string) ([]netip.Addr, error)
}

// Connect begins to make a connection and returns it, or nil where the program was told by callbacks
// alone. It is called with the service lock held, on any thread. created is called before the first
// callback.
func Connect(t *conn.Thread, h *conn.Host, owner *conn.Conn, config *Config, created func(c *conn.Conn)) (*conn.Conn, error) {
	config.tls = config.TLS != nil
	d, local, err := newDialer(config, t, h)
	if err != nil {
		return nil, err
	}
	was := t.Loop.Enter()
	defer func() {
		t.Loop.Leave(was)
		if !was {
			t.Loop.Announce() // there are time limits to be looked at
		}
	}()
	c, err := t.Outgoing(h, owner)
	if err != nil {
		return nil, err
	}
	c.Hold()
	d.conn = c
	c.SetRole(d)
	c.DelayWritable()
	if config.UserData {
		c.HoldUser()
	}
	if config.Retry != nil {
		c.SetRetryPolicy(config.Retry)
	}
	created(c)
	d.purpose.Silence(!config.TellAlways)
	d.start(local)
	if !c.Killed() && d.raw == nil {
		c.Callback(conn.ServerNewClientInstantiated)
	}
	failed := c.Killed()
	c.Unhold()
	d.purpose.Silence(false)
	if failed {
		return nil, nil
	}
	return c, nil
}

// newDialer makes the role that connects for what is asked for, and finds the protocol that the program has named.
func newDialer(config *Config, t *conn.Thread, h *conn.Host) (d *dialer, local *vhost.Protocol, err error) {
	if err = config.check(); err != nil {
		return nil, nil, err
	}
	name := config.Local
	if name == "" {
		name = config.Protocol
	}
	if name != "" {
		local = h.ProtocolByName(name)
	}
	d = &dialer{config: config}
	if config.Method == MethodRaw {
		events := raw.Client
		if config.Local == vhost.RoleProxy {
			events = raw.ProxyClient
		}
		d.raw = raw.NewDialed(local != nil, events)
		d.purpose = d.raw
	} else {
		request, err := config.request(t, local == nil)
		if err != nil {
			return nil, nil, err
		}
		d.transaction = httpclient.New(request)
		d.purpose = d.transaction
		if !config.NoFollow {
			d.transaction.Follow = d.follow
		}
		d.transaction.Repeat = d.repeat
		d.transaction.Reset = d.reset
		d.transaction.Redo = d.redo
		d.transaction.FallBack = d.fallBack
		if config.PriorKnowledge && !config.tls {
			d.negotiated = "h2"
		}
	}
	return d, local, d.prepare(h)
}

// start binds the protocol and begins to connect.
func (d *dialer) start(local *vhost.Protocol) {
	if local != nil {
		d.conn.BindProtocol(local)
	}
	d.purpose.Bind(d.conn)
	if !d.conn.Killed() {
		d.place()
	}
}

var (
	errNoAddress = errors.New("no address is given")
	errMethod    = errors.New("method is no token")
	errText      = errors.New("address, path, host, origin and protocol must not contain control characters")
)

// MethodRaw stands for no protocol of the library's.
const MethodRaw = "RAW"

func (config *Config) check() error {
	if config.Address == "" {
		return errNoAddress
	}
	for _, text := range []string{config.Address, config.Path, config.Host, config.Origin, config.Protocol} {
		if strings.ContainsFunc(text, func(c rune) bool { return c < ' ' || c == 0x7f }) {
			return errText
		}
	}
	return nil
}

// request is what is sent. unnamed tells that the program has named no protocol.
func (config *Config) request(t *conn.Thread, unnamed bool) (r httpclient.Request, err error) {
	r = httpclient.Request{
		Method: config.Method, Target: target(config.Path), Host: config.Host, Origin: config.Origin,
		Keep: config.Keep, Form: config.Form, Default: unnamed, Elsewhere: config.elsewhere,
		Cookies:      config.Cookies,
		ManualCredit: config.ManualCredit, Credit: config.Credit, ForgiveOverflow: config.ForgiveOverflow,
	}
	if r.Host == "" {
		r.Host = hostField(config.Address, config.Port, config.tls)
	}
	if r.Origin != "" && !config.RawOrigin {
		r.Origin = "http://" + r.Origin
	}
	if r.Method != "" {
		for _, c := range []byte(r.Method) {
			if !http1.TokenByte(c) {
				return r, errMethod
			}
		}
		return r, nil
	}
	offer := t.Offers["websocket"]().(webSocketOffer)
	offer.SetProtocols(config.Protocol)
	r.Method, r.Offer, r.Form = "GET", offer, ""
	return r, nil
}

// webSocketOffer is what package ws has under the token websocket.
type webSocketOffer interface {
	httpclient.Offer
	SetProtocols(list string)
}

// target is the path as it stands in the request line (RFC 9112 section 3.2).
func target(path string) string {
	path = strings.ReplaceAll(path, " ", "%20")
	if path == "" || path[0] != '/' && path != "*" && !strings.Contains(path, "://") {
		return "/" + path
	}
	return path
}

// hostField is the Host of a server that the program has not named otherwise.
func hostField(address string, port int, encrypted bool) string {
	if address[0] == '+' {
		return "localhost"
	}
	if strings.Contains(address, ":") && address[0] != '[' {
		address, _, _ = strings.Cut(address, "%") // a zone has no meaning for the server
		address = "[" + address + "]"
	}
	if port == 80 && !encrypted || port == 443 && encrypted {
		return address
	}
	return address + ":" + strconv.Itoa(port)
}

// purpose is what a connection is made for: a transaction of HTTP, or the program's own protocol.
type purpose interface {
	// Bind tells the protocol that the connection is bound to.
	Bind(c *conn.Conn)
	// Fail ends the attempt and tells the program why. Silence keeps that back.
	Fail(c *conn.Conn, why string)
	Silence(silent bool)
	Writable(c *conn.Conn)
	Closed(c *conn.Conn)
}

// dialer is the role of a connection that is being made.
type dialer struct {
	config      *Config
	purpose     purpose
	transaction *httpclient.Transaction // the purpose, or nil
	raw         *raw.Dialed             // the purpose, or nil
	conn        *conn.Conn

	unixPath  string
	proxy     *proxy.Config // that is connected to in the server's place, or nil
	only4     bool
	device    *net.Interface // to connect from
	from      netip.Addr
	cancel    context.CancelFunc // of the lookup, nil: there is none under way
	lookups   int                // so far
	addresses []netip.AddrPort   // not tried yet
	tried     []netip.AddrPort
	attempts  []*attempt // under way
	next      timer
	redirects int
	timedOut  bool    // the last attempt that ended had no answer
	connected bool    // the socket is the connection's
	created   bool    // the program knows that there is a connection
	spoken    bool    // HTTP/1, by the request
	stages    []stage // that follow
	http1Only bool    // no version above HTTP/1.1 is offered, see fallBack
	shared    *shared // the connection that the request waits for or leads, nil where there is none
	// negotiated is the protocol that the server has chosen by ALPN, or that is spoken without asking; empty:
	// HTTP/1.1. The stage of TLS sets it.
	negotiated string
}

var _ conn.Role = (*dialer)(nil)

// prepare looks at what needs no waiting.
func (d *dialer) prepare(h *conn.Host) error {
	d.next.expired = d.tryNext
	if path, ok := strings.CutPrefix(d.config.Address, "+"); ok {
		if path == "" || len(path) >= len(unix.RawSockaddrUnix{}.Path) {
			return fmt.Errorf("%q is no path of a unix socket", path)
		}
		d.unixPath = path
		return nil
	}
	if d.config.Port < 0 || d.config.Port > 65535 {
		return fmt.Errorf("port %d", d.config.Port)
	}
	d.chooseProxy()
	d.only4 = h.Options&vhost.DisableIPv6 != 0
	name := d.config.Interface
	if name == "" {
		return nil
	}
	var err error
	if d.from, err = netip.ParseAddr(name); err == nil {
		d.only4 = d.only4 || d.from.Is4()
		return nil
	}
	if d.device, err = net.InterfaceByName(name); err != nil {
		return fmt.Errorf("iface %q is neither an address nor an interface", name)
	}
	return nil
}

// begin finds the addresses and tries the first one.
func (d *dialer) begin() {
	*d.conn.Measured() = conn.Measured{}
	if d.unixPath != "" {
		d.try(netip.AddrPort{})
		return
	}
	d.look()
}

// timeLimit is a limit of the host, which may have none.
func timeLimit(d time.Duration) time.Duration {
	if d <= 0 {
		return 20 * time.Second
	}
	return d
}

// Input implements conn.Role. There is no input yet.
func (d *dialer) Input(*conn.Conn, []byte) int { return 0 }

// Writable implements conn.Role.
func (d *dialer) Writable(c *conn.Conn) { d.purpose.Writable(c) }

// Drained implements conn.Role.
func (d *dialer) Drained(*conn.Conn) {}

// Write implements conn.Role.
func (d *dialer) Write(*conn.Conn, []byte, conn.WriteKind) (int, error) {
	return 0, conn.ErrWrongState
}

// EOF implements conn.Role.
func (d *dialer) EOF(*conn.Conn) bool { return true }

// TimedOut implements conn.Role.
func (d *dialer) TimedOut(*conn.Conn, conn.Timeout) bool { return false }

// CheckValidity implements conn.Role.
func (d *dialer) CheckValidity(*conn.Conn) bool { return false }

// Finish implements conn.Role.
func (d *dialer) Finish(c *conn.Conn) { c.Kill() }

// Closed implements conn.Role.
func (d *dialer) Closed(c *conn.Conn) {
	d.stop()
	d.purpose.Closed(c)
}

// stop gives up what is under way.
func (d *dialer) stop() {
	if d.cancel != nil {
		d.cancel()
		d.cancel = nil
	}
	d.conn.Thread().Loop.Cancel(&d.next.Timer)
	for len(d.attempts) > 0 {
		d.attempts[0].close()
	}
	d.addresses = nil
	if !d.connected {
		d.conn.ShowDescriptor(-1)
	}
}

// HeldTransaction implements httpclient.Holder: what the program says about its request is of use before there is a
// connection.
func (d *dialer) HeldTransaction() *httpclient.Transaction { return d.transaction }
