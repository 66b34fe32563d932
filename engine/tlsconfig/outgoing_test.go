package tlsconfig

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io"
	"net"
	"strings"
	"testing"
	"time"

	"golws/engine/certificate/certificatetest"
	"golws/engine/vhost"
)

func (p *program) makeClient(options vhost.Options, t vhost.TLS) (*Client, error) {
	if p.now.IsZero() {
		p.now = time.Now()
	}
	return newClient(&vhost.Vhost{Name: "test", Options: options | vhost.DisableSystemTrust, ClientTLS: &t}, p.log, p.clock)
}

func (p *program) mustMakeClient(t testing.TB, options vhost.Options, configured vhost.TLS) *Client {
	t.Helper()
	c, err := p.makeClient(options, configured)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestServerCertificates(t *testing.T) {
	root, unknown := certificatetest.Authority(t, "Root"), certificatetest.Authority(t, "Unknown")
	middle := root.Intermediate(t, "Middle")
	aged := func(issuer *certificatetest.Pair, names ...string) *certificatetest.Pair {
		template := certificatetest.Template(names...)
		template.NotBefore, template.NotAfter = time.Now().Add(-2*time.Hour), time.Now().Add(-time.Hour)
		return certificatetest.Make(t, template, nil, issuer)
	}
	early := certificatetest.Template("example.org")
	early.NotBefore = time.Now().Add(time.Hour)
	clients := certificatetest.Template("example.org")
	clients.ExtKeyUsage = []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth}
	old := certificatetest.Template("example.org")
	old.DNSNames = nil
	oldOther := certificatetest.Template("example.org")
	oldOther.DNSNames = []string{"other.example"}
	never := certificatetest.Template("example.org") // valid at no time
	never.NotBefore, never.NotAfter = time.Now().Add(time.Hour), time.Now().Add(-time.Hour)
	authority := func(name string) *x509.Certificate {
		template := certificatetest.Template(name)
		template.DNSNames, template.ExtKeyUsage, template.KeyUsage = nil, nil, x509.KeyUsageCertSign
		template.IsCA, template.BasicConstraintsValid = true, true
		return template
	}
	agedAuthority := func(issuer *certificatetest.Pair, name string) *certificatetest.Pair {
		template := authority(name)
		template.NotBefore, template.NotAfter = time.Now().Add(-4*time.Hour), time.Now().Add(-3*time.Hour)
		return certificatetest.Make(t, template, nil, issuer)
	}
	agedMiddle, agedUnknown := agedAuthority(root, "Old middle"), agedAuthority(unknown, "Old unknown")
	agedRoot := agedAuthority(nil, "Old root")
	limitedTemplate := authority("Limited")
	limitedTemplate.PermittedDNSDomains, limitedTemplate.PermittedDNSDomainsCritical = []string{"example.net"}, true
	limited := certificatetest.Make(t, limitedTemplate, nil, root)
	oldPermitted := certificatetest.Template("example.net")
	oldPermitted.DNSNames = nil
	chain := func(pairs ...*certificatetest.Pair) (list []*x509.Certificate) {
		for _, p := range pairs {
			list = append(list, p.Certificate)
		}
		return list
	}
	const all = AllowSelfSigned | AllowOtherName | AllowExpired | AllowUnknownIssuer
	for what, c := range map[string]struct {
		chain  []*x509.Certificate
		name   string
		code   int
		excuse Allow // all that it takes
	}{
		"good":                     {chain(root.Issue(t, "example.org")), "example.org", VerifyOK, 0},
		"through another":          {chain(middle.Issue(t, "example.org"), middle), "example.org", VerifyOK, 0},
		"other case":               {chain(root.Issue(t, "example.org")), "EXAMPLE.org", VerifyOK, 0},
		"wildcard":                 {chain(root.Issue(t, "*.example.org")), "www.example.org", VerifyOK, 0},
		"too wide":                 {chain(root.Issue(t, "*.example.org")), "a.b.example.org", VerifyHostMismatch, AllowOtherName},
		"address":                  {chain(root.Issue(t, "127.0.0.1")), "127.0.0.1", VerifyOK, 0},
		"address 6":                {chain(root.Issue(t, "::1")), "::1", VerifyOK, 0},
		"other address":            {chain(root.Issue(t, "127.0.0.1")), "127.0.0.2", VerifyAddressMismatch, AllowOtherName},
		"address as a name":        {chain(root.Issue(t, "example.org")), "127.0.0.1", VerifyAddressMismatch, AllowOtherName},
		"no name":                  {chain(root.Issue(t, "example.org")), "", VerifyHostMismatch, AllowOtherName},
		"common name":              {chain(certificatetest.Make(t, old, nil, root)), "example.org", VerifyOK, 0},
		"common name beside names": {chain(certificatetest.Make(t, oldOther, nil, root)), "example.org", VerifyHostMismatch, AllowOtherName},
		"other name":               {chain(root.Issue(t, "example.org")), "example.net", VerifyHostMismatch, AllowOtherName},
		"self-signed":              {chain(certificatetest.SelfSigned(t, "example.org")), "example.org", VerifySelfSigned, AllowSelfSigned},
		"authority that is sent": {chain(unknown.Issue(t, "example.org"), unknown), "example.org",
			VerifySelfSignedInChain, AllowSelfSigned},
		"unknown issuer": {chain(unknown.Issue(t, "example.org")), "example.org", VerifyIssuerUnknown, AllowUnknownIssuer},
		"expired":        {chain(aged(root, "example.org")), "example.org", VerifyExpired, AllowExpired},
		"not valid yet": {chain(certificatetest.Make(t, early, nil, root)), "example.org", VerifyNotYetValid,
			AllowExpired},
		"expired and other name": {chain(aged(root, "example.org")), "example.net", VerifyHostMismatch,
			AllowExpired | AllowOtherName},
		"expired and self-signed": {chain(aged(nil, "example.org")), "example.org", VerifySelfSigned,
			AllowExpired | AllowSelfSigned},
		"expired and unknown": {chain(aged(unknown, "example.org")), "example.org", VerifyIssuerUnknown,
			AllowExpired | AllowUnknownIssuer},
		"valid at no time": {chain(certificatetest.Make(t, never, nil, root)), "example.org", VerifyNotYetValid, AllowExpired},
		"valid at no time and unknown": {chain(certificatetest.Make(t, never, nil, unknown)), "example.org",
			VerifyIssuerUnknown, AllowExpired | AllowUnknownIssuer},
		"valid at no time and self-signed": {chain(certificatetest.Make(t, never, nil, nil)), "example.org",
			VerifySelfSigned, AllowExpired | AllowSelfSigned},
		"through an expired one":                     {chain(agedMiddle.Issue(t, "example.org"), agedMiddle), "example.org", VerifyExpired, AllowExpired},
		"expired through one that expired before it": {chain(aged(agedMiddle, "example.org"), agedMiddle), "example.org", VerifyExpired, AllowExpired},
		"unknown through an expired one": {chain(agedUnknown.Issue(t, "example.org"), agedUnknown), "example.org",
			VerifyIssuerUnknown, AllowExpired | AllowUnknownIssuer},
		"unknown and expired through one that expired before it": {chain(aged(agedUnknown, "example.org"), agedUnknown),
			"example.org", VerifyIssuerUnknown, AllowExpired | AllowUnknownIssuer},
		"unknown and expired, authority sent": {chain(aged(agedUnknown, "example.org"), agedUnknown, unknown),
			"example.org", VerifySelfSignedInChain, AllowExpired | AllowSelfSigned},
		"expired root":              {chain(agedRoot.Issue(t, "example.org")), "example.org", VerifyExpired, AllowExpired},
		"expired under an old root": {chain(aged(agedRoot, "example.org")), "example.org", VerifyExpired, AllowExpired},
		"name not permitted":        {chain(limited.Issue(t, "example.org"), limited), "example.org", VerifyNotPermitted, all + 1},
		"common name not permitted": {chain(certificatetest.Make(t, old, nil, limited), limited), "example.org",
			VerifyNotPermitted, all + 1},
		"common name permitted": {chain(certificatetest.Make(t, oldPermitted, nil, limited), limited), "example.net", VerifyOK, 0},
		"all of it": {chain(aged(nil, "example.org")), "example.net", VerifySelfSigned,
			AllowExpired | AllowSelfSigned | AllowOtherName},
		"for clients": {chain(certificatetest.Make(t, clients, nil, root)), "example.org", VerifyInvalidPurpose, all + 1},
		"none":        {nil, "example.org", VerifyUnspecified, all + 1},
	} {
		t.Run(what, func(t *testing.T) {
			trusted, known := certificatetest.Pool(root, agedRoot), new(verified)
			verify := func(allow Allow) *Verification {
				return verifyServer(c.chain, trusted, c.name, allow, time.Now(), known)
			}
			if v := verify(0); v.Code != c.code || (v.Code != VerifyOK) == (v.Cause == nil) || len(v.Excused) > 0 {
				t.Errorf("%+v", v)
			}
			for allow := range all + 1 {
				v := verify(allow)
				if v.OK() != (c.excuse&^allow == 0) || v.OK() && (len(v.Excused) > 0) != (c.excuse != 0) {
					t.Errorf("%b: %+v", allow, v)
				}
			}
		})
	}
}

