//go:build race

package tlsconn_test

func init() { raceEnabled = true }
