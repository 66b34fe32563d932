//go:build race

package ws

func init() { raceEnabled = true }
