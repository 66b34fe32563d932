package tlsconfig

import (
	"bytes"
	"crypto/tls"
	"fmt"
	"os"
	"slices"
	"time"

	"golws/engine/certificate"
)

// fileState is what tells whether files have changed since they were read.
type fileState struct {
	marks [3]mark // certificate, key, authorities
	fresh bool    // one had been changed so shortly before that the next change may leave no trace
}

type mark struct {
	changed time.Time
	info    os.FileInfo // nil where there is none
}

// recent is longer than the clock of file systems takes for a step, including those of networks.
const recent = 2 * time.Second

func (s *Server) look() fileState {
	var state fileState
	now := time.Now()
	for i, path := range []string{s.origin.certificateFile, s.origin.keyFile, s.authoritiesFile()} {
		if path == "" {
			continue
		}
		if info, err := os.Stat(path); err == nil {
			state.marks[i] = mark{info.ModTime(), info}
			if age := now.Sub(info.ModTime()); age < recent && age > -recent {
				state.fresh = true
			}
		}
	}
	return state
}

func (s *Server) authoritiesFile() string {
	if !s.asksClients {
		return ""
	}
	return s.vhost.TLS.CAFile
}

func (m *mark) same(other *mark) bool {
	if m.info == nil || other.info == nil {
		return m.info == other.info
	}
	return m.changed.Equal(other.changed) && m.info.Size() == other.info.Size() && os.SameFile(m.info, other.info)
}

// FilesChanged says whether it is time for Reload: whether a file differs from what it was when it was read last, or
// had been written so shortly before that a later change might not show. It looks at the files' metadata only. A Reload
// that failed is not asked for again before a file changes once more; so certificate and key that are written one after
// the other end in a good one.
func (s *Server) FilesChanged() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.tried.fresh {
		return true
	}
	now := s.look()
	for i := range now.marks {
		if !now.marks[i].same(&s.tried.marks[i]) {
			return true
		}
	}
	return false
}

// Reload reads certificate, key and authorities again from where they came from. The next handshake uses what is new;
// connections that exist do not notice, and sessions can still be resumed. After an error everything stays as it was.
// Where nothing has changed it does nothing.
func (s *Server) Reload() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.change(s.origin)
}

// ReplaceFiles does the same with other files, which from then on are those that Reload reads.
func (s *Server) ReplaceFiles(certificateFile, keyFile string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	next := origin{certificateFile: certificateFile, keyFile: keyFile, password: s.origin.password}
	before := s.origin
	s.origin = next
	err := s.change(next)
	if err != nil {
		s.origin = before
		s.tried = s.look()
	}
	return err
}

// Replace does the same with a certificate and a key from memory, PEM or DER. Both are copied. A vhost whose certificate
// came from files goes back to these with Reload; otherwise Reload reads what Replace brought.
func (s *Server) Replace(certificateBytes, key []byte) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	next := origin{certificate: bytes.Clone(certificateBytes), key: bytes.Clone(key), password: s.origin.password}
	m, err := next.load(s.clock())
	if err == nil {
		err = s.suits(m)
	}
	if err != nil {
		return err
	}
	// Beside files, memory is for when these cannot be read any more. With a key that is in the same file as the
	// certificate it would be taken for that certificate's.
	if s.origin.certificateFile == "" || s.origin.keyFile != "" {
		s.origin.certificate, s.origin.key = next.certificate, next.key
	}
	s.take(m)
	return nil
}

// change loads the certificate of o, and the authorities, and installs both or neither.
func (s *Server) change(o origin) error {
	s.tried = s.look()
	before := s.trusted
	if err := s.loadTrust(); err != nil {
		s.trusted = before
		return err
	}
	m := &material{pairs: s.current.Load().pairs}
	if !o.none() {
		var err error
		if m, err = o.load(s.clock()); err == nil {
			err = s.suits(m)
		}
		if err != nil {
			s.trusted = before
			return err
		}
	}
	s.take(m)
	return nil
}

// take installs m and says so, unless nothing is new.
func (s *Server) take(m *material) {
	before := s.current.Load()
	same := slices.EqualFunc(before.pairs, m.pairs, func(a, b tls.Certificate) bool {
		return slices.EqualFunc(a.Certificate, b.Certificate, bytes.Equal)
	})
	s.install(m.pairs)
	if same {
		return
	}
	s.warn(m.warnings)
	leaf := m.pairs[0].Leaf
	s.log(logNotice, fmt.Sprintf("new certificate for %q, valid until %s, from the next handshake on",
		certificate.CommonName(leaf), leaf.NotAfter.UTC().Format(time.DateTime+" MST")))
}
