package dns

import (
	"net/netip"
	"time"

	"golang.org/x/net/dns/dnsmessage"
)

const (
	// cacheSize is how many answers are kept.
	cacheSize = 2048
	// longest and longestNegative are how long at most, so that a mistake of others does not stay for days (RFC 8767
	// section 4, RFC 2308 section 5).
	longest         = 24 * time.Hour
	longestNegative = 15 * time.Minute
)

// cacheKey is what was asked for, in small letters.
type cacheKey struct {
	name string
	kind dnsmessage.Type
}

type kept struct {
	addresses []netip.Addr // none: there are none
	exists    bool
	until     time.Time
}

// cache holds answers. Its owner locks.
type cache struct{ kept map[cacheKey]kept }

func (c *cache) get(key cacheKey, now time.Time) (k kept, ok bool) {
	k, ok = c.kept[key]
	if ok && !now.Before(k.until) {
		delete(c.kept, key)
		return kept{}, false
	}
	return k, ok
}

func (c *cache) put(key cacheKey, a answer, now time.Time) {
	limit := longest
	if len(a.addresses) == 0 {
		limit = longestNegative
	}
	if a.lasts <= 0 {
		return
	}
	if c.kept == nil {
		c.kept = map[cacheKey]kept{}
	}
	if len(c.kept) >= cacheSize {
		c.makeRoom(now)
	}
	c.kept[key] = kept{a.addresses, a.exists, now.Add(min(a.lasts, limit))}
}

// makeRoom drops what is over, or else some of the rest: the first ones of a map come in no order.
func (c *cache) makeRoom(now time.Time) {
	for key, k := range c.kept {
		if !now.Before(k.until) {
			delete(c.kept, key)
		}
	}
	for key := range c.kept {
		if len(c.kept) < cacheSize*7/8 {
			break
		}
		delete(c.kept, key)
	}
}

func (c *cache) clear() { c.kept = nil }
