package dns

import "testing"

func BenchmarkCachedLocalhost(b *testing.B) {
	r := New()
	for b.Loop() {
		if _, ok := r.Cached("localhost"); !ok {
			b.Fatal("not known")
		}
	}
}
