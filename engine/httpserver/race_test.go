//go:build race

package httpserver_test

func init() { raceEnabled = true }
