package tlsconfig

import (
	"cmp"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"sync"
	"sync/atomic"
	"syscall"
	"time"

	"golws/engine/certificate"
	"golws/engine/vhost"
)

// The levels of log lines, those of the C interface.
const (
	logWarning = 1 << 1
	logNotice  = 1 << 2
)

// Server is the TLS side of one virtual host. Its methods may be called from any goroutine.
type Server struct {
	vhost *vhost.Vhost
	log   func(level int, text string)
	clock func() time.Time

	// What is decided once, for all certificates.
	base        tls.Config
	protocols   []string
	tickets     *tickets
	asksClients bool // for certificates

	mu      sync.Mutex // of what follows: changes come one after the other
	origin  origin
	trusted []*x509.Certificate // from the CA file or memory, and then what AddTrust brought
	added   []*x509.Certificate
	tried   fileState // the files as they were when they were read last

	current atomic.Pointer[state]
}

// state is what handshakes use. It is never changed, only replaced.
type state struct {
	pairs            []tls.Certificate
	trust            *x509.CertPool
	config           *tls.Config // with the protocols of ALPN
	withoutProtocols *tls.Config // for clients that know none of them
}

// New makes the TLS side of a virtual host of v.TLS and v.Options. Log lines tell of what is odd and was done
// nevertheless; the name of the vhost is in them.
//
// A vhost without a certificate is no error when the program named none: it may come later, by Replace. Until then,
// handshakes fail.
func New(v *vhost.Vhost, log func(level int, text string)) (*Server, error) {
	return newServer(v, log, time.Now)
}

func newServer(v *vhost.Vhost, log func(level int, text string), clock func() time.Time) (*Server, error) {
	s := &Server{vhost: v, clock: clock, origin: originOf(v.TLS, "")}
	s.log = func(level int, text string) { log(level, "vhost "+v.Name+": TLS: "+text) }
	s.asksClients = v.Options&vhost.RequireClientCertificate != 0
	if err := s.configure(); err != nil {
		return nil, err
	}
	if err := s.loadTrust(); err != nil {
		return nil, err
	}
	if s.asksClients && len(s.trusted) == 0 {
		s.log(logWarning, "client certificates are asked for, and no authorities were given (ssl_ca_filepath): unless "+
			"the program accepts them itself or adds authorities, all are refused")
	}
	m, err := s.firstMaterial()
	if err != nil {
		return nil, err
	}
	if err := s.suits(m); err != nil {
		return nil, err
	}
	s.install(m.pairs)
	s.warn(m.warnings)
	return s, nil
}

func (s *Server) warn(lines []string) {
	for _, line := range lines {
		s.log(logWarning, line)
	}
}

// configure does what does not depend on certificates.
func (s *Server) configure() error {
	t := s.vhost.TLS
	lowest, highest, warnings, err := versions(t.OptionsSet, t.OptionsClear)
	if err != nil {
		return err
	}
	s.warn(warnings)
	suites, warnings, err := ciphers(t.CipherList, t.CipherSuites, lowest, highest)
	if err != nil {
		return err
	}
	s.warn(warnings)
	ids, warnings := curves(t.Curve)
	s.warn(warnings)
	s.protocols, warnings = protocols(cmp.Or(t.ALPN, defaultProtocols))
	s.warn(warnings)
	if lowest <= tls.VersionTLS12 && slices.Contains(s.protocols, "h2") && !suitsHTTP2(suites) {
		s.log(logWarning, "ssl_cipher_list has no cipher that HTTP/2 allows with TLS 1.2, and clients may refuse it; "+
			`add ECDHE+AESGCM, or set alpn to "http/1.1"`)
	}

	s.base = tls.Config{
		MinVersion: lowest, MaxVersion: highest, CipherSuites: suites, CurvePreferences: ids,
		// Records as large as may be from the first one on: fewer to encrypt, and no clock to read for each.
		DynamicRecordSizingDisabled: true,
		Time:                        s.clock,
	}
	if t.OptionsSet&^t.OptionsClear&opNoTicket != 0 || s.vhost.Options&vhost.DisableSessionResumption != 0 {
		s.base.SessionTicketsDisabled = true
	} else {
		s.tickets = newTickets(time.Duration(t.SessionLifetime)*time.Second, s.clock)
		s.base.WrapSession, s.base.UnwrapSession = s.tickets.wrap, s.tickets.unwrap
	}
	if s.asksClients {
		// Verification is our own, because the program may have a say in it; and without ClientCAs no list of
		// names is sent, so that clients send certificates that only the program can judge.
		s.base.ClientAuth = tls.RequireAnyClientCert
		if s.vhost.Options&vhost.ClientCertificateOptional != 0 {
			s.base.ClientAuth = tls.RequestClientCert
		}
	}
	return nil
}

