package tlsconfig

import (
	"cmp"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net/netip"
	"strings"
	"sync"
	"time"

	"golws/engine/certificate"
	"golws/engine/vhost"
)

// Client is the TLS side of the connections that one virtual host makes. Its methods may be called from any goroutine.
type Client struct {
	vhost     *vhost.Vhost
	log       func(level int, text string)
	clock     func() time.Time
	base      tls.Config
	protocols []string
	sessions  *sessions // nil where none are kept
	verified  verified

	mu      sync.Mutex // of what follows
	trusted []*x509.Certificate
	system  bool           // what the system trusts is trusted, too
	pool    *x509.CertPool // made of these when it is needed first
}

const (
	clientPrefix    = "client_"
	logError        = 1 << 0
	opensslLifetime = 300 * time.Second // of a client's session, where the program sets none
	mostSessions    = 10
)

// NewClient makes the client side of a virtual host of v.ClientTLS and v.Options. It fails where a certificate was given
// that cannot be used. A list of authorities that cannot be read is logged: without it, the others remain.
func NewClient(v *vhost.Vhost, log func(level int, text string)) (*Client, error) {
	return newClient(v, log, time.Now)
}

func newClient(v *vhost.Vhost, log func(level int, text string), clock func() time.Time) (*Client, error) {
	c := &Client{vhost: v, clock: clock}
	c.log = func(level int, text string) { log(level, "vhost "+v.Name+": TLS client: "+text) }
	if err := c.configure(); err != nil {
		return nil, err
	}
	c.loadTrust()
	return c, c.loadCertificate()
}

// fieldNames puts the names of the client's fields in place of the server's.
var fieldNames = strings.NewReplacer("ssl_options_", "ssl_client_options_", "ssl_cipher_list", "client_ssl_cipher_list",
	"tls1_3_plus_cipher_list", "client_tls_1_3_plus_cipher_list")

func (c *Client) warn(lines []string) {
	for _, line := range lines {
		c.log(logWarning, fieldNames.Replace(line))
	}
}

func (c *Client) configure() error {
	t := c.vhost.ClientTLS
	lowest, highest, warnings, err := versions(t.OptionsSet, t.OptionsClear)
	c.warn(warnings)
	var suites []uint16
	if err == nil {
		suites, warnings, err = ciphers(t.CipherList, t.CipherSuites, lowest, highest)
		c.warn(warnings)
	}
	if err != nil {
		var known *Error
		if errors.As(err, &known) {
			known.Source = fieldNames.Replace(known.Source)
		}
		return err
	}
	c.protocols, warnings = protocols(cmp.Or(t.ALPN, defaultProtocols))
	c.warn(warnings)
	c.base = tls.Config{
		MinVersion: lowest, MaxVersion: highest, CipherSuites: suites,
		DynamicRecordSizingDisabled: true,
		Time:                        c.clock,
		// Servers are judged in VerifyConnection, because flags of the connection and the program have a say in it.
		InsecureSkipVerify: true,
	}
	if c.vhost.Options&vhost.DisableSessionResumption == 0 && t.OptionsSet&^t.OptionsClear&opNoTicket == 0 {
		c.sessions = newSessions(t.SessionCacheMax, time.Duration(t.SessionLifetime)*time.Second, c.clock)
	}
	return nil
}

// loadTrust reads who may vouch for servers: what the system trusts, and the authorities in the file. Authorities in
// memory are instead of both, as libwebsockets has it.
func (c *Client) loadTrust() {
	t := c.vhost.ClientTLS
	c.system = c.vhost.Options&vhost.DisableSystemTrust == 0
	source, data := "list of authorities in memory", t.CA
	if t.CAFile != "" {
		source = "list of authorities " + t.CAFile
		var err error
		if data, err = readFile("list of authorities", t.CAFile, clientPrefix+"ssl_ca_filepath"); err != nil {
			c.log(logError, err.Error())
			return
		}
	} else if len(data) == 0 {
		return
	}
	list, damaged, err := certificate.ParseSome(data)
	if err != nil {
		c.log(logError, contentError(source, clientPrefix, err).Error())
		return
	}
	if len(damaged) > 0 {
		c.log(logWarning, fmt.Sprintf("%s: %d of %d certificates are left out; the first of them: %v", source,
			len(damaged), len(damaged)+len(list), damaged[0]))
	}
	c.trusted = list
	c.system = c.system && t.CAFile != ""
}

// loadCertificate reads what the vhost shows to servers that ask for it.
func (c *Client) loadCertificate() error {
	o := originOf(c.vhost.ClientTLS, clientPrefix)
	if o.none() {
		return nil
	}
	m, err := o.load(c.clock())
	if err != nil {
		if c.vhost.Options&vhost.IgnoreMissingCertificate != 0 && isMissing(err) {
			c.log(logNotice, err.Error()+". As the vhost was told to ignore that, servers are shown none")
			return nil
		}
		if o.keyFile == "" && len(o.key) == 0 && errors.Is(err, certificate.ErrNoKey) {
			// libwebsockets is content with that: the members may be those of a server that is not there.
			c.log(logWarning, err.Error()+". Servers are shown none")
			return nil
		}
		return err
	}
	c.warn(m.warnings)
	c.base.GetClientCertificate = presenting(m.pairs)
	return nil
}

// presenting chooses what suits the server by its kind of key alone. crypto/tls would leave out what none of the
// authorities that a server names has signed, and OpenSSL does not.
func presenting(pairs []tls.Certificate) func(*tls.CertificateRequestInfo) (*tls.Certificate, error) {
	return func(request *tls.CertificateRequestInfo) (*tls.Certificate, error) {
		any := *request
		any.AcceptableCAs = nil
		for i := range pairs {
			if any.SupportsCertificate(&pairs[i]) == nil {
				return &pairs[i], nil
			}
		}
		return &pairs[0], nil
	}
}

