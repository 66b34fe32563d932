package tlsconfig

import (
	"bytes"
	"crypto/tls"
	"encoding/binary"
	"errors"
	"slices"
	"sync"
	"time"
)

// sessions are those that a vhost's connections may resume. There is one for each name, the latest.
type sessions struct {
	most     int
	lifetime time.Duration
	clock    func() time.Time

	mu  sync.Mutex
	all []*session // the least recently used first; there are few
}

type session struct {
	name  string
	state *tls.ClientSessionState
	until time.Time
}

func newSessions(most int, lifetime time.Duration, clock func() time.Time) *sessions {
	if most <= 0 {
		most = mostSessions
	}
	if lifetime <= 0 {
		lifetime = opensslLifetime
	}
	return &sessions{most: most, lifetime: min(lifetime, longestLifetime), clock: clock}
}

// find returns the place of a session that can be used, -1 where there is none. The lock is held.
func (s *sessions) find(name string) int {
	now := s.clock()
	s.all = slices.DeleteFunc(s.all, func(one *session) bool { return !now.Before(one.until) })
	return slices.IndexFunc(s.all, func(one *session) bool { return one.name == name })
}

func (s *sessions) get(name string) *tls.ClientSessionState {
	s.mu.Lock()
	defer s.mu.Unlock()
	i := s.find(name)
	if i < 0 {
		return nil
	}
	one := s.all[i]
	s.all = append(slices.Delete(s.all, i, i+1), one)
	return one.state
}

func (s *sessions) put(name string, state *tls.ClientSessionState, until time.Time) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if i := s.find(name); i >= 0 {
		s.all = slices.Delete(s.all, i, i+1)
	}
	if state == nil {
		return
	}
	if len(s.all) >= s.most {
		s.all = slices.Delete(s.all, 0, 1)
	}
	s.all = append(s.all, &session{name, state, until})
}

// sessionOf is the place of one connection's session, as crypto/tls wants it.
type sessionOf struct {
	*sessions
	name string
}

// Get implements tls.ClientSessionCache.
func (s sessionOf) Get(string) (*tls.ClientSessionState, bool) {
	state := s.get(s.name)
	return state, state != nil
}

// Put implements tls.ClientSessionCache.
func (s sessionOf) Put(_ string, state *tls.ClientSessionState) {
	s.put(s.name, state, s.clock().Add(s.lifetime))
}

// savedMark begins a session that was saved. The number changes with the form.
var savedMark = []byte("golws session 1\n")

var errSaved = errors.New("this is no session that was saved by this library")

// save turns a session into bytes: a mark, until when it is good, the length of the ticket, the ticket, the state.
func (s *sessions) save(name string) ([]byte, bool) {
	state := s.get(name)
	if state == nil {
		return nil, false
	}
	ticket, secrets, err := state.ResumptionState()
	if err != nil || secrets == nil {
		return nil, false
	}
	rest, err := secrets.Bytes()
	if err != nil {
		return nil, false
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	until := s.clock()
	if i := s.find(name); i >= 0 {
		until = s.all[i].until
	}
	data := binary.BigEndian.AppendUint64(bytes.Clone(savedMark), uint64(until.Unix()))
	data = binary.BigEndian.AppendUint32(data, uint32(len(ticket)))
	return append(append(data, ticket...), rest...), true
}

func (s *sessions) load(name string, data []byte) error {
	rest, ok := bytes.CutPrefix(data, savedMark)
	if !ok || len(rest) < 12 {
		return errSaved
	}
	now := s.clock()
	until := time.Unix(int64(binary.BigEndian.Uint64(rest)), 0)
	n := binary.BigEndian.Uint32(rest[8:])
	rest = rest[12:]
	if uint64(n) > uint64(len(rest)) {
		return errSaved
	}
	state, err := tls.ParseSessionState(rest[n:])
	if err != nil {
		return errSaved
	}
	resumable, err := tls.NewResumptionState(bytes.Clone(rest[:n]), state)
	if err != nil {
		return errSaved
	}
	if !now.Before(until) {
		return errors.New("the session is too old")
	}
	if latest := now.Add(longestLifetime); until.After(latest) {
		until = latest
	}
	s.put(name, resumable, until)
	return nil
}
