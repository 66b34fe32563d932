package http2_test

var raceEnabled bool