func TestServerNames(t *testing.T) {
	for given, want := range map[string]string{
		"example.org": "example.org", "example.org:443": "example.org", "example.org.": "example.org",
		"127.0.0.1:80": "127.0.0.1", "[::1]:443": "::1", "[::1]": "::1", "::1": "::1", "fe80::1%eth0": "fe80::1",
		"[fe80::1%25eth0]:1": "fe80::1", "": "", "2001:DB8::1": "2001:db8::1",
	} {
		if got := serverName(given); got != want {
			t.Errorf("%q: %q, not %q", given, got, want)
		}
	}
}

// connect has a Client shake hands with a server.
func connect(t testing.TB, x *ClientConnection, server *tls.Config, ask func(*Verification) error) (atServer, atClient tls.ConnectionState, err error) {
	t.Helper()
	near, far, err := connectionPair()
	if err != nil {
		t.Fatal(err)
	}
	defer far.Close()
	s := tls.Server(near, server)
	done := make(chan struct{})
	go func() {
		defer close(done)
		if s.Handshake() == nil {
			io.Copy(s, io.LimitReader(s, 1))
		}
		near.Close()
	}()
	c := tls.Client(far, x.Config(ask))
	if err = c.Handshake(); err == nil {
		if _, err = c.Write([]byte{1}); err == nil {
			_, err = io.ReadFull(c, make([]byte, 1))
		}
	}
	far.Close()
	<-done
	return s.ConnectionState(), c.ConnectionState(), err
}

