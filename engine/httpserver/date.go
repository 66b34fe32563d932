package httpserver

import (
	"sync/atomic"
	"time"
)

// dateFormat is IMF-fixdate of RFC 9110 section 5.6.7.
const dateFormat = "Mon, 02 Jan 2006 15:04:05 GMT"

// dateLine is a rendered date field and until when, on the loop's clock, it is used.
type dateLine struct {
	until int64
	text  string
}

var lastDate atomic.Pointer[dateLine]

// DateField is the date field of a response, which RFC 9110 section 6.6.1 asks of every server that
// has a clock, with the end of its line. It is rendered once a second for all connections. now is in microseconds.
func DateField(now int64) string {
	if d := lastDate.Load(); d != nil && now < d.until {
		return d.text
	}
	wall := time.Now()
	d := &dateLine{
		until: now + int64(time.Second-time.Duration(wall.Nanosecond()))/1000,
		text:  "date: " + wall.UTC().Format(dateFormat) + "\r\n",
	}
	lastDate.Store(d)
	return d.text
}

// Date is the value of DateField.
func Date(now int64) string {
	line := DateField(now)
	return line[len("date: ") : len(line)-len("\r\n")]
}
