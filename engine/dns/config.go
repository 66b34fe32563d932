package dns

import (
	"net/netip"
	"os"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"
)

// The limits of glibc.
const (
	maxServers  = 3
	maxNdots    = 15
	maxTimeout  = 30
	maxAttempts = 5
)

const portDNS = 53

// config is what a lookup goes by. It is not changed once it is in use.
type config struct {
	servers  []netip.AddrPort
	search   []string // each ends with a dot
	ndots    int
	timeout  time.Duration // for each server
	attempts int
	rotate   bool
	single   bool // one question at a time
	overTCP  bool
	onlyIPv4 bool // no-aaaa
	noTLD    bool // names without a dot are not asked for as they stand
	foreign  bool // something is configured that only the system's own functions know
	sources  sources
	policy   policy
}

// paths are the files that configure a resolver; tests have their own.
type paths struct{ resolver, sources, policy string }

var systemPaths = paths{resolver: "/etc/resolv.conf", sources: "/etc/nsswitch.conf", policy: "/etc/gai.conf"}

// configuration follows the files.
type configuration struct {
	mutex                     sync.Mutex
	resolver, sources, policy file
	port                      uint16
	current                   *config
	generation                uint64 // of the name servers and search list
}

func newConfiguration(p paths, port uint16) *configuration {
	return &configuration{resolver: file{path: p.resolver}, sources: file{path: p.sources}, policy: file{path: p.policy}, port: port}
}

// get is the present configuration. The generation changes when other servers are asked.
func (c *configuration) get() (*config, uint64) {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	resolver, sources, policy := c.resolver.changed(), c.sources.changed(), c.policy.changed()
	if !resolver && !sources && !policy {
		return c.current, c.generation
	}
	if resolver {
		c.generation++
	}
	next := readResolver(&c.resolver, c.port)
	for _, name := range []string{"LOCALDOMAIN", "RES_OPTIONS", "HOSTALIASES"} {
		next.foreign = next.foreign || os.Getenv(name) != ""
	}
	next.sources = readSources(&c.sources)
	next.policy = readPolicy(&c.policy)
	c.current = next
	return next, c.generation
}

// readResolver reads resolv.conf(5).
func readResolver(f *file, port uint16) *config {
	c := &config{ndots: 1, timeout: 5 * time.Second, attempts: 2}
	searched := false
	f.lines("#;", func(fields []string) {
		switch fields[0] {
		case "nameserver":
			if len(fields) < 2 || len(c.servers) == maxServers {
				return
			}
			if a, err := netip.ParseAddr(fields[1]); err == nil {
				c.servers = append(c.servers, netip.AddrPortFrom(a, port))
			}
		case "domain":
			if len(fields) > 1 {
				c.search, searched = domains(fields[1:2]), true
			}
		case "search":
			c.search, searched = domains(fields[1:]), true
		case "options":
			for _, option := range fields[1:] {
				c.option(option)
			}
		default: // sortlist
			c.foreign = true
		}
	})
	if len(c.servers) == 0 {
		c.servers = []netip.AddrPort{netip.AddrPortFrom(netip.AddrFrom4([4]byte{127, 0, 0, 1}), port)}
	}
	if !searched {
		if name, err := os.Hostname(); err == nil {
			if _, domain, ok := strings.Cut(name, "."); ok && domain != "" {
				c.search = domains([]string{domain})
			}
		}
	}
	return c
}

func domains(names []string) (list []string) {
	for _, name := range names {
		if name = strings.Trim(name, ".") + "."; name != "." {
			list = append(list, name)
		}
	}
	return list
}

func (c *config) option(text string) {
	name, digits, _ := strings.Cut(text, ":")
	n, _ := strconv.Atoi(digits)
	switch name {
	case "ndots":
		c.ndots = min(max(n, 0), maxNdots)
	case "timeout":
		c.timeout = time.Duration(min(max(n, 1), maxTimeout)) * time.Second
	case "attempts":
		c.attempts = min(max(n, 1), maxAttempts)
	case "rotate":
		c.rotate = true
	case "single-request", "single-request-reopen":
		c.single = true
	case "use-vc", "usevc", "tcp":
		c.overTCP = true
	case "no-aaaa":
		c.onlyIPv4 = true
	case "no-tld-query", "no_tld_query":
		c.noTLD = true
	case "edns0", "trust-ad", "no-check-names", "no-reload", "debug", "insecure1", "insecure2":
	default:
		c.foreign = true
	}
}

// names are what a name may mean, in the order in which to ask.
func (c *config) names(name string) []string {
	if strings.HasSuffix(name, ".") {
		return []string{name}
	}
	dots := strings.Count(name, ".")
	var list []string
	asItStands := name + "."
	if dots >= c.ndots {
		list = append(list, asItStands)
	}
	for _, domain := range c.search {
		list = append(list, asItStands+domain)
	}
	if dots < c.ndots && (dots > 0 || !c.noTLD) {
		list = append(list, asItStands)
	}
	return slices.DeleteFunc(list, func(name string) bool { return len(name) > maxName+1 })
}

// readPolicy reads the parts of gai.conf(5) that give addresses labels and precedences. One line replaces the whole table.
func readPolicy(f *file) policy {
	var p policy
	f.lines("#", func(fields []string) {
		if len(fields) < 3 || fields[0] != "label" && fields[0] != "precedence" {
			return
		}
		prefix, err := netip.ParsePrefix(fields[1])
		if err != nil {
			a, err := netip.ParseAddr(fields[1])
			if err != nil {
				return
			}
			prefix = netip.PrefixFrom(a, a.BitLen())
		}
		n, err := strconv.Atoi(fields[2])
		if err != nil || !prefix.Addr().Is6() {
			return
		}
		r := rule{prefix: prefix, precedence: n, label: n}
		if fields[0] == "label" {
			p.labels = append(p.labels, r)
		} else {
			p.precedences = append(p.precedences, r)
		}
	})
	if p.labels == nil {
		p.labels = defaultPolicy
	}
	if p.precedences == nil {
		p.precedences = defaultPolicy
	}
	return p
}
