package dns

import (
	"context"
	"errors"
	"net"
	"net/netip"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"golang.org/x/net/dns/dnsmessage"
)

const (
	// resolutionDelay is how long IPv4 addresses wait for those of IPv6 (RFC 8305 section 3).
	resolutionDelay = 50 * time.Millisecond
	// maxQuestions is how many questions are under way at once; each has a socket.
	maxQuestions = 128
	// maxAliases is how many times an answer that is only an alias leads to another question.
	maxAliases = 8
	// silence is for how long a server that did not answer is asked after the others.
	silence = 30 * time.Second
)

// Resolver finds addresses. Its methods may be called by any goroutine.
type Resolver struct {
	configuration *configuration
	hosts         hosts
	system        func(ctx context.Context, name string) ([]netip.Addr, error)
	source        func(to netip.Addr) netip.Addr
	questions     chan struct{}
	turn          atomic.Uint32 // of the servers, with the option rotate

	mutex      sync.Mutex
	own        []netip.AddrPort // servers that the program has named, in place of the system's
	ownChanged uint64
	generation [2]uint64 // of the configuration and of own, that the cache is of
	cache      cache
	silent     map[netip.AddrPort]time.Time
	flights    map[string]*flight
}

// System is the resolver that follows the system's configuration.
var System = New()

// New makes a resolver that follows the system's configuration but for the servers, where any are given.
func New(servers ...netip.AddrPort) *Resolver {
	return newResolver(systemPaths, "/etc/hosts", portDNS, servers)
}

func newResolver(p paths, hostsPath string, port uint16, servers []netip.AddrPort) *Resolver {
	r := &Resolver{
		configuration: newConfiguration(p, port),
		hosts:         hosts{file: file{path: hostsPath}},
		source:        sourceOf,
		questions:     make(chan struct{}, maxQuestions),
		own:           servers,
		silent:        map[netip.AddrPort]time.Time{},
		flights:       map[string]*flight{},
	}
	r.system = func(ctx context.Context, name string) ([]netip.Addr, error) {
		return net.DefaultResolver.LookupNetIP(ctx, "ip", name)
	}
	return r
}

// Servers are those that the program has named.
func (r *Resolver) Servers() []netip.AddrPort {
	r.mutex.Lock()
	defer r.mutex.Unlock()
	return slices.Clone(r.own)
}

// SetServers names servers to ask in place of the system's; none: those of the system again. They are asked for names as
// they stand, whatever the system's configuration says but for /etc/hosts.
func (r *Resolver) SetServers(servers []netip.AddrPort) {
	r.mutex.Lock()
	defer r.mutex.Unlock()
	r.own = slices.Clone(servers)
	r.ownChanged++
}

// config is what counts now. What is known of other servers is forgotten.
func (r *Resolver) config() *config {
	c, generation := r.configuration.get()
	r.mutex.Lock()
	defer r.mutex.Unlock()
	if now := [2]uint64{generation, r.ownChanged}; now != r.generation {
		r.generation = now
		r.cache.clear()
		clear(r.silent)
	}
	if len(r.own) == 0 {
		return c
	}
	return &config{
		servers: r.own, ndots: 1, timeout: c.timeout, attempts: c.attempts, overTCP: c.overTCP,
		sources: sources{order: []string{"files", "dns"}}, policy: c.policy,
	}
}

// flight is a lookup under way, which serves all who ask for the name meanwhile.
type flight struct {
	early      chan struct{} // closed when the addresses of one family are there and those of the other are late
	earlyFound []netip.Addr
	done       chan struct{}
	found      []netip.Addr
	err        error
	waiting    int
	cancel     context.CancelFunc
}

// Lookup finds the addresses of a name, in the order in which to try them. The error is a *net.DNSError, or that of the
// context.
func (r *Resolver) Lookup(ctx context.Context, name string) ([]netip.Addr, error) {
	return r.Stream(ctx, name, nil)
}