// loadTrust reads the authorities that client certificates are checked against.
func (s *Server) loadTrust() error {
	t := s.vhost.TLS
	s.trusted = nil
	if !s.asksClients {
		return nil // the file may be meant for the vhost's connections as a client
	}
	read := func(source string, data []byte, err error) error {
		if err != nil {
			return err
		}
		list, damaged, err := certificate.ParseSome(data)
		if err != nil {
			return contentError(source, "", err)
		}
		if len(damaged) > 0 {
			s.log(logWarning, fmt.Sprintf("%s: %d of %d certificates are left out; the first of them: %v", source,
				len(damaged), len(damaged)+len(list), damaged[0]))
		}
		s.trusted = append(s.trusted, list...)
		return nil
	}
	if t.CAFile != "" {
		data, err := readFile("list of authorities", t.CAFile, "ssl_ca_filepath")
		if err := read("list of authorities "+t.CAFile, data, err); err != nil {
			return err
		}
	}
	if len(t.CA) > 0 {
		if err := read("list of authorities in memory", t.CA, nil); err != nil {
			return err
		}
	}
	return nil
}

// firstMaterial loads the certificate for the first time; the result has no pairs where there is none yet.
func (s *Server) firstMaterial() (*material, error) {
	if s.origin.none() {
		s.log(logNotice, "no certificate was given; handshakes fail until there is one")
		return new(material), nil
	}
	s.tried = s.look()
	m, err := s.origin.load(s.clock())
	if err != nil && s.vhost.Options&vhost.IgnoreMissingCertificate != 0 && isMissing(err) {
		s.log(logNotice, err.Error()+". As the vhost was told to ignore that, handshakes fail until there is one")
		return new(material), nil
	}
	return m, err
}

func isMissing(err error) bool {
	for _, kind := range []error{fs.ErrNotExist, fs.ErrPermission, syscall.ENOTDIR} {
		if errors.Is(err, kind) {
			return true
		}
	}
	return false
}

// install makes pairs what the next handshake uses.
func (s *Server) install(pairs []tls.Certificate) {
	next := &state{pairs: pairs, trust: x509.NewCertPool()}
	for _, c := range slices.Concat(s.trusted, s.added) {
		next.trust.AddCert(c)
	}
	configure := func(names []string) *tls.Config {
		config := s.base.Clone()
		config.NextProtos = names
		if len(pairs) == 1 {
			config.Certificates = pairs
		} else {
			config.GetCertificate = next.choose
		}
		if s.asksClients {
			config.VerifyConnection = func(c tls.ConnectionState) error { return s.verify(next, &c, nil) }
		}
		return config
	}
	next.withoutProtocols = configure(nil)
	next.config = configure(s.protocols)
	next.config.GetConfigForClient = func(hello *tls.ClientHelloInfo) (*tls.Config, error) {
		return next.forClient(hello), nil
	}
	s.current.Store(next)
}

var errNoCertificate = errors.New("the virtual host has no certificate")

