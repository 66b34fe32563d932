//go:build race

package raw_test

func init() { raceEnabled = true }