// Stream is Lookup that calls early, at most once, when the addresses of one family are there and those of the other
// are late. All are in the result.
func (r *Resolver) Stream(ctx context.Context, name string, early func(addresses []netip.Addr)) ([]netip.Addr, error) {
	key := strings.ToLower(name)
	r.mutex.Lock()
	f := r.flights[key]
	if f == nil {
		f = &flight{early: make(chan struct{}), done: make(chan struct{})}
		var own context.Context
		own, f.cancel = context.WithCancel(context.WithoutCancel(ctx))
		r.flights[key] = f
		go r.fly(own, f, name, key)
	}
	f.waiting++
	r.mutex.Unlock()
	defer func() {
		r.mutex.Lock()
		if f.waiting--; f.waiting == 0 {
			f.cancel()
			r.land(f, key)
		}
		r.mutex.Unlock()
	}()
	hasEarly := f.early
	if early == nil {
		hasEarly = nil
	}
	for {
		select {
		case <-f.done:
			return slices.Clone(f.found), f.err
		case <-hasEarly:
			hasEarly = nil
			early(slices.Clone(f.earlyFound))
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
}

func (r *Resolver) land(f *flight, key string) {
	if r.flights[key] == f {
		delete(r.flights, key)
	}
}

func (r *Resolver) fly(ctx context.Context, f *flight, name, key string) {
	f.found, f.err = r.find(ctx, name, func(addresses []netip.Addr) {
		f.earlyFound = addresses
		close(f.early)
	})
	r.mutex.Lock()
	r.land(f, key)
	r.mutex.Unlock()
	close(f.done)
}

func notFound(name string) error {
	return &net.DNSError{Err: "no such host", Name: name, IsNotFound: true}
}

func failed(name string, err error) error {
	e := &net.DNSError{Err: err.Error(), Name: name, IsTemporary: true, UnwrapErr: err}
	if timedOut(err) {
		e.Err, e.IsTimeout = "no answer", true
	}
	return e
}

// find looks wherever the configuration says. It calls early at most once.
func (r *Resolver) find(ctx context.Context, name string, early func([]netip.Addr)) ([]netip.Addr, error) {
	if a, ok := numeric(name); ok {
		return []netip.Addr{a}, nil
	}
	if !valid(name) {
		return nil, notFound(name)
	}
	c := r.config()
	if addresses, ok := r.special(c, name); ok {
		if len(addresses) == 0 {
			return nil, notFound(name)
		}
		return addresses, nil
	}
	if !c.native(name) {
		return r.system(ctx, name)
	}
	for _, source := range c.sources.order {
		if source == "files" {
			if addresses := r.hosts.find(name); len(addresses) > 0 {
				order(addresses, c.policy, r.source)
				return addresses, nil
			}
			continue
		}
		addresses, err := r.ask(ctx, c, name, early)
		if err != nil && !isNotFound(err) || len(addresses) > 0 {
			return addresses, err
		}
	}
	return nil, notFound(name)
}

func isNotFound(err error) bool {
	var e *net.DNSError
	return errors.As(err, &e) && e.IsNotFound
}

// special are the names that are known everywhere, which /etc/hosts may say otherwise.
func (r *Resolver) special(c *config, name string) ([]netip.Addr, bool) {
	addresses, ok := known(name)
	if ok {
		if listed := r.hosts.find(name); len(listed) > 0 {
			addresses = listed
		}
		order(addresses, c.policy, r.source)
	}
	return addresses, ok
}

// Cached is what Lookup would find without asking anybody. It does not wait.
func (r *Resolver) Cached(name string) (addresses []netip.Addr, ok bool) {
	if a, ok := numeric(name); ok {
		return []netip.Addr{a}, true
	}
	if !valid(name) {
		return nil, false
	}
	c := r.config()
	if addresses, ok = r.special(c, name); ok {
		return addresses, len(addresses) > 0
	}
	if !c.native(name) {
		return nil, false
	}
	for _, source := range c.sources.order {
		if source == "files" {
			addresses = r.hosts.find(name)
		} else if addresses, ok = r.remembered(c, name); !ok {
			return nil, false
		}
		if len(addresses) > 0 {
			order(addresses, c.policy, r.source)
			return addresses, true
		}
	}
	return nil, false
}

// remembered is what the cache has; not ok: a question is left.
func (r *Resolver) remembered(c *config, name string) (addresses []netip.Addr, ok bool) {
	r.mutex.Lock()
	defer r.mutex.Unlock()
	now := time.Now()
	for _, full := range c.names(name) {
		for _, kind := range c.kinds() {
			k, ok := r.cache.get(cacheKey{strings.ToLower(full), kind}, now)
			if !ok {
				return nil, false
			}
			addresses = append(addresses, k.addresses...)
		}
		if len(addresses) > 0 {
			break
		}
	}
	return addresses, true
}

func (c *config) kinds() []dnsmessage.Type {
	if c.onlyIPv4 {
		return []dnsmessage.Type{dnsmessage.TypeA}
	}
	return []dnsmessage.Type{dnsmessage.TypeAAAA, dnsmessage.TypeA}
}

// ask asks for all that the name may mean, until there is an address.
func (r *Resolver) ask(ctx context.Context, c *config, name string, early func([]netip.Addr)) ([]netip.Addr, error) {
	var problem error
	for _, full := range c.names(name) {
		addresses, err := r.askBoth(ctx, c, full, early)
		if len(addresses) > 0 {
			return addresses, nil
		}
		if ctx.Err() != nil {
			return nil, ctx.Err()
		}
		if err != nil {
			problem = err
		}
	}
	if problem != nil {
		return nil, failed(name, problem)
	}
	return nil, notFound(name)
}

// askBoth asks for the addresses of both families at once. One is enough; an error counts where there is none.
func (r *Resolver) askBoth(ctx context.Context, c *config, full string, early func([]netip.Addr)) ([]netip.Addr, error) {
	type result struct {
		kind      dnsmessage.Type
		addresses []netip.Addr
		err       error
	}
	kinds := c.kinds()
	results := make(chan result, len(kinds))
	one := func(kind dnsmessage.Type) {
		addresses, err := r.askOne(ctx, c, full, kind)
		results <- result{kind, addresses, err}
	}
	if c.single {
		go func() {
			for _, kind := range kinds {
				one(kind)
			}
		}()
	} else {
		for _, kind := range kinds {
			go one(kind)
		}
	}
	var addresses []netip.Addr
	var problem error
	var late <-chan time.Time
	tell := func() {
		late = nil
		first := slices.Clone(addresses)
		order(first, c.policy, r.source)
		early(first)
	}
	for missing := len(kinds); missing > 0; {
		select {
		case got := <-results:
			missing--
			late = nil
			addresses = append(addresses, got.addresses...)
			if got.err != nil {
				problem = got.err
			}
			if missing == 0 || len(got.addresses) == 0 {
				break
			}
			if got.kind == dnsmessage.TypeAAAA {
				tell()
			} else {
				late = time.After(resolutionDelay)
			}
		case <-late:
			tell()
		}
	}
	order(addresses, c.policy, r.source)
	return addresses, problem
}

// askOne asks for addresses of one family, where the cache does not have them.
func (r *Resolver) askOne(ctx context.Context, c *config, full string, kind dnsmessage.Type) ([]netip.Addr, error) {
	key := cacheKey{strings.ToLower(full), kind}
	r.mutex.Lock()
	k, ok := r.cache.get(key, time.Now())
	generation := r.generation
	r.mutex.Unlock()
	if ok {
		return slices.Clone(k.addresses), nil
	}
	name, lasts := full, longest
	for range maxAliases {
		a, err := r.askServers(ctx, c, question{name, kind})
		if err != nil {
			return nil, err
		}
		lasts = min(lasts, a.lasts)
		if a.alias != "" {
			name = a.alias
			continue
		}
		a.lasts = lasts
		r.mutex.Lock()
		if r.generation == generation {
			r.cache.put(key, a, time.Now())
		}
		r.mutex.Unlock()
		return slices.Clone(a.addresses), nil
	}
	return nil, errMalformed
}

// askServers asks one server after the other until one answers.
func (r *Resolver) askServers(ctx context.Context, c *config, q question) (a answer, err error) {
	select {
	case r.questions <- struct{}{}:
		defer func() { <-r.questions }()
	case <-ctx.Done():
		return a, ctx.Err()
	}
	servers := r.inTurn(c)
	err = errServer
	for range c.attempts {
		for _, server := range servers {
			if ctx.Err() != nil {
				return a, ctx.Err()
			}
			a, err = exchange(ctx, server, q, c.timeout, c.overTCP)
			if err != nil && ctx.Err() != nil {
				return a, ctx.Err() // which is not the server's fault
			}
			r.heard(server, err)
			if err == nil {
				return a, nil
			}
		}
	}
	return a, err
}

// inTurn is the order of the servers: those that have kept silent come last.
func (r *Resolver) inTurn(c *config) []netip.AddrPort {
	servers := slices.Clone(c.servers)
	if c.rotate {
		cut := int(r.turn.Add(1)) % len(servers)
		servers = append(servers[cut:len(servers):len(servers)], servers[:cut]...)
	}
	r.mutex.Lock()
	defer r.mutex.Unlock()
	now := time.Now()
	isSilent := func(server netip.AddrPort) int {
		if since, ok := r.silent[server]; ok && now.Sub(since) < silence {
			return 1
		}
		return 0
	}
	slices.SortStableFunc(servers, func(a, b netip.AddrPort) int { return isSilent(a) - isSilent(b) })
	return servers
}

func (r *Resolver) heard(server netip.AddrPort, err error) {
	r.mutex.Lock()
	defer r.mutex.Unlock()
	if err != nil && timedOut(err) {
		r.silent[server] = time.Now()
	} else {
		delete(r.silent, server)
	}
}