func TestConnections(t *testing.T) {
	root, other := certificatetest.Authority(t, "Root"), certificatetest.Authority(t, "Other")
	server := &tls.Config{Certificates: []tls.Certificate{root.Issue(t, "example.org").TLS()}, NextProtos: []string{"b", "a"}}
	p := new(program)
	c := p.mustMakeClient(t, 0, vhost.TLS{CA: root.PEM(), ALPN: "c, a"})
	at, state, err := connect(t, c.Connection("example.org:443"), server, nil)
	if err != nil || state.NegotiatedProtocol != "a" || at.ServerName != "example.org" {
		t.Errorf("%+v %v", state, err)
	}
	x := c.Connection("example.org")
	x.SetProtocols("")
	if _, state, err = connect(t, x, server, nil); err != nil || state.NegotiatedProtocol != "" {
		t.Error(state.NegotiatedProtocol, err)
	}
	x.SetProtocols("z")
	_, _, err = connect(t, x, server, nil)
	if f := HandshakeFailure(err); f.Kind != FailureAlert || f.Text != "tls: alert from the server: no application protocol" {
		t.Errorf("%v %+v", err, f)
	}

	_, _, err = connect(t, c.Connection("example.net"), server, nil)
	if f := HandshakeFailure(err); f.Kind != FailureCertificate || f.Text != "tls: hostname mismatch" {
		t.Errorf("%+v", f)
	}
	// The program has the last word, both ways.
	refusal := errors.Join(ErrRefused)
	if _, _, err = connect(t, c.Connection("example.net"), server, func(v *Verification) error { return nil }); err != nil {
		t.Error(err)
	}
	_, _, err = connect(t, c.Connection("example.org"), server, func(v *Verification) error {
		if !v.OK() {
			t.Error(v)
		}
		return refusal
	})
	if f := HandshakeFailure(err); f.Kind != FailureProgram {
		t.Errorf("%+v", f)
	}

	x = c.Connection("example.net")
	x.Allow = AllowOtherName
	if _, _, err = connect(t, x, server, nil); err != nil || !p.logged("4 ", `"example.net" is accepted although`, "another name") {
		t.Error(err, p.lines)
	}

	stranger := p.mustMakeClient(t, 0, vhost.TLS{CA: other.PEM(), ALPN: "a"})
	if _, _, err = connect(t, stranger.Connection("example.org"), server, nil); HandshakeFailure(err).Text !=
		"tls: unable to get local issuer certificate" {
		t.Error(err)
	}
	if err = stranger.AddTrust(root.Certificate.Raw); err != nil {
		t.Error(err)
	}
	if _, _, err = connect(t, stranger.Connection("example.org"), server, nil); err != nil {
		t.Error(err)
	}
	if err = stranger.AddTrust([]byte("nonsense")); err == nil {
		t.Error("nonsense is trusted")
	}
}