// AddTrust trusts further authorities, or the certificates of single servers, from the next handshake on: PEM or DER.
func (c *Client) AddTrust(certificates []byte) error {
	list, err := certificate.Parse(certificates)
	if err != nil {
		return contentError("additional authorities", clientPrefix, err)
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.trusted, c.pool = append(c.trusted, list...), nil
	return nil
}

// trust is whom handshakes trust. Reading what the system trusts takes long, so that is done when a handshake wants it.
func (c *Client) trust() *x509.CertPool {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.pool != nil {
		return c.pool
	}
	c.pool = x509.NewCertPool()
	if c.system {
		pool, err := x509.SystemCertPool()
		if err != nil {
			c.log(logWarning, "the system's list of authorities cannot be read: "+err.Error())
		} else {
			c.pool = pool
		}
	}
	for _, one := range c.trusted {
		c.pool.AddCert(one)
	}
	return c.pool
}

// Allow is what a connection accepts of a server's certificate that is not in order.
type Allow uint8

// The flags of Allow. Each excuses what it names and nothing else.
const (
	AllowSelfSigned    Allow = 1 << iota // LCCSCF_ALLOW_SELFSIGNED: it, or an authority that the server sends, vouches for itself
	AllowOtherName                       // LCCSCF_SKIP_SERVER_CERT_HOSTNAME_CHECK
	AllowExpired                         // LCCSCF_ALLOW_EXPIRED, or not valid yet
	AllowUnknownIssuer                   // LCCSCF_ALLOW_INSECURE: nobody knows who has signed it
)

// ClientConnection is what one connection is to have.
type ClientConnection struct {
	client *Client
	name   string

	Protocols   []string // for ALPN; none are offered where there are none
	Allow       Allow
	Certificate *tls.Certificate // in place of the vhost's
	Session     string           // by which a later connection finds the session; empty: none is kept
}

// Connection describes a connection to a server of that name or address, which may have a port, brackets and a zone.
func (c *Client) Connection(name string) *ClientConnection {
	return &ClientConnection{client: c, name: serverName(name), Protocols: c.protocols}
}

// SetProtocols takes the names that the program has for ALPN, with commas between.
func (x *ClientConnection) SetProtocols(list string) {
	var warnings []string
	x.Protocols, warnings = protocols(list)
	x.client.warn(warnings)
}

// Name is the server's as its certificate is to have it.
func (x *ClientConnection) Name() string { return x.name }

// serverName leaves the name or address of a Host field.
func serverName(host string) string {
	if inside, ok := strings.CutPrefix(host, "["); ok {
		host, _, _ = strings.Cut(inside, "]")
	} else if strings.Count(host, ":") == 1 {
		host, _, _ = strings.Cut(host, ":")
	}
	if ip, err := netip.ParseAddr(host); err == nil {
		return ip.WithZone("").String()
	}
	return strings.TrimSuffix(host, ".")
}

// SystemCertificate makes a certificate for one connection of DER.
func SystemCertificate(der, key []byte) (*tls.Certificate, error) {
	o := origin{certificate: der, key: key}
	m, err := o.load(time.Now())
	if err != nil {
		return nil, err
	}
	return &m.pairs[0], nil
}

// Config is what the handshake uses. ask, which may be nil, is called in the handshake's goroutine with what was found
// out about the server's certificate, flags of the connection included, and decides: nil accepts it.
func (x *ClientConnection) Config(ask func(*Verification) error) *tls.Config {
	c := x.client
	config := c.base.Clone()
	config.ServerName = x.name
	config.NextProtos = x.Protocols
	if x.Certificate != nil {
		config.GetClientCertificate = presenting([]tls.Certificate{*x.Certificate})
	}
	if c.sessions != nil && x.Session != "" {
		config.ClientSessionCache = sessionOf{c.sessions, x.Session}
	}
	config.VerifyConnection = func(state tls.ConnectionState) error {
		v := x.judge(state.PeerCertificates)
		if ask != nil {
			return ask(v)
		}
		if !v.OK() {
			return v
		}
		return nil
	}
	return config
}

// judge looks at the server's certificate, of resumed sessions, too: authorities and time go on.
func (x *ClientConnection) judge(certificates []*x509.Certificate) *Verification {
	v := verifyServer(certificates, x.client.trust(), x.name, x.Allow, x.client.clock(), &x.client.verified)
	for _, excused := range v.Excused {
		x.client.log(logNotice, fmt.Sprintf("%q is accepted although %s", x.name, excused.Error()))
	}
	return v
}

// SaveSession is the session of that name as bytes, and false where there is none.
func (c *Client) SaveSession(name string) ([]byte, bool) {
	if c.sessions == nil {
		return nil, false
	}
	return c.sessions.save(name)
}

// HasSession reports whether there is a session of that name.
func (c *Client) HasSession(name string) bool {
	return c.sessions != nil && c.sessions.get(name) != nil
}

// KeepsSessions reports whether the vhost keeps sessions at all.
func (c *Client) KeepsSessions() bool { return c.sessions != nil }

// LoadSession keeps what SaveSession has returned.
func (c *Client) LoadSession(name string, data []byte) error {
	if c.sessions == nil {
		return errors.New("the vhost keeps no sessions")
	}
	return c.sessions.load(name, data)
}

// SessionName is the name of the session with a server. certificate is the number of the certificate that the
// connection shows in place of the vhost's, 0 for none: the server knows its client by that.
func SessionName(host string, port, certificate int) string {
	name := fmt.Sprintf("%s_%d", host, port)
	if certificate > 0 {
		name += fmt.Sprintf("#%d", certificate)
	}
	return name
}
