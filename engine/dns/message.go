package dns

import (
	"crypto/rand"
	"encoding/binary"
	"errors"
	"net/netip"
	"strings"
	"time"

	"golang.org/x/net/dns/dnsmessage"

	"golws/engine/ascii"
)

const (
	// datagram is what an answer over UDP may be long, as large as goes through everywhere unfragmented.
	datagram = 1232
	// maxAddresses is how many of an answer's addresses are used.
	maxAddresses = 64
	// maxChain is how many names an alias may lead through.
	maxChain = 16
)

var (
	errNotAnAnswer = errors.New("not an answer to the question")
	errTruncated   = errors.New("the answer is cut off")
	errMalformed   = errors.New("the answer is malformed")
	errServer      = errors.New("the server cannot answer")
	errRefused     = errors.New("the server refuses to answer")
	errForm        = errors.New("the server does not understand the question")
	errLame        = errors.New("the server knows of nobody who could answer")
)

// question is what a server is asked.
type question struct {
	name string // with its last dot
	kind dnsmessage.Type
}

// answer is what a server said.
type answer struct {
	addresses []netip.Addr
	exists    bool          // the name does, although it may have no address of the kind
	lasts     time.Duration // 0: not to be kept
	alias     string        // the name that the answer leads to and says nothing about, or empty
}

// identity is a number for a question that nobody can guess.
func identity() uint16 {
	var b [2]byte
	rand.Read(b[:])
	return binary.NativeEndian.Uint16(b[:])
}

// query makes the message that asks.
func query(q question, id uint16, extended bool) ([]byte, error) {
	name, err := dnsmessage.NewName(q.name)
	if err != nil {
		return nil, err
	}
	b := dnsmessage.NewBuilder(make([]byte, 2, 2+512), dnsmessage.Header{ID: id, RecursionDesired: true})
	if err = b.StartQuestions(); err != nil {
		return nil, err
	}
	if err = b.Question(dnsmessage.Question{Name: name, Type: q.kind, Class: dnsmessage.ClassINET}); err != nil {
		return nil, err
	}
	if extended {
		if err = b.StartAdditionals(); err != nil {
			return nil, err
		}
		var h dnsmessage.ResourceHeader
		if err = h.SetEDNS0(datagram, dnsmessage.RCodeSuccess, false); err != nil {
			return nil, err
		}
		if err = b.OPTResource(h, dnsmessage.OPTResource{}); err != nil {
			return nil, err
		}
	}
	return b.Finish()
}

// read takes an answer apart. errNotAnAnswer: it belongs to another question, and is nobody's or an attack.
func read(message []byte, q question, id uint16) (a answer, err error) {
	var p dnsmessage.Parser
	h, err := p.Start(message)
	if err != nil || !h.Response || h.ID != id || h.OpCode != 0 {
		return a, errNotAnAnswer
	}
	asked, err := p.Question()
	if err != nil {
		// Servers that do not understand a question may leave it out.
		if err == dnsmessage.ErrSectionDone && h.RCode == dnsmessage.RCodeFormatError {
			return a, errForm
		}
		return a, errNotAnAnswer
	}
	if asked.Type != q.kind || asked.Class != dnsmessage.ClassINET || !ascii.EqualFold(asked.Name.String(), q.name) {
		return a, errNotAnAnswer
	}
	if _, err = p.Question(); err != dnsmessage.ErrSectionDone {
		return a, errNotAnAnswer
	}
	switch h.RCode {
	case dnsmessage.RCodeSuccess, dnsmessage.RCodeNameError:
	case dnsmessage.RCodeRefused:
		return a, errRefused
	case dnsmessage.RCodeFormatError, dnsmessage.RCodeNotImplemented:
		return a, errForm
	default:
		return a, errServer
	}
	if h.Truncated {
		return a, errTruncated
	}
	chain, lasts, err := readAnswers(&p, q, &a)
	if err != nil {
		return a, errMalformed
	}
	a.exists = h.RCode == dnsmessage.RCodeSuccess
	if len(a.addresses) > 0 {
		a.exists, a.lasts = true, lasts
		return a, nil
	}
	negative, found, err := readAuthority(&p)
	if err != nil {
		return a, errMalformed
	}
	if found {
		a.lasts = min(negative, lasts)
		return a, nil
	}
	if a.exists && chain != q.name {
		a.alias = chain
		a.lasts = lasts
		return a, nil
	}
	if a.exists && !h.Authoritative && !h.RecursionAvailable {
		return a, errLame
	}
	return a, nil
}