func TestCertificatesOfClients(t *testing.T) {
	root, clients := certificatetest.Authority(t, "Root"), certificatetest.Authority(t, "Clients")
	mine, system := clients.Issue(t, "mine"), clients.Issue(t, "system")
	server := &tls.Config{Certificates: []tls.Certificate{root.Issue(t, "example.org").TLS()},
		ClientAuth: tls.RequestClientCert, ClientCAs: certificatetest.Pool(root)} // names none of ours
	shown := func(x *ClientConnection) string {
		t.Helper()
		at, _, err := connect(t, x, server, nil)
		if err != nil {
			t.Fatal(err)
		}
		if len(at.PeerCertificates) == 0 {
			return ""
		}
		return at.PeerCertificates[0].Subject.CommonName
	}
	p := new(program)
	without := p.mustMakeClient(t, 0, vhost.TLS{CA: root.PEM()})
	with := p.mustMakeClient(t, 0, vhost.TLS{CA: root.PEM(), Certificate: mine.PEM(), PrivateKey: mine.KeyPEM()})
	if got := shown(without.Connection("example.org")); got != "" {
		t.Error(got)
	}
	if got := shown(with.Connection("example.org")); got != "mine" {
		t.Error(got)
	}
	pair, err := SystemCertificate(system.Certificate.Raw, system.KeyDER())
	if err != nil {
		t.Fatal(err)
	}
	x := with.Connection("example.org")
	x.Certificate = pair
	if got := shown(x); got != "system" {
		t.Error(got)
	}
	if _, err = SystemCertificate(system.Certificate.Raw, mine.KeyDER()); err == nil {
		t.Error("another certificate's key")
	}
}

func TestClientsThatCannotBeMade(t *testing.T) {
	pair := certificatetest.SelfSigned(t, "me")
	for want, given := range map[string]vhost.TLS{
		"create it or correct client_ssl_cert_filepath": {CertificateFile: "/nowhere/a.pem"},
		"correct client_ssl_private_key_filepath": {Certificate: pair.PEM(),
			PrivateKeyFile: "/nowhere/b.pem"},
		"client_ssl_cipher_list": {CipherList: "RC4-MD5"},
		"ssl_client_options_set": {OptionsSet: opNoTLS12 | opNoTLS13},
	} {
		if _, err := new(program).makeClient(0, given); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v", want, err)
		}
	}
	if _, err := new(program).makeClient(vhost.IgnoreMissingCertificate, vhost.TLS{CertificateFile: "/nowhere/a.pem"}); err != nil {
		t.Error(err)
	}
	p := new(program)
	p.mustMakeClient(t, 0, vhost.TLS{Certificate: pair.PEM()})
	if !p.logged("2 ", "name its file in client_ssl_private_key_filepath") {
		t.Error(p.lines)
	}
	p.mustMakeClient(t, 0, vhost.TLS{CAFile: "/nowhere/ca.pem"})
	if !p.logged("1 ", "/nowhere/ca.pem: does not exist; create it or correct client_ssl_ca_filepath") {
		t.Error(p.lines)
	}
}

