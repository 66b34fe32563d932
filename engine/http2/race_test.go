//go:build race

package http2_test

func init() { raceEnabled = true }