// choose picks the first certificate that the client can check. What name it asks for does not matter: that has
// chosen the virtual host already.
func (t *state) choose(hello *tls.ClientHelloInfo) (*tls.Certificate, error) {
	if len(t.pairs) == 0 {
		return nil, errNoCertificate
	}
	nameless := *hello
	nameless.ServerName = ""
	for i := range t.pairs {
		if nameless.SupportsCertificate(&t.pairs[i]) == nil {
			return &t.pairs[i], nil
		}
	}
	return &t.pairs[0], nil
}

// forClient leaves ALPN out for a client with whom there is no common protocol. RFC 7301 has the handshake fail; the
// C interface has always gone on without, with HTTP/1.1.
func (t *state) forClient(hello *tls.ClientHelloInfo) *tls.Config {
	if len(hello.SupportedProtos) == 0 {
		return t.config
	}
	for _, name := range hello.SupportedProtos {
		if slices.Contains(t.config.NextProtos, name) {
			return t.config
		}
	}
	return t.withoutProtocols
}

// Config is what a handshake uses now. It must not be changed; a handshake that has begun keeps it.
func (s *Server) Config() *tls.Config { return s.current.Load().config }

// ForClient is what the handshake with one client uses: the Config, with what depends on the client. It is for
// tls.Config.GetConfigForClient. Where client certificates are asked for and ask is not nil, ask is called in the
// handshake's goroutine with what was found out about the client's, and decides: nil accepts it. With a nil ask,
// certificates that are trusted are accepted.
func (s *Server) ForClient(hello *tls.ClientHelloInfo, ask func(*Verification) error) *tls.Config {
	now := s.current.Load()
	config := now.forClient(hello)
	if !s.asksClients || ask == nil {
		return config
	}
	config = config.Clone()
	config.GetConfigForClient = nil
	config.VerifyConnection = func(c tls.ConnectionState) error { return s.verify(now, &c, ask) }
	return config
}

// AsksClients says whether clients are asked for a certificate.
func (s *Server) AsksClients() bool { return s.asksClients }

// verify is called at the end of each handshake, also of resumed ones: the authorities, or the time, may have changed
// since the session began.
func (s *Server) verify(t *state, c *tls.ConnectionState, ask func(*Verification) error) error {
	if len(c.PeerCertificates) == 0 {
		return nil // optional; crypto/tls has refused it where it is not
	}
	v := Verify(c.PeerCertificates, t.trust, x509.ExtKeyUsageClientAuth, "", s.clock())
	if ask != nil {
		return ask(v)
	}
	if !v.OK() {
		return v
	}
	return nil
}

// Leaf is the certificate that is presented, the first where there are several; nil where there is none yet.
func (s *Server) Leaf() *x509.Certificate {
	if pairs := s.current.Load().pairs; len(pairs) > 0 {
		return pairs[0].Leaf
	}
	return nil
}

// Chain is what is presented, DER: the certificate and what follows it; nil where there is none yet.
func (s *Server) Chain() [][]byte {
	if pairs := s.current.Load().pairs; len(pairs) > 0 {
		return pairs[0].Certificate
	}
	return nil
}

// AddTrust trusts further authorities to vouch for clients, from the next handshake on: PEM or DER, one or several.
func (s *Server) AddTrust(authorities []byte) error {
	list, err := certificate.Parse(authorities)
	if err != nil {
		return contentError("additional authorities", "", err)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.added = append(s.added, list...)
	s.install(s.current.Load().pairs)
	return nil
}

// suits refuses certificates that no connection could use with the ciphers and versions that are left.
func (s *Server) suits(m *material) error {
	if len(m.pairs) == 0 || s.base.CipherSuites == nil || s.base.MaxVersion > tls.VersionTLS12 {
		return nil
	}
	for i := range m.pairs {
		if suiteFits(s.base.CipherSuites, m.pairs[i].Leaf.PublicKey) {
			return nil
		}
	}
	return &Error{"ssl_cipher_list", fmt.Sprintf("no cipher in it goes with the certificate's key (%s)",
		certificate.DescribeKey(m.pairs[0].Leaf.PublicKey)), "add those for it, or allow TLS 1.3", nil}
}
