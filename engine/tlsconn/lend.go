package tlsconn

import (
	"bytes"
	"crypto/tls"
	"reflect"
	"unsafe"
)

// crypto/tls reads each record into a buffer that it allocates, that grows to the largest record, and that it
// never gives up. An idle connection would keep 3 KB from its handshake, and 18 KB after an upload. So records
// are put where crypto/tls looks for them before it reads, which spares copying them too. Where a version of
// crypto/tls has other fields, it gets them by Read.
var (
	rawInput = bufferOf("rawInput") // records as they came
	hand     = bufferOf("hand")     // handshake messages
)

// bufferOf is the place of a bytes.Buffer in a tls.Conn, 0 where there is no such field.
func bufferOf(name string) uintptr {
	field, ok := reflect.TypeFor[tls.Conn]().FieldByName(name)
	if !ok || field.Type != reflect.TypeFor[bytes.Buffer]() {
		return 0
	}
	return field.Offset
}

func bufferAt(c *tls.Conn, offset uintptr) *bytes.Buffer {
	return (*bytes.Buffer)(unsafe.Add(unsafe.Pointer(c), offset))
}

// lend has the next Read find record in memory of ours, until takeBack.
func lend(c *tls.Conn, record []byte) bool {
	if rawInput == 0 {
		return false
	}
	b := bufferAt(c, rawInput)
	if b.Len() > 0 {
		return false
	}
	*b = *bytes.NewBuffer(record[:len(record):len(record)])
	return true
}

// takeBack empties the buffers, of which nothing is left to read.
func takeBack(c *tls.Conn) {
	for _, offset := range [...]uintptr{rawInput, hand} {
		if offset == 0 {
			continue
		}
		if b := bufferAt(c, offset); b.Len() == 0 {
			*b = bytes.Buffer{}
		}
	}
}
