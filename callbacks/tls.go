package callbacks

// #include "handles.h"
//
// static int golws_handshake_in(uintptr_t wsi, int done)
// { return golws_wsi_call_handshake((struct lws *)wsi, done); }
// static int golws_verify_in(uintptr_t wsi, uintptr_t vhost, int server, int valid)
// { return golws_wsi_call_verify((struct lws *)wsi, (struct lws_vhost *)vhost, server, valid); }
import "C"

import (
	"errors"
	"fmt"
	"sync"

	"golws/engine/certificate"
	"golws/engine/conn"
	"golws/engine/tlsconfig"
)

// Verifying is the judgement of a peer's certificate that is under way.
type Verifying struct {
	*tlsconfig.Verification
	conn     *conn.Conn
	Accepted bool // by the program, whatever is wrong with it
}

var explain sync.Once

// VerifyPeer implements conn.PeerVerifier. A program that returns 0 because it does not know the event must not have
// accepted an invalid certificate by that, so that takes a call.
func (p *Program) VerifyPeer(c *conn.Conn, h *conn.Host, v *tlsconfig.Verification) error {
	refused, accepted := p.verify(c, h, v, false)
	switch {
	case refused:
		return errors.New("the program refused the peer's certificate")
	case accepted:
		return nil
	}
	explain.Do(func() {
		Log(conn.LogWarning, fmt.Sprintf("vhost %s: the certificate of a client, %q, was refused: %s. "+
			"LWS_CALLBACK_OPENSSL_PERFORM_CLIENT_CERT_VERIFICATION accepts one like that by a call of "+
			"lws_tls_accept_peer_cert(), and not by returning 0 alone", h.Name,
			certificate.CommonName(v.Certificates[0]), v.Error()))
	})
	return v
}

// VerifyServer implements conn.ServerVerifier. What returning 0 means is as with VerifyPeer.
func (p *Program) VerifyServer(c *conn.Conn, v *tlsconfig.Verification) error {
	refused, accepted := p.verify(c, c.Host(), v, true)
	switch {
	case refused:
		return tlsconfig.ErrRefused
	case accepted:
		return nil
	}
	return v
}

// verify asks the program about a peer that has named h, or is a server.
func (p *Program) verify(c *conn.Conn, h *conn.Host, v *tlsconfig.Verification, server bool) (refused, accepted bool) {
	q := p.threads[c.Thread().Index]
	outer := q.verifying
	judgement := &Verifying{Verification: v, conn: c}
	q.verifying = judgement
	wsiOf(c).mirror = C.uint32_t(c.Mirror)
	result := C.golws_verify_in(C.uintptr_t(c.Address()), C.uintptr_t(h.Reference), C.int(bit(server)), C.int(bit(v.OK())))
	p.returned(c)
	q.verifying = outer
	return result != 0, v.OK() || judgement.Accepted
}

// VerifyingOf is the judgement about the peer of c that is under way, or nil. The service lock of its thread is held.
func (p *Program) VerifyingOf(c *conn.Conn) *Verifying {
	if v := p.threads[c.Thread().Index].verifying; v != nil && v.conn == c {
		return v
	}
	return nil
}

// Handshake implements conn.HandshakeObserver.
func (p *Program) Handshake(c *conn.Conn, done bool) bool {
	wsi := wsiOf(c)
	wsi.mirror = C.uint32_t(c.Mirror)
	refused := C.golws_handshake_in(C.uintptr_t(c.Address()), C.int(bit(done))) != 0
	p.returned(c)
	return !refused
}
