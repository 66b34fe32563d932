package tlsconfig

import (
	"crypto/tls"
	"testing"
	"time"

	"golws/engine/certificate/certificatetest"
	"golws/engine/vhost"
)

// client is one that keeps sessions.
func client(pair *certificatetest.Pair, highest uint16) *tls.Config {
	return &tls.Config{RootCAs: certificatetest.Pool(pair), ServerName: "example.org", MaxVersion: highest,
		ClientSessionCache: tls.NewLRUClientSessionCache(4)}
}

func resumes(t *testing.T, s *Server, c *tls.Config) bool {
	t.Helper()
	atServer, atClient, err := handshake(t, s.Config(), c)
	if err != nil {
		t.Fatal(err)
	}
	if atServer.DidResume != atClient.DidResume {
		t.Fatal("both sides disagree")
	}
	return atServer.DidResume
}

func TestSessionsResume(t *testing.T) {
	pair := certificatetest.SelfSigned(t, "example.org")
	given := vhost.TLS{Certificate: pair.PEM(), PrivateKey: pair.KeyPEM()}
	for _, version := range []uint16{tls.VersionTLS12, tls.VersionTLS13} {
		t.Run(tls.VersionName(version), func(t *testing.T) {
			p := new(program)
			s := p.mustMake(t, 0, given)
			c := client(pair, version)
			if resumes(t, s, c) || !resumes(t, s, c) {
				t.Error("the second connection does not resume")
			}
			if err := s.Reload(); err != nil || !resumes(t, s, c) {
				t.Error("a reload ends sessions:", err)
			}
			next := certificatetest.SelfSigned(t, "example.org")
			if err := s.Replace(next.PEM(), next.KeyPEM()); err != nil {
				t.Fatal(err)
			}
			// The client checks what it knows of the session's certificate against its own authorities.
			if !resumes(t, s, c) {
				t.Error("a new certificate ends sessions")
			}
		})
	}
}

func TestSessionsEnd(t *testing.T) {
	pair := certificatetest.SelfSigned(t, "example.org")
	for _, version := range []uint16{tls.VersionTLS12, tls.VersionTLS13} {
		t.Run(tls.VersionName(version), func(t *testing.T) {
			p := new(program)
			s := p.mustMake(t, 0, vhost.TLS{Certificate: pair.PEM(), PrivateKey: pair.KeyPEM(), SessionLifetime: 600})
			c := client(pair, version)
			resumes(t, s, c)
			p.advance(599 * time.Second)
			if !resumes(t, s, c) {
				t.Error("ended early")
			}
			p.advance(600 * time.Second)
			if resumes(t, s, c) {
				t.Error("resumed too late")
			}
			// Over the changes of the keys: always what is younger than the lifetime, and nothing else.
			for i := range 20 {
				p.advance(450 * time.Second)
				if version == tls.VersionTLS13 && !resumes(t, s, c) {
					t.Error("ended early, round", i)
				}
			}
			p.advance(30 * 24 * time.Hour)
			if resumes(t, s, c) {
				t.Error("resumed after a month")
			}
		})
	}
}

func TestSessionsStayWithTheirVhost(t *testing.T) {
	pair := certificatetest.SelfSigned(t, "example.org")
	given := vhost.TLS{Certificate: pair.PEM(), PrivateKey: pair.KeyPEM()}
	p := new(program)
	a, b := p.mustMake(t, 0, given), p.mustMake(t, vhost.RequireClientCertificate, given)
	c := client(pair, 0)
	if resumes(t, a, c) || !resumes(t, a, c) {
		t.Error("no resumption")
	}
	if _, _, err := handshake(t, b.Config(), c); err == nil {
		t.Error("a session of one vhost opened another that wants client certificates")
	}
	other := p.mustMake(t, 0, given)
	if resumes(t, other, c) {
		t.Error("a session of one vhost was resumed at another")
	}
}

func TestSessionsOff(t *testing.T) {
	pair := certificatetest.SelfSigned(t, "example.org")
	for name, c := range map[string]struct {
		options vhost.Options
		set     uint64
		clear   uint64
		off     bool
	}{
		"option":             {vhost.DisableSessionResumption, 0, 0, true},
		"SSL_OP_NO_TICKET":   {0, opNoTicket, 0, true},
		"the same, cleared ": {0, opNoTicket, opNoTicket, false},
	} {
		s := new(program).mustMake(t, c.options, vhost.TLS{Certificate: pair.PEM(), PrivateKey: pair.KeyPEM(),
			OptionsSet: c.set, OptionsClear: c.clear})
		for _, version := range []uint16{tls.VersionTLS12, tls.VersionTLS13} {
			keeps := client(pair, version)
			resumes(t, s, keeps)
			if resumes(t, s, keeps) == c.off {
				t.Error(name, tls.VersionName(version))
			}
		}
	}
}

// A ticket that nobody here has made, or that was changed, is a full handshake and no error.
func TestForeignTickets(t *testing.T) {
	tickets := newTickets(0, time.Now)
	for _, identity := range [][]byte{nil, {1}, make([]byte, 200)} {
		if session, err := tickets.unwrap(identity, tls.ConnectionState{}); session != nil || err != nil {
			t.Error(session, err)
		}
	}
	if newTickets(1000*time.Hour, time.Now).lifetime != longestLifetime {
		t.Error("longer than TLS allows")
	}
}