func TestSessionsOfClients(t *testing.T) {
	root := certificatetest.Authority(t, "Root")
	leaf := root.Issue(t, "example.org").TLS()
	for _, version := range []uint16{tls.VersionTLS12, tls.VersionTLS13} {
		server := &tls.Config{Certificates: []tls.Certificate{leaf}, MaxVersion: version}
		p := new(program)
		c := p.mustMakeClient(t, 0, vhost.TLS{CA: root.PEM(), SessionLifetime: 60, SessionCacheMax: 2})
		resumed := func(c *Client, name string) bool {
			t.Helper()
			x := c.Connection("example.org")
			x.Session = name
			asked := false
			_, state, err := connect(t, x, server, func(v *Verification) error {
				asked = true
				if !v.OK() {
					return v
				}
				return nil
			})
			if err != nil || !asked {
				t.Fatal(err, asked)
			}
			return state.DidResume
		}
		a, b, third := SessionName("example.org", 443, 0), SessionName("example.org", 444, 0), SessionName("example.org", 443, 1)
		if resumed(c, a) || resumed(c, b) || !resumed(c, a) || resumed(c, "") {
			t.Error("sessions of different servers are not kept apart")
		}
		// Who was used longest ago makes room.
		if resumed(c, third) || c.HasSession(b) || !c.HasSession(a) || !c.HasSession(third) {
			t.Error("not the oldest session went")
		}
		saved, ok := c.SaveSession(a)
		if _, none := c.SaveSession(b); !ok || none {
			t.Fatal("a session cannot be saved")
		}
		p.advance(61 * time.Second)
		if c.HasSession(a) {
			t.Error("the session has outlived its time")
		}
		if err := c.LoadSession(a, saved); err == nil {
			t.Error("an old session was loaded")
		}
		other := new(program).mustMakeClient(t, 0, vhost.TLS{CA: root.PEM()})
		if err := other.LoadSession(a, saved); err != nil || !resumed(other, a) {
			t.Error("a saved session is not resumed:", err)
		}
		stranger := new(program).mustMakeClient(t, 0, vhost.TLS{})
		if err := stranger.LoadSession(a, saved); err != nil {
			t.Error(err)
		}
		x := stranger.Connection("example.org")
		x.Session = a
		if _, _, err := connect(t, x, server, nil); HandshakeFailure(err).Kind != FailureCertificate {
			t.Error("a resumed session is trusted without authorities:", err)
		}
		for n := range len(saved) {
			if other.LoadSession("x", saved[:n]) == nil {
				t.Fatal("a part of a session was loaded:", n)
			}
		}
		none := new(program).mustMakeClient(t, vhost.DisableSessionResumption, vhost.TLS{CA: root.PEM()})
		if resumed(none, a) || resumed(none, a) || none.LoadSession(a, saved) == nil || none.KeepsSessions() {
			t.Error("sessions are kept although they are not wanted")
		}
	}
}

func TestFailures(t *testing.T) {
	for kind, err := range map[Failure]error{
		FailureClosed:   io.ErrUnexpectedEOF,
		FailureReset:    ErrReset,
		FailureTimeout:  ErrTimeout,
		FailureProtocol: errors.New("tls: something"),
		FailureNotTLS:   tls.RecordHeaderError{Msg: "x", Conn: &net.TCPConn{}},
	} {
		if f := HandshakeFailure(err); f.Kind != kind || f.Error() == "" {
			t.Errorf("%v: %+v", err, f)
		}
	}
	if text := HandshakeFailure(errors.New("tls: something")).Text; text != "tls: something" {
		t.Error(text)
	}
}

func FuzzSavedSessions(f *testing.F) {
	root := certificatetest.Authority(f, "Root")
	c := new(program).mustMakeClient(f, 0, vhost.TLS{CA: root.PEM()})
	server := &tls.Config{Certificates: []tls.Certificate{root.Issue(f, "example.org").TLS()}}
	x := c.Connection("example.org")
	x.Session = "a"
	if _, _, err := connect(f, x, server, nil); err != nil {
		f.Fatal(err)
	}
	saved, _ := c.SaveSession("a")
	f.Add(saved)
	f.Add(savedMark)
	f.Fuzz(func(t *testing.T, data []byte) {
		c.LoadSession("b", data)
		if c.HasSession("b") {
			if _, ok := c.SaveSession("b"); !ok {
				t.Error("what was loaded cannot be saved")
			}
		}
	})
}