// forever is how long what has no limit of its own lasts.
const forever = 1<<31 - 1

func seconds(n uint32) time.Duration {
	if n > forever {
		n = 0 // RFC 2181 section 8
	}
	return time.Duration(n) * time.Second
}

// readAnswers follows the aliases from the name that was asked for, and takes the addresses at their end. It returns the
// name there, and how long all of it lasts.
func readAnswers(p *dnsmessage.Parser, q question, a *answer) (end string, lasts time.Duration, err error) {
	type alias struct {
		to    string
		lasts time.Duration
	}
	type found struct {
		address netip.Addr
		owner   string
		lasts   time.Duration
	}
	aliases := map[string]alias{}
	var addresses []found
	for {
		h, err := p.AnswerHeader()
		if err == dnsmessage.ErrSectionDone {
			break
		}
		if err != nil {
			return "", 0, err
		}
		owner := strings.ToLower(h.Name.String())
		switch {
		case h.Class != dnsmessage.ClassINET:
			err = p.SkipAnswer()
		case h.Type == dnsmessage.TypeCNAME:
			var r dnsmessage.CNAMEResource
			r, err = p.CNAMEResource()
			if _, twice := aliases[owner]; !twice && len(aliases) < maxChain {
				aliases[owner] = alias{strings.ToLower(r.CNAME.String()), seconds(h.TTL)}
			}
		case h.Type != q.kind || len(addresses) >= maxAddresses:
			err = p.SkipAnswer()
		case h.Type == dnsmessage.TypeA:
			var r dnsmessage.AResource
			r, err = p.AResource()
			addresses = append(addresses, found{netip.AddrFrom4(r.A), owner, seconds(h.TTL)})
		case h.Type == dnsmessage.TypeAAAA:
			var r dnsmessage.AAAAResource
			r, err = p.AAAAResource()
			addresses = append(addresses, found{netip.AddrFrom16(r.AAAA), owner, seconds(h.TTL)})
		default:
			err = p.SkipAnswer()
		}
		if err != nil {
			return "", 0, err
		}
	}
	end, lasts = strings.ToLower(q.name), seconds(forever)
	for range maxChain {
		next, ok := aliases[end]
		if !ok {
			break
		}
		end, lasts = next.to, min(lasts, next.lasts)
	}
	for _, f := range addresses {
		if f.owner == end {
			a.addresses = append(a.addresses, f.address)
			lasts = min(lasts, f.lasts)
		}
	}
	if end == strings.ToLower(q.name) {
		end = q.name
	}
	return end, lasts, nil
}

// readAuthority finds how long it lasts that there is nothing (RFC 2308 section 5).
func readAuthority(p *dnsmessage.Parser) (lasts time.Duration, found bool, err error) {
	for {
		h, err := p.AuthorityHeader()
		if err == dnsmessage.ErrSectionDone {
			return 0, false, nil
		}
		if err != nil {
			return 0, false, err
		}
		if h.Type == dnsmessage.TypeSOA && h.Class == dnsmessage.ClassINET {
			r, err := p.SOAResource()
			return min(seconds(h.TTL), seconds(r.MinTTL)), true, err
		}
		if err = p.SkipAuthority(); err != nil {
			return 0, false, err
		}
	}
}
