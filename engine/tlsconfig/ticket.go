package tlsconfig

import (
	"bytes"
	"crypto/rand"
	"crypto/tls"
	"encoding/binary"
	"sync"
	"time"
)

// How long sessions can be resumed: two hours unless the program says otherwise, as OpenSSL's servers, and a week at
// most (RFC 8446 section 4.6.1).
const (
	defaultLifetime = 2 * time.Hour
	longestLifetime = 7 * 24 * time.Hour
)

// tickets encrypts the sessions that clients keep. The keys belong to one Server and go through all its certificates:
// a session is resumed on any thread and after a reload, but never at another virtual host, whose certificate the
// client would not have seen, or whose demands on clients are others.
//
// crypto/tls changes the keys of a Config once a day and keeps a week's. Lifetimes are our own here, so keys are
// changed with them, and what was issued when is written into the session.
type tickets struct {
	holder   tls.Config // nothing but the keys
	lifetime time.Duration
	clock    func() time.Time

	mu       sync.Mutex
	current  [32]byte
	changeAt time.Time
}

func newTickets(lifetime time.Duration, clock func() time.Time) *tickets {
	if lifetime <= 0 {
		lifetime = defaultLifetime
	}
	t := &tickets{lifetime: min(lifetime, longestLifetime), clock: clock}
	t.change(clock())
	return t
}

// change makes new keys when it is time. Of the older ones, those that a living session may still have are kept: as
// keys are in use for at least one lifetime, that is the one before.
func (t *tickets) change(now time.Time) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if now.Before(t.changeAt) {
		return
	}
	previous, first := t.current, t.changeAt.IsZero()
	rand.Read(t.current[:])
	keys := [][32]byte{t.current}
	// Nothing that the previous key protects lives any more when it was due a whole period ago.
	period := max(t.lifetime, time.Hour)
	if !first && now.Before(t.changeAt.Add(period)) {
		keys = append(keys, previous)
	}
	t.holder.SetSessionTicketKeys(keys)
	t.changeAt = now.Add(period)
}

var sessionMark = []byte("golws-issued:")

func (t *tickets) wrap(state tls.ConnectionState, session *tls.SessionState) ([]byte, error) {
	now := t.clock()
	t.change(now)
	session.Extra = append(session.Extra, binary.BigEndian.AppendUint64(bytes.Clone(sessionMark), uint64(now.Unix())))
	return t.holder.EncryptTicket(state, session)
}

func (t *tickets) unwrap(identity []byte, state tls.ConnectionState) (*tls.SessionState, error) {
	now := t.clock()
	t.change(now)
	session, err := t.holder.DecryptTicket(identity, state)
	if err != nil || session == nil {
		return nil, nil // a full handshake
	}
	for _, extra := range session.Extra {
		if issued, ok := bytes.CutPrefix(extra, sessionMark); ok && len(issued) == 8 {
			age := now.Unix() - int64(binary.BigEndian.Uint64(issued))
			if age >= 0 && age < int64(t.lifetime/time.Second) {
				return session, nil
			}
		}
	}
	return nil, nil
}
