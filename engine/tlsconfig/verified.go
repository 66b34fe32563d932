package tlsconfig

import (
	"crypto/sha256"
	"crypto/x509"
	"encoding/binary"
	"sync"
	"time"
)

// mostVerified is how many chains, and how many signatures, are remembered at once.
const mostVerified = 64

// verified remembers chains of servers that were found good, because the signatures in them are a large part of a
// handshake's work and servers send the same ones again.
//
// What crypto/x509 finds depends on the bytes of the certificates, on who is trusted, and on whether the time is in the
// period of each certificate of a chain. So what was good is good again where the bytes and the pool are the same, while
// the chain that was found is valid. Names are not remembered, and neither is anything that is wrong.
type verified struct{ remembered[verifiedChains] }

type verifiedChains struct {
	trusted      *x509.CertPool
	chains       [][]*x509.Certificate
	since, until time.Time
}

// verify is Verify for servers. known may be nil.
func (known *verified) verify(certificates []*x509.Certificate, trusted *x509.CertPool, now time.Time) *Verification {
	if known == nil || len(certificates) == 0 {
		return Verify(certificates, trusted, x509.ExtKeyUsageServerAuth, "", now)
	}
	key := digest(certificates)
	if before, ok := known.get(key); ok && before.trusted == trusted && !now.Before(before.since) && !now.After(before.until) {
		return &Verification{Certificates: certificates, Chains: before.chains}
	}
	v := Verify(certificates, trusted, x509.ExtKeyUsageServerAuth, "", now)
	if !v.OK() {
		return v
	}
	found := verifiedChains{trusted: trusted, chains: v.Chains, until: forever}
	for _, c := range v.Chains[0] {
		if c.NotBefore.After(found.since) {
			found.since = c.NotBefore
		}
		if c.NotAfter.Before(found.until) {
			found.until = c.NotAfter
		}
	}
	known.put(key, found)
	return v
}

// digest stands for the certificates, in their order, and for the names that are taken for those of the first, which may
// be more than it has itself.
func digest(certificates []*x509.Certificate) (key [sha256.Size]byte) {
	h := sha256.New()
	h.Write(binary.BigEndian.AppendUint64(nil, uint64(len(certificates))))
	part := func(p []byte) {
		h.Write(binary.BigEndian.AppendUint64(nil, uint64(len(p))))
		h.Write(p)
	}
	for _, c := range certificates {
		part(c.Raw)
	}
	for _, name := range certificates[0].DNSNames {
		part([]byte(name))
	}
	h.Sum(key[:0])
	return key
}

// ownSignatures remembers which certificates have signed themselves, which is so or not so for ever. Programs that accept
// such servers would check that in each handshake.
var ownSignatures remembered[bool]

// signedItself says whether a certificate has its own signature.
func signedItself(c *x509.Certificate) bool {
	key := sha256.Sum256(c.Raw)
	own, ok := ownSignatures.get(key)
	if !ok {
		own = signed(c, c)
		ownSignatures.put(key, own)
	}
	return own
}

// remembered is what was found out of certificates, by their digest. It begins anew when it is full.
type remembered[T any] struct {
	mu  sync.Mutex
	all map[[sha256.Size]byte]T
}

func (r *remembered[T]) get(key [sha256.Size]byte) (found T, ok bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	found, ok = r.all[key]
	return found, ok
}

func (r *remembered[T]) put(key [sha256.Size]byte, found T) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if len(r.all) >= mostVerified || r.all == nil {
		r.all = make(map[[sha256.Size]byte]T)
	}
	r.all[key] = found
}
